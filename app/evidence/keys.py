"""Signing keys: one Ed25519 key per console, and a folder of public keys that are trusted.

The private key lies where the passwords lie (`KeyStore`). A key's id is the first 16 hex digits of
SHA-256 over its raw public key (Ed25519: 32 bytes; RSA: the DER SubjectPublicKeyInfo); it is for
people to compare. Whether a key is known is decided by the whole key.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from app.evidence.errors import EvidenceError

ED25519, RSA_PSS = "Ed25519", "RSASSA-PSS"
KEY_NAME = "evidence-signing-key"
PSS_SALT = 20  # ONVIF Export File Format, as the modulus below
RSA_BITS = range(2048, 16385)
MAX_PEM = 64 * 1024
MAX_TRUSTED = 10_000
TRUSTED_FOLDER = "trusted-keys"  # inside the data folder

PublicKey = Ed25519PublicKey | RSAPublicKey


class KeyStore(Protocol):
    """Where a private key is kept: the part of the store's secrets that is needed here."""

    def get(self, key: str, /) -> str | None: ...
    def set(self, key: str, value: str, /) -> None: ...


class SigningKey:
    """A console's private key."""

    algorithm = ED25519

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key()
        self.key_id = key_id(self.public)
        self.public_pem = public_pem(self.public)

    def sign(self, data: bytes) -> bytes:
        """The signature, 64 bytes."""
        return self._private.sign(data)


def console_key(store: KeyStore, trusted: Path, name: str = KEY_NAME) -> SigningKey:
    """This console's key, made at the first call; its public half is put into `trusted`
    whenever that folder lacks it.

    A stored key that cannot be read is never replaced: raises EvidenceError. What the store raises
    passes through.
    """
    stored = store.get(name)
    if stored is None:
        store.set(name, base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode())
        stored = store.get(name)  # another process may have been first: its key counts
    try:
        raw = base64.b64decode(stored or "", validate=True)
        key = SigningKey(Ed25519PrivateKey.from_private_bytes(raw))
    except ValueError as error:
        raise EvidenceError("the console's signing key cannot be read") from error
    try:
        if Trusted(trusted).name(key.public) is None:
            trusted.mkdir(parents=True, exist_ok=True)
            path = trusted / f"console-{key.key_id}.pem"
            path.write_text(key.public_pem, encoding="ascii", newline="\n")
    except OSError as error:
        raise EvidenceError(f"the public key could not be written: {error}") from error
    return key


def key_id(public: PublicKey) -> str:
    """16 hex digits."""
    raw = public.public_bytes_raw() if isinstance(public, Ed25519PublicKey) else _der(public)
    return hashlib.sha256(raw).hexdigest()[:16]


def public_pem(public: PublicKey) -> str:
    """The public key as PEM (SubjectPublicKeyInfo)."""
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def load_public_key(pem: str) -> PublicKey:
    """An Ed25519 key, or an RSA key of a size that is accepted. Raises ValueError."""
    try:
        key = load_pem_public_key(pem.encode("ascii"))
    except Exception as error:  # the library has several for keys it does not know
        raise ValueError("not a public key") from error
    if isinstance(key, Ed25519PublicKey):
        return key
    if isinstance(key, RSAPublicKey) and key.key_size in RSA_BITS:
        return key
    raise ValueError("neither an Ed25519 key nor an RSA key of at least 2048 bits")


class Trusted:
    """The public keys of a folder: every `*.pem` in it, whatever its name; others are passed over."""

    def __init__(self, folder: Path | None) -> None:
        self._names: dict[bytes, str] = {}
        for path in islice(folder.glob("*.pem"), MAX_TRUSTED) if folder is not None else ():
            with suppress(OSError, ValueError):
                if path.stat().st_size <= MAX_PEM:
                    self._names[_der(load_public_key(path.read_text("ascii")))] = path.stem

    def name(self, public: PublicKey) -> str | None:
        """The file name (without .pem) under which the key is known, or None."""
        return self._names.get(_der(public))


def signature_record(algorithm: str, public: PublicKey, signature: bytes) -> bytes:
    """The content of manifest.sig. There is one way to write it, so that any change shows."""
    record = {
        "algorithm": algorithm,
        "key_id": key_id(public),
        "public_key": public_pem(public),
        "signature": base64.b64encode(signature).decode("ascii"),
    }
    return (json.dumps(record, indent=2) + "\n").encode("ascii")


def check_signature(record: bytes, data: bytes) -> PublicKey:
    """The key whose signature over `data` the manifest.sig `record` holds.

    Raises ValueError, with the reason, when there is no such signature.
    """
    try:
        fields: Any = json.loads(record)
        algorithm, pem = str(fields["algorithm"]), str(fields["public_key"])
        signature = base64.b64decode(str(fields["signature"]), validate=True)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError("the signature cannot be read") from error
    public = load_public_key(pem)
    if signature_record(algorithm, public, signature) != record:
        raise ValueError("the signature's file was altered")
    verify = _verifier(algorithm, public)
    try:
        verify(signature, data)
    except InvalidSignature:
        raise ValueError("the signature does not fit the manifest") from None
    return public


def _verifier(algorithm: str, public: PublicKey) -> Callable[[bytes, bytes], None]:
    if algorithm == ED25519 and isinstance(public, Ed25519PublicKey):
        return public.verify
    if algorithm == RSA_PSS and isinstance(public, RSAPublicKey):
        pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=PSS_SALT)
        return lambda signature, data: public.verify(signature, data, pss, hashes.SHA256())
    raise ValueError(f"unknown signature algorithm {algorithm[:40]!r} for this key")


def _der(public: PublicKey) -> bytes:
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
