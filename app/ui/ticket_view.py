"""One ticket: how it stands, all that happened, and what this person may do; verification; PDF."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QDateTime, QMarginsF, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QDesktopServices,
    QImage,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QPixmap,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import Organisation
from app.domain.ticket import CATEGORIES, PAUSE_REASONS, Action, Event, Priority
from app.store.tickets import Attached, File, Full, Tickets, Who
from app.ui import i18n, theme
from app.ui.tasks import Tasks
from app.ui.ticket_report import jpeg, organisation_name
from app.ui.ticket_texts import (
    action_text,
    category_label,
    category_text,
    due_text,
    number_text,
    pause_text,
    problem_text,
    refusal_text,
    span_text,
    state_text,
    when_text,
)
from app.video.types import StreamState, StreamStatus

Live = Callable[[str], tuple[StreamStatus, QImage | None]]
"""What the wall knows of a camera: its stream, and its picture with private areas covered."""

OFFERED = (
    Action.TRIAGE, Action.DISPATCH, Action.ACCEPT, Action.ARRIVE, Action.REPAIR, Action.VERIFY,
    Action.CLOSE, Action.DECLINE, Action.ASK_PAUSE, Action.PAUSE, Action.REFUSE_PAUSE,
    Action.RESUME, Action.PRIORITY, Action.ESCALATE, Action.REOPEN, Action.CANCEL,
)  # fmt: skip
"""In this order; the others are done elsewhere or by themselves."""

ALWAYS_SHOWN = (
    Action.DISPATCH, Action.ACCEPT, Action.ARRIVE, Action.REPAIR, Action.VERIFY, Action.CLOSE,
    Action.CANCEL,
)  # fmt: skip
"""The way of a ticket: shown also to those who may not, with the reason."""


class TicketDialog(QDialog):
    """A ticket on screen. `changed` after something was done."""

    changed = Signal()

    def __init__(
        self, tickets: Tickets, tasks: Tasks, ticket_id: str, who: Callable[[], Who],
        language: str, organisations: list[Organisation], live: Live,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._tickets, self._tasks, self.ticket_id = tickets, tasks, ticket_id
        self._who, self._language, self._live = who, language, live
        self._organisations = organisations
        self.full: Full | None = None
        self.head, self.clock = QLabel(), QLabel()
        self.head.setStyleSheet("font-size: 17px; font-weight: 600;")
        self.head.setTextFormat(Qt.TextFormat.PlainText)
        self.clock.setStyleSheet("font-weight: 600;")
        self.story = QTextBrowser()
        self.story.setOpenLinks(False)
        self.story.anchorClicked.connect(self._open_file)
        self.buttons: dict[Action, QPushButton] = {}
        side = QVBoxLayout()
        side.setSpacing(5)
        title = QLabel(self.tr("What you may do"))
        title.setObjectName("hint")
        side.addWidget(title)
        for action in OFFERED:
            button = QPushButton(action_text(action))
            button.setAutoDefault(False)
            button.clicked.connect(lambda _, a=action: self.ask(a))
            self.buttons[action] = button
            side.addWidget(button)
        side.addStretch(1)
        holder = QWidget()
        holder.setLayout(side)
        area = QScrollArea()
        area.setWidget(holder)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFixedWidth(230)
        self.comment = QLineEdit()
        self.comment.setMaxLength(2000)
        self.comment.setPlaceholderText(self.tr("Comment: Enter adds it"))
        self.comment.returnPressed.connect(self._comment)
        attach = QPushButton(self.tr("Attach &file…"))
        attach.setAutoDefault(False)
        attach.clicked.connect(self._attach)
        pdf = QPushButton(self.tr("Save as &PDF…"))
        pdf.setAutoDefault(False)
        pdf.clicked.connect(self._ask_pdf)
        self.told = QLabel()
        self.told.setObjectName("error")
        self.told.setWordWrap(True)
        self.told.hide()
        close = QPushButton(self.tr("Close window"))
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        bottom = QHBoxLayout()
        bottom.addWidget(self.comment, 1)
        bottom.addWidget(attach)
        bottom.addWidget(pdf)
        bottom.addWidget(close)
        middle = QHBoxLayout()
        middle.addWidget(self.story, 1)
        middle.addWidget(area)
        layout = QVBoxLayout(self)
        layout.addWidget(self.head)
        layout.addWidget(self.clock)
        layout.addLayout(middle, 1)
        layout.addWidget(self.told)
        layout.addLayout(bottom)
        self.resize(940, 660)
        self._tick = QTimer(self)
        self._tick.timeout.connect(self._show_clock)
        self._tick.start(1000)
        self.reload()

    def reload(self) -> None:
        """Read it again."""
        tickets, identity, who = self._tickets, self.ticket_id, self._who()

        def show(full: Full | None) -> None:
            if full is None:
                self._say(self.tr("This ticket is not on this console any more."))
                return
            self.full = full
            self._show()

        self._tasks.run(
            self, lambda _: tickets.full(identity, who), show,
            lambda error: self._say(i18n.error_text(error)),
        )  # fmt: skip

    def _say(self, text: str) -> None:
        self.told.setText(text)
        self.told.setVisible(bool(text))

    # -- showing

    def _show(self) -> None:
        full = self.full
        assert full is not None
        line = full.line
        self.setWindowTitle(
            self.tr("Fault {number}: {camera}").format(
                number=number_text(line), camera=line.name(self._language)
            )
        )
        self.head.setText(
            f"{number_text(line)}   {line.name(self._language)}   ·   "
            f"{category_text(line.category)}   ·   {line.priority}   ·   {state_text(line.state)}"
        )
        for action, button in self.buttons.items():
            refusal = full.may[action]
            button.setEnabled(refusal is None)
            button.setVisible(refusal is None or action in ALWAYS_SHOWN)
            button.setToolTip("" if refusal is None else refusal_text(refusal))
            text = action_text(action)
            button.setText(text if refusal is None else f"{text}\n{self._why(refusal)}")
            button.setStyleSheet("" if refusal is None else "text-align: left; font-size: 11px;")
        self.comment.setEnabled(full.may[Action.COMMENT] is None)
        self.story.setHtml(story(full, self._language))
        self._show_clock()

    def _why(self, refusal: Any) -> str:
        return {
            "forbidden": self.tr("not for your role"),
            "invalid_state": self.tr("not in this state"),
            "same_person": self.tr("you worked on it"),
        }.get(refusal.code, refusal_text(refusal))

    def _show_clock(self) -> None:
        if self.full is None:
            return
        line, now = self.full.line, datetime.now(UTC)
        late = line.overdue(now)
        parts = [due_text(line, now)]
        if line.due is not None:
            parts.append(self.tr("due {time}").format(time=when_text(line.due)))
        if line.asked:
            parts.append(
                self.tr("a pause is asked for: {reason}").format(reason=pause_text(line.asked))
            )
        if line.level:
            parts.append(self.tr("escalated"))
        self.clock.setText("    ".join(p for p in parts if p))
        colour = theme.RED if late else theme.DIM_TEXT
        self.clock.setStyleSheet(f"font-weight: 600; color: {colour.name()};")

    def _open_file(self, url: QUrl) -> None:
        full = self.full
        for file in full.files if full else ():
            if file.id == url.path() and file.path is not None:
                suffix = Path(file.name).suffix or ".bin"
                shown = file.path.parent / "shown"
                shown.mkdir(exist_ok=True)
                copy = shown / f"{file.sha256[:16]}{suffix}"
                if not copy.exists():
                    copy.write_bytes(file.path.read_bytes())
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(copy)))

    # -- doing

    def ask(self, action: Action) -> None:
        """Ask what has to be said, then do it."""
        full = self.full
        if full is None or full.may[action] is not None:
            return
        if action in (Action.TRIAGE, Action.ACCEPT, Action.ARRIVE, Action.CLOSE, Action.RESUME):
            self.do(action, {})
            return
        dialog: VerifyDialog | ActionDialog
        if action is Action.VERIFY:
            dialog = VerifyDialog(self._tickets, self._tasks, full, self._live, self)
        else:
            dialog = ActionDialog(action, full, self._organisations, self._language, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.do(action, *dialog.said()))
        dialog.open()

    def do(self, action: Action, said: dict[str, Any], files: tuple[File, ...] = ()) -> None:
        """Do it in the background; a refusal is told."""
        tickets, identity, who = self._tickets, self.ticket_id, self._who()
        self._say("")

        def done(_: Any) -> None:
            if action is Action.COMMENT:
                self.comment.clear()
            self.changed.emit()
            self.reload()

        self._tasks.run(
            self, lambda _: tickets.act(identity, action, who, said, files), done,
            lambda error: self._say(problem_text(error)),
        )  # fmt: skip

    def _comment(self) -> None:
        if text := self.comment.text().strip():
            self.do(Action.COMMENT, {"text": text})

    def _attach(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Attach a file"))
        if not name:
            return
        path, text = Path(name), self.comment.text().strip()
        try:
            data = path.read_bytes() if path.stat().st_size <= 50 * 2**20 else None
        except OSError:
            data = None
        if data is None:
            self._say(self.tr("The file cannot be read, or is larger than 50 MB."))
            return
        kind = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}.get(
            path.suffix.lower(), "application/octet-stream"
        )
        self.do(Action.COMMENT, {"text": text or path.name}, (File(path.name, kind, data),))

    def _ask_pdf(self) -> None:
        full = self.full
        if full is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save as PDF"), f"fault-{full.line.number}.pdf", "PDF (*.pdf)"
        )
        if name:
            self.write_pdf(Path(name))

    def write_pdf(self, path: Path) -> None:
        """The ticket on paper."""
        if self.full is None:
            return
        writer = QPdfWriter(str(path))
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        writer.setPageMargins(QMarginsF(18, 18, 18, 18), QPageLayout.Unit.Millimeter)
        writer.setTitle(self.windowTitle())
        document = QTextDocument()
        line = self.full.line
        title = f"<h2>{html.escape(self.windowTitle())}</h2><p>{html.escape(line.console)}</p>"
        state = f"<p><b>{state_text(line.state)}</b>  {html.escape(self.clock.text())}</p>"
        document.setHtml(title + state + story(self.full, self._language, paper=True))
        document.print_(writer)
        self._say("")


def story(full: Full, language: str, *, paper: bool = False) -> str:
    """A ticket's facts and events as HTML."""
    translate = QCoreApplication.translate
    facts = full.report.content.get("facts")
    facts = facts if isinstance(facts, dict) else {}
    english = not language.startswith("zh")

    def fact(name: str) -> str:
        value = (facts.get(f"{name}_en") if english else "") or facts.get(name)
        return str(value or "")

    def organisation(identity: str) -> str:
        found = full.names.get(identity)
        return organisation_name(found, language) if found else ""

    ticket, own = full.ticket, full.line.organisation_id
    place = "  ".join(p for p in (fact("site"), fact("pole_number"), fact("address")) if p)
    lost = sum((end - begin for begin, end in ticket.pauses), start=timedelta())
    pauses = span_text(lost) if ticket.pauses else ""
    rows = (
        (translate("TicketDialog", "Where"), place), (translate("TicketDialog", "Code"), fact("code")),
        (translate("TicketDialog", "Device"), f"{fact('device')} {fact('serial')}".strip()),
        (translate("TicketDialog", "Organisation"), organisation(own)),
        (translate("TicketDialog", "Responsible"), organisation(ticket.responsible_id or own)),
        (translate("TicketDialog", "Maintainer"),
         "  ".join(p for p in (organisation(ticket.maintainer_id or own), ticket.team) if p)),
        (translate("TicketDialog", "Contact"), fact("contact")),
        (translate("TicketDialog", "Cameras"), str(len(ticket.cameras)) if len(ticket.cameras) > 1 else ""),
        (translate("TicketDialog", "Fault since"), when_text(ticket.fault_at)),
        (translate("TicketDialog", "Restore until"), when_text(ticket.due_restore)),
        (translate("TicketDialog", "Pauses"), pauses),
    )  # fmt: skip
    dim = "#555" if paper else theme.DIM_TEXT.name()
    text = "<table cellspacing=0 cellpadding=2>"
    for caption, value in rows:
        if value:
            text += f"<tr><td style='color:{dim}'>{caption}&nbsp;&nbsp;</td><td>{html.escape(value)}</td></tr>"
    text += "</table><hr>"
    author = html.escape(full.report.author)
    text += _entry(
        dim, full.report.at, author, translate("TicketDialog", "reported"), _report_words(full)
    )
    text += _pictures(full, None, paper)
    for event in full.events:
        waits = translate("TicketDialog", "not sent yet") if event.id in full.unsent else ""
        said = f"{_words(event, full, language)}"
        text += _entry(dim, event.at, _author(event), action_text(event.action), said, waits)
        text += _pictures(full, event, paper)
    return text


