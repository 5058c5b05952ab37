"""The register of devices: one file per device, read and written as fields of texts.

A file is about a camera (channel) with its device and its position. Which field is kept where,
`app/domain/asset.py` says; fields without a column are `asset_field` rows. Calls may wait for the
disk: make them off the Qt thread.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import asset, gb28181
from app.domain.asset import Field, Record, Rules, Type
from app.store import history, kinds
from app.store.errors import StoreError
from app.store.models import (
    AssetChangeRow,
    AssetDefinitionRow,
    AssetFieldRow,
    ChannelRow,
    DeviceRow,
    FormerCodeRow,
    OrganisationRow,
    PositionRow,
    SiteRow,
    StreamRow,
)
from app.store.secrets import SecretsError
from app.store.store import Store, new_id, now

_NAMESPACE = uuid.UUID("0bd0a3a1-67e9-4a26-a6f3-5a3f9c2b8e10")
MOST_CHANGES = 1000


@dataclass(frozen=True, slots=True)
class AssetFile:
    """The file of one camera. `implied`: what is not entered but follows from something else, and
    is shown and exported so; field to value."""

    camera_id: str
    title: str
    record: Record
    implied: Record
    ids: Mapping[str, str]
    """Entity ("position", "device", "channel", "site") to its id."""
    site: str = ""
    organisation: str = ""

    @property
    def whole(self) -> dict[str, str]:
        """Entered values, and implied ones where nothing was entered."""
        return {**self.implied, **{k: v for k, v in self.record.items() if v}}


@dataclass(frozen=True, slots=True)
class Change:
    """One field's change. `at`: UTC, ISO 8601."""

    at: str
    entity: str
    field: str
    before: str
    after: str
    source: str
    detail: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class DeviceLife:
    """A device that stands, or once stood, at a position."""

    id: str
    manufacturer: str
    model: str
    serial: str
    installed_on: str
    dismantled_on: str
    present: bool


@dataclass
class Loaded:
    """Rows of cameras while they are read or written."""

    channels: dict[str, ChannelRow] = field(default_factory=dict)
    devices: dict[str, DeviceRow] = field(default_factory=dict)
    positions: dict[str, PositionRow] = field(default_factory=dict)
    sites: dict[str, SiteRow] = field(default_factory=dict)
    more: dict[tuple[str, str], AssetFieldRow] = field(default_factory=dict)
    """(entity id, field) to its row."""
    codecs: dict[str, str] = field(default_factory=dict)

    def row(self, camera: str, entity: str) -> Any:
        """The row of that entity of a camera."""
        channel = self.channels[camera]
        if entity == "channel":
            return channel
        device = self.devices[channel.device_id]
        return device if entity == "device" else self.positions[device.position_id]


def by_id(session: Session, model: type[Any], ids: Iterable[str]) -> dict[str, Any]:
    """Rows of a table by id, in few queries."""
    found: dict[str, Any] = {}
    for part in kinds.chunks(sorted(set(ids))):
        found |= {
            row.id: row for row in session.scalars(sa.select(model).where(model.id.in_(part)))
        }
    return found


def load(session: Session, cameras: Sequence[str]) -> Loaded:
    """Everything about these cameras in a few queries; removed and unknown ones are left out."""
    made = Loaded()
    channels = by_id(session, ChannelRow, cameras)
    made.channels = {i: row for i, row in channels.items() if row.deleted_at is None}
    made.devices = by_id(session, DeviceRow, (c.device_id for c in made.channels.values()))
    made.positions = by_id(session, PositionRow, (d.position_id for d in made.devices.values()))
    made.sites = by_id(session, SiteRow, (p.site_id for p in made.positions.values()))
    entities = [*made.channels, *made.devices, *made.positions]
    for part in kinds.chunks(entities):
        query = sa.select(AssetFieldRow).where(AssetFieldRow.entity_id.in_(part))
        for row in session.scalars(query):
            made.more[row.entity_id, row.field] = row
    for part in kinds.chunks(list(made.channels)):
        streams = sa.select(StreamRow.channel_id, StreamRow.codec).where(
            StreamRow.channel_id.in_(part), StreamRow.role == "main"
        )
        made.codecs |= {r.channel_id: r.codec for r in session.execute(streams)}
    return made


