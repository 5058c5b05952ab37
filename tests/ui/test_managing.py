"""The screens for people who manage: real windows, a real server with two organisations."""

from __future__ import annotations

import csv
import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from PySide6.QtCore import QDateTime, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.permission import Duty, Role
from app.server import audit_cli
from app.store.server_models import AuditRow
from app.store.store import Changes
from app.sync.account import ServerError
from app.ui.administration import (
    AccountDialog,
    AdministrationScreen,
    CodeDialog,
    FirstAdministratorDialog,
    GrantDialog,
    MembersDialog,
    NewGroupDialog,
    PasswordDialog,
)
from app.ui.audit import AuditScreen
from app.ui.managing import ConfirmDialog, Page, ReasonDialog, SecretDialog, why_not
from app.ui.office import Office
from app.ui.shared_cameras import SharedCameras
from app.ui.sharing import AskDialog, DecideDialog, SharingScreen, UsesDialog
from app.ui.tasks import Tasks
from tests.ui.town import CHIEF, Person, Town

W = TypeVar("W", bound=QWidget)
BASIS = "Regulation 799, article 17"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path)
    yield made
    made.close()


def english() -> str:
    return "en"


def idle(qtbot: QtBot, page: Page) -> None:
    qtbot.waitUntil(lambda: page._working == 0, timeout=15_000)


def tasks_idle(qtbot: QtBot, tasks: Tasks) -> None:
    qtbot.waitUntil(lambda: not tasks._pending, timeout=15_000)


def dialog_of(qtbot: QtBot, kind: type[W]) -> W:
    """The open dialog of that kind."""
    found: list[W] = []

    def look() -> bool:
        found[:] = [w for w in QApplication.topLevelWidgets()
                    if isinstance(w, kind) and w.isVisible()]  # fmt: skip
        return bool(found)

    qtbot.waitUntil(look, timeout=15_000)
    return found[-1]


def press(page: Page, text: str) -> None:
    """A button at the foot, as a person does it: it must be usable."""
    button = next(b for b, *_ in page._buttons if b.text() == text)
    assert button.isEnabled(), button.toolTip()
    button.click()


def why(page: Page, text: str) -> str:
    """Why a button cannot be used."""
    button = next(b for b, *_ in page._buttons if b.text() == text)
    assert not button.isEnabled()
    return button.toolTip()


def choose(page: Page, text: str) -> None:
    """The row that has this text in it."""
    for i in range(page.list.topLevelItemCount()):
        line = page.list.topLevelItem(i)
        assert line is not None
        if text in " ".join(line.text(c) for c in range(line.columnCount())):
            page.list.setCurrentItem(line)
            return
    raise AssertionError(f"{text} is not in {page.table()}")


def shown(page: Page) -> str:
    return "\n".join(" | ".join(row) for row in page.table()[1:])


def sharing(qtbot: QtBot, tasks: Tasks, person: Person) -> SharingScreen:
    screen = SharingScreen(person, tasks, english, None)
    qtbot.addWidget(screen)
    screen.show()
    idle(qtbot, screen.asked)
    return screen


def tab(qtbot: QtBot, screen: SharingScreen | AdministrationScreen, page: Page) -> Page:
    screen.tabs.setCurrentWidget(page)
    idle(qtbot, page)
    return page


def group(town: Town, name: str = "Square") -> str:
    body = {"name": name, "organisation_id": town.police}
    made = town.chief.call("POST", "/api/groups", body)
    path = f"/api/groups/{made['id']}/cameras"
    town.chief.call("PUT", path, {"cameras": town.cameras[:2]})
    return str(made["id"])


def asked(town: Town, **more: Any) -> str:
    body = {
        "object_kind": "camera", "object_id": town.cameras[0], "permissions": ["view"],
        "purpose": "case 118", "basis": BASIS,
        "not_after": (datetime.now(UTC) + timedelta(days=40)).isoformat(), **more,
    }  # fmt: skip
    return str(town.metro_chief.call("POST", "/api/shares", body)["id"])


