from __future__ import annotations

import json
import re
import shutil
import subprocess
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import av
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.evidence import custody
from app.evidence.custody import Action, Entry, append_row, read_log
from app.evidence.errors import CancelledError, EvidenceError
from app.evidence.keys import SigningKey
from app.evidence.package import Media, Summary, safe_name, write_package
from app.evidence.verify import Result, verify
from tests.evidence.conftest import LATER, START, order


def _manifest(summary: Summary) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((summary.folder / "manifest.json").read_text("utf-8"))
    return manifest


def test_the_package_holds_and_lists_everything(package: Summary, mp4: Path) -> None:
    here = {p.relative_to(package.folder).as_posix() for p in package.folder.rglob("*.*")}
    here.add("SHA256SUMS")
    assert package.folder.name == "EVID-C1-0001"
    assert here == {
        "manifest.json", "manifest.sig", "log.csv", "README.txt", "SHA256SUMS", "public-key.pem",
        "video/中山路_丽阳街 路口_20260304T050607.250Z.mp4",
        "video/中山路_丽阳街 路口_20260304T050607.250Z_masked.mp4",
        "stills/中山路_丽阳街 路口_20260304T050607.250Z.png",
    }  # fmt: skip
    manifest = _manifest(package)
    covered = {f["path"] for f in manifest["files"]}
    assert covered == here - {"manifest.json", "manifest.sig", "log.csv"}
    assert {n["path"] for n in manifest["not_covered"]} == {"manifest.sig", "log.csv"}
    assert all(n["why"] for n in manifest["not_covered"])
    assert {f.path for f in package.files} == covered
    with av.open(str(package.folder / package.files[0].path)) as video:
        assert sum(1 for _ in video.decode(video=0)) == 10
    assert (package.folder / package.files[0].path).read_bytes() == mp4.read_bytes()
    assert mp4.exists()


def test_the_manifest_says_what_whose_and_when(package: Summary) -> None:
    manifest = _manifest(package)
    assert (manifest["case"], manifest["requester"]) == ("A-2026-17", "王芳, 交警支队")
    assert manifest["software"].startswith("Watchroom")
    assert manifest["created_utc"].endswith("Z")
    local = datetime.fromisoformat(manifest["created_local"])
    assert local.utcoffset() is not None
    assert local == datetime.fromisoformat(manifest["created_utc"])
    first, masked, still = manifest["files"][:3]
    assert first["from"] == "2026-03-04T05:06:07.250Z"
    assert first["clock"] == "server"
    assert (first["device_from"], first["device_offset_s"]) == ("2026-03-04T05:06:10.250Z", 3.0)
    assert masked["device_from"] is None
    assert first["gaps"] == [
        {"from": "2026-03-04T05:06:08.250Z", "to": "2026-03-04T05:06:08.750Z", "seconds": 0.5,
         "reason": "no packets"}
    ]  # fmt: skip
    assert (masked["masks_applied"], still["kind"], still["width"]) == (True, "still", 16)
    assert (first["transcoded"], first["audio"], first["codec"]) == (False, False, "h264")


def test_the_commands_of_the_readme_prove_it_and_find_a_change(package: Summary) -> None:
    text = (package.folder / "README.txt").read_text("utf-8")
    assert "如何校验" in text
    commands = re.findall(r"^    (\S.*)$", text, re.MULTILINE)

    def run() -> tuple[str, list[int]]:
        done = [
            subprocess.run(["sh", "-c", c], cwd=package.folder, capture_output=True, text=True)
            for c in commands
        ]
        return "".join(d.stdout + d.stderr for d in done), [d.returncode for d in done]

    assert len(commands) == 10  # five in each language
    said, status = run()
    assert status == [0] * 10
    assert said.count("Signature Verified Successfully") == 2
    assert said.count(": OK\n") == 2 * 5
    assert said.count(f"{package.key_id}\n") == 2
    assert f"Expected: {package.key_id}" in text
    assert re.findall(r"^1$", said, re.MULTILINE) == ["1", "1"]

    video = package.folder / package.files[0].path
    _flip(video, 100)
    assert "FAILED" in run()[0]
    _flip(video, 100)
    sums = package.folder / "SHA256SUMS"
    _flip(sums, 3)
    assert re.findall(r"^0$", run()[0], re.MULTILINE) == ["0", "0"]
    _flip(sums, 3)
    _flip(package.folder / "manifest.json", 300)
    assert "Signature Verified Successfully" not in run()[0]