def record_of(loaded: Loaded, camera: str, rules: Rules) -> dict[str, str]:
    """A camera's fields as entered; empty ones are left out."""
    result = {}
    for spec in rules.fields:
        row = loaded.row(camera, spec.entity)
        if spec.stored:
            value = history.text_of(spec.name, getattr(row, spec.name))
        else:
            kept = loaded.more.get((row.id, spec.name))
            value = kept.value if kept is not None and kept.deleted_at is None else ""
        if value:
            result[spec.name] = value
    return result


_CODECS = {"h264": "2", "h265": "4", "hevc": "4", "mpeg4": "1"}


def implied_by(loaded: Loaded, camera: str, record: Record) -> dict[str, str]:
    """What follows from what else is known, for fields that are empty."""
    device, position = loaded.row(camera, "device"), loaded.row(camera, "position")
    site = loaded.sites.get(position.site_id)
    found = {"coding": _CODECS.get(loaded.codecs.get(camera, ""), "")}
    code = record.get("code", "")
    if len(code) == 20:
        found["division"] = code[:6]
    if record.get("bearing_deg"):
        found["direction"] = asset.direction_of(float(record["bearing_deg"]))
    host = device.address.strip()
    for name in ("ipv4", "ipv6"):
        spec = asset.RULES.get(name)
        if spec is not None and asset.problem_of(spec, host) is None:
            found[name] = host
    if site is not None:
        found["install_address"] = site.address
        if not record.get("latitude") and not record.get("longitude"):
            found["latitude"] = history.text_of("latitude", site.latitude)
            found["longitude"] = history.text_of("longitude", site.longitude)
    return {k: v for k, v in found.items() if v and not record.get(k)}


def rules(store: Store) -> Rules:
    """The rules in force here."""
    with store._reading() as session:
        return rules_of(session)


def rules_of(session: Session) -> Rules:
    """The same within a transaction."""
    query = sa.select(AssetDefinitionRow.content).where(AssetDefinitionRow.deleted_at.is_(None))
    found = []
    for text in session.scalars(query.order_by(AssetDefinitionRow.id)):
        try:
            item = json.loads(text)
        except ValueError:
            continue
        if isinstance(item, dict):
            found.append(item)
    return asset.with_definitions(found) if found else asset.RULES


def define(store: Store, definition: Mapping[str, Any]) -> None:
    """Add or change a field, a requirement, or entries of a code list of this installation: see
    `asset.with_definitions`. Raises StoreError when it is none."""
    name = str(definition.get("name") or "list " + str(definition.get("list") or ""))[:40]
    if asset.with_definitions([definition]) == asset.RULES:
        raise StoreError("This defines no field and no code list.")
    identity = str(uuid.uuid5(_NAMESPACE, "definition/" + name))
    with store._writing(asset_rules=set()) as session:
        row = session.get(AssetDefinitionRow, identity) or AssetDefinitionRow(id=identity)
        row.name, row.content = name, json.dumps(definition, ensure_ascii=False)
        row.updated_at, row.deleted_at = now(), None
        session.add(row)


def read(store: Store, camera_id: str) -> AssetFile | None:
    """The file of a camera, or None."""
    with store._reading() as session:
        loaded = load(session, [camera_id])
        if camera_id not in loaded.channels:
            return None
        record = record_of(loaded, camera_id, rules_of(session))
        channel = loaded.channels[camera_id]
        device, position = loaded.row(camera_id, "device"), loaded.row(camera_id, "position")
        site = loaded.sites[position.site_id]
        owner = session.get(OrganisationRow, site.organisation_id)
        return AssetFile(
            camera_id, channel.name, record, implied_by(loaded, camera_id, record),
            {"channel": channel.id, "device": device.id, "position": position.id, "site": site.id},
            site.name, owner.name if owner else "",
        )  # fmt: skip


def check(session: Session, camera_id: str, record: Record) -> dict[str, str]:
    """What other cameras forbid: a code or serial number that is taken."""
    wrong = {}
    if code := record.get("code", ""):
        query = sa.select(ChannelRow.id).where(
            ChannelRow.code == code, ChannelRow.id != camera_id, ChannelRow.deleted_at.is_(None)
        )
        if session.scalar(query.limit(1)):
            wrong["code"] = "taken"
    return wrong


