"""The one door to stored data. Calls may wait for the disk: make them off the Qt thread."""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import sqlalchemy as sa
import uuid_utils
from sqlalchemy.orm import Session, sessionmaker

from app.domain import gb28181
from app.domain.camera import (
    Area,
    CameraDetails,
    CameraRow,
    CameraSource,
    Credentials,
    Organisation,
    PointClass,
    Site,
    StreamRole,
    StreamSpec,
)
from app.domain.layout import Cell, Layout, View
from app.domain.place import NearCamera, Place, Point, distance_m
from app.domain.retrieval import Case, Custody, Retrieval, RetrievalKind, chain_of, text_of
from app.domain.tour import Step, Tour
from app.store import chain_ends, history, outbox, places, preferences
from app.store import kinds as recorded
from app.store import search as finding
from app.store.database import is_damage, note_damage, open_database
from app.store.encryption import CacheKey, key_id
from app.store.errors import StoreError
from app.store.landmarks import Imported, Landmark, read_landmarks
from app.store.models import (
    ChannelRow,
    DeviceRow,
    FavouriteRow,
    FormerCodeRow,
    LandmarkRow,
    LayoutRow,
    OrganisationRow,
    PositionRow,
    RetrievalRow,
    SiteRow,
    StreamRow,
    TourRow,
    ViewRow,
)
from app.store.name_order import NameOrder
from app.store.secrets import Secrets, SecretsError
from app.store.sync_models import AttachmentRow, ConflictRow, UploadRow
from app.store.ticket_models import TicketRow

log = logging.getLogger(__name__)

MAX_AREAS, MAX_CORNERS = 32, 64
URL_SCHEMES = frozenset({"rtsp", "rtsps", "http", "https"})


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write changed: kinds ("camera", "site", "organisation", "landmark", "view",
    "tour", "layout", "favourite") with their ids; an empty set of ids means many."""

    kinds: dict[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NamedView:
    """A saved view."""

    id: str
    name: str
    view: View
    shared: bool = False
    """It belongs to the organisation, not to one person."""


@dataclass(frozen=True, slots=True)
class NamedTour:
    """A saved tour."""

    id: str
    name: str
    tour: Tour
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """What the server could not take as it was entered here. Times are UTC, ISO 8601."""

    id: str
    kind: str
    entity_id: str
    name: str
    """Of what it is about; "" where it is not here."""
    field: str
    """"*": the whole entry, `mine` is then an object of fields."""
    reason: str
    mine: Any
    theirs: Any
    mine_at: str
    theirs_by: str
    theirs_at: str


@dataclass(frozen=True, slots=True)
class NamedLayout:
    """A saved free layout."""

    id: str
    name: str
    layout: Layout


class Supply(Protocol):
    """A server's part in opening cameras (`app/sync/credentials.py`). Calls may wait for it."""

    def sources(self, wanted: dict[str, tuple[CameraSource, str]]) -> dict[str, CameraSource]: ...
    def account(self, camera_id: str, device_id: str, present: Credentials) -> Credentials: ...
    def entered(self, camera_id: str, device_id: str, username: str, password: str) -> None: ...


