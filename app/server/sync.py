"""The server's side of `docs/sync.md`: operations in, one feed out, cut by who may see what.

Sequence numbers: a row of `sync_head` is locked first and held to the commit. So they have no gaps,
their order is that of the commits (a reader that has seen n has seen all before n), and what a
merge has looked at cannot change before it is written; on SQLite and PostgreSQL, with any number of
server processes. Writers take turns; the reference's way (the lock last) would let them overlap,
but then two that edit one row must be tried again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import uuid_utils
from sqlalchemy.orm import Session

from app.domain import logbook
from app.domain.people import RecordKind
from app.domain.permission import Permission, Principal, Role
from app.server import audit, tickets
from app.server.access import Access, below
from app.server.database import Database, stamp
from app.server.problem import Problem
from app.server.snapshots import KEPT, MOST_BEHIND, PART_BEHIND, Page, Position, Snapshots
from app.store import kinds, log_lines, observations
from app.store.kinds import ASSETS, DELETED, KINDS, OF_ASSETS, STREAMS, Kind, Row
from app.store.models import ChannelRow, DeviceRow, PositionRow, SiteRow
from app.store.server_models import AccountRow
from app.store.sync_models import (
    ChangeRow,
    ConflictRow,
    FeedRow,
    HeadRow,
    OperationRow,
    ReplicaRow,
)
from app.sync import protocol
from app.sync.protocol import Answer, Code, Operation, Place, Reason, Status, Table

log = logging.getLogger(__name__)

NAMESPACE = uuid.UUID("5a6cbf0e-8b0f-4c57-9e6b-3f0a53a6d0c1")
SHARED = "organisation"
"""Owner of views and tours that belong to an organisation."""
PERSON = "person:"
OWNED = (
    "favourite", "preference", "retrieval", "attachment", "log", "asset_change", "ticket_rules",
    "guide",
    *tickets.TICKETS,
)  # fmt: skip
SHARED_KINDS = (
    "view", "tour", "layout", "patrol", "log", "person_record", "guide", "setup_template",
)  # fmt: skip
"""Kinds that belong to an organisation: its id is said here, not by consoles."""
OVERSEERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
"""Who keeps the records of people, and writes task cards."""
MARKS = 40
WITH_CAMERAS = ("position", "device", "asset_field", "asset_change", "former_code", "preset")
"""Kinds of which a person sees about as large a part as of the cameras."""
SENT_FOR = "entries of another person sent"
AGREED = "default passwords agreed to"
GUARDED = ("organisation", "landmark", *ASSETS)
"""Kinds of which a console does not remove many unless a person means it."""

c, d, p, s = (
    model.__table__.c for model in (ChannelRow, DeviceRow, PositionRow, SiteRow)
)  # fmt: skip


# -- who sees what


class Sight:
    """What one person may see now, as conditions on the tables."""

    def __init__(self, session: Session, access: Access, principal: Principal) -> None:
        self.session, self.access, self.principal = session, access, principal
        self.now = access.now()
        self._cameras: dict[Permission, sa.ColumnElement[bool]] = {}
        self.own = below([principal.organisation_id])
        self.own_sites = sa.select(s.id).where(s.organisation_id.in_(self.own))

    def cameras(self, permission: Permission = Permission.VIEW) -> sa.ColumnElement[bool]:
        """The condition on channels with which this person may do that."""
        if permission not in self._cameras:
            query = self.access.cameras_with(self.session, self.principal, permission, self.now)
            clause = query.whereclause
            self._cameras[permission] = sa.false() if clause is None else clause
        return self._cameras[permission]

    def below_has(self, name: str, condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
        """Whether a channel of a site, position or device meets a condition."""
        if name == "site":
            return sa.exists().where(c.site_id == s.id, condition)
        if name == "device":
            return sa.exists().where(c.device_id == d.id, condition)
        inner = DeviceRow.__table__.alias()
        return sa.exists().where(inner.c.position_id == p.id, c.device_id == inner.c.id, condition)

    def structure(self, name: str) -> sa.ColumnElement[bool]:
        """What is seen without a camera to view: the own organisation's places and spare parts."""
        if not (self.principal.by_role(Permission.VIEW) or self.rules):
            return sa.false()
        if name == "site":
            return s.organisation_id.in_(self.own)
        bare = sa.not_(self.below_has(name, sa.true()))
        if name == "position":
            return sa.and_(p.site_id.in_(self.own_sites), bare)
        positions = sa.select(p.id).where(p.site_id.in_(self.own_sites))
        return sa.and_(d.position_id.in_(positions), bare)

    @property
    def rules(self) -> bool:
        return Role.SYSTEM in self.principal.roles

    def condition(self, kind: Kind) -> sa.ColumnElement[bool]:
        """The rows of a kind that may be seen."""
        me, t = self.principal, kind.table.c
        match kind.name:
            case "channel":
                return self.cameras()
            case "site" | "position" | "device":
                return sa.or_(self.below_has(kind.name, self.cameras()), self.structure(kind.name))
            case "organisation" | "landmark" | "ticket_rules" | "asset_definition":
                return sa.true()
            case "ticket":
                return tickets.visible(self)
            case "ticket_event":
                ticket = KINDS["ticket"].table.c.id
                return sa.exists().where(ticket == t.ticket_id, tickets.visible(self))
            case "asset_field" | "asset_change":
                return sa.or_(*self._with_asset(t))
            case "former_code" | "maintenance" | "preset" | "observation":
                return self.with_camera(t.channel_id)
            case "favourite":
                return sa.and_(t.person == me.user_id, self.with_camera(t.channel_id))
            case "view" | "tour":
                shared = sa.and_(t.owner == SHARED, t.organisation_id == me.organisation_id)
                return sa.or_(t.owner == PERSON + me.user_id, shared)
            case "layout" | "patrol" | "guide" | "setup_template":
                return t.organisation_id == me.organisation_id
            case "person_record":
                mine = sa.and_(t.organisation_id == me.organisation_id, t.person_name == me.name,
                               self._only_one_is_called())  # fmt: skip
                if not me.roles & OVERSEERS:
                    return mine
                return sa.or_(t.organisation_id.in_(self.own), mine)
            case "preference":
                return t.person == me.user_id
            case "retrieval":
                if not me.roles & {Role.AUDITOR, Role.SUPERVISOR}:
                    return t.person == me.user_id
                people = sa.select(AccountRow.id).where(AccountRow.organisation_id.in_(self.own))
                return sa.or_(t.person == me.user_id, t.person.in_(people))
            case "log":
                books = [book for book in logbook.Book if me.roles & logbook.readers(book)]
                return sa.or_(
                    t.person == me.user_id,
                    sa.and_(t.organisation_id.in_(self.own), t.book.in_(books)),
                )
            case "conflict":
                return sa.and_(t.person == me.user_id, self._of_seen(t))
            case "attachment":
                return self._of_seen(t)
        raise AssertionError(kind.name)

    def with_camera(self, camera: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        """Whether what names this camera is seen with it.

        EXISTS and not IN, here and below: a page is found row by row in the order of ids, where IN
        would first list all that may be seen.
        """
        return sa.exists().where(c.id == camera, self.cameras())

    def _with_asset(self, t: Any) -> list[sa.ColumnElement[bool]]:
        """Rows about an asset that is seen, a condition for each kind of asset."""
        return [
            sa.and_(t.kind == name, sa.exists().where(
                KINDS[name].table.c.id == t.entity_id, self.condition(KINDS[name])))
            for name in (*ASSETS, "ticket")
        ]  # fmt: skip

    def _of_seen(self, t: Any) -> sa.ColumnElement[bool]:
        """Rows about an asset are seen with it; rows about what is no asset by their person."""
        seen = self._with_asset(t)
        # What was refused as unknown has no row: its conflict is still its author's.
        lost = [
            sa.and_(
                t.kind == name, sa.not_(sa.exists().where(KINDS[name].table.c.id == t.entity_id))
            )
            for name in ASSETS
        ]
        mine = t.person == self.principal.user_id
        return sa.or_(*seen, sa.and_(mine, sa.or_(t.kind.not_in(ASSETS), *lost)))

    def rows(
        self, kind: Kind, *where: sa.ColumnElement[bool], limit: int | None = None
    ) -> list[Row]:
        """Visible rows as they travel, by id."""
        found = self.lists(kind, kind.columns, *where, limit=limit)
        return [dict(zip(kind.columns, row, strict=True)) for row in found]

    def lists(
        self, kind: Kind, columns: Sequence[str], *where: sa.ColumnElement[bool],
        limit: int | None = None,
    ) -> list[list[Any]]:  # fmt: skip
        """The same as lists of `columns`, of which the first is the id."""
        t = kind.table
        stored = [t.c[name] if name != STREAMS else sa.null() for name in columns]
        connection, condition = self.session.connection(), self.condition(kind)
        if limit is not None and connection.dialect.name == "sqlite":
            # A page is read in the order of ids. By an index that the condition could use, SQLite
            # would sort all that may be seen, for each page.
            condition = sa.case((condition, 1), else_=0) == 1
        query = sa.select(*stored).where(condition, *where).order_by(t.c.id)
        if limit is not None:
            query = query.limit(limit)
        rows = [list(row) for row in connection.execute(query).all()]
        if STREAMS in columns:
            streams, i = (
                kinds.streams_of(connection, [row[0] for row in rows]),
                columns.index(STREAMS),
            )
            for row in rows:
                row[i] = streams.get(row[0], [])
        return rows

    def sees(self, kind: Kind, identity: str) -> bool:
        """Whether a row is there and visible."""
        query = sa.select(kind.table.c.id).where(kind.table.c.id == identity, self.condition(kind))
        return self.session.scalar(query) is not None

    # -- writing

    def may_write(self, kind: Kind, row: Row) -> bool:
        """Whether this person may make, change or remove a row that is like this."""
        me = self.principal
        match kind.name:
            case "organisation":
                if self.rules:
                    return True
                own = set(self.session.scalars(self.own))
                return me.by_role(Permission.ADMINISTER) and (
                    row["id"] in own or row["parent_id"] in own
                )
            case "landmark":
                return me.by_role(Permission.COMMISSION)
            case "site":
                return self.at_home(kind, row)
            case "position" | "device" | "channel":
                return self._commissions(kind, row)
            case "asset_definition":
                return me.by_role(Permission.ADMINISTER)
            case "asset_field" | "asset_change":
                asset = KINDS[row["kind"]] if row["kind"] in ASSETS else None
                if asset is None:
                    return False
                about = kinds.read(self.session.connection(), asset, [row["entity_id"]])
                return any(self.may_write(asset, found) for found in about.values())
            case "former_code":
                return self._allowed_for(row["channel_id"], Permission.COMMISSION)
            case "ticket" | "ticket_event":
                return True  # `tickets.put_right` has said so
            case "ticket_rules":
                own = set(self.session.scalars(self.own))
                return row["organisation_id"] in own and me.by_role(Permission.ADMINISTER)
            case "maintenance":
                return any(
                    self._allowed_for(row["channel_id"], permission)
                    for permission in (Permission.VERIFY, Permission.REPAIR, Permission.COMMISSION)
                )
            case "preset" | "observation":
                # What the camera itself told, or showed, to who may look at it.
                return self._allowed_for(row["channel_id"])
            case "favourite":
                return row["person"] == me.user_id and self._allowed_for(row["channel_id"])
            case "view" | "tour":
                if row["owner"] == PERSON + me.user_id:
                    return True
                return row["owner"] == SHARED and self._shares(row)
            case "layout" | "patrol":
                return self._shares(row)
            case "setup_template":
                return self._shares(row) and me.by_role(Permission.COMMISSION)
            case "guide":
                return self._shares(row) and bool(me.roles & OVERSEERS)
            case "person_record":
                if me.roles & OVERSEERS:
                    return row["organisation_id"] in set(self.session.scalars(self.own))
                # What somebody practised, they enter themselves; nobody changes it but overseers.
                return (
                    not row["rev"] and row["kind"] == RecordKind.PRACTICE
                    and row["person_name"] == me.name and not row[DELETED]
                )  # fmt: skip
            case "log":
                needed = logbook.writers(row["book"], row["kind"])
                return row["person"] == me.user_id and bool(me.roles & needed)
            case _:
                return bool(row["person"] == me.user_id)

    def _only_one_is_called(self) -> sa.ColumnElement[bool]:
        """Records are kept by name: no other account of the organisation may have the same."""
        me, a = self.principal, AccountRow
        others = sa.select(a.id).where(
            a.organisation_id == me.organisation_id, a.name == me.name, a.id != me.user_id
        )
        return sa.not_(sa.exists(others))

    def _shares(self, row: Row) -> bool:
        me = self.principal
        return row["organisation_id"] == me.organisation_id and me.by_role(Permission.VIEW)

    def _allowed_for(self, camera: str, permission: Permission = Permission.VIEW) -> bool:
        query = sa.select(c.id).where(c.id == camera, self.cameras(permission))
        return self.session.scalar(query) is not None

    def _commissions(self, kind: Kind, row: Row) -> bool:
        """By a right to its cameras; by the role at home where it has none, or is new."""
        if row["rev"]:
            condition = self.cameras(Permission.COMMISSION)
            t = kind.table.c
            held = condition if kind.name == "channel" else self.below_has(kind.name, condition)
            if self.session.scalar(sa.select(t.id).where(t.id == row["id"], held)) is not None:
                return True
            if kind.name == "channel":
                return False
            any_camera = self.below_has(kind.name, sa.true())
            if (
                self.session.scalar(sa.select(t.id).where(t.id == row["id"], any_camera))
                is not None
            ):
                return False
        return self.at_home(kind, row)

    def at_home(self, kind: Kind, row: Row) -> bool:
        """Whether the role suffices for what hangs where this row hangs."""
        if not self.principal.by_role(Permission.COMMISSION):
            return False
        if kind.name == "site":
            return row["organisation_id"] in set(self.session.scalars(self.own))
        site = row.get("site_id")
        if kind.name == "channel":
            query = sa.select(p.site_id).join(DeviceRow, d.position_id == p.id)
            site = self.session.scalar(query.where(d.id == row["device_id"]))
        elif kind.name == "device":
            site = self.session.scalar(sa.select(p.site_id).where(p.id == row["position_id"]))
        # Nothing there: what it refers to is missing, and that is what will be said.
        return site is None or self.session.scalar(self.own_sites.where(s.id == site)) is not None


# -- the feed


@dataclass
class Head:
    """The state of the feed within a transaction."""

    seq: int
    history: str
    floor: int
    durable: int


def head_of(session: Session, *, lock: bool = False) -> Head:
    """The head; locked until the commit where asked. Makes the row on an empty database."""
    query = sa.select(HeadRow.seq, HeadRow.history, HeadRow.floor, HeadRow.durable)
    found = session.execute(query.with_for_update() if lock else query).first()
    if found is None:
        raise Problem(503, "not_ready", "The server is starting.")
    return Head(*found)


class Writer:
    """One transaction that writes entities: numbers each change and enters it in the feed."""

    def __init__(self, session: Session, at: str, person: str, replica: str = "server") -> None:
        self.session, self.connection = session, session.connection()
        self.head = head_of(session, lock=True)
        self.at, self.person, self.replica = at, person, replica

    def change(
        self, kind: Kind, identity: str, fields: Iterable[str], op: Operation | None = None,
        *, moved: bool = False,
    ) -> int:  # fmt: skip
        """A row was written: gives it the next number, which is its `rev`."""
        self.head.seq += 1
        seq, execute = self.head.seq, self.connection.execute
        values: Row = {"rev": seq}
        if kind.common and fields:
            # Of what is only added, it is the moment of the thing itself.
            values["updated_at"] = op.at[:32] if op and kind.appended else self.at
        execute(kind.table.update().where(kind.table.c.id == identity).values(**values))
        feed: Row = {"seq": seq} | ({"moved": True} if moved else {})
        where = (FeedRow.kind == kind.name, FeedRow.entity_id == identity)
        if not execute(sa.update(FeedRow).where(*where).values(**feed)).rowcount:
            execute(
                sa.insert(FeedRow).values(kind=kind.name, entity_id=identity, seq=seq, moved=moved)
            )
        execute(
            sa.insert(ChangeRow).values(
                seq=seq, kind=kind.name, entity_id=identity, fields=json.dumps(sorted(fields)),
                op_id=op.op if op else "", replica=self.replica, person=self.person, at=self.at,
                author=_plain(op.author) if op else "",
                client_at=op.at[:32] if op else "", offset_ms=op.offset_ms if op else 0,
                mark=str(uuid_utils.uuid7())[-12:],
            )
        )  # fmt: skip
        return seq

    def finish(self) -> None:
        """Before the commit."""
        self.connection.execute(sa.update(HeadRow).values(seq=self.head.seq))

    def moved(self, kind: Kind, before: Row) -> None:
        """A row belongs elsewhere now: all below it, and what it hung on, may have become
        invisible to some who held it, or visible to others."""
        touched: set[tuple[str, str]] = set()
        stack = [(kind.name, before["id"])]
        while stack:
            name, identity = stack.pop()
            if (name, identity) != (kind.name, before["id"]):
                touched.add((name, identity))
            for child, query in self._children(name, identity):
                stack += [(child, i) for i in self.connection.scalars(query)]
        parent = {"position": "site", "device": "position", "channel": "device"}.get(kind.name)
        above = before.get(kind.parent) if parent else None
        while parent and above:
            touched.add((parent, above))
            row = kinds.read(self.connection, KINDS[parent], [above]).get(above)
            above = row[KINDS[parent].parent] if row else None
            parent = {"position": "site", "device": "position"}.get(parent)
        for name, kind in KINDS.items():
            ids = [identity for other, identity in touched if other == name]
            # In their order: what was done with a ticket is told by the order of its events.
            for identity in self._in_order(kind, ids):
                self.change(kind, identity, (), moved=True)

    def _in_order(self, kind: Kind, ids: list[str]) -> list[str]:
        """By `rev`."""
        t = kind.table
        found: list[Any] = []
        for part in kinds.chunks(ids):
            found += self.connection.execute(
                sa.select(t.c.rev, t.c.id).where(t.c.id.in_(part))
            ).all()
        return [identity for _, identity in sorted(tuple(row) for row in found)]

    def _children(self, name: str, identity: str) -> list[tuple[str, Any]]:
        hanging: dict[str, str] = {}
        if name in ASSETS or name == "ticket":
            hanging = dict.fromkeys(("attachment", "conflict"), "entity_id")
        if name in ASSETS:
            hanging |= dict.fromkeys(OF_ASSETS, "entity_id")
        if name == "channel":
            hanging |= dict.fromkeys(("former_code", "maintenance", "preset", "favourite"),
                                     "channel_id")  # fmt: skip
            hanging["ticket"] = "camera_id"
        if name == "ticket":
            hanging["ticket_event"] = "ticket_id"
        about: list[tuple[str, Any]] = []
        for other, column in hanging.items():
            t = KINDS[other].table
            where = [t.c[column] == identity]
            if column == "entity_id":
                where.append(t.c.kind == name)
            about.append((other, sa.select(t.c.id).where(*where)))
        return about + {
            "organisation": [
                ("site", sa.select(s.id).where(s.organisation_id.in_(below([identity]))))
            ],
            "site": [("position", sa.select(p.id).where(p.site_id == identity))],
            "position": [("device", sa.select(d.id).where(d.position_id == identity))],
            "device": [("channel", sa.select(c.id).where(c.device_id == identity))],
        }.get(name, [])  # fmt: skip


def note_changes(
    session: Session, at: str, person: str, rows: dict[str, Sequence[str]], *, moved: bool = False
) -> None:
    """For other parts of the server that write synchronised rows: enter them in the feed, in the
    transaction that writes them. `rows`: kind to ids; `moved`: they belong elsewhere now."""
    writer = Writer(session, at, person)
    for name, ids in rows.items():
        kind = KINDS[name]
        for identity in ids:
            writer.change(kind, identity, kind.fields, moved=moved)
            if moved:
                writer.moved(kind, kinds.read(writer.connection, kind, [identity])[identity])
    writer.finish()


class SyncServer:
    """Answers consoles. Thread-safe; every method waits for the database."""

    def __init__(self, database: Database, access: Access, *, schema: int = protocol.SCHEMA,
                 oldest: int = protocol.OLDEST_SCHEMA, snapshots: Snapshots | None = None,
                 ) -> None:  # fmt: skip
        """`snapshots`: where pages of first loads are kept; None keeps none."""
        self.database, self.access, self.snapshots = database, access, snapshots
        self.schema, self.oldest = schema, oldest
        database.write(self._begin)

    def _begin(self, session: Session) -> None:
        """Give the feed a head, and enter rows that were there before it."""
        if session.scalar(sa.select(HeadRow.id)) is None:
            history = str(uuid_utils.uuid7())
            try:
                with session.begin_nested():
                    session.execute(sa.insert(HeadRow).values(id=1, seq=0, history=history))
            except sa.exc.IntegrityError:
                pass  # another process was first
        unknown = {
            name: session.scalars(
                sa.select(kind.table.c.id).where(kind.table.c.rev == 0).order_by(kind.table.c.id)
            ).all()
            for name, kind in KINDS.items()
        }
        if any(unknown.values()):
            head = head_of(session, lock=True)
            for name, ids in unknown.items():
                head.seq = self._enter(session.connection(), KINDS[name], ids, head.seq)
            session.execute(sa.update(HeadRow).values(seq=head.seq))

    def _enter(self, connection: sa.Connection, kind: Kind, ids: Sequence[str], seq: int) -> int:
        at, mark = self._at(), str(uuid_utils.uuid7())[-12:]
        t = kind.table
        for part in kinds.chunks(ids, 5000):
            numbered = [(seq + i, identity) for i, identity in enumerate(part, 1)]
            seq += len(part)
            connection.execute(
                t.update().where(t.c.id == sa.bindparam("_id")).values(rev=sa.bindparam("_seq")),
                [{"_id": i, "_seq": n} for n, i in numbered],
            )
            connection.execute(
                sa.insert(FeedRow),
                [{"kind": kind.name, "entity_id": i, "seq": n, "moved": False}
                 for n, i in numbered],
            )  # fmt: skip
            connection.execute(
                sa.insert(ChangeRow),
                [{"seq": n, "kind": kind.name, "entity_id": i, "fields": "[]", "op_id": "",
                  "replica": "server", "person": "", "at": at, "mark": mark}
                 for n, i in numbered],
            )  # fmt: skip
        return seq

    def _at(self) -> str:
        return stamp(self.access.now())

    # -- requests

    def hello(self, principal: Principal, place: Place) -> protocol.Hello:
        """What this server is. Raises Problem."""
        with self.database.reading() as session:
            head = head_of(session)
        self._check_schema(place)
        return protocol.Hello(
            protocol.PROTOCOL, self.schema, self.oldest, head.history, head.seq,
            principal.user_id, principal.organisation_id, self._at(), sorted(principal.roles),
        )  # fmt: skip

    def push(self, principal: Principal, message: protocol.Push) -> protocol.Pushed:
        """Take operations: all are answered, none holds up another. Raises Problem."""
        if len(message.ops) > protocol.MAX_OPS:
            raise Problem(413, Code.TOO_LARGE, f"At most {protocol.MAX_OPS} operations.")
        self._check_schema(message)
        try:
            return self.database.write(lambda session: self._push(session, principal, message))
        except sa.exc.OperationalError as error:
            if _is_full(error):
                raise Problem(
                    507, Code.STORAGE_FULL, "The server's disk is full. Nothing was taken.",
                    retry_after=30,
                ) from error  # fmt: skip
            raise

    def _push(
        self, session: Session, principal: Principal, message: protocol.Push
    ) -> protocol.Pushed:
        writer = Writer(session, self._at(), principal.name[:100], message.replica)
        self._check_history(session, writer.head, message)
        sight = Sight(session, self.access, principal)
        last = session.scalar(
            sa.select(ReplicaRow.last_n).where(ReplicaRow.replica == message.replica)
        )
        first, last = last is None, last or 0
        ids = [op.op for op in message.ops]
        known = dict(
            session.execute(
                sa.select(OperationRow.op_id, OperationRow.answer).where(
                    OperationRow.op_id.in_(ids)
                )
            ).all()
        )
        self._check_top_level(session, sight, message, known.keys())
        if not message.confirmed:
            self._check_removals(session, writer, message, known.keys())
        answers: list[Answer] = []
        fresh: set[str] = set()
        for op in message.ops:
            if op.op in known:
                answers.append(protocol.decode(Answer, known[op.op].encode()))
                last = op.n if op.n == last + 1 else last
                continue
            if op.n <= last:
                raise Problem(
                    409, Code.IDENTITY_TWICE,
                    "Another console uses this identity: is its disk a copy of this one's?",
                )  # fmt: skip
            if op.n > last + 1:
                raise Problem(409, Code.GAP, "Operations are missing.", expect=last + 1)
            if not protocol.is_id(op.op):
                raise Problem(422, Code.BAD_MESSAGE, "An operation's id is no UUID.")
            answer = self._take(writer, sight, op)
            fresh.add(op.op)
            last = op.n
            known[op.op] = protocol.encode(answer).decode()
            session.execute(
                sa.insert(OperationRow).values(
                    op_id=op.op, replica=message.replica, n=op.n, answer=known[op.op]
                )
            )
            answers.append(answer)
        writer.finish()
        self._note_authors(session, principal, [op for op in message.ops if op.op in fresh])
        taken = {a.op for a in answers if a.status is Status.APPLIED} & fresh
        self._note_consents(session, principal, [op for op in message.ops if op.op in taken])
        values = {"last_n": last, "console_id": principal.console_id,
                  "user_id": principal.user_id, "seen_at": writer.at}  # fmt: skip
        if first:
            session.execute(sa.insert(ReplicaRow).values(replica=message.replica, **values))
        else:
            session.execute(
                sa.update(ReplicaRow).where(ReplicaRow.replica == message.replica).values(**values)
            )
        mark = self._mark(session, writer.head.seq)
        return protocol.Pushed(answers, writer.head.seq, writer.at, mark)

    def _note_authors(
        self, session: Session, principal: Principal, ops: Sequence[Operation]
    ) -> None:
        """What an account sent that others entered stands in the audit log under both names."""
        written: dict[str, dict[str, int]] = {}
        for op in ops:
            author = _plain(op.author)
            if author not in ("", principal.name) and op.kind != "asset_change":
                kinds_of = written.setdefault(author, {})
                kinds_of[op.kind] = kinds_of.get(op.kind, 0) + 1
        for author, counts in sorted(written.items()):
            audit.note(session, self.access.now(), principal, SENT_FOR, author=author,
                       entries=counts)  # fmt: skip

    def _note_consents(
        self, session: Session, principal: Principal, ops: Sequence[Operation]
    ) -> None:
        """That somebody agreed to trying default passwords stands in the audit log as well."""
        for op in ops:
            if (op.kind, op.fields.get("book"), op.fields.get("kind")) != (
                "log", logbook.Book.SETUP, logbook.CONSENTED
            ):  # fmt: skip
                continue
            entry = logbook.entry_of(json.loads(op.fields["content"]), op.fields["chain"])
            purpose, count = str(entry.data.get("purpose", "")), entry.data.get("count")
            audit.note(
                session, self.access.now(), principal, AGREED, entry.id, purpose=purpose[:300],
                author=entry.author, when=stamp(entry.true_at), hash=entry.chain,
                range=str(entry.data.get("name", ""))[:300], devices=count if type(count) is int else 0,
            )  # fmt: skip

    def _check_top_level(
        self, session: Session, sight: Sight, message: protocol.Push, known: Iterable[str]
    ) -> None:
        """Organisations that hang on none are the system's administrator's. A console that has some
        of its own must be told where they belong, before what belongs to them is refused."""
        if sight.rules:
            return
        made = [
            op.id for op in message.ops
            if op.kind == "organisation" and op.op not in known
            and "parent_id" in op.fields and op.fields["parent_id"] is None
        ]  # fmt: skip
        t = KINDS["organisation"].table
        here = set(session.scalars(sa.select(t.c.id).where(t.c.id.in_(made))))
        if new := [identity for identity in made if identity not in here]:
            raise Problem(
                409, Code.TOP_LEVEL,
                "Choose under which organisation those of this workstation belong.",
                organisations=new, may_make=sight.principal.by_role(Permission.ADMINISTER),
            )  # fmt: skip

    def _check_removals(
        self, session: Session, writer: Writer, message: protocol.Push, known: Iterable[str]
    ) -> None:
        """A console that removes very much at once may be in error: a person must mean it."""
        # What is removed and restored again in one push is not removed.
        after = {
            (op.kind, op.id): bool(op.fields[DELETED]) for op in message.ops
            if op.op not in known and op.kind in GUARDED and DELETED in op.fields
        }  # fmt: skip
        fresh = sum(after.values())
        if not fresh:
            return
        since = stamp(self.access.now() - timedelta(seconds=protocol.REMOVALS_WITHIN_S))
        t = ChangeRow
        recent = session.scalar(
            sa.select(sa.func.count()).select_from(t).where(
                t.seq > writer.head.seq - 10 * protocol.FEED_PAGE, t.at >= since,
                t.replica == message.replica, t.kind.in_(GUARDED), t.fields.contains(DELETED),
            )
        )  # fmt: skip
        count = fresh + (recent or 0)
        if count <= protocol.FEW_REMOVALS:
            return
        cameras = session.scalar(sa.select(sa.func.count()).where(c.deleted_at.is_(None))) or 0
        if count > min(protocol.MANY_REMOVALS, max(protocol.FEW_REMOVALS, cameras // 5)):
            raise Problem(
                409, Code.MANY_REMOVALS, "So many removals at once must be confirmed.",
                removals=count,
            )  # fmt: skip

    def _take(self, writer: Writer, sight: Sight, op: Operation) -> Answer:
        """One operation, whole or not at all; what is refused is kept for its author to decide."""
        seq = writer.head.seq
        try:
            with writer.session.begin_nested():
                answer = _Merge(writer, sight, op).run()
            return answer
        except _RefusedError as refusal:
            reason, detail = refusal.reason, refusal.detail
        except sa.exc.IntegrityError:
            reason, detail = Reason.REFERENCE, ""
        except sa.exc.DataError as error:
            reason, detail = Reason.INVALID, str(error.orig)[:200]
        writer.head.seq = seq
        if op.kind != "asset_change":  # what it tells of was refused, and that is kept
            fields = kinds.without_secrets(op.kind, op.fields)
            _Merge(writer, sight, op).record("*", reason, fields, None, "", "")
        return Answer(op.op, Status.REJECTED, writer.head.seq, reason, sorted(op.fields), detail)

    def pull(self, principal: Principal, message: protocol.Pull) -> protocol.Pulled:
        """A page of the feed. Raises Problem."""
        self._check_schema(message)
        limit = max(1, min(message.limit, protocol.FEED_PAGE))
        with self.database.reading() as session:
            head = head_of(session)
            self._check_history(session, head, message)
            sight = Sight(session, self.access, principal)
            grants = self.access.changed_grants_since(session, principal, message.scope, sight.now)
            page = session.execute(
                sa.select(FeedRow.seq, FeedRow.kind, FeedRow.entity_id, FeedRow.moved)
                .where(FeedRow.seq > message.cursor)
                .order_by(FeedRow.seq)
                .limit(limit + 1)
            ).all()
            more, page = len(page) > limit, page[:limit]
            by_kind: dict[str, list[str]] = {}
            for row in page:
                by_kind.setdefault(row.kind, []).append(row.entity_id)
            tables: list[Table] = []
            seen: set[tuple[str, str]] = set()
            for name in KINDS:
                found: list[Row] = []
                for part in kinds.chunks(by_kind.get(name, [])):
                    found += sight.rows(KINDS[name], KINDS[name].table.c.id.in_(part))
                seen.update((name, row["id"]) for row in found)
                tables += self._table(KINDS[name], found, message.schema)
            gone = [
                (row.kind, row.entity_id)
                for row in page
                if row.moved and (row.kind, row.entity_id) not in seen
            ]
            to = page[-1].seq if more else max([head.seq, *(page[-1].seq for _ in page[:1])])
            return protocol.Pulled(
                message.cursor, to, self._mark(session, head.seq), head.seq, grants.token,
                grants.changed, tables, gone, more, self._at(), head.durable,
            )  # fmt: skip

    def news(self, principal: Principal, message: protocol.Watch) -> protocol.Watched:
        """Whether there is something to pull. Raises Problem."""
        with self.database.reading() as session:
            head = head_of(session)
            news = head.seq != message.cursor or head.history != message.history
            if not news:
                news = self.access.changed_grants_since(
                    session, principal, message.scope, self.access.now()
                ).changed
        return protocol.Watched(head.seq, news, self._at())

    def pulse(self) -> tuple[int, str]:
        """What changes whenever somebody might have something to pull: asked five times a second
        by each server process."""
        with self.database.reading() as session:
            return head_of(session).seq, self.access.rights_version(session)

    def snapshot(
        self, principal: Principal, message: protocol.SnapshotAsked
    ) -> protocol.SnapshotPage:
        """A page of everything that may be seen. Raises Problem."""
        page, packed = self._snapshot(principal, message)
        if packed:
            plain = protocol.decompress(packed, protocol.MAX_ANSWER)
            page.tables = protocol.decode(list[Table], plain)
        return page

    def packed_snapshot(
        self, principal: Principal, message: protocol.SnapshotAsked
    ) -> protocol.SnapshotPage | protocol.Packed:
        """The same as it travels, where it is kept so. Raises Problem."""
        page, packed = self._snapshot(principal, message)
        return protocol.Packed.page(page, packed) if packed else page

    def _snapshot(
        self, principal: Principal, message: protocol.SnapshotAsked
    ) -> tuple[protocol.SnapshotPage, bytes]:
        """A page; where it is kept, without tables, and those compressed."""
        self._check_schema(message)
        room = max(1, min(message.limit, protocol.SNAPSHOT_PAGE))
        with self.database.reading() as session:
            head = head_of(session)
            self._check_history(session, head, message)
            sight = Sight(session, self.access, principal)
            scope = self.access.changed_grants_since(session, principal, "", sight.now).token
            names = [name for name in KINDS if KINDS[name].since <= message.schema]
            if message.after is None:
                after = (names[0], "")
            else:
                if message.after[0] not in names or message.seq is None:
                    raise Problem(422, Code.BAD_MESSAGE, "No such place in a snapshot.")
                after = message.after
            key, position = "", None
            if after[0] in KEPT:
                key, position = self._position(session, head, sight, message)
            if position is not None:
                kept = self.snapshots.page(key, position, after) if self.snapshots else None
                if (
                    kept
                    and kept[0].rows <= room
                    and self._mark(session, kept[0].head) == kept[0].mark
                ):
                    return protocol.SnapshotPage(
                        position.seq, head.seq, self._mark(session, head.seq), scope, [],
                        kept[0].next, kept[0].total, self._at(), protocol.TEXTS,
                    ), kept[1]  # fmt: skip
            seq = head.seq if message.seq is None else min(message.seq, head.seq)
            seq = position.seq if position else seq
            total = self._about(session, sight, names) if message.after is None else 0
            tables: list[Table] = []
            following: tuple[str, str] | None = None
            for name in names[names.index(after[0]) :]:
                if position and name not in KEPT:
                    following = (name, "")  # what is kept ends here
                    break
                kind = KINDS[name]
                start = after[1] if name == after[0] else ""
                if self._is_after(session, kind, start) is None:
                    continue
                columns = self._columns(kind, message.schema)
                rows = sight.lists(kind, columns, kind.table.c.id > start, limit=room)
                if rows:
                    last = rows[-1][0]
                    kinds.add_made(session.connection(), kind, columns, rows)
                    tables.append(Table(name, columns, rows))
                room -= len(rows)
                if not room:
                    following = (name, last)
                    break
            page = protocol.SnapshotPage(
                seq, head.seq, self._mark(session, head.seq), scope, tables, following, total,
                self._at(), protocol.TEXTS,
            )  # fmt: skip
            if not position or not self.snapshots:
                return page, b""
            packed = protocol.compress(protocol.encode(tables))
            count = sum(len(t.rows) for t in tables)
            kept_page = Page(following, count, total, head.seq, page.mark)
            self.snapshots.keep(key, position, after, kept_page, packed)
            page.tables = []
            return page, packed

    def _position(
        self, session: Session, head: Head, sight: Sight, message: protocol.SnapshotAsked
    ) -> tuple[str, Position | None]:
        """Where the pages for this person's rights are kept that may be told now; a new load
        begins such a place where there is none."""
        sighted = self.access.sight_key(session, sight.principal, sight.now)
        if not self.snapshots or not sighted:
            return "", None
        columns = [c for name in KEPT for c in (name, *KINDS[name].columns)]
        parts = (head.history, sighted, message.schema, protocol.TEXTS, *columns)
        key = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
        for position in self.snapshots.positions(key):
            if message.after is not None and position.seq != message.seq:
                continue
            if self._still(session, head, position):
                if message.after is not None:
                    return key, position
                first = self.snapshots.page(key, position, (KEPT[0], ""))
                few = first[0].total // PART_BEHIND if first else 0
                if head.seq - position.seq <= few:
                    return key, position
            self.snapshots.throw_away(key, position)
        if message.after is None and (mark := self._mark(session, head.seq)):
            position = Position(head.seq, mark)
            if self.snapshots.begin(key, position):
                return key, position
        return key, None

    def _still(self, session: Session, head: Head, position: Position) -> bool:
        """Whether pages that were made there show nothing that may not be seen now (by who has
        the same rights): nothing has moved since, and it is the same history."""
        behind = head.seq - position.seq
        if not 0 <= behind <= MOST_BEHIND or self._mark(session, position.seq) != position.mark:
            return False
        moved = session.execute(
            sa.select(FeedRow.kind, FeedRow.entity_id)
            .where(FeedRow.seq > position.seq, FeedRow.moved)
        ).all()  # fmt: skip
        by_kind: dict[str, list[str]] = {}
        for name, identity in moved:
            by_kind.setdefault(name, []).append(identity)
        # A row that once moved says so for ever; its changes since tell whether it did so again.
        return not any(
            self._moved_since(session, KINDS[name], part, position.seq)
            for name in KEPT for part in kinds.chunks(by_kind.get(name, []))
        )  # fmt: skip

    def _moved_since(self, session: Session, kind: Kind, ids: list[str], seq: int) -> bool:
        field = kind.parent or ("parent_id" if kind.name == "organisation" else "")
        how = [ChangeRow.fields == "[]"]
        if field:
            how.append(ChangeRow.fields.contains(f'"{field}"'))
        where = (ChangeRow.kind == kind.name, ChangeRow.entity_id.in_(ids), ChangeRow.seq > seq)
        query = sa.select(ChangeRow.seq).where(*where, sa.or_(*how)).limit(1)
        return session.scalar(query) is not None

    def _is_after(self, session: Session, kind: Kind, start: str) -> str | None:
        """A row of a kind after another, whoever may see it. What may be seen takes long to find
        out, even of nothing."""
        t = kind.table.c
        return session.scalar(sa.select(t.id).where(t.id > start).limit(1))

    def _about(self, session: Session, sight: Sight, names: list[str]) -> int:
        """About how many rows a person may see: of what belongs to cameras as many as of those.
        Whether each is visible takes longer to find out than its page to make."""

        def count(name: str, *where: sa.ColumnElement[bool]) -> int:
            query = sa.select(sa.func.count()).select_from(KINDS[name].table)
            return session.scalar(query.where(*where)) or 0

        cameras, visible = count("channel"), count("channel", sight.cameras())
        total = visible
        for name in names:
            if name in WITH_CAMERAS:
                total += count(name) * visible // (cameras or 1)
            elif name != "channel" and self._is_after(session, KINDS[name], "") is not None:
                total += count(name, sight.condition(KINDS[name]))
        return total

    def visible(self, principal: Principal, message: Place) -> protocol.Visible:
        """The ids of what may be seen, where permissions changed. Raises Problem."""
        with self.database.reading() as session:
            self._check_history(session, head_of(session), message)
            sight = Sight(session, self.access, principal)
            scope = self.access.changed_grants_since(session, principal, "", sight.now).token
            conditions = {"channel": sight.cameras()}
            conditions |= {name: sight.structure(name) for name in ("site", "position", "device")}
            conditions |= {
                name: sight.condition(KINDS[name])
                for name in protocol.RECONCILED
                if name not in conditions
            }
            ids = {
                name: protocol.pack(
                    session.scalars(sa.select(KINDS[name].table.c.id).where(condition))
                )
                for name, condition in conditions.items()
            }
            return protocol.Visible(scope, ids, self._at())

    def rows(self, principal: Principal, message: protocol.RowsAsked) -> protocol.RowsAnswer:
        """Rows by id; with channels all around them. Raises Problem."""
        self._check_schema(message)
        if sum(map(len, message.ids.values())) > protocol.ROWS_PAGE:
            raise Problem(413, Code.TOO_LARGE, f"At most {protocol.ROWS_PAGE} rows.")
        with self.database.reading() as session:
            head = head_of(session)
            self._check_history(session, head, message)
            sight = Sight(session, self.access, principal)
            wanted = {name: set(ids) for name, ids in message.ids.items() if name in KINDS}
            cameras = sorted(wanted.get("channel", ()))
            for name, column in (
                ("device", c.device_id), ("site", c.site_id), ("position", d.position_id),
            ):  # fmt: skip
                found = wanted.setdefault(name, set())
                for part in kinds.chunks(cameras):
                    query = sa.select(column).where(c.id.in_(part), c.device_id == d.id)
                    found.update(session.scalars(query))
            for name, field in (
                ("former_code", "channel_id"), ("favourite", "channel_id"),
                ("maintenance", "channel_id"), ("preset", "channel_id"),
                ("observation", "channel_id"),
                ("ticket_event", "ticket_id"),
                ("attachment", "entity_id"), ("conflict", "entity_id"),
            ):  # fmt: skip
                t = KINDS[name].table
                about = cameras if field == "channel_id" else [
                    *(cameras if field == "entity_id" else ()), *sorted(wanted.get("ticket", ()))
                ]  # fmt: skip
                for part in kinds.chunks(about):
                    query = sa.select(t.c.id).where(t.c[field].in_(part))
                    wanted.setdefault(name, set()).update(session.scalars(query))
            for name in OF_ASSETS:
                t = KINDS[name].table
                about = [i for asset in ASSETS for i in wanted.get(asset, ())]
                for part in kinds.chunks(sorted(about)):
                    query = sa.select(t.c.id).where(t.c.entity_id.in_(part))
                    wanted.setdefault(name, set()).update(session.scalars(query))
            tables: list[Table] = []
            for name, kind in KINDS.items():
                rows: list[Row] = []
                for part in kinds.chunks(sorted(wanted.get(name, ()))):
                    rows += sight.rows(kind, kind.table.c.id.in_(part))
                tables += self._table(kind, rows, message.schema)
            return protocol.RowsAnswer(head.seq, self._mark(session, head.seq), tables, self._at())

    def digest(self, principal: Principal, asked: protocol.DigestAsked) -> protocol.Digest:
        """What a console should hold, in figures. Raises Problem."""
        self._check_schema(asked)
        with self.database.reading() as session:
            head = head_of(session)
            self._check_history(session, head, asked)
            sight = Sight(session, self.access, principal)
            scope = self.access.changed_grants_since(session, principal, "", sight.now).token
            said = protocol.Digest(head.seq, scope, {}, self._at(), {}, {})
            finer = {*asked.parts, *asked.listed}
            for name in protocol.DIGESTED:
                t, condition = KINDS[name].table, sight.condition(KINDS[name])
                part = kinds.part_of(t)
                figures = (sa.func.count(), sa.func.coalesce(sa.func.sum(t.c.rev), 0))
                if not finer:
                    row = session.execute(sa.select(*figures).where(condition)).one()
                    said.kinds[name] = (int(row[0]), int(row[1]))
                if name in asked.parts:
                    parts = sa.select(part, *figures).where(condition).group_by(part)
                    said.parts[name] = {r[0]: (int(r[1]), int(r[2]))
                                        for r in session.execute(parts)}  # fmt: skip
                if name in asked.listed:
                    query = sa.select(t.c.id, t.c.rev).where(part.in_(asked.listed[name]))
                    said.listed[name] = {
                        r[0]: r[1] for r in session.execute(query.where(condition))
                    }
            return said

    # -- parts

    def _table(self, kind: Kind, rows: list[Row], schema: int) -> list[Table]:
        """What a console of that schema understands of the rows."""
        if not rows or kind.since > schema:
            return []
        columns = self._columns(kind, schema)
        return [Table(kind.name, columns, [[row[n] for n in columns] for row in rows])]

    def _columns(self, kind: Kind, schema: int) -> list[str]:
        return [n for n in kind.columns if kinds.SINCE.get((kind.name, n), 1) <= schema]

    def _mark(self, session: Session, seq: int) -> str:
        return session.scalar(sa.select(ChangeRow.mark).where(ChangeRow.seq == seq)) or ""

    def _check_schema(self, place: Place) -> None:
        if place.schema < self.oldest:
            raise Problem(
                409, Code.CLIENT_TOO_OLD, "This console must be updated first.", schema=self.oldest
            )
        if place.schema > self.schema:
            raise Problem(
                409, Code.SERVER_TOO_OLD, "The server must be updated first.", schema=self.schema
            )

    def _check_history(self, session: Session, head: Head, place: Place) -> None:
        """Whether the console has seen only what this database still knows."""
        if place.history and place.history != head.history:
            raise Problem(409, Code.OTHER_SERVER, "This is not the server that it was.")
        marks = dict(place.marks[:MARKS])
        if not marks:
            return
        found = session.execute(
            sa.select(ChangeRow.seq, ChangeRow.mark).where(ChangeRow.seq.in_(list(marks)))
        )
        kept: dict[int, str] = dict(found.all())
        common = max(
            (seq for seq, mark in marks.items()
             if kept.get(seq) == mark or seq <= head.floor),
            default=0,
        )  # fmt: skip
        if common < max(marks):
            raise Problem(
                409, Code.REWOUND, "The server was restored from a backup.", common=common
            )


def _is_full(error: BaseException | None) -> bool:
    """Whether a full disk is the cause; SQLite then ends the transaction by itself, and what is
    raised last is about that."""
    while error is not None:
        cause = getattr(error, "orig", None)
        if "is full" in str(cause) or getattr(cause, "sqlstate", "") == "53100":
            return True
        error = error.__context__
    return False


def _plain(text: str) -> str:
    """A name as a database can hold it."""
    return text.replace("\x00", "")[:100]


def _signed(person: str, author: str) -> str:
    """Who entered something, and the account that sent it where that is another's."""
    return person if author in ("", person) else f"{author} ({person})"[:100]


class _RefusedError(Exception):
    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


class _Merge:
    """One operation against the row as it is."""

    def __init__(self, writer: Writer, sight: Sight, op: Operation) -> None:
        self.writer, self.sight, self.op = writer, sight, op
        self.connection = writer.connection

    def run(self) -> Answer:
        """Raises _RefusedError and IntegrityError: then nothing of it may stay."""
        op, me = self.op, self.sight.principal
        kind = KINDS.get(op.kind)
        if kind is None:
            raise _RefusedError(Reason.UNKNOWN_KIND)
        problem = "" if protocol.is_id(op.id) else "id: no UUID"
        problem = problem or kinds.problem_with(kind, op.fields)
        if kind.name == "log" and not problem:
            problem = log_lines.problem_with_row({"id": op.id, **op.fields})
        if kind.name == "observation" and not problem:
            problem = observations.problem_with(op.fields)
        if problem:
            raise _RefusedError(Reason.INVALID, problem)
        fields = dict(op.fields)
        row = kinds.read(self.connection, kind, [op.id]).get(op.id)
        if row is None and kind.natural:
            row = self._namesake(kind, fields)
        if row is not None and not self.sight.sees(kind, row["id"]):
            raise _RefusedError(Reason.UNKNOWN)
        if kind.name == "observation" and (
            {fields.get("console"), row["console"] if row else None} - {self.writer.replica, None}
        ):
            raise _RefusedError(Reason.FORBIDDEN)  # what a console saw, it says itself
        if kind.name in OWNED or (kind.name == "maintenance" and row is None):
            fields["person"] = me.user_id
        if kind.name in SHARED_KINDS:
            fields.pop("organisation_id", None)
            if row is None or fields.get("owner") == SHARED:
                fields["organisation_id"] = me.organisation_id
        if kind.name == "conflict" and (row is None or fields.keys() - {"decided"}):
            raise _RefusedError(Reason.FORBIDDEN)
        if row is None:
            return self._create(kind, fields)
        if kind.name in tickets.TICKETS:
            return Answer(op.op, Status.APPLIED, self.writer.head.seq)  # sent again
        if kind.appended:
            same = all(row[name] == value for name, value in fields.items())
            if not same:
                raise _RefusedError(Reason.APPENDED)
            return Answer(op.op, Status.APPLIED, self.writer.head.seq)
        return self._patch(kind, row, fields)

    def _namesake(self, kind: Kind, fields: Row) -> Row | None:
        t = kind.table
        if any(name not in fields for name in kind.natural):
            return None
        where = [t.c[name] == fields[name] for name in kind.natural]
        identity = self.connection.scalar(sa.select(t.c.id).where(*where))
        return kinds.read(self.connection, kind, [identity])[identity] if identity else None

    def _create(self, kind: Kind, fields: Row) -> Answer:
        op = self.op
        missing = kinds.missing_fields(kind, fields)
        if missing:
            # A change of a row that is not there: it was never sent, or is lost.
            raise _RefusedError(Reason.UNKNOWN, f"no such row, and {', '.join(missing)} missing")
        row = kinds.completed(kind, op.id, fields, self.writer.at)
        if kind.name in tickets.TICKETS:
            if refused := tickets.put_right(self.sight, kind.name, row, self.writer.at):
                raise _RefusedError(*refused)
            return self._ticket(kind, row)
        if not self.sight.may_write(kind, row):
            raise _RefusedError(Reason.FORBIDDEN)
        self._write(kind, row)
        seq = self.writer.change(kind, op.id, {*kind.fields}, op)
        return Answer(op.op, Status.APPLIED, seq)

    def _ticket(self, kind: Kind, row: Row) -> Answer:
        """A report or an event that the rules allow."""
        about = row["id"] if kind.name == "ticket" else row["ticket_id"]
        before = tickets.standing(self.writer, about)
        self._write(kind, row)
        seq = self.writer.change(kind, self.op.id, {*kind.fields}, self.op)
        if kind.name == "ticket":
            tickets.reported(self.writer, about)
        elif tickets.standing(self.writer, about) != before:
            tickets.moved(self.writer, about)
            seq = self.writer.head.seq
        return Answer(self.op.op, Status.APPLIED, seq)

    def _patch(self, kind: Kind, row: Row, fields: Row) -> Answer:
        op, writer = self.op, self.writer
        theirs = {} if kind.last_wins else self._since(kind, row["id"])
        changed = {name: value for name, value in fields.items() if row[name] != value}
        if not changed:
            return Answer(op.op, Status.APPLIED, max(row["rev"], writer.head.seq))
        if not self.sight.may_write(kind, row):
            raise _RefusedError(Reason.FORBIDDEN)
        lost: list[str] = []
        if row.get(DELETED) and DELETED in theirs and DELETED not in changed:
            by = theirs[DELETED]
            self.record("*", Reason.DELETED, changed, None, *by)
            lost, changed = sorted(changed), {}
        elif changed.get(DELETED) and theirs:
            by = next(iter(theirs.values()))
            now = {name: row[name] for name in theirs if name in row}
            self.record(DELETED, Reason.EDITED, changed[DELETED], now, *by)
            lost = [DELETED]
            del changed[DELETED]
        for name in sorted(changed.keys() & theirs.keys()):
            self.record(name, Reason.CHANGED, changed.pop(name), row[name], *theirs[name])
            lost.append(name)
        if changed:
            after = row | changed
            place = kind.name in ASSETS and kind.parent in changed
            if not (self.sight.at_home if place else self.sight.may_write)(kind, after):
                raise _RefusedError(Reason.FORBIDDEN)
            self._write(kind, after)
            moves = kind.parent in changed or (kind.name, "parent_id" in changed) == (
                "organisation", True,
            )  # fmt: skip
            writer.change(kind, row["id"], changed, op, moved=moves)
            if moves:
                writer.moved(kind, row)
        status = Status.CONFLICT if lost else Status.MERGED if theirs else Status.APPLIED
        return Answer(op.op, status, writer.head.seq, Reason.CHANGED if lost else "", lost)

    def _write(self, kind: Kind, row: Row) -> None:
        kinds.write(self.connection, kind, [row])
        kinds.derive(self.connection, {kind.name: [row["id"]]}, texts=False)

    def _since(self, kind: Kind, identity: str) -> dict[str, tuple[str, str]]:
        """Fields that others changed after what the author had seen: to (who, when)."""
        op = self.op
        found: dict[str, tuple[str, str]] = {}
        if op.base < self.writer.head.floor:
            found = dict.fromkeys((*kind.fields, DELETED), ("", ""))
        t = ChangeRow
        query = sa.select(t.fields, t.person, t.author, t.at).where(
            t.kind == kind.name, t.entity_id == identity, t.seq > op.base,
            t.replica != self.writer.replica,
        )  # fmt: skip
        for names, person, author, at in self.connection.execute(query.order_by(t.seq)):
            found |= dict.fromkeys(json.loads(names), (_signed(person, author), at))
        return found

    def record(self, field: str, reason: str, mine: Any, theirs: Any, by: str, at: str) -> None:
        """Keep what was not taken, for its author to decide."""
        op, kind = self.op, KINDS["conflict"]
        identity = str(uuid.uuid5(NAMESPACE, f"{op.op}/{field}"))
        person = self.sight.principal.user_id
        self.connection.execute(
            sa.insert(ConflictRow).values(
                id=identity, rev=0, updated_at=self.writer.at, person=person,
                kind=op.kind[:20], entity_id=op.id[:36], field=field[:50], reason=reason,
                mine=json.dumps(mine, ensure_ascii=False),
                theirs=json.dumps(theirs, ensure_ascii=False),
                mine_by=_signed(self.writer.person, _plain(op.author)),
                mine_at=op.at[:32], theirs_by=by, theirs_at=at,
            )
        )  # fmt: skip
        self.writer.change(kind, identity, kind.fields, op)
