"""A grant that ended opens nothing, by whatever way; and those who hold on are told at once."""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import requests

from app.server.access import token_hash
from app.server.accounts import new_id
from app.server.database import Database, stamp
from app.server.keys import ServerKey
from app.server.relay import Relay
from app.server.sync_routes import LOOKS
from app.store.server_models import AccountRow
from app.store.sync_models import AttachmentRow
from app.sync import protocol
from app.sync.protocol import SyncError
from app.sync.transport import HttpTransport
from tests.conftest import wait_for
from tests.server.conftest import BOTH, Client, Clock, Server, World
from tests.server.test_cameras import SECRET, relay_paths, sessions

__all__ = ["relay_paths", "sessions"]

FILE = b"a file of the camera's"
SHA = hashlib.sha256(FILE).hexdigest()
AT = "2026-01-01T00:00:00.000+00:00"


@dataclass
class Scene:
    """A camera of one organisation, and a guest of another to whom it may be granted."""

    server: Server
    camera: str
    chief: Client
    guest: Client
    replica: str
    ticket: str = ""

    def grant(self, **more: Any) -> str:
        body = {
            "subject_kind": "user", "subject_id": self.guest.get("/api/me")["user_id"],
            "object_kind": "camera", "object_id": self.camera,
            "permissions": ["view", "control", "playback"], "basis": "case 7",
            "not_after": "2100-01-01T00:00:00Z", **more,
        }  # fmt: skip
        return str(self.chief.post("/api/grants", body)["id"])

    def place(self, **more: Any) -> dict[str, Any]:
        return {"replica": self.replica, **more}

    def transport(self) -> HttpTransport:
        return HttpTransport(self.server.url, lambda: str(self.guest.tokens["access"]))

    def ask(self, path: str, **more: Any) -> bytes:
        body = protocol.encode(self.place(**more))
        return self.transport().call("POST", path, body, 30)

    def watch(self, scope: str, cursor: int) -> protocol.Watched:
        history = protocol.decode(protocol.Hello, self.ask("hello")).history
        data = self.ask("watch", wait=25.0, scope=scope, cursor=cursor, history=history)
        return protocol.decode(protocol.Watched, data)

    def stands(self) -> tuple[str, int]:
        """Scope and cursor of one who has pulled everything."""
        said = protocol.decode(protocol.Pulled, self.ask("pull"))
        return said.scope, said.to


def _address(s: Scene) -> bool:
    answer = s.guest.call("POST", f"/api/cameras/{s.camera}/address", {})
    if answer.ok:
        s.ticket = answer.json()["password"]
    return answer.ok


def _relay(s: Scene) -> bool:
    """With a ticket of before, that has not expired by itself."""
    body = {"action": "read", "path": f"{s.camera}/main", "password": s.ticket,
            "query": f"t={token_hash(s.ticket)}"}  # fmt: skip
    url = f"{s.server.url}/api/relay/authorise"
    return requests.post(url, json=body, params={"secret": SECRET}, timeout=30).ok


def _file(s: Scene) -> bool:
    try:
        return s.transport().call("GET", f"blobs/{SHA}/content/0", b"", 30) == FILE
    except SyncError as error:
        if error.code != "not_found":
            raise
        return False


def _in(text: bytes, s: Scene) -> bool:
    return s.camera.encode() in text


def _visible(s: Scene) -> bool:
    said = protocol.decode(protocol.Visible, s.ask("visible"))
    return s.camera in protocol.unpack(said.ids["channel"])


WAYS: dict[str, Callable[[Scene], bool]] = {
    "list": lambda s: any(c["id"] == s.camera for c in s.guest.get("/api/cameras")["items"]),
    "detail": lambda s: s.guest.call("GET", f"/api/cameras/{s.camera}").ok,
    "address": _address,
    "relay": _relay,
    "feed": lambda s: _in(s.ask("pull"), s),
    "snapshot": lambda s: _in(s.ask("snapshot"), s),
    "rows": lambda s: _in(s.ask("rows", ids={"channel": [s.camera]}), s),
    "visible": _visible,
    "file": _file,
}


@pytest.fixture
def scene(world: World, serve: Callable[..., Server], relay_paths: tuple[str, Any]) -> Scene:
    home, foreign = world.organisation("a"), world.organisation("b")
    camera = world.camera(home)
    world._add(
        AttachmentRow(
            id=new_id(), updated_at=AT, person="x", kind="channel", entity_id=camera, name="f",
            size=len(FILE), sha256=SHA,
        )
    )  # fmt: skip
    server = serve(key=ServerKey(b"k" * 32), relay=Relay("rtsps://relay", relay_paths[0], SECRET))
    chief = server.client(world.tokens(world.person(home, "administrator")))
    guest = server.client(world.tokens(world.person(foreign, "operator"), world.console(foreign)))
    made = Scene(server, camera, chief, guest, new_id())
    owner = HttpTransport(server.url, lambda: str(chief.tokens["access"]))
    owner.call("PUT", f"blobs/{SHA}/parts/0", FILE, 30)
    owner.call("POST", f"blobs/{SHA}/complete", b'{"size":%d}' % len(FILE), 30)
    return made


