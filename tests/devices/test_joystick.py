"""The joystick: properties of its mapping, then SDL's own virtual sticks through the real thread.

uinput, which would make a stick for the whole system, is not open in containers; SDL's virtual
joysticks come in at the library's own driver seam.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.joystick import (
    IDLE_POLL_S,
    REPEAT_S,
    REST,
    REST_S,
    Joystick,
    Reading,
    StickSettings,
    Tracker,
    Velocity,
    shaped,
    steering,
)
from tests.conftest import wait_for

axis = st.floats(-1, 1)
dead_zones = st.floats(0.08, 0.12)
curves = st.floats(1, 3)
USUAL = StickSettings()


# -- the mapping


@given(axis, dead_zones, curves)
def test_nothing_moves_within_the_dead_zone(value: float, zone: float, curve: float) -> None:
    assert (shaped(value, zone, curve) == 0) == (abs(value) <= zone) or abs(value) < zone + 1e-6


@given(dead_zones, curves)
def test_speed_begins_at_nothing_and_ends_at_full(zone: float, curve: float) -> None:
    assert 0 <= shaped(zone + 1e-9, zone, curve) < 1e-6
    assert shaped(1, zone, curve) == 1
    assert shaped(-1, zone, curve) == -1
    assert shaped(-1.00003, zone, curve) == -1  # SDL's axes reach -32768


@given(axis, axis, dead_zones, curves)
def test_further_is_never_slower_and_both_ways_are_alike(
    a: float, b: float, zone: float, curve: float
) -> None:
    slow, fast = sorted((a, b))
    assert shaped(slow, zone, curve) <= shaped(fast, zone, curve)
    assert shaped(-a, zone, curve) == -shaped(a, zone, curve)
    assert -1 <= shaped(a, zone, curve) <= 1


def test_the_curve_is_finer_near_the_centre() -> None:
    assert shaped(0.5, 0.1, 1.8) < shaped(0.5, 0.1, 1.0)


def test_no_number_is_no_speed() -> None:
    assert shaped(float("nan"), 0.1, 1.8) == 0


def test_away_is_up_and_inverted_is_the_other_way() -> None:
    assert steering((1, -1, 1), USUAL) == (1, 1, 1)
    assert steering((1, -1, 1), StickSettings(inverted=(True, True, True))) == (-1, -1, -1)
    assert str(steering((0, 0, 0), USUAL)) == "(0.0, 0.0, 0.0)"  # no minus nought either


# -- what is made of readings


class Heard:
    """What the tracker or the thread said."""

    def __init__(self) -> None:
        self.moves: list[Velocity] = []
        self.buttons: list[str] = []
        self.sticks: list[tuple[str, ...]] = []

    def tracker(self, settings: StickSettings = USUAL) -> Tracker:
        return Tracker(settings, self.moves.append, self.buttons.append, self.sticks.append)

    @property
    def stops(self) -> int:
        return self.moves.count(REST)


def stick(pan: float = 0, tilt: float = 0, zoom: float = 0, *buttons: int, id: int = 1) -> Reading:
    return Reading(id, f"stick {id}", (pan, tilt, zoom), frozenset(buttons))


def at_rest(tracker: Tracker, *ids: int) -> float:
    """Lets sticks rest until they count; returns the time."""
    for now in (0.0, REST_S + 0.01):
        tracker.feed([stick(id=i) for i in ids or (1,)], now)
    return REST_S + 0.01


def test_a_centred_stick_stops_exactly_once() -> None:
    heard = Heard()
    tracker = heard.tracker()
    now = at_rest(tracker)
    assert heard.moves == []
    tracker.feed([stick(1)], now + 0.02)
    for step in range(2, 50):
        tracker.feed([stick(0.05)], now + step * 0.02)
    assert heard.moves == [(1, 0, 0), REST]


def test_a_held_stick_is_told_again_and_again() -> None:
    heard = Heard()
    tracker = heard.tracker()
    now = at_rest(tracker)
    for step in range(1, 51):
        tracker.feed([stick(0.5)], now + step * 0.02)
    assert len(set(heard.moves)) == 1
    assert 4 <= len(heard.moves) <= 1 / REPEAT_S + 1


def test_unplugged_while_moving_stops_at_once() -> None:
    heard = Heard()
    tracker = heard.tracker()
    now = at_rest(tracker)
    tracker.feed([stick(0.8)], now + 0.02)
    tracker.feed([], now + 0.04)
    assert heard.moves[-1] == REST
    assert heard.stops == 1
    assert heard.sticks == [("stick 1",), ()]


def test_the_other_stick_goes_on_only_after_the_stop() -> None:
    heard = Heard()
    tracker = heard.tracker()
    now = at_rest(tracker, 1, 2)
    tracker.feed([stick(0.9), stick(0, -0.5, id=2)], now + 0.02)
    tracker.feed([stick(0, -0.5, id=2)], now + 0.04)
    assert heard.moves[-2] == REST
    assert heard.moves[-1][0] == 0


def test_a_stick_held_while_it_is_plugged_in_moves_nothing_until_it_was_centred() -> None:
    heard = Heard()
    tracker = heard.tracker()
    for step in range(100):
        tracker.feed([stick(0.9)], step * 0.02)
    assert heard.moves == []
    tracker.feed([stick()], 3.0)
    tracker.feed([stick()], 3.0 + REST_S + 0.01)
    tracker.feed([stick(0.9)], 4.0)
    assert heard.moves[0][0] > 0.5


def test_a_throttle_at_its_end_does_not_zoom_and_the_rest_works() -> None:
    heard = Heard()
    tracker = heard.tracker()
    for step in range(60):
        tracker.feed([stick(0, 0, -1)], step * 0.02)
    tracker.feed([stick(0, 0, 0)], 1.22)  # passes its middle
    for step in range(63, 90):
        tracker.feed([stick(1, 0, 1)], step * 0.02)
    assert set(heard.moves) == {(1.0, 0.0, 0.0)}


def test_buttons_act_when_they_go_down_and_not_when_they_were() -> None:
    heard = Heard()
    tracker = heard.tracker()
    tracker.feed([stick(0, 0, 0, 0, 5)], 0.0)  # held while plugged in
    tracker.feed([stick(0, 0, 0, 5)], 0.1)
    tracker.feed([stick(0, 0, 0, 0, 2, 5)], 0.2)
    tracker.feed([stick(0, 0, 0, 0, 2, 5, 40)], 0.3)
    tracker.feed([stick()], 0.4)
    tracker.feed([stick(0, 0, 0, 3)], 0.5)
    assert heard.buttons == ["stop", "next", "preset 1"]


@given(st.lists(st.tuples(st.booleans(), st.tuples(axis, axis, axis)), max_size=60))
def test_whatever_happens_the_last_word_at_rest_is_stop(
    history: list[tuple[bool, Velocity]],
) -> None:
    heard = Heard()
    tracker = heard.tracker()
    for step, (there, axes) in enumerate(history):
        tracker.feed([stick(*axes)] if there else [], step * 0.1)
    tracker.feed([stick()], 100.0)
    assert not heard.moves or heard.moves[-1] == REST
    # Never two stops in a row: each ends a move.
    assert all(a != b or a != REST for a, b in zip(heard.moves, heard.moves[1:], strict=False))


# -- settings


def test_settings_survive_being_stored() -> None:
    chosen = StickSettings(0.09, 2.5, (0, 1, 3), (False, True, False), {4: "preset 12", 0: "next"})
    assert StickSettings.from_json(json.loads(json.dumps(chosen.to_json()))) == chosen


@pytest.mark.parametrize(
    "wrong",
    [None, 3, {}, {"dead_zone": "x", "curve": None, "axes": [0, 1], "inverted": 1, "buttons": []},
     {"axes": [0, 1, -1]}, {"axes": [0, 1, True]}, {"dead_zone": float("nan")}],
)  # fmt: skip
def test_settings_that_make_no_sense_are_the_usual_ones(wrong: Any) -> None:
    assert StickSettings.from_json(wrong) == USUAL


def test_settings_out_of_range_are_pulled_in_and_unknown_actions_dropped() -> None:
    made = StickSettings.from_json(
        {"dead_zone": 0, "curve": 9, "buttons": {"1": "preset 0", "2": "fly", "3": "preset 7"}}
    )
    assert (made.dead_zone, made.curve, made.buttons) == (0.08, 3.0, {3: "preset 7"})


# -- through SDL itself


class VirtualStick:
    """A stick made of SDL's virtual driver; used while the joystick's thread runs."""

    def __init__(self, sdl: Any) -> None:
        self.sdl = sdl
        sdl.SDL_LockJoysticks()
        self.index = sdl.SDL_JoystickAttachVirtual(sdl.SDL_JOYSTICK_TYPE_FLIGHT_STICK, 3, 12, 0)
        assert self.index >= 0, sdl.SDL_GetError()
        self.handle = sdl.SDL_JoystickOpen(self.index)
        sdl.SDL_UnlockJoysticks()

    def push(self, axis: int, way: float) -> None:
        assert self.sdl.SDL_JoystickSetVirtualAxis(self.handle, axis, int(way * 32767)) == 0

    def press(self, button: int, down: bool) -> None:
        assert self.sdl.SDL_JoystickSetVirtualButton(self.handle, button, int(down)) == 0

    def unplug(self) -> None:
        self.sdl.SDL_LockJoysticks()
        if self.handle is not None:
            self.sdl.SDL_JoystickDetachVirtual(self.index)
            self.sdl.SDL_JoystickClose(self.handle)
            self.handle = None
        self.sdl.SDL_UnlockJoysticks()


@pytest.fixture
def sdl() -> Iterator[Any]:
    sdl2 = pytest.importorskip("sdl2")
    assert sdl2.SDL_InitSubSystem(sdl2.SDL_INIT_JOYSTICK) == 0
    yield sdl2
    sdl2.SDL_QuitSubSystem(sdl2.SDL_INIT_JOYSTICK)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def joystick(sdl: Any, heard: Heard) -> Iterator[Joystick]:
    running = Joystick(USUAL, heard.moves.append, heard.buttons.append, heard.sticks.append)
    running.start()
    yield running
    running.close()


def test_a_stick_plugged_in_later_steers_and_unplugged_stops(
    sdl: Any, joystick: Joystick, heard: Heard
) -> None:
    made = VirtualStick(sdl)
    try:
        assert wait_for(lambda: heard.sticks, 5) < IDLE_POLL_S + 2
        tracker = joystick._tracker
        wait_for(lambda: any(all(k.counts) for k in tracker._known.values()))
        made.push(0, 0.8)
        made.push(1, -1)
        wait_for(lambda: heard.moves and heard.moves[-1][1] == 1)
        assert heard.moves[-1][0] == pytest.approx(shaped(0.8, 0.1, 1.8), abs=0.001)
        assert heard.stops == 0
        made.unplug()
        assert wait_for(lambda: heard.moves[-1] == REST) < 1
        wait_for(lambda: heard.sticks[-1] == ())
        assert heard.stops == 1
    finally:
        made.unplug()


def test_let_go_it_stops_once_and_buttons_act(sdl: Any, joystick: Joystick, heard: Heard) -> None:
    made = VirtualStick(sdl)
    try:
        tracker = joystick._tracker
        wait_for(lambda: any(all(k.counts) for k in tracker._known.values()))
        made.push(2, 1)
        wait_for(lambda: heard.moves and heard.moves[-1] == (0, 0, 1))
        made.push(2, 0.02)
        assert wait_for(lambda: heard.moves[-1] == REST) < 1
        made.press(2, True)
        wait_for(lambda: heard.buttons == ["next"])
        made.press(2, False)
        assert heard.stops == 1
    finally:
        made.unplug()


def test_ending_the_program_stops_a_held_stick(sdl: Any, joystick: Joystick, heard: Heard) -> None:
    made = VirtualStick(sdl)
    try:
        tracker = joystick._tracker
        wait_for(lambda: any(all(k.counts) for k in tracker._known.values()))
        made.push(0, -1)
        wait_for(lambda: heard.moves)
        joystick.close()
        assert heard.moves[-1] == REST
        assert not joystick._thread.is_alive()
    finally:
        made.unplug()


# -- where something is missing or breaks


class Broken:
    """A library that fails while a stick is held."""

    def __init__(self) -> None:
        self.reads = 0
        self.closed = threading.Event()

    def read(self, axes: tuple[int, int, int]) -> list[Reading]:
        self.reads += 1
        if self.reads > 40:
            raise OSError("the bus is gone")
        return [stick(0.9 if self.reads > 25 else 0.0)]

    def close(self) -> None:
        self.closed.set()


def test_a_library_that_fails_while_moving_stops_the_camera(
    heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Broken()
    joystick = Joystick(USUAL, heard.moves.append, heard.buttons.append, library=lambda: broken)
    joystick.start()
    assert broken.closed.wait(60)
    joystick.close()
    assert heard.moves[0][0] > 0.5
    assert heard.moves[-1] == REST
    assert "cannot be read any more" in caplog.text


def test_without_the_library_it_is_silent(heard: Heard, caplog: pytest.LogCaptureFixture) -> None:
    def missing() -> Any:
        raise ImportError("no sdl2 here")

    joystick = Joystick(USUAL, heard.moves.append, heard.buttons.append, library=missing)
    joystick.start()
    joystick._thread.join(60)
    joystick.close()
    assert not heard.moves
    assert not [r for r in caplog.records if r.levelname in ("WARNING", "ERROR")]


def test_ctrl_c_still_ends_a_program_that_uses_a_joystick() -> None:
    code = (
        "import os, signal, time\n"
        "from app.devices.joystick import SdlLibrary\n"
        "before = signal.getsignal(signal.SIGTERM)\n"
        "library = SdlLibrary()\n"
        "print(library.read((0, 1, 2)), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGTERM)\n"
        "time.sleep(100)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=90, check=False
    )
    assert done.returncode == -15
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""
