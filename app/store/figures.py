"""What the figures of availability and repair are counted from, and the renewal list.

Online times are what this console saw itself (`WatchedRow`, `OutageRow`), together with what the others
told (`app/store/observations.py`). Calls may wait for the disk. Formulas: `app/domain/kpi.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.domain import kpi
from app.domain.kpi import Exclusion, Figure, Order, Part, Sample, Span, without
from app.store import observations
from app.store.log_lines import stamp, time_of
from app.store.log_models import OutageRow, WatchedRow
from app.store.models import ChannelRow, DeviceRow, OrganisationRow, PositionRow, SiteRow
from app.store.store import Store
from app.store.ticket_models import MaintenanceRow, TicketCameraRow, TicketRow
from app.store.ticket_state import text_of

MINUTE = timedelta(minutes=1)
LIFE_YEARS = 8
"""A usual age to replace a camera at; the planned date goes before it."""
SERIOUS = frozenset("VPEN")
"""Groups of faults with which a camera is not intact: video, PTZ, power, network."""
MAINS = "E01"
"""The cause that says that the mains were cut, as it was found at the repair."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera that counts. Dates are ISO texts, "" where not known."""

    id: str
    name: str
    name_en: str
    organisation: str
    organisation_en: str
    site: str
    site_en: str
    point_class: str
    model: str
    maintainer: str
    maintainer_en: str
    in_repair: bool
    installed_on: str
    warranty_until: str
    replace_on: str

    def title(self, language: str) -> str:
        return _either(self.name, self.name_en, language)

    def group(self, key: str, language: str) -> str:
        """What it belongs to by "organisation", "site", "model", "class" or "maintainer"."""
        return {
            "organisation": _either(self.organisation, self.organisation_en, language),
            "site": _either(self.site, self.site_en, language),
            "model": self.model, "class": self.point_class,
            "maintainer": _either(self.maintainer, self.maintainer_en, language),
        }[key]  # fmt: skip


def _either(name: str, english: str, language: str) -> str:
    return name or english if language.startswith("zh") else english or name


