"""`bench faults`: every fault of the simulator beside healthy cameras, on the real engine.

Each case shows a camera until its stream has settled, breaks it, watches, repairs it and watches
again: what the tile says and when, when it lives again, and what it does to three healthy cameras
beside it. The last cases break a server behind fifty tiles. The table goes to docs/faults.md.
"""

from __future__ import annotations

import itertools
import json
import os
import platform
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.domain.camera import CameraSource, StreamRole
from app.simulator.camera import FaultKind
from app.simulator.process import Simulator, call
from app.video.engine import VideoEngine
from app.video.state import SETTLED_S
from app.video.types import StreamState, TileRequest

LIVE = StreamState.LIVE
SAID_S, AGAIN_S = 2.0, 3.0
"""The aims: a tile says within 2 s that it is not live, and lives within 3 s of the repair."""

PATIENCE_S = 45.0
WIDTH, HEIGHT = 320, 180
POLL_S = 0.005
TILES = 50


@dataclass(frozen=True)
class Case:
    """One fault. `codes`: what the tile may say of it; empty: it has to go on showing pictures."""

    kind: str
    codes: tuple[str, ...] = ()
    parameters: dict[str, float] = field(default_factory=dict)
    hold_s: float = 6.0
    said_s: float = SAID_S
    """Within this the tile no longer claims to be live."""
    again_s: float = AGAIN_S
    gap_s: float = 0.0
    """How long a stream that has to go on may be without a picture (its new session)."""
    repair: str = "clear"
    """`clear`; `itself`: after `seconds`; `none`: the source is there all the time."""
    note: str = ""
    name: str = ""

    @property
    def title(self) -> str:
        """The fault with its parameters."""
        given = ", ".join(f"{k} {v:g}" for k, v in self.parameters.items())
        return self.name or (f"{self.kind} ({given})" if given else self.kind)


TLS = "tls"
"""Not a fault of a camera: the same camera at its rtsps address."""

CUT = ("ended", "connection-lost", "bad-answer")
LATE_S, BLACK_S, FROZEN_S, SLOW_S = 1.9, 3.9, 11.5, 5.5
"""Rules of `video/state.py`: black for 3 s, repeated for 10 s, rates over windows of 2 s."""

OF_DEVICE = ("ptz", "onvif", "media", "events", "digest", "token", "odd-tokens", "recorder", "get-",
             "settings", "password", "users", "osd", "stream-account")  # fmt: skip
