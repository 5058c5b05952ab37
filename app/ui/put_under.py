"""“Where do they belong?”: this console has organisations of its own, and the server has others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import Organisation
from app.store.store import Store
from app.ui.i18n import error_text
from app.ui.tasks import Tasks

SHOWN = 12
"""So many names of this console's own are listed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What there is to choose from."""

    own: tuple[str, ...]
    """Names of this console's own ones."""
    parents: tuple[tuple[str, str], ...]
    """(id, name with all above it) of those of the server that may be chosen, by name."""


def choice(store: Store, homeless: tuple[str, ...], home: str) -> Choice:
    """Blocking. `home`: the organisation of who is signed in; it and those below it are offered."""
    known = {o.id: o for o in store.organisations()}
    own = tuple(known[i].name for i in homeless if i in known)
    parents = []
    for organisation in known.values():
        above = _path(known, organisation)
        if any(o.id == home for o in above) and not any(o.id in homeless for o in above):
            parents.append((organisation.id, " › ".join(o.name for o in reversed(above))))
    return Choice(own, tuple(sorted(parents, key=lambda p: (p[0] != home, p[1]))))


def _path(known: dict[str, Organisation], start: Organisation) -> list[Organisation]:
    """An organisation and those above it; a circle ends where it began."""
    path, here = [start], known.get(start.parent_id or "")
    while here is not None and here not in path:
        path.append(here)
        here = known.get(here.parent_id or "")
    return path


class PutUnderDialog(QDialog):
    """Asks once; nothing is sent before."""

    chosen = Signal(str, bool)
    """The organisation, and whether those of this console stay organisations below it."""

    def __init__(
        self, load: Callable[[], Choice], tasks: Tasks, parent: QWidget, *, may_make: bool
    ) -> None:
        """`load` is called off the Qt thread. `may_make`: who is signed in may make organisations."""
        super().__init__(parent)
        self._choice = Choice((), ())
        self.setWindowTitle(self.tr("Where do they belong?"))
        self.setMinimumWidth(560)
        self.told, self.names = QLabel(), QLabel()
        for label in (self.told, self.names):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setText(
            self.tr("This console has organisations that the server does not know. Choose where "
                    "they belong; their places and cameras are sent after that. Until then nothing "
                    "is sent, and nothing is lost.")
        )  # fmt: skip
        self.names.setStyleSheet("font-weight: 600;")
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find an organisation"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Organisations of the server"))
        self.list.currentItemChanged.connect(lambda *_: self._ready())
        self.list.itemDoubleClicked.connect(lambda _: self._choose())
        self.below = QRadioButton(self.tr("as organisations below it"))
        self.within = QRadioButton(self.tr("it is the same one: put their places directly in it"))
        self.below.setEnabled(may_make)
        (self.below if may_make else self.within).setChecked(True)
        if not may_make:
            self.below.setToolTip(
                self.tr("An administrator of your organisation may do this: have one sign in here.")
            )
        self.hint = QLabel(self.below.toolTip())
        self.hint.setObjectName("hint")
        self.hint.setWordWrap(True)
        self.hint.setVisible(not may_make)
        buttons = QDialogButtonBox()
        self.send = buttons.addButton(
            self.tr("Put them there and send"), QDialogButtonBox.ButtonRole.ApplyRole
        )
        self.send.setDefault(True)
        self.send.clicked.connect(self._choose)
        later = buttons.addButton(self.tr("Later"), QDialogButtonBox.ButtonRole.RejectRole)
        later.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        for widget in (self.told, self.names, self.search, self.list, self.below, self.within,
                       self.hint, buttons):  # fmt: skip
            layout.addWidget(widget)
        self._ready()
        tasks.run(self, lambda _: load(), self.show_choice, self._failed)

    def show_choice(self, found: Choice) -> None:
        """What there is to choose from."""
        self._choice = found
        more = len(found.own) - SHOWN
        names = "、".join(found.own[:SHOWN]) + (f" … (+{more})" if more > 0 else "")
        self.names.setText(names)
        self.list.clear()
        for identity, name in found.parents:
            item = QListWidgetItem(name)
            item.setData(Qt.ItemDataRole.UserRole, identity)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        if not found.parents:
            self.names.setText(
                self.tr("The server's organisations have not arrived yet. Try again in a moment.")
            )
        self._ready()

    def _filter(self, text: str) -> None:
        wanted = text.strip().casefold()
        for i in range(self.list.count()):
            item = self.list.item(i)
            item.setHidden(wanted not in item.text().casefold())
        current = self.list.currentItem()
        if current is None or current.isHidden():
            shown = (i for i in range(self.list.count()) if not self.list.item(i).isHidden())
            self.list.setCurrentRow(next(shown, -1))
        self._ready()

    def _ready(self) -> None:
        item = self.list.currentItem()
        self.send.setEnabled(item is not None and not item.isHidden())

    def _choose(self) -> None:
        item = self.list.currentItem()
        if item is not None and self.send.isEnabled():
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole), self.below.isChecked())
            self.accept()

    def _failed(self, error: Exception) -> None:
        self.told.setText(error_text(error))

    def keyPressEvent(self, event: Any) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.search.hasFocus():
            self.list.setFocus()
        super().keyPressEvent(event)
