"""Against an ONVIF camera that nobody here wrote: ipycam (PyPI, MIT). docs/interop.md has more of them."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.bench import interop
from app.devices.cli_probe import PASSWORD, USER

SECRET = "Wr-7 söcret & <b>"
"""As awkward as a password may be."""


def _free(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the whole trial saw, by step."""
    folder = tmp_path_factory.mktemp("ipycam")  # it keeps its presets where it runs
    ports = [_free(socket.SOCK_STREAM), _free(socket.SOCK_STREAM), _free(socket.SOCK_DGRAM)]
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("ipycam_camera.py")), *map(str, ports), SECRET],
        cwd=folder, stdout=subprocess.PIPE, text=True,
    ) as camera, pytest.MonkeyPatch.context() as patch:  # fmt: skip
        patch.setenv(USER, "admin")
        patch.setenv(PASSWORD, SECRET)
        try:
            assert camera.stdout is not None
            assert camera.stdout.readline().strip() == "ready", "is ipycam installed (dev)?"
            result = interop.run(f"127.0.0.1:{ports[0]}", 1.0, ports[2])
        finally:
            camera.kill()
    return {row["step"]: row for row in result["rows"]}


@pytest.mark.parametrize(
    ("step", "seen"),
    [
        ("probe", "PythonCam VirtualCam-1, 1 channel(s): h264 640×360, h264 320×180"),
        ("discovery, unicast", "/onvif/device_service"),  # it forgets the list around its answer
        ("picture: main", "640×360"),
        ("picture: sub", "320×180"),
        ("PTZ: status and spaces", "position=(0.0, 0.0, 0.0)"),  # a prefix is not declared
        ("PTZ: held, let go (pan)", "after the stop: "),
        ("PTZ: held, let go (tilt)", "after the stop: idle"),
        ("PTZ: held, let go (zoom)", "after the stop: idle"),
        ("PTZ: preset set, listed, gone to", "back at"),
        ("PTZ: home", "accepted"),
    ],
)
def test_what_the_camera_can_do_works(
    rows: dict[str, dict[str, Any]], step: str, seen: str
) -> None:
    assert rows[step]["worked"], rows[step]
    assert seen in rows[step]["seen"]


@pytest.mark.parametrize(
    ("step", "seen"),
    [
        ("PTZ: preset removed", "Action not supported"),
        ("PTZ: ends by its own timer", "moves on"),  # it does not read Timeout
        ("events", "none"),  # it has no such service
    ],
)
def test_what_it_cannot_do_is_said(rows: dict[str, dict[str, Any]], step: str, seen: str) -> None:
    assert not rows[step]["worked"]
    assert seen in rows[step]["seen"]


def test_no_password_is_told(rows: dict[str, dict[str, Any]]) -> None:
    assert not any(SECRET in row["seen"] or "Wr-7" in row["seen"] for row in rows.values())
