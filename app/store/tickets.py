"""Faults: reporting, what is done with them, lists, maintenance. Calls may wait for the disk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import ticket as domain
from app.domain.camera import CameraDetails, Organisation
from app.domain.permission import Role
from app.domain.ticket import (
    CATEGORY,
    LOST,
    Action,
    Actor,
    Event,
    Priority,
    Refusal,
    Report,
    Rules,
    Side,
    State,
    Ticket,
)
from app.store import files, outbox, ticket_state
from app.store import search as finding
from app.store.errors import StoreError
from app.store.models import ChannelRow, OrganisationRow, SiteRow
from app.store.store import Store, new_id, now
from app.store.sync_models import AttachmentRow, PreferenceRow, UploadRow
from app.store.ticket_models import (
    NEVER,
    MaintenanceRow,
    TicketCameraRow,
    TicketEventRow,
    TicketRow,
    TicketRulesRow,
)
from app.store.ticket_state import REFERENCE, text_of

FILTERS = "ticket_filters"
MAX_FILE = 50 * 1024 * 1024


class TicketError(StoreError):
    """Something may not be done with a ticket; nothing was written."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Who:
    """The person at this console. `supervisor` counts where no server says what a person may."""

    name: str
    console: str
    supervisor: bool = True


@dataclass(frozen=True, slots=True)
class File:
    """Something that goes with a report or a comment."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Care:
    """Who answers for a site: ids of organisations, "" where it is the site's own."""

    responsible_id: str = ""
    maintainer_id: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket as lists and tiles show it. Times are None where there is none (yet)."""

    id: str
    console: str
    number: int
    title: str
    title_en: str
    state: State
    category: str
    priority: Priority
    organisation_id: str
    responsible_id: str
    maintainer_id: str
    team: str
    camera_id: str
    cameras: int
    author: str
    reported_at: datetime
    due: datetime | None
    due_restore: datetime | None
    state_since: datetime
    closed_at: datetime | None
    joined: int
    reopened: int
    level: int
    asked: str = ""
    back: int = 0
    """Of how many of its cameras the wall saw the picture return."""
    escalate_at: datetime | None = None
    """When somebody above should know; None where nobody has to, or was told."""
    site_id: str = ""

    @property
    def is_back(self) -> bool:
        """Whether the wall saw all its pictures return."""
        return self.back >= self.cameras

    def escalated(self, at: datetime) -> bool:
        """Whether somebody above should know of it by now."""
        return self.escalate_at is not None and at >= self.escalate_at

    def name(self, language: str) -> str:
        """Of the camera that was reported first."""
        if language.startswith("zh"):
            return self.title or self.title_en
        return self.title_en or self.title

    def overdue(self, at: datetime) -> bool:
        """Whether the limit that runs has passed."""
        return self.due is not None and at > self.due


@dataclass(frozen=True, slots=True)
class Filled:
    """What a report needs and nobody should have to type."""

    details: CameraDetails
    care: Care
    responsible: Organisation
    maintainer: Organisation
    open: Line | None
    """The camera's open ticket: a report joins it."""
    site_open: Line | None
    """An open ticket of the site for lost cameras."""
    own_priorities: Mapping[str, Priority] = field(default_factory=dict)
    """Of the organisation's rules, by category."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as a person makes it."""

    camera_id: str
    category: str
    text: str = ""
    priority: str = ""  # "": the usual one
    state: str = ""  # of the stream, as the wall saw it
    fault_at: datetime | None = None
    lost: tuple[str, ...] = ()
    """Cameras of the site that are gone too; given where the whole site is reported."""
    files: tuple[File, ...] = ()
    source: str = "operator"
    alone: bool = False
    """It was separated from another by a person: it joins none."""


@dataclass(frozen=True, slots=True)
class Reported:
    """What became of a report."""

    line: Line
    joined: bool


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a ticket. `path` is None until its bytes are here."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    path: files.Kept | None
    at: datetime | None = None
    """When it was attached."""


@dataclass(frozen=True, slots=True)
class Full:
    """A ticket with all that belongs to it."""

    line: Line
    ticket: Ticket
    report: Report
    events: tuple[Event, ...]
    files: tuple[Attached, ...]
    rules: Rules
    names: Mapping[str, Organisation]
    may: Mapping[Action, Refusal | None]
    """For the person who asks: None where it may be done."""
    unsent: frozenset[str] = frozenset()
    """Events that the server has not taken yet."""
    by_second: bool = False
    """Whether a second person may act here by a PIN: only where no server knows people."""


@dataclass(frozen=True, slots=True)
class Version:
    """Time limits of an organisation, when they came and from whom."""

    rules: Rules
    at: datetime | None
    author: str
    note: str
    open: int
    """Tickets that are open now and were reported by them."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tickets of a list. `show`: "open", "overdue", "mine", "verify" (repaired, to be
    verified), "escalated" (somebody above should know), "back" (the picture is), "closed", "all"."""

    show: str = "open"
    text: str = ""
    state: str = ""
    priority: str = ""
    organisation_id: str = ""
    maintainer_id: str = ""
    camera_id: str = ""

    @staticmethod
    def from_json(data: Any) -> Filter:
        """What was stored; unknown and damaged fields are left out."""
        known = asdict(Filter())
        if not isinstance(data, dict):
            return Filter()
        return Filter(**{k: v for k, v in data.items() if k in known and isinstance(v, str)})


