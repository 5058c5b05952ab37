"""What consoles saw of a camera, joined in the figures of each of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.kpi import Figure, Span
from app.store import observations
from app.store.figures import Figures
from app.store.log_lines import stamp
from app.store.log_models import ObservationRow, OutageRow, WatchedRow
from app.store.store import Store
from tests.sync.conftest import FOREIGN, World, principal, rows
from tests.sync.test_exchange import camera, same

DAY = date(2026, 6, 1)
MIDNIGHT = datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def watch(
    store: Store, identity: str, since: int, until: int, lost: tuple[int, int] = (0, 0)
) -> None:
    """Hours of the day in which this console watched a camera, and had no picture."""
    with store._writing() as session:
        session.add(WatchedRow(camera_id=identity, since=stamp(MIDNIGHT + since * HOUR),
                               until=stamp(MIDNIGHT + until * HOUR)))  # fmt: skip
        if lost[1]:
            session.add(OutageRow(camera_id=identity, state="stalled",
                                  since=stamp(MIDNIGHT + lost[0] * HOUR),
                                  until=stamp(MIDNIGHT + lost[1] * HOUR)))  # fmt: skip


def online(store: Store, identity: str) -> tuple[float, float]:
    """The rate of the day, and how much of it was observed."""
    end = MIDNIGHT + 24 * HOUR
    part = next(p for p in Figures(store).facts(MIDNIGHT, end, {}).online if p.identity == identity)
    return round(part.got, 3), round(part.known, 3)


def test_two_consoles_together_saw_the_day(world: World) -> None:
    one, other = world.console("one"), world.console("other", principal("u2"))
    identity = camera(one.store)
    one.round()
    other.round()
    watch(one.store, identity, 0, 12, lost=(6, 9))
    watch(other.store, identity, 8, 24, lost=(20, 22))
    assert online(one.store, identity) == (0.75, 0.5)
    for client in (one, other):
        assert observations.share(client.store, MIDNIGHT + 24 * HOUR) == 1
        client.round()
    one.round()
    # Lost for all from 6 to 8, as the other saw it from 8 on; and from 20 to 22.
    assert online(one.store, identity) == online(other.store, identity) == (round(20 / 24, 3), 1.0)
    assert not Figure(
        Figures(one.store).facts(MIDNIGHT, MIDNIGHT + 24 * HOUR, {}).online
    ).collecting
    same(world, one.store, other.store)
    assert observations.share(one.store, MIDNIGHT + 24 * HOUR) == 0, "nothing new to tell"


def test_a_running_day_is_told_again_and_stays_one_row(world: World) -> None:
    one = world.console("one")
    identity = camera(one.store)
    for hour in (4, 8):
        watch(one.store, identity, hour - 4, hour)
        observations.share(one.store, MIDNIGHT + hour * HOUR)
        one.round()
    row, = rows(world.database, "observation")  # fmt: skip
    assert int(row["known"], 16).bit_count() == 8 * 60


def test_a_console_without_a_server_tells_nothing_and_forgets(
    world: World, tmp_path_factory
) -> None:  # type: ignore[no-untyped-def]
    from app.store.secrets import FileSecrets

    folder = tmp_path_factory.mktemp("alone")
    store = Store(folder / "watchroom.db", FileSecrets(folder))
    watch(store, "gone", 0, 1)
    assert observations.share(store, MIDNIGHT + timedelta(days=500)) == 0
    assert rows(store, "watched") == []
    store.close()


def test_nobody_speaks_for_another_console_nor_of_a_foreign_camera(world: World) -> None:
    one, other = world.console("one"), world.console("other", principal("u2"))
    stranger = world.console("stranger", principal("u3", FOREIGN))
    identity = camera(one.store)
    one.round()
    other.round()
    watch(one.store, identity, 0, 4)
    observations.share(one.store, MIDNIGHT + 4 * HOUR)
    one.round()
    other.round()
    stranger.round()
    assert rows(stranger.store, "observation") == []
    with other.store._writing() as session:
        session.query(ObservationRow).one().up = "0"
    other.round()
    row, = rows(world.database, "observation")  # fmt: skip
    assert int(row["up"], 16).bit_count() == 240, "the false word was refused"


@pytest.mark.parametrize(("field", "value"), [("known", "xyz"), ("up", ""), ("day", "yesterday")])
def test_what_cannot_be_read_is_refused(field: str, value: str) -> None:
    good = {"known": "f", "up": "3", "day": "2026-06-01"}
    assert observations.problem_with(good) == ""
    assert field in observations.problem_with(good | {field: value})


minutes = st.integers(0, 1440)


@given(st.lists(st.tuples(minutes, minutes)))
def test_minutes_and_spans_are_the_same_time(pairs: list[tuple[int, int]]) -> None:
    spans = [Span(MIDNIGHT + timedelta(minutes=min(p)), MIDNIGHT + timedelta(minutes=max(p)))
             for p in pairs]  # fmt: skip
    bits = observations.minutes_of(spans, DAY)
    back = observations.spans_of(bits, DAY)
    assert observations.minutes_of(back, DAY) == bits
    assert sum(s.seconds for s in back) == 60 * bits.bit_count()
