"""The simulated ONVIF devices, asked by a client that is not ours: onvif-zeep as it comes."""

from __future__ import annotations

import socket
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
import requests

from app.simulator import panorama
from app.simulator.process import SimulatedCameraInfo, Simulator


def _service(camera: SimulatedCameraInfo, name: str, version: str) -> Any:
    """A service of the unmodified package, at the camera's own address."""
    import onvif
    from onvif import ONVIFService

    wsdl, path = {
        "device": ("devicemgmt.wsdl", "device_service"),
        "media": ("media.wsdl", "media_service"),
        "ptz": ("ptz.wsdl", "ptz_service"),
        "imaging": ("imaging.wsdl", "imaging_service"),
    }[name]
    binding = {"device": "Device", "media": "Media", "ptz": "PTZ", "imaging": "Imaging"}[name]
    folder = Path(onvif.__file__).parent.parent / "wsdl"
    return ONVIFService(
        camera.onvif_url.replace("device_service", path),
        camera.username,
        camera.password,
        str(folder / wsdl),
        binding_name=f"{{http://www.onvif.org/{version}/{name}/wsdl}}{binding}Binding",
    )


def test_onvif_zeep_reads_device_media_and_moves_the_head(simulator: Simulator) -> None:
    camera = simulator.camera("cam6")
    device = _service(camera, "device", "ver10")
    assert device.GetDeviceInformation().SerialNumber == "WRSIM000006"
    media = _service(camera, "media", "ver10")
    profiles = media.GetProfiles()
    assert [p.VideoEncoderConfiguration.Resolution.Width for p in profiles] == [1280, 640]
    uri = media.GetStreamUri(
        {"StreamSetup": {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}},
         "ProfileToken": profiles[1].token}
    ).Uri  # fmt: skip
    assert uri == camera.url()
    ptz = _service(camera, "ptz", "ver20")
    token = profiles[0].token
    assert ptz.GetNodes()[0].HomeSupported
    ptz.AbsoluteMove({"ProfileToken": token, "Position": {"PanTilt": {"x": -0.5, "y": 0.2},
                                                          "Zoom": {"x": 0.1}}})  # fmt: skip
    deadline = time.monotonic() + 10
    while ptz.GetStatus({"ProfileToken": token}).MoveStatus.PanTilt != "IDLE":
        assert time.monotonic() < deadline
    assert simulator.state("cam6")["ptz"]["pan"] == pytest.approx(-0.5, abs=0.01)
    preset = ptz.SetPreset({"ProfileToken": token, "PresetName": "门口"})
    assert [p.Name for p in ptz.GetPresets({"ProfileToken": token})] == ["门口"]
    ptz.GotoHomePosition({"ProfileToken": token})
    ptz.RemovePreset({"ProfileToken": token, "PresetToken": preset})
    assert not ptz.GetPresets({"ProfileToken": token})
    imaging = _service(camera, "imaging", "ver20")
    imaging.SetImagingSettings(
        {"VideoSourceToken": "source_1", "ImagingSettings": {"Brightness": 70}}
    )
    assert imaging.GetImagingSettings({"VideoSourceToken": "source_1"}).Brightness == 70


def test_events_arrive_at_a_pull_point(simulator: Simulator) -> None:
    from app.simulator.soap import NS, envelope, parse

    camera = simulator.camera("cam4")
    auth = requests.auth.HTTPDigestAuth(camera.username, camera.password)
    url = camera.onvif_url.replace("device_service", "event_service")

    def ask(address: str, body: str) -> Any:
        reply = requests.post(address, envelope(body).encode(), auth=auth, timeout=20)
        assert reply.status_code == 200, reply.text
        return parse(reply.content)[1]

    made = ask(url, "<tev:CreatePullPointSubscription/>")
    address = made.findtext(".//wsa:Address", namespaces=NS)
    limits = "<tev:Timeout>PT1S</tev:Timeout><tev:MessageLimit>5</tev:MessageLimit>"
    pull = f"<tev:PullMessages>{limits}</tev:PullMessages>"
    answer = ask(address, pull)
    assert "Motion" in (answer.findtext(".//wsnt:Topic", namespaces=NS) or "")
    assert ask(address, pull).find(".//wsnt:Topic", NS) is None
    ask(address, "<wsnt:Renew><wsnt:TerminationTime>PT30S</wsnt:TerminationTime></wsnt:Renew>")
    ask(address, "<wsnt:Unsubscribe/>")
    gone = requests.post(address, envelope(pull).encode(), auth=auth, timeout=20)
    assert gone.status_code == 400


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"<a/>", 400),
        (b"not xml", 400),
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', 400),
        (b"x" * 300_000, 413),
    ],
)
def test_bad_requests_get_a_fault(simulator: Simulator, body: bytes, status: int) -> None:
    reply = requests.post(simulator.camera("cam1").onvif_url, body, timeout=20)
    assert reply.status_code == status
    assert "Fault" in reply.text
    assert "root:" not in reply.text