"""Faults of ONVIF and PTZ: they must not touch the picture."""
CASES = (
    Case("refuse", (*CUT, "connection-refused")),
    Case("401", ("unauthorized",), hold_s=4, note="asked once, not again: “retry” was pressed"),
    Case("404", ("not-found",)),
    Case("453", ("refused-4xx",)),
    Case("503", ("server-error",)),
    Case("hang-before-play", ("timeout",), hold_s=12),
    Case("hang-after-play", ("stalled", "timeout"), hold_s=12),
    Case("stop-sending", ("stalled", "timeout"), hold_s=12),
    Case("stop-sending", ("stalled",), hold_s=3, name="stop-sending for 3 s"),
    Case("half-open", ("stalled",), hold_s=0, repair="none", again_s=5.0,
         note="nothing is cut: silence for 3 s ends the session; timed from the fault"),
    Case("reboot", (*CUT, "connection-refused"), {"seconds": 10}, repair="itself"),
    Case("reboot", (*CUT, "connection-refused"), {"seconds": 90}, repair="itself"),
    Case("one-connection", gap_s=0.5, note="ours is the one"),
    Case("one-connection", ("refused-4xx",), {"taken": 1}, note="a stranger has it"),
    Case("one-connection", ("server-error",), {"taken": 1, "status": 503}),
    Case("drop-socket", CUT, {"every_s": 3}, hold_s=10, said_s=4.5, note="cut again and again"),
    Case("slow-drip", ("slow", "stalled", "timeout"), hold_s=10, said_s=SLOW_S),
    Case("corrupt-nal", ("damaged", "slow", "stalled"), hold_s=8, said_s=SLOW_S),
    Case("missing-parameter-sets", ("undecodable", "timeout", "bad-answer", "waiting"), hold_s=10,
         name="missing-parameter-sets", note="with a cut session"),
    Case("change-resolution", gap_s=2.0),
    Case("change-codec", gap_s=3.0, note="the camera ends the session"),
    Case("black", ("black",), said_s=BLACK_S),
    Case("frozen", ("frozen",), hold_s=14, said_s=FROZEN_S),
    Case("knocked", gap_s=2.0, note="another view"),
    Case("blurred", gap_s=2.0),
    Case("covered", gap_s=2.0, note="told by the comparison with the accepted picture, not by the tile"),
    Case("clock-jump", gap_s=1.0),
    Case("rtp-jump", (), {"seconds": 300, "every_s": 2}, gap_s=1.0),
    Case("rtp-jump", (), {"seconds": -300, "every_s": 2}, gap_s=1.0),
    Case("rtp-jump", (), {"seconds": 3, "every_s": 2}, gap_s=1.0),
    Case("rtp-repeat", gap_s=1.0),
    Case("b-frames", gap_s=1.5),
    Case("interlaced", gap_s=1.5),
    Case("odd-size", (), {"width": 352, "height": 288}, gap_s=2.0),
    Case("odd-size", (), {"width": 2592, "height": 1520}, gap_s=2.0),
    Case("intra-refresh", gap_s=5.0, note="a new session without a key frame"),
    Case("long-gop", ("waiting",), {"seconds": 60}, hold_s=64, note="until the key frame comes"),
    Case("wrong-codec", ("undecodable", "timeout"), hold_s=10,
         note="nothing in it is H.265 to FFmpeg, so it waits for more"),
    Case("audio-only", ("no-video", "refused-4xx")),
    Case("unknown-audio", gap_s=3.0, note="a new session"),
    Case("audio-refused", hold_s=3, gap_s=1.0, note="nobody listens"),
    Case("redirect", ("unauthorized",), hold_s=8,
         note="FFmpeg follows without the account; not asked again: “retry” was pressed"),
    Case("huge-sdp", gap_s=5.0, note="a new session"),
    Case("corrupt-sdp", ("no-video", "bad-answer", "refused-4xx")),
    Case(TLS, hold_s=3.0, name="rtsps, certificate of another host, accepted in its settings"),
    *(
        Case(kind.value, hold_s=2.0, gap_s=1.0, note="the picture is not touched")
        for kind in FaultKind
        if kind.value.startswith(OF_DEVICE)
    ),
)  # fmt: skip


class CountingEngine(VideoEngine):
    """Remembers when it opened sessions (monotonic seconds)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.openings: list[float] = []

    def _relieve(self, now: float) -> None:
        """No tile gives way to a busy machine here: that is no fault's doing."""

    def _open(self, *arguments: Any) -> Any:
        self.openings.append(time.monotonic())
        return super()._open(*arguments)


@dataclass
class Watch:
    """What one camera's tile said and showed."""

    engine: VideoEngine
    camera: str
    events: list[tuple[float, str, str, str]] = field(default_factory=list)
    pictures: list[float] = field(default_factory=list)

    def look(self, now: float, changes: tuple[str, ...]) -> None:
        """After each poll."""
        if self.camera in changes:
            self.pictures.append(now)
        status = self.engine.status(self.camera)
        said = (status.state.value, status.code, status.cause.value)
        if not self.events or self.events[-1][1:] != said:
            self.events.append((now, *said))

    def since(self, start: float) -> list[tuple[float, str, str, str]]:
        """What was said from `start` on, what was being said then included."""
        before = [e for e in self.events if e[0] <= start]
        return [(start, *before[-1][1:])] * bool(before) + [e for e in self.events if e[0] > start]

    def longest_gap(self, start: float, end: float) -> float:
        """The longest time without a new picture."""
        times = [start, *(t for t in self.pictures if start < t < end), end]
        return max(b - a for a, b in itertools.pairwise(times))

    def lied(self, start: float, end: float, after_s: float) -> float:
        """Seconds of claiming to be live though the last picture was older than `after_s`."""
        total = 0.0
        spans = self.since(start)
        ends = [*(e[0] for e in spans[1:]), end]
        for (begin, state, _, _), finish in zip(spans, ends, strict=True):
            if state != LIVE.value:
                continue
            times = [t for t in self.pictures if t <= finish]
            for earlier, later in zip(times, [*times[1:], finish], strict=True):
                silent = max(begin, earlier + after_s)
                total += max(0.0, min(later, finish) - silent)
        return total


