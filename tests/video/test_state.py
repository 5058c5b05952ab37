from __future__ import annotations

import itertools
import random

import pytest

from app.video.state import FAILURES, QUICK, RELIEF, Counters, StreamMachine, backoff_s
from app.video.types import Cause, StreamState


def _machine() -> StreamMachine:
    machine = StreamMachine(0.0, random.Random(1))
    machine.opening(0.0)
    return machine


def _play(
    machine: StreamMachine,
    start: float,
    seconds: float,
    fps: int = 15,
    frozen_at: float | None = None,
    dark: bool = False,
    errors: int = 0,
) -> float:
    """Pictures at a steady rate; returns the time of the last one."""
    now = start
    for i in range(int(seconds * fps)):
        now = start + i / fps
        content = now if frozen_at is None else min(now, frozen_at)
        count = round(now * fps) + 1
        machine.picture(now, Counters(count, 0, i * errors // 100), content, dark)
        machine.tick(now)
    return now


def test_live_only_after_a_picture() -> None:
    machine = _machine()
    machine.tick(3.0)
    assert machine.state is StreamState.CONNECTING
    _play(machine, 3.0, 1)
    assert machine.state is StreamState.LIVE


def test_stalled_after_a_second_and_a_half_counting_from_the_last_picture() -> None:
    machine = _machine()
    last = _play(machine, 0.0, 5)
    machine.tick(last + 1.4)
    assert machine.state is StreamState.LIVE
    machine.tick(last + 1.6)
    assert machine.state is StreamState.STALLED
    assert machine.since == last


def test_a_slow_stream_is_not_called_stalled_before_three_intervals() -> None:
    machine = _machine()
    last = 0.0
    for i in range(20):
        last = i * 1.0
        machine.picture(last, Counters(i + 1), last, False)
        machine.tick(last)
    machine.tick(last + 2.0)
    assert machine.state is StreamState.LIVE
    machine.tick(last + 3.7)
    assert machine.state is StreamState.STALLED


def test_an_encoder_that_repeats_itself_is_no_signal_after_ten_seconds() -> None:
    machine = _machine()
    _play(machine, 0.0, 9.5, frozen_at=0.0)
    assert machine.state is StreamState.LIVE
    _play(machine, 9.5, 1.0, frozen_at=0.0)
    assert (machine.state, machine.code) == (StreamState.NO_SIGNAL, "frozen")
    _play(machine, 10.6, 0.3)
    assert machine.state is StreamState.LIVE


def test_black_is_no_signal_after_three_seconds() -> None:
    machine = _machine()
    _play(machine, 0.0, 2.9, dark=True)
    assert machine.state is StreamState.LIVE
    _play(machine, 2.9, 0.3, dark=True)
    assert (machine.state, machine.code) == (StreamState.NO_SIGNAL, "black")


def test_damaged_pictures_degrade() -> None:
    machine = _machine()
    _play(machine, 0.0, 3, errors=20)
    assert (machine.state, machine.cause) == (StreamState.DEGRADED, Cause.NETWORK)


@pytest.mark.parametrize(("busy", "cause"), [(0.8, Cause.THIS_COMPUTER), (0.05, Cause.NETWORK)])
def test_skipped_pictures_blame_who_is_late(busy: float, cause: Cause) -> None:
    machine = _machine()
    for i in range(60):
        machine.picture(i / 15, Counters(i, i // 3, 0, busy * i / 15), i / 15, False)
        machine.tick(i / 15)
    assert (machine.state, machine.cause) == (StreamState.DEGRADED, cause)


def test_a_refused_account_is_never_retried_by_itself() -> None:
    machine = _machine()
    machine.failed(1.0, "unauthorized")
    assert machine.state is StreamState.UNAUTHORIZED
    assert machine.due is None
    machine.retry(5.0)
    assert machine.due == 5.0


def test_backoff_doubles_to_half_a_minute_and_is_spread() -> None:
    assert [backoff_s(n, 0.5) for n in range(8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert backoff_s(0, 0) == pytest.approx(0.35)
    assert backoff_s(9, 1) == pytest.approx(39)


def test_backoff_starts_anew_after_a_settled_stream() -> None:
    machine = _machine()
    for _ in range(6):
        machine.failed(0.0, "timeout")
        machine.opening(0.0)
    _play(machine, 0.0, 6)
    machine.failed(6.0, "connection-lost")
    assert machine.due is not None
    assert machine.due - 6.0 <= 0.65


def test_a_lone_camera_is_tried_every_other_second_and_slower_after_long() -> None:
    for dice in range(20):
        machine = StreamMachine(0.0, random.Random(dice))
        now, waits = 0.0, []
        while now < 900:
            machine.opening(now)
            machine.failed(now, "connection-refused")
            assert machine.due is not None
            waits.append((now, machine.due - now))
            now = machine.due
        assert max(wait for at, wait in waits if at < 60) < 2
        assert max(wait for _, wait in waits) <= 13


def test_cameras_of_one_host_take_turns() -> None:
    machines = [StreamMachine(0.0, random.Random(i)) for i in range(20)]
    due, attempts, turn = [0.0] * len(machines), [], 0.0
    while min(due) < 60:
        now = min(due)
        i = due.index(now)
        attempts.append(now)
        machines[i].opening(now)
        machines[i].failed(now, "server-error", turn)
        following = machines[i].due
        assert following is not None
        due[i] = following
        if machines[i].attempt > QUICK:
            turn = following
    later = [at for at in attempts if at > 5]
    gaps = [b - a for a, b in itertools.pairwise(later)]
    assert min(gaps) > 1.2  # no two together
    assert max(gaps) < 2.5  # and the host is not left alone


def test_good_news_shortens_the_wait_and_nothing_else() -> None:
    machine = _machine()
    for _ in range(8):
        machine.failed(1.0, "timeout", turn=80.0)
    assert machine.due is not None
    assert machine.due > 10
    machine.good_news(2.0, 1.0)
    assert 2.0 <= machine.due <= 3.0
    refused = _machine()
    refused.failed(1.0, "unauthorized")
    refused.good_news(2.0, 1.0)
    assert refused.due is None


def test_waiting_for_a_key_frame_is_said_until_there_is_a_picture() -> None:
    machine = _machine()
    machine.waiting(1.0)
    machine.tick(30.0)
    assert (machine.state, machine.code) == (StreamState.STALLED, "waiting")
    _play(machine, 31.0, 1)
    assert machine.state is StreamState.LIVE
    machine.waiting(33.0)
    assert machine.state is StreamState.LIVE


def test_a_failure_stays_in_sight_while_the_next_attempt_runs() -> None:
    machine = _machine()
    machine.failed(1.0, "connection-refused")
    machine.opening(2.0)
    machine.tick(3.0)
    assert machine.state is StreamState.UNREACHABLE
    assert machine.since == 1.0


def test_the_last_picture_is_remembered_through_a_failure() -> None:
    machine = _machine()
    last = _play(machine, 0.0, 2)
    machine.failed(9.0, "timeout")
    assert machine.last_picture == last


@pytest.mark.parametrize("code", list(FAILURES))
def test_every_failure_has_a_state_that_is_not_live(code: str) -> None:
    machine = _machine()
    machine.failed(1.0, code)
    assert machine.state not in (StreamState.LIVE, StreamState.CONNECTING, StreamState.IDLE)
    assert machine.detail


@pytest.mark.parametrize("code", list(RELIEF))
def test_what_a_stream_gave_up_is_said_and_is_no_stall(code: str) -> None:
    machine = _machine()
    last = _play(machine, 0.0, 5)
    machine.relieve(last, code, 2.0 if code == "load-key" else 0.0)
    assert (machine.state, machine.cause) == (StreamState.DEGRADED, Cause.THIS_COMPUTER)
    assert (machine.code, machine.detail) == (code, RELIEF[code])
    machine.relieve(last, "")
    assert machine.state is StreamState.LIVE


def test_key_frames_only_is_neither_slow_nor_stalled_but_silence_is_seen_as_soon_as_ever() -> None:
    machine = _machine()
    last = _play(machine, 0.0, 5)
    machine.relieve(last, "load-key", 3.0)
    for i in range(4):
        now = last + 3.0 * (i + 1)
        for step in range(20):
            machine.heard = now - 3.0 + step * 0.15
            machine.tick(machine.heard)
            assert machine.code == "load-key"
        machine.heard = now
        machine.picture(now, Counters(100 + i), now, False)
    machine.tick(now + 1.4)
    assert machine.code == "load-key"
    machine.tick(now + 1.8)
    assert machine.state is StreamState.STALLED


def test_damage_is_told_though_the_computer_is_short_of_power() -> None:
    machine = _machine()
    machine.relieve(0.0, "load-skip")
    _play(machine, 0.0, 3, errors=20)
    assert (machine.code, machine.cause) == ("damaged", Cause.NETWORK)
