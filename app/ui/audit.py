"""The audit log on screen: is it whole, who did what with what, and the signed file of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from PySide6.QtCore import QCoreApplication, QDate, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.permission import Duty
from app.ui import theme
from app.ui.managing import Desk, Item, Page, Screen, local, why_not
from app.ui.tasks import Tasks

SERVER = "server"
PAGE = 200
Language = Callable[[], str]
Download = Callable[[str, Path], int]
"""Writes the answer to a path of the server's to a file; returns the bytes."""


def action_texts() -> dict[str, str]:
    """What the server writes down, and how it is called here."""
    translate = QCoreApplication.translate
    return {
        "sign-in": translate("Audit", "sign-in"),
        "sign-out": translate("Audit", "sign-out"),
        "password changed": translate("Audit", "password changed"),
        "refresh token used twice": translate("Audit", "sign-in used twice"),
        "first administrator made": translate("Audit", "first administrator made"),
        "account made": translate("Audit", "account made"),
        "account changed": translate("Audit", "account changed"),
        "organisation made": translate("Audit", "organisation made"),
        "enrolment code made": translate("Audit", "enrolment code made"),
        "workstation enrolled": translate("Audit", "console enrolled"),
        "workstation ended": translate("Audit", "console revoked"),
        "camera address handed out": translate("Audit", "camera opened"),
        "camera account set": translate("Audit", "camera password set"),
        "camera group made": translate("Audit", "camera group made"),
        "camera group filled": translate("Audit", "camera group filled"),
        "camera group removed": translate("Audit", "camera group removed"),
        "grant made": translate("Audit", "grant made"),
        "grant withdrawn": translate("Audit", "grant withdrawn"),
        "access asked for": translate("Audit", "access asked for"),
        "access approved": translate("Audit", "access approved"),
        "access refused": translate("Audit", "access refused"),
        "access given back": translate("Audit", "access given back"),
        "control taken": translate("Audit", "began to steer a camera"),
        "control held": translate("Audit", "held a camera for a stated time"),
        "control asked for": translate("Audit", "asked for a camera"),
        "control kept": translate("Audit", "kept a camera"),
        "control given back": translate("Audit", "gave a camera back"),
        "control passed on": translate("Audit", "camera went to who had asked"),
        "control taken over": translate("Audit", "took a camera over"),
        "control expired": translate("Audit", "control of a camera ran out"),
        "control returned": translate("Audit", "console sent a camera back by itself"),
        "control priority set": translate("Audit", "steering priority set"),
        "default passwords agreed to": translate("Audit", "agreed to try default passwords"),
        "console entries received": translate("Audit", "console's log received"),
        "entries of another person sent": translate("Audit", "sent what another entered"),
        "console entries refused": translate("Audit", "console's log refused"),
        "audit log exported": translate("Audit", "audit log exported"),
    }


def fault_text(fault: str) -> str:
    """How a chain is broken."""
    translate = QCoreApplication.translate
    texts = {
        "changed": translate("Audit", "an entry was changed"),
        "gap": translate("Audit", "an entry is missing"),
        "reordered": translate("Audit", "entries changed places"),
        "cut off": translate("Audit", "the end was cut off"),
    }
    return texts.get(fault, fault)


