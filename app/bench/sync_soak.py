"""`bench sync-soak`: server and console processes that are killed at random, on a network that cuts,
delays, swallows and truncates; at the end nothing may be lost, doubled or different.

Each console writes what it entered into a journal of its own after the commit. The processes are
real ones and die by SIGKILL; the database survives, as it does a crash of the program. Several
server processes need PostgreSQL (`--database`); SQLite has one.
"""

from __future__ import annotations

import collections
import json
import multiprocessing
import os
import random
import shutil
import socket
import sqlite3
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import uvicorn

from app.domain.permission import Principal, Role
from app.domain.retrieval import Case, Retrieval, RetrievalKind
from app.server.access import Access
from app.server.accounts import issue
from app.server.application import Settings, calm_collector, create_application
from app.server.database import Database, stamp
from app.server.limits import Limits
from app.server.sync import NAMESPACE, Sight, SyncServer
from app.store import kinds
from app.store.database import connect, migrate
from app.store.kinds import KINDS
from app.store.models import (
    ChannelRow,
    DeviceRow,
    LandmarkRow,
    OrganisationRow,
    PositionRow,
    SiteRow,
)
from app.store.secrets import FileSecrets
from app.store.server_models import AccountRow
from app.store.store import Store, new_id, now
from app.store.sync_models import OutboxRow
from app.sync.client import SyncClient, SyncThread, _inwards
from app.sync.protocol import SyncError
from app.sync.status import NetworkError
from app.sync.transport import HttpTransport

CAMERAS, CONSOLES = 20, 3
CONSOLE_LIFE_S, SERVER_LIFE_S = (0.3, 3.0), (1.0, 6.0)
WRITES_A_SECOND = 15.0
START_S, DRAIN_S = 20.0, 120.0


@contextmanager
def address(database: str) -> Iterator[str]:
    """The address of an empty database: as given, or of a PostgreSQL that is started for it out of
    the test set-up's wheel ("postgresql"); "" for SQLite."""
    if database != "postgresql":
        yield database
        return
    from app.bench.postgres import Postgres

    with Postgres(durable=True) as running:
        yield running.database()


