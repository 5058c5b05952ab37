"""Camera groups, grants, and one organisation asking another for its cameras."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

import sqlalchemy as sa
from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.domain.permission import Effect, ObjectKind, Permission, Role, SubjectKind
from app.server import audit
from app.server.access import above, below
from app.server.accounts import new_id
from app.server.caller import After, Caller, Limit, Who, not_found
from app.server.database import stamp
from app.server.fields import Body, Code, Id, Name, PathId, Sentence, Time
from app.server.problem import Problem
from app.store.models import ChannelRow, OrganisationRow, SiteRow
from app.store.server_models import (
    AccountRow,
    AuditRow,
    CameraGroupMemberRow,
    CameraGroupRow,
    GrantRow,
    ShareRow,
)

MAX_MEMBERS = 5000
MOST_USES = 500
router = APIRouter(prefix="/api")

# -- groups


class GroupOut(BaseModel):
    id: str
    organisation_id: str
    name: str
    cameras: int


class GroupPage(BaseModel):
    items: list[GroupOut]
    next: str | None


class NewGroup(Body):
    organisation_id: Id
    name: Name


class Members(Body):
    cameras: list[Id] = Field(max_length=MAX_MEMBERS)


def _group(session: Session, row: CameraGroupRow) -> GroupOut:
    member = CameraGroupMemberRow
    count = sa.select(sa.func.count()).where(member.group_id == row.id)
    return GroupOut(
        id=row.id,
        organisation_id=row.organisation_id,
        name=row.name,
        cameras=session.scalars(count).one(),
    )


@router.get("/groups")
def groups(
    who: Who, organisation_id: Id | None = None, after: After = "", limit: Limit = 100
) -> GroupPage:
    """Camera groups, their names and sizes: of the own organisation and those below it, or of one
    other that is to be asked. Which cameras are in another's group, nobody is told."""
    row = CameraGroupRow
    query = sa.select(row).where(row.deleted_at.is_(None), row.id > after).order_by(row.id)
    if organisation_id:
        query = query.where(row.organisation_id == organisation_id)
    else:
        query = query.where(row.organisation_id.in_(below([who.principal.organisation_id])))
    with who.database.reading() as session:
        rows = list(session.scalars(query.limit(limit + 1)))
        items = [_group(session, r) for r in rows[:limit]]
    return GroupPage(items=items, next=rows[limit - 1].id if len(rows) > limit else None)


@router.post("/groups", status_code=201)
def add_group(body: NewGroup, who: Who) -> GroupOut:
    """Make an empty group."""

    def work(session: Session) -> GroupOut:
        _need_organisation(session, who, body.organisation_id)
        row = CameraGroupRow(id=new_id(), organisation_id=body.organisation_id, name=body.name)
        session.add(row)
        session.flush()
        who.note(session, "camera group made", row.id, owner=row.organisation_id)
        return _group(session, row)

    return who.database.write(work)


@router.get("/groups/{group_id}/cameras")
def members(group_id: PathId, who: Who) -> Members:
    """The cameras of a group."""
    with who.database.reading() as session:
        row = session.get(CameraGroupRow, group_id)
        if row is None or row.deleted_at is not None:
            raise not_found()
        who.need_organisation(session, row.organisation_id)
        member = CameraGroupMemberRow
        query = sa.select(member.channel_id).where(member.group_id == group_id)
        return Members(cameras=list(session.scalars(query.order_by(member.channel_id))))


@router.put("/groups/{group_id}/cameras")
def set_members(group_id: PathId, body: Members, who: Who) -> GroupOut:
    """Say which cameras are in the group; they are of its organisation or of one below it."""

    def work(session: Session) -> GroupOut:
        row = _own_group(session, who, group_id)
        wanted = set(body.cameras)
        mine = (
            sa.select(ChannelRow.id)
            .join(SiteRow, SiteRow.id == ChannelRow.site_id)
            .where(SiteRow.organisation_id.in_(below([row.organisation_id])))
            .where(ChannelRow.id.in_(wanted), ChannelRow.deleted_at.is_(None))
        )
        if set(session.scalars(mine)) != wanted:
            raise not_found()
        member = CameraGroupMemberRow
        session.execute(sa.delete(member).where(member.group_id == row.id))
        session.add_all(member(group_id=row.id, channel_id=c) for c in sorted(wanted))
        row.rev += 1
        session.flush()
        who.access.rights_changed(session)
        who.note(
            session, "camera group filled", row.id, owner=row.organisation_id,
            cameras=sorted(wanted),
        )  # fmt: skip
        return _group(session, row)

    return who.database.write(work)


