"""The console's side of `docs/sync.md`: `SyncClient` does one step at a time (network and clock are
handed in), `SyncThread` does them all the time, off the Qt thread."""

from __future__ import annotations

import gc
import hashlib
import json
import logging
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
import uuid_utils

from app.store import chain_ends, files, kinds, outbox
from app.store.errors import StoreError
from app.store.kinds import ASSETS, KINDS, Kind, Row
from app.store.models import AssetChangeRow, AssetFieldRow
from app.store.outbox import cursor, set_state, state
from app.store.store import Changes, Store
from app.store.sync_models import (
    AttachmentRow,
    ConflictRow,
    OutboxRow,
    ShadowRow,
    UploadRow,
)
from app.store.ticket_models import TicketCameraRow, TicketRow
from app.store.ticket_state import REFERENCE
from app.sync import protocol
from app.sync.protocol import Code, Operation, Place, SyncError, Table
from app.sync.status import DIFFERED, NetworkError, SyncStatus

log = logging.getLogger(__name__)

BATCH = 200
KEEP_SENT_S = 30 * 86400.0
"""Operations that were taken are kept so long, or until the server's backup has them."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
TIMEOUT_S = 30.0
MARKS = 24
FIRST_PAGE = 1000
VERIFY_S = 6 * 3600.0
"""So often a console compares with the server what both hold."""
BROUGHT, BROUGHT_BYTES = 2000, 8 * 1024 * 1024
"""So many of the newest files, each at most so large, are brought before anybody looks at them."""
LOWEST = -(2**62)
"""A `rev` below all others: whatever is written, it is written over this."""

T = TypeVar("T")


class CancelledError(Exception):
    """Asked to stop."""


class Transport(Protocol):
    """Carries a request to the server. Raises NetworkError and SyncError."""

    def call(self, method: str, path: str, body: bytes, timeout_s: float) -> bytes:
        """One request; the answer's body."""
        ...

    def cancel(self) -> None:
        """Break off what is under way, from another thread."""
        ...


