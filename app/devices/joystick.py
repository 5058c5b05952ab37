"""A USB joystick: its axes become pan, tilt and zoom, its buttons presets, tiles and the stop.

The library is SDL 2 by PySDL2 and pysdl2-dll, looked at beside (2026):

    pysdl2 + pysdl2-dll  zlib / public domain; SDL kept by libsdl-org, wheels for any CPython 3 on
                         Linux, Windows, macOS; joysticks without a window or a video driver, hot
                         plug, and virtual joysticks, so that tests run through the library itself
    pygame-ce            LGPL; the same SDL with a game library around it; its events need a display
    hidapi               BSD; raw reports only: a parser of HID descriptors would be ours to write,
                         and on Linux each model needs a udev rule for hidraw
    inputs               BSD, last release 2018; no hot plug
    pyglet               BSD; its joysticks are tied to its windows and event loop

Where the library or a stick is missing nothing happens and nothing is said. Tested here with SDL's
virtual joysticks on Linux; no real stick, Windows or macOS was at hand.
"""

from __future__ import annotations

import logging
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

log = logging.getLogger(__name__)

POLL_S = 0.02
IDLE_POLL_S = 1.0
"""How often is looked whether a stick was plugged in, while there is none."""

REPEAT_S = 0.2
"""A deflection is told again so often: the panel lets go of a stick that falls silent."""

REST_S = 0.3
"""An axis counts once it has been at rest for so long: a throttle or a trigger that rests at its
end, or a stick that is held while it is plugged in, must not set a camera moving."""

STEP = 0.02
"""Smaller changes of speed are not worth a message."""

Velocity = tuple[float, float, float]
REST: Velocity = (0.0, 0.0, 0.0)

NEXT, PREVIOUS, STOP, PRESET = "next", "previous", "stop", "preset"
"""What a button may do; "preset 3" calls the third preset."""


def _default_buttons() -> dict[int, str]:
    return {0: STOP, 1: PREVIOUS, 2: NEXT} | {2 + n: f"{PRESET} {n}" for n in range(1, 10)}


@dataclass(frozen=True, slots=True)
class StickSettings:
    """How a stick steers. Out of range values are pulled into range by `from_json`."""

    dead_zone: float = 0.10  # of the way, 0.08 to 0.12 (domain reference 7.3)
    curve: float = 1.8  # exponent: 1 is straight, more is finer near the centre; 1 to 3
    axes: tuple[int, int, int] = (0, 1, 2)  # numbers of the pan, tilt and zoom axes
    inverted: tuple[bool, bool, bool] = (False, False, False)
    buttons: Mapping[int, str] = field(default_factory=_default_buttons)

    def to_json(self) -> dict[str, Any]:
        """For `Store.set_setting`."""
        return {
            "dead_zone": self.dead_zone,
            "curve": self.curve,
            "axes": list(self.axes),
            "inverted": list(self.inverted),
            "buttons": {str(number): action for number, action in self.buttons.items()},
        }

    @classmethod
    def from_json(cls, data: Any) -> StickSettings:
        """StickSettings as stored; what is missing or makes no sense is as by default."""
        usual = cls()
        if not isinstance(data, dict):
            return usual

        def number(name: str, low: float, high: float) -> float:
            value = data.get(name)
            if not isinstance(value, int | float) or not low <= value <= high:
                value = getattr(usual, name)
                if isinstance(data.get(name), int | float):
                    value = min(max(float(data[name]), low), high)
            return float(value) if value == value else float(getattr(usual, name))

        axes, inverted, buttons = data.get("axes"), data.get("inverted"), data.get("buttons")
        if not (isinstance(axes, list) and len(axes) == 3 and all(_index(a) for a in axes)):
            axes = usual.axes
        if not (isinstance(inverted, list) and len(inverted) == 3):
            inverted = usual.inverted
        if isinstance(buttons, dict):
            pairs = [(str(n), str(a)) for n, a in buttons.items()]
            buttons = {int(n): a for n, a in pairs if n.isdecimal() and known_action(a)}
        else:
            buttons = usual.buttons
        return cls(
            number("dead_zone", 0.08, 0.12),
            number("curve", 1.0, 3.0),
            (axes[0], axes[1], axes[2]),
            (bool(inverted[0]), bool(inverted[1]), bool(inverted[2])),
            buttons,
        )


