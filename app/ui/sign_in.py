"""Signing in at the central server, while the pictures run on; and what its refusals mean."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.store.secrets import SecretsError
from app.sync.account import CertificateError, ServerError
from app.sync.status import NetworkError
from app.ui import i18n, theme


def server_error_text(error: Exception) -> str:
    """What happened between this console and its server, and what to do."""
    translate = QCoreApplication.translate
    if isinstance(error, CertificateError):
        return translate(
            "Server", "The server does not prove to be the one that this console was connected "
            "with, so nothing was sent to it. If its certificate was renewed, compare the new one "
            "under “Server…”; otherwise tell the administrator."
        )  # fmt: skip
    if isinstance(error, NetworkError):
        return translate(
            "Server", "The server does not answer. Check the address, the network cable and that "
            "the server runs, then try again. ({reason})"
        ).format(reason=error)  # fmt: skip
    if isinstance(error, SecretsError):
        return translate("Server", "Passwords cannot be kept on this computer: {reason}").format(
            reason=error
        )
    if not isinstance(error, ServerError):
        return i18n.error_text(error)
    known = {
        "wrong_password": translate("Server", "The name or the password is wrong."),
        "code_invalid": translate(
            "Server", "This code is wrong, used or expired. Ask the administrator for a new one: "
            "it serves once, within the hour."
        ),
        "console_unknown": translate(
            "Server", "This console is no longer enrolled at the server. Ask the administrator for "
            "a code and connect it again under “Server…”."
        ),
        "offline_unknown": translate(
            "Server", "The server does not answer, and this person has not signed in on this "
            "console before. Somebody who has can sign in."
        ),
        "offline_expired": translate(
            "Server", "The server does not answer, and it has not confirmed this account for too "
            "long. Sign in once it answers."
        ),
        "bad_address": translate(
            "Server", "This is no address of a server. It looks like this: server.city.cn:8443"
        ),
        "insecure": translate(
            "Server", "Passwords would cross the network in clear text: the address must begin "
            "with https."
        ),
        "bad_ca": translate("Server", "The file holds no certificate (PEM)."),
        "too_fast": translate("Server", "Too many requests. Wait a moment, then try again."),
    }  # fmt: skip
    if error.code == "locked":
        text = translate(
            "Server", "Too many wrong passwords. The next try is possible in {seconds} s."
        )
        return text.format(seconds=max(1, math.ceil(error.retry_after)))
    return known.get(error.code) or translate("Server", "The server refused: {reason}").format(
        reason=error.detail or error.code
    )


class SignInDialog(QDialog):
    """At the foot of the window, application-modal: hands can do nothing else, the wall is seen.

    It asks (`asked`: login, password) and is told: `refused` or `close_with_success`.
    """

    asked = Signal(str, str)
    cancelled = Signal()
    quit_asked = Signal()
    server_asked = Signal()

    def __init__(
        self, server: str, logins: tuple[str, ...], parent: QWidget, *, why: str = "",
        may_cancel: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(parent, Qt.WindowType.FramelessWindowHint | Qt.WindowType.Dialog)
        self.setObjectName("lock")
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self._server, self._may_cancel, self._over = server, may_cancel, parent
        self._error: Callable[[], str] = lambda: why
        self._not_before = 0.0
        self._title, self._hint = QLabel(), QLabel()
        self._title.setObjectName("heading")
        self._hint.setObjectName("hint")
        self.login = QComboBox()
        self.login.setEditable(True)
        self.login.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.login.addItems(list(logins))
        self.login.setMinimumWidth(170)
        if may_cancel:
            self.login.setCurrentText("")  # somebody else than the last one
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMaxLength(200)
        self.password.setMinimumWidth(190)
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.button, self.other, self.connection = QPushButton(), QPushButton(), QPushButton()
        self.button.setDefault(True)
        self.other.setAutoDefault(False)
        self.connection.setAutoDefault(False)
        self.button.clicked.connect(self._try)
        self.password.returnPressed.connect(self._try)
        self.connection.clicked.connect(self.server_asked)
        self.other.clicked.connect(self.cancelled if may_cancel else self.quit_asked)
        self.connection.setVisible(not may_cancel)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.login, self.password, self.button, self.connection, self.other):
            row.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 16, 22, 16)
        layout.setSpacing(9)
        layout.addWidget(self._title)
        layout.addWidget(self._hint)
        layout.addLayout(row)
        layout.addWidget(self.told)
        self._seconds = QTimer(self)
        self._seconds.timeout.connect(self._count)
        self._retranslate()
        self._place()
        (self.password if self.login.currentText() else self.login).setFocus()

    def _place(self) -> None:
        """At the foot: the pictures stay to be seen."""
        self.setFixedWidth(max(620, self.minimumSizeHint().width()))
        self.adjustSize()
        window = self._over.window().frameGeometry()
        self.move(window.center().x() - self.width() // 2, window.bottom() - self.height() - 70)

    def _retranslate(self) -> None:
        title = self.tr("Another person signs in") if self._may_cancel else self.tr("Sign in")
        self._title.setText(title)
        self._hint.setText(
            self.tr("Server {server}. The pictures run on.").format(server=self._server)
        )
        edit = self.login.lineEdit()
        assert edit is not None
        edit.setPlaceholderText(self.tr("Name"))
        self.login.setAccessibleName(self.tr("Name"))
        self.password.setPlaceholderText(self.tr("Password"))
        self.password.setAccessibleName(self.tr("Password"))
        self.button.setText(self.tr("Sign in"))
        self.connection.setText(self.tr("Server…"))
        self.connection.setToolTip(self.tr("The connection of this console with its server"))
        self.other.setText(self.tr("Cancel") if self._may_cancel else self.tr("Quit"))
        self._say(self._error())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_seconds"):
            self._retranslate()
        super().changeEvent(event)

    def _say(self, text: str, *, error: bool = True) -> None:
        theme.tell(self.told, text, "error" if error else "hint")
        self.told.setVisible(bool(text))
        self._place()

    def _try(self) -> None:
        name, password = self.login.currentText().strip(), self.password.text()
        if not self.button.isEnabled() or time.monotonic() < self._not_before:
            return
        if not name or not password:
            (self.password if name else self.login).setFocus()
            return
        self._busy(True)
        self._say(self.tr("Signing in…"), error=False)
        self.password.clear()
        self.asked.emit(name, password)

    def _busy(self, busy: bool) -> None:
        for widget in (self.login, self.password, self.button, self.other, self.connection):
            widget.setEnabled(not busy)

    def refused(self, error: Exception) -> None:
        """It did not work: told, and the next try waits as long as it must."""
        self._busy(False)
        wait = error.retry_after if isinstance(error, ServerError) else 0.0
        self._error = lambda: server_error_text(error)
        if wait:
            self._not_before = time.monotonic() + wait
            self._seconds.start(500)
            self._count()
        else:
            self._say(self._error())
        self.password.setFocus()

    def _count(self) -> None:
        """The seconds that are left, counted down."""
        left = self._not_before - time.monotonic()
        self.button.setEnabled(left <= 0)
        if left <= 0:
            self._seconds.stop()
            self._say("")
        else:
            self._error = lambda: server_error_text(
                ServerError("locked", retry_after=max(0.0, self._not_before - time.monotonic()))
            )
            self._say(self._error())

    def close_with_success(self) -> None:
        """Signed in: hands are free."""
        self._seconds.stop()
        self.hide()
        self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self._may_cancel and self.other.isEnabled():
            self.cancelled.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()

    def reject(self) -> None:
        """Nothing but a sign-in opens it."""


def until_text(moment: datetime) -> str:
    """A time of the coming days, local."""
    return f"{moment.astimezone():%m-%d %H:%M}"
