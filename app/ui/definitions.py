"""Further fields of the register and its code lists, edited by those who may."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, QModelIndex, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain import asset
from app.domain.asset import CODE_LISTS, RULES, RULES_NAMES, Field, Rules, Type
from app.store import assets, definitions
from app.store.definitions import LISTED, Definition
from app.store.errors import StoreError
from app.store.store import Store
from app.ui import theme
from app.ui.asset_file import local_time
from app.ui.i18n import error_text
from app.ui.tasks import Tasks

OFFERED = (Type.TEXT, Type.CODE, Type.CODES, Type.OPEN, Type.INTEGER, Type.NUMBER, Type.DATE,
           Type.PHONE, Type.IPV4, Type.MAC)  # fmt: skip


def type_text(kind: Type) -> str:
    """What kind of value a field takes."""
    translate = QCoreApplication.translate
    return {
        Type.TEXT: translate("Definitions", "text"),
        Type.CODE: translate("Definitions", "one of a list"),
        Type.CODES: translate("Definitions", "several of a list"),
        Type.OPEN: translate("Definitions", "of a list, or own words"),
        Type.INTEGER: translate("Definitions", "whole number"),
        Type.NUMBER: translate("Definitions", "number"),
        Type.DATE: translate("Definitions", "date"),
        Type.PHONE: translate("Definitions", "phone"),
        Type.IPV4: translate("Definitions", "IPv4 address"),
        Type.MAC: translate("Definitions", "MAC address"),
        Type.DEVICE_CODE: translate("Definitions", "device code"),
        Type.DIVISION: translate("Definitions", "administrative division"),
        Type.LATITUDE: translate("Definitions", "latitude"),
        Type.LONGITUDE: translate("Definitions", "longitude"),
        Type.IPV6: translate("Definitions", "IPv6 address"),
    }[kind]


def entity_text(entity: str) -> str:
    """What a field belongs to."""
    translate = QCoreApplication.translate
    return {
        "position": translate("Definitions", "position: stays when the device is replaced"),
        "device": translate("Definitions", "device: goes with it"),
        "channel": translate("Definitions", "camera"),
    }[entity]


def wrong_text(reason: str) -> str:
    """What is wrong with a part of a definition."""
    translate = QCoreApplication.translate
    return {
        "empty": translate("Definitions", "Something is missing here."),
        "bad-name": translate("Definitions", "Codes have 1 to 20 characters and no “/”."),
        "taken": translate("Definitions", "Another field is called so."),
        "no-list": translate("Definitions", "Choose the code list."),
        "in-use": translate("Definitions", "Cameras have values: the type cannot change any more."),
        "too-many": translate("Definitions", "Too many entries."),
        "twice": translate("Definitions", "A code stands twice in the list."),
        "out-of-range": translate("Definitions", "1 to 1000 characters."),
    }.get(reason, reason)


class DefinitionsDialog(QDialog):
    """Fields on the left, one of them on the right; code lists on a page of their own."""

    def __init__(
        self, store: Store, tasks: Tasks, language: str, person: str = "", *, may: bool = True,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`may`: whether this person may change anything; otherwise it is shown only."""
        super().__init__(parent)
        self._store, self._tasks, self._language = store, tasks, language
        self._person, self._may = person, may
        self._rules: Rules = RULES
        self._own: dict[str, Definition] = {}
        self._name = ""
        """The field that is shown; "" for a new one."""
        self.setWindowTitle(self.tr("Fields and code lists of the register"))
        self.tabs = QTabWidget()
        self.tabs.addTab(self._fields_page(), self.tr("&Fields"))
        self.tabs.addTab(self._lists_page(), self.tr("&Code lists"))
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        close = QPushButton(self.tr("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        bottom = QHBoxLayout()
        bottom.addWidget(self.told, 1)
        bottom.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.addWidget(self.tabs, 1)
        layout.addLayout(bottom)
        theme.fit(self, 1100, 640)
        if not may:
            self._say(self.tr("Only administrators of an organisation change these."), "warning")
        self.list.setFocus()
        self._load()

    # -- building

    def _button(self, text: str, keys: str) -> QPushButton:
        made = QPushButton(text)
        made.setAutoDefault(False)
        made.setShortcut(QKeySequence(keys))
        made.setToolTip(f"{text.replace('&', '')}  ({keys})")
        return made

    def _fields_page(self) -> QWidget:
        page = QWidget()
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setHeaderLabels([self.tr("Field"), self.tr("Type"), self.tr("Required for")])
        self.list.setColumnWidth(0, 210)
        self.list.setColumnWidth(1, 130)
        self.list.currentItemChanged.connect(lambda now, _: self._chosen(now))
        self.new = self._button(self.tr("&New field"), "Ctrl+N")
        self.new.clicked.connect(self._begin)
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        left.addWidget(self.new)
        self.english, self.chinese, self.unit = QLineEdit(), QLineEdit(), QLineEdit()
        for line, most in ((self.english, 60), (self.chinese, 60), (self.unit, 12)):
            line.setMaxLength(most)
        self.entity, self.type, self.codes = QComboBox(), QComboBox(), QComboBox()
        for entity in asset.ENTITIES:
            self.entity.addItem(entity_text(entity), entity)
        for box in (self.entity, self.type, self.codes):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(8)
        for kind in OFFERED:
            self.type.addItem(type_text(kind), kind.value)
        self.type.currentIndexChanged.connect(lambda *_: self._enable())
        self.length, self.order = QSpinBox(), QSpinBox()
        self.length.setRange(1, 1000)
        self.order.setRange(1, 999)
        self.required: dict[str, QCheckBox] = {}
        classes = QVBoxLayout()
        classes.setSpacing(4)
        for code, english, chinese in CODE_LISTS["point_class"].entries:
            tick = QCheckBox(chinese if self._language.startswith("zh") else english)
            self.required[code] = tick
            classes.addWidget(tick)
        self.past = QLabel()
        self.past.setObjectName("hint")
        self.past.setWordWrap(True)
        self.past.setTextFormat(Qt.TextFormat.PlainText)
        inner = QWidget()
        form = QFormLayout(inner)
        form.setVerticalSpacing(8)
        form.setContentsMargins(4, 0, 10, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, widget in (
            (self.tr("English name"), self.english), (self.tr("Chinese name"), self.chinese),
            (self.tr("Belongs to"), self.entity), (self.tr("Type"), self.type),
            (self.tr("Code list"), self.codes), (self.tr("Unit"), self.unit),
            (self.tr("At most characters"), self.length), (self.tr("Place in the order"), self.order),
        ):  # fmt: skip
            form.addRow(text, widget)
        form.addRow(self.tr("Required for points of"), classes)
        form.addRow(self.past)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inner)
        self.save = self._button(self.tr("&Save field"), "Ctrl+S")
        self.save.clicked.connect(self._save)
        self.remove = self._button(self.tr("&Remove field…"), "Ctrl+Delete")
        self.remove.clicked.connect(self._remove)
        buttons = QHBoxLayout()
        buttons.addWidget(self.save)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        right = QVBoxLayout()
        right.addWidget(area, 1)
        right.addLayout(buttons)
        layout = QHBoxLayout(page)
        layout.addLayout(left, 1)
        layout.addLayout(right, 1)
        return page

    def _lists_page(self) -> QWidget:
        page = QWidget()
        self.which = QComboBox()
        self.which.currentIndexChanged.connect(lambda *_: self._show_list())
        self.new_list = self._button(self.tr("Ne&w list"), "Ctrl+Shift+N")
        self.new_list.clicked.connect(self._begin_list)
        self.title = QLineEdit()
        self.title.setMaxLength(30)
        self.title.setPlaceholderText(self.tr("name of the new list, such as “poles”"))
        self.title.hide()
        top = QHBoxLayout()
        top.addWidget(self.which, 1)
        top.addWidget(self.title, 1)
        top.addWidget(self.new_list)
        self.entries = QTableWidget(0, 3)
        self.entries.setHorizontalHeaderLabels(
            [self.tr("Code"), self.tr("English"), self.tr("Chinese")]
        )
        self.entries.verticalHeader().hide()
        self.entries.horizontalHeader().setStretchLastSection(True)
        self.entries.setColumnWidth(0, 120)
        self.entries.setColumnWidth(1, 320)
        self.entries.setTabKeyNavigation(False)
        self.source = QLabel()
        self.source.setObjectName("hint")
        self.source.setWordWrap(True)
        self.add = self._button(self.tr("&Add entry"), "Ctrl+Return")
        self.add.clicked.connect(lambda: self._add_entry())
        self.drop = self._button(self.tr("Remo&ve entry"), "Ctrl+Shift+Delete")
        self.drop.clicked.connect(self._drop_entry)
        self.save_list = self._button(self.tr("Save &list"), "Ctrl+Shift+S")
        self.save_list.clicked.connect(self._save_list)
        buttons = QHBoxLayout()
        for button in (self.add, self.drop, self.save_list):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(page)
        layout.addLayout(top)
        layout.addWidget(self.source)
        layout.addWidget(self.entries, 1)
        layout.addLayout(buttons)
        return page

    # -- reading

    def _say(self, text: str, kind: str = "hint") -> None:
        theme.tell(self.told, text, kind)

    def _load(self, choose: str = "", choose_list: str = "") -> None:
        def work(_: Any) -> Any:
            return assets.rules(self._store), definitions.all_of(self._store)

        def show(answer: tuple[Rules, list[Definition]]) -> None:
            self._rules = answer[0]
            self._own = {d.name: d for d in answer[1]}
            self._show_fields(choose or self._name or "code")
            self._show_lists(choose_list or str(self.which.currentData() or ""))

        self._tasks.run(self, work, show, self._failed)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, StoreError) and error.fields:
            self._say(
                "  ".join(dict.fromkeys(wrong_text(r) for r in error.fields.values())), "error"
            )
        else:
            self._say(error_text(error), "error")
        self._enable()

    def _show_fields(self, choose: str) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        classes = CODE_LISTS["point_class"]
        for spec in self._rules.fields:
            needed = [classes.label(c, self._language) for c in sorted(spec.required)]
            everyone = len(needed) == len(classes.entries)
            text = self.tr("all points") if everyone else self.tr(", ").join(needed)
            item = QTreeWidgetItem([spec.label(self._language), type_text(spec.type), text])
            item.setData(0, Qt.ItemDataRole.UserRole, spec.name)
            if spec.name not in RULES_NAMES:
                item.setForeground(0, theme.ACCENT)
                item.setToolTip(0, self.tr("defined here"))
            self.list.addTopLevelItem(item)
            if spec.name == choose:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        current = self.list.currentItem()
        if current is not None:
            self.list.scrollToItem(current)
            self._chosen(current)

    def _chosen(self, item: QTreeWidgetItem | None) -> None:
        spec = self._rules.get(str(item.data(0, Qt.ItemDataRole.UserRole))) if item else None
        if spec is not None:
            self._name = spec.name
            self._fill(spec)

    def _fill(self, spec: Field) -> None:
        self._offer_lists()
        self.english.setText(spec.en)
        self.chinese.setText(spec.zh)
        self.entity.setCurrentIndex(self.entity.findData(spec.entity))
        if self.type.findData(spec.type.value) < 0:
            self.type.addItem(type_text(spec.type), spec.type.value)
        self.type.setCurrentIndex(self.type.findData(spec.type.value))
        self.codes.setCurrentIndex(max(0, self.codes.findData(spec.codes)))
        self.unit.setText(spec.unit)
        self.length.setValue(spec.length)
        own = self._own.get(spec.name)
        self.order.setValue(int((own.content.get("order") if own else 0) or self._next_order()))
        for code, box in self.required.items():
            box.setChecked(code in spec.required)
        self._show_past(own)
        self._enable()

    def _show_past(self, own: Definition | None) -> None:
        if own is None:
            built_in = self._name in RULES_NAMES
            self.past.setText(self.tr("Of the exchange: its names and for which points it is required "
                                      "can be changed.") if built_in else "")  # fmt: skip
            return
        text = self.tr("Version {number}, {at}  {person}")
        lines = [text.format(number=own.version, at=local_time(own.at), person=own.person)]
        earlier = self.tr("Version {number} until {at}: {what}  {person}")
        for v in own.was[:6]:
            classes = CODE_LISTS["point_class"]
            needed = self.tr(", ").join(
                classes.label(str(c), self._language) for c in v.content.get("required") or []
            )
            what = " · ".join(str(p) for p in (
                v.content.get("en"), v.content.get("zh"), v.content.get("type"), needed) if p)  # fmt: skip
            lines.append(
                earlier.format(number=v.number, at=local_time(v.at), what=what, person=v.person)
            )
        self.past.setText("\n".join(lines))

    def _next_order(self) -> int:
        known = [int(d.content.get("order") or 0) for d in self._own.values()]
        return min(999, max(known, default=0) + 1)

    def _offer_lists(self) -> None:
        self.codes.clear()
        self.codes.addItem("", "")
        for name in sorted(self._rules.lists):
            self.codes.addItem(self._list_title(name), name)

    def _list_title(self, name: str) -> str:
        users = [f.label(self._language) for f in self._rules.fields if f.codes == name]
        return f"{name}  ({self.tr(', ').join(users[:3])})" if users else name

    def _enable(self) -> None:
        built_in = self._name in RULES_NAMES
        for widget in (self.entity, self.type, self.unit, self.length, self.order):
            widget.setEnabled(self._may and not built_in)
        listed = str(self.type.currentData()) in [t.value for t in LISTED]
        self.codes.setEnabled(self._may and listed and not built_in)
        for field in (self.english, self.chinese, *self.required.values(), self.new, self.save):
            field.setEnabled(self._may)
        self.remove.setEnabled(self._may and self._name in self._own)
        self.remove.setText(
            self.tr("Back to &the original") if built_in else self.tr("&Remove field…")
        )
        for part in (self.new_list, self.add, self.drop, self.save_list, self.title):
            part.setEnabled(self._may)

    # -- fields

    def _begin(self) -> None:
        """A new field."""
        self._name = ""
        self.list.setCurrentIndex(QModelIndex())
        self._fill(Field("", "", "", "position", asset.Group.MORE))
        self.past.setText(
            self.tr("A new field. It is shown under “Further fields” of every device.")
        )
        self.english.setFocus()

    def content(self) -> dict[str, Any]:
        """What the form says."""
        made: dict[str, Any] = {
            "name": self._name, "en": self.english.text().strip(), "zh": self.chinese.text().strip(),
            "required": [c for c, box in self.required.items() if box.isChecked()],
        }  # fmt: skip
        if self._name not in RULES_NAMES:
            made |= {
                "entity": self.entity.currentData(), "type": self.type.currentData(),
                "list": self.codes.currentData() if self.codes.isEnabled() else "",
                "unit": self.unit.text().strip(), "length": self.length.value(),
                "order": self.order.value(),
            }  # fmt: skip
        return made

    def _save(self) -> None:
        content, store, person = self.content(), self._store, self._person

        def work(_: Any) -> str:
            if not content["name"]:
                content["name"] = definitions.free_name(store, content["en"])
            definitions.save(store, content, person)
            return str(content["name"])

        def done(name: str) -> None:
            self._name = name
            self._say(self.tr("Saved."), "good")
            self._load(choose=name)

        self._run(work, done)

    def _run(self, work: Callable[[Any], Any], done: Callable[[Any], None]) -> None:
        self.save.setEnabled(False)
        self.save_list.setEnabled(False)
        self._tasks.run(self, work, done, self._failed)

    def _remove(self) -> None:
        name, store = self._name, self._store

        def counted(count: int) -> None:
            text = self.tr("%n value(s) stay stored and are shown again when the field is defined "
                           "again.", "", count)  # fmt: skip
            if name in RULES_NAMES:
                text = self.tr("Its own names and requirements of the exchange are in force again.")
            answer = QMessageBox.question(
                self, self.tr("Remove this definition?"), text,
                defaultButton=QMessageBox.StandardButton.No,
            )  # fmt: skip
            if answer == QMessageBox.StandardButton.Yes:
                self._name = name if name in RULES_NAMES else ""
                self._run(lambda _: definitions.remove(store, name), lambda _: self._load())

        self._tasks.run(self, lambda _: definitions.used(store, name), counted, self._failed)

    # -- lists

    def _show_lists(self, choose: str) -> None:
        self.which.blockSignals(True)
        self.which.clear()
        for name in sorted(self._rules.lists):
            self.which.addItem(self._list_title(name), name)
        self.which.setCurrentIndex(max(0, self.which.findData(choose)))
        self.which.blockSignals(False)
        self._show_list()

    def _show_list(self) -> None:
        self.title.hide()
        self.which.show()
        name = str(self.which.currentData() or "")
        listed = self._rules.lists.get(name)
        self.entries.setRowCount(0)
        if listed is None:
            return
        built_in = {e[0] for e in CODE_LISTS[name].entries} if name in CODE_LISTS else set()
        for entry in listed.entries:
            self._put(entry, fixed=entry[0] in built_in)
        own = self._own.get(f"list {name}")
        version = self.tr("version {number}").format(number=own.version) if own else ""
        source = listed.source_text(self._language)
        self.source.setText("  ·  ".join(t for t in (source, version) if t))
        self._enable()

    def _put(self, entry: tuple[str, str, str], *, fixed: bool) -> None:
        row = self.entries.rowCount()
        self.entries.insertRow(row)
        for column, text in enumerate(entry):
            item = QTableWidgetItem(text)
            if (fixed and column == 0) or not self._may:
                # Codes of the exchange are what other systems know.
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                item.setForeground(theme.DIM_TEXT)
            self.entries.setItem(row, column, item)

    def _begin_list(self) -> None:
        self.which.hide()
        self.title.clear()
        self.title.show()
        self.title.setFocus()
        self.source.setText(self.tr("A new list. Give it a name and entries, then save it."))
        self.entries.setRowCount(0)
        self._add_entry(edit=False)

    def _add_entry(self, *, edit: bool = True) -> None:
        self._put(("", "", ""), fixed=False)
        item = self.entries.item(self.entries.rowCount() - 1, 0)
        if item is not None and edit:
            self.entries.setCurrentItem(item)
            self.entries.editItem(item)

    def _drop_entry(self) -> None:
        row = self.entries.currentRow()
        item = self.entries.item(row, 0) if row >= 0 else None
        if item is None:
            return
        if not item.flags() & Qt.ItemFlag.ItemIsEditable:
            self._say(self.tr("Entries of the exchange stay: other systems know them."), "warning")
            return
        self.entries.removeRow(row)

    def _save_list(self) -> None:
        new = self.title.isVisible()
        name = self.title.text().strip() if new else str(self.which.currentData() or "")
        rows = []
        for row in range(self.entries.rowCount()):
            cells = [self.entries.item(row, c) for c in range(3)]
            rows.append([c.text().strip() if c is not None else "" for c in cells])
        rows = [r for r in rows if any(r)]
        original = CODE_LISTS.get(name)
        known = {e[0]: e for e in original.entries} if original else {}
        # Of a built-in list only what differs is ours.
        rows = [r for r in rows if tuple(r) != known.get(r[0])]
        content: Mapping[str, Any] = {"list": name, "entries": rows}
        store, person = self._store, self._person

        def work(_: Any) -> str:
            final = dict(content)
            if new:
                final["list"] = definitions.free_name(store, name)
            if not rows and original is not None:
                definitions.remove(store, f"list {name}")
            else:
                definitions.save(store, final, person)
            return str(final["list"])

        def done(saved: str) -> None:
            self._say(self.tr("Saved."), "good")
            self._load(choose_list=saved)

        self._run(work, done)
