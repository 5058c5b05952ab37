"""The editor of a tour."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractItemModel,
    QObject,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import CameraRow
from app.domain.tour import (
    DWELL_S,
    LEAST_DWELL_S,
    MOST_DWELL_S,
    Step,
    Tour,
    cameras_in,
)
from app.store.store import NamedTour, NamedView, Store
from app.ui import i18n, theme
from app.ui.layouts import layout_icon
from app.ui.tasks import Task, Tasks
from app.ui.tours import Index, seconds_text

FOUND = 60
"""So many cameras are offered for what is typed in the editor."""

_VIEW, _CAMERA = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class _Numbers(QStyledItemDelegate):
    """Edits a column with a spin box; the least value means "as the tour says" where `word` is."""

    def __init__(
        self, least: int, most: int, word: Callable[[], str], unit: str, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._least, self._most, self._word, self._unit = least, most, word, unit

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        spin = QSpinBox(parent)
        spin.setRange(self._least, self._most)
        spin.setSuffix(self._unit)
        spin.setSpecialValueText(self._word())
        return spin

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QSpinBox):
            model.setData(index, editor.value(), Qt.ItemDataRole.EditRole)

    def displayText(self, value: object, locale: object) -> str:
        number = value if isinstance(value, int) else 0
        word = self._word()
        return word if word and number <= self._least else f"{number}{self._unit}"


class _Steps(QTreeWidget):
    """The steps in their order: dragged, or moved with Alt and the arrows."""

    moved = Signal()

    def dropEvent(self, event: object) -> None:
        super().dropEvent(event)  # type: ignore[arg-type]
        self.moved.emit()


class TourDialog(QDialog):
    """Makes or changes a tour. Not saved before “Save” is pressed; `saved_id` is its id then."""

    def __init__(
        self,
        store: Store,
        tasks: Tasks,
        views: list[NamedView],
        named: NamedTour | None,
        language: str,
        parent: QWidget | None = None,
        *,
        tile: int = 0,
    ) -> None:
        """`tile` is where cameras go that are added."""
        super().__init__(parent)
        self._store, self._tasks, self._views = store, tasks, views
        self._named, self._language, self._tile = named, language, tile
        self._asking: Task | None = None
        self.saved_id = named.id if named else ""
        self.removed = False
        self.setWindowTitle(self.tr("Tour") if named else self.tr("New tour"))
        theme.fit(self, 900, 560)
        self._build()
        if named is not None:
            self.name.setText(named.name)
            self.shared.setChecked(named.shared)
            self.dwell.setValue(round(named.tour.dwell_s))
            self._load(named.tour)
        self._ask()
        self._count()

    def _build(self) -> None:
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("such as “Gates, every hour”"))
        self.name.setMaxLength(100)
        self.shared = QCheckBox(self.tr("For everybody in the organisation"))
        self.dwell = QSpinBox()
        self.dwell.setRange(int(LEAST_DWELL_S), int(MOST_DWELL_S))
        self.dwell.setValue(int(DWELL_S))
        self.dwell.setSuffix(self.tr(" s"))
        hint = QLabel(self.tr("8 to 15 s for active watch, 20 to 30 s for a patrol"))
        hint.setObjectName("hint")
        form = QFormLayout()
        form.addRow(self.tr("Name"), self.name)
        line = QHBoxLayout()
        line.addWidget(self.dwell)
        line.addWidget(hint)
        line.addStretch(1)
        line.addWidget(self.shared)
        form.addRow(self.tr("Each step"), line)

        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find views and cameras"))
        self.search.setClearButtonEnabled(True)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(120)
        self._soon.timeout.connect(self._ask)
        self.search.textChanged.connect(lambda _: self._soon.start())
        self.search.returnPressed.connect(self._add_chosen)
        self.found = QListWidget()
        self.found.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.found.itemActivated.connect(lambda _: self._add_chosen())
        self.add = QPushButton(self.tr("Add  ›"))
        self.add.setAutoDefault(False)
        self.add.clicked.connect(self._add_chosen)
        left = QVBoxLayout()
        left.addWidget(self.search)
        left.addWidget(self.found, 1)
        left.addWidget(self.add, 0, Qt.AlignmentFlag.AlignRight)

        self.steps = _Steps()
        self.steps.setRootIsDecorated(False)
        self.steps.setColumnCount(3)
        self.steps.setHeaderLabels([self.tr("Steps"), self.tr("Tile"), self.tr("Shown for")])
        self.steps.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.steps.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        triggers = QAbstractItemView.EditTrigger
        self.steps.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed)
        self.steps.setItemDelegateForColumn(1, _Numbers(0, 64, lambda: "–", "", self))
        least = int(LEAST_DWELL_S) - 1
        self.steps.setItemDelegateForColumn(
            2, _Numbers(least, int(MOST_DWELL_S), self._same, self.tr(" s"), self)
        )
        header = self.steps.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.steps.setColumnWidth(1, 60)
        self.steps.setColumnWidth(2, 110)
        self.steps.itemChanged.connect(lambda *_: self._count())
        self.steps.moved.connect(self._count)
        keys = QHBoxLayout()
        for sign, tip, key, run in (
            ("↑", self.tr("Earlier"), "Alt+Up", lambda: self._move(-1)),
            ("↓", self.tr("Later"), "Alt+Down", lambda: self._move(1)),
            ("✕", self.tr("Take out"), "Delete", self._take_out),
        ):
            button = QToolButton()
            button.setText(sign)
            button.setMinimumSize(30, 26)
            button.setToolTip(f"{tip}  ({key})")
            button.setAccessibleName(tip)
            button.clicked.connect(lambda _=False, r=run: r())
            action = QAction(self.steps)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda _=False, r=run: r())
            self.steps.addAction(action)
            keys.addWidget(button)
        help_ = QLabel(self.tr("Drag to put in order. Double-click a number to change it."))
        help_.setObjectName("hint")
        keys.addWidget(help_, 1)
        right = QVBoxLayout()
        right.addWidget(self.steps, 1)
        right.addLayout(keys)
        middle = QHBoxLayout()
        middle.addLayout(left, 2)
        middle.addLayout(right, 3)

        self.total = QLabel()
        self.error = QLabel()
        self.error.setObjectName("error")
        self.error.setWordWrap(True)
        self.error.hide()
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Save | kinds.Cancel)
        self.save = buttons.button(kinds.Save)
        self.save.setText(self.tr("Save"))
        self.save.setAutoDefault(False)
        cancel = buttons.button(kinds.Cancel)
        cancel.setText(self.tr("Cancel"))
        cancel.setAutoDefault(False)
        if self._named is not None:
            delete = buttons.addButton(
                self.tr("Delete tour"), QDialogButtonBox.ButtonRole.DestructiveRole
            )
            delete.setAutoDefault(False)
            delete.clicked.connect(self._delete)
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        self.name.textChanged.connect(lambda _: self._count())
        self.dwell.valueChanged.connect(lambda _: self._count())
        foot = QHBoxLayout()
        foot.addWidget(self.total, 1)
        foot.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addLayout(middle, 1)
        layout.addWidget(self.error)
        layout.addLayout(foot)

    def _same(self) -> str:
        return self.tr("as above")

    # -- finding

    def _ask(self) -> None:
        text = self.search.text().strip()
        if self._asking is not None:
            self._asking.cancel()
        self._asking = self._tasks.run(
            self, lambda _: self._store.cameras(search=text, limit=FOUND), self._found, self._failed
        )

    def _found(self, rows: list[CameraRow]) -> None:
        self._asking = None
        self.found.clear()
        text = self.search.text().strip().casefold()
        for named in self._views:
            if text in named.name.casefold():
                item = QListWidgetItem(layout_icon(named.view.layout), named.name)
                item.setData(_VIEW, named.id)
                self.found.addItem(item)
        for row in rows:
            number = f"{row.call_number}  " if row.call_number is not None else ""
            item = QListWidgetItem(number + row.title(self._language))
            item.setData(_CAMERA, row.id)
            item.setToolTip(item.text())
            self.found.addItem(item)
        if self.found.count() and text:
            self.found.setCurrentRow(0)

    def _add_chosen(self) -> None:
        chosen = self.found.selectedItems()
        for item in chosen:
            if view := item.data(_VIEW):
                self._append(Step(view_id=view), item.text())
            else:
                step = Step(camera_id=item.data(_CAMERA), tile=self._tile)
                self._append(step, item.text())
        self._count()

    # -- the steps

    def _append(self, step: Step, title: str) -> None:
        item = QTreeWidgetItem([title])
        flags = Qt.ItemFlag
        common = flags.ItemIsEnabled | flags.ItemIsSelectable | flags.ItemIsDragEnabled
        item.setFlags(common | flags.ItemIsEditable)
        item.setData(0, _VIEW, step.view_id)
        item.setData(0, _CAMERA, step.camera_id)
        item.setData(1, Qt.ItemDataRole.EditRole, 0 if step.view_id else step.tile + 1)
        least = int(LEAST_DWELL_S) - 1
        dwell = least if step.dwell_s is None else round(step.dwell_s)
        item.setData(2, Qt.ItemDataRole.EditRole, dwell)
        item.setToolTip(0, title)
        view = next((v.view for v in self._views if v.id == step.view_id), None)
        if view is not None:
            item.setIcon(0, layout_icon(view.layout))
        self.steps.addTopLevelItem(item)

    def _load(self, tour: Tour) -> None:
        names = {v.id: v.name for v in self._views}
        missing = self.tr("(deleted)")
        for step in tour.steps:
            self._append(step, names.get(step.view_id, missing) if step.view_id else "…")
        ids = [s.camera_id for s in tour.steps if s.camera_id]

        def show(rows: list[CameraRow]) -> None:
            titles = {r.id: r.title(self._language) for r in rows}
            for item in self._items():
                camera = item.data(0, _CAMERA)
                if camera:
                    item.setText(0, titles.get(camera, missing))
                    item.setToolTip(0, item.text(0))

        if ids:
            self._tasks.run(self, lambda _: self._store.rows(ids), show, self._failed)

    def _items(self) -> list[QTreeWidgetItem]:
        items = (self.steps.topLevelItem(i) for i in range(self.steps.topLevelItemCount()))
        return [item for item in items if item is not None]

    def _move(self, by: int) -> None:
        item = self.steps.currentItem()
        if item is None:
            return
        here = self.steps.indexOfTopLevelItem(item)
        there = here + by
        if 0 <= there < self.steps.topLevelItemCount():
            self.steps.takeTopLevelItem(here)
            self.steps.insertTopLevelItem(there, item)
            self.steps.setCurrentItem(item)
            self._count()

    def _take_out(self) -> None:
        for item in self.steps.selectedItems():
            self.steps.takeTopLevelItem(self.steps.indexOfTopLevelItem(item))
        self._count()

    def tour(self) -> Tour:
        """The tour as it stands in the editor."""
        steps = []
        for item in self._items():
            view, camera = item.data(0, _VIEW) or "", item.data(0, _CAMERA) or ""
            tile = max(0, int(item.data(1, Qt.ItemDataRole.EditRole)) - 1)
            dwell = float(item.data(2, Qt.ItemDataRole.EditRole))
            steps.append(Step(view, camera, tile, None if dwell < LEAST_DWELL_S else dwell))
        return Tour(tuple(steps), float(self.dwell.value()))

    def _count(self) -> None:
        tour = self.tour()
        views = {v.id: v.view for v in self._views}

        def cameras(step: Step) -> tuple[str, ...] | None:
            if step.camera_id:
                return (step.camera_id,)
            view = views.get(step.view_id)
            return None if view is None else tuple(c for c in view.cameras if c)

        count = cameras_in(tour, cameras)
        steps = self.tr("%n step(s)", "", len(tour.steps))
        cams = self.tr("%n camera(s)", "", count)
        time_ = self.tr("one round {time}").format(time=seconds_text(tour.round_s()))
        self.total.setText(f"{steps}  ·  {cams}  ·  {time_}")
        self.save.setEnabled(bool(self.name.text().strip()) and bool(tour.steps))

    # -- the end

    def _save(self) -> None:
        name, tour, shared = self.name.text(), self.tour(), self.shared.isChecked()
        identity = self._named.id if self._named else None

        def saved(tour_id: str) -> None:
            self.saved_id = tour_id
            self.accept()

        self._tasks.run(
            self,
            lambda _: self._store.save_tour(name, tour, identity, shared=shared),
            saved,
            self._failed,
        )

    def _delete(self) -> None:
        assert self._named is not None
        identity = self._named.id

        def gone(_: object) -> None:
            self.removed = True
            self.accept()

        self._tasks.run(self, lambda _: self._store.delete_tour(identity), gone, self._failed)

    def _failed(self, error: Exception) -> None:
        self.error.setText(i18n.error_text(error))
        self.error.show()
