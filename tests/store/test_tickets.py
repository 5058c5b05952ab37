"""Faults in a console's own database, without a server."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.ticket import DEFAULT_RULES, Action, Limit, Priority, State
from app.store import sample
from app.store.errors import StoreError
from app.store.secrets import FileSecrets
from app.store.store import Store
from app.store.tickets import Care, Draft, File, Filter, TicketError, Tickets, Who

ZHANG, LI = Who("zhang", "wall-1"), Who("li", "wall-1")
SEEN = {"live_s": 20, "same": True}


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    opened = Store(data / "watchroom.db", FileSecrets(data))
    sample.fill(opened)
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store) -> Tickets:
    return Tickets(store)


def cameras(store: Store, count: int = 3) -> list[str]:
    return [row.id for row in store.cameras(limit=count)]


def test_numbers_have_no_gaps_and_each_console_has_its_own(store: Store, desk: Tickets) -> None:
    a, b, c = cameras(store)
    news: list[set[str]] = []
    store.on_change(lambda changes: news.append(set(changes.kinds)))
    with pytest.raises(StoreError):
        desk.report(Draft(a, "nonsense"), ZHANG)
    first = desk.report(Draft(a, "V03"), ZHANG).line
    second = desk.report(Draft(b, "V01"), ZHANG).line
    other = desk.report(Draft(c, "V01"), Who("wang", "wall-2")).line
    assert (first.number, second.number, other.number) == (1, 2, 1)
    assert {"ticket"} <= set().union(*news)


def test_a_report_is_filled_in_with_who_answers_for_the_site(store: Store, desk: Tickets) -> None:
    (camera,) = cameras(store, 1)
    details = store.camera(camera)
    assert details is not None
    other = next(o for o in store.organisations() if o.id != details.organisation.id)
    desk.set_care(details.site.id, Care("", other.id, "王工 0578"))
    found = desk.filled(camera)
    assert found is not None
    assert found.responsible.id == details.organisation.id
    assert (found.maintainer.id, found.care.contact) == (other.id, "王工 0578")
    line = desk.report(Draft(camera, "V03"), ZHANG).line
    assert line.maintainer_id == other.id
    full = desk.full(line.id, ZHANG)
    assert full is not None
    assert full.report.content["facts"]["site"] == details.site.name
    assert desk.filled("no such camera") is None


def test_a_second_report_joins_and_its_words_and_pictures_are_kept(
    store: Store, desk: Tickets
) -> None:
    (camera,) = cameras(store, 1)
    first = desk.report(Draft(camera, "V03", "steht"), ZHANG)
    again = desk.report(
        Draft(camera, "V01", "nun weg", files=(File("p.jpg", "image/jpeg", b"x"),)), LI
    )
    assert (again.joined, again.line.id) == (True, first.line.id)
    full = desk.full(first.line.id, ZHANG)
    assert full is not None
    assert [(e.action, e.author, e.content["text"]) for e in full.events] == [
        (Action.JOIN, "li", "nun weg")
    ]
    (file,) = full.files
    assert file.path is not None
    assert file.path.read_bytes() == b"x"


def test_a_site_that_is_down_is_one_ticket(store: Store, desk: Tickets) -> None:
    (camera,) = cameras(store, 1)
    details = store.camera(camera)
    assert details is not None
    lost = [c for c in store.camera_ids_of_site(details.site.id) if c != camera]
    whole = desk.report(Draft(camera, "N03", lost=tuple(lost[:2])), ZHANG)
    assert whole.line.cameras == 3
    assert set(desk.open_of([camera, *lost])) == {camera, *lost[:2]}
    one_more = desk.report(Draft(lost[2], "V01"), ZHANG)
    assert (one_more.joined, one_more.line.id, one_more.line.cameras) == (True, whole.line.id, 4)
    picture = desk.report(Draft(lost[3], "V04"), ZHANG) if len(lost) > 3 else None
    assert picture is None or not picture.joined, "a blurred picture is no network's fault"


def test_the_whole_way_and_the_second_pair_of_eyes(store: Store, desk: Tickets) -> None:
    (camera,) = cameras(store, 1)
    ticket = desk.report(Draft(camera, "V03"), ZHANG).line.id
    desk.act(ticket, Action.DISPATCH, ZHANG)
    desk.act(ticket, Action.ACCEPT, LI)
    with pytest.raises(TicketError, match="missing"):
        desk.act(ticket, Action.REPAIR, LI, {"cause": "E03"})
    desk.act(ticket, Action.REPAIR, LI, {"cause": "E03", "work": "Netzteil"})
    picture = File("now.jpg", "image/jpeg", b"as it should look")
    said = SEEN | {"picture": "", "reference": "", "first": True}
    said["picture"] = hashlib.sha256(picture.data).hexdigest()
    with pytest.raises(TicketError, match="same_person"):
        desk.act(ticket, Action.VERIFY, LI, said, (picture,))
    with pytest.raises(TicketError, match="forbidden"):
        desk.act(ticket, Action.VERIFY, Who("wu", "wall-1", supervisor=False), said, (picture,))
    assert desk.reference(camera) is None
    desk.act(ticket, Action.VERIFY, ZHANG, said, (picture,))
    reference = desk.reference(camera)
    assert reference is not None
    assert reference.sha256 == said["picture"]
    assert camera in desk.open_of([camera])
    desk.act(ticket, Action.CLOSE, ZHANG)
    assert not desk.open_of([camera])
    (past,) = desk.history(camera)
    assert past.state is State.CLOSED
    assert not desk.report(Draft(camera, "V03"), ZHANG).joined, "a new fault, a new ticket"
    assert len(desk.history(camera)) == 2


def test_lists_and_boards(store: Store, desk: Tickets) -> None:
    a, b, c = cameras(store)
    first = desk.report(Draft(a, "V03", priority="P4"), ZHANG).line
    urgent = desk.report(Draft(b, "V01", priority="P1"), ZHANG).line
    gone = desk.report(Draft(c, "V01"), ZHANG).line
    desk.act(gone.id, Action.CANCEL, ZHANG, {"reason": "x"})
    desk.act(first.id, Action.DISPATCH, ZHANG, {"team": "二组"})
    assert [line.id for line in desk.lines(Filter(), ZHANG)] == [urgent.id, first.id]
    assert [line.id for line in desk.lines(Filter("closed"), ZHANG)] == [gone.id]
    assert desk.count(Filter("all"), ZHANG) == 3
    assert desk.count(Filter(priority="P1"), ZHANG) == 1
    assert desk.count(Filter(text="#2"), ZHANG) == 1
    assert desk.count(Filter(text="二组"), ZHANG) == 1
    assert desk.count(Filter("all", camera_id=c), ZHANG) == 1
    assert desk.count(Filter("overdue"), ZHANG) == 0
    later = datetime.now(UTC) + timedelta(minutes=20)
    assert [x.id for x in desk.lines(Filter("overdue"), ZHANG, at=later)] == [urgent.id]
    assert {k: n for k, (n, _) in desk.board("state", Filter()).items()} == {
        "new": 1, "dispatched": 1,
    }  # fmt: skip
    by_due = desk.board("due", Filter(), at=later)
    assert [line.id for line in by_due["late"][1]] == [urgent.id]
    assert desk.board("team", Filter())["二组"][0] == 1


def test_two_tickets_are_joined_and_parted_again(store: Store, desk: Tickets) -> None:
    a, b, c = cameras(store)
    lead = desk.report(Draft(a, "V01"), ZHANG).line.id
    other = desk.report(Draft(b, "V04", "lens"), LI).line.id
    third = desk.report(Draft(c, "V04"), LI).line.id
    details = [store.camera(x) for x in (a, b, c)]
    assert len({d.site.id for d in details if d}) == 1
    desk.act(other, Action.DISPATCH, ZHANG)
    with pytest.raises(TicketError, match="forbidden"):
        desk.join(lead, [other], Who("wu", "wall-1", supervisor=False))
    assert desk.count(Filter(), ZHANG) == 3
    desk.join(lead, [other, third], ZHANG)
    (line,) = desk.lines(Filter(), ZHANG)
    assert (line.id, line.cameras, line.joined) == (lead, 3, 2)
    assert set(desk.open_of([a, b, c]).values()) == {line}
    desk.unjoin(other, ZHANG)
    assert {x.id: x.cameras for x in desk.lines(Filter(), ZHANG)} == {lead: 2, other: 1}
    full = desk.full(other, ZHANG)
    assert full is not None
    assert full.ticket.state is State.DISPATCHED
    assert desk.open_of([b])[b].id == other
    with pytest.raises(TicketError, match="invalid_state"):
        desk.unjoin(other, ZHANG)


def test_a_camera_leaves_its_sites_ticket_with_one_of_its_own(store: Store, desk: Tickets) -> None:
    (camera,) = cameras(store, 1)
    details = store.camera(camera)
    assert details is not None
    beside = [c for c in store.camera_ids_of_site(details.site.id) if c != camera][:2]
    site = desk.report(Draft(camera, "N03", lost=tuple(beside)), ZHANG).line
    own = desk.separate(site.id, [beside[0]], ZHANG)
    assert (own.cameras, own.camera_id, own.category) == (1, beside[0], "N03")
    found = desk.open_of([camera, *beside])
    assert [found[c].id for c in (camera, *beside)] == [site.id, own.id, site.id]
    with pytest.raises(TicketError, match="missing"):
        desk.separate(site.id, [camera, beside[1]], ZHANG)


def test_the_return_of_a_picture_is_noted_once(store: Store, desk: Tickets) -> None:
    (camera,) = cameras(store, 1)
    ticket = desk.report(Draft(camera, "V01", state="live"), ZHANG).line.id
    assert not desk.signal(ticket, camera, live=True, who=ZHANG), "nobody saw it gone"
    assert desk.signal(ticket, camera, live=True, who=ZHANG, seen_gone=True)
    assert not desk.signal(ticket, camera, live=True, who=LI)
    assert desk.back_cameras() == {camera}
    (line,) = desk.lines(Filter("back"), ZHANG)
    assert line.is_back
    full = desk.full(ticket, ZHANG)
    assert full is not None
    assert full.events[0].content == {"live": True, "camera": camera, "console": "wall-1"}
    assert desk.signal(ticket, camera, live=False, who=ZHANG)
    assert desk.back_cameras() == frozenset()


def test_what_takes_too_long_waits_for_somebody_to_know(store: Store, desk: Tickets) -> None:
    a, b, _ = cameras(store)
    urgent = desk.report(Draft(a, "V03", priority="P1"), ZHANG).line.id
    desk.report(Draft(b, "V03", priority="P4"), ZHANG)
    assert desk.to_tell() == 1
    assert [x.id for x in desk.lines(Filter("escalated"), ZHANG)] == [urgent]
    with pytest.raises(TicketError, match="forbidden"):
        desk.act(urgent, Action.ACKNOWLEDGE, Who("wu", "wall-1", supervisor=False))
    desk.act(urgent, Action.ACKNOWLEDGE, ZHANG, {"text": "a team is on its way"})
    assert desk.to_tell() == 0


def test_new_limits_are_for_new_tickets(store: Store, desk: Tickets) -> None:
    a, b, _ = cameras(store)
    details = store.camera(a)
    assert details is not None
    organisation = details.organisation.id
    old = desk.report(Draft(a, "V03", priority="P2"), ZHANG).line
    limits = dict(DEFAULT_RULES.limits)
    limits[Priority.P2] = Limit(600, 1200, 86400, 0.5)
    new = replace(DEFAULT_RULES, limits=limits, priorities={"V05": Priority.P1})
    with pytest.raises(TicketError, match="forbidden"):
        desk.save_rules(organisation, new, Who("wu", "wall-1", supervisor=False))
    with pytest.raises(StoreError):
        desk.save_rules(organisation, replace(new, live_s=0), ZHANG)
    desk.save_rules(organisation, new, ZHANG, "new contract")
    line = desk.report(Draft(b, "V05"), ZHANG).line
    assert line.priority is Priority.P1
    full = desk.full(old.id, ZHANG)
    assert full is not None
    assert full.ticket.due_accept == full.ticket.reported_at + timedelta(minutes=30)
    (version,) = desk.versions(organisation)
    assert (version.note, version.author, version.open) == ("new contract", "zhang", 1)


def test_saved_filters_stay(desk: Tickets) -> None:
    wanted = {"夜班": Filter("overdue", "桥", priority="P1")}
    desk.save_filters(wanted)
    desk.save_filters({**wanted, "other": Filter()})
    assert desk.filters() == {**wanted, "other": Filter()}
    assert Filter.from_json({"show": 3, "what": "x", "text": "a"}) == Filter(text="a")


def test_maintenance_ends_by_itself_and_its_history_stays(store: Store, desk: Tickets) -> None:
    a, b, _ = cameras(store)
    now = datetime.now(UTC)
    with pytest.raises(StoreError):
        desk.begin_maintenance([a], now + timedelta(hours=1), "  ", ZHANG)
    with pytest.raises(StoreError):
        desk.begin_maintenance([a], now - timedelta(hours=1), "late", ZHANG)
    desk.begin_maintenance([a, b], now + timedelta(hours=1), "清洗", ZHANG)
    assert set(desk.maintained()) == {a, b}
    assert desk.maintained(now + timedelta(hours=2)) == {}
    desk.end_maintenance([a])
    assert set(desk.maintained(datetime.now(UTC) + timedelta(seconds=1))) == {b}
    (entry,) = desk.maintenance_of(a)
    assert entry.ended_at is not None
    assert entry.reason == "清洗"
