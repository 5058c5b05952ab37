"""The register on screen: real store, real files, real windows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.store import assets, exchange
from app.store.secrets import FileSecrets
from app.store.store import Store
from app.ui import theme
from app.ui.asset_file import AssetFileDialog
from app.ui.exchange import ExportDialog, ImportDialog
from app.ui.tasks import Tasks
from tests.store.test_assets import CODE, add_camera, file_of


@pytest.fixture
def store(data: Path, qapp: QApplication) -> Iterator[Store]:
    theme.apply(qapp)
    opened = Store(data / "watchroom.db", FileSecrets(data))
    yield opened
    opened.close()


@pytest.fixture
def tasks(store: Store) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


def opened(qtbot: QtBot, store: Store, tasks: Tasks, camera: str) -> AssetFileDialog:
    dialog = AssetFileDialog(store, tasks, camera, "en")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: bool(dialog.values()), timeout=20_000)
    qtbot.waitUntil(lambda: dialog.history.topLevelItemCount() > 0, timeout=20_000)
    return dialog


def typed(dialog: AssetFileDialog, name: str, text: str) -> None:
    line = dialog._edits[name]._line
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)


def test_a_wrong_field_is_told_beside_it_and_cannot_be_saved(
    qtbot: QtBot, store: Store, tasks: Tasks
) -> None:
    camera = add_camera(store)
    dialog = opened(qtbot, store, tasks, camera)
    assert not dialog.save.isEnabled()
    typed(dialog, "mac", "12:34")
    edit = dialog._edits["mac"]
    assert edit.told.isVisible()
    assert "MAC" in edit.told.text()
    assert not dialog.save.isEnabled()
    typed(dialog, "mac", "aabbccddeeff")
    assert not edit.told.isVisible()
    dialog.save.click()
    qtbot.waitUntil(lambda: file_of(store, camera).record.get("mac") == "AA-BB-CC-DD-EE-FF")
    qtbot.waitUntil(lambda: edit._line.text() == "AA-BB-CC-DD-EE-FF", timeout=20_000)
    dialog.close()


def test_completeness_counts_what_follows_and_names_what_is_missing(
    qtbot: QtBot, store: Store, tasks: Tasks
) -> None:
    camera = add_camera(store)
    dialog = opened(qtbot, store, tasks, camera)
    before = dialog.complete.value()
    assert "Managing unit" in dialog._missing.text()
    assert "Longitude" not in dialog._missing.text()  # its site's
    typed(dialog, "managing_unit", "City police")
    assert dialog.complete.value() > before
    assert "Managing unit" not in dialog._missing.text()
    dialog.undo.click()
    assert dialog.complete.value() == before
    assert dialog.changes() == {}
    dialog.close()


def test_the_history_of_one_field_is_a_click_away(qtbot: QtBot, store: Store, tasks: Tasks) -> None:
    camera = add_camera(store)
    for model in ("M1", "M2"):
        assets.save(store, camera, {"model": model})
    dialog = opened(qtbot, store, tasks, camera)
    dialog._edits["model"].past.click()
    qtbot.waitUntil(lambda: "Model" in dialog._of.text(), timeout=20_000)
    texts = [dialog.history.topLevelItem(i).text(2).splitlines()[0] for i in range(2)]  # type: ignore[union-attr]
    assert texts == ["M1 → M2", "M1"]
    dialog.close()


def test_unsaved_changes_are_not_lost_without_a_word(
    qtbot: QtBot, store: Store, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(*args: object) -> QMessageBox.StandardButton:
        asked.append(str(args[2]))
        return QMessageBox.StandardButton.No if len(asked) == 1 else QMessageBox.StandardButton.Yes

    monkeypatch.setattr(QMessageBox, "question", ask)
    dialog = opened(qtbot, store, tasks, add_camera(store))
    typed(dialog, "model", "X")
    dialog.close()
    assert dialog.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert len(asked) == 2


def ready(qtbot: QtBot, dialog: ImportDialog | ExportDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.busy, timeout=60_000)


def workbook(path: Path) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (
        ["设备编码", "设备名称", "Kasten", "MAC地址"],
        [CODE, "中山路口", "A-1", "00:11:22:33:44:66"],
        ["33110200001320000002", "新点位", "A-2", "wrong"],
        ["33110200001320000003", "新点位二", "A-3", None],
    ):
        sheet.append(row)
    made.save(path)
    return path


def test_an_import_from_the_file_to_its_undo(
    qtbot: QtBot, store: Store, tasks: Tasks, data: Path
) -> None:
    camera = add_camera(store)
    assets.save(store, camera, {"mac": "001122334455"})
    dialog = ImportDialog(store, tasks, "en")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.site.count() > 1, timeout=20_000)
    assert not dialog.next.isEnabled()
    dialog.read(workbook(data / "in.xlsx"))
    ready(qtbot, dialog)
    assert dialog.chosen_columns() == ["code", "name", "", "mac"]
    box = dialog.fields[2]
    box.setCurrentIndex(box.findData("cabinet"))
    dialog.next.click()
    ready(qtbot, dialog)
    assert dialog.summary.text() == "3 rows: 1 new, 1 changed, 0 as they are here, 1 with errors"
    told = [dialog.errors.item(0, c).text() for c in range(4)]  # type: ignore[union-attr]
    assert told[:3] == ["3", "MAC地址", "wrong"]
    assert store.count() == 1
    dialog.tabs.setCurrentIndex(1)
    assert dialog.review.rowCount() == 1
    dialog.review.item(0, 0).setCheckState(Qt.CheckState.Checked)  # type: ignore[union-attr]
    dialog.site.setCurrentIndex(1)
    dialog.next.click()
    ready(qtbot, dialog)
    assert "1 cameras added" in dialog.detail.text()
    record = file_of(store, camera).record
    assert (record["mac"], record["cabinet"]) == ("00-11-22-33-44-66", "A-1")
    assert store.count() == 2
    dialog.undo.click()
    ready(qtbot, dialog)
    assert store.count() == 1
    record = file_of(store, camera).record
    assert record["mac"] == "00-11-22-33-44-55"
    assert "cabinet" not in record
    dialog.read(data / "in.xlsx")
    ready(qtbot, dialog)
    assert dialog.chosen_columns() == ["code", "name", "cabinet", "mac"]
    dialog.close()


def test_a_file_that_is_none_is_refused_with_words(
    qtbot: QtBot, store: Store, tasks: Tasks, data: Path
) -> None:
    dialog = ImportDialog(store, tasks, "en")
    qtbot.addWidget(dialog)
    dialog.show()
    (data / "x.xlsx").write_bytes(b"PK\x03\x04nonsense")
    dialog.read(data / "x.xlsx")
    ready(qtbot, dialog)
    assert "damaged" in dialog.told.text()
    assert not dialog.next.isEnabled()
    dialog.close()


def test_an_export_has_what_was_chosen(
    qtbot: QtBot, store: Store, tasks: Tasks, data: Path
) -> None:
    camera = add_camera(store)
    add_camera(store, "33110200001320000002", "另一")
    assets.save(store, camera, {"point_class": "1"})
    dialog = ExportDialog(store, tasks, "en")
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.point_class.setCurrentIndex(dialog.point_class.findData("1"))
    dialog.heading.setCurrentIndex(dialog.heading.findData("abbrev"))
    dialog.format.setCurrentIndex(dialog.format.findData("gb18030"))
    dialog.export(data / "out.csv")
    ready(qtbot, dialog)
    lines = (data / "out.csv").read_text("gb18030").splitlines()
    assert lines[0].startswith("SBBM,SBMC,SBCS,XZQY,JKDWLX,SBXH,DWSC,IPV4,IPV6,MACDZ")
    assert len(lines) == 2
    assert CODE in lines[1]
    assert exchange.open_table(data / "out.csv").encoding == "gb18030"
    dialog.close()
