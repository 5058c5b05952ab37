"""A fault from report to closing: states, who may do what, time limits (domain reference 4.4 to 4.6).

A ticket is its report and the events after it, which are only added; its present state is made from
them by `fold`, by the same rules on consoles and on the server. Times are aware UTC.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from app.domain.calendar import ALWAYS, OFFICE_WEEK, Calendar
from app.domain.permission import Role


class State(StrEnum):
    """Where a ticket is (4.6)."""

    NEW = "new"
    TRIAGED = "triaged"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    ON_SITE = "on_site"
    SUSPENDED = "suspended"
    REPAIRED = "repaired"
    VERIFIED = "verified"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"  # it is part of another ticket


S = State
OPEN = frozenset(State) - {S.CLOSED, S.CANCELLED, S.MERGED}
WORKING = frozenset({S.NEW, S.TRIAGED, S.DISPATCHED, S.ACCEPTED, S.ON_SITE})
"""The clock runs."""


class Action(StrEnum):
    """What can be done with a ticket."""

    JOIN = "join"  # another report of the same fault
    COMMENT = "comment"
    SIGNAL = "signal"  # the wall saw the picture back, or lost it again: a note, never a closing
    CHECK = "check"  # one camera of several was seen and compared
    SEPARATE = "separate"  # cameras, or a report that was joined, go their own way
    TRIAGE = "triage"
    PRIORITY = "priority"
    DISPATCH = "dispatch"
    DECLINE = "decline"
    ACCEPT = "accept"
    ARRIVE = "arrive"
    ASK_PAUSE = "ask_pause"
    PAUSE = "pause"
    REFUSE_PAUSE = "refuse_pause"
    RESUME = "resume"
    REPAIR = "repair"
    VERIFY = "verify"
    REOPEN = "reopen"
    CLOSE = "close"
    CANCEL = "cancel"
    MERGE = "merge"
    UNMERGE = "unmerge"
    ESCALATE = "escalate"
    ACKNOWLEDGE = "acknowledge"  # somebody who decides knows that it takes too long


A = Action


class Side(StrEnum):
    """In what relation a person's organisation is to a ticket."""

    OWNER = "owner"  # of the camera, or above it
    RESPONSIBLE = "responsible"
    MAINTAINER = "maintainer"
    VIEWER = "viewer"  # may view the camera


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `id` tells people apart: an account, or "local:" and a name where there is none."""

    id: str
    name: str
    roles: frozenset[str]
    sides: frozenset[Side]


R = Role
REPORTERS = frozenset({R.OPERATOR, R.SUPERVISOR, R.COMMISSIONER, R.MAINTAINER, R.ADMINISTRATOR})
_ALL = frozenset(Side)
_DESK = frozenset({Side.OWNER, Side.RESPONSIBLE})
Right = tuple[frozenset[Side], frozenset[Role]]

_ANYBODY: tuple[Right, ...] = ((_ALL, REPORTERS),)
_DISPATCHER: tuple[Right, ...] = ((_DESK, frozenset({R.SUPERVISOR})),)
_TEAM: tuple[Right, ...] = ((frozenset({Side.MAINTAINER}), frozenset({R.MAINTAINER})),)


@dataclass(frozen=True, slots=True)
class Move:
    """An action: from which states, to which (None: it stays), by whom, and what must be said."""

    states: frozenset[State]
    to: State | None
    rights: tuple[Right, ...]
    needs: tuple[str, ...] = ()


MOVES: Mapping[Action, Move] = MappingProxyType({
    A.JOIN: Move(OPEN, None, _ANYBODY),
    A.COMMENT: Move(frozenset(State), None, _ANYBODY, ("text",)),
    A.SIGNAL: Move(OPEN, None, _ANYBODY, ("live",)),
    A.CHECK: Move(frozenset({S.REPAIRED}), None, _DISPATCHER, ("camera", "picture", "live_s")),
    A.SEPARATE: Move(OPEN, None, _DISPATCHER),
    A.TRIAGE: Move(frozenset({S.NEW}), S.TRIAGED, _DISPATCHER),
    A.PRIORITY: Move(WORKING | {S.SUSPENDED}, None, _DISPATCHER, ("priority", "reason")),
    A.DISPATCH: Move(WORKING, S.DISPATCHED, _DISPATCHER),
    A.DECLINE: Move(frozenset({S.DISPATCHED, S.ACCEPTED}), S.TRIAGED, _TEAM, ("reason",)),
    A.ACCEPT: Move(frozenset({S.DISPATCHED}), S.ACCEPTED, _TEAM),
    A.ARRIVE: Move(frozenset({S.ACCEPTED}), S.ON_SITE, _TEAM),
    A.ASK_PAUSE: Move(frozenset({S.ACCEPTED, S.ON_SITE}), None, _TEAM, ("reason", "until")),
    A.PAUSE: Move(WORKING, S.SUSPENDED, _DISPATCHER, ("reason", "until")),
    A.REFUSE_PAUSE: Move(frozenset({S.ACCEPTED, S.ON_SITE}), None, _DISPATCHER, ("reason",)),
    A.RESUME: Move(frozenset({S.SUSPENDED}), None, (*_TEAM, *_DISPATCHER)),
    A.REPAIR: Move(frozenset({S.ACCEPTED, S.ON_SITE}), S.REPAIRED, _TEAM, ("cause", "work")),
    A.VERIFY: Move(frozenset({S.REPAIRED}), S.VERIFIED, _DISPATCHER, ("picture", "live_s")),
    A.REOPEN: Move(frozenset({S.REPAIRED, S.VERIFIED, S.CLOSED}), S.DISPATCHED, _DISPATCHER,
                   ("reason",)),
    A.CLOSE: Move(frozenset({S.VERIFIED}), S.CLOSED, _DISPATCHER),
    A.CANCEL: Move(frozenset({S.NEW, S.TRIAGED, S.DISPATCHED, S.ACCEPTED, S.ON_SITE, S.SUSPENDED}),
                   S.CANCELLED, _DISPATCHER, ("reason",)),
    A.MERGE: Move(OPEN, S.MERGED, _DISPATCHER, ("into",)),
    A.UNMERGE: Move(frozenset({S.MERGED}), None, _DISPATCHER),
    A.ACKNOWLEDGE: Move(OPEN, None, _DISPATCHER),
    A.ESCALATE: Move(OPEN, None, (*_DISPATCHER, *_TEAM, (_DESK, frozenset({R.OPERATOR}))),
                     ("to", "reason")),
})  # fmt: skip
"""The one table of what may be done (4.6). RESUME goes back to the state before the pause,
UNMERGE to that before the joining."""


class Priority(StrEnum):
    """4.5."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


