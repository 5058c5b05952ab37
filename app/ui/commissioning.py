"""Commissioning of a camera: the checklist, what the client measures, and who signs."""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError
from PySide6.QtCore import QByteArray, QCoreApplication, QMarginsF, Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QImage, QPageSize, QPdfWriter, QPixmap, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

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
from app.domain.logbook import Book, Entry
from app.store import files
from app.store.logbook import Logbook
from app.store.store import Store, new_id
from app.ui.acceptance import Finding, Subject, measure
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
from app.ui.log_texts import moment_text
from app.ui.tasks import Task, Tasks

_CODE = Qt.ItemDataRole.UserRole
MEASURE_TIMEOUT_S = 180.0
MAX_PICTURE = 16 * 2**20


class CommissioningWindow(QDialog):
    """One camera's record: the list on the left, the item on the right, who signs below."""

    accepted_record = Signal(str)  # camera

    def __init__(
        self, store: Store, logbook: Logbook, tasks: Tasks, camera: CameraRow, subject: Subject,
        who: Callable[[], str], console: Callable[[], str], parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`who` and `console` say who is signed in, and where."""
        super().__init__(parent)
        self._store, self._log, self._tasks = store, logbook, tasks
        self._camera, self._subject, self._who, self._console = camera, subject, who, console
        self.record: Record | None = None
        self._queue: list[tuple[Kind, str, dict[str, Any]]] = []
        self._writing = False
        self._measuring: Task | None = None
        self._picture: bytes | None = None
        self._findings.connect(self._found)
        self._build()
        self.setWindowTitle(self.tr("Commissioning: {camera}").format(camera=camera.name))
        self.resize(1080, 720)
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
        self.picture.setMinimumHeight(200)
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
        pictures.addWidget(self.photo)
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
        buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole.ActionRole
        self.submit = buttons.addButton(self.tr("&Sign and submit"), role)
        self.send_back = buttons.addButton(self.tr("Send &back…"), role)
        self.accept_button = buttons.addButton(self.tr("&Accept…"), role)
        self.report = buttons.addButton(self.tr("&Report (PDF)…"), role)
        buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        for made in buttons.buttons():
            if isinstance(made, QPushButton):
                made.setAutoDefault(False)
        self.submit.clicked.connect(lambda: self._enter(Kind.SUBMITTED, {}))
        self.send_back.clicked.connect(self._send_back)
        self.accept_button.clicked.connect(self._accept)
        self.report.clicked.connect(self._report)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addWidget(self.title)
        layout.addWidget(self.bar)
        layout.addWidget(split, 1)
        layout.addWidget(self.told)
        layout.addWidget(buttons)

    # -- the record

    def _load(self) -> None:
        """The camera's record that is not accepted yet, or a new one."""

        def read(_: Task) -> Record:
            from app.store.logbook import Wanted

            states = (State.DRAFT, State.SUBMITTED, State.SENT_BACK)
            wanted = Wanted(Book.COMMISSIONING, states=states, camera_id=self._camera.id)
            found = self._log.subjects(wanted, 1)
            record = self._log.acceptance(found[0].id) if found else None
            return record or Record(self._camera.id, self._subject.head is not None, id=new_id(),
                                    name=self._camera.name)  # fmt: skip

        self._tasks.run(self, read, self._show, self._failed)

    def _failed(self, error: Exception) -> None:
        self._writing = False
        self._queue.clear()
        self._say(error_text(error), wrong=True)

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self.told.setObjectName("error" if wrong else "hint")
        self.told.style().unpolish(self.told)
        self.told.style().polish(self.told)
        self.told.setText(text)

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

        def write(_: Task) -> None:
            entries = [entry(*made) for made in queue]
            if not self._log.entries(record.id):
                begun = {"name": record.name, "turns": record.turns, "version": CHECKLIST_VERSION}
                entries.insert(0, entry(Kind.BEGUN, queue[0][1], begun))
            self._log.add(*entries)

        def done(_: Any) -> None:
            self._writing = False
            self._write()

        self._tasks.run(self, write, done, self._failed)

    # -- showing

    def _show(self, record: Record) -> None:
        first = self.record is None
        self.record = record
        done, of = record.progress
        self.bar.setRange(0, of)
        self.bar.setValue(done)
        parts = [record.name, record.number, record_text(record.state)]
        if record.installer:
            parts.append(self.tr("installer {name}").format(name=record.installer))
        if record.reviewer:
            parts.append(self.tr("reviewer {name}").format(name=record.reviewer))
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
            if item.code in remarks:
                row.setText(1, f"! {self.tr('sent back')}")
                row.setToolTip(1, remarks[item.code])
            row.setToolTip(0, item_text(item.code)[1])
            blocks[item.block].addChild(row)
            if item.code == chosen or (first and select is None and item.code in record.missing):
                select = row
        self.list.expandAll()
        self.list.blockSignals(False)
        if select is not None:
            self.list.setCurrentItem(select)
        editable = record.state in (State.DRAFT, State.SENT_BACK)
        self.measure_button.setEnabled(editable and self._measuring is None)
        self.submit.setEnabled(editable)
        self.send_back.setEnabled(record.state is State.SUBMITTED)
        self.accept_button.setEnabled(record.state is State.SUBMITTED)
        self.report.setEnabled(bool(record.results))
        self._show_item()
        if first and editable and not record.results:
            self._say(self.tr("Begin with “Measure”: the client checks by itself what it can."))

    def _chosen(self) -> str:
        item = self.list.currentItem()
        return str(item.data(0, _CODE) or "") if item is not None else ""

    def _show_item(self) -> None:
        record, code = self.record, self._chosen()
        known = record is not None and code in BY_CODE
        for widget in (self.note, self.take, self.photo, *self.verdicts.values()):
            widget.setEnabled(known and record is not None
                              and record.state in (State.DRAFT, State.SENT_BACK))  # fmt: skip
        if record is None or not known:
            for label in (self.item_title, self.what, self.found, self.wrong):
                label.clear()
            self.picture.clear()
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
        remark = dict(record.remarks).get(code)
        if remark:
            lines.append(self.tr("Sent back: {what}").format(what=remark))
        self.found.setText("\n".join(lines))
        problem = record.missing.get(code, "")
        self.wrong.setText("" if problem in ("", "open") else problem_text(problem))
        self.note.setPlainText(result.note if result else "")
        pictures = item.proof in (Proof.PICTURE, Proof.PHOTO)
        self.take.setVisible(item.proof is Proof.PICTURE)
        self.photo.setVisible(pictures)
        self.picture.setVisible(pictures)
        self._files = list(result.files) if result else []
        self._show_picture()

    def _show_picture(self) -> None:
        if not self._files:
            self.picture.setText(self.tr("No picture yet."))
            return
        data = files.read(self._store, self._files[-1])
        pixmap = QPixmap()
        if data is None or not pixmap.loadFromData(data):
            self.picture.setText(self.tr("The picture is not on this console."))
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
            values = {"text": note}
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

        def work(task: Task) -> bytes:
            return measure_stream(
                source.streams[0], source.credentials, source.transport, 0.5, task.cancelled,
                verify_tls=source.verify_tls,
            ).picture  # fmt: skip

        def failed(error: Exception) -> None:
            self.take.setEnabled(True)
            self._say(failure_text(str(error), error_text(error)), wrong=True)

        self._tasks.run(self, work, self._keep_picture, failed)

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
            return _as_jpeg(data)

        def failed(error: Exception) -> None:
            self._say(self.tr("This file is no picture that can be used (JPEG or PNG, at most 16 MB)."),
                      wrong=True)  # fmt: skip

        self._tasks.run(self, work, self._keep_picture, failed)

    def _keep_picture(self, data: bytes) -> None:
        code = self._chosen()
        name = f"{code}.jpg"

        def work(_: Task) -> str:
            return files.attach(self._store, "channel", self._camera.id, name, "image/jpeg", data)

        def done(sha: str) -> None:
            self.take.setEnabled(True)
            self._say("")
            if self._chosen() == code:
                self._files = [*self._files, sha]
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
            self, lambda task: measure(self._subject, told, task.cancelled), self._measured,
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
        code = self._chosen()
        if code not in BY_CODE:
            self._say(self.tr("Choose the item that is to be done again."), wrong=True)
            return
        what, ok = QInputDialog.getMultiLineText(
            self, self.tr("Send back"),
            self.tr("What is to be done about “{item}”?").format(item=item_text(code)[0]),
        )  # fmt: skip
        if ok:
            self._enter(Kind.SENT_BACK, {"remarks": [[code, what.strip()]]})

    def _accept(self) -> None:
        record = self.record
        if record is None:
            return
        tickets: dict[str, str] = {}
        for code in record.failed:
            number, ok = QInputDialog.getText(
                self, self.tr("Accept"),
                self.tr("“{item}” failed. The number of its fault report:").format(
                    item=item_text(code)[0]
                ),
            )  # fmt: skip
            if not ok:
                return
            tickets[code] = number.strip()
        if self._enter(Kind.ACCEPTED, {"tickets": tickets}):
            self._say(self.tr("Accepted. Its pictures and values are the camera's baseline now."))
            self.accepted_record.emit(record.camera)

    def _report(self) -> None:
        record = self.record
        if record is None:
            return
        name = f"{record.number or record.name}.pdf".replace("/", "-")
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Report"), name, "PDF (*.pdf)")
        if path:
            write_report(Path(path), record, self._store)
            self._say(self.tr("Written: {name}").format(name=Path(path).name))

    def closeEvent(self, event: QCloseEvent) -> None:
        """What was found is written already; a measurement that runs is broken off."""
        if self._measuring is not None:
            self._measuring.cancel()
        super().closeEvent(event)


def _problem(item: CheckItem, verdict: Verdict, data: Mapping[str, Any]) -> str:
    from app.domain.commissioning import Result

    result = Result(verdict, "", datetime.now(UTC), data["note"], data["values"],
                    tuple(data["files"]))  # fmt: skip
    return result.problem(item)


def _as_jpeg(data: bytes) -> bytes:
    """A photo as JPEG of at most 1920 pixels, without what the camera wrote beside it (place, device).
    Raises ValueError for what is no picture."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
            picture.thumbnail((1920, 1920))
            out = io.BytesIO()
            picture.convert("RGB").save(out, "JPEG", quality=88)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise ValueError("no picture") from error
    return out.getvalue()


def write_report(path: Path, record: Record, store: Store) -> None:
    """The acceptance report as PDF, with pictures, measured values and names."""
    document = QTextDocument()
    rows = []
    for item in record.items:
        result = record.results.get(item.code)
        verdict = result.verdict if result else Verdict.OPEN
        told = []
        if result is not None:
            told = [values_text(result.values), "" if result.values.get("text") else result.note]
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
            data = files.read(store, sha)
            image = QImage.fromData(QByteArray(data)) if data else QImage()
            if not image.isNull():
                document.addResource(
                    QTextDocument.ResourceType.ImageResource, QUrl(f"picture:{sha}"), image
                )
                pictures.append(
                    f"<p>{html.escape(item_text(item.code)[0])}<br>"
                    f"<img src='picture:{sha}' width='420'><br><small>SHA-256 {sha}</small></p>"
                )
    translate = QCoreApplication.translate
    names = [
        (translate("Commissioning", "Camera"), record.name),
        (translate("Commissioning", "Number"), record.number),
        (translate("Commissioning", "State"), record_text(record.state)),
        (translate("Commissioning", "Installer"), record.installer),
        (translate("Commissioning", "Reviewer"), record.reviewer),
        (translate("Commissioning", "Accepted at"),
         moment_text(record.accepted_at) if record.accepted_at else ""),
    ]  # fmt: skip
    head = "".join(
        f"<tr><td>{html.escape(n)}</td><td><b>{html.escape(v)}</b></td></tr>" for n, v in names if v
    )
    claim = translate("Commissioning", "No claim of conformity with any standard.")
    document.setHtml(
        f"<h2>{html.escape(translate('Commissioning', 'Acceptance report'))}</h2><table>{head}</table><br>"
        f"<table border='1' cellspacing='0' cellpadding='3' width='100%'>{''.join(rows)}</table>"
        + "".join(pictures)
        + f"<p><small>{html.escape(claim)}"
        "</small></p>"
    )
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(15, 15, 15, 15))
    writer.setTitle(f"{record.name} {record.number}")
    document.print_(writer)
