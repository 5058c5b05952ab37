"""The figures, with the worked example of the domain reference."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import kpi
from app.domain.kpi import Exclusion, Figure, Grade, Order, Part, Sample, Span

DAY = datetime(2026, 11, 21, tzinfo=UTC)
WHOLE = Span(DAY, DAY + timedelta(days=1))


def hours(start: float, end: float) -> Span:
    return Span(DAY + timedelta(hours=start), DAY + timedelta(hours=end))


def online(camera: str, *spans: Span, observed: Span = WHOLE, **out: Span) -> Part:
    outages = {Exclusion[name]: [span] for name, span in out.items()}
    return kpi.online_part(camera, WHOLE, spans, [observed], outages)


def test_the_worked_example_of_the_reference() -> None:
    rate = Figure((online("A", WHOLE), online("B", hours(0, 12)), online("C")))
    assert rate.value == 0.5
    assert (rate.numerator, rate.denominator, rate.coverage) == (1.5, 3, 1)
    recorded = Figure((kpi.recording_part("B", 86_400, 84_672),))
    assert recorded.value == pytest.approx(0.98)
    assert kpi.recording_grade(recorded.value or 0) is Grade.MET
    earliest = date(2026, 10, 23)
    assert kpi.retention_days(date(2026, 11, 21), earliest) == 29
    assert not kpi.retention_reached(date(2026, 11, 21), earliest, 30)
    assert kpi.retention_reached(date(2026, 11, 22), earliest, 30)


def test_planned_outages_leave_both_sides_and_stay_to_be_seen() -> None:
    half = online("A", hours(0, 6), MAINTENANCE=hours(12, 24))
    assert (half.got, half.excluded, half.excluded_s) == (0.5, None, 43_200)
    gone = online("B", MAINTENANCE=hours(0, 20), POWER_CUT=hours(18, 24))
    rate = Figure((half, gone))
    assert rate.value == 0.5
    assert [p.identity for p in rate.excluded[Exclusion.MAINTENANCE]] == ["B"]


def test_too_little_observation_is_no_number() -> None:
    rate = Figure((online("A", WHOLE, observed=hours(0, 22.7)),))
    assert rate.collecting
    assert rate.value is None
    assert Figure((online("A", WHOLE, observed=hours(0, 22.8)),)).value == 1
    assert Figure().value is None
    assert not Figure().collecting


def test_intact_needs_all_of_it() -> None:
    good = Sample("a", True, 10.0)
    assert good.intact
    for bad in (
        Sample("a", False, 1.0), Sample("a", True, None), Sample("a", True, 10.1),
        Sample("a", True, 1.0, serious_fault=True), Sample("a", True, 1.0, ptz_passed=False),
    ):  # fmt: skip
        assert not bad.intact
    rate = kpi.intact_rate(
        [good, Sample("b", False, None), Sample("c", False, None, excluded=Exclusion.POWER_CUT)]
    )
    assert rate.value == 0.5
    assert list(rate.excluded) == [Exclusion.POWER_CUT]


def test_groups_add_up_to_the_whole() -> None:
    parts = [Part("a1", 1), Part("a2", 0), Part("b1", 1, excluded=Exclusion.MAINTENANCE)]
    groups = kpi.grouped(parts, lambda identity: identity[0])
    assert groups["a"].value == 0.5
    assert groups["b"].value is None
    assert sum(g.denominator for g in groups.values()) == Figure(tuple(parts)).denominator


def test_grades_at_their_limits() -> None:
    assert [kpi.recording_grade(v) for v in (0.98, 0.9799, 0.95, 0.9499)] == [
        Grade.MET, Grade.WARN, Grade.WARN, Grade.FAIL,
    ]  # fmt: skip
    assert [kpi.clock_grade(v) for v in (-5, 5.1, -30, 30.1)] == [
        Grade.MET, Grade.WARN, Grade.WARN, Grade.FAIL,
    ]  # fmt: skip


def test_longest_gap() -> None:
    assert kpi.longest_gap_s(WHOLE, [hours(1, 5), hours(7, 23)]) == 7200
    assert kpi.longest_gap_s(WHOLE, []) == 86_400
    assert kpi.longest_gap_s(WHOLE, [WHOLE]) == 0


def order(identity: str, reported: float, **given: object) -> Order:
    values = {
        name: DAY + timedelta(hours=value) if isinstance(value, int | float) and name != "cancelled"
        else value for name, value in given.items()
    }  # fmt: skip
    camera, category = str(values.pop("camera", "c")), str(values.pop("category", "V01"))
    return Order(identity, camera, category, DAY + timedelta(hours=reported), **values)  # type: ignore[arg-type]


def test_times_of_repair() -> None:
    orders = [
        order("1", 0, accepted=1, verified=10, paused=(hours(2, 6), hours(5, 8))),
        order("2", 0, accepted=3, verified=4),
        order("3", 0, cancelled=True, accepted=1, verified=1),
        order("4", 0),
    ]
    assert kpi.time_to_accept(orders).mean_s == 2 * 3600
    assert kpi.time_to_repair(orders).mean_s == 7 * 3600
    assert kpi.time_to_repair(orders, without_pauses=True).mean_s == 4 * 3600
    assert [i for i, _ in kpi.time_to_repair(orders).parts] == ["1", "2"]
    assert kpi.time_to_repair([]).mean_s is None


def test_limits_met_counts_only_what_is_due() -> None:
    now = DAY + timedelta(hours=10)
    met = kpi.limits_met(
        [
            order("in time", 0, due=5, verified=5), order("late", 0, due=5, verified=6),
            order("over it", 0, due=9), order("not yet", 0, due=11),
            order("false alarm", 0, due=5, cancelled=True),
        ],
        now,
    )  # fmt: skip
    assert [(p.identity, p.got) for p in met.parts] == [("in time", 1), ("late", 0), ("over it", 0)]


def test_repeat_faults() -> None:
    orders = [
        order("1", 0, closed=10), order("2", 24 * 30 + 10, closed=24 * 31), order("3", 24 * 61 + 1),
        order("other", 11, category="V02"), order("elsewhere", 11, camera="d"),
    ]  # fmt: skip
    again = kpi.repeat_faults(orders)
    assert {p.identity for p in again.parts if p.got} == {"2"}
    assert again.denominator == 5
    oldest = kpi.oldest_open(orders)
    assert oldest is not None
    assert oldest.identity == "other"


def test_percentile_by_rank() -> None:
    assert kpi.percentile([5, 1, 4, 2, 3], 0.95) == 5
    assert kpi.percentile([5, 1, 4, 2, 3], 0.5) == 3
    assert kpi.percentile([7], 0) == 7
    assert kpi.percentile([], 0.5) is None


def test_score_never_gains_from_more_than_the_target() -> None:
    assert kpi.score({"intact": (30, 1.0, 0.98), "online": (10, 0.475, 0.95)}) == 87.5
    with pytest.raises(ValueError, match="no weights"):
        kpi.score({})


moments = st.integers(0, 48).map(lambda h: DAY + timedelta(hours=h))
spans = st.lists(st.tuples(moments, moments).map(lambda p: Span(min(p), max(p))), max_size=6)


@given(spans, spans)
def test_time_in_common_is_counted_once(one: list[Span], other: list[Span]) -> None:
    def within(t: datetime, where: list[Span]) -> bool:
        return any(s.start <= t < s.end for s in where)

    both = kpi.common(one, other)
    for h in range(48):
        t = DAY + timedelta(hours=h)
        assert within(t, both) == (within(t, one) and within(t, other))
    assert kpi.seconds(one) == 3600 * sum(within(DAY + timedelta(hours=h), one) for h in range(48))
