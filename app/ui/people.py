"""Qualifications and trainings of people: who is trained for what, and what runs out when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import QCoreApplication, QDate, QEvent, Qt
from PySide6.QtGui import QAction, QBrush, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain import people as domain
from app.domain.people import Record, RecordKind, Standing
from app.store.people import People, WarnDays
from app.ui import i18n, theme
from app.ui.managing import local
from app.ui.notice import Notice
from app.ui.session import Session
from app.ui.tasks import Newest, Tasks

_ID = Qt.ItemDataRole.UserRole


def oversees(session: Session) -> bool:
    """Whether whoever is at this console keeps the records of others."""
    if session.oversees is not None:
        return session.oversees
    people = session.settings.people
    chiefs = {p.name for p in people if p.supervisor}
    return not chiefs or session.settings.operator in chiefs


def kind_text(kind: RecordKind) -> str:
    """What is recorded."""
    translate = QCoreApplication.translate
    return {
        RecordKind.QUALIFICATION: translate("People", "qualification"),
        RecordKind.TRAINING: translate("People", "training"),
        RecordKind.PRACTICE: translate("People", "practice"),
    }[kind]


def standing_text(record: Record, standing: Standing, today: date) -> str:
    """How long it still holds: a shape and words, so that colour is not alone."""
    translate = QCoreApplication.translate
    if record.valid_until is None:
        return ""
    left = (record.valid_until - today).days
    if standing is Standing.OUT:
        return translate("People", "▲ ran out {days} d ago").format(days=-left)
    text = translate("People", "{days} d left").format(days=left)
    return (
        text
        if standing is Standing.VALID
        else f"{'▲' if standing is Standing.URGENT else '◢'} {text}"
    )


def warning_text(found: list[tuple[Record, Standing]], today: date) -> str:
    """One line for the notice."""
    parts = [f"{r.person}: {r.title} {standing_text(r, s, today)}" for r, s in found[:3]]
    more = f"  +{len(found) - 3}" if len(found) > 3 else ""
    return ";  ".join(parts) + more


class OptionalDay(QWidget):
    """A day that may be missing."""

    def __init__(self, day: date | None, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.has, self.edit = QCheckBox(caption), QDateEdit()
        self.edit.setCalendarPopup(True)
        self.edit.setDisplayFormat("yyyy-MM-dd")
        shown = day or date.today()
        self.edit.setDate(QDate(shown.year, shown.month, shown.day))
        self.has.setChecked(day is not None)
        self.edit.setEnabled(day is not None)
        self.has.toggled.connect(self.edit.setEnabled)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.has)
        layout.addWidget(self.edit, 1)

    @property
    def day(self) -> date | None:
        """What was chosen."""
        if not self.has.isChecked():
            return None
        chosen = self.edit.date()
        return date(chosen.year(), chosen.month(), chosen.day())


class RecordDialog(QDialog):
    """`record` is what is to be kept."""

    def __init__(self, record: Record, people: list[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._record = record
        qualification = record.kind is RecordKind.QUALIFICATION
        self.setWindowTitle(self.tr("Qualification") if qualification else self.tr("Training"))
        self.person, self.title = QComboBox(), QLineEdit(record.title)
        self.person.setEditable(True)
        self.person.addItems(people)
        self.person.setCurrentText(record.person)
        self.title.setMaxLength(200)
        self.number, self.by = QLineEdit(record.number), QLineEdit(record.issued_by)
        self.number.setMaxLength(100)
        self.by.setMaxLength(200)
        self.outcome = QLineEdit(record.result)
        self.outcome.setMaxLength(300)
        self.hours = QDoubleSpinBox()
        self.hours.setRange(0, 1000)
        self.hours.setDecimals(1)
        self.hours.setValue(record.hours)
        self.issued = OptionalDay(record.issued_on, self.tr("on"))
        self.until = OptionalDay(record.valid_until, self.tr("runs out on"))
        form = QFormLayout()
        form.addRow(self.tr("Person"), self.person)
        form.addRow(self.tr("Qualification") if qualification else self.tr("Subject"), self.title)
        if qualification:
            form.addRow(self.tr("Number"), self.number)
            form.addRow(self.tr("Issued"), self.issued)
            form.addRow(self.tr("Valid"), self.until)
            form.addRow(self.tr("Issued by"), self.by)
            self.title.setPlaceholderText(self.tr("such as: CCTV operator licence"))
        else:
            form.addRow(self.tr("Day"), self.issued)
            form.addRow(self.tr("Hours"), self.hours)
            form.addRow(self.tr("Result"), self.outcome)
            form.addRow(self.tr("To be repeated"), self.until)
            form.addRow(self.tr("Held by"), self.by)
            self.title.setPlaceholderText(self.tr("such as: incident procedures"))
        self.error = QLabel()
        self.error.setObjectName("error")
        buttons = QDialogButtonBox()
        go = buttons.addButton(self.tr("Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        go.setDefault(True)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.error)
        layout.addWidget(buttons)
        self.setMinimumWidth(460)
        (self.title if record.person else self.person).setFocus()

    @property
    def record(self) -> Record:
        """What the fields say."""
        return replace(
            self._record, person=self.person.currentText().strip(), title=self.title.text().strip(),
            number=self.number.text().strip(), issued_on=self.issued.day,
            valid_until=self.until.day, issued_by=self.by.text().strip(),
            hours=self.hours.value(), result=self.outcome.text().strip(),
        )  # fmt: skip

    def _save(self) -> None:
        problem = self.record.problem()
        if not problem:
            self.accept()
            return
        self.error.setText(
            {"person": self.tr("Whose is it?"), "title": self.tr("What is it called?"),
             "dates": self.tr("It runs out before it is issued.")}.get(problem, problem)
        )  # fmt: skip


class PeopleWindow(QMainWindow):
    """The records that may be read here. Supervisors and administrators keep them."""

    def __init__(
        self, people: People, tasks: Tasks, session: Session,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._people, self._tasks, self._session = people, tasks, session
        self._newest = Newest()
        self.records: list[Record] = []
        self._warn = domain.WARN_DAYS
        self._warning: WarnDays | None = None
        self._build()
        self._retranslate()
        theme.fit(self, 1080, 620)

    def _build(self) -> None:
        self.who = QComboBox()
        self.who.currentIndexChanged.connect(lambda _: self._show())
        self.late = QCheckBox()
        self.late.toggled.connect(lambda _: self._show())
        self._captions = QLabel(), QLabel(), QLabel()
        self.first, self.second = QSpinBox(), QSpinBox()
        for box in (self.first, self.second):
            box.setRange(1, 365)
            box.editingFinished.connect(self._keep_warning)
        top = QHBoxLayout()
        top.addWidget(self.who, 1)
        top.addWidget(self.late)
        top.addStretch(1)
        for widget in (self._captions[0], self.first, self._captions[1], self.second,
                       self._captions[2]):  # fmt: skip
            top.addWidget(widget)
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAlternatingRowColors(True)
        self.list.setSortingEnabled(False)
        self.list.itemActivated.connect(lambda *_: self._change())
        self.list.currentItemChanged.connect(lambda *_: self._enable())
        self.empty = QLabel()
        self.empty.setObjectName("hint")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.list)
        self.pages.addWidget(self.empty)
        self.add_qualification, self.add_training = QPushButton(), QPushButton()
        self.change, self.remove = QPushButton(), QPushButton()
        self.add_qualification.clicked.connect(lambda: self._new(RecordKind.QUALIFICATION))
        self.add_training.clicked.connect(lambda: self._new(RecordKind.TRAINING))
        self.change.clicked.connect(self._change)
        self.remove.clicked.connect(self._remove)
        foot = QHBoxLayout()
        self.count = QLabel()
        self.count.setObjectName("hint")
        foot.addWidget(self.count, 1)
        for button, keys in ((self.add_qualification, "Ctrl+N"), (self.add_training, "Ctrl+T"),
                             (self.change, "F2"), (self.remove, "Del")):  # fmt: skip
            button.setAutoDefault(False)
            foot.addWidget(button)
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(button.click)
            self.addAction(action)
        self.error = QLabel()
        self.error.setObjectName("error")
        self.error.setWordWrap(True)
        self.error.hide()
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.addLayout(top)
        column.addWidget(self.pages, 1)
        column.addWidget(self.error)
        column.addLayout(foot)
        self.setCentralWidget(centre)
        self.notice = Notice(centre)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Qualifications and training"))
        self.list.setHeaderLabels(
            [self.tr("Person"), self.tr("Kind"), self.tr("What"), self.tr("Issued / day"),
             self.tr("Valid until"), self.tr("Standing"), self.tr("Number"), self.tr("By"),
             self.tr("Hours"), self.tr("Result")]
        )  # fmt: skip
        for column, width in enumerate((96, 92, 180, 96, 96, 126, 100, 110, 56)):
            self.list.setColumnWidth(column, width)
        self.late.setText(self.tr("only what runs out"))
        self._captions[0].setText(self.tr("Warn"))
        self._captions[1].setText(self.tr("and"))
        self._captions[2].setText(self.tr("days before"))
        self._tell_warning()
        for button, text, tip in (
            (self.add_qualification, self.tr("New qualification…"), "Ctrl+N"),
            (self.add_training, self.tr("New training…"), "Ctrl+T"),
            (self.change, self.tr("Change…"), "F2"), (self.remove, self.tr("Remove"), "Del"),
        ):  # fmt: skip
            button.setText(text)
            button.setToolTip(f"{text}  ({tip})")
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "notice"):
            self._retranslate()

    # -- reading

    def reload(self) -> None:
        """Read everything again."""

        def read(_: Any) -> tuple[list[Record], WarnDays]:
            return self._people.records(), self._people.warning()

        def show(answer: tuple[list[Record], WarnDays]) -> None:
            records, warn = answer
            me = self._session.settings.operator
            self.records = [r for r in records if oversees(self._session) or r.person == me]
            self._warning, self._warn = warn, warn.days
            self.first.setValue(self._warn[0])
            self.second.setValue(self._warn[1])
            self._tell_warning()
            self._say("")
            self._show()

        self._tasks.run(self, read, self._newest(show), self._failed)

    def _tell_warning(self) -> None:
        """Whose the days are."""
        made = self._warning
        tip = self.tr("For the whole organisation. Every version is kept.")
        if made is not None and made.version:
            tip += "\n" + self.tr("Version {number}, {at}  {person}").format(
                number=made.version, at=local(made.at), person=made.author)  # fmt: skip
        for box in (self.first, self.second):
            box.setToolTip(tip)

    def names(self) -> list[str]:
        """Everybody who is known."""
        known = {r.person for r in self.records} | {p.name for p in self._session.settings.people}
        return sorted({*known, self._session.settings.operator} - {""})

    def _show(self) -> None:
        chosen = self.who.currentData() if self.who.count() else ""
        self.who.blockSignals(True)
        self.who.clear()
        self.who.addItem(self.tr("everybody"), "")
        for name in self.names():
            self.who.addItem(name, name)
        self.who.setCurrentIndex(max(0, self.who.findData(chosen)))
        self.who.blockSignals(False)
        who, today = self.who.currentData(), date.today()
        held = {r.id for r in domain.current(self.records)}
        kept = self._chosen()
        self.list.clear()
        for record in self.records:
            state = domain.standing(record, today, self._warn)
            old = record.id not in held  # renewed since
            if who and record.person != who:
                continue
            if self.late.isChecked() and (old or state is Standing.VALID):
                continue
            row = QTreeWidgetItem([
                record.person, kind_text(record.kind), record.title,
                record.issued_on.isoformat() if record.issued_on else "",
                record.valid_until.isoformat() if record.valid_until else "",
                self.tr("renewed") if old else standing_text(record, state, today),
                record.number, record.issued_by, f"{record.hours:g}" if record.hours else "",
                record.result,
            ])  # fmt: skip
            row.setData(0, _ID, record.id)
            for column in range(row.columnCount()):
                row.setToolTip(column, row.text(column))
                if old:
                    row.setForeground(column, QBrush(theme.DIM_TEXT))
                elif state in (Standing.OUT, Standing.URGENT):
                    row.setForeground(column, QBrush(theme.AMBER))
            self.list.addTopLevelItem(row)
            if kept is not None and record.id == kept.id:
                self.list.setCurrentItem(row)
        count = self.list.topLevelItemCount()
        self.pages.setCurrentIndex(0 if count else 1)
        if self.records:
            self.empty.setText(self.tr("Nothing of that kind."))
        elif oversees(self._session):
            self.empty.setText(
                self.tr("Nothing is recorded yet. Begin with “New qualification…”: who has which "
                        "licence, and until when. You are warned before it runs out.")
            )  # fmt: skip
        else:
            self.empty.setText(self.tr("Nothing is recorded of you. A supervisor keeps these "
                                       "records."))  # fmt: skip
        late = domain.warnings(self.records, today, self._warn)
        self.count.setText(self.tr("{count} records, {late} run out soon or have").format(
            count=len(self.records), late=len(late)))  # fmt: skip
        self._enable()

    def _chosen(self) -> Record | None:
        item = self.list.currentItem()
        identity = item.data(0, _ID) if item is not None else None
        return next((r for r in self.records if r.id == identity), None)

    def _enable(self) -> None:
        may, chosen = oversees(self._session), self._chosen()
        for button in (self.add_qualification, self.add_training):
            button.setEnabled(may)
        for button in (self.change, self.remove):
            button.setEnabled(may and chosen is not None)
        for box in (self.first, self.second):
            box.setEnabled(may)

    # -- writing

    def _new(self, kind: RecordKind) -> None:
        today = date.today()
        self._edit(Record(self.who.currentData() or "", kind, "", issued_on=today))

    def _change(self) -> None:
        chosen = self._chosen()
        if chosen is not None and oversees(self._session):
            self._edit(chosen)

    def _edit(self, record: Record) -> None:
        dialog = RecordDialog(record, self.names(), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def save() -> None:
            made, before = dialog.record, record

            def done(identity: str) -> None:
                self.reload()
                if before.id:
                    self.notice.say(
                        self.tr("“{name}” changed.").format(name=made.title), self.tr("Undo"),
                        lambda: self._save(before),
                    )  # fmt: skip

            self._tasks.run(self, lambda _: self._people.save(made), done, self._failed)

        dialog.accepted.connect(save)
        dialog.open()

    def _save(self, record: Record) -> None:
        self._tasks.run(
            self, lambda _: self._people.save(record), lambda _: self.reload(), self._failed
        )

    def _remove(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return

        def back() -> None:
            self._tasks.run(self, lambda _: self._people.remove([chosen.id], undo=True),
                            lambda _: self.reload(), self._failed)  # fmt: skip

        def done(_: Any) -> None:
            self.reload()
            text = self.tr("“{name}” of {person} removed.")
            self.notice.say(text.format(name=chosen.title, person=chosen.person), self.tr("Undo"),
                            back)  # fmt: skip

        self._tasks.run(self, lambda _: self._people.remove([chosen.id]), done, self._failed)

    def _keep_warning(self) -> None:
        days = sorted((self.first.value(), self.second.value()), reverse=True)
        if tuple(days) != self._warn:
            author = self._session.settings.operator
            self._tasks.run(self, lambda _: self._people.set_warning(days, author),
                            lambda _: self.reload(), self._failed)  # fmt: skip

    def _say(self, text: str) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))

    def _failed(self, error: Exception) -> None:
        self._say(i18n.error_text(error))
