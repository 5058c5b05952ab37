"""How long a camera moves on after each way in which a move can end: docs/ptz-safety.md.

The real panel and controller against a simulated head, which itself says when it stands. Its own brakes
take 0.2 s from full speed; that is in the figures.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.bench.measure import display
from app.domain import control
from app.domain.control import Claim, Lock, Refused, Want
from app.sync.status import NetworkError

LIMIT_S = 1.0
"""What an operator may expect where the camera can be reached (acceptance test T3)."""

WAIT_S = 12.0
HEADER = """# PTZ: how long a camera moves on

Made by `watchroom bench ptz`, a run of the real panel and controller against a simulated head (brakes of
0.2 s included). "Moved on" is from the moment of the event until the head stands, in seconds, the worst of
{rounds}; "by" is how far it turned meanwhile, of the 2.0 that all of pan is.

| how the move ends | camera | moved on, s | by | what ended it |
|---|---|---|---|---|
"""
FOOTER = """
The central server says who may steer, before the first move; commands go from the console straight to
the camera, so that a server that is gone ends no move (the panel says that others may steer too, and the
move ends when the button is let go of). Whoever loses the control lock to a higher priority sends a stop at
once, and no second one: the camera may move because the other one wants it to. Every move carries a
time-out of 0.8 s for the device itself (1 s where it takes whole seconds only), renewed every 0.3 s while it
is held; where the network is cut, that is what ends it. Where the client dies, a guard
process that outlives it sends the stop, also to cameras that ignore the time-out. A camera
that ignores it and cannot be reached is stopped first thing when it can be reached again, and an alarm
stands until it is seen to stand.

