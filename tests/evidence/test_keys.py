from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.evidence.errors import EvidenceError
from app.evidence.keys import KEY_NAME, SigningKey, Trusted, console_key, load_public_key
from app.store.secrets import FileSecrets


def test_a_console_keeps_its_key_and_trusts_it(tmp_path: Path, trusted: Path) -> None:
    key = console_key(FileSecrets(tmp_path), trusted)
    again = console_key(FileSecrets(tmp_path), trusted)
    assert again.public_pem == key.public_pem
    assert key.key_id == hashlib.sha256(key.public.public_bytes_raw()).hexdigest()[:16]
    assert [f.name for f in trusted.iterdir()] == [f"console-{key.key_id}.pem"]
    assert Trusted(trusted).name(key.public) == f"console-{key.key_id}"
    (trusted / f"console-{key.key_id}.pem").write_text("-----BEGIN PUB")  # a power cut
    console_key(FileSecrets(tmp_path), trusted)
    assert Trusted(trusted).name(key.public)


def test_the_private_key_lies_nowhere_in_clear_text(tmp_path: Path, trusted: Path) -> None:
    secrets = FileSecrets(tmp_path)
    console_key(secrets, trusted)
    stored = secrets.get(KEY_NAME)
    assert stored
    assert all(stored.encode() not in f.read_bytes() for f in tmp_path.rglob("*") if f.is_file())


@pytest.mark.parametrize("damaged", ["", "not base64!", "c2hvcnQ="])
def test_a_damaged_key_is_said_and_kept(tmp_path: Path, trusted: Path, damaged: str) -> None:
    secrets = FileSecrets(tmp_path)
    secrets.set(KEY_NAME, damaged)
    with pytest.raises(EvidenceError, match="signing key"):
        console_key(secrets, trusted)
    assert secrets.get(KEY_NAME) == damaged


def test_any_file_name_may_hold_a_trusted_key(trusted: Path, key: SigningKey) -> None:
    (trusted / f"console-{key.key_id}.pem").rename(trusted / "丽水 control room.pem")
    (trusted / "broken.pem").write_text("-----BEGIN PUBLIC KEY-----\nAAAA\n")
    (trusted / "binary.pem").write_bytes(bytes(range(256)))
    (trusted / "huge.pem").write_bytes(b"A" * 100_000)
    (trusted / "folder.pem").mkdir()
    assert Trusted(trusted).name(key.public) == "丽水 control room"
    assert Trusted(None).name(key.public) is None
    assert Trusted(trusted / "nowhere").name(key.public) is None


def test_weak_and_strange_keys_are_refused() -> None:
    for public in (
        rsa.generate_private_key(65537, 1024).public_key(),  # noqa: S505
        ec.generate_private_key(ec.SECP256R1()).public_key(),
    ):
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        with pytest.raises(ValueError, match="2048"):
            load_public_key(pem)
