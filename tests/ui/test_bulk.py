"""Setting up many cameras: the real window, a real store, simulated cameras that fail in all ways."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from app.domain.camera import Credentials
from app.domain.logbook import Book
from app.domain.permission import Role
from app.domain.setup import Setting, StreamWish, Template
from app.simulator.process import Simulator
from app.store.devices import new_camera, site_named
from app.store.logbook import Logbook, Wanted
from app.store.pins import StoredPins
from app.store.secrets import FileSecrets
from app.store.setup import AccountChange, save_template, templates, unsettled
from app.store.store import Store
from app.sync.account import Identity
from app.sync.client import NetworkError
from app.ui import bulk, theme
from app.ui.bulk import BulkWindow, Phase
from app.ui.bulk_desk import BulkDesk, camera_right, right_of, settle_all
from app.ui.office import Office
from app.ui.registers import Asked
from app.ui.tasks import Tasks
from app.ui.trial_consent import Consent, enter_consent, enter_outcome

S = Setting
PASSWORD = "Kr7-wq2.Lm"
WISH = Template(hostname="cam-{number}", text="{name}", main=StreamWish(kbps=2048))


@pytest.fixture(scope="module")
def street() -> Iterator[Simulator]:
    with Simulator(cameras=4, ptz=0) as running:
        yield running


@pytest.fixture
def store(tmp_path: Path, street: Simulator) -> Iterator[Store]:
    running = Store(tmp_path / "w.db", FileSecrets(tmp_path))
    site = site_named(running, "分局", "广场")
    for number, camera in enumerate(street.cameras, 1):
        street.clear(camera.id)
        street.reset(camera.id)
        details = new_camera(f"东门{number}", site, camera.onvif_url, camera.streams, has_ptz=False)
        row = replace(details.row, name_en=f"East {number}", call_number=number)
        running.save_camera(replace(details, row=row, username=camera.username), camera.password)
    yield running
    running.close()


@pytest.fixture
def window(qtbot: QtBot, store: Store) -> Iterator[BulkWindow]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    tasks = Tasks()
    shown = BulkWindow(store, Logbook(store), tasks, StoredPins(store), lambda: "en",
                       lambda: ("Li Na", "WS1"), lambda camera: "", None)  # fmt: skip
    qtbot.addWidget(shown)
    shown.show()
    yield shown
    tasks.close()


def _ids(store: Store) -> list[str]:
    return [row.id for row in sorted(store.cameras(), key=lambda r: r.call_number or 0)]


def _compared(qtbot: QtBot, window: BulkWindow, store: Store, wish: Template = WISH) -> None:
    window.add_cameras(_ids(store))
    qtbot.waitUntil(lambda: len(window._lines) == 4)
    window.use_template(wish)
    qtbot.mouseClick(window.compare, Qt.MouseButton.LeftButton)
    _idle(qtbot, window)


def _idle(qtbot: QtBot, window: BulkWindow) -> None:
    qtbot.waitUntil(lambda: window._task is None, timeout=60_000)


def _item(window: BulkWindow, camera: int, setting: str) -> QTreeWidgetItem:
    top = window.table.topLevelItem(camera)
    assert top is not None
    for i in range(top.childCount()):
        child = top.child(i)
        if child is not None and child.text(0) == setting:
            return child
    raise AssertionError(f"no {setting}")


def _result(window: BulkWindow, camera: int) -> str:
    top = window.table.topLevelItem(camera)
    assert top is not None
    return top.text(3)


def test_it_says_what_to_do_first_and_finds_cameras_by_words(
    qtbot: QtBot, window: BulkWindow, store: Store
) -> None:
    assert window.empty.isVisible()
    assert not window.compare.isEnabled()
    assert not window.start.isEnabled()
    QTest.keyClicks(window.search, "East")
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.table.topLevelItemCount() == 4)
    assert window.table.isVisible()
    assert window.windowTitle() == "Set up cameras (4)"
    QTest.keyClicks(window.search, "no such place")
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "no such place" in window.told.text())
    first = window.table.topLevelItem(0)
    assert first is not None
    first.setSelected(True)
    window.table.setFocus()
    QTest.keyClick(window.table, Qt.Key.Key_Delete)
    assert window.table.topLevelItemCount() == 3
    assert len(store.cameras()) == 4


def test_a_dry_run_shows_old_and_new_and_changes_nothing(
    qtbot: QtBot, window: BulkWindow, store: Store, street: Simulator
) -> None:
    before = street.state("cam1")["settings"]
    _compared(qtbot, window, store)
    line = _item(window, 0, "Host name")
    assert (line.text(1), line.text(2)) == ("cam1", "cam-1")
    assert line.checkState(0) == Qt.CheckState.Checked
    assert _item(window, 1, "Text on the picture").text(2) == "东门2"
    assert street.state("cam1")["settings"] == before
    # The wish changes: the plan follows without asking the cameras.
    window.hostname.setText("x{number}")
    assert _item(window, 0, "Host name").text(2) == "x1"
    window.streams["main"]["size"].setEditText("2000x2000")
    size = _item(window, 0, "Main stream: picture size")
    assert (size.text(2), "2000 × 2000" in size.text(3)) == ("1920 × 1080", True)
    window.streams["main"]["fps"].setText("12.4")
    assert _item(window, 0, "Main stream: frame rate").text(2) == "12 pictures a second"


def test_what_is_unticked_is_left_alone(
    qtbot: QtBot, window: BulkWindow, store: Store, street: Simulator
) -> None:
    _compared(qtbot, window, store)
    _item(window, 0, "Host name").setCheckState(0, Qt.CheckState.Unchecked)
    window.begin()
    _idle(qtbot, window)
    assert street.state("cam1")["settings"]["hostname"] == "cam1"
    assert street.state("cam2")["settings"]["hostname"] == "cam-2"
    assert street.state("cam1")["settings"]["encoders"]["main"]["kbps"] == 2048


def test_each_camera_has_its_result_and_it_is_written_down_by_whom(
    qtbot: QtBot, window: BulkWindow, store: Store, street: Simulator, tmp_path: Path
) -> None:
    street.fault("cam2", "settings-refused")
    street.fault("cam3", "onvif-401")
    wish = replace(WISH, account="password")
    window.password.setText(PASSWORD)
    window.password_again.setText(PASSWORD)
    _compared(qtbot, window, store, wish)
    assert "refused" in _result(window, 2)
    window.begin()
    _idle(qtbot, window)
    assert _result(window, 0) == _result(window, 3) == "done"
    assert _item(window, 1, "Host name").text(3) == "refused: this value is not taken"
    assert window.again.isVisible()
    ids = _ids(store)
    assert store.device_access(ids[0])[1] == Credentials("admin", PASSWORD)  # type: ignore[index]
    assert store.device_access(ids[1])[1].password == street.cameras[1].password  # type: ignore[index]
    assert unsettled(store) == []
    log = Logbook(store)
    lines = log.subjects(Wanted(Book.SETUP))
    assert [(line.person, line.entries, line.open_matters) for line in lines] == [("Li Na", 3, 1)]
    entries = [e for line in lines for e in log.entries(line.id)]
    assert {e.camera_id for e in entries} == {ids[0], ids[1], ids[3]}
    written = json.dumps([dict(e.data) for e in entries])
    assert "cam-1" in written
    for path in (tmp_path / "r.csv", tmp_path / "r.pdf"):
        window.save_report(path)
        qtbot.waitUntil(lambda p=path: str(p) in window.told.text())
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert ["East 1", "127.0.0.1", "Host name", "cam1", "cam-1", "done"] in rows
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    shown = json.dumps([*rows, written, repr(window._lines)])
    assert PASSWORD not in shown
    assert street.cameras[0].password not in shown
    # Mended, it is tried again where it failed only.
    street.clear("cam2")
    street.clear("cam3")
    qtbot.mouseClick(window.again, Qt.MouseButton.LeftButton)
    _idle(qtbot, window)
    assert [line.phase for line in window._lines.values()] == [
        Phase.DONE, Phase.READ, Phase.READ, Phase.DONE,
    ]  # fmt: skip
    window.begin()
    _idle(qtbot, window)
    assert [line.phase for line in window._lines.values()] == [Phase.DONE] * 4
    assert street.state("cam3")["settings"]["users"]["admin"][0] == PASSWORD


def test_undo_brings_back_what_was_and_the_account_too(
    qtbot: QtBot, window: BulkWindow, store: Store, street: Simulator
) -> None:
    before = {c.id: street.state(c.id)["settings"] for c in street.cameras}
    wish = replace(WISH, account="user", username="watchroom", generate=True, remove_old=True)
    _compared(qtbot, window, store, wish)
    assert not window.undo.isVisible()
    window.begin()
    _idle(qtbot, window)
    accounts = [store.device_access(i)[1] for i in _ids(store)]  # type: ignore[index]
    assert len({a.password for a in accounts}) == 4
    assert {a.username for a in accounts} == {"watchroom"}
    assert set(street.state("cam1")["settings"]["users"]) == {"watchroom"}
    assert window.undo.isVisible()
    window.begin_undo()
    _idle(qtbot, window)
    assert {c.id: street.state(c.id)["settings"] for c in street.cameras} == before
    assert store.device_access(_ids(store)[0])[1].username == "admin"  # type: ignore[index]
    assert not window.undo.isVisible()
    lines = Logbook(store).subjects(Wanted(Book.SETUP))
    assert sorted(line.state for line in lines) == ["set up", "undone"]


def test_the_wall_learns_the_new_size(qtbot: QtBot, window: BulkWindow, store: Store) -> None:
    _compared(qtbot, window, store, Template(sub=StreamWish(size="320x180", fps=5)))
    window.begin()
    _idle(qtbot, window)
    source = store.source(_ids(store)[0])
    assert source is not None
    assert [(s.width, s.height, s.fps) for s in source.streams if s.role == "sub"] == [
        (320, 180, 5)
    ]


def test_a_start_is_asked_for_and_a_bad_password_is_not_taken(
    qtbot: QtBot,
    window: BulkWindow,
    store: Store,
    street: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def no(box: QMessageBox) -> int:
        asked.append(f"{box.text()} {box.informativeText()}")
        return 0

    monkeypatch.setattr(QMessageBox, "exec", no)
    _compared(qtbot, window, store, replace(WISH, account="password"))
    assert not window.start.isEnabled()
    assert "Give the new password." in window.wrong.text()
    window.password.setText("12345678")
    assert "small letters" in window.wrong.text()
    window.password.setText(PASSWORD)
    assert "differ" in window.wrong.text()
    window.password_again.setText(PASSWORD)
    assert not window.wrong.isVisible()
    assert window.start.isEnabled()
    qtbot.mouseClick(window.start, Qt.MouseButton.LeftButton)
    assert "16" in asked[0]
    assert "old password is forgotten only once" in asked[0]
    assert street.state("cam1")["settings"]["hostname"] == "cam1"


def test_templates_are_kept_by_name_without_a_password(
    qtbot: QtBot, window: BulkWindow, store: Store
) -> None:
    window.use_template(replace(WISH, account="password"))
    window.password.setText(PASSWORD)
    window.save_as("Street")
    assert templates(store) == {"Street": replace(WISH, account="password")}
    with store._reading() as session:
        (kept,) = session.execute(sa.text("SELECT content FROM setup_template")).scalars()
    assert "username" not in kept
    assert PASSWORD not in kept
    window.use_template(Template())
    assert window.template().empty
    window.saved.setCurrentIndex(window.saved.findText("Street"))
    window.saved.activated.emit(window.saved.currentIndex())
    assert window.template() == replace(WISH, account="password")
    window.delete_saved()
    assert templates(store) == {}
    assert window.template() == replace(WISH, account="password")
    # One that a colleague saved is there, while the form is being filled in.
    save_template(store, "By a colleague", Template(clock="computer"))
    qtbot.waitUntil(lambda: window.saved.findText("By a colleague") > 0)
    assert window.template() == replace(WISH, account="password")


def test_stop_lets_those_under_way_finish(
    qtbot: QtBot,
    window: BulkWindow,
    store: Store,
    street: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bulk.devices.side_by_side, "__defaults__", (1,))
    for camera in street.cameras:
        street.fault(camera.id, "settings-slow", seconds=1.0)
    _compared(qtbot, window, store)
    window.begin()
    qtbot.waitUntil(lambda: any(line.steps for line in window._lines.values()))
    assert not window.compare.isEnabled()
    qtbot.mouseClick(window.stop_button, Qt.MouseButton.LeftButton)
    _idle(qtbot, window)
    phases = [line.phase for line in window._lines.values()]
    assert phases[1:] == [Phase.READ] * 3  # not begun: still to be started
    assert street.state("cam4")["settings"]["hostname"] == "cam4"
    assert street.state("cam1")["settings"]["hostname"] == "cam-1"


def test_who_may_not_is_told_so_and_the_camera_is_not_asked(
    qtbot: QtBot, store: Store, street: Simulator
) -> None:
    first = _ids(store)[0]
    tasks = Tasks()
    window = BulkWindow(store, Logbook(store), tasks, StoredPins(store), lambda: "en",
                        lambda: ("Li Na", "WS1"),
                        lambda camera: "You may not." if camera == first else "", None)  # fmt: skip
    qtbot.addWidget(window)
    window.show()
    _compared(qtbot, window, store)
    assert _result(window, 0) == "You may not."
    window.begin()
    _idle(qtbot, window)
    assert street.state("cam1")["settings"]["hostname"] == "cam1"
    assert street.state("cam2")["settings"]["hostname"] == "cam-2"
    tasks.close()


def test_two_cameras_of_one_device_share_what_is_the_devices(
    qtbot: QtBot, window: BulkWindow, store: Store, street: Simulator
) -> None:
    import sqlalchemy as sa

    from app.store.models import ChannelRow

    ids = _ids(store)
    with store._writing() as session:
        device = session.scalar(sa.select(ChannelRow.device_id).where(ChannelRow.id == ids[0]))
        session.execute(
            sa.update(ChannelRow).where(ChannelRow.id == ids[1]).values(device_id=device)
        )
    _compared(qtbot, window, store, replace(WISH, account="password", generate=True))
    assert "first camera" in _item(window, 1, "Account").text(3)
    assert "first camera" in _item(window, 1, "Host name").text(3)
    assert _item(window, 1, "Text on the picture").checkState(0) == Qt.CheckState.Checked
    window.begin()
    _idle(qtbot, window)
    assert _result(window, 0) == _result(window, 1) == "done"


def test_a_change_that_was_cut_off_is_settled_before_anything_is_read(
    qtbot: QtBot, window: BulkWindow, store: Store, street: Simulator
) -> None:
    """As after a crash: the camera has the new password, the console still uses the old one."""
    first, camera = _ids(store)[0], street.cameras[0]
    old, new = Credentials("admin", camera.password), Credentials("admin", PASSWORD)
    AccountChange(store, first).begin(old, new)
    from app.devices.setup import Job, NewAccount, set_up
    from app.domain.setup import Change

    class Nothing:
        def begin(self, old: Credentials, new: Credentials) -> None: ...
        def commit(self) -> None: ...
        def drop(self) -> None: ...

    set_up(Job("", camera.onvif_url, old), [Change(S.ACCOUNT, "admin", "admin")],
           NewAccount(new, Nothing()))  # fmt: skip
    _compared(qtbot, window, store)
    assert [line.phase for line in window._lines.values()] == [Phase.READ] * 4
    assert unsettled(store) == []
    assert store.device_access(first)[1] == new  # type: ignore[index]


def test_settling_keeps_both_while_the_camera_is_away(store: Store, street: Simulator) -> None:
    first = _ids(store)[0]
    street.fault("cam1", "refuse")
    AccountChange(store, first).begin(
        Credentials("admin", street.cameras[0].password), Credentials("admin", PASSWORD)
    )
    assert settle_all(store, StoredPins(store)) == 1
    assert len(unsettled(store)) == 1


class _Account:
    """Who is signed in, and a server that says what it is told to."""

    def __init__(self, role: Role, answer: dict[str, object] | Exception) -> None:
        self.identity = Identity("u1", "li", "Li Na", "o1", (role,))
        self._answer = answer

    def call(self, method: str, path: str, body: object = None) -> dict[str, object]:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer if path.startswith("/api/cameras/") else {}


@pytest.mark.parametrize(
    ("role", "answer", "whole", "one"),
    [
        (Role.OPERATOR, {}, False, False),
        (Role.COMMISSIONER, {"permissions": {"commission": {"allowed": True}}}, True, True),
        (Role.COMMISSIONER, {"permissions": {"commission": {"allowed": False}}}, True, False),
        (Role.COMMISSIONER, NetworkError("away"), True, True),
    ],
)  # fmt: skip
def test_who_may(
    qtbot: QtBot, store: Store, role: Role, answer: Any, whole: bool, one: bool
) -> None:
    tasks, window = Tasks(), QWidget()
    qtbot.addWidget(window)
    office = Office(store, tasks, lambda: "en", window)
    desk = BulkDesk(store, Logbook(store), tasks, office, lambda: "en", lambda: ("", ""), window)
    told: list[str] = []
    desk.told.connect(told.append)
    assert (right_of(office), camera_right(office, "c1")) == ("", "")  # a console without a server
    office.account = _Account(role, answer)  # type: ignore[assignment]
    assert (right_of(office) == "", camera_right(office, "c1") == "") == (whole, one)
    shown = desk.open(_ids(store))
    assert (shown is not None) is whole
    if shown is None:
        assert "commissioner" in told[0]
    else:
        qtbot.waitUntil(lambda: shown.table.topLevelItemCount() == 4)
        assert desk.open() is shown
        desk.close_window()
        assert desk.window is None
    tasks.close()


def test_at_the_start_an_open_change_is_told_and_settled_by_itself(
    qtbot: QtBot, store: Store, street: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, camera = _ids(store)[0], street.cameras[0]
    street.fault("cam1", "refuse")
    old = Credentials("admin", camera.password)
    AccountChange(store, first).begin(old, Credentials("admin", PASSWORD))
    tasks, window = Tasks(), QWidget()
    qtbot.addWidget(window)
    office = Office(store, tasks, lambda: "en", window)
    desk = BulkDesk(store, Logbook(store), tasks, office, lambda: "en", lambda: ("", ""), window)
    told: list[str] = []
    desk.told.connect(told.append)
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert "Both are kept" in told[0]
    street.clear("cam1")
    monkeypatch.setattr("app.store.setup.PATIENCE_S", 0.0)  # the change cannot come any more
    desk.settle()
    qtbot.waitUntil(lambda: unsettled(store) == [], timeout=20_000)
    assert store.device_access(first)[1] == old  # type: ignore[index]
    tasks.close()


def test_consents_to_default_passwords_are_in_the_register_of_set_ups(
    qtbot: QtBot, store: Store
) -> None:
    tasks, window, log = Tasks(), QWidget(), Logbook(store)
    qtbot.addWidget(window)
    office = Office(store, tasks, lambda: "en", window)
    desk = BulkDesk(store, log, tasks, office, lambda: "en", lambda: ("", ""), window)
    now = datetime.now(UTC)
    entry = enter_consent(log, Consent("Li", "WS1", "order 17", now), "10.0.0.0/24", ["10.0.0.7"])
    enter_outcome(log, entry, {"10.0.0.7": "taken", "10.0.0.8": "refused"})
    (register,) = desk.registers()
    day = timedelta(days=1)
    rows = register.rows(Asked(now - day, now + day, "", "", ""))
    assert [(r[0], r[2], r[3], r[5], r[8]) for r in rows] == [
        ("WS1-000001", "Li", "agreed to try default passwords", "10.0.0.0/24", "order 17"),
        ("WS1-000002", "Li", "tried default passwords", "10.0.0.0/24", "1 of 2 devices took one"),
    ]
    tasks.close()
