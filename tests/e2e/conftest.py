from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.e2e.client import Client


@pytest.fixture
def client(qtbot: QtBot, data: Path) -> Iterator[Client]:
    running = Client(qtbot, data)
    yield running
    running.close()
