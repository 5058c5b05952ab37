"""`bench latency`: source time code to painted picture, and call-up to first picture.

The simulator tells when code 0 of a loop was last sent; the code read off the painted picture then
tells when that picture was sent. Both processes read the same wall clock.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

from app.bench.measure import display
from app.domain.camera import CameraRow, CameraSource, StreamRole
from app.simulator.process import Simulator

LOOP_FRAMES = 150
FPS = 15


def run(samples: int = 60) -> dict[str, Any]:
    """Runs the measurement in a process with a window."""
    with display() as (_, environment):
        done = subprocess.run(
            [sys.executable, "-m", "app.bench.latency", str(samples)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            timeout=300,
            check=True,
        )
    result = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(result, dict)
    return result


def _measure(samples: int) -> dict[str, Any]:
    import numpy as np
    from PySide6.QtWidgets import QApplication

    from app.domain.layout import View, grid
    from app.simulator import timecode
    from app.ui import theme
    from app.ui.tile_painter import picture_box
    from app.ui.wall import WallWidget
    from app.video.engine import VideoEngine

    app = QApplication([])
    theme.apply(app)
    with Simulator(cameras=9, ptz=0) as simulator:
        sources: dict[str, CameraSource] = {}
        for camera in simulator.cameras:
            full = camera.source()
            sub = tuple(s for s in full.streams if s.role is StreamRole.SUB)
            sources[camera.id] = replace(full, streams=sub)
        rows = {i: CameraRow(i, i, i, None, "", "", "", "", False, False) for i in sources}
        engine = VideoEngine()
        engine.start()
        wall = WallWidget(engine, rows.get)
        wall.resize(1440, 900)
        wall.set_view(View(grid(3, 3), tuple(sources)))
        wall.set_sources(sources.get)
        wall.show()

        def pump(seconds: float) -> None:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                app.processEvents()
                time.sleep(0.001)

        def all_live() -> bool:
            return all(engine.status(c).state == "live" for c in sources)

        deadline = time.monotonic() + 60
        while not all_live() and time.monotonic() < deadline:
            pump(0.1)
        pump(2)
        camera_id = next(iter(sources))
        index = wall.view().cameras.index(camera_id)
        box = picture_box(wall.tile_rectangle(index))
        painted: list[float] = []
        after_arrival: list[float] = []
        started = simulator.state(camera_id)["streams"]["sub"]["first_frame_at"]
        seen = -1
        wall.painted[camera_id] = 0
        count = 0
        while len(painted) < samples:
            app.processEvents()
            if wall.painted.get(camera_id, 0) == count:
                time.sleep(0.0005)
                continue
            count = wall.painted[camera_id]
            now, now_monotonic = time.time(), time.monotonic()
            picture = engine.picture(camera_id)
            assert picture is not None
            after_arrival.append(now_monotonic - picture.arrived_at)
            image = np.frombuffer(picture.data, np.uint8).reshape(picture.height, -1, 4)
            code = timecode.read(image[:, : picture.width])
            if code is None or code == seen:
                continue
            if code < seen:
                started = simulator.state(camera_id)["streams"]["sub"]["first_frame_at"]
            seen = code
            age = now - (started + code / FPS)
            period = LOOP_FRAMES / FPS
            painted.append((age + period / 2) % period - period / 2)
        assert box.width() > 0
        # Call-up: a camera nobody watches, asked for ten times.
        first_picture: list[float] = []
        beyond_key: list[float] = []
        for i in range(10):
            name = f"call{i}"
            source = replace(sources[camera_id], camera_id=name)
            rows[name] = rows[camera_id]
            sources[name] = source
            pump(2.2 + 0.1 * i)  # past the linger, at another moment of the loop each time
            began = time.monotonic()
            wall.set_view(wall.view().place(8, name))
            while engine.picture(name) is None:
                app.processEvents()
                time.sleep(0.001)
            picture = engine.picture(name)
            assert picture is not None
            took = time.monotonic() - began
            first_picture.append(took)
            beyond_key.append(time.monotonic() - picture.arrived_at)
        engine.close()
        wall.close()

    def figures(values: list[float]) -> dict[str, float]:
        ordered = sorted(values)
        return {
            "p50": round(statistics.median(ordered) * 1000, 1),
            "p95": round(ordered[int(len(ordered) * 0.95)] * 1000, 1),
            "max": round(ordered[-1] * 1000, 1),
        }

    return {
        "frame_interval_ms": round(1000 / FPS, 1),
        "sent_to_painted_ms": figures(painted),
        "arrived_to_painted_ms": figures(after_arrival),
        "call_up_ms": figures(first_picture),
        "call_up_after_key_frame_ms": figures(beyond_key),
        "key_frame_interval_ms": 1000,
    }


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    names = {
        "sent_to_painted_ms": "sent → painted",
        "arrived_to_painted_ms": "arrived → painted",
        "call_up_ms": "call-up → first picture",
        "call_up_after_key_frame_ms": "key frame arrived → first picture",
    }
    lines = [f"{'':36} {'p50':>8} {'p95':>8} {'max':>8}  ms"]
    for key, name in names.items():
        f = result[key]
        lines.append(f"{name:36} {f['p50']:8.1f} {f['p95']:8.1f} {f['max']:8.1f}")
    lines.append(
        f"frame interval {result['frame_interval_ms']} ms; key frames every "
        f"{result['key_frame_interval_ms']} ms"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]))))
