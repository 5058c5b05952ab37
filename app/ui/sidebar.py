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
from app.domain.layout import Layout
from app.store.store import Store
from app.ui import i18n, theme
from app.ui.tasks import Task, Tasks
from app.ui.tile_painter import draw_symbol
from app.ui.wall import CAMERA_MIME, SITE_PREFIX
from app.video.types import StreamState

PAGE = 200
SITE_LIMIT = 100_000
"""More than a site has; a guard, not a page."""

KIND, ROW, STATE, SHARED, BADGE = (Qt.ItemDataRole.UserRole + i for i in range(1, 6))
Index = QModelIndex | QPersistentModelIndex
States = Callable[[str], StreamState]
Badges = Callable[[str], tuple[str, str]]


UNFOLD = 20
"""So many organisations show their sites at once; of more, only the topmost unfold."""


class _Node:
    """An organisation, a site or a camera in the tree."""

    __slots__ = ("children", "count", "item", "loaded", "parent", "row")

    def __init__(self, item: Organisation | Site | CameraRow | None, parent: _Node | None) -> None:
        self.item, self.parent = item, parent
        self.children: list[_Node] = []
        self.loaded = False
        self.count = 0
        self.row = 0

    def adopt(self, children: list[_Node]) -> None:
        """Take these as the children."""
        self.children = children
        for row, child in enumerate(children):
            child.row = row


def _id(node: _Node) -> str:
    return node.item.id if node.item is not None else ""


def _places(root: _Node) -> list[tuple[int, str]]:
    """The organisations and their sites, with their depth: the part of the tree that is always loaded."""
    found: list[tuple[int, str]] = []
    stack = [(0, node) for node in reversed(root.children)]
    while stack:
        depth, node = stack.pop()
        found.append((depth, _id(node)))
        if isinstance(node.item, Organisation):
            stack += [(depth + 1, child) for child in reversed(node.children)]
    return found


def _mime(cameras: list[str]) -> QMimeData:
    mime = QMimeData()
    mime.setData(CAMERA_MIME, QByteArray(json.dumps(cameras).encode()))
    return mime