def new_id() -> str:
    """A UUIDv7: made by whoever creates the thing, ordered by time."""
    return str(uuid_utils.uuid7())


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Store:
    """Reads and writes of this console's database. Thread-safe; other processes may use it too.

    `note` says what the user should know about how it was opened ("" when all is well).
    """

    def __init__(self, path: Path, secrets: Secrets, key: CacheKey | None = None) -> None:
        """Opens or makes the database; a console's by `cache.open_store`, which has the key.

        Raises LockedError (another key is needed) and StoreError.
        """
        self.path, self.secrets = path, secrets
        self._engine, self.note = open_database(path, key)
        self.key = key if key is not None and key_id(path) == key.id else None
        """With which the file is encrypted, and what lies beside it."""
        self._readers = sessionmaker(self._engine)
        self._writers = sessionmaker(
            self._engine.execution_options(writing=True), expire_on_commit=False
        )
        sa.event.listen(self._writers, "before_flush", _refuse_long_texts)
        sa.event.listen(self._writers, "before_flush", outbox.before_flush)
        sa.event.listen(self._writers, "before_flush", history.before_flush)
        self._write_lock = threading.Lock()
        self._organisation_order = NameOrder(self, "organisation_order")
        self._site_order = NameOrder(self, "site_order")
        self._listeners: list[Callable[[Changes], None]] = []
        self.author = ""
        """Who works here, by name: goes with what is entered. A console may be several people's."""
        self.supply: Supply | None = None
        self.fetch: Callable[[str, int], object] | None = None
        """Brings a file (SHA-256, size) here from the server; None while there is none."""
        """Where addresses and accounts come from on a console with a server."""
        self._forgotten: dict[str, str] = {}  # passwords of removed cameras, until undo or the end
        with self._reading() as session:
            self.recording = outbox.state(session.connection(), "replica") is not None
            """Whether writes go into the outbox: once this console has met a server."""

    def close(self) -> None:
        """Let go of the file."""
        self._forgotten.clear()
        self._engine.dispose()

    def on_change(self, listener: Callable[[Changes], None]) -> None:
        """Call `listener` after every commit, on the thread that wrote."""
        self._listeners.append(listener)

    def off_change(self, listener: Callable[[Changes], None]) -> None:
        """Call it no more."""
        self._listeners = [known for known in self._listeners if known != listener]

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        """One state of the database, whatever is written meanwhile."""
        try:
            with self._readers() as session:
                yield session
        except sa.exc.SQLAlchemyError as error:
            raise self._failure("The database could not be read", error) from error

    @contextmanager
    def _writing(self, **kinds: set[str]) -> Iterator[Session]:
        """One transaction, then the news of it. Kinds may be filled while writing."""
        try:
            # The lock: SQLite makes writers wait by polling, and not in their order.
            with self._write_lock, self._writers() as session:
                session.info["recording"] = self.recording
                session.info["author"] = self.author
                yield session
                history.record(session, now())
                outbox.record(session)
                session.commit()
        except sa.exc.SQLAlchemyError as error:
            raise self._failure("Nothing was saved", error) from error
        if kinds:
            self._tell(kinds)

    @contextmanager
    def syncing(self, **kinds: set[str]) -> Iterator[sa.Connection]:
        """One transaction for what comes from the server: not recorded, and in any order, so that
        a row may come before the one that it refers to. For `app/sync` only."""
        try:
            with self._write_lock, self._engine.connect() as connection:
                connection = connection.execution_options(writing=True)
                driver = connection.connection.dbapi_connection
                assert driver is not None
                driver.execute("PRAGMA foreign_keys=OFF")
                try:
                    with connection.begin():
                        yield connection
                finally:
                    driver.execute("PRAGMA foreign_keys=ON")
        except sa.exc.SQLAlchemyError as error:
            raise self._failure("Nothing was saved", error) from error
        if kinds:
            self._tell(kinds)

    @contextmanager
    def looking(self) -> Iterator[sa.Connection]:
        """One state of the database, for `app/sync`."""
        with self._reading() as session:
            yield session.connection()

    def _tell(self, kinds: dict[str, set[str]]) -> None:
        self.announce(Changes({kind: frozenset(ids) for kind, ids in kinds.items()}))

    def announce(self, changes: Changes) -> None:
        """Tell the listeners, on this thread."""
        for listener in self._listeners:
            try:
                listener(changes)
            except Exception:
                log.exception("a listener failed; what was written is saved")

    def _failure(self, what: str, error: sa.exc.SQLAlchemyError) -> StoreError:
        """What went wrong and what to do about it."""
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        if is_damage(error):
            note_damage(self.path)
            advice = "The file is damaged. Restart Watchroom: it keeps the file and makes a new one"
        elif isinstance(error, sa.exc.IntegrityError):
            advice = "What it refers to is gone. Reload, then try again"
        elif "locked" in reason:
            advice = "Another program uses the file. Try again"
        else:
            advice = "Check the disk's free space, then try again"
        return StoreError(f"{what}: {reason}. {advice}.")

    # -- organisations and sites

    def organisations(self) -> list[Organisation]:
        """All organisations by name."""
        query = sa.select(OrganisationRow).where(OrganisationRow.deleted_at.is_(None))
        with self._reading() as session:
            rows = [_organisation(r) for r in session.scalars(query)]
        return self._organisation_order.sorted(rows)

    def sites(self) -> list[Site]:
        """All sites by name."""
        query = sa.select(SiteRow).where(SiteRow.deleted_at.is_(None))
        with self._reading() as session:
            rows = [_site(r) for r in session.scalars(query)]
        return self._site_order.sorted(rows)

    def save_organisation(self, organisation: Organisation) -> str:
        """Create (id "") or change one; returns its id. Raises StoreError."""
        if not organisation.name.strip():
            raise StoreError("An organisation needs a name.", {"name": "empty"})
        identity = organisation.id or new_id()
        with self._writing(organisation={identity}) as session:
            row = session.get(OrganisationRow, identity) or OrganisationRow(id=identity)
            row.name, row.name_en = organisation.name.strip(), organisation.name_en.strip()
            row.parent_id, row.updated_at = organisation.parent_id, now()
            session.add(row)
        return identity

    def save_site(self, site: Site) -> str:
        """Create (id "") or change one; returns its id. Raises StoreError."""
        if not site.name.strip():
            raise StoreError("A site needs a name.", {"name": "empty"})
        identity = site.id or new_id()
        with self._writing(site={identity}) as session:
            row = session.get(SiteRow, identity) or SiteRow(id=identity)
            row.organisation_id = site.organisation_id
            row.name, row.name_en = site.name.strip(), site.name_en.strip()
            row.address, row.latitude, row.longitude = site.address, site.latitude, site.longitude
            row.updated_at = now()
            session.add(row)
        return identity

    # -- cameras: reading

    def cameras(
        self,
        *,
        search: str = "",
        organisation_id: str | None = None,
        site_id: str | None = None,
        favourites_only: bool = False,
        offset: int = 0,
        limit: int = 200,
        person: str = "local",
    ) -> list[CameraRow]:
        """Cameras that match, by name; before them those whose call number begins with `search`."""
        query = _camera_query(person)
        query = _filter(query, search, organisation_id, site_id, favourites_only)
        called = _called(search)
        in_order = query.order_by(ChannelRow.sort_key, ChannelRow.id)
        with self._reading() as session:
            if called is None:
                return [_row(r) for r in session.execute(in_order.offset(offset).limit(limit))]
            # Two queries, as one would sort all hits: a digit has as many as there are cameras.
            first = query.where(called).order_by(ChannelRow.call_number, ChannelRow.id)
            rows = [_row(r) for r in session.execute(first.offset(offset).limit(limit))]
            if len(rows) < limit:
                number = len(rows) + offset
                if not rows and offset:
                    number = (
                        session.scalar(sa.select(sa.func.count()).select_from(first.subquery()))
                        or 0
                    )
                rest = in_order.where(sa.or_(ChannelRow.call_number.is_(None), sa.not_(called)))
                rest = rest.offset(max(0, offset - number)).limit(limit - len(rows))
                rows += [_row(r) for r in session.execute(rest)]
            return rows

    def count(
        self,
        *,
        search: str = "",
        organisation_id: str | None = None,
        site_id: str | None = None,
        favourites_only: bool = False,
        person: str = "local",
    ) -> int:
        """How many cameras match."""
        query = sa.select(sa.func.count()).select_from(ChannelRow)
        if organisation_id is not None:
            query = query.join(SiteRow, SiteRow.id == ChannelRow.site_id)
        if favourites_only:
            query = query.join(FavouriteRow, _favourite_of(person))
        query = _filter(query, search, organisation_id, site_id, favourites_only)
        with self._reading() as session:
            return session.scalar(query) or 0

    def camera_counts(self) -> dict[str, int]:
        """Cameras a site, by site id."""
        query = (
            sa.select(ChannelRow.site_id, sa.func.count())
            .where(ChannelRow.deleted_at.is_(None))
            .group_by(ChannelRow.site_id)
        )
        with self._reading() as session:
            return {row[0]: row[1] for row in session.execute(query)}

    def rows(self, ids: list[str], person: str = "local") -> list[CameraRow]:
        """The cameras with these ids, in that order; unknown ones are left out."""
        found: dict[str, CameraRow] = {}
        with self._reading() as session:
            for start in range(0, len(ids), 500):
                part = ids[start : start + 500]
                query = _camera_query(person).where(ChannelRow.id.in_(part))
                found |= {r.id: _row(r) for r in session.execute(query)}
        return [found[i] for i in ids if i in found]

    def by_call_number(self, number: int) -> CameraRow | None:
        """The camera with that call number, or None."""
        query = _camera_query("local").where(
            ChannelRow.call_number == number, ChannelRow.deleted_at.is_(None)
        )
        with self._reading() as session:
            row = session.execute(query.limit(1)).first()
            return _row(row) if row else None

    def camera_ids_of_site(self, site_id: str, limit: int = 64) -> list[str]:
        """The first cameras of a site, by name."""
        query = sa.select(ChannelRow.id).where(
            ChannelRow.site_id == site_id, ChannelRow.deleted_at.is_(None)
        )
        with self._reading() as session:
            order = query.order_by(ChannelRow.sort_key, ChannelRow.id)
            return list(session.scalars(order.limit(limit)))

    def camera(self, camera_id: str, person: str = "local") -> CameraDetails | None:
        """Everything about a camera, or None."""
        with self._reading() as session:
            flat = session.execute(_camera_query(person).where(ChannelRow.id == camera_id)).first()
            channel = session.get(ChannelRow, camera_id)
            if flat is None or channel is None:
                return None
            device = session.get_one(DeviceRow, channel.device_id)
            position = session.get_one(PositionRow, device.position_id)
            site = session.get_one(SiteRow, channel.site_id)
            organisation = session.get_one(OrganisationRow, site.organisation_id)
            return CameraDetails(
                row=_row(flat),
                organisation=_organisation(organisation),
                site=_site(site),
                position_name=position.name,
                pole_number=position.pole_number,
                bearing_deg=position.bearing_deg,
                latitude=position.latitude,
                longitude=position.longitude,
                point_class=PointClass(position.point_class),
                manufacturer=device.manufacturer,
                model=device.model,
                serial=device.serial,
                firmware=device.firmware,
                onvif_url=device.onvif_url,
                username=device.username,
                transport=channel.transport,
                never_degrade=channel.never_degrade,
                verify_tls=channel.verify_tls,
                streams=_streams(session, camera_id),
                note=channel.note,
                former_codes=_former_codes(session, camera_id),
            )

    def source(self, camera_id: str) -> CameraSource | None:
        """What the video engine needs, with the account; None for an unknown camera."""
        return self.sources([camera_id])[camera_id]

    def sources(self, camera_ids: Iterable[str]) -> dict[str, CameraSource | None]:
        """The same of several cameras: a server is asked for all of them at once."""
        stored = {camera: self._stored_source(camera) for camera in camera_ids}
        known = {camera: found for camera, found in stored.items() if found is not None}
        given = {camera: source for camera, (source, _) in known.items()}
        if self.supply is not None and known:
            given = self.supply.sources(known)
        return {camera: given.get(camera) for camera in stored}

    def _stored_source(self, camera_id: str) -> tuple[CameraSource, str] | None:
        """As it is kept here, and its device."""
        with self._reading() as session:
            found = session.execute(
                sa.select(
                    ChannelRow.transport,
                    ChannelRow.never_degrade,
                    ChannelRow.verify_tls,
                    DeviceRow.id,
                    DeviceRow.username,
                )
                .join(DeviceRow, DeviceRow.id == ChannelRow.device_id)
                .where(ChannelRow.id == camera_id, ChannelRow.deleted_at.is_(None))
            ).first()
            if found is None:
                return None
            transport, never_degrade, verify_tls, device_id, username = found
            streams = _streams(session, camera_id)
        account = self._account(device_id, username)
        source = CameraSource(
            camera_id, streams, account, transport, never_degrade, verify_tls=verify_tls
        )
        return source, device_id

    def device_access(self, camera_id: str) -> tuple[str, Credentials] | None:
        """(ONVIF address, account) of a camera's device, or None where it has no ONVIF."""
        with self._reading() as session:
            found = session.execute(
                sa.select(DeviceRow.id, DeviceRow.onvif_url, DeviceRow.username)
                .join(ChannelRow, ChannelRow.device_id == DeviceRow.id)
                .where(ChannelRow.id == camera_id)
            ).first()
        if found is None or not found[1]:
            return None
        account = self._account(found[0], found[2])
        if self.supply is not None:
            account = self.supply.account(camera_id, found[0], account)
        return found[1], account

    def _account(self, device_id: str, username: str) -> Credentials:
        """The account, without a password that cannot be read: one tile must not stop a wall."""
        try:
            return Credentials(username, self.secrets.get(device_id) or "")
        except SecretsError as error:
            log.warning("no password: %s", error)
            return Credentials(username)

    # -- places

    def find_places(self, text: str, limit: int = 20) -> list[Place]:
        """Streets, landmarks, sites, poles, organisations and cameras that hold every word of
        `text`, the likeliest first; found by name, initials, pinyin, English, address, number."""
        with self._reading() as session:
            return places.find(session, text, limit)

    def cameras_near(self, point: Point, limit: int = 12, person: str = "local"
                     ) -> list[NearCamera]:  # fmt: skip
        """The cameras nearest to a point, nearest first. Cameras whose place is not known are in
        no such list."""
        with self._reading() as session:
            found = places.near(session, point, limit)
        rows = {r.id: r for r in self.rows([identity for identity, *_ in found], person)}
        owners = {o.id: o for o in self.organisations()}
        return [
            NearCamera(rows[i], owners[rows[i].organisation_id], distance, bearing, faces)
            for i, distance, bearing, faces in found
            if i in rows and rows[i].organisation_id in owners
        ]

    def cameras_of_place(self, place: Place, limit: int = 12, person: str = "local"
                         ) -> list[NearCamera]:  # fmt: skip
        """A place's own cameras by name: what there is to show where no coordinates are known."""
        with self._reading() as session:
            ids = places.camera_ids(session, place, limit)
        owners = {o.id: o for o in self.organisations()}
        return [
            NearCamera(row, owners[row.organisation_id])
            for row in self.rows(ids, person)
            if row.organisation_id in owners
        ]

    def import_landmarks(self, path: Path) -> Imported:
        """Add landmarks from a CSV file (see `landmarks.py`), or bring those there are up to date.

        Never removes one. A wrong line is reported and the others are taken. A landmark of the
        same name and kind within `SAME_WITHIN_M` is the same one. Raises StoreError when the file
        cannot be read at all, and then nothing is changed.
        """
        wanted, result = read_landmarks(path)
        if not wanted:
            return result
        with self._writing(landmark=set()) as session:
            present: dict[tuple[str, str], list[LandmarkRow]] = {}
            for row in session.scalars(
                sa.select(LandmarkRow).where(LandmarkRow.deleted_at.is_(None))
            ):
                present.setdefault((row.name, row.kind), []).append(row)
            at = now()
            for landmark in wanted:
                namesakes = present.setdefault((landmark.name, landmark.kind.value), [])
                same = _same_landmark(namesakes, landmark)
                if same is None:
                    same = LandmarkRow(id=new_id(), name=landmark.name, kind=landmark.kind.value)
                    namesakes.append(same)
                    session.add(same)
                    result.added += 1
                elif (same.name_en, same.latitude, same.longitude) == (
                    landmark.name_en, landmark.point.latitude, landmark.point.longitude
                ):  # fmt: skip
                    result.unchanged += 1
                    continue
                else:
                    result.changed += 1
                same.name_en, same.updated_at = landmark.name_en, at
                same.latitude = landmark.point.latitude
                same.longitude = landmark.point.longitude
        return result

    # -- cameras: writing

    def save_camera(self, details: CameraDetails, password: str | None) -> str:
        """Create (row.id "") or change a camera; returns its id.

        `password` None keeps the one there is. Raises StoreError with the wrong fields.
        """
        row = details.row
        camera_id = row.id or new_id()
        with self._writing(camera={camera_id}) as session:
            # In the transaction that writes: nobody takes the number in between.
            self._validate(session, details)
            at = now()
            channel = session.get(ChannelRow, camera_id)
            if channel is None:
                position = PositionRow(id=new_id(), site_id=row.site_id, updated_at=at)
                session.add(position)
                session.flush()
                device = DeviceRow(id=new_id(), position_id=position.id, updated_at=at)
                session.add(device)
                session.flush()
                channel = ChannelRow(id=camera_id, device_id=device.id, code=row.code)
                session.add(channel)
            elif channel.deleted_at is not None:
                raise StoreError("This camera was removed meanwhile. Undo that first.")
            else:
                device = session.get_one(DeviceRow, channel.device_id)
                position = session.get_one(PositionRow, device.position_id)
            position.site_id, position.name = row.site_id, details.position_name.strip()
            position.pole_number = details.pole_number.strip()
            position.bearing_deg = details.bearing_deg
            position.latitude, position.longitude = details.latitude, details.longitude
            position.point_class, position.updated_at = details.point_class.value, at
            device.manufacturer, device.model = details.manufacturer, details.model
            device.serial, device.firmware = details.serial, details.firmware
            device.address, device.onvif_url = row.address, details.onvif_url
            device.username, device.updated_at = details.username, at
            channel.site_id = row.site_id
            channel.name, channel.name_en = row.name.strip(), row.name_en.strip()
            channel.has_ptz, channel.transport = row.has_ptz, details.transport
            channel.never_degrade = details.never_degrade
            channel.verify_tls = details.verify_tls
            channel.note, channel.address, channel.updated_at = details.note, row.address, at
            channel.call_number, former = row.call_number, channel.code
            channel.code = row.code
            channel.sort_key = finding.sort_key(channel.name)
            session.flush()
            if former and former != row.code:
                session.add(
                    FormerCodeRow(id=new_id(), channel_id=camera_id, code=former, updated_at=at)
                )
                session.flush()
            codes = (row.code, *_former_codes(session, camera_id))
            channel.search_text = finding.search_text(
                channel.name, channel.name_en, codes, row.address, row.call_number
            )
            _replace_streams(session, camera_id, [
                {name: getattr(spec, name) for name in recorded.STREAM_COLUMNS}
                | {"role": spec.role.value}
                for spec in details.streams
            ])  # fmt: skip
            session.flush()
            if password is not None:
                # Before the commit: a camera without its password is worse than one not saved.
                self._keep(device.id, password)
                if self.supply is not None:
                    self.supply.entered(camera_id, device.id, details.username, password)
        return camera_id

    def _keep(self, device_id: str, password: str) -> None:
        try:
            self.secrets.set(device_id, password)
        except SecretsError as error:
            raise StoreError(f"Nothing was saved: {error}.") from error

    def _validate(self, session: Session, details: CameraDetails) -> None:
        row, wrong = details.row, dict[str, str]()
        if not row.name.strip():
            wrong["name"] = "empty"
        if not row.site_id:
            wrong["site"] = "empty"
        else:
            site = session.get(SiteRow, row.site_id)
            if site is None or site.deleted_at is not None:
                wrong["site"] = "unknown"
        if row.code and not gb28181.is_valid(row.code):
            wrong["code"] = "invalid"
        number = row.call_number
        if number is not None and not 1 <= number <= finding.MAX_CALL_NUMBER:
            wrong["call_number"] = "invalid"
        if details.transport not in ("tcp", "udp"):
            wrong["transport"] = "invalid"
        for name, value, limit in (
            ("bearing_deg", details.bearing_deg, 360),
            ("latitude", details.latitude, 90),
            ("longitude", details.longitude, 180),
        ):
            if value is not None and not abs(value) <= limit:
                wrong[name] = "invalid"
        if not details.streams:
            wrong["url"] = "empty"
        elif len({s.role for s in details.streams}) < len(details.streams):
            wrong["url"] = "role-twice"
        for stream in details.streams:
            problem = _url_problem(stream.url, URL_SCHEMES)
            if problem:
                wrong["url"] = problem
        if details.onvif_url:
            # A bare host is an address too.
            address = details.onvif_url
            problem = _url_problem(address if "//" in address else f"http://{address}")
            if problem:
                wrong["onvif_url"] = problem
        wrong |= self._taken(session, row.id, row.call_number, row.code)
        if wrong:
            raise StoreError("Some fields need correction: " + ", ".join(wrong), wrong)

    def _taken(
        self, session: Session, camera_id: str, number: int | None, code: str
    ) -> dict[str, str]:
        """Which of a camera's unique attributes another one has."""
        others = sa.select(ChannelRow.id).where(
            ChannelRow.id != camera_id, ChannelRow.deleted_at.is_(None)
        )
        wrong = {}
        if number is not None and session.scalar(
            others.where(ChannelRow.call_number == number).limit(1)
        ):
            wrong["call_number"] = "taken"
        if code and session.scalar(others.where(ChannelRow.code == code).limit(1)):
            wrong["code"] = "taken"
        return wrong

    def remove_camera(self, camera_id: str) -> None:
        """Hide a camera from everything and forget its password; `restore_camera` undoes it."""
        with self._writing(camera={camera_id}) as session:
            channel = session.get(ChannelRow, camera_id)
            if channel is None or channel.deleted_at is not None:
                return
            channel.deleted_at = channel.updated_at = now()
            session.flush()
            device_id = channel.device_id
            in_use = session.scalar(
                sa.select(ChannelRow.id).where(
                    ChannelRow.device_id == device_id, ChannelRow.deleted_at.is_(None)
                )
            )
        if in_use is None:
            try:
                password = self.secrets.get(device_id)
                if password is not None:
                    self._forgotten[device_id] = password
                    self.secrets.delete(device_id)
            except SecretsError as error:
                log.warning("the password of a removed camera is still there: %s", error)

    def restore_camera(self, camera_id: str) -> None:
        """Bring a removed camera back, with its password if this client removed it.

        Raises StoreError when another camera has its call number or code by now.
        """
        with self._writing(camera={camera_id}) as session:
            channel = session.get(ChannelRow, camera_id)
            if channel is None or channel.deleted_at is None:
                return
            wrong = self._taken(session, camera_id, channel.call_number, channel.code)
            if wrong:
                raise StoreError(
                    f"“{channel.name}” cannot come back: another camera has its number or code. "
                    "Change that one first.",
                    wrong,
                )
            channel.deleted_at, channel.updated_at = None, now()
            session.flush()
            password = self._forgotten.get(channel.device_id)
            if password is not None:
                self._keep(channel.device_id, password)
        self._forgotten.pop(channel.device_id, None)

    def set_favourite(self, camera_id: str, on: bool, person: str = "local") -> None:
        """Mark or unmark a camera for a person."""
        with self._writing(favourite={camera_id}) as session:
            query = sa.select(FavouriteRow).where(
                FavouriteRow.person == person, FavouriteRow.channel_id == camera_id
            )
            row = session.scalar(query)
            if row is None:
                row = FavouriteRow(id=new_id(), person=person, channel_id=camera_id)
            row.deleted_at, row.updated_at = None if on else now(), now()
            session.add(row)

    # -- views, layouts, settings

    def views(self, person: str = "local") -> list[NamedView]:
        """A person's views by name, then the organisation's; unreadable ones are left out."""
        with self._reading() as session:
            result = []
            for row in session.scalars(_owned(ViewRow, person)):
                view = view_from_json(row.content)
                if view is not None:
                    result.append(NamedView(row.id, row.name, view, row.owner == ORGANISATION))
            return result

    def save_view(
        self,
        name: str,
        view: View,
        view_id: str | None = None,
        *,
        shared: bool | None = None,
        person: str = "local",
    ) -> str:
        """Create or overwrite a view. `shared` None leaves it whose it is, a new one a person's.

        Raises StoreError for an empty name, or one that this owner has already.
        """
        identity = view_id or new_id()
        with self._writing(view={identity}) as session:
            row = session.get(ViewRow, identity) or ViewRow(id=identity)
            row.owner = _owner(row.owner, shared, person)
            row.name = _free_name(session, ViewRow, name, identity, row.owner)
            row.content, row.updated_at, row.deleted_at = view_to_json(view), now(), None
            session.add(row)
        return identity

    def rename_view(self, view_id: str, name: str) -> None:
        """Give a view another name. Raises StoreError for an empty or taken one."""
        with self._writing(view={view_id}) as session:
            row = session.get(ViewRow, view_id)
            if row is None:
                raise StoreError("This view does not exist any more.")
            row.name = _free_name(session, ViewRow, name, view_id, row.owner)
            row.updated_at = now()

    def delete_view(self, view_id: str, *, undo: bool = False) -> None:
        """Delete a view, or bring it back. Raises StoreError when its name is taken by now."""
        with self._writing(view={view_id}) as session:
            row = session.get(ViewRow, view_id)
            if row is not None:
                if undo:
                    _free_name(session, ViewRow, row.name, view_id, row.owner)
                row.deleted_at, row.updated_at = None if undo else now(), now()

    def tours(self, person: str = "local") -> list[NamedTour]:
        """A person's tours by name, then the organisation's; unreadable ones are left out."""
        with self._reading() as session:
            result = []
            for row in session.scalars(_owned(TourRow, person)):
                tour = tour_from_json(row.content)
                if tour is not None:
                    result.append(NamedTour(row.id, row.name, tour, row.owner == ORGANISATION))
            return result

    def save_tour(
        self,
        name: str,
        tour: Tour,
        tour_id: str | None = None,
        *,
        shared: bool | None = None,
        person: str = "local",
    ) -> str:
        """Create or overwrite a tour, as `save_view` does a view. Raises StoreError."""
        identity = tour_id or new_id()
        with self._writing(tour={identity}) as session:
            row = session.get(TourRow, identity) or TourRow(id=identity)
            row.owner = _owner(row.owner, shared, person)
            row.name = _free_name(session, TourRow, name, identity, row.owner)
            row.content, row.updated_at, row.deleted_at = tour_to_json(tour), now(), None
            session.add(row)
        return identity

    def delete_tour(self, tour_id: str, *, undo: bool = False) -> None:
        """Delete a tour, or bring it back. Raises StoreError when its name is taken by now."""
        with self._writing(tour={tour_id}) as session:
            row = session.get(TourRow, tour_id)
            if row is not None:
                if undo:
                    _free_name(session, TourRow, row.name, tour_id, row.owner)
                row.deleted_at, row.updated_at = None if undo else now(), now()

    def layouts(self) -> list[NamedLayout]:
        """All saved free layouts by name."""
        query = sa.select(LayoutRow).where(LayoutRow.deleted_at.is_(None)).order_by(LayoutRow.name)
        with self._reading() as session:
            result = []
            for row in session.scalars(query):
                view = view_from_json(row.content)
                if view is not None:
                    result.append(NamedLayout(row.id, row.name, view.layout))
            return result

    def save_layout(self, name: str, layout: Layout, layout_id: str | None = None) -> str:
        """Create or overwrite a free layout. Raises StoreError for an empty or taken name."""
        identity = layout_id or new_id()
        with self._writing(layout={identity}) as session:
            row = session.get(LayoutRow, identity) or LayoutRow(id=identity)
            row.name = _free_name(session, LayoutRow, name, identity)
            row.content = view_to_json(View(replace(layout, key=f"free:{identity}")))
            row.updated_at, row.deleted_at = now(), None
            session.add(row)
        return identity

    def delete_layout(self, layout_id: str) -> None:
        """Delete a free layout; views that use it keep their copy."""
        with self._writing(layout={layout_id}) as session:
            row = session.get(LayoutRow, layout_id)
            if row is not None:
                row.deleted_at = row.updated_at = now()

    # -- private areas and the register of retrievals

    def masks(self, camera_ids: list[str]) -> dict[str, tuple[Area, ...]]:
        """The private areas of those cameras that have some."""
        with self._reading() as session:
            query = sa.select(ChannelRow.id, ChannelRow.masks).where(
                ChannelRow.id.in_(camera_ids), ChannelRow.masks != ""
            )
            found = {camera: areas_from_json(text) for camera, text in session.execute(query)}
        return {camera: areas for camera, areas in found.items() if areas}

    def set_masks(self, camera_id: str, areas: tuple[Area, ...]) -> None:
        """Replace a camera's private areas. Raises StoreError for points outside the picture."""
        if len(areas) > MAX_AREAS or any(not 3 <= len(a) <= MAX_CORNERS for a in areas):
            raise StoreError(f"At most {MAX_AREAS} areas of 3 to {MAX_CORNERS} corners.")
        if any(not (0 <= x <= 1 and 0 <= y <= 1) for area in areas for x, y in area):
            raise StoreError("An area lies outside the picture.")
        with self._writing(camera={camera_id}) as session:
            channel = session.get(ChannelRow, camera_id)
            if channel is None:
                raise StoreError("This camera does not exist any more.")
            channel.masks = json.dumps(areas) if areas else ""
            channel.updated_at = now()

    def add_retrieval(self, entry: Retrieval) -> Retrieval:
        """Enter what was taken; the entry with its number, time and hash. Never changed again."""
        with self._writing(retrieval=set()) as session:
            last, before = chain_ends.end(
                session.connection(), chain_ends.RETRIEVALS, entry.console
            )
            moment = datetime.now(UTC).replace(microsecond=0)
            numbered = replace(entry, number=last + 1, at=moment)
            done = replace(numbered, chain=chain_of(before, numbered))
            session.add(
                RetrievalRow(
                    id=new_id(), console=done.console, number=done.number,
                    at=done.at.isoformat(), content=_retrieval_json(done), chain=done.chain,
                    camera_id=done.camera_id,
                )
            )  # fmt: skip
        return done

    def retrievals(self, console: str, *, first: int = 1, limit: int = 1000) -> list[Retrieval]:
        """Entries of a console in the order of their numbers."""
        query = (
            sa.select(RetrievalRow.content, RetrievalRow.chain)
            .where(RetrievalRow.console == console, RetrievalRow.number >= first)
            .order_by(RetrievalRow.number)
            .limit(limit)
        )
        with self._reading() as session:
            return [_retrieval(content, chain) for content, chain in session.execute(query)]

    def setting(self, key: str, default: Any = None) -> Any:
        """A small JSON value, or `default`."""
        with self._reading() as session:
            text = preferences.read(session, key)
        if text is None:
            return default
        try:
            return json.loads(text)
        except ValueError:
            return default

    def set_setting(self, key: str, value: Any) -> None:
        """Keep a small JSON value."""
        self.set_settings({key: value})

    def set_settings(self, values: dict[str, Any]) -> None:
        """Keep several at once: all or none. Those of a person travel (`preferences.PERSONAL`)."""
        with self._writing() as session:
            for key, value in values.items():
                text = json.dumps(value, ensure_ascii=False)
                preferences.keep(session, key, text, id=new_id(), updated_at=now())

    # -- attachments and conflicts

    def add_attachment(
        self, kind: str, entity_id: str, name: str, media_type: str, size: int, sha256: str
    ) -> None:
        """A file belongs to a row from now on, and waits to be sent."""
        with self._writing(attachment=set()) as session:
            session.add(
                AttachmentRow(
                    id=new_id(), person="local", kind=kind, entity_id=entity_id, name=name[:200],
                    media_type=media_type, size=size, sha256=sha256, updated_at=now(),
                )
            )  # fmt: skip
            if session.get(UploadRow, sha256) is None:
                session.add(UploadRow(sha256=sha256, size=size))

    def conflicts(self) -> list[Conflict]:
        """What a person has to decide, the oldest first."""
        query = sa.select(ConflictRow).where(
            ConflictRow.decided == "", ConflictRow.deleted_at.is_(None)
        )
        with self._reading() as session:
            return [
                _conflict(session.connection(), row)
                for row in session.scalars(query.order_by(ConflictRow.mine_at, ConflictRow.id))
            ]

    def decide(self, conflict_id: str, how: str, value: Any = None) -> None:
        """End a conflict: "theirs" leaves the row, "mine" and "edited" write to it again.

        `value` (for "edited") is the field's new value. Raises StoreError where nothing is left
        to write to; the conflict stays.
        """
        changed = {"conflict": {conflict_id}, "camera": set[str](), "site": set[str]()}
        with self._writing(**changed) as session:
            row = session.get(ConflictRow, conflict_id)
            if row is None or row.decided:
                return
            row.decided, row.updated_at = how, now()
            if how == "theirs":
                return
            fields = {row.field: json.loads(row.mine) if how == "mine" else value}
            if row.field == "*":
                fields = json.loads(row.mine)
                if row.reason == "deleted":
                    fields["deleted_at"] = None
            kind = recorded.KINDS.get(row.kind)
            present = session.get(kind.model, row.entity_id) if kind else None
            if kind is not None and present is None and not recorded.missing_fields(kind, fields):
                present = kind.model(id=row.entity_id)
                session.add(present)
            if kind is None or present is None:
                raise StoreError("What this was about is not on this console any more.")
            problem = recorded.problem_with(kind, fields)
            if problem:
                raise StoreError(f"This cannot be entered: {problem}.")
            streams = fields.pop(recorded.STREAMS, None)
            for name, new in fields.items():
                setattr(present, name, new)
            present.updated_at = now()
            if streams is not None:
                _replace_streams(session, row.entity_id, [dict(zip(
                    recorded.STREAM_COLUMNS, s, strict=True)) for s in streams])  # fmt: skip
            session.flush()
            recorded.derive(session.connection(), {kind.name: [row.entity_id]})

    # -- in bulk, for sample data and benchmarks

    def insert_rows(self, tables: dict[type[Any], list[dict[str, Any]]]) -> None:
        """Insert many rows of several tables in one transaction."""
        with self._writing(camera=set(), site=set(), organisation=set()) as session:
            for model, rows in tables.items():
                if model in _PLACE_FIELDS:
                    rows = [{**row, "search_text": _place_text(model, row.get)} for row in rows]
                if rows:
                    session.execute(sa.insert(model), rows)
                kind = recorded.BY_MODEL.get(model)
                if kind is not None:
                    outbox.note_new(session, kind.name, [row["id"] for row in rows])


