"""The command line as a person types it, also where half of it is broken."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app import doctor
from app.simulator.process import Simulator
from app.video import libvlc


def _watchroom(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a command; a variable given as "" is taken away."""
    merged = {k: v for k, v in (os.environ | environment).items() if v}
    return subprocess.run(
        [sys.executable, "-m", "app", *words],
        env=merged, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip


def _without(folder: Path, *packages: str) -> str:
    """PYTHONPATH of a Python in which these packages cannot be imported."""
    for name in packages:
        (folder / f"{name}.py").write_text(f"raise ImportError('no {name} here')\n")
    return os.pathsep.join(p for p in (str(folder), os.environ.get("PYTHONPATH", "")) if p)


def test_help_names_every_command() -> None:
    told = _watchroom("--help").stdout
    assert all(c in told for c in ("client", "demo", "simulate", "bench", "doctor", "verify"))


def test_a_wrong_word_is_refused_with_the_possible_ones() -> None:
    done = _watchroom("fly")
    assert done.returncode == 2
    assert "doctor" in done.stderr


def test_the_client_without_a_display_says_so() -> None:
    done = _watchroom("client", DISPLAY="", QT_QPA_PLATFORM="")
    assert done.returncode == 1
    assert "no display" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_package_is_named_and_doctor_recommended(tmp_path: Path) -> None:
    done = _watchroom("client", PYTHONPATH=_without(tmp_path, "PySide6"))
    assert done.returncode == 1
    assert "PySide6" in done.stderr
    assert "doctor" in done.stderr
    assert "Traceback" not in done.stderr


def _report(**environment: str) -> tuple[int, dict[str, dict[str, Any]]]:
    done = _watchroom("doctor", "--json", **environment)
    return done.returncode, {f["topic"]: f for f in json.loads(done.stdout)}


def test_doctor_finds_this_set_up_well() -> None:
    status, findings = _report()
    assert not [f for f in findings.values() if f["status"] == doctor.BAD]
    assert status == 0
    assert list(findings) == list(doctor.CHECKS)
    assert "platform xcb" in findings["Qt"]["text"]
    assert "1920×1080" in findings["Qt"]["text"]
    for finding in findings.values():
        assert finding["status"] == doctor.GOOD or finding["advice"]


def test_doctor_works_where_packages_are_missing(tmp_path: Path) -> None:
    lost = ("PySide6", "av", "sqlalchemy", "platformdirs", "cryptography", "psutil", "numpy", "vlc")
    status, findings = _report(PYTHONPATH=_without(tmp_path, *lost))
    assert status == 1
    assert findings["Python"]["status"] == doctor.GOOD
    assert "PySide6" in findings["Qt"]["text"]
    assert findings["Live decoding"]["status"] == doctor.BAD
    assert all(f["advice"] for f in findings.values() if f["status"] != doctor.GOOD)


@pytest.mark.parametrize(
    "environment",
    [{"DISPLAY": ":4711"}, {"QT_QPA_PLATFORM": "nonsense"}],
    ids=["display", "plugin"],
)
def test_a_qt_that_aborts_is_one_line_of_the_report(environment: dict[str, str]) -> None:
    status, findings = _report(**environment)
    assert status == 1
    assert findings["Qt"]["status"] == doctor.BAD
    assert next(iter(environment.values())) in findings["Qt"]["text"]
    assert findings["Chinese font"]["status"] == doctor.GOOD


def test_a_check_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "CHECK_TIMEOUT_S", 0.001)
    assert {f.status for f in doctor.examine()} == {doctor.BAD}


def test_a_damaged_database_is_reported_and_left_alone(tmp_path: Path) -> None:
    database = tmp_path / "watchroom.db"
    database.write_bytes(b"not a database at all" * 100)
    before = database.read_bytes()
    status, findings = _report(WATCHROOM_DATA=str(tmp_path))
    assert status == 1
    assert findings["Database"]["status"] == doctor.BAD
    assert "another name" in findings["Database"]["advice"]
    assert database.read_bytes() == before
    assert [f.name for f in tmp_path.iterdir()] == ["watchroom.db"]


def test_a_database_of_an_older_version_is_not_migrated(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "watchroom.db") as connection:
        connection.execute("CREATE TABLE channel (id TEXT, deleted_at TEXT)")
        connection.execute("INSERT INTO channel VALUES ('a', NULL), ('b', '2026-01-01')")
    _, findings = _report(WATCHROOM_DATA=str(tmp_path))
    assert findings["Database"]["text"].startswith("1 camera")


