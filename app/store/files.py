"""Files that belong to rows: kept on this console by their SHA-256, sent when there is a network.

Where the database is encrypted, so are they (`sealed_file`), with its key. A file of before is
encrypted by `protect`, after the start and in its own time; until then it is read as it is.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from app.store import encryption, sealed_file
from app.store.encryption import CacheKey
from app.store.errors import StoreError
from app.store.store import Store, new_id
from app.store.sync_models import AttachmentRow

log = logging.getLogger(__name__)

MAX_FILE = 32 * 2**20
"""Bytes of one file."""
BLOCK = 1 << 20
OLD, SEALING, SHOWN = ".plain", ".sealing", "shown"
_NAME = re.compile(r"[0-9a-f]{64}")


def folder_of(store: Store) -> Path:
    """Where the files are."""
    return store.path.parent / "attachments"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on this console, or the place of one."""

    path: Path
    key: CacheKey | None = field(default=None, repr=False)

    def exists(self) -> bool:
        """Whether it is here."""
        return self.path.exists()

    def blocks(self) -> Iterator[bytes]:
        """Its content, in constant memory. Raises OSError (DamagedError as such, too)."""
        reader = self._sealed()
        if reader is None:
            with self.path.open("rb") as file:
                while block := file.read(BLOCK):
                    yield block
            return
        try:
            yield from reader
        except sealed_file.DamagedError as error:
            raise OSError("the file is damaged") from error
        finally:
            reader.close()

    def read_bytes(self) -> bytes:
        """All of it. Raises OSError."""
        return b"".join(self.blocks())

    def read_at(self, begin: int, size: int) -> bytes:
        """A part of it. Raises OSError."""
        reader = self._sealed()
        if reader is None:
            with self.path.open("rb") as file:
                file.seek(begin)
                return file.read(size)
        try:
            return reader.read_at(begin, size)
        except sealed_file.DamagedError as error:
            raise OSError("the file is damaged") from error
        finally:
            reader.close()

    def sha256(self) -> str:
        """Of the content, in constant memory. Raises OSError."""
        digest = hashlib.sha256()
        for block in self.blocks():
            digest.update(block)
        return digest.hexdigest()

    def _sealed(self) -> sealed_file.Reader | None:
        if not sealed_file.is_sealed(self.path):
            return None
        if self.key is None:
            raise OSError("the file is encrypted, and its key is not here")
        try:
            return sealed_file.Reader(self.path, self.key)
        except sealed_file.DamagedError as error:
            raise OSError("the file cannot be read with this key") from error


class Incoming:
    """A file that is being written; `finish` gives it its place. With `go_on`, one that broke off
    is gone on with. Raises OSError throughout."""

    def __init__(self, path: Path, key: CacheKey | None, *, go_on: bool = False) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.key = path, key
        there = go_on and path.exists()
        if there and (key is not None) != sealed_file.is_sealed(path):
            encryption.wipe(path)
            there = False
        self._writer = sealed_file.Writer(path, key, go_on=there) if key is not None else None
        self._file = path.open("ab" if there else "wb") if self._writer is None else None

    @property
    def size(self) -> int:
        """Bytes so far."""
        if self._writer is not None:
            return self._writer.size
        assert self._file is not None
        return self._file.tell()

    def write(self, data: bytes) -> None:
        if self._writer is not None:
            self._writer.write(data)
        elif self._file is not None:
            self._file.write(data)

    def whole(self) -> Kept:
        """Everything is written: down to the disk."""
        if self._writer is not None:
            self._writer.finish()
        elif self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        return Kept(self.path, self.key)

    def close(self) -> None:
        """Let go of it."""
        if self._writer is not None:
            self._writer.close()
        elif self._file is not None:
            self._file.close()


def kept(store: Store, sha256: str) -> Kept:
    """The place of a file on this console."""
    return Kept(folder_of(store) / sha256, store.key)


def keep(store: Store, data: bytes, name: str = "", most: int = MAX_FILE) -> str:
    """A file's bytes on this console; its SHA-256. Blocking. Raises StoreError. `name` is for messages."""
    if len(data) > most:
        raise StoreError(f"{name or 'The file'} is larger than {most // 2**20} MB.")
    sha = hashlib.sha256(data).hexdigest()
    place = kept(store, sha)
    if not place.exists():
        try:
            coming = Incoming(folder_of(store) / f"{new_id()}.partial", store.key)
            try:
                coming.write(data)
                coming.whole().path.replace(place.path)
            finally:
                coming.close()
        except OSError as error:
            raise StoreError(f"The file could not be kept: {error.strerror}.") from error
    return sha


