"""What the cameras of this world do: each fault of the simulator, at each call of a probe."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from app.devices.errors import DeviceError, ErrorCode
from app.devices.onvif import OnvifDevice, connect, device_url
from app.devices.soap import CertificateError, MemoryPins, SoapClient, fingerprint_text
from app.domain.camera import Credentials, StreamRole
from app.simulator.process import Simulator
from app.simulator.soap import HOSTILE, TONGUES

CAMERA = "cam6"
CALLS = 8
"""Questions of a whole look at cam6: time, services, identity, profiles, two streams, node, status."""


def _connect(simulator: Simulator, timeout_s: float = 5.0, camera: str = CAMERA) -> OnvifDevice:
    info = simulator.camera(camera)
    return connect(info.onvif_url, Credentials(info.username, info.password), timeout_s)


def _look(simulator: Simulator, timeout_s: float = 1.0) -> list[str]:
    """All that a probe asks; what came out."""
    device = _connect(simulator, timeout_s)
    try:
        device.services()
        serial = device.information().serial
        profiles = device.profiles()
        streams = device.streams(profiles)
        head = "turns" if device.turns(profiles) else "fixed"
        device.ptz(profiles[0].stream.profile_token).status()
        return [serial, head, *(s.url for s in streams)]
    finally:
        device.close()


def _whole(simulator: Simulator) -> list[str]:
    info = simulator.camera(CAMERA)
    return ["WRSIM000006", "turns", info.url(StreamRole.MAIN), info.url(StreamRole.SUB)]


# -- signing


@pytest.mark.parametrize(("fault", "way"), [("digest-only", "digest"), ("token-only", "token")])
@pytest.mark.parametrize("skew", [0, 86_400, -86_400])
def test_either_way_of_signing_with_a_clock_a_day_off(
    simulator: Simulator, fault: str, way: str, skew: int
) -> None:
    simulator.fault(CAMERA, fault)
    simulator.set_clock_skew(CAMERA, skew)
    device = _connect(simulator)
    assert device.information().serial == "WRSIM000006"
    assert device.soap.signed_by == way
    assert device.clock_offset_s == pytest.approx(skew, abs=2)


@pytest.mark.parametrize("fault", ["digest-only", "token-only"])
def test_a_clock_reset_by_a_reboot_costs_nobody_anything(simulator: Simulator, fault: str) -> None:
    simulator.fault(CAMERA, fault)
    device = _connect(simulator)
    device.information()
    simulator.fault(CAMERA, "reboot", seconds=60)
    with pytest.raises(DeviceError) as caught:
        device.information()
    assert caught.value.code is ErrorCode.UNREACHABLE
    simulator.clear(CAMERA, "reboot")
    simulator.set_clock_skew(CAMERA, -820_000_000)  # to the year 2000
    assert device.information().serial == "WRSIM000006"


@pytest.mark.parametrize("which", range(len(TONGUES)))
def test_a_refusal_is_known_in_every_language(simulator: Simulator, which: int) -> None:
    simulator.fault(CAMERA, "onvif-language", which=which)
    info = simulator.camera(CAMERA)
    with pytest.raises(DeviceError) as caught:
        connect(info.onvif_url, Credentials(info.username, "wrong")).information()
    assert caught.value.code is ErrorCode.UNAUTHORIZED
    assert len(caught.value.message) <= 200


def test_a_wrong_password_is_tried_no_more_often_than_the_ladder_has_steps(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    once = SoapClient._once

    def counted(self: SoapClient, address: str, body: str, header: str, way: str, *a: object
                ) -> object:  # fmt: skip
        tried.append(way)
        return once(self, address, body, header, way, *a)  # type: ignore[arg-type]

    monkeypatch.setattr(SoapClient, "_once", counted)
    info = simulator.camera(CAMERA)
    with pytest.raises(DeviceError):
        connect(info.onvif_url, Credentials(info.username, "wrong")).information()
    assert [t for t in tried if t] == ["token", "digest"]


# -- addresses


@pytest.mark.parametrize("fault", ["onvif-wrong-host", "onvif-wrong-port"])
def test_wrong_hosts_and_ports_do_not_keep_a_camera_away(simulator: Simulator, fault: str) -> None:
    """The stream's own port is wrong too: the one of the network settings is taken."""
    simulator.fault(CAMERA, fault)
    assert _look(simulator, 5) == _whole(simulator)


def test_both_wrong_at_once(simulator: Simulator) -> None:
    simulator.fault(CAMERA, "onvif-wrong-host")
    simulator.fault(CAMERA, "onvif-wrong-port", port=7)
    assert _look(simulator, 5) == _whole(simulator)


