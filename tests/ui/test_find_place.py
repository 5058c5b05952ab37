"""Find by place: real store, real keys, real files; pictures and cameras as the test says."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.camera import Credentials, StreamSpec
from app.domain.layout import BUILT_IN, View
from app.store import sample
from app.store.secrets import FileSecrets
from app.store.store import Store
from app.ui import theme
from app.ui.find_place import (
    FindPlace,
    ago_text,
    direction_text,
    distance_text,
)
from app.ui.tasks import Tasks
from app.ui.thumbnails import (
    CLOSING_EVERY_S,
    Folder,
    Thumbnail,
    Thumbnails,
    WallThumbnails,
    image_of,
)
from app.ui.wall import WallWidget
from app.video.probe import ProbeError, ProbeResult
from app.video.types import Picture, StreamState, StreamStatus
from tests.ui.test_wall import FakeEngine


def plain(colour: str, width: int = 320, height: int = 180) -> QImage:
    image = QImage(QSize(width, height), QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def picture(colour: tuple[int, int, int] = (0, 200, 0), age_s: float = 0.0) -> Picture:
    """A picture of one colour that arrived so long ago."""
    pixels = np.zeros((180, 320, 4), np.uint8)
    pixels[:, :, 2], pixels[:, :, 1], pixels[:, :, 0] = colour
    at = time.monotonic() - age_s
    return Picture(memoryview(pixels).cast("B"), 320, 180, 1280, 1, 0.0, at, at)


class Cameras:
    """Who has been asked for a still, and what they answer."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: Callable[[], ProbeResult] = self.refuse
        self.hung_up = 0
        self.at_once = 0
        self.most_at_once = 0
        self._lock = threading.Lock()

    @staticmethod
    def refuse() -> ProbeResult:
        raise ProbeError("connection-refused")

    @staticmethod
    def blue() -> ProbeResult:
        image = plain("#0000ff", 640, 360)
        return ProbeResult("h264", 640, 360, 15, bytes(image.constBits()), 640, 360, 2560)

    def __call__(self, stream: StreamSpec, credentials: Credentials, transport: str,
                 timeout_s: float, cancelled: Any) -> ProbeResult:  # fmt: skip
        with self._lock:
            self.asked.append(stream.url)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return self.answer()
        finally:
            with self._lock:
                self.at_once -= 1


class Finder:
    """The dialog on the sample city."""

    def __init__(self, qtbot: QtBot, data: Path) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app)
        self.qtbot = qtbot
        self.store = Store(data / "watchroom.db", FileSecrets(data))
        sample.fill(self.store)
        self.tasks = Tasks()
        self.folder = Folder(data / "thumbnails")
        self.thumbnails = Thumbnails(self.folder, self.tasks, self.store.masks)
        self.pictures: dict[str, Picture] = {}
        self.states: dict[str, StreamState] = {}
        self.cameras = Cameras()
        self.opened: list[list[str]] = []
        self.dialog = FindPlace(
            self.store, self.tasks, self.thumbnails, self.pictures.get,
            lambda c: self.states.get(c, StreamState.IDLE), lambda: "zh_CN", fetch=self.cameras,
        )  # fmt: skip
        self.dialog.open_requested.connect(self.opened.append)
        qtbot.addWidget(self.dialog)
        self.dialog.start()
        self.until(self.dialog.isActiveWindow)  # only then somebody has the keys

    def type(self, text: str) -> None:
        self.dialog.search.setText(text)  # as an input method gives it

    def search(self, text: str) -> None:
        """Type, and wait for the answer."""
        self.type(text)
        self.until(lambda: self.dialog._searched == text)

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()))

    def settled(self) -> None:
        """Nobody is being asked any more, and every answer was heard."""
        self.until(lambda: not (self.dialog._ask_soon.isActive() or self.tasks._pending
                                or self.dialog._stills._running))  # fmt: skip

    def press(self, key: Qt.Key, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.dialog, key, modifiers)

    @property
    def places(self) -> list[str]:
        model = self.dialog.places.model()
        return [model.index(i, 0).data() for i in range(model.rowCount())]

    @property
    def names(self) -> list[str]:
        model = self.dialog.cameras.model()
        return [model.index(i, 0).data() for i in range(model.rowCount())]

    def colour(self, row: int) -> QColor:
        """Of the middle of a camera's picture, as a person sees it."""
        view = self.dialog.cameras
        box = view.visualRect(view.model().index(row, 0))
        shot = view.viewport().grab().toImage()
        return shot.pixelColor(box.x() + 90, box.y() + 50)

    def spoken(self, row: int) -> str:
        model = self.dialog.cameras.model()
        return str(model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole))

    def close(self) -> None:
        self.dialog.hide()
        self.tasks.close()
        self.store.close()