def run(
    minutes: float = 5.0, database: str = "", servers: int = 1, seed: int = 1
) -> dict[str, Any]:
    """`database`: of an empty PostgreSQL database; "" is SQLite in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="watchroom-soak-"))
    try:
        with address(database) as url:
            return Soak(folder, url, servers, seed).run(minutes * 60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Cable:
    """Between one console and the servers: each connection goes to any of them."""

    def __init__(self, ports: list[int], dice: random.Random) -> None:
        self._ports, self._dice = ports, dice
        self.up, self.delay_s, self.hole, self.limit = True, 0.0, False, 0
        self.cuts = 0
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                if not self.up:
                    raise OSError
                port = self._dice.choice(self._ports)
                far = socket.create_connection(("127.0.0.1", port), timeout=2)
                far.settimeout(None)
            except OSError:
                near.close()
                continue
            self._open |= {near, far}
            for pair in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=pair, daemon=True).start()

    def _pump(self, a: socket.socket, b: socket.socket) -> None:
        try:
            while data := a.recv(65536):
                if self.delay_s:
                    time.sleep(self.delay_s * self._dice.random())
                if self.hole:
                    continue
                if self.limit:
                    self.limit -= len(data)
                    if self.limit <= 0:
                        self.limit = 0
                        b.sendall(data[: len(data) // 2])
                        self.cuts += 1
                        break
                b.sendall(data)
        except OSError:
            pass
        for end in (a, b):
            self._open.discard(end)
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def cut(self) -> None:
        """Everything that is open breaks."""
        self.cuts += 1
        for end in list(self._open):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def trouble(self, stop: threading.Event) -> None:
        """Until told to stop."""
        dice = self._dice
        while not stop.wait(dice.uniform(0.5, 3)):
            match dice.randrange(5):
                case 0:
                    self.cut()
                case 1:
                    self.up = False
                    self.cut()
                    stop.wait(dice.uniform(0.3, 3))
                    self.up = True
                case 2:
                    self.delay_s = dice.uniform(0.05, 0.6)
                    stop.wait(dice.uniform(0.5, 3))
                    self.delay_s = 0.0
                case 3:
                    self.hole = True
                    stop.wait(dice.uniform(0.3, 2))
                    self.cut()
                    self.hole = False
                case 4:
                    self.limit = dice.randrange(100, 20_000)

    def close(self) -> None:
        self._listener.close()
        self.cut()


class Soak:
    """The servers' database, the processes, and the judgement at the end."""

    def __init__(self, folder: Path, url: str, servers: int, seed: int) -> None:
        self.folder, self.url = folder, url or f"sqlite:///{folder / 'server.db'}"
        self.servers = servers
        self.dice = random.Random(seed)
        # A fork of a process that has all modules already starts in a tenth of the time.
        method = "forkserver" if sys.platform != "win32" else "spawn"
        self.context: Any = multiprocessing.get_context(method)
        if method == "forkserver":
            self.context.set_forkserver_preload([__name__, "pypinyin.seg.mmseg"])
        self.stop = threading.Event()
        self.kills = collections.Counter[str]()
        self.ended: list[str] = []

    def prepare(self, seconds: float) -> list[tuple[str, Principal]]:
        """An organisation with cameras and two commissioners: their tokens, good for that long."""
        engine = connect(self.url)
        file = engine.url.database if engine.dialect.name == "sqlite" else None
        migrate(engine, Path(file) if file else None)
        engine.dispose()
        self.database = Database(self.url)
        people: list[tuple[str, Principal]] = []
        with self.database.writing() as session:
            at: dict[str, Any] = {"updated_at": stamp(datetime.now(UTC))}
            home, site = new_id(), new_id()
            session.add(OrganisationRow(id=home, name="本单位", **at))
            session.flush()
            session.add(SiteRow(id=site, organisation_id=home, name="s", **at))
            session.flush()
            for i in range(CAMERAS):
                position, device = new_id(), new_id()
                session.add(PositionRow(id=position, site_id=site, **at))
                session.flush()
                session.add(DeviceRow(id=device, position_id=position, **at))
                session.flush()
                session.add(ChannelRow(id=new_id(), device_id=device, site_id=site,
                                       name=f"camera {i}", **at))  # fmt: skip
            late = datetime.now(UTC) + timedelta(seconds=seconds + 3600)
            for i in range(2):
                account, name = new_id(), f"soak{i}"
                session.add(AccountRow(id=account, login=name, name=name, organisation_id=home,
                                       roles=Role.COMMISSIONER, password_hash="", created_at="",
                                       ))  # fmt: skip
                session.flush()
                token = issue(session, late, account, "", new_id(), "").access
                who = Principal(account, name, home, "", frozenset({str(Role.COMMISSIONER)}))
                people.append((token, who))
        self.server = SyncServer(self.database, Access(self.database, lambda: datetime.now(UTC)))
        return people

    def run(self, seconds: float) -> dict[str, Any]:
        people = self.prepare(seconds)
        ports = [free_port() for _ in range(self.servers)]
        cables = [Cable(ports, random.Random(self.dice.random())) for _ in range(CONSOLES)]
        self.who = [people[i % 2] for i in range(CONSOLES)]
        for i in range(CONSOLES):
            place = self.folder / f"console{i}"
            place.mkdir()
            Store(place / "watchroom.db", FileSecrets(place)).close()
        jobs: list[Any] = [(serve, (self.url, port, str(self.folder)), "server", SERVER_LIFE_S)
                for port in ports]  # fmt: skip
        jobs += [
            (write, (str(self.folder / f"console{i}"), cables[i].port, self.who[i][0], i),
             "console", CONSOLE_LIFE_S)
            for i in range(CONSOLES)
        ]  # fmt: skip
        began = time.monotonic()
        threads = [threading.Thread(target=self._keep, args=job) for job in jobs]
        threads += [threading.Thread(target=c.trouble, args=(self.stop,)) for c in cables]
        for thread in threads:
            thread.start()
        try:
            self.stop.wait(seconds)
        finally:
            self.stop.set()
            for thread in threads:
                thread.join()
            for cable in cables:
                cable.close()
        spent = time.monotonic() - began
        drained = self._drain()
        result = {
            "database": self.database.engine.dialect.name, "servers": self.servers,
            "consoles": CONSOLES, "seconds": round(spent), "console_kills": self.kills["console"],
            "server_kills": self.kills["server"], "cuts": sum(cable.cuts for cable in cables),
            "drained_s": round(drained, 1), "ended": self.ended, **self._verdict(),
        }  # fmt: skip
        self.database.close()
        wrong = ("lost", "doubled", "diverged", "gaps", "waiting")
        result["passed"] = (
            not any(result[name] for name in wrong) and result["sound"] and not self.ended
        )
        return result

    def _keep(
        self, work: Callable[..., None], arguments: tuple[Any, ...], name: str,
        life: tuple[float, float],
    ) -> None:  # fmt: skip
        """Start a process again and again, and kill each after a while."""
        while not self.stop.is_set():
            ready = self.folder / f"ready-{new_id()}"
            process = self.context.Process(target=work, args=(*arguments, str(ready)), daemon=True)
            process.start()
            # Most die at work, the others while they start.
            deadline = time.monotonic() + (START_S if self.dice.random() < 0.8 else 0.3)
            while not (ready.exists() or self.stop.is_set()) and time.monotonic() < deadline:
                time.sleep(0.02)
            self.stop.wait(self.dice.uniform(*life))
            if process.exitcode is not None:
                self.ended.append(f"{name} ended by itself: {process.exitcode}")
            process.kill()
            process.join()
            self.kills[name] += 1

    def _drain(self) -> float:
        """Peace: one server, and every console until nothing waits; seconds it took."""
        port = free_port()
        process = self.context.Process(
            target=serve,
            args=(self.url, port, str(self.folder), str(self.folder / "last")),
            daemon=True,
        )
        process.start()
        began = time.monotonic()
        self.stores = []
        clients: list[SyncClient] = []
        for i in range(CONSOLES):
            place = self.folder / f"console{i}"
            self.stores.append(Store(place / "watchroom.db", FileSecrets(place)))
            _note_entries(self.stores[i], place / "journal")
            token = self.who[i][0]
            wire = HttpTransport(f"http://127.0.0.1:{port}", lambda token=token: token)  # type: ignore[misc]
            clients.append(SyncClient(self.stores[i], wire))
        rounds = 0
        while rounds < 3 and time.monotonic() - began < DRAIN_S:
            try:
                for client in clients:
                    client.confirm_removals()
                    client.round()
                rounds += 1
            except (NetworkError, SyncError):
                time.sleep(0.1)
        spent = time.monotonic() - began
        process.kill()
        process.join()
        return spent

    def _verdict(self) -> dict[str, Any]:
        """Counts of what must be there once, and the same everywhere."""
        with self.database.reading() as session:
            c = session.connection()
            taken = {row[0]: json.loads(row[1]) for row in c.execute(
                sa.text("SELECT op_id, answer FROM sync_operation"))}  # fmt: skip
            changes = c.execute(
                sa.text("SELECT seq, op_id, kind FROM sync_change ORDER BY seq")
            ).all()
            conflicts = set(c.scalars(sa.text("SELECT id FROM conflict")))
            chains = collections.Counter(c.scalars(sa.text("SELECT chain FROM retrieval")))
            landmarks = set(c.scalars(sa.text("SELECT id FROM landmark")))
        lost: list[str] = []
        commits, waiting, sound = 0, 0, True
        for i, store in enumerate(self.stores):
            place = self.folder / f"console{i}"
            entered, done = _journal(place / "journal"), _journal(place / "done")
            commits += len(done)
            values = set()
            for line in entered.values():
                op = line["op"]
                values |= {(line["id"], f, json.dumps(v)) for f, v in line["fields"].items()}
                answer = taken.get(op)
                if answer is None:
                    lost.append(f"operation {op}")
                    continue
                fields = {"conflict": answer["fields"], "rejected": ["*"]}.get(answer["status"], [])
                for field in fields:
                    names = (field, "*")
                    ids = {conflict_of(op, name) for name in names}
                    if not ids & conflicts:
                        lost.append(f"conflict of {op} on {field}")
            for line in done.values():
                kind, identity = line["kind"], line["id"]
                if (identity, line["field"], json.dumps(line["value"])) not in values:
                    lost.append(f"entry {line}")
                if kind == "landmark" and line["new"] and identity not in landmarks:
                    lost.append(f"landmark {identity}")
                if kind == "retrieval" and not chains[line["value"]]:
                    lost.append(f"retrieval {identity}")
            with store.looking() as connection:
                waiting += len(connection.execute(
                    sa.select(OutboxRow.n).where(OutboxRow.shown.is_(False))).all())  # fmt: skip
                sound &= connection.scalar(sa.text("PRAGMA integrity_check")) == "ok"
                sound &= connection.exec_driver_sql("PRAGMA foreign_key_check").first() is None
        applied = collections.Counter(op for _, op, kind in changes if op and kind != "conflict")
        doubled = [op for op, n in applied.items() if n > 1]
        doubled += [chain for chain, n in chains.items() if n > 1]
        diverged = self._diverged()
        if self.database.sqlite:
            with sqlite3.connect(self.folder / "server.db") as server:
                sound &= server.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return {
            "commits": commits, "operations": len(taken), "conflicts": len(conflicts),
            "lost": len(lost), "doubled": len(doubled), "diverged": len(diverged),
            "gaps": sum(seq != i for i, (seq, _, _) in enumerate(changes, 1)),
            "waiting": waiting, "sound": sound,
            "examples": [*lost[:3], *doubled[:3], *diverged[:3]],
        }  # fmt: skip

    def _diverged(self) -> list[str]:
        """Rows that a console holds otherwise than the server shows them to it."""
        found: list[str] = []
        for i, store in enumerate(self.stores):
            who = self.who[i][1]
            with self.database.reading() as session, store.looking() as connection:
                sight = Sight(session, self.server.access, who)
                for name, kind in KINDS.items():
                    there = {r["id"]: _inwards(kind, r, who.user_id) for r in sight.rows(kind)}
                    ids = connection.scalars(sa.select(kind.table.c.id)).all()
                    here = kinds.read(connection, kind, ids)
                    found += [
                        f"console {i}, {name} {identity}"
                        for identity in there.keys() | here.keys()
                        if there.get(identity) != here.get(identity)
                    ]
        return found