def approved(town: Town, **more: Any) -> str:
    share = asked(town, **more)
    path = f"/api/shares/{share}/decision"
    town.chief.call("POST", path, {"approve": True, "reason": "agreed"})
    return share


def test_a_group_is_asked_for_approved_for_less_time_used_and_withdrawn(
    qtbot: QtBot, town: Town, tasks: Tasks
) -> None:
    group(town)
    theirs = sharing(qtbot, tasks, town.metro_chief)
    assert "Ask for access" in theirs.asked.hint.text(), "an empty list says what to do"
    press(theirs.asked, "Ask for access…")
    ask = dialog_of(qtbot, AskDialog)
    qtbot.waitUntil(lambda: ask.what.count() == 2, timeout=15_000)
    assert [ask.organisation.itemText(i) for i in range(ask.organisation.count())] == [
        "City Police"
    ], "the own organisation and what is below it need not be asked"
    assert "Square" in ask.what.itemText(0)
    assert "2 camera" in ask.what.itemText(0)
    ask.ask()
    assert "Purpose and legal basis" in ask.told.text()
    ask.purpose.setText("Case 2026-118")
    ask.basis.setText(BASIS)
    ask.permissions.boxes["playback"].setChecked(True)  # type: ignore[index]
    ask.ask()
    qtbot.waitUntil(lambda: not ask.isVisible(), timeout=15_000)
    idle(qtbot, theirs.asked)
    assert "waiting for a decision" in shown(theirs.asked)

    ours = sharing(qtbot, tasks, town.chief)
    idle(qtbot, ours.to_decide)
    assert ours.tabs.tabText(1) == "To decide (1)"
    tab(qtbot, ours, ours.to_decide)
    assert "Metro Company" in shown(ours.to_decide)
    assert BASIS in shown(ours.to_decide)
    choose(ours.to_decide, "Square")
    press(ours.to_decide, "Decide…")
    decide = dialog_of(qtbot, DecideDialog)
    decide.refuse()
    assert "Say why" in decide.told.text()
    earlier = QDateTime.currentDateTime().addDays(3)
    decide.end.setDateTime(earlier)
    decide.approve()
    qtbot.waitUntil(lambda: not decide.isVisible(), timeout=15_000)
    idle(qtbot, ours.to_decide)
    assert ours.to_decide.hint.text() == "Nobody waits for a decision."

    theirs.asked.reload()
    idle(qtbot, theirs.asked)
    assert "| active |" in shown(theirs.asked)
    assert earlier.toString("yyyy-MM-dd HH:mm:ss") in shown(theirs.asked)
    path = f"/api/cameras/{town.cameras[1]}/address"
    town.metro_chief.call("POST", path, {"purpose": "looking for the bag"})

    tab(qtbot, ours, ours.given)
    choose(ours.given, "Square")
    press(ours.given, "Who used it…")
    uses = dialog_of(qtbot, UsesDialog)
    line = uses.list.topLevelItem(0)
    assert line is not None
    assert [line.text(c) for c in (1, 2, 3)] == ["陈强", "人民广场 西口", "looking for the bag"]
    uses.close()
    idle(qtbot, ours.given)
    press(ours.given, "Withdraw…")
    confirm = dialog_of(qtbot, ReasonDialog)
    confirm.confirm()
    assert confirm.isVisible(), "not without a reason"
    confirm.reason.setText("The case is closed")
    confirm.confirm()
    qtbot.waitUntil(lambda: not confirm.isVisible(), timeout=15_000)
    idle(qtbot, ours.given)
    assert "Square" not in shown(ours.given)
    with pytest.raises(ServerError):
        town.metro_chief.call("POST", path, {"purpose": "once more"})
    theirs.asked.reload()
    idle(qtbot, theirs.asked)
    assert "withdrawn: The case is closed" in shown(theirs.asked)
    choose(theirs.asked, "Square")
    assert "it is over" in why(theirs.asked, "Give back…")