def save(
    store: Store, camera_id: str, changes: Record, *, source: str = "person", detail: str = ""
) -> None:
    """Change fields of a camera's file; others stay. "" empties a field.

    Raises StoreError with the wrong fields (to the reason of `asset.Problem`), and then nothing is
    changed.
    """
    with store._writing(camera={camera_id}) as session:
        loaded = load(session, [camera_id])
        if camera_id not in loaded.channels:
            raise StoreError("This camera does not exist any more.")
        known = rules_of(session)
        tidy = {
            name: asset.normal(spec, value, known)
            for name, value in changes.items()
            if (spec := known.get(name)) is not None
        }
        before = record_of(loaded, camera_id, known)
        after = {**before, **tidy}
        wrong = {
            p.field: p.reason for p in asset.validate(after, known)
            if not p.hint and (p.field in tidy or p.field not in before)
        }  # fmt: skip
        if not after.get("name"):
            wrong["name"] = "empty"
        wrong |= check(session, camera_id, tidy)
        if wrong:
            raise StoreError("Some fields need correction: " + ", ".join(wrong), wrong)
        history.source(session, source, detail)
        write(session, loaded, camera_id, tidy, known)
        session.flush()
        derive(session, [camera_id])


def write(
    session: Session, loaded: Loaded, camera: str, values: Record, rules: Rules, at: str = ""
) -> None:
    """Set fields (checked and tidy) of a camera within a transaction; `derive` afterwards."""
    at = at or now()
    for name, text in values.items():
        spec = rules.get(name)
        if spec is None:
            continue
        row = loaded.row(camera, spec.entity)
        if not spec.stored:
            _write_more(session, loaded, spec, row.id, text, at)
            continue
        value = _stored(spec, text)
        before = getattr(row, name)
        if before == value:
            continue
        if name == "code" and before:
            session.add(FormerCodeRow(id=new_id(), channel_id=camera, code=before, updated_at=at))
        setattr(row, name, value)
        row.updated_at = at


def _stored(spec: Field, text: str) -> Any:
    """A text as its column keeps it."""
    if spec.name == "retention_days":
        return int(text) if text else None
    if spec.name == "point_class":
        return text or "9"
    if spec.type in (Type.LATITUDE, Type.LONGITUDE, Type.NUMBER):
        return float(text) if text else None
    return text


def stored_value(rules: Rules, name: str, text: str) -> Any:
    """A text as its column keeps it, by the name of the field."""
    spec = rules.get(name)
    return text if spec is None else _stored(spec, text)


def more_id(kind: str, entity: str, name: str) -> str:
    """The id of an `asset_field` row: the same on every console."""
    return str(uuid.uuid5(_NAMESPACE, f"{kind}/{entity}/{name}"))


def _write_more(
    session: Session, loaded: Loaded, spec: Field, entity: str, text: str, at: str
) -> None:
    row = loaded.more.get((entity, spec.name))
    if row is None:
        if not text:
            return
        row = AssetFieldRow(
            id=more_id(spec.entity, entity, spec.name), kind=spec.entity, entity_id=entity,
            field=spec.name, value=text, updated_at=at,
        )  # fmt: skip
        loaded.more[entity, spec.name] = row
        session.add(row)
    elif row.value != text or row.deleted_at is not None:
        row.value, row.updated_at, row.deleted_at = text, at, None


def derive(session: Session, cameras: Sequence[str]) -> None:
    """Search texts and sort keys after a flush."""
    kinds.derive(session.connection(), {"channel": list(cameras)})
    for row in session.identity_map.values():
        if isinstance(row, ChannelRow):
            session.expire(row, ["search_text", "sort_key", "site_id", "address"])


# -- history


