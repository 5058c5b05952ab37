"""`watchroom bench sync`: first loads, a full outbox, and how soon others see a save; one run.

A server process on SQLite or PostgreSQL with a socket, and consoles in this process, all on this
machine. Ratios are of processor time, which a busy machine changes less than the clock.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import sqlalchemy as sa

from app.bench.sync_soak import address, free_port, serve
from app.domain.permission import Role
from app.server.access import Access
from app.server.accounts import issue
from app.server.database import Database, stamp
from app.server.sync import SyncServer
from app.store import kinds, sample
from app.store.database import connect, migrate
from app.store.models import Base, ChannelRow, OrganisationRow, SiteRow
from app.store.secrets import FileSecrets
from app.store.server_models import AccountRow
from app.store.store import Store, new_id
from app.sync.client import SyncClient, SyncThread, beside
from app.sync.transport import HttpTransport


def run(
    cameras: int = 100_000, database: str = "", operations: int = 2_000, saves: int = 30
) -> dict[str, Any]:
    """The figures. Takes some minutes at full size. `database`: see `address`."""
    folder = Path(tempfile.mkdtemp(prefix="watchroom-bench-"))
    try:
        with address(database) as url:
            return _run(folder, url, cameras, operations, saves)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fill(folder: Path, url: str, cameras: int) -> str:
    """A server's database with cameras and a person; that one's token."""
    file = folder / "server.db"
    source = Store(file, FileSecrets(folder))
    sample.make_large(source, cameras)
    source.close()
    if not url.startswith("sqlite"):
        engine, old = connect(url), sa.create_engine(f"sqlite:///{file}")
        migrate(engine, None)
        tables = [k.table for k in kinds.KINDS.values()] + [Base.metadata.tables["stream"]]
        with old.connect() as reader, engine.begin() as writer:
            for table in tables:
                rows = [dict(r._mapping) for r in reader.execute(sa.select(table))]
                for part in kinds.chunks(rows, 5000):
                    writer.execute(sa.insert(table), part)
            writer.execute(sa.text("ANALYZE"))  # as autovacuum does a minute after
        engine.dispose()
        old.dispose()
    database = Database(url)
    top, account = new_id(), new_id()
    with database.writing() as session:
        at = stamp(datetime.now(UTC))
        session.add(OrganisationRow(id=top, name="市", updated_at=at))
        session.flush()
        session.execute(
            sa.update(OrganisationRow).where(OrganisationRow.id != top).values(parent_id=top)
        )
        session.add(
            AccountRow(id=account, login="bench", name="bench", organisation_id=top,
                       roles=Role.COMMISSIONER, password_hash="", created_at=at)
        )  # fmt: skip
        session.flush()
        late = datetime.now(UTC) + timedelta(minutes=30)  # the whole run on one token
        token = issue(session, late, account, "", new_id(), "").model_dump()["access"]
    SyncServer(database, Access(database))  # enters what is there in the feed
    database.close()
    return str(token)


class _Spent:
    """Processor time, of this process and of the server's, since it was made."""

    def __init__(self, server: psutil.Process) -> None:
        self._server = server
        self._began = self._now()
        self._clock = time.perf_counter()

    def _now(self) -> tuple[float, float]:
        there = self._server.cpu_times()
        return time.process_time(), there.user + there.system

    def figures(self, prefix: str, raw_s: tuple[float, float]) -> dict[str, Any]:
        """Seconds and processor time, as multiples of those of plain writing."""
        here, there = (now - began for now, began in zip(self._now(), self._began, strict=True))
        took = time.perf_counter() - self._clock
        return {
            f"{prefix}_s": round(took, 2),
            f"{prefix}_ratio": round(took / raw_s[0], 2),
            f"{prefix}_cpu_ratio": round((here + there) / raw_s[1], 2),
            f"{prefix}_console_cpu_ratio": round(here / raw_s[1], 2),
        }


def _run(folder: Path, url: str, cameras: int, operations: int, saves: int) -> dict[str, Any]:
    url = url or f"sqlite:///{folder / 'server.db'}"
    token, port = _fill(folder, url, cameras), free_port()
    process = multiprocessing.get_context("spawn").Process(
        target=serve, args=(url, port, str(folder), str(folder / "ready")), daemon=True
    )
    process.start()
    try:
        while not (folder / "ready").exists():
            time.sleep(0.05)
        server = psutil.Process(process.pid)
        return _measure(folder, url, token, port, server, cameras, operations, saves)
    finally:
        process.kill()
        process.join()


