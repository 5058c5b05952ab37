"""Figures of availability and repair, each with what it was counted from.

Formulas, targets and the gate of 95 % are those of the domain reference, 4.2. A `Figure` is the sum of
its `Part`s, so that the list behind a number is the number's own source and cannot differ from it.
Times are aware datetimes (UTC); durations are seconds. What there are 100,000 of is a named tuple: made
in half the time of a frozen dataclass, and the garbage collector passes over it.
"""

from __future__ import annotations

import enum
import statistics
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

DAY_S = 86_400.0
COVERAGE_GATE = 0.95
"""A share of what should have been observed below which a value is "collecting", not a number."""
REPEAT_DAYS = 30
STREAM_OPENS_WITHIN_S = 10.0

ONLINE_TARGET = {"I": 0.98, "II": 0.95, "III": 0.90}
"""Of the online rate by class of point."""
INTACT_TARGET = {"key area": 0.98, "key industry": 0.95}
RECORDING_PASS, RECORDING_FAIL = 0.98, 0.95
LONGEST_GAP_S = 120.0
CLOCK_WARN_S, CLOCK_FAIL_S = 5.0, 30.0
SLA_TARGET, INSPECTION_TARGET, REPEAT_LIMIT = 0.95, 0.95, 0.05


class Exclusion(enum.StrEnum):
    """Why something does not count. It is shown beside the figure, never silently taken out."""

    MAINTENANCE = "maintenance"
    POWER_CUT = "power cut"
    NOT_IN_USE = "not in use"


class Grade(enum.StrEnum):
    """How a value stands against its limits."""

    MET = "met"
    WARN = "warn"
    FAIL = "fail"


class Part(NamedTuple):
    """What one thing adds to a figure."""

    identity: str
    got: float
    of: float = 1.0
    known: float = 1.0
    """The share of its observation that was made, 0 to 1."""
    excluded: Exclusion | None = None
    excluded_s: float = 0.0
    """Seconds of its time that were left out, also where the rest of it counts."""


