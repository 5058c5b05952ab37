"""Video patrols: the plans, and a round: one camera after the other on the wall, a key for each."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QBrush, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain import patrol as patrols
from app.domain.camera import CameraRow
from app.domain.logbook import Book, Entry, cleaned
from app.domain.patrol import Kind, Plan, Round, Verdict
from app.store.logbook import Logbook, NamedPlan, Wanted
from app.store.store import Store, new_id
from app.ui import i18n, theme
from app.ui.empty import EmptyHint
from app.ui.log_texts import full_text
from app.ui.session import Session
from app.ui.tasks import Newest, Tasks, grown

_ID = Qt.ItemDataRole.UserRole
FOUND = 200
KEYS = {
    Qt.Key.Key_1: Verdict.OK, Qt.Key.Key_2: Verdict.FAULT, Qt.Key.Key_3: Verdict.NOTE,
    Qt.Key.Key_4: Verdict.SKIPPED,
}  # fmt: skip
SIGNS = {Verdict.OK: "✓", Verdict.FAULT: "✗", Verdict.NOTE: "✎", Verdict.SKIPPED: "–"}


class PlanDialog(QDialog):
    """Name, cameras in their order, time for each, when a round is due. `saved` is name and plan."""

    def __init__(
        self, store: Store, tasks: Tasks, named: NamedPlan | None, language: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._store, self._tasks, self._language = store, tasks, language
        self.saved: tuple[str, Plan] | None = None
        self.setWindowTitle(self.tr("Patrol") if named else self.tr("New patrol"))
        self.name = QLineEdit(named.name if named else "")
        self.name.setMaxLength(100)
        self.dwell = QSpinBox()
        self.dwell.setRange(int(patrols.LEAST_DWELL_S), int(patrols.MOST_DWELL_S))
        self.dwell.setValue(int(named.plan.dwell_s if named else patrols.DWELL_S))
        self.dwell.setSuffix(self.tr(" s"))
        self.due = QLineEdit(" ".join(named.plan.due) if named else "")
        self.due.setPlaceholderText(self.tr("such as 08:30 22:00; empty: when one likes"))
        self.search, self.found, self.chosen = QLineEdit(), QListWidget(), QListWidget()
        self.search.setPlaceholderText(self.tr("Find cameras; Enter adds the first"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self._find())
        self.search.returnPressed.connect(self._add)
        self.found.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.found.itemActivated.connect(lambda _: self._add())
        self.chosen.setDragDropMode(QListWidget.DragDropMode.InternalMove)
        self.add, self.remove = QPushButton(self.tr("Add  ›")), QPushButton(self.tr("Take out"))
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        form = QFormLayout()
        form.addRow(self.tr("Name"), self.name)
        form.addRow(self.tr("Each camera"), self.dwell)
        form.addRow(self.tr("Due at"), self.due)
        left, right, both = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        left.addWidget(self.search)
        left.addWidget(self.found, 1)
        left.addWidget(self.add)
        hint = QLabel(self.tr("Drag to put in order."))
        hint.setObjectName("hint")
        right.addWidget(hint)
        right.addWidget(self.chosen, 1)
        right.addWidget(self.remove)
        both.addLayout(left, 1)
        both.addLayout(right, 1)
        self.error = QLabel()
        self.error.setObjectName("error")
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Save | kinds.Cancel)
        buttons.button(kinds.Save).setText(self.tr("Save"))
        buttons.button(kinds.Cancel).setText(self.tr("Cancel"))
        for button in (self.add, self.remove, *buttons.buttons()):
            if isinstance(button, QPushButton):
                button.setAutoDefault(False)
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addLayout(both, 1)
        layout.addWidget(self.error)
        layout.addWidget(buttons)
        theme.fit(self, 760, 560)
        self._find()
        if named is not None:
            wanted = list(named.plan.cameras)

            def show(rows: list[CameraRow]) -> None:
                names = {r.id: r.title(language) for r in rows}
                for camera in wanted:
                    self._append(camera, names.get(camera, self.tr("(removed)")))

            tasks.run(self, lambda _: store.rows(wanted), show, self._failed)

    def _find(self) -> None:
        text = self.search.text().strip()

        def show(rows: list[CameraRow]) -> None:
            if text != self.search.text().strip():
                return
            self.found.clear()
            for row in rows:
                item = QListWidgetItem(row.title(self._language))
                item.setData(_ID, row.id)
                self.found.addItem(item)
            if text and rows:
                self.found.setCurrentRow(0)

        self._tasks.run(
            self, lambda _: self._store.cameras(search=text, limit=FOUND), show, self._failed
        )

    def _append(self, camera: str, title: str) -> None:
        item = QListWidgetItem(title)
        item.setData(_ID, camera)
        self.chosen.addItem(item)

    def _add(self) -> None:
        for item in self.found.selectedItems():
            self._append(item.data(_ID), item.text())

    def _remove(self) -> None:
        for item in self.chosen.selectedItems():
            self.chosen.takeItem(self.chosen.row(item))

    def _save(self) -> None:
        items = [self.chosen.item(i) for i in range(self.chosen.count())]
        due = self.due.text().replace(",", " ").replace("，", " ").split()
        try:
            plan = Plan(tuple(str(i.data(_ID)) for i in items), float(self.dwell.value()),
                        tuple(sorted(due)))  # fmt: skip
        except ValueError as error:
            self.error.setText(
                self.tr("A time is like 08:30.") if str(error) == "due"
                else self.tr("Add cameras first.")
            )  # fmt: skip
            return
        if not self.name.text().strip():
            self.error.setText(self.tr("A patrol needs a name."))
            self.name.setFocus()
            return
        self.saved = (self.name.text().strip(), plan)
        self.accept()

    def _failed(self, error: Exception) -> None:
        self.error.setText(i18n.error_text(error))


class PatrolWindow(QMainWindow):
    """Stays over the wall while a round is made."""

    show_camera = Signal(str)
    fault_found = Signal(str, str)
    """Camera, words: whoever keeps fault tickets may open one."""

    def __init__(
        self, store: Store, logbook: Logbook, tasks: Tasks, session: Session,
        language: Callable[[], str], parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._store, self._log, self._tasks, self._session = store, logbook, tasks, session
        self._newest = Newest()
        self._language = language
        self.round: Round | None = None
        self.camera = ""
        self._plans: list[NamedPlan] = []
        self._last: dict[str, datetime] = {}
        self._dwell_s, self._since = patrols.DWELL_S, 0.0
        self._pending: Verdict | None = None
        self._busy = False
        self._timer = QTimer(self)
        self._timer.setInterval(200)
        self._timer.timeout.connect(self._tick)
        self._build()
        self._retranslate()
        theme.fit(self, 560, 520)

    def _build(self) -> None:
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.itemActivated.connect(lambda *_: self.start())
        self.empty = EmptyHint(self.list)
        self.start_button, self.new, self.edit, self.delete = (QPushButton() for _ in range(4))
        self.start_button.clicked.connect(self.start)
        self.new.clicked.connect(lambda: self._edit(None))
        self.edit.clicked.connect(lambda: self._edit(self._chosen()))
        self.delete.clicked.connect(self._delete)
        plans = QWidget()
        column = QVBoxLayout(plans)
        column.addWidget(self.list, 1)
        line = QHBoxLayout()
        for button in (self.start_button, self.new, self.edit, self.delete):
            line.addWidget(button)
        column.addLayout(line)
        self.title, self.where = QLabel(), QLabel()
        self.title.setObjectName("hint")
        self.where.setObjectName("heading")
        for label in (self.title, self.where):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.bar, self.dwell = QProgressBar(), QProgressBar()
        self.bar.setFormat("%v / %m")
        self.dwell.setTextVisible(False)
        self.dwell.setMaximumHeight(6)
        self.buttons: dict[Verdict, QPushButton] = {}
        verdicts = QHBoxLayout()
        for verdict in KEYS.values():
            button = QPushButton()
            button.clicked.connect(lambda _=False, v=verdict: self.give(v))
            self.buttons[verdict] = button
            verdicts.addWidget(button)
        self.words = QLineEdit()
        self.words.setMaxLength(1000)
        self.words.returnPressed.connect(self._words_entered)
        self.words.hide()
        self.given = QTreeWidget()
        self.given.setRootIsDecorated(False)
        self.given.setHeaderHidden(True)
        self.given.setColumnCount(3)
        self.given.itemActivated.connect(lambda item, _: self._go(str(item.data(0, _ID))))
        self.sign, self.leave = QPushButton(), QPushButton()
        self.sign.clicked.connect(self._sign)
        self.leave.clicked.connect(self._leave)
        made = QWidget()
        column = QVBoxLayout(made)
        for widget in (self.title, self.where, self.dwell, self.bar):
            column.addWidget(widget)
        column.addLayout(verdicts)
        column.addWidget(self.words)
        column.addWidget(self.given, 1)
        line = QHBoxLayout()
        line.addWidget(self.leave)
        line.addStretch(1)
        line.addWidget(self.sign)
        column.addLayout(line)
        self.error = QLabel()
        self.error.setObjectName("error")
        self.error.setWordWrap(True)
        self.error.hide()
        self.pages = QStackedWidget()
        self.pages.addWidget(plans)
        self.pages.addWidget(made)
        for button in self.pages.findChildren(QPushButton):
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.addWidget(self.pages, 1)
        column.addWidget(self.error)
        self.setCentralWidget(centre)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Video patrol"))
        self.list.setHeaderLabels(
            [self.tr("Patrol"), self.tr("Cameras"), self.tr("Last round"), self.tr("Due")]
        )
        for column, width in enumerate((180, 70, 150)):
            self.list.setColumnWidth(column, width)
        self.empty.say(
            self.tr("There is no patrol yet. “New…” makes one: choose cameras, how long each is "
                    "shown, and when a round is due.")
        )  # fmt: skip
        self.start_button.setText(self.tr("Start round"))
        self.new.setText(self.tr("New…"))
        self.edit.setText(self.tr("Change…"))
        self.delete.setText(self.tr("Delete"))
        self.sign.setText(self.tr("Sign the result"))
        self.leave.setText(self.tr("Go on later"))
        for number, (verdict, text) in enumerate(
            ((Verdict.OK, self.tr("In order")), (Verdict.FAULT, self.tr("Fault")),
             (Verdict.NOTE, self.tr("Note")), (Verdict.SKIPPED, self.tr("Skip"))), 1,
        ):  # fmt: skip
            self.buttons[verdict].setText(f"{number}  {text}")
            key = QKeySequence(list(KEYS)[number - 1]).toString()
            self.buttons[verdict].setToolTip(f"{text}  ({key})")
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "pages"):
            self._retranslate()
            self.reload()

    # -- plans

    def reload(self) -> None:
        """Read plans, and the round that is being made, again."""
        identity = self.round.id if self.round else ""

        def read(_: Any) -> Any:
            made = self._log.round(identity) if identity else None
            return self._log.plans(), self._log.last_rounds(), made

        def show(answer: Any) -> None:
            self._plans, self._last, made = answer
            self.round = grown(self.round, identity, made)
            self._show()

        self._tasks.run(self, read, self._newest(show), self._failed)

    def owed(self) -> list[str]:
        """Names of patrols that are due."""
        now = datetime.now().astimezone()
        return [p.name for p in self._plans if patrols.is_owed(p.plan, self._last.get(p.id), now)]

    def _chosen(self) -> NamedPlan | None:
        item = self.list.currentItem()
        return next((p for p in self._plans if item and p.id == item.data(0, _ID)), None)

    def _edit(self, named: NamedPlan | None) -> None:
        dialog = PlanDialog(self._store, self._tasks, named, self._language(), self)
        identity = named.id if named else None

        def save() -> None:
            assert dialog.saved is not None
            name, plan = dialog.saved
            self._tasks.run(self, lambda _: self._log.save_plan(name, plan, identity),
                            lambda _: self.reload(), self._failed)  # fmt: skip

        dialog.accepted.connect(save)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _delete(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._tasks.run(self, lambda _: self._log.delete_plan(chosen.id),
                            lambda _: self.reload(), self._failed)  # fmt: skip

    # -- a round

    def start(self) -> None:
        """A round of the chosen patrol."""
        chosen = self._chosen() or (self._plans[0] if len(self._plans) == 1 else None)
        if chosen is None or self._busy:
            return
        self._busy = True
        self._dwell_s = chosen.plan.dwell_s
        due = chosen.plan.last_due(datetime.now().astimezone())
        ids, language = list(chosen.plan.cameras), self._language()

        day = datetime.now().astimezone() - timedelta(days=1)
        console = self._session.settings.console

        def work(_: Any) -> Round | None:
            running = self._log.subjects(Wanted(Book.PATROL, since=day, states=("running",)))
            for subject in running:
                made = self._log.round(subject.id) if subject.category == chosen.id else None
                if made is not None and made.begun.console == console:
                    return made  # gone on with where it was left
            names = {r.id: r.title(language) for r in self._store.rows(ids)}
            cameras = [[c, names[c]] for c in dict.fromkeys(ids) if c in names]
            entry = self._entry(new_id(), Kind.BEGUN, plan=chosen.id, name=chosen.name,
                                cameras=cameras, due=due.isoformat() if due else "")  # fmt: skip
            self._log.add(entry)
            return self._log.round(entry.subject)

        self._tasks.run(self, work, self._began, self._failed)

    def _began(self, made: Round | None) -> None:
        self._busy = False
        self.round = made
        if made is not None:
            self._next()
        self._show()

    def _entry(self, subject: str, kind: Kind, camera: str = "", **data: Any) -> Entry:
        settings = self._session.settings
        return Entry(Book.PATROL, subject, kind, settings.operator[:100], settings.console, data,
                     camera)  # fmt: skip

    def _next(self) -> None:
        missing = self.round.missing if self.round else ()
        self._go(missing[0] if missing else "")

    def _go(self, camera: str) -> None:
        self.camera, self._pending = camera, None
        self._since = time.monotonic()
        self.words.hide()
        self._timer.start()
        if camera:
            self.show_camera.emit(camera)
        # The wall must not take the keys.
        self.activateWindow()
        self.setFocus()
        self._show()

    def _tick(self) -> None:
        share = min(1.0, (time.monotonic() - self._since) / self._dwell_s)
        self.dwell.setRange(0, 1000)
        self.dwell.setValue(int(share * 1000))
        if share >= 1:
            self._timer.stop()

    def give(self, verdict: Verdict) -> None:
        """A verdict on the camera shown; words first, where some are needed."""
        if self.round is None or not self.camera or self.round.signed is not None or self._busy:
            return
        if verdict in patrols.WORDS_NEEDED:
            self._pending = verdict
            self.words.clear()
            self.words.setPlaceholderText(
                {Verdict.FAULT: self.tr("What is wrong with the picture? Enter"),
                 Verdict.NOTE: self.tr("What is to be noted? Enter"),
                 Verdict.SKIPPED: self.tr("Why is it skipped? Enter")}[verdict]
            )  # fmt: skip
            self.words.show()
            self.words.setFocus()
            return
        self._write(verdict, "")

    def _words_entered(self) -> None:
        text = self.words.text().strip()
        if text and self._pending is not None:
            self._write(self._pending, cleaned(text))

    def _write(self, verdict: Verdict, words: str) -> None:
        assert self.round is not None
        subject, camera = self.round.id, self.camera
        entry = self._entry(subject, Kind.VERDICT, camera, verdict=str(verdict), words=words)
        self._busy = True

        def work(_: Any) -> Round | None:
            self._log.add(entry)
            return self._log.round(subject)

        def done(made: Round | None) -> None:
            self._busy = False
            if verdict is Verdict.FAULT:
                self.fault_found.emit(camera, words)
            if self.round is not None and self.round.id == subject:  # not left meanwhile
                self.round = made
                self._next()

        self._tasks.run(self, work, done, self._failed)

    def _sign(self) -> None:
        made = self.round
        if made is None or patrols.refusal(made, Kind.SIGNED, {}):
            return
        counts: Any = {str(v): made.count(v) for v in Verdict}
        entry = self._entry(made.id, Kind.SIGNED, name=self._session.settings.operator, **counts)

        def done(_: Any) -> None:
            self._leave()
            self.reload()

        self._tasks.run(self, lambda _: self._log.add(entry), done, self._failed)

    def _leave(self) -> None:
        self.round, self.camera = None, ""
        self._timer.stop()
        self._show()

    def _show(self) -> None:
        made = self.round
        self.error.hide()
        self.pages.setCurrentIndex(0 if made is None else 1)
        if made is None:
            self._show_plans()
            return
        done = len(made.cameras) - len(made.missing)
        self.title.setText(f"{made.begun.data.get('name', '')}   {made.number}")
        self.where.setText(
            dict(made.cameras).get(self.camera) or self.tr("Every camera has its verdict.")
        )
        self.bar.setRange(0, max(1, len(made.cameras)))
        self.bar.setValue(done)
        self.given.clear()
        current = None
        for camera, name in made.cameras:
            entry = made.verdicts.get(camera)
            verdict = Verdict(entry.data["verdict"]) if entry else None
            words = str(entry.data.get("words", "")) if entry else ""
            row = QTreeWidgetItem([SIGNS[verdict] if verdict else "", name, words])
            row.setData(0, _ID, camera)
            if verdict is Verdict.FAULT:
                for column in range(3):
                    row.setForeground(column, QBrush(theme.AMBER))
            self.given.addTopLevelItem(row)
            if camera == self.camera:
                current = row
        self.given.setColumnWidth(0, 30)
        self.given.setColumnWidth(1, 240)
        if current is not None:
            self.given.setCurrentItem(current)
        for button in self.buttons.values():
            button.setEnabled(bool(self.camera))
        self.sign.setEnabled(not made.missing and made.signed is None)

    def _show_plans(self) -> None:
        chosen = self._chosen()
        self.list.clear()
        now = datetime.now().astimezone()
        for plan in self._plans:
            last = self._last.get(plan.id)
            following = plan.plan.next_due(now)
            owed = patrols.is_owed(plan.plan, last, now)
            due = self.tr("now") if owed else f"{following:%H:%M}" if following else ""
            row = QTreeWidgetItem([plan.name, str(len(plan.plan.cameras)), full_text(last), due])
            row.setData(0, _ID, plan.id)
            if owed:
                for column in range(4):
                    row.setForeground(column, QBrush(theme.AMBER))
            self.list.addTopLevelItem(row)
            if chosen is not None and chosen.id == plan.id:
                self.list.setCurrentItem(row)
        first = self.list.topLevelItem(0)
        if self.list.currentItem() is None and first is not None:
            self.list.setCurrentItem(first)
        for button in (self.start_button, self.edit, self.delete):
            button.setEnabled(bool(self._plans))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        verdict = KEYS.get(Qt.Key(event.key()))
        if self.round is not None and verdict is not None and not event.isAutoRepeat():
            self.give(verdict)
            return
        super().keyPressEvent(event)

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self.error.setText(i18n.error_text(error))
        self.error.show()
