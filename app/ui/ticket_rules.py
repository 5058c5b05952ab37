"""Time limits of an organisation: versions that are only added, with a calendar of working time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.calendar import ALWAYS, OFFICE_WEEK, Calendar, Hours
from app.domain.camera import Organisation
from app.domain.ticket import CATEGORIES, DEFAULT_RULES, Limit, Priority, Rules, weak_points
from app.store.tickets import Tickets, Version, Who
from app.ui import theme
from app.ui.tasks import Newest, Tasks
from app.ui.ticket_report import organisation_name
from app.ui.ticket_texts import category_text, problem_text, when_text

UNITS = {"min": 60, "h": 3600, "d": 86400}
ZONES = ("Asia/Shanghai", "Asia/Urumqi", "UTC", "Europe/Berlin")
LONGEST_DAYS = 400
"""Of a row of holidays."""


def hours_text(hours: Hours) -> str:
    """Working hours of a day, as a person types them."""
    return ", ".join(
        f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in hours
    )  # fmt: skip


def hours_of(text: str) -> Hours:
    """What was typed, such as "08:30-12:00, 13:30-18:00". Raises ValueError."""
    spans = []
    for part in text.replace("，", ",").replace("：", ":").replace("–", "-").split(","):
        if not part.strip():
            continue
        begin, _, end = part.partition("-")
        spans.append((_minutes(begin), _minutes(end)))
    return tuple(spans)


def _minutes(text: str) -> int:
    hour, _, minute = text.strip().partition(":")
    found = int(hour) * 60 + int(minute or 0)
    if not 0 <= int(minute or 0) < 60 or not 0 <= found <= 24 * 60:
        raise ValueError(text)
    return found


def days_text(days: frozenset[date]) -> str:
    """Days as a person types them, those in a row as "first..last"."""
    lines: list[str] = []
    ordered = sorted(days)
    while ordered:
        first = last = ordered.pop(0)
        while ordered and ordered[0] == last + timedelta(days=1):
            last = ordered.pop(0)
        lines.append(str(first) if first == last else f"{first}..{last}")
    return "\n".join(lines)


def days_of(text: str) -> frozenset[date]:
    """What was typed: a day a line, or "first..last". Raises ValueError with the line."""
    found: set[date] = set()
    for line in text.replace(",", "\n").splitlines():
        if not line.strip():
            continue
        first, _, last = line.strip().partition("..")
        try:
            begin = date.fromisoformat(first.strip())
            end = date.fromisoformat(last.strip()) if last else begin
        except ValueError as error:
            raise ValueError(line.strip()) from error
        if not 0 <= (end - begin).days < LONGEST_DAYS:
            raise ValueError(line.strip())
        found.update(begin + timedelta(days=i) for i in range((end - begin).days + 1))
    return frozenset(found)


class Span(QWidget):
    """A length of time: a number and a unit."""

    def __init__(self) -> None:
        super().__init__()
        self.number, self.unit = QSpinBox(), QComboBox()
        self.number.setRange(0, 9999)
        for key, text in (
            ("min", QCoreApplication.translate("RulesDialog", "min")),
            ("h", QCoreApplication.translate("RulesDialog", "h")),
            ("d", QCoreApplication.translate("RulesDialog", "days")),
        ):  # fmt: skip
            self.unit.addItem(text, key)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3)
        row.addWidget(self.number, 1)
        row.addWidget(self.unit)

    def seconds(self, day_s: int) -> int:
        """With a day of so many seconds."""
        unit = {**UNITS, "d": day_s}[self.unit.currentData()]
        return self.number.value() * unit

    def show_seconds(self, seconds: int, day_s: int) -> None:
        """In the largest unit that leaves nothing over; hours up to two days."""
        for key, unit in (("d", day_s), ("h", 3600), ("min", 60)):
            if unit and seconds % unit == 0 and (key != "d" or seconds > 2 * unit or unit < 86400):
                self.unit.setCurrentIndex(self.unit.findData(key))
                self.number.setValue(seconds // unit)
                return
        self.unit.setCurrentIndex(0)
        self.number.setValue(max(1, round(seconds / 60)))


class RulesDialog(QDialog):
    """`saved` after a new version was written."""

    saved = Signal()

    def __init__(
        self, tickets: Tickets, tasks: Tasks, who: Callable[[], Who], language: str,
        organisations: list[Organisation], first: str = "", parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`first`: the organisation that is shown at once."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Time limits of faults"))
        self._tickets, self._tasks, self._who, self._language = tickets, tasks, who, language
        self._newest = Newest()
        self._organisations = {o.id: o for o in organisations}
        self._versions: list[Version] = []
        self._may = False
        self.organisation = QComboBox()
        for organisation in organisations:
            self.organisation.addItem(organisation_name(organisation, language), organisation.id)
        self.organisation.setCurrentIndex(max(0, self.organisation.findData(first)))
        self.organisation.currentIndexChanged.connect(lambda _: self.reload())
        self.source = QLabel()
        self.source.setObjectName("hint")
        self.source.setWordWrap(True)
        head = QHBoxLayout()
        head.addWidget(QLabel(self.tr("Organisation")))
        head.addWidget(self.organisation)
        head.addWidget(self.source, 1)
        self.tabs = QTabWidget()
        self.tabs.addTab(self._limits(), self.tr("&Limits"))
        self.tabs.addTab(self._hours(), self.tr("&Working hours"))
        self.tabs.addTab(self._categories(), self.tr("&Categories"))
        self.tabs.addTab(self._history(), self.tr("&History"))
        self.note = QLineEdit()
        self.note.setMaxLength(200)
        self.note.setPlaceholderText(self.tr("Why it changes, for the history"))
        hint = QLabel(self.tr(
            "New tickets take the new version. Those that are open keep theirs, until their "
            "priority is changed or they are opened again."
        ))  # fmt: skip
        hint.setObjectName("hint")
        hint.setWordWrap(True)
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.told.hide()
        buttons = QDialogButtonBox()
        self.save = buttons.addButton(
            self.tr("&Save as a new version"), QDialogButtonBox.ButtonRole.ApplyRole
        )
        self.save.setToolTip(self.tr("Nothing is overwritten: the versions before stay (Ctrl+S)"))
        self.save.setShortcut("Ctrl+S")
        self.save.clicked.connect(self._save)
        buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(head)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.note)
        layout.addWidget(hint)
        layout.addWidget(self.told)
        layout.addWidget(buttons)
        theme.fit(self, 920, 560)
        self.put(DEFAULT_RULES)
        self.reload()

    # -- what it is made of

    def _limits(self) -> QWidget:
        page = QWidget()
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        for column, text in enumerate((
            "", self.tr("Accept within"), self.tr("On site within"), self.tr("Restore within"),
            self.tr("Tell above at"), self.tr("The clock counts"),
        )):  # fmt: skip
            label = QLabel(text)
            label.setObjectName("hint")
            grid.addWidget(label, 0, column)
        self.spans: dict[Priority, tuple[Span, Span, Span]] = {}
        self.shares: dict[Priority, QSpinBox] = {}
        self.clocks: dict[Priority, QComboBox] = {}
        for row, priority in enumerate(Priority, 1):
            name = QLabel(str(priority))
            name.setStyleSheet("font-weight: 600;")
            grid.addWidget(name, row, 0)
            spans = (Span(), Span(), Span())
            for column, span in enumerate(spans, 1):
                grid.addWidget(span, row, column)
            share, clock = QSpinBox(), QComboBox()
            share.setRange(0, 100)
            share.setSuffix(" %")
            share.setToolTip(
                self.tr("Of the time that is given. 0 %: at once; 100 %: when it is over")
            )
            clock.addItem(self.tr("all hours"), False)
            clock.addItem(self.tr("working hours"), True)
            grid.addWidget(share, row, 4)
            grid.addWidget(clock, row, 5)
            self.spans[priority], self.shares[priority] = spans, share
            self.clocks[priority] = clock
        self.live, self.reopen = QSpinBox(), QSpinBox()
        self.live.setRange(1, 600)
        self.live.setSuffix(" s")
        self.reopen.setRange(0, 365)
        self.reopen.setSuffix(self.tr(" days"))
        form = QFormLayout()
        for box in (self.live, self.reopen):
            box.setMaximumWidth(130)
        form.addRow(self.tr("The wall must see the picture before it counts as back"), self.live)
        form.addRow(self.tr("A closed ticket can be opened again for"), self.reopen)
        note = QLabel(self.tr(
            "P1 is the most urgent. A day of working hours has as many hours as Monday."
        ))  # fmt: skip
        note.setObjectName("hint")
        note.setWordWrap(True)
        column_ = QVBoxLayout(page)
        column_.addLayout(grid)
        column_.addWidget(note)
        column_.addSpacing(10)
        column_.addLayout(form)
        column_.addStretch(1)
        return theme.scrolled(page)

    def _hours(self) -> QWidget:
        page = QWidget()
        form = QFormLayout()
        self.days: list[tuple[QCheckBox, QLineEdit]] = []
        locale = QLocale("zh_CN" if self._language.startswith("zh") else "en")
        for day in range(1, 8):
            works = QCheckBox(locale.standaloneDayName(day))
            edit = QLineEdit()
            edit.setPlaceholderText("08:30-12:00, 13:30-18:00")
            works.toggled.connect(edit.setEnabled)
            self.days.append((works, edit))
            form.addRow(works, edit)
        self.zone = QComboBox()
        self.zone.setEditable(True)
        self.zone.addItems(ZONES)
        form.addRow(self.tr("Time zone"), self.zone)
        self.holidays, self.workdays = QPlainTextEdit(), QPlainTextEdit()
        right = QVBoxLayout()
        for text, box in (
            (self.tr("Holidays: a day a line, or the first and the last"), self.holidays),
            (self.tr("Weekends that are worked, with the hours of Monday"), self.workdays),
        ):  # fmt: skip
            label = QLabel(text)
            label.setWordWrap(True)
            right.addWidget(label)
            box.setPlaceholderText("2026-10-01..2026-10-07")
            box.setTabChangesFocus(True)
            box.setMinimumHeight(70)
            box.setMaximumHeight(120)
            right.addWidget(box)
        right.addStretch(1)
        row = QHBoxLayout(page)
        row.addLayout(form, 3)
        row.addSpacing(14)
        row.addLayout(right, 2)
        return theme.scrolled(page)

    def _categories(self) -> QWidget:
        self.table = QTableWidget(len(CATEGORIES), 3)
        self.table.setHorizontalHeaderLabels(
            [self.tr("Code"), self.tr("Fault"), self.tr("Priority here")]
        )
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.setColumnWidth(0, 70)
        self.table.setColumnWidth(2, 300)
        self.table.verticalHeader().setDefaultSectionSize(34)
        self.priorities: dict[str, QComboBox] = {}
        for row, category in enumerate(CATEGORIES):
            box = QComboBox()
            box.addItem(
                self.tr("{priority}, less for lower point classes").format(
                    priority=category.priority
                ),
                "",
            )
            for priority in Priority:
                box.addItem(self.tr("{priority} always").format(priority=priority), str(priority))
            self.table.setItem(row, 0, QTableWidgetItem(category.code))
            self.table.setItem(row, 1, QTableWidgetItem(category_text(category.code)))
            self.table.setCellWidget(row, 2, box)
            self.priorities[category.code] = box
        return self.table

    def _history(self) -> QWidget:
        page = QWidget()
        self.past = QTableWidget(0, 4)
        self.past.setHorizontalHeaderLabels(
            [self.tr("From"), self.tr("By"), self.tr("Open tickets"), self.tr("Why")]
        )
        self.past.verticalHeader().hide()
        self.past.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.past.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.past.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        for column, width in enumerate((170, 130, 110)):
            self.past.setColumnWidth(column, width)
        self.past.horizontalHeader().setStretchLastSection(True)
        self.past.doubleClicked.connect(lambda _: self._show_version())
        self.empty = QLabel()
        self.empty.setObjectName("hint")
        self.empty.setWordWrap(True)
        self.again = QPushButton(self.tr("S&how this version"))
        self.again.setToolTip(self.tr("Saving it makes it the newest"))
        self.again.setAutoDefault(False)
        self.again.clicked.connect(self._show_version)
        column_ = QVBoxLayout(page)
        column_.addWidget(self.empty)
        column_.addWidget(self.past, 1)
        column_.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        return page

    # -- reading and showing

    def reload(self) -> None:
        """What holds for the organisation that is chosen."""
        organisation, who = self.organisation.currentData() or "", self._who()
        tickets = self._tickets

        def read(_: Any) -> tuple[Rules, list[Version], bool]:
            return (tickets.rules_of(organisation), tickets.versions(organisation),
                    tickets.may_rule(organisation, who))  # fmt: skip

        def show(answer: tuple[Rules, list[Version], bool]) -> None:
            if organisation != (self.organisation.currentData() or ""):
                return
            rules, self._versions, self._may = answer
            self.put(rules)
            self._show_source(rules)
            self._show_history()
            for index in range(3):
                page: QWidget | None = self.tabs.widget(index)
                inner = page.widget() if isinstance(page, QScrollArea) else page
                if inner is not None:
                    inner.setEnabled(self._may)
            self.note.setEnabled(self._may)
            self.save.setEnabled(self._may)
            self.save.setToolTip(
                self.tr("Nothing is overwritten: the versions before stay (Ctrl+S)")
                if self._may
                else self.tr("For administrators of this organisation and those above; without a "
                             "server, for supervisors")
            )  # fmt: skip
            self._say("" if self._may else self.tr("You may read them: {why}").format(
                why=self.save.toolTip()), good=True)  # fmt: skip

        self._tasks.run(self, read, self._newest(show),
                        lambda error: self._say(problem_text(error)))  # fmt: skip

    def _show_source(self, rules: Rules) -> None:
        own = next((v for v in self._versions if v.rules.id == rules.id), None)
        if not rules.id:
            text = self.tr("The defaults hold: nobody has set limits here.")
        elif own is not None:
            text = self.tr("Version of {time}, by {person}").format(
                time=when_text(own.at), person=own.author
            )
        else:
            text = self.tr("The limits of an organisation above hold here.")
        self.source.setText(text)

    def _show_history(self) -> None:
        self.past.setRowCount(len(self._versions))
        for row, version in enumerate(self._versions):
            for column, text in enumerate((
                when_text(version.at), version.author, str(version.open or ""), version.note,
            )):  # fmt: skip
                self.past.setItem(row, column, QTableWidgetItem(text))
        if self._versions:
            self.past.selectRow(0)
        self.empty.setVisible(not self._versions)
        self.empty.setText(
            self.tr("No version of its own yet. Change the limits and save: that is the first.")
        )
        self.past.setVisible(bool(self._versions))
        self.again.setEnabled(bool(self._versions))

    def _show_version(self) -> None:
        row = self.past.currentRow()
        if 0 <= row < len(self._versions):
            version = self._versions[row]
            self.put(version.rules)
            self.tabs.setCurrentIndex(0)
            self._say(
                self.tr("You see the version of {time}.").format(time=when_text(version.at)),
                good=True,
            )

    def put(self, rules: Rules) -> None:
        """Show these limits."""
        calendar = next(
            (m.calendar for m in rules.limits.values() if m.calendar.week), OFFICE_WEEK
        )  # fmt: skip
        for (works, edit), hours in zip(self.days, calendar.week, strict=True):
            works.setChecked(bool(hours))
            edit.setText(hours_text(hours))
            edit.setEnabled(bool(hours))
        self.zone.setCurrentText(calendar.zone)
        self.holidays.setPlainText(days_text(calendar.holidays))
        self.workdays.setPlainText(days_text(calendar.workdays))
        for priority, limit in rules.limits.items():
            day_s = _day_s(calendar) if limit.calendar.week else 86400
            spans = (limit.accept_s, limit.on_site_s, limit.restore_s)
            for span, seconds in zip(self.spans[priority], spans, strict=True):
                span.show_seconds(seconds, day_s)
            self.shares[priority].setValue(round(limit.escalate * 100))
            self.clocks[priority].setCurrentIndex(1 if limit.calendar.week else 0)
        self.live.setValue(rules.live_s)
        self.reopen.setValue(rules.reopen_days)
        for code, box in self.priorities.items():
            own = rules.priorities.get(code)
            box.setCurrentIndex(max(0, box.findData(str(own) if own else "")))

    # -- saving

    def rules(self) -> Rules:
        """What is on the screen. Raises ValueError with words for a person."""
        calendar = self._calendar()
        limits = {}
        for priority in Priority:
            working = bool(self.clocks[priority].currentData())
            day_s = _day_s(calendar) if working else 86400
            accept, site, restore = (s.seconds(day_s) for s in self.spans[priority])
            limits[priority] = Limit(
                accept, site, restore, self.shares[priority].value() / 100,
                calendar if working else ALWAYS,
            )  # fmt: skip
        own = {
            code: Priority(box.currentData())
            for code, box in self.priorities.items()
            if box.currentData()
        }
        rules = replace(
            DEFAULT_RULES, limits=MappingProxyType(limits), live_s=self.live.value(),
            reopen_days=self.reopen.value(), priorities=MappingProxyType(own),
        )  # fmt: skip
        wrong = weak_points(rules)
        if wrong:
            raise ValueError("\n".join(self._weak_text(*point) for point in wrong))
        return rules

    def _weak_text(self, priority: str, code: str) -> str:
        text = {
            "zero": self.tr("{priority}: every step needs some time."),
            "order": self.tr("{priority}: acceptance comes before arrival, arrival before repair."),
            "share": self.tr("{priority}: a share is between 0 and 100 %."),
            "urgent": self.tr("{priority} is less urgent than the one before, but has less time."),
            "live": self.tr("The picture must be seen for 1 to 600 s."),
            "reopen": self.tr("Opened again: within 0 to 365 days."),
        }.get(code, code)
        return text.format(priority=priority)

    def _calendar(self) -> Calendar:
        week = []
        for works, edit in self.days:
            try:
                week.append(hours_of(edit.text()) if works.isChecked() else ())
            except ValueError as error:
                raise ValueError(
                    self.tr("{day}: write hours like 08:30-12:00, 13:30-18:00.").format(
                        day=works.text()
                    )
                ) from error
        days = []
        for box in (self.holidays, self.workdays):
            try:
                days.append(days_of(box.toPlainText()))
            except ValueError as error:
                raise ValueError(
                    self.tr("“{text}” is no day: write 2026-10-01, or 2026-10-01..2026-10-07.")
                    .format(text=error)
                ) from error  # fmt: skip
        try:
            made = Calendar(tuple(week), self.zone.currentText().strip(), days[0], days[1])
            Calendar.from_json(made.to_json())  # the zone is known
        except (ValueError, KeyError, OSError) as error:
            raise ValueError(self.tr(
                "These working hours make no sense: spans overlap, Monday has none though weekends "
                "are worked, or the time zone is unknown."
            )) from error  # fmt: skip
        return made

    def _save(self) -> None:
        try:
            rules = self.rules()
        except ValueError as error:
            self._say(str(error))
            return
        organisation, who = self.organisation.currentData() or "", self._who()
        tickets, note = self._tickets, self.note.text()
        self.save.setEnabled(False)

        def done(_: Any) -> None:
            self.note.clear()
            self.saved.emit()
            self.reload()
            self._say(self.tr("Saved. It holds for tickets from now on."), good=True)

        def failed(error: Exception) -> None:
            self.save.setEnabled(True)
            self._say(problem_text(error))

        self._tasks.run(
            self, lambda _: tickets.save_rules(organisation, rules, who, note), done, failed
        )

    def _say(self, text: str, *, good: bool = False) -> None:
        theme.tell(self.told, text, "hint" if good else "error")
        self.told.setVisible(bool(text))


def _day_s(calendar: Calendar) -> int:
    """Working seconds of a Monday; of a day where Mondays are free."""
    hours = next((h for h in calendar.week if h), ())
    return sum(b - a for a, b in hours) * 60 or 86400
