"""Commissioning of a camera: the checklist, what the client measures, and who signs."""

from __future__ import annotations

import contextlib
import html
from collections.abc import Callable, Mapping
from dataclasses import replace as dc_replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QCoreApplication, QMarginsF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QImage,
    QKeyEvent,
    QPageSize,
    QPdfWriter,
    QPixmap,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.devices.errors import DeviceError
from app.domain import gb28181
from app.domain.camera import CameraRow
from app.domain.commissioning import (
    BY_CODE,
    CHECKLIST_VERSION,
    CheckItem,
    CommissioningError,
    Kind,
    Proof,
    Record,
    State,
    Verdict,
    step,
)
from app.domain.logbook import Book, Entry, shown_number
from app.domain.ticket import CATEGORIES
from app.store import assets, files
from app.store.errors import StoreError
from app.store.logbook import Logbook, Wanted
from app.store.store import Store, new_id
from app.store.tickets import Draft, File, Tickets, Who
from app.ui import theme
from app.ui.acceptance import SECONDS, TURN_S, Finding, Subject, measure
from app.ui.commissioning_texts import (
    MARKS,
    block_text,
    item_text,
    note_text,
    problem_text,
    record_text,
    values_text,
    verdict_text,
)
from app.ui.i18n import error_text, failure_text
from app.ui.label_codes import read_serials
from app.ui.log_texts import moment_text
from app.ui.looking_again import AXES
from app.ui.pictures import MAX_PICTURE, as_jpeg
from app.ui.site_plan import PlanDialog
from app.ui.tasks import Task, Tasks
from app.ui.ticket_texts import category_label, number_text

_CODE = Qt.ItemDataRole.UserRole
MEASURE_TIMEOUT_S = 180.0
PLANNED = ("identity.place", "picture.view", "picture.detail")
"""Items that the plan gives values for."""
FAULT_OF = {
    "function.ptz": "P01", "function.presets": "P02", "overlay.clock": "O01", "overlay.text": "O03",
    "network.loss": "N05", "function.main_stream": "V01", "function.sub_stream": "V01",
    "recording.playback": "S05", "recording.retention": "S03", "site.cabinet": "M03",
    "picture.night": "V11", "picture.view": "V06", "picture.day": "V04",
    "security.password": "X01", "security.firmware": "X03", "security.certificate": "X04",
    "site.sign": "M02",
}  # fmt: skip
"""What is reported for an item that failed."""


