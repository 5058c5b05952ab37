"""Who steers a camera that turns: a lock that one holds, others ask for, and that runs out.

A plain state machine: `step` takes the lock as it is, who wants what, and the time of whoever keeps
the lock (the server's, or this workstation's where there is none). The first move takes a free lock;
it stays for `IDLE_S` after the last move, or as long as was stated. Only a higher priority may take
it over, with a reason. Times are aware UTC.

The way back: whoever steers says what the camera does afterwards (`back`). Once it is let go of, that is
owed until somebody's console has seen to it (RETURN), the one that let go or, when that is gone, another.
A lock taken for the way back has the lowest priority: any move takes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain.permission import Role

IDLE_S = 15.0
"""A lock nobody stated a time for ends so long after the last move (vms reference 1, M11)."""

RETURN_S = 20.0
"""The way back has so long to begin; a console that fails at it leaves it to another."""

MAX_BACK = 200
"""Characters of `back`."""

MAX_HOLD_S = 600.0
MIN_HOLD_S = 5.0

LOWEST, HIGHEST = 1, 100
OWNER = 30
"""More for people of the camera's own organisation: an operator of the owner's comes before a guest's
supervisor."""

BY_ROLE: dict[str, int] = {
    Role.MAINTAINER: 20,
    Role.COMMISSIONER: 30,
    Role.OPERATOR: 40,
    Role.SUPERVISOR: 60,
}
ALONE = 40
"""Of whoever works without a server."""


def priority_of(roles: Iterable[str], *, own: bool, stated: int | None = None) -> int:
    """1..100; the higher one may take over. `own`: of the camera's organisation or one above it;
    `stated`: what an administrator gave the account, which counts instead of all else."""
    if stated is not None:
        return max(LOWEST, min(HIGHEST, stated))
    best = max((BY_ROLE.get(role, LOWEST) for role in roles), default=LOWEST)
    return min(HIGHEST, best + (OWNER if own else 0))


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody at a workstation. One person at two workstations is two."""

    person_id: str
    person: str
    organisation_id: str = ""
    organisation: str = ""
    console_id: str = ""
    console: str = ""
    priority: int = ALONE

    def same(self, other: Claim | None) -> bool:
        """Whether it is the same person at the same workstation."""
        return (
            other is not None
            and self.person_id == other.person_id
            and self.console_id == other.console_id
        )

    def at_the_seat_of(self, other: Claim | None) -> bool:
        """Whether both are at one workstation: who signs in there takes its place."""
        return other is not None and self.console_id == other.console_id != ""


class Want(StrEnum):
    """What somebody does about the lock."""

    MOVE = "move"  # take it, or go on having it
    HOLD = "hold"  # for a stated time
    ASK = "ask"  # the holder for it
    KEEP = "keep"  # the holder's answer: not yet
    GIVE_BACK = "give back"  # to who asked, else to all
    TAKE_OVER = "take over"  # with a higher priority, and a reason
    RETURN = (
        "return"  # take a free one to send the camera where it is owed to go; GIVE_BACK when done
    )


class Event(StrEnum):
    """What goes into the log. The values are the audit log's words."""

    TAKEN = "control taken"
    HELD = "control held"
    ASKED = "control asked for"
    KEPT = "control kept"
    GIVEN_BACK = "control given back"
    PASSED = "control passed on"
    TAKEN_OVER = "control taken over"
    EXPIRED = "control expired"
    RETURNED = "control returned"


class Refusal(StrEnum):
    """Why a step was not made."""

    HELD = "control_held"
    LOWER = "priority_too_low"
    NOT_HOLDER = "not_holder"
    FREE = "control_free"
    NO_REASON = "reason_missing"
    BAD_TIME = "bad_time"
    NOT_OWED = "nothing_owed"


class Refused(Exception):  # noqa: N818 -- an answer, not a failure
    """A step that the rules do not allow; `lock` is as it stands."""

    def __init__(self, why: Refusal, lock: Lock) -> None:
        super().__init__(why.value)
        self.why, self.lock = why, lock


@dataclass(frozen=True, slots=True)
class Lock:
    """The control of one camera. Free where `holder` is None."""

    rev: int = 0
    """Rises with every change of who has it, who asks, or for how long it was stated."""
    holder: Claim | None = None
    since: datetime | None = None
    until: datetime | None = None
    stated: bool = False
    """Held for a stated time, rather than by moving."""
    asker: Claim | None = None
    asked_at: datetime | None = None
    asked_why: str = ""
    kept_until: datetime | None = None
    """The holder's answer to who asks."""
    before: Claim | None = None
    """Who had it last, and how it went: so that the one displaced can be told by whom and why."""
    ended: str = ""
    ended_at: datetime | None = None
    ended_why: str = ""
    back: str = ""
    """What the camera does afterwards; "" stays. Consoles know what it means."""
    owed_at: datetime | None = None
    """When it was let go of with `back` still to be done."""
    returning: bool = False
    """Held for the way back, by a console rather than a person."""

    def left_s(self, now: datetime) -> float:
        """Seconds until it runs out by itself; 0 where it is free."""
        if self.holder is None or self.until is None:
            return 0.0
        return max(0.0, (self.until - now).total_seconds())


