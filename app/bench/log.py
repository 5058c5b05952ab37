"""`bench log`: the incident log with many entries: how long until the list stands, and each filter."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.bench.measure import display

PER_INCIDENT = 10
OPENS_S, FILTER_S = 1.0, 0.2
"""What must hold (the issue's figures)."""

WORDS = ("红色夹克", "两名男子", "向东逃离", "白色轿车", "有人受伤", "已到现场", "人群散去", "烟雾")


def run(entries: int = 1_000_000) -> dict[str, Any]:
    """The window of incidents, in a process of its own."""
    with display() as (_, environment), tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "app.bench.log", folder, str(entries)],
            env=environment | {"WATCHROOM_KEYRING": "file"},
            stdout=subprocess.PIPE, text=True, timeout=1800, check=True,
        )  # fmt: skip
    result = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(result, dict)
    return result


def fill(store: Any, count: int) -> float:
    """`count` entries of one console over three years; seconds it took."""
    import sqlalchemy as sa

    from app.domain.incident import CATEGORIES, Kind
    from app.domain.logbook import Book, Entry, chain_of
    from app.store import log_lines
    from app.store.log_models import LogRow
    from app.store.store import new_id

    dice, began = random.Random(1), time.perf_counter()
    cameras = [new_id() for _ in range(5000)]
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3 * 365)
    step = timedelta(days=3 * 365) / count
    rows: list[dict[str, Any]] = []
    subjects: list[str] = []
    before, subject, made = "", "", 0

    def write() -> None:
        with store.syncing() as connection:
            connection.execute(sa.insert(LogRow), rows)
            log_lines.summarise(connection, subjects)
        rows.clear()
        subjects.clear()

    for number in range(1, count + 1):
        moment += step
        first = (number - 1) % PER_INCIDENT == 0
        if first:
            if len(rows) >= 20_000:
                write()
            subject, made = new_id(), made + 1
            subjects.append(subject)
            data: dict[str, Any] = {
                "number": made, "category": dice.choice(CATEGORIES), "camera_name": f"相机 {made}",
                "place": f"中山街 {dice.randrange(900)} 号", "detected_at": moment.isoformat(),
            }  # fmt: skip
        else:
            data = {"text": f"{dice.choice(WORDS)} {number}"}
        kind = Kind.OPENED if first else Kind.TEXT
        if number % PER_INCIDENT == 0 and count - number > 500:
            kind, data = Kind.CLOSED, {"result": dice.choice(WORDS)}
        entry = Entry(
            Book.INCIDENT, subject, kind, f"值班员 {dice.randrange(40)}", "WS1", data,
            dice.choice(cameras) if first else "", (), moment.replace(microsecond=0), 0, number,
            new_id(),
        )  # fmt: skip
        entry = replace(entry, chain=chain_of(before, entry))
        before = entry.chain
        rows.append(log_lines.row_values(entry))
    write()
    return time.perf_counter() - began


def _measure(folder: Path, count: int) -> dict[str, Any]:
    from PySide6.QtWidgets import QApplication

    from app.domain.logbook import Book
    from app.store.log_models import LogRow
    from app.store.logbook import Logbook, Wanted
    from app.store.secrets import FileSecrets
    from app.store.store import Store
    from app.ui import theme
    from app.ui.incidents import IncidentWindow
    from app.ui.session import Session
    from app.ui.tasks import Tasks

    store = Store(folder / "watchroom.db", FileSecrets(folder))
    filled = fill(store, count)
    store.close()
    app = QApplication([])
    theme.apply(app)
    store, tasks = Store(folder / "watchroom.db", FileSecrets(folder)), Tasks()
    log = Logbook(store)

    def until(condition: Callable[[], Any]) -> None:
        end = time.perf_counter() + 60
        while not condition() and time.perf_counter() < end:
            app.processEvents()

    began = time.perf_counter()
    holder = Session(app)
    window = IncidentWindow(log, tasks, holder, lambda: "zh_CN", lambda *_: None)
    window.show()
    window.reload()
    until(lambda: window.list.topLevelItemCount() > 0)
    app.processEvents()
    opened = time.perf_counter() - began
    with store._reading() as session:
        import sqlalchemy as sa

        camera = session.scalar(sa.select(LogRow.camera_id).where(LogRow.camera_id != "").limit(1))
    month = datetime.now(UTC) - timedelta(days=31)
    asked = {
        "all": Wanted(Book.INCIDENT),
        "31 days": Wanted(Book.INCIDENT, since=month),
        "open": Wanted(Book.INCIDENT, states=("open",)),
        "category": Wanted(Book.INCIDENT, category="fire"),
        "camera": Wanted(Book.INCIDENT, camera_id=camera or ""),
        "camera, 31 days": Wanted(Book.INCIDENT, camera_id=camera or "", since=month),
        "person": Wanted(Book.INCIDENT, person="值班员 7"),
        "nobody": Wanted(Book.INCIDENT, person="nobody"),
        "words": Wanted(Book.INCIDENT, words="白色轿车"),
        "words, 31 days": Wanted(Book.INCIDENT, words="白色轿车", since=month),
        "number": Wanted(Book.INCIDENT, words=f"{count // PER_INCIDENT // 3:06d}"),
        "no such words": Wanted(Book.INCIDENT, words="没有这样的话"),
    }  # fmt: skip
    filters = {}
    for name, wanted in asked.items():
        times = []
        for _ in range(3):
            began = time.perf_counter()
            log.subjects(wanted)
            times.append(time.perf_counter() - began)
        filters[name] = round(sorted(times)[1] * 1000, 1)
    began = time.perf_counter()
    log.open_cameras()
    held = time.perf_counter() - began
    began = time.perf_counter()
    whole = all(c.broken is None for some in log.check().values() for c in some)
    checked = time.perf_counter() - began
    tasks.close()
    store.close()
    return {
        "entries": count, "fill_s": round(filled, 1), "open_ms": round(opened * 1000, 1),
        "filter_ms": filters, "filter_max_ms": max(filters.values()),
        "open_cameras_ms": round(held * 1000, 1), "check_s": round(checked, 1), "whole": whole,
        "database_mb": round((folder / "watchroom.db").stat().st_size / 1e6),
        "passed": opened < OPENS_S and max(filters.values()) < FILTER_S * 1000 and whole,
    }  # fmt: skip


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    lines = [
        f"{result['entries']} entries, {result['database_mb']} MB: "
        f"the list opens in {result['open_ms']:.0f} ms"
    ]
    lines += [f"  {name:16} {ms:7.1f} ms" for name, ms in result["filter_ms"].items()]
    lines.append(f"  whole chain checked in {result['check_s']:.1f} s")
    return "\n".join(lines)


if __name__ == "__main__":
    print(json.dumps(_measure(Path(sys.argv[1]), int(sys.argv[2]))), flush=True)
