"""Incidents: the list, what is written about one, its timeline, its task card."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QBrush, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
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
    QMainWindow,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import CameraRow
from app.domain.incident import CATEGORIES, DETECTED, Incident, Kind, State, refusal
from app.domain.logbook import Book, Entry, cleaned
from app.domain.retrieval import Retrieval, RetrievalKind
from app.store.logbook import Logbook, Subject, Wanted
from app.store.store import new_id
from app.ui import i18n, log_texts, theme
from app.ui.empty import EmptyHint
from app.ui.log_texts import category_text, entry_text, moment_text, state_text
from app.ui.session import SecondPersonDialog, Session
from app.ui.tasks import Tasks
from app.ui.timeline import Timeline

_ID = Qt.ItemDataRole.UserRole
NARROW_PX = 860
PERIODS = (1, 7, 31, 366, 0)
"""Days that the list reaches back; 0: all."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is known when an incident is opened for a tile. `at` is aware UTC."""

    camera_id: str
    camera: str
    place: str
    at: datetime


class OpenDialog(QDialog):
    """Category and place; everything else is known. `data` is what the first entry says."""

    def __init__(self, where: Place, operator: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._where = where
        self.setWindowTitle(self.tr("Open incident"))
        self.category, self.detected = QComboBox(), QComboBox()
        for category in CATEGORIES:
            self.category.addItem(category_text(category), category)
        self.category.setMaxVisibleItems(len(CATEGORIES))
        for how in DETECTED:
            self.detected.addItem(log_texts.detected_text(how), how)
        self.place = QLineEdit(where.place)
        self.place.setMaxLength(200)
        self.first = QLineEdit()
        self.first.setMaxLength(2000)
        self.first.setPlaceholderText(self.tr("first line of the log, if you like"))
        form = QFormLayout()
        form.setVerticalSpacing(9)
        form.addRow(self.tr("What"), self.category)
        form.addRow(self.tr("Place"), self.place)
        form.addRow(self.tr("Noticed"), self.detected)
        form.addRow(self.tr("What is seen"), self.first)
        known = [moment_text(where.at), operator]
        if where.camera:
            known.insert(1, where.camera)
        facts = QLabel("  ·  ".join(k for k in known if k))
        facts.setTextFormat(Qt.TextFormat.PlainText)
        facts.setWordWrap(True)
        facts.setObjectName("heading")
        hint = QLabel(
            self.tr("It gets its number when you open it, and is never deleted. Arrow keys choose, "
                    "Enter opens, Esc leaves no trace.")
        )  # fmt: skip
        hint.setObjectName("hint")
        hint.setWordWrap(True)
        buttons = QDialogButtonBox()
        go = buttons.addButton(self.tr("Open"), QDialogButtonBox.ButtonRole.AcceptRole)
        go.setDefault(True)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(facts)
        layout.addLayout(form)
        layout.addWidget(hint)
        layout.addWidget(buttons)
        self.setMinimumWidth(500)
        self.category.setFocus()

    @property
    def data(self) -> dict[str, Any]:
        """The opening entry's."""
        return {
            "category": self.category.currentData(), "place": self.place.text().strip(),
            "detected_at": self._where.at.isoformat(), "detected_by": self.detected.currentData(),
            "camera_name": self._where.camera,
        }  # fmt: skip


class UnitDialog(QDialog):
    """Who was told, and when. `data` is the entry's."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Somebody was told"))
        self._at = datetime.now(UTC).replace(microsecond=0)
        self.unit, self.name = QComboBox(), QLineEdit()
        self.unit.setEditable(True)
        self.unit.addItems(
            [self.tr("Command centre 110"), self.tr("Police station"), self.tr("Patrol"),
             self.tr("Traffic police"), self.tr("Fire brigade 119"), self.tr("Ambulance 120"),
             self.tr("Duty officer"), self.tr("Owner of the place")]
        )  # fmt: skip
        line = self.unit.lineEdit()
        assert line is not None
        line.setMaxLength(100)
        self.name.setMaxLength(100)
        self.name.setPlaceholderText(self.tr("who answered"))
        form = QFormLayout()
        form.addRow(self.tr("Unit"), self.unit)
        form.addRow(self.tr("Name"), self.name)
        form.addRow(self.tr("When"), QLabel(moment_text(self._at)))
        buttons = QDialogButtonBox()
        go = buttons.addButton(self.tr("Enter"), QDialogButtonBox.ButtonRole.AcceptRole)
        go.setDefault(True)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(lambda: self.accept() if self.unit.currentText().strip() else None)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(buttons)
        self.setMinimumWidth(400)
        line.selectAll()

    @property
    def data(self) -> dict[str, Any]:
        """The entry's."""
        return {
            "unit": self.unit.currentText().strip(), "name": self.name.text().strip(),
            "told_at": self._at.isoformat(),
        }  # fmt: skip


class LineInput(QLineEdit):
    """One line of the log. Its time is that of the first key, not that of Enter."""

    entered = Signal(str, object)  # text, datetime (aware UTC)
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.begun: datetime | None = None
        self.setMaxLength(2000)
        self.textEdited.connect(self._edited)
        self.returnPressed.connect(self._enter)
        escape = QAction(self)
        escape.setShortcut(QKeySequence(Qt.Key.Key_Escape))
        escape.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        escape.triggered.connect(self._give_up)
        self.addAction(escape)

    def _edited(self, text: str) -> None:
        if not text:
            self.begun = None
        elif self.begun is None:
            self.begun = datetime.now(UTC).replace(microsecond=0)

    def _enter(self) -> None:
        text = self.text().strip()
        if text:
            self.entered.emit(text, self.begun or datetime.now(UTC).replace(microsecond=0))
            self.clear()
            self.begun = None

    def _give_up(self) -> None:
        self.clear()
        self.begun = None
        self.given_up.emit()


class CardPanel(QScrollArea):
    """The task card beside an incident: a tick is an entry with its time."""

    ticked = Signal(object)  # data of the entry

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.boxes: dict[str, QCheckBox] = {}
        self._shown: Any = None

    def show_card(self, incident: Incident | None, language: str) -> None:
        """The card of an incident's category, with what was ticked."""
        category = str(incident.value("category")) if incident else ""
        card = log_texts.card_of(category, language)
        ticks = {str(e.data.get("step")): e for e in incident.of(Kind.TICK)} if incident else {}
        shown = (card, tuple(ticks), incident.state if incident else "")
        if shown == self._shown:
            return
        self._shown, self.boxes = shown, {}
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(12, 8, 10, 8)
        layout.setSpacing(12)
        title = QLabel(card.title if card else self.tr("No task card for this category."))
        title.setObjectName("heading" if card else "hint")
        title.setWordWrap(True)
        layout.addWidget(title)
        for number, (step, text) in enumerate(card.steps if card else (), 1):
            row = QHBoxLayout()
            box = QCheckBox()
            box.setAccessibleName(text)
            label = QLabel(f"{number}. {text}")
            label.setWordWrap(True)
            label.setBuddy(box)
            entry = ticks.get(step)
            box.setChecked(entry is not None)
            done = entry is not None or incident is None or incident.state is not State.OPEN
            box.setEnabled(not done)
            if entry is not None:
                label.setText(f"{number}. {text}\n{moment_text(entry.true_at)}  {entry.author}")
                label.setObjectName("hint")
            assert card is not None
            data = {"card": card.category, "version": card.version, "step": step, "text": text}
            box.toggled.connect(functools.partial(self._tick, box, data))
            row.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label, 1)
            layout.addLayout(row)
            self.boxes[step] = box
        layout.addStretch(1)
        self.setWidget(inside)

    def _tick(self, box: QCheckBox, data: dict[str, Any], on: bool) -> None:
        if on:
            box.setEnabled(False)  # what was done was done
            self.ticked.emit(data)


