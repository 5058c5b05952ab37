"""What the screens for people who manage share: requests off the Qt thread, tables, words, reasons.

They ask the server and keep nothing: what they show is as old as the last reading, which each says.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QEvent, QPoint, Qt, QTime
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDateTimeEdit,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QProgressBar,
    QPushButton,
    QStackedLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.permission import DUTIES, Duty, Permission, Role
from app.sync.account import CertificateError, Identity, ServerError
from app.sync.status import NetworkError
from app.ui import i18n, theme
from app.ui.tasks import Tasks

PAGE = 500
MOST = 20_000
"""Rows that a screen reads at most; the server has more only where something is wrong."""

Item = dict[str, Any]
Fits = Callable[[Item | None], str]
"""Why a button is of no use with the selected row; "" where it is of use."""


class Desk(Protocol):
    """The console's account, as far as these screens need it (`app.sync.account.Account`)."""

    @property
    def identity(self) -> Identity | None:
        """Who is signed in."""

    def call(self, method: str, path: str, body: Item | None = None) -> Item:
        """Raises ServerError and NetworkError. Waits: off the Qt thread only."""


def everything(desk: Desk, path: str, most: int = MOST) -> list[Item]:
    """All pages of a list."""
    found: list[Item] = []
    after, joint = "", "&" if "?" in path else "?"
    while True:
        page = desk.call("GET", f"{path}{joint}limit={PAGE}&after={after}")
        found += page["items"]
        if page.get("next") is None or len(found) >= most:
            return found
        after = str(page["next"])


def within(organisations: Iterable[Item], home: str) -> set[str]:
    """The ids of an organisation and of all below it."""
    below: dict[str, list[str]] = {}
    for one in organisations:
        below.setdefault(one["parent_id"] or "", []).append(one["id"])
    found: set[str] = set()
    waiting = [home]
    while waiting:
        identity = waiting.pop()
        if identity not in found:
            found.add(identity)
            waiting += below.get(identity, [])
    return found


# -- words


def name_of(item: Item | None, language: str) -> str:
    """An organisation's or a camera's name in the language of the screen."""
    if item is None:
        return "?"
    chinese, english = str(item.get("name", "")), str(item.get("name_en", ""))
    return (chinese or english) if language.startswith("zh") else (english or chinese)


def permission_text(permission: str) -> str:
    """What may be allowed."""
    translate = QCoreApplication.translate
    texts: dict[str, str] = {
        Permission.VIEW: translate("Manage", "view live"),
        Permission.CONTROL: translate("Manage", "steer"),
        Permission.PLAYBACK: translate("Manage", "play back"),
        Permission.EXPORT: translate("Manage", "export"),
        Permission.COMMISSION: translate("Manage", "set up"),
        Permission.REPAIR: translate("Manage", "repair"),
        Permission.VERIFY: translate("Manage", "verify"),
        Permission.ADMINISTER: translate("Manage", "administer"),
    }
    return texts.get(permission, permission)


def permissions_text(permissions: Iterable[str]) -> str:
    """Several of them, in their usual order."""
    order = [p.value for p in Permission]
    known = sorted(permissions, key=lambda p: order.index(p) if p in order else len(order))
    return QCoreApplication.translate("Manage", ", ").join(permission_text(p) for p in known)


def role_text(role: str) -> str:
    """What a person is there for."""
    translate = QCoreApplication.translate
    texts: dict[str, str] = {
        Role.VIEWER: translate("Manage", "viewer"),
        Role.OPERATOR: translate("Manage", "operator"),
        Role.SUPERVISOR: translate("Manage", "supervisor"),
        Role.COMMISSIONER: translate("Manage", "commissioner"),
        Role.MAINTAINER: translate("Manage", "maintainer"),
        Role.AUDITOR: translate("Manage", "auditor"),
        Role.ADMINISTRATOR: translate("Manage", "administrator"),
        Role.SYSTEM: translate("Manage", "system"),
    }
    return texts.get(role, role)