@BOTH
@pytest.mark.parametrize("how", ["withdrawn", "expired", "not yet", "denied", "account blocked"])
def test_what_ended_opens_nothing_by_any_way(scene: Scene, clock: Clock, how: str) -> None:
    assert not any(way(scene) for name, way in WAYS.items()), "nothing was granted"
    grant = scene.grant()
    refused = [name for name, way in WAYS.items() if not way(scene)]
    assert refused == [], "granted"
    if how == "withdrawn":
        scene.chief.post(f"/api/grants/{grant}/withdrawal", {"reason": "over now"})
    elif how == "denied":
        scene.grant(effect="deny", permissions=["view"])
    elif how == "account blocked":
        account = scene.guest.get("/api/me")["user_id"]
        with scene.server.database.writing() as session:
            session.get_one(AccountRow, account).disabled_at = stamp(clock())
        for name in ("list", "detail", "address"):
            assert scene.guest.call("GET", "/api/cameras").status_code == 401, name
        assert not _relay(scene)
        for name in ("feed", "snapshot", "rows", "visible", "file"):
            with pytest.raises(SyncError, match="token_invalid"):
                WAYS[name](scene)
        return
    else:
        scene.chief.post(f"/api/grants/{grant}/withdrawal", {"reason": "for another period"})
        begin, end = (
            clock() + timedelta(seconds=s) for s in ((0, 60) if how == "expired" else (3600, 7200))
        )
        scene.grant(not_before=stamp(begin), not_after=stamp(end))
        if how == "expired":
            assert WAYS["list"](scene)
            assert WAYS["address"](scene)
            clock.ahead += timedelta(seconds=61)
    assert [name for name, way in WAYS.items() if way(scene)] == []


@BOTH
@pytest.mark.parametrize("how", ["withdrawn", "expired", "group", "signed out"])
def test_who_waits_is_woken_at_once(scene: Scene, clock: Clock, how: str) -> None:
    about: dict[str, Any] = {}
    group = ""
    if how == "group":
        owner = scene.chief.get("/api/me")["organisation_id"]
        group = scene.chief.post("/api/groups", {"organisation_id": owner, "name": "g"})["id"]
        scene.chief.call("PUT", f"/api/groups/{group}/cameras", {"cameras": [scene.camera]})
        about = {"object_kind": "camera_group", "object_id": group}
    elif how == "expired":
        about = {"not_after": stamp(clock() + timedelta(seconds=8))}
    grant = scene.grant(**about)
    scope, cursor = scene.stands()
    assert WAYS["list"](scene)
    said: list[Any] = []

    def wait() -> None:
        try:
            said.append(scene.watch(scope, cursor))
        except SyncError as error:
            said.append(error.code)

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    # It waits: nothing has happened yet, and so nothing is said.
    waiting.join(1.0)
    assert waiting.is_alive()
    began = time.monotonic()
    if how == "withdrawn":
        scene.chief.post(f"/api/grants/{grant}/withdrawal", {"reason": "over now"})
    elif how == "group":
        scene.chief.call("PUT", f"/api/groups/{group}/cameras", {"cameras": []})
    elif how == "signed out":
        assert scene.guest.call("DELETE", "/api/session").ok
    waiting.join(30)
    assert not waiting.is_alive()
    took = time.monotonic() - began
    assert took < 15, f"{took:.1f} s: not at once, but at the end of what it waits for"
    if how == "signed out":
        assert said == ["token_invalid"]
    else:
        assert said[0].news


def test_who_waits_is_one_request_however_often_it_looks(
    scene: Scene, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "watchroom.server")
    scope, cursor = scene.stands()
    figures = scene.server.application.api.state.limits.metrics
    other = world.person(world.organisation("elsewhere"), "viewer")

    def told() -> list[dict[str, Any]]:
        found = [getattr(r, "fields", {}) for r in caplog.records if r.message == "request"]
        return [f for f in found if f.get("path") == "/sync/v1/watch"]

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(scene.watch, scope, cursor)
        wait_for(lambda: figures.waiting == 1, 10)
        for n in range(3):  # it is woken, looks, and there is nothing for it
            body = {"subject_kind": "user", "subject_id": world.account_id(other), "object_kind": "camera",
                    "object_id": scene.camera, "permissions": ["view"], "basis": f"case {n}",
                    "not_after": "2100-01-01T00:00:00Z"}  # fmt: skip
            scene.chief.post("/api/grants", body)
            time.sleep(0.6)
        assert (answer.done(), figures.waiting, told()) == (False, 1, [])
        scene.grant()
        assert answer.result(20).news
    wait_for(lambda: told(), 10)
    (line,) = told()
    assert (line["status"], bool(line["user"]), line["ms"] > 1800) == (200, True, True)
    wait_for(lambda: figures.waiting == 0, 10)


def test_questions_that_do_not_end_hold_up_nobody(scene: Scene) -> None:
    port = int(scene.server.url.rpartition(":")[2])
    scope, cursor = scene.stands()
    lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(3 * LOOKS)]
    try:
        for line in lines:
            line.sendall(b"POST /sync/v1/watch HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\n{")
        began = time.monotonic()
        assert scene.watch(scope, cursor - 1).news
        assert time.monotonic() - began < 20, "at once, not at the end of what it waits for"
    finally:
        for line in lines:
            line.close()


def test_who_goes_away_is_no_failure_of_the_servers(
    database: Database, scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "watchroom.server")
    port = int(scene.server.url.rpartition(":")[2])
    figures = scene.server.application.api.state.limits.metrics
    wait_for(lambda: figures.waiting == 0, 10)
    with socket.create_connection(("127.0.0.1", port)) as line:
        token = scene.guest.tokens["access"]
        line.sendall(
            f"POST /sync/v1/push HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n"
            "content-length: 1000\r\n\r\n{".encode()
        )
        wait_for(lambda: figures.waiting == 1, 10)  # the server has begun to read

    def told() -> list[int]:
        found = [getattr(r, "fields", {}) for r in caplog.records if r.message == "request"]
        return [f["status"] for f in found if f.get("path") == "/sync/v1/push"]

    wait_for(lambda: told(), 10)
    assert told() == [499]
    assert not [r for r in caplog.records if r.levelname == "ERROR"]
