"""Plans of sites and cameras on them reach the other consoles, and come off again."""

from __future__ import annotations

from app.store import plans
from app.store.plans import Placed
from app.store.store import Store
from tests.sync.conftest import World, rows
from tests.sync.test_exchange import camera


def test_a_plan_and_a_camera_on_it_reach_another_console(world: World) -> None:
    one, two = world.console("one"), world.console("two")
    one.upload = lambda: 0  # type: ignore[method-assign] -- no sockets here; see test_network
    made = camera(one.store)
    site = site_of(one.store, made)
    plan = plans.add(one.store, site, "Ground floor", b"\xff\xd8 a plan")
    plans.place(one.store, made, Placed(plan.sha256, 0.25, 0.5))
    one.round()
    two.round()
    assert plans.plans(two.store, site) == [plan]
    assert plans.place_of(two.store, made) == Placed(plan.sha256, 0.25, 0.5)
    (file,) = [r for r in rows(two.store, "attachment") if r["sha256"] == plan.sha256]
    assert (file["kind"], file["entity_id"]) == ("site", site)
    assert not one.store.conflicts()
    plans.remove(two.store, plan)
    plans.place(two.store, made, None)
    two.round()
    one.round()
    assert plans.plans(one.store, site) == []
    assert plans.place_of(one.store, made) is None


def site_of(store: Store, camera_id: str) -> str:
    details = store.camera(camera_id)
    assert details is not None
    return details.site.id
