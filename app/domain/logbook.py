"""Logs of the control room: entries that are only added, numbered without gaps and chained by
hashes for each console and book. What an incident, a shift or a patrol is, is read from its entries.

Domain reference 5.3: a correction is a new entry that points to the old one. Two people who correct
the same entry without seeing each other make two corrections that point to one entry: both stand
until somebody writes a third that points to both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from app.domain.chain import Break, canonical, find_break, link
from app.domain.permission import Role


class Book(StrEnum):
    """What is written down. Each has a chain of its own on each console."""

    INCIDENT = "incident"
    SHIFT = "shift"
    ROSTER = "roster"
    PATROL = "patrol"
    COMMISSIONING = "commission"
    SETUP = "setup"
    INSPECTION = "inspection"


SUPERVISED = frozenset({"reviewed", "reopened", "countersigned", "rostered"})
"""Kinds of entries that are a supervisor's."""

READERS = frozenset({Role.OPERATOR, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR})
WRITERS = frozenset({Role.OPERATOR, Role.SUPERVISOR})
SUPERVISORS = frozenset({Role.SUPERVISOR})
"""Who may read the logs of the own organisation and those below it, write in them, review them."""
INSTALLERS = frozenset({Role.COMMISSIONER, Role.ADMINISTRATOR})
INSPECTORS = frozenset({Role.MAINTAINER, Role.COMMISSIONER}) | WRITERS
"""Who looks at sites."""
REVIEWS = frozenset({"sent_back", "accepted", "sampled", "reported"})
"""Entries of commissioning that are a reviewer's, too."""


CONSENTED, TRIED = "consented", "tried"
"""Entries of set-up: somebody agreed to trying makers' default passwords; what came of it."""


def writers(book: str, kind: str) -> frozenset[Role]:
    """Who may make such an entry."""
    if book == Book.COMMISSIONING:
        return INSTALLERS | SUPERVISORS if kind in REVIEWS else INSTALLERS
    if book == Book.SETUP:
        # What somebody did is entered whoever it was.
        return frozenset(Role) if kind in (CONSENTED, TRIED) else INSTALLERS
    if book == Book.INSPECTION:
        return INSPECTORS
    return SUPERVISORS if kind in SUPERVISED else WRITERS


def readers(book: str) -> frozenset[Role]:
    """Who may read what others wrote in a book."""
    if book == Book.INSPECTION:
        return READERS | INSPECTORS
    return READERS | INSTALLERS if book in (Book.COMMISSIONING, Book.SETUP) else READERS


MOST_TEXT = 4000
NEVER = datetime.min.replace(tzinfo=UTC)
"""The time of an entry that was not entered yet."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `at` is the console's clock (aware UTC), `offset_ms` what the server's clock was
    ahead when last measured. `about` are ids of entries that this one corrects or decides."""

    book: Book
    subject: str
    kind: str
    author: str
    console: str
    data: Mapping[str, Any] = field(default_factory=dict)
    camera_id: str = ""
    about: tuple[str, ...] = ()
    at: datetime = NEVER
    offset_ms: int = 0
    number: int = 0
    id: str = ""
    chain: str = ""
    """SHA-256 over the entry before it in this console's book and this one, hex."""

    @property
    def true_at(self) -> datetime:
        """When it was written, by the server's clock as far as it was known."""
        return self.at + timedelta(milliseconds=self.offset_ms)


def text_of(entry: Entry) -> str:
    """The canonical text that is stored and chained."""
    return canonical(
        {
            "id": entry.id, "book": entry.book, "subject": entry.subject, "kind": entry.kind,
            "author": entry.author, "console": entry.console, "data": dict(entry.data),
            "camera_id": entry.camera_id, "about": list(entry.about), "at": entry.at,
            "offset_ms": entry.offset_ms, "number": entry.number,
        }
    )  # fmt: skip


def chain_of(before: str, entry: Entry) -> str:
    """The hash that binds an entry to the one before it ("" for the first)."""
    return link(before, text_of(entry))


def entry_of(fields: Mapping[str, Any], chain: str) -> Entry:
    """An entry out of its stored fields. Raises ValueError for what is none."""
    try:
        return Entry(
            Book(fields["book"]), str(fields["subject"]), str(fields["kind"]),
            str(fields["author"]), str(fields["console"]), dict(fields["data"]),
            str(fields["camera_id"]), tuple(map(str, fields["about"])),
            datetime.fromisoformat(fields["at"]), int(fields["offset_ms"]), int(fields["number"]),
            str(fields["id"]), chain,
        )  # fmt: skip
    except (KeyError, TypeError) as error:
        raise ValueError("no entry of a log") from error


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """As they were written. Clocks may say otherwise: an entry comes after those of its console
    with lower numbers, and after those that it points to."""
    some = list({entry.id: entry for entry in entries}.values())
    after: dict[str, list[str]] = {entry.id: [] for entry in some}
    by_console: dict[str, list[Entry]] = {}
    for entry in some:
        by_console.setdefault(entry.console, []).append(entry)
        after[entry.id] += [i for i in entry.about if i in after and i != entry.id]
    for own in by_console.values():
        own.sort(key=lambda e: (e.number, e.id))
        for earlier, later in pairwise(own):
            after[later.id].append(earlier.id)
    keys = {entry.id: (entry.true_at, 0) for entry in some}
    for _ in some:  # as often as the longest way from entry to entry; a circle ends, too
        changed = False
        for entry in sorted(some, key=lambda e: (e.number, e.id)):
            for identity in after[entry.id]:
                moment, depth = keys[identity]
                if keys[entry.id] <= (moment, depth):
                    keys[entry.id], changed = (moment, depth + 1), True
        if not changed:
            break
    return sorted(some, key=lambda e: (keys[e.id], e.console, e.number))


def broken(rows: Iterable[tuple[int, str, str]]) -> Break | None:
    """The first break of one console's book; rows are (number, text, hash) by number."""
    return find_break(rows)


def heads(entries: Sequence[Entry]) -> list[Entry]:
    """Of entries that correct each other, those that no other points to: one, or several that
    were written apart and wait for somebody to decide."""
    pointed = {identity for entry in entries for identity in entry.about}
    return [entry for entry in entries if entry.id not in pointed]


def shown_number(console: str, number: int) -> str:
    """Gap-free per console, and different on every console: "WS12-000017"."""
    return f"{console}-{number:06d}"


def cleaned(text: str) -> str:
    """One line of text as it is kept. Raises ValueError for none, or too much."""
    text = " ".join(text.replace("\x00", "").split())
    if not text or len(text) > MOST_TEXT:
        raise ValueError("text")
    return text
