"""Presets of cameras that turn, kept as the camera last told them: they can be listed and called by
name while the camera does not answer the question, and on consoles that never asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.store.models import PresetRow
from app.store.store import Store, new_id, now


@dataclass(frozen=True, slots=True)
class KeptPreset:
    """A stored position; the token is the camera's, opaque."""

    token: str
    name: str
    position: str = ""
    """JSON of pan, tilt and zoom; "" where it is not told."""


def kept(store: Store, camera_id: str) -> list[KeptPreset]:
    """In the camera's order. Raises StoreError."""
    query = (
        sa.select(PresetRow)
        .where(PresetRow.channel_id == camera_id, PresetRow.deleted_at.is_(None))
        .order_by(PresetRow.number, PresetRow.token)
    )
    with store._reading() as session:
        return [KeptPreset(r.token, r.name, r.position) for r in session.scalars(query)]


def keep(store: Store, camera_id: str, presets: Sequence[KeptPreset]) -> None:
    """The camera has these now, in this order. Writes only what differs. Raises StoreError."""
    present = {p.token[:100]: (number, p) for number, p in enumerate(presets, 1)}
    wanted = [(t, p.name[:200], n, p.position[:100]) for t, (n, p) in present.items()]
    query = sa.select(PresetRow).where(PresetRow.channel_id == camera_id)
    with store._reading() as session:
        here = [(r.token, r.name, r.number, r.position)
                for r in session.scalars(query.where(PresetRow.deleted_at.is_(None)))]  # fmt: skip
    if sorted(here) == sorted(wanted):
        return
    with store._writing(preset={camera_id}) as session:
        rows = {r.token: r for r in session.scalars(query)}
        for token, name, number, position in wanted:
            row = rows.pop(token, None)
            if row is None:
                row = PresetRow(id=new_id(), channel_id=camera_id, token=token)
                session.add(row)
            row.name, row.number, row.position = name, number, position
            row.deleted_at, row.updated_at = None, now()
        for row in rows.values():
            if row.deleted_at is None:
                row.deleted_at = row.updated_at = now()
