"""Tours: views and cameras shown one after the other. The time is handed in; nothing is opened here.

The rules are those of domain reference 7.2: 8 to 15 s a step for active watch, 20 to 30 s for a
patrol; a touch pauses; 60 s later it goes on; a faulted camera is skipped and counted; a tile that
is selected, controlled or part of an open incident never changes by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

DWELL_S, LEAST_DWELL_S, MOST_DWELL_S = 10.0, 2.0, 600.0
AHEAD_S = 3.0
"""The next step is opened so long before it is shown, or half the dwell before if that is less."""

RESUME_S = 60.0
GRACE_S = 5.0
"""A camera that has no picture when its turn comes is waited for so long, then skipped."""

VIEW = "view:"
"""Before the id of a view in the list of what was skipped."""

NOT_AGAIN = frozenset({"unauthorized"})
"""Reasons after which a camera is not opened again in this run: it would lock the account."""


@dataclass(frozen=True, slots=True)
class Step:
    """A saved view, or a camera for a tile (zero-based). `dwell_s` None: the tour's."""

    view_id: str = ""
    camera_id: str = ""
    tile: int = 0
    dwell_s: float | None = None


@dataclass(frozen=True, slots=True)
class Tour:
    """An ordered round. Raises ValueError for a dwell outside 2 to 600 s."""

    steps: tuple[Step, ...]
    dwell_s: float = DWELL_S

    def __post_init__(self) -> None:
        for dwell in (self.dwell_s, *(s.dwell_s for s in self.steps)):
            if dwell is not None and not LEAST_DWELL_S <= dwell <= MOST_DWELL_S:
                raise ValueError(f"a dwell of {dwell} s is not 2 to 600 s")

    def dwell(self, index: int) -> float:
        """Seconds that a step is shown."""
        own = self.steps[index].dwell_s
        return self.dwell_s if own is None else own

    def round_s(self) -> float:
        """Seconds that a round takes when nothing is skipped."""
        return sum(self.dwell(i) for i in range(len(self.steps)))


@dataclass(frozen=True, slots=True)
class Condition:
    """A camera's: `ready` has a picture; `fault` is why it will have none, "" while it may."""

    ready: bool = False
    fault: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Skip:
    """A camera (or VIEW and the id of a view that is gone) that was passed over.

    `since` is when its fault began (aware UTC), if known.
    """

    camera_id: str
    reason: str  # a fault, "no picture", "in use" or "gone"
    since: datetime | None
    times: int = 1


class World(Protocol):
    """What a tour asks of the wall."""

    def cameras(self, step: Step) -> tuple[str, ...] | None:
        """The cameras of a step; None when its view is gone."""

    def condition(self, camera_id: str) -> Condition:
        """How it is with a camera now."""

    def in_use(self, step: Step) -> str:
        """Why the step may not be shown now, "" when it may."""


class Phase(StrEnum):
    """What a tour does."""

    SHOWING = "showing"  # a step, until its time is over
    OPENING = "opening"  # the time is over, the next has no picture yet
    IN_USE = "in use"  # every other step needs a tile that must not change
    STUCK = "stuck"  # every other step is faulted
    PAUSED = "paused"