def test_a_camera_is_asked_for_by_its_code_and_refused_with_the_reason(
    qtbot: QtBot, town: Town, tasks: Tasks
) -> None:
    theirs = sharing(qtbot, tasks, town.metro_chief)
    press(theirs.asked, "Ask for access…")
    ask = dialog_of(qtbot, AskDialog)
    qtbot.waitUntil(lambda: ask.what.count() == 1, timeout=15_000)
    assert ask.code.isVisible()
    ask.purpose.setText("Case 2026-118")
    ask.basis.setText(BASIS)
    ask.code.setText("330101")
    ask.ask()
    assert "20 digits" in ask.told.text()
    ask.code.setText("33010100001310009999")
    ask.ask()
    qtbot.waitUntil(lambda: "no such thing" in ask.told.text(), timeout=15_000)
    assert ask.purpose.text() == "Case 2026-118", "what was typed stays"
    ask.code.setText("33010100001310000003")
    ask.ask()
    qtbot.waitUntil(lambda: not ask.isVisible(), timeout=15_000)
    idle(qtbot, theirs.asked)
    assert "33010100001310000003" in shown(theirs.asked)
    assert "火车站" not in shown(theirs.asked), "asking tells nobody what a camera is called"

    ours = sharing(qtbot, tasks, town.chief)
    tab(qtbot, ours, ours.to_decide)
    choose(ours.to_decide, "火车站 出站口")
    press(ours.to_decide, "Decide…")
    decide = dialog_of(qtbot, DecideDialog)
    decide.reason.setText("Ask for the street side")
    decide.refuse()
    qtbot.waitUntil(lambda: not decide.isVisible(), timeout=15_000)
    theirs.asked.reload()
    idle(qtbot, theirs.asked)
    assert "refused: Ask for the street side" in shown(theirs.asked)


def test_figures_are_copied_and_saved_without_formulas(
    qtbot: QtBot, town: Town, tasks: Tasks, tmp_path: Path
) -> None:
    town.english({town.metro: "=HYPERLINK(1)"})
    approved(town)
    asked(town)
    screen = sharing(qtbot, tasks, town.chief)
    page = screen.statistics
    tab(qtbot, screen, page)
    assert page.table()[1][:5] == ["=HYPERLINK(1)", "City Police", "2", "1", "1"]
    press(page, "Copy table")
    assert "'=HYPERLINK(1)\tCity Police" in QGuiApplication.clipboard().text()
    file = tmp_path / "figures.csv"
    page.write_table(file)
    idle(qtbot, page)
    assert str(file) in page.told.text()
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))
    assert rows[1][0] == "'=HYPERLINK(1)"
    assert rows[0][0] == "Who asked"


def test_without_the_server_it_says_so_and_nothing_typed_is_lost(
    qtbot: QtBot, town: Town, tasks: Tasks
) -> None:
    asked(town)
    screen = sharing(qtbot, tasks, town.chief)
    tab(qtbot, screen, screen.to_decide)
    choose(screen.to_decide, "case 118")
    press(screen.to_decide, "Decide…")
    decide = dialog_of(qtbot, DecideDialog)
    decide.reason.setText("Not for this purpose")
    town.chief.cut = True
    decide.refuse()
    qtbot.waitUntil(lambda: "does not answer" in decide.told.text(), timeout=15_000)
    assert decide.isVisible()
    assert decide.reason.text() == "Not for this purpose"
    town.chief.cut = False
    decide.refuse()
    qtbot.waitUntil(lambda: not decide.isVisible(), timeout=15_000)