@pytest.fixture
def finder(qtbot: QtBot, data: Path) -> Iterator[Finder]:
    opened = Finder(qtbot, data)
    yield opened
    opened.close()


def test_initials_give_the_street_and_its_nearest_cameras(finder: Finder) -> None:
    finder.search("zsj")
    assert finder.places[0] == "中山街（示例）"
    assert len(finder.names) == 12
    near = finder.dialog._cameras.rows
    assert [n.distance_m for n in near] == sorted(n.distance_m or 0 for n in near)
    assert finder.spoken(0).endswith("53 m, SE")


def test_enter_opens_the_nearest_and_closes(finder: Finder) -> None:
    finder.search("中山街")
    first = finder.dialog._cameras.rows[0].row.id
    finder.press(Qt.Key.Key_Return)
    assert finder.opened == [[first]]
    assert not finder.dialog.isVisible()


def test_arrows_choose_another_camera_without_leaving_the_search(finder: Finder) -> None:
    finder.search("中山街")
    for _ in range(3):
        finder.press(Qt.Key.Key_Down)
    finder.press(Qt.Key.Key_Up)
    assert finder.dialog.search.hasFocus()
    finder.press(Qt.Key.Key_Return)
    assert finder.opened == [[finder.dialog._cameras.rows[2].row.id]]


def test_shift_enter_opens_the_first_four(finder: Finder) -> None:
    finder.search("中山街")
    finder.press(Qt.Key.Key_Down)
    finder.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert finder.opened == [[n.row.id for n in finder.dialog._cameras.rows[:4]]]


def test_enter_typed_before_the_answer_opens_what_was_typed(finder: Finder) -> None:
    finder.search("万象路")
    finder.type("火车站")
    finder.press(Qt.Key.Key_Return)
    finder.until(lambda: finder.opened)
    station = finder.store.find_places("火车站")[0]
    assert station.point is not None
    assert finder.opened == [[finder.store.cameras_near(station.point)[0].row.id]]


def test_page_down_chooses_another_place_and_its_cameras_come(finder: Finder) -> None:
    finder.search("中山街")
    before = finder.names
    finder.press(Qt.Key.Key_PageDown)
    finder.until(lambda: finder.names != before)
    assert finder.dialog._heading.text().endswith("中山街与丽阳街口（示例）")
    finder.press(Qt.Key.Key_Return)
    assert finder.opened


def test_escape_closes_and_opens_nothing(finder: Finder) -> None:
    finder.search("中山街")
    finder.press(Qt.Key.Key_Escape)
    assert not finder.dialog.isVisible()
    assert finder.opened == []


def test_a_place_nobody_knows_the_coordinates_of_lists_its_own_cameras(finder: Finder) -> None:
    finder.search("文化旅游局")
    assert len(finder.names) == 8
    assert "own cameras" in finder.dialog._note.text()
    assert " m" not in finder.spoken(0)


def test_what_is_not_there_says_what_to_do(finder: Finder) -> None:
    finder.search("xyz<b>")
    assert finder.dialog._pages.currentIndex() == 0
    assert "xyz&lt;b&gt;" in finder.dialog._words.text()
    finder.press(Qt.Key.Key_Return)
    assert finder.opened == []
    finder.dialog.search.clear()
    assert "Type a street" in finder.dialog._words.text()


def test_a_live_picture_is_shown_as_it_is_and_an_old_one_dimmed(finder: Finder) -> None:
    finder.search("中山街")
    live, old = (n.row.id for n in finder.dialog._cameras.rows[:2])
    finder.pictures[live] = picture()
    finder.states[live] = StreamState.LIVE
    taken = datetime.now(UTC) - timedelta(minutes=3)
    finder.folder.write(old, Thumbnail(plain("#00c800"), taken))
    finder.search("中山街（示例）")
    finder.until(lambda: finder.dialog._cameras.looks[old].image is not None)
    finder.until(lambda: finder.dialog._cameras.looks[live].live)
    assert finder.colour(0).green() > 190
    assert 40 < finder.colour(1).green() < 130


def test_a_tile_that_was_closed_no_longer_passes_for_live(finder: Finder) -> None:
    finder.search("中山街")
    camera = finder.dialog._cameras.rows[0].row.id
    finder.pictures[camera], finder.states[camera] = picture(), StreamState.LIVE
    finder.until(lambda: finder.colour(0).green() > 190)
    del finder.pictures[camera]
    finder.states[camera] = StreamState.IDLE
    finder.until(lambda: finder.colour(0).green() < 130)


