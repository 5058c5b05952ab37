"""The main window: wall in the middle, sidebar left, PTZ and details right, menus and status.

Other windows are imported where they are opened: after a crash the walls must be back in seconds, and
most windows are not opened in a whole shift. `tests/ui/test_start.py` guards it.
"""

from __future__ import annotations

import base64
import functools
import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QLabel,
    QMainWindow,
    QWidget,
)
from shiboken6 import isValid

from app.devices.events import EventService
from app.devices.joystick import StickSettings
from app.domain.camera import Area, CameraDetails, CameraRow, CameraSource, Credentials
from app.domain.camera_event import CameraEvent
from app.domain.layout import View
from app.domain.permission import Role
from app.store.cache import protection
from app.store.devices import channels_of
from app.store.errors import StoreError
from app.store.pins import StoredPins
from app.store.store import Changes, Store, view_from_json
from app.store.tickets import Line
from app.ui import i18n, theme
from app.ui.bulk_desk import BulkDesk
from app.ui.camera_commands import CameraCommands
from app.ui.cost_panel import CostPanel
from app.ui.desk import Desk
from app.ui.details import DetailsPanel
from app.ui.events import EventsPanel
from app.ui.evidence import EvidenceDesk
from app.ui.figure_desk import FigureDesk
from app.ui.forecaster import Forecaster
from app.ui.help import HelpDialog
from app.ui.i18n import Language
from app.ui.joystick import JoystickBridge
from app.ui.kept_views import KeptViews
from app.ui.keymap import KeyMap, KeyMapDialog
from app.ui.menus import Menus
from app.ui.number_entry import NumberEntry
from app.ui.office import Office
from app.ui.protection import describe
from app.ui.ptz_panel import Connect, PtzPanel
from app.ui.pulse import Pulse
from app.ui.replay import ReplayDesk
from app.ui.screens import Home
from app.ui.session import Session, Settings, SettingsDialog
from app.ui.sidebar import Sidebar
from app.ui.sound import SoundDesk
from app.ui.sync_status import SyncLabel
from app.ui.tasks import Tasks, emit
from app.ui.thumbnails import Folder, Thumbnails, WallThumbnails
from app.ui.ticket_desk import TicketDesk
from app.ui.tile_painter import TROUBLE
from app.ui.wall import SITE_PREFIX, WallWidget
from app.ui.wall_commands import WallCommands
from app.ui.wall_window import (
    WALLS,
    WALLS_BEFORE,
    House,
    WallPane,
    WallWindow,
    WallWindows,
    read_walls,
)
from app.video.engine import VideoEngine
from app.video.types import StreamState, StreamStatus

if TYPE_CHECKING:
    from app.ui.find_place import FindPlace

SAVE_DELAY_MS = 800
PTZ_HEIGHT = 450
"""What the panel takes with its presets, before a person moves the edge."""


