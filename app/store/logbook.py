"""The control room's logs in this console's database: entries in, incidents, shifts and rounds out.

At 1,000,000 entries of 100,000 incidents see `watchroom bench log`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import commissioning
from app.domain import incident as incidents
from app.domain import inspection as inspections
from app.domain import patrol as patrols
from app.domain import shift as shifts
from app.domain.chain import Break, Fault
from app.domain.incident import Incident
from app.domain.logbook import Book, Entry, broken, chain_of, entry_of
from app.domain.patrol import Plan, Round
from app.domain.retrieval import CUSTODY, Retrieval, RetrievalKind
from app.domain.shift import Outage, Shift
from app.store import chain_ends, outbox
from app.store import search as finding
from app.store.chain_ends import FIRST
from app.store.errors import StoreError
from app.store.log_lines import entries_of, row_of, stamp, summarise, time_of
from app.store.log_models import LogRow, LogSubjectRow, OutageRow, PatrolRow
from app.store.models import RetrievalRow
from app.store.store import Store, _retrieval, new_id, now

PAGE = 300
FEW = 10_000


@dataclass(frozen=True, slots=True)
class Subject:
    """A line of a list: an incident, a shift, a round. Times are aware UTC."""

    id: str
    book: Book
    number: str
    begun_at: datetime
    ended_at: datetime | None
    state: str
    category: str
    title: str
    person: str
    entries: int
    open_matters: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list shows. Times are aware; "" and None mean any."""

    book: Book
    words: str = ""
    since: datetime | None = None
    until: datetime | None = None
    states: tuple[str, ...] = ()
    category: str = ""
    camera_id: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class NamedPlan:
    """A saved patrol."""

    id: str
    name: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of one console's chain found."""

    console: str
    entries: int
    broken: Break | None


