"""Qualifications and trainings, and lists that an organisation wrote itself, in the store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.domain.people import Record, RecordKind, warn_days
from app.store import outbox
from app.store.errors import StoreError
from app.store.people_models import GuideRow, PersonRecordRow
from app.store.store import Store, new_id, now

MOST_CONTENT = 100_000
WARNING, OLD_WARNING = "warning", "qualification_warning"
"""The list with the two spans in days; the setting that it was."""


class People:
    """Records of people. Thread-safe; every method waits for the disk. The store tells of
    "person_record"."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def records(self, person: str = "") -> list[Record]:
        """All that may be read here, or one person's; by person, kind and day."""
        t = PersonRecordRow
        query = sa.select(t).where(t.deleted_at.is_(None))
        if person:
            query = query.where(t.person_name == person)
        with self._store._reading() as session:
            rows = session.scalars(query.order_by(t.person_name, t.kind, t.issued_on.desc(), t.id))
            return [r for row in rows if (r := _record(row)) is not None]

    def save(self, record: Record) -> str:
        """Keep it; its id. Raises StoreError for one that cannot be kept."""
        if record.problem():
            raise StoreError(f"Not kept: {record.problem()}.")
        with self._store._writing(person_record=set()) as session:
            row = session.get(PersonRecordRow, record.id) if record.id else None
            if row is None:
                row = PersonRecordRow(id=record.id or new_id())
                session.add(row)
            row.person_name, row.kind = record.person.strip()[:100], str(record.kind)
            row.title, row.number = record.title.strip()[:200], record.number.strip()[:100]
            row.issued_on, row.valid_until = _text(record.issued_on), _text(record.valid_until)
            row.issued_by, row.hours = record.issued_by.strip()[:200], float(record.hours)
            row.result, row.updated_at, row.deleted_at = record.result.strip()[:300], now(), None
            return row.id

    def remove(self, ids: Sequence[str], *, undo: bool = False) -> None:
        """Take records out, or back in."""
        with self._store._writing(person_record=set(ids)) as session:
            for identity in ids:
                row = session.get(PersonRecordRow, identity)
                if row is not None:
                    row.updated_at = now()
                    row.deleted_at = None if undo else row.updated_at

    def warning(self) -> WarnDays:
        """How long before a date runs out people are warned: the organisation's, else what a version
        before kept on this console, else as usual."""
        found = Guides(self._store).versions(WARNING)
        if not found:
            return WarnDays(warn_days(self._store.setting(OLD_WARNING)))
        newest = found[0]
        return WarnDays(warn_days(newest.content), newest.version, newest.author, newest.at)

    def set_warning(self, days: Sequence[int], author: str) -> None:
        """A new version for the whole organisation; the one before stays to be read. Raises
        StoreError."""
        Guides(self._store).add(WARNING, list(warn_days(list(days))), author)


@dataclass(frozen=True, slots=True)
class WarnDays:
    """Days before a date runs out: noted, and urgent. `version` 0: nobody has said."""

    days: tuple[int, int]
    version: int = 0
    author: str = ""
    at: str = ""
    """UTC, ISO 8601."""


@dataclass(frozen=True, slots=True)
class Guide:
    """A version of a list."""

    key: str
    version: int
    author: str
    at: str
    """UTC, ISO 8601."""
    content: Any


class Guides:
    """Lists of the organisation: task cards, equipment, inspection. Only added to: every version
    stays. Thread-safe; every method waits for the disk. The store tells of "guide"."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def current(self) -> dict[str, Guide]:
        """The newest version of each list."""
        found: dict[str, Guide] = {}
        for guide in self._read(None):
            found[guide.key] = guide
        return found

    def versions(self, key: str) -> list[Guide]:
        """All of one list, the newest first."""
        return self._read(key)[::-1]

    def _read(self, key: str | None) -> list[Guide]:
        t = GuideRow
        query = sa.select(t).where(t.deleted_at.is_(None))
        if key is not None:
            query = query.where(t.key == key)
        with self._store._reading() as session:
            rows = list(session.scalars(query.order_by(t.key, t.version, t.updated_at, t.id)))
            found = []
            for row in rows:
                try:
                    content = json.loads(row.content)
                except ValueError:
                    continue
                found.append(Guide(row.key, row.version, row.author, row.updated_at, content))
            return found

    def add(self, key: str, content: Any, author: str, least: int = 0) -> int:
        """A new version, after all that are known here and after `least`; its number."""
        text = outbox.dump(content)
        if len(text) > MOST_CONTENT:
            raise StoreError("The list is too long.")
        with self._store._writing(guide=set()) as session:
            last = session.scalar(sa.select(sa.func.max(GuideRow.version)).where(
                GuideRow.key == key))  # fmt: skip
            version = max(last or 0, least) + 1
            session.add(
                GuideRow(id=new_id(), key=key, version=version, author=author[:100], content=text,
                         person="local", updated_at=now())
            )  # fmt: skip
        return version


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _record(row: PersonRecordRow) -> Record | None:
    try:
        kind = RecordKind(row.kind)
    except ValueError:
        return None  # a newer version's
    return Record(
        row.person_name, kind, row.title, row.number, _day(row.issued_on), _day(row.valid_until),
        row.issued_by, row.hours, row.result, row.id,
    )  # fmt: skip
