"""The table of rights is what the server does: every endpoint, every role, own, granted, foreign.

One person of organisation A asks, with one role at a time. A thing is A's own; or B's, who granted
A everything for all its cameras; or C's, who granted nothing.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy.orm import Session

from app.domain.control import Lock, to_values
from app.domain.permission import Role
from app.server.application import Settings
from app.server.database import Database
from app.server.keys import ServerKey
from app.server.rights import RIGHTS, Audience
from app.store.control_models import ControlLockRow
from tests.server.conftest import FAST, PASSWORD, Client, Server, World, code_of

RELATIONS = ("own", "granted", "foreign")
LATER = (datetime.now(UTC) + timedelta(hours=2)).isoformat()


class Scene:
    """A server with the three organisations, and a client a role."""

    def __init__(self, database: Database) -> None:
        self.world = World(database)
        self.numbers = itertools.count()
        settings = Settings(limits=FAST, key=ServerKey(b"k" * 32))
        self.server = Server(database, settings)
        self.home = self.world.organisation("a")
        self.organisation = {
            "own": self.home,
            "granted": self.world.organisation("b"),
            "foreign": self.world.organisation("c"),
        }
        self.camera = {r: self.world.camera(o) for r, o in self.organisation.items()}
        self.group = {r: self.world.group(o, self.camera[r]) for r, o in self.organisation.items()}
        granted = self.organisation["granted"]
        whom = ("organisation", self.home)
        self.world.grant(granted, ("organisation", granted), whom)
        self.chief = {r: self._client("administrator", o) for r, o in self.organisation.items()}
        self.asker = self.chief["own"]

    def _client(self, role: str, organisation: str) -> Client:
        console = self.world.console(organisation)
        login = self.world.person(organisation, role)
        return self.server.client(self.world.tokens(login, console))

    def person(self, role: str) -> Client:
        """Somebody new of the own organisation, so that nothing said before counts."""
        return self._client(role, self.home)

    def share(self, relation: str) -> str:
        """Asked of the organisation: by A of others, by C of A."""
        asker = self.chief["foreign" if relation == "own" else "own"]
        return self._ask(asker, relation)

    def asked_by(self, relation: str) -> str:
        """Asked by the organisation: by A of C, by others of A."""
        return self._ask(self.chief[relation], "foreign" if relation == "own" else "own")

    def _ask(self, asker: Client, owner: str) -> str:
        body = {
            "object_kind": "camera", "object_id": self.camera[owner], "permissions": ["view"],
            "purpose": "case 12", "not_after": LATER,
        }  # fmt: skip
        return str(asker.post("/api/shares", body)["id"])

    def approved(self, relation: str) -> str:
        share = self.share(relation)
        body = {"approve": True, "reason": "needed"}
        self.chief[relation].post(f"/api/shares/{share}/decision", body)
        return share


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("rights")
    database = Database(f"sqlite:///{folder / 'server.sqlite'}")
    made = Scene(database)
    yield made
    made.server.stop()
    database.close()


@dataclass(frozen=True)
class Request:
    """How to call an endpoint about a thing of a relation, and whether it was allowed."""

    path: Callable[[Scene, str], str]
    body: Callable[[Scene, str], Any] = lambda _, __: None
    shown: Callable[[Scene, str, Any], bool] = lambda _, __, ___: True
    """For lists: whether the thing is in the answer."""


def at(path: str) -> Callable[[Scene, str], str]:
    return lambda _, __: path


def listed(of: Callable[[Scene], dict[str, str]], key: str) -> Callable[[Scene, str, Any], bool]:
    return lambda scene, relation, answer: any(
        item[key] == of(scene)[relation] for item in answer["items"]
    )


def account(s: Scene, relation: str) -> str:
    login = s.world.person(s.organisation[relation], "viewer")
    return f"/api/accounts/{s.world.account_id(login)}"


ORGANISATION = listed(lambda s: s.organisation, "organisation_id")
WITHDRAWN: dict[str, Any] = {"reason": "no longer needed"}


def grant(s: Scene, relation: str) -> str:
    owner = s.organisation[relation]
    return s.world.grant(owner, ("camera", s.camera[relation]), ("organisation", "nobody"))


def let_go_of(s: Scene, relation: str) -> str:
    """The camera is to be sent home, by a console that is gone."""
    lock = Lock(rev=1, back="home", owed_at=datetime.now(UTC) - timedelta(minutes=1))

    def work(session: Session) -> None:
        session.merge(ControlLockRow(channel_id=s.camera[relation], rev=1, until="", owed=True,
                                     content=json.dumps(to_values(lock))))  # fmt: skip

    s.world.database.write(work)
    return "/api/control/owed"


REQUESTS: dict[str, Request] = {
    "GET /health": Request(at("/health")),
    "GET /metrics": Request(at("/metrics")),
    "GET /openapi.json": Request(at("/openapi.json")),
    "DELETE /api/session": Request(at("/api/session")),
    "GET /api/me": Request(at("/api/me")),
    "PUT /api/me/password": Request(
        at("/api/me/password"), lambda _, __: {"old": PASSWORD, "new": "eleven red umbrellas"}
    ),
    "PUT /api/me/console/sealing-key": Request(
        at("/api/me/console/sealing-key"), lambda _, __: {"sealing_key": "0a" * 32}
    ),
    "POST /api/me/console/people": Request(at("/api/me/console/people"), lambda _, __: {"people": []}),
    "GET /api/accounts": Request(at("/api/accounts?limit=500"), shown=ORGANISATION),
    "POST /api/accounts": Request(
        at("/api/accounts"),
        lambda s, r: {
            "login": f"new{next(s.numbers)}", "name": "N", "password": PASSWORD,
            "organisation_id": s.organisation[r], "roles": ["viewer"],
        },
    ),
    "PATCH /api/accounts/{account_id}": Request(account, lambda _, __: {"name": "New"}),
    "POST /api/consoles/codes": Request(
        at("/api/consoles/codes"), lambda s, r: {"organisation_id": s.organisation[r]}
    ),
    "GET /api/consoles": Request(at("/api/consoles?limit=500"), shown=ORGANISATION),
    "DELETE /api/consoles/{console_id}": Request(
        lambda s, r: f"/api/consoles/{s.world.console(s.organisation[r])}"
    ),
    "GET /api/organisations": Request(
        at("/api/organisations?limit=500"), shown=listed(lambda s: s.organisation, "id")
    ),
    "POST /api/organisations": Request(
        at("/api/organisations"), lambda s, r: {"name": "below", "parent_id": s.organisation[r]}
    ),
    "GET /api/cameras": Request(
        at("/api/cameras"), shown=listed(lambda s: s.camera, "id")
    ),
    "GET /api/cameras/{camera_id}": Request(lambda s, r: f"/api/cameras/{s.camera[r]}"),
    "GET /api/shared-cameras": Request(
        at("/api/shared-cameras?limit=500"), shown=listed(lambda s: s.camera, "id")
    ),
    "POST /api/cameras/{camera_id}/address": Request(
        lambda s, r: f"/api/cameras/{s.camera[r]}/address", lambda _, __: {"purpose": "look"}
    ),
    "POST /api/addresses": Request(
        at("/api/addresses"), lambda s, r: {"cameras": [s.camera[r]], "purpose": "look"},
        shown=lambda _, __, answer: answer["items"][0]["address"] is not None,
    ),
    "PUT /api/cameras/{camera_id}/account": Request(
        lambda s, r: f"/api/cameras/{s.camera[r]}/account",
        lambda _, __: {"username": "cctv", "password": "hush"},
    ),
    "GET /api/control": Request(
        lambda s, r: f"/api/control?seen={s.camera[r]}:-1",
        shown=lambda s, r, answer: [i["camera_id"] for i in answer["items"]] == [s.camera[r]],
    ),
    "GET /api/control/owed": Request(
        let_go_of, shown=listed(lambda s: s.camera, "camera_id")
    ),
    "POST /api/cameras/{camera_id}/control": Request(
        lambda s, r: f"/api/cameras/{s.camera[r]}/control", lambda _, __: {"want": "move"}
    ),
    "GET /api/cameras/{camera_id}/control/log": Request(
        lambda s, r: f"/api/cameras/{s.camera[r]}/control/log"
    ),
    "GET /api/accounts/{account_id}/control-priority": Request(
        lambda s, r: f"{account(s, r)}/control-priority"
    ),
    "PUT /api/accounts/{account_id}/control-priority": Request(
        lambda s, r: f"{account(s, r)}/control-priority", lambda _, __: {"priority": 70}
    ),
    "GET /api/groups": Request(
        lambda s, r: f"/api/groups?limit=500&organisation_id={s.organisation[r]}",
        shown=listed(lambda s: s.group, "id"),
    ),
    "POST /api/groups": Request(
        at("/api/groups"), lambda s, r: {"name": "g", "organisation_id": s.organisation[r]}
    ),
    "GET /api/groups/{group_id}/cameras": Request(
        lambda s, r: f"/api/groups/{s.group[r]}/cameras"
    ),
    "PUT /api/groups/{group_id}/cameras": Request(
        lambda s, r: f"/api/groups/{s.group[r]}/cameras", lambda s, r: {"cameras": [s.camera[r]]}
    ),
    "DELETE /api/groups/{group_id}": Request(
        lambda s, r: f"/api/groups/{s.world.group(s.organisation[r])}"
    ),
    "GET /api/grants": Request(
        at("/api/grants?limit=500"),
        lambda s, r: grant(s, r) and None,
        shown=ORGANISATION,
    ),
    "POST /api/grants": Request(
        at("/api/grants"),
        lambda s, r: {
            "subject_kind": "organisation", "subject_id": s.organisation["own"],
            "object_kind": "camera", "object_id": s.camera[r], "permissions": ["view"],
            "not_after": LATER, "basis": "case 7",
        },
    ),
    "POST /api/grants/{grant_id}/withdrawal": Request(
        lambda s, r: f"/api/grants/{grant(s, r)}/withdrawal", lambda _, __: WITHDRAWN
    ),
    "GET /api/shares": Request(
        at("/api/shares?limit=500"),
        lambda s, r: s.asked_by("foreign" if r == "own" else "own") and None,
        shown=lambda s, r, answer: r == "own" and bool(answer["items"]),
    ),
    "POST /api/shares": Request(
        at("/api/shares"),
        lambda s, r: {
            "object_kind": "camera", "object_id": s.camera[r], "permissions": ["view"],
            "purpose": "case 12", "not_after": LATER,
        },
    ),
    "POST /api/shares/{share_id}/decision": Request(
        lambda s, r: f"/api/shares/{s.share(r)}/decision",
        lambda _, __: {"approve": True, "reason": "needed"},
    ),
    "POST /api/shares/{share_id}/withdrawal": Request(
        lambda s, r: f"/api/shares/{s.approved(r)}/withdrawal", lambda _, __: WITHDRAWN
    ),
    "GET /api/shares/{share_id}/uses": Request(lambda s, r: f"/api/shares/{s.approved(r)}/uses"),
    "POST /api/shares/{share_id}/cancellation": Request(
        lambda s, r: f"/api/shares/{s.asked_by(r)}/cancellation", lambda _, __: WITHDRAWN
    ),
    "GET /api/shares/statistics": Request(
        at("/api/shares/statistics"), shown=lambda _, r, __: r == "own"
    ),
    "POST /api/audit/entries": Request(at("/api/audit/entries"), lambda _, __: {"entries": []}),
    "GET /api/audit": Request(at("/api/audit"), shown=lambda _, r, __: r == "own"),
    "GET /api/audit/verification": Request(
        at("/api/audit/verification"), shown=lambda _, r, __: r == "own"
    ),
    "GET /api/audit/export": Request(at("/api/audit/export")),
}  # fmt: skip
"""What is not about another's thing is asked once, as "own"."""

