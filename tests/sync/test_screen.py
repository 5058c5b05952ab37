"""What a person sees of it in the window."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from app.sync.client import DIFFERED, SyncStatus
from app.sync.protocol import Code
from app.ui.conflicts import ConflictDialog
from app.ui.sync_status import SyncLabel, problem_text, short_text
from app.ui.tasks import Tasks
from tests.conftest import wait_for
from tests.sync.conftest import World
from tests.sync.test_exchange import camera, change


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (SyncStatus(), ""),
        (SyncStatus("in_step"), "in step"),
        (SyncStatus("sending", waiting=3), "3 waiting"),
        (SyncStatus("first_load", loaded=5000, total=400_000), "first load 5,000 of 400,000"),
        (SyncStatus("in_step", conflicts=2), "in step · 2 to decide"),
        (SyncStatus("stopped", waiting=1, problem=Code.OTHER_SERVER),
         "not synchronised · 1 waiting · see here"),
    ],
)  # fmt: skip
def test_the_line_says_how_it_stands(qapp: QApplication, status: SyncStatus, text: str) -> None:
    assert short_text(status) == text


def test_every_refusal_has_a_text(qapp: QApplication) -> None:
    for code in ("disk_full", "sign_in", "internal", "clock", Code.REWOUND, Code.IDENTITY_TWICE,
                 Code.STORAGE_FULL, Code.OTHER_SERVER, Code.CLIENT_TOO_OLD, Code.SERVER_TOO_OLD,
                 Code.MANY_REMOVALS, Code.TOP_LEVEL, DIFFERED):  # fmt: skip
        text = problem_text(SyncStatus(problem=code, clock_offset_s=90))
        assert len(text) > 40, code
        assert "refused" not in text, code
    assert "no reason" in problem_text(SyncStatus(problem="new_code", detail="no reason"))


def test_the_menu_offers_what_helps(qapp: QApplication) -> None:
    label = SyncLabel()
    asked: list[str] = []

    class Worker:
        def __getattr__(self, name: str) -> object:
            return lambda: asked.append(name)

    label.set_worker(Worker())  # type: ignore[arg-type]
    for status, name in (
        (SyncStatus("first_load", total=9), "pause_load"),
        (SyncStatus("paused", total=9), "resume_load"),
        (SyncStatus("stopped", problem=Code.OTHER_SERVER), "accept_server"),
        (SyncStatus("in_step", problem=Code.MANY_REMOVALS, detail="120"), "confirm_removals"),
        (SyncStatus("offline", offline_since=datetime.now(UTC)), "sync_now"),
        (SyncStatus("in_step", problem=Code.REWOUND), "dismiss"),
    ):
        label.show_status(status)
        [a for a in label.menu().actions() if a.isEnabled() and not a.isSeparator()][-1].trigger()
        assert asked[-1] == name
    label.place_requested.connect(lambda: asked.append("place"))
    label.show_status(SyncStatus("in_step", waiting=9, problem=Code.TOP_LEVEL, detail="1"))
    [a for a in label.menu().actions() if a.isEnabled() and not a.isSeparator()][-1].trigger()
    assert asked[-1] == "place"
    label.conflicts_requested.connect(lambda: asked.append("decide"))
    label.show_status(SyncStatus("in_step", conflicts=1))
    next(a for a in label.menu().actions() if a.isEnabled() and not a.isSeparator()).trigger()
    assert asked[-1] == "decide"


@pytest.mark.parametrize("choice", ["mine", "theirs", "edit"])
def test_a_person_decides(qapp: QApplication, world: World, choice: str, tmp_path: Path) -> None:
    a, b = world.console("a"), world.console("b")
    identity = camera(a.store)
    a.round()
    b.round()
    change(a.store, identity, name="甲的名字")
    change(b.store, identity, name="乙的名字")
    a.round()
    b.round()
    tasks = Tasks()
    dialog = ConflictDialog(b.store, tasks)
    dialog.show()
    wait_for(lambda: dialog.mine.isVisible(), pump=qapp.processEvents)
    told = " ".join(label.text() for label in dialog.findChildren(QLabel))
    for text in ("甲的名字", "乙的名字", "Name of u1", "2026-"):
        assert text in told
    if choice == "edit":
        dialog.own.setText("丙的名字")
    getattr(dialog, choice).click()
    wait_for(lambda: not b.store.conflicts(), pump=qapp.processEvents)
    wait_for(lambda: not dialog.mine.isVisible(), pump=qapp.processEvents)
    expected = {"mine": "乙的名字", "theirs": "甲的名字", "edit": "丙的名字"}[choice]
    b.round()
    a.round()
    assert {s.rows([identity])[0].name for s in (a.store, b.store)} == {expected}
    dialog.close()
    tasks.close()
