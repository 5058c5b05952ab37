"""The wall by itself: an engine that does what the test says, and the pixels and wishes that follow."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QDropEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.camera import CameraRow, CameraSource, StreamRole, StreamSpec
from app.domain.layout import BUILT_IN, Cell, Layout, View
from app.ui import theme
from app.ui.tile_painter import picture_box
from app.ui.wall import CAMERA_MIME, TILE_MIME, WallWidget
from app.video.types import Changes, Picture, StreamState, StreamStatus, TileRequest

NOW = datetime(2026, 3, 1, 6, 3, 22, tzinfo=UTC)
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


class FakeEngine:
    """Pictures of one colour, statuses as told."""

    def __init__(self) -> None:
        self.requests: dict[str, TileRequest] = {}
        self.pictures: dict[str, Picture] = {}
        self.statuses: dict[str, StreamStatus] = {}
        self._changes: tuple[set[str], set[str]] = (set(), set())

    def show_all(self, tiles: list[TileRequest], owner: str = "") -> None:
        self.requests = {t.source.camera_id: t for t in tiles}

    def poll(self) -> Changes:
        pictures, statuses = self._changes
        self._changes = (set(), set())
        return Changes(tuple(pictures), tuple(statuses))

    def picture(self, camera_id: str) -> Picture | None:
        return self.pictures.get(camera_id)

    def status(self, camera_id: str) -> StreamStatus:
        return self.statuses.get(camera_id, StreamStatus(StreamState.IDLE, NOW))

    def retry(self, camera_id: str) -> None: ...

    def replay_picture(self, tile_id: str) -> Picture | None:
        return None

    def resize_replay(self, tile_id: str, width: int, height: int) -> None: ...

    def send(self, camera: str, colour: tuple[int, int, int], size: tuple[int, int]) -> None:
        """A new picture arrives; the camera is live unless told otherwise."""
        width, height = size
        pixels = np.zeros((height, width, 4), np.uint8)
        pixels[:, :, 2], pixels[:, :, 1], pixels[:, :, 0] = colour
        last = self.pictures.get(camera)
        self.pictures[camera] = Picture(
            memoryview(pixels).cast("B"), width, height, width * 4, last.sequence + 1 if last else 1,
            0.0, 0.0, 0.0,
        )  # fmt: skip
        self._changes[0].add(camera)
        if camera not in self.statuses:
            self.say(camera, StreamState.LIVE)

    def fill(self, camera: str, colour: tuple[int, int, int]) -> None:
        """A new picture exactly as large as was asked."""
        request = self.requests[camera]
        self.send(camera, colour, (request.width, request.height))

    def say(self, camera: str, state: StreamState, **more: object) -> None:
        """The camera's state changes."""
        self.statuses[camera] = StreamStatus(state, NOW, **more)  # type: ignore[arg-type]
        self._changes[1].add(camera)


