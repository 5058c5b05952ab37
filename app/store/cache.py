"""A console's data folder, opened: the key of its database, and what a person must be told.

The key lies where the passwords lie. It is made once and never replaced: a file whose key is not
here is left alone until a person decides (`set_aside`).
"""

from __future__ import annotations

import base64
import contextlib
import os
import sqlite3
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.store import encryption, files
from app.store.encryption import CacheKey, LockedError
from app.store.errors import StoreError
from app.store.secrets import FileSecrets, Secrets, SecretsError, open_secrets
from app.store.store import Store

FILE, KEY_NAME = "watchroom.db", "cache-key"
NO_CIPHER, NOT_YET = "no-cipher", "not-yet"


@dataclass(frozen=True, slots=True)
class Protection:
    """How the data on this computer are protected. `reason` ("" where all is well): a reason of
    `open_secrets`, NO_CIPHER or NOT_YET."""

    encrypted: bool
    keyring: bool
    reason: str = ""
    copies: tuple[str, ...] = ()
    """Names of older copies that are not encrypted."""


def open_store(folder: Path, secrets: Secrets | None = None) -> Store:
    """The console's database in `folder`, encrypted; a plain one of before is converted.

    Blocking (seconds, once, for a large plain one). Raises LockedError when its key is not here,
    and StoreError.
    """
    secrets = secrets or open_secrets(folder)
    path = folder / FILE
    encrypted = encryption.key_id(path) is not None
    if encryption.cipher is None and not encrypted:
        return Store(path, secrets)
    store = Store(path, secrets, (_key if encrypted else _first_key)(folder, secrets))
    # Files of before: there may be gigabytes, and they can be read meanwhile.
    threading.Thread(target=files.protect, args=(store,), daemon=True, name="protect").start()
    return store


def protection(store: Store) -> Protection:
    """What to tell about a store that is open. Reads the folder: off the Qt thread."""
    encrypted = encryption.key_id(store.path) is not None
    copies = tuple(p.name for p in encryption.plain_copies(store.path)) if encrypted else ()
    reason = store.secrets.reason
    if not encrypted:
        reason = NO_CIPHER if encryption.cipher is None else NOT_YET
    return Protection(encrypted, encrypted and store.secrets.secure, reason, copies)


def find_key(folder: Path, secrets: Secrets, wanted: bytes | None) -> CacheKey | None:
    """The key of that id (any, where None): in `secrets`, else in the file of a time before this
    system had a keyring. Nothing is changed. Raises LockedError when the place cannot be read."""
    places = [secrets] if isinstance(secrets, FileSecrets) else [secrets, FileSecrets(folder)]
    for place in places:
        try:
            text = place.get(KEY_NAME)
            raw = base64.b64decode(text, validate=True) if text else b""
        except SecretsError as error:
            if wanted is None:
                raise StoreError(f"The key of the data cannot be read: {error}.") from error
            continue
        except ValueError:
            continue
        if len(raw) == 32 and wanted in (None, CacheKey(raw).id):
            return CacheKey(raw)
    return None


def _first_key(folder: Path, secrets: Secrets) -> CacheKey:
    """The same where nothing is encrypted yet: of two programs that start at once each would make a
    key, so that they take turns. SQLite's lock ends with the program, however it ends."""
    try:
        lock = sqlite3.connect(folder / "first-start.lock", timeout=10, isolation_level=None)
        with contextlib.closing(lock):
            lock.execute("BEGIN EXCLUSIVE")
            return _key(folder, secrets)
    except sqlite3.Error as error:
        raise StoreError(f"The folder {folder} could not be written: {error}.") from error


def _key(folder: Path, secrets: Secrets) -> CacheKey:
    wanted = encryption.key_id(folder / FILE)
    key = find_key(folder, secrets, wanted)
    try:
        if key is None and wanted is not None:
            raise LockedError("The data on this computer are encrypted, and their key is not here.")
        if key is None:
            if secrets.get(KEY_NAME) is not None:
                raise StoreError("The key of the data is damaged.")
            secrets.set(KEY_NAME, base64.b64encode(os.urandom(32)).decode())
            # Read back: a keyring that forgets must not get to encrypt anything; and another
            # process may have been first.
            key = find_key(folder, secrets, None)
            if key is None:
                raise StoreError("The key of the data could not be kept.")
        elif secrets.get(KEY_NAME) is None:
            # There is a keyring now, and there was none before.
            text = base64.b64encode(key.raw).decode()
            secrets.set(KEY_NAME, text)
            if secrets.get(KEY_NAME) == text:
                FileSecrets(folder).delete(KEY_NAME)
    except SecretsError as error:
        raise StoreError(f"The key of the data could not be kept: {error}.") from error
    return key


def set_aside(folder: Path) -> str:
    """Give the file that cannot be read another name; the next `open_store` makes a new one, to be
    loaded anew from the server. Returns the name. Raises StoreError."""
    stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    name, n = f"{FILE}.locked-{stamp}", 1
    while (folder / name).exists():
        n += 1
        name = f"{FILE}.locked-{stamp}-{n}"
    try:
        for end in ("-wal", "-shm", ""):
            part = folder / (FILE + end)
            if part.exists():
                part.rename(folder / (name + end))
    except OSError as error:
        raise StoreError(f"The file could not be renamed: {error}.") from error
    return name
