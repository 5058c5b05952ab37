"""Tickets from stored reports and events: `refold` makes the columns that say how they stand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from app.domain import ticket as domain
from app.domain.ticket import Action, Event, Report, Rules, Ticket
from app.store import search as finding
from app.store.sync_models import AttachmentRow
from app.store.ticket_models import (
    NEVER,
    TicketCameraRow,
    TicketEventRow,
    TicketRow,
    TicketRulesRow,
)

CHUNK = 500
REFERENCE = "reference.jpg"
"""The name of a camera's reference picture; the newest counts."""
_OLD = datetime(2000, 1, 1, tzinfo=UTC)


def text_of(moment: datetime | None) -> str:
    """As stored; "" for none."""
    return "" if moment is None else moment.astimezone(UTC).isoformat(timespec="milliseconds")


def loads(text: str) -> dict[str, Any]:
    """A stored JSON object; {} for what is none."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def report_of(row: Any) -> Report:
    """The stored report."""
    at = domain.moment(row.at) or _OLD
    content = loads(row.report)
    if not content.get("cameras"):
        content["cameras"] = [row.camera_id]
    return Report(at, row.person, row.author, content)


def event_of(row: Any) -> Event | None:
    """The stored event; None for one of a newer version's."""
    if row.action not in set(Action):
        return None
    at = domain.moment(row.at) or _OLD
    return Event(row.id, at, Action(row.action), row.person, row.author, loads(row.content))


def rules(connection: sa.Connection) -> dict[str, Rules]:
    """All versions, by id."""
    found = {"": domain.DEFAULT_RULES}
    t = TicketRulesRow
    for row in connection.execute(sa.select(t.id, t.content)):
        try:
            found[row.id] = Rules.from_json(row.id, loads(row.content))
        except ValueError:
            continue  # a newer version's
    return found


def events(connection: sa.Connection, ids: Sequence[str]) -> dict[str, list[Event]]:
    """Events of tickets, in the order in which the server took them; what it has not is last."""
    t = TicketEventRow
    late = sa.case((t.rev > 0, 0), else_=1)
    taken = sa.case((t.rev > 0, t.rev), else_=0)
    query = (
        sa.select(t.id, t.ticket_id, t.at, t.action, t.person, t.author, t.content)
        .where(t.ticket_id.in_(ids), t.deleted_at.is_(None))
        .order_by(t.ticket_id, late, taken, t.id)
    )
    found: dict[str, list[Event]] = {}
    for row in connection.execute(query):
        event = event_of(row)
        if event is not None:
            found.setdefault(row.ticket_id, []).append(event)
    return found


def folded(connection: sa.Connection, ticket_id: str) -> Ticket | None:
    """How a ticket stands; None when there is none."""
    row = connection.execute(
        sa.select(TicketRow.at, TicketRow.person, TicketRow.author, TicketRow.report,
                  TicketRow.camera_id).where(TicketRow.id == ticket_id)
    ).first()  # fmt: skip
    if row is None:
        return None
    happened = events(connection, [ticket_id]).get(ticket_id, [])
    return domain.fold(report_of(row), happened, rules(connection))


def references(connection: sa.Connection, camera_id: str) -> set[str]:
    """SHA-256 of the reference pictures that a camera has and had."""
    a = AttachmentRow
    query = sa.select(a.sha256).where(
        a.kind == "channel", a.entity_id == camera_id, a.name == REFERENCE, a.deleted_at.is_(None)
    )
    return set(connection.scalars(query))


def refold(connection: sa.Connection, tickets: Iterable[str]) -> None:
    """Make the columns of these tickets that say how they stand, and their cameras."""
    wanted = sorted(set(tickets))
    if not wanted:
        return
    versions = rules(connection)
    t = TicketRow.__table__
    assert isinstance(t, sa.Table)
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        rows = connection.execute(
            sa.select(t.c.id, t.c.at, t.c.person, t.c.author, t.c.report, t.c.camera_id,
                      t.c.console, t.c.number).where(t.c.id.in_(part))
        ).all()  # fmt: skip
        happened = events(connection, part)
        values, cameras = [], []
        for row in rows:
            report = report_of(row)
            ticket = domain.fold(report, happened.get(row.id, ()), versions)
            limits = versions.get(ticket.rules, domain.DEFAULT_RULES)
            values.append(_columns(row, report.content, ticket, limits))
            cameras += [
                {
                    "camera_id": camera,
                    "ticket_id": row.id,
                    "is_open": ticket.is_open,
                    "is_back": camera in ticket.back,
                }
                for camera in ticket.cameras
            ]
        connection.execute(sa.delete(TicketCameraRow).where(TicketCameraRow.ticket_id.in_(part)))
        if cameras:
            connection.execute(sa.insert(TicketCameraRow), cameras)
        if values:
            names = [name for name in values[0] if name != "_id"]
            connection.execute(
                t.update()
                .where(t.c.id == sa.bindparam("_id"))
                .values({name: sa.bindparam(f"_{name}") for name in names}),
                [{"_id": v["_id"], **{f"_{name}": v[name] for name in names}} for v in values],
            )


def _columns(row: Any, content: Mapping[str, Any], ticket: Ticket, limits: Rules) -> dict[str, Any]:
    facts = content.get("facts")
    facts = facts if isinstance(facts, dict) else {}
    name, name_en = str(facts.get("name") or "")[:200], str(facts.get("name_en") or "")[:200]
    number = f"{row.console}-{row.number}"
    words = [str(facts.get(k) or "") for k in ("code", "site", "site_en", "address", "call_number")]
    return {
        "_id": row.id, "state": str(ticket.state), "is_open": ticket.is_open,
        "category": ticket.category, "priority": str(ticket.priority),
        "responsible_id": ticket.responsible_id[:36], "maintainer_id": ticket.maintainer_id[:36],
        "team": ticket.team[:100], "due": text_of(ticket.due) or NEVER,
        "paused_s": ticket.paused_s, "cause": ticket.cause, "joined": ticket.joined,
        "reopened": ticket.reopened, "level": ticket.level, "part_of": ticket.into[:36],
        "asked": ticket.asked[:20], "title": name, "title_en": name_en,
        "cameras": max(1, len(ticket.cameras)), "back": len(ticket.back), "score": ticket.score,
        "escalate_at": text_of(ticket.escalate_at(limits)) or NEVER,
        "search_text": finding.place_text(
            name, name_en, number, f"#{row.number}", row.author, ticket.team, *words
        ),
        **{
            field: text_of(getattr(ticket, field))
            for field in ("due_restore", "state_since", "fault_at", "detected_at",
                          "dispatched_at", "accepted_at", "arrived_at", "repaired_at",
                          "verified_at", "closed_at", "last_at")
        },
    }  # fmt: skip