class Wall(WallWidget):
    """The wall with what tests ask of it."""

    def __init__(self, engine: FakeEngine, ptz: tuple[str, ...] = ()) -> None:
        self.engine = engine
        self.dragged: list[int] = []
        rows = {
            c: CameraRow(c, f"相机{c}", f"Camera {c}", 1, "", "", "", "", c in ptz, False)
            for c in "abcdefghi"
        }
        super().__init__(engine, rows.get)
        spec = (StreamSpec(StreamRole.SUB, "rtsp://x/", "h264", 640, 360, 15),)
        self.set_sources(lambda c: CameraSource(c, spec))

    def _drag_tile(self, index: int) -> None:
        # A real drag waits for the X server's pointer.
        self.dragged.append(index)

    def seen(self) -> NDArray[np.int_]:
        """What is in the window's own memory, without painting anything anew."""
        QApplication.processEvents()
        shot = self.screen().grabWindow(self.winId()).toImage()
        shot = shot.convertToFormat(shot.Format.Format_RGB32)
        data = np.frombuffer(shot.constBits(), np.uint8).reshape(shot.height(), -1, 4)
        return data[:, : shot.width(), 2::-1].astype(int)

    def colour_at(self, point: QPoint) -> tuple[int, ...]:
        """The colour a person sees there."""
        return tuple(int(v) for v in self.seen()[point.y(), point.x()])

    def middle(self, index: int) -> QPoint:
        return picture_box(self.tile_rectangle(index)).center()


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def wall(qtbot: QtBot, engine: FakeEngine) -> Wall:
    """2 x 2, cameras a, b and c that turns, the fourth tile empty."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    wall = Wall(engine, ptz=("c", "d"))
    qtbot.addWidget(wall)
    wall.set_view(View(BUILT_IN["2x2"], ("a", "b", "c", None)))
    wall.resize(800, 600)
    wall.show()
    qtbot.waitUntil(lambda: {"a", "b", "c"} <= set(engine.requests), timeout=20_000)
    qtbot.waitUntil(lambda: engine.requests["a"].visible, timeout=20_000)
    return wall


# -- what is asked of the engine


def test_the_engine_is_asked_for_the_physical_size_of_each_picture(
    wall: Wall, engine: FakeEngine
) -> None:
    request = engine.requests["a"]
    box = picture_box(wall.tile_rectangle(0))
    ratio = wall.devicePixelRatioF()
    assert (request.width, request.height) == (box.width() * ratio, box.height() * ratio)


def test_covered_hidden_and_removed_tiles_are_not_decoded(
    qtbot: QtBot, wall: Wall, engine: FakeEngine
) -> None:
    wall.maximise(1)
    assert {c: r.visible for c, r in engine.requests.items()} == {"a": False, "b": True, "c": False}
    assert engine.requests["b"].width > 700
    wall.maximise(None)
    wall.hide()
    qtbot.waitUntil(lambda: not any(r.visible for r in engine.requests.values()), timeout=20_000)
    wall.show()
    qtbot.waitUntil(lambda: all(r.visible for r in engine.requests.values()), timeout=20_000)
    wall.clear(0)
    assert set(engine.requests) == {"b", "c"}


def test_a_new_size_is_asked_for_once_the_edge_rests(
    qtbot: QtBot, wall: Wall, engine: FakeEngine
) -> None:
    before = engine.requests["a"].width
    wall.resize(1000, 600)
    qtbot.waitUntil(lambda: engine.requests["a"].width > before, timeout=20_000)


# -- what is painted


def test_pictures_come_to_the_tiles_of_their_camera(
    qtbot: QtBot, wall: Wall, engine: FakeEngine
) -> None:
    wall.set_view(View(BUILT_IN["2x2"], ("a", "b", None, "a")))
    engine.fill("a", RED)
    engine.fill("b", GREEN)
    colours = [RED, GREEN, RED]
    qtbot.waitUntil(lambda: [wall.colour_at(wall.middle(i)) for i in (0, 1, 3)] == colours)
    engine.fill("a", BLUE)
    colours = [BLUE, GREEN, BLUE]
    qtbot.waitUntil(lambda: [wall.colour_at(wall.middle(i)) for i in (0, 1, 3)] == colours)
    assert wall.painted == {"a": 2, "b": 1}


def test_a_new_picture_repaints_nothing_but_itself(
    qtbot: QtBot, wall: Wall, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for camera in "abc":
        engine.fill(camera, RED)
    qtbot.waitUntil(lambda: wall.colour_at(wall.middle(2)) == RED)
    strips: list[int] = []
    strip = wall._painter.strip
    monkeypatch.setattr(wall._painter, "strip", lambda *given: (strips.append(1), strip(*given))[1])
    # Opposite corners at once: the rectangle around both covers the other tiles.
    for camera in "abc":
        engine.fill(camera, GREEN)
    qtbot.waitUntil(lambda: [wall.colour_at(wall.middle(i)) for i in (0, 1, 2)] == [GREEN] * 3)
    assert not strips


def test_nothing_of_the_old_picture_stays_beside_one_of_another_shape(
    qtbot: QtBot, wall: Wall, engine: FakeEngine
) -> None:
    box = picture_box(wall.tile_rectangle(0))
    engine.fill("a", RED)
    side = QPoint(box.left() + 3, box.center().y())
    qtbot.waitUntil(lambda: wall.colour_at(side) == RED)
    engine.send("a", GREEN, (box.height(), box.height()))
    qtbot.waitUntil(lambda: wall.colour_at(wall.middle(0)) == GREEN)
    qtbot.waitUntil(lambda: wall.colour_at(side) == (0, 0, 0))
    # And back: the wider one is not cut to the narrow one's place.
    engine.fill("a", BLUE)
    qtbot.waitUntil(lambda: wall.colour_at(side) == BLUE)


def test_a_picture_of_another_size_is_scaled_into_the_tile(
    qtbot: QtBot, wall: Wall, engine: FakeEngine
) -> None:
    engine.send("a", RED, (64, 36))
    box = picture_box(wall.tile_rectangle(0))
    qtbot.waitUntil(lambda: wall.colour_at(QPoint(box.left() + 3, box.center().y())) == RED)


@pytest.mark.parametrize(
    "state",
    [
        StreamState.STALLED,
        StreamState.UNREACHABLE,
        StreamState.UNAUTHORIZED,
        StreamState.UNSUPPORTED,
        StreamState.CONNECTING,
    ],
)
def test_a_picture_that_is_not_live_is_dimmed_and_live_again_is_bright(
    qtbot: QtBot, wall: Wall, engine: FakeEngine, state: StreamState
) -> None:
    box = picture_box(wall.tile_rectangle(0))
    corner = box.topLeft() + QPoint(6, 6)
    engine.fill("a", GREEN)
    qtbot.waitUntil(lambda: wall.colour_at(corner) == GREEN)
    engine.say("a", state, last_picture_at=datetime.now(UTC) - timedelta(seconds=7))
    qtbot.waitUntil(lambda: wall.colour_at(corner)[1] < 130)
    assert wall.colour_at(corner)[1] > 40, "the last picture must still be made out"
    engine.say("a", StreamState.LIVE)
    qtbot.waitUntil(lambda: wall.colour_at(corner) == GREEN)


def test_every_state_looks_different(qtbot: QtBot, wall: Wall, engine: FakeEngine) -> None:
    tile = wall.tile_rectangle(0)
    seen: dict[bytes, StreamState] = {}
    for state in StreamState:
        engine.say("a", state)
        qtbot.waitUntil(lambda state=state: wall.status_of("a").state is state)
        shot = wall.grab(tile).toImage()
        pixels = bytes(shot.constBits())
        assert pixels not in seen, f"{state} looks like {seen.get(pixels)}"
        seen[pixels] = state


def test_no_pixel_of_a_partly_empty_layout_is_left_unpainted(
    qtbot: QtBot, engine: FakeEngine, wall: Wall
) -> None:
    engine.fill("c", RED)
    qtbot.waitUntil(lambda: wall.colour_at(wall.middle(2)) == RED)
    wall.set_view(View(Layout("free", 2, 2, (Cell(0, 0), Cell(0, 1))), ("a", "b")))
    qtbot.waitUntil(lambda: wall.colour_at(QPoint(200, 450)) == theme.BACKGROUND.toTuple()[:3])


# -- hands


def test_select_by_click_tab_and_arrows(qtbot: QtBot, wall: Wall) -> None:
    chosen: list[object] = []
    wall.selection_changed.connect(lambda index, camera: chosen.append((index, camera)))
    wall.setFocus()
    qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.middle(1))
    qtbot.keyClick(wall, Qt.Key.Key_Down)
    qtbot.keyClick(wall, Qt.Key.Key_Left)
    qtbot.keyClick(wall, Qt.Key.Key_Tab)
    qtbot.keyClick(wall, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert chosen == [(1, "b"), (3, None), (2, "c"), (3, None), (2, "c")]


def test_arrows_cross_cells_of_different_size(qtbot: QtBot, wall: Wall) -> None:
    wall.set_view(View(BUILT_IN["1+5"], tuple("abcdef")))
    wall.setFocus()
    qtbot.keyClick(wall, Qt.Key.Key_Right)
    assert wall.camera_at(wall.selected) in ("b", "c")
    qtbot.keyClick(wall, Qt.Key.Key_Left)
    assert wall.selected == 0


def test_control_and_arrows_work_where_plain_arrows_turn_the_camera(
    qtbot: QtBot, wall: Wall
) -> None:
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    wall.setFocus()
    qtbot.keyClick(wall, Qt.Key.Key_Down, control)
    assert wall.selected == 2
    qtbot.keyClick(wall, Qt.Key.Key_Up, control | shift)
    assert wall.view().cameras == ("c", "b", "a", None)
    assert wall.selected == 0, "the selection goes with the camera"


def test_enter_maximises_and_escape_goes_back(qtbot: QtBot, wall: Wall) -> None:
    wall.setFocus()
    told: list[int | None] = []
    wall.maximised_changed.connect(lambda: told.append(wall.maximised))
    qtbot.keyClick(wall, Qt.Key.Key_Return)
    assert wall.tile_rectangle(0) == wall.rect()
    qtbot.keyClick(wall, Qt.Key.Key_Escape)
    assert told == [0, None]
    wall.select(3)
    qtbot.keyClick(wall, Qt.Key.Key_Return)
    assert wall.maximised is None, "an empty tile has nothing to fill the wall with"


def test_clearing_the_maximised_tile_brings_the_wall_back(qtbot: QtBot, wall: Wall) -> None:
    wall.maximise(0)
    with qtbot.waitSignal(wall.maximised_changed):
        wall.clear(0)
    assert wall.maximised is None
    assert not wall.tile_rectangle(1).isEmpty()


def test_the_screen_reader_hears_number_name_and_state(
    qtbot: QtBot, wall: Wall, engine: FakeEngine
) -> None:
    wall.select(1)
    assert "2" in wall.accessibleName()
    assert "Camera b" in wall.accessibleName()
    engine.say("b", StreamState.UNREACHABLE)
    qtbot.waitUntil(lambda: "unreachable" in wall.accessibleDescription())
    wall.select(3)
    assert "empty" in wall.accessibleName()
    assert not wall.accessibleDescription()


def _drop(wall: Wall, index: int, kind: str, data: bytes) -> None:
    mime = QMimeData()
    mime.setData(kind, data)
    event = QDropEvent(
        QPointF(wall.tile_rectangle(index).center()), Qt.DropAction.CopyAction, mime,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    wall.dropEvent(event)


def test_cameras_dropped_on_a_tile_are_told_with_that_tile(qtbot: QtBot, wall: Wall) -> None:
    with qtbot.waitSignal(wall.cameras_dropped) as told:
        _drop(wall, 3, CAMERA_MIME, json.dumps(["e", "f"]).encode())
    assert told.args == [3, ["e", "f"]]


@pytest.mark.parametrize("data", [b"", b"{", b'{"a": 1}', b"[1, 2]", b'"a"', b"\xff\xfe"])
def test_a_damaged_drop_does_nothing(qtbot: QtBot, wall: Wall, data: bytes) -> None:
    with qtbot.assertNotEmitted(wall.cameras_dropped):
        _drop(wall, 0, CAMERA_MIME, data)
    _drop(wall, 0, TILE_MIME, data)
    assert wall.view().cameras == ("a", "b", "c", None)


def test_a_tile_dropped_on_another_swaps_both(wall: Wall) -> None:
    _drop(wall, 3, TILE_MIME, b"0")
    assert wall.view().cameras == (None, "b", "c", "a")
    assert wall.selected == 3


# -- PTZ by mouse: a move must always come to its end


class Moves:
    """What the wall asked of the cameras that turn."""

    def __init__(self, wall: Wall) -> None:
        self.moving: set[str] = set()
        self.last: tuple[float, float] | None = None
        wall.ptz_drag.connect(self._drag)
        wall.ptz_release.connect(self.moving.discard)

    def _drag(self, camera: str, pan: float, tilt: float) -> None:
        self.moving.add(camera)
        self.last = (pan, tilt)


@pytest.fixture
def moves(qtbot: QtBot, wall: Wall) -> Moves:
    """The pointer is dragging on camera c, to the right and up."""
    moves = Moves(wall)
    wall.set_ptz_mode(True)
    qtbot.mousePress(wall, Qt.MouseButton.LeftButton, pos=wall.middle(2))
    qtbot.mouseMove(wall, wall.middle(2) + QPoint(60, -30))
    assert moves.moving == {"c"}
    return moves


def test_a_drag_moves_towards_the_pointer_and_letting_go_stops(
    qtbot: QtBot, wall: Wall, moves: Moves
) -> None:
    assert moves.last is not None
    assert 0 < moves.last[0] <= 1
    assert 0 < moves.last[1] <= 1
    qtbot.mouseMove(wall, wall.middle(2) + QPoint(-3000, 3000))
    assert moves.last == (-1, -1)
    qtbot.mouseRelease(wall, Qt.MouseButton.LeftButton, pos=wall.middle(2))
    assert not moves.moving


@pytest.mark.parametrize("way", ["view", "layout", "select", "maximise", "mode", "hide", "clear"])
def test_whatever_takes_the_tile_away_stops_the_camera_and_does_not_move_another(
    qtbot: QtBot, wall: Wall, moves: Moves, way: str
) -> None:
    match way:
        case "view":
            wall.set_view(View(BUILT_IN["2x2"], ("a", "b", "d", None)))
        case "layout":
            wall.set_layout(BUILT_IN["1"])
        case "select":
            wall.select(0)
        case "maximise":
            wall.maximise(2)
        case "mode":
            wall.set_ptz_mode(False)
        case "hide":
            wall.hide()
            QApplication.processEvents()
        case "clear":
            wall.clear(2)
    assert not moves.moving
    # The button is still held: it must be pressed anew before anything moves.
    qtbot.mouseMove(wall, QPoint(120, 460))
    qtbot.mouseMove(wall, QPoint(220, 480))
    assert not moves.moving
    assert not wall.dragged


def test_without_ptz_mode_and_on_fixed_cameras_nothing_turns(qtbot: QtBot, wall: Wall) -> None:
    moves = Moves(wall)
    wall.set_ptz_mode(True)
    qtbot.mousePress(wall, Qt.MouseButton.LeftButton, pos=wall.middle(0))
    qtbot.mouseMove(wall, wall.middle(0) + QPoint(60, 0))
    qtbot.mouseRelease(wall, Qt.MouseButton.LeftButton, pos=wall.middle(0))
    assert moves.last is None
    assert wall.dragged == [0]


LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def aims(qtbot: QtBot, wall: Wall, engine: FakeEngine) -> list[tuple[str, float, float, float]]:
    """What is aimed at; the tile of camera c, which turns, is selected and live."""
    told = list[tuple[str, float, float, float]]()
    wall.ptz_aim.connect(lambda *aim: told.append(aim))
    wall.set_ptz_mode(True)
    wall.select(2)
    for camera in ("a", "c"):
        engine.send(camera, GREEN, (320, 180))
    qtbot.waitUntil(lambda: wall.status_of("c").state is StreamState.LIVE)
    return told


def _shown(wall: Wall, index: int) -> QRect:
    """Where the 16:9 picture is within the tile, black above and below."""
    box = picture_box(wall.tile_rectangle(index))
    height = round(box.width() * 9 / 16)
    return QRect(box.x(), box.y() + (box.height() - height) // 2, box.width(), height)


def _later(qtbot: QtBot) -> None:
    """A click acts once it can no longer be half of a double click."""
    qtbot.wait(QApplication.doubleClickInterval() + 60)


def test_a_click_aims_at_the_point_a_small_box_as_well(
    qtbot: QtBot, wall: Wall, aims: list[tuple[str, float, float, float]]
) -> None:
    shown = _shown(wall, 2)
    at = shown.topLeft() + QPoint(shown.width() * 3 // 4, shown.height() // 4)
    qtbot.mouseClick(wall, LEFT, pos=at)
    assert not aims
    qtbot.waitUntil(lambda: len(aims) == 1)
    qtbot.mousePress(wall, LEFT, SHIFT, at)
    qtbot.mouseMove(wall, at + QPoint(12, 12))
    qtbot.mouseRelease(wall, LEFT, SHIFT, at + QPoint(12, 12))
    qtbot.waitUntil(lambda: len(aims) == 2)
    assert aims == [("c", pytest.approx(0.5, abs=0.02), pytest.approx(0.5, abs=0.02), 1.0)] * 2


def test_a_box_tells_its_middle_and_how_much_nearer(
    qtbot: QtBot, wall: Wall, aims: list[tuple[str, float, float, float]]
) -> None:
    shown = _shown(wall, 2)
    # The right quarter of the width, half the height: the height decides.
    first = shown.topLeft() + QPoint(shown.width() // 2, 0)
    last = first + QPoint(shown.width() // 4, shown.height() // 2)
    qtbot.mousePress(wall, LEFT, SHIFT, last)
    qtbot.mouseMove(wall, first)
    qtbot.mouseRelease(wall, LEFT, SHIFT, first)
    near = [pytest.approx(v, abs=0.03) for v in (0.25, 0.5, 2.0)]
    assert aims == [("c", *near)]


@pytest.mark.parametrize("way", ["fixed", "other", "black", "stalled", "double", "mode off"])
def test_what_is_no_click_on_a_live_picture_aims_at_nothing(
    qtbot: QtBot, wall: Wall, engine: FakeEngine,
    aims: list[tuple[str, float, float, float]], way: str,
) -> None:  # fmt: skip
    point = wall.middle(2)
    match way:
        case "fixed":
            wall.select(0)
            point = wall.middle(0)
        case "other":
            wall.select(0)  # the click on c only selects it
        case "black":
            point = _shown(wall, 2).topLeft() + QPoint(40, -12)
        case "stalled":
            engine.say("c", StreamState.STALLED)
            qtbot.waitUntil(lambda: wall.status_of("c").state is StreamState.STALLED)
        case "mode off":
            wall.set_ptz_mode(False)
    if way == "double":
        qtbot.mouseDClick(wall, LEFT, pos=point)
        assert wall.maximised == 2
    else:
        qtbot.mouseClick(wall, LEFT, pos=point)
    _later(qtbot)
    assert not aims
    if way == "other":
        assert wall.selected == 2


def _wheel(wall: Wall, index: int, delta: QPoint) -> None:
    at = QPointF(wall.middle(index))
    event = QWheelEvent(
        at, wall.mapToGlobal(at), QPoint(), delta, Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(wall, event)


def test_the_wheel_zooms_the_camera_under_the_pointer(qtbot: QtBot, wall: Wall) -> None:
    wall.set_ptz_mode(True)
    with qtbot.waitSignal(wall.ptz_wheel) as told:
        _wheel(wall, 2, QPoint(0, 120))
    assert told.args == ["c", 1.0]
    assert wall.selected == 2
    with qtbot.assertNotEmitted(wall.ptz_wheel):
        _wheel(wall, 2, QPoint(120, 0))  # sideways, as on a touch pad: no zoom
        _wheel(wall, 0, QPoint(0, 120))


def test_a_view_with_fewer_tiles_keeps_selection_and_rectangles_in_range(
    qtbot: QtBot, wall: Wall
) -> None:
    wall.set_view(View(BUILT_IN["3x3"], tuple("abcdefghi")))
    wall.select(8)
    wall.set_layout(BUILT_IN["1"])
    assert wall.selected == 0
    assert wall.tile_rectangle(0) == QRect(0, 0, 800, 600)
