"""Faults between consoles of several organisations and a server."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.domain.permission import Role
from app.domain.ticket import Action, Limit, Priority, Rules, State
from app.store.database import connect, migrate
from app.store.models import OrganisationRow
from app.store.ticket_models import TicketEventRow, TicketRulesRow
from app.store.tickets import Care, Draft, File, Filter, Full, TicketError, Tickets, Who
from app.sync.client import SyncClient
from tests.postgres import Postgres
from tests.sync.conftest import FOREIGN, World, principal, rows
from tests.sync.test_exchange import camera, same

THIRD = "01900000-0000-7000-8000-000000000003"
PICTURE = File("now.jpg", "image/jpeg", b"a picture")
GOOD = {"live_s": 15, "same": True, "first": True}


class Desk:
    """A person at a console."""

    def __init__(self, world: World, name: str, role: str, organisation: str = "") -> None:
        who = principal(name, organisation, role) if organisation else principal(name, role=role)
        self.client: SyncClient = world.console(name, who)
        # Files travel by HTTP, which is not here: see test_network.
        self.client.upload = lambda: 0  # type: ignore[method-assign]
        self.desk = Tickets(self.client.store)
        self.who = Who(name, f"wall-{name}")

    def sync(self) -> None:
        self.client.round()

    def act(self, ticket: str, action: Action, *files: File, **said: Any) -> None:
        self.desk.act(ticket, action, self.who, said, files)

    def full(self, ticket: str) -> Full:
        found = self.desk.full(ticket, self.who)
        assert found is not None
        return found

    def state(self, ticket: str) -> State:
        return self.full(ticket).ticket.state

    def report(self, camera_id: str, category: str = "V03", **more: Any) -> str:
        return self.desk.report(Draft(camera_id, category, **more), self.who).line.id


class Scene:
    """A camera of HOME that FOREIGN maintains, and those who have to do with it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.builder = world.console("builder", principal("builder"))
        self.camera = camera(self.builder.store)
        site = self.builder.store.sites()[0].id
        self.site = site
        Tickets(self.builder.store).set_care(site, Care("", FOREIGN, "王工 0578-1234567"))
        self.builder.round()
        self.operator = Desk(world, "operator", Role.OPERATOR)
        self.chief = Desk(world, "chief", Role.SUPERVISOR)
        self.fitter = Desk(world, "fitter", Role.MAINTAINER, FOREIGN)


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


def test_a_report_made_offline_reaches_the_maintainer_of_another_organisation(scene: Scene) -> None:
    """And from there on: repair, a second person's eyes, closing."""
    operator, chief, fitter = scene.operator, scene.chief, scene.fitter
    operator.client.transport.online = False  # type: ignore[attr-defined]
    file = File("snapshot.jpg", "image/jpeg", b"frozen")
    ticket = operator.report(scene.camera, text="画面不动", files=(file,))
    assert operator.state(ticket) is State.NEW
    begun = scene.world.now  # the server's time; this console's clock is put right by it
    operator.client.transport.online = True  # type: ignore[attr-defined]
    for desk in (operator, chief, fitter):
        desk.sync()
    assert not fitter.client.store.cameras(), "the camera itself is not theirs to see"
    seen = fitter.full(ticket)
    assert (seen.line.title, seen.line.state) == ("中山街口", State.NEW)
    assert seen.report.content["facts"]["contact"] == "王工 0578-1234567"
    assert seen.ticket.due_accept is not None
    assert abs(seen.ticket.due_accept - begun - timedelta(minutes=30)) < timedelta(seconds=30)
    assert [f.name for f in seen.files] == ["snapshot.jpg"]
    chief.act(ticket, Action.DISPATCH, team="二组")
    for desk in (chief, fitter):
        desk.sync()
    for action, said in (
        (Action.ACCEPT, {}), (Action.ARRIVE, {}), (Action.REPAIR, {"cause": "E03", "work": "换电源"}),
    ):  # fmt: skip
        fitter.act(ticket, action, **said)
    for desk in (fitter, chief, operator):
        desk.sync()
    with pytest.raises(TicketError, match="forbidden"):
        operator.act(ticket, Action.VERIFY, PICTURE, picture="x", **GOOD)
    sha = hashlib.sha256(PICTURE.data).hexdigest()
    chief.act(ticket, Action.VERIFY, PICTURE, picture=sha, **GOOD)
    chief.act(ticket, Action.CLOSE)
    for desk in (chief, fitter, operator):
        desk.sync()
        assert desk.state(ticket) is State.CLOSED
        assert [e.action for e in desk.full(ticket).events] == [
            "dispatch", "accept", "arrive", "repair", "verify", "close",
        ]  # fmt: skip
    assert not any(d.client.store.conflicts() for d in (operator, chief, fitter))
    times = fitter.full(ticket).ticket
    assert None not in (times.dispatched_at, times.arrived_at, times.repaired_at, times.closed_at)
    same(scene.world, operator.client.store, chief.client.store)