No move is begun while nobody looks but one: the way back (see [control.md](control.md)), which is a single
order to go home, to a preset or on patrol, is not sent to a camera whose last stop was not seen to work, and
gives way to whoever steers.
"""


def run(rounds: int = 2, table: Path = Path("docs/ptz-safety.md")) -> dict[str, Any]:
    """Measure all ways, each `rounds` times, and write the table."""
    with display("1280x800x24") as (_, environment):
        done = subprocess.run(
            [sys.executable, "-m", "app.bench.ptz", str(rounds)], env=environment, check=True,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    rows: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    text = HEADER.format(rounds=rounds)
    for r in rows:
        text += f"| {r['way']} | {r['camera']} | {r['seconds']:.2f} | {r['by']:.3f} | {r['ended_by']} |\n"
    table.parent.mkdir(parents=True, exist_ok=True)
    table.write_text(text + FOOTER, encoding="utf-8")
    passed = all(r["seconds"] <= r["limit"] for r in rows)
    return {"rows": rows, "passed": passed, "table": str(table)}


def table(result: dict[str, Any]) -> str:
    """For a person."""
    lines = [f"{'how the move ends':<44}{'camera':<34}{'s':>6}{'limit':>7}"]
    lines += [
        f"{r['way']:<44}{r['camera']:<34}{r['seconds']:>6.2f}{r['limit']:>7.1f}"
        for r in result["rows"]
    ]
    verdict = "all within their limits" if result["passed"] else "NOT all within their limits"
    return "\n".join([*lines, f"{verdict}; written to {result['table']}"])


class _Server:
    """The control lock as a server answers; one line for all. A real one is in the tests."""

    again = True

    def __init__(self) -> None:
        self.gone = False
        self._changed = threading.Condition()
        self._locks: dict[str, Lock] = {}

    def step(self, camera: str, who: str, priority: int = 90) -> None:
        """Somebody of a higher priority takes it over."""
        claim = Claim(who, who, priority=priority)
        with self._changed:
            before = self._locks.get(camera, Lock())
            self._locks[camera], _ = control.step(
                before, claim, Want.TAKE_OVER, datetime.now(UTC), why="a fight"
            )
            self._changed.notify_all()

    def call(self, method: str, path: str, body: bytes, timeout_s: float) -> bytes:
        """Raises NetworkError once it is gone."""
        me = Claim("me", "韩梅")
        if self.gone:
            raise NetworkError("gone")
        if method == "POST":
            camera = path.split("/")[1]
            with self._changed, contextlib.suppress(Refused):
                self._locks[camera], _ = control.step(
                    self._locks.get(camera, Lock()), me, Want.MOVE, datetime.now(UTC)
                )
            return json.dumps(self._out(camera, me)).encode()
        if path == "control/owed":
            return json.dumps({"items": []}).encode()
        asked = parse_qs(urlsplit(path).query)
        seen = {c: int(r) for c, _, r in (s.rpartition(":") for s in asked["seen"])}
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    self.gone or any(self._locks.get(c, Lock()).rev != r for c, r in seen.items())
                ),
                min(0.5, float(asked["wait"][0])),
            )
        if self.gone:
            raise NetworkError("gone")
        return json.dumps({"items": [self._out(c, me) for c in seen]}).encode()

    def _out(self, camera: str, me: Claim) -> dict[str, Any]:
        lock = self._locks.get(camera, Lock())
        holder = lock.holder
        shown = {"person": holder.person, "organisation": "", "console": "",
                 "priority": holder.priority} if holder else None  # fmt: skip
        return {
            "camera_id": camera, "rev": lock.rev, "holder": shown, "mine": me.same(holder),
            "here": False, "since": None,
            "seconds_left": lock.left_s(datetime.now(UTC)), "stated": False, "asker": None,
            "asked_by_me": False, "asked_why": "", "kept_s": 0.0, "my_priority": me.priority,
            "before": None, "was_mine": False, "ended": lock.ended, "ended_why": lock.ended_why,
            "returning": False,
        }  # fmt: skip

    def cancel(self) -> None:
        """Nothing waits long here."""

    def close(self) -> None:
        """There is nothing to close."""


class _Desk:
    """The panel, a head, and somebody who looks at it."""

    def __init__(self) -> None:
        from PySide6.QtWidgets import QApplication, QLineEdit

        from app.devices.onvif import PtzDevice, connect
        from app.domain.camera import CameraRow, Credentials
        from app.simulator.process import Simulator
        from app.ui.ptz_panel import PtzPanel
        from app.ui.tasks import Tasks

        self.app = QApplication([])
        self.simulator = Simulator(cameras=2, ptz=2)
        self.simulator.start()
        self.info = self.simulator.camera("cam1")
        self.other = QLineEdit()
        account = Credentials(self.info.username, self.info.password)

        def head(camera_id: str, *, steering: bool = False) -> PtzDevice:
            return connect(self.simulator.camera(camera_id).onvif_url, account, 2.0).ptz()

        self.panel = PtzPanel(head, Tasks())
        self.rows = [
            CameraRow(c.id, c.name_en, c.name_en, None, "", "127.0.0.1", "", "", True, False)
            for c in self.simulator.cameras
        ]
        self.panel.set_camera(self.rows[0], "cam1")
        self.panel.show()
        self.other.show()
        self.pump(0.3)

    def pump(self, seconds: float) -> None:
        """Let the window live."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.app.processEvents()
            time.sleep(0.005)

    def head(self) -> dict[str, Any]:
        """What the head says of itself."""
        state = self.simulator.state("cam1")["ptz"]
        assert isinstance(state, dict)
        return state

    def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Whether it came about in time; the window lives meanwhile."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                return False
            self.app.processEvents()
            time.sleep(0.005)
        return True

    def centre(self) -> None:
        """A whole camera again, standing in its middle."""
        from app.devices.onvif import connect
        from app.domain.camera import Credentials

        self.simulator.clear("cam1")
        self.server = _Server()
        self.panel.control.controls.use("韩梅", lambda: self.server)
        self.panel.close_all()
        self.panel.set_camera(None, "")
        account = Credentials(self.info.username, self.info.password)
        head = connect(self.info.onvif_url, account).ptz()
        head.stop()
        head.absolute(0.0, 0.0, 0.0)
        self.until(lambda: not self.head()["moving"], 8)
        self.panel.set_camera(self.rows[0], "cam1")
        self.panel.activateWindow()
        self.pump(0.1)

    def button(self) -> Any:
        """The panel's arrow to the right."""
        return next(b for b, sign in self.panel._hold_buttons if sign == "→")

    def press(self) -> None:
        """Hold the arrow until the head turns."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        self.panel._speed.setValue(60)
        QTest.mousePress(self.button(), Qt.MouseButton.LeftButton)
        if not self.until(lambda: bool(self.head()["moving"]), 6):
            raise RuntimeError("the head does not move")
        self.pump(0.5)

    def lose_server(self) -> None:
        """The server does not answer any more, and the panel has found out; the move goes on."""
        self.server.gone = True
        self.panel.control.controls.select("cam1")
        if not self.until(lambda: self.panel.control.standing().alone, 10):
            raise RuntimeError("the panel does not know that the server is gone")
        self.pump(1.2)
        if not self.head()["moving"]:
            raise RuntimeError("a server that is gone ended the move")

    def let_go(self) -> None:
        """Release the arrow."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        QTest.mouseRelease(self.button(), Qt.MouseButton.LeftButton)


