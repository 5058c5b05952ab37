"""What the measurements say of figures that are known: no measurement is a test."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from app.bench.faults import CASES, TLS, Watch, with_rows
from app.bench.soak import GROWTH, line_fit, verdict
from app.simulator.camera import FaultKind
from app.video.types import StreamState

LIVE, STALLED = StreamState.LIVE.value, StreamState.STALLED.value


def _samples(ui_mb: Callable[[float], float], minutes: int = 20, late: float = 5.0) -> list[Any]:
    found = []
    for i in range(minutes * 12):
        at = i * 5.0
        found.append(
            {"at": at, "calm": i % 6 == 5, "late_p99_ms": late, "machine_late_p99_ms": 3.0,
             "actions": i, "errors": 0, "slowest_ms": {}, **dict.fromkeys(GROWTH, 50.0), "ui_mb": ui_mb(at)}
        )  # fmt: skip
    return found


def test_noise_and_a_growth_that_flattens_pass() -> None:
    dice = random.Random(1)
    assert verdict(_samples(lambda at: 200 + dice.uniform(-8, 8)))["passed"]
    assert verdict(_samples(lambda at: 200 + 60 * (1 - 0.5 ** (at / 120))))["passed"]


def test_a_steady_growth_fails_and_is_told_per_hour() -> None:
    dice = random.Random(2)
    result = verdict(_samples(lambda at: 200 + at / 3600 * 150 + dice.uniform(-2, 2)))
    assert not result["passed"]
    assert result["growth"]["ui_mb"]["per_hour"] == pytest.approx(150, rel=0.2)
    assert result["growth"]["threads"]["flat"]


def test_a_late_window_an_exception_and_a_death_fail() -> None:
    assert not verdict(_samples(lambda _: 200, late=150))["passed"]
    assert not verdict(_samples(lambda _: 200), status=-11)["passed"]
    samples = _samples(lambda _: 200)
    samples[-1]["errors"] = 1
    assert not verdict(samples)["passed"]


def test_outliers_do_not_tilt_the_line() -> None:
    times = [float(i) for i in range(20)]
    values = [3.0 + 2 * t for t in times]
    values[-1] = 1000.0
    slope, away = line_fit(times, values)
    assert slope == pytest.approx(2)
    assert away < 0.1


def test_a_tile_that_claims_to_be_live_without_pictures_is_caught() -> None:
    watch = Watch(engine=None, camera="c")  # type: ignore[arg-type] -- only its notes are read
    watch.events = [(0.0, LIVE, "", ""), (10.0, STALLED, "stalled", "network")]
    watch.pictures = [0.5, 1.0, 5.0]
    assert watch.lied(0.0, 20.0, 2.0) == pytest.approx(2.0 + 3.0)
    assert watch.longest_gap(0.0, 20.0) == 15.0


def test_every_fault_of_the_simulator_has_a_case() -> None:
    assert {c.kind for c in CASES} - {TLS} == {k.value for k in FaultKind}


def test_rows_of_a_later_run_take_their_place_in_the_table() -> None:
    row = {"states": ["live"], "said_s": None, "named_s": None, "again_s": None, "came_back": True,
           "longest_gap_s": 0.1, "disturbed": [], "met": True, "note": "new"}  # fmt: skip
    text = "# T\n\n| fault | x |\n|---|---|\n| refuse | old |\n| 404 | old |\n| gone | old |\n"
    text += "\n## More\n\n| a |\n"
    made = with_rows(text, [row | {"fault": "401"}, row | {"fault": "404"}]).splitlines()
    assert [line.split(" ")[1] for line in made[4:8]] == ["refuse", "401", "404", "gone"]
    assert "old" not in made[6]
    assert made[8:] == ["", "## More", "", "| a |"]
