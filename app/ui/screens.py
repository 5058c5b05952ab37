"""Which screen a window belongs to: found again by serial number, name or place; unplugging and
plugging in again moves windows, and loses none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

SETTLE_MS = 150
"""A window is where it is when it has rested for so long."""

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class ScreenKey:
    """What a screen is known by: its output's name, its serial number, its place."""

    name: str
    serial: str
    box: Box  # x, y, width, height on the desktop

    @staticmethod
    def of(screen: QScreen) -> ScreenKey:
        """A connected screen's."""
        return ScreenKey(screen.name(), screen.serialNumber(), _box(screen.geometry()))

    def as_json(self) -> dict[str, Any]:
        """For the stored state."""
        return {"name": self.name, "serial": self.serial, "box": list(self.box)}

    @staticmethod
    def from_json(data: Any) -> ScreenKey | None:
        """A stored key, or None for what is none."""
        try:
            return ScreenKey(str(data["name"]), str(data["serial"]), box_from_json(data["box"]))
        except (KeyError, TypeError, ValueError):
            return None


def _box(rectangle: QRect) -> Box:
    return rectangle.x(), rectangle.y(), rectangle.width(), rectangle.height()


def box_from_json(data: Any) -> Box:
    """Four stored numbers. Raises ValueError or TypeError."""
    x, y, width, height = (int(v) for v in data)
    if not (0 < width < 100_000 and 0 < height < 100_000 and max(abs(x), abs(y)) < 1_000_000):
        raise ValueError(f"no place on a desktop: {data}")
    return x, y, width, height


def find(wanted: ScreenKey, screens: list[ScreenKey]) -> int | None:
    """Which of the screens is the wanted one; None when it is not there.

    By serial number where both have one, however it is plugged in; else by the output's name; else
    by place, where neither has a serial number that says otherwise.
    """
    if wanted.serial:
        same = [i for i, s in enumerate(screens) if s.serial == wanted.serial]
        # Some makers give all their screens one number: then the name decides.
        named = [i for i in same if screens[i].name == wanted.name]
        if same:
            return (named or same)[0]
    open_ = [i for i, s in enumerate(screens) if not (wanted.serial and s.serial)]
    named = [i for i in open_ if screens[i].name == wanted.name]
    placed = [i for i in open_ if screens[i].box == wanted.box]
    both = [i for i in named if i in placed]
    return next(iter(both or named or placed), None)


class Home(QObject):
    """Keeps a window on its screen.

    When the screen goes, the window comes to another one, full screen if it was; when the screen
    comes back, so does the window. A person who moves it gives it another home.
    """

    moved = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.screen = ScreenKey.of(window.screen())
        self.box: Box = _box(window.geometry())
        """Where the window is on its screen when it does not fill it."""
        self.away = False
        """The screen is not there, the window a guest on another one."""
        self._placed: QRect | None = None
        """As a guest: where we put the window, None until it rests there."""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(SETTLE_MS)
        self._rest.timeout.connect(self._settled)
        window.installEventFilter(self)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        for signal in (application.screenAdded, application.screenRemoved):
            # Qt moves windows itself after these signals: ours is the last word.
            signal.connect(self._screens_changed)

    def set(self, screen: ScreenKey, box: Box, *, full: bool) -> None:
        """Put the window where it was, or on another screen while that one is not there."""
        self.screen, self.box = screen, box
        self._place(full=full)

    def move_to(self, screen: QScreen) -> None:
        """A person wants the window on that screen."""
        full = self._window.isFullScreen()
        old, key = QRect(*self.box), ScreenKey.of(screen)
        home = QRect(*self.screen.box)
        self.screen = key
        self.box = _box(_fitted(old.translated(screen.geometry().topLeft() - home.topLeft()),
                                screen.availableGeometry()))  # fmt: skip
        self._place(full=full)
        self.moved.emit()

    def set_full(self, full: bool) -> None:
        """Fill the screen it is on, or go back."""
        screen = self._window.screen()
        if full:
            self._fill(screen)
        else:
            box = _fitted(QRect(*self.box), screen.availableGeometry())
            self._window.setWindowState(
                self._window.windowState() & ~Qt.WindowState.WindowFullScreen
            )
            self._window.setGeometry(box)
        self.moved.emit()

    def as_json(self) -> dict[str, Any]:
        """Screen, place and whether it is filled, for the next start."""
        full = self._window.isFullScreen()
        return {"screen": self.screen.as_json(), "box": list(self.box), "full": full}

    # -- inside

    def _screens(self) -> list[QScreen]:
        return QGuiApplication.screens()

    def _place(self, *, full: bool) -> None:
        screens = self._screens()
        index = find(self.screen, [ScreenKey.of(s) for s in screens])
        self.away, self._placed = index is None, None
        screen = screens[index] if index is not None else QGuiApplication.primaryScreen()
        if full:
            self._fill(screen)
            return
        box = QRect(*self.box)
        if index is not None:
            # The same screen may stand elsewhere on the desktop by now.
            box.translate(screen.geometry().topLeft() - QRect(*self.screen.box).topLeft())
        self._window.setGeometry(_fitted(box, screen.availableGeometry()))

    def _fill(self, screen: QScreen) -> None:
        handle = self._window.windowHandle()
        if handle is not None:
            handle.setScreen(screen)
        # First there, then full: some window systems fill the screen that a window is on.
        self._window.setGeometry(screen.geometry())
        self._window.setWindowState(self._window.windowState() | Qt.WindowState.WindowFullScreen)

    def _screens_changed(self, _: QScreen) -> None:
        QTimer.singleShot(0, self, self._screens_settled)

    def _screens_settled(self) -> None:
        there = find(self.screen, [ScreenKey.of(s) for s in self._screens()]) is not None
        if there == self.away:  # it went, or came back
            self._place(full=self._window.isFullScreen())

    def _settled(self) -> None:
        """The window rests: where a person put it is its home."""
        window = self._window
        if not window.isVisible() or window.isMinimized():
            return
        if self.away:
            if self._placed is None or window.isFullScreen():
                self._placed = window.geometry()
            if self._placed == window.geometry():
                return
            self.away = False  # a person moved the guest: it stays
            self.screen = ScreenKey.of(window.screen())
        key = ScreenKey.of(window.screen())
        if find(self.screen, [ScreenKey.of(s) for s in self._screens()]) is None:
            return  # its screen is just going
        changed = key != self.screen
        self.screen, self._placed = key, None
        if not window.isFullScreen():
            box = _box(window.geometry())
            changed, self.box = changed or box != self.box, box
        if changed:
            self.moved.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._rest.start()
        return False


def _fitted(box: QRect, room: QRect) -> QRect:
    """The box, moved and shrunk into the room."""
    size = box.size().boundedTo(room.size())
    x = min(max(box.x(), room.x()), room.x() + room.width() - size.width())
    y = min(max(box.y(), room.y()), room.y() + room.height() - size.height())
    return QRect(x, y, size.width(), size.height())