class Bench:
    """An engine and cameras: one that is broken, others that must not notice."""

    def __init__(self, simulator: Simulator, engine: CountingEngine) -> None:
        self.simulator, self.engine = simulator, engine
        self.healthy = [simulator.camera(f"cam{i}").source() for i in (2, 3, 4)]
        self.watches = {s.camera_id: Watch(engine, s.camera_id) for s in self.healthy}
        self.count = 0

    def pump(self, seconds: float = 0.0, until: Callable[[], bool] | None = None) -> bool:
        """Poll as the wall does; whether `until` came true in time."""
        end = time.monotonic() + seconds
        while True:
            changes = self.engine.poll()
            now = time.monotonic()
            for watch in self.watches.values():
                watch.look(now, changes.pictures)
            if until is not None and until():
                return True
            if now >= end:
                return until is None
            time.sleep(POLL_S)

    def is_live(self, camera: str) -> bool:
        """What the tile says now."""
        return self.engine.status(camera).state is LIVE

    def show(self, source: CameraSource, settle_s: float) -> Watch:
        """The camera to break beside the healthy ones, all live for so long."""
        for camera in [c for c in self.watches if c not in {s.camera_id for s in self.healthy}]:
            del self.watches[camera]
        watch = self.watches[source.camera_id] = Watch(self.engine, source.camera_id)
        self.engine.show_all(
            [TileRequest(s.camera_id, s, WIDTH, HEIGHT) for s in [*self.healthy, source]]
        )
        if not self.pump(60, lambda: all(self.is_live(c) for c in self.watches)):
            said = [self.engine.status(c) for c in self.watches if not self.is_live(c)]
            raise RuntimeError(f"not live within 60 s: {said}")
        self.pump(settle_s)
        return watch

    def run(self, case: Case) -> dict[str, Any]:
        """Break, watch, repair, watch."""
        camera = "cam5" if case.kind.startswith(("ptz", "onvif", "media2")) else "cam1"
        self.count += 1
        source = replace(self.simulator.camera(camera).source(), camera_id=f"case{self.count}")
        if case.kind == TLS:
            port = self.simulator.state(camera)["tls_port"]
            url = f"rtsps://127.0.0.1:{port}/{camera}/sub"
            streams = (replace(source.streams[-1], url=url),)
            source = replace(source, streams=streams, verify_tls=False)
        # A settled stream starts its backoff anew; what is to go on need not be settled.
        watch = self.show(source, SETTLED_S + 0.3 if case.codes else 2.0)
        broken = time.monotonic()
        dropped = {s.camera_id: s.dropped for s in self.engine.streams()}
        if case.kind != TLS:
            self.simulator.fault(camera, case.kind, **case.parameters)
        if case.kind == "missing-parameter-sets":
            self.simulator.fault(camera, "drop-socket")
        hold = case.parameters["seconds"] if case.repair == "itself" else case.hold_s
        self.pump(hold)
        repaired = broken if case.repair == "none" else time.monotonic()
        if case.repair == "itself":
            repaired = broken + hold
        before_repair = watch.events[-1]
        if case.repair == "clear":
            self.simulator.clear(camera)
        if case.codes == ("unauthorized",):
            self.engine.retry(source.camera_id)

        def back() -> bool:
            alive = watch.events[-1][1] == LIVE.value and bool(watch.pictures)
            return alive and watch.pictures[-1] > repaired and time.monotonic() > repaired + 0.2

        if case.repair == "none":
            self.pump(10, lambda: not self.is_live(source.camera_id))
        came_back = self.pump(PATIENCE_S, back)
        again = time.monotonic() - repaired if came_back else None
        self.pump(1.5)  # it stays so
        end = time.monotonic()
        held = [e for e in watch.since(broken) if e[0] <= max(repaired, end - 1.5)]
        not_live = [e for e in held if e[1] != LIVE.value]
        named = [e for e in held if e[2] in case.codes]
        said = not_live[0][0] - broken if not_live else None
        # An unbroken life through the repair needs no way back.
        if came_back and before_repair[1] == LIVE.value and case.repair == "clear":
            later = [e for e in watch.since(repaired) if e[1] != LIVE.value]
            again = None if not later else again
        result: dict[str, Any] = {
            "fault": case.title,
            "expected": list(case.codes),
            "note": case.note,
            "said_s": _rounded(said),
            "named_s": _rounded(named[0][0] - broken if named else None),
            "states": _history(held),
            "again_s": _rounded(again),
            "came_back": came_back,
            "longest_gap_s": _rounded(watch.longest_gap(broken, end)),
            "lied_s": _rounded(watch.lied(broken, end, max(SAID_S, 0))),
            "disturbed": self._disturbed(broken, end, dropped),
        }
        result["met"] = _met(case, result)
        return result

    def _disturbed(self, start: float, end: float, dropped: dict[str, int]) -> list[str]:
        """What the healthy cameras suffered."""
        found = []
        now = {s.camera_id: s.dropped for s in self.engine.streams()}
        for source in self.healthy:
            watch, name = self.watches[source.camera_id], source.camera_id
            sub = source.stream(StreamRole.SUB)
            assert sub is not None
            lost = now.get(name, 0) - dropped.get(name, 0)
            shown = sum(start < t <= end for t in watch.pictures)
            lost += max(0, round((end - start) * sub.fps * 0.97) - 3 - shown)
            gap = watch.longest_gap(start, end)
            states = [e for e in watch.events if start < e[0] <= end]
            if lost:
                found.append(f"{name}: {lost} pictures lost")
            if gap > 0.5:
                found.append(f"{name}: {gap:.2f} s without a picture")
            found += [f"{name}: {state} {code}".strip() for _, state, code, _ in states]
        return found


