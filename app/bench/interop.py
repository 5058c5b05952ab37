"""`bench interop`: what our side makes of a device or simulator that nobody here wrote.

Discovery, probe, a picture of each stream, PTZ by the real controller and events by PullPoint, each a
row with what was seen. docs/interop.md says what came of those that were tried. The account comes from
the environment, as for `probe`. Moves the camera and stores (and removes) a preset in it.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from app.devices import discovery, events
from app.devices.cli_probe import account
from app.devices.errors import DeviceError
from app.devices.events import EventService, Listening
from app.devices.onvif import OnvifDevice, PtzDevice, connect
from app.devices.probe import Probe, probe
from app.devices.ptz import Phase, PtzController, PtzState
from app.devices.soap import MemoryPins
from app.domain.camera import Credentials
from app.domain.camera_event import CameraEvent

HOLD_S = 1.2
PRESET = "interop"


@dataclass
class _Report:
    """Rows: what was tried, whether it worked, what was seen."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    def step(self, name: str, work: Callable[[], str]) -> None:
        """Note what `work` saw. It raises DeviceError or _NotMetError where it did not work."""
        began = time.monotonic()
        try:
            seen, worked = work(), True
        except (DeviceError, _NotMetError) as error:
            seen, worked = str(error), False
        self.rows.append({"step": name, "worked": worked, "seen": seen,
                          "seconds": round(time.monotonic() - began, 2)})  # fmt: skip


class _NotMetError(Exception):
    """A step ran and did not bring what it should."""


def run(address: str, listen_s: float = 8.0, port: int = discovery.PORT) -> dict[str, Any]:
    """All steps against `address` (host, host:port or URL); events are listened to for `listen_s`."""
    signed, report = account(ask=False), _Report()
    found: list[Probe] = []

    def look() -> str:
        result = probe(address, signed, pins=MemoryPins())
        found.append(result)
        if result.error is not None:
            raise result.error
        streams = [f"{s.codec} {s.width}×{s.height}" for c in result.channels for s in c.streams]
        offset = result.clock_offset_s or 0.0
        return (
            f"{result.device.manufacturer} {result.device.model}, {len(result.channels)} channel(s): "
            f"{', '.join(streams)}; clock {offset:+.1f} s; "
            f"{'open' if result.open else 'signed by ' + result.signed_by}; "
            f"{len(result.services)} services"
        )

    report.step("probe", look)
    url = found[0].url
    if url:
        report.step("discovery, unicast", lambda: _discovered(urlsplit(url).hostname or "", port))
        report.step("discovery, multicast", lambda: _called(port))
    for channel in found[0].channels:
        for stream in channel.streams:
            report.step(
                f"picture: {stream.role.value}", lambda u=stream.url: _picture(u, signed)  # type: ignore[misc]
            )  # fmt: skip
    if any(c.has_ptz for c in found[0].channels):
        _ptz(report, url, signed)
    report.step("events", lambda: _events(url, signed, listen_s))
    return {"address": address, "rows": report.rows}


def table(result: dict[str, Any]) -> str:
    """For a person."""
    return "\n".join(
        f"{'ok  ' if r['worked'] else 'FAIL'} {r['step']:<34}{r['seconds']:>7.2f} s  {r['seen']}"
        for r in result["rows"]
    )


def _discovered(host: str, port: int) -> str:
    found: list[discovery.Found] = []
    discovery.sweep([host], found.append, http_ports=(), port=port)
    return _named(found)


def _called(port: int) -> str:
    found: list[discovery.Found] = []
    everywhere = [*discovery.interfaces(), discovery.loopback()]
    discovery.discover(found.append, on=everywhere, seconds=2.5, port=port)
    return _named(found)


def _named(found: list[discovery.Found]) -> str:
    if not found:
        raise _NotMetError("nobody answered")
    return "; ".join(f"{f.name or '(no name)'} {f.urls[0]}" for f in found)


def _picture(url: str, signed: Credentials) -> str:
    import av

    parts = urlsplit(url)
    if signed:
        parts = parts._replace(netloc=f"{signed.username}:{signed.password}@{parts.netloc}")
    options = {"rtsp_transport": "tcp", "timeout": "5000000"}
    try:
        with av.open(parts.geturl(), options=options, timeout=8.0) as stream:
            picture = next(stream.decode(video=0))
    except (OSError, StopIteration, av.FFmpegError) as error:
        # Without the address: the account stands in it.
        raise _NotMetError(type(error).__name__) from None
    return f"{picture.width}×{picture.height}"


