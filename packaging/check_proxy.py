"""Runs packaging/server/Caddyfile for real: two server processes on one PostgreSQL behind TLS.

    .venv/bin/python packaging/check_proxy.py

Needs `caddy` and the test set-up (`packaging/setup.sh test`). Everything is on this machine's
loopback, in a temporary folder, with a certificate of Caddy's own, which no trust store learns of.
Prints what was proven; ends with 1 at the first thing that does not hold.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.bench.postgres import Postgres
from app.bench.sync_soak import free_port
from app.domain.permission import Role
from app.server.accounts import issue
from app.server.database import Database, stamp
from app.store.models import OrganisationRow, SiteRow
from app.store.secrets import FileSecrets
from app.store.server_models import AccountRow
from app.store.store import Store, new_id
from app.sync import protocol
from app.sync.account import Server, tls_context
from app.sync.client import NetworkError, SyncThread
from app.sync.transport import HttpTransport

CADDYFILE = Path(__file__).parent / "server" / "Caddyfile"


def say(text: str) -> None:
    print(f"proven: {text}", flush=True)


def until(condition: Callable[[], object], what: str, seconds: float = 60.0) -> float:
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            raise SystemExit(f"NOT: {what} within {seconds:.0f} s")
        time.sleep(0.05)
    return time.monotonic() - began


class Site:
    """The database, two servers, the proxy."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.environment = os.environ | {
            "WATCHROOM_DATABASE": url, "WATCHROOM_SERVER_KEY": "ab" * 32,
            "WATCHROOM_METRICS_TOKEN": "",
        }  # fmt: skip
        self.command([sys.executable, "-m", "app", "server", "migrate"])
        self.token = self._person()
        self.ports = [free_port(), free_port()]
        self.servers = [self._server(i) for i in (0, 1)]
        self.port = free_port()
        self.proxy = self._proxy()

    def command(self, words: list[str]) -> None:
        done = subprocess.run(
            words, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"NOT: {' '.join(words)}: {done.stderr[-2000:]}")

    def _person(self) -> str:
        database = Database(self.url)
        with database.writing() as session:
            at, top, account = stamp(datetime.now(UTC)), new_id(), new_id()
            session.add(OrganisationRow(id=top, name="市", updated_at=at))
            session.flush()
            session.add(SiteRow(id=new_id(), organisation_id=top, name="s", updated_at=at))
            session.add(
                AccountRow(id=account, login="check", name="check", organisation_id=top,
                           roles=Role.COMMISSIONER, password_hash="", created_at=at)
            )  # fmt: skip
            session.flush()
            late = datetime.now(UTC) + timedelta(hours=1)
            token = issue(session, late, account, "", new_id(), "").access
        database.close()
        return str(token)

    def _server(self, number: int) -> subprocess.Popen[bytes]:
        with (self.folder / f"server{number}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "app", "server", "--host=0.0.0.0",
                 f"--port={self.ports[number]}", f"--data={self.folder / f'data{number}'}",
                 f"--files={self.folder / 'files'}", "--proxy=127.0.0.1"],
                env=self.environment, stdout=log, stderr=log,
            )  # fmt: skip

    def _proxy(self) -> subprocess.Popen[bytes]:
        """The Caddyfile as it is; only where Caddy keeps its things is said here."""
        own = self.folder / "Caddyfile"
        own.write_text(
            "{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n"
            f"\tstorage file_system {self.folder / 'caddy'}\n}}\nimport {CADDYFILE.resolve()}\n"
        )
        environment = os.environ | {
            "SITE": f"https://localhost:{self.port}",
            "SERVERS": " ".join(f"127.0.0.1:{port}" for port in self.ports),
            "HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder),
        }  # fmt: skip
        words = ["caddy", "run", "--config", str(own), "--adapter", "caddyfile"]
        with (self.folder / "caddy.log").open("wb") as log:
            return subprocess.Popen(words, env=environment, stdout=log, stderr=log)

    def fingerprint(self) -> str:
        """Of the proxy's certificate: what a person compares once, and the console pins."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection(("localhost", self.port), 5)
        with context.wrap_socket(plain, server_hostname="localhost") as secure:
            return hashlib.sha256(secure.getpeercert(binary_form=True) or b"").hexdigest()

    def get(self, path: str, method: str = "GET", body: bytes = b"") -> int:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection(
            "localhost", self.port, timeout=30, context=context
        )
        try:
            connection.request(method, path, body or None, {"host": f"localhost:{self.port}"})
            return connection.getresponse().status
        finally:
            connection.close()

    def answers(self) -> bool:
        try:
            return self.get("/health") == 200
        except OSError:
            return False

    def close(self) -> None:
        for process in (self.proxy, *self.servers):
            process.kill()
            process.wait()


def check(site: Site) -> None:
    until(site.answers, "the proxy answers over TLS")
    say("Caddy takes the Caddyfile, and /health comes through it over TLS")
    fingerprint = site.fingerprint()
    for path, method in (("/metrics", "GET"), ("/api/relay/authorise", "POST")):
        if site.get(path, method) != 404:
            raise SystemExit(f"NOT: {path} is closed to the outside")
    say("/metrics and /api/relay are closed to the outside (404)")
    try:
        large = site.get("/sync/v1/push", "POST", bytes(10_000_000))
    except OSError:
        large = 413  # it closed while we were still sending
    if large != 413:
        raise SystemExit(f"NOT: 10 MB are refused, but {large}")
    say("a body of 10 MB is refused by the proxy (413)")
    url = f"https://localhost:{site.port}"
    pinned = tls_context(Server(url, fingerprint=fingerprint))
    wrong = tls_context(Server(url, fingerprint="0" * 64))

    def transport() -> HttpTransport:
        return HttpTransport(url, lambda: site.token, pinned)

    try:
        HttpTransport(url, lambda: site.token, wrong).call("POST", "hello", b"{}", 5)
    except NetworkError:
        say("a console that pins another certificate sends nothing")
    else:
        raise SystemExit("NOT: another certificate is refused")
    asked = protocol.encode(protocol.Place(replica=new_id()))
    said = protocol.decode(protocol.Hello, transport().call("POST", "hello", asked, 10))
    page = protocol.Pull(replica=new_id(), history=said.history, cursor=said.head)
    pulled = protocol.decode(
        protocol.Pulled, transport().call("POST", "pull", protocol.encode(page), 10)
    )
    watch = protocol.Watch(replica=new_id(), history=said.history, cursor=said.head,
                           scope=pulled.scope)  # fmt: skip
    began = time.monotonic()
    told = protocol.decode(
        protocol.Watched, transport().call("POST", "watch", protocol.encode(watch), 40)
    )
    waited = time.monotonic() - began
    if told.news or waited < protocol.LONGEST_WAIT_S - 2:
        raise SystemExit(f"NOT: a long poll waits its time out (it took {waited:.1f} s)")
    say(f"a long poll waits {waited:.0f} s through the proxy, and is answered")
    stores = []
    for name in ("one", "two"):
        (site.folder / name).mkdir()
        stores.append(Store(site.folder / name / "watchroom.db", FileSecrets(site.folder / name)))
    threads = [SyncThread(store, transport) for store in stores]
    for thread in threads:
        thread.start()
    until(lambda: all(t.status.phase == "in_step" for t in threads), "two consoles in step")
    say("two consoles with the pinned certificate are in step")

    def travels(text: str, seconds: float = 60.0) -> float:
        found = stores[0].sites()[0]
        with stores[0]._writing(site={found.id}) as session:
            session.get_one(SiteRow, found.id).address = text
        return until(lambda: stores[1].sites()[0].address == text, f"“{text}” arrives", seconds)

    times = sorted(travels(f"save {n}") for n in range(10))
    say(f"a save on one is seen on the other after {times[5] * 1000:.0f} ms "
        f"(longest of 10: {times[-1] * 1000:.0f} ms)")  # fmt: skip
    site.servers[0].kill()
    site.servers[0].wait()
    took = travels("with one server killed")
    say(f"with one server killed (SIGKILL) work goes on; the first save took {took:.1f} s")
    site.servers[0] = site._server(0)
    site.servers[1].kill()
    site.servers[1].wait()
    took = travels("with the other killed")
    say(f"and with the other, while the first starts: {took:.1f} s")
    if any(t.status.problem for t in threads):
        raise SystemExit(f"NOT: no console complains: {[t.status for t in threads]}")
    for thread in threads:
        thread.stop()
    for store in stores:
        store.close()


def main() -> int:
    if shutil.which("caddy") is None:
        print("check_proxy: caddy is missing (Debian: apt-get install caddy)", file=sys.stderr)
        return 2
    folder = Path(tempfile.mkdtemp(prefix="watchroom-proxy-"))
    site: Any = None
    ended = threading.Event()
    try:
        with Postgres(durable=True) as postgres:
            try:
                site = Site(folder, postgres.database())
                check(site)
            finally:
                if site is not None:
                    site.close()
        ended.set()
        return 0
    finally:
        if not ended.is_set():
            for log in sorted(folder.glob("*.log")):
                print(f"-- {log.name}\n{log.read_text()[-3000:]}", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    raise SystemExit(main())
