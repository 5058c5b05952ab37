"""Shared by all tests: a display of their own, one set of simulated cameras, data apart."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from pytestqt.qtbot import QtBot

from app.simulator.process import Simulator
from tests.postgres import Postgres

DISPLAY_SIZE = "1920x1080x24"
PATIENCE_S = 60.0
"""How long a test waits at least for what has to come. It costs nothing when all is well, and a machine
with other work to do is no failure. A stated limit is measured and asserted by itself."""


# Hypothesis gives an example 0.2 s, and its making a part of that: the load of the machine is no finding.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


class Patient(QtBot):
    """Its own limits of 5 s are no part of what is tested."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = 0) -> None:
        super().waitUntil(callback, timeout=max(timeout, int(PATIENCE_S * 1000)))

    def waitSignal(self, signal: Any, *, timeout: int = 0, **more: Any) -> Any:
        if more.get("raising") is not False:  # one that must not come is not waited for longer
            timeout = max(timeout, int(PATIENCE_S * 1000))
        return super().waitSignal(signal, timeout=timeout, **more)

    def waitExposed(self, widget: Any, *, timeout: int = 0) -> Any:
        return super().waitExposed(widget, timeout=max(timeout, int(PATIENCE_S * 1000)))


def _start_xvfb() -> subprocess.Popen[bytes]:
    """An X server on a display number it finds itself."""
    if shutil.which("Xvfb") is None:
        raise pytest.UsageError("Xvfb is missing: run packaging/setup.sh test")
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", DISPLAY_SIZE, "-nolisten", "tcp"],
        pass_fds=[writer],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as pipe:
        number = pipe.readline().strip()
    os.environ["DISPLAY"] = f":{number}"
    return server


def pytest_configure(config: pytest.Config) -> None:
    """Before Qt is imported: a display that nobody else uses, and no data of the user's."""
    os.environ.pop("WAYLAND_DISPLAY", None)
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    os.environ["WATCHROOM_KEYRING"] = "file"
    config.stash[_XVFB] = _start_xvfb()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The display ends with the tests."""
    server = config.stash.get(_XVFB, None)
    if server is not None:
        server.terminate()
        server.wait(5)


_XVFB = pytest.StashKey[subprocess.Popen[bytes]]()


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ["WATCHROOM_DATA"] = str(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    """cam1 H.264, cam2 H.265, cam3 MJPEG, cam4 H.264, cam5 (H.265) and cam6 (H.264) turn."""
    codecs = ("h264", "h265", "mjpeg", "h264", "h265", "h264")
    with Simulator(cameras=6, ptz=2, codecs=codecs) as running:
        yield running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of this test run; `postgres.database()` is the URL of a new database in it."""
    with Postgres() as running:
        yield running


@pytest.fixture(autouse=True)
def _whole_cameras(request: pytest.FixtureRequest) -> Iterator[None]:
    """No fault outlives the test that made it."""
    yield
    if "simulator" in request.fixturenames:
        running: Simulator = request.getfixturevalue("simulator")
        for camera in running.cameras:
            running.clear(camera.id)
            running.set_clock_skew(camera.id, 0)


def free_udp_port() -> int:
    """A port that nobody has; below those that systems give to whoever asks for any, so that nobody
    gets it by chance until it is used."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
            probe.bind(("", port))
            return port


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's, with patience."""
    return Patient(request)


def wait_for(
    condition: Callable[[], object],
    timeout_s: float = PATIENCE_S,
    pump: Callable[[], object] = lambda: None,
    what: str = "",
) -> float:
    """Wait until `condition` holds, calling `pump` meanwhile; returns the seconds it took, which a
    limit is asserted of. It waits with patience, whatever `timeout_s`."""
    timeout_s = max(timeout_s, PATIENCE_S)
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > timeout_s:
            raise AssertionError(f"not within {timeout_s:.0f} s: {what or condition}")
        pump()
        time.sleep(0.005)
    return time.monotonic() - began


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder of this test's own."""
    return tmp_path
