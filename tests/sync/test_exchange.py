"""What a person at one console sees of what others do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.camera import CameraDetails, CameraRow, Organisation, Site, StreamRole, StreamSpec
from app.domain.layout import BUILT_IN, View
from app.domain.permission import Role
from app.store import assets, definitions, kinds
from app.store.presets import KeptPreset, keep, kept
from app.store.store import Store
from tests.sync.conftest import FOREIGN, HOME, World, principal, rows


def camera(store: Store, name: str = "中山街口", site: str = "", **more: Any) -> str:
    """A new camera, with a new site where none is given."""
    site = site or store.save_site(Site("", HOME, "中山街", "", "", 28.4, 119.9))
    row = CameraRow("", name, "", None, "", "10.0.0.1", HOME, site, False, False)
    stream = StreamSpec(StreamRole.MAIN, "rtsp://10.0.0.1/main")
    details = CameraDetails(
        row, Organisation(HOME, "", "", None), Site(site, HOME, "", "", "", None, None),
        streams=(stream,), **more,
    )  # fmt: skip
    return store.save_camera(details, None)


def change(store: Store, identity: str, **fields: Any) -> None:
    """Edit a camera as the dialog does."""
    details = store.camera(identity)
    assert details is not None
    note = fields.pop("note", details.note)
    store.save_camera(replace(details, row=replace(details.row, **fields), note=note), None)


def same(world: World, *stores: Store) -> None:
    """Every console holds what the server holds, and what is made of it."""
    for name, kind in kinds.KINDS.items():
        with world.database.engine.connect() as connection:
            ids = [r["id"] for r in rows(world.database, kind.table.name)]
            there = kinds.read(connection, kind, ids)
        for store in stores:
            with store.looking() as connection:
                ids = [r["id"] for r in rows(store, kind.table.name)]
                here = kinds.read(connection, kind, ids)
            for row in (*here.values(), *there.values()):
                if not kind.appended:
                    row.pop("updated_at", None)  # of a row that was saved as it was
                if row.get("person") == "local":
                    row["person"] = "u1"
                if row.get("owner") == "person:local":
                    row["owner"] = "person:u1"
            assert here == there, name
    for store in stores:
        assert not [r for r in rows(store, "outbox") if not r["shown"]]
        assert not rows(store, "shadow")
        with store.looking() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").first() is None


def test_what_one_console_enters_is_on_the_other(world: World) -> None:
    a, b = world.console("a"), world.console("b")
    identity = camera(a.store)
    a.store.set_favourite(identity, True)
    view = a.store.save_view("早班", View(BUILT_IN["2x2"], (identity,)), shared=True)
    a.store.set_masks(identity, (((0.0, 0.0), (0.5, 0.0), (0.5, 0.5)),))
    news: list[set[str]] = []
    b.store.on_change(lambda changes: news.append(set(changes.kinds)))
    a.round()
    b.round()
    found = b.store.camera(identity)
    assert found is not None
    assert (found.row.name, found.row.address, found.streams[0].url) == (
        "中山街口", "10.0.0.1", "rtsp://10.0.0.1/main"
    )  # fmt: skip
    assert b.store.cameras(search="zsj")[0].id == identity  # derived here, not sent
    assert b.store.cameras(favourites_only=True)[0].id == identity
    assert [v.id for v in b.store.views()] == [view]
    assert b.store.masks([identity])
    assert set().union(*news) >= {"camera", "site", "view", "favourite"}
    a.round()
    same(world, a.store, b.store)


def test_different_fields_merge_and_the_same_field_is_for_a_person_to_decide(
    world: World,
) -> None:
    a, b = world.console("a"), world.console("b", principal())
    identity = camera(a.store)
    a.round()
    b.round()
    change(a.store, identity, name="甲的名字")
    change(b.store, identity, name="乙的名字", name_en="from b")
    a.round()
    b.round()
    b.round()
    found = b.store.camera(identity)
    assert found is not None
    assert (found.row.name, found.row.name_en) == ("甲的名字", "from b")
    (conflict,) = b.store.conflicts()
    assert (conflict.field, conflict.mine, conflict.theirs) == ("name", "乙的名字", "甲的名字")
    assert conflict.theirs_by == "Name of u1"
    assert conflict.theirs_at
    assert b.status().conflicts == 1
    b.store.decide(conflict.id, "mine")
    b.round()
    a.round()
    assert a.store.rows([identity])[0].name == "乙的名字"
    assert not a.store.conflicts()
    assert not b.store.conflicts()
    b.round()
    same(world, a.store, b.store)


def test_two_edits_on_top_of_each_other_do_not_overwrite_a_third(world: World) -> None:
    """An entry on top of one's own unsent entry has not seen what another wrote between."""
    a, b = world.console("a"), world.console("b")
    identity = camera(a.store)
    a.round()
    b.round()
    change(a.store, identity, name="a1")
    change(b.store, identity, name="b1")
    b.round()
    a.hello()
    a.pull()  # arrives below the unsent entry: not seen
    assert a.store.rows([identity])[0].name == "a1"
    change(a.store, identity, name="a2")
    a.round()
    b.round()
    assert {c.mine for c in a.store.conflicts()} == {"a1", "a2"}
    assert [s.rows([identity])[0].name for s in (a.store, b.store)] == ["b1", "b1"]
    same(world, a.store, b.store)


