"""The one door to stored data. Calls may wait for the disk: make them off the Qt thread."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
import uuid_utils
from sqlalchemy.orm import Session

from app.domain import gb28181
from app.domain.camera import (
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
from app.store import search as finding
from app.store.database import open_database
from app.store.errors import StoreError
from app.store.models import (
    ChannelRow,
    DeviceRow,
    FavouriteRow,
    LayoutRow,
    OrganisationRow,
    PositionRow,
    SettingRow,
    SiteRow,
    StreamRow,
    ViewRow,
)
from app.store.secrets import Secrets, SecretsError

URL_SCHEMES = {"rtsp", "rtsps", "http", "https"}


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write changed: kinds ("camera", "site", "organisation", "view", "layout",
    "favourite") with their ids; an empty set of ids means many."""

    kinds: dict[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NamedView:
    """A saved view."""

    id: str
    name: str
    view: View


@dataclass(frozen=True, slots=True)
class NamedLayout:
    """A saved free layout."""

    id: str
    name: str
    layout: Layout


def new_id() -> str:
    """A UUIDv7: made by whoever creates the thing, ordered by time."""
    return str(uuid_utils.uuid7())


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Store:
    """Reads and writes of this console's database. Thread-safe."""

    def __init__(self, path: Path, secrets: Secrets) -> None:
        """Opens or makes the database. Raises StoreError."""
        self.path, self.secrets = path, secrets
        self._engine, self.note = open_database(path)
        self._write_lock = threading.Lock()
        self._listeners: list[Callable[[Changes], None]] = []

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def on_change(self, listener: Callable[[Changes], None]) -> None:
        """Call `listener` after every commit, on the thread that wrote."""
        self._listeners.append(listener)

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        try:
            with Session(self._engine) as session:
                yield session
        except sa.exc.SQLAlchemyError as error:
            raise StoreError(f"The database could not be read: {_reason(error)}") from error

    @contextmanager
    def _writing(self, **kinds: set[str]) -> Iterator[Session]:
        """One transaction, then the news of it. Kinds may be filled while writing."""
        try:
            with self._write_lock, Session(self._engine, expire_on_commit=False) as session:
                yield session
                session.commit()
        except sa.exc.SQLAlchemyError as error:
            raise StoreError(
                f"Nothing was saved: {_reason(error)}. Check the disk's free space, then try again."
            ) from error
        changes = Changes({kind: frozenset(ids) for kind, ids in kinds.items()})
        for listener in self._listeners:
            listener(changes)

    # -- organisations and sites

    def organisations(self) -> list[Organisation]:
        """All organisations by name."""
        query = sa.select(OrganisationRow).where(OrganisationRow.deleted_at.is_(None))
        with self._reading() as session:
            rows = session.scalars(query.order_by(OrganisationRow.name))
            return [Organisation(r.id, r.name, r.name_en, r.parent_id) for r in rows]

    def sites(self) -> list[Site]:
        """All sites by name."""
        query = sa.select(SiteRow).where(SiteRow.deleted_at.is_(None)).order_by(SiteRow.name)
        with self._reading() as session:
            return [_site(r) for r in session.scalars(query)]

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
            row.organisation_id, row.name, row.name_en = (
                site.organisation_id,
                site.name,
                site.name_en,
            )
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
        """Cameras that match, by name; an exact call number first."""
        query = _camera_query(person)
        query = _filter(query, search, organisation_id, site_id, favourites_only)
        number = _call_number(search)
        order: list[Any] = [ChannelRow.name, ChannelRow.id]
        if number is not None:
            order.insert(0, sa.case((ChannelRow.call_number == number, 0), else_=1))
        with self._reading() as session:
            rows = session.execute(query.order_by(*order).offset(offset).limit(limit))
            return [_row(r) for r in rows]

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
            return list(session.scalars(query.order_by(ChannelRow.name).limit(limit)))

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
                organisation=Organisation(
                    organisation.id, organisation.name, organisation.name_en, organisation.parent_id
                ),
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
                streams=_streams(session, camera_id),
                note=channel.note,
            )

    def source(self, camera_id: str) -> CameraSource | None:
        """What the video engine needs, with the account; None for an unknown camera."""
        with self._reading() as session:
            found = session.execute(
                sa.select(ChannelRow.transport, DeviceRow.id, DeviceRow.username)
                .join(DeviceRow, DeviceRow.id == ChannelRow.device_id)
                .where(ChannelRow.id == camera_id, ChannelRow.deleted_at.is_(None))
            ).first()
            if found is None:
                return None
            transport, device_id, username = found
            streams = _streams(session, camera_id)
        return CameraSource(camera_id, streams, self._account(device_id, username), transport)

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
        return found[1], self._account(found[0], found[2])

    def _account(self, device_id: str, username: str) -> Credentials:
        try:
            return Credentials(username, self.secrets.get(device_id) or "")
        except SecretsError as error:
            raise StoreError(str(error)) from error

    # -- cameras: writing

    def save_camera(self, details: CameraDetails, password: str | None) -> str:
        """Create (row.id "") or change a camera; returns its id.

        `password` None keeps the one there is. Raises StoreError with the wrong fields.
        """
        self._validate(details)
        row = details.row
        camera_id = row.id or new_id()
        with self._writing(camera={camera_id}) as session:
            at = now()
            channel = session.get(ChannelRow, camera_id)
            if channel is None:
                position = PositionRow(id=new_id(), site_id=row.site_id, updated_at=at)
                device = DeviceRow(id=new_id(), position_id=position.id, updated_at=at)
                channel = ChannelRow(id=camera_id, device_id=device.id)
                session.add(position)
                session.flush()
                session.add(device)
                session.flush()
            else:
                device = session.get_one(DeviceRow, channel.device_id)
                position = session.get_one(PositionRow, device.position_id)
            position.site_id, position.name = row.site_id, details.position_name
            position.pole_number, position.bearing_deg = details.pole_number, details.bearing_deg
            position.latitude, position.longitude = details.latitude, details.longitude
            position.point_class, position.updated_at = details.point_class.value, at
            device.manufacturer, device.model = details.manufacturer, details.model
            device.serial, device.firmware = details.serial, details.firmware
            device.address, device.onvif_url = row.address, details.onvif_url
            device.username, device.updated_at = details.username, at
            channel.site_id, channel.name, channel.name_en = row.site_id, row.name, row.name_en
            channel.code, channel.call_number = row.code, row.call_number
            channel.has_ptz, channel.transport = row.has_ptz, details.transport
            channel.note, channel.address, channel.updated_at = details.note, row.address, at
            channel.search_text = finding.search_text(row.name, row.name_en, row.code, row.address)
            session.add(channel)
            session.flush()
            session.execute(sa.delete(StreamRow).where(StreamRow.channel_id == camera_id))
            session.add_all(
                StreamRow(
                    channel_id=camera_id,
                    role=s.role.value,
                    url=s.url,
                    codec=s.codec,
                    width=s.width,
                    height=s.height,
                    fps=s.fps,
                    profile_token=s.profile_token,
                )
                for s in details.streams
            )
            if password is not None:
                # Before the commit: a camera without its password is worse than one not saved.
                try:
                    self.secrets.set(device.id, password)
                except SecretsError as error:
                    raise StoreError(f"Nothing was saved: {error}.") from error
        return camera_id

    def _validate(self, details: CameraDetails) -> None:
        row, wrong = details.row, dict[str, str]()
        if not row.name.strip():
            wrong["name"] = "empty"
        elif len(row.name) > 100:
            wrong["name"] = "too-long"
        if not row.site_id:
            wrong["site"] = "empty"
        if row.code:
            try:
                gb28181.parse(row.code)
            except ValueError:
                wrong["code"] = "invalid"
        if row.call_number is not None and not 1 <= row.call_number <= 999_999:
            wrong["call_number"] = "invalid"
        if not details.streams:
            wrong["url"] = "empty"
        for stream in details.streams:
            try:
                parts = urlsplit(stream.url)
                good = parts.scheme in URL_SCHEMES and bool(parts.hostname)
                good = good and (parts.port is None or parts.port > 0)
            except ValueError:
                good = False
            if not good or len(stream.url) > 1000 or re.search(r"[\s\x00-\x1f]", stream.url):
                wrong["url"] = "invalid"
            elif parts.username or parts.password:
                wrong["url"] = "account-in-url"
        with self._reading() as session:
            others = sa.select(ChannelRow.id).where(
                ChannelRow.id != row.id, ChannelRow.deleted_at.is_(None)
            )
            if row.call_number is not None and session.scalar(
                others.where(ChannelRow.call_number == row.call_number).limit(1)
            ):
                wrong["call_number"] = "taken"
            if row.code and session.scalar(others.where(ChannelRow.code == row.code).limit(1)):
                wrong["code"] = "taken"
        if wrong:
            raise StoreError("Some fields need correction: " + ", ".join(wrong), wrong)

    def remove_camera(self, camera_id: str) -> None:
        """Hide a camera from everything; `restore_camera` undoes it."""
        self._mark(camera_id, now())

    def restore_camera(self, camera_id: str) -> None:
        """Bring a removed camera back."""
        self._mark(camera_id, None)

    def _mark(self, camera_id: str, deleted_at: str | None) -> None:
        with self._writing(camera={camera_id}) as session:
            channel = session.get(ChannelRow, camera_id)
            if channel is not None:
                channel.deleted_at, channel.updated_at = deleted_at, now()

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

    def views(self) -> list[NamedView]:
        """All saved views by name; one that cannot be read any more is left out."""
        query = sa.select(ViewRow).where(ViewRow.deleted_at.is_(None)).order_by(ViewRow.name)
        with self._reading() as session:
            result = []
            for row in session.scalars(query):
                view = view_from_json(row.content)
                if view is not None:
                    result.append(NamedView(row.id, row.name, view))
            return result

    def save_view(self, name: str, view: View, view_id: str | None = None) -> str:
        """Create or overwrite a view. Raises StoreError for an empty or taken name."""
        name = self._free_name(ViewRow, name, view_id)
        identity = view_id or new_id()
        with self._writing(view={identity}) as session:
            row = session.get(ViewRow, identity) or ViewRow(id=identity)
            row.name, row.content, row.updated_at = name, view_to_json(view), now()
            row.deleted_at = None
            session.add(row)
        return identity

    def rename_view(self, view_id: str, name: str) -> None:
        """Give a view another name. Raises StoreError for an empty or taken one."""
        name = self._free_name(ViewRow, name, view_id)
        with self._writing(view={view_id}) as session:
            row = session.get(ViewRow, view_id)
            if row is not None:
                row.name, row.updated_at = name, now()

    def delete_view(self, view_id: str, *, undo: bool = False) -> None:
        """Delete a view, or bring it back."""
        with self._writing(view={view_id}) as session:
            row = session.get(ViewRow, view_id)
            if row is not None:
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
        name = self._free_name(LayoutRow, name, layout_id)
        identity = layout_id or new_id()
        with self._writing(layout={identity}) as session:
            row = session.get(LayoutRow, identity) or LayoutRow(id=identity)
            layout = replace(layout, key=f"free:{identity}")
            row.name, row.content, row.updated_at = name, view_to_json(View(layout)), now()
            session.add(row)
        return identity

    def delete_layout(self, layout_id: str) -> None:
        """Delete a free layout; views that use it keep their copy."""
        with self._writing(layout={layout_id}) as session:
            row = session.get(LayoutRow, layout_id)
            if row is not None:
                row.deleted_at = row.updated_at = now()

    def _free_name(self, model: type[ViewRow] | type[LayoutRow], name: str, own: str | None) -> str:
        name = name.strip()
        if not name:
            raise StoreError("A name is needed.", {"name": "empty"})
        if len(name) > 100:
            raise StoreError("The name is too long (100 characters).", {"name": "too-long"})
        with self._reading() as session:
            taken = session.scalar(
                sa.select(model.id).where(
                    model.name == name, model.deleted_at.is_(None), model.id != (own or "")
                )
            )
        if taken:
            raise StoreError(f"“{name}” exists already.", {"name": "taken"})
        return name

    def setting(self, key: str, default: Any = None) -> Any:
        """A small JSON value, or `default`."""
        with self._reading() as session:
            row = session.get(SettingRow, key)
        if row is None:
            return default
        try:
            return json.loads(row.value)
        except ValueError:
            return default

    def set_setting(self, key: str, value: Any) -> None:
        """Keep a small JSON value."""
        with self._writing() as session:
            session.merge(SettingRow(key=key, value=json.dumps(value, ensure_ascii=False)))

    # -- in bulk, for sample data and benchmarks

    def insert_rows(self, tables: dict[type[Any], list[dict[str, Any]]]) -> None:
        """Insert many rows of several tables in one transaction."""
        with self._writing(camera=set(), site=set(), organisation=set()) as session:
            for model, rows in tables.items():
                if rows:
                    session.execute(sa.insert(model), rows)


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]


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
    number = _call_number(text)
    words = sa.and_(
        sa.true(), *(ChannelRow.search_text.like(p, escape="\\") for p in finding.patterns(text))
    )
    if number is not None:
        words = sa.or_(words, ChannelRow.call_number == number)
    return query.where(words)


