"""The figures from the menu of the real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.e2e.client import Client


@pytest.mark.e2e
def test_the_shortcut_opens_the_figures(client: Client) -> None:
    client.window.activateWindow()
    client.qtbot.waitUntil(client.window.isActiveWindow)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    client.qtbot.keyClick(client.window, Qt.Key.Key_G, modifiers)
    client.until(lambda: client.window.figures.window is not None)
    shown = client.window.figures.window
    assert shown is not None
    client.until(lambda: "no cameras" in shown.note.text())
