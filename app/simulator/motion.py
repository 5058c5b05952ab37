"""A pan-tilt-zoom head that does not exist: position, inertia, limits, its own stop timer.

ONVIF generic spaces: pan and tilt -1..1, zoom 0..1; velocities -1..1. Time is the caller's
monotonic clock in seconds, so that tests need not wait.
"""

from __future__ import annotations

from dataclasses import dataclass, field

AXES = ("pan", "tilt", "zoom")
LIMITS = {"pan": (-1.0, 1.0), "tilt": (-1.0, 1.0), "zoom": (0.0, 1.0)}

MAX_SPEED = {"pan": 0.5, "tilt": 0.5, "zoom": 0.4}
"""Units a second at velocity 1."""

ACCELERATION = {"pan": 2.5, "tilt": 2.5, "zoom": 2.5}
"""Units a second squared: from full speed to rest in 0.2 s."""

STEP_S = 0.01


@dataclass
class Preset:
    """A stored position. Tokens are opaque to clients and not contiguous on purpose."""

    token: str
    name: str
    position: tuple[float, float, float]


TOUR_REST_S = 1.0
"""A tour stays so long at each preset."""


@dataclass
class PtzMotion:
    """The head of one camera. Call `advance(now)` before reading anything."""

    position: dict[str, float] = field(default_factory=lambda: dict.fromkeys(AXES, 0.0))
    home: tuple[float, float, float] = (0.0, 0.0, 0.0)
    presets: dict[str, Preset] = field(default_factory=dict)
    default_timeout_s: float = 10.0
    _speed: dict[str, float] = field(default_factory=lambda: dict.fromkeys(AXES, 0.0))
    _wanted: dict[str, float] = field(default_factory=lambda: dict.fromkeys(AXES, 0.0))
    _target: dict[str, float] = field(default_factory=dict)
    _deadline: float | None = None
    _now: float | None = None
    _tokens: int = 0
    tour: bool = False
    """Going from preset to preset by itself, until it is steered."""
    _next: int = 0
    _rested: float | None = None
    stood_at: float | None = None
    """When it came to rest last, by the caller's clock."""

    def begin_tour(self, now: float) -> None:
        """Go from preset to preset."""
        self.advance(now)
        self.tour, self._next, self._rested = True, 0, now - TOUR_REST_S

    def continuous(
        self,
        now: float,
        *,
        pan: float | None = None,
        tilt: float | None = None,
        zoom: float | None = None,
        timeout_s: float | None = None,
    ) -> None:
        """Move on at these velocities until stopped or `timeout_s` (the default, if None) passes.

        An axis given as None goes on as it was, as ONVIF says. A timeout of infinity never ends.
        """
        self.advance(now)
        self.tour = False
        for axis, value in zip(AXES, (pan, tilt, zoom), strict=True):
            if value is not None:
                self._wanted[axis] = max(-1.0, min(1.0, value)) * MAX_SPEED[axis]
                self._target.pop(axis, None)
        self._deadline = now + (self.default_timeout_s if timeout_s is None else timeout_s)

    def stop(self, now: float, *, pan_tilt: bool = True, zoom: bool = True) -> None:
        """Brake the named axes."""
        self.advance(now)
        self.tour = False
        for axis in AXES:
            if (zoom if axis == "zoom" else pan_tilt) is True:
                self._wanted[axis] = 0.0
                self._target.pop(axis, None)

    def absolute(
        self,
        now: float,
        *,
        pan: float | None = None,
        tilt: float | None = None,
        zoom: float | None = None,
    ) -> None:
        """Go to a position at full speed. Raises ValueError for one outside the limits.

        Axes given as None go on as they were, until the time-out they were given.
        """
        self.advance(now)
        self.tour = False
        wanted = {a: v for a, v in zip(AXES, (pan, tilt, zoom), strict=True) if v is not None}
        for axis, value in wanted.items():
            low, high = LIMITS[axis]
            if not low <= value <= high:
                raise ValueError(f"{axis} {value} is outside {low} to {high}")
        self._aim(wanted)

    def relative(self, now: float, *, pan: float = 0, tilt: float = 0, zoom: float = 0) -> None:
        """Go by a translation, clipped to the limits."""
        self.advance(now)
        self.tour = False
        wanted = {}
        for axis, delta in zip(AXES, (pan, tilt, zoom), strict=True):
            if delta:
                low, high = LIMITS[axis]
                wanted[axis] = max(low, min(high, self.position[axis] + delta))
        self._aim(wanted)

    def _aim(self, wanted: dict[str, float]) -> None:
        self._target.update(wanted)
        self._wanted.update(dict.fromkeys(wanted, 0.0))

    def set_preset(self, now: float, name: str, token: str | None = None) -> Preset:
        """Store the present position. Raises KeyError for an unknown token."""
        self.advance(now)
        position = (self.position["pan"], self.position["tilt"], self.position["zoom"])
        if token is None:
            self._tokens += 1
            token = f"Preset_{self._tokens * 3}"
        elif token not in self.presets:
            raise KeyError(token)
        preset = self.presets[token] = Preset(token, name, position)
        return preset

    def go_to(self, now: float, position: tuple[float, float, float]) -> None:
        """Go to a whole position (a preset's or home)."""
        self.absolute(now, pan=position[0], tilt=position[1], zoom=position[2])

    @property
    def moving(self) -> bool:
        """Whether anything still turns, or is about to."""
        return any(self.turns(axis) for axis in AXES)

    def turns(self, axis: str) -> bool:
        """The same of one axis."""
        return (
            abs(self._speed[axis]) > 1e-4 or abs(self._wanted[axis]) > 1e-4 or axis in self._target
        )

    def advance(self, now: float) -> None:
        """Let time pass up to `now`."""
        if self._now is None:
            self._now = now
        # A head nobody asked about for an hour needs no million steps.
        if not self.moving:
            self._now = now
        while now - self._now > 1e-9:
            step = min(STEP_S, now - self._now)
            self._now += step
            self._step(step)
            if not self.moving:
                self.stood_at = self._now
                self._now = now
        if self.tour and not self.moving:
            self._patrol(now)

    def _patrol(self, now: float) -> None:
        """At a preset of the tour: on to the next one after a rest."""
        if self._rested is None:
            self._rested = now
        elif now - self._rested >= TOUR_REST_S and self.presets:
            stations = list(self.presets.values())
            where = stations[self._next % len(stations)].position
            self._next, self._rested = self._next + 1, None
            self._aim(dict(zip(AXES, where, strict=True)))

    def _step(self, step: float) -> None:
        assert self._now is not None
        if self._deadline is not None and self._now >= self._deadline:
            self._deadline = None
            self._wanted = dict.fromkeys(AXES, 0.0)
        for axis in AXES:
            target = self._target.get(axis)
            wanted = self._wanted[axis]
            if target is not None:
                distance = target - self.position[axis]
                # The speed from which the brakes still stop in time.
                reach = (2 * ACCELERATION[axis] * abs(distance)) ** 0.5
                wanted = min(MAX_SPEED[axis], reach) * (1 if distance > 0 else -1)
                if abs(distance) < 0.002:
                    self.position[axis] = target
                    self._speed[axis] = self._wanted[axis] = 0.0
                    del self._target[axis]
                    continue
            change = max(-1, min(1, (wanted - self._speed[axis]) / (ACCELERATION[axis] * step)))
            self._speed[axis] += change * ACCELERATION[axis] * step
            low, high = LIMITS[axis]
            moved = self.position[axis] + self._speed[axis] * step
            if not low <= moved <= high:
                moved = max(low, min(high, moved))
                self._speed[axis] = 0.0
                if (wanted > 0) == (moved == high):
                    self._wanted[axis] = 0.0
            self.position[axis] = moved
