"""The life of a fault: every state x every action x every role, and the clock."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import ticket as t
from app.domain.calendar import ALWAYS
from app.domain.permission import Role
from app.domain.ticket import Action, Actor, Event, Priority, Report, Rules, Side, State

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
H = 3600

NEXT = """
            new  triaged dispatched accepted on_site suspended repaired verified closed cancelled merged
join         =     =        =          =        =        =        =        =       -       -       -
comment      =     =        =          =        =        =        =        =       =       =       =
signal       =     =        =          =        =        =        =        =       -       -       -
check        -     -        -          -        -        -        =        -       -       -       -
separate     =     =        =          =        =        =        =        =       -       -       -
triage    triaged  -        -          -        -        -        -        -       -       -       -
priority     =     =        =          =        =        =        -        -       -       -       -
dispatch  dispatched dispatched dispatched dispatched dispatched - -       -       -       -       -
decline      -     -     triaged    triaged     -        -        -        -       -       -       -
accept       -     -     accepted      -        -        -        -        -       -       -       -
arrive       -     -        -       on_site     -        -        -        -       -       -       -
ask_pause    -     -        -          =        =        -        -        -       -       -       -
pause     suspended suspended suspended suspended suspended - -   -        -       -       -
refuse_pause -     -        -          =        =        -        -        -       -       -       -
resume       -     -        -          -        -     back        -        -       -       -       -
repair       -     -        -       repaired repaired    -        -        -       -       -       -
verify       -     -        -          -        -        -     verified    -       -       -       -
reopen       -     -        -          -        -        -     dispatched dispatched dispatched -   -
close        -     -        -          -        -        -        -     closed     -       -       -
cancel    cancelled cancelled cancelled cancelled cancelled cancelled - -  -       -       -
merge     merged merged   merged     merged   merged   merged  merged   merged     -       -       -
unmerge      -     -        -          -        -        -        -        -       -       -      new
escalate     =     =        =          =        =        =        =        =       -       -       -
acknowledge  =     =        =          =        =        =        =        =       -       -       -
"""
"""Written from the flow of domain reference 4.6, not from the code."""

DESK, CREW = {"supervisor"}, {"maintainer"}
ANY = {"operator", "supervisor", "commissioner", "maintainer", "administrator"}
WHO: dict[str, dict[str, set[str]]] = {
    "owner": {
        **dict.fromkeys(("join", "comment", "signal"), ANY),
        **dict.fromkeys(
            ("triage", "priority", "dispatch", "pause", "refuse_pause", "resume", "verify",
             "reopen", "close", "cancel", "merge", "check", "separate", "unmerge",
             "acknowledge"), DESK
        ),
        "escalate": {"supervisor", "operator"},
    },
    "maintainer": {
        **dict.fromkeys(("join", "comment", "signal"), ANY),
        **dict.fromkeys(("decline", "accept", "arrive", "ask_pause", "resume", "repair",
                         "escalate"), CREW),
    },
    "viewer": dict.fromkeys(("join", "comment", "signal"), ANY),
}  # fmt: skip
WHO["responsible"] = WHO["owner"]

SAID: dict[str, dict[str, Any]] = {
    "comment": {"text": "x"},
    "signal": {"live": True},
    "priority": {"priority": "P1", "reason": "x"},
    "decline": {"reason": "x"},
    "ask_pause": {"reason": "no_power", "until": "2026-06-02T00:00:00+00:00"},
    "pause": {"reason": "no_power", "until": "2026-06-02T00:00:00+00:00"},
    "refuse_pause": {"reason": "x"},
    "repair": {"cause": "E03", "work": "x"},
    "verify": {"picture": "ab", "files": ["ab"], "reference": "cd", "live_s": 12, "same": True},
    "check": {
        "camera": "c1",
        "picture": "ab",
        "files": ["ab"],
        "reference": "cd",
        "live_s": 12,
        "same": True,
    },
    "separate": {"cameras": ["c2"]},
    "reopen": {"reason": "x"},
    "cancel": {"reason": "x"},
    "merge": {"into": "x"},
    "escalate": {"to": "x", "reason": "x"},
}


def table() -> dict[tuple[str, str], str]:
    head, *lines = [line.split() for line in NEXT.strip().splitlines()]
    assert head == list(State)
    assert [line[0] for line in lines] == list(Action)
    return {
        (state, line[0]): to for line in lines for state, to in zip(head, line[1:], strict=True)
    }


def actor(side: str, role: str, name: str = "boss") -> Actor:
    return Actor(name, name, frozenset({role}), frozenset({Side(side)}))


def report(**content: Any) -> Report:
    return Report(NOW, "o", "Operator", {"category": "V03", "cameras": ["c1"], **content})


def event(action: str, minutes: float = 0, person: str = "boss", **content: Any) -> Event:
    said = {**SAID.get(action, {}), **content}
    return Event("", NOW + timedelta(minutes=minutes), Action(action), person, person, said)


PATHS: dict[State, tuple[str, ...]] = {
    State.NEW: (),
    State.TRIAGED: ("triage",),
    State.DISPATCHED: ("triage", "dispatch"),
    State.ACCEPTED: ("dispatch", "accept"),
    State.ON_SITE: ("dispatch", "accept", "arrive"),
    State.SUSPENDED: ("dispatch", "accept", "ask_pause", "pause"),
    State.REPAIRED: ("dispatch", "accept", "arrive", "repair"),
    State.VERIFIED: ("dispatch", "accept", "arrive", "repair", "verify"),
    State.CLOSED: ("dispatch", "accept", "repair", "verify", "close"),
    State.CANCELLED: ("cancel",),
    State.MERGED: ("merge",),
}


def in_state(state: State) -> t.Ticket:
    events = []
    for action in PATHS[state]:
        crew = "maintainer" in {*WHO["maintainer"].get(action, ())} and action != "comment"
        events.append(event(action, person="fitter" if crew else "boss"))
    found = t.fold(report(), events, {})
    assert found.state is state
    return found


@pytest.mark.parametrize("state", State)
def test_every_action_of_everybody_in_every_state(state: State) -> None:
    expected, before = table(), in_state(state)
    asked = t.apply(before, event("ask_pause"), {})
    for action, role, side in itertools.product(Action, Role, Side):
        ticket = asked if action is Action.REFUSE_PAUSE else before
        if action is Action.SEPARATE:
            ticket = replace(before, cameras=("c1", "c2"))
        who = actor(side, role)
        refusal = t.check(ticket, action, who, NOW, SAID.get(action, {}))
        to = expected[state, action]
        about = f"{role} of {side}: {action} in {state}"
        if role not in WHO[side].get(action, ()):
            assert refusal == t.Refusal("forbidden"), about
        elif to == "-":
            assert refusal == t.Refusal("invalid_state", state), about
        else:
            assert refusal is None, about
            goal = {"=": state, "back": State.ACCEPTED}.get(to) or State(to)
            assert t.apply(ticket, event(action), {}).state is goal, about
    for action in Action:
        if expected[state, action] == "-":
            assert t.apply(before, event(action), {}) == before, "what does not fit changes nothing"


@pytest.mark.parametrize("action", [a for a in Action if a in SAID])
def test_what_has_to_be_said(action: Action) -> None:
    state = next(s for s in State if table()[s, action] != "-")
    ticket = in_state(state)
    if action is Action.REFUSE_PAUSE:
        ticket = t.apply(in_state(State.ACCEPTED), event("ask_pause"), {})
    who = Actor("boss", "", frozenset(Role), frozenset(Side))
    for name in t.MOVES[action].needs:
        for empty in ("", "  ", None):
            said = {**SAID[action], name: empty}
            assert t.check(ticket, action, who, NOW, said) is not None, (action, name, empty)


def test_nobody_verifies_a_repair_of_his_own() -> None:
    """Also not one who only accepted it, nor under another of his roles."""
    both = Actor("fitter", "", frozenset({Role.SUPERVISOR, Role.MAINTAINER}), frozenset(Side))
    said = SAID["verify"]
    ticket = in_state(State.REPAIRED)
    assert t.check(ticket, Action.VERIFY, both, NOW, said) == t.Refusal("same_person")
    other = t.fold(
        report(),
        [event("dispatch"), event("accept", person="fitter"), event("repair", person="mate")],
        {},
    )
    assert t.check(other, Action.VERIFY, both, NOW, said) == t.Refusal("same_person")
    assert t.check(in_state(State.VERIFIED), Action.CLOSE, both, NOW, {}) is not None
    fresh = t.fold(report(), [event("dispatch"), event("accept", person="mate"),
                              event("repair", person="mate")], {})  # fmt: skip
    assert t.check(fresh, Action.VERIFY, both, NOW, said) is None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"live_s": 9.9}, "not_live"),
        ({"live_s": True}, "not_live"),
        ({"live_s": "12"}, "not_live"),
        ({"same": False}, "not_compared"),
        ({"same": 1}, "not_compared"),
        ({"reference": ""}, "not_compared"),
        ({"picture": ""}, "missing"),
        ({"picture": "of last year"}, "missing"),
        ({"files": "ab"}, "missing"),
    ],
)
def test_it_is_verified_by_a_picture_that_was_seen_and_compared(said: Any, code: str) -> None:
    ticket, who = in_state(State.REPAIRED), actor("owner", Role.SUPERVISOR)
    refusal = t.check(ticket, Action.VERIFY, who, NOW, SAID["verify"] | said)
    assert refusal is not None
    assert refusal.code == code


def test_the_first_reference_picture_is_said_to_be_one() -> None:
    ticket, who = in_state(State.REPAIRED), actor("owner", Role.SUPERVISOR)
    said = SAID["verify"] | {"reference": "", "first": True}
    assert t.check(ticket, Action.VERIFY, who, NOW, said) is None


def test_it_is_compared_with_the_cameras_own_reference() -> None:
    assert t.compared({"reference": "cd"}, {"cd", "ef"})
    assert not t.compared({"reference": "of another camera"}, {"cd"})
    assert not t.compared({"first": True}, {"cd"}), "there is one: it was not looked at"
    assert t.compared({"first": True}, ())


def test_the_limits_of_each_priority() -> None:
    """The table of 4.5; P4 counts working days (NOW is a Monday, 16:00 in Shanghai)."""
    expected = {"P1": (15 / 60, 1, 4), "P2": (0.5, 4, 24), "P3": (2, 24, 48)}
    for priority, hours in expected.items():
        ticket = t.begin(report(priority=priority))
        dues = (ticket.due_accept, ticket.due_on_site, ticket.due_restore)
        assert dues == tuple(NOW + timedelta(hours=h) for h in hours)
    ticket = t.begin(report(priority="P4"))
    assert ticket.due_accept == datetime(2026, 6, 2, 8, tzinfo=UTC)
    assert ticket.due_restore == datetime(2026, 6, 10, 8, tzinfo=UTC)


def test_the_clock_is_about_the_next_step() -> None:
    """Accept, be on site, restore; then nothing runs."""
    dues = {
        State.NEW: 0.5, State.TRIAGED: 0.5, State.DISPATCHED: 0.5, State.ACCEPTED: 4,
        State.ON_SITE: 24,
    }  # fmt: skip
    for state in State:
        hours = dues.get(state)
        assert in_state(state).due == (None if hours is None else NOW + timedelta(hours=hours))
    ticket = t.begin(report())
    assert not ticket.overdue(NOW + timedelta(minutes=30))
    assert ticket.overdue(NOW + timedelta(minutes=30, seconds=1))


def test_an_approved_pause_counts_from_when_it_was_asked_for() -> None:
    events = [
        event("dispatch", 1), event("accept", 10),
        event("ask_pause", 60, until="2026-06-02T08:00:00+00:00"),
        event("pause", 120, until="2026-06-02T08:00:00+00:00"), event("resume", 180),
    ]  # fmt: skip
    ticket = t.fold(report(), events, {})
    assert ticket.state is State.ACCEPTED
    assert ticket.paused_s == 2 * H
    assert ticket.due_on_site == NOW + timedelta(hours=4 + 2)
    assert ticket.due_accept == NOW + timedelta(minutes=30), "it had passed: it is not moved"
    assert ticket.due_restore == NOW + timedelta(hours=24 + 2)
    urgent = t.apply(ticket, event("priority", 200, priority="P1"), {})
    assert urgent.due_restore == NOW + timedelta(hours=4 + 2), "the pause is not forgotten"


def test_a_pause_ends_when_it_was_to_end() -> None:
    """Nobody resumed: the clock has run since."""
    events = [event("dispatch"), event("accept"),
              event("pause", 60, until="2026-06-01T10:00:00+00:00"), event("resume", 600)]  # fmt: skip
    assert t.fold(report(), events, {}).paused_s == H


@pytest.mark.parametrize(
    "said", [{"reason": "tea"}, {"until": "2026-05-01T00:00:00+00:00"}, {"until": "soon"},
             {"until": "2026-06-02T00:00:00"}]
)  # fmt: skip
def test_a_pause_has_a_reason_of_the_list_and_an_end(said: dict[str, str]) -> None:
    who = actor("owner", Role.SUPERVISOR)
    refusal = t.check(in_state(State.ACCEPTED), Action.PAUSE, who, NOW, SAID["pause"] | said)
    assert refusal == t.Refusal("missing", next(iter(said)))


def test_escalation_is_due_at_its_share_of_the_limit_and_once() -> None:
    ticket, rules = t.begin(report()), t.DEFAULT_RULES
    assert not ticket.escalation_due(NOW + timedelta(minutes=23), rules)
    assert ticket.escalation_due(NOW + timedelta(minutes=24), rules)  # 80 % of 30
    told = t.apply(ticket, event("escalate", 25), {})
    assert told.level == 1
    assert not told.escalation_due(NOW + timedelta(hours=9), rules)
    assert t.begin(report(priority="P1")).escalation_due(NOW, rules)


def test_reopened_it_begins_anew_and_anybody_else_may_verify() -> None:
    ticket = in_state(State.CLOSED)
    again = t.apply(ticket, event("reopen", 600), {})
    assert (again.state, again.reopened, again.repairers) == (State.DISPATCHED, 1, frozenset())
    assert again.due_accept == NOW + timedelta(minutes=630)
    assert (again.repaired_at, again.verified_at, again.closed_at) == (None, None, None)
    who, late = actor("owner", Role.SUPERVISOR), NOW + timedelta(days=31)
    said = SAID["reopen"]
    assert t.check(ticket, Action.REOPEN, who, late, said) == t.Refusal("too_late")
    assert t.check(ticket, Action.REOPEN, who, NOW + timedelta(days=29), said) is None


def test_rules_of_a_version_stay_those_of_the_ticket() -> None:
    old = Rules("r1", {p: t.Limit(H, H, H, 1.0) for p in Priority})
    new = Rules("r2", {p: t.Limit(2 * H, 2 * H, 2 * H, 1.0) for p in Priority})
    rules = {"r1": old, "r2": new}
    ticket = t.fold(report(rules="r1"), [event("dispatch", 5)], rules)
    assert ticket.due_accept == NOW + timedelta(hours=1)
    assert t.apply(ticket, event("priority", 9, rules="r2"), rules).due_accept == NOW + timedelta(
        hours=2
    )
    assert Rules.from_json("r1", old.to_json()) == old
    damages: tuple[Any, ...] = ({}, {"limits": {}}, old.to_json() | {"live_s": -1}, None)
    for damage in damages:
        with pytest.raises(ValueError, match=r"no rules|limits for|no span"):
            Rules.from_json("r", damage)


def test_every_time_of_the_figures_is_kept() -> None:
    events = [
        event("triage", 1), event("dispatch", 2), event("accept", 3), event("arrive", 4),
        event("repair", 5), event("verify", 6), event("close", 7),
    ]  # fmt: skip
    early = NOW - timedelta(hours=1)
    ticket = t.fold(report(fault_at=early.isoformat()), events, {})
    times = (ticket.fault_at, ticket.detected_at, ticket.reported_at, ticket.triaged_at,
             ticket.dispatched_at, ticket.accepted_at, ticket.arrived_at, ticket.repaired_at,
             ticket.verified_at, ticket.closed_at)  # fmt: skip
    assert times == (early, NOW, *(NOW + timedelta(minutes=m) for m in range(8)))
    assert ticket.late() is False


def test_a_second_report_brings_its_cameras() -> None:
    ticket = t.fold(report(), [event("join", cameras=["c2", "c1"])], {})
    assert (ticket.cameras, ticket.joined) == (("c1", "c2"), 1)


def test_what_was_joined_is_separated_again() -> None:
    """As if it had never been: its cameras go, its state comes back."""
    lead = t.fold(report(), [event("join", **{"from": "t2", "cameras": ["c1", "c2"]})], {})
    assert lead.cameras == ("c1", "c2")
    who = actor("owner", Role.SUPERVISOR)
    assert t.check(lead, Action.SEPARATE, who, NOW, {"from": "t9"}) is not None
    assert t.check(lead, Action.SEPARATE, who, NOW, {"from": "t2"}) is None
    lead = t.apply(lead, Event("", NOW, Action.SEPARATE, "boss", "", {"from": "t2"}), {})
    assert (lead.cameras, lead.joined, lead.parts) == (("c1",), 0, ())
    other = t.fold(report(), [event("dispatch"), event("accept"), event("merge")], {})
    assert other.into == "x"
    other = t.apply(other, event("unmerge"), {})
    assert (other.state, other.into, other.closed_at) == (State.ACCEPTED, "", None)


def test_the_last_camera_stays() -> None:
    site = t.begin(report(cameras=["c1", "c2", "c3"]))
    who = actor("owner", Role.SUPERVISOR)
    for wrong in (["c1", "c2", "c3"], ["c9"], []):
        said = {"cameras": wrong}
        assert t.check(site, Action.SEPARATE, who, NOW, said) == t.Refusal("missing", "cameras")
    left = t.apply(site, event("separate", cameras=["c1", "c3"]), {})
    assert left.cameras == ("c2",)


def test_a_site_is_verified_camera_by_camera() -> None:
    way = [event("dispatch"), event("accept", person="fitter"), event("repair", person="fitter")]
    site, who = t.fold(report(cameras=["c1", "c2", "c3"]), way, {}), actor("owner", Role.SUPERVISOR)
    said = SAID["verify"] | {"camera": "c3"}
    assert t.check(site, Action.VERIFY, who, NOW, said) == t.Refusal("not_all", "2")
    stale = SAID["check"] | {"live_s": 3}
    assert t.check(site, Action.CHECK, who, NOW, stale) == t.Refusal("not_live", "10")
    unknown = SAID["check"] | {"camera": "c9"}
    assert t.check(site, Action.CHECK, who, NOW, unknown) is not None
    site = t.apply(site, event("check", camera="c1"), {})
    assert t.check(site, Action.VERIFY, who, NOW, said) == t.Refusal("not_all", "1")
    apart = t.apply(site, event("separate", cameras=["c2"]), {})
    assert t.check(apart, Action.VERIFY, who, NOW, said) is None
    site = t.apply(site, event("check", camera="c2"), {})
    assert t.check(site, Action.VERIFY, who, NOW, said) is None


def test_a_picture_that_went_again_keeps_it_open() -> None:
    ticket = t.apply(in_state(State.VERIFIED), event("signal", live=False, camera="c1"), {})
    who = actor("owner", Role.SUPERVISOR)
    assert t.check(ticket, Action.CLOSE, who, NOW, {}) == t.Refusal("lost_again")
    ticket = t.apply(ticket, event("signal", live=True, camera="c1"), {})
    assert ticket.is_back
    assert t.check(ticket, Action.CLOSE, who, NOW, {"score": 4}) is None
    assert t.check(ticket, Action.CLOSE, who, NOW, {"score": 9}) == t.Refusal("missing", "score")
    assert t.apply(ticket, event("close", score=4), {}).score == 4


def test_the_picture_of_each_camera_is_noted_once() -> None:
    site = t.begin(report(cameras=["c1", "c2"]))
    for camera in ("c1", "c1", "c9"):
        site = t.apply(site, event("signal", 5, live=True, camera=camera), {})
    assert (site.back, site.is_back) == (("c1",), False)
    site = t.apply(site, event("signal", 6, live=True, camera="c2"), {})
    assert site.is_back
    site = t.apply(site, event("signal", 7, live=False, camera="c1"), {})
    assert site.back == ("c2",)


def test_who_decides_knows_of_it_until_the_next_limit() -> None:
    ticket, rules, late = t.begin(report()), t.DEFAULT_RULES, NOW + timedelta(minutes=40)
    assert ticket.escalation_due(late, rules)
    ticket = t.apply(ticket, event("acknowledge", 40), {})
    assert not ticket.escalation_due(late, rules)
    for action in ("dispatch", "accept"):
        ticket = t.apply(ticket, event(action, 41), {})
    assert not ticket.escalation_due(late, rules)
    assert ticket.escalation_due(NOW + timedelta(hours=3.3), rules), "80 % of the way to the site"


def test_rules_say_what_is_wrong_with_them() -> None:
    assert t.weak_points(t.DEFAULT_RULES) == []
    limits = dict(t.DEFAULT_RULES.limits)
    limits[Priority.P1] = t.Limit(H, H // 2, 9 * H, 1.5)
    limits[Priority.P2] = t.Limit(0, H, 8 * H, 0.8)
    wrong = replace(t.DEFAULT_RULES, limits=limits, live_s=0, reopen_days=999)
    assert t.weak_points(wrong) == [
        ("P1", "order"), ("P1", "share"), ("P2", "zero"), ("P2", "urgent"), ("", "live"),
        ("", "reopen"),
    ]  # fmt: skip


def test_an_organisation_gives_a_category_its_own_priority() -> None:
    rules = replace(t.DEFAULT_RULES, id="r", priorities={"V05": Priority.P1})
    assert Rules.from_json("r", rules.to_json()) == rules
    assert t.usual_priority(t.CATEGORY["V05"], "3", 1, rules.priorities) is Priority.P1
    assert t.usual_priority(t.CATEGORY["V05"], "3", 1) is Priority.P4


def test_categories() -> None:
    """Of the catalogue of 4.4; a key picks one only."""
    groups = {c.group: sum(o.group == c.group for o in t.CATEGORIES) for c in t.CATEGORIES}
    assert groups == {"V": 12, "O": 3, "P": 5, "E": 6, "N": 6, "S": 5, "M": 7, "C": 5, "X": 4}
    keys = [c.key for c in t.CATEGORIES if c.key]
    assert sorted(keys) == sorted("0123456789")


def test_sides() -> None:
    own = frozenset({"a"})
    assert t.sides(own, "a", "b", "c", False) == {Side.OWNER}
    assert t.sides(own, "a", "", "", True) == {Side.OWNER, Side.MAINTAINER, Side.VIEWER}
    assert t.sides(own, "b", "a", "c", False) == {Side.RESPONSIBLE}
    assert t.sides(own, "b", "c", "a", False) == {Side.MAINTAINER}
    assert t.sides(own, "b", "", "c", False) == frozenset()


@given(st.lists(st.tuples(st.sampled_from(list(Action)), st.integers(0, 10_000)), max_size=30))
def test_no_order_of_events_breaks_it(steps: list[tuple[Action, int]]) -> None:
    """Whatever arrives: state and times belong together, and limits do not move backwards."""
    ticket = t.begin(report())
    for action, minutes in steps:
        before = ticket
        ticket = t.apply(ticket, event(action, minutes), {})
        assert (ticket.closed_at is None) == ticket.is_open
        assert (ticket.paused_from is not None) == (ticket.state is State.SUSPENDED)
        if ticket.reopened == before.reopened and ticket.priority is before.priority:
            assert ticket.due_restore is not None
            assert before.due_restore is not None
            assert ticket.due_restore >= before.due_restore
        if ticket.state is State.CLOSED:
            assert ticket.verified_at is not None
    assert ALWAYS.week == ()
