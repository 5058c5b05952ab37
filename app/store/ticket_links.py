"""What faults have to do with incidents, handovers and the register of faults.

Calls may wait for the disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.domain.chain import Break, Fault
from app.domain.incident import Kind
from app.domain.logbook import Book, Entry
from app.store.log_models import LogRow, LogSubjectRow
from app.store.logbook import Checked, Logbook, Subject, Wanted
from app.store.ticket_models import TicketRow
from app.store.tickets import Filter, Line, Tickets, Who

LINKED: sa.ColumnElement[str] = sa.literal_column(f"'{Kind.TICKET}'")
"""Not a bound value: the partial index is for this kind only."""


@dataclass(frozen=True, slots=True)
class Linked:
    """An incident that a fault belongs to."""

    id: str
    number: str
    title: str
    state: str


class Links:
    """Faults among the other records of the desk. Thread-safe."""

    def __init__(self, tickets: Tickets, logbook: Logbook) -> None:
        self.tickets, self.logbook = tickets, logbook

    def incidents_of(self, ticket_id: str) -> list[Linked]:
        """The incidents that a fault was entered in, the latest first."""
        t = LogSubjectRow
        about = sa.select(LogRow.subject).where(
            LogRow.kind == LINKED, LogRow.book == Book.INCIDENT,
            LogRow.content.contains(ticket_id, autoescape=True),
        )  # fmt: skip
        query = sa.select(t.id, t.number, t.title, t.state).where(t.id.in_(about))
        with self.tickets.store._reading() as session:
            rows = session.execute(query.order_by(t.begun_at.desc())).all()
        return [Linked(r.id, r.number, r.title, r.state) for r in rows]

    def open_incidents(self, limit: int = 100) -> list[Subject]:
        """To choose one from, the newest first."""
        return self.logbook.subjects(Wanted(Book.INCIDENT, states=("open",)), limit)

    def link(self, incident_id: str, line: Line, who: Who) -> None:
        """Enter a fault in an incident: once."""
        if any(found.id == incident_id for found in self.incidents_of(line.id)):
            return
        data = {"ticket": line.id, "number": f"{line.console}-{line.number}"}
        self.logbook.add(
            Entry(Book.INCIDENT, incident_id, Kind.TICKET, who.name[:100], who.console, data)
        )

    def owed(self, who: Who, limit: int = 200) -> tuple[list[Line], int]:
        """Open faults for a handover, what is due first, and how many there are."""
        return self.tickets.listing(Filter(), who, limit)

    def register(
        self, since: datetime, until: datetime, camera_id: str, person: str, words: str,
        limit: int = 5000,
    ) -> list[Line]:  # fmt: skip
        """Faults that were reported in a period, the newest first."""
        return self.tickets.reported(since, until, camera_id, person, words, limit)

    def check(self, console: str) -> list[Checked]:
        """Whether the numbers of a console's faults have gaps. Of other consoles only those are
        here that this one may see."""
        t = TicketRow
        with self.tickets.store._reading() as session:
            query = sa.select(sa.func.count(), sa.func.max(t.number)).where(t.console == console)
            count, last = session.execute(query).one()
            gap = None
            if count != (last or 0):
                numbers = sa.select(t.number).where(t.console == console).order_by(t.number)
                for expected, number in enumerate(session.scalars(numbers), 1):
                    if number != expected:
                        gap = Break(expected, Fault.GAP)
                        break
        return [Checked(console, count, gap)]
