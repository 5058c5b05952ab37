"""Who steers a camera: the lock of `app/domain/control.py`, kept for all consoles.

The row of a camera's lock is taken (FOR UPDATE) for every step, and the time is the server's, so that
any number of server processes give one answer. Those who watch are woken at once by a step in the same
process, and within PULSE_S by one in another.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from app.domain import control
from app.domain.control import HIGHEST, LOWEST, Claim, Lock, Refused, Want
from app.domain.permission import Permission
from app.server import audit
from app.server.accounts import new_id
from app.server.caller import Caller, Who, not_found
from app.server.database import stamp
from app.server.fields import Body, PathId, Sentence
from app.server.problem import Problem
from app.store.control_models import ControlEventRow, ControlLockRow, ControlPriorityRow
from app.store.models import OrganisationRow
from app.store.server_models import AccountRow, ConsoleRow

PULSE_S = 0.1
LONGEST_WAIT_S = 20.0
MAX_WATCHED = 16
MAX_LOG = 100
GRACE_S = 5.0
"""So long the way back is left to the console that let go."""
router = APIRouter(prefix="/api")


class SteererOut(BaseModel):
    person: str
    organisation: str
    console: str
    priority: int


class ControlOut(BaseModel):
    """How the control of one camera stands, for who asks."""

    camera_id: str
    rev: int
    holder: SteererOut | None
    mine: bool
    here: bool = Field(description="the holder is, or was, at this workstation")
    since: str | None = Field(description="when the holder took it; UTC")
    seconds_left: float = Field(description="until the lock runs out by itself")
    stated: bool = Field(description="held for a stated time, rather than by moving")
    asker: SteererOut | None
    asked_by_me: bool
    asked_why: str
    kept_s: float = Field(description="the holder's answer to who asks: not before so long")
    my_priority: int
    before: SteererOut | None = Field(description="who had it last")
    was_mine: bool
    ended: str
    ended_why: str
    returning: bool = Field(description="held by a console for the way back: any move takes it")


class Owed(BaseModel):
    camera_id: str
    back: str = Field(description="what it is to do, as whoever steered it last said")
    at: str = Field(description="when it was let go of; UTC")


class OwedPage(BaseModel):
    items: list[Owed]


class ControlPage(BaseModel):
    items: list[ControlOut]


class ControlWanted(Body):
    want: Want
    seconds: float = Field(0.0, ge=0, le=control.MAX_HOLD_S)
    why: Sentence | None = None
    back: str | None = Field(
        None, max_length=control.MAX_BACK, pattern=r"^[^\x00-\x1f]*$",
        description="what the camera does afterwards, in the consoles' words; \"\" stays",
    )  # fmt: skip


class ControlEntry(BaseModel):
    at: str
    event: str
    who: SteererOut
    other: SteererOut | None
    why: str
    seconds: float


class ControlLog(BaseModel):
    items: list[ControlEntry]


class PriorityWanted(Body):
    priority: int | None = Field(
        ge=LOWEST, le=HIGHEST, description="null: what the roles give"
    )  # fmt: skip


class PriorityOut(BaseModel):
    account_id: str
    priority: int | None


class Bell:
    """Wakes those who watch, of this process, on its event loop."""

    def __init__(self, ask: Callable[[], str]) -> None:
        """`ask`: a text that changes with every step anywhere; asked ten times a second, however
        many wait, and not at all when nobody does."""
        self._ask, self._known = ask, ""
        self._beat = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._waiting = 0

    def ring(self) -> None:
        """From any thread: something changed here."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._strike)

    def _strike(self) -> None:
        beat, self._beat = self._beat, asyncio.Event()
        beat.set()

    def beat(self) -> asyncio.Event:
        """What will be set at the next change: take it before looking, so that none is missed."""
        self._loop = asyncio.get_running_loop()
        return self._beat

    async def wait(self, beat: asyncio.Event, seconds: float) -> None:
        """Until it is set, or time is up."""
        self._waiting += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        try:
            await asyncio.wait_for(beat.wait(), seconds)
        except TimeoutError:
            pass
        finally:
            self._waiting -= 1

    async def _run(self) -> None:
        while self._waiting:
            try:
                now = await run_in_threadpool(self._ask)
            except Exception:  # the database is away: those who wait will hear it themselves
                now = self._known
            if now != self._known:
                self._known = now
                self._strike()
            await asyncio.sleep(PULSE_S)


