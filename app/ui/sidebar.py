"""The asset sidebar: search, tree by organisation and site, flat list, favourites.

Nothing loads all cameras: a site's cameras are fetched when it opens, lists page by page.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QByteArray,
    QEvent,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTabBar,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import CameraRow, Organisation, Site
from app.store.store import Store
from app.ui import i18n, theme
from app.ui.tasks import Task, Tasks
from app.ui.tile_painter import draw_symbol
from app.ui.wall import CAMERA_MIME, SITE_PREFIX
from app.video.types import StreamState

PAGE = 200
KIND, ROW, STATE = (Qt.ItemDataRole.UserRole + i for i in range(1, 4))
Index = QModelIndex | QPersistentModelIndex
States = Callable[[str], StreamState]


class _Node:
    """An organisation, a site or a camera in the tree."""

    __slots__ = ("children", "count", "item", "loaded", "parent")

    def __init__(self, item: Organisation | Site | CameraRow | None, parent: _Node | None) -> None:
        self.item, self.parent = item, parent
        self.children: list[_Node] = []
        self.loaded = False
        self.count = 0

    def row(self) -> int:
        return self.parent.children.index(self) if self.parent else 0


def _mime(cameras: list[str]) -> QMimeData:
    mime = QMimeData()
    mime.setData(CAMERA_MIME, QByteArray(json.dumps(cameras).encode()))
    return mime


class TreeModel(QAbstractItemModel):
    """Organisation → site → camera; cameras of a site are fetched when it is opened."""

    def __init__(self, store: Store, tasks: Tasks, language: Callable[[], str]) -> None:
        super().__init__()
        self._store, self._tasks, self._language = store, tasks, language
        self._root = _Node(None, None)
        self.state_of: States = lambda _: StreamState.IDLE

    def load(self, done: Callable[[], None]) -> None:
        """Read organisations, sites and counts in the background, then call `done`."""

        def read(_: Task) -> Any:
            store = self._store
            return store.organisations(), store.sites(), store.camera_counts()

        def show(answer: tuple[list[Organisation], list[Site], dict[str, int]]) -> None:
            organisations, sites, counts = answer
            self.beginResetModel()
            self._root = _Node(None, None)
            self._root.loaded = True
            nodes = {}
            for organisation in organisations:
                node = nodes[organisation.id] = _Node(organisation, self._root)
                node.loaded = True
                self._root.children.append(node)
            for site in sites:
                parent = nodes.get(site.organisation_id)
                if parent is not None:
                    node = _Node(site, parent)
                    node.count = counts.get(site.id, 0)
                    parent.count += node.count
                    parent.children.append(node)
            self.endResetModel()
            done()

        self._tasks.run(self, read, show)

    def _node(self, index: Index) -> _Node:
        node = index.internalPointer() if index.isValid() else self._root
        return node if isinstance(node, _Node) else self._root

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        node = self._node(parent)
        if 0 <= row < len(node.children) and column == 0:
            return self.createIndex(row, column, node.children[row])
        return QModelIndex()

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        node = self._node(index).parent
        if node is None or node is self._root:
            return QModelIndex()
        return self.createIndex(node.row(), 0, node)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._node(parent).children)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 1

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        node = self._node(parent)
        return node is self._root or bool(node.children) or (not node.loaded and node.count > 0)

    def canFetchMore(self, parent: Index) -> bool:
        node = self._node(parent)
        return isinstance(node.item, Site) and not node.loaded and node.count > 0

    def fetchMore(self, parent: Index) -> None:
        node = self._node(parent)
        if not isinstance(node.item, Site) or node.loaded:
            return
        node.loaded = True
        site_id = node.item.id

        def show(rows: list[CameraRow]) -> None:
            if node.parent is None or node not in node.parent.children:
                return
            where = self.createIndex(node.row(), 0, node)
            if rows:
                self.beginInsertRows(where, 0, len(rows) - 1)
                node.children = [self._leaf(row, node) for row in rows]
                self.endInsertRows()

        self._tasks.run(self, lambda _: self._store.cameras(site_id=site_id, limit=2000), show)

    def _leaf(self, row: CameraRow, parent: _Node) -> _Node:
        leaf = _Node(row, parent)
        leaf.loaded = True
        return leaf

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self._node(index).item
        if item is None:
            return None
        if isinstance(item, CameraRow):
            return _camera_data(item, role, self._language(), self.state_of)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            english = not self._language().startswith("zh")
            name = (item.name_en or item.name) if english else (item.name or item.name_en)
            return f"{name}  ({self._node(index).count})"
        if role == KIND:
            return "organisation" if isinstance(item, Organisation) else "site"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        item = self._node(index).item
        if isinstance(item, CameraRow | Site):
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags

    def mimeTypes(self) -> list[str]:
        return [CAMERA_MIME]

    def mimeData(self, indexes: Any) -> QMimeData:
        cameras: list[str] = []
        for index in indexes:
            node = self._node(index)
            if isinstance(node.item, CameraRow):
                cameras.append(node.item.id)
            elif isinstance(node.item, Site):
                # A drag cannot wait for the database: who it is dropped on looks them up.
                cameras.append(SITE_PREFIX + node.item.id)
        return _mime(cameras[:64])

    def camera(self, index: Index) -> CameraRow | None:
        """The camera at an index."""
        item = self._node(index).item
        return item if isinstance(item, CameraRow) else None

    def site(self, index: Index) -> Site | None:
        """The site at an index."""
        item = self._node(index).item
        return item if isinstance(item, Site) else None


class ListModel(QAbstractListModel):
    """Cameras that match, page by page; late answers to older questions are dropped."""

    counted = Signal(int)
    failed = Signal(str)

    def __init__(self, store: Store, tasks: Tasks, language: Callable[[], str]) -> None:
        super().__init__()
        self._store, self._tasks, self._language = store, tasks, language
        self._rows: list[CameraRow] = []
        self._total = 0
        self._query: dict[str, Any] = {}
        self._task: Task | None = None
        self._loading = False
        self.state_of: States = lambda _: StreamState.IDLE

    def ask(self, **query: Any) -> None:
        """Show what matches (`Store.cameras`); the old list stays until the answer is there."""
        if self._task is not None:
            self._task.cancel()
        self._query = query

        def read(task: Task) -> tuple[list[CameraRow], int] | None:
            if task.cancelled.is_set():
                return None
            rows = self._store.cameras(**query, limit=PAGE)
            total = len(rows) if len(rows) < PAGE else self._store.count(**query)
            return rows, total

        def show(answer: tuple[list[CameraRow], int] | None) -> None:
            if answer is None:
                return
            self.beginResetModel()
            self._rows, self._total = answer
            self._loading = False
            self.endResetModel()
            self.counted.emit(self._total)

        self._task = self._tasks.run(self, read, show, lambda e: self.failed.emit(str(e)))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and len(self._rows) < self._total and not self._loading

    def fetchMore(self, parent: Index) -> None:
        self._loading = True
        query, offset = self._query, len(self._rows)

        def show(rows: list[CameraRow]) -> None:
            self._loading = False
            if query is not self._query or offset != len(self._rows):
                return
            if not rows:
                self._total = len(self._rows)
                return
            self.beginInsertRows(QModelIndex(), offset, offset + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()

        def read(_: Task) -> list[CameraRow]:
            return self._store.cameras(**query, offset=offset, limit=PAGE)

        self._tasks.run(self, read, show, lambda e: self.failed.emit(str(e)))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        return _camera_data(self._rows[index.row()], role, self._language(), self.state_of)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        return [CAMERA_MIME]

    def mimeData(self, indexes: Any) -> QMimeData:
        return _mime([self._rows[i.row()].id for i in indexes][:64])

    def camera(self, index: Index) -> CameraRow | None:
        """The camera at an index."""
        return self._rows[index.row()] if index.isValid() else None


def _camera_data(row: CameraRow, role: int, language: str, state_of: States) -> Any:
    if role == Qt.ItemDataRole.DisplayRole:
        return row.title(language)
    if role == ROW:
        return row
    if role == STATE:
        return state_of(row.id)
    if role == KIND:
        return "camera"
    if role == Qt.ItemDataRole.ToolTipRole:
        parts = [row.name, row.name_en, row.code, row.address, i18n.state_text(state_of(row.id))]
        return "\n".join(p for p in parts if p)
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return f"{row.title(language)}, {i18n.state_text(state_of(row.id))}"
    return None


class CameraDelegate(QStyledItemDelegate):
    """State symbol, call number, name, PTZ and favourite marks."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW)
        if not isinstance(row, CameraRow):
            super().paint(painter, option, index)
            return
        blank = QStyleOptionViewItem(option)
        self.initStyleOption(blank, index)
        blank.text = ""
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, blank, painter, widget)
        box = option.rect
        painter.save()
        side = 14
        symbol = QRectF(box.x() + 4, box.center().y() - side / 2, side, side)
        draw_symbol(painter, index.data(STATE) or StreamState.IDLE, symbol)
        font = QFont(option.font)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        middle = Qt.AlignmentFlag.AlignVCenter
        left, right = box.x() + 24, box.right() - 6
        marks = ("★ " if row.favourite else "") + ("PTZ" if row.has_ptz else "")
        if marks:
            width = metrics.horizontalAdvance(marks)
            painter.setPen(theme.DIM_TEXT)
            painter.drawText(box.adjusted(0, 0, -6, 0), middle | Qt.AlignmentFlag.AlignRight, marks)
            right -= width + 6
        if row.call_number is not None:
            number = str(row.call_number)
            painter.setPen(theme.DIM_TEXT)
            painter.drawText(box.adjusted(24, 0, 0, 0), middle, number)
            left += max(30, metrics.horizontalAdvance(number) + 8)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(QColor("white") if selected else theme.TEXT)
        name = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(box.adjusted(left - box.x(), 0, 0, 0), middle, name)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width(), max(26, size.height()))


