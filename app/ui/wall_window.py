"""Further wall windows on other screens: each with its own view, all on one engine."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.domain.camera import CameraRow
from app.domain.layout import BUILT_IN, Layout, View
from app.store.store import (
    NamedLayout,
    NamedTour,
    NamedView,
    Store,
    view_from_json,
    view_to_json,
)
from app.ui.layouts import layout_icon
from app.ui.notice import Notice
from app.ui.pulse import Pulse
from app.ui.replay import ReplayDesk
from app.ui.screens import Home, ScreenKey, box_from_json
from app.ui.thumbnails import WallThumbnails
from app.ui.tours import TourRunner, TourStrip
from app.ui.wall import WallWidget
from app.video.engine import VideoEngine

MOST_WINDOWS = 8
WALLS, WALLS_BEFORE = "walls", "walls before"
"""Settings with the last state of all walls, and the last but one: a write cut short loses one."""

UNDO = 20


@dataclass(frozen=True)
class House:
    """What all walls share."""

    engine: VideoEngine
    pulse: Pulse
    rows: Callable[[str], CameraRow | None]
    language: Callable[[], str]
    views: Callable[[], list[NamedView]]
    layouts: Callable[[], list[NamedLayout]]
    tours: Callable[[], list[NamedTour]]
    need: Callable[[], None]
    """Cameras are wanted whose addresses may not be known yet."""
    controlled: Callable[[str], bool]
    """Whether somebody steers a camera."""
    held: Callable[[], frozenset[str]]
    """Cameras of open incidents: no tour changes them."""
    action: Callable[[str], QAction]
    """The main window's, whose text and keys those of the other windows follow."""


class WallPane(QWidget):
    """A wall with its tour and the tour's strip under it."""

    def __init__(self, house: House, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._house = house
        self.wall = WallWidget(house.engine, house.rows, house.language, pulse=house.pulse)
        self.tours = TourRunner(
            self.wall, house.engine, house.views, need=house.need,
            controlled=house.controlled, held=house.held,
        )  # fmt: skip
        self.strip = TourStrip(self.tours, house.rows, house.language)
        self.notice = Notice(self.wall)
        self.number: QWidget | None = None
        """Where digits are typed; set by who knows the cameras, as the following are."""
        self.replay: ReplayDesk | None = None
        self.thumbnails: WallThumbnails
        self._last_tour = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.wall, 1)
        layout.addWidget(self.strip)
        self.wall.addActions(list(self.strip.actions_by_name.values()))
        self.strip.wanted.connect(self.start_tour)

    def start_tour(self, tour_id: str = "") -> None:
        """Start a tour: that one, or the last one, or the first there is."""
        tours = self._house.tours()
        wanted = tour_id or self._last_tour
        named = next((t for t in tours if t.id == wanted), tours[0] if tours else None)
        if named is None:
            self.notice.say(self.tr("There is no tour yet: menu “Tours”, “New tour”."))
            return
        self._last_tour = named.id
        self.tours.start(named)
        self.wall.setFocus()

    def tours_changed(self) -> None:
        """Tours were edited: a running one goes on as it is now, or ends with its deletion."""
        run, named = self.tours.run, self.tours.named
        if run is None or named is None:
            return
        new = next((t for t in self._house.tours() if t.id == named.id), None)
        if new is None:
            self.tours.stop()
        elif new.tour != named.tour:
            self.tours.start(new, run.current or 0)

    def state(self) -> dict[str, Any]:
        """For the next start."""
        run, named = self.tours.run, self.tours.named
        state: dict[str, Any] = {"view": view_to_json(self.wall.view())}
        if run is not None and named is not None:
            state["tour"], state["step"] = named.id, run.current or 0
        return state

    def restore(self, state: Any) -> bool:
        """Bring a stored state back; False where it is none."""
        view = view_from_json(state["view"]) if _is_state(state) else None
        if view is None:
            return False
        self.wall.set_view(view)
        named = next((t for t in self._house.tours() if t.id == state.get("tour")), None)
        step = state.get("step")
        if named is not None and isinstance(step, int):
            self._last_tour = named.id
            self.tours.start(named, step)
        return True


def _is_state(state: Any) -> bool:
    return isinstance(state, dict) and isinstance(state.get("view"), str)