def conflict_of(op: str, field: str) -> str:
    """The id of the conflict that an operation left on a field."""
    return str(uuid.uuid5(NAMESPACE, f"{op}/{field}"))


# -- the processes


def _orphaned(parent: int) -> bool:
    return os.getppid() != parent


def serve(url: str, port: int, folder: str, ready: str) -> None:
    """A server process; ends when its parent does."""
    parent = os.getppid()
    database = Database(url)
    settings = Settings(limits=Limits(rate=1e6, burst=1e6), attachments=Path(folder) / "files")
    application = create_application(database, settings)
    server = uvicorn.Server(uvicorn.Config(application, port=port, log_config=None))
    calm_collector()

    def watch() -> None:
        while not server.started:
            time.sleep(0.01)
        Path(ready).touch()
        while not _orphaned(parent):
            time.sleep(0.5)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
    server.run()


def write(folder: str, port: int, token: str, number: int, ready: str) -> None:
    """A console process: synchronises, and enters something again and again."""
    parent, place = os.getppid(), Path(folder)
    dice = random.Random()
    store = Store(place / "watchroom.db", FileSecrets(place))
    thread = SyncThread(store, lambda: HttpTransport(f"http://127.0.0.1:{port}", lambda: token))
    thread.start()
    last = _note_entries(store, place / "journal")
    with (place / "done").open("a") as done:
        done.write("\n")  # ends a line that was cut
        while not _orphaned(parent):
            time.sleep(dice.uniform(0, 2 / WRITES_A_SECOND))
            if dice.random() < 0.05:
                thread.confirm_removals()  # a soak removes more than a person would
                thread.sync_now()
            entry = _enter(store, dice, number)
            if entry is not None:
                _append(done, entry | {"op": new_id()})
            if dice.random() < 0.3:
                last = _note_entries(store, place / "journal", last)
            Path(ready).touch()


