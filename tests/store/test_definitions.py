"""Further fields and code lists as data: checked, versioned, removed and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.store import assets, definitions
from app.store.errors import StoreError
from app.store.secrets import FileSecrets
from app.store.store import Store
from tests.store.test_assets import add_camera, file_of


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    opened = Store(data / "watchroom.db", FileSecrets(data))
    yield opened
    opened.close()


METER: dict[str, Any] = {"name": "meter", "en": "Meter number", "zh": "电表号", "entity": "position",
                         "type": "text", "required": ["1"], "length": 20, "order": 2}  # fmt: skip


def test_each_change_is_a_version_with_who_and_what_was(store: Store) -> None:
    assert definitions.save(store, METER, "Li") == 1
    assert definitions.save(store, METER, "Li") == 1
    assert definitions.save(store, METER | {"required": []}, "Wang") == 2
    (found,) = definitions.all_of(store)
    assert (found.version, found.person, found.content["required"]) == (2, "Wang", [])
    assert [(v.number, v.person, v.content["required"]) for v in found.was] == [(1, "Wang", ["1"])]
    for n in range(30):
        definitions.save(store, METER | {"order": n}, "Li")
    (found,) = definitions.all_of(store)
    assert (found.version, len(found.was)) == (32, definitions.KEPT)


def test_own_fields_come_in_their_order_after_the_built_in_ones(store: Store) -> None:
    definitions.save(store, METER)
    definitions.save(store, METER | {"name": "aaa", "en": "A", "zh": "", "order": 1})
    names = [f.name for f in assets.rules(store).fields]
    assert names[-2:] == ["aaa", "meter"]
    assert names[0] == "code"


def test_a_removed_field_keeps_its_values(store: Store) -> None:
    camera = add_camera(store)
    definitions.save(store, METER)
    assets.save(store, camera, {"meter": "E-77"})
    assert definitions.used(store, "meter") == 1
    definitions.remove(store, "meter")
    assert definitions.all_of(store) == []
    assert "meter" not in file_of(store, camera).record
    assert definitions.save(store, METER) == 2
    assert file_of(store, camera).record["meter"] == "E-77"


@pytest.mark.parametrize(("change", "part", "reason"), [
    ({"name": "No Name"}, "name", "bad-name"), ({"en": " ", "zh": ""}, "en", "empty"),
    ({"en": "Device code"}, "en", "taken"), ({"type": "code"}, "list", "no-list"),
    ({"entity": "site"}, "entity", "empty"), ({"length": 5000}, "length", "out-of-range"),
])  # fmt: skip
def test_what_is_no_field_is_refused_with_its_part(
    store: Store, change: dict[str, Any], part: str, reason: str
) -> None:
    with pytest.raises(StoreError) as refused:
        definitions.save(store, METER | change)
    assert refused.value.fields[part] == reason
    assert definitions.all_of(store) == []


def test_the_type_of_a_field_that_is_in_use_stays(store: Store) -> None:
    camera = add_camera(store)
    definitions.save(store, METER)
    definitions.save(store, METER | {"type": "integer"})
    definitions.save(store, METER)
    assets.save(store, camera, {"meter": "E-77"})
    with pytest.raises(StoreError) as refused:
        definitions.save(store, METER | {"type": "integer"})
    assert refused.value.fields["type"] == "in-use"


def test_a_list_of_ones_own_and_more_entries_of_a_built_in_one(store: Store) -> None:
    camera = add_camera(store)
    for entries, reason in (([], "empty"), ([["1", "a", ""], ["1", "b", ""]], "twice"),
                            ([["", "a", ""]], "bad-name"), ([["1", "", " "]], "empty")):  # fmt: skip
        with pytest.raises(StoreError) as refused:
            definitions.save(store, {"list": "poles", "entries": entries})
        assert refused.value.fields["entries"] == reason
    definitions.save(
        store, {"list": "poles", "entries": [["1", "steel", "钢"], ["2", "wood", "木"]]}
    )
    definitions.save(store, {"list": "place_types", "entries": [["100", "toll station", "收费站"]]})
    pole = METER | {"name": "pole", "en": "Pole", "zh": "杆", "type": "code", "list": "poles"}
    definitions.save(store, pole)
    assets.save(store, camera, {"pole": "木", "place_types": "100/7"})
    assert file_of(store, camera).record["pole"] == "2"
    assert definitions.free_name(store, "Pole") == "pole_2"
    assert definitions.free_name(store, "杆号") == "field"
