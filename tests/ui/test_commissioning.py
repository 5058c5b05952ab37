"""The acceptance of a real (simulated) camera: measured, decided, submitted, accepted by another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.camera import CameraRow, CameraSource
from app.domain.commissioning import BY_CODE, Proof, State, Verdict
from app.simulator.process import Simulator
from app.store import sample
from app.store.logbook import Logbook
from app.store.secrets import FileSecrets
from app.store.store import Store
from app.store.tickets import Tickets
from app.ui.acceptance import subject_of
from app.ui.client import Heads
from app.ui.commissioning import CommissioningWindow, FaultsDialog, RemarksDialog, write_report
from app.ui.tasks import Tasks
from app.ui.ticket_texts import number_text
from app.video.probe import ProbeError, probe_stream
from tests.conftest import wait_for


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Store, CameraRow]]:
    """The sample data, with one camera of it that is there and turns."""
    store = Store(tmp_path / "watchroom.db", FileSecrets(tmp_path))
    with Simulator(cameras=2, ptz=1, names=sample.live_names(2)) as running:
        ids = sample.fill(store, running.cameras)
        camera = next(row for row in store.rows(ids) if row.has_ptz)
        source = store.source(camera.id)
        assert source is not None
        wait_for(lambda: answers(source), 60)  # it draws its surroundings first
        yield store, camera


def answers(source: CameraSource) -> bool:
    try:
        probe_stream(source.streams[0], source.credentials)
    except ProbeError:
        return False
    return True


def choose(window: CommissioningWindow, code: str) -> None:
    for i in range(window.list.topLevelItemCount()):
        block = window.list.topLevelItem(i)
        assert block is not None
        for k in range(block.childCount()):
            row = block.child(k)
            if row.data(0, Qt.ItemDataRole.UserRole) == code:
                window.list.setCurrentItem(row)
                return
    raise AssertionError(code)


@pytest.mark.timeout(240)
def test_from_the_box_to_an_accepted_record(
    qtbot: QtBot, place: tuple[Store, CameraRow], tmp_path: Path
) -> None:
    store, camera = place
    tasks, who = Tasks(), ["Installer"]
    subject = subject_of(store, camera, lambda: Heads(store)(camera.id))
    assert subject is not None

    def opened() -> CommissioningWindow:
        window = CommissioningWindow(
            store,
            Logbook(store),
            tasks,
            camera,
            subject,
            lambda: who[0],
            lambda: "LAPTOP",
            seconds=4.0,
            turn_s=0.5,
        )
        qtbot.addWidget(window)
        window.show()
        qtbot.waitUntil(lambda: window.record is not None, timeout=20_000)
        return window

    window = opened()
    assert window.record is not None
    qtbot.mouseClick(window.measure_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window._measuring is None, timeout=180_000)
    measured = window.record.results
    assert measured["function.main_stream"].values.get("width") == 1280, measured
    assert measured["function.sub_stream"].values["codec"] == "h264"
    assert measured["function.connections"].values["borne"] == 4
    assert measured["overlay.clock"].verdict is Verdict.MET
    assert measured["function.events"].values == {"service": "PullPoint"}
    ptz = measured["function.ptz"]
    assert ptz.verdict is Verdict.MET, ptz
    assert ptz.values["left"] == "moves"
    assert float(ptz.values["ptz_stop_s"] or 9) < 2

    # Who submits too early is told what is open; nothing is lost when the laptop is closed meanwhile.
    qtbot.mouseClick(window.submit, Qt.MouseButton.LeftButton)
    assert "Not decided yet" in window.told.text()
    photo = tmp_path / "photo.png"
    Image.new("RGB", (64, 48), "red").save(photo)
    window.close()  # at once: what was measured is written first
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    window = opened()
    assert window.record is not None
    assert window.record.results["function.ptz"].verdict is Verdict.MET
    for item in window.record.items:
        if item.code not in window.record.missing:
            continue
        choose(window, item.code)
        proof = BY_CODE[item.code].proof
        if proof in (Proof.PICTURE, Proof.PHOTO):
            before = len(window._files)
            qtbot.mouseClick(window.verdicts[Verdict.MET], Qt.MouseButton.LeftButton)
            assert "picture is missing" in window.wrong.text()
            window._keep_picture(photo.read_bytes())
            qtbot.waitUntil(lambda b=before: len(window._files) > b, timeout=20_000)  # type: ignore[misc]
        else:
            window.note.setPlainText("as agreed with the owner")
        verdict = Verdict.FAILED if item.code == "site.sign" else Verdict.MET
        if verdict is Verdict.FAILED:
            window.note.setPlainText("the sign hangs behind a tree")
        qtbot.mouseClick(window.verdicts[verdict], Qt.MouseButton.LeftButton)
        assert item.code not in window.record.missing, window.wrong.text()
    qtbot.mouseClick(window.submit, Qt.MouseButton.LeftButton)
    assert window.record.state is State.SUBMITTED
    # Nobody accepts his own work.
    # The reviewer sends it back with a list; those items are open again, and only those.
    who[0] = "Reviewer"
    qtbot.mouseClick(window.send_back, Qt.MouseButton.LeftButton)
    remarks = window.findChild(RemarksDialog)
    assert isinstance(remarks, RemarksDialog)
    assert not remarks.ok.isEnabled()
    remarks.edits["site.cabinet"].setText("show the grounding")
    remarks.edits["overlay.text"].setText("the name is cut off")
    qtbot.mouseClick(remarks.ok, Qt.MouseButton.LeftButton)
    assert window.record.state is State.SENT_BACK
    assert set(window.record.missing) == {"site.cabinet", "overlay.text"}
    choose(window, "overlay.text")
    assert "the name is cut off" in window.found.text()
    who[0] = "Installer"
    for code in ("site.cabinet", "overlay.text"):
        choose(window, code)
        if code == "site.cabinet":
            window._keep_picture(photo.read_bytes())
            qtbot.waitUntil(lambda: len(window._files) > 0, timeout=20_000)
        qtbot.mouseClick(window.verdicts[Verdict.MET], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(window.submit, Qt.MouseButton.LeftButton)
    assert window.record.state is State.SUBMITTED, window.told.text()

    # What failed is offered as a fault, filled in; it is reported by one click, not by itself.
    tickets = Tickets(store)
    assert not tickets.history(camera.id)
    assert window.faults.isVisible()
    qtbot.mouseClick(window.faults, Qt.MouseButton.LeftButton)
    faults = window.findChild(FaultsDialog)
    assert isinstance(faults, FaultsDialog)
    assert "the sign hangs behind a tree" in faults.words.toPlainText()
    qtbot.mouseClick(faults.ok, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(window.record and window.record.tickets), timeout=20_000)
    line = tickets.history(camera.id)[0]
    assert window.record.tickets["site.sign"] == number_text(line)
    choose(window, "site.sign")
    assert number_text(line) in window.found.text()
    qtbot.mouseClick(window.accept_button, Qt.MouseButton.LeftButton)
    assert "Another person" in window.told.text()
    who[0] = "Reviewer"
    qtbot.mouseClick(window.accept_button, Qt.MouseButton.LeftButton)
    assert window.record.state is State.ACCEPTED
    # Two know it already: a third samples it.
    qtbot.mouseClick(window.sample, Qt.MouseButton.LeftButton)
    assert "Another person" in window.told.text()
    who[0] = "Sampler"
    qtbot.mouseClick(window.sample, Qt.MouseButton.LeftButton)
    assert window.record.state is State.SAMPLED
    qtbot.waitUntil(lambda: not window._writing and not window._queue, timeout=20_000)
    baseline = Logbook(store).baseline_of(camera.id)
    assert baseline is not None
    assert (baseline.installer, baseline.reviewer) == ("Installer", "Reviewer")
    assert baseline.number == "LAPTOP-000001"
    report = tmp_path / "report.pdf"
    write_report(report, baseline, store)
    assert report.read_bytes().startswith(b"%PDF")
    # Who opens it again sees what was accepted, and may begin another one.
    window.close()
    window = opened()
    assert window.record is not None
    assert window.record.state is State.SAMPLED
    assert "Sampler" in window.title.text()
    assert not window.submit.isVisible()
    assert window.compare.isVisible()
    qtbot.mouseClick(window.anew, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(window.record and not window.record.results), timeout=20_000)
    assert window.submit.isVisible()
    tasks.close()
    store.close()
