"""What the client measures when it asks whether a camera is still what was accepted. Blocking: runs off the
Qt thread."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from app.devices.errors import DeviceError
from app.domain.commissioning import (
    COMPARED,
    REFERENCES,
    TOLERANCE,
    Record,
    baseline_of,
    moved_from,
    numbers,
)
from app.domain.kpi import CLOCK_WARN_S
from app.store import files
from app.store.store import Store
from app.ui.acceptance import STEADY, Finding, Subject, measure_device, measure_head
from app.video.comparison import Comparison, Plane, Seen, compare, nearest, plane
from app.video.measurement import Measurement, measure_stream
from app.video.probe import ProbeError

SECONDS = 4.0
AXES = ("pan", "tilt", "zoom")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the baseline, and the same now; None where it was not measured."""

    item: str
    name: str
    before: float
    now: float | None
    changed: bool


@dataclass(frozen=True, slots=True)
class Look:
    """What was found. `reference`: which item of the record the picture was compared with."""

    reference: str
    reference_at: datetime | None
    before: bytes
    now: bytes
    comparison: Comparison
    figures: tuple[Figure, ...]
    problems: Mapping[str, str] = field(default_factory=dict)
    """Item to the code of what kept it from being measured."""
    steered: bool = False
    """The head is not where it was for the reference picture: somebody turned it."""

    @property
    def wrong(self) -> bool:
        """Whether a fault should be reported."""
        return self.comparison.wrong or any(f.changed for f in self.figures)


def references_of(record: Record, store: Store) -> dict[str, tuple[bytes, datetime]]:
    """The accepted pictures that are on this console: item to JPEG and when it was taken."""
    found = {}
    for item in REFERENCES:
        result = record.results.get(item)
        for sha in reversed(result.files if result else ()):
            if result is not None and (data := files.fetched(store, sha)) is not None:
                found[item] = (data, result.at)
                break
    return found


def steered_from(record: Record, item: str, position: tuple[float, ...] | None) -> bool:
    """Whether the head is elsewhere than it was for a reference picture."""
    result = record.results.get(item)
    if result is None or position is None:
        return False
    values = [result.values.get(axis) for axis in AXES]
    return all(isinstance(v, int | float) for v in values) and any(
        abs(float(v or 0) - p) > 3 * STEADY for v, p in zip(values, position, strict=True)
    )


def look_again(
    subject: Subject, record: Record, references: Mapping[str, tuple[bytes, datetime]],
    cancelled: threading.Event, seconds: float = SECONDS, *, turn: bool = False, back: bool = False,
) -> Look:  # fmt: skip
    """Measure and compare. `turn`: the head is tried, too, and moves; `back`: it goes to where it was for
    the reference first. Raises ProbeError where there is no picture now."""
    problems: dict[str, str] = {}
    position = _position(subject, record, references, back, cancelled, problems)
    roles = {s.role: s for s in subject.source.streams}
    found: dict[str, dict[str, float]] = {}

    def told(finding: Finding) -> None:
        found[finding.item] = numbers(finding.values)
        if finding.note and not found[finding.item]:
            problems[finding.item] = finding.note

    with ThreadPoolExecutor(3, thread_name_prefix="look") as pool:
        measured = {
            f"function.{role}_stream": pool.submit(
                measure_stream, stream, subject.source.credentials, subject.source.transport,
                seconds, cancelled, verify_tls=subject.source.verify_tls,
            )
            for role, stream in roles.items()
        }  # fmt: skip
        device = pool.submit(measure_device, subject, told)
        whole: dict[str, Measurement] = {}
        for item, future in measured.items():
            try:
                whole[item] = future.result()
            except ProbeError as error:
                problems[item] = error.code
        device.result()
    # After the picture: the head moves.
    if turn and subject.head is not None and not cancelled.is_set():
        measure_head(subject, told, cancelled)
    if not whole:
        raise ProbeError(next(iter(problems.values()), "no-video"))
    for item, one in whole.items():
        found[item] = numbers(one.values)
        if item == "function.main_stream":
            found[item].setdefault("first_picture_s", one.first_picture_s)
    now = next(iter(whole.values())).picture
    planes: dict[str, Plane] = {}
    for item, (data, _) in references.items():
        try:
            planes[item] = plane(data)
        except ValueError:
            problems[item] = "unreadable"
    figures = _figures(record, found)
    if not planes:
        nothing = Comparison((Seen.CANNOT_TELL,), 0.0, why="no reference")
        return Look("", None, b"", now, nothing, figures, problems)
    seen = plane(now)
    hours = {i: _hour(at) for i, (_, at) in references.items()}
    chosen = nearest(planes, seen, hours, _hour(datetime.now().astimezone()))
    steered = steered_from(record, chosen, position)
    compared = compare(planes[chosen], seen)
    if steered:
        # Where it looks is somebody's wish; how sharp it is is told all the same.
        kept = tuple(f for f in compared.findings if f in (Seen.DARK, Seen.COVERED))
        compared = Comparison(kept or (Seen.CANNOT_TELL,), compared.confidence,
                              brightness=compared.brightness, why="steered")  # fmt: skip
    data, at = references[chosen]
    return Look(chosen, at, data, now, compared, figures, problems, steered)


def _position(
    subject: Subject, record: Record, references: Mapping[str, object], back: bool,
    cancelled: threading.Event, problems: dict[str, str],
) -> tuple[float, ...] | None:  # fmt: skip
    """Where the head is, after it went back where that was asked for."""
    if subject.head is None:
        return None
    try:
        head = subject.head()
        if back:
            item = next(
                (i for i in references if steered_from(record, i, head.status().position)), ""
            )
            if item:
                pan, tilt, zoom = (float(record.results[item].values[a] or 0) for a in AXES)
                head.absolute(pan, tilt, zoom)
                for _ in range(40):
                    if not steered_from(record, item, head.status().position):
                        break
                    cancelled.wait(0.25)
        return head.status().position
    except DeviceError as error:
        problems["function.ptz"] = str(error.code)
        return None


def _figures(record: Record, found: Mapping[str, Mapping[str, float]]) -> tuple[Figure, ...]:
    rows, order = [], list(TOLERANCE)
    for item, before in baseline_of(record).items():
        now = found.get(item, {})
        changed = moved_from(before, now)
        for name, value in sorted(before.items(), key=lambda pair: order.index(pair[0])):
            if name in now or item not in ("function.connections",):
                rows.append(Figure(item, name, value, now.get(name), name in changed))
    offset = found.get("overlay.clock", {}).get("offset_s")
    if offset is not None and abs(offset) > CLOCK_WARN_S and not any(
        f.name == "offset_s" and f.changed for f in rows
    ):  # fmt: skip
        rows = [f for f in rows if f.name != "offset_s"]
        rows.append(Figure("overlay.clock", "offset_s", 0.0, offset, True))
    return tuple(sorted(rows, key=lambda f: COMPARED.index(f.item)))


def _hour(at: datetime) -> float:
    local = at.astimezone()
    return local.hour + local.minute / 60
