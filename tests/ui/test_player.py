"""The player's real window on real files: what is seen, by key and by pointer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import psutil
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui.player import PlayerWindow, Snapshot, VerificationText, read_recordings
from app.video import libvlc
from app.video.playback import Phase
from tests.conftest import wait_for

WIDTH, HEIGHT, FPS, SECONDS = 320, 180, 25, 6
START = datetime(2026, 3, 4, 5, 6, 7, 480_000, tzinfo=UTC)


def _make_video(path: Path, *, audio: bool = True, b_frames: int = 0, gop: int = 50) -> None:
    """Every picture carries its number in ten squares."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=FPS)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.options = {"g": str(gop), "bf": str(b_frames), "preset": "ultrafast"}
        sound = container.add_stream("aac", rate=48000) if audio else None
        for number in range(SECONDS * FPS):
            image = np.full((HEIGHT, WIDTH, 3), 40, np.uint8)
            for bit in range(10):
                if number >> bit & 1:
                    image[:40, bit * 32 : (bit + 1) * 32] = 220
            image[100:, number * 3 % WIDTH :][:, :30] = (200, 90, 30)
            frame = av.VideoFrame.from_ndarray(image, "rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(video.encode(frame))
        container.mux(video.encode())
        if sound is not None:
            wave = (np.sin(np.arange(48000 * SECONDS) * 0.0576) * 8000).astype(np.int16)
            for first in range(0, len(wave), 1024):
                piece = wave[None, first : first + 1024].copy()
                block = av.AudioFrame.from_ndarray(piece, "s16", "mono")
                block.sample_rate, block.pts = 48000, first
                block.time_base = Fraction(1, 48000)
                container.mux(sound.encode(block))
            container.mux(sound.encode())


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("videos")
    _make_video(folder / "plain.mp4")
    _make_video(folder / "b-frames.mp4", b_frames=3)
    _make_video(folder / "silent.mp4", audio=False)
    (folder / "torn.mp4").write_bytes((folder / "plain.mp4").read_bytes()[:30_000])
    (folder / "words.mp4").write_text("this is no video")
    return folder


@pytest.fixture
def package(videos: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "EVID-7"
    (folder / "video").mkdir(parents=True)
    (folder / "stills").mkdir()
    for name in ("plain.mp4", "silent.mp4"):
        (folder / "video" / name).write_bytes((videos / name).read_bytes())
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    image.save(str(folder / "stills" / "still.png"))
    entries = [
        {
            "path": f"video/{name}",
            "camera_name": camera,
            "clock": "console",
            "from": START.isoformat(),
            "to": (START + timedelta(seconds=SECONDS)).isoformat(),
            "gaps": gaps,
        }
        for name, camera, gaps in (
            ("plain.mp4", "东门 East gate", []),
            (
                "silent.mp4",
                "Yard",
                [
                    {
                        "from": (START + timedelta(seconds=2)).isoformat(),
                        "to": (START + timedelta(seconds=3)).isoformat(),
                        "seconds": 1.0,
                        "reason": "lost",
                    }
                ],
            ),
        )
    ]
    entries.append({"path": "../../outside.mp4", "from": START.isoformat()})
    (folder / "manifest.json").write_text(json.dumps({"files": entries}), "utf-8")
    (tmp_path.parent / "outside.mp4").touch()
    return folder


Opener = Callable[..., PlayerWindow]


@pytest.fixture
def player(qapp: QApplication) -> Iterator[Opener]:
    windows: list[PlayerWindow] = []

    def open_window(
        path: Path,
        verify: Callable[[Path], VerificationText] | None = None,
        save: Callable[[Snapshot], None] | None = None,
        ready: bool = True,
    ) -> PlayerWindow:
        window = PlayerWindow(path, verify, save, "en")
        windows.append(window)
        window.show()
        window.activateWindow()
        _until(window.isActiveWindow, "the window is active")
        if ready:
            _until(lambda: not window.view.image.isNull(), "the first picture")
        return window

    yield open_window
    for window in windows:
        window.close()
        assert window.join(20), "its threads end with the window"


def _until(condition: Callable[[], object], what: str = "", timeout_s: float = 30) -> None:
    wait_for(condition, timeout_s, QApplication.processEvents, what)


def _number(window: PlayerWindow) -> int:
    """The number in the picture on screen, -1 when there is none."""
    image = window.view.image
    if image.isNull():
        return -1
    y = image.height() // 9
    cells = [image.pixelColor(round((b + 0.5) * image.width() / 10), y).red() for b in range(10)]
    return sum(1 << b for b, level in enumerate(cells) if level > 128)


def _press(window: PlayerWindow, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(window, key)


def _stands(window: PlayerWindow) -> bool:
    return window._state.phase is Phase.STANDING


@pytest.mark.parametrize("name", ["plain.mp4", "b-frames.mp4", "silent.mp4"])
def test_steps_are_single_pictures_both_ways(player: Opener, videos: Path, name: str) -> None:
    window = player(videos / name)
    assert _number(window) == 0
    for expected in (1, 2, 3):
        _press(window, Qt.Key.Key_Period)
        _until(lambda n=expected: _number(window) == n, f"picture {expected}")
    window._order(lambda p: p.seek(2.04))  # behind a key frame: back goes into the group before
    _until(lambda: _number(window) == 51, "picture 51")
    for expected in (50, 49, 48, 47):
        _press(window, Qt.Key.Key_Comma)
        _until(lambda n=expected: _number(window) == n, f"picture {expected}")
    assert window.length.text().startswith("0:01.880 / 0:06.000")


@pytest.mark.parametrize("name", ["plain.mp4", "b-frames.mp4"])
def test_space_plays_and_halts_at_what_was_on_screen(
    player: Opener, videos: Path, name: str
) -> None:
    window = player(videos / name)
    _press(window, Qt.Key.Key_Space)
    _until(lambda: _number(window) > 20, "it runs")
    seen, began = _number(window), time.monotonic()
    _press(window, Qt.Key.Key_Space)
    _until(lambda: _stands(window), "it halts")
    # Pictures may come until the key is worked on, none may be lost or come back.
    assert 0 <= _number(window) - seen <= 4 + (time.monotonic() - began) * FPS
    assert window._state.position_s == pytest.approx(_number(window) / FPS, abs=0.002)
    shown = _number(window)
    _press(window, Qt.Key.Key_Period)
    _until(lambda: _number(window) == shown + 1, "the very next picture")


def test_libvlc_gives_picture_and_sound_at_normal_speed(player: Opener, videos: Path) -> None:
    window = player(videos / "plain.mp4")
    window._order(lambda p: p.seek(1.0))
    _until(lambda: _number(window) == 25)
    playback = window._playback
    assert playback is not None
    seen, began = [25], time.monotonic()
    _press(window, Qt.Key.Key_Space)

    def runs() -> bool:
        seen.append(_number(window))
        return seen[-1] > 35

    _until(lambda: playback.picture is not None and not playback.picture.exact, "libVLC's picture")
    _until(runs, "it runs")
    # From the place it stood at.
    assert min(seen) >= 23, "libVLC may begin with the picture before"
    assert seen[-1] < 50 + (time.monotonic() - began) * FPS
    sound = playback._sound
    assert sound is not None
    assert sound._player.audio_get_track_count() > 0
    assert not window.no_sound.isVisible()
    _press(window, Qt.Key.Key_M)
    _until(lambda: window._state.muted)
    assert window._state.volume == 80
    _press(window, Qt.Key.Key_Up)
    _until(lambda: window._state.volume == 85)


@pytest.mark.parametrize(("presses", "speed"), [(-2, 0.25), (1, 2.0), (2, 4.0), (4, 16.0)])
def test_speeds(player: Opener, videos: Path, presses: int, speed: float) -> None:
    window = player(videos / "plain.mp4")
    key = Qt.Key.Key_BracketRight if presses > 0 else Qt.Key.Key_BracketLeft
    _press(window, *[key] * abs(presses))
    _until(lambda: window._state.speed == speed)
    assert window.speed.currentData() == speed
    rates: list[float] = []
    for _ in range(6):  # the best: others work on this machine too
        _press(window, Qt.Key.Key_Home)
        _until(lambda: _number(window) == 0 and not window._state.at_end, "the beginning")
        _press(window, Qt.Key.Key_Space)
        _until(lambda: _number(window) >= 3, "it runs")
        began, first = time.monotonic(), window._state.position_s
        if speed < 1:
            _until(lambda: _number(window) >= 8, "on")
        else:
            _until(lambda: window._state.at_end, "the end")
        rates.append((window._state.position_s - first) / (time.monotonic() - began))
        if speed * 0.6 < rates[-1] < speed * 1.3:
            break
        if not _stands(window):
            _press(window, Qt.Key.Key_Space)
            _until(lambda: _stands(window), "it halts")
    assert speed * 0.6 < rates[-1] < speed * 1.3, rates


def test_it_stands_at_the_end_and_repeats_when_asked(player: Opener, videos: Path) -> None:
    window = player(videos / "plain.mp4")
    window._order(lambda p: p.seek(5.5))
    _until(lambda: _number(window) == 137)
    _press(window, Qt.Key.Key_Space)
    _until(lambda: window._state.at_end, "the end")
    _until(lambda: _number(window) == SECONDS * FPS - 1, "its last picture")
    _press(window, Qt.Key.Key_L, Qt.Key.Key_BracketRight, Qt.Key.Key_BracketRight)
    _press(window, Qt.Key.Key_Space)  # from the beginning
    _until(lambda: window._state.position_s > 4)
    _until(lambda: window._state.position_s < 2 and window._state.phase is Phase.RUNNING, "round")


def test_jumps_and_the_position_bar(player: Opener, videos: Path) -> None:
    window = player(videos / "plain.mp4")
    bar = window.bar
    QTest.mouseClick(
        bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() // 2, bar.height() // 2)
    )
    _until(lambda: abs(_number(window) - 75) <= 1, "the middle")
    _press(window, Qt.Key.Key_Right)
    _until(lambda: _number(window) == SECONDS * FPS - 1, "10 s on is the end here")
    _press(window, Qt.Key.Key_Left)
    _until(lambda: _number(window) == 0, "10 s back is the beginning")


def test_a_package_shows_its_check_files_and_times(player: Opener, package: Path) -> None:
    asked: list[Path] = []
    go_on = threading.Event()

    def verify(folder: Path) -> VerificationText:
        asked.append(folder)
        go_on.wait(60)
        return VerificationText("bad", "A file was changed.\nvideo/plain.mp4: other content")

    window = player(package, verify)
    assert "Checking" in window.verdict.text()  # and the picture is there already
    go_on.set()
    _until(lambda: window.verdict.text() == "A file was changed.")
    assert asked == [package]
    assert window.banner.property("kind") == "alarm"
    assert window.banner.geometry().bottom() < window.splitter.geometry().top()
    listed = [window.files.item(i).text() for i in range(window.files.count())]
    assert len(listed) == 3  # and nothing from outside the package
    assert "东门 East gate" in listed[0]
    assert "1 gap" in listed[1]
    local = START.astimezone().strftime("%Y-%m-%d %H:%M:%S.480")
    _until(lambda: window.time.text() == local)
    assert "2026-03-04 05:06:07.480" in window.time.toolTip()
    _press(window, Qt.Key.Key_PageDown)
    _until(lambda: window.files.currentRow() == 1 and _number(window) == 0)
    assert window.bar.gaps == ((2.0, 3.0),)
    _press(window, Qt.Key.Key_PageDown)
    _until(lambda: window.view.image.pixelColor(20, 20) == Qt.GlobalColor.red, "the still")
    assert not window._action["play"].isEnabled()


def test_a_file_of_a_package_opens_the_package(player: Opener, package: Path) -> None:
    window = player(package / "video" / "silent.mp4")
    assert window.files.count() == 3
    assert window.files.currentRow() == 1
    assert window.verdict.text() == "Not checked."
    assert not window._action["mute"].isEnabled()


def test_a_broken_manifest_adds_nothing(package: Path) -> None:
    for text in (
        "",
        "[]",
        '{"files": [1, {"path": 3}]}',
        '{"files": [{"path": "video/plain.mp4"}]}',
    ):
        (package / "manifest.json").write_text(text)
        found = read_recordings(package)
        assert len(found) == 3
        assert all(r.start is None for r in found)


def test_links_out_of_a_package_are_not_followed(package: Path, videos: Path) -> None:
    (package / "video" / "link.mp4").symlink_to(videos / "plain.mp4")
    assert len(read_recordings(package)) == 3


def test_a_snapshot_is_the_exact_picture_in_full_size(player: Opener, package: Path) -> None:
    kept: list[Snapshot] = []
    window = player(package, None, kept.append)
    window.resize(500, 400)
    _press(window, Qt.Key.Key_Space)
    _until(lambda: _number(window) > 12)
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    _until(lambda: kept, "the snapshot")
    _until(lambda: _stands(window))
    shot = kept[0]
    assert (shot.image.width(), shot.image.height()) == (WIDTH, HEIGHT)
    assert shot.moment == START + timedelta(seconds=round(shot.position_s * FPS) / FPS)
    assert shot.camera == "东门 East gate"
    _until(lambda: round(shot.position_s * FPS) == _number(window), "the same on screen")
    again = QImage.fromData(shot.png(), "PNG")
    assert again == shot.image.convertToFormat(again.format())


def test_without_libvlc_it_says_so_and_plays_on(
    player: Opener, videos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: str) -> None:
        raise libvlc.LibVlcMissingError("not here")

    monkeypatch.setattr(libvlc, "load", missing)
    window = player(videos / "plain.mp4")
    _until(lambda: window.no_sound.isVisible())
    assert "libVLC is missing" in window.no_sound.text()
    assert not window._action["mute"].isEnabled()
    _press(window, Qt.Key.Key_Space)
    _until(lambda: _number(window) > 12, "it runs")
    _press(window, Qt.Key.Key_Space)
    _until(lambda: _stands(window))


@pytest.mark.parametrize(
    ("name", "word"),
    [("words.mp4", "no video"), ("torn.mp4", "damaged"), ("nothing.mp4", "not there")],
)
def test_what_cannot_be_played_is_said(player: Opener, videos: Path, name: str, word: str) -> None:
    window = player(videos / name, ready=False)
    _until(lambda: word in window.view.words, word)
    assert not window._action["play"].isEnabled()


def test_damage_in_the_middle_is_passed_over(player: Opener, videos: Path, tmp_path: Path) -> None:
    content = bytearray((videos / "silent.mp4").read_bytes())
    middle = len(content) // 2
    content[middle : middle + 200] = bytes(200)
    (tmp_path / "hurt.mp4").write_bytes(content)
    window = player(tmp_path / "hurt.mp4")
    window.speed.setCurrentIndex(6)
    _press(window, Qt.Key.Key_Space)
    _until(lambda: window._state.at_end, "the end")


def test_closing_while_it_checks_and_plays_ends_everything(player: Opener, package: Path) -> None:
    go_on, checked = threading.Event(), threading.Event()

    def verify(_: Path) -> VerificationText:
        go_on.wait(60)
        checked.set()
        return VerificationText("good", "fine")

    window = player(package, verify)
    _press(window, Qt.Key.Key_Space)
    _until(lambda: _number(window) > 3)
    window.close()
    assert not checked.is_set(), "the close waits for nobody"
    go_on.set()
    assert window.join(20)


def test_the_command(package: Path, tmp_path: Path) -> None:
    none = subprocess.run(
        [sys.executable, "-m", "app", "play", str(tmp_path / "nothing")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert none.returncode == 2
    assert "nothing at" in none.stderr
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    shown = subprocess.Popen(
        [sys.executable, "-m", "app", "play", str(package)],
        env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        process = psutil.Process(shown.pid)
        wait_for(lambda: any(f.path.endswith("plain.mp4") for f in process.open_files()), 60)
    finally:
        shown.send_signal(signal.SIGTERM)
        said = shown.communicate(timeout=40)[1]
    assert shown.returncode == 0
    assert "Traceback" not in said
