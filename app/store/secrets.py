"""Camera passwords: in the system's keyring, or in an encrypted file where there is none.

Backends are taken from a list of those that encrypt; `keyrings.alt` and other plain-text ones are
never used. The file is AES-256-GCM with a key in a second file that only this user may read: it
protects a copied data file and a backup, not against somebody who is this user.
"""

from __future__ import annotations

import base64
import json
import os
import tempfile
import threading
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SERVICE = "watchroom"
PROBE_TIMEOUT_S = 3.0
ALLOWED = (
    "keyring.backends.SecretService",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)


class SecretsError(Exception):
    """The place where passwords are kept cannot be read or written."""


class Secrets(Protocol):
    """Where passwords are."""

    secure: bool
    """Whether the operating system guards them."""
    reason: str
    """Why it does not: "asked", "none", "slow", "failed", or the name of a backend that is not
    trusted; "" where it does."""

    def get(self, key: str) -> str | None: ...
    def set(self, key: str, value: str) -> None: ...
    def delete(self, key: str) -> None: ...


class KeyringSecrets:
    """The operating system's keyring."""

    secure = True
    reason = ""

    def __init__(self, backend: Any) -> None:
        """`backend`: one of ALLOWED, and not the chain that might go on to another."""
        self._keyring = backend

    def get(self, key: str) -> str | None:
        """The password kept under `key`, or None. Raises SecretsError."""
        try:
            found = self._keyring.get_password(SERVICE, key)
        except Exception as error:
            raise SecretsError("the system's keyring could not be read") from error
        return None if found is None else str(found)

    def set(self, key: str, value: str) -> None:
        """Keep a password. Raises SecretsError."""
        try:
            self._keyring.set_password(SERVICE, key, value)
        except Exception as error:
            raise SecretsError("the system's keyring could not be written") from error

    def delete(self, key: str) -> None:
        """Forget a password; a missing one is fine."""
        try:
            self._keyring.delete_password(SERVICE, key)
        except Exception:  # noqa: S110 -- it is gone, or it will be overwritten
            pass


class FileSecrets:
    """A file of AES-256-GCM records and a key file, both with mode 0600."""

    secure = False

    def __init__(self, folder: Path, reason: str = "none") -> None:
        self.reason = reason
        self._file, self._key_file = folder / "secrets.json", folder / "secrets.key"
        self._lock = threading.Lock()

    def get(self, key: str) -> str | None:
        """The password kept under `key`, or None. Raises SecretsError."""
        with self._lock:
            record = self._load().get(key)
            if record is None:
                return None
            try:
                raw = base64.b64decode(record)
                return AESGCM(self._key()).decrypt(raw[:12], raw[12:], key.encode()).decode()
            except (ValueError, InvalidTag) as error:
                raise SecretsError(
                    f"{self._file.name} does not fit its key; enter the passwords again"
                ) from error

    def set(self, key: str, value: str) -> None:
        """Keep a password. Raises SecretsError."""
        with self._lock:
            records = self._load()
            nonce = os.urandom(12)
            sealed = AESGCM(self._key()).encrypt(nonce, value.encode(), key.encode())
            records[key] = base64.b64encode(nonce + sealed).decode()
            self._write(self._file, json.dumps(records).encode())

    def delete(self, key: str) -> None:
        """Forget a password; a missing one is fine."""
        with self._lock:
            records = self._load()
            if records.pop(key, None) is not None:
                self._write(self._file, json.dumps(records).encode())

    def _load(self) -> dict[str, str]:
        try:
            records = json.loads(self._file.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise SecretsError(f"{self._file.name} cannot be read: {error}") from error
        return records if isinstance(records, dict) else {}

    def _key(self) -> bytes:
        try:
            key = self._key_file.read_bytes()
        except FileNotFoundError:
            key = AESGCM.generate_key(256)
            self._write(self._key_file, key)
        except OSError as error:
            raise SecretsError(f"{self._key_file.name} cannot be read: {error}") from error
        if len(key) != 32:
            raise SecretsError(f"{self._key_file.name} is damaged; enter the passwords again")
        return key

    def _write(self, path: Path, data: bytes) -> None:
        try:
            handle, temporary = tempfile.mkstemp(dir=path.parent)  # mode 0600
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except OSError as error:
            raise SecretsError(f"{path.name} cannot be written: {error}") from error


def open_secrets(folder: Path) -> Secrets:
    """The keyring if a trusted one answers within PROBE_TIMEOUT_S, else the file in `folder`."""
    if os.environ.get("WATCHROOM_KEYRING") == "file":
        return FileSecrets(folder, "asked")
    found: list[Secrets] = []
    reasons: list[str] = []

    def probe() -> None:
        try:
            import keyring

            backend = keyring.get_keyring()
            # The chainer hands over to the best of its backends.
            first = next(iter(getattr(backend, "backends", [])), backend)
            name = type(first).__module__
            if not name.startswith(ALLOWED):
                idle = name.startswith(("keyring.backends.fail", "keyring.backends.null"))
                reasons.append("none" if idle else name)
                return
            first.get_password(SERVICE, "probe")
            found.append(KeyringSecrets(first))
        except Exception:  # any failure means: not usable
            reasons.append("failed")

    # A D-Bus that hangs must not hang the client.
    thread = threading.Thread(target=probe, daemon=True, name="keyring-probe")
    thread.start()
    thread.join(PROBE_TIMEOUT_S)
    return found[0] if found else FileSecrets(folder, reasons[0] if reasons else "slow")