@pytest.mark.parametrize("role", Role)
def test_the_screens_allow_what_the_roles_allow_and_say_why_not(
    qtbot: QtBot, town: Town, tasks: Tasks, role: Role
) -> None:
    person = town.person(town.police, "x", role)
    window = QWidget()
    qtbot.addWidget(window)
    store = town.store(town.police)
    office = Office(store, tasks, english, window)
    assert "Sign in" in str(office.actions["sharing"].property("why"))
    office.use(person)  # type: ignore[arg-type]
    for key, roles in (
        ("sharing", {Role.ADMINISTRATOR, Role.SUPERVISOR, Role.AUDITOR}),
        ("ask_access", {Role.ADMINISTRATOR, Role.SUPERVISOR}),
        ("administration", {Role.ADMINISTRATOR, Role.SYSTEM}),
        ("audit", {Role.AUDITOR, Role.SYSTEM}),
    ):
        action = office.actions[key]
        assert action.isEnabled() is (role in roles), key
        reason = str(action.property("why"))
        assert bool(reason) is (role not in roles), key
        assert not reason or "This needs the role" in reason
    screen = AdministrationScreen(person, store, tasks, english, None)
    qtbot.addWidget(screen)
    screen.show()
    for page, duty in (
        (screen.accounts, Duty.ACCOUNTS), (screen.consoles, Duty.CONSOLES),
        (screen.groups, Duty.GROUPS), (screen.grants, Duty.GRANTS),
    ):  # fmt: skip
        tab(qtbot, screen, page)
        assert page.told.text() == "", "what is not allowed is not even asked for"
        if why_not(duty, person.identity):
            assert "This needs the role" in page.hint.text()
            assert "This needs the role" in why(page, page._buttons[0][0].text())
        else:
            assert page._buttons[0][0].isEnabled()
    office.use(None)
    assert not office.actions["audit"].isEnabled()
    store.close()


def test_an_account_is_made_with_a_password_that_serves_once(
    qtbot: QtBot, town: Town, tasks: Tasks
) -> None:
    store = town.store(town.police)
    screen = AdministrationScreen(town.chief, store, tasks, english, None)
    qtbot.addWidget(screen)
    screen.show()
    page = screen.accounts
    idle(qtbot, page)
    press(page, "New account…")
    form = dialog_of(qtbot, AccountDialog)
    assert not form.roles.boxes[Role.SYSTEM].isEnabled()
    form.save()
    assert "needed" in form.told.text()
    form.name.setText("Li Lei")
    form.login.setText("Li.Lei")
    form.save()
    secret = dialog_of(qtbot, SecretDialog)
    password = secret.secret.text()
    secret.accept()
    idle(qtbot, page)
    assert "one-time password not used yet" in shown(page)

    tokens = town.server.sign_in("li.lei", password).tokens
    li = Person(town, "li.lei", tokens)
    for path in ("/api/cameras", "/api/organisations"):
        with pytest.raises(ServerError) as caught:
            li.call("GET", path)
        assert caught.value.code == "password_once"
    window = QWidget()
    qtbot.addWidget(window)
    office = Office(store, tasks, english, window)
    office.use(li)  # type: ignore[arg-type]
    change = dialog_of(qtbot, PasswordDialog)
    assert "choose your own" in change.told.text(), "it is asked for by itself"
    change.old.setText(password)
    change.new.setText("a password of my own")
    change.again.setText("another one altogether")
    change.change()
    assert "not the same" in change.told.text()
    change.again.setText("a password of my own")
    change.change()
    qtbot.waitUntil(lambda: not change.isVisible(), timeout=15_000)
    assert len(li.call("GET", "/api/cameras")["items"]) == 4
    office.use(None)

    page.reload()
    idle(qtbot, page)
    choose(page, "li.lei")
    assert "one-time" not in shown(page)
    press(page, "Block…")
    confirm = dialog_of(qtbot, ConfirmDialog)
    assert "Li Lei" in confirm.findChildren(type(confirm.told))[0].text()
    confirm.confirm()
    qtbot.waitUntil(lambda: not confirm.isVisible(), timeout=15_000)
    idle(qtbot, page)
    assert "blocked" in shown(page)
    with pytest.raises(ServerError):
        li.call("GET", "/api/cameras")
    choose(page, "王丽")
    assert why(page, "Block…") == "Nobody blocks the own account."
    store.close()