def test_missing_modules_of_vlc_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "codec").mkdir()
    (tmp_path / "codec" / "libavcodec_plugin.so").touch()
    monkeypatch.setenv("VLC_PLUGIN_PATH", str(tmp_path))
    assert libvlc.missing_modules() == ["live555 (RTSP)", "mp4", "vmem"]
    (tmp_path / "liblive555_plugin.so").touch()
    assert "live555 (RTSP)" not in libvlc.missing_modules()


def test_a_camera_is_broken_and_repaired_by_command(simulator: Simulator) -> None:
    control = ("--control", simulator.control_url)
    broken = _watchroom("simulate", "fault", "cam4", "slow-drip", "--param", "share=0.5", *control)
    assert broken.returncode == 0, broken.stderr
    assert simulator.state("cam4")["faults"] == {"slow-drip": {"share": 0.5}}
    listed = json.loads(_watchroom("simulate", "list", *control).stdout)
    assert next(c for c in listed if c["id"] == "cam4")["faults"]
    assert _watchroom("simulate", "clear", "cam4", *control).returncode == 0
    assert simulator.state("cam4")["faults"] == {}


@pytest.mark.parametrize(
    "words", [("fault", "cam99", "black"), ("fault", "cam4", "black", "--param", "share=much")],
    ids=["camera", "value"],
)  # fmt: skip
def test_a_wrong_fault_is_said_plainly(simulator: Simulator, words: tuple[str, ...]) -> None:
    done = _watchroom("simulate", *words, "--control", simulator.control_url)
    assert done.returncode != 0
    assert words[1] in done.stderr or words[-1] in done.stderr
    assert "Traceback" not in done.stderr


def test_the_client_ends_while_it_waits_for_a_sign_in(tmp_path: Path) -> None:
    """The dialog lets nobody past, but it must not hold up the end."""
    (tmp_path / "server.json").write_text('{"url": "https://192.0.2.1", "logins": ["li"]}')
    client = subprocess.Popen(
        [sys.executable, "-c", CLIENT_WITH_SIGN_IN, str(tmp_path)], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert client.stdout is not None
    assert client.stdout.readline() == "sign-in\n"
    client.send_signal(signal.SIGTERM)
    assert client.wait(30) == 0


CLIENT_WITH_SIGN_IN = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from app.ui import application, server_desk
def shown(self, *rest, _ask=server_desk.ServerDesk._ask, **more):
    _ask(self, *rest, **more)
    QTimer.singleShot(500, lambda: print("sign-in", flush=True))
server_desk.ServerDesk._ask = shown
if __name__ == "__main__":
    sys.exit(application.run_client(application.ClientOptions(Path(sys.argv[1]), "en")))
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_simulate_prints_addresses_and_ends_when_told(how: signal.Signals) -> None:
    ports = ("--rtsp-port", "0", "--onvif-port", "0", "--control-port", "0")
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "simulate", "--cameras", "2", "--ptz", "1", *ports],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl+C" in line:
            break
    process.send_signal(how)
    errors = process.stderr.read()
    assert process.wait(15) in (0, -signal.SIGTERM)
    assert "Traceback" not in errors
    assert "rtsp://127.0.0.1:" in "".join(lines)
    assert "PTZ" in "".join(lines)


def test_landmarks_are_imported_by_command_and_wrong_lines_named(tmp_path: Path) -> None:
    file = tmp_path / "streets.csv"
    file.write_text("name,kind,latitude,longitude\n人民路,street,28.45,119.92\n无名,street,x,1\n")
    done = _watchroom("import-landmarks", str(file), "--data", str(tmp_path / "data"))
    assert done.returncode == 1
    assert done.stdout == "1 added, 0 changed, 0 unchanged, 1 wrong\n"
    assert done.stderr.startswith("streets.csv:3: the latitude")
    file.write_text("name,kind,latitude,longitude\n人民路,street,28.45,119.92\n")
    done = _watchroom("import-landmarks", str(file), "--data", str(tmp_path / "data"))
    assert (done.returncode, done.stdout) == (0, "0 added, 0 changed, 1 unchanged, 0 wrong\n")
    done = _watchroom("import-landmarks", str(tmp_path / "absent"), "--data", str(tmp_path))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
