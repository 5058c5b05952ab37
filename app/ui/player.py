"""The player: an evidence package or a single file, its verification above the picture.

The window paints pictures itself (`video/playback.py` hands them over in memory) and gives libVLC no
window to draw into: a foreign child window needs X11 (not Wayland) and VLC's video output package
on Linux, an NSView on macOS, swallows key presses on Windows and X11, and cannot show the exact
picture that PyAV found. One picture at a time, so the copy costs little.

Also `watchroom play PATH`.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QBuffer,
    QCoreApplication,
    QEvent,
    QIODevice,
    QLocale,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QHelpEvent,
    QImage,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QScrollArea,
    QSizePolicy,
    QSlider,
    QSplitter,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.help import keys_of, plain
from app.ui.i18n import Language, system_language
from app.ui.tasks import Tasks
from app.video import libvlc
from app.video.playback import SOUND_SPEEDS, SPEEDS, Phase, Playback, PlaybackState, Shown

TICK_MS = 15
JUMP_S = 10.0
VOLUME_STEP = 5
VERIFY_TIMEOUT_S = 3600.0
"""Hashing a full disk takes its time; closing the window ends the wait."""

MANIFEST, MANIFEST_MOST = "manifest.json", 10_000_000
FILES_MOST = 10_000
ENDINGS = (".mp4", ".m4v", ".mov", ".mkv", ".avi", ".ts", ".png", ".jpg", ".jpeg")
STILLS = (".png", ".jpg", ".jpeg")
SYMBOLS = {"good": "✓", "warning": "!", "bad": "✕", "none": "–"}
KINDS = {"good": "good", "warning": "warning", "bad": "alarm", "none": ""}


@dataclass(frozen=True, slots=True)
class VerificationText:
    """What a check of the package found, for a person; the first line is what counts."""

    level: str  # "good", "warning", "bad" or "none"
    text: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The picture on screen in the file's own pixels, and where it comes from."""

    image: QImage
    source: Path
    camera: str  # "" when not known
    position_s: float  # from the file's first picture
    moment: datetime | None  # aware UTC, from the manifest

    def png(self) -> bytes:
        """The picture as a PNG file."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self.image.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide6's stubs lack it
        return bytes(buffer.data().data())


@dataclass(frozen=True, slots=True)
class Recording:
    """One file that can be played, and what the manifest says about it."""

    path: Path
    size: int
    camera: str = ""
    start: datetime | None = None  # aware UTC, of the first picture
    clock: str = ""
    gaps: tuple[tuple[float, float], ...] = ()  # from, to; seconds after `start`

    @property
    def still(self) -> bool:
        """A picture, no video."""
        return self.path.suffix.lower() in STILLS


def package_of(path: Path) -> Path | None:
    """The package that a path is, or that a file of it lies in; None for a file by itself."""
    for folder in (path, path.parent, path.parent.parent):
        if (folder / MANIFEST).is_file():
            return folder
    return path if path.is_dir() else None


def read_recordings(path: Path) -> list[Recording]:
    """What can be played there, videos first. Waits for the disk; raises OSError.

    A package comes from elsewhere: only regular files found in it are listed, the manifest adds
    what it says about them, and a manifest that makes no sense adds nothing.
    """
    folder = package_of(path)
    if folder is None:
        return [Recording(path, path.stat().st_size)]
    found = [
        file
        for place in ("video", "stills", ".")
        for file in sorted((folder / place).glob("*"))[:FILES_MOST]
        if file.suffix.lower() in ENDINGS and file.is_file() and not file.is_symlink()
    ]
    told = _manifest(folder)
    files = []
    for file in found:
        plain_file = Recording(file, file.stat().st_size)
        files.append(_described(plain_file, told.get(file.relative_to(folder).as_posix(), {})))
    return files


def _manifest(folder: Path) -> dict[str, dict[str, Any]]:
    """The manifest's entries by path."""
    try:
        with (folder / MANIFEST).open("rb") as file:
            content = json.loads(file.read(MANIFEST_MOST))
        return {e["path"]: e for e in content["files"] if isinstance(e.get("path"), str)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _described(recording: Recording, entry: dict[str, Any]) -> Recording:
    try:
        start = _moment(entry["from"])
        gaps = tuple(
            (
                (_moment(g["from"]) - start).total_seconds(),
                (_moment(g["to"]) - start).total_seconds(),
            )
            for g in entry.get("gaps") or ()
        )
        camera = str(entry.get("camera_name") or entry.get("camera_code") or "")[:200]
        clock = str(entry.get("clock") or "")[:40]
        return replace(recording, camera=camera, start=start, clock=clock, gaps=gaps)
    except (KeyError, TypeError, ValueError, OverflowError):
        return recording


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def span_text(seconds: float) -> str:
    """A length or a place in a file: 0:07.480, 1:02:03.000."""
    milliseconds = max(0, round(seconds * 1000))
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    seconds_text = f"{minutes:02}" if hours else f"{minutes}"
    head = f"{hours}:" if hours else ""
    return f"{head}{seconds_text}:{rest // 1000:02}.{rest % 1000:03}"


def local_text(moment: datetime) -> str:
    """Local date and time with milliseconds: pictures are told apart by them."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S.") + f"{moment.microsecond // 1000:03}"


class PictureView(QWidget):
    """The picture, or words where there is none."""

    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self._data = b""
        self._words = QLabel(self)
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setObjectName("heading")
        self.setMinimumSize(160, 90)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def words(self) -> str:
        """What it says instead of a picture, or ""."""
        return self._words.text()

    @property
    def image(self) -> QImage:
        """What it shows."""
        return self._image

    def show_picture(self, picture: Shown) -> None:
        """This picture instead of what was there."""
        self._data = picture.data  # QImage does not keep it
        self._image = QImage(
            self._data,
            picture.width,
            picture.height,
            picture.stride,
            QImage.Format.Format_RGB32,
        )
        self._words.setText("")
        self.update()

    def say(self, text: str) -> None:
        """Words instead of a picture."""
        self._image, self._data = QImage(), b""
        self._words.setText(text)
        self.update()

    def box(self) -> tuple[int, int]:
        """Room for the picture in physical pixels."""
        ratio = self.devicePixelRatioF()
        return round(self.width() * ratio), round(self.height() * ratio)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.TILE)
        if self._image.isNull():
            return
        room = QSize(self.width(), self.height())
        size = self._image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio).toSizeF()
        ratio = self.devicePixelRatioF()
        if abs(size.width() * ratio - self._image.width()) < 4:
            size = self._image.size().toSizeF() / ratio  # pixel on pixel
        place = QPointF(
            round((room.width() - size.width()) / 2), round((room.height() - size.height()) / 2)
        )
        painter.drawImage(QRectF(place, size), self._image)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._words.setGeometry(self.rect().adjusted(24, 12, -24, -12))
        self.resized.emit()


class PositionBar(QSlider):
    """Where in the recording: a click goes there, gaps are marked. Values are milliseconds."""

    def __init__(self, text_at: Callable[[float], str]) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._text_at = text_at
        self.gaps: tuple[tuple[float, float], ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)

    def _value_at(self, x: float) -> int:
        share = (x - 7) / max(1, self.width() - 14)
        return round(min(1.0, max(0.0, share)) * self.maximum())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._drag(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._drag(event)
        if self.maximum():
            text = self._text_at(self._value_at(event.position().x()) / 1000)
            QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def _drag(self, event: QMouseEvent) -> None:
        value = self._value_at(event.position().x())
        self.setSliderPosition(value)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            return True  # the pointer has its own tooltip
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.gaps or not self.maximum():
            return
        painter = QPainter(self)
        scale = (self.width() - 14) * 1000 / self.maximum()
        for start, end in self.gaps:
            width = max(3.0, (end - start) * scale)
            painter.fillRect(QRectF(7 + start * scale, 1, width, 4), theme.AMBER)


class FileList(QListWidget):
    """The package's files. Its arrow keys walk, though the window has uses for them."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            walking = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End)
            if event.key() in walking:  # type: ignore[attr-defined]
                event.accept()
                return True
        return super().event(event)


class PlayerWindow(QMainWindow):
    """Plays what is at `path`. Ends its threads when it is closed."""

    def __init__(
        self,
        path: Path,
        verify: Callable[[Path], VerificationText] | None,
        save_snapshot: Callable[[Snapshot], None] | None,
        language: str,
        parent: QWidget | None = None,
    ) -> None:
        """`verify` runs in a thread, with the package's folder; `save_snapshot` on the Qt thread:
        whoever opens the player records purpose and basis. None: the player says so.
        """
        super().__init__(parent)
        self._path, self._verify, self._save = path, verify, save_snapshot
        self._locale = QLocale(language)
        self._tasks = Tasks(self, threads=2)
        self._package: Path | None = None
        self._files: list[Recording] = []
        self._file: Recording | None = None
        self._verification: VerificationText | None = None
        self._trouble = ""
        self._playback: Playback | None = None
        self._ending: list[Playback] = []
        self._state = PlaybackState()
        self._serial = 0
        self._still: Future[Shown] | None = None
        self._ended = False
        self._action: dict[str, QAction] = {}
        self._make_actions()
        self._make_widgets()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._retranslate()
        theme.fit(self, 1180, 720)
        app = QApplication.instance()
        assert app is not None
        app.aboutToQuit.connect(self._end)
        self._open()

    # -- building

    def _make_actions(self) -> None:
        keys: dict[str, tuple[str, Callable[[], object], str]] = {
            "play": ("Space", self._toggle, "play"),
            "step_back": (",", lambda: self._order(lambda p: p.step(-1)), "step-back"),
            "step_on": (".", lambda: self._order(lambda p: p.step(1)), "step-forward"),
            "jump_back": ("Left", lambda: self._order(lambda p: p.jump(-JUMP_S)), "jump-back"),
            "jump_on": ("Right", lambda: self._order(lambda p: p.jump(JUMP_S)), "jump-forward"),
            "start": ("Home", lambda: self._order(lambda p: p.seek(0.0)), ""),
            "end": ("End", lambda: self._order(lambda p: p.seek(self._state.duration_s)), ""),
            "slower": ("[", lambda: self._change_speed(-1), ""),
            "faster": ("]", lambda: self._change_speed(1), ""),
            "loop": ("L", self._change_sound_or_loop, "loop"),
            "mute": ("M", self._change_sound_or_loop, "sound"),
            "louder": ("Up", lambda: self.volume.setValue(self.volume.value() + VOLUME_STEP), ""),
            "quieter": (
                "Down",
                lambda: self.volume.setValue(self.volume.value() - VOLUME_STEP),
                "",
            ),
            "snapshot": ("Ctrl+S", self._snapshot, "snapshot"),
            "file_before": ("PgUp", lambda: self._walk(-1), ""),
            "file_after": ("PgDown", lambda: self._walk(1), ""),
            "full": ("F11", self._full_screen, "full-screen"),
            "leave": ("Esc", self._leave_full_screen, ""),
            "close": ("Ctrl+W", self.close, ""),
        }
        for name, (key, call, icon) in keys.items():
            action = QAction(self)
            action.setShortcut(QKeySequence(key))
            action.setAutoRepeat(name not in ("play", "loop", "mute", "snapshot", "full", "close"))
            if name in ("loop", "mute"):
                action.setCheckable(True)
            if icon:
                action.setIcon(theme.icon(icon))
            action.triggered.connect(lambda _=False, call=call: call())
            self.addAction(action)
            self._action[name] = action

    def _make_widgets(self) -> None:
        self.banner = QFrame()
        self.banner.setObjectName("notice")
        self._symbol, self.verdict, self._details = QLabel(), QLabel(), QLabel()
        self._symbol.setObjectName("heading")
        for label in (self.verdict, self._details):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)  # names come from elsewhere
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._more = QToolButton()
        self._more.setCheckable(True)
        self._more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._detail_area = QScrollArea()
        self._more.toggled.connect(self._detail_area.setVisible)
        self._detail_area.setWidget(self._details)
        self._detail_area.setWidgetResizable(True)
        self._detail_area.setFrameShape(QFrame.Shape.NoFrame)
        self._detail_area.setMaximumHeight(130)
        self._detail_area.setObjectName("details")
        self._details.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._detail_area.hide()
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self._symbol, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.verdict, 1)
        line.addWidget(self._more, 0, Qt.AlignmentFlag.AlignTop)
        banner = QVBoxLayout(self.banner)
        banner.setContentsMargins(12, 7, 8, 7)
        banner.addLayout(line)
        banner.addWidget(self._detail_area)

        self.no_sound = QLabel()
        self.no_sound.setObjectName("warning")
        self.no_sound.setWordWrap(True)
        self.no_sound.hide()

        self.files = FileList()
        self.files.setMinimumWidth(130)
        self.files.setWordWrap(True)
        self.files.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.files.currentRowChanged.connect(self._choose)
        self.view = PictureView()
        self.view.resized.connect(self._fit)
        self.splitter = QSplitter()
        self.splitter.addWidget(self.files)
        self.splitter.addWidget(self.view)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setCollapsible(1, False)
        self.splitter.setSizes([250, 900])

        self.bar = PositionBar(self._text_at)
        self.bar.sliderMoved.connect(lambda v: self._order(lambda p: p.seek(v / 1000)))
        self.time, self.length = QLabel(), QLabel()
        self.length.setObjectName("hint")
        self.length.setAlignment(Qt.AlignmentFlag.AlignRight)
        times = QHBoxLayout()
        times.addWidget(self.time, 1)
        times.addWidget(self.length)

        self.speed = QComboBox()
        self.speed.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for speed in SPEEDS:
            self.speed.addItem(_speed_text(speed), speed)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        self.speed.currentIndexChanged.connect(
            lambda i: self._order(lambda p: p.set_speed(SPEEDS[i]))
        )
        self.volume = QSlider(Qt.Orientation.Horizontal)
        self.volume.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.volume.setRange(0, 100)
        self.volume.setValue(80)
        self.volume.setFixedWidth(80)
        self.volume.valueChanged.connect(lambda _: self._change_sound_or_loop())
        controls = QHBoxLayout()
        controls.setSpacing(4)
        self.buttons: dict[str, QToolButton] = {}
        for name in ("jump_back", "step_back", "play", "step_on", "jump_on"):
            controls.addWidget(self._button(name))
        controls.addSpacing(6)
        controls.addWidget(self.speed)
        controls.addWidget(self._button("loop"))
        controls.addStretch(1)
        controls.addWidget(self._button("mute"))
        controls.addWidget(self.volume)
        controls.addSpacing(6)
        controls.addWidget(self._button("snapshot"))
        controls.addWidget(self._button("full"))

        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.banner)
        layout.addWidget(self.no_sound)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self.bar)
        layout.addLayout(times)
        layout.addLayout(controls)
        self.setCentralWidget(middle)

    def _button(self, name: str) -> QToolButton:
        button = self.buttons[name] = QToolButton()
        button.setDefaultAction(self._action[name])
        button.setIconSize(QSize(20, 20))
        # Space and the arrows are the player's, whatever was clicked last.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        texts = {
            "step_back": self.tr("One picture back"),
            "step_on": self.tr("One picture on"),
            "jump_back": self.tr("10 s back"),
            "jump_on": self.tr("10 s on"),
            "start": self.tr("To the beginning"),
            "end": self.tr("To the end"),
            "slower": self.tr("Slower"),
            "faster": self.tr("Faster"),
            "loop": self.tr("Repeat"),
            "louder": self.tr("Louder"),
            "quieter": self.tr("Quieter"),
            "file_before": self.tr("Previous file"),
            "file_after": self.tr("Next file"),
            "full": self.tr("Full screen"),
            "leave": self.tr("Leave full screen"),
            "close": self.tr("Close"),
        }
        for name, text in texts.items():
            self._action[name].setText(text)
        self._more.setText(self.tr("Details"))
        self.files.setAccessibleName(self.tr("Files of the package"))
        self.bar.setAccessibleName(self.tr("Position"))
        self.speed.setAccessibleName(self.tr("Speed"))
        self.volume.setAccessibleName(self.tr("Volume"))
        sounding = "1×, 2×, 4×"
        assert SOUND_SPEEDS == (1.0, 2.0, 4.0)
        self.speed.setToolTip(
            self.tr("Speed  [ slower, ] faster. Sound at {speeds}.").format(speeds=sounding)
        )
        self.volume.setToolTip(self.tr("Volume  (Up, Down)"))
        self._fill_list()
        self._show_verification()
        self._show_state()
        if self._trouble:
            self.view.say(_trouble_text(self._trouble))

    # -- opening

    def _open(self) -> None:
        self.view.say(self.tr("Opening …"))
        path = self._path

        def read(_: object) -> tuple[Path | None, list[Recording]]:
            if not path.exists():
                raise FileNotFoundError
            return package_of(path), read_recordings(path)

        self._tasks.run(self, read, self._opened, lambda _: self._fail("missing"))
        self._timer.start(TICK_MS)

    def _opened(self, found: tuple[Path | None, list[Recording]]) -> None:
        self._package, self._files = found
        self.files.setVisible(self._package is not None)
        name = self._package.name if self._package else self._path.name
        self.setWindowTitle(f"{name} — Watchroom")
        self._fill_list()
        self._check()
        if not self._files:
            self._fail("empty")
            return
        own = [i for i, f in enumerate(self._files) if f.path == self._path]
        self._choose(own[0] if own else 0)
        self.files.setFocus()

    def _check(self) -> None:
        verify, folder = self._verify, self._package
        if verify is None or folder is None:
            self._verification = VerificationText("none", "")
            self._show_verification()
            return

        def failed(error: Exception) -> None:
            text = self.tr("The package could not be checked.")
            self._verified(VerificationText("bad", f"{text}\n{error}"))

        self._tasks.run(
            self, lambda _: verify(folder), self._verified, failed, timeout_s=VERIFY_TIMEOUT_S
        )

    def _verified(self, result: VerificationText) -> None:
        self._verification = result
        self._show_verification()

    def _show_verification(self) -> None:
        result = self._verification
        level, text = ("none", "") if result is None else (result.level, result.text)
        if result is None:
            text = self.tr("Checking the package …")
        elif not text and self._package is None:
            text = self.tr("A single file: nothing to check it against.")
        elif not text:
            text = self.tr("Not checked.")
        head, _, details = text.partition("\n")
        self._symbol.setText("…" if result is None else SYMBOLS.get(level, "!"))
        self.verdict.setText(head)
        self._details.setText(details)
        self._more.setVisible(bool(details))
        if not details:
            self._more.setChecked(False)
        self.banner.setProperty("kind", KINDS.get(level, "warning"))
        self.banner.style().polish(self.banner)

    def _fill_list(self) -> None:
        self.files.blockSignals(True)
        self.files.clear()
        for file in self._files:
            lines = [file.camera or file.path.stem]
            if file.start is not None:
                lines.append(local_text(file.start)[:-4])
            kind = self.tr("Picture") if file.still else self.tr("Video")
            lines.append(f"{kind}, {self._locale.formattedDataSize(file.size, 1)}")
            if file.gaps:
                lines.append("⚠ " + self.tr("%n gap(s)", "", len(file.gaps)))
            item = QListWidgetItem("\n".join(lines))
            tip = [file.path.name]
            for start, end in file.gaps:
                if file.start is not None:
                    since = local_text(file.start + timedelta(seconds=start))
                    tip.append(
                        self.tr("Gap from {start}, {seconds} s").format(
                            start=since, seconds=f"{end - start:.1f}"
                        )
                    )
            item.setToolTip("\n".join(tip))
            self.files.addItem(item)
        if self._file in self._files:
            self.files.setCurrentRow(self._files.index(self._file))
        self.files.blockSignals(False)

    def _walk(self, rows: int) -> None:
        if self._file in self._files:
            row = self._files.index(self._file) + rows
            self._choose(min(max(0, row), len(self._files) - 1))

    def _choose(self, row: int) -> None:
        """Play another file of the list."""
        if not 0 <= row < len(self._files) or self._files[row] is self._file:
            return
        self._file = self._files[row]
        self.files.blockSignals(True)
        self.files.setCurrentRow(row)
        self.files.blockSignals(False)
        self._trouble, self._serial, self._still = "", 0, None
        self.view.say(self.tr("Opening …"))
        self._drop_playback()
        self._playback = Playback(
            self._file.path,
            volume=self.volume.value(),
            muted=self._action["mute"].isChecked(),
        )
        self._playback.set_speed(SPEEDS[self.speed.currentIndex()])
        self._playback.set_loop(self._action["loop"].isChecked())
        self._fit()
        self.bar.gaps = self._file.gaps

    def _drop_playback(self) -> None:
        if self._playback is not None:
            self._playback.close()
            self._ending = [p for p in [*self._ending, self._playback] if not p.join(0)]
            self._playback = None

    def _fail(self, code: str) -> None:
        self._trouble = code
        self.view.say(_trouble_text(code))
        if self._verification is None and self._package is None:
            self._verification = VerificationText("none", "")
            self._show_verification()

    # -- orders

    def _order(self, order: Callable[[Playback], None]) -> None:
        if self._playback is not None:
            order(self._playback)

    def _toggle(self) -> None:
        running = self._state.phase is Phase.RUNNING
        self._order(Playback.pause if running else Playback.play)

    def _change_speed(self, steps: int) -> None:
        index = self.speed.currentIndex() + steps
        self.speed.setCurrentIndex(min(max(0, index), len(SPEEDS) - 1))

    def _change_sound_or_loop(self) -> None:
        loop, muted = self._action["loop"].isChecked(), self._action["mute"].isChecked()
        volume = self.volume.value()
        self._order(lambda p: p.set_loop(loop))
        self._order(lambda p: p.set_volume(volume, muted))

    def _fit(self) -> None:
        self._order(lambda p: p.set_box(*self.view.box()))

    def _full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _leave_full_screen(self) -> None:
        if self.isFullScreen():
            self._full_screen()

    def _snapshot(self) -> None:
        if self._playback is not None and self._save is not None and self._still is None:
            self._still = self._playback.still()

    # -- what happened

    def _tick(self) -> None:
        playback = self._playback
        if playback is None:
            return
        state, picture = playback.state, playback.picture
        if picture is not None and picture.serial != self._serial:
            self._serial = picture.serial
            self.view.show_picture(picture)
        if state is not self._state:
            self._state = state
            self._show_state()
            if state.phase is Phase.FAILED and self._trouble != state.error:
                self._fail(state.error)
        if self._still is not None and self._still.done():
            self._take_snapshot(self._still)

    def _take_snapshot(self, still: Future[Shown]) -> None:
        self._still = None
        if still.cancelled() or self._file is None or self._save is None:
            return
        shown = still.result()
        view = QImage(
            shown.data, shown.width, shown.height, shown.stride, QImage.Format.Format_RGB32
        )
        moment = self._moment_at(shown.position_s)
        self._save(
            Snapshot(view.copy(), self._file.path, self._file.camera, shown.position_s, moment)
        )

    def _moment_at(self, seconds: float) -> datetime | None:
        start = self._file.start if self._file else None
        return None if start is None else start + timedelta(seconds=seconds)

    def _text_at(self, seconds: float) -> str:
        moment = self._moment_at(seconds)
        return span_text(seconds) if moment is None else local_text(moment)

    def _show_state(self) -> None:
        state = self._state
        running = state.phase is Phase.RUNNING
        ready = state.phase in (Phase.STANDING, Phase.RUNNING)
        moving = ready and state.duration_s > 0 and not (self._file and self._file.still)
        act = self._action
        act["play"].setIcon(theme.icon("pause" if running else "play"))
        act["play"].setText(self.tr("Halt") if running else self.tr("Play"))
        act["mute"].setIcon(theme.icon("sound-off" if state.muted else "sound"))
        act["mute"].setText(self.tr("Sound on") if state.muted else self.tr("Mute"))
        act["snapshot"].setText(self.tr("Keep this picture"))
        for name in ("play", "step_back", "step_on", "jump_back", "jump_on", "start", "end"):
            act[name].setEnabled(moving)
        act["snapshot"].setEnabled(ready and self._save is not None)
        sound = state.has_audio and not state.silent
        for widget in (act["mute"], self.volume):
            widget.setEnabled(sound or not ready)
        for name, action in act.items():
            keys = keys_of(action)
            action.setToolTip(f"{plain(action)}  ({keys})" if keys else plain(action))
            if name == "snapshot" and self._save is None:
                tip = self.tr("Pictures are kept from the client, which records the purpose.")
                action.setToolTip(tip)
            if name == "mute" and ready and not state.has_audio:
                action.setToolTip(self.tr("This file has no sound."))
        self.no_sound.setVisible(bool(state.silent))
        if state.silent == libvlc.NO_LIBVLC:
            self.no_sound.setText(
                self.tr("libVLC is missing on this computer: pictures play without sound.")
            )
        elif state.silent:
            self.no_sound.setText(self.tr("libVLC cannot play this file: no sound."))
        if not self.bar.isSliderDown():
            self.bar.setRange(0, round(state.duration_s * 1000))
            self.bar.setValue(round(state.position_s * 1000))
        self.bar.setEnabled(moving)
        self._show_time(state, moving)

    def _show_time(self, state: PlaybackState, moving: bool) -> None:
        moment = self._moment_at(state.position_s)
        place = f"{span_text(state.position_s)} / {span_text(state.duration_s)}"
        if moment is None:
            self.time.setText("")
            self.time.setToolTip("")
        else:
            self.time.setText(local_text(moment))
            utc = moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{moment.microsecond // 1000:03}"
            clock = self._file.clock if self._file else ""
            self.time.setToolTip(
                self.tr("UTC {time}, by the clock of: {clock}").format(time=utc, clock=clock or "?")
            )
        size = f"{state.width}×{state.height}" if state.width else ""
        rate = f"{state.fps:.4g} fps" if moving else ""
        parts = [place if moving else "", size, rate]
        self.length.setText("    ".join(p for p in parts if p))

    # -- the end

    def closeEvent(self, event: QCloseEvent) -> None:
        self._end()
        super().closeEvent(event)

    def _end(self) -> None:
        """Idempotent; waits for nobody."""
        if self._ended:
            return
        self._ended = True
        self._timer.stop()
        self._drop_playback()
        self._tasks.close(0)

    def join(self, timeout_s: float) -> bool:
        """After the close: whether the decoders have ended by then."""
        return all(p.join(timeout_s) for p in self._ending)


def _speed_text(speed: float) -> str:
    return f"{speed:g}×" if speed >= 1 else f"1/{round(1 / speed)}×"


def _trouble_text(code: str) -> str:
    translate = QCoreApplication.translate
    return {
        "missing": translate("Player", "The file is not there, or it is no file."),
        "unreadable": translate("Player", "This user may not read the file."),
        "not-media": translate("Player", "This is no video, or its beginning is damaged."),
        "no-video": translate("Player", "The file has no video in it."),
        "undecodable": translate("Player", "The file is damaged: no picture can be decoded."),
        "empty": translate("Player", "There is no video and no picture in this folder."),
    }.get(code, code)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("path", type=Path, help="an evidence package (EVID-...) or a video file")
    parser.add_argument("--language", choices=["en", "zh_CN"], default="")


def run(arguments: argparse.Namespace) -> int:
    """Shows the player until it is closed; 2 when there is nothing at the path."""
    from app.ui.application import has_display

    path = arguments.path.absolute()
    if not path.exists():
        print(f"watchroom: there is nothing at {arguments.path}", file=sys.stderr)
        return 2
    if not has_display() and "QT_QPA_PLATFORM" not in os.environ:
        print("watchroom: there is no display. Start it in a desktop session.", file=sys.stderr)
        return 1
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Watchroom")
    app.setWindowIcon(theme.icon("watchroom"))
    theme.apply(app)
    language = Language()
    language.use(arguments.language or system_language())
    from app.evidence.keys import TRUSTED_FOLDER
    from app.paths import data_dir
    from app.ui.verdict import verifier

    window = PlayerWindow(path, verifier(data_dir() / TRUSTED_FOLDER), None, language.current)
    window.show()
    # Python handles signals only while its code runs: the window's timer sees to that.
    signal.signal(signal.SIGINT, lambda *_: window.close())
    signal.signal(signal.SIGTERM, lambda *_: window.close())
    status = app.exec()
    window.join(2.0)
    sys.stdout.flush()
    # A decoder that hangs on a damaged file must not keep a closed player alive.
    os._exit(status)
