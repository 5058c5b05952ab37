"""Video patrols: a playlist of cameras, a verdict for each with one key, a signed result.

Domain reference 4.7 (electronic patrol: daily, dwell 20 to 30 s with verdict, a skipped camera needs
a reason). A round is read from the entries of a log; the plan is a list that may be changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from app.domain.logbook import Entry, in_order, shown_number

DWELL_S = 20.0
LEAST_DWELL_S, MOST_DWELL_S = 5.0, 300.0
MOST_CAMERAS = 500
LATE = timedelta(minutes=30)
"""A round may begin so long after its time without being late."""


class Kind(StrEnum):
    """Entries of a round, with their data."""

    BEGUN = "begun"  # number, plan, name, cameras ([id, name] each), due
    VERDICT = "verdict"  # verdict, words; `camera_id`
    SIGNED = "signed"  # name, confirmed, good, fault, note, skipped


class Verdict(StrEnum):
    """What was found; one key each."""

    OK = "ok"
    FAULT = "fault"
    NOTE = "note"
    SKIPPED = "skipped"


WORDS_NEEDED = frozenset({Verdict.FAULT, Verdict.NOTE, Verdict.SKIPPED})


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be looked at. `due`: local times of the day, "08:30"; none: when one likes."""

    cameras: tuple[str, ...]
    dwell_s: float = DWELL_S
    due: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < len(self.cameras) <= MOST_CAMERAS:
            raise ValueError("cameras")
        if not LEAST_DWELL_S <= self.dwell_s <= MOST_DWELL_S:
            raise ValueError("dwell")
        if any(not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", d) for d in self.due):
            raise ValueError("due")

    def last_due(self, now: datetime) -> datetime | None:
        """The latest moment a round was due, today or yesterday; `now` is aware, local."""
        moments = [
            datetime.combine(now.date() - timedelta(days=back), time.fromisoformat(d), now.tzinfo)
            for d in self.due
            for back in (0, 1)
        ]
        return max((m for m in moments if m <= now), default=None)

    def next_due(self, now: datetime) -> datetime | None:
        """The next moment a round is due, today or tomorrow; `now` is aware, local."""
        moments = [
            datetime.combine(now.date() + timedelta(days=ahead), time.fromisoformat(d), now.tzinfo)
            for d in self.due
            for ahead in (0, 1)
        ]
        return min((m for m in moments if m > now), default=None)


def is_owed(plan: Plan, last_round: datetime | None, now: datetime) -> bool:
    """Whether a round is due now that nobody has begun. `last_round`: when the last began."""
    due = plan.last_due(now)
    return due is not None and now - due < timedelta(hours=12) and (
        last_round is None or last_round < due - LATE
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Round:
    """What the entries say of one round."""

    id: str
    number: str
    begun: Entry
    cameras: tuple[tuple[str, str], ...]
    """(id, name) in their order."""
    verdicts: Mapping[str, Entry]
    """Camera to its latest verdict."""
    signed: Entry | None
    entries: tuple[Entry, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Cameras without a verdict."""
        return tuple(camera for camera, _ in self.cameras if camera not in self.verdicts)

    def count(self, verdict: Verdict) -> int:
        """How many cameras got it."""
        return sum(e.data.get("verdict") == verdict for e in self.verdicts.values())


def round_of(entries: Iterable[Entry]) -> Round | None:
    """What the entries of one subject say; None without one that begins it."""
    ordered = in_order(entries)
    begun = next((e for e in ordered if e.kind == Kind.BEGUN), None)
    if begun is None:
        return None
    cameras = tuple((str(c), str(n)) for c, n in begun.data.get("cameras", ()))
    known = {c for c, _ in cameras}
    verdicts = {e.camera_id: e for e in ordered if e.kind == Kind.VERDICT and e.camera_id in known}
    signed = next((e for e in ordered if e.kind == Kind.SIGNED), None)
    number = shown_number(begun.console, int(begun.data.get("number", 0)))
    return Round(begun.subject, number, begun, cameras, verdicts, signed, tuple(ordered))


def refusal(made: Round, kind: Kind, data: Mapping[str, Any]) -> str:
    """Why an entry cannot be made ("" when it can): "signed", "words", "missing"."""
    if made.signed is not None:
        return "signed"
    if kind is Kind.VERDICT:
        needs = data.get("verdict") in WORDS_NEEDED
        return "words" if needs and not str(data.get("words", "")).strip() else ""
    return "missing" if kind is Kind.SIGNED and made.missing else ""
