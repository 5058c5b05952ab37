"""Commissioning of a camera: what is checked, and the way from a draft to an accepted record.

Blocks, items and evidence: the domain reference, 5.2. A record is read from the entries of a log
(`record_of`), so that it can be worked on offline and by several people and loses nothing. The accepted
record is the camera's baseline: later checks compare with it (`moved_from`). Nothing here is a claim of
conformity with a standard.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from app.domain.logbook import Entry, in_order, shown_number


class Proof(enum.StrEnum):
    """What an item has to show for itself."""

    VALUES = "values"
    PICTURE = "picture"
    PHOTO = "photo"
    TICK = "tick"
    NAME = "name"
    """Who approved it."""


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One line of the list. `automatic`: the client measures it; a person may only explain it."""

    code: str
    block: str
    proof: Proof
    automatic: bool = False
    ptz_only: bool = False


CHECKLIST_VERSION = 1
_LIST = (
    ("identity", "code", Proof.VALUES, True), ("identity", "name", Proof.VALUES, False),
    ("identity", "place", Proof.VALUES, False), ("identity", "serial", Proof.VALUES, False),
    ("picture", "day", Proof.PICTURE, False), ("picture", "night", Proof.PICTURE, False),
    ("picture", "view", Proof.PICTURE, False), ("picture", "detail", Proof.VALUES, False),
    ("function", "main_stream", Proof.VALUES, True), ("function", "sub_stream", Proof.VALUES, True),
    ("function", "first_picture", Proof.VALUES, True), ("function", "connections", Proof.VALUES, True),
    ("function", "ptz", Proof.VALUES, True), ("function", "presets", Proof.TICK, False),
    ("function", "audio", Proof.TICK, False), ("function", "events", Proof.VALUES, True),
    ("overlay", "text", Proof.TICK, False), ("overlay", "clock", Proof.VALUES, True),
    ("recording", "playback", Proof.PICTURE, False), ("recording", "retention", Proof.TICK, False),
    ("network", "loss", Proof.VALUES, True),
    ("security", "password", Proof.TICK, False), ("security", "services", Proof.TICK, False),
    ("security", "firmware", Proof.VALUES, False), ("security", "certificate", Proof.TICK, False),
    ("site", "cabinet", Proof.PHOTO, False), ("site", "sign", Proof.PHOTO, False),
    ("legal", "purpose", Proof.NAME, False), ("legal", "masks", Proof.TICK, False),
    ("legal", "place", Proof.TICK, False),
)  # fmt: skip
CHECKLIST: tuple[CheckItem, ...] = tuple(
    CheckItem(f"{block}.{name}", block, proof, automatic, name in ("ptz", "presets"))
    for block, name, proof, automatic in _LIST
)
BY_CODE: Mapping[str, CheckItem] = MappingProxyType({item.code: item for item in CHECKLIST})
FIRST_PICTURE_S = 5.0
"""At most until the first picture."""
TRIAL_DAYS = 30
"""Of trial operation after the first acceptance, with a record of faults (GB 55029-2022, 4.0.7)."""


class Verdict(enum.StrEnum):
    """Of one item."""

    OPEN = "open"
    MET = "pass"
    FAILED = "fail"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Result:
    """What was found about an item."""

    verdict: Verdict
    by: str
    at: datetime
    note: str = ""
    """The reason where it does not apply, what is wrong where it fails."""
    values: Mapping[str, str | float | None] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    """SHA-256 of pictures and photos."""

    def problem(self, item: CheckItem) -> str:
        """Why this is no result yet; "" where it is one."""
        match self.verdict:
            case Verdict.OPEN:
                return "open"
            case Verdict.NOT_APPLICABLE | Verdict.FAILED if not self.note.strip():
                return "reason missing"
            case Verdict.MET if item.proof in (Proof.PICTURE, Proof.PHOTO) and not self.files:
                return "picture missing"
            case Verdict.MET if item.proof is Proof.VALUES and not self.values:
                return "value missing"
            case Verdict.MET if item.proof is Proof.NAME and not self.note.strip():
                return "name missing"
        return ""


