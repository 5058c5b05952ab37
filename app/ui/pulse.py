"""Asks the video engine at the display's pace what is new and tells every wall of it."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.video.types import Changes

TICK_MS = 20
"""Half a frame interval at 25 fps."""


class Source(Protocol):
    """What is asked."""

    def poll(self) -> Changes: ...


class Pulse(QObject):
    """One for all walls: an answer of `poll` is given only once."""

    changed = Signal(object)  # Changes

    def __init__(self, source: Source, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(TICK_MS)

    def _beat(self) -> None:
        changes = self._source.poll()
        if changes.pictures or changes.statuses or changes.replays:
            self.changed.emit(changes)
