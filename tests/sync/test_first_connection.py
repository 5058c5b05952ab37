"""A console with organisations of its own meets a server for the first time."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.camera import Organisation, Site
from app.domain.permission import Principal, Role
from app.sync.client import SyncClient
from app.ui.put_under import Choice, PutUnderDialog, choice
from app.ui.tasks import Tasks
from tests.conftest import wait_for
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


@pytest.mark.parametrize("keep", [True, False])
def test_a_person_says_where_they_belong(qapp: QApplication, world: World, keep: bool) -> None:
    console = alone(world, CHIEF)
    console.round()
    tasks, window = Tasks(), QWidget()
    dialog = PutUnderDialog(
        lambda: choice(console.store, console.homeless, HOME), tasks, window, may_make=True
    )
    dialog.chosen.connect(lambda parent, below: console.put_under(parent, keep=below))
    dialog.show()
    wait_for(lambda: dialog.list.count() > 0, pump=qapp.processEvents)
    shown = [dialog.list.item(i).text() for i in range(dialog.list.count())]
    assert shown == ["本单位"], "not the own ones, and not those of others"
    assert "城管分局" in dialog.names.text()
    dialog.search.setText("没有")
    assert not dialog.send.isEnabled()
    dialog.search.setText("本")
    assert dialog.send.isEnabled()
    (dialog.below if keep else dialog.within).click()
    dialog.send.click()
    assert not dialog.isVisible()
    console.round()
    assert ("城管分局" in organisations(world)) is keep
    assert len(rows(world.database, "channel")) == 6
    window.deleteLater()
    tasks.close()


def test_who_may_not_make_organisations_is_told_and_has_the_other_way(
    qapp: QApplication, world: World
) -> None:
    tasks, window = Tasks(), QWidget()
    dialog = PutUnderDialog(lambda: Choice(("分局",), ()), tasks, window, may_make=False)
    dialog.show()
    wait_for(lambda: "not arrived" in dialog.names.text(), pump=qapp.processEvents)
    assert not dialog.below.isEnabled()
    assert dialog.within.isChecked()
    assert dialog.hint.isVisible()
    assert not dialog.send.isEnabled()
    dialog.close()
    tasks.close()
