"""Finding places by what people call them, and the cameras nearest to a point.

At 100,000 cameras over 20 km x 20 km, on two shared cores (median of 21 / worst, ms):

    the twelve nearest, from                    positions known    sites only
    the middle, the edge                          5 - 7 / 27         4 / 28
    10 km outside, 400 km away                  30 - 33 / 79        18 / 20
    the other side of the earth                     64 / 133        32 / 110
    find: two characters, initials, English    60 - 120 / 200
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import place as geo
from app.domain.place import Box, Place, PlaceKind, Point
from app.store import search as finding
from app.store.models import (
    ChannelRow,
    DeviceRow,
    LandmarkRow,
    OrganisationRow,
    PositionRow,
    SiteRow,
)

FIRST_LOOK = 100
"""So many of the nearest positions are looked at first; more when too few have a camera."""

SITES_AT_ONCE = 20
"""Sites without positions of their own are looked through so many at a time."""

_ORDER = {kind: i for i, kind in enumerate(PlaceKind)}


def find(session: Session, text: str, limit: int) -> list[Place]:
    """Places of all kinds that hold every word of `text`.

    First those with a name, initials or number that is the text, then those where one begins with
    it, then the rest; among equals streets and buildings before cameras.
    """
    if not finding.patterns(text):
        return []
    found: list[tuple[int, Place]] = []
    for query in (_landmarks, _sites, _positions, _organisations, _cameras):
        found += query(session, text, limit)
    names = {place.name for _, place in found if place.kind is PlaceKind.CAMERA}
    word = text.strip().lower()
    found = [
        (rank, place)
        for rank, place in found
        # A pole is called like its camera: listed beside it only when its number was typed.
        if place.kind is not PlaceKind.POSITION
        or place.name not in names
        or word in place.detail.lower()
    ]
    found.sort(key=lambda item: (item[0], _ORDER[item[1].kind], finding.sort_key(item[1].name)))
    return [place for _, place in found[:limit]]


def _matching(query: Any, table: Any, text: str, limit: int) -> Any:
    """`query` cut to the rows that match, the best first, with their rank (0 to 2) as `rank`."""
    lines = "\n" + table.search_text + "\n"
    whole, begin = finding.line_patterns(text)
    rank = sa.case(
        (lines.like(whole, escape="\\"), 0), (lines.like(begin, escape="\\"), 1), else_=2
    ).label("rank")
    fits = [table.search_text.like(p, escape="\\") for p in finding.patterns(text)]
    query = query.add_columns(rank).where(table.deleted_at.is_(None), *fits)
    return query.order_by(rank, table.id).limit(limit)


def _landmarks(session: Session, text: str, limit: int) -> list[tuple[int, Place]]:
    t = LandmarkRow
    query = sa.select(t.id, t.kind, t.name, t.name_en, t.latitude, t.longitude)
    return [
        (r.rank, Place(r.id, _kind(r.kind), r.name, r.name_en, "", Point.of(r.latitude, r.longitude)))
        for r in session.execute(_matching(query, t, text, limit))
    ]  # fmt: skip


def _kind(stored: str) -> PlaceKind:
    try:
        return PlaceKind(stored)
    except ValueError:
        return PlaceKind.OTHER


def _sites(session: Session, text: str, limit: int) -> list[tuple[int, Place]]:
    t = SiteRow
    query = sa.select(t.id, t.name, t.name_en, t.address, t.latitude, t.longitude)
    return [
        (r.rank, Place(r.id, PlaceKind.SITE, r.name, r.name_en, r.address,
                       Point.of(r.latitude, r.longitude)))
        for r in session.execute(_matching(query, t, text, limit))
    ]  # fmt: skip


def _positions(session: Session, text: str, limit: int) -> list[tuple[int, Place]]:
    t = PositionRow
    # Ids first: the index holds all that is looked at, and only the best rows are opened.
    best = _matching(sa.select(t.id), t, text, limit).subquery()
    query = (
        sa.select(best.c.rank, t.id, t.name, t.pole_number, t.latitude, t.longitude,
                  SiteRow.name.label("site"), SiteRow.name_en.label("site_en"),
                  SiteRow.latitude.label("site_latitude"),
                  SiteRow.longitude.label("site_longitude"))
        .join(t, t.id == best.c.id)
        .join(SiteRow, SiteRow.id == t.site_id)
    )  # fmt: skip
    found = []
    for r in session.execute(query):
        point = Point.of(r.latitude, r.longitude) or Point.of(r.site_latitude, r.site_longitude)
        name, name_en = (r.name, "") if r.name else (r.site, r.site_en)
        found.append((r.rank, Place(r.id, PlaceKind.POSITION, name, name_en, r.pole_number, point)))
    return found


def _organisations(session: Session, text: str, limit: int) -> list[tuple[int, Place]]:
    t = OrganisationRow
    query = sa.select(t.id, t.name, t.name_en)
    return [
        (r.rank, Place(r.id, PlaceKind.ORGANISATION, r.name, r.name_en))
        for r in session.execute(_matching(query, t, text, limit))
    ]


def _cameras(session: Session, text: str, limit: int) -> list[tuple[int, Place]]:
    best = _matching(sa.select(ChannelRow.id), ChannelRow, text, limit).subquery()
    query = (
        sa.select(best.c.rank, ChannelRow.id, ChannelRow.name, ChannelRow.name_en,
                  ChannelRow.call_number, PositionRow.latitude, PositionRow.longitude,
                  SiteRow.latitude.label("site_latitude"),
                  SiteRow.longitude.label("site_longitude"))
        .join(ChannelRow, ChannelRow.id == best.c.id)
        .join(DeviceRow, DeviceRow.id == ChannelRow.device_id)
        .join(PositionRow, PositionRow.id == DeviceRow.position_id)
        .join(SiteRow, SiteRow.id == ChannelRow.site_id)
    )  # fmt: skip
    found = []
    for r in session.execute(query):
        point = Point.of(r.latitude, r.longitude) or Point.of(r.site_latitude, r.site_longitude)
        number = "" if r.call_number is None else str(r.call_number)
        found.append((r.rank, Place(r.id, PlaceKind.CAMERA, r.name, r.name_en, number, point)))
    return found


# -- the nearest

Listing = Callable[[int], Sequence[tuple[str, Point]]]
"""So many of the nearest positions as (id, where it is), nearest first."""


def near(session: Session, centre: Point, limit: int) -> list[tuple[str, float, float, bool]]:
    """The nearest cameras as (id, distance in m, bearing from `centre`, looks towards it).

    A camera is where its position is, or, where that is not known, where its site is; one of which
    neither is known is nowhere near anything.
    """
    found: dict[str, tuple[Point, float | None]] = {}
    for radius in geo.radii():
        for box in geo.boxes(centre, radius):
            for listing in (_own_points, _site_points):
                found |= _living(session, _bound(listing, session, centre, box), limit)
        ranked = geo.nearest(centre, ((i, point) for i, (point, _) in found.items()), limit)
        # The corners of a box reach further than its circle: others may be nearer than those.
        if len([i for i, distance in ranked if distance <= radius]) >= limit:
            break
    result = []
    for identity, distance in ranked:
        point, looks = found[identity]
        bearing = geo.bearing_deg(centre, point)
        result.append((identity, distance, bearing, geo.faces(looks, bearing)))
    return result


def _bound(listing: Any, session: Session, centre: Point, box: Box) -> Listing:
    return lambda count: listing(session, centre, box, count)


def _not_deleted(table: Any) -> Any:
    """`deleted_at IS NULL` in a form that no index serves: most rows are not deleted, yet SQLite,
    without statistics, would take an index on that before one on the place."""
    return sa.func.coalesce(table.deleted_at, "") == ""


def _inside(table: Any, box: Box) -> tuple[Any, ...]:
    return (
        table.latitude.between(box.south, box.north),
        table.longitude.between(box.west, box.east),
    )


def _roughly(table: Any, centre: Point, box: Box) -> Any:
    """What grows with the distance, in SQL's arithmetic: the map is flat within a box."""
    longitude = centre.longitude
    if not box.west <= longitude <= box.east:  # beyond the date line
        longitude += 360 if box.west > longitude else -360
    shrink = math.cos(math.radians(centre.latitude)) ** 2
    north, east = table.latitude - centre.latitude, table.longitude - longitude
    return north * north + east * east * shrink


