"""Figures against faults that were counted by hand, in a real window with a real database."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pytestqt.qtbot import QtBot

from app.domain.kpi import Exclusion, Figure
from app.store.figures import Figures
from app.store.log_lines import stamp
from app.store.log_models import OutageRow, WatchedRow
from app.store.secrets import FileSecrets
from app.store.store import Store, new_id, now
from app.store.ticket_models import MaintenanceRow, TicketRow
from app.store.ticket_state import text_of
from app.ui.dashboard import FigureWindow
from app.ui.tasks import Tasks

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


def add(store: Store, number: int, camera: str, reported: datetime, *, accepted: int = 0,
        verified: int = 0, due: int = 24, category: str = "V03", paused_s: int = 0,
        cause: str = "") -> str:  # fmt: skip
    """A fault; hours from its report."""

    def at(hours: int) -> str:
        return text_of(reported + hours * HOUR) if hours else ""

    row = TicketRow(
        id=new_id(), updated_at=now(), console="wall-1", number=number, person="p", author="li",
        organisation_id="", site_id="", camera_id=camera, at=text_of(reported),
        report=json.dumps({}), state="closed" if verified else "new", is_open=not verified,
        category=category, priority="P2", due_restore=at(due), accepted_at=at(accepted),
        verified_at=at(verified), closed_at=at(verified), paused_s=paused_s, cause=cause,
    )  # fmt: skip
    identity = row.id
    with store._writing() as session:
        session.add(row)
    return identity


@pytest.fixture
def faults(store: Store) -> list[str]:
    """Repaired in 10 h and 30 h (2 h of it paused), again after 4 days, one open, one excused."""
    a, b, c = [r.id for r in store.cameras(limit=3)]
    begin = NOW - timedelta(days=20)
    with store._writing() as session:
        session.add(MaintenanceRow(
            id=new_id(), updated_at=now(), channel_id=c, begin=text_of(begin - HOUR),
            until=text_of(begin + HOUR), reason="pole", person="p", author="li",
        ))  # fmt: skip
    return [
        add(store, 1, a, begin, accepted=1, verified=10),
        add(store, 2, b, begin, accepted=3, verified=30, paused_s=7200),
        add(store, 3, a, begin + timedelta(days=4), accepted=2, verified=20),
        add(store, 4, b, NOW - 5 * HOUR, category="V01"),
        add(store, 5, c, begin, verified=50),
    ]


def test_figures_are_what_a_person_counts(store: Store, faults: list[str]) -> None:
    facts = Figures(store).facts(NOW - timedelta(days=30), NOW, {})
    assert facts.accept().mean_s == 2 * 3600, "(1 + 3 + 2) / 3 h"
    assert facts.repair().mean_s == 27.5 * 3600, "(10 + 30 + 20 + 50) / 4 h"
    assert facts.repair(without_pauses=True).mean_s == 27 * 3600
    limits = facts.limits()
    assert (limits.numerator, limits.denominator) == (2, 3), "10 and 20 of 24 h; 30 not"
    assert [p.identity for p in limits.excluded[Exclusion.MAINTENANCE]] == [faults[4]]
    assert [p.identity for p in facts.repeats().counted if p.got] == [faults[2]]
    oldest = facts.oldest()
    assert oldest is not None
    assert oldest.order.identity == faults[3]


def test_online_is_of_what_was_seen_and_collects_below_the_gate(store: Store) -> None:
    a, b = [r.id for r in store.cameras(limit=2)]
    day = NOW - timedelta(days=1)
    with store._writing() as session:
        session.add(WatchedRow(camera_id=a, since=stamp(day - HOUR), until=stamp(NOW)))
        session.add(OutageRow(camera_id=a, state="stalled", since=stamp(NOW - 6 * HOUR)))
        session.add(WatchedRow(camera_id=b, since=stamp(NOW - 6 * HOUR), until=stamp(NOW)))
    facts = Figures(store).facts(day, NOW, {})
    parts = {p.identity: p for p in facts.online}
    assert parts[a].got == pytest.approx(0.75, abs=0.001)
    assert parts[b].known == pytest.approx(0.25, abs=0.001)
    assert Figure(facts.online).collecting
    assert not Figure(facts.only([a]).online).collecting


def test_minutes_become_one_span(store: Store) -> None:
    figures, (a, *_) = Figures(store), [r.id for r in store.cameras(limit=2)]
    for minute in range(5):
        figures.watched([a], NOW - timedelta(minutes=4 - minute))
    figures.watched([a], NOW + HOUR)
    with store._reading() as session:
        rows = [(r.since, r.until) for r in session.query(WatchedRow).order_by(WatchedRow.since)]
    assert rows == [(stamp(NOW - timedelta(minutes=5)), stamp(NOW)),
                    (stamp(NOW + HOUR - timedelta(minutes=1)), stamp(NOW + HOUR))]  # fmt: skip


@pytest.fixture
def window(qtbot: QtBot, store: Store, faults: list[str], tasks: Tasks) -> FigureWindow:
    language = os.environ.get("FIGURES_LANGUAGE", "en")
    shown = FigureWindow(Figures(store), tasks, lambda: {}, lambda: language)
    qtbot.addWidget(shown)
    shown.show()
    shown.reload()
    qtbot.waitUntil(lambda: bool(shown.groups))
    return shown


def test_a_number_opens_its_list_and_that_the_record(
    qtbot: QtBot, window: FigureWindow, faults: list[str], tmp_path: Path
) -> None:
    if place := os.environ.get("FIGURES_SHOTS"):
        qtbot.wait(300)
        window.grab().save(f"{place}/figures.png")
    y = next(i for i, r in enumerate(window.rows) if r.key == "limits")
    assert window.rows[y].value == "66.7 %"
    assert window.rows[y].bad
    assert window.rows[y].excluded
    window.table.chosen.emit(y, 1)
    behind = window.list
    assert behind is not None
    assert behind.table.rowCount() == int(window.rows[y].samples) + 1, "and the one left out"
    if place:
        behind.grab().save(f"{place}/behind.png")
    with qtbot.waitSignal(window.ticket_asked) as asked:
        behind.table.chosen.emit(0, 0)
    assert asked.args is not None
    assert asked.args[0] in faults


def test_groups_add_up_and_exports_say_what_they_are(
    qtbot: QtBot, window: FigureWindow, tmp_path: Path
) -> None:
    whole = next(r for r in window.rows if r.key == "limits")
    for index in range(window.group.count()):
        window.groups = []
        window.group.setCurrentIndex(index)
        window._regroup()
        qtbot.waitUntil(lambda: bool(window.groups))
        parts = [r for _, rows in window.groups for r in rows if r.key == "limits"]
        assert sum(int(r.samples) for r in parts) == int(whole.samples)
    for suffix in ("pdf", "xlsx"):
        path = tmp_path / f"figures.{suffix}"
        window.save(path)
        qtbot.waitUntil(path.exists)
    sheet = load_workbook(tmp_path / "figures.xlsx").active
    assert sheet is not None
    cells = [str(c.value) for row in sheet.iter_rows() for c in row]
    assert any("Not a compliance statement" in c for c in cells)


def test_renewal_is_ranked_with_reasons(window: FigureWindow) -> None:
    window.tabs.setCurrentIndex(1)
    if place := os.environ.get("FIGURES_SHOTS"):
        window.grab().save(f"{place}/renewal.png")
    assert window.renewals[0].faults == 2
    assert "faults in a year: 2" in window.renewal_rows()[0][7]


def test_no_cameras_is_said(qtbot: QtBot, data: Path, tasks: Tasks) -> None:
    empty = Store(data / "empty.db", FileSecrets(data))
    shown = FigureWindow(Figures(empty), tasks, lambda: {}, lambda: "en")
    qtbot.addWidget(shown)
    shown.reload()
    qtbot.waitUntil(lambda: "no cameras" in shown.note.text())
    empty.close()
