"""What this console saw of cameras, told to the others day by day, and what the others told.

Minutes of a day (UTC) are the bits of a number, so that a day of a camera has one size however often the
picture came and went, and two consoles' days are joined by "or". Edges are rounded to the minute.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from app.domain.kpi import Span, merged, without
from app.store.log_lines import stamp, time_of
from app.store.log_models import ObservationRow, OutageRow, WatchedRow
from app.store.models import ChannelRow
from app.store.outbox import set_state, state
from app.store.store import Store, new_id, now

DAY = timedelta(days=1)
MINUTES = 1440
FIRST_TIME_DAYS = 31
"""So far back a console tells when it first can."""
KEEP_DAYS = 400
"""A year of figures, and the month before it for comparison."""


def minutes_of(spans: Iterable[Span], day: date) -> int:
    """The minutes of a day that the spans cover, as bits."""
    begin, bits = datetime.combine(day, time(), UTC), 0
    for span in spans:
        first = max(0, round((span.start - begin).total_seconds() / 60))
        end = min(MINUTES, round((span.end - begin).total_seconds() / 60))
        if end > first:
            bits |= ((1 << (end - first)) - 1) << first
    return bits


def spans_of(bits: int, day: date) -> list[Span]:
    """The other way round."""
    begin = datetime.combine(day, time(), UTC)
    return [
        Span(begin + timedelta(minutes=run.start()), begin + timedelta(minutes=run.end()))
        for run in re.finditer("1+", f"{bits:b}"[::-1])
    ]


def problem_with(fields: Mapping[str, Any]) -> str:
    """Why the fields of a row that was sent cannot be read ("" when they can)."""
    for name in ("known", "up"):
        if name in fields and not re.fullmatch("[0-9a-f]{1,360}", fields[name]):
            return f"{name}: no bits in hexadecimal"
    try:
        date.fromisoformat(fields.get("day", "2000-01-01"))
    except ValueError:
        return "day: not a date"
    return ""


def share(store: Store, at: datetime) -> int:
    """Tell the others what was seen until `at`; how many days of cameras were written. Nothing on a
    console that has not met a server. Also forgets what is older than KEEP_DAYS. Raises StoreError."""
    today, forgotten = at.astimezone(UTC).date(), at - timedelta(days=KEEP_DAYS)
    with store._writing() as session:
        session.execute(sa.delete(WatchedRow).where(WatchedRow.until < stamp(forgotten)))
        ended = sa.and_(OutageRow.until != "", OutageRow.until < stamp(forgotten))
        session.execute(sa.delete(OutageRow).where(ended))
        connection = session.connection()
        replica = state(connection, "replica")
        if replica is None:
            return 0
        # The last day that was told may have gone on afterwards.
        told = state(connection, "observed", "")
        first = date.fromisoformat(told) if told else today - FIRST_TIME_DAYS * DAY
        first = max(first, today - KEEP_DAYS * DAY)
        seen, lost = _own(connection, Span(datetime.combine(first, time(), UTC), at))
        written = 0
        for back in range((today - first).days, -1, -1):
            day = today - back * DAY
            days: dict[str, tuple[str, str]] = {}
            for camera, spans in seen.items():
                known = minutes_of(spans, day)
                if known:
                    up = minutes_of(without(spans, lost.get(camera, [])), day) & known
                    days[camera] = f"{known:x}", f"{up:x}"
            o = ObservationRow
            here = {
                r.channel_id: r
                for r in session.scalars(
                    sa.select(o).where(o.console == replica, o.day == day.isoformat())
                )
            }
            for camera, (known_text, up_text) in days.items():
                row = here.get(camera)
                if row is None:
                    row = ObservationRow(
                        id=new_id(), console=replica, channel_id=camera, day=day.isoformat()
                    )
                    session.add(row)
                elif (row.known, row.up) == (known_text, up_text):
                    continue
                row.known, row.up = known_text, up_text
                row.updated_at, row.deleted_at = now(), None
                written += 1
        for row in session.scalars(
            sa.select(o).where(o.console == replica, o.day < forgotten.date().isoformat(),
                               o.deleted_at.is_(None))
        ):  # fmt: skip
            row.deleted_at = row.updated_at = now()
        set_state(connection, observed=today.isoformat())
    return written


def _own(
    connection: sa.Connection, period: Span
) -> tuple[dict[str, list[Span]], dict[str, list[Span]]]:
    """When cameras that are still there were watched here, and had no picture."""
    w, o = WatchedRow, OutageRow
    begin, end = stamp(period.start), stamp(period.end)
    there = sa.select(ChannelRow.id).where(ChannelRow.deleted_at.is_(None))

    def spans(query: sa.Select[str, str, str]) -> dict[str, list[Span]]:
        found: dict[str, list[Span]] = {}
        for camera, since, until in connection.execute(query):
            stop = time_of(until) if until else period.end
            found.setdefault(camera, []).append(Span(time_of(since), stop))
        return {camera: merged(some) for camera, some in found.items()}

    watched = sa.select(w.camera_id, w.since, w.until).where(
        w.until >= begin, w.since < end, w.camera_id.in_(there)
    )
    lost = sa.select(o.camera_id, o.since, o.until).where(
        o.since < end, sa.or_(o.until == "", o.until >= begin)
    )
    return spans(watched), spans(lost)


def of_others(store: Store, period: Span) -> dict[str, tuple[list[Span], list[Span]]]:
    """Of each camera that other consoles saw: when it was known, and when it had a picture."""
    o = ObservationRow
    days: dict[tuple[str, str], list[int]] = {}
    with store._reading() as session:
        connection = session.connection()
        query = sa.select(o.channel_id, o.day, o.known, o.up).where(
            o.day >= period.start.date().isoformat(), o.day <= period.end.date().isoformat(),
            o.deleted_at.is_(None), o.console != state(connection, "replica", ""),
        )  # fmt: skip
        for camera, day, known, up in connection.execute(query):
            both = days.setdefault((camera, day), [0, 0])
            both[0] |= int(known, 16)
            both[1] |= int(up, 16)
    found: dict[str, tuple[list[Span], list[Span]]] = {}
    for (camera, text), (known_bits, up_bits) in sorted(days.items()):
        when = date.fromisoformat(text)
        known_spans, up_spans = found.setdefault(camera, ([], []))
        known_spans += spans_of(known_bits, when)
        up_spans += spans_of(up_bits & known_bits, when)
    return found
