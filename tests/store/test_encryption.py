"""The console's database: unreadable without its key, and never lost on the way there."""

from __future__ import annotations

import base64
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import doctor
from app.domain.camera import Organisation
from app.store import cache, database, encryption, sample
from app.store import secrets as keeping
from app.store.cache import FILE, KEY_NAME, open_store, protection, set_aside
from app.store.encryption import CacheKey, LockedError
from app.store.errors import StoreError
from app.store.secrets import FileSecrets, KeyringSecrets, open_secrets
from app.store.store import Store

STEPS = ("locked", "written", "verified", "renamed", "replaced", "wiped")
NAME = "这个名字不得明文出现 Nowhere Plaza"


def seen(folder: Path, text: str = NAME) -> list[str]:
    """Files in which the text can be read."""
    needles = [text.encode(), text.encode("utf-16-le")]
    return [p.name for p in sorted(folder.iterdir()) if p.is_file()
            and any(n in p.read_bytes() for n in needles)]  # fmt: skip


def plain(folder: Path) -> Path:
    """A database of before: with a camera site of that name, and more, and a backup beside it."""
    store = Store(folder / FILE, FileSecrets(folder))
    sample.fill(store)
    store.save_organisation(Organisation("", NAME))
    store.close()
    shutil.copy(folder / FILE, folder / f"{FILE}.before-0005")
    return folder / FILE


def names(store: Store) -> list[str]:
    return [o.name for o in store.organisations()]


@pytest.fixture
def opened(data: Path) -> Iterator[Store]:
    store = open_store(data)
    store.save_organisation(Organisation("", NAME))
    yield store
    store.close()


def test_no_name_can_be_read_in_any_file(data: Path, opened: Store) -> None:
    assert (data / f"{FILE}-wal").stat().st_size > 0
    assert seen(data) == []
    opened.close()
    assert seen(data) == []
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(data / FILE).execute("SELECT * FROM organisation")
    key = FileSecrets(data).get(KEY_NAME)
    assert key is not None
    assert seen(data, key) == []
    again = open_store(data)
    assert NAME in names(again)
    again.close()
    assert "raw" not in repr(CacheKey(b"x" * 32))
    assert "x" * 8 not in repr(CacheKey(b"x" * 32))


def test_another_key_opens_nothing_and_changes_nothing(data: Path, opened: Store) -> None:
    opened.close()
    before = (data / FILE).read_bytes()
    for key in (CacheKey(os.urandom(32)), None):
        with pytest.raises(LockedError):
            Store(data / FILE, FileSecrets(data), key)
    FileSecrets(data).delete(KEY_NAME)
    with pytest.raises(LockedError):
        open_store(data)
    assert FileSecrets(data).get(KEY_NAME) is None, "no key is made while one is missing"
    assert (data / FILE).read_bytes() == before
    assert [p.name for p in data.glob(f"{FILE}*")] == [FILE]


def test_without_the_key_a_person_may_set_the_data_aside(data: Path, opened: Store) -> None:
    opened.close()
    kept = FileSecrets(data).get(KEY_NAME)
    before = (data / FILE).read_bytes()
    FileSecrets(data).delete(KEY_NAME)
    name = set_aside(data)
    fresh = open_store(data)
    assert names(fresh) == []
    fresh.close()
    assert (data / name).read_bytes() == before, "nothing is deleted"
    made = FileSecrets(data).get(KEY_NAME)
    assert made != kept
    # The key is found again: what was set aside can be read with it.
    assert kept is not None
    FileSecrets(data).set(KEY_NAME, kept)
    (data / name).replace(data / FILE)
    back = open_store(data)
    assert NAME in names(back)
    back.close()