def _own_points(session: Session, centre: Point, box: Box, count: int) -> list[tuple[str, Point]]:
    t = PositionRow
    query = (
        sa.select(t.id, t.latitude, t.longitude)
        .where(*_inside(t, box), _not_deleted(t))
        .order_by(_roughly(t, centre, box))
        .limit(count)
    )
    return [(r.id, Point(r.latitude, r.longitude)) for r in session.execute(query)]


def _site_points(session: Session, centre: Point, box: Box, count: int) -> list[tuple[str, Point]]:
    """Positions that are only known to be at a site."""
    t = SiteRow
    query = sa.select(t.id, t.latitude, t.longitude).where(*_inside(t, box))
    sites = {
        r.id: Point(r.latitude, r.longitude)
        for r in session.execute(query.order_by(_roughly(t, centre, box)))
    }
    found: list[tuple[str, Point]] = []
    ids = list(sites)
    # From the sites outwards, a few at a time: joined, SQLite would begin with all positions.
    for start in range(0, len(ids), SITES_AT_ONCE):
        some = ids[start : start + SITES_AT_ONCE]
        here = sa.select(PositionRow.id, PositionRow.site_id).where(
            PositionRow.site_id.in_(some),
            sa.or_(PositionRow.latitude.is_(None), PositionRow.longitude.is_(None)),
            _not_deleted(PositionRow),
        )
        rows = [(some.index(r.site_id), r.id, sites[r.site_id]) for r in session.execute(here)]
        found += [(identity, point) for _, identity, point in sorted(rows, key=lambda r: r[:2])]
        if len(found) >= count:
            break
    return found[:count]


