"""The tree of the sidebar over organisations that stand below one another."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex
from pytestqt.qtbot import QtBot

from app.domain.camera import Organisation, Site
from app.store.models import OrganisationRow
from app.store.store import Store, now
from app.ui.sidebar import TreeModel
from app.ui.tasks import Tasks


def lines(model: TreeModel, parent: QModelIndex | None = None, depth: int = 0) -> list[str]:
    """What stands in the tree down to the sites, indented."""
    parent = parent or QModelIndex()
    found = []
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        found.append("  " * depth + str(index.data()))
        found += lines(model, index, depth + 1)
    return found


def loaded(qtbot: QtBot, model: TreeModel) -> None:
    done: list[bool] = []
    model.load(lambda: done.append(True))
    qtbot.waitUntil(lambda: bool(done))


def test_organisations_stand_below_their_own(qtbot: QtBot, store: Store, tasks: Tasks) -> None:
    sites = store.sites()
    police, market, traffic = (o.id for o in store.organisations())
    city = store.save_organisation(Organisation("", "市", "City"))
    with store._writing() as session:
        for identity, above in ((police, city), (traffic, police)):
            session.get_one(OrganisationRow, identity).parent_id = above
    model = TreeModel(store, tasks, lambda: "en")
    loaded(qtbot, model)
    found = lines(model)
    every = sum(store.camera_counts().values())
    market_count = sum(
        store.camera_counts().get(s.id, 0) for s in sites if s.organisation_id == market
    )
    top = [line for line in found if not line.startswith(" ")]
    assert f"City  ({every - market_count})" in top, "with all that is below"
    assert len(top) == 2
    assert max(len(line) - len(line.lstrip()) for line in found) == 6, (
        "city, police, traffic, sites"
    )
    store.save_site(Site("", city, "广场", "Square", "", None, None))
    loaded(qtbot, model)
    assert any("Square" in line for line in lines(model))


def test_a_circle_of_organisations_is_still_shown(qtbot: QtBot, store: Store, tasks: Tasks) -> None:
    one, other, _ = (o.id for o in store.organisations())
    with store._writing() as session:
        session.get_one(OrganisationRow, one).parent_id = other
        session.get_one(OrganisationRow, other).parent_id = one
        session.get_one(OrganisationRow, one).updated_at = now()
    model = TreeModel(store, tasks, lambda: "en")
    loaded(qtbot, model)
    assert len(model.organisations()) == 3
    assert model.rowCount() == 3