@dataclass(frozen=True, slots=True)
class Maintenance:
    """A camera is excused from the figures for a time."""

    id: str
    camera_id: str
    begin: datetime
    until: datetime
    reason: str
    author: str
    ended_at: datetime | None = None

    def active(self, at: datetime) -> bool:
        """Whether it holds at that moment."""
        return self.begin <= at < min(self.until, self.ended_at or self.until)


T = TicketRow
_LINE = (
    T.id, T.console, T.number, T.title, T.title_en, T.state, T.category, T.priority,
    T.organisation_id, T.responsible_id, T.maintainer_id, T.team, T.camera_id, T.cameras, T.author,
    T.at, T.due, T.due_restore, T.state_since, T.closed_at, T.joined, T.reopened, T.level, T.asked,
    T.back, T.escalate_at, T.site_id,
)  # fmt: skip


def _line(r: Any) -> Line:
    reported = domain.moment(r.at) or datetime(2000, 1, 1, tzinfo=UTC)
    return Line(
        r.id, r.console, r.number, r.title, r.title_en, State(r.state), r.category,
        Priority(r.priority), r.organisation_id, r.responsible_id, r.maintainer_id, r.team,
        r.camera_id, r.cameras, r.author, reported, domain.moment(r.due),
        domain.moment(r.due_restore), domain.moment(r.state_since) or reported,
        domain.moment(r.closed_at), r.joined, r.reopened, r.level, r.asked, r.back,
        domain.moment(r.escalate_at), r.site_id,
    )  # fmt: skip


