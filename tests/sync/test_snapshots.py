"""Pages of first loads that are kept: made once for equal rights, and never told to who may not
see what is in them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.domain.permission import Principal, Role
from app.server import sync
from app.server.snapshots import KEPT, MOST_BEHIND, Page, Position, Snapshots
from app.store.kinds import KINDS
from app.store.models import ChannelRow, DeviceRow, PositionRow, SiteRow
from app.store.server_models import CameraGroupMemberRow, CameraGroupRow, GrantRow
from app.store.store import new_id
from app.sync import protocol
from app.sync.client import SyncClient
from tests.sync.conftest import FOREIGN, HOME, World, principal, rows
from tests.sync.test_exchange import camera, change, same
from tests.sync.test_failures import backup, names, reconnect

CAMERAS = 30


@pytest.fixture
def filled(world: World) -> SyncClient:
    """A console whose cameras the server has; nothing is kept yet."""
    client = world.console("a")
    for i in range(CAMERAS):
        camera(client.store, f"camera {i}", client.store.sites()[0].id if i else "")
    client.round()
    return client


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds that the server read for pages."""
    found: list[str] = []
    original = sync.Sight.lists

    def noted(self: Any, kind: Any, *arguments: Any, **more: Any) -> Any:
        if "limit" in more and more["limit"] is not None:
            found.append(kind.name)
        return original(self, kind, *arguments, **more)

    monkeypatch.setattr(sync.Sight, "lists", noted)
    return found


def grant(world: World, kind: str, identity: str, subject: str = FOREIGN) -> str:
    """To an organisation: all of its people who may view get to see that."""
    made, at = new_id(), world.now.isoformat(timespec="milliseconds")
    with world.database.writing() as session:
        session.add(
            GrantRow(id=made, organisation_id=HOME, subject_kind="organisation",
                     subject_id=subject, object_kind=kind, object_id=identity,
                     permissions="view", effect="allow", not_before=at, basis="b", created_by="",
                     created_at=at, withdrawn_by="", withdrawn_reason="")
        )  # fmt: skip
    return made


def withdraw(world: World, identity: str) -> None:
    with world.database.writing() as session:
        session.get_one(GrantRow, identity).withdrawn_at = world.now.isoformat()


def operator(user: str) -> Principal:
    return principal(user, FOREIGN, Role.OPERATOR)


def told(client: SyncClient, *, limit: int = 0) -> Callable[[], set[str]]:
    """Loads to the end when called, in pages of that size; every id that came."""
    found: set[str] = set()
    original = client._apply

    def noted(connection: Any, tables: Any, **more: Any) -> Any:
        found.update(row[0] for table in tables for row in table.rows)
        return original(connection, tables, **more)

    client._apply = noted  # type: ignore[method-assign]

    def load() -> set[str]:
        while client.load_page(limit):
            pass
        return found

    return load


def test_the_second_console_of_equal_rights_costs_the_server_nothing(
    world: World, filled: SyncClient, read: list[str]
) -> None:
    first = world.console("b", principal("u2"))
    assert set(read) >= {"site", "channel"}
    read.clear()
    second = world.console("c", principal("u3"))
    assert not set(read) & set(KEPT)
    same(world, first.store, second.store)
    # Ready to be found, too: what is made of the rows came with them.
    assert [c.name for c in second.store.cameras(search="camera 29")] == ["camera 29"]
    made = [{k: r[k] for k in ("search_text", "sort_key", "site_id", "address")}
            for r in rows(filled.store, "channel")]  # fmt: skip
    for client in (first, second):
        here = rows(client.store, "channel")
        assert [{k: r[k] for k in made[0]} for r in here] == made
    read.clear()
    world.console("d", principal("u4", HOME, Role.OPERATOR))
    assert "channel" in read  # other roles, other pages


def test_what_changed_meanwhile_is_pulled(world: World, filled: SyncClient) -> None:
    world.console("b", principal("u2"))
    target = filled.store.cameras()[0].id
    change(filled.store, target, name="renamed")
    filled.store.remove_camera(filled.store.cameras()[1].id)
    filled.round()
    late = world.console("c", principal("u3"))
    assert "renamed" in names(late)
    assert len(names(late)) == CAMERAS - 1
    same(world, filled.store, late.store)


