"""Entries bound by hashes: what a register or an audit log is made of.

An entry's hash is SHA-256 over the hash before it ("" for the first), a line feed, and the entry's
canonical text. Any change, gap and reorder shows; a lost end shows only against a head that was
kept elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


def canonical(fields: Mapping[str, object]) -> str:
    """The one way to write an entry: JSON, keys sorted, times as ISO 8601."""
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def link(before: str, text: str) -> str:
    """The hash that binds an entry's canonical text to the hash before it."""
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


class Fault(StrEnum):
    """How a chain can be broken."""

    CHANGED = "changed"
    GAP = "gap"
    REORDERED = "reordered"
    CUT_OFF = "cut off"


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry that is not as it was written."""

    number: int
    fault: Fault


def find_break(
    entries: Iterable[tuple[int, str, str]],
    head: tuple[int, str] | None = None,
    after: tuple[int, str] = (0, ""),
) -> Break | None:
    """The first break of a chain, or None.

    `entries` are (number, canonical text, hash) in the order in which they were found; `head` is
    the last number and hash as kept elsewhere; `after` is where the entries begin.
    """
    last, before = after
    broken = None
    for number, text, digest in entries:
        if broken is not None:
            # What follows tells a gap from a reorder: the number that was due comes later.
            if number == broken.number:
                return Break(broken.number, Fault.REORDERED)
            continue
        if number != last + 1:
            if number <= last:
                return Break(number, Fault.REORDERED)
            broken = Break(last + 1, Fault.GAP)
            continue
        if digest != link(before, text):
            return Break(number, Fault.CHANGED)
        last, before = number, digest
    if broken is not None:
        return broken
    if head is not None and (last, before) != head:
        return Break(last + 1 if last < head[0] else last, Fault.CUT_OFF)
    return None
