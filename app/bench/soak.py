"""`bench soak`: the real window under load for minutes or hours; does anything grow?

A process with the main window on simulated cameras, some of them nowhere, does at random (seeded)
what a shift does: views and layouts, cameras called and taken off, full tiles, replays, zoom, search,
languages, window sizes, PTZ keys, while cameras break and are repaired. Every half minute it returns
to the same view and waits: only those samples are compared, since memory follows what is shown.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from app.bench.measure import display
from app.simulator.process import Simulator, call

CAMERAS, TURNING = 24, 2
SAMPLE_S, ROUND_S, CALM_S = 5.0, 30.0, 10.0
"""A round of `ROUND_S` ends with `CALM_S` of the same view."""

WARM_UP_S = 90.0
"""Packet buffers of a minute fill first; nothing of this time is compared."""

BEAT_MS = 10
LATE_MS = 100.0
"""A median p99 of the second half above this is a failure, less what the machine itself is late: a
process beside the window that only sleeps and looks at the clock."""

GROWTH = {
    "ui_mb": 0.04, "decoders_mb": 0.06, "descriptors": 0.03, "threads": 0.03, "shared_memory": 0.03,
}  # fmt: skip
"""Growth over the second half, as a share of the level, that is still called flat."""

NOISE = 3.0
"""Growth below so many times the scatter around the line is called flat, too."""

FAULTS = (
    "stop-sending", "drop-socket", "half-open", "503", "hang-before-play", "slow-drip", "corrupt-nal",
    "black", "frozen", "change-resolution", "change-codec", "rtp-jump", "b-frames", "audio-only",
    "corrupt-sdp", "huge-sdp", "ptz-slow", "ptz-refuse-stop", "onvif-hang", "reboot",
)  # fmt: skip


def run(minutes: float, seed: int) -> dict[str, Any]:
    """The window in a process of its own; the samples and the verdict."""
    from app.store import sample
    from app.store.cache import open_store

    names = sample.live_names(CAMERAS)
    with (
        Simulator(cameras=CAMERAS, ptz=TURNING, names=names, own_ports=True) as simulator,
        display() as (_, environment),
        tempfile.TemporaryDirectory() as folder,
    ):
        store = open_store(Path(folder))
        sample.fill(store, simulator.cameras)
        store.close()
        job = {"folder": folder, "control": simulator.control_url, "seed": seed,
               "seconds": minutes * 60}  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-m", "app.bench.soak", json.dumps(job)],
            env=environment | {"WATCHROOM_KEYRING": "file"},
            stdout=subprocess.PIPE,
            text=True,
        )
        samples: list[dict[str, Any]] = []
        assert process.stdout is not None
        machine = Lateness()
        for line in process.stdout:
            samples.append(json.loads(line) | {"machine_late_p99_ms": machine.p99()})
            print(json.dumps(samples[-1]), file=sys.stderr, flush=True)
        machine.stop()
        status = process.wait(60)
    return verdict(samples, status) | {"minutes": minutes, "seed": seed}


class Lateness:
    """How late a thread of this process, which has nothing to do, wakes up from its sleep."""

    def __init__(self) -> None:
        self._late: list[float] = []
        self._stopped = False
        threading.Thread(target=self._sleep, daemon=True).start()

    def _sleep(self) -> None:
        while not self._stopped:
            began = time.perf_counter()
            time.sleep(BEAT_MS / 1000)
            self._late.append(max(0.0, (time.perf_counter() - began) * 1000 - BEAT_MS))

    def p99(self) -> float:
        """Since the last call, in ms."""
        late, self._late = sorted(self._late), []
        return round(late[int(len(late) * 0.99)], 1) if late else 0.0

    def stop(self) -> None:
        """No more."""
        self._stopped = True


def line_fit(times: list[float], values: list[float]) -> tuple[float, float]:
    """Theil and Sen's line: slope (a second) and the median distance from it. Outliers do not tilt it.

    At least two different times are needed.
    """
    pairs = itertools.combinations(zip(times, values, strict=True), 2)
    slope = statistics.median((b - a) / (t - s) for (s, a), (t, b) in pairs if t != s)
    level = statistics.median(v - slope * t for t, v in zip(times, values, strict=True))
    away = statistics.median(abs(v - level - slope * t) for t, v in zip(times, values, strict=True))
    return slope, away


def verdict(samples: list[dict[str, Any]], status: int = 0) -> dict[str, Any]:
    """Growth over the second half of the calm samples, and what fails."""
    calm = [s for s in samples if s["calm"] and s["at"] >= min(WARM_UP_S, samples[-1]["at"] / 3)]
    half = calm[len(calm) // 2 :]
    result: dict[str, Any] = {
        "samples": len(samples), "compared": len(half), "growth": {}, "failures": [],
        "actions": samples[-1]["actions"] if samples else 0,
        "errors": samples[-1]["errors"] if samples else 0,
        "slowest_ms": samples[-1]["slowest_ms"] if samples else {},
    }  # fmt: skip
    if status:
        result["failures"].append(f"the wall ended with status {status}")
    if result["errors"]:
        result["failures"].append(f"{result['errors']} exceptions in the window's process")
    if len(half) < 4:
        result["failures"].append("too few samples: let it run for longer")
    else:
        times = [s["at"] for s in half]
        for name, share in GROWTH.items():
            values = [float(s[name]) for s in half]
            slope, away = line_fit(times, values)
            level, grown = statistics.median(values), slope * (times[-1] - times[0])
            bad = grown > max(share * level, NOISE * away, 2.0)
            result["growth"][name] = {
                "level": round(level, 1), "per_hour": round(slope * 3600, 1),
                "over_second_half": round(grown, 1), "scatter": round(away, 2), "flat": not bad,
            }  # fmt: skip
            if bad:
                result["failures"].append(f"{name} grows by {slope * 3600:.1f} an hour")
    middle = len(samples) // 2
    if middle:
        late: dict[str, float] = {}
        for name, part in (("first_half", samples[:middle]), ("second_half", samples[middle:])):
            late[name] = statistics.median(s["late_p99_ms"] for s in part)
            late[f"machine_{name}"] = statistics.median(s["machine_late_p99_ms"] for s in part)
        late["worst"] = max(s["late_p99_ms"] for s in samples)
        result["late_p99_ms"] = late
        own = late["second_half"] - late["machine_second_half"]
        if own > LATE_MS:
            result["failures"].append(f"the window itself is late by {own:.0f} ms (p99)")
    result["passed"] = not result["failures"]
    return result


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    lines = [
        f"{result['minutes']:g} minutes, {result['actions']} actions, {result['errors']} exceptions, "
        f"seed {result['seed']}",
        f"{'':16} {'level':>8} {'an hour':>9} {'2nd half':>9} {'scatter':>8}",
    ]
    for name, g in result["growth"].items():
        lines.append(
            f"{name:16} {g['level']:8.1f} {g['per_hour']:+9.1f} {g['over_second_half']:+9.1f} "
            f"{g['scatter']:8.2f}  {'flat' if g['flat'] else 'GROWS'}"
        )
    if "late_p99_ms" in result:
        late = result["late_p99_ms"]
        lines.append(
            f"UI late (p99 of 5 s, median): {late['first_half']:.1f} ms, then "
            f"{late['second_half']:.1f} ms; the machine {late['machine_first_half']:.1f} ms, then "
            f"{late['machine_second_half']:.1f} ms; worst {late['worst']:.0f} ms"
        )
    slow = sorted(result["slowest_ms"].items(), key=lambda item: -item[1])
    lines.append("longest in the event loop: " + ", ".join(f"{n} {t:.0f} ms" for n, t in slow[:6]))
    lines.append("passed" if result["passed"] else "FAILED: " + "; ".join(result["failures"]))
    return "\n".join(lines)


# -- the window's process


class Soak:
    """The window and the dice."""

    def __init__(
        self, window: Any, engine: Any, cameras: list[str], control: str, seed: int
    ) -> None:
        from app.domain.layout import grid

        self.window, self.engine, self.cameras, self.control = window, engine, cameras, control
        self.dice = random.Random(seed)
        self.grids = [grid(*size) for size in ((4, 4), (4, 5), (5, 5), (5, 6), (6, 6))]
        self.actions = 0
        self.slowest: dict[str, float] = {}
        """The longest that an action kept the event loop, in ms."""
        self._keys: list[Any] = []
        self._faulty: list[str] = []
        self._does: list[tuple[int, Callable[[], None]]] = [
            (6, self._layout), (10, self._place), (4, self._clear), (3, self._maximise),
            (3, self._replay), (3, self._zoom), (2, self._language), (2, self._resize),
            (6, self._ptz), (3, self._search), (8, self._break), (4, self._retry), (4, self._select),
        ]  # fmt: skip

    def act(self) -> None:
        """One thing at random."""
        self.actions += 1
        weights = [w for w, _ in self._does]
        (do,) = self.dice.choices([do for _, do in self._does], weights)
        began = time.perf_counter()
        do()
        took, name = (time.perf_counter() - began) * 1000, do.__name__.strip("_")
        self.slowest[name] = max(self.slowest.get(name, 0.0), round(took, 1))

    def calm(self) -> None:
        """The same view as ever, all cameras repaired."""
        from app.domain.layout import View

        self._release()
        self.window.ptz.stop_all()
        wall = self.window.wall
        wall.maximise(None)
        for index in range(len(wall.view().cameras)):
            wall.end_replay(index)
        wall.set_view(View(self.grids[0], tuple(self.cameras[: len(self.grids[0].cells)])))
        self.window.resize(1700, 950)
        self.window.sidebar.search.setText("")
        self._in_background(*[("DELETE", f"/cameras/{c}/faults", None) for c in self._faulty])
        self._faulty.clear()

    def _in_background(self, *requests: tuple[str, str, dict[str, Any] | None]) -> None:
        """To the simulator; not on this thread, which is measured."""

        def ask() -> None:
            for method, path, body in requests:
                call(self.control, method, path, body)

        threading.Thread(target=ask, daemon=True).start()

    def _tile(self) -> int:
        return self.dice.randrange(len(self.window.wall.view().cameras))

    def _layout(self) -> None:
        self.window.commands.set_layout(self.dice.choice(self.grids))

    def _place(self) -> None:
        count = self.dice.choice((1, 1, 1, 4, 16))
        self.window.wall.place(self._tile(), self.dice.sample(self.cameras, count))

    def _clear(self) -> None:
        self.window.wall.clear(self._tile())

    def _maximise(self) -> None:
        wall = self.window.wall
        wall.maximise(None if wall.maximised is not None else self._tile())

    def _replay(self) -> None:
        """Into the past with the key an operator has for it, or back."""
        self.window.wall.select(self._tile())
        self.window.replay.toggle()

    def _zoom(self) -> None:
        self.window.wall.zoom_steps(self.dice.choice((-2, 1, 2)))

    def _language(self) -> None:
        self.window.use_language(self.dice.choice(("en", "zh_CN")))

    def _resize(self) -> None:
        self.window.resize(self.dice.randrange(1000, 1900), self.dice.randrange(640, 1040))

    def _search(self) -> None:
        self.window.sidebar.search.setText(self.dice.choice(("z", "zs", "中", "1", "bridge", "")))

    def _select(self) -> None:
        self.window.wall.select(self._tile())

    def _retry(self) -> None:
        camera = self.window.wall.camera_at(self._tile())
        if camera is not None:
            self.engine.retry(camera)

    def _ptz(self) -> None:
        """A key held for a moment on a head that turns, where one is on the wall."""
        from PySide6.QtCore import QEvent, Qt, QTimer
        from PySide6.QtGui import QKeyEvent
        from PySide6.QtWidgets import QApplication

        wall = self.window.wall
        rows = self.window.rows
        tiles = [i for i, c in enumerate(wall.view().cameras) if c in rows and rows[c].has_ptz]
        if not tiles:
            return
        wall.select(self.dice.choice(tiles))
        self._release()
        keys = Qt.Key
        key = self.dice.choice((keys.Key_Left, keys.Key_Right, keys.Key_Up, keys.Key_Plus))
        none = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(self.window.ptz, QKeyEvent(QEvent.Type.KeyPress, key.value, none))
        self._keys.append(key)
        QTimer.singleShot(self.dice.randrange(100, 1500), self._release)

    def _release(self) -> None:
        from PySide6.QtCore import QEvent, Qt
        from PySide6.QtGui import QKeyEvent
        from PySide6.QtWidgets import QApplication

        while self._keys:
            event = QKeyEvent(
                QEvent.Type.KeyRelease, self._keys.pop().value, Qt.KeyboardModifier.NoModifier
            )
            QApplication.sendEvent(self.window.ptz, event)

    def _break(self) -> None:
        camera, kind = f"cam{self.dice.randint(1, CAMERAS)}", self.dice.choice(FAULTS)
        self._faulty.append(camera)
        body = {"kind": kind, "parameters": {"seconds": 5} if kind == "reboot" else {}}
        self._in_background(("POST", f"/cameras/{camera}/faults", body))


def _shared_memory(pid: int) -> int:
    """Blocks of shared memory that a process has mapped (Linux; 0 elsewhere)."""
    try:
        lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
    except OSError:
        return 0
    return len({line.split()[5] for line in lines if "/psm_" in line})


def measure(workers: list[int]) -> dict[str, Any]:
    """What this process and the decoders hold. Memory is what is theirs alone (USS), in MB."""
    me = psutil.Process()
    decoders = [psutil.Process(pid) for pid in workers if psutil.pid_exists(pid)]

    def own(process: psutil.Process) -> float:
        return float(process.memory_full_info().uss)

    def descriptors(process: psutil.Process) -> int:
        count: int = getattr(process, "num_fds" if os.name == "posix" else "num_handles")()
        return count

    members = [me, *decoders]
    return {
        "ui_mb": round(own(me) / 1e6, 1),
        "decoders_mb": round(sum(own(d) for d in decoders) / 1e6, 1),
        "rss_mb": round(sum(m.memory_info().rss for m in members) / 1e6, 1),
        "descriptors": sum(descriptors(m) for m in members),
        "threads": sum(m.num_threads() for m in members),
        "shared_memory": _shared_memory(me.pid),
    }


def _window(job: dict[str, Any]) -> int:
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from app.store.cache import open_store
    from app.ui import theme
    from app.ui.client import Heads
    from app.ui.i18n import Language
    from app.ui.main_window import MainWindow
    from app.ui.tasks import Tasks
    from app.video.engine import VideoEngine

    app = QApplication([])
    theme.apply(app)
    language = Language()
    language.use("en")
    folder = Path(job["folder"])
    store = open_store(folder)
    cameras = _cameras(store)
    engine, tasks = VideoEngine(), Tasks()
    engine.start()
    window = MainWindow(store, engine, tasks, language, Heads(store))
    window.restore(None)
    window.show()
    soak = Soak(window, engine, cameras, job["control"], job["seed"])
    errors: list[str] = []

    def noted(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        errors.append(repr(error))
        sys.__excepthook__(kind, error, trace)

    sys.excepthook = noted
    late: list[float] = []
    last = [time.perf_counter()]
    began = time.monotonic()

    def beat() -> None:
        now = time.perf_counter()
        late.append(max(0.0, (now - last[0]) * 1000 - BEAT_MS))
        last[0] = now

    calm_since: list[float] = []

    def act() -> None:
        actor.start(soak.dice.randrange(100, 900))
        now = time.monotonic()
        # A second later than the samples, so that one falls on the end of the calm.
        if (now - began - 1) % ROUND_S < ROUND_S - CALM_S:
            calm_since.clear()
            soak.act()
        elif not calm_since:
            calm_since.append(now)
            soak.calm()

    def sample() -> None:
        elapsed = time.monotonic() - began
        # Long enough in the same view: sessions of before have been closed.
        settled = bool(calm_since) and time.monotonic() - calm_since[0] > CALM_S - 3
        times = sorted(late)
        late.clear()
        p99 = times[int(len(times) * 0.99)] if times else 0.0
        line = {
            "at": round(elapsed, 1), "calm": settled, **measure([w.pid for w in engine.workers()]),
            "late_p99_ms": round(p99, 1), "actions": soak.actions, "errors": len(errors),
            "slowest_ms": soak.slowest,
        }  # fmt: skip
        print(json.dumps(line), flush=True)
        last[0] = time.perf_counter()  # the measuring itself is not the wall's
        if elapsed >= job["seconds"]:
            window.close()
            app.quit()

    timers = []
    for interval, slot in ((BEAT_MS, beat), (int(SAMPLE_S * 1000), sample)):
        timer = QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(slot)
        timer.start(interval)
        timers.append(timer)
    actor = QTimer()
    actor.setSingleShot(True)
    actor.timeout.connect(act)
    actor.start(1000)
    app.exec()
    window.ptz.close_all()
    tasks.close()
    engine.close()
    store.close()
    return 0


def _cameras(store: Any) -> list[str]:
    """All cameras' ids, those that live first."""
    rows = store.cameras(limit=100)
    return [r.id for r in sorted(rows, key=lambda r: (r.address != "127.0.0.1", r.call_number))]


if __name__ == "__main__":
    code = _window(json.loads(sys.argv[1]))
    sys.stdout.flush()
    os._exit(code)
