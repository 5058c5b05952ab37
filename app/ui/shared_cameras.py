"""Which cameras are other organisations', asked of the server and kept for the time without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.store.store import Changes, Store
from app.ui.managing import Desk, day, everything, name_of, over, within
from app.ui.tasks import Task, Tasks

Language = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Shared:
    """Another organisation's camera that may be seen here. `until` is UTC text, "": no end."""

    name: str
    name_en: str
    owner: str
    owner_en: str
    until: str
    permissions: tuple[str, ...] = ()


class SharedCameras(QObject):
    """Which cameras are other organisations', until when, and which of them were taken away."""

    changed = Signal()
    lost = Signal(str)  # what to tell

    KEY = "shared_cameras"
    EVERY_MS = 600_000  # for a new end; what comes and goes is seen by the store's changes

    def __init__(
        self, desk: Desk, store: Store, tasks: Tasks, language: Language, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._store, self._tasks, self._language = desk, store, tasks, language
        self._known: dict[str, Shared] = {}
        self._own: set[str] = set()
        self._person = ""
        self._task: Task | None = None
        self._again = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(400)
        self._soon.timeout.connect(self.refresh)
        self._timer = QTimer(self)
        self._timer.setInterval(self.EVERY_MS)
        self._timer.timeout.connect(self.refresh)

    def start(self) -> None:
        """Somebody signed in: what was known at the last time first, then what is true now."""

        def show(kept: Any) -> None:
            who = self._desk.identity
            self._person = who.user_id if who else ""
            self._known = {}
            if isinstance(kept, dict) and kept.get("person") == self._person:
                try:
                    self._known = {
                        i: Shared(**{**v, "permissions": tuple(v["permissions"])})
                        for i, v in kept["cameras"].items()
                    }
                except (TypeError, KeyError, AttributeError):
                    self._known = {}
            self.changed.emit()
            self._timer.start()
            self.refresh()

        self._tasks.run(self, lambda _: self._store.setting(self.KEY), show, lambda _: show(None))

    def stop(self) -> None:
        """Nobody is signed in."""
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()
        self._known, self._task = {}, None
        self.changed.emit()

    def store_changed(self, changes: Changes) -> None:
        """Cameras came, changed or went. The server is asked only where that can be sharing: an
        edit must not make every console of a city ask."""
        ids = changes.kinds.get("camera")
        if ids is None or not self._timer.isActive():
            return
        if not ids:  # many
            self._soon.start()
            return
        known, own = dict(self._known), set(self._own)

        def look(_: Task) -> bool:
            if any(i in known and self._store.source(i) is None for i in ids):
                return True
            new = self._store.rows(sorted(i for i in ids if i not in known))
            return any(row.organisation_id not in own for row in new)

        def found(news: bool) -> None:
            if news:
                self._soon.start()

        self._tasks.run(self, look, found, lambda _: None)

    def refresh(self) -> None:
        """Ask the server. Without an answer, what is known stays."""
        if self._task is not None and not self._task.done:
            self._again = True
            return
        person = self._person
        home = self._desk.identity.organisation_id if self._desk.identity else ""

        def read(_: Task) -> tuple[str, dict[str, Shared], set[str]]:
            organisations = {o["id"]: o for o in everything(self._desk, "/api/organisations")}
            own = within(organisations.values(), home)
            found = {}
            for camera in everything(self._desk, "/api/shared-cameras"):
                owner = organisations.get(camera["organisation_id"], {})
                found[camera["id"]] = Shared(
                    camera["name"], camera["name_en"], owner.get("name", ""),
                    owner.get("name_en", ""), camera["until"] or "", tuple(camera["permissions"]),
                )  # fmt: skip
            kept = {"person": person, "cameras": {i: asdict(s) for i, s in found.items()}}
            self._store.set_setting(self.KEY, kept)
            return person, found, own

        def show(answer: tuple[str, dict[str, Shared], set[str]]) -> None:
            who, found, own = answer
            if who == self._person:
                self._own = own
                gone = [s for i, s in self._known.items() if i not in found]
                self._known = found
                self.changed.emit()
                if gone:
                    self.lost.emit(self._told(gone))
            again()

        def again() -> None:
            if self._again:
                self._again = False
                self._soon.start()

        self._task = self._tasks.run(self, read, show, lambda _: again(), timeout_s=60)

    def text(self, camera: str) -> str:
        """ "shared by X until 2026-12-31", or "" for the own ones."""
        shared = self._known.get(camera)
        if shared is None:
            return ""
        owner = self._named(shared.owner, shared.owner_en)
        if not shared.until:
            return self.tr("shared by {owner}").format(owner=owner)
        return self.tr("shared by {owner} until {day}").format(owner=owner, day=day(shared.until))

    def __contains__(self, camera: str) -> bool:
        return camera in self._known

    def _named(self, chinese: str, english: str) -> str:
        return name_of({"name": chinese, "name_en": english}, self._language())

    def _told(self, gone: list[Shared]) -> str:
        first = gone[0]
        name, owner = self._named(first.name, first.name_en), self._named(
            first.owner, first.owner_en
        )  # fmt: skip
        ended = all(s.until and over(s.until) for s in gone)
        if len(gone) > 1:
            more = self.tr("%n more", "", len(gone) - 1)
            name = self.tr("{name} and {more}").format(name=name, more=more)
        if ended:
            text = self.tr("Access to {name} ({owner}) has ended as agreed. Ask again if it is "
                           "needed.")  # fmt: skip
        else:
            text = self.tr("{owner} has withdrawn access to {name}. The reason is under “Asked by "
                           "us”.")  # fmt: skip
        return text.format(name=name, owner=owner)