def role_hint(role: str) -> str:
    """What one with the role may do."""
    translate = QCoreApplication.translate
    texts: dict[str, str] = {
        Role.VIEWER: translate("Manage", "sees live pictures"),
        Role.OPERATOR: translate("Manage", "sees, steers, plays back"),
        Role.SUPERVISOR: translate("Manage", "and exports, verifies, asks others for cameras"),
        Role.COMMISSIONER: translate("Manage", "sets cameras up"),
        Role.MAINTAINER: translate("Manage", "repairs"),
        Role.AUDITOR: translate("Manage", "reads the audit log; sees no camera"),
        Role.ADMINISTRATOR: translate("Manage", "accounts, consoles, groups, sharing"),
        Role.SYSTEM: translate("Manage", "makes organisations; sees no camera"),
    }
    return texts.get(role, "")


def why_not(duty: Duty, who: Identity | None) -> str:
    """Why this person may not do it, and who may; "" where it is allowed."""
    translate = QCoreApplication.translate
    if who is None:
        return translate("Manage", "Sign in on a server first.")
    if DUTIES[duty] & set(who.roles):
        return ""
    joint = translate("Manage", " or ")
    roles = joint.join(role_text(r) for r in Role if r in DUTIES[duty])
    mine = translate("Manage", ", ").join(role_text(r) for r in who.roles)
    text = translate("Manage", "This needs the role {roles}. You have: {mine}. An administrator of "
                     "your organisation gives roles.")  # fmt: skip
    return text.format(roles=roles, mine=mine)


def error_text(error: Exception) -> str:
    """What happened and what to do."""
    translate = QCoreApplication.translate
    if isinstance(error, CertificateError):
        return translate("Manage", "The server's certificate is not the one that was trusted. "
                         "Nothing was sent. Ask whoever runs the server.")  # fmt: skip
    if isinstance(error, NetworkError):
        return translate("Manage", "The server does not answer ({reason}). Nothing was changed "
                         "for sure; read again once it is there.").format(reason=error)  # fmt: skip
    if isinstance(error, ServerError):
        known = {
            "no_role": translate("Manage", "None of your roles may do this."),
            "not_found": translate("Manage", "There is no such thing any more, or it is not yours "
                                   "to see. Read again."),
            "own_object": translate("Manage", "This is your organisation's own: nobody needs to "
                                    "be asked."),
            "period_invalid": translate("Manage", "The end must be after the beginning and after "
                                        "now."),
            "end_needed": translate("Manage", "Access for another organisation needs an end."),
            "already_decided": translate("Manage", "Somebody decided this meanwhile. Read again."),
            "too_late": translate("Manage", "The time that was asked for is over: refuse it."),
            "already_withdrawn": translate("Manage", "It was withdrawn before."),
            "not_approved": translate("Manage", "It was never approved."),
            "login_taken": translate("Manage", "There is an account with this login: choose "
                                     "another."),
            "code_invalid": translate("Manage", "This code is wrong, used or expired. Ask for a "
                                      "new one."),
            "no_key": translate("Manage", "This server has no key to sign with. Whoever runs it "
                                "must set one."),
            "password_once": translate("Manage", "Set a password of your own first: menu "
                                       "Organisation, Change password…"),
            "wrong_password": translate("Manage", "The old password is wrong."),
            "sign_in": translate("Manage", "This sign-in has ended. Sign in again."),
            "not_connected": translate("Manage", "This console is connected with no server."),
            "insecure": translate("Manage", "Passwords would cross the network in clear text: "
                                  "use an https address."),
            "bad_address": translate("Manage", "This is no address of a server."),
        }  # fmt: skip
        if error.code in known:
            return known[error.code]
        if error.code in ("token_invalid", "token_expired", "no_token"):
            return known["sign_in"]
        return translate("Manage", "The server refused: {reason}").format(reason=error.detail)
    if isinstance(error, OSError):
        return translate("Manage", "The file could not be written: {reason}").format(
            reason=error.strerror or error
        )
    return i18n.error_text(error)


