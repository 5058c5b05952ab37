"""Accounts of cameras on a console: fetched by need, kept for an outage, forgotten when told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.camera import CameraDetails, Credentials, StreamRole, StreamSpec
from app.domain.permission import Role
from app.server.database import Database
from app.server.keys import ServerKey
from app.server.relay import Relay
from app.store.secrets import FileSecrets
from app.store.server_models import DeviceSecretRow
from app.store.store import Changes, Store
from app.sync import protocol
from app.sync.client import NetworkError, SyncClient
from app.sync.credentials import FILE, CameraAccounts, Vault
from app.sync.protocol import SyncError
from app.sync.transport import HttpTransport
from tests.server.conftest import BOTH, Client, Clock, Server, World, clock, database, serve, world
from tests.server.test_cameras import SECRET, relay_paths, sessions

__all__ = ["clock", "database", "relay_paths", "serve", "sessions", "world"]

ACCOUNT = {"username": "cctv2", "password": "hush hush"}
PASSWORD = "typed in here"


@dataclass
class SignedIn:
    """A sign-in as the console has it, with a cable that can be pulled."""

    client: Client
    online: bool = True
    asked: int = 0

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        if not self.online:
            raise NetworkError("no network")
        self.asked += 1
        answer = self.client.call(method, path, body)
        if not answer.ok:
            said = answer.json()
            problem = protocol.Problem(said["code"], said["detail"], status=answer.status_code)
            raise SyncError(problem)
        return dict(answer.json()) if answer.content else {}


class Console:
    """A workstation of a person, in step with the server."""

    def __init__(self, folder: Path, server: Server, client: Client, clock: Clock) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.client, self.clock = folder, client, clock
        self.secrets = FileSecrets(folder)
        self.store = Store(folder / "watchroom.db", self.secrets)
        self.signed = SignedIn(client)
        self.person = str(client.get("/api/me")["user_id"])
        self.sync = SyncClient(
            self.store, HttpTransport(server.url, lambda: str(client.tokens["access"]))
        )
        self.accounts = self.begin()

    def begin(self) -> CameraAccounts:
        """As at a start of the program."""
        made = CameraAccounts(self.store, self.signed, lambda: self.person, clock=self.clock)
        self.store.supply = made
        return made

    def round(self) -> None:
        self.sync.round()
        self.accounts.work(str(self.sync.place()["scope"]))

    def credentials(self, camera: str) -> Credentials:
        source = self.store.source(camera)
        assert source is not None
        return source.credentials

    def written(self) -> bytes:
        """Every file of the console's."""
        return b"".join(p.read_bytes() for p in self.folder.iterdir() if p.is_file())


@dataclass
class Site:
    server: Server
    world: World
    clock: Clock
    home: str
    camera: str
    chief: Client
    fitter: Client
    folder: Path
    consoles: list[Console]

    def console(self, *roles: str, organisation: str = "") -> Console:
        home = organisation or self.home
        client = self.server.client(
            self.world.tokens(self.world.person(home, *roles), self.world.console(home))
        )
        made = Console(self.folder / f"c{len(self.consoles)}", self.server, client, self.clock)
        self.consoles.append(made)
        made.round()
        return made

    def set_account(self, account: dict[str, str]) -> None:
        assert self.fitter.call("PUT", f"/api/cameras/{self.camera}/account", account).ok


@pytest.fixture
def site(
    request: pytest.FixtureRequest, world: World, serve: Callable[..., Server], clock: Clock,
    tmp_path: Path,
) -> Iterator[Site]:  # fmt: skip
    home = world.organisation("a")
    camera = world.camera(home)
    settings: dict[str, Any] = {"key": ServerKey(b"k" * 32)}
    if "relay_paths" in request.fixturenames:
        api = request.getfixturevalue("relay_paths")[0]
        settings["relay"] = Relay("rtsps://relay", api, SECRET)
    server = serve(**settings)
    chief, fitter = (
        server.client(world.tokens(world.person(home, role)))
        for role in ("administrator", "commissioner")
    )
    made = Site(server, world, clock, home, camera, chief, fitter, tmp_path, [])
    made.set_account(ACCOUNT)
    yield made
    for console in made.consoles:
        console.store.close()


@BOTH
def test_an_account_comes_by_need_and_serves_through_an_outage(site: Site) -> None:
    console = site.console(Role.OPERATOR)
    assert console.credentials(site.camera) == Credentials("cctv2", "hush hush")
    assert b"hush hush" not in console.written()
    asked = console.signed.asked
    for _ in range(5):  # PTZ asks for every move
        access = console.store.device_access(site.camera)
        assert console.credentials(site.camera).password == "hush hush"
    assert access is None, "this camera has no ONVIF address"
    assert console.signed.asked == asked, "what is kept is not asked for again"
    console.signed.online = False
    site.clock.ahead = timedelta(days=6.9)
    console.begin()
    assert console.credentials(site.camera).password == "hush hush"
    site.clock.ahead = timedelta(days=7.1)
    assert console.credentials(site.camera).password == "", "longer than the server said"
    site.clock.ahead = timedelta(0)
    assert console.credentials(site.camera).password == "", "and forgotten, not only hidden"


