"""The console's database file, encrypted: AES-256 with SQLCipher, and plain files made so.

A file that is encrypted begins with SQLCipher's salt. Ours says so: nine letters and seven bytes
that tell which key it was, so that another key is never taken for damage. (With a key of 32 random
bytes nothing depends on the salt.) HMAC-SHA-256 a page: any change of a byte is noticed.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.store.errors import StoreError

try:
    from sqlcipher3 import dbapi2 as _cipher
except ImportError:  # no wheel for this platform: the file stays plain, and that is said
    _cipher = None

cipher: Any = _cipher
"""SQLCipher's DB-API module, or None."""

MAGIC = b"Watchroom"
PLAIN = b"SQLite format 3\0"
CACHE_KIB = 65536
"""Of deciphered pages, a connection: a search over 100,000 cameras reads half of that."""
ENCRYPTING, OLD = ".encrypting", ".plain"
WIPE_BLOCK = 1 << 20

ERRORS: tuple[type[Exception], ...] = (
    (sqlite3.DatabaseError,) if cipher is None else (sqlite3.DatabaseError, cipher.DatabaseError)
)
BUSY_OR_UNREADABLE: tuple[type[Exception], ...] = (
    (sqlite3.OperationalError,)
    if cipher is None
    else (sqlite3.OperationalError, cipher.OperationalError)
)
FAILURES: tuple[type[Exception], ...] = (OSError, *ERRORS)


class LockedError(StoreError):
    """The file is encrypted, and its key is not here. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class CacheKey:
    """32 random bytes. They are never shown."""

    raw: bytes = field(repr=False)

    @property
    def id(self) -> bytes:
        """Seven bytes that tell keys apart."""
        return hashlib.sha256(b"watchroom cache key" + self.raw).digest()[:7]

    @property
    def literal(self) -> str:
        """For `PRAGMA key`: key and salt, so that no password is stretched."""
        return f"x'{self.raw.hex()}{(MAGIC + self.id).hex()}'"


def key_id(path: Path) -> bytes | None:
    """Which key the file was encrypted with; None for one that is not encrypted, or not there."""
    head = _head(path)
    return head[len(MAGIC) :] if head.startswith(MAGIC) else None


def is_plain(path: Path) -> bool:
    """Whether it is a database that anybody can read."""
    return _head(path) == PLAIN


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(16)
    except FileNotFoundError:
        return b""


def connect(path: Path, key: CacheKey | None, timeout_s: float, *, read_only: bool = False) -> Any:
    """A connection of the driver; with a key, of SQLCipher's (see `driver`)."""
    place = f"{path.absolute().as_uri()}?mode=ro" if read_only else str(path)
    if key is None:
        return sqlite3.connect(place, timeout=timeout_s, uri=read_only, check_same_thread=False)
    made = driver(key).connect(place, timeout=timeout_s, uri=read_only, check_same_thread=False)
    _use(made, key)
    return made


def driver(key: CacheKey | None) -> Any:
    """The DB-API module. Raises StoreError where SQLCipher is missing."""
    if key is None:
        return sqlite3
    if cipher is None:
        raise StoreError(
            "The data on this computer are encrypted, and the package “sqlcipher3” is missing. "
            "Install it; nothing was changed."
        )
    return cipher


def _use(connection: Any, key: CacheKey) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")  # else every wrong page is told on stderr
    connection.execute(f'PRAGMA key = "{key.literal}"')
    connection.execute("PRAGMA cipher_hmac_algorithm = HMAC_SHA256")


# -- from plain to encrypted


def recover(path: Path, key: CacheKey | None) -> None:
    """Finish, or take back, conversions that were cut off: of the file and of copies beside it.
    Loses nothing in any case."""
    for old in sorted(path.parent.glob(f"{path.name}*{OLD}")):
        target = old.with_name(old.name.removesuffix(OLD))
        if not target.exists():
            old.rename(target)
        elif key is not None and key_id(target) == key.id:
            _check_opens(target, key)
            wipe(old)


