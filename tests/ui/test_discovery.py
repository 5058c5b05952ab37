"""Find cameras: real store, real simulator, on the loopback address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.devices.discovery import loopback
from app.devices.soap import SoapClient
from app.domain.finding import Standing
from app.domain.logbook import Book
from app.simulator.process import Simulator
from app.store.address_list import BadRow, Listed
from app.store.devices import channels_of, known_devices
from app.store.errors import StoreError
from app.store.logbook import Logbook, Wanted
from app.store.pins import StoredPins
from app.store.secrets import FileSecrets
from app.store.store import Store
from app.ui import theme
from app.ui.discovery import DiscoveryDialog, offset_text
from app.ui.tasks import Tasks
from app.ui.trial_consent import ConsentDialog
from tests.conftest import free_udp_port


@pytest.fixture(scope="module")
def port() -> int:
    """Looked for just before it is used: others take ports meanwhile."""
    return free_udp_port()


@pytest.fixture(scope="module")
def street(port: int) -> Iterator[Simulator]:
    with Simulator(cameras=6, ptz=1, discovery=True, discovery_port=port) as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    running = Store(tmp_path / "w.db", FileSecrets(tmp_path))
    yield running
    running.close()


@pytest.fixture
def dialog(qtbot: QtBot, store: Store, street: Simulator, port: int) -> Iterator[DiscoveryDialog]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    tasks = Tasks()
    shown = DiscoveryDialog(
        store, tasks, StoredPins(store), lambda: "en", None, on=[loopback()], port=port
    )
    qtbot.addWidget(shown)
    shown.show()
    yield shown
    shown.close()
    tasks.close()
    for camera in street.cameras:
        street.clear(camera.id)


def _call(qtbot: QtBot, dialog: DiscoveryDialog, cameras: int = 3) -> None:
    """Search until all have answered: on a busy machine one may come too late for a search."""
    for _ in range(3):
        dialog.search_here.click()
        qtbot.waitUntil(lambda: dialog._task is None, timeout=40_000)
        if len(dialog._lines) == cameras:
            break


def _search(qtbot: QtBot, dialog: DiscoveryDialog, street: Simulator) -> None:
    dialog.username.setText(street.cameras[0].username)
    dialog.password.setText(street.cameras[0].password)
    _call(qtbot, dialog, 6)


def _add_all(qtbot: QtBot, dialog: DiscoveryDialog, site: str = "Harbour") -> None:
    dialog.organisation.setEditText("Station 4")
    dialog.site.setEditText(site)
    dialog.all.click()
    with qtbot.waitSignal(dialog.added, timeout=40_000):
        dialog.add.click()
    qtbot.waitUntil(lambda: all(line.verdict.standing is Standing.KNOWN
                                for line in dialog._lines.values()), timeout=40_000)  # fmt: skip


def _standings(dialog: DiscoveryDialog) -> list[str]:
    texts = [dialog.table.topLevelItem(i) for i in range(dialog.table.topLevelItemCount())]
    return sorted(t.text(0) for t in texts if t is not None)


def test_found_chosen_added_with_one_account_and_known_afterwards(
    qtbot: QtBot, dialog: DiscoveryDialog, store: Store, street: Simulator
) -> None:
    assert not dialog.add.isEnabled()
    street.fault("cam5", "recorder", sources=3)
    street.set_clock_skew("cam2", 7200)
    _search(qtbot, dialog, street)
    assert _standings(dialog) == ["new"] * 6
    assert dialog.told.text().replace("(s)", "s") == "6 devices  ·  6 of them new"
    by_name = {line.found.name: line.item for line in dialog._lines.values()}
    assert by_name["cam5"].text(5) == "3"
    assert by_name["cam2"].text(6) == "+2 h" or by_name["cam2"].text(6) == "+120 min"
    _add_all(qtbot, dialog)
    street.set_clock_skew("cam2", 0)
    assert len(store.cameras()) == 8
    channels = [r.id for r in store.cameras() if r.name.startswith("cam5")]
    assert channels_of(store, channels[0]) == {
        c: (f"profile_main_{n}", f"profile_sub_{n}") for n, c in enumerate(channels, 1)
    }
    assert not dialog.checked()
    rows = {row.name: row for row in store.cameras()}
    assert rows["cam6"].has_ptz
    assert not rows["cam1"].has_ptz
    assert {o.name for o in store.organisations()} == {"Station 4"}
    source = store.source(rows["cam1"].id)
    assert source is not None
    assert source.credentials.password == street.cameras[0].password
    assert [s.url for s in source.streams] == [s.url for s in street.camera("cam1").streams]


def test_a_moved_camera_is_told_and_its_address_corrected(
    qtbot: QtBot, dialog: DiscoveryDialog, store: Store, street: Simulator
) -> None:
    _search(qtbot, dialog, street)
    _add_all(qtbot, dialog)
    camera = next(k for k in known_devices(store) if k.serial == "WRSIM000003")
    details = store.camera(camera.camera_id)
    assert details is not None
    streams = tuple(replace(s, url=s.url.replace("127.0.0.1", "10.9.9.9")) for s in details.streams)
    url = details.onvif_url.replace("127.0.0.1", "10.9.9.9")
    row = replace(details.row, address="10.9.9.9")
    store.save_camera(replace(details, row=row, onvif_url=url, streams=streams), None)
    dialog.close()
    dialog.show()
    qtbot.waitUntil(lambda: any(s.startswith("other address") for s in _standings(dialog)))
    line = next(i for i in dialog._lines.values() if i.verdict.standing is Standing.MOVED)
    assert "was at 10.9.9.9" in line.item.text(8)
    line.item.setCheckState(0, Qt.CheckState.Checked)
    assert dialog.add.text() == "&Add 0, correct 1 address(es)"
    with qtbot.waitSignal(dialog.added, timeout=40_000):
        dialog.add.click()
    source = store.source(camera.camera_id)
    assert source is not None
    assert [s.url for s in source.streams] == [s.url for s in street.camera("cam3").streams]
    assert source.credentials.password == street.cameras[0].password


def test_a_wrong_account_is_said_and_the_right_one_asked_again(
    qtbot: QtBot, dialog: DiscoveryDialog, street: Simulator
) -> None:
    _call(qtbot, dialog, 6)
    assert not any(dialog._can_be_added(line) for line in dialog._lines.values())
    assert "refused" in next(iter(dialog._lines.values())).item.text(8)
    dialog.username.setText(street.cameras[0].username)
    dialog.password.setText(street.cameras[0].password)
    dialog.ask_again.click()
    qtbot.waitUntil(lambda: dialog._task is None, timeout=40_000)
    assert _standings(dialog) == ["new"] * 6
    dialog.filter.setText("WRSIM000004")
    dialog.all.click()
    assert len(dialog.checked()) == 1


def test_a_range_is_searched_with_progress_and_stopped(
    qtbot: QtBot, dialog: DiscoveryDialog
) -> None:
    dialog.range.setText("300.1.1.1")
    dialog.search_there.click()
    assert "Not understood" in dialog.told.text()
    dialog.range.setText("127.0.16.0/20")  # 40 s a pass: it is not done before it is stopped
    dialog.search_there.click()
    qtbot.waitUntil(lambda: dialog.progress.value() > 3)
    dialog.cancel.click()
    assert dialog.told.text().startswith("Stopped.")
    assert dialog.search_here.isEnabled()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (33, "+33 s"), (-3600, "−60 min"), (36_000, "+10 h"), (-9e7, "−1041 d")],
)
def test_clock_texts(seconds: float, text: str) -> None:
    assert offset_text(seconds) == text


# -- default passwords


@pytest.fixture
def factory(qtbot: QtBot, store: Store) -> Iterator[tuple[DiscoveryDialog, Simulator, list[str]]]:
    """Three cameras that nobody has set up; the third list holds every question that was signed."""
    port = free_udp_port()
    asked: list[str] = []
    once = SoapClient._once

    def counted(
        self: SoapClient, address: str, body: str, header: str, way: str, t: object
    ) -> object:
        if way:
            asked.append(f"{address} {self.account.username}")
        return once(self, address, body, header, way, t)  # type: ignore[arg-type]

    with (
        Simulator(cameras=3, ptz=0, discovery=True, discovery_port=port, password="12345") as new,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(SoapClient, "_once", counted)
        tasks = Tasks()
        shown = DiscoveryDialog(store, tasks, StoredPins(store), lambda: "en", None,
                                on=[loopback()], port=port, person=lambda: "Li",
                                console=lambda: "WS1")  # fmt: skip
        qtbot.addWidget(shown)
        shown.show()
        yield shown, new, asked
        shown.close()
        tasks.close()


def _trials(dialog: DiscoveryDialog) -> list[str]:
    return sorted(line.item.text(7) for line in dialog._lines.values())


def test_without_consent_no_account_is_tried(
    qtbot: QtBot, factory: tuple[DiscoveryDialog, Simulator, list[str]]
) -> None:
    dialog, _, asked = factory
    assert not dialog.factory.isChecked()
    _call(qtbot, dialog)
    assert asked == []
    assert _trials(dialog) == [""] * 3


def _agree(dialog: DiscoveryDialog, purpose: str = "first set-up, order 17") -> None:
    dialog.factory.click()
    (asked,) = dialog.findChildren(ConsentDialog)
    assert not dialog.factory.isChecked()
    assert not asked.go.isEnabled()
    asked.purpose.setText(purpose)
    asked.go.click()
    assert dialog.factory.isChecked()


def test_with_consent_two_accounts_at_most_are_tried_and_the_consent_is_kept(
    qtbot: QtBot, store: Store, factory: tuple[DiscoveryDialog, Simulator, list[str]]
) -> None:
    dialog, _, asked = factory
    _agree(dialog)
    _call(qtbot, dialog)
    assert _trials(dialog) == ["yes: admin"] * 3
    line = next(iter(dialog._lines.values()))
    assert "set a password of your own" in line.item.text(8)
    assert line.verdict.standing is Standing.NEW
    # Who, when, what range and what for: in the log, whole, with what came of it and no password.
    log = Logbook(store)
    (subject,) = log.subjects(Wanted(Book.SETUP))
    noted, came = log.entries(subject.id)
    assert (noted.kind, noted.author, noted.console) == ("consented", "Li", "WS1")
    assert (noted.data["purpose"], noted.data["hosts"]) == (
        "first set-up, order 17",
        ["127.0.0.1"] * 3,
    )
    assert noted.data["name"] == "lo 127.0.0.0/8"
    assert (datetime.now(UTC) - noted.true_at).total_seconds() < 60
    assert (came.kind, came.about) == ("tried", (noted.id,))
    assert came.data["taken"] == 3
    assert "12345" not in noted.chain + str(noted.data) + str(came.data)
    assert [c.broken for c in log.check()[Book.SETUP]] == [None]
    _add_all(qtbot, dialog)
    source = store.source(store.cameras()[0].id)
    assert source is not None
    assert (source.credentials.username, source.credentials.password) == ("admin", "12345")
    # They are of the register now: whatever they refuse, nothing is tried on them.
    asked.clear()
    dialog._account = dialog._account.__class__()
    for known in dialog._lines.values():
        known.look = None
    dialog.ask_again.setEnabled(True)
    dialog.ask_again.click()
    qtbot.waitUntil(lambda: dialog._task is None, timeout=40_000)
    assert asked == []
    dialog.close()
    assert not dialog.factory.isChecked()


def test_a_camera_that_locks_is_left_alone(
    qtbot: QtBot, factory: tuple[DiscoveryDialog, Simulator, list[str]]
) -> None:
    dialog, new, asked = factory
    new.fault("cam1", "onvif-lock")
    new.fault("cam2", "onvif-401")
    _agree(dialog)
    _call(qtbot, dialog)
    said = {line.found.name: line.item.text(7) for line in dialog._lines.values()}
    assert said == {"cam1": "locked: stopped", "cam2": "refused", "cam3": "yes: admin"}
    assert sum("/cam1/" in a for a in asked) == 1
    assert sum("/cam2/" in a for a in asked) == 2


def test_what_cannot_be_entered_in_the_log_is_not_tried(
    qtbot: QtBot, factory: tuple[DiscoveryDialog, Simulator, list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    dialog, _, asked = factory

    def full(*_: object) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(Logbook, "add", full)
    _agree(dialog)
    _call(qtbot, dialog)
    assert asked == []
    assert "disk is full" in dialog.told.text()


def test_a_consent_is_of_one_person_for_one_opening(
    qtbot: QtBot, store: Store, factory: tuple[DiscoveryDialog, Simulator, list[str]]
) -> None:
    dialog, _, asked = factory
    dialog.factory.click()
    (question,) = dialog.findChildren(ConsentDialog)
    question.reject()
    assert not dialog.factory.isChecked()
    _call(qtbot, dialog)
    assert asked == []
    assert Logbook(store).subjects(Wanted(Book.SETUP)) == []


# -- a list


def test_a_list_is_asked_with_its_names_and_users_and_wrong_rows_are_told(
    qtbot: QtBot, dialog: DiscoveryDialog, street: Simulator, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    told: list[tuple[list[int], int]] = []

    def go_on(found: list[Listed], wrong: list[BadRow]) -> bool:
        told.append(([w.line for w in wrong], len(found)))
        return True

    monkeypatch.setattr(dialog, "_go_on", go_on)
    first, second = street.cameras[0], street.cameras[1]
    path = tmp_path / "list.csv"
    path.write_text(
        f"address,name,user\n{first.onvif_url},East gate,{first.username}\n300.1.1.1,x\n"
        f"{second.onvif_url},West gate,nobody\n127.0.0.1:9,gone\n", encoding="utf-8"
    )  # fmt: skip
    dialog.username.setText("somebody else")
    dialog.password.setText(first.password)
    dialog.read_list(path)
    qtbot.waitUntil(lambda: bool(dialog._lines) and dialog._task is None, timeout=40_000)
    assert told == [([3], 3)]
    by_name = {line.found.name: line for line in dialog._lines.values()}
    assert by_name["East gate"].verdict.standing is Standing.NEW
    assert "refused" in by_name["West gate"].item.text(8)
    assert by_name["gone"].look is not None
    assert by_name["gone"].look.error is not None
    assert "from the list" in by_name["gone"].item.text(8)
    dialog.read_list(tmp_path / "none.csv")
    qtbot.waitUntil(lambda: dialog.told.objectName() == "error", timeout=40_000)
