"""Addresses and accounts of cameras: to whom, and for how long."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.server.access import token_hash
from app.server.database import Database
from app.server.keys import ServerKey
from app.server.relay import Relay
from app.store import kinds
from app.store.errors import StoreError
from app.store.kinds import KINDS
from app.store.server_models import DeviceSecretRow
from app.sync.sealing import account_about, open_box, public_text
from tests.conftest import wait_for
from tests.server.conftest import Client, Clock, Server, World, code_of

KEY = ServerKey(b"k" * 32)
SECRET = "a secret of the relay"
ACCOUNT = {"username": "cctv", "password": "hush hush"}
Box = Callable[[str, dict[str, Any]], dict[str, Any]]
Serve = Callable[..., Server]


class FakeRelay(BaseHTTPRequestHandler):
    """MediaMTX's control API, as far as it is used: paths by name."""

    paths: dict[str, dict[str, Any]]
    sessions: dict[str, dict[str, Any]]

    def do_GET(self) -> None:
        if "/list" in self.path:
            rtsps = self.path.startswith("/v3/rtspssessions/list")
            items = list(self.sessions.values()) if rtsps else []
            self._answer(200, {"itemCount": len(items), "pageCount": 1, "items": items})
            return
        found = self.paths.get(self.path.removeprefix("/v3/config/paths/get/"))
        self._answer(200 if found else 404, found or {"error": "path configuration not found"})

    def do_POST(self) -> None:
        if "/kick/" in self.path:
            found = self.sessions.pop(self.path.rpartition("/")[2], None)
            self._answer(200 if found else 404, {})
            return
        self.paths[self.path.removeprefix("/v3/config/paths/add/")] = self._body()
        self._answer(200, {})

    def do_PATCH(self) -> None:
        self.paths[self.path.removeprefix("/v3/config/paths/patch/")].update(self._body())
        self._answer(200, {})

    def _body(self) -> dict[str, Any]:
        return dict(json.loads(self.rfile.read(int(self.headers["content-length"]))))

    def _answer(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def sessions() -> dict[str, dict[str, Any]]:
    """Who watches through the relay, by the session's id."""
    return {}


@pytest.fixture
def relay_paths(
    sessions: dict[str, dict[str, Any]],
) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    paths: dict[str, dict[str, Any]] = {}
    handler = type("Handler", (FakeRelay,), {"paths": paths, "sessions": sessions})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}", paths
        http.shutdown()


def _people(server: Server, world: World) -> tuple[str, Client, Client, Client]:
    """A camera; who sets it up, who watches it, and who must not."""
    home = world.organisation("a")
    camera = world.camera(home)
    fitter, watcher = (
        server.client(world.tokens(world.person(home, role), world.console(home)))
        for role in ("commissioner", "viewer")
    )
    stranger = server.client(world.tokens(world.person(world.organisation("b"), "supervisor")))
    return camera, fitter, watcher, stranger


def enrolled(client: Client) -> Box:
    """The person's workstation with a key to seal to."""
    key = X25519PrivateKey.generate()
    body = {"sealing_key": public_text(key)}
    assert client.call("PUT", "/api/me/console/sealing-key", body).ok
    console = client.get("/api/me")["console_id"]

    def open_it(camera: str, address: dict[str, Any]) -> dict[str, Any]:
        box = base64.b64decode(address["account"])
        return dict(json.loads(open_box(key, box, account_about(camera, console))))

    return open_it


def test_without_a_relay_who_may_view_gets_address_and_account(
    serve: Serve, world: World, database: Database, clock: Clock
) -> None:
    server = serve(key=KEY, offline_days=3)
    camera, fitter, watcher, stranger = _people(server, world)
    account = {"username": "cctv2", "password": "hush hush"}
    assert fitter.call("PUT", f"/api/cameras/{camera}/account", account).ok
    early = watcher.post(f"/api/cameras/{camera}/address", {})
    assert (early["account"], early["account_reason"]) == (None, "not_enrolled")
    open_it = enrolled(watcher)
    address = watcher.post(f"/api/cameras/{camera}/address", {})
    assert [s["url"] for s in address["streams"]] == ["rtsp://10.0.0.7/main", "rtsp://10.0.0.7/sub"]
    opened = open_it(camera, address)
    assert (opened["username"], opened["password"]) == ("cctv2", "hush hush")
    assert opened["until"] == address["account_until"]
    left = datetime.fromisoformat(opened["until"]) - clock()
    assert timedelta(days=2.99) < left < timedelta(days=3)
    assert (address["username"], address["password"], address["expires_at"]) == ("", "", None)
    assert "hush" not in json.dumps(address)
    other = enrolled(server.client(world.tokens(world.person(world.organisation("x"), "viewer"),
                                                world.console(world.organisation("y")))))  # fmt: skip
    with pytest.raises(ValueError, match="cannot be opened"):
        other(camera, address)
    with pytest.raises(ValueError, match="cannot be opened"):
        open_it("another camera", address)
    refused = stranger.call("POST", f"/api/cameras/{camera}/address", {})
    assert code_of(refused) == "not_found"
    assert "hush" not in refused.text
    with database.reading() as session:
        sealed = session.scalars(sa.select(DeviceSecretRow)).one()
    assert b"hush" not in sealed.sealed
    assert KEY.unseal(sealed.device_id, sealed.sealed) == "hush hush"
    for key, device in ((ServerKey(b"x" * 32), sealed.device_id), (KEY, "another device")):
        with pytest.raises(StoreError):
            key.unseal(device, sealed.sealed)
    assert "k" * 8 not in repr(KEY)


