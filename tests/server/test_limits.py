"""What is too much, too fast, too slow or too secret."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.server.application import Settings
from app.server.database import Database
from app.server.limits import Buckets, JsonLines, Limits
from app.store.database import connect, migrate
from tests.conftest import wait_for
from tests.postgres import Postgres
from tests.server.conftest import FAST, PASSWORD, Server, World, code_of

Serve = Callable[..., Server]


def test_a_body_too_large_is_refused_whether_or_not_it_tells_its_size(serve: Serve) -> None:
    server = serve(limits=Limits(body=1000, rate=1000, burst=1000))
    anybody = server.client()
    fine = anybody.call("POST", "/api/session", {"login": "a", "password": "b" * 100})
    assert code_of(fine) == "wrong_password"
    large = {"login": "a", "password": "b" * 2000}
    refused = anybody.call("POST", "/api/session", large)
    assert (refused.status_code, code_of(refused)) == (413, "too_large")
    assert refused.json()["limit"] == 1000

    def pieces() -> Iterator[bytes]:
        yield b'{"login": "a", "password": "'
        for _ in range(20):
            yield b"b" * 100
        yield b'"}'

    headers = {"content-type": "application/json"}
    chunked = requests.post(f"{server.url}/api/session", data=pieces(), headers=headers, timeout=30)
    assert (chunked.status_code, code_of(chunked)) == (413, "too_large")


def test_only_parts_of_files_may_be_larger(serve: Serve, world: World) -> None:
    server = serve(limits=Limits(body=1000, large_body=2000, rate=1e5, burst=1e5))
    who = server.client(world.tokens(world.person(world.organisation("a"), "viewer")))
    part = f"/sync/v1/blobs/{'0' * 64}/parts/0"
    assert who.call("PUT", part, data=b"x" * 1500).ok
    for path in ("/sync/v1/push", "/sync/v2/blobs/x", "/sync/x/blobs/", "/api/blobs/x"):
        assert code_of(who.call("PUT", path, data=b"x" * 1500)) == "too_large", path
    assert code_of(who.call("PUT", part, data=b"x" * 2500)) == "too_large"


def test_who_asks_too_fast_waits_and_others_do_not(serve: Serve, world: World) -> None:
    server = serve(limits=Limits(rate=1, burst=8))
    ann = server.sign_in(world.person(world.organisation("a"), "viewer"))
    answers = [ann.call("GET", "/api/me") for _ in range(12)]
    refused = [a for a in answers if not a.ok]
    assert len(refused) >= 4
    assert {code_of(a) for a in refused} == {"too_fast"}
    assert int(refused[0].headers["retry-after"]) >= 1
    assert ann.call("GET", "/health").ok, "whoever watches the server always gets an answer"


def test_a_bucket_fills_again_and_keys_are_apart() -> None:
    now = 0.0
    buckets = Buckets(rate=2, burst=3, clock=lambda: now)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert buckets.take("b") == 0
    now = 0.5
    assert buckets.take("a") == 0
    assert buckets.take("a") > 0


def test_a_page_too_large_has_a_code_of_its_own(server: Server, world: World) -> None:
    ann = server.sign_in(world.person(world.organisation("a"), "viewer"))
    refused = ann.call("GET", "/api/organisations", params={"limit": 501})
    assert (refused.status_code, code_of(refused)) == (422, "page_too_large")


def test_pages_follow_each_other_to_the_end(server: Server, world: World) -> None:
    names = {world.organisation(f"o{n}") and f"o{n}" for n in range(7)}
    with_one = world.organisation("home")
    ann = server.sign_in(world.person(with_one, "viewer"))
    seen, after, pages = [], "", 0
    while after is not None:
        page = ann.get("/api/organisations", limit=3, after=after)
        seen += [o["name"] for o in page["items"]]
        after, pages = page["next"], pages + 1
    assert sorted(seen) == sorted(names | {"home"})
    assert pages == 3


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_request_that_the_database_holds_up_is_answered_in_time(
    serve: Serve, world: World
) -> None:
    server = serve(limits=Limits(seconds=0.5, rate=1000, burst=1000))
    login = world.person(world.organisation("a"), "viewer")
    ann = server.sign_in(login)
    with server.database.engine.connect() as other:
        other.exec_driver_sql("LOCK TABLE account IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        slow = ann.call("GET", "/api/me")
        assert (slow.status_code, code_of(slow)) == (503, "too_slow")
        assert time.monotonic() - began < 15, "and not when the lock is let go"
        other.rollback()
    ann.get("/api/me")


def test_a_database_that_fails_is_told_and_comes_back(tmp_path: Path) -> None:
    with Postgres(durable=True) as postgres:
        url = postgres.database()
        engine = connect(url)
        migrate(engine, None)
        engine.dispose()
        database = Database(url)
        world = World(database)
        server = Server(database, Settings(limits=FAST, attachments=tmp_path))
        ann = server.client(world.tokens(world.person(world.organisation("a"), "viewer")))
        ann.get("/api/me")
        postgres.kill()
        for path in ("/api/me", "/health"):
            refused = ann.call("GET", path)
            assert (refused.status_code, code_of(refused)) == (503, "database_down")
        postgres.start()
        ann.get("/api/me")
        server.stop()
        database.close()


def test_a_sender_that_never_ends_is_answered_in_time(serve: Serve) -> None:
    server = serve(limits=Limits(seconds=0.5, rate=1000, burst=1000))
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=40) as slow:
        slow.sendall(
            b"POST /api/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
            b"content-length: 100\r\n\r\n{"
        )
        assert b"503" in slow.recv(4096).split(b"\r\n")[0]


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b'{"login": 1}', b'{"login": "a"}', b"\xff\xfe", b"[" * 100_000,
    b'{"login": "a\\u0000", "password": "x"}', b'{"login": "\\ud800", "password": "x"}',
    b'{"login": "a", "password": "x", "admin": true}', b'{"login": "' + b"a" * 200 + b'"}',
])  # fmt: skip
def test_nonsense_is_refused_without_being_repeated(server: Server, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    answer = requests.post(f"{server.url}/api/session", data=body, headers=headers, timeout=30)
    assert answer.status_code in (400, 422)
    assert code_of(answer) == "invalid"


def test_a_wrong_password_field_does_not_come_back(server: Server) -> None:
    secret = {"nested": "my secret"}
    answer = server.client().call("POST", "/api/session", {"login": "a", "password": secret})
    assert code_of(answer) == "invalid"
    assert "my secret" not in answer.text


def test_a_sender_that_goes_away_is_no_failure_of_the_server(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="watchroom.server")
    host, _, port = server.url.rpartition("/")[2].partition(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(b"POST /sync/v1/hello HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\n{")
    wait_for(lambda: [r for r in caplog.records if r.getMessage() == "request"])
    assert not [r for r in caplog.records if r.levelname == "ERROR"]


def test_unknown_paths_and_methods_are_problems_too(server: Server) -> None:
    assert code_of(server.client().call("GET", "/api/nothing")) == "no_such_path"
    assert code_of(server.client().call("PUT", "/api/session")) == "method_not_allowed"
    assert code_of(server.client().call("GET", "/api/me")) == "no_token"
    wrong = server.client({"access": "x" * 5000})
    assert code_of(wrong.call("GET", "/api/me")) == "token_invalid"


def test_health_and_figures(serve: Serve, world: World) -> None:
    server = serve(metrics_token="figures please")
    health = server.client().get("/health")
    assert (health["status"], health["database"]) == ("ok", "sqlite")
    login = world.person(world.organisation("a"), "viewer")
    for _ in range(3):
        server.sign_in(login)
    assert code_of(server.client().call("GET", "/metrics")) == "not_permitted"
    text = server.client({"access": "figures please"}).call("GET", "/metrics").text
    labels = 'method="POST",path="/api/session",status="201"'
    assert f"watchroom_request_seconds_count{{{labels}}} 3" in text
    assert f'watchroom_request_seconds_bucket{{{labels},le="+Inf"}} 3' in text
    assert "watchroom_audit_entries 3" in text
    line = re.compile(r"(# (HELP|TYPE) .+|[a-z_]+(\{[^{}]*\})? [0-9.e+-]+)")
    assert all(line.fullmatch(row) for row in text.splitlines())


def test_the_log_is_json_and_tells_no_secret(
    server: Server, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "watchroom.server")
    ann = server.sign_in(world.person(world.organisation("a"), "viewer"))
    ann.call("GET", f"/api/me?token={ann.tokens['access']}")
    ann.call("GET", f"/api/nothing/{ann.tokens['refresh']}")
    wait_for(lambda: len([r for r in caplog.records if r.name == "watchroom.server"]) == 3)
    form = JsonLines()
    lines = [json.loads(form.format(r)) for r in caplog.records if r.name == "watchroom.server"]
    assert [(x["method"], x["path"], x["status"]) for x in lines] == [
        ("POST", "/api/session", 201), ("GET", "/api/me", 200), ("GET", "(none)", 404),
    ]  # fmt: skip
    assert lines[1]["user"]
    text = json.dumps(lines)
    assert not any(
        secret in text for secret in (PASSWORD, ann.tokens["access"], ann.tokens["refresh"])
    )


def test_a_failure_is_logged_without_its_text(
    server: Server, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the secret is 4711")

    monkeypatch.setattr("app.server.accounts._login", fail)
    answer = server.client().call("POST", "/api/session", {"login": "a", "password": "b"})
    assert (answer.status_code, code_of(answer)) == (500, "internal")
    found: list[logging.LogRecord] = []
    wait_for(lambda: found.extend(r for r in caplog.records if r.levelname == "ERROR") or found)
    record = next(r for r in found if r.name == "watchroom.server")
    line = JsonLines().format(record)
    assert "4711" not in line
    assert "4711" not in answer.text
    assert json.loads(line)["error"] == "RuntimeError"
    assert any("accounts.py" in where for where in json.loads(line)["where"])


# -- the command


@contextmanager
def _running(
    *arguments: str, verify: str | bool = True, **environment: str
) -> Iterator[tuple[str, str]]:
    """The address and the first lines of a real server process."""
    log = tempfile.TemporaryFile("w+")  # noqa: SIM115 -- closed below; a pipe could run full
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "server", "--port", "0", *arguments],
        stdout=subprocess.PIPE, stderr=log, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
    )  # fmt: skip

    def running() -> re.Match[str] | None:
        assert process.poll() is None, "the server ended"
        said = os.pread(log.fileno(), 100_000, 0).decode()
        return re.search(r"running on (https?)://[^:]+:(\d+)", said)

    try:
        wait_for(running, 60, what="the server did not start")
        found = running()
        assert found is not None
        url = f"{found[1]}://localhost:{found[2]}"
        requests.get(f"{url}/health", timeout=30, verify=verify).raise_for_status()
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        try:
            printed = os.read(process.stdout.fileno(), 10_000).decode()
        except BlockingIOError:
            printed = ""
        yield url, printed
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(40) == 0
        log.close()


def _command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", "server", *arguments],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


FIRST = {"login": "chief", "name": "The Chief", "password": PASSWORD, "organisation": "County"}


def test_the_first_start_prints_a_code_and_the_second_does_not(tmp_path: Path) -> None:
    with _running("--data", str(tmp_path)) as (url, printed):
        code = re.search(r"^\s+((?:[0-9a-f]{4}-){7}[0-9a-f]{4})$", printed, re.MULTILINE)
        assert code is not None
        made = requests.post(f"{url}/api/setup", json={**FIRST, "code": code[1]}, timeout=30)
        assert made.status_code == 201
    assert oct((tmp_path / "server.sqlite").stat().st_mode)[-2:] == "00", "nobody else's to read"
    with _running("--data", str(tmp_path)) as (url, printed):
        assert printed == ""
        body = {"login": "chief", "password": PASSWORD}
        assert requests.post(f"{url}/api/session", json=body, timeout=30).status_code == 201


def test_postgresql_is_migrated_on_command_and_two_processes_are_one_server(
    postgres: Postgres, tmp_path: Path
) -> None:
    database = postgres.database()
    early = _command("--database", database, "--data", str(tmp_path))
    assert early.returncode == 1
    assert "watchroom server migrate" in early.stderr
    assert "Traceback" not in early.stderr
    for _ in range(2):
        done = _command("migrate", "--database", database, "--data", str(tmp_path))
        assert (done.returncode, done.stderr) == (0, "")
    options = ("--data", str(tmp_path))
    with (
        _running(*options, WATCHROOM_DATABASE=database) as (one, _),
        _running("--database", database, *options) as (two, printed),
    ):
        code = printed.split("\n\n")[1].strip()
        tokens = requests.post(f"{one}/api/setup", json={**FIRST, "code": code}, timeout=30).json()
        for turn in range(6):
            server = (one, two)[turn % 2]
            mine = {"authorization": f"Bearer {tokens['access']}"}
            assert requests.get(f"{server}/api/me", headers=mine, timeout=30).ok
            body = {"refresh": tokens["refresh"]}
            tokens = requests.post(f"{server}/api/session/refresh", json=body, timeout=30).json()
        requests.delete(f"{one}/api/session", headers=_bearer(tokens), timeout=30)
        gone = requests.get(f"{two}/api/me", headers=_bearer(tokens), timeout=30)
        assert gone.status_code == 401


def _bearer(tokens: dict[str, Any]) -> dict[str, str]:
    return {"authorization": f"Bearer {tokens['access']}"}


def test_the_server_speaks_tls(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert_file.write_bytes(certificate.public_bytes(Encoding.PEM))
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    arguments = ("--data", str(tmp_path), "--host", "0.0.0.0",
                 "--tls-cert", str(cert_file), "--tls-key", str(key_file))  # fmt: skip
    with _running(*arguments, verify=str(cert_file)) as (url, _):
        assert requests.get(f"{url}/health", timeout=30, verify=str(cert_file)).ok
        with pytest.raises(requests.ConnectionError):
            requests.get(url.replace("https", "http"), timeout=30)


@pytest.mark.parametrize(("arguments", "said"), [
    (("--host", "0.0.0.0"), "clear text"),
    (("--tls-cert", "a.pem"), "go together"),
    (("--database", "postgresql+psycopg://u:hidden@127.0.0.1:1/x"), "does not answer"),
    (("--database", "nonsense"), "no address of a database"),
])  # fmt: skip
def test_a_mistake_on_the_command_line_is_told_in_a_line(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    done = _command("--data", str(tmp_path), *arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert "hidden" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'server.sqlite'}"
    assert _command("migrate", "--data", str(tmp_path)).returncode == 0
    engine = connect(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    done = _command("--data", str(tmp_path))
    assert done.returncode == 1
    assert "newer version" in done.stderr
