"""`bench sync-load`: one server process with thousands of waiting consoles, and with hundreds that
send at once. On this machine's loopback only; on SQLite, or an empty PostgreSQL by `--database`."""

from __future__ import annotations

import asyncio
import multiprocessing
import shutil
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil

from app.bench.sync_soak import Soak, address, free_port, serve
from app.store.store import new_id
from app.sync import protocol
from app.sync.transport import HttpTransport

BATCH, SENDERS = 10, 8


def run(
    database: str = "", waiting: int = 5000, consoles: int = 200, seconds: float = 20.0
) -> dict[str, Any]:
    """`waiting`: consoles with a long poll; `consoles`: those that send, for so many seconds."""
    folder = Path(tempfile.mkdtemp(prefix="watchroom-load-"))
    stack = ExitStack()
    soak = Soak(folder, stack.enter_context(address(database)), 1, 1)
    port = free_port()
    process = multiprocessing.get_context("spawn").Process(
        target=serve, args=(soak.url, port, str(folder), str(folder / "ready")), daemon=True
    )
    try:
        token = soak.prepare(1800)[0][0]
        process.start()
        while not (folder / "ready").exists():
            time.sleep(0.05)
        result: dict[str, Any] = {"database": soak.database.engine.dialect.name}
        result |= _send(port, token, consoles, seconds)
        server = psutil.Process(process.pid)
        result |= asyncio.run(_wait(port, token, server, waiting))
        return result
    finally:
        process.kill()
        if process.pid:
            process.join()
        soak.database.close()
        stack.close()
        shutil.rmtree(folder, ignore_errors=True)


def _send(port: int, token: str, consoles: int, seconds: float) -> dict[str, Any]:
    """Each console in turn sends a few new landmarks, over one of some connections."""
    end = time.monotonic() + seconds
    done: list[float] = []

    def work(mine: range) -> None:
        wire = HttpTransport(f"http://127.0.0.1:{port}", lambda: token)
        sent = {new_id(): 0 for _ in mine}
        while time.monotonic() < end:
            for replica, n in sent.items():
                ops = [
                    protocol.Operation(
                        new_id(), n + i, "landmark", new_id(), 0,
                        {"name": f"人民路{n + i} {replica}", "latitude": 1.0, "longitude": 2.0},
                        "2026-01-01T00:00:00Z",
                    )
                    for i in range(1, BATCH + 1)
                ]  # fmt: skip
                began = time.monotonic()
                if began > end:
                    break
                body = protocol.encode(protocol.Push(replica=replica, ops=ops))
                wire.call("POST", "push", body, 60)
                done.append(time.monotonic() - began)
                sent[replica] = n + BATCH
        wire.close()

    threads = [
        threading.Thread(target=work, args=(range(i, consoles, SENDERS),)) for i in range(SENDERS)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.monotonic() - began
    times = sorted(done) or [0.0]
    return {
        "sending_consoles": consoles, "operations_a_second": round(len(done) * BATCH / spent),
        "push_p50_ms": round(times[len(times) // 2] * 1000),
        "push_p95_ms": round(times[int(len(times) * 0.95)] * 1000),
    }  # fmt: skip


async def _wait(port: int, token: str, server: psutil.Process, count: int) -> dict[str, Any]:
    """Long polls that are asked again when they end; the server's memory when all wait."""
    before = server.memory_info().rss
    cpu = server.cpu_times()
    pull = protocol.encode(protocol.Place(replica=new_id()))
    wire = HttpTransport(f"http://127.0.0.1:{port}", lambda: token)
    said = protocol.decode(protocol.Hello, wire.call("POST", "hello", pull, 60))
    page = protocol.Pull(replica=new_id(), history=said.history, cursor=said.head)
    known = protocol.decode(protocol.Pulled, wire.call("POST", "pull", protocol.encode(page), 60))
    asked = protocol.encode(
        protocol.Watch(replica=new_id(), history=said.history, cursor=said.head, scope=known.scope)
    )
    request = (
        f"POST /sync/v1/watch HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(asked)}\r\n\r\n"
    ).encode() + asked
    waiting = most = failed = 0
    stop = asyncio.Event()

    async def one() -> None:
        nonlocal waiting, most, failed
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            while not stop.is_set():
                writer.write(request)
                waiting += 1
                most = max(most, waiting)
                try:
                    head = await reader.readuntil(b"\r\n\r\n")
                finally:
                    waiting -= 1
                if b" 200 " not in head.split(b"\r\n")[0]:
                    failed += 1
                    break
                length = next(x for x in head.lower().split(b"\r\n") if b"content-length" in x)
                await reader.readexactly(int(length.split(b":")[1]))
            writer.close()
        except (OSError, asyncio.IncompleteReadError):
            failed += 1

    tasks = []
    for _ in range(count):
        tasks.append(asyncio.create_task(one()))
        if len(tasks) % 50 == 0:
            await asyncio.sleep(0.1)
    began, peak = time.monotonic(), 0
    while time.monotonic() - began < 20:
        peak = max(peak, server.memory_info().rss)
        await asyncio.sleep(0.5)
    stop.set()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    now = server.cpu_times()
    return {
        "waiting_consoles": most, "failed": failed,
        "server_mb_before": round(before / 1e6), "server_mb": round(peak / 1e6),
        "server_cpu_s": round(now.user + now.system - cpu.user - cpu.system, 1),
    }  # fmt: skip


def table(result: dict[str, Any]) -> str:
    """For people."""
    r = result
    return "\n".join(
        (
            f"{r['database']}: {r['sending_consoles']} consoles send "
            f"{r['operations_a_second']} operations a second (push of {BATCH}: p50 "
            f"{r['push_p50_ms']} ms, p95 {r['push_p95_ms']} ms)",
            f"{r['waiting_consoles']} consoles wait: the server holds {r['server_mb']} MB "
            f"({r['server_mb_before']} MB before), {r['failed']} failed",
        )
    )