def test_a_plain_database_is_converted_with_its_backups_and_wiped(data: Path) -> None:
    path = plain(data)
    inode = path.open("rb")  # what is left of the old file, whatever its name
    reference = sqlite3.connect(path)
    tables = [r[0] for r in reference.execute("SELECT name FROM sqlite_master WHERE type='table'")]
    counts = {t: reference.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0] for t in tables}
    reference.close()
    store = open_store(data)
    with store._engine.connect() as connection:
        for table, count in counts.items():
            found = connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar()
            assert found == count, table
    assert NAME in names(store)
    assert store.note == ""
    told = protection(store)
    assert (told.encrypted, told.keyring, told.reason, told.copies) == (True, False, "asked", ())
    store.close()
    assert seen(data) == []
    assert encryption.key_id(data / f"{FILE}.before-0005") is not None
    assert not inode.read().strip(b"\0"), "the old bytes are written over"
    inode.close()


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_of_the_conversion(data: Path, step: str) -> None:
    plain(data)
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from app.store import cache, encryption\n"
        "encryption._step = lambda name: os._exit(9) if name == sys.argv[2] else None\n"
        "cache.open_store(Path(sys.argv[1]))\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, data, step], timeout=60, check=False)
    assert killed.returncode == 9
    store = open_store(data)
    assert NAME in names(store)
    assert store.count() > 10
    store.close()
    assert seen(data) == []
    assert sorted(p.name for p in data.iterdir()) == [
        "first-start.lock", "secrets.json", "secrets.key", FILE, f"{FILE}.before-0005",
    ]  # fmt: skip


def test_a_file_that_another_program_has_open_stays_as_it_is(data: Path) -> None:
    plain(data)
    code = (
        "import sys\nfrom pathlib import Path\nfrom app.store.store import Store\n"
        "from app.store.secrets import FileSecrets\nfrom app.domain.camera import Organisation\n"
        "folder = Path(sys.argv[1])\n"
        "store = Store(folder / 'watchroom.db', FileSecrets(folder))\n"
        "for line in sys.stdin:\n"
        "    store.save_organisation(Organisation('', line.strip()))\n"
        "    print('saved', flush=True)\n"
        "store.close()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, data],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
    ) as other:  # fmt: skip
        assert other.stdin is not None
        assert other.stdout is not None
        print("written meanwhile", file=other.stdin)
        assert other.stdout.readline()
        store = open_store(data)
        assert "could not be encrypted" in store.note
        assert not protection(store).encrypted
        print("and after", file=other.stdin)
        assert other.stdout.readline()
        assert {"written meanwhile", "and after", NAME} <= set(names(store))
        store.close()
        other.stdin.close()
        assert other.wait(20) == 0
    later = open_store(data)
    assert later.note == ""
    assert {"written meanwhile", "and after", NAME} <= set(names(later))
    assert protection(later).encrypted
    later.close()


