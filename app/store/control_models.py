"""Tables of the control lock: the server's only."""

from __future__ import annotations

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.models import Base


class ControlLockRow(Base):
    """Who steers a camera; `content` is the JSON of `app/domain/control.py`. Never removed: `rev`
    only rises."""

    __tablename__ = "control_lock"
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    rev: Mapped[int] = mapped_column(Integer)
    until: Mapped[str] = mapped_column(String(32))
    """When it runs out; "" where it is free."""
    content: Mapped[str] = mapped_column(Text)
    owed: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether the camera is to be sent back once nobody steers it."""


class ControlEventRow(Base):
    """What became of a camera's lock, for those who may steer it; the audit log has it too."""

    __tablename__ = "control_event"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"))
    at: Mapped[str] = mapped_column(String(32))
    content: Mapped[str] = mapped_column(Text)
    __table_args__ = (Index("control_event_of_camera", "channel_id", "at"),)


class ControlPriorityRow(Base):
    """A priority that an administrator stated for an account, instead of its roles'."""

    __tablename__ = "control_priority"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    priority: Mapped[int] = mapped_column(Integer)