def _history(events: list[tuple[float, str, str, str]]) -> list[str]:
    """States in their order, without repetition."""
    found: list[str] = []
    for _, state, code, cause in events:
        text = state + (f": {code}" if code else "") + (f" [{cause}]" if cause else "")
        if text not in found:
            found.append(text)
    return found


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 2)


def _met(case: Case, result: dict[str, Any]) -> bool:
    if result["disturbed"] or not result["came_back"] or result["lied_s"] > 0.1:
        return False
    if not case.codes:
        return bool(result["longest_gap_s"] <= max(case.gap_s, 0.5))
    said, again = result["said_s"], result["again_s"]
    named = result["named_s"] is not None
    return bool(
        named and said is not None and said <= case.said_s and (again or 0.0) <= case.again_s
    )


# -- many tiles on one server


@contextmanager
def many_tiles(port: int) -> Iterator[tuple[list[Simulator], CountingEngine, list[str]]]:
    """Fifty live tiles on one server at a fixed port."""
    servers = [Simulator(cameras=TILES, ptz=0, rtsp_port=port)]
    servers[0].start()
    engine = CountingEngine()
    engine.start()
    try:
        sources = [c.source() for c in servers[0].cameras]
        engine.show_all([TileRequest(s.camera_id, s, 128, 72) for s in sources])
        yield servers, engine, [s.camera_id for s in sources]
    finally:
        engine.close()
        servers[-1].stop()