class TreeModel(QAbstractItemModel):
    """Organisations (those below first) → sites → cameras, which are fetched when a site is opened."""

    failed = Signal(str)

    def __init__(self, store: Store, tasks: Tasks, language: Callable[[], str]) -> None:
        super().__init__()
        self._store, self._tasks, self._language = store, tasks, language
        self._root = _Node(None, None)
        self._loading: Task | None = None
        self.state_of: States = lambda _: StreamState.IDLE
        self.shared_of: Callable[[str], str] = lambda _: ""
        self.badge_of: Badges = lambda _: ("", "")

    def load(self, done: Callable[[], None]) -> None:
        """Read organisations, sites and counts in the background, then call `done`.

        Where the places are the same as before, rows change where they stand: nothing folds up,
        and what is selected stays selected.
        """
        if self._loading is not None:
            self._loading.cancel()

        def read(_: Task) -> Any:
            store = self._store
            return store.organisations(), store.sites(), store.camera_counts()

        def show(answer: tuple[list[Organisation], list[Site], dict[str, int]]) -> None:
            root = self._grown(*answer)
            if _places(root) == _places(self._root) and self._root.loaded:
                self._renew(root)
            else:
                self.beginResetModel()
                self._root = root
                self.endResetModel()
            done()

        self._loading = self._tasks.run(self, read, show, self._failed)

    def _failed(self, error: Exception) -> None:
        self.failed.emit(i18n.error_text(error))

    def _grown(
        self, organisations: list[Organisation], sites: list[Site], counts: dict[str, int]
    ) -> _Node:
        root = _Node(None, None)
        root.loaded = True
        nodes = {o.id: _Node(o, root) for o in organisations}
        above = {o.id: o.parent_id for o in organisations}
        below: dict[str, list[_Node]] = {i: [] for i in ("", *nodes)}
        for organisation in organisations:
            seen, up = {organisation.id}, organisation.parent_id
            while up in nodes and up not in seen:  # not in a circle, which would not be shown
                seen.add(up)
                up = above[up]
            over = organisation.parent_id if up not in nodes else None
            if over in nodes:
                nodes[organisation.id].parent = nodes[over]
            below[over if over in nodes else ""].append(nodes[organisation.id])
        for site in sites:
            parent: _Node | None = nodes.get(site.organisation_id)
            if parent is not None:
                node = _Node(site, parent)
                node.count = counts.get(site.id, 0)
                below[site.organisation_id].append(node)
                while parent is not None:
                    parent.count += node.count
                    parent = parent.parent
        for identity, node in nodes.items():
            node.loaded = True
            node.adopt(below[identity])
        root.adopt(below[""])
        return root

    def _renew(self, fresh: _Node) -> None:
        """The same places with new names and counts; open sites are read again."""
        stack = [(self._root, fresh)]
        while stack:
            for old, new in zip(*(node.children for node in stack.pop()), strict=True):
                old.item, old.count = new.item, new.count
                if isinstance(new.item, Organisation):
                    stack.append((old, new))
                elif old.loaded:
                    self._read_site(old)
                place = self.createIndex(old.row, 0, old)
                self.dataChanged.emit(place, place)

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
        return self.createIndex(node.row, 0, node)

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
        self._read_site(node)

    def _read_site(self, node: _Node) -> None:
        assert isinstance(node.item, Site)
        site_id = node.item.id

        def show(rows: list[CameraRow]) -> None:
            if self._is_shown(node):
                self._show_cameras(node, rows)

        def failed(error: Exception) -> None:
            node.loaded = bool(node.children)  # opening it again asks again
            self._failed(error)

        self._tasks.run(
            self, lambda _: self._store.cameras(site_id=site_id, limit=SITE_LIMIT), show, failed
        )

    def _is_shown(self, node: _Node) -> bool:
        """Whether a late answer still has a place: the tree may have been read anew."""
        while node.parent is not None:
            if node.row >= len(node.parent.children) or node.parent.children[node.row] is not node:
                return False
            node = node.parent
        return node is self._root

    def _show_cameras(self, node: _Node, rows: list[CameraRow]) -> None:
        """Bring a site's leaves in line with `rows`, touching as few as possible."""
        where = self.createIndex(node.row, 0, node)
        wanted = {row.id for row in rows}
        for leaf in reversed(node.children):
            if _id(leaf) not in wanted:
                self.beginRemoveRows(where, leaf.row, leaf.row)
                node.adopt([c for c in node.children if c is not leaf])
                self.endRemoveRows()
        kept = [_id(leaf) for leaf in node.children]
        order = [row.id for row in rows]
        here = set(kept)
        if kept != [i for i in order if i in here]:
            # Renamed, so in another order: begin anew.
            self.beginRemoveRows(where, 0, len(node.children) - 1)
            node.adopt([])
            self.endRemoveRows()
        leaves = {_id(leaf): leaf for leaf in node.children}
        first = 0
        while first < len(rows):
            if rows[first].id in leaves:
                leaves[rows[first].id].item = rows[first]
                first += 1
                continue
            end = first
            while end < len(rows) and rows[end].id not in leaves:
                end += 1
            new = [self._leaf(row, node) for row in rows[first:end]]
            self.beginInsertRows(where, first, end - 1)
            node.adopt(node.children[:first] + new + node.children[first:])
            self.endInsertRows()
            first = end
        if node.children:
            a, b = node.children[0], node.children[-1]
            self.dataChanged.emit(
                self.createIndex(0, 0, a), self.createIndex(len(node.children) - 1, 0, b)
            )

    def _leaf(self, row: CameraRow, parent: _Node) -> _Node:
        leaf = _Node(row, parent)
        leaf.loaded = True
        return leaf

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self._node(index).item
        if item is None:
            return None
        if isinstance(item, CameraRow):
            return _camera_data(item, role, self._language(), self.state_of, self.shared_of,
                                self.badge_of)  # fmt: skip
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
        return _mime(cameras[: Layout.MAX_CELLS])

    def organisations(self) -> list[QModelIndex]:
        """Where the organisations stand."""
        found, stack = [], [self._root]
        while stack:
            for child in stack.pop().children:
                if isinstance(child.item, Organisation):
                    found.append(self.createIndex(child.row, 0, child))
                    stack.append(child)
        return found

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
        self.shared_of: Callable[[str], str] = lambda _: ""
        self.badge_of: Badges = lambda _: ("", "")

    @property
    def asking(self) -> bool:
        """Whether the rows still answer an older question."""
        return self._task is not None and not self._task.done

    def ask(self, **query: Any) -> None:
        """Show what matches (`Store.cameras`); the old list stays until the answer is there.

        The same question again keeps as many rows as there were.
        """
        if self._task is not None:
            self._task.cancel()
        limit = max(PAGE, len(self._rows)) if query == self._query else PAGE
        self._query = query

        def read(task: Task) -> tuple[list[CameraRow], int] | None:
            if task.cancelled.is_set():
                return None
            rows = self._store.cameras(**query, limit=limit)
            total = len(rows) if len(rows) < limit else self._store.count(**query)
            return rows, total

        def show(answer: tuple[list[CameraRow], int] | None) -> None:
            if answer is None:
                return
            rows, self._total = answer
            self._loading = False
            if [r.id for r in rows] == [r.id for r in self._rows]:
                self._rows = rows
                self.dataChanged.emit(self.index(0), self.index(max(0, len(rows) - 1)))
            else:
                self.beginResetModel()
                self._rows = rows
                self.endResetModel()
            self.counted.emit(self._total)

        self._task = self._tasks.run(self, read, show, self._failed)

    def _failed(self, error: Exception) -> None:
        self._loading = False
        self.failed.emit(i18n.error_text(error))

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

        self._tasks.run(self, read, show, self._failed)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        return _camera_data(self._rows[index.row()], role, self._language(), self.state_of,
                            self.shared_of, self.badge_of)  # fmt: skip

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        return [CAMERA_MIME]

    def mimeData(self, indexes: Any) -> QMimeData:
        return _mime([self._rows[i.row()].id for i in indexes][: Layout.MAX_CELLS])

    def camera(self, index: Index) -> CameraRow | None:
        """The camera at an index."""
        return self._rows[index.row()] if index.isValid() else None


