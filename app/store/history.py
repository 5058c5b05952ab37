"""The history of every field of the register, written with what it tells of, in one transaction.

Old and new values are compared before each flush, so that nobody who writes can forget it. Rows
that are inserted in bulk (sample data) and what comes from the server (whose console wrote the
history, too) are not entered here.
"""

from __future__ import annotations

import functools
import json
from typing import Any

import sqlalchemy as sa
import uuid_utils
from sqlalchemy.orm import Session

from app.store import outbox
from app.store.models import AssetChangeRow, AssetFieldRow, ChannelRow, DeviceRow, PositionRow

MODELS: dict[str, type[Any]] = {
    "position": PositionRow,
    "device": DeviceRow,
    "channel": ChannelRow,
}
PARENTS = {"position": "site_id", "device": "position_id", "channel": "device_id"}
MADE, REMOVED = "*made", "*removed"
"""What is entered as a field when the row itself came or went."""

_SEEN, _SOURCE = "changes", "source of changes"

Key = tuple[str, str]


@functools.cache
def _tracked() -> dict[type[Any], tuple[str, tuple[str, ...]]]:
    """The fields of each table whose changes are kept."""
    from app.domain import asset  # large: not before something is written

    return {
        model: (
            name,
            (
                *(f.name for f in asset.RULES.fields if f.entity == name and f.stored),
                PARENTS[name],
                *(("address", "username") if name == "device" else ()),
                *(("name",) if name == "position" else ()),
            ),
        )
        for name, model in MODELS.items()
    }


def source(session: Session, source: str, detail: str = "", batch: str = "") -> None:
    """Say where this transaction's changes come from: "person" (if nobody says otherwise),
    "import", "probe", "sync" or "undo"; `detail` is for people, `batch` joins transactions."""
    session.info[_SOURCE] = (source, detail[:200], batch)


def text_of(field: str, value: Any) -> str:
    """A stored value as the register writes it."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6f}" if field in ("latitude", "longitude") else f"{value:.10g}"
    return str(value)


def before_flush(session: Session, *_: Any) -> None:
    """Note what is about to change. For `sqlalchemy.event.listen`."""
    seen: dict[Key, dict[str, list[str]]] = session.info.setdefault(_SEEN, {})
    for row in (*session.new, *session.dirty):
        state = sa.inspect(row)
        names: tuple[str, ...]
        if isinstance(row, AssetFieldRow):
            key, names = (row.kind, row.entity_id), ("value",)
        elif type(row) in _tracked():
            kind, names = _tracked()[type(row)]
            key = (kind, row.id)
        else:
            continue
        for name in names:
            past = state.attrs[name].history
            if not past.added:
                continue
            field = row.field if isinstance(row, AssetFieldRow) else name
            if key[0] == "position" and field == "name":
                field = "position_name"  # not the camera's
            old = text_of(field, past.deleted[0] if past.deleted else None)
            _note(seen, key, field, old, text_of(field, past.added[0]))
        if type(row) in _tracked():
            if state.transient or state.pending:
                _note(seen, key, MADE, "", "1")
            past = state.attrs.deleted_at.history
            if past.added and not state.pending:
                _note(seen, key, REMOVED, "1" if past.added[0] is None else "",
                      "" if past.added[0] is None else "1")  # fmt: skip


def _note(seen: dict[Key, dict[str, list[str]]], key: Key, field: str, old: str, new: str) -> None:
    entry = seen.setdefault(key, {}).setdefault(field, [old, old])
    entry[1] = new


def record(session: Session, at: str) -> None:
    """Enter what this transaction changed; before the outbox's own `record`."""
    session.flush()
    seen: dict[Key, dict[str, list[str]]] = session.info.pop(_SEEN, {})
    origin, detail, batch = session.info.pop(_SOURCE, ("person", "", ""))
    rows = []
    for (kind, entity), fields in seen.items():
        changed = {f: pair for f, pair in fields.items() if pair[0] != pair[1]}
        if changed:
            rows.append(
                {"id": str(uuid_utils.uuid7()), "kind": kind, "entity_id": entity, "updated_at": at,
                 "person": "", "source": origin, "detail": detail, "batch": batch,
                 "changes": json.dumps(changed, ensure_ascii=False)}
            )  # fmt: skip
    if rows:
        session.execute(sa.insert(AssetChangeRow), rows)
        outbox.note_new(session, "asset_change", [row["id"] for row in rows])