def test_a_console_is_enrolled_seen_and_revoked(qtbot: QtBot, town: Town, tasks: Tasks) -> None:
    store = town.store(town.police)
    screen = AdministrationScreen(town.chief, store, tasks, english, None)
    qtbot.addWidget(screen)
    screen.show()
    page = screen.consoles
    tab(qtbot, screen, page)
    assert "Enrolment code" in page.hint.text()
    press(page, "Enrolment code…")
    form = dialog_of(qtbot, CodeDialog)
    now = [datetime.now().astimezone()]
    form.make()
    secret = dialog_of(qtbot, SecretDialog)
    now.append(datetime.now().astimezone())
    said = " ".join(w.text() for w in secret.findChildren(type(secret.secret)))
    assert any(f"{t + timedelta(hours=1):%Y-%m-%d %H:}" in said for t in now), "how long it serves"
    assert len(secret.secret.text()) == 39
    secret.accept()
    now = [datetime.now().astimezone()]
    account = town.console(town.chief, "Desk 7")
    now.append(datetime.now().astimezone())
    page.reload()
    idle(qtbot, page)
    row = page.table()[1]
    assert row[0] == "Desk 7"
    assert row[2] == "enrolled"
    assert any(row[3].startswith(f"{t:%Y-%m-%d %H}") for t in now), "last seen"
    choose(page, "Desk 7")
    press(page, "Revoke…")
    confirm = dialog_of(qtbot, ConfirmDialog)
    confirm.confirm()
    qtbot.waitUntil(lambda: not confirm.isVisible(), timeout=15_000)
    idle(qtbot, page)
    assert page.table()[1][2] == "revoked"
    with pytest.raises(ServerError):
        account.call("GET", "/api/me")
    choose(page, "Desk 7")
    assert why(page, "Revoke…") == "It is revoked already."
    store.close()


def test_a_group_is_made_filled_by_search_and_deleted(
    qtbot: QtBot, town: Town, tasks: Tasks
) -> None:
    store = town.store(town.police, town.metro)
    screen = AdministrationScreen(town.chief, store, tasks, english, None)
    qtbot.addWidget(screen)
    screen.show()
    page = screen.groups
    tab(qtbot, screen, page)
    assert "New group" in page.hint.text()
    press(page, "New group…")
    form = dialog_of(qtbot, NewGroupDialog)
    form.name.setText("Square")
    form.save()
    members = dialog_of(qtbot, MembersDialog)
    qtbot.waitUntil(lambda: members.found.count() == 4, timeout=15_000)  # and none of the metro's
    qtbot.waitUntil(members.buttons.isEnabled, timeout=15_000)
    members.search.setText("人民广场")
    qtbot.waitUntil(lambda: members.found.count() == 2, timeout=15_000)
    members.found.selectAll()
    qtbot.keyClick(members.found, Qt.Key.Key_Return)
    assert members.isVisible(), "Enter adds and does not save"
    members.add()
    assert len(members.ids()) == 2, "none twice"
    members.save()
    qtbot.waitUntil(lambda: not members.isVisible(), timeout=15_000)
    idle(qtbot, page)
    assert page.table()[1][:3] == ["Square", "City Police", "2"]
    identity = page.items[0]["id"]
    kept = town.chief.call("GET", f"/api/groups/{identity}/cameras")["cameras"]
    assert set(kept) == set(town.cameras[:2])
    choose(page, "Square")
    press(page, "Delete…")
    confirm = dialog_of(qtbot, ConfirmDialog)
    confirm.confirm()
    qtbot.waitUntil(lambda: not confirm.isVisible(), timeout=15_000)
    idle(qtbot, page)
    assert page.table()[1:] == []
    store.close()


