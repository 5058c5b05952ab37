"""What joins the figures to the rest of the window: opens them, and notes what this console sees."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.store.store import Store
from app.ui.tasks import Tasks
from app.video.types import StreamState, StreamStatus

if TYPE_CHECKING:
    from app.store.figures import Figures
    from app.ui.dashboard import FigureWindow

LIVE = frozenset({StreamState.LIVE})
TELL_EVERY = timedelta(hours=4)
"""Between two tellings of what was seen; each is a row a camera for the server to pass on."""


class FigureDesk(QObject):
    """Opens the figures, and notes every minute which cameras this console sees."""

    def __init__(
        self, store: Store, tasks: Tasks, statuses: Callable[[], Mapping[str, StreamStatus]],
        language: Callable[[], str], open_ticket: Callable[[str], None],
        open_camera: Callable[[str], None], window: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._store, self._tasks, self._statuses = store, tasks, statuses
        self._language, self._window = language, window
        self._open_ticket, self._open_camera = open_ticket, open_camera
        self.window: FigureWindow | None = None
        self._tick = QTimer(self)
        self._tick.timeout.connect(self._note)
        self._tick.start(60_000)
        self._told: datetime | None = None

    @functools.cached_property
    def figures(self) -> Figures:
        """What counts."""
        from app.store.figures import Figures

        return Figures(self._store)

    def live(self) -> dict[str, bool]:
        """The cameras whose state is known now: whether they have a picture."""
        return {
            c: s.state in LIVE for c, s in self._statuses().items()
            if s.state is not StreamState.IDLE
        }  # fmt: skip

    def _note(self) -> None:
        seen, at = list(self.live()), datetime.now(UTC)
        tell = self._told is None or at - self._told >= TELL_EVERY
        if tell:
            self._told = at

        def work(_: Any) -> None:
            self.figures.watched(seen, at)
            if tell:
                self.figures.share(at)

        if seen or tell:
            self._tasks.run(self, work, None, lambda _: None, timeout_s=120)

    def show(self) -> None:
        """The window, with what holds now."""
        if self.window is None:
            from app.ui.dashboard import FigureWindow

            self.window = FigureWindow(self.figures, self._tasks, self.live, self._language,
                                       self._window)  # fmt: skip
            self.window.ticket_asked.connect(self._open_ticket)
            self.window.camera_asked.connect(self._open_camera)
        self.window.reload()
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def retranslate(self) -> None:
        """Another language: made anew when it is asked for."""
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()
            self.window = None