def test_a_move_that_others_made_impossible_comes_back_to_its_author(scene: Scene) -> None:
    """Cancelled at the desk while the fitter, without a network, repaired it: nothing is lost."""
    chief, fitter = scene.chief, scene.fitter
    chief.sync()
    ticket = chief.report(scene.camera)
    chief.act(ticket, Action.DISPATCH)
    chief.sync()
    fitter.sync()
    fitter.act(ticket, Action.ACCEPT)
    fitter.act(ticket, Action.REPAIR, cause="E03", work="换了电源，三小时")
    assert fitter.state(ticket) is State.REPAIRED
    chief.act(ticket, Action.CANCEL, reason="误报")
    chief.sync()
    fitter.sync()
    fitter.sync()
    assert fitter.state(ticket) is State.CANCELLED, "as it stands for everybody"
    lost = fitter.client.store.conflicts()
    assert [(c.kind, c.reason) for c in lost] == [("ticket_event", "invalid_state")] * 2
    words = {c.mine["action"]: json.loads(c.mine["content"]) for c in lost}
    assert words["repair"]["work"] == "换了电源，三小时"
    chief.sync()
    assert chief.state(ticket) is State.CANCELLED
    assert [e.action for e in chief.full(ticket).events] == ["dispatch", "cancel"]


def test_the_server_does_not_believe_a_console(scene: Scene) -> None:
    """One that lets an operator close, and says that the maintainer did it: it is refused."""
    operator = scene.operator
    operator.sync()
    ticket = operator.report(scene.camera)
    with operator.client.store._writing() as session:
        session.add(TicketEventRow(
            id="01900000-0000-7000-8000-0000000000ff", updated_at="", ticket_id=ticket,
            at="2099-01-01T00:00:00.000+00:00", action="cancel", person="fitter", author="x",
            content='{"reason": "x"}',
        ))  # fmt: skip
    operator.sync()
    operator.sync()
    assert operator.state(ticket) is State.NEW
    (conflict,) = operator.client.store.conflicts()
    assert (conflict.kind, conflict.reason) == ("ticket_event", "forbidden")
    operator.act(ticket, Action.COMMENT, text="noch da")
    operator.sync()
    operator.sync()
    (event,) = rows(scene.world.database, "ticket_event")
    assert event["person"] == "operator"


def test_the_one_who_repaired_does_not_verify_on_the_server_either(world: World) -> None:
    """One account with both roles, at home: the rule is about people."""
    scene = Scene(world)
    Tickets(scene.builder.store).set_care(scene.site, Care())
    scene.builder.round()
    both = Desk(world, "both", Role.SUPERVISOR)
    roles = frozenset({Role.SUPERVISOR, Role.MAINTAINER})
    transport: Any = both.client.transport
    transport.who = principal("both").__class__(
        "both", "Both", transport.who.organisation_id, "", roles
    )
    both.sync()
    ticket = both.report(scene.camera)
    both.act(ticket, Action.DISPATCH)
    both.act(ticket, Action.ACCEPT)
    both.act(ticket, Action.REPAIR, cause="E03", work="x")
    with pytest.raises(TicketError, match="same_person"):
        both.act(ticket, Action.VERIFY, PICTURE, picture="x", **GOOD)
    with both.client.store._writing() as session:
        session.add(TicketEventRow(
            id="01900000-0000-7000-8000-0000000000fe", updated_at="", ticket_id=ticket,
            at=datetime.now(UTC).isoformat(), action="verify", person="somebody", author="x",
            content=json.dumps(GOOD | {"picture": "x"}),
        ))  # fmt: skip
    both.sync()
    both.sync()
    assert both.state(ticket) is State.REPAIRED
    assert [c.reason for c in both.client.store.conflicts()] == ["forbidden"]


def test_two_reports_made_apart_become_one_ticket(scene: Scene) -> None:
    one, two = scene.operator, scene.chief
    one.sync()
    two.sync()
    first = one.report(scene.camera, text="first")
    second = two.report(scene.camera, "V01", text="second")
    assert two.full(second).line.number == one.full(first).line.number == 1
    one.sync()
    two.sync()
    two.sync()
    one.sync()
    for desk in (one, two):
        assert desk.state(second) is State.MERGED
        assert desk.full(second).ticket.into == first
        (event,) = desk.full(first).events
        assert (event.action, event.content["text"]) == (Action.JOIN, "second")
        assert desk.desk.open_of([scene.camera])[scene.camera].id == first
        assert desk.desk.count(Filter(), desk.who) == 1
    again = two.desk.report(Draft(scene.camera, "V01"), two.who)
    assert (again.joined, again.line.id) == (True, first)


