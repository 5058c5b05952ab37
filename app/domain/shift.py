"""Shifts: who was there, what worked, what is handed over. Read from the entries of a log.

Domain reference 5.3 (shift log) and 7.2: the handover is a list that must be read item by item;
unread items block the signature. Breaks are reminded of, and only an acknowledgement is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain.chain import canonical, link
from app.domain.logbook import Entry, heads, in_order, shown_number


class Kind(StrEnum):
    """Entries of a shift, with their data."""

    BEGUN = "begun"  # number, place, name, from, to, taken_over (shift id)
    SIGNED_ON = "signed on"  # person, role
    SIGNED_OFF = "signed off"  # person
    CHECKED = "checked"  # list, version, item, text, good, words
    NOTE = "note"  # text, begun
    BREAK = "break"  # person, minutes
    HANDED_OVER = "handed over"  # document, sha256
    COUNTERSIGNED = "countersigned"  # name, sha256; `about`: the handing over
    ROSTERED = "rostered"  # day, name, from, to, people: in the roster
    SHELVED = "shelved"  # what, name, reason, until; `camera_id`: an alarm put off
    TAKEN_BACK = "taken back"  # `about`: the putting off that ends early


class State(StrEnum):
    """How far a shift is."""

    RUNNING = "running"
    HANDED_OVER = "handed over"
    COUNTERSIGNED = "countersigned"


@dataclass(frozen=True, slots=True)
class Shift:
    """What the entries say. Times are aware UTC."""

    id: str
    number: str
    begun: Entry
    staff: tuple[tuple[str, str, datetime], ...]
    """(name, role, signed on at), who is here now."""
    checks: Mapping[str, Entry]
    """Item to its latest check."""
    notes: tuple[Entry, ...]
    entries: tuple[Entry, ...]
    state: State
    handover: Entry | None = None
    countersign: Entry | None = None

    @property
    def began_at(self) -> datetime:
        """When the first person signed on."""
        return self.begun.true_at

    @property
    def ended_at(self) -> datetime | None:
        """When it was handed over."""
        return self.handover.true_at if self.handover else None


def shift_of(entries: Iterable[Entry]) -> Shift | None:
    """What the entries of one subject say; None without one that begins it."""
    ordered = in_order(entries)
    begun = next((e for e in ordered if e.kind == Kind.BEGUN), None)
    if begun is None:
        return None
    staff: dict[str, tuple[str, str, datetime]] = {}
    checks: dict[str, Entry] = {}
    handover = countersign = None
    for entry in ordered:
        person = str(entry.data.get("person", ""))
        match entry.kind:
            case Kind.SIGNED_ON:
                staff[person] = (person, str(entry.data.get("role", "")), entry.true_at)
            case Kind.SIGNED_OFF:
                staff.pop(person, None)
            case Kind.CHECKED:
                checks[str(entry.data.get("item", ""))] = entry
            case Kind.HANDED_OVER:
                handover = handover or entry
            case Kind.COUNTERSIGNED if handover:
                countersign = countersign or entry
    state = State.RUNNING
    if handover is not None:
        state = State.COUNTERSIGNED if countersign else State.HANDED_OVER
    notes = [e for e in ordered if e.kind == Kind.NOTE]
    return Shift(
        begun.subject, shown_number(begun.console, int(begun.data.get("number", 0))), begun,
        tuple(staff.values()), checks, tuple(heads(notes)), tuple(ordered), state, handover,
        countersign,
    )  # fmt: skip


# -- the handover


class Fact(StrEnum):
    """What a handover tells, in this order."""

    INCIDENT = "incident"  # open
    FAULT = "fault"  # open
    LOST = "lost"  # a camera lost in the shift and not back
    RETURNED = "returned"  # lost and back
    TROUBLE = "trouble"  # a picture problem now
    PTZ = "ptz"  # left off home
    EXPORT = "export"  # begun without a result, or failed
    REVIEW = "review"  # incidents closed and not reviewed; shifts not countersigned
    ALARM = "alarm"  # shelved
    CHECK = "check"  # equipment that was not in order
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be read. `key` names the thing, so that a list made again knows what was read."""

    fact: Fact
    key: str
    title: str
    detail: str = ""
    at: datetime | None = None


ORDER = {fact: i for i, fact in enumerate(Fact)}
LONGEST_SHELVED = timedelta(hours=12)
"""An alarm is put off to the end of the shift at most (5.8), and no shift is longer."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """An alarm that somebody put off. Times are aware UTC."""

    entry: Entry
    what: str
    """Kind of the camera's event."""
    name: str
    reason: str
    until: datetime

    @property
    def camera_id(self) -> str:
        """Whose alarm."""
        return self.entry.camera_id


def shelved_of(entries: Iterable[Entry], now: datetime) -> list[Shelved]:
    """What is put off at `now`, what ends first at the top. Unreadable ones are left out."""
    some = list(entries)
    back = {i for e in some if e.kind == Kind.TAKEN_BACK for i in e.about}
    found: dict[tuple[str, str], Shelved] = {}
    for entry in sorted(some, key=lambda e: (e.true_at, e.number)):
        if entry.kind != Kind.SHELVED or entry.id in back:
            continue
        data = entry.data
        try:
            until = datetime.fromisoformat(str(data.get("until", "")))
        except ValueError:
            continue
        if until.tzinfo is None or not now < until <= entry.true_at + LONGEST_SHELVED:
            continue
        what, name, reason = (str(data.get(k, "")) for k in ("what", "name", "reason"))
        found[entry.camera_id, what] = Shelved(entry, what, name, reason, until)
    return sorted(found.values(), key=lambda s: s.until)


