"""What the client itself measures when a camera is commissioned. Blocking: runs off the Qt thread."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from app.devices.errors import DeviceError
from app.devices.onvif import EVENTS, OnvifDevice, PtzDevice, connect
from app.devices.pull_point import PullPoint
from app.domain import gb28181
from app.domain.camera import CameraRow, CameraSource, StreamRole
from app.domain.commissioning import FIRST_PICTURE_S, Verdict
from app.domain.kpi import CLOCK_WARN_S
from app.store.pins import StoredPins
from app.store.store import Store
from app.video.measurement import Measurement, measure_stream
from app.video.motion import Grid, grid, view_moved
from app.video.probe import ProbeError, probe_stream
from app.video.types import Picture

SECONDS = 8.0
CONNECTIONS = 4
"""So many at once are tried; a wall with replay, another console and a recorder need no more."""
TURN_S, SETTLE_S, STOP_LIMIT_S = 1.2, 6.0, 2.0
STEADY = 0.002
"""Positions that differ less are the same."""

Values = Mapping[str, str | float | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one item of the checklist. `note`: a code for what is wrong."""

    item: str
    verdict: Verdict
    values: Values
    note: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """The camera that is measured. `device`, `head`: connect now; None where it has none."""

    source: CameraSource
    code: str
    device: Callable[[], OnvifDevice] | None
    head: Callable[[], PtzDevice] | None


def subject_of(store: Store, camera: CameraRow, head: Callable[[], PtzDevice]) -> Subject | None:
    """A camera of this console, ready to be measured; None where it is gone. Blocking."""
    source = store.source(camera.id)
    if source is None:
        return None
    access = store.device_access(camera.id)
    device = None
    if access is not None:
        url, account = access

        def device() -> OnvifDevice:
            return connect(url, account, pins=StoredPins(store))

    return Subject(source, camera.code, device, head if camera.has_ptz else None)


class Cancelled(Exception):  # noqa: N818 -- it is no error
    """A person broke it off."""


def measure(
    subject: Subject,
    told: Callable[[Finding], None],
    cancelled: threading.Event,
    seconds: float = SECONDS,
    turn_s: float = TURN_S,
    connections: int = CONNECTIONS,
) -> bytes | None:
    """Everything that needs no person, both streams, events and PTZ at once as in real use; a picture
    (JPEG) of the main stream. Each finding is told when it is there. Raises Cancelled."""
    told(_code(subject.code))
    with ThreadPoolExecutor(4, thread_name_prefix="acceptance") as pool:
        streams = {
            stream.role: pool.submit(
                measure_stream, stream, subject.source.credentials, subject.source.transport,
                seconds, cancelled, verify_tls=subject.source.verify_tls,
            )
            for stream in subject.source.streams
        }  # fmt: skip
        device = pool.submit(measure_device, subject, told)
        head = pool.submit(measure_head, subject, told, cancelled, turn_s)
        picture: bytes | None = None
        for role in (StreamRole.MAIN, StreamRole.SUB):
            name = f"function.{role}_stream"
            if role not in streams:
                told(Finding(name, Verdict.NOT_APPLICABLE, {}, "no such stream"))
                continue
            try:
                found = streams[role].result()
            except ProbeError as error:
                told(Finding(name, Verdict.FAILED, {}, error.code))
                continue
            told(Finding(name, Verdict.MET, _values(found)))
            if picture is None:
                picture = found.picture
                soon = found.first_picture_s <= FIRST_PICTURE_S
                told(Finding("function.first_picture", Verdict.MET if soon else Verdict.FAILED,
                             {"first_picture_s": round(found.first_picture_s, 2)},
                             "" if soon else "slow"))  # fmt: skip
                whole = found.lost < 0.01
                told(Finding("network.loss", Verdict.MET if whole else Verdict.FAILED,
                             {"lost_percent": round(100 * found.lost, 2),
                              "jitter_ms": round(found.jitter_ms, 1),
                              "longest_gap_s": round(found.longest_gap_s, 2)},
                             "" if whole else "loss"))  # fmt: skip
        device.result()
        head.result()
        if cancelled.is_set():
            raise Cancelled
        told(_connections(subject, pool, cancelled, min(4.0, seconds), connections))
    if cancelled.is_set():
        raise Cancelled
    return picture


def _values(m: Measurement) -> dict[str, str | float | None]:
    return {
        "codec": m.codec, "profile": m.profile, "width": m.width, "height": m.height,
        "fps": round(m.fps, 2), "bitrate_kbps": round(m.bitrate_kbps),
        "gop_s": None if m.gop_s is None else round(m.gop_s, 2),
        "lost_percent": round(100 * m.lost, 2), "jitter_ms": round(m.jitter_ms, 1),
        "first_picture_s": round(m.first_picture_s, 2),
    }  # fmt: skip


def _code(code: str) -> Finding:
    if not code:
        return Finding("identity.code", Verdict.FAILED, {}, "no code")
    good = gb28181.is_valid(code)
    return Finding("identity.code", Verdict.MET if good else Verdict.FAILED, {"code": code},
                   "" if good else "bad code")  # fmt: skip