@dataclass(frozen=True)
class Figure:
    """A share: the sum of what was got over the sum of what could be."""

    parts: tuple[Part, ...] = ()

    @cached_property
    def counted(self) -> tuple[Part, ...]:
        """The parts that make the number."""
        return tuple(p for p in self.parts if p.excluded is None)

    @property
    def excluded(self) -> Mapping[Exclusion, tuple[Part, ...]]:
        """What was left out whole, by its reason."""
        found: dict[Exclusion, list[Part]] = {}
        for part in self.parts:
            if part.excluded is not None:
                found.setdefault(part.excluded, []).append(part)
        return {reason: tuple(parts) for reason, parts in found.items()}

    @property
    def numerator(self) -> float:
        return sum(p.got for p in self.counted)

    @property
    def denominator(self) -> float:
        return sum(p.of for p in self.counted)

    @property
    def coverage(self) -> float:
        """The share of the observation that was made; 0 of nothing."""
        counted = self.counted
        return sum(p.known for p in counted) / len(counted) if counted else 0.0

    @property
    def collecting(self) -> bool:
        """Whether too little was observed for a number."""
        return bool(self.counted) and self.coverage < COVERAGE_GATE

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None of nothing, and while it is collecting."""
        if not self.denominator or self.collecting:
            return None
        return self.numerator / self.denominator


def grouped(parts: Iterable[Part], key: Callable[[str], Hashable]) -> dict[Hashable, Figure]:
    """The same figure for each group (organisation, site, class, model …) of its parts."""
    found: dict[Hashable, list[Part]] = {}
    for part in parts:
        found.setdefault(key(part.identity), []).append(part)
    return {name: Figure(tuple(members)) for name, members in found.items()}


# -- spans of time


class Span(NamedTuple):
    """From `start` until before `end`."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        return max(0.0, (self.end - self.start).total_seconds())


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time without overlaps, in order."""
    found: list[Span] = []
    for span in sorted(s for s in spans if s.end > s.start):
        if found and span.start <= found[-1].end:
            if span.end > found[-1].end:
                found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return found


def common(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """The time that is in both."""
    left, right, found = merged(one), merged(other), []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i].start, right[j].start), min(left[i].end, right[j].end)
        if start < end:
            found.append(Span(start, end))
        if left[i].end <= right[j].end:
            i += 1
        else:
            j += 1
    return found


def without(spans: Sequence[Span], gone: Sequence[Span]) -> list[Span]:
    """`spans` without the time that is in `gone`; both merged."""
    found = []
    for span in spans:
        at = span.start
        for hole in gone:
            if hole.end <= at or hole.start >= span.end:
                continue
            if hole.start > at:
                found.append(Span(at, hole.start))
            at = max(at, hole.end)
        if at < span.end:
            found.append(Span(at, span.end))
    return found


def seconds(spans: Iterable[Span]) -> float:
    """How long they are together; overlaps count once."""
    return sum(span.seconds for span in merged(spans))


# -- availability


def online_part(
    camera: str,
    period: Span,
    online: Iterable[Span],
    observed: Iterable[Span],
    out: Mapping[Exclusion, Iterable[Span]] | None = None,
) -> Part:
    """One camera's share of a period that it was online.

    `observed`: when its state was known at all; what is not observed is neither online nor offline and
    lowers the coverage. `out`: approved outages; their time is taken off both sides of the fraction.
    """
    left_out: list[Span] = []
    longest: tuple[float, Exclusion] | None = None
    for reason, spans in (out or {}).items():
        here = common([period], spans)
        left_out += here
        if here and (longest is None or seconds(here) > longest[0]):
            longest = (seconds(here), reason)
    gone = seconds(left_out)
    due = period.seconds - gone
    if due <= 0:
        return Part(camera, 0.0, 0.0, excluded=longest[1] if longest else Exclusion.NOT_IN_USE,
                    excluded_s=gone)  # fmt: skip
    known = common([period], observed)
    seen = seconds(known) - seconds(common(known, left_out))
    up = common(known, online)
    good = seconds(up) - seconds(common(up, left_out))
    return Part(camera, good / seen if seen else 0.0, 1.0, seen / due, excluded_s=gone)


@dataclass(frozen=True, slots=True)
class Sample:
    """A camera at the moment of sampling. None: not tested."""

    camera: str
    online: bool
    opened_after_s: float | None
    """Until its first picture; None where no stream opened."""
    serious_fault: bool = False
    ptz_passed: bool | None = None
    """Of the last test, for a camera that turns."""
    excluded: Exclusion | None = None

    @property
    def intact(self) -> bool:
        """Online, its stream opens within 10 s, no serious fault of the picture, and PTZ works."""
        return (
            self.online
            and self.opened_after_s is not None
            and self.opened_after_s <= STREAM_OPENS_WITHIN_S
            and not self.serious_fault
            and self.ptz_passed is not False
        )


def intact_rate(samples: Iterable[Sample]) -> Figure:
    """Cameras intact of those in use (完好率)."""
    return Figure(tuple(Part(s.camera, float(s.intact), excluded=s.excluded) for s in samples))


def recording_part(channel: str, scheduled_s: float, recorded_s: float) -> Part:
    """Recorded of scheduled seconds of a channel and day; more than scheduled does not help others."""
    return Part(channel, min(recorded_s, scheduled_s), scheduled_s)


def recording_grade(value: float) -> Grade:
    """98 % is enough, below 95 % fails."""
    if value >= RECORDING_PASS:
        return Grade.MET
    return Grade.WARN if value >= RECORDING_FAIL else Grade.FAIL


def retention_days(today: date, earliest_playable: date) -> int:
    """How many days back a recording plays."""
    return (today - earliest_playable).days


def retention_reached(today: date, earliest_playable: date, required_days: int) -> bool:
    """Whether that is as long as it must be."""
    return retention_days(today, earliest_playable) >= required_days


def longest_gap_s(period: Span, recorded: Iterable[Span]) -> float:
    """The longest time of a period without a recording."""
    longest, at = 0.0, period.start
    for span in common([period], recorded):
        longest = max(longest, (span.start - at).total_seconds())
        at = span.end
    return max(longest, (period.end - at).total_seconds())


def clock_grade(
    offset_s: float, warn_s: float = CLOCK_WARN_S, fail_s: float = CLOCK_FAIL_S
) -> Grade:
    """How a device's clock stands; the limits themselves still pass."""
    if abs(offset_s) <= warn_s:
        return Grade.MET
    return Grade.WARN if abs(offset_s) <= fail_s else Grade.FAIL


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value that so large a share does not exceed (nearest rank); None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, -int(-share * len(ordered) // 1) - 1))]


# -- repair


class Order(NamedTuple):
    """The times of a fault's work order that figures need."""

    identity: str
    camera: str
    category: str
    reported: datetime
    accepted: datetime | None = None
    verified: datetime | None = None
    closed: datetime | None = None
    cancelled: bool = False
    due: datetime | None = None
    """By when it had to be verified, pauses included; frozen when it was dispatched."""
    paused: tuple[Span, ...] = ()

    @property
    def open(self) -> bool:
        return self.closed is None and not self.cancelled


@dataclass(frozen=True, slots=True)
class Durations:
    """How long something took, each time with its order."""

    parts: tuple[tuple[str, float], ...]

    @property
    def mean_s(self) -> float | None:
        return sum(s for _, s in self.parts) / len(self.parts) if self.parts else None

    @property
    def median_s(self) -> float | None:
        return statistics.median([s for _, s in self.parts]) if self.parts else None


def time_to_accept(orders: Iterable[Order]) -> Durations:
    """From report to acceptance (mean: MTTA)."""
    return Durations(
        tuple(
            (o.identity, (o.accepted - o.reported).total_seconds())
            for o in orders
            if o.accepted is not None and not o.cancelled
        )
    )


def time_to_repair(orders: Iterable[Order], *, without_pauses: bool = False) -> Durations:
    """From report to the verified repair (mean: MTTR)."""
    found = []
    for o in orders:
        if o.verified is None or o.cancelled:
            continue
        whole = Span(o.reported, o.verified)
        pause = seconds(common([whole], o.paused)) if without_pauses and o.paused else 0.0
        found.append((o.identity, whole.seconds - pause))
    return Durations(tuple(found))


def limits_met(orders: Iterable[Order], now: datetime) -> Figure:
    """Orders verified in time, of those whose time has come (verified, or over it by now)."""
    parts = []
    for o in orders:
        if o.cancelled or o.due is None or (o.verified is None and o.due > now):
            continue
        parts.append(Part(o.identity, float(o.verified is not None and o.verified <= o.due)))
    return Figure(tuple(parts))


def repeat_faults(orders: Iterable[Order], days: int = REPEAT_DAYS) -> Figure:
    """Orders on a camera within `days` of the last one's closing with the same category."""
    within = timedelta(days=days)
    last: dict[tuple[str, str], datetime] = {}
    parts = []
    for o in sorted((o for o in orders if not o.cancelled), key=lambda o: o.reported):
        before = last.get((o.camera, o.category))
        again = before is not None and before <= o.reported <= before + within
        parts.append(Part(o.identity, float(again)))
        if o.closed is not None:
            key = (o.camera, o.category)
            last[key] = max(o.closed, last.get(key, o.closed))
    return Figure(tuple(parts))


def oldest_open(orders: Iterable[Order]) -> Order | None:
    """The open order that was reported first."""
    return min((o for o in orders if o.open), key=lambda o: o.reported, default=None)


def score(values: Mapping[str, tuple[float, float, float]]) -> float:
    """Sum of weight × min(1, value/target) × 100, over the sum of weights; `values`: weight, value and
    target by name (4.8). Deductions are separate lines and not part of it."""
    weights = sum(weight for weight, _, _ in values.values())
    if not weights:
        raise ValueError("no weights")
    reached = sum(w * min(1.0, value / target) for w, value, target in values.values())
    return 100 * reached / weights
