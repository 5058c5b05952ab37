"""log.csv: who had the package when. Rows are only ever added.

Each row ends with the hash of the row before it (the first row: of manifest.json) and with its own
hash: SHA-256 over the row's bytes up to the last comma. UTF-8 with a byte order mark and CRLF, so
that a spreadsheet shows Chinese; a spreadsheet that *saves* it breaks it, and that is found.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import sys
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from app.evidence.errors import EvidenceError

LOG = "log.csv"
MAX_LOG = 10_000_000  # bytes
MAX_FIELD = 500  # characters
END = b"\r\n"
HEADER = "\ufefftime_utc,action,person,console,remark,previous_sha256,row_sha256".encode() + END


class Action(StrEnum):
    """What happened to the package."""

    CREATED = "created"
    COPIED = "copied"
    HANDED_OVER = "handed over"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. `person`, `console` and `remark` are one line each, cut at MAX_FIELD characters."""

    action: Action
    person: str
    console: str = ""
    remark: str = ""
    at: datetime | None = None  # aware; None: now


def utc_text(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds. Raises EvidenceError for a time without a zone."""
    if moment.tzinfo is None:
        raise EvidenceError("a time without a time zone proves nothing")
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def render_row(entry: Entry, previous: str) -> tuple[bytes, str]:
    """The row's line and its hash."""
    at = utc_text(entry.at or datetime.now(UTC))
    texts = (entry.person, entry.console, entry.remark)
    body = io.StringIO()
    csv.writer(body, lineterminator="").writerow(
        [at, entry.action.value, *map(_field, texts), previous]
    )
    raw = body.getvalue().encode()
    digest = hashlib.sha256(raw).hexdigest()
    return raw + b"," + digest.encode() + END, digest


def read_log(raw: bytes, manifest_sha256: str) -> tuple[list[Entry], str]:
    """The rows and the last one's hash. Raises EvidenceError that names the first bad row."""
    if not raw.startswith(HEADER):
        raise EvidenceError("its first line is not as it was written")
    *lines, rest = raw[len(HEADER) :].split(END)
    if rest or not lines:
        raise EvidenceError("its last row is not complete" if rest else "it has no row")
    entries: list[Entry] = []
    previous = manifest_sha256
    for number, line in enumerate(lines, 1):
        body, _, digest = line.rpartition(b",")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            raise EvidenceError(f"row {number} was altered")
        try:
            at, action, person, console, remark, link = next(csv.reader([body.decode()]))
            entry = Entry(Action(action), person, console, remark, datetime.fromisoformat(at))
        except (ValueError, csv.Error) as error:
            raise EvidenceError(f"row {number} cannot be read") from error
        if link != previous:
            what = "the one before it" if entries else "this manifest"
            raise EvidenceError(f"row {number} does not follow {what}")
        previous = digest.decode()
        entries.append(entry)
    return entries, previous


def append_row(folder: Path, entry: Entry) -> str:
    """Adds a row to a package's log and returns its hash, the log's new head.

    Verify a package that came from elsewhere first: files are opened as they lie there.
    Raises EvidenceError, with the log as it was, if the log is broken or cannot be written.
    """
    try:
        with (folder / "manifest.json").open("rb") as content:
            manifest = hashlib.file_digest(content, "sha256").hexdigest()
        with (folder / LOG).open("r+b", buffering=0) as file:
            _lock(file.fileno())
            raw = file.read(MAX_LOG) or b""
            try:
                previous = read_log(raw, manifest)[1]
            except EvidenceError as error:
                raise EvidenceError(f"{LOG} is broken, nothing was added: {error}") from error
            line, head = render_row(entry, previous)
            try:
                if file.write(line) != len(line):
                    raise OSError("the disk took a part only")
                os.fsync(file.fileno())
            except OSError:
                file.truncate(len(raw))
                raise
    except OSError as error:
        raise EvidenceError(f"{LOG} could not be written: {error}") from error
    return head


def _lock(descriptor: int) -> None:
    """Waits until no other thread or process writes this log; ends when the file is closed."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _field(text: str) -> str:
    """One printable line that no spreadsheet takes for a formula."""
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    line = " ".join(spaced.encode("utf-8", "replace").decode().split())[:MAX_FIELD]
    return f"'{line}" if line.startswith(("=", "+", "-", "@")) else line