def _connections(
    subject: Subject,
    pool: ThreadPoolExecutor,
    cancelled: threading.Event,
    seconds: float,
    tried: int,
) -> Finding:
    """How many connections the camera bears at once: each must show a picture while the others run."""
    stream = subject.source.streams[-1]
    source = subject.source

    def hold() -> bool:
        try:
            measure_stream(stream, source.credentials, source.transport, seconds, cancelled,
                           verify_tls=source.verify_tls)  # fmt: skip
        except ProbeError:
            return False
        return True

    borne = sum(f.result() for f in [pool.submit(hold) for _ in range(tried)])
    verdict = Verdict.MET if borne >= 2 else Verdict.FAILED
    return Finding("function.connections", verdict, {"borne": borne, "tried": tried},
                   "" if borne >= 2 else "one connection")  # fmt: skip


def measure_device(subject: Subject, told: Callable[[Finding], None]) -> None:
    """The clock, and events: subscribed and prolonged while the streams run, and given back."""
    if subject.device is None:
        for item in ("overlay.clock", "function.events"):
            told(Finding(item, Verdict.NOT_APPLICABLE, {}, "no ONVIF"))
        return
    try:
        device = subject.device()
        device.measure_clock()
        offset = device.clock_offset_s
        right = abs(offset) <= CLOCK_WARN_S
        told(Finding("overlay.clock", Verdict.MET if right else Verdict.FAILED,
                     {"offset_s": round(offset, 1)}, "" if right else "clock"))  # fmt: skip
        told(_events(device))
    except DeviceError as error:
        for item in ("overlay.clock", "function.events"):
            told(Finding(item, Verdict.FAILED, {}, str(error.code)))


def _events(device: OnvifDevice) -> Finding:
    if not device.has(EVENTS):
        return Finding("function.events", Verdict.NOT_APPLICABLE, {}, "no events")
    try:
        subscription = PullPoint(device)
        subscription.renew()
    except DeviceError as error:
        return Finding("function.events", Verdict.FAILED, {}, str(error.code))
    with contextlib.suppress(DeviceError):
        subscription.give_back()
    return Finding("function.events", Verdict.MET, {"service": "PullPoint"})


def measure_head(
    subject: Subject, told: Callable[[Finding], None], cancelled: threading.Event,
    turn_s: float = TURN_S,
) -> None:  # fmt: skip
    """Turn it each way, and see by its position (or else by the picture) that it did, and that it stops."""
    if subject.head is None:
        return
    try:
        head = subject.head()
        told(_turned(head, subject, cancelled, turn_s))
    except DeviceError as error:
        told(Finding("function.ptz", Verdict.FAILED, {}, str(error.code)))


def _turned(
    head: PtzDevice, subject: Subject, cancelled: threading.Event, turn_s: float
) -> Finding:
    ways = {"left": (-0.5, 0.0, 0.0), "right": (0.5, 0.0, 0.0), "up": (0.0, 0.4, 0.0),
            "down": (0.0, -0.4, 0.0), "in": (0.0, 0.0, 0.5), "out": (0.0, 0.0, -0.5)}  # fmt: skip
    values: dict[str, str | float | None] = {}
    stops: list[float] = []
    still: list[str] = []
    began = head.status().position
    for name, (pan, tilt, zoom) in ways.items():
        if cancelled.is_set():
            break
        before, seen = head.status().position, _look(subject, cancelled)
        try:
            head.move(pan, tilt, zoom, turn_s + 2)
            cancelled.wait(turn_s)
        finally:
            head.stop()
        stopped = time.monotonic()
        after = _rest(head)
        if after is not None:
            stops.append(time.monotonic() - stopped)
        if before is not None and after is not None:
            moved = max(abs(b - a) for a, b in zip(before, after, strict=True)) > STEADY
        else:
            now = _look(subject, cancelled)
            moved = seen is not None and now is not None and view_moved(seen, now) is not False
        values[name] = "moves" if moved else "does not move"
        if not moved:
            still.append(name)
    if began is not None:
        with contextlib.suppress(DeviceError):  # not every head can; it was only politeness
            head.absolute(*began)
            _rest(head)
    values["judged_by"] = "position" if stops else "picture"
    if stops:
        values["ptz_stop_s"] = round(max(stops), 2)
    # A head at its end cannot go on: one way of an axis is enough.
    dead = [f"{a}/{b}" for a, b in (("left", "right"), ("up", "down"), ("in", "out"))
            if a in still and b in still]  # fmt: skip
    slow = bool(stops) and max(stops) > STOP_LIMIT_S
    verdict = Verdict.FAILED if dead or slow else Verdict.MET
    return Finding("function.ptz", verdict, values, "no movement: " + ", ".join(dead) if dead
                   else "slow stop" if slow else "")  # fmt: skip


def _rest(head: PtzDevice) -> tuple[float, float, float] | None:
    """Where it stands once it does; None where it does not tell."""
    until = time.monotonic() + SETTLE_S
    last = head.status().position
    while last is not None and time.monotonic() < until:
        time.sleep(0.1)
        now = head.status().position
        if now is None or max(abs(b - a) for a, b in zip(last, now, strict=True)) < STEADY:
            return now
        last = now
    return last


def _look(subject: Subject, cancelled: threading.Event) -> Grid | None:
    try:
        stream, source = subject.source.streams[-1], subject.source
        shown = probe_stream(stream, source.credentials, source.transport, cancelled=cancelled,
                             verify_tls=source.verify_tls)  # fmt: skip
    except ProbeError:
        return None
    data = memoryview(shown.picture)
    size = (shown.picture_width, shown.picture_height, shown.stride)
    return grid(Picture(data, *size, 0, 0.0, 0.0, 0.0))
