"""Tours on a wall: the runner, and the strip under the wall that tells of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from datetime import datetime

from PySide6.QtCore import (
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
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import CameraRow
from app.domain.layout import View
from app.domain.tour import (
    VIEW,
    Condition,
    Phase,
    Step,
    TourRun,
)
from app.store.store import NamedTour, NamedView
from app.ui import i18n, theme
from app.ui.help import keys_of
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
