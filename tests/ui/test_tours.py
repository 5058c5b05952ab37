"""The editor of tours: found, added, put in order, counted, saved. With a real database."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.layout import BUILT_IN, View
from app.domain.tour import Step, Tour
from app.store.store import NamedTour, Store
from app.ui.tasks import Tasks
from app.ui.tour_editor import TourDialog
from app.ui.tours import seconds_text


def _open(qtbot: QtBot, store: Store, tasks: Tasks, named: NamedTour | None = None) -> TourDialog:
    dialog = TourDialog(store, tasks, store.views(), named, "en", tile=3)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.waitUntil(lambda: dialog.found.count() > 0)
    return dialog


def test_a_tour_of_views_and_cameras_is_made_put_in_order_and_saved(
    qtbot: QtBot, store: Store, tasks: Tasks
) -> None:
    cameras = [row.id for row in store.cameras(limit=3)]
    view = store.save_view("Gates", View(BUILT_IN["2x2"], (*cameras[:2],)))
    dialog = _open(qtbot, store, tasks)
    assert not dialog.save.isEnabled()
    qtbot.keyClicks(dialog.search, "gates")
    qtbot.waitUntil(lambda: dialog.found.count() == 1)
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)  # adds it; the dialog stays
    assert dialog.isVisible()
    dialog.search.clear()
    number = store.rows(cameras)[0].call_number
    qtbot.waitUntil(lambda: dialog.found.count() > 3)
    for row in (1, 2):
        dialog.found.setCurrentRow(row)
        qtbot.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    chosen = [s.camera_id for s in dialog.tour().steps[1:]]
    assert [s.tile for s in dialog.tour().steps] == [0, 3, 3]  # where the wall's selection was
    assert "one round 30 s" in dialog.total.text()
    dialog.steps.setCurrentItem(dialog.steps.topLevelItem(2))
    dialog.steps.setFocus()
    qtbot.keyClick(dialog.steps, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(dialog.steps, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    item = dialog.steps.topLevelItem(0)
    assert item is not None
    item.setData(2, Qt.ItemDataRole.EditRole, 25)
    assert "45 s" in dialog.total.text()
    dialog.name.setText("Night round")
    dialog.shared.setChecked(True)
    with qtbot.waitSignal(dialog.accepted):
        qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    (saved,) = store.tours()
    assert saved.id == dialog.saved_id
    assert saved.shared
    assert saved.tour.steps == (
        Step(camera_id=chosen[1], tile=3, dwell_s=25.0),
        Step(view_id=view),
        Step(camera_id=chosen[0], tile=3),
    )
    assert number is None or number > 0


def test_a_tour_is_changed_and_deleted_and_a_taken_name_is_told(
    qtbot: QtBot, store: Store, tasks: Tasks
) -> None:
    cameras = [row.id for row in store.cameras(limit=2)]
    tour = Tour((Step(camera_id=cameras[0]), Step(camera_id="gone"), Step(view_id="gone")), 20)
    store.save_tour("Other", tour)
    tour_id = store.save_tour("Round", tour)
    named = next(t for t in store.tours() if t.id == tour_id)
    dialog = _open(qtbot, store, tasks, named)
    first = dialog.steps.topLevelItem(0)
    assert first is not None
    qtbot.waitUntil(lambda: first.text(0) == store.rows([cameras[0]])[0].title("en"))
    assert [dialog.steps.topLevelItem(i).text(0) for i in (1, 2)] == ["(deleted)"] * 2  # type: ignore[union-attr]
    assert dialog.tour() == tour  # looked at, nothing changed
    dialog.steps.setCurrentItem(dialog.steps.topLevelItem(1))
    dialog.steps.setFocus()
    qtbot.keyClick(dialog.steps, Qt.Key.Key_Delete)
    assert len(dialog.tour().steps) == 2
    dialog.name.setText("Other")
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.error.isVisible)
    assert dialog.isVisible()
    box = dialog.findChild(QDialogButtonBox)
    assert box is not None
    delete = next(
        b for b in box.buttons()
        if box.buttonRole(b) == QDialogButtonBox.ButtonRole.DestructiveRole
    )  # fmt: skip
    assert isinstance(delete, QPushButton)
    with qtbot.waitSignal(dialog.accepted):
        qtbot.mouseClick(delete, Qt.MouseButton.LeftButton)
    assert dialog.removed
    assert [t.name for t in store.tours()] == ["Other"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (59.4, "59 s"), (60, "1 min"), (100, "1 min 40 s")]
)
def test_times_read_like_times(seconds: float, text: str) -> None:
    assert seconds_text(seconds) == text
