"""The PTZ panel: pad, zoom, presets; keys and gestures end up here, and every way to let go."""

from __future__ import annotations

import functools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QObject,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.devices.errors import DeviceError, ErrorCode
from app.devices.ptz import ROUGH_ZOOM, VERIFY_S, Phase, Preset, PtzController, PtzState
from app.domain.camera import CameraRow
from app.store.errors import StoreError
from app.store.presets import KeptPreset, keep, kept
from app.store.store import Store
from app.sync.control import NOT_PERMITTED, Controls, Standing
from app.ui import theme
from app.ui.control import ControlBox, unchanged_text, yielded_text
from app.ui.tasks import Task, Tasks, emit
from app.ui.way_back import Return, WayBack
from app.video.types import Picture

if TYPE_CHECKING:
    from app.devices.onvif import PtzDevice
    from app.video.motion import Grid

log = logging.getLogger(__name__)

REFRESH_MS = 200
"""How often a hold is repeated: well within the controller's HOLD_S."""

CONTROL_S = 15.0
"""So long after the last movement a camera still counts as under control (vms reference, 1)."""

WHEEL_MS = 350
"""A wheel step zooms for so long; the next step prolongs it."""

STICK_MS = 700
"""A joystick that is not heard of for so long has let go; it repeats itself every 200 ms."""

PAD: dict[tuple[int, int], tuple[str, int, int]] = {
    (0, 0): ("↖", -1, 1),
    (0, 1): ("↑", 0, 1),
    (0, 2): ("↗", 1, 1),
    (1, 0): ("←", -1, 0),
    (1, 2): ("→", 1, 0),
    (2, 0): ("↙", -1, -1),
    (2, 1): ("↓", 0, -1),
    (2, 2): ("↘", 1, -1),
}
MOVE_KEYS: dict[int, tuple[int, int, int]] = {
    Qt.Key.Key_Left: (-1, 0, 0),
    Qt.Key.Key_Right: (1, 0, 0),
    Qt.Key.Key_Up: (0, 1, 0),
    Qt.Key.Key_Down: (0, -1, 0),
    Qt.Key.Key_Plus: (0, 0, 1),
    Qt.Key.Key_Equal: (0, 0, 1),
    Qt.Key.Key_Minus: (0, 0, -1),
}

PROBE_MS, PROBE_S = 150, 0.4
"""While a stop is verified the picture is looked at so often; pictures so far apart are compared."""


class HeldError(DeviceError):
    """Presets were not changed: somebody else steers (`message` is who), or it is not permitted."""

    def __init__(self, to: str, standing: Standing) -> None:
        super().__init__(ErrorCode.HELD, to)
        self.standing = standing


class Connect(Protocol):
    """Camera id to its head; blocking, raises DeviceError.

    `steering` gives a connection of its own, so that a slow question never holds up a stop.
    """

    def __call__(self, camera_id: str, *, steering: bool = False) -> PtzDevice: ...


class PictureMotion(QObject):
    """Whether the picture of a camera moves, while somebody wants to know."""

    def __init__(self, picture: Callable[[str], Picture | None], parent: QObject) -> None:
        super().__init__(parent)
        self._picture = picture
        self._seen: dict[str, deque[tuple[float, int, Grid]]] = {}
        self._verdicts: dict[str, bool | None] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(PROBE_MS)
        self._timer.timeout.connect(self._look)

    def watch(self, camera_id: str, on: bool) -> None:
        """Begin or end looking at a camera."""
        if not on:
            self._seen.pop(camera_id, None)
            self._verdicts.pop(camera_id, None)
        elif camera_id not in self._seen:
            self._seen[camera_id] = deque(maxlen=8)
        if self._seen:
            self._timer.start()
        else:
            self._timer.stop()

    def verdict(self, camera_id: str) -> bool | None:
        """The last finding; may be called from any thread."""
        return self._verdicts.get(camera_id)

    def _look(self) -> None:
        from app.video.motion import grid, view_moved  # loaded by now: see `_head`

        now = time.monotonic()
        for camera_id, seen in self._seen.items():
            picture = self._picture(camera_id)
            if picture is None or (seen and seen[-1][1] == picture.sequence):
                continue
            newest = grid(picture)
            then = [g for at, _, g in seen if now - at >= PROBE_S]
            if then:
                self._verdicts[camera_id] = view_moved(then[-1], newest)
            seen.append((now, picture.sequence, newest))