class Tickets:
    """The desk of faults over a store. Thread-safe. Raises StoreError, TicketError."""

    def __init__(self, store: Store) -> None:
        self.store = store

    # -- who

    def _account(self, session: Session) -> tuple[str, str, frozenset[str] | None]:
        connection = session.connection()
        roles = outbox.state(connection, "roles")
        return (
            outbox.state(connection, "person", ""),
            outbox.state(connection, "organisation", ""),
            None if roles is None else frozenset(roles),
        )

    def _actor(self, session: Session, who: Who, row: Any) -> Actor:
        """Who acts on a ticket that is like `row`. Without a server, the console's people are all
        there is: everybody reports and repairs, supervisors decide."""
        person, organisation, roles = self._account(session)
        if not person:
            held = {Role.OPERATOR, Role.MAINTAINER} | (
                {Role.SUPERVISOR} if who.supervisor else set()
            )
            return Actor(f"local:{who.name}"[:100], who.name, frozenset(held), frozenset(Side))
        own = _below(session, organisation)
        sees = session.get(ChannelRow, row.camera_id) is not None
        return Actor(
            person, who.name, roles or frozenset({Role.OPERATOR}),
            domain.sides(own, row.organisation_id, row.responsible_id, row.maintainer_id, sees),
        )  # fmt: skip

    def _now(self, session: Session) -> datetime:
        """The time by the server's clock, as far as it is known."""
        offset = outbox.state(session.connection(), "offset_ms", 0)
        return datetime.now(UTC) + timedelta(milliseconds=offset)

    # -- reporting

    def filled(self, camera_id: str) -> Filled | None:
        """What is known about a camera for a report; None where there is no such camera."""
        details = self.store.camera(camera_id)
        if details is None:
            return None
        with self.store._reading() as session:
            care = _care(session.get(SiteRow, details.site.id))
            own = details.organisation
            return Filled(
                details, care, _organisation(session, care.responsible_id) or own,
                _organisation(session, care.maintainer_id) or own,
                _open_of(session, camera_id), _open_of_site(session, details.site.id),
                ticket_state.rules(session.connection()).get(
                    _rules_of(session, own.id), domain.DEFAULT_RULES
                ).priorities,
            )  # fmt: skip

    def report(self, draft: Draft, who: Who) -> Reported:
        """Enter a fault. A second report of the same camera, or of one more lost camera of a site
        that is reported as such, joins the open ticket."""
        found = self.filled(draft.camera_id)
        if found is None:
            raise StoreError("This camera is not on this console any more.")
        if draft.category not in CATEGORY:
            raise StoreError("A fault needs a category.")
        shas = [self._keep(file) for file in draft.files]
        kinds: dict[str, set[str]] = {"ticket": set(), "attachment": set()}
        with self.store._writing(**kinds) as session:
            at = self._now(session)
            present = None if draft.alone else _open_of(session, draft.camera_id)
            if present is None and not draft.alone and draft.category in LOST:
                for camera in draft.lost:
                    present = present or _open_of(session, camera, lost=True)
                present = present or _open_of_site(session, found.details.site.id)
            person = self._account(session)[0] or f"local:{who.name}"[:100]
            if present is None:
                identity = self._enter(session, draft, found, who, person, at)
            else:
                identity = present.id
                self._event(session, identity, Action.JOIN, at, person, who.name, {
                    "text": draft.text, "category": draft.category, "state": draft.state,
                    "fault_at": text_of(draft.fault_at),
                    "cameras": [draft.camera_id, *draft.lost], "files": shas,
                })  # fmt: skip
            for file, sha in zip(draft.files, shas, strict=True):
                _attach(session, "ticket", identity, file, sha)
            kinds["ticket"].add(identity)
            session.flush()
            ticket_state.refold(session.connection(), [identity])
            line = _line(session.execute(sa.select(*_LINE).where(T.id == identity)).one())
        return Reported(line, present is not None)

    def _enter(
        self, session: Session, draft: Draft, found: Filled, who: Who, person: str, at: datetime
    ) -> str:
        identity, details, row = new_id(), found.details, found.details.row
        last = session.scalar(sa.select(sa.func.max(T.number)).where(T.console == who.console))
        cameras = list(dict.fromkeys((draft.camera_id, *draft.lost)))
        usual = domain.usual_priority(
            CATEGORY[draft.category], str(details.point_class), len(cameras), found.own_priorities
        )
        facts = {
            "name": row.name, "name_en": row.name_en, "call_number": row.call_number,
            "code": row.code, "site": details.site.name, "site_en": details.site.name_en,
            "address": details.site.address, "position": details.position_name,
            "pole_number": details.pole_number, "latitude": details.latitude,
            "longitude": details.longitude, "point_class": str(details.point_class),
            "device": f"{details.manufacturer} {details.model}".strip(), "serial": details.serial,
            "device_address": row.address, "contact": found.care.contact, "state": draft.state,
        }  # fmt: skip
        report = {
            "category": draft.category, "priority": draft.priority or str(usual),
            "source": draft.source, "text": draft.text, "cameras": cameras,
            "fault_at": text_of(draft.fault_at or at), "detected_at": text_of(at),
            "responsible_id": found.care.responsible_id, "maintainer_id": found.care.maintainer_id,
            "rules": _rules_of(session, details.organisation.id), "facts": facts,
        }  # fmt: skip
        session.add(TicketRow(
            id=identity, updated_at=now(), console=who.console, number=(last or 0) + 1,
            person=person, author=who.name[:100], organisation_id=details.organisation.id,
            site_id=details.site.id, camera_id=draft.camera_id, at=text_of(at),
            report=json.dumps(report, ensure_ascii=False),
        ))  # fmt: skip
        return identity

    def _event(
        self, session: Session, ticket: str, action: Action, at: datetime, person: str,
        author: str, content: Mapping[str, Any],
    ) -> None:  # fmt: skip
        session.add(TicketEventRow(
            id=new_id(), updated_at=now(), ticket_id=ticket, at=text_of(at), action=str(action),
            person=person, author=author[:100], content=json.dumps(content, ensure_ascii=False),
        ))  # fmt: skip

    # -- what is done with a ticket

    def act(
        self, ticket_id: str, action: Action, who: Who, content: Mapping[str, Any] | None = None,
        files: Sequence[File] = (),
    ) -> None:  # fmt: skip
        """Do something with a ticket. Raises TicketError where it may not be done."""
        said = dict(content or {})
        shas = [self._keep(file) for file in files]
        if shas:
            said["files"] = shas
        with self.store._writing(ticket={ticket_id}, attachment=set()) as session:
            row = session.get(TicketRow, ticket_id)
            ticket = ticket_state.folded(session.connection(), ticket_id)
            if row is None or ticket is None:
                raise TicketError(Refusal("unknown"))
            at, actor = self._now(session), self._actor(session, who, row)
            rules = ticket_state.rules(session.connection())
            if action in (Action.PRIORITY, Action.REOPEN):
                said["rules"] = _rules_of(session, row.organisation_id)
            refusal = domain.check(
                ticket, action, actor, at, said, rules.get(ticket.rules, domain.DEFAULT_RULES)
            )
            if refusal is not None:
                raise TicketError(refusal)
            if action in (Action.VERIFY, Action.CHECK):
                camera = str(said.get("camera") or row.camera_id)
                known = ticket_state.references(session.connection(), camera)
                if not domain.compared(said, known):
                    raise TicketError(Refusal("not_compared"))
            self._event(session, ticket_id, action, at, actor.id, who.name, said)
            for file, sha in zip(files, shas, strict=True):
                _attach(session, "ticket", ticket_id, file, sha)
                verified = action in (Action.VERIFY, Action.CHECK)
                if verified and said.get("first") and sha == said.get("picture"):
                    reference = File(REFERENCE, file.media_type, file.data)
                    camera = str(said.get("camera") or row.camera_id)
                    _attach(session, "channel", camera, reference, sha)
            session.flush()
            ticket_state.refold(session.connection(), [ticket_id])

    def signal(
        self, ticket_id: str, camera_id: str, *, live: bool, who: Who, seen_gone: bool = False
    ) -> bool:
        """Note that the wall saw a camera's picture return, or go again: once. False where it is
        known already, this person may not, or nobody saw it gone: neither this wall (`seen_gone`)
        nor that of who reported it."""
        with self.store._writing(ticket={ticket_id}) as session:
            row = session.get(TicketRow, ticket_id)
            ticket = ticket_state.folded(session.connection(), ticket_id)
            if row is None or ticket is None or (camera_id in ticket.back) == live:
                return False
            facts = ticket_state.loads(row.report).get("facts")
            state = facts.get("state") if isinstance(facts, dict) else ""
            if live and not seen_gone and state in ("", "live", "degraded", "idle", "connecting"):
                return False
            said = {"live": live, "camera": camera_id, "console": who.console}
            at, actor = self._now(session), self._actor(session, who, row)
            if domain.check(ticket, Action.SIGNAL, actor, at, said) is not None:
                return False
            self._event(session, ticket_id, Action.SIGNAL, at, actor.id, who.name, said)
            session.flush()
            ticket_state.refold(session.connection(), [ticket_id])
        return True

    def join(self, lead_id: str, others: Sequence[str], who: Who) -> None:
        """Tickets about one fault become one: `lead_id` leads. Raises TicketError; then none is."""
        others = [i for i in dict.fromkeys(others) if i != lead_id]
        lines = {line.id: line for line in self.by_id([lead_id, *others])}
        if len(lines) != len(others) + 1:
            raise TicketError(Refusal("unknown"))
        if not all(related(lines[lead_id], lines[i]) for i in others):
            raise TicketError(Refusal("unrelated"))
        with self.store._writing(ticket={lead_id, *others}) as session:
            connection, at = session.connection(), self._now(session)
            lead = session.get(TicketRow, lead_id)
            if lead is None:
                raise TicketError(Refusal("unknown"))
            for identity in others:
                row = session.get(TicketRow, identity)
                first = ticket_state.folded(connection, lead_id)
                ticket = ticket_state.folded(connection, identity)
                if row is None or ticket is None or first is None:
                    raise TicketError(Refusal("unknown"))
                report = ticket_state.loads(row.report)
                joined = {
                    "text": report.get("text", ""), "category": report.get("category", ""),
                    "cameras": list(ticket.cameras), "fault_at": text_of(ticket.fault_at),
                    "from": identity, "number": f"{row.console}-{row.number}",
                    "author": row.author,
                }  # fmt: skip
                merged = {"into": lead_id, "number": f"{lead.console}-{lead.number}"}
                for about, state, action, said in (
                    (row, ticket, Action.MERGE, merged), (lead, first, Action.JOIN, joined),
                ):  # fmt: skip
                    actor = self._actor(session, who, about)
                    if refusal := domain.check(state, action, actor, at, said):
                        raise TicketError(refusal)
                    self._event(session, about.id, action, at, actor.id, who.name, said)
                session.flush()
            ticket_state.refold(connection, [lead_id, *others])

    def unjoin(self, ticket_id: str, who: Who) -> None:
        """A ticket that was joined to another stands for itself again, as it was."""
        with self.store._writing(ticket={ticket_id}) as session:
            connection, at = session.connection(), self._now(session)
            row = session.get(TicketRow, ticket_id)
            ticket = ticket_state.folded(connection, ticket_id)
            if row is None or ticket is None:
                raise TicketError(Refusal("unknown"))
            actor = self._actor(session, who, row)
            if refusal := domain.check(ticket, Action.UNMERGE, actor, at, {}):
                raise TicketError(refusal)
            self._event(session, ticket_id, Action.UNMERGE, at, actor.id, who.name, {})
            lead = ticket_state.folded(connection, ticket.into)
            owner = session.get(TicketRow, ticket.into)
            said = {"from": ticket_id, "number": f"{row.console}-{row.number}"}
            if lead is not None and owner is not None and ticket_id in dict(lead.parts):
                actor = self._actor(session, who, owner)
                # Of a ticket that is closed meanwhile nothing has to be taken.
                if domain.check(lead, Action.SEPARATE, actor, at, said) is None:
                    self._event(session, owner.id, Action.SEPARATE, at, actor.id, who.name, said)
            session.flush()
            ticket_state.refold(connection, [i for i in (ticket_id, ticket.into) if i])

    def separate(self, ticket_id: str, cameras: Sequence[str], who: Who) -> Line:
        """Cameras of a ticket get one of their own, about the same fault. Raises TicketError."""
        full = self.full(ticket_id, who)
        if full is None:
            raise TicketError(Refusal("unknown"))
        number = f"{full.line.console}-{full.line.number}"
        self.act(ticket_id, Action.SEPARATE, who, {"cameras": list(cameras)})
        # Two transactions: the server has to know that the cameras left before it hears of the
        # new ticket, which would join this one otherwise.
        report = full.report.content
        draft = Draft(
            cameras[0], full.ticket.category, str(report.get("text") or ""),
            fault_at=full.ticket.fault_at, lost=tuple(cameras[1:]), source=f"separated {number}",
            alone=True,
        )  # fmt: skip
        return self.report(draft, who).line

    def _keep(self, file: File) -> str:
        """A file's bytes on this console, named by their SHA-256."""
        return files.keep(self.store, file.data, file.name, MAX_FILE)

    # -- reading

    def full(self, ticket_id: str, who: Who) -> Full | None:
        """A ticket with its events and files, and what this person may do; None for none."""
        with self.store._reading() as session:
            connection = session.connection()
            row = session.get(TicketRow, ticket_id)
            ticket = ticket_state.folded(connection, ticket_id)
            if row is None or ticket is None:
                return None
            rules = ticket_state.rules(connection).get(ticket.rules, domain.DEFAULT_RULES)
            actor, at = self._actor(session, who, row), self._now(session)
            events = ticket_state.events(connection, [ticket_id]).get(ticket_id, [])
            names = {
                identity: organisation
                for identity in (row.organisation_id, ticket.responsible_id, ticket.maintainer_id)
                if (organisation := _organisation(session, identity)) is not None
            }
            e = TicketEventRow
            unsent = session.scalars(sa.select(e.id).where(e.ticket_id == ticket_id, e.rev <= 0))
            return Full(
                _line(session.execute(sa.select(*_LINE).where(T.id == ticket_id)).one()),
                ticket, ticket_state.report_of(row), tuple(events),
                tuple(self._files(session, "ticket", ticket_id)), rules, names,
                {a: domain.check(ticket, a, actor, at, None, rules) for a in Action},
                frozenset(unsent) if self.store.recording else frozenset(),
                not self._account(session)[0],
            )  # fmt: skip

    def _files(self, session: Session, kind: str, identity: str) -> Iterable[Attached]:
        a = AttachmentRow
        query = sa.select(a).where(a.kind == kind, a.entity_id == identity, a.deleted_at.is_(None))
        for row in session.scalars(query.order_by(a.id)):
            path = files.kept(self.store, row.sha256)
            yield Attached(row.id, row.name, row.media_type, row.size, row.sha256,
                           path if path.exists() else None,
                           domain.moment(row.updated_at))  # fmt: skip

    def reference(self, camera_id: str) -> Attached | None:
        """The camera's reference picture, brought from the server where it is not here. Blocking."""
        with self.store._reading() as session:
            found = [f for f in self._files(session, "channel", camera_id) if f.name == REFERENCE]
        return self.fetched(found[-1]) if found else None

    def fetched(self, file: Attached) -> Attached:
        """The same, brought from the server where it is not here and can be. Blocking."""
        if file.path is None and files.fetched(self.store, file.sha256) is not None:
            return replace(file, path=files.kept(self.store, file.sha256))
        return file

    def set_reference(self, camera_id: str, file: File) -> None:
        """This is how the camera's picture should look from now on."""
        sha = self._keep(file)
        with self.store._writing(attachment=set()) as session:
            _attach(session, "channel", camera_id, File(REFERENCE, file.media_type, b""), sha,
                    len(file.data))  # fmt: skip

    def lines(
        self, filter: Filter, who: Who, *, offset: int = 0, limit: int = 200,
        at: datetime | None = None,
    ) -> list[Line]:  # fmt: skip
        """Tickets of a list: open ones by what is due first, others by what happened last."""
        with self.store._reading() as session:
            query = sa.select(T.id).where(*self._where(session, filter, at))
            best = _ordered(query, filter).offset(offset).limit(limit).subquery()
            rows = session.execute(
                _ordered(sa.select(*_LINE).join(best, best.c.id == T.id), filter)
            )
            return [_line(r) for r in rows]

    def listing(self, filter: Filter, who: Who, limit: int = 200) -> tuple[list[Line], int]:
        """The first tickets of a list, and how many it has."""
        lines = self.lines(filter, who, limit=limit)
        return lines, len(lines) if len(lines) < limit else self.count(filter, who)

    def count(self, filter: Filter, who: Who, *, at: datetime | None = None) -> int:
        """How many tickets a list has."""
        with self.store._reading() as session:
            query = sa.select(sa.func.count()).select_from(T)
            return session.scalar(query.where(*self._where(session, filter, at))) or 0

    def _where(self, session: Session, filter: Filter, at: datetime | None) -> list[Any]:
        where: list[Any] = []
        match filter.show:
            case "overdue":
                where += [T.is_open, T.due < text_of(at or self._now(session))]
            case "escalated":
                late = T.escalate_at <= text_of(at or self._now(session))
                where += [T.is_open, sa.or_(late, T.level > 0)]
            case "back":
                where += [T.is_open, T.back >= T.cameras]
            case "mine":  # what waits for this person's organisation
                own = _below(session, self._account(session)[1])
                maintainer = sa.case((T.maintainer_id != "", T.maintainer_id),
                                     else_=T.organisation_id)  # fmt: skip
                where += [T.is_open, *([maintainer.in_(own)] if own else [])]
            case "verify":
                where.append(T.state == State.REPAIRED)
            case "closed":
                where.append(T.is_open.is_(False))
            case "all":
                pass
            case _:
                where.append(T.is_open)
        if filter.state:
            where.append(T.state == filter.state)
        if filter.priority:
            where.append(T.priority == filter.priority)
        if filter.organisation_id:
            where.append(T.organisation_id.in_(_below(session, filter.organisation_id)))
        if filter.maintainer_id:
            where.append(T.maintainer_id == filter.maintainer_id)
        if filter.camera_id:
            of = sa.select(TicketCameraRow.ticket_id)
            where.append(T.id.in_(of.where(TicketCameraRow.camera_id == filter.camera_id)))
        where += [T.search_text.like(p, escape="\\") for p in finding.patterns(filter.text)]
        return where

    def board(
        self, by: str, filter: Filter, *, limit: int = 60, at: datetime | None = None
    ) -> dict[str, tuple[int, list[Line]]]:
        """Columns of open tickets as key to (how many, the first of them). `by`: "state", "team"
        (a team's name, or "org:" and the maintainer), "due" ("late", "hours", "today", "later",
        "none")."""
        with self.store._reading() as session:
            at = at or self._now(session)
            where = [T.is_open, *self._where(session, filter, at)]
            if by == "team":
                key: Any = sa.case((T.team != "", T.team), else_="org:" + T.maintainer_id)
            elif by == "due":
                edges = [text_of(at + timedelta(hours=h)) for h in (0, 4, 24)]
                key = sa.case((T.due == NEVER, "none"), *(
                    (T.due < edge, name)
                    for edge, name in zip(edges, ("late", "hours", "today"), strict=True)
                ), else_="later")  # fmt: skip
            else:
                key = T.state
            counts: dict[str, int] = dict(
                session.execute(sa.select(key, sa.func.count()).where(*where).group_by(key)).all()
            )
            columns = {}
            for name, count in counts.items():
                query = sa.select(*_LINE).where(*where, key == name).order_by(T.due, T.id)
                columns[str(name)] = (
                    count, [_line(r) for r in session.execute(query.limit(limit))],
                )  # fmt: skip
            return columns

    def by_id(self, ids: Sequence[str]) -> list[Line]:
        """These tickets, in no order."""
        with self.store._reading() as session:
            rows = session.execute(sa.select(*_LINE).where(T.id.in_(ids)))
            return [_line(r) for r in rows]

    def reported(
        self, since: datetime, until: datetime, camera_id: str = "", person: str = "",
        words: str = "", limit: int = 5000,
    ) -> list[Line]:  # fmt: skip
        """Tickets that were reported in a period, the newest first."""
        query = sa.select(*_LINE).where(T.at >= text_of(since), T.at < text_of(until))
        if camera_id:
            of = sa.select(TicketCameraRow.ticket_id)
            query = query.where(T.id.in_(of.where(TicketCameraRow.camera_id == camera_id)))
        if person:
            query = query.where(T.author == person)
        query = query.where(*(T.search_text.like(p, escape="\\") for p in finding.patterns(words)))
        with self.store._reading() as session:
            rows = session.execute(query.order_by(T.at.desc(), T.id.desc()).limit(limit))
            return [_line(r) for r in rows]

    def open_of(self, camera_ids: Sequence[str]) -> dict[str, Line]:
        """The open ticket of each camera that has one."""
        found = {}
        with self.store._reading() as session:
            for start in range(0, len(camera_ids), 500):
                part = list(camera_ids[start : start + 500])
                query = (
                    sa.select(TicketCameraRow.camera_id.label("_camera"), *_LINE)
                    .join(T, T.id == TicketCameraRow.ticket_id)
                    .where(TicketCameraRow.camera_id.in_(part), TicketCameraRow.is_open)
                    .order_by(T.id.desc())
                )
                for r in session.execute(query):
                    found[r._camera] = _line(r)
        return found

    def open_lines(self, limit: int = 20_000) -> dict[str, Line]:
        """Of all cameras with an open ticket, the ticket."""
        c = TicketCameraRow
        query = (
            sa.select(c.camera_id.label("_camera"), *_LINE).join(T, T.id == c.ticket_id)
            .where(T.is_open).order_by(T.due.desc(), T.id.desc()).limit(limit)
        )  # fmt: skip
        with self.store._reading() as session:
            return {r._camera: _line(r) for r in session.execute(query)}

    def back_cameras(self) -> frozenset[str]:
        """Cameras with an open ticket that says that their picture is back."""
        c = TicketCameraRow
        with self.store._reading() as session:
            return frozenset(session.scalars(sa.select(c.camera_id).where(c.is_open, c.is_back)))

    def to_tell(self, at: datetime | None = None) -> int:
        """Of how many tickets somebody above should know by now, and was not told."""
        with self.store._reading() as session:
            late = T.escalate_at <= text_of(at or self._now(session))
            query = sa.select(sa.func.count()).select_from(T).where(T.is_open, late)
            return session.scalar(query) or 0

    def history(self, camera_id: str, limit: int = 20) -> list[Line]:
        """The faults of a camera, the newest first."""
        c = TicketCameraRow
        query = (
            sa.select(*_LINE).join(c, c.ticket_id == T.id).where(c.camera_id == camera_id)
            .order_by(T.at.desc(), T.id.desc()).limit(limit)
        )  # fmt: skip
        with self.store._reading() as session:
            return [_line(r) for r in session.execute(query)]

    # -- saved filters

    def filters(self) -> dict[str, Filter]:
        """This person's saved filters, by name."""
        p = PreferenceRow
        query = sa.select(p.value).where(p.person == "local", p.key == FILTERS)
        with self.store._reading() as session:
            text = session.scalar(query)
        saved = ticket_state.loads(text) if text else {}
        return {name: Filter.from_json(value) for name, value in saved.items()}

    def save_filters(self, filters: Mapping[str, Filter]) -> None:
        """Keep them, for this person on whatever console."""
        value = json.dumps({n: asdict(f) for n, f in filters.items()}, ensure_ascii=False)
        p = PreferenceRow
        with self.store._writing(preference=set()) as session:
            row = session.scalar(sa.select(p).where(p.person == "local", p.key == FILTERS))
            row = row or PreferenceRow(id=new_id(), person="local", key=FILTERS)
            row.value, row.updated_at = value, now()
            session.add(row)

    # -- rules, and who answers for a site

    def may_rule(self, organisation_id: str, who: Who) -> bool:
        """Whether this person sets the limits of an organisation: its administrators and those
        above; without a server, supervisors."""
        with self.store._reading() as session:
            return self._may_rule(session, organisation_id, who)

    def _may_rule(self, session: Session, organisation_id: str, who: Who) -> bool:
        person, organisation, roles = self._account(session)
        if not person:
            return who.supervisor
        own = _below(session, organisation)
        return organisation_id in own and Role.ADMINISTRATOR in (roles or ())

    def versions(self, organisation_id: str) -> list[Version]:
        """The limits that an organisation has had itself, the newest first."""
        t = TicketRulesRow
        query = sa.select(t).where(t.organisation_id == organisation_id, t.deleted_at.is_(None))
        found = []
        with self.store._reading() as session:
            for row in session.scalars(query.order_by(t.at.desc(), t.id.desc())):
                content = ticket_state.loads(row.content)
                try:
                    rules = Rules.from_json(row.id, content)
                except ValueError:
                    continue  # a newer version's
                open_now = sa.select(sa.func.count()).select_from(T).where(
                    T.is_open, T.report.like(f'%"rules": "{row.id}"%')
                )  # fmt: skip
                found.append(Version(
                    rules, domain.moment(row.at), str(content.get("author") or ""),
                    str(content.get("note") or ""), session.scalar(open_now) or 0,
                ))  # fmt: skip
        return found

    def save_rules(self, organisation_id: str, rules: Rules, who: Who, note: str = "") -> str:
        """A new version of an organisation's time limits, for tickets from now on; its id.
        Raises TicketError for who may not, StoreError for limits that make no sense."""
        identity = new_id()
        with self.store._writing(ticket_rules={identity}) as session:
            if not self._may_rule(session, organisation_id, who):
                raise TicketError(Refusal("forbidden"))
            if wrong := domain.weak_points(rules):
                raise StoreError("These limits make no sense.", {"rules": str(wrong[0])})
            person = self._account(session)[0] or f"local:{who.name}"[:100]
            content = rules.to_json() | {"author": who.name, "note": note.strip()[:200]}
            session.add(TicketRulesRow(
                id=identity, updated_at=now(), organisation_id=organisation_id, person=person,
                at=text_of(self._now(session)), content=json.dumps(content, ensure_ascii=False),
            ))  # fmt: skip
        return identity

    def rules_of(self, organisation_id: str) -> Rules:
        """The limits that hold for an organisation now: its own, or those of one above it."""
        with self.store._reading() as session:
            versions = ticket_state.rules(session.connection())
            return versions.get(_rules_of(session, organisation_id), domain.DEFAULT_RULES)

    def care(self, site_id: str) -> Care:
        """Who answers for a site."""
        with self.store._reading() as session:
            return _care(session.get(SiteRow, site_id))

    def set_care(self, site_id: str, care: Care) -> None:
        """Say who answers for a site."""
        with self.store._writing(site={site_id}) as session:
            row = session.get(SiteRow, site_id)
            if row is None:
                raise StoreError("This site is not on this console any more.")
            row.responsible_id, row.maintainer_id = care.responsible_id, care.maintainer_id
            row.contact, row.updated_at = care.contact[:200], now()

    # -- maintenance

    def begin_maintenance(
        self, camera_ids: Sequence[str], until: datetime, reason: str, who: Who,
        begin: datetime | None = None,
    ) -> None:  # fmt: skip
        """Cameras are worked on from `begin` (now) to `until`. Raises StoreError."""
        if not reason.strip():
            raise StoreError("Maintenance needs a reason.", {"reason": "empty"})
        with self.store._writing(maintenance=set()) as session:
            start = begin or self._now(session)
            if until <= start:
                raise StoreError("It ends before it begins.", {"until": "early"})
            person = self._account(session)[0] or f"local:{who.name}"[:100]
            for camera in camera_ids:
                session.add(MaintenanceRow(
                    id=new_id(), updated_at=now(), channel_id=camera, begin=text_of(start),
                    until=text_of(until), reason=reason.strip()[:200], person=person,
                    author=who.name[:100],
                ))  # fmt: skip

    def end_maintenance(self, camera_ids: Sequence[str]) -> None:
        """It is over earlier than was said."""
        m = MaintenanceRow
        with self.store._writing(maintenance=set()) as session:
            at = text_of(self._now(session))
            query = sa.select(m).where(m.channel_id.in_(camera_ids), m.ended_at == "", m.until > at)
            for row in session.scalars(query.where(m.deleted_at.is_(None), m.begin <= at)):
                row.ended_at, row.updated_at = at, now()

    def maintained(self, at: datetime | None = None) -> dict[str, Maintenance]:
        """Cameras that are in maintenance now."""
        m = MaintenanceRow
        with self.store._reading() as session:
            moment = at or self._now(session)
            text = text_of(moment)
            query = sa.select(m).where(m.until > text, m.begin <= text, m.deleted_at.is_(None))
            found = [_maintenance(row) for row in session.scalars(query)]
        return {entry.camera_id: entry for entry in found if entry.active(moment)}

    def maintenance_of(self, camera_id: str, limit: int = 20) -> list[Maintenance]:
        """The maintenance of a camera, the newest first."""
        m = MaintenanceRow
        query = sa.select(m).where(m.channel_id == camera_id, m.deleted_at.is_(None))
        with self.store._reading() as session:
            rows = session.scalars(query.order_by(m.begin.desc()).limit(limit))
            return [_maintenance(row) for row in rows]


