"""Two people at one console, one after the other: what each entered stays that one's."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.incident import Kind
from app.domain.layout import BUILT_IN, View
from app.domain.logbook import Book, Entry
from app.domain.permission import Role
from app.server.sync import AGREED, SENT_FOR
from app.store.logbook import Logbook, Wanted
from app.store.store import new_id
from app.sync.client import NetworkError, SyncClient, become
from app.ui.trial_consent import Consent, enter_consent, enter_outcome
from tests.sync.conftest import Direct, World, principal, rows
from tests.sync.test_exchange import camera, change

VIEW = View(BUILT_IN["2x2"], ())


def _as(world: World, client: SyncClient, user: str, role: str = Role.COMMISSIONER) -> SyncClient:
    """The same console with another person at it."""
    become(client.store, user)
    return SyncClient(client.store, Direct(world.server, principal(user, role=role)))


def _authors(world: World) -> dict[str, str]:
    """Name of a view to its owner, on the server."""
    return {row["name"]: row["owner"] for row in rows(world.database, "view")}


def test_what_one_entered_and_did_not_send_waits_for_that_one(world: World) -> None:
    first = world.console("a", principal("u1"))
    other = world.console("b", principal("u3"))
    identity = camera(first.store)
    first.round()
    other.round()
    first.store.save_view("一号自己的", VIEW)
    first.store.set_favourite(identity, True)
    change(first.store, identity, name="by the first")
    second = _as(world, first, "u2")
    assert [v.name for v in second.store.views()] == []
    assert second.store.count(favourites_only=True) == 0
    second.store.save_view("二号自己的", VIEW)
    change(second.store, identity, name_en="by the second")
    second.round()
    second.round()
    assert _authors(world) == {"二号自己的": "person:u2"}
    assert [v.name for v in second.store.views()] == ["二号自己的"]
    other.round()
    assert other.store.rows([identity])[0].name == "中山街口"
    back = _as(world, second, "u1")
    assert [v.name for v in back.store.views()] == ["一号自己的"]
    back.round()
    back.round()
    assert _authors(world) == {"二号自己的": "person:u2", "一号自己的": "person:u1"}
    assert [v.name for v in back.store.views()] == ["一号自己的"]
    assert back.store.count(favourites_only=True) == 1
    other.round()
    row = other.store.rows([identity])[0]
    assert (row.name, row.name_en) == ("by the first", "by the second")
    assert back.notes == []
    assert not back.store.conflicts()
    assert back.status().waiting == 0


def test_entries_that_were_numbered_and_not_answered_hold_nobody_up(world: World) -> None:
    first = world.console("a", principal("u1"))
    identity = camera(first.store)
    first.round()
    change(first.store, identity, name="by the first")
    assert isinstance(first.transport, Direct)
    first.transport.online = False
    with pytest.raises(NetworkError):
        first.push()
    second = _as(world, first, "u2")
    change(second.store, identity, name_en="by the second")
    second.round()
    assert second.notes == []
    assert second.status().waiting == 1
    back = _as(world, second, "u1")
    back.round()
    assert back.notes == []
    assert back.status().waiting == 0
    row = rows(world.database, "channel")[0]
    assert (row["name"], row["name_en"]) == ("by the first", "by the second")


def test_before_the_first_sign_in_everything_is_whose_comes_first(world: World) -> None:
    console = world.console("a", principal("u1"), meet=False)
    console.store.save_view("from before", VIEW)
    assert not become(console.store, "u1")
    assert [v.name for v in console.store.views()] == ["from before"]
    console.round()
    assert _authors(world) == {"from before": "person:u1"}
    assert not become(console.store, "u1")


def _audit(world: World) -> list[dict[str, Any]]:
    """Entries about what an account sent that another entered."""
    entries = [json.loads(row["content"]) for row in rows(world.database, "audit")]
    return [e for e in entries if e["action"] == SENT_FOR]


def test_who_entered_it_and_whose_account_sent_it_are_both_kept(world: World) -> None:
    """Several people of one shift work at a console where one is signed in."""
    console, other = world.console("a", principal("u1")), world.console("b", principal("u2"))
    identity = camera(console.store)
    console.round()
    other.round()
    assert _audit(world) == [], "nothing to tell where it is the same person"
    for author in ("王芳", "李强", "Name of u1", "王芳"):
        console.store.author = author
        change(
            console.store, identity, note=f"seen by {author} {len(rows(console.store, 'outbox'))}"
        )
    console.store.author = ""
    change(other.store, identity, note="from the other console")
    console.round()
    changes = [r for r in rows(world.database, "sync_change") if r["kind"] == "channel"][-4:]
    assert [(r["author"], r["person"]) for r in changes] == [
        ("王芳", "Name of u1"), ("李强", "Name of u1"), ("Name of u1", "Name of u1"),
        ("王芳", "Name of u1"),
    ]  # fmt: skip
    assert [(e["name"], e["user"], e["details"]) for e in _audit(world)] == [
        ("Name of u1", "u1", {"author": "李强", "entries": {"channel": 1}}),
        ("Name of u1", "u1", {"author": "王芳", "entries": {"channel": 2}}),
    ]
    # A conflict names both, on either side.
    other.store.author = ""
    other.round()
    (conflict,) = other.store.conflicts()
    assert conflict.theirs_by == "王芳 (Name of u1)"
    other.store.author = "赵敏"
    change(other.store, identity, name="x")
    console.store.author = "王芳"
    change(console.store, identity, name="y")
    other.round()
    console.round()
    (row,) = (r for r in rows(world.database, "conflict") if r["field"] == "name")
    assert (row["mine_by"], row["theirs_by"]) == ("王芳 (Name of u1)", "赵敏 (Name of u2)")


def test_entries_from_before_the_server_keep_their_author(world: World) -> None:
    console = world.console("a", principal("u1", role=Role.OPERATOR), meet=False)
    for author in ("王芳", "李强"):
        data = {"category": "fight", "place": "东门"}
        Logbook(console.store).add(
            Entry(Book.INCIDENT, new_id(), Kind.OPENED, author, "WS1", data, "", ())
        )
    console.round()
    sent = [r for r in rows(world.database, "sync_change") if r["kind"] == "log"]
    assert {(r["author"], r["person"]) for r in sent} == {
        ("王芳", "Name of u1"), ("李强", "Name of u1"),
    }  # fmt: skip
    assert {e["details"]["author"] for e in _audit(world)} == {"王芳", "李强"}


def test_a_consent_to_default_passwords_given_offline_is_in_the_audit_log_later(
    world: World,
) -> None:
    console = world.console("a", principal("u1", role=Role.OPERATOR))
    log = Logbook(console.store)
    console.store.author = "李雷"
    said = Consent("李雷", "WS1", "first set-up", datetime(2026, 6, 1, 7, tzinfo=UTC))
    entry = enter_consent(log, said, "10.0.0.0/24", ["10.0.0.7"])
    enter_outcome(log, entry, {"10.0.0.7": "taken"})
    console.round()
    console.round()
    assert console.notes == []
    found = [json.loads(row["content"]) for row in rows(world.database, "audit")]
    (noted,) = [e for e in found if e["action"] == AGREED]
    assert (noted["purpose"], noted["user"]) == ("first set-up", "u1")
    details = noted["details"]
    assert (details["author"], details["range"], details["devices"]) == ("李雷", "10.0.0.0/24", 1)
    assert details["hash"] == entry.chain
    assert details["when"][:16] == entry.true_at.isoformat()[:16]
    auditor = world.console("b", principal("u2", role=Role.AUDITOR))
    auditor.round()
    (subject,) = Logbook(auditor.store).subjects(Wanted(Book.SETUP))
    assert [e.kind for e in Logbook(auditor.store).entries(subject.id)] == ["consented", "tried"]
