"""A real server on a real socket, with a clock that tests move."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sa
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.permission import Permission, Role
from app.evidence.keys import public_pem
from app.server.accounts import administrator_code, issue, new_id
from app.server.application import Settings, create_application
from app.server.database import Database, stamp
from app.server.limits import Limits
from app.server.passwords import hash_password
from app.store.database import connect, migrate
from app.store.models import (
    ChannelRow,
    DeviceRow,
    OrganisationRow,
    PositionRow,
    SiteRow,
    StreamRow,
)
from app.store.server_models import (
    AccountRow,
    CameraGroupMemberRow,
    CameraGroupRow,
    ConsoleRow,
    GrantRow,
)
from tests.postgres import Postgres

PASSWORD = "seven green bicycles"
HASH = hash_password(PASSWORD)
FAST = Limits(rate=100_000, burst=100_000)


class Clock:
    """Real time plus what a test adds."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Client:
    """A signed-in person; paths are below the server's address."""

    def __init__(self, url: str, tokens: dict[str, Any] | None = None) -> None:
        self.url, self.tokens, self.http = url, tokens or {}, requests.Session()

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        headers = more.pop("headers", {})
        if self.tokens:
            headers = {"authorization": f"Bearer {self.tokens['access']}", **headers}
        if body is not None:
            more["json"] = body
        return self.http.request(method, self.url + path, headers=headers, timeout=30, **more)

    def get(self, path: str, **parameters: Any) -> Any:
        return good(self.call("GET", path, params=parameters))

    def post(self, path: str, body: Any) -> Any:
        return good(self.call("POST", path, body))


def good(response: requests.Response) -> Any:
    """The answer's content, if it is one."""
    assert response.ok, (response.status_code, response.text)
    return response.json() if response.content else None


def code_of(response: requests.Response) -> str:
    """The `code` of a refusal, which must be a whole problem document."""
    assert not response.ok, response.text
    assert response.headers["content-type"] == "application/problem+json", response.text
    document = response.json()
    assert document["status"] == response.status_code
    assert document["detail"]
    return str(document["code"])


class Server:
    """One server process's worth: application and socket, on `database`."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.settings = database, settings
        self.application = create_application(database, settings)
        self._server = uvicorn.Server(
            uvicorn.Config(self.application, port=0, log_config=None, access_log=False)
        )
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 60
        while not self._server.started:
            assert time.monotonic() < deadline, "the server did not start"
            assert self._thread.is_alive(), "the server ended"
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    def client(self, tokens: dict[str, Any] | None = None) -> Client:
        return Client(self.url, tokens)

    def sign_in(self, login: str, password: str = PASSWORD) -> Client:
        body = {"login": login, "password": password}
        return self.client(self.client().post("/api/session", body))

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(20)


class World:
    """Invented organisations with cameras and people, written straight into the database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._numbers = itertools.count()

    def organisation(self, name: str, parent: str | None = None) -> str:
        row = OrganisationRow(id=new_id(), name=name, parent_id=parent, updated_at=_now())
        return self._add(row)

    def person(self, organisation: str, *roles: str) -> str:
        """The login; the password is PASSWORD."""
        login = f"p{next(self._numbers)}-{'-'.join(roles)}"
        self._add(
            AccountRow(
                id=new_id(), login=login, name=login, organisation_id=organisation,
                roles=" ".join(roles), password_hash=HASH, created_at=_now(),
            )
        )  # fmt: skip
        return login

    def tokens(self, login: str, console: str = "", at: datetime | None = None) -> dict[str, Any]:
        """As a sign-in gives, without its wait."""
        account = self.account_id(login)
        with self.database.writing() as session:
            now = at or datetime.now(UTC)
            return issue(session, now, account, console, new_id(), "").model_dump()

    def console(self, organisation: str) -> str:
        key = public_pem(Ed25519PrivateKey.generate().public_key())
        return self._add(
            ConsoleRow(
                id=new_id(), name="WS", organisation_id=organisation, public_key=key,
                enrolled_at=_now(),
            )
        )  # fmt: skip

    def group(self, organisation: str, *cameras: str) -> str:
        group = self._add(CameraGroupRow(id=new_id(), organisation_id=organisation, name="gates"))
        with self.database.writing() as session:
            session.add_all(CameraGroupMemberRow(group_id=group, channel_id=c) for c in cameras)
        return group

    def grant(self, owner: str, about: tuple[str, str], whom: tuple[str, str], **more: Any) -> str:
        """Of everything, for an hour, unless told otherwise."""
        values: dict[str, Any] = {
            "permissions": " ".join(Permission), "effect": "allow", "not_before": _now(),
            "not_after": stamp(datetime.now(UTC) + timedelta(hours=1)), **more,
        }  # fmt: skip
        return self._add(
            GrantRow(
                id=new_id(), organisation_id=owner, object_kind=about[0], object_id=about[1],
                subject_kind=whom[0], subject_id=whom[1], basis="case 7", created_by="x",
                created_at=_now(), **values,
            )
        )  # fmt: skip

    def account_id(self, login: str) -> str:
        with self.database.reading() as session:
            query = sa.select(AccountRow.id).where(AccountRow.login == login)
            return session.scalars(query).one()

    def camera(self, organisation: str, name: str = "gate") -> str:
        site = self._add(
            SiteRow(id=new_id(), organisation_id=organisation, name="s", updated_at=_now())
        )
        position = self._add(PositionRow(id=new_id(), site_id=site, updated_at=_now()))
        device = self._add(
            DeviceRow(id=new_id(), position_id=position, username="cctv", updated_at=_now())
        )
        camera = self._add(
            ChannelRow(id=new_id(), device_id=device, site_id=site, name=name, updated_at=_now())
        )
        with self.database.writing() as session:
            for role in ("main", "sub"):
                url = f"rtsp://10.0.0.7/{role}"
                session.add(StreamRow(channel_id=camera, role=role, url=url, width=640))
        return camera

    def _add(self, row: Any) -> str:
        with self.database.writing() as session:
            session.add(row)
        return str(row.id)


def _now() -> str:
    return stamp(datetime.now(UTC))


@pytest.fixture
def clock() -> Clock:
    return Clock()


def fresh_url(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    """An empty, migrated database."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'server.sqlite'}"
    postgres: Postgres = request.getfixturevalue("postgres")
    url = postgres.database()
    engine = connect(url)
    migrate(engine, None)
    engine.dispose()
    return url


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """SQLite; parametrised indirectly with "postgresql", that."""
    opened = Database(fresh_url(getattr(request, "param", "sqlite"), request, tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def serve(database: Database, clock: Clock, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers on the database; arguments are settings."""
    servers: list[Server] = []

    def start(**settings: Any) -> Server:
        own = Settings(clock=clock, limits=FAST, attachments=tmp_path / "attachments")
        chosen = replace(own, **settings)
        servers.append(Server(database, chosen))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve()


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def first_code(database: Database, clock: Clock) -> str:
    """The one-time code of an empty server."""
    code = database.write(lambda session: administrator_code(session, clock()))
    assert code is not None
    return code


BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
ROLES = tuple(Role)
