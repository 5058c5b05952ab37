"""What devices say otherwise than the register: a person takes it, or keeps what is here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.asset import RULES, Rules
from app.store import assets, observed
from app.store.errors import StoreError
from app.store.observed import Difference
from app.store.store import Store
from app.ui import i18n, theme
from app.ui.asset_file import local_time, meaning
from app.ui.tasks import Tasks


class DeviceReviewDialog(QDialog):
    """The list, decided by selection: one, several or all."""

    def __init__(
        self, store: Store, tasks: Tasks, language: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._store, self._tasks, self._language = store, tasks, language
        self._rules: Rules = RULES
        self._found: list[Difference] = []
        self.setWindowTitle(self.tr("Devices and register"))
        self.told = QLabel(self.tr("Reading…"))
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAlternatingRowColors(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setHeaderLabels([
            self.tr("Camera"), self.tr("Field"), self.tr("In the register"), self.tr("The device says"),
            self.tr("When"), self.tr("Where"),
        ])  # fmt: skip
        for column, width in enumerate((190, 130, 190, 190, 150)):
            self.list.setColumnWidth(column, width)
        self.list.itemSelectionChanged.connect(self._enable)
        self.take = self._button(self.tr("&Take what the device says"), "Ctrl+T")
        self.keep = self._button(self.tr("&Keep the register"), "Ctrl+K")
        self.take.clicked.connect(lambda: self._decide(observed.take))
        self.keep.clicked.connect(lambda: self._decide(observed.keep))
        close = QPushButton(self.tr("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        bottom = QHBoxLayout()
        bottom.addWidget(self.take)
        bottom.addWidget(self.keep)
        bottom.addStretch(1)
        bottom.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.addWidget(self.told)
        layout.addWidget(self.list, 1)
        layout.addLayout(bottom)
        theme.fit(self, 1080, 560)
        self.list.setFocus()
        self._enable()
        self._load()

    def _button(self, text: str, keys: str) -> QPushButton:
        made = QPushButton(text)
        made.setAutoDefault(False)
        made.setShortcut(QKeySequence(keys))
        made.setToolTip(f"{text.replace('&', '')}  ({keys})")
        return made

    def _load(self) -> None:
        def work(_: Any) -> Any:
            return assets.rules(self._store), observed.differences(self._store)

        self._tasks.run(self, work, self._show, self._failed)

    def _show(self, answer: tuple[Rules, list[Difference]]) -> None:
        self._rules, self._found = answer
        self.list.clear()
        for d in self._found:
            spec = self._rules.get(d.field)
            here, there = (meaning(spec, v, self._rules, self._language) if spec else v
                           for v in (d.here, d.there))  # fmt: skip
            label = spec.label(self._language) if spec else d.field
            item = QTreeWidgetItem([d.camera, label, here, there, local_time(d.at), d.detail])
            for column in range(6):
                item.setToolTip(column, item.text(column))
            self.list.addTopLevelItem(item)
        if self._found:
            self._say(self.tr("%n field(s) differ. Nothing was changed: choose rows, then decide.", "",
                              len(self._found)))  # fmt: skip
            self.list.setCurrentIndex(self.list.model().index(0, 0))
        else:
            self._say(
                self.tr(
                    "Devices and register agree. Devices are asked by “Find cameras on the network” "
                    "and by “Test” of a camera; what differs is listed here."
                )
            )
        self._enable()

    def _say(self, text: str, kind: str = "hint") -> None:
        theme.tell(self.told, text, kind)

    def _failed(self, error: Exception) -> None:
        self._say(i18n.error_text(error), "error")

    def chosen(self) -> list[Difference]:
        """The differences of the selected rows."""
        rows = {self.list.indexOfTopLevelItem(i) for i in self.list.selectedItems()}
        return [d for n, d in enumerate(self._found) if n in rows]

    def _enable(self) -> None:
        for button in (self.take, self.keep):
            button.setEnabled(bool(self.list.selectedItems()))

    def _decide(self, how: Callable[[Store, Difference], None]) -> None:
        chosen, store = self.chosen(), self._store

        def work(_: Any) -> str:
            trouble = ""
            for difference in chosen:
                try:
                    how(store, difference)
                except StoreError as error:
                    trouble = f"{difference.camera}: {i18n.error_text(error)}"
            return trouble

        def done(trouble: str) -> None:
            if trouble:
                self._say(trouble, "error")
            else:
                self._load()

        for button in (self.take, self.keep):
            button.setEnabled(False)
        self._tasks.run(self, work, done, self._failed)
