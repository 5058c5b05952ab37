"""Add or edit a camera: by RTSP address, or by ONVIF; with a picture before it is saved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from app.devices.errors import DeviceError
from app.devices.onvif import connect
from app.devices.soap import CertificateError, fingerprint_text
from app.domain.camera import (
    CameraDetails,
    CameraRow,
    Credentials,
    Organisation,
    Site,
    StreamRole,
    StreamSpec,
)
from app.store import observed
from app.store.errors import StoreError
from app.store.pins import StoredPins
from app.store.store import Store
from app.ui import i18n, theme
from app.ui.ptz_panel import device_error_text
from app.ui.tasks import Task, Tasks, TaskTimeoutError
from app.video.probe import ProbeError, ProbeResult, probe_stream
from app.video.state import FAILURES

PREVIEW = QSize(448, 252)


@dataclass(frozen=True, slots=True)
class _Tested:
    """What a test brought: the stream's picture and what the device said of itself."""

    picture: ProbeResult
    streams: tuple[StreamSpec, ...]
    has_ptz: bool
    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    onvif_url: str = ""
    fingerprint: str = ""
    """SHA-256 of a certificate of its own, or ""."""
    channels: int = 1


class CameraDialog(QDialog):
    """Modal form. `saved_id` is set when it was accepted."""

    def __init__(
        self,
        store: Store,
        tasks: Tasks,
        places: tuple[list[Organisation], list[Site]],
        details: CameraDetails | None,
        language: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._tasks, self._details = store, tasks, details
        self._organisations, self._sites = places
        self._language = language
        self._task: Task | None = None
        self._tested: _Tested | None = None
        self.saved_id = ""
        self.setWindowTitle(self.tr("Edit camera") if details else self.tr("Add camera"))
        self._made: dict[tuple[str, str], str] = {}
        """New sites by organisation and name: saving again after an error makes none twice."""
        self._build()
        if details is not None:
            self._fill(details)
        self._changed()

    # -- the form

    def _build(self) -> None:
        self.kind = QTabBar()
        self.kind.setDrawBase(False)
        self.kind.setExpanding(False)
        self.kind.addTab("ONVIF")
        self.kind.addTab("RTSP")
        self.address = QLineEdit()
        self.address.setPlaceholderText("192.168.1.20  ·  host:8080")
        self.url = QLineEdit()
        self.url.setPlaceholderText("rtsp://192.168.1.20:554/stream1")
        self.sub_url = QLineEdit()
        self.sub_url.setPlaceholderText(self.tr("optional: the small stream for tiles"))
        self.transport = QComboBox()
        self.transport.addItem(self.tr("TCP (default)"), "tcp")
        self.transport.addItem("UDP", "udp")
        self.username = QLineEdit()
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("place and direction, such as “Zhongshan Rd, N”"))
        self.name_en = QLineEdit()
        self.name_en.setPlaceholderText(self.tr("optional"))
        self.organisation, self.site = QComboBox(), QComboBox()
        for box in (self.organisation, self.site):
            box.setEditable(True)
            box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            box.setMinimumContentsLength(20)
            completer = box.completer()
            assert completer is not None
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        for organisation in self._organisations:
            self.organisation.addItem(self._name(organisation), organisation.id)
        if not self._organisations:
            self.organisation.setEditText(self.tr("My organisation"))
        self.organisation.currentTextChanged.connect(self._fill_sites)
        line = self.site.lineEdit()
        assert line is not None
        line.setPlaceholderText(self.tr("choose, or type a new site's name"))
        self._fill_sites()
        self.number = QLineEdit()
        self.number.setPlaceholderText(self.tr("optional, 1 to 999999"))
        self.code = QLineEdit()
        self.code.setMaxLength(20)
        self.code.setPlaceholderText(self.tr("optional, 20 digits (GB/T 28181)"))
        self.never_degrade = QCheckBox(self.tr("Never degrade"))
        self.verify_tls = QCheckBox(self.tr("Verify the certificate of rtsps and https addresses"))
        self.verify_tls.setChecked(True)
        self.verify_tls.setToolTip(
            self.tr("Off: any certificate is accepted, also that of somebody in between.")
        )
        important = QLabel(
            self.tr(
                "When this computer is short of power, other tiles give way first: they get the "
                "small stream, then fewer pictures. Mark few cameras."
            )
        )
        important.setObjectName("hint")
        important.setWordWrap(True)
        self.never_degrade.setToolTip(important.text())
        where = QLabel(self._where_passwords_are())
        where.setObjectName("hint" if self._store.secrets.secure else "warning")
        where.setWordWrap(True)
        inner = QWidget()
        self._form = form = QFormLayout(inner)
        form.setContentsMargins(0, 8, 10, 0)
        form.setVerticalSpacing(9)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Address"), self.address)
        form.addRow(self.tr("Main stream"), self.url)
        form.addRow(self.tr("Substream"), self.sub_url)
        form.addRow(self.tr("User name"), self.username)
        form.addRow(self.tr("Password"), self.password)
        form.addRow("", where)
        form.addRow(self.tr("Transport"), self.transport)
        form.addRow(self.tr("TLS"), self.verify_tls)
        rule = QFrame()
        rule.setFrameShape(QFrame.Shape.HLine)
        form.addRow(rule)
        form.addRow(self.tr("Name"), self.name)
        form.addRow(self.tr("English name"), self.name_en)
        form.addRow(self.tr("Organisation"), self.organisation)
        form.addRow(self.tr("Site"), self.site)
        form.addRow(self.tr("Call number"), self.number)
        form.addRow(self.tr("Code"), self.code)
        form.addRow(self.tr("Importance"), self.never_degrade)
        form.addRow("", important)
        left = QVBoxLayout()
        left.addWidget(self.kind)
        left.addWidget(theme.scrolled(inner), 1)
        self.preview = QLabel(self.tr("“Test” shows the camera's picture here."))
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.setFixedSize(PREVIEW)
        self.preview.setWordWrap(True)
        self.preview.setObjectName("preview")
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(4)
        kept = self.progress.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(kept)
        self.progress.hide()
        self.test = QPushButton(self.tr("&Test"))
        self.test.setAutoDefault(False)
        self.test.clicked.connect(self._test)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.preview)
        right.addWidget(self.progress)
        right.addWidget(self.test)
        right.addWidget(self.message, 1)
        self.untested = QCheckBox(self.tr("Save without a test"))
        self.untested.toggled.connect(self._changed)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self.save = buttons.button(QDialogButtonBox.StandardButton.Save)
        self.save.setText(self.tr("&Save"))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        self._why = QLabel()
        self._why.setObjectName("hint")
        bottom = QHBoxLayout()
        bottom.addWidget(self.untested)
        bottom.addStretch(1)
        bottom.addWidget(self._why)
        bottom.addWidget(buttons)
        columns = QHBoxLayout()
        columns.setSpacing(18)
        columns.addLayout(left, 1)
        columns.addLayout(right)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addLayout(columns, 1)
        layout.addLayout(bottom)
        self.setMinimumWidth(880)
        theme.fit(self, 960, 640)
        self.name.setFocus()
        for field in (self.url, self.sub_url, self.address, self.username, self.password):
            field.textEdited.connect(self._source_changed)
            field.textChanged.connect(self._changed)
        self.transport.currentIndexChanged.connect(self._source_changed)
        self.kind.currentChanged.connect(self._kind_changed)
        self.name.textChanged.connect(self._changed)
        self._kind_changed()

    def _kind_changed(self) -> None:
        onvif = self.kind.currentIndex() == 0
        for field, shown in (
            (self.address, onvif),
            (self.url, not onvif),
            (self.sub_url, not onvif),
        ):
            self._form.setRowVisible(field, shown)
        self._source_changed()

    def _fill_sites(self) -> None:
        """The sites of the chosen organisation; what was typed stays."""
        typed = self.site.currentText()
        owner = self._known(self.organisation)
        self.site.clear()
        for site in self._sites:
            if site.organisation_id == owner:
                self.site.addItem(self._name(site), site.id)
        index = self.site.findText(typed)
        self.site.setCurrentIndex(index)
        if index < 0 and typed not in {self._name(site) for site in self._sites}:
            self.site.setEditText(typed)

    def _known(self, box: QComboBox) -> str:
        """The id of what is written in a box, or "" for a new name."""
        index = box.findText(box.currentText().strip(), Qt.MatchFlag.MatchFixedString)
        return str(box.itemData(index)) if index >= 0 else ""

    def _name(self, thing: Organisation | Site) -> str:
        if self._language.startswith("zh"):
            return thing.name or thing.name_en
        return thing.name_en or thing.name

    def _where_passwords_are(self) -> str:
        if self._store.secrets.secure:
            return self.tr("The password goes into the system's keyring.")
        return self.tr(
            "This system has no keyring: passwords go into an encrypted file that only your "
            "account can read."
        )

    def _fill(self, d: CameraDetails) -> None:
        self.name.setText(d.row.name)
        self.name_en.setText(d.row.name_en)
        self.number.setText("" if d.row.call_number is None else str(d.row.call_number))
        self.code.setText(d.row.code)
        self.username.setText(d.username)
        self.password.setPlaceholderText(self.tr("unchanged"))
        self.address.setText(d.onvif_url)
        urls = {s.role: s.url for s in d.streams}
        self.url.setText(urls.get(StreamRole.MAIN, ""))
        self.sub_url.setText(urls.get(StreamRole.SUB, ""))
        self.never_degrade.setChecked(d.never_degrade)
        self.verify_tls.setChecked(d.verify_tls)
        self.transport.setCurrentIndex(1 if d.transport == "udp" else 0)
        self.organisation.setCurrentIndex(self.organisation.findData(d.organisation.id))
        self.site.setCurrentIndex(self.site.findData(d.row.site_id))
        self.kind.setCurrentIndex(0 if d.onvif_url else 1)

    def _source_changed(self) -> None:
        self._tested = None
        self._changed()

    def _changed(self) -> None:
        """Saving needs a test, unless the person says otherwise or only changed names."""
        tested = self._tested is not None or self.untested.isChecked() or self._source_untouched()
        named = bool(self.name.text().strip())
        self.save.setEnabled(tested and named and self._task is None)
        source = self.address if self.kind.currentIndex() == 0 else self.url
        self.test.setEnabled(bool(source.text().strip()) or self._task is not None)
        why = ""
        if self._task is None and not tested:
            why = self.tr("Test the camera to save it.")
        elif self._task is None and not named:
            why = self.tr("A name is needed.")
        self._why.setText(why)

    def _source_untouched(self) -> bool:
        d = self._details
        if d is None or self.password.text():
            return False
        urls = {s.role: s.url for s in d.streams}
        return (
            self.url.text() == urls.get(StreamRole.MAIN, "")
            and self.sub_url.text() == urls.get(StreamRole.SUB, "")
            and self.address.text() == d.onvif_url
            and self.username.text() == d.username
            and self.transport.currentData() == d.transport
        )

    # -- testing

    def _say(self, text: str, kind: str = "hint") -> None:
        theme.tell(self.message, text, kind)

    def _test(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._end_test(self.tr("Cancelled."))
            return
        onvif = self.kind.currentIndex() == 0
        address, url, sub_url = (
            self.address.text(),
            self._clean(self.url),
            self._clean(self.sub_url),
        )
        username, typed = self.username.text(), self.password.text()
        transport = str(self.transport.currentData())
        verify = self.verify_tls.isChecked()
        camera_id = self._details.row.id if self._details else ""
        store = self._store

        def work(task: Task) -> _Tested:
            password = typed
            if not password and camera_id:
                source = store.source(camera_id)
                password = source.credentials.password if source else ""
            account = Credentials(username, password)
            if not onvif:
                streams = _specs(url, sub_url)
                picture = probe_stream(
                    streams[0], account, transport, cancelled=task.cancelled, verify_tls=verify
                )
                if len(streams) > 1:
                    second = probe_stream(
                        streams[1], account, transport, cancelled=task.cancelled, verify_tls=verify
                    )
                    streams = (_measured(streams[0], picture), _measured(streams[1], second))
                else:
                    streams = (_measured(streams[0], picture),)
                return _Tested(picture, streams, False)
            pins = StoredPins(store)
            device = connect(address, account, pins=pins)
            try:
                plate = device.information()
                profiles = device.profiles()
                streams = device.streams(profiles)
                turns = device.turns(profiles)
            finally:
                device.close()
            if not streams:
                raise ProbeError("no-video")
            picture = probe_stream(
                streams[0], account, transport, cancelled=task.cancelled, verify_tls=verify
            )
            return _Tested(
                picture,
                (_measured(streams[0], picture), *streams[1:]),
                turns,
                plate.manufacturer,
                plate.model,
                plate.serial,
                plate.firmware,
                device.url,
                device.soap.fingerprint,
                len({p.source for p in profiles}),
            )

        self.progress.show()
        self.test.setText(self.tr("Cancel the test"))
        self._say(self.tr("Asking the camera…"))
        self._task = self._tasks.run(self, work, self._passed, self._failed, timeout_s=40)
        self._changed()

    def _end_test(self, text: str, kind: str = "hint") -> None:
        self._task = None
        self.progress.hide()
        self.test.setText(self.tr("&Test"))
        self._say(text, kind)
        self._changed()

    def _passed(self, tested: _Tested) -> None:
        self._tested = tested
        p = tested.picture
        image = QImage(
            p.picture, p.picture_width, p.picture_height, p.stride, QImage.Format.Format_RGB32
        )
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap.fromImage(image).scaled(
            PREVIEW * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        pixmap.setDevicePixelRatio(ratio)
        self.preview.setPixmap(pixmap)
        roles = {StreamRole.MAIN: self.tr("Main stream"), StreamRole.SUB: self.tr("Substream")}
        lines = [
            f"{roles[s.role]}: {s.width}×{s.height} {i18n.codec_text(s.codec)} {s.fps:g} fps"
            for s in tested.streams
        ]
        if tested.model:
            lines.insert(0, f"{tested.manufacturer} {tested.model}  ·  {tested.serial}")
        if tested.has_ptz:
            lines.append(self.tr("PTZ: yes"))
        if tested.channels > 1:
            text = self.tr("A recorder of %n channel(s): this is the first. “Find cameras” adds all.",
                           "", tested.channels)  # fmt: skip
            lines.append(text)
        if tested.fingerprint:
            text = self.tr("Certificate (SHA-256), known from now on: {fingerprint}")
            lines.append(text.format(fingerprint=fingerprint_text(tested.fingerprint)))
        self._end_test("\n".join(lines), "good")

    def _failed(self, error: Exception) -> None:
        self.preview.setText(self.tr("no picture"))
        if isinstance(error, CertificateError) and error.pinned:
            self._ask_about_certificate(error)
            return
        if isinstance(error, DeviceError):
            text = device_error_text(error)
        elif isinstance(error, ProbeError):
            fallback = FAILURES[error.code][2] if error.code in FAILURES else error.code
            text = i18n.failure_text(error.code, fallback)
        elif isinstance(error, TaskTimeoutError):
            text = self.tr("The camera did not answer in time.")
        else:
            text = i18n.error_text(error)
        self._end_test(text, "error")

    def _ask_about_certificate(self, error: CertificateError) -> None:
        """It is another one than before: renewed, or somebody is in between."""
        text = self.tr(
            "The device shows another certificate than before. It was renewed or the device "
            "replaced, or somebody listens in between.\n\nbefore: {before}\nnow: {now}\n\n"
            "Trust the new one only if you know why it changed."
        ).format(before=fingerprint_text(error.pinned), now=fingerprint_text(error.fingerprint))
        self._end_test(text, "error")
        box = QMessageBox(QMessageBox.Icon.Warning, self.tr("Certificate changed"), text,
                          QMessageBox.StandardButton.Cancel, self)  # fmt: skip
        box.button(QMessageBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        trust = box.addButton(self.tr("Trust the new one"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def keep(_: Any) -> None:
            StoredPins(self._store).set(error.place, error.fingerprint)

        trust.clicked.connect(
            lambda: self._tasks.run(self, keep, lambda _: self._test(), self._failed)
        )
        box.open()

    def _clean(self, field: QLineEdit) -> str:
        """A URL without an account; the account goes into its own fields."""
        text = field.text().strip()
        try:
            parts = urlsplit(text)
            if not parts.username:
                return text
            if not self.username.text():
                self.username.setText(parts.username)
                self.password.setText(parts.password or "")
        except ValueError:
            return text
        text = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        field.setText(text)
        return text

    # -- saving

    def _save(self) -> None:
        for field in (self.name, self.url, self.number, self.code, self.site):
            field.setProperty("wrong", False)
        number = self.number.text().strip()
        if number and not (number.isascii() and number.isdigit()):
            self._wrong({"call_number": "invalid"})
            return
        old = self._details
        tested = self._tested
        url, sub_url = self._clean(self.url), self._clean(self.sub_url)
        if tested is not None:
            streams = tested.streams
        elif self.kind.currentIndex() == 1 or (url and not old):
            streams = _specs(url, sub_url)
        else:
            streams = old.streams if old else ()
        if old is not None and tested is None and self._source_untouched():
            streams = old.streams
        # Streams may be typed by hand for a camera that is steered by ONVIF all the same.
        by_onvif = self.kind.currentIndex() == 0 or bool(old and old.onvif_url)
        onvif_url = self.address.text().strip() if by_onvif else ""
        onvif_url = (tested.onvif_url if tested else "") or onvif_url
        host = urlsplit(streams[0].url).hostname or "" if streams else ""
        site_name = self.site.currentText().strip()
        owner_name = self.organisation.currentText().strip() or self.tr("My organisation")
        owner, site_id = self._known(self.organisation), self._known(self.site)
        row = CameraRow(
            old.row.id if old else "",
            self.name.text().strip(),
            self.name_en.text().strip(),
            int(number) if number else None,
            self.code.text().strip(),
            host,
            "",
            site_id,
            tested.has_ptz if tested and tested.onvif_url else bool(old and old.row.has_ptz),
            False,
        )
        nowhere = Organisation("", ""), Site("", "", "")
        base = old or CameraDetails(row, *nowhere)
        details = replace(
            base,
            row=row,
            username=self.username.text(),
            transport=str(self.transport.currentData()),
            streams=streams,
            onvif_url=onvif_url,
            never_degrade=self.never_degrade.isChecked(),
            verify_tls=self.verify_tls.isChecked(),
        )
        said = {} if tested is None or not tested.model else {
            "manufacturer": tested.manufacturer, "model": tested.model, "serial": tested.serial,
            "firmware": tested.firmware,
        }  # fmt: skip
        password = self.password.text() or (None if old else "")
        store, made = self._store, self._made

        def work(_: Task) -> str:
            final = details
            if not row.site_id:
                if not site_name:
                    raise StoreError("A site is needed.", {"site": "empty"})
                new = made.get((owner_name, site_name))
                if new is None:
                    unit = owner or store.save_organisation(Organisation("", owner_name))
                    new = made[owner_name, site_name] = store.save_site(Site("", unit, site_name))
                final = replace(details, row=replace(row, site_id=new))
            identity = store.save_camera(final, password)
            if said:
                observed.observe(store, identity, said, f"ONVIF {final.row.address}")
            return identity

        self.save.setEnabled(False)
        self._tasks.run(self, work, self._saved, self._not_saved)

    def _saved(self, camera_id: str) -> None:
        self.saved_id = camera_id
        self.accept()

    def _not_saved(self, error: Exception) -> None:
        if isinstance(error, StoreError) and error.fields:
            self._wrong(error.fields)
        else:
            self._say(i18n.error_text(error), "error")
        self.save.setEnabled(True)

    def _wrong(self, fields: dict[str, str]) -> None:
        texts = {
            ("name", "empty"): self.tr("A name is needed."),
            ("name", "too-long"): self.tr("The name is too long (100 characters)."),
            ("site", "empty"): self.tr("Choose a site, or type a new one's name."),
            ("code", "invalid"): self.tr("The code must have 20 digits with a known shape."),
            ("code", "taken"): self.tr("Another camera has this code."),
            ("call_number", "invalid"): self.tr("The call number must be 1 to 999999."),
            ("call_number", "taken"): self.tr("Another camera has this call number."),
            ("url", "empty"): self.tr("Test the camera first: its streams are not known."),
            ("url", "invalid"): self.tr("The address must look like rtsp://host/path."),
            ("url", "account-in-url"): self.tr("User name and password go into their own fields."),
        }
        widgets: dict[str, Any] = {
            "name": self.name, "code": self.code, "call_number": self.number, "url": self.url,
            "site": self.site,
        }  # fmt: skip
        lines = []
        for key, code in fields.items():
            lines.append(texts.get((key, code), f"{key}: {code}"))
            if key in widgets:
                widgets[key].setProperty("wrong", True)
        for widget in widgets.values():
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self._say("\n".join(lines), "error")

    def reject(self) -> None:
        if self._task is not None:
            self._task.cancel()
        super().reject()


def _specs(url: str, sub_url: str) -> tuple[StreamSpec, ...]:
    main = StreamSpec(StreamRole.MAIN, url)
    return (main, StreamSpec(StreamRole.SUB, sub_url)) if sub_url else (main,)


def _measured(spec: StreamSpec, result: ProbeResult) -> StreamSpec:
    """The stream as it really is, not as the device's form says."""
    codec = {"hevc": "h265"}.get(result.codec, result.codec)
    return replace(
        spec, codec=codec, width=result.width, height=result.height, fps=result.fps or spec.fps
    )
