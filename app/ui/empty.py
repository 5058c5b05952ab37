"""A hint in the middle of an empty list: what to do first."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QAbstractItemView, QLabel

MARGIN = 24


class EmptyHint(QLabel):
    """Shown while the list has no rows."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view.viewport())
        self._view = view
        self.setObjectName("hint")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        view.viewport().installEventFilter(self)
        model = view.model()
        # A list that is read anew is empty for a moment: it must not flicker.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.look)
        for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset):
            signal.connect(self._changed)  # bound: ends with this object
        self.look()

    def _changed(self, *_: Any) -> None:
        self._soon.start()

    def say(self, text: str) -> None:
        """What there is to do; "" for nothing."""
        self.setText(text)
        self.setAccessibleName(text)
        self.look()

    def look(self) -> None:
        """Show or hide it, where it belongs."""
        room = self._view.viewport().rect()
        self.setGeometry(room.adjusted(MARGIN, 0, -MARGIN, 0))
        self.setVisible(self._view.model().rowCount() == 0 and bool(self.text()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.look()
        return False
