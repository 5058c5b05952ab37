from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.camera import (
    CameraDetails,
    CameraRow,
    Credentials,
    Organisation,
    Site,
    StreamRole,
    StreamSpec,
)
from app.domain.layout import BUILT_IN, Cell, Layout, View
from app.domain.retrieval import Case, Retrieval, RetrievalKind, broken_at
from app.domain.tour import Step, Tour
from app.store import sample
from app.store.errors import StoreError
from app.store.secrets import FileSecrets
from app.store.store import (
    Changes,
    Store,
    tour_from_json,
    tour_to_json,
    view_from_json,
    view_to_json,
)


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    opened = Store(data / "watchroom.db", FileSecrets(data))
    yield opened
    opened.close()


def _camera(store: Store, **changes: object) -> CameraDetails:
    owner = store.save_organisation(Organisation("", "分局"))
    site = store.save_site(Site("", owner, "广场"))
    row = CameraRow("", "中山路", "Zhongshan Rd", 12, "", "10.0.0.1", "", site, False, False)
    streams = (StreamSpec(StreamRole.MAIN, "rtsp://10.0.0.1/main"),)
    details = CameraDetails(
        replace(row, **{k: v for k, v in changes.items() if hasattr(row, k)}),  # type: ignore[arg-type]
        Organisation("", ""),
        Site("", "", ""),
        streams=streams,
        username="admin",
    )
    return replace(details, **{k: v for k, v in changes.items() if not hasattr(row, k)})  # type: ignore[arg-type]


def test_a_camera_comes_back_as_it_was_saved_after_a_restart(data: Path, store: Store) -> None:
    identity = store.save_camera(_camera(store), "geheim/密码")
    store.close()
    again = Store(data / "watchroom.db", FileSecrets(data))
    source = again.source(identity)
    assert source is not None
    assert source.credentials == Credentials("admin", "geheim/密码")
    assert source.streams[0].url == "rtsp://10.0.0.1/main"
    details = again.camera(identity)
    assert details is not None
    assert details.site.name == "广场"
    again.close()


def test_passwords_are_nowhere_in_the_data_folder(data: Path, store: Store) -> None:
    store.save_camera(_camera(store), "tr0ub4dor-secret")
    for path in data.iterdir():
        assert b"tr0ub4dor-secret" not in path.read_bytes(), path.name
    assert (data / "secrets.key").stat().st_mode & 0o077 == 0
    assert "tr0ub4dor" not in repr(Credentials("admin", "tr0ub4dor-secret"))


def test_editing_without_a_password_keeps_it(store: Store) -> None:
    identity = store.save_camera(_camera(store), "kept")
    details = store.camera(identity)
    assert details is not None
    store.save_camera(replace(details, row=replace(details.row, name="新名")), None)
    source = store.source(identity)
    assert source is not None
    assert source.credentials.password == "kept"
    assert store.rows([identity])[0].name == "新名"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"code": "123"}, "code"),
        ({"call_number": 0}, "call_number"),
        ({"streams": ()}, "url"),
        ({"streams": (StreamSpec(StreamRole.MAIN, "file:///etc/passwd"),)}, "url"),
        ({"streams": (StreamSpec(StreamRole.MAIN, "rtsp://u:p@h/x"),)}, "url"),
        ({"streams": (StreamSpec(StreamRole.MAIN, "rtsp://h/x\ny"),)}, "url"),
        ({"streams": (StreamSpec(StreamRole.MAIN, "rtsp://h:99999/x"),)}, "url"),
    ],
)
def test_wrong_fields_are_named_and_nothing_is_saved(
    store: Store, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(StoreError) as caught:
        store.save_camera(_camera(store, **changes), "x")
    assert field in caught.value.fields
    assert store.count() == 0


def test_call_numbers_and_codes_are_unique(store: Store) -> None:
    store.save_camera(_camera(store, code="33110200001320000001"), "")
    with pytest.raises(StoreError) as caught:
        store.save_camera(_camera(store, code="33110200001320000001"), "")
    assert caught.value.fields == {"call_number": "taken", "code": "taken"}


def test_a_removed_camera_is_gone_everywhere_and_comes_back_on_undo(store: Store) -> None:
    identity = store.save_camera(_camera(store), "")
    store.set_favourite(identity, True)
    store.remove_camera(identity)
    assert store.count() == 0
    assert store.by_call_number(12) is None
    assert store.source(identity) is None
    assert store.cameras(favourites_only=True) == []
    store.restore_camera(identity)
    assert [r.favourite for r in store.cameras(favourites_only=True)] == [True]


def test_every_write_is_announced_once_after_it_can_be_read(store: Store) -> None:
    heard: list[Changes] = []
    counts: list[int] = []
    identity = ""

    def listen(changes: Changes) -> None:
        heard.append(changes)
        counts.append(store.count())

    details = _camera(store)
    store.on_change(listen)
    identity = store.save_camera(details, "")
    assert [c.kinds for c in heard] == [{"camera": frozenset({identity})}]
    assert counts == [1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("中山", True),
        ("zsl", True),
        ("zhongshanlu", True),
        ("ZHONGSHAN rd", True),
        ("10.0.0", True),
        ("12", True),
        ("1320000001", True),
        ("%", False),
        ("_", False),
        ("xyz", False),
        ("中山 nowhere", False),
        ("\\", False),
    ],
)
def test_search_by_name_pinyin_number_code_and_address(
    store: Store, query: str, found: bool
) -> None:
    store.save_camera(_camera(store, code="33110200001320000001"), "")
    assert bool(store.cameras(search=query)) is found
    assert store.count(search=query) == int(found)