class Logbook:
    """Entries and what they say, in a store. Thread-safe; every method waits for the disk.

    `on_change` of the store tells of "log" with the ids of subjects.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    # -- writing

    def add(self, *entries: Entry) -> list[Entry]:
        """Enter them, all or none: with numbers, times and hashes. Never changed again.

        An entry that begins a subject gets the next number of its kind on this console.
        Raises StoreError, also for what may not be entered any more.
        """
        subjects = {e.subject for e in entries}
        done: list[Entry] = []
        with self._store._writing(log=subjects) as session:
            connection = session.connection()
            offset = int(outbox.state(connection, "offset_ms", 0))
            for entry in entries:
                last, before = chain_ends.end(connection, entry.book, entry.console)
                data = dict(entry.data)
                if entry.kind == FIRST.get(entry.book):
                    begun = chain_ends.subjects(connection, entry.book, entry.console, entry.kind)
                    data["number"] = begun + 1
                moment = datetime.now(UTC).replace(microsecond=0)
                numbered = replace(
                    entry, data=data, id=new_id(), number=last + 1,
                    at=moment, offset_ms=offset,
                )  # fmt: skip
                made = replace(numbered, chain=chain_of(before, numbered))
                session.add(row_of(made))
                session.flush()
                done.append(made)
            summarise(connection, sorted(subjects))
        return done

    # -- reading

    def entries(self, subject: str) -> list[Entry]:
        """All of one subject, by console and number."""
        with self._store._reading() as session:
            return entries_of(session.connection(), [subject]).get(subject, [])

    def incident(self, subject: str) -> Incident | None:
        """What the entries of an incident say."""
        return incidents.incident_of(self.entries(subject))

    def shift(self, subject: str) -> Shift | None:
        """What the entries of a shift say."""
        return shifts.shift_of(self.entries(subject))

    def round(self, subject: str) -> Round | None:
        """What the entries of a patrol's round say."""
        return patrols.round_of(self.entries(subject))

    def inspection(self, subject: str) -> inspections.Inspection | None:
        """What the entries of an on-site inspection say."""
        return inspections.inspection_of(self.entries(subject))

    def inspected(self) -> tuple[dict[str, datetime], dict[str, str]]:
        """Site to when it was signed last, and site to an inspection that was begun and not."""
        t = LogSubjectRow
        own = t.book == Book.INSPECTION
        done = sa.select(t.category, sa.func.max(t.ended_at)).where(own, t.ended_at != "")
        open_ = sa.select(t.category, t.id).where(own, t.ended_at == "").order_by(t.begun_at)
        with self._store._reading() as session:
            last = session.execute(done.group_by(t.category)).all()
            return ({site: time_of(at) for site, at in last},
                    {row.category: row.id for row in session.execute(open_)})  # fmt: skip

    def acceptance(self, subject: str) -> commissioning.Record | None:
        """What the entries of a camera's commissioning say."""
        return commissioning.record_of(self.entries(subject))

    def baseline_of(self, camera_id: str) -> commissioning.Record | None:
        """The camera's latest accepted record."""
        states = (commissioning.State.ACCEPTED, commissioning.State.SAMPLED)
        found = self.subjects(Wanted(Book.COMMISSIONING, states=states, camera_id=camera_id), 1)
        return self.acceptance(found[0].id) if found else None

    def subjects(self, wanted: Wanted, limit: int = PAGE) -> list[Subject]:
        """A list, the newest first."""
        t = LogSubjectRow
        chosen = sa.select(t.id).where(t.book == wanted.book)
        if wanted.since is not None:
            chosen = chosen.where(t.begun_at >= stamp(wanted.since))
        if wanted.until is not None:
            chosen = chosen.where(t.begun_at < stamp(wanted.until))
        if wanted.states:
            chosen = chosen.where(t.state.in_(wanted.states))
        if wanted.category:
            chosen = chosen.where(t.category == wanted.category)
        for word in finding.words(wanted.words):
            # Twice as fast as LIKE, which folds cases that are folded already.
            chosen = chosen.where(sa.func.instr(t.search_text, word) > 0)
        by_camera = sa.select(LogRow.subject).where(
            LogRow.camera_id == wanted.camera_id, LogRow.book == wanted.book
        )
        if wanted.camera_id:
            # A camera has few entries: from them outwards.
            chosen = chosen.where(t.id.in_(by_camera))
        with self._store._reading() as session:
            if wanted.person:
                chosen = chosen.where(_by_person(session, wanted))
            # Ids first: the index holds all that is looked at, and only what is shown is opened.
            best = chosen.order_by(t.begun_at.desc(), t.id.desc()).limit(limit).subquery()
            query = sa.select(t).join(best, best.c.id == t.id)
            query = query.order_by(t.begun_at.desc(), t.id.desc())
            return [_subject(row) for row in session.scalars(query)]

    def open_cameras(self) -> frozenset[str]:
        """Cameras of open incidents."""
        query = (
            sa.select(LogRow.camera_id)
            .join(LogSubjectRow, LogSubjectRow.id == LogRow.subject)
            .where(LogSubjectRow.book == Book.INCIDENT, LogSubjectRow.state == incidents.State.OPEN)
            .where(LogRow.camera_id != "")
        )
        with self._store._reading() as session:
            return frozenset(session.scalars(query))

    def open_incident_of(self, camera_id: str) -> str | None:
        """The latest open incident that the camera is part of."""
        found = self.subjects(
            Wanted(Book.INCIDENT, states=(incidents.State.OPEN,), camera_id=camera_id), 1
        )
        return found[0].id if found else None

    def people(self, book: Book, limit: int = 200) -> list[str]:
        """Who has written in a book, by name."""
        query = sa.select(LogRow.author).where(LogRow.book == book).distinct()
        with self._store._reading() as session:
            return sorted(session.scalars(query.limit(limit)))

    def running_shift(self, console: str) -> Shift | None:
        """The shift that is running on this console, if one is."""
        t = LogSubjectRow
        query = sa.select(t.id).where(
            t.book == Book.SHIFT, t.state == shifts.State.RUNNING, t.console == console
        )
        with self._store._reading() as session:
            identity = session.scalar(query.order_by(t.begun_at.desc()).limit(1))
        return self.shift(identity) if identity else None

    def shelved(self, at: datetime | None = None) -> list[shifts.Shelved]:
        """Alarms that are put off, on any console known here."""
        at = at or datetime.now(UTC)
        kinds = (shifts.Kind.SHELVED, shifts.Kind.TAKEN_BACK)
        query = sa.select(LogRow.content, LogRow.chain).where(
            LogRow.book == Book.SHIFT, LogRow.kind.in_(kinds),
            LogRow.at >= stamp(at - shifts.LONGEST_SHELVED - timedelta(hours=1)),
        )  # fmt: skip
        with self._store._reading() as session:
            rows = session.execute(query).all()
        return shifts.shelved_of((entry_of(json.loads(r.content), r.chain) for r in rows), at)

    def roster(self, since: str, until: str) -> list[Entry]:
        """The latest plan of each shift whose day is from `since` to `until` (ISO dates)."""
        t = LogSubjectRow
        query = sa.select(t.id).where(t.book == Book.ROSTER, t.category.between(since, until))
        with self._store._reading() as session:
            ids = list(session.scalars(query.order_by(t.category, t.title)))
            found = entries_of(session.connection(), ids)
        return [max(found[i], key=lambda e: (e.true_at, e.number)) for i in ids]

    def check(self, told: Callable[[int], object] = lambda _: None) -> dict[Book, list[Checked]]:
        """Whether every chain of every console here is whole."""
        result: dict[Book, list[Checked]] = {book: [] for book in Book}
        with self._store._reading() as session:
            connection = session.connection()
            pairs = connection.execute(
                sa.select(LogRow.book, LogRow.console).distinct().order_by(LogRow.console)
            ).all()
            count = 0
            for book, console in pairs:
                query = (
                    sa.select(LogRow.number, LogRow.content, LogRow.chain)
                    .where(LogRow.book == book, LogRow.console == console)
                    .order_by(LogRow.number, LogRow.id)
                )
                seen = 0

                def rows(query: Any = query, console: str = console) -> Iterable[Any]:
                    nonlocal seen
                    for row in connection.execution_options(yield_per=2000).execute(query):
                        seen += 1
                        yield row.number, row.content, row.chain

                found = broken(rows())
                count += seen
                told(count)
                result[Book(book)].append(Checked(console, seen, found))
        return result

    # -- retrievals

    def retrievals(
        self, since: datetime | None = None, until: datetime | None = None, camera_id: str = "",
        person: str = "", kinds: tuple[RetrievalKind, ...] = (), limit: int = 5000,
    ) -> list[Retrieval]:  # fmt: skip
        """Retrievals of all consoles that are known here, the newest first."""
        t = RetrievalRow
        query = sa.select(t.content, t.chain)
        if since is not None:
            query = query.where(t.at >= stamp(since))
        if until is not None:
            query = query.where(t.at < stamp(until))
        if camera_id:
            query = query.where(t.camera_id == camera_id)
        if person:
            query = query.where(t.content.contains(json.dumps(person, ensure_ascii=False)))
        if kinds:
            query = query.where(
                sa.or_(
                    *(t.content.contains(f'"kind": "{kind}"', autoescape=True) for kind in kinds)
                )
            )
        query = query.order_by(t.at.desc(), t.number.desc()).limit(limit)
        with self._store._reading() as session:
            found = [_retrieval(content, chain) for content, chain in session.execute(query)]
        return [
            r for r in found
            if (not person or person in (r.operator, r.second_person))
            and (not kinds or r.kind in kinds)
        ]  # fmt: skip

    def followers(self, of: Sequence[Retrieval]) -> dict[tuple[str, int], list[Retrieval]]:
        """What was entered later about these: how they ended, to whom they went, what came back;
        (console, number) of the first to those, in their order."""
        if not of:
            return {}
        wanted = {(r.console, r.number) for r in of}
        later = (RetrievalKind.RESULT, *CUSTODY)
        found: dict[tuple[str, int], list[Retrieval]] = {}
        for r in self.retrievals(since=min(r.at for r in of), kinds=later, limit=100_000)[::-1]:
            if r.about is not None and (r.console, r.about) in wanted:
                found.setdefault((r.console, r.about), []).append(r)
        return found

    def check_retrievals(self) -> list[Checked]:
        """Whether every console's register of retrievals is whole."""
        from app.domain.retrieval import broken_at

        with self._store._reading() as session:
            consoles = session.scalars(
                sa.select(RetrievalRow.console).distinct().order_by(RetrievalRow.console)
            ).all()
        result = []
        for console in consoles:
            entries = self._store.retrievals(console, limit=1_000_000)
            number = broken_at(entries)
            fault = None if number is None else Break(number, Fault.CHANGED)
            result.append(Checked(console, len(entries), fault))
        return result

    # -- outages

    def add_outages(self, outages: Sequence[Outage]) -> None:
        """Write down what a `Watch` found: losses begin, and end when they come again."""
        if not outages:
            return
        with self._store._writing() as session:
            for outage in outages:
                if outage.until is None:
                    session.add(
                        OutageRow(
                            camera_id=outage.camera_id, state=outage.state[:20],
                            cause=outage.cause[:20], since=stamp(outage.since),
                        )
                    )  # fmt: skip
                    continue
                session.execute(
                    sa.update(OutageRow)
                    .where(OutageRow.camera_id == outage.camera_id, OutageRow.until == "")
                    .values(until=stamp(outage.until))
                )

    def outages(self, since: datetime, until: datetime | None = None) -> list[Outage]:
        """Outages that began in the period or reached into it, the oldest first."""
        t = OutageRow
        query = sa.select(t).where(sa.or_(t.since >= stamp(since), t.until == "",
                                          t.until >= stamp(since)))  # fmt: skip
        if until is not None:
            query = query.where(t.since < stamp(until))
        with self._store._reading() as session:
            return [
                Outage(
                    r.camera_id, r.state, time_of(r.since), time_of(r.until) if r.until else None,
                    r.cause,
                )
                for r in session.scalars(query.order_by(t.since).limit(2000))
            ]  # fmt: skip

    # -- patrols

    def plans(self) -> list[NamedPlan]:
        """Patrols by name."""
        query = sa.select(PatrolRow).where(PatrolRow.deleted_at.is_(None)).order_by(PatrolRow.name)
        with self._store._reading() as session:
            found = [(r.id, r.name, plan_from_json(r.content)) for r in session.scalars(query)]
        return [NamedPlan(i, name, plan) for i, name, plan in found if plan is not None]

    def save_plan(self, name: str, plan: Plan, identity: str | None = None) -> str:
        """Keep a patrol; its id. Raises StoreError for a name that is missing."""
        if not name.strip():
            raise StoreError("A patrol needs a name.")
        with self._store._writing(patrol=set()) as session:
            row = session.get(PatrolRow, identity) if identity else None
            if row is None:
                row = PatrolRow(id=new_id())
                session.add(row)
            row.name, row.content = name.strip(), plan_to_json(plan)
            row.updated_at, row.deleted_at = now(), None
            return row.id

    def delete_plan(self, identity: str) -> None:
        """Remove a patrol; its rounds stay."""
        with self._store._writing(patrol={identity}) as session:
            row = session.get(PatrolRow, identity)
            if row is not None:
                row.deleted_at = row.updated_at = now()

    def last_rounds(self) -> dict[str, datetime]:
        """Plan to when its last round began."""
        t = LogSubjectRow
        query = sa.select(t.category, sa.func.max(t.begun_at)).where(t.book == Book.PATROL)
        with self._store._reading() as session:
            return {plan: time_of(at) for plan, at in session.execute(query.group_by(t.category))}