@pytest.mark.parametrize("how", ["mine", "theirs"])
def test_an_edit_of_what_another_removed_comes_back_as_a_question(world: World, how: str) -> None:
    a, b = world.console("a"), world.console("b")
    identity = camera(a.store)
    a.round()
    b.round()
    a.store.remove_camera(identity)
    change(b.store, identity, note="still needed")
    a.round()
    b.round()
    b.round()
    assert b.store.rows([identity]) == [] or b.store.cameras() == []
    (conflict,) = b.store.conflicts()
    assert (conflict.reason, conflict.mine) == ("deleted", {"note": "still needed"})
    b.store.decide(conflict.id, how)
    b.round()
    a.round()
    assert [c.id for c in a.store.cameras()] == ([identity] if how == "mine" else [])
    same(world, a.store, b.store)


def test_a_removal_of_what_another_edited_is_not_done(world: World) -> None:
    a, b = world.console("a"), world.console("b")
    identity = camera(a.store)
    a.round()
    b.round()
    change(a.store, identity, note="new")
    b.store.remove_camera(identity)
    a.round()
    b.round()
    b.round()
    assert b.store.conflicts()[0].reason == "edited"
    assert b.store.cameras()[0].id == identity
    a.round()
    same(world, a.store, b.store)


def test_the_same_favourite_of_two_consoles_is_one(world: World) -> None:
    a, b = world.console("a"), world.console("b")
    identity = camera(a.store)
    a.round()
    b.round()
    a.store.set_favourite(identity, True)
    b.store.set_favourite(identity, True)
    b.store.set_favourite(identity, False)
    b.store.set_favourite(identity, True)
    a.round()
    b.round()
    a.round()
    assert a.store.count(favourites_only=True) == b.store.count(favourites_only=True) == 1
    assert not b.store.conflicts()
    same(world, a.store, b.store)


def test_what_a_role_may_not_do_is_told_and_kept(world: World) -> None:
    a = world.console("a")
    b = world.console("b", principal("u2", role=Role.OPERATOR))
    identity = camera(a.store)
    a.round()
    b.round()
    change(b.store, identity, name="not mine to name")
    b.round()
    b.round()
    assert b.store.rows([identity])[0].name == "中山街口"
    (conflict,) = b.store.conflicts()
    assert (conflict.reason, conflict.mine) == ("forbidden", {"name": "not mine to name"})
    assert a.store.conflicts() == []


def test_a_foreign_organisation_sees_nothing(world: World) -> None:
    a, b = world.console("a"), world.console("b", principal("u2", FOREIGN))
    camera(a.store)
    a.store.save_view("早班", View(BUILT_IN["2x2"], ()), shared=True)
    a.store.save_view("own", View(BUILT_IN["2x2"], ()))
    a.round()
    b.round()
    assert b.store.cameras() == []
    assert b.store.views() == []
    for table in ("site", "position", "device", "stream"):
        assert rows(b.store, table) == []


def test_settings_of_a_person_travel_and_those_of_the_machine_stay(world: World) -> None:
    a, b, other = (world.console(n, w) for n, w in (("a", None), ("b", None),
                                                    ("c", principal("u2"))))  # fmt: skip
    a.store.set_settings({"language": "en", "keys": {"add": "F6"}, "volume": 0.4})
    a.round()
    b.round()
    other.round()
    assert b.store.setting("language") == "en"
    assert b.store.setting("keys") == {"add": "F6"}
    assert b.store.setting("volume") is None
    assert other.store.setting("language") is None
    # Two consoles apart: what arrives last counts, and nobody is asked.
    b.store.set_setting("language", "zh_CN")
    a.store.set_setting("language", "en_GB")
    b.round()
    a.round()
    b.round()
    assert a.store.setting("language") == b.store.setting("language") == "en_GB"
    assert not a.store.conflicts()
    assert len([r for r in rows(b.store, "preference") if r["key"] == "language"]) == 1


