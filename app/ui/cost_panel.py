"""What does this wall cost: processes, streams and their share of this computer, once a second."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    QTimer,
)
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import StreamRole
from app.ui import i18n, theme
from app.video.meter import Reading
from app.video.types import Decoders, StreamStatistics

PERIOD_MS = 1000
Index = QModelIndex | QPersistentModelIndex


class Meter(Protocol):
    """What reads the system off the Qt thread."""

    reading: Reading


class Engine(Protocol):
    """What the panel asks of the video engine; nothing here waits."""

    @property
    def meter(self) -> Meter: ...
    @property
    def hardware(self) -> str: ...
    def decoders(self) -> list[Decoders]: ...
    def streams(self) -> list[StreamStatistics]: ...


@dataclass(frozen=True, slots=True)
class Cell:
    """What is written, and what it is sorted by."""

    text: str
    value: Any
    warn: bool = False


class Table(QAbstractTableModel):
    """Rows of cells; numbers to the right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.heads: list[tuple[str, str]] = []
        """Title and tooltip of each column."""
        self.rows: list[list[Cell]] = []

    def fill(self, rows: list[list[Cell]]) -> None:
        """Other rows. As many as before: only their contents change, and the selection stays."""
        if len(rows) != len(self.rows):
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        elif rows:
            self.rows = rows
            self.dataChanged.emit(
                self.index(0, 0), self.index(len(rows) - 1, max(0, len(self.heads) - 1))
            )

    def title(self, heads: list[tuple[str, str]]) -> None:
        """Other titles."""
        self.beginResetModel()
        self.heads = heads
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self.rows[index.row()][index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cell.text
            case Qt.ItemDataRole.UserRole:
                return cell.value
            case Qt.ItemDataRole.ForegroundRole if cell.warn:
                return theme.AMBER
            case Qt.ItemDataRole.ToolTipRole if len(cell.text) > 12:
                return cell.text
            case Qt.ItemDataRole.TextAlignmentRole if index.column() and not isinstance(
                cell.value, str
            ):
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and section < len(self.heads):
            if role == Qt.ItemDataRole.DisplayRole:
                return self.heads[section][0]
            if role == Qt.ItemDataRole.ToolTipRole:
                return self.heads[section][1]
        return None


class CostPanel(QWidget):
    """Works only while it can be seen."""

    def __init__(
        self, engine: Engine, name: Callable[[str], str], parent: QWidget | None = None
    ) -> None:
        """`name`: a camera as people call it."""
        super().__init__(parent)
        self._engine, self._name = engine, name
        self._before: dict[str, StreamStatistics] = {}
        self._at = 0.0
        self.total = QLabel()
        self.total.setObjectName("heading")
        self.total.setWordWrap(True)
        self.note = QLabel()
        self.note.setObjectName("hint")
        self.note.setWordWrap(True)
        self.processes, self.streams = Table(self), Table(self)
        self._views = [self._view(self.processes), self._view(self.streams)]
        self.streams_view = self._views[1]
        self._views[0].setMaximumWidth(430)
        tables = QHBoxLayout()
        tables.setSpacing(10)
        tables.addWidget(self._views[0], 2)
        tables.addWidget(self._views[1], 5)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(4)
        layout.addWidget(self.total)
        layout.addWidget(self.note)
        layout.addLayout(tables, 1)
        self._timer = QTimer(self)
        self._timer.setInterval(PERIOD_MS)
        self._timer.timeout.connect(self.refresh)
        self._retranslate()

    @staticmethod
    def _view(table: Table) -> QTableView:
        proxy = QSortFilterProxyModel(table)
        proxy.setSourceModel(table)
        proxy.setSortRole(Qt.ItemDataRole.UserRole)
        view = QTableView()
        view.setModel(proxy)
        view.setSortingEnabled(True)
        view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setAlternatingRowColors(True)
        view.setShowGrid(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(24)
        head = view.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setStretchLastSection(False)
        view.setStyleSheet("QTableView::item { padding: 0 7px; }")
        view.setMinimumHeight(96)
        return view

    # -- once a second

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._before = {}
        self._timer.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    @property
    def running(self) -> bool:
        """Whether it updates."""
        return self._timer.isActive()

    def refresh(self) -> None:
        """Show what is known now."""
        now = time.monotonic()
        reading = self._engine.meter.reading
        decoders, streams = self._engine.decoders(), self._engine.streams()
        elapsed, self._at = max(0.001, now - self._at), now
        before, self._before = self._before, {s.camera_id: s for s in streams}
        numbers = {d.pid: n for n, d in enumerate(decoders, 1)}
        self.processes.fill(self._process_rows(reading, decoders))
        self.streams.fill(
            [self._stream_row(s, before.get(s.camera_id), elapsed, numbers) for s in streams]
        )
        self._sum_up(reading, decoders, streams)

    def _process_rows(self, reading: Reading, decoders: list[Decoders]) -> list[list[Cell]]:
        rows = []
        entries: list[tuple[str, int, int | None, int | None]]
        entries = [(self.tr("window"), os.getpid(), None, None)]
        entries += [
            (self.tr("decoder {n}").format(n=n), d.pid, d.streams, d.restarts)
            for n, d in enumerate(decoders, 1)
        ]
        for n, (name, pid, streams, restarts) in enumerate(entries):
            cores, resident = reading.processes.get(pid, (0.0, 0))
            rows.append(
                [
                    Cell(name, n),
                    Cell(f"{100 * cores:.0f} %", cores),
                    Cell(f"{resident / 1e6:.0f} MB", resident),
                    Cell("" if streams is None else str(streams), streams or 0),
                    Cell("" if restarts is None else str(restarts), restarts or 0, bool(restarts)),
                ]
            )
        return rows

    def _stream_row(
        self, s: StreamStatistics, old: StreamStatistics | None, elapsed: float,
        numbers: dict[int, int],
    ) -> list[Cell]:  # fmt: skip
        # Counters begin anew with each session.
        if old is None or s.decoded < old.decoded or s.bytes_received < old.bytes_received:
            old, elapsed = s, 1.0
        ms = 1000 * (s.cpu_seconds - old.cpu_seconds) / elapsed
        rate = 8 * (s.bytes_received - old.bytes_received) / elapsed
        name, codec = self._name(s.camera_id), i18n.codec_text(s.codec)
        main = s.role is StreamRole.MAIN
        size = f"{s.width}×{s.height}" if s.width else ""
        gave = i18n.level_text(s.level)
        number = numbers.get(s.process, 0)
        return [
            Cell(name, name),
            Cell(self.tr("main") if main else self.tr("sub"), s.role.value),
            Cell(size, s.width * s.height),
            Cell(codec + (f" · {self._engine.hardware}" if s.hardware else ""), codec),
            Cell(f"{s.fps:.1f}", s.fps),
            Cell(f"{ms:.0f}", ms),
            Cell(f"{rate / 1e6:.2f}", rate),
            Cell(str(s.dropped), s.dropped, s.dropped > old.dropped),
            Cell(f"{1000 * s.lag_s:.0f}", s.lag_s, s.lag_s > 0.3),
            Cell(gave, gave, bool(gave)),
            Cell(str(number) if number else "", number),
        ]

    def _sum_up(
        self, reading: Reading, decoders: list[Decoders], streams: list[StreamStatistics]
    ) -> None:
        used = sum(cores for cores, _ in reading.processes.values())
        resident = sum(memory for _, memory in reading.processes.values())
        share = 100 * used / reading.cores
        text = self.tr("This wall takes {percent} % of this computer").format(percent=round(share))
        parts = []
        if reading.busy is not None:
            others = max(0, round(100 * reading.busy - share))
            parts.append(self.tr("other programs {percent} %").format(percent=others))
        if reading.memory:
            memory = self.tr("memory {mb} MB ({percent} %)")
            parts.append(
                memory.format(mb=round(resident / 1e6),
                              percent=f"{100 * resident / reading.memory:.1f}")
            )  # fmt: skip
        parts.append(self.tr("%n stream(s)", "", len(streams)))
        less = sum(bool(s.level) for s in streams)
        if less:
            parts.append(self.tr("%n of them give way", "", less))
        self.total.setText("  ·  ".join([text, *parts]))
        device = self._engine.hardware
        self.note.setText(
            self.tr("Decoded by {device}, small streams by the processor.").format(device=device)
            if device
            else self.tr(
                "100 % of a process is one core; all streams are decoded by the processor."
            )
        )

    # -- language

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_timer"):
            self._retranslate()
            if self.running:
                self.refresh()

    def _retranslate(self) -> None:
        self.processes.title(
            [
                (self.tr("Process"), ""),
                (self.tr("CPU"), self.tr("100 % is one core")),
                (self.tr("Memory"), self.tr("with libraries and pictures that it shares")),
                (self.tr("Streams"), ""),
                (self.tr("Restarts"), self.tr("how often it was replaced after it died or hung")),
            ]
        )
        self.streams.title(
            [
                (self.tr("Camera"), ""),
                (self.tr("Stream"), ""),
                (self.tr("Size"), ""),
                (self.tr("Codec"), ""),
                (self.tr("fps"), self.tr("pictures decoded a second")),
                (self.tr("ms/s"), self.tr("processor time a second: reading, decoding, scaling")),
                (self.tr("Mbit/s"), ""),
                (self.tr("Dropped"), self.tr("pictures that came too late to be shown")),
                (self.tr("Late ms"), self.tr("against the stream's own pace")),
                (self.tr("Gives way"), self.tr("what it does without while the computer is busy")),
                (self.tr("Decoder"), self.tr("the decoder process")),
            ]
        )
        for view in self._views:
            head = view.horizontalHeader()
            head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            head.setMinimumSectionSize(56)
        self._views[0].setAccessibleName(self.tr("Processes"))
        self._views[1].setAccessibleName(self.tr("Streams"))
