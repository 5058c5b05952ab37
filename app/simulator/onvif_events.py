"""Events of a simulated camera, fetched from pull points (ONVIF core specification, section 9)."""

from __future__ import annotations

import asyncio
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from app.simulator.soap import Fault, Request

MAX_PULL_POINTS = 16
MAX_LASTING_S = 600.0
MAX_WAIT_S = 60.0

TOPICS = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"
ITEM_FILTER = "http://www.onvif.org/ver10/tev/messageContentFilter/ItemFilter"
TAMPER = "tns1:RuleEngine/TamperDetector/Tamper"
INPUT = "tns1:Device/Trigger/DigitalInput"
STORAGE = "tns1:Device/HardwareFailure/StorageFailure"
TEMPERATURE = "tns1:Device/HardwareFailure/TemperatureCritical"
MOTION = "tns1:RuleEngine/CellMotionDetector/Motion"
Source = tuple[tuple[str, str], ...]


def utc(seconds: float) -> str:
    """Seconds since 1970 as an xs:dateTime."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def duration_seconds(text: str) -> float:
    """Seconds of an xs:duration without years and months. Raises Fault for anything else."""
    found = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", text)
    if not found or not any(found.groups()) or len(text) > 40:
        raise Fault("InvalidArgVal", f"not a duration: {text[:40]}")
    days, hours, minutes, seconds = (float(g or 0) for g in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


@dataclass
class PullPoint:
    """One subscription: what waits to be fetched, and until when it lives (monotonic seconds)."""

    identifier: int
    ends: float
    topics: list[str]
    messages: deque[str] = field(default_factory=lambda: deque(maxlen=200))
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def wants(self, topic: str) -> bool:
        """Whether the filter lets a topic pass; prefixes are a matter of each side's own."""
        path = topic.partition(":")[2]
        return not self.topics or any(
            path == t or (t.endswith("//.") and f"{path}/".startswith(t[:-2])) for t in self.topics
        )

    def put(self, topic: str, message: str) -> None:
        """Queue a message that passes the filter; the oldest goes when 200 wait."""
        if self.wants(topic):
            self.messages.append(message)
            self.arrived.set()


