"""Files beside the encrypted database, encrypted with its key.

A sealed file is a head (MAGIC, seven bytes that tell the key, 16 random bytes that are this
file's), then chunks: 12 bytes of nonce, up to CHUNK bytes under AES-256-GCM, 16 bytes of tag. The
associated data of a chunk are the head, its number, and whether it is the last: no chunk can be
changed, moved, taken from another file or left off. Nonces are random, so that a download may go on
where it broke off. The key is derived (HKDF-SHA-256) and serves for nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.store.encryption import CacheKey

MAGIC = b"WatchroomFile1"
CHUNK = 256 * 1024
NONCE, TAG = 12, 16
HEAD = len(MAGIC) + 7 + 16
_WHOLE = NONCE + CHUNK + TAG


class DamagedError(ValueError):
    """It is not what was written, or was written with another key."""


def is_sealed(path: Path) -> bool:
    """Whether the file was written by a `Writer`. Raises OSError."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _cipher(key: CacheKey) -> AESGCM:
    info = b"watchroom attachments 1"
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key.raw))


def _about(head: bytes, number: int, last: bool) -> bytes:
    return head + number.to_bytes(8, "big") + bytes([last])


class Writer:
    """Seals what is written, in constant memory; `finish` makes it whole. With `go_on`, a file that
    was not finished is gone on with after its last whole chunk."""

    def __init__(self, path: Path, key: CacheKey, *, go_on: bool = False) -> None:
        """Raises OSError."""
        self._cipher, self._file = _cipher(key), path.open("r+b" if go_on else "wb")
        self._rest = bytearray()
        self._number, self._head = 0, b""
        if go_on:
            head = self._file.read(HEAD)
            if len(head) == HEAD and head[: len(MAGIC) + 7] == MAGIC + key.id:
                self._head = head
                self._number = (path.stat().st_size - HEAD) // _WHOLE
        if not self._head:
            self._head = MAGIC + key.id + os.urandom(16)
            self._file.seek(0)
            self._file.write(self._head)
        self._file.truncate(HEAD + self._number * _WHOLE)
        self._file.seek(HEAD + self._number * _WHOLE)

    @property
    def size(self) -> int:
        """Bytes of content so far."""
        return self._number * CHUNK + len(self._rest)

    def write(self, data: bytes) -> None:
        """Raises OSError."""
        self._rest += data
        # The last chunk is the one that `finish` writes: never none.
        while len(self._rest) > CHUNK:
            self._put(bytes(self._rest[:CHUNK]), False)
            del self._rest[:CHUNK]

    def _put(self, chunk: bytes, last: bool) -> None:
        nonce = os.urandom(NONCE)
        about = _about(self._head, self._number, last)
        self._file.write(nonce + self._cipher.encrypt(nonce, chunk, about))
        self._number += 1

    def finish(self) -> None:
        """What is left, down to the disk. Raises OSError."""
        self._put(bytes(self._rest), True)
        self._rest.clear()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def close(self) -> None:
        """Let go of it, unfinished. Raises OSError."""
        self._file.close()


class Reader:
    """Reads a sealed file, from anywhere; each chunk is proved before any of it is given out."""

    def __init__(self, path: Path, key: CacheKey) -> None:
        """Raises OSError and DamagedError."""
        self._file: BinaryIO = path.open("rb")
        try:
            self._head = self._file.read(HEAD)
            if len(self._head) < HEAD or self._head[: len(MAGIC) + 7] != MAGIC + key.id:
                raise DamagedError("another key")
            self._cipher = _cipher(key)
            body = self._file.seek(0, os.SEEK_END) - HEAD
            self._count = max(1, -(-body // _WHOLE))
            self.size = body - self._count * (NONCE + TAG)
            if self.size < 0:
                raise DamagedError("too short")
        except BaseException:
            self._file.close()
            raise

    def _chunk(self, number: int) -> bytes:
        self._file.seek(HEAD + number * _WHOLE)
        data = self._file.read(_WHOLE)
        about = _about(self._head, number, number == self._count - 1)
        try:
            return self._cipher.decrypt(data[:NONCE], data[NONCE:], about)
        except (InvalidTag, ValueError) as error:
            raise DamagedError("damaged") from error

    def read_at(self, begin: int, size: int) -> bytes:
        """Up to `size` bytes from `begin` on. Raises OSError and DamagedError."""
        found = bytearray()
        end = min(begin + size, self.size)
        while (at := begin + len(found)) < end:
            chunk = self._chunk(at // CHUNK)
            found += chunk[at % CHUNK : at % CHUNK + end - at]
        return bytes(found)

    def __iter__(self) -> Iterator[bytes]:
        """All of it, chunk by chunk."""
        return (self._chunk(number) for number in range(self._count))

    def close(self) -> None:
        self._file.close()
