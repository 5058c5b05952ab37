"""The dock “Events”: what cameras report, the newest first; a double click shows the camera."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.devices.events import EventService, Listening
from app.domain.camera_event import FAULTS, CameraEvent, EventKind
from app.ui import theme
from app.ui.help import plain
from app.ui.tasks import emit

Index = QModelIndex | QPersistentModelIndex
MOST = 10_000
KEYS = {"shelve": "Shift+Z", "shelved": "Ctrl+Shift+Z"}
BATCH_MS = 150


class EventModel(QAbstractTableModel):
    """Events, the newest first, no more than MOST."""

    def __init__(self, name: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        self._events: list[CameraEvent] = []  # the oldest first: adding is at the end
        self.heads: list[str] = []

    def add(self, events: list[CameraEvent]) -> None:
        """Newer ones."""
        events = events[-MOST:]
        surplus = len(self._events) + len(events) - MOST
        if surplus > 0:
            last = len(self._events) - 1
            self.beginRemoveRows(QModelIndex(), last - surplus + 1, last)
            del self._events[:surplus]
            self.endRemoveRows()
        self.beginInsertRows(QModelIndex(), 0, len(events) - 1)
        self._events += events
        self.endInsertRows()

    def event_at(self, row: int) -> CameraEvent:
        """The event of a row."""
        return self._events[len(self._events) - 1 - row]

    def title(self, heads: list[str]) -> None:
        """Other column titles; texts are read anew."""
        self.beginResetModel()
        self.heads = heads
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._events)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 5

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        event = self.event_at(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            match index.column():
                case 0:
                    return f"{event.at.astimezone():%m-%d %H:%M:%S}"
                case 1:
                    if event.recorder:
                        text = QCoreApplication.translate("Event", "recorder {address}")
                        return text.format(address=event.recorder)
                    return self._name(event.camera_id)
                case 2:
                    return kind_text(event.kind)
                case 3:
                    return state_text(event)
                case 4:
                    return event.source
        if role == Qt.ItemDataRole.ForegroundRole and index.column() in (2, 3):
            if event.kind in FAULTS and event.active is not False:
                return theme.AMBER
            return theme.DIM_TEXT if event.active is False else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return event.topic or None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.heads[section] if section < len(self.heads) else None
        return None


class _Filter(QSortFilterProxyModel):
    """Lets events pass by words, kind, and whether ended ones count."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self._kind: Any = None
        self._begun_only = False
        self._put_off: frozenset[tuple[str, str]] = frozenset()

    def hide_shelved(self, put_off: frozenset[tuple[str, str]]) -> None:
        """Kinds of events of cameras that somebody put off."""
        self._put_off = put_off
        self.invalidate()

    def use(self, text: str, kind: Any, begun_only: bool) -> None:
        """`kind`: an EventKind, "faults", or None for all."""
        self._words, self._kind, self._begun_only = text.casefold().split(), kind, begun_only
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        model = self.sourceModel()
        assert isinstance(model, EventModel)
        event = model.event_at(source_row)
        if (event.camera_id, str(event.kind)) in self._put_off:
            return False
        if self._begun_only and event.active is False:
            return False
        if self._kind == "faults" and event.kind not in FAULTS:
            return False
        if isinstance(self._kind, EventKind) and event.kind is not self._kind:
            return False
        if not self._words:
            return True
        text = " ".join(
            str(model.data(model.index(source_row, c))) for c in range(5)
        ).casefold()  # fmt: skip
        return all(w in text for w in self._words)


