"""Who steers the selected camera, in the PTZ panel: holder, priority, seconds left, and what to do."""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QLabel,
    QMenu,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.control import Event, Want
from app.sync.control import NOT_PERMITTED, Controls, LogLine, Standing, StepError
from app.ui import theme
from app.ui.managing import local
from app.ui.tasks import Tasks, emit

TICK_MS = 1000
HOLDS_MIN = (1, 2, 5, 10)
KEEP_S = 60.0
KEYS = {
    "control_ask": "Ctrl+F7",
    "control_give": "Shift+F7",
    "control_take": "Ctrl+Shift+F7",
    "control_hold": "Alt+Shift+F7",
    "control_log": "Ctrl+Alt+H",
}


def _call(work: Callable[[], None], *_: object) -> None:
    work()


def event_texts() -> dict[str, str]:
    """The log's words for what became of a camera's control."""
    translate = QCoreApplication.translate
    return {
        Event.TAKEN.value: translate("Control", "began to steer"),
        Event.HELD.value: translate("Control", "holds it for a stated time"),
        Event.ASKED.value: translate("Control", "asked for it"),
        Event.KEPT.value: translate("Control", "kept it"),
        Event.GIVEN_BACK.value: translate("Control", "gave it back"),
        Event.PASSED.value: translate("Control", "got it, having asked"),
        Event.TAKEN_OVER.value: translate("Control", "took it over"),
        Event.EXPIRED.value: translate("Control", "let it run out"),
        Event.RETURNED.value: translate("Control", "console sent it back by itself"),
    }


def step_error_text(error: StepError) -> str:
    """Why a step was not made, and what to do."""
    translate = QCoreApplication.translate
    texts = {
        "network": translate("Control", "The server did not answer. Try again."),
        "control_held": translate("Control", "Somebody else steers this camera: ask for it."),
        "priority_too_low": translate(
            "Control", "The other one has the same or a higher priority."
        ),
        "not_holder": translate("Control", "You do not steer this camera any more."),
        "control_free": translate("Control", "Nobody steers this camera: just move it."),
        "reason_missing": translate("Control", "Say why you take it over."),
        "not_permitted": translate("Control", "You may not steer this camera."),
        "not_found": translate("Control", "You may not steer this camera."),
    }
    return texts.get(error.code, error.code)


