"""Private areas of a camera, drawn over its picture: click for corners, double-click to close."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import Area
from app.ui import theme
from app.ui.tile_painter import MASK

Point = tuple[float, float]


class MaskCanvas(QWidget):
    """The picture with its areas. Coordinates are shares of the picture."""

    changed = Signal()

    def __init__(self, image: QImage, areas: tuple[Area, ...]) -> None:
        super().__init__()
        self._image = image
        self.areas: list[Area] = list(areas)
        self.drawing: list[Point] = []
        self._pointer: Point | None = None
        self.selected: int | None = None
        self._grab: tuple[int, int] | None = None
        self.setMinimumSize(480, 270)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _frame(self) -> QRectF:
        size = self._image.size()
        size.scale(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        x, y = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        return QRectF(x, y, size.width(), size.height())

    def _share(self, point: QPointF) -> Point:
        frame = self._frame()
        x, y = (point.x() - frame.x()) / frame.width(), (point.y() - frame.y()) / frame.height()
        return min(1.0, max(0.0, x)), min(1.0, max(0.0, y))

    def _place(self, share: Point) -> QPointF:
        frame = self._frame()
        return QPointF(frame.x() + share[0] * frame.width(), frame.y() + share[1] * frame.height())

    def _polygon(self, area: list[Point] | Area) -> QPolygonF:
        return QPolygonF([self._place(p) for p in area])

    def _corner_at(self, point: QPointF) -> tuple[int, int] | None:
        for a, area in enumerate(self.areas):
            for c, corner in enumerate(area):
                if (self._place(corner) - point).manhattanLength() < 9:
                    return a, c
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if not self.drawing:
            self._grab = self._corner_at(point)
            inside = [
                i for i, a in enumerate(self.areas)
                if self._polygon(a).containsPoint(point, Qt.FillRule.OddEvenFill)
            ]  # fmt: skip
            if self._grab is not None or inside:
                self.selected = self._grab[0] if self._grab else inside[-1]
                self.changed.emit()
                self.update()
                return
            self.selected = None
        if len(self.drawing) >= 3 and (
            (self._place(self.drawing[0]) - point).manhattanLength() < 11
        ):
            self.close_area()
        else:
            self.drawing.append(self._share(point))
        self.changed.emit()
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = self._share(event.position())
        if self._grab is not None and event.buttons() & Qt.MouseButton.LeftButton:
            a, c = self._grab
            corners = list(self.areas[a])
            corners[c] = self._pointer
            self.areas[a] = tuple(corners)
            self.changed.emit()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grab = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.close_area()

    def close_area(self) -> None:
        """What is being drawn becomes an area, if it has three corners."""
        corners = list(dict.fromkeys(self.drawing))
        if len(corners) >= 3:
            self.areas.append(tuple(corners))
        self.drawing = []
        self.changed.emit()
        self.update()

    def remove(self) -> None:
        """The selected area, or what is being drawn."""
        if self.drawing:
            self.drawing = []
        elif self.selected is not None:
            del self.areas[self.selected]
            self.selected = None
        self.changed.emit()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        if event.key() in (keys.Key_Delete, keys.Key_Backspace):
            self.remove()
        elif event.key() == keys.Key_Escape and self.drawing:
            self.drawing = []
            self.update()
        elif event.key() in (keys.Key_Return, keys.Key_Enter) and self.drawing:
            self.close_area()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.TILE)
        painter.drawImage(self._frame(), self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, area in enumerate(self.areas):
            chosen = index == self.selected
            fill = QColor(MASK)
            fill.setAlpha(215)
            painter.setBrush(fill)
            painter.setPen(QPen(theme.ACCENT if chosen else QColor("#aab4c0"), 2 if chosen else 1))
            painter.drawPolygon(self._polygon(area))
            painter.setBrush(theme.ACCENT if chosen else QColor("#aab4c0"))
            for corner in area:
                painter.drawEllipse(self._place(corner), 4, 4)
        if self.drawing:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.AMBER, 2))
            line = [*self.drawing, *([self._pointer] if self._pointer else [])]
            painter.drawPolyline(self._polygon(line))
            for corner in self.drawing:
                painter.drawEllipse(self._place(corner), 4, 4)


class MaskDialog(QDialog):
    """`areas` is what was drawn, when it was accepted."""

    def __init__(self, title: str, image: QImage, areas: tuple[Area, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Private areas of “{name}”").format(name=title))
        self.canvas = MaskCanvas(image, areas)
        hint = QLabel(
            self.tr("Click the corners of an area; click the first corner again, or double-click, "
                    "to close it. Drag a corner to move it, Delete removes the selected area.")
        )  # fmt: skip
        hint.setObjectName("hint")
        hint.setWordWrap(True)
        note = QLabel(
            self.tr("Areas are covered on this wall, in snapshots and in exports. On a PTZ camera "
                    "they do not follow the movement.")
        )  # fmt: skip
        note.setObjectName("hint")
        note.setWordWrap(True)
        self._remove = QPushButton(self.tr("Remove area"))
        self._remove.setAutoDefault(False)
        self._remove.clicked.connect(self.canvas.remove)
        buttons = QDialogButtonBox()
        self._save = buttons.addButton(self.tr("Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        for button in buttons.buttons():
            if isinstance(button, QPushButton):
                button.setAutoDefault(False)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(self._remove)
        row.addStretch(1)
        row.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.addWidget(hint)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(note)
        layout.addLayout(row)
        self.canvas.changed.connect(self._enable)
        self._enable()
        theme.fit(self, 860, 620)

    @property
    def areas(self) -> tuple[Area, ...]:
        """The areas as drawn."""
        return tuple(self.canvas.areas)

    def _enable(self) -> None:
        self._remove.setEnabled(self.canvas.selected is not None or bool(self.canvas.drawing))

    def _accept(self) -> None:
        self.canvas.close_area()
        self.accept()
