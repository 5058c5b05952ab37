"""Find by place: type where, see the nearest cameras with their last pictures, Enter opens one."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any, Protocol

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHideEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import Area, Credentials, StreamRole, StreamSpec
from app.domain.place import NearCamera, Place, PlaceKind, sector
from app.store.store import Store
from app.ui import i18n, theme
from app.ui.ptz_panel import in_front
from app.ui.tasks import Task, Tasks
from app.ui.thumbnails import Thumbnail, Thumbnails, covered, image_of, received_at
from app.ui.tile_painter import clock_text, draw_symbol, state_colour
from app.video.probe import ProbeError, ProbeResult, probe_stream
from app.video.types import Picture, StreamState

DEBOUNCE_MS = 120
CAMERAS = 12
AROUND = 4
"""Shift+Enter opens so many."""

PICTURE = QSize(168, 95)
ROW_HEIGHT = 109
REFRESH_MS = 100
"""One camera after the other is looked at again so often: never many at once, the wall goes on."""

STILLS_AT_ONCE = 2
STILL_AFTER_MS = 500
"""Cameras are asked for a picture when the list has rested for so long."""

STILL_FRESH_S = 60.0
STILL_TIMEOUT_S = 8.0
STILL_AGAIN_S = 60.0
"""A camera that gave no picture is not asked again sooner."""

ITEM = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
LIVE = (StreamState.LIVE, StreamState.DEGRADED)


class Fetch(Protocol):
    """Opens a stream for one picture; blocking, raises ProbeError."""

    def __call__(
        self,
        stream: StreamSpec,
        credentials: Credentials,
        transport: str,
        timeout_s: float,
        cancelled: Any,
    ) -> ProbeResult: ...


def distance_text(metres: float) -> str:
    """A distance as people say it: 40 m, 350 m, 1.2 km, 34 km."""
    if metres < 100:
        return f"{metres:.0f} m"
    if metres < 995:
        return f"{round(metres, -1):.0f} m"
    if metres < 9_950:
        return f"{metres / 1000:.1f} km"
    return f"{metres / 1000:.0f} km"


def direction_text(bearing: float) -> str:
    """The way something lies: one of eight."""
    translate = QCoreApplication.translate
    return (
        translate("Place", "N"), translate("Place", "NE"), translate("Place", "E"),
        translate("Place", "SE"), translate("Place", "S"), translate("Place", "SW"),
        translate("Place", "W"), translate("Place", "NW"),
    )[sector(bearing)]  # fmt: skip


def kind_text(kind: PlaceKind) -> str:
    """A kind of place in a word."""
    translate = QCoreApplication.translate
    return {
        PlaceKind.STREET: translate("Place", "street"),
        PlaceKind.LANDMARK: translate("Place", "landmark"),
        PlaceKind.JUNCTION: translate("Place", "junction"),
        PlaceKind.COLUMN: translate("Place", "column"),
        PlaceKind.OTHER: translate("Place", "place"),
        PlaceKind.SITE: translate("Place", "site"),
        PlaceKind.POSITION: translate("Place", "pole"),
        PlaceKind.ORGANISATION: translate("Place", "organisation"),
        PlaceKind.CAMERA: translate("Place", "camera"),
    }[kind]


def ago_text(seconds: float) -> str:
    """How old a picture is: a word is enough."""
    translate = QCoreApplication.translate
    if seconds < 60:
        return translate("Place", "{n} s ago").format(n=max(0, int(seconds)))
    if seconds < 3600:
        return translate("Place", "{n} min ago").format(n=int(seconds / 60))
    if seconds < 48 * 3600:
        return translate("Place", "{n} h ago").format(n=int(seconds / 3600))
    return translate("Place", "{n} days ago").format(n=int(seconds / 86400))


class PlaceModel(QAbstractListModel):
    """The places that were found."""

    def __init__(self, language: Callable[[], str]) -> None:
        super().__init__()
        self._language = language
        self.rows: list[Place] = []

    def show(self, rows: list[Place]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        place = self.rows[index.row()]
        if role == ITEM:
            return place
        if role == Qt.ItemDataRole.DisplayRole:
            return place.title(self._language())
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{place.title(self._language())}, {_about(place)}"
        return None


def _about(place: Place) -> str:
    """Kind and detail: what tells a place from its namesakes."""
    return "  ·  ".join(p for p in (kind_text(place.kind), place.detail) if p)


@dataclass(frozen=True, slots=True)
class Nearby:
    """The cameras of a place, and their private areas by id."""

    cameras: list[NearCamera]
    masks: dict[str, tuple[Area, ...]]


NOBODY = Nearby([], {})


@dataclass(slots=True)
class Look:
    """What there is to show of a camera."""

    image: QImage | None = None
    taken_at: datetime | None = None
    live: bool = False
    asking: bool = False
    failure: str = ""  # a code of `i18n.failure_text`


class CameraModel(QAbstractListModel):
    """Cameras near a place, with what is known of their pictures."""

    def __init__(self, language: Callable[[], str]) -> None:
        super().__init__()
        self.language = language
        self.rows: list[NearCamera] = []
        self.looks: dict[str, Look] = {}
        self.state_of: Callable[[str], StreamState] = lambda _: StreamState.IDLE

    def show(self, rows: list[NearCamera]) -> None:
        """Show these instead; pictures of cameras that stay are kept."""
        self.beginResetModel()
        self.rows = rows
        self.looks = {r.row.id: self.looks.get(r.row.id) or Look() for r in rows}
        self.endResetModel()

    def renewed(self, camera_id: str) -> None:
        """A camera's picture or state changed."""
        for i, near in enumerate(self.rows):
            if near.row.id == camera_id:
                self.dataChanged.emit(self.index(i), self.index(i))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        near = self.rows[index.row()]
        if role == ITEM:
            return near
        if role == Qt.ItemDataRole.DisplayRole:
            return near.row.title(self.language())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = [near.row.title(self.language()), i18n.state_text(self.state_of(near.row.id))]
            if near.distance_m is not None and near.bearing_deg is not None:
                parts += [distance_text(near.distance_m), direction_text(near.bearing_deg)]
            return ", ".join(parts)
        return None