def _index(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 32


def known_action(action: str) -> bool:
    """Whether a button can do this."""
    return action in (NEXT, PREVIOUS, STOP) or preset_of(action) is not None


def preset_of(action: str) -> int | None:
    """The number of "preset 3", 1 to 255, or None for another action."""
    word, _, number = action.partition(" ")
    if word == PRESET and number.isdecimal() and number.isascii() and 1 <= int(number[:4]) <= 255:
        return int(number)
    return None


def shaped(value: float, dead_zone: float, curve: float) -> float:
    """Speed of one axis: 0 within the dead zone, from 0 on behind it, 1 at the end of the way."""
    if not abs(value) > dead_zone:  # also when it is not a number
        return 0.0
    way = min(1.0, abs(value))
    speed = float(((way - dead_zone) / (1.0 - dead_zone)) ** curve)
    return speed if value > 0 else -speed


def steering(raw: Velocity, settings: StickSettings) -> Velocity:
    """Axes as the stick gives them (-1..1: right, towards oneself, clockwise) to speeds -1..1.

    Right pans right, pushing away tilts up, turning clockwise zooms in, unless inverted.
    """
    pan, tilt, zoom = (
        shaped(-value if inverted else value, settings.dead_zone, settings.curve)
        for value, inverted in zip(raw, settings.inverted, strict=True)
    )
    return pan, -tilt if tilt else 0.0, zoom


@dataclass(frozen=True, slots=True)
class Reading:
    """One stick as it is now: axes for pan, tilt, zoom, -1..1, and the buttons that are down."""

    id: int
    name: str
    axes: Velocity
    buttons: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Known:
    """What is remembered of a stick while it is plugged in."""

    rest_since: list[float | None]
    counts: list[bool]
    buttons: frozenset[int]
    moves: bool = False


class Tracker:
    """Turns readings into news. No threads, no clock of its own, no library."""

    def __init__(
        self,
        settings: StickSettings,
        on_move: Callable[[Velocity], None],
        on_button: Callable[[str], None],
        on_sticks: Callable[[tuple[str, ...]], None],
    ) -> None:
        self.settings = settings
        self._on_move, self._on_button, self._on_sticks = on_move, on_button, on_sticks
        self._known: dict[int, _Known] = {}
        self._said: Velocity = REST
        self._said_at = 0.0
        self._names: tuple[str, ...] = ()

    def feed(self, readings: Iterable[Reading], now: float) -> None:
        """All sticks there are, at a time (seconds, monotonic)."""
        present = {r.id: r for r in readings}
        if any(i not in present for i in self._known):
            if any(k.moves for i, k in self._known.items() if i not in present):
                self.rest()  # unplugged while it moved a camera
            self._known = {i: k for i, k in self._known.items() if i in present}
        total = [0.0, 0.0, 0.0]
        pressed: list[int] = []
        for identity, reading in present.items():
            known = self._known.get(identity)
            if known is None:
                known = _Known([None] * 3, [False] * 3, reading.buttons)
                self._known[identity] = known
            velocity = steering(self._counting(known, reading.axes, now), self.settings)
            known.moves = velocity != REST
            total = [b if abs(b) > abs(a) else a for a, b in zip(total, velocity, strict=True)]
            pressed += sorted(reading.buttons - known.buttons)
            known.buttons = reading.buttons
        self._say((total[0], total[1], total[2]), now)
        for number in pressed:
            action = self.settings.buttons.get(number)
            if action is not None:
                self._on_button(action)
        names = tuple(r.name for r in present.values())
        if names != self._names:
            self._names = names
            self._on_sticks(names)

    def rest(self) -> None:
        """Nothing is held any more, whatever the sticks say."""
        if self._said != REST:
            self._said = REST
            self._on_move(REST)

    def _counting(self, known: _Known, axes: Velocity, now: float) -> Velocity:
        """The axes, without those that have not been at rest yet."""
        for i, value in enumerate(axes):
            if known.counts[i]:
                continue
            since = known.rest_since[i]
            if shaped(value, self.settings.dead_zone, 1.0):
                known.rest_since[i] = None
            elif since is None:
                known.rest_since[i] = now
            elif now - since >= REST_S:
                known.counts[i] = True
        pan, tilt, zoom = (v if on else 0.0 for v, on in zip(axes, known.counts, strict=True))
        return pan, tilt, zoom

    def _say(self, velocity: Velocity, now: float) -> None:
        if velocity == REST:
            self.rest()
            return
        change = max(abs(a - b) for a, b in zip(velocity, self._said, strict=True))
        # The ends are told exactly: all the way is full speed.
        ends = any(abs(a) == 1.0 != abs(b) for a, b in zip(velocity, self._said, strict=True))
        if change >= STEP or ends or now - self._said_at >= REPEAT_S:
            self._said, self._said_at = velocity, now
            self._on_move(velocity)


class Library(Protocol):
    """Where readings come from. All calls come from one thread."""

    def read(self, axes: tuple[int, int, int]) -> list[Reading]: ...
    def close(self) -> None: ...


class SdlLibrary:
    """Joysticks by SDL 2. Raises ImportError or OSError where it cannot be had."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it tells which of its binaries it uses
            import sdl2
        self._sdl: Any = sdl2
        for hint, value in (
            # Ctrl+C is the program's; a stick is read without a window; on Windows, off the main
            # thread. Drivers that open HID devices by themselves are for consoles' pads.
            (sdl2.SDL_HINT_NO_SIGNAL_HANDLERS, b"1"),
            (sdl2.SDL_HINT_JOYSTICK_ALLOW_BACKGROUND_EVENTS, b"1"),
            (sdl2.SDL_HINT_JOYSTICK_THREAD, b"1"),
            (sdl2.SDL_HINT_JOYSTICK_HIDAPI, b"0"),
        ):
            sdl2.SDL_SetHint(hint, value)
        if sdl2.SDL_InitSubSystem(sdl2.SDL_INIT_JOYSTICK | sdl2.SDL_INIT_GAMECONTROLLER) != 0:
            raise OSError(f"SDL: {sdl2.SDL_GetError().decode(errors='replace')}")
        # Polled: a queue nobody empties would fill.
        sdl2.SDL_JoystickEventState(sdl2.SDL_IGNORE)
        sdl2.SDL_GameControllerEventState(sdl2.SDL_IGNORE)
        self._open: dict[int, Any] = {}
        self._pads: dict[int, Any] = {}

    def read(self, axes: tuple[int, int, int]) -> list[Reading]:
        """The sticks that are plugged in now; `axes`: which are pan, tilt and zoom."""
        sdl = self._sdl
        sdl.SDL_JoystickUpdate()
        present = set()
        for index in range(sdl.SDL_NumJoysticks()):
            identity = sdl.SDL_JoystickGetDeviceInstanceID(index)
            if identity < 0:
                continue
            if identity not in self._open:
                stick = sdl.SDL_JoystickOpen(index)
                if not stick:
                    continue
                self._open[identity] = stick
                if sdl.SDL_IsGameController(index):
                    self._pads[identity] = sdl.SDL_GameControllerOpen(index)
            present.add(identity)
        for identity in set(self._open) - present:
            self._forget(identity)
        return [
            self._reading(i, s, axes)
            for i, s in self._open.items()
            if sdl.SDL_JoystickGetAttached(s)
        ]

    def _reading(self, identity: int, stick: Any, axes: tuple[int, int, int]) -> Reading:
        sdl = self._sdl
        pad = self._pads.get(identity)
        if pad:
            # A game pad: left stick, and the right one, pushed away, zooms in.
            x = sdl.SDL_GameControllerGetAxis(pad, sdl.SDL_CONTROLLER_AXIS_LEFTX)
            y = sdl.SDL_GameControllerGetAxis(pad, sdl.SDL_CONTROLLER_AXIS_LEFTY)
            z = -sdl.SDL_GameControllerGetAxis(pad, sdl.SDL_CONTROLLER_AXIS_RIGHTY)
        else:
            there = sdl.SDL_JoystickNumAxes(stick)
            x, y, z = (sdl.SDL_JoystickGetAxis(stick, a) if a < there else 0 for a in axes)
        buttons = frozenset(
            b
            for b in range(min(64, sdl.SDL_JoystickNumButtons(stick)))
            if sdl.SDL_JoystickGetButton(stick, b)
        )
        name = (sdl.SDL_JoystickName(stick) or b"joystick").decode(errors="replace")
        pan, tilt, zoom = (max(-1.0, min(1.0, v / 32767)) for v in (x, y, z))
        return Reading(identity, name, (pan, tilt, zoom), buttons)

    def _forget(self, identity: int) -> None:
        pad = self._pads.pop(identity, None)
        if pad:
            self._sdl.SDL_GameControllerClose(pad)
        self._sdl.SDL_JoystickClose(self._open.pop(identity))

    def close(self) -> None:
        """Let go of the sticks and of SDL."""
        for identity in list(self._open):
            self._forget(identity)
        sdl = self._sdl
        sdl.SDL_QuitSubSystem(sdl.SDL_INIT_JOYSTICK | sdl.SDL_INIT_GAMECONTROLLER)


class Joystick:
    """Reads the sticks on a thread of its own and calls back on it; ends with a stop."""

    def __init__(
        self,
        settings: StickSettings,
        on_move: Callable[[Velocity], None],
        on_button: Callable[[str], None],
        on_sticks: Callable[[tuple[str, ...]], None] = lambda _: None,
        *,
        library: Callable[[], Library] = SdlLibrary,
    ) -> None:
        """`on_move`: speeds -1..1 when they change and every REPEAT_S while one is not 0; once
        (0, 0, 0) when the stick is centred, unplugged, or cannot be read any more.

        `on_button`: an action of the settings. `on_sticks`: the names of what is plugged in.
        """
        self._library, self._settings = library, settings
        self._tracker = Tracker(settings, on_move, on_button, on_sticks)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="joystick", daemon=True)

    def start(self) -> None:
        """Begin to look for sticks; returns at once."""
        self._thread.start()

    def use(self, settings: StickSettings) -> None:
        """Change the settings, at once."""
        self._settings = settings

    def close(self, timeout_s: float = 1.0) -> None:
        """Stop and end."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            library = self._library()
        except (ImportError, OSError, RuntimeError, AttributeError) as error:
            log.info("no joystick support: %s", error)
            return
        try:
            wait = 0.0
            while not self._ending.wait(wait):
                self._tracker.settings = self._settings
                readings = library.read(self._settings.axes)
                self._tracker.feed(readings, time.monotonic())
                wait = POLL_S if readings else IDLE_POLL_S
        except Exception:
            log.exception("the joystick cannot be read any more")
        finally:
            self._tracker.rest()
            library.close()
