"""The audit log: who, when, where, what, object, purpose, result, in one chain of hashes.

The server writes the chain "server". Each console keeps a chain of its own and hands it in; the
server stores it under the console's id and notes in its own chain how far it came, so that an end
that is cut off a console's chain later shows there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.chain import Break, Fault, canonical, find_break, link
from app.domain.permission import Principal
from app.server.database import stamp
from app.server.problem import Problem
from app.store.server_models import AuditCheckpointRow, AuditHeadRow, AuditRow

SERVER = "server"
NOBODY = Principal("", "", "", "", frozenset())
RECEIVED = "console entries received"
HANDED_OUT = "camera address handed out"
MAX_RECEIVED = 500


def note(
    session: Session,
    at: datetime,
    who: Principal,
    action: str,
    about: str = "",
    *,
    purpose: str = "",
    result: str = "done",
    address: str = "",
    owner: str = "",
    **details: Any,
) -> None:
    """Add an entry to the server's chain; `owner` is the organisation that the object is of.

    Call it last in a transaction: it holds, until the commit, the lock that orders all entries.
    """
    number, before = _head(session, SERVER)
    fields = {
        "number": number + 1,
        "at": stamp(at),
        "user": who.user_id,
        "name": who.name,
        "organisation": who.organisation_id,
        "console": who.console_id,
        "address": address,
        "action": action,
        "object": about,
        "purpose": purpose,
        "result": result,
        "details": details,
    }
    _append(
        session, SERVER, number + 1, stamp(at), canonical(fields), before,
        (who.organisation_id, owner),
    )  # fmt: skip


def _head(session: Session, chain: str) -> tuple[int, str]:
    """The chain's last number and hash, locked until the commit."""
    session.execute(
        sa.text(
            "INSERT INTO audit_head (chain, number, hash) VALUES (:chain, 0, '')"
            " ON CONFLICT DO NOTHING"
        ),
        {"chain": chain},
    )
    row = AuditHeadRow
    query = sa.select(row.number, row.hash).where(row.chain == chain).with_for_update()
    number, digest = session.execute(query).one()
    return number, digest


def _append(
    session: Session, chain: str, number: int, at: str, content: str, before: str,
    organisations: tuple[str, str],
) -> str:  # fmt: skip
    digest = link(before, content)
    session.add(
        AuditRow(
            chain=chain, number=number, at=at, content=content, hash=digest,
            organisation_id=organisations[0], owner_id=organisations[1],
        )
    )  # fmt: skip
    session.execute(
        sa.update(AuditHeadRow)
        .where(AuditHeadRow.chain == chain)
        .values(number=number, hash=digest)
    )
    session.flush()
    return digest


def receive(
    session: Session, at: datetime, who: Principal, entries: list[tuple[int, str, str, str]]
) -> int:
    """Take a console's entries (number, time, canonical text, hash); the last number we have.

    What is known already is passed over if it is the same. Raises Problem 409 `chain_gap` (with
    `expect`) or `chain_broken`, and takes nothing then.
    """
    chain = who.console_id
    last, before = _head(session, chain)
    known = [e for e in entries if e[0] <= last]
    if known:
        query = sa.select(AuditRow.number, AuditRow.hash).where(
            AuditRow.chain == chain, AuditRow.number.in_([e[0] for e in known])
        )
        stored = {found.number: found.hash for found in session.execute(query)}
        for number, _, _, digest in known:
            if stored.get(number) != digest:
                raise Problem(
                    409,
                    "chain_broken",
                    "This console handed in another entry before.",
                    number=number,
                )
    new = [e for e in entries if e[0] > last]
    broken = find_break(((n, text, digest) for n, _, text, digest in new), after=(last, before))
    if broken is not None:
        if broken.fault is Fault.GAP and broken.number == last + 1:
            raise Problem(409, "chain_gap", "Entries before these are missing.", expect=last + 1)
        raise Problem(
            409, "chain_broken", f"Entry {broken.number}: {broken.fault}.", number=broken.number
        )
    for number, when, text, _ in new:
        before = _append(session, chain, number, when, text, before, (who.organisation_id, ""))
        last = number
    if new:
        note(session, at, who, RECEIVED, chain, number=last, hash=before)
    return last


