"""Working time: what counts for a time limit that runs in working hours only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAY_MIN = 24 * 60
LONGEST_DAYS = 3660
"""A limit that is not reached within ten years is a calendar without working hours."""

Hours = tuple[tuple[int, int], ...]
"""Working hours of a day: (begin, end) in minutes after local midnight, in order, not overlapping."""

OFFICE: Hours = ((8 * 60 + 30, 12 * 60), (13 * 60 + 30, 18 * 60))


@dataclass(frozen=True, slots=True)
class Calendar:
    """The calendar of a contract. `week`: hours of Monday to Sunday; empty: round the clock.

    `holidays` have no hours; `workdays` (weekends worked instead) have those of Monday.
    """

    week: tuple[Hours, ...] = ()
    zone: str = "Asia/Shanghai"
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        """Raises ValueError for hours that make no sense."""
        if self.week and (len(self.week) != 7 or not any(self.week)):
            raise ValueError("a week has seven days, and hours on one of them at least")
        for hours in self.week:
            edges = [edge for span in hours for edge in span]
            if edges != sorted(set(edges)) or (edges and not 0 <= edges[0] < edges[-1] <= DAY_MIN):
                raise ValueError("working hours overlap, or are no times of a day")
        if self.workdays and self.week and not self.week[0]:
            raise ValueError("weekends are worked like Mondays, which have no hours")

    def hours_of(self, day: date) -> Hours:
        """When people work on that day."""
        if day in self.holidays:
            return ()
        if day in self.workdays:
            return self.week[0]
        return self.week[day.weekday()]

    def spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working spans from `start` (aware) on, in UTC; what began earlier is cut."""
        zone = ZoneInfo(self.zone)
        day = start.astimezone(zone).date()
        for i in range(LONGEST_DAYS):
            current = day + timedelta(days=i)
            midnight = datetime(current.year, current.month, current.day)
            for begin, end in self.hours_of(current):
                a = (midnight + timedelta(minutes=begin)).replace(tzinfo=zone).astimezone(UTC)
                b = (midnight + timedelta(minutes=end)).replace(tzinfo=zone).astimezone(UTC)
                # Clocks that are put on may leave nothing of a span.
                if b > start and b > a:
                    yield max(a, start.astimezone(UTC)), b

    def after(self, start: datetime, seconds: float) -> datetime:
        """The moment (UTC) when so many working seconds have passed since `start` (aware)."""
        if not self.week:
            return start.astimezone(UTC) + timedelta(seconds=seconds)
        left = timedelta(seconds=seconds)
        last = start.astimezone(UTC)
        for begin, end in self.spans(start):
            if left <= end - begin:
                return begin + left
            left -= end - begin
            last = end
        return last + left  # ten years on: anything is late

    def between(self, start: datetime, end: datetime) -> float:
        """Working seconds from `start` to `end` (both aware); 0 where `end` is not later."""
        if end <= start:
            return 0.0
        if not self.week:
            return (end - start).total_seconds()
        total = timedelta()
        for a, b in self.spans(start):
            if a >= end:
                break
            total += min(b, end.astimezone(UTC)) - a
        return total.total_seconds()

    def to_json(self) -> dict[str, Any]:
        """As stored."""
        return {
            "week": [[list(span) for span in hours] for hours in self.week],
            "zone": self.zone,
            "holidays": sorted(day.isoformat() for day in self.holidays),
            "workdays": sorted(day.isoformat() for day in self.workdays),
        }

    @staticmethod
    def from_json(data: Any) -> Calendar:
        """Raises ValueError, KeyError or TypeError for what is no calendar."""
        ZoneInfo(data["zone"])  # unknown: KeyError
        return Calendar(
            tuple(tuple((int(a), int(b)) for a, b in hours) for hours in data["week"]),
            data["zone"],
            frozenset(map(date.fromisoformat, data["holidays"])),
            frozenset(map(date.fromisoformat, data["workdays"])),
        )


ALWAYS = Calendar()
OFFICE_WEEK = Calendar((OFFICE,) * 5 + ((), ()))
"""Monday to Friday, eight hours: the default of "working days"."""