class IncidentWindow(QMainWindow):
    """All incidents on the left, one in the middle, its task card on the right."""

    show_camera = Signal(str)
    ticket_asked = Signal(str)
    """A fault that the incident names was opened."""

    def __init__(
        self, logbook: Logbook, tasks: Tasks, session: Session, language: Callable[[], str],
        write_report: Callable[[Path, str], Any], parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`write_report(path, incident id)` writes the PDF; blocking, off the Qt thread."""
        super().__init__(parent)
        self._log, self._tasks, self._session, self._language = logbook, tasks, session, language
        self._write_report = write_report
        self.incident: Incident | None = None
        self._wanted_id = ""
        self._correcting: tuple[str, ...] = ()
        self._queue: list[tuple[Entry, ...]] = []
        self._writing = False
        self._asked = 0
        self._build()
        self._retranslate()
        theme.fit(self, 1280, 680)  # with its frame and a task bar on a screen of 1366 × 768

    # -- building

    def _build(self) -> None:
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(120)
        self._soon.timeout.connect(self.reload)
        self.search.textChanged.connect(lambda _: self._soon.start())
        self.period, self.state = QComboBox(), QComboBox()
        self.period.currentIndexChanged.connect(lambda _: self.reload())
        self.state.currentIndexChanged.connect(lambda _: self.reload())
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAlternatingRowColors(True)
        self.list.currentItemChanged.connect(self._chosen)
        # What does not fit is cut, and in the tool tip: no list is pushed sideways.
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.header().setStretchLastSection(True)
        self.empty = EmptyHint(self.list)
        self.told = QLabel()
        self.told.setObjectName("hint")
        self.told.setWordWrap(True)
        self.new = QPushButton()
        left = QWidget()
        column = QVBoxLayout(left)
        column.addWidget(self.search)
        choice = QHBoxLayout()
        choice.addWidget(self.period, 1)
        choice.addWidget(self.state, 1)
        column.addLayout(choice)
        column.addWidget(self.list, 1)
        column.addWidget(self.told)
        column.addWidget(self.new)

        self.title, self.facts = QLabel(), QLabel()
        self.title.setObjectName("heading")
        for label in (self.title, self.facts):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.facts.setObjectName("hint")
        self.category, self.place = QComboBox(), QLineEdit()
        self.category.activated.connect(
            lambda _: self._set("category", self.category.currentData())
        )
        self.place.setMaxLength(200)
        self.place.editingFinished.connect(
            lambda: (
                self._set("place", self.place.text().strip()) if self.place.isModified() else None
            )
        )
        self.decide = QFrame()
        self.decide.setObjectName("decide")
        self.decide.setStyleSheet(
            f"#decide {{ border: 1px solid {theme.AMBER.name()}; border-radius: 4px; }}"
        )
        self._decide_layout = QVBoxLayout(self.decide)
        self.lines = QTreeWidget()
        self.lines.setColumnCount(3)
        self.lines.setRootIsDecorated(True)
        self.lines.setWordWrap(True)
        self.lines.itemActivated.connect(lambda *_: self._activated())
        self.timeline = Timeline()
        self.timeline.chosen.connect(self._show_entry)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(self.timeline)
        self.tabs = QTabWidget()
        self.tabs.addTab(self.lines, "")
        self.tabs.addTab(area, "")
        self.line = LineInput()
        self.line.entered.connect(self._line_entered)
        self.line.given_up.connect(self._stop_correcting)
        self.line.textChanged.connect(lambda _: self._show_begun())
        self.begun = QLabel()
        self.begun.setMinimumWidth(64)
        self.begun.setObjectName("hint")
        self.error = QLabel()
        self.error.setObjectName("error")
        self.error.setWordWrap(True)
        self.error.hide()
        self._buttons: dict[str, QPushButton] = {}
        actions = QHBoxLayout()
        for key, run, keys in (
            ("unit", self._tell_unit, "Ctrl+U"), ("correct", self._correct, "F2"),
            ("evidence", self._link_evidence, "Ctrl+B"), ("camera", self._show_camera, "Ctrl+Return"),
            ("report", self._report, "Ctrl+P"), ("close", self._close, "Ctrl+Shift+Return"),
            ("review", self._review, ""), ("reopen", self._reopen, ""),
        ):  # fmt: skip
            button = QPushButton()
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, r=run: r())
            if keys:
                button.setShortcut(QKeySequence(keys))
            self._buttons[key] = button
            actions.addWidget(button)
        actions.addStretch(1)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.addWidget(self.title)
        column.addWidget(self.facts)
        self.nothing = QLabel()
        self.nothing.setObjectName("hint")
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._captions = (QLabel(), QLabel())
        form = QFormLayout()
        form.addRow(self._captions[0], self.category)
        form.addRow(self._captions[1], self.place)
        self._fields = QWidget()
        form.setContentsMargins(0, 0, 0, 0)
        self._fields.setLayout(form)
        column.addWidget(self._fields)
        column.addWidget(self.nothing, 1)
        column.addWidget(self.decide)
        column.addWidget(self.tabs, 1)
        entry = QHBoxLayout()
        entry.addWidget(self.begun)
        entry.addWidget(self.line, 1)
        column.addLayout(entry)
        column.addWidget(self.error)
        column.addLayout(actions)
        self.card = CardPanel()
        self.card.ticked.connect(lambda data: self._add(Kind.TICK, data))
        split = QSplitter()
        for widget, share in ((left, 3), (middle, 6), (self.card, 2)):
            split.addWidget(widget)
            split.setStretchFactor(split.count() - 1, share)
        split.setSizes([390, 630, 260])
        split.setChildrenCollapsible(False)
        self.setCentralWidget(split)
        self._middle, self._split = middle, split

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Incidents"))
        self.search.setPlaceholderText(self.tr("Search number, place, camera, person, words"))
        self.new.setText(self.tr("New incident without a camera…"))
        self.list.setHeaderLabels(
            [self.tr("No."), self.tr("When"), self.tr("What"), self.tr("Place")]
        )
        for index, width in enumerate((116, 76, 84)):
            self.list.setColumnWidth(index, width)
        self.lines.setHeaderLabels([self.tr("When"), self.tr("Who"), self.tr("Entry")])
        header = self.lines.header()
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.lines.setColumnWidth(0, 150)
        self.lines.setColumnWidth(1, 96)
        self.tabs.setTabText(0, self.tr("Log"))
        self.tabs.setTabText(1, self.tr("Timeline"))
        if self.tabs.count() > 2:
            self.tabs.setTabText(2, self.tr("Task card"))
        texts = {
            "unit": self.tr("Told…"), "correct": self.tr("Correct"),
            "evidence": self.tr("Evidence…"), "camera": self.tr("Show camera"),
            "report": self.tr("Report…"), "close": self.tr("Close…"),
            "review": self.tr("Review…"), "reopen": self.tr("Open again…"),
        }  # fmt: skip
        for key, text in texts.items():
            button = self._buttons[key]
            keys = button.shortcut()
            button.setText(text)
            button.setShortcut(keys)
            shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
            button.setToolTip(f"{text}  ({shown})" if shown else text)
        self._captions[0].setText(self.tr("What"))
        self._captions[1].setText(self.tr("Place"))
        words = {1: self.tr("today and yesterday"), 7: self.tr("7 days"), 31: self.tr("31 days"),
                 366: self.tr("1 year"), 0: self.tr("all")}  # fmt: skip
        self._fill(self.period, [(words[d], d) for d in PERIODS], 31)
        self._fill(self.state, [(self.tr("every state"), ""), *(
            (state_text(s), str(s)) for s in State)], "")  # fmt: skip
        self._fill(self.category, [(category_text(c), c) for c in CATEGORIES], None)
        self._show()

    def _fill(self, box: QComboBox, choices: list[tuple[str, Any]], default: Any) -> None:
        chosen = box.currentData() if box.count() else default
        box.blockSignals(True)
        box.clear()
        for text, value in choices:
            box.addItem(text, value)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.blockSignals(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a narrow window the card is a page beside log and timeline."""
        super().resizeEvent(event)
        narrow, paged = self.width() < NARROW_PX, self.tabs.indexOf(self.card) >= 0
        if narrow and not paged:
            self.tabs.addTab(self.card, self.tr("Task card"))
        elif paged and not narrow:
            self._split.addWidget(self.card)
            self._split.setSizes([390, 630, 260])
            self.card.setVisible(self.incident is not None)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_middle"):
            self._retranslate()
            self.reload()

    # -- the list

    def wanted(self) -> Wanted:
        """What the list shows."""
        days = self.period.currentData()
        since = datetime.now(UTC) - timedelta(days=days) if days else None
        state = self.state.currentData()
        return Wanted(
            Book.INCIDENT, self.search.text(), since, None, (state,) if state else ()
        )  # fmt: skip

    def reload(self) -> None:
        """Read the list and the incident shown again."""
        self._asked += 1
        asked, wanted, shown = self._asked, self.wanted(), self._wanted_id

        def read(_: Any) -> tuple[list[Subject], Incident | None]:
            incident = self._log.incident(shown) if shown else None
            return self._log.subjects(wanted), incident

        def show(answer: tuple[list[Subject], Incident | None]) -> None:
            if asked != self._asked:
                return
            subjects, incident = answer
            self._fill_list(subjects)
            if shown == self._wanted_id:
                self.incident = incident
                self._show()

        self._tasks.run(self, read, show, self._failed)

    def _fill_list(self, subjects: list[Subject]) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for subject in subjects:
            marks = {State.OPEN: "●", State.CLOSED: "○", State.REVIEWED: "✓"}
            mark = "⚠" if subject.open_matters else marks.get(State(subject.state), "")
            item = QTreeWidgetItem(
                [f"{mark} {subject.number}", log_texts.short_text(subject.begun_at),
                 category_text(subject.category), subject.title]
            )  # fmt: skip
            item.setData(0, _ID, subject.id)
            tip = f"{state_text(subject.state)}  ·  {subject.person}"
            for column in range(4):
                text = log_texts.full_text(subject.begun_at) if column == 1 else item.text(column)
                item.setToolTip(column, f"{text}\n{tip}")
                if subject.state == State.OPEN:
                    item.setForeground(column, QBrush(theme.AMBER))
            self.list.addTopLevelItem(item)
            if subject.id == self._wanted_id:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        count = self.list.topLevelItemCount()
        if not count:
            self.told.clear()
            narrow = bool(self.search.text().strip() or self.state.currentData())
            self.empty.say(
                self.tr("No incident is like that. Choose a longer period, another state or other "
                        "words.") if narrow
                else self.tr("No incident in this time. On the wall, I opens one for the selected "
                             "tile; “New incident without a camera” is below.")
            )  # fmt: skip
        else:
            text = self.tr("%n incident(s)", "", count)
            self.told.setText(text if count < 300 else self.tr("the newest 300"))

    def _chosen(self, item: QTreeWidgetItem | None, _: Any = None) -> None:
        if item is not None and item.data(0, _ID) != self._wanted_id:
            self.open(item.data(0, _ID), focus=False)

    def open(self, incident_id: str, *, focus: bool = True) -> None:
        """Show one; `focus`: the next key is the first of a line."""
        self._stop_correcting()
        self._wanted_id = incident_id
        self.reload()
        if focus:
            self.line.setFocus()

    # -- one incident

    def _show(self) -> None:
        incident = self.incident
        self._middle.setEnabled(incident is not None)
        for widget in (self._fields, self.tabs, self.line, self.begun, *self._buttons.values()):
            widget.setVisible(incident is not None)
        self.nothing.setVisible(incident is None)
        if self.tabs.indexOf(self.card) < 0:
            self.card.setVisible(incident is not None)
        self.card.show_card(incident, self._language())
        self.timeline.show_incident(incident)
        self.lines.clear()
        self._clear_decisions()
        if incident is None:
            self.title.setText(self.tr("No incident chosen"))
            self.facts.setText("")
            self.place.clear()
            self.nothing.setText(
                self.tr("Choose an incident on the left to read it and write on.\n\n"
                        "A new one: on the wall, select the tile that shows it and press I. Camera, "
                        "time and your name are filled in.")
            )  # fmt: skip
            return
        state, running = incident.state, incident.state is State.OPEN
        self.title.setText(f"{incident.number}   {state_text(state)}")
        cameras = ", ".join(name for _, name in incident.cameras)
        how = log_texts.detected_text(str(incident.value("detected_by")))
        facts = [log_texts.full_text(incident.detected_at), how, incident.opened.author, cameras]
        self.facts.setText("  ·  ".join(f for f in facts if f))
        self.category.setCurrentIndex(self.category.findData(incident.value("category")))
        if not self.place.hasFocus():
            self.place.setText(str(incident.value("place")))
        for widget in (self.category, self.place, self.line):
            widget.setEnabled(running)
        self.line.setPlaceholderText(
            self.tr("What happens now? Enter writes it down.") if running
            else self.tr("The incident is closed.")
        )  # fmt: skip
        self._fill_lines(incident)
        self._show_decisions(incident)
        for key in ("unit", "correct", "evidence", "close"):
            self._buttons[key].setVisible(running)
        self._buttons["camera"].setEnabled(bool(incident.cameras))
        self._buttons["review"].setVisible(state is State.CLOSED)
        self._buttons["reopen"].setVisible(not running)

    def _fill_lines(self, incident: Incident) -> None:
        by_entry = {e.id: line for line in incident.lines for e in (*line.versions, *line.before)}
        late = {e.id for e in incident.late}
        done: set[str] = set()
        for entry in incident.entries:
            line = by_entry.get(entry.id)
            if line is None:
                self._row(None, entry, late=entry.id in late)
                continue
            if line.first.id in done:
                continue
            done.add(line.first.id)
            top = None
            for version in line.versions:
                top = self._row(None, version, disputed=len(line.versions) > 1,
                                late=version.id in late, when=line.first)  # fmt: skip
            for old in line.before:
                self._row(top, old, struck=True)
        self.lines.expandAll()
        self.lines.scrollToBottom()

    def _row(
        self, parent: QTreeWidgetItem | None, entry: Entry, *, struck: bool = False,
        disputed: bool = False, late: bool = False, when: Entry | None = None,
    ) -> QTreeWidgetItem:  # fmt: skip
        begun = (when or entry).data.get("begun")
        text = entry_text(entry)
        if disputed:
            text = self.tr("⚠ one of two versions: {text}").format(text=text)
        elif late:
            text = self.tr("{text}  (written after the closing)").format(text=text)
        item = QTreeWidgetItem([moment_text(begun or entry.true_at), entry.author, text])
        item.setData(0, _ID, entry.id)
        item.setToolTip(2, text)
        item.setToolTip(
            0,
            self.tr("Entered {time} on {console}, No. {number}, SHA-256 {hash}").format(
                time=log_texts.full_text(entry.at), console=entry.console, number=entry.number,
                hash=entry.chain,
            ),
        )  # fmt: skip
        for column in range(3):
            if struck:
                font = item.font(column)
                font.setStrikeOut(True)
                item.setFont(column, font)
                item.setForeground(column, QBrush(theme.GREY))
            elif disputed or late:
                item.setForeground(column, QBrush(theme.AMBER))
            elif entry.kind != Kind.TEXT:
                item.setForeground(column, QBrush(theme.DIM_TEXT))
        if parent is None:
            self.lines.addTopLevelItem(item)
        else:
            parent.addChild(item)
        return item

    def _show_entry(self, entry_id: str) -> None:
        self.tabs.setCurrentIndex(0)
        pending = [self.lines.topLevelItem(i) for i in range(self.lines.topLevelItemCount())]
        while pending:
            item = pending.pop()
            if item is None:
                continue
            if item.data(0, _ID) == entry_id:
                self.lines.setCurrentItem(item)
                return
            pending += [item.child(i) for i in range(item.childCount())]

    # -- two versions

    def _clear_decisions(self) -> None:
        while self._decide_layout.count():
            item = self._decide_layout.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.deleteLater()
        self.decide.hide()

    def _show_decisions(self, incident: Incident) -> None:
        """A row for everything that two consoles wrote apart, with a button for each version."""
        rows: list[tuple[str, list[tuple[Entry, str]], Kind, dict[str, Any]]] = []
        for name in incident.disputed:
            versions = incident.fields.get(name)
            if versions:
                options = [(v.entry, log_texts.value_text(name, v.value)) for v in versions]
                rows.append((log_texts.field_text(name), options, Kind.SET, {"field": name}))
                continue
            line = next(li for li in incident.lines if li.first.id == name)
            options = [(e, str(e.data.get("text", ""))) for e in line.versions]
            rows.append((moment_text(line.first.true_at), options, Kind.TEXT, {}))
        for title, options, kind, data in rows:
            box = QWidget()
            row = QHBoxLayout(box)
            row.setContentsMargins(0, 0, 0, 0)
            label = QLabel(self.tr("⚠ {what}: written apart. Which one holds?").format(what=title))
            label.setObjectName("warning")
            row.addWidget(label)
            about = tuple(entry.id for entry, _ in options)
            for entry, text in options:
                short = text if len(text) <= 40 else text[:39] + "…"
                button = QPushButton(short)
                button.setAutoDefault(False)
                button.setToolTip(f"{text}\n{entry.author}, {entry.console}")
                value = {"field": data["field"], "value": self._raw(entry, data["field"])} if data \
                    else {"text": text, "begun": entry.data.get("begun", "")}  # fmt: skip
                button.clicked.connect(lambda _=False, k=kind, v=value, a=about: self._add(k, v, a))
                row.addWidget(button)
            row.addStretch(1)
            self._decide_layout.addWidget(box)
        self.decide.setVisible(bool(rows))

    def _raw(self, entry: Entry, field: str) -> Any:
        assert self.incident is not None
        return next(v.value for v in self.incident.fields[field] if v.entry.id == entry.id)

    # -- writing

    def _entry(
        self, kind: Kind, data: Mapping[str, Any], about: tuple[str, ...] = (), author: str = ""
    ) -> Entry:
        settings = self._session.settings
        return Entry(
            Book.INCIDENT, self._wanted_id, kind, (author or settings.operator)[:100],
            settings.console, dict(data), "", about,
        )  # fmt: skip

    def _add(
        self, kind: Kind, data: Mapping[str, Any], about: tuple[str, ...] = (), *, author: str = "",
        supervisor: bool = False,
    ) -> bool:  # fmt: skip
        """Write an entry, after those that are being written; whether it may be."""
        if self.incident is None:
            return False
        reason = refusal(self.incident, kind, data, supervisor=supervisor)
        if reason:
            self._say(log_texts.refusal_text(reason))
            return False
        self._say("")
        self._queue.append((self._entry(kind, data, about, author),))
        self._write_next()
        return True

    def _write_next(self) -> None:
        if self._writing or not self._queue:
            return
        self._writing = True
        entries = self._queue[0]

        def written(_: Any) -> None:
            self._writing = False
            self._queue.pop(0)
            self.reload()
            self._write_next()

        def failed(error: Exception) -> None:
            # Nothing typed is lost: the line comes back.
            self._writing = False
            kept, self._queue = self._queue, []
            texts = [str(e.data.get("text", "")) for some in kept for e in some]
            self.line.setText("  ".join(t for t in [*texts, self.line.text()] if t))
            self._failed(error)

        self._tasks.run(self, lambda _: self._log.add(*entries), written, failed)

    def _line_entered(self, text: str, begun: datetime) -> None:
        about, self._correcting = self._correcting, ()
        data = {"text": cleaned(text), "begun": begun.isoformat()}
        if not self._add(Kind.TEXT, data, about):
            self.line.setText(text)
            self._correcting = about
        self._show_begun()

    def _show_begun(self) -> None:
        if self._correcting:
            self.begun.setText(self.tr("Correct:"))
        else:
            self.begun.setText(moment_text(self.line.begun) if self.line.begun else "")

    def _activated(self) -> None:
        """A line was opened: a fault that is named in it, or to correct it."""
        item = self.lines.currentItem()
        chosen = item.data(0, _ID) if item is not None else ""
        named = self.incident.of(Kind.TICKET) if self.incident else []
        for entry in named:
            if entry.id == chosen:
                self.ticket_asked.emit(str(entry.data.get("ticket", "")))
                return
        self._correct()

    def _correct(self) -> None:
        item = self.lines.currentItem()
        if self.incident is None or item is None or self.incident.state is not State.OPEN:
            return
        chosen = item.data(0, _ID)
        for line in self.incident.lines:
            if chosen in [e.id for e in (*line.versions, *line.before)]:
                self._correcting = tuple(e.id for e in line.versions)
                self.line.setText(str(line.versions[-1].data.get("text", "")))
                self.line.setFocus()
                self.line.selectAll()
                self._show_begun()
                return
        self._say(self.tr("Only lines of the log can be corrected; all else is set anew."))

    def _stop_correcting(self) -> None:
        self._correcting = ()
        self._show_begun()

    def _set(self, field: str, value: Any) -> None:
        if self.incident is None or str(self.incident.value(field)) == str(value):
            return
        versions = self.incident.fields.get(field, ())
        about = tuple(v.entry.id for v in versions)
        self.place.setModified(False)
        self._add(Kind.SET, {"field": field, "value": value}, about)

    def _tell_unit(self) -> None:
        dialog = UnitDialog(self)
        dialog.accepted.connect(lambda: self._add(Kind.UNIT, dialog.data))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _link_evidence(self) -> None:
        """One of the packages that were made, the newest first."""

        def choose(found: list[Retrieval]) -> None:
            assert self.incident is not None
            linked = {e.data.get("package") for e in self.incident.of(Kind.EVIDENCE)}
            names = {
                f"{r.package}   {r.camera}   {moment_text(r.at)}": r
                for r in found
                if r.package and r.package not in linked
            }
            if not names:
                self._say(self.tr("There is no further evidence package on this console: "
                                  "S takes a snapshot, R and E a clip."))  # fmt: skip
                return
            name, good = QInputDialog.getItem(
                self, self.tr("Evidence"), self.tr("Evidence package:"), list(names), 0, False
            )
            if good:
                r = names[name]
                data = {"package": r.package, "sha256": r.manifest_sha256, "camera": r.camera}
                self._add(Kind.EVIDENCE, data)

        self._tasks.run(
            self, lambda _: self._log.retrievals(kinds=(RetrievalKind.RESULT,), limit=100), choose,
            self._failed,
        )  # fmt: skip

    def _show_camera(self) -> None:
        if self.incident and self.incident.cameras:
            self.show_camera.emit(self.incident.cameras[0][0])

    def add_camera(self, camera_id: str, name: str) -> bool:
        """Another camera that shows the incident; False where it cannot be added."""
        if self.incident is None or self.incident.state is not State.OPEN:
            return False
        if camera_id in dict(self.incident.cameras):
            return True
        entry = self._entry(Kind.CAMERA, {"camera_name": name})
        self._queue.append((_with_camera(entry, camera_id),))
        self._write_next()
        return True

    def link_ticket(self, ticket_id: str, number: str) -> bool:
        """A fault ticket that belongs to the incident shown; whether it could be entered."""
        return self._add(Kind.TICKET, {"ticket": ticket_id, "number": number})

    def _ask(self, title: str, question: str, done: Callable[[str], Any]) -> None:
        text, good = QInputDialog.getMultiLineText(self, title, question)
        if good and text.strip():
            done(cleaned(text))

    def _close(self) -> None:
        incident = self.incident
        if incident is None:
            return
        if incident.disputed:
            self._say(log_texts.refusal_text("disputed"))
            return
        before = tuple(v.entry.id for v in incident.fields.get("result", ()))
        self._ask(
            self.tr("Close incident"), self.tr("What came of it?"),
            lambda text: self._add(Kind.CLOSED, {"result": text}, before),
        )  # fmt: skip

    def _review(self) -> None:
        self._as_supervisor(
            self.tr("The incident is to be reviewed."),
            lambda name: self._ask(
                self.tr("Review"), self.tr("What is to be learned from it?"),
                lambda text: self._add(Kind.REVIEWED, {"words": text}, self._closing(), author=name,
                                       supervisor=True),
            ),
        )  # fmt: skip

    def _reopen(self) -> None:
        self._as_supervisor(
            self.tr("The incident is to be opened again."),
            lambda name: self._ask(
                self.tr("Open again"), self.tr("Why?"),
                lambda text: self._add(Kind.REOPENED, {"reason": text}, self._closing(),
                                       author=name, supervisor=True),
            ),
        )  # fmt: skip

    def _closing(self) -> tuple[str, ...]:
        closed = self.incident.of(Kind.CLOSED) if self.incident else []
        return (closed[-1].id,) if closed else ()

    def _as_supervisor(self, why: str, then: Callable[[str], Any]) -> None:
        """The operator, where a supervisor; else a supervisor with a PIN."""
        settings = self._session.settings
        if self._session.supervises is False:  # the server would refuse it
            self._say(log_texts.refusal_text("account"))
            return
        own = any(p.supervisor and p.name == settings.operator for p in settings.people)
        if self._session.supervises or own:
            then(settings.operator)
            return
        dialog = SecondPersonDialog(why, settings.people, settings.operator, self._tasks, self)
        dialog.accepted.connect(lambda: then(dialog.name))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _report(self) -> None:
        if self.incident is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Report"), f"{self.incident.number}.pdf", "PDF (*.pdf)"
        )
        if not name:
            return
        identity = self.incident.id
        self._tasks.run(
            self, lambda _: self._write_report(Path(name), identity),
            lambda _: self._say(self.tr("Saved: {name}").format(name=name), good=True),
            self._failed, timeout_s=120,
        )  # fmt: skip

    def _say(self, text: str, *, good: bool = False) -> None:
        theme.tell(self.error, text, "good" if good else "error")
        self.error.setVisible(bool(text))

    def _failed(self, error: Exception) -> None:
        self._say(i18n.error_text(error))


def _with_camera(entry: Entry, camera_id: str) -> Entry:
    return replace(entry, camera_id=camera_id)


def opening(
    where: Place, data: Mapping[str, Any], text: str, operator: str, console: str
) -> tuple[Entry, ...]:
    """The first entries of a new incident."""
    subject = new_id()
    entries = [
        Entry(Book.INCIDENT, subject, Kind.OPENED, operator[:100], console, dict(data),
              where.camera_id)
    ]  # fmt: skip
    if text.strip():
        line = {"text": cleaned(text), "begun": where.at.isoformat()}
        entries.append(
            Entry(Book.INCIDENT, subject, Kind.TEXT, operator[:100], console, line)
        )  # fmt: skip
    return tuple(entries)


def place_of(row: CameraRow | None, language: str) -> Place:
    """What is known of a tile's camera, now."""
    now = datetime.now(UTC).replace(microsecond=0)
    if row is None:
        return Place("", "", "", now)
    name = row.title(language)
    return Place(row.id, name, name, now)
