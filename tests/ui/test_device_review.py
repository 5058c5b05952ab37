"""What devices say otherwise, decided on screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.store import assets, observed
from app.store.secrets import FileSecrets
from app.store.store import Store
from app.ui.device_review import DeviceReviewDialog
from app.ui.tasks import Tasks
from tests.store.test_assets import add_camera, file_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "w.db", FileSecrets(tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def tasks() -> Iterator[Tasks]:
    running = Tasks()
    yield running
    running.close()


def _open(qtbot: QtBot, store: Store, tasks: Tasks) -> DeviceReviewDialog:
    dialog = DeviceReviewDialog(store, tasks, "en")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: not dialog.told.text().startswith("Reading"))
    return dialog


def test_an_empty_list_says_where_differences_come_from(
    qtbot: QtBot, store: Store, tasks: Tasks
) -> None:
    dialog = _open(qtbot, store, tasks)
    assert "Find cameras on the network" in dialog.told.text()
    assert not dialog.take.isEnabled()


def test_one_is_taken_and_one_is_kept(qtbot: QtBot, store: Store, tasks: Tasks) -> None:
    camera = add_camera(store)
    assets.save(store, camera, {"serial": "S0", "firmware": "V1"})
    observed.observe(store, camera, {"serial": "S1", "firmware": "V2"}, "ONVIF 10.0.0.1")
    dialog = _open(qtbot, store, tasks)
    cells = {i.text(1): i for n in range(2) if (i := dialog.list.topLevelItem(n)) is not None}
    row = cells["Firmware"]
    assert [row.text(c) for c in (0, 2, 3, 5)] == ["中山路口", "V1", "V2", "ONVIF 10.0.0.1"]
    dialog.list.setCurrentItem(row)
    dialog.take.click()
    qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() == 1)
    assert file_of(store, camera).record["firmware"] == "V2"
    assert assets.changes(store, file_of(store, camera), "firmware")[0].source == "probe"
    dialog.keep.click()
    qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() == 0)
    assert file_of(store, camera).record["serial"] == "S0"
