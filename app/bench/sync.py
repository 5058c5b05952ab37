"""`watchroom bench sync`: first load, a full outbox, and how soon others see a save; one run.

A server on SQLite with a socket, and consoles, all on this machine. Only ratios travel.
"""

from __future__ import annotations

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
import uvicorn

from app.domain.permission import Role
from app.server.accounts import issue
from app.server.application import Settings, create_application
from app.server.database import Database, stamp
from app.server.limits import Limits
from app.store import kinds, sample
from app.store.models import ChannelRow, OrganisationRow, SiteRow
from app.store.secrets import FileSecrets
from app.store.server_models import AccountRow
from app.store.store import Store, new_id
from app.sync.client import SyncClient, SyncThread
from app.sync.transport import HttpTransport


def run(cameras: int = 100_000, operations: int = 10_000, saves: int = 30) -> dict[str, Any]:
    """The figures. Takes some minutes at full size."""
    folder = Path(tempfile.mkdtemp(prefix="watchroom-bench-"))
    try:
        return _run(folder, cameras, operations, saves)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, cameras: int, operations: int, saves: int) -> dict[str, Any]:
    source = Store(folder / "server.db", FileSecrets(folder))
    sample.make_large(source, cameras)
    source.close()
    database = Database(f"sqlite:///{folder / 'server.db'}")
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
    settings = Settings(limits=Limits(rate=1e6, burst=1e6))
    server = uvicorn.Server(
        uvicorn.Config(create_application(database, settings), port=0, log_config=None)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]

    def transport() -> HttpTransport:
        return HttpTransport(f"http://127.0.0.1:{port}", lambda: token)

    def console(name: str) -> Store:
        (folder / name).mkdir()
        return Store(folder / name / "watchroom.db", FileSecrets(folder / name))

    result: dict[str, Any] = {"cameras": cameras}
    first = console("first")
    client = SyncClient(first, transport())
    wire = client.transport
    assert isinstance(wire, HttpTransport)
    before = _memory()
    began = time.perf_counter()
    client.hello()
    client.load_page()
    result["first_page_ms"] = round((time.perf_counter() - began) * 1000)
    most = _memory()
    while client.load_page():
        most = max(most, _memory())
    while client.pull():
        pass
    result["first_load_s"] = round(time.perf_counter() - began, 2)
    result["bytes_on_the_wire"] = wire.received + wire.sent
    result["memory_mb"] = round(most - before)
    result["raw_s"] = round(_raw(first, folder / "raw.db"), 2)
    result["ratio_to_raw"] = round(result["first_load_s"] / result["raw_s"], 2)

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

    second = console("second")
    other = SyncClient(second, transport())
    other.round()
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
    server.should_exit = True
    thread.join(10)
    for store in (first, second):
        store.close()
    database.close()
    return result


def _raw(store: Store, path: Path) -> float:
    """Seconds to write the same rows into SQLite with plain executemany, same tables, one
    transaction: the floor."""
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
    began = time.perf_counter()
    target.execute("BEGIN")
    for table, values in rows.items():
        marks = ",".join("?" * len(values[0]))
        target.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
    target.execute("COMMIT")
    spent = time.perf_counter() - began
    source.close()
    target.close()
    return spent


def _memory() -> float:
    """What this process holds now, MB (server and consoles together)."""
    return float(psutil.Process().memory_info().rss) / 1e6


def table(result: dict[str, Any]) -> str:
    """For people."""
    r = result
    return "\n".join(
        (
            f"first load of {r['cameras']:,} cameras   {r['first_load_s']} s, first page "
            f"{r['first_page_ms']} ms, {r['bytes_on_the_wire'] / 1e6:.1f} MB on the wire, "
            f"{r['memory_mb']} MB more memory (server and console)",
            f"plain executemany of the same rows   {r['raw_s']} s: ratio {r['ratio_to_raw']}",
            f"outbox of {r['operations']:,}   drained in {r['drained_s']} s: "
            f"{r['operations_a_second']} operations a second",
            f"a save is seen on the other console after   {r['sight_p50_ms']} ms (p50), "
            f"{r['sight_p95_ms']} ms (p95)",
        )
    )