@dataclass(frozen=True, slots=True)
class Entry:
    """One line for the log: who did what, about whom, when."""

    event: Event
    who: Claim
    at: datetime
    other: Claim | None = None
    why: str = ""
    seconds: float = 0.0


Outcome = tuple[Lock, list[Entry]]


def settle(lock: Lock, now: datetime, idle_s: float = IDLE_S) -> Outcome:
    """The lock after time has passed: what ran out goes to who asked for it, else is free."""
    if lock.holder is None or lock.until is None or now < lock.until:
        return lock, []
    if lock.returning:
        return _let_go(lock), []
    ended = Entry(Event.EXPIRED, lock.holder, lock.until, lock.asker)
    freed = replace(
        _let_go(lock), before=lock.holder, ended=Event.EXPIRED.value, ended_at=lock.until,
        ended_why="", owed_at=lock.until if lock.back else None,
    )  # fmt: skip
    passed, entries = _pass_on(freed, lock.asker, now, idle_s)
    return passed, [ended, *entries]


def step(
    lock: Lock,
    who: Claim,
    want: Want,
    now: datetime,
    *,
    seconds: float = 0.0,
    why: str = "",
    back: str | None = None,
    idle_s: float = IDLE_S,
) -> Outcome:
    """One step. `seconds` for HOLD and KEEP, `why` for ASK and TAKE_OVER, `back` (None: as it was) for
    what takes or keeps it. Raises Refused; what `settle` says of the lock happened all the same then
    (`Refused.lock`)."""
    lock, entries = settle(lock, now, idle_s)
    if lock.returning and want not in (Want.RETURN, Want.GIVE_BACK):
        lock = _let_go(lock)  # the way back gives way to anybody
    mine = who.same(lock.holder)
    match want:
        case Want.MOVE:
            new, more = _move(lock, who, mine, now, idle_s)
        case Want.HOLD | Want.KEEP:
            new, more = _hold(lock, who, mine, want, now, seconds, idle_s)
        case Want.ASK:
            new, more = _ask(lock, who, mine, now, why)
        case Want.GIVE_BACK:
            new, more = _give_back(lock, who, mine, now, idle_s)
        case Want.TAKE_OVER:
            new, more = _take_over(lock, who, mine, now, why, idle_s)
        case Want.RETURN:
            new, more = _return(lock, who, mine, now)
    if back is not None and who.same(new.holder) and not new.returning:
        new = replace(new, back=back[:MAX_BACK])
    return new, entries + more


def _free(lock: Lock) -> Lock:
    return Lock(
        rev=lock.rev + 1, before=lock.before, ended=lock.ended, ended_at=lock.ended_at,
        ended_why=lock.ended_why,
    )  # fmt: skip


def _let_go(lock: Lock) -> Lock:
    """Free, with what is still to be done."""
    return replace(_free(lock), back=lock.back, owed_at=lock.owed_at)


def _taken(lock: Lock, who: Claim, now: datetime, idle_s: float) -> Lock:
    return replace(
        _free(lock), holder=who, since=now, until=now + timedelta(seconds=idle_s),
        before=lock.before, ended=lock.ended, ended_at=lock.ended_at, ended_why=lock.ended_why,
    )  # fmt: skip


def _pass_on(lock: Lock, asker: Claim | None, now: datetime, idle_s: float) -> Outcome:
    if asker is None:
        return lock, []
    # Until whoever asked says otherwise, the camera goes back where it would have gone.
    taken = replace(_taken(lock, asker, now, idle_s), back=lock.back)
    return taken, [Entry(Event.PASSED, asker, now, lock.before)]


def _move(lock: Lock, who: Claim, mine: bool, now: datetime, idle_s: float) -> Outcome:
    if lock.holder is None:
        return _taken(lock, who, now, idle_s), [Entry(Event.TAKEN, who, now)]
    if not mine and who.at_the_seat_of(lock.holder):
        # Somebody else works here now. Who asked goes on asking.
        new = replace(_taken(lock, who, now, idle_s), asker=lock.asker, asked_at=lock.asked_at,
                      asked_why=lock.asked_why)  # fmt: skip
        return new, [Entry(Event.TAKEN, who, now, lock.holder)]
    if not mine:
        raise Refused(Refusal.HELD, lock)
    assert lock.until is not None
    # A renewal is no change that anybody must hear of: `rev` stays. The priority is today's.
    until = max(lock.until, now + timedelta(seconds=idle_s))
    return replace(lock, holder=who, until=until), []


