"""Over real sockets, with real threads, on SQLite and on PostgreSQL with two server processes."""

from __future__ import annotations

import hashlib
import multiprocessing
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.domain.permission import Role
from app.server.access import Access
from app.server.application import Settings
from app.server.database import Database
from app.server.sync import SyncServer
from app.store import files
from app.store.database import connect, migrate
from app.store.models import LandmarkRow
from app.store.secrets import FileSecrets
from app.store.store import Store, new_id
from app.store.tickets import Draft, File, Tickets, Who
from app.sync import protocol
from app.sync.client import NetworkError, SyncClient, SyncStatus, SyncThread
from app.sync.protocol import Code, SyncError
from app.sync.transport import HttpTransport
from tests.conftest import wait_for
from tests.postgres import Postgres
from tests.server.conftest import FAST, Server
from tests.server.conftest import World as People
from tests.sync.conftest import HOME, principal, rows
from tests.sync.test_exchange import camera, change


class Line:
    """A cable between console and server that can be pulled."""

    def __init__(self, port: int) -> None:
        self._target, self.up, self.limit, self.cuts = port, True, 0, 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self.up:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self._target))
            self._open += [near, far]
            for a, b in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(a, b), daemon=True).start()

    def _pump(self, a: socket.socket, b: socket.socket) -> None:
        try:
            while data := a.recv(65536):
                if self.limit:
                    self.limit -= len(data)
                    if self.limit <= 0:
                        self.limit = 0
                        self.cuts += 1
                        break
                b.sendall(data)
        except OSError:
            pass
        for end in (a, b):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def cut(self) -> None:
        """Everything that is open breaks."""
        self.cuts += 1
        for end in self._open:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self._open.clear()

    def close(self) -> None:
        self._listener.close()
        self.cut()


class Site:
    """A server on a socket, a cable, and consoles of one commissioner."""

    def __init__(self, folder: Path, template: Path) -> None:
        self.folder, self.template = folder, template
        shutil.copy(template, folder / "server.db")
        self.database = Database(f"sqlite:///{folder / 'server.db'}")
        self.people = People(self.database)
        self.home = self.people.organisation("本单位")
        self.login = self.people.person(self.home, Role.COMMISSIONER)
        self.server = Server(self.database, Settings(limits=FAST))
        self.line = Line(int(self.server.url.rpartition(":")[2]))
        self.token = self.people.tokens(self.login)["access"]
        self.stores: list[Store] = []
        self.threads: list[SyncThread] = []

    def transport(self) -> HttpTransport:
        return HttpTransport(f"http://127.0.0.1:{self.line.port}", lambda: self.token)

    def store(self, name: str) -> Store:
        folder = self.folder / name
        folder.mkdir()
        shutil.copy(self.template, folder / "watchroom.db")
        self.stores.append(Store(folder / "watchroom.db", FileSecrets(folder)))
        return self.stores[-1]

    def thread(self, store: Store) -> tuple[SyncThread, list[SyncStatus]]:
        told: list[SyncStatus] = []
        thread = SyncThread(store, self.transport, told.append)
        self.threads.append(thread)
        thread.start()
        return thread, told

    def close(self) -> None:
        for thread in self.threads:
            thread.stop()
        for store in self.stores:
            store.close()
        self.line.close()
        self.server.stop()
        self.database.close()


@pytest.fixture
def site(tmp_path: Path, template: Path) -> Iterator[Site]:
    made = Site(tmp_path, template)
    yield made
    made.close()


def landmark(store: Store, name: str) -> str:
    identity = new_id()
    with store._writing(landmark={identity}) as session:
        session.add(LandmarkRow(id=identity, name=name, latitude=28.0, longitude=119.0,
                                updated_at=""))  # fmt: skip
    return identity


def test_two_consoles_stay_in_step_and_one_loses_its_cable(site: Site) -> None:
    a, b = site.store("a"), site.store("b")
    (first, _), (second, told) = site.thread(a), site.thread(b)
    wait_for(lambda: first.status.phase == second.status.phase == "in_step")
    began = time.monotonic()
    landmark(a, "老桥")
    wait_for(lambda: rows(b, "landmark"))
    assert time.monotonic() - began < 5
    site.line.up = False
    site.line.cut()
    landmark(b, "新桥")
    landmark(b, "东门")
    wait_for(lambda: second.status.phase == "offline")
    assert second.status.offline_since is not None
    wait_for(lambda: second.status.waiting == 2)
    site.line.up = True
    second.sync_now()
    wait_for(lambda: len(rows(a, "landmark")) == 3, 30)
    wait_for(lambda: second.status.phase == "in_step" and not second.status.waiting)
    assert {"offline", "in_step"} <= {s.phase for s in told}
    began = time.monotonic()
    first.stop()
    assert time.monotonic() - began < 2, "a waiting request holds up the end"