def encrypt(path: Path, key: CacheKey) -> None:
    """Put an encrypted file in the place of a plain one, whole and verified, then wipe that.

    Written aside; a crash at any moment leaves one of the two, whole, and `recover` does the rest.
    Raises StoreError, and the plain file is as it was, when another program has it open or the
    disk is full.
    """
    aside, old = (path.with_name(path.name + end) for end in (ENCRYPTING, OLD))
    source = None
    try:
        for end in ("", "-wal", "-shm", "-journal"):
            aside.with_name(aside.name + end).unlink(missing_ok=True)
        module = driver(key)
        source = module.connect(str(path), timeout=1)
        source.isolation_level = None
        source.execute("PRAGMA cipher_log_level = NONE")
        # Takes in the write-ahead log; refused while another program has the file open. From here
        # on nobody else gets in: a word written to the old file now would be lost.
        source.execute("PRAGMA locking_mode = EXCLUSIVE")
        if source.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":
            raise StoreError("another program uses the file")
        source.execute("BEGIN EXCLUSIVE")
        source.execute("COMMIT")
        _step("locked")
        _export(source, aside, key)
        _step("written")
        if _contents(source) != _contents_of(aside, key):
            raise StoreError("what was written is not what was there")
        _step("verified")
        if os.name == "nt":  # an open file cannot be renamed there
            source.close()
        path.rename(old)
        _step("renamed")
        aside.rename(path)
        _sync_folder(path.parent)
        _step("replaced")
    except FAILURES as error:
        raise StoreError(str(error)) from error
    finally:
        if source is not None:
            source.close()
    wipe(old)


def _export(source: Any, aside: Path, key: CacheKey) -> None:
    source.execute("ATTACH DATABASE ? AS sealed KEY ?", (str(aside), key.literal))
    try:
        source.execute("PRAGMA sealed.cipher_hmac_algorithm = HMAC_SHA256")
        source.execute("PRAGMA sealed.synchronous = FULL")
        source.execute("SELECT sqlcipher_export('sealed')").fetchall()
        version = source.execute("PRAGMA main.user_version").fetchone()[0]
        source.execute(f"PRAGMA sealed.user_version = {int(version)}")
    finally:
        source.execute("DETACH DATABASE sealed")
    with aside.open("rb+") as file:
        os.fsync(file.fileno())


def _contents_of(path: Path, key: CacheKey) -> dict[str, str]:
    """Like `_contents`, of the encrypted file, by a fresh connection and with every page proved."""
    connection = connect(path, key, 1)
    try:
        for check in ("cipher_integrity_check", "quick_check(1)"):
            found = [str(row[0]) for row in connection.execute(f"PRAGMA {check}")]
            if found and found != ["ok"]:
                raise StoreError(f"what was written cannot be read: {found[0]}")
        return _contents(connection)
    finally:
        connection.close()


def _contents(connection: Any) -> dict[str, str]:
    """The schema, and a digest of each table's rows in their order."""
    schema = connection.execute(
        "SELECT name, type, tbl_name, sql FROM sqlite_master ORDER BY type, name"
    ).fetchall()
    found = {"": _digest(schema)}
    for name in [row[0] for row in schema if row[1] == "table"]:
        columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')]
        order = ", ".join(f'"{c}"' for c in columns)
        rows = connection.execute(f'SELECT * FROM "{name}" ORDER BY {order}')
        found[name] = _digest(rows)
    return found


def _digest(rows: Iterable[Any]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for row in rows:
        digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _check_opens(path: Path, key: CacheKey) -> None:
    """Raises StoreError when the encrypted file cannot be read with the key."""
    try:
        connection = connect(path, key, 5, read_only=True)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        finally:
            connection.close()
    except ERRORS as error:
        raise StoreError(f"The encrypted data cannot be read: {error}") from error


def wipe(path: Path) -> None:
    """Write over a plain file, then remove it. What an SSD or a file system with snapshots keeps
    elsewhere is beyond reach."""
    for end in ("-wal", "-shm", "-journal", ""):
        part = path.with_name(path.name + end)
        try:
            size = part.stat().st_size
            with part.open("rb+") as file:
                for begin in range(0, size, WIPE_BLOCK):
                    file.write(b"\0" * min(WIPE_BLOCK, size - begin))
                file.flush()
                os.fsync(file.fileno())
            if end == "":
                _step("wiped")
            part.unlink()
        except FileNotFoundError:
            continue


def plain_copies(path: Path) -> Iterator[Path]:
    """Older copies beside the file (backups before a migration, damaged ones) that anybody can
    read."""
    for other in sorted(path.parent.glob(f"{path.name}.*")):
        if other.suffix not in (ENCRYPTING, OLD) and is_plain(other):
            yield other


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _step(name: str) -> None:
    """Where tests end the process."""
