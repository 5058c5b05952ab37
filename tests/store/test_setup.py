"""Bulk set-up in the database: targets, accounts while they change, templates, what was done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.camera import CameraSource, Credentials, StreamRole, StreamSpec
from app.domain.logbook import Book, writers
from app.domain.permission import Role
from app.domain.setup import Change, Names, Outcome, Setting, Step, Template
from app.store.devices import new_camera, site_named
from app.store.logbook import Logbook, Wanted
from app.store.secrets import FileSecrets, SecretsError
from app.store.setup import (
    AccountChange,
    KeepError,
    note_streams,
    pending_of,
    record_run,
    save_template,
    targets,
    templates,
    unsettled,
)
from app.store.store import Store

OLD, NEW = Credentials("admin", "old-1"), Credentials("watchroom", "new-2")


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    running = Store(data / "w.db", FileSecrets(data))
    yield running
    running.close()


def _camera(store: Store, onvif: str = "http://10.0.0.1/onvif/device_service") -> str:
    site = site_named(store, "分局", "广场")
    streams = (
        StreamSpec(StreamRole.MAIN, "rtsp://10.0.0.1/1", "h264", 1920, 1080, 25, "p1"),
        StreamSpec(StreamRole.SUB, "rtsp://10.0.0.1/2", "h264", 640, 360, 15),
    )
    details = new_camera("东门", site, onvif, streams, has_ptz=False)
    row = replace(details.row, name_en="East", call_number=7)
    return store.save_camera(replace(details, row=row, username="admin"), "old-1")


def test_targets_have_what_a_job_needs(store: Store) -> None:
    camera, bare = _camera(store), ""
    details = store.camera(camera)
    assert details is not None
    bare_row = replace(details.row, id="", call_number=None)
    bare = store.save_camera(replace(details, row=bare_row, onvif_url=""), None)
    found = targets(store, [bare, camera, camera, "gone"])
    assert [t.camera_id for t in found] == [bare, camera]
    assert found[0].why == "no-onvif"
    assert found[1].names == Names("东门", "East", "", "7", "广场")
    assert (found[1].account, found[1].tokens) == (OLD, {StreamRole.MAIN: "p1"})
    assert "old-1" not in repr(found)


def test_both_accounts_are_kept_until_one_is_chosen(store: Store, data: Path) -> None:
    camera = _camera(store)
    change = AccountChange(store, camera)
    change.begin(OLD, NEW)
    store.close()
    again = Store(data / "w.db", FileSecrets(data))  # after a crash
    (pending,) = unsettled(again)
    assert (pending.old, pending.new, pending.fresh) == (OLD, NEW, True)
    assert targets(again, [camera])[0].account == OLD
    with pytest.raises(KeepError, match="unsettled"):
        AccountChange(again, camera).begin(OLD, NEW)
    AccountChange.of(again, pending).commit()
    assert targets(again, [camera])[0].account == NEW
    assert unsettled(again) == []
    assert "old-1" not in [again.secrets.get(k) for k in (pending.device_id, "setup:x")]
    again.close()


def test_dropped_the_old_one_stays(store: Store) -> None:
    camera = _camera(store)
    change = AccountChange(store, camera)
    change.begin(OLD, NEW)
    change.drop()
    assert unsettled(store) == []
    assert targets(store, [camera])[0].account == OLD


def test_the_server_gets_the_new_account(store: Store) -> None:
    told: list[tuple[str, ...]] = []

    class Supply:
        def sources(self, wanted: dict[str, tuple[CameraSource, str]]) -> dict[str, CameraSource]:
            return {camera: source for camera, (source, _) in wanted.items()}

        def account(self, camera_id: str, device_id: str, present: Credentials) -> Credentials:
            return present

        def entered(self, camera_id: str, device_id: str, username: str, password: str) -> None:
            told.append((camera_id, username, password))

    camera = _camera(store)
    store.supply = Supply()
    change = AccountChange(store, camera)
    change.begin(OLD, NEW)
    assert told == []
    change.commit()
    assert told == [(camera, "watchroom", "new-2")]


@pytest.mark.parametrize("at", [1, 2])
def test_what_cannot_be_kept_is_not_begun(
    store: Store, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = _camera(store)

    def full(*_: Any) -> None:
        raise SecretsError("the disk is full")

    change = AccountChange(store, camera)
    if at == 1:
        monkeypatch.setattr(store.secrets, "set", full)
        with pytest.raises(KeepError, match="full"):
            change.begin(OLD, NEW)
        assert unsettled(store) == []
    else:
        change.begin(OLD, NEW)
        monkeypatch.setattr(store.secrets, "set", full)
        with pytest.raises(KeepError, match="full"):
            change.commit()
        assert len(unsettled(store)) == 1


def test_rubbish_beside_the_passwords_stops_nobody(store: Store) -> None:
    camera = _camera(store)
    device = targets(store, [camera])[0].device_id
    store.secrets.set(f"setup:{device}", "{]")
    store.set_setting("account_changes", [device, 7])
    assert unsettled(store) == []
    assert pending_of(store, device) is None
    AccountChange(store, camera).begin(OLD, NEW)
    assert len(unsettled(store)) == 1


def test_templates(store: Store) -> None:
    save_template(store, "b", Template("computer"))
    save_template(store, "a", Template(text="{name}"))
    assert list(templates(store)) == ["a", "b"]
    save_template(store, "b", None)
    save_template(store, "never", None)
    assert templates(store) == {"a": Template(text="{name}")}
    # What a version before kept as a setting of this console is not lost.
    store.set_setting("setup_templates", {"old": {"text": "{site}"}, "a": {"name": "{code}"}})
    assert templates(store) == {
        "a": Template(text="{name}"), "a (2)": Template(name="{code}"),
        "old": Template(text="{site}"),
    }  # fmt: skip
    save_template(store, "a (2)", None)
    assert list(templates(store)) == ["a", "old"]
    assert store.setting("setup_templates") == {}


def test_the_register_learns_what_the_streams_are_now(store: Store) -> None:
    camera = _camera(store)
    steps = [
        Step(Change(Setting.SUB_SIZE, "640x360", "320x180"), Outcome.DONE, "320x180"),
        Step(Change(Setting.SUB_FPS, 15, 10), Outcome.OTHER, 12),
        Step(Change(Setting.MAIN_CODEC, "h264", "h265"), Outcome.DONE, "h265"),
        Step(Change(Setting.MAIN_SIZE, "1920x1080", "1x1"), Outcome.REFUSED, "1920x1080"),
    ]
    note_streams(store, camera, steps)
    source = store.source(camera)
    assert source is not None
    main, sub = source.stream(StreamRole.MAIN), source.stream(StreamRole.SUB)
    assert main is not None
    assert sub is not None
    assert (main.codec, main.width, main.profile_token) == ("h265", 1920, "p1")
    assert (sub.width, sub.height, sub.fps) == (320, 180, 12)


def test_a_run_is_one_subject_and_its_chain_holds(store: Store) -> None:
    camera, log = _camera(store), Logbook(store)
    good = [Step(Change(Setting.TEXT, None, "东门"), Outcome.DONE, "东门")]
    bad = [Step(Change(Setting.TEXT, None, "东门"), Outcome.REFUSED)]
    record_run(log, "run-1", "Li Na", "WS1", [(camera, "东门", good)])
    record_run(log, "run-1", "Li Na", "WS1", [("c2", "西门", bad), ("c3", "北门", [])])
    (line,) = log.subjects(Wanted(Book.SETUP, words="西门"))
    assert (line.person, line.entries, line.open_matters) == ("Li Na", 2, 1)
    assert [s.id for s in log.subjects(Wanted(Book.SETUP, camera_id=camera))] == ["run-1"]
    assert log.check()[Book.SETUP][0].broken is None


def test_installers_write_it() -> None:
    assert writers(Book.SETUP, "set up") == {Role.COMMISSIONER, Role.ADMINISTRATOR}
