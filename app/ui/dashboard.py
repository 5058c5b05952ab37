"""Figures of availability and repair: values, groups, trend, the list behind a number; renewals."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMainWindow,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain import kpi
from app.domain.asset import CODE_LISTS
from app.domain.kpi import Durations, Exclusion, Figure
from app.store.figures import Facts, Fault, Figures, Renewal
from app.ui import i18n, reports, theme
from app.ui.tasks import Tasks
from app.ui.ticket_texts import category_label, span_text, when_text

MOST = 5000
DAYS = (7, 30, 90, 365)
GROUPS = ("organisation", "site", "model", "class", "maintainer")

Days = tuple[date, list[int], list[int]]


@dataclass(frozen=True, slots=True)
class Item:
    """A line behind a number: its record, and what it adds."""

    ticket: str
    camera: str
    adds: str


@dataclass(frozen=True, slots=True)
class Row:
    """A figure as it is shown. `value` is "–" where there is nothing to count."""

    key: str
    name: str
    value: str
    target: str
    counted: str
    samples: str
    coverage: str
    excluded: str
    behind: Callable[[], tuple[Item, ...]]
    bad: bool = False

    @property
    def items(self) -> tuple[Item, ...]:
        """The list behind the number; made when it is asked for."""
        return self.behind()

    def cells(self) -> list[str]:
        return [self.name, self.value, self.target, self.counted, self.samples, self.coverage,
                self.excluded]  # fmt: skip


def group_text(key: str) -> str:
    """What to group by."""
    translate = QCoreApplication.translate
    return {
        "organisation": translate("Figures", "Organisation"),
        "site": translate("Figures", "Site"),
        "model": translate("Figures", "Model"),
        "class": translate("Figures", "Point class"),
        "maintainer": translate("Figures", "Maintainer"),
    }[key]


def intact_note() -> str:
    """What the intact rate is made of, and what it is not."""
    return QCoreApplication.translate(
        "Figures",
        "Intact: a live picture here now and no open fault of picture, PTZ, power or network; "
        "opening times and PTZ are not tested.",
    )


def footer() -> str:
    """What stands below every export."""
    return QCoreApplication.translate(
        "Figures",
        "Counted by this console from what it saw and was told. Not a compliance statement.",
    )


def days_of(facts: Facts) -> Days:
    """The first day of the period here, and for each day the faults reported and the repairs of faults
    of the period that were verified."""
    first = facts.period.start.astimezone().date()
    days = (facts.now.astimezone().date() - first).days + 1
    reported, repaired = [0] * days, [0] * days
    for f in facts.faults:
        reported[(f.order.reported.astimezone().date() - first).days] += 1
        if f.order.verified is not None:
            index = (f.order.verified.astimezone().date() - first).days
            if 0 <= index < days:
                repaired[index] += 1
    return first, reported, repaired


def rows_of(facts: Facts) -> list[Row]:
    """The figures of some cameras and their faults."""
    translate = QCoreApplication.translate
    rows = [
        _share("online", translate("Figures", "Online rate (as consoles saw it)"),
               Figure(facts.online), _online_target(facts), camera=True),
        _share("intact", translate("Figures", "Intact rate now"), Figure(facts.intact),
               kpi.INTACT_TARGET["key area"], camera=True),
        _time("mtta", translate("Figures", "Mean time to accept"), facts.accept(), facts),
        _time("mttr", translate("Figures", "Mean time to repair"), facts.repair(), facts),
        _time("net", translate("Figures", "Mean time to repair, without pauses"),
              facts.repair(without_pauses=True), facts),
        _share("limits", translate("Figures", "Time limits met"), facts.limits(), kpi.SLA_TARGET),
        _share("repeats", translate("Figures", "Repeat faults"), facts.repeats(),
               kpi.REPEAT_LIMIT, most=True),
    ]  # fmt: skip
    oldest = facts.oldest()
    rows.append(Row(
        "oldest", translate("Figures", "Oldest open fault"),
        span_text(facts.now - oldest.order.reported) if oldest else "–", "",
        f"{oldest.console}-{oldest.number}" if oldest else "", "", "", "",
        lambda: (_item(oldest, facts),) if oldest else (),
    ))  # fmt: skip
    for priority in ("P1", "P2", "P3", "P4"):
        here = [f for f in facts.open if f.priority == priority]
        rows.append(Row(
            priority, translate("Figures", "Open now: {priority}").format(priority=priority),
            str(len(here)), "", "", str(len(here)), "", "", functools.partial(_items, here, facts),
        ))  # fmt: skip
    return rows


def _items(faults: Sequence[Fault], facts: Facts) -> tuple[Item, ...]:
    return tuple(_item(f, facts) for f in faults)


def _item(fault: Fault, facts: Facts) -> Item:
    adds = span_text(facts.now - fault.order.reported)
    return Item(fault.order.identity, fault.order.camera, adds)


def _online_target(facts: Facts) -> float | None:
    """The classes' common target; None where they differ or have none."""
    names = {"1": "I", "2": "II", "3": "III"}
    found = {kpi.ONLINE_TARGET.get(names.get(c.point_class, "")) for c in facts.cameras.values()}
    return found.pop() if len(found) == 1 else None


