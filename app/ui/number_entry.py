"""Calling a camera by its number: digits typed on the wall, shown with what they mean.

`101 Enter` puts camera 101 on the selected tile, `5 . Enter` selects tile 5 (domain reference 7.3).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QWidget

from app.domain.camera import CameraRow
from app.ui.tasks import Task, Tasks

FORGET_MS = 8_000
"""Digits nobody finishes are dropped, so that a late Enter opens nothing."""

LONGEST = 6


class NumberEntry(QLabel):
    """Takes digits from the wall and floats over it while a number is being typed."""

    camera_called = Signal(str)  # camera id
    tile_called = Signal(int)  # index
    preset_called = Signal(int)  # number in the selected camera's list, from 1

    def __init__(
        self,
        wall: QWidget,
        tasks: Tasks,
        find: Callable[[int], CameraRow | None],
        language: Callable[[], str],
        preset: Callable[[int], str | None] = lambda _: None,
    ) -> None:
        """`preset`: the name of the selected camera's preset with that number, None if none."""
        super().__init__(wall)
        self._preset = preset
        self._wall, self._tasks, self._find, self._language = wall, tasks, find, language
        self.typed = ""
        self._found: CameraRow | None = None
        self._asking: Task | None = None
        self._enter_waits = False
        self.setObjectName("number")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.timeout.connect(self.cancel)
        wall.installEventFilter(self)
        self.hide()

    def cancel(self) -> None:
        """Drop what was typed."""
        self.typed, self._found, self._enter_waits = "", None, False
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        self._forget.stop()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        if kind == QEvent.Type.FocusOut and self.typed:
            self.cancel()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key, text = event.key(), event.text()
        if held:
            return False
        if text.isascii() and text.isdigit():
            if len(self.typed) < LONGEST and "." not in self.typed:
                self.typed += text
                self._ask()
            return True
        if not self.typed:
            if text != "*":
                return False
            self.typed = "*"
            self._ask()
            return True
        if text in (".", ",") and "." not in self.typed and self.typed[0] != "*":
            self.typed += "."
            self._ask()
        elif key == Qt.Key.Key_Backspace:
            self.typed = self.typed[:-1]
            if self.typed:
                self._ask()
            else:
                self.cancel()
        elif key == Qt.Key.Key_Escape:
            self.cancel()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        else:
            # Any other key ends the number and does what it always does.
            self.cancel()
            return False
        return True

    def _ask(self) -> None:
        """Look up what is typed; an answer to older digits is dropped."""
        self._enter_waits, self._found = False, None
        self._forget.start(FORGET_MS)
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        if self.typed.endswith("."):
            self._say(self.tr("Tile {number}  –  Enter selects it").format(number=self.typed[:-1]))
            return
        if self.typed.startswith("*"):
            self._ask_preset()
            return
        number = int(self.typed)
        self._say(f"{self.typed} …")

        def show(row: CameraRow | None) -> None:
            self._asking, self._found = None, row
            if row is None:
                text = self.tr("{number}  –  no camera has this number")
                self._say(text.format(number=number))
            elif self._enter_waits:
                self._enter()
            else:
                text = self.tr("{number}  {name}  –  Enter opens it")
                self._say(text.format(number=number, name=row.title(self._language())))

        def failed(error: Exception) -> None:
            self._asking = None
            self._say(str(error))

        self._asking = self._tasks.run(self, lambda _: self._find(number), show, failed)

    def _ask_preset(self) -> None:
        digits = self.typed[1:]
        if not digits:
            self._say(self.tr("Preset …"))
            return
        name = self._preset(int(digits))
        if name is None:
            text = self.tr("Preset {number}  –  the selected camera has none of this number")
            self._say(text.format(number=digits))
        else:
            text = self.tr("Preset {number}  {name}  –  Enter goes there")
            self._say(text.format(number=digits, name=name))

    def _enter(self) -> None:
        if self.typed.startswith("*"):
            number = int(self.typed[1:] or 0)
            if number and self._preset(number) is not None:
                self.cancel()
                self.preset_called.emit(number)
        elif self.typed.endswith("."):
            index = int(self.typed[:-1]) - 1
            self.cancel()
            self.tile_called.emit(index)
        elif self._asking is not None:
            self._enter_waits = True  # faster than the database
        elif self._found is not None:
            camera = self._found.id
            self.cancel()
            self.camera_called.emit(camera)
        # An unknown number does nothing; the line says so.

    def _say(self, text: str) -> None:
        self.setText(text)
        self.adjustSize()
        room = self._wall.rect()
        self.resize(min(self.width(), room.width() - 20), self.height())
        self.move((room.width() - self.width()) // 2, room.height() // 2 - self.height() // 2)
        self.show()
        self.raise_()