def _flip(path: Path, offset: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[offset] ^= 1
    path.write_bytes(raw)


def test_a_package_is_never_overwritten(
    package: Summary, media: list[Media], key: SigningKey
) -> None:
    before = (package.folder / "manifest.json").read_bytes()
    with pytest.raises(EvidenceError, match="exists already"):
        write_package(package.folder.parent, order(), media, key)
    assert (package.folder / "manifest.json").read_bytes() == before
    assert [p.name for p in package.folder.parent.iterdir()] == ["EVID-C1-0001"]


def test_of_two_at_once_one_wins_whole(
    tmp_path: Path, media: list[Media], key: SigningKey, trusted: Path
) -> None:
    def attempt(_: int) -> bool:
        try:
            return bool(write_package(tmp_path / "out", order(), media, key))
        except EvidenceError:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(8))) == 1
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["EVID-C1-0001"]
    assert verify(tmp_path / "out" / "EVID-C1-0001", trusted).verdict is Result.COMPLETE


@pytest.mark.parametrize("number", ["", "a/b", "..", "中", "x" * 41, "a b", "a\n"])
def test_a_number_that_is_no_number_is_refused(
    tmp_path: Path, media: list[Media], key: SigningKey, number: str
) -> None:
    with pytest.raises(EvidenceError, match="number"):
        write_package(tmp_path / "out", order(number), media, key)
    assert not (tmp_path / "out").exists()


def _spoil_time(item: Media) -> Media:
    return replace(item, start=LATER, end=START)


@pytest.mark.parametrize(
    "spoil",
    [
        _spoil_time,
        lambda item: replace(item, start=START.replace(tzinfo=None)),
        lambda item: replace(item, device_offset_s=float("nan")),
        lambda item: replace(item, source=item.source.with_name("gone.mp4")),
        lambda item: replace(item, source=Path(__file__)),
    ],
    ids=["backwards", "no zone", "offset", "no file", "no video"],
)
@pytest.mark.parametrize("move", [False, True])
def test_a_failure_leaves_nothing_but_the_sources(
    tmp_path: Path, media: list[Media], key: SigningKey, spoil: Any, move: bool
) -> None:
    own = _own_copies(tmp_path, media)
    with pytest.raises(EvidenceError):
        write_package(tmp_path / "out", order(), [*own, spoil(media[0])], key, move=move)
    assert list((tmp_path / "out").iterdir()) == []
    assert all(m.source.exists() for m in own)


def test_stopping_leaves_nothing_half_made(
    tmp_path: Path, media: list[Media], key: SigningKey
) -> None:
    seen: list[tuple[int, int]] = []
    with pytest.raises(CancelledError):
        write_package(
            tmp_path / "out", order(), media, key, move=True,
            progress=lambda done, total: seen.append((done, total)),
            cancelled=lambda: len(seen) == 2,
        )  # fmt: skip
    assert list((tmp_path / "out").iterdir()) == []
    assert all(m.source.exists() for m in media)
    assert seen[0][0] < seen[1][0] < seen[1][1] == sum(m.source.stat().st_size for m in media)


def _own_copies(tmp_path: Path, media: list[Media]) -> list[Media]:
    (tmp_path / "own").mkdir()
    return [
        replace(m, source=Path(shutil.copy(m.source, tmp_path / "own" / f"{n}{m.source.suffix}")))
        for n, m in enumerate(media)
    ]


