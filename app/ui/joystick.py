"""Brings the joystick's news to the Qt thread and hands them to the PTZ panel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.devices.joystick import (
    NEXT,
    PREVIOUS,
    STOP,
    Joystick,
    Library,
    SdlLibrary,
    StickSettings,
    preset_of,
)
from app.ui.ptz_panel import PtzPanel, in_front
from app.ui.tasks import emit


class JoystickBridge(QObject):
    """A joystick for the panel; without a stick or its library it is silent."""

    tile_stepped = Signal(int)  # +1 next, -1 previous
    preset_called = Signal(int)  # number, from 1
    sticks_changed = Signal(list)  # names of what is plugged in
    _moved = Signal(float, float, float)
    _pressed = Signal(str)
    _plugged = Signal(object)

    def __init__(
        self,
        panel: PtzPanel,
        settings: StickSettings,
        parent: QObject | None = None,
        *,
        library: Callable[[], Library] = SdlLibrary,
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self.sticks: list[str] = []
        # Emitted on the joystick's thread, so Qt queues them to this one.
        self._moved.connect(panel.steer)
        self._pressed.connect(self._act)
        self._plugged.connect(self._changed)
        self._stick = Joystick(
            settings,
            lambda v: emit(self._moved, *v),
            lambda action: emit(self._pressed, action),
            lambda names: emit(self._plugged, names),
            library=library,
        )

    def start(self) -> None:
        """Begin to look for sticks."""
        self._stick.start()

    def use(self, settings: StickSettings) -> None:
        """Change the settings, at once."""
        self._stick.use(settings)

    def close(self) -> None:
        """End; what moves by the stick stops."""
        self._stick.close()
        self._panel.steer(0.0, 0.0, 0.0)

    def _act(self, action: str) -> None:
        number = preset_of(action)
        if action == STOP:
            self._panel.emergency_stop()
        elif not in_front():
            return
        elif action in (NEXT, PREVIOUS):
            self.tile_stepped.emit(1 if action == NEXT else -1)
        elif number is not None:
            self.preset_called.emit(number)

    def _changed(self, names: tuple[str, ...]) -> None:
        self.sticks = list(names)
        self.sticks_changed.emit(self.sticks)
