"""T16: three networks, a camera with a foreign address, packets that get lost, switches that filter."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.devices.street import CAMERAS

ROOT = Path(__file__).parents[2]


def _command(*arguments: str) -> list[str]:
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *user, "--net", sys.executable, "-m", "tests.devices.street", *arguments]


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(*arguments), cwd=ROOT, capture_output=True, text=True, timeout=120,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@functools.cache
def _why_not() -> str:
    """Why such networks cannot be made here; "" where they can."""
    missing = [c for c in ("unshare", "nsenter", "ip", "bridge", "tc") if shutil.which(c) is None]
    if missing:
        return f"missing: {', '.join(missing)} (packages util-linux, iproute2)"
    tried = _run("check")
    if tried.returncode != 0:
        return f"this system lets us make no networks: {tried.stderr.strip().splitlines()[-1:]}"
    return ""


def _discover(*arguments: str) -> dict[str, Any]:
    if why := _why_not():
        pytest.skip(why)
    told = _run("discover", *arguments)
    assert told.returncode == 0, told.stderr
    return {d["host"]: d for d in json.loads(told.stdout)["devices"]}


ALL = {address.partition("/")[0] for cable in CAMERAS.values() for address in cable}
FOREIGN = "192.168.199.64"


def test_t16_all_cameras_of_three_networks_are_found_and_the_foreign_one_is_explained() -> None:
    found = _discover()
    assert set(found) == ALL
    # Where the switch lets no call through, each address was probed.
    assert {found[h]["how"] for h in ("10.77.3.11", "10.77.3.12")} == {"probe"}
    assert found[FOREIGN]["foreign"]
    assert found[FOREIGN]["how"] == "multicast 10.77.2.1"
    assert "give this computer an address such as 192.168.199.250/24" in found[FOREIGN]["advice"]
    assert "or the camera one of 10.77.2.0/27" in found[FOREIGN]["advice"]
    assert [h for h, d in found.items() if d["advice"]] == [FOREIGN]


def test_t16_a_range_is_searched_through_a_switch_that_filters_calls() -> None:
    found = _discover("--range", "10.77.3.0/27,10.77.3.0/27", "--http-ports", "", "--rate", "50")
    assert set(found) <= ALL
    assert set(found) & {"10.77.3.11", "10.77.3.12"}