Way = tuple[str, str, dict[str, dict[str, float]], str, float, Callable[[_Desk], None]]


@contextmanager
def _client(desk: _Desk, *, guard: bool) -> Iterator[subprocess.Popen[bytes]]:
    """Another console that holds a move, with the guard beside it, as a process to be killed."""
    info = desk.info
    code = (
        "import sys, time\nfrom app.devices.guard import Guard, guarded\n"
        "from app.devices.onvif import connect\nfrom app.devices.ptz import PtzController\n"
        "from app.domain.camera import Credentials\n"
        "if __name__ == '__main__':\n"
        "    url, user, word, with_guard = sys.argv[1:]\n    guard = Guard()\n"
        "    if with_guard:\n        guard.start()\n"
        "    def head():\n"
        "        found = connect(url, Credentials(user, word)).ptz()\n"
        "        return guarded(found, guard) if with_guard else found\n"
        "    c = PtzController(head, lambda s: None)\n"
        "    while True:\n        c.hold(0.3, 0.0, 0.0)\n        time.sleep(0.1)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "client.py"
        script.write_text(code)
        # The account is the simulator's invented one.
        client = subprocess.Popen(
            [sys.executable, str(script), info.onvif_url, info.username, info.password,
             "guard" if guard else ""],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(p or str(Path.cwd()) for p in sys.path)},
        )  # fmt: skip
        try:
            if not desk.until(lambda: bool(desk.head()["moving"]), 20):
                raise RuntimeError("the head does not move")
            desk.pump(0.4)
            yield client
        finally:
            client.kill()
            client.wait()


def _ways() -> list[Way]:
    from PySide6.QtCore import QEvent, QPoint, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    plain, stop, own = "as it should be", "a stop", "the device's own time-out"

    def outside(desk: _Desk) -> None:
        QTest.mouseMove(desk.button(), QPoint(-200, -200))
        QTest.mouseRelease(desk.button(), Qt.MouseButton.LeftButton, pos=QPoint(-200, -200))

    def focus(desk: _Desk) -> None:
        QApplication.sendEvent(desk.button(), QEvent(QEvent.Type.WindowDeactivate))

    def grab(desk: _Desk) -> None:
        QApplication.sendEvent(desk.button(), QEvent(QEvent.Type.UngrabMouse))

    def tile(desk: _Desk) -> None:
        desk.panel.set_camera(desk.rows[1], "cam2")

    def hidden(desk: _Desk) -> None:
        desk.panel.hide()
        desk.panel.show()

    def taken_over(desk: _Desk) -> None:
        desk.server.step("cam1", "李雷")
        # The hold goes on, as a finger on the button does.

    def disabled(desk: _Desk) -> None:
        desk.panel.setEnabled(False)
        desk.panel.setEnabled(True)

    def cut(desk: _Desk) -> None:
        desk.simulator.fault("cam1", "onvif-hang")

    def refused(desk: _Desk) -> None:
        desk.simulator.fault("cam1", "refuse")

    def frozen(desk: _Desk) -> None:
        desk.panel._refresh.stop()  # the window no longer repeats what is held

    ignore: dict[str, dict[str, float]] = {"ptz-ignore-timeout": {}}
    no_stop: dict[str, dict[str, float]] = {"ptz-refuse-stop": {}}
    return [
        ("button released", plain, {}, stop, LIMIT_S, _Desk.let_go),
        ("released outside the button", plain, {}, stop, LIMIT_S, outside),
        ("mouse taken away (grab lost)", plain, {}, stop, LIMIT_S, grab),
        ("window loses the focus (Alt+Tab)", plain, {}, stop, LIMIT_S, focus),
        ("another tile is chosen", plain, {}, stop, LIMIT_S, tile),
        ("panel hidden", plain, {}, stop, LIMIT_S, hidden),
        ("control lost (panel disabled)", plain, {}, stop, LIMIT_S, disabled),
        ("control taken over by a higher priority", plain, {}, "a stop, once", LIMIT_S, taken_over),
        ("server gone, then button released", plain, {}, stop, LIMIT_S, _Desk.let_go),
        ("client closed", plain, {}, stop, LIMIT_S, lambda d: d.panel.close_all()),
        ("emergency stop", plain, {}, stop, LIMIT_S, lambda d: d.panel.emergency_stop()),
        ("button released", "refuses Stop", no_stop, "zero velocity", LIMIT_S, _Desk.let_go),
        ("button released", "ignores time-outs", ignore, stop, LIMIT_S, _Desk.let_go),
        ("button released", "refuses Stop, ignores time-outs", no_stop | ignore, "zero velocity",
         LIMIT_S, _Desk.let_go),
        ("button released", "answers after 2 s", {"ptz-slow": {"seconds": 2.0}},
         "the device's own time-out, then a stop", 5.0, _Desk.let_go),
        ("client hangs", plain, {}, "the hold runs out, then a stop", 2.5, frozen),
        ("network cut, cable pulled", plain, {}, own, 2.0, cut),
        ("network cut, connection refused", plain, {}, own, 2.0, refused),
    ]  # fmt: skip


