"""F1: every key, built from the actions themselves, and what the symbols on tiles mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from PySide6.QtCore import QCoreApplication, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QPainter, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.ui import i18n, theme
from app.ui.tile_painter import draw_symbol
from app.video.types import StreamState


def plain(action: QAction) -> str:
    """An action's text without mnemonic and dots."""
    text = action.text().partition("(&")[0] if "(&" in action.text() else action.text()
    return text.replace("&", "").rstrip("…").strip()


def keys_of(action: QAction) -> str:
    """An action's first shortcut as this system writes it, or ""."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


Group = tuple[str, Sequence[QAction]]


class HelpDialog(QDialog):
    """Stays beside the work: not modal, follows a change of language. Keys by menu, in two columns,
    and what the symbols mean; typing leaves only the lines that match."""

    def __init__(self, groups: Callable[[], Sequence[Group]], parent: QWidget) -> None:
        """`groups`: the actions under the names they are found by, as they are named now."""
        super().__init__(parent)
        self._groups = groups
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self._fill())
        self._columns = [QGridLayout() for _ in range(3)]
        columns = QHBoxLayout()
        columns.setSpacing(30)
        for grid in self._columns:
            grid.setHorizontalSpacing(14)
            grid.setVerticalSpacing(6)
            side = QVBoxLayout()
            side.addLayout(grid)
            side.addStretch(1)
            columns.addLayout(side)
        columns.addStretch(1)
        inner = QWidget()
        inner.setLayout(columns)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addWidget(area)
        theme.fit(self, 1240, 680)
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._fill()

    def _fill(self) -> None:
        self.setWindowTitle(self.tr("Keys and symbols"))
        self.search.setPlaceholderText(self.tr("Search a key or what it does"))
        for grid in self._columns:
            while (item := grid.takeAt(0)) is not None:
                widget = item.widget()
                if widget is not None:
                    widget.hide()
                    widget.deleteLater()
        wanted = self.search.text().strip().casefold()
        found = []
        for title, rows in self._rows():
            rows = [r for r in rows if wanted in r[0].casefold() or wanted in r[1].casefold()]
            if rows:
                found.append((title, rows))
        half, used = sum(len(rows) + 2 for _, rows in found) / 2, 0
        for title, rows in found:
            grid = self._columns[0 if used + len(rows) / 2 <= half else 1]
            used += len(rows) + 2
            self._heading(grid, title)
            for keys, text in rows:
                row = grid.rowCount()
                caption = QLabel(escape(keys))
                caption.setObjectName("key")
                grid.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignLeft)
                words = QLabel(text)
                words.setWordWrap(len(text) > 44)
                words.setMinimumWidth(290)
                grid.addWidget(words, row, 1)
        if not found:
            self._heading(self._columns[0], self.tr("No key and no action is called that."))
        symbols = self._columns[2]
        self._heading(symbols, self.tr("What a camera may be"))
        for state in StreamState:
            row = symbols.rowCount()
            symbol = QLabel()
            symbol.setPixmap(self._symbol(state))
            label = QLabel(f"<b>{i18n.state_text(state)}</b><br>{_meaning(state)}")
            label.setWordWrap(True)
            label.setMinimumWidth(230)
            top = Qt.AlignmentFlag.AlignTop
            symbols.addWidget(symbol, row, 0, top)
            symbols.addWidget(label, row, 1, top)

    def _rows(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The keys and what they do, by heading."""
        wall = [
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
        found = [(self.tr("On the wall"), wall)]
        for title, actions in self._groups():
            found.append((title, [(keys_of(a), plain(a)) for a in actions
                                  if keys_of(a) and a.isVisible()]))  # fmt: skip
        return found

    def _heading(self, grid: QGridLayout, text: str) -> None:
        label = QLabel(text)
        label.setObjectName("heading")
        label.setContentsMargins(0, 10 if grid.count() else 0, 0, 0)
        grid.addWidget(label, grid.rowCount(), 0, 1, 2)

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