def test_a_full_disk_leaves_the_plain_file(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = plain(data)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(encryption, "_export", full)
    store = open_store(data)
    assert "No space" in store.note
    assert NAME in names(store)
    store.close()
    assert encryption.is_plain(path)


def test_damage_is_told_from_a_wrong_key(data: Path, opened: Store) -> None:
    sample.fill(opened)
    opened.close()
    path = data / FILE
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1  # one bit
    path.write_bytes(whole)
    again = open_store(data)
    assert "damaged" in again.note
    assert names(again) == []
    again.close()
    assert len(list(data.glob(f"{FILE}.damaged-*"))) == 1


def test_a_file_cut_short_is_noticed(data: Path, opened: Store) -> None:
    sample.fill(opened)
    opened.close()
    path = data / FILE
    path.write_bytes(path.read_bytes()[: 4096 * 3])
    again = open_store(data)
    assert "damaged" in again.note
    again.close()


def test_an_encrypted_database_is_migrated_and_the_backup_is_encrypted(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import command
    from alembic.config import Config

    upgrade = command.upgrade

    def older(config: Config, revision: str, **more: object) -> None:
        upgrade(config, "0005" if revision == "head" else revision)

    with monkeypatch.context() as patch:
        patch.setattr(command, "upgrade", older)
        key = CacheKey(os.urandom(32))
        FileSecrets(data).set(KEY_NAME, base64.b64encode(key.raw).decode())
        engine, _ = database.open_database(data / FILE, key)
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO organisation (id, name, name_en, rev, updated_at) "
                "VALUES ('o', ?, '', 0, '')",
                (NAME,),
            )
        engine.dispose()
    store = open_store(data)
    assert names(store) == [NAME]
    with store._engine.connect() as connection:
        version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    assert version == database.newest()
    store.close()
    backup = data / f"{FILE}.before-{database.newest()}"
    assert encryption.key_id(backup) is not None
    assert seen(data) == []
    shutil.copy(backup, data / FILE)  # as somebody does who wants the old one back
    store = open_store(data)
    assert names(store) == [NAME]
    store.close()


class Ring:
    """A keyring of the system."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self.kept[service, name] = value

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


def test_once_there_is_a_keyring_the_key_moves_there(data: Path, opened: Store) -> None:
    opened.close()
    ring = KeyringSecrets(Ring())
    store = open_store(data, ring)
    assert NAME in names(store)
    told = protection(store)
    assert (told.keyring, told.reason) == (True, "")
    store.close()
    assert ring.get(KEY_NAME)
    assert FileSecrets(data).get(KEY_NAME) is None
    with pytest.raises(LockedError):
        open_store(data)  # the keyring is away: nothing is made anew
    # Another's key in the keyring is not replaced.
    other = KeyringSecrets(Ring())
    other.set(KEY_NAME, "eHg=")
    with pytest.raises(LockedError):
        open_store(data, other)
    assert other.get(KEY_NAME) == "eHg="


@pytest.mark.parametrize(
    ("module", "secure", "reason"),
    [
        ("keyring.backends.SecretService", True, ""),
        ("keyring.backends.kwallet", True, ""),
        ("keyring.backends.macOS", True, ""),
        ("keyring.backends.Windows", True, ""),
        ("keyrings.alt.file", False, "keyrings.alt.file"),
        ("keyring.backends.null", False, "none"),
        ("keyring.backends.fail", False, "none"),
    ],
)
def test_only_keyrings_that_encrypt_are_trusted(
    data: Path, monkeypatch: pytest.MonkeyPatch, module: str, secure: bool, reason: str
) -> None:
    import keyring

    monkeypatch.delenv("WATCHROOM_KEYRING")
    backend = type("Keyring", (Ring,), {"__module__": module})()
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    found = open_secrets(data)
    assert (found.secure, found.reason) == (secure, reason)


def test_a_keyring_that_hangs_or_fails_is_not_waited_for(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    import keyring

    monkeypatch.delenv("WATCHROOM_KEYRING")
    monkeypatch.setattr(keeping, "PROBE_TIMEOUT_S", 0.05)
    forever = threading.Event()
    monkeypatch.setattr(keyring, "get_keyring", forever.wait)
    assert open_secrets(data).reason == "slow"
    forever.set()

    def fails() -> None:
        raise RuntimeError("no D-Bus")

    monkeypatch.setattr(keeping, "PROBE_TIMEOUT_S", 5)
    monkeypatch.setattr(keyring, "get_keyring", fails)
    assert open_secrets(data).reason == "failed"


def test_without_sqlcipher_the_file_stays_plain_and_that_is_said(
    data: Path,
    opened: Store,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    opened.close()
    monkeypatch.setattr(encryption, "cipher", None)
    with pytest.raises(StoreError, match="sqlcipher3"):
        open_store(data)
    other = tmp_path_factory.mktemp("other")
    store = open_store(other)
    assert protection(store).reason == cache.NO_CIPHER
    store.close()


def test_doctor_says_how_the_data_are_protected(
    data: Path, opened: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHROOM_DATA", str(data))
    sample.fill(opened)
    cameras = opened.count()
    opened.close()
    assert doctor.check_database().text.startswith(f"{cameras} cameras")
    told = doctor.check_cache()
    assert told.status == doctor.NOTE
    assert "is not protected by the system's keyring: switched off" in told.text
    FileSecrets(data).delete(KEY_NAME)
    assert "its key is not here" in doctor.check_database().text
    assert FileSecrets(data).get(KEY_NAME) is None, "doctor changes nothing"


def test_two_that_start_at_once_share_one_key(data: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom app.store.cache import open_store\n"
        "from app.domain.camera import Organisation\n"
        "s = open_store(Path(sys.argv[1]))\n"
        "s.save_organisation(Organisation('', sys.argv[2]))\ns.close()\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, data, str(n)]) for n in range(3)]
    assert [p.wait(60) for p in running] == [0, 0, 0]
    store = open_store(data)
    assert names(store) == ["0", "1", "2"]
    store.close()
