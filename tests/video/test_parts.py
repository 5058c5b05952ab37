from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.camera import Credentials, StreamRole, StreamSpec
from app.video.publish import fit
from app.video.quality import choose
from app.video.worker import Load, Pace, with_account

MAIN = StreamSpec(StreamRole.MAIN, "rtsp://h/m", width=1920, height=1080)
SUB = StreamSpec(StreamRole.SUB, "rtsp://h/s", width=640, height=360)


def test_small_tiles_get_the_substream_and_large_ones_the_main_stream() -> None:
    assert choose((MAIN, SUB), 180, None) is StreamRole.SUB
    assert choose((MAIN, SUB), 360, None) is StreamRole.SUB
    assert choose((MAIN, SUB), 1000, None) is StreamRole.MAIN


def test_a_dragged_edge_does_not_flip_streams() -> None:
    assert choose((MAIN, SUB), 420, StreamRole.SUB) is StreamRole.SUB
    assert choose((MAIN, SUB), 420, StreamRole.MAIN) is StreamRole.MAIN
    assert choose((MAIN, SUB), 370, StreamRole.MAIN) is StreamRole.SUB


def test_what_there_is_is_shown() -> None:
    assert choose((MAIN,), 90, None) is StreamRole.MAIN
    assert choose((), 90, None) is None


@given(st.integers(16, 8000), st.integers(16, 8000), st.integers(16, 4000), st.integers(16, 4000))
def test_pictures_fit_their_box(w: int, h: int, box_w: int, box_h: int) -> None:
    width, height = fit(w, h, box_w, box_h)
    assert 2 <= width <= box_w
    assert 2 <= height <= box_h


def test_nearly_fitting_pictures_fill_the_box() -> None:
    assert fit(640, 360, 641, 360) == (641, 360)


def test_a_steady_stream_is_never_late() -> None:
    pace = Pace()
    assert not any(pace.late(100 + i / 15, i / 15) for i in range(500))


def test_pictures_held_up_for_a_while_are_skipped_until_the_backlog_is_gone() -> None:
    pace = Pace()
    for i in range(30):
        pace.late(100 + i / 15, i / 15)
    # Three seconds of pictures arrive at once.
    late = [pace.late(105.0 + i / 1000, 2 + i / 15) for i in range(45)]
    assert late[0]
    assert not late[-1]


def test_pictures_that_stay_late_are_followed_after_a_while() -> None:
    pace = Pace()
    for i in range(30):
        pace.late(100 + i / 15, i / 15)
    late = [pace.late(105 + i / 15, 2 + i / 15) for i in range(60)]
    assert late[0]
    assert not late[-1]


@pytest.mark.parametrize("step", [-3.0, 3.0])
def test_a_camera_whose_clock_is_set_is_followed_at_once(step: float) -> None:
    pace = Pace()
    late = [pace.late(100 + i / 15, i / 15 + step * (i // 30 % 2)) for i in range(300)]
    assert not any(late)


def test_a_jump_of_timestamps_starts_anew() -> None:
    pace = Pace()
    pace.late(100, 0)
    assert not pace.late(101, 5000)
    assert not pace.late(101.1, 5000.1)


def test_accounts_are_percent_encoded() -> None:
    url = with_account("rtsp://h:554/a?b=1", Credentials("a@b", "p:/?#ä"))
    assert url == "rtsp://a%40b:p%3A%2F%3F%23%C3%A4@h:554/a?b=1"
    assert with_account("rtsp://h/a", Credentials()) == "rtsp://h/a"


def test_what_this_computer_makes_late_is_not_followed() -> None:
    pace, dropped = Pace(), 0
    for i in range(200):
        # Each picture takes longer than its interval: it gets later and later.
        dropped += pace.late(i * 0.06, i * 0.04, busy=True)
    assert dropped == 200 - 51
    pace, dropped = Pace(), 0
    for i in range(200):
        dropped += pace.late(i * 0.06, i * 0.04)
    assert dropped < 130, "a network that slows down is followed"


def test_busy_is_a_share_of_the_last_second() -> None:
    load, now = Load(), 1_000_000_000
    for _ in range(60):
        load.add(now, 35_000_000)
        now += 40_000_000
    assert load.busy
    for _ in range(60):
        load.add(now, 5_000_000)
        now += 40_000_000
    assert not load.busy
