"""The wall: one widget that paints all tiles itself and turns hands into wishes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.camera import Area, CameraRow, CameraSource
from app.domain.layout import BUILT_IN, Layout, View
from app.ui import i18n, theme
from app.ui.pulse import Pulse
from app.ui.tile_painter import (
    METER_FROM,
    STRIP,
    TROUBLE,
    TileLook,
    TilePainter,
    draw_meter,
    meter_box,
    picture_box,
    picture_target,
)
from app.ui.zoom import Aspect, Box, Point, Zoom, in_picture, wanted
from app.video.types import (
    Changes,
    Picture,
    SoundStatus,
    StreamState,
    StreamStatus,
    TileRequest,
)

CAMERA_MIME = "application/x-watchroom-cameras"
TILE_MIME = "application/x-watchroom-tile"
SITE_PREFIX = "site:"
"""Before an id in CAMERA_MIME: all cameras of a site."""

SETTLE_MS = 60
"""Sizes are told to the engine when a drag of an edge rests for so long."""


class Engine(Protocol):
    """What the wall needs of the video engine."""

    def show_all(self, tiles: list[TileRequest], owner: str = "") -> None: ...
    def poll(self) -> Changes: ...
    def picture(self, camera_id: str) -> Picture | None: ...
    def status(self, camera_id: str) -> StreamStatus: ...
    def retry(self, camera_id: str) -> None: ...
    def replay_picture(self, tile_id: str) -> Picture | None: ...
    def resize_replay(self, tile_id: str, width: int, height: int) -> None: ...


SMALLEST_BOX = 16
"""A box that is no larger than this (logical pixels) was meant as a click."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What a hand points at in a tile: a point, or a box from one corner to another."""

    index: int
    camera: str
    start: QPoint
    end: QPoint

    def rectangle(self) -> QRect:
        """The box (the widget's logical pixels)."""
        return QRect(self.start, self.end).normalized()

    @property
    def large(self) -> bool:
        """Whether it is a box, and no click."""
        way = self.end - self.start
        return max(abs(way.x()), abs(way.y())) >= SMALLEST_BOX