class Fault(NamedTuple):
    """A ticket as figures need it."""

    order: Order
    console: str
    number: int
    priority: str
    excluded: Exclusion | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the figures of a period are counted from. `faults`: reported in it; `before`: in the
    30 days before it, for repeats; `open`: open now, whenever they were reported."""

    period: Span
    now: datetime
    cameras: Mapping[str, Camera]
    online: tuple[Part, ...] = ()
    intact: tuple[Part, ...] = ()
    faults: tuple[Fault, ...] = ()
    before: tuple[Fault, ...] = ()
    open: tuple[Fault, ...] = ()
    by_id: Mapping[str, Fault] = field(default_factory=dict)
    excused: Mapping[str, Exclusion] = field(default_factory=dict)
    """Faults that do not count, and why."""

    def only(self, cameras: Iterable[str]) -> Facts:
        """The same of some cameras."""
        return self.split(dict.fromkeys(cameras, "")).get("", replace(self, cameras={}))

    def split(self, groups: Mapping[str, str]) -> dict[str, Facts]:
        """The same by group; `groups`: camera to group. In one pass, however many there are."""
        cameras: dict[str, dict[str, Camera]] = {}
        for identity, camera in self.cameras.items():
            if identity in groups:
                cameras.setdefault(groups[identity], {})[identity] = camera

        def parts(every: Iterable[Part]) -> dict[str, list[Part]]:
            found: dict[str, list[Part]] = {}
            for part in every:
                if part.identity in groups:
                    found.setdefault(groups[part.identity], []).append(part)
            return found

        def faults(every: Iterable[Fault]) -> dict[str, list[Fault]]:
            found: dict[str, list[Fault]] = {}
            for fault in every:
                if fault.order.camera in groups:
                    found.setdefault(groups[fault.order.camera], []).append(fault)
            return found

        online, intact = parts(self.online), parts(self.intact)
        here, before, open_now = faults(self.faults), faults(self.before), faults(self.open)
        return {
            g: replace(
                self, cameras=cameras[g], online=tuple(online.get(g, ())),
                intact=tuple(intact.get(g, ())), faults=tuple(here.get(g, ())),
                before=tuple(before.get(g, ())), open=tuple(open_now.get(g, ())),
            )
            for g in cameras
        }  # fmt: skip

    def _orders(self) -> list[Order]:
        return [f.order for f in self.faults]

    def limits(self) -> Figure:
        """Limits met, with what is left out."""
        return self._excusing(kpi.limits_met(self._orders(), self.now))

    def repeats(self) -> Figure:
        """Repeat faults of those reported in the period."""
        both = kpi.repeat_faults([f.order for f in (*self.before, *self.faults)])
        here = {f.order.identity for f in self.faults}
        return self._excusing(Figure(tuple(p for p in both.parts if p.identity in here)))

    def _excusing(self, figure: Figure) -> Figure:
        why = self.excused
        if not why:
            return figure
        return Figure(tuple(
            p._replace(excluded=why[p.identity]) if p.identity in why else p for p in figure.parts
        ))  # fmt: skip

    def accept(self) -> kpi.Durations:
        return kpi.time_to_accept(self._orders())

    def repair(self, *, without_pauses: bool = False) -> kpi.Durations:
        return kpi.time_to_repair(self._orders(), without_pauses=without_pauses)

    def oldest(self) -> Fault | None:
        """The open fault that was reported first."""
        return min(self.open, key=lambda f: f.order.reported, default=None)


class Figures:
    """Reads the figures of a store. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def watched(self, cameras: Iterable[str], at: datetime) -> None:
        """Note that the states of these cameras were known in the minute before `at`."""
        ids = list(cameras)
        if not ids:
            return
        w = WatchedRow
        with self._store._writing() as session:
            recent = sa.and_(w.camera_id.in_(ids), w.until >= stamp(at - 2 * MINUTE))
            going = set(session.scalars(sa.select(w.camera_id).where(recent)))
            session.execute(sa.update(w).where(recent).values(until=stamp(at)))
            session.add_all(
                WatchedRow(camera_id=c, since=stamp(at - MINUTE), until=stamp(at))
                for c in ids if c not in going
            )  # fmt: skip

    def share(self, at: datetime) -> None:
        """Tell other consoles what was seen here until `at`. Raises StoreError."""
        observations.share(self._store, at)

    def cameras(self) -> dict[str, Camera]:
        """The cameras in use; those in repair are, dismantled ones are not."""
        owner, keeper = aliased(OrganisationRow), aliased(OrganisationRow)
        c, d, p, s = ChannelRow, DeviceRow, PositionRow, SiteRow
        query = (
            sa.select(
                c.id, c.name, c.name_en, owner.name, owner.name_en, s.name, s.name_en,
                p.point_class, d.manufacturer, d.model, keeper.name, keeper.name_en, d.state,
                d.installed_on, d.in_use_since, d.warranty_until, d.replace_on,
            )
            .join(d, d.id == c.device_id).join(p, p.id == d.position_id)
            .join(s, s.id == p.site_id).join(owner, owner.id == s.organisation_id)
            .outerjoin(keeper, keeper.id == s.maintainer_id)
            .where(c.deleted_at.is_(None), d.state != "3")
        )  # fmt: skip
        with self._store._reading() as session:
            return {
                r[0]: Camera(
                    r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7] or "9",
                    f"{r[8]} {r[9]}".strip(), r[10] or r[3], r[11] or (r[10] or r[4]),
                    r[12] == "2", r[13] or r[14], r[15], r[16],
                )
                for r in session.execute(query)
            }  # fmt: skip

    def facts(self, since: datetime, now: datetime, live: Mapping[str, bool]) -> Facts:
        """Everything from `since` until `now`. `live`: the cameras whose state this console knows
        at this moment, and whether they have a picture."""
        cameras, period = self.cameras(), Span(since, now)
        maintained = self._maintenance(period)
        every = self._faults(since - timedelta(days=kpi.REPEAT_DAYS), maintained)
        faults = tuple(f for f in every if f.order.reported >= since)
        before = tuple(f for f in every if f.order.reported < since)
        open_now = self._faults(None, maintained)
        out: dict[str, dict[Exclusion, list[Span]]] = {
            c: {Exclusion.MAINTENANCE: spans} for c, spans in maintained.items()
        }
        for f in every:
            if f.excluded is Exclusion.POWER_CUT:
                span = Span(f.order.reported, f.order.verified or now)
                reasons = out.setdefault(f.order.camera, {})
                reasons.setdefault(Exclusion.POWER_CUT, []).append(span)
        by_id = {f.order.identity: f for f in (*every, *open_now)}
        return Facts(
            period, now, cameras, self._online(cameras, period, out),
            self._intact(cameras, live, maintained, now), faults, before, open_now,
            by_id, {i: f.excluded for i, f in by_id.items() if f.excluded is not None},
        )  # fmt: skip

    def _maintenance(self, period: Span) -> dict[str, list[Span]]:
        m = MaintenanceRow
        found: dict[str, list[Span]] = {}
        with self._store._reading() as session:
            for camera, begin, until, ended in session.execute(
                sa.select(m.channel_id, m.begin, m.until, m.ended_at).where(
                    m.deleted_at.is_(None), m.until >= text_of(period.start - timedelta(days=30)),
                    m.begin < text_of(period.end),
                )
            ):  # fmt: skip
                end = min(time_of(until), time_of(ended)) if ended else time_of(until)
                found.setdefault(camera, []).append(Span(time_of(begin), end))
        return found

    def _faults(
        self, since: datetime | None, maintained: Mapping[str, Sequence[Span]]
    ) -> tuple[Fault, ...]:
        """Those reported since a moment; None: those that are open."""
        t = TicketRow
        query = sa.select(
            t.id, t.camera_id, t.category, t.at, t.accepted_at, t.verified_at, t.closed_at,
            t.state, t.due_restore, t.paused_s, t.console, t.number, t.priority, t.cause,
        ).where(t.deleted_at.is_(None), t.state != "merged")  # fmt: skip
        query = query.where(t.is_open if since is None else t.at >= text_of(since))
        moment, found = datetime.fromisoformat, []
        with self._store._reading() as session:
            for r in session.connection().execute(query):
                reported = moment(r[3])
                # Only how long the pauses were is kept, not when: enough for a duration.
                paused = (Span(reported, reported + timedelta(seconds=r[9])),) if r[9] else ()
                order = Order(
                    r[0], r[1], r[2], reported, moment(r[4]) if r[4] else None,
                    moment(r[5]) if r[5] else None, moment(r[6]) if r[6] else None,
                    r[7] == "cancelled", moment(r[8]) if r[8] and r[8][:4] < "9999" else None,
                    paused,
                )  # fmt: skip
                excluded = None
                if any(s.start <= reported < s.end for s in maintained.get(r[1], ())):
                    excluded = Exclusion.MAINTENANCE
                elif r[13] == MAINS:
                    excluded = Exclusion.POWER_CUT
                found.append(Fault(order, r[10], r[11], r[12], excluded))
        return tuple(found)

    def _online(
        self, cameras: Iterable[str], period: Span,
        out: Mapping[str, Mapping[Exclusion, Sequence[Span]]],
    ) -> tuple[Part, ...]:  # fmt: skip
        seen: dict[str, list[Span]] = {}
        lost: dict[str, list[Span]] = {}
        w, o = WatchedRow, OutageRow
        begin, end = stamp(period.start), stamp(period.end)
        with self._store._reading() as session:
            for camera, since, until in session.execute(
                sa.select(w.camera_id, w.since, w.until).where(w.until >= begin, w.since < end)
            ):
                seen.setdefault(camera, []).append(Span(time_of(since), time_of(until)))
            for camera, since, until in session.execute(
                sa.select(o.camera_id, o.since, o.until).where(
                    o.since < end, sa.or_(o.until == "", o.until >= begin)
                )
            ):
                stop = time_of(until) if until else period.end
                lost.setdefault(camera, []).append(Span(time_of(since), stop))
        told = observations.of_others(self._store, period)
        found = []
        for camera in cameras:
            known = kpi.merged(seen.get(camera, ()))
            up = without(known, kpi.merged(lost.get(camera, ())))
            if camera in told:
                # A picture on one console is a picture: what is lost on another is its network.
                known = kpi.merged((*known, *told[camera][0]))
                up = kpi.merged((*up, *told[camera][1]))
            found.append(kpi.online_part(camera, period, up, known, out.get(camera)))
        return tuple(found)

    def _intact(
        self, cameras: Mapping[str, Camera], live: Mapping[str, bool],
        maintained: Mapping[str, Sequence[Span]], now: datetime,
    ) -> tuple[Part, ...]:  # fmt: skip
        t, tc = TicketRow, TicketCameraRow
        with self._store._reading() as session:
            faulty = {
                camera for camera, category in session.execute(
                    sa.select(tc.camera_id, t.category).join(t, t.id == tc.ticket_id)
                    .where(tc.is_open)
                ) if category[:1] in SERIOUS
            }  # fmt: skip
        found = []
        for identity, camera in cameras.items():
            broken = camera.in_repair or identity in faulty
            online = live.get(identity, False)
            excused = any(s.start <= now < s.end for s in maintained.get(identity, ()))
            sample = Sample(identity, online, 0.0 if online else None, broken)
            found.append(Part(
                identity, float(sample.intact), known=float(broken or identity in live),
                excluded=Exclusion.MAINTENANCE if excused else None,
            ))  # fmt: skip
        return tuple(found)

    def renewals(self, today: date) -> list[Renewal]:
        """The cameras by how urgently they should be renewed, the first the most."""
        year_ago = text_of(datetime.now(UTC) - timedelta(days=365))
        t = TicketRow
        with self._store._reading() as session:
            counts: dict[str, int] = {
                r[0]: r[1] for r in session.execute(
                    sa.select(t.camera_id, sa.func.count())
                    .where(t.at >= year_ago, t.state != "cancelled", t.deleted_at.is_(None))
                    .group_by(t.camera_id)
                )
            }  # fmt: skip
        found = [_renewal(c, counts.get(c.id, 0), today) for c in self.cameras().values()]
        return sorted(found, key=lambda r: (-r.points, r.camera.name))


