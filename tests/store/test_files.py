"""Files beside the encrypted database: what anybody finds there, and what this console reads."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from app.store import cache, encryption, files, sealed_file
from app.store.encryption import CacheKey
from app.store.secrets import FileSecrets
from app.store.store import Store

KEY, OTHER = CacheKey(b"k" * 32), CacheKey(b"o" * 32)
CHUNK = sealed_file.CHUNK
TEXT = b"what an intruder would look for "


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "watchroom.db", FileSecrets(tmp_path), KEY)
    assert made.key == KEY
    return made


def seen(store: Store) -> bytes:
    """All that lies in the folder, for who has no key."""
    folder = files.folder_of(store)
    return b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())


def write(path: Path, data: bytes, key: CacheKey = KEY, step: int = 100_000) -> None:
    writer = sealed_file.Writer(path, key)
    for begin in range(0, len(data), step):
        writer.write(data[begin : begin + step])
    writer.finish()


def _all_of(path: Path) -> bytes:
    reader = sealed_file.Reader(path, KEY)
    try:
        return b"".join(reader)
    finally:
        reader.close()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7])
def test_a_sealed_file_is_what_it_was(tmp_path: Path, size: int) -> None:
    data = os.urandom(size)
    write(tmp_path / "f", data)
    reader = sealed_file.Reader(tmp_path / "f", KEY)
    assert b"".join(reader) == data
    assert reader.size == size
    for begin, count in ((0, size), (size // 2, 10), (CHUNK - 3, 6), (size, 5), (size + 9, 5)):
        assert reader.read_at(begin, count) == data[begin : begin + count]
    reader.close()


def test_any_change_is_noticed(tmp_path: Path) -> None:
    path, data = tmp_path / "f", os.urandom(2 * CHUNK + 5)
    write(path, data)
    good = path.read_bytes()
    whole = sealed_file.NONCE + CHUNK + sealed_file.TAG
    first, second = sealed_file.HEAD, sealed_file.HEAD + whole
    turned = (
        good[:first] + good[second : second + whole] + good[first:second] + good[second + whole :]
    )
    write(tmp_path / "g", data)
    foreign = (tmp_path / "g").read_bytes()
    for bad in (
        good[:-1], good[: second + whole], good[:second], good + b"x", turned,
        good[:first] + foreign[first:second] + good[second:],
        *(good[:i] + bytes([good[i] ^ 1]) + good[i + 1 :] for i in (0, 20, 30, first, second + 50)),
    ):  # fmt: skip
        path.write_bytes(bad)
        with pytest.raises(sealed_file.DamagedError):
            _all_of(path)
    path.write_bytes(good)
    with pytest.raises(sealed_file.DamagedError):
        sealed_file.Reader(path, OTHER)


def test_a_large_file_needs_little_memory(tmp_path: Path) -> None:
    """32 MiB through at most a few chunks."""
    block, path = os.urandom(1 << 20), tmp_path / "f"
    tracemalloc.start()
    coming = files.Incoming(path, KEY)
    for _ in range(32):
        coming.write(block)
    kept = coming.whole()
    expected = hashlib.sha256(block * 1)
    for _ in range(31):
        expected.update(block)
    assert kept.sha256() == expected.hexdigest()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 8 * 2**20


def test_what_is_kept_cannot_be_read_by_others(store: Store) -> None:
    data = TEXT * 20_000
    sha = files.keep(store, data)
    assert TEXT not in seen(store)
    assert files.read(store, sha) == data
    assert files.kept(store, sha).read_at(5, 40) == data[5:45]
    with pytest.raises(Exception, match="larger"):
        files.keep(store, bytes(11), "it", most=10)
    # Damage is no content.
    path = files.folder_of(store) / sha
    path.write_bytes(path.read_bytes()[:-1])
    assert files.read(store, sha) is None


def test_a_copy_for_another_program_goes_away(store: Store) -> None:
    sha = files.keep(store, TEXT)
    copy = files.shown(files.kept(store, sha), "a/../report.pdf")
    assert (copy.read_bytes(), copy.suffix) == (TEXT, ".pdf")
    assert copy.parent.stat().st_mode & 0o077 == 0
    files.forget_shown(store)
    assert not copy.exists()
    assert TEXT not in seen(store)


def test_a_download_goes_on_where_it_broke_off(store: Store) -> None:
    data = os.urandom(3 * CHUNK + 100)
    path = files.folder_of(store) / f"{hashlib.sha256(data).hexdigest()}.download"
    first = files.Incoming(path, KEY)
    first.write(data[: 2 * CHUNK + 50])
    first.close()
    with path.open("ab") as file:
        file.write(b"half a chunk, and then the plug was pulled")
    again = files.Incoming(path, KEY, go_on=True)
    assert again.size == 2 * CHUNK
    again.write(data[again.size :])
    assert again.whole().read_bytes() == data
    # One of before the encryption is not gone on with.
    path.write_bytes(TEXT)
    fresh = files.Incoming(path, KEY, go_on=True)
    assert fresh.size == 0
    fresh.close()


def plain(store: Store, *contents: bytes) -> list[str]:
    """Files of before."""
    folder = files.folder_of(store)
    folder.mkdir(exist_ok=True)
    shas = [hashlib.sha256(c).hexdigest() for c in contents]
    for sha, content in zip(shas, contents, strict=True):
        (folder / sha).write_bytes(content)
    return shas


def test_files_of_before_are_read_and_encrypted(store: Store) -> None:
    contents = [TEXT * n for n in (1, 5000, 40_000)]
    shas = plain(store, *contents)
    assert [files.read(store, sha) for sha in shas] == contents
    assert files.protect(store) == 3
    assert TEXT not in seen(store)
    assert [files.read(store, sha) for sha in shas] == contents
    assert files.protect(store) == 0


KILLED = """
import os, sys
from pathlib import Path
from app.store import encryption, files
from app.store.encryption import CacheKey
from app.store.secrets import FileSecrets
from app.store.store import Store
folder = Path(sys.argv[1])
def step(name):
    if name == sys.argv[2]:
        os._exit(9)
