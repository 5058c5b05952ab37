"""`bench sidebar` and `bench startup`: 100,000 cameras, and how long until the window stands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from app.bench.measure import display

QUERIES = ("z", "zs", "zsj", "中山", "15000", "10.1.2", "bridge", "nothing-like-it", "huayuan 99")


def run(cameras: int = 100_000) -> dict[str, Any]:
    """The sidebar in a window, in a process of its own."""
    with display() as (_, environment), tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "app.bench.sidebar", folder, str(cameras)],
            env=environment | {"WATCHROOM_KEYRING": "file"},
            stdout=subprocess.PIPE,
            text=True,
            timeout=600,
            check=True,
        )
    result = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(result, dict)
    return result


def _measure(folder: Path, cameras: int) -> dict[str, Any]:
    from PySide6.QtWidgets import QApplication

    from app.store import sample
    from app.store.secrets import FileSecrets
    from app.store.store import Store
    from app.ui import theme
    from app.ui.sidebar import Sidebar
    from app.ui.tasks import Tasks

    store = Store(folder / "watchroom.db", FileSecrets(folder))
    sample.make_large(store, cameras)
    store.close()
    app = QApplication([])
    theme.apply(app)
    store = Store(folder / "watchroom.db", FileSecrets(folder))
    tasks = Tasks()

    def until(condition: Any) -> None:
        end = time.perf_counter() + 60
        while not condition() and time.perf_counter() < end:
            app.processEvents()

    began = time.perf_counter()
    sidebar = Sidebar(store, tasks, lambda: "zh_CN")
    sidebar.resize(320, 900)
    sidebar.show()
    until(lambda: sidebar._tree_model.rowCount() > 0)
    app.processEvents()
    opened = time.perf_counter() - began
    answers: list[int] = []
    sidebar._list_model.counted.connect(answers.append)
    sidebar._tabs.setCurrentIndex(1)
    until(lambda: bool(answers))
    keystrokes = {}
    for query in QUERIES:
        best = []
        for _ in range(3):
            sidebar.search.setText("")
            before = len(answers)
            until(lambda before=before: len(answers) > before)
            before = len(answers)
            began = time.perf_counter()
            sidebar.search.setText(query)
            until(lambda before=before: len(answers) > before)
            best.append(time.perf_counter() - began)
        keystrokes[query] = round(sorted(best)[1] * 1000, 1)
    tasks.close()
    store.close()
    return {
        "cameras": cameras,
        "open_ms": round(opened * 1000, 1),
        "keystroke_ms": keystrokes,
        "keystroke_max_ms": max(keystrokes.values()),
    }


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    lines = [f"{result['cameras']} cameras: sidebar opens in {result['open_ms']:.0f} ms"]
    lines += [f"  {q:16} {ms:7.1f} ms" for q, ms in result["keystroke_ms"].items()]
    return "\n".join(lines)


def startup() -> dict[str, Any]:
    """From the command to the first window, three times; the middle one counts."""
    times = []
    with display() as (_, environment), tempfile.TemporaryDirectory() as folder:
        for _ in range(3):
            began = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, "-m", "app.bench.sidebar", "--window", folder],
                env=environment | {"WATCHROOM_KEYRING": "file"},
                stdout=subprocess.PIPE,
                text=True,
            )
            assert process.stdout is not None
            process.stdout.readline()
            times.append(time.perf_counter() - began)
            process.wait(20)
    return {"window_ms": round(sorted(times)[1] * 1000)}


def _window(folder: Path) -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from app.ui.application import ClientOptions, run_client

    app = QApplication([])

    def look() -> None:
        if any(w.isVisible() for w in app.topLevelWidgets()):
            print("visible", flush=True)
            timer.stop()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(5)
    run_client(ClientOptions(folder, "en", seconds=1.0))


if __name__ == "__main__":
    if sys.argv[1] == "--window":
        _window(Path(sys.argv[2]))
        os._exit(0)
    where = Path(sys.argv[1])
    print(json.dumps(_measure(where, int(sys.argv[2]))), flush=True)
    shutil.rmtree(where, ignore_errors=True)
    os._exit(0)