def related(a: Line, b: Line) -> bool:
    """Whether two faults may be one: of one camera, one site, or one kind."""
    return a.camera_id == b.camera_id or a.site_id == b.site_id or a.category == b.category


def _ordered(query: Any, filter: Filter) -> Any:
    if filter.show in ("closed", "all"):
        return query.order_by(T.last_at.desc(), T.id.desc())
    return query.order_by(T.due, T.id)


def _maintenance(row: MaintenanceRow) -> Maintenance:
    begin, until = domain.moment(row.begin), domain.moment(row.until)
    assert begin is not None
    assert until is not None
    return Maintenance(row.id, row.channel_id, begin, until, row.reason, row.author,
                       domain.moment(row.ended_at))  # fmt: skip


def _open_of(session: Session, camera_id: str, *, lost: bool = False) -> Line | None:
    """The oldest open ticket of a camera; `lost`: one that may be its site's."""
    c = TicketCameraRow
    query = sa.select(*_LINE).join(c, c.ticket_id == T.id)
    query = query.where(c.camera_id == camera_id, c.is_open)
    if lost:
        query = query.where(T.category.in_(LOST))
    row = session.execute(query.order_by(T.id).limit(1)).first()
    return None if row is None else _line(row)


def _open_of_site(session: Session, site_id: str) -> Line | None:
    """The open ticket of a site whose cameras are lost."""
    query = sa.select(*_LINE).where(
        T.site_id == site_id, T.is_open, T.cameras > domain.SITE_CAMERAS, T.category.in_(LOST)
    )
    row = session.execute(query.order_by(T.id).limit(1)).first()
    return None if row is None else _line(row)