def _exclusion_text(reason: Exclusion) -> str:
    translate = QCoreApplication.translate
    return {
        Exclusion.MAINTENANCE: translate("Figures", "maintenance"),
        Exclusion.POWER_CUT: translate("Figures", "power cut"),
        Exclusion.NOT_IN_USE: translate("Figures", "not in use"),
    }[reason]


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _share(key: str, name: str, figure: Figure, target: float | None, *, camera: bool = False,
           most: bool = False) -> Row:  # fmt: skip
    translate = QCoreApplication.translate
    value, bad = "–", False
    # Each of these goes through all parts: once is enough.
    counted, reached = figure.counted, figure.value
    if reached is None and figure.collecting:
        value = translate("Figures", "collecting")
    elif reached is not None:
        value = f"{100 * reached:.1f} %"
        bad = target is not None and (reached > target if most else reached < target)
    gone = [f"{_exclusion_text(r)}: {len(p)}" for r, p in figure.excluded.items()]
    if part_s := sum(p.excluded_s for p in counted):
        gone.append(translate("Figures", "in part: {time}").format(
            time=span_text(timedelta(seconds=part_s))))  # fmt: skip
    limit = ("≤" if most else "≥") + f" {100 * target:.0f} %" if target is not None else ""
    got, of = sum(p.got for p in counted), sum(p.of for p in counted)
    coverage = f"{100 * figure.coverage:.1f} %" if counted else "–"
    return Row(key, name, value, limit, f"{_number(got)} / {_number(of)}", str(len(counted)), coverage,
               ", ".join(gone), lambda: _parts(figure, camera), bad)  # fmt: skip


def _parts(figure: Figure, camera: bool) -> tuple[Item, ...]:
    translate = QCoreApplication.translate
    items = []
    for p in figure.parts:
        if p.excluded is not None:
            adds = translate("Figures", "left out: {why}").format(why=_exclusion_text(p.excluded))
        elif not p.known:
            adds = translate("Figures", "not observed")
        else:
            adds = f"{_number(p.got)} / {_number(p.of)}"
        items.append(Item("" if camera else p.identity, p.identity if camera else "", adds))
    return tuple(items)


def _time(key: str, name: str, taken: Durations, facts: Facts) -> Row:
    translate = QCoreApplication.translate

    def say(seconds: float) -> str:
        return span_text(timedelta(seconds=seconds))

    counted = ""
    if taken.median_s is not None:
        counted = translate("Figures", "median {time}").format(time=say(taken.median_s))
    return Row(
        key, name, say(taken.mean_s) if taken.mean_s is not None else "–", "", counted,
        f"{len(taken.parts)} / {len(facts.faults)}", "", "",
        lambda: tuple(Item(identity, "", say(s)) for identity, s in taken.parts),
    )  # fmt: skip


def renewal_text(renewal: Renewal) -> str:
    """Why a camera is on the list, in words."""
    translate = QCoreApplication.translate
    said = []
    for what, n in renewal.reasons:
        if what == "planned":
            text = (translate("Figures", "planned replacement {n} days ago") if n >= 0
                    else translate("Figures", "planned replacement in {n} days"))  # fmt: skip
            said.append(text.format(n=int(abs(n))))
        elif what == "age":
            said.append(translate("Figures", "{n} years old").format(n=f"{n:.1f}"))
        elif what == "faults":
            said.append(translate("Figures", "faults in a year: {n}").format(n=int(n)))
        elif what == "warranty":
            said.append(translate("Figures", "warranty over for {n} days").format(n=int(n)))
        else:
            said.append(translate("Figures", "age not known"))
    return "; ".join(said)


