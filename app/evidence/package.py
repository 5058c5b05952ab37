"""Writing a package: all of it appears at once under its name, or nothing does."""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from app.evidence.custody import HEADER, LOG, Action, Entry, render_row, utc_text
from app.evidence.errors import CancelledError, EvidenceError
from app.evidence.keys import SigningKey, signature_record
from app.evidence.readme import readme

FORMAT, FORMAT_VERSION = "watchroom-evidence", 1
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
README, SUMS, PUBLIC_KEY = "README.txt", "SHA256SUMS", "public-key.pem"
EXCLUDED = {
    SIGNATURE: "holds the signature over this file",
    LOG: "grows with every hand-over; its rows are chained to the SHA-256 of this file",
}
"""What the manifest does not cover, and why."""

BLOCK = 1 << 20  # bytes read at a time
MAX_NAME = 80  # characters
MAX_NAME_BYTES = 240  # file systems allow 255
_NUMBER = re.compile(r"[A-Za-z0-9-]{1,40}")
_RESERVED = re.compile(
    r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³]) *(\..*)?", re.IGNORECASE
)
_DROPPED = {"Cf", "Cs"}  # invisible marks that turn the writing round; halves of characters
_SPACES = {"Cc", "Zl", "Zp"}

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""
Cancelled = Callable[[], bool]
"""Asked at least once a block."""
Tick = Callable[[int], None]


class Kind(StrEnum):
    """What a file of the package is."""

    VIDEO = "video"
    STILL = "still"
    AID = "aid"  # for those who check the package


@dataclass(frozen=True, slots=True)
class Gap:
    """A piece that is missing in a video, in the time of the file's `clock`."""

    start: datetime
    end: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Media:
    """A finished file to be put into the package, and what is known about it. Times are aware."""

    kind: Kind
    source: Path  # a complete MP4 or PNG file
    camera_code: str
    camera_name: str
    start: datetime  # by the console's or the server's clock
    end: datetime  # a still: equal to `start`
    device_start: datetime | None = None  # as the camera said; None when it did not
    device_end: datetime | None = None
    device_offset_s: float | None = None  # camera's clock minus `clock`, as measured
    clock: str = "console"  # whose time `start` and `end` are: "console" or "server"
    codec: str = ""
    width: int = 0  # pixels
    height: int = 0
    gaps: tuple[Gap, ...] = ()
    transcoded: bool = False
    masks_applied: bool = False
    audio: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """Who wants the package, and why. `number` is gap-free per console: the caller's duty."""

    number: str  # [A-Za-z0-9-], 1 to 40 characters
    case: str
    purpose: str
    basis: str
    requester: str
    approver: str
    operator: str
    console: str


@dataclass(frozen=True, slots=True)
class Packed:
    """A file as the manifest lists it."""

    path: str  # inside the package, with "/"
    kind: Kind
    size: int  # bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Summary:
    """All that a register of exports needs."""

    folder: Path
    order: Order
    created: datetime  # UTC
    files: tuple[Packed, ...]
    manifest_sha256: str
    log_head: str  # hash of the log's newest row
    key_id: str


def write_package(
    parent: Path,
    order: Order,
    media: Sequence[Media],
    key: SigningKey,
    *,
    move: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Summary:
    """Makes `parent`/EVID-<number>/. With `move` the sources are gone afterwards, else untouched.

    Raises EvidenceError, or CancelledError: then there is no package and every source is where it
    was. A package that exists is never overwritten. Waits for the disk.
    """
    if not _NUMBER.fullmatch(order.number):
        raise EvidenceError("a number has 1 to 40 letters A-Z, digits and hyphens")
    folder = parent / f"EVID-{order.number}"
    if os.path.lexists(folder):
        raise EvidenceError(f"{folder.name} exists already")
    if not media:
        raise EvidenceError("there is nothing to put into the package")
    try:
        parent.mkdir(parents=True, exist_ok=True)
        # The name starts with a dot: what a power cut leaves is not taken for a package.
        building = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=parent))
        with ExitStack() as undo:
            undo.callback(shutil.rmtree, building, ignore_errors=True)
            tick = ticker(sum(item.source.stat().st_size for item in media), progress, cancelled)
            summary = _fill(building, folder, order, media, key, move, tick)
            for place in (building / "video", building / "stills", building):
                _sync(place)
            building.rename(folder)
            undo.pop_all()
        _sync(parent)
    except OSError as error:
        raise EvidenceError(f"{folder.name} could not be written: {error}") from error
    if move:
        for item in media:
            with suppress(OSError):  # the package is whole: a source that stays does no harm
                item.source.unlink()
    return summary