def _hold(
    lock: Lock, who: Claim, mine: bool, want: Want, now: datetime, seconds: float, idle_s: float
) -> Outcome:
    if not MIN_HOLD_S <= seconds <= MAX_HOLD_S:
        raise Refused(Refusal.BAD_TIME, lock)
    if lock.holder is not None and not mine:
        raise Refused(Refusal.HELD, lock)
    entries: list[Entry] = []
    if lock.holder is None:
        if want is Want.KEEP:
            raise Refused(Refusal.FREE, lock)
        lock = _taken(lock, who, now, idle_s)
        entries.append(Entry(Event.TAKEN, who, now))
    until = now + timedelta(seconds=seconds)
    kept = until if lock.asker is not None else None
    event = Event.KEPT if want is Want.KEEP else Event.HELD
    entries.append(Entry(event, who, now, lock.asker, seconds=seconds))
    return replace(lock, rev=lock.rev + 1, until=until, stated=True, kept_until=kept), entries


def _ask(lock: Lock, who: Claim, mine: bool, now: datetime, why: str) -> Outcome:
    if lock.holder is None:
        raise Refused(Refusal.FREE, lock)
    if mine:
        return lock, []
    if who.same(lock.asker):
        return lock, []  # once is enough
    if lock.asker is not None and lock.asker.priority >= who.priority:
        raise Refused(Refusal.LOWER, lock)  # one asks at a time: the highest, then the first
    new = replace(lock, rev=lock.rev + 1, asker=who, asked_at=now, asked_why=why, kept_until=None)
    return new, [Entry(Event.ASKED, who, now, lock.holder, why)]


def _give_back(lock: Lock, who: Claim, mine: bool, now: datetime, idle_s: float) -> Outcome:
    if not mine:
        if who.same(lock.asker):  # does not want it any more
            return replace(lock, rev=lock.rev + 1, asker=None, asked_at=None, asked_why=""), []
        raise Refused(Refusal.NOT_HOLDER, lock)
    if lock.returning:
        return _free(lock), []  # it is done
    freed = replace(
        _let_go(lock), before=lock.holder, ended=Event.GIVEN_BACK.value, ended_at=now, ended_why="",
        owed_at=now if lock.back else None,
    )  # fmt: skip
    passed, entries = _pass_on(freed, lock.asker, now, idle_s)
    return passed, [Entry(Event.GIVEN_BACK, who, now, lock.asker), *entries]


def _take_over(
    lock: Lock, who: Claim, mine: bool, now: datetime, why: str, idle_s: float
) -> Outcome:
    if mine:
        return lock, []
    if lock.holder is None:
        return _move(lock, who, False, now, idle_s)
    if who.priority <= lock.holder.priority:
        raise Refused(Refusal.LOWER, lock)
    if not why.strip():
        raise Refused(Refusal.NO_REASON, lock)
    freed = replace(
        _free(lock), before=lock.holder, ended=Event.TAKEN_OVER.value, ended_at=now,
        ended_why=why.strip(),
    )  # fmt: skip
    entry = Entry(Event.TAKEN_OVER, who, now, lock.holder, why.strip())
    return _taken(freed, who, now, idle_s), [entry]


def _return(lock: Lock, who: Claim, mine: bool, now: datetime) -> Outcome:
    if lock.holder is not None and not (mine and lock.returning):
        raise Refused(Refusal.HELD, lock)
    if lock.owed_at is None:
        raise Refused(Refusal.NOT_OWED, lock)
    new = replace(
        _let_go(lock), holder=replace(who, priority=LOWEST), since=now,
        until=now + timedelta(seconds=RETURN_S), returning=True,
    )  # fmt: skip
    return new, [] if mine else [Entry(Event.RETURNED, who, now, lock.before)]


# -- as it is stored


def to_values(lock: Lock) -> dict[str, Any]:
    """As JSON can hold it."""
    return {key: _plain(getattr(lock, key)) for key in Lock.__dataclass_fields__}


def _plain(value: Any) -> Any:
    if isinstance(value, Claim):
        return asdict(value)
    return value.isoformat() if isinstance(value, datetime) else value


def from_values(values: dict[str, Any]) -> Lock:
    """What `to_values` gave. Raises TypeError and ValueError for anything else."""
    claims = {k: Claim(**values[k]) for k in ("holder", "asker", "before") if values.get(k)}
    times = {
        k: datetime.fromisoformat(values[k])
        for k in ("since", "until", "asked_at", "kept_until", "ended_at", "owed_at")
        if values.get(k)
    }
    return Lock(**{**values, **claims, **times})
