"""One organisation asks another: what was given ends when it must."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.server.access import principal_of
from app.server.database import Database
from app.store.server_models import AccountRow
from tests.server.conftest import BOTH, Client, Clock, Server, World, code_of


class Pair:
    """Harbour owns a camera; Railway wants it."""

    def __init__(self, server: Server, world: World) -> None:
        self.server, self.world = server, world
        self.harbour, self.railway = world.organisation("harbour"), world.organisation("railway")
        self.camera = world.camera(self.harbour)
        self.group = world.group(self.harbour, self.camera)
        self.owner = self._person(self.harbour, "administrator")
        self.asker = self._person(self.railway, "supervisor")
        self.operator_login = world.person(self.railway, "operator")
        self.operator = server.client(world.tokens(self.operator_login))

    def _person(self, organisation: str, role: str) -> Client:
        return self.server.client(self.world.tokens(self.world.person(organisation, role)))

    def ask(self, hours: float = 2, **more: Any) -> dict[str, Any]:
        end = datetime.now(UTC) + timedelta(hours=hours)
        body = {
            "object_kind": "camera", "object_id": self.camera, "permissions": ["view", "control"],
            "purpose": "lost child, case 12", "not_after": end.isoformat(), **more,
        }  # fmt: skip
        return dict(self.asker.post("/api/shares", body))

    def approve(self, share: str, **more: Any) -> dict[str, Any]:
        body = {"approve": True, "reason": "agreed by telephone", **more}
        return dict(self.owner.post(f"/api/shares/{share}/decision", body))

    def sees(self) -> bool:
        """By each of the ways there are; they must agree."""
        one = self.operator.call("GET", f"/api/cameras/{self.camera}").ok
        items = self.operator.get("/api/cameras")["items"]
        address = self.operator.call("POST", f"/api/cameras/{self.camera}/address", {}).ok
        access, database = self.server.application.api.state.access, self.world.database
        with database.reading() as session:
            account = session.get_one(AccountRow, self.world.account_id(self.operator_login))
            who = principal_of(account)
            feed = set(session.scalars(access.visible_cameras(session, who, access.now())))
        answers = {one, address, self.camera in feed, self.camera in [c["id"] for c in items]}
        assert len(answers) == 1, "one way still works"
        return one


@pytest.fixture
def pair(server: Server, world: World) -> Pair:
    return Pair(server, world)


@BOTH
@pytest.mark.parametrize("kind", ["camera", "camera_group"])
def test_what_was_shared_expires_by_itself(pair: Pair, clock: Clock, kind: str) -> None:
    assert not pair.sees()
    about = {"object_kind": kind, "object_id": pair.group if kind != "camera" else pair.camera}
    share = pair.ask(hours=2, **about)
    assert (share["state"], share["active"]) == ("asked", False)
    assert not pair.sees(), "to ask is not to have"
    assert pair.approve(share["id"])["active"]
    assert pair.sees()
    detail = pair.operator.get(f"/api/cameras/{pair.camera}")
    assert detail["permissions"]["control"] == {"allowed": True, "reason": "grant"}
    assert detail["permissions"]["playback"] == {"allowed": False, "reason": "no_right"}

    clock.ahead = timedelta(hours=2, seconds=-5)
    pair.operator.tokens = pair.world.tokens(pair.operator_login)
    _live_on(pair, clock)
    assert pair.sees(), "until the end"
    clock.ahead = timedelta(hours=2, seconds=5)
    _live_on(pair, clock)
    assert not pair.sees(), "an expired grant still works"
    refused = pair.operator.call("GET", f"/api/cameras/{pair.camera}")
    assert (code_of(refused), refused.json()["reason"]) == ("not_permitted", "expired")
    assert [s["active"] for s in pair.asker.get("/api/shares")["items"]] == [False]


def _live_on(pair: Pair, clock: Clock) -> None:
    """Tokens that the moved clock has not ended."""
    for person in (pair.operator, pair.owner, pair.asker):
        body = {"refresh": person.tokens["refresh"]}
        person.tokens = person.post("/api/session/refresh", body)


@BOTH
def test_what_is_withdrawn_ends_at_once(pair: Pair, database: Database) -> None:
    share = pair.ask()
    pair.approve(share["id"])
    assert pair.sees()
    access = pair.server.application.api.state.access
    with database.reading() as session:
        account = session.get_one(AccountRow, pair.world.account_id(pair.operator_login))
        who, now = principal_of(account), access.now()
        before = access.changed_grants_since(session, who, "", now).token
    body = {"reason": "the child was found"}
    ended = pair.owner.post(f"/api/shares/{share['id']}/withdrawal", body)
    assert (ended["state"], ended["active"]) == ("approved", False)
    assert not pair.sees(), "a withdrawn grant still works"
    with database.reading() as session:
        assert access.changed_grants_since(session, who, before, access.now()).changed
    refused = pair.operator.call("GET", f"/api/cameras/{pair.camera}")
    assert refused.json()["reason"] == "withdrawn"
    again = pair.owner.call("POST", f"/api/shares/{share['id']}/withdrawal", body)
    assert code_of(again) == "already_withdrawn"


def test_a_share_that_begins_later_gives_nothing_before(pair: Pair, clock: Clock) -> None:
    begin = datetime.now(UTC) + timedelta(hours=1)
    share = pair.ask(hours=3, not_before=begin.isoformat())
    assert not pair.approve(share["id"])["active"]
    assert not pair.sees()
    clock.ahead = timedelta(hours=1, minutes=1)
    _live_on(pair, clock)
    assert pair.sees()


def test_a_refusal_has_its_reason_and_is_final(pair: Pair) -> None:
    share = pair.ask()
    body = {"approve": False, "reason": "no legal basis given"}
    path = f"/api/shares/{share['id']}/decision"
    pair.owner.post(path, body)
    seen = pair.asker.get("/api/shares")["items"][0]
    assert (seen["state"], seen["reason"]) == ("refused", "no legal basis given")
    assert not pair.sees()
    assert code_of(pair.owner.call("POST", path, {**body, "approve": True})) == "already_decided"
    assert code_of(pair.owner.call("POST", path, {"approve": True, "reason": ""})) == "invalid"


def test_who_asked_cannot_approve(pair: Pair) -> None:
    share = pair.ask()
    chief = pair.server.client(
        pair.world.tokens(pair.world.person(pair.railway, "administrator", "system"))
    )
    body = {"approve": True, "reason": "we say so"}
    refused = chief.call("POST", f"/api/shares/{share['id']}/decision", body)
    assert code_of(refused) == "not_found"
    assert not pair.sees()


def test_the_owner_may_shorten_but_never_lengthen(pair: Pair) -> None:
    shares = [pair.ask(hours=4), pair.ask(hours=4)]
    asked_end = shares[0]["not_after"]
    early = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    late = (datetime.now(UTC) + timedelta(hours=9)).isoformat()
    assert pair.approve(shares[0]["id"], not_after=early)["not_after"] < asked_end
    assert pair.approve(shares[1]["id"], not_after=late)["not_after"] == shares[1]["not_after"]


def test_a_request_decided_after_its_time_gives_nothing(pair: Pair, clock: Clock) -> None:
    share = pair.ask(hours=1)
    clock.ahead = timedelta(hours=2)
    _live_on(pair, clock)
    body = {"approve": True, "reason": "sorry, late"}
    late = pair.owner.call("POST", f"/api/shares/{share['id']}/decision", body)
    assert code_of(late) == "too_late"
    assert pair.asker.get("/api/shares")["items"][0]["state"] == "asked"


def test_what_is_no_longer_needed_is_given_back(pair: Pair) -> None:
    share = pair.ask()
    pair.approve(share["id"])
    pair.asker.post(f"/api/shares/{share['id']}/cancellation", {"reason": "case closed"})
    assert not pair.sees()


@pytest.mark.parametrize(("change", "code"), [
    ({"purpose": ""}, "invalid"),
    ({"permissions": []}, "invalid"),
    ({"permissions": ["administer"]}, "invalid"),
    ({"not_after": "2020-01-01T00:00:00Z"}, "period_invalid"),
    ({"not_after": "2030-01-01T00:00:00"}, "invalid"),
    ({"not_after": "9999-12-31T23:59:59-23:59"}, "invalid"),
    ({"object_id": "nothing"}, "not_found"),
    ({"object_kind": "organisation"}, "invalid"),
])  # fmt: skip
def test_a_request_without_purpose_or_end_is_none(
    pair: Pair, change: dict[str, Any], code: str
) -> None:
    body = {
        "object_kind": "camera", "object_id": pair.camera, "permissions": ["view"],
        "purpose": "case 12", "not_after": "2100-01-01T00:00:00Z", **change,
    }  # fmt: skip
    assert code_of(pair.asker.call("POST", "/api/shares", body)) == code


def test_a_grant_to_others_needs_an_end_and_one_at_home_does_not(pair: Pair) -> None:
    body: dict[str, Any] = {
        "subject_kind": "organisation", "subject_id": pair.railway, "object_kind": "camera",
        "object_id": pair.camera, "permissions": ["view"], "basis": "agreement of 1 May",
    }  # fmt: skip
    assert code_of(pair.owner.call("POST", "/api/grants", body)) == "end_needed"
    pair.owner.post("/api/grants", {**body, "effect": "deny"})
    home = pair.world.account_id(pair.world.person(pair.harbour, "viewer"))
    pair.owner.post("/api/grants", {**body, "subject_kind": "user", "subject_id": home})


def test_a_deny_wins_over_a_share(pair: Pair) -> None:
    pair.approve(pair.ask()["id"])
    assert pair.sees()
    denied = pair.owner.post(
        "/api/grants",
        {
            "subject_kind": "user", "subject_id": pair.world.account_id(pair.operator_login),
            "object_kind": "camera_group", "object_id": pair.group, "permissions": ["view"],
            "effect": "deny", "basis": "misuse reported",
        },
    )  # fmt: skip
    assert not pair.sees()
    pair.owner.post(f"/api/grants/{denied['id']}/withdrawal", {"reason": "it was not so"})
    assert pair.sees()


def test_a_camera_taken_out_of_the_group_is_no_longer_shared(pair: Pair) -> None:
    pair.approve(pair.ask(object_kind="camera_group", object_id=pair.group)["id"])
    assert pair.sees()
    empty = pair.owner.call("PUT", f"/api/groups/{pair.group}/cameras", {"cameras": []})
    assert empty.ok
    assert not pair.sees()


def test_a_foreign_camera_cannot_be_put_into_a_group(pair: Pair) -> None:
    foreign = pair.world.camera(pair.railway)
    body = {"cameras": [pair.camera, foreign]}
    refused = pair.owner.call("PUT", f"/api/groups/{pair.group}/cameras", body)
    assert code_of(refused) == "not_found"


def test_statistics_tell_both_organisations_the_same(pair: Pair, clock: Clock) -> None:
    ids = [pair.ask()["id"] for _ in range(5)]
    pair.approve(ids[0])
    pair.approve(ids[1], not_after=(datetime.now(UTC) + timedelta(minutes=1)).isoformat())
    pair.approve(ids[2])
    pair.owner.post(f"/api/shares/{ids[2]}/withdrawal", {"reason": "enough"})
    pair.owner.post(f"/api/shares/{ids[3]}/decision", {"approve": False, "reason": "no basis"})
    clock.ahead = timedelta(minutes=2)
    figures = pair.owner.get("/api/shares/statistics")["items"]
    assert figures == pair.asker.get("/api/shares/statistics")["items"]
    expected = {
        "asking_organisation_id": pair.railway, "owning_organisation_id": pair.harbour,
        "asked": 5, "waiting": 1, "approved": 3, "refused": 1, "cancelled": 0, "withdrawn": 1,
        "expired": 1, "active": 1,
    }  # fmt: skip
    assert {k: v for k, v in figures[0].items() if k != "hours_to_decide"} == expected
    until = {"until": "2020-01-01T00:00:00Z"}
    assert pair.owner.get("/api/shares/statistics", **until) == {"items": []}