@dataclass(frozen=True, slots=True)
class Category:
    """What a fault looks like (4.4), or, at repair, what it was."""

    code: str
    name: str
    priority: Priority
    key: str = ""
    """The key that picks it in a report; the commonest have one."""

    @property
    def group(self) -> str:
        """V video, O overlay, P PTZ, E power, N network, S storage, M mechanics, C platform,
        X security."""
        return self.code[0]


def _catalogue(text: str) -> tuple[Category, ...]:
    made = []
    for line in text.strip().splitlines():
        code, priority, key, name = line.split(None, 3)
        made.append(Category(code, name, Priority(priority), "" if key == "-" else key))
    return tuple(made)


CATEGORIES: tuple[Category, ...] = _catalogue("""
V01 P2 1 No signal
V02 P2 2 Black picture
V03 P2 3 Frozen picture
V04 P3 4 Blurred picture
V05 P3 5 Dirty lens
V06 P3 6 View blocked
V07 P3 7 Looks the wrong way
V08 P4 - Wrong colours
V09 P3 8 Noise or stripes
V10 P3 - Shaking picture
V11 P3 - Too dark or too bright
V12 P3 - Stutter or mosaic
O01 P4 - Wrong time in the picture
O02 P4 - Text in the picture missing
O03 P4 - Wrong text in the picture
P01 P3 9 PTZ does not answer
P02 P4 - Wrong preset position
P03 P3 - PTZ jams or is noisy
P04 P3 - Zoom or focus
P05 P4 - Wiper or heater
E01 P2 - Power cut
E02 P2 - Breaker
E03 P2 - Power adapter
E04 P2 - Power line
E05 P2 - Lightning
E06 P3 - UPS or battery
N01 P2 - Fibre
N02 P2 - Transceiver or ONU
N03 P2 0 Network down: switch or port
N04 P3 - Address conflict
N05 P3 - Too little bandwidth
N06 P2 - Wireless link
S01 P1 - No recording
S02 P2 - Gaps in the recording
S03 P2 - Kept too short
S04 P1 - Disk
S05 P2 - Playback fails
M01 P2 - Pole
M02 P3 - Bracket
M03 P3 - Cabinet open or damaged
M04 P1 - Theft
M05 P3 - Construction work
M06 P4 - Plants
M07 P2 - Water
C01 P1 - Platform
C02 P2 - Gateway or cascade
C03 P3 - Console
C04 P3 - Wall or display
C05 P3 - Permission or data
X01 P1 - Default or weak password
X02 P1 - Unknown sign-in
X03 P2 - Firmware vulnerability
X04 P2 - Certificate expired
""")
CATEGORY = MappingProxyType({c.code: c for c in CATEGORIES})
LOST = frozenset({"V01", *(c.code for c in CATEGORIES if c.group in "EN")})
"""Faults that may well be the site's, not the camera's."""
NO_PICTURE = LOST | {"V02", "V03"}
"""Faults that are over, as far as the wall can see, when there is a picture again."""
SCORES = (1, 2, 3, 4, 5)
"""What a repair is worth at its closing (4.6), 5 the best."""
SITE_CAMERAS = 2
"""So many other cameras of a site that are gone too make it a fault of the site."""
BIG_SITE = 8
"""A site with so many cameras down is P1 (4.5)."""