def test_many_changes_make_a_new_one(world: World, filled: SyncClient, read: list[str]) -> None:
    world.console("b", principal("u2"))
    for row in filled.store.cameras():
        change(filled.store, row.id, name=f"{row.name} renamed")
    filled.round()
    read.clear()
    late = world.console("c", principal("u3"))
    assert "channel" in read
    same(world, filled.store, late.store)
    assert len(list((world.folder / "snapshots").glob("*/*"))) <= 2


def test_a_withdrawn_grant_and_equal_rights_that_were_lost(
    world: World, filled: SyncClient
) -> None:
    site = filled.store.sites()[0].id
    cameras = [c.id for c in filled.store.cameras()]
    given = [grant(world, "camera", identity) for identity in cameras[:3]]
    client = world.console("c", operator("f2"), meet=False)
    client.hello()
    assert told(client)() >= {site, *cameras[:3]}
    withdraw(world, given[0])
    late = world.console("d", operator("f3"), meet=False)
    late.hello()
    seen = told(late)()
    assert seen >= set(cameras[1:3])
    assert cameras[0] not in seen
    for each in given[1:]:
        withdraw(world, each)
    last = world.console("e", operator("f4"), meet=False)
    last.hello()
    assert not told(last)() & {site, *cameras}


def test_a_grant_withdrawn_between_two_pages(world: World, filled: SyncClient) -> None:
    cameras = [c.id for c in filled.store.cameras()]
    given = grant(world, "organisation", HOME)
    first = world.console("b", operator("f1"), meet=False)
    first.hello()
    assert told(first, limit=5)() >= set(cameras)
    second = world.console("c", operator("f2"), meet=False)
    second.hello()
    load = told(second, limit=5)
    assert second.load_page(5)
    withdraw(world, given)
    assert not load() & set(cameras)
    second.round()
    assert names(second) == []


def test_a_camera_taken_out_of_a_group(world: World, filled: SyncClient) -> None:
    cameras, group = [c.id for c in filled.store.cameras()], new_id()
    with world.database.writing() as session:
        session.add(CameraGroupRow(id=group, organisation_id=HOME, name="g"))
        session.flush()
        for identity in cameras[:2]:
            session.add(CameraGroupMemberRow(group_id=group, channel_id=identity))
    grant(world, "camera_group", group)
    assert len(names(world.console("b", operator("f1")))) == 2
    with world.database.writing() as session:
        member = (group, cameras[0])
        session.delete(session.get_one(CameraGroupMemberRow, member))
        session.get_one(CameraGroupRow, group).rev += 1
    late = world.console("c", operator("f2"), meet=False)
    late.hello()
    seen = told(late)()
    assert cameras[1] in seen
    assert cameras[0] not in seen


def test_a_camera_that_moved_away(world: World, filled: SyncClient) -> None:
    """Rights are the same as when the pages were made: the row is not."""
    theirs = new_id()
    with world.database.writing() as session:
        session.add(SiteRow(id=theirs, organisation_id=FOREIGN, name="theirs", updated_at=""))
        session.flush()
        sync.note_changes(session, world.now.isoformat(), "", {"site": [theirs]})
    filled.round()
    client = world.console("c", principal("u3"))
    moved = filled.store.cameras()[0].id
    with world.database.writing() as session:
        position = session.scalars(
            sa.select(PositionRow)
            .join(DeviceRow, DeviceRow.position_id == PositionRow.id)
            .join(ChannelRow, ChannelRow.device_id == DeviceRow.id)
            .where(ChannelRow.id == moved)
        ).one()
        position.site_id = theirs
        session.get_one(ChannelRow, moved).site_id = theirs
        session.flush()
        sync.note_changes(
            session, world.now.isoformat(), "", {"position": [position.id]}, moved=True
        )
    late = world.console("d", principal("u4"), meet=False)
    late.hello()
    assert moved not in told(late)()
    late.round()
    client.round()
    assert names(late) == names(client)
    assert len(names(late)) == CAMERAS - 1


