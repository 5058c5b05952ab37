"""Opens the database file: pragmas, transactions, migrations, and what to do with damage."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.store import encryption
from app.store.encryption import CacheKey, LockedError
from app.store.errors import StoreError

BUSY_TIMEOUT_S = 5
QUICK_CHECK_BYTES = 20_000_000
_MIGRATIONS = Path(__file__).parent / "migrations"
NEWER = (
    "The database was written by a newer version of Watchroom. "
    "Update this workstation; nothing was changed."
)
_FAILURES: tuple[type[Exception], ...] = (sa.exc.DatabaseError, *encryption.FAILURES)
_DAMAGED = ("malformed", "not a database")


def open_database(path: Path, key: CacheKey | None = None) -> tuple[sa.Engine, str]:
    """The migrated database, and a note for the user ("" when all is well).

    With a key it is encrypted; a plain one is converted first (and stays plain, with a note, when
    that cannot be done now). A damaged file is kept under a new name and an empty database takes
    its place. Transactions of connections with the execution option `writing` take the write lock
    when they begin. Raises LockedError when the file was encrypted with another key, and StoreError
    when it cannot be opened, written or migrated.
    """
    note = ""
    try:
        encryption.recover(path, key)
        if key is not None and encryption.is_plain(path) and _sound(path, None):
            key, note = _encrypted(path, key)
        _check_key(path, key)
        if key is not None:
            _encrypt_copies(path, key)
        if path.exists() and not _sound(path, key):
            note = _set_aside(path)
        try:
            return _open(path, key), note
        except sa.exc.DatabaseError as error:
            if not is_damage(error):
                raise
            _check_key(path, key)
            note = _set_aside(path)
            return _open(path, key), note
    except _FAILURES as error:
        reason = getattr(error, "orig", None) or error
        raise StoreError(
            f"The database {path} could not be opened: {reason}. "
            "Check that the disk has free space and that the folder may be written to."
        ) from error


def _encrypted(path: Path, key: CacheKey) -> tuple[CacheKey | None, str]:
    """The key, once the plain file and the copies of it are encrypted; None where they stay."""
    try:
        encryption.encrypt(path, key)
    except StoreError as error:
        if not encryption.is_plain(path):
            return key, ""  # another process was first
        return None, (
            f"The data on this computer could not be encrypted: {error}. It will be tried again at "
            "the next start."
        )
    return key, ""


def _encrypt_copies(path: Path, key: CacheKey) -> None:
    """Backups of before: whole ones. What stays plain is named in Settings and by `doctor`."""
    for copy in encryption.plain_copies(path):
        if ".damaged-" not in copy.name and _sound(copy, None):
            try:
                encryption.encrypt(copy, key)
            except StoreError:
                pass


def _check_key(path: Path, key: CacheKey | None) -> None:
    """An encrypted file without its key is no damaged one."""
    found = encryption.key_id(path)
    if found is not None and (key is None or found != key.id):
        raise LockedError("The data on this computer are encrypted, and their key is not here.")


def connect(url: str, pool_size: int = 16) -> sa.Engine:
    """A server's database, SQLite or PostgreSQL, as it is: see `migrate` and `is_current`."""
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        # The connection that was used last first: each has a cache of its own.
        engine = sa.create_engine(
            address, connect_args={"timeout": 30}, pool_size=pool_size, pool_use_lifo=True
        )
        sa.event.listen(engine, "connect", _prepare)
        sa.event.listen(engine, "begin", _begin)
        return engine
    # One snapshot a transaction: what is read belongs together (the feed depends on it).
    return sa.create_engine(
        address,
        pool_size=pool_size,
        max_overflow=40 - pool_size,  # as many as there are worker threads
        pool_pre_ping=True,
        isolation_level="REPEATABLE READ",
        connect_args={"connect_timeout": 10, "options": "-c lock_timeout=20s"},
    )


