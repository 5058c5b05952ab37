"""Sharing between organisations: ask, decide, see what is shared, withdraw; and its figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import QCoreApplication, QDateTime, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import CameraRow
from app.domain.permission import PICTURE, Duty, Permission
from app.ui import managing
from app.ui.managing import (
    Ask,
    Desk,
    Item,
    Page,
    ReasonDialog,
    Screen,
    ended,
    error_text,
    everything,
    local,
    moment_edit,
    name_of,
    over,
    permission_text,
    permissions_text,
    sentence,
    utc,
    within,
    wrong,
)
from app.ui.tasks import Tasks

SHAREABLE = (Permission.VIEW, Permission.CONTROL, Permission.PLAYBACK, Permission.EXPORT)
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
DAYS = 30
"""The end that is proposed."""
Language = Callable[[], str]


def state_text(item: Item) -> str:
    """How a request stands, and why."""
    translate = QCoreApplication.translate
    reason = str(item["reason"])
    match item["state"]:
        case "asked" if over(item["not_after"]):
            return translate("Sharing", "never decided; the time is over")
        case "asked":
            return translate("Sharing", "waiting for a decision")
        case "refused":
            return translate("Sharing", "refused: {reason}").format(reason=reason)
        case "cancelled":
            return translate("Sharing", "given back")
    if item["withdrawn_at"]:
        return translate("Sharing", "withdrawn: {reason} ({time})").format(
            time=local(item["withdrawn_at"]), reason=item["withdrawn_reason"]
        )
    if item["active"]:
        return translate("Sharing", "active")
    if over(item["not_after"]):
        return translate("Sharing", "ended as agreed")
    return translate("Sharing", "approved, begins {time}").format(time=local(item["not_before"]))


def object_text(item: Item) -> str:
    """The camera or the group."""
    translate = QCoreApplication.translate
    name = str(item["object_name"]) or translate("Sharing", "(a camera without a code)")
    if item["object_kind"] == "camera_group":
        return translate("Sharing", "group {name}").format(name=name)
    if item["object_kind"] == "organisation":
        return translate("Sharing", "all cameras of {name}").format(name=name)
    return name


def shares_of(desk: Desk) -> tuple[dict[str, Item], set[str], list[Item]]:
    """Organisations by id, those that are the own, and all requests."""
    organisations = {o["id"]: o for o in everything(desk, "/api/organisations")}
    home = desk.identity.organisation_id if desk.identity else ""
    return organisations, within(organisations.values(), home), everything(desk, "/api/shares")


class Permissions(QWidget):
    """Which of the permissions; without viewing, those about pictures are worth nothing."""

    def __init__(self, offered: tuple[Permission, ...]) -> None:
        super().__init__()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.boxes = {p: QCheckBox(permission_text(p)) for p in offered}
        for i, (permission, box) in enumerate(self.boxes.items()):
            box.setChecked(permission is Permission.VIEW)
            box.toggled.connect(lambda on, p=permission: self._toggled(p, on))
            layout.addWidget(box, i // 4, i % 4)
        layout.setColumnStretch(4, 1)

    def _toggled(self, permission: Permission, on: bool) -> None:
        if on and permission in PICTURE:
            self.boxes[Permission.VIEW].setChecked(True)
        elif not on and permission is Permission.VIEW:
            for other in PICTURE & self.boxes.keys():
                self.boxes[other].setChecked(False)

    def chosen(self) -> list[str]:
        """What is ticked."""
        return [p.value for p, box in self.boxes.items() if box.isChecked()]


class AskDialog(Ask):
    """Ask another organisation for a camera or a group: what for, by which right, how long."""

    def __init__(
        self, desk: Desk, tasks: Tasks, language: Language, parent: QWidget | None,
        camera: CameraRow | None = None, again: Item | None = None,
    ) -> None:  # fmt: skip
        super().__init__(tasks, parent)
        self.desk, self.language = desk, language
        self.setWindowTitle(self.tr("Ask for access"))
        self._fixed: tuple[str, str] | None = None
        form = QFormLayout()
        form.setVerticalSpacing(9)
        self.organisation, self.what, self.code = QComboBox(), QComboBox(), QLineEdit()
        self.code.setPlaceholderText(
            self.tr("20 digits, as on the pole's plate or in the asset register")
        )
        self.code.setMaxLength(20)
        if camera is not None or again is not None:
            if camera is not None:
                self._fixed, name = ("camera", camera.id), camera.title(language())
            else:
                assert again is not None
                self._fixed, name = (again["object_kind"], again["object_id"]), object_text(again)
            what = QLabel(name)
            what.setObjectName("heading")
            what.setTextFormat(Qt.TextFormat.PlainText)
            what.setWordWrap(True)
            form.addRow(self.tr("For"), what)
        else:
            form.addRow(self.tr("Of"), self.organisation)
            form.addRow(self.tr("For"), self.what)
            form.addRow(self.tr("Camera's code"), self.code)
            self._form = form
            self.organisation.currentIndexChanged.connect(lambda _: self._read_groups())
            self.what.currentIndexChanged.connect(lambda _: self._chosen())
        self.permissions = Permissions(SHAREABLE)
        self.purpose, self.basis = QLineEdit(), QLineEdit()
        self.purpose.setPlaceholderText(self.tr("Case 2026-118: search for a missing person"))
        self.basis.setPlaceholderText(self.tr("Law, order or agreement, with its number"))
        for edit in (self.purpose, self.basis):
            edit.setMaxLength(500)
        self.begin, self.end = moment_edit(0), moment_edit(DAYS)
        self._opened = self.begin.dateTime()
        if again is not None:
            for permission, box in self.permissions.boxes.items():
                box.setChecked(permission in again["permissions"])
            self.purpose.setText(again["purpose"])
            self.basis.setText(again["basis"])
        form.addRow(self.tr("Allow to"), self.permissions)
        form.addRow(self.tr("Purpose"), self.purpose)
        form.addRow(self.tr("Legal basis"), self.basis)
        form.addRow(self.tr("From"), self.begin)
        form.addRow(self.tr("Until"), self.end)
        self.body.addLayout(form)
        hint = QLabel(
            self.tr("Their administrators see who asks, what for and by which right. You are told "
                    "under “Asked by us”. Access ends by itself.")
        )  # fmt: skip
        hint.setObjectName("hint")
        hint.setWordWrap(True)
        self.body.addWidget(hint)
        self.finish((self.tr("Ask"), self.ask))
        if self._fixed is None:
            self._chosen()
            self._tasks.run(
                self, lambda _: everything(desk, "/api/organisations"), self._fill,
                lambda error: self.complain(error_text(error)),
            )  # fmt: skip

    def _fill(self, organisations: list[Item]) -> None:
        home = self.desk.identity.organisation_id if self.desk.identity else ""
        own = within(organisations, home)
        others = [o for o in organisations if o["id"] not in own]
        language = self.language()
        for one in sorted(others, key=lambda o: name_of(o, language)):
            self.organisation.addItem(name_of(one, language), one["id"])
        if not others:
            self.complain(self.tr("There is no other organisation on this server yet."))

    def _read_groups(self) -> None:
        chosen = self.organisation.currentData()

        def show(groups: list[Item]) -> None:
            if self.organisation.currentData() != chosen:
                return
            self.what.clear()
            for group in groups:
                count = self.tr("%n camera(s)", "", group["cameras"])
                self.what.addItem(f"{group['name']}  ({count})", group["id"])
            self.what.addItem(self.tr("one camera, by its code"), None)
            self._chosen()

        path = f"/api/groups?organisation_id={chosen}"
        self._tasks.run(self, lambda _: everything(self.desk, path), show,
                        lambda error: self.complain(error_text(error)))  # fmt: skip

    def _chosen(self) -> None:
        single = self.what.count() > 0 and self.what.currentData() is None
        self._form.setRowVisible(self.code, single)

    def ask(self) -> None:
        """Send it."""
        wrong(self.code, False)
        purpose, basis = sentence(self.purpose), sentence(self.basis)
        if not purpose or not basis:
            self.complain(self.tr("Purpose and legal basis are needed, three characters or more."))
            return
        if not self.permissions.chosen():
            self.complain(self.tr("Choose what shall be allowed."))
            return
        body: Item = {
            "permissions": self.permissions.chosen(), "purpose": purpose, "basis": basis,
            "not_after": utc(self.end),
        }  # fmt: skip
        if self.begin.dateTime() > self._opened:
            body["not_before"] = utc(self.begin)
        if self._fixed is not None:
            body["object_kind"], body["object_id"] = self._fixed
        elif self.what.currentData() is not None:
            body["object_kind"], body["object_id"] = "camera_group", self.what.currentData()
        elif self.what.count() == 0:
            self.complain(self.tr("Choose an organisation and what you ask it for."))
            return
        else:
            code = self.code.text().strip()
            if len(code) != 20 or not (code.isascii() and code.isdigit()):
                wrong(self.code, True)
                self.complain(self.tr("A camera's code has 20 digits."))
                return
            body["object_kind"], body["code"] = "camera", code
        self.send(lambda: self.desk.call("POST", "/api/shares", body))


class DecideDialog(Ask):
    """Approve, for less time if need be, or refuse with the reason."""

    def __init__(
        self, desk: Desk, tasks: Tasks, item: Item, asking: str, parent: QWidget | None
    ) -> None:
        super().__init__(tasks, parent)
        self.desk, self.item = desk, item
        self.setWindowTitle(self.tr("Decide"))
        form = QFormLayout()
        form.setVerticalSpacing(7)
        for caption, text in (
            (self.tr("Who asks"), f"{asking} – {item['asked_by']}"),
            (self.tr("For"), object_text(item)),
            (self.tr("Allow to"), permissions_text(item["permissions"])),
            (self.tr("Purpose"), item["purpose"]),
            (self.tr("Legal basis"), item["basis"] or self.tr("(none given)")),
            (self.tr("Asked on"), local(item["asked_at"])),
            (self.tr("From"), local(item["not_before"])),
        ):
            label = QLabel(str(text))
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            form.addRow(caption, label)
        self.end = moment_edit(0)
        seconds = int(datetime.fromisoformat(item["not_after"]).timestamp())
        self._asked = QDateTime.fromSecsSinceEpoch(seconds)
        self.end.setDateTime(self._asked)
        self.end.setMaximumDateTime(self._asked)
        self.end.setToolTip(self.tr("May be made earlier, not later than what was asked for"))
        self.reason = QLineEdit()
        self.reason.setMaxLength(500)
        self.reason.setPlaceholderText(self.tr("Needed to refuse; those who asked read it"))
        form.addRow(self.tr("Until"), self.end)
        form.addRow(self.tr("Reason"), self.reason)
        self.body.addLayout(form)
        self.finish((self.tr("Approve"), self.approve), (self.tr("Refuse"), self.refuse))
        self.reason.setFocus()

    def approve(self) -> None:
        """Let them in."""
        reason = self.reason.text().strip()
        body: Item = {
            "approve": True,
            "reason": reason if len(reason) >= 3 else self.tr("Approved as asked for"),
        }
        if self.end.dateTime() < self._asked:
            body["not_after"] = utc(self.end)
        self._decide(body)

    def refuse(self) -> None:
        """Do not; with the reason."""
        reason = sentence(self.reason)
        if not reason:
            self.complain(self.tr("Say why it is refused, in three characters or more."))
            return
        self._decide({"approve": False, "reason": reason})

    def _decide(self, body: Item) -> None:
        path = f"/api/shares/{self.item['id']}/decision"
        self.send(lambda: self.desk.call("POST", path, body))


class SharePage(Page):
    """Requests; which of them, and what can be done with them, is the subclass's."""

    def __init__(self, desk: Desk, tasks: Tasks, language: Language) -> None:
        super().__init__(desk, tasks, language)
        self.duty = Duty.ASK  # the server gives the list to nobody else
        self.organisations: dict[str, Item] = {}
        self.own: set[str] = set()

    def organisation(self, identity: str) -> str:
        """Its name."""
        return name_of(self.organisations.get(identity), self.language())

    def read(self) -> Any:
        return shares_of(self.desk)

    def show_answer(self, answer: Any) -> None:
        self.organisations, self.own, shares = answer
        mine = [s for s in sorted(shares, key=lambda s: str(s["asked_at"]), reverse=True)
                if self.wants(s)]  # fmt: skip
        self.put([(s, self.cells(s)) for s in mine])

    def wants(self, item: Item) -> bool:
        """Whether it belongs here."""
        raise NotImplementedError

    def cells(self, item: Item) -> list[str]:
        """Its row."""
        raise NotImplementedError

    def _one(self, item: Item | None) -> str:
        return "" if item is not None else self.tr("Choose a row first.")


