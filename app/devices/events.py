"""Listening to events of many cameras.

Reconnects wait longer each time; a refused account is not tried again by itself. What was missed
meanwhile is said with a GAP event. How a camera is asked is in `pull_point.py`.
"""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from app.devices.errors import DeviceError, ErrorCode
from app.domain.camera import Credentials
from app.domain.camera_event import CameraEvent, EventKind

if TYPE_CHECKING:
    from app.devices.onvif import OnvifDevice
    from app.devices.pull_point import PullPoint
    from app.devices.soap import Pins

MOST_A_SECOND = 20
"""Events of one camera that are taken in a second; a flapping input must not flood the list."""

BACKOFF_S = (1.0, 60.0)
REFUSED_S = 900.0
"""A refused account is tried again so seldom: it must not be locked."""

LINGER_S = 60.0
"""A camera that left the screen is listened to for so long: a tour would subscribe anew each time."""

STAGGER_S = 0.15
"""Subscriptions begin so far apart."""

MAX_WATCHED = 128


class Listening(StrEnum):
    """How it stands with one camera."""

    WAITING = "waiting"
    HEARD = "heard"
    SHARED = "shared"  # another camera of the same recorder listens for it
    LOST = "lost"  # tried again by itself
    REFUSED = "refused"  # the account, or no subscription is left
    NONE = "none"  # the camera has no events


Access = Callable[[str], tuple[str, Credentials] | None]
Channels = Callable[[str], dict[str, tuple[str, ...]]]
"""The cameras of a camera's device (itself too), with the tokens of their media profiles."""


class _Watch(threading.Thread):
    """Listens to one device until it is told to end."""

    def __init__(self, service: EventService, camera_id: str, delay_s: float) -> None:
        super().__init__(name=f"events-{camera_id[:8]}", daemon=True)
        self._service, self.camera_id, self._delay = service, camera_id, delay_s
        self.ending = threading.Event()
        self._again = threading.Event()
        self.state = Listening.WAITING
        self.unwanted_since: float | None = None
        self._device: OnvifDevice | None = None
        self._states: dict[tuple[str, str, str], bool | None] = {}
        self._sources: dict[str, str] = {}
        """Token of a video source to its camera, of a recorder of many."""
        self._recorder = ""
        self._lost_at: datetime | None = None
        self._second, self._in_second = 0, 0

    def end(self) -> None:
        """Wakes it from whatever it waits for."""
        self.ending.set()
        self._again.set()
        device = self._device
        if device is not None:
            device.soap.abort()

    def retry(self) -> None:
        """Try at once."""
        self._again.set()

    def run(self) -> None:
        wait = BACKOFF_S[0]
        self.ending.wait(self._delay)
        while not self.ending.is_set():
            began = time.monotonic()
            try:
                if not self._listen():
                    if self.state is not Listening.SHARED:
                        self.state = Listening.NONE
                        return
                    # Woken when the camera that listens is let go.
                    self._again.wait()
                    self._again.clear()
                    continue
            except DeviceError as error:
                if error.code is ErrorCode.NOT_SUPPORTED:
                    self.state = Listening.NONE
                    return
                refused = error.code in (ErrorCode.UNAUTHORIZED, ErrorCode.REFUSED)
                self.state = Listening.REFUSED if refused else Listening.LOST
                if error.code is ErrorCode.UNAUTHORIZED:
                    wait = REFUSED_S
            except Exception:  # whatever it is: the others go on, and this one tries again
                self.state = Listening.LOST
            if self.ending.is_set():
                return
            if wait < REFUSED_S and time.monotonic() - began > 60:
                wait = BACKOFF_S[0]
            self._again.clear()
            self._again.wait(wait * random.uniform(0.7, 1.3))
            wait = min(wait * 2, BACKOFF_S[1])

    def _listen(self) -> bool:
        """One connection, until it fails; False where there is nothing to listen to."""
        # Here: the window that makes the service must not wait for ONVIF to be loaded.
        from app.devices.onvif import connect
        from app.devices.pull_point import PullPoint, normalise

        access = self._service.access(self.camera_id)
        if access is None:
            return False
        if not self._service.claim(access[0], self):
            return False
        point: PullPoint | None = None
        try:
            self._device = device = connect(*access, pins=self._service.pins)
            self._learn_sources(device)
            point = PullPoint(device)
            self.state = Listening.HEARD
            self._say_gap()
            while not self.ending.is_set():
                messages = point.pull()
                now = datetime.now(UTC)
                for message in messages:
                    event = normalise(message, self.camera_id, device.clock_offset_s, now)
                    self._take(self._whose(event, message))
            return True
        except DeviceError:
            if self.state is Listening.HEARD and not self.ending.is_set():
                self._lost_at = self._lost_at or datetime.now(UTC)
            raise
        finally:
            self._service.unclaim(access[0], self)
            if self._device is not None:
                if point is not None and self.ending.is_set():
                    self._device.soap.aborted = False
                    with contextlib.suppress(DeviceError):
                        point.give_back()
                self._device.close()
                self._device = None

    def _learn_sources(self, device: OnvifDevice) -> None:
        """Which camera each video source is, where the device has more than one of ours."""
        cameras = self._service.channels(self.camera_id)
        self._sources, self._recorder = {}, ""
        tokens: dict[str, frozenset[str]] = {}
        with contextlib.suppress(DeviceError):
            tokens = device.source_tokens()
        if len(cameras) < 2 and len(set(tokens.values())) < 2:
            return  # whatever it says is about this one
        self._recorder = urlsplit(device.url).netloc
        for camera, profiles in cameras.items():
            for profile in profiles:
                self._sources |= dict.fromkeys(tokens.get(profile, ()), camera)

    def _whose(self, event: CameraEvent, message: Any) -> CameraEvent:
        """The event with the camera it is about, or as one of the recorder itself."""
        if not self._recorder:
            return event
        from app.devices.pull_point import video_sources

        for token in video_sources(message):
            if token in self._sources:
                return replace(event, camera_id=self._sources[token])
        return replace(event, recorder=self._recorder)

    def _say_gap(self) -> None:
        lost, self._lost_at = self._lost_at, None
        if lost is not None:
            now = datetime.now(UTC)
            lasted = f"{(now - lost).total_seconds():.0f} s"
            self._service.put(
                CameraEvent(
                    self.camera_id,
                    lost,
                    now,
                    EventKind.GAP,
                    None,
                    lasted,
                    "",
                    "",
                    recorder=self._recorder,
                )
            )

    def _take(self, event: CameraEvent) -> None:
        """Pass on what is news: states that did not change are repeated by many, each second."""
        key = (event.camera_id, event.topic, event.source)
        known = key in self._states
        if event.active is not None:
            if known and self._states[key] == event.active:
                return
            if len(self._states) < 1000 or known:
                self._states[key] = event.active
            if event.ongoing and not event.active:
                return  # it was quiet before, and it is quiet: nothing happened
        second = int(time.monotonic())
        self._in_second = self._in_second + 1 if second == self._second else 1
        self._second = second
        if self._in_second > MOST_A_SECOND:
            self._service.dropped += 1
            return
        self._service.put(event)


