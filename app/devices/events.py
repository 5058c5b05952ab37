"""Events of cameras by PullPoint (ONVIF core specification, section 9).

A subscription is renewed at half of its time, made anew where a camera cannot renew or has lost it (a
reboot), and given back at the end: devices have few. Reconnects wait longer each time; a refused
account is not tried again by itself. What was missed meanwhile is said with a GAP event.
"""

from __future__ import annotations

import contextlib
import copy
import random
import re
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from app.devices.errors import DeviceError, ErrorCode
from app.devices.onvif import EVENTS, OnvifDevice, connect, text_of, wild
from app.devices.soap import Pins, element_text
from app.domain.camera import Credentials
from app.domain.camera_event import CameraEvent, EventKind

LIFE_S = 60.0
"""How long a subscription is asked to live."""

WAIT_S = 20.0
"""How long a camera may hold a question while nothing happens."""

MAX_MESSAGES = 100
"""Messages taken of one answer."""

MAX_RAW = 4096
MAX_TEXT = 200
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
WSNT = "http://docs.oasis-open.org/wsn/b-2"
WSA = "http://www.w3.org/2005/08/addressing"

_KINDS: tuple[tuple[str, EventKind], ...] = (
    (r"tamper|globalscenechange|imagetoo|scenechange|defocus", EventKind.TAMPER),
    (r"signalloss|videoloss|signalstatus", EventKind.VIDEO_LOSS),
    (r"storage|disk|sdcard|recordingfailure", EventKind.STORAGE),
    (r"temperature|heater", EventKind.TEMPERATURE),
    (r"digitalinput|io/port|alarmin|externalalarm|io/virtualinput", EventKind.DIGITAL_INPUT),
    (r"hardwarefailure|fan|powersupply", EventKind.HARDWARE),
    (r"motion", EventKind.MOTION),
    (r"ruleengine|linedetector|fielddetector|loitering|objectdetection", EventKind.RULE),
)
"""Words in a topic, without its prefixes, in the order in which they decide. Read in makers' topic
lists: ONVIF's own set, and Axis', Hikvision's and Dahua's additions to it."""

_STATES = ("ismotion", "istamper", "logicalstate", "state", "failed", "critical", "active", "value",
           "triggered", "isinside", "disruption", "sensor_level")  # fmt: skip
_YES = frozenset({"true", "1", "on", "active", "yes", "high"})
_NO = frozenset({"false", "0", "off", "inactive", "no", "low"})


def normalise(message: Any, camera_id: str, offset_s: float, now: datetime) -> CameraEvent:
    """A `NotificationMessage` element as an event. Never raises: what it does not understand is OTHER."""
    topic = text_of(message, "Topic")[:MAX_TEXT]
    path = "/".join(part.rpartition(":")[2] for part in topic.split("/"))
    kind = next((k for words, k in _KINDS if re.search(words, path.lower())), EventKind.OTHER)
    inner = message.find(wild("Message/Message"))
    data, source = _items(inner, "Data"), _items(inner, "Source") | _items(inner, "Key")
    operation = (inner.get("PropertyOperation", "") if inner is not None else "").lower()
    active = _state(data)
    if operation == "deleted":
        active = False
    own = copy.deepcopy(message)
    # The envelope's other namespaces are not of this message; "tns1" stands in its topic's text.
    etree.cleanup_namespaces(own, keep_ns_prefixes=["tns1"])
    raw = etree.tostring(own, encoding="unicode", with_tail=False)
    at = now
    with contextlib.suppress(ValueError, OverflowError):
        told = datetime.fromisoformat(inner.get("UtcTime", "") if inner is not None else "")
        told = told.replace(tzinfo=told.tzinfo or UTC) - timedelta(seconds=offset_s)
        # A time that cannot be: the clock jumped, or local time was called UTC.
        at = told.astimezone(UTC) if abs((told - now).total_seconds()) < 600 else now
    named = [v for k, v in source.items() if v and "configuration" not in k.lower()]
    where = ", ".join(named or list(source.values()))[:MAX_TEXT]
    where = "".join(c for c in where if c.isprintable())
    return CameraEvent(camera_id, at, now, kind, active, where, topic, raw[:MAX_RAW],
                       ongoing=operation == "initialized")  # fmt: skip


def video_sources(message: Any) -> set[str]:
    """Tokens by which a message says which video source it is about."""
    inner = message.find(wild("Message/Message"))
    found = _items(inner, "Source") | _items(inner, "Key")
    named = {v for k, v in found.items() if _SOURCE.search(k)}
    return named - {""}


_SOURCE = re.compile(r"^source$|video\w*source|video\w*analytics|channel", re.IGNORECASE)