class SyncClient:
    """One console's synchronisation. One thread at a time."""

    def __init__(
        self,
        store: Store,
        transport: Transport,
        *,
        schema: int = protocol.SCHEMA,
        clock: Callable[[], float] = time.time,
        crash: Callable[[str], None] = lambda where: None,
        submit: Callable[[Callable[[], Any]], Future[Any]] | None = None,
    ) -> None:
        """`crash` is called between any two steps: tests end the process there. `submit` runs a
        request beside what is done here (an executor's), by default at once."""
        self.store, self.transport, self.schema = store, transport, schema
        self.clock, self.crash = clock, crash
        self._submit = submit or _at_once
        self._ahead: tuple[str, bytes, Future[tuple[bytes, float, float]]] | None = None
        """A request that was made before it is needed, as it was sent, and its answer with the
        times before and after it."""
        self.cancelled = threading.Event()
        self.notes: list[str] = []
        """What happened that a person should be told once: identity_twice, rewound."""
        self.scope_changed = False
        self.removals = 0
        """So many wait for a person to say that they are meant."""
        self.homeless: tuple[str, ...] = ()
        """Organisations of this console's own, of which a person must say where they belong."""
        self.may_make = False
        """Whether this person may make organisations below one's own."""
        with store.syncing() as connection:
            if state(connection, "replica") is None:
                set_state(connection, replica=str(uuid_utils.uuid7()), last_number=0)
        store.recording = True

    # -- requests

    def _ask(self, path: str, message: Any, answer: type[T], timeout_s: float = TIMEOUT_S) -> T:
        if self.cancelled.is_set():
            raise CancelledError
        body = protocol.encode(message)
        data, before, after = self._asked(path, body) or self._call(path, body, timeout_s)
        try:
            with _uncollected():
                result = protocol.decode(answer, data)
        except ValueError as error:
            raise NetworkError(f"an answer that is none: {error}") from error
        if self.cancelled.is_set():
            raise CancelledError
        said = getattr(result, "time", "")
        if said and after - before < 5:
            self._measure(datetime.fromisoformat(said).timestamp() - (before + after) / 2)
        return result

    def _call(self, path: str, body: bytes, timeout_s: float) -> tuple[bytes, float, float]:
        before = self.clock()
        data = self.transport.call("POST", path, body, timeout_s)
        return data, before, self.clock()

    def _ask_ahead(self, path: str, message: Any, timeout_s: float) -> None:
        """Send what will be asked next, while the last answer is being stored."""
        body = protocol.encode(message)
        self._ahead = path, body, self._submit(lambda: self._call(path, body, timeout_s))

    def _asked(self, path: str, body: bytes) -> tuple[bytes, float, float] | None:
        """The answer to what was asked ahead, where it is this very request. The connection is
        free after it."""
        if self._ahead is None:
            return None
        (*asked, answer), self._ahead = self._ahead, None
        try:
            found = answer.result()
        except Exception:
            if asked == [path, body]:
                raise
            return None
        return found if asked == [path, body] else None

    def _ask_or_recover(
        self, path: str, message: Any, answer: type[T], timeout_s: float = TIMEOUT_S
    ) -> T | None:
        """`_ask`; None where the server refused and that was dealt with: what is asked next is
        another thing, as the console may have to load anew (`_recover`)."""
        try:
            return self._ask(path, message, answer, timeout_s)
        except SyncError as error:
            if not self._recover(error):
                raise
            return None

    def _measure(self, offset_s: float) -> None:
        with self.store.looking() as connection:
            known = state(connection, "offset_ms")
        if known is None or abs(known - offset_s * 1000) > 250:
            with self.store.syncing() as connection:
                set_state(connection, offset_ms=round(offset_s * 1000))

    def _place(self, connection: sa.Connection) -> dict[str, Any]:
        return {
            "replica": state(connection, "replica"), "history": state(connection, "history", ""),
            "schema": self.schema, "cursor": cursor(connection),
            "marks": state(connection, "marks", []),
            "scope": state(connection, "scope", ""),
        }  # fmt: skip

    def place(self) -> dict[str, Any]:
        """Where this console stands, as in every request."""
        with self.store.looking() as connection:
            return self._place(connection)

    # -- steps

    def hello(self) -> None:
        """Meet the server: learn who we are there, and enter what was here before.

        Raises SyncError (other_server: see `accept_server`).
        """
        with self.store.looking() as connection:
            place = Place(**self._place(connection) | {"history": "", "marks": []})
            known = state(connection, "history", "")
            loaded = state(connection, "loaded_schema", 0)
        said = self._ask("hello", place, protocol.Hello)
        if known and known != said.history:
            raise SyncError(protocol.Problem(Code.OTHER_SERVER, "Another server, or a new one."))
        with self.store.syncing() as connection:
            before = state(connection, "loaded_for", state(connection, "person", ""))
            set_state(connection, history=said.history, person=said.person,
                      organisation=said.organisation, roles=said.roles,
                      loaded_for=said.person)  # fmt: skip
            if not known or loaded < self.schema or (before and before != said.person):
                begin_load(connection)
            self._adopt(connection)
        self.crash("hello")

    def accept_server(self) -> None:
        """A person said: work with this other server from now on. What was sent to the old one
        and is kept is sent again; nothing that was entered is lost."""
        with self.store.syncing() as connection:
            set_state(connection, history="")
            self._rewind(connection, 0)

    def _adopt(self, connection: sa.Connection) -> None:
        """Operations for rows that have none: written before this console met a server."""
        for name, kind in KINDS.items():
            if name == "conflict":
                continue
            t = kind.table
            entered = sa.select(OutboxRow.entity_id).where(OutboxRow.kind == name)
            query = sa.select(t.c.id).where(t.c.rev == 0, t.c.id.not_in(entered))
            if kind.common:
                query = query.where(t.c.deleted_at.is_(None))
            ids = connection.scalars(query.order_by(t.c.id)).all()
            for row in kinds.read(connection, kind, ids).values():
                outbox.enter(connection, name, None, row)

    def push(self) -> int:
        """Send what waits, in order; returns how many were answered."""
        sent = self.removals = 0
        self.homeless = ()
        while True:
            with self.store.syncing() as connection:
                place, ops = self._place(connection), self._next(connection)
                last = connection.scalar(
                    sa.select(sa.func.max(OutboxRow.n)).where(
                        OutboxRow.op_id.in_([op.op for op in ops])
                    )
                )
                confirmed = (last or 0) <= state(connection, "removals_until", 0)
            if not ops:
                return sent
            self.crash("numbered")
            message = protocol.Push(**place, ops=ops, confirmed=confirmed)
            try:
                said = self._ask("push", message, protocol.Pushed)
            except SyncError as error:
                if error.code == Code.MANY_REMOVALS:
                    self.removals = error.problem.removals  # what others do arrives all the same
                    return sent
                if error.code == Code.TOP_LEVEL:
                    self.homeless = tuple(error.problem.organisations)
                    self.may_make = error.problem.may_make
                    return sent
                if not self._recover(error, [op.op for op in ops]):
                    raise
                continue
            self.crash("pushed")
            self.taken(ops, said)
            sent += len(ops)

    def confirm_removals(self) -> None:
        """A person said that everything that waits now is meant to be removed."""
        with self.store.syncing() as connection:
            last = connection.scalar(sa.select(sa.func.max(OutboxRow.n)))
            set_state(connection, removals_until=last or 0)

    def put_under(self, parent: str, *, keep: bool) -> None:
        """A person said where this console's own organisations belong: below `parent`, or (without
        `keep`) they are that organisation itself, and what belongs to them belongs to it."""
        with self.store.syncing() as connection:
            put_under(connection, parent, keep=keep)
        self._tell({"organisation": {parent}, "site": {parent}, "camera": {parent}})

    def _next(self, connection: sa.Connection) -> list[Operation]:
        """The next operations of who is signed in, numbered for good before they are sent."""
        person, last = state(connection, "person", ""), state(connection, "last_number", 0)
        rows = connection.execute(
            sa.select(OutboxRow)
            .where(OutboxRow.seq.is_(None), OutboxRow.person.in_(("", person)))
            .order_by(OutboxRow.number.is_(None), OutboxRow.number, OutboxRow.n).limit(BATCH)
        ).all()  # fmt: skip
        ops: list[Operation] = []
        size, first = 0, last
        for r in rows:
            size += len(r.fields)
            if ops and size > protocol.MAX_BODY // 4:
                break
            number = r.number
            if number is None:
                number = last = last + 1
                connection.execute(
                    sa.update(OutboxRow).where(OutboxRow.n == r.n).values(number=number)
                )
            fields = _outwards(KINDS[r.kind], json.loads(r.fields), person)
            ops.append(Operation(r.op_id, number, r.kind, r.entity_id, r.base_rev, fields, r.at,
                                 r.offset_ms, r.author))  # fmt: skip
        if last != first:
            set_state(connection, last_number=last)
        return ops

    def taken(self, ops: Sequence[Operation], said: protocol.Pushed) -> None:
        """The server's answer to operations; a second time it changes nothing."""
        with self.store.syncing() as connection:
            for op, answer in zip(ops, said.answers, strict=False):
                if op.op != answer.op:
                    raise NetworkError("answers out of order")
                connection.execute(
                    sa.update(OutboxRow)
                    .where(OutboxRow.op_id == op.op, OutboxRow.seq.is_(None))
                    .values(seq=answer.seq, head=said.head, status=answer.status)
                )
            # A backup from before these operations is known by it, even by who has not pulled since.
            _seen(connection, said.head, said.mark)
            changed = self._show(connection)
            self.crash("taking")
        self._tell(changed)

    def _recover(self, error: SyncError, tried: Sequence[str] = ()) -> bool:
        """Whether a refusal was dealt with, so that the request may be made anew."""
        if error.code == Code.IDENTITY_TWICE:
            with self.store.syncing() as connection:
                new_identity(connection)
            self.notes.append(Code.IDENTITY_TWICE)
            return True
        if error.code in (Code.REWOUND, Code.GAP):
            with self.store.syncing() as connection:
                common = error.problem.common if error.code == Code.REWOUND else 0
                self._rewind(connection, common)
            self.notes.append(Code.REWOUND)
            return True
        return False

    def _rewind(self, connection: sa.Connection, common: int) -> None:
        """The server knows our past up to `common` only: what it was sent later waits again, and
        what we hold from later is read anew."""
        lost = (OutboxRow.head > common, OutboxRow.seq.is_not(None))
        for row in connection.execute(
            sa.select(OutboxRow.kind, OutboxRow.entity_id, OutboxRow.n).where(*lost)
        ).all():
            kind = KINDS[row.kind]
            known = connection.scalar(
                sa.select(ShadowRow.rev).where(
                    ShadowRow.kind == row.kind, ShadowRow.entity_id == row.entity_id
                )
            )
            if known is None:
                here = kinds.read(connection, kind, [row.entity_id]).get(row.entity_id)
                seen = kinds.seen_rev(here["rev"]) if here else 0
                gone = here is None or seen > common
                connection.execute(
                    sa.insert(ShadowRow).values(
                        kind=row.kind, entity_id=row.entity_id, rev=min(seen, common),
                        state=None if gone else outbox.dump(here),
                    )
                )  # fmt: skip
        connection.execute(
            sa.update(OutboxRow).where(*lost).values(seq=None, head=None, status="", shown=False)
        )
        connection.execute(
            sa.update(OutboxRow)
            .where(OutboxRow.seq.is_(None), OutboxRow.base_rev > common)
            .values(base_rev=common)
        )
        new_identity(connection)
        begin_load(connection, common)

    @property
    def loading(self) -> bool:
        """Whether the first load is not complete."""
        with self.store.looking() as connection:
            return state(connection, "load") is not None

    def load_page(self, limit: int = 0) -> bool:
        """A page of the first load; whether more are to come. It resumes where it broke off.

        The first is small: it is soon there to be seen.
        """
        with self.store.looking() as connection:
            load, place = state(connection, "load"), self._place(connection)
        if load is None:
            return False
        ahead = limit or protocol.SNAPSHOT_PAGE
        limit = limit or (FIRST_PAGE if load["after"] is None else protocol.SNAPSHOT_PAGE)
        message = protocol.SnapshotAsked(
            **place, after=load["after"], seq=load.get("seq"), limit=limit
        )
        page = self._ask_or_recover("snapshot", message, protocol.SnapshotPage, 4 * TIMEOUT_S)
        if page is None:
            return True
        if page.next is not None:
            # As it will be asked when this page is stored: a backup from between is noticed.
            place["marks"] = _with_mark(place["marks"], page.head, page.mark)
            message = protocol.SnapshotAsked(**place, after=page.next, seq=page.seq, limit=ahead)
            self._ask_ahead("snapshot", message, 4 * TIMEOUT_S)
        self.crash("page asked")
        with _uncollected(), self.store.syncing() as connection:
            rows = load["done"] + sum(len(t.rows) for t in page.tables)
            ready = page.texts == protocol.TEXTS
            touched = self._apply(connection, page.tables, loading=True, ready=ready)
            # The rows may be newer than where the load began: a backup from between is known by it.
            _seen(connection, page.head, page.mark)
            first = load["after"] is None
            load = {
                "after": page.next, "seq": page.seq, "done": rows,
                "total": page.total if first else load["total"],
                # Where permissions changed meanwhile, whatever they are at the end.
                "scope": page.scope if first or page.scope == load["scope"] else "",
            }  # fmt: skip
            self.crash("page written")
            if page.next is None:
                self._end_load(connection, load)
            else:
                set_state(connection, load=load)
        self._tell(touched)
        return page.next is not None

    def _end_load(self, connection: sa.Connection, load: dict[str, Any]) -> None:
        pending = sa.select(ShadowRow.entity_id)
        for name, kind in reversed(KINDS.items()):
            t = kind.table
            dirty = pending.where(ShadowRow.kind == name)
            gone = connection.scalars(
                sa.select(t.c.id).where(t.c.rev < 0, t.c.id.not_in(dirty))
            ).all()
            _take_out(connection, kind, gone)
        connection.execute(sa.update(ShadowRow).where(ShadowRow.rev < 0).values(rev=0, state=None))
        for name, kind in KINDS.items():
            left = connection.scalars(sa.select(kind.table.c.id).where(kind.table.c.rev < 0)).all()
            self._settle(connection, {name: set(left)})
        set_state(connection, load=None, cursor=load["seq"], whole=load["seq"],
                  scope=load["scope"], loaded_schema=self.schema)  # fmt: skip
        self._show(connection)

    def pull(self, limit: int = protocol.FEED_PAGE) -> bool:
        """A page of the feed; whether there is more at once. Not before the first load is
        complete (which a server that was restored begins anew)."""
        with self.store.looking() as connection:
            if state(connection, "load") is not None:
                return False
            place = self._place(connection)
        said = self._ask_or_recover("pull", protocol.Pull(**place, limit=limit), protocol.Pulled)
        if said is None:
            return True
        self.crash("pulled")
        if not self.pulled(said, place["scope"]):
            return True
        if said.scope_changed:
            self.reconcile()
        return said.more

    def pulled(self, said: protocol.Pulled, scope: str) -> bool:
        """Apply a page of the feed, in one transaction with the cursor; False for one that does
        not begin where this console stands."""
        with self.store.syncing() as connection:
            if said.start != cursor(connection) or state(connection, "load") is not None:
                return False
            if scope != state(connection, "scope", ""):
                return False
            touched = self._apply(connection, said.tables)
            for name, identity in said.gone:
                self._drop(connection, name, [identity], touched)
            # Of a page that is not the last, too: a row that changed after it is not in it, even
            # where a backup between the two would have it as it was before.
            _seen(connection, said.head, said.mark)
            set_state(connection, cursor=said.to)
            if not said.more:
                set_state(connection, whole=said.to)
            if said.scope_changed:
                # Until all of it is reconciled: permissions may turn back to what they were.
                set_state(connection, scope="")
            self.crash("pulling")
            self._show(connection)
            self._forget(connection, said.durable)
        self._tell(touched)
        self._fetch_parents(touched.get("channel", set()))
        return True

    def _show(self, connection: sa.Connection) -> dict[str, set[str]]:
        """Entries that the server's rows show by now are no longer laid over them. While there is
        more to pull they are: a row that changed once more comes with its last change only."""
        passed = (OutboxRow.shown.is_(False), OutboxRow.seq <= state(connection, "whole", 0))
        changed: dict[str, set[str]] = {}
        for name, identity in connection.execute(
            sa.select(OutboxRow.kind, OutboxRow.entity_id).where(*passed).distinct()
        ):
            changed.setdefault(name, set()).add(identity)
        if changed:
            connection.execute(sa.update(OutboxRow).where(*passed).values(shown=True))
            self._settle(connection, changed)
        return changed

    def _forget(self, connection: sa.Connection, durable: int) -> None:
        """Entries that no restored backup can make the server forget."""
        old = datetime.fromtimestamp(self.clock() - KEEP_SENT_S, UTC).isoformat()
        connection.execute(
            sa.delete(OutboxRow).where(
                OutboxRow.shown, sa.or_(OutboxRow.head <= durable, OutboxRow.at < old)
            )
        )

    def _fetch_parents(self, cameras: Iterable[str]) -> None:
        """Ask for what cameras hang on, where it is not here: it became visible with them, and
        did not change itself."""
        missing: list[str] = []
        with self.store.looking() as connection:
            for part in kinds.chunks(sorted(cameras)):
                missing += connection.scalars(
                    sa.text(
                        "SELECT c.id FROM channel c LEFT JOIN device d ON d.id = c.device_id "
                        "LEFT JOIN position p ON p.id = d.position_id "
                        "LEFT JOIN site s ON s.id = p.site_id "
                        "WHERE s.id IS NULL AND c.id IN :ids"
                    ).bindparams(sa.bindparam("ids", part, expanding=True))
                ).all()
        if missing:
            self._fetch({"channel": missing})

    def _fetch(self, wanted: dict[str, list[str]]) -> bool:
        """Ask for rows; False where the server was restored, and all is loaded anew."""
        pairs = [(name, i) for name, ids in wanted.items() for i in ids]
        for part in kinds.chunks(pairs, protocol.ROWS_PAGE):
            ids: dict[str, list[str]] = {}
            for name, identity in part:
                ids.setdefault(name, []).append(identity)
            with self.store.looking() as connection:
                place = self._place(connection)
            said = self._ask_or_recover(
                "rows", protocol.RowsAsked(**place, ids=ids), protocol.RowsAnswer
            )
            if said is None:
                return False
            with self.store.syncing() as connection:
                touched = self._apply(connection, said.tables)
                _seen(connection, said.head, said.mark)
            self._tell(touched)
        return True

    def reconcile(self) -> None:
        """Permissions changed: remove what may not be seen any more, fetch what may be now."""
        with self.store.looking() as connection:
            place = Place(**self._place(connection))
        said = self._ask_or_recover("visible", place, protocol.Visible)
        if said is None:
            return
        self.crash("visible asked")
        allowed = {name: set(protocol.unpack(data)) for name, data in said.ids.items()}
        touched: dict[str, set[str]] = {}
        wanted: dict[str, list[str]] = {}
        with self.store.syncing() as connection:
            for name in protocol.RECONCILED:
                if name not in allowed:
                    continue  # an older server's
                t = KINDS[name].table
                here = set(connection.scalars(sa.select(t.c.id)))
                fresh = set(connection.scalars(sa.select(t.c.id).where(t.c.rev == 0)))
                fresh |= self._unsent(connection, name)
                self._drop(connection, name, sorted(here - allowed[name] - fresh), touched)
                wanted[name] = sorted(allowed[name] - here)
            for name, child, column in (
                ("device", "channel", "device_id"), ("position", "device", "position_id"),
                ("site", "position", "site_id"),
            ):  # fmt: skip
                t, below = KINDS[name].table, KINDS[child].table
                query = sa.select(t.c.id).where(
                    t.c.rev != 0, t.c.id.not_in(sa.select(below.c[column]))
                )
                bare = set(connection.scalars(query)) - self._unsent(connection, name)
                self._drop(connection, name, sorted(bare - allowed[name]), touched)
                here = set(connection.scalars(sa.select(t.c.id)))
                wanted[name] = sorted(allowed[name] - here)
            self.crash("reconciling")
        self._tell(touched)
        if self._fetch(wanted):
            with self.store.syncing() as connection:
                set_state(connection, scope=said.scope)

    def verify(self) -> bool | None:
        """Compare with the server what both hold, in figures; None when something is under way.

        Where they differ, those parts that do are read anew, or everything where that has just
        been of no use; what was entered here stays.
        """
        with self.store.looking() as connection:
            busy = state(connection, "load") is not None or connection.scalar(
                sa.select(ShadowRow.entity_id).limit(1)
            )
            place = Place(**self._place(connection))
            here = {
                name: (int(row[0]), int(row[1]))
                for name in protocol.DIGESTED
                for row in connection.execute(
                    sa.text(f'SELECT count(*), coalesce(sum(rev), 0) FROM "{name}"')
                )
            }
        if busy:
            return None
        said = self._ask_or_recover("digest", place, protocol.Digest, 4 * TIMEOUT_S)
        if said is None:
            return None
        if said.seq != place.cursor or said.scope != place.scope:
            return None
        other = [n for n, told in said.kinds.items() if n in here and here[n] != tuple(told)]
        with self.store.syncing() as connection:
            if cursor(connection) != place.cursor:
                return None
            before = state(connection, "repaired", [])
            # What is repaired is compared again at once.
            set_state(connection, verified=0.0 if other else self.clock(), repaired=other)
            again = set(other) & set(before)
            if again:
                begin_load(connection)
                set_state(connection, repaired=[])
        if other:
            log.warning("what this console holds differs from the server's: %s", ", ".join(other))
            self.notes.append(DIFFERED)
            if not again:
                self._repair(place, other)
        return not other

    def _repair(self, place: Place, names: list[str]) -> None:
        """Read anew those rows of some kinds that differ, part by part."""
        asked = protocol.DigestAsked(**self.place(), parts=names)
        figures = self._ask("digest", asked, protocol.Digest, 4 * TIMEOUT_S)
        listed: dict[str, list[str]] = {}
        with self.store.looking() as connection:
            for name in names:
                t, there = KINDS[name].table, dict(figures.parts.get(name, {}))
                part = kinds.part_of(t)
                query = sa.select(part, sa.func.count(), sa.func.sum(t.c.rev)).group_by(part)
                here = {r[0]: (int(r[1]), int(r[2])) for r in connection.execute(query)}
                listed[name] = [p for p in sorted(here.keys() | there.keys())
                                if here.get(p) != (tuple(there[p]) if p in there else None)]  # fmt: skip
        asked = protocol.DigestAsked(**self.place(), listed=listed)
        said = self._ask("digest", asked, protocol.Digest, 4 * TIMEOUT_S)
        if {said.seq, figures.seq} != {place.cursor} or {said.scope, figures.scope} != {
            place.scope
        }:
            return  # there is something to pull: compared again after it
        wanted: dict[str, list[str]] = {}
        touched: dict[str, set[str]] = {}
        with self.store.syncing() as connection:
            if cursor(connection) != place.cursor or state(connection, "load") is not None:
                return
            for name in reversed(protocol.DIGESTED):
                if name not in listed:
                    continue
                t, there_now = KINDS[name].table, said.listed.get(name, {})
                held = sa.select(t.c.id, t.c.rev).where(kinds.part_of(t).in_(listed[name]))
                fresh = self._unsent(connection, name)
                found = {r[0]: r[1] for r in connection.execute(held) if r[0] not in fresh}
                self._drop(connection, name, sorted(found.keys() - there_now.keys()), touched)
                wanted[name] = sorted(i for i, rev in there_now.items() if found.get(i) != rev)
                for ids in kinds.chunks(wanted[name]):
                    connection.execute(
                        t.update().where(t.c.id.in_(ids)).values(rev=kinds.awaited_rev(0))
                    )
            self.crash("repairing")
        self._tell(touched)
        self._fetch({name: wanted[name] for name in KINDS if wanted.get(name)})

    def verify_now_and_then(self) -> None:
        """`verify` where the last time is long ago."""
        with self.store.looking() as connection:
            ago = self.clock() - state(connection, "verified", 0.0)
        # A clock that was set back must not put it off for ever.
        if not 0 <= ago < VERIFY_S:
            self.verify()

    def _unsent(self, connection: sa.Connection, name: str) -> set[str]:
        """Rows made here that the server has not yet got."""
        return set(
            connection.scalars(
                sa.select(ShadowRow.entity_id).where(
                    ShadowRow.kind == name, ShadowRow.state.is_(None)
                )
            )
        )

    # -- rows

    def _apply(
        self, connection: sa.Connection, tables: Iterable[Table], *, loading: bool = False,
        ready: bool = False,
    ) -> dict[str, set[str]]:  # fmt: skip
        """Rows from the server, with what was entered here on top of them. `loading`: all come,
        parents first. `ready`: with what is made from them."""
        person = state(connection, "person", "")
        touched: dict[str, set[str]] = {}
        for table in tables:
            kind = KINDS.get(table.kind)
            if kind is None:
                continue  # a newer server's
            known = set(kind.columns)
            whole = known == set(table.columns)
            plain: list[Row] = []
            below: list[Row] = []
            dirty = dict(
                connection.execute(
                    sa.select(ShadowRow.entity_id, ShadowRow.rev).where(ShadowRow.kind == kind.name)
                ).all()
            )
            if ready and not dirty and _is_ready(kind, table):
                touched.setdefault(kind.name, set()).update([row[0] for row in table.rows])
                kinds.load(connection, kind, table.columns, table.rows)
                continue
            for values in table.dicts():
                row = values if whole else {k: v for k, v in values.items() if k in known}
                row = _inwards(kind, row, person)
                if not whole:
                    row = kinds.completed(kind, row["id"], row, "")
                if row["id"] not in dirty:
                    plain.append(row)
                elif row["rev"] >= dirty[row["id"]]:
                    below.append({"_id": row["id"], "_rev": row["rev"], "_s": outbox.dump(row)})
            if below:
                shadow = ShadowRow.__table__
                assert isinstance(shadow, sa.Table)
                connection.execute(
                    shadow.update()
                    .where(shadow.c.kind == kind.name, shadow.c.entity_id == sa.bindparam("_id"))
                    .values(rev=sa.bindparam("_rev"), state=sa.bindparam("_s")),
                    below,
                )
            kinds.write(connection, kind, plain, texts=loading)
            ids = {r["id"] for r in plain}
            touched.setdefault(kind.name, set()).update(ids)
            self._settle(
                connection, {kind.name: {values[0] for values in table.rows} & dirty.keys()}
            )
        derived = ["former_code", "log", "ticket", "ticket_event", "ticket_rules"]
        if not loading:
            derived += ["position", "device", "channel"]
        kinds.derive(connection, {name: sorted(touched.get(name, ())) for name in derived})
        return touched

    def _settle(self, connection: sa.Connection, changed: dict[str, set[str]]) -> None:
        """Rows of which the server's state, or what of ours is on top of it, changed."""
        for name, ids in changed.items():
            for part in kinds.chunks(sorted(ids)):
                self._lay(connection, KINDS[name], part)

    def _lay(self, connection: sa.Connection, kind: Kind, ids: list[str]) -> None:
        """The server's rows with our entries on top, where there are shadows."""
        t, name = kind.table, kind.name
        person = state(connection, "person", "")
        shadows = connection.execute(
            sa.select(ShadowRow.entity_id, ShadowRow.rev, ShadowRow.state).where(
                ShadowRow.kind == name, ShadowRow.entity_id.in_(ids)
            )
        ).all()
        entries: dict[str, list[Any]] = {}
        for entry in connection.execute(
            sa.select(OutboxRow.entity_id, OutboxRow.fields, OutboxRow.at, OutboxRow.person)
            .where(OutboxRow.kind == name, OutboxRow.entity_id.in_(ids))
            .where(OutboxRow.shown.is_(False))
            .order_by(OutboxRow.n)
        ):
            entries.setdefault(entry.entity_id, []).append(entry)
        clean = [s.entity_id for s in shadows if s.entity_id not in entries]
        connection.execute(
            sa.delete(ShadowRow).where(ShadowRow.kind == name, ShadowRow.entity_id.in_(clean))
        )
        rows: list[Row] = []
        none: list[str] = []
        for shadow in shadows:
            identity = shadow.entity_id
            row: Row | None = json.loads(shadow.state) if shadow.state else None
            for entry in entries.get(identity, ()):
                fields = json.loads(entry.fields)
                if entry.person not in ("", person):
                    fields = _outwards(kind, fields, entry.person)  # not this person's own
                if row is not None:
                    row |= fields | ({"updated_at": entry.at} if kind.common else {})
                elif not kinds.missing_fields(kind, fields):
                    row = kinds.completed(kind, identity, fields, entry.at)
            if row is None or (kind.natural and self._namesake(connection, kind, row)):
                none.append(identity)
            else:
                rows.append(row | {"rev": shadow.rev})
        _take_out(connection, kind, none)
        # Ours may be older than what is here: what counts is put there whatever it says.
        laid = [row["id"] for row in rows]
        connection.execute(t.update().where(t.c.id.in_(laid)).values(rev=LOWEST))
        kinds.write(connection, kind, rows)
        kinds.derive(connection, {name: laid})

    def _namesake(self, connection: sa.Connection, kind: Kind, row: Row) -> bool:
        """Whether the server's row of the same natural key is here under another id."""
        t = kind.table
        where = [t.c[name] == row[name] for name in kind.natural]
        return connection.scalar(sa.select(t.c.id).where(t.c.id != row["id"], *where)) is not None

    def _drop(
        self, connection: sa.Connection, name: str, ids: Sequence[str],
        touched: dict[str, set[str]],
    ) -> None:  # fmt: skip
        """Take out what may not be seen any more, and what belongs to it. What was entered here
        about it and not yet sent stays in the outbox: the server will say what becomes of it."""
        if not ids:
            return
        touched.setdefault(name, set()).update(ids)
        for part in kinds.chunks(ids):
            connection.execute(
                sa.update(ShadowRow).where(
                    ShadowRow.kind == name, ShadowRow.entity_id.in_(part)
                ).values(rev=0, state=None)
            )  # fmt: skip
            _take_out(connection, KINDS[name], part)
            if name in ASSETS or name == "ticket":
                for other in (AttachmentRow, ConflictRow, AssetFieldRow, AssetChangeRow):
                    connection.execute(
                        sa.delete(other).where(other.kind == name, other.entity_id.in_(part))
                    )
            children = {"channel": ("former_code", "favourite", "maintenance", "preset",
                                    "observation"),
                        "ticket": ("ticket_event",)}  # fmt: skip
            for child in children.get(name, ()):
                t = KINDS[child].table
                column = t.c.channel_id if name == "channel" else t.c.ticket_id
                found = connection.scalars(sa.select(t.c.id).where(column.in_(part))).all()
                self._drop(connection, child, found, touched)

    def _tell(self, touched: dict[str, set[str]]) -> None:
        """The news, as for a write of one's own."""
        kinds_changed: dict[str, frozenset[str]] = {}
        for name, ids in touched.items():
            if not ids:
                continue
            shown = {"channel": "camera", "device": "camera", "position": "camera"}.get(name, name)
            exact = name in ("channel", "site", "organisation", "view", "tour", "layout")
            if shown in kinds_changed or not exact or len(ids) > 200:
                kinds_changed[shown] = frozenset()
            else:
                kinds_changed[shown] = frozenset(ids)
        if kinds_changed:
            self.store.announce(Changes(kinds_changed))

    # -- attachments

    def attach(self, kind: str, entity_id: str, path: Path, media_type: str = "") -> str:
        """Keep a file with a row: its bytes are copied, and sent in their own time. Blocking;
        returns its SHA-256. Raises OSError and StoreError."""
        digest, size = hashlib.sha256(), 0
        folder = files.folder_of(self.store)
        target = files.Incoming(folder / f"{uuid_utils.uuid7()}.partial", self.store.key)
        try:
            with path.open("rb") as source:
                while block := source.read(1 << 20):
                    digest.update(block)
                    size += len(block)
                    target.write(block)
            sha = digest.hexdigest()
            target.whole().path.replace(folder / sha)
        finally:
            target.close()
        self.store.add_attachment(kind, entity_id, path.name, media_type, size, sha)
        return sha

    def upload(self) -> int:
        """Send files that wait, part by part; returns how many arrived. Resumes where it broke
        off: the server says which parts it has."""
        with self.store.looking() as connection:
            waiting = connection.execute(
                sa.select(UploadRow.sha256, UploadRow.size).where(
                    UploadRow.done.is_(False), UploadRow.problem == ""
                )
            ).all()
        arrived = 0
        for sha, size in waiting:
            path = f"blobs/{sha}"
            try:
                found = self._bytes("GET", path)
                have = protocol.decode(protocol.Parts, found)
                if not have.whole:
                    file = files.kept(self.store, sha)
                    for part in range((size + protocol.PART - 1) // protocol.PART or 1):
                        if part in have.parts:
                            continue
                        data = file.read_at(part * protocol.PART, protocol.PART)
                        self._bytes("PUT", f"{path}/parts/{part}", data)
                        self.crash("part sent")
                    self._bytes("POST", f"{path}/complete", b'{"size":%d}' % size)
                values: dict[str, Any] = {"done": True}
                arrived += 1
            except OSError as error:
                values = {"problem": str(error)[:200]}
            except SyncError as error:
                if error.code not in (Code.WRONG_HASH, Code.NOT_WHOLE, Code.TOO_LARGE):
                    raise
                values = {} if error.code == Code.NOT_WHOLE else {"problem": error.code}
            self.crash("sent whole")
            if values:
                with self.store.syncing() as connection:
                    connection.execute(
                        sa.update(UploadRow).where(UploadRow.sha256 == sha).values(**values)
                    )
        return arrived

    def bring(self) -> int:
        """Bring the files of open faults and the reference pictures of their cameras, so that a repair
        can be verified without a network; what else there is comes when it is looked at. Returns how
        many are still missing: their author may not have sent them yet."""
        a = AttachmentRow
        with self.store.looking() as connection:
            tickets = sa.select(TicketRow.id).where(TicketRow.is_open)
            cameras = sa.select(TicketCameraRow.camera_id).where(TicketCameraRow.is_open)
            found = connection.execute(
                sa.select(a.sha256, a.size).where(
                    a.deleted_at.is_(None), a.size <= BROUGHT_BYTES,
                    sa.or_(
                        sa.and_(a.kind == "ticket", a.entity_id.in_(tickets)),
                        sa.and_(a.kind == "channel", a.name == REFERENCE, a.entity_id.in_(cameras)),
                    ),
                ).order_by(a.id.desc()).limit(BROUGHT)
            ).all()  # fmt: skip
        missing, came = 0, False
        for sha, size in dict.fromkeys((sha, size) for sha, size in found):
            if files.kept(self.store, sha).exists():
                continue
            try:
                self.download(sha, size)
                came = True
            except (SyncError, OSError):
                missing += 1
        if came:
            self.store.announce(Changes({"attachment": frozenset()}))
        return missing

    def download(self, sha: str, size: int) -> files.Kept:
        """A file that belongs to a row, fetched when it is not here; resumes. Blocking.

        Raises NetworkError, SyncError and OSError; a file that is not what it should be is
        thrown away.
        """
        target = files.kept(self.store, sha)
        if target.exists():
            return target
        coming = files.Incoming(
            target.path.with_name(f"{sha}.download"), self.store.key, go_on=True
        )
        try:
            while (begin := coming.size) < size:
                block = self._bytes("GET", f"blobs/{sha}/content/{begin}")
                if not block:
                    raise NetworkError("the file ends early")
                coming.write(block)
            whole = coming.whole()
        finally:
            coming.close()
        if whole.sha256() != sha:
            whole.path.unlink()
            raise SyncError(protocol.Problem(Code.WRONG_HASH, "The file arrived damaged."))
        whole.path.replace(target.path)
        return target

    def _bytes(self, method: str, path: str, body: bytes = b"") -> bytes:
        if self.cancelled.is_set():
            raise CancelledError
        return self.transport.call(method, path, body, 2 * TIMEOUT_S)

    # -- what a person sees

    def status(self) -> SyncStatus:
        """What there is to tell; the phase is for the thread to say."""
        with self.store.looking() as connection:
            load = state(connection, "load")
            count = sa.func.count()
            waiting = connection.scalar(
                sa.select(count).select_from(OutboxRow).where(
                    # What was entered: its history goes with it.
                    OutboxRow.seq.is_(None), OutboxRow.kind != "asset_change"
                )
            )  # fmt: skip
            conflicts = connection.scalar(
                sa.select(count).select_from(ConflictRow).where(
                    ConflictRow.decided == "", ConflictRow.deleted_at.is_(None)
                )
            )  # fmt: skip
            uploads = connection.scalar(
                sa.select(count).select_from(UploadRow).where(UploadRow.done.is_(False))
            )
            offset = state(connection, "offset_ms", 0) / 1000
        return SyncStatus(
            waiting=waiting or 0, conflicts=conflicts or 0, uploads=uploads or 0,
            loaded=load["done"] if load else 0, total=load.get("total", 0) if load else 0,
            clock_offset_s=offset,
        )  # fmt: skip

    def round(self) -> None:
        """Everything once: meet, send, load, pull. For tests and for one go without a thread."""
        self.hello()
        while True:
            self.push()
            while self.load_page():
                pass
            while self.pull():
                pass
            if not self.loading:
                break
        self.upload()


def begin_load(connection: sa.Connection, common: int = 2**53) -> None:
    """Read everything again, over what is there: rows stay to be seen until they are replaced or,
    at the end, turn out to be no more. Their `rev` says so and still tells what was seen of them
    (`kinds.awaited_rev`), at most `common`: what a restored server does not know it has not seen."""
    for table in (*(kind.table for kind in KINDS.values()), ShadowRow.__table__):
        assert isinstance(table, sa.Table)
        r = table.c.rev
        later = sa.or_(r > common, r < kinds.awaited_rev(common))
        connection.execute(
            table.update().where(later).where(r != 0).values(rev=kinds.awaited_rev(common))
        )
        connection.execute(table.update().where(r > 0).values(rev=-1 - r))
    # Until the load has begun, its first page decides from where to pull. The marks stay: that the
    # server was restored meanwhile must be noticed by this load, or what it took is lost.
    marks = [m for m in state(connection, "marks", []) if m[0] <= common]
    set_state(connection, cursor=0, whole=0, marks=marks, scope="",
              load={"after": None, "done": 0})  # fmt: skip


def new_identity(connection: sa.Connection) -> None:
    """Another console for the server, which knows operations by their own ids all the same."""
    waiting = sa.update(OutboxRow).where(OutboxRow.seq.is_(None))
    connection.execute(waiting.values(number=None))
    set_state(connection, replica=str(uuid_utils.uuid7()), last_number=0)


HOMES = ("parent_id", "organisation_id", "responsible_id", "maintainer_id")
"""Fields that name an organisation."""


def homeless(connection: sa.Connection) -> list[str]:
    """Organisations made here that hang on none and that the server has not got."""
    t = KINDS["organisation"].table
    query = sa.select(t.c.id).where(t.c.rev == 0, t.c.parent_id.is_(None), t.c.deleted_at.is_(None))
    return list(connection.scalars(query.order_by(t.c.id)))


def put_under(connection: sa.Connection, parent: str, *, keep: bool) -> None:
    """See `SyncClient.put_under`. What waits is changed: nothing of it was ever taken."""
    own = homeless(connection)
    t = KINDS["organisation"].table
    if not keep:  # with those below them, that could not be made either
        more = own
        while more:
            below = sa.select(t.c.id).where(t.c.parent_id.in_(more), t.c.rev == 0)
            more = [i for i in connection.scalars(below) if i not in own]
            own += more
    moved = set(own)
    waiting = connection.execute(
        sa.select(OutboxRow.n, OutboxRow.kind, OutboxRow.entity_id, OutboxRow.fields)
        .where(OutboxRow.seq.is_(None))
    ).all()  # fmt: skip
    for n, kind_name, identity, text in waiting:
        row = sa.update(OutboxRow).where(OutboxRow.n == n)
        fields = json.loads(text)
        if kind_name == "organisation" and identity in moved:
            if not keep:
                connection.execute(sa.delete(OutboxRow).where(OutboxRow.n == n))
            elif "parent_id" in fields:
                connection.execute(row.values(fields=outbox.dump(fields | {"parent_id": parent})))
        elif not keep and (hit := {f: parent for f in HOMES if fields.get(f) in moved}):
            connection.execute(row.values(fields=outbox.dump(fields | hit)))
    if keep:
        connection.execute(t.update().where(t.c.id.in_(own)).values(parent_id=parent))
    else:
        for kind in KINDS.values():
            for name in HOMES:
                if name in kind.fields:
                    column = kind.table.c[name]
                    connection.execute(
                        kind.table.update().where(column.in_(own)).values({name: parent})
                    )
        connection.execute(t.delete().where(t.c.id.in_(own)))
        shadow = ShadowRow
        connection.execute(
            sa.delete(shadow).where(shadow.kind == "organisation", shadow.entity_id.in_(own))
        )
    new_identity(connection)  # numbers have no gaps


OWN = (("favourite", "person", "{}"), ("preference", "person", "{}"),
       ("view", "owner", "person:{}"), ("tour", "owner", "person:{}"))  # fmt: skip
"""Kinds of which a person has rows of one's own, and how they name whose they are."""


def _take_out(connection: sa.Connection, kind: Kind, ids: Sequence[str]) -> None:
    """Remove rows from this console; the chains of its registers go on after them."""
    chain_ends.remember(connection, kind.name, ids)
    kinds.remove(connection, kind, ids)


def become(store: Store, person: str) -> bool:
    """What is entered from now on is this account's; whether it was another's before.

    For sign-in, before anything can be entered, with the network or without, and while nothing
    synchronises. What the one before entered and did not send stays that one's: it is sent when
    that account is signed in again. Views, tours and favourites of that one's own are out of sight.
    """
    with store.syncing() as connection:
        before = state(connection, "person", "")
        if before == person:
            return False
        # What this one may see is loaded when the server is met; until then everything is there,
        # with its revisions, on which entries without a network are based.
        loaded_for = state(connection, "loaded_for", before)
        set_state(connection, person=person, loaded_for=loaded_for)
        if not before:
            return False
        for name, field, form in OWN:
            t = KINDS[name].table
            here = form.format("local")
            for old, new in ((here, form.format(before)), (form.format(person), here)):
                connection.execute(
                    t.update()
                    .prefix_with("OR REPLACE", dialect="sqlite")
                    .where(t.c[field] == old)
                    .values({field: new})
                )
        for shadow in connection.execute(
            sa.select(ShadowRow.kind, ShadowRow.entity_id, ShadowRow.state).where(
                ShadowRow.state.is_not(None)
            )
        ).all():
            kind, row = KINDS[shadow.kind], json.loads(shadow.state)
            told = _inwards(kind, _outwards(kind, dict(row), before), person)
            if told != row:
                connection.execute(
                    sa.update(ShadowRow)
                    .where(ShadowRow.kind == shadow.kind, ShadowRow.entity_id == shadow.entity_id)
                    .values(state=outbox.dump(told))
                )
        # Numbers have no gaps: those of entries that now wait longer are given back.
        stuck = (OutboxRow.seq.is_(None), OutboxRow.number.is_not(None))
        if connection.scalar(sa.select(OutboxRow.n).where(*stuck).limit(1)) is not None:
            new_identity(connection)
    store.announce(Changes(dict.fromkeys(("view", "tour", "favourite", "camera"), frozenset())))
    return True


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for circles meanwhile: the rows of a page are many small lists and in none, and to
    go through them again and again takes half as long as to store them."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _at_once(work: Callable[[], Any]) -> Future[Any]:
    future: Future[Any] = Future()
    _run(work, future)
    return future


def beside(work: Callable[[], Any]) -> Future[Any]:
    """On a thread of its own, that nobody waits for when the program ends."""
    future: Future[Any] = Future()
    threading.Thread(target=_run, args=(work, future), name="sync-ahead", daemon=True).start()
    return future


def _run(work: Callable[[], Any], future: Future[Any]) -> None:
    try:
        future.set_result(work())
    except Exception as error:
        future.set_exception(error)


def _seen(connection: sa.Connection, seq: int, mark: str) -> None:
    """This console has been told of the feed up to here."""
    marks = state(connection, "marks", [])
    if (now := _with_mark(marks, seq, mark)) != marks:
        set_state(connection, marks=now)


def _with_mark(marks: list[list[Any]], seq: int, mark: str) -> list[list[Any]]:
    """These marks, and one that the server just told."""
    if not mark or any(seq == known for known, _ in marks):
        return marks
    return _thinned(sorted([[seq, mark], *marks], reverse=True))


def _thinned(marks: list[list[Any]]) -> list[list[Any]]:
    """The newest marks, and older ones ever further apart."""
    if len(marks) <= MARKS:
        return marks
    # Of the two neighbours that lie closest for their age, the older goes.
    newest = marks[0][0]
    gaps = [
        (marks[i - 1][0] - marks[i + 1][0]) / (1 + newest - marks[i][0])
        for i in range(1, len(marks) - 1)
    ]
    del marks[1 + gaps.index(min(gaps))]
    return marks


def _is_ready(kind: Kind, table: Table) -> bool:
    """Whether its rows can be written as they are."""
    made = kinds.MADE.get(kind.name)
    return made is not None and bool(table.rows) and table.columns == [*kind.columns, *made]


def _outwards(kind: Kind, fields: Row, person: str) -> Row:
    """This console's words for people as the server's: here everybody is "local"."""
    if fields.get("person") == "local":
        fields["person"] = person
    if fields.get("owner") == "person:local":
        fields["owner"] = f"person:{person}"
    return fields


def _inwards(kind: Kind, row: Row, person: str) -> Row:
    if kind.name in ("favourite", "preference") and row["person"] == person:
        row["person"] = "local"
    if row.get("owner") == f"person:{person}":
        row["owner"] = "person:local"
    return row


@dataclass(frozen=True, slots=True)
class Pause:
    """How long to wait after so many failures: doubles, and no two consoles wait alike."""

    failures: int

    def seconds(self, dice: Callable[[], float] = random.random) -> float:
        """Between half and all of 1, 2, 4 … 60 s."""
        longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** max(0, self.failures - 1))
        return longest * (0.5 + dice() / 2)


