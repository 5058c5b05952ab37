from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from app.evidence import verify as verifying
from app.evidence.cli import STATUS
from app.evidence.custody import HEADER, Action, Entry, append_row, render_row
from app.evidence.errors import CancelledError
from app.evidence.keys import RSA_PSS, SigningKey, key_id, public_pem, signature_record
from app.evidence.package import Media, Summary, write_package
from app.evidence.verify import Result, verify
from tests.evidence.conftest import order

VIDEO = "video/中山路_丽阳街 路口_20260304T050607.250Z.mp4"


def _results(folder: Path, trusted: Path | None) -> dict[str, Result]:
    return {f.path: f.result for f in verify(folder, trusted).findings}


def test_an_untouched_package_is_complete(package: Summary, trusted: Path) -> None:
    report = verify(package.folder, trusted)
    assert (report.verdict, report.findings) == (Result.COMPLETE, ())
    assert report.key_id == package.key_id
    assert report.key_name == f"console-{package.key_id}"
    assert report.log_head == package.log_head
    assert (report.files, report.size) == (6, sum(f.size for f in package.files))


def test_every_flipped_bit_is_found(package: Summary, trusted: Path) -> None:
    """Every byte of the small files, first, last and random ones of the others; a random bit each."""
    append_row(package.folder, Entry(Action.COPIED, "Li", "", "two, rows"))
    dice = random.Random(5)
    whole = {"manifest.sig", "log.csv", "public-key.pem", "SHA256SUMS"}
    tried = 0
    for path in sorted(p for p in package.folder.rglob("*") if p.is_file()):
        good = path.read_bytes()
        name = path.relative_to(package.folder).as_posix()
        some = [0, len(good) - 1, *dice.sample(range(len(good)), min(60, len(good)))]
        for offset in range(len(good)) if name in whole else some:
            bad = bytearray(good)
            bad[offset] ^= 1 << dice.randrange(8)
            path.write_bytes(bad)
            verdict = verify(package.folder, trusted).verdict
            expected = {
                "manifest.json": Result.BAD_SIGNATURE,
                "manifest.sig": Result.BAD_SIGNATURE,
                "log.csv": Result.LOG_BROKEN,
            }.get(name, Result.FILE_CHANGED)
            assert verdict is expected, (name, offset, bad[offset])
            tried += 1
        path.write_bytes(good)
    assert tried > 1500
    assert verify(package.folder, trusted).verdict is Result.COMPLETE


def test_every_file_that_is_taken_away_is_missed(package: Summary, trusted: Path) -> None:
    special = {
        "manifest.sig": (Result.BAD_SIGNATURE, "manifest.sig"),
        "log.csv": (Result.LOG_BROKEN, "log.csv"),
    }
    for path in [p for p in package.folder.rglob("*") if p.is_file()]:
        name = path.relative_to(package.folder).as_posix()
        path.rename(package.folder.parent / "away")
        found = verify(package.folder, trusted)
        (package.folder.parent / "away").rename(path)
        finding = found.findings[0]
        assert (finding.result, finding.path) == special.get(name, (Result.FILE_MISSING, name))
        assert len(found.findings) == 1


def test_cut_longer_and_renamed_files_are_found(package: Summary, trusted: Path) -> None:
    video, readme = package.folder / VIDEO, package.folder / "README.txt"
    video.write_bytes(video.read_bytes()[:-1])
    readme.write_bytes(readme.read_bytes() + b" ")
    (package.folder / "public-key.pem").rename(package.folder / "Public-key.pem")
    assert _results(package.folder, trusted) == {
        VIDEO: Result.FILE_CHANGED,
        "README.txt": Result.FILE_CHANGED,
        "public-key.pem": Result.FILE_MISSING,
        "Public-key.pem": Result.UNEXPECTED_FILE,
    }
    assert verify(package.folder, trusted).verdict is Result.FILE_CHANGED


def test_what_does_not_belong_is_named(package: Summary, trusted: Path) -> None:
    (package.folder / "notes.txt").touch()
    (package.folder / "video" / "extra").mkdir()
    (package.folder / "evil\x1b[2J.txt").touch()
    os.mkfifo(package.folder / "pipe")
    (package.folder / "stills" / "link").symlink_to("/dev/zero")
    found = _results(package.folder, trusted)
    assert set(found.values()) == {Result.UNEXPECTED_FILE}
    assert set(found) == {"notes.txt", "video/extra/", "evil\ufffd[2J.txt", "pipe", "stills/link"}