@pytest.mark.parametrize("tiles", [16, 25])
def test_a_wall_is_one_request_and_one_camera_that_is_refused_spoils_no_other(
    relay_paths: tuple[str, Any], site: Site, tiles: int
) -> None:
    cameras = [site.camera, *(site.world.camera(site.home, f"c{n}") for n in range(tiles - 1))]
    console = site.console(Role.OPERATOR)
    # In the feed, still, but not any more for this one when it asks.
    site.world.grant(site.home, ("camera", cameras[3]), ("role", Role.OPERATOR), effect="deny")
    console.accounts.work("before the wall is opened")
    assert console.credentials(site.camera).password  # its sealing key is told with the first one
    asked = console.signed.asked
    sources = console.store.sources(cameras)
    assert console.signed.asked - asked == 1
    ticketed = {c for c, source in sources.items() if source is not None and source.ticketed}
    assert ticketed == set(cameras) - {cameras[3]}
    assert len({s.credentials.password for s in sources.values() if s is not None}) == tiles
    asked = console.signed.asked
    again = console.store.sources(cameras)
    assert console.signed.asked - asked == 1
    for camera in ticketed:
        before, after = sources[camera], again[camera]
        assert before is not None
        assert after is not None
        assert after.credentials != before.credentials, "short-lived: each time a fresh one"
        assert after.fresh_until >= before.fresh_until


def test_the_server_that_does_not_answer_is_not_asked_for_every_tile(site: Site) -> None:
    console = site.console(Role.OPERATOR)
    console.signed.online = False
    tried = []
    down = console.signed.call
    console.signed.call = lambda *a: tried.append(a) or down(*a)  # type: ignore[assignment, method-assign]
    for _ in range(64):
        assert console.credentials(site.camera).password == ""
    assert len(tried) == 1
    console.signed.online = True
    site.clock.ahead = timedelta(seconds=6)
    assert console.credentials(site.camera).password == "hush hush"


@BOTH
def test_what_is_withdrawn_is_forgotten_at_once_and_stays_so_offline(site: Site) -> None:
    foreign = site.world.organisation("b")
    guest = site.console(Role.OPERATOR, organisation=foreign)
    assert guest.store.source(site.camera) is None
    body = {"subject_kind": "user", "subject_id": guest.person, "object_kind": "camera",
            "object_id": site.camera, "permissions": ["view", "control"], "basis": "case 7",
            "not_after": "2100-01-01T00:00:00Z"}  # fmt: skip
    grant = site.chief.post("/api/grants", body)["id"]
    guest.round()
    assert guest.credentials(site.camera).password == "hush hush"
    site.chief.post(f"/api/grants/{grant}/withdrawal", {"reason": "over now"})
    guest.round()
    guest.signed.online = False
    vault = Vault(guest.folder / FILE, guest.secrets)
    assert vault.content["accounts"] == {}
    assert guest.store.source(site.camera) is None


def test_who_is_refused_loses_what_was_kept_even_before_the_feed_says_so(site: Site) -> None:
    console = site.console(Role.OPERATOR)
    assert console.credentials(site.camera).password
    site.world.grant(site.home, ("camera", site.camera), ("role", Role.OPERATOR), effect="deny")
    console.store.announce(Changes({"camera": frozenset()}))  # so it is asked for again
    assert console.credentials(site.camera) == Credentials("cctv2", "")
    console.signed.online = False
    assert console.credentials(site.camera).password == ""


def test_a_blocked_account_or_another_person_finds_nothing(site: Site) -> None:
    console = site.console(Role.OPERATOR)
    assert console.credentials(site.camera).password
    console.person = "another"
    console.signed.online = False
    assert console.credentials(site.camera).password == ""
    second = site.console(Role.OPERATOR)
    assert second.credentials(site.camera).password
    body = {"disabled": True}
    assert site.chief.call("PATCH", f"/api/accounts/{second.person}", body).ok
    second.accounts.work("another scope")
    second.signed.online = False
    assert second.credentials(site.camera).password == ""


def test_a_changed_password_arrives(site: Site) -> None:
    console = site.console(Role.OPERATOR)
    assert console.credentials(site.camera).password == "hush hush"
    site.set_account({"username": "cctv3", "password": "another"})
    console.round()
    assert console.credentials(site.camera) == Credentials("cctv3", "another")


