from __future__ import annotations

import pytest

from app.devices.errors import DeviceError, ErrorCode
from app.devices.onvif import OnvifDevice, connect, device_url
from app.domain.camera import Credentials, StreamRole
from app.simulator.process import Simulator


def _connect(simulator: Simulator, camera: str = "cam6", timeout_s: float = 5.0) -> OnvifDevice:
    info = simulator.camera(camera)
    return connect(info.onvif_url, Credentials(info.username, info.password), timeout_s)


def test_streams_are_those_of_the_camera(simulator: Simulator) -> None:
    device = _connect(simulator, "cam2")
    streams = {s.role: s for s in device.streams()}
    assert streams[StreamRole.MAIN].codec == "h265"
    assert (streams[StreamRole.MAIN].width, streams[StreamRole.SUB].width) == (1920, 640)
    assert streams[StreamRole.SUB].url == simulator.camera("cam2").url()
    assert not any(p.has_ptz for p in device.profiles())
    with pytest.raises(DeviceError) as caught:
        device.ptz()
    assert caught.value.code is ErrorCode.NOT_SUPPORTED


def test_without_media2_the_older_service_is_used(simulator: Simulator) -> None:
    simulator.fault("cam6", "media2-absent")
    assert [s.height for s in _connect(simulator).streams()] == [720, 360]


@pytest.mark.parametrize("skew", [86_400, -86_400, 36_000])
def test_a_wrong_clock_is_measured_and_does_not_matter(simulator: Simulator, skew: int) -> None:
    simulator.set_clock_skew("cam6", skew)
    simulator.fault("cam6", "token-only")
    device = _connect(simulator)
    assert device.clock_offset_s == pytest.approx(skew, abs=2)
    assert device.information().serial == "WRSIM000006"


def test_a_clock_that_jumps_during_the_session_costs_one_silent_retry(
    simulator: Simulator,
) -> None:
    simulator.fault("cam6", "token-only")
    device = _connect(simulator)
    simulator.set_clock_skew("cam6", -50_000)
    assert device.information().serial == "WRSIM000006"
    assert device.clock_offset_s == pytest.approx(-50_000, abs=2)


def test_foreign_hosts_in_answers_are_replaced_by_the_one_that_answered(
    simulator: Simulator,
) -> None:
    simulator.fault("cam6", "onvif-wrong-host")
    device = _connect(simulator)
    assert device.streams()[0].url == simulator.camera("cam6").url(StreamRole.MAIN)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("onvif-huge", ErrorCode.TOO_LARGE),
        ("onvif-xml-bomb", ErrorCode.MALFORMED),
        ("onvif-401", ErrorCode.UNAUTHORIZED),
        ("onvif-hang", ErrorCode.TIMEOUT),
        ("refuse", ErrorCode.UNREACHABLE),
    ],
)
def test_hostile_and_broken_devices_become_plain_errors(
    simulator: Simulator, fault: str, code: ErrorCode
) -> None:
    simulator.fault("cam6", fault)
    with pytest.raises(DeviceError) as caught:
        _connect(simulator, timeout_s=2.5).information()
    assert caught.value.code is code
    assert simulator.camera("cam6").password not in str(caught.value)


def test_a_wrong_password(simulator: Simulator) -> None:
    with pytest.raises(DeviceError) as caught:
        connect(simulator.camera("cam6").onvif_url, Credentials("admin", "no")).information()
    assert caught.value.code is ErrorCode.UNAUTHORIZED


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("192.168.1.20", "http://192.168.1.20/onvif/device_service"),
        (" cam.lan:8080 ", "http://cam.lan:8080/onvif/device_service"),
        ("https://h/x/device", "https://h/x/device"),
        ("http://u:p@h/", "http://h/onvif/device_service"),
        ("[fe80::1]:80", "http://[fe80::1]:80/onvif/device_service"),
    ],
)
def test_addresses_as_people_type_them(text: str, url: str) -> None:
    assert device_url(text) == url


@pytest.mark.parametrize("text", ["", "ftp://h", "http://", "h:99999", "http://[bad"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(DeviceError) as caught:
        device_url(text)
    assert caught.value.code is ErrorCode.BAD_ADDRESS
