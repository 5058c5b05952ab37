"""Find cameras: on this network or in a range, ask each what it is, add many with one account."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QBrush, QCloseEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.devices.discovery import (
    PORT,
    RATE,
    Found,
    Interface,
    addresses,
    discover,
    interfaces,
    stranger,
    sweep,
)
from app.devices.errors import DeviceError, ErrorCode, LockedError
from app.devices.onvif import device_url
from app.devices.probe import (
    CLOCK_TOLERANCE_S,
    Probe,
    Trial,
    Tried,
    each,
    probe,
    probe_first,
    try_factory,
)
from app.devices.soap import Pins
from app.domain.camera import Credentials
from app.domain.finding import Known, Seen, Standing, Verdict, judge, may_be_tried
from app.paths import RESOURCES
from app.store import address_list, observed
from app.store.address_list import BadRow, Listed
from app.store.devices import host_of, known_devices, move_device, new_camera, site_named
from app.store.errors import StoreError
from app.store.exchange import ExchangeError
from app.store.logbook import Logbook
from app.store.store import Store
from app.ui import i18n, theme
from app.ui.exchange import exchange_text
from app.ui.ptz_panel import device_error_text
from app.ui.tasks import Task, Tasks, emit
from app.ui.trial_consent import Consent, ConsentDialog, enter_consent, enter_outcome

LONGEST_S = 6 * 3600.0
"""A sweep of 65,536 addresses takes less than an hour."""

COLUMNS = 9
TRIAL, REMARKS = 7, 8
TRIALS_AT_ONCE = 4
_ORDER = {standing: i for i, standing in enumerate(Standing)}
_COLOURS = {
    Standing.NEW: theme.GREEN,
    Standing.MOVED: theme.AMBER,
    Standing.REPLACED: theme.AMBER,
    Standing.ELSEWHERE: theme.RED,
    Standing.KNOWN: theme.DIM_TEXT,
    Standing.UNKNOWN: theme.DIM_TEXT,
}


@dataclass
class _Line:
    """A device in the table."""

    found: Found
    item: QTreeWidgetItem
    look: Probe | None = None
    trial: Trial | None = None
    verdict: Verdict = field(default_factory=lambda: Verdict(Standing.UNKNOWN))

    @property
    def host(self) -> str:
        url = self.look.url if self.look is not None and self.look.url else self.found.urls[0]
        return host_of(url) or self.found.host


Search = Callable[[Task, Callable[[Found], None], Callable[[int, int], None]], None]


class DiscoveryDialog(QDialog):
    """Stays beside the wall: not modal. `added` tells the new cameras' ids."""

    added = Signal(list)
    _found = Signal(object, object)  # task, Found
    _looked = Signal(object, str, object)  # task, key, Probe
    _tried = Signal(object, str, object)  # task, key, Trial
    _progressed = Signal(object, int, int)

    def __init__(
        self,
        store: Store,
        tasks: Tasks,
        pins: Pins,
        language: Callable[[], str],
        parent: QWidget | None,
        *,
        on: list[Interface] | None = None,
        port: int = PORT,
        person: Callable[[], str] = lambda: "",
        console: Callable[[], str] = lambda: "-",
    ) -> None:
        """`on`: the interfaces to call on, all by default. `person`: who sits here, at which
        `console`."""
        super().__init__(parent)
        self._on, self._port = on, port
        self._store, self._tasks, self._pins, self._language = store, tasks, pins, language
        self._task: Task | None = None
        self._lines: dict[str, _Line] = {}
        self._known: list[Known] = []
        self._account = Credentials()
        self._users: dict[str, str] = {}
        """Address to the user name that a list gave."""
        self._consented: Consent | None = None
        """Who agreed to trying factory accounts, and when."""
        self._person, self._console, self._logbook = person, console, Logbook(store)
        self._where = ""
        """What is searched, for the log; "": this network."""
        self._build()
        self._retranslate()
        self._found.connect(self._on_found)
        self._looked.connect(self._on_looked)
        self._tried.connect(self._on_tried)
        self._progressed.connect(self._on_progress)
        self._sites: list[Any] = []
        self._judge_soon = QTimer(self)
        self._judge_soon.setSingleShot(True)
        self._judge_soon.setInterval(120)
        self._judge_soon.timeout.connect(self._judge)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._load()  # cameras may have come and gone meanwhile

    # -- building

    def _build(self) -> None:
        self.search_here = QPushButton()
        self.search_here.clicked.connect(lambda: self.search_network())
        self.range = QLineEdit()
        self.range.returnPressed.connect(lambda: self.search_range())
        self.range.textChanged.connect(self._enable)
        self.search_there = QPushButton()
        self.search_there.clicked.connect(lambda: self.search_range())
        self.username, self.password = QLineEdit(), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.ask_again = QPushButton()
        self.ask_again.clicked.connect(lambda: self.look_again())
        self.from_file = QPushButton()
        self.from_file.setShortcut(QKeySequence("Ctrl+O"))
        self.from_file.clicked.connect(lambda: self._choose_list())
        self.factory = QCheckBox()
        self.factory.clicked.connect(self._consent)
        self._account_label, self._range_label = QLabel(), QLabel()
        top = QGridLayout()
        top.setHorizontalSpacing(8)
        top.addWidget(self._range_label, 0, 0)
        top.addWidget(self.range, 0, 1, 1, 2)
        top.addWidget(self.search_there, 0, 3)
        top.addWidget(self.search_here, 0, 4)
        top.addWidget(self.from_file, 0, 5)
        top.addWidget(self._account_label, 1, 0)
        top.addWidget(self.username, 1, 1)
        top.addWidget(self.password, 1, 2)
        top.addWidget(self.ask_again, 1, 3)
        top.addWidget(self.factory, 1, 4, 1, 2)
        top.setColumnStretch(1, 1)
        top.setColumnStretch(2, 1)
        self.progress = theme.thin_bar()
        self.told = QLabel()
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setWordWrap(True)
        self.cancel = QPushButton()
        self.cancel.clicked.connect(lambda: self.stop())
        state = QHBoxLayout()
        state.addWidget(self.told, 1)
        state.addWidget(self.cancel)
        self.filter = QLineEdit()
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._filter)
        self.shown = QComboBox()
        self.shown.currentIndexChanged.connect(self._filter)
        self.all = QCheckBox()
        self.all.clicked.connect(self._check_all)
        bar = QHBoxLayout()
        bar.addWidget(self.all)
        bar.addWidget(self.filter, 1)
        bar.addWidget(self.shown)
        self.table = QTreeWidget()
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.table.setAlternatingRowColors(True)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.table.setColumnCount(COLUMNS)
        self.table.header().setStretchLastSection(True)
        for column, width in enumerate((165, 105, 190, 115, 120, 70, 60, 125)):
            self.table.setColumnWidth(column, width)
        self.table.setStyleSheet(
            "QTreeView::indicator { width: 13px; height: 13px; border-radius: 3px; "
            f"border: 1px solid #6b7684; background: {theme.BACKGROUND.name()}; }} "
            f"QTreeView::indicator:checked {{ background: {theme.ACCENT.name()}; border-color: "
            f"{theme.ACCENT.name()}; image: url({(RESOURCES / 'icons' / 'check.svg').as_posix()}); }}"
        )
        self.table.itemChanged.connect(self._checked)
        self.organisation, self.site = QComboBox(), QComboBox()
        for box in (self.organisation, self.site):
            box.setEditable(True)
            box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            box.setMinimumContentsLength(18)
        self.organisation.currentTextChanged.connect(self._fill_sites)
        self.site.editTextChanged.connect(self._enable)
        self.add = QPushButton()
        self.add.setAutoDefault(False)
        self.add.clicked.connect(lambda: self.add_checked())
        self.close_button = QPushButton()
        self.close_button.clicked.connect(self.close)
        self._site_label = QLabel()
        bottom = QHBoxLayout()
        bottom.addWidget(self._site_label)
        bottom.addWidget(self.organisation)
        bottom.addWidget(self.site)
        bottom.addStretch(1)
        bottom.addWidget(self.add)
        bottom.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addLayout(top)
        layout.addWidget(self.progress)
        layout.addLayout(state)
        layout.addLayout(bar)
        layout.addWidget(self.table, 1)
        layout.addLayout(bottom)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        theme.fit(self, 1320, 640)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Find cameras"))
        self.search_here.setText(self.tr("Search this &network"))
        self.search_here.setToolTip(
            self.tr("Calls on every interface of this computer. Cameras of other networks (VLANs) do "
                    "not hear it: give their range.")
        )  # fmt: skip
        self._range_label.setText(self.tr("Range"))
        self.range.setPlaceholderText("10.20.1.0/24  ·  10.20.1.10-60  ·  10.20.1.7")
        self.search_there.setText(self.tr("Search the &range"))
        self.search_there.setToolTip(self.tr("Asks each address, 100 a second."))
        self._account_label.setText(self.tr("Account"))
        self.username.setPlaceholderText(self.tr("user name of the cameras"))
        self.password.setPlaceholderText(self.tr("password"))
        self.ask_again.setText(self.tr("&Ask again"))
        self.ask_again.setToolTip(
            self.tr("Asks those that refused or were silent, with this account.")
        )
        self.from_file.setText(self.tr("From a &file…"))
        self.from_file.setToolTip(
            self.tr(
                "CSV, text or Excel, a row for each device: address[:port], name, user  (Ctrl+O)"
            )
        )
        self.factory.setText(self.tr("Try makers' &default passwords"))
        self.factory.setToolTip(
            self.tr("Tries one or two accounts that makers print in their manuals on each new device "
                    "that refuses. Never on a camera of the register.")
        )  # fmt: skip
        self.cancel.setText(self.tr("&Stop"))
        self.filter.setPlaceholderText(self.tr("Filter by name, maker, address or serial number"))
        chosen = max(self.shown.currentIndex(), 0)
        self.shown.clear()
        self.shown.addItem(self.tr("all"), None)
        for standing in Standing:
            self.shown.addItem(standing_text(standing), standing)
        self.shown.setCurrentIndex(chosen)
        self.all.setText(self.tr("all shown"))
        self.all.setToolTip(self.tr("Tick every device that is shown and can be added."))
        self.table.setHeaderLabels(
            [self.tr("What it is to us"), self.tr("Name"), self.tr("Maker and model"),
             self.tr("Address"), self.tr("Serial number"), self.tr("Channels"), self.tr("Clock"),
             self.tr("Default password"), self.tr("Remarks")]
        )  # fmt: skip
        self._site_label.setText(self.tr("To site"))
        self.close_button.setText(self.tr("Close"))
        for line in self._lines.values():
            self._show(line)
        self._enable()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _load(self) -> None:
        store = self._store

        def show(answer: Any) -> None:
            self._known, organisations, self._sites = answer
            typed = self.organisation.currentText()
            self.organisation.clear()
            for o in organisations:
                self.organisation.addItem(self._name(o), o.id)
            self.organisation.setEditText(
                typed or self.organisation.itemText(0) or self.tr("My organisation")
            )
            self._fill_sites()
            self._judge()

        self._tasks.run(
            self, lambda _: (known_devices(store), store.organisations(), store.sites()), show,
            self._failed,
        )  # fmt: skip

    def _name(self, thing: Any) -> str:
        if self._language().startswith("zh"):
            return str(thing.name or thing.name_en)
        return str(thing.name_en or thing.name)

    def _fill_sites(self) -> None:
        typed = self.site.currentText()
        index = self.organisation.findText(self.organisation.currentText())
        owner = self.organisation.itemData(index) if index >= 0 else None
        self.site.clear()
        for site in self._sites:
            if site.organisation_id == owner:
                self.site.addItem(self._name(site), site.id)
        if typed and self.site.findText(typed) < 0:
            self.site.setEditText(typed)

    # -- searching

    def search_network(self) -> None:
        """Call on every interface."""

        def search(task: Task, told: Callable[[Found], None], _: Any) -> None:
            discover(told, on=self._on, cancelled=task.cancelled, port=self._port)

        self._where = ""
        self._search(search, self.tr("Calling…"))

    def search_range(self) -> None:
        """Probe each address of the typed range."""
        try:
            targets = addresses(self.range.text())
        except DeviceError as error:
            self._say(self.tr("Not understood: {reason}").format(reason=error.message), "error")
            return

        def search(
            task: Task, told: Callable[[Found], None], progress: Callable[[int, int], None]
        ) -> None:
            sweep(targets, told, on_progress=progress, cancelled=task.cancelled, port=self._port)

        self._where = self.range.text().strip()
        self._search(search, self.tr("Searching %n address(es)…", "", len(targets)))

    def _search(self, search: Search, text: str) -> None:
        if self._task is not None:
            return
        self._account = Credentials(self.username.text(), self.password.text())

        def work(task: Task) -> None:
            new: list[Found] = []

            def told(found: Found) -> None:
                new.append(found)
                emit(self._found, task, found)

            search(task, told, lambda d, n: emit(self._progressed, task, d, n))
            self._look(task, new)

        self._begin(work, text)

    def look_again(self) -> None:
        """Ask those that did not tell who they are."""
        wanted = [
            line.found
            for line in self._lines.values()
            if line.look is None or line.look.error is not None
        ]
        if self._task is not None or not wanted:
            return
        self._account = Credentials(self.username.text(), self.password.text())
        self._begin(lambda task: self._look(task, wanted), self.tr("Asking…"))

    def _look(self, task: Task, wanted: list[Found]) -> None:
        """On the task's thread. Factory accounts come after, where the installer said so."""
        account, pins, users = self._account, self._pins, self._users
        known, consented, where = list(self._known), self._consented, self._where
        looks: list[tuple[Found, Probe]] = []

        def look(found: Found) -> tuple[Found, Probe]:
            user = users.get(found.urls[0])
            signed = Credentials(user, account.password) if user else account
            return found, probe_first(found.urls, signed, pins=pins)

        for done, (found, result) in enumerate(each(look, wanted, task.cancelled), 1):
            looks.append((found, result))
            emit(self._looked, task, found.urls[0], result)
            emit(self._progressed, task, done, len(wanted))
        seen = [Seen(f.urls[0], host_of(p.url or f.urls[0]), p.device.serial) for f, p in looks]
        verdicts = judge(seen, known)
        for found, result in looks:
            verdict = verdicts[found.urls[0]]
            mine = verdict.known
            if mine is not None and verdict.standing is Standing.KNOWN and result.error is None:
                with contextlib.suppress(StoreError):
                    observed.observe(self._store, mine.camera_id, _plate(result),
                                     f"ONVIF {mine.host}")  # fmt: skip
        if consented is None or task.cancelled.is_set():
            return
        refused = [
            (f, p) for f, p in looks
            if p.error is not None and p.error.code is ErrorCode.UNAUTHORIZED and not p.open
            and not isinstance(p.error, LockedError)
            and all(may_be_tried(verdicts[f.urls[0]].standing, f.endpoint, h, known)
                    for h in (f.host, *(host_of(u) for u in f.urls), host_of(p.url)))
        ]  # fmt: skip

        def attempt(pair: tuple[Found, Probe]) -> tuple[Found, Trial, Probe | None]:
            found, before = pair
            said = f"{before.device.manufacturer} {found.name} {found.hardware}"
            trial = try_factory([before.url or found.urls[0]], said, pins=pins)
            again = probe(before.url, trial.account, pins=pins) if trial.account else None
            return found, trial, again

        where = where or ", ".join(f"{i.name} {i.network}" for i in self._on or interfaces())
        # First of all: what cannot be entered is not done.
        entry = enter_consent(self._logbook, consented, where, [f.host for f, _ in refused])
        outcomes = each(attempt, refused, task.cancelled, at_once=TRIALS_AT_ONCE)
        came: dict[str, str] = {}
        for tried, (found, trial, again) in enumerate(outcomes, 1):
            came[found.urls[0]] = trial.outcome.value
            if again is not None:
                emit(self._looked, task, found.urls[0], again)
            emit(self._tried, task, found.urls[0], trial)
            emit(self._progressed, task, tried, len(refused))
        if refused:
            enter_outcome(self._logbook, entry, came)

    def _consent(self, on: bool) -> None:
        """The installer says yes to the trial, each time the window is opened anew."""
        self._consented = None
        if not on:
            return
        self.factory.setChecked(False)  # until it was agreed to
        dialog = ConsentDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def accepted() -> None:
            self._consented = dialog.consent(self._person(), self._console())
            self.factory.setChecked(True)

        dialog.accepted.connect(accepted)
        dialog.open()

    def _choose_list(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Addresses from a file"), "", "CSV, TXT, Excel (*.csv *.txt *.xlsx)"
        )
        if name:
            self.read_list(Path(name))

    def read_list(self, path: Path) -> None:
        """Read a list of addresses, tell its wrong rows, and ask the others."""
        if self._task is not None:
            return
        self._say(self.tr("Reading {name}…").format(name=path.name))

        def show(answer: tuple[list[Listed], list[BadRow]]) -> None:
            found, wrong = answer
            if wrong and not self._go_on(found, wrong):
                self._say(self.tr("Nothing was asked."))
                return
            self.search_list(found)

        self._tasks.run(self, lambda _: address_list.read(path), show, self._failed)

    def _go_on(self, found: list[Listed], wrong: list[BadRow]) -> bool:
        """Show the rows that are none; whether the others are to be asked."""
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Addresses from a file"))
        box.setText(self.tr("%n row(s) cannot be used.", "", len(wrong)))
        lines = [f"{w.line}: {w.text}  {row_text(w.reason)}" for w in wrong]
        box.setInformativeText("\n".join(lines[:8]) + ("\n…" if len(lines) > 8 else ""))
        if len(lines) > 8:
            box.setDetailedText("\n".join(lines[:2000]))
        go = box.addButton(self.tr("Ask the other %n", "", len(found)),
                           QMessageBox.ButtonRole.AcceptRole)  # fmt: skip
        go.setEnabled(bool(found))
        box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return box.clickedButton() is go

    def search_list(self, listed: list[Listed]) -> None:
        """Ask each address of a list."""

        def search(
            task: Task, told: Callable[[Found], None], progress: Callable[[int, int], None]
        ) -> None:
            began = time.monotonic()
            for number, entry in enumerate(listed):
                # Asked as slowly as a range is: no flood in a switch's tables.
                if task.cancelled.wait(max(0.0, began + number / RATE - time.monotonic())):
                    return
                with contextlib.suppress(DeviceError):
                    url = device_url(entry.address)
                    if entry.username:
                        self._users[url] = entry.username
                    told(Found("", (url,), host_of(url), "list", entry.name))
                progress(number + 1, len(listed))

        hosts = ", ".join(dict.fromkeys(entry.address for entry in listed))
        self._where = hosts if len(hosts) < 280 else hosts[:280] + "…"
        self._search(search, self.tr("Asking %n address(es) of the list…", "", len(listed)))

    def _begin(self, work: Callable[[Task], None], text: str) -> None:
        self.progress.setRange(0, 0)
        self.progress.show()
        self._say(text)
        self._task = self._tasks.run(self, work, lambda _: self._ended(), self._failed,
                                     timeout_s=LONGEST_S)  # fmt: skip
        self._enable()

    def stop(self) -> None:
        """Stop what goes on; what was found stays."""
        if self._task is not None:
            self._task.cancel()
            self._ended(self.tr("Stopped."))
            self._load()

    def _ended(self, text: str = "") -> None:
        self._task = None
        self.progress.hide()
        self._judge()
        new = sum(line.verdict.standing is Standing.NEW for line in self._lines.values())
        found = self.tr("%n device(s)", "", len(self._lines))
        fresh = self.tr("%n of them new", "", new)
        if not self._lines:
            found = self.tr("Nobody answered. Cameras of other networks need their range.")
            fresh = ""
        self._say("  ·  ".join(t for t in (text, found, fresh) if t))
        self._enable()

    def _failed(self, error: Exception) -> None:
        self._task = None
        self.progress.hide()
        text = (
            device_error_text(error) if isinstance(error, DeviceError) else i18n.error_text(error)
        )
        if isinstance(error, ExchangeError):
            text = exchange_text(error)
        self._say(text, "error")
        self._enable()

    def _say(self, text: str, kind: str = "hint") -> None:
        theme.tell(self.told, text, kind)

    def _on_progress(self, task: Task, done: int, of: int) -> None:
        if task is self._task:
            self.progress.setRange(0, max(of, 1))
            self.progress.setValue(done)

    def _on_found(self, task: Task, found: Found) -> None:
        if task is not self._task:
            return
        key = found.urls[0]
        if key not in self._lines:
            item = QTreeWidgetItem()
            item.setData(0, Qt.ItemDataRole.UserRole, key)
            self._lines[key] = _Line(found, item)
            self.table.addTopLevelItem(item)
        self._lines[key].found = found
        self._show(self._lines[key])
        self._judge_soon.start()

    def _on_looked(self, task: Task, key: str, result: Probe) -> None:
        if task is self._task and key in self._lines:
            self._lines[key].look = result
            self._judge_soon.start()

    def _on_tried(self, task: Task, key: str, trial: Trial) -> None:
        if task is self._task and key in self._lines:
            self._lines[key].trial = trial
            self._judge_soon.start()

    def _judge(self) -> None:
        seen = [
            Seen(key, line.host, line.look.device.serial if line.look is not None else "")
            for key, line in self._lines.items()
        ]
        for key, verdict in judge(seen, self._known).items():
            self._lines[key].verdict = verdict
            self._show(self._lines[key])
        self._filter()
        self._enable()

    # -- the table

    def _show(self, line: _Line) -> None:
        item, look, found = line.item, line.look, line.found
        self.table.blockSignals(True)
        standing = line.verdict.standing
        text = standing_text(standing)
        if line.verdict.known is not None:
            text += f": {line.verdict.known.name}"
        item.setText(0, text if look is not None else self.tr("asking…"))
        item.setData(0, Qt.ItemDataRole.UserRole + 1, _ORDER[standing])
        item.setForeground(0, QBrush(_COLOURS[standing]))
        item.setText(1, found.name)
        model = found.hardware
        if look is not None and look.device.model:
            model = f"{look.device.manufacturer} {look.device.model}".strip()
        item.setText(2, model)
        item.setText(3, line.host)
        item.setToolTip(3, "\n".join(found.urls))
        item.setText(4, look.device.serial if look is not None else "")
        channels = len(look.channels) if look is not None else 0
        item.setText(5, str(channels) if channels else "")
        offset = look.clock_offset_s if look is not None else None
        item.setText(6, "" if offset is None else offset_text(offset))
        wrong = offset is not None and abs(offset) > CLOCK_TOLERANCE_S
        item.setForeground(6, QBrush(theme.AMBER if wrong else theme.TEXT))
        if line.trial is not None:
            item.setText(TRIAL, trial_text(line.trial))
            suspect = line.trial.outcome in (Tried.TAKEN, Tried.OPEN)
            item.setForeground(TRIAL, QBrush(theme.RED if suspect else theme.TEXT))
        elif look is not None and look.default_account:
            item.setText(TRIAL, self.tr("yes"))
            item.setForeground(TRIAL, QBrush(theme.RED))
        remarks = self._remarks(line)
        item.setText(REMARKS, "  ·  ".join(remarks))
        item.setToolTip(REMARKS, "\n".join(remarks))
        can = self._can_be_added(line)
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        item.setFlags(flags | Qt.ItemFlag.ItemIsUserCheckable if can else flags)
        if not can:
            item.setData(0, Qt.ItemDataRole.CheckStateRole, None)
        elif item.data(0, Qt.ItemDataRole.CheckStateRole) is None:
            item.setCheckState(0, Qt.CheckState.Unchecked)
        self.table.blockSignals(False)

    def _can_be_added(self, line: _Line) -> bool:
        good = line.look is not None and line.look.error is None and bool(line.look.channels)
        return good and line.verdict.standing not in (Standing.KNOWN, Standing.UNKNOWN)

    def _remarks(self, line: _Line) -> list[str]:
        look, remarks = line.look, list[str]()
        if look is not None and look.open:
            remarks.append(self.tr("no password set"))
        if look is not None and look.default_account:
            remarks.append(self.tr("set a password of your own before it goes into use"))
        if line.trial is not None and line.trial.outcome is Tried.LOCKED:
            remarks.append(self.tr("it locks: wait some minutes, then ask with the right account"))
        if line.verdict.standing is Standing.MOVED:
            remarks.append(self.tr("was at {host}").format(host=line.verdict.other_host))
        elif line.verdict.standing is Standing.ELSEWHERE:
            text = self.tr("the same serial number at {host}")
            remarks.append(text.format(host=line.verdict.other_host))
        other = stranger(line.found, self._on or interfaces())
        if other is not None:
            remarks.append(
                self.tr(
                    "on the cable of {ours}, but with an address of another network: give this computer "
                    "{spare} as well, or the camera an address of {network}"
                ).format(ours=other.ours, spare=other.spare, network=other.network)
            )
        elif line.found.foreign:
            remarks.append(self.tr("in another network than this computer"))
        if look is not None and look.error is not None:
            remarks.append(device_error_text(look.error))
        if look is not None and look.fingerprint:
            remarks.append("HTTPS")
        how = line.found.how
        if how.startswith("multicast"):
            how = self.tr("answered the call on {address}").format(address=how.split()[-1])
        elif how == "probe":
            how = self.tr("answered a probe")
        elif how == "list":
            how = self.tr("from the list")
        remarks.append(how)
        return remarks

    def _filter(self) -> None:
        words = self.filter.text().casefold().split()
        standing = self.shown.currentData()
        for line in self._lines.values():
            text = " ".join(line.item.text(c) for c in range(COLUMNS)).casefold()
            fits = standing is None or line.verdict.standing == standing
            line.item.setHidden(not (fits and all(w in text for w in words)))

    def _check_all(self, on: bool) -> None:
        for line in self._lines.values():
            if self._can_be_added(line) and not line.item.isHidden():
                state = Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
                line.item.setCheckState(0, state)

    def _checked(self, *_: Any) -> None:
        self._enable()

    def checked(self) -> list[_Line]:
        """The ticked devices."""
        return [
            line for line in self._lines.values()
            if self._can_be_added(line) and line.item.checkState(0) == Qt.CheckState.Checked
        ]  # fmt: skip

    def _enable(self) -> None:
        idle = self._task is None
        self.search_here.setEnabled(idle)
        self.from_file.setEnabled(idle)
        self.factory.setEnabled(idle)
        self.search_there.setEnabled(idle and bool(self.range.text().strip()))
        self.ask_again.setEnabled(idle and any(
            line.look is None or line.look.error is not None for line in self._lines.values()
        ))  # fmt: skip
        self.cancel.setVisible(not idle)
        chosen = self.checked()
        moved = [c for c in chosen if c.verdict.standing is Standing.MOVED]
        cameras = sum(len(c.look.channels) for c in chosen if c.look and c not in moved)
        text = self.tr("&Add %n camera(s)", "", cameras)
        if moved:
            text = self.tr("&Add {new}, correct {moved} address(es)").format(
                new=cameras, moved=len(moved)
            )
        self.add.setText(text if chosen else self.tr("&Add"))
        site = bool(self.site.currentText().strip()) or not cameras
        self.add.setEnabled(idle and bool(chosen) and site)
        self.add.setToolTip("" if site else self.tr("Choose a site, or type a new one's name."))

    # -- adding

    def add_checked(self) -> None:
        """Add the ticked devices to the site, all with the account they were asked with."""
        chosen = self.checked()
        organisation, site = self.organisation.currentText(), self.site.currentText()
        account, store = self._account, self._store
        mine = self.tr("My organisation")

        def work(task: Task) -> tuple[list[str], int, str]:
            ids, moved, site_id, trouble = list[str](), 0, "", ""
            for number, line in enumerate(chosen):
                if task.cancelled.is_set():
                    break
                look, verdict = line.look, line.verdict
                assert look is not None
                try:
                    if verdict.standing is Standing.MOVED:
                        moved += move_device(
                            store, look.device.serial, verdict.other_host, look.url
                        )
                    else:
                        site_id = site_id or site_named(store, organisation or mine, site)
                        signed = account
                        if line.trial is not None and line.trial.account:
                            signed = line.trial.account
                        elif user := self._users.get(line.found.urls[0]):
                            signed = Credentials(user, account.password)
                        ids += _add(store, line, site_id, signed)
                except StoreError as error:
                    trouble = i18n.error_text(error)
                emit(self._progressed, task, number + 1, len(chosen))
            return ids, moved, trouble

        def done(answer: tuple[list[str], int, str]) -> None:
            ids, moved, trouble = answer
            self._task = None
            self.progress.hide()
            for line in chosen:
                line.item.setCheckState(0, Qt.CheckState.Unchecked)
            parts = [self.tr("%n camera(s) added", "", len(ids))] if ids else []
            if moved:
                parts.append(self.tr("%n address(es) corrected", "", moved))
            if trouble:
                parts.append(trouble)
            self._say("  ·  ".join(parts), "error" if trouble else "good")
            self.added.emit(ids)
            self._load()

        self.progress.setRange(0, 0)
        self.progress.show()
        self._task = self._tasks.run(self, work, done, self._failed, timeout_s=LONGEST_S)
        self._enable()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.password.clear()
        self.factory.setChecked(False)
        self._consented = None
        super().closeEvent(event)