def test_a_stalled_tile_shows_its_picture_as_old(finder: Finder) -> None:
    finder.search("中山街")
    camera = finder.dialog._cameras.rows[0].row.id
    taken = datetime.now(UTC) - timedelta(seconds=40)
    finder.pictures[camera], finder.states[camera] = picture(age_s=40), StreamState.STALLED
    finder.until(lambda: 40 < finder.colour(0).green() < 130)
    told = finder.dialog._cameras.looks[camera].taken_at
    assert abs((told - taken).total_seconds()) < 2


# -- asking cameras


def test_cameras_on_no_tile_are_asked_two_at_a_time_and_kept(finder: Finder) -> None:
    go = threading.Event()

    def slow() -> ProbeResult:
        go.wait(60)
        return finder.cameras.blue()

    finder.cameras.answer = slow
    finder.search("中山街")
    on_wall = finder.dialog._cameras.rows[3].row.id
    finder.states[on_wall] = StreamState.LIVE
    finder.until(lambda: finder.cameras.at_once == 2)
    go.set()
    finder.until(lambda: len(finder.cameras.asked) == 11)
    finder.until(lambda: sum(look.image is not None
                             for look in finder.dialog._cameras.looks.values()) == 11)  # fmt: skip
    assert finder.cameras.most_at_once == 2
    assert finder.dialog._cameras.looks[on_wall].image is None
    first = finder.dialog._cameras.rows[0].row.id
    finder.until(lambda: finder.folder.read(first) is not None)


def test_closing_hangs_up_and_asks_nobody_else(qtbot: QtBot, data: Path) -> None:
    finder = Finder(qtbot, data)
    cancelled: list[Any] = []

    def waiting(stream: StreamSpec, credentials: Credentials, transport: str, timeout_s: float,
                stop: threading.Event) -> ProbeResult:  # fmt: skip
        cancelled.append(stop)
        assert stop.wait(60)
        raise ProbeError("cancelled")

    finder.dialog._stills._fetch = waiting
    finder.search("中山街")
    finder.until(lambda: len(cancelled) == 2)
    finder.press(Qt.Key.Key_Escape)
    finder.until(lambda: all(stop.is_set() for stop in cancelled))
    qtbot.wait(100)
    assert len(cancelled) == 2
    finder.close()


def test_a_refused_account_is_tried_once(finder: Finder) -> None:
    def wrong() -> ProbeResult:
        raise ProbeError("unauthorized")

    finder.cameras.answer = wrong
    finder.search("中山街")
    finder.until(lambda: len(finder.cameras.asked) == 12)
    finder.settled()
    finder.dialog.hide()
    finder.dialog.start()
    finder.until(lambda: not finder.dialog._ask_soon.isActive())
    finder.dialog._ask_for_stills()
    assert len(finder.cameras.asked) == 12


# -- the files


def test_a_kept_picture_comes_back_small_with_its_time(data: Path) -> None:
    folder = Folder(data / "t")
    taken = datetime(2026, 3, 1, 6, 3, 22, 500_000, tzinfo=UTC)
    folder.write("a", Thumbnail(plain("#c80000", 1920, 1080), taken))
    back = Folder(data / "t").read("a")
    assert back is not None
    assert (back.image.width(), back.image.height()) == (320, 180)
    assert abs((back.taken_at - taken).total_seconds()) < 0.01
    assert back.image.pixelColor(100, 100).red() > 180
    assert (data / "t" / "a.jpg").stat().st_mode & 0o077 == 0
    folder.remove("a")
    assert folder.read("a") is None


@pytest.mark.parametrize("name", ["../x", "a/b", "", "a" * 65, ".", "con:"])
def test_no_id_leads_out_of_the_folder(data: Path, name: str) -> None:
    folder = Folder(data / "t")
    folder.write(name, Thumbnail(plain("#ff0000"), datetime.now(UTC)))
    assert folder.read(name) is None
    assert list(data.rglob("*.jpg")) == []


def test_the_oldest_pictures_make_room(data: Path) -> None:
    folder = Folder(data / "t", max_bytes=20_000)
    dice = np.random.default_rng(1)
    now = datetime.now(UTC)
    for i in range(40):
        noise = dice.integers(0, 255, (36, 64, 4), np.uint8)
        image = QImage(noise.data, 64, 36, 256, QImage.Format.Format_RGB32).copy()
        folder.write(f"c{i}", Thumbnail(image, now - timedelta(minutes=40 - i)))
    left = {f.stem for f in (data / "t").iterdir()}
    assert sum(f.stat().st_size for f in (data / "t").iterdir()) <= 20_000
    assert "c39" in left
    assert "c0" not in left
    assert left == {f"c{i}" for i in range(40 - len(left), 40)}


