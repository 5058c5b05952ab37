"""The key map: every action's keys, changed by a person, free of conflicts, kept for this console."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.help import plain

FIXED = (
    "Tab", "Shift+Tab", "Left", "Right", "Up", "Down", "+", "-", "=", "Space", "Return", "Enter",
    "Esc", "*", ".", ",", "[", "]", "J", "L", "E", "Ctrl+Left", "Ctrl+Right", "Ctrl+Up",
    "Ctrl+Down", *"0123456789",
)  # fmt: skip
"""The wall's own keys (held, or part of a number, or of the replay): nothing else may take them."""


class KeyMap(QObject):
    """Default keys come with the actions; only what differs is stored."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._actions: dict[str, QAction] = {}
        self._defaults: dict[str, str] = {}

    def take(self, actions: Mapping[str, QAction]) -> None:
        """These actions with the keys they have now as their defaults."""
        for key, action in actions.items():
            self._actions[key] = action
            self._defaults[key] = _portable(action.shortcut())

    def apply(self, changed: object) -> None:
        """What was stored: action to keys, "" for none. Unknown and conflicting entries are left."""
        wanted = changed if isinstance(changed, dict) else {}
        for key, action in self._actions.items():
            text = wanted.get(key, self._defaults[key])
            text = text if isinstance(text, str) else self._defaults[key]
            if text != self._defaults[key] and self.conflict(key, text, wanted):
                text = self._defaults[key]
            action.setShortcut(QKeySequence(text))
        self.changed.emit()

    def changes(self) -> dict[str, str]:
        """What differs from the defaults, to be stored."""
        now = {k: _portable(a.shortcut()) for k, a in self._actions.items()}
        return {k: text for k, text in now.items() if text != self._defaults[k]}

    def conflict(self, key: str, text: str, others: Mapping[str, object] | None = None) -> str:
        """The action that has these keys, "fixed" for the wall's own, "" when they are free."""
        if not text:
            return ""
        if text in FIXED and text != self._defaults.get(key):
            return "fixed"
        for other, action in self._actions.items():
            current = (others or {}).get(other, _portable(action.shortcut()))
            if other != key and current == text:
                return other
        return ""

    def actions(self) -> dict[str, QAction]:
        """All of them by key."""
        return dict(self._actions)

    def default(self, key: str) -> str:
        """The keys an action came with."""
        return self._defaults[key]


def _portable(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.PortableText)


class KeyMapDialog(QDialog):
    """Lists all actions; the selected one's keys are changed below. `result_keys` when saved."""

    def __init__(self, keymap: KeyMap, parent: QWidget) -> None:
        super().__init__(parent)
        self._map = keymap
        self._keys = {k: _portable(a.shortcut()) for k, a in keymap.actions().items()}
        self.setWindowTitle(self.tr("Keys"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search an action or a key"))
        self.search.textChanged.connect(self._filter)
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setHeaderLabels([self.tr("Action"), self.tr("Keys"), self.tr("Default")])
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.currentItemChanged.connect(lambda item: self._chosen(item))
        self.edit = QKeySequenceEdit()
        self.edit.setMaximumSequenceLength(1)
        self.edit.editingFinished.connect(self._typed)
        self._none, self._default = QPushButton(self.tr("No keys")), QPushButton()
        self._default.setText(self.tr("Default"))
        self._none.clicked.connect(lambda: self._set(""))
        self._default.clicked.connect(self._reset)
        everything = QPushButton(self.tr("All to default"))
        everything.clicked.connect(self._reset_all)
        self.told = QLabel()
        self.told.setObjectName("error")
        self.told.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(QLabel(self.tr("New keys:")))
        row.addWidget(self.edit, 1)
        for button in (self._none, self._default, everything):
            button.setAutoDefault(False)
            row.addWidget(button)
        buttons = QDialogButtonBox()
        save = buttons.addButton(self.tr("Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        for button in (save, cancel):
            button.setAutoDefault(False)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addLayout(row)
        layout.addWidget(self.told)
        layout.addWidget(buttons)
        theme.fit(self, 620, 640)
        for key, action in keymap.actions().items():
            item = QTreeWidgetItem(["", "", ""])
            item.setData(0, Qt.ItemDataRole.UserRole, key)
            item.setText(0, plain(action))
            self.list.addTopLevelItem(item)
        self._show()
        first = self.list.topLevelItem(0)
        if first is not None:
            self.list.setCurrentItem(first)

    @property
    def keys(self) -> dict[str, str]:
        """Action to keys where they differ from the default."""
        return {k: v for k, v in self._keys.items() if v != self._map.default(k)}

    def _key(self) -> str:
        item = self.list.currentItem()
        return str(item.data(0, Qt.ItemDataRole.UserRole)) if item else ""

    def _show(self) -> None:
        for i in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(i)
            assert item is not None
            key = str(item.data(0, Qt.ItemDataRole.UserRole))
            item.setText(1, _native(self._keys[key]))
            item.setText(2, _native(self._map.default(key)))
            font = item.font(1)
            font.setBold(self._keys[key] != self._map.default(key))
            item.setFont(1, font)

    def _chosen(self, item: QTreeWidgetItem | None) -> None:
        self.told.clear()
        if item is not None:
            self.edit.setKeySequence(QKeySequence(self._keys[self._key()]))

    def _typed(self) -> None:
        self._set(_portable(self.edit.keySequence()))

    def _set(self, text: str) -> None:
        key = self._key()
        if not key or text == self._keys[key]:
            return
        other = self._map.conflict(key, text, self._keys)
        if other:
            name = plain(self._map.actions()[other]) if other != "fixed" else ""
            self.told.setText(
                self.tr("{keys} is in use: {action}").format(keys=_native(text), action=name)
                if name
                else self.tr("{keys} belongs to the wall itself.").format(keys=_native(text))
            )
            self.edit.setKeySequence(QKeySequence(self._keys[key]))
            return
        self.told.clear()
        self._keys[key] = text
        self.edit.setKeySequence(QKeySequence(text))
        self._show()

    def _reset(self) -> None:
        if self._key():
            self._set(self._map.default(self._key()))

    def _reset_all(self) -> None:
        self._keys = {k: self._map.default(k) for k in self._keys}
        self.told.clear()
        self._show()
        self._chosen(self.list.currentItem())

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for i in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(i)
            assert item is not None
            shown = f"{item.text(0)} {item.text(1)}".casefold()
            item.setHidden(not all(w in shown for w in words))


def _native(text: str) -> str:
    return QKeySequence(text).toString(QKeySequence.SequenceFormat.NativeText)
