"""Incidents: what was seen, who was told, what came of it. Read from the entries of a log.

Fields: domain reference 5.3. Nothing is changed: a field is set again, a line is corrected, by an
entry that points to the one before. Where two consoles did that apart, both versions are shown
until somebody decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.domain.logbook import Entry, heads, in_order, shown_number


class Kind(StrEnum):
    """Entries of an incident, with their data."""

    OPENED = "opened"  # number, detected_at, detected_by, category, place, camera_name
    TEXT = "text"  # text, begun (time of the first key)
    SET = "set"  # field, value; `about`: what set it before
    CAMERA = "camera"  # camera_name; `camera_id`
    UNIT = "unit"  # unit, name, told_at
    EVIDENCE = "evidence"  # package, sha256, camera
    TICKET = "ticket"  # ticket (id), number
    TICK = "tick"  # card, version, step, text
    CLOSED = "closed"  # result; `about`: an earlier closing
    REOPENED = "reopened"  # reason; `about`: the closing
    REVIEWED = "reviewed"  # words; `about`: the closing


FIELDS = ("category", "place", "detected_at", "detected_by", "result", "protected")
"""What a SET entry may set. `protected`: the recordings that are kept, "from/to"."""

CATEGORIES = (
    "theft", "fight", "traffic", "fire", "medical", "crowd", "missing", "damage", "suspicious",
    "disaster", "camera", "other",
)  # fmt: skip
DETECTED = ("operator", "alarm", "phone", "patrol")


class State(StrEnum):
    """How far an incident is."""

    OPEN = "open"
    CLOSED = "closed"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Version:
    """One value of a field, and the entry that says so."""

    value: Any
    entry: Entry


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the narrative. `versions`: what stands (more than one: written apart, to be
    decided); `before`: what was corrected, the oldest first."""

    first: Entry
    versions: tuple[Entry, ...]
    before: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """What the entries say. Times are aware UTC."""

    id: str
    number: str
    opened: Entry
    fields: Mapping[str, tuple[Version, ...]]
    cameras: tuple[tuple[str, str], ...]
    """(id, name as it was)."""
    lines: tuple[Line, ...]
    entries: tuple[Entry, ...]
    state: State
    late: tuple[Entry, ...] = ()
    """Written elsewhere after it was closed, or seen here only then."""

    def value(self, field: str) -> Any:
        """What a field says; the latest where two stand."""
        versions = self.fields.get(field, ())
        return versions[-1].value if versions else ""

    @property
    def disputed(self) -> tuple[str, ...]:
        """Fields with two values, and ids of lines with two versions, that wait for a decision."""
        fields = [name for name, versions in self.fields.items() if len(versions) > 1]
        return (*fields, *(line.first.id for line in self.lines if len(line.versions) > 1))

    def of(self, kind: Kind) -> list[Entry]:
        """Entries of a kind, in order."""
        return [e for e in self.entries if e.kind == kind]

    @property
    def detected_at(self) -> datetime:
        """When it was noticed."""
        try:
            return datetime.fromisoformat(self.value("detected_at"))
        except (TypeError, ValueError):
            return self.opened.true_at

    @property
    def ended_at(self) -> datetime | None:
        """When it was closed, if it is."""
        closed = self.of(Kind.CLOSED)
        return closed[-1].true_at if closed and self.state is not State.OPEN else None


def incident_of(entries: Iterable[Entry]) -> Incident | None:
    """What the entries of one subject say; None without one that opens it."""
    ordered = in_order(entries)
    opened = next((e for e in ordered if e.kind == Kind.OPENED), None)
    if opened is None:
        return None
    cameras: dict[str, str] = {}
    for entry in ordered:
        if entry.kind in (Kind.OPENED, Kind.CAMERA) and entry.camera_id:
            cameras.setdefault(entry.camera_id, str(entry.data.get("camera_name", "")))
    state, closed_at, late = State.OPEN, None, []
    for entry in ordered:
        match entry.kind:
            case Kind.CLOSED:
                state, closed_at = State.CLOSED, entry
            case Kind.REOPENED:
                state, closed_at = State.OPEN, None
            case Kind.REVIEWED if state is not State.OPEN:
                state = State.REVIEWED
            case Kind.OPENED:
                pass
            case _ if closed_at is not None:
                late.append(entry)
                # What came after the review has not been reviewed.
                state = State.CLOSED
    return Incident(
        opened.subject, shown_number(opened.console, int(opened.data.get("number", 0))), opened,
        _fields(opened, ordered), tuple(cameras.items()), _lines(ordered), tuple(ordered), state,
        tuple(late),
    )  # fmt: skip


def _fields(opened: Entry, ordered: list[Entry]) -> dict[str, tuple[Version, ...]]:
    found: dict[str, tuple[Version, ...]] = {}
    for name in FIELDS:
        sets = [e for e in ordered if e.kind == Kind.SET and e.data.get("field") == name]
        if name == "result":
            sets = [e for e in ordered if e in sets or e.kind == Kind.CLOSED]
        versions = [
            Version(e.data.get("result" if e.kind == Kind.CLOSED else "value", ""), e) for e in sets
        ]
        if name in opened.data:
            versions.insert(0, Version(opened.data[name], opened))
        standing = {e.id for e in heads([v.entry for v in versions])}
        # The opening entry is pointed to by the first change of any of its fields.
        kept = [
            v for v in versions if v.entry.id in standing and (v.entry is not opened or not sets)
        ]
        values = {str(v.value) for v in kept}
        if kept:
            found[name] = tuple(kept) if len(values) > 1 else (kept[-1],)
    return found


def _lines(ordered: list[Entry]) -> tuple[Line, ...]:
    texts = [e for e in ordered if e.kind == Kind.TEXT]
    by_id = {e.id: e for e in texts}

    def first(entry: Entry) -> str:
        seen = set()
        while entry.about and entry.about[0] in by_id and entry.id not in seen:
            seen.add(entry.id)
            entry = by_id[entry.about[0]]
        return entry.id

    groups: dict[str, list[Entry]] = {}
    for entry in texts:
        groups.setdefault(first(entry), []).append(entry)
    lines = []
    for root, some in groups.items():
        standing = heads(some)
        if len({str(e.data.get("text", "")) for e in standing}) < 2:
            standing = standing[-1:]
        lines.append(
            Line(by_id[root], tuple(standing), tuple(e for e in some if e not in standing))
        )
    return tuple(lines)


class Refusal(StrEnum):
    """Why an entry cannot be made now."""

    CLOSED = "closed"
    NOT_CLOSED = "not closed"
    NO_RESULT = "no result"
    DISPUTED = "disputed"
    SUPERVISOR = "supervisor"


def refusal(incident: Incident, kind: Kind, data: Mapping[str, Any], *, supervisor: bool) -> str:
    """Why this entry may not be made ("" when it may). A closed incident takes none but a review
    or a reopening; both are a supervisor's."""
    if kind in (Kind.REVIEWED, Kind.REOPENED):
        if incident.state is State.OPEN:
            return Refusal.NOT_CLOSED
        return "" if supervisor else Refusal.SUPERVISOR
    if incident.state is not State.OPEN:
        # Two results written apart must be decided though the incident is closed.
        decides = kind is Kind.SET and data.get("field") in incident.disputed
        return "" if decides else Refusal.CLOSED
    if kind is Kind.CLOSED:
        if not str(data.get("result", "")).strip():
            return Refusal.NO_RESULT
        if incident.disputed:
            return Refusal.DISPUTED
    return ""
