"""The audit log over HTTP: consoles hand in their chains, auditors read, one file is signed."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from app.evidence.keys import SigningKey, public_pem
from app.server import audit
from app.server.access import below
from app.server.caller import Limit, Who
from app.server.database import Database, stamp
from app.server.fields import Body, Id, Time
from app.server.keys import ServerKey
from app.server.problem import Problem
from app.store.models import ChannelRow, OrganisationRow
from app.store.server_models import (
    AccountRow,
    AuditHeadRow,
    AuditRow,
    CameraGroupRow,
    ConsoleRow,
)

FORMAT = "watchroom-audit/1"
NAMED = (ChannelRow, CameraGroupRow, AccountRow, ConsoleRow, OrganisationRow)
SCANNED = 2000
"""So many entries are looked at for one page."""
router = APIRouter(prefix="/api")
Words = Annotated[str, Query(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]*$")]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class ConsoleEntry(Body):
    """An entry of a console's chain. `hash`: see `app/domain/chain.py`."""

    number: Number
    at: Time
    content: str = Field(min_length=2, max_length=20_000, pattern=r"^[^\x00]*$")
    hash: str = Field(pattern="^[0-9a-f]{64}$")


class ConsoleEntries(Body):
    entries: list[ConsoleEntry] = Field(max_length=audit.MAX_RECEIVED)


class Received(BaseModel):
    number: int = Field(description="the last entry that the server has now; 0: none")


class EntryOut(BaseModel):
    chain: str
    number: int
    content: str
    hash: str
    object_name: str = Field(description="what the entry's object is called now, if anything")


class EntryPage(BaseModel):
    items: list[EntryOut]
    next: int | None


@router.post("/audit/entries")
def hand_in(body: ConsoleEntries, who: Who) -> Received:
    """Hand in this workstation's entries, in order; what the server has already is passed over."""
    if not who.principal.console_id:
        raise Problem(403, "no_console", "Sign in from an enrolled workstation.")

    def work(session: Session) -> Received | Problem:
        entries = [(e.number, stamp(e.at), e.content, e.hash) for e in body.entries]
        now = who.access.now()
        try:
            return Received(number=audit.receive(session, now, who.principal, entries))
        except Problem as problem:
            if problem.code == "chain_broken":
                who.note(session, "console entries refused", who.principal.console_id,
                         result=problem.detail, **problem.extra)  # fmt: skip
            return problem

    result = who.database.write(work)
    if isinstance(result, Problem):
        raise result
    return result


@router.get("/audit")
def entries(
    who: Who,
    chain: Id = audit.SERVER,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    limit: Limit = 100,
    newest: bool = False,
    since: Time | None = None,
    until: Time | None = None,
    person: Words | None = None,
    action: Words | None = None,
    about: Words | None = None,
) -> EntryPage:
    """Entries of a chain about what the own organisation's people did, or what was done to what
    is its own, whoever did it. With `newest`, the last ones first; `after` then means below.

    `person` and `action` are parts of the entry's `name` and `action`; `about` is part of the
    object's id, or of what it is called now. A page may be short, or empty, with more to come:
    `next` tells.
    """
    row, mine = AuditRow, below([who.principal.organisation_id])
    query = (
        sa.select(row)
        .where(row.chain == chain)
        .where(sa.or_(row.organisation_id.in_(mine), row.owner_id.in_(mine)))
        .order_by(row.number.desc() if newest else row.number)
    )
    if after or not newest:
        query = query.where(row.number < after if newest else row.number > after)
    if since is not None:
        query = query.where(row.at >= stamp(since))
    if until is not None:
        query = query.where(row.at < stamp(until))
    wanted = {"name": person, "action": action}
    for text in filter(None, wanted.values()):
        # The words are somewhere in the entry; that they are in their field is seen below.
        query = query.where(row.content.icontains(json.dumps(text, ensure_ascii=False)[1:-1],
                                                  autoescape=True))  # fmt: skip
    found: list[AuditRow] = []
    more = False
    with who.database.reading() as session:
        called = _called(session, about) if about else {}
        if about:
            ids = [row.content.contains(f'"{i}"', autoescape=True) for i in called]
            query = query.where(sa.or_(row.content.contains(about, autoescape=True), *ids))
        rows = list(session.scalars(query.limit(SCANNED)))
    for r in rows:
        if len(found) == limit:
            more = True
            break
        fields = audit.json_fields(r.content)
        if all(
            t is None or t.casefold() in str(fields.get(f, "")).casefold()
            for f, t in wanted.items()
        ) and (about is None or about in str(fields.get("object")) or _about(fields) in called):
            found.append(r)
    with who.database.reading() as session:
        names = _names(session, {_about(audit.json_fields(r.content)) for r in found})
    last = found[-1].number if more else rows[-1].number if len(rows) == SCANNED else None
    return EntryPage(
        items=[
            EntryOut(
                chain=r.chain,
                number=r.number,
                content=r.content,
                hash=r.hash,
                object_name=names.get(_about(audit.json_fields(r.content)), ""),
            )
            for r in found
        ],
        next=last,
    )


