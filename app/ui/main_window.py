"""The main window: wall in the middle, sidebar left, PTZ and details right, menus and status.

Other windows are imported where they are opened: after a crash the walls must be back in seconds, and
most windows are not opened in a whole shift. `tests/ui/test_start.py` guards it.
"""

from __future__ import annotations

import base64
import functools
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QImage, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDockWidget,
    QFileDialog,
    QInputDialog,
    QLabel,
    QMainWindow,
    QMenu,
    QMessageBox,
    QToolBar,
    QWidget,
)
from shiboken6 import isValid

from app.devices.events import EventService
from app.devices.joystick import StickSettings
from app.domain.camera import Area, CameraDetails, CameraRow, CameraSource, Credentials, Site
from app.domain.camera_event import CameraEvent
from app.domain.layout import BUILT_IN, Layout, View
from app.domain.permission import Permission, Role
from app.evidence.keys import TRUSTED_FOLDER
from app.store.cache import protection
from app.store.devices import channels_of
from app.store.errors import StoreError
from app.store.pins import StoredPins
from app.store.store import Changes, NamedLayout, NamedTour, NamedView, Store, view_from_json
from app.store.tickets import Line
from app.ui import i18n, theme
from app.ui.bulk_desk import BulkDesk
from app.ui.cost_panel import CostPanel
from app.ui.desk import Desk
from app.ui.details import DetailsPanel
from app.ui.events import EventsPanel
from app.ui.evidence import EvidenceDesk, open_folder
from app.ui.figure_desk import FigureDesk
from app.ui.forecaster import Forecaster
from app.ui.help import HelpDialog, keys_of, plain
from app.ui.i18n import LANGUAGES, Language
from app.ui.joystick import JoystickBridge
from app.ui.keymap import KeyMap, KeyMapDialog
from app.ui.layouts import LayoutDialog, layout_icon
from app.ui.number_entry import NumberEntry
from app.ui.office import Office
from app.ui.protection import describe
from app.ui.ptz_panel import Connect, PtzPanel
from app.ui.pulse import Pulse
from app.ui.replay import ReplayDesk
from app.ui.screens import Home
from app.ui.session import Session, Settings, SettingsDialog
from app.ui.sidebar import Sidebar
from app.ui.sound import SoundControl, SoundDesk
from app.ui.sync_status import SyncLabel
from app.ui.tasks import Task, Tasks
from app.ui.thumbnails import Folder, Thumbnails, WallThumbnails
from app.ui.ticket_desk import TicketDesk
from app.ui.tile_painter import TROUBLE
from app.ui.wall import SITE_PREFIX, WallWidget
from app.ui.wall_window import (
    WALLS,
    WALLS_BEFORE,
    House,
    WallPane,
    WallWindow,
    WallWindows,
    fill_screens,
    fill_views,
    heading,
    read_walls,
)
from app.ui.zoom import Aspect
from app.video.engine import VideoEngine
from app.video.types import StreamState, StreamStatus

if TYPE_CHECKING:
    from app.ui.acceptance import Subject
    from app.ui.device_review import DeviceReviewDialog
    from app.ui.discovery import DiscoveryDialog
    from app.ui.exchange import ExportDialog, ImportDialog
    from app.ui.find_place import FindPlace
    from app.ui.player import PlayerWindow