@dataclass(frozen=True, slots=True)
class Renewal:
    """A camera on the renewal list. `reasons`: (what, number): "planned" and "warranty" in days
    past (negative: to come), "age" in years, "faults" of the last year, "age unknown"."""

    camera: Camera
    points: float
    age_years: float | None
    faults: int
    reasons: tuple[tuple[str, float], ...]


def _renewal(camera: Camera, faults: int, today: date) -> Renewal:
    """Points: 40 for a planned day that has come (20 within 180 days), age 5 a year up to 40, 4 a
    fault of the last year up to 40, 10 for a warranty that is over. A proposal, ours."""
    points, reasons = 0.0, []
    planned, bought = _day(camera.replace_on), _day(camera.installed_on)
    warranty = _day(camera.warranty_until)
    if planned and (past := (today - planned).days) >= -180:
        points += 40 if past >= 0 else 20
        reasons.append(("planned", float(past)))
    age = (today - bought).days / 365.25 if bought else None
    if age is None:
        reasons.append(("age unknown", 0.0))
    else:
        points += min(40.0, max(0.0, 5 * age))
        if age >= LIFE_YEARS:
            reasons.append(("age", age))
    if faults:
        points += min(40, 4 * faults)
        reasons.append(("faults", float(faults)))
    if warranty and warranty < today:
        points += 10
        reasons.append(("warranty", float((today - warranty).days)))
    return Renewal(camera, points, age, faults, tuple(reasons))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
