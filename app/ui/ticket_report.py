"""Reporting a fault: everything is filled in, one key picks what is wrong, Enter sends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import Organisation
from app.domain.ticket import CATEGORIES, CATEGORY, LOST, SITE_CAMERAS, Priority, usual_priority
from app.store.tickets import Draft, File, Filled, Reported, Tickets, Who
from app.ui import i18n, theme
from app.ui.tasks import Tasks
from app.ui.ticket_texts import (
    category_label,
    category_text,
    number_text,
    problem_text,
    state_text,
    when_text,
)
from app.ui.tile_painter import clock_text
from app.video.types import StreamState, StreamStatus

MAX_PHOTO = 20 * 1024 * 1024
GUESS = {
    StreamState.NO_SIGNAL: "V01",
    StreamState.UNREACHABLE: "V01",
    StreamState.STALLED: "V03",
}
"""What the wall's state of a stream makes likely; Enter alone accepts it."""


def organisation_name(organisation: Organisation, language: str) -> str:
    """In the language of the UI, or the other."""
    names = (organisation.name, organisation.name_en)
    return (names[0] or names[1]) if language.startswith("zh") else (names[1] or names[0])


def jpeg(image: QImage, name: str) -> File:
    """A picture as it is kept."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", 88)  # type: ignore[call-overload]
    return File(name, "image/jpeg", bytes(data.data()))


class ReportDialog(QDialog):
    """One fault. `sent` carries a `Reported`."""

    sent = Signal(object)

    def __init__(
        self, tickets: Tickets, tasks: Tasks, filled: Filled, who: Who, language: str,
        status: StreamStatus | None, snapshot: QImage | None, lost: tuple[str, ...],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`lost`: the other cameras of the site that the wall sees as gone."""
        super().__init__(parent)
        self._tickets, self._tasks, self._filled, self._who = tickets, tasks, filled, who
        self._status, self._snapshot, self._lost = status, snapshot, lost
        self._language = language
        self._photos: list[File] = []
        self._sending = False
        row = filled.details.row
        self.setWindowTitle(self.tr("Report a fault: {camera}").format(camera=row.title(language)))
        head = QHBoxLayout()
        head.addLayout(self._facts(), 1)
        self._given = QVBoxLayout()
        head.addLayout(self._given)
        if snapshot is not None and not snapshot.isNull():
            picture = QLabel()
            small = snapshot.scaled(280, 170, Qt.AspectRatioMode.KeepAspectRatio,
                                    Qt.TransformationMode.SmoothTransformation)  # fmt: skip
            picture.setPixmap(QPixmap.fromImage(small))
            picture.setAlignment(Qt.AlignmentFlag.AlignTop)
            picture.setToolTip(self.tr("The picture as it is now goes with the report."))
            head.addWidget(picture)
        self.keys = QButtonGroup(self)
        self.more = QComboBox()
        self.more.addItem(self.tr("Other…"), "")
        for other in CATEGORIES:
            if not other.key:
                self.more.addItem(category_label(other.code), other.code)
        self.more.activated.connect(lambda _: self._choose(self.more.currentData()))
        self.text = QLineEdit()
        self.text.setMaxLength(1000)
        self.text.setPlaceholderText(self.tr("More, if there is more to say"))
        self.priority = QComboBox()
        self.priority.addItem("", "")
        for priority in Priority:
            self.priority.addItem(str(priority), str(priority))
        self.priority.setToolTip(self.tr("P1 is the most urgent. The usual one is chosen."))
        self.photos = QLabel()
        self.photos.setObjectName("hint")
        add = QPushButton(self.tr("Add &photo…"))
        add.setAutoDefault(False)
        add.clicked.connect(self._ask_photo)
        self.told = QLabel()
        self.told.setObjectName("error")
        self.told.setWordWrap(True)
        self.told.hide()
        self.site = QPushButton()
        self.site.setCheckable(True)
        self.site.setAutoDefault(False)
        self.site.setVisible(len(lost) >= SITE_CAMERAS)
        self.site.setText(
            self.tr("S   The whole site: %n more camera(s) are gone too", "", len(lost))
        )
        self.site.toggled.connect(self._site_toggled)
        buttons = QDialogButtonBox()
        self.send = buttons.addButton(
            self.tr("Report  (Enter)"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._send)
        buttons.rejected.connect(self.reject)
        self.send.setDefault(True)
        self._joins = QLabel()
        self._joins.setWordWrap(True)
        self._joins.setStyleSheet("font-weight: 600;")
        self._joins.hide()
        extra = QHBoxLayout()
        extra.addWidget(QLabel(self.tr("Priority")))
        extra.addWidget(self.priority)
        extra.addSpacing(12)
        extra.addWidget(add)
        extra.addWidget(self.photos, 1)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addWidget(self._joins)
        layout.addLayout(self._grid())
        layout.addWidget(self.site)
        layout.addWidget(self.text)
        layout.addLayout(extra)
        layout.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addWidget(theme.scrolled(body), 1)
        outer.addWidget(self.told)
        outer.addWidget(buttons)
        self.category = ""
        self._choose(GUESS.get(status.state, "") if status else "")
        if len(lost) >= SITE_CAMERAS and self.category in LOST:
            self.site.setChecked(True)
        self._tell_open()
        self._body, self._buttons = body, buttons
        self._fit()
        self.setFocus()

    def _fit(self) -> None:
        """As high as what is in it, where the screen is."""
        theme.fit(
            self, 760, self._body.sizeHint().height() + self._buttons.sizeHint().height() + 60
        )

    def fill(self, category: str, words: str, files: tuple[File, ...] = ()) -> None:
        """What something else found: chosen, written and attached; a person still sends it."""
        if category in CATEGORY:
            self._choose(category)
        self.text.setText(words)
        self.text.setCursorPosition(0)
        self._photos += files
        if self._photos:
            self.photos.setText(self.tr("%n photo(s)", "", len(self._photos)))
        for file in files[:2]:
            image = QPixmap()
            if not image.loadFromData(file.data):
                continue
            label = QLabel()
            label.setPixmap(image.scaled(210, 118, Qt.AspectRatioMode.KeepAspectRatio,
                                         Qt.TransformationMode.SmoothTransformation))  # fmt: skip
            label.setToolTip(file.name)
            self._given.addWidget(label)
        self._given.addStretch(1)
        self._fit()

    def _facts(self) -> QFormLayout:
        found, language = self._filled, self._language
        details = found.details
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(3)
        english = not language.startswith("zh")
        site = (details.site.name_en or details.site.name) if english else details.site.name
        place = "  ".join(p for p in (site, details.pole_number, details.site.address) if p)
        number = f"{details.row.call_number}  " if details.row.call_number else ""
        state = ""
        if self._status is not None:
            state = i18n.state_text(self._status.state)
            if self._status.last_picture_at is not None:
                state += "  " + self.tr("last picture {time}").format(
                    time=clock_text(self._status.last_picture_at)
                )
        values = (
            (self.tr("Camera"), number + details.row.title(language)),
            (self.tr("Where"), place),
            (self.tr("Organisation"), organisation_name(details.organisation, language)),
            (self.tr("Responsible"), organisation_name(found.responsible, language)),
            (self.tr("Maintainer"), organisation_name(found.maintainer, language)),
            (self.tr("Contact"), found.care.contact),
            (self.tr("State"), state),
            (self.tr("Reported by"), f"{self._who.name}  {when_text(datetime.now(UTC))}"),
        )
        for caption, value in values:
            if not value:
                continue
            left, right = QLabel(caption), QLabel(value)
            left.setObjectName("hint")
            right.setTextFormat(Qt.TextFormat.PlainText)
            right.setWordWrap(True)
            form.addRow(left, right)
        return form

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(6)
        keyed = sorted((c for c in CATEGORIES if c.key), key=lambda c: "1234567890".index(c.key))
        for i, category in enumerate(keyed):
            button = QPushButton(f"{category.key}   {category_text(category.code)}")
            button.setStyleSheet("text-align: left; padding: 7px 10px;")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setProperty("code", category.code)
            button.clicked.connect(lambda _, code=category.code: self._choose(code))
            self.keys.addButton(button)
            grid.addWidget(button, i // 3, i % 3)
        grid.addWidget(self.more, 3, 1, 1, 2)
        return grid

    def _choose(self, code: str) -> None:
        """This is what is wrong."""
        self.category = code
        self.keys.setExclusive(False)
        for button in self.keys.buttons():
            button.setChecked(button.property("code") == code)
        self.keys.setExclusive(bool(code) and bool(CATEGORY[code].key))
        self.more.setCurrentIndex(max(0, self.more.findData(code)))
        self.send.setEnabled(bool(code))
        self.site.setEnabled(code in LOST or code == "")
        if code not in LOST:
            self.site.setChecked(False)
        self._usual()
        self._tell_open()

    def _site_toggled(self) -> None:
        self._usual()
        self._tell_open()

    def _usual(self) -> None:
        """The first entry of the priorities: what it will be by itself."""
        text = self.tr("usual")
        if self.category:
            cameras = 1 + (len(self._lost) if self.site.isChecked() else 0)
            usual = usual_priority(
                CATEGORY[self.category],
                str(self._filled.details.point_class),
                cameras,
                self._filled.own_priorities,
            )
            text = self.tr("{priority} (usual)").format(priority=usual)
        self.priority.setItemText(0, text)

    def _tell_open(self) -> None:
        """Whether this will be a report of its own."""
        line = self._filled.open
        if line is None and self.category in LOST:
            line = self._filled.site_open
        self._joins.setVisible(line is not None)
        if line is not None:
            text = self.tr("◢ {number} is open ({state}, {category}). Your report joins it.")
            self._joins.setText(text.format(
                number=number_text(line), state=state_text(line.state),
                category=category_text(line.category),
            ))  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits pick, S takes the whole site; in the field of words they are typed."""
        code = next((c.code for c in CATEGORIES if c.key and c.key == event.text()), "")
        if code:
            self._choose(code)
        elif event.text().lower() == "s" and self.site.isVisible() and self.site.isEnabled():
            self.site.toggle()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._send()
        else:
            super().keyPressEvent(event)

    def _ask_photo(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(
            self, self.tr("Add photos"), "", self.tr("Pictures (*.jpg *.jpeg *.png *.webp)")
        )
        if not names:
            return

        def read(_: Any) -> list[File]:
            files = []
            for name in names:
                path = Path(name)
                if path.stat().st_size > MAX_PHOTO:
                    raise OSError(0, "", name)
                kind = "image/png" if path.suffix.lower() == ".png" else "image/jpeg"
                files.append(File(path.name, kind, path.read_bytes()))
            return files

        def done(files: list[File]) -> None:
            self._photos += files
            self.photos.setText(self.tr("%n photo(s)", "", len(self._photos)))

        self._tasks.run(
            self, read, done,
            lambda _: self._say(self.tr("A photo could not be read, or is larger than 20 MB.")),
        )  # fmt: skip

    def _say(self, text: str) -> None:
        self.told.setText(text)
        self.told.show()

    def draft(self) -> Draft:
        """What will be reported."""
        status = self._status
        return Draft(
            self._filled.details.row.id, self.category, self.text.text().strip(),
            self.priority.currentData() or "", str(status.state) if status else "",
            _fault_at(status), self._lost if self.site.isChecked() else (),
        )  # fmt: skip

    def _send(self) -> None:
        if not self.category or self._sending:
            self._say(self.tr("Choose what is wrong first: press its digit."))
            return
        self._sending = True
        self.send.setEnabled(False)
        draft, photos, snapshot, who = self.draft(), self._photos, self._snapshot, self._who
        tickets = self._tickets

        def work(_: Any) -> Reported:
            files = tuple(photos)
            if snapshot is not None and not snapshot.isNull():
                files = (jpeg(snapshot, "snapshot.jpg"), *files)
            return tickets.report(replace(draft, files=files), who)

        def failed(error: Exception) -> None:
            self._sending = False
            self.send.setEnabled(True)
            self._say(problem_text(error))

        def done(reported: Reported) -> None:
            self.sent.emit(reported)
            self.accept()

        self._tasks.run(self, work, done, failed)


def _fault_at(status: StreamStatus | None) -> datetime | None:
    """Since when the wall has seen that something is wrong; None where it saw nothing."""
    if status is None or status.state in (
        StreamState.LIVE,
        StreamState.IDLE,
        StreamState.CONNECTING,
    ):
        return None
    return status.last_picture_at or status.since