def _living(
    session: Session, listing: Listing, limit: int
) -> dict[str, tuple[Point, float | None]]:
    """Cameras at the listed positions, id to (where, the way it looks): at least `limit`, if there.

    Removed cameras leave their positions behind, so some positions have none.
    """
    count = max(FIRST_LOOK, 2 * limit)
    while True:
        points = dict(listing(count))
        found = {}
        ids = list(points)
        for start in range(0, len(ids), 500):
            query = (
                sa.select(ChannelRow.id, DeviceRow.position_id, PositionRow.bearing_deg)
                .join(DeviceRow, DeviceRow.id == ChannelRow.device_id)
                .join(PositionRow, PositionRow.id == DeviceRow.position_id)
                .where(
                    DeviceRow.position_id.in_(ids[start : start + 500]),
                    _not_deleted(ChannelRow),
                )
            )
            for r in session.execute(query):
                found[r.id] = (points[r.position_id], r.bearing_deg)
        if len(found) >= limit or len(points) < count:
            return found
        count *= 8


def camera_ids(session: Session, place: Place, limit: int) -> list[str]:
    """The cameras that belong to a place, by name; none for a landmark."""
    query = sa.select(ChannelRow.id).where(ChannelRow.deleted_at.is_(None))
    match place.kind:
        case PlaceKind.CAMERA:
            query = query.where(ChannelRow.id == place.id)
        case PlaceKind.SITE:
            query = query.where(ChannelRow.site_id == place.id)
        case PlaceKind.POSITION:
            query = query.join(DeviceRow, DeviceRow.id == ChannelRow.device_id)
            query = query.where(DeviceRow.position_id == place.id)
        case PlaceKind.ORGANISATION:
            query = query.join(SiteRow, SiteRow.id == ChannelRow.site_id)
            query = query.where(SiteRow.organisation_id.in_(_with_all_below(session, place.id)))
        case _:
            return []
    query = query.order_by(ChannelRow.sort_key, ChannelRow.id).limit(limit)
    return list(session.scalars(query))


def _with_all_below(session: Session, organisation: str) -> set[str]:
    """An organisation and those under it; one that is its own ancestor does no harm."""
    query = sa.select(OrganisationRow.id, OrganisationRow.parent_id)
    pairs = [(r.id, r.parent_id) for r in session.execute(query)]
    family = {organisation}
    while new := {i for i, parent in pairs if parent in family} - family:
        family |= new
    return family
