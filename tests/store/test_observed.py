"""What devices say and the register: filled, or left to a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store import assets, observed
from app.store.errors import StoreError
from app.store.secrets import FileSecrets
from app.store.store import Store
from tests.store.test_assets import add_camera, file_of


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    opened = Store(data / "watchroom.db", FileSecrets(data))
    yield opened
    opened.close()


SAID = {"manufacturer": "HIKVISION", "model": "DS-2CD", "serial": "S1", "firmware": "V5.7",
        "mac": "00:11:22:33:44:55"}  # fmt: skip


def test_what_was_empty_is_filled_and_the_history_says_that_the_device_said_so(
    store: Store,
) -> None:
    camera = add_camera(store)
    assert observed.observe(store, camera, SAID, "ONVIF 10.0.0.1") == (5, 0)
    record = file_of(store, camera).record
    assert (record["manufacturer"], record["serial"], record["mac"]) == (
        "Hikvision", "S1", "00-11-22-33-44-55",
    )  # fmt: skip
    (told,) = assets.changes(store, file_of(store, camera), "serial")
    assert (told.source, told.detail, told.after) == ("probe", "ONVIF 10.0.0.1", "S1")
    assert observed.observe(store, camera, SAID) == (0, 0)
    assert len(assets.changes(store, file_of(store, camera), "serial")) == 1


def test_a_difference_waits_for_a_person_who_takes_it_or_keeps_what_is_here(store: Store) -> None:
    camera = add_camera(store)
    assets.save(store, camera, {"serial": "S0", "firmware": "V5.6", "manufacturer": "Dahua"})
    said = SAID | {"manufacturer": "Zhejiang Dahua Technology"}
    assert observed.observe(store, camera, said, "ONVIF 10.0.0.1") == (2, 2)
    found = {d.field: d for d in observed.differences(store)}
    assert {n: (d.here, d.there) for n, d in found.items()} == {
        "serial": ("S0", "S1"), "firmware": ("V5.6", "V5.7"),
    }  # fmt: skip
    assert file_of(store, camera).record["serial"] == "S0"
    observed.take(store, found["firmware"])
    observed.keep(store, found["serial"])
    assert observed.differences(store) == []
    told = assets.changes(store, file_of(store, camera), "firmware")[0]
    assert (told.source, told.before, told.after) == ("probe", "V5.6", "V5.7")
    # Asked once; again only when the device says something new.
    observed.observe(store, camera, said)
    assert observed.differences(store) == []
    observed.observe(store, camera, said | {"serial": "S2"})
    assert [(d.field, d.there) for d in observed.differences(store)] == [("serial", "S2")]
    (difference,) = observed.differences(store)
    assets.save(store, camera, {"serial": "S9"})
    with pytest.raises(StoreError, match="meanwhile"):
        observed.take(store, difference)
    assets.save(store, camera, {"serial": "S2"})
    assert observed.differences(store) == []


def test_what_a_device_must_not_say_is_not_believed(store: Store) -> None:
    camera = add_camera(store)
    bad = {"name": "x", "code": "1", "mac": "nonsense", "model": "m" * 300, "serial": "a\x00b"}
    assert observed.observe(store, camera, bad) == (0, 0)
    assert observed.observe(store, "gone", SAID) == (0, 0)
