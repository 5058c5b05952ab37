"""Cameras' addresses and accounts from the server, and accounts that were entered here to it.

What comes is sealed to this console and kept, sealed again, until the day that the server said:
pictures and PTZ go on while the server is away. It is forgotten when the server says no, when what
this person may do has changed and this is no longer part of it, and when another person signs in.
All of it is one file, `accounts.sealed`, whose key lies where the passwords lie.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.camera import CameraSource, Credentials
from app.store.models import ChannelRow, DeviceRow
from app.store.secrets import Secrets, SecretsError
from app.store.store import Changes, Store
from app.sync.protocol import SyncError
from app.sync.sealing import account_about, console_sealing_key, open_box, public_text
from app.sync.status import NetworkError

log = logging.getLogger(__name__)

FILE, KEY_NAME = "accounts.sealed", "accounts-key"
RENEW = timedelta(hours=12)
"""An account that is kept is used so long before the server is asked again."""
AWAY = timedelta(seconds=5)
"""After no answer, the server is not asked for so long: a wall of 64 tiles must not wait 64 times."""
FRESH_S = 45.0
"""So long a relay's ticket is used for new connections; the server means it for a minute."""
AT_ONCE = 64
"""Of so many cameras the server tells the addresses in one answer."""
REFUSED = ("not_found", "not_permitted")
SIGNED_OUT = ("token_invalid", "refresh_invalid", "refresh_reused", "console_unknown")
_ABOUT = b"watchroom accounts 1"


class Server(Protocol):
    """The signed-in connection. Raises NetworkError (no answer) and SyncError (a refusal)."""

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """One request of `/api/…`; the answer's JSON, or {}. Blocking."""
        ...


class Vault:
    """A dictionary in one encrypted file (AES-256-GCM). Not thread-safe.

    A file that cannot be opened is kept under another name, and an empty one begins.
    """

    def __init__(self, path: Path, secrets: Secrets) -> None:
        """Raises SecretsError."""
        self._path = path
        stored = secrets.get(KEY_NAME)
        if stored is None:
            secrets.set(KEY_NAME, base64.b64encode(AESGCM.generate_key(256)).decode())
            stored = secrets.get(KEY_NAME)
        self._cipher = AESGCM(base64.b64decode(stored or ""))
        self.content: dict[str, Any] = {}
        try:
            raw = path.read_bytes()
            self.content = json.loads(self._cipher.decrypt(raw[:12], raw[12:], _ABOUT))
        except FileNotFoundError:
            pass
        except (InvalidTag, ValueError):
            path.replace(path.with_name(f"{path.name}.unreadable"))
            log.warning("%s cannot be read with its key; it is kept aside", path.name)
        except OSError as error:
            raise SecretsError(f"{path.name} cannot be read: {error}") from error

    def save(self) -> None:
        """Write it, all or nothing. Raises SecretsError."""
        nonce = os.urandom(12)
        data = nonce + self._cipher.encrypt(nonce, json.dumps(self.content).encode(), _ABOUT)
        try:
            handle, partial = tempfile.mkstemp(dir=self._path.parent)  # mode 0600
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(partial).replace(self._path)
        except OSError as error:
            raise SecretsError(f"{self._path.name} cannot be written: {error}") from error


