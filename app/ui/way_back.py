"""The way back: what a camera does once nobody steers it, and who sees to it.

The console that let go sends the camera back. When that console is gone, another that may steer it does:
it hears from the server what is owed, and takes the control lock at the lowest priority first, so that
one console does it and whoever steers comes before it. Without a server the same console does it at its
next start.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.devices.ptz import Phase, PtzController
from app.domain.control import Want
from app.store.store import Store
from app.sync.control import Controls, Owed, StepError
from app.ui.tasks import Tasks, emit

if TYPE_CHECKING:
    from app.devices.onvif import PtzDevice

log = logging.getLogger(__name__)

RETURNS, OWED = "ptz_return", "ptz_owed"
"""Settings of this console: what each camera does afterwards; cameras turned here and not sent back."""

LOOK_MS = 15_000
"""So often a console asks for cameras whose console is gone; each at times of its own."""

OVER = ("nothing_owed", "control_held", "not_permitted")
"""Answers after which there is nothing to send back any more."""


@dataclass(frozen=True, slots=True)
class Return:
    """What a camera does once nobody steers it: "home", "preset" or "tour" (its own)."""

    kind: str
    token: str = ""

    def send(self, head: PtzDevice) -> None:
        """Have it done. Raises DeviceError."""
        match self.kind:
            case "home":
                head.home()
            case "preset":
                head.go_to_preset(self.token)
            case "tour":
                head.start_tour(self.token)

    def as_text(self) -> str:
        """As consoles tell each other."""
        return f"{self.kind}:{self.token}" if self.token else self.kind

    @classmethod
    def from_text(cls, text: str) -> Return | None:
        """What `as_text` gave; None for anything else, such as a newer console's."""
        kind, _, token = text.partition(":")
        known = kind == "home" or (kind in ("preset", "tour") and token)
        return cls(kind, token) if known else None


class WayBack(QObject):
    """Knows what cameras do afterwards, and sends them there."""

    turned = Signal(str, bool)  # camera id, whether it was sent home
    failed = Signal(str, object)  # camera id, error
    _owed_came = Signal(object)
    _leave = Signal(str, object, object)
    _done = Signal(str, object, object)

    def __init__(
        self, controls: Controls, controller: Callable[[str], PtzController],
        moving: Callable[[], str | None], tasks: Tasks, store: Store | None, parent: QObject,
    ) -> None:  # fmt: skip
        """`controller`: of a camera; `moving`: the camera that is moved from here just now."""
        super().__init__(parent)
        self._controls, self._controller, self._moving = controls, controller, moving
        self._tasks, self._store = tasks, store
        self._returns: dict[str, Return] = {}
        self._owed: dict[str, str] = {}
        self._tried: set[Owed] = set()
        """Cameras of consoles that are gone: each is tried once from here, then left to others."""
        self._owed_came.connect(self._found)
        self._leave.connect(self._send)
        self._done.connect(self._sent)
        controls.found_owed = lambda owed: emit(self._owed_came, owed)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS + random.randrange(LOOK_MS // 3))
        self._timer.timeout.connect(controls.look_for_owed)
        self._timer.start()
        self._read()

    # -- what is chosen

    def chosen(self, camera: str) -> Return | None:
        """What a camera does; None: it stays."""
        return self._returns.get(camera)

    def choose(self, camera: str, back: Return | None) -> None:
        """What a camera does from now on. Kept on this console."""
        self._returns.pop(camera, None)
        if back is not None:
            self._returns[camera] = back
        self._controls.set_back(camera, back.as_text() if back else "")
        if back is None:
            self._settled(camera)
        self._keep(RETURNS, {c: [r.kind, r.token] for c, r in self._returns.items()})

    def _keep(self, key: str, values: Any) -> None:
        store = self._store
        if store is not None:
            self._tasks.run(
                self, lambda _: store.set_setting(key, values), None,
                lambda error: log.warning("not kept: %s", error),
            )  # fmt: skip

    def _read(self) -> None:
        store = self._store
        if store is None:
            return

        def show(values: Any) -> None:
            try:
                read = {str(c): Return(str(k), str(t)) for c, (k, t) in values.items()}
            except (TypeError, ValueError, AttributeError):
                return
            self._returns = read | self._returns
            for camera, back in self._returns.items():
                self._controls.set_back(camera, back.as_text())

        self._tasks.run(self, lambda _: store.setting(RETURNS, {}), show, lambda _: None)

    # -- what is owed by this console

    def note(self, camera: str) -> None:
        """A camera was turned from here: if the program ends before it was sent back, that is known."""
        back = self._returns.get(camera)
        if back is not None and self._owed.get(camera) != back.as_text():
            self._owed[camera] = back.as_text()
            self._keep(OWED, dict(self._owed))

    def _settled(self, camera: str) -> None:
        if self._owed.pop(camera, None) is not None:
            self._keep(OWED, dict(self._owed))

    def catch_up(self) -> None:
        """At the start, without a server: what the last run did not come to."""
        store = self._store
        if store is None:
            return

        def begin(values: Any) -> None:
            if not isinstance(values, dict) or self._controls.shared:
                return
            for camera, text in values.items():
                back = Return.from_text(str(text))
                if back is not None and camera not in self._owed:
                    self._owed[str(camera)] = back.as_text()
                    self._controls.owe(str(camera), back.as_text())
                    self._begin(str(camera), back)

        self._tasks.run(self, lambda _: store.setting(OWED, {}), begin, lambda _: None)

    def forget(self) -> None:
        """With a server, it knows what is owed: somebody may have steered since."""
        self._owed.clear()
        self._keep(OWED, {})

    # -- sending

    def freed(self, camera: str) -> None:
        """This console let go of a camera, and nobody has it."""
        back = self._returns.get(camera)
        if back is not None:
            self._begin(camera, back)

    def _found(self, owed: list[Owed]) -> None:
        """Cameras of consoles that are gone."""
        for one in owed:
            back = Return.from_text(one.back)
            if back is not None and one not in self._tried:
                self._tried.add(one)
                self._begin(one.camera, back)

    def _begin(self, camera: str, back: Return) -> None:
        if camera == self._moving():
            return
        if self._controller(camera).state.phase in (Phase.STILL_MOVING, Phase.FAILED):
            return  # a person must look first
        self._controls.step(
            camera, Want.RETURN, done=lambda error: emit(self._leave, camera, back, error)
        )

    def _send(self, camera: str, back: Return, error: StepError | None) -> None:
        """The lock was taken for it, or was not."""
        if error is not None:
            if error.code in OVER:
                self._settled(camera)
            return
        standing = self._controls.standing(camera)
        if not (standing.mine and standing.returning):
            return  # somebody steers it by now

        def done(problem: Exception | None) -> None:
            emit(self._done, camera, back, problem)

        self._controller(camera).order(back.send, done, gated=False)

    def _sent(self, camera: str, back: Return, problem: Exception | None) -> None:
        if problem is not None:
            # The lock runs out by itself, and what is owed is another console's then.
            self.failed.emit(camera, problem)
            return
        self._controls.step(camera, Want.GIVE_BACK)
        own = camera in self._owed
        self._settled(camera)
        if own or back.kind == "home":
            self.turned.emit(camera, back.kind == "home")
