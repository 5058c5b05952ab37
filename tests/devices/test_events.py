"""Events of cameras: what arrives, what does not get lost, and what is not let in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from lxml import etree

from app.devices import events, pull_point
from app.devices.events import EventService, Listening
from app.devices.pull_point import normalise
from app.domain.camera import Credentials
from app.domain.camera_event import CameraEvent, EventKind
from app.simulator.process import Simulator
from tests.conftest import wait_for

CAMERA = "cam4"
MOTION = "tns1:RuleEngine/CellMotionDetector/Motion"


@pytest.fixture
def heard() -> list[CameraEvent]:
    return []


def _alone(simulator: Simulator) -> None:
    """What others had of this camera is given back in threads of theirs: it goes now."""
    simulator.fault(CAMERA, "events-forget")
    simulator.clear(CAMERA)
    wait_for(lambda: simulator.state(CAMERA)["subscriptions"] == 0)


@pytest.fixture
def service(
    simulator: Simulator, heard: list[CameraEvent], monkeypatch: pytest.MonkeyPatch
) -> Iterator[EventService]:
    monkeypatch.setattr(events, "BACKOFF_S", (0.2, 0.5))
    _alone(simulator)
    info = simulator.camera(CAMERA)
    account = Credentials(info.username, info.password)
    running = EventService(
        lambda camera: (simulator.camera(camera).onvif_url, account), heard.append
    )
    yield running
    running.close()


def _listen(service: EventService, simulator: Simulator) -> None:
    service.watch({CAMERA})
    wait_for(lambda: service.states().get(CAMERA) is Listening.HEARD)


def _motion(simulator: Simulator, on: bool) -> None:
    simulator.emit(CAMERA, MOTION, {"IsMotion": "true" if on else "false"},
                   {"VideoSourceConfigurationToken": "source_cfg"})  # fmt: skip


def test_events_arrive_normalised_with_the_raw_message_and_our_time(
    service: EventService, simulator: Simulator, heard: list[CameraEvent]
) -> None:
    simulator.set_clock_skew(CAMERA, 86_400)
    _listen(service, simulator)
    hardware = "tns1:Device/HardwareFailure"
    _motion(simulator, True)
    _motion(simulator, False)
    simulator.emit(CAMERA, "tns1:RuleEngine/TamperDetector/Tamper", {"IsTamper": "true"})
    simulator.emit(CAMERA, "tns1:Device/Trigger/DigitalInput", {"LogicalState": "1"},
                   {"InputToken": "door"})  # fmt: skip
    simulator.emit(CAMERA, f"{hardware}/StorageFailure", {"Failed": "true"}, {"Token": "sd"})
    simulator.emit(CAMERA, f"{hardware}/TemperatureCritical", {"Critical": "true"})
    wait_for(lambda: len(heard) >= 6)
    assert [(e.kind, e.active) for e in heard] == [
        (EventKind.MOTION, True), (EventKind.MOTION, False), (EventKind.TAMPER, True),
        (EventKind.DIGITAL_INPUT, True), (EventKind.STORAGE, True), (EventKind.TEMPERATURE, True),
    ]  # fmt: skip
    assert heard[3].source == "door"
    assert "IsMotion" in heard[0].raw
    assert [e.number for e in service.events()] == [1, 2, 3, 4, 5, 6]
    for event in heard:
        assert abs((event.at - datetime.now(UTC)).total_seconds()) < 15
    simulator.emit(CAMERA, f"{hardware}/StorageFailure", {"Failed": "false"}, {"Token": "sd"})
    simulator.emit(CAMERA, f"{hardware}/TemperatureCritical", {"Critical": "false"})
    simulator.emit(CAMERA, "tns1:RuleEngine/TamperDetector/Tamper", {"IsTamper": "false"})
    simulator.emit(CAMERA, "tns1:Device/Trigger/DigitalInput", {"LogicalState": "0"},
                   {"InputToken": "door"})  # fmt: skip
    wait_for(lambda: len(heard) >= 10)


def test_a_subscription_is_renewed_and_given_back(
    service: EventService, simulator: Simulator, heard: list[CameraEvent]
) -> None:
    simulator.fault(CAMERA, "events-short", seconds=4.0)
    before = simulator.state(CAMERA)["subscriptions"]
    _listen(service, simulator)
    began = time.monotonic()
    wait_for(lambda: time.monotonic() - began > 8.5)  # twice its life
    _motion(simulator, True)
    wait_for(lambda: bool(heard))
    assert simulator.state(CAMERA)["subscriptions"] == before + 1
    assert not [e for e in heard if e.kind is EventKind.GAP]
    _motion(simulator, False)
    wait_for(lambda: len(heard) == 2)
    service.close()
    wait_for(lambda: simulator.state(CAMERA)["subscriptions"] == before)


def test_a_camera_that_cannot_renew_is_subscribed_to_anew(
    service: EventService, simulator: Simulator, heard: list[CameraEvent]
) -> None:
    simulator.fault(CAMERA, "events-short", seconds=2.0)
    simulator.fault(CAMERA, "events-no-renew")
    _listen(service, simulator)
    began = time.monotonic()
    wait_for(lambda: time.monotonic() - began > 3.5)
    _motion(simulator, True)
    wait_for(lambda: any(e.kind is EventKind.MOTION for e in heard))
    assert simulator.state(CAMERA)["subscriptions"] <= 2
    _motion(simulator, False)


@pytest.mark.parametrize("fault", ["events-forget", "reboot"])
def test_what_a_reboot_ends_begins_again_and_the_gap_is_said(
    service: EventService, simulator: Simulator, heard: list[CameraEvent], fault: str
) -> None:
    _listen(service, simulator)
    simulator.fault(CAMERA, fault, seconds=1.0)
    wait_for(lambda: any(e.kind is EventKind.GAP for e in heard), 20)
    wait_for(lambda: service.states()[CAMERA] is Listening.HEARD)
    _motion(simulator, True)
    wait_for(lambda: heard[-1].kind is EventKind.MOTION)
    _motion(simulator, False)


def test_a_full_or_refusing_camera_is_said_and_comes_back(
    service: EventService, simulator: Simulator
) -> None:
    simulator.fault(CAMERA, "events-full")
    service.watch({CAMERA})
    wait_for(lambda: service.states()[CAMERA] is Listening.REFUSED)
    simulator.clear(CAMERA)
    wait_for(lambda: service.states()[CAMERA] is Listening.HEARD)


def test_a_wrong_account_is_not_tried_again_by_itself(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "BACKOFF_S", (0.05, 0.1))
    asked: list[str] = []

    def access(camera: str) -> tuple[str, Credentials]:
        asked.append(camera)
        return simulator.camera(camera).onvif_url, Credentials("admin", "wrong")

    service = EventService(access, lambda _: None)
    service.watch({CAMERA})
    wait_for(lambda: service.states()[CAMERA] is Listening.REFUSED)
    time.sleep(0.6)  # nothing is to happen
    assert len(asked) == 1
    service.retry()
    wait_for(lambda: len(asked) == 2)
    service.close()


def test_a_flapping_input_does_not_flood_the_list(
    service: EventService, simulator: Simulator, heard: list[CameraEvent]
) -> None:
    _listen(service, simulator)
    for i in range(80):
        simulator.emit(CAMERA, "tns1:Device/Trigger/DigitalInput", {"LogicalState": str(i % 2)},
                       {"InputToken": "flap"})  # fmt: skip
    simulator.emit(CAMERA, MOTION, {"IsMotion": "true"})
    wait_for(lambda: service.dropped + len(heard) >= 79, 20)
    assert len(heard) <= 20 * 8


def test_channels_of_one_recorder_share_one_subscription(
    simulator: Simulator, heard: list[CameraEvent]
) -> None:
    info = simulator.camera(CAMERA)
    account = Credentials(info.username, info.password)
    _alone(simulator)
    service = EventService(lambda _: (info.onvif_url, account), heard.append)
    before = simulator.state(CAMERA)["subscriptions"]
    service.watch({"a", "b", "c"})
    wait_for(lambda: sorted(service.states().values())
             == [Listening.HEARD, Listening.SHARED, Listening.SHARED])  # fmt: skip
    assert simulator.state(CAMERA)["subscriptions"] == before + 1
    service.close()


@pytest.fixture
def recorder(
    simulator: Simulator, heard: list[CameraEvent], monkeypatch: pytest.MonkeyPatch
) -> Iterator[EventService]:
    """Cameras "c1" to "c31" are sources of a recorder of 32."""
    monkeypatch.setattr(events, "BACKOFF_S", (0.2, 0.5))
    monkeypatch.setattr(events, "LINGER_S", 0.0)
    simulator.fault(CAMERA, "recorder", sources=32)
    info = simulator.camera(CAMERA)
    account = Credentials(info.username, info.password)
    ours = {f"c{i}": (f"profile_main_{i}", f"profile_sub_{i}") for i in range(1, 32)}
    running = EventService(lambda _: (info.onvif_url, account), heard.append,
                           channels=lambda _: ours)  # fmt: skip
    yield running
    running.close()


def _of_source(simulator: Simulator, name: str, token: str, on: bool = True) -> None:
    simulator.emit(CAMERA, MOTION, {"IsMotion": "true" if on else "false"}, {name: token})


def test_events_of_a_recorder_are_those_of_the_camera_whose_source_it_is(
    simulator: Simulator, heard: list[CameraEvent], recorder: EventService
) -> None:
    recorder.watch({"c1", "c7"})
    wait_for(lambda: Listening.HEARD in recorder.states().values())
    _of_source(simulator, "VideoSourceConfigurationToken", "source_cfg_7")
    _of_source(simulator, "VideoSource", "source_9")  # of no tile, but of the register
    _of_source(simulator, "VideoSourceConfigurationToken", "source_cfg_32")  # of no camera of ours
    hardware = "tns1:Device/HardwareFailure"
    simulator.emit(CAMERA, f"{hardware}/StorageFailure", {"Failed": "true"}, {"Token": "sd_1"})
    simulator.emit(CAMERA, f"{hardware}/TemperatureCritical", {"Critical": "true"})
    wait_for(lambda: sum(not e.ongoing for e in heard) >= 5)
    address = simulator.camera(CAMERA).onvif_url.split("/")[2]
    told = [(e.kind, e.recorder or e.camera_id, e.source) for e in heard if not e.ongoing]
    assert told == [
        (EventKind.MOTION, "c7", "source_cfg_7"),
        (EventKind.MOTION, "c9", "source_9"),
        (EventKind.MOTION, address, "source_cfg_32"),
        (EventKind.STORAGE, address, "sd_1"),
        (EventKind.TEMPERATURE, address, ""),
    ]
    simulator.emit(CAMERA, f"{hardware}/StorageFailure", {"Failed": "false"}, {"Token": "sd_1"})
    simulator.emit(CAMERA, f"{hardware}/TemperatureCritical", {"Critical": "false"})


def test_another_channel_takes_over_when_the_one_that_listened_is_let_go(
    simulator: Simulator, heard: list[CameraEvent], recorder: EventService
) -> None:
    recorder.watch({"c1", "c7"})
    wait_for(lambda: sorted(recorder.states().values()) == [Listening.HEARD, Listening.SHARED])
    first = next(c for c, s in recorder.states().items() if s is Listening.HEARD)
    other = ({"c1", "c7"} - {first}).pop()
    recorder.watch({other})  # noted as unwanted, then let go
    recorder.watch({other})
    wait_for(lambda: recorder.states() == {other: Listening.HEARD})
    _of_source(simulator, "VideoSourceConfigurationToken", "source_cfg_3")
    wait_for(lambda: [e.camera_id for e in heard if not e.ongoing] == ["c3"])


def test_a_camera_without_events_is_left_alone() -> None:
    service = EventService(lambda _: None, lambda _: None)
    service.watch({"x"})
    wait_for(lambda: service.states()["x"] is Listening.NONE)
    service.close()


def _message(topic: str, data: str, more: str = "") -> CameraEvent:
    xml = (
        f'<m xmlns:tt="t"><Topic>{topic}</Topic><Message><tt:Message {more}><tt:Data>{data}</tt:Data>'
        "</tt:Message></Message></m>"
    )
    return normalise(etree.fromstring(xml), "c", 0.0, datetime.now(UTC))


def _item(name: str, value: str) -> str:
    return f'<tt:SimpleItem Name="{name}" Value="{value}"/>'


@pytest.mark.parametrize(
    ("topic", "data", "kind", "active"),
    [
        ("tns1:VideoSource/MotionAlarm", _item("State", "true"), EventKind.MOTION, True),
        ("tns1:VideoAnalytics/tnsaxis:MotionDetection", _item("motion", "0"), EventKind.MOTION, False),
        ("tns1:VideoSource/GlobalSceneChange/ImagingService", _item("State", "true"),
         EventKind.TAMPER, True),
        ("tns1:Device/tnsaxis:IO/Port", _item("state", "1"), EventKind.DIGITAL_INPUT, True),
        ("tnsaxis:Storage/Disruption", _item("disruption", "1"), EventKind.STORAGE, True),
        ("tns1:RuleEngine/LineDetector/Crossed", _item("ObjectId", "17"), EventKind.RULE, None),
        ("tns1:VideoSource/SignalLoss", _item("State", "1"), EventKind.VIDEO_LOSS, True),
        ("tns1:Device/HardwareFailure/FanFailure", _item("Failed", "true"), EventKind.HARDWARE, True),
        ("x:Whatever", "", EventKind.OTHER, None),
        ("", "", EventKind.OTHER, None),
    ],
)  # fmt: skip
def test_makers_topics_become_one_vocabulary(
    topic: str, data: str, kind: EventKind, active: bool | None
) -> None:
    event = _message(topic, data)
    assert (event.kind, event.active) == (kind, active)


def test_messages_are_bounded_and_impossible_times_are_not_believed() -> None:
    event = _message("x:y" * 5000, _item("a", "b" * 100_000), 'UtcTime="1970-01-01T00:00:00Z"')
    assert len(event.raw) <= pull_point.MAX_RAW
    assert len(event.topic) <= pull_point.MAX_TEXT
    assert event.at == event.received_at
    assert _message("x", "", 'UtcTime="not a time"').at.tzinfo is not None
    assert normalise(etree.fromstring("<m/>"), "c", 0, datetime.now(UTC)).kind is EventKind.OTHER
