from __future__ import annotations

import itertools
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.load import (
    BLOCK_S,
    CALM_S,
    LAST_RESORT_S,
    RAISE_S,
    Level,
    LoadPolicy,
    MachineLoad,
    StreamLoad,
    Tier,
)

FULL, SUB, SKIP, KEY = Level
ALL = (SUB, SKIP, KEY)
BUSY, IDLE = MachineLoad(1.0), MachineLoad(0.3)


def _wall(count: int = 3, steps: tuple[Level, ...] = ALL) -> list[StreamLoad]:
    return [StreamLoad(f"c{i}", steps, area=100 * (i + 1)) for i in range(count)]


def _late(streams: list[StreamLoad], lag: float = 0.5) -> list[StreamLoad]:
    return [replace(s, lag_s=lag) for s in streams]


class Clock:
    """Runs a policy second by second and notes every change."""

    def __init__(self, policy: LoadPolicy) -> None:
        self.policy, self.now = policy, 1000.0
        self.changes: list[tuple[float, str, Level]] = []

    def run(self, seconds: int, streams: list[StreamLoad], machine: MachineLoad) -> None:
        for _ in range(seconds):
            before = dict(self.policy.levels)
            self.policy.step(self.now, streams, machine)
            for s in streams:
                level = self.policy.level(s.camera_id)
                if before.get(s.camera_id, FULL) is not level:
                    self.changes.append((self.now, s.camera_id, level))
            self.now += 1.0


def test_all_drop_to_the_substream_then_skip_then_show_key_frames_the_smallest_first() -> None:
    clock = Clock(LoadPolicy())
    clock.run(20, _late(_wall()), BUSY)
    assert [(c, v) for _, c, v in clock.changes] == [
        (c, v) for v in (SUB, SKIP, KEY) for c in ("c0", "c1", "c2")
    ]
    times = [t for t, _, _ in clock.changes]
    assert all(b - a >= 1.0 for a, b in itertools.pairwise(times))


def test_one_bad_second_lowers_nothing() -> None:
    clock = Clock(LoadPolicy())
    for _ in range(10):
        clock.run(1, _late(_wall()), BUSY)
        clock.run(1, _wall(), IDLE)
    assert clock.changes == []


def test_what_a_stream_cannot_give_is_not_asked_of_it() -> None:
    clock = Clock(LoadPolicy())
    streams = [StreamLoad("small", (KEY,), area=1), StreamLoad("nothing", (), area=1)]
    clock.run(10, _late(streams), BUSY)
    assert clock.policy.levels == {"small": KEY}


def test_the_protected_give_last_and_the_never_degrade_mark_after_the_selected() -> None:
    tiers = {"c0": Tier.NEVER, "c1": Tier.SPOT, "c2": Tier.SELECTED}
    streams = [replace(s, tier=tiers.get(s.camera_id, s.tier)) for s in _wall(5)]
    clock = Clock(LoadPolicy())
    clock.run(40, _late(streams), BUSY)
    order = list(dict.fromkeys(c for _, c, _ in clock.changes))
    assert order == ["c3", "c4", "c2", "c1", "c0"]
    exhausted = next(t for t, c, v in clock.changes if c == "c4" and v is KEY)
    assert all(t >= exhausted + LAST_RESORT_S for t, c, _ in clock.changes if c in tiers)


def test_the_protected_do_not_give_for_others_that_are_just_reconnecting() -> None:
    chosen = replace(_wall(1)[0], tier=Tier.SELECTED)
    clock = Clock(LoadPolicy())
    for _ in range(4):
        clock.run(8, _late([chosen]), BUSY)
        clock.run(1, _late([chosen, *_wall(3)[1:]]), BUSY)
    assert clock.policy.level("c0") is FULL


def test_a_tile_that_is_selected_gets_everything_back_at_once() -> None:
    clock = Clock(LoadPolicy())
    clock.run(4, _late(_wall()), BUSY)
    assert clock.policy.level("c0") is SUB
    selected = [replace(s, tier=Tier.SELECTED if s.camera_id == "c0" else s.tier) for s in _wall()]
    clock.run(1, _late(selected), BUSY)
    assert clock.policy.level("c0") is FULL


def test_lateness_of_an_idle_thread_is_the_networks_fault() -> None:
    clock = Clock(LoadPolicy())
    clock.run(20, [replace(s, lag_s=0.9, dropped=3, busy=0.1) for s in _wall()], IDLE)
    assert clock.changes == []
    clock.run(5, [replace(s, lag_s=0.9, busy=0.9) for s in _wall()], IDLE)
    assert clock.changes


def test_openings_are_not_judged() -> None:
    clock = Clock(LoadPolicy())
    clock.run(10, [replace(s, lag_s=0.9, age_s=1.0) for s in _wall()], BUSY)
    assert clock.changes == []