class MainWindow(QMainWindow):
    """Puts the parts together; all work that may wait goes through `Tasks`."""

    _store_changed = Signal(object)
    server_asked = Signal()
    change_person_asked = Signal()
    sign_out_asked = Signal()
    cut_asked = Signal(bool)

    def __init__(
        self,
        store: Store,
        engine: VideoEngine,
        tasks: Tasks,
        language: Language,
        connect_ptz: Connect,
        *,
        title_note: str = "",
    ) -> None:
        super().__init__()
        self.store, self.engine, self.tasks, self.language = store, engine, tasks, language
        self._title_note = title_note
        self.rows: dict[str, CameraRow] = {}
        self._sources: dict[str, CameraSource] = {}
        self.areas: dict[str, tuple[Area, ...]] = {}
        self._resolving: set[str] = set()
        self._generation = 0
        """Counts changes of stored data: an answer read before the last one is not believed."""
        self.held: frozenset[str] = frozenset()
        """Cameras of open incidents: no tour changes them."""
        self._walls_saved: dict[str, Any] | None = None
        self._restoring = True
        self._details_for: str | None = None
        self._alarm_for: str | None = None
        self._help_dialog: HelpDialog | None = None
        self._before_full_screen: QByteArray | None = None
        self.connect_ptz = connect_ptz
        self.cameras = CameraCommands(self)
        self.kept = KeptViews(self)
        self.commands = WallCommands(self)
        self._build(connect_ptz)
        self.menus = Menus(self)
        self.wall.context_menu_requested.connect(self.menus.tile_menu)
        self.sidebar.menu_requested.connect(self.menus.sidebar_menu)
        self.commands.sound_changed()
        self.keymap = KeyMap(self)
        self.keymap.take(self.menus.actions)
        self.keymap.changed.connect(self.menus.tips)
        self._retranslate()
        self._store_changed.connect(self._on_store_changed)
        store.on_change(lambda changes: self._emit_change(changes))
        self._save_soon = QTimer(self)
        self._save_soon.setSingleShot(True)
        self._save_soon.setInterval(SAVE_DELAY_MS)
        self._save_soon.timeout.connect(self._save_state)
        self._clock_timer = QTimer(self)
        self._clock_timer.timeout.connect(self._second)
        self._clock_timer.start(1000)
        self._second()
        room = self.screen().availableGeometry()
        self.resize(int(room.width() * 0.94), int(room.height() * 0.9))

    def _emit_change(self, changes: Changes) -> None:
        emit(self._store_changed, changes)

    # -- building

    def _build(self, connect_ptz: Connect) -> None:
        self.session = Session(self)
        self.engine.renew = self._renew
        self.pulse = Pulse(self.engine, self)
        house = House(
            self.engine, self.pulse, self._row, lambda: self.language.current,
            lambda: self.kept.views, lambda: self.kept.layouts, lambda: self.kept.tours, self._resolve,
            lambda camera: self.ptz.controls(camera), lambda: self.held, lambda key: self.menus.actions[key],
        )  # fmt: skip
        self.pane = WallPane(house)
        self.wall = self.active = self.pane.wall
        self.notice = self.pane.notice
        self.windows = WallWindows(house, self._adopt, self)
        self.windows.changed.connect(self._windows_changed)
        self.home = Home(self)
        self.setCentralWidget(self.pane)
        self.sidebar = Sidebar(self.store, self.tasks, lambda: self.language.current)
        self.ptz = PtzPanel(connect_ptz, self.tasks, self.engine.picture, store=self.store)
        self.details = DetailsPanel()
        self.cost = CostPanel(self.engine, self._camera_name)
        self.events = EventsPanel(self._event_service, self._camera_name)
        self.events.open_requested.connect(lambda ids: self.dropped(self.active.selected, ids))
        self.forecaster = Forecaster(self.store, self.engine, self.tasks, self.wall, self.notice,
                                     lambda: self.language.current, self)  # fmt: skip
        areas = Qt.DockWidgetArea
        self.docks: dict[str, QDockWidget] = {}
        for key, widget, area in (
            ("sidebar", self.sidebar, areas.LeftDockWidgetArea),
            ("ptz", theme.scrolled(self.ptz), areas.RightDockWidgetArea),
            ("details", self.details, areas.RightDockWidgetArea),
            ("cost", self.cost, areas.BottomDockWidgetArea),
            ("events", self.events, areas.BottomDockWidgetArea),
        ):
            dock = QDockWidget()
            dock.setObjectName(key)
            dock.setWidget(widget)
            self.addDockWidget(area, dock)
            self.docks[key] = dock
        self.docks["cost"].hide()
        self.docks["events"].hide()
        self.resizeDocks([self.docks["sidebar"], self.docks["ptz"]], [320, 300],
                         Qt.Orientation.Horizontal)  # fmt: skip
        left = int(self.screen().availableGeometry().height() * 0.9) - 110 - PTZ_HEIGHT
        self.resizeDocks([self.docks["ptz"], self.docks["details"]], [PTZ_HEIGHT, max(left, 190)],
                         Qt.Orientation.Vertical)  # fmt: skip
        self.setDockOptions(
            QMainWindow.DockOption.AnimatedDocks | QMainWindow.DockOption.AllowNestedDocks
            | QMainWindow.DockOption.AllowTabbedDocks
        )  # fmt: skip
        self._counts = QLabel()
        self._secrets = QLabel()
        self.sync = SyncLabel()
        self.sync.conflicts_requested.connect(self._conflicts)
        self._clock = QLabel()
        bar = self.statusBar()
        bar.addWidget(self._counts)
        self.case_label = QLabel()
        self.case_label.setObjectName("case")
        bar.addPermanentWidget(self.case_label)
        bar.addPermanentWidget(self.sync)
        bar.addPermanentWidget(self._secrets)
        bar.addPermanentWidget(self._clock)
        wall, ptz = self.wall, self.ptz
        self.sound = SoundDesk(self.engine, self)
        self.sound.changed.connect(self.commands.sound_changed)
        self.sound.silent.connect(self.commands.silent)
        volume_soon = QTimer(self)
        volume_soon.setSingleShot(True)
        volume_soon.setInterval(SAVE_DELAY_MS)
        volume_soon.timeout.connect(self.commands.save_volume)
        self.sound.volume_set.connect(lambda *_: volume_soon.start())
        self.evidence = EvidenceDesk(
            self.engine, self.store, self.tasks, self.session,
            lambda: self.language.current, self.store.path.parent, self,
        )  # fmt: skip
        self.evidence.told.connect(self.commands.evidence_told)
        self.evidence.case_changed.connect(self.commands.show_case)
        self.desk = Desk(
            self.store, self.tasks, self.session, lambda: self.language.current,
            self._wall_statuses, lambda: self.evidence.packages, self,
        )  # fmt: skip
        self.desk.held_changed.connect(lambda cameras: setattr(self, "held", cameras))
        self.desk.told.connect(lambda text: self.notice.say(text, kind="warning"))
        self.desk.show_camera.connect(lambda c: self.dropped(self.active.selected, [c]))
        self.desk.break_due.connect(
            lambda text: self.notice.say(text, self.tr("Taken"), self.desk.break_taken)
        )
        self.desk.patrol_due.connect(
            lambda text: self.notice.say(text, self.tr("Begin"), self.desk.show_patrol)
        )
        self.desk.qualification_due.connect(
            lambda text: self.notice.say(text, self.tr("Show"), self.desk.show_people,
                                         kind="warning")
        )  # fmt: skip
        ptz.turned.connect(self.desk.turned)
        self.session.idle.connect(self.lock)
        folder = Folder(self.store.path.parent / "thumbnails")
        self.thumbnails = Thumbnails(folder, self.tasks, self.store.masks, self)
        self.faults = TicketDesk(
            self.store, self.tasks, self.session, self.engine, self._status_of,
            lambda camera: self.areas.get(camera, ()), lambda: self.language.current, self,
        )  # fmt: skip
        self.faults.marks_changed.connect(self._fault_marks)
        self.faults.told.connect(self._fault_told)
        self.faults.show_camera.connect(lambda c: self.dropped(self.active.selected, [c]))
        self.faults.accept_asked.connect(self.cameras.commission)
        self.faults.change_person_asked.connect(self.change_person_asked)
        self.faults.statuses = self._wall_statuses
        self.faults.join_desk(self.desk)
        self.desk.fault_found.connect(self.faults.found)
        bar.insertPermanentWidget(1, self.faults.counter)
        self.events.shelve_asked.connect(self.desk.shelf.ask)
        self.events.shelf_asked.connect(self.desk.shelf.show)
        self.events.event_wanted.connect(self._event_wanted)
        self.desk.shelf.changed.connect(self.events.use_shelved)
        self.figures = FigureDesk(self.store, self.tasks, self._wall_statuses,
                                  lambda: self.language.current, self.faults.open,
                                  self.cameras.show_file, self)  # fmt: skip
        self.details.fault_asked.connect(self.faults.open)
        self.sidebar.set_badges(self.faults.badge)
        self.joystick = JoystickBridge(ptz, StickSettings(), self)
        self.joystick.tile_stepped.connect(self.commands.step_tile)
        self.joystick.preset_called.connect(self.commands.call_preset)
        wall.view_changed.connect(self._view_changed)
        self._adopt(self.pane)
        self.pane.tours.shown.connect(lambda _: self._windows_changed())
        self.pane.tours.changed.connect(self.kept.tour_began_or_ended)
        ptz.alarm.connect(self._ptz_alarm)
        ptz.control_told.connect(self._control_told)
        side = self.sidebar
        side.set_states(self._state_of)
        side.open_requested.connect(lambda ids: self.dropped(self.active.selected, ids))
        side.selected.connect(self._sidebar_selected)
        self.office = Office(self.store, self.tasks, lambda: self.language.current, self)
        self.session.locked.connect(self.office.close_screens)
        self.office.changed.connect(self._rank)
        self.office.told.connect(lambda text: self.notice.say(text, kind="good"))
        self.bulk = BulkDesk(
            self.store, self.desk.logbook, self.tasks, self.office,
            lambda: self.language.current,
            lambda: (self.session.settings.operator, self.session.settings.console), self,
        )  # fmt: skip
        self.session.locked.connect(self.bulk.close_window)
        self.desk.more_registers.append(self.bulk.registers)
        self.bulk.told.connect(lambda text: self.notice.say(text, kind="warning"))
        self.office.shared.lost.connect(self._access_lost)
        self.office.shared.changed.connect(self._sharing_changed)
        side.set_shared(self.office.shared.text)
        self.details.shared_of = self.office.shared.text

    @functools.cached_property
    def place(self) -> FindPlace:
        """The search by place."""
        from app.ui.find_place import FindPlace

        place = FindPlace(self.store, self.tasks, self.thumbnails, self.engine.picture,
                          self._state_of, lambda: self.language.current, self)  # fmt: skip
        place.open_requested.connect(lambda ids: self.dropped(self.active.selected, ids))
        self.session.locked.connect(place.hide)
        return place

    # -- several walls

    def _adopt(self, pane: WallPane) -> None:
        """Connect a wall, the main one or a window's, to the rest."""
        wall, ptz = pane.wall, self.ptz
        wall.touched.connect(lambda: self._activate(wall))
        wall.selection_changed.connect(
            lambda index, camera: self._selected(index, camera) if wall is self.active else None
        )
        wall.cameras_dropped.connect(lambda index, ids: self.dropped(index, ids, wall))
        wall.statuses_changed.connect(self._statuses_changed)
        wall.ptz_drag.connect(ptz.drag)
        wall.ptz_release.connect(ptz.release)
        wall.ptz_wheel.connect(ptz.wheel)
        wall.ptz_aim.connect(ptz.aim)
        ptz.told.connect(lambda camera, text: self._ptz_told(pane, camera, text))
        ptz.watch(wall)
        wall.watermark = self.session.watermark
        wall.masks = lambda camera: self.areas.get(camera, ())
        wall.badge = self.faults.badge
        self.session.changed.connect(wall.update)
        self.sound.add(wall)
        pane.thumbnails = WallThumbnails(wall, self.engine.picture, self.thumbnails, pane)
        # What was installed last sees a key first: a number being typed, a replay, then PTZ.
        pane.replay = replay = ReplayDesk(self.engine, wall)
        replay.still_asked.connect(lambda _: self.commands.snapshot())
        replay.export_asked.connect(
            lambda index, begin, end: self.commands.export(wall, index, begin, end)
        )
        replay.refused.connect(
            lambda _: pane.notice.say(self.tr("Nothing of this camera is kept yet."))
        )
        pane.number = number = NumberEntry(
            wall, self.tasks, self.store.by_call_number, lambda: self.language.current,
            ptz.preset_name,
        )  # fmt: skip
        number.preset_called.connect(ptz.go_to_number)
        number.camera_called.connect(lambda camera: self.dropped(wall.selected, [camera], wall))
        number.tile_called.connect(lambda index: self.commands.select_tile(index, wall))
        wall.set_sources(self.source)
        if wall is self.wall:
            self.number, self.replay = number, replay
            application = QApplication.instance()
            if isinstance(application, QApplication):
                application.focusChanged.connect(self._focus_moved)
            return
        wall.view_changed.connect(self._windows_changed)
        window = wall.window()
        if isinstance(window, WallWindow):
            window.asked.connect(lambda key: self.menus.actions[key].trigger())
            window.save_requested.connect(lambda: self.kept.save_view(as_new=True, wall=wall))
            window.closed.connect(
                lambda: self._activate(self.wall) if wall is self.active else None
            )

    def _focus_moved(self, _: QWidget | None, now: QWidget | None) -> None:
        if isinstance(now, WallWidget) and now in self._walls():
            self._activate(now)

    def _walls(self) -> list[WallWidget]:
        return [self.wall, *self.windows.walls()]

    def _activate(self, wall: WallWidget) -> None:
        """This wall was touched last: PTZ, details and the sidebar are about it."""
        if wall is self.active:
            return
        self.active = wall
        for window in self.windows.windows:
            window.set_active(window.wall is wall)
        self._name_sidebar()
        self._selected(wall.selected, wall.camera_at(wall.selected))

    def _name_sidebar(self) -> None:
        """Where cameras of the sidebar open, once there is a choice."""
        title = self.tr("Cameras")
        for window in self.windows.windows:
            if window.wall is self.active:
                title = self.tr("Cameras  →  wall {number}").format(number=window.number)
        self.docks["sidebar"].setWindowTitle(title)

    def new_wall(self) -> None:
        if self.windows.open() is None:
            self.notice.say(self.tr("There are as many wall windows as can be."))

    def _windows_changed(self) -> None:
        """Another view, place or number of wall windows: kept within a second."""
        self._resolve()
        self.sidebar.states_changed()
        self._counted()
        self.save_in_time()

    def save_in_time(self) -> None:
        if not self._restoring and not self._save_soon.isActive():
            self._save_soon.start()

    def _wall_statuses(self) -> dict[str, StreamStatus]:
        """The cameras that are on a wall."""
        return {c: wall.status_of(c) for wall in self._walls() for c in wall.cameras()}

    def _state_of(self, camera: str) -> StreamState:
        status = self._status_of(camera)
        return status.state if status else StreamState.IDLE

    def _status_of(self, camera: str) -> StreamStatus | None:
        """None where no wall shows it."""
        for wall in self._walls():
            if camera in wall.cameras():
                return wall.status_of(camera)
        return None

    def _rank(self) -> None:
        """Somebody signed in at the server, or out."""
        who = self.office.identity
        roles = None if who is None else set(who.roles)
        self.session.supervises = None if roles is None else Role.SUPERVISOR in roles
        self.session.oversees = (
            None if roles is None else bool(roles & {Role.SUPERVISOR, Role.ADMINISTRATOR})
        )

    # -- faults

    def _fault_marks(self) -> None:
        for wall in self._walls():
            if isValid(wall):  # the answer may come while windows are closing
                wall.update()
        self.sidebar.states_changed()

    def _fault_told(self, kind: str, text: str, ticket: str) -> None:
        if ticket:
            self.notice.say(text, self.tr("Show"), lambda: self.faults.open(ticket))
        else:
            self.notice.say(text, kind=kind or "info")

    def report_fault(self) -> None:
        camera = self.current_id()
        if camera is None:
            self.notice.say(self.tr("Select a tile with a camera first."))
        else:
            self.faults.report(camera)

    def fault_history(self, row: CameraRow | None = None) -> None:
        camera = row.id if row else self.current_id()
        if camera is None:
            self.notice.say(self.tr("Select a tile with a camera first."))
            return
        title = row.title(self.language.current) if row else self._camera_name(camera)
        self.faults.show_history(camera, title)

    def maintenance(self) -> None:
        camera = self.current_id()
        if camera is None:
            self.notice.say(self.tr("Select a tile with a camera first."))
        else:
            self.faults.maintenance([camera])

    # -- words

    def _retranslate(self) -> None:
        self.office.retranslate()
        self.menus.retranslate()
        self._name_sidebar()
        docks = {
            "ptz": self.tr("PTZ"),
            "details": self.tr("Details"),
            "cost": self.tr("What this wall costs"),
            "events": self.tr("Events of cameras"),
        }
        for key, text in docks.items():
            self.docks[key].setWindowTitle(text)
        self.menus.tips()
        self.commands.show_case()
        title = self.tr("Watchroom")
        self.setWindowTitle(f"{title} – {self._title_note}" if self._title_note else title)
        secure = self.store.secrets.secure
        self.sync.retranslate()
        self._secrets.setText("" if secure else self.tr("passwords: encrypted file"))
        self._secrets.setToolTip(
            self.tr("This system has no keyring. Camera passwords are kept in an encrypted file "
                    "that only your account can read.")
        )  # fmt: skip
        self.kept.fill_view_menu()
        self.kept.fill_layout_menu()
        self.kept.fill_tour_menu()
        self.menus.check_layout()
        self._second()
        self._counted()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "menus"):
            self._retranslate()
            self.faults.retranslate()
            self.figures.retranslate()
            self._selected(self.wall.selected, self.wall.camera_at(self.wall.selected))

    def use_language(self, code: str) -> None:
        self.language.use(code)
        self.background(lambda: self.store.set_setting("language", code))

    def background(
        self, work: Callable[[], Any], success: Callable[[Any], None] | None = None
    ) -> None:
        """Read or write stored data; a failure is told over the wall."""
        self.tasks.run(self, lambda _: work(), success, self.failed)

    def failed(self, error: Exception) -> None:
        self.notice.say(i18n.error_text(error), kind="warning")

    # -- start and end

    def restore(self, first_view: View | None = None) -> None:
        """Bring back window, docks and wall of last time, in the background."""

        def read(_: Any) -> Any:
            store = self.store
            return (
                store.setting("window"), store.setting("wall"), store.views(), store.layouts(),
                store.tours(), read_walls(store), store.setting("console"),
                store.setting("keys"), store.setting("joystick"),
                store.setting("hardware_decoding"), store.setting("camera_events"),
            )  # fmt: skip

        def show(answer: Any) -> None:
            (
                window, wall, self.kept.views, self.kept.layouts, self.kept.tours, walls, console, keys,
                joystick, hardware, events,
            ) = answer  # fmt: skip
            self.session.use(Settings.from_json(console))
            self.events.use(events)
            self.events.listening_changed.connect(
                lambda on: self.background(
                    lambda: self.store.set_setting("camera_events", "on" if on else "off")
                )
            )
            self.keymap.apply(keys)
            self.joystick.use(StickSettings.from_json(joystick))
            self.joystick.start()
            self.menus.actions["hardware"].setChecked(hardware != "off")
            self.engine.use_hardware(hardware != "off")
            if isinstance(window, dict):
                for key, use in (("geometry", self.restoreGeometry), ("state", self.restoreState)):
                    try:
                        use(QByteArray(base64.b64decode(window.get(key, ""))))
                    except (ValueError, TypeError):
                        continue  # a damaged setting must not keep the client from starting
                self._keep_on_screen()
            view = view_from_json(wall) if isinstance(wall, str) else None
            view = view or first_view
            self.kept.fill_view_menu()
            self.kept.fill_layout_menu()
            self.kept.fill_tour_menu()
            present, before = walls
            self._walls_saved = present or before
            if present is not None:
                self._restore_walls(present)
            elif view is not None:
                self.wall.set_view(view)
            self._restoring = False
            self._resolve()
            if before is not None:
                self.notice.say(
                    self.tr("The last state of the walls cannot be read."),
                    self.tr("Bring back the one before"), lambda: self._restore_walls(before),
                    kind="warning", stay=True,
                )  # fmt: skip
            if self.store.note:
                self.notice.say(self.store.note, kind="warning", stay=True)

        def failed(error: Exception) -> None:
            self._restoring = False
            self.notice.say(i18n.error_text(error), kind="warning", stay=True)

        self.tasks.run(self, read, show, failed)
        self.background(lambda: self.store.setting("volume"), self.sound.restore_volume)
        self.desk.begin()

    def _keep_on_screen(self) -> None:
        """A window restored to a screen that is gone comes back to this one."""
        screens = [s.availableGeometry() for s in QGuiApplication.screens()]
        if not any(s.intersects(self.frameGeometry()) for s in screens):
            self.move(screens[0].topLeft())

    def _state_writer(self) -> Callable[[], None]:
        """What keeps the present window and wall for the next start."""
        state = self._before_full_screen or self.saveState()
        window = {
            "geometry": base64.b64encode(self.saveGeometry().data()).decode(),
            "state": base64.b64encode(state.data()).decode(),
        }
        walls = {"main": self.pane.state(), "windows": self.windows.state()}
        values: dict[str, Any] = {"window": window, WALLS: walls}
        if self._walls_saved is not None and self._walls_saved != walls:
            values[WALLS_BEFORE] = self._walls_saved
        self._walls_saved = walls
        return lambda: self.store.set_settings(values)

    def _restore_walls(self, state: dict[str, Any]) -> None:
        """All walls as they were."""
        self.pane.restore(state["main"])
        if not self.windows.windows:
            self.windows.restore(state.get("windows"))

    def _save_state(self) -> None:
        if not self._restoring:
            self.background(self._state_writer())

    def closeEvent(self, event: QCloseEvent) -> None:
        self.joystick.close()
        self.ptz.end()
        self.events.close_all()
        self.pane.thumbnails.keep_all()
        if not self._restoring:
            # The window is going: two small writes, the last chance to keep them.
            try:
                self._state_writer()()
            except StoreError as error:
                print(f"watchroom: the window's state was not saved: {error}", file=sys.stderr)
        self._restoring = True  # nothing of what closes now is a change to be kept
        self._save_soon.stop()
        self.windows.close_all()
        self.desk.close()
        self.commands.close_players()
        event.accept()

    # -- cameras on the wall

    def _row(self, camera: str) -> CameraRow | None:
        return self.rows.get(camera)

    def _camera_name(self, camera: str) -> str:
        row = self.rows.get(camera)
        return row.title(self.language.current) if row is not None else camera

    def source(self, camera: str) -> CameraSource | None:
        return self._sources.get(camera)

    def _resolve(self, again: frozenset[str] | None = None) -> None:
        """Read names and addresses of the cameras on the wall that are not known yet."""
        wanted: set[str] = set()
        for wall in self._walls():
            wanted |= wall.cameras() | set(wall.ahead)
        if again is not None:
            unknown = wanted & again if again else wanted
        else:
            unknown = {c for c in wanted if c not in self._sources} - self._resolving
        if not unknown:
            return
        self._resolving |= unknown
        generation = self._generation

        def read(_: Any) -> Any:
            ids = sorted(unknown)
            rows = self.store.rows(ids)
            sources = self.store.sources(ids)
            return rows, sources, self.store.masks(ids)

        def show(answer: Any) -> None:
            rows, sources, areas = answer
            self._resolving -= unknown
            if generation != self._generation:
                # A camera removed and brought back meanwhile must not leave the wall.
                self._resolve(again=frozenset(unknown))
                return
            self.rows |= {r.id: r for r in rows}
            self.areas = {c: a for c, a in self.areas.items() if c not in unknown} | areas
            for camera, source in sources.items():
                if source is None:
                    self._sources.pop(camera, None)
                    self.take_off(camera)
                elif not self._keeps_ticket(camera, source):
                    self._sources[camera] = source
            for wall in self._walls():
                wall.refresh()
            self._selected(self.active.selected, self.active.camera_at(self.active.selected))

        def failed(error: Exception) -> None:
            self._resolving -= unknown
            self.notice.say(i18n.error_text(error), self.tr("Try again"), self._resolve,
                            kind="warning")  # fmt: skip

        self.tasks.run(self, read, show, failed)

    def _renew(self, cameras: frozenset[str]) -> None:
        """The tickets of these cameras are over: ask for all of them at once."""
        fresh = cameras - self._resolving
        if fresh:
            self._resolve(again=fresh)

    def _keeps_ticket(self, camera: str, source: CameraSource) -> bool:
        """Whether a running picture of the relay goes on as it is: its server is away now."""
        old = self._sources.get(camera)
        live = self._state_of(camera) in (StreamState.LIVE, StreamState.DEGRADED)
        return old is not None and old.ticketed and not source.ticketed and live

    def take_off(self, camera: str) -> None:
        """A camera that no longer exists leaves the walls."""
        for wall in self._walls():
            for index, other in enumerate(wall.view().cameras):
                if other == camera:
                    wall.clear(index)

    def dropped(self, index: int, ids: list[str], on: WallWidget | None = None) -> None:
        """Put cameras, or all of a site, on a wall: the one touched last unless told otherwise."""
        wall = on or self.active
        self._activate(wall)
        sites = [i.removeprefix(SITE_PREFIX) for i in ids if i.startswith(SITE_PREFIX)]
        cameras = [i for i in ids if not i.startswith(SITE_PREFIX)]

        def show(found: list[str]) -> None:
            everything = [*cameras, *found]
            if not everything:
                self.notice.say(self.tr("This site has no cameras."))
                return
            if wall is self.wall:
                self.commands.remember()
            before = wall.view()
            wall.place(index, everything)
            left = len(everything) - sum(1 for c in everything if c in wall.view().cameras)
            wall.setFocus()
            if left > 0:
                text = self.tr("%n camera(s) found no free tile.", "", left)
                self.notice.say(text, self.tr("Undo"), lambda: wall.set_view(before))

        if not sites:
            show([])
            return

        self.background(lambda: [c for s in sites for c in self.store.camera_ids_of_site(s)], show)

    # -- replay, evidence, this console

    def selected_row(self) -> CameraRow | None:
        camera = self.active.camera_at(self.active.selected)
        return self.rows.get(camera) if camera is not None else None

    def show_register(self) -> None:
        from app.ui.register import RegisterDialog

        dialog = RegisterDialog(self.store, self.tasks, self.session.settings.console, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def reload_settings(self) -> None:
        """This console's own operator and people, after an account."""
        self.background(
            lambda: self.store.setting("console"),
            lambda answer: self.session.use(Settings.from_json(answer)),
        )

    def cut_network(self) -> None:
        """The demo's cable."""
        self.cut_asked.emit(self.menus.actions["cut_network"].isChecked())

    def action(self, key: str) -> QAction:
        """One of the window's actions."""
        return self.menus.actions[key]

    def show_server(self, *, connected: bool, signed_in: bool) -> None:
        """What can be done about the server now."""
        self.menus.actions["change_person"].setEnabled(connected)
        self.menus.actions["sign_out"].setEnabled(signed_in)

    def lock(self) -> None:
        self.ptz.stop_all()
        if not self.session.lock(self, self.tasks) and not self.session.is_locked:
            self.notice.say(
                self.tr("Nobody here has a PIN, so nobody could unlock."),
                self.tr("Settings"), self.show_settings,
            )  # fmt: skip

    def show_settings(self) -> None:
        dialog = SettingsDialog(self.session.settings, self, self.session.account)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def save() -> None:
            settings = dialog.settings
            self.session.use(settings)
            self.background(lambda: self.store.set_setting("console", settings.to_json()))

        self.tasks.run(
            dialog, lambda _: protection(self.store),
            lambda found: dialog.protection.setText(describe(found)), self.failed,
        )  # fmt: skip
        dialog.accepted.connect(save)
        dialog.open()

    def edit_keys(self) -> None:
        dialog = KeyMapDialog(self.keymap, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def save() -> None:
            keys = dialog.keys
            self.keymap.apply(keys)
            self.background(lambda: self.store.set_setting("keys", keys))

        dialog.accepted.connect(save)
        dialog.open()

    def _view_changed(self) -> None:
        self._resolve()
        self.menus.check_layout()
        self.sidebar.states_changed()
        self._counted()
        self.save_in_time()

    # -- sound

    def full_screen(self) -> None:
        bars = (self.menuBar(), self.statusBar(), self.menus.bar)
        if self._before_full_screen is None:
            self._before_full_screen = self.saveState()
            for part in (*bars, *self.docks.values()):
                part.hide()
            self.setWindowState(self.windowState() | Qt.WindowState.WindowFullScreen)
            self.notice.say(self.tr("F11 leaves full screen."))
        else:
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowFullScreen)
            for bar in bars:
                bar.show()
            self.restoreState(self._before_full_screen)
            self._before_full_screen = None
        self.menus.actions["full"].setChecked(self._before_full_screen is not None)

    def find_camera(self) -> None:
        self.docks["sidebar"].show()
        self.sidebar.search.setFocus()
        self.sidebar.search.selectAll()

    # -- the selected camera

    def current_id(self) -> str | None:
        """The camera commands are about: the one in the details when the focus is there or in the
        sidebar, else the wall's."""
        focus = self.focusWidget()
        aside = (self.sidebar, self.details)
        if self._details_for and focus and any(part.isAncestorOf(focus) for part in aside):
            return self._details_for
        return self.active.camera_at(self.active.selected)

    def _selected(self, index: int, camera: str | None) -> None:
        row = self.rows.get(camera) if camera else None
        self.ptz.set_camera(row, row.title(self.language.current) if row else "")
        self.menus.actions["spot"].setChecked(self.active.view().spot == index)
        self._show_details(camera)
        self.commands.sound_changed()

    def _sidebar_selected(self, row: CameraRow | None) -> None:
        if row is not None:
            self._show_details(row.id)

    def _show_details(self, camera: str | None) -> None:
        self._details_for = camera
        if camera is None:
            self.details.show_camera(None, self.language.current)
            return

        def show(answer: tuple[CameraDetails | None, list[Line]]) -> None:
            if self._details_for == camera:
                self.details.show_camera(answer[0], self.language.current)
                self.details.show_faults(answer[1])
                self._show_stream()

        self.background(
            lambda: (self.store.camera(camera), self.faults.tickets.history(camera)), show
        )

    def _show_stream(self) -> None:
        camera = self._details_for
        wall = next((w for w in self._walls() if camera in w.cameras()), None)
        self.details.show_status(wall.status_of(camera) if camera and wall else None)

    def _statuses_changed(self, cameras: list[str]) -> None:
        self.sidebar.states_changed()
        self._counted()
        if self._details_for in cameras:
            self._show_stream()

    def _counted(self) -> None:
        cameras = set().union(*(wall.cameras() for wall in self._walls()))
        states = [self._state_of(c) for c in cameras]
        live = sum(s in (StreamState.LIVE, StreamState.DEGRADED) for s in states)
        bad = sum(s in TROUBLE for s in states)
        text = self.tr("{live} of {all} live").format(live=live, all=len(states))
        if bad:
            text += "  ·  " + self.tr("%n in trouble", "", bad)
        self._counts.setText(text)
        self._counts.setStyleSheet(f"color: {theme.AMBER.name()};" if bad else "")

    def _second(self) -> None:
        now = datetime.now().astimezone()
        for code in self.engine.notes():
            self.notice.say(i18n.failure_text(code, code), kind="warning")
            if code == "hardware-crashed":
                self.menus.actions["hardware"].setChecked(False)
                self.commands.use_hardware()
        offset = now.strftime("%z")
        self._clock.setText(f"{now:%Y-%m-%d  %H:%M:%S}  UTC{offset[:3]}:{offset[3:]}")
        self._show_stream()
        self.events.watch(set().union(*(wall.cameras() for wall in self._walls())))

    def _event_service(self, tell: Callable[[CameraEvent], None]) -> EventService:
        def access(camera: str) -> tuple[str, Credentials] | None:
            try:
                return self.store.device_access(camera)
            except StoreError:
                return None

        def channels(camera: str) -> dict[str, tuple[str, ...]]:
            try:
                return channels_of(self.store, camera)
            except StoreError:
                return {camera: ()}

        return EventService(access, tell, StoredPins(self.store), channels=channels)

    def _event_wanted(self, text: str) -> None:
        """The list of events comes to the front, with the keys on it."""
        self.docks["events"].show()
        self.events.view.setFocus()
        self.notice.say(text, kind="warning")

    def _ptz_alarm(self, camera: str, text: str) -> None:
        if not text:
            if camera == self._alarm_for:
                self._alarm_for = None
                self.notice.calm()
            return
        self._alarm_for = camera
        row = self.rows.get(camera)
        name = row.title(self.language.current) if row else camera
        self.notice.say(f"PTZ  {name}: {text}", self.tr("Stop"),
                        lambda: self.ptz.emergency_stop(camera), kind="alarm", stay=True)  # fmt: skip

    def _control_told(
        self, camera: str, text: str, action: tuple[str, Callable[[], None]] | None
    ) -> None:
        row = self.rows.get(camera)
        name = row.title(self.language.current) if row else camera
        self.notice.say(f"PTZ  {name}: {text}", *(action or ()), kind="warning", stay=bool(action))

    def _ptz_told(self, pane: WallPane, camera: str, text: str) -> None:
        if pane.wall is self.active:
            row = self.rows.get(camera)
            name = row.title(self.language.current) if row else camera
            pane.notice.say(f"PTZ  {name}: {text}", kind="warning")

    # -- adding, changing, removing

    def _sharing_changed(self) -> None:
        self.sidebar.states_changed()
        self._show_details(self._details_for)

    def _access_lost(self, text: str) -> None:
        self.notice.say(
            text,
            self.tr("Show"),
            lambda: self.menus.actions["sharing"].trigger(),
            kind="warning",
            stay=True,
        )

    def _on_store_changed(self, changes: Changes) -> None:
        self._generation += 1
        self.office.store_changed(changes)
        kinds = changes.kinds
        self.faults.stored(changes)
        if kinds.keys() & {"ticket", "ticket_event"} and self._details_for:
            self._show_details(self._details_for)
        if kinds.keys() & {"camera", "site", "organisation", "favourite"}:
            self.sidebar.reload()
            cameras = kinds.get("camera")
            if cameras is not None or "favourite" in kinds:
                self._resolve(again=cameras if cameras else frozenset())
        if kinds.keys() & {"view", "layout", "tour"}:
            self.kept.load()

    # -- help

    def _conflicts(self) -> None:
        from app.ui.conflicts import ConflictDialog

        dialog = ConflictDialog(self.store, self.tasks, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def show_help(self) -> None:
        if self._help_dialog is None:
            self._help_dialog = HelpDialog(self.menus.keys_by_menu, self)
        self._help_dialog.show()
        self._help_dialog.raise_()
        self._help_dialog.activateWindow()
