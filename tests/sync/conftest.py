"""A server without HTTP, consoles without windows, and a real PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa

from app.domain.permission import Principal, Role
from app.server.access import Access
from app.server.database import Database
from app.server.problem import Problem as Refused
from app.server.snapshots import Snapshots
from app.server.sync import SyncServer
from app.store.models import OrganisationRow
from app.store.secrets import FileSecrets
from app.store.store import Store
from app.sync import protocol
from app.sync.client import NetworkError, SyncClient
from app.sync.protocol import SyncError

HOME, FOREIGN = "01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"
AT = "2026-01-01T00:00:00.000+00:00"


def principal(
    user: str = "u1", organisation: str = HOME, role: str = Role.COMMISSIONER
) -> Principal:
    return Principal(user, f"Name of {user}", organisation, "", frozenset({role}))


class Direct:
    """Requests as calls; `faults` may lose them or their answers."""

    MESSAGES: ClassVar[dict[str, Any]] = {
        "hello": protocol.Place, "push": protocol.Push, "pull": protocol.Pull,
        "watch": protocol.Watch, "snapshot": protocol.SnapshotAsked, "visible": protocol.Place,
        "rows": protocol.RowsAsked, "digest": protocol.DigestAsked,
    }  # fmt: skip

    def __init__(self, server: SyncServer, who: Principal) -> None:
        self.server, self.who = server, who
        self.online = True
        self.fault: Callable[[str, str], None] = lambda when, path: None
        self.calls: list[tuple[str, Any]] = []

    def call(self, method: str, path: str, body: bytes, timeout_s: float) -> bytes:
        if not self.online:
            raise NetworkError("no network")
        self.fault("request", path)
        name = "news" if path == "watch" else path
        message = protocol.decode(self.MESSAGES[path], body)
        self.calls.append((path, message))
        try:
            answer = getattr(self.server, name)(self.who, message)
        except Refused as error:
            problem = {"code": error.code, "detail": error.detail, "status": error.status}
            raise SyncError(protocol.Problem(**problem, **error.extra)) from error
        self.fault("answer", path)
        return protocol.encode(answer)

    def cancel(self) -> None:
        pass


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database: migrating takes longer than most tests."""
    folder = tmp_path_factory.mktemp("template")
    Store(folder / "empty.db", FileSecrets(folder)).close()
    return folder / "empty.db"


class World:
    """A server and its consoles."""

    def __init__(self, folder: Path, template: Path, url: str = "") -> None:
        self.folder, self.url = folder, url or f"sqlite:///{folder / 'server.db'}"
        self.template = template
        if not url:
            shutil.copy(template, folder / "server.db")
        self.now = datetime(2026, 6, 1, 8, tzinfo=UTC)
        self.stores: list[Store] = []
        self.databases: list[Database] = []
        self.server = self.start()
        with self.database.writing() as session:
            for identity, name in ((HOME, "本单位"), (FOREIGN, "外单位")):
                if session.get(OrganisationRow, identity) is None:
                    session.add(OrganisationRow(id=identity, name=name, updated_at=AT))
        self.server = self.start()

    def start(self, **options: Any) -> SyncServer:
        """A server process on the one database."""
        self.database = Database(self.url)
        self.databases.append(self.database)
        self.access = Access(self.database, lambda: self.now)
        kept = Snapshots(self.folder / "snapshots")
        return SyncServer(self.database, self.access, snapshots=kept, **options)

    def console(
        self, name: str, who: Principal | None = None, *, meet: bool = True, **options: Any
    ) -> SyncClient:
        """A console; one that has met the server knows the organisations."""
        folder = self.folder / name
        if not folder.exists():
            folder.mkdir()
            shutil.copy(self.template, folder / "watchroom.db")
        store = Store(folder / "watchroom.db", FileSecrets(folder))
        self.stores.append(store)
        client = SyncClient(store, Direct(self.server, who or principal()), **options)
        if meet:
            client.round()
        return client

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def close(self) -> None:
        for store in self.stores:
            store.close()
        for database in self.databases:
            database.close()


@pytest.fixture
def world(tmp_path: Path, template: Path) -> Iterator[World]:
    made = World(tmp_path, template)
    yield made
    made.close()


def rows(store_or_database: Any, table: str) -> list[dict[str, Any]]:
    """Everything in a table."""
    engine = getattr(store_or_database, "engine", None) or store_or_database._engine
    with engine.connect() as connection:
        return [dict(r._mapping) for r in connection.execute(sa.text(f'SELECT * FROM "{table}"'))]