def _items(message: Any, part: str) -> dict[str, str]:
    if message is None:
        return {}
    found = message.findall(wild(f"{part}/SimpleItem"))[:20]
    return {e.get("Name", "")[:100]: e.get("Value", "")[:MAX_TEXT] for e in found}


def _state(data: dict[str, str]) -> bool | None:
    ranked = sorted(
        data.items(),
        key=lambda kv: _STATES.index(kv[0].lower()) if kv[0].lower() in _STATES else 99,
    )
    for _, value in ranked:
        word = value.strip().lower()
        if word in _YES or word in _NO:
            return word in _YES
    return None


class PullPoint:
    """One subscription. Raises DeviceError in all its methods."""

    def __init__(self, device: OnvifDevice) -> None:
        self._device = device
        self._reference = ""
        self.address = ""
        self._renew_at = 0.0
        self._subscribe()

    def _subscribe(self) -> None:
        answer = self._device.ask(
            EVENTS, "CreatePullPointSubscription",
            f"<InitialTerminationTime>PT{LIFE_S:.0f}S</InitialTerminationTime>",
        )  # fmt: skip
        address = text_of(answer, "SubscriptionReference/Address")
        if not address:
            raise DeviceError(ErrorCode.MALFORMED, "the device's answer does not follow ONVIF")
        self.address = self._device.on_our_host(address)
        # Some tell subscriptions apart by these, and all of them by one address.
        given = answer.findall(wild("SubscriptionReference/ReferenceParameters/*"))[:8]
        self._reference = "".join(
            etree.tostring(e, encoding="unicode", with_tail=False) for e in given
        )[:4096]
        self._lives(answer)

    def _lives(self, answer: Any) -> None:
        """When to renew: both times are the camera's own, so their difference counts."""
        seconds = LIFE_S
        with contextlib.suppress(ValueError):
            ends = datetime.fromisoformat(text_of(answer, "TerminationTime"))
            now = datetime.fromisoformat(text_of(answer, "CurrentTime"))
            left = (ends - now).total_seconds()
            seconds = left if 0 < left < 86_400 else seconds
        self._renew_at = time.monotonic() + seconds / 2

    def _tell(self, action: str, body: str, timeout_s: float | None = None) -> Any:
        header = (
            f'<a:Action xmlns:a="{WSA}">{action}</a:Action>'
            f'<a:MessageID xmlns:a="{WSA}">urn:uuid:{uuid.uuid4()}</a:MessageID>'
            f'<a:To xmlns:a="{WSA}">{element_text(self.address)}</a:To>{self._reference}'
        )
        envelope = self._device.ask_near(self.address, body, header=header, timeout_s=timeout_s)
        return envelope.find("{*}Body/*")

    def pull(self) -> list[Any]:
        """Messages, after waiting for some for up to WAIT_S; renews when it is time to."""
        left = self._renew_at - time.monotonic()
        if left <= 0:
            self.renew()
            left = self._renew_at - time.monotonic()
        wait = max(1.0, min(WAIT_S, left))
        name = f"http://www.onvif.org/{EVENTS}/wsdl"
        body = (
            f'<PullMessages xmlns="{name}"><Timeout>PT{wait:.0f}S</Timeout><MessageLimit>'
            f"{MAX_MESSAGES}</MessageLimit></PullMessages>"
        )
        answer = self._tell(f"{name}/PullPointSubscription/PullMessagesRequest", body, wait + 5)
        if answer is None or etree.QName(answer).localname != "PullMessagesResponse":
            raise DeviceError(ErrorCode.MALFORMED, "the device's answer does not follow ONVIF")
        return list(answer.findall("{*}NotificationMessage")[:MAX_MESSAGES])

    def renew(self) -> None:
        """Prolong; where the camera cannot, a new subscription takes the old one's place."""
        body = f'<Renew xmlns="{WSNT}"><TerminationTime>PT{LIFE_S:.0f}S</TerminationTime></Renew>'
        try:
            answer = self._tell(
                "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/RenewRequest", body
            )
        except DeviceError as error:
            if error.code not in (ErrorCode.REFUSED, ErrorCode.NOT_SUPPORTED, ErrorCode.NOT_ONVIF):
                raise
            with contextlib.suppress(DeviceError):
                self.give_back()
            self._subscribe()
        else:
            self._lives(answer)

    def give_back(self) -> None:
        """Unsubscribe: devices have few."""
        self._tell(
            "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/UnsubscribeRequest",
            f'<Unsubscribe xmlns="{WSNT}"/>', 2.0,
        )  # fmt: skip


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
