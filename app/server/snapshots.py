"""Pages of first loads, kept compressed so that they are made once for all consoles of equal rights.

What is kept is a page as a load was told it: the rows of `KEPT` kinds, with what is made from them,
for one set of rights (`Access.sight_key`) and one position of the feed. A folder for each, shared
by all server processes, beside the attached files; it can be removed at any time. Whether a page
may still be told is decided by who asks for it, for each request (`SyncServer`); here are bytes.
"""

from __future__ import annotations

import logging
import os
import shutil
import zlib
from dataclasses import dataclass
from pathlib import Path

import msgspec
import uuid_utils

log = logging.getLogger("watchroom.server")

KEPT = (
    "organisation", "site", "position", "landmark", "device", "channel", "asset_definition",
    "asset_field", "asset_change", "former_code", "preset",
)  # fmt: skip
"""Kinds whose rows are cut by rights alone, and not by who a person is; the first of `KINDS`."""
MOST_BYTES = 256 * 2**20
MOST_BEHIND, PART_BEHIND = 10_000, 10
"""After so many changes, or one for so many rows, a new snapshot begins: what changed since, each
console pulls."""


class Page(msgspec.Struct):
    """A page that is kept. `head`, `mark`: how far the feed was when it was read."""

    next: tuple[str, str] | None
    rows: int
    total: int
    head: int
    mark: str
    check: int = 0
    """CRC-32 of the compressed tables: after a power cut the end of a file may be missing."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where the feed was when a load began; `mark` tells one history from another."""

    seq: int
    mark: str


class Snapshots:
    """The folder. Any number of threads and processes; a disk that is full only makes it empty."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self.folder, self.most_bytes = folder, most_bytes

    def positions(self, key: str) -> list[Position]:
        """Where snapshots for these rights were begun, the newest first."""
        found = []
        for path in self._list(self.folder / key):
            seq, _, mark = path.name.partition("-")
            if seq.isdigit() and mark:
                found.append(Position(int(seq), mark))
        return sorted(found, key=lambda p: p.seq, reverse=True)

    def begin(self, key: str, position: Position) -> bool:
        """Make room, and a place for the pages; False where there is none."""
        try:
            for path in self._list(self.folder / key):
                # Loads that began there go on without: their pages are made for them.
                shutil.rmtree(path, ignore_errors=True)
            self._make_room()
            self._place(key, position).mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            log.warning("no snapshot is kept: %s", error.strerror)
            return False
        return True

    def page(
        self, key: str, position: Position, after: tuple[str, str]
    ) -> tuple[Page, bytes] | None:
        """The page after that row and its compressed tables; None where none is kept."""
        path = self._path(key, position, after)
        try:
            head, _, tables = path.read_bytes().partition(b"\n")
            found = msgspec.json.decode(head, type=Page)
            if zlib.crc32(tables) != found.check:
                return None
            os.utime(path.parent)  # used: others are thrown away first
        except (OSError, msgspec.MsgspecError):
            return None
        return found, tables

    def keep(
        self, key: str, position: Position, after: tuple[str, str], page: Page, tables: bytes
    ) -> None:
        """Keep a page, all or nothing, where its snapshot has begun."""
        path = self._path(key, position, after)
        partial = path.with_name(f"{uuid_utils.uuid7()}.partial")
        try:
            page.check = zlib.crc32(tables)
            partial.write_bytes(msgspec.json.encode(page) + b"\n" + tables)
            partial.replace(path)
        except FileNotFoundError:
            pass  # thrown away meanwhile
        except OSError as error:
            log.warning("no snapshot is kept: %s", error.strerror)
            partial.unlink(missing_ok=True)

    def throw_away(self, key: str, position: Position) -> None:
        """It must not be told any more."""
        shutil.rmtree(self._place(key, position), ignore_errors=True)

    def _make_room(self) -> None:
        """Throw away what was not used for the longest time, until there is room."""
        places = [place for key in self._list(self.folder) for place in self._list(key)]
        sizes: list[tuple[float, int, Path]] = []
        for place in places:
            try:
                size = sum(file.stat().st_size for file in place.iterdir())
                sizes.append((place.stat().st_mtime, size, place))
            except OSError:
                continue  # another process was first
        total = sum(size for _, size, _ in sizes)
        for _, size, place in sorted(sizes):
            if total <= self.most_bytes // 2:
                break
            shutil.rmtree(place, ignore_errors=True)
            try:
                place.parent.rmdir()
            except OSError:
                pass
            total -= size

    def _place(self, key: str, position: Position) -> Path:
        return self.folder / key / f"{position.seq}-{position.mark}"

    def _path(self, key: str, position: Position, after: tuple[str, str]) -> Path:
        return self._place(key, position) / f"{after[0]}.{after[1]}"

    @staticmethod
    def _list(folder: Path) -> list[Path]:
        try:
            return list(folder.iterdir())
        except OSError:
            return []