class ControlBox(QWidget):
    """Lines and buttons about one camera. Hidden where there is nothing to share."""

    told = Signal(str, str, object)  # camera, text, (button, action) or None
    freed = Signal(str)
    """This console let go of a camera, and nobody else has it."""
    _came = Signal(str)
    _went = Signal(object)

    def __init__(
        self, controls: Controls, tasks: Tasks, lost: Callable[[str, str], None],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`lost` (camera, who has it) is called on a thread of `controls`, at once."""
        super().__init__(parent)
        self.controls, self._tasks = controls, tasks
        self._camera, self._title = "", ""
        self._before: dict[str, Standing] = {}
        self.more = QMenu(self)
        self._log: LogDialog | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self.line, self.asked, self.alone = QLabel(), QLabel(), QLabel()
        for label in (self.line, self.asked, self.alone):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            layout.addWidget(label)
        self.alone.setObjectName("warning")
        self.asked.setObjectName("warning")
        row = QHBoxLayout()
        row.setSpacing(4)
        self.ask, self.give, self.take = QPushButton(), QPushButton(), QPushButton()
        self.hold = QToolButton()
        self.hold.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.hold.setSizePolicy(self.ask.sizePolicy())
        self.hold_menu = QMenu(self)
        self.hold.setMenu(self.hold_menu)
        self.menu = QToolButton()
        self.menu.setText("⋯")
        self.menu.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu.setMenu(self.more)
        for button in (self.ask, self.give, self.take, self.hold):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(button, 1)
        row.addStretch(0)
        row.addWidget(self.menu)
        layout.addLayout(row)
        self.actions_by_name = {key: QAction(self) for key in KEYS}
        for (key, action), work in zip(
            self.actions_by_name.items(),
            (self._ask, self._give, self._take, self._hold_once, self.show_log),
            strict=True,
        ):
            action.setShortcut(KEYS[key])
            action.triggered.connect(functools.partial(_call, work))
        for button, key in ((self.ask, "ask"), (self.give, "give"), (self.take, "take")):
            button.clicked.connect(self.actions_by_name[f"control_{key}"].trigger)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._came.connect(self._changed)
        self._went.connect(self._say)
        controls.tell = lambda camera: emit(self._came, camera)
        controls.freed = lambda camera: emit(self.freed, camera)
        controls.lost = lost
        self._retranslate()

    def _say(self, told: tuple[str, str]) -> None:
        self.told.emit(*told, None)

    def _retranslate(self) -> None:
        names = {
            "control_ask": (self.tr("As&k for it…"), self.tr("Ask whoever steers to let go")),
            "control_give": (self.tr("&Give back"), self.tr("Let go, for whoever asked or for all")),
            "control_take": (
                self.tr("&Take over…"),
                self.tr("Steer in the other one's place: with a higher priority, and a reason"),
            ),
            "control_hold": (
                self.tr("&Hold for 1 minute"), self.tr("Keep the camera although it stands")
            ),
            "control_log": (
                self.tr("&Who steered…"), self.tr("Who steered this camera, when and why")
            ),
        }  # fmt: skip
        for key, (text, tip) in names.items():
            action = self.actions_by_name[key]
            action.setText(text)
            keys = action.shortcut().toString()
            action.setToolTip(f"{tip} ({keys})" if keys else tip)
        for button, key in ((self.ask, "ask"), (self.give, "give"), (self.take, "take")):
            action = self.actions_by_name[f"control_{key}"]
            # Chinese has its letter in brackets.
            button.setText(re.sub(r"\(&.\)|&", "", action.text()))
            button.setToolTip(action.toolTip())
        self.hold.setText(self.tr("Hold"))
        self.hold.setToolTip(self.actions_by_name["control_hold"].toolTip())
        self.menu.setToolTip(self.tr("More about steering this camera"))
        self.menu.setAccessibleName(self.menu.toolTip())
        self.hold_menu.clear()
        for minutes in HOLDS_MIN:
            self.hold_menu.addAction(
                self.tr("%n minute(s)", "", minutes),
                functools.partial(self._step, Want.HOLD, seconds=60.0 * minutes),
            )
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    # -- which camera

    def set_camera(self, camera: str, title: str) -> None:
        """The selected camera that turns; "" for none."""
        self._title = title
        if camera != self._camera:
            self._camera = camera
            self.controls.select(camera or None)
        self._show()

    def standing(self) -> Standing:
        """How it stands with the selected camera."""
        return self.controls.standing(self._camera)

    def _tick(self) -> None:
        self.controls.tick()
        if self.isVisible() and self._camera:
            self._show()

    def _changed(self, camera: str) -> None:
        now = self.controls.standing(camera)
        before = self._before.get(camera, Standing(camera))
        self._before[camera] = now
        if camera == self._camera:
            self._show()
        if now.mine and now.asker is not None and now.asker != before.asker:
            text = self.tr("{who} asks for this camera: {why}") if now.asked_why else self.tr(
                "{who} asks for this camera.")  # fmt: skip
            action = (self.tr("Give it"), lambda: self._step(Want.GIVE_BACK, camera))
            self.told.emit(camera, text.format(who=now.asker.name, why=now.asked_why), action)
        lost = before.mine and not before.returning and not now.mine
        if lost and now.was_mine and now.holder is not None and not now.returning:
            if now.ended == Event.TAKEN_OVER.value:
                text = self.tr("{who} took this camera over: {why}")
                self.told.emit(camera, text.format(who=now.holder.name, why=now.ended_why), None)
            elif now.ended == Event.EXPIRED.value:
                text = self.tr("Your time is over: {who}, who asked, has this camera now.")
                self.told.emit(camera, text.format(who=now.holder.name), None)
        if before.asked_by_me and now.mine and not now.returning:
            self.told.emit(camera, self.tr("It is yours now: move it within 15 seconds."), None)
        if before.asked_by_me and now.kept_until > before.kept_until and now.holder is not None:
            seconds = round(now.kept_until - time.monotonic())
            text = self.tr("{who} keeps this camera for {seconds} s more; then it is yours.")
            self.told.emit(camera, text.format(who=now.holder.name, seconds=seconds), None)
        if before.permitted and not now.permitted:
            self.told.emit(camera, self.tr("You may no longer steer this camera."), None)

    # -- what is shown

    def _show(self) -> None:
        now = self.standing() if self._camera else Standing("")
        if now.returning:
            now = replace(now, holder=None, mine=False)
        shared = self.controls.shared
        seconds = round(now.left_s())
        holder, asker = now.holder, now.asker
        if not now.known and not now.alone:
            text = self.tr("Control: asking the server…")
        elif not now.permitted:
            text = self.tr("You may not steer this camera.")
        elif now.unknown:
            text = self.tr("Not on the server yet: only this workstation counts")
        elif now.returning:
            text = self.tr("Goes back by itself: whoever moves it steers")
        elif holder is None:
            text = self.tr("Free: whoever moves it first steers")
        elif now.mine:
            text = self.tr("You steer  ·  priority {priority}  ·  {seconds} s left").format(
                priority=holder.priority, seconds=seconds)  # fmt: skip
        else:
            text = self.tr("{who} steers  ·  priority {priority}  ·  {seconds} s left").format(
                who=holder.name, priority=holder.priority, seconds=seconds)  # fmt: skip
        role = "warning" if holder is not None and not now.mine else ""
        theme.tell(self.line, unbroken(text), role)
        where = holder.console if holder is not None else ""
        tips = [self.tr("At workstation {name}").format(name=where)] if where else []
        if now.since is not None:
            tips.append(self.tr("Since {time}").format(time=f"{now.since.astimezone():%H:%M:%S}"))
        self.line.setToolTip("  ·  ".join(tips))
        said = ""
        if asker is not None and now.mine:
            said = self.tr("{who} asks for it.").format(who=asker.name)
            if now.asked_why:
                said = self.tr("{who} asks for it: {why}").format(who=asker.name, why=now.asked_why)
        elif now.asked_by_me:
            left = round(max(0.0, now.kept_until - time.monotonic()))
            said = self.tr("You asked for it. Kept for {seconds} s more.").format(
                seconds=left) if left else self.tr("You asked for it; no answer yet.")  # fmt: skip
        elif asker is not None and not now.mine:
            said = self.tr("{who} has asked for it.").format(who=asker.name)
        self.asked.setText(said)
        self.asked.setVisible(bool(said))
        self.alone.setText(self.tr("Server not reachable: others may steer too."))
        self.alone.setVisible(shared and now.alone)
        self.line.setVisible(shared and not now.alone)
        self._make_room()
        self._offer(now, shared)

    def _make_room(self) -> None:
        """Wrapped text counts in a layout's least height only if it is told."""
        for label in (self.line, self.asked, self.alone):
            if label.width() > 50:
                label.setMinimumHeight(max(0, label.heightForWidth(label.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _offer(self, now: Standing, shared: bool) -> None:
        """Only what can be done now."""
        with_server = bool(self._camera) and shared and not now.alone and now.permitted
        others = with_server and now.holder is not None and not now.mine
        mine = with_server and now.mine
        self.ask.setVisible(others and not now.asked_by_me)
        self.take.setVisible(others)
        self.take.setEnabled(now.may_take_over)
        self.give.setVisible(mine or (others and now.asked_by_me))
        self.give.setText(
            self.tr("Do not ask any more") if others
            else self.tr("Give it") if now.asker is not None
            else self.tr("Give back")
        )  # fmt: skip
        self.hold.setVisible(mine or (with_server and now.known and now.holder is None))
        self.hold.setText(self.tr("Keep") if mine and now.asker is not None else self.tr("Hold"))
        tip = self.actions_by_name["control_take"].toolTip()
        if others and not now.may_take_over and now.holder is not None:
            tip = self.tr("Your priority is {mine}, the other one's is {other}: ask for it.").format(
                mine=now.my_priority, other=now.holder.priority)  # fmt: skip
        self.take.setToolTip(tip)
        names = {"ask": others and not now.asked_by_me, "give": mine, "take": self.take.isEnabled()
                 and others, "hold": self.hold.isVisibleTo(self), "log": bool(self._camera)}  # fmt: skip
        for name, on in names.items():
            self.actions_by_name[f"control_{name}"].setEnabled(on)

    # -- what is done

    def _step(self, want: Want, camera: str = "", *, seconds: float = 0.0, why: str = "") -> None:
        camera = camera or self._camera
        if want is Want.HOLD and self.controls.standing(camera).asker is not None:
            want = Want.KEEP

        def done(error: StepError | None) -> None:
            if error is not None:
                emit(self._went, (camera, step_error_text(error)))

        self.controls.step(camera, want, seconds=seconds, why=why, done=done)

    def _ask(self) -> None:
        why, good = QInputDialog.getText(
            self, self.tr("Ask for the camera"),
            self.tr("Why you need it (the other one reads it):"),
        )  # fmt: skip
        if good:
            self._step(Want.ASK, why=why.strip() if len(why.strip()) >= 3 else "")

    def _give(self) -> None:
        self._step(Want.GIVE_BACK)

    def _hold_once(self) -> None:
        self._step(Want.HOLD, seconds=KEEP_S)

    def _take(self) -> None:
        holder = self.standing().holder
        if holder is None:
            return
        why, good = QInputDialog.getText(
            self, self.tr("Take the camera over"),
            self.tr("{who} is told, and loses the camera at once.\nWhy you need it:").format(
                who=holder.name),
        )  # fmt: skip
        if good and len(why.strip()) >= 3:
            self._step(Want.TAKE_OVER, why=why.strip())
        elif good:
            self.told.emit(self._camera, self.tr("Say why you take it over."), None)

    def show_log(self) -> None:
        """Who steered the selected camera, when and why."""
        camera = self._camera
        if not camera:
            return
        self._log = dialog = LogDialog(self._title, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._tasks.run(
            dialog, lambda _: self.controls.log(camera), dialog.show_lines,
            lambda error: dialog.failed(
                step_error_text(error) if isinstance(error, StepError) else str(error)
            ),
        )  # fmt: skip
        dialog.open()


class LogDialog(QDialog):
    """The newest first."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Who steered {camera}").format(camera=title))
        theme.fit(self, 760, 420)
        layout = QVBoxLayout(self)
        self.told = QLabel(self.tr("Reading…"))
        self.told.setWordWrap(True)
        layout.addWidget(self.told)
        self.table = QTableWidget(0, 4)
        self.table.setHorizontalHeaderLabels(
            [self.tr("Time"), self.tr("Who"), self.tr("What"), self.tr("Why")]
        )
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        for column in range(3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        layout.addWidget(self.table, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    def show_lines(self, lines: list[LogLine]) -> None:
        """What was read."""
        self.told.setText("" if lines else self.tr("Nobody has steered this camera from here yet."))
        self.told.setVisible(not lines)
        texts = event_texts()
        self.table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            what = texts.get(line.event, line.event)
            if line.seconds:
                what += f" ({line.seconds:g} s)"
            if line.other is not None:
                what += f"  ·  {line.other.name}"
            who = line.who.name or self.tr("this workstation")
            cells = (local(line.at.isoformat()), who, what, line.why)
            for column, text in enumerate(cells):
                self.table.setItem(row, column, QTableWidgetItem(text))

    def failed(self, text: str) -> None:
        """It could not be read."""
        self.told.setText(text)


def unbroken(text: str) -> str:
    """A line of parts that breaks between them, not within the short ones after the first."""
    first, *parts = text.split("  ·  ")
    return "  ·  ".join([first, *("\u2060".join(p.replace(" ", "\u00a0")) for p in parts)])


def unchanged_text(to: str, standing: Standing) -> str:
    """Why presets were not changed: who steers (as the gate says it) and since when, and what to do."""
    translate = QCoreApplication.translate
    if to == NOT_PERMITTED:
        return translate("Control", "Not changed: you may not steer this camera.")
    if standing.since is None:
        return translate(
            "Control", "Not changed: {who} steers this camera. Ask for it first."
        ).format(who=to)
    return translate(
        "Control", "Not changed: {who} has steered this camera since {time}. Ask for it first."
    ).format(who=to, time=f"{standing.since.astimezone():%H:%M:%S}")


def yielded_text(to: str, *, moved: bool = True) -> str:
    """What is said when a move was ended, or not begun, because of another."""
    translate = QCoreApplication.translate
    if to == NOT_PERMITTED:
        return translate("Control", "not moved: you may not steer this camera")
    if moved:
        return translate("Control", "stopped here: {who} steers this camera").format(who=to)
    return translate("Control", "not done: {who} steers this camera").format(who=to)
