"""Who gives way when this computer is short of power: levels, and the policy that sets them.

Pure: readings and time come in, levels come out. The order is that of design section 2: tiles drop
to the substream, then skip pictures that no other needs, then show key frames only. The control
loop is that of the best public design (vms reference 5.1): hysteresis, small steps, and a second
failure that blocks raising; importance and a "never degrade" mark are added (5.7).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum

LAG_S = 0.3
"""A picture shown so much later than the stream's own pace is behind."""

BUSY = 0.5
"""Share of a decoder thread's time spent on decoding, from which a late stream is this computer's
fault: a thread that waits for the network is idle."""

FULL_MACHINE, ROOMY_MACHINE = 0.92, 0.85
"""Shares of all cores in use: from the first on lateness is this computer's fault; above the
second nothing is raised."""

UI_LATE_S = 0.1
"""The user interface late by so much is a reason, too (acceptance test T9)."""

YOUNG_S = 3.0
"""A stream so young is not judged: every opening is late."""

TICKS = 2
"""So many readings in a row must be bad before anything is lowered."""

LOWER_S = 1.0
"""Between two changes downwards."""

GROUP = 16
"""One change lowers one tile for each so many on the wall: 64 tiles must not take a minute."""

CALM_S, RAISE_S = 8.0, 5.0
"""Good readings for so long before the first change upwards, and between two of them."""

PATIENT_S = 30.0
"""Good readings for so long: raised although the machine is full; what fills it may give way."""

SECOND_FAILURE_S = 60.0
"""Short again within this time of the last failure: raising is blocked ..."""

BLOCK_S, BLOCK_MOST_S = 60.0, 600.0
"""... for so long, twice as long each time."""

LAST_RESORT_S = 10.0
"""Nobody unprotected could give anything for so long: then the protected do. A camera that is
just reconnecting will be able to."""

FALLING = 0.8
"""Behind, but by so much less than a reading ago: the last change works; wait."""


class Level(IntEnum):
    """What a stream gives up, in the order in which it is asked to."""

    FULL = 0
    SUB = 1
    SKIP = 2
    KEY = 3


class Tier(IntEnum):
    """Who is asked first. The next tier gives only when the one before has nothing left."""

    ORDINARY = 0
    SELECTED = 1
    SPOT = 2
    NEVER = 3


@dataclass(frozen=True, slots=True)
class StreamLoad:
    """One open stream, measured over the last second."""

    camera_id: str
    steps: tuple[Level, ...]
    """Levels that would save something here, rising; FULL is not among them."""
    tier: Tier = Tier.ORDINARY
    area: int = 0
    """Of its largest tile, physical pixels."""
    cost: float = 0.0
    """Cores."""
    lag_s: float = 0.0
    """How late its pictures are against the stream's own pace: the worst of the last second."""
    dropped: int = 0
    busy: float = 0.0
    """Share of the time its thread spent on decoding."""
    age_s: float = 1e9


@dataclass(frozen=True, slots=True)
class MachineLoad:
    """The computer over the last second. `busy`: share of all cores, None when not known."""

    busy: float | None = None
    ui_late_s: float = 0.0


