"""Measures how the open streams fare and asks the policy who gives way (see `domain.load`).

Called by the engine's housekeeping; knows the board, not processes or pipes.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from app.domain.load import Level, LoadPolicy, MachineLoad, StreamLoad, Tier
from app.video import ring

TICK_S = 1.0
KEY_MOST_S = 4.0
"""Streams with longer groups of pictures are not cut to key frames: they would seem dead."""

SPARE_LEAST = 100
"""Packets in a thousand that must be spared for `SKIP` to be worth a step."""

AWAY_S = 1.0
"""Who does not ask for pictures for longer is not late, but away: a hidden window, a dialog."""

POLLED_S = 0.02
LATE_ASKS = 3
"""The UI is late when it was so often within a second: one long call is not a lack of power."""

OFF = "WATCHROOM_NO_RELIEF"
"""For the benchmarks, which compare with programs that do not give way."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What the engine says of one camera's stream."""

    camera_id: str
    words: Any
    base: int
    session: int
    opened_at: float
    tier: Tier
    area: int
    can_sub: bool
    """The main stream is, or would be, shown and there is a substream."""
    can_skip: bool
    """The decoder can leave pictures out."""


class Relief:
    """Readings over a second, and the levels that follow from them."""

    def __init__(self) -> None:
        self.policy = LoadPolicy()
        self.on = not os.environ.get(OFF)
        self.loads: dict[str, StreamLoad] = {}
        """The last reading."""
        self.machine = MachineLoad()
        self._totals: dict[str, tuple[int, int, int, int]] = {}
        self._lags: dict[str, float] = {}
        self._at = 0.0
        self._asked_at = 0.0
        self._late: list[float] = []

    def asked(self, now: float) -> None:
        """The UI asks for what is new: it lives."""
        late = now - self._asked_at - POLLED_S
        self._asked_at = now
        if 0.05 < late < AWAY_S:
            self._late.append(late)

    def sample(self, camera_id: str, words: Any, base: int) -> None:
        """A look at a stream in between: the worst lateness of the second counts."""
        lag = words[base + ring.LAG_US] / 1e6
        if lag > self._lags.get(camera_id, 0.0):
            self._lags[camera_id] = lag

    def due(self, now: float) -> bool:
        """Whether it is time for `step`."""
        return now - self._at >= TICK_S

    def step(
        self, now: float, streams: list[Watched], busy: float | None, wanted: Collection[str]
    ) -> None:
        """A reading; then `policy` knows the levels. `busy`: of the machine, as in `MachineLoad`."""
        elapsed, self._at = now - self._at, now
        late = sorted(self._late)[-LATE_ASKS:]
        self._late.clear()
        ui_late = late[0] if len(late) == LATE_ASKS else 0.0
        before, self._totals = self._totals, {}
        self.loads = {}
        for s in streams:
            words, base = s.words, s.base
            totals = (s.session, words[base + ring.CPU_NS], words[base + ring.DECODE_NS],
                      words[base + ring.DROPPED])  # fmt: skip
            self._totals[s.camera_id] = totals
            old = before.get(s.camera_id, totals)
            if old[0] != s.session:
                old = totals
            self.loads[s.camera_id] = StreamLoad(
                s.camera_id,
                steps_of(words, base, can_sub=s.can_sub, can_skip=s.can_skip),
                s.tier,
                s.area,
                (totals[1] - old[1]) / 1e9 / elapsed,
                self._lags.get(s.camera_id, 0.0),
                totals[3] - old[3],
                (totals[2] - old[2]) / 1e9 / elapsed,
                now - s.opened_at,
            )
        self._lags.clear()
        self.machine = MachineLoad(busy, ui_late)
        if self.on:
            self.policy.step(now, list(self.loads.values()), self.machine, wanted)


def steps_of(words: Any, base: int, *, can_sub: bool, can_skip: bool) -> tuple[Level, ...]:
    """What would save something with a stream, as far as its packets tell by now."""
    steps = [Level.SUB] if can_sub else []
    if can_skip:
        if words[base + ring.SPARE] >= SPARE_LEAST:
            steps.append(Level.SKIP)
        if 0 < words[base + ring.KEY_NS] <= KEY_MOST_S * 1e9:
            steps.append(Level.KEY)
    return tuple(steps)