def _attach(
    session: Session, kind: str, identity: str, file: File, sha: str, size: int | None = None
) -> None:
    session.add(AttachmentRow(
        id=new_id(), person="local", kind=kind, entity_id=identity, name=file.name[:200],
        media_type=file.media_type, size=len(file.data) if size is None else size, sha256=sha,
        updated_at=now(),
    ))  # fmt: skip
    if session.get(UploadRow, sha) is None:
        session.add(UploadRow(sha256=sha, size=len(file.data) if size is None else size))
        session.flush()


def _organisation(session: Session, identity: str) -> Organisation | None:
    row = session.get(OrganisationRow, identity) if identity else None
    if row is None:
        return None
    return Organisation(row.id, row.name, row.name_en, row.parent_id)


def _care(row: SiteRow | None) -> Care:
    return Care(row.responsible_id, row.maintainer_id, row.contact) if row else Care()


def _below(session: Session, organisation: str) -> frozenset[str]:
    """An organisation and those below it; nothing for ""."""
    if not organisation:
        return frozenset()
    pairs = session.execute(sa.select(OrganisationRow.id, OrganisationRow.parent_id)).all()
    family = {organisation}
    while new := {identity for identity, parent in pairs if parent in family} - family:
        family |= new
    return frozenset(family)


def _rules_of(session: Session, organisation: str) -> str:
    """The id of the newest version of an organisation's, or of the nearest above that has one."""
    seen: set[str] = set()
    t = TicketRulesRow
    current: str | None = organisation
    while current and current not in seen:
        seen.add(current)
        found = session.scalar(
            sa.select(t.id).where(t.organisation_id == current, t.deleted_at.is_(None))
            .order_by(t.at.desc(), t.id.desc()).limit(1)
        )  # fmt: skip
        if found:
            return found
        current = session.scalar(
            sa.select(OrganisationRow.parent_id).where(OrganisationRow.id == current)
        )
    return ""