def _measure(
    folder: Path, url: str, token: str, port: int, server: psutil.Process, cameras: int,
    operations: int, saves: int,
) -> dict[str, Any]:  # fmt: skip
    def transport() -> HttpTransport:
        return HttpTransport(f"http://127.0.0.1:{port}", lambda: token)

    def console(name: str) -> Store:
        (folder / name).mkdir()
        return Store(folder / name / "watchroom.db", FileSecrets(folder / name))

    def load(store: Store, prefix: str) -> dict[str, Any]:
        client = SyncClient(store, transport(), submit=beside)
        wire = client.transport
        assert isinstance(wire, HttpTransport)
        before, spent, began = _memory(), _Spent(server), time.perf_counter()
        client.hello()
        client.load_page()
        found: dict[str, Any] = {f"{prefix}_page_ms": round((time.perf_counter() - began) * 1000)}
        most = _memory()
        while client.load_page():
            most = max(most, _memory())
        while client.pull():
            pass
        found |= spent.figures(prefix, raw)
        found[f"{prefix}_memory_mb"] = round(most - before)
        found[f"{prefix}_bytes"] = wire.received + wire.sent
        return found

    result: dict[str, Any] = {
        "cameras": cameras, "database": sa.make_url(url).get_backend_name(),
        "machine_cores": os.cpu_count(),
    }  # fmt: skip
    scout = console("scout")
    SyncClient(scout, transport()).round()
    raws = sorted(_raw(scout, folder / f"raw{n}.db") for n in range(3))
    raw = raws[1]
    scout.close()
    shutil.rmtree(folder / "scout")
    result |= {"raw_s": round(raw[0], 2), "raw_cpu_s": round(raw[1], 2),
               "raw_spread_s": [round(took, 2) for took, _ in raws]}  # fmt: skip
    shutil.rmtree(folder / "files" / "snapshots")  # the next one's pages are made for it
    first, second = console("first"), console("second")
    result |= load(first, "paged")
    result |= load(second, "kept")
    client = SyncClient(first, transport())

    with first.looking() as connection:
        ids = list(connection.scalars(sa.select(ChannelRow.id).limit(operations)))
    for part in kinds.chunks([ids[i % len(ids)] for i in range(operations)], 500):
        with first._writing() as session:
            for n, row in enumerate(
                session.scalars(sa.select(ChannelRow).where(ChannelRow.id.in_(part)))
            ):
                row.note = f"bench {n} {time.perf_counter()}"
    waiting = client.status().waiting
    began = time.perf_counter()
    client.push()
    spent = time.perf_counter() - began
    result |= {"operations": waiting, "drained_s": round(spent, 2),
               "operations_a_second": round(waiting / spent)}  # fmt: skip
    while client.pull():
        pass

    SyncClient(second, transport()).round()
    threads = [SyncThread(store, transport) for store in (first, second)]
    for each in threads:
        each.start()
    while any(t.status.phase != "in_step" for t in threads):
        time.sleep(0.05)
    with first.looking() as connection:
        site = connection.scalar(sa.select(SiteRow.id).limit(1))
    seen = threading.Event()
    second.on_change(lambda changes: seen.set() if "site" in changes.kinds else None)
    times = []
    for n in range(saves):
        time.sleep(0.3)
        seen.clear()
        began = time.perf_counter()
        with first._writing(site={str(site)}) as session:
            session.get_one(SiteRow, site).address = f"save {n}"
        if not seen.wait(10):
            raise RuntimeError("a save was never seen on the other console")
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    result |= {"sight_p50_ms": round(times[len(times) // 2]),
               "sight_p95_ms": round(times[int(len(times) * 0.95)])}  # fmt: skip
    for each in threads:
        each.stop()
    for store in (first, second):
        store.close()
    return result


def _raw(store: Store, path: Path) -> tuple[float, float]:
    """Time and processor time to write the same rows into SQLite with plain executemany, same
    tables, one transaction: the floor."""
    tables = ("organisation", "site", "position", "device", "channel", "stream")
    source, target = sqlite3.connect(store.path), sqlite3.connect(path, isolation_level=None)
    target.execute("PRAGMA journal_mode=WAL")
    target.execute("PRAGMA synchronous=FULL")
    rows = {}
    for table in tables:
        query = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC"
        for (sql,) in source.execute(query, (table,)):
            target.execute(sql)
        rows[table] = source.execute(f"SELECT * FROM {table}").fetchall()
    clock, began = time.perf_counter(), time.process_time()
    target.execute("BEGIN")
    for table, values in rows.items():
        marks = ",".join("?" * len(values[0]))
        target.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
    target.execute("COMMIT")
    spent = time.perf_counter() - clock, time.process_time() - began
    source.close()
    target.close()
    path.unlink()
    return spent


def _memory() -> float:
    """What this process holds now, MB."""
    return float(psutil.Process().memory_info().rss) / 1e6


def table(result: dict[str, Any]) -> str:
    """For people."""
    r = result
    lines = [
        f"first load of {r['cameras']:,} cameras, server on {r['database']}; plain executemany of "
        f"the same rows takes {r['raw_s']} s ({r['raw_spread_s'][0]} to {r['raw_spread_s'][2]}), "
        f"{r['raw_cpu_s']} s of processor time"
    ]
    for name, text in (("paged", "pages made for it"), ("kept", "from kept pages")):
        lines.append(
            f"  {text}   {r[f'{name}_s']} s: {r[f'{name}_ratio']} x plain (processor time of both "
            f"ends {r[f'{name}_cpu_ratio']} x, of it the console {r[f'{name}_console_cpu_ratio']}); "
            f"first page {r[f'{name}_page_ms']} ms, {r[f'{name}_bytes'] / 1e6:.1f} MB on the wire, "
            f"console + {r[f'{name}_memory_mb']} MB"
        )
    lines += [
        f"outbox of {r['operations']:,}   drained in {r['drained_s']} s: "
        f"{r['operations_a_second']} operations a second",
        f"a save is seen on the other console after   {r['sight_p50_ms']} ms (p50), "
        f"{r['sight_p95_ms']} ms (p95)",
    ]
    return "\n".join(lines)