def _measure(desk: _Desk, end: Callable[[], None], settle_s: float = 0.6) -> tuple[float, float]:
    """Seconds until the head stands after `end`, and how far it turned meanwhile.

    It must stand for `settle_s`: a late start that overtakes a stop would show.
    """
    start, began = desk.head()["pan"], time.monotonic()
    end()
    moved_at = time.monotonic()
    while time.monotonic() - moved_at < settle_s:
        if desk.head()["moving"]:
            moved_at = time.monotonic()
        if moved_at - began > WAIT_S:
            return float("inf"), abs(desk.head()["pan"] - start)
        desk.pump(0.005)
    return moved_at - began, abs(desk.head()["pan"] - start)


def _all(rounds: int) -> list[dict[str, Any]]:
    desk = _Desk()
    rows = []
    try:
        for way, camera, faults, ended_by, limit, end in _ways():
            found = []
            for _ in range(rounds):
                desk.centre()
                for kind, parameters in faults.items():
                    desk.simulator.fault("cam1", kind, **parameters)
                desk.press()
                if way.startswith("server gone"):
                    desk.lose_server()
                slow = 2.6 if "ptz-slow" in faults else 0.6
                found.append(_measure(desk, functools.partial(end, desk), slow))
                desk.simulator.clear("cam1")
                desk.let_go()
            rows.append(_row(way, camera, found, ended_by, limit))
        for camera, fault, guard, ended_by, limit in (
            ("as it should be", "", False, "the device's own time-out", 2.0),
            ("as it should be", "", True, "a stop by the guard process", LIMIT_S),
            (
                "ignores time-outs",
                "ptz-ignore-timeout",
                True,
                "a stop by the guard process",
                LIMIT_S,
            ),
        ):
            found = []
            for _ in range(rounds):
                desk.centre()
                if fault:
                    desk.simulator.fault("cam1", fault)
                with _client(desk, guard=guard) as client:
                    found.append(_measure(desk, client.kill))
            way = "client killed" if guard else "client killed, and its guard too"
            rows.append(_row(way, camera, found, ended_by, limit))
        desk.centre()
        desk.simulator.fault("cam1", "ptz-ignore-timeout")
        desk.press()
        desk.simulator.fault("cam1", "refuse")
        desk.pump(1.0)
        desk.let_go()
        desk.pump(0.5)
        back = _measure(desk, lambda: desk.simulator.clear("cam1", "refuse"))
        rows.append(_row("network comes back after a cut", "ignores time-outs", [back],
                         "the stop that is owed", 2.0))  # fmt: skip
    finally:
        desk.panel.close_all()
        desk.simulator.stop()
    return rows


def _row(
    way: str, camera: str, found: list[tuple[float, float]], ended_by: str, limit: float
) -> dict[str, Any]:
    return {
        "way": way, "camera": camera, "seconds": round(max(s for s, _ in found), 2),
        "by": round(max(d for _, d in found), 3), "ended_by": ended_by, "limit": limit,
    }  # fmt: skip


if __name__ == "__main__":
    measured = _all(int(sys.argv[1]))
    print(json.dumps(measured), flush=True)
    os._exit(0)  # no thread that waits for a camera holds it up