def _replace_streams(session: Session, camera_id: str, streams: list[dict[str, Any]]) -> None:
    """A channel's streams, as rows of the session: the outbox sees what changes."""
    query = sa.select(StreamRow).where(StreamRow.channel_id == camera_id)
    present = {row.role: row for row in session.scalars(query)}
    for values in streams:
        row = present.pop(values["role"], None) or StreamRow(channel_id=camera_id)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
    for row in present.values():
        session.delete(row)


def _conflict(connection: sa.Connection, row: ConflictRow) -> Conflict:
    """A stored conflict, with the name of what it is about."""
    kind = recorded.KINDS.get(row.kind)
    name = ""
    if kind is not None:
        now_there = recorded.read(connection, kind, [row.entity_id]).get(row.entity_id, {})
        name = str(now_there.get("name") or "")
    if row.kind == "ticket_event" and row.field == "*":
        about = json.loads(row.mine).get("ticket_id")
        ticket = connection.execute(
            sa.select(TicketRow.number, TicketRow.title).where(TicketRow.id == str(about))
        ).first()
        name = f"#{ticket.number} {ticket.title}" if ticket else ""
    return Conflict(
        row.id, row.kind, row.entity_id, name, row.field, row.reason, json.loads(row.mine),
        json.loads(row.theirs), row.mine_at, row.theirs_by, row.theirs_at,
    )  # fmt: skip


