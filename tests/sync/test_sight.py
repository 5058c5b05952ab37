"""What a console holds is what its person may see, also after that changed."""

from __future__ import annotations

import hashlib

import pytest

from app.domain.incident import Kind
from app.domain.logbook import Book, Entry
from app.domain.permission import Role
from app.domain.retrieval import Case, Retrieval, RetrievalKind
from app.domain.ticket import Action
from app.server.blobs import Blobs
from app.server.problem import Problem as Refused
from app.server.sync import note_changes
from app.store.logbook import Logbook, Wanted
from app.store.models import SiteRow
from app.store.store import Store, new_id
from app.sync.client import SyncClient, become
from tests.sync.conftest import FOREIGN, Direct, World, principal, rows
from tests.sync.test_exchange import camera, change
from tests.sync.test_tickets import Scene

FOLLOW = ("former_code", "attachment", "asset_change", "preset", "maintenance")
"""What hangs on a camera and must move with it."""


def attach(client: SyncClient, identity: str, sha: str, size: int) -> None:
    """A file of a camera; its bytes go another way here."""
    client.store.add_attachment("channel", identity, "photo.jpg", "image/jpeg", size, sha)
    with client.store.syncing() as connection:
        connection.exec_driver_sql("UPDATE upload SET done = 1")


def test_a_camera_takes_what_belongs_to_it_to_its_new_organisation(world: World) -> None:
    a, b = world.console("a"), world.console("b", principal("u8", FOREIGN))
    identity = camera(a.store)
    change(a.store, identity, code="33010200001310000001")
    change(a.store, identity, code="33010200001310000002")  # the first is a former code now
    attach(a, identity, "a" * 64, 3)
    a.round()
    with a.store.syncing() as connection:
        for table, more in (
            ("preset", "token, name, number, position"),
            ("maintenance", "begin, until, ended_at, reason, person, author"),
        ):
            marks = ", ".join("1" if name == "number" else "'x'" for name in more.split(", "))
            connection.exec_driver_sql(
                f"INSERT INTO {table} (id, rev, updated_at, channel_id, {more}) "
                f"VALUES ('{new_id()}', 0, '', '{identity}', {marks})"
            )
    a.round()  # what was not entered through the store is adopted
    a.round()
    before = {name: [r["id"] for r in rows(world.database, name)] for name in FOLLOW}
    assert all(before.values()), before
    b.round()
    assert not any(rows(b.store, name) for name in FOLLOW)
    with world.database.writing() as session:
        site = session.query(SiteRow).one()
        site.organisation_id = FOREIGN
        session.flush()
        note_changes(session, world.now.isoformat(), "admin", {"site": [site.id]}, moved=True)
    a.round()
    b.round()
    assert [c.id for c in b.store.cameras()] == [identity]
    for name in FOLLOW:
        assert [r["id"] for r in rows(b.store, name)] == before[name], name
        assert rows(a.store, name) == [], name


def test_what_was_done_with_a_ticket_keeps_its_order_when_its_camera_moves(world: World) -> None:
    scene = Scene(world)
    chief, fitter = scene.chief, scene.fitter
    # The fitter's clock is a day behind, and so is the time in the ids of what it enters.
    ticket = chief.report(scene.camera)
    chief.act(ticket, Action.TRIAGE)
    chief.act(ticket, Action.DISPATCH)
    chief.sync()
    fitter.sync()
    fitter.act(ticket, Action.ACCEPT)
    fitter.sync()
    early = "01900000-0000-7000-8000-0000000000aa"
    with world.database.writing() as session:
        for table, column in (("ticket_event", "id"), ("sync_feed", "entity_id")):
            session.connection().exec_driver_sql(
                f"UPDATE {table} SET {column} = '{early}' WHERE {column} = "
                "(SELECT id FROM ticket_event WHERE action = 'accept')"
                if table == "ticket_event"
                else f"UPDATE {table} SET {column} = '{early}' WHERE {column} NOT IN "
                "(SELECT id FROM ticket_event) AND kind = 'ticket_event'"
            )
    order = "SELECT id FROM ticket_event ORDER BY rev"
    with world.database.engine.connect() as connection:
        before = connection.exec_driver_sql(order).scalars().all()
    with world.database.writing() as session:
        site = session.query(SiteRow).first()
        assert site is not None
        note_changes(session, world.now.isoformat(), "admin", {"site": [site.id]}, moved=True)
    with world.database.engine.connect() as connection:
        assert connection.exec_driver_sql(order).scalars().all() == before
    assert before[-1] == early
    chief.sync()
    assert [e.action for e in chief.full(ticket).events] == ["triage", "dispatch", "accept"]