def test_what_is_entered_while_offline_does_not_put_off_the_return(site: Site) -> None:
    """Each entry asks the server at once; they are no reason to wait a minute for its return."""
    store = site.store("a")
    thread, _ = site.thread(store)
    wait_for(lambda: thread.status.phase == "in_step")
    site.line.up = False
    site.line.cut()
    for n in range(12):
        landmark(store, f"bridge {n}")
        wait_for(lambda n=n: thread.status.phase == "offline" and thread.status.waiting == n + 1)
    site.line.up = True
    took = wait_for(lambda: thread.status.phase == "in_step" and not thread.status.waiting)
    assert took < 15, "the longest pause is a minute"


def test_a_line_that_breaks_again_and_again_in_a_first_load(site: Site) -> None:
    for i in range(20):
        site.people.camera(site.home, f"camera {i}")
    SyncServer(site.database, Access(site.database))
    store = site.store("a")
    client = SyncClient(store, site.transport())
    client.hello()
    while client.loading:
        site.line.limit = 900
        try:
            client.load_page(10)
        except NetworkError:
            site.line.limit = 0
            client.load_page(10)
    site.line.limit = 0
    assert site.line.cuts > 2
    client.round()
    assert len(store.cameras()) == 20


def test_the_picture_of_an_open_fault_comes_before_it_is_looked_at(site: Site) -> None:
    camera = site.people.camera(site.home)
    a, b = site.store("a"), site.store("b")
    (first, _), (second, _) = site.thread(a), site.thread(b)
    wait_for(lambda: first.status.phase == second.status.phase == "in_step")
    picture = File("now.jpg", "image/jpeg", b"a picture of what is wrong")
    Tickets(a).report(Draft(camera, "V03", files=(picture,)), Who("li", "wall-a"))
    wait_for(lambda: rows(b, "attachment"), 30)
    sha = rows(b, "attachment")[0]["sha256"]
    wait_for(lambda: files.read(b, sha) == picture.data, 90)


def test_files_arrive_whole_or_not_at_all(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "PART", 100_000)
    a, b = site.store("a"), site.store("b")
    sender, reader = (SyncClient(s, site.transport()) for s in (a, b))
    sender.round()
    site.people.camera(site.home)
    data = bytes(i * 7 % 251 for i in range(450_000))
    path = site.folder / "report.pdf"
    path.write_bytes(data)
    place = landmark(a, "where it is")
    sha = sender.attach("landmark", place, path, "application/pdf")
    assert sha == hashlib.sha256(data).hexdigest()
    while sender.status().uploads or not rows(a, "upload")[0]["done"]:
        site.line.limit = 170_000
        try:
            sender.round()
        except NetworkError:
            pass
    site.line.limit = 0
    assert site.line.cuts >= 1
    assert sender.status().uploads == 0
    reader.round()
    (row,) = rows(b, "attachment")
    assert row["name"] == "report.pdf"
    found = reader.download(row["sha256"], row["size"])
    assert found.read_bytes() == data
    # One that is not what it says never becomes a file.
    other = "0" * 64
    reader._bytes("PUT", f"blobs/{other}/parts/0", b"something else")
    with pytest.raises(SyncError) as refusal:
        reader._bytes("POST", f"blobs/{other}/complete", b'{"size":14}')
    assert refusal.value.code == Code.WRONG_HASH
    for bad in ("../../etc/passwd", "A" * 64, "%2e%2e"):
        with pytest.raises((SyncError, NetworkError)):
            reader._bytes("GET", f"blobs/{bad}")
    stranger = site.people.person(site.people.organisation("外"), Role.OPERATOR)
    site.token = site.people.tokens(stranger)["access"]
    with pytest.raises(SyncError) as refusal:
        reader._bytes("GET", f"blobs/{sha}/content/0")
    assert refusal.value.code == Code.NOT_FOUND


@pytest.mark.parametrize("path", ["hello", "push", "pull", "watch", "snapshot", "visible", "rows"])
def test_requests_that_are_none_are_refused(site: Site, path: str) -> None:
    for token, code in (("", "no_token"), ("nonsense", "token_invalid")):
        with pytest.raises(SyncError) as refusal:
            HttpTransport(site.server.url, lambda t=token: t).call("POST", path, b"{}", 5)
        assert refusal.value.code == code or refusal.value.problem.status in (401, 422)
    for body in (
        b"",
        b"[]",
        b'{"replica": 3}',
        b'{"replica": "x\\u0000"}',
        b"\xff\xfe",
        b"[" * 5000,
    ):
        with pytest.raises(SyncError) as refusal:
            site.transport().call("POST", path, body, 5)
        assert refusal.value.code == Code.BAD_MESSAGE