files._step = encryption._step = step
files.protect(Store(folder / "watchroom.db", FileSecrets(folder), CacheKey(b"k" * 32)))
"""


@pytest.mark.parametrize("step", ["written", "verified", "renamed", "replaced", "wiped"])
def test_killed_anywhere_nothing_is_lost(store: Store, step: str) -> None:
    contents = [TEXT * 9000, b"other " * 9000]
    shas = plain(store, *contents)
    words = [sys.executable, "-c", KILLED, str(store.path.parent), step]
    assert subprocess.run(words, check=False, timeout=120).returncode == 9
    files.protect(store)
    assert [files.read(store, sha) for sha in shas] == contents
    for path in files.folder_of(store).iterdir():
        if path.suffix != files.SEALING:  # that of a moment ago may be another process's
            assert path.name in shas
    assert TEXT not in seen(store)


def test_without_encryption_they_stay_as_they_are(tmp_path: Path) -> None:
    store = Store(tmp_path / "watchroom.db", FileSecrets(tmp_path))
    sha = files.keep(store, TEXT)
    assert (files.folder_of(store) / sha).read_bytes() == TEXT
    assert files.protect(store) == 0
    store.close()


def test_a_console_that_opens_encrypts_them(tmp_path: Path) -> None:
    first = cache.open_store(tmp_path, FileSecrets(tmp_path))
    assert (first.key is not None) == (encryption.cipher is not None)
    (sha,) = plain(first, TEXT)
    first.close()
    again = cache.open_store(tmp_path, FileSecrets(tmp_path))
    files.protect(again)
    assert files.read(again, sha) == TEXT
    assert TEXT not in seen(again)
    again.close()
