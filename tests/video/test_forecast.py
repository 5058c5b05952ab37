from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.camera import CameraSource, StreamRole, StreamSpec
from app.domain.load import Level
from app.video.forecast import DECODE, CostModel, Forecast, Machine, forecast
from app.video.types import StreamStatistics

MAIN = StreamSpec(StreamRole.MAIN, "rtsp://h/m", "h265", 1920, 1080, 25)
SUB = StreamSpec(StreamRole.SUB, "rtsp://h/s", "h264", 640, 360, 15)
TWO = Machine(2)


def _cameras(count: int, *streams: StreamSpec) -> list[CameraSource]:
    return [CameraSource(f"c{i}", streams or (MAIN, SUB)) for i in range(count)]


def _forecast(
    sources: list[CameraSource], size: tuple[int, int], machine: Machine = TWO, keep: str = ""
) -> Forecast:
    tiles = {s.camera_id: size for s in sources}
    return forecast(sources, tiles, machine, CostModel(), {keep})


def test_a_small_view_needs_little_and_nobody_gives_way() -> None:
    result = _forecast(_cameras(4), (480, 270))
    assert 1 <= result.percent <= 15
    assert result.dropped == ()
    assert not result.tight


def test_a_large_view_says_who_drops_and_that_it_fits_then() -> None:
    result = _forecast(_cameras(12), (960, 540))
    assert result.tight
    assert 0 < len(result.dropped) < 12
    assert result.percent_after <= 90 < result.percent
    one_less = result.dropped[:-1]
    assert len(one_less) == len(result.dropped) - 1  # and no more than are needed:
    kept = [s for s in _cameras(12) if s.camera_id not in one_less]
    rest = [replace(s, streams=(SUB,)) for s in _cameras(12) if s.camera_id in one_less]
    assert _forecast(kept + rest, (960, 540)).percent > 90


def test_the_smallest_tiles_drop_first_and_protected_ones_never() -> None:
    sources = _cameras(12)
    sources[0] = replace(sources[0], never_degrade=True)
    tiles = {s.camera_id: (960 + i * 16, 540 + i * 9) for i, s in enumerate(sources)}
    result = forecast(sources, tiles, TWO, CostModel(), {"c1"})
    assert result.dropped[0] == "c2"
    assert not {"c0", "c1"} & set(result.dropped)


def test_what_other_programs_use_counts() -> None:
    sources = _cameras(6)
    quiet, busy = _forecast(sources, (960, 540)), _forecast(sources, (960, 540), Machine(2, 1.0))
    assert abs(busy.percent - quiet.percent - 50) <= 1


def test_unknown_sizes_and_cameras_without_streams_or_tiles() -> None:
    unknown = CameraSource("u", (StreamSpec(StreamRole.MAIN, "rtsp://h/m"),))
    assert _forecast([unknown], (960, 540)).percent > 0
    assert _forecast([CameraSource("e", ())], (960, 540)).percent == 0
    assert forecast(_cameras(3), {}, TWO, CostModel()).percent == 0


def _seen(decoded: int, cpu_s: float, **more: object) -> StreamStatistics:
    s = StreamStatistics("c", StreamRole.MAIN, decoded, 0, cpu_s, 0, cpu_seconds=cpu_s,
                         codec="hevc", width=1920, height=1080, tile=500_000)  # fmt: skip
    return replace(s, **more)  # type: ignore[arg-type]


def test_the_model_learns_what_this_machine_needs_and_keeps_it() -> None:
    model = CostModel()
    for i in range(30):
        before, after = _seen(i * 100, i * 2.0), _seen(i * 100 + 100, i * 2.0 + 2.0)
        assert model.learn([before], [after])
    assert model.decode["h265"] == pytest.approx(0.0091, rel=0.1)  # 20 ms a picture of 2 MP
    assert model.decode["h264"] == DECODE["h264"]
    again = CostModel.from_setting(model.to_setting())
    assert again.decode["h265"] == pytest.approx(model.decode["h265"], abs=1e-5)


@pytest.mark.parametrize(
    "after",
    [
        _seen(110, 2.0),  # too few pictures
        _seen(200, 1.0, level=Level.KEY),
        _seen(200, 2.0, hardware=True),
        _seen(200, 2.0, tile=9),  # resized meanwhile
        _seen(50, 0.5),  # opened anew: counters went back
        _seen(200, 2.0, width=0),
    ],
)
def test_nothing_is_learned_from_half_a_measurement(after: StreamStatistics) -> None:
    assert not CostModel().learn([_seen(100, 1.0)], [after])


@given(
    st.none() | st.text() | st.lists(st.integers())
    | st.dictionaries(st.text(), st.none() | st.floats() | st.integers() | st.text() | st.booleans())
)  # fmt: skip
def test_a_damaged_setting_is_no_worse_than_none(value: object) -> None:
    model = CostModel.from_setting(value)
    assert all(0 < v <= 0.1 for v in model.decode.values())


@given(st.integers(1, 40), st.integers(100, 2000), st.integers(1, 64), st.floats(0, 8))
def test_dropping_never_costs_more(count: int, height: int, cores: int, others: float) -> None:
    size = (height * 16 // 9, height)
    result = _forecast(_cameras(count), size, Machine(cores, others))
    assert result.percent_after <= result.percent
    assert len(set(result.dropped)) == len(result.dropped) <= count
    assert result.tight or not result.dropped