def test_a_grant_is_given_and_withdrawn_and_one_camera_is_shared(
    qtbot: QtBot, town: Town, tasks: Tasks
) -> None:
    store = town.store(town.police)
    group(town)
    screen = AdministrationScreen(town.chief, store, tasks, english, None)
    qtbot.addWidget(screen)
    screen.show()
    page = screen.grants
    tab(qtbot, screen, page)
    press(page, "New grant…")
    form = dialog_of(qtbot, GrantDialog)
    qtbot.waitUntil(lambda: form.whom.count() > 0, timeout=15_000)
    form.whom.setCurrentIndex(form.whom.findText("Metro Company"))
    form.basis.setText("Agreement 2026-3")
    form.endless.setChecked(True)
    form.save()
    qtbot.waitUntil(lambda: "needs an end" in form.told.text(), timeout=15_000)
    form.endless.setChecked(False)
    form.save()
    qtbot.waitUntil(lambda: not form.isVisible(), timeout=15_000)
    idle(qtbot, page)
    assert page.table()[1][:5] == ["group Square", "Metro Company", "allowed", "view live",
                                   "active"]  # fmt: skip
    choose(page, "Square")
    press(page, "Withdraw…")
    confirm = dialog_of(qtbot, ReasonDialog)
    confirm.reason.setText("by mistake")
    confirm.confirm()
    qtbot.waitUntil(lambda: not confirm.isVisible(), timeout=15_000)
    idle(qtbot, page)
    assert page.table()[1:] == []
    page.past.setChecked(True)
    idle(qtbot, page)
    assert "withdrawn: by mistake" in shown(page)

    single = GrantDialog(town.chief, tasks, english, None, store.rows([town.cameras[3]])[0])
    qtbot.addWidget(single)
    single.show()
    qtbot.waitUntil(lambda: single.whom.count() == 2, timeout=15_000)  # the metro and its depot
    single.whom.setCurrentIndex(single.whom.findText("Metro Company"))
    single.basis.setText("Agreement 2026-4")
    single.save()
    qtbot.waitUntil(lambda: not single.isVisible(), timeout=15_000)
    seen = town.metro_chief.call("GET", "/api/shared-cameras")["items"]
    assert [c["id"] for c in seen] == [town.cameras[3]]
    store.close()