class _Delegate(QStyledItemDelegate):
    """Background and selection by the style, the rest by hand."""

    def __init__(self, height: int, parent: QObject) -> None:
        super().__init__(parent)
        self._height = height

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, self._height)

    def _background(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        blank = QStyleOptionViewItem(option)
        self.initStyleOption(blank, index)
        blank.text = ""
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, blank, painter, widget)


def _font(base: QFont, pixels: int, *, bold: bool = False) -> QFont:
    font = QFont(base)
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font


def _line(painter: QPainter, font: QFont, colour: QColor, box: QRect, text: str) -> None:
    """One line of text, cut at the end with dots."""
    painter.setFont(font)
    painter.setPen(colour)
    cut = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, cut)


class PlaceDelegate(_Delegate):
    """A place's name, and below it what it is."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        place = index.data(ITEM)
        self._background(painter, option, index)
        box = option.rect.adjusted(10, 5, -8, -5)
        half = box.height() // 2
        painter.save()
        _line(painter, _font(option.font, 14), QColor("white"), QRect(box.topLeft(), QSize(
            box.width(), half)), str(index.data()))  # fmt: skip
        _line(painter, _font(option.font, 12), theme.DIM_TEXT, QRect(
            box.x(), box.y() + half, box.width(), half), _about(place))  # fmt: skip
        painter.restore()


class NearDelegate(_Delegate):
    """The last picture, then name, number, organisation, state, and how far and which way."""

    def __init__(self, model: CameraModel, parent: QObject) -> None:
        super().__init__(ROW_HEIGHT, parent)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        near = index.data(ITEM)
        self._background(painter, option, index)
        painter.save()
        box = option.rect
        frame = QRect(QPoint(box.x() + 8, box.y() + 7), PICTURE)
        self._picture(painter, option.font, frame, self._model.looks.get(near.row.id) or Look())
        text = QRect(frame.right() + 15, frame.y() + 2, box.width() - frame.width() - 130, 22)
        _line(painter, _font(option.font, 15, bold=True), QColor("white"), text, str(index.data()))
        number = "" if near.row.call_number is None else str(near.row.call_number)
        owner = near.organisation
        chinese = self._model.language().startswith("zh")
        owner_name = owner.name if chinese else owner.name_en or owner.name
        parts = [number, owner_name, "PTZ" if near.row.has_ptz else ""]
        small = _font(option.font, 13)
        _line(painter, small, theme.TEXT, text.translated(0, 27),
              "  ·  ".join(p for p in parts if p))  # fmt: skip
        state = self._model.state_of(near.row.id)
        line = text.translated(0, 52)
        draw_symbol(painter, state, QRectF(line.x(), line.y() + 4, 14, 14))
        words = [i18n.state_text(state)]
        colour = theme.DIM_TEXT if state in (*LIVE, StreamState.IDLE) else state_colour(state)
        if near.faces:
            words.append(QCoreApplication.translate("Place", "looks this way"))
        _line(painter, small, colour, line.adjusted(21, 0, 0, 0), "  ·  ".join(words))
        if near.distance_m is not None and near.bearing_deg is not None:
            self._where(painter, option.font, box, near.distance_m, near.bearing_deg)
        painter.restore()

    def _where(
        self, painter: QPainter, font: QFont, box: QRect, distance: float, bearing: float
    ) -> None:
        """How far, and an arrow as on a map with north up."""
        right = QRect(box.right() - 104, box.y() + 9, 92, 24)
        painter.setFont(_font(font, 17, bold=True))
        painter.setPen(QColor("white"))
        end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(right, end, distance_text(distance))
        painter.setFont(_font(font, 13))
        painter.setPen(theme.TEXT)
        painter.drawText(right.translated(-26, 28), end, direction_text(bearing))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.translate(right.right() - 9, right.center().y() + 29)
        painter.rotate(bearing)
        painter.setPen(QPen(theme.BLUE, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(0, 8), QPointF(0, -4))
        painter.setBrush(theme.BLUE)
        painter.drawPolygon(QPolygonF([QPointF(0, -9), QPointF(4.5, -2), QPointF(-4.5, -2)]))
        painter.restore()

    def _picture(self, painter: QPainter, font: QFont, frame: QRect, look: Look) -> None:
        painter.fillRect(frame, theme.TILE)
        if look.image is not None:
            size = look.image.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(QPoint(0, 0), size)
            target.moveCenter(frame.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, look.image)
        middle = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        translate = QCoreApplication.translate
        text = ""
        if look.image is None:
            if look.asking:
                text = translate("Place", "asking the camera…")
            elif look.failure:
                text = i18n.failure_text(look.failure, translate("Place", "no picture"))
            else:
                text = translate("Place", "no picture yet")
            painter.setFont(_font(font, 12))
            painter.setPen(theme.GREY)
            painter.drawText(frame.adjusted(6, 4, -6, -4), middle, text)
        elif not look.live and look.taken_at is not None:
            # An old picture must never pass for a live one.
            painter.fillRect(frame, QColor(8, 10, 13, 130))
            bar = QRect(frame.x(), frame.bottom() - 19, frame.width(), 20)
            painter.fillRect(bar, QColor(8, 10, 13, 205))
            age = (datetime.now(UTC) - look.taken_at).total_seconds()
            when = clock_text(look.taken_at) if age < 24 * 3600 else _day(look.taken_at)
            _line(painter, _font(font, 12), QColor("#f0d9a8"), bar.adjusted(6, 0, -4, 0),
                  f"{ago_text(age)}  ·  {when}")  # fmt: skip


def _day(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d")


class Stills(QObject):
    """Asks cameras that are on no tile for one picture each, a few at a time."""

    began = Signal(str)
    came = Signal(str, object)  # camera id, Thumbnail
    failed = Signal(str, str)  # camera id, code

    def __init__(self, store: Store, tasks: Tasks, fetch: Fetch, parent: QObject) -> None:
        super().__init__(parent)
        self._store, self._tasks, self._fetch = store, tasks, fetch
        self._waiting: deque[str] = deque()
        self._running: dict[str, Task] = {}
        self._not_before: dict[str, float] = {}

    def ask(self, cameras: list[str]) -> None:
        """Ask these, in this order; who waited before and is not among them is dropped."""
        for camera in set(self._running) - set(cameras):
            self._running.pop(camera).cancel()
        now = time.monotonic()
        self._waiting = deque(
            c for c in cameras
            if c not in self._running and now >= self._not_before.get(c, 0.0)
        )  # fmt: skip
        self._next()

    def stop(self) -> None:
        """Ask nobody any more, and hang up."""
        self.ask([])

    def _next(self) -> None:
        while self._waiting and len(self._running) < STILLS_AT_ONCE:
            self._begin(self._waiting.popleft())

    def _begin(self, camera: str) -> None:
        def work(task: Task) -> Thumbnail:
            source = self._store.source(camera)
            if source is None or not source.streams:
                raise ProbeError("not-found")
            stream = source.stream(StreamRole.SUB) or source.streams[0]
            try:
                result = self._fetch(
                    stream, source.credentials, source.transport, STILL_TIMEOUT_S, task.cancelled
                )
            except ProbeError as error:
                if error.code == "unauthorized":
                    # A wrong password tried over and over would lock the account: here, so that it
                    # also counts where nobody waits for the answer any more.
                    self._not_before[camera] = math.inf
                raise
            image = QImage(
                result.picture, result.picture_width, result.picture_height, result.stride,
                QImage.Format.Format_RGB32,
            )  # fmt: skip
            return Thumbnail(image.copy(), datetime.now(UTC))

        def came(thumbnail: Thumbnail) -> None:
            self._running.pop(camera, None)
            self.came.emit(camera, thumbnail)
            self._next()

        def failed(error: Exception) -> None:
            self._running.pop(camera, None)
            code = error.code if isinstance(error, ProbeError) else "timeout"
            if code != "unauthorized":
                self._not_before[camera] = time.monotonic() + STILL_AGAIN_S
            self.failed.emit(camera, code)
            self._next()

        self.began.emit(camera)
        self._running[camera] = self._tasks.run(self, work, came, failed)


class FindPlace(QDialog):
    """The search. Stays over the window until Esc or until something was opened."""

    open_requested = Signal(list)  # camera ids

    def __init__(
        self,
        store: Store,
        tasks: Tasks,
        thumbnails: Thumbnails,
        picture: Callable[[str], Picture | None],
        state_of: Callable[[str], StreamState],
        language: Callable[[], str],
        parent: QWidget | None = None,
        *,
        fetch: Fetch = probe_stream,
    ) -> None:
        """`picture` and `state_of`: what the engine and the wall know of a camera."""
        super().__init__(parent)
        self._store, self._tasks, self._thumbnails = store, tasks, thumbnails
        self._picture, self._state_of = picture, state_of
        self._places, self._cameras = PlaceModel(language), CameraModel(language)
        self._cameras.state_of = state_of
        self._language = language
        self._finding: Task | None = None
        self._nearing: Task | None = None
        self._loading: Task | None = None
        self._enter_waits = 0
        """How many cameras Enter will open when the answer is there: it may be typed sooner."""
        self._searched = ""
        self._turn = 0
        self._of: Place | None = None
        self._masks: dict[str, tuple[Area, ...]] = {}
        self._stills = Stills(store, tasks, fetch, self)
        self._stills.began.connect(lambda c: self._still(c, Look(asking=True)))
        self._stills.came.connect(self._still_came)
        self._stills.failed.connect(lambda c, code: self._still(c, Look(failure=code)))
        self._build()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(DEBOUNCE_MS)
        self._soon.timeout.connect(self._find)
        self._ask_soon = QTimer(self)
        self._ask_soon.setSingleShot(True)
        self._ask_soon.setInterval(STILL_AFTER_MS)
        self._ask_soon.timeout.connect(self._ask_for_stills)
        self._refresh = QTimer(self)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self._renew_next)
        self._retranslate()
        self._say_what_to_do()

    def _build(self) -> None:
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setMaxLength(100)
        self.search.textChanged.connect(self._typed)
        self.places, self.cameras = QListView(), QListView()
        self.places.setModel(self._places)
        self.places.setItemDelegate(PlaceDelegate(48, self))
        self.cameras.setModel(self._cameras)
        self.cameras.setItemDelegate(NearDelegate(self._cameras, self))
        for view in (self.places, self.cameras):
            view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
            view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            view.setUniformItemSizes(True)
            view.setTabKeyNavigation(False)
            view.installEventFilter(self)
        self.search.installEventFilter(self)
        self.places.setFixedWidth(290)
        self.places.selectionModel().currentChanged.connect(lambda *_: self._place_chosen())
        self.cameras.doubleClicked.connect(lambda _: self._open(1))
        self._heading = QLabel()
        self._heading.setObjectName("heading")
        self._heading.setTextFormat(Qt.TextFormat.PlainText)
        self._note = QLabel()
        self._note.setObjectName("warning")
        self._note.setWordWrap(True)
        right = QVBoxLayout()
        right.setSpacing(6)
        right.addWidget(self._heading)
        right.addWidget(self._note)
        right.addWidget(self.cameras, 1)
        both = QHBoxLayout()
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(12)
        both.addWidget(self.places)
        both.addLayout(right, 1)
        results = QWidget()
        results.setLayout(both)
        self._words = QLabel()
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.RichText)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._words)
        self._pages.addWidget(results)
        self._keys = QLabel()
        self._keys.setObjectName("hint")
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(self.search)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._keys)
        theme.fit(self, 980, 740)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Find by place"))
        self.search.setPlaceholderText(
            self.tr("Street, landmark, pole number, organisation or camera")
        )
        self.search.setAccessibleName(self.tr("Place"))
        self.places.setAccessibleName(self.tr("Places found"))
        self.cameras.setAccessibleName(self.tr("Nearest cameras"))
        self._keys.setText(
            self.tr("↑ ↓ camera   ·   PgUp PgDn place   ·   Enter opens   ·   "
                    "Shift+Enter opens the first {count}   ·   Esc closes").format(count=AROUND)
        )  # fmt: skip

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_keys"):
            self._retranslate()
            self._head()
            if self._pages.currentIndex() == 0:
                self._say_what_to_do()
            self.places.viewport().update()
            self.cameras.viewport().update()

    # -- showing and hiding

    def start(self) -> None:
        """Show it, with the last search selected so that typing begins a new one."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.search.setFocus()
        self.search.selectAll()
        self._refresh.start()
        if self.search.text().strip():
            self._find()  # cameras, pictures and states may have changed since

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: hang up on the cameras that are being asked."""
        for timer in (self._soon, self._ask_soon, self._refresh):
            timer.stop()
        self._drop()
        if self._loading is not None:
            self._loading.cancel()
        self._enter_waits = 0
        self._stills.stop()
        parent = self.parentWidget()
        if parent is not None and not event.spontaneous() and in_front():
            parent.activateWindow()  # the next key is meant for the wall
        super().hideEvent(event)

    def _drop(self) -> None:
        """What is being looked up is no longer wanted."""
        for task in (self._finding, self._nearing):
            if task is not None:
                task.cancel()
        self._finding = self._nearing = None

    # -- finding

    def _typed(self) -> None:
        self._enter_waits = 0
        if self.search.text().strip():
            self._soon.start()
        else:
            self._soon.stop()
            self._drop()
            self._stills.stop()
            self._searched = ""
            self._places.show([])
            self._show_cameras(None, NOBODY)
            self._say_what_to_do()

    def _find(self) -> None:
        self._soon.stop()
        self._drop()
        text = self.search.text().strip()

        def read(task: Task) -> tuple[list[Place], Nearby]:
            places = [] if task.cancelled.is_set() else self._store.find_places(text)
            if not places or task.cancelled.is_set():
                return places, NOBODY
            return places, self._nearby(places[0])

        def show(answer: tuple[list[Place], Nearby]) -> None:
            places, nearby = answer
            self._searched = text
            chosen = self.places.selectionModel()
            chosen.blockSignals(True)  # the first place's cameras are here already
            self._places.show(places)
            if places:
                self.places.setCurrentIndex(self._places.index(0))
            chosen.blockSignals(False)
            self.places.viewport().update()
            self._show_cameras(places[0] if places else None, nearby)
            if places:
                self._pages.setCurrentIndex(1)
            else:
                self._say_what_to_do()

        self._finding = self._tasks.run(self, read, show, self._failed)

    def _nearby(self, place: Place) -> Nearby:
        """Blocking: the nearest, or, of a place nobody knows the coordinates of, its own."""
        if place.point is not None:
            cameras = self._store.cameras_near(place.point, CAMERAS)
        else:
            cameras = self._store.cameras_of_place(place, CAMERAS)
        return Nearby(cameras, self._store.masks([near.row.id for near in cameras]))

    def _place_chosen(self) -> None:
        index = self.places.currentIndex()
        if not index.isValid():
            return
        place: Place = index.data(ITEM)
        self._enter_waits = 0
        self._drop()
        self._nearing = self._tasks.run(
            self,
            lambda _: self._nearby(place),
            lambda nearby: self._show_cameras(place, nearby),
            self._failed,
        )

    def _failed(self, error: Exception) -> None:
        self._enter_waits = 0
        self._words.setText(i18n.error_text(error))
        self._pages.setCurrentIndex(0)

    def _say_what_to_do(self) -> None:
        self._pages.setCurrentIndex(0)
        if self._searched:
            text = self.tr(
                "<h3>Nothing is called “{text}”</h3>"
                "<p>Try fewer letters, the initials (zsj for 中山街), or the street next to it.<br>"
                "Streets and landmarks come from “watchroom import-landmarks”.</p>"
            ).format(text=escape(self._searched))
        else:
            text = self.tr(
                "<h3>Where is it?</h3>"
                "<p>Type a street, a junction, a landmark, a pole number, an organisation<br>"
                "or a camera: its name, initials, pinyin or English name.</p>"
                "<p>The nearest cameras appear with their last picture.</p>"
            )
        self._words.setText(text)

    def _head(self) -> None:
        place = self._of
        if place is None:
            return
        name = place.title(self._language())
        if place.point is not None:
            self._heading.setText(self.tr("Nearest to {name}").format(name=name))
            self._note.setText("" if self._cameras.rows else self.tr(
                "No camera's coordinates are known. Edit the cameras or their sites."
            ))  # fmt: skip
        else:
            self._heading.setText(self.tr("Cameras of {name}").format(name=name))
            if not self._cameras.rows:
                text = self.tr("Its coordinates are not known, and it has no cameras.")
            elif place.kind is PlaceKind.ORGANISATION:
                text = self.tr("An organisation is at no one place: its own cameras, by name.")
            else:
                text = self.tr("Its coordinates are not known: its own cameras, by name.")
            self._note.setText(text)
        self._note.setVisible(bool(self._note.text()))

    def _show_cameras(self, place: Place | None, nearby: Nearby) -> None:
        self._of, self._masks, cameras = place, nearby.masks, nearby.cameras
        self._cameras.show(cameras)
        for camera, areas in self._masks.items():
            look = self._cameras.looks[camera]
            if look.image is not None:
                look.image = covered(look.image, areas)  # drawn since it was last listed
        self._head()
        if cameras:
            self.cameras.setCurrentIndex(self._cameras.index(0))
            self.cameras.scrollToTop()
        self._renew_all()
        if self._loading is not None:
            self._loading.cancel()
        ids = [near.row.id for near in cameras]
        if ids:
            self._loading = self._thumbnails.load(ids, self, self._loaded)
        self._ask_soon.start()
        wanted, self._enter_waits = self._enter_waits, 0
        if wanted:
            self._open(wanted)

    # -- pictures

    def _renew_all(self) -> None:
        for camera in self._cameras.looks:
            self._renew(camera)

    def _renew_next(self) -> None:
        cameras = list(self._cameras.looks)
        if cameras:
            self._turn = (self._turn + 1) % len(cameras)
            self._renew(cameras[self._turn])

    def _renew(self, camera: str) -> None:
        """Picture and state of a camera, if the engine has it open."""
        look, picture = self._cameras.looks[camera], self._picture(camera)
        if picture is not None:
            live, taken_at = self._state_of(camera) in LIVE, received_at(picture)
            if live or look.live or look.taken_at is None or look.taken_at < taken_at:
                small = image_of(picture, PICTURE * self.devicePixelRatioF())
                small = covered(small, self._masks.get(camera, ()))
                self._cameras.looks[camera] = Look(small, taken_at, live)
        else:
            look.live = False  # its tile was closed
        self._cameras.renewed(camera)

    def _loaded(self, found: dict[str, Thumbnail]) -> None:
        for camera, thumbnail in found.items():
            look = self._cameras.looks.get(camera)
            if look is None or look.live:
                continue
            if look.taken_at is None or look.taken_at < thumbnail.taken_at:
                look.image, look.taken_at = thumbnail.image, thumbnail.taken_at
                self._cameras.renewed(camera)

    def _ask_for_stills(self) -> None:
        """Of cameras that are on no tile; the engine has the others, one session each."""
        now = datetime.now(UTC)
        wanted = []
        for camera, look in self._cameras.looks.items():
            fresh = look.taken_at and (now - look.taken_at).total_seconds() < STILL_FRESH_S
            if self._state_of(camera) is StreamState.IDLE and not fresh:
                wanted.append(camera)
        self._stills.ask(wanted)

    def _still_came(self, camera: str, thumbnail: Thumbnail) -> None:
        self._thumbnails.keep({camera: thumbnail})
        self._still(camera, Look(thumbnail.image, thumbnail.taken_at))

    def _still(self, camera: str, news: Look) -> None:
        look = self._cameras.looks.get(camera)
        if look is None or look.live:
            return
        if news.image is not None:
            look.image = covered(news.image, self._masks.get(camera, ()))
            look.taken_at = news.taken_at
        look.asking, look.failure = news.asking, news.failure
        self._cameras.renewed(camera)

    # -- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(watched, event)
        return False

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._enter(AROUND if shift else 1)
            return True
        if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._step(self.places, 1 if key == Qt.Key.Key_PageDown else -1)
            return True
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and watched is not self.places:
            self._step(self.cameras, 1 if key == Qt.Key.Key_Down else -1)
            return True
        return False

    def _step(self, view: QListView, step: int) -> None:
        count = view.model().rowCount()
        row = min(max(view.currentIndex().row() + step, 0), count - 1)
        if count:
            view.setCurrentIndex(view.model().index(row, 0))

    def _enter(self, count: int) -> None:
        text = self.search.text().strip()
        finding = self._finding is not None and not self._finding.done
        nearing = self._nearing is not None and not self._nearing.done
        if text and (text != self._searched or finding or nearing):
            if self._soon.isActive():
                self._find()
            self._enter_waits = count  # faster than the database
        else:
            self._open(count)

    def _open(self, count: int) -> None:
        """Open the chosen camera, or the first ones of the list."""
        if count == 1:
            index = self.cameras.currentIndex()
            ids = [index.data(ITEM).row.id] if index.isValid() else []
        else:
            ids = [near.row.id for near in self._cameras.rows[:count]]
        if ids:
            self.hide()
            self.open_requested.emit(ids)