class WallWindow(QMainWindow):
    """One wall on a screen of its own. Its menu is the context menu; its keys are those of the
    main window where they concern a wall."""

    changed = Signal()
    closed = Signal()
    save_requested = Signal()
    asked = Signal(str)  # an action of the main window, about this wall

    def __init__(self, number: int, house: House) -> None:
        super().__init__()
        self.number, self._house = number, house
        self.name = ""
        """Of the view that was opened last, unless the wall shows something else by now."""
        self._opened: View | None = None
        self._undo: list[View] = []
        self._undoing = False
        self.active = False
        self.pane = WallPane(house, self)
        self.wall, self.notice = self.pane.wall, self.pane.notice
        self._before = self.wall.view()
        self.setCentralWidget(self.pane)
        self.setFocusProxy(self.wall)
        self.resize(960, 600)
        self.home = Home(self)
        self.home.moved.connect(self.changed)
        self._actions()
        self._retranslate()
        self.wall.view_changed.connect(self._view_changed)
        self.pane.tours.shown.connect(lambda _: self.changed.emit())
        self.wall.context_menu_requested.connect(self._menu)

    def _actions(self) -> None:
        self._act: dict[str, QAction] = {}
        runs: dict[str, Callable[[], Any]] = {
            "maximise": self._maximise,
            "clear": lambda: self.wall.clear(self.wall.selected),
            "retry": self._retry,
            "undo": self._undo_view,
            "ptz_mode": lambda: self.wall.set_ptz_mode(not self.wall.ptz_mode),
            "save_view": self.save_requested.emit,
            "full": self.toggle_full,
            "replay": self._replay,
            "zoom_in": lambda: self.wall.zoom_steps(2),
            "zoom_out": lambda: self.wall.zoom_steps(-2),
            "zoom_off": lambda: self.wall.zoom_steps(0),
        }
        for key in ("snapshot", "incident", "incident_new", "report", "maintenance", "sound", "mute",
                    "spot", "aspect", "lock", "place"):  # fmt: skip
            runs[key] = functools.partial(self.asked.emit, key)
        for layout in BUILT_IN.values():
            runs[f"layout {layout.key}"] = functools.partial(self._set_layout, layout)
        for key, run in runs.items():
            action = QAction(self)
            action.triggered.connect(lambda _=False, r=run: r())
            mirror(self._house.action(key), action)
            self.addAction(action)
            self._act[key] = action
        for key, action in self.pane.strip.actions_by_name.items():
            mirror(self._house.action(key), action)
        self._close = QAction(self)
        self._close.setShortcut(QKeySequence("Ctrl+W"))
        self._close.triggered.connect(lambda *_: self.close())
        self.addAction(self._close)
        self._act["full"].setCheckable(True)
        self._act["ptz_mode"].setCheckable(True)
        self.wall.ptz_mode_changed.connect(self._act["ptz_mode"].setChecked)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_act"):
            self._retranslate()

    def _retranslate(self) -> None:
        self._close.setText(self.tr("Close this &wall"))
        self._title()

    def title(self) -> str:
        """What the window is called: its number and what it shows."""
        text = self.tr("Wall {number}").format(number=self.number)
        return f"{text} – {self.name}" if self.name else text

    def _title(self) -> None:
        mark = self.tr("  (cameras open here)") if self.active else ""
        self.setWindowTitle(self.title() + mark)

    def set_active(self, active: bool) -> None:
        """Whether the sidebar and the PTZ panel are about this wall."""
        if active != self.active:
            self.active = active
            self._title()

    # -- what a person does

    def open_view(self, named: NamedView) -> None:
        """Show a saved view."""
        self._opened, self.name = named.view, named.name
        self.wall.set_view(named.view)
        self._title()
        self.changed.emit()

    def _set_layout(self, layout: Layout, *_: object) -> None:
        before = self.wall.view()
        self.wall.set_layout(layout)
        lost = _cameras(before) - _cameras(self.wall.view())
        if lost > 0:
            text = self.tr("%n camera(s) have no tile in this layout.", "", lost)
            self.notice.say(text, self.tr("Undo"), lambda: self.wall.set_view(before))

    def _replay(self) -> None:
        if self.pane.replay is not None:
            self.pane.replay.toggle()

    def _maximise(self) -> None:
        self.wall.maximise(None if self.wall.maximised is not None else self.wall.selected)

    def _retry(self) -> None:
        camera = self.wall.camera_at(self.wall.selected)
        if camera is not None:
            self._house.engine.retry(camera)

    def _undo_view(self) -> None:
        if self._undo:
            self._undoing = True
            self.wall.set_view(self._undo.pop())
            self._undoing = False

    def _view_changed(self) -> None:
        before, self._before = self._before, self.wall.view()
        if not self._undoing and self.pane.tours.run is None:
            self._undo = [*self._undo[-UNDO + 1 :], before]
        if self.name and self._before != self._opened:
            self.name = ""
            self._title()
        self.changed.emit()

    def toggle_full(self) -> None:
        """Fill the screen that the window is on, or go back."""
        full = not self.isFullScreen()
        self.home.set_full(full)
        self._act["full"].setChecked(full)
        if full:
            self.notice.say(self.tr("F11 leaves full screen."))
        self.changed.emit()

    def _menu(self, index: int, where: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_menu(menu, index)
        menu.popup(where)

    def fill_menu(self, menu: QMenu, index: int) -> None:
        """All that can be done with this wall and a tile of it."""
        camera = self.wall.camera_at(index)
        if camera is not None:
            keys = ("maximise", "sound", "retry", "clear", "replay", "snapshot", "spot", "report",
                    "maintenance")  # fmt: skip
            menu.addActions([self._act[key] for key in keys])
            row = self._house.rows(camera)
            if row is not None and row.has_ptz:
                menu.addAction(self._act["ptz_mode"])
            menu.addSeparator()
        layouts = menu.addMenu(self.tr("&Layout"))
        for layout in BUILT_IN.values():
            layouts.addAction(self._act[f"layout {layout.key}"])
        for own in self._house.layouts():
            layouts.addAction(
                layout_icon(own.layout), own.name, functools.partial(self._set_layout, own.layout)
            )
        views = menu.addMenu(self.tr("V&iews"))
        fill_views(views, self._house.views(), self.open_view)
        tours = menu.addMenu(self.tr("T&ours"))
        for named in self._house.tours():
            tours.addAction(named.name, functools.partial(self.pane.start_tour, named.id))
        tours.addSeparator()
        tours.addActions(list(self.pane.strip.actions_by_name.values()))
        menu.addActions([self._act["undo"], self._act["save_view"]])
        menu.addSeparator()
        menu.addAction(self._act["full"])
        fill_screens(menu.addMenu(self.tr("Move to &screen")), self.home)
        menu.addAction(self._close)

    # -- state

    def state(self) -> dict[str, Any]:
        """For the next start."""
        return {
            "number": self.number,
            "name": self.name,
            **self.pane.state(),
            **self.home.as_json(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Bring back view and place. What cannot be read is left as it is."""
        name = state.get("name")
        if self.pane.restore(state) and isinstance(name, str):
            self.name, self._opened = name, self.wall.view()
            self._title()
        self._undo.clear()
        screen = ScreenKey.from_json(state.get("screen"))
        try:
            box = box_from_json(state.get("box"))
        except (TypeError, ValueError):
            return
        if screen is not None:
            full = state.get("full") is True
            self.home.set(screen, box, full=full)
            self._act["full"].setChecked(full)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.pane.tours.stop()
        self.wall.set_sources(lambda _: None)  # the engine lets go of its cameras
        event.accept()
        self.closed.emit()


class WallWindows(QObject):
    """All wall windows beside the main one."""

    changed = Signal()

    def __init__(self, house: House, adopt: Callable[[WallPane], None], parent: QObject) -> None:
        """`adopt` connects a new wall to the rest of the client."""
        super().__init__(parent)
        self._house, self._adopt = house, adopt
        self._leaving = False
        self.windows: list[WallWindow] = []

    def open(self, state: dict[str, Any] | None = None) -> WallWindow | None:
        """Another window, with the lowest number that is free; None when there are too many."""
        if len(self.windows) >= MOST_WINDOWS:
            return None
        taken = {w.number for w in self.windows}
        number = state.get("number") if state else None
        if not isinstance(number, int) or number in taken or not 2 <= number <= 99:
            number = next(n for n in range(2, 99) if n not in taken)
        window = WallWindow(number, self._house)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.windows.append(window)
        self._adopt(window.pane)
        window.changed.connect(self.changed)
        window.closed.connect(lambda: self._closed(window))
        if state is None:
            screens = QGuiApplication.screens()
            free = [s for s in screens if ScreenKey.of(s) not in self._used()]
            window.home.move_to(free[0] if free else screens[-1])
        else:
            window.restore(state)
        window.show()
        self.changed.emit()
        return window

    def _used(self) -> set[ScreenKey]:
        """Screens that have a window of ours."""
        used = {w.home.screen for w in self.windows[:-1]}
        parent = self.parent()
        if isinstance(parent, QWidget):
            used.add(ScreenKey.of(parent.screen()))
        return used

    def _closed(self, window: WallWindow) -> None:
        if window in self.windows and not self._leaving:
            self.windows.remove(window)
            self.changed.emit()

    def walls(self) -> list[WallWidget]:
        """Their walls."""
        return [w.wall for w in self.windows]

    def state(self) -> list[dict[str, Any]]:
        """For the next start."""
        return [w.state() for w in self.windows]

    def restore(self, states: Any) -> None:
        """Open what was open. What cannot be read is left out."""
        for state in states if isinstance(states, list) else []:
            if _is_state(state):
                self.open(state)

    def close_all(self) -> None:
        """The client ends: they go, but stay in the state."""
        self._leaving = True
        for window in self.windows:
            window.close()


def mirror(source: QAction, target: QAction) -> None:
    """Let an action of another window have the text, the keys and the icon of one here."""

    def copy() -> None:
        if not isValid(target):
            source.changed.disconnect(copy)
            return
        target.setText(source.text())
        target.setShortcut(source.shortcut())
        target.setShortcutContext(source.shortcutContext())
        target.setIcon(source.icon())

    copy()
    source.changed.connect(copy)


def read_walls(store: Store) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The last state of all walls, and the one before it where the last cannot be read."""
    present, before = (_walls(store.setting(key)) for key in (WALLS, WALLS_BEFORE))
    return present, None if present is not None else before


def _walls(state: Any) -> dict[str, Any] | None:
    if not isinstance(state, dict) or not _is_state(state.get("main")):
        return None
    return state if view_from_json(state["main"]["view"]) is not None else None


def fill_views(
    menu: QMenu,
    views: list[NamedView],
    show: Callable[[NamedView], None],
    current: str | None = None,
) -> None:
    """One's own views, then those of the organisation."""
    shared = False
    for number, named in enumerate(views, 1):
        if named.shared and not shared:
            shared = True
            heading(menu, QCoreApplication.translate("Walls", "Everybody's"))
        action = menu.addAction(layout_icon(named.view.layout), named.name)
        action.setCheckable(True)
        action.setChecked(named.id == current)
        action.triggered.connect(functools.partial(_show, show, named))
        if number <= 9:
            action.setShortcut(QKeySequence(f"Alt+{number}"))
    if not views:
        none = menu.addAction(QCoreApplication.translate("Walls", "No saved views yet"))
        none.setEnabled(False)


def heading(menu: QMenu, text: str) -> None:
    """A line and a word over the entries that follow."""
    menu.addSeparator()
    menu.addAction(text).setEnabled(False)


def _show(show: Callable[[NamedView], None], named: NamedView, *_: object) -> None:
    show(named)


def fill_screens(menu: QMenu, home: Home) -> None:
    """The screens by number, name and size."""
    for number, screen in enumerate(QGuiApplication.screens(), 1):
        size = screen.size()
        action = menu.addAction(f"{number}   {screen.name()}   {size.width()} × {size.height()}")
        action.setCheckable(True)
        action.setChecked(ScreenKey.of(screen) == home.screen)
        action.triggered.connect(functools.partial(_move, home, screen))


def _move(home: Home, screen: Any, *_: object) -> None:
    if screen in QGuiApplication.screens():
        home.move_to(screen)


def _cameras(view: View) -> int:
    return sum(c is not None for c in view.cameras)