class SyncThread:
    """Keeps a console in step: one thread sends and pulls, one waits for news, one sends files."""

    def __init__(
        self,
        store: Store,
        transport: Callable[[], Transport],
        told: Callable[[SyncStatus], None] = lambda status: None,
        accounts: Callable[[str], None] = lambda scope: None,
    ) -> None:
        """`transport` makes connections, one a thread; `told` is called with every new status, on
        the thread's own time; `accounts` after each round in step, with the token of the rights
        (see `CameraAccounts.work`)."""
        self._store, self._told, self._accounts = store, told, accounts
        self._clients = [SyncClient(store, transport(), submit=beside) for _ in range(3)]
        self._stop, self._wake, self._files_wake = (threading.Event() for _ in range(3))
        self._paused = threading.Event()
        self._accepted = threading.Event()
        self._removals_meant = threading.Event()
        self._home: list[tuple[str, bool]] = []
        self._status = SyncStatus()
        self._lock = threading.Lock()
        self._since: datetime | None = None
        self._contact: datetime | None = None
        self._kept = ""
        store.on_change(self._written)
        self._threads = [
            threading.Thread(target=work, name=f"sync-{name}", daemon=True)
            for name, work in (("rounds", self._rounds), ("watch", self._watch),
                               ("files", self._files))
        ]  # fmt: skip

    @property
    def status(self) -> SyncStatus:
        """As last told."""
        return self._status

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self, wait_s: float = 3.0) -> None:
        """End; breaks off what is under way. Nothing is written afterwards."""
        self._stop.set()
        for client in self._clients:
            client.cancelled.set()
            client.transport.cancel()
        self._wake.set()
        self._files_wake.set()
        self._store.off_change(self._written)
        for thread in self._threads:
            if thread.is_alive():
                thread.join(wait_s)

    def pause_load(self) -> None:
        """Break off the first load; what has come stays, and it resumes from there."""
        self._paused.set()
        self._wake.set()

    def resume_load(self) -> None:
        """Go on with it."""
        self._paused.clear()
        self._wake.set()

    def accept_server(self) -> None:
        """A person said that this other server is meant: see `SyncClient.accept_server`."""
        self._accepted.set()
        self._wake.set()

    def confirm_removals(self) -> None:
        """A person said that so many removals are meant: see `SyncClient.confirm_removals`."""
        self._removals_meant.set()
        self._wake.set()

    def put_under(self, parent: str, *, keep: bool) -> None:
        """A person said where this console's own organisations belong: see
        `SyncClient.put_under`."""
        self._home.append((parent, keep))
        self._wake.set()

    @property
    def homeless(self) -> tuple[str, ...]:
        """Organisations of which a person must say where they belong."""
        return self._clients[0].homeless

    @property
    def may_make(self) -> bool:
        """Whether who is signed in may make organisations."""
        return self._clients[0].may_make

    def dismiss(self) -> None:
        """A person has read what happened (see `SyncStatus.problem`)."""
        self._kept = ""
        self._wake.set()

    def sync_now(self) -> None:
        """Do not wait for the end of a pause."""
        self._wake.set()

    def _written(self, changes: Changes) -> None:
        if threading.current_thread() is not self._threads[0]:
            self._wake.set()
        elif "attachment" not in changes.kinds:
            return
        if threading.current_thread() is not self._threads[2]:
            self._files_wake.set()

    def _say(self, phase: str, problem: str = "", detail: str = "") -> None:
        try:
            status = self._clients[0].status()
        except StoreError as error:
            status, problem, detail = self._status, problem or "disk_full", detail or str(error)
        skewed = abs(status.clock_offset_s) > protocol.CLOCK_TOLERANCE_S
        removals = self._clients[0].removals
        if removals and not problem:
            problem, detail = Code.MANY_REMOVALS, str(removals)
        if self._clients[0].homeless and not problem:
            problem, detail = Code.TOP_LEVEL, str(len(self._clients[0].homeless))
        problem = problem or self._kept or ("clock" if skewed else "")
        now = replace(
            status, phase=phase, problem=problem, detail=detail, offline_since=self._since,
            last_contact=self._contact,
        )  # fmt: skip
        if now != self._status:
            self._status = now
            self._told(now)

    def _rounds(self) -> None:
        client, failures, met = self._clients[0], 0, False
        woken = False
        while not self._stop.is_set():
            self._wake.clear()
            pause = protocol.LONGEST_WAIT_S
            # What is entered meanwhile asks at once, and does not make the pauses longer.
            failed = max(1, failures + (not woken))
            try:
                if self._accepted.is_set():
                    self._accepted.clear()
                    client.accept_server()
                    met = False
                if self._removals_meant.is_set():
                    self._removals_meant.clear()
                    client.confirm_removals()
                while self._home:
                    parent, keep = self._home.pop()
                    client.put_under(parent, keep=keep)
                if not met:
                    if failures == 0:
                        self._say("connecting")
                    client.hello()
                    met = True
                self._contact = datetime.now(UTC)
                if self._status.waiting:
                    self._say("sending")
                client.push()
                phase = self._load(client)
                if phase == "in_step":
                    while client.pull():
                        pass
                    client.push()
                    self._accounts(client.place()["scope"])
                    client.verify_now_and_then()
                failures, self._since, self._contact = 0, None, datetime.now(UTC)
                if client.notes:
                    self._kept = client.notes[-1]
                    client.notes.clear()
                self._say(phase)
                if phase == "in_step" and client.loading:
                    pause = 0.0  # the server was restored: once more from the beginning
            except CancelledError:
                continue
            except NetworkError as error:
                failures, met = failed, False
                self._since = self._since or self._contact or datetime.now(UTC)
                self._say("offline", "", str(error))
                pause = Pause(failures).seconds()
            except SyncError as error:
                failures, met = failed, False
                self._contact = datetime.now(UTC)
                stopped = error.code in (
                    Code.OTHER_SERVER, Code.CLIENT_TOO_OLD, Code.SERVER_TOO_OLD
                )  # fmt: skip
                code = "sign_in" if error.problem.status == 401 else error.code
                self._say("stopped" if stopped else "offline", code, error.problem.detail)
                pause = max(error.problem.retry_after, Pause(failures).seconds())
            except (StoreError, OSError) as error:
                failures = failed
                self._say("stopped", "disk_full", str(error))
                pause = Pause(failures).seconds()
            except Exception:
                log.exception("synchronisation failed; it will be tried again")
                failures, met = failed, False
                self._say("stopped", "internal")
                pause = Pause(failures).seconds()
            woken = self._wake.wait(pause)

    def _load(self, client: SyncClient) -> str:
        """The first load as far as it may go; the phase after it."""
        while client.loading:
            if self._paused.is_set():
                return "paused"
            self._say("first_load")
            client.load_page()
        return "in_step"

    def _watch(self) -> None:
        client, failures = self._clients[1], 0
        while not self._stop.is_set():
            if self._status.phase != "in_step":
                self._stop.wait(0.2)
                continue
            try:
                place = client.place()
                said = client._ask("watch", protocol.Watch(**place), protocol.Watched,
                                   protocol.LONGEST_WAIT_S + 10)  # fmt: skip
                failures = 0
                if said.news and client.place()["cursor"] == place["cursor"]:
                    self._wake.set()
                    self._stop.wait(0.05)  # the other thread pulls now
            except (NetworkError, SyncError, StoreError, CancelledError):
                failures += 1
                self._wake.set()
                self._stop.wait(Pause(failures).seconds())

    def _files(self) -> None:
        client, failures = self._clients[2], 0
        while not self._stop.is_set():
            self._files_wake.clear()
            pause = 300.0
            try:
                if self._status.phase in ("in_step", "sending"):
                    client.upload()
                    if client.bring():
                        pause = 10.0
                    failures = 0
                else:
                    pause = 1.0
            except (NetworkError, SyncError, StoreError, CancelledError):
                failures += 1
                pause = Pause(failures).seconds()
            self._files_wake.wait(pause)
