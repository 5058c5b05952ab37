"""What the screens for people who manage need of the server."""

from __future__ import annotations

import fcntl
import os
import pty
import subprocess
import sys
import termios
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.permission import Role
from app.server.application import Settings
from app.server.database import Database
from app.store.models import ChannelRow
from tests.server.conftest import BOTH, PASSWORD, Client, Clock, Server, World, code_of

CHIEF = (Role.ADMINISTRATOR, Role.SUPERVISOR, Role.AUDITOR)


class Pair:
    """An owner with two cameras in a group, and those who ask."""

    def __init__(self, server: Server, world: World) -> None:
        self.world, self.server = world, server
        self.home, self.other = world.organisation("owner"), world.organisation("asker")
        self.cameras = [world.camera(self.home, name) for name in ("north gate", "south gate")]
        self.group = world.group(self.home, *self.cameras)
        self.owner = server.client(world.tokens(world.person(self.home, *CHIEF)))
        self.asker = server.client(world.tokens(world.person(self.other, *CHIEF)))

    def share(self, **more: Any) -> dict[str, Any]:
        body = {
            "object_kind": "camera", "object_id": self.cameras[0], "permissions": ["view"],
            "purpose": "case 7", "not_after": _later(40), **more,
        }  # fmt: skip
        made: dict[str, Any] = self.asker.post("/api/shares", body)
        return made

    def approved(self, **more: Any) -> dict[str, Any]:
        path = f"/api/shares/{self.share(**more)['id']}/decision"
        made: dict[str, Any] = self.owner.post(path, {"approve": True, "reason": "agreed"})
        return made


