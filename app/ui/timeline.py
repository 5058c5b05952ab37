"""An incident along time: what was written, who was told, what was kept; a row for each camera."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.domain.incident import Incident, Kind
from app.domain.logbook import Entry
from app.ui import theme
from app.ui.log_texts import entry_text, moment_text

ROW, LEFT, RIGHT, TOP = 40, 150, 24, 34
NEAR_PX = 11
STEPS_S = (10, 30, 60, 300, 600, 1800, 3600, 3 * 3600, 12 * 3600, 86400, 7 * 86400)


@dataclass(frozen=True, slots=True)
class _Mark:
    entry: Entry
    moment: datetime
    row: int


class Timeline(QWidget):
    """Read only; a click on a mark tells its entry."""

    chosen = Signal(str)  # entry id

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[str] = []
        self._marks: list[_Mark] = []
        self._begin = self._end = datetime.now().astimezone()
        self._now: datetime | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self.setAccessibleName(self.tr("Timeline"))

    def show_incident(self, incident: Incident | None) -> None:
        """Another incident, or what is new of it."""
        self._marks, self._rows = [], []
        if incident is not None:
            self._rows = [self.tr("Log"), self.tr("Told"), self.tr("Evidence")]
            cameras = {identity: 3 + i for i, (identity, _) in enumerate(incident.cameras)}
            self._rows += [name or identity for identity, name in incident.cameras]
            for entry in incident.entries:
                moment = _moment(entry)
                row = {Kind.UNIT: 1, Kind.EVIDENCE: 2}.get(Kind(entry.kind), 0)
                self._marks.append(_Mark(entry, moment, row))
                if entry.camera_id in cameras:
                    self._marks.append(_Mark(entry, moment, cameras[entry.camera_id]))
            moments = [m.moment for m in self._marks] + [incident.detected_at]
            self._begin, self._end = min(moments), max(moments)
            self._now = incident.detected_at
            room = max((self._end - self._begin) * 0.05, timedelta(seconds=20))
            self._begin, self._end = self._begin - room, self._end + room
        self.setMinimumHeight(TOP + ROW * max(1, len(self._rows)) + 8)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(560, TOP + ROW * max(3, len(self._rows)) + 8)

    def _x(self, moment: datetime) -> float:
        share = (moment - self._begin) / (self._end - self._begin)
        return LEFT + share * (self.width() - LEFT - RIGHT)

    def _y(self, row: int) -> float:
        return TOP + ROW * (row + 0.5)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.PANEL)
        if not self._rows:
            painter.setPen(theme.DIM_TEXT)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("No incident"))
            return
        self._paint_grid(painter)
        metrics = painter.fontMetrics()
        for i, name in enumerate(self._rows):
            y = self._y(i)
            if i % 2:
                painter.fillRect(
                    QRectF(0, y - ROW / 2, self.width(), ROW), QColor(255, 255, 255, 8)
                )
            painter.setPen(theme.TEXT if i < 3 else theme.DIM_TEXT)
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, LEFT - 22)
            box = QRectF(10, y - ROW / 2, LEFT - 18, ROW)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
            painter.setPen(QPen(theme.LINE, 1))
            painter.drawLine(QPointF(LEFT, y), QPointF(self.width() - RIGHT, y))
        for mark in self._marks:
            self._paint_mark(painter, mark)

    def _paint_grid(self, painter: QPainter) -> None:
        seconds = (self._end - self._begin).total_seconds()
        most = max(2, (self.width() - LEFT - RIGHT) // 110)
        step = next((s for s in STEPS_S if seconds / s <= most), seconds / most)
        first = self._begin.timestamp()
        offset = (self._begin.astimezone().utcoffset() or timedelta()).total_seconds()
        stamp = ((first + offset) // step + 1) * step - offset
        while stamp < self._end.timestamp():
            moment = datetime.fromtimestamp(stamp).astimezone()
            x = self._x(moment)
            painter.setPen(QPen(theme.LINE, 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, TOP - 8), QPointF(x, self.height()))
            text = f"{moment:%m-%d %H:%M}" if step >= 3600 else f"{moment:%H:%M:%S}"
            painter.setPen(theme.DIM_TEXT)
            painter.drawText(QRectF(x - 55, 4, 110, 20), Qt.AlignmentFlag.AlignCenter, text)
            stamp += step
        if self._now is not None:
            x = self._x(self._now)
            painter.setPen(QPen(theme.AMBER, 1.5))
            painter.drawLine(QPointF(x, TOP - 8), QPointF(x, self.height()))

    def _paint_mark(self, painter: QPainter, mark: _Mark) -> None:
        """A shape for each kind: never told apart by colour alone."""
        at = QPointF(self._x(mark.moment), self._y(mark.row))
        colour, x, y = theme.ACCENT, at.x(), at.y()
        painter.setPen(Qt.PenStyle.NoPen)
        match mark.entry.kind:
            case Kind.OPENED | Kind.REOPENED:
                painter.setBrush(theme.AMBER)
                painter.drawPolygon(
                    QPolygonF([QPointF(x - 6, y - 8), QPointF(x + 8, y), QPointF(x - 6, y + 8)])
                )
            case Kind.CLOSED | Kind.REVIEWED:
                painter.setBrush(theme.GREEN)
                painter.drawRect(QRectF(x - 6, y - 6, 12, 12))
            case Kind.UNIT:
                painter.setBrush(theme.AMBER)
                painter.drawPolygon(
                    QPolygonF([QPointF(x, y - 8), QPointF(x + 8, y + 6), QPointF(x - 8, y + 6)])
                )
            case Kind.EVIDENCE:
                painter.setBrush(theme.GREEN)
                painter.drawPolygon(
                    QPolygonF([QPointF(x, y - 8), QPointF(x + 8, y), QPointF(x, y + 8),
                               QPointF(x - 8, y)])
                )  # fmt: skip
            case Kind.TEXT:
                painter.setBrush(colour)
                painter.drawEllipse(at, 6, 6)
            case _:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(colour, 2))
                painter.drawEllipse(at, 5, 5)

    def mark_at(self, position: QPointF) -> Entry | None:
        """The entry whose mark is nearest to a place, if one is near."""
        near = [
            (abs(self._x(m.moment) - position.x()) + abs(self._y(m.row) - position.y()), m.entry)
            for m in self._marks
            if abs(self._x(m.moment) - position.x()) <= NEAR_PX
            and abs(self._y(m.row) - position.y()) <= NEAR_PX
        ]
        return min(near, key=lambda pair: pair[0])[1] if near else None

    def place_of(self, entry_id: str) -> QPointF | None:
        """Where an entry's mark is."""
        mark = next((m for m in self._marks if m.entry.id == entry_id), None)
        return QPointF(self._x(mark.moment), self._y(mark.row)) if mark else None

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            entry = self.mark_at(QPointF(event.pos()))
            if entry is None:
                QToolTip.hideText()
            else:
                who = f"{moment_text(_moment(entry))}  {entry.author}\n"
                QToolTip.showText(event.globalPos(), who + entry_text(entry), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        entry = self.mark_at(event.position())
        if entry is not None:
            self.chosen.emit(entry.id)


def _moment(entry: Entry) -> datetime:
    """When the thing itself was, where the entry says so."""
    stated = entry.data.get("told_at") or entry.data.get("begun")
    if entry.kind == Kind.OPENED:
        stated = entry.data.get("detected_at")
    try:
        return datetime.fromisoformat(str(stated)) if stated else entry.true_at
    except ValueError:
        return entry.true_at