def chain_entries(
    session: Session, chain: str, first: int = 1
) -> Iterator[tuple[int, str, str, str]]:
    """(number, time, canonical text, hash) in their order."""
    row = AuditRow
    query = (
        sa.select(row.number, row.at, row.content, row.hash)
        .where(row.chain == chain, row.number >= first)
        .order_by(row.number)
        .execution_options(yield_per=2000)
    )
    for found in session.execute(query):
        yield found.number, found.at, found.content, found.hash


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What `verify` found of a chain."""

    chain: str
    entries: int
    head: str
    broken: Break | None


def verify(session: Session) -> list[ChainReport]:
    """All chains of a database, the server's first."""
    heads = {
        row.chain: (row.number, row.hash)
        for row in session.scalars(sa.select(AuditHeadRow))
        if row.number
    }
    stored = set(session.scalars(sa.select(AuditRow.chain).distinct()))
    names = sorted(stored | heads.keys(), key=lambda name: (name != SERVER, name))
    joined: dict[str, tuple[int, str]] = {}
    reports = []
    for name in names:
        entries = ((n, text, digest) for n, _, text, digest in chain_entries(session, name))
        reports.append(check(name, entries, heads.get(name), joined))
    return reports + lost(reports, joined)


def verify_further(session: Session, at: str) -> tuple[list[ChainReport], dict[str, int]]:
    """As `verify`, from where all chains were last found whole; and how many entries of each chain
    were not read again. What was verified and is no longer what it was shows at that place; a
    change further back is for `verify`. Where all is whole, it is noted."""
    heads = {
        row.chain: (row.number, row.hash)
        for row in session.scalars(sa.select(AuditHeadRow))
        if row.number
    }
    row = AuditCheckpointRow
    known = {
        found.chain: (found.number, found.hash)
        for found in session.execute(sa.select(row.chain, row.number, row.hash))
    }
    joined = {name: end for name, end in known.items() if name != SERVER}
    reports, passed = [], {}
    for name in sorted({SERVER, *heads, *known}, key=lambda name: (name != SERVER, name)):
        start = known.get(name, (0, ""))
        if start[0] and _stored(session, name, start[0]) != start[1]:
            entries = ((n, text, digest) for n, _, text, digest in chain_entries(session, name))
            report = check(name, entries, heads.get(name), joined)
            broken = report.broken or Break(start[0], Fault.CUT_OFF)
            reports.append(replace(report, broken=broken))
            continue
        later = chain_entries(session, name, start[0] + 1)
        entries = ((n, text, digest) for n, _, text, digest in later)
        report = check(name, entries, heads.get(name), joined, start)
        if report.entries or name in heads:
            reports.append(report)
            passed[name] = start[0]
    reports += lost(reports, joined)
    if not any(report.broken for report in reports):
        _keep_checkpoints(session, heads, known, at)
    return reports, passed


def _stored(session: Session, chain: str, number: int) -> str | None:
    row = AuditRow
    query = sa.select(row.hash).where(row.chain == chain, row.number == number)
    return session.scalar(query)


def _keep_checkpoints(
    session: Session, heads: dict[str, tuple[int, str]], known: dict[str, tuple[int, str]], at: str
) -> None:
    row = AuditCheckpointRow
    for name, (number, digest) in heads.items():
        values = {"number": number, "hash": digest, "at": at}
        if name not in known:
            session.execute(sa.insert(row).values(chain=name, **values))
        elif known[name] != (number, digest):
            session.execute(sa.update(row).where(row.chain == name).values(**values))


def lost(reports: list[ChainReport], joined: dict[str, tuple[int, str]]) -> list[ChainReport]:
    """Chains of which the server's tells, and of which nothing is left."""
    gone = sorted(joined.keys() - {report.chain for report in reports})
    return [ChainReport(name, 0, "", Break(1, Fault.CUT_OFF)) for name in gone]


def check(
    name: str,
    entries: Iterable[tuple[int, str, str]],
    head: tuple[int, str] | None,
    joined: dict[str, tuple[int, str]],
    after: tuple[int, str] = (0, ""),
) -> ChainReport:
    """One chain. `joined` is filled from the server's chain and tells of the consoles' ends;
    `head` is the stored head (None: there is none, so the chain must be empty); `after` is where
    the entries begin."""
    (count, last), text = after, ""

    def counted() -> Iterator[tuple[int, str, str]]:
        nonlocal count, last, text
        for entry in entries:
            count, text, last = count + 1, entry[1], entry[2]
            if name == SERVER and RECEIVED in entry[1]:
                fields = json_fields(entry[1])
                if fields.get("action") == RECEIVED:
                    details = fields["details"]
                    joined[fields["object"]] = (details["number"], details["hash"])
            yield entry

    broken = find_break(counted(), joined.get(name) or head or (0, ""), after)
    if broken is None and name in joined and head != joined[name]:
        broken = Break((head or (0, ""))[0], Fault.CUT_OFF)
    if broken is not None and broken.fault is Fault.CHANGED:
        # Rows come sorted by number: entries that changed places have each other's number.
        own = json_fields(text).get("number")
        if own not in (None, broken.number):
            broken = Break(broken.number, Fault.REORDERED)
    return ChainReport(name, count, last, broken)


def json_fields(text: str) -> dict[str, Any]:
    """An entry's fields; {} when it cannot be read."""
    try:
        fields = json.loads(text)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}
