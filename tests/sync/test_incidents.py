"""Incidents between consoles and a server: nothing written is lost, and the chain shows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain import incident as incidents
from app.domain import shift as shifts
from app.domain.incident import Kind, State
from app.domain.logbook import Book, Entry
from app.domain.patrol import Plan
from app.domain.permission import Role
from app.domain.retrieval import Case, Retrieval, RetrievalKind
from app.store.database import connect, migrate
from app.store.logbook import Logbook, Wanted
from app.store.server_models import AccountRow
from app.store.store import Store, new_id
from app.sync.client import SyncClient
from tests.conftest import wait_for
from tests.sync.conftest import FOREIGN, HOME, World, principal, rows
from tests.sync.test_network import Site
from tests.sync.test_network import site as site  # a fixture


class Console:
    """A console, its log and who works there."""

    def __init__(self, world: World, name: str, user: str = "u1", role: str = Role.OPERATOR,
                 organisation: str = HOME) -> None:  # fmt: skip
        self.name, self.user = name, user
        self.client: SyncClient = world.console(name, principal(user, organisation, role))
        self.store: Store = self.client.store
        self.log = Logbook(self.store)

    def open(self, **data: object) -> str:
        subject = new_id()
        self.write(subject, Kind.OPENED, category="fight", place="东门", **data)
        return subject

    def write(self, subject: str, kind: str, about: tuple[str, ...] = (), book: Book = Book.INCIDENT,
              camera: str = "", **data: object) -> Entry:  # fmt: skip
        entry = Entry(book, subject, kind, self.user, self.name, data, camera, about)
        return self.log.add(entry)[0]

    def sync(self) -> None:
        self.client.round()

    def whole(self) -> bool:
        found = [c for some in self.log.check().values() for c in some]
        return bool(found) and not any(c.broken for c in found)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_world(request: pytest.FixtureRequest, tmp_path: Path, template: Path) -> Iterator[World]:
    """A server on either database."""
    url = ""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").database()
        engine = connect(url)
        migrate(engine, None)
        engine.dispose()
    made = World(tmp_path, template, url)
    yield made
    made.close()


def test_the_same_incident_edited_on_two_consoles_offline_loses_nothing(any_world: World) -> None:
    """T12: no silent loss, both versions visible, the chain of the log verifies."""
    world = any_world
    a, b = Console(world, "WS1"), Console(world, "WS2", "u2")
    subject = a.open(detected_by="operator")
    line = a.write(subject, Kind.TEXT, text="two men, red jacket")
    a.sync()
    b.sync()
    opened = b.log.incident(subject)
    assert opened is not None
    assert opened.number == "WS1-000001"
    # Both are offline now, and both correct the same line and set the same field.
    first = opened.opened.id
    a.write(subject, Kind.TEXT, (line.id,), text="two men, blue jacket")
    a.write(subject, Kind.SET, (first,), field="category", value="theft")
    b.write(subject, Kind.TEXT, (line.id,), text="three men, red jacket")
    b.write(subject, Kind.SET, (first,), field="category", value="crowd")
    b.write(subject, Kind.TEXT, text="patrol car 3 is there")
    for console in (a, b, a, b):
        console.sync()
    for console in (a, b):
        incident = console.log.incident(subject)
        assert incident is not None
        assert {v.value for v in incident.fields["category"]} == {"theft", "crowd"}
        texts = {e.data["text"] for e in incident.lines[0].versions}
        assert texts == {"two men, blue jacket", "three men, red jacket"}
        assert [e.data["text"] for e in incident.lines[0].before] == ["two men, red jacket"]
        assert incident.lines[1].versions[0].data["text"] == "patrol car 3 is there"
        assert set(incident.disputed) == {"category", line.id}
        assert incidents.refusal(incident, Kind.CLOSED, {"result": "x"}, supervisor=True)
        (listed,) = console.log.subjects(Wanted(Book.INCIDENT))
        assert listed.open_matters == 2
        assert console.whole()
        assert not console.store.conflicts()
    # Somebody decides: an entry that points to both.
    found = a.log.incident(subject)
    assert found is not None
    both = tuple(v.entry.id for v in found.fields["category"])
    a.write(subject, Kind.SET, both, field="category", value="theft")
    lines = tuple(e.id for e in found.lines[0].versions)
    a.write(subject, Kind.TEXT, lines, text="three men, blue jacket")
    a.sync()
    b.sync()
    decided = b.log.incident(subject)
    assert decided is not None
    assert not decided.disputed
    assert decided.value("category") == "theft"
    assert len(decided.lines) == 2
    assert len(decided.lines[0].before) == 3  # everything that was ever written is still there
    assert b.whole()
    # What the server holds is what both hold, hash for hash.
    there = {(r["id"], r["content"], r["chain"]) for r in rows(world.database, "log")}
    for console in (a, b):
        assert {(r["id"], r["content"], r["chain"]) for r in rows(console.store, "log")} == there


def test_two_consoles_without_their_cable_write_in_one_incident(site: Site) -> None:
    """T12 over real sockets: each writes while the line is down, then both hold everything."""
    login = site.people.person(site.home, Role.OPERATOR)
    site.token = site.people.tokens(login)["access"]
    logs, threads = [], []
    for name in ("WS1", "WS2"):
        store = site.store(name)
        threads.append(site.thread(store)[0])
        logs.append(Logbook(store))
    wait_for(lambda: all(t.status.phase == "in_step" for t in threads))
    subject = new_id()

    def write(index: int, kind: Kind, about: tuple[str, ...] = (), **data: object) -> Entry:
        entry = Entry(Book.INCIDENT, subject, kind, f"p{index}", f"WS{index + 1}", data, "", about)
        return logs[index].add(entry)[0]

    opened = write(0, Kind.OPENED, category="fight")
    wait_for(lambda: logs[1].incident(subject))
    site.line.up = False
    site.line.cut()
    write(0, Kind.SET, (opened.id,), field="category", value="theft")
    write(1, Kind.SET, (opened.id,), field="category", value="crowd")
    for index in (0, 1):
        for i in range(5):
            write(index, Kind.TEXT, text=f"line {i} of {index}")
    wait_for(lambda: all(t.status.phase == "offline" and t.status.waiting == 6 for t in threads))
    site.line.up = True
    for thread in threads:
        thread.sync_now()

    def complete(log: Logbook) -> bool:
        incident = log.incident(subject)
        return incident is not None and len(incident.entries) == 13

    wait_for(lambda: all(complete(log) for log in logs), 30)
    for log in logs:
        incident = log.incident(subject)
        assert incident is not None
        assert {v.value for v in incident.fields["category"]} == {"theft", "crowd"}
        assert len(incident.lines) == 10
        checked = log.check()[Book.INCIDENT]
        assert [(c.console, c.broken) for c in checked] == [("WS1", None), ("WS2", None)]


def test_a_changed_a_missing_and_a_swapped_entry_show(world: World) -> None:
    a = Console(world, "WS1")
    subject = a.open()
    for i in range(4):
        a.write(subject, Kind.TEXT, text=f"line {i}")
    assert a.whole()
    with a.store._writing() as session:
        session.execute(sa.text("UPDATE log SET content = replace(content, 'line 2', 'line 9')"))
    (found,) = a.log.check()[Book.INCIDENT]
    assert found.broken is not None
    assert found.broken.number == 4
    with a.store._writing() as session:
        session.execute(sa.text("UPDATE log SET content = replace(content, 'line 9', 'line 2')"))
        session.execute(sa.text("DELETE FROM log WHERE number = 3"))
    (found,) = a.log.check()[Book.INCIDENT]
    assert found.broken is not None
    assert (found.broken.number, str(found.broken.fault)) == (3, "gap")


def test_an_incident_is_seen_by_its_organisation_and_its_auditor_alone(world: World) -> None:
    a = Console(world, "WS1")
    subject = a.open()
    a.sync()
    for user, role, organisation, sees in (
        ("u2", Role.SUPERVISOR, HOME, True),
        ("u3", Role.AUDITOR, HOME, True),
        ("u4", Role.VIEWER, HOME, False),
        ("u5", Role.MAINTAINER, HOME, False),
        ("u6", Role.SUPERVISOR, FOREIGN, False),
    ):
        other = Console(world, f"WS-{user}", user, role, organisation)
        assert (other.log.incident(subject) is not None) is sees, role
        assert bool(other.log.subjects(Wanted(Book.INCIDENT))) is sees


def test_what_may_not_be_written_is_refused_and_not_lost(world: World) -> None:
    a = Console(world, "WS1")
    subject = a.open()
    closed = a.write(subject, Kind.CLOSED, result="calmed down")
    a.write(subject, Kind.REVIEWED, (closed.id,), words="well done")  # an operator is no supervisor
    a.sync()
    a.sync()
    (conflict,) = a.store.conflicts()
    assert (conflict.kind, conflict.reason) == ("log", "forbidden")
    chief = Console(world, "WS2", "u2", Role.SUPERVISOR)
    found = chief.log.incident(subject)
    assert found is not None
    assert found.state is State.CLOSED
    chief.write(subject, Kind.REVIEWED, (closed.id,), words="well done")
    chief.sync()
    a.sync()
    assert not chief.store.conflicts()
    viewer = Console(world, "WS3", "u3", Role.VIEWER)
    viewer.open()
    viewer.sync()
    viewer.sync()
    assert [c.reason for c in viewer.store.conflicts()] == ["forbidden"]


def test_a_forged_row_is_not_taken(world: World) -> None:
    a = Console(world, "WS1")
    subject = a.open()
    with a.store._writing() as session:
        session.execute(sa.text("UPDATE log SET author = 'somebody else'"))
        session.execute(
            sa.text("""UPDATE outbox SET fields =
            replace(fields, '"author": "u1"', '"author": "u9"') WHERE kind = 'log'""")
        )
    a.sync()
    a.sync()
    assert not rows(world.database, "log")
    assert [c.reason for c in a.store.conflicts()] == ["invalid"]
    assert subject


def test_written_before_any_server_was_met_it_arrives_all_the_same(
    world: World, tmp_path: Path
) -> None:
    """T11: incidents written alone are sent once there is a server, and only once."""
    a = Console.__new__(Console)
    a.name, a.user = "WS1", "u1"
    a.client = world.console("WS1", principal("u1", role=Role.OPERATOR), meet=False)
    a.store = a.client.store
    a.log = Logbook(a.store)
    subjects = [a.open() for _ in range(3)]
    a.sync()
    a.sync()
    b = Console(world, "WS2", "u2")
    assert {s.id for s in b.log.subjects(Wanted(Book.INCIDENT))} == set(subjects)
    assert len(rows(world.database, "log")) == 3
    assert b.whole()
    numbers = sorted(s.number for s in b.log.subjects(Wanted(Book.INCIDENT)))
    assert numbers == ["WS1-000001", "WS1-000002", "WS1-000003"]


def test_a_shift_is_handed_over_offline_and_countersigned_elsewhere(world: World) -> None:
    a, chief = Console(world, "WS1"), Console(world, "WS2", "u2", Role.SUPERVISOR)
    subject = new_id()
    a.write(subject, shifts.Kind.BEGUN, book=Book.SHIFT, name="night")
    handed = a.write(
        subject,
        shifts.Kind.HANDED_OVER,
        book=Book.SHIFT,
        document={"leaving": {"name": "Li"}, "taking": {"name": "Wang"}},
        sha256="0" * 64,
    )
    a.sync()
    chief.sync()
    shift = chief.log.shift(subject)
    assert shift is not None
    assert shifts.problem_of_countersigning(shift, "li") == shifts.Refused.SAME_PERSON
    chief.write(subject, shifts.Kind.COUNTERSIGNED, (handed.id,), Book.SHIFT, name="Zhao")
    chief.sync()
    a.sync()
    signed = a.log.shift(subject)
    assert signed is not None
    assert signed.state is shifts.State.COUNTERSIGNED


def test_a_patrol_travels_and_can_be_changed(world: World) -> None:
    a, b = Console(world, "WS1"), Console(world, "WS2", "u2")
    identity = a.log.save_plan("夜间巡检", Plan(("c1", "c2"), 20, ("08:30",)))
    a.sync()
    b.sync()
    (plan,) = b.log.plans()
    assert (plan.id, plan.plan.due) == (identity, ("08:30",))
    b.log.delete_plan(identity)
    b.sync()
    a.sync()
    assert not a.log.plans()


def test_an_auditor_lists_every_retrieval_of_one_camera(world: World) -> None:
    with world.database.writing() as session:
        for user in ("u1", "u2"):
            session.add(
                AccountRow(id=user, login=user, name=user, organisation_id=HOME, roles="operator",
                           password_hash="", created_at="2026-01-01")
            )  # fmt: skip
    for user in ("u1", "u2"):
        console = Console(world, f"WS-{user}", user)
        for camera in ("c1", "c2"):
            console.store.add_retrieval(
                Retrieval(0, world.now, console.name, user, RetrievalKind.SNAPSHOT, camera, camera,
                          world.now, world.now, Case("7", "theft", "order"))
            )  # fmt: skip
        console.sync()
    auditor = Console(world, "WS-audit", "u3", Role.AUDITOR)
    found = auditor.log.retrievals(camera_id="c1")
    assert sorted((r.operator, r.camera_id) for r in found) == [("u1", "c1"), ("u2", "c1")]
    assert [r.operator for r in auditor.log.retrievals(camera_id="c2", person="u2")] == ["u2"]
    assert all(c.broken is None for c in auditor.log.check_retrievals())
    operator = Console(world, "WS-o", "u4")
    assert not operator.log.retrievals()


@pytest.mark.parametrize("kind", [Kind.OPENED, Kind.TEXT])
def test_an_entry_too_many_is_no_entry(world: World, kind: Kind) -> None:
    """An entry is written whole or not at all."""
    a = Console(world, "WS1")
    good = Entry(Book.INCIDENT, new_id(), kind, "u1", "WS1", {})
    with pytest.raises(Exception, match="author"):
        a.log.add(good, Entry(Book.INCIDENT, good.subject, kind, "x" * 200, "WS1", {}))
    assert not rows(a.store, "log")