def is_current(engine: sa.Engine) -> bool:
    """Whether the schema is this version's. Raises StoreError when it is a newer one's."""
    current = _current(engine)
    if current is not None and current > newest():
        raise StoreError(NEWER)
    return current == newest()


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that the file itself is broken (and not the disk, or a lock)."""
    return any(word in str(error) for word in _DAMAGED)


def _open(path: Path, key: CacheKey | None) -> sa.Engine:
    # The connection that was used last first: it has what it deciphered still in its cache.
    engine = sa.create_engine(
        f"sqlite:///{path}",
        module=encryption.driver(key),
        creator=lambda: encryption.connect(path, key, BUSY_TIMEOUT_S),
        pool_use_lifo=True,
    )
    sa.event.listen(engine, "connect", _prepare)
    if key is not None:
        sa.event.listen(engine, "connect", _more_cache)
    sa.event.listen(engine, "begin", _begin)
    try:
        migrate(engine, path, key)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _prepare(connection: Any, _: Any) -> None:
    # Python's driver would begin transactions late, and never for a CREATE TABLE: a migration
    # that fails midway would leave half a schema.
    connection.isolation_level = None
    cursor = connection.cursor()
    _write_ahead(cursor)
    # FULL: NORMAL may lose the last commits when the power fails.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA cache_size=-16384")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """WAL. Where several programs open a new database at once, SQLite refuses this without waiting."""
    until = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except Exception as error:  # of sqlite3, or of sqlcipher3
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _more_cache(connection: Any, _: Any) -> None:
    connection.execute(f"PRAGMA cache_size=-{encryption.CACHE_KIB}")


def _begin(connection: sa.Connection) -> None:
    # A transaction that reads first and takes the write lock later fails at once when another
    # process wrote in between; taking it first waits for BUSY_TIMEOUT_S.
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _sound(path: Path, key: CacheKey | None) -> bool:
    """Whether the file looks whole; one that is busy or may not be read counts as whole."""
    if path.stat().st_size == 0:
        return True
    try:
        connection = encryption.connect(path, key, BUSY_TIMEOUT_S)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            # SQLCipher finds it by itself.
            if key is None and _cut_short(path):
                return False
            # Reads every page: worth it for a small file, and where damage has shown before.
            suspect = _suspect(path)
            if suspect.exists() or path.stat().st_size < QUICK_CHECK_BYTES:
                sound = bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
                suspect.unlink(missing_ok=True)
                return sound
            return True
        finally:
            connection.close()
    except encryption.BUSY_OR_UNREADABLE as error:
        return not is_damage(error)
    except encryption.ERRORS:
        return False


def _cut_short(path: Path) -> bool:
    """Whether the file has fewer pages than its header says, with no log to bring the rest."""
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size > 0:
        return False
    with path.open("rb") as file:
        header = file.read(100)
    size = int.from_bytes(header[16:18], "big")
    page = 65536 if size == 1 else size
    return int.from_bytes(header[28:32], "big") * page > path.stat().st_size


def _suspect(path: Path) -> Path:
    return path.with_name(f"{path.name}.suspect")


def note_damage(path: Path) -> None:
    """Have the next start check the whole file, however large it is."""
    _suspect(path).touch()


def _set_aside(path: Path) -> str:
    """Give the damaged file another name; returns the note for the user."""
    stamp = f"damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    aside = _free_name(path, stamp)
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    return f"The database was damaged. It is kept as {aside.name}; an empty one was made."


def _free_name(path: Path, addition: str) -> Path:
    """`path` with the addition, and a number if that exists: no copy replaces another."""
    candidate, n = path.with_name(f"{path.name}.{addition}"), 1
    while candidate.exists():
        n += 1
        candidate = path.with_name(f"{path.name}.{addition}-{n}")
    return candidate


def newest() -> str:
    """The newest revision: migrations are named by their numbers."""
    return max(p.name for p in (_MIGRATIONS / "versions").glob("[0-9]*.py"))[:4]


def _current(engine: sa.Engine) -> str | None:
    """The revision of a database, None for an empty one."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return str(row[0]) if row else None


def migrate(engine: sa.Engine, path: Path | None, key: CacheKey | None = None) -> None:
    """Bring the schema to the newest version; a copy of an older file at `path` is kept beside it.

    All or nothing. Raises StoreError when the database was written by a newer Watchroom.
    """
    current = _current(engine)
    if current == newest():
        return
    # Only where it is needed: alembic is an eighth of what a client takes to start.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    head = scripts.get_current_head()
    if current is not None and current not in {s.revision for s in scripts.walk_revisions()}:
        raise StoreError(NEWER)
    if current is not None and path is not None:
        _copy(path, _free_name(path, f"before-{head}"), key)
    with engine.connect().execution_options(writing=True) as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                # Two that migrate at once: the second finds nothing left to do.
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7023001)")
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
            return
        # Rebuilding a table drops it, which must not take along the rows that refer to it. The
        # pragma counts outside transactions only, hence on the driver's own connection.
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if broken is not None:
                    raise StoreError(
                        f"The database could not be brought up to date: rows of “{broken[0]}” "
                        "refer to nothing. Nothing was changed."
                    )
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def _copy(path: Path, target: Path, key: CacheKey | None) -> None:
    """A whole copy, with what is still in the write-ahead log; no half copy under that name."""
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    source = encryption.connect(path, key, BUSY_TIMEOUT_S)
    copy = encryption.connect(partial, key, BUSY_TIMEOUT_S)
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()
    partial.rename(target)
