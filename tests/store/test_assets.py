from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.domain.camera import (
    CameraDetails,
    CameraRow,
    Organisation,
    Site,
    StreamRole,
    StreamSpec,
)
from app.store import assets
from app.store.errors import StoreError
from app.store.secrets import FileSecrets
from app.store.store import Store

CODE = "33110200001320000001"


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    opened = Store(data / "watchroom.db", FileSecrets(data))
    yield opened
    opened.close()


def add_camera(store: Store, code: str = CODE, name: str = "中山路口") -> str:
    owner = store.save_organisation(Organisation("", "分局"))
    site = store.save_site(Site("", owner, "广场", "", "中山街 1 号", 28.4512, 119.9234))
    row = CameraRow("", name, "", None, code, "10.0.0.1", "", site, False, False)
    streams = (StreamSpec(StreamRole.MAIN, "rtsp://10.0.0.1/main", codec="h265"),)
    return store.save_camera(
        CameraDetails(row, Organisation("", ""), Site("", "", ""), bearing_deg=90, streams=streams),
        "geheim",
    )


def file_of(store: Store, camera: str) -> assets.AssetFile:
    found = assets.read(store, camera)
    assert found is not None
    return found


def test_a_file_shows_what_was_entered_and_what_follows_from_it(store: Store) -> None:
    file = file_of(store, add_camera(store))
    assert file.record["code"] == CODE
    assert file.implied == {
        "coding": "4", "division": "331102", "direction": "1", "ipv4": "10.0.0.1",
        "install_address": "中山街 1 号", "latitude": "28.451200", "longitude": "119.923400",
    }  # fmt: skip


def test_fields_are_tidied_kept_and_remembered_with_source_and_date(store: Store) -> None:
    camera = add_camera(store)
    assets.save(store, camera, {"mac": "aa:bb:cc:dd:ee:ff", "warranty_until": "2027/3/5",
                                "height_m": "6.8", "manufacturer": "海康威视"})  # fmt: skip
    assets.save(store, camera, {"height_m": "5.3"}, source="probe", detail="by hand")
    file = file_of(store, camera)
    assert (file.record["mac"], file.record["warranty_until"]) == (
        "AA-BB-CC-DD-EE-FF", "2027-03-05",
    )  # fmt: skip
    assert file.record["manufacturer"] == "Hikvision"
    told = [
        (c.before, c.after, c.source, c.detail) for c in assets.changes(store, file, "height_m")
    ]
    assert told == [("6.8", "5.3", "probe", "by hand"), ("", "6.8", "person", "")]
    assert all(c.at.endswith("+00:00") for c in assets.changes(store, file))


def test_an_edit_anywhere_enters_the_history(store: Store) -> None:
    camera = add_camera(store)
    details = store.camera(camera)
    assert details is not None
    from dataclasses import replace

    store.save_camera(replace(details, firmware="V5.7", pole_number="LY-3"), None)
    file = file_of(store, camera)
    assert [(c.field, c.after) for c in assets.changes(store, file)][:2] == [
        ("pole_number", "LY-3"), ("firmware", "V5.7"),
    ] or {("pole_number", "LY-3"), ("firmware", "V5.7")} == {
        (c.field, c.after) for c in assets.changes(store, file)[:2]
    }  # fmt: skip


def test_wrong_fields_are_told_together_and_nothing_is_saved(store: Store) -> None:
    camera, other = add_camera(store), add_camera(store, "33110200001320000002", "另一")
    with pytest.raises(StoreError) as refused:
        assets.save(store, camera, {"mac": "12", "installed_on": "yesterday", "model": "X",
                                    "code": "33110200001320000002", "name": ""})  # fmt: skip
    assert refused.value.fields == {"mac": "bad-mac", "installed_on": "bad-date", "code": "taken",
                                    "name": "empty"}  # fmt: skip
    assert "model" not in file_of(store, camera).record
    assert file_of(store, other).record["name"] == "另一"


def test_a_replaced_device_leaves_the_history_of_the_position(store: Store) -> None:
    camera = add_camera(store)
    assets.save(store, camera, {"serial": "OLD", "pole_number": "P1", "installed_on": "2019-01-01"})
    position = file_of(store, camera).ids["position"]
    assets.replace_device(store, camera, {"serial": "NEW", "model": "M2"}, date(2026, 5, 1))
    file = file_of(store, camera)
    assert file.ids["position"] == position
    assert (file.record["serial"], file.record["code"], file.record["pole_number"]) == (
        "NEW", CODE, "P1",
    )  # fmt: skip
    lives = assets.devices_at(store, position)
    assert [(d.serial, d.installed_on, d.dismantled_on, d.present) for d in lives] == [
        ("NEW", "2026-05-01", "", True), ("OLD", "2019-01-01", "2026-05-01", False),
    ]  # fmt: skip
    assert ("", "OLD") in [(c.before, c.after) for c in assets.changes(store, file, "serial")]
    source = store.source(camera)
    assert source is not None
    assert source.credentials.password == ""


def test_an_installation_defines_fields_requirements_and_codes(store: Store) -> None:
    camera = add_camera(store)
    with pytest.raises(StoreError):
        assets.define(store, {"name": "Not A Name"})
    assets.define(store, {"name": "meter", "en": "Meter number", "zh": "电表号", "required": ["1"]})
    assets.define(store, {"list": "place_types", "entries": [["100", "toll station", "收费站"]]})
    assets.save(store, camera, {"meter": "E-77", "place_types": "100/7"})
    file = file_of(store, camera)
    assert (file.record["meter"], file.record["place_types"]) == ("E-77", "100/7")
    known = assets.rules(store)
    assert "meter" in {f.name for f in known.required("1")}
    assert "meter" not in {f.name for f in known.required("3")}


def test_a_free_code_is_proposed(store: Store) -> None:
    camera = add_camera(store)
    site = file_of(store, camera).ids["site"]
    assert assets.proposed_code(store, site) == "33110200001320000002"
    assert assets.proposed_code(store, "elsewhere") == ""
    assert assets.proposed_code(store, "elsewhere", "331123") == "33112300001320000001"
