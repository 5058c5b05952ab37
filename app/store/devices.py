"""Devices beside cameras: what discovery compares with, and adding or moving many."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import sqlalchemy as sa

from app.domain.camera import CameraDetails, CameraRow, Organisation, Site, StreamSpec
from app.domain.finding import Known
from app.store.errors import StoreError
from app.store.models import ChannelRow, DeviceRow, StreamRow
from app.store.store import Store


def host_of(url: str) -> str:
    """The host of an address, "" where there is none; an address without a scheme counts too."""
    try:
        return urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""


def known_devices(store: Store) -> list[Known]:
    """Every device of a camera that is not removed."""
    query = (
        sa.select(ChannelRow.id, ChannelRow.name, DeviceRow.onvif_url, DeviceRow.address,
                  DeviceRow.serial, DeviceRow.mac)
        .join(DeviceRow, DeviceRow.id == ChannelRow.device_id)
        .where(ChannelRow.deleted_at.is_(None))
    )  # fmt: skip
    with store.looking() as connection:
        return [
            Known(r.id, r.name, host_of(r.onvif_url) or r.address, r.serial, r.mac)
            for r in connection.execute(query)
        ]


def channels_of(store: Store, camera_id: str) -> dict[str, tuple[str, ...]]:
    """The cameras behind the ONVIF address of a camera, itself too, with the tokens of their media
    profiles: one, or those of a recorder."""
    own = sa.select(DeviceRow.onvif_url).join(ChannelRow, ChannelRow.device_id == DeviceRow.id)
    query = (
        sa.select(ChannelRow.id, StreamRow.profile_token)
        .join(DeviceRow, DeviceRow.id == ChannelRow.device_id)
        .outerjoin(StreamRow, StreamRow.channel_id == ChannelRow.id)
        .where(DeviceRow.onvif_url == own.where(ChannelRow.id == camera_id).scalar_subquery(),
               DeviceRow.onvif_url != "", ChannelRow.deleted_at.is_(None))
        .limit(4096)
    )  # fmt: skip
    found: dict[str, tuple[str, ...]] = {camera_id: ()}
    with store.looking() as connection:
        for camera, token in connection.execute(query):
            found[camera] = (*found.get(camera, ()), *([token] if token else []))
    return found


def site_named(store: Store, organisation: str, site: str) -> str:
    """The id of a site by the names of its organisation and itself; both are made when new."""
    owner = next((o.id for o in store.organisations()
                  if organisation in (o.name, o.name_en, o.id)), "")  # fmt: skip
    for known in store.sites():
        if known.organisation_id == owner and site in (known.name, known.name_en, known.id):
            return known.id
    if not site.strip():
        raise StoreError("A site is needed.", {"site": "empty"})
    owner = owner or store.save_organisation(Organisation("", organisation.strip()))
    return store.save_site(Site("", owner, site.strip()))


def new_camera(
    name: str, site_id: str, onvif_url: str, streams: tuple[StreamSpec, ...], *, has_ptz: bool
) -> CameraDetails:
    """A camera as discovery knows it, to be saved."""
    host = host_of(streams[0].url) if streams else host_of(onvif_url)
    row = CameraRow("", name, "", None, "", host, "", site_id, has_ptz, False)
    nowhere = Organisation("", ""), Site("", "", "")
    return replace(CameraDetails(row, *nowhere), streams=streams, onvif_url=onvif_url)


def move_device(store: Store, serial: str, old_host: str, onvif_url: str) -> int:
    """A device has another address now: its cameras' addresses follow; returns how many.

    Host of the ONVIF address and of the streams change; ports, paths and accounts stay.
    """
    ours = [
        k for k in known_devices(store) if k.serial and k.serial.casefold() == serial.casefold()
    ]
    new_host = urlsplit(onvif_url).hostname or ""
    moved = 0
    for known in ours:
        if known.host != old_host:
            continue
        details = store.camera(known.camera_id)
        if details is None:
            continue
        streams = tuple(replace(s, url=_at(s.url, new_host)) for s in details.streams)
        row = replace(details.row, address=new_host)
        store.save_camera(replace(details, row=row, onvif_url=onvif_url, streams=streams), None)
        moved += 1
    return moved


def _at(url: str, host: str) -> str:
    parts = urlsplit(url)
    shown = f"[{host}]" if ":" in host else host
    return parts._replace(netloc=f"{shown}:{parts.port}" if parts.port else shown).geturl()
