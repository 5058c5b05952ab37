"""Our side of `bench wall`: the real wall widget and engine in a window, reporting JSON.

Run as a process of its own: `python -m app.bench.wall_client` with a JSON job on standard input.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.bench.measure import cpu_seconds, memory_mb
from app.domain.camera import CameraRow, CameraSource, Credentials, StreamRole, StreamSpec
from app.domain.layout import View, grid
from app.ui import theme
from app.ui.session import Session
from app.ui.tile_painter import GAP, STRIP
from app.ui.wall import WallWidget
from app.video.engine import VideoEngine
from app.video.types import StreamState

BEAT_MS = 10


def wall_size(tiles: int, tile_width: int, tile_height: int) -> tuple[int, int, int, int]:
    """(rows, columns, width, height) of a wall whose pictures have exactly that size."""
    columns = math.ceil(math.sqrt(tiles))
    rows = math.ceil(tiles / columns)
    return rows, columns, columns * (tile_width + 2 * GAP), rows * (tile_height + 2 * GAP + STRIP)


def main() -> int:
    """Measure and print one JSON object."""
    job = json.loads(sys.stdin.read())
    app = QApplication([])
    theme.apply(app)
    account = Credentials(job["username"], job["password"])
    sources = {
        c["id"]: CameraSource(c["id"], (StreamSpec(StreamRole.SUB, c["url"], "h264", 640, 360, 15),),
                              account)
        for c in job["cameras"]
    }  # fmt: skip
    rows = {
        i: CameraRow(i, i, i, n, "", "", "", "", False, False) for n, i in enumerate(sources, 1)
    }
    engine = VideoEngine()
    engine.relief.on = False  # the floor and the peers show every picture, too
    engine.start()
    wall = WallWidget(engine, rows.get)
    if job.get("watermark"):
        wall.watermark = Session(wall).watermark
    tiles = len(sources)
    count_rows, columns, width, height = wall_size(tiles, job["width"], job["height"])
    wall.setFixedSize(width, height)
    wall.set_view(View(grid(count_rows, columns), tuple(sources)))
    wall.set_sources(sources.get)
    wall.show()
    late: list[float] = []
    last = [time.perf_counter()]

    def beat() -> None:
        now = time.perf_counter()
        late.append(max(0.0, (now - last[0]) * 1000 - BEAT_MS))
        last[0] = now

    heart = QTimer()
    heart.setTimerType(Qt.TimerType.PreciseTimer)
    heart.timeout.connect(beat)
    heart.start(BEAT_MS)
    started = time.monotonic()
    state: dict[str, Any] = {}

    def begin() -> None:
        live = sum(engine.status(c).state is StreamState.LIVE for c in sources)
        if live < tiles and time.monotonic() - started < job["warm_up"]:
            QTimer.singleShot(200, begin)
            return
        # Two more seconds: openings are over, rates are steady.
        QTimer.singleShot(2000, measure)

    def measure() -> None:
        state["all_live_s"] = time.monotonic() - started - 2
        state["painted"] = dict(wall.painted)
        state["cpu"] = cpu_seconds([os.getpid()])
        state["server"] = cpu_seconds([job["display_server"]])
        state["at"] = time.perf_counter()
        late.clear()
        QTimer.singleShot(int(job["seconds"] * 1000), report)

    def report() -> None:
        seconds = time.perf_counter() - state["at"]
        used = cpu_seconds([os.getpid()]) - state["cpu"]
        server = cpu_seconds([job["display_server"]]) - state["server"]
        fps = [(wall.painted.get(c, 0) - state["painted"].get(c, 0)) / seconds for c in sources]
        times = sorted(late)

        def share(p: float) -> float:
            return round(times[min(len(times) - 1, int(len(times) * p))], 2)

        print(
            json.dumps(
                {
                    "cpu_cores": round(used / seconds, 3),
                    "display_server_cores": round(server / seconds, 3),
                    **memory_mb([os.getpid()]),
                    "fps_min": round(min(fps), 2),
                    "fps_mean": round(sum(fps) / len(fps), 2),
                    "ui_late_ms": {
                        "p50": share(0.5),
                        "p99": share(0.99),
                        "max": round(times[-1], 2),
                    },
                    "all_live_s": round(state["all_live_s"], 2),
                }
            ),
            flush=True,
        )
        wall.close()
        app.quit()

    begin()
    app.exec()
    engine.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
