"""The server's own key: 32 bytes from which those for sealing passwords and signing are made.

All processes of one server need the same: give them the same file, or WATCHROOM_SERVER_KEY.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.evidence.keys import SigningKey
from app.store.errors import StoreError

VARIABLE = "WATCHROOM_SERVER_KEY"


@dataclass(frozen=True)
class ServerKey:
    """Seals and signs. Its bytes are never shown."""

    raw: bytes = field(repr=False)

    def _derived(self, purpose: str) -> bytes:
        return HKDF(SHA256(), 32, None, f"watchroom {purpose}".encode()).derive(self.raw)

    @property
    def id(self) -> str:
        """16 hex digits that tell which key sealed."""
        return hashlib.sha256(self._derived("key id")).hexdigest()[:16]

    def signing(self) -> SigningKey:
        """For exports of the audit log."""
        return SigningKey(Ed25519PrivateKey.from_private_bytes(self._derived("audit export")))

    def seal(self, device_id: str, password: str) -> bytes:
        """A camera's password as it is stored: bound to its device (AES-256-GCM)."""
        nonce = os.urandom(12)
        cipher = AESGCM(self._derived("camera passwords"))
        return nonce + cipher.encrypt(nonce, password.encode(), self._bound(device_id))

    def unseal(self, device_id: str, sealed: bytes) -> str:
        """The password. Raises StoreError when another key sealed it or it was moved."""
        cipher = AESGCM(self._derived("camera passwords"))
        try:
            return cipher.decrypt(sealed[:12], sealed[12:], self._bound(device_id)).decode()
        except (InvalidTag, ValueError) as error:
            raise StoreError("A camera's password does not fit the server's key.") from error

    def _bound(self, device_id: str) -> bytes:
        return f"{device_id}|{self.id}".encode()


def server_key(data: Path) -> ServerKey:
    """From WATCHROOM_SERVER_KEY (64 hex digits), else from `server.key` in the data folder, which
    is made at the first start. Raises StoreError for one that is none."""
    given = os.environ.get(VARIABLE, "")
    if given:
        try:
            raw = bytes.fromhex(given.strip())
        except ValueError:
            raw = b""
    else:
        path = data / "server.key"
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(os.urandom(32))
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:
            pass
        raw = path.read_bytes()
    if len(raw) != 32:
        raise StoreError(f"{VARIABLE if given else path} holds no key of 32 bytes.")
    return ServerKey(raw)