class Sidebar(QWidget):
    """Finds cameras. Emits what the person wants done with them."""

    open_requested = Signal(list)  # camera ids
    selected = Signal(object)  # CameraRow or None
    menu_requested = Signal(object, QPoint)  # CameraRow or Site, global position

    def __init__(
        self, store: Store, tasks: Tasks, language: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._search)
        self.search.installEventFilter(self)
        self._tabs = QTabBar()
        self._tabs.setExpanding(True)
        self._tabs.setDrawBase(False)
        for _ in range(3):
            self._tabs.addTab("")
        self._tabs.currentChanged.connect(self._show_tab)
        self._tree_model = TreeModel(store, tasks, language)
        self._tree = QTreeView()
        self._tree.setModel(self._tree_model)
        self._tree.setHeaderHidden(True)
        self._tree.setUniformRowHeights(True)
        self._tree.setIndentation(14)
        self._list_model = ListModel(store, tasks, language)
        self._list = QListView()
        self._list.setModel(self._list_model)
        self._list.setUniformItemSizes(True)
        self._list_model.counted.connect(self._counted)
        self._list_model.failed.connect(self._hint_text)
        for view in (self._tree, self._list):
            view.setItemDelegate(CameraDelegate(view))
            view.setDragEnabled(True)
            view.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
            view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            view.customContextMenuRequested.connect(self._menu)
            view.activated.connect(self._activate)
            view.selectionModel().currentChanged.connect(self._current)
        self._hint = QLabel()
        self._hint.setObjectName("hint")
        self._hint.setWordWrap(True)
        self._hint.setMargin(8)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._tree)
        self._stack.addWidget(self._list)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 4)
        layout.setSpacing(4)
        layout.addWidget(self.search)
        layout.addWidget(self._tabs)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._hint)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(60)
        self._soon.timeout.connect(self._reload_now)
        self._retranslate()
        self._reload_now()

    def _retranslate(self) -> None:
        self.search.setPlaceholderText(self.tr("Name, pinyin, number, code, IP  (Ctrl+F)"))
        self.search.setAccessibleName(self.tr("Search cameras"))
        for i, text in enumerate((self.tr("Sites"), self.tr("All"), self.tr("Favourites"))):
            self._tabs.setTabText(i, text)
        self._tree.setAccessibleName(self.tr("Cameras by site"))
        self._list.setAccessibleName(self.tr("Cameras"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self._show_tab()
            self._tree.viewport().update()
        super().changeEvent(event)

    def set_states(self, state_of: States) -> None:
        """Where the symbols come from."""
        self._tree_model.state_of = self._list_model.state_of = state_of

    def states_changed(self) -> None:
        """Some symbols may look different."""
        view: QAbstractItemView = self._tree if self._stack.currentIndex() == 0 else self._list
        view.viewport().update()

    def reload(self) -> None:
        """Stored data changed."""
        self._soon.start()

    def _reload_now(self) -> None:
        opened = self._opened()
        self._tree_model.load(lambda: self._open_again(opened))
        self._show_tab()

    def _opened(self) -> set[str]:
        """Ids of what is expanded, so that a reload does not fold the tree."""
        result = set()
        stack = [QModelIndex()]
        while stack:
            parent = stack.pop()
            for row in range(self._tree_model.rowCount(parent)):
                index = self._tree_model.index(row, 0, parent)
                item = self._tree_model._node(index).item
                if self._tree.isExpanded(index) and item is not None:
                    result.add(item.id)
                    stack.append(index)
        return result

    def _open_again(self, opened: set[str]) -> None:
        first = not opened
        for row in range(self._tree_model.rowCount()):
            index = self._tree_model.index(row, 0)
            item = self._tree_model._node(index).item
            if item is not None and (item.id in opened or first):
                self._tree.expand(index)
            for child in range(self._tree_model.rowCount(index)):
                site = self._tree_model.index(child, 0, index)
                item = self._tree_model._node(site).item
                if item is not None and item.id in opened:
                    self._tree.expand(site)
        self._show_tab()

    def _search(self) -> None:
        if self.search.text().strip() and self._tabs.currentIndex() == 0:
            # The tree cannot show a search; the list can.
            self._tabs.setCurrentIndex(1)
        else:
            self._show_tab()

    def _show_tab(self) -> None:
        text = self.search.text().strip()
        tab = self._tabs.currentIndex()
        if tab == 0 and not text:
            self._stack.setCurrentIndex(0)
            empty = self._tree_model.rowCount() == 0
            self._hint_text(self.tr("No cameras yet. Add one with Ctrl+N.") if empty else "")
            return
        if tab == 0:
            self._tabs.setCurrentIndex(1)
            return
        self._stack.setCurrentIndex(1)
        self._list_model.ask(search=text, favourites_only=tab == 2)

    def _counted(self, total: int) -> None:
        text = self.search.text().strip()
        if total:
            self._hint_text(self.tr("%n camera(s)", "", total))
        elif text:
            self._hint_text(
                self.tr("Nothing matches “{text}”. Try fewer letters.").format(text=text)
            )
        elif self._tabs.currentIndex() == 2:
            self._hint_text(self.tr("No favourites yet. Right-click a camera, then “Favourite”."))
        else:
            self._hint_text(self.tr("No cameras yet. Add one with Ctrl+N."))

    def _hint_text(self, text: str) -> None:
        self._hint.setText(text)
        self._hint.setVisible(bool(text))

    def _camera(self, index: Index) -> CameraRow | None:
        row = index.data(ROW)
        return row if isinstance(row, CameraRow) else None

    def _activate(self, index: Index) -> None:
        row = self._camera(index)
        if row is not None:
            self.open_requested.emit([row.id])

    def _current(self, index: Index, _: Any = None) -> None:
        self.selected.emit(self._camera(index))

    def _menu(self, point: QPoint) -> None:
        view = self._tree if self._stack.currentIndex() == 0 else self._list
        index = view.indexAt(point)
        target: Any = self._camera(index)
        if target is None and view is self._tree:
            target = self._tree_model.site(index)
        if target is not None:
            self.menu_requested.emit(target, view.viewport().mapToGlobal(point))

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """From the search box: Down goes into the list, Enter opens the first match."""
        if watched is self.search and isinstance(event, QKeyEvent):
            if event.type() != QEvent.Type.KeyPress:
                return False
            key = event.key()
            if key == Qt.Key.Key_Down:
                view = self._tree if self._stack.currentIndex() == 0 else self._list
                view.setFocus()
                if not view.currentIndex().isValid():
                    view.setCurrentIndex(view.model().index(0, 0))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._list_model.rowCount():
                self._activate(self._list_model.index(0, 0))
                return True
            if key == Qt.Key.Key_Escape:
                self.search.clear()
                return True
        return False
