"""Events of one camera by PullPoint (ONVIF core specification, section 9), and how they are read.

A subscription is renewed at half of its time, made anew where a camera cannot renew or has lost it (a
reboot), and given back at the end: devices have few.
"""

from __future__ import annotations

import contextlib
import copy
import re
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from lxml import etree

from app.devices.errors import DeviceError, ErrorCode
from app.devices.onvif import EVENTS, OnvifDevice, text_of, wild
from app.devices.soap import element_text
from app.domain.camera_event import CameraEvent, EventKind

LIFE_S = 60.0
"""How long a subscription is asked to live."""

WAIT_S = 20.0
"""How long a camera may hold a question while nothing happens."""

MAX_MESSAGES = 100
"""Messages taken of one answer."""

MAX_RAW = 4096
MAX_TEXT = 200
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