def _all_live(
    engine: VideoEngine, names: list[str], seconds: float, live: bool = True
) -> float | None:
    """Seconds until all are (or none is) live; None if that does not happen in time."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        engine.poll()
        if all((engine.status(n).state is LIVE) is live for n in names):
            return time.monotonic() - began
        time.sleep(POLL_S)
    return None


def _wait(engine: VideoEngine, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        engine.poll()
        time.sleep(POLL_S)


def _peak(times: list[float]) -> int:
    """The most within any 100 ms."""
    times = sorted(times)
    return max((sum(t <= u < t + 0.1 for u in times) for t in times), default=0)


def stampede(how: str, away_s: float) -> dict[str, Any]:
    """`dies`: the process is killed and another takes its port; `hangs`: it stops and goes on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with many_tiles(port) as (servers, engine, names):
        # The first time, the simulator has to encode all loops.
        if _all_live(engine, names, 400) is None:
            raise RuntimeError(f"{TILES} tiles are not live within 400 s")
        _wait(engine, SETTLED_S + 0.3)
        server = servers[0]
        broken = time.monotonic()
        os.kill(server.pid, signal.SIGSTOP if how == "hangs" else signal.SIGKILL)
        said = _all_live(engine, names, 30, live=False)
        _wait(engine, max(0.0, away_s - (time.monotonic() - broken)))
        away = [t for t in engine.openings if t > broken]
        if how == "hangs":
            os.kill(server.pid, signal.SIGCONT)
            returned = time.time()
        else:
            server.stop()
            server = Simulator(cameras=TILES, ptz=0, rtsp_port=port)
            servers.append(server)
            _start(server, engine)
            returned = time.time()
        again = _all_live(engine, names, 120)
        answer = call(server.control_url, "GET", "/connections")
        accepted = [t for t in answer["accepted"] if t > returned - 2]
        after = [t for t in engine.openings if t not in away and t > broken]
        return {
            "fault": f"{TILES} tiles, their server {how} for {away_s:g} s",
            "said_s": _rounded(said),
            "again_s": _rounded(again),
            "peak_attempts_100_ms": _peak(after),
            "peak_accepted_100_ms": _peak(accepted),
            "attempts_while_away": len(away),
            "attempts_a_second_while_away": round(len(away) / max(away_s, 0.1), 1),
            "attempts_after": len(after),
        }


def _start(server: Simulator, engine: VideoEngine) -> None:
    """Start it while the engine goes on."""
    import threading

    failure: list[BaseException] = []

    def begin() -> None:
        try:
            server.start()
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=begin)
    thread.start()
    while thread.is_alive():
        engine.poll()
        time.sleep(POLL_S)
    if failure:
        raise failure[0]


def _tried(bench: Bench, case: Case) -> dict[str, Any]:
    """A case; again, up to twice, where the neighbours were disturbed: a fault's doing repeats."""
    for attempt in range(3):
        result = bench.run(case) | {"repeated": attempt}
        for camera in bench.simulator.cameras:
            bench.simulator.clear(camera.id)
        if not result["disturbed"]:
            break
    return result


STAMPEDES = {
    "server-dies-at-once": ("dies", 0.0),
    "server-dies": ("dies", 30.0),
    "server-hangs": ("hangs", 30.0),
}


def run(only: str = "", out: Path | None = None) -> dict[str, Any]:
    """All cases, or those whose title begins with one of `only` (commas between them). A whole run
    writes `out`, a part of one puts its rows into it."""
    began = time.monotonic()
    chosen = tuple(part.strip() for part in only.split(","))
    cases = [c for c in CASES if c.title.startswith(chosen)]
    results = []
    if cases:
        with Simulator(cameras=5, ptz=1, own_ports=True, tls=True) as simulator:
            engine = CountingEngine()
            engine.start()
            try:
                bench = Bench(simulator, engine)
                for case in cases:
                    results.append(_tried(bench, case))
                    print(_row(results[-1]), file=sys.stderr, flush=True)
            finally:
                engine.close()
    herds = []
    for name, (how, away) in STAMPEDES.items():
        if name.startswith(chosen):
            herds.append(stampede(how, away))
            print(json.dumps(herds[-1]), file=sys.stderr, flush=True)
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "minutes": round((time.monotonic() - began) / 60, 1),
        "cases": results,
        "stampede": herds,
    }
    if out is not None and not only:
        out.write_text(document(result), encoding="utf-8")
    elif out is not None and results and out.exists():
        out.write_text(with_rows(out.read_text(encoding="utf-8"), results), encoding="utf-8")
    return result


