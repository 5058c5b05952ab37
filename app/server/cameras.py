"""Cameras as those see them who may: facts, what is allowed, and where the pictures come from.

Where a relay is configured, consoles get its address with a token for a minute. The camera's own
account goes to those who need it: to who may view where there is no relay, to who may control (PTZ
goes straight to the camera) where there is one. It is sealed to the workstation that asks (see
`app/sync/sealing.py`), and the workstation may keep it for `Settings.offline_days`.
"""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_urlsafe
from typing import Annotated, Any
from urllib.parse import quote, urlsplit, urlunsplit

import sqlalchemy as sa
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from app.domain.permission import CameraFacts, Effect, Permission, allowed
from app.server import audit
from app.server.access import above, below, principal_of, token_hash
from app.server.caller import After, Caller, Limit, Who
from app.server.database import stamp
from app.server.fields import Body, Id, PathId, Secret, Sentence
from app.server.keys import ServerKey
from app.server.problem import Problem
from app.server.relay import QUERY, Relay, feed
from app.store.models import ChannelRow, DeviceRow, SiteRow, StreamRow
from app.store.server_models import (
    AccountRow,
    CameraGroupMemberRow,
    ConsoleRow,
    DeviceSecretRow,
    TokenRow,
)
from app.sync.sealing import account_about, seal

MOST_ADDRESSES = 64
"""Of cameras in one request: a wall has no more tiles."""
TICKET = timedelta(seconds=60)
TICKET_USER = "watchroom"
router = APIRouter(prefix="/api")


class CameraOut(BaseModel):
    id: str
    name: str
    name_en: str
    code: str
    call_number: int | None
    organisation_id: str
    has_ptz: bool


class CameraPage(BaseModel):
    items: list[CameraOut]
    next: str | None


class Answer(BaseModel):
    allowed: bool
    reason: str


class CameraDetail(CameraOut):
    permissions: dict[str, Answer]


class StreamOut(BaseModel):
    role: str
    url: str
    codec: str
    width: int
    height: int
    fps: float


class AccountReason(StrEnum):
    """Why the camera's own account is not in the answer."""

    NONE = ""
    """It is."""
    NO_ACCOUNT = "no_account"  # none is kept for this camera
    NOT_NEEDED = "not_needed"  # the relay shows the pictures, and this person may not control
    NOT_ENROLLED = "not_enrolled"  # no workstation asks, or one that told no key to seal to


class Address(BaseModel):
    """Where to open the camera now."""

    streams: list[StreamOut]
    transport: str
    username: str = Field(description="the ticket for the relay; empty where there is none")
    password: str
    expires_at: str | None = Field(description="until when the ticket opens the relay")
    account: str | None = Field(
        description="the camera's own account: base64 of a box that this workstation can open, "
        "with `username`, `password` and `until` as JSON"
    )
    account_until: str | None = Field(description="until when the workstation may keep it")
    account_reason: AccountReason


class AddressWanted(Body):
    purpose: Sentence | None = Field(None, description="why, for the audit log")


class AddressesWanted(AddressWanted):
    cameras: Annotated[list[Id], Field(min_length=1, max_length=MOST_ADDRESSES)]


class AddressItem(BaseModel):
    """A camera that was asked for. `address` is null where it is refused; `code` says why."""

    id: str
    address: Address | None
    code: str = ""
    detail: str = ""


class AddressList(BaseModel):
    items: list[AddressItem]


class CameraAccount(Body):
    username: Secret
    password: Secret


def _camera(row: ChannelRow, organisation: str) -> CameraOut:
    return CameraOut(
        id=row.id,
        name=row.name,
        name_en=row.name_en,
        code=row.code,
        call_number=row.call_number,
        organisation_id=organisation,
        has_ptz=row.has_ptz,
    )


_CAMERAS = sa.select(ChannelRow, SiteRow.organisation_id).join(
    SiteRow, SiteRow.id == ChannelRow.site_id
)