def test_presets_read_on_two_consoles_are_the_same_ones(world: World) -> None:
    a, b = world.console("a"), world.console("b")
    identity = camera(a.store)
    a.round()
    b.round()
    told = [KeptPreset("t1", "大门", "[0.1, 0.2, 0.0]"), KeptPreset("t2", "码头")]
    keep(a.store, identity, told)
    keep(b.store, identity, [told[1], told[0]])
    a.round()
    b.round()
    a.round()
    assert kept(a.store, identity) == kept(b.store, identity) == [told[1], told[0]]
    assert len(rows(world.database, "preset")) == 2
    assert not a.store.conflicts()
    keep(b.store, identity, told[:1])
    b.round()
    a.round()
    assert kept(a.store, identity) == told[:1]
    waiting = a.status().waiting
    keep(a.store, identity, told[:1])
    assert a.status().waiting == waiting, "what did not change is not written"
    same(world, a.store, b.store)


def test_the_register_and_its_history_reach_other_consoles(world: World) -> None:
    a, b = world.console("a"), world.console("b", principal("u2"))
    stranger = world.console("c", principal("u3", FOREIGN))
    identity = camera(a.store)
    for console in (a, b, stranger):
        console.round()
    assets.save(a.store, identity, {"mac": "aabbccddeeff", "height_m": "6.8", "networked": "0"})
    a.round()
    b.round()
    file = assets.read(b.store, identity)
    assert file is not None
    assert (file.record["mac"], file.record["height_m"]) == ("AA-BB-CC-DD-EE-FF", "6.8")
    (told,) = assets.changes(b.store, file, "mac")
    assert (told.after, told.source, told.person) == ("AA-BB-CC-DD-EE-FF", "person", "u1")
    stranger.round()
    for table in ("asset_field", "asset_change", "position"):
        assert rows(stranger.store, table) == []
    a.round()
    same(world, a.store, b.store)


def test_definitions_of_an_administrator_reach_all_and_an_operators_are_refused(
    world: World,
) -> None:
    a = world.console("a", principal("u1", role=Role.ADMINISTRATOR))
    b = world.console("b", principal("u2", role=Role.OPERATOR))
    meter = {"name": "meter", "en": "Meter", "zh": "电表", "entity": "position", "required": ["1"]}
    definitions.save(a.store, meter, "Li")
    definitions.save(a.store, meter | {"required": []}, "Li")
    a.round()
    b.round()
    (found,) = definitions.all_of(b.store)
    assert (found.name, found.version, found.was[0].number) == ("meter", 2, 1)
    assert assets.rules(b.store).get("meter") is not None
    definitions.save(b.store, meter | {"en": "Mine"}, "Wang")
    b.round()
    a.round()
    b.round()
    (found,) = definitions.all_of(a.store)
    assert found.content["en"] == "Meter"
    assert [c.reason for c in b.store.conflicts()] == ["forbidden"]


def test_one_field_entered_on_two_consoles_is_decided_by_a_person(world: World) -> None:
    a, b = world.console("a"), world.console("b")
    identity = camera(a.store)
    a.round()
    b.round()
    assets.save(a.store, identity, {"height_m": "6.8"})
    assets.save(b.store, identity, {"height_m": "5.3"})
    a.round()
    b.round()
    b.round()
    file = assets.read(b.store, identity)
    assert file is not None
    assert file.record["height_m"] == "6.8"
    (conflict,) = b.store.conflicts()
    assert (conflict.field, conflict.mine, conflict.theirs) == ("value", "5.3", "6.8")
    b.store.decide(conflict.id, "mine")
    b.round()
    a.round()
    there = assets.read(a.store, identity)
    assert there is not None
    assert there.record["height_m"] == "5.3"
    a.round()
    b.round()
    same(world, a.store, b.store)


def test_who_may_not_commission_leaves_no_history(world: World) -> None:
    a = world.console("a")
    b = world.console("b", principal("u2", role=Role.OPERATOR))
    identity = camera(a.store)
    a.round()
    b.round()
    assets.save(b.store, identity, {"height_m": "9"})
    b.round()
    b.round()
    file = assets.read(b.store, identity)
    assert file is not None
    assert "height_m" not in file.record
    assert assets.changes(b.store, file, "height_m") == []
    assert [c.reason for c in b.store.conflicts()] == ["forbidden"]
