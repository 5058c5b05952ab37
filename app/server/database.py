"""The server's database: transactions on SQLite or PostgreSQL, and the clock beside them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app.store.database import connect, is_current, migrate
from app.store.errors import StoreError

T = TypeVar("T")
TRIES = 5
# Serialisation failure, deadlock, and a row that another inserted meanwhile: as a second try sees.
RETRIED = ("40001", "40P01", "23505")


def stamp(moment: datetime) -> str:
    """As times are stored: UTC, milliseconds; compares as text."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def moment(text: str) -> datetime:
    """The aware time of a stored one."""
    return datetime.fromisoformat(text)


class Database:
    """Transactions of one server process. Thread-safe."""

    def __init__(self, url: str) -> None:
        """Connects lazily; `url` as SQLAlchemy's. SQLite is migrated at once, PostgreSQL is not:
        raises StoreError when its schema is not this version's, or when nothing answers."""
        self.engine = connect(url)
        self.sqlite = self.engine.dialect.name == "sqlite"
        self._readers = sessionmaker(self.engine)
        # On SQLite a writer takes the lock first; on PostgreSQL a writer sees what others have
        # committed meanwhile: rows that matter are locked (FOR UPDATE, or UPDATE … RETURNING).
        options = {"writing": True} if self.sqlite else {"isolation_level": "READ COMMITTED"}
        self._writers = sessionmaker(
            self.engine.execution_options(**options), expire_on_commit=False
        )
        self._lock = threading.Lock()
        try:
            if self.sqlite:
                file = self.engine.url.database
                migrate(self.engine, Path(file) if file else None)
            elif not is_current(self.engine):
                raise StoreError(
                    "The database's tables are not this version's. "
                    "Run: watchroom server migrate --database …"
                )
        except sa.exc.DatabaseError as error:
            self.close()
            raise StoreError(f"The database does not answer: {error.orig}") from error
        except StoreError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One state of the database, whatever is written meanwhile."""
        with self._readers() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction, committed at the end. For what may collide use `write`."""
        if self.sqlite:
            # SQLite makes writers wait by polling, and not in their order.
            with self._lock, self._writers() as session:
                yield session
                session.commit()
        else:
            with self._writers() as session:
                yield session
                session.commit()

    def write(self, work: Callable[[Session], T]) -> T:
        """`work` in one transaction, tried again (as a whole) where that helps on PostgreSQL."""
        for attempt in range(TRIES):
            try:
                with self.writing() as session:
                    return work(session)
            except (sa.exc.OperationalError, sa.exc.IntegrityError) as error:
                code = getattr(error.orig, "sqlstate", None)
                if code not in RETRIED or attempt == TRIES - 1:
                    raise
        raise AssertionError("not reached")
