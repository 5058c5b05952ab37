"""One ticket: how it stands, all that happened, and what this person may do; verification; PDF."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
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
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
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
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from app.domain.camera import Organisation
from app.domain.ticket import (
    CATEGORIES,
    MOVES,
    PAUSE_REASONS,
    SCORES,
    Action,
    Event,
    Priority,
    State,
)
from app.paths import RESOURCES
from app.store import files
from app.store.ticket_links import Linked
from app.store.tickets import Attached, File, Full, Line, Tickets, Who
from app.ui import i18n, theme
from app.ui.tasks import Newest, Tasks
from app.ui.ticket_report import jpeg, organisation_name
from app.ui.ticket_texts import (
    action_text,
    back_text,
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
    Action.RESUME, Action.PRIORITY, Action.ACKNOWLEDGE, Action.ESCALATE, Action.SEPARATE,
    Action.UNMERGE, Action.REOPEN, Action.CANCEL,
)  # fmt: skip
"""In this order; the others are done elsewhere or by themselves."""

ALWAYS_SHOWN = (
    Action.DISPATCH, Action.ACCEPT, Action.ARRIVE, Action.REPAIR, Action.VERIFY, Action.CLOSE,
    Action.CANCEL,
)  # fmt: skip
"""The way of a ticket: shown also to those who may not, with the reason."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a ticket's window asks of the rest; each may be missing.

    `incidents` (blocking) and `link` are about its incidents; `second` asks another supervisor for
    a PIN and calls back with the name; `names` (blocking) are those of cameras; `change_person`
    lets somebody else sign in at the server, or without it.
    """

    incidents: Callable[[str], list[Linked]] = lambda _: []
    link: Callable[[Line, QWidget], None] | None = None
    open_incident: Callable[[str], None] | None = None
    open_ticket: Callable[[str], None] | None = None
    show_camera: Callable[[str], None] | None = None
    accept_device: Callable[[str], None] | None = None
    second: Callable[[str, QWidget, Callable[[str], None]], None] | None = None
    names: Callable[[Sequence[str]], dict[str, str]] = lambda _: {}
    change_person: Callable[[], None] | None = None


NOBODY = Around()


class TicketDialog(QDialog):
    """A ticket on screen. `changed` after something was done."""

    changed = Signal()
    shown = Signal(object)  # the `Full` that was read

    def __init__(
        self, tickets: Tickets, tasks: Tasks, ticket_id: str, who: Callable[[], Who],
        language: str, organisations: list[Organisation], live: Live,
        parent: QWidget | None = None, around: Around = NOBODY,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.around = around
        self.linked: list[Linked] = []
        self.names: dict[str, str] = {}
        self._tickets, self._tasks, self.ticket_id = tickets, tasks, ticket_id
        self._who, self._language, self._live = who, language, live
        self._organisations = organisations
        self.full: Full | None = None
        self._newest = Newest()
        self.head, self.clock = QLabel(), QLabel()
        self.head.setStyleSheet("font-size: 17px; font-weight: 600;")
        self.head.setTextFormat(Qt.TextFormat.PlainText)
        self.clock.setStyleSheet("font-weight: 600;")
        self.head.setWordWrap(True)
        self.clock.setWordWrap(True)
        self.about = QLabel()
        self.about.setWordWrap(True)
        self.about.setTextFormat(Qt.TextFormat.RichText)
        self.about.linkActivated.connect(self._follow)
        self.about.hide()
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
            button.hide()  # until it is known who may
        side.addStretch(1)
        holder = QWidget()
        holder.setLayout(side)
        area = theme.scrolled(holder)
        area.setFixedWidth(230)
        area.setMinimumHeight(80)
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
        paper = QPushButton(self.tr("P&rint…"))
        paper.setAutoDefault(False)
        paper.clicked.connect(self._ask_print)
        self.incident = QPushButton(self.tr("&Incident…"))
        self.incident.setToolTip(self.tr("Enter this fault in an incident that is open"))
        self.incident.setAutoDefault(False)
        self.incident.clicked.connect(self._link)
        self.incident.setVisible(around.link is not None)
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
        bottom.addWidget(self.incident)
        bottom.addWidget(paper)
        bottom.addWidget(pdf)
        bottom.addWidget(close)
        middle = QHBoxLayout()
        middle.addWidget(self.story, 1)
        middle.addWidget(area)
        layout = QVBoxLayout(self)
        layout.addWidget(self.head)
        layout.addWidget(self.clock)
        layout.addWidget(self.about)
        layout.addLayout(middle, 1)
        layout.addWidget(self.told)
        layout.addLayout(bottom)
        theme.fit(self, 980, 680)
        self._tick = QTimer(self)
        self._tick.timeout.connect(self._show_clock)
        self._tick.start(1000)
        self._brought: set[str] = set()
        self.reload()

    def reload(self) -> None:
        """Read it again."""
        tickets, identity, who = self._tickets, self.ticket_id, self._who()

        around = self.around

        def read(_: Any) -> tuple[Full | None, list[Linked], dict[str, str], str]:
            full = tickets.full(identity, who)
            names = around.names(full.ticket.cameras if full else ())
            told = story(full, self._language, names=names) if full else ""
            return full, around.incidents(identity), names, told

        def show(answer: tuple[Full | None, list[Linked], dict[str, str], str]) -> None:
            full, self.linked, self.names, told = answer
            if full is None:
                self._say(self.tr("This ticket is not on this console any more."))
                return
            self.full = full
            self._show(told)
            self.shown.emit(full)
            self._bring([f for f in full.files if f.path is None])

        self._tasks.run(self, read, self._newest(show),
                        lambda error: self._say(i18n.error_text(error)))  # fmt: skip

    def _bring(self, missing: list[Attached]) -> None:
        """Files that others attached: asked for once while the ticket is looked at."""
        asked = [f for f in missing if f.sha256 not in self._brought]
        if not asked:
            return
        self._brought |= {f.sha256 for f in asked}
        tickets = self._tickets

        def work(_: Any) -> bool:
            return sum(tickets.fetched(f).path is not None for f in asked) > 0

        self._tasks.run(self, work, lambda came: self.reload() if came else None, lambda _: None,
                        timeout_s=300)  # fmt: skip

    def _say(self, text: str) -> None:
        self.told.setText(text)
        self.told.setVisible(bool(text))

    # -- showing

    def _show(self, told: str) -> None:
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
            shown = refusal is None or action in ALWAYS_SHOWN
            if action is Action.SEPARATE:
                shown = shown and len(full.ticket.cameras) > 1
            if action is Action.ACKNOWLEDGE:
                shown = shown and line.escalated(datetime.now(UTC))
            button.setVisible(shown)
            button.setToolTip("" if refusal is None else refusal_text(refusal))
            text = action_text(action)
            button.setText(text if refusal is None else f"{text}\n{self._why(refusal)}")
            button.setStyleSheet("" if refusal is None else "text-align: left; font-size: 11px;")
        self._offer_second()
        for button in self.buttons.values():  # two lines are not squeezed into one
            button.setMinimumHeight(button.sizeHint().height())
        self.comment.setEnabled(full.may[Action.COMMENT] is None)
        self.story.setHtml(told)
        self._show_about()
        self._show_clock()

    def _offer_second(self) -> None:
        """Four eyes at one workstation: a second person with a PIN verifies what the person here
        may not."""
        assert self.full is not None
        for action in (Action.VERIFY, Action.CLOSE):
            refusal, button = self.full.may[action], self.buttons[action]
            if self._by_second(action) and refusal is not None:
                button.setEnabled(True)
                by = (
                    self.tr("by a second person with a PIN")
                    if self.full.by_second
                    else self.tr("by a second person who signs in")
                )
                button.setText(f"{action_text(action)}\n{by}")
                button.setToolTip(refusal_text(refusal))

    def _by_second(self, action: Action) -> bool:
        """Whether somebody else may do it at this desk."""
        full = self.full
        if full is None:
            return False
        # Where a server knows people, the second one is an account: it signs in here, without a
        # network too, and what it does is its own.
        way = self.around.second if full.by_second else self.around.change_person
        refusal = full.may[action]
        return (
            way is not None
            and action in (Action.VERIFY, Action.CLOSE)
            and refusal is not None
            and refusal.code in ("same_person", "forbidden")
            and full.ticket.state in MOVES[action].states
        )

    def _show_about(self) -> None:
        """Incidents it belongs to, what it is part of, a device that waits for its acceptance."""
        full = self.full
        assert full is not None
        parts = []
        if self.linked:
            links = ", ".join(
                f"<a style='color:{theme.ACCENT.name()}' href='incident:{found.id}'>"
                f"{html.escape(found.number)}</a>"
                + (f" {html.escape(found.title)}" if found.title else "")
                for found in self.linked
            )
            parts.append(self.tr("Incident: {links}").format(links=links))
        if full.ticket.into:
            parts.append(
                f"<a style='color:{theme.ACCENT.name()}' href='ticket:{full.ticket.into}'>"
                + html.escape(self.tr("Part of another ticket: open that")) + "</a>"
            )  # fmt: skip
        if full.ticket.serial and full.ticket.is_open:
            text = html.escape(self.tr("▲ The device was replaced: it is to be accepted"))
            camera = full.ticket.cameras[0] if full.ticket.cameras else full.line.camera_id
            if self.around.accept_device is not None:
                text = f"<a style='color:{theme.AMBER.name()}' href='accept:{camera}'>{text}</a>"
            parts.append(text)
        self.about.setText("&nbsp;&nbsp;&nbsp; ".join(parts))
        self.about.setVisible(bool(parts))

    def _follow(self, link: str) -> None:
        kind, _, identity = link.partition(":")
        goes = {
            "incident": self.around.open_incident, "ticket": self.around.open_ticket,
            "accept": self.around.accept_device,
        }.get(kind)  # fmt: skip
        if goes is not None:
            goes(identity)

    def _link(self) -> None:
        if self.full is not None and self.around.link is not None:
            self.around.link(self.full.line, self)

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
        if back := back_text(line):
            parts.append(back)
        if line.escalated(now):
            parts.append(self.tr("⇧ somebody above should know"))
        elif line.level:
            parts.append(self.tr("⇧ escalated"))
        self.clock.setText("    ".join(p for p in parts if p))
        colour = theme.RED if late else theme.DIM_TEXT
        self.clock.setStyleSheet(f"font-weight: 600; color: {colour.name()};")

    def _open_file(self, url: QUrl) -> None:
        here = self.full.files if self.full else ()
        file = next((f for f in here if f.id == url.path()), None)
        if file is None or file.path is None:
            return
        kept, name = file.path, file.name

        def show(copy: Path) -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(copy)))

        self._tasks.run(self, lambda _: files.shown(kept, name), show,
                        lambda error: self._say(i18n.error_text(error)))  # fmt: skip

    # -- doing

    def ask(self, action: Action) -> None:
        """Ask what has to be said, then do it."""
        full = self.full
        if full is None:
            return
        if self._by_second(action) and not full.by_second:
            assert self.around.change_person is not None
            self.around.change_person()
        elif self._by_second(action):
            assert self.around.second is not None
            why = self.tr(
                "{number}: {action}. Somebody who did not work on it has to see it."
            ).format(number=number_text(full.line), action=action_text(action))
            self.around.second(why, self, lambda name: self._ask(action, name))
        elif full.may[action] is None:
            self._ask(action, "")

    def _ask(self, action: Action, second: str) -> None:
        full = self.full
        if full is None:
            return
        if action in (Action.TRIAGE, Action.ACCEPT, Action.ARRIVE, Action.RESUME):
            self.do(action, {})
            return
        if action is Action.UNMERGE:
            tickets, who = self._tickets, self._who()
            self._run(lambda: tickets.unjoin(self.ticket_id, who))
            return
        dialog: VerifyDialog | ActionDialog | CamerasDialog
        if action is Action.VERIFY:
            dialog = VerifyDialog(
                self._tickets, self._tasks, full, self._live, self, self.names, second,
                self.around.show_camera,
            )  # fmt: skip
            dialog.checked.connect(
                lambda said, file: self.do(Action.CHECK, said, (file,), second=second)
            )
            dialog.apart.connect(self.separate)
            self.shown.connect(dialog.use)
        elif action is Action.SEPARATE:
            dialog = CamerasDialog(full, self.names, self)
        else:
            dialog = ActionDialog(action, full, self._organisations, self._language, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if isinstance(dialog, CamerasDialog):
            cameras = dialog
            dialog.accepted.connect(lambda: self.separate(cameras.chosen()))
        else:
            asked = dialog
            dialog.accepted.connect(lambda: self.do(action, *asked.said(), second=second))
        dialog.open()

    def separate(self, cameras: list[str]) -> None:
        """Cameras go their own way, with a ticket of their own."""
        tickets, who = self._tickets, self._who()
        self._run(lambda: tickets.separate(self.ticket_id, cameras, who))

    def _run(self, work: Callable[[], Any]) -> None:
        def done(_: Any) -> None:
            self.changed.emit()
            self.reload()

        self._say("")
        self._tasks.run(self, lambda _: work(), done, lambda e: self._say(problem_text(e)))

    def do(
        self, action: Action, said: dict[str, Any], files: tuple[File, ...] = (), *,
        second: str = "",
    ) -> None:  # fmt: skip
        """Do it in the background; a refusal is told. `second`: who confirmed with a PIN, and so
        is the one who did it."""
        tickets, identity, who = self._tickets, self.ticket_id, self._who()
        if second:
            who, said = replace(who, name=second, supervisor=True), {**said, "at_desk_of": who.name}
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
        writer.setTitle(self.windowTitle())
        self._put_on(writer)
        self._say("")

    def _ask_print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._put_on(printer))
        QDialog.open(dialog)

    def _put_on(self, paper: QPdfWriter | QPrinter) -> None:
        """A4, with pictures, events and times."""
        if self.full is None:
            return
        paper.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        paper.setPageMargins(QMarginsF(4, 4, 4, 4), QPageLayout.Unit.Millimeter)
        document = QTextDocument()
        line = self.full.line
        now = self.tr("Printed {time}").format(time=when_text(datetime.now(UTC)))
        title = f"<h2>{html.escape(self.windowTitle())}</h2>"
        title += f"<p>{html.escape(line.console)}-{line.number}   {html.escape(now)}</p>"
        state = f"<p><b>{state_text(line.state)}</b>  {html.escape(self.clock.text())}</p>"
        linked = ", ".join(html.escape(f"{i.number} {i.title}".strip()) for i in self.linked)
        if linked:
            state += "<p>" + self.tr("Incident: {links}").format(links=linked) + "</p>"
        document.setHtml(
            title + state + story(self.full, self._language, paper=True, names=self.names)
        )
        document.print_(paper)


def story(
    full: Full,
    language: str,
    *,
    paper: bool = False,
    names: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """A ticket's facts and events as HTML. `names`: of cameras."""
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
        (translate("TicketDialog", "Cameras"), _cameras_text(full, names)),
        (translate("TicketDialog", "Fault since"), when_text(ticket.fault_at)),
        (translate("TicketDialog", "Restore until"), when_text(ticket.due_restore)),
        (translate("TicketDialog", "Pauses"), pauses),
        (translate("TicketDialog", "New device"), ticket.serial),
        (translate("TicketDialog", "Score"), "★" * ticket.score + "☆" * (5 - ticket.score)
         if ticket.score else ""),
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
        said = f"{_words(event, full, language, names)}"
        text += _entry(dim, event.at, _author(event), action_text(event.action), said, waits)
        text += _pictures(full, event, paper)
    return text