def local(text: str | None) -> str:
    """A moment of the server's (UTC) in local time, with seconds; "" for none."""
    if not text:
        return ""
    return f"{datetime.fromisoformat(text).astimezone():%Y-%m-%d %H:%M:%S}"


def day(text: str | None) -> str:
    """Its local date alone."""
    return local(text)[:10]


def over(text: str | None) -> bool:
    """Whether a moment is past."""
    return bool(text) and datetime.fromisoformat(str(text)) <= datetime.now(UTC)


def ended(item: Item) -> bool:
    """Whether a grant or a share that was approved is over."""
    return bool(item["withdrawn_at"]) or over(item["not_after"])


# -- parts of screens


def moment_edit(days: int) -> QDateTimeEdit:
    """A moment, so many days from now, to be changed; midnight for what is not today."""
    at = QDateTime.currentDateTime()
    if days:
        at = QDateTime(QDate.currentDate().addDays(days), QTime(23, 59, 59))
    edit = QDateTimeEdit(at)
    edit.setCalendarPopup(True)
    edit.setDisplayFormat("yyyy-MM-dd HH:mm:ss")
    return edit


def utc(edit: QDateTimeEdit) -> str:
    """What it says, as the server reads it."""
    seconds = edit.dateTime().toSecsSinceEpoch()
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def wrong(widget: QWidget, yes: bool) -> None:
    """Mark a field."""
    widget.setProperty("wrong", "true" if yes else "")
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def sentence(edit: QLineEdit) -> str:
    """What was typed if it is long enough (the server wants 3 to 500 characters), else ""."""
    text = edit.text().strip()
    wrong(edit, len(text) < 3)
    if len(text) < 3:
        edit.setFocus()
        return ""
    return text


