"""On-site inspections: a list of items for each camera of a site, with verdicts, photos, a signature.

Domain reference 4.7 (on-site: monthly all devices, or at most every 3 months; form, photos,
cleaning). An inspection is read from the entries of a log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain.logbook import Entry, in_order, shown_number


class Kind(StrEnum):
    """Entries of an inspection, with their data."""

    BEGUN = (
        "begun"  # number, site, name, cameras ([id, name] each), version, items ([id, text] each)
    )
    VERDICT = "verdict"  # item, verdict, words; `camera_id`
    PHOTO = "photo"  # name, sha256, item; `camera_id`
    SIGNED = "signed"  # name, confirmed, ok, fault, none


class Verdict(StrEnum):
    """What was found."""

    OK = "ok"
    FAULT = "fault"
    NONE = "none"  # there is no such thing at this camera


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the entries say of one inspection."""

    id: str
    number: str
    begun: Entry
    cameras: tuple[tuple[str, str], ...]
    """(id, name) in their order."""
    items: tuple[tuple[str, str], ...]
    """(id, text) as the list was when it began."""
    verdicts: Mapping[tuple[str, str], Entry]
    """(camera, item) to its latest verdict."""
    photos: tuple[Entry, ...]
    signed: Entry | None
    entries: tuple[Entry, ...]

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """(camera, item) without a verdict."""
        pairs = ((c, i) for c, _ in self.cameras for i, _ in self.items)
        return tuple(pair for pair in pairs if pair not in self.verdicts)

    def left(self, camera: str) -> int:
        """How many items of a camera have no verdict."""
        return sum((camera, item) not in self.verdicts for item, _ in self.items)

    def faults(self, camera: str = "") -> list[Entry]:
        """Verdicts that say something is wrong; of all cameras, or of one."""
        found = (e for e in self.verdicts.values() if e.data.get("verdict") == Verdict.FAULT)
        return [e for e in found if camera in ("", e.camera_id)]

    def count(self, verdict: Verdict) -> int:
        """How many items got it."""
        return sum(e.data.get("verdict") == verdict for e in self.verdicts.values())


def inspection_of(entries: Iterable[Entry]) -> Inspection | None:
    """What the entries of one subject say; None without one that begins it."""
    ordered = in_order(entries)
    begun = next((e for e in ordered if e.kind == Kind.BEGUN), None)
    if begun is None:
        return None
    cameras = tuple((str(c), str(n)) for c, n in begun.data.get("cameras", ()))
    items = tuple((str(i), str(t)) for i, t in begun.data.get("items", ()))
    known = {(c, i) for c, _ in cameras for i, _ in items}
    verdicts = {}
    for entry in ordered:
        pair = (entry.camera_id, str(entry.data.get("item", "")))
        if entry.kind == Kind.VERDICT and pair in known:
            verdicts[pair] = entry
    signed = next((e for e in ordered if e.kind == Kind.SIGNED), None)
    number = shown_number(begun.console, int(begun.data.get("number", 0)))
    photos = tuple(e for e in ordered if e.kind == Kind.PHOTO)
    return Inspection(begun.subject, number, begun, cameras, items, verdicts, photos, signed,
                      tuple(ordered))  # fmt: skip


def refusal(made: Inspection, kind: Kind, data: Mapping[str, Any]) -> str:
    """Why an entry cannot be made ("" when it can): "signed", "words", "missing"."""
    if made.signed is not None:
        return "signed"
    if kind is Kind.VERDICT and data.get("verdict") == Verdict.FAULT:
        return "" if str(data.get("words", "")).strip() else "words"
    return "missing" if kind is Kind.SIGNED and made.missing else ""


def due_on(last: datetime | None, days: int, today: date) -> date:
    """The day by which a site is to be looked at; `last`: when it was signed last (aware)."""
    return today if last is None else last.astimezone().date() + timedelta(days=days)