class Table(QTableWidget):
    """Read only, in the order given; `chosen` (row, column) by double click or Enter."""

    chosen = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.verticalHeader().hide()
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.cellDoubleClicked.connect(self.chosen)
        enter = QShortcut(QKeySequence(Qt.Key.Key_Return), self)
        enter.setContext(Qt.ShortcutContext.WidgetShortcut)
        enter.activated.connect(self._enter)

    def _enter(self) -> None:
        if self.currentRow() >= 0:
            self.chosen.emit(self.currentRow(), self.currentColumn())

    def fill(self, head: Sequence[str], rows: Sequence[Sequence[str]],
             bad: frozenset[tuple[int, int]] = frozenset(), wide: int = 0) -> None:  # fmt: skip
        """`bad`: cells (row, column) that miss their target; `wide`: the column that grows."""
        self.setColumnCount(len(head))
        self.setHorizontalHeaderLabels(list(head))
        self.setRowCount(len(rows))
        for y, row in enumerate(rows):
            for x, text in enumerate(row):
                item = QTableWidgetItem(f"▼ {text}" if (y, x) in bad else text)
                item.setToolTip(text if len(text) > 20 else "")
                if (y, x) in bad:
                    item.setForeground(QColor(theme.RED))
                self.setItem(y, x, item)
        self.resizeColumnsToContents()
        for column in range(len(head)):
            self.setColumnWidth(column, min(360, self.columnWidth(column) + 14))
        if head:
            self.horizontalHeader().setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)


