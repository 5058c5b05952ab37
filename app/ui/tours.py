"""Tours on a wall: the runner, the strip under the wall that tells of it, and the editor."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from datetime import datetime

from PySide6.QtCore import (
    QAbstractItemModel,
    QCoreApplication,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import CameraRow
from app.domain.layout import View
from app.domain.tour import (
    DWELL_S,
    LEAST_DWELL_S,
    MOST_DWELL_S,
    VIEW,
    Condition,
    Phase,
    Step,
    Tour,
    TourRun,
    cameras_in,
)
from app.store.store import NamedTour, NamedView, Store
from app.ui import i18n, theme
from app.ui.help import keys_of
from app.ui.layouts import layout_icon
from app.ui.tasks import Task, Tasks
from app.ui.wall import WallWidget
from app.video.engine import VideoEngine
from app.video.types import StreamState

TICK_MS = 100
FAULTS = {
    StreamState.UNAUTHORIZED,
    StreamState.UNREACHABLE,
    StreamState.UNSUPPORTED,
    StreamState.NO_SIGNAL,
}
FOUND = 60
"""So many cameras are offered for what is typed in the editor."""

Index = QModelIndex | QPersistentModelIndex


class TourRunner(QObject):
    """Runs one tour at a time on one wall."""

    changed = Signal()  # anything the strip shows
    shown = Signal(int)  # a step is on the wall

    def __init__(
        self,
        wall: WallWidget,
        engine: VideoEngine,
        views: Callable[[], list[NamedView]],
        *,
        need: Callable[[], None] = lambda: None,
        controlled: Callable[[str], bool] = lambda _: False,
        held: Callable[[], Collection[str]] = tuple,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`need` is called when `wall.ahead` names cameras whose addresses may not be known yet;
        `controlled` says whether somebody steers a camera; `held` are the cameras of open
        incidents."""
        super().__init__(wall)
        self._wall, self._engine, self._views = wall, engine, views
        self._need, self._controlled, self._held, self._clock = need, controlled, held, clock
        self.named: NamedTour | None = None
        self.run: TourRun | None = None
        self._touched = False
        self._applying = False
        self._beat_at = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.beat)
        wall.touched.connect(self._touch)
        wall.view_changed.connect(self._touch)
        wall.selection_changed.connect(self._touch)
        wall.maximised_changed.connect(self._touch)

    # -- what a person does

    def start(self, named: NamedTour, first: int = 0) -> None:
        """Begin a tour, at a step. One without steps does nothing."""
        self.stop()
        if not named.tour.steps:
            return
        self.named, self._touched = named, False
        self._beat_at = self._clock()
        self.run = TourRun(named.tour, self, self._beat_at, first=first)
        self._timer.start()
        self.beat()

    def stop(self) -> None:
        """End it; the wall stays as it is."""
        if self.run is not None:
            self.run = self.named = None
            self._timer.stop()
            self._wall.open_ahead(())
            self.changed.emit()

    def pause(self) -> None:
        """Wait for `resume`."""
        if self.run is not None:
            self.run.pause(self._clock())
            self.beat()

    def resume(self) -> None:
        """Go on. A person says so: what was selected before may change again."""
        if self.run is not None:
            self._touched = False
            self.run.resume(self._clock())
            self.beat()

    def go(self, direction: int) -> None:
        """The next or previous step; asked for by a person, so like `resume`."""
        if self.run is not None:
            self._touched = False
            self.run.go(direction, self._clock())
            self.beat()

    def try_again(self) -> None:
        """Give all skipped cameras another chance."""
        if self.run is not None:
            self.run.try_again()
            self.changed.emit()

    def _touch(self, *_: object) -> None:
        if self.run is not None and not self._applying:
            self._touched = True
            self.run.touch(self._clock())
            self.beat()

    # -- the clock

    def beat(self) -> None:
        """Look what the time has brought."""
        run, now = self.run, self._clock()
        if run is None:
            return
        passed, self._beat_at = now - self._beat_at, now
        if not self._wall.isVisible() or self._wall.window().isMinimized():
            run.postpone(passed)  # nobody looks: nothing is opened, nothing passes by
            self.changed.emit()
            return
        index = run.tick(now)
        if index is not None:
            view = self._with(run.tour.steps[index])
            self._applying = True
            try:
                if view is not None:
                    self._wall.set_view(view)
            finally:
                self._applying = False
        on_wall = {self._wall.camera_at(i) for i in range(len(self._wall.view().cameras))}
        ahead = tuple(c for c in run.ahead(now) if c not in on_wall)
        if ahead != self._wall.ahead:
            self._wall.open_ahead(ahead)
            if ahead:
                self._need()
        if index is not None:
            self.shown.emit(index)
        self.changed.emit()

    # -- what the tour asks (domain.tour.World)

    def cameras(self, step: Step) -> tuple[str, ...] | None:
        """The cameras of a step."""
        if step.camera_id:
            return (step.camera_id,)
        view = self._view(step)
        return None if view is None else tuple(dict.fromkeys(c for c in view.cameras if c))

    def condition(self, camera_id: str) -> Condition:
        """Whether a camera has a picture, or why it will have none."""
        status = self._engine.status(camera_id)
        if status.state in FAULTS:
            return Condition(fault=status.state.value, since=status.since)
        live = status.state in (StreamState.LIVE, StreamState.DEGRADED)
        return Condition(ready=live and self._engine.picture(camera_id) is not None)

    def in_use(self, step: Step) -> str:
        """Why the step may not be shown now."""
        wall, wanted = self._wall, self._wanted(step)
        if wanted is None:
            return "no tile"
        if wall.maximised is not None:
            return "enlarged"
        kept = self._kept()
        before = wall.view()
        for index, reason in kept.items():
            if step.camera_id:
                if index == step.tile and before.cameras[index] != step.camera_id:
                    return reason
            elif not _same_place(before, wanted, index):
                return reason
        if kept and wanted != before and self._with(step) == before:
            return next(iter(kept.values()))
        return ""

    def _view(self, step: Step) -> View | None:
        return next((v.view for v in self._views() if v.id == step.view_id), None)

    def _wanted(self, step: Step) -> View | None:
        """The wall as the step wants it."""
        if not step.camera_id:
            return self._view(step)
        view = self._wall.view()
        if step.tile >= len(view.cameras) or step.tile == view.spot:
            return None
        return view.place(step.tile, step.camera_id)

    def _with(self, step: Step) -> View | None:
        """The same, but what must not change stays."""
        wanted, before = self._wanted(step), self._wall.view()
        if wanted is not None and not step.camera_id:
            for index in self._kept():
                if index < len(wanted.cameras) and index < len(before.cameras):
                    wanted = wanted.place(index, before.cameras[index])
        return wanted

    def _kept(self) -> dict[int, str]:
        """Tiles that must not change by themselves, and why (domain reference 7.2)."""
        wall = self._wall
        result: dict[int, str] = {}
        held = self._held()
        for index in range(len(wall.view().cameras)):
            camera = wall.camera_at(index)
            if camera is not None and camera in held:
                result[index] = "incident"
            elif camera is not None and self._controlled(camera):
                result[index] = "PTZ"
            elif wall.replaying(index):
                result[index] = "replay"
            elif wall.zoom_of(index).on:
                result[index] = "zoom"
            elif self._touched and index == wall.selected:
                result[index] = "selected"
        return result


