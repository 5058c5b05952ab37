"""What devices say of themselves, and the register.

What the register does not know yet is entered, with "probe" as its source in the history. Where a device
says something else than the register, a person decides: the difference is listed until then. The list is
this console's own; what is taken from it is synchronised as every other change of a field is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.domain import asset
from app.store import assets, history
from app.store.errors import StoreError
from app.store.models import ChannelRow, DeviceDifferenceRow
from app.store.store import Store, now

FIELDS = ("manufacturer", "model", "serial", "firmware", "mac", "coding")
"""What a probe may tell; everything else is not the device's to say."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of a camera that its device calls otherwise. `at`: UTC, when the device said so."""

    camera_id: str
    camera: str
    field: str
    here: str
    there: str
    at: str
    detail: str


def observe(
    store: Store, camera_id: str, said: Mapping[str, str], detail: str = ""
) -> tuple[int, int]:
    """Enter what a device said of itself; (fields filled, differences that wait for a person).

    Values that the register could not take are left out. `detail`: where it was asked, for people.
    Raises StoreError.
    """
    with store._writing(camera={camera_id}) as session:
        loaded = assets.load(session, [camera_id])
        if camera_id not in loaded.channels:
            return 0, 0
        known = assets.rules_of(session)
        record = assets.record_of(loaded, camera_id, known)
        fill, open_ = dict[str, str](), 0
        for name in FIELDS:
            spec = known.get(name)
            value = asset.normal(spec, said.get(name, ""), known) if spec is not None else ""
            if spec is None or not value or asset.problem_of(spec, value, known) is not None:
                continue
            here = record.get(name, "")
            row = session.get(DeviceDifferenceRow, (camera_id, name))
            if not here or same(name, here, value):
                if not here:
                    fill[name] = value
                if row is not None:
                    session.delete(row)
                continue
            if row is None:
                row = DeviceDifferenceRow(channel_id=camera_id, field=name, kept=False, value="")
                session.add(row)
            if row.value != value:
                row.value, row.kept = value, False
            row.at, row.detail = now(), detail[:200]
            open_ += not row.kept
        if fill:
            history.source(session, "probe", detail)
            assets.write(session, loaded, camera_id, fill, known)
            session.flush()
            assets.derive(session, [camera_id])
    return len(fill), open_


def same(field: str, here: str, there: str) -> bool:
    """Whether both mean the same: letter case does not matter, and "Hikvision" is meant by
    "Hangzhou Hikvision Digital Technology" too."""
    a, b = " ".join(here.casefold().split()), " ".join(there.casefold().split())
    return a == b or (field == "manufacturer" and len(a) > 2 and a in b)


def differences(store: Store, limit: int = 2000) -> list[Difference]:
    """What waits for a person, the newest first."""
    t = DeviceDifferenceRow
    query = (
        sa.select(t, ChannelRow.name)
        .join(ChannelRow, ChannelRow.id == t.channel_id)
        .where(t.kept.is_(False), ChannelRow.deleted_at.is_(None))
        .order_by(t.at.desc(), t.channel_id, t.field)
        .limit(limit)
    )
    with store._reading() as session:
        rows = session.execute(query).all()
        known = assets.rules_of(session)
        loaded = assets.load(session, [row.channel_id for row, _ in rows])
        found = []
        for row, name in rows:
            here = assets.record_of(loaded, row.channel_id, known).get(row.field, "")
            if not same(row.field, here, row.value):
                found.append(Difference(row.channel_id, name, row.field, here, row.value, row.at,
                                        row.detail))  # fmt: skip
        return found


def take(store: Store, difference: Difference) -> None:
    """Enter what the device says. Raises StoreError, also where the field was changed meanwhile."""
    file = assets.read(store, difference.camera_id)
    if file is None or file.record.get(difference.field, "") != difference.here:
        raise StoreError("This field was changed meanwhile. Look again, then decide.")
    assets.save(store, difference.camera_id, {difference.field: difference.there}, source="probe",
                detail=difference.detail)  # fmt: skip
    with store._writing() as session:
        row = session.get(DeviceDifferenceRow, (difference.camera_id, difference.field))
        if row is not None:
            session.delete(row)


def keep(store: Store, difference: Difference) -> None:
    """Leave the register as it is; asked again only when the device says something else."""
    with store._writing() as session:
        row = session.get(DeviceDifferenceRow, (difference.camera_id, difference.field))
        if row is not None and row.value == difference.there:
            row.kept = True