def _cameras_text(full: Full, names: Mapping[str, str]) -> str:
    """All cameras of a ticket that has more than one, with what is known of each."""
    ticket = full.ticket
    if len(ticket.cameras) < 2:
        return ""
    parts = []
    for camera in ticket.cameras[:40]:
        mark = "✓ " if camera in ticket.checked else "◉ " if camera in ticket.back else ""
        parts.append(mark + names.get(camera, "…"))
    more = len(ticket.cameras) - len(parts)
    return f"{len(ticket.cameras)}:  " + ",  ".join(parts) + (f"  +{more}" if more else "")


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


def _words(event: Event, full: Full, language: str, names: Mapping[str, str]) -> str:
    """What was said with an event."""
    translate = QCoreApplication.translate
    said = event.content
    parts: list[str] = []
    if event.action is Action.SIGNAL:
        back = translate("TicketDialog", "the wall saw the picture again")
        gone = translate("TicketDialog", "the wall lost the picture again")
        parts += [names.get(str(said.get("camera")), "") if len(full.ticket.cameras) > 1 else "",
                  back if said.get("live") else gone, str(said.get("console") or "")]  # fmt: skip
    if event.action in (Action.CHECK, Action.VERIFY):
        if len(full.ticket.cameras) > 1:
            parts.append(names.get(str(said.get("camera")), ""))
        if type(live := said.get("live_s")) in (int, float):
            parts.append(
                translate("TicketDialog", "live for {seconds} s").format(seconds=int(live or 0))
            )
        parts.append(
            translate("TicketDialog", "this is the reference picture from now on")
            if said.get("first")
            else translate("TicketDialog", "compared with the reference picture")
        )
    if said.get("at_desk_of"):
        parts.append(translate("TicketDialog", "with a PIN, at the desk of {name}").format(
            name=said["at_desk_of"]))  # fmt: skip
    if event.action is Action.SEPARATE and not said.get("from"):
        parts += [names.get(str(c), "") for c in said.get("cameras") or ()]
    if event.action in (Action.MERGE, Action.SEPARATE, Action.JOIN) and said.get("number"):
        parts.append(str(said["number"]))
    if event.action is Action.CLOSE and said.get("score"):
        parts.append("★" * int(said["score"]))
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
    if said.get("serial"):
        text = translate("TicketDialog", "new device {serial}")
        parts.append(text.format(serial=said["serial"]))
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
            serial = QLineEdit()
            serial.setPlaceholderText(self.tr("Only where the device was replaced"))
            self._add(form, self.tr("New serial number"), "serial", serial)
        if action is Action.CLOSE:
            score = QComboBox()
            score.addItem(self.tr("no score"), 0)
            for points in reversed(SCORES):
                score.addItem("★" * points + "☆" * (5 - points), points)
            self._add(form, self.tr("How good was the repair"), "score", score)
            self._add(form, self.tr("Words"), "text", QLineEdit())
        if action is Action.ACKNOWLEDGE:
            words = QLineEdit()
            words.setPlaceholderText(self.tr("What is done about it"))
            self._add(form, self.tr("Words"), "text", words)
        if action is Action.ESCALATE:
            self._add(form, self.tr("Whom was told"), "to", QLineEdit())
        if action not in (Action.PAUSE, Action.ASK_PAUSE, Action.REPAIR, Action.CLOSE,
                          Action.ACKNOWLEDGE):  # fmt: skip
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