class State(enum.StrEnum):
    """Of a record."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SENT_BACK = "sent back"
    ACCEPTED = "accepted"
    SAMPLED = "sampled"
    """Accepted, and checked once more by a third person."""


class CommissioningError(ValueError):
    """A step that may not be taken now. `reason` is a short name; `items`: which items are in the way."""

    def __init__(self, reason: str, items: tuple[str, ...] = ()) -> None:
        super().__init__(f"{reason}: {', '.join(items)}" if items else reason)
        self.reason, self.items = reason, items


@dataclass(frozen=True, slots=True)
class Record:
    """The commissioning of one camera."""

    camera: str
    turns: bool
    results: Mapping[str, Result] = field(default_factory=dict)
    state: State = State.DRAFT
    installer: str = ""
    reviewer: str = ""
    sampler: str = ""
    id: str = ""
    number: str = ""
    name: str = ""
    """The camera's, when it began."""
    remarks: tuple[tuple[str, str], ...] = ()
    """(item, what is to be done), of the last time it was sent back."""
    accepted_at: datetime | None = None
    tickets: Mapping[str, str] = field(default_factory=dict)
    """Item that failed to the number of the fault that was reported for it."""

    @property
    def items(self) -> tuple[CheckItem, ...]:
        """The lines that this camera has."""
        return tuple(i for i in CHECKLIST if self.turns or not i.ptz_only)

    @property
    def missing(self) -> dict[str, str]:
        """Items that are no result yet, and why."""
        found = {}
        for item in self.items:
            result = self.results.get(item.code)
            problem = result.problem(item) if result else "open"
            if problem:
                found[item.code] = problem
        return found

    @property
    def failed(self) -> tuple[str, ...]:
        """Items that failed: each becomes a ticket."""
        return tuple(
            i.code for i in self.items
            if (r := self.results.get(i.code)) is not None and r.verdict is Verdict.FAILED
        )  # fmt: skip

    @property
    def unreported(self) -> tuple[str, ...]:
        """Items that failed and have no fault yet."""
        return tuple(code for code in self.failed if not self.tickets.get(code))

    @property
    def progress(self) -> tuple[int, int]:
        """Items done, and all."""
        return len(self.items) - len(self.missing), len(self.items)

    def found(self, code: str, result: Result) -> Record:
        """With the result of an item. Raises CommissioningError once it is submitted."""
        if self.state not in (State.DRAFT, State.SENT_BACK):
            raise CommissioningError("submitted")
        if code not in {i.code for i in self.items}:
            raise CommissioningError("no such item", (code,))
        return replace(self, results=MappingProxyType({**self.results, code: result}))

    def submitted(self, by: str) -> Record:
        """Signed by the installer. Raises CommissioningError while items are open, or remarks of the
        reviewer were not worked on."""
        if self.state not in (State.DRAFT, State.SENT_BACK):
            raise CommissioningError("submitted")
        if self.missing:
            raise CommissioningError("open", tuple(self.missing))
        if not by.strip():
            raise CommissioningError("signature missing")
        return replace(self, state=State.SUBMITTED, installer=by)

    def sent_back(self, by: str, remarks: tuple[tuple[str, str], ...]) -> Record:
        """The reviewer names what is to be done; those items are open again."""
        self._review(by)
        if not remarks or any(not what.strip() for _, what in remarks):
            raise CommissioningError("remarks missing")
        again = {code for code, _ in remarks}
        kept = {code: r for code, r in self.results.items() if code not in again}
        return replace(self, state=State.SENT_BACK, reviewer=by, remarks=remarks,
                       results=MappingProxyType(kept))  # fmt: skip

    def accepted(self, by: str, at: datetime, tickets: Mapping[str, str]) -> Record:
        """Signed by the reviewer. `tickets`: the fault that was reported for each failed item."""
        self._review(by)
        known = self.reported(tickets)
        if known.unreported:
            raise CommissioningError("ticket missing", known.unreported)
        return replace(known, state=State.ACCEPTED, reviewer=by, accepted_at=at, remarks=())

    def reported(self, tickets: Mapping[str, str]) -> Record:
        """Faults were reported for items that failed, in whatever state the record is."""
        found = {str(i): str(n) for i, n in tickets.items() if i in self.failed and str(n).strip()}
        return replace(self, tickets=MappingProxyType({**self.tickets, **found}))

    def sampled(self, by: str) -> Record:
        """A third person looked at it too."""
        if self.state is not State.ACCEPTED:
            raise CommissioningError("not accepted")
        if by.strip() in ("", self.installer, self.reviewer):
            raise CommissioningError("another person")
        return replace(self, state=State.SAMPLED, sampler=by)

    def _review(self, by: str) -> None:
        if self.state is not State.SUBMITTED:
            raise CommissioningError("not submitted")
        if by.strip() in ("", self.installer):
            raise CommissioningError("another person")


# -- from the entries of a log


class Kind(enum.StrEnum):
    """Entries of a record, with their data. The camera is in `camera_id`."""

    BEGUN = "begun"  # number, name, turns, version
    RESULT = "result"  # item, verdict, note, values, files
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"  # remarks ([item, what is to be done] each)
    ACCEPTED = "accepted"  # tickets (item to ticket)
    SAMPLED = "sampled"
    REPORTED = "reported"  # tickets (item to number of the fault)


