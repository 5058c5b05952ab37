"""Working time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import ALWAYS, OFFICE_WEEK, Calendar

HOUR = 3600.0
FRIDAY = datetime(2026, 6, 5, 9, tzinfo=UTC)  # 17:00 in Shanghai


def test_a_working_day_from_friday_evening_ends_on_monday() -> None:
    """One hour is left on Friday, the other seven are Monday's: 8:30-12 and 13:30-17."""
    assert OFFICE_WEEK.after(FRIDAY, 8 * HOUR) == datetime(2026, 6, 8, 9, tzinfo=UTC)


def test_holidays_do_not_count_and_worked_weekends_do() -> None:
    """Monday is a holiday, the Saturday before is worked for it."""
    calendar = Calendar(
        OFFICE_WEEK.week,
        holidays=frozenset({date(2026, 6, 8)}),
        workdays=frozenset({date(2026, 6, 6)}),
    )
    assert calendar.after(FRIDAY, 8 * HOUR) == datetime(2026, 6, 6, 9, tzinfo=UTC)
    assert calendar.after(FRIDAY, 9 * HOUR + 1) == datetime(2026, 6, 9, 0, 30, 1, tzinfo=UTC)


def test_a_night_shift_over_the_spring_change_is_an_hour_shorter() -> None:
    """In Berlin, 29 March 2026 has no hour from 2 to 3."""
    week = (((0, 360),),) * 7
    calendar = Calendar(week, "Europe/Berlin")
    midnight = datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert calendar.between(midnight, midnight + timedelta(hours=20)) == 5 * HOUR


@pytest.mark.parametrize(
    "week", [((),) * 7, (((60, 30),),) * 7, (((0, 60), (30, 90)),) * 7, (((0, 1441),),) * 7, (((0, 9),),)]
)  # fmt: skip
def test_hours_that_make_no_sense_are_refused(
    week: tuple[tuple[tuple[int, int], ...], ...],
) -> None:
    with pytest.raises(ValueError, match=r"a week has|overlap|Mondays"):
        Calendar(week)


def test_a_calendar_is_what_was_stored() -> None:
    calendar = Calendar(OFFICE_WEEK.week, "Europe/Berlin", frozenset({date(2026, 1, 1)}))
    assert Calendar.from_json(calendar.to_json()) == calendar
    assert Calendar.from_json(ALWAYS.to_json()) == ALWAYS


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    def hours() -> tuple[tuple[int, int], ...]:
        edges = sorted(draw(st.sets(st.integers(0, 1440), min_size=0, max_size=6)))
        return tuple(zip(edges[::2], edges[1::2], strict=False))

    week = tuple(hours() for _ in range(7))
    days = st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=4)
    zone = draw(st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "UTC", "America/New_York"]))
    if not week[0]:
        week = (((480, 720),), *week[1:])
    return Calendar(week, zone, draw(days), draw(days))


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(
    lambda m: m.replace(tzinfo=UTC, microsecond=0)
)


@given(calendars(), moments, st.integers(0, 100 * 3600))
def test_a_limit_is_reached_after_just_so_much_working_time(
    calendar: Calendar, start: datetime, seconds: int
) -> None:
    end = calendar.after(start, seconds)
    assert calendar.between(start, end) == pytest.approx(seconds)
    if seconds:  # and not a moment earlier
        assert calendar.between(start, end - timedelta(seconds=1)) < seconds


@given(calendars(), moments, st.integers(0, 40 * 86400), st.integers(0, 40 * 86400))
def test_working_time_adds_up(calendar: Calendar, start: datetime, one: int, two: int) -> None:
    middle, end = start + timedelta(seconds=one), start + timedelta(seconds=one + two)
    parts = calendar.between(start, middle) + calendar.between(middle, end)
    assert calendar.between(start, end) == pytest.approx(parts)
    assert 0 <= calendar.between(start, end) <= one + two


@given(calendars(), moments, st.integers(0, 50 * 3600), st.integers(0, 50 * 3600))
def test_limits_keep_their_order(calendar: Calendar, start: datetime, one: int, two: int) -> None:
    assert calendar.after(start, one) <= calendar.after(start, one + two)