_bells_lock = threading.Lock()


def bell_of(request: Request) -> Bell:
    """The application's."""
    state = request.app.state
    with _bells_lock:
        if not hasattr(state, "control_bell"):
            database = state.database

            def ask() -> str:
                with database.reading() as session:
                    return str(session.scalar(_STEPS) or "")

            state.control_bell = Bell(ask)
    bell: Bell = state.control_bell
    return bell


_STEPS = sa.text("SELECT value FROM server_state WHERE key = 'control'")
_RAISE_STEPS = sa.text(
    "INSERT INTO server_state (key, value) VALUES ('control', '1') ON CONFLICT (key) DO UPDATE "
    "SET value = CAST(CAST(server_state.value AS BIGINT) + 1 AS TEXT)"
)


def _claim(who: Caller, session: Session, own: bool) -> Claim:
    person = who.principal
    organisation = session.get(OrganisationRow, person.organisation_id)
    console = session.get(ConsoleRow, person.console_id) if person.console_id else None
    stated = session.get(ControlPriorityRow, person.user_id)
    return Claim(
        person.user_id,
        person.name,
        person.organisation_id,
        organisation.name if organisation is not None else "",
        # Without a workstation, the sign-in tells two places of one person apart.
        person.console_id or who.family,
        console.name if console is not None else "",
        control.priority_of(
            person.roles, own=own, stated=stated.priority if stated is not None else None
        ),
    )


def _read(session: Session, camera_id: str, *, lock: bool = False) -> tuple[Lock, bool]:
    """The lock as it is stored, and whether there is a row."""
    row = session.get(ControlLockRow, camera_id, with_for_update=True if lock else None)
    return (control.from_values(json.loads(row.content)), True) if row else (Lock(), False)


def _write(
    session: Session, who: Caller, camera_id: str, owner: str, before: Lock, after: Lock,
    entries: list[control.Entry],
) -> None:  # fmt: skip
    if after == before:
        return
    session.execute(
        sa.update(ControlLockRow)
        .where(ControlLockRow.channel_id == camera_id)
        .values(
            rev=after.rev, until=stamp(after.until) if after.until else "",
            owed=bool(after.back),
            content=json.dumps(control.to_values(after), ensure_ascii=False),
        )
    )  # fmt: skip
    if after.rev != before.rev:
        session.execute(_RAISE_STEPS)
    for entry in entries:
        content = asdict(entry) | {"event": entry.event.value, "at": stamp(entry.at)}
        session.add(
            ControlEventRow(
                id=new_id(), channel_id=camera_id, at=stamp(entry.at),
                content=json.dumps(content, ensure_ascii=False),
            )
        )  # fmt: skip
    for entry in entries:
        details: dict[str, Any] = {"priority": entry.who.priority}
        if entry.other is not None:
            details["other"] = f"{entry.other.person} ({entry.other.organisation})"
        if entry.seconds:
            details["seconds"] = entry.seconds
        if entry.event in (control.Event.EXPIRED, control.Event.PASSED):
            # Nobody did it: it is noted when somebody looks, with when it was and whose it was.
            audit.note(
                session, who.access.now(), audit.NOBODY, entry.event.value, camera_id, owner=owner,
                person=entry.who.person, organisation=entry.who.organisation,
                when=stamp(entry.at), **details,
            )  # fmt: skip
        else:
            who.note(
                session, entry.event.value, camera_id, owner=owner, purpose=entry.why, **details
            )


def _facts(who: Caller, session: Session, camera_id: str) -> tuple[str, bool]:
    """The camera's organisation, and whether it is the caller's or below it."""
    facts = who.access.camera(session, camera_id)
    if facts is None:
        raise not_found()
    own = who.principal.organisation_id in facts.organisation_ids
    return facts.organisation_ids[0], own


def _steerer(claim: Claim | None) -> SteererOut | None:
    if claim is None:
        return None
    return SteererOut(
        person=claim.person, organisation=claim.organisation, console=claim.console,
        priority=claim.priority,
    )  # fmt: skip


