"""`watchroom demo`: simulated cameras, a server, invented assets, and the client on them."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

from app.paths import cache_dir, data_dir

CAMERAS, TURNING = 12, 3
OFFSCREEN_S = 20.0
ORGANISATION, CONSOLE = "丽水市（示例）", "demo"
LOGIN, OTHER, PASSWORD = "li", "han", "seven green bicycles"
ACCOUNTS = (
    (LOGIN, "李雷（示例）", ["administrator", "commissioner", "supervisor"]),
    (OTHER, "韩梅（示例）", ["commissioner", "operator"]),
)
SERVER_START_S = 30.0


def _drain(stream: IO[str]) -> None:
    for _ in stream:
        pass


class DemoServer:
    """`watchroom server` as a process that ends with this one, however this one ends: its standard
    input is our pipe. Listens on this machine only, at a free port."""

    def __init__(self, data: Path) -> None:
        self._data, self.url, self.organisation = data, "", ""
        self._token = ""

    def __enter__(self) -> DemoServer:
        from app.sync.account import Server, request

        root = Path(__file__).resolve().parent.parent
        path = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH", ""))))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "app", "server", "--port", "0", "--data", str(self._data),
             "--until-stdin-closes"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            encoding="utf-8", errors="replace", env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip
        try:
            self.url = self._find(self._process.stderr, r"running on (http://[\d.]+:\d+)")
            code = self._find(self._process.stdout, r"\b([0-9a-f]{4}(?:-[0-9a-f]{4}){7})\b")
            setup = {"code": code, "login": "chief", "name": "管理员（示例）",
                     "password": PASSWORD, "organisation": ORGANISATION}  # fmt: skip
            made = request(Server(self.url), "POST", "/api/setup", setup)
            self._token = str(made["access"])
            self.organisation = str(self._ask("GET", "/api/me")["organisation_id"])
            for login, name, roles in ACCOUNTS:
                self._ask("POST", "/api/accounts", {
                    "login": login, "name": name, "password": PASSWORD, "roles": roles,
                    "organisation_id": self.organisation,
                })  # fmt: skip
        except BaseException:
            self.__exit__()
            raise
        return self

    def _find(self, stream: IO[str] | None, pattern: str) -> str:
        """What the server says, up to a line that has this; the rest is read and dropped."""
        assert stream is not None
        late = threading.Timer(SERVER_START_S, self._process.kill)
        late.start()
        try:
            for line in stream:
                found = re.search(pattern, line)
                if found:
                    threading.Thread(target=_drain, args=(stream,), daemon=True).start()
                    return found[1]
        finally:
            late.cancel()
        raise RuntimeError("the demo's server did not start; try “watchroom server”")

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        from app.sync.account import Server, request

        return request(Server(self.url), method, path, body, self._token)

    def console_code(self) -> str:
        """With which a console enrols."""
        body = {"organisation_id": self.organisation}
        return str(self._ask("POST", "/api/consoles/codes", body)["code"])

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        shutil.rmtree(self._data, ignore_errors=True)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--language", choices=["en", "zh_CN"], default="")
    parser.add_argument("--seconds", type=float, default=0.0, help="end by itself after so long")
    parser.add_argument("--screenshot", type=Path, help="save a picture of the window at the end")


def run(arguments: argparse.Namespace) -> int:
    """Starts everything, ends everything; returns the exit status."""
    from app.ui.application import ClientOptions, has_display, run_client

    seconds, screenshot = arguments.seconds, arguments.screenshot
    if not has_display() and os.environ.get("QT_QPA_PLATFORM", "offscreen") == "offscreen":
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        seconds = seconds or OFFSCREEN_S
        screenshot = screenshot or cache_dir() / "demo.png"
        print(f"No display here: the demo runs offscreen for {seconds:.0f} s.", flush=True)
    from app.simulator.process import Simulator
    from app.store import sample
    from app.store.cache import open_store
    from app.store.secrets import open_secrets
    from app.sync.account import Account

    # The demo's data are made anew each time: the simulated cameras' ports change.
    data = data_dir() / "demo"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    print("Starting simulated cameras. Their pictures are drawn once and kept.", flush=True)
    names = sample.live_names(CAMERAS)
    microphones = ("pcmu", "aac", "pcma", "")
    with (
        Simulator(cameras=CAMERAS, ptz=TURNING, names=names, audio=microphones) as simulator,
        DemoServer(data / "server") as server,
    ):
        account = Account(open_secrets(data), data)
        account.enrol(server.url, server.console_code(), CONSOLE)
        store = open_store(data)
        wall = sample.fill(store, simulator.cameras, (server.organisation, ORGANISATION))
        store.close()
        print(f"A server runs at {server.url} until the window is closed. Signed in as “{LOGIN}”; "
              f"another account is “{OTHER}”, a password for both “{PASSWORD}”.", flush=True)  # fmt: skip
        options = ClientOptions(
            data,
            arguments.language,
            title_note="invented sample data / 虚构示例数据",
            first_view=tuple(wall),
            seconds=seconds,
            screenshot=screenshot,
            sign_in=(LOGIN, PASSWORD),
            demo=True,
        )
        status = run_client(options)
    if screenshot is not None:
        print(f"Screenshot: {screenshot}")
    sys.stdout.flush()
    return status
