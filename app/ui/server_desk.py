"""This console's work with its server: who is signed in, and the synchronisation for that person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QMainWindow

from app.domain.person import Person, pin_fits
from app.store.store import Store
from app.sync.account import Account, Identity
from app.sync.protocol import Code
from app.sync.status import SyncStatus
from app.ui import theme
from app.ui.notice import Notice
from app.ui.session import Session
from app.ui.sign_in import SignInDialog, server_error_text, until_text
from app.ui.sync_status import SyncLabel
from app.ui.tasks import Tasks, emit

if TYPE_CHECKING:
    from app.sync.client import SyncThread
    from app.sync.credentials import CameraAccounts
    from app.ui.put_under import PutUnderDialog
    from app.ui.server_dialog import ServerDialog

SIGN_IN_S = 90.0


@dataclass(frozen=True, slots=True)
class Parts:
    """What of the window is needed here."""

    window: QMainWindow
    session: Session
    sync: SyncLabel
    notice: Callable[[], Notice]
    reload: Callable[[], None]
    """Read the console's own settings again."""


class ServerDesk(QObject):
    """Owns the account and the synchronisation. All requests run in `Tasks`."""

    signed_in = Signal(object)
    """Identity: somebody is signed in now, with the server or without."""
    signed_out = Signal()
    changed = Signal()
    _told = Signal(object)

    def __init__(
        self, account: Account, store: Store, tasks: Tasks, parts: Parts,
        accounts: Callable[[], CameraAccounts],
    ) -> None:  # fmt: skip
        """`accounts`: of cameras, as the server hands them out; made when it is first needed."""
        super().__init__(parts.window)
        self.account, self._accounts = account, accounts
        self._store, self._tasks, self._parts = store, tasks, parts
        self.dialog: SignInDialog | None = None
        self.server_dialog: ServerDialog | None = None
        self.sync: SyncThread | None = None
        self._offline_said = ""
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.hide()
        parts.window.statusBar().addPermanentWidget(self.label)
        parts.window.installEventFilter(self)
        parts.session.other_asked.connect(self.change_person)
        parts.session.changed.connect(self._author)
        self._author()
        self._told.connect(self._status, Qt.ConnectionType.QueuedConnection)
        parts.sync.place_requested.connect(self.ask_place)
        self.place_dialog: PutUnderDialog | None = None
        self._asked_place: SyncThread | None = None

    def _author(self) -> None:
        """Who works here now signs what is entered."""
        self._store.author = self._parts.session.settings.operator

    # -- signing in

    def start(self, login: str = "", password: str = "") -> None:
        """At the program's start: where a server is configured, somebody signs in."""
        if self.account.server is None:
            return
        if login:
            self._sign_in(login, password)
        else:
            self._ask()

    def change_person(self) -> None:
        """Somebody else takes over; who is signed in stays so until then."""
        if self.account.server is None:
            self.open_server()
        elif self.dialog is None:
            self._ask(may_cancel=self.account.identity is not None)

    def sign_out(self) -> None:
        """Nobody works here until somebody signs in; the pictures run on."""
        if self.account.identity is not None and self.dialog is None:
            self._leave(self.account.sign_out, self._ask)

    def _ask(self, why: str = "", *, may_cancel: bool = False) -> None:
        server = self.account.server
        if server is None or self.dialog is not None:
            return
        name = server.url.split("://")[-1]
        self.dialog = dialog = SignInDialog(
            name, server.logins, self._parts.window, why=why, may_cancel=may_cancel
        )
        dialog.asked.connect(self._sign_in)
        dialog.cancelled.connect(self._close_dialog)
        dialog.quit_asked.connect(self._parts.window.close)
        dialog.server_asked.connect(self.open_server)
        dialog.show()

    def _close_dialog(self) -> None:
        if self.dialog is not None:
            self.dialog.close_with_success()
            self.dialog = None

    def _sign_in(self, login: str, password: str) -> None:
        account, store, old = self.account, self._store, self.sync

        def work(_: Any) -> tuple[Identity, SyncThread, str]:
            # Here: a console without a server needs none of it.
            from app.sync.client import SyncClient, SyncThread, become

            identity = account.sign_in(login, password)
            # The one before sends nothing more: it could only be under another's name.
            if old is not None:
                old.stop()
            become(store, identity.user_id)
            until = until_text(account.offline_until(identity.login)) if account.offline else ""
            accounts = store.supply = self._accounts()
            store.fetch = lambda sha, size: SyncClient(store, account.transport()).download(
                sha, size
            )
            sync = SyncThread(store, account.transport, self._tell, accounts.work)
            return identity, sync, until

        def done(answer: tuple[Identity, SyncThread, str]) -> None:
            identity, sync, until = answer
            self.sync = sync
            self._parts.sync.set_worker(sync)
            sync.start()
            self._close_dialog()
            self._offline_said = until
            self._parts.session.sign_in(identity.name, self._fits)
            self._show()
            if account.offline:
                self._parts.notice().say(self._offline_text(), kind="warning", stay=True)
            self.signed_in.emit(identity)
            self.changed.emit()

        def failed(error: Exception) -> None:
            if self.dialog is None:
                self._ask(server_error_text(error))
            else:
                self.dialog.refused(error)

        self._tasks.run(self, work, done, failed, timeout_s=SIGN_IN_S)

    def _offline_text(self) -> str:
        text = self.tr("{name} is signed in without the server, which does not answer. What you "
                       "enter is kept and sent later. This works until {until}.")  # fmt: skip
        if self.account.offline == "certificate":
            text = self.tr("{name} is signed in without the server: it does not prove to be the "
                           "right one. Tell the administrator. This works until {until}.")  # fmt: skip
        name = self.account.identity.name if self.account.identity else ""
        return text.format(name=name, until=self._offline_said)

    def _fits(self, people: tuple[Person, ...], secret: str) -> bool:
        """Whether it opens the lock: the account's password, or the PIN of the person of that
        name. Blocking. Raises ServerError `locked`."""
        name = self.account.identity.name if self.account.identity else ""
        if any(p.pin and pin_fits(p.pin, secret) for p in people if p.name == name):
            return True
        return self.account.check_password(secret)

    def _leave(self, work: Callable[[], None], then: Callable[[], None]) -> None:
        """End the sign-in, off the Qt thread."""
        old, self.sync = self.sync, None

        def job(_: Any) -> None:
            if old is not None:
                old.stop()
            work()
            self._store.fetch = None
            if self.account.server is None:
                self._store.supply = None

        def done(_: Any) -> None:
            self._parts.sync.show_status(SyncStatus())
            self._parts.session.sign_out()
            self._parts.reload()
            self._show()
            self.signed_out.emit()
            self.changed.emit()
            then()

        self._tasks.run(
            self, job, done, lambda error: self._parts.notice().say(server_error_text(error)),
            timeout_s=SIGN_IN_S,
        )  # fmt: skip

    # -- the connection

    def open_server(self) -> None:
        """The dialog of the connection."""
        if self.server_dialog is not None:
            return
        from app.ui.server_dialog import ServerDialog

        parent = self.dialog or self._parts.window
        self.server_dialog = dialog = ServerDialog(
            self.account, self._parts.sync.status, self._tasks, parent
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.connected.connect(self._connected)
        dialog.disconnect_asked.connect(self._disconnect)
        dialog.place_asked.connect(self.ask_place)
        dialog.finished.connect(self._server_closed)
        dialog.open()

    def _server_closed(self, _: int) -> None:
        self.server_dialog = None

    def _connected(self) -> None:
        self.changed.emit()
        self._ask()

    def _disconnect(self) -> None:
        self._close_dialog()
        self._leave(self.account.disconnect, lambda: None)

    # -- how it stands

    def _tell(self, status: SyncStatus) -> None:
        """On the synchronisation's threads."""
        emit(self._parts.sync.told, status)
        emit(self._told, status)

    def _status(self, status: SyncStatus) -> None:
        if self.sync is None or status is not self.sync.status:
            return
        self._show()
        ready = self.dialog is None and self.server_dialog is None
        if status.problem == Code.TOP_LEVEL and ready and self._asked_place is not self.sync:
            self._asked_place = self.sync  # once a sign-in; later from the status
            self.ask_place()
        if not self.account.ended:
            return
        # No loop of tries: it ends here, and a person decides.
        why = self.tr("The server has ended this sign-in. Sign in again; what you entered is kept.")
        old, self.sync = self.sync, None
        self._tasks.run(self, lambda _: old.stop(), lambda _: None)
        self._close_dialog()
        self._ask(why)

    def ask_place(self) -> None:
        """Where this console's own organisations belong."""
        sync, identity = self.sync, self.account.identity
        if sync is None or identity is None or self.place_dialog is not None:
            return
        from app.ui.put_under import PutUnderDialog, choice

        own, home = sync.homeless, identity.organisation_id
        self.place_dialog = dialog = PutUnderDialog(
            lambda: choice(self._store, own, home), self._tasks, self._parts.window,
            may_make=sync.may_make,
        )  # fmt: skip
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(lambda parent, keep: sync.put_under(parent, keep=keep))
        dialog.finished.connect(self._place_closed)
        dialog.open()

    def _place_closed(self, _: int) -> None:
        self.place_dialog = None

    def _show(self) -> None:
        """Who is signed in, at the foot of the window."""
        identity, offline = self.account.identity, self.account.offline
        self.label.setVisible(identity is not None)
        if identity is None:
            return
        text = identity.name
        if offline:
            text += " · " + self.tr("offline sign-in")
        self.label.setText(text)
        self.label.setStyleSheet(f"color: {theme.AMBER.name()};" if offline else "")
        self.label.setToolTip(
            self._offline_text()
            if offline
            else self.tr("Signed in at the server as {login}").format(login=identity.login)
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
        elif event.type() == QEvent.Type.Close:
            self._close_dialog()  # it goes with the window
        return False

    def close(self) -> None:
        """The program ends: nothing is written afterwards."""
        if self.sync is not None:
            self.sync.stop()
            self.sync = None
