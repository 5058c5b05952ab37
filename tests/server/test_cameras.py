"""Addresses and accounts of cameras: to whom, and for how long."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
import sqlalchemy as sa

from app.server.cameras import Relay
from app.server.database import Database
from app.server.keys import ServerKey
from app.store.errors import StoreError
from app.store.server_models import DeviceSecretRow
from tests.server.conftest import Client, Clock, Server, World, code_of

KEY = ServerKey(b"k" * 32)
SECRET = "a secret of the relay"
Serve = Callable[..., Server]


class FakeRelay(BaseHTTPRequestHandler):
    """MediaMTX's control API, as far as it is used: paths by name."""

    paths: dict[str, dict[str, Any]]

    def do_GET(self) -> None:
        found = self.paths.get(self.path.removeprefix("/v3/config/paths/get/"))
        self._answer(200 if found else 404, found or {"error": "path configuration not found"})

    def do_POST(self) -> None:
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
def relay_paths() -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    paths: dict[str, dict[str, Any]] = {}
    handler = type("Handler", (FakeRelay,), {"paths": paths})
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
        server.client(world.tokens(world.person(home, role))) for role in ("commissioner", "viewer")
    )
    stranger = server.client(world.tokens(world.person(world.organisation("b"), "supervisor")))
    return camera, fitter, watcher, stranger


def test_without_a_relay_who_may_view_gets_address_and_account(
    serve: Serve, world: World, database: Database
) -> None:
    server = serve(key=KEY)
    camera, fitter, watcher, stranger = _people(server, world)
    account = {"username": "cctv2", "password": "hush hush"}
    assert fitter.call("PUT", f"/api/cameras/{camera}/account", account).ok
    address = watcher.post(f"/api/cameras/{camera}/address", {})
    assert [s["url"] for s in address["streams"]] == ["rtsp://10.0.0.7/main", "rtsp://10.0.0.7/sub"]
    assert (address["username"], address["password"]) == ("cctv2", "hush hush")
    assert address["expires_at"] is None
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
    assert [s["url"] for s in address["streams"]] == [
        f"rtsps://relay.example:8322/{camera}/{role}" for role in ("main", "sub")
    ]
    assert "hush" not in json.dumps(address)
    assert "10.0.0.7" not in json.dumps(address)
    assert paths[f"{camera}/main"] == {
        "source": "rtsp://cctv%402:hush%2Fhush@10.0.0.7/main", "sourceOnDemand": True,
        "rtspTransport": "tcp",
    }  # fmt: skip
    assert not stranger.call("POST", f"/api/cameras/{camera}/address", {}).ok

    def opens(ticket: str, path: str = f"{camera}/main", **more: str) -> bool:
        body = {"action": "read", "path": path, "user": "watchroom", "password": ticket,
                "ip": "10.9.9.9", "protocol": "rtsp", **more}  # fmt: skip
        url = f"{server.url}/api/relay/authorise"
        answer = requests.post(url, json=body, params={"secret": SECRET}, timeout=9)
        assert answer.status_code in (204, 401)
        return answer.ok

    ticket = address["password"]
    assert opens(ticket)
    assert not opens(ticket, path=f"{world.camera(world.organisation('c'))}/main")
    assert not opens(ticket, action="publish")
    assert not opens(watcher.tokens["access"])
    assert not opens("")
    url = f"{server.url}/api/relay/authorise"
    body = {"action": "read", "path": f"{camera}/main", "password": ticket}
    for wrong in ({}, {"secret": "guess"}):
        assert code_of(requests.post(url, json=body, params=wrong, timeout=9)) == "not_permitted"
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