def test_a_row_that_moved_long_ago_and_is_edited_is_no_reason(
    world: World, filled: SyncClient, read: list[str]
) -> None:
    target = filled.store.cameras()[0].id
    with world.database.writing() as session:
        sync.note_changes(session, world.now.isoformat(), "", {"channel": [target]}, moved=True)
    filled.round()
    world.console("b", principal("u2"))
    change(filled.store, target, name="renamed")
    filled.round()
    read.clear()
    late = world.console("c", principal("u3"))
    assert not set(read) & set(KEPT)
    same(world, filled.store, late.store)


def test_a_restored_backup_has_another_past(world: World, filled: SyncClient) -> None:
    other = world.console("d", principal("u4"))
    restore = backup(world)
    change(filled.store, filled.store.cameras()[0].id, name="lost with the restore")
    filled.round()
    shutil.rmtree(world.folder / "snapshots")
    assert "lost with the restore" in names(world.console("b", principal("u2")))
    restore()
    reconnect(world, other)
    change(other.store, other.store.cameras()[1].id, name="another past")
    other.round()  # its number is that of the change that was lost
    late = world.console("c", principal("u3"))
    assert "lost with the restore" not in names(late)
    assert "another past" in names(late)
    same(world, other.store, late.store)


def test_a_page_that_was_damaged_is_made_anew(world: World, filled: SyncClient) -> None:
    world.console("b", principal("u2"))
    pages = [p for p in (world.folder / "snapshots").rglob("*") if p.is_file()]
    assert pages
    for page in pages:
        page.write_bytes(page.read_bytes()[:-7])
    late = world.console("c", principal("u3"))
    same(world, filled.store, late.store)


def test_who_may_be_denied_something_gets_none(world: World, filled: SyncClient) -> None:
    """A denial, and who sees places for the sake of order alone: what they see may end by what
    others add."""
    denied = filled.store.cameras()[0].id
    made = grant(world, "camera", denied, HOME)
    with world.database.writing() as session:
        session.get_one(GrantRow, made).effect = "deny"
    shutil.rmtree(world.folder / "snapshots")
    client = world.console("b", principal("u2"))
    assert len(names(client)) == CAMERAS - 1
    world.console("c", principal("u3", HOME, Role.SYSTEM))
    assert not list((world.folder / "snapshots").glob("*/*/*"))


def test_a_load_that_is_larger_than_a_page_may_be(world: World, filled: SyncClient) -> None:
    """A console that asks for smaller pages than those that are kept gets them."""
    world.console("b", principal("u2"))
    late = world.console("c", principal("u3"), meet=False)
    late.hello()
    found = told(late, limit=2)
    assert late.load_page(2)
    assert late.status().loaded == 2
    found()
    late.round()
    same(world, filled.store, late.store)


def test_no_more_is_kept_than_there_is_room_for(tmp_path: Any) -> None:
    kept = Snapshots(tmp_path / "s", most_bytes=40_000)
    page = Page(None, 1, 1, 1, "m")
    for i in range(30):
        key, position = f"{i:032x}", Position(i, "m")
        assert kept.begin(key, position)
        kept.keep(key, position, (KEPT[0], ""), page, bytes(5000))
        assert sum(f.stat().st_size for f in kept.folder.rglob("*") if f.is_file()) <= 40_000
    assert kept.page(f"{29:032x}", Position(29, "m"), (KEPT[0], "")) is not None
    assert kept.page(f"{0:032x}", Position(0, "m"), (KEPT[0], "")) is None
    kept.keep("0" * 32, Position(0, "m"), (KEPT[0], ""), page, b"x")  # its place is gone: nothing


def test_frames_one_after_the_other_are_one_answer() -> None:
    page = protocol.SnapshotPage(7, 8, "m", "s", [], ("site", ""), 9, "t", 1)
    table = protocol.Table("site", ["id"], [["x"]])
    packed = protocol.Packed.page(page, protocol.compress(protocol.encode([table])))
    plain = protocol.decompress(packed.data, 10_000)
    page.tables = [table]
    assert protocol.decode(protocol.SnapshotPage, plain) == page
    with pytest.raises(ValueError, match="too large"):
        protocol.decompress(packed.data, len(plain) - 1)


def test_the_kinds_that_are_kept_are_the_first() -> None:
    """Parents come first, and a page that is kept ends where they end."""
    assert tuple(KINDS)[: len(KEPT)] == KEPT
    assert MOST_BEHIND >= protocol.FEED_PAGE
