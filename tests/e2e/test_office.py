"""The main window with somebody signed in: marks of shared cameras, the menus, a withdrawal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu

from app.ui.administration import GrantDialog
from app.ui.sharing import AskDialog, SharingScreen
from tests.e2e.client import Client
from tests.ui.town import Town


@pytest.fixture
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = Town(Path(tmp_path_factory.mktemp("town")))
    yield made
    made.close()


def _menu(client: Client, camera: str) -> dict[str, QAction]:
    """The sidebar's menu for a camera."""
    rows = client.store.rows([camera])
    client.window.menus.sidebar_menu(rows, QPoint(10, 10))
    menu = [m for m in client.window.findChildren(QMenu) if m.isVisible()][-1]
    return {a.text(): a for a in menu.actions()}


def test_shared_cameras_are_marked_and_a_withdrawal_is_told(client: Client, town: Town) -> None:
    window, home = client.window, town.metro_cameras[0]
    town.fill(client.store, town.metro, town.police)
    end = datetime.now(UTC) + timedelta(days=40)
    body = {
        "object_kind": "camera", "object_id": town.cameras[0], "permissions": ["view"],
        "purpose": "case 118", "not_after": end.isoformat(),
    }  # fmt: skip
    share = town.metro_chief.call("POST", "/api/shares", body)["id"]
    path = f"/api/shares/{share}/decision"
    town.chief.call("POST", path, {"approve": True, "reason": "agreed"})

    assert "Share with…" not in _menu(client, home), "nobody is signed in"
    window.office.use(town.metro_chief)  # type: ignore[arg-type]
    mark = f"shared by City Police until {end.astimezone():%Y-%m-%d}"
    client.until(lambda: window.office.shared.text(town.cameras[0]) == mark)
    window._show_details(town.cameras[0])
    client.until(lambda: mark in [w.text() for w in window.details.findChildren(QLabel)])

    sidebar = window.sidebar
    sidebar.search.setText("人民广场 东口")
    model = sidebar._list_model
    client.until(lambda: model.rowCount() == 1 and not model.asking)
    assert mark in model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert mark in model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)

    assert "Share with…" not in _menu(client, town.cameras[0])
    _menu(client, town.cameras[0])["Ask for access…"].trigger()
    ask = window.findChildren(AskDialog)[-1]
    assert ask.isVisible()
    ask.reject()
    _menu(client, home)["Share with…"].trigger()
    grant = window.findChildren(GrantDialog)[-1]
    client.until(lambda: grant.whom.findText("City Police") >= 0)
    grant.reject()

    client.wall.place(0, [town.cameras[0]])
    town.chief.call("POST", f"/api/shares/{share}/withdrawal", {"reason": "The case is closed"})
    window.office.shared.refresh()
    client.until(lambda: "City Police has withdrawn access to 人民广场 东口" in window.notice.text)
    window.notice.button.click()
    screen = window.findChildren(SharingScreen)[-1]
    client.until(lambda: "withdrawn: The case is closed" in str(screen.asked.table()))
    screen.close()

    viewer = town.person(town.metro, "Viewer", "viewer")
    window.office.use(viewer)  # type: ignore[arg-type]
    entry = _menu(client, home)["Share with…"]
    assert not entry.isEnabled()
    assert "administrator" in entry.toolTip()
    for key in ("sharing", "administration", "audit"):
        assert not window.action(key).isEnabled()
        assert "This needs the role" in window.action(key).toolTip()
    window.office.use(None)
