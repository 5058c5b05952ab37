"""Sound of one tile: who is heard, how loud, and what is said when nothing can be heard."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from app.ui import theme
from app.ui.tile_painter import draw_meter
from app.ui.wall import WallWidget
from app.video.types import SoundStatus

LEVEL_MS = 100
NAME_WIDTH = 170


class Engine(Protocol):
    """What is needed of the video engine."""

    def listen(self, camera_id: str | None) -> None: ...
    def set_sound(self, volume: float, muted: bool) -> None: ...
    def sound(self) -> SoundStatus: ...


def why_silent(code: str) -> str:
    """What to tell a person for a code of `SoundStatus`, or ""."""
    translate = QCoreApplication.translate
    return {
        "sound-none": translate("Sound", "This camera sends no sound."),
        "sound-codec": translate("Sound", "This camera's sound cannot be decoded here."),
        "sound-engine": translate(
            "Sound", "This camera is shown through libVLC: its sound cannot be played."
        ),
        "sound-refused": translate(
            "Sound", "The camera did not give its sound. The picture goes on without it."
        ),
        "sound-device": translate(
            "Sound", "This computer has no sound output. Only the level is shown."
        ),
        "sound-library": translate(
            "Sound", "The sound library miniaudio is not installed. Only the level is shown."
        ),
    }.get(code, "")


class SoundDesk(QObject):
    """Which camera is heard on any of the walls. It costs nothing while none is."""

    changed = Signal()  # another camera, volume, mute, or why nothing is heard
    level = Signal()
    silent = Signal(str, str)  # camera id, why nothing is heard: told once
    volume_set = Signal(float)
    _shown = Signal(object)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.status = engine.sound()
        self._timer = QTimer(self)
        self._timer.setInterval(LEVEL_MS)
        self._timer.timeout.connect(self._look)

    def add(self, wall: WallWidget) -> None:
        """A wall that shows who is heard."""
        self._shown.connect(wall.show_sound)  # ends with the wall by itself
        wall.show_sound(self.status)

    def toggle(self, camera: str | None) -> None:
        """Hear this camera, or nothing when it is heard already."""
        if camera is not None:
            on = camera != self.status.camera_id
            self._engine.listen(camera if on else None)
            if on and self.status.muted:
                self._engine.set_sound(self.status.volume, False)  # one who asks wants to hear
            self._timer.start()
            self._look()

    def set_volume(self, volume: float) -> None:
        """From 0 to 1; a volume that is set is meant to be heard."""
        self._engine.set_sound(volume, False)
        self.volume_set.emit(volume)
        self._look()

    def restore_volume(self, volume: object) -> None:
        """As it was last time."""
        if isinstance(volume, int | float):
            self._engine.set_sound(max(0.0, min(1.0, float(volume))), self.status.muted)
            self._look()

    def toggle_mute(self) -> None:
        """Silence, and back to the same volume."""
        if self.status.camera_id is not None:
            self._engine.set_sound(self.status.volume, not self.status.muted)
            self._look()

    def _look(self) -> None:
        old, self.status = self.status, self._engine.sound()
        new = self.status
        self._shown.emit(new)
        what = [(s.camera_id, s.volume, s.muted, s.code) for s in (old, new)]
        if what[0] != what[1]:
            if new.camera_id is None:
                self._timer.stop()
            self.changed.emit()
            told = new.code and (old.camera_id, old.code) != (new.camera_id, new.code)
            if told and new.camera_id is not None:
                self.silent.emit(new.camera_id, why_silent(new.code))
        self.level.emit()


class _Meter(QWidget):
    """The level beside the volume."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(60, 22)
        self.status = SoundStatus()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(2, self.height() / 2 - 4, self.width() - 4, 8)
        draw_meter(painter, box, self.status)


class SoundControl(QWidget):
    """Name, mute, volume and level of what is heard; hidden while nothing is."""

    def __init__(self, desk: SoundDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._name = QLabel()
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setMaximumWidth(NAME_WIDTH)
        self.mute = QToolButton()
        self.mute.setCheckable(True)
        self.mute.setIconSize(QSize(20, 20))
        self.mute.clicked.connect(desk.toggle_mute)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setFixedWidth(96)
        self.slider.valueChanged.connect(lambda value: desk.set_volume(value / 100))
        self.meter = _Meter()
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetFixedSize)
        row.setSpacing(6)
        for part in (self.mute, self.slider, self.meter, self._name):
            # The keys stay with the wall.
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(part)
        desk.changed.connect(self._changed)
        desk.level.connect(self._level)
        self._title = ""
        self._retranslate()

    def set_name(self, name: str) -> None:
        """The camera that is heard."""
        self._title = name
        metrics = self._name.fontMetrics()
        self._name.setText(metrics.elidedText(name, Qt.TextElideMode.ElideRight, NAME_WIDTH))
        self._name.setToolTip(name)

    def _changed(self) -> None:
        status = self._desk.status
        muted = status.muted or bool(status.code)
        self.mute.setIcon(theme.icon("sound-muted" if muted else "sound"))
        self.mute.setChecked(status.muted)
        self.slider.blockSignals(True)
        self.slider.setValue(round(status.volume * 100))
        self.slider.blockSignals(False)
        self._retranslate()

    def _level(self) -> None:
        self.meter.status = self._desk.status
        self.meter.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        status = self._desk.status
        text = self.tr("Unmute") if status.muted else self.tr("Mute")
        self.mute.setAccessibleName(text)
        self.mute.setToolTip(why_silent(status.code) or f"{text}  (Shift+U)")
        self.slider.setAccessibleName(self.tr("Volume"))
        percent = self.tr("Volume {percent} %").format(percent=round(status.volume * 100))
        self.slider.setToolTip(percent)
        self.meter.setToolTip(self.tr("Level of what is heard"))
