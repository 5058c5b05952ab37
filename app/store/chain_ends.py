"""Where the chains of this console end: the next entry of a book, or of the register of retrievals,
follows there, also when its entries are not here any more because who is signed in may not read
them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.domain import commissioning
from app.domain import incident as incidents
from app.domain import inspection as inspections
from app.domain import patrol as patrols
from app.domain import shift as shifts
from app.domain.logbook import Book
from app.store import kinds, outbox
from app.store.log_models import LogRow
from app.store.models import RetrievalRow

FIRST = {
    Book.INCIDENT: incidents.Kind.OPENED, Book.SHIFT: shifts.Kind.BEGUN,
    Book.PATROL: patrols.Kind.BEGUN, Book.COMMISSIONING: commissioning.Kind.BEGUN,
    Book.INSPECTION: inspections.Kind.BEGUN,
}  # fmt: skip
"""The entry that begins a subject and bears its number."""
RETRIEVALS = "retrieval"
"""The register's book."""


def _key(book: str) -> str:
    return f"chain_ends:{book}"


def end(connection: sa.Connection, book: str, console: str) -> tuple[int, str]:
    """Number and hash of the last entry of a console in a book; (0, "") where there is none."""
    found = connection.execute(_ends(book).where(_table(book).c.console == console)).first()
    number, digest = outbox.state(connection, _key(book), {}).get(console, (0, ""))
    if found is not None and found.number >= number:
        return found.number, found.chain
    return number, digest


def subjects(connection: sa.Connection, book: str, console: str, kind: str) -> int:
    """The number of the last incident, shift or round that a console began (by an entry `kind`)."""
    t = LogRow
    last = connection.scalar(
        sa.select(t.content)
        .where(t.book == book, t.console == console, t.kind == kind)
        .order_by(t.number.desc())
        .limit(1)
    )
    here = int(json.loads(last)["data"]["number"]) if last else 0
    kept: int = outbox.state(connection, f"{_key(book)}:{kind}", {}).get(console, 0)
    return max(here, kept)


def remember(connection: sa.Connection, kind: str, ids: Sequence[str]) -> None:
    """Rows of a kind are about to be taken out: chains go on all the same."""
    if kind not in ("log", "retrieval"):
        return
    t = _table(RETRIEVALS if kind == "retrieval" else "")
    book = t.c.book if kind == "log" else sa.literal(RETRIEVALS)
    seen: set[tuple[str, str]] = set()
    begun: set[tuple[str, str, str]] = set()
    for part in kinds.chunks(ids):
        query = sa.select(book, t.c.console).where(t.c.id.in_(part)).distinct()
        seen.update((row[0], row[1]) for row in connection.execute(query))
        if kind == "log":
            names = sa.select(t.c.book, t.c.kind, t.c.console).where(t.c.id.in_(part))
            for name, first, console in connection.execute(names.distinct()):
                if FIRST.get(Book(name)) == first:
                    begun.add((name, first, console))
    for name, console in seen:
        _keep(connection, _key(name), console, list(end(connection, name, console)))
    for name, first, console in begun:
        number = subjects(connection, name, console, first)
        _keep(connection, f"{_key(name)}:{first}", console, number)


def _keep(connection: sa.Connection, key: str, console: str, value: Any) -> None:
    outbox.set_state(connection, **{key: outbox.state(connection, key, {}) | {console: value}})


def _table(book: str) -> sa.Table:
    table = (RetrievalRow if book == RETRIEVALS else LogRow).__table__
    assert isinstance(table, sa.Table)
    return table


def _ends(book: str) -> sa.Select[Any]:
    """The last entry first."""
    t = _table(book)
    query = sa.select(t.c.number, t.c.chain).order_by(t.c.number.desc()).limit(1)
    return query if book == RETRIEVALS else query.where(t.c.book == book)
