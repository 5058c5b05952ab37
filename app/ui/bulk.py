"""Set up many cameras alike: choose, wish, compare old with new, start, see each result, undo."""

from __future__ import annotations

import contextlib
import csv
import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import (
    QBrush,
    QCloseEvent,
    QColor,
    QDoubleValidator,
    QIntValidator,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.devices import setup as devices
from app.devices.errors import DeviceError
from app.devices.setup import Job, JournalError, NewAccount
from app.devices.soap import Pins
from app.domain.camera import Credentials
from app.domain.setup import (
    CODECS,
    DEVICE_WIDE,
    GOOD,
    PLACES,
    Change,
    Outcome,
    Reading,
    Setting,
    Step,
    StreamWish,
    Template,
    Why,
    generated_password,
    grouped,
    mistakes,
    password_fault,
    plan,
    undo_of,
)
from app.paths import RESOURCES
from app.store.errors import StoreError
from app.store.logbook import Logbook
from app.store.setup import (
    AccountChange,
    Target,
    note_streams,
    record_run,
    save_template,
    targets,
    templates,
)
from app.store.store import Changes, Store, new_id
from app.ui import i18n, theme
from app.ui.bulk_desk import settle_all
from app.ui.bulk_texts import (
    codec_text,
    mistake_text,
    new_text,
    outcome_text,
    password_text,
    place_text,
    setting_text,
    trouble_text,
    value_text,
    why_text,
)
from app.ui.register import harmless
from app.ui.reports import table_html, write_pdf
from app.ui.tasks import Task, Tasks, emit

log = logging.getLogger(__name__)

LONGEST_S = 6 * 3600.0
MOST_FOUND, MANY = 500, 40
NARROW = 900
"""Pixels of the window below which template and table do not both fit."""
S = Setting
ROLE = Qt.ItemDataRole.UserRole
Allowed = Callable[[str], str]
"""Why this person may not set a camera up, "" where it is allowed. Blocking."""


class Phase(StrEnum):
    """Where a camera stands."""

    WAITING = "waiting"
    READING = "reading"
    READ = "read"
    SETTING = "setting"
    DONE = "done"
    FAILED = "failed"  # not read, or not all was set


@dataclass
class _Line:
    """A camera in the table."""

    target: Target
    item: QTreeWidgetItem
    phase: Phase = Phase.WAITING
    reading: Reading | None = None
    changes: list[Change] = field(default_factory=list)
    off: set[Setting] = field(default_factory=set)
    """Unticked."""
    steps: list[Step] = field(default_factory=list)
    trouble: str = ""
    undo: list[Change] = field(default_factory=list)
    undo_account: tuple[Credentials, bool] | None = field(default=None, repr=False)
    """The account of before, and whether the new user goes with the undo. In memory only."""

    @property
    def chosen(self) -> list[Change]:
        """What will be set."""
        ticked = [c for c in self.changes if c.setting not in self.off]
        return [c for _, group in grouped(ticked) for c in group]


class _Stop(threading.Event):
    """Set by a person, or with the task when the program ends. `Task.cancel` alone would drop the
    answers of what is under way."""

    task: Task | None = None

    def is_set(self) -> bool:
        return super().is_set() or (self.task is not None and self.task.cancelled.is_set())


class BulkWindow(QWidget):
    """A window of its own beside the wall; not modal."""

    closed = Signal()
    _read = Signal(object, str, object)  # task, camera, Reading or Exception
    _stepped = Signal(object, str, object)  # task, camera, Step
    _began = Signal(object, str)
    _ended = Signal(object, str)
    unsettled_left = Signal()
    _templates_came = Signal()

    def __init__(
        self,
        store: Store,
        logbook: Logbook,
        tasks: Tasks,
        pins: Pins,
        language: Callable[[], str],
        who: Callable[[], tuple[str, str]],
        allowed: Allowed,
        parent: QWidget | None,
    ) -> None:
        """`who`: the person's and the console's name, for the log."""
        super().__init__(parent, Qt.WindowType.Window)
        self._store, self._log, self._tasks, self._pins = store, logbook, tasks, pins
        self._language, self._who, self._allowed = language, who, allowed
        self._lines: dict[str, _Line] = {}
        self._task: Task | None = None
        self._filling = False
        self._progress = (0, 0)
        self._run_name = ""
        self._stop = _Stop()
        self._saved: dict[str, Template] = {}
        self._plan_soon = QTimer(self)
        self._plan_soon.setSingleShot(True)
        self._plan_soon.setInterval(250)
        self._plan_soon.timeout.connect(self._plan_all)
        self._build()
        self._read.connect(self._on_read)
        self._stepped.connect(self._on_step)
        self._began.connect(self._on_began)
        self._ended.connect(self._on_ended)
        self._load_templates()
        self._wish_changed()
        self._templates_came.connect(self._others_templates)
        store.on_change(self._news)

    # -- building

    def _build(self) -> None:
        self.setWindowTitle(self.tr("Set up cameras"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Add cameras: name, pinyin, number, code, IP"))
        self.search.returnPressed.connect(lambda: self.add_found())
        self.add = self._button(self.tr("&Add"), self.add_found, self.tr(
            "Adds every camera that fits the words."))  # fmt: skip
        self.remove = self._button(self.tr("Ta&ke out"), self.take_out, self.tr(
            "Takes the selected cameras out of this list (Delete). They stay in the register."))  # fmt: skip
        self.compare = self._button(self.tr("&Compare"), self.read, self.tr(
            "Reads what the cameras have and shows old and new. Changes nothing (F5)."))  # fmt: skip
        self.shown = QComboBox()
        for key, text in (
            ("", self.tr("all cameras")), ("change", self.tr("with changes")),
            ("failed", self.tr("failed")),
        ):  # fmt: skip
            self.shown.addItem(text, key)
        self.shown.currentIndexChanged.connect(lambda _: self._refresh())
        self.left: QWidget = self._form()
        self.wishes = self._button(self.tr("Te&mplate"), lambda: None, self.tr(
            "Shows or hides what the cameras shall have."))  # fmt: skip
        self.wishes.setCheckable(True)
        self.wishes.setChecked(True)
        self.wishes.toggled.connect(lambda on: self.left.setVisible(on))
        top = QHBoxLayout()
        top.addWidget(self.wishes)
        top.addWidget(self.search, 1)
        for widget in (self.add, self.remove, self.shown, self.compare):
            top.addWidget(widget)
        self.table = QTreeWidget()
        self.table.setColumnCount(4)
        self.table.setHeaderLabels(
            [self.tr("Camera, setting"), self.tr("Now"), self.tr("New"), self.tr("Result")]
        )
        self.table.setUniformRowHeights(True)
        self.table.setAlternatingRowColors(True)
        self.table.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        header = self.table.header()
        header.setStretchLastSection(True)
        for column, width in enumerate((235, 140, 175)):
            self.table.setColumnWidth(column, width)
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        self.table.setStyleSheet(
            "QTreeView::indicator { width: 13px; height: 13px; border-radius: 3px; "
            f"border: 1px solid #6b7684; background: {theme.BACKGROUND.name()}; }} "
            f"QTreeView::indicator:checked {{ background: {theme.ACCENT.name()}; border-color: "
            f"{theme.ACCENT.name()}; image: url({(RESOURCES / 'icons' / 'check.svg').as_posix()}); }}"
        )
        self.table.itemChanged.connect(self._ticked)
        self.table.itemSelectionChanged.connect(self._enable)
        self.empty = QLabel()
        self.empty.setObjectName("hint")
        self.empty.setWordWrap(True)
        self.empty.setMargin(60)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setText(self.tr(
            "Which cameras? Choose them in the list of cameras and open this window there, or look for "
            "them above. Then say on the left what they shall have, and compare."))  # fmt: skip
        right = QWidget()
        column_ = QVBoxLayout(right)
        column_.setContentsMargins(0, 0, 0, 0)
        column_.addWidget(self.table, 1)
        column_.addWidget(self.empty, 1)
        split = QSplitter()
        split.addWidget(self.left)
        split.addWidget(right)
        split.setStretchFactor(1, 1)
        split.setSizes([380, 820])
        split.setChildrenCollapsible(False)
        self.progress = theme.thin_bar()
        self.told = QLabel()
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setWordWrap(True)
        self.start = self._button(self.tr("&Start…"), lambda: self.ask_start(), self.tr(
            "Sets what is ticked, after a question (Ctrl+Return)."))  # fmt: skip
        self.again = self._button(self.tr("A&gain where it failed"), self.read_failed, self.tr(
            "Reads the failed cameras again; what is still missing can be started again."))  # fmt: skip
        self.stop_button = self._button(self.tr("S&top"), self.stop, self.tr(
            "No further camera begins; those under way finish their step."))  # fmt: skip
        self.undo = self._button(self.tr("&Undo…"), lambda: self.ask_undo(), self.tr(
            "Brings back what the last run changed, as far as the cameras allow."))  # fmt: skip
        self.report = self._button(self.tr("Save &report…"), self.ask_report, self.tr(
            "The table as PDF or CSV, without passwords."))  # fmt: skip
        close = self._button(self.tr("Close"), self.close, "")
        bottom = QHBoxLayout()
        bottom.addWidget(self.told, 1)
        for button in (self.stop_button, self.again, self.undo, self.report, self.start, close):
            bottom.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.addLayout(top)
        layout.addWidget(self.progress)
        layout.addWidget(split, 1)
        layout.addLayout(bottom)
        self.table.installEventFilter(self)
        for keys, run in (("F5", self.read), ("Ctrl+Return", self.ask_start)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(lambda run=run: run())
        theme.fit(self, 1230, 650)

    def _button(self, text: str, run: Callable[[], Any], tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.setToolTip(tip)
        button.clicked.connect(lambda *_: run())
        return button

    def _form(self) -> QWidget:
        unchanged = self.tr("unchanged")
        self.saved = QComboBox()
        self.saved.activated.connect(lambda _: self._use_saved())
        self.keep = self._button(self.tr("Sa&ve…"), lambda: self.save_as(), self.tr(
            "Keeps this template under a name. No password is kept in it."))  # fmt: skip
        self.forget = self._button(self.tr("Delete"), self.delete_saved, self.tr(
            "Deletes this saved template."))  # fmt: skip
        chooser = QHBoxLayout()
        chooser.addWidget(self.saved, 1)
        chooser.addWidget(self.keep)
        chooser.addWidget(self.forget)

        def line(placeholder: str = unchanged, tip: str = "") -> QLineEdit:
            made = QLineEdit()
            made.setPlaceholderText(placeholder)
            made.setToolTip(tip)
            made.textChanged.connect(lambda _: self._wish_changed())
            return made

        def choice(options: Iterable[tuple[str, str]], *, editable: bool = False) -> QComboBox:
            made = QComboBox()
            made.setEditable(editable)
            made.setMinimumContentsLength(8)
            made.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            for key, text in (("", "" if editable else unchanged), *options):
                made.addItem(text, key)
            editor = made.lineEdit()
            if editor is not None:
                editor.setPlaceholderText(unchanged)
            made.currentTextChanged.connect(lambda _: self._wish_changed())
            return made

        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)

        def section(text: str) -> None:
            title = QLabel(text)
            title.setObjectName("section")
            title.setStyleSheet(f"color: {theme.ACCENT.name()}; margin-top: 6px;")
            form.addRow(title)

        patterns = self.tr("What stands in braces comes from the register: {name}, {name_en}, {code}, "
                           "{number}, {site}.")  # fmt: skip
        section(self.tr("Clock"))
        self.clock = choice(
            [
                ("ntp", self.tr("by time servers (NTP)")),
                ("computer", self.tr("this computer's time, once")),
            ]
        )
        self.ntp = line("10.0.0.1, ntp.example", self.tr("Addresses or names, or DHCP."))
        self.zone = choice(
            [(z, z) for z in ("CST-8", "UTC0", "CET-1CEST,M3.5.0,M10.5.0/3")], editable=True
        )  # fmt: skip
        self.zone.setToolTip(self.tr("As POSIX writes it: CST-8 is Beijing's time."))
        form.addRow(self.tr("Set"), self.clock)
        form.addRow(self.tr("Servers"), self.ntp)
        form.addRow(self.tr("Time zone"), self.zone)
        section(self.tr("Names"))
        self.device_name = line(tip=patterns)
        self.hostname = line(tip=self.tr("Letters, digits and hyphens.") + "\n" + patterns)
        form.addRow(self.tr("Name"), self.device_name)
        form.addRow(self.tr("Host name"), self.hostname)
        section(self.tr("Text on the picture"))
        self.text = line(tip=patterns)
        corners = [(p, place_text(p)) for p in PLACES]
        self.text_place, self.time_place = choice(corners), choice(corners)
        form.addRow(self.tr("Text"), self.text)
        form.addRow(self.tr("Place"), self.text_place)
        form.addRow(self.tr("Date and time"), self.time_place)
        self.streams: dict[str, dict[str, Any]] = {}
        sizes = {"main": ("3840x2160", "2560x1440", "1920x1080", "1280x720"),
                 "sub": ("1280x720", "704x576", "640x360", "352x288")}  # fmt: skip
        for role, title in (("main", self.tr("Main stream")), ("sub", self.tr("Substream"))):
            section(title)
            fields: dict[str, Any] = {
                "codec": choice([(c, codec_text(c)) for c in CODECS]),
                "size": choice([(s, s) for s in sizes[role]], editable=True),
                "fps": line(), "kbps": line(), "gop": line(),
            }  # fmt: skip
            fields["fps"].setValidator(QDoubleValidator(0.1, 240, 2, self))
            fields["kbps"].setValidator(QIntValidator(8, 200_000, self))
            fields["gop"].setValidator(QIntValidator(1, 10_000, self))
            self.streams[role] = fields
            form.addRow(self.tr("Codec"), fields["codec"])
            form.addRow(self.tr("Picture size"), fields["size"])
            for name, label, unit in (
                ("fps", self.tr("Frame rate"), self.tr("a second")),
                ("kbps", self.tr("Bit rate"), "kbit/s"),
                ("gop", self.tr("Key frame every"), self.tr("pictures")),
            ):
                row = QHBoxLayout()
                row.addWidget(fields[name], 1)
                row.addWidget(QLabel(unit))
                form.addRow(label, row)
        section(self.tr("Account"))
        self.account = choice(
            [("password", self.tr("another password")), ("user", self.tr("another user"))]
        )
        self.username = line(self.tr("user name"))
        self.password, self.password_again = (
            line(self.tr("new password")),
            line(self.tr("once more")),
        )
        for secret in (self.password, self.password_again):
            secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.generate = QCheckBox(self.tr("a different password for each camera"))
        self.generate.setToolTip(self.tr(
            "Made at random and kept with this workstation's passwords; nobody has to know it."))  # fmt: skip
        self.remove_old = QCheckBox(self.tr("delete the old user afterwards"))
        for box in (self.generate, self.remove_old):
            box.toggled.connect(lambda _: self._wish_changed())
        form.addRow(self.tr("Change"), self.account)
        form.addRow(self.tr("User"), self.username)
        form.addRow(self.generate)
        form.addRow(self.tr("Password"), self.password)
        form.addRow("", self.password_again)
        form.addRow(self.remove_old)
        self._account_rows = (self.generate, self.password, self.password_again)
        self.form = form
        self.wrong = QLabel()
        self.wrong.setObjectName("error")
        self.wrong.setWordWrap(True)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 10, 0)
        column.addLayout(form)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left = QWidget()
        whole = QVBoxLayout(left)
        whole.setContentsMargins(0, 0, 6, 0)
        whole.addLayout(chooser)
        whole.addWidget(scroll, 1)
        whole.addWidget(self.wrong)
        left.setMinimumWidth(330)
        self._inputs = inner
        return left

    # -- the template

    def template(self) -> Template:
        """What is wished now."""

        def wish(role: str) -> StreamWish:
            fields = self.streams[role]

            def number(name: str) -> int | None:
                text = fields[name].text().strip()
                return int(text) if text.isdigit() and int(text) else None

            try:
                rate = float(fields["fps"].text().replace(",", ".") or 0)
            except ValueError:
                rate = 0.0

            size = fields["size"].currentText().strip().lower().replace(" ", "").replace("×", "x")
            return StreamWish(
                fields["codec"].currentData() or None, size or None, rate or None, number("kbps"),
                number("gop"),
            )  # fmt: skip

        account = self.account.currentData() or ""
        return Template(
            clock=self.clock.currentData() or "",
            ntp=self.ntp.text().strip() if self.clock.currentData() == "ntp" else "",
            time_zone=self.zone.currentText().strip(),
            hostname=self.hostname.text().strip(), name=self.device_name.text().strip(),
            text=self.text.text().strip(),
            text_place=self.text_place.currentData() or "",
            time_place=self.time_place.currentData() or "",
            main=wish("main"), sub=wish("sub"), account=account,
            username=self.username.text().strip() if account == "user" else "",
            remove_old=account == "user" and self.remove_old.isChecked(),
            generate=bool(account) and self.generate.isChecked(),
        )  # fmt: skip

    def use_template(self, t: Template) -> None:
        """Show a template in the form."""
        self._filling = True

        def choose(box: QComboBox, key: str) -> None:
            index = box.findData(key)
            if box.isEditable() and index < 0:
                box.setCurrentIndex(0)
                box.setEditText(key)
            else:
                box.setCurrentIndex(max(index, 0))

        choose(self.clock, t.clock)
        choose(self.zone, t.time_zone)
        for edit, text in (
            (self.ntp, t.ntp), (self.hostname, t.hostname), (self.device_name, t.name),
            (self.text, t.text), (self.username, t.username),
        ):  # fmt: skip
            edit.setText(text)
        choose(self.text_place, t.text_place)
        choose(self.time_place, t.time_place)
        for role, wish in (("main", t.main), ("sub", t.sub)):
            fields = self.streams[role]
            choose(fields["codec"], wish.codec or "")
            choose(fields["size"], wish.size or "")
            for name in ("fps", "kbps", "gop"):
                value = getattr(wish, name)
                fields[name].setText("" if value is None else f"{value:g}")
        choose(self.account, t.account)
        self.generate.setChecked(t.generate)
        self.remove_old.setChecked(t.remove_old)
        self._filling = False
        self._wish_changed()

    def _load_templates(self, name: str = "") -> None:
        try:
            self._saved = templates(self._store)
        except StoreError as error:
            self._say(i18n.error_text(error), bad=True)
        self.saved.clear()
        self.saved.addItem(self.tr("(new template)"), "")
        for saved in self._saved:
            self.saved.addItem(saved, saved)
        self.saved.setCurrentIndex(max(self.saved.findData(name), 0))
        self._enable()

    def _news(self, changes: Changes) -> None:
        """On the thread that wrote."""
        if "setup_template" in changes.kinds:
            with contextlib.suppress(RuntimeError):  # the window is gone
                self._templates_came.emit()

    def _others_templates(self) -> None:
        """Another console saved or deleted one: the list shows it, what is in the form stays."""
        self._load_templates(str(self.saved.currentData() or ""))

    def _use_saved(self) -> None:
        name = self.saved.currentData()
        self.use_template(self._saved.get(name, Template()))

    def save_as(self, name: str = "") -> None:
        """Keep the template under a name that is asked for."""
        if not name:
            name, good = QInputDialog.getText(
                self, self.tr("Save template"), self.tr("Name"), text=self.saved.currentData() or ""
            )
            if not good:
                return
        name = " ".join(name.split())[:100]
        if not name:
            return
        try:
            save_template(self._store, name, self.template())
        except StoreError as error:
            self._say(i18n.error_text(error), bad=True)
            return
        self._load_templates(name)
        self._say(self.tr("Template “{name}” saved.").format(name=name))

    def delete_saved(self) -> None:
        """Forget the chosen one; what is in the form stays, so that it can be saved again."""
        name = self.saved.currentData()
        if name:
            save_template(self._store, name, None)
            self._load_templates()
            self._say(
                self.tr("Template “{name}” deleted. The form still holds it.").format(name=name)
            )

    def _wish_changed(self) -> None:
        if self._filling or not hasattr(self, "remove_old") or not hasattr(self, "form"):
            return
        account = self.account.currentData()
        self.form.setRowVisible(self.ntp, self.clock.currentData() == "ntp")
        self.form.setRowVisible(self.username, account == "user")
        self.form.setRowVisible(self.remove_old, account == "user")
        own = not self.generate.isChecked()
        self.form.setRowVisible(self.generate, bool(account))
        self.form.setRowVisible(self.password, bool(account) and own)
        self.form.setRowVisible(self.password_again, bool(account) and own)
        if len(self._lines) > MANY:
            self._plan_soon.start()  # not with every letter
        else:
            self._plan_all()

    def problem(self) -> str:
        """What is wrong with what is wished; "" for nothing."""
        t = self.template()
        texts = [mistake_text(m) for m in mistakes(t)]
        if t.account and not t.generate:
            fault = password_fault(self.password.text(), t.username or "admin")
            if fault is not None and self.password.text():
                texts.append(password_text(fault))
            elif fault is not None:
                texts.append(self.tr("Give the new password."))
            elif self.password.text() != self.password_again.text():
                texts.append(self.tr("The two passwords differ."))
        return "\n".join(texts)

    # -- the cameras

    def add_cameras(self, cameras: Iterable[str]) -> None:
        """Put these into the list, behind those that are there."""
        new = [c for c in dict.fromkeys(cameras) if c not in self._lines]
        if not new or self._task is not None:
            return
        store = self._store
        self._tasks.run(
            self, lambda _: targets(store, new), self._added, self._failed, timeout_s=120
        )

    def _added(self, found: list[Target]) -> None:
        for target in found:
            if target.camera_id in self._lines:
                continue
            item = QTreeWidgetItem(self.table)
            item.setData(0, ROLE, target.camera_id)
            self._lines[target.camera_id] = _Line(target, item)
        self._plan_all()

    def add_found(self) -> None:
        """Add what fits the words of the search box."""
        words = self.search.text().strip()
        if not words:
            return
        store = self._store

        def find(_: Task) -> list[str]:
            rows = store.cameras(search=words, limit=MOST_FOUND)
            return [row.id for row in rows]

        def found(ids: list[str]) -> None:
            if not ids:
                self._say(self.tr("No camera fits “{words}”.").format(words=words), bad=True)
                return
            self.search.clear()
            self.add_cameras(ids)

        self._tasks.run(self, find, found, self._failed)

    def take_out(self) -> None:
        """Take the selected cameras out of the list."""
        if self._task is not None:
            return
        for item in self.table.selectedItems():
            camera = item.data(0, ROLE)
            line = self._lines.pop(camera, None) if camera else None
            if line is not None:
                self.table.takeTopLevelItem(self.table.indexOfTopLevelItem(line.item))
        self._plan_all()

    def _name(self, target: Target) -> str:
        names = target.names
        if self._language().startswith("zh"):
            return names.name or names.name_en
        return names.name_en or names.name

    # -- comparing

    def read(self, lines: list[_Line] | None = None) -> None:
        """Read what the cameras have, and compare."""
        lines = list(self._lines.values()) if lines is None else lines
        if self._task is not None or not lines:
            return
        if self.width() < NARROW:
            self.wishes.setChecked(False)  # the table needs the room now
        store, pins = self._store, self._pins
        for line in lines:
            line.phase, line.trouble, line.steps, line.reading = Phase.WAITING, "", [], None
        ids = [line.target.camera_id for line in lines]

        def work(task: Task) -> None:
            settle_all(store, pins)
            # Once more: accounts may have been settled, addresses changed meanwhile.
            known = {t.camera_id: t for t in targets(store, ids)}

            def one(job: Job) -> Reading | Exception:
                emit(self._began, task, job.camera_id)
                why = self._allowed(job.camera_id)
                if why:
                    return PermissionError(why)
                try:
                    return devices.read_setup(job, pins=pins)
                except (DeviceError, StoreError) as error:
                    return error

            jobs = []
            for camera in ids:
                target = known.get(camera)
                if target is None or target.why:
                    gone = target is None
                    text = self.tr("The camera is gone.") if gone else self.tr(
                        "No ONVIF address is known. Enter it under “Edit camera”.")  # fmt: skip
                    emit(self._read, task, camera, PermissionError(text))
                else:
                    jobs.append(_job(target))
            devices.side_by_side(
                jobs, one, lambda job, said: emit(self._read, task, job.camera_id, said),
                task.cancelled, 16,
            )  # fmt: skip

        self._begin(work, len(ids), self.tr("Reading %n camera(s)…", "", len(ids)))

    def read_failed(self) -> None:
        """The same for those that failed."""
        self.read([line for line in self._lines.values() if line.phase is Phase.FAILED])

    def _begin(self, work: Callable[[Task], None], count: int, text: str) -> None:
        self._progress = (0, count)
        self.progress.setRange(0, max(count, 1))
        self.progress.setValue(0)
        self.progress.show()
        self._say(text)
        self._task = self._tasks.run(self, work, lambda _: self._over(), self._failed,
                                     timeout_s=LONGEST_S)  # fmt: skip
        self._refresh()

    def _count(self) -> None:
        done, of = self._progress
        self._progress = (done + 1, of)
        self.progress.setValue(done + 1)

    def _on_began(self, task: Task, camera: str) -> None:
        line = self._lines.get(camera)
        if line is not None and task is self._task:
            line.phase = Phase.SETTING if self._run_name else Phase.READING
            self._show(line)

    def _on_read(self, task: Task, camera: str, said: Reading | Exception) -> None:
        line = self._lines.get(camera)
        if line is None or task is not self._task:
            return
        self._count()
        if isinstance(said, Reading):
            line.phase, line.reading = Phase.READ, said
        else:
            line.phase = Phase.FAILED
            told = isinstance(said, PermissionError)
            line.trouble = str(said) if told else trouble_text(said)
        self._plan(line, self._firsts(), self.template())
        self._show(line)

    def _over(self) -> None:
        """A reading is complete."""
        self._task = None
        self.progress.hide()
        self._plan_all()
        self._refresh()  # what can be ticked is ticked again
        if not self._run_name:
            self._say(self._summary())

    def _failed(self, error: Exception) -> None:
        self._task = None
        self._run_name = ""
        self.progress.hide()
        self._say(trouble_text(error), bad=True)
        self._refresh()

    def _firsts(self) -> dict[str, str]:
        """The first camera of each device: what is of the whole device is set with it."""
        firsts: dict[str, str] = {}
        for camera, line in self._lines.items():
            firsts.setdefault(line.target.device_id, camera)
        return firsts

    def _plan(self, line: _Line, firsts: dict[str, str], template: Template) -> None:
        if line.reading is None:
            line.changes = []
            return
        found = plan(template, line.target.names, line.reading, self.password.text())
        if firsts.get(line.target.device_id, line.target.camera_id) != line.target.camera_id:
            found = [
                replace(c, why=Why.OTHER_CAMERA) if c.setting in DEVICE_WIDE else c for c in found
            ]
        line.changes = found

    def _plan_all(self) -> None:
        firsts, template = self._firsts(), self.template()
        for line in self._lines.values():
            before = line.changes
            if line.phase is Phase.READ:
                self._plan(line, firsts, template)
            if line.changes != before or not line.changes or line.phase is not Phase.READ:
                self._show(line)
        self._enable()
        if self._task is None and any(x.phase is Phase.READ for x in self._lines.values()):
            self._say(self._summary())

    def _summary(self) -> str:
        lines = self._lines.values()
        failed = sum(line.phase is Phase.FAILED for line in lines)
        read = sum(line.phase is Phase.READ for line in lines)
        chosen = [len(line.chosen) for line in lines]
        parts = []
        if read:
            changing = sum(map(bool, chosen))
            parts.append(self.tr("%n change(s)", "", sum(chosen)))
            parts.append(self.tr("on %n camera(s)", "", changing))
            if read > changing:
                parts.append(self.tr("%n are as wished", "", read - changing))
        if failed:
            parts.append(self.tr("%n failed", "", failed))
        return "  ·  ".join(parts)

    # -- setting

    def ask_start(self) -> None:
        """Start, after a question that says what will happen."""
        if self._plan_soon.isActive():
            self._plan_soon.stop()
            self._plan_all()
        if not self.start.isEnabled():
            return
        lines = [line for line in self._lines.values() if line.chosen]
        accounts = [line for line in lines if any(c.setting is S.ACCOUNT for c in line.chosen)]
        count = sum(len(line.chosen) for line in lines)
        text = self.tr("Set {changes} on {cameras}?").format(
            changes=self.tr("%n value(s)", "", count),
            cameras=self.tr("%n camera(s)", "", len(lines)),
        )
        more = [self.tr("Pictures may stop for a moment, and some cameras start anew.")]
        if accounts:
            more.append(self.tr(
                "The account of %n camera(s) changes. The old password is forgotten only once the "
                "camera has taken the new one; until then both are kept.", "", len(accounts)))  # fmt: skip
            if self.template().generate:
                more.append(self.tr(
                    "The new passwords are known to this workstation and its server alone."))  # fmt: skip
        box = QMessageBox(QMessageBox.Icon.Question, self.windowTitle(), text, parent=self)
        box.setInformativeText("\n\n".join(more))
        go = box.addButton(self.tr("Set"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.exec()
        if box.clickedButton() is go:
            self.begin()

    def begin(self) -> None:
        """Set what is ticked."""
        wishes = {
            camera: line.chosen for camera, line in self._lines.items() if line.chosen
        }  # fmt: skip
        t, secret = self.template(), self.password.text()

        def account(target: Target, line: _Line, change: Change) -> NewAccount:
            assert line.reading is not None
            name = str(change.new)
            password = secret
            if t.generate:
                password = generated_password(name, limit=line.reading.max_password)
            made = name not in line.reading.users
            line.undo_account = (target.account, made and name != target.account.username)
            journal = AccountChange(self._store, target.camera_id, JournalError)
            return NewAccount(Credentials(name, password), journal, t.remove_old)

        self._run("set", wishes, account)

    def _run(
        self,
        name: str,
        wishes: dict[str, list[Change]],
        account: Callable[[Target, _Line, Change], NewAccount],
    ) -> None:
        if self._task is not None or not wishes:
            return
        store, pins, lines = self._store, self._pins, dict(self._lines)
        for camera in wishes:
            line = lines[camera]
            line.steps, line.trouble, line.phase = [], "", Phase.WAITING
        author, console = self._who()
        self._run_name = name
        stop = self._stop = _Stop()
        run = new_id()

        def work(task: Task) -> None:
            stop.task = task
            jobs = [_job(lines[camera].target) for camera in wishes]

            def one(job: Job) -> None:
                camera = job.camera_id
                emit(self._began, task, camera)
                steps: list[Step] = []

                def told(step: Step) -> None:
                    steps.append(step)
                    emit(self._stepped, task, camera, step)

                changes = wishes[camera]
                try:
                    why = self._allowed(camera)
                    # Now: another camera of the same device may have changed the account.
                    target = targets(store, [camera])[0]
                    wanted = next((c for c in changes if c.setting is S.ACCOUNT), None)
                    new = account(target, lines[camera], wanted) if wanted and not why else None
                    if why:
                        raise PermissionError(why)
                    devices.set_up(_job(target), changes, new, pins=pins, cancelled=stop,
                                   told=told)  # fmt: skip
                except (StoreError, PermissionError, ValueError, IndexError) as error:
                    for change in changes[len(steps) :]:
                        told(Step(change, Outcome.NOT_BEGUN, detail=str(error)))
                # Written down camera by camera: a crash does not hide what was done before.
                try:
                    shown = self._name(lines[camera].target)
                    record_run(self._log, run, author, console, [(camera, shown, steps)],
                               undo=name == "undo")  # fmt: skip
                    note_streams(store, camera, steps)
                except StoreError:
                    log.exception("what was set on a camera could not be written down")

            devices.side_by_side(
                jobs, one, lambda job, _: emit(self._ended, task, job.camera_id), stop
            )  # fmt: skip

        self._begin_run(work, len(wishes))

    def _begin_run(self, work: Callable[[Task], None], count: int) -> None:
        def over(_: Any) -> None:
            self._task = None
            undo, self._run_name = self._run_name == "undo", ""
            self.progress.hide()
            for line in self._lines.values():
                if line.phase in (Phase.WAITING, Phase.SETTING):
                    line.phase = Phase.READ  # stopped before it began
            steps = [s for line in self._lines.values() for s in line.steps]
            bad = sum(s.outcome not in GOOD for s in steps)
            good = self.tr("%n value(s) set", "", len(steps) - bad)
            if undo:
                good = self.tr("%n value(s) brought back", "", len(steps) - bad)
            self._say(
                "  ·  ".join([good] + ([self.tr("%n not", "", bad)] if bad else [])), bad=bool(bad)
            )
            if any(s.outcome in (Outcome.UNSURE, Outcome.UNCHANGED) for s in steps
                   if s.change.setting is S.ACCOUNT):  # fmt: skip
                self.unsettled_left.emit()
            self._refresh()

        self._progress = (0, count)
        self.progress.setRange(0, max(count, 1))
        self.progress.setValue(0)
        self.progress.show()
        self._say(self.tr("Setting up %n camera(s)…", "", count))
        self._task = self._tasks.run(self, work, over, self._failed, timeout_s=LONGEST_S)
        self._refresh()

    def _on_step(self, task: Task, camera: str, step: Step) -> None:
        line = self._lines.get(camera)
        if line is not None and task is self._task:
            line.steps.append(step)
            self._show(line)

    def _on_ended(self, task: Task, camera: str) -> None:
        line = self._lines.get(camera)
        if line is None or task is not self._task:
            return
        self._count()
        whole = all(s.outcome in GOOD for s in line.steps)
        line.phase = Phase.DONE if whole else Phase.FAILED
        if self._run_name == "undo":
            line.undo, line.undo_account = [], None
        else:
            line.undo = undo_of(line.steps)
        self._show(line)

    def stop(self) -> None:
        """No further camera begins. What is under way is waited for: its answers count."""
        task = self._task
        if task is None:
            return
        if self._run_name:
            self._stop.set()
            self._say(self.tr("Stopping: those under way finish their step…"))
        else:
            task.cancel()
            self._over()
            for line in self._lines.values():
                if line.phase in (Phase.WAITING, Phase.READING) and line.reading is None:
                    line.phase = Phase.WAITING
            self._say(self.tr("Stopped."))
            self._refresh()

    # -- undo

    def _undoable(self) -> dict[str, list[Change]]:
        return {
            camera: found for camera, line in self._lines.items()
            if (found := [c for c in line.undo if c.can])
        }  # fmt: skip

    def ask_undo(self) -> None:
        """Undo the last run, after a question."""
        some = self._undoable()
        if self._task is not None or not some:
            return
        count = sum(map(len, some.values()))
        left = sum(not c.can for line in self._lines.values() for c in line.undo)
        text = self.tr("Bring back {changes} on {cameras}?").format(
            changes=self.tr("%n value(s)", "", count),
            cameras=self.tr("%n camera(s)", "", len(some)),
        )
        if left:
            text += "\n\n" + self.tr("Clocks stay as they are.")
        if any(c.setting is S.ACCOUNT for found in some.values() for c in found):
            text += "\n\n" + self.tr(
                "The accounts of before come back too, with their old passwords."
            )
        if QMessageBox.question(self, self.windowTitle(), text) == QMessageBox.StandardButton.Yes:
            self.begin_undo()

    def begin_undo(self) -> None:
        """Bring back what the last run changed."""

        def account(target: Target, line: _Line, change: Change) -> NewAccount:
            assert line.undo_account is not None
            old, made = line.undo_account
            return NewAccount(old, AccountChange(self._store, target.camera_id, JournalError), made)

        wishes = self._undoable()
        for camera, changes in wishes.items():
            self._lines[camera].changes = changes
            self._lines[camera].off = set()
        self._run("undo", wishes, account)

    # -- the table

    def _refresh(self) -> None:
        for line in self._lines.values():
            self._show(line)
        self._enable()

    def _show(self, line: _Line) -> None:
        self.table.blockSignals(True)
        item, target = line.item, line.target
        item.setText(0, self._name(target))
        item.setText(1, target.host)
        item.setToolTip(0, target.names.code)
        steps = {s.change.setting: s for s in line.steps}
        wanted = [c for c in line.changes if c.setting in steps] if steps else line.changes
        item.setText(2, self._progress_text(line))
        text, colour = self._state(line)
        item.setText(3, text)
        item.setToolTip(3, text)
        item.setForeground(3, QBrush(colour))
        shown = [item.child(i) for i in range(item.childCount())]
        if [c.data(0, ROLE + 1) for c in shown if c] != [c.setting.value for c in wanted]:
            opened = item.isExpanded() or (not shown and len(self._lines) <= MANY)
            item.takeChildren()
            shown = [QTreeWidgetItem(item) for _ in wanted]
            item.setExpanded(opened)
        for child, change in zip(shown, wanted, strict=True):
            assert child is not None
            self._show_change(child, line, change, steps.get(change.setting))
        key = self.shown.currentData()
        hidden = (key == "change" and not line.chosen) or (
            key == "failed" and line.phase is not Phase.FAILED
        )
        item.setHidden(hidden)
        self.table.blockSignals(False)

    def _show_change(
        self, child: QTreeWidgetItem, line: _Line, change: Change, step: Step | None
    ) -> None:
        child.setData(0, ROLE + 1, change.setting.value)
        child.setText(0, setting_text(change.setting))
        child.setText(1, value_text(change.setting, change.old) if change.why is not Why.NOT_READ
                      and not (change.old is None and not change.can) else "–")  # fmt: skip
        child.setText(2, new_text(change))
        if step is None:
            result = why_text(change)
            colour = theme.AMBER if change.can else theme.DIM_TEXT
        else:
            result = outcome_text(step)
            good = {Outcome.DONE: theme.GREEN, Outcome.OTHER: theme.AMBER,
                    Outcome.OLD_STAYS: theme.AMBER, Outcome.NOT_BEGUN: theme.DIM_TEXT}  # fmt: skip
            colour = good.get(step.outcome, theme.RED)
        child.setText(3, result)
        child.setToolTip(3, result)
        child.setForeground(3, QBrush(colour))
        child.setForeground(1, QBrush(theme.DIM_TEXT))
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        can = change.sets and step is None and self._task is None
        child.setFlags(flags | Qt.ItemFlag.ItemIsUserCheckable if can else flags)
        if can:
            off = change.setting in line.off
            child.setCheckState(0, Qt.CheckState.Unchecked if off else Qt.CheckState.Checked)
        else:
            child.setData(0, Qt.ItemDataRole.CheckStateRole, None)

    def _progress_text(self, line: _Line) -> str:
        if line.phase is Phase.SETTING:
            return self.tr("{done} of {count}").format(done=len(line.steps), count=len(line.chosen))
        if line.phase is Phase.READ and line.chosen:
            return self.tr("%n change(s)", "", len(line.chosen))
        return ""

    def _state(self, line: _Line) -> tuple[str, QColor]:
        match line.phase:
            case Phase.WAITING:
                text = self.tr("waiting") if self._task is not None else self.tr("not compared yet")
                return text, theme.DIM_TEXT
            case Phase.READING:
                return self.tr("reading…"), theme.BLUE
            case Phase.READ:
                if line.changes:
                    return "", theme.TEXT
                if self.template().empty:
                    return self.tr("nothing is wished yet"), theme.DIM_TEXT
                return self.tr("as wished"), theme.GREEN
            case Phase.SETTING:
                return self.tr("setting…"), theme.BLUE
            case Phase.DONE:
                return self.tr("done"), theme.GREEN
        if line.trouble:
            return line.trouble, theme.RED
        bad = sum(s.outcome not in GOOD for s in line.steps)
        return self.tr("%n of it not set", "", bad), theme.RED

    def _ticked(self, item: QTreeWidgetItem, column: int) -> None:
        parent = item.parent()
        line = self._lines.get(parent.data(0, ROLE)) if parent is not None else None
        if line is None or column != 0:
            return
        setting = Setting(item.data(0, ROLE + 1))
        if item.checkState(0) == Qt.CheckState.Checked:
            line.off.discard(setting)
        else:
            line.off.add(setting)
        self._show(line)
        self._enable()
        if self._task is None:
            self._say(self._summary())

    def _enable(self) -> None:
        if not hasattr(self, "report"):
            return
        idle = self._task is None
        problem = self.problem()
        empty = self.template().empty
        self.wrong.setText("" if empty else problem)
        self.wrong.setVisible(bool(problem) and not empty)
        self._inputs.setEnabled(idle)
        for widget in (self.search, self.add, self.saved):
            widget.setEnabled(idle)
        self.compare.setEnabled(idle and bool(self._lines))
        self.remove.setEnabled(idle and bool(self.table.selectedItems()))
        ready = any(line.phase is Phase.READ and line.chosen for line in self._lines.values())
        self.start.setEnabled(idle and not problem and ready)
        why = problem
        if not why and not ready:
            why = self.tr("Compare first; then tick what is to be set.")
        tip = self.tr("Sets what is ticked, after a question (Ctrl+Return).")
        self.start.setToolTip(f"{tip}\n{why}" if why else tip)
        self.again.setVisible(any(x.phase is Phase.FAILED for x in self._lines.values()))
        self.again.setEnabled(idle)
        self.stop_button.setVisible(not idle)
        self.undo.setVisible(bool(self._undoable()))
        self.undo.setEnabled(idle)
        self.report.setEnabled(idle and any(x.changes or x.trouble for x in self._lines.values()))
        self.keep.setEnabled(idle and not empty)
        self.forget.setEnabled(idle and bool(self.saved.currentData()))
        self.table.setVisible(bool(self._lines))
        self.empty.setVisible(not self._lines)
        count = len(self._lines)
        title = self.tr("Set up cameras")
        self.setWindowTitle(f"{title} ({count})" if count else title)

    def _say(self, text: str, *, bad: bool = False) -> None:
        theme.tell(self.told, text, "error" if bad else "hint")

    # -- report

    def rows(self) -> list[list[str]]:
        """The report's lines: camera, address, setting, before, new, result. Without passwords."""
        found = []
        for line in self._lines.values():
            name, host = self._name(line.target), line.target.host
            if line.trouble or not line.changes:
                found.append([name, host, "", "", "", line.trouble or self._state(line)[0]])
            steps = {s.change.setting: s for s in line.steps}
            for change in line.changes:
                step = steps.get(change.setting)
                result = outcome_text(step) if step is not None else why_text(change)
                old = "" if change.old is None else value_text(change.setting, change.old)
                found.append(
                    [name, host, setting_text(change.setting), old, new_text(change), result]
                )
        return found

    def ask_report(self) -> None:
        """Where to, and as what."""
        name = f"{self.tr('set-up')}-{datetime.now():%Y-%m-%d-%H%M}.pdf"
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save report"), name, "PDF (*.pdf);;CSV (*.csv)"
        )
        if path:
            self.save_report(Path(path))

    def save_report(self, path: Path) -> None:
        """As PDF, or CSV where the name ends so."""
        author, console = self._who()
        head = [self.tr("Camera"), self.tr("Address"), self.tr("Setting"), self.tr("Before"),
                self.tr("New"), self.tr("Result")]  # fmt: skip
        rows = self.rows()
        about = self.tr("{when}, {who}, {console}").format(
            when=f"{datetime.now():%Y-%m-%d %H:%M:%S}", who=author, console=console
        )
        title = self.tr("Set-up of cameras")

        def write(_: Task) -> None:
            if path.suffix.lower() == ".csv":
                with path.open("w", encoding="utf-8-sig", newline="") as file:
                    table = [head, *rows]
                    csv.writer(file).writerows([harmless(c) for c in row] for row in table)
            else:
                write_pdf(path, table_html(title, about, head, rows), landscape=True)

        saved = self.tr("Saved: {name}").format(name=path)
        self._tasks.run(self, write, lambda _: self._say(saved),
                        lambda error: self._say(str(error), bad=True))  # fmt: skip

    # -- the window

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Delete in the table takes cameras out of it."""
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if watched is self.table and pressed and cast(QKeyEvent, event).key() == Qt.Key.Key_Delete:
            self.take_out()
            return True
        return False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self._task is None:
            self.close()  # what it holds is texts: it is opened again in the other language

    @property
    def busy(self) -> bool:
        """Whether cameras are being set up now."""
        return self._task is not None and bool(self._run_name)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.busy:
            answer = QMessageBox.question(
                self, self.windowTitle(),
                self.tr("Cameras are being set up. Stop, and close when those under way are done?"),
            )  # fmt: skip
            if answer == QMessageBox.StandardButton.Yes and self._task is not None:
                self.stop()
            event.ignore()
            return
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._store.off_change(self._news)
        for line in self._lines.values():
            line.undo_account = None
        self.password.clear()
        self.password_again.clear()
        self.closed.emit()
        super().closeEvent(event)


def _job(target: Target) -> Job:
    return Job(target.camera_id, target.address, target.account, target.tokens)