def test_an_exact_call_number_comes_first(store: Store) -> None:
    sample.fill(store)
    rows = store.cameras(search="110")
    assert rows[0].call_number == 110


def test_the_sample_says_that_it_is_invented(store: Store) -> None:
    wall = sample.fill(store)
    assert store.count() == 40
    assert len(store.organisations()) == 3
    assert all("示例" in o.name and "sample" in o.name_en for o in store.organisations())
    assert len(set(wall)) == 9
    assert all(r.name_en for r in store.cameras())
    assert sum(store.camera_counts().values()) == 40


def test_views_and_layouts_survive_and_names_are_unique(data: Path, store: Store) -> None:
    free = Layout("free", 3, 4, (Cell(0, 0, 2, 3), Cell(0, 3), Cell(1, 3)))
    layout_id = store.save_layout("Gates", free)
    view_id = store.save_view("Night", View(free, ("a", None, "b")))
    with pytest.raises(StoreError, match="exists"):
        store.save_view("Night", View(BUILT_IN["1"]))
    with pytest.raises(StoreError, match="name"):
        store.save_view("  ", View(BUILT_IN["1"]))
    store.close()
    again = Store(data / "watchroom.db", FileSecrets(data))
    assert [(v.id, v.name, v.view.cameras) for v in again.views()] == [
        (view_id, "Night", ("a", None, "b"))
    ]
    assert again.layouts()[0].layout.cells == free.cells
    again.delete_view(view_id)
    assert again.views() == []
    again.delete_view(view_id, undo=True)
    assert len(again.views()) == 1
    again.delete_layout(layout_id)
    assert again.layouts() == []
    again.close()


def test_views_and_tours_belong_to_a_person_or_to_everybody(store: Store) -> None:
    view = View(BUILT_IN["2x2"], ("a",))
    mine = store.save_view("Gates", view)
    store.save_view("Gates", view, shared=True)  # names are unique within one owner
    with pytest.raises(StoreError, match="exists"):
        store.save_view("Gates", view, shared=True)
    store.save_view("Hers", view, person="mei")
    assert [(v.name, v.shared) for v in store.views()] == [("Gates", False), ("Gates", True)]
    assert [(v.name, v.shared) for v in store.views("mei")] == [("Hers", False), ("Gates", True)]
    store.save_view("Gates", view, mine)  # whose it is stays
    store.rename_view(mine, "Doors")
    assert [v.shared for v in store.views() if v.id == mine] == [False]
    store.save_view("Doors", view, mine, shared=True)
    assert [v.shared for v in store.views("mei") if v.id == mine] == [True]

    tour = Tour((Step(view_id=mine), Step(camera_id="a", tile=3, dwell_s=20.0)), 12.0)
    tour_id = store.save_tour("Round", tour, shared=True)
    store.save_tour("Round", Tour(()), person="mei")
    with pytest.raises(StoreError, match="exists"):
        store.save_tour("Round", tour, shared=True)
    assert [(t.id, t.tour, t.shared) for t in store.tours()] == [(tour_id, tour, True)]
    assert [t.shared for t in store.tours("mei")] == [False, True]
    store.delete_tour(tour_id)
    assert store.tours() == []
    store.delete_tour(tour_id, undo=True)
    assert len(store.tours()) == 1


def test_a_view_or_tour_cut_short_is_left_out_wherever_it_was_cut() -> None:
    view, tour = View(BUILT_IN["1+5"], ("a", None, "b"), 0), Tour((Step(view_id="v"),), 20)
    for text, read in ((view_to_json(view), view_from_json), (tour_to_json(tour), tour_from_json)):
        assert read(text) in (view, tour)
        assert all(read(text[:n]) is None for n in range(len(text)))