class AskedPage(SharePage):
    """What we asked others for."""

    def __init__(self, desk: Desk, tasks: Tasks, language: Language) -> None:
        super().__init__(desk, tasks, language)
        self.empty = self.tr("Your organisation has asked nobody for cameras.\n\nPress “Ask for "
                             "access…”, choose the organisation and one of its groups, or type "
                             "a camera's code.")  # fmt: skip
        self.columns(
            (self.tr("For"), 190), (self.tr("Of"), 150), (self.tr("State"), 230),
            (self.tr("Allowed to"), 150), (self.tr("Until"), 150), (self.tr("Purpose"), 170),
            (self.tr("Asked by"), 100), (self.tr("Asked on"), 150),
        )  # fmt: skip
        self.button(self.tr("Ask for access…"), self.ask, Duty.ASK)
        self.button(self.tr("Ask again…"), lambda: self.ask(self.selected()), Duty.ASK, self._one)
        self.button(self.tr("Give back…"), self.give_back, Duty.ASK, self._held,
                    self.tr("It is needed no longer: it ends now"))  # fmt: skip

    def wants(self, item: Item) -> bool:
        home = self.desk.identity.organisation_id if self.desk.identity else ""
        return bool(item["asking_organisation_id"] == home)

    def cells(self, item: Item) -> list[str]:
        return [
            object_text(item), self.organisation(item["owning_organisation_id"]),
            state_text(item), permissions_text(item["permissions"]), local(item["not_after"]),
            item["purpose"], item["asked_by"], local(item["asked_at"]),
        ]  # fmt: skip

    def _held(self, item: Item | None) -> str:
        if item is None:
            return self._one(item)
        waiting = item["state"] == "asked" and not over(item["not_after"])
        if item["active"] or waiting or (item["state"] == "approved" and not ended(item)):
            return ""
        return self.tr("There is nothing to give back: it is over.")

    def ask(self, again: Item | None = None) -> None:
        """Open the form."""
        dialog = AskDialog(self.desk, self.tasks, self.language, self, again=again)
        dialog.accepted.connect(self.reload)
        dialog.open()

    def give_back(self) -> None:
        """Open the confirmation."""
        item = self.selected()
        assert item is not None
        path = f"/api/shares/{item['id']}/cancellation"
        dialog = ReasonDialog(
            self.tasks, self.tr("Give back"),
            self.tr("“{name}” disappears from your consoles now. To have it again you must ask "
                    "again.").format(name=object_text(item)),
            self.tr("Give back"), lambda r: self.desk.call("POST", path, {"reason": r}), self,
        )  # fmt: skip
        dialog.accepted.connect(self.reload)
        dialog.open()


