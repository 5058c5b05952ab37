"""Tables of faults: reports, events, rules, maintenance. See `app/domain/ticket.py`.

A report and its events are only added. The other columns of a ticket are how it stands: made from
those by `ticket_state.refold`, on consoles and on the server alike; they do not travel.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Boolean, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.models import Base, Synced

NEVER = "9999"
"""Sorts behind every time: no limit runs."""


class TicketRulesRow(Synced, Base):
    """A version of an organisation's time limits, as JSON; the newest of its `at` counts."""

    __tablename__ = "ticket_rules"
    organisation_id: Mapped[str] = mapped_column(String(36), index=True)
    person: Mapped[str] = mapped_column(String(100), default="")
    at: Mapped[str] = mapped_column(String(32))
    content: Mapped[str] = mapped_column(Text)


class TicketRow(Synced, Base):
    """A fault. Times are UTC, ISO 8601 with milliseconds; those that are not yet are ""."""

    __tablename__ = "ticket"
    console: Mapped[str] = mapped_column(String(100))
    number: Mapped[int] = mapped_column(Integer)
    """Without gaps on each console."""
    person: Mapped[str] = mapped_column(String(100))
    author: Mapped[str] = mapped_column(String(100))
    organisation_id: Mapped[str] = mapped_column(String(36))
    """The camera's, when it was reported."""
    site_id: Mapped[str] = mapped_column(String(36))
    camera_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[str] = mapped_column(String(32))
    report: Mapped[str] = mapped_column(Text)
    """JSON: see `Report.content`."""

    state: Mapped[str] = mapped_column(String(12), server_default="new")
    is_open: Mapped[bool] = mapped_column(Boolean, server_default="1")
    category: Mapped[str] = mapped_column(String(3), server_default="")
    priority: Mapped[str] = mapped_column(String(2), server_default="")
    responsible_id: Mapped[str] = mapped_column(String(36), server_default="")
    maintainer_id: Mapped[str] = mapped_column(String(36), server_default="")
    team: Mapped[str] = mapped_column(String(100), server_default="")
    due: Mapped[str] = mapped_column(String(32), server_default=NEVER)
    """The limit that runs now; NEVER where none does."""
    due_restore: Mapped[str] = mapped_column(String(32), server_default="")
    state_since: Mapped[str] = mapped_column(String(32), server_default="")
    fault_at: Mapped[str] = mapped_column(String(32), server_default="")
    detected_at: Mapped[str] = mapped_column(String(32), server_default="")
    dispatched_at: Mapped[str] = mapped_column(String(32), server_default="")
    accepted_at: Mapped[str] = mapped_column(String(32), server_default="")
    arrived_at: Mapped[str] = mapped_column(String(32), server_default="")
    repaired_at: Mapped[str] = mapped_column(String(32), server_default="")
    verified_at: Mapped[str] = mapped_column(String(32), server_default="")
    closed_at: Mapped[str] = mapped_column(String(32), server_default="")
    last_at: Mapped[str] = mapped_column(String(32), server_default="")
    paused_s: Mapped[int] = mapped_column(Integer, server_default="0")
    cause: Mapped[str] = mapped_column(String(3), server_default="")
    joined: Mapped[int] = mapped_column(Integer, server_default="0")
    reopened: Mapped[int] = mapped_column(Integer, server_default="0")
    level: Mapped[int] = mapped_column(Integer, server_default="0")
    part_of: Mapped[str] = mapped_column(String(36), server_default="")
    asked: Mapped[str] = mapped_column(String(20), server_default="")
    escalate_at: Mapped[str] = mapped_column(String(32), server_default=NEVER)
    """When somebody above should know; NEVER where nobody has to, or was told."""
    back: Mapped[int] = mapped_column(Integer, server_default="0")
    """Of how many cameras the wall saw the picture return."""
    score: Mapped[int] = mapped_column(Integer, server_default="0")
    title: Mapped[str] = mapped_column(String(200), server_default="")
    title_en: Mapped[str] = mapped_column(String(200), server_default="")
    cameras: Mapped[int] = mapped_column(Integer, server_default="1")
    search_text: Mapped[str] = mapped_column(Text, server_default="")
    __table_args__ = (
        Index("ticket_number", "console", "number"),
        # In the orders of lists, with all that a filter reads: no row is opened for a miss.
        Index("ticket_due", "is_open", "due", "id", "state", "priority", "search_text"),
        Index("ticket_last", "last_at", "id", "state", "priority", "search_text"),
        Index("ticket_past", "is_open", "last_at", "id", "state", "priority", "search_text"),
        Index("ticket_state", "state", "last_at", "id"),
        Index("ticket_organisation", "organisation_id", "is_open"),
        Index("ticket_responsible", "responsible_id", "is_open"),
        Index("ticket_maintainer", "maintainer_id", "is_open", "due"),
        Index("ticket_camera_first", "camera_id", "at"),
        Index("ticket_at", "at", "id"),
        Index("ticket_escalate", "is_open", "escalate_at"),
        Index("ticket_team", "team", "is_open", "due"),
    )


class TicketEventRow(Synced, Base):
    """Something that was done with a ticket, or said. Only added."""

    __tablename__ = "ticket_event"
    ticket_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[str] = mapped_column(String(32))
    """The author's clock, put right by its measured offset."""
    action: Mapped[str] = mapped_column(String(20))
    person: Mapped[str] = mapped_column(String(100))
    author: Mapped[str] = mapped_column(String(100))
    content: Mapped[str] = mapped_column(Text, default="{}")
    __table_args__ = (Index("ticket_event_ticket", "ticket_id", "rev", "id"),)


class TicketCameraRow(Base):
    """Which cameras a ticket is about. Made from its events; does not travel."""

    __tablename__ = "ticket_camera"
    camera_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(String(36), primary_key=True, index=True)
    is_open: Mapped[bool] = mapped_column(Boolean)
    is_back: Mapped[bool] = mapped_column(Boolean, server_default=sa.false())
    """The wall saw its picture return."""


class MaintenanceRow(Synced, Base):
    """A camera is being worked on: excused from the figures from `begin` to `until`, or to
    `ended_at` where that is earlier. Removed ones (`deleted_at`) never counted."""

    __tablename__ = "maintenance"
    channel_id: Mapped[str] = mapped_column(String(36), index=True)
    begin: Mapped[str] = mapped_column(String(32))
    until: Mapped[str] = mapped_column(String(32))
    ended_at: Mapped[str] = mapped_column(String(32), default="")
    reason: Mapped[str] = mapped_column(String(200))
    person: Mapped[str] = mapped_column(String(100))
    author: Mapped[str] = mapped_column(String(100))