class CamerasDialog(QDialog):
    """Which cameras of a ticket go their own way."""

    def __init__(self, full: Full, names: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{number_text(full.line)}  {action_text(Action.SEPARATE)}")
        text = QLabel(self.tr(
            "The cameras that are ticked get one ticket of their own about the same fault. One "
            "camera has to stay."
        ))  # fmt: skip
        text.setWordWrap(True)
        self.list = QListWidget()
        check = (RESOURCES / "icons" / "check.svg").as_posix()
        self.list.setStyleSheet(
            f"QListWidget::indicator {{ width: 15px; height: 15px; border-radius: 3px; border: 1px "
            f"solid {theme.GREY.name()}; }} QListWidget::indicator:checked {{ image: url({check}); "
            f"background: {theme.ACCENT.name()}; }}"
        )
        for camera in full.ticket.cameras:
            back = "  ◉" if camera in full.ticket.back else ""
            item = QListWidgetItem(names.get(camera, camera) + back)
            item.setData(Qt.ItemDataRole.UserRole, camera)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.itemChanged.connect(lambda _: self._check())
        buttons = QDialogButtonBox()
        self.ok = buttons.addButton(self.tr("Separate"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Back"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(text)
        layout.addWidget(self.list, 1)
        layout.addWidget(buttons)
        theme.fit(self, 460, 340)
        self._check()

    def chosen(self) -> list[str]:
        """The cameras that are ticked."""
        items = [self.list.item(i) for i in range(self.list.count())]
        return [i.data(Qt.ItemDataRole.UserRole) for i in items
                if i.checkState() is Qt.CheckState.Checked]  # fmt: skip

    def _check(self) -> None:
        self.ok.setEnabled(0 < len(self.chosen()) < self.list.count())


class VerifyDialog(QDialog):
    """The picture as it is, beside how it should look: a second person compares them. Where there
    are several cameras, one after the other.

    `checked` (content, file): one camera of several was compared; `apart`: these cameras are not
    back, and get a ticket of their own.
    """

    checked = Signal(dict, object)
    apart = Signal(list)

    def __init__(
        self, tickets: Tickets, tasks: Tasks, full: Full, live: Live, parent: QWidget,
        names: Mapping[str, str] = MappingProxyType({}), second: str = "",
        show_camera: Callable[[str], None] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._tickets, self._tasks = tickets, tasks
        self._full, self._live, self._names = full, live, names
        self._reference: Attached | None = None
        self._known = False
        self._image: QImage | None = None
        self._shown_at: datetime | None = None
        self._waiting = ""
        """A camera whose comparison is being written down."""
        self.live_s = 0.0
        self.camera = ""
        self.setWindowTitle(self.tr("{number}: is the picture back?").format(
            number=number_text(full.line)))  # fmt: skip
        self.list = QListWidget()
        self.list.setMaximumWidth(230)
        self.list.currentItemChanged.connect(lambda item, _: self._choose(item))
        self._now, self._then = QLabel(), QLabel()
        self.now_at, self.then_at = QLabel(), QLabel()
        titles = (self.tr("Now, live"), self.tr("How it should look"))
        pictures = QHBoxLayout()
        side = QVBoxLayout()
        side.addWidget(self.list, 1)
        self.rest = QPushButton(self.tr("Separate those that are &not back"))
        self.rest.setToolTip(self.tr("They get a ticket of their own; this one can be closed"))
        self.rest.setAutoDefault(False)
        self.rest.clicked.connect(self._part)
        side.addWidget(self.rest)
        holder = QWidget()
        holder.setLayout(side)
        side.setContentsMargins(0, 0, 6, 0)
        holder.setVisible(len(full.ticket.cameras) > 1)
        pictures.addWidget(holder)
        for title, label, date in zip(
            titles, (self._now, self._then), (self.now_at, self.then_at), strict=True
        ):
            column = QVBoxLayout()
            caption = QLabel(title)
            caption.setStyleSheet("font-weight: 600;")
            label.setMinimumSize(200, 120)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            label.setStyleSheet(f"background: {theme.TILE.name()};")
            date.setObjectName("hint")
            column.addWidget(caption)
            column.addWidget(label, 1)
            column.addWidget(date)
            pictures.addLayout(column, 1)
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.same = QCheckBox(self.tr("Same view, sharp, and the time in it is right"))
        self.same.toggled.connect(self._check)
        buttons = QDialogButtonBox()
        self.ok = buttons.addButton(
            action_text(Action.VERIFY), QDialogButtonBox.ButtonRole.ApplyRole
        )
        if show_camera is not None:
            there = buttons.addButton(
                self.tr("Show on the &wall"), QDialogButtonBox.ButtonRole.ActionRole
            )
            there.setAutoDefault(False)
            there.clicked.connect(lambda: show_camera(self.camera))
        buttons.addButton(self.tr("Back"), QDialogButtonBox.ButtonRole.RejectRole)
        self.ok.clicked.connect(self._accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        if second:
            by = QLabel(self.tr("Verified by {name}, with a PIN").format(name=second))
            by.setStyleSheet("font-weight: 600;")
            layout.addWidget(by)
        layout.addLayout(pictures, 1)
        layout.addWidget(self.told)
        layout.addWidget(self.same)
        layout.addWidget(buttons)
        theme.fit(self, 980 if len(full.ticket.cameras) < 2 else 1200, 460)
        self._fill()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(500)

    # -- several cameras

    def _fill(self) -> None:
        ticket = self._full.ticket
        self.list.blockSignals(True)
        self.list.clear()
        for camera in ticket.cameras:
            done = camera in ticket.checked
            item = QListWidgetItem(("✓  " if done else "○  ") + self._names.get(camera, camera))
            item.setData(Qt.ItemDataRole.UserRole, camera)
            if done:
                item.setForeground(theme.GREEN)
            self.list.addItem(item)
        left = ticket.to_check()
        wanted = self.camera if self.camera in left else (left or ticket.cameras)[0]
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == wanted:
                self.list.setCurrentRow(row)
        # Only now: the camera that is looked at stays, with what was ticked.
        self.list.blockSignals(False)
        if self.camera != wanted:
            self._choose(self.list.currentItem())
        self.rest.setEnabled(0 < len(left) < len(ticket.cameras))

    def use(self, full: Full) -> None:
        """The ticket was read again."""
        if not isValid(self) or full.ticket.state is not State.REPAIRED:
            return
        self._full = full
        if self._waiting and self._waiting in full.ticket.checked:
            self._waiting = ""
            self.same.setChecked(False)
        self._fill()
        self._check()

    def _choose(self, item: QListWidgetItem | None) -> None:
        """Another camera is looked at."""
        if item is None:
            return
        self.camera = camera = item.data(Qt.ItemDataRole.UserRole)
        self.same.setChecked(False)
        self._known, self._reference = False, None
        self._then.clear()
        self.then_at.clear()

        tickets = self._tickets

        def read(_: Any) -> tuple[Attached | None, QImage]:
            file = tickets.reference(camera)
            if file is None or file.path is None:
                return file, QImage()
            return file, QImage.fromData(file.path.read_bytes())

        def show(answer: tuple[Attached | None, QImage]) -> None:
            if self.camera == camera:
                self._show_reference(*answer)

        self._tasks.run(self, read, show, lambda _: show((None, QImage())), timeout_s=60)
        self.look()

    def _part(self) -> None:
        self.apart.emit(list(self._full.ticket.to_check()))

    def _show_reference(self, file: Attached | None, image: QImage) -> None:
        self._known, self._reference = True, None if image.isNull() else file
        if file is not None and file.path is None:
            self._known = False  # it is there, but its bytes are still on the way
            self._then.setText(self.tr("The reference picture is not here yet: it comes with the "
                                       "next synchronisation."))  # fmt: skip
        elif self._reference is None:
            self._then.setText(
                self.tr("There is no reference picture yet: the live one becomes it.")
            )
        else:
            self._then.setPixmap(_fitted(image, self._then))
            self.then_at.setText(
                self.tr("reference of {time}").format(time=when_text(self._reference.at))
            )
        self._check()

    def look(self) -> None:
        """What the wall sees now."""
        status, image = self._live(self.camera)
        alive = status.state is StreamState.LIVE
        self.live_s = (datetime.now(UTC) - status.since).total_seconds() if alive else 0.0
        self._image = image if alive else None
        if image is not None and alive:
            self._now.setPixmap(_fitted(image, self._now))
            self._shown_at = datetime.now(UTC)
            self.now_at.setText(when_text(self._shown_at))
        else:
            self._now.setText(i18n.state_text(status.state))
            self.now_at.clear()
        self._check()

    def _check(self) -> None:
        needed, ticket = self._full.rules.live_s, self._full.ticket
        last = not ticket.to_check(self.camera)
        if self._image is None:
            text = self.tr("Put the camera on the wall: it closes only when the wall sees the "
                           "picture.")  # fmt: skip
        elif self.live_s < needed:
            text = self.tr("Live for {seconds} s of {needed} s").format(
                seconds=int(self.live_s), needed=needed
            )
        else:
            text = self.tr("● Live for {needed} s and more").format(needed=needed)
        if not last:
            count = len(ticket.to_check(self.camera))
            text += "   " + self.tr("%n other camera(s) to compare", "", count)
        self.told.setText(text)
        self.ok.setText(
            action_text(Action.VERIFY) if last else self.tr("This camera is right: next")
        )
        good = self._image is not None and self.live_s >= needed and self._known
        self.ok.setEnabled(good and self.same.isChecked() and not self._waiting)

    def _accept(self) -> None:
        if self._full.ticket.to_check(self.camera):
            self._waiting = self.camera
            said, files = self.said()
            self.ok.setEnabled(False)
            self.checked.emit(said, files[0])
        else:
            self.accept()

    def said(self) -> tuple[dict[str, Any], tuple[File, ...]]:
        """What was seen; the picture goes with it."""
        assert self._image is not None
        file = jpeg(self._image, "verified.jpg")
        reference = self._reference
        return {
            "camera": self.camera, "live_s": round(self.live_s, 1), "same": self.same.isChecked(),
            "picture": hashlib.sha256(file.data).hexdigest(),
            "reference": reference.sha256 if reference else "", "first": reference is None,
        }, (file,)  # fmt: skip


def _fitted(image: QImage, label: QLabel) -> QPixmap:
    return QPixmap.fromImage(
        image.scaled(label.size(), Qt.AspectRatioMode.KeepAspectRatio,
                     Qt.TransformationMode.SmoothTransformation)
    )  # fmt: skip