@router.delete("/groups/{group_id}", status_code=204)
def remove_group(group_id: PathId, who: Who) -> None:
    """Remove a group; grants about it give nothing any more."""

    def work(session: Session) -> None:
        row = _own_group(session, who, group_id)
        row.deleted_at, row.rev = stamp(who.access.now()), row.rev + 1
        who.access.rights_changed(session)
        who.note(session, "camera group removed", row.id, owner=row.organisation_id)

    who.database.write(work)


def _own_group(session: Session, who: Caller, group_id: str) -> CameraGroupRow:
    row = session.get(CameraGroupRow, group_id, with_for_update=True)
    if row is None or row.deleted_at is not None:
        raise not_found()
    who.need_organisation(session, row.organisation_id)
    return row


def _need_organisation(session: Session, who: Caller, organisation_id: str) -> None:
    if session.get(OrganisationRow, organisation_id) is None:
        raise not_found()
    who.need_organisation(session, organisation_id)


# -- grants


class GrantOut(BaseModel):
    id: str
    organisation_id: str
    subject_kind: SubjectKind
    subject_id: str
    subject_name: str
    object_kind: ObjectKind
    object_id: str
    object_name: str
    permissions: list[str]
    effect: Effect
    not_before: str
    not_after: str | None
    basis: str
    withdrawn_at: str | None
    withdrawn_reason: str


class GrantPage(BaseModel):
    items: list[GrantOut]
    next: str | None


class NewGrant(Body):
    subject_kind: SubjectKind
    subject_id: Id
    object_kind: ObjectKind
    object_id: Id
    permissions: set[Permission] = Field(min_length=1)
    effect: Effect = Effect.ALLOW
    not_before: Time | None = Field(None, description="now, if left out")
    not_after: Time | None = Field(None, description="needed for another organisation's people")
    basis: Sentence


class Withdrawal(Body):
    reason: Sentence


def _grant(session: Session, row: GrantRow) -> GrantOut:
    return GrantOut(
        id=row.id,
        organisation_id=row.organisation_id,
        subject_kind=SubjectKind(row.subject_kind),
        subject_id=row.subject_id,
        subject_name=_subject_name(session, row),
        object_kind=ObjectKind(row.object_kind),
        object_id=row.object_id,
        object_name=_object_name(session, row.object_kind, row.object_id),
        permissions=row.permissions.split(),
        effect=Effect(row.effect),
        not_before=row.not_before,
        not_after=row.not_after,
        basis=row.basis,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
    )


def _subject_name(session: Session, row: GrantRow) -> str:
    if row.subject_kind == SubjectKind.ROLE:
        return row.subject_id
    if row.subject_kind == SubjectKind.USER:
        return _person(session, row.subject_id)
    return _object_name(session, ObjectKind.ORGANISATION, row.subject_id)


def _object_name(session: Session, kind: str, object_id: str) -> str:
    found: ChannelRow | CameraGroupRow | OrganisationRow | None
    match ObjectKind(kind):
        case ObjectKind.CAMERA:
            found = session.get(ChannelRow, object_id)
        case ObjectKind.GROUP:
            found = session.get(CameraGroupRow, object_id)
        case ObjectKind.ORGANISATION:
            found = session.get(OrganisationRow, object_id)
    return found.name if found else ""


@router.get("/grants")
def grants(who: Who, after: After = "", limit: Limit = 100) -> GrantPage:
    """Grants about what is the own organisation's, past ones too."""
    row, mine = GrantRow, below([who.principal.organisation_id])
    query = sa.select(row).where(row.organisation_id.in_(mine), row.id > after).order_by(row.id)
    with who.database.reading() as session:
        rows = list(session.scalars(query.limit(limit + 1)))
        items = [_grant(session, r) for r in rows[:limit]]
    return GrantPage(
        items=items,
        next=rows[limit - 1].id if len(rows) > limit else None,
    )