def test_links_are_refused_even_to_the_right_bytes(
    package: Summary, trusted: Path, tmp_path: Path
) -> None:
    (package.folder / "video").rename(tmp_path / "video")
    (package.folder / "video").symlink_to(tmp_path / "video")
    readme = package.folder / "README.txt"
    readme.rename(tmp_path / "README.txt")
    readme.symlink_to(tmp_path / "README.txt")
    report = verify(package.folder, trusted)
    assert report.verdict is Result.FILE_MISSING
    said = {f.path: f for f in report.findings}
    assert "link" in said["README.txt"].detail
    assert said["README.txt"].result is Result.FILE_MISSING
    assert said[VIDEO].result is Result.FILE_MISSING
    assert said["video"].result is Result.UNEXPECTED_FILE


def test_a_manifest_that_is_a_link_or_a_pipe_is_not_read(package: Summary, trusted: Path) -> None:
    manifest = package.folder / "manifest.json"
    manifest.rename(package.folder.parent / "m")
    os.mkfifo(manifest)
    assert verify(package.folder, trusted).verdict is Result.FILE_MISSING
    manifest.unlink()
    manifest.symlink_to(package.folder.parent / "m")
    assert verify(package.folder, trusted).verdict is Result.FILE_MISSING


def test_an_unknown_key_is_not_a_bad_signature(
    package: Summary, trusted: Path, tmp_path: Path
) -> None:
    (tmp_path / "none").mkdir()
    for folder in (tmp_path / "none", None):
        report = verify(package.folder, folder)
        assert report.verdict is Result.UNKNOWN_KEY
        assert package.key_id in report.findings[0].detail
        assert (report.key_id, report.key_name) == (package.key_id, "")
    (package.folder / "video" / "x.mp4").touch()
    assert verify(package.folder, None).verdict is Result.UNKNOWN_KEY
    (package.folder / VIDEO).unlink()
    assert verify(package.folder, None).verdict is Result.FILE_MISSING


def _rewrite(package: Summary, sign: Callable[[bytes], bytes], **changes: Any) -> None:
    """Another manifest with a signature and a log of its own."""
    manifest = json.loads((package.folder / "manifest.json").read_text("utf-8")) | changes
    content = json.dumps(manifest).encode()
    _seal(package, content, sign)


def _seal(package: Summary, content: bytes, sign: Callable[[bytes], bytes]) -> None:
    (package.folder / "manifest.json").write_bytes(content)
    (package.folder / "manifest.sig").write_bytes(sign(content))
    row, _ = render_row(Entry(Action.CREATED, "x"), hashlib.sha256(content).hexdigest())
    (package.folder / "log.csv").write_bytes(HEADER + row)


def _signer(key: SigningKey) -> Callable[[bytes], bytes]:
    return lambda data: signature_record(key.algorithm, key.public, key.sign(data))


def _rsa_signer(private: rsa.RSAPrivateKey, salt: int = 20) -> Callable[[bytes], bytes]:
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), salt)
    return lambda data: signature_record(
        RSA_PSS, private.public_key(), private.sign(data, pss, hashes.SHA256())
    )


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def test_rsa_pss_signatures_are_accepted(
    package: Summary, trusted: Path, rsa_key: rsa.RSAPrivateKey
) -> None:
    public = rsa_key.public_key()
    _rewrite(package, _rsa_signer(rsa_key), key_id=key_id(public), signature_algorithm=RSA_PSS)
    assert verify(package.folder, trusted).verdict is Result.UNKNOWN_KEY
    (trusted / "recorder.pem").write_text(public_pem(public))
    report = verify(package.folder, trusted)
    assert (report.verdict, report.key_name) == (Result.COMPLETE, "recorder")


