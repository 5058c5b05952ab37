"""What is done with the wall and its tiles, as menus and keys ask: layout, zoom, sound, pictures, replay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QFileDialog,
)

from app.domain.layout import Layout, View
from app.evidence.keys import TRUSTED_FOLDER
from app.ui.evidence import open_folder
from app.ui.wall import WallWidget
from app.ui.zoom import Aspect

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow
    from app.ui.player import PlayerWindow

MANY_TILES = 16
"""Above this the client says what the studies say (domain reference 7.2); it does not forbid."""


class WallCommands(QObject):
    """Part of one `MainWindow`, which has the cameras, walls and desks."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._before: list[View] = []
        self._players: list[PlayerWindow] = []

    def select_tile(self, index: int, wall: WallWidget) -> None:
        """A tile called by its number."""
        count = len(wall.view().cameras)
        if 0 <= index < count:
            wall.select(index)
        else:
            self._window.notice.say(
                self.tr("This layout has tiles 1 to {count}.").format(count=count)
            )

    def step_tile(self, step: int) -> None:
        """The joystick's buttons: the next tile, after the last one the first."""
        wall = self._window.active
        wall.select((wall.selected + step) % len(wall.view().cameras))

    def call_preset(self, number: int) -> None:
        if self._window.ptz.preset_name(number) is None:
            self._window.notice.say(
                self.tr("This camera has no preset {number}.").format(number=number)
            )
        else:
            self._window.ptz.go_to_number(number)

    def remember(self) -> None:
        self._before = [*self._before[-19:], self._window.wall.view()]

    def undo(self) -> None:
        if self._before:
            self._window.wall.set_view(self._before.pop())

    def set_layout(self, layout: Layout) -> None:
        before = self._window.wall.view()
        self.remember()
        self._window.wall.set_layout(layout)
        self._window.menus.check_layout()
        lost = sum(c is not None for c in before.cameras) - sum(
            c is not None for c in self._window.wall.view().cameras
        )
        if lost > 0:
            text = self.tr("%n camera(s) have no tile in this layout.", "", lost)
            self._window.notice.say(
                text,
                self.tr("Undo"),
                lambda: self._window.wall.set_view(before),
            )
        else:
            self._window.forecaster.announce(
                self._window.wall.view(), self._window.source, self._many_tiles
            )

    def _many_tiles(self) -> None:
        if len(self._window.wall.view().layout.cells) > MANY_TILES:
            self._window.notice.say(
                self.tr("More than 16 tiles: studies find that much is missed on so many.")
            )

    def clear(self) -> None:
        index = self._window.wall.selected
        if self._window.wall.camera_at(index) is None:
            return
        before = self._window.wall.view()
        self.remember()
        self._window.wall.clear(index)
        self._window.notice.say(
            self.tr("Tile cleared."),
            self.tr("Undo"),
            lambda: self._window.wall.set_view(before),
        )

    def maximise(self) -> None:
        self._window.wall.maximise(
            None if self._window.wall.maximised is not None else self._window.wall.selected
        )

    def retry(self) -> None:
        camera = self._window.wall.camera_at(self._window.wall.selected)
        if camera is not None:
            self._window.engine.retry(camera)

    def next_aspect(self) -> None:
        shapes = list(Aspect)
        wall = self._window.active
        wall.set_aspect(shapes[(shapes.index(wall.aspect) + 1) % len(shapes)])
        name = {
            Aspect.FIT: self.tr("fit: all of the picture"),
            Aspect.FILL: self.tr("fill: the edges are cut"),
            Aspect.STRETCH: self.tr("stretch: the shape is distorted"),
        }[wall.aspect]
        self._window.notice.say(self.tr("Picture shape: {name}").format(name=name))

    def toggle_spot(self) -> None:
        wall = self._window.active
        if wall is self._window.wall:
            self.remember()
        here = wall.selected
        wall.set_spot(None if wall.view().spot == here else here)

    def toggle_sound(self) -> None:
        self._window.sound.toggle(self._window.active.camera_at(self._window.active.selected))
        self.sound_changed()  # an action that was pressed for an empty tile is not checked

    def sound_changed(self) -> None:
        status = self._window.sound.status
        here = self._window.active.camera_at(self._window.active.selected)
        self._window.menus.actions["sound"].setChecked(
            here is not None and here == status.camera_id
        )
        self._window.menus.actions["mute"].setChecked(status.muted)
        self._window.menus.actions["mute"].setEnabled(status.camera_id is not None)
        self._window.menus.sound_place.setVisible(status.camera_id is not None)
        row = self._window.rows.get(status.camera_id or "")
        self._window.menus.sound_control.set_name(
            row.title(self._window.language.current) if row else ""
        )

    def silent(self, camera: str, text: str) -> None:
        row = self._window.rows.get(camera)
        name = row.title(self._window.language.current) if row else camera
        self._window.notice.say(f"{name}: {text}", kind="warning")

    def save_volume(self) -> None:
        volume = self._window.sound.status.volume
        self._window.background(lambda: self._window.store.set_setting("volume", volume))

    def use_hardware(self) -> None:
        """Streams opened from now on; kept for the next start."""
        on = self._window.menus.actions["hardware"].isChecked()
        self._window.engine.use_hardware(on)
        self._window.background(
            lambda: self._window.store.set_setting("hardware_decoding", "auto" if on else "off")
        )

    def snapshot(self) -> None:
        row = self._window.selected_row()
        if row is None:
            self._window.notice.say(self.tr("Select a tile with a camera first."))
            return
        wall = self._window.active
        tile = wall.tile_id(wall.selected) if wall.replaying(wall.selected) else ""
        self._window.evidence.snapshot(row, tile, self._window.areas.get(row.id, ()))

    def export(self, wall: WallWidget, index: int, begin: float, end: float) -> None:
        camera = wall.camera_at(index)
        row = self._window.rows.get(camera) if camera is not None else None
        if row is not None:
            self._window.evidence.export(row, begin, end, self._window.areas.get(row.id, ()))

    def evidence_told(self, kind: str, text: str, folder: Any) -> None:
        if folder is None:
            self._window.notice.say(text, kind=kind)
        elif any((folder / "video").iterdir()):
            self._window.notice.say(
                text,
                self.tr("Play"),
                lambda: self._play(folder),
                kind=kind,
            )
        else:
            self._window.notice.say(
                text,
                self.tr("Show folder"),
                lambda: open_folder(folder),
                kind=kind,
            )

    def open_recording(self) -> None:
        """A video file, or the package it lies in."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open recording"),
            str(self._window.evidence.packages),
            self.tr("Recordings (*.mp4 *.mkv *.avi *.mov *.ts);;All files (*)"),
        )
        if name:
            self._play(Path(name))

    def _play(self, path: Path) -> None:
        from app.ui.player import PlayerWindow
        from app.ui.verdict import verifier

        trusted = self._window.store.path.parent / TRUSTED_FOLDER
        player = PlayerWindow(
            path,
            verifier(trusted),
            self._window.evidence.keep_picture,
            self._window.language.current,
        )
        player.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._players.append(player)
        player.destroyed.connect(lambda: self._players.remove(player))
        player.show()

    def show_case(self) -> None:
        case = self._window.evidence.case
        text = self.tr("Case {number}: {purpose}") if case and case.number else "{purpose}"
        self._window.case_label.setText(
            text.format(number=case.number, purpose=case.purpose) if case else ""
        )
        self._window.menus.actions["end_case"].setEnabled(case is not None)

    def close_players(self) -> None:
        """With the window."""
        for player in list(self._players):
            player.close()
