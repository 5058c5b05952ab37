"""What a start loads: after a crash the walls must be back within seconds (`tests/e2e/test_walls.py`).

Not timed, so that it fails for whoever imports a window at the top of a file, on any machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "alembic", "av", "lxml", "miniaudio", "numpy", "onvif", "openpyxl", "PIL", "pypinyin", "pyqtgraph",
    "requests", "sqlalchemy.dialects.postgresql", "vlc", "zeep", "zxingcpp",
}  # fmt: skip
"""Libraries that a wall is shown without, in this process."""

WINDOWS = {
    "acceptance", "administration", "asset_file", "audit", "bulk", "camera_dialog", "commissioning",
    "comparing", "conflicts", "custody", "dashboard", "definitions", "device_review", "discovery",
    "exchange", "find_place", "guides", "incidents", "inspection", "masks", "patrol", "people", "player",
    "practice", "put_under", "registers", "reports", "server_dialog", "sharing", "shifts", "site_plan",
    "ticket_board", "ticket_report", "ticket_rules", "ticket_view",
    "tour_editor",
}  # fmt: skip

REST = {
    "app.devices.discovery", "app.devices.onvif", "app.devices.setup", "app.devices.soap",
    "app.domain.asset", "app.domain.setup",
    "app.store.exchange", "app.store.figures", "app.sync.client", "app.video.worker",
}  # fmt: skip

AFTER_IMPORT = """
import sys
import {module}
print("\\n".join(sys.modules))
"""

AFTER_START = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app.ui import application

def look():
    for window in app.topLevelWidgets():
        if type(window).__name__ == "MainWindow" and window.isVisible() and not window._restoring:
            print("\\n".join(sys.modules))
            window.close()
            return
    QTimer.singleShot(10, look)

if __name__ == "__main__":
    app = QApplication(sys.argv[:1])
    look()
    application.run_client(application.ClientOptions(Path(sys.argv[1]), "en"))
"""


def _loaded(code: str, *arguments: str) -> set[str]:
    """The modules that a process of its own has at the end."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=100,
        env=os.environ | {"WATCHROOM_KEYRING": "file"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_client_is_loaded_without_what_a_wall_does_not_need() -> None:
    loaded = _loaded(AFTER_IMPORT.format(module="app.ui.client"))
    assert "app.ui.main_window" in loaded
    unwanted = HEAVY | REST | {f"app.ui.{name}" for name in WINDOWS}
    assert loaded & unwanted == set()


@pytest.mark.parametrize("module", ["app.ui.application", "app.video.engine"])
def test_decoders_begin_to_load_before_the_windows(module: str) -> None:
    loaded = _loaded(AFTER_IMPORT.format(module=module))
    assert loaded & (HEAVY | {"sqlalchemy", "app.ui.main_window", "app.store.store"}) == set()


def test_a_started_client_has_its_walls_without_them_too(data: Path) -> None:
    _loaded(AFTER_START, str(data))  # the first makes the database
    loaded = _loaded(AFTER_START, str(data))
    # What is looked for in the background from now on may load some: the windows stay away.
    assert loaded & {f"app.ui.{name}" for name in WINDOWS} == set()
    assert loaded & {"alembic", "av", "numpy", "pypinyin", "zeep"} == set()


def test_every_window_that_is_named_here_exists() -> None:
    folder = Path(__file__).parents[2] / "app" / "ui"
    assert {name for name in WINDOWS if not (folder / f"{name}.py").exists()} == set()