SAME_WITHIN_M = 2000.0
"""Further apart, two landmarks of one name and kind are two: many towns have a 人民路."""

_PLACE_FIELDS: dict[type[Any], tuple[str, ...]] = {
    OrganisationRow: ("name", "name_en"),
    SiteRow: ("name", "name_en", "address"),
    PositionRow: ("name", "", "pole_number"),
    LandmarkRow: ("name", "name_en"),
}
"""What the search text of a row is made of: name, English name, then details."""


def _place_text(model: type[Any], field: Callable[[str], Any]) -> str:
    return finding.place_text(*(field(name) or "" for name in _PLACE_FIELDS[model]))


def _make_findable(_mapper: Any, _connection: Any, row: Any) -> None:
    """Before a row is written: nobody who writes one can forget its search text."""
    row.search_text = _place_text(type(row), lambda name: getattr(row, name, "") if name else "")


for _model in _PLACE_FIELDS:
    for _moment in ("before_insert", "before_update"):
        sa.event.listen(_model, _moment, _make_findable)


def _same_landmark(namesakes: list[LandmarkRow], landmark: Landmark) -> LandmarkRow | None:
    """The nearest of equal name and kind, unless it is too far away to be the same."""
    nearest = min(
        ((distance_m(Point(r.latitude, r.longitude), landmark.point), r.id, r) for r in namesakes),
        default=None,
    )
    return nearest[2] if nearest is not None and nearest[0] <= SAME_WITHIN_M else None