class CameraAccounts:
    """Thread-safe. `source`, `account` and `entered` are what a store needs (`store.Supply`);
    `work` is done by the synchronisation's thread."""

    def __init__(
        self,
        store: Store,
        server: Server,
        person: Callable[[], str],
        *,
        sign: Callable[[bytes], bytes] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`person`: whose account is signed in, known offline too; `sign`: with the evidence key,
        for when the server knows another key of this console. Raises SecretsError."""
        self._store, self._server, self._person = store, server, person
        self._sign, self._clock = sign, clock
        self._lock = threading.RLock()
        self._vault = Vault(store.path.parent / FILE, store.secrets)
        self._away_until = datetime.min.replace(tzinfo=UTC)
        self._reviewed: str | None = None
        store.on_change(self._changed)

    # -- for the store

    def sources(self, wanted: dict[str, tuple[CameraSource, str]]) -> dict[str, CameraSource]:
        """Where to open cameras now, and with which accounts, by id; what is stored of each, and its
        device, is given. May wait for the server, which is asked once for all."""
        found: dict[str, CameraSource] = {}
        asked: dict[str, str] = {}
        for camera, (source, device) in wanted.items():
            kept = self._kept(camera)
            if not self._relayed and kept is not None and not self._old(kept):
                account = self._mine(device) or _credentials(kept)
                found[camera] = replace(source, credentials=account)
            else:
                asked[camera] = device
        until = time.monotonic() + FRESH_S
        for camera, said in self._ask(asked).items():
            source, device = wanted[camera]
            if said is not None and said.get("password"):
                urls = {s["role"]: s["url"] for s in said["streams"]}
                streams = tuple(
                    replace(s, url=urls[s.role.value])
                    for s in source.streams if s.role.value in urls
                )  # fmt: skip
                ticket = Credentials(said["username"], said["password"])
                found[camera] = replace(
                    source, streams=streams, credentials=ticket, fresh_until=until
                )
            else:
                account = self._best(camera, device, source.credentials, said)
                found[camera] = replace(source, credentials=account)
        return found

    def account(self, camera_id: str, device_id: str, present: Credentials) -> Credentials:
        """The account for talking to the camera itself (PTZ). May wait for the server."""
        kept = self._kept(camera_id)
        said = None
        if kept is None or self._old(kept):
            said = self._ask({camera_id: device_id})[camera_id]
        return self._best(camera_id, device_id, present, said)

    def _best(
        self, camera: str, device: str, present: Credentials, said: dict[str, Any] | None
    ) -> Credentials:
        mine = self._mine(device)
        if mine is not None:
            return mine
        kept = self._kept(camera)
        if kept is not None:
            return _credentials(kept)
        if said is not None and said.get("refused") and self._vault.content.get("adopted"):
            return Credentials(present.username)
        return present

    def entered(self, camera_id: str, device_id: str, username: str, password: str) -> None:
        """An account was typed in here: it is sent as soon as that can be. Raises SecretsError."""
        with self._lock:
            self._part("pending")[device_id] = {
                "camera": camera_id, "username": username, "password": password,
            }  # fmt: skip
            self._vault.save()

    # -- for synchronisation

    @property
    def waiting(self) -> int:
        """Accounts that were entered here and that the server has not got."""
        with self._lock:
            return len(self._part("pending"))

    def work(self, scope: str) -> None:
        """Send what waits; where `scope` (the token of this person's rights) is another than last
        time, ask again about all that is kept. Tries again at the next call what failed."""
        try:
            if scope != self._reviewed:
                self._review()
                self._reviewed = scope
            self._adopt()
            self._send()
        except NetworkError:
            self._away_until = self._clock() + AWAY
        except SyncError as error:
            self._ended(error)
        except SecretsError as error:
            log.warning("camera accounts: %s", error)

    def _review(self) -> None:
        """Forget what may not be kept any more. Raises NetworkError and SyncError."""
        with self._lock:
            cameras = sorted(self._part("accounts"))
            for waiting in self._part("pending").values():
                waiting.pop("refused", None)
        for camera in cameras:
            try:
                said = self._server.call("GET", f"/api/cameras/{camera}")
                needed = "control" if self._relayed else "view"
                keep = bool(said.get("permissions", {}).get(needed, {}).get("allowed"))
            except SyncError as error:
                if error.problem.status not in (403, 404):
                    raise
                keep = False
            if not keep:
                self.forget(camera)

    def _adopt(self) -> None:
        """Once: what was entered before this console met a server is sent too."""
        if self._vault.content.get("adopted"):
            return
        with self._store.looking() as connection:
            rows = connection.execute(
                sa.select(DeviceRow.id, DeviceRow.username, sa.func.min(ChannelRow.id))
                .join(ChannelRow, ChannelRow.device_id == DeviceRow.id)
                .where(ChannelRow.deleted_at.is_(None))
                .group_by(DeviceRow.id, DeviceRow.username)
            ).all()
        found = {}
        for device, username, camera in rows:
            password = self._store.secrets.get(device)
            if password is not None:
                found[device] = {"camera": camera, "username": username, "password": password}
        with self._lock:
            self._vault.content["pending"] = found | self._part("pending")
            self._vault.content["adopted"] = True
            self._vault.save()

    def _send(self) -> None:
        with self._lock:
            waiting = {d: dict(w) for d, w in self._part("pending").items() if "refused" not in w}
        for device, entry in waiting.items():
            camera = entry["camera"]
            body = {"username": entry["username"], "password": entry["password"]}
            gone = self._store.camera(camera) is None
            try:
                # An empty name or password is none that a server would keep.
                if not gone and entry["username"] and entry["password"]:
                    self._server.call("PUT", f"/api/cameras/{camera}/account", body)
            except SyncError as error:
                if error.problem.status not in (403, 404, 422):
                    raise
                if error.problem.status != 404:  # 404: perhaps it has not been sent itself
                    with self._lock:
                        if self._part("pending").get(device) == entry:
                            self._part("pending")[device]["refused"] = error.code
                            self._vault.save()
                continue
            with self._lock:
                if self._part("pending").get(device) == entry:  # else a newer one was entered
                    del self._part("pending")[device]
                    self._vault.save()
            if not gone and entry["password"] and self._ask({camera: device})[camera] is not None:
                kept = self._kept(camera)
                if kept is not None or self._relayed:
                    # From now on it comes from the server, to who may have it.
                    self._store.secrets.delete(device)

    def forget(self, camera_id: str) -> None:
        """This camera's account is not for this console any more. Raises SecretsError."""
        with self._lock:
            if self._part("accounts").pop(camera_id, None) is not None:
                self._vault.save()

    def forget_all(self) -> None:
        """Nobody is signed in here any more. What waits to be sent stays."""
        with self._lock:
            if self._part("accounts"):
                self._vault.content["accounts"] = {}
                self._vault.save()

    # -- asking

    def _ask(self, wanted: dict[str, str]) -> dict[str, dict[str, Any] | None]:
        """What the server says about cameras (id to device), one request for all; None when it does
        not answer now. `refused` is in it where it says no: then nothing of that camera is kept."""
        none: dict[str, dict[str, Any] | None] = dict.fromkeys(wanted)
        if not wanted or self._clock() < self._away_until:
            return none
        try:
            said = self._addresses(list(wanted))
            opened = self._opened(said)
            # Not enrolled, or enrolled anew: another number, another key.
            closed = [
                camera for camera, answer in said.items()
                if answer.get("account_reason") == "not_enrolled"
                or (answer.get("account") and opened[camera] is None)
            ]  # fmt: skip
            if closed and self._tell_key():
                again = self._addresses(closed)
                said |= again
                opened |= self._opened(again)
        except NetworkError:
            self._away_until = self._clock() + AWAY
            return none
        except SyncError as error:
            self._ended(error)
            return none
        kept = {
            camera: opened[camera] for camera, answer in said.items() if "refused" not in answer
        }
        with self._lock:
            accounts = self._part("accounts")
            for camera, account in kept.items():
                self._vault.content["relayed"] = bool(said[camera].get("expires_at"))
                if account is None:
                    accounts.pop(camera, None)
                else:
                    accounts[camera] = {
                        "person": self._person(), "username": str(account["username"]),
                        "password": str(account["password"]), "until": str(account["until"]),
                        "asked": self._clock().isoformat(),
                    }  # fmt: skip
            if kept:
                self._vault.save()
        for camera in said.keys() - kept.keys():
            self._refused(camera, wanted[camera])
        return none | said

    def _addresses(self, cameras: list[str]) -> dict[str, dict[str, Any]]:
        """The answers by camera; without those that failed for another reason than being refused."""
        said: dict[str, dict[str, Any]] = {}
        for start in range(0, len(cameras), AT_ONCE):
            body = {"cameras": cameras[start : start + AT_ONCE]}
            for item in self._server.call("POST", "/api/addresses", body)["items"]:
                if item["address"] is not None:
                    said[item["id"]] = item["address"]
                elif item["code"] in REFUSED:
                    said[item["id"]] = {"refused": item["code"]}
                else:
                    log.info("camera addresses: %s", item["code"])
        return said

    def _tell_key(self) -> bool:
        """The server learns the public half of this console's key; False where none is enrolled."""
        me = self._server.call("GET", "/api/me")
        if not me.get("console_id"):
            return False
        self._vault.content["console"] = me["console_id"]
        public = public_text(console_sealing_key(self._store.secrets))
        body = {"sealing_key": public}
        if self._sign is not None:
            body["proof"] = self._sign(f"watchroom sealing key {public}".encode()).hex()
        self._server.call("PUT", "/api/me/console/sealing-key", body)
        return True

    def _opened(self, said: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any] | None]:
        """The accounts in answers; None where there is none, or it was sealed for another."""
        opened: dict[str, dict[str, Any] | None] = dict.fromkeys(said)
        boxes = {
            camera: answer["account"] for camera, answer in said.items() if answer.get("account")
        }
        try:
            key = console_sealing_key(self._store.secrets)
        except ValueError:
            return opened
        for camera, text in boxes.items():
            about = account_about(camera, str(self._vault.content.get("console", "")))
            try:
                box = base64.b64decode(text, validate=True)
                opened[camera] = dict(json.loads(open_box(key, box, about)))
            except ValueError:
                continue
        return opened

    def _refused(self, camera: str, device: str) -> None:
        self.forget(camera)
        # Before `_adopt`, what lies there may be all there is of a camera the server never saw.
        if self._vault.content.get("adopted") and self._mine(device) is None:
            self._store.secrets.delete(device)

    def _ended(self, error: SyncError) -> None:
        if error.code in SIGNED_OUT:
            self.forget_all()
        else:
            log.info("camera accounts: %s", error.code)

    # -- what is kept

    @property
    def _relayed(self) -> bool:
        return bool(self._vault.content.get("relayed"))

    def _part(self, name: str) -> dict[str, Any]:
        return dict.setdefault(self._vault.content, name, {})

    def _mine(self, device: str) -> Credentials | None:
        """What was entered here and is not yet with the server counts first."""
        with self._lock:
            entry = self._part("pending").get(device)
        return _credentials(entry) if entry is not None else None

    def _kept(self, camera: str) -> dict[str, Any] | None:
        with self._lock:
            entry: dict[str, Any] | None = self._part("accounts").get(camera)
            if entry is None:
                return None
            over = datetime.fromisoformat(entry["until"]) <= self._clock()
            if over or entry["person"] != self._person():
                self.forget(camera)
                return None
            return entry

    def _old(self, entry: dict[str, Any]) -> bool:
        return datetime.fromisoformat(entry["asked"]) + RENEW <= self._clock()

    def _changed(self, changes: Changes) -> None:
        """A camera was written, here or elsewhere: its account may be another."""
        ids = changes.kinds.get("camera")
        if ids is None:
            return
        past = datetime.min.replace(tzinfo=UTC).isoformat()
        with self._lock:
            for camera, entry in self._part("accounts").items():
                if not ids or camera in ids:
                    entry["asked"] = past


def _credentials(entry: dict[str, Any]) -> Credentials:
    return Credentials(entry["username"], entry["password"])