def _about(fields: dict[str, Any]) -> str:
    """The id of what an entry is about: a grant's is what it was given for."""
    details = fields.get("details")
    grant = details.get("grant") if isinstance(details, dict) else None
    return str(grant.get("object_id") if isinstance(grant, dict) else fields.get("object"))


def _names(session: Session, ids: set[str]) -> dict[str, str]:
    """What these cameras, groups, accounts, workstations and organisations are called."""
    found: dict[str, str] = {}
    for table in NAMED:
        query = sa.select(table.id, table.name).where(table.id.in_(ids))
        found |= {r.id: r.name for r in session.execute(query)}
    return found


def _called(session: Session, text: str) -> dict[str, str]:
    """Those whose name has the text in it; so many that a request can name them all."""
    found: dict[str, str] = {}
    for table in NAMED:
        named = table.name.icontains(text, autoescape=True)
        query = sa.select(table.id, table.name).where(named).order_by(table.id).limit(40)
        found |= {r.id: r.name for r in session.execute(query)}
    return found


class ChainOut(BaseModel):
    """How a chain was found. `fault` is null where it is whole."""

    chain: str
    name: str = Field(description="a workstation's; empty for the server's own")
    entries: int
    head: str
    fault: str | None
    broken_at: int | None
    passed: int = Field(description="so many were verified before, and not read again")


class Verification(BaseModel):
    items: list[ChainOut]


@router.get("/audit/verification")
def verification(who: Who, whole: bool = False) -> Verification:
    """Whether the server's chain, and those of the own workstations, are as they were written:
    from where they were last found so on; with `whole` from the first entry."""
    passed: dict[str, int] = {}
    if whole:
        with who.database.reading() as session:
            reports = audit.verify(session)
    else:
        at = stamp(who.access.now())
        reports, passed = who.database.write(lambda session: audit.verify_further(session, at))
    with who.database.reading() as session:
        mine = below([who.principal.organisation_id])
        query = sa.select(ConsoleRow.id, ConsoleRow.name).where(
            ConsoleRow.organisation_id.in_(mine)
        )
        names = {found.id: found.name for found in session.execute(query)}
    return Verification(
        items=[
            ChainOut(
                chain=r.chain, name=names.get(r.chain, ""), entries=r.entries, head=r.head,
                fault=r.broken.fault.value if r.broken else None,
                broken_at=r.broken.number if r.broken else None, passed=passed.get(r.chain, 0),
            )
            for r in reports
            if r.chain == audit.SERVER or r.chain in names
        ]
    )  # fmt: skip


@router.get("/audit/export", response_class=Response)
def export(who: Who, request: Request) -> StreamingResponse:
    """All chains, whole, as a signed file (JSON lines) for `watchroom audit verify`."""
    key: ServerKey | None = request.app.state.settings.key
    if key is None:
        raise Problem(503, "no_key", "This server has no key to sign with.")
    who.database.write(lambda session: who.note(session, "audit log exported"))
    now = who.access.now()
    headers = {"content-disposition": f'attachment; filename="audit-{now:%Y%m%d-%H%M%S}.jsonl"'}
    return StreamingResponse(
        export_lines(who.database, key.signing(), now),
        headers=headers,
        media_type="application/x-ndjson",
    )


def export_lines(database: Database, key: SigningKey, now: datetime) -> Iterator[bytes]:
    """The file, line by line: the heads, every entry, and a signature over the hash of all that."""
    digest = hashlib.sha256()

    def line(fields: object) -> bytes:
        raw = json.dumps(fields, ensure_ascii=False).encode() + b"\n"
        digest.update(raw)
        return raw

    with database.reading() as session:
        heads = {
            row.chain: [row.number, row.hash]
            for row in session.scalars(sa.select(AuditHeadRow).order_by(AuditHeadRow.chain))
        }
        yield line({"format": FORMAT, "made_at": stamp(now), "heads": heads})
        # The server's chain first: it tells how far the consoles' chains came.
        for chain in sorted(heads, key=lambda name: (name != audit.SERVER, name)):
            for number, _, content, hashed in audit.chain_entries(session, chain):
                yield line([chain, number, content, hashed])
    signature = key.sign(digest.digest())
    last = {
        "algorithm": f"{key.algorithm} over SHA-256 of all lines before",
        "public_key": public_pem(key.public),
        "signature": base64.b64encode(signature).decode(),
    }
    yield json.dumps(last).encode() + b"\n"
