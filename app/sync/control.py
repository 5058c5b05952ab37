"""Who steers which camera, for this console: asked of the server, or kept here where there is none.

`Controls.may` is the gate of `devices/ptz.py`: it never waits. Not optimistic: a first move goes out
when the server has said yes (one request on a connection that is open since the camera was selected),
so that two consoles never move one camera; whoever has the lock moves on without asking. Where the
server gives no answer for PATIENCE_S, the locks of this workstation count alone, and it is said so.

Two threads: one watches (a long poll for the cameras that matter), one makes the steps.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from app.domain import control
from app.domain.control import Claim, Lock, Refused, Want
from app.sync.protocol import SyncError
from app.sync.status import NetworkError

log = logging.getLogger(__name__)

PATIENCE_S = 1.0
"""So long a first move waits for the server."""
RENEW_S = 2.0
"""Who goes on moving tells the server so often."""
WATCH_S = 10.0
GATE_S = 0.01
"""How often `take` looks whether the server has answered."""
STEP_TIMEOUT_S = 5.0
AWAY_S = 2.0
"""After no answer the server is tried again so soon."""
NOT_PERMITTED = "not_permitted"
"""What the gate answers where the person may not steer (any more)."""


class Line(Protocol):
    """A connection to the server's API, below `/api/`. Raises NetworkError and SyncError."""

    again: bool

    def call(self, method: str, path: str, body: bytes, timeout_s: float) -> bytes: ...
    def cancel(self) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Steerer:
    """Somebody as others see them."""

    person: str
    organisation: str = ""
    console: str = ""
    priority: int = control.ALONE

    @property
    def name(self) -> str:
        """With the organisation, where there is one."""
        return f"{self.person} ({self.organisation})" if self.organisation else self.person


@dataclass(frozen=True, slots=True)
class Standing:
    """How the control of a camera stands. Times are of `time.monotonic`; 0 is none."""

    camera_id: str
    rev: int = -1
    holder: Steerer | None = None
    mine: bool = False
    until: float = 0.0
    stated: bool = False
    asker: Steerer | None = None
    asked_by_me: bool = False
    asked_why: str = ""
    kept_until: float = 0.0
    my_priority: int = control.ALONE
    before: Steerer | None = None
    was_mine: bool = False
    ended: str = ""
    ended_why: str = ""
    permitted: bool = True
    known: bool = False
    unknown: bool = False
    """The server has no such camera (yet): this workstation's own lock counts."""
    here: bool = False
    """Whoever has it was signed in at this workstation."""
    since: datetime | None = None
    """When the holder took it, aware UTC."""
    returning: bool = False
    """A console has it for the way back: whoever moves it takes it."""
    alone: bool = False
    """The server does not answer: others may steer too."""

    def left_s(self) -> float:
        """Seconds until the lock runs out by itself."""
        return max(0.0, self.until - time.monotonic()) if self.holder is not None else 0.0

    @property
    def may_take_over(self) -> bool:
        """Whether this person's priority is above the holder's."""
        return self.holder is not None and not self.mine and self.my_priority > self.holder.priority


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of what became of a camera's control; `at` is aware UTC."""

    at: datetime
    event: str
    who: Steerer
    other: Steerer | None
    why: str
    seconds: float


