"""F1: every key, built from the actions themselves, and what the symbols on tiles mean."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from PySide6.QtCore import QCoreApplication, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QPainter, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.ui import i18n
from app.ui.tile_painter import draw_symbol
from app.video.types import StreamState


def plain(action: QAction) -> str:
    """An action's text without mnemonic and dots."""
    text = action.text().partition("(&")[0] if "(&" in action.text() else action.text()
    return text.replace("&", "").rstrip("…").strip()


def keys_of(action: QAction) -> str:
    """An action's first shortcut as this system writes it, or ""."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


class HelpDialog(QDialog):
    """Stays beside the work: not modal, follows a change of language."""

    def __init__(self, actions: Iterable[QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = list(actions)
        self._keys, self._symbols = QGridLayout(), QGridLayout()
        columns = QHBoxLayout()
        columns.setSpacing(36)
        for grid in (self._keys, self._symbols):
            grid.setHorizontalSpacing(18)
            grid.setVerticalSpacing(7)
            side = QVBoxLayout()
            side.addLayout(grid)
            side.addStretch(1)
            columns.addLayout(side)
        inner = QWidget()
        inner.setLayout(columns)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.addWidget(area)
        self.resize(860, 720)
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._fill()

    def _fill(self) -> None:
        self.setWindowTitle(self.tr("Keys and symbols"))
        for grid in (self._keys, self._symbols):
            while (item := grid.takeAt(0)) is not None:
                widget = item.widget()
                if widget is not None:
                    widget.deleteLater()
        rows = [(keys_of(action), plain(action)) for action in self._actions
                if keys_of(action) and action.isVisible()]  # fmt: skip
        rows += [
            (self.tr("Digits, Enter"), self.tr("Camera with this call number to the tile")),
            (self.tr("Digits . Enter"), self.tr("Select the tile with this number")),
            (self.tr("* digits, Enter"), self.tr("Preset with this number")),
            (self.tr("Tab, Shift+Tab"), self.tr("Next, previous tile")),
            (self.tr("Space"), self.tr("Freeze the tile, and let go")),
            (self.tr("In a replay: , ."), self.tr("One picture back, on")),
            (self.tr("In a replay: J L"), self.tr("Slower, faster")),
            (self.tr("In a replay: [ ] E"), self.tr("Mark in, mark out, export")),
            (self.tr("Wheel"), self.tr("Zoom into the picture; drag moves it, Esc shows all")),
            (self.tr("Arrows"), self.tr("Turn the camera while held; without PTZ: select a tile")),
            ("+  −", self.tr("Zoom while held")),
            ("Esc", self.tr("Back from a maximised tile; empty the search")),
            (self.tr("Double click"), self.tr("Maximise a tile and back")),
            (
                self.tr("Click"),
                self.tr("PTZ by mouse, on the selected tile: that point to the middle"),
            ),
            (self.tr("Press and drag"), self.tr("PTZ by mouse: turn the camera while held")),
            (self.tr("Shift+drag"), self.tr("PTZ by mouse: zoom the camera to a box; Esc cancels")),
            (self.tr("Drag"), self.tr("A camera or a site to a tile; a tile to another: swap")),
        ]
        self._heading(self._keys, self.tr("Keys and pointer"))
        for keys, text in rows:
            row = self._keys.rowCount()
            caption = QLabel(escape(keys))
            caption.setObjectName("key")
            self._keys.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignLeft)
            self._keys.addWidget(QLabel(text), row, 1)
        self._heading(self._symbols, self.tr("What a camera may be"))
        for state in StreamState:
            row = self._symbols.rowCount()
            symbol = QLabel()
            symbol.setPixmap(self._symbol(state))
            words = QLabel(f"<b>{i18n.state_text(state)}</b><br>{_meaning(state)}")
            words.setWordWrap(True)
            words.setMinimumWidth(250)
            top = Qt.AlignmentFlag.AlignTop
            self._symbols.addWidget(symbol, row, 0, top)
            self._symbols.addWidget(words, row, 1, top)

    def _heading(self, grid: QGridLayout, text: str) -> None:
        label = QLabel(text)
        label.setObjectName("heading")
        grid.addWidget(label, 0, 0, 1, 2)

    def _symbol(self, state: StreamState) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(QSize(round(22 * ratio), round(22 * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        draw_symbol(painter, state, QRectF(1, 1, 20, 20))
        painter.end()
        return pixmap


def _meaning(state: StreamState) -> str:
    translate = QCoreApplication.translate
    return {
        StreamState.IDLE: translate("Help", "On no tile: its state is not known."),
        StreamState.CONNECTING: translate("Help", "The camera is being asked."),
        StreamState.LIVE: translate("Help", "New, changing pictures arrive."),
        StreamState.STALLED: translate("Help", "No new picture: what you see is old."),
        StreamState.DEGRADED: translate("Help", "Live, but slower, smaller or damaged."),
        StreamState.UNAUTHORIZED: translate(
            "Help", "User name or password is wrong. Not tried again by itself."
        ),
        StreamState.UNREACHABLE: translate("Help", "No connection. Tried again by itself."),
        StreamState.UNSUPPORTED: translate("Help", "Reached, but its format cannot be shown."),
        StreamState.NO_SIGNAL: translate("Help", "The camera sends black or repeats a picture."),
    }[state]
