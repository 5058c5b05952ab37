"""The register of retrievals on screen: who took what, when and why, and whether the chain holds."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.retrieval import Retrieval, RetrievalKind, broken_at
from app.store.store import Store
from app.ui import i18n, theme
from app.ui.custody import kind_text
from app.ui.tasks import Tasks

MOST = 100_000


class RegisterDialog(QDialog):
    """Read only. Entries of this console, the newest first."""

    def __init__(self, store: Store, tasks: Tasks, console: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._entries: list[Retrieval] = []
        self.setWindowTitle(self.tr("Register of retrievals: {console}").format(console=console))
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search camera, person, case or date"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAlternatingRowColors(True)
        self.list.setHeaderLabels(
            [self.tr("No."), self.tr("When"), self.tr("Who"), self.tr("What"), self.tr("Camera"),
             self.tr("Pictures of"), self.tr("Case and purpose"), self.tr("Result")]
        )  # fmt: skip
        header = self.list.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        for column, width in enumerate((50, 150, 110, 90, 190, 190, 230)):
            self.list.setColumnWidth(column, width)
        self.told = QLabel(self.tr("Reading…"))
        self.told.setWordWrap(True)
        buttons = QDialogButtonBox()
        self._save = buttons.addButton(
            self.tr("Save as table…"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self._save.clicked.connect(self._ask_file)
        self._save.setEnabled(False)
        buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.told)
        layout.addWidget(buttons)
        theme.fit(self, 1180, 640)

        def read(_: Any) -> tuple[list[Retrieval], int | None]:
            entries = store.retrievals(console, limit=MOST)
            return entries, broken_at(entries)

        tasks.run(self, read, self._show, lambda error: self.told.setText(i18n.error_text(error)))

    def _show(self, answer: tuple[list[Retrieval], int | None]) -> None:
        self._entries, broken = answer
        for entry in reversed(self._entries):
            item = QTreeWidgetItem([self._cell(entry, c) for c in range(8)])
            item.setTextAlignment(0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for column in (4, 6):
                item.setToolTip(column, item.text(column))
            self.list.addTopLevelItem(item)
        self._save.setEnabled(bool(self._entries))
        if broken is not None:
            text = self.tr("The chain is broken at No. {number}: an entry was changed, moved or "
                           "removed there.")  # fmt: skip
            text = text.format(number=broken)
        elif self._entries:
            text = self.tr("%n entry(ies), gap-free, and the chain of hashes holds.", "",
                           len(self._entries))  # fmt: skip
        else:
            text = self.tr(
                "Nothing was taken on this console yet: S takes a snapshot, R and E a clip."
            )
        theme.tell(self.told, text, "error" if broken is not None else "")

    def _cell(self, entry: Retrieval, column: int) -> str:
        match column:
            case 0:
                return str(entry.number)
            case 1:
                return _local(entry.at)
            case 2:
                second = f" + {entry.second_person}" if entry.second_person else ""
                return entry.operator + second
            case 3:
                return self._kind(entry)
            case 4:
                return entry.camera
            case 5:
                return _span(entry)
            case 6:
                case = entry.case
                return "  ".join(p for p in (case.number, case.purpose, case.basis) if p)
        return "  ".join(p for p in (self._result(entry), entry.package) if p)

    def _kind(self, entry: Retrieval) -> str:
        text = {
            RetrievalKind.SNAPSHOT: self.tr("snapshot"),
            RetrievalKind.EXPORT: self.tr("clip"),
            RetrievalKind.PLAYBACK: self.tr("playback"),
            RetrievalKind.RESULT: self.tr("result of {number}").format(number=entry.about),
        }.get(entry.kind)
        if text is None:  # what became of an export
            said = f"{kind_text(entry.kind)} ({entry.about})"
            return f"{said}: {entry.custody.receiver}" if entry.custody else said
        unmasked = self.tr("unmasked")
        return text if entry.masked else f"{text}, {unmasked}"

    def _result(self, entry: Retrieval) -> str:
        return {
            "complete": self.tr("complete"),
            "failed": self.tr("failed"),
            "cancelled": self.tr("cancelled"),
        }.get(entry.result, entry.result)

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for i in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(i)
            assert item is not None
            shown = " ".join(item.text(c) for c in range(8)).casefold()
            item.setHidden(not all(w in shown for w in words))

    def _ask_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save as table"), "retrievals.csv", "CSV (*.csv)"
        )
        if not name:
            return
        header = [self.list.headerItem().text(c) for c in range(8)]
        rows = [[self._cell(e, c) for c in range(8)] + [e.chain] for e in self._entries]

        def write(_: Any) -> None:
            # With a byte order mark: spreadsheets read Chinese then.
            with Path(name).open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow([*header, "SHA-256"])
                writer.writerows([harmless(cell) for cell in row] for row in rows)

        self._tasks.run(
            self, write, lambda _: self.told.setText(self.tr("Saved: {name}").format(name=name)),
            lambda error: self.told.setText(i18n.error_text(error)),
        )  # fmt: skip


def harmless(cell: str) -> str:
    """A spreadsheet must not take a cell for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _local(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"


def _span(entry: Retrieval) -> str:
    if entry.begin is None:
        return ""
    begin, end = entry.begin.astimezone(), (entry.end or entry.begin).astimezone(UTC).astimezone()
    text = f"{begin:%Y-%m-%d %H:%M:%S}"
    seconds = (end - begin).total_seconds()
    return f"{text} + {seconds:.1f} s" if seconds else text