class EventService:
    """Listens to many cameras, a thread each; `on_event` is called on those threads."""

    def __init__(
        self,
        access: Access,
        on_event: Callable[[CameraEvent], None],
        pins: Pins | None = None,
        *,
        channels: Channels = lambda camera: {camera: ()},
        keep: int = 10_000,
    ) -> None:
        """`access`: ONVIF address and account of a camera, or None; blocking, called on a thread,
        and so is `channels`."""
        self.access, self._on_event, self.pins = access, on_event, pins
        self.channels = channels
        self.dropped = 0
        """Events of cameras that sent more than can be taken."""
        self._lock = threading.Lock()
        self._log: deque[CameraEvent] = deque(maxlen=keep)
        self._number = 0
        self._watches: dict[str, _Watch] = {}
        self._claims: dict[str, _Watch] = {}

    def watch(self, cameras: set[str]) -> None:
        """These are to be listened to; others are let go after a while. Returns at once."""
        now = time.monotonic()
        with self._lock:
            for camera, watch in list(self._watches.items()):
                if camera in cameras:
                    watch.unwanted_since = None
                elif watch.unwanted_since is None:
                    watch.unwanted_since = now
                elif now - watch.unwanted_since >= LINGER_S:
                    del self._watches[camera]
                    watch.end()
            new = sorted(cameras - self._watches.keys())[: MAX_WATCHED - len(self._watches)]
            for number, camera in enumerate(new):
                self._watches[camera] = watch = _Watch(self, camera, number * STAGGER_S)
                watch.start()

    def states(self) -> dict[str, Listening]:
        """How it stands with each camera."""
        with self._lock:
            return {camera: watch.state for camera, watch in self._watches.items()}

    def retry(self) -> None:
        """Try all that failed again at once."""
        with self._lock:
            for watch in self._watches.values():
                watch.retry()

    def events(self) -> list[CameraEvent]:
        """What is kept, the oldest first."""
        with self._lock:
            return list(self._log)

    def put(self, event: CameraEvent) -> None:
        """Append and tell; called by the watches."""
        with self._lock:
            self._number += 1
            event = replace(event, number=self._number)
            self._log.append(event)
        with contextlib.suppress(Exception):
            self._on_event(event)

    def claim(self, url: str, watch: _Watch) -> bool:
        """Whether this one may speak for a device: a recorder's channels share one subscription."""
        with self._lock:
            if self._claims.setdefault(url, watch) is watch:
                return True
            watch.state = Listening.SHARED
            return False

    def unclaim(self, url: str, watch: _Watch) -> None:
        """It no longer does: another channel of the recorder, if any waits, takes over."""
        with self._lock:
            if self._claims.get(url) is watch:
                del self._claims[url]
                if watch.ending.is_set():
                    for other in self._watches.values():
                        if other.state is Listening.SHARED:
                            other.retry()

    def close(self, timeout_s: float = 2.5) -> None:
        """End all, giving subscriptions back as far as there is time."""
        with self._lock:
            watches = list(self._watches.values())
            self._watches.clear()
        for watch in watches:
            watch.end()
        deadline = time.monotonic() + timeout_s
        for watch in watches:
            watch.join(max(0.0, deadline - time.monotonic()))
