"""Presets that the panel has read: there when the camera does not tell them."""

from __future__ import annotations

from typing import Any

from pytestqt.qtbot import QtBot

from app.devices.errors import DeviceError, ErrorCode
from app.devices.ptz import Preset
from app.store.presets import kept
from app.store.store import Store
from app.ui.ptz_panel import PtzPanel
from app.ui.tasks import Tasks


class Head:
    """A camera that tells its presets, or does not answer."""

    def __init__(self) -> None:
        self.there = True
        self.list = [Preset("t1", "大门"), Preset("t2", "")]
        self.called: list[str] = []

    def presets(self) -> list[Preset]:
        if not self.there:
            raise DeviceError(ErrorCode.TIMEOUT, "no answer")
        return self.list

    def go_to_preset(self, token: str) -> None:
        self.called.append(token)

    def status(self) -> Any:
        raise DeviceError(ErrorCode.NOT_SUPPORTED, "no status")

    def stop(self) -> None: ...


def test_presets_are_listed_and_called_though_the_camera_does_not_tell_them(
    qtbot: QtBot, store: Store
) -> None:
    head, tasks = Head(), Tasks()
    row = next(c for c in store.cameras() if c.has_ptz)

    def panel() -> PtzPanel:
        made = PtzPanel(lambda _, **__: head, tasks, store=store)  # type: ignore[arg-type]
        qtbot.addWidget(made, before_close_func=lambda _: made.close_all())
        made.set_camera(row, row.name)
        return made

    first = panel()
    qtbot.waitUntil(lambda: first.preset_name(2) == "t2")
    qtbot.waitUntil(lambda: len(kept(store, row.id)) == 2)
    head.there = False
    second = panel()
    qtbot.waitUntil(lambda: second.preset_name(1) == "大门", timeout=6000)
    second.go_to_number(2)
    qtbot.waitUntil(lambda: head.called == ["t2"], timeout=6000)
    # What the camera has no more is not listed any more.
    head.there, head.list = True, [Preset("t2", "码头")]
    third = panel()
    qtbot.waitUntil(lambda: third.preset_name(1) == "码头", timeout=6000)
    qtbot.waitUntil(lambda: [p.token for p in kept(store, row.id)] == ["t2"], timeout=6000)
    tasks.close()