def test_a_ticket_that_is_given_to_others_moves_with_all_that_happened(scene: Scene) -> None:
    """The new maintainer gets its past, the former one does not see it any more."""
    world = scene.world
    with world.database.writing() as session:
        session.add(OrganisationRow(id=THIRD, name="第三方", updated_at="2026-01-01"))
        session.flush()
    world.server = world.start()
    new = Desk(world, "third", Role.MAINTAINER, THIRD)
    chief, fitter = scene.chief, scene.fitter
    chief.sync()
    ticket = chief.report(scene.camera, files=(File("a.jpg", "image/jpeg", b"x"),))
    chief.act(ticket, Action.TRIAGE)
    chief.act(ticket, Action.DISPATCH)
    chief.sync()
    fitter.sync()
    new.sync()
    assert fitter.state(ticket) is State.DISPATCHED
    assert new.desk.full(ticket, new.who) is None
    chief.act(ticket, Action.DISPATCH, to=THIRD, reason="合同变更")
    chief.sync()
    new.sync()
    fitter.sync()
    assert [e.action for e in new.full(ticket).events] == ["triage", "dispatch", "dispatch"]
    assert [f.name for f in new.full(ticket).files] == ["a.jpg"]
    assert fitter.desk.full(ticket, fitter.who) is None
    assert not rows(fitter.client.store, "ticket_event")
    new.act(ticket, Action.ACCEPT)
    new.sync()
    chief.sync()
    assert chief.state(ticket) is State.ACCEPTED


def test_a_camera_that_has_a_reference_picture_is_compared_with_it(scene: Scene) -> None:
    """On the console and, for one that does not ask, on the server."""
    chief, fitter = scene.chief, scene.fitter
    chief.desk.set_reference(scene.camera, File("r.jpg", "image/jpeg", b"as it should look"))
    ticket = chief.report(scene.camera)
    chief.act(ticket, Action.DISPATCH)
    chief.sync()
    fitter.sync()
    fitter.act(ticket, Action.ACCEPT)
    fitter.act(ticket, Action.REPAIR, cause="E03", work="x")
    fitter.sync()
    chief.sync()
    sha = hashlib.sha256(PICTURE.data).hexdigest()
    with pytest.raises(TicketError, match="not_compared"):
        chief.act(ticket, Action.VERIFY, PICTURE, picture=sha, **GOOD)
    with pytest.raises(TicketError, match="missing"):
        chief.act(ticket, Action.VERIFY, picture=sha, **GOOD)
    with chief.client.store._writing() as session:
        session.add(TicketEventRow(
            id="01900000-0000-7000-8000-0000000000fb", updated_at="", ticket_id=ticket,
            at=datetime.now(UTC).isoformat(), action="verify", person="x", author="x",
            content=json.dumps(GOOD | {"picture": sha, "files": [sha]}),
        ))  # fmt: skip
    chief.sync()
    chief.sync()
    assert chief.state(ticket) is State.REPAIRED
    (conflict,) = chief.client.store.conflicts()
    assert (conflict.kind, conflict.reason) == ("ticket_event", "invalid")
    known = chief.desk.reference(scene.camera)
    assert known is not None
    good = {"live_s": 15, "same": True, "reference": known.sha256}
    chief.act(ticket, Action.VERIFY, PICTURE, picture=sha, **good)
    chief.sync()
    fitter.sync()
    assert fitter.state(ticket) is State.VERIFIED


def test_tickets_joined_and_parted_by_hand_stand_alike_everywhere(scene: Scene) -> None:
    chief, fitter = scene.chief, scene.fitter
    second = camera(scene.builder.store, "二号", scene.site)
    scene.builder.round()
    chief.sync()
    lead, other = chief.report(scene.camera, "V01"), chief.report(second, "V04")
    chief.desk.join(lead, [other], chief.who)
    chief.sync()
    fitter.sync()
    assert (fitter.full(lead).ticket.cameras, fitter.state(other)) == (
        (scene.camera, second), State.MERGED,
    )  # fmt: skip
    chief.desk.unjoin(other, chief.who)
    chief.sync()
    fitter.sync()
    assert (fitter.full(lead).ticket.cameras, fitter.state(other)) == ((scene.camera,), State.NEW)
    chief.desk.join(lead, [other], chief.who)
    apart = chief.desk.separate(lead, [second], chief.who)
    for desk in (chief, fitter):
        desk.sync()
    assert fitter.full(lead).ticket.cameras == (scene.camera,)
    assert fitter.state(apart.id) is State.NEW, "it did not join again"
    assert not chief.client.store.conflicts()
    chief.act(lead, Action.CANCEL, reason="x")
    chief.sync()
    with chief.client.store._writing() as session:  # a console that does not ask
        session.add(TicketEventRow(
            id="01900000-0000-7000-8000-0000000000fc", updated_at="", ticket_id=apart.id,
            at=datetime.now(UTC).isoformat(), action="merge", person="x", author="x",
            content=json.dumps({"into": lead}),
        ))  # fmt: skip
    chief.sync()
    chief.sync()
    assert [c.reason for c in chief.client.store.conflicts()] == ["reference"]
    assert chief.state(apart.id) is State.NEW


