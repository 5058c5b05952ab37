"""Every write of a person's is an operation in the outbox, in the same transaction.

Images of rows before and after are compared, so that nobody who writes can forget it. Nothing is
recorded on a console that has never met a server: what it has is sent when it does.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
import uuid_utils
from sqlalchemy.orm import Session

from app.store import kinds
from app.store.kinds import BY_MODEL, DELETED, KINDS, ORDER, Row
from app.store.models import StreamRow
from app.store.sync_models import OutboxRow, ShadowRow, SyncStateRow

_SEEN = "rows before"

Key = tuple[str, str]


def before_flush(session: Session, *_: Any) -> None:
    """Remember how rows were that are about to be written. For `sqlalchemy.event.listen`."""
    if not session.info.get("recording"):
        return
    seen: dict[Key, Row | None] = session.info.setdefault(_SEEN, {})
    new: dict[str, list[str]] = {}
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, StreamRow):
            key = ("channel", row.channel_id)
        elif type(row) in BY_MODEL:
            key = (BY_MODEL[type(row)].name, row.id)
        else:
            continue
        if key not in seen:
            seen[key] = None
            new.setdefault(key[0], []).append(key[1])
    connection = session.connection()
    for name, ids in new.items():
        for identity, row in kinds.read(connection, KINDS[name], ids).items():
            seen[name, identity] = row


def note_new(session: Session, kind: str, ids: list[str]) -> None:
    """Rows that were inserted without the session's knowledge."""
    if session.info.get("recording"):
        seen = session.info.setdefault(_SEEN, {})
        for identity in ids:
            seen.setdefault((kind, identity), None)


def record(session: Session) -> None:
    """Enter what this transaction changed; before its commit."""
    if not session.info.get("recording"):
        return
    session.flush()
    seen: dict[Key, Row | None] = session.info.pop(_SEEN, {})
    connection = session.connection()
    for name in sorted({name for name, _ in seen}, key=ORDER.__getitem__):
        before = {i: row for (kind, i), row in seen.items() if kind == name}
        for identity, row in kinds.read(connection, KINDS[name], list(before)).items():
            enter(connection, name, before[identity], row, session.info.get("author", ""))


def enter(
    connection: sa.Connection, name: str, before: Row | None, after: Row, author: str = ""
) -> None:
    """What differs between two images of a row, as one operation; none when nothing does. Where the
    author had seen more of the server's in some fields than in others, as one for each.
    `author`: who works here ("": whoever the row itself names)."""
    kind, identity = KINDS[name], after["id"]
    fields = (*kind.fields, *((DELETED,) if kind.common else ()))
    if before is None:
        changed = {f: after[f] for f in fields if f != DELETED or after[f]}
    else:
        changed = {f: after[f] for f in fields if before[f] != after[f]}
    if not changed:
        return
    held = before["rev"] if before else 0
    base = kinds.seen_rev(held)  # a load may run, and have still to bring the row
    pending = connection.execute(
        sa.select(OutboxRow.base_rev, OutboxRow.fields)
        .where(OutboxRow.kind == name, OutboxRow.entity_id == identity)
        .where(OutboxRow.shown.is_(False))
    ).all()
    if not pending:
        connection.execute(
            sa.insert(ShadowRow).values(
                kind=name, entity_id=identity, rev=held,
                state=None if before is None else dump(before),
            )
        )  # fmt: skip
    # What others changed below an entry of ours was never seen here, pulled or not: in its fields.
    entered = [(b, json.loads(f).keys() - set(kind.natural)) for b, f in pending]
    by_base: dict[int, Row] = {}
    for field, value in changed.items():
        seen = min([base, *(b for b, names in entered if field in names)])
        by_base.setdefault(seen, {})[field] = value
    if before is None and len(by_base) > 1:
        by_base = {min(by_base): changed}  # a row is made by one operation
    # What was seen last goes first: a camera is put back before its other fields are written.
    for seen, part in sorted(by_base.items(), reverse=True):
        part |= {field: after[field] for field in kind.natural}
        connection.execute(
            sa.insert(OutboxRow).values(
                op_id=str(uuid_utils.uuid7()), kind=name, entity_id=identity, base_rev=seen,
                fields=dump(part), at=datetime.now(UTC).isoformat(timespec="milliseconds"),
                offset_ms=state(connection, "offset_ms", 0), person=state(connection, "person", ""),
                author=(author or str(after.get("author") or ""))[:100],
            )
        )  # fmt: skip


def dump(value: Any) -> str:
    """As JSON in these tables."""
    return json.dumps(value, ensure_ascii=False)


def state(connection: sa.Connection, key: str, default: Any = None) -> Any:
    """A value of SyncStateRow."""
    text = connection.scalar(sa.select(SyncStateRow.value).where(SyncStateRow.key == key))
    return default if text is None else json.loads(text)


def set_state(connection: sa.Connection, **values: Any) -> None:
    """Keep values of SyncStateRow."""
    for key, value in values.items():
        changed = connection.execute(
            sa.update(SyncStateRow).where(SyncStateRow.key == key).values(value=dump(value))
        )
        if not changed.rowcount:
            connection.execute(sa.insert(SyncStateRow).values(key=key, value=dump(value)))


def cursor(connection: sa.Connection) -> int:
    """Up to here the feed was pulled."""
    return int(state(connection, "cursor", 0))
