"""Finding places by what people call them, and cameras by where they are."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from app.domain.camera import CameraDetails, CameraRow, Organisation, Site, StreamRole, StreamSpec
from app.domain.place import PlaceKind, Point, distance_m
from app.store import landmarks, sample
from app.store.errors import StoreError
from app.store.secrets import FileSecrets
from app.store.store import Store

HERE = Point(28.45, 119.92)


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    opened = Store(data / "watchroom.db", FileSecrets(data))
    yield opened
    opened.close()


@pytest.fixture
def city(store: Store) -> Store:
    sample.fill(store)
    return store


def _add(store: Store, name: str, *, site: str = "", **more: object) -> str:
    if not site:
        owner = store.save_organisation(Organisation("", "分局"))
        site = store.save_site(Site("", owner, "广场"))
    row = CameraRow("", name, "", None, "", "", "", site, False, False)
    details = CameraDetails(
        row, Organisation("", ""), Site("", "", ""),
        streams=(StreamSpec(StreamRole.SUB, "rtsp://10.0.0.1/sub"),),
    )  # fmt: skip
    return store.save_camera(replace(details, **more), None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "kind", "name"),
    [
        ("中山街", PlaceKind.STREET, "中山街（示例）"),
        ("zsj", PlaceKind.STREET, "中山街（示例）"),
        ("zhongshanjie", PlaceKind.STREET, "中山街（示例）"),
        ("zhongshan street", PlaceKind.STREET, "中山街（示例）"),
        ("City Hospital", PlaceKind.LANDMARK, "市中心医院（示例）"),
        ("灯杆 0732", PlaceKind.COLUMN, "灯杆 0732（示例）"),
        ("大猷街 36", PlaceKind.SITE, "市博物馆"),
        ("LD-0012", PlaceKind.POSITION, "丽阳门广场停车场"),
        ("ld-0012", PlaceKind.POSITION, "丽阳门广场停车场"),
        ("交通运输局", PlaceKind.ORGANISATION, "市交通运输局（示例）"),
        ("jtysj", PlaceKind.ORGANISATION, "市交通运输局（示例）"),
        ("博物馆库房通道", PlaceKind.CAMERA, "博物馆库房通道"),
        ("103", PlaceKind.CAMERA, "中山街与大洋路口 朝东"),
    ],
)
def test_a_place_is_found_as_people_say_it(
    city: Store, typed: str, kind: PlaceKind, name: str
) -> None:
    first = city.find_places(typed)[0]
    assert (first.kind, first.name) == (kind, name)


def test_nothing_is_found_for_nothing_or_for_signs_of_the_query_language(city: Store) -> None:
    assert city.find_places("") == []
    assert city.find_places("   ") == []
    assert city.find_places("%") == []
    assert city.find_places("_") == []
    assert city.find_places("\\") == []


def test_a_pole_called_like_its_camera_is_listed_once(city: Store) -> None:
    found = city.find_places("博物馆大厅")
    assert [p.kind for p in found if p.name == "博物馆大厅"] == [PlaceKind.CAMERA]


def test_a_renamed_place_is_found_by_its_new_name_only(store: Store) -> None:
    owner = store.save_organisation(Organisation("", "旧名"))
    assert store.find_places("jm")
    store.save_organisation(Organisation(owner, "新名"))
    assert not store.find_places("jm")
    assert [p.id for p in store.find_places("xinming")] == [owner]


def test_the_nearest_are_those_that_looking_at_each_would_find(store: Store) -> None:
    sample.make_large(store, 3000)
    with sqlite3.connect(store.path) as connection:
        places = connection.execute(
            "SELECT c.id, p.latitude, p.longitude FROM channel c JOIN device d ON "
            "d.id = c.device_id JOIN position p ON p.id = d.position_id"
        ).fetchall()
    dice = random.Random(7)
    for _ in range(20):
        here = Point(dice.uniform(28.3, 28.6), dice.uniform(119.7, 120.1))
        wanted = sorted(distance_m(here, Point(a, b)) for _, a, b in places)[:12]
        found = store.cameras_near(here)
        assert [n.distance_m for n in found] == pytest.approx(wanted)


def test_distance_direction_and_whether_it_looks_here(store: Store) -> None:
    near = _add(store, "east", latitude=HERE.latitude, longitude=HERE.longitude + 0.001,
                bearing_deg=270.0)  # fmt: skip
    far = _add(store, "north", latitude=HERE.latitude + 0.01, longitude=HERE.longitude,
               bearing_deg=0.0)  # fmt: skip
    first, second = store.cameras_near(HERE)
    assert (first.row.id, second.row.id) == (near, far)
    assert first.distance_m == pytest.approx(97.8, abs=0.5)
    assert first.bearing_deg == pytest.approx(90, abs=0.1)
    assert first.faces
    assert first.organisation.name == "分局"
    assert second.bearing_deg == pytest.approx(0, abs=0.1)
    assert not second.faces


def test_a_camera_is_where_its_site_is_when_nobody_knows_better(store: Store) -> None:
    owner = store.save_organisation(Organisation("", "分局"))
    site = store.save_site(Site("", owner, "广场", "", "", 28.46, 119.92))
    camera = _add(store, "somewhere there", site=site)
    half = _add(store, "half known", site=site, latitude=1.0)
    found = store.cameras_near(HERE)
    assert {n.row.id for n in found} == {camera, half}
    assert found[0].distance_m == pytest.approx(1112, abs=2)


def test_cameras_without_a_place_and_removed_ones_are_near_nothing(store: Store) -> None:
    _add(store, "nowhere")
    gone = _add(store, "gone", latitude=HERE.latitude, longitude=HERE.longitude)
    kept = _add(store, "kept", latitude=HERE.latitude + 0.1, longitude=HERE.longitude)
    store.remove_camera(gone)
    assert [n.row.id for n in store.cameras_near(HERE)] == [kept]
    assert [p.id for p in store.find_places("gone")] == []


def test_removed_cameras_nearby_do_not_hide_the_next_ones(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.places.FIRST_LOOK", 1)
    owner = store.save_organisation(Organisation("", "分局"))
    site = store.save_site(Site("", owner, "广场"))
    for i in range(9):
        removed = _add(store, "old", site=site, latitude=28.45 + i * 1e-6, longitude=119.92)
        store.remove_camera(removed)
    kept = _add(store, "kept", site=site, latitude=28.4502, longitude=119.92)
    assert [n.row.id for n in store.cameras_near(HERE, 1)] == [kept]


def test_across_the_date_line(store: Store) -> None:
    west = _add(store, "west", latitude=0.0, longitude=179.999)
    east = _add(store, "east", latitude=0.0, longitude=-179.999)
    assert [n.row.id for n in store.cameras_near(Point(0, 179.9995), 2)] == [west, east]
    assert [n.row.id for n in store.cameras_near(Point(0, -179.9995), 2)] == [east, west]
    assert [n.row.id for n in store.cameras_near(Point(89.9, 0), 2)]


def test_a_place_without_coordinates_has_its_own_cameras(city: Store) -> None:
    owner = next(p for p in city.find_places("文化旅游局"))
    assert owner.point is None
    found = city.cameras_of_place(owner, 50)
    assert len(found) == 8
    assert {n.organisation.id for n in found} == {owner.id}
    assert {n.distance_m for n in found} == {None}


def test_an_organisation_has_the_cameras_of_those_below_it(store: Store) -> None:
    top = store.save_organisation(Organisation("", "市局"))
    below = store.save_organisation(Organisation("", "分局", parent_id=top))
    store.save_organisation(Organisation(top, "市局", parent_id=below))  # a circle does no harm
    camera = _add(store, "c", site=store.save_site(Site("", below, "广场")))
    place = store.find_places("市局")[0]
    assert [n.row.id for n in store.cameras_of_place(place)] == [camera]


# -- landmarks from a file


def _import(store: Store, text: str, encoding: str = "utf-8") -> landmarks.Imported:
    path = store.path.parent / "landmarks.csv"
    path.write_bytes(text.encode(encoding))
    return store.import_landmarks(path)


def test_an_import_adds_then_changes_and_never_removes(store: Store) -> None:
    head = "name,name_en,kind,latitude,longitude\n"
    first = _import(
        store, head + "人民路,Renmin Rd,street,28.45,119.92\n灯杆1,,column,28.46,119.93\n"
    )
    assert (first.added, first.changed, first.unchanged, first.wrong) == (2, 0, 0, 0)
    again = _import(store, head + "人民路,Renmin Rd,street,28.4501,119.92\n")
    assert (again.added, again.changed, again.unchanged) == (0, 1, 0)
    same = _import(store, head + "人民路,Renmin Rd,street,28.4501,119.92\n")
    assert (same.added, same.changed, same.unchanged) == (0, 0, 1)
    street = store.find_places("rml")[0]
    assert street.point == Point(28.4501, 119.92)
    assert store.find_places("dg1")[0].kind is PlaceKind.COLUMN


def test_two_towns_may_have_a_street_of_one_name(store: Store) -> None:
    done = _import(store, "name,kind,latitude,longitude\n人民路,street,28.45,119.92\n"
                          "人民路,street,29.1,119.6\n")  # fmt: skip
    assert done.added == 2
    assert len(store.find_places("人民路")) == 2


def test_chinese_columns_as_excel_saves_them(store: Store) -> None:
    done = _import(store, "序号,名称,类型,经度,纬度\r\n1,万象山,地标,119.91,28.45\r\n", "gb18030")
    assert done.added == 1
    assert store.find_places("wxs")[0].point == Point(28.45, 119.91)


def test_a_wrong_line_is_told_and_the_others_are_taken(store: Store) -> None:
    done = _import(
        store,
        "name,kind,latitude,longitude\n"
        ",street,28,119\n"
        "a,castle,28,119\n"
        "b,,x,119\n"
        "c,,91,119\n"
        "d,,nan,119\n"
        f"{'e' * 101},,28,119\n"
        '"f\ng",,28,119\n'
        "good,,28,119\n",
    )  # fmt: skip
    assert done.added == 1
    assert [line for line, _ in done.errors] == [2, 3, 4, 5, 6, 7, 9]
    assert "castle" in done.errors[1][1]


@pytest.mark.parametrize(
    "content",
    [b"", b"a,b\n1,2\n", b"\xff\xfe\x00\xd8\xff", b"name,latitude,longitude\n" + b"x" * 200_000],
    ids=["empty", "columns", "binary", "one long cell"],
)
def test_what_is_no_list_of_landmarks_changes_nothing(store: Store, content: bytes) -> None:
    path = store.path.parent / "x.csv"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"x\.csv"):
        store.import_landmarks(path)
    with pytest.raises(StoreError):
        store.import_landmarks(path.with_name("absent.csv"))
    assert store.find_places("x") == []


def test_size_lines_and_errors_are_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("MAX_LINES", 3), ("MAX_ERRORS", 2), ("MAX_BYTES", 200)):
        monkeypatch.setattr(landmarks, name, value)
    done = _import(store, "name,latitude,longitude\n" + "a,x,1\n" * 9)
    assert done.wrong == 4  # three lines and the word that the rest was left out
    assert len(done.errors) == 2
    with pytest.raises(StoreError, match="larger"):
        _import(store, "name,latitude,longitude\n" + "a,1,1\n" * 99)


def test_an_older_database_gets_what_places_need(data: Path, store: Store) -> None:
    sample.fill(store)
    path = store.path
    store.close()
    config = Config()
    config.set_main_option("script_location", "app/store/migrations")
    import sqlalchemy as sa

    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
    engine.dispose()
    again = Store(path, FileSecrets(data))
    try:
        assert again.find_places("交通运输局")[0].kind is PlaceKind.ORGANISATION
        assert again.find_places("大猷街")[0].kind is PlaceKind.SITE
        assert again.find_places("LD-0012")[0].kind is PlaceKind.POSITION
        assert len(again.cameras_near(HERE)) == 12
        assert any(data.glob("watchroom.db.before-*"))
    finally:
        again.close()