def with_rows(text: str, results: list[dict[str, Any]]) -> str:
    """docs/faults.md with these rows in the place of older ones of the same faults, or added, in the
    order of CASES."""
    lines = text.splitlines()
    head = next(i for i, line in enumerate(lines) if line.startswith("|---")) + 1
    end = next((i for i in range(head, len(lines)) if not lines[i].startswith("|")), len(lines))
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in lines[head:end]}
    rows |= {r["fault"]: _row(r) for r in results}
    order = [c.title for c in CASES]
    kept = sorted(rows, key=lambda t: order.index(t) if t in order else len(order))
    return "\n".join([*lines[:head], *(rows[t] for t in kept), *lines[end:]]) + "\n"


def table(result: dict[str, Any]) -> str:
    """The result as JSON: the table for people is docs/faults.md."""
    return json.dumps(result, indent=2, ensure_ascii=False)


def _seconds(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f} s"


def _row(case: dict[str, Any]) -> str:
    states = "; ".join(s for s in case["states"] if s != LIVE.value) or "live throughout"
    again = "stayed" if case["again_s"] is None and case["came_back"] else _seconds(case["again_s"])
    again = again if case["came_back"] else "**never**"
    disturbed = "; ".join(case["disturbed"]) or "nothing"
    met = "yes" if case["met"] else "**no**"
    return (
        f"| {case['fault']} | {states} | {_seconds(case['said_s'])} | {_seconds(case['named_s'])} "
        f"| {again} | {_seconds(case['longest_gap_s'])} | {disturbed} | {met} | {case['note']} |"
    )


def document(result: dict[str, Any]) -> str:
    """docs/faults.md."""
    lines = [
        "# Held under faults",
        "",
        "Made by `watchroom bench faults`; do not edit. "
        f"Run of {result['at'][:10]}, {result['minutes']:g} minutes, Python "
        f"{platform.python_version()} on {platform.system()}, {os.cpu_count()} cores.",
        "",
        "Every fault of the simulator on one camera, beside three healthy ones, on the real engine "
        "with its decoder processes. *Said*: from the fault until the tile no longer claims to be "
        "live. *Named*: until it says what is wrong. *Live again*: from the repair to a new picture. "
        "*Disturbed*: what happened to the healthy cameras. *Met*: the tile never claimed to be "
        f"live for more than {SAID_S:g} s without a new picture, said so within {SAID_S:g} s "
        "(black: 3 s, a repeated picture: 10 s, fewer or damaged pictures: two windows of 2 s), "
        f"lived within {AGAIN_S:g} s of the repair where nothing else is noted, and disturbed "
        "nothing (a case in which something else was disturbed is run again, twice at most: the "
        "machine is not quiet, but what a fault does it does again). Streams that are merely "
        "unusual have to go on.",
        "",
        "| fault | what the tile says [cause] | said | named | live again | longest gap "
        "| disturbed | met | |",
        "|---|---|---|---|---|---|---|---|---|",
        *(_row(c) for c in result["cases"]),
        "",
        f"## A server behind {TILES} tiles",
        "",
        "`dies`: the process is killed and another takes its port after that time (and the time it "
        "takes to start). `hangs`: it is stopped and goes on: connections stay open, nothing is "
        "answered. *Peak*: the most connections within any 100 ms after the return, begun by the "
        "client and accepted by the server.",
        "",
        "| | all say so | all live again | peak begun | peak accepted "
        "| attempts a second while away | attempts after |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {h['fault']} | {_seconds(h['said_s'])} | {_seconds(h['again_s'])} "
        f"| {h['peak_attempts_100_ms']} | {h['peak_accepted_100_ms']} "
        f"| {h['attempts_a_second_while_away']} | {h['attempts_after']} |"
        for h in result["stampede"]
    ]
    return "\n".join(lines) + "\n"
