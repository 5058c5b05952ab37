"""Finding devices, on the loopback address only."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.devices import discovery
from app.devices.discovery import Found, addresses, discover, loopback, matches, sweep
from app.devices.errors import DeviceError
from app.devices.probe import each, probe, probe_first
from app.devices.soap import parse_reply
from app.domain.camera import Credentials
from app.domain.finding import (
    MOST_TRIES,
    Known,
    Seen,
    Standing,
    factory_accounts,
    is_default,
    judge,
    may_be_tried,
)
from app.simulator.process import Simulator
from tests.conftest import free_udp_port

PORT = free_udp_port()


@pytest.fixture(scope="module")
def street() -> Iterator[Simulator]:
    """Twelve cameras, in a network that loses 30 % of the datagrams each way."""
    with Simulator(cameras=12, ptz=2, discovery=True, discovery_port=PORT, discovery_loss=0.3
                   ) as running:  # fmt: skip
        yield running


def _found(**options: object) -> list[Found]:
    found: list[Found] = []
    discover(found.append, on=[loopback()], port=PORT, **options)  # type: ignore[arg-type]
    return found


def test_all_cameras_are_found_once_although_datagrams_get_lost(street: Simulator) -> None:
    found = _found()
    assert sorted(f.urls[0] for f in found) == sorted(c.onvif_url for c in street.cameras)
    assert {f.how for f in found} == {"multicast 127.0.0.1"}
    assert {f.name for f in found} == {c.id for c in street.cameras}
    assert not any(f.foreign for f in found)


def test_a_camera_with_a_foreign_address_is_tried_where_it_answered(street: Simulator) -> None:
    street.fault("cam3", "onvif-wrong-host")
    try:
        found = next(f for f in _found() if f.name == "cam3")
        assert found.told[0].startswith("http://192.0.2.77:")
        assert found.urls[0] == street.camera("cam3").onvif_url
        assert found.urls[-1].startswith("http://192.0.2.77:")
        account = Credentials(street.camera("cam3").username, street.camera("cam3").password)
        look = probe_first(found.urls, account)
        assert look.error is None
        assert look.device.serial == "WRSIM000003"
    finally:
        street.clear("cam3")


def test_a_sweep_finds_what_answers_and_tells_how_far_it_is(street: Simulator) -> None:
    found: list[Found] = []
    told: list[tuple[int, int]] = []
    targets = addresses("127.0.0.1-4")
    sweep(targets, found.append, port=PORT, http_ports=(), on_progress=lambda *a: told.append(a))
    assert {f.name for f in found} == {c.id for c in street.cameras}
    assert told[-1] == (8, 8)
    assert [d for d, _ in told] == sorted(d for d, _ in told)


def test_a_sweep_is_rate_limited_and_can_be_cancelled(street: Simulator) -> None:
    cancelled, done = threading.Event(), list[int]()

    def progress(number: int, _: int) -> None:
        done.append(number)
        if number == 10:
            cancelled.set()

    began = time.monotonic()
    sweep(addresses("127.0.1.0/24"), lambda _: None, port=free_udp_port(), http_ports=(), rate=50,
          on_progress=progress, cancelled=cancelled)  # fmt: skip
    assert 0.15 < time.monotonic() - began < 4.5  # the whole network takes 5 s
    assert done[-1] == 10


def test_a_device_that_answers_no_probe_is_found_by_http() -> None:
    with Simulator(cameras=1, ptz=0) as running:
        port = int(running.camera("cam1").onvif_url.split(":")[2].split("/")[0])
        found: list[Found] = []
        sweep(["127.0.0.1", "127.0.0.2"], found.append, port=free_udp_port(), http_ports=(port,))
        assert [(f.host, f.how) for f in found] == [("127.0.0.1", "HTTP")]
        account = Credentials(running.camera("cam1").username, running.camera("cam1").password)
        assert probe(found[0].urls[0], account).device.serial == "WRSIM000001"


@pytest.mark.parametrize(
    ("text", "count", "first", "last"),
    [
        ("10.0.1.0/24", 254, "10.0.1.1", "10.0.1.254"),
        ("10.0.1.7", 1, "10.0.1.7", "10.0.1.7"),
        ("10.0.1.20-60", 41, "10.0.1.20", "10.0.1.60"),
        ("10.0.1.250 - 10.0.2.5", 12, "10.0.1.250", "10.0.2.5"),
        ("10.0.1.1, 10.0.1.2\n10.0.1.1-3", 3, "10.0.1.1", "10.0.1.3"),
        ("10.0.1.0/31", 2, "10.0.1.0", "10.0.1.1"),
    ],
)
def test_ranges(text: str, count: int, first: str, last: str) -> None:
    found = addresses(text)
    assert (len(found), found[0], found[-1]) == (count, first, last)


@pytest.mark.parametrize(
    "text", ["", "10.0.0.0/8", "10.0.0.9-3", "cam.lan", "10.0.0.300", "1-2", "10.0.0.0/99"]
)
def test_what_is_no_range(text: str) -> None:
    with pytest.raises(DeviceError):
        addresses(text)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"x" * 60_000, b"<a/>",
        b'<!DOCTYPE x [<!ENTITY e "e">]><Envelope/>',
        b"<Envelope><Body><ProbeMatches><ProbeMatch><XAddrs>file:///etc/passwd "
        b"http://[bad gopher://x</XAddrs></ProbeMatch></ProbeMatches></Body></Envelope>",
    ],
)  # fmt: skip
def test_rubbish_finds_nothing(data: bytes) -> None:
    assert matches(data, "127.0.0.1", "probe", [loopback()]) == []


def test_one_sender_cannot_fill_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "MAX_FROM_ONE", 5)
    flood, port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), free_udp_port()
    flood.bind(("127.0.0.1", port))
    flood.settimeout(5)

    def answer() -> None:
        _, address = flood.recvfrom(65536)
        for i in range(100):
            flood.sendto(
                f"<Envelope><Body><ProbeMatches><ProbeMatch><EndpointReference><Address>urn:{i}"
                "</Address></EndpointReference><XAddrs>http://127.0.0.1/</XAddrs></ProbeMatch>"
                "</ProbeMatches></Body></Envelope>".encode(), address,
            )  # fmt: skip

    thread = threading.Thread(target=answer)
    thread.start()
    found: list[Found] = []
    sweep(["127.0.0.1"], found.append, port=port, http_ports=())
    thread.join()
    flood.close()
    assert len(found) == 5


def test_a_device_without_a_password_and_one_with_a_makers_is_told() -> None:
    with Simulator(cameras=1, ptz=0, password="") as running:
        assert probe(running.camera("cam1").onvif_url, Credentials()).open
    with Simulator(cameras=1, ptz=0, password="12345") as running:
        info = running.camera("cam1")
        look = probe(info.onvif_url, Credentials(info.username, info.password))
        assert look.default_account
        assert not look.open
        assert not probe(info.onvif_url, Credentials("admin", "other")).default_account
    assert not is_default("admin", "kZ8#long")


def test_side_by_side_and_no_further_after_a_cancel() -> None:
    cancelled, begun = threading.Event(), list[int]()

    def work(number: int) -> int:
        begun.append(number)
        if number == 3:
            cancelled.set()
        return number

    assert set(each(work, range(1000), cancelled, at_once=2)) <= set(range(8))
    assert len(begun) < 8


def test_who_a_found_device_is_to_us() -> None:
    ours = [Known("1", "gate", "10.0.0.1", "A1"), Known("2", "yard", "10.0.0.2", "B2"),
            Known("3", "roof", "10.0.0.3", "")]  # fmt: skip
    seen = [Seen("a", "10.0.0.1", "a1"), Seen("b", "10.0.0.9", "B2"), Seen("c", "10.0.0.2", "X"),
            Seen("d", "10.0.0.3", "C"), Seen("e", "10.0.0.50", "N"), Seen("f", "10.0.0.51", "N"),
            Seen("g", "10.0.0.60", "Z"), Seen("h", "10.0.0.61", "")]  # fmt: skip
    told = judge(seen, ours)
    assert {k: v.standing for k, v in told.items()} == {
        "a": Standing.KNOWN, "b": Standing.MOVED, "c": Standing.REPLACED, "d": Standing.KNOWN,
        "e": Standing.ELSEWHERE, "f": Standing.ELSEWHERE, "g": Standing.NEW,
        "h": Standing.UNKNOWN,
    }  # fmt: skip
    assert told["b"].known == ours[1]
    assert told["b"].other_host == "10.0.0.2"
    assert told["e"].other_host == "10.0.0.51"


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments], capture_output=True, text=True, timeout=60,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())} | environment, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_the_commands_print_json_and_no_secret(street: Simulator) -> None:
    info = street.camera("cam12")
    secret = {"WATCHROOM_CAMERA_USER": info.username, "WATCHROOM_CAMERA_PASSWORD": info.password}
    told = _run("probe", info.onvif_url, **secret)
    answer = json.loads(told.stdout)
    assert told.returncode == 0
    assert answer["serial"] == "WRSIM000012"
    assert answer["channels"][0]["ptz"] is True
    assert answer["channels"][0]["streams"][1]["url"] == info.url()
    assert info.password not in told.stdout + told.stderr
    told = _run("probe", info.onvif_url)
    assert told.returncode == 1
    assert json.loads(told.stdout)["error"]["code"] == "unauthorized"
    told = _run("discover", "--interface", "127.0.0.1", "--port", str(PORT), "--look", **secret)
    devices = json.loads(told.stdout)["devices"]
    assert len(devices) == 12
    assert {d["look"]["serial"] for d in devices} == {f"WRSIM{i:06d}" for i in range(1, 13)}
    assert info.password not in told.stdout + told.stderr
    assert _run("discover", "--range", "nonsense").returncode == 2


def test_factory_accounts_are_few_and_those_of_the_maker() -> None:
    assert factory_accounts("HIKVISION DS-2CD2043") == (("admin", "12345"),)
    assert factory_accounts("Axis M3045") == (("root", "pass"),)
    assert factory_accounts("nothing known") == (("admin", "admin"), ("admin", "12345"))
    assert factory_accounts("maximal relaxis") == factory_accounts("")
    for said in ("dahua", "hanwha", "sony", "vivotek", "acti", ""):
        accounts = factory_accounts(said)
        assert 1 <= len(accounts) <= MOST_TRIES
        assert all(is_default(*account) for account in accounts)


def test_nothing_is_tried_on_a_camera_of_the_register() -> None:
    known = [Known("c", "Gate", "10.0.0.5", "S1", "00-11-22-AA-BB-CC")]
    endpoint = "urn:uuid:11111111-2222-3333-4444-001122aabbcc"
    assert may_be_tried(Standing.UNKNOWN, "urn:uuid:x", "10.0.0.6", known)
    assert may_be_tried(Standing.NEW, "", "10.0.0.6", known)
    assert not may_be_tried(Standing.UNKNOWN, endpoint, "10.0.0.6", known)
    assert not may_be_tried(Standing.UNKNOWN, "", "10.0.0.5", known)
    for standing in (Standing.KNOWN, Standing.MOVED, Standing.REPLACED, Standing.ELSEWHERE):
        assert not may_be_tried(standing, "", "10.0.0.6", known)


def test_answers_without_the_list_around_them_and_forgotten_prefixes_are_read() -> None:
    bare = (
        b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:d="http://schemas.'
        b'xmlsoap.org/ws/2005/04/discovery"><s:Body><d:ProbeMatch><d:XAddrs>http://127.0.0.1/onvif'
        b"</d:XAddrs></d:ProbeMatch></s:Body></s:Envelope>"
    )
    (found,) = matches(bare, "127.0.0.1", "probe", [loopback()])
    assert found.urls == ("http://127.0.0.1/onvif",)
    text = b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>%s</s:Body></s:Envelope>'
    root = parse_reply(text % b"<tptz:StopResponse/>")
    assert root[0][0].tag == "{http://www.onvif.org/ver20/ptz/wsdl}StopResponse"
    for wrong in (b"<who:Knows/>", b"<tptz:StopResponse>", b'<tptz:A b="<"/>'):
        with pytest.raises(DeviceError):
            parse_reply(text % wrong)
