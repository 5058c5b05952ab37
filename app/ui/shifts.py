"""Shifts: who is here, what works, what is handed over and signed; the roster; past shifts."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QBrush, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain import shift as shifts
from app.domain.logbook import Book, Entry, cleaned
from app.domain.people import run_out
from app.domain.person import Person, pin_fits
from app.domain.retrieval import CUSTODY, RetrievalKind
from app.domain.shift import Fact, Item, Kind, Shift, Signature
from app.store.logbook import Logbook, Subject, Wanted
from app.store.people import People
from app.store.store import Store, new_id
from app.ui import i18n, log_texts, theme
from app.ui.empty import EmptyHint
from app.ui.incidents import LineInput
from app.ui.log_texts import fact_text, full_text, moment_text, state_text
from app.ui.session import SecondPersonDialog, Session
from app.ui.tasks import Newest, Tasks

_ID = Qt.ItemDataRole.UserRole
REVIEW_DAYS = 31


@dataclass(frozen=True, slots=True)
class Here:
    """What the client itself knows at the moment of a handover: (camera, state in words) with no
    good picture, cameras turned and not sent home, and what other registers owe."""

    trouble: tuple[tuple[str, str], ...] = ()
    away: tuple[str, ...] = ()
    more: Callable[[], Sequence[Item]] = tuple
    """Open faults and shelved alarms; may wait for the disk."""


def facts_of(logbook: Logbook, store: Store, shift: Shift, here: Here, language: str) -> list[Item]:
    """The list of a handover; blocking."""
    items: list[Item] = [*here.more()]
    since = shift.began_at
    for subject in logbook.subjects(Wanted(Book.INCIDENT, states=("open",))):
        title = f"{subject.number}  {log_texts.category_text(subject.category)}  {subject.title}"
        items.append(Item(Fact.INCIDENT, subject.id, title, subject.person, subject.begun_at))
    outages = logbook.outages(since)
    ids = {o.camera_id for o in outages} | {c for c, _ in here.trouble} | set(here.away)
    names = {r.id: r.title(language) for r in store.rows(sorted(ids))}
    # One that was removed is nobody's loss any more.
    latest = {o.camera_id: o for o in outages if o.camera_id in names}
    for camera, outage in latest.items():
        times = [o for o in outages if o.camera_id == camera]
        detail = f"{moment_text(outage.since)} – {moment_text(outage.until)}"
        detail += f"  ×{len(times)}" if len(times) > 1 else ""
        fact = Fact.LOST if outage.until is None else Fact.RETURNED
        items.append(Item(fact, camera, names.get(camera, camera), detail, outage.since))
    for camera, state in here.trouble:
        if camera not in latest or latest[camera].until is not None:
            items.append(Item(Fact.TROUBLE, camera, names.get(camera, camera), state))
    items += [Item(Fact.PTZ, c, names.get(c, c)) for c in here.away]
    taken = logbook.retrievals(since=since - timedelta(days=1))
    later = logbook.followers(taken)
    for r in taken:
        if r.kind is not RetrievalKind.EXPORT:
            continue
        after = later.get((r.console, r.number), [])
        result = next((f.result for f in after if f.kind is RetrievalKind.RESULT), "")
        given = any(f.kind in CUSTODY for f in after)
        key, owed = f"{r.console}-{r.number}", ""
        if result != "complete":
            owed = result or "–"
        elif r.case.requester and not given:
            owed = QCoreApplication.translate("Log", "finished, not handed to {name} yet").format(
                name=r.case.requester
            )
        if owed:
            items.append(Item(Fact.EXPORT, key, f"{key}  {r.camera}", owed, r.at))
    month = datetime.now(UTC) - timedelta(days=REVIEW_DAYS)
    for book, state in ((Book.INCIDENT, "closed"), (Book.SHIFT, "handed over")):
        for subject in logbook.subjects(Wanted(book, since=month, states=(state,))):
            title = f"{subject.number}  {subject.title}"
            items.append(Item(Fact.REVIEW, subject.id, title, state_text(state), subject.begun_at))
    for check in shift.checks.values():
        if not check.data.get("good"):
            text, words = str(check.data.get("text", "")), str(check.data.get("words", ""))
            items.append(Item(Fact.CHECK, str(check.data.get("item")), text, words, check.true_at))
    for note in shift.notes:
        items.append(Item(Fact.NOTE, note.id, str(note.data.get("text", "")), note.author,
                          note.true_at))  # fmt: skip
    # A thing may be told twice in different words, and is read once for each.
    return shifts.ordered({(i.fact, i.key): _keyed(i) for i in items}.values())


def _keyed(item: Item) -> Item:
    return Item(item.fact, f"{item.fact}:{item.key}", item.title, item.detail, item.at)


class HandoverList(QTreeWidget):
    """Space, Enter or a click on the mark reads the chosen item and goes to the next."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.items: list[Item] = []
        self.read: dict[str, datetime] = {}
        self.on_read: Callable[[], None] = lambda: None
        self.setRootIsDecorated(False)
        self.setColumnCount(4)
        self.itemClicked.connect(lambda item, column: self._mark(item) if column == 0 else None)

    def show_items(self, items: list[Item]) -> None:
        """A list made anew: what was read and has not changed stays read."""
        before = {i.key: i for i in self.items}
        self.read = {
            i.key: self.read[i.key] for i in items if i.key in self.read and before.get(i.key) == i
        }
        self.items = items
        self.clear()
        for item in items:
            row = QTreeWidgetItem(["", fact_text(item.fact), item.title, item.detail])
            row.setData(0, _ID, item.key)
            row.setToolTip(2, item.title)
            row.setToolTip(3, item.detail)
            self.addTopLevelItem(row)
            self._paint(row)
        self._go_on()

    def _paint(self, row: QTreeWidgetItem) -> None:
        done = row.data(0, _ID) in self.read
        row.setText(0, "☑" if done else "☐")
        for column in range(4):
            row.setForeground(column, QBrush(theme.DIM_TEXT if done else theme.TEXT))

    def _mark(self, row: QTreeWidgetItem | None) -> None:
        if row is None:
            return
        self.read.setdefault(row.data(0, _ID), datetime.now(UTC).replace(microsecond=0))
        self._paint(row)
        self._go_on()
        self.on_read()

    def _go_on(self) -> None:
        """To the next item that was not read."""
        for i in range(self.topLevelItemCount()):
            row = self.topLevelItem(i)
            if row is not None and row.data(0, _ID) not in self.read:
                self.setCurrentItem(row)
                return

    @property
    def unread(self) -> int:
        """How many are left."""
        return sum(i.key not in self.read for i in self.items)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():  # a key that is held reads nothing
                self._mark(self.currentItem())
            return
        super().keyPressEvent(event)


