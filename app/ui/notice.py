"""One line over the wall that tells what happened and offers one way to answer, such as undo."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

SHOWN_MS = 12_000
"""Long enough to read it and to reach for “Undo”."""

MARGIN, WIDEST = 14, 760


class Notice(QFrame):
    """Floats over the foot of its parent: a line that comes and goes must not resize the wall.

    `say` replaces what is there, except that only an alarm replaces an alarm.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setObjectName("notice")
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)  # names come from elsewhere
        self.button = QPushButton()
        self._close = QToolButton()
        self._close.setText("✕")
        self._close.setAutoRaise(True)
        self._close.clicked.connect(self.hide)
        for button in (self.button, self._close):
            # The keys stay with the wall: a held PTZ key must not be lost to a button.
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = self._layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 7, 8, 7)
        layout.setSpacing(10)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.button)
        layout.addWidget(self._close)
        self._action: Callable[[], None] | None = None
        self.button.clicked.connect(self._clicked)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self._retranslate()
        self.hide()

    @property
    def text(self) -> str:
        """What it says, "" when it is hidden."""
        return "" if self.isHidden() else self._text.text()

    def say(
        self,
        text: str,
        button: str = "",
        action: Callable[[], None] | None = None,
        *,
        kind: str = "info",
        stay: bool = False,
    ) -> None:
        """Show a text, and a button that does something once.

        `kind` is "info", "warning" (attention) or "alarm" (act now).
        """
        if self.property("kind") == "alarm" and not self.isHidden() and kind != "alarm":
            return
        self._text.setText(text)
        self._action = action
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self._place()
        self.show()
        self.raise_()
        if stay:
            self._timer.stop()
        else:
            self._timer.start(SHOWN_MS)

    def calm(self) -> None:
        """An alarm is over."""
        if self.property("kind") == "alarm":
            self.hide()

    def _clicked(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()

    def _place(self) -> None:
        room = self._over.rect()
        widest = max(200, min(WIDEST, room.width() - 2 * MARGIN))
        width = min(widest, self._natural_width())
        height = self.heightForWidth(width)
        x, y = (room.width() - width) // 2, room.height() - height - MARGIN
        self.setGeometry(x, y, width, height)

    def _natural_width(self) -> int:
        """As wide as the text on one line with what stands beside it."""
        self.ensurePolished()
        text = self._text.fontMetrics().horizontalAdvance(self._text.text())
        margins, spacing = self._layout.contentsMargins(), self._layout.spacing()
        beside = self._close.sizeHint().width() + spacing + 6
        if self.button.text():
            beside += self.button.sizeHint().width() + spacing
        return text + beside + margins.left() + margins.right()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self._close.setToolTip(self.tr("Close"))
        self._close.setAccessibleName(self.tr("Close this message"))