class LoadPolicy:
    """Levels by camera. Call `step` about once a second."""

    def __init__(self) -> None:
        self.levels: dict[str, Level] = {}
        """Cameras that gave something up; FULL is left out."""
        self.short = False
        """The last reading: too little power."""
        self._bad = 0
        self._calm_since: float | None = None
        self._lowered_at = self._raised_at = self._failed_at = -1e9
        self._in_trouble = False
        self._block_s = 0.0
        self.blocked_until = -1e9
        self._worst = 0.0
        self._falling = False
        self._exhausted_since: float | None = None
        self._forced: set[str] = set()
        """Lowered though protected, as nothing else could give."""

    def level(self, camera_id: str) -> Level:
        """What a camera gives up now."""
        return self.levels.get(camera_id, Level.FULL)

    def opening(self, stream: StreamLoad) -> Level:
        """The level a stream begins with: while there is too little power, no main stream more."""
        if self._in_trouble and stream.tier is Tier.ORDINARY and Level.SUB in stream.steps:
            self.levels[stream.camera_id] = Level.SUB
        return self.level(stream.camera_id)

    def step(
        self,
        now: float,
        streams: list[StreamLoad],
        machine: MachineLoad,
        wanted: Collection[str] = (),
    ) -> None:
        """One reading (s): sets `levels`. Cameras neither open nor wanted are forgotten."""
        gone = self.levels.keys() - {s.camera_id for s in streams} - set(wanted)
        if gone:
            self.blocked_until = now  # less to do: it is worth a try
        self.levels = {c: v for c, v in self.levels.items() if c not in gone}
        for stream in streams:
            self._fit(stream)
        self._judge(now, streams, machine)
        if self.short:
            if self._bad >= TICKS and not self._falling and now - self._lowered_at >= LOWER_S:
                self._lower(now, streams)
        elif self._may_raise(now, machine):
            self._raise(now, streams)

    def _fit(self, stream: StreamLoad) -> None:
        """A level that means nothing here any more, or weighs on who is protected now, is lifted."""
        camera = stream.camera_id
        if stream.tier is Tier.ORDINARY:
            self._forced.discard(camera)
        level = self.level(camera)
        if stream.tier is not Tier.ORDINARY and camera not in self._forced:
            level = Level.FULL
        self._set(camera, max((s for s in stream.steps if s <= level), default=Level.FULL))

    def _set(self, camera: str, level: Level) -> None:
        if level is Level.FULL:
            self.levels.pop(camera, None)
            self._forced.discard(camera)
        else:
            self.levels[camera] = level

    def _judge(self, now: float, streams: list[StreamLoad], machine: MachineLoad) -> None:
        full = machine.busy is not None and machine.busy >= FULL_MACHINE
        late = [
            s
            for s in streams
            if s.age_s >= YOUNG_S
            and (s.lag_s > LAG_S or s.dropped > 0)
            and (full or s.busy >= BUSY)
        ]
        worst = max((s.lag_s for s in late), default=0.0)
        self.short = bool(late) or machine.ui_late_s > UI_LATE_S
        # A late user interface is not counted: it has no trend.
        self._falling = (
            bool(late) and worst < FALLING * self._worst and not any(s.dropped for s in late)
        )
        self._worst = worst
        if not self.short:
            self._bad = 0
            self._exhausted_since = None
            if self._calm_since is None:
                self._calm_since = now
            if now - self._calm_since >= CALM_S:
                self._in_trouble = False
            return
        self._calm_since = None
        self._bad += 1

    def _lower(self, now: float, streams: list[StreamLoad]) -> None:
        able = [s for s in streams if s.steps and self.level(s.camera_id) < s.steps[-1]]
        if any(s.tier is Tier.ORDINARY for s in able):
            self._exhausted_since = None
        elif self._exhausted_since is None:
            self._exhausted_since = now
        if not able:
            return
        tier = min(s.tier for s in able)
        if tier is not Tier.ORDINARY and now - (self._exhausted_since or now) < LAST_RESORT_S:
            return
        able = [s for s in able if s.tier is tier]
        # All of them to the substream before the first one skips.
        stage = min(self._next(s) for s in able)
        able = [s for s in able if self._next(s) is stage]
        able.sort(key=lambda s: (s.area, -s.cost, s.camera_id))
        for stream in able[: 1 + (len(streams) - 1) // GROUP]:
            self._set(stream.camera_id, stage)
            if tier is not Tier.ORDINARY:
                self._forced.add(stream.camera_id)
        if not self._in_trouble:
            self._failed(now)
        self._in_trouble = True
        self._lowered_at = now

    def _next(self, stream: StreamLoad) -> Level:
        return next(s for s in stream.steps if s > self.level(stream.camera_id))

    def _failed(self, now: float) -> None:
        """Too little power, anew."""
        if now - self._failed_at <= max(SECOND_FAILURE_S, self._block_s + SECOND_FAILURE_S):
            self._block_s = min(BLOCK_MOST_S, 2 * self._block_s or BLOCK_S)
            self.blocked_until = now + self._block_s
        else:
            self._block_s = 0.0
        self._failed_at = now

    def _may_raise(self, now: float, machine: MachineLoad) -> bool:
        if self._calm_since is None or now < self.blocked_until:
            return False
        roomy = machine.busy is None or machine.busy <= ROOMY_MACHINE
        calm_s, gap_s = (CALM_S, RAISE_S) if roomy else (PATIENT_S, PATIENT_S)
        return now - self._calm_since >= calm_s and now - self._raised_at >= gap_s

    def _raise(self, now: float, streams: list[StreamLoad]) -> None:
        low = [s for s in streams if self.level(s.camera_id) is not Level.FULL]
        if not low:
            return
        # The way back is the way there: the last to give is the first to get.
        tier = max(s.tier for s in low)
        low = [s for s in low if s.tier is tier]
        stage = max(self.level(s.camera_id) for s in low)
        low = [s for s in low if self.level(s.camera_id) is stage]
        stream = max(low, key=lambda s: (s.area, -s.cost, s.camera_id))
        lower = [s for s in stream.steps if s < stage]
        self._set(stream.camera_id, lower[-1] if lower else Level.FULL)
        self._raised_at = now