class DecidePage(SharePage):
    """What others ask us for."""

    counted = Signal(int)

    def __init__(self, desk: Desk, tasks: Tasks, language: Language) -> None:
        super().__init__(desk, tasks, language)
        self.empty = self.tr("Nobody waits for a decision.")
        self.columns(
            (self.tr("Who asks"), 170), (self.tr("For"), 190), (self.tr("Allow to"), 150),
            (self.tr("Purpose"), 190), (self.tr("Legal basis"), 160), (self.tr("Until"), 150),
            (self.tr("Asked by"), 100), (self.tr("Asked on"), 150),
        )  # fmt: skip
        self.button(self.tr("Decide…"), self.decide, Duty.DECIDE, self._one)
        self.list.itemActivated.connect(lambda *_: self.decide())

    def wants(self, item: Item) -> bool:
        return item["owning_organisation_id"] in self.own and item["state"] == "asked"

    def cells(self, item: Item) -> list[str]:
        return [
            self.organisation(item["asking_organisation_id"]), object_text(item),
            permissions_text(item["permissions"]), item["purpose"], item["basis"],
            local(item["not_after"]), item["asked_by"], local(item["asked_at"]),
        ]  # fmt: skip

    def show_answer(self, answer: Any) -> None:
        super().show_answer(answer)
        self.counted.emit(len(self.items))

    def decide(self) -> None:
        """Open the form."""
        item = self.selected()
        if item is None or managing.why_not(Duty.DECIDE, self.desk.identity):
            return
        asking = self.organisation(item["asking_organisation_id"])
        dialog = DecideDialog(self.desk, self.tasks, item, asking, self)
        dialog.finished.connect(lambda _: self.reload())
        dialog.open()