class CommissioningWindow(QDialog):
    """One camera's record: the list on the left, the item on the right, who signs below.

    `accepted_record` and `compare_asked` carry the camera.
    """

    accepted_record = Signal(str)
    compare_asked = Signal(str)

    def __init__(
        self, store: Store, logbook: Logbook, tasks: Tasks, camera: CameraRow, subject: Subject,
        who: Callable[[], str], console: Callable[[], str], parent: QWidget | None = None, *,
        language: str = "zh_CN", tickets: Tickets | None = None,
        person: Callable[[], Who] | None = None, seconds: float = SECONDS, turn_s: float = TURN_S,
    ) -> None:  # fmt: skip
        """`who` and `console` say who is signed in, and where; `person` is the same for the faults that
        are reported in `tickets`. `seconds`, `turn_s`: how long is measured, and turned."""
        super().__init__(parent)
        self._store, self._log, self._tasks = store, logbook, tasks
        self._camera, self._subject, self._who, self._console = camera, subject, who, console
        self._language, self._seconds, self._turn_s = language, seconds, turn_s
        self._tickets = tickets or Tickets(store)
        self._person = person or (lambda: Who(who() or "?", console() or "?"))
        self.record: Record | None = None
        self._queue: list[tuple[Kind, str, dict[str, Any]]] = []
        self._writing = self._closing = False
        self._measuring: Task | None = None
        self._picture: bytes | None = None
        self._fetched: set[str] = set()
        self._findings.connect(self._found)
        self._build()
        self.setWindowTitle(
            self.tr("Check and accept: {camera}").format(camera=camera.title(language))
        )
        theme.fit(self, 1080, 700)
        self.list.setFocus()
        self._load()

    # -- building

    def _build(self) -> None:
        self.title, self.told = QLabel(), QLabel()
        self.title.setObjectName("heading")
        self.told.setObjectName("hint")
        for label in (self.title, self.told):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setFormat(self.tr("%v of %m done"))
        self.list = QTreeWidget()
        self.list.setHeaderLabels([self.tr("Item"), self.tr("Result")])
        self.list.setUniformRowHeights(True)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.currentItemChanged.connect(lambda *_: self._show_item())
        self.measure_button = QPushButton(self.tr("&Measure"))
        self.measure_button.setToolTip(
            self.tr("Streams, clock, connections and PTZ; takes about a minute. The camera turns.")
        )
        self.measure_button.clicked.connect(self._measure)
        left = QWidget()
        column = QVBoxLayout(left)
        column.addWidget(self.list, 1)
        column.addWidget(self.measure_button)

        self.item_title, self.what, self.found, self.wrong = (QLabel() for _ in range(4))
        self.item_title.setObjectName("heading")
        self.what.setObjectName("hint")
        self.wrong.setObjectName("error")
        for label in (self.item_title, self.what, self.found, self.wrong):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setMinimumHeight(110)
        self.picture.setFrameShape(QFrame.Shape.StyledPanel)
        self.note = QPlainTextEdit()
        self.note.setPlaceholderText(
            self.tr("Note: the value, what is wrong, or why it does not apply")
        )
        self.note.setMaximumHeight(90)
        self.note.setTabChangesFocus(True)
        self.take = QPushButton(self.tr("&Take picture now"))
        self.take.clicked.connect(self._take)
        self.photo = QPushButton(self.tr("&Choose photo…"))
        self.photo.clicked.connect(self._choose_photo)
        self.propose = QPushButton(self.tr("Propose a &code"))
        self.propose.setToolTip(
            self.tr(
                "A free one by GB/T 28181, after the site's other cameras; asks before it is entered"
            )
        )
        self.propose.clicked.connect(self._propose)
        self.plan = QPushButton(self.tr("P&lace and view…"))
        self.plan.setToolTip(
            self.tr("On a plan, with the field of view and the detail at marked distances")
        )
        self.plan.clicked.connect(self._place)
        self.scan = QPushButton(self.tr("Read from p&hoto…"))
        self.scan.setToolTip(self.tr("The QR or bar code on the label of the device"))
        self.scan.clicked.connect(self._choose_label)
        self.verdicts = {
            Verdict.MET: QPushButton(self.tr("&Pass")),
            Verdict.FAILED: QPushButton(self.tr("&Fail")),
            Verdict.NOT_APPLICABLE: QPushButton(self.tr("&Not applicable")),
        }
        for verdict, button in self.verdicts.items():
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, v=verdict: self._decide(v))
        right = QWidget()
        column = QVBoxLayout(right)
        for widget in (self.item_title, self.what, self.found, self.picture):
            column.addWidget(widget, 100 if widget is self.picture else 0)
        pictures = QHBoxLayout()
        pictures.addWidget(self.take)
        for button in (self.photo, self.propose, self.scan, self.plan):
            button.setAutoDefault(False)
            pictures.addWidget(button)
        self.take.setAutoDefault(False)
        pictures.addStretch(1)
        column.addLayout(pictures)
        column.addWidget(self.note)
        column.addWidget(self.wrong)
        column.addStretch(1)  # where there is no picture, the words stay together
        verdicts = QHBoxLayout()
        for button in self.verdicts.values():
            verdicts.addWidget(button)
        verdicts.addStretch(1)
        column.addLayout(verdicts)

        split = QSplitter()
        split.addWidget(left)
        split.addWidget(right)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([400, 640])
        split.setChildrenCollapsible(False)

        def foot(text: str, tip: str = "") -> QPushButton:
            made = QPushButton(text)
            made.setToolTip(tip)
            made.setAutoDefault(False)
            buttons.addWidget(made)
            return made

        buttons = QHBoxLayout()
        self.report = foot(self.tr("&Report (PDF)…"))
        self.compare = foot(self.tr("Has it &moved?…"))
        buttons.addStretch(1)
        self.faults = foot(
            self.tr("Report &faults…"), self.tr("One fault for all items that failed, filled in")
        )
        self.send_back = foot(self.tr("Send &back…"))
        self.accept_button = foot(self.tr("&Accept…"))
        self.submit = foot(self.tr("&Sign and submit"))
        self.sample = foot(self.tr("Samp&led"), self.tr("A third person has looked at it, too"))
        self.anew = foot(
            self.tr("Ne&w acceptance"),
            self.tr("After a repair or a change; this one stays as it is"),
        )
        for button in (
            self.compare,
            self.faults,
            self.send_back,
            self.accept_button,
            self.submit,
            self.sample,
            self.anew,
        ):
            button.hide()  # which of them are wanted, the record says
        shut = foot(self.tr("Close"))
        self.submit.clicked.connect(lambda: self._enter(Kind.SUBMITTED, {}))
        self.send_back.clicked.connect(self._send_back)
        self.accept_button.clicked.connect(self._accept)
        self.faults.clicked.connect(lambda: self._report_faults())
        self.sample.clicked.connect(self._sample)
        self.compare.clicked.connect(lambda: self.compare_asked.emit(self._camera.id))
        self.anew.clicked.connect(lambda: self._load(anew=True))
        self.report.clicked.connect(self._report)
        shut.clicked.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addWidget(self.title)
        layout.addWidget(self.bar)
        layout.addWidget(split, 1)
        layout.addWidget(self.told)
        layout.addLayout(buttons)

    # -- the record

    def _load(self, *, anew: bool = False) -> None:
        """The camera's record that is not accepted yet, else the accepted one, else a new one."""

        def read(_: Task) -> Record:
            states = (State.DRAFT, State.SUBMITTED, State.SENT_BACK)
            wanted = Wanted(Book.COMMISSIONING, states=states, camera_id=self._camera.id)
            found = self._log.subjects(wanted, 1)
            record = self._log.acceptance(found[0].id) if found else None
            if record is None and not anew:
                record = self._log.baseline_of(self._camera.id)
            return record or Record(self._camera.id, self._subject.head is not None, id=new_id(),
                                    name=self._camera.name)  # fmt: skip

        if self._writing or self._queue:
            return  # what was entered belongs to the record that is here
        self.record = None
        self._tasks.run(self, read, self._show, self._failed)

    def _failed(self, error: Exception) -> None:
        self._writing = self._closing = False
        self._queue.clear()
        self._say(error_text(error), wrong=True)

    def _say(self, text: str, *, wrong: bool = False) -> None:
        theme.tell(self.told, text, "error" if wrong else "hint")

    def _enter(self, kind: Kind, data: dict[str, Any]) -> bool:
        """Take a step and write it down; False where it may not be taken."""
        record = self.record
        if record is None:
            return False
        try:
            after = step(record, kind, self._who(), datetime.now(UTC), data)
        except CommissioningError as error:
            names = ", ".join(item_text(i)[0] for i in error.items if i in BY_CODE)
            self._say(" ".join(p for p in (problem_text(error.reason), names) if p), wrong=True)
            return False
        self._queue.append((kind, self._who(), data))
        self._show(after)
        self._write()
        return True

    def _write(self) -> None:
        if self._writing or not self._queue or self.record is None:
            return
        queue, self._queue = self._queue, []
        self._writing = True
        record, console = self.record, self._console()

        def entry(kind: Kind, who: str, data: dict[str, Any]) -> Entry:
            return Entry(Book.COMMISSIONING, record.id, kind, who, console, data, record.camera)

        def write(_: Task) -> str:
            entries = [entry(*made) for made in queue]
            if not self._log.entries(record.id):
                first = {"name": record.name, "turns": record.turns, "version": CHECKLIST_VERSION}
                entries.insert(0, entry(Kind.BEGUN, queue[0][1], first))
            begun = self._log.add(*entries)[0]
            if begun.kind != Kind.BEGUN:
                return ""
            return shown_number(begun.console, int(begun.data["number"]))

        def done(number: str) -> None:
            self._writing = False
            if number and self.record is not None:
                self._show(dc_replace(self.record, number=number))
            self._write()
            if self._closing and not self._writing:
                self.close()

        self._tasks.run(self, write, done, self._failed)

    # -- showing

    def _show(self, record: Record) -> None:
        first = self.record is None
        self.record = record
        mine = "" if record.camera != self._camera.id else self._camera.title(self._language)
        done, of = record.progress
        self.bar.setRange(0, of)
        self.bar.setValue(done)
        parts = [mine or record.name, record.number, record_text(record.state)]
        if record.installer:
            parts.append(self.tr("installer {name}").format(name=record.installer))
        if record.reviewer:
            parts.append(self.tr("reviewer {name}").format(name=record.reviewer))
        if record.sampler:
            parts.append(self.tr("sampled by {name}").format(name=record.sampler))
        self.title.setText("  ·  ".join(p for p in parts if p))
        chosen = self._chosen()
        self.list.blockSignals(True)
        self.list.clear()
        blocks: dict[str, QTreeWidgetItem] = {}
        remarks = dict(record.remarks)
        select: QTreeWidgetItem | None = None
        for item in record.items:
            if item.block not in blocks:
                block = QTreeWidgetItem([block_text(item.block), ""])
                block.setFlags(Qt.ItemFlag.ItemIsEnabled)
                self.list.addTopLevelItem(block)
                blocks[item.block] = block
            result = record.results.get(item.code)
            verdict = result.verdict if result else Verdict.OPEN
            row = QTreeWidgetItem(
                [item_text(item.code)[0], f"{MARKS[verdict]} {verdict_text(verdict)}"]
            )
            row.setData(0, _CODE, item.code)
            if item.code in remarks and verdict is Verdict.OPEN:
                row.setText(1, f"! {self.tr('sent back')}")
                row.setToolTip(1, remarks[item.code])
            elif record.tickets.get(item.code):
                row.setText(1, f"{row.text(1)}  {record.tickets[item.code]}")
            row.setToolTip(0, item_text(item.code)[1])
            blocks[item.block].addChild(row)
            if item.code == chosen or (first and select is None and item.code in record.missing):
                select = row
        self.list.expandAll()
        self.list.blockSignals(False)
        if select is None and first:
            head = self.list.topLevelItem(0)
            select = head.child(0) if head is not None else None
        if select is not None:
            self.list.setCurrentItem(select)
        editable = record.state in (State.DRAFT, State.SENT_BACK)
        self.measure_button.setEnabled(editable and self._measuring is None)
        self.measure_button.setVisible(editable)
        submitted, done_with = record.state is State.SUBMITTED, not editable
        for button, shown, usable in (
            (self.submit, editable, True), (self.send_back, submitted, True),
            (self.accept_button, submitted, True),
            (self.faults, done_with and bool(record.failed), bool(record.unreported)),
            (self.sample, record.state is State.ACCEPTED, True),
            (self.compare, record.accepted_at is not None, True),
            (self.anew, record.accepted_at is not None, True),
        ):  # fmt: skip
            button.setVisible(shown)
            button.setEnabled(usable)
        self.report.setEnabled(bool(record.results))
        self._show_item()
        if first and editable and not record.results:
            self._say(self.tr("Begin with “Measure”: the client checks by itself what it can."))
        elif first and record.state is State.SENT_BACK:
            self._say(
                self.tr("Sent back: %n item(s) to do again.", "", len(record.remarks)), wrong=True
            )
        elif first and submitted and record.unreported:
            self._say(self.tr("%n item(s) failed: “Report faults…” makes one fault of them.", "",
                              len(record.unreported)))  # fmt: skip

    def _chosen(self) -> str:
        item = self.list.currentItem()
        return str(item.data(0, _CODE) or "") if item is not None else ""

    def _show_item(self) -> None:
        record, code = self.record, self._chosen()
        known = record is not None and code in BY_CODE
        own = (self.note, self.take, self.photo, self.propose, self.scan, self.plan)
        for widget in (*own, *self.verdicts.values()):
            widget.setEnabled(known and record is not None
                              and record.state in (State.DRAFT, State.SENT_BACK))  # fmt: skip
        if record is None or not known:
            for label in (self.item_title, self.what, self.found, self.wrong):
                label.clear()
            for widget in (self.picture, *own[1:]):
                widget.hide()
            return
        item, result = BY_CODE[code], record.results.get(code)
        name, what = item_text(code)
        self.item_title.setText(f"{block_text(item.block)}: {name}")
        self.what.setText(what)
        lines = [verdict_text(result.verdict if result else Verdict.OPEN)]
        if result is not None:
            lines[0] = f"{lines[0]}  ·  {moment_text(result.at)}  ·  {result.by}"
            if result.values:
                lines.append(values_text(result.values))
        ticket = record.tickets.get(code)
        if ticket:
            lines.append(self.tr("Fault {number}").format(number=ticket))
        remark = dict(record.remarks).get(code)
        if remark:
            lines.append(self.tr("Sent back: {what}").format(what=remark))
        self.found.setText("\n".join(lines))
        problem = record.missing.get(code, "")
        self.wrong.setText("" if problem in ("", "open") else problem_text(problem))
        self.note.setPlainText(result.note if result else "")
        shown = bool(result and result.files)
        pictures = item.proof in (Proof.PICTURE, Proof.PHOTO)
        self.propose.setVisible(code == "identity.code")
        self.scan.setVisible(code == "identity.serial")
        self.plan.setVisible(code in PLANNED)
        self.take.setVisible(item.proof is Proof.PICTURE)
        self.photo.setVisible(pictures)
        self.picture.setVisible(pictures or shown)
        self._files = list(result.files) if result else []
        self._taken: dict[str, str | float | None] = {}
        self._show_picture()

    def _show_picture(self) -> None:
        if not self._files:
            self.picture.setText(self.tr("No picture yet."))
            return
        sha = self._files[-1]
        data = files.read(self._store, sha)
        pixmap = QPixmap()
        if data is None or not pixmap.loadFromData(data):
            self.picture.setText(self.tr("The picture is not on this workstation."))
            if data is None and self._store.fetch is not None and sha not in self._fetched:
                self._fetched.add(sha)
                self._tasks.run(self, lambda _: files.fetched(self._store, sha),
                                lambda _: self._show_picture(), lambda error: None)  # fmt: skip
            return
        size = self.picture.size().boundedTo(QPixmap(640, 360).size())
        self.picture.setPixmap(
            pixmap.scaled(size, Qt.AspectRatioMode.KeepAspectRatio,
                          Qt.TransformationMode.SmoothTransformation)
        )  # fmt: skip

    # -- items

    def _decide(self, verdict: Verdict) -> None:
        record, code = self.record, self._chosen()
        if record is None or code not in BY_CODE:
            return
        item, before = BY_CODE[code], record.results.get(code)
        note = self.note.toPlainText().strip()
        values = dict(before.values) if before else {}
        if item.proof is Proof.VALUES and note and not item.automatic:
            values["text"] = note
        values |= self._taken
        data = {"item": code, "verdict": verdict, "note": note, "values": values,
                "files": self._files}  # fmt: skip
        problem = _problem(item, verdict, data)
        if problem:
            self.wrong.setText(problem_text(problem))
            self.note.setFocus()
            return
        if self._enter(Kind.RESULT, data):
            self._say("")
            self._next()

    def _next(self) -> None:
        """Go to the next item that is open."""
        record, code = self.record, self._chosen()
        if record is None:
            return
        codes = [i.code for i in record.items]
        at = codes.index(code) + 1 if code in codes else 0
        for other in codes[at:] + codes[:at]:
            if other in record.missing:
                for found in self.list.findItems(
                    item_text(other)[0], Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
                ):
                    if found.data(0, _CODE) == other:
                        self.list.setCurrentItem(found)
                return

    def _take(self) -> None:
        """A fresh picture of the main stream in its own size."""
        from app.video.measurement import measure_stream

        source = self._subject.source
        self.take.setEnabled(False)
        self._say(self.tr("Taking a picture…"))

        def work(task: Task) -> tuple[bytes, dict[str, str | float | None]]:
            where: dict[str, str | float | None] = {}
            if self._subject.head is not None:
                # Where the head was belongs to the picture: it is compared from there.
                with contextlib.suppress(DeviceError):
                    position = self._subject.head().status().position
                    where = dict(zip(AXES, position, strict=True)) if position else {}
            picture = measure_stream(
                source.streams[0], source.credentials, source.transport, 0.5, task.cancelled,
                verify_tls=source.verify_tls,
            ).picture  # fmt: skip
            return picture, where

        def failed(error: Exception) -> None:
            self.take.setEnabled(True)
            self._say(failure_text(str(error), error_text(error)), wrong=True)

        self._tasks.run(self, work, lambda found: self._keep_picture(*found), failed)

    def _choose_photo(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Choose photo"), "", self.tr("Pictures (*.jpg *.jpeg *.png)")
        )
        if not path:
            return

        def work(_: Task) -> bytes:
            with Path(path).open("rb") as file:
                data = file.read(MAX_PICTURE + 1)
            if len(data) > MAX_PICTURE:
                raise ValueError("size")
            return as_jpeg(data)

        def failed(error: Exception) -> None:
            self._say(self.tr("This file is no picture that can be used (JPEG or PNG, at most 16 MB)."),
                      wrong=True)  # fmt: skip

        self._tasks.run(self, work, self._keep_picture, failed)

    def _keep_picture(
        self, data: bytes, taken: Mapping[str, str | float | None] | None = None
    ) -> None:
        code = self._chosen()
        name = f"{code}.jpg"

        def work(_: Task) -> str:
            return files.attach(self._store, "channel", self._camera.id, name, "image/jpeg", data)

        def done(sha: str) -> None:
            self.take.setEnabled(True)
            self._say("")
            if self._chosen() == code:
                self._files = [*self._files, sha]
                self._taken = dict(taken or {})
                self._show_picture()

        self._tasks.run(self, work, done, self._failed)

    # -- measuring

    def _measure(self) -> None:
        if self._measuring is not None or self.record is None:
            return
        self.measure_button.setEnabled(False)
        self._say(self.tr("Measuring: streams, clock, connections, PTZ…"))

        def told(finding: Finding) -> None:
            self._findings.emit(finding)

        self._measuring = self._tasks.run(
            self, lambda task: measure(self._subject, told, task.cancelled, self._seconds, self._turn_s),
            self._measured,
            self._not_measured, timeout_s=MEASURE_TIMEOUT_S,
        )  # fmt: skip

    _findings = Signal(object)

    def _found(self, finding: Finding) -> None:
        if self.record is None or finding.item not in {i.code for i in self.record.items}:
            return
        note = note_text(finding.note)
        self._enter(Kind.RESULT, {"item": finding.item, "verdict": finding.verdict, "note": note,
                                  "values": dict(finding.values), "files": []})  # fmt: skip

    def _measured(self, picture: bytes | None) -> None:
        self._measuring, self._picture = None, picture
        self.measure_button.setEnabled(True)
        self._say(self.tr("Measured. What is left needs your eyes."))
        self._next()

    def _not_measured(self, error: Exception) -> None:
        self._measuring = None
        self.measure_button.setEnabled(True)
        self._say(self.tr("Not measured: {reason}").format(reason=error_text(error)), wrong=True)

    # -- signing

    def _send_back(self) -> None:
        """A list: each item with what is to be done."""
        record = self.record
        if record is None:
            return
        dialog = RemarksDialog(record, self._chosen(), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(
            lambda: self._enter(Kind.SENT_BACK, {"remarks": [list(r) for r in dialog.remarks()]})
        )
        dialog.open()

    def _accept(self) -> None:
        record = self.record
        if record is None:
            return
        if record.unreported:
            self._report_faults(lambda: self._accept())
        elif self._enter(Kind.ACCEPTED, {"tickets": dict(record.tickets)}):
            self._say(self.tr("Accepted. Its pictures and values are the camera's baseline now."))
            self._keep_reference()
            self.accepted_record.emit(record.camera)

    def _sample(self) -> None:
        if self._enter(Kind.SAMPLED, {}):
            self._say(self.tr("Sampled."))

    def _keep_reference(self) -> None:
        """The picture by day is what repairs are verified with, too."""
        record = self.record
        result = record.results.get("picture.day") if record else None
        if result is None or not result.files:
            return
        sha = result.files[-1]

        def work(_: Task) -> None:
            data = files.fetched(self._store, sha)
            if data is not None:
                self._tickets.set_reference(self._camera.id, File("", "image/jpeg", data))

        self._tasks.run(self, work, None, self._failed)

    def _report_faults(self, then: Callable[[], object] | None = None) -> None:
        """One fault for the items that failed and have none; its number goes into the record."""
        record = self.record
        if record is None or not record.unreported:
            return
        dialog = FaultsDialog(record, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def entered(number: str) -> None:
            data = {"tickets": dict.fromkeys(record.unreported, number)}
            if self._enter(Kind.REPORTED, data):
                self._say(self.tr("Fault {number} is in the record.").format(number=number))
                if then is not None:
                    then()

        def send() -> None:
            number = dialog.known()
            if number:
                entered(number)
                return
            photos = [sha for code in record.unreported for sha in record.results[code].files][:6]
            draft = Draft(self._camera.id, dialog.category.currentData(),
                          dialog.words.toPlainText().strip()[:1000], source="acceptance")  # fmt: skip

            def work(_: Task) -> str:
                kept = []
                for i, sha in enumerate(photos):
                    if (data := files.fetched(self._store, sha)) is not None:
                        kept.append(File(f"acceptance-{i + 1}.jpg", "image/jpeg", data))
                reported = self._tickets.report(
                    dc_replace(draft, files=tuple(kept)), self._person()
                )
                return number_text(reported.line)

            self._tasks.run(self, work, entered, self._failed)

        dialog.accepted.connect(send)
        dialog.open()

    # -- place and identity

    def _place(self) -> None:
        """On a plan; what is found goes into the items about place, view and detail."""
        dialog = PlanDialog(self._store, self._tasks, self._camera, self._language, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.kept.connect(self._placed)
        dialog.open()

    def _placed(self, values: Mapping[str, Mapping[str, Any]], picture: bytes) -> None:
        def work(_: Task) -> str:
            if not picture:
                return ""
            return files.attach(
                self._store, "channel", self._camera.id, "plan.jpg", "image/jpeg", picture
            )

        def done(sha: str) -> None:
            for code in PLANNED:
                record = self.record
                found = dict(values.get(code, {}))
                if record is None or not found:
                    continue
                before = record.results.get(code)
                # The place is decided by putting it there; the others still need eyes.
                verdict = Verdict.MET if code == "identity.place" else Verdict.OPEN
                if before is not None and before.verdict is not Verdict.OPEN:
                    verdict = before.verdict
                kept = {k: v for k, v in before.values.items() if k == "text"} if before else {}
                pictures = list(before.files) if before and code != "identity.place" else []
                if code == "identity.place" and sha:
                    pictures = [sha]
                self._enter(Kind.RESULT, {"item": code, "verdict": verdict,
                                          "note": before.note if before else "",
                                          "values": {**kept, **found}, "files": pictures})  # fmt: skip
            self._say(self.tr("Kept. The detail at the marks still needs a person to stand there."))

        self._tasks.run(self, work, done, self._failed)

    def _propose(self) -> None:
        """A free code after the site's other cameras; entered when the person agrees."""
        camera = self._camera

        def read(_: Task) -> str:
            file = assets.read(self._store, camera.id)
            division = file.whole.get("division", "") if file else ""
            return assets.proposed_code(self._store, camera.site_id, division)

        def ask(code: str) -> None:
            if not code:
                text = self.tr("No code can be proposed: neither the site's other cameras have one, "
                               "nor is the division known (file of the device, F4).")  # fmt: skip
                self._say(text, wrong=True)
                return
            code, ok = QInputDialog.getText(
                self, self.tr("Propose a code"),
                self.tr("Enter this code for {camera}?").format(camera=camera.title(self._language)),
                text=code,
            )  # fmt: skip
            if ok:
                self._enter_code(code.strip())

        self._tasks.run(self, read, ask, self._failed)

    def _enter_code(self, code: str) -> None:
        if not gb28181.is_valid(code):
            self._say(note_text("bad code"), wrong=True)
            return

        def done(_: object) -> None:
            self._subject = dc_replace(self._subject, code=code)
            self._found(Finding("identity.code", Verdict.MET, {"code": code}))
            self._say(self.tr("The code was entered in the file of the device."))

        def failed(error: Exception) -> None:
            taken = isinstance(error, StoreError) and error.fields.get("code") == "taken"
            text = self.tr("Another camera has this code.") if taken else error_text(error)
            self._say(text, wrong=True)

        camera = self._camera.id
        self._tasks.run(
            self, lambda _: assets.save(self._store, camera, {"code": code}), done, failed
        )

    def _choose_label(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Photo of the label"), "", self.tr("Pictures (*.jpg *.jpeg *.png)")
        )
        if path:
            self._read_label(Path(path))

    def _read_label(self, path: Path) -> None:
        """The serial number out of a photo, into the note: a person still passes it."""
        camera = self._camera.id

        def work(_: Task) -> tuple[list[str], str]:
            with path.open("rb") as photo:
                data = photo.read(MAX_PICTURE + 1)
            if len(data) > MAX_PICTURE:
                raise ValueError("size")
            file = assets.read(self._store, camera)
            return read_serials(data), file.record.get("serial", "") if file else ""

        def done(answer: tuple[list[str], str]) -> None:
            serials, known = answer
            if not serials:
                self._say(self.tr("No QR or bar code can be read in this photo. Go nearer, without "
                                  "reflections, or type the number."), wrong=True)  # fmt: skip
                return
            serial = known if known in serials else serials[0]
            if len(serials) > 1 and not known:
                serial, ok = QInputDialog.getItem(
                    self, self.tr("Serial number"), self.tr("Which is the serial number?"), serials, 0,
                    False,
                )  # fmt: skip
                if not ok:
                    return
            self.note.setPlainText(serial)
            if known and serial != known:
                self._say(self.tr("The label says {label}, the register {register}.").format(
                    label=serial, register=known), wrong=True)  # fmt: skip
            else:
                self._say(self.tr("Read from the label: {serial}").format(serial=serial))

        def failed(error: Exception) -> None:
            self._say(self.tr("This file is no picture that can be used (JPEG or PNG, at most 16 MB)."),
                      wrong=True)  # fmt: skip

        self._tasks.run(self, work, done, failed)

    def _report(self) -> None:
        record = self.record
        if record is None:
            return
        name = f"{record.number or record.name}.pdf".replace("/", "-")
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Report"), name, "PDF (*.pdf)")
        if not path:
            return
        written = self.tr("Written: {name}").format(name=Path(path).name)
        self._tasks.run(
            self, lambda _: write_report(Path(path), record, self._store),
            lambda _: self._say(written), self._failed,
        )  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes as the button does."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """A measurement that runs is broken off; what was entered is written first."""
        if self._measuring is not None:
            self._measuring.cancel()
            self._measuring = None
        if self._writing or self._queue:
            self._closing = True
            event.ignore()
            return
        super().closeEvent(event)


class RemarksDialog(QDialog):
    """What is to be done again: a line for each item that needs it."""

    def __init__(self, record: Record, chosen: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Send back"))
        hint = QLabel(
            self.tr("Write what is to be done beside each item that is to be done again.")
        )
        hint.setObjectName("hint")
        hint.setWordWrap(True)
        self.table = QTreeWidget()
        self.table.setRootIsDecorated(False)
        self.table.setHeaderLabels([self.tr("Item"), self.tr("Result"), self.tr("To do")])
        self.edits: dict[str, QLineEdit] = {}
        for item in record.items:
            result = record.results.get(item.code)
            verdict = result.verdict if result else Verdict.OPEN
            name = f"{block_text(item.block)}: {item_text(item.code)[0]}"
            row = QTreeWidgetItem([name, f"{MARKS[verdict]} {verdict_text(verdict)}", ""])
            row.setToolTip(1, "\n".join(t for t in (values_text(result.values), result.note) if t)
                           if result else "")  # fmt: skip
            self.table.addTopLevelItem(row)
            edit = self.edits[item.code] = QLineEdit()
            edit.setMaxLength(500)
            edit.setAccessibleName(name)
            edit.textChanged.connect(lambda _: self._count())
            self.table.setItemWidget(row, 2, edit)
            if item.code == chosen:
                self.table.setCurrentItem(row)
        header = self.table.header()
        for column in (0, 1):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        buttons = QDialogButtonBox()
        self.ok = buttons.addButton(self.tr("Send back"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(hint)
        layout.addWidget(self.table, 1)
        layout.addWidget(buttons)
        theme.fit(self, 860, 560)
        self._count()
        if chosen in self.edits:
            self.edits[chosen].setFocus()

    def _count(self) -> None:
        self.ok.setEnabled(bool(self.remarks()))

    def remarks(self) -> list[tuple[str, str]]:
        """(item, what is to be done)."""
        return [(c, e.text().strip()) for c, e in self.edits.items() if e.text().strip()]


class FaultsDialog(QDialog):
    """One fault for the items that failed; or the number of one that is there already."""

    def __init__(self, record: Record, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Report faults"))
        codes = record.unreported
        head = QLabel(self.tr("%n item(s) failed. One click reports them as one fault of this camera, with "
                              "their pictures.", "", len(codes)))  # fmt: skip
        head.setWordWrap(True)
        self.category = QComboBox()
        for category in CATEGORIES:
            self.category.addItem(category_label(category.code), category.code)
        usual = next((FAULT_OF[c] for c in codes if c in FAULT_OF), "C05")
        self.category.setCurrentIndex(max(0, self.category.findData(usual)))
        self.words = QPlainTextEdit()
        lines = [self.tr("Acceptance {number}:").format(number=record.number)]
        for code in codes:
            result = record.results[code]
            lines.append("; ".join(t for t in (
                f"{block_text(BY_CODE[code].block)}, {item_text(code)[0]}: {result.note}",
                values_text(result.values)) if t))  # fmt: skip
        self.words.setPlainText("\n".join(lines))
        self.words.setTabChangesFocus(True)
        self.number = QLineEdit()
        self.number.setMaxLength(60)
        self.number.setPlaceholderText(self.tr("only where the fault was reported before"))
        form = QFormLayout()
        form.addRow(self.tr("What is wrong"), self.category)
        form.addRow(self.tr("Words"), self.words)
        form.addRow(self.tr("Number"), self.number)
        buttons = QDialogButtonBox()
        self.ok = buttons.addButton(self.tr("Report"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.ok.setDefault(True)
        layout = QVBoxLayout(self)
        layout.addWidget(head)
        layout.addLayout(form)
        layout.addWidget(buttons)
        theme.fit(self, 620, 380)
        self.ok.setFocus()

    def known(self) -> str:
        """The number of a fault that is there already; "" for a new one."""
        return self.number.text().strip()


def _problem(item: CheckItem, verdict: Verdict, data: Mapping[str, Any]) -> str:
    from app.domain.commissioning import Result

    result = Result(verdict, "", datetime.now(UTC), data["note"], data["values"],
                    tuple(data["files"]))  # fmt: skip
    if item.code == "picture.detail" and verdict is Verdict.MET and not data["note"]:
        return "value missing"  # what is computed is no test person
    return result.problem(item)


def write_report(path: Path, record: Record, store: Store) -> None:
    """The acceptance report as PDF, with pictures, measured values and names. Blocking."""
    document = report_of(record, store)
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(15, 15, 15, 15))
    writer.setTitle(f"{record.name} {record.number}")
    document.print_(writer)


def report_of(record: Record, store: Store) -> QTextDocument:
    """What the report says. Blocking: pictures may have to be brought."""
    document = QTextDocument()
    translate = QCoreApplication.translate
    rows = []
    for item in record.items:
        result = record.results.get(item.code)
        verdict = result.verdict if result else Verdict.OPEN
        told = []
        if result is not None:
            told = [values_text(result.values), "" if result.values.get("text") else result.note]
            if record.tickets.get(item.code):
                told.append(translate("Commissioning", "fault {number}").format(
                    number=record.tickets[item.code]))  # fmt: skip
        rows.append(
            f"<tr><td>{html.escape(block_text(item.block))}</td>"
            f"<td>{html.escape(item_text(item.code)[0])}</td>"
            f"<td>{MARKS[verdict]} {html.escape(verdict_text(verdict))}</td>"
            f"<td>{html.escape('  ·  '.join(t for t in told if t))}</td></tr>"
        )
    pictures = []
    for item in record.items:
        result = record.results.get(item.code)
        for sha in result.files if result else ():
            data = files.fetched(store, sha)
            image = QImage.fromData(QByteArray(data)) if data else QImage()
            if not image.isNull():
                document.addResource(
                    QTextDocument.ResourceType.ImageResource, QUrl(f"picture:{sha}"), image
                )
                pictures.append(
                    f"<p>{html.escape(item_text(item.code)[0])}<br>"
                    f"<img src='picture:{sha}' width='420'><br><small>SHA-256 {sha}</small></p>"
                )
    names = [
        (translate("Commissioning", "Camera"), record.name),
        (translate("Commissioning", "Number"), record.number),
        (translate("Commissioning", "State"), record_text(record.state)),
        (translate("Commissioning", "Installer"), record.installer),
        (translate("Commissioning", "Reviewer"), record.reviewer),
        (translate("Commissioning", "Sampled by"), record.sampler),
        (translate("Commissioning", "Accepted at"),
         moment_text(record.accepted_at) if record.accepted_at else ""),
    ]  # fmt: skip
    head = "".join(
        f"<tr><td>{html.escape(n)}</td><td><b>{html.escape(v)}</b></td></tr>" for n, v in names if v
    )
    title = translate("Commissioning", "Acceptance report")
    claim = translate("Commissioning", "No claim of conformity with any standard.")
    document.setHtml(
        f"<h2>{html.escape(title)}</h2><table>{head}</table><br>"
        f"<table border='1' cellspacing='0' cellpadding='3' width='100%'>{''.join(rows)}</table>"
        + "".join(pictures)
        + f"<p><small>{html.escape(claim)}"
        "</small></p>"
    )
    return document
