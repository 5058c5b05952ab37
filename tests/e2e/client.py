"""A running client and its parts, as the end-to-end tests drive it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.devices.onvif import PtzDevice
from app.domain.camera import (
    CameraDetails,
    CameraRow,
    Organisation,
    Site,
    StreamSpec,
)
from app.domain.layout import BUILT_IN, View
from app.simulator.process import Simulator
from app.store.secrets import FileSecrets
from app.store.store import Store
from app.ui import theme
from app.ui.client import Heads
from app.ui.i18n import Language
from app.ui.main_window import MainWindow
from app.ui.tasks import Tasks
from app.video.engine import VideoEngine
from app.video.types import StreamState
from tests.conftest import PATIENCE_S


class Client:
    """A running client and its parts."""

    def __init__(self, qtbot: QtBot, data: Path) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app)
        self.qtbot = qtbot
        self.language = Language()
        self.language.use("en")
        self.store = Store(data / "watchroom.db", FileSecrets(data))
        self.engine = VideoEngine(workers=2)
        self.engine.relief.on = False  # a busy test machine must not make tiles give way
        self.engine.start()
        self.tasks = Tasks()
        self.heads = Heads(self.store)
        self.window = MainWindow(self.store, self.engine, self.tasks, self.language, self.heads)
        self.wall = self.window.wall
        self.window.restore(View(BUILT_IN["2x2"]))
        self.window.show()
        self.until(lambda: not self.window._restoring)
        self.until(self.in_front)  # keys of the menus and changes of the focus need it

    def until(self, condition: Callable[[], object], timeout_s: float = PATIENCE_S) -> None:
        """Wait while the window lives on."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=int(timeout_s * 1000))

    def in_front(self) -> bool:
        """Whether the window has the keyboard; asks for it. Nobody manages windows here."""
        if not self.window.isActiveWindow():
            self.window.activateWindow()
        return self.window.isActiveWindow()

    def add(self, name: str, streams: tuple[StreamSpec, ...], account: tuple[str, str] = ("", ""),
            onvif: str = "", ptz: bool = False) -> str:  # fmt: skip
        """A camera in the database."""
        sites = self.store.sites()
        if sites:
            site = sites[0].id
        else:
            owner = self.store.save_organisation(Organisation("", "分局"))
            site = self.store.save_site(Site("", owner, "广场"))
        row = CameraRow("", name, "", None, "", "127.0.0.1", "", site, ptz, False)
        details = CameraDetails(
            row, Organisation("", ""), Site("", "", ""), streams=streams, username=account[0],
            onvif_url=onvif,
        )  # fmt: skip
        return self.store.save_camera(details, account[1])

    def add_simulated(self, simulator: Simulator, camera: str) -> str:
        """One of the simulated cameras, in the database."""
        info = simulator.camera(camera)
        account = (info.username, info.password)
        return self.add(info.name, info.streams, account, info.onvif_url, info.has_ptz)

    def state(self, camera: str) -> StreamState:
        """What the wall says of a camera."""
        return self.wall.status_of(camera).state

    def store_head(self, camera: str) -> PtzDevice:
        """The head of a camera, past the window."""
        return Heads(self.store)(camera)

    def stood_after(self, simulator: Simulator, camera: str, began: float) -> float:
        """Wait until a head stands; the seconds since `began` (monotonic) by its own clock, however
        late this process hears of it."""

        def head() -> Any:
            return simulator.state(camera)["ptz"]

        self.until(lambda: not head()["moving"])
        stood_at = head()["stood_at"]
        return float(stood_at) - began

    def until_live(self, *cameras: str, timeout_s: float = PATIENCE_S) -> None:
        """Wait for live tiles."""
        self.until(lambda: all(self.state(c) is StreamState.LIVE for c in cameras), timeout_s)

    def pixels(self, index: int) -> np.ndarray:  # type: ignore[type-arg]
        """What a person sees in a tile."""
        image = self.wall.grab(self.wall.tile_rectangle(index)).toImage()
        image = image.convertToFormat(image.Format.Format_RGB32)
        data = np.frombuffer(image.constBits(), np.uint8)
        return data.reshape(image.height(), -1, 4)[:, : image.width(), :3].astype(int)

    def close(self) -> None:
        """As a person closes it."""
        self.window.close()
        self.heads.guard.close()
        self.tasks.close()
        self.engine.close()
        self.store.close()
        self.window.deleteLater()
        self.language.use("en")