@router.get("/cameras")
def cameras(who: Who, after: After = "", limit: Limit = 100) -> CameraPage:
    """All cameras that I may view now."""
    with who.database.reading() as session:
        visible = who.access.visible_cameras(session, who.principal, who.access.now())
        found = session.execute(
            _CAMERAS.where(ChannelRow.id.in_(visible), ChannelRow.deleted_at.is_(None))
            .where(ChannelRow.id > after)
            .order_by(ChannelRow.id)
            .limit(limit + 1)
        ).all()
    items = [_camera(row, organisation) for row, organisation in found[:limit]]
    return CameraPage(items=items, next=items[-1].id if len(found) > limit else None)


class SharedOut(CameraOut):
    """Another organisation's camera. `until` is null where the grant has no end."""

    permissions: list[str]
    until: str | None


class SharedPage(BaseModel):
    items: list[SharedOut]
    next: str | None


@router.get("/shared-cameras")
def shared_cameras(who: Who, after: After = "", limit: Limit = 100) -> SharedPage:
    """Cameras of other organisations that I may view now, and until when."""
    now, home = who.access.now(), who.principal.organisation_id
    with who.database.reading() as session:
        visible = who.access.visible_cameras(session, who.principal, now)
        found = session.execute(
            _CAMERAS.where(ChannelRow.id.in_(visible), ChannelRow.deleted_at.is_(None))
            .where(SiteRow.organisation_id.not_in(below([home])), ChannelRow.id > after)
            .order_by(ChannelRow.id)
            .limit(limit + 1)
        ).all()
        grants = who.access.grants(session, who.principal)
        owners = {owner: above(session, owner) for owner in {o for _, o in found}}
        groups: dict[str, set[str]] = {}
        member = CameraGroupMemberRow
        query = sa.select(member.channel_id, member.group_id).where(
            member.channel_id.in_([row.id for row, _ in found])
        )
        for camera_id, group in session.execute(query):
            groups.setdefault(camera_id, set()).add(group)
    items = []
    for row, owner in found[:limit]:
        facts = CameraFacts(row.id, owners[owner], frozenset(groups.get(row.id, ())))
        may = [p.value for p in Permission if allowed(who.principal, p, facts, grants, now)]
        ends = [
            g.not_after
            for g in grants
            if g.effect is Effect.ALLOW and Permission.VIEW in g.permissions
            and g.active(now) and g.covers(facts)
        ]  # fmt: skip
        until = None if not ends or None in ends else stamp(max(e for e in ends if e))
        items.append(SharedOut(**_camera(row, owner).model_dump(), permissions=may, until=until))
    return SharedPage(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/cameras/{camera_id}")
def camera(camera_id: PathId, who: Who) -> CameraDetail:
    """One camera, and for each permission whether I have it and why."""
    with who.database.reading() as session:
        who.need_camera(session, camera_id)
        row, organisation = session.execute(_CAMERAS.where(ChannelRow.id == camera_id)).one()
        facts = who.access.camera(session, camera_id)
        assert facts is not None
        grants, now = who.access.grants(session, who.principal), who.access.now()
    answers = {p: allowed(who.principal, p, facts, grants, now) for p in Permission}
    return CameraDetail(
        **_camera(row, organisation).model_dump(),
        permissions={
            p.value: Answer(allowed=d.allowed, reason=d.reason.value) for p, d in answers.items()
        },
    )


@router.post("/cameras/{camera_id}/address")
def address(camera_id: PathId, body: AddressWanted, who: Who, request: Request) -> Address:
    """Where the camera's pictures come from, for me, now. It is noted who asked, and for what."""
    (given,) = _addresses([camera_id], body.purpose, who, request.app.state.settings)
    if isinstance(given, Problem):
        raise given
    return given


@router.post("/addresses")
def addresses(body: AddressesWanted, who: Who, request: Request) -> AddressList:
    """The same of all cameras of a wall. One that is refused does not spoil the others."""
    wanted = list(dict.fromkeys(body.cameras))
    found = _addresses(wanted, body.purpose, who, request.app.state.settings)
    items = [
        AddressItem(id=camera, address=None, code=given.code, detail=given.detail)
        if isinstance(given, Problem)
        else AddressItem(id=camera, address=given)
        for camera, given in zip(wanted, found, strict=True)
    ]
    return AddressList(items=items)


@dataclass(frozen=True, slots=True)
class _Source:
    """What is stored of a camera that somebody asks for, and may view."""

    row: ChannelRow
    owner: str
    device: DeviceRow
    streams: list[StreamRow]
    sealed: bytes | None
    control: bool


def _addresses(
    cameras: list[str], purpose: str | None, who: Caller, settings: Any
) -> list[Address | Problem]:
    """For each camera the answer, or why there is none. `settings`: the application's."""
    now, relay = who.access.now(), settings.relay
    sources: list[_Source | Problem] = []
    with who.database.reading() as session:
        console = session.get(ConsoleRow, who.principal.console_id)
        for camera_id in cameras:
            try:
                sources.append(_source(session, who, camera_id))
            except Problem as problem:
                sources.append(problem)
    given: list[Address | Problem] = []
    down: Problem | None = None
    for source in sources:
        if isinstance(source, Problem):
            given.append(source)
            continue
        try:
            if down is not None:
                raise down  # each that is tried would wait for it
            given.append(_answer(source, console, now, settings))
        except Problem as problem:
            down = problem
            given.append(problem)

    def work(session: Session) -> None:
        made = [
            (source, answer)
            for source, answer in zip(sources, given, strict=True)
            if isinstance(source, _Source) and isinstance(answer, Address)
        ]
        session.add_all(
            TokenRow(
                hash=token_hash(answer.password), kind="stream", family=who.family,
                account_id=who.principal.user_id, console_id=who.principal.console_id,
                channel_id=source.row.id, expires_at=answer.expires_at,
            )
            for source, answer in made
            if answer.expires_at is not None
        )  # fmt: skip
        for source, answer in made:
            who.note(
                session, audit.HANDED_OUT, source.row.id, owner=source.owner,
                purpose=purpose or "", relay=relay is not None, account=answer.account is not None,
            )  # fmt: skip

    who.database.write(work)
    return given


def _source(session: Session, who: Caller, camera_id: str) -> _Source:
    """Raises Problem where this person may not view it."""
    who.need_camera(session, camera_id)
    row, owner = session.execute(_CAMERAS.where(ChannelRow.id == camera_id)).one()
    device = session.get_one(DeviceRow, row.device_id)
    query = sa.select(StreamRow).where(StreamRow.channel_id == row.id).order_by(StreamRow.role)
    stored = session.get(DeviceSecretRow, device.id)
    control = who.access.decide(session, who.principal, Permission.CONTROL, camera_id)
    return _Source(
        row, owner, device, list(session.scalars(query)), stored.sealed if stored else None,
        bool(control),
    )  # fmt: skip


def _answer(source: _Source, console: ConsoleRow | None, now: datetime, settings: Any) -> Address:
    """Raises Problem 503 `relay_down`."""
    relay: Relay | None = settings.relay
    key: ServerKey | None = settings.key
    row, device = source.row, source.device
    password = key.unseal(device.id, source.sealed) if key and source.sealed else ""
    box, reason = None, AccountReason.NONE
    until = stamp(now + timedelta(days=settings.offline_days))
    if relay is not None and not source.control:
        reason = AccountReason.NOT_NEEDED
    elif not (device.username or password):
        reason = AccountReason.NO_ACCOUNT
    elif console is None or console.revoked_at is not None or not console.sealing_key:
        reason = AccountReason.NOT_ENROLLED
    else:
        account = {"username": device.username, "password": password, "until": until}
        about = account_about(row.id, console.id)
        box = base64.b64encode(
            seal(console.sealing_key, json.dumps(account).encode(), about)
        ).decode()
    ticket, expires = "", None
    urls = {s.role: s.url for s in source.streams}
    if relay is not None:
        ticket, expires = token_urlsafe(32), stamp(now + TICKET)
        for stream in source.streams:
            path = f"{row.id}/{stream.role}"
            feed(relay, path, _with_account(stream.url, device.username, password), row.transport)
            # So the relay's list of sessions tells whose each one is: see `relay.py`.
            base = relay.public_url.rstrip("/")
            urls[stream.role] = f"{base}/{path}?{QUERY}{token_hash(ticket)}"
    return Address(
        streams=[
            StreamOut(
                role=s.role, url=urls[s.role], codec=s.codec, width=s.width, height=s.height,
                fps=s.fps,
            )
            for s in source.streams
        ],
        transport=row.transport,
        username=TICKET_USER if ticket else "",
        password=ticket,
        expires_at=expires,
        account=box,
        account_until=until if box is not None else None,
        account_reason=reason,
    )  # fmt: skip


@router.put("/cameras/{camera_id}/account", status_code=204)
def set_account(camera_id: PathId, body: CameraAccount, who: Who, request: Request) -> None:
    """Keep the camera's account; the password is sealed with the server's key."""
    key: ServerKey | None = request.app.state.settings.key
    if key is None:
        raise Problem(503, "no_key", "This server has no key to seal passwords with.")

    def work(session: Session) -> None:
        who.need_camera(session, camera_id)
        row, owner = session.execute(_CAMERAS.where(ChannelRow.id == camera_id)).one()
        device = session.get_one(DeviceRow, row.device_id)
        device.username, device.updated_at = body.username, stamp(who.access.now())
        sealed = key.seal(device.id, body.password)
        session.merge(DeviceSecretRow(device_id=device.id, key_id=key.id, sealed=sealed))
        session.flush()
        who.access.entity_written(session, "device", device.id)
        who.note(session, "camera account set", camera_id, owner=owner, username=body.username)

    who.database.write(work)


# -- the relay


class RelayQuestion(BaseModel):
    """What MediaMTX asks (`authMethod: http`); it sends more than is needed here."""

    model_config = ConfigDict(extra="ignore")
    action: str = Field(max_length=50)
    path: str = Field(max_length=200)
    query: str = Field("", max_length=500)
    password: str = Field("", max_length=200)


@router.post("/relay/authorise", status_code=204)
def authorise(body: RelayQuestion, who: Who, request: Request, secret: str = "") -> None:
    """Whether the relay may let somebody in: a fresh ticket, and the right to view *now*."""
    relay: Relay | None = request.app.state.settings.relay
    if relay is None or not hmac.compare_digest(secret.encode(), relay.secret.encode()):
        raise Problem(403, "not_permitted", "Only the relay may ask this.")
    if body.action != "read" or not _ticket_opens(who, body):
        raise Problem(401, "token_invalid", "This ticket opens nothing here.")


def _ticket_opens(who: Caller, body: RelayQuestion) -> bool:
    camera_id, _, _ = body.path.partition("/")
    now = who.access.now()
    # Who opened with another's mark, or none, would not be found again when rights end.
    if body.query != f"{QUERY}{token_hash(body.password)}":
        return False
    with who.database.reading() as session:
        found = session.execute(
            sa.select(TokenRow, AccountRow)
            .join(AccountRow, AccountRow.id == TokenRow.account_id)
            .where(TokenRow.hash == token_hash(body.password), TokenRow.kind == "stream")
            .where(TokenRow.channel_id == camera_id, TokenRow.revoked_at.is_(None))
            .where(TokenRow.expires_at > stamp(now), AccountRow.disabled_at.is_(None))
        ).first()
        if found is None:
            return False
        token, account = found
        person = principal_of(account, token.console_id)
        return bool(who.access.decide(session, person, Permission.VIEW, camera_id))


def _with_account(url: str, username: str, password: str) -> str:
    """The camera's address as the relay needs it; never shown or logged."""
    if not username:
        return url
    parts = urlsplit(url)
    account = f"{quote(username, safe='')}:{quote(password, safe='')}"
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{account}@{host}"))