class PullPoints:
    """The event service of one camera. Operations are methods `<prefix>_<Operation>`."""

    def __init__(self, clock: Callable[[], float], address: Callable[[int], str]) -> None:
        """`clock`: the camera's own time. `address`: of a subscription, as the camera tells it."""
        self._clock, self._address = clock, address
        self._points: dict[int, PullPoint] = {}
        self._last = 0
        self._state: dict[str, dict[Source, dict[str, str]]] = {
            MOTION: {},
            TAMPER: {},
            INPUT: {(("InputToken", "input_1"),): {"LogicalState": "false"}},
            STORAGE: {(("Token", "sd_1"),): {"Failed": "false"}},
            TEMPERATURE: {(): {"Critical": "false"}},
        }
        """By topic, then by source: a recorder has each for every video source."""
        self.sources: Callable[[], list[str]] = lambda: ["source_cfg"]
        """Tokens of the configurations of its video sources."""
        self.fault: Callable[[str], dict[str, float] | None] = lambda _: None
        """Parameters of an active fault of the camera."""

    @property
    def count(self) -> int:
        """Subscriptions that live."""
        now = time.monotonic()
        return sum(p.ends > now for p in self._points.values())

    def forget(self) -> None:
        """Every subscription is lost, as by a reboot."""
        for point in self._points.values():
            point.arrived.set()
        self._points.clear()

    def emit(self, topic: str, source: dict[str, str], data: dict[str, str]) -> None:
        """Tell every pull point that a property of the camera has changed."""
        key = tuple(source.items())
        if len(self.sources()) == 1:
            self._state[topic] = {}
        self._state.setdefault(topic, {})[key] = data
        for point in self._points.values():
            point.put(topic, self._message(topic, key, data, "Changed"))

    def _message(self, topic: str, source: Source, data: dict[str, str], operation: str) -> str:
        def items(values: dict[str, str]) -> str:
            return "".join(
                f"<tt:SimpleItem Name={quoteattr(k)} Value={quoteattr(v)}/>"
                for k, v in values.items()
            )

        return (
            f'<wsnt:NotificationMessage><wsnt:Topic Dialect="{TOPICS}">{escape(topic)}'
            "</wsnt:Topic><wsnt:Message><tt:Message "
            f'UtcTime="{utc(self._clock())}" PropertyOperation="{operation}">'
            f"<tt:Source>{items(dict(source))}</tt:Source><tt:Data>{items(data)}</tt:Data>"
            "</tt:Message></wsnt:Message></wsnt:NotificationMessage>"
        )

    def _tell_state(self, point: PullPoint) -> None:
        tokens = self.sources()
        if len(tokens) == 1:  # it may have been a recorder before
            self._state = {k: dict(list(v.items())[-1:]) for k, v in self._state.items()}
        for topic, name in ((MOTION, "IsMotion"), (TAMPER, "IsTamper")):
            for token in tokens if len(tokens) > 1 or not self._state[topic] else ():
                key = (("VideoSourceConfigurationToken", token),)
                self._state[topic].setdefault(key, {name: "false"})
        for topic, states in self._state.items():
            for source, data in states.items():
                point.put(topic, self._message(topic, source, data, "Initialized"))

    def _lasting(self, text: str | None) -> float:
        """How long a subscription is to live: a duration, or a time by the camera's clock."""
        if not text:
            return 60.0
        if text.startswith("P"):
            seconds = duration_seconds(text)
        else:
            try:
                until = datetime.fromisoformat(text)
            except ValueError:
                raise Fault("InvalidArgVal", f"not a time: {text[:40]}") from None
            seconds = until.replace(tzinfo=until.tzinfo or UTC).timestamp() - self._clock()
        if seconds <= 0:
            raise Fault("InvalidArgVal", "the termination time is over")
        short = self.fault("events-short")
        return min(seconds, MAX_LASTING_S if short is None else short.get("seconds", 2.0))

    def _point(self, request: Request) -> PullPoint:
        number = request.path.rsplit("/", 1)[-1]
        found = self._points.get(int(number)) if re.fullmatch("[0-9]{1,9}", number) else None
        if found is None or found.ends < time.monotonic():
            raise Fault("InvalidArgVal", "no such subscription")
        return found

    def _times(self, point: PullPoint, prefix: str) -> tuple[str, str]:
        """CurrentTime and TerminationTime."""
        now = self._clock()
        ends = now + point.ends - time.monotonic()
        return (
            f"<{prefix}:CurrentTime>{utc(now)}</{prefix}:CurrentTime>",
            f"<{prefix}:TerminationTime>{utc(ends)}</{prefix}:TerminationTime>",
        )

    def tev_GetServiceCapabilities(self, request: Request) -> str:
        return (
            "<tev:GetServiceCapabilitiesResponse><tev:Capabilities "
            'WSSubscriptionPolicySupport="false" WSPullPointSupport="true" '
            f'MaxPullPoints="{MAX_PULL_POINTS}"/></tev:GetServiceCapabilitiesResponse>'
        )

    def tev_GetEventProperties(self, request: Request) -> str:
        base = "http://www.onvif.org"
        return (
            f"<tev:GetEventPropertiesResponse><tev:TopicNamespaceLocation>{base}/onvif/ver10/topics"
            "/topicns.xml</tev:TopicNamespaceLocation><wsnt:FixedTopicSet>true"
            "</wsnt:FixedTopicSet><wstop:TopicSet><tns1:RuleEngine><CellMotionDetector>"
            '<Motion wstop:topic="true"><tt:MessageDescription IsProperty="true"><tt:Source>'
            '<tt:SimpleItemDescription Name="VideoSourceConfigurationToken" '
            'Type="tt:ReferenceToken"/></tt:Source><tt:Data><tt:SimpleItemDescription '
            'Name="IsMotion" Type="xs:boolean"/></tt:Data></tt:MessageDescription></Motion>'
            "</CellMotionDetector></tns1:RuleEngine></wstop:TopicSet>"
            f"<wsnt:TopicExpressionDialect>{TOPICS}</wsnt:TopicExpressionDialect>"
            f"<tev:MessageContentFilterDialect>{ITEM_FILTER}</tev:MessageContentFilterDialect>"
            f"<tev:MessageContentSchemaLocation>{base}/onvif/ver10/schema/onvif.xsd"
            "</tev:MessageContentSchemaLocation></tev:GetEventPropertiesResponse>"
        )

    def tev_CreatePullPointSubscription(self, request: Request) -> str:
        now = time.monotonic()
        self._points = {k: p for k, p in self._points.items() if p.ends > now}
        if len(self._points) >= MAX_PULL_POINTS or self.fault("events-full") is not None:
            raise Fault("Action", "no pull point is left", more="ResourcesExhausted")
        lasts = self._lasting(request.text("tev:InitialTerminationTime"))
        expression = request.text("tev:Filter/wsnt:TopicExpression") or ""
        topics = [t.strip().rpartition(":")[2] for t in expression.split("|") if t.strip()]
        self._last += 1
        point = self._points[self._last] = PullPoint(self._last, now + lasts, topics)
        self._tell_state(point)
        current, ends = self._times(point, "wsnt")
        return (
            "<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference><wsa:Address>"
            f"{self._address(point.identifier)}</wsa:Address></tev:SubscriptionReference>"
            f"{current}{ends}</tev:CreatePullPointSubscriptionResponse>"
        )

    async def tev_PullMessages(self, request: Request) -> str:
        point = self._point(request)
        wait = min(duration_seconds(request.text("tev:Timeout") or "PT1S"), MAX_WAIT_S)
        limit = request.text("tev:MessageLimit") or "10"
        if not re.fullmatch("[0-9]{1,6}", limit):
            raise Fault("InvalidArgVal", "MessageLimit is not a number")
        if not point.messages:
            point.arrived.clear()
            try:
                await asyncio.wait_for(point.arrived.wait(), wait)
            except TimeoutError:
                pass
        if point.identifier not in self._points:
            raise Fault("InvalidArgVal", "no such subscription")
        count = min(int(limit), len(point.messages))
        messages = "".join(point.messages.popleft() for _ in range(count))
        return (
            f"<tev:PullMessagesResponse>{''.join(self._times(point, 'tev'))}{messages}"
            "</tev:PullMessagesResponse>"
        )

    def tev_SetSynchronizationPoint(self, request: Request) -> str:
        self._tell_state(self._point(request))
        return "<tev:SetSynchronizationPointResponse/>"

    def wsnt_Renew(self, request: Request) -> str:
        if self.fault("events-no-renew") is not None:
            raise Fault("ActionNotSupported", "no renewal")
        point = self._point(request)
        point.ends = time.monotonic() + self._lasting(request.text("wsnt:TerminationTime"))
        current, ends = self._times(point, "wsnt")
        return f"<wsnt:RenewResponse>{ends}{current}</wsnt:RenewResponse>"

    def wsnt_Unsubscribe(self, request: Request) -> str:
        del self._points[self._point(request).identifier]
        return "<wsnt:UnsubscribeResponse/>"
