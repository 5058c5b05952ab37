"""“Server…”: connect this console with a central server, see how it stands, disconnect it."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.sync.account import Account, Certificate, probe, server_url
from app.sync.protocol import Code
from app.sync.status import SyncStatus
from app.ui import theme
from app.ui.sign_in import server_error_text
from app.ui.sync_status import problem_text, short_text
from app.ui.tasks import Tasks

MAX_CA = 256 * 1024


class ServerDialog(QDialog):
    """Either the way to connect, or the state of the connection."""

    connected = Signal()
    disconnect_asked = Signal()
    place_asked = Signal()

    def __init__(self, account: Account, status: SyncStatus, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent)
        self._account, self._tasks, self._status = account, tasks, status
        self._seen: Certificate | None = None
        self._ca = ""
        self.setWindowTitle(self.tr("Central server"))
        self.setMinimumWidth(620)
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(4)
        self.progress.hide()
        self._certificate_panel()
        buttons = QDialogButtonBox()
        self.button = buttons.addButton("", QDialogButtonBox.ButtonRole.ApplyRole)
        self.button.setDefault(True)
        close = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        if account.server is None:
            self._connect_page(layout)
        else:
            self._state_page(layout, buttons)
        layout.addWidget(self.panel)
        layout.addWidget(self.progress)
        layout.addWidget(self.told)
        layout.addWidget(buttons)
        self._say("")

    # -- what both have

    def _certificate_panel(self) -> None:
        self.panel = QFrame()
        self.panel.setFrameShape(QFrame.Shape.StyledPanel)
        self.fingerprint, self._about = QLabel(), QLabel()
        self.fingerprint.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.fingerprint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.fingerprint.setAccessibleName(self.tr("Fingerprint of the certificate"))
        self._about.setWordWrap(True)
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        ask = QLabel(
            self.tr("Nobody that this computer trusts vouches for this server. Compare the "
                    "fingerprint of its certificate with the one that the administrator gives you "
                    "(by telephone or on paper, not from here):")
        )  # fmt: skip
        ask.setWordWrap(True)
        self.same = QCheckBox(self.tr("I compared all of it: it is the same"))
        self.same.toggled.connect(self._ready)
        layout = QVBoxLayout(self.panel)
        for widget in (ask, self.fingerprint, self._about, self.same):
            layout.addWidget(widget)
        self.panel.hide()

    def _show_certificate(self, seen: Certificate) -> None:
        self._seen = seen
        pairs = seen.readable.split(":")
        lines = [":".join(pairs[i : i + 16]) for i in (0, 16)]
        self.fingerprint.setText("SHA-256  " + lines[0] + "\n         " + lines[1])
        text = self.tr("{subject}, issued by {issuer}, valid until {date}. ({why})")
        self._about.setText(
            text.format(
                subject=seen.subject, issuer=seen.issuer,
                date=f"{seen.not_after.astimezone():%Y-%m-%d}", why=seen.why,
            )
        )  # fmt: skip
        self._about.setObjectName("hint")
        self.same.setChecked(False)
        self.panel.show()
        self.same.setFocus()

    def _say(self, text: str, kind: str = "hint") -> None:
        theme.tell(self.told, text, kind)
        self.told.setVisible(bool(text))
        self.adjustSize()

    def _busy(self, text: str = "") -> None:
        self.progress.setVisible(bool(text))
        self._say(text)
        self._ready()

    def _failed(self, error: Exception) -> None:
        self._busy()
        self._say(server_error_text(error), "error")

    # -- not connected

    def _connect_page(self, layout: QVBoxLayout) -> None:
        self.address, self.code, self.name = QLineEdit(), QLineEdit(), QLineEdit()
        self.address.setPlaceholderText(self.tr("server.city.cn:8443"))
        self.code.setPlaceholderText(self.tr("from the administrator, serves once within the hour"))
        self.name.setText(socket.gethostname()[:40])
        self.name.setMaxLength(100)
        self._authority = QLabel(self.tr("those of this computer"))
        choose = QPushButton(self.tr("Own authority…"))
        choose.setAutoDefault(False)
        choose.setToolTip(self.tr("Certificates (PEM) of your organisation's own authority"))
        choose.clicked.connect(self._choose_authority)
        trusted = QHBoxLayout()
        trusted.addWidget(self._authority, 1)
        trusted.addWidget(choose)
        intro = QLabel(
            self.tr("With a server, several consoles share cameras, views and entries, and people "
                    "sign in with their accounts. The network may fail for days: work goes on.")
        )  # fmt: skip
        intro.setWordWrap(True)
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.addRow(self.tr("Address"), self.address)
        form.addRow(self.tr("Enrolment code"), self.code)
        form.addRow(self.tr("Name of this console"), self.name)
        form.addRow(self.tr("Authorities"), trusted)
        layout.addWidget(intro)
        layout.addLayout(form)
        for field in (self.address, self.code, self.name):
            field.textChanged.connect(self._ready)
        self.address.textChanged.connect(self._forget_certificate)
        self.button.clicked.connect(self._connect)
        self._ready()

    def _forget_certificate(self) -> None:
        self._seen = None
        self.panel.hide()

    def _ready(self) -> None:
        compare = not self.panel.isHidden()
        if self._account.server is not None:
            self.button.setEnabled(
                self.progress.isHidden() and (not compare or self.same.isChecked())
            )
            return
        self.button.setText(self.tr("Trust and connect") if compare else self.tr("Connect"))
        filled = all(f.text().strip() for f in (self.address, self.code, self.name))
        self.button.setEnabled(
            filled and self.progress.isHidden() and (not compare or self.same.isChecked())
        )

    def _choose_authority(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Own authority"), "", "PEM (*.pem *.crt *.cer)"
        )
        if name:
            self.use_authority(Path(name))

    def use_authority(self, path: Path) -> None:
        """Trust these certificates too."""

        def read(_: Any) -> str:
            if path.stat().st_size > MAX_CA:
                raise OSError(f"{path.name}: too large")
            return path.read_text("ascii", errors="replace")

        def use(text: str) -> None:
            self._ca = text
            self._authority.setText(path.name)
            self._forget_certificate()
            self._ready()

        self._tasks.run(self, read, use, self._failed)

    def _connect(self) -> None:
        """Look at the certificate first; enrol once it is trusted."""
        address, ca = self.address.text(), self._ca
        try:
            url = server_url(address)
        except Exception as error:
            self._failed(error)
            return
        if self._seen is not None:
            self._enrol(url, self._seen.fingerprint if self._seen.why else "")
            return
        self._busy(self.tr("Looking for the server…"))

        def looked(seen: Certificate | None) -> None:
            if seen is None or not seen.why:
                self._enrol(url, "")
                return
            self._busy()
            self._show_certificate(seen)
            self._ready()
            self.adjustSize()

        self._tasks.run(self, lambda _: probe(url, ca), looked, self._failed)

    def _enrol(self, url: str, fingerprint: str) -> None:
        code, name, ca = self.code.text().strip(), self.name.text().strip(), self._ca
        self._busy(self.tr("Enrolling this console…"))

        def done(_: Any) -> None:
            self.connected.emit()
            self.accept()

        self._tasks.run(
            self,
            lambda _: self._account.enrol(url, code, name, fingerprint=fingerprint, ca=ca),
            done, self._failed, timeout_s=60,
        )  # fmt: skip

    # -- connected

    def _state_page(self, layout: QVBoxLayout, buttons: QDialogButtonBox) -> None:
        account, server = self._account, self._account.server
        assert server is not None
        form = QFormLayout()
        form.setVerticalSpacing(10)
        trust = self.tr("verified by this computer's authorities")
        if server.fingerprint:
            trust = self.tr("the one that was compared: {start}…").format(
                start=":".join(server.fingerprint[i : i + 2].upper() for i in range(0, 16, 2))
            )
        elif server.ca:
            trust = self.tr("verified by your own authority")
        elif server.url.startswith("http:"):
            trust = self.tr("none: on this computer")
        who = account.identity.name if account.identity else self.tr("nobody")
        if account.identity and account.offline:
            who = self.tr("{name} (without the server)").format(name=who)
        for name, value in (
            (self.tr("Server"), server.url),
            (self.tr("This console"), server.console_name),
            (self.tr("Certificate"), trust),
            (self.tr("Signed in"), who),
            (self.tr("Synchronisation"), short_text(self._status) or self.tr("off")),
        ):
            label = QLabel(value)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            form.addRow(name, label)
        layout.addLayout(form)
        self.button.setText(self.tr("Check the certificate"))
        self.button.clicked.connect(self._check)
        self.button.setVisible(server.url.startswith("https:"))
        if self._status.problem == Code.TOP_LEVEL:
            place = buttons.addButton(
                self.tr("Say where they belong…"), QDialogButtonBox.ButtonRole.ActionRole
            )
            place.setAutoDefault(False)
            place.setToolTip(problem_text(self._status))
            place.clicked.connect(self.accept)
            place.clicked.connect(self.place_asked)
        leave = buttons.addButton(
            self.tr("Disconnect…"), QDialogButtonBox.ButtonRole.DestructiveRole
        )
        leave.setAutoDefault(False)
        leave.clicked.connect(self._leave)

    def _check(self) -> None:
        server = self._account.server
        assert server is not None
        if self._seen is not None and self.same.isChecked():
            fingerprint = self._seen.fingerprint
            self._tasks.run(
                self, lambda _: self._account.trust(fingerprint), lambda _: self.accept(),
                self._failed,
            )  # fmt: skip
            return
        self._busy(self.tr("Looking for the server…"))

        def looked(seen: Certificate | None) -> None:
            self._busy()
            pinned = server.fingerprint
            if seen is None or (seen.fingerprint == pinned if pinned else not seen.why):
                self._say(self.tr("The certificate is the right one."))
                return
            self._show_certificate(seen)
            self.button.setText(self.tr("Trust this one from now on"))
            self._ready()
            self.adjustSize()

        self._tasks.run(self, lambda _: probe(server.url, server.ca), looked, self._failed)

    def _leave(self) -> None:
        waiting = self._status.waiting
        text = self.tr("Work without the server from now on? To connect again, a new enrolment code "
                       "is needed.")  # fmt: skip
        if waiting:
            text += "\n\n" + self.tr(
                "%n entry(ies) have not been sent: they are kept, and sent when this console is "
                "connected with this server again.", "", waiting
            )  # fmt: skip
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("Disconnect"), text, parent=self)
        yes = box.addButton(self.tr("Disconnect"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        yes.clicked.connect(self.disconnect_asked)
        yes.clicked.connect(self.accept)
        box.open()