def changes(store: Store, file: AssetFile, name: str = "") -> list[Change]:
    """What became of a file's fields, the newest first, of one field where asked; of its position
    also from the time of devices before."""
    ids = {file.ids[e]: e for e in asset.ENTITIES}
    with store._reading() as session:
        position = file.ids["position"]
        earlier = session.scalars(sa.select(DeviceRow.id).where(DeviceRow.position_id == position))
        ids |= dict.fromkeys(earlier, "device")
        query = (
            sa.select(AssetChangeRow)
            .where(AssetChangeRow.entity_id.in_(list(ids)))
            .order_by(AssetChangeRow.updated_at.desc(), AssetChangeRow.id.desc())
            .limit(MOST_CHANGES)
        )
        found = []
        for row in session.scalars(query):
            for what, (before, after) in _changes_of(row.changes).items():
                if name in ("", what):
                    found.append(Change(row.updated_at, ids[row.entity_id], what, before, after,
                                        row.source, row.detail, row.person))  # fmt: skip
        return found


def _changes_of(text: str) -> dict[str, tuple[str, str]]:
    """A stored change; damaged ones are empty."""
    try:
        return {str(k): (str(v[0]), str(v[1])) for k, v in json.loads(text).items()}
    except (ValueError, TypeError, IndexError, AttributeError, KeyError):
        return {}


def devices_at(store: Store, position_id: str) -> list[DeviceLife]:
    """The devices of a position, the present one first, then the latest."""
    with store._reading() as session:
        present = set(
            session.scalars(
                sa.select(ChannelRow.device_id)
                .join(DeviceRow, DeviceRow.id == ChannelRow.device_id)
                .where(DeviceRow.position_id == position_id, ChannelRow.deleted_at.is_(None))
            )
        )
        rows = session.scalars(sa.select(DeviceRow).where(DeviceRow.position_id == position_id))
        lives = [
            DeviceLife(r.id, r.manufacturer, r.model, r.serial, r.installed_on, r.dismantled_on,
                       r.id in present)
            for r in rows
        ]  # fmt: skip
    return sorted(lives, key=lambda d: (d.present, d.dismantled_on, d.id), reverse=True)


def replace_device(store: Store, camera_id: str, new: Record, on: date) -> str:
    """Another device takes a camera's place on a day: the old one ends as dismantled, its position
    and the camera with its code stay. `new`: fields of the new device. Returns its id.

    The new device has the old one's network address and user name until somebody enters others,
    and no password: it is another device. Raises StoreError.
    """
    with store._writing(camera={camera_id}) as session:
        loaded = load(session, [camera_id])
        if camera_id not in loaded.channels:
            raise StoreError("This camera does not exist any more.")
        known = rules_of(session)
        values = {
            name: asset.normal(spec, text, known)
            for name, text in new.items()
            if (spec := known.get(name)) is not None and spec.entity == "device"
        }
        values.setdefault("installed_on", on.isoformat())
        values.setdefault("state", "1")
        wrong = {p.field: p.reason for p in asset.validate(values, known) if not p.hint}
        old = loaded.row(camera_id, "device")
        if old.installed_on and old.installed_on > on.isoformat():
            wrong["dismantled_on"] = "before"
        if wrong:
            raise StoreError("Some fields need correction: " + ", ".join(wrong), wrong)
        at = now()
        device = DeviceRow(
            id=new_id(), position_id=old.position_id, address=old.address, onvif_url=old.onvif_url,
            username=old.username, updated_at=at,
        )  # fmt: skip
        session.add(device)
        session.flush()
        # All cameras of the old device (lenses of one housing) are the new one's.
        for channel in session.scalars(
            sa.select(ChannelRow).where(
                ChannelRow.device_id == old.id, ChannelRow.deleted_at.is_(None)
            )
        ):
            channel.device_id, channel.updated_at = device.id, at
        old.state, old.dismantled_on, old.updated_at = "3", on.isoformat(), at
        loaded.devices[device.id] = device
        write(session, loaded, camera_id, values, known, at)
        session.flush()
        derive(session, [camera_id])
        identity, gone = device.id, old.id
    try:
        store.secrets.delete(gone)
    except SecretsError:
        pass  # it opens nothing any more
    return identity


# -- all of them


@dataclass(frozen=True, slots=True)
class Selection:
    """Which cameras: what is "" or False does not matter."""

    organisation_id: str = ""
    site_id: str = ""
    point_class: str = ""
    state: str = ""
    search: str = ""
    incomplete: bool = False


