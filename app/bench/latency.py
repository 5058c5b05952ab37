"""`bench latency`: source time code to painted picture, call-up to first picture, layout change.

The simulator tells when code 0 of a loop was last sent; the code read off the painted picture then
tells when that picture was sent, and when the key frame was that it needs. Both processes read the
same wall clock.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.bench.measure import display
from app.domain.camera import CameraRow, CameraSource, StreamRole
from app.simulator.process import Simulator

LOOP_FRAMES = 150
FPS = 15
KEY_FRAMES = FPS
"""The simulator's loops have a key frame every second."""

CALL_UPS, LAYOUT_CHANGES = 20, 20


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
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication

    from app.domain.layout import BUILT_IN, Layout, View
    from app.simulator import timecode
    from app.ui import theme
    from app.ui.wall import WallWidget
    from app.video.engine import VideoEngine

    class Wall(WallWidget):
        paints = 0

        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            self.paints += 1

    app = QApplication([])
    theme.apply(app)
    dice = random.Random(1)
    with Simulator(cameras=9, ptz=0) as simulator:
        sources: dict[str, CameraSource] = {}
        for camera in simulator.cameras:
            full = camera.source()
            sub = tuple(s for s in full.streams if s.role is StreamRole.SUB)
            sources[camera.id] = replace(full, streams=sub)
        cameras = tuple(sources)
        rows = {i: CameraRow(i, i, i, None, "", "", "", "", False, False) for i in sources}
        engine = VideoEngine()
        engine.start()
        wall = Wall(engine, rows.get)
        wall.resize(1440, 900)
        wall.set_view(View(BUILT_IN["3x3"], cameras))
        wall.set_sources(sources.get)
        wall.show()

        def pump(seconds: float) -> None:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                app.processEvents()
                time.sleep(0.001)

        def until(condition: Callable[[], object]) -> None:
            end = time.monotonic() + 60
            while not condition():
                app.processEvents()
                time.sleep(0.0005)
                if time.monotonic() > end:
                    raise RuntimeError("no picture within 60 s")

        def painted_of(name: str) -> int:
            return wall.painted.get(name, 0)

        def next_picture(name: str) -> None:
            count = painted_of(name)
            until(lambda: painted_of(name) != count)

        def code_of(name: str) -> int | None:
            picture = engine.picture(name)
            if picture is None:
                return None
            image = np.frombuffer(picture.data, np.uint8).reshape(picture.height, -1, 4)
            return timecode.read(image[:, : picture.width])

        def sent_at(code: int, now: float) -> float:
            """When the picture with that code was last sent."""
            state = simulator.state(source_id)
            start = float(state["streams"]["sub"]["first_frame_at"])
            period = LOOP_FRAMES / FPS
            age = (now - start - code / FPS + period / 2) % period - period / 2
            return now - age

        source_id = cameras[0]
        until(lambda: all(engine.status(c).state == "live" for c in cameras))
        pump(2)
        painted: list[float] = []
        after_arrival: list[float] = []
        seen: int | None = None
        while len(painted) < samples:
            next_picture(source_id)
            now, now_monotonic = time.time(), time.monotonic()
            code, picture = code_of(source_id), engine.picture(source_id)
            if picture is None or code is None or code == seen:
                continue
            seen = code
            after_arrival.append(now_monotonic - picture.arrived_at)
            painted.append(now - sent_at(code, now))

        layout_change: list[float] = []
        layout_sharp: list[float] = []
        blank = 0
        layouts = [BUILT_IN[k] for k in ("4x4", "3x3", "5x5", "3x3")]

        def change_layout(layout: Layout) -> tuple[float, float, int]:
            """Seconds to a painted wall and to pictures of the new size, and tiles left blank."""
            old = {c: p.width for c in cameras if (p := engine.picture(c))}
            paints, began = wall.paints, time.monotonic()
            wall.set_layout(layout)
            until(lambda: wall.paints > paints)
            painted_after = time.monotonic() - began
            blanks = sum(engine.picture(c) is None for c in cameras)
            until(lambda: all((p := engine.picture(c)) and p.width != old[c] for c in cameras))
            return painted_after, time.monotonic() - began, blanks

        for i in range(LAYOUT_CHANGES):
            pump(dice.uniform(0.5, 0.6))
            first, sharp, blanks = change_layout(layouts[i % len(layouts)])
            layout_change.append(first)
            layout_sharp.append(sharp)
            blank = max(blank, blanks)

        # A camera nobody watches under that name, asked for at random moments.
        call_up: list[float] = []
        after_key: list[float] = []
        missed = 0
        wall.set_layout(BUILT_IN["3x3"])
        for i in range(CALL_UPS):
            name = f"call{i}"
            rows[name], sources[name] = rows[source_id], replace(sources[source_id], camera_id=name)
            pump(dice.uniform(2.2, 3.2))  # the one before is closed by then
            began = time.time()
            wall.set_view(wall.view().place(8, name))
            next_picture(name)
            now, code = time.time(), code_of(name)
            call_up.append(now - began)
            if code is not None:
                key_sent = sent_at(code, now) - code % KEY_FRAMES / FPS
                after_key.append(now - key_sent)
                missed += key_sent - began > KEY_FRAMES / FPS
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
        "call_up_ms": figures(call_up),
        "call_up_after_key_frame_ms": figures(after_key),
        "key_frame_interval_ms": round(KEY_FRAMES / FPS * 1000),
        "call_ups": len(call_up),
        "call_ups_that_missed_a_key_frame": missed,
        "layout_change_ms": figures(layout_change),
        "layout_sharp_ms": figures(layout_sharp),
        "layout_blank_tiles": blank,
    }


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    names = {
        "sent_to_painted_ms": "sent → painted",
        "arrived_to_painted_ms": "arrived → painted",
        "call_up_ms": "call-up → first picture",
        "call_up_after_key_frame_ms": "its key frame sent → first picture painted",
        "layout_change_ms": "layout change → painted",
        "layout_sharp_ms": "layout change → all pictures at their new size",
    }
    lines = [f"{'':46} {'p50':>8} {'p95':>8} {'max':>8}  ms"]
    for key, name in names.items():
        f = result[key]
        lines.append(f"{name:46} {f['p50']:8.1f} {f['p95']:8.1f} {f['max']:8.1f}")
    lines.append(
        f"frame interval {result['frame_interval_ms']} ms; key frames every "
        f"{result['key_frame_interval_ms']} ms; {result['call_ups_that_missed_a_key_frame']} of "
        f"{result['call_ups']} call-ups missed one while connecting; "
        f"{result['layout_blank_tiles']} tiles blank after a layout change"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]))))