def _add(store: Store, line: _Line, site_id: str, account: Credentials) -> list[str]:
    """A camera for each channel of a device. Raises StoreError."""
    look = line.look
    assert look is not None
    ids = []
    plate = look.device
    base = (line.found.name or plate.model or line.host)[:80]
    for number, channel in enumerate(look.channels, 1):
        name = base if len(look.channels) == 1 else f"{base} {channel.name or number}"
        details = new_camera(
            name[:100], site_id, look.url, channel.streams, has_ptz=channel.has_ptz
        )
        details = replace(details, username=account.username)
        ids.append(store.save_camera(details, account.password))
        observed.observe(store, ids[-1], _plate(look), f"ONVIF {host_of(look.url)}")
    return ids


def _plate(look: Probe) -> dict[str, str]:
    """What a device said of itself, as fields of the register."""
    plate = look.device
    return {"manufacturer": plate.manufacturer, "model": plate.model, "serial": plate.serial,
            "firmware": plate.firmware}  # fmt: skip


def standing_text(standing: Standing) -> str:
    """A standing, translated."""
    translate = QCoreApplication.translate
    return {
        Standing.NEW: translate("Discovery", "new"),
        Standing.MOVED: translate("Discovery", "other address"),
        Standing.REPLACED: translate("Discovery", "other device at this address"),
        Standing.ELSEWHERE: translate("Discovery", "serial number twice"),
        Standing.KNOWN: translate("Discovery", "known"),
        Standing.UNKNOWN: translate("Discovery", "does not say who it is"),
    }[standing]


