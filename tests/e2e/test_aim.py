"""PTZ by mouse in the real window: a click centres, a box zooms, and what must not move does not."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication

from app.simulator import panorama, scenes
from app.simulator.process import Simulator
from app.ui.zoom import Aspect, Zoom
from tests.e2e.client import Client

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
SIGN = (1560, 518)
"""The middle of sign 4 in the panorama's pixels."""


def _head(simulator: Simulator) -> dict[str, float]:
    state = simulator.state("cam6")["ptz"]
    assert isinstance(state, dict)
    return state


def _middle(simulator: Simulator) -> tuple[float, float]:
    """What the head looks at, in the panorama's pixels."""
    head, (width, height) = _head(simulator), scenes.PANORAMA
    right, up = panorama.half_view(0.0)
    wide, high = _size(0.0)
    x = width / 2 + head["pan"] / right * wide / 2
    return x, height / 2 - head["tilt"] / up * high / 2


def _size(zoom: float) -> tuple[int, int]:
    seen = panorama.crop(0.0, 0.0, zoom)
    return seen.shape[1], seen.shape[0]


def _stands(client: Client, simulator: Simulator) -> None:
    client.until(lambda: not _head(simulator)["moving"])


def _go(client: Client, simulator: Simulator, camera: str, pan: float, tilt: float,
        zoom: float) -> None:  # fmt: skip
    client.store_head(camera).absolute(pan, tilt, zoom)
    _stands(client, simulator)
    # Pictures of the way there may still come. (Another session counts anew.)
    seen: list[int] = []

    def more() -> bool:
        picture = client.engine.picture(camera)
        if picture is not None and picture.sequence not in seen[-1:]:
            seen.append(picture.sequence)
        return len(seen) > 12

    client.until(more)


def _target(client: Client, index: int = 0) -> QRect:
    """Where the tile shows the picture."""
    client.wall.grab()
    return client.wall._covered[index]


def _sign_at(client: Client, simulator: Simulator) -> QPoint:
    """Where sign 4 is in the wall."""
    target, (x, y) = _target(client), _middle(simulator)
    wide, high = _size(_head(simulator)["zoom"])
    across, down = (SIGN[0] - x) / wide + 0.5, (SIGN[1] - y) / high + 0.5
    return target.topLeft() + QPoint(round(across * target.width()), round(down * target.height()))


def _centred(simulator: Simulator) -> bool:
    """Whether sign 4 is in the middle, within 3 % of the field of view."""
    x, y = _middle(simulator)
    wide, high = _size(_head(simulator)["zoom"])
    return abs(SIGN[0] - x) < 0.03 * wide and abs(SIGN[1] - y) < 0.03 * high


@pytest.fixture
def camera(client: Client, simulator: Simulator) -> str:
    """Camera 6 in the first tile, looking somewhere to the right of sign 4 and below it."""
    camera = client.add_simulated(simulator, "cam6")
    client.window.dropped(0, [camera])
    client.until_live(camera)
    client.wall.setFocus()
    client.until(lambda: client.window.ptz.steers)
    client.wall.set_ptz_mode(True)
    _go(client, simulator, camera, 0.1, -0.1, 0.0)
    return camera


def _box(client: Client, first: QPoint, last: QPoint) -> None:
    client.qtbot.mousePress(client.wall, LEFT, SHIFT, first)
    client.qtbot.mouseMove(client.wall, (first + last) / 2)
    client.qtbot.mouseMove(client.wall, last)


def _stays(client: Client, simulator: Simulator) -> None:
    """Nothing sets off, longer than a click waits."""
    before = _head(simulator)
    client.qtbot.wait(QApplication.doubleClickInterval() + 500)
    assert _head(simulator) == before


def _unlike(client: Client, patch: np.ndarray) -> float:  # type: ignore[type-arg]
    """How far from the middle of the picture a patch is seen best, as a share of its width."""
    target, side = _target(client), patch.shape[0]
    shown = client.pixels(0)
    middle = target.center() - client.wall.tile_rectangle(0).topLeft()
    ways = {}
    for dy in range(-24, 25, 2):
        for dx in range(-24, 25, 2):
            y, x = middle.y() - side // 2 + dy, middle.x() - side // 2 + dx
            ways[dx, dy] = np.abs(shown[y : y + side, x : x + side] - patch).mean()
    best = min(ways, key=lambda way: ways[way])
    return max(abs(v) for v in best) / target.width()


def test_a_click_on_a_landmark_brings_it_to_the_middle(
    client: Client, simulator: Simulator, camera: str
) -> None:
    point = _sign_at(client, simulator)
    corner = point - client.wall.tile_rectangle(0).topLeft() - QPoint(20, 20)
    patch = client.pixels(0)[corner.y() : corner.y() + 40, corner.x() : corner.x() + 40]
    assert not _centred(simulator)
    client.qtbot.mouseClick(client.wall, LEFT, pos=point)
    client.until(lambda: _centred(simulator))
    _stands(client, simulator)
    assert _centred(simulator)
    # A person sees it there.
    client.until(lambda: _unlike(client, patch) < 0.03)


