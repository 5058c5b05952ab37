"""The register as a file: an assistant that imports Excel and CSV, and one that exports."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain import asset
from app.domain.asset import Rules
from app.paths import RESOURCES
from app.store import assets, exchange
from app.store.assets import Selection
from app.store.exchange import (
    CancelledError,
    ExchangeError,
    Finding,
    Layout,
    Options,
    PastImport,
    Preview,
    Result,
    Table,
    Undone,
)
from app.store.store import Store
from app.ui import theme
from app.ui.asset_file import local_time, meaning, problem_text
from app.ui.i18n import error_text
from app.ui.tasks import Tasks

LONG_S = 6 * 3600.0
PAGE = 200
FILES = "Excel, CSV (*.xlsx *.csv *.txt)"


def exchange_text(error: Exception) -> str:
    """Why a file cannot be taken or written, and what to do."""
    if not isinstance(error, ExchangeError):
        return error_text(error)
    translate = QCoreApplication.translate
    text = {
        "too-large": translate("Exchange", "The file is larger than {detail}. Split it."),
        "bomb": translate(
            "Exchange", "This workbook is far larger than it looks. It was not opened."
        ),
        "hostile": translate("Exchange", "This workbook refers to other files. It was not opened."),
        "damaged": translate("Exchange", "The file is damaged: {detail}."),
        "encoding": translate("Exchange", "This is neither UTF-8 nor GB 18030 text."),
        "unknown-format": translate(
            "Exchange", "This is no table that can be read. Save it as .xlsx or CSV first."
        ),
        "empty": translate("Exchange", "The file is empty."),
        "no-header": translate("Exchange", "No line with the names of the columns was found."),
        "too-many-rows": translate("Exchange", "More than {detail} rows. Split the file."),
        "unreadable": translate("Exchange", "The file cannot be read: {detail}."),
        "not-written": translate("Exchange", "The file cannot be written: {detail}."),
    }.get(error.code, str(error))
    return text.format(detail=error.detail)


class _Working(QDialog):
    """A dialog with long work: a bar, a button that stops it, and one line that tells."""

    _progressed = Signal(int, int)

    def __init__(self, store: Store, tasks: Tasks, language: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._store, self._tasks, self._language = store, tasks, language
        self._stopped = threading.Event()
        self.busy = False
        self.bar = QProgressBar()
        self.bar.setTextVisible(True)
        self.stop = QPushButton(QCoreApplication.translate("Exchange", "Stop"))
        self.stop.setAutoDefault(False)
        self.stop.clicked.connect(self._stop)
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self._progressed.connect(self._show_progress)
        self.bar.hide()
        self.stop.hide()

    def _stop(self) -> None:
        self._stopped.set()
        self.stop.setEnabled(False)

    def _progress(self, done: int, total: int) -> None:
        with contextlib.suppress(RuntimeError):  # the window is gone
            self._progressed.emit(done, total)

    def _show_progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)
        self.bar.setFormat(f"{done} / {total}")

    def _work(
        self, work: Callable[[], Any], success: Callable[[Any], None],
        failed: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        self._stopped.clear()
        self.busy = True
        self.stop.setEnabled(True)
        self.bar.setRange(0, 0)
        self.bar.setFormat("")
        self.tell("")
        for widget in (self.bar, self.stop):
            widget.show()
        self.refresh()

        def ended() -> None:
            self.busy = False
            self.bar.hide()
            self.stop.hide()

        def good(answer: Any) -> None:
            ended()
            success(answer)
            self.refresh()

        def bad(error: Exception) -> None:
            ended()
            if isinstance(error, CancelledError):
                self.tell(QCoreApplication.translate("Exchange", "Stopped. Nothing was changed."))
            else:
                self.tell(exchange_text(error), "error")
            failed()
            self.refresh()

        self._tasks.run(self, lambda _: work(), good, bad, timeout_s=LONG_S)

    def tell(self, text: str, look: str = "") -> None:
        """One line below."""
        theme.tell(self.told, text, look)

    def refresh(self) -> None:
        """What can be pressed now."""

    def reject(self) -> None:
        if self.busy and not self._stopped.is_set():
            self._stop()  # a second time closes it
            return
        super().reject()

    def done(self, result: int) -> None:
        self._stopped.set()
        super().done(result)


def _button(text: str, keys: str, tip: str) -> QPushButton:
    made = QPushButton(text)
    made.setAutoDefault(False)
    made.setShortcut(QKeySequence(keys))
    made.setToolTip(
        f"{tip}  ({QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)})"
    )
    return made


class ImportDialog(_Working):
    """Choose a file, say what its columns are, look at what would happen, import, undo."""

    def __init__(
        self, store: Store, tasks: Tasks, language: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(store, tasks, language, parent)
        self.setWindowTitle(self.tr("Import into the asset register"))
        self._rules: Rules = asset.RULES
        self._table: Table | None = None
        self._preview: Preview | None = None
        self._result: Result | None = None
        self._page = 0
        self.pages = QStackedWidget()
        for page in (self._choosing(), self._reviewing(), self._ended()):
            self.pages.addWidget(page)
        self.back = _button(self.tr("Back"), "Alt+Left", self.tr("To the step before"))
        self.next = _button(self.tr("Check file"), "Ctrl+Return", self.tr("To the next step"))
        self.shut = QPushButton(self.tr("Close"))
        self.shut.setAutoDefault(False)
        self.back.clicked.connect(self._back)
        self.next.clicked.connect(self._next)
        self.shut.clicked.connect(self.reject)
        bottom = QHBoxLayout()
        bottom.addWidget(self.bar, 1)
        bottom.addWidget(self.stop)
        bottom.addStretch(1)
        for button in (self.back, self.next, self.shut):
            bottom.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.told)
        layout.addLayout(bottom)
        theme.fit(self, 1060, 680)
        self.choose.setFocus()
        self.refresh()
        self._load()

    def _load(self) -> None:
        def work(_: Any) -> Any:
            return (assets.rules(self._store), self._store.sites(), exchange.imports(self._store))

        def show(answer: Any) -> None:
            self._rules, sites, past = answer
            self.site.clear()
            self.site.addItem(self.tr("(do not add new cameras)"), "")
            for site in sites:
                english = not self._language.startswith("zh")
                self.site.addItem((english and site.name_en) or site.name, site.id)
            self._show_past(past)

        self._tasks.run(self, work, show, lambda error: self.tell(exchange_text(error), "error"))

    # -- step 1

    def _choosing(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        top = QHBoxLayout()
        self.choose = _button(self.tr("Choose file…"), "Ctrl+O", self.tr("Excel or CSV"))
        self.choose.clicked.connect(self._choose)
        self._name = QLabel(self.tr("Excel (.xlsx) or CSV (UTF-8 or GB 18030), up to 200,000 rows"))
        self._name.setObjectName("hint")
        top.addWidget(self.choose)
        top.addWidget(self._name, 1)
        layout.addLayout(top)
        self.columns = QTreeWidget()
        self.columns.setRootIsDecorated(False)
        self.columns.setHeaderLabels([
            self.tr("Column of the file"), self.tr("Examples"), self.tr("is the field"),
        ])  # fmt: skip
        self.columns.setColumnWidth(0, 240)
        self.columns.setColumnWidth(1, 420)
        layout.addWidget(self.columns, 1)
        row = QHBoxLayout()
        self.datum = QComboBox()
        self.datum.addItem("WGS-84 (GPS)", False)
        self.datum.addItem(self.tr("GCJ-02 (Chinese web maps): convert"), True)
        row.addWidget(QLabel(self.tr("Coordinates are")))
        row.addWidget(self.datum)
        row.addStretch(1)
        self.past = QComboBox()
        self.past.setMinimumWidth(280)
        self.take_back = QPushButton(self.tr("Undo this import"))
        self.take_back.setAutoDefault(False)
        self.take_back.clicked.connect(lambda: self._undo(str(self.past.currentData() or "")))
        row.addWidget(QLabel(self.tr("Earlier imports")))
        row.addWidget(self.past)
        row.addWidget(self.take_back)
        layout.addLayout(row)
        return page

    def _show_past(self, past: list[PastImport]) -> None:
        self.past.clear()
        for item in past:
            self.past.addItem(f"{local_time(item.at)}  {item.detail}", item.batch)
        self.refresh()

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Import into the asset register"), "", FILES
        )
        if name:
            self.read(Path(name))

    def read(self, path: Path) -> None:
        """Read the heading of a file."""

        def work() -> Any:
            table = exchange.open_table(path, self._rules)
            known = exchange.remembered_columns(self._store)
            return table, asset.guess_columns(table.header, self._rules, known)

        self._work(work, self._opened)

    def _opened(self, answer: tuple[Table, list[str]]) -> None:
        self._table, guessed = answer
        coding = {"utf-8-sig": "UTF-8", "gb18030": "GB 18030"}.get(self._table.encoding, "Excel")
        self._name.setText(f"{self._table.path.name}  ·  {coding}")
        self.columns.clear()
        self.fields: list[QComboBox] = []
        for i, (text, name) in enumerate(zip(self._table.header, guessed, strict=True)):
            cells = [row[i] for row in self._table.examples if i < len(row) and row[i]]
            item = QTreeWidgetItem([text, "  ·  ".join(cells)[:200], ""])
            item.setToolTip(1, item.text(1))
            self.columns.addTopLevelItem(item)
            box = QComboBox()
            box.addItem(self.tr("(not imported)"), "")
            for spec in self._rules.fields:
                box.addItem(spec.label(self._language), spec.name)
            for extra, titles in asset.EXTRA_COLUMNS.items():
                box.addItem(titles[self._language.startswith("zh")], extra)
            box.setCurrentIndex(max(0, box.findData(name)))
            box.currentIndexChanged.connect(lambda *_: self.refresh())
            box.setAccessibleName(text)
            self.columns.setItemWidget(item, 2, box)
            self.fields.append(box)

    def chosen_columns(self) -> list[str]:
        """The field of each column."""
        return [str(box.currentData() or "") for box in self.fields] if self._table else []

    def _check(self) -> None:
        table, columns = self._table, self.chosen_columns()
        if table is None:
            return
        options = Options(gcj02=bool(self.datum.currentData()))

        def work() -> Preview:
            exchange.remember_columns(self._store, table.header, columns)
            return exchange.preview(
                self._store, table, columns, options, self._progress, self._stopped.is_set
            )

        self._work(work, self._show_preview)

    # -- step 2

    def _reviewing(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        self.summary = QLabel()
        self.summary.setObjectName("heading")
        self.summary.setWordWrap(True)
        layout.addWidget(self.summary)
        self._explained = QLabel()
        self._explained.setObjectName("hint")
        self._explained.setWordWrap(True)
        layout.addWidget(self._explained)
        row = QHBoxLayout()
        self.site = QComboBox()
        self.site.setMinimumWidth(260)
        self.site.currentIndexChanged.connect(lambda *_: self.refresh())
        self._to = QLabel(self.tr("New cameras without a site go to"))
        row.addWidget(self._to)
        row.addWidget(self.site)
        row.addStretch(1)
        layout.addLayout(row)
        self.tabs = QTabWidget()
        self.errors = _table(
            [self.tr("Row"), self.tr("Column"), self.tr("Value"), self.tr("What is wrong")]
        )
        self.errors.setColumnWidth(1, 180)
        self.errors.setColumnWidth(2, 240)
        self.review = _table([
            self.tr("Take"), self.tr("Row"), self.tr("Camera"), self.tr("Field"), self.tr("Here"),
            self.tr("In the file"),
        ])  # fmt: skip
        self.review.setColumnWidth(2, 240)
        self.review.setColumnWidth(3, 130)
        self.review.setColumnWidth(4, 220)
        self.review.itemChanged.connect(self._ticked)
        errors, differences = QWidget(), QWidget()
        first = QVBoxLayout(errors)
        first.setContentsMargins(0, 6, 0, 0)
        first.addWidget(self.errors)
        second = QVBoxLayout(differences)
        second.setContentsMargins(0, 6, 0, 0)
        choice = QHBoxLayout()
        self.which = QComboBox()
        self.which.setMinimumWidth(220)
        self.which.activated.connect(lambda _: self._fill_review(0))
        self.take = _button(self.tr("Take all of these"), "Alt+T", self.tr("What the file says"))
        self.keep = _button(self.tr("Keep all of these"), "Alt+K", self.tr("What is here"))
        self.take.clicked.connect(lambda: self._decide(True))
        self.keep.clicked.connect(lambda: self._decide(False))
        for widget in (self.which, self.take, self.keep):
            choice.addWidget(widget)
        choice.addStretch(1)
        second.addLayout(choice)
        second.addWidget(self.review)
        self.tabs.addTab(errors, "")
        self.tabs.addTab(differences, "")
        self.tabs.currentChanged.connect(lambda _: self._turn(0))
        layout.addWidget(self.tabs, 1)
        pager = QHBoxLayout()
        self.earlier = _button("‹", "PgUp", self.tr("Page before"))
        self.later = _button("›", "PgDown", self.tr("Next page"))
        self._at = QLabel()
        self.earlier.clicked.connect(lambda: self._turn(-1))
        self.later.clicked.connect(lambda: self._turn(1))
        pager.addStretch(1)
        turning: tuple[QWidget, ...] = (self.earlier, self._at, self.later)
        for button in turning:
            pager.addWidget(button)
        layout.addLayout(pager)
        return page

    def _show_preview(self, made: Preview) -> None:
        if self._preview is not None:
            self._preview.close()
        self._preview, c = made, made.counts
        self.summary.setText(
            self.tr("{rows} rows: {new} new, {changed} changed, {same} as they are here, "
                    "{wrong} with errors").format(
                rows=c.rows, new=c.new, changed=c.changed, same=c.same, wrong=c.wrong)
        )  # fmt: skip
        self._explained.setText(
            self.tr("Nothing was written yet. {fills} empty fields will be filled. Rows with errors "
                    "are left out. Nothing is ever deleted.").format(fills=c.fills)
        )  # fmt: skip
        self.which.clear()
        self.which.addItem(self.tr("All fields"), "")
        for name, (count, _) in made.fields().items():
            self.which.addItem(f"{self._label(name)} ({count})", name)
        self.tabs.setTabText(0, self.tr("Errors ({errors}) and hints ({hints})").format(
            errors=c.errors, hints=c.hints))  # fmt: skip
        self._name_review()
        self._fill_errors(0)
        self._fill_review(0)
        self.pages.setCurrentIndex(1)
        self.tabs.setCurrentIndex(0 if c.errors or not c.differences else 1)

    def _name_review(self) -> None:
        if self._preview is not None:
            taken = sum(t for _, t in self._preview.fields().values())
            self.tabs.setTabText(1, self.tr("Differences ({count}, {taken} taken)").format(
                count=self._preview.counts.differences, taken=taken))  # fmt: skip

    def _label(self, name: str) -> str:
        spec = self._rules.get(name)
        if spec is not None:
            return spec.label(self._language)
        return asset.EXTRA_COLUMNS.get(name, (name, name))[self._language.startswith("zh")]

    def _fill_errors(self, page: int) -> None:
        if self._preview is None:
            return
        found = self._preview.findings(page * PAGE, PAGE)
        self.errors.setRowCount(len(found))
        for i, finding in enumerate(found):
            texts = (str(finding.line), finding.column or self._label(finding.field), finding.value,
                     self._finding_text(finding))  # fmt: skip
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.errors.setItem(i, column, item)
        self._paged(0, page, self._preview.counts.errors + self._preview.counts.hints)

    def _finding_text(self, finding: Finding) -> str:
        text = problem_text(finding.reason, finding.detail)
        return self.tr("Hint: {text}").format(text=text) if finding.hint else text

    def _fill_review(self, page: int) -> None:
        if self._preview is None:
            return
        name = str(self.which.currentData() or "")
        found = self._preview.differences(page * PAGE, PAGE, name)
        self.review.blockSignals(True)
        self.review.setRowCount(len(found))
        for i, difference in enumerate(found):
            spec = self._rules.get(difference.field)
            here, there = (
                meaning(spec, v, self._rules, self._language) if spec else v
                for v in (difference.here, difference.there)
            )
            tick = QTableWidgetItem()
            tick.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled
                          | Qt.ItemFlag.ItemIsSelectable)  # fmt: skip
            tick.setCheckState(
                Qt.CheckState.Checked if difference.take else Qt.CheckState.Unchecked
            )
            tick.setData(Qt.ItemDataRole.UserRole, difference.id)
            self.review.setItem(i, 0, tick)
            texts = (
                str(difference.line),
                difference.camera,
                self._label(difference.field),
                here,
                there,
            )
            for column, text in enumerate(texts, 1):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                self.review.setItem(i, column, item)
        self.review.blockSignals(False)
        counts = self._preview.fields()
        total = counts.get(name, (0, 0))[0] if name else self._preview.counts.differences
        self._paged(1, page, total)

    def _paged(self, tab: int, page: int, total: int) -> None:
        if tab != self.tabs.currentIndex():
            return
        self._page = page
        pages = max(1, (total + PAGE - 1) // PAGE)
        self._at.setText(f"{page + 1} / {pages}")
        pager: tuple[QWidget, ...] = (self.earlier, self._at, self.later)
        for widget in pager:
            widget.setVisible(pages > 1)
        self.earlier.setEnabled(page > 0)
        self.later.setEnabled(page + 1 < pages)

    def _turn(self, by: int) -> None:
        page = self._page + by if by else 0
        (self._fill_errors, self._fill_review)[self.tabs.currentIndex()](page)

    def _ticked(self, item: QTableWidgetItem) -> None:
        if self._preview is not None and item.column() == 0:
            taken = item.checkState() is Qt.CheckState.Checked
            self._preview.decide(taken, ids=[int(item.data(Qt.ItemDataRole.UserRole))])
            self._name_review()
            self.refresh()

    def _decide(self, take: bool) -> None:
        if self._preview is not None:
            self._preview.decide(take, name=str(self.which.currentData() or ""))
            self._fill_review(self._page)
            self._name_review()
            self.refresh()

    def _apply(self) -> None:
        made, site = self._preview, str(self.site.currentData() or "")
        if made is None:
            return
        self._work(
            lambda: exchange.apply(self._store, made, site, self._progress, self._stopped.is_set),
            self._show_result,
        )

    # -- step 3

    def _ended(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        self.outcome = QLabel()
        self.outcome.setObjectName("heading")
        self.detail = QLabel()
        for label in (self.outcome, self.detail):
            label.setWordWrap(True)
            layout.addWidget(label)
        self.undo = _button(
            self.tr("Undo the whole import"),
            "Ctrl+Z",
            self.tr("Gives back what was here, wherever nothing was changed since"),
        )
        self.undo.clicked.connect(lambda: self._undo(self._result.batch if self._result else ""))
        row = QHBoxLayout()
        row.addWidget(self.undo)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addStretch(1)
        return page

    def _show_result(self, result: Result) -> None:
        self._result = result
        self.outcome.setText(
            self.tr("Stopped: what was written before stays.") if result.cancelled
            else self.tr("Imported.")
        )  # fmt: skip
        lines = [self.tr("{count} cameras added").format(count=result.added),
                 self.tr("{count} cameras changed").format(count=result.changed),
                 self.tr("{count} fields written").format(count=result.fields),
                 self.tr("{count} differences kept as they are here").format(count=result.kept)]  # fmt: skip
        if result.left_out:
            lines.append(
                self.tr("{count} new cameras left out: no site").format(count=result.left_out)
            )
        if result.overtaken:
            lines.append(self.tr("{count} fields left: changed by somebody meanwhile").format(
                count=result.overtaken))  # fmt: skip
        if self._preview is not None and self._preview.counts.wrong:
            lines.append(self.tr("{count} rows with errors left out").format(
                count=self._preview.counts.wrong))  # fmt: skip
        self.detail.setText("\n".join(lines))
        self.pages.setCurrentIndex(2)

    def _undo(self, batch: str) -> None:
        if not batch:
            return

        def shown(undone: Undone) -> None:
            self._result = None
            self.pages.setCurrentIndex(2)
            self.outcome.setText(self.tr("The import was undone."))
            lines = [self.tr("{count} fields have their former values").format(count=undone.restored),
                     self.tr("{count} added cameras removed").format(count=undone.removed)]  # fmt: skip
            if undone.kept:
                lines.append(
                    self.tr("{count} left: changed by somebody since").format(count=undone.kept)
                )
            self.detail.setText("\n".join(lines))
            self._load()

        self._work(
            lambda: exchange.undo(self._store, batch, self._progress, self._stopped.is_set), shown
        )

    # -- all

    def _back(self) -> None:
        self.pages.setCurrentIndex(max(0, self.pages.currentIndex() - 1))
        self.refresh()

    def _next(self) -> None:
        (self._check, self._apply)[self.pages.currentIndex()]()

    def refresh(self) -> None:
        if not hasattr(self, "shut"):
            return
        step = self.pages.currentIndex()
        self.pages.setEnabled(not self.busy)
        self.back.setVisible(step == 1)
        self.next.setVisible(step < 2)
        self.back.setEnabled(not self.busy)
        self.undo.setVisible(self._result is not None)
        self.take_back.setEnabled(self.past.count() > 0)
        if step == 0:
            self.next.setText(self.tr("Check file"))
            columns = self.chosen_columns()
            given = [c for c in columns if c]
            twice = {c for c in given if given.count(c) > 1}
            can = bool(columns) and not twice and ("code" in given or "id" in given)
            self.next.setEnabled(can and not self.busy)
            if twice:
                self.tell(self.tr("Two columns are the same field: {field}").format(
                    field=", ".join(map(self._label, sorted(twice)))), "error")  # fmt: skip
            elif columns and not can:
                self.tell(self.tr("Say which column holds the device code."), "error")
            elif columns and not self.busy:
                self.tell("")
        elif self._preview is not None and step == 1:
            self.next.setText(self.tr("Import"))
            c = self._preview.counts
            taken = sum(t for _, t in self._preview.fields().values())
            self.next.setEnabled(bool(c.new or c.fills or taken) and not self.busy)
            for widget in (self._to, self.site):
                widget.setVisible(c.new > 0)

    def done(self, result: int) -> None:
        super().done(result)
        if self._preview is not None:
            self._preview.close()
            self._preview = None


def _table(headings: list[str]) -> QTableWidget:
    made = QTableWidget(0, len(headings))
    made.setHorizontalHeaderLabels(headings)
    made.verticalHeader().hide()
    made.setShowGrid(False)
    made.setStyleSheet(
        "QTableView::indicator { width: 15px; height: 15px; border: 1px solid #8b95a3;"
        f" border-radius: 3px; background: {theme.BACKGROUND.name()}; }}"
        f"QTableView::indicator:checked {{ background: {theme.ACCENT.name()};"
        f" border-color: {theme.ACCENT.name()};"
        f" image: url({(RESOURCES / 'icons' / 'check.svg').as_posix()}); }}"
    )
    made.setAlternatingRowColors(True)
    made.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    made.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    header = made.horizontalHeader()
    header.setStretchLastSection(True)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    for column in range(2):
        made.setColumnWidth(column, 60)
    return made


class ExportDialog(_Working):
    """Which cameras, which fields, which format."""

    def __init__(
        self, store: Store, tasks: Tasks, language: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(store, tasks, language, parent)
        self.setWindowTitle(self.tr("Export the asset register"))
        self._rules: Rules = asset.RULES
        self.organisation, self.site, self.point_class, self.state = (QComboBox() for _ in range(4))
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("name, code, address …"))
        self.incomplete = QCheckBox(self.tr("Only files that lack required fields"))
        for box, name in ((self.point_class, "point_class"), (self.state, "state")):
            box.addItem(self.tr("(all)"), "")
            for code, english, chinese in asset.CODE_LISTS[name].entries:
                box.addItem(chinese if language.startswith("zh") else english, code)
        self.fields = QComboBox()
        self.fields.addItem(self.tr("Exchange: 27 fields"), "core")
        self.fields.addItem(self.tr("Exchange and life cycle"), "life")
        self.fields.addItem(self.tr("All fields"), "all")
        self.heading = QComboBox()
        self.heading.addItem(self.tr("Chinese"), "zh")
        self.heading.addItem(self.tr("English"), "en")
        self.heading.addItem(self.tr("Abbreviations (SBBM …)"), "abbrev")
        self.heading.setCurrentIndex(0 if language.startswith("zh") else 1)
        self.values = QComboBox()
        self.values.addItem(self.tr("Codes, for other systems"), False)
        self.values.addItem(self.tr("Words, for people"), True)
        self.format = QComboBox()
        self.format.addItem("Excel (.xlsx)", ".xlsx")
        self.format.addItem("CSV, UTF-8", "utf-8-sig")
        self.format.addItem("CSV, GB 18030", "gb18030")
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        for text, widget in (
            (self.tr("Organisation"), self.organisation), (self.tr("Site"), self.site),
            (self.tr("Point class"), self.point_class), (self.tr("Device state"), self.state),
            (self.tr("Holds"), self.search), ("", self.incomplete), (self.tr("Fields"), self.fields),
            (self.tr("Headings"), self.heading), (self.tr("Values"), self.values),
            (self.tr("Format"), self.format),
        ):  # fmt: skip
            form.addRow(text, widget)
        self.write = _button(
            self.tr("Export…"), "Ctrl+Return", self.tr("Choose the file and write it")
        )
        self.write.clicked.connect(self._choose)
        self.shut = QPushButton(self.tr("Close"))
        self.shut.setAutoDefault(False)
        self.shut.clicked.connect(self.reject)
        bottom = QHBoxLayout()
        bottom.addWidget(self.bar, 1)
        bottom.addWidget(self.stop)
        bottom.addStretch(1)
        bottom.addWidget(self.write)
        bottom.addWidget(self.shut)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addWidget(self.told)
        layout.addLayout(bottom)
        theme.fit(self, 520, 520)
        self.organisation.setFocus()
        self.organisation.currentIndexChanged.connect(lambda *_: self._fill_sites())
        self._sites: list[Any] = []
        self._load()

    def _load(self) -> None:
        def work(_: Any) -> Any:
            store = self._store
            return assets.rules(store), store.organisations(), store.sites()

        def show(answer: Any) -> None:
            self._rules, owners, self._sites = answer
            self.organisation.clear()
            self.organisation.addItem(self.tr("(all)"), "")
            for owner in owners:
                self.organisation.addItem(self._name(owner), owner.id)

        self._tasks.run(self, work, show, lambda error: self.tell(exchange_text(error), "error"))

    def _name(self, thing: Any) -> str:
        english = not self._language.startswith("zh")
        return str((english and thing.name_en) or thing.name)

    def _fill_sites(self) -> None:
        owner = self.organisation.currentData()
        self.site.clear()
        self.site.addItem(self.tr("(all)"), "")
        for site in self._sites:
            if not owner or site.organisation_id == owner:
                self.site.addItem(self._name(site), site.id)

    def selection(self) -> Selection:
        """The cameras that are meant."""
        boxes = (self.organisation, self.site, self.point_class, self.state)
        owner, site, point_class, state = (str(box.currentData() or "") for box in boxes)
        return Selection(
            owner, site, point_class, state, self.search.text().strip(), self.incomplete.isChecked()
        )

    def layout_chosen(self) -> Layout:
        """How it is written."""
        wanted = str(self.fields.currentData())
        fields = asset.CORE if wanted == "core" else asset.CORE + asset.LIFE_CYCLE
        if wanted == "all":
            fields = self._rules.fields
        encoding = str(self.format.currentData())
        return Layout(
            tuple(f.name for f in fields), str(self.heading.currentData()),
            bool(self.values.currentData()), encoding if encoding[0] != "." else "utf-8-sig",
        )  # fmt: skip

    def _choose(self) -> None:
        suffix = ".xlsx" if self.format.currentData() == ".xlsx" else ".csv"
        name, _ = QFileDialog.getSaveFileName(
            self, self.windowTitle(), f"register{suffix}", f"(*{suffix})"
        )
        if name:
            path = Path(name)
            self.export(
                path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)
            )

    def export(self, path: Path) -> None:
        """Write the file in the background."""
        chosen, layout = self.selection(), self.layout_chosen()
        self._work(
            lambda: exchange.export(
                self._store, path, chosen, layout, self._progress, self._stopped.is_set
            ),
            lambda count: self.tell(
                self.tr("%n camera(s) written to {name}", "", count).format(name=path.name)
            ),
        )

    def refresh(self) -> None:
        if hasattr(self, "write"):
            self.write.setEnabled(not self.busy)