MINE_ONLY = {
    "DELETE /api/session", "GET /api/me", "PUT /api/me/password", "POST /api/audit/entries",
    "GET /api/audit/export", "PUT /api/me/console/sealing-key",
    "POST /api/me/console/people",
}  # fmt: skip


def _allowed(scene: Scene, who: Client, line: str, relation: str) -> tuple[bool, requests.Response]:
    request = REQUESTS[line]
    path, body = request.path(scene, relation), request.body(scene, relation)
    answer = who.call(line.partition(" ")[0], path, body)
    if not answer.ok:
        assert answer.status_code < 500, answer.text
        return False, answer
    is_json = "json" in answer.headers.get("content-type", "") and line != "GET /api/audit/export"
    content = answer.json() if answer.content and is_json else None
    return request.shown(scene, relation, content), answer


SIGNED_IN = [line for line, right in RIGHTS.items() if right.audience is Audience.ROLES]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("line", SIGNED_IN)
def test_each_role_may_do_what_the_table_says(scene: Scene, line: str, role: Role) -> None:
    for relation in RELATIONS:
        if relation != "own" and line in MINE_ONLY:
            continue
        expected = role in getattr(RIGHTS[line], relation)
        was, answer = _allowed(scene, scene.person(role), line, relation)
        if not answer.ok:
            refusals = {"not_found", "no_role", "own_object", "not_permitted"}
            assert code_of(answer) in refusals, (line, role, relation, answer.text)
        assert was is expected, (line, role, relation, answer.status_code, answer.text[:300])


@pytest.mark.parametrize("line", SIGNED_IN)
def test_nothing_is_for_those_who_are_not_signed_in(scene: Scene, line: str) -> None:
    for tokens in (None, {"access": "nonsense"}, {"access": scene.asker.tokens["refresh"]}):
        was, answer = _allowed(scene, scene.server.client(tokens), line, "foreign")
        assert not was
        assert answer.status_code == 401


def test_the_table_holds_every_endpoint_and_the_tests_call_every_line(scene: Scene) -> None:
    document = scene.server.client().get("/openapi.json")
    described = {
        f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item
    }
    assert described == {x for x in RIGHTS if x != "GET /openapi.json"}
    assert set(SIGNED_IN) <= set(REQUESTS)
    assert len(described) > 35
