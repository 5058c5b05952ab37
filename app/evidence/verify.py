"""Is a package what its maker signed? Reads only, trusts nothing it reads, and waits for the disk.

Only regular files found in the folder itself are opened: a link is never followed, and a path of the
manifest is only ever compared with what was found.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from app.evidence.custody import LOG, MAX_LOG, Entry, read_log
from app.evidence.errors import EvidenceError
from app.evidence.keys import Trusted, check_signature, key_id
from app.evidence.package import (
    BLOCK,
    EXCLUDED,
    FORMAT,
    FORMAT_VERSION,
    MANIFEST,
    SIGNATURE,
    Cancelled,
    Progress,
    Tick,
    ticker,
)

MAX_MANIFEST = 10_000_000  # bytes
MAX_SIGNATURE = 64 * 1024
MAX_ENTRIES = 100_000  # files and folders looked at
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MOUNT_POINT = 0xA0000003  # Windows: a junction, which leads elsewhere as a link does


class Result(StrEnum):
    """What can be found, the worst first."""

    NOT_A_PACKAGE = "not a package"
    BAD_SIGNATURE = "bad signature"
    FILE_CHANGED = "file changed"
    FILE_MISSING = "file missing"
    UNKNOWN_KEY = "unknown key"
    LOG_BROKEN = "log broken"
    UNEXPECTED_FILE = "unexpected file"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be. Texts are printable."""

    result: Result
    path: str  # inside the package, "" for the whole
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """What verification found. Trust `manifest`, `key_*` and `log` as far as `verdict` says."""

    folder: Path
    verdict: Result
    findings: tuple[Finding, ...]
    manifest: dict[str, Any]
    key_id: str  # of the key whose signature fits, else ""
    key_name: str  # its name among the trusted keys, "" when it is unknown
    log: tuple[Entry, ...]
    log_head: str  # to compare with a register: a log that was cut short shows there only
    files: int  # files whose bytes were compared
    size: int  # their bytes


