"""The demo's server: whatever happens to the demo, none is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from app.demo import LOGIN, PASSWORD, DemoServer
from app.store.secrets import FileSecrets
from app.sync.account import Account
from tests.conftest import wait_for

HOLD = """
import sys
from pathlib import Path
from app.demo import DemoServer
with DemoServer(Path(sys.argv[1])) as server:
    print(server._process.pid, flush=True)
    sys.stdin.read()
"""


def test_the_demos_server_has_people_and_enrols_the_console(data: Path) -> None:
    with DemoServer(data / "server") as server:
        account = Account(FileSecrets(data), data)
        account.enrol(server.url, server.console_code(), "demo")
        assert account.sign_in(LOGIN, PASSWORD).organisation_id == server.organisation
        process = psutil.Process(server._process.pid)
    assert not process.is_running()
    assert not (data / "server").exists()


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_the_server_ends_when_the_client_is_killed(data: Path) -> None:
    client = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data / "server")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert client.stdout is not None
    server = psutil.Process(int(client.stdout.readline()))
    assert server.is_running()
    client.send_signal(signal.SIGKILL)
    client.wait(10)
    wait_for(lambda: not server.is_running() or server.status() == psutil.STATUS_ZOMBIE)