def _author(event: Event) -> str:
    name = str(event.content.get("author") or event.author)
    return html.escape(
        QCoreApplication.translate("TicketDialog", "server") if name == "server" else name
    )


def _entry(dim: str, at: datetime, author: str, what: str, said: str, note: str = "") -> str:
    text = f"<p style='margin:6px 0 2px 0'><span style='color:{dim}'>{when_text(at)}</span>  "
    text += f"<b>{what}</b>  {author}"
    if note:
        text += f"  <span style='color:{theme.AMBER.name()}'>◷ {note}</span>"
    return text + "</p>" + (f"<p style='margin:0 0 2px 14px'>{said}</p>" if said else "")


def _report_words(full: Full) -> str:
    content = full.report.content
    words = [category_text(str(content.get("category", ""))), str(content.get("text") or "")]
    return html.escape("  ·  ".join(w for w in words if w))


def _words(event: Event, full: Full, language: str) -> str:
    """What was said with an event."""
    said = event.content
    parts: list[str] = []
    if event.action is Action.JOIN and said.get("category"):
        parts.append(category_text(str(said["category"])))
    if event.action is Action.DISPATCH and said.get("to"):
        found = full.names.get(str(said["to"]))
        parts.append(organisation_name(found, language) if found else "")
    if event.action is Action.REPAIR:
        parts.append(category_label(str(said.get("cause", ""))))
    if event.action in (Action.PAUSE, Action.ASK_PAUSE):
        until = QDateTime.fromString(str(said.get("until", "")), Qt.DateFormat.ISODateWithMs)
        parts += [pause_text(str(said.get("reason", ""))),
                  until.toLocalTime().toString("yyyy-MM-dd HH:mm")]  # fmt: skip
    else:
        parts.append(str(said.get("reason") or ""))
    parts += [str(said.get(k) or "") for k in ("priority", "team", "work", "parts", "text")]
    if event.action is Action.ESCALATE:
        parts.append(str(said.get("to") or ""))
    return html.escape("  ·  ".join(p for p in parts if p))


