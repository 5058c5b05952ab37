"""`bench hog`: what happens to the wall, tile by tile and second by second, while others take the
processor (acceptance test T9 of the VMS reference)."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import replace
from typing import Any

from app.domain.load import Level
from app.simulator.process import Simulator
from app.video.engine import VideoEngine
from app.video.types import StreamState, TileRequest

TILES, SIZE = 9, (640, 360)
BEFORE_S, HOG_S, AFTER_S = 5.0, 25.0, 40.0
POLL_S = 0.02


def run() -> dict[str, Any]:
    """Nine tiles, one selected and one marked; as many hogs as there are cores, twice."""
    with Simulator(cameras=TILES, ptz=0) as simulator:
        engine = VideoEngine()
        engine.start()
        names = [c.id for c in simulator.cameras]
        tiles = []
        for i, camera in enumerate(simulator.cameras):
            source = replace(camera.source(), never_degrade=i == 1)
            # A tile this high deserves the main stream.
            tiles.append(TileRequest(camera.id, source, SIZE[0], SIZE[1] + 120, True, i == 0))
        engine.show_all(tiles)
        late: dict[str, list[float]] = {"before": [], "hog": [], "after": []}
        first: dict[str, float] = {}
        deepest = dict.fromkeys(names, Level.FULL)
        hogs: list[subprocess.Popen[bytes]] = []
        try:
            _pump(engine, 90.0, [], lambda: _all_live(engine, names))
            _pump(engine, BEFORE_S, late["before"])
            hogs = [
                subprocess.Popen(
                    ["timeout", str(int(HOG_S) + 30), "sh", "-c", "while :; do :; done"]
                )
                for _ in range(2 * (os.cpu_count() or 1))
            ]
            began = time.monotonic()

            def watch() -> bool:
                for name in names:
                    level = engine.relief.policy.level(name)
                    if level is not Level.FULL:
                        first.setdefault(name, round(time.monotonic() - began, 1))
                    deepest[name] = max(deepest[name], level)
                return False

            _pump(engine, HOG_S, late["hog"], watch)
        finally:
            for hog in hogs:
                hog.terminate()
            for hog in hogs:
                hog.wait()
        ended = time.monotonic()
        _pump(engine, AFTER_S, late["after"], lambda: not engine.relief.policy.levels)
        result = {
            "tiles": TILES,
            "hogs": len(hogs),
            "first_lowered_s": min(first.values(), default=None),
            "lowered_after_s": first,
            "deepest": {n: v.name for n, v in deepest.items()},
            "selected": names[0],
            "marked": names[1],
            "all_back_after_s": round(time.monotonic() - ended, 1)
            if not engine.relief.policy.levels
            else None,
            "loop_late_ms": {k: _figures(v) for k, v in late.items()},
        }
        engine.close()
        return result


def _all_live(engine: VideoEngine, names: list[str]) -> bool:
    shown = (StreamState.LIVE, StreamState.DEGRADED)
    return all(engine.status(n).state in shown for n in names)


def _pump(engine: VideoEngine, seconds: float, late: list[float], until: Any = None) -> None:
    """The UI's beat, and how late each one is."""
    end = time.monotonic() + seconds
    due = time.monotonic()
    while due < end:
        engine.poll()
        if until is not None and until():
            return
        due = max(due + POLL_S, time.monotonic())
        time.sleep(max(0.0, due - time.monotonic()))
        late.append(max(0.0, time.monotonic() - due))


def _figures(values: list[float]) -> dict[str, float]:
    ordered = sorted(values) or [0.0]
    at = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    last = len(ordered) - 1
    return {k: round(1000 * ordered[min(last, int(last * p))], 1) for k, p in at.items()}


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    lines = [f"{result['tiles']} tiles, {result['hogs']} hogs; first tile lowered after "
             f"{result['first_lowered_s']} s"]  # fmt: skip
    for name, level in result["deepest"].items():
        note = {result["selected"]: "selected", result["marked"]: "never degrade"}.get(name, "")
        when = result["lowered_after_s"].get(name)
        lines.append(
            f"  {name:8} {level:5} {'' if when is None else f'after {when:.1f} s':14} {note}"
        )
    for phase, f in result["loop_late_ms"].items():
        lines.append(f"loop late, {phase:6}: {f['p50']:.1f} ms (p50), {f['p99']:.1f} (p99), "
                     f"{f['max']:.1f} (max)")  # fmt: skip
    back = result["all_back_after_s"]
    lines.append("all tiles back after " + (f"{back} s" if back is not None else "more than shown"))
    return "\n".join(lines)