def _by_person(session: Session, wanted: Wanted) -> sa.ColumnElement[bool]:
    """What somebody wrote in: from few entries outwards, of many each line is asked for."""
    own = sa.and_(LogRow.author == wanted.person, LogRow.book == wanted.book)
    some = sa.select(sa.literal(1)).select_from(LogRow).where(own).limit(FEW).subquery()
    if (session.scalar(sa.select(sa.func.count()).select_from(some)) or 0) < FEW:
        return LogSubjectRow.id.in_(sa.select(LogRow.subject).where(own))
    return sa.exists().where(own, LogRow.subject == LogSubjectRow.id)


def _subject(row: LogSubjectRow) -> Subject:
    return Subject(
        row.id, Book(row.book), row.number, time_of(row.begun_at),
        time_of(row.ended_at) if row.ended_at else None, row.state, row.category, row.title,
        row.person, row.entries, row.open_matters,
    )  # fmt: skip


def plan_to_json(plan: Plan) -> str:
    """A patrol as stored."""
    return json.dumps({"cameras": plan.cameras, "dwell": plan.dwell_s, "due": plan.due})


def plan_from_json(text: str) -> Plan | None:
    """A stored patrol, or None for something unreadable."""
    try:
        data = json.loads(text)
        return Plan(tuple(data["cameras"]), float(data["dwell"]), tuple(data["due"]))
    except (ValueError, TypeError, KeyError):
        return None