class FigureWindow(QMainWindow):
    """Read only. `ticket_asked`, `camera_asked`: a record behind a number is wanted."""

    ticket_asked = Signal(str)
    camera_asked = Signal(str)

    def __init__(
        self, figures: Figures, tasks: Tasks, live: Callable[[], Mapping[str, bool]],
        language: Callable[[], str], parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._figures, self._tasks, self._live, self._language = figures, tasks, live, language
        self._asked = 0
        self.facts: Facts | None = None
        self.rows: list[Row] = []
        self.groups: list[tuple[str, list[Row]]] = []
        self.renewals: list[Renewal] = []
        self.list: BehindDialog | None = None
        self._build()
        theme.fit(self, 1280, 800)

    def _build(self) -> None:
        import pyqtgraph as pg  # takes a third of a second, which the start has not got

        self.setWindowTitle(self.tr("Figures"))
        self.period, self.group = QComboBox(), QComboBox()
        for days in DAYS:
            self.period.addItem(self.tr("Last {n} days").format(n=days), days)
        self.period.setCurrentIndex(1)
        for key in GROUPS:
            self.group.addItem(self.tr("By: {what}").format(what=group_text(key)), key)
        self.period.currentIndexChanged.connect(lambda _: self.reload())
        self.group.currentIndexChanged.connect(lambda _: self._regroup())
        self.note = QLabel()
        self.pdf = QPushButton(self.tr("Save as PDF…"))
        self.sheet = QPushButton(self.tr("Save as spreadsheet…"))
        self.pdf.clicked.connect(lambda: self._ask_name(".pdf"))
        self.sheet.clicked.connect(lambda: self._ask_name(".xlsx"))
        head = QHBoxLayout()
        for widget in (self.period, self.group):
            head.addWidget(widget)
        head.addWidget(self.note, 1)
        for button in (self.pdf, self.sheet):
            head.addWidget(button)
        self.table, self.by_group, self.renewal = Table(), Table(), Table()
        self.table.chosen.connect(lambda y, _: self._behind(self.rows[y]))
        self.by_group.chosen.connect(self._behind_group)
        self.renewal.chosen.connect(lambda y, _: self.camera_asked.emit(self.renewals[y].camera.id))
        self.plot = pg.PlotWidget(
            background=theme.PANEL, axisItems={"bottom": pg.DateAxisItem(orientation="bottom")}
        )
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.hideButtons()
        self.plot.setMenuEnabled(False)
        self.plot.showGrid(y=True, alpha=0.2)
        self.plot.addLegend(offset=(10, 5), labelTextColor=theme.TEXT)
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setTextPen(theme.DIM_TEXT)
            self.plot.getAxis(side).setPen(theme.LINE)
        self.plot.setLabel("left", self.tr("Faults a day"), color=theme.DIM_TEXT.name())
        low = QSplitter(Qt.Orientation.Horizontal)
        low.addWidget(self.by_group)
        low.addWidget(self.plot)
        low.setSizes([760, 500])
        both = QSplitter(Qt.Orientation.Vertical)
        both.addWidget(self.table)
        both.addWidget(low)
        both.setSizes([430, 300])
        self.tabs = QTabWidget()
        self.tabs.addTab(both, self.tr("Figures"))
        self.tabs.addTab(self.renewal, self.tr("Renewal"))
        hint = QLabel(
            self.tr("Double click: the list behind a number, and from there the record.")
            + "  "
            + intact_note()
        )
        hint.setObjectName("hint")
        hint.setWordWrap(True)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.addLayout(head)
        column.addWidget(self.tabs, 1)
        column.addWidget(hint)
        self.setCentralWidget(centre)

    # -- reading

    def reload(self) -> None:
        """Count again."""
        self._asked += 1
        number, live = self._asked, dict(self._live())
        now = datetime.now(UTC)
        since = now - timedelta(days=int(self.period.currentData()))
        self.note.setText(self.tr("Counting…"))

        def work(_: Any) -> tuple[Facts, list[Row], Days]:
            facts = self._figures.facts(since, now, live)
            return facts, rows_of(facts), days_of(facts)

        def show(answer: tuple[Facts, list[Row], Days]) -> None:
            if number == self._asked:
                self.facts, self.rows, days = answer
                self._show(days)

        def rank(renewals: list[Renewal]) -> None:
            if number == self._asked:
                self.renewals = renewals
                self.renewal.fill(self.renewal_head(), self.renewal_rows(), wide=7)

        self._tasks.run(self, work, show, self._failed, timeout_s=120)
        today = now.astimezone().date()
        self._tasks.run(self, lambda _: self._figures.renewals(today), rank, self._failed,
                        timeout_s=120)  # fmt: skip

    def _failed(self, error: Exception) -> None:
        self.note.setText(i18n.error_text(error))

    def head(self) -> list[str]:
        return [self.tr("Figure"), self.tr("Value"), self.tr("Target"), self.tr("Counted"),
                self.tr("Samples"), self.tr("Observed"), self.tr("Left out")]  # fmt: skip

    def _show(self, days: Days) -> None:
        assert self.facts is not None
        cameras, seen = len(self.facts.cameras), sum(p.known > 0 for p in self.facts.online)
        if not cameras:
            self.note.setText(self.tr("There are no cameras yet."))
        else:
            self.note.setText(
                self.tr("{seen} of {all} cameras in use were seen; counted {time}").format(
                    seen=seen, all=cameras, time=when_text(self.facts.now)
                )
            )
        bad = frozenset((y, 1) for y, r in enumerate(self.rows) if r.bad)
        self.table.fill(self.head(), [r.cells() for r in self.rows], bad)
        self._draw(days)
        self._regroup()

    def _regroup(self) -> None:
        if self.facts is None:
            return
        facts, key, language = self.facts, str(self.group.currentData()), self._language()
        asked = self._asked

        def work(_: Any) -> list[tuple[str, list[Row]]]:
            groups = facts.split({c.id: c.group(key, language) for c in facts.cameras.values()})
            return [(name, rows_of(part)) for name, part in sorted(groups.items())]

        def show(groups: list[tuple[str, list[Row]]]) -> None:
            if asked == self._asked and key == self.group.currentData():
                self.groups = [(self._group_name(key, name), rows) for name, rows in groups]
                heads, cells, bad = self._group_cells()
                self.by_group.fill(heads, cells, bad)

        self._tasks.run(self, work, show, self._failed, timeout_s=120)

    def _group_name(self, key: str, name: str) -> str:
        if key == "class":
            return CODE_LISTS["point_class"].label(name, self._language()) or name
        return name or self.tr("(not known)")

    _GROUP_KEYS = ("online", "intact", "mttr", "limits", "repeats", "oldest")

    def _group_cells(self) -> tuple[list[str], list[list[str]], frozenset[tuple[int, int]]]:
        names = [self.tr("Online"), self.tr("Intact"), self.tr("Repair"), self.tr("In time"),
                 self.tr("Repeat"), self.tr("Oldest")]  # fmt: skip
        cells, bad = [], set()
        for y, (name, rows) in enumerate(self.groups):
            by_key = {r.key: r for r in rows}
            cells.append([name, *(by_key[k].value for k in self._GROUP_KEYS)])
            bad |= {(y, x + 1) for x, k in enumerate(self._GROUP_KEYS) if by_key[k].bad}
        return [group_text(str(self.group.currentData())), *names], cells, frozenset(bad)

    def _draw(self, days: Days) -> None:
        """Faults a day: reported, and their repairs verified."""
        import pyqtgraph as pg

        self.plot.clear()
        first, reported, repaired = days
        start = datetime.combine(first, datetime.min.time()).astimezone().timestamp()
        times = [start + i * kpi.DAY_S + kpi.DAY_S / 2 for i in range(len(reported))]
        self.plot.addItem(pg.BarGraphItem(x=times, height=reported, width=kpi.DAY_S * 0.7,
                                          brush=theme.ACCENT, pen=None,
                                          name=self.tr("reported")))  # fmt: skip
        self.plot.plot(times, repaired, pen=pg.mkPen(theme.GREEN, width=2),
                       name=self.tr("of these, repaired"))  # fmt: skip
        self.plot.setYRange(0, max(4, *reported, *repaired) * 1.25)

    def renewal_head(self) -> list[str]:
        return [self.tr("Rank"), self.tr("Points"), self.tr("Camera"), self.tr("Site"),
                self.tr("Model"), self.tr("Age"), self.tr("Warranty until"),
                self.tr("Why")]  # fmt: skip

    def renewal_rows(self) -> list[list[str]]:
        language = self._language()
        return [
            [str(rank), f"{r.points:.0f}", r.camera.title(language),
             r.camera.group("site", language), r.camera.model,
             "–" if r.age_years is None else f"{r.age_years:.1f}",
             r.camera.warranty_until or "–", renewal_text(r)]
            for rank, r in enumerate(self.renewals[:MOST], 1)
        ]  # fmt: skip

    # -- what is behind a number

    def _behind_group(self, y: int, x: int) -> None:
        name, rows = self.groups[y]
        key = self._GROUP_KEYS[max(0, x - 1)]
        self._behind(next(r for r in rows if r.key == key), name)

    def _behind(self, row: Row, group: str = "") -> None:
        if self.facts is None:
            return
        self.list = BehindDialog(row, group, self.facts, self._language(), self)
        self.list.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list.chosen.connect(self._open)
        self.list.show()

    def _open(self, item: Item) -> None:
        if item.ticket:
            self.ticket_asked.emit(item.ticket)
        else:
            self.camera_asked.emit(item.camera)

    # -- saving

    def _ask_name(self, suffix: str) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save figures"), f"figures{suffix}", f"*{suffix}"
        )
        if name:
            self.save(Path(name))

    def save(self, path: Path) -> None:
        """What the tab shows, as PDF or spreadsheet by the name's ending."""
        renewal = self.tabs.currentWidget() is self.renewal
        title = self.tr("Renewal list") if renewal else self.tr("Figures")
        head = self.renewal_head() if renewal else self.head()
        rows = self.renewal_rows() if renewal else [r.cells() for r in self.rows]
        if not renewal:
            for name, group in self.groups:
                rows += [[f"{name}: {r.name}", *r.cells()[1:]] for r in group]
        about = self.period.currentText() + "  ·  " + self.note.text()
        last = f"{intact_note()} {footer()}"

        def work(_: Any) -> None:
            if path.suffix.lower() == ".pdf":
                content = reports.table_html(title, about, head, rows)
                reports.write_pdf(path, content + f"<p class='small'>{last}</p>", landscape=True)
            else:
                more = [[about, *[""] * (len(head) - 1)], [last, *[""] * (len(head) - 1)]]
                reports.write_spreadsheet(path, title, head, [*rows, *more])

        done = functools.partial(self.tr("Saved: {name}").format, name=path.name)
        self._tasks.run(self, work, lambda _: self.note.setText(done()), self._failed,
                        timeout_s=300)  # fmt: skip