def test_settings_kept_together_are_kept_or_lost_together(store: Store) -> None:
    store.set_settings({"a": 1, "b": [2]})
    with pytest.raises(TypeError):
        store.set_settings({"a": 5, "b": object()})
    assert (store.setting("a"), store.setting("b")) == (1, [2])


def test_a_damaged_file_is_kept_aside_and_the_client_starts(data: Path) -> None:
    path = data / "watchroom.db"
    path.write_bytes(b"SQLite format 3\0" + b"garbage" * 5000)
    store = Store(path, FileSecrets(data))
    assert "damaged" in store.note
    assert store.count() == 0
    store.close()
    kept = list(data.glob("watchroom.db.damaged-*"))
    assert len(kept) == 1
    assert kept[0].read_bytes().endswith(b"garbage")


def test_a_truncated_file_is_noticed(data: Path, store: Store) -> None:
    sample.fill(store)
    store.close()
    path = data / "watchroom.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    path.write_bytes(path.read_bytes()[: 4096 * 3])
    for extra in ("-wal", "-shm"):
        (data / f"watchroom.db{extra}").unlink(missing_ok=True)
    again = Store(path, FileSecrets(data))
    assert "damaged" in again.note
    again.close()


def test_a_file_of_a_newer_version_is_refused_and_not_touched(data: Path, store: Store) -> None:
    store.close()
    with sqlite3.connect(data / "watchroom.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num='9999'")
    connection.close()
    with pytest.raises(StoreError, match="newer"):
        Store(data / "watchroom.db", FileSecrets(data))


def test_a_damaged_secret_file_says_so(data: Path) -> None:
    secrets = FileSecrets(data)
    secrets.set("a", "one")
    (data / "secrets.key").write_bytes(b"x" * 32)
    from app.store.secrets import SecretsError

    with pytest.raises(SecretsError, match="enter the passwords again"):
        FileSecrets(data).get("a")


def test_models_and_migrations_agree(data: Path, store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from app.store.models import Base

    with store._engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert differences == []


def test_migrations_are_named_by_their_revisions() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    from app.store import database

    config = Config()
    config.set_main_option("script_location", str(database._MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert database.newest() == scripts.get_current_head()
    for script in scripts.walk_revisions():
        assert Path(script.path).name.startswith(f"{script.revision}_")


def test_the_schema_can_be_made_on_postgresql() -> None:
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.schema import CreateTable

    from app.store.models import Base

    for table in Base.metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))


def _entry(**more: object) -> Retrieval:
    begin = datetime(2026, 3, 1, 6, 3, 22, 123456, tzinfo=UTC)
    entry = Retrieval(
        0,
        begin,
        "K1",
        "王",
        RetrievalKind.EXPORT,
        "c",
        "大门",
        begin,
        begin,
        Case("7", "找人", "110"),
    )
    return replace(entry, **more)  # type: ignore[arg-type]


def test_retrievals_are_numbered_without_gaps_and_chained(store: Store) -> None:
    first = store.add_retrieval(_entry())
    other = store.add_retrieval(_entry(console="K2"))
    second = store.add_retrieval(_entry(kind=RetrievalKind.RESULT, about=1, result="done"))
    assert (first.number, other.number, second.number) == (1, 1, 2)
    assert store.retrievals("K1") == [first, second]
    assert broken_at(store.retrievals("K1")) is None
    with store._engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE retrieval SET content = replace(content, '找人', '好奇') WHERE number = 1"
        )
    assert broken_at(store.retrievals("K1")) == 1


def test_private_areas_are_kept_and_checked(store: Store) -> None:
    camera = store.save_camera(_camera(store), None)
    area = ((0.1, 0.1), (0.5, 0.1), (0.5, 0.9))
    store.set_masks(camera, (area,))
    assert store.masks([camera, "other"]) == {camera: (area,)}
    with pytest.raises(StoreError):
        store.set_masks(camera, (((0, 0), (2, 0), (1, 1)),))
    with pytest.raises(StoreError):
        store.set_masks(camera, (((0, 0), (1, 1)),))
    assert store.masks([camera]) == {camera: (area,)}
    with store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE channel SET masks = '[[[0.1'")
    assert store.masks([camera])[camera][0][2] == (1.0, 1.0), "damaged: all is covered"
    store.set_masks(camera, ())
    assert store.masks([camera]) == {}


def test_the_register_keeps_the_very_text_that_its_chain_hashes(store: Store) -> None:
    from app.domain.chain import find_break

    for _ in range(3):
        store.add_retrieval(_entry())
    with store._engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT number, content, chain FROM retrieval")
        assert find_break((n, content, chain) for n, content, chain in rows) is None
