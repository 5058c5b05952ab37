"""Templates of bulk set-up at several consoles."""

from __future__ import annotations

import json

import sqlalchemy as sa

from app.domain.permission import Role
from app.domain.setup import StreamWish, Template
from app.store.models import SetupTemplateRow
from app.store.setup import save_template, templates
from tests.sync.conftest import FOREIGN, HOME, World, principal, rows

STREET = Template(clock="ntp", ntp="10.0.0.1", text="{name}", sub=StreamWish(fps=12.5),
                  account="user", username="wall", generate=True)  # fmt: skip


def test_a_template_reaches_the_organisations_other_consoles_and_goes_again(world: World) -> None:
    a, b = world.console("a", principal("u1")), world.console("b", principal("u2"))
    guest = world.console("c", principal("u3", FOREIGN))
    looks = world.console("d", principal("u4", role=Role.OPERATOR))
    save_template(a.store, "Street", STREET)
    for console in (a, b, guest, looks):
        console.round()
    assert templates(b.store) == templates(looks.store) == {"Street": STREET}
    assert templates(guest.store) == {}
    (row,) = rows(world.database, "setup_template")
    assert row["organisation_id"] == HOME
    save_template(b.store, "Street", Template(clock="computer"))
    b.round()
    a.round()
    assert templates(a.store) == {"Street": Template(clock="computer")}
    save_template(a.store, "Street", None)
    a.round()
    b.round()
    assert templates(b.store) == {}


def test_two_made_apart_under_one_name_are_both_there(world: World) -> None:
    a, b = world.console("a", principal("u1")), world.console("b", principal("u2"))
    save_template(a.store, "Street", STREET)
    save_template(b.store, "Street", Template(clock="computer"))
    for console in (a, b, a):
        console.round()
    assert templates(a.store) == templates(b.store)
    assert list(templates(a.store)) == ["Street", "Street (2)"]
    save_template(a.store, "Street (2)", None)
    for console in (a, b):
        console.round()
    assert list(templates(b.store)) == ["Street"]


def test_who_sets_up_no_cameras_changes_no_template(world: World) -> None:
    a = world.console("a", principal("u1"))
    operator = world.console("b", principal("u2", role=Role.OPERATOR))
    save_template(a.store, "Street", STREET)
    a.round()
    operator.round()
    save_template(operator.store, "Street", Template(clock="computer"))
    save_template(operator.store, "Mine", STREET)
    operator.round()
    a.round()
    assert templates(a.store) == {"Street": STREET}
    assert rows(world.database, "setup_template")[0]["name"] == "Street"
    assert len(rows(world.database, "setup_template")) == 1


def test_a_template_with_a_password_in_it_is_not_taken_by_the_server(world: World) -> None:
    a = world.console("a", principal("u1"))
    with a.store._writing(setup_template=set()) as session:
        values = json.dumps({**STREET.as_json(), "password": "s3cret!"})
        session.add(SetupTemplateRow(id="0" * 8 + "-0000-7000-8000-000000000009", name="bad",
                                     content=values, updated_at="2026"))  # fmt: skip
    a.round()
    assert rows(world.database, "setup_template") == []
    with world.database.writing() as session:
        for table in ("sync_operation", "conflict"):
            for row in session.execute(sa.text(f"SELECT * FROM {table}")).all():
                assert "s3cret!" not in str(row)
