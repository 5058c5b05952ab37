"""What looking at a device costs: ours, 32 at a time, beside onvif-zeep used as its readme shows.

Each in a process of its own, asking simulated devices in another one. Both ask for identity, profiles and
the addresses of two streams; ours asks for the time and the services too. All devices are kept, as a
client keeps them.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import psutil

from app.simulator.process import Simulator

AIM = 50
"""So many times less CPU and memory than the naive way."""


def _ours(urls: list[str], username: str, password: str) -> dict[str, Any]:
    from app.devices.onvif import OnvifDevice, device_url
    from app.devices.probe import AT_ONCE, each
    from app.domain.camera import Credentials

    account = Credentials(username, password)

    def look(url: str) -> tuple[OnvifDevice, int]:
        device = OnvifDevice(device_url(url), account, 20.0)
        device.measure_clock()
        device.information()
        count = len(device.profiles())
        device.close()
        return device, count

    kept: list[Any] = [look(urls[0])]  # what is loaded once is loaded now

    def work() -> list[Any]:
        return list(each(look, urls))

    result = _measured(work, len(urls), kept) | {"at_once": AT_ONCE}
    result["whole"] = sum(count == 2 for _, count in kept[1:])
    return result


def _naive(urls: list[str], username: str, password: str) -> dict[str, Any]:
    from onvif import ONVIFCamera

    class Camera(ONVIFCamera):  # type: ignore[misc]
        """The package has one path only; the simulated devices of one port differ by theirs."""

        def get_definition(self, name: str, portType: str | None = None) -> Any:  # noqa: N803
            address, *rest = super().get_definition(name, portType)
            return (self.url if name == "devicemgmt" else address, *rest)

    def look(url: str) -> tuple[Any, int]:
        parts = urlsplit(url)
        Camera.url = url
        camera = Camera(parts.hostname, parts.port, username, password)
        camera.devicemgmt.GetDeviceInformation()
        media = camera.create_media_service()
        camera.create_ptz_service()
        profiles = media.GetProfiles()
        setup = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
        for profile in profiles:
            media.GetStreamUri({"StreamSetup": setup, "ProfileToken": profile.token})
        return camera, len(profiles)

    kept: list[Any] = [look(urls[0])]
    result = _measured(lambda: [look(url) for url in urls], len(urls), kept) | {"at_once": 1}
    result["whole"] = sum(count == 2 for _, count in kept[1:])
    return result


def _measured(work: Any, count: int, kept: list[Any]) -> dict[str, Any]:
    """CPU seconds and memory a device; `kept` holds what came out."""
    process = psutil.Process()
    gc.collect()
    before, cpu, began = process.memory_info().rss, time.process_time(), time.monotonic()
    kept += work()
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    gc.collect()
    memory = max(process.memory_info().rss - before, 0)
    return {
        "devices": count,
        "seconds": round(seconds, 2),
        "cpu_ms_a_device": round(cpu / count * 1000, 3),
        "memory_kb_a_device": round(memory / count / 1000, 1),
    }


def _apart(which: str, urls: list[str], username: str, password: str) -> dict[str, Any]:
    """In a process of its own. The account is an invented one."""
    answer = subprocess.run(
        [sys.executable, "-m", "app.bench.devices", which],
        input=json.dumps([urls, username, password]), capture_output=True, text=True, check=True,
    )  # fmt: skip
    result = json.loads(answer.stdout.splitlines()[-1])
    assert isinstance(result, dict)
    return result


def run(count: int = 1000, naive: int = 10) -> dict[str, Any]:
    """Measure both in one run; the naive one on fewer devices, its costs grow evenly."""
    with Simulator(cameras=count, ptz=min(count, 100)) as simulator:
        one = simulator.cameras[-1]
        urls = [c.onvif_url for c in simulator.cameras]
        ours = _apart("ours", urls, one.username, one.password)
        theirs = _apart("naive", urls[-naive:], one.username, one.password)
    cpu = theirs["cpu_ms_a_device"] / max(ours["cpu_ms_a_device"], 0.001)
    memory = theirs["memory_kb_a_device"] / max(ours["memory_kb_a_device"], 0.1)
    return {
        "ours": ours,
        "naive": theirs,
        "cpu_times_less": round(cpu, 1),
        "memory_times_less": round(memory, 1),
        "aim": AIM,
        "aim_met": cpu >= AIM and memory >= AIM and ours["whole"] == count,
    }


def table(result: dict[str, Any]) -> str:
    """For a person."""
    lines = [
        f"{'':<20}{'devices':>8}{'whole':>7}{'at once':>9}{'s':>8}{'CPU ms each':>13}{'kB each':>10}"
    ]
    for name, key in (("ours", "ours"), ("onvif-zeep, naive", "naive")):
        r = result[key]
        lines.append(
            f"{name:<20}{r['devices']:>8}{r['whole']:>7}{r['at_once']:>9}{r['seconds']:>8}"
            f"{r['cpu_ms_a_device']:>13}{r['memory_kb_a_device']:>10}"
        )
    lines.append(
        f"less by: CPU {result['cpu_times_less']} x, memory {result['memory_times_less']} x "
        f"(aim {result['aim']} x: {'met' if result['aim_met'] else 'NOT met'}). The naive figures are "
        f"of {result['naive']['devices']} devices; a device costs it as much among 1,000."
    )
    return "\n".join(lines)


if __name__ == "__main__":
    given = json.load(sys.stdin)
    print(json.dumps((_ours if sys.argv[1] == "ours" else _naive)(*given)))