def attach(store: Store, kind: str, entity_id: str, name: str, media_type: str, data: bytes) -> str:
    """Keep a file with a row; its SHA-256. Blocking. Raises StoreError."""
    sha = keep(store, data, name)
    store.add_attachment(kind, entity_id, name, media_type, len(data), sha)
    return sha


def read(store: Store, sha256: str) -> bytes | None:
    """A file's bytes; None where it is not on this console (yet), or is not what it should be."""
    try:
        data = kept(store, sha256).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == sha256 else None


def fetched(store: Store, sha256: str) -> bytes | None:
    """The same, brought from the server where it is not here yet; None where it cannot be. Blocking."""
    data = read(store, sha256)
    if data is not None or store.fetch is None:
        return data
    with store._reading() as session:
        size = session.scalar(
            sa.select(AttachmentRow.size).where(AttachmentRow.sha256 == sha256).limit(1)
        )
    if size is None:
        return None
    try:
        store.fetch(sha256, size)
    except Exception:
        return None  # no network, or not ours to see: it is simply not here
    return read(store, sha256)


# -- for other programs


def shown(file: Kept, name: str) -> Path:
    """A copy that another program can open, in a folder that only this account may read; `forget_shown`
    takes it away, at the end and at the next start. Blocking. Raises OSError."""
    folder = file.path.parent / SHOWN
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    suffix = re.sub(r"[^.\w]", "", Path(name).suffix)[:10] or ".bin"
    copy = folder / f"{file.path.name[:16]}{suffix}"
    partial = copy.with_name(f"{new_id()}.partial")
    with partial.open("wb") as out:
        for block in file.blocks():
            out.write(block)
    partial.replace(copy)
    return copy


def forget_shown(store: Store) -> None:
    """Take away the copies for other programs; one that is open there stays until the next time."""
    folder = folder_of(store) / SHOWN
    if not folder.is_dir():
        return
    for copy in folder.iterdir():
        try:
            encryption.wipe(copy)
        except OSError:
            continue
    shutil.rmtree(folder, ignore_errors=True)


# -- from plain to encrypted


def protect(store: Store) -> int:
    """Encrypt files of before; how many. Blocking, in constant memory; may be killed anywhere and
    called again: the content is there under its name at any moment. A file that cannot be done now
    is left for the next time."""
    with _protecting:
        forget_shown(store)
        folder, key = folder_of(store), store.key
        if key is None or not folder.is_dir():
            return 0
        count = 0
        for old in sorted(folder.glob(f"*{OLD}")):
            _tried(old, lambda path: _mend(path, key))
        for path in sorted(folder.iterdir()):
            if path.suffix in (SEALING, ".partial", ".download"):
                _tried(path, _clear)
            elif _NAME.fullmatch(path.name):
                count += _tried(path, lambda path: _seal(path, key))
        return count


_protecting = threading.Lock()


def _tried(path: Path, work: Callable[[Path], bool]) -> bool:
    try:
        return work(path)
    except OSError as error:
        log.warning("%s stays as it is: %s", path.name, error.strerror or error)
        return False


def _mend(old: Path, key: CacheKey) -> bool:
    """What a kill left of a conversion."""
    target = old.with_name(old.name.removesuffix(OLD))
    if not target.exists():
        old.rename(target)
    elif old.samefile(target):
        old.unlink()  # another name of it
    elif sealed_file.is_sealed(target):
        there = Kept(target, key).sha256()
        if there in (target.name, Kept(old).sha256()):  # half wiped, or not yet
            encryption.wipe(old)
    return True


def _clear(path: Path) -> bool:
    """What was never finished; a sealed download goes on."""
    if not _young(path) and (path.suffix != ".download" or not sealed_file.is_sealed(path)):
        encryption.wipe(path)
    return True


def _young(path: Path) -> bool:
    """Whether somebody may be writing it now."""
    return time.time() - path.stat().st_mtime < 600


def _seal(path: Path, key: CacheKey) -> bool:
    """Whether it was plain, and is not any more."""
    if sealed_file.is_sealed(path):
        return False
    aside, old = path.with_name(f"{new_id()}{SEALING}"), path.with_name(path.name + OLD)
    plain, coming = Kept(path), Incoming(aside, key)
    try:
        for block in plain.blocks():
            coming.write(block)
        sealed = coming.whole()
    finally:
        coming.close()
    _step("written")
    if sealed.sha256() != plain.sha256():
        raise OSError("what was written is not what was there")
    _step("verified")
    try:
        old.hardlink_to(path)  # to be wiped; fails where another process does the same
    except FileExistsError:
        aside.unlink()
        return False
    except OSError:
        path.rename(old)  # a file system without links; `_mend` puts it back after a kill
    _step("renamed")
    aside.replace(path)
    _step("replaced")
    encryption.wipe(old)
    return True


def _step(name: str) -> None:
    """Where tests end the process."""
