"""What people enter, and what is there to be seen, while everything is read again."""

from __future__ import annotations

import pytest

from app.sync.client import SyncClient, begin_load
from tests.sync.conftest import World, rows
from tests.sync.test_exchange import camera, change, same
from tests.sync.test_failures import backup, reconnect


def start_load(client: SyncClient) -> None:
    """Everything is read again from now on, as after an update of the console."""
    with client.store.syncing() as connection:
        begin_load(connection)


@pytest.mark.parametrize("pages", [0, 6, 13])
@pytest.mark.parametrize("earlier", [False, True], ids=["first entry", "on top of an unsent one"])
def test_an_entry_made_while_a_load_runs_is_no_conflict(
    world: World, pages: int, earlier: bool
) -> None:
    a, b = world.console("a"), world.console("b")
    identity = camera(a.store)
    a.round()
    b.round()
    change(a.store, identity, name="from a")  # so that another has changed every field once
    a.round()
    b.round()
    if earlier:
        change(b.store, identity, note="before the load")
    start_load(b)
    for _ in range(pages):
        b.load_page(1)
    change(b.store, identity, name="while it loads")
    b.round()
    b.round()
    assert not b.store.conflicts()
    assert b.store.rows([identity])[0].name == "while it loads"
    a.round()
    same(world, a.store, b.store)


def test_an_entry_made_while_a_load_runs_still_loses_to_what_was_not_seen(world: World) -> None:
    a, b = world.console("a"), world.console("b")
    identity = camera(a.store)
    a.round()
    b.round()
    change(a.store, identity, name="from a", name_en="from a")
    a.round()
    start_load(b)
    change(b.store, identity, name="from b")
    b.round()
    (conflict,) = b.store.conflicts()
    assert (conflict.field, conflict.mine, conflict.theirs) == ("name", "from b", "from a")
    row = b.store.rows([identity])[0]
    assert (row.name, row.name_en) == ("from a", "from a")


def test_what_a_restored_server_no_longer_knows_counts_as_unseen(world: World) -> None:
    """The row is read again under a `rev` that the console has once seen for something else."""
    a, b = world.console("a"), world.console("b")
    identity = camera(a.store)
    a.round()
    b.round()
    restore = backup(world)
    created = rows(world.database, "sync_head")[0]["seq"]
    change(a.store, identity, name="lost by the server")
    a.round()
    b.round()
    restore()
    reconnect(world, a, b)
    change(a.store, identity, name_en="so that the server is ahead again")
    a.round()
    # b learns of it, and before it has read everything again, somebody enters something.
    b.hello()
    b.push()
    b.pull()
    assert b.loading
    change(b.store, identity, name="entered on the old name")
    with b.store.looking() as connection:
        base = connection.exec_driver_sql(
            "SELECT base_rev FROM outbox WHERE seq IS NULL AND kind = 'channel'"
        ).scalar_one()
    assert base == created, "not the one that the server lost"
    for client in (b, a, b):
        client.round()
    assert b.store.rows([identity])[0].name == "lost by the server"
    assert [c.mine for c in b.store.conflicts()] == ["entered on the old name"]
    same(world, a.store)


def test_a_row_that_was_removed_meanwhile_goes_when_the_load_ends(world: World) -> None:
    a, b = world.console("a"), world.console("b")
    camera(a.store, "stays")
    a.round()
    b.round()
    with b.store.syncing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO organisation (id, rev, updated_at, name, name_en, search_text) "
            "VALUES ('01900000-0000-7000-8000-00000000000f', 7, '', 'not on the server', '', '')"
        )
    start_load(b)
    b.load_page(1)
    b.round()
    assert "not on the server" not in {o.name for o in b.store.organisations()}
    same(world, a.store, b.store)


def test_conflicts_are_told_the_oldest_first(world: World) -> None:
    a, b = world.console("a"), world.console("b")
    cameras = [camera(a.store, f"camera {i}") for i in range(6)]
    a.round()
    b.round()
    for identity in cameras:
        change(a.store, identity, name=f"a {identity}")
    a.round()
    order = [cameras[i] for i in (3, 0, 5, 1, 4, 2)]
    for minute, identity in enumerate(order):
        change(b.store, identity, name=f"b {identity}")
        with b.store.syncing() as connection:  # so many minutes passed
            connection.exec_driver_sql(
                "UPDATE outbox SET at = ? WHERE seq IS NULL AND entity_id = ?",
                (f"2026-06-01T08:{minute:02d}:00.000+00:00", identity),
            )
    b.round()
    assert [c.entity_id for c in b.store.conflicts()] == order
