"""Plans of sites (pictures), and where on them cameras are. Blocking.

A plan is a file of its site and a row beside it (`asset_field` of the site: name, scale, north); a
camera's place is a row of its position. So both are synchronised and seen with what they belong to.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.store import files
from app.store.assets import more_id
from app.store.errors import StoreError
from app.store.models import AssetFieldRow, ChannelRow, DeviceRow, PositionRow
from app.store.store import Store, now

_PLAN, _PLACE = "plan.", "on plan"
MOST_PLANS = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """A picture of a site from above. `width_m`: what its whole width is; 0 where nobody has said so.
    `north_deg`: the bearing of the upper edge."""

    site_id: str
    sha256: str
    name: str
    width_m: float = 0.0
    north_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a camera is on a plan: shares (0..1) of its width and height."""

    sha256: str
    x: float
    y: float


def plans(store: Store, site_id: str) -> list[Plan]:
    """The plans of a site by name."""
    f = AssetFieldRow
    query = sa.select(f.value).where(
        f.kind == "site", f.entity_id == site_id, f.field.startswith(_PLAN), f.deleted_at.is_(None)
    )
    with store._reading() as session:
        found = [_plan(site_id, _json(text)) for text in session.scalars(query)]
    return sorted((p for p in found if p is not None), key=lambda p: p.name)


def add(store: Store, site_id: str, name: str, jpeg: bytes) -> Plan:
    """Keep a picture as a plan of a site. Raises StoreError."""
    if len(plans(store, site_id)) >= MOST_PLANS:
        raise StoreError(f"A site has at most {MOST_PLANS} plans.")
    sha = files.attach(store, "site", site_id, f"plan {name}"[:200], "image/jpeg", jpeg)
    plan = Plan(site_id, sha, name.strip()[:100] or "plan")
    save(store, plan)
    return plan


def save(store: Store, plan: Plan) -> None:
    """Keep a plan's name, scale and north."""
    value = {"sha256": plan.sha256, "name": plan.name[:100], "width_m": plan.width_m,
             "north_deg": plan.north_deg}  # fmt: skip
    with store._writing(site={plan.site_id}) as session:
        _write(session, "site", plan.site_id, _PLAN + plan.sha256[:24], value)


def remove(store: Store, plan: Plan) -> None:
    """Take a plan off its site; cameras keep their places for the case that it comes back."""
    with store._writing(site={plan.site_id}) as session:
        _write(session, "site", plan.site_id, _PLAN + plan.sha256[:24], None)


def place_of(store: Store, camera_id: str) -> Placed | None:
    """Where a camera is on a plan, or None."""
    with store._reading() as session:
        position = _position_of(session, camera_id)
        row = (
            session.get(AssetFieldRow, more_id("position", position, _PLACE)) if position else None
        )
        return _placed(_json(row.value)) if row is not None and row.deleted_at is None else None


def place(store: Store, camera_id: str, placed: Placed | None) -> None:
    """Put a camera on a plan, or take it off. Raises StoreError where there is no such camera."""
    with store._writing(camera={camera_id}) as session:
        position = _position_of(session, camera_id)
        if position is None:
            raise StoreError("This camera does not exist any more.")
        value = None
        if placed is not None:
            value = {"sha256": placed.sha256, "x": round(placed.x, 4), "y": round(placed.y, 4)}
        _write(session, "position", position, _PLACE, value)


def others(store: Store, site_id: str, camera_id: str) -> list[tuple[str, Placed, float | None]]:
    """The site's other cameras on plans: name, place, bearing."""
    f, c = AssetFieldRow, ChannelRow
    query = (
        sa.select(c.id, c.name, f.value, PositionRow.bearing_deg)
        .join(DeviceRow, DeviceRow.id == c.device_id)
        .join(PositionRow, PositionRow.id == DeviceRow.position_id)
        .join(f, sa.and_(f.entity_id == PositionRow.id, f.field == _PLACE))
        .where(c.site_id == site_id, c.id != camera_id, c.deleted_at.is_(None))
        .where(f.deleted_at.is_(None)).order_by(c.id).limit(500)
    )  # fmt: skip
    with store._reading() as session:
        rows = [(r.name, _placed(_json(r.value)), r.bearing_deg) for r in session.execute(query)]
    return [(name, placed, bearing) for name, placed, bearing in rows if placed is not None]


def _position_of(session: Session, camera_id: str) -> str | None:
    return session.scalar(
        sa.select(DeviceRow.position_id).join(ChannelRow, ChannelRow.device_id == DeviceRow.id)
        .where(ChannelRow.id == camera_id, ChannelRow.deleted_at.is_(None))
    )  # fmt: skip


def _write(
    session: Session, kind: str, entity: str, field: str, value: Mapping[str, Any] | None
) -> None:
    identity, at = more_id(kind, entity, field), now()
    row = session.get(AssetFieldRow, identity)
    if row is None:
        if value is None:
            return
        row = AssetFieldRow(id=identity, kind=kind, entity_id=entity, field=field)
        session.add(row)
    if value is not None:
        row.value = json.dumps(value, ensure_ascii=False)
    row.updated_at, row.deleted_at = at, None if value is not None else at


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _plan(site_id: str, data: Any) -> Plan | None:
    try:
        width, north = float(data["width_m"]), float(data["north_deg"])
        good = math.isfinite(width) and math.isfinite(north) and width >= 0
        return Plan(site_id, str(data["sha256"]), str(data["name"]), width, north) if good else None
    except (TypeError, KeyError, ValueError):
        return None


def _placed(data: Any) -> Placed | None:
    try:
        x, y = float(data["x"]), float(data["y"])
        return Placed(str(data["sha256"]), x, y) if 0 <= x <= 1 and 0 <= y <= 1 else None
    except (TypeError, KeyError, ValueError):
        return None