def test_with_a_relay_nobody_gets_the_camera_itself(
    serve: Serve, world: World, relay_paths: tuple[str, dict[str, dict[str, Any]]], clock: Clock
) -> None:
    api, paths = relay_paths
    server = serve(key=KEY, relay=Relay("rtsps://relay.example:8322/", api, SECRET))
    camera, fitter, watcher, stranger = _people(server, world)
    account = {"username": "cctv@2", "password": "hush/hush"}
    assert fitter.call("PUT", f"/api/cameras/{camera}/account", account).ok
    address = watcher.post(f"/api/cameras/{camera}/address", {})
    mark = f"t={token_hash(address['password'])}"
    assert [s["url"] for s in address["streams"]] == [
        f"rtsps://relay.example:8322/{camera}/{role}?{mark}" for role in ("main", "sub")
    ]
    assert (address["account"], address["account_reason"]) == (None, "not_needed")
    assert "hush" not in json.dumps(address)
    assert "10.0.0.7" not in json.dumps(address)
    assert paths[f"{camera}/main"] == {
        "source": "rtsp://cctv%402:hush%2Fhush@10.0.0.7/main", "sourceOnDemand": True,
        "rtspTransport": "tcp",
    }  # fmt: skip
    assert not stranger.call("POST", f"/api/cameras/{camera}/address", {}).ok

    def opens(ticket: str, path: str = f"{camera}/main", **more: str) -> bool:
        # All that MediaMTX's documentation says it sends (authHTTPAddress).
        body = {"user": "watchroom", "password": ticket, "token": "", "ip": "10.9.9.9",
                "action": "read", "path": path, "protocol": "rtsp", "id": None,
                "query": f"t={token_hash(ticket)}", **more}  # fmt: skip
        url = f"{server.url}/api/relay/authorise"
        answer = requests.post(url, json=body, params={"secret": SECRET}, timeout=30)
        assert answer.status_code in (204, 401)
        return answer.ok

    ticket = address["password"]
    assert opens(ticket)
    assert not opens(ticket, path=f"{world.camera(world.organisation('c'))}/main")
    assert not opens(ticket, action="publish")
    assert not opens(ticket, query=""), "a session without its mark could not be ended"
    assert not opens(ticket, query=f"t={token_hash('another')}")
    assert not opens(watcher.tokens["access"])
    assert not opens("")
    url = f"{server.url}/api/relay/authorise"
    body = {"action": "read", "path": f"{camera}/main", "password": ticket, "query": mark}
    for wrong in ({}, {"secret": "guess"}):
        assert code_of(requests.post(url, json=body, params=wrong, timeout=30)) == "not_permitted"
    clock.ahead = timedelta(seconds=61)
    assert not opens(ticket), "the ticket outlived its minute"
    clock.ahead = timedelta()
    assert opens(ticket)
    home = watcher.get("/api/me")["organisation_id"]
    world.grant(home, ("camera", camera), ("role", "viewer"), effect="deny")
    assert not opens(ticket), "the right to view ended before the ticket"

    paths.clear()
    operator = server.client(world.tokens(world.person(home, "operator")))
    operator.post(f"/api/cameras/{camera}/address", {})
    assert f"{camera}/main" in paths, "a relay that restarted is told again"
    account["password"] = "other"
    assert fitter.call("PUT", f"/api/cameras/{camera}/account", account).ok
    second = operator.post(f"/api/cameras/{camera}/address", {})
    assert ":other@" in paths[f"{camera}/main"]["source"]
    assert opens(second["password"])
    assert operator.call("DELETE", "/api/session").ok
    assert not opens(second["password"]), "signed out"


