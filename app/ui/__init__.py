"""Qt Widgets: main window, wall, sidebar, PTZ, dialogs."""

import gc

COLLECT = (20_000, 10, 10)
"""When the garbage collector looks for cycles: at Python's 700 new objects it took 40 % of the time
of figures of 100,000 faults."""

# While modules are loaded hardly anything is garbage: looking for it takes a tenth of the start.
gc.set_threshold(10 * COLLECT[0], *COLLECT[1:])


def started() -> None:
    """All that stays is there: it is never looked at again, and the collector works as usual. A look
    at all of it takes longer than the event loop may stand still."""
    gc.freeze()
    gc.set_threshold(*COLLECT)