@pytest.mark.parametrize("case", ["salt", "small", "algorithm"])
def test_rsa_that_is_not_as_it_must_be_is_refused(
    package: Summary, trusted: Path, rsa_key: rsa.RSAPrivateKey, case: str
) -> None:
    private = rsa.generate_private_key(65537, 1024) if case == "small" else rsa_key  # noqa: S505
    (trusted / "recorder.pem").write_text(public_pem(private.public_key()))
    sign = _rsa_signer(private, 32 if case == "salt" else 20)
    if case == "algorithm":
        inner = sign
        sign = lambda data: inner(data).replace(b"RSASSA-PSS", b"RSASSA-XYZ")  # noqa: E731
    _rewrite(package, sign, key_id=key_id(private.public_key()))
    assert verify(package.folder, trusted).verdict is Result.BAD_SIGNATURE


def test_a_forger_with_a_key_of_his_own_is_an_unknown_key(
    package: Summary, trusted: Path, rsa_key: rsa.RSAPrivateKey
) -> None:
    _rewrite(package, _rsa_signer(rsa_key), key_id=key_id(rsa_key.public_key()), case="other")
    assert verify(package.folder, trusted).verdict is Result.UNKNOWN_KEY
    _rewrite(package, _rsa_signer(rsa_key), key_id=package.key_id)
    assert verify(package.folder, trusted).verdict is Result.BAD_SIGNATURE


def _entry(**changes: Any) -> dict[str, Any]:
    return {"path": "video/a.mp4", "size": 1, "sha256": "0" * 64} | changes


@pytest.mark.parametrize(
    "files",
    [
        [_entry(path=path)]
        for path in ("../x", "/etc/passwd", "a/../../b", "a\\b", "C:x", "", "a//b", "./a", "log.csv",
                     "manifest.json", "a\0b", "e\u0301", 7, None, ["a"])
    ]
    + [
        [_entry(), _entry()], [_entry(size=-1)], [_entry(size="1")], [_entry(size=1e9)],
        [_entry(sha256="xyz")], [_entry(sha256=None)], ["text"], [None], {}, None, 5,
    ],
)  # fmt: skip
def test_an_absurd_list_is_refused_though_well_signed(
    package: Summary, trusted: Path, key: SigningKey, files: Any
) -> None:
    _rewrite(package, _signer(key), files=files)
    report = verify(package.folder, trusted)
    assert report.verdict is Result.NOT_A_PACKAGE
    assert len(report.findings) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b"9" * 10_000,
        b'{"format": "watchroom-evidence", "format_version": 1, "files": [], "x": NaN}',
        b'{"format": "watchroom-evidence", "format_version": 1, "files": [], "files": []}',
        b" " * 10_000_001, b'{"format": "other"}',
        b'{"format": "watchroom-evidence", "format_version": 2}',
        '{"format": "watchroom-evidence"}'.encode("utf-16"),
    ],
    ids=lambda c: str(c[:12]),
)  # fmt: skip
def test_an_absurd_manifest_is_no_package(
    package: Summary, trusted: Path, key: SigningKey, content: bytes
) -> None:
    _seal(package, content, _signer(key))
    assert verify(package.folder, trusted).verdict is Result.NOT_A_PACKAGE
    (package.folder / "manifest.sig").unlink()
    assert verify(package.folder, trusted).verdict is Result.NOT_A_PACKAGE


@pytest.mark.parametrize(
    "record", [b"", b"[]", b"{}", b"[" * 50_000, b"x" * 70_000, b'{"algorithm": []}', b"\xff"]
)
def test_an_absurd_signature_is_a_bad_one(package: Summary, trusted: Path, record: bytes) -> None:
    (package.folder / "manifest.sig").write_bytes(record)
    assert verify(package.folder, trusted).verdict is Result.BAD_SIGNATURE