MENUS = (
    "camera", "wall", "evidence", "log", "faults", "views", "tours", "organisation", "view", "help",
)  # fmt: skip
SAVE_DELAY_MS = 800
PTZ_HEIGHT = 450
"""What the panel takes with its presets, before a person moves the edge."""
MANY_TILES = 16
"""Above this the client says what the studies say (domain reference 7.2); it does not forbid."""


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
        self._store, self._engine, self._tasks, self._language = store, engine, tasks, language
        self._title_note = title_note
        self._rows: dict[str, CameraRow] = {}
        self._sources: dict[str, CameraSource] = {}
        self._areas: dict[str, tuple[Area, ...]] = {}
        self._resolving: set[str] = set()
        self._generation = 0
        """Counts changes of stored data: an answer read before the last one is not believed."""
        self._views: list[NamedView] = []
        self._reading_views: Task | None = None
        self._layouts: list[NamedLayout] = []
        self._tours: list[NamedTour] = []
        self.held: frozenset[str] = frozenset()
        """Cameras of open incidents: no tour changes them."""
        self._tour_shown = ""
        self._players: list[PlayerWindow] = []
        self._walls_saved: dict[str, Any] | None = None
        self._view_id: str | None = None
        self._undo: list[View] = []
        self._restoring = True
        self._details_for: str | None = None
        self._alarm_for: str | None = None
        self._help_dialog: HelpDialog | None = None
        self._discovery: DiscoveryDialog | None = None
        self._before_full_screen: QByteArray | None = None
        self._connect_ptz = connect_ptz
        self._build(connect_ptz)
        self._actions()
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
        try:
            self._store_changed.emit(changes)
        except RuntimeError:
            pass  # the window is gone

    # -- building

    def _build(self, connect_ptz: Connect) -> None:
        self.session = Session(self)
        self._engine.renew = self._renew
        self.pulse = Pulse(self._engine, self)
        house = House(
            self._engine, self.pulse, self._row, lambda: self._language.current,
            lambda: self._views, lambda: self._layouts, lambda: self._tours, self._resolve,
            lambda camera: self.ptz.controls(camera), lambda: self.held, lambda key: self._act[key],
        )  # fmt: skip
        self.pane = WallPane(house)
        self.wall = self.active = self.pane.wall
        self.notice = self.pane.notice
        self.windows = WallWindows(house, self._adopt, self)
        self.windows.changed.connect(self._windows_changed)
        self.home = Home(self)
        self.setCentralWidget(self.pane)
        self.sidebar = Sidebar(self._store, self._tasks, lambda: self._language.current)
        self.ptz = PtzPanel(connect_ptz, self._tasks, self._engine.picture, store=self._store)
        self.details = DetailsPanel()
        self.cost = CostPanel(self._engine, self._camera_name)
        self.events = EventsPanel(self._event_service, self._camera_name)
        self.events.open_requested.connect(lambda ids: self._dropped(self.active.selected, ids))
        self.forecaster = Forecaster(self._store, self._engine, self._tasks, self.wall, self.notice,
                                     lambda: self._language.current, self)  # fmt: skip
        areas = Qt.DockWidgetArea
        self._docks: dict[str, QDockWidget] = {}
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
            self._docks[key] = dock
        self._docks["cost"].hide()
        self._docks["events"].hide()
        self.resizeDocks([self._docks["sidebar"], self._docks["ptz"]], [320, 300],
                         Qt.Orientation.Horizontal)  # fmt: skip
        left = int(self.screen().availableGeometry().height() * 0.9) - 110 - PTZ_HEIGHT
        self.resizeDocks([self._docks["ptz"], self._docks["details"]], [PTZ_HEIGHT, max(left, 190)],
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
        self._case = QLabel()
        self._case.setObjectName("case")
        bar.addPermanentWidget(self._case)
        bar.addPermanentWidget(self.sync)
        bar.addPermanentWidget(self._secrets)
        bar.addPermanentWidget(self._clock)
        wall, ptz = self.wall, self.ptz
        self.sound = SoundDesk(self._engine, self)
        self.sound.changed.connect(self._sound_changed)
        self.sound.silent.connect(self._silent)
        volume_soon = QTimer(self)
        volume_soon.setSingleShot(True)
        volume_soon.setInterval(SAVE_DELAY_MS)
        volume_soon.timeout.connect(self._save_volume)
        self.sound.volume_set.connect(lambda *_: volume_soon.start())
        self.evidence = EvidenceDesk(
            self._engine, self._store, self._tasks, self.session,
            lambda: self._language.current, self._store.path.parent, self,
        )  # fmt: skip
        self.evidence.told.connect(self._evidence_told)
        self.evidence.case_changed.connect(self._show_case)
        self.desk = Desk(
            self._store, self._tasks, self.session, lambda: self._language.current,
            self._wall_statuses, lambda: self.evidence.packages, self,
        )  # fmt: skip
        self.desk.held_changed.connect(lambda cameras: setattr(self, "held", cameras))
        self.desk.told.connect(lambda text: self.notice.say(text, kind="warning"))
        self.desk.show_camera.connect(lambda c: self._dropped(self.active.selected, [c]))
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
        self.session.idle.connect(self._lock)
        folder = Folder(self._store.path.parent / "thumbnails")
        self.thumbnails = Thumbnails(folder, self._tasks, self._store.masks, self)
        self.faults = TicketDesk(
            self._store, self._tasks, self.session, self._engine, self._status_of,
            lambda camera: self._areas.get(camera, ()), lambda: self._language.current, self,
        )  # fmt: skip
        self.faults.marks_changed.connect(self._fault_marks)
        self.faults.told.connect(self._fault_told)
        self.faults.show_camera.connect(lambda c: self._dropped(self.active.selected, [c]))
        self.faults.accept_asked.connect(self._commission)
        self.faults.change_person_asked.connect(self.change_person_asked)
        self.faults.statuses = self._wall_statuses
        self.faults.join_desk(self.desk)
        self.desk.fault_found.connect(self.faults.found)
        bar.insertPermanentWidget(1, self.faults.counter)
        self.events.shelve_asked.connect(self.desk.shelf.ask)
        self.events.shelf_asked.connect(self.desk.shelf.show)
        self.events.event_wanted.connect(self._event_wanted)
        self.desk.shelf.changed.connect(self.events.use_shelved)
        self.figures = FigureDesk(self._store, self._tasks, self._wall_statuses,
                                  lambda: self._language.current, self.faults.open,
                                  self._show_file, self)  # fmt: skip
        self.details.fault_asked.connect(self.faults.open)
        self.sidebar.set_badges(self.faults.badge)
        self.joystick = JoystickBridge(ptz, StickSettings(), self)
        self.joystick.tile_stepped.connect(self._step_tile)
        self.joystick.preset_called.connect(self._call_preset)
        wall.view_changed.connect(self._view_changed)
        wall.context_menu_requested.connect(self._tile_menu)
        self._adopt(self.pane)
        self.pane.tours.shown.connect(lambda _: self._windows_changed())
        self.pane.tours.changed.connect(self._tour_began_or_ended)
        ptz.alarm.connect(self._ptz_alarm)
        ptz.control_told.connect(self._control_told)
        side = self.sidebar
        side.set_states(self._state_of)
        side.open_requested.connect(lambda ids: self._dropped(self.active.selected, ids))
        side.selected.connect(self._sidebar_selected)
        side.menu_requested.connect(self._sidebar_menu)
        self.office = Office(self._store, self._tasks, lambda: self._language.current, self)
        self.session.locked.connect(self.office.close_screens)
        self.office.changed.connect(self._rank)
        self.office.told.connect(lambda text: self.notice.say(text, kind="good"))
        self.bulk = BulkDesk(
            self._store, self.desk.logbook, self._tasks, self.office,
            lambda: self._language.current,
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

        place = FindPlace(self._store, self._tasks, self.thumbnails, self._engine.picture,
                          self._state_of, lambda: self._language.current, self)  # fmt: skip
        place.open_requested.connect(lambda ids: self._dropped(self.active.selected, ids))
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
        wall.cameras_dropped.connect(lambda index, ids: self._dropped(index, ids, wall))
        wall.statuses_changed.connect(self._statuses_changed)
        wall.ptz_drag.connect(ptz.drag)
        wall.ptz_release.connect(ptz.release)
        wall.ptz_wheel.connect(ptz.wheel)
        wall.ptz_aim.connect(ptz.aim)
        ptz.told.connect(lambda camera, text: self._ptz_told(pane, camera, text))
        ptz.watch(wall)
        wall.watermark = self.session.watermark
        wall.masks = lambda camera: self._areas.get(camera, ())
        wall.badge = self.faults.badge
        self.session.changed.connect(wall.update)
        self.sound.add(wall)
        pane.thumbnails = WallThumbnails(wall, self._engine.picture, self.thumbnails, pane)
        # What was installed last sees a key first: a number being typed, a replay, then PTZ.
        pane.replay = replay = ReplayDesk(self._engine, wall)
        replay.still_asked.connect(lambda _: self._snapshot())
        replay.export_asked.connect(lambda index, begin, end: self._export(wall, index, begin, end))
        replay.refused.connect(
            lambda _: pane.notice.say(self.tr("Nothing of this camera is kept yet."))
        )
        pane.number = number = NumberEntry(
            wall, self._tasks, self._store.by_call_number, lambda: self._language.current,
            ptz.preset_name,
        )  # fmt: skip
        number.preset_called.connect(ptz.go_to_number)
        number.camera_called.connect(lambda camera: self._dropped(wall.selected, [camera], wall))
        number.tile_called.connect(lambda index: self._select_tile(index, wall))
        wall.set_sources(self._source)
        if wall is self.wall:
            self.number, self.replay = number, replay
            application = QApplication.instance()
            if isinstance(application, QApplication):
                application.focusChanged.connect(self._focus_moved)
            return
        wall.view_changed.connect(self._windows_changed)
        window = wall.window()
        if isinstance(window, WallWindow):
            window.asked.connect(lambda key: self._act[key].trigger())
            window.save_requested.connect(lambda: self._save_view(as_new=True, wall=wall))
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
        self._docks["sidebar"].setWindowTitle(title)

    def _new_wall(self) -> None:
        if self.windows.open() is None:
            self.notice.say(self.tr("There are as many wall windows as can be."))

    def _windows_changed(self) -> None:
        """Another view, place or number of wall windows: kept within a second."""
        self._resolve()
        self.sidebar.states_changed()
        self._counted()
        self._save_in_time()

    def _save_in_time(self) -> None:
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

    def _report_fault(self) -> None:
        camera = self._current_id()
        if camera is None:
            self.notice.say(self.tr("Select a tile with a camera first."))
        else:
            self.faults.report(camera)

    def _fault_history(self, row: CameraRow | None = None) -> None:
        camera = row.id if row else self._current_id()
        if camera is None:
            self.notice.say(self.tr("Select a tile with a camera first."))
            return
        title = row.title(self._language.current) if row else self._camera_name(camera)
        self.faults.show_history(camera, title)

    def _maintenance(self) -> None:
        camera = self._current_id()
        if camera is None:
            self.notice.say(self.tr("Select a tile with a camera first."))
        else:
            self.faults.maintenance([camera])

    # -- tours

    def _tour_began_or_ended(self) -> None:
        named = self.pane.tours.named
        running = named.id if named else ""
        if running != self._tour_shown:
            self._tour_shown = running
            self._fill_tour_menu()
            self._save_in_time()

    def _fill_tour_menu(self) -> None:
        menu = self._menus["tours"]
        menu.clear()
        shared = False
        for named in self._tours:
            if named.shared and not shared:
                shared = True
                heading(menu, self.tr("Everybody's"))
            action = menu.addAction(named.name, functools.partial(self._run_tour, named.id))
            action.setCheckable(True)
            action.setChecked(named.id == self._tour_shown)
        if not self._tours:
            menu.addAction(self.tr("No tours yet")).setEnabled(False)
        menu.addSeparator()
        menu.addActions(list(self.pane.strip.actions_by_name.values()))
        menu.addSeparator()
        menu.addAction(self._act["new_tour"])
        change = menu.addMenu(self.tr("&Change tour"))
        change.setEnabled(bool(self._tours))
        for named in self._tours:
            change.addAction(f"{named.name}…", functools.partial(self._edit_tour, named))

    def _run_tour(self, tour_id: str) -> None:
        """From the menu: the running one ends, another begins."""
        if tour_id == self._tour_shown:
            self.pane.tours.stop()
        else:
            self.pane.start_tour(tour_id)

    def _edit_tour(self, named: NamedTour | None = None) -> None:
        from app.ui.tour_editor import TourDialog

        tile = self.active.selected
        dialog = TourDialog(self._store, self._tasks, self._views, named,
                            self._language.current, self, tile=tile)  # fmt: skip
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def done() -> None:
            identity = dialog.saved_id
            if dialog.removed:
                text = self.tr("Tour “{name}” deleted.").format(name=named.name if named else "")
                self.notice.say(
                    text, self.tr("Undo"),
                    lambda: self._background(lambda: self._store.delete_tour(identity, undo=True)),
                )  # fmt: skip
            elif named is None:
                self.notice.say(self.tr("Tour “{name}” saved.").format(name=dialog.name.text()),
                                self.tr("Start"), lambda: self.pane.start_tour(identity))  # fmt: skip

        dialog.accepted.connect(done)
        dialog.open()

    def _event_wanted(self, text: str) -> None:
        """The list of events comes to the front, with the keys on it."""
        self._docks["events"].show()
        self.events.view.setFocus()
        self.notice.say(text, kind="warning")

    def _action(
        self, key: str, run: Callable[[], Any], shortcut: str = "", *, checkable: bool = False
    ) -> QAction:
        action = QAction(self)
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        action.setCheckable(checkable)
        action.triggered.connect(lambda *_: run())
        self._act[key] = action
        self.addAction(action)
        return action

    def _actions(self) -> None:
        self._act: dict[str, QAction] = {}
        make = self._action
        make("add", self._add_camera, "Ctrl+N")
        make("discover", self._find_cameras, "Ctrl+Alt+D")
        make("commission", lambda: self._commission(self._current_id()), "Ctrl+Alt+K")
        make("compare", lambda: self._compare(self._current_id()), "Ctrl+Alt+B")
        make("bulk", lambda: self._set_up(self.sidebar.chosen() or [self._current_id()]),
             "Ctrl+Shift+B")  # fmt: skip
        make("edit", lambda: self._edit(self._current_id()), "Ctrl+E")
        make("remove", lambda: self._remove(self._current_id()), "Ctrl+Delete")
        make("file", lambda: self._show_file(self._current_id()), "F4")
        make("import_register", self._import_register, "Ctrl+Alt+I")
        make("export_register", self._export_register, "Ctrl+Alt+X")
        make("definitions", self._show_definitions, "Ctrl+Shift+F4")
        make("device_review", self._review_devices, "Shift+F4")
        make("favourite", lambda: self._toggle_favourite(self._current_id()), "Ctrl+D")
        make("quit", self.close, "Ctrl+Q")
        make("find", self._find, "Ctrl+F")
        make("place", lambda: self.place.start(), "Ctrl+G")
        make("maximise", self._maximise, "Return").setShortcutContext(
            Qt.ShortcutContext.WidgetShortcut
        )
        make("clear", self._clear, "Delete").setShortcutContext(
            Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        self.removeAction(self._act["clear"])
        self.wall.addAction(self._act["clear"])
        make("sound", self._toggle_sound, "U", checkable=True)
        make("mute", self.sound.toggle_mute, "Shift+U", checkable=True)
        for key in ("sound", "mute"):
            self._act[key].setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.removeAction(self._act[key])
            self.wall.addAction(self._act[key])
        make("undo", self._undo_view, "Ctrl+Z")
        make("retry", self._retry, "F5")
        make("ptz_mode", lambda: self.wall.set_ptz_mode(not self.wall.ptz_mode), "Ctrl+P",
             checkable=True)  # fmt: skip
        make("full", self._full_screen, "F11", checkable=True)
        make("zoom_in", lambda: self.active.zoom_steps(2), "Ctrl++")
        make("zoom_out", lambda: self.active.zoom_steps(-2), "Ctrl+-")
        make("zoom_off", lambda: self.active.zoom_steps(0), "Ctrl+Alt+0")
        make("aspect", self._next_aspect, "Ctrl+Shift+A")
        make("spot", self._toggle_spot, "Ctrl+Shift+P", checkable=True)
        make("replay", self.replay.toggle, "R")
        make("snapshot", self._snapshot, "S")
        make("case", lambda: self.evidence.edit_case(), "Ctrl+K")
        make("end_case", self.evidence.end_case, "Ctrl+Shift+K")
        make("open_recording", self._open_recording, "Ctrl+O")
        make("register", self._show_register, "Ctrl+Shift+O")
        make("incident", lambda: self.desk.open_incident(self._selected_row()), "I")
        make("incident_new", lambda: self.desk.open_incident(self._selected_row(), always=True),
             "Shift+I")  # fmt: skip
        make("incident_add", lambda: self.desk.add_camera(self._selected_row()), "Ctrl+Shift+I")
        make("incidents", self.desk.show_incidents, "Ctrl+I")
        make("shift", self.desk.show_shift, "Ctrl+J")
        make("patrol", self.desk.show_patrol, "Ctrl+Shift+J")
        make("registers", self.desk.show_registers, "Ctrl+R")
        make("inspections", self.desk.show_inspections, "Ctrl+Alt+J")
        make("people", self.desk.show_people, "Ctrl+Alt+Q")
        make("practice", self.desk.show_practice, "Ctrl+Alt+Y")
        make("guides", self.desk.show_guides, "Ctrl+Alt+T")
        make("masks", self._edit_masks, "Ctrl+Shift+M")
        make("report", self._report_fault, "F")
        make("faults", lambda: self.faults.show_board(), "Ctrl+Shift+F")
        make("fault_history", lambda: self._fault_history(), "Ctrl+Shift+Y")
        make("fault_rules", self.faults.show_rules, "Ctrl+Shift+L")
        make("maintenance", self._maintenance, "Ctrl+Alt+M")
        make("figures", self.figures.show, "Ctrl+Alt+G")
        make("lock", self._lock, "Ctrl+Alt+L")
        make("settings", self._settings, "Ctrl+,")
        make("server", self.server_asked.emit, "Ctrl+Alt+C")
        make("change_person", self.change_person_asked.emit, "Ctrl+Alt+P")
        make("sign_out", self.sign_out_asked.emit, "Ctrl+Alt+O")
        make("cut_network", self.cut_network, "Ctrl+Alt+N", checkable=True).setVisible(False)
        make("keys", self._edit_keys, "Shift+F1")
        for key in ("replay", "snapshot", "incident", "incident_new", "report"):
            # Letters belong to the wall: elsewhere they are typed.
            self._act[key].setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.removeAction(self._act[key])
            self.wall.addAction(self._act[key])
        make("hardware", self._use_hardware, "Ctrl+Shift+H", checkable=True)
        make("save_view", self._save_view, "Ctrl+S")
        make("save_view_as", lambda: self._save_view(as_new=True), "Ctrl+Shift+S")
        make("rename_view", self._rename_view, "F2")
        make("delete_view", self._delete_view, "Ctrl+Shift+Delete")
        make("save_view_shared", lambda: self._save_view(shared=True), "Ctrl+Alt+V")
        make("new_layout", self._new_layout, "Ctrl+L")
        make("new_wall", self._new_wall, "Ctrl+Shift+N")
        make("new_tour", self._edit_tour, "Ctrl+T")
        self._act |= self.pane.strip.actions_by_name
        others = self.ptz.control.actions_by_name | self.events.actions_by_name
        for key, action in (self.office.actions | others).items():
            self._act[key] = action
            self.addAction(action)
        make("help", self._help, "F1")
        self._act["ptz_mode"].setIcon(theme.icon("ptz"))
        self._act["full"].setIcon(theme.icon("full-screen"))
        self._act["sound"].setIcon(theme.icon("listen"))
        for key, shortcut in (
            ("sidebar", "F6"), ("ptz", "F7"), ("details", "F8"), ("cost", "F9"),
            ("events", "Ctrl+Alt+E"),
        ):  # fmt: skip
            toggle = self._docks[key].toggleViewAction()
            toggle.setShortcut(QKeySequence(shortcut))
            self._act[f"dock {key}"] = toggle
            self.addAction(toggle)
        self._layout_actions: list[tuple[QAction, Layout]] = []
        for i, layout in enumerate(BUILT_IN.values()):
            action = self._action(
                f"layout {layout.key}",
                functools.partial(self._set_layout, layout),
                f"Ctrl+{(i + 1) % 10}",
                checkable=True,
            )
            action.setIcon(layout_icon(layout))
            self._layout_actions.append((action, layout))
        for code, (name, shortcut) in LANGUAGES.items():
            action = self._action(
                f"language {code}",
                functools.partial(self._use_language, code),
                shortcut,
                checkable=True,
            )
            action.setText(name)
        menu = self.menuBar()
        self._menus = {k: menu.addMenu("") for k in MENUS}
        for key in ("find", "place", "", "add", "discover", "bulk", "", "edit", "file", "commission",
                    "compare", "masks", "favourite", "remove", "", "import_register",
                    "export_register", "device_review", "definitions"):  # fmt: skip
            if key:
                self._menus["camera"].addAction(self._act[key])
            else:
                self._menus["camera"].addSeparator()
        self._menus["camera"].addSeparator()
        self._menus["steering"] = self._menus["camera"].addMenu("")
        self._menus["steering"].addActions(list(self.ptz.control.actions_by_name.values()))
        self._menus["camera"].addSeparator()
        for key in ("settings", "lock", "quit"):
            self._menus["camera"].addAction(self._act[key])
        for key in ("maximise", "clear", "undo", "retry", "sound", "mute", "ptz_mode", "full", "", "spot",
                    "zoom_in", "zoom_out", "zoom_off", "aspect", "", "hardware"):  # fmt: skip
            if key:
                self._menus["wall"].addAction(self._act[key])
            else:
                self._menus["wall"].addSeparator()
        for key in ("replay", "snapshot", "", "case", "end_case", "", "open_recording", "register"):
            if key:
                self._menus["evidence"].addAction(self._act[key])
            else:
                self._menus["evidence"].addSeparator()
        for key in ("incident", "incident_new", "incident_add", "incidents", "shift", "patrol",
                    "shelve", "shelved", "inspections", "registers", "people", "guides",
                    "practice"):  # fmt: skip
            self._menus["log"].addAction(self._act[key])
        for key in ("report", "faults", "fault_history", "fault_rules", "maintenance", "figures"):
            self._menus["faults"].addAction(self._act[key])
        self._menus["organisation"].setToolTipsVisible(True)
        self._menus["organisation"].addActions(list(self.office.actions.values()))
        self.office.changed.connect(self._tips)
        self._menus["organisation"].addSeparator()
        for key in ("server", "change_person", "sign_out", "cut_network"):
            self._menus["organisation"].addAction(self._act[key])
        self._menus["layouts"] = self._menus["wall"].addMenu("")
        self._menus["view"].addActions([self._act[f"dock {key}"] for key in self._docks])
        self._menus["view"].addSeparator()
        self._menus["view"].addAction(self._act["new_wall"])
        self._menus["screens"] = self._menus["view"].addMenu("")
        self._menus["screens"].aboutToShow.connect(self._fill_screen_menu)
        self._menus["language"] = self._menus["view"].addMenu("")
        for code in LANGUAGES:
            self._menus["language"].addAction(self._act[f"language {code}"])
        self._menus["help"].addAction(self._act["help"])
        self._menus["help"].addAction(self._act["keys"])
        self._bar = QToolBar()
        self._bar.setObjectName("layouts")
        self._bar.setMovable(False)
        self.addToolBar(self._bar)
        for action, _ in self._layout_actions:
            self._bar.addAction(action)
        self._bar.addSeparator()
        self._bar.addAction(self._act["ptz_mode"])
        self._bar.addAction(self._act["full"])
        self._bar.addAction(self._act["sound"])
        control = SoundControl(self.sound)
        self._sound_control, self._sound_place = control, self._bar.addWidget(control)
        self._sound_changed()
        self._bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._bar.setIconSize(QSize(22, 22))
        self.wall.ptz_mode_changed.connect(self._act["ptz_mode"].setChecked)
        self.keymap = KeyMap(self)
        self.keymap.take(self._act)
        self.keymap.changed.connect(self._tips)

    def _tips(self) -> None:
        """Tooltips show the keys."""
        for action in self._act.values():
            keys = keys_of(action)
            text = f"{plain(action)}  ({keys})" if keys else plain(action)
            why = action.property("why")
            action.setToolTip(f"{text}\n{why}" if why else text)

    def _retranslate(self) -> None:
        texts = {
            "add": self.tr("&Add camera…"),
            "discover": self.tr("Find cameras on the &network…"),
            "commission": self.tr("Chec&k and accept…"),
            "compare": self.tr("&Has it moved?…"),
            "bulk": self.tr("Set &up many cameras…"),
            "edit": self.tr("&Edit camera…"),
            "file": self.tr("File of the &device…"),
            "import_register": self.tr("&Import into the asset register…"),
            "export_register": self.tr("E&xport the asset register…"),
            "definitions": self.tr("Fields and c&ode lists…"),
            "device_review": self.tr("&What devices say otherwise…"),
            "remove": self.tr("&Remove camera…"),
            "favourite": self.tr("Fa&vourite"),
            "quit": self.tr("&Quit"),
            "find": self.tr("&Find camera"),
            "place": self.tr("Find by &place…"),
            "maximise": self.tr("&Maximise tile"),
            "clear": self.tr("&Clear tile"),
            "undo": self.tr("&Undo change of the wall"),
            "retry": self.tr("&Try to connect again"),
            "sound": self.tr("&Sound of this tile"),
            "mute": self.tr("Mut&e"),
            "ptz_mode": self.tr("&PTZ by mouse"),
            "full": self.tr("&Full screen"),
            "zoom_in": self.tr("&Zoom in (digital)"),
            "zoom_out": self.tr("Zoom &out (digital)"),
            "zoom_off": self.tr("&Whole picture"),
            "aspect": self.tr("Picture sh&ape: fit, fill, stretch"),
            "spot": self.tr("Spot t&ile: follows the selection"),
            "replay": self.tr("&Instant replay, or back to live"),
            "snapshot": self.tr("&Snapshot…"),
            "case": self.tr("&Why are pictures taken…"),
            "end_case": self.tr("&End the case"),
            "open_recording": self.tr("&Open recording…"),
            "register": self.tr("&Register of retrievals…"),
            "incident": self.tr("&Incident of this tile…"),
            "incident_new": self.tr("&New incident of this tile…"),
            "incident_add": self.tr("&Add this tile to the incident"),
            "incidents": self.tr("Incidents: &list and log…"),
            "shift": self.tr("&Shift and handover…"),
            "patrol": self.tr("Video &patrols…"),
            "registers": self.tr("Logs and &registers…"),
            "inspections": self.tr("&On-site inspection…"),
            "people": self.tr("&Qualifications and training…"),
            "practice": self.tr("Pra&ctice…"),
            "guides": self.tr("&Task cards and lists…"),
            "report": self.tr("&Report a fault…"),
            "faults": self.tr("&Faults: list and board"),
            "fault_history": self.tr("Faults of this &camera"),
            "fault_rules": self.tr("&Time limits of faults…"),
            "maintenance": self.tr("&Maintenance: begin, or end"),
            "figures": self.tr("Fi&gures…"),
            "masks": self.tr("Private area&s…"),
            "lock": self.tr("&Lock"),
            "settings": self.tr("Se&ttings…"),
            "server": self.tr("Ser&ver…"),
            "change_person": self.tr("Another person signs &in…"),
            "sign_out": self.tr("Sign &out"),
            "cut_network": self.tr("Demo: c&ut the network to the server"),
            "keys": self.tr("&Change keys…"),
            "hardware": self.tr("&Hardware decoding where it works"),
            "save_view": self.tr("&Save view"),
            "save_view_as": self.tr("Save view &as…"),
            "rename_view": self.tr("&Rename view…"),
            "delete_view": self.tr("&Delete view"),
            "save_view_shared": self.tr("Save view for &everybody"),
            "new_layout": self.tr("&New layout…"),
            "new_wall": self.tr("&New wall window"),
            "new_tour": self.tr("New &tour…"),
            "help": self.tr("&Keys and help"),
        }
        self.office.retranslate()
        for key, text in texts.items():
            self._act[key].setText(text)
        for action, layout in self._layout_actions:
            action.setText(self.tr("Layout {name}").format(name=layout.key))
        menus = {
            "camera": self.tr("&Camera"),
            "wall": self.tr("&Wall"),
            "evidence": self.tr("&Evidence"),
            "log": self.tr("&Log"),
            "faults": self.tr("F&aults"),
            "views": self.tr("V&iews"),
            "tours": self.tr("T&ours"),
            "organisation": self.tr("Or&ganisation"),
            "screens": self.tr("&Move to screen"),
            "steering": self.tr("&Who steers this camera"),
            "view": self.tr("Win&dow"),
            "help": self.tr("&Help"),
            "layouts": self.tr("&Layout"),
            "language": self.tr("&Language"),
        }
        for key, text in menus.items():
            self._menus[key].setTitle(text)
        self._name_sidebar()
        docks = {
            "ptz": self.tr("PTZ"),
            "details": self.tr("Details"),
            "cost": self.tr("What this wall costs"),
            "events": self.tr("Events of cameras"),
        }
        for key, text in docks.items():
            self._docks[key].setWindowTitle(text)
        self._tips()
        self._show_case()
        self._bar.setWindowTitle(self.tr("Layouts"))
        title = self.tr("Watchroom")
        self.setWindowTitle(f"{title} – {self._title_note}" if self._title_note else title)
        for code in LANGUAGES:
            self._act[f"language {code}"].setChecked(code == self._language.current)
        secure = self._store.secrets.secure
        self.sync.retranslate()
        self._secrets.setText("" if secure else self.tr("passwords: encrypted file"))
        self._secrets.setToolTip(
            self.tr("This system has no keyring. Camera passwords are kept in an encrypted file "
                    "that only your account can read.")
        )  # fmt: skip
        self._fill_view_menu()
        self._fill_layout_menu()
        self._fill_tour_menu()
        self._check_layout()
        self._second()
        self._counted()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_bar"):
            self._retranslate()
            self.faults.retranslate()
            self.figures.retranslate()
            self._selected(self.wall.selected, self.wall.camera_at(self.wall.selected))

    def _use_language(self, code: str) -> None:
        self._language.use(code)
        self._background(lambda: self._store.set_setting("language", code))

    def _background(
        self, work: Callable[[], Any], success: Callable[[Any], None] | None = None
    ) -> None:
        """Read or write stored data; a failure is told over the wall."""
        self._tasks.run(self, lambda _: work(), success, self._failed)

    def _failed(self, error: Exception) -> None:
        self.notice.say(i18n.error_text(error), kind="warning")

    # -- start and end

    def restore(self, first_view: View | None = None) -> None:
        """Bring back window, docks and wall of last time, in the background."""

        def read(_: Any) -> Any:
            store = self._store
            return (
                store.setting("window"), store.setting("wall"), store.views(), store.layouts(),
                store.tours(), read_walls(store), store.setting("console"),
                store.setting("keys"), store.setting("joystick"),
                store.setting("hardware_decoding"), store.setting("camera_events"),
            )  # fmt: skip

        def show(answer: Any) -> None:
            (
                window, wall, self._views, self._layouts, self._tours, walls, console, keys,
                joystick, hardware, events,
            ) = answer  # fmt: skip
            self.session.use(Settings.from_json(console))
            self.events.use(events)
            self.events.listening_changed.connect(
                lambda on: self._background(
                    lambda: self._store.set_setting("camera_events", "on" if on else "off")
                )
            )
            self.keymap.apply(keys)
            self.joystick.use(StickSettings.from_json(joystick))
            self.joystick.start()
            self._act["hardware"].setChecked(hardware != "off")
            self._engine.use_hardware(hardware != "off")
            if isinstance(window, dict):
                for key, use in (("geometry", self.restoreGeometry), ("state", self.restoreState)):
                    try:
                        use(QByteArray(base64.b64decode(window.get(key, ""))))
                    except (ValueError, TypeError):
                        continue  # a damaged setting must not keep the client from starting
                self._keep_on_screen()
            view = view_from_json(wall) if isinstance(wall, str) else None
            view = view or first_view
            self._fill_view_menu()
            self._fill_layout_menu()
            self._fill_tour_menu()
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
            if self._store.note:
                self.notice.say(self._store.note, kind="warning", stay=True)

        def failed(error: Exception) -> None:
            self._restoring = False
            self.notice.say(i18n.error_text(error), kind="warning", stay=True)

        self._tasks.run(self, read, show, failed)
        self._background(lambda: self._store.setting("volume"), self.sound.restore_volume)
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
        return lambda: self._store.set_settings(values)

    def _restore_walls(self, state: dict[str, Any]) -> None:
        """All walls as they were."""
        self.pane.restore(state["main"])
        if not self.windows.windows:
            self.windows.restore(state.get("windows"))

    def _save_state(self) -> None:
        if not self._restoring:
            self._background(self._state_writer())

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
        self.windows.close_all()
        self.desk.close()
        for player in list(self._players):
            player.close()
        event.accept()

    # -- cameras on the wall

    def _row(self, camera: str) -> CameraRow | None:
        return self._rows.get(camera)

    def _camera_name(self, camera: str) -> str:
        row = self._rows.get(camera)
        return row.title(self._language.current) if row is not None else camera

    def _source(self, camera: str) -> CameraSource | None:
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
            rows = self._store.rows(ids)
            sources = {i: self._store.source(i) for i in ids}
            return rows, sources, self._store.masks(ids)

        def show(answer: Any) -> None:
            rows, sources, areas = answer
            self._resolving -= unknown
            if generation != self._generation:
                # A camera removed and brought back meanwhile must not leave the wall.
                self._resolve(again=frozenset(unknown))
                return
            self._rows |= {r.id: r for r in rows}
            self._areas = {c: a for c, a in self._areas.items() if c not in unknown} | areas
            for camera, source in sources.items():
                if source is None:
                    self._sources.pop(camera, None)
                    self._take_off(camera)
                elif not self._keeps_ticket(camera, source):
                    self._sources[camera] = source
            for wall in self._walls():
                wall.refresh()
            self._selected(self.active.selected, self.active.camera_at(self.active.selected))

        def failed(error: Exception) -> None:
            self._resolving -= unknown
            self.notice.say(i18n.error_text(error), self.tr("Try again"), self._resolve,
                            kind="warning")  # fmt: skip

        self._tasks.run(self, read, show, failed)

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

    def _take_off(self, camera: str) -> None:
        """A camera that no longer exists leaves the walls."""
        for wall in self._walls():
            for index, other in enumerate(wall.view().cameras):
                if other == camera:
                    wall.clear(index)

    def _dropped(self, index: int, ids: list[str], on: WallWidget | None = None) -> None:
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
                self._remember()
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

        self._background(
            lambda: [c for s in sites for c in self._store.camera_ids_of_site(s)], show
        )

    def _select_tile(self, index: int, wall: WallWidget) -> None:
        """A tile called by its number."""
        count = len(wall.view().cameras)
        if 0 <= index < count:
            wall.select(index)
        else:
            self.notice.say(self.tr("This layout has tiles 1 to {count}.").format(count=count))

    # -- replay, evidence, this console

    def _selected_row(self) -> CameraRow | None:
        camera = self.active.camera_at(self.active.selected)
        return self._rows.get(camera) if camera is not None else None

    def _snapshot(self) -> None:
        row = self._selected_row()
        if row is None:
            self.notice.say(self.tr("Select a tile with a camera first."))
            return
        wall = self.active
        tile = wall.tile_id(wall.selected) if wall.replaying(wall.selected) else ""
        self.evidence.snapshot(row, tile, self._areas.get(row.id, ()))

    def _export(self, wall: WallWidget, index: int, begin: float, end: float) -> None:
        camera = wall.camera_at(index)
        row = self._rows.get(camera) if camera is not None else None
        if row is not None:
            self.evidence.export(row, begin, end, self._areas.get(row.id, ()))

    def _evidence_told(self, kind: str, text: str, folder: Any) -> None:
        if folder is None:
            self.notice.say(text, kind=kind)
        elif any((folder / "video").iterdir()):
            self.notice.say(text, self.tr("Play"), lambda: self._play(folder), kind=kind)
        else:
            self.notice.say(text, self.tr("Show folder"), lambda: open_folder(folder), kind=kind)

    def _open_recording(self) -> None:
        """A video file, or the package it lies in."""
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Open recording"), str(self.evidence.packages),
            self.tr("Recordings (*.mp4 *.mkv *.avi *.mov *.ts);;All files (*)"),
        )  # fmt: skip
        if name:
            self._play(Path(name))

    def _play(self, path: Path) -> None:
        from app.ui.player import PlayerWindow
        from app.ui.verdict import verifier

        trusted = self._store.path.parent / TRUSTED_FOLDER
        player = PlayerWindow(
            path, verifier(trusted), self.evidence.keep_picture, self._language.current
        )
        player.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._players.append(player)
        player.destroyed.connect(lambda: self._players.remove(player))
        player.show()

    def _show_register(self) -> None:
        from app.ui.register import RegisterDialog

        dialog = RegisterDialog(self._store, self._tasks, self.session.settings.console, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _show_file(self, camera: str | None) -> None:
        from app.ui.asset_file import AssetFileDialog

        if camera is not None:
            dialog = AssetFileDialog(self._store, self._tasks, camera, self._language.current, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.show()
            dialog.activateWindow()

    def _import_register(self) -> None:
        from app.ui.exchange import ImportDialog

        self._open_exchange(ImportDialog)

    def _export_register(self) -> None:
        from app.ui.exchange import ExportDialog

        self._open_exchange(ExportDialog)

    def _review_devices(self) -> None:
        from app.ui.device_review import DeviceReviewDialog

        self._open_exchange(DeviceReviewDialog)

    def _open_exchange(
        self, kind: type[ImportDialog] | type[ExportDialog] | type[DeviceReviewDialog]
    ) -> None:
        dialog = kind(self._store, self._tasks, self._language.current, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def _show_definitions(self) -> None:
        from app.ui.definitions import DefinitionsDialog

        who = self.office.identity
        may = who is None or Permission.ADMINISTER in who.permissions
        dialog = DefinitionsDialog(self._store, self._tasks, self._language.current,
                                   self.session.settings.operator, may=may, parent=self)  # fmt: skip
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def _show_case(self) -> None:
        case = self.evidence.case
        text = self.tr("Case {number}: {purpose}") if case and case.number else "{purpose}"
        self._case.setText(text.format(number=case.number, purpose=case.purpose) if case else "")
        self._act["end_case"].setEnabled(case is not None)

    def _next_aspect(self) -> None:
        shapes = list(Aspect)
        wall = self.active
        wall.set_aspect(shapes[(shapes.index(wall.aspect) + 1) % len(shapes)])
        name = {
            Aspect.FIT: self.tr("fit: all of the picture"),
            Aspect.FILL: self.tr("fill: the edges are cut"),
            Aspect.STRETCH: self.tr("stretch: the shape is distorted"),
        }[wall.aspect]
        self.notice.say(self.tr("Picture shape: {name}").format(name=name))

    def _toggle_spot(self) -> None:
        wall = self.active
        if wall is self.wall:
            self._remember()
        here = wall.selected
        wall.set_spot(None if wall.view().spot == here else here)

    def _edit_masks(self) -> None:
        from app.ui.masks import MaskDialog

        row = self._selected_row()
        picture = self._engine.picture(row.id) if row is not None else None
        if row is None or picture is None:
            self.notice.say(
                self.tr("Open the camera in a tile first: areas are drawn over its picture.")
            )
            return
        image = QImage(
            picture.data, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB32
        ).copy()
        title, camera = row.title(self._language.current), row.id
        dialog = MaskDialog(title, image, self._areas.get(camera, ()), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def save() -> None:
            areas = dialog.areas
            self._background(lambda: self._store.set_masks(camera, areas))

        dialog.accepted.connect(save)
        dialog.open()

    def reload_settings(self) -> None:
        """This console's own operator and people, after an account."""
        self._background(
            lambda: self._store.setting("console"),
            lambda answer: self.session.use(Settings.from_json(answer)),
        )

    def cut_network(self) -> None:
        """The demo's cable."""
        self.cut_asked.emit(self._act["cut_network"].isChecked())

    def action(self, key: str) -> QAction:
        """One of the window's actions."""
        return self._act[key]

    def show_server(self, *, connected: bool, signed_in: bool) -> None:
        """What can be done about the server now."""
        self._act["change_person"].setEnabled(connected)
        self._act["sign_out"].setEnabled(signed_in)

    def _lock(self) -> None:
        self.ptz.stop_all()
        if not self.session.lock(self, self._tasks) and not self.session.is_locked:
            self.notice.say(
                self.tr("Nobody here has a PIN, so nobody could unlock."),
                self.tr("Settings"), self._settings,
            )  # fmt: skip

    def _settings(self) -> None:
        dialog = SettingsDialog(self.session.settings, self, self.session.account)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def save() -> None:
            settings = dialog.settings
            self.session.use(settings)
            self._background(lambda: self._store.set_setting("console", settings.to_json()))

        self._tasks.run(
            dialog, lambda _: protection(self._store),
            lambda found: dialog.protection.setText(describe(found)), self._failed,
        )  # fmt: skip
        dialog.accepted.connect(save)
        dialog.open()

    def _edit_keys(self) -> None:
        dialog = KeyMapDialog(self.keymap, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def save() -> None:
            keys = dialog.keys
            self.keymap.apply(keys)
            self._background(lambda: self._store.set_setting("keys", keys))

        dialog.accepted.connect(save)
        dialog.open()

    def _step_tile(self, step: int) -> None:
        """The joystick's buttons: the next tile, after the last one the first."""
        wall = self.active
        wall.select((wall.selected + step) % len(wall.view().cameras))

    def _call_preset(self, number: int) -> None:
        if self.ptz.preset_name(number) is None:
            self.notice.say(self.tr("This camera has no preset {number}.").format(number=number))
        else:
            self.ptz.go_to_number(number)

    def _remember(self) -> None:
        self._undo = [*self._undo[-19:], self.wall.view()]

    def _undo_view(self) -> None:
        if self._undo:
            self.wall.set_view(self._undo.pop())

    def _view_changed(self) -> None:
        self._resolve()
        self._check_layout()
        self.sidebar.states_changed()
        self._counted()
        self._save_in_time()

    def _set_layout(self, layout: Layout) -> None:
        before = self.wall.view()
        self._remember()
        self.wall.set_layout(layout)
        self._check_layout()
        lost = sum(c is not None for c in before.cameras) - sum(
            c is not None for c in self.wall.view().cameras
        )
        if lost > 0:
            text = self.tr("%n camera(s) have no tile in this layout.", "", lost)
            self.notice.say(text, self.tr("Undo"), lambda: self.wall.set_view(before))
        else:
            self.forecaster.announce(self.wall.view(), self._source, self._many_tiles)

    def _many_tiles(self) -> None:
        if len(self.wall.view().layout.cells) > MANY_TILES:
            self.notice.say(
                self.tr("More than 16 tiles: studies find that much is missed on so many.")
            )

    def _check_layout(self) -> None:
        current = self.wall.view().layout
        for action, layout in self._layout_actions:
            action.setChecked(layout.cells == current.cells)

    def _clear(self) -> None:
        index = self.wall.selected
        if self.wall.camera_at(index) is None:
            return
        before = self.wall.view()
        self._remember()
        self.wall.clear(index)
        self.notice.say(self.tr("Tile cleared."), self.tr("Undo"),
                        lambda: self.wall.set_view(before))  # fmt: skip

    def _maximise(self) -> None:
        self.wall.maximise(None if self.wall.maximised is not None else self.wall.selected)

    def _retry(self) -> None:
        camera = self.wall.camera_at(self.wall.selected)
        if camera is not None:
            self._engine.retry(camera)

    # -- sound

    def _toggle_sound(self) -> None:
        self.sound.toggle(self.active.camera_at(self.active.selected))
        self._sound_changed()  # an action that was pressed for an empty tile is not checked

    def _sound_changed(self) -> None:
        status = self.sound.status
        here = self.active.camera_at(self.active.selected)
        self._act["sound"].setChecked(here is not None and here == status.camera_id)
        self._act["mute"].setChecked(status.muted)
        self._act["mute"].setEnabled(status.camera_id is not None)
        self._sound_place.setVisible(status.camera_id is not None)
        row = self._rows.get(status.camera_id or "")
        self._sound_control.set_name(row.title(self._language.current) if row else "")

    def _silent(self, camera: str, text: str) -> None:
        row = self._rows.get(camera)
        name = row.title(self._language.current) if row else camera
        self.notice.say(f"{name}: {text}", kind="warning")

    def _save_volume(self) -> None:
        volume = self.sound.status.volume
        self._background(lambda: self._store.set_setting("volume", volume))

    def _use_hardware(self) -> None:
        """Streams opened from now on; kept for the next start."""
        on = self._act["hardware"].isChecked()
        self._engine.use_hardware(on)
        self._background(
            lambda: self._store.set_setting("hardware_decoding", "auto" if on else "off")
        )

    def _full_screen(self) -> None:
        bars = (self.menuBar(), self.statusBar(), self._bar)
        if self._before_full_screen is None:
            self._before_full_screen = self.saveState()
            for part in (*bars, *self._docks.values()):
                part.hide()
            self.setWindowState(self.windowState() | Qt.WindowState.WindowFullScreen)
            self.notice.say(self.tr("F11 leaves full screen."))
        else:
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowFullScreen)
            for bar in bars:
                bar.show()
            self.restoreState(self._before_full_screen)
            self._before_full_screen = None
        self._act["full"].setChecked(self._before_full_screen is not None)

    def _find(self) -> None:
        self._docks["sidebar"].show()
        self.sidebar.search.setFocus()
        self.sidebar.search.selectAll()

    # -- the selected camera

    def _current_id(self) -> str | None:
        """The camera commands are about: the one in the details when the focus is there or in the
        sidebar, else the wall's."""
        focus = self.focusWidget()
        aside = (self.sidebar, self.details)
        if self._details_for and focus and any(part.isAncestorOf(focus) for part in aside):
            return self._details_for
        return self.active.camera_at(self.active.selected)

    def _selected(self, index: int, camera: str | None) -> None:
        row = self._rows.get(camera) if camera else None
        self.ptz.set_camera(row, row.title(self._language.current) if row else "")
        self._act["spot"].setChecked(self.active.view().spot == index)
        self._show_details(camera)
        self._sound_changed()

    def _sidebar_selected(self, row: CameraRow | None) -> None:
        if row is not None:
            self._show_details(row.id)

    def _show_details(self, camera: str | None) -> None:
        self._details_for = camera
        if camera is None:
            self.details.show_camera(None, self._language.current)
            return

        def show(answer: tuple[CameraDetails | None, list[Line]]) -> None:
            if self._details_for == camera:
                self.details.show_camera(answer[0], self._language.current)
                self.details.show_faults(answer[1])
                self._show_stream()

        self._background(
            lambda: (self._store.camera(camera), self.faults.tickets.history(camera)), show
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
        for code in self._engine.notes():
            self.notice.say(i18n.failure_text(code, code), kind="warning")
            if code == "hardware-crashed":
                self._act["hardware"].setChecked(False)
                self._use_hardware()
        offset = now.strftime("%z")
        self._clock.setText(f"{now:%Y-%m-%d  %H:%M:%S}  UTC{offset[:3]}:{offset[3:]}")
        self._show_stream()
        self.events.watch(set().union(*(wall.cameras() for wall in self._walls())))

    def _event_service(self, tell: Callable[[CameraEvent], None]) -> EventService:
        def access(camera: str) -> tuple[str, Credentials] | None:
            try:
                return self._store.device_access(camera)
            except StoreError:
                return None

        def channels(camera: str) -> dict[str, tuple[str, ...]]:
            try:
                return channels_of(self._store, camera)
            except StoreError:
                return {camera: ()}

        return EventService(access, tell, StoredPins(self._store), channels=channels)

    def _ptz_alarm(self, camera: str, text: str) -> None:
        if not text:
            if camera == self._alarm_for:
                self._alarm_for = None
                self.notice.calm()
            return
        self._alarm_for = camera
        row = self._rows.get(camera)
        name = row.title(self._language.current) if row else camera
        self.notice.say(f"PTZ  {name}: {text}", self.tr("Stop"),
                        lambda: self.ptz.emergency_stop(camera), kind="alarm", stay=True)  # fmt: skip

    def _control_told(
        self, camera: str, text: str, action: tuple[str, Callable[[], None]] | None
    ) -> None:
        row = self._rows.get(camera)
        name = row.title(self._language.current) if row else camera
        self.notice.say(f"PTZ  {name}: {text}", *(action or ()), kind="warning", stay=bool(action))

    def _ptz_told(self, pane: WallPane, camera: str, text: str) -> None:
        if pane.wall is self.active:
            row = self._rows.get(camera)
            name = row.title(self._language.current) if row else camera
            pane.notice.say(f"PTZ  {name}: {text}", kind="warning")

    # -- menus

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        return menu

    def _tile_menu(self, index: int, where: QPoint) -> None:
        camera = self.wall.camera_at(index)
        menu = self._menu()
        if camera is None:
            menu.addActions([self._act["find"], self._act["add"]])
        else:
            for key in ("maximise", "sound", "retry", "clear", "replay", "snapshot", "incident", "report",
                        "maintenance", "spot"):  # fmt: skip
                menu.addAction(self._act[key])
            if (line := self.faults.lines.get(camera)) is not None:
                menu.addAction(self.tr("Show fault #{number}").format(number=line.number),
                               functools.partial(self.faults.open, line.id))  # fmt: skip
            row = self._rows.get(camera)
            if row is not None and row.has_ptz:
                menu.addAction(self._act["ptz_mode"])
            menu.addSeparator()
            for key in ("favourite", "edit", "file", "remove"):
                menu.addAction(self._act[key])
        menu.popup(where)

    def _sidebar_menu(self, target: list[CameraRow] | Site, where: QPoint) -> None:
        menu = self._menu()
        here = self.active.selected
        if isinstance(target, Site):
            menu.addAction(
                self.tr("Open all cameras from the selected tile on"),
                lambda: self._dropped(here, [SITE_PREFIX + target.id]),
            )
            menu.addAction(self.tr("Who answers for this site…"),
                           lambda: self.faults.care(target.id))  # fmt: skip
            menu.addAction(
                self.tr("Set up the cameras of this site…"),
                lambda: self._background(
                    lambda: [row.id for row in self._store.cameras(site_id=target.id, limit=500)],
                    self._set_up,
                ),
            )
            menu.popup(where)
            return
        ids = [row.id for row in target]
        one = target[0]
        if len(ids) > 1:
            menu.addAction(self.tr("Open %n camera(s) from the selected tile on", "", len(ids)),
                           lambda: self._dropped(here, ids))  # fmt: skip
        else:
            menu.addAction(self.tr("Open in the selected tile"), lambda: self._dropped(here, ids))
        if len(ids) == 1:
            menu.addAction(plain(self._act["report"]), lambda: self.faults.report(ids[0]))
            menu.addAction(plain(self._act["fault_history"]), lambda: self._fault_history(one))
            if (line := self.faults.lines.get(ids[0])) is not None:
                menu.addAction(self.tr("Show fault #{number}").format(number=line.number),
                               functools.partial(self.faults.open, line.id))  # fmt: skip
        menu.addAction(plain(self._act["maintenance"]), lambda: self.faults.maintenance(ids))
        menu.addAction(self.tr("Set up…"), lambda: self._set_up(ids))
        favourite = menu.addAction(plain(self._act["favourite"]))
        favourite.setCheckable(True)
        favourite.setChecked(all(row.favourite for row in target))
        favourite.triggered.connect(lambda on: self._set_favourites(ids, on))
        if len(ids) == 1:
            menu.addSeparator()
            menu.addAction(self._act["edit"].text(), lambda: self._edit(one.id))
            menu.addAction(self._act["file"].text(), lambda: self._show_file(one.id))
            menu.addAction(self._act["remove"].text(), lambda: self._remove(one.id))
            self.office.add_to(menu, one)
        menu.addSeparator()
        clipboard = QGuiApplication.clipboard()
        codes = "\n".join(row.code for row in target if row.code)
        names = "\n".join(row.title(self._language.current) for row in target)
        if codes:
            menu.addAction(self.tr("Copy code"), lambda: clipboard.setText(codes))
        menu.addAction(self.tr("Copy name"), lambda: clipboard.setText(names))
        menu.popup(where)

    # -- adding, changing, removing

    def _add_camera(self) -> None:
        self._open_dialog(None)

    def _find_cameras(self) -> None:
        if self._discovery is None:
            from app.ui.discovery import DiscoveryDialog

            self._discovery = DiscoveryDialog(
                self._store,
                self._tasks,
                StoredPins(self._store),
                lambda: self._language.current,
                self,
                person=lambda: self.session.settings.operator,
            )
            self._discovery.added.connect(self._cameras_found)
        self._discovery.show()
        self._discovery.raise_()
        self._discovery.activateWindow()

    def _cameras_found(self, ids: list[str]) -> None:
        if ids:
            self.notice.say(self.tr("%n camera(s) added", "", len(ids)), self.tr("Set up…"),
                            lambda: self._set_up(ids))  # fmt: skip

    def _set_up(self, ids: Iterable[str | None]) -> None:
        self.bulk.open([camera for camera in ids if camera])

    def _commission(self, camera: str | None) -> None:
        """The acceptance of a camera: what is measured, decided and signed."""

        def show(row: CameraRow, subject: Subject) -> None:
            from app.ui.commissioning import CommissioningWindow

            window = CommissioningWindow(
                self._store, self.desk.logbook, self._tasks, row, subject,
                lambda: self.session.settings.operator, lambda: self.session.settings.console, self,
                language=self._language.current, tickets=self.faults.tickets, person=self.faults.who,
            )  # fmt: skip
            window.compare_asked.connect(self._compare)
            window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            window.show()
            window.activateWindow()

        self._with_subject(camera, self.tr("Choose the camera that is to be accepted."), show)

    def _compare(self, camera: str | None) -> None:
        """A camera beside what was accepted: has it moved?"""

        def show(row: CameraRow, subject: Subject) -> None:
            from app.ui.comparing import CompareWindow

            window = CompareWindow(
                self._store, self.desk.logbook, self._tasks, row, subject, self._language.current,
                self,
            )  # fmt: skip
            window.fault_asked.connect(self.faults.report)
            window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            window.show()
            window.activateWindow()

        self._with_subject(camera, self.tr("Choose the camera that is to be compared."), show)

    def _with_subject(
        self, camera: str | None, missing: str, show: Callable[[CameraRow, Subject], None]
    ) -> None:
        """Read a camera and what is needed to measure it; it need not be on the wall."""
        if camera is None:
            self.notice.say(missing)
            return

        def read() -> tuple[CameraRow, Subject | None] | None:
            from app.ui.acceptance import subject_of

            rows = self._store.rows([camera])
            head = functools.partial(self._connect_ptz, camera)
            return (rows[0], subject_of(self._store, rows[0], head)) if rows else None

        def done(found: tuple[CameraRow, Subject | None] | None) -> None:
            if found is None or found[1] is None:
                self.notice.say(missing)
            else:
                show(found[0], found[1])

        self._background(read, done)

    def _edit(self, camera: str | None) -> None:
        if camera is not None:
            self._open_dialog(camera)

    def _open_dialog(self, camera: str | None) -> None:
        def read() -> Any:
            store = self._store
            details = store.camera(camera) if camera else None
            return (store.organisations(), store.sites()), details

        def show(answer: Any) -> None:
            from app.ui.camera_dialog import CameraDialog

            places, details = answer
            dialog = CameraDialog(
                self._store, self._tasks, places, details, self._language.current, self
            )
            dialog.accepted.connect(lambda: self._saved(dialog.saved_id, new=camera is None))
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

        self._background(read, show)

    def _saved(self, camera: str, *, new: bool) -> None:
        """A new camera goes on the wall if there is room: one wants to see what one added."""
        cameras = self.active.view().cameras
        if new and None in cameras:
            here = self.active.selected
            free = here if cameras[here] is None else cameras.index(None)
            self._dropped(free, [camera])

    def _remove(self, camera: str | None) -> None:
        if camera is None:
            return

        def ask(rows: list[CameraRow]) -> None:
            if not rows:
                return
            name = rows[0].title(self._language.current)
            question = self.tr(
                "Remove “{name}” from this workstation? It leaves the wall and all views."
            )
            answer = QMessageBox.question(
                self, self.tr("Remove camera"), question.format(name=name)
            )
            if answer == QMessageBox.StandardButton.Yes:
                before = self.wall.view()  # now: the wall may hear of the removal before we do
                self._background(
                    lambda: self._store.remove_camera(camera),
                    lambda _: self._removed(camera, name, before),
                )

        self._background(lambda: self._store.rows([camera]), ask)

    def _removed(self, camera: str, name: str, before: View) -> None:
        self._take_off(camera)
        self.thumbnails.forget(camera)

        def undo() -> None:
            self._background(
                lambda: self._store.restore_camera(camera), lambda _: self.wall.set_view(before)
            )

        text = self.tr("“{name}” was removed.").format(name=name)
        self.notice.say(text, self.tr("Undo"), undo)

    def _toggle_favourite(self, camera: str | None) -> None:
        if camera is None:
            return

        def write() -> None:
            rows = self._store.rows([camera])
            if rows:
                self._store.set_favourite(camera, not rows[0].favourite)

        self._background(write)

    def _set_favourites(self, cameras: list[str], on: bool) -> None:
        def write() -> None:
            for camera in cameras:
                self._store.set_favourite(camera, on)

        self._background(write)

    def _sharing_changed(self) -> None:
        self.sidebar.states_changed()
        self._show_details(self._details_for)

    def _access_lost(self, text: str) -> None:
        self.notice.say(
            text, self.tr("Show"), lambda: self._act["sharing"].trigger(), kind="warning", stay=True
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
            self._load_views()

    # -- views and layouts

    def _load_views(self) -> None:
        def show(answer: Any) -> None:
            self._views, self._layouts, self._tours = answer
            self._fill_view_menu()
            self._fill_layout_menu()
            self._fill_tour_menu()
            for pane in (self.pane, *(w.pane for w in self.windows.windows)):
                pane.tours_changed()

        store = self._store
        if self._reading_views is not None:
            self._reading_views.cancel()  # of before the newest change
        self._reading_views = self._tasks.run(
            self, lambda _: (store.views(), store.layouts(), store.tours()), show, self._failed
        )

    def _fill_view_menu(self) -> None:
        menu = self._menus["views"]
        menu.clear()
        fill_views(menu, self._views, self._open_view, self._view_id)
        menu.addSeparator()
        for key in ("save_view", "save_view_as", "save_view_shared", "rename_view", "delete_view"):
            menu.addAction(self._act[key])
        known = any(v.id == self._view_id for v in self._views)
        self._act["rename_view"].setEnabled(known)
        self._act["delete_view"].setEnabled(known)

    def _fill_layout_menu(self) -> None:
        menu = self._menus["layouts"]
        menu.clear()
        for action, _ in self._layout_actions:
            menu.addAction(action)
        menu.addSeparator()
        for named in self._layouts:
            entry = menu.addMenu(layout_icon(named.layout), named.name)
            entry.addAction(self.tr("Use"), functools.partial(self._set_layout, named.layout))
            entry.addAction(self.tr("Delete…"), functools.partial(self._delete_layout, named))
        menu.addAction(self._act["new_layout"])

    def _open_view(self, named: NamedView) -> None:
        self._remember()
        self.forecaster.announce(named.view, self._source)
        self._view_id = named.id
        self.wall.set_view(named.view)
        self._fill_view_menu()

    def _fill_screen_menu(self) -> None:
        self._menus["screens"].clear()
        fill_screens(self._menus["screens"], self.home)

    def _save_view(
        self, *, as_new: bool = False, shared: bool | None = None, wall: WallWidget | None = None
    ) -> None:
        current = next((v for v in self._views if v.id == self._view_id), None)
        name, identity = (current.name, current.id) if current and not as_new else ("", None)
        if identity is None:
            name, good = self._ask_text(self.tr("Save view"), self.tr("Name of this view:"))
            if not good or not name.strip():
                return
        view = (wall or self.wall).view()

        def saved(view_id: str) -> None:
            if wall is None:
                self._view_id = view_id
            self.notice.say(self.tr("View “{name}” saved.").format(name=name.strip()))
            self._load_views()

        self._background(lambda: self._store.save_view(name, view, identity, shared=shared), saved)

    def _ask_text(self, title: str, label: str, text: str = "") -> tuple[str, bool]:
        """A short text, in a window that shows a whole name."""
        dialog = QInputDialog(self)
        dialog.setWindowTitle(title)
        dialog.setLabelText(label)
        dialog.setTextValue(text)
        dialog.resize(420, dialog.sizeHint().height())
        good = dialog.exec() == QDialog.DialogCode.Accepted
        return dialog.textValue(), good

    def _rename_view(self) -> None:
        current = next((v for v in self._views if v.id == self._view_id), None)
        if current is None:
            return
        name, good = self._ask_text(self.tr("Rename view"), self.tr("New name:"), current.name)
        if good and name.strip():
            self._background(lambda: self._store.rename_view(current.id, name))

    def _delete_view(self) -> None:
        current = next((v for v in self._views if v.id == self._view_id), None)
        if current is None:
            return

        def undo() -> None:
            self._background(lambda: self._store.delete_view(current.id, undo=True))

        text = self.tr("View “{name}” deleted.").format(name=current.name)
        self._background(lambda: self._store.delete_view(current.id),
                         lambda _: self.notice.say(text, self.tr("Undo"), undo))  # fmt: skip

    def _new_layout(self) -> None:
        dialog = LayoutDialog(self.wall.view().layout, self)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        layout, name = dialog.canvas.result(), dialog.name.text()

        def saved(identity: str) -> None:
            self._set_layout(layout)
            self._load_views()

        self._background(lambda: self._store.save_layout(name, layout), saved)

    def _delete_layout(self, named: NamedLayout) -> None:
        question = self.tr("Delete the layout “{name}”? Views that use it keep it.")
        answer = QMessageBox.question(
            self, self.tr("Delete layout"), question.format(name=named.name)
        )
        if answer == QMessageBox.StandardButton.Yes:
            self._background(lambda: self._store.delete_layout(named.id))

    # -- help

    def _conflicts(self) -> None:
        from app.ui.conflicts import ConflictDialog

        dialog = ConflictDialog(self._store, self._tasks, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def _keys_by_menu(self) -> list[tuple[str, list[QAction]]]:
        """The actions that can have keys, as the menus group them; the rest last."""
        left = dict.fromkeys(self._act.values())
        groups = []
        for menu in self._menus.values():
            if menu.menuAction() in self.menuBar().actions():
                below = [menu]
                here: list[QAction] = []
                while below:
                    for action in below.pop().actions():
                        inner = next(
                            (m for m in self._menus.values() if m.menuAction() == action), None
                        )
                        if inner is not None:
                            below.append(inner)
                        elif action in left:
                            del left[action]
                            here.append(action)
                groups.append((plain(menu.menuAction()), here))
        return [*groups, (self.tr("More"), list(left))]

    def _help(self) -> None:
        if self._help_dialog is None:
            self._help_dialog = HelpDialog(self._keys_by_menu, self)
        self._help_dialog.show()
        self._help_dialog.raise_()
        self._help_dialog.activateWindow()
