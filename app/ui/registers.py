"""The registers of the control room on one screen: searched, checked for gaps, printed, saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDate, QEvent, QStringListModel, Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDateEdit,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain import inspection as inspections
from app.domain.camera import CameraRow
from app.domain.logbook import Book
from app.domain.patrol import Verdict
from app.domain.retrieval import CUSTODY, Retrieval, RetrievalKind
from app.store.logbook import Checked, Logbook, Wanted
from app.store.store import Store
from app.ui import custody, i18n, log_texts, reports, theme
from app.ui.empty import EmptyHint
from app.ui.log_texts import full_text
from app.ui.session import Session
from app.ui.tasks import Tasks

MOST = 5000

Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for. Times are aware UTC."""

    since: datetime
    until: datetime
    camera_id: str
    person: str
    words: str


@dataclass(frozen=True, slots=True)
class Register:
    """One register: its columns, its rows for a question (blocking), its chains (blocking)."""

    key: str
    title: Callable[[], str]
    head: Callable[[], list[str]]
    rows: Callable[[Asked], Rows]
    check: Callable[[], Sequence[Checked]]


class RegisterWindow(QMainWindow):
    """Read only."""

    def __init__(
        self, store: Store, logbook: Logbook, tasks: Tasks, language: Callable[[], str],
        more: Callable[[], Sequence[Register]] = tuple, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`more`: registers of other parts, such as faults."""
        super().__init__(parent)
        self._store, self._log, self._tasks, self._language = store, logbook, tasks, language
        self._asked = 0
        self._cameras: dict[str, str] = {}
        self.rows: Rows = []
        self.session: Session | None = None
        """Who enters what became of an export; nobody can without."""
        self._exports: dict[str, Retrieval] = {}
        self.registers: list[Register] = [*self._own(), *more()]
        self._build()
        self._retranslate()
        theme.fit(self, 1240, 720)

    # -- the registers

    def _own(self) -> list[Register]:
        log = self._log

        def subjects(book: Book) -> Callable[[Asked], Rows]:
            def rows(asked: Asked) -> Rows:
                wanted = Wanted(book, asked.words, asked.since, asked.until, (), "",
                                asked.camera_id, asked.person)  # fmt: skip
                return [self._subject_cells(book, s.id) for s in log.subjects(wanted, MOST)]

            return rows

        def retrievals(
            kinds: tuple[RetrievalKind, ...], *, given: bool = False
        ) -> Callable[[Asked], Rows]:
            def rows(asked: Asked) -> Rows:
                found = log.retrievals(asked.since, asked.until, asked.camera_id, asked.person,
                                       kinds, limit=MOST)  # fmt: skip
                # What was entered about them later, by whomever and whenever.
                later = log.followers(found)
                cells = []
                for r in found:
                    after = later.get((r.console, r.number), [])
                    line = self._retrieval_cells(r, after)
                    cells.append([*line, *self._custody_cells(after)] if given else line)
                    if given:
                        self._exports[line[0]] = r
                words = asked.words.casefold().split()
                return [c for c in cells if all(w in " ".join(c).casefold() for w in words)]

            return rows

        def chains(book: Book) -> Callable[[], Sequence[Checked]]:
            return lambda: log.check()[book]

        K = RetrievalKind  # noqa: N806
        return [
            Register("retrieval", lambda: self.tr("Retrievals"), self._retrieval_head,
                     retrievals((K.SNAPSHOT, K.EXPORT, K.PLAYBACK)), log.check_retrievals),
            Register("export", lambda: self.tr("Exports"),
                     lambda: [*self._retrieval_head(), *self._custody_head()],
                     retrievals((K.SNAPSHOT, K.EXPORT), given=True), log.check_retrievals),
            Register("incident", lambda: self.tr("Incidents"), self._incident_head,
                     subjects(Book.INCIDENT), chains(Book.INCIDENT)),
            Register("shift", lambda: self.tr("Shifts"), self._shift_head, subjects(Book.SHIFT),
                     chains(Book.SHIFT)),
            Register("patrol", lambda: self.tr("Patrols"), self._patrol_head,
                     subjects(Book.PATROL), chains(Book.PATROL)),
            Register("inspection", lambda: self.tr("On-site inspections"), self._inspection_head,
                     subjects(Book.INSPECTION), chains(Book.INSPECTION)),
        ]  # fmt: skip

    def _retrieval_head(self) -> list[str]:
        return [self.tr("No."), self.tr("When"), self.tr("Who"), self.tr("Second person"),
                self.tr("What"), self.tr("Camera"), self.tr("From"), self.tr("To"),
                self.tr("Case"), self.tr("Purpose"), self.tr("Basis"), self.tr("Requested by"),
                self.tr("Approved by"), self.tr("Result"), self.tr("Package"),
                "SHA-256"]  # fmt: skip

    def _custody_head(self) -> list[str]:
        return [self.tr("Handed over"), self.tr("Handed over by"), self.tr("Receiver"),
                self.tr("Receiver's unit"), self.tr("Legal basis of the receiver"),
                self.tr("Receiver's purpose"), self.tr("Medium"), self.tr("Back by"),
                self.tr("Returned or destroyed")]  # fmt: skip

    def _custody_cells(self, after: Sequence[Retrieval]) -> list[str]:
        """To whom it went (the last hand-over), and what came of it."""
        given = [r for r in after if r.kind is RetrievalKind.HANDED_OVER and r.custody]
        ended = [r for r in after if r.kind in CUSTODY and r not in given and r.custody]
        cells = [""] * 8
        if given and (c := given[-1].custody) is not None:
            cells = [full_text(given[-1].at), given[-1].operator, c.receiver, c.unit, c.authority,
                     c.purpose, custody.medium_text(c.medium), c.back_by]  # fmt: skip
        texts = [
            f"{custody.kind_text(r.kind)} {full_text(r.at)} {r.custody.receiver} {r.custody.words}"
            for r in ended if r.custody
        ]  # fmt: skip
        return [*cells, "; ".join(t.strip() for t in texts)]

    def _retrieval_cells(self, r: Retrieval, after: Sequence[Retrieval]) -> list[str]:
        result = next((a for a in after if a.kind is RetrievalKind.RESULT), None)
        what = {RetrievalKind.SNAPSHOT: self.tr("snapshot"), RetrievalKind.EXPORT: self.tr("clip"),
                RetrievalKind.PLAYBACK: self.tr("playback")}.get(r.kind, str(r.kind))  # fmt: skip
        ended = {"complete": self.tr("complete"), "failed": self.tr("failed"),
                 "cancelled": self.tr("cancelled")}  # fmt: skip
        said = result.result if result else ""
        return [f"{r.console}-{r.number:06d}", full_text(r.at), r.operator, r.second_person, what,
                r.camera, full_text(r.begin), full_text(r.end), r.case.number, r.case.purpose,
                r.case.basis, r.case.requester, r.case.approver, ended.get(said, said),
                result.package if result else "",
                result.manifest_sha256 if result else ""]  # fmt: skip

    def _incident_head(self) -> list[str]:
        return [self.tr("No."), self.tr("Noticed at"), self.tr("Noticed by"), self.tr("What"),
                self.tr("Place"), self.tr("Cameras"), self.tr("Opened by"), self.tr("Entries"),
                self.tr("Told"), self.tr("Evidence"), self.tr("Result"), self.tr("Closed at"),
                self.tr("State")]  # fmt: skip

    def _shift_head(self) -> list[str]:
        return [self.tr("No."), self.tr("Shift"), self.tr("From"), self.tr("To"),
                self.tr("Staff"), self.tr("Equipment"), self.tr("Notes"),
                self.tr("Handed over by"), self.tr("Taken over by"), self.tr("Countersigned by"),
                self.tr("State"), "SHA-256"]  # fmt: skip

    def _patrol_head(self) -> list[str]:
        return [self.tr("No."), self.tr("Patrol"), self.tr("From"), self.tr("To"), self.tr("Who"),
                self.tr("In order"), self.tr("Faults"), self.tr("Notes"), self.tr("Skipped"),
                self.tr("Signed by")]  # fmt: skip

    def _inspection_head(self) -> list[str]:
        return [self.tr("No."), self.tr("Site"), self.tr("From"), self.tr("To"), self.tr("Who"),
                self.tr("Cameras"), self.tr("In order"), self.tr("Faults"), self.tr("What"),
                self.tr("Photos"), self.tr("Signed by")]  # fmt: skip

    def _subject_cells(self, book: Book, identity: str) -> list[str]:
        if book is Book.INCIDENT:
            i = self._log.incident(identity)
            if i is None:
                return []
            units = ", ".join(f"{u.data.get('unit', '')} {u.data.get('name', '')}".strip()
                              for u in i.entries if u.kind == "unit")  # fmt: skip
            packages = ", ".join(str(e.data.get("package", "")) for e in i.entries
                                 if e.kind == "evidence")  # fmt: skip
            return [i.number, full_text(i.detected_at),
                    log_texts.detected_text(str(i.value("detected_by"))),
                    log_texts.category_text(str(i.value("category"))), str(i.value("place")),
                    ", ".join(n for _, n in i.cameras), i.opened.author, str(len(i.entries)),
                    units, packages, str(i.value("result")), full_text(i.ended_at),
                    log_texts.state_text(i.state)]  # fmt: skip
        if book is Book.SHIFT:
            s = self._log.shift(identity)
            if s is None:
                return []
            bad = [str(c.data.get("text", "")) for c in s.checks.values() if not c.data.get("good")]
            document = s.handover.data.get("document", {}) if s.handover else {}
            staff = dict.fromkeys(
                f"{e.data.get('person', '')} ({e.data.get('role', '')}, {full_text(e.true_at)})"
                for e in s.entries if e.kind == "signed on"
            )  # fmt: skip
            return [s.number, str(s.begun.data.get("name", "")), full_text(s.began_at),
                    full_text(s.ended_at), "; ".join(staff),
                    "; ".join(bad) or f"{len(s.checks)} ✓",
                    "; ".join(str(n.data.get("text", "")) for n in s.notes),
                    document.get("leaving", {}).get("name", ""),
                    document.get("taking", {}).get("name", ""),
                    str(s.countersign.data.get("name", "")) if s.countersign else "",
                    log_texts.state_text(s.state),
                    str(s.handover.data.get("sha256", "")) if s.handover else ""]  # fmt: skip
        if book is Book.INSPECTION:
            made = self._log.inspection(identity)
            if made is None:
                return []
            texts = dict(made.items)
            what = "; ".join(
                f"{texts.get(str(e.data.get('item')), '')}: {e.data.get('words', '')}"
                for e in made.faults()
            )
            return [made.number, str(made.begun.data.get("name", "")),
                    full_text(made.begun.true_at),
                    full_text(made.signed.true_at if made.signed else None), made.begun.author,
                    ", ".join(n for _, n in made.cameras),
                    str(made.count(inspections.Verdict.OK)), str(len(made.faults())), what,
                    str(len(made.photos)),
                    str(made.signed.data.get("name", "")) if made.signed else ""]  # fmt: skip
        r = self._log.round(identity)
        if r is None:
            return []
        counts = [str(r.count(v)) for v in (Verdict.OK, Verdict.FAULT, Verdict.NOTE,
                                            Verdict.SKIPPED)]  # fmt: skip
        return [r.number, str(r.begun.data.get("name", "")), full_text(r.begun.true_at),
                full_text(r.signed.true_at if r.signed else None), r.begun.author, *counts,
                str(r.signed.data.get("name", "")) if r.signed else ""]  # fmt: skip

    # -- building

    def _build(self) -> None:
        self.which = QComboBox()
        self.which.currentIndexChanged.connect(lambda _: self.reload())
        self.since, self.until = QDateEdit(), QDateEdit()
        today = QDate.currentDate()
        for edit, day in ((self.since, today.addMonths(-1)), (self.until, today)):
            edit.setCalendarPopup(True)
            edit.setDisplayFormat("yyyy-MM-dd")
            edit.setDate(day)
            edit.dateChanged.connect(lambda _: self._later())
        self.last_month = QPushButton()
        self.last_month.clicked.connect(self._last_month)
        self.camera, self.person, self.words = QLineEdit(), QLineEdit(), QLineEdit()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(250)
        self._soon.timeout.connect(self.reload)
        self._names = QCompleter([], self)
        self._names.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._names.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.camera.setCompleter(self._names)
        self.camera.textEdited.connect(self._find_cameras)
        for field in (self.camera, self.person, self.words):
            field.setClearButtonEnabled(True)
            field.textChanged.connect(lambda _: self._later())
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self.which, 1)
        for widget in (self.since, self.until, self.last_month):
            first.addWidget(widget)
        for field in (self.camera, self.person, self.words):
            second.addWidget(field, 1)
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAlternatingRowColors(True)
        self.empty = EmptyHint(self.list)
        self.count, self.chain = QLabel(), QLabel()
        self.chain.setWordWrap(True)
        self.verify, self.pdf, self.table = QPushButton(), QPushButton(), QPushButton()
        self.verify.clicked.connect(self.check)
        self.pdf.clicked.connect(lambda: self._save(".pdf"))
        self.table.clicked.connect(lambda: self._save(".xlsx"))
        foot = QHBoxLayout()
        foot.addWidget(self.count)
        foot.addWidget(self.chain, 1)
        self.given, self.ended = QPushButton(), QPushButton()
        self.given.clicked.connect(lambda: self._custody(ended=False))
        self.ended.clicked.connect(lambda: self._custody(ended=True))
        self.list.currentItemChanged.connect(lambda *_: self._show_custody())
        for button in (self.given, self.ended, self.verify, self.pdf, self.table):
            button.setAutoDefault(False)
            foot.addWidget(button)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.addLayout(first)
        column.addLayout(second)
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        self.setCentralWidget(centre)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Logs and registers"))
        index = max(0, self.which.currentIndex())
        self.which.blockSignals(True)
        self.which.clear()
        for register in self.registers:
            self.which.addItem(register.title(), register.key)
        self.which.setCurrentIndex(index)
        self.which.blockSignals(False)
        self.last_month.setText(self.tr("Last month"))
        self.camera.setPlaceholderText(self.tr("Camera: name, number or code"))
        self.person.setPlaceholderText(self.tr("Person: whole name"))
        self.words.setPlaceholderText(self.tr("Words"))
        self.given.setText(self.tr("Handed over…"))
        self.given.setToolTip(self.tr("Enters to whom the chosen export goes, and on what."))
        self.ended.setText(self.tr("Returned or destroyed…"))
        self.ended.setToolTip(self.tr("Enters that the chosen export came back or is no more."))
        self.verify.setText(self.tr("Check the chains"))
        self.pdf.setText(self.tr("Save as PDF…"))
        self.table.setText(self.tr("Save as spreadsheet…"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "table"):
            self._retranslate()
            self.reload()

    # -- asking

    @property
    def register(self) -> Register:
        """The one shown."""
        return self.registers[max(0, self.which.currentIndex())]

    def _later(self) -> None:
        self._soon.start()

    def _find_cameras(self, text: str) -> None:
        def show(rows: list[CameraRow]) -> None:
            self._cameras |= {r.title(self._language()): r.id for r in rows}
            names = [r.title(self._language()) for r in rows]
            self._names.setModel(QStringListModel(names, self._names))
            if self.camera.hasFocus() and self.camera.text() not in names:
                self._names.complete()
            self._later()

        self._tasks.run(
            self, lambda _: self._store.cameras(search=text, limit=12), show, lambda _: None
        )

    def _last_month(self) -> None:
        today = QDate.currentDate()
        first = QDate(today.year(), today.month(), 1).addMonths(-1)
        self.since.setDate(first)
        self.until.setDate(first.addMonths(1).addDays(-1))

    def choose_camera(self, identity: str, name: str) -> None:
        """Only what is about this camera."""
        self._cameras[name] = identity
        self.camera.setText(name)

    def asked(self) -> Asked:
        """What the fields say: whole days, local."""

        def start(day: QDate) -> datetime:
            there = datetime.combine(day.toPython(), time())  # type: ignore[arg-type]
            return there.astimezone().astimezone(UTC)

        name = self.camera.text().strip()
        camera = self._cameras.get(name, "nothing" if name else "")
        return Asked(start(self.since.date()), start(self.until.date()) + timedelta(days=1), camera,
                     self.person.text().strip(), self.words.text().strip())  # fmt: skip

    def reload(self) -> None:
        """Ask again."""
        self._soon.stop()
        self._asked += 1
        number, register, asked = self._asked, self.register, self.asked()

        def show(rows: Rows) -> None:
            if number == self._asked:
                self._show(register, [r for r in rows if r])

        self._tasks.run(self, lambda _: register.rows(asked), show, self._failed, timeout_s=120)

    def _show(self, register: Register, rows: Rows) -> None:
        self.rows = rows
        self.list.clear()
        head = register.head()
        self.list.setColumnCount(0)  # the columns of the register before go
        self.list.setHeaderLabels(head)
        items = []
        for row in rows:
            item = QTreeWidgetItem(row)
            for column, text in enumerate(row):
                if len(text) > 12:
                    item.setToolTip(column, text)
            items.append(item)
        self.list.addTopLevelItems(items)
        for column in range(len(head)):
            self.list.resizeColumnToContents(column)
            self.list.setColumnWidth(column, min(220, self.list.columnWidth(column) + 8))
        text = self.tr("%n entry(ies)", "", len(rows))
        self.count.setText(text if len(rows) < MOST else self.tr("the newest 5000"))
        self.empty.say(
            self.tr("Nothing was entered from {since} to {until} that is like this. Choose a longer "
                    "period, or empty the fields above.").format(
                since=self.since.date().toString("yyyy-MM-dd"),
                until=self.until.date().toString("yyyy-MM-dd"),
            )
        )  # fmt: skip
        self._tell("", good=True)
        self._show_custody()

    def check(self) -> None:
        """Whether nothing is missing and nothing was changed."""
        register = self.register
        self._tell(self.tr("Checking…"), good=True)

        def show(found: Sequence[Checked]) -> None:
            bad = [c for c in found if c.broken is not None]
            if bad:
                text = self.tr("Broken: {where}. An entry was changed, moved or removed there.")
                where = ", ".join(
                    f"{c.console} No. {c.broken.number} ({c.broken.fault})" for c in bad if c.broken
                )
                self._tell(text.format(where=where), good=False)
                return
            count = sum(c.entries for c in found)
            self._tell(self.tr("%n entry(ies), gap-free, and the chains hold.", "", count),
                       good=True)  # fmt: skip

        self._tasks.run(self, lambda _: register.check(), show, self._failed, timeout_s=300)

    def _tell(self, text: str, *, good: bool) -> None:
        theme.tell(self.chain, text, "good" if good else "error")

    # -- what became of an export

    def _chosen_export(self) -> Retrieval | None:
        item = self.list.currentItem()
        return self._exports.get(item.text(0)) if item is not None else None

    def _show_custody(self) -> None:
        """The buttons are there in the register of exports only."""
        here = self.register.key == "export" and self.session is not None
        for button in (self.given, self.ended):
            button.setVisible(here)
            button.setEnabled(here and self._chosen_export() is not None)

    def _custody(self, *, ended: bool) -> None:
        export, session = self._chosen_export(), self.session
        if export is None or session is None:
            return
        dialog = custody.CustodyDialog(export, ended, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def accepted() -> None:
            settings, kind, said = session.settings, dialog.kind, dialog.custody
            entry = Retrieval(
                0, datetime.now(UTC), settings.console, settings.operator, kind, export.camera_id,
                export.camera, export.begin, export.end, export.case, export.masked,
                about=export.number, custody=said,
            )  # fmt: skip
            if settings.console != export.console:
                self._tell(self.tr("This export was made on {console}: enter it there.").format(
                    console=export.console), good=False)  # fmt: skip
                return
            self._tasks.run(self, lambda _: self._store.add_retrieval(entry),
                            lambda _: self.reload(), self._failed)  # fmt: skip

        dialog.accepted.connect(accepted)
        dialog.open()

    # -- saving

    def _save(self, suffix: str) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save register"), f"{self.register.key}{suffix}", f"*{suffix}"
        )
        if name:
            self.save(Path(name))

    def save(self, path: Path) -> None:
        """As PDF or spreadsheet, by the name's ending."""
        register, rows, asked = self.register, list(self.rows), self.asked()
        title, head = register.title(), register.head()
        about = [f"{full_text(asked.since)} – {full_text(asked.until)}", self.camera.text(),
                 asked.person, asked.words]  # fmt: skip
        line = "  ·  ".join(a for a in about if a)

        def work(_: Any) -> None:
            if path.suffix.lower() == ".pdf":
                content = reports.table_html(title, line, head, rows)
                reports.write_pdf(path, content, landscape=True)
            else:
                reports.write_spreadsheet(path, title, head, rows)

        self._tasks.run(
            self, work,
            lambda _: self._tell(self.tr("Saved: {name}").format(name=path.name), good=True),
            self._failed, timeout_s=300,
        )  # fmt: skip

    def _failed(self, error: Exception) -> None:
        self._tell(i18n.error_text(error), good=False)