def test_through_a_relay_only_who_may_control_holds_the_account(
    relay_paths: tuple[str, Any], site: Site
) -> None:
    watcher, operator = site.console(Role.VIEWER), site.console(Role.OPERATOR)
    for console in (watcher, operator):
        source = console.store.source(site.camera)
        assert source is not None
        assert source.credentials.username == "watchroom", "the relay's ticket"
        main = source.stream(StreamRole.MAIN)
        assert main is not None
        assert main.url.startswith(f"rtsps://relay/{site.camera}/main?t=")
    kept = [Vault(c.folder / FILE, c.secrets).content["accounts"] for c in (watcher, operator)]
    assert kept[0] == {}
    assert kept[1][site.camera]["password"] == "hush hush"
    # While the server is away, who has the account goes to the camera itself.
    watcher.signed.online = operator.signed.online = False
    source = operator.store.source(site.camera)
    assert source is not None
    assert source.credentials == Credentials("cctv2", "hush hush")
    main = source.stream(StreamRole.MAIN)
    assert main is not None
    assert main.url == "rtsp://10.0.0.7/main"
    assert watcher.credentials(site.camera).password == ""
    # Control is taken away, viewing stays: the account goes.
    operator.signed.online = True
    site.world.grant(site.home, ("camera", site.camera), ("role", Role.OPERATOR), effect="deny",
                     permissions="control")  # fmt: skip
    operator.round()
    assert Vault(operator.folder / FILE, operator.secrets).content["accounts"] == {}


def _new(console: Console) -> CameraDetails:
    there = console.store.camera(console.store.cameras()[0].id)
    assert there is not None
    return replace(
        there, row=replace(there.row, id="", name="new one", code="", call_number=None),
        username="admin", streams=(StreamSpec(StreamRole.MAIN, "rtsp://10.0.0.9/main"),),
    )  # fmt: skip


@BOTH
def test_a_password_entered_offline_is_sent_later_and_reaches_another_console(
    site: Site, database: Database
) -> None:
    console = site.console(Role.COMMISSIONER)
    console.signed.online = False
    camera = console.store.save_camera(_new(console), PASSWORD)
    assert console.accounts.waiting == 1
    assert PASSWORD.encode() not in console.written()
    assert console.credentials(camera) == Credentials("admin", PASSWORD), "it works here at once"
    console.accounts.work("")
    console.accounts = console.begin()  # the program is ended in between
    assert console.accounts.waiting == 1
    console.signed.online = True
    site.clock.ahead = timedelta(seconds=6)
    console.accounts.work("before the camera itself was sent")
    assert console.accounts.waiting == 1
    console.round()
    assert console.accounts.waiting == 0
    assert console.credentials(camera) == Credentials("admin", PASSWORD)
    for device in _devices(console, camera):
        assert console.secrets.get(device) is None, "it comes from the server now"
    with database.reading() as session:
        assert all(PASSWORD.encode() not in s.sealed for s in session.query(DeviceSecretRow))
    other = site.console(Role.OPERATOR)
    assert other.credentials(camera) == Credentials("admin", PASSWORD)
    assert PASSWORD not in json.dumps(_feed(other)), "passwords do not travel with the rows"


def test_what_was_entered_before_there_was_a_server_is_sent_too(site: Site) -> None:
    seed = site.console(Role.COMMISSIONER)
    details = _new(seed)
    folder = site.folder / "old"
    folder.mkdir()
    alone = Store(folder / "watchroom.db", FileSecrets(folder))
    organisation = alone.save_organisation(details.organisation)  # of the same id as there
    place = alone.save_site(replace(details.site, id="", organisation_id=organisation))
    row = replace(details.row, site_id=place)
    camera = alone.save_camera(replace(details, row=row), PASSWORD)
    alone.close()
    client = site.server.client(
        site.world.tokens(
            site.world.person(site.home, Role.COMMISSIONER),
            site.world.console(site.home),
        )
    )
    console = Console(folder, site.server, client, site.clock)
    site.consoles.append(console)
    assert console.credentials(camera).password == PASSWORD, "before the first round too"
    assert FileSecrets(folder).get(_devices(console, camera)[0]) == PASSWORD
    console.round()
    assert console.credentials(camera).password == PASSWORD


def test_who_may_not_set_it_keeps_it_here(site: Site) -> None:
    console = site.console(Role.OPERATOR)
    details = console.store.camera(site.camera)
    assert details is not None
    console.store.save_camera(replace(details, username="mine"), PASSWORD)
    console.accounts.work("x")
    assert console.accounts.waiting == 1
    assert console.credentials(site.camera) == Credentials("mine", PASSWORD)


def test_a_file_of_accounts_that_cannot_be_read_is_kept(tmp_path: Path) -> None:
    secrets = FileSecrets(tmp_path)
    first = Vault(tmp_path / FILE, secrets)
    first.content["pending"] = {"d": 1}
    first.save()
    assert Vault(tmp_path / FILE, secrets).content == first.content
    damaged = (tmp_path / FILE).read_bytes()[:-1]
    (tmp_path / FILE).write_bytes(damaged)
    assert Vault(tmp_path / FILE, secrets).content == {}
    assert (tmp_path / f"{FILE}.unreadable").read_bytes() == damaged


def _devices(console: Console, camera: str) -> list[str]:
    with console.store.looking() as connection:
        found = connection.exec_driver_sql("SELECT device_id FROM channel WHERE id=?", (camera,))
        return [str(row[0]) for row in found]


def _feed(console: Console) -> list[dict[str, Any]]:
    place = protocol.Pull(**console.sync.place() | {"cursor": 0, "scope": ""})
    data = console.sync.transport.call("POST", "pull", protocol.encode(place), 30)
    return [row for t in protocol.decode(protocol.Pulled, data).tables for row in t.dicts()]
