"""Where a camera is on a plan, where it looks, and how much detail it gives at marked distances.

What is shown are values computed from lens and mounting (domain reference 6.1): upper bounds, and no
claim of conformity with a standard.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt, Signal
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
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QLabel,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import CameraRow, StreamRole
from app.domain.coverage import (
    CLOSE_M,
    FAR_M,
    MIDDLE_M,
    SENSORS,
    Mark,
    Mounting,
    Optics,
    focal_for,
    marks,
    optics_of,
    sector,
)
from app.store import assets, files, plans
from app.store.plans import Placed, Plan
from app.store.store import Store
from app.ui import theme
from app.ui.commissioning_texts import class_text
from app.ui.i18n import error_text
from app.ui.pictures import MAX_PICTURE, as_jpeg
from app.ui.tasks import Task, Tasks
from app.ui.ticket_report import jpeg

SPOTS = ("near", "middle", "far")
SHARE = 0.25
"""How long the sector is drawn, as a share of the width, where the plan's scale is not known."""
WIDEST = 1600
"""Pixels of the picture that goes into the record."""
Values = dict[str, str | float | None]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn on a plan. Lengths are shares of the plan's width."""

    placed: Placed | None
    bearing_deg: float | None
    hfov_deg: float | None
    near: float = 0.0
    far: float = SHARE
    rings: tuple[float, ...] = ()
    north_deg: float = 0.0
    others: tuple[tuple[str, Placed, float | None], ...] = ()