def test_a_damaged_or_foreign_file_is_no_picture(data: Path) -> None:
    folder = Folder(data)
    (data / "x.jpg").write_bytes(b"\xff\xd8 not a picture")
    assert folder.read("x") is None


def test_a_folder_that_cannot_be_written_is_no_error_on_screen(
    qtbot: QtBot, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (data / "file").write_text("")
    tasks = Tasks()
    thumbnails = Thumbnails(Folder(data / "file"), tasks, lambda _: {})
    thumbnails.keep({"a": Thumbnail(plain("#ff0000"), datetime.now(UTC))})
    thumbnails.keep({"b": Thumbnail(plain("#ff0000"), datetime.now(UTC))})
    qtbot.waitUntil(lambda: not tasks._pending)
    assert len([r for r in caplog.records if "last pictures" in r.message]) == 1
    tasks.close()


def test_a_4k_picture_is_made_small_before_it_is_kept() -> None:
    pixels = np.full((2160, 3840, 4), 77, np.uint8)
    big = Picture(memoryview(pixels).cast("B"), 3840, 2160, 15360, 1, 0.0, 0.0, 0.0)
    small = image_of(big)
    assert small.width() == 640
    assert small.pixelColor(300, 100).red() == 77


RIGHT_HALF = (((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)),)


def test_private_areas_are_covered_live_kept_and_asked_for(finder: Finder) -> None:
    finder.search("中山街")
    finder.settled()  # those who refuse now are asked again below
    live, asked, old = (n.row.id for n in finder.dialog._cameras.rows[:3])
    for camera in (live, asked, old):
        finder.store.set_masks(camera, RIGHT_HALF)
    finder.pictures[live], finder.states[live] = picture(), StreamState.LIVE
    finder.states[old] = StreamState.CONNECTING
    finder.folder.write(old, Thumbnail(plain("#00c800"), datetime.now(UTC)))
    finder.cameras.answer = finder.cameras.blue
    finder.dialog._stills._not_before.clear()
    finder.search("中山街（示例）")
    looks = finder.dialog._cameras.looks
    finder.until(lambda: all(looks[c].image is not None for c in (live, asked, old)))
    finder.until(lambda: finder.folder.read(asked) is not None)
    kept = finder.folder.read(asked)
    assert kept is not None
    for image in (*(looks[c].image for c in (live, asked, old)), kept.image):
        assert image is not None
        seen = image.pixelColor(image.width() // 4, 20)
        private = image.pixelColor(image.width() // 2 + 2, 20)
        assert max(seen.green(), seen.blue()) > 190
        assert max(private.green(), private.blue()) < 80


# -- what is kept of the wall


class Kept(Thumbnails):
    """Remembers instead of writing."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def keep(self, pictures: dict[str, Thumbnail]) -> None:
        self.kept += pictures


def test_wall_pictures_are_kept_once_a_minute_and_when_a_camera_leaves(qtbot: QtBot) -> None:
    engine, kept = FakeEngine(), Kept()
    wall = WallWidget(engine, lambda _: None)
    qtbot.addWidget(wall)
    wall.set_view(View(BUILT_IN["2x2"], ("a", "b", "dark", None)))
    now = datetime.now(UTC)
    for camera in ("a", "b", "dark"):
        engine.pictures[camera] = picture()
        engine.statuses[camera] = StreamStatus(StreamState.LIVE, now)
    engine.say("dark", StreamState.NO_SIGNAL)
    wall._age()
    watcher = WallThumbnails(wall, engine.picture, kept, wall)
    watcher._look()
    assert sorted(kept.kept) == ["a", "b"]
    watcher._look()
    engine.pictures["a"] = picture(age_s=-CLOSING_EVERY_S - 1)
    watcher._look()
    assert sorted(kept.kept) == ["a", "b"]  # not a minute yet
    wall.clear(0)
    assert sorted(kept.kept) == ["a", "a", "b"]
    engine.pictures["b"] = picture(age_s=-61)
    watcher._look()
    assert sorted(kept.kept) == ["a", "a", "b", "b"]


# -- words


def test_words_for_distance_direction_and_age() -> None:
    assert [distance_text(m) for m in (0, 7.4, 99.6, 347, 994, 996, 9_940, 34_499)] == [
        "0 m", "7 m", "100 m", "350 m", "990 m", "1.0 km", "9.9 km", "34 km",
    ]  # fmt: skip
    assert [direction_text(b) for b in (0, 44, 91, 359, 202)] == ["N", "NE", "E", "N", "S"]
    assert [ago_text(s) for s in (3, 200, 7300, 90_000, 300_000)] == [
        "3 s ago", "3 min ago", "2 h ago", "25 h ago", "3 days ago",
    ]  # fmt: skip
