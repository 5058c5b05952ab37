"""What is known of the selected camera, and the truth about its stream."""

from __future__ import annotations

import html
from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFormLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.domain.camera import CameraDetails, PointClass, StreamRole, StreamSpec
from app.store.tickets import Line
from app.ui import i18n, theme
from app.ui.ticket_texts import category_text, number_text, state_text, when_text
from app.ui.tile_painter import TROUBLE, clock_text
from app.video.types import StreamState, StreamStatus


class DetailsPanel(QScrollArea):
    """A read-only form; values can be selected and copied. `fault_asked` carries a ticket's id."""

    fault_asked = Signal(str)

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
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        layout.addWidget(self._title)
        self._hint = QLabel()
        self._hint.setObjectName("hint")
        self._hint.setWordWrap(True)
        layout.addWidget(self._hint)
        self._form = QFormLayout()
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._form.setHorizontalSpacing(10)
        self._form.setVerticalSpacing(6)
        layout.addLayout(self._form)
        self._faults = QLabel()
        self._faults.setWordWrap(True)
        self._faults.setTextFormat(Qt.TextFormat.RichText)
        self._faults.linkActivated.connect(self.fault_asked)
        layout.addWidget(self._faults)
        layout.addStretch(1)
        self._details: CameraDetails | None = None
        self._language = "en"
        self._status: StreamStatus | None = None
        self._live = QLabel()
        self.shared_of: Callable[[str], str] = lambda _: ""
        """“shared by X until …” for another organisation's camera."""
        self.show_camera(None, "en")

    def show_camera(self, details: CameraDetails | None, language: str) -> None:
        """Another camera, or None."""
        self._details, self._language = details, language
        while self._form.rowCount():
            self._form.removeRow(0)
        self._live = QLabel()
        self._live.setWordWrap(True)
        self._live.setTextFormat(Qt.TextFormat.PlainText)
        self._live.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._hint.setVisible(details is None)
        self._faults.clear()
        if details is None:
            self._title.setText(self.tr("No camera selected"))
            self._hint.setText(self.tr("Select a tile, or a camera in the list."))
            return
        row = details.row
        self._title.setText(row.title(language))
        english = not language.startswith("zh")

        def name(chinese: str, other: str) -> str:
            return (other or chinese) if english else (chinese or other)

        streams = "\n".join(self._stream_text(stream) for stream in details.streams)
        bearing = "" if details.bearing_deg is None else f"{details.bearing_deg:.0f}°"
        place = ""
        if details.latitude is not None and details.longitude is not None:
            place = f"{details.latitude:.5f}, {details.longitude:.5f}"
        site, organisation = details.site, details.organisation
        values = [
            (self.tr("State"), None),
            (self.tr("Call number"), str(row.call_number or "")),
            (self.tr("Organisation"), name(organisation.name, organisation.name_en)),
            (self.tr("Sharing"), self.shared_of(row.id)),
            (self.tr("Site"), name(site.name, site.name_en)),
            (self.tr("Address"), site.address),
            (self.tr("Pole"), details.pole_number),
            (self.tr("Looks to"), bearing),
            (self.tr("WGS-84"), place),
            (self.tr("Code"), row.code),
            (self.tr("Point class"), self._class_text(details.point_class)),
            (self.tr("Device address"), row.address),
            (self.tr("Device"), f"{details.manufacturer} {details.model}".strip()),
            (self.tr("Serial number"), details.serial),
            (self.tr("Firmware"), details.firmware),
            (self.tr("Streams"), streams),
            (self.tr("Importance"), self.tr("◆ never degrade") if details.never_degrade else ""),
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
            label = QLabel()
            label.setTextFormat(Qt.TextFormat.PlainText)  # a device's name is not ours
            label.setText(value)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._form.addRow(caption, label)
        self.show_status(self._status)

    def _stream_text(self, stream: StreamSpec) -> str:
        role = self.tr("Main") if stream.role is StreamRole.MAIN else self.tr("Sub")
        if not stream.width:
            return self.tr("{role}: size not known yet").format(role=role)
        rate = f" {stream.fps:g} fps" if stream.fps else ""
        codec = i18n.codec_text(stream.codec)
        return f"{role}: {stream.width}×{stream.height} {codec}{rate}"

    def _class_text(self, point_class: PointClass) -> str:
        return {
            PointClass.CLASS_I: self.tr("Class I"),
            PointClass.CLASS_II: self.tr("Class II"),
            PointClass.CLASS_III: self.tr("Class III"),
            PointClass.POLICE_INTERNAL: self.tr("Police internal"),
            PointClass.OTHER: "",
        }[point_class]

    def show_status(self, status: StreamStatus | None) -> None:
        """The selected camera's stream."""
        self._status = status
        if status is None:
            self._live.setText(i18n.state_text(StreamState.IDLE))
            return
        text = i18n.state_text(status.state)
        reason = i18n.failure_text(status.code, status.detail)
        if cause := i18n.cause_text(status.cause):
            text += f" ({cause})"
        if status.fps:
            codec = i18n.codec_text(status.codec)
            text += f"\n{status.width}×{status.height} {codec}  {status.fps:.1f} fps"
        if reason:
            text += f"\n{reason}"
        if reason and status.second_code:
            second = i18n.failure_text(status.second_code, status.second_code)
            text += "\n" + self.tr("libVLC, tried instead: {reason}").format(reason=second)
        if status.last_picture_at is not None and status.state in TROUBLE:
            text += "\n" + self.tr("last picture {time}").format(
                time=clock_text(status.last_picture_at)
            )
        if text != self._live.text():
            self._live.setText(text)
            self._make_room()

    def show_faults(self, lines: list[Line]) -> None:
        """The camera's faults, the newest first."""
        if not lines:
            self._faults.clear()
            return
        title = html.escape(self.tr("Faults"))
        text = f"<p style='color:{theme.DIM_TEXT.name()}; margin-bottom:2px'>{title}</p>"
        for line in lines[:8]:
            when = html.escape(when_text(line.reported_at)[:16])
            what = html.escape(f"{category_text(line.category)}, {state_text(line.state)}")
            text += (
                f"<div><a style='color:{theme.ACCENT.name()}' href='{line.id}'>"
                f"{number_text(line)}</a>  {when}<br>&nbsp;&nbsp;{what}</div>"
            )
        if len(lines) > 8:
            more = self.tr("and %n more", "", len(lines) - 8)
            text += f"<div>{html.escape(more)}</div>"
        self._faults.setText(text)

    def _make_room(self) -> None:
        """A scroll area does not ask how high wrapped words are."""
        width = self._live.width()
        if width > 0:
            self._live.setMinimumHeight(max(0, self._live.heightForWidth(width)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_form"):
            self.show_camera(self._details, self._language)
