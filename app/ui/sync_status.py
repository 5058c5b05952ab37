"""How this console stands with the server: a line in the status bar, and what a click on it tells."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QMenu, QWidget, QWidgetAction

from app.sync.protocol import CLOCK_TOLERANCE_S, Code
from app.sync.status import DIFFERED, SyncStatus
from app.ui import theme


class Worker(Protocol):
    """What can be asked of the synchronisation (`SyncThread`)."""

    def sync_now(self) -> None: ...
    def pause_load(self) -> None: ...
    def resume_load(self) -> None: ...
    def accept_server(self) -> None: ...
    def confirm_removals(self) -> None: ...
    def dismiss(self) -> None: ...


def short_text(status: SyncStatus) -> str:
    """The line: the most important thing first."""
    translate = QCoreApplication.translate
    parts: list[str] = []
    match status.phase:
        case "off":
            return ""
        case "first_load" | "paused" if status.total:
            text = translate("Sync", "first load {done} of {total}")
            if status.phase == "paused":
                text = translate("Sync", "first load paused, {done} of {total}")
            parts.append(text.format(done=f"{status.loaded:,}", total=f"{status.total:,}"))
        case "first_load":
            parts.append(translate("Sync", "first load begins"))
        case "paused":
            parts.append(translate("Sync", "first load paused"))
        case "connecting":
            parts.append(translate("Sync", "connecting to the server"))
        case "stopped":
            parts.append(translate("Sync", "not synchronised"))
        case "offline":
            since = status.offline_since
            parts.append(
                translate("Sync", "offline since {time}").format(time=_local(since))
                if since
                else translate("Sync", "offline")
            )
        case _:
            if not status.waiting:
                parts.append(translate("Sync", "in step"))
    if status.waiting:
        parts.append(translate("Sync", "{count} waiting").format(count=status.waiting))
    if status.conflicts:
        parts.append(translate("Sync", "{count} to decide").format(count=status.conflicts))
    if problem_text(status):
        parts.append(translate("Sync", "see here"))
    return " · ".join(parts)


def problem_text(status: SyncStatus) -> str:
    """What happened and what to do, or ""."""
    translate = QCoreApplication.translate
    text = {
        "": "",
        Code.CLIENT_TOO_OLD: translate(
            "Sync", "The server is newer than this console. Update the console; what you enter "
            "is kept and sent afterwards."
        ),
        Code.SERVER_TOO_OLD: translate(
            "Sync", "The server is older than this console. It must be updated; what you enter "
            "is kept and sent afterwards."
        ),
        Code.OTHER_SERVER: translate(
            "Sync", "This is not the server that this console worked with, or it lost its "
            "database. Nothing is sent or removed until you say so."
        ),
        Code.REWOUND: translate(
            "Sync", "The server was restored from a backup. This console has sent again what the "
            "server had lost."
        ),
        Code.IDENTITY_TWICE: translate(
            "Sync", "Another console used this console's identity: one disk is a copy of the "
            "other. This one has taken an identity of its own; nothing was lost."
        ),
        DIFFERED: translate(
            "Sync", "What this console held differed from the server's. What differed was loaded "
            "anew; what you entered is kept."
        ),
        Code.STORAGE_FULL: translate(
            "Sync", "The server's disk is full. What you enter is kept here and sent later."
        ),
        Code.MANY_REMOVALS: translate(
            "Sync", "{count} cameras, places and landmarks would be removed for everybody. Nothing "
            "is sent until you say that this is meant; else restore them."
        ).format(count=status.detail),
        Code.TOP_LEVEL: translate(
            "Sync", "This console has organisations of its own that the server does not know. Say "
            "where they belong; until then nothing is sent, and nothing is lost."
        ),
        "disk_full": translate(
            "Sync", "This computer's disk is full or cannot be written. Make room: what others "
            "change does not arrive, and nothing can be saved."
        ),
        "sign_in": translate("Sync", "The server wants a new sign-in. What you enter is kept."),
        "internal": translate("Sync", "Synchronisation failed and is being tried again."),
        "clock": translate(
            "Sync", "This computer's clock differs from the server's by {seconds} s. Set it; "
            "times of entries are wrong."
        ).format(seconds=round(abs(status.clock_offset_s))),
    }.get(status.problem)  # fmt: skip
    if text is None:
        text = translate("Sync", "The server refused: {reason}").format(
            reason=status.detail or status.problem
        )
    return text


def _local(moment: datetime) -> str:
    local = moment.astimezone()
    if local.date() == datetime.now().astimezone().date():
        return f"{local:%H:%M:%S}"
    return f"{local:%m-%d %H:%M:%S}"


class SyncLabel(QLabel):
    """The line in the status bar. `told` may be called on any thread."""

    told = Signal(object)
    conflicts_requested = Signal()
    place_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.status = SyncStatus()
        self._worker: Worker | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.told.connect(self.show_status, Qt.ConnectionType.QueuedConnection)
        self.setVisible(False)

    def set_worker(self, worker: Worker) -> None:
        """Whom clicks are for."""
        self._worker = worker

    def show_status(self, status: SyncStatus) -> None:
        """Another status."""
        self.status = status
        text, problem = short_text(status), problem_text(status)
        bad = status.phase == "stopped" or status.problem not in ("", "clock", Code.REWOUND)
        wants = bool(problem or status.conflicts) or status.phase == "offline"
        colour = theme.RED if bad else theme.AMBER if wants else theme.DIM_TEXT
        self.setStyleSheet(f"SyncLabel {{ color: {colour.name()}; }}")
        self.setText(text)
        self.setToolTip(problem or self.tr("Synchronisation with the server"))
        self.setAccessibleName(f"{text} {problem}")
        self.setVisible(bool(text))

    def retranslate(self) -> None:
        """The language changed."""
        self.show_status(self.status)

    def menu(self) -> QMenu:
        """What can be done now, below what there is to know."""
        menu, worker, status = QMenu(self), self._worker, self.status
        problem = problem_text(status)
        told = "\n".join(line for line in (problem, self._times()) if line)
        if told:
            label = QLabel(told)
            label.setWordWrap(True)
            label.setFixedWidth(360)
            label.setContentsMargins(22, 6, 14, 6)
            line = QWidgetAction(menu)
            line.setDefaultWidget(label)
            menu.addAction(line)
            menu.addSeparator()
        if status.conflicts:
            menu.addAction(self.tr("Decide…"), self.conflicts_requested.emit)
        if worker is None:
            return menu
        if status.phase == "first_load":
            menu.addAction(self.tr("Pause the first load"), worker.pause_load)
        elif status.phase == "paused":
            menu.addAction(self.tr("Go on with the first load"), worker.resume_load)
        elif status.problem == Code.OTHER_SERVER:
            menu.addAction(self.tr("Work with this server from now on"), worker.accept_server)
        elif status.problem == Code.TOP_LEVEL:
            menu.addAction(self.tr("Say where they belong…"), self.place_requested.emit)
        elif status.problem == Code.MANY_REMOVALS:
            menu.addAction(self.tr("These removals are meant"), worker.confirm_removals)
        else:
            menu.addAction(self.tr("Synchronise now"), worker.sync_now)
        if status.problem in (Code.REWOUND, Code.IDENTITY_TWICE, DIFFERED):
            menu.addAction(self.tr("I have read this"), worker.dismiss)
        return menu

    def _times(self) -> str:
        lines = []
        if self.status.last_contact:
            lines.append(
                self.tr("Server last heard at {time}").format(time=_local(self.status.last_contact))
            )
        if self.status.uploads:
            lines.append(self.tr("%n file(s) waiting", "", self.status.uploads))
        offset = self.status.clock_offset_s
        if abs(offset) > CLOCK_TOLERANCE_S and self.status.problem != "clock":
            lines.append(self.tr("clock off by {seconds} s").format(seconds=round(abs(offset))))
        return " · ".join(lines)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        corner = self.mapToGlobal(self.rect().topRight())
        size = menu.sizeHint()
        menu.popup(corner - type(corner)(size.width(), size.height()))