class Ask(QDialog):
    """A form that sends: it stays open, with what was typed, until the server has agreed."""

    def __init__(self, tasks: Tasks, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self.answer: Item = {}
        self.told = QLabel()
        self.told.setObjectName("error")
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.hide()
        self.buttons = QDialogButtonBox()
        self.buttons.rejected.connect(self.reject)
        self.body = QVBoxLayout(self)
        self.body.setSpacing(10)
        self.setMinimumWidth(520)

    def finish(self, *buttons: tuple[str, Callable[[], None]]) -> None:
        """Put the foot under the form; the first button is the one for Enter."""
        for i, (text, run) in enumerate(buttons):
            button = self.buttons.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
            button.clicked.connect(lambda _, run=run: run())
            button.setDefault(i == 0)
            button.setAutoDefault(i == 0)
        cancel = self.buttons.addButton(
            QCoreApplication.translate("Manage", "Cancel"), QDialogButtonBox.ButtonRole.RejectRole
        )
        cancel.setAutoDefault(False)
        self.body.addWidget(self.told)
        self.body.addWidget(self.buttons)

    def complain(self, text: str) -> None:
        """Say what is missing or went wrong."""
        self.told.setText(text)
        self.told.setVisible(bool(text))

    def send(self, work: Callable[[], Item], done: Callable[[], None] | None = None) -> None:
        """Do it off the Qt thread; then close, or run `done`."""
        self.complain("")
        self.buttons.setEnabled(False)

        def good(answer: Item) -> None:
            self.answer = answer
            self.buttons.setEnabled(True)
            (done or self.accept)()

        def bad(error: Exception) -> None:
            self.buttons.setEnabled(True)
            self.complain(error_text(error))

        self._tasks.run(self, lambda _: work(), good, bad, timeout_s=60)


class ReasonDialog(Ask):
    """Confirm something that takes effect at once, and say why."""

    def __init__(
        self, tasks: Tasks, title: str, text: str, button: str, send: Callable[[str], Item],
        parent: QWidget | None,
    ) -> None:  # fmt: skip
        super().__init__(tasks, parent)
        self.setWindowTitle(title)
        label = QLabel(text)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        self.reason = QLineEdit()
        self.reason.setMaxLength(500)
        self.reason.setPlaceholderText(
            QCoreApplication.translate("Manage", "Reason (the others read it)")
        )
        self.reason.setAccessibleName(QCoreApplication.translate("Manage", "Reason"))
        self.body.addWidget(label)
        self.body.addWidget(self.reason)
        self._send = send
        self.finish((button, self.confirm))

    def confirm(self) -> None:
        """Send it."""
        reason = sentence(self.reason)
        if not reason:
            self.complain(QCoreApplication.translate("Manage", "A reason is needed, of three "
                                                     "characters or more."))  # fmt: skip
            return
        self.send(lambda: self._send(reason))


class ConfirmDialog(Ask):
    """Confirm something that takes effect at once."""

    def __init__(
        self, tasks: Tasks, title: str, text: str, button: str, send: Callable[[], Item],
        parent: QWidget | None,
    ) -> None:  # fmt: skip
        super().__init__(tasks, parent)
        self.setWindowTitle(title)
        label = QLabel(text)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        self.body.addWidget(label)
        self._send = send
        self.finish((button, self.confirm))

    def confirm(self) -> None:
        """Send it."""
        self.send(self._send)


class SecretDialog(QDialog):
    """A password or a code, shown this once."""

    def __init__(self, title: str, text: str, secret: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        translate = QCoreApplication.translate
        self.setWindowTitle(title)
        label = QLabel(text)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        self.secret = QLabel(secret)
        self.secret.setObjectName("number")
        self.secret.setWordWrap(True)
        self.secret.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.secret.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        once = QLabel(translate("Manage", "It is shown this once and kept nowhere in clear text. "
                                "Write it down or copy it now."))  # fmt: skip
        once.setObjectName("hint")
        once.setWordWrap(True)
        buttons = QDialogButtonBox()
        copy = buttons.addButton(
            translate("Manage", "Copy"), QDialogButtonBox.ButtonRole.ActionRole
        )
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(secret))
        close = buttons.addButton(
            translate("Manage", "I have it"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        close.setAutoDefault(False)
        buttons.accepted.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        for widget in (label, self.secret, once, buttons):
            layout.addWidget(widget)
        self.setMinimumWidth(600)


class Line(QTreeWidgetItem):
    """Numbers sort as numbers."""

    def __lt__(self, other: QTreeWidgetItem) -> bool:
        tree = self.treeWidget()
        column = tree.sortColumn() if tree is not None else 0
        mine, theirs = self.text(column), other.text(column)
        if mine.isdigit() and theirs.isdigit():
            return int(mine) < int(theirs)
        return mine.casefold() < theirs.casefold()


def _harmless(rows: Iterable[list[str]]) -> list[list[str]]:
    """The rows as a spreadsheet may read them."""
    from app.ui.register import harmless  # a window: not at the start

    return [[harmless(cell) for cell in row] for row in rows]


class Page(QWidget):
    """One list of the server's, and what can be done with a row of it."""

    def __init__(self, desk: Desk, tasks: Tasks, language: Callable[[], str]) -> None:
        super().__init__()
        self.desk, self.tasks, self.language = desk, tasks, language
        self.items: list[Item] = []
        self.searchable = True
        self.duty: Duty | None = None
        """Without it the server does not give the list."""
        self.empty = ""
        """What to do next where there is no row."""
        self._buttons: list[tuple[QPushButton, Duty | None, Fits, str]] = []
        self._working = 0
        self._reads = 0
        self._widths: list[int] = []
        translate = QCoreApplication.translate
        self.filter = QLineEdit()
        self.filter.setClearButtonEnabled(True)
        self.filter.setPlaceholderText(translate("Manage", "Search in this list"))
        self.filter.textChanged.connect(self._filter)
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAlternatingRowColors(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self.list.currentItemChanged.connect(lambda *_: self.refresh())
        self.list.setSortingEnabled(True)
        self.list.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        copy = QShortcut(QKeySequence.StandardKey.Copy, self.list)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.copy)
        again = QShortcut(QKeySequence("F5"), self)
        again.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        again.activated.connect(self.reload)
        self.hint = QLabel()
        self.hint.setObjectName("hint")
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setMargin(30)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.hint)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setFixedHeight(3)
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.top = QVBoxLayout()
        self.row = QHBoxLayout()
        self.row.addStretch(1)
        self.again = QPushButton(translate("Manage", "Read again"))
        self.again.setToolTip("F5")
        self.again.clicked.connect(self.reload)
        layout = QVBoxLayout(self)
        layout.setSpacing(6)
        layout.addLayout(self.top)
        layout.addWidget(self.filter)
        layout.addLayout(self._stack, 1)
        layout.addWidget(self.busy)
        layout.addWidget(self.told)
        layout.addLayout(self.row)
        for button in (self.again,):
            button.setAutoDefault(False)
            self.row.addWidget(button)
        self._idle()

    # -- what a page is made of

    def columns(self, *columns: tuple[str, int]) -> None:
        """Titles and widths, which shrink where the window is narrower than all of them."""
        self.list.setHeaderLabels([text for text, _ in columns])
        self._widths = [width for _, width in columns]
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        here = self.width() - 2 * self.list.frameWidth() - 30  # margins and the scroll bar
        share = min(1.0, here / max(1, sum(self._widths)))
        for i, width in enumerate(self._widths):
            self.list.setColumnWidth(i, int(width * share))

    def button(
        self, text: str, run: Callable[[], None], duty: Duty | None = None,
        fits: Fits = lambda _: "", tip: str = "",
    ) -> QPushButton:  # fmt: skip
        """A button at the foot; where it cannot be used, its tooltip says why."""
        made = QPushButton(text)
        made.setAutoDefault(False)
        made.clicked.connect(lambda _: run())
        self.row.insertWidget(len(self._buttons), made)
        self._buttons.append((made, duty, fits, tip))
        return made

    def read(self) -> Any:
        """Off the Qt thread: what the list shows."""
        raise NotImplementedError

    def show_answer(self, answer: Any) -> None:
        """On the Qt thread."""
        raise NotImplementedError

    # -- what happens

    def reload(self) -> None:
        """Read it from the server again."""
        why = why_not(self.duty, self.desk.identity) if self.duty is not None else ""
        if why:
            self.put([])
            self.hint.setText(why)
            return
        self._reads += 1
        self.run(self.read, self.if_newest(self._show))

    def if_newest(self, show: Callable[[Any], None]) -> Callable[[Any], None]:
        """`show`, unless the list is asked for anew before the answer is there."""
        reads = self._reads
        return lambda answer: show(answer) if reads == self._reads else None

    def _show(self, answer: Any) -> None:
        self.show_answer(answer)
        self.say("")

    def run(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Work off the Qt thread; a failure is told at the foot."""
        self._working += 1
        self.busy.setVisible(True)
        self.refresh()

        def good(answer: Any) -> None:
            self._idle(1)
            done(answer)

        def bad(error: Exception) -> None:
            self._idle(1)
            self.say(error_text(error), bad=True)

        self.tasks.run(self, lambda _: work(), good, bad, timeout_s=120)

    def _idle(self, ended: int = 0) -> None:
        self._working -= ended
        keep = self.busy.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.busy.setSizePolicy(keep)
        self.busy.setVisible(self._working > 0)
        self.refresh()

    def say(self, text: str, *, bad: bool = False) -> None:
        """At the foot."""
        theme.tell(self.told, text, "error" if bad else "")

    def put(self, rows: list[tuple[Item, list[str]]]) -> None:
        """Show rows; the selected one stays selected where it is still there."""
        kept = self.selected()
        self.items = [item for item, _ in rows]
        self.list.setSortingEnabled(False)
        self.list.clear()
        for item, cells in rows:
            line = Line(cells)
            line.setData(0, Qt.ItemDataRole.UserRole, item)
            for i, cell in enumerate(cells):
                line.setToolTip(i, cell)
            self.list.addTopLevelItem(line)
            if kept is not None and kept.get("id") and kept.get("id") == item.get("id"):
                self.list.setCurrentItem(line)
        self.list.setSortingEnabled(True)
        self.hint.setText(self.empty)
        self._stack.setCurrentIndex(0 if rows else 1)
        self.filter.setVisible(self.searchable and len(rows) > 8)
        self._filter(self.filter.text())
        self.refresh()

    def selected(self) -> Item | None:
        """The row that buttons are about."""
        line = self.list.currentItem()
        return line.data(0, Qt.ItemDataRole.UserRole) if line is not None else None

    def refresh(self) -> None:
        """Which buttons can be used now."""
        item = self.selected()
        for button, duty, fits, tip in self._buttons:
            why = why_not(duty, self.desk.identity) if duty is not None else ""
            why = why or fits(item)
            button.setEnabled(not why and not self._working)
            button.setToolTip(why or tip)
        self.again.setEnabled(not self._working)

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for i in range(self.list.topLevelItemCount()):
            line = self.list.topLevelItem(i)
            assert line is not None
            shown = " ".join(line.text(c) for c in range(line.columnCount())).casefold()
            line.setHidden(not all(w in shown for w in words))

    def _menu(self, point: QPoint) -> None:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button, _, _, _ in self._buttons:
            action = menu.addAction(button.text())
            action.setEnabled(button.isEnabled())
            action.setToolTip(button.toolTip())
            action.triggered.connect(button.click)
        menu.popup(self.list.viewport().mapToGlobal(point))

    # -- taking it elsewhere

    def table(self) -> list[list[str]]:
        """The titles and the rows that are shown."""
        columns = range(self.list.columnCount())
        header = self.list.headerItem()
        rows = [[header.text(c) for c in columns]]
        for i in range(self.list.topLevelItemCount()):
            line = self.list.topLevelItem(i)
            if line is not None and not line.isHidden():
                rows.append([line.text(c) for c in columns])
        return rows

    def copy(self) -> None:
        """The selected row, or the whole table where there is none, to the clipboard."""
        line = self.list.currentItem()
        rows = [[line.text(c) for c in range(line.columnCount())]] if line else self.table()
        text = "\n".join("\t".join(row) for row in _harmless(rows))
        QGuiApplication.clipboard().setText(text)

    def copy_table(self) -> None:
        """All of it."""
        text = "\n".join("\t".join(row) for row in _harmless(self.table()))
        QGuiApplication.clipboard().setText(text)
        self.say(QCoreApplication.translate("Manage", "Copied."))

    def save_table(self, name: str) -> None:
        """As CSV, for a spreadsheet."""
        path, _ = QFileDialog.getSaveFileName(
            self, QCoreApplication.translate("Manage", "Save as table"), name, "CSV (*.csv)"
        )
        if path:
            self.write_table(Path(path))

    def write_table(self, path: Path) -> None:
        """With a byte order mark, so that spreadsheets read Chinese; no cell is a formula."""
        rows = self.table()

        def write() -> None:
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows(_harmless(rows))

        saved = QCoreApplication.translate("Manage", "Saved: {name}").format(name=path)
        self.run(write, lambda _: self.say(saved))


class Screen(QDialog):
    """A window of pages that stays open beside the wall."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setSizeGripEnabled(True)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        theme.fit(self, 1240, 640)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.close()  # what it holds is texts: it is opened again in the other language