def _call_number(text: str) -> int | None:
    return finding.call_number(text)


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


def _site(r: SiteRow) -> Site:
    return Site(r.id, r.organisation_id, r.name, r.name_en, r.address, r.latitude, r.longitude)


def _streams(session: Session, camera_id: str) -> tuple[StreamSpec, ...]:
    query = sa.select(StreamRow).where(StreamRow.channel_id == camera_id).order_by(StreamRow.role)
    return tuple(
        StreamSpec(StreamRole(s.role), s.url, s.codec, s.width, s.height, s.fps, s.profile_token)
        for s in session.scalars(query)
    )


def view_to_json(view: View) -> str:
    """A view as stored."""
    layout = view.layout
    cells = [[c.row, c.column, c.row_span, c.column_span] for c in layout.cells]
    shape = {"key": layout.key, "rows": layout.rows, "columns": layout.columns, "cells": cells}
    return json.dumps({"layout": shape, "cameras": list(view.cameras)})


def view_from_json(text: str) -> View | None:
    """A stored view, or None for text that is none."""
    try:
        data = json.loads(text)
        shape = data["layout"]
        cells = tuple(Cell(*map(int, c)) for c in shape["cells"])
        layout = Layout(str(shape["key"]), int(shape["rows"]), int(shape["columns"]), cells)
        cameras = tuple(str(c) if c else None for c in data["cameras"])
        return View(layout, cameras)
    except (ValueError, KeyError, TypeError):
        return None