class StepError(Exception):
    """A step that was refused (`code` as the server's) or that did not get an answer (`network`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Owed:
    """A camera whose console is gone and that is to be sent back."""

    camera: str
    back: str
    at: str


Done = Callable[[StepError | None], None]


@dataclass(frozen=True, slots=True)
class _Step:
    camera: str
    want: Want | None  # None: only look; without a camera, at what is owed
    seconds: float = 0.0
    why: str = ""
    done: Done = lambda _: None


class Controls:
    """The locks of this console. Thread-safe; nothing here waits but `take`, `log` and `close`."""

    def __init__(
        self,
        tell: Callable[[str], None] = lambda _: None,
        lost: Callable[[str, str], None] = lambda _, __: None,
        freed: Callable[[str], None] = lambda _: None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """All are called on threads of this object: `tell` when a camera's standing changed;
        `lost` (camera, who has it) at once when another has what this console had; `freed` when it
        was given back or ran out here, and nobody else has it."""
        self.tell, self.lost, self.freed = tell, lost, freed
        self.found_owed: Callable[[list[Owed]], None] = lambda _: None
        """Called on a thread of this object with the answer to `look_for_owed`."""
        self._clock = clock
        self._backs: dict[str, str] = {}
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._states: dict[str, Standing] = {}
        self._asked: dict[str, float] = {}
        self._renewed: dict[str, float] = {}
        self._selected: str | None = None
        self._me = Claim("", "")
        self._local: dict[str, Lock] = {}
        self._entries: deque[tuple[str, LogLine]] = deque(maxlen=200)
        self._open: Callable[[], Line] | None = None
        self._round = self._cancels = 0
        self._away = False
        self._watch_line: Line | None = None
        self._steps: queue.SimpleQueue[_Step | None] = queue.SimpleQueue()
        self._ended = False
        self._threads = [
            threading.Thread(target=self._watch, name="control-watch", daemon=True),
            threading.Thread(target=self._work, name="control-step", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    # -- who works here

    def use(self, person: str, line: Callable[[], Line] | None = None) -> None:
        """Somebody works here now; `line` opens a connection to the server, None works alone.

        What the one before had is forgotten here: give it back first (`give_back_all`)."""
        with self._changed:
            self._me = Claim(person, person)
            self._open, self._away = line, False
            self._round += 1
            self._local.clear()
            self._renew_all()
            self._changed.notify_all()
            self._cancel_watch()
        if self._selected is not None:
            self.select(self._selected)

    def _renew_all(self) -> None:
        cameras = list(self._states)
        self._states.clear()
        self._asked.clear()
        self._renewed.clear()
        for camera in cameras:
            self._tell(camera)

    def select(self, camera: str | None) -> None:
        """The camera that is looked at: its lock is watched."""
        with self._changed:
            self._selected = camera
            if camera is not None and self._open is not None:
                self._steps.put(_Step(camera, None))
            self._changed.notify_all()
            self._cancel_watch()

    def _cancel_watch(self) -> None:
        self._cancels += 1
        if self._watch_line is not None:
            self._watch_line.cancel()

    # -- the gate

    def may(self, camera: str) -> str | None:
        """Whether this console may move a camera now: "" yes, None not known yet, else who steers
        it. Takes the lock where it is free. Never waits."""
        now = time.monotonic()
        with self._lock:
            if self._open is None or self._away:
                return self._may_alone(camera)
            state = self._states.get(camera, Standing(camera))
            if state.mine and not state.returning and state.left_s() > 0:
                if now - self._renewed.get(camera, 0.0) >= RENEW_S:
                    self._renewed[camera] = now
                    self._steps.put(_Step(camera, Want.MOVE))
                return ""
            if state.known and not state.permitted:
                return NOT_PERMITTED
            if state.unknown:
                return self._may_alone(camera)
            others = state.holder is not None and not state.mine and not state.here
            others = others and not state.returning
            if others and state.holder is not None and state.left_s() > 0:
                return state.holder.name
            asked = self._asked.get(camera)
            if asked is None:
                self._asked[camera] = self._renewed[camera] = now
                self._steps.put(_Step(camera, Want.MOVE))
                return None
            if now - asked < PATIENCE_S:
                return None
            self._gone()
            return self._may_alone(camera)

    def take(self, camera: str) -> str:
        """As `may`, but waits until it is known: at most PATIENCE_S, then this workstation's own
        lock counts."""
        while (answer := self.may(camera)) is None:
            time.sleep(GATE_S)
        return answer

    def _may_alone(self, camera: str) -> str:
        before = self._local.get(camera, Lock())
        try:
            self._step_here(camera, Want.MOVE)
        except StepError:
            holder = self._local.get(camera, before).holder
            return holder.person if holder is not None else NOT_PERMITTED
        return ""

    def _step_here(self, camera: str, want: Want, seconds: float = 0.0, why: str = "") -> None:
        """A step of this workstation's own lock. Raises StepError."""
        freed = False
        with self._lock:
            before, now = self._local.get(camera, Lock()), self._clock()
            error = None
            try:
                lock, entries = control.step(
                    before, self._me, want, now, seconds=seconds, why=why,
                    back=self._backs.get(camera, ""),
                )  # fmt: skip
            except Refused as refused:
                error = StepError(refused.why.value)
                lock, entries = control.settle(before, now)
            self._local[camera] = lock
            for e in entries:
                line = LogLine(e.at, e.event.value, _steerer(e.who) or Steerer(""),
                               _steerer(e.other), e.why, e.seconds)  # fmt: skip
                self._entries.appendleft((camera, line))
            if lock.rev != before.rev:
                self._tell(camera)
            freed = want is Want.GIVE_BACK and error is None and lock.holder is None
            freed = freed and not before.returning
        if freed:
            with suppress(Exception):
                self.freed(camera)
        if error is not None:
            raise error

    # -- steps

    def step(
        self, camera: str, want: Want, *, seconds: float = 0.0, why: str = "",
        done: Done = lambda _: None,
    ) -> None:  # fmt: skip
        """Make a step; `done` is told how it went, on a thread of this object."""
        self._steps.put(_Step(camera, want, seconds, why, done))

    def set_back(self, camera: str, back: str) -> None:
        """What a camera does once it is let go of here; "" stays. Others see to it when this console
        is gone."""
        with self._lock:
            changed = self._backs.get(camera, "") != back
            self._backs[camera] = back
            mine = self.standing(camera).mine and not self.standing(camera).returning
        if changed and mine:
            self._steps.put(_Step(camera, Want.MOVE))

    def owe(self, camera: str, back: str) -> None:
        """Without a server: an earlier run let go of this camera without sending it back."""
        with self._lock:
            if self._open is None and camera not in self._local:
                self._local[camera] = Lock(back=back, owed_at=self._clock())

    def look_for_owed(self) -> None:
        """Ask the server, where it answers, which cameras are to be sent back."""
        if self._open is not None and not self._away:
            self._steps.put(_Step("", None))

    def give_back_all(self, wait_s: float = 0.0) -> None:
        """Let go of every camera, and wait so long for the server to know."""
        with self._lock:
            mine = [c for c, s in self._states.items() if s.mine]
            self._local.clear()
            open_now = self._open is not None and not self._away
        if not mine or not open_now:
            return
        told = threading.Semaphore(0)
        for camera in mine:
            self.step(camera, Want.GIVE_BACK, done=lambda _: told.release())
        deadline = time.monotonic() + wait_s
        for _ in mine:
            told.acquire(timeout=max(0.0, deadline - time.monotonic()))

    @property
    def shared(self) -> bool:
        """Whether there is a server, answering or not."""
        return self._open is not None

    def standing(self, camera: str) -> Standing:
        """How it stands, as far as this console knows."""
        with self._lock:
            if self._open is not None and not self._away:
                return self._states.get(camera, Standing(camera))
            return self._here(camera)

    def tick(self) -> None:
        """Let run out what has no server to see to it."""
        with self._lock:
            if self._open is not None and not self._away:
                return
            over = []
            for camera, lock in self._local.items():
                settled, _ = control.settle(lock, self._clock())
                if settled.rev != lock.rev:
                    self._local[camera] = settled
                    over.append((camera, lock.returning))
        for camera, returning in over:
            if not returning:
                with suppress(Exception):
                    self.freed(camera)
            self._tell(camera)

    def _here(self, camera: str) -> Standing:
        lock = self._local.get(camera, Lock())
        mine = self._me.same(lock.holder)
        left = lock.left_s(self._clock())
        return Standing(
            camera, lock.rev, _steerer(lock.holder), mine,
            time.monotonic() + left if left else 0.0, lock.stated, known=True,
            my_priority=self._me.priority, alone=self._open is not None, ended=lock.ended,
            since=lock.since, returning=lock.returning,
        )  # fmt: skip

    def log(self, camera: str) -> list[LogLine]:
        """What became of a camera's control, the newest first. Waits for the server; what happened
        here without it is in it as well. Raises StepError."""
        with self._lock:
            here = [line for c, line in self._entries if c == camera]
            opens = self._open if not self._away else None
        if opens is None:
            return here
        line = opens()
        try:
            data = line.call("GET", f"cameras/{camera}/control/log", b"", STEP_TIMEOUT_S)
        except NetworkError:
            return here
        except SyncError as error:
            raise StepError(error.code) from error
        finally:
            line.close()
        found = [_log_line(item) for item in json.loads(data)["items"]]
        return sorted(found + here, key=lambda entry: entry.at, reverse=True)

    def close(self) -> None:
        """Give everything back, shortly, and end."""
        self.tell, self.lost, self.freed = (lambda _: None), (lambda _, __: None), (lambda _: None)
        self.give_back_all(0.7)
        with self._changed:
            self._ended = True
            self._round += 1
            self._changed.notify_all()
            self._cancel_watch()
        self._steps.put(None)
        for thread in self._threads:
            thread.join(1.0)

    # -- what comes in

    def _tell(self, camera: str) -> None:
        with suppress(Exception):  # a listener that fails must not keep a move from being ended
            self.tell(camera)

    def _take_in(self, item: dict[str, Any], round_: int) -> None:
        camera = str(item["camera_id"])
        now = time.monotonic()
        new = Standing(
            camera, int(item["rev"]), _from(item["holder"]), bool(item["mine"]),
            now + float(item["seconds_left"]), bool(item["stated"]), _from(item["asker"]),
            bool(item["asked_by_me"]), str(item["asked_why"]),
            now + float(item["kept_s"]) if item["kept_s"] else 0.0, int(item["my_priority"]),
            _from(item["before"]), bool(item["was_mine"]), str(item["ended"]),
            str(item["ended_why"]), known=True, here=bool(item["here"]),
            since=datetime.fromisoformat(item["since"]) if item["since"] else None,
            returning=bool(item["returning"]),
        )  # fmt: skip
        with self._lock:
            if round_ != self._round:
                return
            old = self._states.get(camera, Standing(camera))
            if new.rev < old.rev:
                return  # an answer that was overtaken
            local = self._local.pop(camera, None)
            had = old.mine or (local is not None and self._me.same(local.holder))
            self._states[camera] = new
            self._asked.pop(camera, None)
        if had and not new.mine and new.holder is not None:
            self._lose(camera, new.holder.name)
        elif old.mine and not old.returning and new.holder is None and new.was_mine:
            with suppress(Exception):
                self.freed(camera)
        self._tell(camera)

    def _unseen(self, camera: str, round_: int, *, unknown: bool = False) -> None:
        """Not in the server's answer: not permitted any more, or not there (yet). Which of them, the
        next step tells (`unknown`)."""
        with self._lock:
            if round_ != self._round:
                return
            old = self._states.get(camera, Standing(camera))
            if old.permitted and not old.mine:
                self._states[camera] = Standing(
                    camera, known=True, unknown=unknown or old.unknown,
                    my_priority=old.my_priority,
                )  # fmt: skip
                self._asked.pop(camera, None)
        if old.mine:
            self._forbidden(camera, round_)
        elif old.rev >= 0 or not old.known or (unknown and not old.unknown):
            self._tell(camera)

    def _forbidden(self, camera: str, round_: int) -> None:
        with self._lock:
            if round_ != self._round:
                return
            had = self._states.get(camera, Standing(camera)).mine
            self._states[camera] = Standing(camera, permitted=False, known=True)
            self._asked.pop(camera, None)
        if had:
            self._lose(camera, NOT_PERMITTED)
        self._tell(camera)

    def _lose(self, camera: str, to: str) -> None:
        try:
            self.lost(camera, to)
        except Exception as error:
            log.error("the loss of a camera was not taken: %s", type(error).__name__)

    def _gone(self) -> None:
        """The server does not answer: what this console had goes on as its own."""
        with self._lock:
            if self._away or self._open is None:
                return
            self._away = True
            self._asked.clear()
            for camera, state in self._states.items():
                if state.mine and state.left_s() > 0:
                    with suppress(StepError):
                        self._step_here(camera, Want.MOVE)
            cameras = {*self._states, *([self._selected] if self._selected else ())}
        for camera in cameras:
            self._tell(camera)

    def _back(self) -> None:
        with self._lock:
            was, self._away = self._away, False
            cameras = {*self._states, *([self._selected] if self._selected else ())}
        if was:
            for camera in cameras:
                self._tell(camera)

    # -- threads

    def _work(self) -> None:
        line: Line | None = None
        round_ = -1
        while (step := self._steps.get()) is not None:
            with self._lock:
                opens, now_round, away = self._open, self._round, self._away
            if line is not None and round_ != now_round:
                line.close()
                line = None
            round_ = now_round
            error: StepError | None = None
            try:
                if opens is None or away:
                    if step.want is not None:
                        self._step_here(step.camera, step.want, step.seconds, step.why)
                        self._tell(step.camera)
                else:
                    if line is None:
                        line = opens()
                    self._ask(line, step, round_)
            except StepError as refused:
                error = refused
            except NetworkError:
                error = StepError("network")
                self._gone()
            except SyncError as refused:
                error = StepError(refused.code)
                if refused.problem.status == 403:
                    self._forbidden(step.camera, round_)
                elif refused.problem.status == 404:
                    self._unseen(step.camera, round_, unknown=True)
                elif refused.problem.status != 409:
                    self._gone()
                with self._lock:
                    self._asked.pop(step.camera, None)
            except Exception as unforeseen:
                log.error("control: %s", type(unforeseen).__name__)
                error = StepError("network")
            with suppress(Exception):
                step.done(error)
        if line is not None:
            line.close()

    def _ask(self, line: Line, step: _Step, round_: int) -> None:
        if not step.camera:
            self._look_for_owed(line)
            return
        if step.want is None:
            self._look(line, [step.camera], 0.0, round_)
            return
        body: dict[str, Any] = {"want": step.want.value}
        if step.want in (Want.MOVE, Want.HOLD, Want.TAKE_OVER):
            body["back"] = self._backs.get(step.camera, "")
        if step.seconds:
            body["seconds"] = step.seconds
        if step.why:
            body["why"] = step.why
        path = f"cameras/{step.camera}/control"
        try:
            data = line.call("POST", path, json.dumps(body).encode(), STEP_TIMEOUT_S)
        except SyncError as error:
            if error.problem.status == 409:
                self._look(line, [step.camera], 0.0, round_)  # why it was refused, shows
            raise
        self._take_in(json.loads(data), round_)

    def _look_for_owed(self, line: Line) -> None:
        # No answer means nothing here: whether the server is there is for the watch to say.
        with suppress(NetworkError, SyncError):
            data = line.call("GET", "control/owed", b"", STEP_TIMEOUT_S)
            items = json.loads(data)["items"]
            self.found_owed([Owed(i["camera_id"], i["back"], i["at"]) for i in items])

    def _look(self, line: Line, cameras: list[str], wait: float, round_: int) -> None:
        with self._lock:
            seen = [(c, self._states[c].rev if c in self._states else -1) for c in cameras]
        query = urlencode([*(("seen", f"{c}:{rev}") for c, rev in seen), ("wait", wait)])
        data = line.call("GET", f"control?{query}", b"", wait + STEP_TIMEOUT_S)
        items = json.loads(data)["items"]
        for item in items:
            self._take_in(item, round_)
        for camera in set(cameras) - {str(item["camera_id"]) for item in items}:
            self._unseen(camera, round_)

    def _wanted(self) -> list[str]:
        """Cameras that are watched: the selected one, and what is held here."""
        mine = [c for c, s in self._states.items() if s.mine and s.left_s() > -5]
        return list(dict.fromkeys([*([self._selected] if self._selected else ()), *mine]))[:16]

    def _watch(self) -> None:
        line: Line | None = None
        round_, failed = -1, 0
        while True:
            with self._changed:
                while not self._ended and (self._open is None or not self._wanted()):
                    self._changed.wait()
                if self._ended:
                    break
                cameras, opens, now_round = self._wanted(), self._open, self._round
                away, cancels = self._away, self._cancels
            try:
                if line is not None and round_ != now_round:
                    line.close()
                    line = None
                if line is None:
                    assert opens is not None
                    line = opens()
                    line.again = False
                round_ = now_round
                with self._lock:
                    self._watch_line = line
                    # Set after the choice was made, so that a change since then is not waited out.
                    same = cancels == self._cancels
                    states = [self._states.get(c) for c in cameras]
                known = all(s is not None and s.permitted and s.rev >= 0 for s in states)
                self._look(line, cameras, WATCH_S if same and known and not away else 0.0, round_)
                failed = 0
                self._back()
                if not known:
                    with self._changed:
                        self._changed.wait(0.2 if any(s is None for s in states) else AWAY_S)
            except NetworkError:
                failed = failed + 1 if cancels == self._cancels else 0
                if failed > 1:  # the first may be a connection that grew old
                    self._gone()
                    self._pause()
            except SyncError as error:
                log.info("control: %s", error.code)
                self._gone()
                self._pause()
            except Exception as error:
                log.error("control: %s", type(error).__name__)
                self._pause()
            finally:
                with self._lock:
                    self._watch_line = None
        if line is not None:
            line.close()

    def _pause(self) -> None:
        with self._changed:
            if not self._ended:
                self._changed.wait(AWAY_S)


def _steerer(claim: Claim | None) -> Steerer | None:
    if claim is None:
        return None
    return Steerer(claim.person, claim.organisation, claim.console, claim.priority)


def _from(values: dict[str, Any] | None) -> Steerer | None:
    if values is None:
        return None
    return Steerer(str(values["person"]), str(values["organisation"]), str(values["console"]),
                   int(values["priority"]))  # fmt: skip


def _log_line(item: dict[str, Any]) -> LogLine:
    return LogLine(
        datetime.fromisoformat(item["at"]),
        str(item["event"]),
        _from(item["who"]) or Steerer(""),
        _from(item["other"]),
        str(item["why"]),
        float(item["seconds"]),
    )