class WallWidget(QWidget):
    """Tiles in a layout. The view says which camera sits where; sources come from `set_sources`."""

    selection_changed = Signal(int, object)  # index, camera id or None
    view_changed = Signal()
    maximised_changed = Signal()
    cameras_dropped = Signal(int, list)  # index, camera ids
    context_menu_requested = Signal(int, QPoint)
    statuses_changed = Signal(list)  # camera ids
    ptz_mode_changed = Signal(bool)
    ptz_drag = Signal(str, float, float)  # camera id, pan and tilt speed -1..1
    ptz_release = Signal(str)
    ptz_wheel = Signal(str, float)  # camera id, steps, positive is nearer
    ptz_aim = Signal(str, float, float, float)
    """Camera id, a point (-1..1 from the picture's middle, right and up), how many times nearer."""
    replay_changed = Signal(int)  # index: another picture, or more to show
    touched = Signal()  # a hand is at work on this wall

    def __init__(
        self,
        engine: Engine,
        rows: Callable[[str], CameraRow | None],
        language: Callable[[], str] = lambda: "en",
        parent: QWidget | None = None,
        pulse: Pulse | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._rows, self._language = engine, rows, language
        self._owner = f"{id(self)}/"
        self.watermark: Callable[[], str] = str
        """What is written faintly over live pictures, "" for nothing."""
        self.masks: Callable[[str], tuple[Area, ...]] = lambda _: ()
        """A camera's private areas."""
        self._aspect = Aspect.FIT
        self._zooms: dict[int, Zoom] = {}
        self._replays: set[int] = set()
        self._sound = SoundStatus()
        self._spot_camera: str | None = None
        self._ahead: tuple[str, ...] = ()
        self._sources: Callable[[str], CameraSource | None] = lambda _: None
        self._view = View(BUILT_IN["3x3"])
        self._selected = 0
        self._maximised: int | None = None
        self._hovered: int | None = None
        self._drop: int | None = None
        self._press: tuple[int, QPoint] | None = None
        self._ptz_mode = False
        self._ptz_dragging: str | None = None
        self._may_click = False
        self._box: Aim | None = None
        self._clicked: Aim | None = None
        """Waits in case it is the first half of a double click."""
        self._click_timer = QTimer(self)
        self._click_timer.setSingleShot(True)
        self._click_timer.timeout.connect(self._carry_out_click)
        self._painter = TilePainter()
        self._statuses: dict[str, StreamStatus] = {}
        self._tiles_of: dict[str, list[int]] = {}
        self._rectangles: list[QRect] = []
        self._covered: dict[int, QRect] = {}
        self.painted: dict[str, int] = {}
        """Pictures painted by camera since start, for the benchmarks."""
        self.badge: Callable[[str], tuple[str, str]] = lambda camera: ("", "")
        """What is said of a camera's faults and maintenance: short, and where there is room."""
        self._painted_sequence: dict[str, int] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(320, 200)
        self._pulse = pulse or Pulse(engine, self)
        self._pulse.changed.connect(self._tick)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self._tell_engine)
        self._second = QTimer(self)
        self._second.timeout.connect(self._age)
        self._second.start(1000)
        self._arrange()

    # -- the view

    def view(self) -> View:
        """Layout and cameras."""
        return self._view

    def set_view(self, view: View) -> None:
        """Show another view."""
        if view == self._view:
            return
        self._end_ptz_drag()
        was_maximised, self._maximised = self._maximised is not None, None
        for index in [i for i in self._replays if self.camera_at(i) != _cell(view, i)]:
            self.end_replay(index)
        kept = {i for i in self._zooms if self.camera_at(i) == _cell(view, i)}
        self._zooms = {i: z for i, z in self._zooms.items() if i in kept}
        self._view = view
        self._selected = min(self._selected, len(view.cameras) - 1)
        self._follow()
        self._arrange()
        self.view_changed.emit()
        self._select_again()
        if was_maximised:
            self.maximised_changed.emit()

    def set_layout(self, layout: Layout) -> None:
        """The same cameras in another layout."""
        self.set_view(self._view.with_layout(layout))

    def place(self, index: int, camera_ids: list[str]) -> None:
        """Put cameras from a tile on: the first into it, the others into free ones."""
        if index == self._view.spot:
            # It follows the selection again as soon as another tile is selected.
            self._show_in_spot(camera_ids[0] if camera_ids else None)
            return
        self.set_view(self._view.place_many(index, tuple(camera_ids)))

    def clear(self, index: int) -> None:
        """Empty a tile; a spot tile becomes an ordinary one."""
        if index == self._view.spot:
            self.set_spot(None)
            return
        self.set_view(self._view.place(index, None))

    def set_sources(self, sources: Callable[[str], CameraSource | None]) -> None:
        """Where the wall finds what to open; call `refresh` when it knows more."""
        self._sources = sources
        self.refresh()

    def refresh(self) -> None:
        """Names, sources or language changed."""
        self._tell_engine()
        self.update()

    @property
    def selected(self) -> int:
        """The selected tile."""
        return self._selected

    def select(self, index: int) -> None:
        """Select a tile."""
        if 0 <= index < len(self._view.cameras) and index != self._selected:
            self._end_ptz_drag()
            old, self._selected = self._selected, index
            self._follow()
            for i in (old, index):
                if i < len(self._rectangles):
                    self.update(self._rectangles[i])
            if self._maximised is not None:
                self.maximise(index)
            else:
                self._tell_engine()  # what is selected is the last to give way
            self._select_again()

    def _select_again(self) -> None:
        self.selection_changed.emit(self._selected, self.camera_at(self._selected))
        row = self._row(self._selected)
        name = row.title(self._language()) if row else self.tr("empty")
        self.setAccessibleName(self.tr("Tile {number}: {name}").format(
            number=self._selected + 1, name=name))  # fmt: skip
        self._describe()
        event = QAccessibleEvent(self, QAccessible.Event.NameChanged)
        QAccessible.updateAccessibility(event)

    def _describe(self) -> None:
        """The selected camera's state, for a screen reader."""
        camera = self.camera_at(self._selected)
        text = i18n.state_text(self.status_of(camera).state) if camera is not None else ""
        self.setAccessibleDescription(text)

    def camera_at(self, index: int) -> str | None:
        """The camera in a tile; in the spot tile, the one that was selected last."""
        if index == self._view.spot:
            return self._spot_camera
        return _cell(self._view, index)

    # -- the spot tile

    def set_spot(self, index: int | None) -> None:
        """Let a tile follow the selection of the others in main stream; None ends it."""
        view = self._view if index is None else self._view.place(index, None)
        self.set_view(View(view.layout, view.cameras, index))

    def _follow(self) -> None:
        """The spot tile shows what is selected."""
        spot = self._view.spot
        if spot is None:
            self._spot_camera = None
            return
        selected = self._selected
        camera = self._spot_camera if selected == spot else _cell(self._view, selected)
        if camera != self._spot_camera:
            self._show_in_spot(camera)

    def _show_in_spot(self, camera: str | None) -> None:
        spot = self._view.spot
        assert spot is not None
        self._spot_camera = camera
        self._zooms.pop(spot, None)
        self.end_replay(spot)
        self._arrange()
        if self._selected == spot:
            self._select_again()
        self.view_changed.emit()

    def cameras(self) -> set[str]:
        """All cameras that this wall shows."""
        return set(self._tiles_of)

    # -- digital zoom and shapes

    @property
    def aspect(self) -> Aspect:
        """How pictures meet tiles of another shape."""
        return self._aspect

    def set_aspect(self, aspect: Aspect) -> None:
        """Change it for the whole wall."""
        self._aspect = aspect
        self._arrange()

    def zoom_of(self, index: int) -> Zoom:
        """Which part of the picture a tile shows."""
        return self._zooms.get(index, Zoom())

    def set_zoom(self, index: int, zoom: Zoom) -> None:
        """Show another part."""
        if zoom.on:
            self._zooms[index] = zoom
        else:
            self._zooms.pop(index, None)
        self._covered.pop(index, None)
        self.update(self.tile_rectangle(index))
        self._settle.start(SETTLE_MS)

    def zoom_steps(self, steps: float) -> None:
        """Zoom the selected tile around its middle; 0 shows all."""
        index = self._selected
        zoom = self.zoom_of(index).at(0.5, 0.5, steps) if steps else Zoom()
        if self.camera_at(index) is not None:
            self.set_zoom(index, zoom)

    # -- replay

    def tile_id(self, index: int) -> str:
        """What the engine calls a tile."""
        return f"{self._owner}{index}"

    def begin_replay(self, index: int) -> None:
        """From now on the tile paints the replay that the engine runs for it."""
        if index == self._selected:
            self._end_ptz_drag()  # what is aimed at now would be in the past
        self._replays.add(index)
        self._covered.pop(index, None)
        self.update(self.tile_rectangle(index))

    def end_replay(self, index: int) -> None:
        """The tile is live again."""
        if index in self._replays:
            self._replays.discard(index)
            self._covered.pop(index, None)
            self.update(self.tile_rectangle(index))
            self.replay_changed.emit(index)

    def replaying(self, index: int) -> bool:
        """Whether a tile shows the past."""
        return index in self._replays

    def picture_size(self, index: int) -> tuple[int, int]:
        """Physical pixels a tile's picture should have."""
        box, ratio = picture_box(self.tile_rectangle(index)), self.devicePixelRatioF()
        width, height = int(box.width() * ratio), int(box.height() * ratio)
        zoom = self.zoom_of(index)
        if width <= 0 or height <= 0 or (self._aspect is Aspect.FIT and not zoom.on):
            return width, height
        camera = self.camera_at(index)
        source = self._sources(camera) if camera is not None else None
        sizes = [(s.width, s.height) for s in source.streams] if source else []
        return wanted(width, height, max(sizes, default=(0, 0)), zoom, self._aspect)

    # -- sound

    def show_sound(self, sound: SoundStatus) -> None:
        """Say which camera is heard, and how loud it is now."""
        old, self._sound = self._sound, sound
        said = [(s.camera_id, s.muted, s.code) for s in (old, sound)]
        if said[0] != said[1]:
            for camera in {old.camera_id, sound.camera_id} - {None}:
                for index in self._tiles_of.get(camera or "", ()):
                    self.update(self.tile_rectangle(index))
        elif (old.rms_db, old.peak_db) != (sound.rms_db, sound.peak_db):
            for index in self._tiles_of.get(sound.camera_id or "", ()):
                tile = self.tile_rectangle(index)
                if tile.width() >= METER_FROM:
                    self.update(meter_box(self._strip(tile)).toAlignedRect())

    @staticmethod
    def _strip(tile: QRect) -> QRect:
        """The title strip of a tile."""
        box = picture_box(tile)
        return QRect(box.x(), box.y() - STRIP, box.width(), STRIP)

    # -- what comes next

    @property
    def ahead(self) -> tuple[str, ...]:
        """Cameras that are being opened before they are shown."""
        return self._ahead

    def open_ahead(self, cameras: tuple[str, ...]) -> None:
        """Connect to cameras that a tour will show next, so that the change shows a picture."""
        if cameras != self._ahead:
            self._ahead = cameras
            self._tell_engine()

    @property
    def maximised(self) -> int | None:
        """The tile that fills the wall, if one does."""
        return self._maximised

    def maximise(self, index: int | None) -> None:
        """Let one tile fill the wall; None goes back."""
        if index is not None and self.camera_at(index) is None:
            return
        if index != self._maximised:
            self._end_ptz_drag()
            self._maximised = index
            if index is not None:
                self._selected = index
            self._arrange()
            self._select_again()
            self.maximised_changed.emit()

    def status_of(self, camera_id: str) -> StreamStatus:
        """The last known status of a camera."""
        if camera_id not in self._statuses:
            self._statuses[camera_id] = self._engine.status(camera_id)
        return self._statuses[camera_id]

    @property
    def ptz_mode(self) -> bool:
        """Whether dragging on a camera that turns moves it instead of the tile."""
        return self._ptz_mode

    def set_ptz_mode(self, on: bool) -> None:
        """Switch between moving cameras and moving tiles."""
        if on != self._ptz_mode:
            self._end_ptz_drag()
            self._ptz_mode = on
            self.ptz_mode_changed.emit(on)
            self._point(self._hovered)
            self.update()

    # -- geometry

    def tile_rectangle(self, index: int) -> QRect:
        """A tile's place in the widget, empty when it is covered."""
        return self._rectangles[index] if index < len(self._rectangles) else QRect()

    def cell_rectangle(self, layout: Layout, index: int) -> QRect:
        """Where a tile of any layout would be in this wall."""
        return QRect(*layout.rectangle(index, self.width(), self.height()))

    def tile_at(self, point: QPoint) -> int | None:
        """The tile under a point."""
        return next((i for i, r in enumerate(self._rectangles) if r.contains(point)), None)

    def _arrange(self) -> None:
        count = len(self._view.cameras)
        self._covered.clear()
        if self._maximised is not None:
            self._rectangles = [QRect()] * count
            self._rectangles[self._maximised] = self.rect()
        else:
            self._rectangles = [self.cell_rectangle(self._view.layout, i) for i in range(count)]
        self._tiles_of = {}
        for i in range(count):
            camera = self.camera_at(i)
            if camera is not None:
                self._tiles_of.setdefault(camera, []).append(i)
        self._statuses = {c: s for c, s in self._statuses.items() if c in self._tiles_of}
        self._tell_engine()
        self.update()

    def _tell_engine(self) -> None:
        """Say what is on the wall, in physical pixels."""
        window = self.window()
        seen = self.isVisible() and not window.isMinimized()
        requests = []
        smallest = (0, 0)
        for i in range(len(self._view.cameras)):
            camera = self.camera_at(i)
            source = self._sources(camera) if camera is not None else None
            if source is None:
                continue
            width, height = self.picture_size(i)
            visible = seen and not self._rectangles[i].isEmpty() and width > 0 and height > 0
            if visible and (not smallest[1] or height < smallest[1]):
                smallest = width, height
            requests.append(
                TileRequest(
                    self.tile_id(i),
                    source,
                    width if visible else 0,
                    height if visible else 0,
                    visible,
                    i == self._selected,
                    i == self._view.spot,
                )
            )
            if visible and i in self._replays:
                self._engine.resize_replay(self.tile_id(i), width, height)
        for n, camera in enumerate(self._ahead):
            source = self._sources(camera)
            if source is not None and seen:
                name = f"{self._owner}ahead-{n}"
                requests.append(
                    TileRequest(name, source, *(smallest if smallest[1] else (320, 180)))
                )
        self._engine.show_all(requests, self._owner)

    # -- new pictures

    def _tick(self, changes: Changes) -> None:
        for camera in changes.pictures:
            for index in self._tiles_of.get(camera, ()):
                if index in self._replays:
                    continue
                if self.status_of(camera).state in TROUBLE:
                    self.update(self._rectangles[index])
                else:
                    self.update(self._dirty(index, camera))
        for tile_id in changes.replays:
            if tile_id.startswith(self._owner):
                index = int(tile_id.removeprefix(self._owner))
                if index in self._replays:
                    self.update(self.tile_rectangle(index))
                    self.replay_changed.emit(index)
        mine = [c for c in changes.statuses if c in self._tiles_of]
        if mine:
            for camera in mine:
                self._statuses[camera] = self._engine.status(camera)
                for index in self._tiles_of[camera]:
                    self.update(self._rectangles[index])
            if self.camera_at(self._selected) in mine:
                self._describe()
            self.statuses_changed.emit(mine)

    def _dirty(self, index: int, camera: str) -> QRect:
        """What a new picture changes: itself, or the whole tile when it has another shape."""
        tile, covered = self._rectangles[index], self._covered.get(index)
        picture = self._engine.picture(camera)
        if covered is None or picture is None:
            return tile
        target, _ = picture_target(
            picture_box(tile), picture, self.devicePixelRatioF(), self.zoom_of(index), self._aspect
        )
        return covered if target == covered else tile

    def _age(self) -> None:
        """Once a second: ages on tiles that are not live go on counting."""
        for camera, indexes in self._tiles_of.items():
            status = self._engine.status(camera)
            self._statuses[camera] = status
            if status.state not in (StreamState.LIVE, StreamState.DEGRADED):
                for index in indexes:
                    self.update(self._rectangles[index])

    # -- painting

    def _row(self, index: int) -> CameraRow | None:
        camera = self.camera_at(index)
        return self._rows(camera) if camera is not None else None

    def _look(self, index: int, camera: str) -> TileLook:
        row = self._rows(camera)
        ptz = ""
        if row is not None and row.has_ptz:
            ptz = "on" if self._ptz_mode else "can"
        status = self.status_of(camera)
        language = self._language()
        title = row.title(language) if row else "…"
        number = row.call_number if row else None
        marks = []
        zoom = self.zoom_of(index)
        if zoom.on:
            marks.append(f"{zoom.factor:.1f}×")
        if index == self._view.spot:
            marks.append(self.tr("spot"))
        sound = ""
        if camera == self._sound.camera_id:
            sound = "silent" if self._sound.muted or self._sound.code else "heard"
        return TileLook(
            title, number, status, index == self._selected, ptz, language, tuple(marks), sound,
            self.badge(camera),
        )  # fmt: skip

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        region = event.region()
        outside = region
        for index, tile in enumerate(self._rectangles):
            part = region.intersected(tile)
            if not part.isEmpty():
                self._paint_tile(painter, index, tile, ratio, part.boundingRect())
                outside = outside.subtracted(QRegion(tile))
        if not outside.isEmpty():
            painter.setClipRegion(outside)
            painter.fillRect(outside.boundingRect(), theme.BACKGROUND)

    def _paint_tile(
        self, painter: QPainter, index: int, tile: QRect, ratio: float, part: QRect
    ) -> None:
        camera = self.camera_at(index)
        box = picture_box(tile)
        covered = self._covered.get(index)
        whole = covered is None or not covered.contains(part)
        if whole:
            frame = tile.adjusted(1, 1, -1, -1)
            selected = index == self._selected and len(self._view.cameras) > 1
            colour = theme.ACCENT if selected or index == self._drop else QColor("#050607")
            painter.setPen(QPen(colour, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(frame)
        if camera is None:
            self._covered.pop(index, None)
            strip = QRect(box.x(), box.y() - 20, box.width(), 20)
            hint = self.tr("Follows the selected tile") if index == self._view.spot else ""
            self._painter.empty(painter, strip.united(box), index == self._selected, hint)
            return
        status = self.status_of(camera)
        past = index in self._replays
        picture = (
            self._engine.replay_picture(self.tile_id(index))
            if past
            else self._engine.picture(camera)
        )
        if picture is None:
            painter.fillRect(box, theme.TILE)
            self._covered.pop(index, None)
        else:
            if whole:
                painter.fillRect(box, Qt.GlobalColor.black)
            self._paint_picture(painter, index, camera, box, picture, ratio)
            if not past and self._painted_sequence.get(camera) != picture.sequence:
                self._painted_sequence[camera] = picture.sequence
                self.painted[camera] = self.painted.get(camera, 0) + 1
        troubled = not past and (
            status.state in TROUBLE or status.state is StreamState.CONNECTING or picture is None
        )
        if not (whole or troubled or past or index == self._hovered):
            return
        look = self._look(index, camera)
        if past:
            if picture is not None:
                age = time.monotonic() - picture.arrived_at
                moment = datetime.now(UTC) - timedelta(seconds=age)
                self._painter.replay(painter, box, moment, age)
        elif troubled:
            self._painter.trouble(painter, box, look, datetime.now(UTC))
        elif index == self._hovered and picture is not None and self._box is None:
            self._painter.hover(painter, box, look, picture)
        if whole:
            strip_look = replace(look, status=_for_strip(status))
            pixmap = self._painter.strip(strip_look, box.width(), ratio)
            painter.drawPixmap(box.x(), box.y() - 20, pixmap)
            if look.sound and box.width() >= METER_FROM:
                draw_meter(painter, meter_box(self._strip(tile)), self._sound)

    def _paint_picture(
        self, painter: QPainter, index: int, camera: str, box: QRect, picture: Picture, ratio: float
    ) -> None:
        zoom = self.zoom_of(index)
        target = self._painter.picture(painter, box, picture, ratio, zoom, self._aspect)
        self._covered[index] = target
        areas = self.masks(camera)
        if areas:
            self._painter.masks(painter, box, target, picture, zoom, self._aspect, areas)
        text = self.watermark()
        if text:
            self._painter.watermark(painter, target, text, ratio)
        if self._box is not None and self._box.index == index and self._box.large:
            nearer = self._nearer(self._box)
            hint = self.tr("{factor}×  ·  Esc: cancel").format(factor=f"{nearer:.1f}")
            self._painter.rubber_band(painter, target, self._box.rectangle(), hint)
        elif self._clicked is not None and self._clicked.index == index:
            self._painter.aim_mark(painter, target, self._clicked.start)

    # -- hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        index = self.tile_at(point)
        self.touched.emit()
        if index is None:
            return
        again = index == self._selected
        self.select(index)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._drop_aim()
        self._press = (index, point)
        # The first click on a tile selects it, as everywhere; the camera stays as it is.
        self._may_click = again and self._can_aim(index)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if shift and self._can_aim(index) and self._shown(index, point):
            self._box = Aim(index, self.camera_at(index) or "", point, point)
            self._point(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._press is None:
            self._point(self.tile_at(point))
            return
        index, start = self._press
        far = (point - start).manhattanLength() >= QApplication.startDragDistance()
        row = self._row(index)
        if self._box is not None:
            self._box = replace(self._box, end=point)
            self.update(self.tile_rectangle(index))
        elif row is not None and self._turns(index):
            if far or self._ptz_dragging:
                if self._ptz_dragging is None:
                    self.setCursor(Qt.CursorShape.SizeAllCursor)
                self._ptz_dragging = row.id
                box = picture_box(self._rectangles[index])
                # A third of the tile away from where the drag began means full speed.
                pan = max(-1.0, min(1.0, (point.x() - start.x()) / (box.width() / 3)))
                tilt = max(-1.0, min(1.0, (start.y() - point.y()) / (box.height() / 3)))
                self.ptz_drag.emit(row.id, pan, tilt)
        elif self.zoom_of(index).on:
            box = picture_box(self._rectangles[index])
            moved = (point.x() - start.x()) / box.width(), (point.y() - start.y()) / box.height()
            self.set_zoom(index, self.zoom_of(index).moved(*moved))
            self._press = (index, point)
        elif far and row is not None and index != self._view.spot:
            self._press = None
            self._drag_tile(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        press, self._press = self._press, None
        box, self._box = self._box, None
        clicks = self._may_click and self._ptz_dragging is None
        self._end_ptz_drag()
        if press is None or event.button() != Qt.MouseButton.LeftButton:
            return
        index, start = press
        if box is not None and box.large:
            self.update(self.tile_rectangle(index))
            self._aim(box, self._nearer(box))
        elif clicks and self._shown(index, start):
            # Only now: a double click maximises, and a camera that has turned is not turned back.
            self._clicked = Aim(index, self.camera_at(index) or "", start, start)
            self._click_timer.start(QApplication.doubleClickInterval())
            self.update(self.tile_rectangle(index))
        self._point(self._hovered)

    # -- aiming a camera that turns at what is seen

    def _turns(self, index: int) -> bool:
        """Whether hands on a tile move its camera: not while it shows the past."""
        row = self._row(index)
        return self._ptz_mode and row is not None and row.has_ptz and not self.replaying(index)

    def _can_aim(self, index: int) -> bool:
        """The same at a point of its picture: that must be what the camera sees now."""
        camera = self.camera_at(index)
        return (
            camera is not None
            and self._turns(index)
            and self._engine.picture(camera) is not None
            and self.status_of(camera).state not in TROUBLE
        )

    def _shown(self, index: int, point: QPoint) -> bool:
        """Whether there is picture at a point, not the black beside it."""
        picture = self._engine.picture(self.camera_at(index) or "")
        if picture is None:
            return False
        target, _ = self._target(index, picture, self.zoom_of(index))
        return target.contains(point)

    def _target(self, index: int, picture: Picture, zoom: Zoom) -> tuple[QRect, Box]:
        """Where a tile shows the picture, and which part of it, in the picture's pixels."""
        box = picture_box(self._rectangles[index])
        target, part = picture_target(box, picture, self.devicePixelRatioF(), zoom, self._aspect)
        whole = (0.0, 0.0, float(picture.width), float(picture.height))
        return target, part.getRect() if part is not None else whole  # type: ignore[return-value]

    def _corners(self, aim: Aim) -> tuple[Point, Point] | None:
        """Left top and right bottom of what is aimed at, in shares of the camera's picture."""
        picture = self._engine.picture(aim.camera)
        if picture is None:
            return None
        target, part = self._target(aim.index, picture, self.zoom_of(aim.index))
        place = (
            float(target.x()),
            float(target.y()),
            float(target.width()),
            float(target.height()),
        )
        size = (picture.width, picture.height)
        (x0, y0), (x1, y1) = (
            in_picture(place, part, size, p.x(), p.y()) for p in (aim.start, aim.end)
        )
        return (min(x0, x1), min(y0, y1)), (max(x0, x1), max(y0, y1))

    def _nearer(self, aim: Aim) -> float:
        """How many times nearer the camera must get for a box to fill the tile."""
        corners, picture = self._corners(aim), self._engine.picture(aim.camera)
        if corners is None or picture is None:
            return 1.0
        _, (_, _, wide, high) = self._target(aim.index, picture, Zoom())
        (x0, y0), (x1, y1) = corners
        across = wide / max(1.0, (x1 - x0) * picture.width)
        down = high / max(1.0, (y1 - y0) * picture.height)
        return max(1.0, min(across, down))

    def _aim(self, aim: Aim, nearer: float = 1.0) -> None:
        """Ask for it, unless the tile shows something else by now."""
        corners = self._corners(aim)
        if corners is None or self.camera_at(aim.index) != aim.camera:
            return
        if not self._can_aim(aim.index):
            return
        (x0, y0), (x1, y1) = corners
        if self.zoom_of(aim.index).on:
            # The point goes to the middle of the picture: that is what the tile must show.
            factor = self.zoom_of(aim.index).factor if nearer == 1 else 1.0
            self.set_zoom(aim.index, Zoom(factor))
        self.ptz_aim.emit(aim.camera, x0 + x1 - 1, 1 - y0 - y1, nearer)

    def _carry_out_click(self) -> None:
        aim = self._clicked
        self._drop_aim()
        if aim is not None:
            self._aim(aim)

    def _drop_aim(self) -> None:
        """Neither a box nor a click is waited for any more."""
        self._click_timer.stop()
        self._may_click = False
        for aim in (self._box, self._clicked):
            if aim is not None:
                self.update(self.tile_rectangle(aim.index))
        if self._box is not None:
            self._box = self._press = None
            self._point(self._hovered)
        self._clicked = None

    def _end_ptz_drag(self) -> None:
        """Whatever takes the tile, the focus or the hand away: nothing begun goes on."""
        self._drop_aim()
        if self._ptz_dragging is not None:
            self._press = None  # a button still held moves nothing until it is pressed anew
            camera, self._ptz_dragging = self._ptz_dragging, None
            self.ptz_release.emit(camera)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.tile_at(event.position().toPoint())
        self._drop_aim()
        if index is not None and event.button() == Qt.MouseButton.LeftButton:
            self.maximise(None if self._maximised is not None else index)

    def wheelEvent(self, event: QWheelEvent) -> None:
        index = self.tile_at(event.position().toPoint())
        row = self._row(index) if index is not None else None
        steps = event.angleDelta().y() / 120
        if index is not None and row is not None and self._turns(index) and steps:
            self.select(index)
            self.ptz_wheel.emit(row.id, steps)
            event.accept()
        elif index is not None and row is not None and steps:
            box = picture_box(self._rectangles[index])
            at = event.position()
            x, y = (at.x() - box.x()) / box.width(), (at.y() - box.y()) / box.height()
            near = self.zoom_of(index).at(min(1, max(0, x)), min(1, max(0, y)), steps)
            self.touched.emit()
            self.set_zoom(index, near)
            event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.tile_at(event.pos())
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self._selected
        if index is not None:
            self.select(index)
            self.context_menu_requested.emit(index, event.globalPos())

    def _point(self, index: int | None) -> None:
        """The pointer is over another tile."""
        old, self._hovered = self._hovered, index
        cross = self._box is not None or (index is not None and self._turns(index))
        self.setCursor(Qt.CursorShape.CrossCursor if cross else Qt.CursorShape.ArrowCursor)
        for i in {old, index} - {None}:
            if old != index and i is not None and i < len(self._rectangles):
                self.update(self._rectangles[i])

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def focusOutEvent(self, event: Any) -> None:
        self._end_ptz_drag()
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        key = event.key()
        if key not in (keys.Key_Shift, keys.Key_Control, keys.Key_Alt, keys.Key_Meta):
            self.touched.emit()  # the first half of Ctrl+Right is no touch
        steps = {keys.Key_Left: (0, -1), keys.Key_Right: (0, 1), keys.Key_Up: (-1, 0),
                 keys.Key_Down: (1, 0)}  # fmt: skip
        if key in steps:
            swap = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._step(*steps[keys(key)], swap=swap)
        elif key == keys.Key_Escape and (self._box is not None or self._clicked is not None):
            self._drop_aim()
        elif key in (keys.Key_Return, keys.Key_Enter):
            self.maximise(None if self._maximised is not None else self._selected)
        elif key == keys.Key_Escape and self.zoom_of(self._selected).on:
            self.set_zoom(self._selected, Zoom())
        elif key == keys.Key_Escape and self._maximised is not None:
            self.maximise(None)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next_: bool) -> bool:
        """Tab walks through the tiles; from the last one it leaves the wall."""
        count = len(self._view.cameras)
        index = self._selected + (1 if next_ else -1)
        if self.window().focusWidget() is self and 0 <= index < count and self._maximised is None:
            self.select(index)
            return True
        return super().focusNextPrevChild(next_)

    def _step(self, down: int, right: int, *, swap: bool) -> None:
        """Select the neighbour in a direction, or change places with it."""
        if self._maximised is not None:
            return
        here = self._rectangles[self._selected]
        x = here.center().x() if not right else (here.right() + 4 if right > 0 else here.left() - 4)
        y = here.center().y() if not down else (here.bottom() + 4 if down > 0 else here.top() - 4)
        index = self.tile_at(QPoint(x, y))
        if index is None:
            return
        if swap:
            self.set_view(self._view.swap(self._selected, index))
        self.select(index)

    # -- drag and drop

    def _drag_tile(self, index: int) -> None:
        mime = QMimeData()
        mime.setData(TILE_MIME, QByteArray(str(index).encode()))
        drag = QDrag(self)
        drag.setMimeData(mime)
        row = self._row(index)
        if row is not None:
            box = picture_box(self._rectangles[index])
            shot = self.grab(box)
            drag.setPixmap(shot.scaledToWidth(min(200, box.width())))
        drag.exec(Qt.DropAction.MoveAction | Qt.DropAction.CopyAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        if mime.hasFormat(CAMERA_MIME) or (mime.hasFormat(TILE_MIME) and event.source() is self):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._mark_drop(self.tile_at(event.position().toPoint()))
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark_drop(None)

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark_drop(None)
        index = self.tile_at(event.position().toPoint())
        if index is None:
            return
        mime = event.mimeData()
        try:
            if mime.hasFormat(CAMERA_MIME):
                cameras = json.loads(bytes(mime.data(CAMERA_MIME).data()))
                if isinstance(cameras, list) and all(isinstance(c, str) for c in cameras):
                    self.cameras_dropped.emit(index, cameras[: Layout.MAX_CELLS])
            elif mime.hasFormat(TILE_MIME):
                source = int(bytes(mime.data(TILE_MIME).data()))
                if source != index and source < len(self._view.cameras):
                    self.set_view(self._view.swap(source, index))
                    self.select(index)
        except ValueError:
            return
        event.acceptProposedAction()

    def _mark_drop(self, index: int | None) -> None:
        if index != self._drop:
            for i in {self._drop, index} - {None}:
                if i is not None and i < len(self._rectangles):
                    self._covered.pop(i, None)
                    self.update(self._rectangles[i])
            self._drop = index

    # -- the window

    def resizeEvent(self, event: QResizeEvent) -> None:
        count = len(self._view.cameras)
        self._covered.clear()
        self._drop_aim()
        if self._maximised is not None:
            self._rectangles[self._maximised] = self.rect()
        else:
            self._rectangles = [self.cell_rectangle(self._view.layout, i) for i in range(count)]
        self._settle.start(SETTLE_MS)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._settle.start(0)

    def hideEvent(self, event: Any) -> None:
        super().hideEvent(event)
        self._end_ptz_drag()
        self._settle.start(0)

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowStateChange:
            self._settle.start(0)
        elif event.type() == QEvent.Type.WindowDeactivate:
            self._end_ptz_drag()
        return False

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.update()
        super().changeEvent(event)


def _cell(view: View, index: int) -> str | None:
    return view.cameras[index] if 0 <= index < len(view.cameras) else None


def _for_strip(status: StreamStatus) -> StreamStatus:
    """A status reduced to what the strip shows, so that equal strips are painted once."""
    code = status.code if status.code.startswith("load-") else ""
    return StreamStatus(status.state, _EPOCH, code=code)


_EPOCH = datetime.fromtimestamp(0, UTC)
