"""Parts that screens are given: a database with the sample town, and background tasks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store import sample
from app.store.secrets import FileSecrets
from app.store.store import Store
from app.ui.tasks import Tasks


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    """The sample town."""
    opened = Store(data / "watchroom.db", FileSecrets(data))
    sample.fill(opened)
    yield opened
    opened.close()


@pytest.fixture
def tasks() -> Iterator[Tasks]:
    """Closed with the test."""
    running = Tasks()
    yield running
    running.close()
