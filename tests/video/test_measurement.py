"""What a stream is, measured against the simulator, which knows what it sends."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from app.domain.camera import Credentials, StreamRole, StreamSpec
from app.simulator.process import Simulator
from app.video.measurement import Arrival, figures, measure_stream
from app.video.probe import ProbeError


def test_a_real_stream(simulator: Simulator) -> None:
    camera = simulator.cameras[0]
    spec = StreamSpec(StreamRole.SUB, camera.url())
    found = measure_stream(spec, Credentials(camera.username, camera.password), seconds=4.0)
    assert (found.codec, found.width, found.height) == ("h264", 640, 360)
    assert found.fps == pytest.approx(15, rel=0.1)
    assert found.gop_s == pytest.approx(1.0, rel=0.15)
    assert found.gop_pictures == pytest.approx(15, rel=0.15)
    assert found.lost < 0.1
    assert 0 < found.first_picture_s < 8
    assert found.bitrate_kbps > 20
    assert found.values["fps"] == found.fps
    with Image.open(io.BytesIO(found.picture)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (640, 360))


def test_a_wrong_account_is_told_by_name(simulator: Simulator) -> None:
    camera = simulator.cameras[0]
    with pytest.raises(ProbeError) as error:
        measure_stream(
            StreamSpec(StreamRole.SUB, camera.url()), Credentials("admin", "wrong"), seconds=1.0
        )
    assert error.value.code == "unauthorized"


def at(pictures: list[float], late: dict[int, float] | None = None, key: int = 10) -> list[Arrival]:
    delay = late or {}
    return [Arrival(t, 100 + t + delay.get(i, 0.0), 1000, i % key == 0)
            for i, t in enumerate(pictures)]  # fmt: skip


def test_what_follows_from_packets() -> None:
    whole = figures(at([i / 10 for i in range(101)]))
    assert whole["fps"] == pytest.approx(10)
    assert whole["bitrate_kbps"] == pytest.approx(80)
    assert (whole["gop_s"], whole["gop_pictures"]) == (pytest.approx(1.0), 10)
    assert (whole["lost"], whole["jitter_ms"]) == (0, pytest.approx(0, abs=1e-6))


def test_missing_pictures_and_late_ones() -> None:
    times = [i / 10 for i in range(100) if i not in (20, 21, 50)]
    assert figures(at(times))["lost"] == pytest.approx(0.03)
    late = figures(at([i / 10 for i in range(100)], dict.fromkeys(range(0, 100, 2), 0.04)))
    assert late["lost"] == 0
    assert late["jitter_ms"] == pytest.approx(40, rel=0.05)
    one = figures(at([i / 10 for i in range(10)], key=100))
    assert (one["gop_s"], one["gop_pictures"]) == (None, None)


def test_no_timestamps_and_too_little() -> None:
    bare = [Arrival(None, i / 5, 10, True) for i in range(11)]
    assert figures(bare)["fps"] == pytest.approx(5)
    with pytest.raises(ValueError, match="too few"):
        figures(bare[:1])