def usual_priority(
    category: Category, point_class: str, cameras: int,
    own: Mapping[str, Priority] = MappingProxyType({}),
) -> Priority:  # fmt: skip
    """4.5: by the number of cameras, then the kind of fault, then the class of the point. `own`:
    priorities that an organisation's rules give to categories, whatever the class."""
    if cameras >= BIG_SITE:
        return Priority.P1
    if category.code in own:
        return own[category.code]
    if category.priority in (Priority.P1, Priority.P4):
        return category.priority
    least = {"2": Priority.P3, "3": Priority.P4}.get(point_class, Priority.P1)
    return max(category.priority, least)


PAUSE_REASONS = ("no_power", "no_access", "road_closed", "approval", "force_majeure")
"""The only reasons to stop the clock (4.5)."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Seconds from the report; `escalate`: the share of a limit after which it is told."""

    accept_s: int
    on_site_s: int
    restore_s: int
    escalate: float
    calendar: Calendar = ALWAYS


_H, _D = 3600, 86400
_DAY = 8 * _H  # a working day


@dataclass(frozen=True, slots=True)
class Rules:
    """Time limits of an organisation, one version. Never changed: a new version takes over for
    tickets reported, re-prioritised or reopened from then on."""

    id: str = ""
    limits: Mapping[Priority, Limit] = field(
        default_factory=lambda: MappingProxyType({
            Priority.P1: Limit(900, _H, 4 * _H, 0.0),
            Priority.P2: Limit(1800, 4 * _H, 24 * _H, 0.8),
            Priority.P3: Limit(2 * _H, 24 * _H, 48 * _H, 0.8),
            Priority.P4: Limit(_DAY, 3 * _DAY, 7 * _DAY, 1.0, OFFICE_WEEK),
        })
    )  # fmt: skip
    live_s: int = 10
    """So long the wall must have seen the picture before it counts as back."""
    reopen_days: int = 30
    """A closed ticket can be reopened so long; later it is a new fault."""
    priorities: Mapping[str, Priority] = field(default_factory=lambda: MappingProxyType({}))
    """Categories that have another priority here than in the catalogue."""

    def to_json(self) -> dict[str, Any]:
        """As stored, without the id."""
        return {
            "limits": {
                p: {"accept_s": m.accept_s, "on_site_s": m.on_site_s, "restore_s": m.restore_s,
                    "escalate": m.escalate, "calendar": m.calendar.to_json()}
                for p, m in self.limits.items()
            },
            "live_s": self.live_s, "reopen_days": self.reopen_days,
            "priorities": {code: str(p) for code, p in sorted(self.priorities.items())},
        }  # fmt: skip

    @staticmethod
    def from_json(identity: str, data: Any) -> Rules:
        """Raises ValueError for what is none."""
        try:
            limits = {
                Priority(p): Limit(
                    _span(m["accept_s"]), _span(m["on_site_s"]), _span(m["restore_s"]),
                    float(m["escalate"]), Calendar.from_json(m["calendar"]),
                )
                for p, m in data["limits"].items()
            }  # fmt: skip
            rules = Rules(
                identity, limits, _span(data["live_s"]), _span(data["reopen_days"]),
                {str(c): Priority(p) for c, p in data.get("priorities", {}).items()},
            )  # fmt: skip
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no rules: {error}") from error
        if limits.keys() != set(Priority):
            raise ValueError("limits for each priority are needed")
        return rules


