"""Views, layouts and tours that are kept: their menus, and what is done with them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QDialog,
    QInputDialog,
    QMessageBox,
)

from app.store.store import NamedLayout, NamedTour, NamedView
from app.ui.layouts import LayoutDialog, layout_icon
from app.ui.tasks import Task
from app.ui.wall import WallWidget
from app.ui.wall_window import (
    fill_views,
    heading,
)

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow


class KeptViews(QObject):
    """Part of one `MainWindow`, which has the cameras, walls and desks."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.views: list[NamedView] = []
        self.layouts: list[NamedLayout] = []
        self.tours: list[NamedTour] = []
        self.view_id: str | None = None
        """The view that the wall shows, or showed before it was changed."""
        self.tour_shown = ""
        self._reading_views: Task | None = None

    def load(self) -> None:
        def show(answer: Any) -> None:
            self.views, self.layouts, self.tours = answer
            self.fill_view_menu()
            self.fill_layout_menu()
            self.fill_tour_menu()
            for pane in (self._window.pane, *(w.pane for w in self._window.windows.windows)):
                pane.tours_changed()

        store = self._window.store
        if self._reading_views is not None:
            self._reading_views.cancel()  # of before the newest change
        self._reading_views = self._window.tasks.run(
            self._window,
            lambda _: (store.views(), store.layouts(), store.tours()),
            show,
            self._window.failed,
        )

    def fill_view_menu(self) -> None:
        menu = self._window.menus.menus["views"]
        menu.clear()
        fill_views(menu, self.views, self.open_view, self.view_id)
        menu.addSeparator()
        for key in ("save_view", "save_view_as", "save_view_shared", "rename_view", "delete_view"):
            menu.addAction(self._window.menus.actions[key])
        known = any(v.id == self.view_id for v in self.views)
        self._window.menus.actions["rename_view"].setEnabled(known)
        self._window.menus.actions["delete_view"].setEnabled(known)

    def fill_layout_menu(self) -> None:
        menu = self._window.menus.menus["layouts"]
        menu.clear()
        for action, _ in self._window.menus.layout_actions:
            menu.addAction(action)
        menu.addSeparator()
        for named in self.layouts:
            entry = menu.addMenu(layout_icon(named.layout), named.name)
            entry.addAction(
                self.tr("Use"),
                functools.partial(self._window.commands.set_layout, named.layout),
            )
            entry.addAction(
                self.tr("Delete…"),
                functools.partial(self._delete_layout, named),
            )
        menu.addAction(self._window.menus.actions["new_layout"])

    def fill_tour_menu(self) -> None:
        menu = self._window.menus.menus["tours"]
        menu.clear()
        shared = False
        for named in self.tours:
            if named.shared and not shared:
                shared = True
                heading(menu, self.tr("Everybody's"))
            action = menu.addAction(named.name, functools.partial(self._run_tour, named.id))
            action.setCheckable(True)
            action.setChecked(named.id == self.tour_shown)
        if not self.tours:
            menu.addAction(self.tr("No tours yet")).setEnabled(False)
        menu.addSeparator()
        menu.addActions(list(self._window.pane.strip.actions_by_name.values()))
        menu.addSeparator()
        menu.addAction(self._window.menus.actions["new_tour"])
        change = menu.addMenu(self.tr("&Change tour"))
        change.setEnabled(bool(self.tours))
        for named in self.tours:
            change.addAction(f"{named.name}…", functools.partial(self.edit_tour, named))

    def open_view(self, named: NamedView) -> None:
        self._window.commands.remember()
        self._window.forecaster.announce(named.view, self._window.source)
        self.view_id = named.id
        self._window.wall.set_view(named.view)
        self.fill_view_menu()

    def save_view(
        self, *, as_new: bool = False, shared: bool | None = None, wall: WallWidget | None = None
    ) -> None:
        current = next((v for v in self.views if v.id == self.view_id), None)
        name, identity = (current.name, current.id) if current and not as_new else ("", None)
        if identity is None:
            name, good = self._ask_text(
                self.tr("Save view"),
                self.tr("Name of this view:"),
            )
            if not good or not name.strip():
                return
        view = (wall or self._window.wall).view()

        def saved(view_id: str) -> None:
            if wall is None:
                self.view_id = view_id
            self._window.notice.say(self.tr("View “{name}” saved.").format(name=name.strip()))
            self.load()

        self._window.background(
            lambda: self._window.store.save_view(name, view, identity, shared=shared), saved
        )

    def _ask_text(self, title: str, label: str, text: str = "") -> tuple[str, bool]:
        """A short text, in a window that shows a whole name."""
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(title)
        dialog.setLabelText(label)
        dialog.setTextValue(text)
        dialog.resize(420, dialog.sizeHint().height())
        good = dialog.exec() == QDialog.DialogCode.Accepted
        return dialog.textValue(), good

    def rename_view(self) -> None:
        current = next((v for v in self.views if v.id == self.view_id), None)
        if current is None:
            return
        name, good = self._ask_text(
            self.tr("Rename view"),
            self.tr("New name:"),
            current.name,
        )
        if good and name.strip():
            self._window.background(lambda: self._window.store.rename_view(current.id, name))

    def delete_view(self) -> None:
        current = next((v for v in self.views if v.id == self.view_id), None)
        if current is None:
            return

        def undo() -> None:
            self._window.background(lambda: self._window.store.delete_view(current.id, undo=True))

        text = self.tr("View “{name}” deleted.").format(name=current.name)
        self._window.background(
            lambda: self._window.store.delete_view(current.id),
            lambda _: self._window.notice.say(text, self.tr("Undo"), undo),
        )

    def new_layout(self) -> None:
        dialog = LayoutDialog(self._window.wall.view().layout, self._window)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        layout, name = dialog.canvas.result(), dialog.name.text()

        def saved(identity: str) -> None:
            self._window.commands.set_layout(layout)
            self.load()

        self._window.background(lambda: self._window.store.save_layout(name, layout), saved)

    def _delete_layout(self, named: NamedLayout) -> None:
        question = self.tr("Delete the layout “{name}”? Views that use it keep it.")
        answer = QMessageBox.question(
            self._window,
            self.tr("Delete layout"),
            question.format(name=named.name),
        )
        if answer == QMessageBox.StandardButton.Yes:
            self._window.background(lambda: self._window.store.delete_layout(named.id))

    def tour_began_or_ended(self) -> None:
        named = self._window.pane.tours.named
        running = named.id if named else ""
        if running != self.tour_shown:
            self.tour_shown = running
            self.fill_tour_menu()
            self._window.save_in_time()

    def _run_tour(self, tour_id: str) -> None:
        """From the menu: the running one ends, another begins."""
        if tour_id == self.tour_shown:
            self._window.pane.tours.stop()
        else:
            self._window.pane.start_tour(tour_id)

    def edit_tour(self, named: NamedTour | None = None) -> None:
        from app.ui.tour_editor import TourDialog

        tile = self._window.active.selected
        dialog = TourDialog(self._window.store, self._window.tasks, self.views, named,
                            self._window.language.current, self._window, tile=tile)  # fmt: skip
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def done() -> None:
            identity = dialog.saved_id
            if dialog.removed:
                text = self.tr("Tour “{name}” deleted.").format(name=named.name if named else "")
                self._window.notice.say(
                    text,
                    self.tr("Undo"),
                    lambda: self._window.background(
                        lambda: self._window.store.delete_tour(identity, undo=True)
                    ),
                )
            elif named is None:
                self._window.notice.say(
                    self.tr("Tour “{name}” saved.").format(name=dialog.name.text()),
                    self.tr("Start"),
                    lambda: self._window.pane.start_tour(identity),
                )

        dialog.accepted.connect(done)
        dialog.open()