class Signer(QWidget):
    """A name and, where one is set, the PIN."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.who, self.pin = QComboBox(), QLineEdit()
        self.who.setEditable(True)
        self.who.setMinimumWidth(150)
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(64)
        self.pin.setMaximumWidth(120)
        self._people: dict[str, Person] = {}
        self.who.currentTextChanged.connect(lambda _: self._show())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.who, 1)
        layout.addWidget(self.pin)

    def offer(self, people: Sequence[Person], chosen: str) -> None:
        """Who may be chosen."""
        self._people = {p.name: p for p in people}
        self.who.clear()
        self.who.addItems(list(self._people))
        self.who.setCurrentText(chosen)
        self.pin.clear()

    def _show(self) -> None:
        person = self._people.get(self.who.currentText().strip())
        self.pin.setEnabled(bool(person and person.pin))
        self.pin.setPlaceholderText(
            self.tr("PIN") if person and person.pin else self.tr("no PIN set")
        )

    @property
    def name(self) -> str:
        """Who signs."""
        return self.who.currentText().strip()

    def signing(self) -> Callable[[], Signature | None]:
        """What makes the signature, off the Qt thread (some 50 ms); None for a wrong PIN."""
        name, pin = self.name, self.pin.text()
        person = self._people.get(name)

        def sign() -> Signature | None:
            now = datetime.now(UTC).replace(microsecond=0)
            if person is None or not person.pin:
                return Signature(name, now, False)
            return Signature(name, now, True) if pin_fits(person.pin, pin) else None

        return sign


class ShiftWindow(QMainWindow):
    """The shift of this console."""

    def __init__(
        self, store: Store, logbook: Logbook, tasks: Tasks, session: Session,
        language: Callable[[], str], here: Callable[[], Here],
        write_document: Callable[[Path, str], Any], parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`here` is asked on the Qt thread; `write_document(path, shift id)` off it."""
        super().__init__(parent)
        self._store, self._log, self._tasks, self._session = store, logbook, tasks, session
        self._language, self._here, self._write_document = language, here, write_document
        self.shift: Shift | None = None
        self._newest = Newest()
        self._past: list[Subject] = []
        self._records = People(store)
        self._run_out: frozenset[str] = frozenset()
        self._build()
        self._hints = {
            key: EmptyHint(tree)
            for key, tree in (("handover", self.handover), ("roster", self.roster),
                              ("past", self.past), ("notes", self.notes))
        }  # fmt: skip
        self._retranslate()
        theme.fit(self, 1080, 680)

    # -- building

    def _build(self) -> None:
        self.title = QLabel()
        self.title.setObjectName("heading")
        self.name = QComboBox()
        self.name.setEditable(True)
        self.begin = QPushButton()
        self.begin.clicked.connect(self._begin)
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.name)
        top.addWidget(self.begin)
        self.staff = QTreeWidget()
        self.staff.setRootIsDecorated(False)
        self.staff.setMaximumHeight(120)
        self.staff.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.person, self.role = QComboBox(), QComboBox()
        self.person.setEditable(True)
        self.on, self.off = QPushButton(), QPushButton()
        self.on.clicked.connect(self._sign_on)
        self.off.clicked.connect(self._sign_off)
        signing = QHBoxLayout()
        signing.addWidget(self.person, 2)
        signing.addWidget(self.role, 1)
        signing.addWidget(self.on)
        signing.addWidget(self.off)
        self._staff_box, self._check_box, self._note_box = QGroupBox(), QGroupBox(), QGroupBox()
        column = QVBoxLayout(self._staff_box)
        column.addWidget(self.staff)
        column.addLayout(signing)
        inside, area = QWidget(), QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        QVBoxLayout(self._check_box).addWidget(area)
        self._checks = QGridLayout(inside)
        self._checks.setColumnStretch(0, 1)
        self.check_buttons: dict[tuple[str, bool], QPushButton] = {}
        self.notes = QTreeWidget()
        self.notes.setRootIsDecorated(False)
        self.note = LineInput()
        self.note.entered.connect(self._note_entered)
        column = QVBoxLayout(self._note_box)
        column.addWidget(self.notes, 1)
        column.addWidget(self.note)
        page = QWidget()
        both = QHBoxLayout()
        both.addWidget(self._check_box, 1)
        right = QVBoxLayout()
        right.addWidget(self._staff_box)
        right.addWidget(self._note_box, 1)
        both.addLayout(right, 1)
        column = QVBoxLayout(page)
        column.addLayout(top)
        column.addLayout(both, 1)

        self.handover = HandoverList()
        self.handover.on_read = self._show_signing
        self.count = QLabel()
        self.again = QPushButton()
        self.again.clicked.connect(self.reload)
        self.leaving, self.taking = Signer(), Signer()
        self.sign = QPushButton()
        self.sign.clicked.connect(self._sign)
        self._sign_labels = (QLabel(), QLabel())
        for signer in (self.leaving, self.taking):
            signer.who.currentTextChanged.connect(lambda _: self._show_signing())
        second = QWidget()
        column = QVBoxLayout(second)
        line = QHBoxLayout()
        line.addWidget(self.count, 1)
        line.addWidget(self.again)
        column.addLayout(line)
        column.addWidget(self.handover, 1)
        form = QFormLayout()
        form.addRow(self._sign_labels[0], self.leaving)
        form.addRow(self._sign_labels[1], self.taking)
        column.addLayout(form)
        column.addWidget(self.sign)

        self.roster = QTreeWidget()
        self.roster.setRootIsDecorated(False)
        self.roster_name, self.roster_people = QComboBox(), QLineEdit()
        self.roster_name.setEditable(True)
        self.roster_day, self.roster_from, self.roster_to = QLineEdit(), QLineEdit(), QLineEdit()
        self.roster_day.setText(date.today().isoformat())
        for field, text in ((self.roster_from, "08:00"), (self.roster_to, "16:00")):
            field.setText(text)
            field.setMaximumWidth(80)
        self.roster_day.setMaximumWidth(120)
        self.roster_add = QPushButton()
        self.roster_add.clicked.connect(self._add_roster)
        third = QWidget()
        column = QVBoxLayout(third)
        column.addWidget(self.roster, 1)
        line = QHBoxLayout()
        for widget, share in ((self.roster_day, 0), (self.roster_name, 1), (self.roster_from, 0),
                              (self.roster_to, 0), (self.roster_people, 2), (self.roster_add, 0)):  # fmt: skip
            line.addWidget(widget, share)
        column.addLayout(line)

        self.past = QTreeWidget()
        self.past.setRootIsDecorated(False)
        self.countersign, self.save = QPushButton(), QPushButton()
        self.countersign.clicked.connect(self._countersign)
        self.save.clicked.connect(self._save)
        self.past.currentItemChanged.connect(lambda *_: self._show_past())
        fourth = QWidget()
        column = QVBoxLayout(fourth)
        column.addWidget(self.past, 1)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.save)
        line.addWidget(self.countersign)
        column.addLayout(line)

        self.tabs = QTabWidget()
        for tab in (page, second, third, fourth):
            self.tabs.addTab(tab, "")
        self.error = QLabel()
        self.error.setObjectName("error")
        self.error.setWordWrap(True)
        self.error.hide()
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.error)
        self.setCentralWidget(centre)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Shift and handover"))
        for index, text in enumerate((self.tr("Shift"), self.tr("Handover"), self.tr("Roster"),
                                      self.tr("Past shifts"))):  # fmt: skip
            self.tabs.setTabText(index, text)
        names = [self.tr("Early shift"), self.tr("Late shift"), self.tr("Night shift"),
                 self.tr("Day shift")]  # fmt: skip
        for box in (self.name, self.roster_name):
            chosen = box.currentText()
            box.clear()
            box.addItems(names)
            if chosen:
                box.setCurrentText(chosen)
        self.role.clear()
        self.role.addItems([self.tr("operator"), self.tr("supervisor"), self.tr("trainee")])
        self.begin.setText(self.tr("Begin shift"))
        self.on.setText(self.tr("Sign on"))
        self.off.setText(self.tr("Sign off"))
        self._staff_box.setTitle(self.tr("Here now"))
        self._check_box.setTitle(self.tr("Equipment"))
        self._note_box.setTitle(self.tr("Notes for this shift and the next"))
        self.staff.setHeaderLabels([self.tr("Name"), self.tr("Role"), self.tr("Since")])
        self.notes.setHeaderLabels([self.tr("When"), self.tr("Who"), self.tr("Note")])
        self.note.setPlaceholderText(self.tr("A note; Enter writes it down."))
        self.again.setText(self.tr("Make the list anew"))
        self._sign_labels[0].setText(self.tr("Handed over by"))
        self._sign_labels[1].setText(self.tr("Taken over by"))
        self.sign.setText(self.tr("Both sign"))
        self.handover.setHeaderLabels(["", self.tr("About"), self.tr("What"), self.tr("Details")])
        self.roster.setHeaderLabels([self.tr("Day"), self.tr("Shift"), self.tr("From"),
                                     self.tr("To"), self.tr("People")])  # fmt: skip
        self.roster_people.setPlaceholderText(self.tr("names, separated by commas"))
        self.roster_add.setText(self.tr("Plan"))
        self.past.setHeaderLabels([self.tr("No."), self.tr("Shift"), self.tr("From"),
                                   self.tr("To"), self.tr("Staff"), self.tr("State")])  # fmt: skip
        self.countersign.setText(self.tr("Countersign…"))
        self.save.setText(self.tr("Signed document…"))
        for tree, widths in ((self.handover, (34, 170, 420)),
                             (self.notes, (86, 90)), (self.roster, (110, 140, 80, 80)),
                             (self.past, (130, 130, 150, 150, 220))):  # fmt: skip
            for column, width in enumerate(widths):
                tree.setColumnWidth(column, width)
        self.notes.header().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "error"):
            self._retranslate()
            self.reload()

    # -- reading

    def reload(self) -> None:
        """Read everything again."""
        console, language, here = self._session.settings.console, self._language(), self._here()
        days = [(date.today() + timedelta(days=n)).isoformat() for n in (-1, 14)]

        def read(_: Any) -> Any:
            shift = self._log.running_shift(console)
            items = facts_of(self._log, self._store, shift, here, language) if shift else []
            past = self._log.subjects(Wanted(Book.SHIFT, states=("handed over", "countersigned")))
            out = run_out(self._records.records(), date.today())
            return shift, items, past, self._log.roster(*days), out

        def show(answer: Any) -> None:
            self.shift, items, self._past, roster, self._run_out = answer
            self.handover.show_items(items)
            self._fill_roster(roster)
            self._show()

        self._tasks.run(self, read, self._newest(show), self._failed)

    def _show(self) -> None:
        shift, people = self.shift, self._session.settings.people
        running = shift is not None
        self._hints["handover"].say(
            self.tr("Nothing is open and nothing happened: both can sign.") if running
            else self.tr("No shift is running here. Begin one under “Shift”; at its end everything "
                         "to be handed over is listed here by itself.")
        )  # fmt: skip
        self._hints["roster"].say(
            self.tr("Nobody is planned for the next two weeks. Enter day, shift, times and names "
                    "below, then “Plan”.")
        )  # fmt: skip
        self._hints["past"].say(
            self.tr("No shift was handed over yet. Signed ones are listed here, for the "
                    "supervisor to countersign.")
        )  # fmt: skip
        self._hints["notes"].say(
            self.tr("What the next shift has to know: write it below. It is in the handover.")
            if running else ""
        )  # fmt: skip
        for widget in (self._staff_box, self._check_box, self._note_box, self.handover, self.sign,
                       self.leaving, self.taking, self.again):  # fmt: skip
            widget.setEnabled(running)
        self.name.setVisible(not running)
        self.begin.setVisible(not running)
        self.staff.clear()
        self.notes.clear()
        if shift is None:
            self.title.setText(self.tr("No shift is running on this console."))
        else:
            text = self.tr("{name}  {number}, since {time}")
            self.title.setText(
                text.format(name=shift.begun.data.get("name", ""), number=shift.number,
                            time=moment_text(shift.began_at))
            )  # fmt: skip
            for name, role, at in shift.staff:
                self.staff.addTopLevelItem(QTreeWidgetItem([name, role, moment_text(at)]))
            for note in shift.notes:
                row = QTreeWidgetItem([moment_text(note.true_at), note.author,
                                       str(note.data.get("text", ""))])  # fmt: skip
                row.setToolTip(2, row.text(2))
                self.notes.addTopLevelItem(row)
        if not self.person.hasFocus():
            self.person.clear()
            self.person.addItems([p.name for p in people])
            self.person.setCurrentText(self._session.settings.operator)
        if not self.leaving.name or not self.taking.name:
            self.leaving.offer(people, self._session.settings.operator)
            self.taking.offer(people, "")
        self._fill_checks()
        self._fill_past()
        self._show_signing()

    def _fill_checks(self) -> None:
        while self._checks.count():
            item = self._checks.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.deleteLater()
        self.check_buttons = {}
        version, items = log_texts.equipment(self._language())
        for row, (key, text) in enumerate(items):
            label = QLabel(text)
            label.setWordWrap(True)
            check = self.shift.checks.get(key) if self.shift else None
            self._checks.addWidget(label, row, 0)
            for column, (good, caption) in enumerate(
                ((True, self.tr("In order")), (False, self.tr("Fault…"))), 1
            ):
                button = QPushButton(caption)
                button.setAutoDefault(False)
                button.setCheckable(True)
                button.setChecked(check is not None and bool(check.data.get("good")) is good)
                button.setAccessibleName(f"{text}: {caption}")
                button.clicked.connect(functools.partial(self._check, version, key, text, good))
                self._checks.addWidget(button, row, column)
                self.check_buttons[key, good] = button
            words = str(check.data.get("words", "")) if check else ""
            if words:
                label.setText(f"{text}\n⚠ {words}")
                label.setObjectName("warning")
        self._checks.setRowStretch(len(items), 1)

    def _fill_roster(self, entries: list[Entry]) -> None:
        self.roster.clear()
        for e in entries:
            people = [str(p) for p in e.data.get("people", ())]
            late = [p for p in people if p in self._run_out]
            row = QTreeWidgetItem([str(e.data.get(k, "")) for k in ("day", "name", "from", "to")])
            row.setText(4, ", ".join(f"▲ {p}" if p in late else p for p in people))
            if late:
                tip = self.tr("▲ A qualification has run out: {names}").format(
                    names=", ".join(late)
                )
                for column in range(5):
                    row.setToolTip(column, tip)
                    row.setForeground(column, QBrush(theme.AMBER))
            row.setData(0, _ID, e.subject)
            self.roster.addTopLevelItem(row)

    def _fill_past(self) -> None:
        chosen = self._past_id()
        self.past.clear()
        for s in self._past:
            row = QTreeWidgetItem([s.number, s.title, full_text(s.begun_at), full_text(s.ended_at),
                                   s.person, state_text(s.state)])  # fmt: skip
            row.setData(0, _ID, s.id)
            self.past.addTopLevelItem(row)
            if s.id == chosen:
                self.past.setCurrentItem(row)
        self._show_past()

    def _past_id(self) -> str:
        item = self.past.currentItem()
        return str(item.data(0, _ID)) if item else ""

    def _show_past(self) -> None:
        state = next((s.state for s in self._past if s.id == self._past_id()), "")
        self.save.setEnabled(bool(state))
        self.countersign.setEnabled(state == shifts.State.HANDED_OVER)

    def _show_signing(self) -> None:
        left, listed = self.handover.unread, len(self.handover.items)
        if self.shift is None:
            text = self.tr("No shift is running on this console.")
        elif left:
            text = self.tr("%n item(s) still to be read. Space reads one.", "", left)
        else:
            text = self.tr("All %n item(s) were read.", "", listed)
        theme.tell(self.count, text, "warning" if left else "good")
        reason = shifts.problem_of_signing(
            self.handover.items, self.handover.read, self.leaving.name, self.taking.name
        )
        self.sign.setEnabled(self.shift is not None and not reason)
        self.sign.setToolTip(log_texts.refusal_text(reason) if reason else self.sign.text())

    # -- writing

    def _entry(
        self, subject: str, kind: Kind, about: tuple[str, ...] = (), author: str = "", **data: Any
    ) -> Entry:
        settings = self._session.settings
        book = Book.ROSTER if kind is Kind.ROSTERED else Book.SHIFT
        who = (author or settings.operator)[:100]
        return Entry(book, subject, kind, who, settings.console, data, "", about)

    def _write(self, *entries: Entry) -> None:
        self._say("")
        self._tasks.run(
            self, lambda _: self._log.add(*entries), lambda _: self.reload(), self._failed
        )

    def _begin(self) -> None:
        subject, operator = new_id(), self._session.settings.operator
        self._write(
            self._entry(subject, Kind.BEGUN, name=self.name.currentText().strip()[:100]),
            self._entry(subject, Kind.SIGNED_ON, person=operator, role=self.role.currentText()),
        )

    def _sign_on(self) -> None:
        person = self.person.currentText().strip()[:100]
        if self.shift is not None and person:
            self._write(self._entry(self.shift.id, Kind.SIGNED_ON, person=person,
                                    role=self.role.currentText()))  # fmt: skip

    def _sign_off(self) -> None:
        item = self.staff.currentItem()
        if self.shift is not None and item is not None:
            self._write(self._entry(self.shift.id, Kind.SIGNED_OFF, person=item.text(0)))

    def _check(self, version: int, key: str, text: str, good: bool, _: bool = False) -> None:
        if self.shift is None:
            return
        words = ""
        if not good:
            words, sure = QInputDialog.getText(self, self.tr("Equipment"), f"{text}\n" +
                                               self.tr("What is wrong?"))  # fmt: skip
            if not sure or not words.strip():
                self._fill_checks()
                return
            words = cleaned(words)
        self._write(self._entry(self.shift.id, Kind.CHECKED, list="equipment", version=version,
                                item=key, text=text, good=good, words=words))  # fmt: skip

    def _note_entered(self, text: str, begun: datetime) -> None:
        if self.shift is not None:
            self._write(self._entry(self.shift.id, Kind.NOTE, text=cleaned(text),
                                    begun=begun.isoformat()))  # fmt: skip

    def _add_roster(self) -> None:
        try:
            day = date.fromisoformat(self.roster_day.text().strip()).isoformat()
            times = [datetime.strptime(f.text().strip(), "%H:%M").strftime("%H:%M")
                     for f in (self.roster_from, self.roster_to)]  # fmt: skip
        except ValueError:
            self._say(self.tr("A day is like 2026-03-01, a time like 08:00."))
            return
        people = [p.strip() for p in self.roster_people.text().replace("，", ",").split(",")]
        name = self.roster_name.currentText().strip()
        same = [self.roster.topLevelItem(i) for i in range(self.roster.topLevelItemCount())]
        known = next((str(r.data(0, _ID)) for r in same
                      if r is not None and (r.text(0), r.text(1)) == (day, name)), "")  # fmt: skip
        times_of: Any = {"from": times[0], "to": times[1]}
        chosen = [p for p in people if p]
        self._write(
            self._entry(known or new_id(), Kind.ROSTERED, day=day, name=name, people=chosen,
                        **times_of)
        )  # fmt: skip

    def _sign(self) -> None:
        """Both sign the list as it was read; the next shift begins."""
        shift, items, read = self.shift, self.handover.items, dict(self.handover.read)
        if shift is None:
            return
        self.sign.setEnabled(False)
        self._say("")
        name, role = self.name.currentText(), self.role.itemText(0)

        signing = self.leaving.signing(), self.taking.signing()

        def work(_: Any) -> Any:
            by, to = signing[0](), signing[1]()
            if by is None or to is None:
                return False
            document = shifts.document_of(shift, items, read, by, to)
            following, taking = new_id(), to.name
            self._log.add(
                self._entry(shift.id, Kind.HANDED_OVER, author=by.name, document=document,
                            sha256=shifts.hash_of(document)),
                self._entry(following, Kind.BEGUN, author=taking, name=name, taken_over=shift.id),
                self._entry(following, Kind.SIGNED_ON, author=taking, person=taking, role=role),
            )  # fmt: skip
            return True

        def done(good: bool) -> None:
            for signer in (self.leaving, self.taking):
                signer.pin.clear()
            if not good:
                self._say(self.tr("A PIN is wrong. Nothing was signed."))
                self._show_signing()
                return
            self.handover.read = {}
            for signer in (self.leaving, self.taking):
                signer.who.setCurrentText("")
            self._say(self.tr("Handed over. A supervisor countersigns under “Past shifts”."),
                      good=True)  # fmt: skip
            self.reload()

        self._tasks.run(self, work, done, self._failed)

    def _countersign(self) -> None:
        identity, settings = self._past_id(), self._session.settings

        def ask(shift: Shift | None) -> None:
            if shift is None or shift.handover is None:
                return
            handover = shift.handover

            def write(name: str) -> None:
                reason = shifts.problem_of_countersigning(shift, name)
                if reason:
                    self._say(log_texts.refusal_text(reason))
                    return
                self._write(self._entry(identity, Kind.COUNTERSIGNED, (handover.id,), name,
                                        name=name, sha256=handover.data.get("sha256", "")))  # fmt: skip

            if self._session.supervises is not None:  # an account of the server's signs
                if self._session.supervises:
                    write(settings.operator)
                else:
                    self._say(log_texts.refusal_text("account"))
                return
            dialog = SecondPersonDialog(
                self.tr("The handover of shift {number} is countersigned.").format(
                    number=shift.number
                ), settings.people, "", self._tasks, self,
            )  # fmt: skip
            dialog.accepted.connect(lambda: write(dialog.name))
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

        self._tasks.run(self, lambda _: self._log.shift(identity), ask, self._failed)

    def _save(self) -> None:
        identity = self._past_id()
        number = next((s.number for s in self._past if s.id == identity), "")
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Signed document"), f"{number}.pdf", "PDF (*.pdf)"
        )
        if name:
            self._tasks.run(
                self, lambda _: self._write_document(Path(name), identity),
                lambda _: self._say(self.tr("Saved: {name}").format(name=name), good=True),
                self._failed, timeout_s=120,
            )  # fmt: skip

    def _say(self, text: str, *, good: bool = False) -> None:
        theme.tell(self.error, text, "good" if good else "error")
        self.error.setVisible(bool(text))

    def _failed(self, error: Exception) -> None:
        self._say(i18n.error_text(error))
        self._show_signing()
