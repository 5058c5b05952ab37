"""Task cards and lists as an organisation writes them: steps in two languages, kept as versions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QGroupBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.incident import CATEGORIES
from app.store.people import Guide, Guides
from app.store.store import new_id
from app.ui import i18n, log_texts, theme
from app.ui.log_texts import category_text, moment_text
from app.ui.people import oversees
from app.ui.session import Session
from app.ui.tasks import Newest, Tasks

_ID = Qt.ItemDataRole.UserRole
KEYS = (*(f"card:{c}" for c in CATEGORIES), "equipment", "inspection")
LANGUAGES = ("zh_CN", "en")
MOST_ITEMS, MOST_TEXT = 40, 200


class GuideWindow(QMainWindow):
    """What is written here counts for the whole organisation, from the next incident, shift or
    inspection on. Every version stays."""

    def __init__(
        self, guides: Guides, tasks: Tasks, session: Session, language: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._guides, self._tasks, self._session = guides, tasks, session
        self._newest = Newest()
        self._language = language
        self.key = KEYS[0]
        self._version = 0
        self._versions: list[Guide] = []
        self._kept = ""
        self._filling = False
        self._build()
        self._retranslate()
        theme.fit(self, 1200, 660)

    def _build(self) -> None:
        self.lists = QListWidget()
        for key in KEYS:
            item = QListWidgetItem()
            item.setData(_ID, key)
            self.lists.addItem(item)
        self.lists.setCurrentRow(0)
        self.lists.currentRowChanged.connect(self._chosen)
        self.titles = QLineEdit(), QLineEdit()
        self._title_row = QWidget()
        line = QHBoxLayout(self._title_row)
        line.setContentsMargins(0, 0, 0, 0)
        for field in self.titles:
            field.setMaxLength(60)
            field.textEdited.connect(lambda _: self._changed())
            line.addWidget(field)
        self.days, self._days_label = QSpinBox(), QLabel()
        self.days.setRange(1, 730)
        self.days.valueChanged.connect(lambda _: self._changed())
        self._days_row = QWidget()
        line = QHBoxLayout(self._days_row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._days_label)
        line.addWidget(self.days)
        line.addStretch(1)
        self.table = QTableWidget(0, 2)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setWordWrap(True)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.cellChanged.connect(lambda *_: self._changed())
        self.add, self.take, self.up, self.down = (QPushButton() for _ in range(4))
        self.add.clicked.connect(self._add)
        self.take.clicked.connect(self._take)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        tools = QHBoxLayout()
        for button, keys in ((self.add, "Ctrl+Return"), (self.take, "Ctrl+Delete"),
                             (self.up, "Ctrl+Up"), (self.down, "Ctrl+Down")):  # fmt: skip
            button.setAutoDefault(False)
            tools.addWidget(button)
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(button.click)
            self.addAction(action)
        tools.addStretch(1)
        self.versions, self._versions_label = QComboBox(), QLabel()
        self.versions.activated.connect(self._show_version)
        self.save, self.undo = QPushButton(), QPushButton()
        self.save.clicked.connect(self._save)
        self.undo.clicked.connect(self.reload)
        foot = QHBoxLayout()
        foot.addWidget(self._versions_label)
        foot.addWidget(self.versions, 1)
        foot.addWidget(self.undo)
        foot.addWidget(self.save)
        self.hint, self.error = QLabel(), QLabel()
        self.hint.setObjectName("hint")
        self.hint.setWordWrap(True)
        self.error.setObjectName("error")
        self.error.setWordWrap(True)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.addWidget(self.hint)
        column.addWidget(self._title_row)
        column.addWidget(self._days_row)
        column.addWidget(self.table, 1)
        column.addLayout(tools)
        column.addWidget(self.error)
        column.addLayout(foot)
        self._preview_box = QGroupBox()
        self.preview = QScrollArea()
        self.preview.setWidgetResizable(True)
        column = QVBoxLayout(self._preview_box)
        column.addWidget(self.preview)
        split = QSplitter()
        for widget, share in ((self.lists, 2), (middle, 6), (self._preview_box, 3)):
            split.addWidget(widget)
            split.setStretchFactor(split.count() - 1, share)
        split.setSizes([180, 660, 300])
        split.setChildrenCollapsible(False)
        self.setCentralWidget(split)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Task cards and lists"))
        for i, key in enumerate(KEYS):
            item = self.lists.item(i)
            item.setText(self._name(key))
        self.table.setHorizontalHeaderLabels([self.tr("Chinese"), self.tr("English")])
        self.titles[0].setPlaceholderText(self.tr("Title in Chinese"))
        self.titles[1].setPlaceholderText(self.tr("Title in English"))
        self._days_label.setText(self.tr("Every site is looked at once in so many days:"))
        for button, text, keys in (
            (self.add, self.tr("Add step"), "Ctrl+Return"),
            (self.take, self.tr("Take out"), "Ctrl+Delete"), (self.up, self.tr("Up"), "Ctrl+Up"),
            (self.down, self.tr("Down"), "Ctrl+Down"),
        ):  # fmt: skip
            button.setText(text)
            button.setToolTip(f"{text}  ({keys})")
        self._versions_label.setText(self.tr("Version:"))
        self.undo.setText(self.tr("Discard changes"))
        self.hint.setText(
            self.tr("Short steps in the order in which they are done. What is saved counts for "
                    "everybody in the organisation, from the next incident or shift on; what was "
                    "ticked before keeps its version.")
        )  # fmt: skip
        self._preview_box.setTitle(self.tr("So it looks"))
        self._fill_versions()
        self._show_state()
        self._paint()

    def _name(self, key: str) -> str:
        if key == "equipment":
            return self.tr("Equipment of a shift")
        if key == "inspection":
            return self.tr("On-site inspection")
        return self.tr("Card: {what}").format(what=category_text(key.partition(":")[2]))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "preview"):
            self._retranslate()

    # -- choosing

    @property
    def dirty(self) -> bool:
        """Whether something was changed and not saved."""
        loaded = bool(self._kept)
        return loaded and self._kept != json.dumps(self.content, ensure_ascii=False)

    def _leave(self) -> bool:
        """Whether what was changed may go."""
        if not self.dirty:
            return True
        box = QMessageBox(
            QMessageBox.Icon.Question, self.windowTitle(),
            self.tr("“{name}” was changed and not saved.").format(name=self._name(self.key)),
            parent=self,
        )  # fmt: skip
        box.addButton(self.tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(self.tr("Stay"), QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return box.clickedButton() is not stay

    def _chosen(self, row: int) -> None:
        key = KEYS[max(0, row)]
        if key == self.key:
            return
        if not self._leave():
            self.lists.setCurrentRow(KEYS.index(self.key))
            return
        self.key, self._kept = key, ""
        self._fill({})  # those of the list before are not its steps
        self.reload()

    def closeEvent(self, event: Any) -> None:
        if self._leave():
            event.accept()
            self._kept = json.dumps(self.content, ensure_ascii=False)
        else:
            event.ignore()

    # -- reading

    def reload(self) -> None:
        """The list as it counts now; what was changed here goes."""
        self._read(discard=True)

    def _read(self, *, discard: bool) -> None:
        key = self.key

        def read(_: Any) -> list[Guide]:
            return self._guides.versions(key)

        def show(versions: list[Guide]) -> None:
            if key != self.key or (self.dirty and not discard):  # changed while it was read
                return
            self._versions = versions
            if versions:
                self._version, content = versions[0].version, versions[0].content
            else:
                self._version, content = log_texts.delivered(key)
            self._fill(content)
            self._kept = json.dumps(self.content, ensure_ascii=False)
            self._fill_versions()
            self._show_state()

        self.error.clear()
        self._tasks.run(self, read, self._newest(show), self._failed)

    def refresh(self) -> None:
        """Somebody else may have written a version: shown where nothing is lost by it."""
        if not self.dirty:
            self._read(discard=False)

    def _fill(self, content: Any) -> None:
        self._filling = True
        content = content if isinstance(content, dict) else {}
        title = content.get("title") or {}
        for field, language in zip(self.titles, LANGUAGES, strict=True):
            field.setText(str(title.get(language, "")))
        days = content.get("days")
        self.days.setValue(days if type(days) is int else 31)
        self._title_row.setVisible(self.key.startswith("card:"))
        self._days_row.setVisible(self.key == "inspection")
        self.table.setRowCount(0)
        for item in content.get("items", ()):
            if isinstance(item, dict):
                self._row(self.table.rowCount(), item)
        self._filling = False
        self._paint()

    def _row(self, at: int, item: dict[str, Any]) -> None:
        self.table.insertRow(at)
        for column, language in enumerate(LANGUAGES):
            cell = QTableWidgetItem(str(item.get(language, "")))
            if column == 0:
                cell.setData(_ID, {k: v for k, v in item.items() if k not in LANGUAGES})
            self.table.setItem(at, column, cell)

    @property
    def content(self) -> dict[str, Any]:
        """What the fields say; empty rows are left out."""
        items = []
        for row in range(self.table.rowCount()):
            cells = [self.table.item(row, column) for column in (0, 1)]
            texts = [" ".join(c.text().split())[:MOST_TEXT] if c else "" for c in cells]
            if any(texts):
                kept = (cells[0].data(_ID) if cells[0] else None) or {}
                items.append({**kept, **dict(zip(LANGUAGES, texts, strict=True))})
        made: dict[str, Any] = {"items": items}
        if self.key.startswith("card:"):
            made["title"] = {
                language: field.text().strip()
                for language, field in zip(LANGUAGES, self.titles, strict=True)
            }
        if self.key == "inspection":
            made["days"] = self.days.value()
        return made

    def _fill_versions(self) -> None:
        self.versions.clear()
        for guide in self._versions:
            text = self.tr("{number}, {author}, {time}").format(
                number=guide.version, author=guide.author, time=moment_text(guide.at)
            )
            self.versions.addItem(text, guide.content)
        version, content = log_texts.delivered(self.key)
        self.versions.addItem(self.tr("{number}, delivered").format(number=version), content)
        if self._versions:
            self.versions.setCurrentIndex(0)

    def _show_version(self, index: int) -> None:
        """An older one into the fields: saving it makes it count again, as a new version."""
        self._fill(self.versions.itemData(index))
        self._show_state()

    # -- changing

    def _changed(self) -> None:
        if not self._filling:
            self._show_state()
            self._paint()

    def _add(self) -> None:
        row = self.table.currentRow() + 1 if self.table.currentRow() >= 0 else \
            self.table.rowCount()  # fmt: skip
        if self.table.rowCount() >= MOST_ITEMS:
            self.error.setText(self.tr("No more than {count} steps: who reads more?").format(
                count=MOST_ITEMS))  # fmt: skip
            return
        self._filling = True
        self._row(row, {"id": new_id()})
        self._filling = False
        column = 0 if self._language().startswith("zh") else 1
        self.table.setCurrentCell(row, column)
        cell = self.table.item(row, column)
        if cell is not None:
            self.table.editItem(cell)

    def _take(self) -> None:
        row = self.table.currentRow()
        if row >= 0:
            self.table.removeRow(row)  # “Discard changes” brings it back
            self._changed()

    def _move(self, by: int) -> None:
        row = self.table.currentRow()
        if row < 0 or not 0 <= row + by < self.table.rowCount():
            return
        self._filling = True
        cells = [self.table.takeItem(row, column) for column in (0, 1)]
        self.table.removeRow(row)
        self.table.insertRow(row + by)
        for column, cell in enumerate(cells):
            self.table.setItem(row + by, column, cell)
        self._filling = False
        self.table.setCurrentCell(row + by, 0)
        self._changed()

    def _show_state(self) -> None:
        may, dirty = oversees(self._session), self.dirty
        for widget in (self.table, self._title_row, self._days_row, self.add, self.take, self.up,
                       self.down):  # fmt: skip
            widget.setEnabled(may)
        self.undo.setEnabled(may and dirty)
        self.save.setEnabled(may and dirty)
        self.save.setText(self.tr("Save as version {number}").format(number=self._version + 1))
        self.save.setToolTip(
            "" if may else self.tr("Supervisors and administrators write these lists.")
        )

    def _paint(self) -> None:
        """The list as operators will see it."""
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setSpacing(10)
        language, content = self._language(), self.content
        title = QLabel(
            log_texts.in_language(content.get("title"), language) or self._name(self.key)
        )
        title.setObjectName("heading")
        title.setWordWrap(True)
        layout.addWidget(title)
        for number, (_, text) in enumerate(log_texts.items_of(content, language), 1):
            label = QLabel(f"☐  {number}. {text}")
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            layout.addWidget(label)
        if not content["items"]:
            hint = QLabel(self.tr("No steps yet: “Add step”. Without steps there is no card."))
            hint.setObjectName("hint")
            hint.setWordWrap(True)
            layout.addWidget(hint)
        layout.addStretch(1)
        self.preview.setWidget(inside)

    def _save(self) -> None:
        key, content, author = self.key, self.content, self._session.settings.operator
        if not content["items"] and key in ("equipment", "inspection"):
            self.error.setText(self.tr("An empty list checks nothing: add a step first."))
            return
        least = self._version

        def done(version: int) -> None:
            if key == self.key:
                self._kept, self._version = json.dumps(content, ensure_ascii=False), version
                self._show_state()
                self._read(discard=False)  # who went on typing keeps that

        self._tasks.run(self, lambda _: self._guides.add(key, content, author, least), done,
                        self._failed)  # fmt: skip

    def _failed(self, error: Exception) -> None:
        self.error.setText(i18n.error_text(error))