def ticker(total: int, progress: Progress | None, cancelled: Cancelled | None) -> Tick:
    """Counts bytes, tells of them, and raises CancelledError when the work is to end."""
    done = 0

    def tick(count: int) -> None:
        nonlocal done
        done += count
        if cancelled is not None and cancelled():
            raise CancelledError
        if progress is not None:
            progress(done, total)

    return tick


def _fill(
    building: Path,
    folder: Path,
    order: Order,
    media: Sequence[Media],
    key: SigningKey,
    move: bool,
    tick: Tick,
) -> Summary:
    created = datetime.now(UTC)
    (building / "video").mkdir()
    (building / "stills").mkdir()
    files: list[Packed] = []
    listed: list[dict[str, Any]] = []
    for item in media:
        path = _free_path(item, {f.path.casefold() for f in files})
        size, digest = _take(item, building / path, move, tick)
        files.append(Packed(path, item.kind, size, digest))
        listed.append(asdict(files[-1]) | _described(item))

    aids = {README: readme(order.number, key.key_id).encode(), PUBLIC_KEY: key.public_pem.encode()}
    for name, content in aids.items():
        files.append(_put(building, name, content))
    sums = "".join(f"{f.sha256}  {f.path}\n" for f in files).encode()
    files.append(_put(building, SUMS, sums))
    listed += [asdict(f) for f in files if f.kind is Kind.AID]

    manifest = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        **asdict(order),
        "created_utc": utc_text(created),
        "created_local": created.astimezone().isoformat(timespec="milliseconds"),
        "software": _software(),
        "hash_algorithm": "SHA-256",
        "signature_algorithm": key.algorithm,
        "key_id": key.key_id,
        "files": listed,
        "not_covered": [{"path": path, "why": why} for path, why in EXCLUDED.items()],
    }
    # "replace": half a character in a name must not stop an export.
    text = json.dumps(manifest, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    content = text.encode("utf-8", "replace")
    sealed = _put(building, MANIFEST, content).sha256
    _put(building, SIGNATURE, signature_record(key.algorithm, key.public, key.sign(content)))
    first = Entry(Action.CREATED, order.operator, order.console, order.purpose, created)
    row, head = render_row(first, sealed)
    _put(building, LOG, HEADER + row)
    return Summary(folder, order, created, tuple(files), sealed, head, key.key_id)


def safe_name(text: str, ending: str = "") -> str:
    """`text` + `ending` as a file name that Linux, Windows and macOS take; never empty.

    Separators and signs that Windows refuses become "_", control characters spaces; at most
    MAX_NAME characters, cut before the `ending`.
    """
    kept = (
        " " if kind in _SPACES else "_" if c in '<>:"/\\|?*' else c
        for c in unicodedata.normalize("NFC", text)
        if (kind := unicodedata.category(c)) not in _DROPPED
    )  # fmt: skip
    stem = " ".join("".join(kept).split()).strip(". ") or "_"
    if _RESERVED.fullmatch(stem + ending):
        stem = f"_{stem}"
    stem = stem[: MAX_NAME - len(ending)]
    while len((stem + ending).encode()) > MAX_NAME_BYTES:
        stem = stem[:-1]
    return (stem if ending else stem.rstrip(". ")) + ending


def _free_path(item: Media, taken: set[str]) -> str:
    """Camera and time as a name; numbered where a file system might take two for one."""
    folder, suffix = ("video", ".mp4") if item.kind is Kind.VIDEO else ("stills", ".png")
    moment = re.sub(r"[-:]", "", utc_text(item.start))
    masked = "_masked" if item.masks_applied else ""
    count = 1
    while True:
        number = f"_{count}" if count > 1 else ""
        label = item.camera_name or item.camera_code
        path = f"{folder}/{safe_name(label, f'_{moment}{masked}{number}{suffix}')}"
        if path.casefold() not in taken:
            return path
        count += 1


def _described(item: Media) -> dict[str, Any]:
    """What the manifest says about a video or a still beyond its bytes. Raises EvidenceError."""
    for start, end in ((item.start, item.end), *((g.start, g.end) for g in item.gaps)):
        if utc_text(start) > utc_text(end):
            raise EvidenceError(f"{item.source.name}: a time span ends before it begins")
    if item.device_offset_s is not None and not math.isfinite(item.device_offset_s):
        raise EvidenceError(f"{item.source.name}: the clock's offset is not a number")
    return {
        "camera_code": item.camera_code,
        "camera_name": item.camera_name,
        "clock": item.clock,
        "from": utc_text(item.start),
        "to": utc_text(item.end),
        "device_from": utc_text(item.device_start) if item.device_start else None,
        "device_to": utc_text(item.device_end) if item.device_end else None,
        "device_offset_s": item.device_offset_s,
        "codec": item.codec,
        "width": item.width,
        "height": item.height,
        "gaps": [
            {
                "from": utc_text(gap.start),
                "to": utc_text(gap.end),
                "seconds": round((gap.end - gap.start).total_seconds(), 3),
                "reason": gap.reason,
            }
            for gap in item.gaps
        ],
        "transcoded": item.transcoded,
        "masks_applied": item.masks_applied,
        "audio": item.audio,
    }


def _take(item: Media, target: Path, move: bool, tick: Tick) -> tuple[int, str]:
    """Brings a source in; its size and hash. A move links it, so that the source outlives failure."""
    source = item.source.resolve()
    magic, where = (b"ftyp", 4) if item.kind is Kind.VIDEO else (b"\x89PNG", 0)
    digest, size = hashlib.sha256(), 0
    with ExitStack() as files:
        reading = files.enter_context(source.open("rb"))
        if reading.read(8)[where : where + 4] != magic:
            raise EvidenceError(f"{source.name} is not a finished {item.kind} file")
        reading.seek(0)
        linked = move and _link(source, target)
        writing = None if linked else files.enter_context(target.open("xb"))
        while block := reading.read(BLOCK):
            digest.update(block)
            size += len(block)
            if writing is not None:
                writing.write(block)
            tick(len(block))
    _sync(target)
    return size, digest.hexdigest()


def _link(source: Path, target: Path) -> bool:
    """Whether `target` is the same file now; not on another disk, or one that knows no links."""
    try:
        os.link(source, target)
    except OSError:
        return False
    return True


def _put(building: Path, name: str, content: bytes) -> Packed:
    path = building / name
    path.write_bytes(content)
    _sync(path)
    return Packed(name, Kind.AID, len(content), hashlib.sha256(content).hexdigest())


def _sync(path: Path) -> None:
    """Has the disk keep a file, or a folder where the system can do that."""
    folder = path.is_dir()
    try:
        writable = os.name == "nt" and not folder  # Windows wants it so
        descriptor = os.open(path, os.O_RDWR if writable else os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        if not folder:
            raise


def _software() -> str:
    try:
        return f"Watchroom {version('watchroom')}"
    except PackageNotFoundError:  # run from a checkout
        return "Watchroom"