def _out(camera_id: str, lock: Lock, me: Claim, now: datetime) -> ControlOut:
    kept = (lock.kept_until - now).total_seconds() if lock.kept_until else 0.0
    return ControlOut(
        camera_id=camera_id, rev=lock.rev, holder=_steerer(lock.holder), mine=me.same(lock.holder),
        here=me.at_the_seat_of(lock.holder), since=stamp(lock.since) if lock.since else None,
        seconds_left=round(lock.left_s(now), 1), stated=lock.stated, asker=_steerer(lock.asker),
        asked_by_me=me.same(lock.asker), asked_why=lock.asked_why, kept_s=round(max(0.0, kept), 1),
        my_priority=me.priority, before=_steerer(lock.before), was_mine=me.same(lock.before),
        ended=lock.ended, ended_why=lock.ended_why, returning=lock.returning,
    )  # fmt: skip


@router.post("/cameras/{camera_id}/control")
def step(camera_id: PathId, body: ControlWanted, who: Who, request: Request) -> ControlOut:
    """Take, hold, ask for, keep, give back or take over the control of a camera; how it stands then.

    `move` is no error where somebody else holds it: `mine` is false then. Raises Problem 409
    `priority_too_low`, `reason_missing`, `not_holder`, `control_free`, `control_held`, `bad_time`.
    """
    now = who.access.now()

    def work(session: Session) -> tuple[ControlOut | None, Refused | None]:
        who.need_camera(session, camera_id)
        owner, own = _facts(who, session, camera_id)
        session.execute(
            sa.text(
                "INSERT INTO control_lock (channel_id, rev, until, content, owed)"
                " VALUES (:camera, 0, '', '{}', FALSE) ON CONFLICT DO NOTHING"
            ),
            {"camera": camera_id},
        )
        before, _ = _read(session, camera_id, lock=True)
        me = _claim(who, session, own)
        refused = None
        try:
            after, entries = control.step(
                before, me, body.want, now, seconds=body.seconds, why=body.why or "",
                back=body.back,
            )  # fmt: skip
        except Refused as error:
            after, entries = control.settle(before, now)
            refused = error if body.want is not Want.MOVE else None
        _write(session, who, camera_id, owner, before, after, entries)
        return _out(camera_id, after, me, now), refused

    said, refused = who.database.write(work)
    assert said is not None
    bell_of(request).ring()
    if refused is not None:
        text = _WHY[refused.why]
        raise Problem(409, refused.why.value, text, control=said.model_dump())
    return said


_WHY = {
    control.Refusal.HELD: "Somebody else steers this camera.",
    control.Refusal.LOWER: "The one who steers, or asks, has the same or a higher priority.",
    control.Refusal.NOT_HOLDER: "You do not steer this camera.",
    control.Refusal.FREE: "Nobody steers this camera.",
    control.Refusal.NO_REASON: "Say why you take it over.",
    control.Refusal.BAD_TIME: "From 5 to 600 seconds.",
    control.Refusal.NOT_OWED: "This camera is where it should be, or somebody steered it since.",
}

Seen = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z._-]{1,36}:-?[0-9]{1,9}$")]


@router.get("/control")
async def watch(
    who: Who,
    request: Request,
    seen: Annotated[
        list[Seen],
        Query(description="camera:rev as last seen (-1: never)", max_length=MAX_WATCHED),
    ],
    wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT_S)] = 0.0,
) -> ControlPage:
    """How the control of cameras stands: at once if one is not as it was seen, else as soon as it
    changes, at the latest after `wait` seconds. Cameras that I may not steer are not in it."""
    known = {camera: int(rev) for camera, _, rev in (s.rpartition(":") for s in seen)}
    bell = bell_of(request)
    end = asyncio.get_running_loop().time() + wait
    while True:
        beat = bell.beat()
        page = await run_in_threadpool(_look, who, list(known))
        news = len(page.items) != len(known) or any(
            item.rev != known[item.camera_id] for item in page.items
        )
        left = end - asyncio.get_running_loop().time()
        # A lock that runs out meanwhile is a change that nobody makes.
        soon = min((i.seconds_left for i in page.items if i.holder is not None), default=left)
        if news or left <= 0:
            return page
        await bell.wait(beat, max(0.05, min(left, soon + 0.05)))