def weak_points(rules: Rules) -> list[tuple[str, str]]:
    """What makes no sense in time limits that a person entered: (priority, code). Codes: "order"
    (a later step has less time than an earlier one), "zero", "share" (of escalation), "urgent" (a
    more urgent priority has more time than the next; only where both count all hours), "live",
    "reopen", "category"."""
    found: list[tuple[str, str]] = []
    before: tuple[Priority, Limit] | None = None
    for priority in Priority:
        limit = rules.limits[priority]
        spans = (limit.accept_s, limit.on_site_s, limit.restore_s)
        if min(spans) <= 0:
            found.append((priority, "zero"))
        elif list(spans) != sorted(spans):
            found.append((priority, "order"))
        if not 0 <= limit.escalate <= 1:
            found.append((priority, "share"))
        alike = before is not None and before[1].calendar == limit.calendar
        if alike and before is not None and before[1].restore_s > limit.restore_s:
            found.append((priority, "urgent"))
        before = (priority, limit)
    if not 1 <= rules.live_s <= 600:
        found.append(("", "live"))
    if not 0 <= rules.reopen_days <= 365:
        found.append(("", "reopen"))
    if rules.priorities.keys() - CATEGORY.keys():
        found.append(("", "category"))
    return found


def _span(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 10 * 365 * _D:
        raise ValueError("no span of time")
    return value


DEFAULT_RULES = Rules()


@dataclass(frozen=True, slots=True)
class Report:
    """How a ticket began: never changed. `content` as in `Ticket`."""

    at: datetime
    person: str
    author: str
    content: Mapping[str, Any]
    """category, priority, source, text, fault_at, detected_at, rules, cameras, maintainer_id,
    responsible_id, facts."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done with a ticket. `person` is the actor's id, `author` the name."""

    id: str
    at: datetime
    action: Action
    person: str
    author: str
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ticket:
    """How a ticket stands. The times are what figures are made of (4.2); None: not yet."""

    state: State
    category: str
    priority: Priority
    reported_at: datetime
    fault_at: datetime
    detected_at: datetime
    responsible_id: str = ""
    maintainer_id: str = ""
    team: str = ""
    cameras: tuple[str, ...] = ()
    """All that it is about, the first reported first."""
    rules: str = ""
    clock_from: datetime | None = None
    """When the limits began to run."""
    due_accept: datetime | None = None
    due_on_site: datetime | None = None
    due_restore: datetime | None = None
    triaged_at: datetime | None = None
    dispatched_at: datetime | None = None
    accepted_at: datetime | None = None
    arrived_at: datetime | None = None
    repaired_at: datetime | None = None
    verified_at: datetime | None = None
    closed_at: datetime | None = None
    """Closed, cancelled or merged."""
    state_since: datetime | None = None
    paused_from: datetime | None = None
    paused_until: datetime | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    """Approved pauses that have ended."""
    paused_in: State | None = None
    asked: str = ""
    """The reason of a pause that waits for approval."""
    asked_at: datetime | None = None
    repairers: frozenset[str] = frozenset()
    """Who accepted, was on site or repaired since the last verification: none of them verifies."""
    cause: str = ""
    joined: int = 0
    reopened: int = 0
    level: int = 0
    """How often it was escalated."""
    into: str = ""
    merged_in: State | None = None
    """Where it was before it was joined to another."""
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Tickets that were joined to this one, and the cameras that each brought."""
    signal: bool | None = None
    """Whether the wall saw the picture last; None: nothing was said."""
    signal_at: datetime | None = None
    back: tuple[str, ...] = ()
    """Cameras whose picture the wall saw return."""
    lost_again: tuple[str, ...] = ()
    """Cameras whose picture went again after they had been verified."""
    checked: tuple[str, ...] = ()
    """Of several cameras, those that were seen and compared since the repair."""
    serial: str = ""
    """Of a device that was put in the place of the old one."""
    score: int = 0
    """Given at the closing; 0: none."""
    told_due: datetime | None = None
    """The limit about whose passing somebody above was told."""
    last_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def paused_s(self) -> int:
        """Seconds of the pauses that have ended."""
        return round(sum((end - begin).total_seconds() for begin, end in self.pauses))

    @property
    def due(self) -> datetime | None:
        """The limit that runs now: to accept, then to be on site, then to restore."""
        if self.state in (S.NEW, S.TRIAGED, S.DISPATCHED):
            return self.due_accept
        if self.state is S.ACCEPTED:
            return self.due_on_site
        return self.due_restore if self.state is S.ON_SITE else None

    def overdue(self, now: datetime) -> bool:
        """Whether the limit that runs has passed."""
        return self.due is not None and now > self.due

    def late(self) -> bool | None:
        """Whether it was repaired too late; None while it is not repaired."""
        if self.repaired_at is None or self.due_restore is None:
            return None
        return self.repaired_at > self.due_restore

    def escalate_at(self, rules: Rules) -> datetime | None:
        """When somebody above should know (last column of 4.5); None where no clock runs, or for
        this limit somebody was told."""
        if self.due is None or self.clock_from is None or self.told_due == self.due:
            return None
        begin = self.clock_from
        return begin + (self.due - begin) * rules.limits[self.priority].escalate

    def escalation_due(self, now: datetime, rules: Rules) -> bool:
        """Whether somebody above should know by now and was not told."""
        at = self.escalate_at(rules)
        return at is not None and now >= at

    @property
    def is_back(self) -> bool:
        """Whether the wall saw the pictures of all its cameras return."""
        return bool(self.cameras) and set(self.cameras) <= set(self.back)

    def to_check(self, camera: str = "") -> tuple[str, ...]:
        """Cameras that nobody has compared yet, but for this one."""
        return tuple(c for c in self.cameras if c not in self.checked and c != camera)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something may not be done. `code`: "invalid_state", "forbidden", "same_person",
    "missing" (`detail` is the field), "not_live", "not_compared", "not_all" (`detail`: how many
    cameras are left), "lost_again", "too_late", "unknown"."""

    code: str
    detail: str = ""


def _with(ticket: Ticket, **changes: Any) -> Ticket:
    """`dataclasses.replace`, many times faster: lists of 100,000 are made by it."""
    made = object.__new__(Ticket)
    made.__dict__.update(ticket.__dict__, **changes)
    return made


def may(action: Action, actor: Actor) -> bool:
    """Whether one of the person's roles, on one of the person's sides, has the right."""
    return any(actor.sides & sides and actor.roles & roles for sides, roles in MOVES[action].rights)


def check(
    ticket: Ticket, action: Action, actor: Actor, at: datetime, content: Mapping[str, Any] | None,
    rules: Rules = DEFAULT_RULES,
) -> Refusal | None:  # fmt: skip
    """Why this person may not do this now; None when it may be done. `content` None: what has to be
    said is not asked yet."""
    move = MOVES[action]
    if not may(action, actor):
        return Refusal("forbidden")
    if ticket.state not in move.states:
        return Refusal("invalid_state", ticket.state)
    if action in (A.VERIFY, A.CHECK, A.CLOSE) and actor.id in ticket.repairers:
        return Refusal("same_person")
    if action is A.CLOSE and ticket.lost_again:
        return Refusal("lost_again")
    closed = ticket.closed_at if action is A.REOPEN else None
    if closed is not None and at - closed > timedelta(days=rules.reopen_days):
        return Refusal("too_late")
    if action is A.REFUSE_PAUSE and not ticket.asked:
        return Refusal("invalid_state", ticket.state)
    return None if content is None else _incomplete(ticket, action, at, content, rules)


def _incomplete(
    ticket: Ticket, action: Action, at: datetime, content: Mapping[str, Any], rules: Rules
) -> Refusal | None:
    for name in MOVES[action].needs:
        value = content.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            return Refusal("missing", name)
    match action:
        case A.PRIORITY if content["priority"] not in set(Priority):
            return Refusal("missing", "priority")
        case A.PAUSE | A.ASK_PAUSE:
            if content["reason"] not in PAUSE_REASONS:
                return Refusal("missing", "reason")
            until = moment(content["until"])
            if until is None or until <= at:
                return Refusal("missing", "until")
        case A.REPAIR if content["cause"] not in CATEGORY:
            return Refusal("missing", "cause")
        case A.VERIFY | A.CHECK:
            camera = str(content.get("camera") or ticket.cameras[0] if ticket.cameras else "")
            if action is A.CHECK and camera not in ticket.cameras:
                return Refusal("missing", "camera")
            files = content.get("files")
            if not isinstance(files, list | tuple) or content["picture"] not in files:
                return Refusal("missing", "picture")  # a fresh one, that is kept
            live = content["live_s"]
            if type(live) not in (int, float) or live < rules.live_s:
                return Refusal("not_live", str(rules.live_s))
            if content.get("same") is not True:
                return Refusal("not_compared")
            if not content.get("reference") and content.get("first") is not True:
                return Refusal("not_compared")
            if action is A.VERIFY and (left := ticket.to_check(camera)):
                return Refusal("not_all", str(len(left)))
        case A.SEPARATE:
            joined = content.get("from")
            if joined:
                known = joined in dict(ticket.parts)
            else:
                gone = set(_cameras(content))
                known = bool(gone) and gone < set(ticket.cameras)
            if not known:
                return Refusal("missing", "from" if joined else "cameras")
        case A.CLOSE if content.get("score") not in (None, 0, *SCORES):
            return Refusal("missing", "score")
    return None


def compared(content: Mapping[str, Any], references: Collection[str]) -> bool:
    """Whether a verification was made with the camera's own reference picture; `references`:
    SHA-256 of those that it has or had. Only where there is none may a new one be the first."""
    if content.get("reference"):
        return content["reference"] in references
    return not references


def begin(report: Report, rules: Rules = DEFAULT_RULES) -> Ticket:
    """A ticket as it was reported. What makes no sense in it becomes the default."""
    said = report.content
    category = CATEGORY.get(str(said.get("category")), CATEGORIES[0])
    priority = said.get("priority")
    ticket = Ticket(
        S.NEW, category.code,
        Priority(priority) if priority in set(Priority) else category.priority,
        reported_at=report.at,
        fault_at=moment(said.get("fault_at")) or report.at,
        detected_at=moment(said.get("detected_at")) or report.at,
        responsible_id=str(said.get("responsible_id") or ""),
        maintainer_id=str(said.get("maintainer_id") or ""),
        cameras=_cameras(said),
        state_since=report.at, last_at=report.at,
    )  # fmt: skip
    return _clocked(ticket, report.at, rules)


def _cameras(said: Mapping[str, Any]) -> tuple[str, ...]:
    found = said.get("cameras")
    return tuple(str(c) for c in found) if isinstance(found, list | tuple) else ()


def _clocked(ticket: Ticket, start: datetime, rules: Rules) -> Ticket:
    """Limits that run from `start`, moved by the pauses since: a limit that had passed before a
    pause began stays missed."""
    limit = rules.limits[ticket.priority]
    dues = []
    for seconds in (limit.accept_s, limit.on_site_s, limit.restore_s):
        due = limit.calendar.after(start, seconds)
        for begin_at, end in ticket.pauses:
            if start <= begin_at <= due:
                due = limit.calendar.after(due, limit.calendar.between(begin_at, end))
        dues.append(due)
    return _with(ticket, rules=rules.id, clock_from=start, due_accept=dues[0],
                   due_on_site=dues[1], due_restore=dues[2])  # fmt: skip


def _resumed(ticket: Ticket, at: datetime, rules: Rules) -> Ticket:
    """A pause ended, at the latest when it was to end."""
    begin_at, until = ticket.paused_from, ticket.paused_until
    if begin_at is None:
        return ticket
    end = max(begin_at, min(at, until) if until else at)
    ticket = _with(ticket, paused_from=None, paused_until=None, paused_in=None,
                     pauses=(*ticket.pauses, (begin_at, end)))  # fmt: skip
    return _clocked(ticket, ticket.clock_from or ticket.reported_at, rules)


def apply(ticket: Ticket, event: Event, rules: Mapping[str, Rules]) -> Ticket:
    """The ticket after an event; as it was where the event does not fit its state (of two that were
    made apart, the server took the other)."""
    move, said, at = MOVES[event.action], event.content, event.at
    if ticket.state not in move.states:
        return ticket
    before = ticket
    current = rules.get(ticket.rules, DEFAULT_RULES)
    new = rules.get(str(said.get("rules", ticket.rules)), current)
    match event.action:
        case A.JOIN:
            earlier = [m for m in (moment(said.get("fault_at")),) if m is not None]
            new_cameras = tuple(c for c in dict.fromkeys(_cameras(said)) if c not in ticket.cameras)
            part = str(said.get("from") or "")
            ticket = _with(
                ticket, joined=ticket.joined + 1, fault_at=min([ticket.fault_at, *earlier]),
                cameras=(*ticket.cameras, *new_cameras),
                parts=(*ticket.parts, (part, new_cameras)) if part else ticket.parts,
            )  # fmt: skip
        case A.SEPARATE:
            ticket = _separated(ticket, said)
        case A.UNMERGE:
            ticket = _with(ticket, state=ticket.merged_in or S.NEW, closed_at=None, into="",
                           merged_in=None)  # fmt: skip
        case A.SIGNAL:
            ticket = _signalled(ticket, said, at)
        case A.CHECK:
            camera = str(said.get("camera"))
            ticket = _with(ticket, checked=tuple(dict.fromkeys((*ticket.checked, camera))))
        case A.TRIAGE:
            category = str(said.get("category"))
            ticket = _with(ticket, triaged_at=ticket.triaged_at or at,
                             category=category if category in CATEGORY else ticket.category)  # fmt: skip
        case A.PRIORITY:
            ticket = _with(ticket, priority=Priority(said["priority"]))
            ticket = _clocked(ticket, ticket.clock_from or ticket.reported_at, new)
        case A.DISPATCH:
            ticket = _with(
                ticket, dispatched_at=at, triaged_at=ticket.triaged_at or at,
                maintainer_id=str(said.get("to") or ticket.maintainer_id),
                team=str(said.get("team") or ""), accepted_at=None, arrived_at=None,
                asked="", asked_at=None,
            )  # fmt: skip
        case A.DECLINE:
            ticket = _with(ticket, accepted_at=None, asked="", asked_at=None)
        case A.ACCEPT:
            ticket = _with(ticket, accepted_at=at)
        case A.ARRIVE:
            ticket = _with(ticket, arrived_at=at)
        case A.ASK_PAUSE:
            ticket = _with(ticket, asked=str(said["reason"]), asked_at=at)
        case A.REFUSE_PAUSE:
            ticket = _with(ticket, asked="", asked_at=None)
        case A.PAUSE:
            # What was asked for counts from the asking: an approval that takes long costs nobody.
            begin_at = ticket.asked_at if ticket.asked else at
            ticket = _with(ticket, paused_from=begin_at, paused_until=moment(said["until"]),
                             paused_in=ticket.state, asked="", asked_at=None)  # fmt: skip
        case A.RESUME:
            back = ticket.paused_in or S.ACCEPTED
            ticket = _with(_resumed(ticket, at, current), state=back)
        case A.REPAIR:
            ticket = _with(ticket, repaired_at=at, cause=str(said.get("cause") or ""),
                             arrived_at=ticket.arrived_at or at, asked="", asked_at=None,
                             checked=(), serial=str(said.get("serial") or ""))  # fmt: skip
        case A.VERIFY:
            ticket = _with(ticket, verified_at=at, lost_again=())
        case A.REOPEN:
            ticket = _with(
                ticket, reopened=ticket.reopened + 1, dispatched_at=at, accepted_at=None,
                arrived_at=None, repaired_at=None, verified_at=None, closed_at=None,
                repairers=frozenset(), checked=(), lost_again=(), back=(), score=0,
            )  # fmt: skip
            ticket = _clocked(ticket, at, new)
        case A.CLOSE | A.CANCEL | A.MERGE:
            if event.action is A.MERGE:
                ticket = _with(ticket, merged_in=ticket.paused_in or ticket.state)
            if ticket.paused_from:
                ticket = _resumed(ticket, at, current)
            score = said.get("score")
            ticket = _with(ticket, closed_at=at, into=str(said.get("into") or ""),
                           score=score if score in SCORES else 0)  # fmt: skip
        case A.ESCALATE:
            ticket = _with(ticket, level=ticket.level + 1, told_due=ticket.due)
        case A.ACKNOWLEDGE:
            ticket = _with(ticket, told_due=ticket.due)
    if event.action in (A.ACCEPT, A.ARRIVE, A.REPAIR):
        ticket = _with(ticket, repairers=ticket.repairers | {event.person})
    if move.to is not None:
        ticket = _with(ticket, state=move.to)
    since = at if ticket.state is not before.state else ticket.state_since
    return _with(ticket, state_since=since, last_at=max(at, ticket.last_at or at))


def _separated(ticket: Ticket, said: Mapping[str, Any]) -> Ticket:
    """Without the cameras that are named, or those that a joined report brought; one stays."""
    joined = str(said.get("from") or "")
    if joined:
        gone = set(dict(ticket.parts).get(joined, ()))
        if joined in dict(ticket.parts):
            ticket = _with(ticket, joined=max(0, ticket.joined - 1),
                           parts=tuple(p for p in ticket.parts if p[0] != joined))  # fmt: skip
    else:
        gone = set(_cameras(said))
    kept = tuple(c for c in ticket.cameras if c not in gone)
    if not kept:
        return ticket
    return _with(
        ticket, cameras=kept, checked=tuple(c for c in ticket.checked if c in kept),
        back=tuple(c for c in ticket.back if c in kept),
        lost_again=tuple(c for c in ticket.lost_again if c in kept),
    )  # fmt: skip


def _signalled(ticket: Ticket, said: Mapping[str, Any], at: datetime) -> Ticket:
    """The wall saw a camera's picture return, or go."""
    live = bool(said.get("live"))
    camera = str(said.get("camera") or (ticket.cameras[0] if ticket.cameras else ""))
    back = tuple(c for c in ticket.back if c != camera)
    lost = tuple(c for c in ticket.lost_again if c != camera)
    if camera in ticket.cameras:
        if live:
            back = (*back, camera)
        elif ticket.state is S.VERIFIED:
            lost = (*lost, camera)
    return _with(ticket, signal=live, signal_at=at, back=back, lost_again=lost)


def fold(report: Report, events: Iterable[Event], rules: Mapping[str, Rules]) -> Ticket:
    """How a ticket stands after its events, in the order in which the server took them."""
    ticket = begin(report, rules.get(str(report.content.get("rules", "")), DEFAULT_RULES))
    for event in events:
        ticket = apply(ticket, event, rules)
    return ticket


def moment(value: Any) -> datetime | None:
    """A stored time; None for what is none."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found.astimezone(UTC) if found.tzinfo else None


TIMES = tuple(f.name for f in fields(Ticket) if str(f.type) in ("datetime", "datetime | None"))
"""Fields that are times."""


def sides(
    own: frozenset[str], organisation_id: str, responsible_id: str, maintainer_id: str, sees: bool
) -> frozenset[Side]:
    """How somebody stands to a ticket. `own`: the person's organisation and those below it;
    `sees`: whether the person may view the camera. Who has no maintainer maintains by itself."""
    found = set()
    if organisation_id in own:
        found.add(Side.OWNER)
    if responsible_id in own:
        found.add(Side.RESPONSIBLE)
    if (maintainer_id or organisation_id) in own:
        found.add(Side.MAINTAINER)
    if sees:
        found.add(Side.VIEWER)
    return frozenset(found)