# -- PostgreSQL


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with Postgres() as running:
        yield running


def _write(url: str, number: int, count: int, slow: float) -> None:
    """A server process that takes operations; every fourth transaction commits late."""
    database = Database(url)
    server = SyncServer(database, Access(database))
    who = principal(f"u{number}")
    place = {"replica": new_id()}
    original = server._push

    def late(session: Any, *arguments: Any) -> Any:
        answer = original(session, *arguments)
        if answer.head % 4 == 0:
            session.execute(sa.text("SELECT pg_sleep(:s)"), {"s": slow})
        return answer

    server._push = late  # type: ignore[method-assign]
    for n in range(1, count + 1):
        fields = {"name": f"{number}/{n}", "latitude": 1.0, "longitude": 2.0}
        op = protocol.Operation(new_id(), n, "landmark", new_id(), 0, fields, "2026-01-01")
        server.push(who, protocol.Push(**place, ops=[op]))
    database.close()


def test_the_feed_skips_nothing_that_commits_late(postgres: Postgres) -> None:
    url = postgres.database()
    engine = connect(url)
    migrate(engine, None)
    engine.dispose()
    database = Database(url)
    with database.writing() as session:
        from app.store.models import OrganisationRow

        session.add(OrganisationRow(id=HOME, name="h", updated_at=""))
    server = SyncServer(database, Access(database))
    context = multiprocessing.get_context("spawn")
    count, writers = 60, 2
    processes = [context.Process(target=_write, args=(url, i, count, 0.02)) for i in range(writers)]
    for process in processes:
        process.start()
    seen: list[str] = []
    place: dict[str, Any] = {"replica": new_id(), "cursor": 0}
    deadline = time.monotonic() + 60
    while len(set(seen)) < count * writers and time.monotonic() < deadline:
        said = server.pull(principal("reader"), protocol.Pull(**place, limit=7))
        seen += [r["name"] for t in said.tables if t.kind == "landmark" for r in t.dicts()]
        place["cursor"] = said.to
    for process in processes:
        process.join(10)
        assert process.exitcode == 0
    assert sorted(seen) == sorted(f"{i}/{n}" for i in range(writers) for n in range(1, count + 1))
    changes = sorted(r["seq"] for r in rows(database, "sync_change"))
    assert changes == list(range(1, len(changes) + 1))
    database.close()


def test_a_cursor_on_an_identity_column_would_skip_rows(postgres: Postgres) -> None:
    """The control of the test above: without the locked head, a slow writer's row is missed."""
    engine = sa.create_engine(postgres.database())
    insert = sa.text("INSERT INTO naive (name) VALUES (:n)")
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE naive (seq BIGSERIAL PRIMARY KEY, name TEXT)"))
    seen: list[str] = []
    cursor = 0

    def read() -> None:
        nonlocal cursor
        query = sa.text("SELECT seq, name FROM naive WHERE seq > :c ORDER BY seq")
        with engine.begin() as connection:
            for row in connection.execute(query, {"c": cursor}):
                seen.append(row.name)
                cursor = row.seq

    for i in range(5):
        with engine.begin() as slow:
            slow.execute(insert, {"n": f"slow {i}"})
            with engine.begin() as fast:
                fast.execute(insert, {"n": f"fast {i}"})
            read()
        read()
    engine.dispose()
    assert seen == [f"fast {i}" for i in range(5)], "the control missed nothing: it shows nothing"


def test_two_consoles_edit_through_two_servers(
    postgres: Postgres, tmp_path: Path, template: Path
) -> None:
    from tests.sync.conftest import World

    url = postgres.database()
    engine = connect(url)
    migrate(engine, None)
    engine.dispose()
    world = World(tmp_path, template, url)
    a = world.console("a")
    world.server = world.start()
    b = world.console("b")
    identity = camera(a.store)
    a.round()
    b.round()
    failures: list[Exception] = []

    def work(client: SyncClient, field: str) -> None:
        try:
            for i in range(10):
                change(client.store, identity, **{field: f"{field} {i}"})
                client.round()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=pair) for pair in ((a, "name"), (b, "name_en"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    a.round()
    b.round()
    for client in (a, b):
        row = client.store.rows([identity])[0]
        assert (row.name, row.name_en) == ("name 9", "name_en 9")
        assert not client.store.conflicts()
    world.close()