def _pictures(full: Full, event: Event | None, paper: bool) -> str:
    """Files of the report (None) or of an event: pictures small, others by name."""
    later = {str(s) for e in full.events for s in e.content.get("files") or ()}
    if event is None:
        files = [f for f in full.files if f.sha256 not in later]
    else:
        mine = {str(s) for s in event.content.get("files") or ()}
        files = list({f.sha256: f for f in full.files if f.sha256 in mine}.values())
    text = "".join(f"{_picture(file, paper)} " for file in files)
    return f"<p style='margin:2px 0 4px 14px'>{text}</p>" if text else ""


def _picture(file: Attached, paper: bool) -> str:
    name = html.escape(file.name)
    if file.path is None:
        missing = QCoreApplication.translate("TicketDialog", "not here yet")
        return f"{name} ({missing})"
    body = name
    if file.media_type.startswith("image/"):
        kind = file.media_type.removeprefix("image/")
        data = base64.b64encode(file.path.read_bytes()).decode()
        body = f"<img src='data:image/{kind};base64,{data}' width=260>"
    return body if paper else f"<a href='file:{file.id}'>{body}</a>"


class ActionDialog(QDialog):
    """What has to be said with an action."""

    def __init__(
        self, action: Action, full: Full, organisations: list[Organisation], language: str,
        parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._action, self._fields = action, dict[str, Any]()
        self.setWindowTitle(f"{number_text(full.line)}  {action_text(action)}")
        form = QFormLayout()
        if action is Action.DISPATCH:
            whom = QComboBox()
            for organisation in organisations:
                whom.addItem(organisation_name(organisation, language), organisation.id)
            present = full.ticket.maintainer_id or full.line.organisation_id
            whom.setCurrentIndex(max(0, whom.findData(present)))
            self._add(form, self.tr("To"), "to", whom)
            self._add(form, self.tr("Team"), "team", QLineEdit(full.ticket.team))
        if action is Action.PRIORITY:
            urgency = QComboBox()
            for priority in Priority:
                urgency.addItem(str(priority), str(priority))
            urgency.setCurrentText(str(full.ticket.priority))
            self._add(form, self.tr("Priority"), "priority", urgency)
        if action in (Action.PAUSE, Action.ASK_PAUSE):
            reasons = QComboBox()
            for reason in PAUSE_REASONS:
                reasons.addItem(pause_text(reason), reason)
            reasons.setCurrentIndex(max(0, reasons.findData(full.ticket.asked)))
            self._add(form, self.tr("Reason"), "reason", reasons)
            until = QDateTimeEdit(QDateTime.currentDateTime().addSecs(4 * 3600))
            until.setCalendarPopup(True)
            until.setDisplayFormat("yyyy-MM-dd HH:mm")
            self._add(form, self.tr("Until"), "until", until)
        if action is Action.REPAIR:
            cause = QComboBox()
            for category in CATEGORIES:
                cause.addItem(category_label(category.code), category.code)
            cause.setCurrentIndex(cause.findData(full.ticket.category))
            self._add(form, self.tr("What it was"), "cause", cause)
            self._add(form, self.tr("What was done"), "work", QPlainTextEdit())
            self._add(form, self.tr("Parts used"), "parts", QLineEdit())
        if action is Action.ESCALATE:
            self._add(form, self.tr("Whom was told"), "to", QLineEdit())
        if action not in (Action.PAUSE, Action.ASK_PAUSE, Action.REPAIR):
            self._add(form, self.tr("Reason"), "reason", QLineEdit())
        self.told = QLabel()
        self.told.setObjectName("error")
        self.told.hide()
        buttons = QDialogButtonBox()
        ok = buttons.addButton(action_text(action), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Back"), QDialogButtonBox.ButtonRole.RejectRole)
        ok.setDefault(True)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.told)
        layout.addWidget(buttons)
        self.setMinimumWidth(460)

    def _add(self, form: QFormLayout, caption: str, name: str, widget: QWidget) -> None:
        if isinstance(widget, QLineEdit):
            widget.setMaxLength(500)
        if isinstance(widget, QPlainTextEdit):
            widget.setMaximumHeight(90)
            widget.setTabChangesFocus(True)
        form.addRow(caption, widget)
        self._fields[name] = widget

    def field(self, name: str) -> Any:
        """The widget of a field."""
        return self._fields[name]

    def said(self) -> tuple[dict[str, Any], tuple[File, ...]]:
        """What was entered."""
        values: dict[str, Any] = {}
        for name, widget in self._fields.items():
            if isinstance(widget, QComboBox):
                values[name] = widget.currentData()
            elif isinstance(widget, QDateTimeEdit):
                moment = widget.dateTime().toSecsSinceEpoch()
                values[name] = datetime.fromtimestamp(moment, UTC).isoformat()
            elif isinstance(widget, QPlainTextEdit):
                values[name] = widget.toPlainText().strip()
            else:
                values[name] = widget.text().strip()
        return values, ()

    def _accept(self) -> None:
        values, _ = self.said()
        needed = {"work", "cause", "reason", "to"} - (
            {"reason", "to"} if self._action is Action.DISPATCH else set()
        )
        if any(name in needed and not value for name, value in values.items()):
            self.told.setText(self.tr("Fill in every field."))
            self.told.show()
            return
        self.accept()


class VerifyDialog(QDialog):
    """The picture as it is, beside how it should look: a second person compares them."""

    def __init__(
        self, tickets: Tickets, tasks: Tasks, full: Full, live: Live, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._full, self._live = full, live
        self._reference: Attached | None = None
        self._image: QImage | None = None
        self.live_s = 0.0
        self.setWindowTitle(self.tr("{number}: is the picture back?").format(
            number=number_text(full.line)))  # fmt: skip
        self._now, self._then = QLabel(), QLabel()
        titles = (self.tr("Now, live"), self.tr("How it should look"))
        pictures = QHBoxLayout()
        for title, label in zip(titles, (self._now, self._then), strict=True):
            column = QVBoxLayout()
            caption = QLabel(title)
            caption.setStyleSheet("font-weight: 600;")
            label.setFixedSize(460, 270)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            label.setStyleSheet(f"background: {theme.TILE.name()};")
            column.addWidget(caption)
            column.addWidget(label)
            pictures.addLayout(column)
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.same = QCheckBox(self.tr("Same view, sharp, and the time in it is right"))
        self.same.toggled.connect(self._check)
        buttons = QDialogButtonBox()
        self.ok = buttons.addButton(
            action_text(Action.VERIFY), QDialogButtonBox.ButtonRole.AcceptRole
        )
        buttons.addButton(self.tr("Back"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(pictures)
        layout.addWidget(self.told)
        layout.addWidget(self.same)
        layout.addWidget(buttons)
        camera = full.line.camera_id
        tasks.run(self, lambda _: tickets.reference(camera), self._show_reference,
                  lambda _: self._show_reference(None))  # fmt: skip
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(500)
        self.look()

    def _show_reference(self, file: Attached | None) -> None:
        image = QImage(str(file.path)) if file is not None and file.path is not None else QImage()
        self._reference = None if image.isNull() else file
        if self._reference is None:
            self._then.setText(
                self.tr("There is no reference picture yet: the live one becomes it.")
            )
        else:
            self._then.setPixmap(_fitted(image, self._then))
        self._check()

    def look(self) -> None:
        """What the wall sees now."""
        status, image = self._live(self._full.line.camera_id)
        alive = status.state is StreamState.LIVE
        self.live_s = (datetime.now(UTC) - status.since).total_seconds() if alive else 0.0
        self._image = image if alive else None
        if image is not None and alive:
            self._now.setPixmap(_fitted(image, self._now))
        else:
            self._now.setText(i18n.state_text(status.state))
        self._check()

    def _check(self) -> None:
        needed = self._full.rules.live_s
        if self._image is None:
            text = self.tr("Put the camera on the wall: it closes only when the wall sees the "
                           "picture.")  # fmt: skip
        elif self.live_s < needed:
            text = self.tr("Live for {seconds} s of {needed} s").format(
                seconds=int(self.live_s), needed=needed
            )
        else:
            text = self.tr("● Live for {needed} s and more").format(needed=needed)
        self.told.setText(text)
        good = self._image is not None and self.live_s >= needed
        self.ok.setEnabled(good and self.same.isChecked())

    def said(self) -> tuple[dict[str, Any], tuple[File, ...]]:
        """What was seen; the picture goes with it."""
        assert self._image is not None
        file = jpeg(self._image, "verified.jpg")
        reference = self._reference
        return {
            "live_s": round(self.live_s, 1), "same": self.same.isChecked(),
            "picture": hashlib.sha256(file.data).hexdigest(),
            "reference": reference.sha256 if reference else "", "first": reference is None,
        }, (file,)  # fmt: skip


def _fitted(image: QImage, label: QLabel) -> QPixmap:
    return QPixmap.fromImage(
        image.scaled(label.size(), Qt.AspectRatioMode.KeepAspectRatio,
                     Qt.TransformationMode.SmoothTransformation)
    )  # fmt: skip
