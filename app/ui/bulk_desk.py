"""What joins setting up many cameras to the rest of the window: who may, registers, passwords.

Passwords of which two are kept are settled in the background, by and by.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.domain.logbook import CONSENTED, TRIED, Book, Entry, shown_number
from app.domain.permission import ROLE_PERMISSIONS, Permission, Role
from app.store.errors import StoreError
from app.store.logbook import Logbook, Wanted
from app.store.pins import StoredPins
from app.store.secrets import SecretsError
from app.store.store import Store
from app.sync.protocol import SyncError
from app.sync.status import NetworkError
from app.ui.log_texts import full_text
from app.ui.office import NobodyError, Office
from app.ui.tasks import Tasks

if TYPE_CHECKING:
    from app.devices.soap import Pins
    from app.ui.bulk import BulkWindow
    from app.ui.registers import Asked, Register

log = logging.getLogger(__name__)

SETTLE_MS = 60_000
"""Between two tries to settle which of two passwords counts."""


class BulkDesk(QObject):
    """Opens the window, and settles passwords of which two are kept, in the background."""

    told = Signal(str)

    def __init__(
        self,
        store: Store,
        logbook: Logbook,
        tasks: Tasks,
        office: Office,
        language: Callable[[], str],
        who: Callable[[], tuple[str, str]],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._store, self._log, self._tasks, self._office = store, logbook, tasks, office
        self._language, self._who, self._window = language, who, window
        self._pins = StoredPins(store)
        self.window: BulkWindow | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self.settle)
        QTimer.singleShot(0, self, self.settle)

    def open(self, cameras: Iterable[str] = ()) -> BulkWindow | None:
        """The window, with these cameras in it. Says why not where it is not allowed."""
        why = right_of(self._office)
        if why:
            self.told.emit(why)
            return None
        if self.window is None:
            from app.ui.bulk import BulkWindow

            self.window = BulkWindow(
                self._store, self._log, self._tasks, self._pins, self._language, self._who,
                lambda camera: camera_right(self._office, camera), self._window,
            )  # fmt: skip
            self.window.closed.connect(self._closed)
            self.window.unsettled_left.connect(self._timer.start)
        self.window.add_cameras(cameras)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        return self.window

    def _closed(self) -> None:
        window, self.window = self.window, None
        if window is not None:
            window.deleteLater()

    def close_window(self) -> None:
        """The console is locked, or somebody else signs in. What is under way goes on, unseen."""
        if self.window is None:
            return
        if self.window.busy:
            self.window.hide()
        else:
            self.window.close()

    def registers(self) -> list[Register]:
        """What was set, by whom: a line for each value."""
        from app.ui.registers import MOST, Register

        logbook = self._log

        def head() -> list[str]:
            return [self.tr("No."), self.tr("When"), self.tr("Who"), self.tr("What"),
                    self.tr("Camera"), self.tr("Setting"), self.tr("Before"), self.tr("New"),
                    self.tr("Result")]  # fmt: skip

        def rows(asked: Asked) -> list[list[str]]:
            wanted = Wanted(Book.SETUP, asked.words, asked.since, asked.until, (), "",
                            asked.camera_id, asked.person)  # fmt: skip
            return [
                row for subject in logbook.subjects(wanted, MOST)
                for entry in logbook.entries(subject.id)
                if asked.camera_id in ("", entry.camera_id) for row in self._entry_rows(entry)
            ][:MOST]  # fmt: skip

        def title() -> str:
            return self.tr("Set-ups of cameras")

        return [Register("setup", title, head, rows, lambda: logbook.check()[Book.SETUP])]

    def _entry_rows(self, entry: Entry) -> list[list[str]]:
        from app.domain.setup import Change, Outcome, Setting, Step
        from app.ui.bulk_texts import new_text, outcome_text, setting_text, value_text

        undone = entry.kind == "undone"
        what = self.tr("undone") if undone else self.tr("set up")
        if entry.kind in (CONSENTED, TRIED):
            return [self._trial_row(entry)]
        found = []
        for name, old, new, outcome, now in entry.data.get("changes", ()):
            try:
                change = Change(Setting(name), old, new)
                step = Step(change, Outcome(outcome), now)
            except ValueError:
                continue  # of a later version
            before = "" if old is None else value_text(change.setting, old)
            found.append([
                shown_number(entry.console, entry.number), full_text(entry.true_at), entry.author,
                what, str(entry.data.get("name", "")), setting_text(change.setting), before,
                new_text(change), outcome_text(step).rstrip(":： "),
            ])  # fmt: skip
        return found

    def _trial_row(self, entry: Entry) -> list[str]:
        """A consent to try default passwords, or what came of it."""
        data, count = entry.data, int(entry.data.get("count", 0))
        if entry.kind == CONSENTED:
            what, result = self.tr("agreed to try default passwords"), str(data.get("purpose", ""))
        else:
            what = self.tr("tried default passwords")
            result = self.tr("{taken} of {count} devices took one").format(
                taken=data.get("taken", 0), count=count)  # fmt: skip
        return [shown_number(entry.console, entry.number), full_text(entry.true_at), entry.author,
                what, "", str(data.get("name", "")), "", "", result]  # fmt: skip

    def settle(self) -> None:
        """Try to settle; again by and by while something is left."""

        def said(left: int) -> None:
            if left and not self._timer.isActive():
                self._timer.start()
                self.told.emit(self.tr(
                    "%n camera(s): not sure yet which of two passwords counts. Both are kept; it is "
                    "tried again every minute.", "", left))  # fmt: skip
            elif not left:
                self._timer.stop()

        store, pins = self._store, self._pins
        self._tasks.run(
            self, lambda _: settle_all(store, pins), said, lambda _: None, timeout_s=600
        )


def right_of(office: Office) -> str:
    """Why whoever is signed in sets up no camera at all; "" for a console without a server."""
    identity = office.identity
    if identity is None:
        return ""
    roles = [r for r in Role if Permission.COMMISSION in ROLE_PERMISSIONS[r]]
    if set(roles) & set(identity.roles):
        return ""
    from app.ui.managing import role_text

    text = QCoreApplication.translate(
        "Bulk", "Cameras are set up by people with the role {roles}. An administrator gives roles."
    )
    return text.format(roles=", ".join(role_text(r) for r in roles))


def camera_right(office: Office, camera: str) -> str:
    """The same of one camera; asks the server. Blocking."""
    why = right_of(office)
    if why or office.identity is None:
        return why
    try:
        said = office.call("GET", f"/api/cameras/{camera}")
    except (NetworkError, NobodyError):
        return ""  # by the role; the server refuses later what is not allowed
    except SyncError as error:
        if error.problem.status == 404:
            return ""  # new: the server has not got it yet
        said = {}
    if said.get("permissions", {}).get("commission", {}).get("allowed"):
        return ""
    return QCoreApplication.translate("Bulk", "You may not set up this camera.")


def settle_all(store: Store, pins: Pins) -> int:
    """Ask every device of which two passwords are kept which one it takes; how many stay open.

    Blocking. Whatever goes wrong, both stay kept.
    """
    from app.store.setup import AccountChange, targets, unsettled

    left = 0
    try:
        waiting = unsettled(store)
    except (StoreError, SecretsError) as error:
        log.warning("passwords that change cannot be read: %s", error)
        return 0
    if not waiting:
        return 0
    from app.devices import setup as devices

    for pending in waiting:
        try:
            found = targets(store, [pending.camera_id])
            if not found or not found[0].address:
                left += 1
                continue
            journal = AccountChange.of(store, pending, devices.JournalError)
            it = found[0]
            job = devices.Job(it.camera_id, it.address, it.account, it.tokens)
            said = devices.settle(job, pending.old, pending.new, journal, patient=pending.fresh,
                                  pins=pins)  # fmt: skip
            left += said is None
        except (StoreError, SecretsError, devices.JournalError) as error:
            log.warning("a password that changes could not be settled: %s", error)
            left += 1
    return left