def test_an_ipv6_camera() -> None:
    with Simulator(cameras=1, ptz=1, host="::1") as running:
        info = running.camera("cam1")
        assert info.onvif_url.startswith("http://[::1]:")
        device = connect(info.onvif_url, Credentials(info.username, info.password))
        assert [s.url for s in device.streams()] == [
            info.url(StreamRole.MAIN), info.url(StreamRole.SUB)
        ]  # fmt: skip
        running.fault("cam1", "onvif-wrong-host")
        device = connect(info.onvif_url, Credentials(info.username, info.password))
        assert device.streams()[1].url == info.url(StreamRole.SUB)
        assert device.ptz().status().position is not None


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("fe80::1", "http://[fe80::1]/onvif/device_service"),
        ("2001:db8::7", "http://[2001:db8::7]/onvif/device_service"),
        ("fe80::1%eth0", "http://[fe80::1%eth0]/onvif/device_service"),
        ("https://[::1]:8443/x", "https://[::1]:8443/x"),
    ],
)
def test_ipv6_addresses_as_people_type_them(text: str, url: str) -> None:
    assert device_url(text) == url


# -- certificates


@pytest.fixture(scope="module")
def tls() -> Iterator[Simulator]:
    with Simulator(cameras=1, ptz=1, tls=True) as running:
        yield running


def test_an_own_certificate_is_pinned_on_first_use_and_watched_afterwards(tls: Simulator) -> None:
    info = tls.camera("cam1")
    account = Credentials(info.username, info.password)
    pins = MemoryPins()
    device = connect(info.onvif_tls_url, account, pins=pins)
    assert device.information().serial == "WRSIM000001"
    (place, pinned), *others = pins.items()
    assert not others
    assert place in info.onvif_tls_url
    assert device.soap.fingerprint == pinned
    assert len(fingerprint_text(pinned).split(":")) == 32
    assert connect(info.onvif_tls_url, account, pins=pins).ptz().status().position
    pins[place] = "ab" * 32  # as if somebody had put himself in between
    with pytest.raises(CertificateError) as caught:
        connect(info.onvif_tls_url, account, pins=pins)
    assert caught.value.code is ErrorCode.TLS
    assert (caught.value.fingerprint, caught.value.pinned) == (pinned, "ab" * 32)
    assert pins[place] == "ab" * 32


def test_without_a_place_for_pins_an_own_certificate_is_refused(tls: Simulator) -> None:
    with pytest.raises(CertificateError) as caught:
        connect(tls.camera("cam1").onvif_tls_url, Credentials())
    assert caught.value.fingerprint
    assert not caught.value.pinned


def test_plain_http_at_a_tls_port_and_the_other_way_round(tls: Simulator) -> None:
    info = tls.camera("cam1")
    with pytest.raises(DeviceError) as caught:
        connect(info.onvif_tls_url.replace("https", "http"), Credentials(), 2)
    assert caught.value.code in (ErrorCode.UNREACHABLE, ErrorCode.NOT_ONVIF)
    with pytest.raises(DeviceError) as caught:
        connect(info.onvif_url.replace("http", "https"), Credentials(), 2, MemoryPins())
    # The simulator's plain port waits for the end of what it takes for a request.
    assert caught.value.code in (ErrorCode.TLS, ErrorCode.TIMEOUT)


# -- services and tokens


@pytest.mark.parametrize("fault", ["media1-absent", "media2-absent", "get-services-absent"])
def test_one_media_service_is_enough(simulator: Simulator, fault: str) -> None:
    simulator.fault(CAMERA, fault)
    assert _look(simulator, 5) == _whole(simulator)


def test_without_any_media_service_it_is_said(simulator: Simulator) -> None:
    simulator.fault(CAMERA, "media1-absent")
    simulator.fault(CAMERA, "media2-absent")
    with pytest.raises(DeviceError) as caught:
        _connect(simulator).profiles()
    assert caught.value.code is ErrorCode.NOT_SUPPORTED


def test_a_ptz_service_without_a_head_is_no_ptz_camera(simulator: Simulator) -> None:
    device = _connect(simulator)
    assert device.turns(device.profiles())
    simulator.fault(CAMERA, "ptz-no-node")
    assert not device.turns(device.profiles())
    assert not device.channels()[0].has_ptz


