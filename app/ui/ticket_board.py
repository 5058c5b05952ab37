"""All faults: a list with filters that can be saved, and a board by state, team or due time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import Organisation
from app.domain.ticket import OPEN, Priority, State
from app.store.tickets import Filter, Line, Tickets, Who
from app.ui import i18n, theme
from app.ui.tasks import Tasks
from app.ui.ticket_report import organisation_name
from app.ui.ticket_texts import (
    category_text,
    due_text,
    number_text,
    short_when,
    state_text,
    when_text,
)

Index = QModelIndex | QPersistentModelIndex
PAGE = 200
SEARCH_MS = 180
SHOWS = ("open", "overdue", "mine", "verify", "closed", "all")
VIEWS = ("list", "state", "team", "due")
DUE_ORDER = ("late", "hours", "today", "later", "none")


class LinesModel(QAbstractTableModel):
    """Tickets by pages; `asked` wants the page from an offset on."""

    asked = Signal(int)

    def __init__(self, language: Callable[[], str], parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []
        self.total = 0
        self.organisations: dict[str, Organisation] = {}
        self._language, self._asking = language, False

    def begin(self, lines: list[Line], total: int) -> None:
        """Another list."""
        self.beginResetModel()
        self.lines, self.total, self._asking = list(lines), total, False
        self.endResetModel()

    def append(self, lines: list[Line]) -> None:
        """The next page."""
        self._asking = False
        if not lines:
            self.total = len(self.lines)
            return
        start = len(self.lines)
        self.beginInsertRows(QModelIndex(), start, start + len(lines) - 1)
        self.lines += lines
        self.endInsertRows()

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and len(self.lines) < self.total and not self._asking

    def fetchMore(self, parent: Index) -> None:
        self._asking = True
        self.asked.emit(len(self.lines))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 9

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return (
            self.tr("No."), self.tr("Clock"), self.tr("Camera"), self.tr("Fault"),
            self.tr("Priority"), self.tr("State"), self.tr("Since"), self.tr("With"),
            self.tr("Reported"),
        )[section]  # fmt: skip

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, column = self.lines[index.row()], index.column()
        now = datetime.now(UTC)
        if role == Qt.ItemDataRole.UserRole:
            return line
        if role == Qt.ItemDataRole.ForegroundRole and column in (0, 1) and line.overdue(now):
            return QColor(theme.RED)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{line.console}  {number_text(line)}\n{when_text(line.due)}"
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        language = self._language()
        match column:
            case 0:  # each console counts for itself
                return f"{number_text(line)}  {line.console}"
            case 1:
                return due_text(line, now)
            case 2:
                more = f"  +{line.cameras - 1}" if line.cameras > 1 else ""
                return line.name(language) + more
            case 3:
                return category_text(line.category)
            case 4:
                return str(line.priority)
            case 5:
                return state_text(line.state)
            case 6:
                return short_when(line.state_since, now)
            case 7:
                return self.held_by(line)
        return f"{short_when(line.reported_at, now)}  {line.author}"

    def held_by(self, line: Line) -> str:
        """Who has it."""
        found = self.organisations.get(line.maintainer_id or line.organisation_id)
        name = organisation_name(found, self._language()) if found else ""
        return "  ".join(p for p in (line.team, name) if p)


class TicketWindow(QDialog):
    """The list and the board. `open_asked` carries a ticket's id."""

    open_asked = Signal(str)

    def __init__(
        self, tickets: Tickets, tasks: Tasks, who: Callable[[], Who], language: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._tickets, self._tasks, self._who, self._language = tickets, tasks, who, language
        self._saved: dict[str, Filter] = {}
        self._asked_at = 0
        self.setWindowTitle(self.tr("Faults"))
        self.view = QComboBox()
        for key, text in zip(VIEWS, (
            self.tr("List"), self.tr("Board by state"), self.tr("Board by team"),
            self.tr("Board by due time"),
        ), strict=True):  # fmt: skip
            self.view.addItem(text, key)
        self.show_ = QComboBox()
        for key, text in zip(SHOWS, (
            self.tr("Open"), self.tr("▲ Overdue"), self.tr("Waiting for us"),
            self.tr("To be verified"), self.tr("Closed"), self.tr("All"),
        ), strict=True):  # fmt: skip
            self.show_.addItem(text, key)
        self.state = QComboBox()
        self.state.addItem(self.tr("Any state"), "")
        for state in State:
            self.state.addItem(state_text(state), str(state))
        self.priority = QComboBox()
        self.priority.addItem(self.tr("Any priority"), "")
        for priority in Priority:
            self.priority.addItem(str(priority), str(priority))
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search camera, number, place, person"))
        self.search.setClearButtonEnabled(True)
        self.saved = QComboBox()
        self.saved.activated.connect(self._use_saved)
        self.keep = QPushButton(self.tr("Save &filter…"))
        self.keep.setAutoDefault(False)
        self.keep.clicked.connect(self._ask_name)
        bar = QHBoxLayout()
        for widget in (self.view, self.show_, self.state, self.priority):
            bar.addWidget(widget)
        bar.addWidget(self.search, 1)
        bar.addWidget(self.saved)
        bar.addWidget(self.keep)
        self.model = LinesModel(language, self)
        self.model.asked.connect(self._more)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setAlternatingRowColors(True)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(27)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        for column, width in enumerate((110, 165, 220, 200, 65, 95, 80, 180)):
            self.table.setColumnWidth(column, width)
        self.table.doubleClicked.connect(lambda index: self._open(index.row()))
        for press in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            shortcut = QShortcut(QKeySequence(press), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda: self._open(self.table.currentIndex().row()))
        self.board = QScrollArea()
        self.board.setWidgetResizable(True)
        self.board.setFrameShape(QFrame.Shape.NoFrame)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.table)
        self.pages.addWidget(self.board)
        self.told = QLabel()
        self.told.setObjectName("hint")
        layout = QVBoxLayout(self)
        layout.addLayout(bar)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.told)
        self.resize(1220, 700)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SEARCH_MS)
        self._soon.timeout.connect(self.reload)
        self.search.textChanged.connect(lambda _: self._soon.start())
        for box in (self.view, self.show_, self.state, self.priority):
            box.currentIndexChanged.connect(lambda _: self._soon.start(0))
        self._tick = QTimer(self)
        self._tick.timeout.connect(self._ticked)
        self._tick.start(20_000)
        store = tickets.store
        tasks.run(self, lambda _: (store.organisations(), tickets.filters()), self._begin,
                  lambda error: self.told.setText(i18n.error_text(error)))  # fmt: skip

    def _begin(self, answer: tuple[list[Organisation], dict[str, Filter]]) -> None:
        organisations, self._saved = answer
        self.model.organisations = {o.id: o for o in organisations}
        self._fill_saved()
        self.reload()

    def _ticked(self) -> None:
        """Clocks go on."""
        if self.isVisible() and self.model.lines:
            last = self.model.index(len(self.model.lines) - 1, 1)
            self.model.dataChanged.emit(self.model.index(0, 0), last)

    # -- filters

    def filter(self) -> Filter:
        """What is asked for."""
        return Filter(self.show_.currentData(), self.search.text().strip(),
                      self.state.currentData(), self.priority.currentData())  # fmt: skip

    def use(self, filter: Filter) -> None:
        """Show this."""
        for box, value in (
            (self.show_, filter.show), (self.state, filter.state), (self.priority, filter.priority),
        ):  # fmt: skip
            box.setCurrentIndex(max(0, box.findData(value)))
        self.search.setText(filter.text)
        self._soon.start(0)

    def _fill_saved(self) -> None:
        self.saved.clear()
        self.saved.addItem(self.tr("Saved filters"), "")
        for name in sorted(self._saved):
            self.saved.addItem(name, name)
        self.saved.insertSeparator(self.saved.count())
        self.saved.addItem(self.tr("Remove one…"), None)
        self.saved.setVisible(bool(self._saved))

    def _use_saved(self, index: int) -> None:
        name = self.saved.itemData(index)
        if name is None:
            chosen, good = QInputDialog.getItem(
                self, self.tr("Remove a filter"), self.tr("Filter"), sorted(self._saved), 0, False
            )
            if good:
                self._store_filters({k: v for k, v in self._saved.items() if k != chosen})
            self.saved.setCurrentIndex(0)
        elif name in self._saved:
            self.use(self._saved[name])

    def _ask_name(self) -> None:
        name, good = QInputDialog.getText(self, self.tr("Save filter"), self.tr("Name"))
        if good and name.strip():
            self.save_filter(name.strip()[:60])

    def save_filter(self, name: str) -> None:
        """Keep what is shown under a name."""
        self._store_filters({**self._saved, name: self.filter()})

    def _store_filters(self, filters: dict[str, Filter]) -> None:
        self._saved = filters
        self._fill_saved()
        tickets = self._tickets
        self._tasks.run(self, lambda _: tickets.save_filters(filters), None,
                        lambda error: self.told.setText(i18n.error_text(error)))  # fmt: skip

    # -- reading

    def reload(self) -> None:
        """Read what is shown again."""
        self._asked_at += 1
        asked, filter, who = self._asked_at, self.filter(), self._who()
        view, tickets = self.view.currentData(), self._tickets
        self.pages.setCurrentIndex(0 if view == "list" else 1)
        self.state.setEnabled(view == "list")

        def failed(error: Exception) -> None:
            self.told.setText(i18n.error_text(error))

        if view == "list":
            lines = max(PAGE, min(len(self.model.lines), 5 * PAGE))

            def read(_: Any) -> tuple[list[Line], int]:
                return tickets.listing(filter, who, lines)

            def show(answer: tuple[list[Line], int]) -> None:
                if asked == self._asked_at:
                    row = self.table.currentIndex().row()
                    self.model.begin(*answer)
                    if 0 <= row < len(answer[0]):
                        self.table.selectRow(row)
                    self.told.setText(self.tr("%n fault(s)", "", answer[1]))

            self._tasks.run(self, read, show, failed)
            return

        def draw(columns: dict[str, tuple[int, list[Line]]]) -> None:
            if asked == self._asked_at:
                self._draw(view, columns)

        shown = filter if filter.show in ("open", "overdue", "mine", "verify") else Filter()
        shown = replace(shown, state="", text=filter.text, priority=filter.priority)
        self._tasks.run(self, lambda _: tickets.board(view, shown), draw, failed)

    def _more(self, offset: int) -> None:
        asked, filter, who, tickets = self._asked_at, self.filter(), self._who(), self._tickets

        def show(lines: list[Line]) -> None:
            if asked == self._asked_at:
                self.model.append(lines)

        self._tasks.run(
            self, lambda _: tickets.lines(filter, who, offset=offset, limit=PAGE), show,
            lambda error: self.told.setText(i18n.error_text(error)),
        )  # fmt: skip

    # -- the board

    def _draw(self, by: str, columns: dict[str, tuple[int, list[Line]]]) -> None:
        keys = sorted(columns)
        if by == "state":
            keys = [str(s) for s in State if s in OPEN]
        elif by == "due":
            keys = list(DUE_ORDER)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        total = 0
        for key in keys:
            count, lines = columns.get(key, (0, []))
            total += count
            column = QVBoxLayout()
            title = QLabel(f"{self._column(by, key)}   {count}")
            title.setStyleSheet("font-weight: 600; padding: 3px;")
            cards = QListWidget()
            cards.setMinimumWidth(140)
            cards.setWordWrap(True)
            cards.setSpacing(2)
            cards.setObjectName(f"cards {key}")
            cards.itemActivated.connect(
                lambda item: self.open_asked.emit(item.data(Qt.ItemDataRole.UserRole))
            )
            for line in lines:
                cards.addItem(self._card(line, with_state=by != "state"))
            if count > len(lines):
                last = QListWidgetItem(self.tr("%n more: see the list", "", count - len(lines)))
                last.setFlags(Qt.ItemFlag.NoItemFlags)
                cards.addItem(last)
            column.addWidget(title)
            column.addWidget(cards, 1)
            row.addLayout(column, 1)
        self.board.setWidget(holder)
        self.told.setText(self.tr("%n fault(s)", "", total))

    def _column(self, by: str, key: str) -> str:
        if by == "state":
            return state_text(State(key))
        if by == "due":
            return {
                "late": self.tr("▲ Overdue"),
                "hours": self.tr("In 4 hours"),
                "today": self.tr("In 24 hours"),
                "later": self.tr("Later"),
                "none": self.tr("No clock runs"),
            }[key]
        if key.startswith("org:"):
            found = self.model.organisations.get(key.removeprefix("org:"))
            return organisation_name(found, self._language()) if found else self.tr("(own people)")
        return key

    def _card(self, line: Line, *, with_state: bool) -> QListWidgetItem:
        now = datetime.now(UTC)
        head = f"{number_text(line)}  {line.priority}  {category_text(line.category)}"
        state = state_text(line.state) if with_state else ""
        clock = "  ".join(p for p in (due_text(line, now), state) if p)
        text = "\n".join(p for p in (head, line.name(self._language()), clock) if p)
        item = QListWidgetItem(text)
        item.setData(Qt.ItemDataRole.UserRole, line.id)
        item.setToolTip(f"{when_text(line.reported_at)}  {line.author}")
        if line.overdue(now):
            item.setForeground(theme.RED)
        return item

    def _open(self, row: int) -> None:
        if 0 <= row < len(self.model.lines):
            self.open_asked.emit(self.model.lines[row].id)