def _enter(store: Store, dice: random.Random, number: int) -> dict[str, Any] | None:
    """One thing that a person does; what was committed, None where there was nothing to do."""
    value = f"{number} {new_id()}"
    act = dice.random()
    if act < 0.45:
        with store.looking() as connection:
            found = list(connection.scalars(sa.select(ChannelRow.id)))
        if not found:
            return None
        identity, field = dice.choice(found), dice.choice(["name", "note", "name_en"])
        with store._writing() as session:
            row = session.get(ChannelRow, identity)
            if row is None:
                return None
            setattr(row, field, value)
        return {"kind": "channel", "id": identity, "field": field, "value": value, "new": False}
    if act < 0.65:
        identity = new_id()
        with store._writing() as session:
            session.add(LandmarkRow(id=identity, name=value, latitude=1.0, longitude=2.0,
                                    updated_at=now()))  # fmt: skip
        return {"kind": "landmark", "id": identity, "field": "name", "value": value, "new": True}
    if act < 0.8:
        entry = Retrieval(0, datetime.now(UTC), f"console {number}", value, RetrievalKind.EXPORT,
                          "", "", None, None, Case("1", "p", "b"))  # fmt: skip
        kept = store.add_retrieval(entry)
        with store.looking() as connection:
            identity = str(connection.scalar(
                sa.text("SELECT id FROM retrieval WHERE chain = :c"), {"c": kept.chain}
            ))  # fmt: skip
        return {"kind": "retrieval", "id": identity, "field": "chain", "value": kept.chain,
                "new": True}  # fmt: skip
    if act < 0.95:
        with store.looking() as connection:
            old = list(connection.scalars(sa.select(LandmarkRow.id).limit(50)))
        if not old:
            return None
        identity = dice.choice(old)
        with store._writing() as session:
            landmark = session.get(LandmarkRow, identity)
            if landmark is None:
                return None
            landmark.deleted_at = None if landmark.deleted_at else now()
            gone = landmark.deleted_at
        return {"kind": "landmark", "id": identity, "field": "deleted_at", "value": gone,
                "new": False}  # fmt: skip
    waiting = store.conflicts()
    if waiting:
        store.decide(dice.choice(waiting).id, dice.choice(["mine", "theirs"]))
    return None