class TourRun:
    """One run of a tour. `tick` says which step to show; moments are monotonic seconds."""

    def __init__(
        self,
        tour: Tour,
        world: World,
        now: float,
        *,
        first: int = 0,
        resume_s: float = RESUME_S,
        ahead_s: float = AHEAD_S,
        grace_s: float = GRACE_S,
    ) -> None:
        if not tour.steps:
            raise ValueError("a tour needs a step")
        self.tour, self._world = tour, world
        self._resume_s, self._ahead_s, self._grace_s = resume_s, ahead_s, grace_s
        self.current: int | None = None
        self.skipped: dict[str, Skip] = {}
        """By camera, until it is shown again."""
        self._upcoming = self._first = min(max(0, first), len(tour.steps) - 1)
        self._direction = 1
        self._due = self._since = now
        self._passed: set[int] = set()
        """Steps passed over since the last change."""
        self._in_use = ""
        self._outcome = Phase.SHOWING
        self._asked = False
        """A person asked for the next step and it is not there yet."""
        self._paused_at: float | None = None
        self._resume_at: float | None = None

    # -- what a person sees

    def phase(self, now: float) -> Phase:
        """What the tour does now."""
        if self._paused_at is not None:
            return Phase.PAUSED
        return self._outcome if now < self._due else Phase.OPENING

    def remaining_s(self, now: float) -> float:
        """Seconds until the next change."""
        return max(0.0, self._due - (now if self._paused_at is None else self._paused_at))

    def resumes_in_s(self, now: float) -> float | None:
        """Seconds until a pause ends by itself; None when only a person ends it."""
        return None if self._resume_at is None else max(0.0, self._resume_at - now)

    @property
    def in_use(self) -> str:
        """Why the wall may not change, while `phase` says so."""
        return self._in_use

    @property
    def upcoming(self) -> int:
        """The step that comes next, as far as is known."""
        return self._upcoming

    def ahead(self, now: float) -> tuple[str, ...]:
        """Cameras to open now, before they are shown."""
        if self._paused_at is not None or now < self._due - self._lead():
            return ()
        if self._upcoming == self.current:
            return ()
        cameras = self._world.cameras(self.tour.steps[self._upcoming]) or ()
        return tuple(c for c in cameras if not self._given_up(c))

    # -- what a person does

    def touch(self, now: float) -> None:
        """A hand is at work on the wall: wait, and go on some time after the last touch."""
        if self._paused_at is None or self._resume_at is not None:
            self._pause(now)
            self._resume_at = now + self._resume_s

    def pause(self, now: float) -> None:
        """Wait until `resume`."""
        self._pause(now)
        self._resume_at = None

    def _pause(self, now: float) -> None:
        if self._paused_at is None:
            self._paused_at = now

    def resume(self, now: float) -> None:
        """Go on; the step keeps the time it had left."""
        if self._paused_at is not None:
            self.postpone(now - self._paused_at)
        self._paused_at = self._resume_at = None

    def postpone(self, seconds: float) -> None:
        """Time in which nobody saw the wall does not count."""
        self._due += seconds
        self._since += seconds

    def go(self, direction: int, now: float) -> None:
        """The next (1) or the previous (-1) step, as soon as it has a picture."""
        self.resume(now)
        self._direction = direction
        self._passed.clear()
        base = self._upcoming if self._asked else self.current
        if base is not None:
            self._upcoming = self._after(base)
        self._asked = True
        self._due = self._since = now

    def try_again(self) -> None:
        """A person has seen the list: all cameras get another chance."""
        self.skipped.clear()

    # -- the clock

    def tick(self, now: float) -> int | None:
        """The step to show now, or None. Call it often, and whenever a camera's state changes."""
        if self._resume_at is not None and now >= self._resume_at:
            self.resume(now)
        if self._paused_at is not None or now < self._due - self._lead():
            return None
        while True:
            index = self._upcoming
            if index == self.current:
                # Nothing else can be shown; look again after another dwell.
                if now >= self._due:
                    self._again(now)
                return None
            step = self.tour.steps[index]
            cameras = self._world.cameras(step)
            conditions = {c: self._condition(c) for c in cameras or ()}
            faulted = {c: k for c, k in conditions.items() if k.fault}
            waiting = [c for c, k in conditions.items() if not k.ready and not k.fault]
            if cameras is None:
                self._note({f"{VIEW}{step.view_id}": Condition(fault="gone")})
            elif cameras and len(faulted) == len(conditions):
                self._note(faulted)
            elif reason := self._world.in_use(step):
                self._in_use = reason
                if step.camera_id:
                    self._note({step.camera_id: Condition(fault="in use")})
            elif now < (max(self._due, self._since) + self._grace_s if waiting else self._due):
                return None
            elif waiting and len(waiting) + len(faulted) == len(conditions):
                self._note(faulted | {c: Condition(fault="no picture") for c in waiting})
            else:
                self._note(faulted | {c: Condition(fault="no picture") for c in waiting})
                return self._show(index, now, {c for c, k in conditions.items() if k.ready})
            self._passed.add(index)
            if len(self._passed) >= len(self.tour.steps):  # the first round, and nothing to show
                self._again(now)
                return None
            self._upcoming = self._after(index)
            self._since = now

    def _show(self, index: int, now: float, well: set[str]) -> int:
        for camera in well:
            self.skipped.pop(camera, None)
        self.skipped.pop(f"{VIEW}{self.tour.steps[index].view_id}", None)
        self.current = index
        self._passed.clear()
        self._in_use = ""
        self._again(now)
        return index

    def _again(self, now: float) -> None:
        """A new dwell begins: with another step, or because no other can be shown."""
        current = self.current
        self._outcome = Phase.SHOWING
        if self._passed:
            self._outcome = Phase.IN_USE if self._in_use else Phase.STUCK
        self._passed.clear()
        self._direction, self._asked = 1, False
        self._due = self._since = now + (
            self.tour.dwell(current) if current is not None else self._grace_s
        )
        self._upcoming = self._after(current) if current is not None else self._first

    def _after(self, index: int) -> int:
        return (index + self._direction) % len(self.tour.steps)

    def _lead(self) -> float:
        if self.current is None:
            return 0.0
        return min(self._ahead_s, self.tour.dwell(self.current) / 2)

    def _given_up(self, camera: str) -> bool:
        skip = self.skipped.get(camera)
        return skip is not None and skip.reason in NOT_AGAIN

    def _condition(self, camera: str) -> Condition:
        condition = self._world.condition(camera)
        if not condition.ready and not condition.fault and self._given_up(camera):
            skip = self.skipped[camera]
            return Condition(fault=skip.reason, since=skip.since)
        return condition

    def _note(self, faulted: dict[str, Condition]) -> None:
        for camera, condition in faulted.items():
            known = self.skipped.get(camera)
            if known is None:
                self.skipped[camera] = Skip(camera, condition.fault, condition.since)
            else:
                since = known.since if known.reason == condition.fault else condition.since
                self.skipped[camera] = replace(
                    known, reason=condition.fault, since=since, times=known.times + 1
                )


def cameras_in(tour: Tour, cameras: Callable[[Step], tuple[str, ...] | None]) -> int:
    """How many different cameras a round shows."""
    return len({c for step in tour.steps for c in cameras(step) or ()})
