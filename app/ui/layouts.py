"""Layouts as icons, and the editor of free layouts."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.domain.layout import Cell, Layout, grid
from app.ui import theme


def layout_icon(layout: Layout, size: int = 22) -> QIcon:
    """The layout drawn small."""
    scale = 2
    pixmap = QPixmap(QSize(size * scale, size * scale))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setPen(QPen(theme.TEXT, scale))
    width, height = size * scale - 2 * scale, int(size * scale * 0.76)
    top = (size * scale - height) // 2
    for i in range(len(layout.cells)):
        x, y, w, h = layout.rectangle(i, width, height)
        painter.drawRect(scale + x, top + y, w, h)
    painter.end()
    return QIcon(pixmap)


class LayoutCanvas(QWidget):
    """A grid whose cells are merged by dragging over them and split by a double click."""

    changed = Signal()

    def __init__(self, layout: Layout, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows, self.columns = layout.rows, layout.columns
        self.cells: list[Cell] = list(layout.cells)
        self._from: tuple[int, int] | None = None
        self._to: tuple[int, int] | None = None
        self.setMinimumSize(480, 270)

    def resize_grid(self, rows: int, columns: int) -> None:
        """Another grid: cells that no longer fit are split again."""
        self.rows, self.columns = rows, columns
        kept = [
            c
            for c in self.cells
            if (c.row_span > 1 or c.column_span > 1)
            and c.row + c.row_span <= rows
            and c.column + c.column_span <= columns
        ]
        self.cells = kept
        self._fill()

    def _fill(self) -> None:
        """Small cells wherever nothing is, in reading order."""
        taken = {
            (r, c)
            for cell in self.cells
            for r in range(cell.row, cell.row + cell.row_span)
            for c in range(cell.column, cell.column + cell.column_span)
        }
        self.cells += [
            Cell(r, c) for r in range(self.rows) for c in range(self.columns) if (r, c) not in taken
        ]
        self.cells.sort(key=lambda c: (-(c.row_span * c.column_span > 1), c.row, c.column))
        self.changed.emit()
        self.update()

    def result(self) -> Layout:
        """The layout as drawn. Raises ValueError for more than 64 cells."""
        return Layout("free", self.rows, self.columns, tuple(self.cells))

    def _at(self, point: QPoint) -> tuple[int, int]:
        row = min(self.rows - 1, max(0, point.y() * self.rows // max(1, self.height())))
        column = min(self.columns - 1, max(0, point.x() * self.columns // max(1, self.width())))
        return row, column

    def _chosen(self) -> Cell | None:
        if self._from is None or self._to is None:
            return None
        (r0, c0), (r1, c1) = self._from, self._to
        row, column = min(r0, r1), min(c0, c1)
        return Cell(row, column, abs(r1 - r0) + 1, abs(c1 - c0) + 1)

    def merge(self, cell: Cell) -> None:
        """Make one cell of that rectangle; larger cells that it cuts are split."""

        def cut(other: Cell) -> bool:
            return not (
                other.row >= cell.row + cell.row_span
                or other.row + other.row_span <= cell.row
                or other.column >= cell.column + cell.column_span
                or other.column + other.column_span <= cell.column
            )

        self.cells = [c for c in self.cells if not cut(c)] + [cell]
        self._fill()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._from = self._to = self._at(event.position().toPoint())
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            self._to = self._at(event.position().toPoint())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        chosen = self._chosen()
        self._from = self._to = None
        if chosen is not None and (chosen.row_span > 1 or chosen.column_span > 1):
            self.merge(chosen)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row, column = self._at(event.position().toPoint())
        self._from = self._to = None
        self.merge(Cell(row, column))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.TILE)

        def box(cell: Cell) -> QRect:
            x0 = cell.column * self.width() // self.columns
            x1 = (cell.column + cell.column_span) * self.width() // self.columns
            y0 = cell.row * self.height() // self.rows
            y1 = (cell.row + cell.row_span) * self.height() // self.rows
            return QRect(x0 + 2, y0 + 2, x1 - x0 - 4, y1 - y0 - 4)

        for number, cell in enumerate(self.cells, 1):
            painter.fillRect(box(cell), theme.RAISED)
            painter.setPen(theme.DIM_TEXT)
            painter.drawText(box(cell), Qt.AlignmentFlag.AlignCenter, str(number))
        chosen = self._chosen()
        if chosen is not None:
            painter.fillRect(box(chosen), QColor(76, 155, 232, 90))
        painter.end()


class LayoutDialog(QDialog):
    """Makes a free layout: rows, columns, merged cells, a name."""

    def __init__(self, start: Layout, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("New layout"))
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("such as “Station, four gates”"))
        self._rows, self._columns = QSpinBox(), QSpinBox()
        for spin in (self._rows, self._columns):
            spin.setRange(1, 8)
        self._rows.setValue(min(8, start.rows))
        self._columns.setValue(min(8, start.columns))
        fits = start.rows <= 8 and start.columns <= 8
        self.canvas = LayoutCanvas(start if fits else grid(4, 4))
        self._rows.valueChanged.connect(self._resize)
        self._columns.valueChanged.connect(self._resize)
        hint = QLabel(self.tr("Drag over cells to merge them; double-click a cell to split it."))
        hint.setObjectName("hint")
        whole = QPushButton(self.tr("Split all"))
        whole.clicked.connect(self._split)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self._save = buttons.button(QDialogButtonBox.StandardButton.Save)
        self._save.setText(self.tr("Save"))
        self._save.setEnabled(False)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        self.name.textChanged.connect(lambda text: self._save.setEnabled(bool(text.strip())))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow(self.tr("Name"), self.name)
        sizes = QHBoxLayout()
        sizes.addWidget(self._rows)
        sizes.addWidget(QLabel("×"))
        sizes.addWidget(self._columns)
        sizes.addStretch(1)
        sizes.addWidget(whole)
        form.addRow(self.tr("Rows × columns"), sizes)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(hint)
        layout.addWidget(buttons)

    def _resize(self) -> None:
        self.canvas.resize_grid(self._rows.value(), self._columns.value())

    def _split(self) -> None:
        self.canvas.cells = []
        self._resize()