def test_a_folder_that_is_no_package(tmp_path: Path, trusted: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    for place in ("empty", "file", "nowhere"):
        assert verify(tmp_path / place, trusted).verdict is Result.NOT_A_PACKAGE


def test_too_many_files_are_not_counted_for_ever(
    package: Summary, trusted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "MAX_ENTRIES", 20)
    for number in range(21):
        (package.folder / f"{number}").touch()
    assert verify(package.folder, trusted).verdict is Result.NOT_A_PACKAGE


def _rows(package: Summary) -> list[bytes]:
    for name in ("a", "b"):
        append_row(package.folder, Entry(Action.COPIED, name))
    return (package.folder / "log.csv").read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda rows: [*rows[:1], rows[1], rows[3]],
        lambda rows: [rows[0], *rows[2:]],
        lambda rows: [rows[0], rows[1], rows[3], rows[2]],
        lambda rows: [*rows, rows[3]],
        lambda rows: [*rows, b"\r\n"],
        lambda rows: [row.replace(b"\r\n", b"\n") for row in rows],
        lambda rows: rows[:1],
        lambda rows: [],
    ],
    ids=["middle", "first", "swapped", "twice", "blank", "line ends", "header", "empty"],
)
def test_a_log_that_was_altered_is_broken(
    package: Summary, trusted: Path, spoil: Callable[[list[bytes]], list[bytes]]
) -> None:
    (package.folder / "log.csv").write_bytes(b"".join(spoil(_rows(package))))
    assert verify(package.folder, trusted).verdict is Result.LOG_BROKEN


def test_a_log_cut_at_its_end_shows_against_the_register(package: Summary, trusted: Path) -> None:
    rows = _rows(package)
    head = verify(package.folder, trusted).log_head
    (package.folder / "log.csv").write_bytes(b"".join(rows[:-1]))
    assert verify(package.folder, trusted).log_head != head


def test_names_that_a_mac_wrote_apart_are_the_same(
    tmp_path: Path, media: list[Media], key: SigningKey, trusted: Path
) -> None:
    summary = write_package(tmp_path, order(), [replace(media[0], camera_name="Café")], key)
    path = summary.folder / summary.files[0].path
    apart = path.with_name(unicodedata.normalize("NFD", path.name))
    assert apart.name != path.name
    path.rename(apart)
    assert verify(summary.folder, trusted).verdict is Result.COMPLETE
    shutil.copy(apart, path)  # now there are both
    assert verify(summary.folder, trusted).verdict is Result.UNEXPECTED_FILE


def test_progress_is_told_and_work_can_be_stopped(package: Summary, trusted: Path) -> None:
    seen: list[tuple[int, int]] = []
    verify(package.folder, trusted, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] == sum(f.size for f in package.files)
    with pytest.raises(CancelledError):
        verify(package.folder, trusted, cancelled=lambda: True)


def test_a_file_that_cannot_be_read_is_named(
    package: Summary, trusted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = verifying._open

    def scratched(path: Path) -> Any:
        if path.suffix == ".png":
            raise OSError(5, "Input/output error")
        return real(path)

    monkeypatch.setattr(verifying, "_open", scratched)
    report = verify(package.folder, trusted)
    assert report.verdict is Result.FILE_MISSING
    assert "Input/output error" in report.findings[0].detail


def _command(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", "verify", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_says_it_in_words_and_numbers(package: Summary, trusted: Path) -> None:
    done = _command(package.folder, "--trusted", trusted)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("COMPLETE")
    assert "A-2026-17" in done.stdout
    (package.folder / "extra").touch()
    (package.folder / VIDEO).write_bytes(b"other")
    done = _command(package.folder, "--trusted", trusted)
    assert done.returncode == 11
    assert done.stdout.startswith("FILE CHANGED")
    assert VIDEO in done.stdout
    assert "unexpected file" in done.stdout
    told = json.loads(_command(package.folder, "--trusted", trusted, "--json").stdout)
    assert (told["verdict"], told["status"]) == ("file changed", 11)
    assert [f["result"] for f in told["findings"]] == ["file changed", "unexpected file"]
    assert told["manifest"]["number"] == "C1-0001"


def test_every_result_has_its_exit_status(package: Summary, trusted: Path, tmp_path: Path) -> None:
    assert sorted(STATUS.values()) == [0, *range(10, 17)]
    assert set(STATUS) == set(Result)
    help_text = " ".join(_command("--help").stdout.split())
    for result, code in STATUS.items():
        assert f"{code} {result}" in help_text
    assert _command(package.folder).returncode == 12  # this console's own keys: none yet
    assert _command(tmp_path / "nothing").returncode == 16
    wrong = _command(package.folder, "--trusted", tmp_path / "nothing")
    assert wrong.returncode == 2
    assert "nothing" in wrong.stderr
    shutil.rmtree(package.folder / "stills")
    assert _command(package.folder, "--trusted", trusted).returncode == 10
