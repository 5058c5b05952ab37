"""All faults: a list with filters that can be saved, and a board by state, team or due time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import Organisation
from app.domain.ticket import OPEN, Priority, Refusal, State
from app.store.tickets import Filter, Line, Tickets, Who, related
from app.ui import i18n, theme
from app.ui.tasks import Tasks
from app.ui.ticket_report import organisation_name
from app.ui.ticket_texts import (
    back_text,
    category_text,
    due_text,
    number_text,
    problem_text,
    refusal_text,
    short_when,
    state_text,
    when_text,
)

Index = QModelIndex | QPersistentModelIndex
PAGE = 200
SEARCH_MS = 180
SHOWS = ("open", "overdue", "escalated", "mine", "back", "verify", "closed", "all")
WIDTHS = (120, 165, 200, 170, 65, 175, 90, 170, 170)
"""Of the columns, at least."""
CAMERA = 140
"""Of its name, where there is little room."""
LEAST = (8, 6, 7, 4)
"""Columns that give way where there is no room for all, in this order."""
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
        if role == Qt.ItemDataRole.ForegroundRole and column == 5 and line.back:
            return QColor(theme.GREEN)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tip(line, now)
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
                return "  ".join(p for p in (state_text(line.state), back_text(line)) if p)
            case 6:
                return short_when(line.state_since, now)
            case 7:
                return self.held_by(line)
        return f"{short_when(line.reported_at, now)}  {line.author}"

    def tip(self, line: Line, now: datetime) -> str:
        """What a row has no room for."""
        parts = [f"{line.console}  {number_text(line)}"]
        if line.due is not None:
            parts.append(self.tr("due {time}").format(time=when_text(line.due)))
        parts += [
            self.tr("reported {time} by {person}").format(
                time=when_text(line.reported_at), person=line.author
            ),
            self.held_by(line),
            back_text(line),
        ]
        if line.level or line.escalated(now):
            parts.append(self.tr("⇧ somebody above should know, or was told"))
        return "\n".join(p for p in parts if p)

    def held_by(self, line: Line) -> str:
        """Who has it."""
        found = self.organisations.get(line.maintainer_id or line.organisation_id)
        name = organisation_name(found, self._language()) if found else ""
        return "  ".join(p for p in (line.team, name) if p)


class TicketWindow(QDialog):
    """The list and the board. `open_asked` carries a ticket's id."""

    open_asked = Signal(str)
    rules_asked = Signal()

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
            self.tr("Open"), self.tr("▲ Overdue"), self.tr("⇧ Escalated"),
            self.tr("Waiting for us"), self.tr("◉ Picture is back"),
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
        self.camera_id = ""
        self.camera = QPushButton()
        self.camera.setAutoDefault(False)
        self.camera.setToolTip(self.tr("Faults of this camera only: press to see those of all"))
        self.camera.clicked.connect(lambda: self.only("", ""))
        self.camera.hide()
        self.join = QPushButton(self.tr("&Join…"))
        self.join.setToolTip(
            self.tr("Make one ticket of those that are selected (Ctrl+click) in the list")
        )
        self.rules = QPushButton(self.tr("&Time limits…"))
        self.rules.setToolTip(self.tr("Limits, working hours and priorities of an organisation"))
        for button in (self.join, self.rules):
            button.setAutoDefault(False)
        self.join.clicked.connect(self._ask_join)
        self.rules.clicked.connect(self.rules_asked)
        bar = QHBoxLayout()
        for widget in (self.view, self.show_, self.state, self.priority):
            widget.setMinimumWidth(64)
            bar.addWidget(widget)
        self.camera.setMinimumWidth(64)
        self.saved.setMinimumWidth(64)
        bar.addWidget(self.camera)
        bar.addWidget(self.search, 1)
        bar.addWidget(self.saved)
        bar.addWidget(self.keep)
        self.model = LinesModel(language, self)
        self.model.asked.connect(self._more)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setAlternatingRowColors(True)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(27)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        for column, width in enumerate(WIDTHS):
            self.table.setColumnWidth(column, width)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(50)
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
        self.empty = QLabel()
        self.empty.setObjectName("hint")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pages.addWidget(self.empty)
        self.told = QLabel()
        self.told.setObjectName("hint")
        layout = QVBoxLayout(self)
        layout.addLayout(bar)
        layout.addWidget(self.pages, 1)
        bottom = QHBoxLayout()
        bottom.addWidget(self.told, 1)
        bottom.addWidget(self.join)
        bottom.addWidget(self.rules)
        layout.addLayout(bottom)
        self.told.setWordWrap(True)
        self.search.setMinimumWidth(80)
        theme.fit(self, 1220, 700)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._selected())
        self._selected()
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
                      self.state.currentData(), self.priority.currentData(),
                      camera_id=self.camera_id)  # fmt: skip

    def only(self, camera_id: str, title: str) -> None:
        """The faults of one camera, all of them; "" for those of all cameras."""
        self.camera_id = camera_id
        self.camera.setText(f"{title}  ✕")
        self.camera.setVisible(bool(camera_id))
        self.show_.setCurrentIndex(self.show_.findData("all" if camera_id else "open"))
        self.search.clear()
        self._soon.start(0)

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
        self.pages.setCurrentIndex(1 if view != "list" else 0 if self.model.lines else 2)
        self._selected()
        self.state.setEnabled(view == "list")

        def failed(error: Exception) -> None:
            self.told.setText(i18n.error_text(error))

        if view == "list":
            lines = max(PAGE, min(len(self.model.lines), 5 * PAGE))

            def read(_: Any) -> tuple[list[Line], int]:
                return tickets.listing(filter, who, lines)

            def show(answer: tuple[list[Line], int]) -> None:
                if asked == self._asked_at:
                    chosen = {line.id for line in self.chosen()}
                    self.model.begin(*answer)
                    for row, line in enumerate(answer[0]):
                        if line.id in chosen:
                            self.table.selectionModel().select(
                                self.model.index(row, 0),
                                QItemSelectionModel.SelectionFlag.Select
                                | QItemSelectionModel.SelectionFlag.Rows,
                            )
                    self.pages.setCurrentIndex(0 if answer[0] else 2)
                    self.empty.setText(self._nothing(filter))
                    self.told.setText(self.tr("%n fault(s)", "", answer[1]))

            self._tasks.run(self, read, show, failed)
            return

        def draw(columns: dict[str, tuple[int, list[Line]]]) -> None:
            if asked == self._asked_at:
                self._draw(view, columns)

        shown = filter if filter.show not in ("closed", "all") else Filter()
        shown = replace(shown, state="", text=filter.text, priority=filter.priority,
                        camera_id=filter.camera_id)  # fmt: skip
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
        clock = "  ".join(p for p in (due_text(line, now), state, back_text(line)) if p)
        text = "\n".join(p for p in (head, line.name(self._language()), clock) if p)
        item = QListWidgetItem(text)
        item.setData(Qt.ItemDataRole.UserRole, line.id)
        item.setToolTip(f"{when_text(line.reported_at)}  {line.author}")
        if line.overdue(now):
            item.setForeground(theme.RED)
        return item

    def _nothing(self, filter: Filter) -> str:
        """What an empty list says, and what to do next."""
        if filter == Filter():
            return self.tr("No fault is open.\nSelect a tile and press F to report one.")
        if filter == Filter("escalated"):
            return self.tr("Nothing takes too long: nobody has to be told.")
        if filter.camera_id and filter == Filter("all", camera_id=filter.camera_id):
            return self.tr("This camera never had a fault.")
        return self.tr("No fault fits. Choose “All”, or clear the search.")

    # -- joining

    def chosen(self) -> list[Line]:
        """The selected tickets."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.lines[row] for row in rows if row < len(self.model.lines)]

    def _selected(self) -> None:
        lines = self.chosen() if self.view.currentData() == "list" else []
        self.join.setEnabled(len(lines) > 1 and all(line.state in OPEN for line in lines))

    def _ask_join(self) -> None:
        lines = self.chosen()
        if len(lines) < 2:
            return
        if not all(related(lines[0], line) for line in lines[1:]):
            self.told.setText(refusal_text(Refusal("unrelated")))
            return
        dialog = JoinDialog(lines, self._language(), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.join_to(dialog.lead(), [line.id for line in lines]))
        dialog.open()

    def join_to(self, lead: str, ids: list[str]) -> None:
        """Make one ticket of several."""
        tickets, who = self._tickets, self._who()

        def done(_: Any) -> None:
            self.reload()
            self.told.setText(self.tr("Joined. “Separate again” in a ticket takes it back."))

        self._tasks.run(
            self, lambda _: tickets.join(lead, ids, who), done,
            lambda error: self.told.setText(problem_text(error)),
        )  # fmt: skip

    # -- room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """What matters least gives way: nobody scrolls sideways."""
        room = self.pages.width() - 24
        needed = sum(WIDTHS)
        for column in LEAST:
            self.table.setColumnHidden(column, needed > room)
            if needed > room:
                needed -= WIDTHS[column]
        fixed = needed - WIDTHS[2]
        share = min(1.0, max(0.3, (room - CAMERA) / fixed))
        for column, width in enumerate(WIDTHS):
            if column != 2 and not self.table.isColumnHidden(column):
                self.table.setColumnWidth(column, int(width * share))

    def _open(self, row: int) -> None:
        if 0 <= row < len(self.model.lines):
            self.open_asked.emit(self.model.lines[row].id)


class JoinDialog(QDialog):
    """Which of several tickets leads."""

    def __init__(self, lines: list[Line], language: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Make one ticket of %n", "", len(lines)))
        self.leads: dict[str, QRadioButton] = {}
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(self.tr("Which one leads? It keeps its number, state and clock.")))
        now = datetime.now(UTC)
        for line in sorted(lines, key=lambda found: found.reported_at):
            words = (number_text(line), line.name(language), category_text(line.category),
                     state_text(line.state), due_text(line, now))  # fmt: skip
            button = QRadioButton("   ".join(w for w in words if w))
            button.setChecked(not self.leads)
            self.leads[line.id] = button
            layout.addWidget(button)
        hint = QLabel(self.tr(
            "The others become part of it, with their cameras, words and pictures. They can be "
            "separated again."
        ))  # fmt: skip
        hint.setObjectName("hint")
        hint.setWordWrap(True)
        layout.addWidget(hint)
        buttons = QDialogButtonBox()
        ok = buttons.addButton(self.tr("Join"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Back"), QDialogButtonBox.ButtonRole.RejectRole)
        ok.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self.setMinimumWidth(520)

    def lead(self) -> str:
        """The ticket that was chosen."""
        return next(identity for identity, button in self.leads.items() if button.isChecked())