def camera_ids(session: Session, chosen: Selection) -> list[str]:
    """The cameras that are meant, by name; `incomplete` is not looked at here."""
    from app.store import search as finding

    query = (
        sa.select(ChannelRow.id)
        .join(DeviceRow, DeviceRow.id == ChannelRow.device_id)
        .join(PositionRow, PositionRow.id == DeviceRow.position_id)
        .join(SiteRow, SiteRow.id == PositionRow.site_id)
        .where(ChannelRow.deleted_at.is_(None))
    )
    for column, value in (
        (SiteRow.organisation_id, chosen.organisation_id), (SiteRow.id, chosen.site_id),
        (PositionRow.point_class, chosen.point_class), (DeviceRow.state, chosen.state),
    ):  # fmt: skip
        if value:
            query = query.where(column == value)
    for pattern in finding.patterns(chosen.search):
        query = query.where(ChannelRow.search_text.like(pattern, escape="\\"))
    return list(session.scalars(query.order_by(ChannelRow.sort_key, ChannelRow.id)))


def every(
    session: Session, ids: Sequence[str], known: Rules
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """(camera id, site name, whole record) of cameras, a few hundred in memory at a time."""
    for part in kinds.chunks(ids, 300):
        loaded = load(session, part)
        for camera in part:
            if camera in loaded.channels:
                record = record_of(loaded, camera, known)
                position = loaded.row(camera, "position")
                site = loaded.sites.get(position.site_id)
                whole = {**implied_by(loaded, camera, record), **record}
                yield camera, site.name if site else "", whole
        session.expunge_all()


def new_camera(loaded: Loaded, site_id: str, values: Record, rules: Rules, at: str) -> str:
    """A camera that the register knows and that has no stream yet; `add_new` adds it. Its id."""
    position = PositionRow(id=new_id(), site_id=site_id, updated_at=at)
    device = DeviceRow(id=new_id(), position_id=position.id, updated_at=at)
    device.address = values.get("ipv4") or values.get("ipv6") or ""
    channel = ChannelRow(
        id=new_id(), device_id=device.id, site_id=site_id, name="", address=device.address,
        updated_at=at,
    )  # fmt: skip
    for row in (position, device, channel):
        for column in row.__table__.columns:
            # Defaults come at the flush; values are compared before that.
            if getattr(row, column.key) is None and column.default is not None:
                setattr(row, column.key, column.default.arg)
    loaded.positions[position.id], loaded.devices[device.id] = position, device
    loaded.channels[channel.id] = channel
    for name, text in values.items():
        spec = rules.get(name)
        if spec is None:
            continue
        row = loaded.row(channel.id, spec.entity)
        if spec.stored:
            setattr(row, name, _stored(spec, text))
        elif text:
            identity = more_id(spec.entity, row.id, name)
            loaded.more[row.id, name] = AssetFieldRow(
                id=identity, kind=spec.entity, entity_id=row.id, field=name, value=text,
                updated_at=at,
            )  # fmt: skip
    return channel.id


def add_new(session: Session, loaded: Loaded) -> None:
    """Add what `new_camera` made: what others refer to first."""
    for rows in (loaded.positions, loaded.devices, loaded.channels, loaded.more):
        session.add_all(rows.values())
        session.flush()


def proposed_code(store: Store, site_id: str, division: str = "") -> str:
    """A free code for a camera: the centre that the site's other cameras have, else `division`,
    and the next serial number; "" where neither is known."""
    with store._reading() as session:
        near = session.scalar(
            sa.select(ChannelRow.code)
            .where(ChannelRow.site_id == site_id, sa.func.length(ChannelRow.code) == 20)
            .order_by(ChannelRow.code.desc()).limit(1)
        )  # fmt: skip
        centre = near[:8] if near else division.ljust(8, "0") if len(division) >= 6 else ""
        if not centre:
            return ""
        industry = near[8:10] if near else "00"
        prefix = f"{centre}{industry}1320"
        last = session.scalar(
            sa.select(sa.func.max(ChannelRow.code)).where(ChannelRow.code.like(prefix + "%"))
        )
    serial = int(last[14:]) + 1 if last else 1
    try:
        return gb28181.make(centre, serial, industry=industry)
    except ValueError:
        return ""