def ordered(items: Iterable[Item]) -> list[Item]:
    """As they are read: by kind, then by time."""
    return sorted(items, key=lambda i: (ORDER[i.fact], i.at.timestamp() if i.at else 0.0, i.key))


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, when. `confirmed`: with the PIN; without one the name was only given."""

    name: str
    at: datetime
    confirmed: bool


class Refused(StrEnum):
    """Why a handover cannot be signed."""

    UNREAD = "unread"
    SAME_PERSON = "same person"
    NAMELESS = "nameless"
    NOT_SIGNED = "not signed"


def problem_of_signing(
    items: Sequence[Item], read: Mapping[str, datetime], leaving: str, taking: str
) -> str:
    """Why both cannot sign yet ("" when they can)."""
    if any(item.key not in read for item in items):
        return Refused.UNREAD
    if not leaving.strip() or not taking.strip():
        return Refused.NAMELESS
    if leaving.strip().casefold() == taking.strip().casefold():
        return Refused.SAME_PERSON
    return ""


def problem_of_countersigning(shift: Shift, supervisor: str) -> str:
    """Why the supervisor cannot countersign ("" when that is possible): a third person does."""
    if shift.handover is None:
        return Refused.NOT_SIGNED
    document = shift.handover.data.get("document", {})
    names = {str(document.get(key, {}).get("name", "")).casefold() for key in ("leaving", "taking")}
    if not supervisor.strip():
        return Refused.NAMELESS
    return Refused.SAME_PERSON if supervisor.strip().casefold() in names else ""


def document_of(
    shift: Shift, items: Sequence[Item], read: Mapping[str, datetime], leaving: Signature,
    taking: Signature,
) -> dict[str, Any]:  # fmt: skip
    """What both sign: the list with the moment each item was read. Raises ValueError when it may
    not be signed."""
    problem = problem_of_signing(items, read, leaving.name, taking.name)
    if problem:
        raise ValueError(problem)
    return {
        "shift": shift.number,
        "from": shift.began_at.isoformat(),
        "staff": [[name, role, at.isoformat()] for name, role, at in shift.staff],
        "items": [
            {
                "fact": str(i.fact), "key": i.key, "title": i.title, "detail": i.detail,
                "at": i.at.isoformat() if i.at else "", "read": read[i.key].isoformat(),
            }
            for i in items
        ],
        "leaving": _signed(leaving),
        "taking": _signed(taking),
    }  # fmt: skip


def _signed(who: Signature) -> dict[str, Any]:
    return {"name": who.name, "at": who.at.isoformat(), "confirmed": who.confirmed}


def hash_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of a handover's canonical text, hex."""
    return link("", canonical(document))


# -- breaks

SHORT, LONG = timedelta(minutes=30), timedelta(hours=2)
"""Continuous watching before a reminder, and before the second (domain reference 7.2)."""


@dataclass(frozen=True, slots=True)
class Watching:
    """For how long somebody has been watching. Kept in memory only, never written."""

    since: datetime
    reminded: timedelta = timedelta()

    def due(self, now: datetime) -> timedelta | None:
        """The reminder that is due: 30 min or 2 h, each once; None when none is."""
        watched = now - self.since
        for limit in (LONG, SHORT):
            if watched >= limit > self.reminded:
                return limit
        return None


# -- streams lost and returned


@dataclass(frozen=True, slots=True)
class Outage:
    """A camera that had no good picture on this console. `until` None: it still has none."""

    camera_id: str
    state: str
    since: datetime
    until: datetime | None = None
    cause: str = ""


DEBOUNCE = timedelta(seconds=10)
"""Shorter losses are not written down (ISA-18.2's on-delay; reconnections are none)."""


class Watch:
    """Turns states of streams into outages: a loss counts once it lasted `delay`, and so does a
    return. Knows no clock of its own."""

    def __init__(self, delay: timedelta = DEBOUNCE) -> None:
        self.delay = delay
        self._seen: dict[str, tuple[bool, str, datetime, str]] = {}
        self._lost: dict[str, Outage] = {}

    def restore(self, outages: Iterable[Outage]) -> None:
        """Outages that were open when the program ended."""
        self._lost |= {o.camera_id: o for o in outages}

    def see(self, camera: str, good: bool, state: str, now: datetime, cause: str = "") -> None:
        """A camera's state now; `good`: a live picture."""
        before = self._seen.get(camera)
        if before is None or before[0] != good:
            self._seen[camera] = (good, state, now, cause)
        elif not good:
            self._seen[camera] = (good, state, before[2], cause)

    def forget(self, camera: str) -> None:
        """Nobody looks at it any more: nothing is known of it until somebody does."""
        self._seen.pop(camera, None)

    def due(self, now: datetime) -> list[Outage]:
        """Outages that have begun or ended for good since the last call."""
        found = []
        for camera, (good, state, since, cause) in self._seen.items():
            if now - since < self.delay:
                continue
            lost = self._lost.get(camera)
            if not good and lost is None:
                self._lost[camera] = outage = Outage(camera, state, since, None, cause)
                found.append(outage)
            elif good and lost is not None:
                del self._lost[camera]
                found.append(Outage(camera, lost.state, lost.since, since, lost.cause))
        return found
