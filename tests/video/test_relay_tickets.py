"""A relay's tickets open for a minute: what is shown goes on, and new connections get new ones.

The simulator stands for the relay: a wrong password is a ticket that is over.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.domain.camera import CameraSource, Credentials
from app.simulator.process import Simulator
from app.video.engine import VideoEngine
from app.video.types import StreamState, TileRequest
from tests.conftest import wait_for

LIVE = StreamState.LIVE


class Relay:
    """Hands out sources when the engine wants one."""

    def __init__(self, simulator: Simulator, camera: str = "cam1") -> None:
        self.simulator, self.camera, self.asked = simulator, camera, 0
        self.engine = VideoEngine(workers=1)
        self.engine.relief.on = False
        self.engine.renew = self.renew
        self.gives = self.source
        self.states: list[StreamState] = []
        self.engine.start()

    def source(self, *, good: bool = True, fresh_s: float = 1000.0) -> CameraSource:
        plain = self.simulator.camera(self.camera).source()
        streams = tuple(replace(s, url=f"{s.url}?t={self.asked}") for s in plain.streams)
        account = plain.credentials if good else Credentials("admin", "a ticket that is over")
        until = time.monotonic() + fresh_s
        return replace(plain, streams=streams, credentials=account, fresh_until=until)

    def renew(self, cameras: frozenset[str]) -> None:
        assert cameras == {self.camera}
        self.asked += 1
        self.show(self.gives())

    def show(self, source: CameraSource, width: int = 320) -> None:
        self.engine.show(TileRequest("t", source, width, width * 9 // 16))

    def poll(self) -> None:
        self.engine.poll()
        self.states.append(self.engine.status(self.camera).state)

    def until(self, *states: StreamState) -> None:
        wait_for(lambda: self.engine.status(self.camera).state in states, 25, self.poll,
                 f"{states}, is {self.engine.status(self.camera)}")  # fmt: skip

    def opened(self) -> int:
        return int(self.simulator.state(self.camera)["opened"])


@pytest.fixture
def relay(simulator: Simulator) -> Iterator[Relay]:
    made = Relay(simulator)
    yield made
    made.engine.close()


def test_a_refused_ticket_is_asked_for_again(relay: Relay) -> None:
    relay.show(relay.source(good=False))
    relay.until(LIVE)
    assert relay.asked == 1


def test_after_a_break_the_old_ticket_is_not_tried(relay: Relay, simulator: Simulator) -> None:
    relay.show(relay.source(fresh_s=0.0))
    relay.until(LIVE)  # over before the first attempt
    assert relay.asked == 1
    # What is shown goes on with a ticket that is over …
    relay.show(relay.source(good=False, fresh_s=0.0))
    before = relay.opened()
    end = time.monotonic() + 1
    wait_for(lambda: time.monotonic() > end, 5, relay.poll)
    assert (relay.opened(), relay.asked) == (before, 1)
    assert relay.engine.status("cam1").state is LIVE
    # … and when it breaks, the next attempt has a new one.
    relay.states.clear()
    simulator.fault("cam1", "drop-socket")
    wait_for(lambda: relay.asked == 2, 25, relay.poll)
    simulator.clear("cam1")
    relay.until(LIVE)
    assert StreamState.UNAUTHORIZED not in relay.states


def test_tickets_that_do_not_help_are_asked_for_ever_more_rarely(relay: Relay) -> None:
    relay.gives = lambda: relay.source(good=False)
    relay.show(relay.source(good=False))
    relay.until(StreamState.UNAUTHORIZED)
    end = time.monotonic() + 7
    wait_for(lambda: time.monotonic() > end, 20, relay.poll)
    assert 1 <= relay.asked <= 3
    relay.gives = relay.source
    relay.until(LIVE)


def test_another_camera_is_opened_anew(relay: Relay) -> None:
    """Only the ticket may change under a running picture."""
    old = relay.source()
    assert old.same_but_ticket(relay.source(good=False))
    moved = tuple(replace(s, url=s.url.replace("rtsp://", "rtsps://")) for s in old.streams)
    assert not old.same_but_ticket(replace(old, streams=moved))
    assert not old.same_but_ticket(replace(old, fresh_until=float("inf")))
    assert not old.same_but_ticket(replace(old, transport="udp"))
