"""The tour's clock: what is shown when, what is skipped, what is left alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.tour import Condition, Phase, Step, Tour, TourRun, cameras_in

SINCE = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
READY, OPENING = Condition(ready=True), Condition()


def fault(reason: str) -> Condition:
    return Condition(fault=reason, since=SINCE)


class Wall:
    """A world as told: cameras are ready unless said otherwise."""

    def __init__(self, **views: tuple[str, ...]) -> None:
        self.views: dict[str, tuple[str, ...]] = views
        self.conditions: dict[str, Condition] = {}
        self.held: dict[str, str] = {}
        """Camera or view of a step to why it may not be shown."""

    def cameras(self, step: Step) -> tuple[str, ...] | None:
        return (step.camera_id,) if step.camera_id else self.views.get(step.view_id)

    def condition(self, camera_id: str) -> Condition:
        return self.conditions.get(camera_id, READY)

    def in_use(self, step: Step) -> str:
        return self.held.get(step.camera_id or step.view_id, "")


def tour(names: str = "abc", dwell: float = 10.0) -> Tour:
    return Tour(tuple(Step(camera_id=n) for n in names), dwell)


def shown(run: TourRun, begin: float, end: float) -> list[tuple[float, str]]:
    """Time and camera of every change, ticking ten times a second."""
    result = []
    for i in range(round(begin * 10), round(end * 10)):
        index = run.tick(i / 10)
        if index is not None:
            result.append((i / 10, run.tour.steps[index].camera_id))
    return result


def test_steps_follow_each_other_and_each_may_have_its_own_dwell() -> None:
    steps = (Step(camera_id="a"), Step(camera_id="b", dwell_s=20), Step(camera_id="c"))
    run = TourRun(Tour(steps), Wall(), 0)
    assert shown(run, 0, 51) == [(0, "a"), (10, "b"), (30, "c"), (40, "a"), (50, "b")]
    assert run.remaining_s(55) == 15
    assert run.tour.round_s() == 40


def test_the_next_step_is_opened_three_seconds_before() -> None:
    run = TourRun(tour(), Wall(), 0)
    run.tick(0)
    assert run.ahead(6.9) == ()
    assert run.ahead(7.1) == ("b",)
    short = TourRun(tour(dwell=4), Wall(), 0)
    short.tick(0)
    assert (short.ahead(1.9), short.ahead(2.1)) == ((), ("b",))


def test_a_faulted_camera_is_skipped_in_time_for_the_one_after_it() -> None:
    wall = Wall()
    wall.conditions["b"] = fault("unreachable")
    run = TourRun(tour(), wall, 0)
    assert shown(run, 0, 7.5) == [(0, "a")]
    assert run.ahead(7.5) == ("c",)
    assert shown(run, 7.5, 12) == [(10, "c")]
    skip = run.skipped["b"]
    assert (skip.reason, skip.since, skip.times) == ("unreachable", SINCE, 1)
    shown(run, 12, 31)
    assert run.skipped["b"].times == 2
    wall.conditions.clear()
    assert (50, "b") in shown(run, 31, 51)
    assert run.skipped == {}


def test_a_camera_without_a_picture_is_waited_for_then_skipped() -> None:
    wall = Wall()
    wall.conditions["b"] = OPENING
    run = TourRun(tour(), wall, 0)
    assert shown(run, 0, 14.9) == [(0, "a")]
    assert run.phase(12) is Phase.OPENING
    assert shown(run, 14.9, 16) == [(15, "c")]
    assert run.skipped["b"].reason == "no picture"
    wall.conditions["a"] = OPENING
    shown(run, 16, 26)
    wall.conditions["a"] = READY
    assert shown(run, 26, 27) == [(26, "a")]  # late is better than never


def test_a_wrong_password_is_tried_once_in_a_run() -> None:
    wall = Wall()
    wall.conditions["b"] = fault("unauthorized")
    run = TourRun(tour("ab"), wall, 0)
    shown(run, 0, 10)
    wall.conditions["b"] = OPENING  # as the engine says of a camera that it has let go
    asked = [run.ahead(t / 10) for t in range(100, 400) if run.tick(t / 10) is None]
    assert not any("b" in ids for ids in asked)
    assert run.skipped["b"].reason == "unauthorized"
    run.try_again()
    wall.conditions["b"] = READY
    assert shown(run, 40, 60)


def test_with_nothing_else_to_show_the_tour_stays_and_says_so() -> None:
    wall = Wall()
    wall.conditions |= {"b": fault("no signal"), "c": fault("unreachable")}
    run = TourRun(tour(), wall, 0)
    assert shown(run, 0, 55) == [(0, "a")]
    assert run.phase(55) is Phase.STUCK
    wall.conditions.clear()
    assert shown(run, 55, 65)[0][1] == "b"
    assert run.phase(65) is Phase.SHOWING
    wall.conditions |= dict.fromkeys("abc", fault("unreachable"))
    nothing = TourRun(tour(), wall, 100)
    assert shown(nothing, 100, 130) == []
    assert set(nothing.skipped) == {"a", "b", "c"}


def test_a_touch_pauses_and_a_minute_later_it_goes_on_with_the_time_that_was_left() -> None:
    run = TourRun(tour(), Wall(), 0)
    shown(run, 0, 4)
    run.touch(4)
    assert run.phase(5) is Phase.PAUSED
    run.touch(24)
    assert run.ahead(9) == ()
    assert shown(run, 24, 84) == []
    assert run.resumes_in_s(80) == pytest.approx(4)
    assert shown(run, 84, 92) == [(90, "b")]


def test_a_pause_by_hand_ends_by_hand() -> None:
    run = TourRun(tour(), Wall(), 0)
    shown(run, 0, 4)
    run.pause(4)
    run.touch(5)
    assert shown(run, 5, 500) == []
    assert run.remaining_s(400) == 6
    run.resume(500)
    assert shown(run, 500, 507) == [(506, "b")]


def test_next_and_previous_come_as_soon_as_there_is_a_picture() -> None:
    wall = Wall()
    run = TourRun(tour("abcd"), wall, 0)
    shown(run, 0, 2)
    wall.conditions["b"] = OPENING
    run.go(1, 2)
    assert shown(run, 2, 3) == []
    assert run.ahead(2.5) == ("b",)
    wall.conditions["b"] = READY
    assert shown(run, 3, 4) == [(3, "b")]
    run.go(1, 4)
    run.go(1, 4)
    assert shown(run, 4, 5) == [(4, "d")]
    run.touch(5)
    run.go(-1, 6)
    assert shown(run, 6, 7) == [(6, "c")]
    assert shown(run, 7, 17) == [(16, "d")]  # and then forwards again


def test_a_faulted_camera_is_skipped_backwards_too() -> None:
    wall = Wall()
    wall.conditions["d"] = fault("unreachable")
    run = TourRun(tour("abcd"), wall, 0)
    shown(run, 0, 1)
    run.go(-1, 1)
    assert shown(run, 1, 2) == [(1, "c")]


def test_what_is_in_use_is_passed_by_and_comes_in_the_next_round() -> None:
    wall = Wall()
    wall.held["b"] = "selected"
    run = TourRun(tour(), wall, 0)
    assert shown(run, 0, 11) == [(0, "a"), (10, "c")]
    assert run.skipped["b"].reason == "in use"
    wall.held |= {"a": "selected", "c": "selected"}
    assert shown(run, 11, 100) == []
    assert (run.phase(99), run.in_use) == (Phase.IN_USE, "selected")
    wall.held.clear()
    assert shown(run, 100, 111)


def test_a_view_is_shown_without_its_faulted_cameras_and_they_are_listed() -> None:
    wall = Wall(gate=("a", "b"), hall=("c", "d"))
    wall.conditions |= {"b": fault("unreachable"), "c": fault("x"), "d": fault("y")}
    steps = (Step(view_id="gate"), Step(view_id="hall"), Step(view_id="gone"), Step(camera_id="e"))
    run = TourRun(Tour(steps), wall, 0)
    assert run.tick(0) == 0
    assert set(run.skipped) == {"b"}
    assert [i for t in range(1, 110) if (i := run.tick(t / 10)) is not None] == [3]
    assert set(run.skipped) == {"b", "c", "d", "view:gone"}
    assert cameras_in(run.tour, wall.cameras) == 5


def test_time_that_nobody_saw_does_not_count() -> None:
    run = TourRun(tour(), Wall(), 0)
    shown(run, 0, 4)
    run.postpone(100)
    assert run.remaining_s(104) == 6


def test_a_tour_of_one_stays() -> None:
    run = TourRun(tour("a"), Wall(), 0)
    assert shown(run, 0, 100) == [(0, "a")]
    assert run.phase(99) is Phase.SHOWING


@pytest.mark.parametrize("dwell", [0, 1.9, -3, float("nan"), 601])
def test_a_dwell_has_bounds(dwell: float) -> None:
    with pytest.raises(ValueError, match="dwell"):
        Tour((), dwell)
    with pytest.raises(ValueError, match="dwell"):
        Tour((Step("v", dwell_s=dwell),))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_it_never_hangs_never_shows_a_fault_and_never_changes_what_is_in_use(
    data: st.DataObject,
) -> None:
    names = "abcdef"[: data.draw(st.integers(1, 6))]
    wall = Wall()
    run = TourRun(tour(names, 4), wall, 0)
    kinds = st.sampled_from([READY, READY, OPENING, fault("unreachable"), fault("unauthorized")])
    for i in range(data.draw(st.integers(1, 150))):
        now = i * 0.5
        for name in names:
            if data.draw(st.booleans()):
                wall.conditions[name] = data.draw(kinds)
                wall.held[name] = data.draw(st.sampled_from(["", "", "selected"]))
        match data.draw(st.integers(0, 14)):
            case 0:
                run.touch(now)
            case 1:
                run.go(data.draw(st.sampled_from([-1, 1])), now)
            case 2:
                run.pause(now)
            case 3:
                run.resume(now)
        index = run.tick(now)
        if index is not None:
            assert wall.condition(names[index]).ready
            assert not wall.held.get(names[index])
        assert len(run.ahead(now)) <= 1
