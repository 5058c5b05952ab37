"""The composition root: builds the client's objects, hands them over, and ends them in order."""

from __future__ import annotations

import functools
import signal
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from app import ui
from app.devices.errors import DeviceError, ErrorCode
from app.devices.guard import Guard, guarded
from app.domain.layout import BUILT_IN, View
from app.evidence.keys import TRUSTED_FOLDER, console_key
from app.store import files
from app.store.errors import StoreError
from app.store.outbox import state
from app.store.pins import StoredPins
from app.store.store import Store
from app.sync.account import Account
from app.ui import theme
from app.ui.i18n import Language, error_text, system_language
from app.ui.main_window import MainWindow
from app.ui.protection import open_or_ask
from app.ui.server_desk import Parts, ServerDesk
from app.ui.tasks import Tasks

if TYPE_CHECKING:
    from app.devices.onvif import OnvifDevice, PtzDevice
    from app.sync.credentials import CameraAccounts
    from app.ui.application import ClientOptions
    from app.video.engine import VideoEngine


class Heads:
    """PTZ heads by camera, each device asked once for each use; thread-safe."""

    def __init__(self, store: Store) -> None:
        self._store, self._pins = store, StoredPins(store)
        self._devices: dict[tuple[str, str, str, bool], OnvifDevice] = {}
        self._lock = threading.Lock()
        self.guard = Guard()

    def __call__(self, camera_id: str, *, steering: bool = False) -> PtzDevice:
        """The head of a camera, on a connection of its own for steering.

        Blocking; raises DeviceError.
        """
        from app.devices.onvif import connect  # by whoever turns a camera: not at the start

        try:
            access = self._store.device_access(camera_id)
            details = self._store.camera(camera_id)
        except StoreError as error:
            raise DeviceError(ErrorCode.REFUSED, str(error)) from error
        if access is None or details is None:
            raise DeviceError(ErrorCode.NOT_SUPPORTED, "this camera has no ONVIF address")
        url, account = access
        if steering:
            self.guard.start()  # first: it is ready by the time that the camera is connected to
        key = (url, account.username, account.password, steering)
        with self._lock:
            device = self._devices.get(key)
        if device is None:
            device = connect(url, account, pins=self._pins)
            with self._lock:
                device = self._devices.setdefault(key, device)
        token = next((s.profile_token for s in details.streams if s.profile_token), None)
        head = device.ptz(token)
        if steering:
            head = guarded(head, self.guard)
            head.spaces()  # now, so that no move has to wait for it
        return head


def run(options: ClientOptions, app: QApplication, engine: VideoEngine) -> int:
    """Run until the window is closed; returns the exit status. The engine runs, and is closed here."""
    app.setApplicationName("Watchroom")
    app.setWindowIcon(theme.icon("watchroom"))
    theme.apply(app)
    language = Language()
    language.use(options.language or system_language())
    try:
        opened = open_or_ask(options.data)
        if opened is None:
            return 1
        store = opened
        chosen = options.language or store.setting("language") or system_language()
    except StoreError as error:
        QMessageBox.critical(None, "Watchroom", error_text(error))
        return 1
    language.use(str(chosen))
    tasks = Tasks()
    heads = Heads(store)
    window = MainWindow(store, engine, tasks, language, heads, title_note=options.title_note)
    first = View(BUILT_IN["3x3"], options.first_view) if options.first_view else None
    window.restore(first)
    window.show()
    desk = open_desk(Account(store.secrets, options.data), store, tasks, window, options.demo)
    desk.start(*options.sign_in)
    if options.seconds:
        QTimer.singleShot(int(options.seconds * 1000), lambda: _finish(window, options))
    # Python handles signals only while its code runs: the wall's timer sees to that.
    signal.signal(signal.SIGINT, lambda *_: window.close())
    signal.signal(signal.SIGTERM, lambda *_: window.close())
    ui.started()
    try:
        return app.exec()
    finally:
        desk.close()
        window.ptz.close_all()
        heads.guard.close()
        tasks.close()
        engine.close()  # before the files are forgotten that it may read
        files.forget_shown(store)
        store.close()


def open_desk(
    account: Account, store: Store, tasks: Tasks, window: MainWindow, demo: bool = False
) -> ServerDesk:
    """The window's part in working with a server."""
    parts = Parts(
        window, window.session, window.sync, lambda: window.notice, window.reload_settings
    )

    @functools.cache
    def accounts() -> CameraAccounts:
        from app.sync.credentials import CameraAccounts  # where there is a server

        def person() -> str:
            with store.looking() as connection:
                return str(state(connection, "person", ""))

        def sign(data: bytes) -> bytes:
            return console_key(store.secrets, store.path.parent / TRUSTED_FOLDER).sign(data)

        return CameraAccounts(store, account, person, sign=sign)

    desk = ServerDesk(account, store, tasks, parts, accounts)
    window.server_asked.connect(desk.open_server)
    window.change_person_asked.connect(desk.change_person)
    controls = window.ptz.control.controls
    window.sign_out_asked.connect(lambda: controls.give_back_all())
    window.sign_out_asked.connect(desk.sign_out)
    window.action("cut_network").setVisible(demo)

    def cut(on: bool) -> None:
        account.cut = on
        if not on and desk.sync is not None:
            desk.sync.sync_now()

    def show() -> None:
        window.show_server(
            connected=account.server is not None, signed_in=account.identity is not None
        )

    window.cut_asked.connect(cut)
    desk.changed.connect(show)
    desk.signed_in.connect(lambda _: window.office.use(account))
    desk.signed_out.connect(lambda: window.office.use(None))
    controls = window.ptz.control.controls
    desk.signed_in.connect(lambda who: controls.use(who.name, lambda: account.transport("/api/")))
    desk.signed_out.connect(lambda: controls.use(""))
    desk.signed_in.connect(lambda _: window.ptz.way_back.forget())
    show()
    if account.server is None:
        window.ptz.way_back.catch_up()
    return desk


def _finish(window: MainWindow, options: ClientOptions) -> None:
    if options.screenshot is not None:
        options.screenshot.parent.mkdir(parents=True, exist_ok=True)
        window.grab().save(str(options.screenshot))
    window.close()
