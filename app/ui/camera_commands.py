"""Cameras: find, add, set up, accept, compare, change and remove them, as menus and keys ask."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QMessageBox,
)

from app.domain.camera import CameraRow
from app.domain.layout import View
from app.domain.permission import Permission
from app.store.pins import StoredPins

if TYPE_CHECKING:
    from app.ui.acceptance import Subject
    from app.ui.device_review import DeviceReviewDialog
    from app.ui.discovery import DiscoveryDialog
    from app.ui.exchange import ExportDialog, ImportDialog
    from app.ui.main_window import MainWindow


class CameraCommands(QObject):
    """Part of one `MainWindow`, which has the cameras, walls and desks."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._discovery: DiscoveryDialog | None = None

    def show_file(self, camera: str | None) -> None:
        from app.ui.asset_file import AssetFileDialog

        if camera is not None:
            dialog = AssetFileDialog(
                self._window.store,
                self._window.tasks,
                camera,
                self._window.language.current,
                self._window,
            )
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.show()
            dialog.activateWindow()

    def import_register(self) -> None:
        from app.ui.exchange import ImportDialog

        self._open_exchange(ImportDialog)

    def export_register(self) -> None:
        from app.ui.exchange import ExportDialog

        self._open_exchange(ExportDialog)

    def review_devices(self) -> None:
        from app.ui.device_review import DeviceReviewDialog

        self._open_exchange(DeviceReviewDialog)

    def _open_exchange(
        self, kind: type[ImportDialog] | type[ExportDialog] | type[DeviceReviewDialog]
    ) -> None:
        dialog = kind(
            self._window.store, self._window.tasks, self._window.language.current, self._window
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def show_definitions(self) -> None:
        from app.ui.definitions import DefinitionsDialog

        who = self._window.office.identity
        may = who is None or Permission.ADMINISTER in who.permissions
        dialog = DefinitionsDialog(
            self._window.store,
            self._window.tasks,
            self._window.language.current,
            self._window.session.settings.operator,
            may=may,
            parent=self._window,
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def edit_masks(self) -> None:
        from app.ui.masks import MaskDialog

        row = self._window.selected_row()
        picture = self._window.engine.picture(row.id) if row is not None else None
        if row is None or picture is None:
            self._window.notice.say(
                self.tr(
                    "Open the camera in a tile first: areas are drawn over its picture.",
                )
            )
            return
        image = QImage(
            picture.data, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB32
        ).copy()
        title, camera = row.title(self._window.language.current), row.id
        dialog = MaskDialog(title, image, self._window.areas.get(camera, ()), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def save() -> None:
            areas = dialog.areas
            self._window.background(lambda: self._window.store.set_masks(camera, areas))

        dialog.accepted.connect(save)
        dialog.open()

    def add_camera(self) -> None:
        self._open_dialog(None)

    def find_cameras(self) -> None:
        if self._discovery is None:
            from app.ui.discovery import DiscoveryDialog

            self._discovery = DiscoveryDialog(
                self._window.store,
                self._window.tasks,
                StoredPins(self._window.store),
                lambda: self._window.language.current,
                self._window,
                person=lambda: self._window.session.settings.operator,
                console=lambda: self._window.session.settings.console,
            )
            self._discovery.added.connect(self._cameras_found)
        self._discovery.show()
        self._discovery.raise_()
        self._discovery.activateWindow()

    def _cameras_found(self, ids: list[str]) -> None:
        if ids:
            self._window.notice.say(
                self.tr("%n camera(s) added", "", len(ids)),
                self.tr("Set up…"),
                lambda: self.set_up(ids),
            )

    def set_up(self, ids: Iterable[str | None]) -> None:
        self._window.bulk.open([camera for camera in ids if camera])

    def commission(self, camera: str | None) -> None:
        """The acceptance of a camera: what is measured, decided and signed."""

        def show(row: CameraRow, subject: Subject) -> None:
            from app.ui.commissioning import CommissioningWindow

            window = CommissioningWindow(
                self._window.store,
                self._window.desk.logbook,
                self._window.tasks,
                row,
                subject,
                lambda: self._window.session.settings.operator,
                lambda: self._window.session.settings.console,
                self._window,
                language=self._window.language.current,
                tickets=self._window.faults.tickets,
                person=self._window.faults.who,
            )
            window.compare_asked.connect(self.compare)
            window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            window.show()
            window.activateWindow()

        self._with_subject(
            camera,
            self.tr("Choose the camera that is to be accepted."),
            show,
        )

    def compare(self, camera: str | None) -> None:
        """A camera beside what was accepted: has it moved?"""

        def show(row: CameraRow, subject: Subject) -> None:
            from app.ui.comparing import CompareWindow

            window = CompareWindow(
                self._window.store,
                self._window.desk.logbook,
                self._window.tasks,
                row,
                subject,
                self._window.language.current,
                self._window,
            )
            window.fault_asked.connect(self._window.faults.report)
            window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            window.show()
            window.activateWindow()

        self._with_subject(
            camera,
            self.tr("Choose the camera that is to be compared."),
            show,
        )

    def _with_subject(
        self, camera: str | None, missing: str, show: Callable[[CameraRow, Subject], None]
    ) -> None:
        """Read a camera and what is needed to measure it; it need not be on the wall."""
        if camera is None:
            self._window.notice.say(missing)
            return

        def read() -> tuple[CameraRow, Subject | None] | None:
            from app.ui.acceptance import subject_of

            rows = self._window.store.rows([camera])
            head = functools.partial(self._window.connect_ptz, camera)
            return (rows[0], subject_of(self._window.store, rows[0], head)) if rows else None

        def done(found: tuple[CameraRow, Subject | None] | None) -> None:
            if found is None or found[1] is None:
                self._window.notice.say(missing)
            else:
                show(found[0], found[1])

        self._window.background(read, done)

    def edit(self, camera: str | None) -> None:
        if camera is not None:
            self._open_dialog(camera)

    def _open_dialog(self, camera: str | None) -> None:
        def read() -> Any:
            store = self._window.store
            details = store.camera(camera) if camera else None
            return (store.organisations(), store.sites()), details

        def show(answer: Any) -> None:
            from app.ui.camera_dialog import CameraDialog

            places, details = answer
            dialog = CameraDialog(
                self._window.store,
                self._window.tasks,
                places,
                details,
                self._window.language.current,
                self._window,
            )
            dialog.accepted.connect(lambda: self._saved(dialog.saved_id, new=camera is None))
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

        self._window.background(read, show)

    def _saved(self, camera: str, *, new: bool) -> None:
        """A new camera goes on the wall if there is room: one wants to see what one added."""
        cameras = self._window.active.view().cameras
        if new and None in cameras:
            here = self._window.active.selected
            free = here if cameras[here] is None else cameras.index(None)
            self._window.dropped(free, [camera])

    def remove(self, camera: str | None) -> None:
        if camera is None:
            return

        def ask(rows: list[CameraRow]) -> None:
            if not rows:
                return
            name = rows[0].title(self._window.language.current)
            question = self.tr(
                "Remove “{name}” from this workstation? It leaves the wall and all views.",
            )
            answer = QMessageBox.question(
                self._window,
                self.tr("Remove camera"),
                question.format(name=name),
            )
            if answer == QMessageBox.StandardButton.Yes:
                before = (
                    self._window.wall.view()
                )  # now: the wall may hear of the removal before we do
                self._window.background(
                    lambda: self._window.store.remove_camera(camera),
                    lambda _: self._removed(camera, name, before),
                )

        self._window.background(lambda: self._window.store.rows([camera]), ask)

    def _removed(self, camera: str, name: str, before: View) -> None:
        self._window.take_off(camera)
        self._window.thumbnails.forget(camera)

        def undo() -> None:
            self._window.background(
                lambda: self._window.store.restore_camera(camera),
                lambda _: self._window.wall.set_view(before),
            )

        text = self.tr("“{name}” was removed.").format(name=name)
        self._window.notice.say(text, self.tr("Undo"), undo)

    def toggle_favourite(self, camera: str | None) -> None:
        if camera is None:
            return

        def write() -> None:
            rows = self._window.store.rows([camera])
            if rows:
                self._window.store.set_favourite(camera, not rows[0].favourite)

        self._window.background(write)

    def set_favourites(self, cameras: list[str], on: bool) -> None:
        def write() -> None:
            for camera in cameras:
                self._window.store.set_favourite(camera, on)

        self._window.background(write)