@pytest.mark.parametrize("older", [False, True])
def test_odd_tokens_are_given_back_as_they_came(simulator: Simulator, older: bool) -> None:
    simulator.fault(CAMERA, "odd-tokens")
    if older:
        simulator.fault(CAMERA, "media2-absent")
    device = _connect(simulator)
    streams = device.streams()
    assert [s.url for s in streams] == _whole(simulator)[2:]
    assert streams[0].profile_token == " main Straße №1 <&'\"> "
    head = device.ptz(streams[0].profile_token)
    head.move(0.0, 0.0, 0.0, 1.0)
    token = head.set_preset("")
    assert [p.name for p in head.presets()] == [""]
    head.go_to_preset(token)
    head.remove_preset(token)
    assert head.status().position is not None


def test_a_recorder_of_32_sources_is_32_channels(simulator: Simulator) -> None:
    simulator.fault(CAMERA, "recorder", sources=32)
    device = _connect(simulator)
    channels = device.channels()
    assert [c.source for c in channels] == [f"source_{i}" for i in range(1, 33)]
    assert all([s.role for s in c.streams] == [StreamRole.MAIN, StreamRole.SUB] for c in channels)
    assert len({s.profile_token for c in channels for s in c.streams}) == 64
    assert len(device.streams()) == 2


# -- sockets and bytes: at each call


@pytest.mark.parametrize("after", range(CALLS))
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("onvif-hang", ErrorCode.TIMEOUT),
        ("onvif-drip", ErrorCode.TIMEOUT),
        ("onvif-huge", ErrorCode.TOO_LARGE),
    ],
)
def test_slow_and_endless_answers_at_each_call_end_in_time(
    simulator: Simulator, fault: str, code: ErrorCode, after: int
) -> None:
    simulator.fault(CAMERA, "digest-only")  # every call is one request and two at the most
    device = _connect(simulator)
    device.information()
    simulator.fault(CAMERA, fault, after=after)
    device.soap.timeout_s = 0.8
    began, failed = time.monotonic(), ErrorCode.BAD_ADDRESS
    try:
        device.measure_clock()
        device._services = None
        device.services()
        device.information()
        profiles = device.profiles()
        assert device.turns(profiles) or after == 6  # where nothing tells, PTZ is believed
        device.ptz(profiles[0].stream.profile_token).status()
    except DeviceError as error:
        failed = error.code
    assert failed in (code, ErrorCode.TIMEOUT)
    # A service that does not answer is tried at the port that answered us: twice the time.
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("after", range(6))
@pytest.mark.parametrize("fault", ["onvif-cut", "onvif-truncated"])
def test_answers_that_break_off_are_told_apart_from_refusals(
    simulator: Simulator, fault: str, after: int
) -> None:
    device = _connect(simulator)
    device.information()
    for well_told in (0, 1):
        simulator.fault(CAMERA, fault, after=after, well_told=well_told)
        codes = set()
        try:
            device.measure_clock()
            device._services = None
            device.services()
            device.information()
            device.profiles()
        except DeviceError as error:
            codes.add(error.code)
        assert codes <= {ErrorCode.MALFORMED, ErrorCode.UNREACHABLE}
        simulator.clear(CAMERA)
    assert device.information().serial == "WRSIM000006"


@pytest.mark.parametrize("which", range(len(HOSTILE)), ids=HOSTILE)
def test_hostile_answers_cost_little_and_name_no_secret(simulator: Simulator, which: int) -> None:
    device = _connect(simulator)
    simulator.fault(CAMERA, "onvif-hostile", which=which)
    began = time.monotonic()
    with pytest.raises(DeviceError) as caught:
        device.information()
    assert time.monotonic() - began < 10
    assert caught.value.code in (
        ErrorCode.MALFORMED, ErrorCode.NOT_ONVIF, ErrorCode.TOO_LARGE,
    ), HOSTILE[which]  # fmt: skip
    assert simulator.camera(CAMERA).password not in str(caught.value)
    simulator.clear(CAMERA)
    assert device.information().serial == "WRSIM000006"


def test_a_budget_ends_a_probe_whatever_each_call_may_take(simulator: Simulator) -> None:
    device = _connect(simulator)
    simulator.fault(CAMERA, "onvif-hang")
    began = time.monotonic()
    device.soap.until = began + 0.4
    with pytest.raises(DeviceError) as caught:
        device.information()
    assert caught.value.code is ErrorCode.TIMEOUT
    assert time.monotonic() - began < 4  # no whole call's time


def test_a_connection_the_camera_closed_meanwhile_is_made_anew(simulator: Simulator) -> None:
    device = _connect(simulator)
    device.information()
    assert device.soap._line is not None
    assert device.soap._line.socket is not None
    device.soap._line.socket.shutdown(2)
    assert device.information().serial == "WRSIM000006"