def test_a_late_user_interface_is_a_reason_too() -> None:
    clock = Clock(LoadPolicy())
    clock.run(4, _wall(), MachineLoad(1.0, ui_late_s=0.15))
    assert clock.changes


def test_while_lateness_falls_nothing_more_is_lowered() -> None:
    clock = Clock(LoadPolicy())
    clock.run(3, _late(_wall(), 2.0), BUSY)
    before = len(clock.changes)
    for lag in (1.5, 1.1, 0.8, 0.6, 0.4):
        clock.run(1, _late(_wall(), lag), BUSY)
    assert len(clock.changes) <= before + 1


def test_recovery_is_slow_step_by_step_and_the_other_way_round() -> None:
    clock = Clock(LoadPolicy())
    clock.run(8, _late(_wall()), BUSY)
    down = [(c, v) for _, c, v in clock.changes]
    clock.changes.clear()
    calm = clock.now
    clock.run(70, _wall(), IDLE)
    assert clock.policy.levels == {}
    times = [t for t, _, _ in clock.changes]
    assert times[0] - calm >= CALM_S - 1
    assert all(b - a >= RAISE_S for a, b in itertools.pairwise(times))
    assert [c for _, c, _ in clock.changes] == [c for c, _ in reversed(down)]


def test_nothing_is_raised_on_a_full_machine_before_long() -> None:
    clock = Clock(LoadPolicy())
    clock.run(8, _late(_wall()), BUSY)
    clock.changes.clear()
    clock.run(25, _wall(), BUSY)
    assert clock.changes == []


def test_a_second_failure_within_a_minute_blocks_raising_and_longer_each_time() -> None:
    """The computer bears one tile less than all: each raise fails."""
    policy = LoadPolicy()
    now, raises = 0.0, []
    before: dict[str, Level] = {}
    while now < 1500:
        short = not policy.levels
        policy.step(now, _late(_wall(1)) if short else _wall(1), IDLE if not short else BUSY)
        if before and not policy.levels:
            raises.append(now)
        before = dict(policy.levels)
        now += 1.0
    gaps = [b - a for a, b in itertools.pairwise(raises)]
    assert gaps[0] >= BLOCK_S
    assert all(b > a for a, b in itertools.pairwise(gaps[:4]))
    assert max(gaps) <= 700


def test_a_closed_camera_lifts_the_block() -> None:
    policy = LoadPolicy()
    clock = Clock(policy)
    clock.run(5, _late(_wall()), BUSY)
    policy.blocked_until = clock.now + 500
    clock.run(1, _wall()[1:], IDLE)
    assert policy.blocked_until <= clock.now


def test_a_camera_that_reconnects_keeps_its_level() -> None:
    policy = LoadPolicy()
    clock = Clock(policy)
    clock.run(4, _late(_wall()), BUSY)
    assert policy.level("c0") is SUB
    policy.step(clock.now, _wall()[1:], IDLE, {"c0"})
    assert policy.level("c0") is SUB


def test_new_tiles_begin_small_while_there_is_too_little_power() -> None:
    clock = Clock(LoadPolicy())
    new = StreamLoad("new", ALL)
    assert clock.policy.opening(new) is FULL
    clock.run(4, _late(_wall()), BUSY)
    assert clock.policy.opening(new) is SUB
    assert clock.policy.opening(replace(new, camera_id="x", tier=Tier.SPOT)) is FULL


def test_sixty_four_tiles_do_not_take_minutes() -> None:
    clock = Clock(LoadPolicy())
    clock.run(20, _late(_wall(64, (KEY,))), BUSY)
    assert len(clock.policy.levels) == 64


TIERS = st.sampled_from(list(Tier))
SECOND = st.tuples(st.floats(0, 3), st.booleans(), st.lists(TIERS, min_size=4, max_size=4))


@settings(max_examples=60, deadline=None)
@given(st.lists(SECOND, max_size=80))
def test_never_a_protected_one_before_the_others_and_never_more_than_one_a_second(
    seconds: list[tuple[float, bool, list[Tier]]],
) -> None:
    policy, now = LoadPolicy(), 0.0
    forced: set[str] = set()
    for lag, full, tiers in seconds:
        streams = [replace(s, lag_s=lag, tier=t) for s, t in zip(_wall(4), tiers, strict=True)]
        before = dict(policy.levels)
        policy.step(now, streams, MachineLoad(1.0 if full else 0.2))
        lower = [s for s in streams if policy.level(s.camera_id) > before.get(s.camera_id, FULL)]
        assert len(lower) <= 1
        for s in lower:
            others = [o for o in streams if o.tier < s.tier]
            assert all(policy.level(o.camera_id) is KEY for o in others)
            if s.tier is not Tier.ORDINARY:
                forced.add(s.camera_id)
        for s in streams:
            if s.tier is Tier.ORDINARY:
                forced.discard(s.camera_id)
            elif s.camera_id not in forced:
                assert policy.level(s.camera_id) is FULL
        now += 1.0
