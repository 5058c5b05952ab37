"""The order of places: kept between starts, so that a start needs no pinyin."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from app.domain.camera import Organisation, Site
from app.store.secrets import FileSecrets
from app.store.store import Store

LOOK = """
import sys
from pathlib import Path
from app.store.secrets import FileSecrets
from app.store.store import Store
store = Store(Path(sys.argv[1]) / "watchroom.db", FileSecrets(Path(sys.argv[1])))
print([s.name for s in store.sites()], [o.name for o in store.organisations()])
print("pypinyin" in sys.modules)
"""


def _store(data: Path) -> Store:
    return Store(data / "watchroom.db", FileSecrets(data))


def test_places_are_in_pinyin_order_and_another_start_knows_it_without_pinyin(data: Path) -> None:
    store = _store(data)
    owner = store.save_organisation(Organisation("", "中心分局"))
    store.save_organisation(Organisation("", "北街分局"))
    for name in ("10号门", "重庆路", "2号门", "安定门"):
        store.save_site(Site("", owner, name))
    order = ["2号门", "10号门", "安定门", "重庆路"]
    assert [s.name for s in store.sites()] == order
    assert [o.name for o in store.organisations()] == ["北街分局", "中心分局"]
    store.close()
    told = subprocess.run(
        [sys.executable, "-c", LOOK, str(data)], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert told == [f"{order} ['北街分局', '中心分局']", "False"]


def test_a_new_name_finds_its_place_and_keys_of_another_making_are_made_anew(data: Path) -> None:
    store = _store(data)
    owner = store.save_organisation(Organisation("", "分局"))
    store.save_site(Site("", owner, "白云路"))
    assert [s.name for s in store.sites()] == ["白云路"]
    store.save_site(Site("", owner, "安定门"))
    assert [s.name for s in store.sites()] == ["安定门", "白云路"]
    kept = store.setting("site_order")
    assert set(kept["keys"]) == {"安定门", "白云路"}
    turned = {"安定门": "z", "白云路": "a"}
    store.set_setting("site_order", {"made_by": kept["made_by"] - 1, "keys": turned})
    store.close()
    store = _store(data)
    assert [s.name for s in store.sites()] == ["安定门", "白云路"]
    store.set_setting("site_order", "damaged")
    store.close()
    store = _store(data)
    assert [s.name for s in store.sites()] == ["安定门", "白云路"]
    store.close()
