"""Instant replay in a tile: the bar under the picture, its keys, marks in and out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from app.ui import theme
from app.ui.tile_painter import clock_text
from app.ui.wall import WallWidget
from app.video.engine import Replay, VideoEngine
from app.video.orders import SPEEDS

BACK_S = 30.0
"""How far back the key goes (domain reference 7.3)."""

JUMP_S = 5.0
BAR_WIDTH, BAR_HEIGHT = 720, 38
FULL_SECONDS = 60.0


@dataclass
class _Play:
    """One tile's replay. Moments are monotonic seconds."""

    handle: Replay
    speed: float = 1.0
    paused: bool = False
    frozen: bool = False
    """Begun with the freeze key: the same key releases it."""
    mark_in: float | None = None
    mark_out: float | None = None
    at: float = 0.0


def utc_of(moment: float) -> datetime:
    """A monotonic moment as aware UTC, by this console's clock now."""
    return datetime.now(UTC) - timedelta(seconds=time.monotonic() - moment)


class Timeline(QWidget):
    """What is kept, holes in it, where the replay is, and the marks; a click goes there."""

    seek = Signal(float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMinimumWidth(90)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(24)
        self.setMouseTracking(True)
        self.play: _Play | None = None

    def _span(self) -> tuple[float, float]:
        end = time.monotonic()
        begin = self.play.handle.begin if self.play else end
        return min(begin or end, end - 1), end

    def _x(self, moment: float) -> float:
        begin, end = self._span()
        return (moment - begin) / (end - begin) * (self.width() - 8) + 4

    def moment(self, x: float) -> float:
        """What lies under a place."""
        begin, end = self._span()
        return begin + max(0.0, min(1.0, (x - 4) / (self.width() - 8))) * (end - begin)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.seek.emit(self.moment(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.setToolTip(clock_text(utc_of(self.moment(event.position().x()))))
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.seek.emit(self.moment(event.position().x()))

    def paintEvent(self, event: QPaintEvent) -> None:
        play = self.play
        if play is None:
            return
        painter = QPainter(self)
        middle = self.height() / 2
        handle = play.handle
        painter.fillRect(QRectF(4, middle - 3, self.width() - 8, 6), QColor("#3b434e"))
        begin, end = self._x(handle.begin), self._x(handle.end)
        painter.fillRect(QRectF(begin, middle - 3, max(0, end - begin), 6), QColor("#5f86b3"))
        for gap in handle.gaps:
            x0, x1 = self._x(gap.begin / 1e9), self._x(gap.end / 1e9)
            painter.fillRect(QRectF(x0, middle - 3, max(2, x1 - x0), 6), theme.RED)
        if play.mark_in is not None or play.mark_out is not None:
            x0 = self._x(play.mark_in if play.mark_in is not None else handle.begin)
            x1 = self._x(play.mark_out if play.mark_out is not None else handle.end)
            painter.fillRect(QRectF(x0, middle - 8, max(2, x1 - x0), 3), theme.AMBER)
            for x, side in ((x0, 1), (x1, -1)):
                painter.fillRect(QRectF(x - 1, middle - 8, 2, 16), theme.AMBER)
                painter.fillRect(QRectF(min(x, x + 5 * side), middle + 6, 5, 2), theme.AMBER)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("white"))
        x = self._x(play.at)
        points = [QPointF(x, middle + 4), QPointF(x - 5, middle - 7), QPointF(x + 5, middle - 7)]
        painter.drawPolygon(QPolygonF(points))


class ReplayBar(QFrame):
    """Buttons for what the keys do, at the foot of the tile."""

    def __init__(self, wall: WallWidget) -> None:
        super().__init__(wall)
        self.setObjectName("replay")
        self.setFixedHeight(BAR_HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 3, 6, 3)
        row.setSpacing(3)
        self.buttons: dict[str, QToolButton] = {}
        signs = {"back": "−5 s", "earlier": "◂❙", "play": "▶", "later": "❙▸"}
        for key, sign in signs.items():
            row.addWidget(self._button(key, sign))
        self.timeline = Timeline(self)
        row.addWidget(self.timeline, 1)
        self.when = QLabel()
        self.when.setMinimumWidth(52)
        row.addWidget(self.when)
        for key, sign in {"speed": "1×", "in": "⟦", "out": "⟧", "still": "◉", "export": "⤓",
                          "live": "●"}.items():  # fmt: skip
            row.addWidget(self._button(key, sign))
        self.retranslate()
        self.hide()

    def _button(self, key: str, sign: str) -> QToolButton:
        button = QToolButton()
        button.setText(sign)
        button.setMinimumSize(QSize(26, 26))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.buttons[key] = button
        return button

    def retranslate(self) -> None:
        """Texts in the present language."""
        tips = {
            "back": self.tr("5 seconds back  (Left)"),
            "earlier": self.tr("One picture back  (,)"),
            "play": self.tr("Pause or play  (Space)"),
            "later": self.tr("One picture on  (.)"),
            "speed": self.tr("Speed: click for faster  (J slower, L faster)"),
            "in": self.tr("Mark in: the clip begins here  ([)"),
            "out": self.tr("Mark out: the clip ends here  (])"),
            "still": self.tr("Snapshot of this picture  (S)"),
            "export": self.tr("Export the clip…  (E)"),
            "live": self.tr("Back to live  (R or Esc)"),
        }
        for key, text in tips.items():
            self.buttons[key].setToolTip(text)
            self.buttons[key].setAccessibleName(text.partition("  (")[0])
        self.buttons["live"].setText(self.tr("● Live"))
        self.buttons["export"].setText(self.tr("Export…"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


class ReplayDesk(QObject):
    """Replays of one wall. `export_asked` and `still_asked` tell what a person wants to keep."""

    export_asked = Signal(int, float, float)  # tile, from, to (monotonic s)
    still_asked = Signal(int)
    refused = Signal(str)  # camera id: nothing is kept of it yet

    def __init__(self, engine: VideoEngine, wall: WallWidget) -> None:
        super().__init__(wall)
        self._engine, self._wall = engine, wall
        self._plays: dict[int, _Play] = {}
        self.bar = ReplayBar(wall)
        button = self.bar.buttons
        button["back"].clicked.connect(lambda: self.jump(-JUMP_S))
        button["earlier"].clicked.connect(lambda: self.step(-1))
        button["play"].clicked.connect(self.pause_or_play)
        button["later"].clicked.connect(lambda: self.step(1))
        button["speed"].clicked.connect(lambda: self.faster(1, round_=True))
        button["in"].clicked.connect(self.mark_in)
        button["out"].clicked.connect(self.mark_out)
        button["still"].clicked.connect(lambda: self.still_asked.emit(wall.selected))
        button["export"].clicked.connect(self.export)
        button["live"].clicked.connect(self.back_to_live)
        self.bar.timeline.seek.connect(self.seek)
        wall.replay_changed.connect(self._changed)
        wall.selection_changed.connect(lambda *_: self._show_bar())
        wall.view_changed.connect(self._show_bar)
        wall.maximised_changed.connect(self._show_bar)
        wall.installEventFilter(self)
        self._tick = QTimer(self)
        self._tick.setInterval(200)
        self._tick.timeout.connect(self._show_bar)

    # -- what a person does

    @property
    def on(self) -> bool:
        """Whether the selected tile shows the past."""
        return self._wall.selected in self._plays

    def toggle(self) -> None:
        """Half a minute back, or live again."""
        if self.on:
            self.back_to_live()
        else:
            self._begin(time.monotonic() - BACK_S, 1.0, frozen=False)

    def freeze(self) -> None:
        """Hold the present picture; the same again lets go."""
        play = self._plays.get(self._wall.selected)
        if play is None:
            self._begin(time.monotonic() - 0.05, 0.0, frozen=True)
        elif play.frozen:
            self.back_to_live()
        else:
            self.pause_or_play()

    def pause_or_play(self) -> None:
        """In a replay."""
        play = self._play()
        if play is not None:
            play.paused, play.frozen = not play.paused, False
            self._steer(speed=0.0 if play.paused else play.speed)
            self._show_bar()

    def step(self, pictures: int) -> None:
        """One picture on or back."""
        play = self._play()
        if play is not None:
            play.paused, play.frozen = True, False
            self._steer(step=pictures)

    def jump(self, seconds: float) -> None:
        """Forward or back in time."""
        play = self._play()
        if play is not None:
            self.seek(play.at + seconds)

    def seek(self, moment: float) -> None:
        """Go to a moment (monotonic s)."""
        play = self._play()
        if play is not None:
            play.frozen = False
            self._steer(at=max(play.handle.begin, moment))

    def faster(self, by: int, *, round_: bool = False) -> None:
        """The next speed up or down."""
        play = self._play()
        if play is not None:
            index = SPEEDS.index(play.speed) + by
            if round_:
                index %= len(SPEEDS)
            play.speed = SPEEDS[max(0, min(len(SPEEDS) - 1, index))]
            play.paused = False
            self._steer(speed=play.speed)
            self._show_bar()

    def mark_in(self) -> None:
        """The clip begins with the picture shown."""
        play = self._play()
        if play is not None:
            play.mark_in = play.at
            if play.mark_out is not None and play.mark_out <= play.at:
                play.mark_out = None
            self._show_bar()

    def mark_out(self) -> None:
        """The clip ends with the picture shown."""
        play = self._play()
        if play is not None:
            play.mark_out = play.at
            if play.mark_in is not None and play.mark_in >= play.at:
                play.mark_in = None
            self._show_bar()

    def export(self) -> None:
        """Between the marks; without one, from the beginning or to the end of what is kept."""
        play = self._play()
        if play is not None:
            begin = play.mark_in if play.mark_in is not None else play.handle.begin
            end = play.mark_out if play.mark_out is not None else play.handle.end
            self.export_asked.emit(self._wall.selected, begin, end)

    def back_to_live(self) -> None:
        """The selected tile."""
        self._wall.end_replay(self._wall.selected)

    # -- inside

    def _play(self) -> _Play | None:
        return self._plays.get(self._wall.selected)

    def _begin(self, at: float, speed: float, *, frozen: bool) -> None:
        index = self._wall.selected
        camera = self._wall.camera_at(index)
        if camera is None:
            return
        size = self._wall.picture_size(index)
        handle = self._engine.replay(self._wall.tile_id(index), camera, *size, at, speed)
        if handle is None:
            self.refused.emit(camera)
            return
        self._plays[index] = _Play(handle, paused=not speed, frozen=frozen, at=at)
        self._wall.begin_replay(index)
        self._tick.start()
        self._show_bar()

    def _steer(self, **wish: float | int) -> None:
        index = self._wall.selected
        self._engine.steer_replay(self._wall.tile_id(index), **wish)  # type: ignore[arg-type]

    def _changed(self, index: int) -> None:
        play = self._plays.get(index)
        if play is None:
            return
        if not self._wall.replaying(index) or play.handle.ended:
            del self._plays[index]
            self._engine.end_replay(self._wall.tile_id(index))
            self._wall.end_replay(index)
            if not self._plays:
                self._tick.stop()
        else:
            picture = self._engine.replay_picture(self._wall.tile_id(index))
            if picture is not None:
                play.at = picture.arrived_at
        if index == self._wall.selected:
            self._show_bar()

    def _show_bar(self) -> None:
        play, bar = self._play(), self.bar
        tile = self._wall.tile_rectangle(self._wall.selected)
        if play is None or tile.isEmpty():
            bar.hide()
            return
        width = min(self._wall.width(), max(BAR_WIDTH, tile.width() - 8))
        x = max(0, min(self._wall.width() - width, tile.center().x() - width // 2))
        bar.setGeometry(x, tile.bottom() - BAR_HEIGHT - 3, width, BAR_HEIGHT)
        bar.timeline.play = play
        bar.buttons["play"].setText("▶" if play.paused else "❚❚")
        speed = play.speed
        bar.buttons["speed"].setText(f"{speed:g}×" if speed >= 1 else f"1/{round(1 / speed)}×")
        bar.when.setText(f"−{max(0.0, time.monotonic() - play.at):.1f} s")
        bar.timeline.update()
        bar.show()
        bar.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._show_bar()
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key, keys = event.key(), Qt.Key
        if key == keys.Key_Space and plain:
            if not event.isAutoRepeat():
                self.freeze()
            return True
        if not self.on or not plain:
            return False
        match key:
            case keys.Key_Comma:
                self.step(-1)
            case keys.Key_Period:
                self.step(1)
            case keys.Key_Left:
                self.jump(-JUMP_S)
            case keys.Key_Right:
                self.jump(JUMP_S)
            case keys.Key_BracketLeft:
                self.mark_in()
            case keys.Key_BracketRight:
                self.mark_out()
            case keys.Key_J:
                self.faster(-1)
            case keys.Key_L:
                self.faster(1)
            case keys.Key_E:
                self.export()
            case keys.Key_Escape:
                self.back_to_live()
            case _:
                return False
        return True
