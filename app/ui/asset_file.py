"""The file of a device: all fields of the register in groups, their errors, history and completeness."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain import asset
from app.domain.asset import Field, Group, Problem, Rules, Type
from app.store import assets
from app.store.assets import AssetFile, Change, DeviceLife
from app.store.errors import StoreError
from app.store.history import MADE, REMOVED
from app.store.store import Store
from app.ui import theme
from app.ui.i18n import error_text
from app.ui.tasks import Tasks


def problem_text(reason: str, detail: str = "") -> str:
    """What is wrong with a field, and what is wanted."""
    translate = QCoreApplication.translate
    text = {
        "missing": translate("Asset", "Missing."),
        "empty": translate("Asset", "Must not be empty."),
        "taken": translate("Asset", "Another camera has this."),
        "same-in-file": translate("Asset", "Row {detail} has the same."),
        "same-here": translate("Asset", "“{detail}” has the same."),
        "name-in-file": translate("Asset", "Row {detail} has this name in the same site."),
        "name-here": translate("Asset", "“{detail}” is in the same site already."),
        "several": translate("Asset", "Several cameras have this code."),
        "twice": translate("Asset", "This camera is in row {detail} already."),
        "too-long": translate("Asset", "Too long: at most {detail} characters."),
        "control-character": translate("Asset", "Holds characters that cannot be shown."),
        "unknown-code": translate("Asset", "“{detail}” is not in the list."),
        "bad-code": translate("Asset", "No device code of GB/T 28181: {detail}."),
        "bad-division": translate("Asset", "A division has 2, 4, 6 or 8 digits (GB/T 2260)."),
        "bad-date": translate("Asset", "No date. Write 2026-03-31."),
        "bad-ipv4": translate("Asset", "No IPv4 address. Write 10.1.2.3."),
        "bad-ipv6": translate("Asset", "No IPv6 address."),
        "bad-mac": translate("Asset", "No MAC address. Write 00-11-22-AA-BB-CC."),
        "bad-phone": translate("Asset", "No phone number."),
        "not-a-number": translate("Asset", "Not a number."),
        "not-whole": translate("Asset", "Must be a whole number."),
        "out-of-range": translate("Asset", "Out of range: {detail}."),
        "half-a-place": translate("Asset", "Latitude and longitude belong together."),
        "nowhere": translate("Asset", "0, 0 is no place."),
        "before": translate("Asset", "Must not be before {detail}."),
        "formula": translate("Asset", "Holds a formula. Write the value."),
        "digits-lost": translate("Asset", "Digits were lost: format this column as text."),
        "unknown-site": translate("Asset", "There is no such site here."),
        "not-a-camera": translate("Asset", "The type in the code is no camera: {detail}."),
        "division-differs": translate("Asset", "The code says {detail}."),
        "swapped": translate("Asset", "Latitude and longitude look swapped."),
        "outside-china": translate("Asset", "Not where the code says that it is."),
        "coarse": translate("Asset", "Less than three decimals: 100 m or more off."),
        "gcj02": translate("Asset", "Looks like a web map's coordinates (GCJ-02)."),
        "direction-differs": translate("Asset", "Does not agree with the bearing."),
        "dismantled-but-in-use": translate("Asset", "It has a date of dismantling."),
    }.get(reason, reason)
    return text.format(detail=detail)


def group_text(group: Group) -> str:
    """The heading of a group of fields."""
    translate = QCoreApplication.translate
    return {
        Group.IDENTITY: translate("Asset", "Identity"),
        Group.PLACE: translate("Asset", "Place"),
        Group.DEVICE: translate("Asset", "Device"),
        Group.NETWORK: translate("Asset", "Network"),
        Group.RESPONSIBLE: translate("Asset", "Responsible"),
        Group.LIFE: translate("Asset", "Life cycle"),
        Group.MORE: translate("Asset", "Further fields"),
    }[group]


def source_text(source: str) -> str:
    """Where a change came from."""
    translate = QCoreApplication.translate
    return {
        "person": translate("Asset", "entered"),
        "import": translate("Asset", "import"),
        "probe": translate("Asset", "read from the device"),
        "sync": translate("Asset", "from the server"),
        "undo": translate("Asset", "import undone"),
    }.get(source, source)


def life_text(state: str, day: str) -> str:
    """What the dates of a device say."""
    translate = QCoreApplication.translate
    return {
        "dismantled": translate("Asset", "Dismantled {day}"),
        "replacement-due": translate("Asset", "Replacement was due {day}"),
        "warranty-over": translate("Asset", "Warranty ended {day}"),
        "replacement-soon": translate("Asset", "Replacement planned {day}"),
        "warranty-ending": translate("Asset", "Warranty ends {day}"),
    }[state].format(day=day).strip()  # fmt: skip


def meaning(spec: Field, value: str, rules: Rules, language: str) -> str:
    """A value for a person: what a code means."""
    listed = rules.list_of(spec)
    if listed is None or not value:
        return value
    if spec.type is Type.OPEN:
        return listed.label(listed.code_of(value), language) or value
    return "/".join(listed.label(part, language) or part for part in value.split("/"))


def local_time(text: str) -> str:
    """A stored time, shown."""
    try:
        return f"{datetime.fromisoformat(text).astimezone():%Y-%m-%d %H:%M:%S}"
    except ValueError:
        return text


class FieldEdit(QWidget):
    """One field: its editor, unit, history button, and what is wrong with it below."""

    edited = Signal(str)
    history_wanted = Signal(str)

    def __init__(self, spec: Field, rules: Rules, language: str) -> None:
        super().__init__()
        self.spec, self._rules, self._language = spec, rules, language
        self._list = rules.list_of(spec)
        self._box: QComboBox | None = None
        self._line = QLineEdit()
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        if spec.type is Type.CODE and self._list:
            self._box = QComboBox()
            self._box.addItem("", "")
            for code, english, chinese in self._list.entries:
                self._box.addItem(chinese if language.startswith("zh") else english, code)
            self._box.activated.connect(lambda _: self.edited.emit(spec.name))
            self.editor: QWidget = self._box
        else:
            self._line.textEdited.connect(lambda _: self.edited.emit(spec.name))
            self._line.setMaxLength(max(spec.length, 40) + 60)
            self.editor = self._line
        self.editor.setAccessibleName(spec.label(language))
        self.editor.setMinimumWidth(110)
        if self._box is not None:
            # A wheel over the form must not change a value.
            self._box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._box.installEventFilter(self)
        row.addWidget(self.editor, 1)
        if spec.unit:
            row.addWidget(QLabel(spec.unit))
        if self._list and self._box is None:
            row.addWidget(self._chooser())
        self.past = QToolButton()
        self.past.setText("↺")
        self.past.setToolTip(QCoreApplication.translate("Asset", "History of this field"))
        self.past.setAccessibleName(
            QCoreApplication.translate("Asset", "History of {field}").format(
                field=spec.label(language)
            )
        )
        self.past.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.past.clicked.connect(lambda: self.history_wanted.emit(spec.name))
        row.addWidget(self.past)
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(row)
        layout.addWidget(self.told)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _chooser(self) -> QToolButton:
        """A menu of the code list: one entry, or several that can be ticked."""
        button, menu = QToolButton(), QMenu(self)
        button.setText("▾")
        button.setToolTip(QCoreApplication.translate("Asset", "Choose from the list"))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        button.setMenu(menu)

        def fill() -> None:
            menu.clear()
            here = self.value().split("/")
            for code, english, chinese in self._list.entries if self._list else ():
                text = chinese if self._language.startswith("zh") else english
                action = QAction(text, menu)
                if self.spec.type is Type.CODES:
                    action.setCheckable(True)
                    action.setChecked(code in here)
                action.triggered.connect(lambda _, c=code: self._chosen(c))
                menu.addAction(action)

        menu.aboutToShow.connect(fill)
        fill()
        return button

    def _chosen(self, code: str) -> None:
        if self.spec.type is Type.CODES:
            here = [c for c in self.value().split("/") if c]
            here = [c for c in here if c != code] if code in here else [*here, code]
            order = [e[0] for e in self._list.entries] if self._list else []
            here.sort(key=lambda c: order.index(c) if c in order else len(order))
            self.set_value("/".join(here))
        else:
            self.set_value(asset.normal(self.spec, code, self._rules) if code != "99" else code)
        self.edited.emit(self.spec.name)

    def value(self) -> str:
        """As the register keeps it."""
        if self._box is not None:
            return str(self._box.currentData() or "")
        return asset.normal(self.spec, self._line.text(), self._rules)

    def set_value(self, value: str) -> None:
        """Show a value."""
        if self._box is not None:
            at = self._box.findData(value)
            if at < 0:
                self._box.addItem(value, value)
                at = self._box.count() - 1
            self._box.setCurrentIndex(at)
        else:
            self._line.setText(meaning(self.spec, value, self._rules, self._language))
            self._line.setCursorPosition(0)

    def set_implied(self, value: str) -> None:
        """What is exported while nothing is entered."""
        shown = meaning(self.spec, value, self._rules, self._language)
        if self._box is not None:
            self._box.setItemText(0, f"({shown})" if shown else "")
        else:
            self._line.setPlaceholderText(f"({shown})" if shown else "")

    def show_problem(self, problem: Problem | None, missing: bool) -> None:
        """Say what is wrong, in words beside the field."""
        wrong = problem is not None and not problem.hint
        text = problem_text(problem.reason, problem.detail) if problem else ""
        if not text and missing:
            text = problem_text("missing")
        self.told.setText(text)
        self.told.setObjectName("error" if wrong else "warning")
        self.told.setVisible(bool(text))
        self.editor.setProperty("wrong", wrong)
        for widget in (self.editor, self.told):
            widget.style().unpolish(widget)
            widget.style().polish(widget)


COLUMNS = 2


class AssetFileDialog(QDialog):
    """Edit the file of one camera. Nothing is written before Save."""

    def __init__(
        self, store: Store, tasks: Tasks, camera_id: str, language: str,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._store, self._tasks, self._camera, self._language = store, tasks, camera_id, language
        self._file: AssetFile | None = None
        self._rules = asset.RULES
        self._edits: dict[str, FieldEdit] = {}
        self._done: list[tuple[str, str]] = []
        """Field and its value before each edit, for undo."""
        self._last: dict[str, str] = {}
        self._refused: dict[str, str] = {}
        self._wrong: list[Problem] = []
        self.setWindowTitle(self.tr("File of a device"))
        self._title, self._where = QLabel(), QLabel()
        self._title.setObjectName("heading")
        self._where.setObjectName("hint")
        for label in (self._title, self._where):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.complete = QProgressBar()
        self.complete.setFormat("%p %")
        self.complete.setMaximumWidth(220)
        self.complete.setAccessibleName(self.tr("Completeness"))
        self._counted = QLabel()
        self._life = QLabel()
        self._life.setObjectName("warning")
        self._missing = QLabel()
        self._missing.setObjectName("hint")
        self._missing.setWordWrap(True)
        head = QGridLayout()
        head.addWidget(self._title, 0, 0)
        head.addWidget(self._where, 1, 0)
        head.setColumnStretch(0, 1)
        head.addWidget(self._counted, 0, 1, Qt.AlignmentFlag.AlignRight)
        head.addWidget(self.complete, 1, 1)
        head.addWidget(self._missing, 2, 0, 1, 2)
        head.addWidget(self._life, 3, 0, 1, 2)
        self._form = QWidget()
        self._columns = QHBoxLayout(self._form)
        self._columns.setContentsMargins(0, 0, 8, 0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(self._form)
        self._scroll = scroll
        self.history = QTreeWidget()
        self.history.setRootIsDecorated(False)
        self.history.setWordWrap(True)
        self.history.setHeaderLabels([self.tr("When"), self.tr("Field"), self.tr("Change")])
        self.history.setColumnWidth(0, 140)
        self.history.setColumnWidth(1, 110)
        self._of = QLabel()
        self._all = QPushButton(self.tr("All fields"))
        self._all.setAutoDefault(False)
        self._all.clicked.connect(lambda: self._ask_history(""))
        self.devices = QTreeWidget()
        self.devices.setRootIsDecorated(False)
        self.devices.setHeaderLabels(
            [self.tr("Device"), self.tr("Installed"), self.tr("Dismantled")]
        )
        self.devices.setColumnWidth(0, 160)
        self.devices.setMaximumHeight(120)
        side = QWidget()
        beside = QVBoxLayout(side)
        beside.setContentsMargins(8, 0, 0, 0)
        top = QHBoxLayout()
        top.addWidget(self._of, 1)
        top.addWidget(self._all)
        beside.addLayout(top)
        beside.addWidget(self.history, 1)
        beside.addWidget(QLabel(self.tr("Devices at this position")))
        beside.addWidget(self.devices)
        splitter = QSplitter()
        splitter.addWidget(scroll)
        splitter.addWidget(side)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setSizes([860, 380])
        self._told = QLabel()
        self._told.setObjectName("error")
        self._told.setWordWrap(True)
        buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole
        self.save = buttons.addButton(self.tr("Save"), role.AcceptRole)
        self.save.setShortcut(QKeySequence("Ctrl+S"))
        self.save.setToolTip(self.tr("Save  (Ctrl+S)"))
        self.undo = buttons.addButton(self.tr("Undo"), role.ActionRole)
        self.undo.setShortcut(QKeySequence("Ctrl+Z"))
        self.undo.setToolTip(self.tr("Take the last change back  (Ctrl+Z)"))
        self.replace = buttons.addButton(self.tr("Replace device…"), role.ActionRole)
        self.replace.setShortcut(QKeySequence("Ctrl+R"))
        self.replace.setToolTip(self.tr(
            "Another device takes this place: the position keeps its history  (Ctrl+R)"
        ))  # fmt: skip
        close = buttons.addButton(self.tr("Close"), role.RejectRole)
        for button in (self.save, self.undo, self.replace, close):
            button.setAutoDefault(False)
        self.save.clicked.connect(self._save)
        self.undo.clicked.connect(self._undo)
        self.replace.clicked.connect(self._replace)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.addLayout(head)
        layout.addWidget(splitter, 1)
        layout.addWidget(self._told)
        layout.addWidget(buttons)
        theme.fit(self, 1280, 680)
        self._enable()
        self._load()

    # -- reading

    def _load(self) -> None:
        def work(_: Any) -> Any:
            return assets.read(self._store, self._camera), assets.rules(self._store)

        self._tasks.run(self, work, self._show, self._failed)

    def _show(self, answer: tuple[AssetFile | None, Rules]) -> None:
        file, self._rules = answer
        if file is None:
            self._told.setText(self.tr("This camera does not exist any more."))
            return
        self._file = file
        self._title.setText(file.title)
        self._where.setText(f"{file.organisation} · {file.site}")
        first = not self._edits
        if first:
            self._build()
        self._done.clear()
        self._refused.clear()
        self._told.clear()
        for name, edit in self._edits.items():
            edit.set_implied(file.implied.get(name, ""))
            edit.set_value(file.record.get(name, ""))
            self._last[name] = file.record.get(name, "")
        self._check()
        self._ask_history("")
        if first and self._edits:
            # Keys are typed here, not on the wall.
            next(iter(self._edits.values())).editor.setFocus()

    def _build(self) -> None:
        groups: dict[Group, list[Field]] = {}
        for spec in self._rules.fields:
            groups.setdefault(spec.group, []).append(spec)
        columns = [QVBoxLayout() for _ in range(COLUMNS)]
        heights = [0] * COLUMNS
        for group in Group:
            if group not in groups:
                continue
            box = QGroupBox(group_text(group))
            form = QFormLayout(box)
            form.setVerticalSpacing(5)
            form.setHorizontalSpacing(10)
            form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
            for spec in groups[group]:
                edit = FieldEdit(spec, self._rules, self._language)
                edit.edited.connect(self._edited)
                edit.history_wanted.connect(self._ask_history)
                label = QLabel(spec.label(self._language))
                label.setWordWrap(True)
                label.setFixedWidth(118)
                label.setBuddy(edit.editor)
                if spec.abbrev:
                    label.setToolTip(spec.abbrev)
                form.addRow(label, edit)
                self._edits[spec.name] = edit
            at = heights.index(min(heights))
            columns[at].addWidget(box)
            heights[at] += len(groups[group]) + 1
        for column in columns:
            column.addStretch(1)
            self._columns.addLayout(column, 1)
        wanted = self._form.minimumSizeHint().width() + 14
        # A small screen: the form is scrolled.
        self._scroll.setMinimumWidth(min(wanted, int(self.width() * 0.62)))

    # -- editing

    def values(self) -> dict[str, str]:
        """What the fields hold now; empty ones are left out."""
        return {name: v for name, edit in self._edits.items() if (v := edit.value())}

    def changes(self) -> dict[str, str]:
        """What differs from what is stored."""
        if self._file is None:
            return {}
        before = self._file.record
        return {
            name: edit.value() for name, edit in self._edits.items()
            if edit.value() != before.get(name, "")
        }  # fmt: skip

    def _edited(self, name: str) -> None:
        value = self._edits[name].value()
        if value == self._last.get(name, ""):
            self._check()
            return
        # Letters typed one after the other are one step.
        if not self._done or self._done[-1][0] != name:
            self._done.append((name, self._last.get(name, "")))
        self._last[name] = value
        self._refused.pop(name, None)
        self._check()

    def _undo(self) -> None:
        if not self._done:
            return
        name, value = self._done.pop()
        self._edits[name].set_value(value)
        self._edits[name].editor.setFocus()
        self._last[name] = value
        self._check()

    def _check(self) -> None:
        if self._file is None:
            return
        entered = self.values()
        whole = {**self._file.implied, **entered}
        problems: dict[str, Problem] = {}
        for problem in asset.validate(entered, self._rules):
            problems.setdefault(problem.field, problem)
        for name, reason in self._refused.items():
            problems[name] = Problem(name, reason)
        done = asset.completeness(whole, self._rules)
        for name, edit in self._edits.items():
            edit.show_problem(problems.get(name), name in done.missing)
        self.complete.setValue(done.percent)
        self._counted.setText(
            self.tr("{filled} of {required} required fields").format(
                filled=done.filled, required=done.required
            )
        )
        missing = [
            spec.label(self._language)
            for n in done.missing
            if (spec := self._rules.get(n)) is not None
        ]
        stop = self.tr(", ")
        self._missing.setText(self.tr("Missing: {fields}").format(fields=stop.join(missing)))
        self._missing.setVisible(bool(missing))
        life = asset.life_cycle(entered, date.today())
        self._life.setText(" · ".join(life_text(*item) for item in life))
        self._life.setVisible(bool(life))
        self._wrong = [p for p in problems.values() if not p.hint]
        self._enable()

    def _enable(self) -> None:
        here = self._file is not None
        changed = bool(self.changes()) if here else False
        self.save.setEnabled(here and changed and not self._wrong)
        self.undo.setEnabled(bool(self._done))
        self.replace.setEnabled(here and not changed)
        if here and self._wrong:
            names = [spec.label(self._language) for p in self._wrong
                     if (spec := self._rules.get(p.field)) is not None]  # fmt: skip
            stop = self.tr(", ")
            self._told.setText(self.tr("To correct: {fields}").format(fields=stop.join(names)))
        else:
            self._told.clear()

    def _save(self) -> None:
        changes = self.changes()
        if not changes:
            return
        self.setEnabled(False)

        def failed(error: Exception) -> None:
            self.setEnabled(True)
            if isinstance(error, StoreError) and error.fields:
                self._refused = dict(error.fields)
                self._check()
            else:
                self._failed(error)

        def saved(_: Any) -> None:
            self.setEnabled(True)
            self._load()

        self._tasks.run(
            self, lambda _: assets.save(self._store, self._camera, changes), saved, failed
        )

    def _replace(self) -> None:
        dialog = ReplaceDialog(self._rules, self._language, self)
        dialog.accepted.connect(lambda: self._replaced(dialog.values()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _replaced(self, values: dict[str, str]) -> None:
        day = date.fromisoformat(values.pop("installed_on"))
        self._tasks.run(
            self, lambda _: assets.replace_device(self._store, self._camera, values, day),
            lambda _: self._load(), self._failed,
        )  # fmt: skip

    def _failed(self, error: Exception) -> None:
        self._told.setText(error_text(error))

    def reject(self) -> None:
        if self.changes():
            answer = QMessageBox.question(
                self, self.windowTitle(),
                self.tr("%n change(s) are not saved. Close and lose them?", "", len(self.changes())),
            )  # fmt: skip
            if answer != QMessageBox.StandardButton.Yes:
                return
        super().reject()

    # -- history

    def _ask_history(self, name: str) -> None:
        file = self._file
        if file is None:
            return

        def work(_: Any) -> Any:
            changes = assets.changes(self._store, file, name)
            return name, changes, assets.devices_at(self._store, file.ids["position"])

        self._tasks.run(self, work, self._show_history, self._failed)

    def _show_history(self, answer: tuple[str, list[Change], list[DeviceLife]]) -> None:
        name, changes, devices = answer
        spec = self._rules.get(name)
        label = spec.label(self._language) if spec else self.tr("all fields")
        self._of.setText(self.tr("History: {field}").format(field=label))
        self._all.setEnabled(bool(name))
        self.history.clear()
        for change in changes:
            item = self._history_item(change)
            if item is not None:
                self.history.addTopLevelItem(item)
        if not self.history.topLevelItemCount():
            self.history.addTopLevelItem(QTreeWidgetItem(["", "", self.tr("No change known.")]))
        self.devices.clear()
        for device in devices:
            made = asset.RULES.get("manufacturer")
            maker = meaning(made, device.manufacturer, self._rules, self._language) if made else ""
            text = " ".join(p for p in (maker, device.model, device.serial) if p)
            item = QTreeWidgetItem([text or "–", device.installed_on or "–", device.dismantled_on])
            item.setToolTip(0, text)
            if not device.present:
                for column in range(3):
                    item.setForeground(column, self.palette().placeholderText())
            self.devices.addTopLevelItem(item)

    def _history_item(self, change: Change) -> QTreeWidgetItem | None:
        spec = self._rules.get(change.field)
        if spec is not None:
            label = spec.label(self._language)
            before, after = (
                meaning(spec, v, self._rules, self._language) or "–"
                for v in (change.before, change.after)
            )
            what = f"{before} → {after}" if change.before else after
        elif change.field in (MADE, REMOVED):
            if change.entity == "position":
                return None
            label = self.tr("Camera") if change.entity == "channel" else self.tr("Device")
            gone = change.field == REMOVED and change.after
            what = self.tr("removed") if gone else self.tr("began")
        elif change.field == "device_id" and change.before:
            label, what = self.tr("Device"), self.tr("replaced")
        elif change.field == "position_name":
            label, what = self.tr("Position"), f"{change.before or '–'} → {change.after}"
        elif change.field == "address":
            label, what = self.tr("Network address"), f"{change.before or '–'} → {change.after}"
        else:
            return None
        where = "  ".join(
            p for p in (source_text(change.source), change.detail, change.person) if p
        )
        item = QTreeWidgetItem([local_time(change.at), label, f"{what}\n{where}"])
        for column in range(3):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignTop)
            item.setToolTip(column, item.text(column))
        return item


class ReplaceDialog(QDialog):
    """What is known of the new device."""

    FIELDS = (
        "installed_on",
        "manufacturer",
        "model",
        "serial",
        "mac",
        "firmware",
        "warranty_until",
    )

    def __init__(self, rules: Rules, language: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Replace device"))
        self._rules = rules
        self._edits: dict[str, FieldEdit] = {}
        form = QFormLayout()
        for name in self.FIELDS:
            spec = rules.get(name)
            if spec is None:
                continue
            edit = FieldEdit(spec, rules, language)
            edit.past.hide()
            edit.edited.connect(lambda _: self._check())
            form.addRow(spec.label(language), edit)
            self._edits[name] = edit
        self._edits["installed_on"].set_value(date.today().isoformat())
        told = QLabel(self.tr(
            "The old device ends on this day as dismantled and stays in the history. Camera, code "
            "and position stay. The new device's password must be entered again."
        ))  # fmt: skip
        told.setWordWrap(True)
        told.setObjectName("hint")
        buttons = QDialogButtonBox()
        self.ok = buttons.addButton(self.tr("Replace"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.addWidget(told)
        layout.addLayout(form)
        layout.addWidget(buttons)
        self.resize(480, 0)
        self._check()

    def values(self) -> dict[str, str]:
        """Fields of the new device."""
        return {name: v for name, edit in self._edits.items() if (v := edit.value())}

    def _check(self) -> None:
        problems = {p.field: p for p in reversed(asset.validate(self.values(), self._rules))}
        for name, edit in self._edits.items():
            edit.show_problem(problems.get(name), name == "installed_on" and not edit.value())
        wrong = any(not p.hint for p in problems.values())
        self.ok.setEnabled(not wrong and bool(self._edits["installed_on"].value()))
