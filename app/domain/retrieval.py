"""Who looked at or took what, and why: one entry for every retrieval, chained by hashes.

Fields: domain reference 5.3 (viewing and export registers). Entries are only added; what turns out
wrong is corrected by a further entry that names the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.chain import canonical, link


class RetrievalKind(StrEnum):
    """What was done."""

    SNAPSHOT = "snapshot"
    EXPORT = "export"
    PLAYBACK = "playback"
    RESULT = "result"  # how an earlier entry ended; `about` is its number
    # What became of an export; `about` is the export's number, `custody` says more:
    HANDED_OVER = "handed over"
    RETURNED = "returned"
    DESTROYED = "destroyed"


CUSTODY = (RetrievalKind.HANDED_OVER, RetrievalKind.RETURNED, RetrievalKind.DESTROYED)
MEDIA = ("usb", "disc", "disk", "network", "print", "viewed")
"""On what pictures leave; "viewed": shown here, no copy."""


@dataclass(frozen=True, slots=True)
class Case:
    """Why pictures are taken: asked once and kept until the person ends it."""

    number: str
    purpose: str
    basis: str
    requester: str = ""
    approver: str = ""


@dataclass(frozen=True, slots=True)
class Custody:
    """To whom an export went, on what and on which authority; who gave it back or destroyed it
    (domain reference 5.3, export register)."""

    receiver: str
    unit: str = ""
    authority: str = ""
    """Legal basis of the receiver's."""
    purpose: str = ""
    medium: str = ""
    """Of MEDIA."""
    back_by: str = ""
    """Day by which it is to be returned or destroyed, ISO; "" where none was set."""
    words: str = ""

    def problem(self, kind: RetrievalKind) -> str:
        """Why it cannot be entered ("" when it can): "receiver", "authority", "medium", "back_by"."""
        if not self.receiver.strip():
            return "receiver"
        if kind is not RetrievalKind.HANDED_OVER:
            return ""
        if not self.authority.strip():
            return "authority"
        if self.medium not in MEDIA:
            return "medium"
        if self.back_by:
            try:
                date.fromisoformat(self.back_by)
            except ValueError:
                return "back_by"
        return ""


@dataclass(frozen=True, slots=True)
class Retrieval:
    """One entry. `number` is gap-free per console; times are aware UTC."""

    number: int
    at: datetime
    console: str
    operator: str
    kind: RetrievalKind
    camera_id: str
    camera: str
    begin: datetime | None
    end: datetime | None
    case: Case
    masked: bool = True
    second_person: str = ""
    about: int | None = None
    result: str = ""
    package: str = ""
    manifest_sha256: str = ""
    custody: Custody | None = None
    chain: str = ""
    """SHA-256 over the entry before it and this one, hex."""


def chain_of(before: str, entry: Retrieval) -> str:
    """The hash that binds an entry to the one before it ("" for the first)."""
    return link(before, text_of(entry))


def text_of(entry: Retrieval) -> str:
    """The canonical text that is stored and chained."""
    fields = asdict(entry)
    del fields["chain"]
    if entry.custody is None:
        del fields["custody"]  # most have none
    return canonical(fields)


def broken_at(entries: Iterable[Retrieval]) -> int | None:
    """The number of the first entry that was changed, moved or is missing; None when all is well.

    `entries` are all of one console in the order of their numbers, from 1 on.
    """
    before = ""
    for expected, entry in enumerate(entries, 1):
        if entry.number != expected:
            return expected
        if entry.chain != chain_of(before, entry):
            return entry.number
        before = entry.chain
    return None