@pytest.mark.parametrize("aspect", [Aspect.FILL, Aspect.STRETCH])
def test_the_click_means_what_is_seen_zoomed_and_in_every_shape(
    client: Client, simulator: Simulator, camera: str, aspect: Aspect
) -> None:
    _go(client, simulator, camera, -0.28, -0.1, 0.0)
    # Tall tiles: much is cut, or pressed together.
    client.wall.setFixedSize(420, 760)
    client.until(lambda: client.wall.size() == QSize(420, 760))
    client.wall.set_aspect(aspect)
    client.wall.set_zoom(0, Zoom(2.0, 0.45, 0.4).kept_inside())
    target, zoom = _target(client), client.wall.zoom_of(0)
    picture = client.engine.picture(camera)
    assert picture is not None
    left, top, side, _ = zoom.rectangle()
    x, y = _middle(simulator)
    wide, high = _size(0.0)
    across, down = (SIGN[0] - x) / wide + 0.5, (SIGN[1] - y) / high + 0.5
    if aspect is Aspect.FILL:
        # As wide as the tile's shape leaves of the picture's height.
        assert target.width() / target.height() < 1
        share = target.width() / target.height() * picture.height / picture.width
        across = (across - 0.5) / share + 0.5
    point = target.topLeft() + QPoint(
        round((across - left) / side * target.width()), round((down - top) / side * target.height())
    )
    assert target.contains(point)
    client.qtbot.mouseClick(client.wall, LEFT, pos=point)
    client.until(lambda: _centred(simulator))
    _stands(client, simulator)
    assert _centred(simulator)
    shown = client.wall.zoom_of(0)
    assert (shown.factor, shown.x, shown.y) == (2.0, 0.5, 0.5)


def test_a_box_is_aimed_at_and_zoomed_to(client: Client, simulator: Simulator, camera: str) -> None:
    point = _sign_at(client, simulator)
    half = QPoint(40, 22)
    plain = client.pixels(0)
    _box(client, point - half, point + half)
    assert np.abs(client.pixels(0) - plain).mean() > 5  # the rubber band is seen
    client.qtbot.mouseRelease(client.wall, LEFT, SHIFT, point + half)
    client.until(lambda: _head(simulator)["zoom"] > 0.1)
    _stands(client, simulator)
    assert _centred(simulator)
    # What was in the box is still seen.
    wide = _size(_head(simulator)["zoom"])[0]
    assert wide > 80 / _target(client).width() * _size(0.0)[0] * 0.97


def test_escape_cancels_a_box_and_a_click(
    client: Client, simulator: Simulator, camera: str
) -> None:
    point = _sign_at(client, simulator)
    _box(client, point, point + QPoint(90, 50))
    client.qtbot.keyClick(client.wall, Qt.Key.Key_Escape)
    client.qtbot.mouseMove(client.wall, point + QPoint(120, 60))
    client.qtbot.mouseRelease(client.wall, LEFT, SHIFT, point + QPoint(120, 60))
    client.qtbot.mouseClick(client.wall, LEFT, pos=point)
    client.qtbot.keyClick(client.wall, Qt.Key.Key_Escape)
    _stays(client, simulator)


def test_a_double_click_maximises_and_moves_nothing(
    client: Client, simulator: Simulator, camera: str
) -> None:
    client.qtbot.mouseDClick(client.wall, LEFT, pos=_sign_at(client, simulator))
    assert client.wall.maximised == 0
    _stays(client, simulator)


def test_while_the_tile_replays_the_past_nothing_moves(
    client: Client, simulator: Simulator, camera: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # There a drag takes the tile along, as without PTZ; a real one waits for the X server's pointer.
    dragged = list[int]()
    monkeypatch.setattr(client.wall, "_drag_tile", dragged.append)
    point = _sign_at(client, simulator)
    client.wall.begin_replay(0)
    client.qtbot.mouseClick(client.wall, LEFT, pos=point)
    _box(client, point, point + QPoint(90, 50))
    client.qtbot.mouseRelease(client.wall, LEFT, SHIFT, point + QPoint(90, 50))
    assert dragged
    _stays(client, simulator)


@pytest.mark.parametrize("none", [0, 1])
def test_a_camera_that_cannot_says_so_once(
    client: Client, simulator: Simulator, camera: str, none: int
) -> None:
    simulator.fault("cam6", "ptz-no-fov", none=none)
    notice = client.window.notice
    point = _sign_at(client, simulator)
    client.qtbot.mouseClick(client.wall, LEFT, pos=point)
    client.until(lambda: ("cannot" if none else "roughly") in notice.text)
    _stands(client, simulator)
    notice.hide()
    client.qtbot.mouseClick(client.wall, LEFT, pos=point)
    client.qtbot.wait(QApplication.doubleClickInterval() + 500)
    assert not notice.text
