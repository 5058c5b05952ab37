"""The cost panel and the forecast, as a person sees them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from app.domain.camera import (
    CameraDetails,
    CameraRow,
    CameraSource,
    Organisation,
    Site,
    StreamRole,
    StreamSpec,
)
from app.domain.layout import BUILT_IN, View
from app.domain.load import Level
from app.store.secrets import FileSecrets
from app.store.store import Store
from app.ui import theme
from app.ui.camera_dialog import CameraDialog
from app.ui.cost_panel import CostPanel
from app.ui.details import DetailsPanel
from app.ui.forecaster import SETTING, Forecaster
from app.ui.notice import Notice
from app.ui.tasks import Tasks
from app.ui.tile_painter import TileLook, TilePainter
from app.ui.wall import WallWidget, _for_strip
from app.video.engine import VideoEngine
from app.video.meter import Reading
from app.video.types import Cause, Decoders, StreamState, StreamStatistics, StreamStatus


class _Meter:
    reading = Reading()


class _Engine:
    """What a real engine would say."""

    def __init__(self) -> None:
        self.meter = _Meter()
        self.hardware = ""
        self.asked = 0
        self.found: list[StreamStatistics] = []

    def decoders(self) -> list[Decoders]:
        return [Decoders(11, 2, 0), Decoders(12, 1, 3)]

    def streams(self) -> list[StreamStatistics]:
        self.asked += 1
        return self.found


def _stream(camera: str, **more: object) -> StreamStatistics:
    s = StreamStatistics(camera, StreamRole.SUB, 100, 0, 1.0, 1000, cpu_seconds=1.0, codec="h264",
                         width=640, height=360, fps=15.0, process=11)  # fmt: skip
    return replace(s, **more)  # type: ignore[arg-type]


@pytest.fixture
def panel(qtbot: QtBot) -> tuple[CostPanel, _Engine]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    engine = _Engine()
    engine.found = [_stream("a"), _stream("b", level=Level.KEY), _stream("c", process=12)]
    running = CostPanel(engine, lambda c: f"Camera {c}")
    running.resize(1200, 300)
    qtbot.addWidget(running)
    return running, engine


def _column(panel: CostPanel, title: str) -> list[str]:
    model = panel.streams_view.model()
    titles = [model.headerData(i, Qt.Orientation.Horizontal) for i in range(model.columnCount())]
    column = titles.index(title)
    return [model.index(i, column).data() for i in range(model.rowCount())]


def test_it_works_only_while_it_can_be_seen(qtbot: QtBot, panel: tuple[CostPanel, _Engine]) -> None:
    widget, engine = panel
    assert engine.asked == 0
    widget.show()
    qtbot.waitUntil(lambda: engine.asked >= 2, timeout=5000)
    widget.hide()
    assert not widget.running
    asked = engine.asked
    qtbot.wait(1200)
    assert engine.asked == asked


def test_it_says_what_the_wall_takes_and_who_gives_way(panel: tuple[CostPanel, _Engine]) -> None:
    widget, engine = panel
    cores = {os.getpid(): (0.2, 100_000_000), 11: (0.7, 200_000_000), 12: (0.5, 200_000_000)}
    engine.meter.reading = Reading(0.9, 2, cores, 4_000_000_000)
    widget.refresh()
    text = widget.total.text()
    assert "70 % of this computer" in text
    assert "other programs 20 %" in text
    assert "500 MB (12.5 %)" in text
    assert "3 stream" in text
    assert _column(widget, "Gives way") == ["", "key frames", ""]
    assert _column(widget, "Decoder") == ["1", "1", "2"]


def test_rates_come_from_two_looks_and_a_new_session_is_no_negative_rate(
    panel: tuple[CostPanel, _Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    widget, engine = panel
    now = [100.0]
    monkeypatch.setattr("app.ui.cost_panel.time.monotonic", lambda: now[0])
    widget.refresh()
    now[0] += 2.0
    engine.found = [
        _stream("a", decoded=130, cpu_seconds=1.06, bytes_received=251_000),
        _stream("b", decoded=3, cpu_seconds=0.01, bytes_received=10),
        _stream("c"),
    ]
    widget.refresh()
    assert _column(widget, "ms/s") == ["30", "0", "0"]
    assert _column(widget, "Mbit/s") == ["1.00", "0.00", "0.00"]


def test_columns_sort_by_number_and_the_order_stays(panel: tuple[CostPanel, _Engine]) -> None:
    widget, engine = panel
    engine.found = [_stream("a", dropped=9), _stream("b", dropped=100), _stream("c", dropped=20)]
    widget.refresh()
    widget.streams_view.sortByColumn(7, Qt.SortOrder.DescendingOrder)
    assert _column(widget, "Dropped") == ["100", "20", "9"]
    engine.found = [_stream("a", dropped=500), *engine.found[1:]]
    widget.refresh()
    assert _column(widget, "Camera") == ["Camera a", "Camera b", "Camera c"]


# -- the forecast


class _Desk:
    """A wall with a notice, a store, and what tells the forecast."""

    def __init__(self, qtbot: QtBot, data: Path) -> None:
        self.qtbot = qtbot
        self.store = Store(data / "watchroom.db", FileSecrets(data))
        self.tasks = Tasks()
        self.engine = VideoEngine(workers=1)
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.wall = WallWidget(self.engine, lambda _: None, parent=self.window)
        self.wall.resize(1920, 1080)
        self.notice = Notice(self.wall)
        self.forecaster = Forecaster(self.store, self.engine, self.tasks, self.wall, self.notice,
                                     lambda: "en", self.window)  # fmt: skip
        self.window.show()
        owner = self.store.save_organisation(Organisation("", "分局"))
        self.site = self.store.save_site(Site("", owner, "广场"))

    def add(self, count: int, *, never: bool = False) -> list[str]:
        """Cameras with a 4K main stream."""
        streams = (
            StreamSpec(StreamRole.MAIN, "rtsp://h/m", "h265", 3840, 2160, 25),
            StreamSpec(StreamRole.SUB, "rtsp://h/s", "h264", 640, 360, 15),
        )
        made = []
        for i in range(count):
            row = CameraRow("", f"Camera {i}", "", None, "", "h", "", self.site, False, False)
            details = CameraDetails(row, Organisation("", ""), Site("", "", ""), streams=streams,
                                    never_degrade=never)  # fmt: skip
            made.append(self.store.save_camera(details, ""))
        return made

    def close(self) -> None:
        self.window.close()
        self.tasks.close()
        self.engine.close()
        self.store.close()


@pytest.fixture
def desk(qtbot: QtBot, data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[_Desk]:
    monkeypatch.setattr("app.ui.forecaster.os.cpu_count", lambda: 2)
    running = _Desk(qtbot, data)
    yield running
    running.close()


def test_a_view_too_large_says_so_with_the_cameras_that_drop(desk: _Desk) -> None:
    cameras = desk.add(4)
    desk.forecaster.announce(View(BUILT_IN["2x2"], tuple(cameras)), lambda _: None)
    desk.qtbot.waitUntil(lambda: "of this computer" in desk.notice.text)
    assert "will probably drop to the small stream" in desk.notice.text
    # The selected tile, the first one, is not among them.
    assert "Camera 0" not in desk.notice.text
    assert "Camera 1, Camera 2" in desk.notice.text
    assert not desk.notice.button.isHidden()
    desk.notice.button.click()
    boxes = desk.window.findChildren(QMessageBox)
    assert len(boxes) == 1
    assert not boxes[0].isModal()
    assert "Camera 1" in boxes[0].informativeText()
    boxes[0].close()


def test_marked_cameras_are_not_on_the_list(desk: _Desk) -> None:
    marked, plain = desk.add(2, never=True), desk.add(2)
    sources = {c: desk.store.source(c) for c in (*marked, *plain)}
    known: dict[str, CameraSource] = {c: s for c, s in sources.items() if s is not None}
    view = View(BUILT_IN["2x2"], tuple(known))
    assert set(desk.forecaster.forecast(view, known).dropped) == set(plain)


def test_a_small_view_says_nothing(desk: _Desk) -> None:
    said: list[str] = []
    desk.forecaster.announce(
        View(BUILT_IN["8x8"], tuple(desk.add(3))), lambda _: None, lambda: said.append("otherwise")
    )
    desk.qtbot.waitUntil(lambda: bool(said))
    assert desk.notice.text == ""


def test_what_was_learned_is_kept(desk: _Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([[_stream("a", tile=1000)],
                  [_stream("a", tile=1000, decoded=300, cpu_seconds=2.0)]])  # fmt: skip
    monkeypatch.setattr(desk.engine, "streams", lambda: next(looks))
    desk.forecaster.learn()
    desk.forecaster.learn()
    desk.qtbot.waitUntil(lambda: desk.store.setting(SETTING) is not None)
    kept = desk.store.setting(SETTING)
    assert isinstance(kept, dict)
    assert kept["h264"] > 0.003


def test_the_mark_is_set_in_the_dialog_kept_and_shown(desk: _Desk) -> None:
    camera = desk.add(1)[0]
    places = desk.store.organisations(), desk.store.sites()
    details = desk.store.camera(camera)
    dialog = CameraDialog(desk.store, desk.tasks, places, details, "en", desk.window)
    dialog.show()
    assert not dialog.never_degrade.isChecked()
    dialog.never_degrade.click()
    dialog.save.click()
    desk.qtbot.waitUntil(lambda: bool(dialog.saved_id))
    source, details = desk.store.source(camera), desk.store.camera(camera)
    assert source is not None
    assert source.never_degrade
    panel = DetailsPanel(desk.window)
    panel.show_camera(details, "en")
    from PySide6.QtWidgets import QLabel

    assert any("never degrade" in label.text() for label in panel.findChildren(QLabel))


def test_a_strip_says_what_its_tile_gave_up(desk: _Desk) -> None:
    painter = TilePainter()

    def strip(code: str, width: int) -> bytes:
        status = StreamStatus(StreamState.DEGRADED, datetime.now(UTC), Cause.THIS_COMPUTER, code)
        look = TileLook("Camera", None, _for_strip(status), False)
        image = painter.strip(look, width, 1.0).toImage()
        return bytes(image.constBits())

    assert strip("load-key", 320) != strip("load-skip", 320) != strip("slow", 320)
    # Too narrow for the reason: the state at least.
    assert strip("load-key", 110) == strip("slow", 110)
