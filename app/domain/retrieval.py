"""Who looked at or took what, and why: one entry for every retrieval, chained by hashes.

Fields: domain reference 5.3 (viewing and export registers). Entries are only added; what turns out
wrong is corrected by a further entry that names the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.chain import canonical, link


class RetrievalKind(StrEnum):
    """What was done."""

    SNAPSHOT = "snapshot"
    EXPORT = "export"
    PLAYBACK = "playback"
    RESULT = "result"  # how an earlier entry ended; `about` is its number


@dataclass(frozen=True, slots=True)
class Case:
    """Why pictures are taken: asked once and kept until the person ends it."""

    number: str
    purpose: str
    basis: str
    requester: str = ""
    approver: str = ""


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
    chain: str = ""
    """SHA-256 over the entry before it and this one, hex."""


def chain_of(before: str, entry: Retrieval) -> str:
    """The hash that binds an entry to the one before it ("" for the first)."""
    fields = asdict(entry)
    del fields["chain"]
    return link(before, canonical(fields))


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
