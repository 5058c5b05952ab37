"""“Has it moved?”: a camera's picture and figures of now beside those that were accepted."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QByteArray, QCoreApplication, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import Area, CameraRow
from app.domain.commissioning import Record
from app.store import assets
from app.store.logbook import Logbook
from app.store.store import Store
from app.ui import theme
from app.ui.acceptance import Subject
from app.ui.commissioning_texts import figure_text, item_text, note_text
from app.ui.i18n import error_text, failure_text
from app.ui.looking_again import SECONDS, Figure, Look, look_again, references_of
from app.ui.tasks import Task, Tasks
from app.ui.thumbnails import covered
from app.ui.ticket_report import jpeg
from app.ui.ticket_texts import when_text
from app.video.comparison import Comparison, Seen
from app.video.probe import ProbeError

BLINK_MS = 700
TIMEOUT_S = 120.0
CATEGORIES = {Seen.MOVED: "V07", Seen.TURNED: "V07", Seen.ZOOMED: "V07", Seen.COVERED: "V06",
              Seen.DARK: "V02", Seen.BLURRED: "V04"}  # fmt: skip
"""What is reported for what was seen; the first that fits."""


class Both(QWidget):
    """Two pictures of one view: a line between them to be dragged, side by side, or in turn."""

    SLIDER, BESIDE, BLINK = range(3)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images = [QImage(), QImage()]
        self.labels = ["", ""]
        self.mode, self.at, self._turn = self.SLIDER, 0.5, 0
        self._timer = QTimer(self)
        self._timer.setInterval(BLINK_MS)
        self._timer.timeout.connect(self._blink)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(320, 180)
        self.setCursor(Qt.CursorShape.SplitHCursor)

    def sizeHint(self) -> QSize:
        return QSize(860, 400)

    def show_pictures(self, before: QImage, now: QImage) -> None:
        """Other pictures; a null one shows what is missing."""
        self._images = [before, now]
        self.update()

    def set_mode(self, mode: int) -> None:
        """How they are shown."""
        self.mode, self._turn = mode, 0
        self.setCursor(
            Qt.CursorShape.SplitHCursor if mode == self.SLIDER else Qt.CursorShape.ArrowCursor
        )
        if mode == self.BLINK:
            self._timer.start()
        else:
            self._timer.stop()
        self.update()

    def _blink(self) -> None:
        self._turn = 1 - self._turn
        self.update()

    def _rect(self, image: QImage, into: QRectF) -> QRectF:
        if image.isNull():
            return into
        size = image.size().scaled(into.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        left = into.left() + (into.width() - size.width()) / 2
        return QRectF(left, into.top() + (into.height() - size.height()) / 2, size.width(),
                      size.height())  # fmt: skip

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), theme.TILE)
        whole = QRectF(self.rect())
        missing = [image.isNull() for image in self._images]
        if any(missing) and self.mode != self.BESIDE:
            # Nothing to drag between: the one that is there, or the word for it.
            i = 1 if missing[0] and not missing[1] else 0
            self._paint(painter, i, self._rect(self._images[i], whole))
            return
        if self.mode == self.BESIDE:
            half = whole.width() / 2 - 2
            for i in range(2):
                place = QRectF(i * (half + 4), 0, half, whole.height())
                self._paint(painter, i, self._rect(self._images[i], place))
            return
        if self.mode == self.BLINK:
            self._paint(painter, self._turn, self._rect(self._images[self._turn], whole))
            return
        place = self._rect(
            self._images[0] if not self._images[0].isNull() else self._images[1], whole
        )
        x = place.left() + place.width() * self.at
        for i in range(2):
            left, right = (place.left(), x) if i == 0 else (x, place.right() + 1)
            painter.save()
            painter.setClipRect(QRectF(left, place.top(), right - left, place.height()))
            self._paint(painter, i, place)
            painter.restore()
        painter.setPen(QPen(theme.ACCENT, 2))
        painter.drawLine(QPointF(x, place.top()), QPointF(x, place.bottom()))
        painter.setBrush(theme.ACCENT)
        painter.drawEllipse(QPointF(x, place.center().y()), 6, 6)

    def _paint(self, painter: QPainter, i: int, place: QRectF) -> None:
        image = self._images[i]
        painter.setPen(theme.DIM_TEXT)
        if image.isNull():
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self.labels[i])
            return
        painter.drawImage(place, image)
        if not self.labels[i]:
            return
        box = painter.fontMetrics().boundingRect(self.labels[i]).adjusted(-6, -4, 6, 4)
        box.moveTop(int(place.top()) + 6)
        if i == 0:
            box.moveLeft(int(place.left()) + 6)
        else:
            box.moveRight(int(place.right()) - 6)
        painter.fillRect(box, theme.BACKGROUND)
        painter.setPen(theme.TEXT)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.labels[i])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._drag(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(event.position())

    def _drag(self, point: QPointF) -> None:
        place = self._rect(self._images[0], QRectF(self.rect()))
        self.at = min(1.0, max(0.0, (point.x() - place.left()) / max(place.width(), 1)))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -0.05, Qt.Key.Key_Right: 0.05}
        step = steps.get(Qt.Key(event.key()))
        if step is None or self.mode != self.SLIDER:
            super().keyPressEvent(event)
            return
        self.at = min(1.0, max(0.0, self.at + step))
        self.update()


class CompareWindow(QDialog):
    """Measures at once, shows before and after, and reports a fault with both pictures.

    `fault_asked` carries camera, category, words and a tuple of `File`.
    """

    fault_asked = Signal(str, str, str, object)

    def __init__(
        self, store: Store, logbook: Logbook, tasks: Tasks, camera: CameraRow, subject: Subject,
        language: str, parent: QWidget | None = None, *, seconds: float = SECONDS,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._store, self._log, self._tasks = store, logbook, tasks
        self._camera, self._subject, self._seconds = camera, subject, seconds
        self._task: Task | None = None
        self.record: Record | None = None
        self.look: Look | None = None
        self._gone = False
        """There was no picture at the last try."""
        self._masks: tuple[Area, ...] = ()
        self._hfov: float | None = None
        self.setWindowTitle(self.tr("Has it moved? {camera}").format(camera=camera.title(language)))
        self.verdict, self.detail, self.source = QLabel(), QLabel(), QLabel()
        self.verdict.setObjectName("heading")
        self.source.setObjectName("hint")
        for label in (self.verdict, self.detail, self.source):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setFixedHeight(3)
        keep = self.busy.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.busy.setSizePolicy(keep)
        self.both = Both()
        self.modes = QButtonGroup(self)
        ways = QHBoxLayout()
        for mode, text, tip in (
            (Both.SLIDER, self.tr("&Line"), self.tr("Drag the line, or use the arrow keys")),
            (Both.BESIDE, self.tr("Side &by side"), ""),
            (Both.BLINK, self.tr("Bl&ink"), self.tr("One after the other: what moved jumps")),
        ):
            button = QToolButton()
            button.setText(text)
            button.setToolTip(tip)
            button.setCheckable(True)
            button.setChecked(mode == Both.SLIDER)
            self.modes.addButton(button, mode)
            ways.addWidget(button)
        self.modes.idClicked.connect(self.both.set_mode)
        ways.addStretch(1)
        self.turn = QCheckBox(self.tr("Try &PTZ, too (the camera turns)"))
        self.turn.setVisible(subject.head is not None)
        ways.addWidget(self.turn)
        self.table = QTreeWidget()
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.table.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self.table.setHeaderLabels([self.tr("Figure"), self.tr("Accepted"), self.tr("Now"), ""])
        header = self.table.header()
        header.setStretchLastSection(True)
        for column in range(3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.table.setMinimumHeight(96)
        self.table.setMaximumHeight(190)
        buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole.ActionRole
        self.again = buttons.addButton(self.tr("&Compare again"), role)
        self.back = buttons.addButton(self.tr("&Turn to the reference and compare"), role)
        self.fault = buttons.addButton(self.tr("&Report a fault…"), role)
        self.fault.setToolTip(self.tr("Filled in, with both pictures"))
        buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self.again.clicked.connect(lambda: self.start())
        self.back.clicked.connect(lambda: self.start(back=True))
        self.fault.clicked.connect(self._report)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        for widget in (self.verdict, self.detail, self.busy):
            layout.addWidget(widget)
        layout.addWidget(self.both, 1)
        layout.addLayout(ways)
        layout.addWidget(self.source)
        layout.addWidget(self.table)
        layout.addWidget(buttons)
        theme.fit(self, 900, 700)
        self.again.setFocus()
        self._enable()
        self._read()

    # -- reading and measuring

    def _read(self) -> None:
        """The accepted record, then the first comparison."""
        camera = self._camera.id

        def read(_: Task) -> tuple[Record | None, tuple[Area, ...], str]:
            file = assets.read(self._store, camera)
            hfov = file.record.get("hfov_deg", "") if file else ""
            return self._log.baseline_of(camera), self._store.masks([camera]).get(camera, ()), hfov

        def show(answer: tuple[Record | None, tuple[Area, ...], str]) -> None:
            self.record, self._masks, hfov = answer
            self._hfov = float(hfov) if hfov else None
            if self.record is None:
                self.busy.hide()
                self.verdict.setText(self.tr("There is nothing to compare with yet."))
                self.detail.setText(
                    self.tr("This camera was never accepted. Menu Camera, Check and accept…")
                )
                self.both.labels = [self.tr("No picture was accepted."), ""]
                self.both.update()
                return
            self.start()

        self.verdict.setText(self.tr("Comparing…"))
        self._tasks.run(self, read, show, self._failed)

    def start(self, *, back: bool = False) -> None:
        """Compare now."""
        record = self.record
        if record is None or self._task is not None:
            return
        turn = self.turn.isChecked()
        self.busy.show()
        self.verdict.setText(self.tr("Comparing…"))
        self.detail.setText(
            self.tr("A picture, both streams and the clock are measured; takes some seconds.")
        )

        def work(task: Task) -> Look:
            return look_again(self._subject, record, references_of(record, self._store),
                              task.cancelled, self._seconds, turn=turn, back=back)  # fmt: skip

        self._task = self._tasks.run(self, work, self._show, self._failed, timeout_s=TIMEOUT_S)
        self._enable()

    def _failed(self, error: Exception) -> None:
        self._task, self.look, self._gone = None, None, True
        self.busy.hide()
        self.both.labels = ["", ""]
        self.both.show_pictures(QImage(), QImage())
        self.source.clear()
        self.table.clear()
        self.verdict.setStyleSheet(f"color: {theme.AMBER.name()};")
        self.verdict.setText(self.tr("Cannot tell: there is no picture now."))
        text = error_text(error)
        if isinstance(error, ProbeError):
            text = failure_text(error.code, text)
        self.detail.setText(text)
        self._enable()

    def _enable(self) -> None:
        idle = self._task is None
        self.again.setEnabled(idle and self.record is not None)
        self.back.setVisible(self.look is not None and self.look.steered)
        self.back.setEnabled(idle)
        self.fault.setEnabled(idle and (self.look is not None or self._gone))
        self.fault.setDefault(self._gone or (self.look is not None and self.look.wrong))

    # -- showing

    def _show(self, look: Look) -> None:
        self._task, self.look, self._gone = None, look, False
        self.busy.hide()
        found = look.comparison
        words = findings_text(found)
        if any(f.changed for f in look.figures):
            words = [w for w in words if found.wrong or Seen.CANNOT_TELL in found.findings]
            words.append(self.tr("figures differ from the acceptance"))
        text = "  ·  ".join(words)
        self.verdict.setText(text[:1].upper() + text[1:])
        self.verdict.setStyleSheet(f"color: {theme.AMBER.name()};" if look.wrong else "")
        self.detail.setText(numbers_text(found, self._hfov))
        record = self.record
        assert record is not None
        at = when_text(look.reference_at)
        self.source.setText(
            "  ·  ".join(p for p in (
                self.tr("Acceptance {number}").format(number=record.number),
                item_text(look.reference)[0] if look.reference else "", at,
            ) if p)
        )  # fmt: skip
        self.both.labels = [
            self.tr("accepted {time}").format(time=at)
            if at
            else self.tr("No picture was accepted."),
            self.tr("now {time}").format(time=when_text(datetime.now().astimezone())),
        ]
        self.both.show_pictures(*self.pictures())
        self.table.clear()
        for figure in look.figures:
            name, before = figure_text(figure.name, figure.before)
            now = figure_text(figure.name, figure.now)[1] if figure.now is not None else "–"
            told = self.tr("⚠ differs") if figure.changed else ""
            if figure.now is None:
                code = look.problems.get(figure.item, "")
                told = note_text(code) if code else self.tr("not tried")
            row = QTreeWidgetItem([f"{item_text(figure.item)[0]}: {name}", before, now, told])
            if figure.changed:
                for column in range(4):
                    row.setForeground(column, theme.AMBER)
            self.table.addTopLevelItem(row)
        self._enable()

    def pictures(self) -> tuple[QImage, QImage]:
        """Before and now, with private areas covered."""
        look = self.look
        if look is None:
            return QImage(), QImage()
        images = [QImage.fromData(QByteArray(data)) for data in (look.before, look.now)]
        return covered(images[0], self._masks), covered(images[1], self._masks)

    def _report(self) -> None:
        """Hand over what a report needs."""
        look, record = self.look, self.record
        if self._gone:
            words = f"{self.verdict.text()} {self.detail.text()}"
            self.fault_asked.emit(self._camera.id, "V01", words, ())
        if look is None or record is None:
            return
        category = next((CATEGORIES[f] for f in CATEGORIES if f in look.comparison.findings), "")
        before, now = self.pictures()
        pictures = tuple(
            jpeg(image, name) for image, name in ((before, "before.jpg"), (now, "after.jpg"))
            if not image.isNull()
        )  # fmt: skip
        self.fault_asked.emit(self._camera.id, category, self.words(), pictures)

    def words(self) -> str:
        """What a fault says: the findings with their figures, and what they are compared with."""
        look, record = self.look, self.record
        if look is None or record is None:
            return ""
        at = when_text(look.reference_at)
        parts = [
            self.tr("Compared with acceptance {number} {time}").format(
                number=record.number, time=at
            )
        ]
        parts += findings_text(look.comparison)
        if (numbers := numbers_text(look.comparison, self._hfov)) != "":
            parts.append(numbers)
        parts += [changed_text(f) for f in look.figures if f.changed]
        return "; ".join(p.strip() for p in parts if p)[:1000]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes as the button does."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """A measurement that runs is broken off."""
        if self._task is not None:
            self._task.cancel()
        super().closeEvent(event)


def changed_text(figure: Figure) -> str:
    """A figure that differs: what it was, and is."""
    name, before = figure_text(figure.name, figure.before)
    now = figure_text(figure.name, figure.now or 0.0)[1]
    return f"{item_text(figure.item)[0]}: {name} {before} → {now}"


def findings_text(found: Comparison) -> list[str]:
    """Verdicts in words."""
    translate = QCoreApplication.translate
    why = {
        "nothing in common": translate(
            "Compare", "nothing in common with the reference: it looks elsewhere, or something is "
            "in the way"),
        "other light": translate("Compare", "the light is too different; compare again when it is like "
                                 "that of the reference"),
        "steered": translate("Compare", "somebody turned the camera since"),
        "no reference": translate("Compare", "no reference picture is on this workstation"),
        "reference empty": translate("Compare", "the reference shows nothing"),
        "other shape": translate("Compare", "the picture has another shape than the reference"),
    }.get(found.why, "")  # fmt: skip
    words = {
        Seen.SAME: translate("Compare", "the same view"),
        Seen.MOVED: translate("Compare", "it has moved"),
        Seen.TURNED: translate("Compare", "it hangs crooked"),
        Seen.ZOOMED: translate("Compare", "another zoom"),
        Seen.BLURRED: translate("Compare", "blurred"),
        Seen.DARK: translate("Compare", "dark: nothing can be seen"),
        Seen.COVERED: translate("Compare", "covered: nothing can be seen"),
        Seen.CANNOT_TELL: translate("Compare", "cannot tell: {why}").format(why=why),
    }
    return [words[f] for f in found.findings]


def numbers_text(found: Comparison, hfov_deg: float | None) -> str:
    """The figures of a comparison; in degrees where the field of view is known."""
    translate = QCoreApplication.translate
    parts = []
    if found.shift_x is not None and found.shift_y is not None:
        sides = (
            (
                found.shift_x,
                translate("Compare", "to the right"),
                translate("Compare", "to the left"),
            ),
            (found.shift_y, translate("Compare", "down"), translate("Compare", "up")),
        )
        for i, (share, positive, negative) in enumerate(sides):
            if abs(share) < 0.005:
                continue
            text = translate("Compare", "the scene went {percent} % {way}").format(
                percent=f"{abs(100 * share):.1f}", way=positive if share > 0 else negative
            )
            if i == 0 and hfov_deg:
                text += translate("Compare", " (about {degrees}°)").format(
                    degrees=f"{abs(share) * hfov_deg:.0f}"
                )
            parts.append(text)
        if abs(found.rotation_deg or 0) >= 1:
            parts.append(translate("Compare", "turned by {degrees}°").format(
                degrees=f"{found.rotation_deg:.1f}"))  # fmt: skip
        if abs((found.scale or 1) - 1) >= 0.02:
            parts.append(translate("Compare", "{percent} % of its size").format(
                percent=f"{100 * (found.scale or 1):.0f}"))  # fmt: skip
    if found.sharpness is not None:
        parts.append(translate("Compare", "edges {percent} % as strong").format(
            percent=f"{100 * found.sharpness:.0f}"))  # fmt: skip
    if Seen.DARK not in found.findings and Seen.COVERED not in found.findings and found.confidence:
        parts.append(translate("Compare", "agreement {percent} %").format(
            percent=f"{100 * found.confidence:.0f}"))  # fmt: skip
    return "  ·  ".join(parts)
