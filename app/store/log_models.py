"""Tables of the control room's logs: entries, which travel, and what is read from them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.models import Base, Synced


class LogRow(Base):
    """An entry of a log: only added. `content` is its canonical text; the columns repeat what
    lists look for."""

    __tablename__ = "log"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    book: Mapped[str] = mapped_column(String(10))
    console: Mapped[str] = mapped_column(String(100))
    number: Mapped[int] = mapped_column(Integer)
    subject: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[str] = mapped_column(String(32))
    camera_id: Mapped[str] = mapped_column(String(36), default="")
    author: Mapped[str] = mapped_column(String(100))
    content: Mapped[str] = mapped_column(Text)
    chain: Mapped[str] = mapped_column(String(64))
    rev: Mapped[int] = mapped_column(Integer, default=0)
    person: Mapped[str] = mapped_column(String(100), default="")
    """Whose account sent it; "" until a server has said."""
    organisation_id: Mapped[str] = mapped_column(String(36), default="")
    """Whose people may read it; "" until a server has said."""
    __table_args__ = (
        Index("log_number", "book", "console", "number"),
        Index("log_about", "subject"),
        Index("log_camera", "camera_id", "book", "subject"),
        Index("log_author", "author", "book", "subject"),
        Index("log_kind", "book", "kind", "at"),
        Index("log_seen", "organisation_id", "id"),
        # Few entries name a fault: for the incidents of a fault. (On PostgreSQL, too: its migration
        # says so. Here it would load that dialect, whose part in a console's start is 4 %.)
        Index("log_ticket", "book", "subject", sqlite_where=sa.text("kind = 'ticket'")),
    )


class LogSubjectRow(Base):
    """An incident, shift, place of the roster or round, as its entries say: made anew from them
    with each, here and for what arrives. Does not travel; the server has none."""

    __tablename__ = "log_subject"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    book: Mapped[str] = mapped_column(String(10))
    console: Mapped[str] = mapped_column(String(100))
    number: Mapped[str] = mapped_column(String(120))
    begun_at: Mapped[str] = mapped_column(String(32))
    """UTC to the second, by the server's clock as far as it was known."""
    ended_at: Mapped[str] = mapped_column(String(32), default="")
    state: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(100), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    person: Mapped[str] = mapped_column(String(100), default="")
    entries: Mapped[int] = mapped_column(Integer, default=0)
    open_matters: Mapped[int] = mapped_column(Integer, default=0)
    """Things that wait for a decision."""
    search_text: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (
        # With all that a list filters by: no row is opened for a miss.
        Index("log_subject_time", "book", "begun_at", "id", "state", "category", "search_text"),
        Index("log_subject_state", "book", "state", "begun_at"),
    )


class OutageRow(Base):
    """A camera without a good picture on this console; of this console only."""

    __tablename__ = "outage"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    camera_id: Mapped[str] = mapped_column(String(36))
    state: Mapped[str] = mapped_column(String(20))
    cause: Mapped[str] = mapped_column(String(20), default="")
    since: Mapped[str] = mapped_column(String(32))
    until: Mapped[str] = mapped_column(String(32), default="")
    __table_args__ = (
        Index("outage_time", "since"),
        Index("outage_camera", "camera_id", "since"),
        Index("outage_until", "until"),
    )


class WatchedRow(Base):
    """A time in which this console knew a camera's state, to the minute; of this console only."""

    __tablename__ = "watched"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    camera_id: Mapped[str] = mapped_column(String(36))
    since: Mapped[str] = mapped_column(String(32))
    until: Mapped[str] = mapped_column(String(32))
    __table_args__ = (
        Index("watched_camera", "camera_id", "until"),
        Index("watched_until", "until"),
    )


class ObservationRow(Synced, Base):
    """What one console saw of a camera on one day (UTC), minute by minute, for the figures of others.

    `known`, `up`: the minutes of the day in which the state was known, and in which there was a
    picture: a number in hexadecimal whose bit n is minute n. `console` is the replica of the protocol.
    """

    __tablename__ = "observation"
    console: Mapped[str] = mapped_column(String(36))
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"))
    day: Mapped[str] = mapped_column(String(10))
    known: Mapped[str] = mapped_column(String(360))
    up: Mapped[str] = mapped_column(String(360))
    __table_args__ = (
        Index("observation_natural", "channel_id", "console", "day", unique=True),
        Index("observation_day", "day"),
    )


class PatrolRow(Synced, Base):
    """The plan of a patrol: cameras, dwell and due times as JSON."""

    __tablename__ = "patrol"
    name: Mapped[str] = mapped_column(String(100))
    organisation_id: Mapped[str] = mapped_column(String(36), default="")
    """Whose people see it; "" until a server has said."""
    content: Mapped[str] = mapped_column(Text)
