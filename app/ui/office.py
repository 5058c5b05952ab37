"""The menu “Organisation”: opens the screens for people who manage, for whoever is signed in.

The screens are imported when they are opened: a start must not load them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.camera import CameraRow
from app.domain.permission import Duty
from app.store.store import Changes, Store
from app.sync.account import Account, Identity, Server, server_url
from app.ui.managing import Item, Screen, why_not
from app.ui.shared_cameras import SharedCameras
from app.ui.tasks import Tasks

if TYPE_CHECKING:
    from app.ui.administration import FirstAdministratorDialog, GrantDialog, PasswordDialog
    from app.ui.sharing import AskDialog

KEYS = {
    "sharing": "Ctrl+Alt+S",
    "ask_access": "Ctrl+Alt+R",
    "administration": "Ctrl+Alt+A",
    "audit": "Ctrl+Alt+U",
    "password": "Ctrl+Alt+W",
    "first_administrator": "Ctrl+Alt+F",
}


class NobodyError(Exception):
    """Nobody is signed in: no screen asks then."""


class Office(QObject):
    """Actions and what they open. `use` says who is signed in."""

    told = Signal(str)
    changed = Signal()

    def __init__(
        self, store: Store, tasks: Tasks, language: Callable[[], str], window: QWidget
    ) -> None:
        super().__init__(window)
        self._store, self._tasks, self._language, self._window = store, tasks, language, window
        self.account: Account | None = None
        self._screens: dict[str, Screen] = {}
        self.shared = SharedCameras(self, store, tasks, language, self)
        self.actions = {key: QAction(self) for key in KEYS}
        for key, action in self.actions.items():
            action.setShortcut(QKeySequence(KEYS[key]))
        run = {
            "sharing": self.open_sharing, "ask_access": self.ask,
            "administration": self.open_administration, "audit": self.open_audit,
            "password": self.change_password, "first_administrator": self.first_administrator,
        }  # fmt: skip
        for key, open_ in run.items():
            self.actions[key].triggered.connect(lambda *_, open_=open_: open_())
        self.retranslate()

    # -- what the screens ask through (`managing.Desk`)

    @property
    def identity(self) -> Identity | None:
        """Who is signed in."""
        return self.account.identity if self.account is not None else None

    def call(self, method: str, path: str, body: Item | None = None) -> Item:
        """Through the account; off the Qt thread."""
        account = self.account
        if account is None:
            raise NobodyError(QCoreApplication.translate("Manage", "Sign in on a server first."))
        return account.call(method, path, body)

    # -- who is signed in

    def use(self, account: Account | None) -> None:
        """Somebody signed in (`account.identity`), or out."""
        self.close_screens()
        self.account = account
        self.retranslate()
        if self.identity is None:
            self.shared.stop()
        else:
            self.shared.start()
            self._tasks.run(
                self, lambda _: self.call("GET", "/api/me"), self._greet, lambda _: None
            )  # fmt: skip

    def _greet(self, me: Item) -> None:
        """Who came with a one-time password chooses another before anything else works."""
        if me.get("password_once"):
            self.change_password(first=True)

    def close_screens(self) -> None:
        """The console is locked, or somebody else signs in."""
        for screen in list(self._screens.values()):
            screen.close()

    def store_changed(self, changes: Changes) -> None:
        """Stored data changed."""
        self.shared.store_changed(changes)

    def why(self, *duties: Duty) -> str:
        """Why this person has none of these; "" where one of them is allowed."""
        reasons = [why_not(duty, self.identity) for duty in duties]
        return "" if "" in reasons else reasons[0]

    def retranslate(self) -> None:
        """Texts, and which actions can be used, and why not."""
        texts = {
            "sharing": self.tr("&Sharing…"),
            "ask_access": self.tr("Ask for a&ccess…"),
            "administration": self.tr("&Administration…"),
            "audit": self.tr("Audit &log…"),
            "password": self.tr("Change &password…"),
            "first_administrator": self.tr("&First administrator…"),
        }
        whys = {
            "sharing": self.why(Duty.ASK, Duty.DECIDE, Duty.STATISTICS),
            "ask_access": self.why(Duty.ASK),
            "administration": self.why(Duty.ACCOUNTS, Duty.CONSOLES, Duty.GROUPS, Duty.GRANTS),
            "audit": self.why(Duty.AUDIT, Duty.AUDIT_EXPORT),
            "password": "" if self.identity else self.why(Duty.ASK),
            "first_administrator": "",
        }
        for key, text in texts.items():
            action = self.actions[key]
            action.setText(text)
            action.setEnabled(not whys[key])
            action.setProperty("why", whys[key])
            action.setStatusTip(whys[key])
        self.changed.emit()

    # -- the screens

    def _open(self, key: str, make: Callable[[], Screen]) -> Screen:
        """One of each; a second call brings it to the front."""
        screen = self._screens.get(key)
        if screen is None:
            screen = self._screens[key] = make()
            screen.destroyed.connect(lambda: self._screens.pop(key, None))
        screen.show()
        screen.raise_()
        screen.activateWindow()
        return screen

    def open_sharing(self) -> Screen:
        """Requests, decisions, what is shared, figures."""
        from app.ui.sharing import SharingScreen

        return self._open("sharing", lambda: SharingScreen(
            self, self._tasks, self._language, self._window))  # fmt: skip

    def open_administration(self) -> Screen:
        """Accounts, consoles, groups, grants."""
        from app.ui.administration import AdministrationScreen

        return self._open("administration", lambda: AdministrationScreen(
            self, self._store, self._tasks, self._language, self._window))  # fmt: skip

    def open_audit(self) -> Screen:
        """The audit log."""
        from app.sync.download import download
        from app.ui.audit import AuditScreen

        account = self.account

        def save(path: str, target: Path) -> int:
            assert account is not None
            return download(account, path, target)

        return self._open("audit", lambda: AuditScreen(
            self, self._tasks, self._language, save if account else None, self._window))  # fmt: skip

    def ask(self, camera: CameraRow | None = None) -> AskDialog:
        """Ask another organisation, for this camera of theirs or for what is chosen."""
        from app.ui.sharing import AskDialog

        dialog = AskDialog(self, self._tasks, self._language, self._window, camera=camera)
        dialog.accepted.connect(
            lambda: self.told.emit(self.tr("Asked. The answer is under “Sharing”, “Asked by us”."))
        )
        dialog.open()
        return dialog

    def share(self, camera: CameraRow) -> GrantDialog:
        """Share a camera of one's own with another organisation."""
        from app.ui.administration import GrantDialog

        dialog = GrantDialog(self, self._tasks, self._language, self._window, camera)
        dialog.accepted.connect(
            lambda: self.told.emit(self.tr("Shared. It is under “Administration”, “Grants”."))
        )
        dialog.open()
        return dialog

    def change_password(self, *, first: bool = False) -> PasswordDialog:
        """One's own. `first`: it was set by somebody else and nothing works before."""
        from app.ui.administration import PasswordDialog

        dialog = PasswordDialog(self, self._tasks, self._window)
        if first:
            dialog.complain(self.tr("Your password was set by somebody else: choose your own. "
                                    "Nothing else works before."))  # fmt: skip
        dialog.accepted.connect(lambda: self.told.emit(self.tr("The password is changed.")))
        dialog.open()
        return dialog

    def first_administrator(self) -> FirstAdministratorDialog:
        """Of a new server, which need not be the one this console is connected with yet."""
        from app.sync.download import first_administrator
        from app.ui.administration import FirstAdministratorDialog

        account = self.account
        known = account.server if account is not None else None

        def setup(url: str, body: Item) -> Item:
            url = server_url(url)
            server = known if known is not None and known.url == url else Server(url)
            return first_administrator(server, body)

        dialog = FirstAdministratorDialog(
            setup, self._tasks, known.url if known else "", self._window
        )  # fmt: skip
        dialog.accepted.connect(
            lambda: self.told.emit(self.tr("The administrator is made. Sign in with this login."))
        )
        dialog.open()
        return dialog

    # -- the sidebar's menu

    def add_to(self, menu: QMenu, row: CameraRow) -> None:
        """“Ask for access…” for another organisation's camera, “Share with…” for an own one."""
        if self.identity is None:
            return
        menu.addSeparator()
        if row.id in self.shared:
            action = menu.addAction(self.tr("Ask for access…"), lambda: self.ask(row))
            why = self.why(Duty.ASK)
        else:
            action = menu.addAction(self.tr("Share with…"), lambda: self.share(row))
            why = self.why(Duty.GRANTS)
        action.setEnabled(not why)
        action.setToolTip(why)