def _refuse_long_texts(session: Session, *_: Any) -> None:
    """Before a flush: SQLite would take any length, other databases and people would not."""
    wrong = {}
    for row in (*session.new, *session.dirty):
        for column in sa.inspect(type(row)).columns:
            value = getattr(row, column.key)
            longest = getattr(column.type, "length", None)
            if longest is not None and isinstance(value, str) and len(value) > longest:
                field = (
                    "position_name"
                    if (type(row), column.key) == (PositionRow, "name")
                    else column.key
                )
                wrong[field] = "too-long"
    if wrong:
        raise StoreError("Too long: " + ", ".join(wrong), wrong)


def _free_name(
    session: Session,
    model: type[ViewRow] | type[TourRow] | type[LayoutRow],
    name: str,
    own: str,
    owner: str = "",
) -> str:
    """The name without spaces around it. Raises StoreError when it is empty or another's.

    Among those of one owner, where things of that kind have owners.
    """
    name = name.strip()
    if not name:
        raise StoreError("A name is needed.", {"name": "empty"})
    if len(name) > 100:
        raise StoreError("The name is too long (100 characters).", {"name": "too-long"})
    with session.no_autoflush:
        query = sa.select(model.id).where(
            model.name == name, model.deleted_at.is_(None), model.id != own
        )
        if issubclass(model, ViewRow | TourRow):
            query = query.where(model.owner == owner)
        taken = session.scalar(query)
    if taken:
        raise StoreError(f"“{name}” exists already.", {"name": "taken"})
    return name