def verify(
    folder: Path,
    trusted: Path | None,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Report:
    """Looks at everything and reports all that is wrong; raises nothing but CancelledError.

    `trusted`: folder of public keys (`*.pem`); None: no key is known.
    """
    check = _Check(folder, trusted)
    try:
        check.run(progress, cancelled)
    except _NotAPackageError as error:
        check.findings.clear()  # they would speak of something else
        check.note(Result.NOT_A_PACKAGE, "", str(error))
    return check.report()


class _NotAPackageError(Exception):
    """There is nothing to verify; says why."""


class _Check:
    """One verification under way."""

    def __init__(self, folder: Path, trusted: Path | None) -> None:
        self.folder = folder
        self.trusted = trusted
        self.findings: list[Finding] = []
        self.manifest: dict[str, Any] = {}
        self.key_id = self.key_name = self.log_head = ""
        self.log: list[Entry] = []
        self.files = self.size = 0
        # What lies in the folder, by path with "/" (NFC): regular files, and what is odd.
        self.found: dict[str, Path] = {}
        self.sizes: dict[str, int] = {}
        self.odd: dict[str, str] = {}

    def note(self, result: Result, path: str, detail: str) -> None:
        self.findings.append(Finding(result, printable(path), printable(detail)))

    def report(self) -> Report:
        order = list(Result)
        self.findings.sort(key=lambda f: (order.index(f.result), f.path))
        verdict = self.findings[0].result if self.findings else Result.COMPLETE
        return Report(
            self.folder, verdict, tuple(self.findings), self.manifest, self.key_id, self.key_name,
            tuple(self.log), self.log_head, self.files, self.size,
        )  # fmt: skip

    def run(self, progress: Progress | None, cancelled: Cancelled | None) -> None:
        try:
            if not self.folder.is_dir():
                raise _NotAPackageError("this is not a folder")
            self._look()
        except OSError as error:
            raise _NotAPackageError(f"the folder cannot be read: {_why(error)}") from error
        if MANIFEST not in self.found:
            if SIGNATURE in self.found:
                self.note(Result.FILE_MISSING, MANIFEST, "without it nothing can be verified")
                return
            raise _NotAPackageError(f"there is no {MANIFEST}")
        raw = self._small(MANIFEST, MAX_MANIFEST)
        if raw is None:
            raise _NotAPackageError(f"{MANIFEST} cannot be read or is larger than 10 MB")
        public_id = self._check_signature(raw)
        try:
            self.manifest, expected = _parse(raw)
        except ValueError as error:
            if public_id is None and SIGNATURE in self.found:
                return  # the signature says already that it was altered
            raise _NotAPackageError(f"{MANIFEST} is none of Watchroom's: {error}") from error
        if public_id is not None and self.manifest.get("key_id") != public_id:
            self.note(Result.BAD_SIGNATURE, SIGNATURE, "the manifest names another key")
        self._check_files(expected, progress, cancelled)
        self._check_log(hashlib.sha256(raw).hexdigest())

    def _look(self) -> None:
        """Lists the folder without following anything."""
        waiting, count = [(self.folder, "")], 0
        while waiting:
            folder, prefix = waiting.pop()
            try:
                with os.scandir(folder) as scan:
                    entries = list(islice(scan, MAX_ENTRIES - count + 1))
                for entry in entries:
                    path = prefix + unicodedata.normalize("NFC", entry.name)
                    if self._is_folder(entry, path):
                        waiting.append((Path(entry.path), f"{path}/"))
            except OSError as error:
                if not prefix:
                    raise
                self.odd[prefix] = f"it cannot be read: {_why(error)}"
                continue
            count += len(entries)
            if count > MAX_ENTRIES:
                raise _NotAPackageError(f"it holds more than {MAX_ENTRIES} files")
            if not entries and prefix not in ("video/", "stills/"):
                self.odd[prefix] = "it is an empty folder"

    def _is_folder(self, entry: os.DirEntry[str], path: str) -> bool:
        """Whether to look into it; takes note of everything else."""
        info = entry.stat(follow_symlinks=False)
        if entry.is_symlink() or getattr(info, "st_reparse_tag", 0) == _MOUNT_POINT:
            self.odd[path] = "it is a link, which is never followed"
        elif stat.S_ISDIR(info.st_mode):
            return True
        elif not stat.S_ISREG(info.st_mode):
            self.odd[path] = "it is neither a file nor a folder"
        elif path in self.found:
            self.odd[f"{path} (2)"] = "it is a second file whose name looks the same"
        else:
            self.found[path], self.sizes[path] = Path(entry.path), info.st_size
        return False

    def _check_signature(self, manifest: bytes) -> str | None:
        """The id of the key whose signature fits, or None."""
        record = self._small(SIGNATURE, MAX_SIGNATURE)
        if record is None:
            self.note(Result.BAD_SIGNATURE, SIGNATURE, "there is none that could be read")
            return None
        try:
            public = check_signature(record, manifest)
        except ValueError as error:
            self.note(Result.BAD_SIGNATURE, SIGNATURE, str(error))
            return None
        self.key_id = key_id(public)
        self.key_name = printable(Trusted(self.trusted).name(public) or "")
        if not self.key_name:
            self.note(Result.UNKNOWN_KEY, SIGNATURE, f"intact, by the unknown key {self.key_id}")
        return self.key_id

    def _check_files(
        self,
        expected: dict[str, tuple[int, str]],
        progress: Progress | None,
        cancelled: Cancelled | None,
    ) -> None:
        sizes = self.sizes
        tick = ticker(sum(sizes.get(path, 0) for path in expected), progress, cancelled)
        for path, (size, digest) in expected.items():
            if path not in sizes:
                odd = self.odd.pop(path, None)
                self.note(Result.FILE_MISSING, path, odd or "it is not there")
            elif sizes[path] != size:
                tick(sizes[path])
                self.note(Result.FILE_CHANGED, path, f"{sizes[path]} bytes instead of {size}")
            else:
                self._compare(path, digest, tick)
        for path in sizes.keys() - expected.keys() - EXCLUDED.keys() - {MANIFEST}:
            self.note(Result.UNEXPECTED_FILE, path, "the manifest does not know it")
        for path, what in self.odd.items():
            self.note(Result.UNEXPECTED_FILE, path, what)

    def _compare(self, path: str, expected: str, tick: Tick) -> None:
        digest = hashlib.sha256()
        left = self.sizes[path] + 1  # a file that grows meanwhile is not read for ever
        try:
            with _open(self.found[path]) as file:
                while left > 0 and (block := file.read(min(BLOCK, left))):
                    digest.update(block)
                    left -= len(block)
                    tick(len(block))
        except OSError as error:
            self.note(Result.FILE_MISSING, path, f"it cannot be read: {_why(error)}")
            return
        self.files += 1
        self.size += self.sizes[path]
        if digest.hexdigest() != expected:
            self.note(Result.FILE_CHANGED, path, "its SHA-256 differs")

    def _check_log(self, manifest_sha256: str) -> None:
        raw = self._small(LOG, MAX_LOG)
        if raw is None:
            self.note(Result.LOG_BROKEN, LOG, "there is none that could be read")
            return
        try:
            self.log, self.log_head = read_log(raw, manifest_sha256)
        except EvidenceError as error:
            self.note(Result.LOG_BROKEN, LOG, str(error))

    def _small(self, path: str, limit: int) -> bytes | None:
        """A file of at most `limit` bytes, or None."""
        if self.sizes.get(path, limit + 1) > limit:
            return None
        try:
            with _open(self.found[path]) as file:
                raw = file.read(limit + 1)
        except OSError:
            return None
        return raw if len(raw) <= limit else None


def printable(text: str) -> str:
    """Without what could steer a terminal or turn the writing round."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _parse(raw: bytes) -> tuple[dict[str, Any], dict[str, tuple[int, str]]]:
    """The manifest, and per path the size and the hash. Raises ValueError."""
    try:
        manifest: Any = json.loads(raw.decode(), object_pairs_hook=_unique, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ValueError("another format")
    if manifest.get("format_version") != FORMAT_VERSION:
        raise ValueError("a version that this program does not know")
    listed = manifest.get("files")
    if not isinstance(listed, list):
        raise ValueError("it lists no files")
    expected: dict[str, tuple[int, str]] = {}
    for item in listed:
        entry = item if isinstance(item, dict) else {}
        path, size, digest = entry.get("path"), entry.get("size"), entry.get("sha256")
        if not isinstance(path, str) or not _inside(path) or path in expected:
            raise ValueError(f"an impossible path: {str(path)[:80]!r}")
        if not isinstance(size, int) or not 0 <= size < 1 << 63:
            raise ValueError(f"no size for {path[:80]!r}")
        if not isinstance(digest, str) or not _SHA256.fullmatch(digest):
            raise ValueError(f"no SHA-256 for {path[:80]!r}")
        expected[path] = (size, digest)
    return manifest, expected


def _inside(path: str) -> bool:
    """Whether a manifest may list that path: plain, inside the folder, not excluded."""
    parts = path.split("/")
    return (
        not set(parts) & {"", ".", ".."}
        and not set(path) & set("\\:\0")
        and path not in EXCLUDED
        and path != MANIFEST
        and unicodedata.is_normalized("NFC", path)
    )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(named := dict(pairs)) != len(pairs):
        raise ValueError("a name occurs twice")
    return named


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _open(path: Path) -> BinaryIO:
    """Opens a file that is no link, even if it has just become one."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    return os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb")


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__
