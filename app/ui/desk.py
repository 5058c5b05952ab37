"""The supervisor's desk: incidents, shift, registers and patrols, as the main window opens them.

Each window is imported when it is first asked for: a start must not load them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QMainWindow, QWidget

from app.domain import people
from app.domain.camera import CameraRow
from app.domain.logbook import Book, Entry
from app.domain.patrol import is_owed
from app.domain.people import Record, Standing
from app.domain.shift import Fact, Item, Kind, Outage, Watch, Watching
from app.store.logbook import Logbook
from app.store.people import Guide, Guides, People
from app.store.store import Changes, Store
from app.ui import i18n, log_texts
from app.ui.log_texts import moment_text
from app.ui.session import Session
from app.ui.shelving import Shelf, what_text
from app.ui.tasks import Task, Tasks, emit
from app.video.types import StreamState, StreamStatus

if TYPE_CHECKING:
    from app.ui.guides import GuideWindow
    from app.ui.incidents import IncidentWindow
    from app.ui.inspection import InspectionWindow
    from app.ui.patrol import PatrolWindow
    from app.ui.people import PeopleWindow
    from app.ui.practice import PracticeWindow
    from app.ui.registers import Register, RegisterWindow
    from app.ui.shifts import Here, ShiftWindow

GOOD = (StreamState.LIVE, StreamState.DEGRADED)
UNSURE = (StreamState.IDLE, StreamState.CONNECTING)
LOOK_MS = 2000
BREAK_MS = 30_000
AWAY = "ptz_away"
"""The setting that keeps which heads are not at home."""


class Breaks(QObject):
    """Reminds of breaks. What is ignored is forgotten: nothing is kept of it anywhere."""

    def __init__(self, remind: Callable[[timedelta], None], parent: QObject) -> None:
        super().__init__(parent)
        self._remind = remind
        self._watching = Watching(datetime.now(UTC))

    def rested(self) -> int:
        """A break was taken; after how many minutes of watching."""
        minutes = int((datetime.now(UTC) - self._watching.since).total_seconds() // 60)
        self._watching = Watching(datetime.now(UTC))
        return minutes

    def look(self, now: datetime | None = None) -> None:
        """Now and then."""
        due = self._watching.due(now or datetime.now(UTC))
        if due is not None:
            self._watching = Watching(self._watching.since, due)
            self._remind(due)


class Desk(QObject):
    """Builds its windows when they are first asked for."""

    held_changed = Signal(object)  # frozenset of cameras of open incidents
    told = Signal(str)
    show_camera = Signal(str)
    break_due = Signal(str)
    patrol_due = Signal(str)
    qualification_due = Signal(str)
    fault_found = Signal(str, str, str)
    """Camera, words and category ("": unknown), from a round: for whoever keeps fault tickets."""
    ticket_asked = Signal(str)
    """A fault ticket, from an incident that names it."""
    _news = Signal(object)

    def __init__(
        self, store: Store, tasks: Tasks, session: Session, language: Callable[[], str],
        statuses: Callable[[], dict[str, StreamStatus]], packages: Callable[[], Path],
        parent: QMainWindow,
    ) -> None:  # fmt: skip
        """`statuses`: the cameras on the walls; `packages`: the folder of evidence packages."""
        super().__init__(parent)
        self.logbook = Logbook(store)
        self._store, self._tasks, self._session, self._language = store, tasks, session, language
        self._statuses, self._packages, self._window = statuses, packages, parent
        self._incidents: IncidentWindow | None = None
        self._shifts: ShiftWindow | None = None
        self._registers: RegisterWindow | None = None
        self._patrol: PatrolWindow | None = None
        self.records = People(store)
        self._people: PeopleWindow | None = None
        self._people_looked: date | None = None
        self._lists = Guides(store)
        self._guides: GuideWindow | None = None
        self._inspections: InspectionWindow | None = None
        self._practice: PracticeWindow | None = None
        self.faults_owed: Callable[[], Sequence[Item]] = tuple
        """Open faults for a handover; may wait for the disk. Set by who keeps tickets."""
        self.more_registers: list[Callable[[], Sequence[Register]]] = []
        """Registers of other parts. Added before the registers are first opened."""
        self.away: dict[str, None] = {}
        """Cameras that were turned from here and not sent home since, in that order; kept on this
        console, as the next shift has to know even if the program ended."""
        self.shelf = Shelf(store, self.logbook, tasks, session, language, parent)
        self.shelf.told.connect(self.told)
        self.breaks = Breaks(self._remind, self)
        self._break_timer = QTimer(self)
        self._break_timer.timeout.connect(self._half_minute)
        self._due_told: set[str] = set()
        self._break_timer.start(BREAK_MS)
        session.locked.connect(lambda: self.breaks.rested())
        session.unlocked.connect(lambda _: self.breaks.rested())
        self.held: frozenset[str] = frozenset()
        self._reading_held: Task | None = None
        self.watch = Watch()
        self._lost: dict[str, StreamStatus] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

        self._news.connect(self._changed)
        store.on_change(self._emit)

    def _emit(self, changes: Changes) -> None:
        """On the thread that wrote."""
        emit(self._news, changes)

    def begin(self) -> None:
        """Once the window stands: read what was open, and watch the streams."""

        def read(_: Any) -> tuple[frozenset[str], list[Outage], Any]:
            away = self._store.setting(AWAY, [])
            return self.logbook.open_cameras(), self.logbook.outages(datetime.now(UTC)), away

        def show(answer: tuple[frozenset[str], list[Outage], Any]) -> None:
            held, outages, away = answer
            self._hold(held)
            self._read_guides()
            self.shelf.reload()
            if isinstance(away, list):
                self.away = dict.fromkeys(map(str, away)) | self.away
            self.watch.restore(o for o in outages if o.until is None)
            self._timer.start()

        self._tasks.run(self, read, show, lambda _: self._timer.start())

    def _changed(self, changes: Changes) -> None:
        if "guide" in changes.kinds:
            self._read_guides()
            if self._people is not None and self._people.isVisible():
                self._people.reload()  # its days of warning are one of the lists
        if not changes.kinds.keys() & {"log", "patrol", "person_record"}:
            return
        if self._reading_held is not None:
            self._reading_held.cancel()  # of before the newest change
        self._reading_held = self._tasks.run(
            self, lambda _: self.logbook.open_cameras(), self._hold, lambda _: None
        )
        self.shelf.reload()
        for window in self._open_windows():
            window.reload()

    def _open_windows(self) -> list[Any]:
        windows = (self._incidents, self._shifts, self._patrol, self._people, self._inspections)
        return [w for w in windows if w is not None and w.isVisible()]

    def _hold(self, cameras: frozenset[str]) -> None:
        if cameras != self.held:
            self.held = cameras
            self.held_changed.emit(cameras)

    # -- incidents

    @property
    def incidents(self) -> IncidentWindow:
        """The window of incidents."""
        if self._incidents is None:
            from app.ui.incidents import IncidentWindow

            self._incidents = IncidentWindow(
                self.logbook, self._tasks, self._session, self._language, self._write_incident,
                self._window,
            )  # fmt: skip
            self._incidents.show_camera.connect(self.show_camera)
            self._incidents.ticket_asked.connect(self.ticket_asked)
            self._incidents.new.clicked.connect(lambda: self.open_incident(None, always=True))
        return self._incidents

    def show_incidents(self) -> None:
        """The list, and the incident shown last."""
        self.incidents.reload()
        show(self.incidents)

    def open_incident(self, row: CameraRow | None, *, always: bool = False) -> None:
        """For the camera of a tile: the open incident it is part of, or a new one.

        `always`: a new one in any case.
        """
        from app.ui.incidents import place_of

        where = place_of(row, self._language())
        if row is None or always:
            self._ask_incident(where)
            return

        def found(identity: str | None) -> None:
            if identity is None:
                self._ask_incident(where)
                return
            show(self.incidents)
            self.incidents.open(identity)

        self._tasks.run(
            self, lambda _: self.logbook.open_incident_of(where.camera_id), found, self._failed
        )

    def add_camera(self, row: CameraRow | None) -> None:
        """The selected tile shows the incident on screen, too."""
        window = self._incidents
        if row is None or window is None or window.incident is None:
            self.told.emit(self.tr("Open an incident, then select a tile with a camera."))
            return
        number, name = window.incident.number, row.title(self._language())
        if window.add_camera(row.id, name):
            text = self.tr("“{name}” belongs to incident {number} now.")
        else:
            text = self.tr("Incident {number} is closed: “{name}” was not added.")
        self.told.emit(text.format(name=name, number=number))

    def _ask_incident(self, where: Any) -> None:
        from app.ui.incidents import OpenDialog, opening

        settings = self._session.settings
        front = self._incidents if self._incidents and self._incidents.isActiveWindow() else None
        dialog = OpenDialog(where, settings.operator, front or self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def accepted() -> None:
            entries = opening(
                where, dialog.data, dialog.first.text(), settings.operator, settings.console
            )

            def opened(_: Any) -> None:
                show(self.incidents)
                self.incidents.open(entries[0].subject)

            self._tasks.run(self, lambda _: self.logbook.add(*entries), opened, self._failed)

        dialog.accepted.connect(accepted)
        dialog.open()

    def _write_incident(self, path: Path, identity: str) -> None:
        from app.ui import reports

        incident = self.logbook.incident(identity)
        if incident is None:
            raise OSError("the incident is gone")
        pictures = reports.pictures_of(incident, self._packages())
        reports.write_pdf(path, reports.incident_html(incident, pictures), pictures)

    def _failed(self, error: Exception) -> None:
        self.told.emit(i18n.error_text(error))

    # -- shifts, registers, patrols

    def turned(self, camera: str, home: bool) -> None:
        """A head was turned from this console, or sent home."""
        before = list(self.away)
        self.away.pop(camera, None)
        if not home:
            self.away[camera] = None
        kept = list(self.away)
        if kept != before:
            self._tasks.run(
                self, lambda _: self._store.set_setting(AWAY, kept), None, lambda _: None
            )

    def _here(self) -> Here:
        from app.ui.shifts import Here

        trouble = tuple(
            (camera, i18n.state_text(status.state))
            for camera, status in self._statuses().items()
            if status.state not in GOOD and status.state not in UNSURE
        )

        def more() -> list[Item]:
            shelved = [
                Item(Fact.ALARM, s.entry.id, f"{s.name}  {what_text(s.what)}",
                     f"{s.reason}  →  {moment_text(s.until)}", s.entry.true_at)
                for s in self.logbook.shelved()
            ]  # fmt: skip
            return [*self.faults_owed(), *shelved]

        return Here(trouble, tuple(self.away), more)

    @property
    def shifts(self) -> ShiftWindow:
        """The window of the shift."""
        if self._shifts is None:
            from app.ui.shifts import ShiftWindow

            self._shifts = ShiftWindow(
                self._store, self.logbook, self._tasks, self._session, self._language, self._here,
                self._write_handover, self._window,
            )  # fmt: skip
        return self._shifts

    def show_shift(self) -> None:
        """The shift of this console."""
        self.shifts.reload()
        show(self.shifts)

    @property
    def registers(self) -> RegisterWindow:
        """The window of the registers."""
        if self._registers is None:
            from app.ui.registers import RegisterWindow

            self._registers = RegisterWindow(
                self._store, self.logbook, self._tasks, self._language,
                lambda: [register for more in self.more_registers for register in more()],
                self._window,
            )  # fmt: skip
            self._registers.session = self._session
        return self._registers

    def show_registers(self) -> None:
        """All registers."""
        self.registers.reload()
        show(self.registers)

    @property
    def patrol(self) -> PatrolWindow:
        """The window of patrols."""
        if self._patrol is None:
            from app.ui.patrol import PatrolWindow

            self._patrol = PatrolWindow(
                self._store, self.logbook, self._tasks, self._session, self._language, self._window
            )
            self._patrol.show_camera.connect(self.show_camera)
            self._patrol.fault_found.connect(
                lambda camera, words: self.fault_found.emit(camera, words, "")
            )
        return self._patrol

    def show_patrol(self) -> None:
        """Plans, or the round that is being made."""
        self.patrol.reload()
        show(self.patrol)

    @property
    def people(self) -> PeopleWindow:
        """The window of qualifications and trainings."""
        if self._people is None:
            from app.ui.people import PeopleWindow

            self._people = PeopleWindow(self.records, self._tasks, self._session, self._window)
        return self._people

    def show_people(self) -> None:
        """Qualifications and trainings."""
        self.people.reload()
        show(self.people)

    @property
    def inspections(self) -> InspectionWindow:
        """The window of on-site inspections."""
        if self._inspections is None:
            from app.ui.inspection import InspectionWindow

            self._inspections = InspectionWindow(
                self._store, self.logbook, self._tasks, self._session, self._language, self._window
            )
            self._inspections.fault_found.connect(self.fault_found)
        return self._inspections

    def show_inspections(self) -> None:
        """Sites that are due, or the inspection that is being made."""
        self.inspections.reload()
        show(self.inspections)

    @property
    def practice(self) -> PracticeWindow:
        """The window of practice."""
        if self._practice is None:
            from app.ui.practice import PracticeWindow

            self._practice = PracticeWindow(
                self.records, self._tasks, self._session, self._language, self._window
            )
        return self._practice

    def show_practice(self) -> None:
        """Practice, apart from everything real."""
        self.practice.reload()
        show(self.practice)

    @property
    def guides(self) -> GuideWindow:
        """The window of task cards and lists."""
        if self._guides is None:
            from app.ui.guides import GuideWindow

            self._guides = GuideWindow(
                self._lists, self._tasks, self._session, self._language, self._window
            )
        return self._guides

    def show_guides(self) -> None:
        """Task cards and lists."""
        self.guides.reload()
        show(self.guides)

    def _read_guides(self) -> None:
        """The organisation's own lists count from now on."""

        def use(found: dict[str, Guide]) -> None:
            log_texts.use_guides(found)
            for window in (self._incidents, self._shifts):
                if window is not None and window.isVisible():
                    window.reload()
            if self._guides is not None and self._guides.isVisible():
                self._guides.refresh()

        self._tasks.run(self, lambda _: self._lists.current(), use, lambda _: None)

    def _look_at_people(self) -> None:
        """Once a day: what runs out, told to who keeps the records and to whose it is."""
        today = date.today()
        if today == self._people_looked:
            return
        self._people_looked = today

        def read(_: Any) -> list[tuple[Record, Standing]]:
            return people.warnings(self.records.records(), today, self.records.warning().days)

        def tell(found: list[tuple[Record, Standing]]) -> None:
            from app.ui.people import oversees, warning_text

            me = self._session.settings.operator
            mine = [(r, s) for r, s in found if oversees(self._session) or r.person == me]
            if mine:
                self.qualification_due.emit(warning_text(mine, today))

        self._tasks.run(self, read, tell, lambda _: None)

    def _write_handover(self, path: Path, identity: str) -> None:
        from app.ui import reports

        shift = self.logbook.shift(identity)
        if shift is None:
            raise OSError("the shift is gone")
        reports.write_pdf(path, reports.handover_html(shift))

    # -- breaks and patrols that are due

    def _half_minute(self) -> None:
        self.breaks.look()
        self._look_at_people()
        now = datetime.now().astimezone()

        def read(_: Any) -> list[tuple[str, str]]:
            last = self.logbook.last_rounds()
            return [
                (f"{plan.id} {plan.plan.last_due(now)}", plan.name)
                for plan in self.logbook.plans()
                if is_owed(plan.plan, last.get(plan.id), now)
            ]

        def show_due(owed: list[tuple[str, str]]) -> None:
            new = [name for key, name in owed if key not in self._due_told]
            self._due_told = {key for key, _ in owed}
            if new and not self._session.is_locked:
                self.patrol_due.emit(self.tr("Patrol is due: {name}").format(name=", ".join(new)))

        self._tasks.run(self, read, show_due, lambda _: None)

    def _remind(self, after: timedelta) -> None:
        if self._session.is_locked:
            return
        minutes = int(after.total_seconds() // 60)
        text = self.tr("You have been watching for %n minute(s): take a short break.", "", minutes)
        self.break_due.emit(text)

    def break_taken(self) -> None:
        """Acknowledged: that, and nothing else, is written down."""
        minutes, settings = self.breaks.rested(), self._session.settings

        def work(_: Any) -> None:
            shift = self.logbook.running_shift(settings.console)
            if shift is not None:
                self.logbook.add(
                    Entry(Book.SHIFT, shift.id, Kind.BREAK, settings.operator[:100],
                          settings.console, {"person": settings.operator, "minutes": minutes})
                )  # fmt: skip

        self._tasks.run(self, work, None, self._failed)

    # -- streams lost and returned

    def _look(self) -> None:
        now, statuses = datetime.now(UTC), self._statuses()
        for camera in self._lost.keys() - statuses.keys():
            self.watch.forget(camera)
        self._lost = statuses
        for camera, status in statuses.items():
            if status.state not in UNSURE:
                good = status.state in GOOD
                self.watch.see(camera, good, str(status.state), now, str(status.cause))
        found = self.watch.due(now)
        if found:
            self._tasks.run(self, lambda _: self.logbook.add_outages(found), None, self._failed)

    def close(self) -> None:
        """With the main window."""
        self._timer.stop()
        for window in (*self._open_windows(), self._practice):
            if window is not None:
                window.close()


def show(window: QWidget) -> None:
    """To the front."""
    window.show()
    window.raise_()
    window.activateWindow()
