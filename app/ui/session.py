"""Who works at this console: name, watermark, automatic lock, and the second person who confirms."""

from __future__ import annotations

import getpass
import socket
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.domain.person import Person, hash_pin, pin_fits, wait_after
from app.ui.tasks import Tasks

LOCK_MINUTES = 10
"""Shared consoles lock after so long (domain reference 8); the video runs on."""

INPUT = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
}


Fits = Callable[[tuple[Person, ...], str], bool]
"""Whether a secret is one of these people's. Blocking."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What this console remembers of its people and itself."""

    operator: str = ""
    console: str = ""
    people: tuple[Person, ...] = ()
    watermark: bool = True
    lock_minutes: int = LOCK_MINUTES
    """0: never."""
    evidence: str = ""
    """Folder for evidence packages, "" for the one in the data folder."""

    def to_json(self) -> dict[str, Any]:
        """As stored."""
        return asdict(self)

    @staticmethod
    def from_json(data: Any) -> Settings:
        """What was stored, with defaults for what is missing or damaged."""
        base = Settings(_user(), socket.gethostname()[:40])
        if not isinstance(data, dict):
            return base
        people = []
        for entry in data.get("people") or []:
            if isinstance(entry, dict) and isinstance(entry.get("name"), str):
                pin, chief = str(entry.get("pin", "")), bool(entry.get("supervisor"))
                people.append(Person(entry["name"], pin, chief))
        minutes = data.get("lock_minutes")
        return Settings(
            str(data.get("operator") or base.operator),
            str(data.get("console") or base.console),
            tuple(people),
            data.get("watermark") is not False,
            minutes if type(minutes) is int and 0 <= minutes <= 240 else LOCK_MINUTES,
            str(data.get("evidence") or ""),
        )


def _user() -> str:
    try:
        return getpass.getuser()
    except OSError:
        return ""


class Session(QObject):
    """The person at work. `changed` says that name or settings are others now."""

    changed = Signal()
    locked = Signal()
    unlocked = Signal(str)  # who
    idle = Signal()  # nobody has touched anything for the set time
    other_asked = Signal()  # at the lock: somebody else signs in at the server

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.settings = Settings.from_json(None)
        self.supervises: bool | None = None
        """Whether the account that is signed in at a server is a supervisor's; None without one:
        then this console's own people count."""
        self.oversees: bool | None = None
        """The same of who keeps records of people and task cards: supervisors, administrators."""
        self._touched_at = time.monotonic()
        self._account = ""
        self._fits: Fits = pin_of
        self._mark = (0, "")
        self._dialog: LockDialog | None = None
        self._watched: set[int] = set()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(5000)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._watch)

    def use(self, settings: Settings) -> None:
        """Work with these from now on; who is signed in at the server stays the operator."""
        self.settings = replace(settings, operator=self._account or settings.operator)
        self._mark = (0, "")
        self.changed.emit()

    def sign_in(self, name: str, fits: Fits) -> None:
        """This account works here now; `fits` says (blocking) whether a secret opens the lock."""
        before, self._account, self._fits = self._account, name, fits
        if self._dialog is not None:
            self._dialog.end(name)
            return
        self.use(self.settings)
        if before not in ("", name):
            self.unlocked.emit(name)  # somebody else works here now

    def sign_out(self) -> None:
        """Nobody is signed in: this console's own people again."""
        self._account, self._fits = "", pin_of
        self.use(self.settings)

    @property
    def account(self) -> str:
        """The name of the account that is signed in, or ""."""
        return self._account

    def watermark(self) -> str:
        """Operator, console, local time; made once a second. "" when it is off."""
        second = int(time.time())
        if self._mark[0] != second:
            s, text = self.settings, ""
            if s.watermark:
                moment = datetime.fromtimestamp(second).strftime("%Y-%m-%d %H:%M:%S")
                text = "  ·  ".join(part for part in (s.operator, s.console, moment) if part)
            self._mark = (second, text)
        return self._mark[1]

    @property
    def can_lock(self) -> bool:
        """Whether anybody could unlock again."""
        return bool(self._account) or any(p.pin for p in self.settings.people)

    @property
    def is_locked(self) -> bool:
        """Whether hands can do nothing now."""
        return self._dialog is not None

    def touch(self) -> None:
        """A hand is at work."""
        self._touched_at = time.monotonic()

    def lock(self, parent: QWidget, tasks: Tasks) -> bool:
        """Shut everything but the pictures; False when nobody has a PIN."""
        if self._dialog is not None or not self.can_lock:
            return False
        dialog = self._dialog = LockDialog(
            self.settings.people, tasks, parent, self._account, self._fits
        )
        dialog.opened.connect(self._opened)
        dialog.other_asked.connect(self.other_asked)
        dialog.show()
        self.locked.emit()
        return True

    def _opened(self, name: str) -> None:
        self._dialog = None
        self.touch()
        self.use(replace(self.settings, operator=name))
        self.unlocked.emit(name)

    def _look(self) -> None:
        minutes = self.settings.lock_minutes
        still = time.monotonic() - self._touched_at
        if minutes and still >= minutes * 60 and self.can_lock and self._dialog is None:
            self.idle.emit()

    def _watch(self, window: QWindow | None) -> None:
        """Input is noticed once a window, not once a widget."""
        if window is not None and id(window) not in self._watched:
            self._watched.add(id(window))
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in INPUT:
            self._touched_at = time.monotonic()
        return False