@router.post("/grants", status_code=201)
def add_grant(body: NewGrant, who: Who) -> GrantOut:
    """Grant or deny. For another organisation's people there is an end."""
    now = who.access.now()

    def work(session: Session) -> GrantOut:
        owner = _owner(session, body.object_kind, body.object_id)
        who.need_organisation(session, owner)
        theirs = _home_of_subject(session, body, owner)
        foreign = owner not in above(session, theirs) and theirs not in above(session, owner)
        begin = body.not_before or now
        if foreign and body.effect is Effect.ALLOW and body.not_after is None:
            raise Problem(422, "end_needed", "A grant to another organisation needs an end.")
        _refuse_period(begin, body.not_after, now)
        row = GrantRow(
            id=new_id(), organisation_id=owner, subject_kind=body.subject_kind,
            subject_id=body.subject_id, object_kind=body.object_kind, object_id=body.object_id,
            permissions=" ".join(sorted(body.permissions)), effect=body.effect,
            not_before=stamp(begin), not_after=stamp(body.not_after) if body.not_after else None,
            basis=body.basis, created_by=who.principal.user_id, created_at=stamp(now),
        )  # fmt: skip
        session.add(row)
        session.flush()
        out = _grant(session, row)
        who.access.rights_changed(session)
        who.note(
            session, "grant made", row.id, owner=owner, purpose=body.basis,
            grant=out.model_dump(mode="json", exclude={"subject_name", "object_name"}),
        )  # fmt: skip
        return out

    return who.database.write(work)


@router.post("/grants/{grant_id}/withdrawal")
def withdraw_grant(grant_id: PathId, body: Withdrawal, who: Who) -> GrantOut:
    """End a grant now."""

    def work(session: Session) -> GrantOut:
        row = session.get(GrantRow, grant_id, with_for_update=True)
        if row is None:
            raise not_found()
        who.need_organisation(session, row.organisation_id)
        _withdraw(session, who, row, body.reason)
        return _grant(session, row)

    return who.database.write(work)


def _withdraw(session: Session, who: Caller, row: GrantRow, reason: str) -> None:
    if row.withdrawn_at is not None:
        raise Problem(409, "already_withdrawn", "It was withdrawn before.")
    row.withdrawn_at = stamp(who.access.now())
    row.withdrawn_by, row.withdrawn_reason = who.principal.user_id, reason
    session.flush()
    who.access.rights_changed(session)
    who.note(session, "grant withdrawn", row.id, owner=row.organisation_id, purpose=reason)


def _owner(session: Session, kind: ObjectKind, object_id: str) -> str:
    """The organisation whose thing it is. Raises Problem 404 `not_found`."""
    found: str | None
    if kind is ObjectKind.CAMERA:
        found = session.scalar(
            sa.select(SiteRow.organisation_id)
            .join(ChannelRow, ChannelRow.site_id == SiteRow.id)
            .where(ChannelRow.id == object_id, ChannelRow.deleted_at.is_(None))
        )
    elif kind is ObjectKind.GROUP:
        group = session.get(CameraGroupRow, object_id)
        found = group.organisation_id if group and group.deleted_at is None else None
    else:
        organisation = session.get(OrganisationRow, object_id)
        found = organisation.id if organisation else None
    if found is None:
        raise not_found()
    return found


def _home_of_subject(session: Session, body: NewGrant, owner: str) -> str:
    """The organisation of those who are meant. Raises Problem 404 `not_found`."""
    found: str | None
    match body.subject_kind:
        case SubjectKind.USER:
            account = session.get(AccountRow, body.subject_id)
            found = account.organisation_id if account else None
        case SubjectKind.ORGANISATION:
            organisation = session.get(OrganisationRow, body.subject_id)
            found = organisation.id if organisation else None
        case SubjectKind.ROLE:
            found = owner if body.subject_id in set(Role) else None
    if found is None:
        raise not_found()
    return found


def _refuse_period(begin: datetime, end: datetime | None, now: datetime) -> None:
    if end is not None and (end <= begin or end <= now):
        raise Problem(422, "period_invalid", "The end is not after the beginning and after now.")


# -- sharing


