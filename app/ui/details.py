"""What is known of the selected camera, and the truth about its stream."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.domain.camera import CameraDetails
from app.ui import i18n
from app.ui.tile_painter import clock_text
from app.video.types import StreamStatus


class DetailsPanel(QScrollArea):
    """A read-only form; values can be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        inner = QWidget()
        self.setWidget(inner)
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(10, 8, 10, 8)
        self._title = QLabel()
        self._title.setObjectName("heading")
        self._title.setWordWrap(True)
        layout.addWidget(self._title)
        self._form = QFormLayout()
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._form.setHorizontalSpacing(12)
        self._form.setVerticalSpacing(5)
        layout.addLayout(self._form)
        layout.addStretch(1)
        self._details: CameraDetails | None = None
        self._language = "en"
        self._status: StreamStatus | None = None
        self._live = QLabel()
        self.show_camera(None, "en")

    def show_camera(self, details: CameraDetails | None, language: str) -> None:
        """Another camera, or None."""
        self._details, self._language = details, language
        while self._form.rowCount():
            self._form.removeRow(0)
        self._live = QLabel()
        self._live.setWordWrap(True)
        if details is None:
            self._title.setText(self.tr("No camera selected"))
            return
        row = details.row
        self._title.setText(row.title(language))
        english = not language.startswith("zh")

        def name(chinese: str, other: str) -> str:
            return (other or chinese) if english else (chinese or other)

        streams = "\n".join(
            f"{s.role.value}: {s.width}×{s.height} {s.codec.upper()}"
            if s.width
            else f"{s.role.value}: {s.url}"
            for s in details.streams
        )
        bearing = "" if details.bearing_deg is None else f"{details.bearing_deg:.0f}°"
        place = ""
        if details.latitude is not None and details.longitude is not None:
            place = f"{details.latitude:.5f}, {details.longitude:.5f}"
        site, organisation = details.site, details.organisation
        values = [
            (self.tr("Stream"), None),
            (self.tr("Call number"), str(row.call_number or "")),
            (self.tr("Organisation"), name(organisation.name, organisation.name_en)),
            (self.tr("Site"), name(site.name, site.name_en)),
            (self.tr("Address"), site.address),
            (self.tr("Pole"), details.pole_number),
            (self.tr("Looks to"), bearing),
            (self.tr("Position (WGS-84)"), place),
            (self.tr("Code"), row.code),
            (self.tr("Device address"), row.address),
            (self.tr("Device"), f"{details.manufacturer} {details.model}".strip()),
            (self.tr("Serial number"), details.serial),
            (self.tr("Firmware"), details.firmware),
            (self.tr("Streams"), streams),
            (self.tr("Note"), details.note),
        ]
        for text, value in values:
            if value == "":
                continue
            caption = QLabel(text)
            caption.setObjectName("hint")
            if value is None:
                self._form.addRow(caption, self._live)
                continue
            label = QLabel(value)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._form.addRow(caption, label)
        self.show_status(self._status)

    def show_status(self, status: StreamStatus | None) -> None:
        """The selected camera's stream."""
        self._status = status
        if status is None:
            self._live.setText("")
            return
        text = i18n.state_text(status.state)
        reason = i18n.failure_text(status.code, status.detail)
        if status.fps:
            text += f", {status.width}×{status.height} {status.codec.upper()}, {status.fps:.1f} fps"
        if reason:
            text += f"\n{reason}"
        if status.last_picture_at is not None and not status.fps:
            text += "\n" + self.tr("last picture {time}").format(
                time=clock_text(status.last_picture_at)
            )
        if text != self._live.text():
            self._live.setText(text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_form"):
            self.show_camera(self._details, self._language)
