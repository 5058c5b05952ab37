"""Opens the database file: pragmas, migrations, and what to do with a damaged file."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.store.errors import StoreError

BUSY_TIMEOUT_S = 5
_MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(path: Path) -> tuple[sa.Engine, str]:
    """The migrated database, and a note for the user ("" when all is well).

    A file that SQLite cannot read is kept under a new name and an empty database takes its place.
    Raises StoreError when the file cannot be opened, written or migrated.
    """
    note = ""
    if path.exists() and not _readable(path):
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        aside = path.with_name(f"{path.name}.damaged-{stamp}")
        for suffix in ("", "-wal", "-shm"):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
        note = f"The database was damaged. It is kept as {aside.name}; an empty one was made."
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_TIMEOUT_S})
    sa.event.listen(engine, "connect", _prepare)
    try:
        migrate(engine, path)
    except (sa.exc.OperationalError, sa.exc.DatabaseError, OSError) as error:
        engine.dispose()
        reason = getattr(error, "orig", None) or error
        raise StoreError(
            f"The database {path} could not be opened: {reason}. "
            "Check that the disk has free space and that the folder may be written to."
        ) from error
    return engine, note


def _prepare(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA cache_size=-65536")
    cursor.close()


def _readable(path: Path) -> bool:
    """Whether SQLite reads the schema and calls the file sound; a busy file counts as sound."""
    if path.stat().st_size == 0:
        return True
    try:
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            # quick_check reads every page: worth it for a small file, too slow for a large one.
            if path.stat().st_size < 20_000_000:
                return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
            return True
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        return "malformed" not in str(error) and "not a database" not in str(error)
    except sqlite3.DatabaseError:
        return False


def migrate(engine: sa.Engine, path: Path | None) -> None:
    """Bring the schema to the newest version; a copy of an older file is kept beside it.

    Raises StoreError when the file was written by a newer Watchroom.
    """
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    head = scripts.get_current_head()
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == head:
        return
    if current is not None:
        known = {script.revision for script in scripts.walk_revisions()}
        if current not in known:
            raise StoreError(
                "The database was written by a newer version of Watchroom. "
                "Update this workstation; nothing was changed."
            )
        if path is not None:
            shutil.copy2(path, path.with_name(f"{path.name}.before-{head}"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