class AuditPage(Page):
    """Entries, the newest first."""

    def __init__(
        self, desk: Desk, tasks: Tasks, language: Language, download: Download | None
    ) -> None:
        super().__init__(desk, tasks, language)
        self._download = download
        self.duty = Duty.AUDIT
        self.searchable = False  # it has fields of its own, which search everything
        self._next: int | None = None
        self._rows: list[tuple[Item, list[str]]] = []
        self._asked: dict[str, str] = {}
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setTextFormat(Qt.TextFormat.PlainText)
        verify = QPushButton(self.tr("Verify every entry"))
        verify.setAutoDefault(False)
        verify.setToolTip(self.tr("From the first one on. When this page opens, only those are "
                                  "verified that came since the last time."))  # fmt: skip
        verify.clicked.connect(lambda: self.verify(whole=True))
        head = QHBoxLayout()
        head.addWidget(self.verdict, 1)
        head.addWidget(verify)
        self.top.addLayout(head)
        self.chain = QComboBox()
        self.chain.addItem(self.tr("the server"), SERVER)
        self.person, self.about, self.action = QLineEdit(), QLineEdit(), QComboBox()
        self.person.setPlaceholderText(self.tr("Person"))
        self.about.setPlaceholderText(self.tr("Camera, group, account…"))
        self.action.addItem(self.tr("every action"), "")
        for action, text in action_texts().items():
            self.action.addItem(text, action)
        today = QDate.currentDate()
        self.since, self.until = QDateEdit(today.addDays(-30)), QDateEdit(today)
        row = QHBoxLayout()
        for caption, field in (
            (self.tr("Log of"), self.chain), (self.tr("From"), self.since),
            (self.tr("to"), self.until), ("", self.person), ("", self.action), ("", self.about),
        ):  # fmt: skip
            if caption:
                label = QLabel(caption)
                label.setBuddy(field)
                row.addWidget(label)
            stretch = 1 if isinstance(field, QLineEdit) else 0
            row.addWidget(field, stretch)
        for edit in (self.since, self.until):
            edit.setCalendarPopup(True)
            edit.setDisplayFormat("yyyy-MM-dd")
        for line in (self.person, self.about):
            line.setClearButtonEnabled(True)
            line.setMaxLength(100)
            line.returnPressed.connect(self.reload)
            line.setAccessibleName(line.placeholderText())
        find = QPushButton(self.tr("Find"))
        find.setAutoDefault(False)
        find.clicked.connect(self.reload)
        row.addWidget(find)
        for choice in (self.chain, self.action):
            choice.activated.connect(lambda _: self.reload())
        self.top.addLayout(row)
        self.empty = self.tr("No entry matches. Choose a longer time, or clear a field.")
        self.columns(
            (self.tr("No."), 60), (self.tr("When"), 150), (self.tr("Who"), 120),
            (self.tr("Action"), 170), (self.tr("With what"), 190), (self.tr("Purpose"), 170),
            (self.tr("Result"), 90), (self.tr("Address"), 110),
        )  # fmt: skip
        self.button(self.tr("More"), self.more, None,
                    lambda _: "" if self._next is not None else self.tr("These are all."))  # fmt: skip
        self.button(self.tr("Details…"), self.details, None,
                    lambda item: "" if item else self.tr("Choose an entry first."))  # fmt: skip
        self.button(self.tr("Save as table…"), lambda: self.save_table("audit.csv"), None,
                    lambda _: "" if self.items else self.tr("There is nothing to save."))  # fmt: skip
        self.button(self.tr("Export signed file…"), self.ask_file, Duty.AUDIT_EXPORT,
                    lambda _: "" if self._download else self.tr("Sign in on a server first."))  # fmt: skip
        self.list.itemActivated.connect(lambda *_: self.details())

    # -- the chain

    def verify(self, *, whole: bool = False) -> None:
        """Have the server check the hashes: those since the last time, or all of them."""
        if self._refused():
            return
        said = self.tr("Verifying every entry…") if whole else self.tr("Verifying what is new…")
        self._say_verdict("hint", said)
        path = "/api/audit/verification" + ("?whole=true" if whole else "")

        def show(answer: Item) -> None:
            self._show_chains(answer["items"])

        self.run(lambda: self.desk.call("GET", path), show)

    def _refused(self) -> bool:
        return bool(why_not(Duty.AUDIT, self.desk.identity))

    def _show_chains(self, chains: list[Item]) -> None:
        kept = self.chain.currentData()
        self.chain.clear()
        for chain in chains or [{"chain": SERVER, "name": ""}]:
            name = chain["name"] or self.tr("the server")
            self.chain.addItem(name, chain["chain"])
        self.chain.setCurrentIndex(max(0, self.chain.findData(kept)))
        broken = [c for c in chains if c["fault"]]
        if broken:
            lines = [
                self.tr("Log of {name}: {fault}, at No. {number}.").format(
                    name=c["name"] or self.tr("the server"), fault=fault_text(c["fault"]),
                    number=c["broken_at"],
                )
                for c in broken
            ]  # fmt: skip
            advice = self.tr("Do not work on the server; keep its database and the last backup for "
                             "comparison, and tell who is responsible for data protection.")  # fmt: skip
            self._say_verdict("error", "✗ " + " ".join(lines) + " " + advice)
            return
        count = sum(c["entries"] for c in chains)
        text = self.tr("%n entry(ies)", "", count)
        whole = self.tr("✓ Whole: {entries} in {chains} log(s); every hash holds, nothing is "
                        "missing.")  # fmt: skip
        said = whole.format(entries=text, chains=len(chains))
        if passed := sum(c["passed"] for c in chains):
            said += " " + self.tr(
                "%n of them were verified before, and not read again.", "", passed
            )
        self._say_verdict("good", said)

    def _say_verdict(self, kind: str, text: str) -> None:
        theme.tell(self.verdict, text, kind)

    # -- entries

    def reload(self) -> None:
        since = datetime.combine(self.since.date().toPython(), datetime.min.time()).astimezone()  # type: ignore[arg-type]
        until = datetime.combine(self.until.date().toPython(), datetime.min.time())  # type: ignore[arg-type]
        until = (until + timedelta(days=1)).astimezone()
        asked = {
            "chain": self.chain.currentData() or SERVER, "newest": "true", "limit": str(PAGE),
            "since": since.astimezone(UTC).isoformat(), "until": until.astimezone(UTC).isoformat(),
            "person": self.person.text().strip(), "action": self.action.currentData(),
            "about": self.about.text().strip(),
        }  # fmt: skip
        self._asked = {key: value for key, value in asked.items() if value}
        self._rows = []
        super().reload()

    def read(self) -> Any:
        return self._page(dict(self._asked), 0)

    def _page(self, asked: dict[str, str], after: int) -> tuple[list[Item], int | None]:
        """Off the Qt thread; a page without hits is followed by the next."""
        found: list[Item] = []
        next_: int | None = after
        while next_ is not None and not found:
            more = {"after": str(next_)} if next_ else {}
            page = self.desk.call("GET", f"/api/audit?{urlencode(asked | more)}")
            found, next_ = page["items"], page["next"]
        return found, next_

    def show_answer(self, answer: Any) -> None:
        entries, self._next = answer
        self._rows += [self._row(entry) for entry in entries]
        self.put(self._rows)
        self.refresh()

    def more(self) -> None:
        """Older ones."""
        if self._next is None:
            return
        asked, after = dict(self._asked), self._next
        self.run(lambda: self._page(asked, after), self.if_newest(self._show))

    def _row(self, entry: Item) -> tuple[Item, list[str]]:
        try:
            fields = json.loads(entry["content"])
        except ValueError:
            fields = {}
        if not isinstance(fields, dict):
            fields = {}
        action = str(fields.get("action", ""))
        results = {"done": self.tr("done"), "refused": self.tr("refused")}
        result = str(fields.get("result", ""))
        return entry | {"fields": fields}, [
            str(entry["number"]), local(fields.get("at")), str(fields.get("name", "")),
            action_texts().get(action, action),
            entry["object_name"] or str(fields.get("object", "")),
            str(fields.get("purpose", "")), results.get(result, result),
            str(fields.get("address", "")),
        ]  # fmt: skip

    def details(self) -> None:
        """Everything that an entry says."""
        item = self.selected()
        if item is None:
            return
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(self.tr("Entry No. {number}").format(number=item["number"]))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(json.dumps(item["fields"], ensure_ascii=False, indent=2))
        box.setInformativeText(f"SHA-256 {item['hash']}")
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.open()

    # -- the signed file

    def ask_file(self) -> None:
        """Where to put it."""
        name = f"audit-{datetime.now():%Y%m%d-%H%M%S}.jsonl"
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export signed file"), name, "JSON lines (*.jsonl)"
        )
        if path:
            self.export(Path(path))

    def export(self, path: Path) -> None:
        """Write it, then tell how it is checked."""
        download = self._download
        assert download is not None
        self.say(self.tr("Exporting…"))

        def done(size: int) -> None:
            text = self.tr(
                "Saved: {name} ({size} bytes). Whoever receives it checks it on any computer with "
                "Watchroom:\n    watchroom audit verify {file}\nIt says whether the signature and "
                "every hash hold. Compare the key's id it prints with the server's, by another "
                "way."
            )
            self.say(text.format(name=path, size=f"{size:,}", file=path.name))

        self.run(lambda: download("/api/audit/export", path), done)


class AuditScreen(Screen):
    """The page in a window."""

    def __init__(
        self, desk: Desk, tasks: Tasks, language: Language, download: Download | None,
        parent: QWidget | None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle(self.tr("Audit log"))
        self.page = AuditPage(desk, tasks, language, download)
        layout = QVBoxLayout(self)
        layout.addWidget(self.page)
        theme.fit(self, 1240, 680)
        self.page.reload()
        self.page.verify()
