"""What the entries of logs say, as lines for lists: made anew with each entry, wherever it is from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from app.domain import commissioning
from app.domain import incident as incidents
from app.domain import inspection as inspections
from app.domain import patrol as patrols
from app.domain import shift as shifts
from app.domain.logbook import Book, Entry, entry_of, shown_number, text_of
from app.store import search as finding
from app.store.log_models import LogRow, LogSubjectRow


def summarise(connection: sa.Connection, subjects: Sequence[str]) -> None:
    """Make the lines of lists anew from the entries of these subjects."""
    for start in range(0, len(subjects), 500):
        part = list(subjects[start : start + 500])
        found = entries_of(connection, part)
        connection.execute(sa.delete(LogSubjectRow).where(LogSubjectRow.id.in_(part)))
        lines = [line for some in found.values() if (line := _line(some)) is not None]
        if lines:
            connection.execute(sa.insert(LogSubjectRow), lines)


def summarise_entries(connection: sa.Connection, ids: Sequence[str]) -> None:
    """The same for the subjects of these entries."""
    summarise(connection, subjects_of(connection, ids))


def subjects_of(connection: sa.Connection, ids: Sequence[str]) -> list[str]:
    """What these entries are about."""
    subjects: set[str] = set()
    for start in range(0, len(ids), 500):
        query = sa.select(LogRow.subject).where(LogRow.id.in_(ids[start : start + 500]))
        subjects.update(connection.scalars(query))
    return sorted(subjects)


def entries_of(connection: sa.Connection, subjects: Sequence[str]) -> dict[str, list[Entry]]:
    """Subject to its entries, by console and number."""
    query = sa.select(LogRow.subject, LogRow.content, LogRow.chain).where(
        LogRow.subject.in_(subjects)
    )
    found: dict[str, list[Entry]] = {}
    for subject, content, chain in connection.execute(
        query.order_by(LogRow.console, LogRow.number, LogRow.id)
    ):
        try:
            found.setdefault(subject, []).append(entry_of(json.loads(content), chain))
        except ValueError:
            continue  # a newer version's
    return found


def _line(entries: list[Entry]) -> dict[str, Any] | None:
    match entries[0].book:
        case Book.INCIDENT:
            return _incident_line(entries)
        case Book.SHIFT:
            shift = shifts.shift_of(entries)
            if shift is None:
                return None
            data, staff = shift.begun.data, ", ".join(name for name, _, _ in shift.staff)
            everybody = dict.fromkeys(
                str(e.data.get("person", ""))
                for e in shift.entries
                if e.kind == shifts.Kind.SIGNED_ON
            )
            title = str(data.get("name", ""))
            notes = [str(e.data.get("text", "")) for e in shift.notes]
            return _made(shift.begun, shift.number, shift.began_at, shift.ended_at, shift.state,
                         "", title, staff or ", ".join(everybody), len(entries), 0,
                         [*everybody, *notes])  # fmt: skip
        case Book.PATROL:
            made = patrols.round_of(entries)
            if made is None:
                return None
            ended, state = (made.signed.true_at, "signed") if made.signed else (None, "running")
            data = made.begun.data
            return _made(made.begun, made.number, made.begun.true_at, ended, state,
                         str(data.get("plan", "")), str(data.get("name", "")), made.begun.author,
                         len(entries), made.count(patrols.Verdict.FAULT),
                         [name for _, name in made.cameras])  # fmt: skip
        case Book.INSPECTION:
            looked = inspections.inspection_of(entries)
            if looked is None:
                return None
            ended, state = (looked.signed.true_at, "signed") if looked.signed else (None, "running")
            data = looked.begun.data
            return _made(looked.begun, looked.number, looked.begun.true_at, ended, state,
                         str(data.get("site", "")), str(data.get("name", "")),
                         looked.begun.author, len(entries), len(looked.faults()),
                         [name for _, name in looked.cameras])  # fmt: skip
        case Book.COMMISSIONING:
            record = commissioning.record_of(entries)
            if record is None:
                return None
            begun = next(e for e in entries if e.kind == commissioning.Kind.BEGUN)
            done, of = record.progress
            # Its list shows how far it is.
            return _made(begun, record.number, begun.true_at, record.accepted_at, record.state,
                         record.camera, record.name, record.installer or begun.author,
                         round(100 * done / of), len(record.failed), [])  # fmt: skip
        case Book.SETUP:
            from app.domain.setup import GOOD  # large, and seldom entered

            first = min(entries, key=lambda e: (e.true_at, e.number))
            number = shown_number(first.console, first.number)
            names = [str(e.data.get("name", "")) for e in entries]
            bad = sum(any(c[3] not in GOOD for c in e.data.get("changes", ())) for e in entries)
            return _made(first, number, first.true_at, entries[-1].true_at, str(first.kind), "",
                         ", ".join(names), first.author, len(entries), bad, names)  # fmt: skip
    last = max(entries, key=lambda e: (e.true_at, e.number))
    if last.kind != shifts.Kind.ROSTERED:
        return None
    number = shown_number(last.console, last.number)
    return _made(last, number, last.true_at, None, "planned", str(last.data.get("day", "")),
                 str(last.data.get("name", "")), ", ".join(last.data.get("people", ())),
                 len(entries), 0, [])  # fmt: skip


def _incident_line(entries: list[Entry]) -> dict[str, Any] | None:
    found = incidents.incident_of(entries)
    if found is None:
        return None
    place = str(found.value("place"))
    texts = [str(line.versions[-1].data.get("text", "")) for line in found.lines]
    cameras = [name for _, name in found.cameras]
    title = place or (cameras[0] if cameras else "")
    units = [str(e.data.get("unit", "")) for e in found.of(incidents.Kind.UNIT)]
    return _made(found.opened, found.number, found.detected_at, found.ended_at, found.state,
                 str(found.value("category")), title, found.opened.author, len(entries),
                 len(found.disputed), [place, *cameras, *units, *texts])  # fmt: skip


def _made(
    first: Entry, number: str, begun: datetime, ended: datetime | None, state: str, category: str,
    title: str, person: str, entries: int, matters: int, words: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    text = " ".join(w for w in words if w)[:300]
    return {
        "id": first.subject, "book": str(first.book), "console": first.console, "number": number,
        "begun_at": stamp(begun), "ended_at": stamp(ended) if ended else "",
        "state": str(state), "category": category[:100], "title": title[:200],
        "person": person[:100], "entries": entries, "open_matters": matters,
        "search_text": finding.place_text(title, "", text, number, person),
    }  # fmt: skip


def row_of(entry: Entry) -> LogRow:
    """An entry as stored."""
    return LogRow(
        id=entry.id, book=str(entry.book), console=entry.console, number=entry.number,
        subject=entry.subject, kind=str(entry.kind), at=entry.at.isoformat(),
        camera_id=entry.camera_id, author=entry.author, content=text_of(entry), chain=entry.chain,
    )  # fmt: skip


def row_values(entry: Entry) -> dict[str, Any]:
    """The columns of an entry, for writing many at once."""
    row = row_of(entry)
    return {
        c.key: value
        for c in LogRow.__table__.columns
        if (value := getattr(row, c.key, None)) is not None
    }


def problem_with_row(fields: Mapping[str, Any]) -> str:
    """Why a row is no entry ("" when it is one): its text, or columns that say something else."""
    try:
        stored = json.loads(fields["content"])
        entry = entry_of(stored, fields["chain"])
    except (ValueError, TypeError, KeyError):
        return "content: no entry of a log"
    if text_of(entry) != fields["content"]:
        return "content: not canonical"
    for name in ("id", "book", "console", "number", "subject", "kind", "camera_id", "author"):
        if name in fields and getattr(entry, name) != fields[name]:
            return f"{name}: not what the entry says"
    return ""


def stamp(moment: datetime) -> str:
    """UTC to the second, as stored."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()


def time_of(text: str) -> datetime:
    """A stored time."""
    return datetime.fromisoformat(text)