def test_nobody_learns_that_a_file_is_there_who_may_not_see_what_it_belongs_to(
    world: World,
) -> None:
    a = world.console("a")
    identity = camera(a.store)
    data = b"a photograph of the pole"
    sha = hashlib.sha256(data).hexdigest()
    attach(a, identity, sha, len(data))
    a.round()
    blobs = Blobs(world.database, world.access, world.folder / "blobs")
    owner, stranger = principal(), principal("u9", FOREIGN)
    unknown = "f" * 64
    blobs.put(owner, sha, 0, data)
    assert blobs.state(stranger, sha) == blobs.state(stranger, unknown), "while it is on its way"
    blobs.complete(owner, sha, len(data))
    assert blobs.state(owner, sha).whole
    assert blobs.state(stranger, sha) == blobs.state(stranger, unknown)
    refusals = []
    for name in (sha, unknown):
        with pytest.raises(Refused) as refused:
            blobs.complete(stranger, name, len(data))
        refusals.append((refused.value.status, refused.value.code, refused.value.detail))
    assert refusals[0] == refusals[1]
    # Who has the bytes may keep the same file with something of one's own.
    blobs.put(stranger, sha, 0, data)
    blobs.complete(stranger, sha, len(data))
    assert blobs.read(owner, sha, 0) == data
    assert not list((world.folder / "blobs").glob("*.parts"))


def test_one_cannot_spoil_the_file_that_another_sends(world: World) -> None:
    a = world.console("a")
    identity = camera(a.store)
    data = b"what really happened"
    sha = hashlib.sha256(data).hexdigest()
    attach(a, identity, sha, len(data))
    a.round()
    blobs = Blobs(world.database, world.access, world.folder / "blobs")
    blobs.put(principal(), sha, 0, data)
    blobs.put(principal("u9", FOREIGN), sha, 0, b"something else")
    blobs.complete(principal(), sha, len(data))
    assert blobs.read(principal(), sha, 0) == data


# -- logs


def _write(store: Store, author: str) -> Entry:
    data = {"category": "fight", "place": "东门"}
    return Logbook(store).add(
        Entry(Book.INCIDENT, new_id(), Kind.OPENED, author, "WS1", data, "", ())
    )[0]


def _retrieve(store: Store, world: World) -> Retrieval:
    return store.add_retrieval(
        Retrieval(
            0, world.now, "WS1", "o", RetrievalKind.EXPORT, "", "", None, None, Case("1", "p", "b")
        )
    )


def _as(world: World, client: SyncClient, role: str, user: str = "u1") -> SyncClient:
    """The same console, after the person's role changed, or with another person."""
    become(client.store, user)
    return SyncClient(client.store, Direct(world.server, principal(user, role=role)))


def test_logs_leave_a_console_whose_person_may_not_read_them_any_more(world: World) -> None:
    author = world.console("b", principal("u2", role=Role.OPERATOR))
    theirs = _write(author.store, "u2")
    taken = _retrieve(author.store, world)
    author.round()
    console = world.console("a", principal("u1", role=Role.SUPERVISOR))
    assert console.store.retrievals("WS1") == [] == rows(console.store, "retrieval")
    assert [s.id for s in Logbook(console.store).subjects(Wanted(Book.INCIDENT))] == [
        theirs.subject
    ]
    demoted = _as(world, console, Role.VIEWER)
    demoted.round()
    assert rows(demoted.store, "log") == []
    assert Logbook(demoted.store).subjects(Wanted(Book.INCIDENT)) == []
    promoted = _as(world, demoted, Role.SUPERVISOR)
    promoted.round()
    assert [r["id"] for r in rows(promoted.store, "log")] == [theirs.id]
    assert taken.number == 1


def test_what_one_entered_and_has_not_sent_stays_whatever_the_role(world: World) -> None:
    console = world.console("a", principal("u1", role=Role.OPERATOR))
    _write(console.store, "u1")
    viewer = _as(world, console, Role.VIEWER)
    viewer.reconcile()
    assert len(rows(viewer.store, "log")) == 1


def test_numbers_and_hashes_go_on_where_entries_are_out_of_sight(world: World) -> None:
    """An operator's entries are not a viewer's to read; the next operator at this console goes on
    in the same chain, without the network too."""
    console = world.console("a", principal("u1", role=Role.OPERATOR))
    first = [_write(console.store, "u1") for _ in range(2)]
    register = _retrieve(console.store, world)
    console.round()
    viewer = _as(world, console, Role.VIEWER, "u2")
    viewer.round()
    assert rows(viewer.store, "log") == rows(viewer.store, "retrieval") == []
    second = _as(world, viewer, Role.OPERATOR, "u3")
    entry, taken = _write(second.store, "u3"), _retrieve(second.store, world)
    assert (entry.number, entry.data["number"]) == (3, 3)
    assert taken.number == register.number + 1
    second.round()
    chief = world.console("c", principal("u4", role=Role.SUPERVISOR))
    (found,) = Logbook(chief.store).check()[Book.INCIDENT]
    assert (found.entries, found.broken) == (3, None)
    assert len({e.chain for e in (*first, entry)}) == 3