def _url_problem(url: str, schemes: frozenset[str] = frozenset({"http", "https"})) -> str:
    """Why an address cannot be taken ("invalid", "account-in-url"), or ""."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in schemes and bool(parts.hostname)
        good = good and (parts.port is None or parts.port > 0)
    except ValueError:
        return "invalid"
    if not good or len(url) > 1000 or re.search(r"[\s\x00-\x1f]", url):
        return "invalid"
    return "account-in-url" if parts.username or parts.password else ""


def _favourite_of(person: str) -> Any:
    return sa.and_(
        FavouriteRow.channel_id == ChannelRow.id,
        FavouriteRow.person == person,
        FavouriteRow.deleted_at.is_(None),
    )


def _camera_query(person: str) -> Any:
    return (
        sa.select(
            ChannelRow.id,
            ChannelRow.name,
            ChannelRow.name_en,
            ChannelRow.call_number,
            ChannelRow.code,
            ChannelRow.address,
            SiteRow.organisation_id,
            ChannelRow.site_id,
            ChannelRow.has_ptz,
            FavouriteRow.id.label("favourite"),
        )
        .join(SiteRow, SiteRow.id == ChannelRow.site_id)
        .outerjoin(FavouriteRow, _favourite_of(person))
    )


def _filter(
    query: Any, text: str, organisation_id: str | None, site_id: str | None, favourites: bool
) -> Any:
    query = query.where(ChannelRow.deleted_at.is_(None))
    if organisation_id is not None:
        query = query.where(SiteRow.organisation_id == organisation_id)
    if site_id is not None:
        query = query.where(ChannelRow.site_id == site_id)
    if favourites:
        query = query.where(FavouriteRow.id.is_not(None))
    return query.where(
        *(ChannelRow.search_text.like(p, escape="\\") for p in finding.patterns(text))
    )


def _called(text: str) -> Any:
    """The condition that a call number begins with the query, or None when it is no number."""
    ranges = finding.call_numbers(text)
    if not ranges:
        return None
    return sa.or_(*(ChannelRow.call_number.between(a, b) for a, b in ranges))


def _row(r: Any) -> CameraRow:
    return CameraRow(
        r.id,
        r.name,
        r.name_en,
        r.call_number,
        r.code,
        r.address,
        r.organisation_id,
        r.site_id,
        r.has_ptz,
        r.favourite is not None,
    )


def _organisation(r: OrganisationRow) -> Organisation:
    return Organisation(r.id, r.name, r.name_en, r.parent_id)


def _site(r: SiteRow) -> Site:
    return Site(r.id, r.organisation_id, r.name, r.name_en, r.address, r.latitude, r.longitude)


def _streams(session: Session, camera_id: str) -> tuple[StreamSpec, ...]:
    query = sa.select(StreamRow).where(StreamRow.channel_id == camera_id).order_by(StreamRow.role)
    return tuple(
        StreamSpec(StreamRole(s.role), s.url, s.codec, s.width, s.height, s.fps, s.profile_token)
        for s in session.scalars(query)
    )


def _former_codes(session: Session, camera_id: str) -> tuple[str, ...]:
    query = sa.select(FormerCodeRow.code).where(FormerCodeRow.channel_id == camera_id)
    return tuple(dict.fromkeys(session.scalars(query.order_by(FormerCodeRow.id.desc()))))


def areas_from_json(text: str) -> tuple[Area, ...]:
    """Stored private areas; a damaged one covers the whole picture rather than nothing."""
    try:
        return tuple(tuple((float(x), float(y)) for x, y in area) for area in json.loads(text))
    except (ValueError, TypeError):
        return (((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),)


def _retrieval_json(entry: Retrieval) -> str:
    return text_of(entry)  # the very text that the chain hashes


def _retrieval(content: str, chain: str) -> Retrieval:
    fields = json.loads(content)
    for key in ("at", "begin", "end"):
        if fields[key] is not None:
            fields[key] = datetime.fromisoformat(fields[key])
    fields["case"] = Case(**fields["case"])
    fields["kind"] = RetrievalKind(fields["kind"])
    if fields.get("custody") is not None:
        fields["custody"] = Custody(**fields["custody"])
    return Retrieval(**fields, chain=chain)


ORGANISATION, PERSON = "organisation", "person:"
"""Owners of views and tours."""


def _owner(present: str | None, shared: bool | None, person: str) -> str:
    if shared is None and present:
        return present
    return ORGANISATION if shared else PERSON + person


def _owned(model: type[Any], person: str) -> Any:
    """A person's rows by name, then the organisation's."""
    query = sa.select(model).where(
        model.deleted_at.is_(None), model.owner.in_((ORGANISATION, PERSON + person))
    )
    return query.order_by(model.owner == ORGANISATION, model.name)


def tour_to_json(tour: Tour) -> str:
    """A tour as stored."""
    steps = [
        {"view": s.view_id, "camera": s.camera_id, "tile": s.tile, "dwell": s.dwell_s}
        for s in tour.steps
    ]
    return json.dumps({"steps": steps, "dwell": tour.dwell_s})


def tour_from_json(text: str) -> Tour | None:
    """A stored tour, or None for text that is none."""
    try:
        data = json.loads(text)
        steps = []
        for s in data["steps"]:
            dwell = s["dwell"]
            view, camera = str(s["view"] or ""), str(s["camera"] or "")
            if bool(view) == bool(camera):
                return None
            steps.append(Step(view, camera, max(0, int(s["tile"])),
                              None if dwell is None else float(dwell)))  # fmt: skip
        return Tour(tuple(steps), float(data["dwell"]))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def view_to_json(view: View) -> str:
    """A view as stored."""
    layout = view.layout
    cells = [[c.row, c.column, c.row_span, c.column_span] for c in layout.cells]
    shape = {"key": layout.key, "rows": layout.rows, "columns": layout.columns, "cells": cells}
    return json.dumps({"layout": shape, "cameras": list(view.cameras), "spot": view.spot})


def view_from_json(text: str) -> View | None:
    """A stored view, or None for text that is none."""
    try:
        data = json.loads(text)
        shape = data["layout"]
        cells = tuple(Cell(*map(int, c)) for c in shape["cells"])
        layout = Layout(str(shape["key"]), int(shape["rows"]), int(shape["columns"]), cells)
        cameras = tuple(str(c) if c else None for c in data["cameras"])
        spot = data.get("spot")
        return View(layout, cameras, spot if type(spot) is int else None)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
