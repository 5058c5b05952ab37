"""Says before a view is up what it will need of this computer, and who will get the substream."""

from __future__ import annotations

import os
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QMessageBox, QWidget

from app.domain.camera import CameraRow, CameraSource
from app.domain.layout import View
from app.store.store import Store
from app.ui.notice import Notice
from app.ui.tasks import Tasks
from app.ui.tile_painter import picture_box
from app.ui.wall import WallWidget
from app.video.engine import VideoEngine
from app.video.forecast import CostModel, Forecast, Machine, forecast
from app.video.types import StreamStatistics

SETTING = "video_cost"
LEARN_MS = 15_000
KEEP_EVERY = 8
"""Measurements between two writes of what was learned."""

NAMED = 6
"""Cameras named in the notice; the list has all."""


class Forecaster(QObject):
    """Owns the cost model: learns it while streams run, keeps it as a setting."""

    def __init__(
        self,
        store: Store,
        engine: VideoEngine,
        tasks: Tasks,
        wall: WallWidget,
        notice: Notice,
        language: Callable[[], str],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._store, self._engine, self._tasks = store, engine, tasks
        self._wall, self._notice, self._language = wall, notice, language
        self._window = parent
        self.model = CostModel()
        self._seen: list[StreamStatistics] = []
        self._learned = 0
        self._asked = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.learn)
        self._timer.start(LEARN_MS)
        tasks.run(self, lambda _: store.setting(SETTING), self._read, lambda _: None)

    def _read(self, value: object) -> None:
        self.model = CostModel.from_setting(value)

    def learn(self) -> None:
        """Compare what runs with what ran a while ago."""
        seen, self._seen = self._seen, self._engine.streams()
        if not self.model.learn(seen, self._seen):
            return
        self._learned += 1
        if self._learned % KEEP_EVERY == 1:
            value = self.model.to_setting()
            self._tasks.run(self, lambda _: self._store.set_setting(SETTING, value),
                            None, lambda _: None)  # fmt: skip

    def announce(
        self, view: View, sources: Callable[[str], CameraSource | None],
        otherwise: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        """Say what a view needs if it is much; else call `otherwise`.

        Sources that are not known yet are read in the background.
        """
        self._asked += 1
        asked = self._asked
        cameras = list(dict.fromkeys(c for c in view.cameras if c is not None))
        known = {c: s for c in cameras if (s := sources(c)) is not None}
        missing = [c for c in cameras if c not in known]
        store = self._store

        def read(found: dict[str, CameraSource], rows: list[CameraRow]) -> None:
            if asked != self._asked:
                return  # another view was opened meanwhile
            result = self.forecast(view, found)
            if result.tight:
                self._say(result, rows)
            else:
                otherwise()

        if not missing:
            result = self.forecast(view, known)
            if not result.tight:
                otherwise()
                return

        def work() -> tuple[dict[str, CameraSource], list[CameraRow]]:
            more = {c: s for c in missing if (s := store.source(c)) is not None}
            return known | more, store.rows(cameras)

        self._tasks.run(self, lambda _: work(), lambda answer: read(*answer), lambda _: otherwise())

    def forecast(self, view: View, sources: dict[str, CameraSource]) -> Forecast:
        """For the wall as large as it is now."""
        wall = self._wall
        ratio = wall.devicePixelRatioF()
        tiles: dict[str, tuple[int, int]] = {}
        for i, camera in enumerate(view.cameras):
            if camera is None:
                continue
            box = picture_box(wall.cell_rectangle(view.layout, i))
            size = int(box.width() * ratio), int(box.height() * ratio)
            if size[0] * size[1] > tiles.get(camera, (0, 0))[0] * tiles.get(camera, (0, 0))[1]:
                tiles[camera] = size
        selected = view.cameras[wall.selected] if wall.selected < len(view.cameras) else None
        return forecast(
            sources.values(), tiles, Machine(os.cpu_count() or 1), self.model,
            {selected} if selected else (),
        )  # fmt: skip

    def _say(self, result: Forecast, rows: list[CameraRow]) -> None:
        titles = {r.id: r.title(self._language()) for r in rows}
        names = [titles.get(c, c) for c in result.dropped]
        needs = self.tr("This view needs {percent} % of this computer.").format(
            percent=result.percent
        )
        if not names:
            what = self.tr("While it is short of power, tiles that are not selected skip pictures.")
            self._notice.say(f"{needs} {what}", kind="warning")
            return
        what = self.tr("%n camera(s) will probably drop to the small stream:", "", len(names))
        some = self.tr(", ").join(names[:NAMED])
        if len(names) > NAMED:
            some += self.tr(" and %n more", "", len(names) - NAMED)

        def show() -> None:
            box = QMessageBox(self._window)
            box.setWindowTitle(self.tr("Cost of this view"))
            box.setText(f"{needs}\n{what}")
            box.setInformativeText("\n".join(names))
            box.setModal(False)
            box.show()

        self._notice.say(f"{needs} {what} {some}", self.tr("List"), show, kind="warning")
