"""Who asks, and what that person may see: the one place where requests meet permissions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from starlette.requests import Request

from app.domain.permission import (
    PICTURE,
    CameraFacts,
    Decision,
    Effect,
    Grant,
    ObjectKind,
    Permission,
    Principal,
    Role,
    SubjectKind,
    allowed,
)
from app.server.database import Database, moment, stamp
from app.server.problem import Problem
from app.server.rights import WITH_ONE_TIME_PASSWORD
from app.store.models import ChannelRow, OrganisationRow, SiteRow
from app.store.server_models import (
    AccountRow,
    CameraGroupMemberRow,
    CameraGroupRow,
    ConsoleRow,
    GrantRow,
    TokenRow,
)


def token_hash(token: str) -> str:
    """As tokens and codes are stored. They are random: a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class GrantChange:
    """What `Access.changed_grants_since` found. `token` goes to the client, which sends it with
    the next pull; `changed` means: cut the feed anew and remove what is no longer visible."""

    token: str
    changed: bool


class Access:
    """Decides for every request. `clock` is the server's, aware UTC."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.database, self.clock = database, clock
        self.entity_written: Callable[[Session, str, str], None] = lambda _, __, ___: None
        """Called in the transaction in which the server itself wrote a row that consoles have too
        (kind, id); synchronisation puts its own function here."""

    def now(self) -> datetime:
        """The server's time."""
        return self.clock()

    # -- who asks

    def principal(self, request: Request) -> Principal:
        """Who sent the request. Waits for the database: call it on a worker thread.

        Raises Problem 401 `no_token`, `token_expired` or `token_invalid`, and 403 `password_once`
        where the password was set by somebody else and must be changed first.
        """
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise Problem(401, "no_token", "Sign in first.")
        with self.database.reading() as session:
            found = session.execute(
                sa.select(TokenRow, AccountRow, ConsoleRow)
                .join(AccountRow, AccountRow.id == TokenRow.account_id)
                .outerjoin(ConsoleRow, ConsoleRow.id == TokenRow.console_id)
                .where(TokenRow.hash == token_hash(token), TokenRow.kind == "access")
            ).first()
        if found is None:
            raise Problem(401, "token_invalid", "This token is not known. Sign in again.")
        row, account, console = found
        gone = console is not None and console.revoked_at is not None
        if row.revoked_at is not None or account.disabled_at is not None or gone:
            raise Problem(401, "token_invalid", "This sign-in was ended. Sign in again.")
        if row.expires_at <= stamp(self.now()):
            raise Problem(401, "token_expired", "This token has expired. Refresh it.")
        principal = principal_of(account, row.console_id)
        request.state.principal, request.state.family = principal, row.family
        line = f"{request.method} {request.scope['route'].path}"
        if account.password_once and line not in WITH_ONE_TIME_PASSWORD:
            raise Problem(403, "password_once", "Set a password of your own first.")
        return principal

    # -- what a person may do

    def grants(self, session: Session, principal: Principal) -> list[Grant]:
        """All grants and denies that name this person, one of the roles, or the organisation:
        past and future ones too, so that a refusal can say why."""
        row = GrantRow
        query = sa.select(row).where(
            sa.or_(
                sa.and_(row.subject_kind == SubjectKind.USER, row.subject_id == principal.user_id),
                sa.and_(row.subject_kind == SubjectKind.ROLE, row.subject_id.in_(principal.roles)),
                sa.and_(
                    row.subject_kind == SubjectKind.ORGANISATION,
                    row.subject_id == principal.organisation_id,
                ),
            )
        )
        return [grant_of(r) for r in session.scalars(query.order_by(row.id))]

    def camera(self, session: Session, camera_id: str) -> CameraFacts | None:
        """What decides about a camera; None when there is none."""
        organisation = session.scalar(
            sa.select(SiteRow.organisation_id)
            .join(ChannelRow, ChannelRow.site_id == SiteRow.id)
            .where(ChannelRow.id == camera_id, ChannelRow.deleted_at.is_(None))
        )
        if organisation is None:
            return None
        groups = session.scalars(
            sa.select(CameraGroupMemberRow.group_id)
            .join(CameraGroupRow, CameraGroupRow.id == CameraGroupMemberRow.group_id)
            .where(CameraGroupMemberRow.channel_id == camera_id)
            .where(CameraGroupRow.deleted_at.is_(None))
        )
        return CameraFacts(camera_id, above(session, organisation), frozenset(groups))

    def decide(
        self, session: Session, principal: Principal, permission: Permission, camera_id: str
    ) -> Decision | None:
        """Whether this person may do this with that camera now; None when there is no such one."""
        facts = self.camera(session, camera_id)
        if facts is None:
            return None
        return allowed(principal, permission, facts, self.grants(session, principal), self.now())

    def visible_cameras(
        self, session: Session, principal: Principal, now: datetime
    ) -> sa.Select[str]:
        """A SELECT of the ids of all channels (deleted ones too) that this person may view now:
        `ChannelRow.id.in_(…)`. The same rule as `allowed(VIEW)`, set by set."""
        return self.cameras_with(session, principal, Permission.VIEW, now)

    def cameras_with(
        self, session: Session, principal: Principal, permission: Permission, now: datetime
    ) -> sa.Select[str]:
        """A SELECT of the ids of all channels with which this person may do this now."""
        by_role = principal.by_role(permission)
        own = ChannelRow.site_id.in_(_sites_of([principal.organisation_id]))
        allows: list[sa.ColumnElement[bool]] = [own] if by_role else []
        denies: list[sa.ColumnElement[bool]] = []
        active = [
            g
            for g in self.grants(session, principal)
            if permission in g.permissions and g.active(now)
        ]
        for effect, kind in ((e, k) for e in Effect for k in SubjectKind):
            grants = [g for g in active if g.effect is effect and g.subject_kind is kind]
            if not grants:
                continue
            covered = _covered(grants)
            if effect is Effect.DENY:
                denies.append(covered)
            elif kind is SubjectKind.USER:
                allows.append(covered)
            elif kind is SubjectKind.ROLE:
                allows.append(sa.and_(own, covered))
            elif by_role:
                allows.append(covered)
        query = sa.select(ChannelRow.id).where(sa.or_(sa.false(), *allows))
        if denies:
            query = query.where(sa.not_(sa.or_(*denies)))
        if permission in PICTURE:
            query = query.where(ChannelRow.id.in_(self.visible_cameras(session, principal, now)))
        return query

    def rights_changed(self, session: Session) -> None:
        """What somebody may do changed in this transaction: call it before the audit log's entry.
        Waiting consoles are woken, and the relay lets go."""
        session.execute(_RAISE_RIGHTS)

    def rights_version(self, session: Session) -> str:
        """Changes whenever what anybody may do can have changed: by a write, or because the moment
        has come when a grant begins or ends. Asked often: it reads the ends of two indexes."""
        now = stamp(self.now())
        row = GrantRow
        parts = (
            session.scalar(_RIGHTS),
            session.scalar(sa.select(sa.func.max(row.not_before)).where(row.not_before <= now)),
            session.scalar(sa.select(sa.func.max(row.not_after)).where(row.not_after <= now)),
        )
        return "|".join(str(part or "") for part in parts)

    def changed_grants_since(
        self, session: Session, principal: Principal, token: str, now: datetime
    ) -> GrantChange:
        """Whether what this person may see or do can have changed since `token` was handed out
        ("" for the first time): a grant given, begun, expired or withdrawn, a role or the
        organisation changed, a camera put into or taken out of a group of such a grant.

        A camera that moves between organisations is a change of the camera's own row (its
        site's, rather) and not told here.
        """
        active = [g for g in self.grants(session, principal) if g.active(now)]
        parts = [
            principal.user_id,
            principal.organisation_id,
            *sorted(principal.roles),
            *(g.id for g in active),
            *_revisions(session, active),
        ]
        current = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
        return GrantChange(current, current != token)

    def sight_key(self, session: Session, principal: Principal, now: datetime) -> str:
        """The same for all who see the same assets by the same rights; "" where what is seen may
        end by what others add: the own organisation's places without cameras are seen until they
        get one that a denial covers, or that the role does not show."""
        active = [
            g for g in self.grants(session, principal)
            if g.active(now) and Permission.VIEW in g.permissions
        ]  # fmt: skip
        by_role = principal.by_role(Permission.VIEW)
        if not by_role and Role.SYSTEM in principal.roles:
            return ""
        if any(g.effect is Effect.DENY for g in active):
            return ""
        parts = [
            principal.organisation_id,
            *sorted(principal.roles),
            *sorted({f"{g.subject_kind}:{g.object_kind}:{g.object_id}" for g in active}),
            *_revisions(session, active),
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _revisions(session: Session, grants: Iterable[Grant]) -> list[str]:
    """How the camera groups that grants are about stand."""
    groups = [g.object_id for g in grants if g.object_kind is ObjectKind.GROUP]
    found = session.execute(
        sa.select(CameraGroupRow.id, CameraGroupRow.rev, CameraGroupRow.deleted_at)
        .where(CameraGroupRow.id.in_(groups))
        .order_by(CameraGroupRow.id)
    )
    return [f"{r.id}:{r.rev}:{r.deleted_at}" for r in found]


_RIGHTS = sa.text("SELECT value FROM server_state WHERE key = 'rights'")
_RAISE_RIGHTS = sa.text(
    "INSERT INTO server_state (key, value) VALUES ('rights', '1') ON CONFLICT (key) DO UPDATE "
    "SET value = CAST(CAST(server_state.value AS BIGINT) + 1 AS TEXT)"
)


def principal_of(account: AccountRow, console_id: str = "") -> Principal:
    """The account as one who asks."""
    return Principal(
        account.id,
        account.name,
        account.organisation_id,
        console_id,
        frozenset(account.roles.split()),
    )


def grant_of(row: GrantRow) -> Grant:
    """The stored grant as the domain's."""
    return Grant(
        row.id,
        SubjectKind(row.subject_kind),
        row.subject_id,
        ObjectKind(row.object_kind),
        row.object_id,
        frozenset(Permission(p) for p in row.permissions.split()),
        Effect(row.effect),
        moment(row.not_before),
        moment(row.not_after) if row.not_after else None,
        row.basis,
        moment(row.withdrawn_at) if row.withdrawn_at else None,
    )


def above(session: Session, organisation_id: str) -> tuple[str, ...]:
    """The organisation and those above it, nearest first; ends where a circle closes."""
    found: list[str] = []
    current: str | None = organisation_id
    while current is not None and current not in found:
        found.append(current)
        current = session.scalar(
            sa.select(OrganisationRow.parent_id).where(OrganisationRow.id == current)
        )
    return tuple(found)


def below(organisation_ids: Iterable[str]) -> sa.Select[str]:
    """A SELECT of the ids of these organisations and all below them."""
    tree = (
        sa.select(OrganisationRow.id)
        .where(OrganisationRow.id.in_(sorted(organisation_ids)))
        .cte(recursive=True)
    )
    child = sa.select(OrganisationRow.id).join(tree, OrganisationRow.parent_id == tree.c.id)
    return sa.select(tree.union(child).c.id)  # UNION, not UNION ALL: a circle must end


def _sites_of(organisation_ids: Iterable[str]) -> sa.Select[str]:
    return sa.select(SiteRow.id).where(SiteRow.organisation_id.in_(below(organisation_ids)))


def _covered(grants: list[Grant]) -> sa.ColumnElement[bool]:
    """Whether a channel is, or is in, the object of one of the grants."""
    by_kind = {k: {g.object_id for g in grants if g.object_kind is k} for k in ObjectKind}
    conditions: list[sa.ColumnElement[bool]] = [sa.false()]
    if by_kind[ObjectKind.CAMERA]:
        conditions.append(ChannelRow.id.in_(by_kind[ObjectKind.CAMERA]))
    if by_kind[ObjectKind.GROUP]:
        members = (
            sa.select(CameraGroupMemberRow.channel_id)
            .join(CameraGroupRow, CameraGroupRow.id == CameraGroupMemberRow.group_id)
            .where(CameraGroupRow.deleted_at.is_(None))
            .where(CameraGroupRow.id.in_(by_kind[ObjectKind.GROUP]))
        )
        conditions.append(ChannelRow.id.in_(members))
    if by_kind[ObjectKind.ORGANISATION]:
        conditions.append(ChannelRow.site_id.in_(_sites_of(by_kind[ObjectKind.ORGANISATION])))
    return sa.or_(*conditions)
