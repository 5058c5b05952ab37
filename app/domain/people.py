"""Qualifications and trainings of the people who watch, and when they run out.

Domain reference 5.3 and BS 7958 clause 5 (personnel): who works here is trained and licensed, and
somebody notices before a licence runs out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

WARN_DAYS = (60, 30)
"""Days before a date runs out: noted, and urgent. An organisation may choose others."""


class RecordKind(StrEnum):
    """What is recorded of a person."""

    QUALIFICATION = "qualification"
    TRAINING = "training"
    PRACTICE = "practice"  # a training with the practice mode: a person may enter their own


@dataclass(frozen=True, slots=True)
class Record:
    """A qualification or a training. Days are local dates; None where there is none."""

    person: str
    kind: RecordKind
    title: str
    number: str = ""
    issued_on: date | None = None
    """Of a training: its day."""
    valid_until: date | None = None
    issued_by: str = ""
    hours: float = 0.0
    result: str = ""
    id: str = ""

    def problem(self) -> str:
        """Why it cannot be kept ("" when it can): "person", "title", "dates", "hours"."""
        if not self.person.strip():
            return "person"
        if not self.title.strip():
            return "title"
        if self.issued_on and self.valid_until and self.valid_until < self.issued_on:
            return "dates"
        return "" if 0 <= self.hours <= 1000 else "hours"


class Standing(StrEnum):
    """How far a date is."""

    VALID = "valid"
    SOON = "soon"
    URGENT = "urgent"
    OUT = "out"


def standing(record: Record, today: date, warn: Sequence[int] = WARN_DAYS) -> Standing:
    """Whether it has run out, or will within the days of `warn`. The last day still counts."""
    if record.valid_until is None:
        return Standing.VALID
    left = (record.valid_until - today).days
    if left < 0:
        return Standing.OUT
    if left <= min(warn):
        return Standing.URGENT
    return Standing.SOON if left <= max(warn) else Standing.VALID


def current(records: Iterable[Record]) -> list[Record]:
    """Of qualifications of one person with the same name the one that is valid longest: what was
    renewed warns of nothing any more. Trainings stay as they are."""
    best: dict[tuple[str, str], Record] = {}
    others = []
    for record in records:
        if record.kind is not RecordKind.QUALIFICATION:
            others.append(record)
            continue
        key = (record.person.casefold(), record.title.strip().casefold())
        held = best.get(key)
        if held is None or (record.valid_until or date.max) > (held.valid_until or date.max):
            best[key] = record
    return [*best.values(), *others]


def run_out(records: Iterable[Record], today: date) -> frozenset[str]:
    """People with a qualification that has run out and was not renewed."""
    return frozenset(
        r.person for r in current(records) if standing(r, today) is Standing.OUT
    )  # fmt: skip


def warnings(
    records: Iterable[Record], today: date, warn: Sequence[int] = WARN_DAYS
) -> list[tuple[Record, Standing]]:
    """What has run out or soon will, the most urgent first."""
    found = [(r, standing(r, today, warn)) for r in current(records)]
    late = [(r, s) for r, s in found if s is not Standing.VALID]
    return sorted(late, key=lambda pair: (pair[0].valid_until or date.max, pair[0].person))


def warn_days(value: object) -> tuple[int, int]:
    """The two spans as stored, sane; the default for anything else."""
    if (
        isinstance(value, list)
        and len(value) == 2
        and all(type(v) is int and 0 < v <= 365 for v in value)
    ):
        return max(value), min(value)
    return WARN_DAYS