def test_the_audit_log_is_found_verified_and_exported(
    qtbot: QtBot, town: Town, tasks: Tasks, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(town)
    group(town, "Gates")
    town.metro_chief.call("POST", f"/api/cameras/{town.cameras[0]}/address", {"purpose": "case"})
    system = town.person(town.police, "root", *CHIEF, Role.SYSTEM)
    window = QWidget()
    qtbot.addWidget(window)
    store = town.store(town.police)
    office = Office(store, tasks, english, window)
    office.use(town.console(system))
    screen = office.open_audit()
    assert isinstance(screen, AuditScreen)
    page = screen.page
    idle(qtbot, page)
    assert page.verdict.text().startswith("✓ Whole")
    numbers = [int(row[0]) for row in page.table()[1:]]
    assert numbers == sorted(numbers, reverse=True)
    page.about.setText("人民广场 东口")
    page.reload()
    idle(qtbot, page)
    assert {row[3] for row in page.table()[1:]} == {
        "access asked for", "access approved", "camera opened"
    }  # fmt: skip
    page.person.setText("陈")
    page.action.setCurrentIndex(page.action.findData("camera address handed out"))
    page.reload()
    idle(qtbot, page)
    assert [row[2:5] for row in page.table()[1:]] == [["陈强", "camera opened", "人民广场 东口"]]
    page.until.setDate(page.since.date())
    page.reload()
    idle(qtbot, page)
    assert "longer time" in page.hint.text()

    file = tmp_path / "audit.jsonl"
    page.export(file)
    idle(qtbot, page)
    assert "watchroom audit verify audit.jsonl" in page.told.text()
    parser = ArgumentParser()
    audit_cli.add_arguments(parser)
    assert audit_cli.run(parser.parse_args(["verify", str(file)])) == 0
    assert "whole    server" in capsys.readouterr().out

    with town.database.writing() as session:
        row = session.get_one(AuditRow, ("server", 2))
        fields = json.loads(row.content)
        row.content = row.content.replace(fields["name"], "somebody else")
        session.execute(sa.text("UPDATE audit SET hash = hash"))
    page.verify(whole=True)
    idle(qtbot, page)
    assert page.verdict.text().startswith("✗")
    assert "an entry was changed, at No. 2" in page.verdict.text()
    screen.close()
    office.use(None)
    store.close()


def test_a_console_marks_shared_cameras_and_tells_when_access_ends(
    qtbot: QtBot, town: Town, tasks: Tasks
) -> None:
    end = datetime.now(UTC) + timedelta(days=40)
    share = approved(town)
    approved(town, object_id=town.cameras[1], not_after=end.isoformat())
    store = town.store(town.metro, town.police)
    parent = QWidget()
    qtbot.addWidget(parent)
    shared = SharedCameras(town.metro_chief, store, tasks, english, parent)
    told: list[str] = []
    shared.lost.connect(told.append)
    shared.start()
    qtbot.waitUntil(lambda: bool(shared.text(town.cameras[0])), timeout=15_000)
    day = f"{end.astimezone():%Y-%m-%d}"
    assert shared.text(town.cameras[0]) == f"shared by City Police until {day}"
    assert shared.text(town.metro_cameras[0]) == ""

    town.chief.call("POST", f"/api/shares/{share}/withdrawal", {"reason": "over"})
    news = Changes({"camera": frozenset({town.cameras[0]})})
    town.metro_chief.calls.clear()
    shared.store_changed(news)  # a mere edit
    tasks_idle(qtbot, tasks)
    assert not town.metro_chief.calls, "an edit must not make every console ask"
    store.remove_camera(town.cameras[0])  # as synchronisation does
    shared.store_changed(news)
    qtbot.waitUntil(lambda: bool(told), timeout=15_000)
    assert told == ["City Police has withdrawn access to 人民广场 东口. The reason is under “Asked "
                    "by us”."]  # fmt: skip
    assert shared.text(town.cameras[0]) == ""

    # A console that starts without the server knows what it knew.
    town.metro_chief.cut = True
    second = SharedCameras(town.metro_chief, store, tasks, english, parent)
    second.lost.connect(told.append)
    second.start()
    qtbot.waitUntil(lambda: bool(second.text(town.cameras[1])), timeout=15_000)
    # It ended meanwhile, as agreed.
    town.metro_chief.cut = False
    shared.stop()
    second.stop()
    town.clock.ahead = timedelta(days=41)
    town.metro_chief.renew()
    second.start()
    qtbot.waitUntil(lambda: len(told) == 2, timeout=15_000)
    assert "人民广场 西口" in told[1]
    second.stop()
    store.close()


def test_the_first_administrator_is_made_with_the_printed_code(
    qtbot: QtBot, tasks: Tasks, tmp_path: Path, serve_empty: Callable[[], tuple[str, str]]
) -> None:
    url, code = serve_empty()
    window = QWidget()
    qtbot.addWidget(window)
    from app.store.secrets import FileSecrets
    from app.store.store import Store

    store = Store(tmp_path / "c.db", FileSecrets(tmp_path))
    office = Office(store, tasks, english, window)
    told: list[str] = []
    office.told.connect(told.append)
    assert office.actions["first_administrator"].isEnabled(), "nobody can be signed in yet"
    dialog = office.first_administrator()
    assert isinstance(dialog, FirstAdministratorDialog)
    dialog.url.setText(url)
    dialog.code.setText("0000-0000")
    dialog.organisation.setText("City Police")
    dialog.name.setText("Wang Li")
    dialog.login.setText("wang")
    dialog.new.setText("seven green bicycles")
    dialog.make()
    assert "not the same" in dialog.told.text()
    dialog.again.setText("seven green bicycles")
    dialog.make()
    qtbot.waitUntil(lambda: "code is wrong" in dialog.told.text(), timeout=15_000)
    dialog.code.setText(code)
    dialog.make()
    qtbot.waitUntil(lambda: bool(told), timeout=15_000)
    assert "Sign in" in told[0]
    store.close()


@pytest.fixture
def serve_empty(tmp_path: Path) -> Iterator[Callable[[], tuple[str, str]]]:
    """A server without an account: its address and the code."""
    from app.server.accounts import administrator_code
    from app.server.application import Settings
    from app.server.database import Database
    from tests.server.conftest import FAST, Server

    database = Database(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    server = Server(database, Settings(limits=FAST))

    def start() -> tuple[str, str]:
        code = database.write(lambda s: administrator_code(s, datetime.now(UTC)))
        assert code is not None
        return server.url, code

    yield start
    server.stop()
    database.close()