class PtzPanel(QWidget):
    """Steers the selected camera. One camera moves at a time; selecting another stops it."""

    alarm = Signal(str, str)  # camera id, text; "" when it is over
    told = Signal(str, str)  # camera id, what it cannot do; once for each
    turned = Signal(str, bool)  # camera id, whether it was sent home
    control_told = Signal(str, str, object)  # camera id, text, (button, action) or None
    _aimed = Signal(str, bool)
    _state_came = Signal(str, object)
    _order_done = Signal(str, object)

    def __init__(
        self,
        connect: Connect,
        tasks: Tasks,
        picture: Callable[[str], Picture | None] = lambda _: None,
        parent: QWidget | None = None,
        store: Store | None = None,
    ) -> None:
        """`store` keeps what presets a camera has told."""
        super().__init__(parent)
        self._connect, self._tasks, self._store = connect, tasks, store
        self._motion = PictureMotion(picture, self)
        self._camera: CameraRow | None = None
        self._title = ""
        self._controllers: dict[str, PtzController] = {}
        self._vector: tuple[float, float, float] = (0.0, 0.0, 0.0)
        self._moving: str | None = None
        self._moved_at: dict[str, float] = {}
        self._keys: dict[int, tuple[int, int, int]] = {}
        self._loading: Task | None = None
        self._stick_moves = False
        self._stick_spent = False
        """Whether the stick must be centred before it moves a camera again."""
        self._stick_silent = QTimer(self)
        self._stick_silent.setSingleShot(True)
        self._stick_silent.setInterval(STICK_MS)
        self._stick_silent.timeout.connect(self.stop_all)
        self._refresh = QTimer(self)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self._hold_again)
        self._wheel = QTimer(self)
        self._wheel.setSingleShot(True)
        self._wheel.timeout.connect(self.stop_all)
        self._state_came.connect(self._show_state)
        self._order_done.connect(self._failed)
        self._aimed.connect(self._was_aimed)
        self._told: set[tuple[str, str]] = set()
        self.control = ControlBox(Controls(), tasks, self._lost, self)
        self.control.told.connect(self.control_told)
        self.way_back = WayBack(
            self.control.controls, self._controller, lambda: self._moving, tasks, store, self
        )
        self.way_back.turned.connect(self.turned)
        self.way_back.failed.connect(self._failed)
        self.control.freed.connect(self.way_back.freed)
        self.control.more.aboutToShow.connect(self._fill_more)
        self._tours: list[Preset] = []
        self._build()
        self.set_camera(None, "")
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.applicationStateChanged.connect(self._application_state)
            application.focusChanged.connect(self._focus_changed)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 10)
        layout.setSpacing(8)
        self._name = QLabel()
        self._name.setObjectName("heading")
        self._name.setWordWrap(True)
        self._status = QLabel()
        self._status.setObjectName("hint")
        self._status.setWordWrap(True)
        layout.addWidget(self._name)
        layout.addWidget(self._status)
        layout.addWidget(self.control)
        self._pad_box = QWidget()
        pad = QGridLayout(self._pad_box)
        pad.setContentsMargins(0, 0, 0, 0)
        pad.setSpacing(4)
        self._hold_buttons: list[tuple[QToolButton, str]] = []
        for (row, column), (sign, pan, tilt) in PAD.items():
            pad.addWidget(self._hold_button(sign, (pan, tilt, 0)), row, column)
        self._stop = QToolButton()
        self._stop.setText("■")
        self._stop.setFixedSize(QSize(46, 38))
        self._stop.clicked.connect(lambda: self.emergency_stop())
        pad.addWidget(self._stop, 1, 1)
        pad.addWidget(self._hold_button("＋", (0, 0, 1)), 0, 4)
        pad.addWidget(self._hold_button("－", (0, 0, -1)), 2, 4)
        self._zoom_label = QLabel()
        self._zoom_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._zoom_label.setObjectName("hint")
        pad.addWidget(self._zoom_label, 1, 4)
        pad.setColumnMinimumWidth(3, 14)
        pad.setColumnStretch(5, 1)
        # However little room there is: these are what stops a camera.
        policy = QSizePolicy.Policy
        self._pad_box.setSizePolicy(policy.Preferred, policy.Fixed)
        layout.addWidget(self._pad_box)
        speed = QHBoxLayout()
        self._speed_label = QLabel()
        self._speed = QSlider(Qt.Orientation.Horizontal)
        self._speed.setRange(10, 100)
        self._speed.setValue(60)
        self._speed.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        speed.addWidget(self._speed_label)
        speed.addWidget(self._speed, 1)
        layout.addLayout(speed)
        self._presets_label = QLabel()
        self._presets_label.setObjectName("hint")
        layout.addWidget(self._presets_label)
        self._presets = QListWidget()
        self._presets.itemActivated.connect(self._go)
        self._presets.itemSelectionChanged.connect(self._enable)
        self._presets.setMinimumHeight(60)
        # It takes what room there is, and asks for none: buttons below it stay in sight.
        self._presets.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._presets.setWordWrap(True)
        self._presets.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout.addWidget(self._presets, 1)
        grid = QGridLayout()
        grid.setSpacing(4)
        self._buttons: dict[str, QPushButton] = {}
        actions: list[tuple[str, Callable[[], None]]] = [
            ("go", self._go),
            ("set", self._set),
            ("rename", self._rename),
            ("delete", self._delete),
            ("home", self._go_home),
            ("set home", self._set_home),
        ]
        for i, (key, action) in enumerate(actions):
            button = QPushButton()
            button.clicked.connect(lambda _=False, act=action: act())
            self._buttons[key] = button
            grid.addWidget(button, i // 2, i % 2)
        layout.addLayout(grid)
        self._retranslate()

    def _hold_button(self, sign: str, vector: tuple[int, int, int]) -> QToolButton:
        button = QToolButton()
        button.setText(sign)
        button.setFixedSize(QSize(46, 38))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.pressed.connect(lambda: self._start(vector))
        button.released.connect(self.stop_all)
        # A press that is taken away (a grab lost, a touch cancelled) never sends `released`.
        button.installEventFilter(self)
        self._hold_buttons.append((button, sign))
        return button

    def _retranslate(self) -> None:
        self._zoom_label.setText(self.tr("Zoom"))
        self._speed_label.setText(self.tr("Speed"))
        self._presets_label.setText(self.tr("Presets"))
        self._stop.setToolTip(self.tr("Stop now, whatever the camera does"))
        self._stop.setAccessibleName(self.tr("Emergency stop"))
        names = {
            "↖": self.tr("Up left"), "↑": self.tr("Up"), "↗": self.tr("Up right"),
            "←": self.tr("Left"), "→": self.tr("Right"), "↙": self.tr("Down left"),
            "↓": self.tr("Down"), "↘": self.tr("Down right"), "＋": self.tr("Zoom in"),
            "－": self.tr("Zoom out"),
        }  # fmt: skip
        keys = {"↑": "↑", "↓": "↓", "←": "←", "→": "→", "＋": "+", "－": "-"}
        for button, sign in self._hold_buttons:
            key = f" ({keys[sign]})" if sign in keys else ""
            button.setToolTip(self.tr("{name}{key}: held, the camera moves").format(
                name=names[sign], key=key))  # fmt: skip
            button.setAccessibleName(names[sign])
        texts = {
            "go": self.tr("Go to preset"),
            "set": self.tr("New preset…"),
            "rename": self.tr("Rename…"),
            "delete": self.tr("Delete…"),
            "home": self.tr("Go home"),
            "set home": self.tr("Set home…"),
        }
        for key, text in texts.items():
            self._buttons[key].setText(text)
        self._describe()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    # -- which camera

    def set_camera(self, camera: CameraRow | None, title: str) -> None:
        """Another tile was selected: what moves stops; the new camera's presets are loaded."""
        self._title = title
        if camera is not None and self._camera is not None and camera.id == self._camera.id:
            self._camera = camera
            self._describe()
            return
        self.stop_all()
        self._camera = camera
        self.control.set_camera(camera.id if camera is not None and camera.has_ptz else "", title)
        self._presets.clear()
        if self._loading is not None:
            self._loading.cancel()
        self._describe()
        if camera is not None and camera.has_ptz:
            self._load_presets()
            self._load_tours()

    def controls(self, camera_id: str) -> bool:
        """Whether a camera is being steered, or was a moment ago."""
        moved = self._moved_at.get(camera_id)
        return camera_id == self._moving or (
            moved is not None and time.monotonic() - moved < CONTROL_S
        )

    @property
    def steers(self) -> bool:
        """Whether the selected camera turns."""
        return self._camera is not None and self._camera.has_ptz

    def _describe(self) -> None:
        if self._camera is None:
            self._name.setText(self.tr("No camera selected"))
            self._status.setText(self.tr("Select a tile with a PTZ camera."))
        else:
            self._name.setText(self._title)
            if not self._camera.has_ptz:
                self._status.setText(self.tr("This camera does not turn."))
            else:
                controller = self._controllers.get(self._camera.id)
                self._show_state(self._camera.id, controller.state if controller else None)
        self._enable()

    def _enable(self) -> None:
        on = self.steers
        self.control.setVisible(on)
        self._pad_box.setEnabled(on)
        self._speed.setEnabled(on)
        self._presets.setEnabled(on)
        chosen = on and bool(self._presets.selectedItems())
        for key, button in self._buttons.items():
            button.setEnabled(chosen if key in ("go", "rename", "delete") else on)

    # -- moving

    def _controller(self, camera_id: str) -> PtzController:
        if camera_id not in self._controllers:
            self._controllers[camera_id] = PtzController(
                lambda: self._head(camera_id),
                lambda state: self._tell(camera_id, state),
                motion_probe=lambda: self._motion.verdict(camera_id),
                gate=lambda: self.control.controls.may(camera_id),
            )
        return self._controllers[camera_id]

    def _head(self, camera_id: str) -> PtzDevice:
        """Connect for steering. Blocking: on the controller's thread."""
        # NumPy, which the start has not got the time for; here, as the UI's thread must not wait.
        import app.video.motion  # noqa: F401

        return self._connect(camera_id, steering=True)

    def _lost(self, camera_id: str, to: str) -> None:
        """Somebody else has the camera now. Called on a thread of the lock's: no Qt here."""
        controller = self._controllers.get(camera_id)
        if controller is not None:
            controller.lose(to)

    def _was_turned(self, camera_id: str, home: bool) -> None:
        self.way_back.note(camera_id)
        self.turned.emit(camera_id, home)

    # -- afterwards

    def _fill_more(self) -> None:
        """The menu beside who steers: the log, and what the camera does afterwards."""
        menu, camera = self.control.more, self._camera
        menu.clear()
        menu.addAction(self.control.actions_by_name["control_log"])
        after = menu.addMenu(self.tr("When nobody steers it any more"))
        if camera is None:
            return
        chosen = self.way_back.chosen(camera.id)
        presets = [self._presets.item(i).data(Qt.ItemDataRole.UserRole)
                   for i in range(self._presets.count())]  # fmt: skip
        offers: list[tuple[str, Return | None]] = [
            (self.tr("It stays where it is"), None), (self.tr("It goes home"), Return("home"))
        ]  # fmt: skip
        for tour in self._tours:
            text = self.tr("It makes its own patrol: {name}")
            offers.append((text.format(name=tour.name or tour.token), Return("tour", tour.token)))
        for preset in presets:
            if isinstance(preset, Preset):
                text = self.tr("It goes to “{name}”").format(name=preset.name or preset.token)
                offers.append((text, Return("preset", preset.token)))
        for text, back in offers:
            action = after.addAction(text)
            action.setCheckable(True)
            action.setChecked(back == chosen)
            action.triggered.connect(functools.partial(self._returns_by, camera.id, back))

    def _returns_by(self, camera_id: str, back: Return | None, *_: object) -> None:
        self.return_by(camera_id, back)

    def return_by(self, camera_id: str, back: Return | None) -> None:
        """What a camera does once nobody steers it any more; None: it stays. Kept on this console."""
        self.way_back.choose(camera_id, back)

    def _load_tours(self) -> None:
        self._tours = []

        def show(found: list[Preset]) -> None:
            self._tours = found

        self._in_background(lambda head: head.tours(), show, quiet=True)

    def _tell(self, camera_id: str, state: PtzState) -> None:
        emit(self._state_came, camera_id, state)

    def _start(self, vector: tuple[float, float, float], *, scaled: bool = True) -> None:
        if self._camera is None or not self._camera.has_ptz:
            return
        speed = self._speed.value() / 100 if scaled else 1.0
        pan, tilt, zoom = (v * speed for v in vector)
        self._vector = (pan, tilt, zoom)
        self._moving = self._camera.id
        self._controller(self._moving).hold(pan, tilt, zoom)
        standing = self.control.standing()
        if standing.holder is None or standing.mine or standing.returning:
            self._was_turned(self._moving, False)
        self._refresh.start()

    def _hold_again(self) -> None:
        if self._moving is not None:
            self._controllers[self._moving].hold(*self._vector)

    def stop_all(self) -> None:
        """Let go of whatever moves. Harmless when nothing does."""
        self._refresh.stop()
        self._wheel.stop()
        self._stick_silent.stop()
        self._keys.clear()
        # Held on while another tile is chosen, it would set that camera moving.
        self._stick_spent = self._stick_spent or self._stick_moves
        self._stick_moves = False
        if self._moving is not None:
            self._moved_at[self._moving] = time.monotonic()
            self._controllers[self._moving].release()
            self._moving = None

    def emergency_stop(self, camera_id: str | None = None) -> None:
        """Stop a camera (the selected one) even if we believe that it stands."""
        self.stop_all()
        if camera_id is None and self._camera is not None and self._camera.has_ptz:
            camera_id = self._camera.id
        if camera_id is None:
            return
        self._controller(camera_id).stop()
        # And on another connection, past a request that the camera has not answered yet. The one in
        # its turn comes after it all the same.
        which = camera_id
        self._tasks.run(self, lambda _: self._connect(which).stop(), None, lambda _: None)

    def drag(self, camera_id: str, pan: float, tilt: float) -> None:
        """The wall's drag: speeds -1..1."""
        if self._camera is not None and camera_id == self._camera.id:
            self._start((pan, tilt, 0.0))

    def release(self, camera_id: str) -> None:
        """The wall's drag is over."""
        if self._moving == camera_id:
            self.stop_all()

    def wheel(self, camera_id: str, steps: float) -> None:
        """The wall's wheel: zoom for a moment."""
        if self._camera is not None and camera_id == self._camera.id:
            self._start((0.0, 0.0, 1.0 if steps > 0 else -1.0))
            self._wheel.start(WHEEL_MS)

    def aim(self, camera_id: str, x: float, y: float, factor: float) -> None:
        """The wall's click or box: turn to a point of the picture (-1..1 from its middle, right
        and up), then zoom so that the picture is `factor` times larger; 1 leaves the zoom."""
        if self._camera is None or camera_id != self._camera.id or not self.steers:
            return
        self._moved_at[camera_id] = time.monotonic()
        self._was_turned(camera_id, False)
        exact = True

        def turn(head: PtzDevice) -> None:
            nonlocal exact
            exact = head.aim(x, y)
            emit(self._aimed, camera_id, exact)

        def zoom(head: PtzDevice) -> None:
            head.rested()
            if factor != 1:
                head.zoom_by(factor if exact else min(factor, ROUGH_ZOOM))

        def done(error: Exception | None) -> None:
            if error is not None:
                emit(self._order_done, camera_id, error)

        self._controller(camera_id).order(turn, done, zoom)

    def _was_aimed(self, camera_id: str, exact: bool) -> None:
        if not exact:
            self._tell_once(camera_id, "rough", self.tr(
                "this camera does not tell how much it sees and is aimed roughly: click again."
            ))  # fmt: skip

    def _tell_once(self, camera_id: str, key: str, text: str) -> None:
        if (camera_id, key) not in self._told:
            self._told.add((camera_id, key))
            self.told.emit(camera_id, text)

    def steer(self, pan: float, tilt: float, zoom: float) -> None:
        """A joystick's speeds, -1..1, repeated within STICK_MS while one is not 0.

        All 0 is the centre and stops. Whatever else ends the move (another tile, the focus, a
        stop, a silent stick) ends it for good: the stick must come to its centre before it moves a
        camera again. So must one that is held when there is nothing to steer.
        """
        if not (pan or tilt or zoom):
            moved, self._stick_moves = self._stick_moves, False
            if moved:
                self.stop_all()
            self._stick_spent = False
        elif not self._stick_spent:
            if not self.steers or not in_front():
                self._stick_spent = True
                return
            self._wheel.stop()
            self._stick_moves = True
            self._stick_silent.start()
            self._start((pan, tilt, zoom))

    def key_event(self, event: QKeyEvent) -> bool:
        """A key of the wall or the panel; True when it was ours. Auto-repeat is ignored."""
        key = event.key()
        plain = not (event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier
                                           | Qt.KeyboardModifier.ShiftModifier))  # fmt: skip
        pressed = event.type() == QEvent.Type.KeyPress
        # The key itself, not its letter: "+" pressed with Shift is released as "=".
        which = event.nativeScanCode() or key
        if key not in MOVE_KEYS or (pressed and not plain):
            return False
        if not self.steers and which not in self._keys:
            return False
        if event.isAutoRepeat():
            return True
        if pressed:
            self._keys[which] = MOVE_KEYS[key]
        else:
            self._keys.pop(which, None)
        vectors = list(self._keys.values())
        total = tuple(max(-1, min(1, sum(v[i] for v in vectors))) for i in range(3))
        if any(total):
            self._start((total[0], total[1], total[2]))
        else:
            self.stop_all()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.key_event(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self.key_event(event):
            super().keyReleaseEvent(event)

    def watch(self, widget: QWidget) -> None:
        """Take PTZ keys from another widget, and stop when it loses the focus."""
        widget.installEventFilter(self)
        widget.window().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = QEvent.Type
        kind = event.type()
        if kind in (kinds.KeyPress, kinds.KeyRelease) and isinstance(event, QKeyEvent):
            if watched.isWidgetType() and not isinstance(watched, QToolButton):
                window = getattr(watched, "isWindow", lambda: False)()
                return False if window else self.key_event(event)
        elif self._moving is not None and kind in (
            kinds.FocusOut,
            kinds.WindowDeactivate,
            kinds.Hide,
            kinds.Close,
            kinds.UngrabMouse,
            kinds.TouchCancel,
            kinds.EnabledChange,
        ):
            self.stop_all()
        return False

    def _focus_changed(self, *_: Any) -> None:
        if self._keys or self._stick_moves:
            self.stop_all()  # a key's release would go to another widget

    def _application_state(self, state: Qt.ApplicationState) -> None:
        if state != Qt.ApplicationState.ApplicationActive:
            self.stop_all()

    def _late(self, camera_id: str) -> None:
        """A stop should have been answered by now."""
        controller = self._controllers.get(camera_id)
        if controller is not None and controller.state.phase is Phase.STOPPING:
            text = self.tr("STILL MOVING? The camera has not answered the stop. Press ■ again.")
            self._say(camera_id, text, "error")
            self.alarm.emit(camera_id, text)

    def _show_state(self, camera_id: str, state: PtzState | None) -> None:
        phase = state.phase if state else Phase.IDLE
        if phase is Phase.STOPPING:
            QTimer.singleShot(int(VERIFY_S * 1000), self, functools.partial(self._late, camera_id))
        text = {
            Phase.IDLE: self.tr("standing"),
            Phase.MOVING: self.tr("moving"),
            Phase.STOPPING: self.tr("stopping…"),
            Phase.UNVERIFIED: self.tr("stopped; this camera does not tell whether it stands"),
            Phase.YIELDED: yielded_text(state.message if state else ""),
            Phase.STILL_MOVING: self.tr("STILL MOVING after the stop! Press ■ again."),
            Phase.FAILED: self.tr("no answer from the camera: {reason}").format(
                reason=state.message if state else ""
            ),
        }[phase]
        self._motion.watch(camera_id, phase in (Phase.STOPPING, Phase.STILL_MOVING))
        if phase in (Phase.STILL_MOVING, Phase.FAILED):
            self.alarm.emit(camera_id, text)
        elif state is not None:
            self.alarm.emit(camera_id, "")
        bad = phase is Phase.STILL_MOVING
        warns = phase in (Phase.FAILED, Phase.YIELDED)
        self._say(camera_id, text, "error" if bad else "warning" if warns else "hint")

    def _say(self, camera_id: str, text: str, kind: str) -> None:
        if self._camera is None or camera_id != self._camera.id:
            return
        theme.tell(self._status, text, kind)

    # -- presets

    def _in_background(
        self, work: Callable[[PtzDevice], Any], done: Callable[[Any], None] | None = None,
        *, quiet: bool = False,
    ) -> Task:  # fmt: skip
        assert self._camera is not None
        camera_id = self._camera.id

        def finished(result: Any) -> None:
            if self._camera is not None and self._camera.id == camera_id and done is not None:
                done(result)

        return self._tasks.run(
            self,
            lambda _: work(self._connect(camera_id)),
            finished,
            lambda error: None if quiet else self._failed(camera_id, error),
        )

    def _order(self, command: Callable[[PtzDevice], Any]) -> None:
        """A command that moves: in its turn with holds and stops."""
        if self._camera is None:
            return
        camera_id = self._camera.id

        def done(error: Exception | None) -> None:
            if error is not None:
                self._order_done.emit(camera_id, error)

        self._controller(camera_id).order(command, done)

    def _failed(self, camera_id: str, error: Exception) -> None:
        if isinstance(error, DeviceError) and error.code is ErrorCode.NOT_SUPPORTED:
            self._tell_once(camera_id, error.message, device_error_text(error))
        if isinstance(error, HeldError):
            self._say(camera_id, unchanged_text(error.message, error.standing), "warning")
            return
        if self._camera is None or camera_id != self._camera.id:
            return
        self._status.setText(
            device_error_text(error) if isinstance(error, DeviceError) else str(error)
        )

    def _load_presets(self) -> None:
        assert self._camera is not None
        camera_id, store = self._camera.id, self._store

        def ask(head: PtzDevice) -> list[Preset]:
            told = head.presets()
            if store is not None:
                try:
                    keep(store, camera_id, [KeptPreset(p.token, p.name) for p in told])
                except StoreError as error:
                    log.warning("presets were not kept: %s", error)
            return told

        def show(found: list[KeptPreset]) -> None:
            # What the camera itself says comes later, or was sooner.
            same = self._camera is not None and self._camera.id == camera_id
            if same and found and not self._presets.count():
                self._show_presets([Preset(p.token, p.name) for p in found])

        if store is not None:
            self._tasks.run(self, lambda _: kept(store, camera_id), show, lambda _: None)
        if self._loading is not None:
            self._loading.cancel()  # of before the newest change
        self._loading = self._in_background(ask, self._show_presets)

    def _show_presets(self, presets: list[Preset]) -> None:
        current = self._chosen()
        self._presets.clear()
        for number, preset in enumerate(presets, 1):
            item = QListWidgetItem(f"{number}  {preset.name or preset.token}")
            item.setData(Qt.ItemDataRole.UserRole, preset)
            self._presets.addItem(item)
            if current is not None and preset.token == current.token:
                item.setSelected(True)
        if not presets:
            item = QListWidgetItem(self.tr("None yet: aim the camera, then “New preset…”."))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._presets.addItem(item)
        self._enable()

    def _chosen(self) -> Preset | None:
        items = self._presets.selectedItems()
        preset = items[0].data(Qt.ItemDataRole.UserRole) if items else None
        return preset if isinstance(preset, Preset) else None

    def preset_name(self, number: int) -> str | None:
        """The name of the selected camera's preset with that number (from 1), None if none."""
        item = self._presets.item(number - 1)
        preset = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        return (preset.name or preset.token) if isinstance(preset, Preset) else None

    def go_to_number(self, number: int) -> None:
        """Go to the preset with that number."""
        if self.preset_name(number) is not None:
            self._presets.setCurrentRow(number - 1)
            self._go()

    def _go(self, _: Any = None) -> None:
        preset = self._chosen()
        if preset is not None:
            self._order(lambda head: head.go_to_preset(preset.token))
            if self._camera is not None:
                self._was_turned(self._camera.id, False)

    def _may_change(self) -> bool:
        """Whether presets may be changed as far as is known; says so where not. Presets belong to
        whoever steers: what a stored position means must not change under their hands."""
        standing = self.control.standing()
        holder = standing.holder
        if not standing.permitted:
            to = NOT_PERMITTED
        elif holder is not None and not (standing.mine or standing.here or standing.returning):
            to = holder.name if standing.left_s() > 0 else ""
        else:
            to = ""
        if not to:
            return True
        if self._camera is not None:
            self._say(self._camera.id, unchanged_text(to, standing), "warning")
        return False

    def _change(
        self, work: Callable[[PtzDevice], Any], done: Callable[[Any], None] | None = None
    ) -> None:
        """Change presets or home: with the control lock, taken where it is free, as for a move."""
        assert self._camera is not None
        camera_id, controls = self._camera.id, self.control.controls

        def with_control(head: PtzDevice) -> Any:
            to = controls.take(camera_id)
            if to:
                raise HeldError(to, controls.standing(camera_id))
            return work(head)

        self._in_background(with_control, done)

    def _set(self) -> None:
        if not self._may_change():
            return
        name, good = QInputDialog.getText(
            self, self.tr("New preset"), self.tr("Name of the present position:")
        )
        if good and name.strip():
            self._change(lambda head: head.set_preset(name.strip()), self._reload)

    def _rename(self) -> None:
        preset, camera = self._chosen(), self._camera
        if preset is None or camera is None or not self._may_change():
            return
        # ONVIF has no renaming: the preset is set anew, which needs the camera to be there.
        text = self.tr(
            "New name. The camera goes to this preset first, because ONVIF can only\n"
            "store a name together with a position:"
        )
        name, good = QInputDialog.getText(self, self.tr("Rename preset"), text, text=preset.name)
        if good and name.strip():
            controller = self._controller(camera.id)
            self._change(lambda head: rename(head, controller, preset, name.strip()), self._reload)

    def _delete(self) -> None:
        preset = self._chosen()
        if preset is None or not self._may_change():
            return
        question = self.tr("Delete the preset “{name}” from the camera? This cannot be undone.")
        answer = QMessageBox.question(
            self, self.tr("Delete preset"), question.format(name=preset.name or preset.token)
        )
        if answer == QMessageBox.StandardButton.Yes:
            self._change(lambda head: head.remove_preset(preset.token), self._reload)

    def _reload(self, _: Any = None) -> None:
        self._load_presets()

    def _go_home(self) -> None:
        self._order(lambda head: head.home())
        if self._camera is not None:
            self._was_turned(self._camera.id, True)

    def _set_home(self) -> None:
        if not self._may_change():
            return
        question = self.tr("Make the present position the home position of this camera?")
        answer = QMessageBox.question(self, self.tr("Set home"), question)
        if answer == QMessageBox.StandardButton.Yes:
            self._change(lambda head: head.set_home())

    def close_all(self) -> None:
        """Stop and end every controller; called before the window goes."""
        self.stop_all()
        for controller in self._controllers.values():
            controller.end()
        deadline = time.monotonic() + 2.0
        for controller in self._controllers.values():
            controller.close(max(0.0, deadline - time.monotonic()))
        self._controllers.clear()

    def end(self) -> None:
        """As `close_all`, and give back what is held; the panel is of no use afterwards."""
        self.close_all()
        self.control.controls.close()


def in_front() -> bool:
    """Whether the operator's attention is with us, and no question or lock stands before all."""
    active = QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive
    return active and QApplication.activeModalWidget() is None


REST_LOOKS = 4
"""So many equal positions one after the other count as having arrived."""


def rename(
    head: PtzDevice, controller: PtzController, preset: Preset, name: str, timeout_s: float = 20
) -> None:
    """Store a preset's own position under another name: go there, see it stand, set.

    Raises DeviceError, and changes nothing, when the camera does not tell where it is, does not
    come to rest in time, or is moved by somebody meanwhile.
    """
    if head.status().position is None:
        raise DeviceError(
            ErrorCode.NOT_SUPPORTED, "the camera does not tell when it has reached a preset"
        )
    turn = controller.turn
    sent, problem = threading.Event(), list[Exception | None]()

    def done(error: Exception | None) -> None:
        problem.append(error)
        sent.set()

    controller.order(lambda own: own.go_to_preset(preset.token), done)
    deadline = time.monotonic() + timeout_s
    equal, before = 0, None
    # It may stand for a moment before it sets off: one look at a resting camera proves nothing.
    time.sleep(0.5)
    while equal < REST_LOOKS:
        if problem and problem[0] is not None:
            raise problem[0]
        if controller.turn != turn:
            raise DeviceError(ErrorCode.REFUSED, "somebody moved the camera meanwhile")
        if time.monotonic() > deadline:
            raise DeviceError(ErrorCode.TIMEOUT, "the camera did not come to rest at the preset")
        time.sleep(0.25)
        status = head.status()
        at_rest = sent.is_set() and status.moving is not True and status.position == before
        equal, before = (equal + 1 if at_rest else 0), status.position
    head.set_preset(name, preset.token)


def device_error_text(error: DeviceError) -> str:
    """What happened and what to do, translated."""
    translate = QCoreApplication.translate
    if error.code is ErrorCode.HELD:
        return yielded_text(error.message, moved=False)
    return {
        ErrorCode.UNREACHABLE: translate(
            "Device", "No connection to the device. Check the address."
        ),
        ErrorCode.TIMEOUT: translate("Device", "The device did not answer in time."),
        ErrorCode.UNAUTHORIZED: translate("Device", "User name or password refused."),
        ErrorCode.NOT_ONVIF: translate(
            "Device", "What answers there is not ONVIF. Check the port."
        ),
        ErrorCode.MALFORMED: translate("Device", "The device's answer does not follow ONVIF."),
        ErrorCode.TOO_LARGE: translate("Device", "The device's answer is larger than 4 MB."),
        ErrorCode.NOT_SUPPORTED: translate("Device", "The device cannot do this."),
        ErrorCode.REFUSED: translate("Device", "The device refused: {reason}"),
        ErrorCode.TLS: translate("Device", "The device's certificate is not trusted."),
        ErrorCode.BAD_ADDRESS: translate("Device", "This is no address of a device."),
    }[error.code].format(reason=error.message)
