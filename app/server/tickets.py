"""Faults on the server: what a report says of itself is put right, and every event is checked by
the rules of `app/domain/ticket.py`, against how the ticket stands here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import uuid_utils

from app.domain import ticket as domain
from app.domain.permission import Principal
from app.domain.ticket import Action, Actor, Refusal
from app.store import kinds, ticket_state
from app.store.kinds import KINDS, Row
from app.store.models import ChannelRow, SiteRow
from app.store.sync_models import AttachmentRow
from app.store.ticket_models import TicketCameraRow, TicketEventRow, TicketRow, TicketRulesRow
from app.sync.protocol import Reason

if TYPE_CHECKING:
    from app.server.sync import Sight, Writer

TICKETS = ("ticket", "ticket_event")
SERVER = "server"
"""Who does what nobody did: joins two reports of one fault that were made apart."""
AHEAD_S = 5
"""A console's clock may be so much ahead; later times become the server's."""

Refused = tuple[str, str]
"""A reason of `protocol.Reason`, and a detail."""


def visible(sight: Sight) -> sa.ColumnElement[bool]:
    """The tickets of the camera's organisation, the responsible one and the maintainer's, and
    those of cameras that may be viewed."""
    t = TicketRow.__table__.c
    ids = set(sight.session.scalars(sight.own))
    return sa.or_(
        t.organisation_id.in_(ids), t.responsible_id.in_(ids), t.maintainer_id.in_(ids),
        sight.with_camera(t.camera_id),
    )  # fmt: skip


def actor(sight: Sight, principal: Principal, ticket: Any) -> Actor:
    """Who acts, and in what relation to a stored ticket."""
    own = frozenset(sight.session.scalars(sight.own))
    sees = sight.session.scalar(
        sa.select(ChannelRow.id).where(ChannelRow.id == ticket.camera_id, sight.cameras())
    )
    return Actor(
        principal.user_id, principal.name, principal.roles,
        domain.sides(own, ticket.organisation_id, ticket.responsible_id, ticket.maintainer_id,
                     sees is not None),
    )  # fmt: skip


def _in_time(text: str, at: str) -> str:
    """A console's time; the server's where it is none or ahead."""
    said, now = domain.moment(text), datetime.fromisoformat(at)
    if said is None or said > now + timedelta(seconds=AHEAD_S):
        return ticket_state.text_of(now)
    return ticket_state.text_of(said)


def put_right(sight: Sight, kind: str, row: Row, at: str) -> Refused | None:
    """Before a report or an event is written: put right in `row` what a console does not decide.
    Why it cannot be taken; None when it can."""
    row["at"] = _in_time(row["at"], at)
    if kind == "ticket":
        return _put_report_right(sight, row)
    return _check_event(sight, row, at)


def _put_report_right(sight: Sight, row: Row) -> Refused | None:
    session, report = sight.session, ticket_state.loads(row["report"])
    camera = session.execute(
        sa.select(ChannelRow.id, ChannelRow.site_id, SiteRow.organisation_id,
                  SiteRow.responsible_id, SiteRow.maintainer_id)
        .join(SiteRow, SiteRow.id == ChannelRow.site_id)
        .where(ChannelRow.id == row["camera_id"])
    ).first()  # fmt: skip
    if camera is None:
        return Reason.REFERENCE, "no such camera"
    seen = session.scalar(
        sa.select(ChannelRow.id).where(ChannelRow.id == camera.id, sight.cameras())
    )
    if seen is None or not sight.principal.roles & domain.REPORTERS:
        return Reason.FORBIDDEN, ""
    if report.get("category") not in domain.CATEGORY:
        return Reason.INVALID, "category"
    wanted = report.get("cameras")
    wanted = [str(c) for c in wanted] if isinstance(wanted, list) else []
    at_site: set[str] = set()
    for part in kinds.chunks(wanted):
        query = sa.select(ChannelRow.id).where(ChannelRow.id.in_(part), sight.cameras())
        at_site.update(session.scalars(query.where(ChannelRow.site_id == camera.site_id)))
    report["cameras"] = list(dict.fromkeys([camera.id, *(c for c in wanted if c in at_site)]))
    report["responsible_id"], report["maintainer_id"] = camera.responsible_id, camera.maintainer_id
    report["rules"] = _known_rules(sight, report.get("rules"))
    row["organisation_id"], row["site_id"] = camera.organisation_id, camera.site_id
    row["report"] = json.dumps(report, ensure_ascii=False)
    return None


def _known_rules(sight: Sight, identity: Any) -> str:
    query = sa.select(TicketRulesRow.id).where(TicketRulesRow.id == str(identity or ""))
    return sight.session.scalar(query) or ""


def _check_event(sight: Sight, row: Row, at: str) -> Refused | None:
    connection = sight.session.connection()
    ticket = sight.session.execute(
        sa.select(TicketRow.camera_id, TicketRow.organisation_id, TicketRow.responsible_id,
                  TicketRow.maintainer_id)
        .where(TicketRow.id == row["ticket_id"], visible(sight))
    ).first()  # fmt: skip
    state = ticket_state.folded(connection, row["ticket_id"]) if ticket is not None else None
    if ticket is None or state is None:
        return Reason.UNKNOWN, "no such ticket"
    if row["action"] not in set(Action):
        return Reason.INVALID, "action"
    said = ticket_state.loads(row["content"])
    if "rules" in said:
        said["rules"] = _known_rules(sight, said["rules"])
        row["content"] = json.dumps(said, ensure_ascii=False)
    if row["action"] == Action.MERGE and not _may_lead(sight, said.get("into"), row["ticket_id"]):
        return Reason.REFERENCE, "no such open ticket"
    rules = ticket_state.rules(connection).get(state.rules, domain.DEFAULT_RULES)
    refusal = domain.check(
        state, Action(row["action"]), actor(sight, sight.principal, ticket),
        datetime.fromisoformat(row["at"]), said, rules,
    )  # fmt: skip
    if refusal is None and row["action"] in (Action.VERIFY, Action.CHECK):
        camera = str(said.get("camera") or ticket.camera_id)
        if not domain.compared(said, ticket_state.references(connection, camera)):
            refusal = Refusal("not_compared")
    return None if refusal is None else (_reason(refusal), refusal.detail or refusal.code)


def _may_lead(sight: Sight, identity: Any, joined: str) -> bool:
    """Whether a ticket may be joined to that one: an open one that is visible."""
    t = TicketRow
    query = sa.select(t.id).where(t.id == str(identity), t.id != joined, t.is_open, visible(sight))
    return sight.session.scalar(query) is not None


def _reason(refusal: Refusal) -> str:
    match refusal.code:
        case "forbidden" | "same_person":
            return Reason.FORBIDDEN
        case "invalid_state" | "too_late":
            return Reason.INVALID_STATE
    return Reason.INVALID


def standing(writer: Writer, ticket_id: str) -> tuple[str, str]:
    """Who may see a ticket by its orders."""
    t = TicketRow
    row = writer.connection.execute(
        sa.select(t.responsible_id, t.maintainer_id).where(t.id == ticket_id)
    ).first()
    return (row.responsible_id, row.maintainer_id) if row else ("", "")


def reported(writer: Writer, ticket_id: str) -> None:
    """A report was taken. Another open ticket of one of its cameras is about the same fault: the
    report joins that, as it would have on one console; nothing of it is lost."""
    mine = TicketCameraRow.__table__.alias("mine")
    theirs = TicketCameraRow.__table__.alias("theirs")
    query = (
        sa.select(TicketRow.id)
        .join(theirs, theirs.c.ticket_id == TicketRow.id)
        .join(mine, mine.c.camera_id == theirs.c.camera_id)
        .where(mine.c.ticket_id == ticket_id, theirs.c.ticket_id != ticket_id,
               TicketRow.is_open, mine.c.camera_id == sa.select(TicketRow.camera_id)
               .where(TicketRow.id == ticket_id).scalar_subquery())
        .order_by(TicketRow.rev).limit(1)
    )  # fmt: skip
    first = writer.connection.scalar(query)
    if first is None:
        return
    row = writer.connection.execute(
        sa.select(TicketRow.report, TicketRow.author, TicketRow.console, TicketRow.number)
        .where(TicketRow.id == ticket_id)
    ).one()  # fmt: skip
    report = ticket_state.loads(row.report)
    joined = {
        "text": report.get("text", ""), "category": report.get("category", ""),
        "cameras": report.get("cameras", []), "fault_at": report.get("fault_at", ""),
        "from": ticket_id, "number": f"{row.console}-{row.number}", "author": row.author,
    }  # fmt: skip
    _enter(writer, first, Action.JOIN, joined)
    _enter(writer, ticket_id, Action.MERGE, {"into": first})


def _enter(writer: Writer, ticket_id: str, action: Action, content: Mapping[str, Any]) -> None:
    kind, identity = KINDS["ticket_event"], str(uuid_utils.uuid7())
    row = {
        "id": identity, "rev": 0, "updated_at": writer.at, "deleted_at": None,
        "ticket_id": ticket_id, "at": writer.at, "action": str(action), "person": SERVER,
        "author": SERVER, "content": json.dumps(content, ensure_ascii=False),
    }  # fmt: skip
    kinds.write(writer.connection, kind, [row])
    writer.change(kind, identity, kind.fields)
    kinds.derive(writer.connection, {kind.name: [identity]}, texts=False)


def moved(writer: Writer, ticket_id: str) -> None:
    """Others may see a ticket now, or may not any more: it goes through the feed again with its
    events, in their order, and its files."""
    e, a = TicketEventRow, AttachmentRow
    execute = writer.connection.scalars
    writer.change(KINDS["ticket"], ticket_id, (), moved=True)
    for event in execute(sa.select(e.id).where(e.ticket_id == ticket_id).order_by(e.rev)).all():
        writer.change(KINDS["ticket_event"], event, (), moved=True)
    files = sa.select(a.id).where(a.kind == "ticket", a.entity_id == ticket_id).order_by(a.rev)
    for file in execute(files).all():
        writer.change(KINDS["attachment"], file, (), moved=True)