class GivenPage(SharePage):
    """What is shared with others now, and was."""

    def __init__(self, desk: Desk, tasks: Tasks, language: Language) -> None:
        super().__init__(desk, tasks, language)
        self.empty = self.tr("Nothing was shared on request yet. What others ask for is under "
                             "“To decide”.")  # fmt: skip
        self.columns(
            (self.tr("With"), 170), (self.tr("What"), 190), (self.tr("State"), 200),
            (self.tr("Until"), 150), (self.tr("Allowed to"), 150), (self.tr("Purpose"), 170),
            (self.tr("Legal basis"), 150), (self.tr("Approved by"), 110),
        )  # fmt: skip
        self.button(self.tr("Withdraw…"), self.withdraw, Duty.DECIDE, self._active,
                    self.tr("It ends at once on every console"))  # fmt: skip
        self.button(self.tr("Who used it…"), self.uses, Duty.DECIDE, self._one)
        self.past = QCheckBox(self.tr("also what is over"))
        self.past.toggled.connect(lambda _: self.reload())
        self.top.addWidget(self.past)

    def wants(self, item: Item) -> bool:
        mine = item["owning_organisation_id"] in self.own and item["grant_id"]
        return bool(mine) and (self.past.isChecked() or not ended(item))

    def cells(self, item: Item) -> list[str]:
        return [
            self.organisation(item["asking_organisation_id"]), object_text(item),
            state_text(item), local(item["not_after"]), permissions_text(item["permissions"]),
            item["purpose"], item["basis"], item["decided_by"],
        ]  # fmt: skip

    def _active(self, item: Item | None) -> str:
        if item is None:
            return self._one(item)
        return self.tr("It is over.") if ended(item) else ""

    def withdraw(self) -> None:
        """Open the confirmation."""
        item = self.selected()
        assert item is not None
        path = f"/api/shares/{item['id']}/withdrawal"
        text = self.tr(
            "“{name}” ends at once on every console of {organisation}; pictures that run there "
            "stop. They read the reason."
        ).format(
            name=object_text(item), organisation=self.organisation(item["asking_organisation_id"])
        )
        dialog = ReasonDialog(
            self.tasks, self.tr("Withdraw"), text, self.tr("Withdraw now"),
            lambda r: self.desk.call("POST", path, {"reason": r}), self,
        )  # fmt: skip
        dialog.accepted.connect(self.reload)
        dialog.open()

    def uses(self) -> None:
        """Read and show who opened what."""
        item = self.selected()
        assert item is not None
        path = f"/api/shares/{item['id']}/uses"
        self.run(lambda: self.desk.call("GET", path)["items"],
                 lambda items: UsesDialog(object_text(item), items, self).open())  # fmt: skip