def _look(who: Caller, cameras: list[str]) -> ControlPage:
    now = who.access.now()
    items: list[ControlOut] = []
    over: list[str] = []
    with who.database.reading() as session:
        for camera_id in cameras:
            if not who.access.decide(session, who.principal, Permission.CONTROL, camera_id):
                continue
            _, own = _facts(who, session, camera_id)
            lock, _ = _read(session, camera_id)
            if lock.until is not None and lock.until <= now:
                over.append(camera_id)
                continue
            items.append(_out(camera_id, lock, _claim(who, session, own), now))
    for camera_id in over:

        def work(session: Session, camera_id: str = camera_id) -> ControlOut:
            owner, own = _facts(who, session, camera_id)
            before, _ = _read(session, camera_id, lock=True)
            after, entries = control.settle(before, now)
            _write(session, who, camera_id, owner, before, after, entries)
            return _out(camera_id, after, _claim(who, session, own), now)

        items.append(who.database.write(work))
    return ControlPage(items=items)


@router.get("/control/owed")
def owed(who: Who) -> OwedPage:
    """Cameras that nobody steers any more and that were not sent back in GRACE_S: the console that let
    go is gone. Of those that I may steer. Whoever sees to it takes it with `return` first."""
    now = who.access.now()
    items = []
    with who.database.reading() as session:
        rows = session.execute(
            sa.select(ControlLockRow.channel_id, ControlLockRow.content).where(
                ControlLockRow.owed, ControlLockRow.until <= stamp(now)
            )
        ).all()
        for camera_id, content in rows:
            lock, _ = control.settle(control.from_values(json.loads(content)), now)
            at = lock.owed_at
            if lock.holder is not None or at is None or (now - at).total_seconds() < GRACE_S:
                continue
            if who.access.decide(session, who.principal, Permission.CONTROL, camera_id):
                items.append(Owed(camera_id=camera_id, back=lock.back, at=stamp(at)))
    return OwedPage(items=items)


@router.get("/cameras/{camera_id}/control/log")
def log(camera_id: PathId, who: Who) -> ControlLog:
    """What became of the camera's control, the newest first; the last hundred entries."""
    with who.database.reading() as session:
        who.need_camera(session, camera_id)
        rows = session.scalars(
            sa.select(ControlEventRow)
            .where(ControlEventRow.channel_id == camera_id)
            .order_by(ControlEventRow.at.desc(), ControlEventRow.id.desc())
            .limit(MAX_LOG)
        )
        return ControlLog(items=[_entry(json.loads(row.content)) for row in rows])


def _entry(content: dict[str, Any]) -> ControlEntry:
    other = content.get("other")
    return ControlEntry(
        at=content["at"], event=content["event"], who=SteererOut(**_shown(content["who"])),
        other=SteererOut(**_shown(other)) if other else None, why=content["why"],
        seconds=content["seconds"],
    )  # fmt: skip


def _shown(claim: dict[str, Any]) -> dict[str, Any]:
    return {k: claim[k] for k in SteererOut.model_fields}


@router.put("/accounts/{account_id}/control-priority")
def set_priority(account_id: PathId, body: PriorityWanted, who: Who) -> PriorityOut:
    """State an account's priority at steering cameras, or let its roles decide again."""

    def work(session: Session) -> PriorityOut:
        row = session.get(AccountRow, account_id)
        if row is None:
            raise not_found()
        who.need_organisation(session, row.organisation_id)
        present = session.get(ControlPriorityRow, account_id)
        if body.priority is None:
            if present is not None:
                session.delete(present)
        elif present is None:
            session.add(ControlPriorityRow(account_id=account_id, priority=body.priority))
        else:
            present.priority = body.priority
        session.flush()
        who.note(session, "control priority set", account_id, priority=body.priority or 0,
                 owner=row.organisation_id)  # fmt: skip
        return PriorityOut(account_id=account_id, priority=body.priority)

    return who.database.write(work)


@router.get("/accounts/{account_id}/control-priority")
def priority(account_id: PathId, who: Who) -> PriorityOut:
    """The priority that was stated for an account; null where its roles decide."""
    with who.database.reading() as session:
        row = session.get(AccountRow, account_id)
        if row is None:
            raise not_found()
        who.need_organisation(session, row.organisation_id)
        present = session.get(ControlPriorityRow, account_id)
        return PriorityOut(
            account_id=account_id, priority=present.priority if present is not None else None
        )
