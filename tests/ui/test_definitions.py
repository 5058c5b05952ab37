"""Fields and code lists of an installation, edited on screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QMessageBox
from pytestqt.qtbot import QtBot

from app.store import assets, definitions
from app.store.secrets import FileSecrets
from app.store.store import Store
from app.ui.asset_file import AssetFileDialog
from app.ui.definitions import DefinitionsDialog
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


def _open(qtbot: QtBot, store: Store, tasks: Tasks, **options: object) -> DefinitionsDialog:
    dialog = DefinitionsDialog(store, tasks, "en", "Li", **options)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() > 27)
    return dialog


def _choose(combo: object, value: str) -> None:
    combo.setCurrentIndex(combo.findData(value))  # type: ignore[attr-defined]


def test_a_list_and_a_field_of_it_are_made_and_shown_in_the_file_of_a_device(
    qtbot: QtBot, store: Store, tasks: Tasks
) -> None:
    camera = add_camera(store)
    dialog = _open(qtbot, store, tasks)
    dialog.new_list.click()
    dialog.tabs.setCurrentIndex(1)
    dialog.title.setText("Pole kinds")
    for column, text in enumerate(("1", "steel", "钢")):
        dialog.entries.item(0, column).setText(text)
    dialog.save_list.click()
    qtbot.waitUntil(lambda: dialog.which.currentData() == "pole_kinds")
    dialog.tabs.setCurrentIndex(0)
    dialog.new.click()
    dialog.english.setText("Kind of pole")
    dialog.chinese.setText("杆型")
    _choose(dialog.type, "code")
    dialog.save.click()
    qtbot.waitUntil(lambda: dialog.told.objectName() == "error")
    assert dialog.told.text() == "Choose the code list."
    _choose(dialog.codes, "pole_kinds")
    dialog.required["1"].setChecked(True)
    dialog.save.click()
    qtbot.waitUntil(lambda: dialog.told.text() == "Saved." and dialog._name == "kind_of_pole")
    qtbot.waitUntil(lambda: "Version 1" in dialog.past.text())
    assert "Li" in dialog.past.text()
    (spec,) = [f for f in assets.rules(store).fields if f.name == "kind_of_pole"]
    assert (spec.zh, spec.codes, spec.required) == ("杆型", "pole_kinds", {"1"})
    file = AssetFileDialog(store, tasks, camera, "en")
    qtbot.addWidget(file)
    file.show()
    qtbot.waitUntil(lambda: "kind_of_pole" in file._edits)
    box = file._edits["kind_of_pole"].editor
    assert isinstance(box, QComboBox)
    assert box.itemText(1) == "steel"
    assert file.height() <= 680


def test_a_rule_of_the_exchange_is_changed_and_taken_back(
    qtbot: QtBot, store: Store, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMessageBox, "question", lambda *_, **__: QMessageBox.StandardButton.Yes)
    dialog = _open(qtbot, store, tasks)
    item = next(i for n in range(60) if (i := dialog.list.topLevelItem(n)) and i.text(0) == "Model")
    dialog.list.setCurrentItem(item)
    assert not dialog.type.isEnabled()
    assert not dialog.remove.isEnabled()
    dialog.required["1"].setChecked(True)
    dialog.save.click()
    qtbot.waitUntil(lambda: dialog.remove.isEnabled())
    assert "model" in {f.name for f in assets.rules(store).required("1")}
    dialog.remove.click()
    qtbot.waitUntil(lambda: not dialog.remove.isEnabled() and not definitions.all_of(store))
    assert "model" not in {f.name for f in assets.rules(store).required("1")}


def test_a_field_that_is_removed_keeps_its_values_and_says_so(
    qtbot: QtBot, store: Store, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def question(*arguments: object, **_: object) -> QMessageBox.StandardButton:
        asked.append(str(arguments[2]))
        return QMessageBox.StandardButton.Yes

    monkeypatch.setattr(QMessageBox, "question", question)
    camera = add_camera(store)
    definitions.save(store, {"name": "meter", "en": "Meter", "zh": "电表", "entity": "position"})
    assets.save(store, camera, {"meter": "E-77"})
    dialog = _open(qtbot, store, tasks)
    last = dialog.list.topLevelItem(dialog.list.topLevelItemCount() - 1)
    assert last is not None
    dialog.list.setCurrentItem(last)
    dialog.remove.click()
    qtbot.waitUntil(lambda: definitions.all_of(store) == [])
    assert asked[0].startswith("1 value")
    assert "meter" not in file_of(store, camera).record


def test_who_may_not_change_sees_but_cannot(qtbot: QtBot, store: Store, tasks: Tasks) -> None:
    dialog = _open(qtbot, store, tasks, may=False)
    assert "administrators" in dialog.told.text()
    for widget in (dialog.save, dialog.new, dialog.english, dialog.save_list, dialog.add):
        assert not widget.isEnabled()


def test_codes_of_the_exchange_cannot_be_removed_and_entries_are_added(
    qtbot: QtBot, store: Store, tasks: Tasks
) -> None:
    dialog = _open(qtbot, store, tasks)
    _choose(dialog.which, "place_types")
    dialog.entries.setCurrentCell(0, 0)
    rows = dialog.entries.rowCount()
    dialog.drop.click()
    assert dialog.entries.rowCount() == rows
    dialog._add_entry(edit=False)
    for column, text in enumerate(("100", "toll station", "收费站")):
        dialog.entries.item(rows, column).setText(text)
    dialog.save_list.click()
    qtbot.waitUntil(lambda: dialog.told.text() == "Saved.")
    (found,) = definitions.all_of(store)
    assert found.content == {"list": "place_types", "entries": [["100", "toll station", "收费站"]]}


def test_where_a_list_is_from_is_said_in_the_language_of_the_screen(
    qtbot: QtBot, store: Store, tasks: Tasks
) -> None:
    dialog = DefinitionsDialog(store, tasks, "zh_CN", "李雷")
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: dialog.which.count() > 10)
    _choose(dialog.which, "power")
    assert dialog.source.text() == "市级系统（2021）；代码为本系统自定"
