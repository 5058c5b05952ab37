"""Practice of the task cards on recorded pictures, apart from everything real.

What is written goes into a database of its own in a temporary folder, which is removed when the
window closes: nothing reaches the registers, and nothing is sent. Only the result may be entered as
a training, if the person wants that.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QColor, QImage, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.incident import CATEGORIES, Incident, Kind
from app.domain.logbook import Book, Entry, cleaned
from app.domain.people import Record, RecordKind
from app.paths import RESOURCES
from app.store.logbook import Logbook
from app.store.people import People
from app.store.secrets import FileSecrets
from app.store.store import Store
from app.ui import i18n, log_texts, theme
from app.ui.incidents import CardPanel, LineInput, Place, UnitDialog, opening
from app.ui.log_texts import category_text, entry_text, moment_text
from app.ui.session import Session
from app.ui.tasks import Tasks
from app.video.playback import Phase, Playback

_ID = Qt.ItemDataRole.UserRole
CONSOLE = "PRACTICE"
BAND, BAND_TEXT = QColor("#7b2d8b"), QColor("#ffffff")
"""Violet: no state, alarm or mark of the program has it."""
CLIPS = {"traffic": "car-detection.mp4"}
USUAL_CLIP = "one-by-one-person-detection.mp4"
PICTURE_MS = 40


@dataclass(frozen=True, slots=True)
class Result:
    """How a practice went."""

    title: str
    done: tuple[str, ...]
    left: tuple[str, ...]
    took: timedelta
    lines: int

    def text(self) -> str:
        """In one line, as the training record keeps it."""
        seconds = int(self.took.total_seconds())
        return f"{len(self.done)}/{len(self.done) + len(self.left)}, {seconds // 60}:{seconds % 60:02d}"


def result_of(incident: Incident, steps: tuple[tuple[str, str], ...], title: str, took: timedelta
              ) -> Result:  # fmt: skip
    """What was done of a card."""
    ticked = {str(e.data.get("step")) for e in incident.of(Kind.TICK)}
    done = tuple(text for key, text in steps if key in ticked)
    left = tuple(text for key, text in steps if key not in ticked)
    return Result(title, done, left, took, len(incident.lines))


class ClipView(QWidget):
    """A recording, over and over. The word stands in the picture, too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playback: Playback | None = None
        self._image = QImage()
        self._serial = -1
        self.word = ""
        self.error = ""
        self._timer = QTimer(self)
        self._timer.setInterval(PICTURE_MS)
        self._timer.timeout.connect(self._look)
        self.setMinimumSize(200, 100)

    def play(self, path: Path) -> None:
        """From its beginning."""
        self.stop()
        self._playback = Playback(path, muted=True)
        self._playback.set_loop(True)
        self._playback.set_box(self.width(), self.height())
        self._playback.play()
        self._timer.start()

    def stop(self) -> None:
        """No picture any more."""
        self._timer.stop()
        if self._playback is not None:
            self._playback.close()
        self._playback, self._serial, self._image, self.error = None, -1, QImage(), ""
        self.update()

    def _look(self) -> None:
        if self._playback is None:
            return
        if self._playback.state.phase is Phase.FAILED and not self.error:
            self.error = self._playback.state.error
            self.update()
        shown = self._playback.picture
        if shown is not None and shown.serial != self._serial:
            self._serial = shown.serial
            self._image = QImage(shown.data, shown.width, shown.height, shown.stride,
                                 QImage.Format.Format_RGB32).copy()  # fmt: skip
            self.update()

    @property
    def has_picture(self) -> bool:
        """Whether something is seen."""
        return not self._image.isNull()

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        if self._playback is not None:
            self._playback.set_box(self.width(), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#101418"))
        if self.error:
            painter.setPen(BAND_TEXT)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.error)
        if not self._image.isNull():
            size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(left, top, size.width(), size.height()), self._image)
        font = painter.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.3)
        painter.setFont(font)
        width = painter.fontMetrics().horizontalAdvance(self.word) + 20
        box = QRectF(8, 8, width, painter.fontMetrics().height() + 8)
        painter.fillRect(box, BAND)
        painter.setPen(BAND_TEXT)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.word)
        painter.end()