class ShareState(StrEnum):
    """How far it came. Whether an approved one still holds is in `active`."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class ShareOut(BaseModel):
    id: str
    asking_organisation_id: str
    owning_organisation_id: str
    object_kind: ObjectKind
    object_id: str
    object_name: str = Field(
        description="to those who ask: a group's, a camera's once they may see it; else its code"
    )
    permissions: list[str]
    purpose: str
    basis: str
    not_before: str
    not_after: str
    asked_by: str = Field(description="the person's name, as is `decided_by`")
    state: ShareState
    reason: str
    asked_at: str
    decided_at: str | None
    decided_by: str
    grant_id: str | None
    withdrawn_at: str | None
    withdrawn_reason: str
    active: bool


class SharePage(BaseModel):
    items: list[ShareOut]
    next: str | None


class NewShare(Body):
    object_kind: Literal[ObjectKind.CAMERA, ObjectKind.GROUP]
    object_id: Id | None = Field(None, description="or `code`")
    code: Code | None = Field(None, description="a camera's, for those who cannot see it yet")
    permissions: set[
        Literal[Permission.VIEW, Permission.CONTROL, Permission.PLAYBACK, Permission.EXPORT]
    ] = Field(min_length=1)
    purpose: Sentence
    basis: Sentence | None = Field(None, description="the law or agreement; the grant's basis")
    not_before: Time | None = Field(None, description="now, if left out")
    not_after: Time


class ShareDecision(Body):
    approve: bool
    reason: Sentence
    not_after: Time | None = Field(None, description="an earlier end than was asked for")


def _share(session: Session, who: Caller, row: ShareRow) -> ShareOut:
    now = who.access.now()
    grant = session.get(GrantRow, row.grant_id) if row.grant_id else None
    return ShareOut(
        id=row.id,
        asking_organisation_id=row.asking_organisation_id,
        owning_organisation_id=row.owning_organisation_id,
        object_kind=ObjectKind(row.object_kind),
        object_id=row.object_id,
        object_name=_shared_name(session, who, row),
        permissions=row.permissions.split(),
        purpose=row.purpose,
        basis=row.basis,
        asked_by=_person(session, row.asked_by),
        not_before=row.not_before,
        not_after=(grant.not_after or row.not_after) if grant else row.not_after,
        state=ShareState(row.state),
        reason=row.reason,
        asked_at=row.asked_at,
        decided_at=row.decided_at,
        decided_by=_person(session, row.decided_by),
        grant_id=row.grant_id,
        withdrawn_at=grant.withdrawn_at if grant else None,
        withdrawn_reason=grant.withdrawn_reason if grant else "",
        active=grant is not None and _active(grant, now),
    )


def _shared_name(session: Session, who: Caller, row: ShareRow) -> str:
    """Asking for a camera tells nobody what it is called."""
    owner = who.principal.organisation_id in above(session, row.owning_organisation_id)
    if row.object_kind == ObjectKind.CAMERA and not owner and row.grant_id is None:
        camera = session.get(ChannelRow, row.object_id)
        return camera.code if camera else ""
    return _object_name(session, row.object_kind, row.object_id)


def _person(session: Session, account_id: str) -> str:
    account = session.get(AccountRow, account_id) if account_id else None
    return account.name if account else ""


def _active(grant: GrantRow, now: datetime) -> bool:
    at = stamp(now)
    ended = grant.not_after is not None and grant.not_after <= at
    return grant.withdrawn_at is None and grant.not_before <= at and not ended


@router.get("/shares")
def shares(who: Who, after: After = "", limit: Limit = 100) -> SharePage:
    """What the own organisation asked for, and what it was asked for."""
    row, mine = ShareRow, below([who.principal.organisation_id])
    query = (
        sa.select(row)
        .where(row.id > after)
        .where(
            sa.or_(
                row.asking_organisation_id == who.principal.organisation_id,
                row.owning_organisation_id.in_(mine),
            )
        )
        .order_by(row.id)
    )
    with who.database.reading() as session:
        rows = list(session.scalars(query.limit(limit + 1)))
        items = [_share(session, who, r) for r in rows[:limit]]
    return SharePage(items=items, next=rows[limit - 1].id if len(rows) > limit else None)


@router.post("/shares", status_code=201)
def ask(body: NewShare, who: Who) -> ShareOut:
    """Ask another organisation for a camera or a group, for a purpose and a time."""
    now = who.access.now()

    def work(session: Session) -> ShareOut:
        object_id = body.object_id or _camera_of_code(session, body)
        owner = _owner(session, body.object_kind, object_id)
        home = who.principal.organisation_id
        if home in above(session, owner):
            raise Problem(422, "own_object", "This is your organisation's own.")
        begin = body.not_before or now
        _refuse_period(begin, body.not_after, now)
        row = ShareRow(
            id=new_id(), asking_organisation_id=home, owning_organisation_id=owner,
            asked_by=who.principal.user_id, asked_at=stamp(now), object_kind=body.object_kind,
            object_id=object_id, permissions=" ".join(sorted(body.permissions)),
            purpose=body.purpose, basis=body.basis or "",
            not_before=stamp(begin), not_after=stamp(body.not_after),
        )  # fmt: skip
        session.add(row)
        session.flush()
        out = _share(session, who, row)
        who.note(
            session, "access asked for", object_id, owner=owner, purpose=body.purpose,
            share=row.id, not_after=row.not_after, permissions=row.permissions,
        )  # fmt: skip
        return out

    return who.database.write(work)


def _camera_of_code(session: Session, body: NewShare) -> str:
    """The camera that has the code. Raises Problem 404 `not_found`, 422 `invalid`."""
    if body.code is None or body.object_kind is not ObjectKind.CAMERA:
        raise Problem(422, "invalid", "object_id: needed, or the code of a camera")
    row = ChannelRow
    query = sa.select(row.id).where(row.code == body.code, row.deleted_at.is_(None))
    found = session.scalars(query.order_by(row.id)).first()
    if found is None:
        raise not_found()
    return found


@router.post("/shares/{share_id}/decision")
def decide(share_id: PathId, body: ShareDecision, who: Who) -> ShareOut:
    """Approve (which makes the grant) or refuse, with the reason."""
    now = who.access.now()

    def work(session: Session) -> ShareOut:
        row = session.get(ShareRow, share_id, with_for_update=True)
        if row is None:
            raise not_found()
        who.need_organisation(session, row.owning_organisation_id)
        if row.state != ShareState.ASKED:
            raise Problem(409, "already_decided", f"It is {row.state} already.")
        row.state = ShareState.APPROVED if body.approve else ShareState.REFUSED
        row.decided_by, row.decided_at = who.principal.user_id, stamp(now)
        row.reason = body.reason
        if body.approve:
            end = row.not_after
            if body.not_after is not None:
                end = min(end, stamp(body.not_after))
            if end <= max(stamp(now), row.not_before):
                raise Problem(409, "too_late", "The time that was asked for is over.")
            _owner(session, ObjectKind(row.object_kind), row.object_id)  # it is still there
            grant = GrantRow(
                id=new_id(), organisation_id=row.owning_organisation_id,
                subject_kind=SubjectKind.ORGANISATION, subject_id=row.asking_organisation_id,
                object_kind=row.object_kind, object_id=row.object_id,
                permissions=row.permissions, effect=Effect.ALLOW, not_before=row.not_before,
                not_after=end, basis=row.basis or row.purpose, created_by=who.principal.user_id,
                created_at=stamp(now),
            )  # fmt: skip
            session.add(grant)
            session.flush()
            row.grant_id = grant.id
            who.access.rights_changed(session)
        session.flush()
        out = _share(session, who, row)
        who.note(
            session, f"access {row.state}", row.object_id, owner=row.owning_organisation_id,
            purpose=row.purpose, share=row.id, reason=body.reason, grant=row.grant_id or "",
        )  # fmt: skip
        return out

    return who.database.write(work)


@router.post("/shares/{share_id}/withdrawal")
def withdraw_share(share_id: PathId, body: Withdrawal, who: Who) -> ShareOut:
    """Take back what was approved; it ends now."""

    def work(session: Session) -> ShareOut:
        row = session.get(ShareRow, share_id, with_for_update=True)
        if row is None:
            raise not_found()
        who.need_organisation(session, row.owning_organisation_id)
        if row.grant_id is None:
            raise Problem(409, "not_approved", "It was never approved.")
        grant = session.get_one(GrantRow, row.grant_id, with_for_update=True)
        _withdraw(session, who, grant, body.reason)
        return _share(session, who, row)

    return who.database.write(work)


class Use(BaseModel):
    """Somebody opened a camera by it."""

    at: str
    person: str
    console_id: str
    camera_id: str
    camera_name: str
    purpose: str


class Uses(BaseModel):
    items: list[Use] = Field(description=f"the newest first, at most {MOST_USES}")


@router.get("/shares/{share_id}/uses")
def uses(share_id: PathId, who: Who) -> Uses:
    """Who of the others opened which of the cameras, by the audit log."""
    with who.database.reading() as session:
        share = session.get(ShareRow, share_id)
        if share is None:
            raise not_found()
        who.need_organisation(session, share.owning_organisation_id)
        row = AuditRow
        query = (
            sa.select(row.at, row.content)
            .where(row.chain == audit.SERVER, row.at >= share.not_before)
            .where(row.organisation_id == share.asking_organisation_id)
            .where(row.content.contains(audit.HANDED_OUT, autoescape=True))
            .order_by(row.number.desc())
            .execution_options(yield_per=500)
        )
        group = CameraGroupMemberRow
        covered = {share.object_id}
        if share.object_kind == ObjectKind.GROUP:
            covered = set(
                session.scalars(
                    sa.select(group.channel_id).where(group.group_id == share.object_id)
                )
            )
        found: list[Use] = []
        for at, content in session.execute(query):
            fields = audit.json_fields(content)
            if fields.get("action") != audit.HANDED_OUT or fields.get("object") not in covered:
                continue
            found.append(
                Use(
                    at=at, person=fields["name"], console_id=fields["console"],
                    camera_id=fields["object"], purpose=fields["purpose"],
                    camera_name=_object_name(session, ObjectKind.CAMERA, fields["object"]),
                )
            )  # fmt: skip
            if len(found) == MOST_USES:
                break
    return Uses(items=found)


@router.post("/shares/{share_id}/cancellation")
def cancel_share(share_id: PathId, body: Withdrawal, who: Who) -> ShareOut:
    """Those who asked need it no longer; what was approved ends."""

    def work(session: Session) -> ShareOut:
        row = session.get(ShareRow, share_id, with_for_update=True)
        if row is None:
            raise not_found()
        who.need_organisation(session, row.asking_organisation_id)
        if row.state not in (ShareState.ASKED, ShareState.APPROVED):
            raise Problem(409, "already_decided", f"It is {row.state} already.")
        row.state = ShareState.CANCELLED
        if row.grant_id is not None:
            grant = session.get_one(GrantRow, row.grant_id, with_for_update=True)
            if grant.withdrawn_at is None:
                _withdraw(session, who, grant, body.reason)
        session.flush()
        out = _share(session, who, row)
        who.note(
            session, "access given back", row.object_id, owner=row.owning_organisation_id,
            purpose=body.reason, share=row.id,
        )  # fmt: skip
        return out

    return who.database.write(work)


class ShareFigures(BaseModel):
    """Between two organisations, in the period."""

    asking_organisation_id: str
    owning_organisation_id: str
    asked: int
    waiting: int
    approved: int
    refused: int
    cancelled: int
    withdrawn: int
    expired: int
    active: int
    hours_to_decide: float | None = Field(description="median of those decided")


class ShareStatistics(BaseModel):
    items: list[ShareFigures]


@router.get("/shares/statistics")
def statistics(who: Who, since: Time | None = None, until: Time | None = None) -> ShareStatistics:
    """Requests asked in the period that concern the own organisation, by pair."""
    row, grant, mine = ShareRow, GrantRow, below([who.principal.organisation_id])
    query = (
        sa.select(row, grant)
        .outerjoin(grant, grant.id == row.grant_id)
        .where(sa.or_(row.asking_organisation_id.in_(mine), row.owning_organisation_id.in_(mine)))
        .order_by(row.asking_organisation_id, row.owning_organisation_id)
    )
    if since is not None:
        query = query.where(row.asked_at >= stamp(since))
    if until is not None:
        query = query.where(row.asked_at < stamp(until))
    now = who.access.now()
    found: dict[tuple[str, str], ShareFigures] = {}
    hours: dict[tuple[str, str], list[float]] = {}
    with who.database.reading() as session:
        for share, given in session.execute(query):
            pair = (share.asking_organisation_id, share.owning_organisation_id)
            figures = found.setdefault(
                pair,
                ShareFigures(
                    asking_organisation_id=pair[0], owning_organisation_id=pair[1], asked=0,
                    waiting=0, approved=0, refused=0, cancelled=0, withdrawn=0, expired=0,
                    active=0, hours_to_decide=None,
                ),
            )  # fmt: skip
            _count(figures, share, given, now)
            if share.decided_at is not None:
                took = datetime.fromisoformat(share.decided_at) - datetime.fromisoformat(
                    share.asked_at
                )
                hours.setdefault(pair, []).append(took.total_seconds() / 3600)
    for pair, times in hours.items():
        found[pair].hours_to_decide = round(sorted(times)[len(times) // 2], 2)
    return ShareStatistics(items=list(found.values()))


def _count(figures: ShareFigures, share: ShareRow, grant: GrantRow | None, now: datetime) -> None:
    figures.asked += 1
    figures.waiting += share.state == ShareState.ASKED
    figures.approved += grant is not None
    figures.refused += share.state == ShareState.REFUSED
    figures.cancelled += share.state == ShareState.CANCELLED
    if grant is not None:
        over = grant.not_after is not None and grant.not_after <= stamp(now)
        figures.withdrawn += grant.withdrawn_at is not None
        figures.expired += grant.withdrawn_at is None and over
        figures.active += _active(grant, now)