def _camera_data(
    row: CameraRow,
    role: int,
    language: str,
    state_of: States,
    shared: Callable[[str], str],
    badge_of: Badges,
) -> Any:
    if role == Qt.ItemDataRole.DisplayRole:
        return row.title(language)
    if role == ROW:
        return row
    if role == STATE:
        return state_of(row.id)
    if role == BADGE:
        return badge_of(row.id)[0]
    if role == KIND:
        return "camera"
    if role == SHARED:
        return shared(row.id)
    if role == Qt.ItemDataRole.ToolTipRole:
        parts = [row.name, row.name_en, row.code, row.address, i18n.state_text(state_of(row.id)),
                 shared(row.id), badge_of(row.id)[1]]  # fmt: skip
        return "\n".join(p for p in parts if p)
    if role == Qt.ItemDataRole.AccessibleTextRole:
        told = (row.title(language), i18n.state_text(state_of(row.id)), shared(row.id),
                badge_of(row.id)[1])  # fmt: skip
        return ", ".join(t for t in told if t)
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
        if index.data(SHARED):
            marks = f"⇄ {marks}".strip()  # another organisation's; the tooltip says whose
        badge = str(index.data(BADGE) or "")
        if badge:
            width = metrics.horizontalAdvance(badge)
            painter.setPen(theme.AMBER)
            painter.drawText(box.adjusted(0, 0, -6, 0), middle | Qt.AlignmentFlag.AlignRight, badge)
            right -= width + 8
            box = box.adjusted(0, 0, -width - 8, 0)
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
    menu_requested = Signal(object, QPoint)  # list of CameraRow, or a Site; global position

    def __init__(
        self, store: Store, tasks: Tasks, language: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
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
        for model in (self._tree_model, self._list_model):
            model.failed.connect(self._failed)
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
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
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
        self._folded_tab: int | None = None
        """The tab to go back to when the search is over."""
        self._enter_waits = False
        self._keep: tuple[str, int] | None = None
        """Camera and scroll position to find again after a reload of the list."""
        self._answered = self._unfolded = False
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
            self._list.viewport().update()
        super().changeEvent(event)

    def set_states(self, state_of: States) -> None:
        """Where the symbols come from."""
        self._tree_model.state_of = self._list_model.state_of = state_of

    def set_shared(self, shared_of: Callable[[str], str]) -> None:
        """How to learn whether a camera is another organisation's ("shared by X until …")."""
        self._tree_model.shared_of = self._list_model.shared_of = shared_of

    def set_badges(self, badge_of: Badges) -> None:
        """Where the words about faults and maintenance come from."""
        self._tree_model.badge_of = self._list_model.badge_of = badge_of

    def states_changed(self) -> None:
        """Some symbols may look different."""
        self._view().viewport().update()

    def reload(self) -> None:
        """Stored data changed."""
        self._soon.start()

    def _reload_now(self) -> None:
        self._tree_model.load(self._tree_read)
        if self._stack.currentIndex() == 1:
            row = self._camera(self._list.currentIndex())
            self._keep = (row.id if row else "", self._list.verticalScrollBar().value())
            self._show_tab()

    def _tree_read(self) -> None:
        self._answered = True
        if not self._unfolded and self._tree_model.rowCount():
            self._unfolded = True
            above = self._tree_model.organisations()
            for index in above if len(above) <= UNFOLD else ():
                self._tree.expand(index)
            if len(above) > UNFOLD:
                self._tree.expandToDepth(0)
        if self._stack.currentIndex() == 0:
            self._show_tab()

    def _view(self) -> QTreeView | QListView:
        return self._tree if self._stack.currentIndex() == 0 else self._list

    # -- what is shown

    def _search(self) -> None:
        self._enter_waits = False
        typed = bool(self.search.text().strip())
        tab = self._tabs.currentIndex()
        if typed and tab == 0:
            # The tree cannot show a search; the list can.
            self._folded_tab = 0
            self._tabs.setCurrentIndex(1)
        elif not typed and tab == 1 and self._folded_tab is not None:
            self._tabs.setCurrentIndex(self._folded_tab)
        else:
            self._show_tab()

    def _show_tab(self) -> None:
        text = self.search.text().strip()
        tab = self._tabs.currentIndex()
        if tab == 0 and not text:
            self._folded_tab = None
            self._stack.setCurrentIndex(0)
            empty = self._tree_model.rowCount() == 0
            self._hint_text(self._nothing_yet() if empty and self._answered else "")
            return
        if tab == 0:
            # The tab was chosen by hand: that ends the search.
            self.search.clear()
            return
        self._stack.setCurrentIndex(1)
        self._list_model.ask(search=text, favourites_only=tab == 2)

    def _nothing_yet(self) -> str:
        return self.tr("No cameras yet. Add one with Ctrl+N.")

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
            self._hint_text(self._nothing_yet())
        if self._enter_waits:
            self._open_first()
        if self._keep is not None:
            self._find_again(*self._keep)
            self._keep = None

    def _find_again(self, camera: str, scrolled: int) -> None:
        for row in range(self._list_model.rowCount()):
            index = self._list_model.index(row)
            found = self._list_model.camera(index)
            if found is not None and found.id == camera:
                self._list.setCurrentIndex(index)
                break
        self._list.doItemsLayout()
        self._list.verticalScrollBar().setValue(scrolled)

    def _hint_text(self, text: str) -> None:
        self._hint.setText(text)
        self._hint.setVisible(bool(text))

    def _failed(self, text: str) -> None:
        self._enter_waits, self._keep = False, None
        self._hint_text(text)

    # -- what a person does

    def _camera(self, index: Index) -> CameraRow | None:
        row = index.data(ROW)
        return row if isinstance(row, CameraRow) else None

    def chosen(self) -> list[str]:
        """The selected cameras' ids from top to bottom."""
        return [row.id for row in self._chosen()]

    def _chosen(self) -> list[CameraRow]:
        """The selected cameras from top to bottom."""
        view = self._view()
        rows = [(view.visualRect(i).y(), self._camera(i)) for i in view.selectedIndexes()]
        return [row for _, row in sorted(rows, key=lambda r: r[0]) if row is not None]

    def _activate(self, index: Index) -> None:
        rows = self._chosen() if self._camera(index) else []
        if rows:
            self.open_requested.emit([row.id for row in rows][: Layout.MAX_CELLS])

    def _open_first(self) -> None:
        """Enter in the search box: never a row that answers an older question."""
        self._enter_waits = self._list_model.asking
        if self._enter_waits:
            return
        row = self._list_model.camera(self._list_model.index(0))
        if row is not None:
            self.open_requested.emit([row.id])

    def _current(self, index: Index, _: Any = None) -> None:
        self.selected.emit(self._camera(index))

    def _menu(self, point: QPoint) -> None:
        view = self._view()
        index = view.indexAt(point)
        target: Any = self._chosen() if self._camera(index) else None
        if target is None and view is self._tree:
            target = self._tree_model.site(index)
        if target:
            self.menu_requested.emit(target, view.viewport().mapToGlobal(point))

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """From the search box: Down goes into the list, Enter opens the first match."""
        if watched is self.search and isinstance(event, QKeyEvent):
            if event.type() != QEvent.Type.KeyPress:
                return False
            key = event.key()
            if key == Qt.Key.Key_Down:
                view = self._view()
                view.setFocus()
                if not view.currentIndex().isValid():
                    view.setCurrentIndex(view.model().index(0, 0))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.search.text().strip():
                self._open_first()
                return True
            if key == Qt.Key.Key_Escape:
                self.search.clear()
                return True
        return False