def test_time_limits_of_an_organisation_reach_its_consoles(scene: Scene) -> None:
    limits = {p: Limit(60, 120, 180, 1.0) for p in Priority}
    administrator = Desk(scene.world, "admin", Role.ADMINISTRATOR)
    operator = scene.operator
    organisation = operator.client.transport.who.organisation_id  # type: ignore[attr-defined]
    administrator.desk.save_rules(organisation, Rules("", limits), administrator.who)
    with pytest.raises(TicketError, match="forbidden"):
        operator.desk.save_rules(organisation, Rules(), operator.who)
    with operator.client.store._writing() as session:  # a console that does not ask
        session.add(TicketRulesRow(
            id="01900000-0000-7000-8000-0000000000fd", updated_at="", person="x",
            organisation_id=organisation, at="2026-01-01T00:00:00.000+00:00",
            content=json.dumps(Rules().to_json()),
        ))  # fmt: skip
    administrator.sync()
    operator.sync()
    operator.sync()
    assert operator.desk.rules_of(organisation).limits == limits
    assert [c.reason for c in operator.client.store.conflicts()] == ["forbidden"]
    ticket = operator.report(scene.camera)
    operator.sync()
    scene.fitter.sync()
    found = scene.fitter.full(ticket).ticket
    assert found.due_accept == found.reported_at + timedelta(minutes=1)


def test_maintenance_travels_and_only_those_who_may_begin_it(scene: Scene) -> None:
    chief, operator = scene.chief, scene.operator
    until = datetime.now(UTC) + timedelta(hours=2)
    for desk in (chief, operator):
        desk.sync()
    chief.desk.begin_maintenance([scene.camera], until, "清洗镜头", chief.who)
    chief.sync()
    scene.world.later(minutes=1)
    operator.sync()
    assert operator.desk.maintained()[scene.camera].reason == "清洗镜头"
    operator.desk.end_maintenance([scene.camera])
    operator.sync()
    operator.sync()
    assert scene.camera in operator.desk.maintained(), "an operator's wish is refused"
    assert operator.client.store.conflicts()
    chief.sync()
    chief.desk.end_maintenance([scene.camera])
    chief.sync()
    scene.world.later(minutes=1)
    operator.sync()
    assert not operator.desk.maintained()


def test_a_first_load_brings_tickets_as_they_stand(scene: Scene) -> None:
    chief = scene.chief
    chief.sync()
    ticket = chief.report(scene.camera)
    chief.act(ticket, Action.DISPATCH)
    chief.sync()
    late = Desk(scene.world, "late", Role.OPERATOR)
    assert late.state(ticket) is State.DISPATCHED
    assert [line.state for line in late.desk.lines(Filter(), late.who)] == [State.DISPATCHED]
    with late.client.store.looking() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM ticket_camera")) == 1


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with Postgres() as running:
        yield running


def test_the_same_on_postgresql(postgres: Postgres, tmp_path: Path, template: Path) -> None:
    """A report, what the maintainer does, a transfer and two reports that become one."""
    url = postgres.database()
    engine = connect(url)
    migrate(engine, None)
    engine.dispose()
    world = World(tmp_path, template, url)
    try:
        scene = Scene(world)
        chief, fitter, operator = scene.chief, scene.fitter, scene.operator
        chief.sync()
        operator.sync()
        ticket = chief.report(scene.camera)
        chief.act(ticket, Action.DISPATCH)
        second = operator.report(scene.camera)
        chief.sync()
        operator.sync()
        fitter.sync()
        fitter.act(ticket, Action.ACCEPT)
        fitter.act(ticket, Action.REPAIR, cause="E03", work="x")
        fitter.sync()
        chief.sync()
        assert chief.state(ticket) is State.REPAIRED
        assert chief.state(second) is State.MERGED
        chief.act(ticket, Action.REOPEN, reason="x")
        chief.act(ticket, Action.DISPATCH, to=principal().organisation_id)
        chief.sync()
        fitter.sync()
        assert fitter.desk.full(ticket, fitter.who) is None
        assert not chief.client.store.conflicts()
    finally:
        world.close()