def _same_place(before: View, after: View, index: int) -> bool:
    """Whether a tile is in the same place and of the same kind in both."""
    a, b = before.layout, after.layout
    return (
        index < len(b.cells)
        and (a.rows, a.columns, a.cells[index]) == (b.rows, b.columns, b.cells[index])
        and (before.spot == index) == (after.spot == index)
    )


def reason_text(reason: str) -> str:
    """Why a camera was skipped or a tile is kept, in a few words."""
    translate = QCoreApplication.translate
    words = {
        "no picture": translate("Tours", "no picture in time"),
        "in use": translate("Tours", "its tile is in use"),
        "gone": translate("Tours", "view was deleted"),
        "no tile": translate("Tours", "the layout has no such tile"),
        "enlarged": translate("Tours", "a tile fills the wall"),
        "incident": translate("Tours", "part of an open incident"),
        "PTZ": translate("Tours", "being steered"),
        "replay": translate("Tours", "replay"),
        "zoom": translate("Tours", "zoomed in"),
        "selected": translate("Tours", "selected"),
    }
    return words[reason] if reason in words else i18n.state_text(StreamState(reason))


def seconds_text(seconds: float) -> str:
    """1 min 40 s."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    translate = QCoreApplication.translate
    if not minutes:
        return translate("Tours", "{n} s").format(n=rest)
    if not rest:
        return translate("Tours", "{n} min").format(n=minutes)
    return translate("Tours", "{m} min {s} s").format(m=minutes, s=rest)


class TourStrip(QFrame):
    """One line under the wall while a tour runs, and the tour's keys. It never covers a picture."""

    wanted = Signal()  # "start" where nothing was started yet

    def __init__(
        self,
        runner: TourRunner,
        rows: Callable[[str], CameraRow | None],
        language: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner, self._rows, self._language = runner, rows, language
        self.setObjectName("tour")
        self.actions_by_name = {
            "tour_start": self._action("T", self._toggle),
            "tour_pause": self._action("Shift+T", self._pause),
            "tour_next": self._action("PgDown", lambda: runner.go(1)),
            "tour_previous": self._action("PgUp", lambda: runner.go(-1)),
        }
        self._buttons = {
            key: self._button(icon, self.actions_by_name[key])
            for key, icon in {"tour_previous": "step-back", "tour_pause": "pause",
                              "tour_next": "step-forward", "tour_start": "stop"}.items()
        }  # fmt: skip
        self._paused = False
        self.name, self.step, self.left = QLabel(), QLabel(), QLabel()
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.step.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(120, 6)
        self.bar.setRange(0, 1000)
        self.skipped = QToolButton()
        self.skipped.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.skipped.clicked.connect(self.show_skipped)
        self.list: SkippedList | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 3, 8, 3)
        row.setSpacing(6)
        for button in self._buttons.values():
            row.addWidget(button)
        row.addSpacing(6)
        row.addWidget(self.name)
        row.addWidget(self.step)
        row.addWidget(self.bar)
        row.addWidget(self.left, 1)
        row.addWidget(self.skipped)
        runner.changed.connect(self._show)
        self._retranslate()
        self.hide()

    def _action(self, key: str, run: Callable[[], None]) -> QAction:
        action = QAction(self)
        action.setShortcut(QKeySequence(key))
        # Only on the wall: T is a letter elsewhere, and PgDown turns over a list.
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda *_: run())
        return action

    def _button(self, icon: str, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setIcon(theme.icon(icon))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys stay with the wall
        button.setMinimumSize(28, 24)
        button.clicked.connect(action.trigger)
        return button

    def _toggle(self) -> None:
        if self._runner.run is not None:
            self._runner.stop()
        else:
            self.wanted.emit()

    def _pause(self) -> None:
        run = self._runner.run
        if run is not None:
            paused = run.phase(time.monotonic()) is Phase.PAUSED
            (self._runner.resume if paused else self._runner.pause)()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        texts = {
            "tour_start": self.tr("&Start or stop tour"),
            "tour_pause": self.tr("&Pause or go on"),
            "tour_next": self.tr("&Next step"),
            "tour_previous": self.tr("P&revious step"),
        }
        for key, text in texts.items():
            action, button = self.actions_by_name[key], self._buttons[key]
            action.setText(text)
            button.setToolTip(f"{text.replace('&', '')}  ({keys_of(action)})")
            button.setAccessibleName(text.replace("&", ""))
        self._show()

    def _show(self) -> None:
        run, named = self._runner.run, self._runner.named
        for key in ("tour_pause", "tour_next", "tour_previous"):
            if self.actions_by_name[key].isEnabled() != (run is not None):
                self.actions_by_name[key].setEnabled(run is not None)
        if run is None or named is None:
            self.hide()
            if self.list is not None:
                self.list.hide()
            return
        now = time.monotonic()
        phase = run.phase(now)
        paused = phase is Phase.PAUSED
        if paused != self._paused:
            self._paused = paused
            self._buttons["tour_pause"].setIcon(theme.icon("play" if paused else "pause"))
        self.name.setText(named.name)
        count = len(run.tour.steps)
        if run.current is None:
            self.step.setText("")
        else:
            text = self.tr("step {n} of {all}").format(n=run.current + 1, all=count)
            self.step.setText(f"·  {text}")
        dwell = run.tour.dwell(run.current) if run.current is not None else 1.0
        left = run.remaining_s(now)
        self.bar.setValue(round(1000 * max(0.0, 1 - left / dwell)))
        kind = "warning" if phase in _UNUSUAL else "hint"
        theme.tell(self.left, self._words(run, phase, left, now), kind)
        skipped = len(run.skipped)
        self.skipped.setText(self.tr("%n skipped", "", skipped))
        self.skipped.setVisible(skipped > 0)
        if self.list is not None and self.list.isVisible():
            self.list.fill(run)
        self.show()

    def _words(self, run: TourRun, phase: Phase, left: float, now: float) -> str:
        if phase is Phase.PAUSED:
            resumes = run.resumes_in_s(now)
            if resumes is None:
                return self.tr("paused")
            text = self.tr("paused by your hand, goes on in {time}")
            return text.format(time=seconds_text(resumes))
        if phase is Phase.OPENING:
            return self.tr("opening step {n}…").format(n=run.upcoming + 1)
        if phase is Phase.IN_USE:
            text = self.tr("stays: {reason}. Next step changes it all the same.")
            return text.format(reason=reason_text(run.in_use))
        if phase is Phase.STUCK:
            return self.tr("stays: no other step has a picture")
        return seconds_text(left)

    def show_skipped(self) -> None:
        """List what was passed over, and why."""
        run = self._runner.run
        if run is None:
            return
        if self.list is None:
            self.list = SkippedList(self._runner, self._title, self)
        self.list.fill(run)
        self.list.adjustSize()
        corner = self.skipped.mapToGlobal(self.skipped.rect().topRight())
        self.list.move(corner.x() - self.list.width(), corner.y() - self.list.height() - 4)
        self.list.show()

    def _title(self, camera: str) -> str:
        if camera.startswith(VIEW):
            return self.tr("(a view)")
        row = self._rows(camera)
        return row.title(self._language()) if row else self.tr("(not known any more)")


_UNUSUAL = {Phase.PAUSED, Phase.IN_USE, Phase.STUCK}


class SkippedList(QFrame):
    """What a tour passed over: camera, reason, since when, how often."""

    def __init__(self, runner: TourRunner, title: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("notice")
        self._title = title
        self.tree = QTreeWidget()
        self.tree.setRootIsDecorated(False)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.tree.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tree.setMinimumSize(620, 200)
        self.again = QPushButton()
        self.again.clicked.connect(runner.try_again)
        self.again.clicked.connect(self.hide)
        layout = QVBoxLayout(self)
        layout.addWidget(self.tree)
        layout.addWidget(self.again, 0, Qt.AlignmentFlag.AlignRight)

    def fill(self, run: TourRun) -> None:
        """Show the present list."""
        self.again.setText(self.tr("Try all again"))
        self.tree.setHeaderLabels(
            [self.tr("Skipped"), self.tr("Reason"), self.tr("Since"), self.tr("Times")]
        )
        self.tree.clear()
        for skip in run.skipped.values():
            since = _moment(skip.since)
            item = QTreeWidgetItem(
                [self._title(skip.camera_id), reason_text(skip.reason), since, str(skip.times)]
            )
            item.setToolTip(0, item.text(0))
            self.tree.addTopLevelItem(item)
        header = self.tree.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2, 3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(False)


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return "–"
    local = moment.astimezone()
    today = datetime.now().astimezone().date()
    return f"{local:%H:%M:%S}" if local.date() == today else f"{local:%Y-%m-%d %H:%M:%S}"


# -- the editor

_VIEW, _CAMERA = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class _Numbers(QStyledItemDelegate):
    """Edits a column with a spin box; the least value means "as the tour says" where `word` is."""

    def __init__(
        self, least: int, most: int, word: Callable[[], str], unit: str, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._least, self._most, self._word, self._unit = least, most, word, unit

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        spin = QSpinBox(parent)
        spin.setRange(self._least, self._most)
        spin.setSuffix(self._unit)
        spin.setSpecialValueText(self._word())
        return spin

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QSpinBox):
            model.setData(index, editor.value(), Qt.ItemDataRole.EditRole)

    def displayText(self, value: object, locale: object) -> str:
        number = value if isinstance(value, int) else 0
        word = self._word()
        return word if word and number <= self._least else f"{number}{self._unit}"


class _Steps(QTreeWidget):
    """The steps in their order: dragged, or moved with Alt and the arrows."""

    moved = Signal()

    def dropEvent(self, event: object) -> None:
        super().dropEvent(event)  # type: ignore[arg-type]
        self.moved.emit()


class TourDialog(QDialog):
    """Makes or changes a tour. Not saved before “Save” is pressed; `saved_id` is its id then."""

    def __init__(
        self,
        store: Store,
        tasks: Tasks,
        views: list[NamedView],
        named: NamedTour | None,
        language: str,
        parent: QWidget | None = None,
        *,
        tile: int = 0,
    ) -> None:
        """`tile` is where cameras go that are added."""
        super().__init__(parent)
        self._store, self._tasks, self._views = store, tasks, views
        self._named, self._language, self._tile = named, language, tile
        self._asking: Task | None = None
        self.saved_id = named.id if named else ""
        self.removed = False
        self.setWindowTitle(self.tr("Tour") if named else self.tr("New tour"))
        theme.fit(self, 900, 560)
        self._build()
        if named is not None:
            self.name.setText(named.name)
            self.shared.setChecked(named.shared)
            self.dwell.setValue(round(named.tour.dwell_s))
            self._load(named.tour)
        self._ask()
        self._count()

    def _build(self) -> None:
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("such as “Gates, every hour”"))
        self.name.setMaxLength(100)
        self.shared = QCheckBox(self.tr("For everybody in the organisation"))
        self.dwell = QSpinBox()
        self.dwell.setRange(int(LEAST_DWELL_S), int(MOST_DWELL_S))
        self.dwell.setValue(int(DWELL_S))
        self.dwell.setSuffix(self.tr(" s"))
        hint = QLabel(self.tr("8 to 15 s for active watch, 20 to 30 s for a patrol"))
        hint.setObjectName("hint")
        form = QFormLayout()
        form.addRow(self.tr("Name"), self.name)
        line = QHBoxLayout()
        line.addWidget(self.dwell)
        line.addWidget(hint)
        line.addStretch(1)
        line.addWidget(self.shared)
        form.addRow(self.tr("Each step"), line)

        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find views and cameras"))
        self.search.setClearButtonEnabled(True)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(120)
        self._soon.timeout.connect(self._ask)
        self.search.textChanged.connect(lambda _: self._soon.start())
        self.search.returnPressed.connect(self._add_chosen)
        self.found = QListWidget()
        self.found.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.found.itemActivated.connect(lambda _: self._add_chosen())
        self.add = QPushButton(self.tr("Add  ›"))
        self.add.setAutoDefault(False)
        self.add.clicked.connect(self._add_chosen)
        left = QVBoxLayout()
        left.addWidget(self.search)
        left.addWidget(self.found, 1)
        left.addWidget(self.add, 0, Qt.AlignmentFlag.AlignRight)

        self.steps = _Steps()
        self.steps.setRootIsDecorated(False)
        self.steps.setColumnCount(3)
        self.steps.setHeaderLabels([self.tr("Steps"), self.tr("Tile"), self.tr("Shown for")])
        self.steps.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.steps.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        triggers = QAbstractItemView.EditTrigger
        self.steps.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed)
        self.steps.setItemDelegateForColumn(1, _Numbers(0, 64, lambda: "–", "", self))
        least = int(LEAST_DWELL_S) - 1
        self.steps.setItemDelegateForColumn(
            2, _Numbers(least, int(MOST_DWELL_S), self._same, self.tr(" s"), self)
        )
        header = self.steps.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.steps.setColumnWidth(1, 60)
        self.steps.setColumnWidth(2, 110)
        self.steps.itemChanged.connect(lambda *_: self._count())
        self.steps.moved.connect(self._count)
        keys = QHBoxLayout()
        for sign, tip, key, run in (
            ("↑", self.tr("Earlier"), "Alt+Up", lambda: self._move(-1)),
            ("↓", self.tr("Later"), "Alt+Down", lambda: self._move(1)),
            ("✕", self.tr("Take out"), "Delete", self._take_out),
        ):
            button = QToolButton()
            button.setText(sign)
            button.setMinimumSize(30, 26)
            button.setToolTip(f"{tip}  ({key})")
            button.setAccessibleName(tip)
            button.clicked.connect(lambda _=False, r=run: r())
            action = QAction(self.steps)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda _=False, r=run: r())
            self.steps.addAction(action)
            keys.addWidget(button)
        help_ = QLabel(self.tr("Drag to put in order. Double-click a number to change it."))
        help_.setObjectName("hint")
        keys.addWidget(help_, 1)
        right = QVBoxLayout()
        right.addWidget(self.steps, 1)
        right.addLayout(keys)
        middle = QHBoxLayout()
        middle.addLayout(left, 2)
        middle.addLayout(right, 3)

        self.total = QLabel()
        self.error = QLabel()
        self.error.setObjectName("error")
        self.error.setWordWrap(True)
        self.error.hide()
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Save | kinds.Cancel)
        self.save = buttons.button(kinds.Save)
        self.save.setText(self.tr("Save"))
        self.save.setAutoDefault(False)
        cancel = buttons.button(kinds.Cancel)
        cancel.setText(self.tr("Cancel"))
        cancel.setAutoDefault(False)
        if self._named is not None:
            delete = buttons.addButton(
                self.tr("Delete tour"), QDialogButtonBox.ButtonRole.DestructiveRole
            )
            delete.setAutoDefault(False)
            delete.clicked.connect(self._delete)
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        self.name.textChanged.connect(lambda _: self._count())
        self.dwell.valueChanged.connect(lambda _: self._count())
        foot = QHBoxLayout()
        foot.addWidget(self.total, 1)
        foot.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addLayout(middle, 1)
        layout.addWidget(self.error)
        layout.addLayout(foot)

    def _same(self) -> str:
        return self.tr("as above")

    # -- finding

    def _ask(self) -> None:
        text = self.search.text().strip()
        if self._asking is not None:
            self._asking.cancel()
        self._asking = self._tasks.run(
            self, lambda _: self._store.cameras(search=text, limit=FOUND), self._found, self._failed
        )

    def _found(self, rows: list[CameraRow]) -> None:
        self._asking = None
        self.found.clear()
        text = self.search.text().strip().casefold()
        for named in self._views:
            if text in named.name.casefold():
                item = QListWidgetItem(layout_icon(named.view.layout), named.name)
                item.setData(_VIEW, named.id)
                self.found.addItem(item)
        for row in rows:
            number = f"{row.call_number}  " if row.call_number is not None else ""
            item = QListWidgetItem(number + row.title(self._language))
            item.setData(_CAMERA, row.id)
            item.setToolTip(item.text())
            self.found.addItem(item)
        if self.found.count() and text:
            self.found.setCurrentRow(0)

    def _add_chosen(self) -> None:
        chosen = self.found.selectedItems()
        for item in chosen:
            if view := item.data(_VIEW):
                self._append(Step(view_id=view), item.text())
            else:
                step = Step(camera_id=item.data(_CAMERA), tile=self._tile)
                self._append(step, item.text())
        self._count()

    # -- the steps

    def _append(self, step: Step, title: str) -> None:
        item = QTreeWidgetItem([title])
        flags = Qt.ItemFlag
        common = flags.ItemIsEnabled | flags.ItemIsSelectable | flags.ItemIsDragEnabled
        item.setFlags(common | flags.ItemIsEditable)
        item.setData(0, _VIEW, step.view_id)
        item.setData(0, _CAMERA, step.camera_id)
        item.setData(1, Qt.ItemDataRole.EditRole, 0 if step.view_id else step.tile + 1)
        least = int(LEAST_DWELL_S) - 1
        dwell = least if step.dwell_s is None else round(step.dwell_s)
        item.setData(2, Qt.ItemDataRole.EditRole, dwell)
        item.setToolTip(0, title)
        view = next((v.view for v in self._views if v.id == step.view_id), None)
        if view is not None:
            item.setIcon(0, layout_icon(view.layout))
        self.steps.addTopLevelItem(item)

    def _load(self, tour: Tour) -> None:
        names = {v.id: v.name for v in self._views}
        missing = self.tr("(deleted)")
        for step in tour.steps:
            self._append(step, names.get(step.view_id, missing) if step.view_id else "…")
        ids = [s.camera_id for s in tour.steps if s.camera_id]

        def show(rows: list[CameraRow]) -> None:
            titles = {r.id: r.title(self._language) for r in rows}
            for item in self._items():
                camera = item.data(0, _CAMERA)
                if camera:
                    item.setText(0, titles.get(camera, missing))
                    item.setToolTip(0, item.text(0))

        if ids:
            self._tasks.run(self, lambda _: self._store.rows(ids), show, self._failed)

    def _items(self) -> list[QTreeWidgetItem]:
        items = (self.steps.topLevelItem(i) for i in range(self.steps.topLevelItemCount()))
        return [item for item in items if item is not None]

    def _move(self, by: int) -> None:
        item = self.steps.currentItem()
        if item is None:
            return
        here = self.steps.indexOfTopLevelItem(item)
        there = here + by
        if 0 <= there < self.steps.topLevelItemCount():
            self.steps.takeTopLevelItem(here)
            self.steps.insertTopLevelItem(there, item)
            self.steps.setCurrentItem(item)
            self._count()

    def _take_out(self) -> None:
        for item in self.steps.selectedItems():
            self.steps.takeTopLevelItem(self.steps.indexOfTopLevelItem(item))
        self._count()

    def tour(self) -> Tour:
        """The tour as it stands in the editor."""
        steps = []
        for item in self._items():
            view, camera = item.data(0, _VIEW) or "", item.data(0, _CAMERA) or ""
            tile = max(0, int(item.data(1, Qt.ItemDataRole.EditRole)) - 1)
            dwell = float(item.data(2, Qt.ItemDataRole.EditRole))
            steps.append(Step(view, camera, tile, None if dwell < LEAST_DWELL_S else dwell))
        return Tour(tuple(steps), float(self.dwell.value()))

    def _count(self) -> None:
        tour = self.tour()
        views = {v.id: v.view for v in self._views}

        def cameras(step: Step) -> tuple[str, ...] | None:
            if step.camera_id:
                return (step.camera_id,)
            view = views.get(step.view_id)
            return None if view is None else tuple(c for c in view.cameras if c)

        count = cameras_in(tour, cameras)
        steps = self.tr("%n step(s)", "", len(tour.steps))
        cams = self.tr("%n camera(s)", "", count)
        time_ = self.tr("one round {time}").format(time=seconds_text(tour.round_s()))
        self.total.setText(f"{steps}  ·  {cams}  ·  {time_}")
        self.save.setEnabled(bool(self.name.text().strip()) and bool(tour.steps))

    # -- the end

    def _save(self) -> None:
        name, tour, shared = self.name.text(), self.tour(), self.shared.isChecked()
        identity = self._named.id if self._named else None

        def saved(tour_id: str) -> None:
            self.saved_id = tour_id
            self.accept()

        self._tasks.run(
            self,
            lambda _: self._store.save_tour(name, tour, identity, shared=shared),
            saved,
            self._failed,
        )

    def _delete(self) -> None:
        assert self._named is not None
        identity = self._named.id

        def gone(_: object) -> None:
            self.removed = True
            self.accept()

        self._tasks.run(self, lambda _: self._store.delete_tour(identity), gone, self._failed)

    def _failed(self, error: Exception) -> None:
        self.error.setText(i18n.error_text(error))
        self.error.show()
