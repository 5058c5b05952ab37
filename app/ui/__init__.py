"""Qt Widgets: main window, wall, sidebar, PTZ, dialogs."""

import gc

COLLECT = (20_000, 10, 10)
"""When the garbage collector looks for cycles, from the first import on: at Python's 700 new objects it
took a quarter of the start and 40 % of the time of figures of 100,000 faults."""

gc.set_threshold(*COLLECT)
