"""A server with two organisations that share cameras, people who manage them, and a console's store
with the same cameras: what the screens for people who manage are tested and looked at with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.domain.permission import Role
from app.server.application import Settings
from app.server.database import Database
from app.server.keys import ServerKey
from app.store import kinds
from app.store.models import (
    ChannelRow,
    DeviceRow,
    OrganisationRow,
    PositionRow,
    SiteRow,
)
from app.store.secrets import FileSecrets
from app.store.server_models import AccountRow
from app.store.store import Store
from app.sync.account import Account, Identity, ServerError
from app.sync.client import NetworkError
from tests.server.conftest import FAST, PASSWORD, Clock, Server, World

CHIEF = (Role.ADMINISTRATOR, Role.SUPERVISOR, Role.AUDITOR)


class Person:
    """Somebody signed in, as `managing.Desk` and as the office's account; requests are real."""

    def __init__(self, town: Town, login: str, tokens: dict[str, Any]) -> None:
        self._town, self._login = town, login
        self._client = town.server.client(tokens)
        said = self._client.get("/api/me")
        self.identity: Identity | None = Identity(
            said["user_id"], login, said["name"], said["organisation_id"], tuple(said["roles"])
        )
        self.cut = False
        self.calls: list[str] = []

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        self.calls.append(path)
        url = self._client.url
        if self.cut:
            self._client.url = "http://127.0.0.1:9"
        try:
            answer = self._client.call(method, path, body)
        except OSError as error:
            raise NetworkError("connection refused") from error
        finally:
            self._client.url = url
        if not answer.ok:
            said = answer.json()
            raise ServerError(said["code"], said["detail"], answer.status_code)
        return answer.json() if answer.content else {}

    def renew(self) -> None:
        """A token of the time to which a test moved the clock."""
        self._client.tokens = self._town.world.tokens(self._login, at=self._town.clock())


class Town:
    """Police (police) with four cameras, the metro with two and one more station below it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock()
        self.database = Database(f"sqlite:///{folder / 'server.sqlite'}")
        self.world = World(self.database)
        settings = Settings(limits=FAST, key=ServerKey(b"k" * 32), clock=self.clock)
        self.server = Server(self.database, settings)
        world = self.world
        self.police = world.organisation("市公安局")
        self.metro = world.organisation("轨道交通公司")
        self.station = world.organisation("城北车辆段", self.metro)
        self.english({self.police: "City Police", self.metro: "Metro Company",
                      self.station: "North Depot"})  # fmt: skip
        names = ("人民广场 东口", "人民广场 西口", "中山街与丽阳街口", "火车站 出站口")
        self.cameras = [world.camera(self.police, name) for name in names]
        self.metro_cameras = [
            world.camera(self.metro, name) for name in ("1号线 站厅A", "1号线 站厅B")
        ]
        with self.database.writing() as session:
            for i, camera in enumerate((*self.cameras, *self.metro_cameras)):
                row = session.get_one(ChannelRow, camera)
                row.code, row.call_number = f"3301010000131000{i:04d}", 100 + i
        self.chief = self.person(self.police, "王丽", *CHIEF)
        self.metro_chief = self.person(self.metro, "陈强", *CHIEF)

    def english(self, names: dict[str, str]) -> None:
        with self.database.writing() as session:
            for identity, name in names.items():
                session.get_one(OrganisationRow, identity).name_en = name

    def person(self, organisation: str, name: str, *roles: str, console: str = "") -> Person:
        """Signed in without the wait of a password."""
        login = self.world.person(organisation, *roles)
        with self.database.writing() as session:
            query = sa.select(AccountRow).where(AccountRow.login == login)
            session.scalars(query).one().name = name
        return Person(self, login, self.world.tokens(login, console))

    def console(self, person: Person, name: str = "台1") -> Account:
        """A console that is really enrolled, where this person really signs in."""
        identity = person.identity
        assert identity is not None
        body = {"organisation_id": identity.organisation_id}
        folder = self.folder / name
        folder.mkdir()
        account = Account(FileSecrets(folder), folder)
        account.enrol(
            self.server.url, person.call("POST", "/api/consoles/codes", body)["code"], name
        )
        account.sign_in(identity.login, PASSWORD)
        return account

    def store(self, *organisations: str, name: str = "console") -> Store:
        """A console's store with these organisations' cameras, as synchronisation leaves it."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        store = Store(folder / "watchroom.db", FileSecrets(folder))
        self.fill(store, *organisations)
        return store

    def fill(self, store: Store, *organisations: str) -> None:
        """Put these organisations' cameras into a store."""
        tables: dict[type[Any], list[dict[str, Any]]] = {}
        with self.database.reading() as session:
            sites = set(session.scalars(
                sa.select(SiteRow.id).where(SiteRow.organisation_id.in_(organisations))
            ))  # fmt: skip
            devices: set[str] = set()
            for model in (OrganisationRow, SiteRow, PositionRow, DeviceRow, ChannelRow):
                rows = session.execute(sa.select(model.__table__)).mappings()
                kept = [dict(row) for row in rows]
                if model is SiteRow:
                    kept = [r for r in kept if r["id"] in sites]
                elif model in (PositionRow, ChannelRow):
                    kept = [r for r in kept if r["site_id"] in sites]
                if model is PositionRow:
                    places = {r["id"] for r in kept}
                elif model is DeviceRow:
                    kept = [r for r in kept if r["position_id"] in places]
                    devices = {r["id"] for r in kept}
                elif model is ChannelRow:
                    kept = [r for r in kept if r["device_id"] in devices]
                tables[model] = kept
        store.insert_rows(tables)
        with store.syncing() as connection:  # what is searched is made from the rest
            ids: dict[str, Sequence[str]]
            ids = {"channel": [row["id"] for row in tables[ChannelRow]]}
            kinds.derive(connection, ids)

    def close(self) -> None:
        self.server.stop()
        self.database.close()
