"""What goes wrong between a console and a server, and what a person is told."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.domain.camera import Site
from app.domain.permission import Role
from app.store import kinds, outbox
from app.store.errors import StoreError
from app.store.kinds import KINDS
from app.store.models import SiteRow
from app.store.server_models import GrantRow
from app.store.store import new_id
from app.sync import client as client_module
from app.sync import protocol
from app.sync.client import DIFFERED, NetworkError, Pause, SyncClient
from app.sync.protocol import Code, SyncError
from tests.sync.conftest import FOREIGN, HOME, Direct, World, principal, rows
from tests.sync.test_exchange import camera, change, same


def names(client: SyncClient) -> list[str]:
    return sorted(c.name for c in client.store.cameras())


def filled(world: World) -> SyncClient:
    """A console that has brought 25 cameras of one site to the server."""
    a = world.console("a")
    for i in range(25):
        camera(a.store, f"camera {i}", a.store.sites()[0].id if i else "")
    a.round()
    return a


def backup(world: World) -> Callable[[], None]:
    """A backup of the server now; what is returned restores it."""
    copy = world.folder / "backup.db"
    source, target = sqlite3.connect(world.folder / "server.db"), sqlite3.connect(copy)
    source.backup(target)
    source.close()
    target.close()

    def restore() -> None:
        for database in world.databases:
            database.close()
        for suffix in ("-wal", "-shm"):
            (world.folder / f"server.db{suffix}").unlink(missing_ok=True)
        shutil.copy(copy, world.folder / "server.db")
        world.server = world.start()

    return restore


def reconnect(world: World, *clients: SyncClient) -> None:
    for client in clients:
        assert isinstance(client.transport, Direct)
        client.transport.server = world.server


def test_days_offline_and_back(world: World) -> None:
    a, b = world.console("a"), world.console("b")
    identity = camera(a.store)
    a.round()
    b.round()
    assert isinstance(a.transport, Direct)
    a.transport.online = False
    for i in range(30):
        change(a.store, identity, name=f"night {i}")
    with pytest.raises(NetworkError):
        a.round()
    assert a.status().waiting == 30
    change(b.store, identity, name_en="meanwhile")
    b.round()
    a.transport.online = True
    a.round()
    b.round()
    assert (names(a), names(b)) == (["night 29"], ["night 29"])
    assert not a.store.conflicts()
    assert a.status().waiting == 0
    same(world, a.store, b.store)


@pytest.mark.parametrize("step", ["numbered", "pushed", "taking", "pulled", "pulling"])
def test_killed_between_any_two_steps(world: World, step: str) -> None:
    a, b = world.console("a"), world.console("b")
    identity = camera(a.store)
    a.round()
    b.round()
    change(b.store, identity, name="b")
    b.round()
    change(a.store, identity, note="a")

    def die(where: str) -> None:
        if where == step:
            raise KeyboardInterrupt

    a.crash = die
    with pytest.raises(KeyboardInterrupt):
        a.round()
    again = SyncClient(a.store, a.transport)
    again.round()
    b.round()
    found = b.store.camera(identity)
    assert found is not None
    assert (found.row.name, found.note) == ("b", "a")
    assert not a.store.conflicts()
    same(world, a.store, b.store)


@pytest.mark.parametrize("when", ["request", "answer"])
@pytest.mark.parametrize("path", ["push", "pull", "snapshot", "hello"])
def test_the_network_cut_in_a_request_and_in_its_answer(world: World, when: str, path: str) -> None:
    a, b = world.console("a"), world.console("b", meet=False)
    camera(a.store)
    failed: list[str] = []

    def cut(moment: str, name: str) -> None:
        if (moment, name) == (when, path) and len(failed) < 2:
            failed.append(name)
            raise NetworkError("cut")

    for client in (a, b):
        assert isinstance(client.transport, Direct)
        client.transport.fault = cut
    for client in (a, b, a):
        for _ in range(3):
            try:
                client.round()
            except NetworkError:
                pass
    assert len(failed) == 2
    same(world, a.store, b.store)


def test_a_server_restored_from_a_backup_gets_again_what_it_lost(world: World) -> None:
    a, b = world.console("a"), world.console("b")
    identity = camera(a.store)
    a.round()
    b.round()
    restore = backup(world)
    change(a.store, identity, name="after the backup")
    late = camera(a.store, "later")
    a.round()
    b.round()
    restore()
    reconnect(world, a, b)
    change(b.store, identity, name_en="before anybody knows")
    b.round()  # the number that a has seen is given out a second time
    a.round()
    b.round()
    a.round()
    assert names(a) == names(b) == ["after the backup", "later"]
    assert b.store.rows([identity])[0].name_en == "before anybody knows"
    assert late in {c.id for c in b.store.cameras()}
    assert a.notes == [Code.REWOUND]
    same(world, a.store, b.store)


def test_a_server_that_was_made_anew_changes_nothing_until_a_person_says_so(
    world: World,
) -> None:
    a = world.console("a")
    restore = backup(world)
    camera(a.store)
    a.round()
    restore()
    with world.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE sync_head SET history = 'another'")
    reconnect(world, a)
    with pytest.raises(SyncError) as refusal:
        a.round()
    assert refusal.value.code == Code.OTHER_SERVER
    assert names(a) == ["中山街口"]
    a.accept_server()
    a.round()
    assert names(a) == ["中山街口"]
    same(world, a.store)


def test_a_copied_disk_takes_an_identity_of_its_own(world: World) -> None:
    a = world.console("a")
    identity = camera(a.store)
    a.round()
    change(a.store, identity, note="not yet sent when the disk is copied")
    source = sqlite3.connect(a.store.path)
    (world.folder / "b").mkdir()
    target = sqlite3.connect(world.folder / "b" / "watchroom.db")
    source.backup(target)
    source.close()
    target.close()
    b = world.console("b", meet=False)
    change(a.store, identity, name="from a")
    change(b.store, identity, name_en="from b")
    a.round()
    b.round()
    a.round()
    assert b.notes == [Code.IDENTITY_TWICE]
    assert a.place()["replica"] != b.place()["replica"]
    found = b.store.camera(identity)
    assert found is not None
    assert (found.row.name, found.row.name_en) == ("from a", "from b")
    assert not a.store.conflicts()
    same(world, a.store, b.store)


def test_a_clock_that_is_wrong_is_told_and_does_not_order(world: World) -> None:
    a = world.console("a", clock=lambda: world.now.timestamp() - 3600, meet=False)
    b = world.console("b", clock=lambda: world.now.timestamp() + 86400, meet=False)
    a.round()
    b.round()
    assert a.status().clock_offset_s == pytest.approx(3600, abs=1)
    assert b.status().clock_offset_s == pytest.approx(-86400, abs=1)
    identity = camera(b.store, "from the future")
    b.round()
    a.round()
    change(a.store, identity, name="from the past")
    a.round()
    b.round()
    assert names(b) == ["from the past"]
    stored = rows(world.database, "sync_change")[-1]
    assert stored["offset_ms"] == pytest.approx(3_600_000, abs=1000)
    assert datetime.fromisoformat(stored["at"]) == world.now


def test_a_full_disk_of_the_server_takes_nothing_and_loses_nothing(world: World) -> None:
    a = world.console("a")
    identity = camera(a.store)
    a.round()
    pages = world.database.engine.pool
    with world.database.writing() as session:
        size = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
    pages.dispose()
    limit = f"PRAGMA max_page_count={size}"
    sa.event.listen(world.database.engine, "connect", lambda c, _: c.execute(limit) and None)
    change(a.store, identity, note="x" * 480)
    for i in range(40):
        change(a.store, identity, note=f"{i}" * 200)
    with pytest.raises(SyncError) as refusal:
        a.push()
    assert refusal.value.code == Code.STORAGE_FULL
    assert refusal.value.problem.retry_after > 0
    assert a.status().waiting == 41
    world.server = world.start()
    reconnect(world, a)
    a.round()
    assert a.status().waiting == 0
    same(world, a.store)


def test_a_full_disk_of_the_console_is_told_and_pulled_again(world: World) -> None:
    a, b = world.console("a"), world.console("b")
    identity = camera(a.store)
    a.round()
    b.round()
    for i in range(60):
        camera(a.store, f"camera {i}", a.store.sites()[0].id)
    a.round()
    before = b.place()["cursor"]
    full = [True]

    def limit(connection: sqlite3.Connection, _: object) -> None:
        if full[0]:
            (size,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count={size}")

    sa.event.listen(b.store._engine, "connect", limit)
    b.store._engine.dispose()
    with pytest.raises(StoreError, match="full"):
        b.round()
    assert before <= b.place()["cursor"] < a.place()["cursor"]
    full[0] = False
    b.store._engine.dispose()
    b.round()
    assert len(b.store.cameras()) == 61
    assert identity
    same(world, a.store, b.store)


def test_schemas_of_different_age(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    old = world.console("old")
    identity = camera(old.store)
    old.round()
    # The server learns a field and a kind; the console does not.
    monkeypatch.setitem(kinds.SINCE, ("channel", "note"), 2)
    monkeypatch.setitem(KINDS, "tour", replace(KINDS["tour"], since=2))
    world.server = world.start(schema=2)
    reconnect(world, old)
    new = world.console("new", schema=2)
    change(new.store, identity, note="only for new ones", name="for all")
    new.round()
    change(old.store, identity, name_en="old")
    old.round()
    new.round()
    found, older = new.store.camera(identity), old.store.camera(identity)
    assert found is not None
    assert older is not None
    assert (found.row.name, found.row.name_en, found.note) == (
        "for all",
        "old",
        "only for new ones",
    )
    assert (older.row.name, older.note) == ("for all", "")
    # Updated: it loads anew and has it.
    SyncClient(old.store, old.transport, schema=2).round()
    assert old.store.camera(identity).note == "only for new ones"  # type: ignore[union-attr]
    # A server that is older than the console, and one that is too new for it.
    for options, code in (({"schema": 1}, Code.SERVER_TOO_OLD),
                          ({"schema": 4, "oldest": 3}, Code.CLIENT_TOO_OLD)):  # fmt: skip
        world.server = world.start(**options)
        reconnect(world, new)
        change(new.store, identity, note=f"waits: {code}")
        with pytest.raises(SyncError) as refusal:
            new.round()
        assert refusal.value.code == code
        assert new.status().waiting
    world.server = world.start(schema=2)
    reconnect(world, new)
    new.round()
    assert new.status().waiting == 0


def test_the_next_page_is_asked_while_one_is_stored_as_it_is_asked_after_it(world: World) -> None:
    filled(world)
    begun: list[Callable[[], Any]] = []

    def later(work: Callable[[], Any]) -> Future[Any]:
        begun.append(work)
        return Future()  # never answers

    b = world.console("b", meet=False, submit=later)
    b.hello()
    transport = b.transport
    assert isinstance(transport, Direct)
    assert b.load_page(10)
    assert len(begun) == 1
    begun[0]()
    assert SyncClient(b.store, transport).load_page(10)  # nothing asked ahead: the process ended
    pages = [message for path, message in transport.calls if path == "snapshot"]
    assert pages[1] == pages[2], "what is asked ahead is what is asked later"


def test_an_answer_that_was_asked_ahead_is_dropped_where_another_is_asked(world: World) -> None:
    """Somebody enters something and the load is paused: what is sent does not get a page."""
    a = filled(world)
    b = world.console("b", meet=False)
    b.hello()
    assert b.load_page(10)
    site = b.store.save_site(Site("", HOME, "new here"))
    b.push()
    while b.load_page(10):
        pass
    b.round()
    a.round()
    same(world, a.store, b.store)
    assert site in {s.id for s in a.store.sites()}


def test_a_first_load_breaks_off_and_goes_on(world: World) -> None:
    a = filled(world)
    b = world.console("b", meet=False)
    b.hello()
    assert b.load_page(10)
    assert b.load_page(10)
    status = b.status()
    assert (status.loaded, status.total > 70) == (20, True)
    again = SyncClient(b.store, b.transport)
    change(a.store, a.store.cameras()[0].id, name="changed meanwhile")
    a.store.remove_camera(a.store.cameras()[1].id)
    a.round()
    while again.load_page(10):
        pass
    transport = b.transport
    assert isinstance(transport, Direct)
    asked = [m for path, m in transport.calls if path == "snapshot"]
    assert len([m for m in asked if m.after is None]) == 1
    assert not again.loading
    while again.pull():
        pass
    assert sorted(names(again)) == sorted(names(a))
    same(world, a.store, b.store)


def test_a_withdrawn_grant_takes_the_rows_out_of_the_cache(world: World) -> None:
    a = world.console("a")
    b = world.console("b", principal("u9", FOREIGN, Role.OPERATOR))
    shared, other = camera(a.store, "shared"), camera(a.store, "not shared")
    a.round()
    b.round()
    assert names(b) == []
    grant = new_id()
    at = world.now.isoformat(timespec="milliseconds")
    end = (world.now + timedelta(hours=2)).isoformat(timespec="milliseconds")
    with world.database.writing() as session:
        session.add(
            GrantRow(id=grant, organisation_id=HOME, subject_kind="user", subject_id="u9",
                     object_kind="camera", object_id=shared, permissions="view", effect="allow",
                     not_before=at, not_after=end, basis="b", created_by="", created_at=at,
                     withdrawn_by="", withdrawn_reason="")
        )  # fmt: skip
    b.round()
    assert names(b) == ["shared"]
    assert b.store.camera(shared).site.name == "中山街"  # type: ignore[union-attr]
    b.store.set_favourite(shared, True)
    b.round()
    change(a.store, shared, name="renamed")
    a.round()
    b.round()
    assert names(b) == ["renamed"]
    world.later(hours=3)
    b.round()
    assert names(b) == []
    for table in ("channel", "device", "position", "site", "stream", "favourite"):
        assert rows(b.store, table) == [], table
    with world.database.writing() as session:
        session.get_one(GrantRow, grant).not_after = None
    b.round()
    assert [c.id for c in b.store.cameras(favourites_only=True)] == [shared]
    # It moves where the grant does not reach: nothing of it stays.
    assert other not in {c.id for c in b.store.cameras()}


def test_a_camera_that_moves_to_another_organisation_leaves_the_first(world: World) -> None:
    a, b = world.console("a"), world.console("b", principal("u8", FOREIGN))
    identity = camera(a.store)
    a.round()
    with world.database.writing() as session:
        site = SiteRow(id=new_id(), organisation_id=FOREIGN, name="theirs", updated_at="")
        session.add(site)
    world.server = world.start()
    reconnect(world, a, b)
    from app.server.sync import note_changes

    with world.database.writing() as session:
        old = session.query(SiteRow).filter(SiteRow.organisation_id == HOME).one()
        old.organisation_id = FOREIGN
        session.flush()
        note_changes(session, world.now.isoformat(), "admin", {"site": [old.id]},
                         moved=True)  # fmt: skip
    a.round()
    b.round()
    assert [c.id for c in b.store.cameras()] == [identity]
    assert a.store.cameras() == []
    assert rows(a.store, "site") == rows(a.store, "device") == []


def test_what_was_there_before_the_server_is_sent(world: World, tmp_path: Path) -> None:
    from app.store import sample
    from app.store.secrets import FileSecrets
    from app.store.store import Store

    folder = tmp_path / "alone"
    folder.mkdir()
    shutil.copy(world.template, folder / "watchroom.db")
    store = Store(folder / "watchroom.db", FileSecrets(folder))
    sample.fill(store)
    assert rows(store, "outbox") == []
    world.stores.append(store)
    who = principal("u1", role=f"{Role.SYSTEM}")
    both = type(who)(who.user_id, who.name, HOME, "", frozenset({Role.SYSTEM, Role.COMMISSIONER}))
    alone = SyncClient(store, Direct(world.server, both))
    alone.round()
    assert not rows(store, "shadow")
    assert rows(world.database, "organisation")[-1]["name"]
    # Sites of organisations that are not one's own are refused, told, and kept as conflicts.
    assert {c.reason for c in store.conflicts()} <= {"forbidden", "reference"}


def test_pauses_grow_and_differ() -> None:
    longest = [Pause(n).seconds(lambda: 1.0) for n in (1, 2, 3, 10)]
    assert longest == [1.0, 2.0, 4.0, client_module.LONGEST_PAUSE_S]
    assert Pause(3).seconds(lambda: 0.0) == 2.0


def test_messages_that_are_none() -> None:
    for data in (b"", b"[]", b"{", b'{"replica": 1}', b"\xff" * 10, b"[" * 100_000):
        with pytest.raises(ValueError, match=r"\w"):
            protocol.decode(protocol.Push, data)
    bomb = protocol.compress(b"0" * 50_000_000)
    began = time.monotonic()
    with pytest.raises(ValueError, match="too large"):
        protocol.decompress(bomb, protocol.MAX_BODY)
    assert time.monotonic() - began < 1
    with pytest.raises(ValueError, match="Zstandard"):
        protocol.decompress(b"nonsense", 100)


def test_a_console_that_would_remove_very_much_asks_a_person_first(world: World) -> None:
    a, b = world.console("a"), world.console("b")
    site = a.store.save_site(Site("", HOME, "中山街", "", "", 28.4, 119.9))
    identities = [camera(a.store, f"camera {i}", site) for i in range(30)]
    a.round()
    b.round()
    for identity in identities[:10]:
        a.store.remove_camera(identity)
    a.round()
    assert a.removals == 0, "a few need no question"
    for identity in identities[10:25]:
        a.store.remove_camera(identity)
    change(b.store, identities[29], name="b")
    b.round()
    a.round()
    waiting = a.status().waiting
    assert a.removals > 20
    assert waiting
    assert "b" in names(a), "what others do arrives all the same"
    b.round()
    assert len(names(b)) == 20
    a.confirm_removals()
    a.round()
    b.round()
    assert a.removals == a.status().waiting == 0
    assert names(b) == names(a)
    assert len(names(b)) == 5
    # What comes later is asked about again.
    for identity in identities[25:]:
        a.store.remove_camera(identity)
    a.round()
    assert a.removals
    for identity in identities[25:]:
        a.store.restore_camera(identity)
    a.round()
    b.round()
    assert a.removals == 0
    assert names(b) == names(a)
    assert len(names(b)) == 5


def test_what_a_console_lost_or_holds_too_much_is_found_and_repaired(world: World) -> None:
    a, b = world.console("a"), world.console("b")
    identity = camera(a.store)
    a.round()
    b.round()
    assert b.verify() is True
    change(b.store, identity, name="not sent yet")
    assert b.verify() is None, "nothing is judged while something waits"
    b.round()
    assert b.verify() is True
    for damage in ("UPDATE channel SET rev = rev - 1", "DELETE FROM stream; DELETE FROM channel"):
        with b.store.syncing() as connection:
            for statement in damage.split(";"):
                connection.exec_driver_sql(statement)
        change(a.store, identity, note=damage)
        a.round()
        assert b.verify() is None, "not while it is behind"
        if damage.startswith("UPDATE"):
            while b.pull():
                pass
            with b.store.syncing() as connection:
                connection.exec_driver_sql(damage)
        else:
            with b.store.syncing() as connection:
                outbox.set_state(connection, cursor=a.place()["cursor"])
        assert b.verify() is False
        b.round()
        assert b.verify() is True
        assert names(b) == ["not sent yet"]
        same(world, a.store, b.store)
    assert b.notes == [DIFFERED, DIFFERED]


def test_only_what_differs_is_read_anew(world: World) -> None:
    a, b = world.console("a"), world.console("b")
    site = a.store.save_site(Site("", HOME, "中山街", "", "", 28.4, 119.9))
    identities = [camera(a.store, f"camera {i}", site) for i in range(20)]
    a.round()
    b.round()
    transport = b.transport
    assert isinstance(transport, Direct)

    def damaged(*statements: str) -> set[str]:
        """What is asked for, once that has happened to b's database."""
        with b.store.syncing() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        transport.calls.clear()
        assert b.verify() is False
        assert b.verify() is True
        same(world, a.store, b.store)
        assert not [m for path, m in transport.calls if path == "snapshot"], "not everything"
        return {i for path, m in transport.calls if path == "rows" for ids in m.ids.values()
                for i in ids}  # fmt: skip

    lost, old, false = identities[3], identities[7], identities[11]
    assert damaged(
        f"DELETE FROM stream WHERE channel_id = '{lost}'",
        f"DELETE FROM asset_change WHERE entity_id = '{lost}'",
        f"DELETE FROM channel WHERE id = '{lost}'",
        f"UPDATE channel SET rev = rev - 1, name = 'of yesterday' WHERE id = '{old}'",
    ) == {lost, old}
    assert damaged(f"UPDATE channel SET rev = rev + 9, name = 'x' WHERE id = '{false}'") == {false}
    assert b.store.rows([false])[0].name == "camera 11"
    assert damaged(
        "INSERT INTO landmark (id, rev, updated_at, name, name_en, kind, latitude, longitude, "
        "search_text) VALUES ('01900000-0000-7000-8000-00000000000f', 3, '', 'nowhere', '', "
        "'other', 1, 1, '')"
    ) == set()  # fmt: skip
    assert b.notes == [DIFFERED] * 3


def test_where_reading_the_parts_anew_does_not_help_everything_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = world.console("a"), world.console("b")
    camera(a.store)
    a.round()
    b.round()
    with b.store.syncing() as connection:
        connection.exec_driver_sql("UPDATE channel SET rev = rev - 1")
    monkeypatch.setattr(b, "_fetch", lambda wanted: None)
    assert b.verify() is False
    assert not b.loading
    assert b.verify() is False
    assert b.loading
    b.round()
    assert b.verify() is True
    same(world, a.store, b.store)
