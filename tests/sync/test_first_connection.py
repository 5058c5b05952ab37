"""A console with organisations of its own meets a server for the first time."""

from __future__ import annotations

import dataclasses

import pytest

from app.domain.camera import Organisation, Site
from app.domain.permission import Principal, Role
from app.sync.client import SyncClient
from tests.sync.conftest import HOME, World, principal, rows
from tests.sync.test_exchange import camera, same

CHIEF = dataclasses.replace(
    principal(), roles=frozenset({Role.ADMINISTRATOR, Role.COMMISSIONER, Role.OPERATOR})
)


def alone(world: World, who: Principal, cameras: int = 3) -> SyncClient:
    """A console that has worked by itself: an organisation with one below it, each with cameras."""
    console = world.console("a", who, meet=False)
    store = console.store
    top = store.save_organisation(Organisation("", "城管分局", "", None))
    below = store.save_organisation(Organisation("", "二中队", "", top))
    for owner in (top, below):
        site = store.save_site(Site("", owner, f"site of {owner}", "", "", 28.4, 119.9))
        for i in range(cameras):
            camera(store, f"camera {i}", site)
    return console


def organisations(world: World) -> dict[str, str | None]:
    """Name to the name of what it hangs on, on the server."""
    found = {r["id"]: r for r in rows(world.database, "organisation")}
    return {r["name"]: found[r["parent_id"]]["name"] if r["parent_id"] else None
            for r in found.values()}  # fmt: skip


def test_its_organisations_wait_for_a_place_and_are_sent_under_it(world: World) -> None:
    console = alone(world, CHIEF)
    waiting = len(rows(console.store, "channel"))
    console.round()
    assert len(console.homeless) == 1
    assert console.may_make
    assert organisations(world) == {"本单位": None, "外单位": None}
    assert rows(world.database, "conflict") == [], "nothing was refused piece by piece"
    assert HOME in {o.id for o in console.store.organisations()}, "there is something to choose"
    console.put_under(HOME, keep=True)
    console.round()
    assert console.homeless == ()
    assert organisations(world) == {
        "本单位": None, "外单位": None, "城管分局": "本单位", "二中队": "城管分局",
    }  # fmt: skip
    assert len(rows(world.database, "channel")) == waiting == 6
    assert not console.store.conflicts()
    console.round()
    same(world, console.store)


@pytest.mark.parametrize("who", [CHIEF, principal()], ids=["administrator", "commissioner"])
def test_its_places_may_become_those_of_an_organisation_that_is_there(
    world: World, who: Principal
) -> None:
    """The only way for one who may not make organisations, and the right one where the server
    knows the organisation already."""
    console = alone(world, who)
    console.round()
    assert console.homeless
    assert console.may_make is (who is CHIEF)
    console.put_under(HOME, keep=False)
    assert {o.name for o in console.store.organisations()} == {"本单位", "外单位"}
    console.round()
    console.round()
    assert organisations(world) == {"本单位": None, "外单位": None}
    assert {r["organisation_id"] for r in rows(world.database, "site")} == {HOME}
    assert len(rows(world.database, "channel")) == 6
    assert not console.store.conflicts()
    assert console.status().waiting == 0
    same(world, console.store)


def test_what_others_do_arrives_meanwhile_and_nothing_is_lost(world: World) -> None:
    console, other = alone(world, CHIEF), world.console("b")
    console.round()
    waiting = console.status().waiting
    there = camera(other.store, "from the other console")
    other.round()
    console.round()
    assert console.store.camera(there) is not None
    assert console.status().waiting == waiting > 0
    # After a restart the question is there again.
    again = SyncClient(console.store, console.transport)
    again.round()
    assert again.homeless == console.homeless
    again.put_under(HOME, keep=True)
    again.round()
    other.round()
    assert len(other.store.cameras()) == 7
    assert again.status().waiting == 0


def test_the_systems_administrator_needs_no_place(world: World) -> None:
    who = dataclasses.replace(CHIEF, roles=CHIEF.roles | {Role.SYSTEM})
    console = alone(world, who)
    console.round()
    assert console.homeless == ()
    assert organisations(world)["城管分局"] is None
