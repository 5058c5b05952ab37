"""Tables that the central server fills: accounts, consoles, grants, sharing, audit.

They are part of the one schema (a console's copy of them is empty). Times are UTC, ISO 8601 with
milliseconds and "+00:00", so that they compare as text. No code or token is stored, only its SHA-256.
"""

from __future__ import annotations

from sqlalchemy import Boolean, ForeignKey, Index, Integer, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from app.store.models import Base


class ServerStateRow(Base):
    """Small state that all server processes share: text by key."""

    __tablename__ = "server_state"
    key: Mapped[str] = mapped_column(String(50), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class AccountRow(Base):
    """A person who signs in. `roles` are separated by spaces."""

    __tablename__ = "account"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    login: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    roles: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    password_once: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    """Somebody else set the password: it serves to set another and for nothing else."""
    disabled_at: Mapped[str | None] = mapped_column(String(32), default=None)
    created_at: Mapped[str] = mapped_column(String(32))


class ConsoleRow(Base):
    """An enrolled workstation and the public half of its evidence key (PEM)."""

    __tablename__ = "console"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    public_key: Mapped[str] = mapped_column(Text)
    sealing_key: Mapped[str] = mapped_column(String(64), default="")
    """X25519, hex: camera accounts are sealed to it. "" until the workstation told it."""
    enrolled_at: Mapped[str] = mapped_column(String(32))
    revoked_at: Mapped[str | None] = mapped_column(String(32), default=None)


class CodeRow(Base):
    """A one-time code: "administrator" for the first account, "console" for an enrolment."""

    __tablename__ = "one_time_code"
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"), default=None)
    expires_at: Mapped[str] = mapped_column(String(32))
    used_at: Mapped[str | None] = mapped_column(String(32), default=None)


class TokenRow(Base):
    """An access, refresh or stream token. A family is one sign-in: it ends as a whole."""

    __tablename__ = "token"
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    family: Mapped[str] = mapped_column(String(36), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    console_id: Mapped[str] = mapped_column(String(36), default="")
    channel_id: Mapped[str] = mapped_column(String(36), default="")
    """The camera that a stream token opens."""
    parent: Mapped[str] = mapped_column(String(64), default="")
    """The hash of the refresh token that this pair replaced."""
    expires_at: Mapped[str] = mapped_column(String(32), index=True)
    used_at: Mapped[str | None] = mapped_column(String(32), default=None)
    revoked_at: Mapped[str | None] = mapped_column(String(32), default=None)


class AttemptRow(Base):
    """Failed sign-ins by name, address or both (hashed: a mistyped name may be a password)."""

    __tablename__ = "sign_in_attempt"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[str] = mapped_column(String(32), index=True)
    locked_until: Mapped[str] = mapped_column(String(32), default="")


class CameraGroupRow(Base):
    """A named set of cameras of one organisation. `rev` rises with every change of its members."""

    __tablename__ = "camera_group"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    rev: Mapped[int] = mapped_column(Integer, default=1)
    deleted_at: Mapped[str | None] = mapped_column(String(32), default=None)


class CameraGroupMemberRow(Base):
    __tablename__ = "camera_group_member"
    group_id: Mapped[str] = mapped_column(ForeignKey("camera_group.id"), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    __table_args__ = (Index("camera_group_of_channel", "channel_id", "group_id"),)


class GrantRow(Base):
    """A grant or a deny (see `app/domain/permission.py`). Never changed but by its withdrawal."""

    __tablename__ = "permission_grant"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    """Whose object it is: that organisation's administrators may withdraw it."""
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(36))
    object_kind: Mapped[str] = mapped_column(String(20))
    object_id: Mapped[str] = mapped_column(String(36))
    permissions: Mapped[str] = mapped_column(String(200))
    effect: Mapped[str] = mapped_column(String(5))
    not_before: Mapped[str] = mapped_column(String(32))
    not_after: Mapped[str | None] = mapped_column(String(32), default=None)
    basis: Mapped[str] = mapped_column(String(500))
    created_by: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[str] = mapped_column(String(32))
    withdrawn_at: Mapped[str | None] = mapped_column(String(32), default=None)
    withdrawn_by: Mapped[str] = mapped_column(String(36), default="")
    withdrawn_reason: Mapped[str] = mapped_column(String(500), default="")
    __table_args__ = (
        Index("grant_subject", "subject_kind", "subject_id"),
        Index("grant_begin", "not_before"),
        Index("grant_end", "not_after"),
    )


class ShareRow(Base):
    """One organisation asks another for access to a camera or a group."""

    __tablename__ = "share_request"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    asking_organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    owning_organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    asked_by: Mapped[str] = mapped_column(String(36))
    asked_at: Mapped[str] = mapped_column(String(32))
    object_kind: Mapped[str] = mapped_column(String(20))
    object_id: Mapped[str] = mapped_column(String(36))
    permissions: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(500))
    basis: Mapped[str] = mapped_column(String(500), default="", server_default="")
    """The law or agreement by which they may ask."""
    not_before: Mapped[str] = mapped_column(String(32))
    not_after: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(10), default="asked")
    """asked, approved, refused, or cancelled by those who asked; a withdrawal is the grant's."""
    decided_by: Mapped[str] = mapped_column(String(36), default="")
    decided_at: Mapped[str | None] = mapped_column(String(32), default=None)
    reason: Mapped[str] = mapped_column(String(500), default="")
    grant_id: Mapped[str | None] = mapped_column(ForeignKey("permission_grant.id"), default=None)


class DeviceSecretRow(Base):
    """A camera's password, AES-256-GCM with the server's key (see `app/server/keys.py`)."""

    __tablename__ = "device_secret"
    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(16))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class AuditHeadRow(Base):
    """The last number and hash of a chain: the server's own ("server"), or a console's id."""

    __tablename__ = "audit_head"
    chain: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))


class AuditCheckpointRow(Base):
    """Up to here a chain was found whole: it is read again from here on, unless all is asked."""

    __tablename__ = "audit_checkpoint"
    chain: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[str] = mapped_column(String(32))
    """When all of it was read last."""


class AuditRow(Base):
    """Entries of all chains, only added to; `content` is the entry as canonical JSON."""

    __tablename__ = "audit"
    chain: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[str] = mapped_column(String(32), index=True)
    content: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
    organisation_id: Mapped[str] = mapped_column(String(36), default="", index=True)
    """Whose person or console did it, and below, whose thing it was done to: who may read it."""
    owner_id: Mapped[str] = mapped_column(String(36), default="", index=True)