class BehindDialog(QDialog):
    """The list behind a number: as many lines as it has samples, with those left out."""

    chosen = Signal(object)

    def __init__(self, row: Row, group: str, facts: Facts, language: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{group}: {row.name}" if group else row.name)
        every = row.items
        self.items = every[:MOST]
        self.table = Table()
        cells = []
        for item in self.items:
            fault = facts.by_id.get(item.ticket)
            camera = facts.cameras.get(item.camera or (fault.order.camera if fault else ""))
            title = camera.title(language) if camera else self.tr("(no longer in use)")
            site = camera.group("site", language) if camera else ""
            if fault is None:
                cells.append([title, site, item.adds])
                continue
            cells.append([f"{fault.console}-{fault.number}", title, site, fault.priority,
                          category_label(fault.order.category),
                          when_text(fault.order.reported), item.adds])  # fmt: skip
        names = [self.tr("Camera"), self.tr("Site")]
        if any(i.ticket for i in self.items):
            names = [self.tr("No."), *names, self.tr("Priority"), self.tr("Fault"),
                     self.tr("Reported")]  # fmt: skip
        self.table.fill([*names, self.tr("Adds")], cells, wide=1)
        self.table.chosen.connect(lambda y, _: self.chosen.emit(self.items[y]))
        count = QLabel(f"{row.value}  ·  " + self.tr("{n} lines").format(n=len(every)))
        column = QVBoxLayout(self)
        column.addWidget(count)
        column.addWidget(self.table)
        theme.fit(self, 900, 460)