class UsesDialog(QDialog):
    """Who opened what is shared, by the server's audit log."""

    def __init__(self, name: str, uses: list[Item], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Who used {name}").format(name=name))
        people = len({u["person"] for u in uses})
        told = QLabel(
            self.tr("Opened %n time(s)", "", len(uses))
            + ", "
            + self.tr("by %n person(s)", "", people)
            if uses
            else self.tr("Nobody has opened a camera by it yet.")
        )
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setAlternatingRowColors(True)
        self.list.setHeaderLabels(
            [self.tr("When"), self.tr("Who"), self.tr("Camera"), self.tr("Purpose")]
        )
        for use in uses:
            cells = [local(use["at"]), use["person"], use["camera_name"], use["purpose"]]
            self.list.addTopLevelItem(QTreeWidgetItem(cells))
        for column, width in enumerate((150, 130, 200)):
            self.list.setColumnWidth(column, width)
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(told)
        layout.addWidget(self.list, 1)
        layout.addWidget(buttons)
        self.list.setVisible(bool(uses))
        self.resize(680, 380 if uses else 120)


class StatisticsPage(Page):
    """Requests by pair of organisations."""

    def __init__(self, desk: Desk, tasks: Tasks, language: Language) -> None:
        super().__init__(desk, tasks, language)
        self.duty = Duty.STATISTICS
        self.empty = self.tr("Nothing was asked for in this time.")
        self.period = QComboBox()
        for text, days in (
            (self.tr("last 30 days"), 30), (self.tr("last 90 days"), 90),
            (self.tr("last 365 days"), 365), (self.tr("all"), 0),
        ):  # fmt: skip
            self.period.addItem(text, days)
        self.period.setAccessibleName(self.tr("Period"))
        self.period.currentIndexChanged.connect(lambda _: self.reload())
        row = QHBoxLayout()
        row.addWidget(QLabel(self.tr("Asked for in the")))
        row.addWidget(self.period)
        row.addStretch(1)
        self.top.addLayout(row)
        self.columns(
            (self.tr("Who asked"), 180), (self.tr("Whom"), 180), (self.tr("Asked"), 75),
            (self.tr("Waiting"), 80), (self.tr("Approved"), 85), (self.tr("Refused"), 80),
            (self.tr("Given back"), 95), (self.tr("Withdrawn"), 95), (self.tr("Ended"), 75),
            (self.tr("Active"), 75), (self.tr("Hours to decide"), 130),
        )  # fmt: skip
        self.list.header().setStretchLastSection(False)
        for column in range(2, 11):
            self.list.headerItem().setTextAlignment(column, RIGHT)
        none = self.tr("There is nothing to copy.")
        self.button(self.tr("Copy table"), self.copy_table, None,
                    lambda _: "" if self.items else none)  # fmt: skip
        self.button(self.tr("Save as table…"), lambda: self.save_table("sharing.csv"), None,
                    lambda _: "" if self.items else none)  # fmt: skip

    def read(self) -> Any:
        days = self._days
        path = "/api/shares/statistics"
        if days:
            since = datetime.now(UTC) - timedelta(days=days)
            path += f"?since={since:%Y-%m-%dT%H:%M:%SZ}"
        organisations = {o["id"]: o for o in everything(self.desk, "/api/organisations")}
        return organisations, self.desk.call("GET", path)["items"]

    def reload(self) -> None:
        self._days = int(self.period.currentData())
        super().reload()

    def show_answer(self, answer: Any) -> None:
        organisations, figures = answer
        language = self.language()
        rows = []
        for f in figures:
            hours = f["hours_to_decide"]
            numbers = [f[k] for k in ("asked", "waiting", "approved", "refused", "cancelled",
                                      "withdrawn", "expired", "active")]  # fmt: skip
            rows.append((f, [
                name_of(organisations.get(f["asking_organisation_id"]), language),
                name_of(organisations.get(f["owning_organisation_id"]), language),
                *(str(n) for n in numbers), "" if hours is None else f"{hours:g}",
            ]))  # fmt: skip
        self.put(rows)
        for i in range(self.list.topLevelItemCount()):
            line = self.list.topLevelItem(i)
            assert line is not None
            for column in range(2, 11):
                line.setTextAlignment(column, RIGHT)


class SharingScreen(Screen):
    """All of it, a tab each."""

    def __init__(
        self, desk: Desk, tasks: Tasks, language: Language, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Sharing between organisations"))
        self.tabs = QTabWidget()
        self.asked = AskedPage(desk, tasks, language)
        self.to_decide = DecidePage(desk, tasks, language)
        self.given = GivenPage(desk, tasks, language)
        self.statistics = StatisticsPage(desk, tasks, language)
        for page, title in (
            (self.asked, self.tr("Asked by us")), (self.to_decide, self.tr("To decide")),
            (self.given, self.tr("Shared by us")), (self.statistics, self.tr("Figures")),
        ):  # fmt: skip
            self.tabs.addTab(page, title)
        self.to_decide.counted.connect(self._count)
        self.tabs.currentChanged.connect(lambda _: self.current().reload())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self.tabs)
        self.asked.reload()
        if not managing.why_not(Duty.DECIDE, desk.identity):
            self.to_decide.reload()

    def current(self) -> Page:
        """The page that is seen."""
        page = self.tabs.currentWidget()
        assert isinstance(page, Page)
        return page

    def _count(self, waiting: int) -> None:
        text = self.tr("To decide")
        self.tabs.setTabText(1, f"{text} ({waiting})" if waiting else text)


# -- what a console shows of it