def paint_plan(painter: QPainter, place: QRectF, drawn: Drawn) -> None:
    """Cameras and the sector, over a plan that is painted at `place`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    wide = place.width()

    def at(placed: Placed) -> QPointF:
        return QPointF(place.left() + placed.x * wide, place.top() + placed.y * place.height())

    size = max(5.0, wide / 110)
    for name, other, bearing in drawn.others:
        point = at(other)
        painter.setPen(QPen(theme.GREY.darker(150), 1.5))
        painter.setBrush(theme.GREY)
        painter.drawEllipse(point, size * 0.8, size * 0.8)
        if bearing is not None:
            turn = math.radians(bearing - drawn.north_deg)
            end = point + QPointF(math.sin(turn), -math.cos(turn)) * size * 3
            painter.drawLine(point, end)
        _label(painter, point + QPointF(size + 3, 4), name, theme.DIM_TEXT)
    if drawn.placed is None:
        return
    point = at(drawn.placed)
    if drawn.bearing_deg is not None:
        up = drawn.bearing_deg - drawn.north_deg
        hfov = min(drawn.hfov_deg or 8.0, 360.0)
        near, far = drawn.near * wide, drawn.far * wide
        fill = QColor(theme.ACCENT)
        fill.setAlpha(70)
        painter.setBrush(fill)
        painter.setPen(QPen(theme.ACCENT, 1.5))
        corners = sector(point.x(), point.y(), up, hfov, near, far)
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.AMBER, 2))
        for i, length in enumerate(drawn.rings):
            arc = sector(point.x(), point.y(), up, hfov, 0.0, length * wide)[:-1]
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in arc]))
            x, y = arc[-1]
            _label(painter, QPointF(x + 4, y), str(i + 1), theme.AMBER)
        turn = math.radians(up)
        painter.setPen(QPen(theme.ACCENT, 2))
        painter.drawLine(point, point + QPointF(math.sin(turn), -math.cos(turn)) * far)
    painter.setPen(QPen(QColor("white"), 2))
    painter.setBrush(theme.ACCENT)
    painter.drawEllipse(point, size, size)


def _label(painter: QPainter, at: QPointF, text: str, colour: QColor) -> None:
    box = QRectF(painter.fontMetrics().boundingRect(text)).adjusted(-3, -1, 3, 1)
    box.translate(at)
    ground = QColor(theme.BACKGROUND)
    ground.setAlpha(210)
    painter.fillRect(box, ground)
    painter.setPen(colour)
    painter.drawText(at, text)


class PlanCanvas(QWidget):
    """The plan. Click: the camera is here; drag from it: it looks there. Arrow keys move it, with Shift
    they turn it."""

    placed_at = Signal(float, float)
    looks_to = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image = QImage()
        self.drawn = Drawn(None, None, None)
        self._pressed: QPointF | None = None
        self._turning = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 180)
        self.setAccessibleName(self.tr("Plan"))

    def sizeHint(self) -> QSize:
        return QSize(640, 460)

    def frame(self) -> QRectF:
        """Where the plan is painted."""
        whole = QRectF(self.rect())
        if self.image.isNull():
            return whole
        size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF((whole.width() - size.width()) / 2, (whole.height() - size.height()) / 2,
                      size.width(), size.height())  # fmt: skip

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), theme.TILE)
        if self.image.isNull():
            painter.setPen(theme.DIM_TEXT)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(24, 0, -24, 0), flags, self.tr(
                "No plan of this site yet. “Load plan…” takes a picture of one: a drawing, an aerial view, "
                "a photo of the paper plan."))  # fmt: skip
            return
        place = self.frame()
        painter.drawImage(place, self.image)
        painter.setClipRect(place)
        paint_plan(painter, place, self.drawn)
        painter.setClipping(False)
        if self.drawn.placed is None:
            _label(painter, place.topLeft() + QPointF(10, 20), self.tr("Click where the camera is."),
                   theme.TEXT)  # fmt: skip
        elif self.drawn.bearing_deg is None:
            _label(painter, place.topLeft() + QPointF(10, 20),
                   self.tr("Drag from the camera to where it looks."), theme.TEXT)  # fmt: skip
        if self.hasFocus():
            painter.setPen(QPen(theme.ACCENT, 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _share(self, point: QPointF) -> tuple[float, float]:
        place = self.frame()
        return (
            min(1.0, max(0.0, (point.x() - place.left()) / max(1.0, place.width()))),
            min(1.0, max(0.0, (point.y() - place.top()) / max(1.0, place.height()))),
        )

    def _camera(self) -> QPointF | None:
        if self.drawn.placed is None:
            return None
        place, placed = self.frame(), self.drawn.placed
        return QPointF(
            place.left() + placed.x * place.width(), place.top() + placed.y * place.height()
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.image.isNull() or event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed, self._turning = event.position(), False
        here = self._camera()
        if here is None or (here - self._pressed).manhattanLength() > 24:
            if here is None:
                self.placed_at.emit(*self._share(self._pressed))
            else:
                self._turning = True  # beside it: a drag turns, a click moves

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = self._camera()
        if self._pressed is None or here is None:
            return
        away = event.position() - self._pressed
        if away.manhattanLength() < 6:
            return
        self._turning = False
        to = event.position() - here
        if to.manhattanLength() > 8:
            turn = math.degrees(math.atan2(to.x(), -to.y()))
            self.looks_to.emit((turn + self.drawn.north_deg) % 360)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and self._turning:
            self.placed_at.emit(*self._share(self._pressed))
        self._pressed, self._turning = None, False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1),
                Qt.Key.Key_Down: (0, 1)}  # fmt: skip
        way, placed = ways.get(Qt.Key(event.key())), self.drawn.placed
        if way is None or self.image.isNull():
            super().keyPressEvent(event)
        elif placed is None:
            self.placed_at.emit(0.5, 0.5)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.looks_to.emit(((self.drawn.bearing_deg or 0) + 5 * (way[0] - way[1])) % 360)
        else:
            x, y = placed.x + way[0] * 0.005, placed.y + way[1] * 0.005
            self.placed_at.emit(min(1.0, max(0.0, x)), min(1.0, max(0.0, y)))


def _spin(
    low: float, high: float, unit: str, step: float = 1.0, decimals: int = 1
) -> QDoubleSpinBox:
    made = QDoubleSpinBox()
    made.setRange(low, high)
    made.setDecimals(decimals)
    made.setSingleStep(step)
    made.setSuffix(f" {unit}")
    made.setSpecialValueText(" ")  # the lowest value means: not known
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return made


class PlanDialog(QDialog):
    """One camera's place and view. `kept` carries values by item of the checklist, and the drawn plan as
    JPEG (or b"")."""

    kept = Signal(object, bytes)

    def __init__(
        self, store: Store, tasks: Tasks, camera: CameraRow, language: str,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._store, self._tasks, self._camera = store, tasks, camera
        self._plans: list[Plan] = []
        self._others: list[tuple[str, Placed, float | None]] = []
        self._placed: Placed | None = None
        self._pixels = 1920
        self._loading = True
        self.setWindowTitle(
            self.tr("Place and view: {camera}").format(camera=camera.title(language))
        )
        self.canvas = PlanCanvas()
        self.canvas.placed_at.connect(self._put)
        self.canvas.looks_to.connect(self._look)
        self.choice = QComboBox()
        self.choice.setAccessibleName(self.tr("Plan"))
        self.choice.currentIndexChanged.connect(lambda _: self._show_plan())
        self.load = QPushButton(self.tr("&Load plan…"))
        self.load.setToolTip(
            self.tr("A picture (PNG or JPEG, at most 16 MB); it belongs to the site")
        )
        self.load.clicked.connect(self._load_plan)
        self.drop = QPushButton(self.tr("&Remove plan"))
        self.drop.clicked.connect(self._remove_plan)
        top = QHBoxLayout()
        top.addWidget(self.choice, 1)
        for button in (self.load, self.drop):
            button.setAutoDefault(False)
            top.addWidget(button)
        self.told = QLabel()
        self.told.setObjectName("error")
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(self.canvas, 1)

        self.width_m, self.north = _spin(0, 20_000, "m", 10), _spin(-1, 359, "°", 5, 0)
        self.north.setRange(0, 359)
        self.north.setSpecialValueText("")
        self.bearing = _spin(-1, 359, "°", 5, 0)
        self.bearing.setWrapping(True)
        self.sensor = QComboBox()
        self.sensor.addItem(self.tr("(not known)"), 0.0)
        for lens in SENSORS:
            self.sensor.addItem(lens.name, lens.width_mm)
        self.sensor.addItem(self.tr("other width…"), -1.0)
        self.sensor.activated.connect(lambda _: self._sensor_chosen())
        self.focal = _spin(0, 2000, "mm", 0.5)
        self.hfov = _spin(0, 360, "°", 1)
        self.height_m, self.tilt = _spin(0, 500, "m", 0.5), _spin(-91, 90, "°", 1)
        self.distances = [_spin(0, 2000, "m", 1) for _ in SPOTS]
        for spin, value in zip(self.distances, (CLOSE_M, MIDDLE_M, FAR_M), strict=True):
            spin.setValue(value)
        form = QFormLayout()
        form.setHorizontalSpacing(10)
        form.setVerticalSpacing(5)
        for text, widget in (
            (self.tr("Plan is wide"), self.width_m), (self.tr("Plan's top is"), self.north),
            (self.tr("Looks to"), self.bearing), (self.tr("Sensor"), self.sensor),
            (self.tr("Focal length"), self.focal), (self.tr("Field of view"), self.hfov),
            (self.tr("Height"), self.height_m), (self.tr("Tilt down"), self.tilt),
            (self.tr("1  Near mark"), self.distances[0]),
            (self.tr("2  Middle mark"), self.distances[1]),
            (self.tr("3  Far mark"), self.distances[2]),
        ):  # fmt: skip
            form.addRow(text, widget)
        for spin in (
            self.width_m,
            self.north,
            self.bearing,
            self.height_m,
            self.tilt,
            *self.distances,
        ):
            spin.valueChanged.connect(lambda _: self._changed())
        self.focal.valueChanged.connect(lambda _: self._from_lens())
        self.hfov.valueChanged.connect(lambda _: self._changed())
        self.table = QTreeWidget()
        self.table.setRootIsDecorated(False)
        self.table.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self.table.setHeaderLabels(["", self.tr("Distance"), self.tr("px/m"), self.tr("Reaches")])
        header = self.table.header()
        for i in range(3):
            header.setSectionResizeMode(i, QHeaderView.ResizeMode.ResizeToContents)
        self.table.setMinimumHeight(108)
        self.table.setMaximumHeight(124)
        self.ground = QLabel()
        self.ground.setWordWrap(True)
        self.claim = QLabel(self.tr("Computed on the axis, without distortion: upper bounds. No claim of "
                                    "conformity with a standard."))  # fmt: skip
        self.claim.setObjectName("hint")
        self.claim.setWordWrap(True)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.addLayout(form)
        column.addWidget(self.table)
        column.addWidget(self.ground)
        column.addWidget(self.claim)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setMinimumWidth(300)
        split = QSplitter()
        split.addWidget(left)
        split.addWidget(scroll)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        buttons = QDialogButtonBox()
        self.ok = buttons.addButton(self.tr("Keep"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._keep)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        self.told.hide()
        layout.addWidget(split, 1)
        layout.addWidget(self.told)
        layout.addWidget(buttons)
        theme.fit(self, 1020, 640)
        self.ok.setEnabled(False)
        self.canvas.setFocus()
        self._read()

    # -- reading

    def _read(self, select: str = "") -> None:
        camera = self._camera

        def read(_: Task) -> Any:
            file = assets.read(self._store, camera.id)
            source = self._store.source(camera.id)
            main = source.stream(StreamRole.MAIN) if source else None
            return (
                file.record if file else {}, main.width if main else 0,
                plans.plans(self._store, camera.site_id),
                plans.place_of(self._store, camera.id),
                plans.others(self._store, camera.site_id, camera.id),
            )  # fmt: skip

        def show(answer: Any) -> None:
            record, pixels, self._plans, placed, self._others = answer
            first, self._loading = self._loading, True
            if first:
                self._placed = placed
                self._pixels = pixels or self._pixels
                for spin, name in (
                    (self.bearing, "bearing_deg"), (self.height_m, "height_m"),
                    (self.tilt, "tilt_deg"), (self.focal, "focal_mm"), (self.hfov, "hfov_deg"),
                ):  # fmt: skip
                    text = record.get(name, "")
                    spin.setValue(float(text) if text else spin.minimum())
                self._show_sensor(float(record.get("sensor_mm", "") or 0))
            self.choice.clear()
            for plan in self._plans:
                self.choice.addItem(plan.name, plan.sha256)
            wanted = select or (self._placed.sha256 if self._placed else "")
            self.choice.setCurrentIndex(max(0, self.choice.findData(wanted)))
            self._loading = False
            self.ok.setEnabled(True)
            self._show_plan()

        self._tasks.run(self, read, show, self._failed)

    def _failed(self, error: Exception) -> None:
        self._say(error_text(error))
        self.ok.setEnabled(True)

    def _say(self, text: str) -> None:
        self.told.setText(text)
        self.told.setVisible(bool(text))

    def plan(self) -> Plan | None:
        """The plan on screen."""
        at = self.choice.currentIndex()
        return self._plans[at] if 0 <= at < len(self._plans) else None

    def _show_plan(self) -> None:
        if self._loading:
            return
        plan = self.plan()
        self.drop.setEnabled(plan is not None)
        self.width_m.setEnabled(plan is not None)
        self.north.setEnabled(plan is not None)
        if plan is None:
            self.canvas.image = QImage()
            self._changed()
            return
        self._loading = True
        self.width_m.setValue(plan.width_m)
        self.north.setValue(plan.north_deg)
        self._loading = False
        sha = plan.sha256

        def show(data: bytes | None) -> None:
            image = QImage.fromData(QByteArray(data)) if data else QImage()
            self.canvas.image = image
            self._say("" if data else self.tr("This plan is not on this workstation yet."))
            self._changed()

        self._tasks.run(self, lambda _: files.fetched(self._store, sha), show, self._failed)

    # -- plans

    def _load_plan(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Load plan"), "", self.tr("Pictures (*.jpg *.jpeg *.png)")
        )
        if path:
            self.take_plan(Path(path))

    def take_plan(self, path: Path) -> None:
        """Keep a file as a plan of the site."""
        site = self._camera.site_id
        self._say("")

        def work(_: Task) -> Plan:
            with path.open("rb") as file:
                data = file.read(MAX_PICTURE + 1)
            if len(data) > MAX_PICTURE:
                raise ValueError("size")
            return plans.add(self._store, site, path.stem, as_jpeg(data, 2400))

        def failed(error: Exception) -> None:
            if isinstance(error, ValueError):
                text = self.tr(
                    "{name} is no picture that can be used (JPEG or PNG, at most 16 MB)."
                )
                self._say(text.format(name=path.name))
            else:
                self._failed(error)

        self._tasks.run(self, work, lambda plan: self._read(plan.sha256), failed)

    def _remove_plan(self) -> None:
        plan = self.plan()
        if plan is None:
            return
        question = self.tr("Remove the plan “{name}” of this site for everybody?").format(
            name=plan.name
        )
        if QMessageBox.question(self, self.tr("Remove plan"), question) == (
            QMessageBox.StandardButton.Yes
        ):
            self._tasks.run(self, lambda _: plans.remove(self._store, plan), lambda _: self._read(),
                            self._failed)  # fmt: skip

    # -- the view

    def _put(self, x: float, y: float) -> None:
        plan = self.plan()
        if plan is not None:
            self._placed = Placed(plan.sha256, x, y)
            self._changed()

    def _look(self, bearing: float) -> None:
        self.bearing.setValue(round(bearing) % 360)

    def _show_sensor(self, width: float) -> None:
        at = next((i for i, lens in enumerate(SENSORS, 1) if abs(lens.width_mm - width) < 0.01), 0)
        if width and not at:
            at = self.sensor.count() - 1
            self.sensor.insertItem(at, f"{width:g} mm", width)
        self.sensor.setCurrentIndex(at)

    def _sensor_chosen(self) -> None:
        if self.sensor.currentData() == -1.0:
            width, ok = QInputDialog.getDouble(
                self, self.tr("Sensor"), self.tr("Active width in mm (not the “inch” of its name):"), 5.6,
                1.0, 60.0, 2,
            )  # fmt: skip
            self._show_sensor(width if ok else 0.0)
        self._from_lens()

    def sensor_mm(self) -> float:
        """The active width; 0 where it is not known."""
        return max(0.0, float(self.sensor.currentData() or 0))

    def _from_lens(self) -> None:
        """Sensor and lens give the field of view."""
        width, focal = self.sensor_mm(), self.focal.value()
        if width and focal and not self._loading:
            self.hfov.setValue(round(math.degrees(2 * math.atan(width / (2 * focal))), 1))
        self._changed()

    def optics(self) -> Optics | None:
        """What is known of the lens; None where the field of view is not known or too wide for a pinhole."""
        hfov, width = self.hfov.value(), self.sensor_mm()
        if not 1 <= hfov < 175:
            return None
        lens = next((s for s in SENSORS if abs(s.width_mm - width) < 0.01), None)
        if lens is not None:
            focal = focal_for(lens.width_mm, hfov)
            if abs(focal - self.focal.value()) < 0.01 * focal:
                focal = self.focal.value()  # the field of view on screen is rounded
            return Optics(lens.width_mm, lens.height_mm, self._pixels, focal)
        return optics_of(hfov, self._pixels)

    def marks(self) -> tuple[Mark, ...]:
        """What is reached at the marked distances."""
        optics = self.optics()
        distances = tuple(s.value() for s in self.distances if s.value() > 0)
        if optics is None:
            return ()
        return marks(optics, self._mounting(), distances)

    def _mounting(self) -> Mounting:
        """Where it hangs; at face height, level, where nobody has said so."""
        height = self.height_m.value() or 1.6
        tilt = self.tilt.value() if self.tilt.value() > self.tilt.minimum() else 0.0
        return Mounting(height, tilt)

    def _hangs(self) -> bool:
        """Whether height and tilt are known: only then the ground is."""
        return self.height_m.value() > 0 and self.tilt.value() > self.tilt.minimum()

    def _ground(self) -> tuple[float, float] | None:
        optics = self.optics()
        if optics is None or not self._hangs():
            return None
        return self._mounting().near_m(optics.vfov_deg), self._mounting().far_m(optics.vfov_deg)

    def _changed(self) -> None:
        if self._loading:
            return
        plan, optics, found = self.plan(), self.optics(), self.marks()
        self.table.clear()
        for i, mark in enumerate(found):
            hints = []
            if mark.steep:
                hints.append(self.tr("seen from above"))
            if self._hangs() and not mark.seen:
                hints.append(self.tr("not in the picture"))
            text = ", ".join([class_text(mark.name), *hints])
            row = QTreeWidgetItem(
                [str(i + 1), f"{mark.distance_m:g} m", f"{mark.density:.0f}", text]
            )
            row.setToolTip(3, text)
            if hints:
                row.setForeground(3, theme.AMBER)
            self.table.addTopLevelItem(row)
        ground = self._ground()
        if optics is None:
            self.ground.setText(
                self.tr("Choose sensor and focal length, or enter the field of view.")
            )
        elif ground is None:
            self.ground.setText(
                self.tr("With height and tilt, the ground that is seen is computed too.")
            )
        elif math.isinf(ground[0]):
            self.ground.setText(self.tr("No ground is seen: it looks above the horizon."))
        elif math.isinf(ground[1]):
            self.ground.setText(self.tr("Ground is seen from {near} m on, to the horizon.").format(
                near=f"{ground[0]:.1f}"))  # fmt: skip
        else:
            self.ground.setText(self.tr("Ground is seen from {near} m to {far} m.").format(
                near=f"{ground[0]:.1f}", far=f"{ground[1]:.1f}"))  # fmt: skip
        self.canvas.drawn = self._drawn(plan)
        self.canvas.update()

    def _drawn(self, plan: Plan | None) -> Drawn:
        here = plan.sha256 if plan else ""
        placed = self._placed if self._placed and self._placed.sha256 == here else None
        bearing = self.bearing.value() if self.bearing.value() >= 0 else None
        hfov = self.hfov.value() or None
        near, far = 0.0, SHARE
        rings: tuple[float, ...] = ()
        width = self.width_m.value()
        if width > 0:
            ground, found = self._ground(), self.marks()
            farthest = max((m.distance_m for m in found), default=width * SHARE)
            if ground is not None and not math.isinf(ground[0]):
                near = ground[0] / width
                farthest = min(ground[1], max(farthest, ground[0] * 1.5))
            far = max(farthest / width, near)
            rings = tuple(m.distance_m / width for m in found)
        shown = tuple((n, p, b) for n, p, b in self._others if p.sha256 == here)
        return Drawn(placed, bearing, hfov, near, far, rings, self.north.value(), shown)

    # -- keeping

    def values(self) -> dict[str, Values]:
        """Values by item of the checklist."""
        plan, ground = self.plan(), self._ground()
        place: Values = {}
        if plan is not None and self._placed is not None and self._placed.sha256 == plan.sha256:
            place |= {"plan": plan.name, "x_percent": round(100 * self._placed.x, 1),
                      "y_percent": round(100 * self._placed.y, 1)}  # fmt: skip
        if self.bearing.value() >= 0:
            place["bearing_deg"] = self.bearing.value()
        view: Values = {}
        for name, value, known in (
            ("hfov_deg", self.hfov.value(), self.hfov.value() > 0),
            ("height_m", self.height_m.value(), self.height_m.value() > 0),
            ("tilt_deg", self.tilt.value(), self.tilt.value() > self.tilt.minimum()),
        ):
            if known:
                view[name] = round(value, 1)
        if ground is not None:
            for name, length in zip(("ground_near_m", "ground_far_m"), ground, strict=True):
                if not math.isinf(length):
                    view[name] = round(length, 1)
        detail: Values = {}
        for spot, mark in zip(SPOTS, self.marks(), strict=False):
            detail |= {f"{spot}_m": round(mark.distance_m, 1), f"{spot}_ppm": round(mark.density),
                       f"{spot}_class": mark.name or "none"}  # fmt: skip
        return {"identity.place": place, "picture.view": view, "picture.detail": detail}

    def picture(self) -> QImage:
        """The plan with camera and sector, as it goes into the record; null without a place."""
        image = self.canvas.image
        drawn = self._drawn(self.plan())
        if image.isNull() or drawn.placed is None:
            return QImage()
        made = image.scaledToWidth(
            min(WIDEST, image.width()), Qt.TransformationMode.SmoothTransformation
        )
        made = made.convertToFormat(QImage.Format.Format_RGB32)
        painter = QPainter(made)
        font = painter.font()
        font.setPixelSize(max(12, made.width() // 45))
        painter.setFont(font)
        paint_plan(painter, QRectF(made.rect()), replace(drawn, others=()))
        painter.end()
        return made

    def _keep(self) -> None:
        camera, plan, placed = self._camera.id, self.plan(), self._placed
        fields = {}
        for name, spin in (
            ("bearing_deg", self.bearing), ("height_m", self.height_m), ("tilt_deg", self.tilt),
            ("focal_mm", self.focal), ("hfov_deg", self.hfov),
        ):  # fmt: skip
            fields[name] = f"{spin.value():g}" if spin.value() > spin.minimum() else ""
        fields["sensor_mm"] = f"{self.sensor_mm():g}" if self.sensor_mm() else ""
        scaled = (
            replace(plan, width_m=self.width_m.value(), north_deg=self.north.value())
            if plan
            else None
        )
        picture, values = self.picture(), self.values()

        def work(_: Task) -> bytes:
            if scaled is not None and scaled != plan:
                plans.save(self._store, scaled)
            if placed is not None and placed != plans.place_of(self._store, camera):
                plans.place(self._store, camera, placed)
            assets.save(self._store, camera, fields)
            return b"" if picture.isNull() else jpeg(picture, "").data

        def done(data: bytes) -> None:
            self.kept.emit(values, data)
            self.accept()

        self.ok.setEnabled(False)
        self._tasks.run(self, work, done, self._failed)