def _later(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


@pytest.fixture
def pair(server: Server, world: World) -> Pair:
    return Pair(server, world)


def test_a_group_tells_others_its_name_and_size_and_nothing_else(pair: Pair, world: World) -> None:
    third = world.group(world.organisation("third"))
    seen = pair.asker.get("/api/groups", organisation_id=pair.home)["items"]
    assert seen == [{"id": pair.group, "organisation_id": pair.home, "name": "gates", "cameras": 2}]
    members = f"/api/groups/{pair.group}/cameras"
    assert code_of(pair.asker.call("GET", members)) == "not_found"
    assert sorted(pair.owner.get(members)["cameras"]) == sorted(pair.cameras)
    # Unasked, one gets the own ones: nobody reads through all organisations' groups at once.
    assert [g["id"] for g in pair.owner.get("/api/groups")["items"]] == [pair.group]
    assert pair.asker.get("/api/groups")["items"] == []
    assert third not in str(pair.owner.get("/api/groups"))
    viewer = pair.server.client(world.tokens(world.person(pair.other, Role.VIEWER)))
    assert code_of(viewer.call("GET", f"/api/groups?organisation_id={pair.home}")) == "no_role"


def test_asking_by_code_tells_nothing_of_the_camera(pair: Pair, database: Database) -> None:
    code = "33010100001310000001"
    with database.writing() as session:
        session.get_one(ChannelRow, pair.cameras[0]).code = code
    asked = pair.share(object_id=None, code=code, basis="regulation 799")
    assert asked["object_name"] == code
    seen = pair.owner.get("/api/shares")["items"][0]
    assert (seen["object_name"], seen["basis"]) == ("north gate", "regulation 799")
    decision = f"/api/shares/{asked['id']}/decision"
    pair.owner.post(decision, {"approve": True, "reason": "agreed"})
    assert pair.asker.get("/api/shares")["items"][0]["object_name"] == "north gate"
    assert pair.owner.get("/api/grants")["items"][0]["basis"] == "regulation 799"
    body = {"object_kind": "camera", "permissions": ["view"], "purpose": "case 7",
            "not_after": _later(1)}  # fmt: skip
    for wrong, status in (({}, 422), ({"code": "33010100001310009999"}, 404), ({"code": "1"}, 422)):
        assert pair.asker.call("POST", "/api/shares", body | wrong).status_code == status
    body |= {"object_kind": "camera_group", "code": code}
    assert pair.asker.call("POST", "/api/shares", body).status_code == 422


def test_who_used_what_was_shared(pair: Pair, world: World) -> None:
    share = pair.approved(object_kind="camera_group", object_id=pair.group)
    path = f"/api/shares/{share['id']}/uses"
    assert pair.owner.get(path) == {"items": []}
    other = world.camera(pair.home, "elsewhere")
    world.grant(pair.home, ("camera", other), ("organisation", pair.other))
    for camera in (*pair.cameras, other):
        pair.asker.post(f"/api/cameras/{camera}/address", {"purpose": f"look {camera[-4:]}"})
    used = pair.owner.get(path)["items"]
    assert [u["camera_name"] for u in used] == ["south gate", "north gate"], "the newest first"
    assert used[0]["purpose"] == f"look {pair.cameras[1][-4:]}"
    assert used[0]["person"] == pair.asker.get("/api/me")["name"]
    assert code_of(pair.asker.call("GET", path)) == "not_found"


def test_shared_cameras_say_until_when(pair: Pair, clock: Clock) -> None:
    assert pair.asker.get("/api/shared-cameras")["items"] == []
    short = pair.approved(not_after=_later(2))
    long = pair.approved(
        object_kind="camera_group", object_id=pair.group, permissions=["view", "playback"],
        not_after=_later(9),
    )  # fmt: skip
    seen = {c["id"]: c for c in pair.asker.get("/api/shared-cameras")["items"]}
    assert set(seen) == set(pair.cameras)
    assert {c["until"] for c in seen.values()} == {long["not_after"]}, "the later end counts"
    assert seen[pair.cameras[0]]["permissions"] == ["view", "playback"]
    assert pair.owner.get("/api/shared-cameras")["items"] == [], "the own ones are not shared"
    pair.owner.post(f"/api/shares/{long['id']}/withdrawal", {"reason": "over"})
    left = pair.asker.get("/api/shared-cameras")["items"]
    assert [(c["id"], c["until"]) for c in left] == [(pair.cameras[0], short["not_after"])]
    clock.ahead = timedelta(days=3)
    person = pair.world.person(pair.other, *CHIEF)
    late = pair.server.client(pair.world.tokens(person, at=clock()))
    assert late.get("/api/shared-cameras")["items"] == [], "an expired grant gives nothing"


def test_a_password_that_serves_once(server: Server, world: World) -> None:
    home = world.organisation("home")
    chief = server.client(world.tokens(world.person(home, Role.ADMINISTRATOR)))
    body = {"login": "li", "name": "Li", "password": PASSWORD, "organisation_id": home,
            "roles": ["viewer"], "once": True}  # fmt: skip
    made = chief.post("/api/accounts", body)
    assert made["password_once"]
    li = server.sign_in("li")
    assert li.get("/api/me")["password_once"]
    for path in ("/api/cameras", "/api/organisations"):
        assert code_of(li.call("GET", path)) == "password_once"
    sync = li.call("POST", "/sync/v1/hello", {})
    assert sync.status_code == 403, "synchronisation waits for it too"
    change = {"old": PASSWORD, "new": "a password of my own"}
    assert li.call("PUT", "/api/me/password", change).ok
    assert li.get("/api/cameras")["items"] == []
    assert not li.get("/api/me")["password_once"]
    path = f"/api/accounts/{made['id']}"
    chief.call("PATCH", path, {"password": "nine yellow tractors", "once": True})
    again = server.sign_in("li", "nine yellow tractors")
    assert code_of(again.call("GET", "/api/cameras")) == "password_once"


@BOTH
def test_the_audit_log_is_searched(serve: Any, database: Database) -> None:
    pair = Pair(serve(), World(database))
    pair.approved()
    pair.owner.post("/api/groups", {"organisation_id": pair.home, "name": 'odd "100%_name'})
    name = pair.asker.get("/api/me")["name"]

    def found(**more: Any) -> list[int]:
        page = pair.owner.get("/api/audit", newest="true", **more)
        return [e["number"] for e in page["items"]]

    assert found() == [3, 2, 1]
    assert found(person=name) == [1]
    assert found(action="APPROVED") == [2]
    assert found(about="north") == [2, 1]
    assert found(about=pair.cameras[0]) == [2, 1]
    assert found(about='"100%_n') == [3]
    assert found(about="100%n") == [], "no wildcard"
    assert found(since=_later(1)) == []
    assert found(until=_later(1), since=_later(-1)) == [3, 2, 1]
    assert found(limit=1) == [3]
    assert found(limit=1, after=3) == [2]
    page = pair.owner.get("/api/audit", newest="true", limit=2)
    assert (page["next"], page["items"][1]["object_name"]) == (2, "north gate")
    assert pair.owner.get("/api/audit", newest="true", after=2)["next"] is None
    assert [e["number"] for e in pair.owner.get("/api/audit", after=1)["items"]] == [2, 3]
    report = pair.owner.get("/api/audit/verification")["items"]
    assert [(c["chain"], c["entries"], c["fault"]) for c in report] == [("server", 3, None)]


def _administrator(data: Path, *lines: str, **options: str) -> tuple[int, str]:
    """`watchroom server administrator` at a terminal of its own."""
    main, other = pty.openpty()
    arguments = [f for key, value in options.items() for f in (f"--{key}", value)]
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "server", "administrator", "--data", str(data), *arguments],
        stdin=other, stdout=other, stderr=other, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )  # fmt: skip
    os.close(other)
    said, waiting = b"", list(lines)
    while True:
        try:
            part = os.read(main, 4096)
        except OSError:  # the terminal is closed: it ended
            break
        if not part:
            break
        said += part
        if waiting and part.rstrip(b"\r\n").endswith(b": "):
            os.write(main, waiting.pop(0).encode() + b"\n")
    os.close(main)
    return process.wait(30), said.decode()


def test_the_first_administrator_is_made_at_the_server(tmp_path: Path) -> None:
    status, said = _administrator(tmp_path, "City Police", "王丽", "Wang", PASSWORD, "something")
    assert status == 1
    assert "not the same" in said
    status, said = _administrator(tmp_path, "City Police", "王丽", "Wang", PASSWORD, PASSWORD)
    assert status == 0, said
    assert "Sign in as wang" in said
    assert PASSWORD not in said
    database = Database(f"sqlite:///{tmp_path / 'server.sqlite'}")
    server = Server(database, Settings())
    client: Client = server.sign_in("wang")
    assert client.get("/api/me")["roles"] == ["administrator", "system"]
    server.stop()
    database.close()
    status, said = _administrator(
        tmp_path, PASSWORD, PASSWORD, organisation="x", name="y", login="zz"
    )
    assert status == 1
    assert "There are accounts already" in said