INSTALLERS_KINDS = frozenset({Kind.BEGUN, Kind.RESULT, Kind.SUBMITTED})
"""Entries of who sets up; the others are a reviewer's."""


def step(record: Record, kind: str, by: str, at: datetime, data: Mapping[str, Any]) -> Record:
    """The record after an entry. Raises CommissioningError, and ValueError for an unreadable one."""
    match kind:
        case Kind.RESULT:
            values = {str(k): v for k, v in dict(data.get("values", {})).items()}
            files = tuple(map(str, data.get("files", ())))
            result = Result(
                Verdict(data["verdict"]), by, at, str(data.get("note", "")), values, files
            )
            return record.found(str(data["item"]), result)
        case Kind.SUBMITTED:
            return record.submitted(by)
        case Kind.SENT_BACK:
            return record.sent_back(by, tuple((str(i), str(w)) for i, w in data["remarks"]))
        case Kind.ACCEPTED:
            return record.accepted(by, at, dict(data.get("tickets", {})))
        case Kind.SAMPLED:
            return record.sampled(by)
        case Kind.REPORTED:
            return record.reported(dict(data.get("tickets", {})))
    raise ValueError(f"no step: {kind}")


def record_of(entries: Iterable[Entry]) -> Record | None:
    """What the entries of one subject say; None without one that begins it. What two people did apart
    and could not have done together stays in the log and changes nothing."""
    record: Record | None = None
    for entry in in_order(entries):
        if entry.kind == Kind.BEGUN and record is None:
            number = shown_number(entry.console, int(entry.data.get("number", 0)))
            record = Record(entry.camera_id, bool(entry.data.get("turns")), id=entry.subject,
                            number=number, name=str(entry.data.get("name", "")))  # fmt: skip
        elif record is not None:
            try:
                record = step(record, entry.kind, entry.author, entry.true_at, entry.data)
            except (ValueError, KeyError, TypeError):
                continue
    return record


# -- the baseline

TOLERANCE: Mapping[str, float] = MappingProxyType(
    {"width": 0.0, "height": 0.0, "fps": 0.10, "bitrate_kbps": 0.50, "gop_s": 0.50,
     "first_picture_s": 1.0, "ptz_stop_s": 0.50, "offset_s": 0.0, "borne": 0.0}
)  # fmt: skip
"""By what share a later measurement may differ from the accepted one."""
SLACK: Mapping[str, float] = MappingProxyType(
    {"fps": 0.5, "gop_s": 0.2, "first_picture_s": 1.0, "ptz_stop_s": 0.5, "offset_s": 5.0}
)
"""Differences that are none, in the value's own unit: what two measurements of one camera differ by; for the
clock what counts as right."""
BETTER: Mapping[str, int] = MappingProxyType({"first_picture_s": -1, "ptz_stop_s": -1, "borne": 1})
"""Where less (-1) or more (1) is no fault."""
COMPARED = ("function.main_stream", "function.sub_stream", "function.ptz", "overlay.clock",
            "function.connections")  # fmt: skip
"""Items whose values a later check measures again."""
REFERENCES = ("picture.day", "picture.night")


def moved_from(
    baseline: Mapping[str, float], now: Mapping[str, float],
    tolerance: Mapping[str, float] = TOLERANCE, slack: Mapping[str, float] = SLACK,
) -> dict[str, tuple[float, float]]:  # fmt: skip
    """Values that are no longer what was accepted: name to (accepted, now). What was not measured on
    either side is not judged."""
    found = {}
    for name, share in tolerance.items():
        if name in baseline and name in now:
            before, after = baseline[name], now[name]
            away = after - before
            if away * BETTER.get(name, 0) > 0:
                continue
            if abs(away) > max(share * abs(before), slack.get(name, 0.0)) + 1e-9:
                found[name] = (before, after)
    return found


def numbers(values: Mapping[str, Any]) -> dict[str, float]:
    """The values of a result that can be compared."""
    return {
        name: float(value) for name, value in values.items()
        if name in TOLERANCE and isinstance(value, int | float)
    }  # fmt: skip


def baseline_of(record: Record) -> dict[str, dict[str, float]]:
    """What later checks compare with: item to its figures, where it was accepted as good."""
    found = {}
    for item in COMPARED:
        result = record.results.get(item)
        if (
            result is not None
            and result.verdict is Verdict.MET
            and (known := numbers(result.values))
        ):
            found[item] = known
    return found
