"""Bulk set-up in this console's database: what is to be set up, templates, passwords while they change.

While a camera's account changes, both are kept under a key of their own beside the passwords
(`AccountChange`); which one is the camera's is settled by asking it. What is written down of a run holds
no password.
"""

from __future__ import annotations

import itertools
import json
import logging
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.camera import Credentials, StreamRole, StreamSpec
from app.domain.logbook import Book, Entry
from app.domain.setup import GOOD, Names, Setting, Step, Template, stream_setting
from app.store.errors import StoreError
from app.store.logbook import Logbook
from app.store.models import ChannelRow, DeviceRow, SetupTemplateRow
from app.store.secrets import SecretsError
from app.store.store import Store, new_id, now

log = logging.getLogger(__name__)

TEMPLATES, PENDING = "setup_templates", "account_changes"
KEY = "setup:"
PATIENCE_S = 120.0
"""A change of password that a camera took without effect may still come for so long."""

_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Target:
    """A camera to be set up. `why` is why it cannot be: "" or "no-onvif"."""

    camera_id: str
    device_id: str
    names: Names
    address: str
    host: str
    account: Credentials = field(repr=False)
    tokens: Mapping[StreamRole, str] = field(default_factory=dict)
    why: str = ""


def targets(store: Store, cameras: Iterable[str]) -> list[Target]:
    """In the order given; cameras that are gone are left out. May wait for the server."""
    found = []
    for camera in dict.fromkeys(cameras):
        details = store.camera(camera)
        if details is None:
            continue
        device = device_of(store, camera)
        access = store.device_access(camera)
        number = details.row.call_number
        names = Names(
            details.row.name, details.row.name_en, details.row.code,
            "" if number is None else str(number), details.site.name,
        )  # fmt: skip
        tokens = {s.role: s.profile_token for s in details.streams if s.profile_token}
        address, account = access if access is not None else ("", Credentials(details.username))
        found.append(
            Target(camera, device, names, address, details.row.address, account, tokens,
                   "" if access is not None else "no-onvif")
        )  # fmt: skip
    return found


def device_of(store: Store, camera: str) -> str:
    """The device behind a camera, "" for none."""
    with store.looking() as connection:
        query = sa.select(ChannelRow.device_id).where(ChannelRow.id == camera)
        return str(connection.scalar(query) or "")


# -- accounts while they change


@dataclass(frozen=True, slots=True)
class Pending:
    """A device of which two accounts are kept."""

    device_id: str
    camera_id: str
    old: Credentials = field(repr=False)
    new: Credentials = field(repr=False)
    at: float
    """Seconds since 1970."""

    @property
    def fresh(self) -> bool:
        """Whether the change may still come."""
        return 0 <= time.time() - self.at < PATIENCE_S


class KeepError(Exception):
    """An account could not be kept."""


class AccountChange:
    """The change of one device's account; see `devices.setup.Journal`. Every step is on the disk
    before the next, so that after a crash at any moment one of the kept accounts is the camera's.

    Raises `failure` (an exception class) where something cannot be kept.
    """

    def __init__(self, store: Store, camera_id: str, failure: type[Exception] = KeepError) -> None:
        self._store, self._camera, self._failure = store, camera_id, failure
        self._device = device_of(store, camera_id)
        self._new = Credentials()

    def begin(self, old: Credentials, new: Credentials) -> None:
        """Keep both. Not over an earlier change that is not settled: one of its two may count."""
        if not self._device:
            raise self._failure("@gone")
        if pending_of(self._store, self._device) is not None:
            raise self._failure("@unsettled")
        record = {
            "camera": self._camera, "at": time.time(),
            "old": [old.username, old.password], "new": [new.username, new.password],
        }  # fmt: skip
        try:
            with _lock:
                # The list first: a name in it without a secret harms nothing.
                listed = [d for d in _listed(self._store) if d != self._device]
                self._store.set_setting(PENDING, [*listed, self._device])
            self._store.secrets.set(KEY + self._device, json.dumps(record))
        except (StoreError, SecretsError) as error:
            raise self._failure(str(error)) from error
        self._new = new

    def commit(self) -> None:
        """The new one is the camera's account."""
        new, store = self._new, self._store
        try:
            store.secrets.set(self._device, new.password)
            with store._writing(camera={self._camera}) as session:
                row = session.get_one(DeviceRow, self._device)
                if row.username != new.username:
                    row.username, row.updated_at = new.username, now()
            if store.supply is not None:
                store.supply.entered(self._camera, self._device, new.username, new.password)
        except (StoreError, SecretsError, sa.exc.SQLAlchemyError) as error:
            raise self._failure(str(error)) from error
        self.drop()

    def drop(self) -> None:
        """Only the account that is in use is kept from now on."""
        try:
            self._store.secrets.delete(KEY + self._device)
            with _lock:
                listed = [d for d in _listed(self._store) if d != self._device]
                self._store.set_setting(PENDING, listed)
        except (StoreError, SecretsError) as error:
            raise self._failure(str(error)) from error

    @classmethod
    def of(
        cls, store: Store, pending: Pending, failure: type[Exception] = KeepError
    ) -> AccountChange:
        """One that was not settled."""
        change = cls(store, pending.camera_id, failure)
        change._device, change._new = pending.device_id, pending.new
        return change