def test_a_replayed_or_stale_token_is_refused(simulator: Simulator) -> None:
    from app.devices.errors import DeviceError
    from app.devices.onvif import OnvifDevice
    from app.domain.camera import Credentials

    camera = simulator.camera("cam4")
    simulator.set_clock_skew("cam4", 3600)
    device = OnvifDevice(camera.onvif_url, Credentials(camera.username, camera.password), 5)
    simulator.fault("cam4", "token-only")
    device.measure_clock()
    assert device.information().serial
    device.soap.clock_offset_s = 0.0
    device.measure_clock = lambda: None  # type: ignore[method-assign]
    with pytest.raises(DeviceError):
        device.information()


def test_discovery_answers_with_every_camera() -> None:
    with Simulator(cameras=3, ptz=1, discovery=True):
        probe = (
            '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
            'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
            'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><s:Header>'
            f"<a:MessageID>urn:uuid:{uuid.uuid4()}</a:MessageID></s:Header><s:Body><d:Probe>"
            "<d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></s:Body></s:Envelope>"
        )
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(10)
            client.sendto(probe.encode(), ("127.0.0.1", 3702))
            answers = [client.recv(65536).decode() for _ in range(3)]
    assert all("ProbeMatch" in a for a in answers)
    assert {f"cam{i}" for i in (1, 2, 3)} == {
        a.split("/onvif/device_service")[0].rsplit("/", 1)[1] for a in answers
    }


def test_a_translation_by_the_field_of_view_brings_the_edge_to_the_middle(
    simulator: Simulator,
) -> None:
    camera = simulator.camera("cam6")
    ptz = _service(camera, "ptz", "ver20")
    token = _service(camera, "media", "ver10").GetProfiles()[0].token
    space = "http://www.onvif.org/ver10/tptz/PanTiltSpaces/TranslationSpaceFov"

    def spaces() -> list[str]:
        listed = ptz.GetNodes()[0].SupportedPTZSpaces.RelativePanTiltTranslationSpace
        return [s.URI for s in listed]

    def stands() -> dict[str, float]:
        deadline = time.monotonic() + 10
        while simulator.state("cam6")["ptz"]["moving"]:
            assert time.monotonic() < deadline
        state = simulator.state("cam6")["ptz"]
        assert isinstance(state, dict)
        return state

    def move(x: float, y: float) -> None:
        by = {"PanTilt": {"x": x, "y": y, "space": space}}
        ptz.RelativeMove({"ProfileToken": token, "Translation": by})

    assert space in spaces()
    for zoom in (0.5, 1.0):
        start = {"PanTilt": {"x": -0.5, "y": -0.4}, "Zoom": {"x": zoom}}
        ptz.AbsoluteMove({"ProfileToken": token, "Position": start})
        before = stands()
        move(1.0, 0.5)
        after = stands()
        right, up = panorama.half_view(zoom)
        assert after["pan"] - before["pan"] == pytest.approx(right, abs=0.005)
        assert after["tilt"] - before["tilt"] == pytest.approx(up / 2, abs=0.005)
    simulator.fault("cam6", "ptz-no-fov")
    assert spaces()
    assert space not in spaces()
    with pytest.raises(Exception, match="not http"):
        move(0.1, 0.0)
