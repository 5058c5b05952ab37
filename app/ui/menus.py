"""The actions of the main window with their keys, its menus and tool bar, and menus of tiles and lists."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QMenu,
    QToolBar,
)

from app.domain.camera import CameraRow, Site
from app.domain.layout import BUILT_IN, Layout
from app.ui import theme
from app.ui.help import keys_of, plain
from app.ui.i18n import LANGUAGES
from app.ui.layouts import layout_icon
from app.ui.sound import SoundControl
from app.ui.wall import SITE_PREFIX
from app.ui.wall_window import (
    fill_screens,
)

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

MENUS = (
    "camera", "wall", "evidence", "log", "faults", "views", "tours", "organisation", "view", "help",
)  # fmt: skip


class Menus(QObject):
    """Part of one `MainWindow`: `actions` by name, `menus` by name, and the tool `bar`."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._build()

    def _build(self) -> None:
        w = self._window
        self.actions: dict[str, QAction] = {}
        make = self._action
        make("add", w.cameras.add_camera, "Ctrl+N")
        make("discover", w.cameras.find_cameras, "Ctrl+Alt+D")
        make("commission", lambda: w.cameras.commission(w.current_id()), "Ctrl+Alt+K")
        make("compare", lambda: w.cameras.compare(w.current_id()), "Ctrl+Alt+B")
        make("bulk", lambda: w.cameras.set_up(w.sidebar.chosen() or [w.current_id()]),
             "Ctrl+Shift+B")  # fmt: skip
        make("edit", lambda: w.cameras.edit(w.current_id()), "Ctrl+E")
        make("remove", lambda: w.cameras.remove(w.current_id()), "Ctrl+Delete")
        make("file", lambda: w.cameras.show_file(w.current_id()), "F4")
        make("import_register", w.cameras.import_register, "Ctrl+Alt+I")
        make("export_register", w.cameras.export_register, "Ctrl+Alt+X")
        make("definitions", w.cameras.show_definitions, "Ctrl+Shift+F4")
        make("device_review", w.cameras.review_devices, "Shift+F4")
        make("favourite", lambda: w.cameras.toggle_favourite(w.current_id()), "Ctrl+D")
        make("quit", w.close, "Ctrl+Q")
        make("find", w.find_camera, "Ctrl+F")
        make("place", lambda: w.place.start(), "Ctrl+G")
        make("maximise", w.commands.maximise, "Return").setShortcutContext(
            Qt.ShortcutContext.WidgetShortcut
        )
        make("clear", w.commands.clear, "Delete").setShortcutContext(
            Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        w.removeAction(self.actions["clear"])
        w.wall.addAction(self.actions["clear"])
        make("sound", w.commands.toggle_sound, "U", checkable=True)
        make("mute", w.sound.toggle_mute, "Shift+U", checkable=True)
        for key in ("sound", "mute"):
            self.actions[key].setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            w.removeAction(self.actions[key])
            w.wall.addAction(self.actions[key])
        make("undo", w.commands.undo, "Ctrl+Z")
        make("retry", w.commands.retry, "F5")
        make("ptz_mode", lambda: w.wall.set_ptz_mode(not w.wall.ptz_mode), "Ctrl+P",
             checkable=True)  # fmt: skip
        make("full", w.full_screen, "F11", checkable=True)
        make("zoom_in", lambda: w.active.zoom_steps(2), "Ctrl++")
        make("zoom_out", lambda: w.active.zoom_steps(-2), "Ctrl+-")
        make("zoom_off", lambda: w.active.zoom_steps(0), "Ctrl+Alt+0")
        make("aspect", w.commands.next_aspect, "Ctrl+Shift+A")
        make("spot", w.commands.toggle_spot, "Ctrl+Shift+P", checkable=True)
        make("replay", w.replay.toggle, "R")
        make("snapshot", w.commands.snapshot, "S")
        make("case", lambda: w.evidence.edit_case(), "Ctrl+K")
        make("end_case", w.evidence.end_case, "Ctrl+Shift+K")
        make("open_recording", w.commands.open_recording, "Ctrl+O")
        make("register", w.show_register, "Ctrl+Shift+O")
        make("incident", lambda: w.desk.open_incident(w.selected_row()), "I")
        make("incident_new", lambda: w.desk.open_incident(w.selected_row(), always=True),
             "Shift+I")  # fmt: skip
        make("incident_add", lambda: w.desk.add_camera(w.selected_row()), "Ctrl+Shift+I")
        make("incidents", w.desk.show_incidents, "Ctrl+I")
        make("shift", w.desk.show_shift, "Ctrl+J")
        make("patrol", w.desk.show_patrol, "Ctrl+Shift+J")
        make("registers", w.desk.show_registers, "Ctrl+R")
        make("inspections", w.desk.show_inspections, "Ctrl+Alt+J")
        make("people", w.desk.show_people, "Ctrl+Alt+Q")
        make("practice", w.desk.show_practice, "Ctrl+Alt+Y")
        make("guides", w.desk.show_guides, "Ctrl+Alt+T")
        make("masks", w.cameras.edit_masks, "Ctrl+Shift+M")
        make("report", w.report_fault, "F")
        make("faults", lambda: w.faults.show_board(), "Ctrl+Shift+F")
        make("fault_history", lambda: w.fault_history(), "Ctrl+Shift+Y")
        make("fault_rules", w.faults.show_rules, "Ctrl+Shift+L")
        make("maintenance", w.maintenance, "Ctrl+Alt+M")
        make("figures", w.figures.show, "Ctrl+Alt+G")
        make("lock", w.lock, "Ctrl+Alt+L")
        make("settings", w.show_settings, "Ctrl+,")
        make("server", w.server_asked.emit, "Ctrl+Alt+C")
        make("change_person", w.change_person_asked.emit, "Ctrl+Alt+P")
        make("sign_out", w.sign_out_asked.emit, "Ctrl+Alt+O")
        make("cut_network", w.cut_network, "Ctrl+Alt+N", checkable=True).setVisible(False)
        make("keys", w.edit_keys, "Shift+F1")
        for key in ("replay", "snapshot", "incident", "incident_new", "report"):
            # Letters belong to the wall: elsewhere they are typed.
            self.actions[key].setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            w.removeAction(self.actions[key])
            w.wall.addAction(self.actions[key])
        make("hardware", w.commands.use_hardware, "Ctrl+Shift+H", checkable=True)
        make("save_view", w.kept.save_view, "Ctrl+S")
        make("save_view_as", lambda: w.kept.save_view(as_new=True), "Ctrl+Shift+S")
        make("rename_view", w.kept.rename_view, "F2")
        make("delete_view", w.kept.delete_view, "Ctrl+Shift+Delete")
        make("save_view_shared", lambda: w.kept.save_view(shared=True), "Ctrl+Alt+V")
        make("new_layout", w.kept.new_layout, "Ctrl+L")
        make("new_wall", w.new_wall, "Ctrl+Shift+N")
        make("new_tour", w.kept.edit_tour, "Ctrl+T")
        self.actions |= w.pane.strip.actions_by_name
        others = w.ptz.control.actions_by_name | w.events.actions_by_name
        for key, action in (w.office.actions | others).items():
            self.actions[key] = action
            w.addAction(action)
        make("help", w.show_help, "F1")
        self.actions["ptz_mode"].setIcon(theme.icon("ptz"))
        self.actions["full"].setIcon(theme.icon("full-screen"))
        self.actions["sound"].setIcon(theme.icon("listen"))
        for key, shortcut in (
            ("sidebar", "F6"), ("ptz", "F7"), ("details", "F8"), ("cost", "F9"),
            ("events", "Ctrl+Alt+E"),
        ):  # fmt: skip
            toggle = w.docks[key].toggleViewAction()
            toggle.setShortcut(QKeySequence(shortcut))
            self.actions[f"dock {key}"] = toggle
            w.addAction(toggle)
        self.layout_actions: list[tuple[QAction, Layout]] = []
        for i, layout in enumerate(BUILT_IN.values()):
            action = self._action(
                f"layout {layout.key}",
                functools.partial(w.commands.set_layout, layout),
                f"Ctrl+{(i + 1) % 10}",
                checkable=True,
            )
            action.setIcon(layout_icon(layout))
            self.layout_actions.append((action, layout))
        for code, (name, shortcut) in LANGUAGES.items():
            action = self._action(
                f"language {code}",
                functools.partial(w.use_language, code),
                shortcut,
                checkable=True,
            )
            action.setText(name)
        menu = w.menuBar()
        self.menus = {k: menu.addMenu("") for k in MENUS}
        for key in (
            "find",
            "place",
            "",
            "add",
            "discover",
            "bulk",
            "",
            "edit",
            "file",
            "commission",
            "compare",
            "masks",
            "favourite",
            "remove",
            "",
            "import_register",
            "export_register",
            "device_review",
            "definitions",
        ):
            if key:
                self.menus["camera"].addAction(self.actions[key])
            else:
                self.menus["camera"].addSeparator()
        self.menus["camera"].addSeparator()
        self.menus["steering"] = self.menus["camera"].addMenu("")
        self.menus["steering"].addActions(list(w.ptz.control.actions_by_name.values()))
        self.menus["camera"].addSeparator()
        for key in ("settings", "lock", "quit"):
            self.menus["camera"].addAction(self.actions[key])
        for key in (
            "maximise",
            "clear",
            "undo",
            "retry",
            "sound",
            "mute",
            "ptz_mode",
            "full",
            "",
            "spot",
            "zoom_in",
            "zoom_out",
            "zoom_off",
            "aspect",
            "",
            "hardware",
        ):
            if key:
                self.menus["wall"].addAction(self.actions[key])
            else:
                self.menus["wall"].addSeparator()
        for key in ("replay", "snapshot", "", "case", "end_case", "", "open_recording", "register"):
            if key:
                self.menus["evidence"].addAction(self.actions[key])
            else:
                self.menus["evidence"].addSeparator()
        for key in ("incident", "incident_new", "incident_add", "incidents", "shift", "patrol",
                    "shelve", "shelved", "inspections", "registers", "people", "guides",
                    "practice"):  # fmt: skip
            self.menus["log"].addAction(self.actions[key])
        for key in ("report", "faults", "fault_history", "fault_rules", "maintenance", "figures"):
            self.menus["faults"].addAction(self.actions[key])
        self.menus["organisation"].setToolTipsVisible(True)
        self.menus["organisation"].addActions(list(w.office.actions.values()))
        w.office.changed.connect(self.tips)
        self.menus["organisation"].addSeparator()
        for key in ("server", "change_person", "sign_out", "cut_network"):
            self.menus["organisation"].addAction(self.actions[key])
        self.menus["layouts"] = self.menus["wall"].addMenu("")
        self.menus["view"].addActions([self.actions[f"dock {key}"] for key in w.docks])
        self.menus["view"].addSeparator()
        self.menus["view"].addAction(self.actions["new_wall"])
        self.menus["screens"] = self.menus["view"].addMenu("")
        self.menus["screens"].aboutToShow.connect(self._fill_screen_menu)
        self.menus["language"] = self.menus["view"].addMenu("")
        for code in LANGUAGES:
            self.menus["language"].addAction(self.actions[f"language {code}"])
        self.menus["help"].addAction(self.actions["help"])
        self.menus["help"].addAction(self.actions["keys"])
        self.bar = QToolBar()
        self.bar.setObjectName("layouts")
        self.bar.setMovable(False)
        w.addToolBar(self.bar)
        for action, _ in self.layout_actions:
            self.bar.addAction(action)
        self.bar.addSeparator()
        self.bar.addAction(self.actions["ptz_mode"])
        self.bar.addAction(self.actions["full"])
        self.bar.addAction(self.actions["sound"])
        control = SoundControl(w.sound)
        self.sound_control, self.sound_place = control, self.bar.addWidget(control)
        self.bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.bar.setIconSize(QSize(22, 22))
        w.wall.ptz_mode_changed.connect(self.actions["ptz_mode"].setChecked)

    def _action(
        self, key: str, run: Callable[[], Any], shortcut: str = "", *, checkable: bool = False
    ) -> QAction:
        action = QAction(self._window)
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        action.setCheckable(checkable)
        action.triggered.connect(lambda *_: run())
        self.actions[key] = action
        self._window.addAction(action)
        return action

    def tips(self) -> None:
        """Tooltips show the keys."""
        for action in self.actions.values():
            keys = keys_of(action)
            text = f"{plain(action)}  ({keys})" if keys else plain(action)
            why = action.property("why")
            action.setToolTip(f"{text}\n{why}" if why else text)

    def retranslate(self) -> None:
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
        for key, text in texts.items():
            self.actions[key].setText(text)
        for action, layout in self.layout_actions:
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
            self.menus[key].setTitle(text)
        self.bar.setWindowTitle(self.tr("Layouts"))
        for code in LANGUAGES:
            self.actions[f"language {code}"].setChecked(code == self._window.language.current)

    def check_layout(self) -> None:
        current = self._window.wall.view().layout
        for action, layout in self.layout_actions:
            action.setChecked(layout.cells == current.cells)

    def _fill_screen_menu(self) -> None:
        self.menus["screens"].clear()
        fill_screens(self.menus["screens"], self._window.home)

    def keys_by_menu(self) -> list[tuple[str, list[QAction]]]:
        """The actions that can have keys, as the menus group them; the rest last."""
        left = dict.fromkeys(self.actions.values())
        groups = []
        for menu in self.menus.values():
            if menu.menuAction() in self._window.menuBar().actions():
                below = [menu]
                here: list[QAction] = []
                while below:
                    for action in below.pop().actions():
                        inner = next(
                            (m for m in self.menus.values() if m.menuAction() == action), None
                        )
                        if inner is not None:
                            below.append(inner)
                        elif action in left:
                            del left[action]
                            here.append(action)
                groups.append((plain(menu.menuAction()), here))
        return [*groups, (self.tr("More"), list(left))]

    def _menu(self) -> QMenu:
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        return menu

    def tile_menu(self, index: int, where: QPoint) -> None:
        w = self._window
        camera = w.wall.camera_at(index)
        menu = self._menu()
        if camera is None:
            menu.addActions([self.actions["find"], self.actions["add"]])
        else:
            for key in (
                "maximise",
                "sound",
                "retry",
                "clear",
                "replay",
                "snapshot",
                "incident",
                "report",
                "maintenance",
                "spot",
            ):
                menu.addAction(self.actions[key])
            if (line := w.faults.lines.get(camera)) is not None:
                menu.addAction(
                    self.tr("Show fault #{number}").format(number=line.number),
                    functools.partial(w.faults.open, line.id),
                )
            row = w.rows.get(camera)
            if row is not None and row.has_ptz:
                menu.addAction(self.actions["ptz_mode"])
            menu.addSeparator()
            for key in ("favourite", "edit", "file", "remove"):
                menu.addAction(self.actions[key])
        menu.popup(where)

    def sidebar_menu(self, target: list[CameraRow] | Site, where: QPoint) -> None:
        w = self._window
        menu = self._menu()
        here = w.active.selected
        if isinstance(target, Site):
            menu.addAction(
                self.tr("Open all cameras from the selected tile on"),
                lambda: w.dropped(here, [SITE_PREFIX + target.id]),
            )
            menu.addAction(self.tr("Who answers for this site…"),
                           lambda: w.faults.care(target.id))  # fmt: skip
            menu.addAction(
                self.tr("Set up the cameras of this site…"),
                lambda: w.background(
                    lambda: [row.id for row in w.store.cameras(site_id=target.id, limit=500)],
                    w.cameras.set_up,
                ),
            )
            menu.popup(where)
            return
        ids = [row.id for row in target]
        one = target[0]
        if len(ids) > 1:
            menu.addAction(
                self.tr("Open %n camera(s) from the selected tile on", "", len(ids)),
                lambda: w.dropped(here, ids),
            )
        else:
            menu.addAction(
                self.tr("Open in the selected tile"),
                lambda: w.dropped(here, ids),
            )
        if len(ids) == 1:
            menu.addAction(plain(self.actions["report"]), lambda: w.faults.report(ids[0]))
            menu.addAction(plain(self.actions["fault_history"]), lambda: w.fault_history(one))
            if (line := w.faults.lines.get(ids[0])) is not None:
                menu.addAction(
                    self.tr("Show fault #{number}").format(number=line.number),
                    functools.partial(w.faults.open, line.id),
                )
        menu.addAction(plain(self.actions["maintenance"]), lambda: w.faults.maintenance(ids))
        menu.addAction(self.tr("Set up…"), lambda: w.cameras.set_up(ids))
        favourite = menu.addAction(plain(self.actions["favourite"]))
        favourite.setCheckable(True)
        favourite.setChecked(all(row.favourite for row in target))
        favourite.triggered.connect(lambda on: w.cameras.set_favourites(ids, on))
        if len(ids) == 1:
            menu.addSeparator()
            menu.addAction(self.actions["edit"].text(), lambda: w.cameras.edit(one.id))
            menu.addAction(self.actions["file"].text(), lambda: w.cameras.show_file(one.id))
            menu.addAction(self.actions["remove"].text(), lambda: w.cameras.remove(one.id))
            w.office.add_to(menu, one)
        menu.addSeparator()
        clipboard = QGuiApplication.clipboard()
        codes = "\n".join(row.code for row in target if row.code)
        names = "\n".join(row.title(w.language.current) for row in target)
        if codes:
            menu.addAction(
                self.tr("Copy code"),
                lambda: clipboard.setText(codes),
            )
        menu.addAction(self.tr("Copy name"), lambda: clipboard.setText(names))
        menu.popup(where)
