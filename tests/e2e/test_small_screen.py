"""An installer's laptop: 1366 × 768 pixels at 150 %. On a real X server with such a monitor."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.store import sample
from app.store.secrets import FileSecrets
from app.store.store import Store
from tests.e2e.client import Client
from tests.ui.monitors import monitors

SCREEN = QSize(911, 512)
WINDOWS = (
    "add", "discover", "commission", "compare", "bulk", "edit", "file", "import_register",
    "export_register", "definitions", "device_review", "place", "case", "register",
    "incident_new", "incidents", "shift", "patrol", "registers", "inspections", "people",
    "practice", "guides", "faults", "fault_rules", "figures", "settings", "keys",
)  # fmt: skip


def _windows() -> set[QWidget]:
    """What lies on the screen; a tool tip below the pointer is no window."""
    return {w for w in QApplication.topLevelWidgets() if w.isVisible() and w.width() > 200
            and w.windowType() is not Qt.WindowType.ToolTip}  # fmt: skip


@pytest.mark.timeout(300)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_window_fits_it(qtbot: QtBot, data: Path, language: str) -> None:
    store = Store(data / "watchroom.db", FileSecrets(data))
    sample.fill(store)
    store.close()
    with monitors() as plugged:
        plugged.plug("laptop", 0, 0, SCREEN.width(), SCREEN.height())
        qtbot.waitUntil(lambda: QGuiApplication.primaryScreen().size() == SCREEN)
        here = Client(qtbot, data)
        too_large = []
        try:
            here.language.use(language)
            window = here.window
            window.resize(SCREEN)
            here.until(
                lambda: window.width() <= SCREEN.width() and window.height() <= SCREEN.height()
            )
            here.wall.place(0, [here.store.cameras(limit=1)[0].id])
            here.wall.select(0)
            here.until(lambda: window.action("commission").isEnabled())
            for key in WINDOWS:
                before = _windows()
                window.action(key).trigger()
                here.until(lambda before=before: _windows() - before)
                (made,) = _windows() - before
                if not (made.width() <= SCREEN.width() and made.height() <= SCREEN.height()):
                    too_large.append((key, made.width(), made.height()))
                made.close()
        finally:
            here.close()
    assert not too_large
    qtbot.waitUntil(lambda: QGuiApplication.primaryScreen().size() != SCREEN)