def _append(file: Any, line: dict[str, Any]) -> None:
    file.write(json.dumps(line) + "\n")
    file.flush()
    os.fsync(file.fileno())


def _note_entries(store: Store, path: Path, last: int | None = None) -> int:
    """Write what the outbox has beyond the journal into that; the last number of it."""
    if last is None:
        last = max((line["n"] for line in _journal(path).values()), default=0)
    with store.looking() as connection:
        rows = connection.execute(
            sa.select(OutboxRow.n, OutboxRow.op_id, OutboxRow.entity_id, OutboxRow.fields)
            .where(OutboxRow.n > last).order_by(OutboxRow.n)
        ).all()  # fmt: skip
    with path.open("a") as file:
        if file.tell():
            file.write("\n")
        for n, op, identity, fields in rows:
            file.write(json.dumps({"n": n, "op": op, "id": identity,
                                   "fields": json.loads(fields)}) + "\n")  # fmt: skip
            last = n
        file.flush()
        os.fsync(file.fileno())
    return last


def _journal(path: Path) -> dict[str, dict[str, Any]]:
    """Whole lines, by operation; one that was cut by a kill is none."""
    found: dict[str, dict[str, Any]] = {}
    for line in path.read_text().splitlines() if path.exists() else ():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        found[entry["op"]] = entry
    return found


def free_port() -> int:
    """A port of this machine's that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def table(result: dict[str, Any]) -> str:
    """For people."""
    r = result
    return "\n".join(
        (
            f"{r['seconds']} s on {r['database']}, {r['servers']} server processes, "
            f"{r['consoles']} consoles: {'passed' if r['passed'] else 'FAILED'}",
            f"kills {r['console_kills'] + r['server_kills']} (consoles {r['console_kills']}, "
            f"servers {r['server_kills']}), cuts of the network {r['cuts']}",
            f"commits {r['commits']}, operations {r['operations']}, conflicts {r['conflicts']}, "
            f"drained in {r['drained_s']} s",
            f"lost {r['lost']}, doubled {r['doubled']}, diverged {r['diverged']}, "
            f"gaps {r['gaps']}, waiting {r['waiting']}",
            *map(str, r["examples"]),
            *r["ended"][:5],
        )
    )