class PracticeWindow(QMainWindow):
    """A card is chosen, worked through on a recording, and looked back at."""

    def __init__(
        self, records: People, tasks: Tasks, session: Session, language: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`records`: the only real thing this window may write to, when it is asked to."""
        super().__init__(parent)
        self._records, self._tasks, self._session = records, tasks, session
        self._language = language
        self.folder: Path | None = None
        self._store: Store | None = None
        self._log: Logbook | None = None
        self.incident: Incident | None = None
        self.result: Result | None = None
        self._category, self._subject = "", ""
        self._began = datetime.now(UTC)
        self._clip: Path | None = None
        self._entered = self._writing = self._finishing = False
        self._queue: list[Entry] = []
        """What was entered and is not yet being written."""
        self._build()
        self._retranslate()
        theme.fit(self, 1240, 660)

    def _build(self) -> None:
        self.band = QLabel()
        self.band.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.band.setWordWrap(True)
        self.band.setStyleSheet(
            f"background: {BAND.name()}; color: {BAND_TEXT.name()}; font-weight: bold; padding: 6px;"
        )
        self.cards = QListWidget()
        self.cards.itemActivated.connect(lambda _: self.start())
        self.cards.currentRowChanged.connect(lambda _: self._enable())
        self.hint, self.clip = QLabel(), QLabel()
        self.hint.setObjectName("hint")
        self.hint.setWordWrap(True)
        self.clip.setTextFormat(Qt.TextFormat.PlainText)
        self.choose, self.usual, self.start_button = QPushButton(), QPushButton(), QPushButton()
        self.choose.clicked.connect(self._choose)
        self.usual.clicked.connect(lambda: self._use_clip(None))
        self.start_button.clicked.connect(self.start)
        first = QWidget()
        column = QVBoxLayout(first)
        column.addWidget(self.hint)
        column.addWidget(self.cards, 1)
        line = QHBoxLayout()
        line.addWidget(self.clip, 1)
        line.addWidget(self.usual)
        line.addWidget(self.choose)
        line.addWidget(self.start_button)
        column.addLayout(line)

        self.view = ClipView()
        self.next = QLabel()
        self.next.setObjectName("heading")
        self.next.setWordWrap(True)
        self.next.setTextFormat(Qt.TextFormat.PlainText)
        self.lines = QTreeWidget()
        self.lines.setRootIsDecorated(False)
        self.lines.setColumnCount(2)
        self.lines.setMinimumHeight(50)
        self.line = LineInput()
        self.line.entered.connect(self._line_entered)
        self.card = CardPanel()
        self.card.ticked.connect(lambda data: self._add(Kind.TICK, data))
        self.told, self.finish_button, self.stop = QPushButton(), QPushButton(), QPushButton()
        self.told.clicked.connect(self._tell_unit)
        self.finish_button.clicked.connect(self.finish)
        self.stop.clicked.connect(self._back)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view, 3)
        column.addWidget(self.lines, 2)
        column.addWidget(self.line)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card, 1)
        split = QSplitter()
        split.addWidget(left)
        split.addWidget(right)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        split.setSizes([860, 340])
        split.setChildrenCollapsible(False)
        second = QWidget()
        column = QVBoxLayout(second)
        column.addWidget(self.next)
        column.addWidget(split, 1)
        line = QHBoxLayout()
        line.addWidget(self.stop)
        line.addStretch(1)
        line.addWidget(self.told)
        line.addWidget(self.finish_button)
        column.addLayout(line)

        self.verdict, self.steps = QLabel(), QTreeWidget()
        self.verdict.setObjectName("heading")
        self.verdict.setWordWrap(True)
        self.steps.setRootIsDecorated(False)
        self.steps.setHeaderHidden(True)
        self.enter, self.again, self.close_button = QPushButton(), QPushButton(), QPushButton()
        self.enter.clicked.connect(self._enter)
        self.again.clicked.connect(self._back)
        self.close_button.clicked.connect(self.close)
        self.kept = QLabel()
        self.kept.setWordWrap(True)
        third = QWidget()
        column = QVBoxLayout(third)
        column.addWidget(self.verdict)
        column.addWidget(self.steps, 1)
        column.addWidget(self.kept)
        line = QHBoxLayout()
        line.addStretch(1)
        for button in (self.enter, self.again, self.close_button):
            line.addWidget(button)
        column.addLayout(line)

        self.pages = QStackedWidget()
        for page in (first, second, third):
            self.pages.addWidget(page)
        self.error = QLabel()
        self.error.setObjectName("error")
        self.error.setWordWrap(True)
        self.error.hide()
        for button, keys in ((self.told, "Ctrl+U"), (self.finish_button, "Ctrl+Shift+Return")):
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(button.click)
            self.addAction(action)
        for button in self.pages.findChildren(QPushButton):
            button.setAutoDefault(False)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.band)
        column.addWidget(self.pages, 1)
        column.addWidget(self.error)
        self.setCentralWidget(centre)

    def _retranslate(self) -> None:
        word = self.tr("PRACTICE")
        self.view.word = word
        self.setWindowTitle(self.tr("PRACTICE: task cards"))
        self.band.setText(
            f"{word}  ·  " + self.tr("recorded pictures; nothing is entered in the registers, and "
                                     "nothing is sent")
        )  # fmt: skip
        self.hint.setText(
            self.tr("Choose a task card and press “Start”: a recording plays, and you work through "
                    "the steps as if it happened now. At the end you see what was done and how "
                    "long it took.")
        )  # fmt: skip
        self.choose.setText(self.tr("Other recording…"))
        self.usual.setText(self.tr("Usual recording"))
        self.start_button.setText(self.tr("Start"))
        self.told.setText(self.tr("Told…"))
        self.told.setToolTip(self.tr("Somebody was told  (Ctrl+U)"))
        self.finish_button.setText(self.tr("Finish"))
        self.finish_button.setToolTip(self.tr("Ends the practice and shows the result  "
                                              "(Ctrl+Shift+Enter)"))  # fmt: skip
        self.stop.setText(self.tr("Give up"))
        self.line.setPlaceholderText(self.tr("What happens now? Enter writes it down."))
        self.lines.setHeaderLabels([self.tr("When"), self.tr("Entry")])
        self.lines.setColumnWidth(0, 90)
        self.enter.setText(self.tr("Enter as training"))
        self.enter.setToolTip(self.tr("Only this goes into your record: card, day, time, steps."))
        self.again.setText(self.tr("Another card"))
        self.close_button.setText(self.tr("Close"))
        chosen = max(0, self.cards.currentRow())
        self.cards.clear()
        for category in CATEGORIES:
            card = log_texts.card_of(category, self._language())
            if card is not None:
                text = self.tr("{title}  ({count} steps)").format(
                    title=card.title or category_text(category), count=len(card.steps)
                )
                item = QListWidgetItem(text)
                item.setData(_ID, category)
                self.cards.addItem(item)
        self.cards.setCurrentRow(min(chosen, self.cards.count() - 1))
        self._enable()
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "error"):
            self._retranslate()

    def reload(self) -> None:
        """The cards may have changed."""
        if self.pages.currentIndex() == 0:
            self._retranslate()

    # -- choosing

    def _enable(self) -> None:
        self.start_button.setEnabled(self.cards.currentItem() is not None)
        self.clip.setText(self.tr("Recording: {name}").format(name=self.clip_path.name))
        self.usual.setVisible(self._clip is not None)

    @property
    def clip_path(self) -> Path:
        """What is played."""
        if self._clip is not None:
            return self._clip
        item = self.cards.currentItem()
        category = str(item.data(_ID)) if item is not None else ""
        return RESOURCES / "footage" / CLIPS.get(category, USUAL_CLIP)

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Recording to practise with"), "",
            self.tr("Recordings") + " (*.mp4 *.mkv *.avi *.mov *.ts)",
        )  # fmt: skip
        if name:
            self._use_clip(Path(name))

    def _use_clip(self, path: Path | None) -> None:
        self._clip = path
        self._enable()

    # -- the practice

    def _entry(self, kind: Kind, data: dict[str, Any]) -> Entry:
        who = self._session.settings.operator[:100]
        return Entry(Book.INCIDENT, self._subject, kind, who, CONSOLE, data)

    def start(self) -> None:
        """Work through the chosen card."""
        item: QListWidgetItem | None = self.cards.currentItem()
        if item is None:
            return
        self._category, path = str(item.data(_ID)), self.clip_path
        who = self._session.settings.operator
        self._began = datetime.now(UTC)
        place = Place("", path.stem, self.tr("practice"), self._began.replace(microsecond=0))
        data = {"category": self._category, "place": place.place, "detected_by": "operator",
                "detected_at": place.at.isoformat(), "camera_name": place.camera}  # fmt: skip
        entries = opening(place, data, "", who, CONSOLE)
        self._subject = entries[0].subject
        self._queue.clear()
        self._finishing = False
        self.start_button.setEnabled(False)
        self._say(self.tr("Preparing…"))

        def work(_: Any) -> tuple[Path, Store, Incident | None]:
            folder, store = self.folder, self._store
            if store is None or folder is None:
                folder = Path(tempfile.mkdtemp(prefix="watchroom-practice-"))
                # Its own database, which has never met a server and never will.
                store = Store(folder / "practice.db", FileSecrets(folder))
            log = Logbook(store)
            log.add(*entries)
            return folder, store, log.incident(entries[0].subject)

        def show(answer: tuple[Path, Store, Incident | None]) -> None:
            self.folder, self._store, self.incident = answer
            self._log = Logbook(self._store)
            self.result, self._entered = None, False
            self._say("")
            self.pages.setCurrentIndex(1)
            self.view.play(path)
            self._show()
            self.line.setFocus()

        def failed(error: Exception) -> None:
            self._enable()
            self._failed(error)

        self._tasks.run(self, work, show, failed)

    def _add(self, kind: Kind, data: dict[str, Any]) -> None:
        self._queue.append(self._entry(kind, data))
        self._write()

    def _write(self) -> None:
        """One after the other: what is shown last holds all that was entered before."""
        log, subject = self._log, self._subject
        if log is None or self._writing or not self._queue:
            return
        entries, self._queue = self._queue, []
        self._writing = True

        def work(_: Any) -> Incident | None:
            log.add(*entries)
            return log.incident(subject)

        def show(incident: Incident | None) -> None:
            self._writing = False
            if subject == self._subject:
                self.incident = incident
                self._show()
            self._write()
            if self._finishing and not self._writing:
                self.finish()

        def failed(error: Exception) -> None:
            self._writing = self._finishing = False
            self._failed(error)

        self._tasks.run(self, work, show, failed)

    def _line_entered(self, text: str, begun: datetime) -> None:
        self._add(Kind.TEXT, {"text": cleaned(text), "begun": begun.isoformat()})

    def _tell_unit(self) -> None:
        if self.pages.currentIndex() != 1:
            return
        dialog = UnitDialog(self)
        dialog.setWindowTitle(f"{self.tr('PRACTICE')}: {dialog.windowTitle()}")
        dialog.accepted.connect(lambda: self._add(Kind.UNIT, dialog.data))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _show(self) -> None:
        if self.pages.currentIndex() == 2 and self.result is not None:
            self._show_result(self.result)
            return
        incident = self.incident
        self.card.show_card(incident, self._language())
        self.lines.clear()
        card = log_texts.card_of(self._category, self._language())
        if incident is None or card is None:
            return
        for entry in incident.entries:
            row = QTreeWidgetItem([moment_text(entry.data.get("begun") or entry.true_at),
                                   entry_text(entry)])  # fmt: skip
            row.setToolTip(1, row.text(1))
            self.lines.addTopLevelItem(row)
        self.lines.scrollToBottom()
        ticked = {str(e.data.get("step")) for e in incident.of(Kind.TICK)}
        following = next(
            ((n, text) for n, (key, text) in enumerate(card.steps, 1) if key not in ticked), None
        )
        if following is None:
            self.next.setText(self.tr("All steps are done: “Finish”."))
        else:
            self.next.setText(self.tr("Next: {number}. {text}").format(
                number=following[0], text=following[1]))  # fmt: skip

    def finish(self) -> None:
        """Look back at it, with all that was entered until now."""
        self._finishing = self._writing
        if self._finishing:
            return
        card = log_texts.card_of(self._category, self._language())
        if self.pages.currentIndex() != 1 or self.incident is None or card is None:
            return
        self.view.stop()
        self.result = result_of(self.incident, card.steps, card.title,
                                datetime.now(UTC) - self._began)  # fmt: skip
        self.pages.setCurrentIndex(2)
        self.kept.setText("")
        self._show_result(self.result)

    def _show_result(self, result: Result) -> None:
        seconds = int(result.took.total_seconds())
        text = self.tr("{title}: {done} of {all} steps in {minutes} min {seconds} s, "
                       "{lines} lines written")  # fmt: skip
        self.verdict.setText(text.format(
            title=result.title, done=len(result.done), all=len(result.done) + len(result.left),
            minutes=seconds // 60, seconds=seconds % 60, lines=result.lines,
        ))  # fmt: skip
        self.steps.clear()
        for mark, texts in (("✓", result.done), ("✗", result.left)):
            for step in texts:
                note = "" if mark == "✓" else "  – " + self.tr("not done")
                self.steps.addTopLevelItem(QTreeWidgetItem([f"{mark}  {step}{note}"]))
        self.enter.setEnabled(not self._entered)

    def _enter(self) -> None:
        """The one thing that is kept."""
        result = self.result
        if result is None or self._entered:
            return
        who = self._session.settings.operator
        hours = round(result.took.total_seconds() / 3600, 2)
        record = Record(who, RecordKind.PRACTICE, self.tr("Practice: {title}").format(
            title=result.title), issued_on=date.today(), hours=hours, result=result.text())  # fmt: skip
        self._entered = True
        self.enter.setEnabled(False)

        def kept(identity: str) -> None:
            self.kept.setText(self.tr("Entered for {name}: see “Qualifications and training”.").format(
                name=who))  # fmt: skip

        def failed(error: Exception) -> None:
            self._entered = False
            self.enter.setEnabled(True)
            self._failed(error)

        self._tasks.run(self, lambda _: self._records.save(record), kept, failed)

    def _back(self) -> None:
        self.view.stop()
        self.incident, self.result, self._subject = None, None, ""
        self._queue.clear()
        self._finishing = False
        self.pages.setCurrentIndex(0)
        self._say("")
        self._retranslate()

    def closeEvent(self, event: QCloseEvent) -> None:
        """What was practised is gone."""
        self._back()
        store, folder = self._store, self.folder
        self._store, self._log, self.folder = None, None, None
        if store is not None and folder is not None:
            store.close()
            shutil.rmtree(folder, ignore_errors=True)
        super().closeEvent(event)

    def _say(self, text: str) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))

    def _failed(self, error: Exception) -> None:
        self._say(i18n.error_text(error))
