"""Administration: accounts, consoles, camera groups and grants of the own organisation."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import CameraRow
from app.domain.control import HIGHEST
from app.domain.permission import Duty, Permission, Role
from app.store.store import Store
from app.ui import theme
from app.ui.managing import (
    Ask,
    ConfirmDialog,
    Desk,
    Item,
    Page,
    ReasonDialog,
    Screen,
    SecretDialog,
    ended,
    error_text,
    everything,
    local,
    moment_edit,
    name_of,
    over,
    permissions_text,
    role_hint,
    role_text,
    sentence,
    utc,
    within,
    wrong,
)
from app.ui.sharing import DAYS, SHAREABLE, Permissions, object_text
from app.ui.tasks import Task, Tasks

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without characters that look alike when they are written down."""
FOUND = 80
MOST_MEMBERS = 5000
Language = Callable[[], str]


def one_time_password() -> str:
    """80 random bits (20 of 31 characters, in groups that can be read aloud)."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))


def organisations_of(desk: Desk, *, all_for_system: bool = False) -> tuple[list[Item], list[Item]]:
    """All organisations, and those that this person manages."""
    found = everything(desk, "/api/organisations")
    who = desk.identity
    if who is None:
        return found, []
    if all_for_system and Role.SYSTEM in who.roles:
        return found, found
    own = within(found, who.organisation_id)
    return found, [o for o in found if o["id"] in own]


class Chooser(QComboBox):
    """One of several organisations; the own one first."""

    def fill(self, organisations: list[Item], first: str, language: str) -> None:
        """Replace what is offered."""
        self.clear()
        order = sorted(
            organisations, key=lambda o: (o["id"] != first, name_of(o, language).casefold())
        )
        for one in order:
            self.addItem(name_of(one, language), one["id"])


# -- accounts


class Roles(QWidget):
    """Which roles; what each may do stands beside it."""

    def __init__(self, desk: Desk, chosen: list[str]) -> None:
        super().__init__()
        mine = desk.identity.roles if desk.identity else ()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(3)
        self.boxes: dict[str, QCheckBox] = {}
        for i, role in enumerate(Role):
            box = QCheckBox(role_text(role))
            box.setChecked(role in chosen)
            hint = QLabel(role_hint(role))
            hint.setObjectName("hint")
            if role is Role.SYSTEM and Role.SYSTEM not in mine:
                box.setEnabled(False)
                box.setToolTip(
                    QCoreApplication.translate("Administration", "Only one with the role “system” "
                                               "may give it.")
                )  # fmt: skip
            self.boxes[role] = box
            grid.addWidget(box, i, 0)
            grid.addWidget(hint, i, 1)
        grid.setColumnStretch(1, 1)

    def chosen(self) -> list[str]:
        """What is ticked."""
        return [role for role, box in self.boxes.items() if box.isChecked()]


class AccountDialog(Ask):
    """A new account, or another name and other roles for one that there is."""

    def __init__(
        self, desk: Desk, tasks: Tasks, language: str, organisations: list[Item],
        parent: QWidget | None, item: Item | None = None,
    ) -> None:  # fmt: skip
        super().__init__(tasks, parent)
        self.desk, self.item = desk, item
        self.password = one_time_password()
        new = item is None
        self.setWindowTitle(self.tr("New account") if new else self.tr("Name and roles"))
        self.login, self.name = QLineEdit(), QLineEdit()
        self.login.setPlaceholderText(self.tr("what is typed to sign in, e.g. wang.li"))
        for edit in (self.login, self.name):
            edit.setMaxLength(100)
        self.organisation = Chooser()
        home = desk.identity.organisation_id if desk.identity else ""
        self.organisation.fill(organisations, home, language)
        self.roles = Roles(desk, [Role.OPERATOR] if item is None else item["roles"])
        form = QFormLayout()
        form.setVerticalSpacing(9)
        form.addRow(self.tr("Name"), self.name)
        if item is None:
            form.addRow(self.tr("Login"), self.login)
            form.addRow(self.tr("Organisation"), self.organisation)
        else:
            self.name.setText(item["name"])
        form.addRow(self.tr("Roles"), self.roles)
        self.body.addLayout(form)
        self.finish((self.tr("Make account") if new else self.tr("Save"), self.save))

    def save(self) -> None:
        """Send it."""
        name, login = self.name.text().strip(), self.login.text().strip()
        wrong(self.name, not name)
        wrong(self.login, self.item is None and not login)
        if not name or (self.item is None and not login):
            self.complain(self.tr("Name and login are needed.") if self.item is None
                          else self.tr("A name is needed."))  # fmt: skip
            return
        if not self.roles.chosen():
            self.complain(self.tr("Choose one role or more."))
            return
        body: Item = {"name": name, "roles": self.roles.chosen()}
        if self.item is not None:
            path = f"/api/accounts/{self.item['id']}"
            self.send(lambda: self.desk.call("PATCH", path, body))
            return
        body |= {"login": login, "organisation_id": self.organisation.currentData(),
                 "password": self.password, "once": True}  # fmt: skip
        self.send(lambda: self.desk.call("POST", "/api/accounts", body))


class PriorityDialog(Ask):
    """The priority of one account at steering cameras that turn."""

    def __init__(self, desk: Desk, tasks: Tasks, item: Item, parent: QWidget | None) -> None:
        super().__init__(tasks, parent)
        self.desk, self._path = desk, f"/api/accounts/{item['id']}/control-priority"
        self.setWindowTitle(self.tr("Priority of {name}").format(name=item["name"]))
        told = QLabel(self.tr(
            "Who has a higher priority may take a camera over, with a reason. By its roles an account "
            "has: supervisor 60, operator 40, commissioner 30, maintainer 20, and 30 more with "
            "cameras of its own organisation."
        ))  # fmt: skip
        told.setWordWrap(True)
        self.value = QSpinBox()
        self.value.setRange(0, HIGHEST)
        self.value.setSpecialValueText(self.tr("by its roles"))
        self.value.setEnabled(False)
        form = QFormLayout()
        form.addRow(told)
        form.addRow(self.tr("Priority (1 to 100)"), self.value)
        self.body.addLayout(form)
        self.finish((self.tr("Save"), self.save))
        tasks.run(
            self, lambda _: desk.call("GET", self._path), self._show,
            lambda error: self.complain(error_text(error)),
        )  # fmt: skip

    def _show(self, answer: Item) -> None:
        self.value.setValue(answer["priority"] or 0)
        self.value.setEnabled(True)

    def save(self) -> None:
        """Send it."""
        if self.value.isEnabled():
            body = {"priority": self.value.value() or None}
            self.send(lambda: self.desk.call("PUT", self._path, body))


class AccountsPage(Page):
    """People who sign in."""

    def __init__(self, desk: Desk, tasks: Tasks, language: Language) -> None:
        super().__init__(desk, tasks, language)
        self.duty = Duty.ACCOUNTS
        self._mine: list[Item] = []
        self.empty = self.tr("There is no account yet. Press “New account…”.")
        self.columns(
            (self.tr("Name"), 160), (self.tr("Login"), 150), (self.tr("Organisation"), 190),
            (self.tr("Roles"), 260), (self.tr("State"), 220),
        )  # fmt: skip
        self.button(self.tr("New account…"), self.add, Duty.ACCOUNTS)
        self.button(self.tr("Name and roles…"), self.edit, Duty.ACCOUNTS, self._touchable)
        self.button(self.tr("New password…"), self.reset, Duty.ACCOUNTS, self._touchable,
                    self.tr("Gives a one-time password and ends all sign-ins"))  # fmt: skip
        self.button(self.tr("Priority…"), self.rank, Duty.ACCOUNTS, self._touchable,
                    self.tr("Who comes first at steering cameras"))  # fmt: skip
        self.block = self.button(self.tr("Block…"), self.switch, Duty.ACCOUNTS, self._blockable)

    def _touchable(self, item: Item | None) -> str:
        who = self.desk.identity
        if item is None:
            return self.tr("Choose an account first.")
        if Role.SYSTEM in item["roles"] and (who is None or Role.SYSTEM not in who.roles):
            return self.tr("Only one with the role “system” may change this account.")
        return ""

    def _blockable(self, item: Item | None) -> str:
        who = self.desk.identity
        if item is not None and who is not None and item["id"] == who.user_id:
            return self.tr("Nobody blocks the own account.")
        return self._touchable(item)

    def refresh(self) -> None:
        super().refresh()
        item = self.selected()
        if hasattr(self, "block"):
            off = item is not None and item["disabled"]
            self.block.setText(self.tr("Unblock…") if off else self.tr("Block…"))

    def read(self) -> Any:
        return organisations_of(self.desk, all_for_system=True), everything(
            self.desk, "/api/accounts"
        )

    def show_answer(self, answer: Any) -> None:
        (found, self._mine), accounts = answer
        language, by_id = self.language(), {o["id"]: o for o in found}
        comma = QCoreApplication.translate("Manage", ", ")
        self.put([
            (a, [
                a["name"], a["login"], name_of(by_id.get(a["organisation_id"]), language),
                comma.join(role_text(r) for r in Role if r in a["roles"]), self._state(a),
            ])
            for a in sorted(accounts, key=lambda a: str(a["name"]).casefold())
        ])  # fmt: skip

    def _state(self, item: Item) -> str:
        if item["disabled"]:
            return self.tr("blocked")
        return self.tr("one-time password not used yet") if item["password_once"] else ""

    def add(self) -> None:
        """Open the form."""
        dialog = AccountDialog(self.desk, self.tasks, self.language(), self._mine, self)

        def made() -> None:
            self.reload()
            self._secret(dialog.answer, dialog.password)

        dialog.accepted.connect(made)
        dialog.open()

    def rank(self) -> None:
        """State who comes first at steering cameras."""
        item = self.selected()
        if item is not None:
            PriorityDialog(self.desk, self.tasks, item, self).open()

    def _secret(self, account: Item, password: str) -> None:
        text = self.tr("Give {name} this one-time password. Login: {login}. At the first sign-in "
                       "another password must be chosen.")  # fmt: skip
        SecretDialog(self.tr("One-time password"),
                     text.format(name=account["name"], login=account["login"]),
                     password, self).open()  # fmt: skip

    def edit(self) -> None:
        """Open the form."""
        dialog = AccountDialog(self.desk, self.tasks, self.language(), self._mine, self,
                               self.selected())  # fmt: skip
        dialog.accepted.connect(self.reload)
        dialog.open()

    def reset(self) -> None:
        """Open the confirmation."""
        item = self.selected()
        assert item is not None
        password, path = one_time_password(), f"/api/accounts/{item['id']}"
        body = {"password": password, "once": True}
        dialog = ConfirmDialog(
            self.tasks, self.tr("New password"),
            self.tr("The password of {name} ends now, and so do all sign-ins. You are shown a "
                    "one-time password to hand over.").format(name=item["name"]),
            self.tr("Give a new password"), lambda: self.desk.call("PATCH", path, body), self,
        )  # fmt: skip

        def made() -> None:
            self.reload()
            self._secret(dialog.answer, password)

        dialog.accepted.connect(made)
        dialog.open()

    def switch(self) -> None:
        """Open the confirmation to block or unblock."""
        item = self.selected()
        assert item is not None
        path, body = f"/api/accounts/{item['id']}", {"disabled": not item["disabled"]}
        if item["disabled"]:
            title, button = self.tr("Unblock"), self.tr("Unblock")
            text = self.tr("{name} can sign in again, with the password of before.")
        else:
            title, button = self.tr("Block"), self.tr("Block now")
            text = self.tr("{name} is signed out everywhere now and cannot sign in. The account "
                           "stays, so that the audit log keeps its name.")  # fmt: skip
        dialog = ConfirmDialog(
            self.tasks, title, text.format(name=item["name"]), button,
            lambda: self.desk.call("PATCH", path, body), self,
        )  # fmt: skip
        dialog.accepted.connect(self.reload)
        dialog.open()


# -- consoles


class CodeDialog(Ask):
    """For which organisation a console is enrolled."""

    def __init__(
        self, desk: Desk, tasks: Tasks, language: str, organisations: list[Item],
        parent: QWidget | None,
    ) -> None:  # fmt: skip
        super().__init__(tasks, parent)
        self.setWindowTitle(self.tr("Enrolment code"))
        self.organisation = Chooser()
        home = desk.identity.organisation_id if desk.identity else ""
        self.organisation.fill(organisations, home, language)
        form = QFormLayout()
        form.addRow(self.tr("Console of"), self.organisation)
        self.body.addLayout(form)
        hint = QLabel(self.tr("The code serves for one console, within the hour. On the console it "
                              "is typed where it is connected with the server."))  # fmt: skip
        hint.setObjectName("hint")
        hint.setWordWrap(True)
        self.body.addWidget(hint)
        self.desk = desk
        self.finish((self.tr("Make code"), self.make))

    def make(self) -> None:
        """Send it."""
        body = {"organisation_id": self.organisation.currentData()}
        self.send(lambda: self.desk.call("POST", "/api/consoles/codes", body))


class ConsolesPage(Page):
    """Enrolled workstations."""

    def __init__(self, desk: Desk, tasks: Tasks, language: Language) -> None:
        super().__init__(desk, tasks, language)
        self.duty = Duty.CONSOLES
        self._mine: list[Item] = []
        self.empty = self.tr("No console is enrolled yet.\n\nPress “Enrolment code…” and type the "
                             "code on the console.")  # fmt: skip
        self.columns(
            (self.tr("Console"), 170), (self.tr("Organisation"), 190), (self.tr("State"), 110),
            (self.tr("Last seen"), 160), (self.tr("Enrolled"), 160),
            (self.tr("Its evidence key"), 180),
        )  # fmt: skip
        self.button(self.tr("Enrolment code…"), self.code, Duty.CONSOLES)
        self.button(self.tr("Revoke…"), self.revoke, Duty.CONSOLES, self._usable,
                    self.tr("A console that is lost, sold or given back"))  # fmt: skip

    def _usable(self, item: Item | None) -> str:
        if item is None:
            return self.tr("Choose a console first.")
        return self.tr("It is revoked already.") if item["revoked"] else ""

    def read(self) -> Any:
        return organisations_of(self.desk), everything(self.desk, "/api/consoles")

    def show_answer(self, answer: Any) -> None:
        (found, self._mine), consoles = answer
        language, by_id = self.language(), {o["id"]: o for o in found}
        self.put([
            (c, [
                c["name"], name_of(by_id.get(c["organisation_id"]), language),
                self.tr("revoked") if c["revoked"] else self.tr("enrolled"),
                local(c["seen_at"]) or self.tr("never"), local(c["enrolled_at"]), c["key_id"],
            ])
            for c in sorted(consoles, key=lambda c: (c["revoked"], str(c["name"]).casefold()))
        ])  # fmt: skip

    def code(self) -> None:
        """Ask for which organisation, then show the code."""
        dialog = CodeDialog(self.desk, self.tasks, self.language(), self._mine, self)

        def made() -> None:
            text = self.tr("Type this code on the console, by {time}. It serves once.")
            SecretDialog(self.tr("Enrolment code"),
                         text.format(time=local(dialog.answer["expires_at"])),
                         dialog.answer["code"], self).open()  # fmt: skip

        dialog.accepted.connect(made)
        dialog.open()

    def revoke(self) -> None:
        """Open the confirmation."""
        item = self.selected()
        assert item is not None
        path = f"/api/consoles/{item['id']}"
        text = self.tr("Everybody on “{name}” is signed out now. It synchronises no more until it "
                       "is enrolled with a new code; what was not sent stays on it.")  # fmt: skip
        dialog = ConfirmDialog(
            self.tasks, self.tr("Revoke console"), text.format(name=item["name"]),
            self.tr("Revoke now"), lambda: self.desk.call("DELETE", path), self,
        )  # fmt: skip
        dialog.accepted.connect(self.reload)
        dialog.open()


# -- groups


class NewGroupDialog(Ask):
    """Name a group."""

    def __init__(
        self, desk: Desk, tasks: Tasks, language: str, organisations: list[Item],
        parent: QWidget | None,
    ) -> None:  # fmt: skip
        super().__init__(tasks, parent)
        self.desk = desk
        self.setWindowTitle(self.tr("New camera group"))
        self.name = QLineEdit()
        self.name.setMaxLength(100)
        self.name.setPlaceholderText(self.tr("Railway station, entrances"))
        self.organisation = Chooser()
        home = desk.identity.organisation_id if desk.identity else ""
        self.organisation.fill(organisations, home, language)
        form = QFormLayout()
        form.addRow(self.tr("Name"), self.name)
        form.addRow(self.tr("Organisation"), self.organisation)
        self.body.addLayout(form)
        hint = QLabel(self.tr("Other organisations see the name and how many cameras are in it, "
                              "so that they can ask. They do not see which."))  # fmt: skip
        hint.setObjectName("hint")
        hint.setWordWrap(True)
        self.body.addWidget(hint)
        self.finish((self.tr("Make group"), self.save))

    def save(self) -> None:
        """Send it."""
        name = self.name.text().strip()
        wrong(self.name, not name)
        if not name:
            self.complain(self.tr("A name is needed."))
            return
        body = {"name": name, "organisation_id": self.organisation.currentData()}
        self.send(lambda: self.desk.call("POST", "/api/groups", body))


class MembersDialog(Ask):
    """Which cameras are in a group: found on the left, chosen on the right."""

    def __init__(
        self, desk: Desk, tasks: Tasks, store: Store, language: Language, item: Item,
        own: set[str], parent: QWidget | None,
    ) -> None:  # fmt: skip
        super().__init__(tasks, parent)
        self.desk, self.store, self.language, self.item = desk, store, language, item
        self._own, self._task = own, None
        self.setWindowTitle(self.tr("Cameras of “{name}”").format(name=item["name"]))
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(self.tr("Name, pinyin, number, code, IP"))
        self.found, self.chosen = QListWidget(), QListWidget()
        for view in (self.found, self.chosen):
            view.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
            view.setUniformItemSizes(True)
        self.found.setAccessibleName(self.tr("Found cameras"))
        self.chosen.setAccessibleName(self.tr("Cameras in the group"))
        self.found.itemActivated.connect(lambda _: self.add())
        self.chosen.itemActivated.connect(lambda _: self.drop())
        remove = QShortcut(QKeySequence.StandardKey.Delete, self.chosen)
        remove.setContext(Qt.ShortcutContext.WidgetShortcut)
        remove.activated.connect(self.drop)
        self._counts = QLabel()
        self._hits = QLabel()
        for label in (self._counts, self._hits):
            label.setObjectName("hint")
        put, away = QPushButton(self.tr("Add ▸")), QPushButton(self.tr("◂ Take out"))
        put.setToolTip(self.tr("Enter"))
        away.setToolTip(self.tr("Delete"))
        put.clicked.connect(self.add)
        away.clicked.connect(self.drop)
        for button in (put, away):
            button.setAutoDefault(False)
        middle = QVBoxLayout()
        middle.addStretch(1)
        middle.addWidget(put)
        middle.addWidget(away)
        middle.addStretch(1)
        grid = QGridLayout()
        grid.addWidget(self.search, 0, 0)
        grid.addWidget(QLabel(self.tr("In the group")), 0, 2)
        grid.addWidget(self.found, 1, 0)
        grid.addLayout(middle, 1, 1)
        grid.addWidget(self.chosen, 1, 2)
        grid.addWidget(self._hits, 2, 0)
        grid.addWidget(self._counts, 2, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)
        self.body.addLayout(grid, 1)
        self.finish((self.tr("Save"), self.save))
        for foot in self.buttons.buttons():
            if isinstance(foot, QPushButton):
                foot.setAutoDefault(False)  # Enter adds
                foot.setDefault(False)
        theme.fit(self, 860, 520)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(120)
        self._soon.timeout.connect(self.look_up)
        self.search.textChanged.connect(lambda _: self._soon.start())
        self.buttons.setEnabled(False)
        path = f"/api/groups/{item['id']}/cameras"

        def read(_: Task) -> tuple[list[str], list[CameraRow]]:
            ids = list(desk.call("GET", path)["cameras"])
            return ids, store.rows(ids)

        tasks.run(self, read, self._show, lambda error: self.complain(error_text(error)))
        self.look_up()

    def _show(self, answer: tuple[list[str], list[CameraRow]]) -> None:
        ids, rows = answer
        names = {row.id: row.title(self.language()) for row in rows}
        missing = self.tr("(not on this console) {id}")
        for identity in sorted(ids, key=lambda i: names.get(i, "")):
            self._put(identity, names.get(identity) or missing.format(id=identity))
        self.buttons.setEnabled(True)
        self._count()

    _task: Task | None

    def look_up(self) -> None:
        """Search the own cameras."""
        text = self.search.text().strip()
        if self._task is not None:
            self._task.cancel()

        def read(_: Task) -> list[CameraRow]:
            rows = self.store.cameras(search=text, limit=FOUND * 5)
            return [row for row in rows if row.organisation_id in self._own][:FOUND]

        def show(rows: list[CameraRow]) -> None:
            self.found.clear()
            for row in rows:
                number = f"{row.call_number}  " if row.call_number is not None else ""
                item = QListWidgetItem(number + row.title(self.language()))
                item.setData(Qt.ItemDataRole.UserRole, row.id)
                item.setToolTip("\n".join(t for t in (row.name, row.name_en, row.code) if t))
                self.found.addItem(item)
            if not rows:
                self._hits.setText(self.tr("None of your cameras matches."))
            elif len(rows) == FOUND:
                self._hits.setText(self.tr("The first %n; type to narrow it down.", "", FOUND))
            else:
                self._hits.setText(self.tr("%n found", "", len(rows)))

        self._task = self._tasks.run(
            self, read, show, lambda error: self.complain(error_text(error))
        )

    def ids(self) -> list[str]:
        """Who is in the group."""
        lines = (self.chosen.item(i) for i in range(self.chosen.count()))
        return [str(line.data(Qt.ItemDataRole.UserRole)) for line in lines if line is not None]

    def _put(self, identity: str, name: str) -> None:
        line = QListWidgetItem(name)
        line.setData(Qt.ItemDataRole.UserRole, identity)
        self.chosen.addItem(line)

    def add(self) -> None:
        """Take the selected ones in."""
        known = set(self.ids())
        for line in self.found.selectedItems():
            identity = str(line.data(Qt.ItemDataRole.UserRole))
            if identity not in known:
                self._put(identity, line.text())
        self._count()

    def drop(self) -> None:
        """Take the selected ones out."""
        for line in self.chosen.selectedItems():
            self.chosen.takeItem(self.chosen.row(line))
        self._count()

    def _count(self) -> None:
        self._counts.setText(self.tr("%n camera(s)", "", self.chosen.count()))

    def save(self) -> None:
        """Send it."""
        ids = self.ids()
        if len(ids) > MOST_MEMBERS:
            self.complain(self.tr("A group has at most {most} cameras: make several.").format(
                most=MOST_MEMBERS))  # fmt: skip
            return
        path = f"/api/groups/{self.item['id']}/cameras"
        self.send(lambda: self.desk.call("PUT", path, {"cameras": ids}))


class GroupsPage(Page):
    """Groups of cameras that can be asked for and granted."""

    def __init__(self, desk: Desk, store: Store, tasks: Tasks, language: Language) -> None:
        super().__init__(desk, tasks, language)
        self.store = store
        self.duty = Duty.GROUPS
        self._mine: list[Item] = []
        self.empty = self.tr("There is no camera group yet.\n\nA group is what others can ask for "
                             "and what grants are about. Press “New group…”.")  # fmt: skip
        self.columns((self.tr("Group"), 300), (self.tr("Organisation"), 240),
                     (self.tr("Cameras"), 90))  # fmt: skip
        self.button(self.tr("New group…"), self.add, Duty.GROUPS)
        self.button(self.tr("Cameras…"), self.members, Duty.GROUPS, self._one)
        self.button(self.tr("Delete…"), self.delete, Duty.GROUPS, self._one)
        self.list.itemActivated.connect(lambda *_: self.members())

    def _one(self, item: Item | None) -> str:
        return "" if item is not None else self.tr("Choose a group first.")

    def read(self) -> Any:
        return organisations_of(self.desk), everything(self.desk, "/api/groups")

    def show_answer(self, answer: Any) -> None:
        (found, self._mine), groups = answer
        language, by_id = self.language(), {o["id"]: o for o in found}
        self.put([
            (g, [g["name"], name_of(by_id.get(g["organisation_id"]), language), str(g["cameras"])])
            for g in sorted(groups, key=lambda g: str(g["name"]).casefold())
        ])  # fmt: skip

    def add(self) -> None:
        """Open the form; then choose the cameras."""
        dialog = NewGroupDialog(self.desk, self.tasks, self.language(), self._mine, self)

        def made() -> None:
            self.reload()
            self.members(dialog.answer)

        dialog.accepted.connect(made)
        dialog.open()

    def members(self, item: Item | None = None) -> None:
        """Open the two lists."""
        item = item or self.selected()
        if item is None:
            return
        own = {o["id"] for o in self._mine}
        dialog = MembersDialog(
            self.desk, self.tasks, self.store, self.language, item, own, self
        )  # fmt: skip
        dialog.accepted.connect(self.reload)
        dialog.open()

    def delete(self) -> None:
        """Open the confirmation."""
        item = self.selected()
        assert item is not None
        path = f"/api/groups/{item['id']}"
        text = self.tr("Grants about “{name}” give nothing any more, at once. The cameras stay.")
        dialog = ConfirmDialog(
            self.tasks, self.tr("Delete group"), text.format(name=item["name"]),
            self.tr("Delete"), lambda: self.desk.call("DELETE", path), self,
        )  # fmt: skip
        dialog.accepted.connect(self.reload)
        dialog.open()


# -- grants


class GrantDialog(Ask):
    """Allow or deny something, for a time, by a basis. With `camera`, share that one."""

    def __init__(
        self, desk: Desk, tasks: Tasks, language: Language, parent: QWidget | None,
        camera: CameraRow | None = None,
    ) -> None:  # fmt: skip
        super().__init__(tasks, parent)
        self.desk, self.language, self._camera = desk, language, camera
        self.setWindowTitle(self.tr("New grant") if camera is None else self.tr("Share with"))
        self.about, self.kind, self.whom = QComboBox(), QComboBox(), QComboBox()
        self.effect = QComboBox()
        for text, value in (
            (self.tr("allow"), "allow"),
            (self.tr("deny (it always wins)"), "deny"),
        ):
            self.effect.addItem(text, value)
        for text, value in (
            (self.tr("organisation"), "organisation"), (self.tr("role"), "role"),
            (self.tr("person"), "user"),
        ):  # fmt: skip
            self.kind.addItem(text, value)
        self.permissions = Permissions(SHAREABLE if camera is not None else tuple(Permission))
        self.basis = QLineEdit()
        self.basis.setMaxLength(500)
        self.basis.setPlaceholderText(self.tr("Law, order or agreement, with its number"))
        self.end = moment_edit(DAYS)
        self.endless = QCheckBox(self.tr("no end (only for the own organisation)"))
        self.endless.toggled.connect(self.end.setDisabled)
        form = QFormLayout()
        form.setVerticalSpacing(9)
        if camera is not None:
            name = QLabel(camera.title(language()))
            name.setObjectName("heading")
            name.setTextFormat(Qt.TextFormat.PlainText)
            form.addRow(self.tr("Camera"), name)
            form.addRow(self.tr("With"), self.whom)
        else:
            form.addRow(self.tr("About"), self.about)
            form.addRow(self.tr("For"), self.kind)
            form.addRow("", self.whom)
            form.addRow(self.tr("Effect"), self.effect)
        form.addRow(self.tr("What"), self.permissions)
        form.addRow(self.tr("Legal basis"), self.basis)
        form.addRow(self.tr("Until"), self.end)
        if camera is None:
            form.addRow("", self.endless)
        self.body.addLayout(form)
        self.finish((self.tr("Share") if camera is not None else self.tr("Grant"), self.save))
        self.kind.currentIndexChanged.connect(lambda _: self._list_whom())
        self._organisations: list[Item] = []
        self._mine: list[Item] = []
        self._accounts: list[Item] = []

        def read(_: Task) -> Any:
            return (
                organisations_of(desk), everything(desk, "/api/groups") if camera is None else [],
                everything(desk, "/api/accounts") if camera is None else [],
            )  # fmt: skip

        tasks.run(self, read, self._fill, lambda error: self.complain(error_text(error)))

    def _fill(self, answer: Any) -> None:
        (self._organisations, self._mine), groups, self._accounts = answer
        language = self.language()
        for group in groups:
            self.about.addItem(self.tr("group {name}").format(name=group["name"]),
                               ("camera_group", group["id"]))  # fmt: skip
        for one in self._mine:
            self.about.addItem(
                self.tr("all cameras of {name}").format(name=name_of(one, language)),
                ("organisation", one["id"]),
            )
        self._list_whom()

    def _list_whom(self) -> None:
        self.whom.clear()
        kind, language = self.kind.currentData(), self.language()
        if kind == "role":
            for role in Role:
                self.whom.addItem(role_text(role), role.value)
        elif kind == "user":
            for account in self._accounts:
                self.whom.addItem(f"{account['name']}  ({account['login']})", account["id"])
        else:
            own = {o["id"] for o in self._mine}
            offered = [o for o in self._organisations
                       if self._camera is None or o["id"] not in own]  # fmt: skip
            for one in sorted(offered, key=lambda o: name_of(o, language)):
                self.whom.addItem(name_of(one, language), one["id"])
            if not offered and self._organisations:
                self.complain(self.tr("There is no other organisation on this server yet."))

    def save(self) -> None:
        """Send it."""
        basis = sentence(self.basis)
        if not basis:
            self.complain(self.tr("The legal basis is needed, three characters or more."))
            return
        about = ("camera", self._camera.id) if self._camera else self.about.currentData()
        if about is None or self.whom.currentData() is None:
            self.complain(self.tr("Choose what it is about and for whom it is."))
            return
        if not self.permissions.chosen():
            self.complain(self.tr("Choose what shall be allowed or denied."))
            return
        body: Item = {
            "subject_kind": self.kind.currentData(), "subject_id": self.whom.currentData(),
            "object_kind": about[0], "object_id": about[1],
            "permissions": self.permissions.chosen(), "effect": self.effect.currentData(),
            "basis": basis,
        }  # fmt: skip
        if not self.endless.isChecked():
            body["not_after"] = utc(self.end)
        self.send(lambda: self.desk.call("POST", "/api/grants", body))


class GrantsPage(Page):
    """What is allowed and denied beyond the roles."""

    def __init__(self, desk: Desk, tasks: Tasks, language: Language) -> None:
        super().__init__(desk, tasks, language)
        self.duty = Duty.GRANTS
        self.empty = self.tr("There is no grant: everybody may do with the own organisation's "
                             "cameras what the roles allow, and nobody else anything.")  # fmt: skip
        self.columns(
            (self.tr("About"), 200), (self.tr("For"), 180), (self.tr("Effect"), 80),
            (self.tr("What"), 190), (self.tr("State"), 200), (self.tr("Until"), 150),
            (self.tr("Legal basis"), 200),
        )  # fmt: skip
        self.button(self.tr("New grant…"), self.add, Duty.GRANTS)
        self.button(self.tr("Withdraw…"), self.withdraw, Duty.GRANTS, self._active,
                    self.tr("It ends at once on every console"))  # fmt: skip
        self.past = QCheckBox(self.tr("also what is over"))
        self.past.toggled.connect(lambda _: self.reload())
        self.top.addWidget(self.past)

    def _active(self, item: Item | None) -> str:
        if item is None:
            return self.tr("Choose a grant first.")
        return self.tr("It is over.") if ended(item) else ""

    def read(self) -> Any:
        return everything(self.desk, "/api/organisations"), everything(self.desk, "/api/grants")

    def show_answer(self, answer: Any) -> None:
        organisations, grants = answer
        names = {o["id"]: name_of(o, self.language()) for o in organisations}
        for grant in grants:  # in the language of the screen
            grant["subject_name"] = names.get(grant["subject_id"], grant["subject_name"])
            grant["object_name"] = names.get(grant["object_id"], grant["object_name"])
        shown = [g for g in grants if self.past.isChecked() or not ended(g)]
        self.put([
            (g, [
                object_text(g), self._subject(g),
                self.tr("allowed") if g["effect"] == "allow" else self.tr("denied"),
                permissions_text(g["permissions"]), self._state(g),
                local(g["not_after"]) or self.tr("no end"), g["basis"],
            ])
            for g in reversed(shown)
        ])  # fmt: skip

    def _subject(self, item: Item) -> str:
        name = str(item["subject_name"])
        if item["subject_kind"] == "role":
            return self.tr("role {name}").format(name=role_text(name))
        return name or "?"

    def _state(self, item: Item) -> str:
        if item["withdrawn_at"]:
            text = self.tr("withdrawn: {reason}")
            return text.format(reason=item["withdrawn_reason"])
        if over(item["not_after"]):
            return self.tr("ended")
        if not over(item["not_before"]):
            return self.tr("begins {time}").format(time=local(item["not_before"]))
        return self.tr("active")

    def add(self) -> None:
        """Open the form."""
        dialog = GrantDialog(self.desk, self.tasks, self.language, self)
        dialog.accepted.connect(self.reload)
        dialog.open()

    def withdraw(self) -> None:
        """Open the confirmation."""
        item = self.selected()
        assert item is not None
        path = f"/api/grants/{item['id']}/withdrawal"
        text = self.tr("“{name}” for {whom} ends at once on every console.")
        dialog = ReasonDialog(
            self.tasks, self.tr("Withdraw"),
            text.format(name=object_text(item), whom=self._subject(item)),
            self.tr("Withdraw now"), lambda r: self.desk.call("POST", path, {"reason": r}), self,
        )  # fmt: skip
        dialog.accepted.connect(self.reload)
        dialog.open()


class AdministrationScreen(Screen):
    """All of it, a tab each."""

    def __init__(
        self, desk: Desk, store: Store, tasks: Tasks, language: Language, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Administration"))
        self.tabs = QTabWidget()
        self.accounts = AccountsPage(desk, tasks, language)
        self.consoles = ConsolesPage(desk, tasks, language)
        self.groups = GroupsPage(desk, store, tasks, language)
        self.grants = GrantsPage(desk, tasks, language)
        for page, title in (
            (self.accounts, self.tr("Accounts")), (self.consoles, self.tr("Consoles")),
            (self.groups, self.tr("Camera groups")), (self.grants, self.tr("Grants")),
        ):  # fmt: skip
            self.tabs.addTab(page, title)
        self.tabs.currentChanged.connect(lambda _: self.current().reload())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self.tabs)
        self.accounts.reload()

    def current(self) -> Page:
        """The page that is seen."""
        page = self.tabs.currentWidget()
        assert isinstance(page, Page)
        return page


class PasswordDialog(Ask):
    """Choose a password of one's own."""

    def __init__(self, desk: Desk, tasks: Tasks, parent: QWidget | None) -> None:
        super().__init__(tasks, parent)
        self.desk = desk
        self.setWindowTitle(self.tr("Change password"))
        self.old, self.new, self.again = QLineEdit(), QLineEdit(), QLineEdit()
        form = QFormLayout()
        for text, edit in (
            (self.tr("Old, or the one-time password"), self.old), (self.tr("New"), self.new),
            (self.tr("New, again"), self.again),
        ):  # fmt: skip
            edit.setEchoMode(QLineEdit.EchoMode.Password)
            edit.setMaxLength(200)
            form.addRow(text, edit)
        self.body.addLayout(form)
        hint = QLabel(self.tr("12 characters or more; a sentence is easy to keep in mind. Your "
                              "sign-ins on other consoles end."))  # fmt: skip
        hint.setObjectName("hint")
        hint.setWordWrap(True)
        self.body.addWidget(hint)
        self.finish((self.tr("Change"), self.change))

    def change(self) -> None:
        """Send it."""
        same = self.new.text() == self.again.text()
        wrong(self.again, not same)
        if not same:
            self.complain(self.tr("The two new ones are not the same."))
            return
        body = {"old": self.old.text(), "new": self.new.text()}
        self.send(lambda: self.desk.call("PUT", "/api/me/password", body))