class EventsPanel(QWidget):
    """Listens to the cameras it is told of while “Listen” is ticked."""

    open_requested = Signal(list)
    listening_changed = Signal(bool)
    shelve_asked = Signal(str, str)  # camera id, kind of event
    shelf_asked = Signal()
    event_wanted = Signal(str)
    """An event has to be selected first; what to say."""
    _came = Signal(object)

    def __init__(
        self,
        make_service: Callable[[Callable[[CameraEvent], None]], EventService],
        name: Callable[[str], str],
        parent: QWidget | None = None,
    ) -> None:
        """`make_service` is given what to call with each event; `name`: a camera as people call it."""
        super().__init__(parent)
        self.service = make_service(self._tell)
        self._cameras: frozenset[str] = frozenset()
        self._waiting: list[CameraEvent] = []
        self._closed = False
        self._build(name)
        self._retranslate()
        self._came.connect(self._collect)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(BATCH_MS)
        self._soon.timeout.connect(self._deliver)
        self._look = QTimer(self)
        self._look.setInterval(1000)
        self._look.timeout.connect(self._second)
        self._look.start()

    def _build(self, name: Callable[[str], str]) -> None:
        self.listen = QCheckBox()
        self.listen.setChecked(True)
        self.listen.toggled.connect(self._toggled)
        self.filter = QLineEdit()
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._use_filter)
        self.kind = QComboBox()
        self.kind.currentIndexChanged.connect(self._use_filter)
        self.begun = QCheckBox()
        self.begun.toggled.connect(self._use_filter)
        self.state = QLabel()
        self.state.setObjectName("hint")
        self.again = QPushButton()
        self.again.clicked.connect(lambda: self.service.retry())
        top = QHBoxLayout()
        top.addWidget(self.listen)
        top.addWidget(self.filter, 1)
        top.addWidget(self.kind)
        top.addWidget(self.begun)
        self.model = EventModel(name, self)
        self.shown = _Filter(self)
        self.shown.setSourceModel(self.model)
        self.view = QTableView()
        self.view.setModel(self.shown)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setAlternatingRowColors(True)
        self.view.setShowGrid(False)
        self.view.setTabKeyNavigation(False)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(24)
        self.view.setStyleSheet("QTableView::item { padding: 0 7px; }")
        head = self.view.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setStretchLastSection(True)
        for column, width in enumerate((125, 220, 150, 110)):
            self.view.setColumnWidth(column, width)
        self.view.activated.connect(self._open)  # a double click, or Enter
        self.view.selectionModel().currentRowChanged.connect(lambda now, _: self._show_raw(now))
        self.raw = QPlainTextEdit()
        self.raw.setReadOnly(True)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(self.view)
        parts.addWidget(self.raw)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 1)
        bottom = QHBoxLayout()
        bottom.addWidget(self.state, 1)
        bottom.addWidget(self.again)
        self.shelf, self.shelve = QPushButton(), QPushButton()
        self.actions_by_name = {key: QAction(self) for key in KEYS}
        for (key, action), button in zip(
            self.actions_by_name.items(), (self.shelve, self.shelf), strict=True
        ):
            action.setShortcut(KEYS[key])
            action.changed.connect(functools.partial(_same_tip, button, action))
            button.clicked.connect(action.trigger)
            bottom.insertWidget(1 + (button is self.shelve), button)
        self.actions_by_name["shelve"].triggered.connect(lambda: self._shelve())
        self.actions_by_name["shelved"].triggered.connect(lambda: self.shelf_asked.emit())
        self.shelf.hide()
        self.shelve.setEnabled(False)
        self._shelved = 0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(parts, 1)
        layout.addLayout(bottom)
        self.setMinimumHeight(150)

    def _retranslate(self) -> None:
        self.listen.setText(self.tr("Listen"))
        self.listen.setToolTip(
            self.tr("Subscribes to the events of the cameras on the walls; one connection each.")
        )
        self.filter.setPlaceholderText(self.tr("Filter by camera, kind or source"))
        self.begun.setText(self.tr("without ends"))
        self.begun.setToolTip(self.tr("Hides that something ended."))
        self.raw.setPlaceholderText(self.tr("The selected event's message as the camera sent it"))
        self.again.setText(self.tr("Try again"))
        self.again.setToolTip(self.tr("Asks the cameras that failed at once."))
        self.shelve.setText(self.tr("Put off…"))
        shelve, shelved = (self.actions_by_name[key] for key in KEYS)
        shelve.setText(self.tr("Put o&ff this kind of alarm…"))
        shelve.setProperty("why", self.tr(
            "Hides this kind of event of this camera for a while, with a reason. "
            "The handover tells of it."
        ))  # fmt: skip
        shelved.setText(self.tr("Alarms that are p&ut off…"))
        shelved.setProperty(
            "why", self.tr("What is put off, until when and why; take it back there.")
        )
        for action in (shelve, shelved):
            keys = action.shortcut().toString()
            action.setToolTip(f"{plain(action)}  ({keys})\n{action.property('why')}")
        self._name_shelf()
        chosen = max(self.kind.currentIndex(), 0)
        self.kind.blockSignals(True)
        self.kind.clear()
        self.kind.addItem(self.tr("all kinds"), None)
        self.kind.addItem(self.tr("faults only"), "faults")
        for kind in EventKind:
            self.kind.addItem(kind_text(kind), kind)
        self.kind.setCurrentIndex(chosen)
        self.kind.blockSignals(False)
        self.model.title([self.tr("Time"), self.tr("Camera"), self.tr("Event"), self.tr("State"),
                          self.tr("Source")])  # fmt: skip
        self._second()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def watch(self, cameras: set[str]) -> None:
        """The cameras on the walls now. Cheap when nothing changed."""
        self._cameras = frozenset(cameras)
        if self.listen.isChecked() and not self._closed:
            self.service.watch(set(cameras))

    def use(self, listening: Any) -> None:
        """What was kept from last time."""
        self.listen.setChecked(listening != "off")

    def close_all(self) -> None:
        """End the subscriptions; called before the window goes."""
        self._closed = True
        self._look.stop()
        self.service.close(1.5)

    def _tell(self, event: CameraEvent) -> None:
        emit(self._came, event)

    def _collect(self, event: CameraEvent) -> None:
        self._waiting.append(event)
        if not self._soon.isActive():
            self._soon.start()

    def _deliver(self) -> None:
        events, self._waiting = self._waiting, []
        if events:
            self.model.add(events)

    def _toggled(self, on: bool) -> None:
        if on:
            self.service.watch(set(self._cameras))
        else:
            self.service.close(0.0)
        self.listening_changed.emit(on)
        self._second()

    def _second(self) -> None:
        states = list(self.service.states().values())
        heard = sum(s in (Listening.HEARD, Listening.SHARED) for s in states)
        bad = sum(s in (Listening.LOST, Listening.REFUSED) for s in states)
        text = self.tr("%n camera(s) listened to", "", heard)
        if not self.listen.isChecked():
            text = self.tr("not listening")
        if bad:
            text += "  ·  " + self.tr("%n not reached or refused", "", bad)
        if self.service.dropped:
            text += "  ·  " + self.tr("%n dropped: too many at once", "", self.service.dropped)
        self.state.setText(text)
        self.again.setVisible(bool(bad))

    def _use_filter(self) -> None:
        self.shown.use(self.filter.text(), self.kind.currentData(), self.begun.isChecked())

    def use_shelved(self, put_off: frozenset[tuple[str, str]]) -> None:
        """(camera id, kind) that are put off now."""
        self.shown.hide_shelved(put_off)
        self._shelved = len(put_off)
        self._name_shelf()

    def _name_shelf(self) -> None:
        self.shelf.setText(self.tr("Put off: {count}…").format(count=self._shelved))
        self.shelf.setVisible(bool(self._shelved))

    def _shelve(self) -> None:
        event = self._event(self.view.currentIndex())
        if event is not None:
            self.shelve_asked.emit(event.camera_id, str(event.kind))
        else:
            self.event_wanted.emit(
                self.tr("Select the alarm that you want to put off, then press {keys}.").format(
                    keys=self.actions_by_name["shelve"].shortcut().toString())
            )  # fmt: skip

    def _event(self, index: Index) -> CameraEvent | None:
        if not index.isValid():
            return None
        return self.model.event_at(self.shown.mapToSource(index).row())

    def _open(self, index: Index) -> None:
        event = self._event(index)
        if event is not None:
            self.open_requested.emit([event.camera_id])

    def _show_raw(self, index: Index) -> None:
        event = self._event(index)
        self.shelve.setEnabled(event is not None)
        self.raw.setPlainText("" if event is None else event.raw or event.topic)


def _same_tip(button: QPushButton, action: QAction) -> None:
    button.setToolTip(action.toolTip())


def kind_text(kind: EventKind) -> str:
    """A kind, translated."""
    translate = QCoreApplication.translate
    return {
        EventKind.MOTION: translate("Event", "motion"),
        EventKind.RULE: translate("Event", "line or field"),
        EventKind.TAMPER: translate("Event", "tampering"),
        EventKind.DIGITAL_INPUT: translate("Event", "digital input"),
        EventKind.VIDEO_LOSS: translate("Event", "video lost"),
        EventKind.STORAGE: translate("Event", "storage fault"),
        EventKind.TEMPERATURE: translate("Event", "temperature"),
        EventKind.HARDWARE: translate("Event", "hardware fault"),
        EventKind.GAP: translate("Event", "nothing heard"),
        EventKind.OTHER: translate("Event", "other"),
    }[kind]


def state_text(event: CameraEvent) -> str:
    """Whether it began or ended, translated."""
    translate = QCoreApplication.translate
    if event.active is None:
        return ""
    if event.active:
        if event.ongoing:
            return translate("Event", "was so already")
        return translate("Event", "began")
    return translate("Event", "ended")