def pin_of(people: tuple[Person, ...], secret: str) -> bool:
    """Whether it is the PIN of these people."""
    return any(pin_fits(p.pin, secret) for p in people)


class _Tries:
    """Checks a PIN off the Qt thread and makes guessing slow."""

    def __init__(self, tasks: Tasks, parent: QWidget, fits: Fits = pin_of) -> None:
        self._tasks, self._parent, self._fits = tasks, parent, fits
        self._failures, self._not_before = 0, 0.0

    def wait_s(self) -> int:
        """Seconds until the next try may be made."""
        return max(0, round(self._not_before - time.monotonic() + 0.4))

    def check(self, people: tuple[Person, ...], pin: str, done: Callable[[bool], None]) -> None:
        """`done` on the Qt thread."""

        def told(fits: bool) -> None:
            self._failures = 0 if fits else self._failures + 1
            self._not_before = time.monotonic() + wait_after(self._failures)
            done(fits)

        # A refusal to look at it at all (too many tries) is as good as a wrong one.
        self._tasks.run(
            self._parent, lambda _: self._fits(people, pin), told, lambda _: told(False)
        )


class LockDialog(QDialog):
    """Application-modal: every other window takes no input until somebody known unlocks."""

    opened = Signal(str)
    other_asked = Signal()

    def __init__(
        self, people: tuple[Person, ...], tasks: Tasks, parent: QWidget, account: str = "",
        fits: Fits = pin_of,
    ) -> None:  # fmt: skip
        """`account`: who is signed in at the server; then nobody else opens it."""
        super().__init__(parent, Qt.WindowType.FramelessWindowHint | Qt.WindowType.Dialog)
        self.setObjectName("lock")
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self._account = account
        self._people: dict[str, tuple[Person, ...]] = {p.name: (p,) for p in people if p.pin}
        if account:
            self._people = {account: people}
        self._tries = _Tries(tasks, self, fits)
        self._title, self._since = QLabel(), datetime.now()
        self._title.setObjectName("heading")
        self.who = QComboBox()
        self.who.addItems(list(self._people))
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(200)
        self._told = QLabel()
        self._told.setObjectName("error")
        self._told.hide()
        self.button = QPushButton()
        self.button.clicked.connect(self._try)
        self.pin.returnPressed.connect(self._try)
        self.other = QPushButton()
        self.other.setAutoDefault(False)
        self.other.setVisible(bool(account))
        self.other.clicked.connect(self.other_asked)
        row = QHBoxLayout()
        for widget in (self.who, self.pin, self.button, self.other):
            row.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 16, 22, 16)
        layout.addWidget(self._title)
        layout.addLayout(row)
        layout.addWidget(self._told)
        self._retranslate()
        self.adjustSize()
        window = parent.window().frameGeometry()
        # At the foot: the pictures stay to be seen.
        self.move(window.center().x() - self.width() // 2, window.bottom() - self.height() - 70)
        self.pin.setFocus()

    def _retranslate(self) -> None:
        text = self.tr("Locked since {time}. The pictures run on.")
        self._title.setText(text.format(time=f"{self._since:%H:%M:%S}"))
        self.pin.setPlaceholderText(self.tr("Password or PIN") if self._account else self.tr("PIN"))
        self.button.setText(self.tr("Unlock"))
        self.other.setText(self.tr("Another person…"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _try(self) -> None:
        people, wait = self._people.get(self.who.currentText()), self._tries.wait_s()
        if people is None or not self.pin.text() or not self.button.isEnabled():
            return
        if wait:
            self._say(self.tr("Wait %n second(s) before the next try.", "", wait))
            return
        self.button.setEnabled(False)
        self._tries.check(people, self.pin.text(), self._told_result)
        self.pin.clear()

    def _say(self, text: str) -> None:
        self._told.setText(text)
        self._told.show()
        self.adjustSize()

    def _told_result(self, fits: bool) -> None:
        self.button.setEnabled(True)
        if not fits:
            wrong = self.tr("This password or PIN is wrong.")
            self._say(wrong if self._account else self.tr("This PIN is wrong."))
            self.pin.setFocus()
            return
        self.end(self.who.currentText())

    def end(self, name: str) -> None:
        """Opened, by this person."""
        self.hide()
        self.deleteLater()
        self.opened.emit(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()

    def reject(self) -> None:
        """Nothing but a PIN opens it."""


class SecondPersonDialog(QDialog):
    """A supervisor other than the operator confirms with a PIN; `name` says who did."""

    def __init__(
        self, why: str, people: tuple[Person, ...], operator: str, tasks: Tasks, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.name = ""
        self.setWindowTitle(self.tr("Second person"))
        self._people = {p.name: p for p in people if p.supervisor and p.pin and p.name != operator}
        self._tries = _Tries(tasks, self)
        self.who = QComboBox()
        self.who.addItems(list(self._people))
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self._told = QLabel()
        self._told.setObjectName("error")
        self._told.setWordWrap(True)
        buttons = QDialogButtonBox()
        self.confirm = buttons.addButton(self.tr("Confirm"), QDialogButtonBox.ButtonRole.ApplyRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.confirm.clicked.connect(self._try)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow(self.tr("Supervisor"), self.who)
        form.addRow(self.tr("PIN"), self.pin)
        layout = QVBoxLayout(self)
        reason = QLabel(why)
        reason.setWordWrap(True)
        layout.addWidget(reason)
        layout.addLayout(form)
        layout.addWidget(self._told)
        layout.addWidget(buttons)
        self.setMinimumWidth(380)
        if not self._people:
            self.confirm.setEnabled(False)
            self._told.setText(
                self.tr("No other supervisor with a PIN is known here. Add one in Settings.")
            )

    def _try(self) -> None:
        person, wait = self._people.get(self.who.currentText()), self._tries.wait_s()
        if person is None or not self.confirm.isEnabled():
            return
        if wait:
            self._told.setText(self.tr("Wait %n second(s) before the next try.", "", wait))
            return
        self.confirm.setEnabled(False)
        self._tries.check((person,), self.pin.text(), self._result)
        self.pin.clear()

    def _result(self, fits: bool) -> None:
        self.confirm.setEnabled(True)
        if fits:
            self.name = self.who.currentText()
            self.accept()
        else:
            self._told.setText(self.tr("This PIN is wrong."))


class SettingsDialog(QDialog):
    """This console: operator, name, people and PINs, watermark, lock. `result_settings` when saved."""

    def __init__(self, settings: Settings, parent: QWidget, account: str = "") -> None:
        """`account`: who is signed in at the server, and so the operator."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.settings = settings
        self.operator = QLineEdit(settings.operator)
        self.operator.setMaxLength(60)
        if account:
            self.operator.setEnabled(False)
            self.operator.setToolTip(self.tr("Who is signed in at the server"))
        self.console = QLineEdit(settings.console)
        self.console.setMaxLength(40)
        self.watermark = QCheckBox(self.tr("Operator, console and time over the pictures"))
        self.watermark.setChecked(settings.watermark)
        self.minutes = QSpinBox()
        self.minutes.setRange(0, 240)
        self.minutes.setSpecialValueText(self.tr("never"))
        self.minutes.setSuffix(self.tr(" min without input"))
        self.minutes.setValue(settings.lock_minutes)
        self.people = QListWidget()
        self.people.setMinimumHeight(110)
        self.person, self.pin = QLineEdit(), QLineEdit()
        self.person.setPlaceholderText(self.tr("Name"))
        self.pin.setPlaceholderText(self.tr("PIN, at least 4 characters"))
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.supervisor = QCheckBox(self.tr("Supervisor"))
        self.add = QPushButton(self.tr("Add or change"))
        self.add.clicked.connect(self._add)
        remove = QPushButton(self.tr("Remove"))
        remove.clicked.connect(self._remove)
        self._told = QLabel()
        self._told.setObjectName("error")
        note = QLabel(
            self.tr("The lock needs at least one person with a PIN. Supervisors may confirm what "
                    "needs a second person.")
        )  # fmt: skip
        note.setObjectName("hint")
        note.setWordWrap(True)
        buttons = QDialogButtonBox()
        save = buttons.addButton(self.tr("Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        save.setDefault(True)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.setVerticalSpacing(9)
        form.addRow(self.tr("Operator"), self.operator)
        form.addRow(self.tr("Console"), self.console)
        form.addRow(self.tr("Watermark"), self.watermark)
        form.addRow(self.tr("Lock after"), self.minutes)
        form.addRow(self.tr("People"), self.people)
        for button in (self.add, remove):
            button.setAutoDefault(False)
        entry = QHBoxLayout()
        entry.setSpacing(8)
        for widget in (self.person, self.pin, self.supervisor):
            entry.addWidget(widget)
        form.addRow("", entry)
        actions = QHBoxLayout()
        actions.setSpacing(8)
        actions.addWidget(self.add)
        actions.addWidget(remove)
        actions.addStretch(1)
        form.addRow("", actions)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(note)
        self.protection = QLabel()
        self.protection.setObjectName("hint")
        self.protection.setWordWrap(True)
        layout.addWidget(self.protection)
        layout.addWidget(self._told)
        layout.addWidget(buttons)
        self.setMinimumWidth(560)
        self._known = {p.name: p for p in settings.people}
        self.people.currentItemChanged.connect(self._chosen)
        self._show()
        (self.console if account else self.operator).setFocus()

    def _show(self) -> None:
        self.people.clear()
        for person in self._known.values():
            text = person.name
            if person.supervisor:
                text += "  ·  " + self.tr("supervisor")
            if not person.pin:
                text += "  ·  " + self.tr("no PIN")
            item = QListWidgetItem(text)
            item.setData(Qt.ItemDataRole.UserRole, person.name)
            self.people.addItem(item)

    def _chosen(self, item: QListWidgetItem | None) -> None:
        person = self._known.get(item.data(Qt.ItemDataRole.UserRole)) if item else None
        if person is not None:
            self.person.setText(person.name)
            self.supervisor.setChecked(person.supervisor)

    def _add(self) -> None:
        name = self.person.text().strip()
        if not name:
            self._told.setText(self.tr("A name is needed."))
            return
        old = self._known.get(name)
        try:
            pin = hash_pin(self.pin.text()) if self.pin.text() else old.pin if old else ""
        except ValueError:
            self._told.setText(self.tr("A PIN has at least 4 characters."))
            return
        self._known[name] = Person(name, pin, self.supervisor.isChecked())
        self._told.clear()
        self.person.clear()
        self.pin.clear()
        self.supervisor.setChecked(False)
        self._show()

    def _remove(self) -> None:
        item = self.people.currentItem()
        if item is not None:
            self._known.pop(item.data(Qt.ItemDataRole.UserRole), None)
            self._show()

    def _save(self) -> None:
        if self.person.text().strip() and self.pin.text():
            self._add()  # typed, but the button was not pressed
            if self._told.text():
                return
        self.settings = replace(
            self.settings,
            operator=self.operator.text().strip(),
            console=self.console.text().strip(),
            people=tuple(self._known.values()),
            watermark=self.watermark.isChecked(),
            lock_minutes=self.minutes.value(),
        )
        self.accept()