def test_with_a_relay_only_who_may_control_gets_the_account(
    serve: Serve, world: World, relay_paths: tuple[str, dict[str, dict[str, Any]]]
) -> None:
    api, _ = relay_paths
    server = serve(key=KEY, relay=Relay("rtsps://relay", api, SECRET))
    camera, fitter, watcher, _ = _people(server, world)
    home = watcher.get("/api/me")["organisation_id"]
    enrolled(watcher)
    assert fitter.call("PUT", f"/api/cameras/{camera}/account", ACCOUNT).ok
    assert watcher.post(f"/api/cameras/{camera}/address", {})["account_reason"] == "not_needed"
    operator = server.client(world.tokens(world.person(home, "operator"), world.console(home)))
    open_it = enrolled(operator)
    address = operator.post(f"/api/cameras/{camera}/address", {})
    assert open_it(camera, address)["password"] == ACCOUNT["password"]
    assert address["streams"][0]["url"].startswith("rtsps://relay/")
    world.grant(home, ("camera", camera), ("role", "operator"), effect="deny",
                permissions="control")  # fmt: skip
    assert operator.post(f"/api/cameras/{camera}/address", {})["account_reason"] == "not_needed"


def test_what_is_withdrawn_ends_at_the_relay_and_others_watch_on(
    serve: Serve, world: World, relay_paths: tuple[str, dict[str, dict[str, Any]]],
    sessions: dict[str, dict[str, Any]],
) -> None:  # fmt: skip
    api, _ = relay_paths
    server = serve(key=KEY, relay=Relay("rtsps://relay", api, SECRET))
    camera, _, watcher, guest = _people(server, world)
    home = watcher.get("/api/me")["organisation_id"]
    chief = server.client(world.tokens(world.person(home, "administrator")))
    body = {"subject_kind": "user", "subject_id": guest.get("/api/me")["user_id"],
            "object_kind": "camera", "object_id": camera, "permissions": ["view"],
            "basis": "case 7", "not_after": "2100-01-01T00:00:00Z"}  # fmt: skip
    grant = chief.post("/api/grants", body)["id"]
    for name, who in (("mine", watcher), ("guest", guest), ("guest2", guest)):
        url = who.post(f"/api/cameras/{camera}/address", {})["streams"][0]["url"]
        sessions[name] = {"id": name, "path": f"{camera}/main", "query": url.partition("?")[2],
                          "state": "read"}  # fmt: skip
    sessions["nobody"] = {"id": "nobody", "path": f"{camera}/main", "query": "", "state": "read"}
    sessions["source"] = {"id": "source", "path": "x", "query": "", "state": "publish"}
    began = time.monotonic()
    chief.post(f"/api/grants/{grant}/withdrawal", {"reason": "over now"})
    wait_for(lambda: set(sessions) == {"mine", "source"}, 20)
    assert time.monotonic() - began < 20
    assert watcher.call("DELETE", "/api/session").ok
    wait_for(lambda: set(sessions) == {"source"}, 10)


def test_a_stream_address_with_a_password_is_refused() -> None:
    row = [["main", "rtsp://admin:hush@10.0.0.7/main", "", 0, 0, 0.0, ""]]
    assert kinds.problem_with(KINDS["channel"], {"streams": row})
    row[0][1] = "rtsp://admin:hu/sh@10.0.0.7/main"
    assert kinds.problem_with(KINDS["channel"], {"streams": row})
    row[0][1] = "rtsp://[fe80::1]:554/main?x=a@b"
    assert not kinds.problem_with(KINDS["channel"], {"streams": row})
    assert kinds.problem_with(KINDS["device"], {"onvif_url": "http://a:hush@10.0.0.7/onvif"})
    assert not kinds.problem_with(KINDS["device"], {"onvif_url": "10.0.0.7"})


def test_a_relay_that_is_down_is_told_without_the_cameras_password(
    serve: Serve, world: World
) -> None:
    server = serve(key=KEY, relay=Relay("rtsps://relay", "http://127.0.0.1:1", SECRET))
    camera, fitter, watcher, _ = _people(server, world)
    account = {"username": "cctv", "password": "hush"}
    assert fitter.call("PUT", f"/api/cameras/{camera}/account", account).ok
    answer = watcher.call("POST", f"/api/cameras/{camera}/address", {})
    assert code_of(answer) == "relay_down"
    assert "hush" not in answer.text


@pytest.mark.parametrize("path", [
    "/api/cameras/..%2f..%2fetc%2fpasswd", "/api/cameras/%00", "/api/cameras/" + "a" * 500,
    "/api/cameras/a'%20OR%201=1--", "/api/cameras/%F0%9F%92%A9", "/api/groups?organisation_id=%00",
    "/api/cameras?after=%27%22%00", "/api/audit?after=-1", "/api/audit?after=99999999999999999999",
    "/api/audit?chain=%00", "/api/shares/statistics?since=nonsense",
])  # fmt: skip
def test_odd_paths_and_ids_are_refused_politely(server: Server, world: World, path: str) -> None:
    home = world.organisation("a")
    roles = ("supervisor", "auditor", "administrator")
    ann = server.client(world.tokens(world.person(home, *roles)))
    answer = ann.call("GET", path)
    assert answer.status_code in (200, 404, 422), answer.text
    if not answer.ok:
        code_of(answer)
