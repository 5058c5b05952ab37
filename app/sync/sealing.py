"""Sealed boxes: what the server hands to one console can be read by that console alone.

X25519 with a fresh key for each box, HKDF-SHA-256, ChaCha20-Poly1305 (as RFC 9180 builds it, base
mode, spelled out). A box: 32 bytes public key of the box, then ciphertext and tag. The key is used
once, so the nonce is zero; `about` says what the box is for and must be the same on opening.
"""

from __future__ import annotations

import base64
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_NAME = "sealing-key"
KEY_BYTES = 32
_NONCE = b"\0" * 12
_PURPOSE = b"watchroom sealed box 1"


class KeyStore(Protocol):
    """Where the private key is kept."""

    def get(self, key: str, /) -> str | None: ...
    def set(self, key: str, value: str, /) -> None: ...


def console_sealing_key(store: KeyStore) -> X25519PrivateKey:
    """This console's key, made at the first call. What the store raises passes through; ValueError
    for a stored key that is none."""
    stored = store.get(KEY_NAME)
    if stored is None:
        raw = X25519PrivateKey.generate().private_bytes_raw()
        store.set(KEY_NAME, base64.b64encode(raw).decode())
        stored = store.get(KEY_NAME)  # another process may have been first: its key counts
    return X25519PrivateKey.from_private_bytes(base64.b64decode(stored or "", validate=True))


def public_text(key: X25519PrivateKey) -> str:
    """The public half as it travels: 64 hex digits."""
    return key.public_key().public_bytes_raw().hex()


def seal(public: str, plain: bytes, about: bytes) -> bytes:
    """A box for who has the private half of `public`. Raises ValueError for a key that is none."""
    try:
        raw = bytes.fromhex(public)
        theirs = X25519PublicKey.from_public_bytes(raw)
        once = X25519PrivateKey.generate()
        shared = once.exchange(theirs)
    except Exception as error:  # the library has several for points of small order
        raise ValueError("no public key") from error
    mine = once.public_key().public_bytes_raw()
    return mine + _cipher(shared, mine, raw).encrypt(_NONCE, plain, about)


def open_box(private: X25519PrivateKey, box: bytes, about: bytes) -> bytes:
    """What is in it. Raises ValueError for a box of another's, for something else, or changed."""
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(box[:KEY_BYTES]))
        cipher = _cipher(shared, box[:KEY_BYTES], private.public_key().public_bytes_raw())
        return cipher.decrypt(_NONCE, box[KEY_BYTES:], about)
    except (InvalidTag, ValueError) as error:
        raise ValueError("this box cannot be opened here") from error


def account_about(camera_id: str, console_id: str) -> bytes:
    """What a box with a camera's account is for: it opens as nothing else."""
    return f"account|{camera_id}|{console_id}".encode()


def _cipher(shared: bytes, once: bytes, theirs: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(SHA256(), 32, None, _PURPOSE + once + theirs).derive(shared))