def _listed(store: Store) -> list[str]:
    found = store.setting(PENDING, [])
    return [str(d) for d in found] if isinstance(found, list) else []


def pending_of(store: Store, device: str) -> Pending | None:
    """The change of a device's account that is not settled, or None. A damaged one counts as none,
    and is told in the log. Raises SecretsError and StoreError."""
    text = store.secrets.get(KEY + device)
    if text is None:
        return None
    try:
        record = json.loads(text)
        old, new = (Credentials(*map(str, record[k])) for k in ("old", "new"))
        return Pending(device, str(record["camera"]), old, new, float(record["at"]))
    except (ValueError, KeyError, TypeError):
        log.warning("a change of a password that was not settled cannot be read")
        return None


def unsettled(store: Store) -> list[Pending]:
    """The devices of which two accounts are kept. Raises SecretsError and StoreError."""
    return [p for d in _listed(store) if (p := pending_of(store, d)) is not None]


# -- what is known of the streams afterwards


def note_streams(store: Store, camera: str, steps: Sequence[Step]) -> None:
    """The register learns what was set: the wall chooses streams by their size. Raises StoreError."""
    values = {s.change.setting: s.now for s in steps if s.outcome in GOOD}
    details = store.camera(camera)
    if details is None:
        return
    streams = tuple(_noted(spec, values) for spec in details.streams)
    if streams != details.streams:
        store.save_camera(replace(details, streams=streams), None)


def _noted(spec: StreamSpec, values: Mapping[Setting, Any]) -> StreamSpec:
    codec, size, fps = (values.get(stream_setting(spec.role, n)) for n in ("codec", "size", "fps"))
    if codec is not None:
        spec = replace(spec, codec=str(codec))
    if isinstance(size, str) and "x" in size:
        width, _, height = size.partition("x")
        spec = replace(spec, width=int(width), height=int(height))
    if fps is not None:
        spec = replace(spec, fps=float(fps))
    return spec


# -- templates


def templates(store: Store) -> dict[str, Template]:
    """The organisation's by name; of two that were made apart under one name, the later made has a
    number behind it. Raises StoreError."""
    _move_settings(store)
    with store._reading() as session:
        return {name: _template(row) for name, row in _by_name(session).items()}


def save_template(store: Store, name: str, template: Template | None) -> None:
    """Keep one under a name, or forget it (None). Raises StoreError."""
    _move_settings(store)
    with store._writing(setup_template=set()) as session:
        row = _by_name(session).get(name)
        if template is None:
            if row is not None:
                row.deleted_at = row.updated_at = now()
            return
        if row is None:
            row = SetupTemplateRow(id=new_id(), name=name[:100])
            session.add(row)
        row.content = json.dumps(template.as_json(), ensure_ascii=False, sort_keys=True)
        row.updated_at = now()


def _by_name(session: Session) -> dict[str, SetupTemplateRow]:
    t, found = SetupTemplateRow, dict[str, SetupTemplateRow]()
    query = sa.select(t).where(t.deleted_at.is_(None)).order_by(t.name, t.id)
    for row in session.scalars(query):
        numbered = (f"{row.name} ({n})" for n in itertools.count(2))
        found[next(n for n in itertools.chain([row.name], numbered) if n not in found)] = row
    return found


def _template(row: SetupTemplateRow) -> Template:
    try:
        return Template.from_json(json.loads(row.content))
    except ValueError:
        return Template()


def _move_settings(store: Store) -> None:
    """Templates that a version before kept as a setting of this console."""
    with _lock:
        kept = store.setting(TEMPLATES, {})
        if not kept:
            return
        with store._writing(setup_template=set()) as session:
            for name, data in kept.items() if isinstance(kept, dict) else ():
                content = json.dumps(Template.from_json(data).as_json(), ensure_ascii=False)
                session.add(SetupTemplateRow(id=new_id(), name=str(name)[:100], content=content,
                                             updated_at=now()))  # fmt: skip
        store.set_setting(TEMPLATES, {})


# -- what was done, by whom


def record_run(
    logbook: Logbook,
    run: str,
    author: str,
    console: str,
    done: Iterable[tuple[str, str, Sequence[Step]]],
    *,
    undo: bool = False,
) -> None:
    """Enter in the log what a run did: an entry for each (camera, name, steps). Raises StoreError."""
    entries = [
        Entry(
            Book.SETUP, run, "undone" if undo else "set up", author[:100] or "-", console,
            {
                "name": name,
                "changes": [
                    [s.change.setting.value, s.change.old, s.change.new, s.outcome.value, s.now]
                    for s in steps
                ],
            },
            camera,
        )
        for camera, name, steps in done if steps
    ]  # fmt: skip
    if entries:
        logbook.add(*entries)