def trial_text(trial: Trial) -> str:
    """What came of trying default passwords, translated."""
    translate = QCoreApplication.translate
    return {
        Tried.TAKEN: translate("Discovery", "yes: {user}"),
        Tried.OPEN: translate("Discovery", "no password at all"),
        Tried.REFUSED: translate("Discovery", "refused"),
        Tried.LOCKED: translate("Discovery", "locked: stopped"),
        Tried.FAILED: translate("Discovery", "no answer: stopped"),
    }[trial.outcome].format(user=trial.account.username)


def row_text(reason: str) -> str:
    """Why a row of a list is left out, translated."""
    translate = QCoreApplication.translate
    return {
        "no-address": translate("Discovery", "no address"),
        "bad-address": translate("Discovery", "no address that can be asked"),
        "bad-port": translate("Discovery", "no port (1 to 65535)"),
        "twice": translate("Discovery", "is in the list already"),
        "password": translate("Discovery", "holds an account: remove it from the address"),
        "too-many": translate("Discovery", "the list ends here: 10,000 addresses at a time"),
    }.get(reason, reason)


def offset_text(seconds: float) -> str:
    """How wrong a clock is: "+3 s", "−2 h 5 min"."""
    sign, left = ("+" if seconds >= 0 else "−"), abs(seconds)
    if left < 1.5:
        return "0 s"
    if left < 120:
        return f"{sign}{left:.0f} s"
    minutes = round(left / 60)
    if minutes < 120:
        return f"{sign}{minutes} min"
    hours = minutes // 60
    return f"{sign}{hours} h" if hours < 72 else f"{sign}{hours // 24} d"