@pytest.mark.parametrize("links", [True, False])
def test_moved_files_are_gone_from_where_they_were(
    tmp_path: Path, media: list[Media], key: SigningKey, trusted: Path, links: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    if not links:
        monkeypatch.setattr("app.evidence.package.os.link", _no_links)
    own = _own_copies(tmp_path, media)
    summary = write_package(tmp_path / "out", order(), own, key, move=True)
    assert list((tmp_path / "own").iterdir()) == []
    assert verify(summary.folder, trusted).verdict is Result.COMPLETE


def _no_links(*_: object) -> None:
    raise OSError("another disk")


def test_same_camera_and_time_are_numbered(
    tmp_path: Path, media: list[Media], key: SigningKey
) -> None:
    shouting = replace(media[0], camera_name="GATE")
    quiet = replace(media[0], camera_name="gate")
    summary = write_package(tmp_path, order(), [quiet, shouting, quiet], key)
    names = [f.path for f in summary.files[:3]]
    assert len({n.casefold() for n in names}) == 3
    assert names[2].endswith("Z_3.mp4")


@given(st.text(max_size=120))
@example("CON")
@example("nul .txt")
@example("../../etc/passwd")
@example("a\x00b\nc")
@example("𠮷" * 100)
@example("...")
@example("\u202egnp.exe")
@example("\ud800")
def test_a_safe_name_fits_every_file_system(text: str) -> None:
    for ending in ("", "_20260304.mp4", ".mp4"):
        name = safe_name(text, ending)
        assert name.endswith(ending)
        assert 0 < len(name) <= 80
        assert len(name.encode()) <= 255
        assert not set(name) & set('/\\:*?"<>|')
        assert not [c for c in name if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
        assert name[-1] not in ". "
        assert name.split(".")[0].rstrip().upper() not in ("CON", "NUL", "AUX", "PRN", "COM1")


def test_names_keep_their_writing() -> None:
    assert safe_name("丽阳街 Straße é", ".png") == "丽阳街 Straße é.png"


def test_the_log_grows_as_a_chain(package: Summary, trusted: Path) -> None:
    entry = Entry(Action.HANDED_OVER, '张三, "局长"', "wall-2", "=1+1\nsecond line", START)
    head = append_row(package.folder, entry)
    append_row(package.folder, Entry(Action.VERIFIED, "court"))
    report = verify(package.folder, trusted)
    assert report.verdict is Result.COMPLETE
    assert [e.action for e in report.log] == [Action.CREATED, Action.HANDED_OVER, Action.VERIFIED]
    assert report.log[0].person == "Chen Wei"
    assert report.log[1].person == '张三, "局长"'
    assert report.log[1].remark == "'=1+1 second line"
    assert report.log[1].at == START
    lines = (package.folder / "log.csv").read_bytes().decode("utf-8-sig").splitlines()
    assert package.manifest_sha256 in lines[1]
    assert package.log_head in lines[2]
    assert lines[2].endswith(head)
    assert head in lines[3]


def test_many_hands_at_once_leave_one_chain(package: Summary, trusted: Path) -> None:
    def add(number: int) -> str:
        return append_row(package.folder, Entry(Action.COPIED, f"person {number}"))

    with ThreadPoolExecutor(8) as pool:
        heads = list(pool.map(add, range(40)))
    report = verify(package.folder, trusted)
    assert report.verdict is Result.COMPLETE
    assert len(report.log) == 41
    assert report.log_head in heads


def test_nothing_is_added_to_a_broken_log(package: Summary) -> None:
    path = package.folder / "log.csv"
    path.write_bytes(path.read_bytes().replace(b"Chen", b"Chan"))
    broken = path.read_bytes()
    with pytest.raises(EvidenceError, match="row 1 was altered"):
        append_row(package.folder, Entry(Action.COPIED, "x"))
    assert path.read_bytes() == broken


def test_a_full_disk_leaves_the_log_as_it_was(
    package: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = package.folder / "log.csv"
    before = path.read_bytes()
    monkeypatch.setattr(custody.os, "fsync", _no_links)
    with pytest.raises(EvidenceError, match="could not be written"):
        append_row(package.folder, Entry(Action.COPIED, "x"))
    assert path.read_bytes() == before


@given(st.text(), st.text(), st.text())
def test_any_text_in_a_row_is_read_back(person: str, console: str, remark: str) -> None:
    at = START + timedelta(milliseconds=7)
    line, head = custody.render_row(Entry(Action.COPIED, person, console, remark, at), "0" * 64)
    entries, last = read_log(custody.HEADER + line, "0" * 64)
    assert last == head
    assert entries[0].at == at
    assert len(line.splitlines()) == 1