def _ptz(report: _Report, url: str, signed: Credentials) -> None:
    """A held move and its stop by the controller, then presets and home."""
    phases: list[PtzState] = []
    ready = threading.Event()
    heads: list[PtzDevice] = []

    def reach() -> PtzDevice:
        heads.append(connect(url, signed, pins=MemoryPins()).ptz())
        return heads[-1]

    def told(state: PtzState) -> None:
        phases.append(state)
        if state.phase in (Phase.IDLE, Phase.UNVERIFIED, Phase.STILL_MOVING, Phase.FAILED):
            ready.set()

    controller = PtzController(reach, told)

    def order(what: Callable[[PtzDevice], Any]) -> Any:
        answered, box = threading.Event(), list[Any]()

        def work(head: PtzDevice) -> None:
            box.append(what(head))

        def done(error: Exception | None) -> None:
            box.append(error)
            answered.set()

        controller.order(work, done)
        if not answered.wait(20):
            raise _NotMetError("no answer within 20 s")
        if box[-1] is not None:
            raise box[-1]
        return box[0]

    def held(pan: float, tilt: float, zoom: float) -> str:
        before = order(lambda h: h.status())
        ready.clear()
        began = time.monotonic()
        while time.monotonic() - began < HOLD_S:
            controller.hold(pan, tilt, zoom)
            time.sleep(0.2)
        during = order_position()
        controller.release()
        if not ready.wait(12):
            raise _NotMetError("the controller came to no end")
        after = order(lambda h: h.status())
        last = phases[-1].phase.value
        if last in (Phase.STILL_MOVING.value, Phase.FAILED.value):
            raise _NotMetError(f"{last}: {phases[-1].message}")
        if before.position == after.position:
            raise _NotMetError(f"it did not move ({before.position}), {last}")
        return f"{before.position} → {after.position}{during}; after the stop: {last}"

    def order_position() -> str:
        moving = any(s.phase is Phase.MOVING for s in phases)
        return "" if moving else " (no move was sent)"

    def rounded_trip() -> str:
        stored = order(lambda h: h.status()).position
        token = order(lambda h: h.set_preset(PRESET))
        listed = order(lambda h: h.presets())
        mine = next((p for p in listed if p.token == token), None)
        if mine is None:
            raise _NotMetError(f"stored as {token!r}, but not in the list of {len(listed)}")
        held(-0.5, 0.2, 0.0)
        order(lambda h: h.go_to_preset(mine.token))
        time.sleep(1.5)
        back = order(lambda h: h.status()).position
        if (
            back is None
            or stored is None
            or max(abs(a - b) for a, b in zip(back, stored, strict=True)) > 0.05
        ):
            raise _NotMetError(f"stored at {stored}, gone to {back}")
        return f"token {mine.token!r}; back at {back}"

    def removed() -> str:
        mine = [p for p in order(lambda h: h.presets()) if p.name == PRESET]
        for preset in mine:
            order(functools.partial(PtzDevice.remove_preset, token=preset.token))
        left = [p for p in order(lambda h: h.presets()) if p.name == PRESET]
        if left or not mine:
            raise _NotMetError(f"{len(left)} left of {len(mine)}")
        return f"{len(mine)} removed"

    try:
        report.step(
            "PTZ: status and spaces", lambda: str(order(lambda h: (h.status(), h.spaces())))
        )
        report.step("PTZ: held, let go (pan)", lambda: held(0.5, 0.0, 0.0))
        report.step("PTZ: held, let go (tilt)", lambda: held(0.0, -0.5, 0.0))
        report.step("PTZ: held, let go (zoom)", lambda: held(0.0, 0.0, 0.6))
        report.step("PTZ: preset set, listed, gone to", rounded_trip)
        report.step("PTZ: preset removed", removed)
        report.step("PTZ: home", lambda: str(order(lambda h: h.home()) or "accepted"))
        report.step("PTZ: ends by its own timer", lambda: _own_timer(url, signed))
    finally:
        controller.close()


def _own_timer(url: str, signed: Credentials) -> str:
    """Whether a move that nobody renews ends by the time-out that it was sent with (1 s)."""
    device: OnvifDevice = connect(url, signed, pins=MemoryPins())
    try:
        head = device.ptz()
        head.move(0.1, 0.0, 0.0, 1.0)  # slowly: the end of its range is far
        time.sleep(2.2)
        first = head.status().position
        time.sleep(0.6)
        second = head.status().position
        head.stop()
    finally:
        device.close()
    if first is None or first != second:
        raise _NotMetError(f"moves on: {first} → {second}")
    return f"stands at {second}"


def _events(url: str, signed: Credentials, listen_s: float) -> str:
    heard: list[CameraEvent] = []
    service = EventService(lambda _: (url, signed), heard.append, MemoryPins())
    try:
        service.watch({"it"})
        deadline = time.monotonic() + events.BACKOFF_S[0] + listen_s
        while time.monotonic() < deadline and service.states().get("it") is not Listening.NONE:
            time.sleep(0.1)
        state = service.states().get("it")
    finally:
        service.close()
    if state is not Listening.HEARD:
        raise _NotMetError(f"{state.value if state else 'nothing'}")
    told = "; ".join(f"{e.kind.value} {e.active} {e.source}" for e in heard[:6])
    return f"{len(heard)} event(s): {told}" if heard else "subscribed; nothing was told"
