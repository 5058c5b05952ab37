"""Does the view move? On the simulated panorama, as a PTZ camera shows it."""

from __future__ import annotations

import numpy as np
import pytest

from app.video.motion import grid, view_moved
from app.video.types import Picture


def _picture(luma: np.ndarray) -> Picture:  # type: ignore[type-arg]
    height, width = luma.shape
    pixels = np.repeat(luma[:, :, None], 4, axis=2).astype(np.uint8)
    return Picture(memoryview(pixels.tobytes()), width, height, width * 4, 1, 0.0, 0.0, 0.0)


@pytest.fixture(scope="module")
def scene() -> np.ndarray:  # type: ignore[type-arg]
    """Blocks of many sizes and greys, 720 x 2560, with noise."""
    random = np.random.default_rng(4)
    canvas = np.full((720, 2560), 90.0)
    for _ in range(900):
        y, x = random.integers(0, 700), random.integers(0, 2500)
        h, w = random.integers(10, 120), random.integers(10, 160)
        canvas[y : y + h, x : x + w] = random.integers(20, 235)
    return canvas


def _view(scene: np.ndarray, x: int, noise: int = 0) -> Picture:  # type: ignore[type-arg]
    view = scene[:, x : x + 1280].copy()
    view += np.random.default_rng(noise).normal(0, 3, view.shape)
    return _picture(view.clip(0, 255))


def test_panning_is_seen_and_noise_is_not(scene: np.ndarray) -> None:  # type: ignore[type-arg]
    assert view_moved(grid(_view(scene, 100, 1)), grid(_view(scene, 160, 2))) is True
    assert view_moved(grid(_view(scene, 100, 1)), grid(_view(scene, 100, 2))) is False


def test_a_lorry_driving_past_is_not_the_camera(scene: np.ndarray) -> None:  # type: ignore[type-arg]
    before = scene[:, :1280].copy()
    after = before.copy()
    after[300:640, 200:700] = 200
    assert view_moved(grid(_picture(before)), grid(_picture(after))) is False


def test_a_plain_scene_tells_nothing() -> None:
    fog = _picture(np.full((360, 640), 120.0))
    assert view_moved(grid(fog), grid(fog)) is None