class FirstAdministratorDialog(Ask):
    """Make the first administrator of a new server, with the code that it printed."""

    def __init__(
        self, setup: Callable[[str, Item], Item], tasks: Tasks, url: str, parent: QWidget | None
    ) -> None:
        """`setup(url, body)` sends `POST /api/setup`. Off the Qt thread."""
        super().__init__(tasks, parent)
        self._setup = setup
        self.setWindowTitle(self.tr("First administrator of a new server"))
        self.url, self.code, self.organisation = QLineEdit(url), QLineEdit(), QLineEdit()
        self.name, self.login = QLineEdit(), QLineEdit()
        self.new, self.again = QLineEdit(), QLineEdit()
        self.url.setPlaceholderText("https://cctv.example:8443")
        self.code.setPlaceholderText(self.tr("as “watchroom server” printed it at its start"))
        form = QFormLayout()
        for text, edit in (
            (self.tr("Server"), self.url), (self.tr("Code"), self.code),
            (self.tr("Organisation"), self.organisation), (self.tr("Your name"), self.name),
            (self.tr("Login"), self.login), (self.tr("Password"), self.new),
            (self.tr("Password, again"), self.again),
        ):  # fmt: skip
            edit.setMaxLength(200)
            form.addRow(text, edit)
        for edit in (self.new, self.again):
            edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addLayout(form)
        hint = QLabel(self.tr("The organisation is made if it is new. The account may make "
                              "accounts and organisations; give yourself further roles under "
                              "“Administration”."))  # fmt: skip
        hint.setObjectName("hint")
        hint.setWordWrap(True)
        self.body.addWidget(hint)
        self.finish((self.tr("Make administrator"), self.make))

    def make(self) -> None:
        """Send it."""
        fields = {"code": self.code, "organisation": self.organisation, "name": self.name,
                  "login": self.login}  # fmt: skip
        body: Item = {key: edit.text().strip() for key, edit in fields.items()}
        for key, edit in (*fields.items(), ("url", self.url)):
            wrong(edit, not edit.text().strip() or (key == "url" and "://" not in edit.text()))
        same = self.new.text() == self.again.text()
        wrong(self.again, not same)
        if not all(body.values()) or not self.url.text().strip():
            self.complain(self.tr("Something is missing."))
        elif not same:
            self.complain(self.tr("The two passwords are not the same."))
        else:
            url = self.url.text().strip()
            body["password"] = self.new.text()
            self.send(lambda: self._setup(url, body))
