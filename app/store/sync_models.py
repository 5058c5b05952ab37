"""Tables of synchronisation, beside those of `models.py`: records that travel as others do, what a
console keeps to talk with its server, and what the server keeps to talk with consoles.

One schema on both sides (each leaves the other's tables empty), on SQLite and on PostgreSQL.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.models import Base, Synced

Number = BigInteger().with_variant(Integer, "sqlite")


# -- records


class PreferenceRow(Synced, Base):
    """A setting that belongs to a person, on whatever console: JSON by key."""

    __tablename__ = "preference"
    person: Mapped[str] = mapped_column(String(100))
    key: Mapped[str] = mapped_column(String(100))
    value: Mapped[str] = mapped_column(Text)
    __table_args__ = (Index("preference_person", "person", "key", unique=True),)


class AttachmentRow(Synced, Base):
    """A file that belongs to a row; its bytes travel by themselves, named by their SHA-256."""

    __tablename__ = "attachment"
    person: Mapped[str] = mapped_column(String(100), default="")
    kind: Mapped[str] = mapped_column(String(20))
    entity_id: Mapped[str] = mapped_column(String(36), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100), default="")
    size: Mapped[int] = mapped_column(Number)
    sha256: Mapped[str] = mapped_column(String(64), index=True)


class ConflictRow(Synced, Base):
    """What the server could not take as it was sent; made by the server, decided by a person."""

    __tablename__ = "conflict"
    person: Mapped[str] = mapped_column(String(100), index=True)
    """Whose entry came late or was refused."""
    kind: Mapped[str] = mapped_column(String(20))
    entity_id: Mapped[str] = mapped_column(String(36))
    field: Mapped[str] = mapped_column(String(50))
    """"*": the whole operation; `mine` is then an object of fields."""
    reason: Mapped[str] = mapped_column(String(20))
    mine: Mapped[str] = mapped_column(Text)
    theirs: Mapped[str] = mapped_column(Text)
    mine_by: Mapped[str] = mapped_column(String(100))
    mine_at: Mapped[str] = mapped_column(String(32))
    theirs_by: Mapped[str] = mapped_column(String(100))
    theirs_at: Mapped[str] = mapped_column(String(32))
    decided: Mapped[str] = mapped_column(String(10), default="")
    """"", "mine", "theirs" or "edited"."""


# -- kept by a console


class OutboxRow(Base):
    """What was written here, in its order: not sent, or sent and kept in case the server is
    restored from a backup."""

    __tablename__ = "outbox"
    n: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    op_id: Mapped[str] = mapped_column(String(36), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    entity_id: Mapped[str] = mapped_column(String(36))
    base_rev: Mapped[int] = mapped_column(Number)
    fields: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(32))
    offset_ms: Mapped[int] = mapped_column(Number, default=0)
    """The server's time less this console's, as last measured."""
    person: Mapped[str] = mapped_column(String(100), default="")
    """Whose account entered it ("" before there was one): sent when that account is signed in."""
    author: Mapped[str] = mapped_column(String(100), default="", server_default="")
    """Who worked here when it was entered, by the name that this console knows."""
    number: Mapped[int | None] = mapped_column(Number, default=None)
    """As the server counts this console's operations; given when it is first sent."""
    status: Mapped[str] = mapped_column(String(10), default="")
    seq: Mapped[int | None] = mapped_column(Number, default=None)
    """Once pulled up to here, the server's row shows what came of it. None: not answered."""
    shown: Mapped[bool] = mapped_column(Boolean, default=False)
    """The server's row shows what came of it: it is no longer laid over that."""
    head: Mapped[int | None] = mapped_column(Number, default=None)
    """The server's sequence when it answered."""
    __table_args__ = (
        Index("outbox_row", "kind", "entity_id"),
        Index("outbox_seq", "seq"),
        Index("outbox_shown", "shown"),
        {"sqlite_autoincrement": True},
    )


class ShadowRow(Base):
    """The server's state of a row that has entries of ours on top of it."""

    __tablename__ = "shadow"
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    entity_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    rev: Mapped[int] = mapped_column(Number)
    state: Mapped[str | None] = mapped_column(Text, default=None)
    """JSON; None where the server has no such row."""


class SyncStateRow(Base):
    """Where this console stands: JSON by key (`app/sync/client.py`)."""

    __tablename__ = "sync_state"
    key: Mapped[str] = mapped_column(String(50), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class UploadRow(Base):
    """A file on its way to the server. Its own queue: it never holds up the outbox."""

    __tablename__ = "upload"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(Number)
    done: Mapped[bool] = mapped_column(Boolean, default=False)
    problem: Mapped[str] = mapped_column(String(200), default="")


# -- kept by the server


class HeadRow(Base):
    """One row. Locked by whoever writes until the commit: sequences are in the order of commits."""

    __tablename__ = "sync_head"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seq: Mapped[int] = mapped_column(Number)
    history: Mapped[str] = mapped_column(String(36))
    floor: Mapped[int] = mapped_column(Number, default=0)
    """Changes up to here are no longer kept one by one."""
    durable: Mapped[int] = mapped_column(Number, default=0)
    """Up to here the last backup reaches: consoles may forget what they sent."""


class FeedRow(Base):
    """The latest change of a row: what a pull reads."""

    __tablename__ = "sync_feed"
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    entity_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    seq: Mapped[int] = mapped_column(Number, unique=True)
    moved: Mapped[bool] = mapped_column(Boolean, default=False)
    """It once belonged elsewhere: those who may not see it now are told that it is gone."""


class ChangeRow(Base):
    """Every change, for merging and to compare histories."""

    __tablename__ = "sync_change"
    seq: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    entity_id: Mapped[str] = mapped_column(String(36))
    fields: Mapped[str] = mapped_column(Text)
    op_id: Mapped[str] = mapped_column(String(36))
    replica: Mapped[str] = mapped_column(String(36))
    person: Mapped[str] = mapped_column(String(100))
    """The name of the account that sent it."""
    author: Mapped[str] = mapped_column(String(100), default="", server_default="")
    """Who entered it, as the console says."""
    at: Mapped[str] = mapped_column(String(32))
    """The server's time."""
    client_at: Mapped[str] = mapped_column(String(32), default="")
    offset_ms: Mapped[int] = mapped_column(Number, default=0)
    mark: Mapped[str] = mapped_column(String(36))
    """Random: the same number in another history has another mark."""
    __table_args__ = (Index("sync_change_row", "kind", "entity_id", "seq"),)


class OperationRow(Base):
    """An operation that was taken, and the answer, which never changes."""

    __tablename__ = "sync_operation"
    op_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    replica: Mapped[str] = mapped_column(String(36))
    n: Mapped[int] = mapped_column(Number)
    answer: Mapped[str] = mapped_column(Text)
    __table_args__ = (Index("sync_operation_n", "replica", "n", unique=True),)


class ReplicaRow(Base):
    """A console's database, as it numbers its operations."""

    __tablename__ = "sync_replica"
    replica: Mapped[str] = mapped_column(String(36), primary_key=True)
    last_n: Mapped[int] = mapped_column(Number)
    console_id: Mapped[str] = mapped_column(String(36))
    user_id: Mapped[str] = mapped_column(String(36))
    seen_at: Mapped[str] = mapped_column(String(32))


class BlobRow(Base):
    """A file whose bytes are whole and verified."""

    __tablename__ = "blob"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(Number)
    at: Mapped[str] = mapped_column(String(32))
