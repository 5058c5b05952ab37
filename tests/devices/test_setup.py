"""Setting devices up: real requests to simulated cameras that keep what they are told, and faults."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.devices import setup
from app.devices.errors import DeviceError, ErrorCode
from app.devices.onvif import OnvifDevice, device_url
from app.devices.rtsp import stream_takes
from app.devices.setup import (
    Job,
    JournalError,
    NewAccount,
    read_setup,
    set_up,
    settle,
    side_by_side,
)
from app.domain.camera import Credentials, StreamRole
from app.domain.setup import (
    Change,
    Names,
    Outcome,
    Setting,
    Step,
    StreamWish,
    Template,
    Why,
    plan,
    undo_of,
)
from app.simulator.process import Simulator
from app.store.devices import new_camera, site_named
from app.store.secrets import FileSecrets
from app.store.setup import AccountChange, pending_of, targets, unsettled
from app.store.store import Store

S = Setting
NAMES = Names("东门 <&\"'>", "East gate", "", "12", "广场")
NEW = Credentials("admin", "Kr7-wq2.Lm")
FULL = Template(
    "ntp", "10.0.0.1, time.example", "UTC0", "cam-{number}", "{name}", "{name}", "LowerLeft",
    "UpperRight", StreamWish("h264", "1280x720", 12, 2048, 24), StreamWish(None, "320x180", 10, 256, 20),
)  # fmt: skip


@pytest.fixture(scope="module")
def street() -> Iterator[Simulator]:
    with Simulator(cameras=4, ptz=1, codecs=("h264", "h264", "mjpeg", "h264"), tls=True) as running:
        yield running


@pytest.fixture(autouse=True)
def _as_new(street: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    for camera in street.cameras:
        street.clear(camera.id)
        street.reset(camera.id)
        street.set_clock_skew(camera.id, 0)
    monkeypatch.setattr(setup, "AGAIN_S", 0.1)


class Kept:
    """A journal in memory that says what it was told."""

    def __init__(self, fail: str = "") -> None:
        self.told: list[str] = []
        self._fail = fail

    def _tell(self, what: str) -> None:
        self.told.append(what)
        if what == self._fail:
            raise JournalError("the disk is full")

    def begin(self, old: Credentials, new: Credentials) -> None:
        self._tell("begin")

    def commit(self) -> None:
        self._tell("commit")

    def drop(self) -> None:
        self._tell("drop")


def _job(street: Simulator, number: int = 0, **changes: Any) -> Job:
    camera = street.cameras[number]
    job = Job(camera.id, camera.onvif_url, Credentials(camera.username, camera.password))
    return replace(job, **changes)


def _users(street: Simulator, number: int = 0) -> dict[str, list[str]]:
    found: dict[str, list[str]] = street.state(street.cameras[number].id)["settings"]["users"]
    return found


def _kept(street: Simulator, number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = street.state(street.cameras[number].id)["settings"]
    return found


def _outcomes(steps: list[Step]) -> dict[Setting, Outcome]:
    return {s.change.setting: s.outcome for s in steps}


def _reached(street: Simulator, account: Credentials, number: int = 0) -> bool:
    device = OnvifDevice(device_url(street.cameras[number].onvif_url), account, 5)
    try:
        device.ask("ver10/device", "GetUsers")
    except DeviceError as error:
        if error.code is not ErrorCode.UNAUTHORIZED:
            raise
        return False
    return True


@pytest.mark.parametrize("fault", ["", "media1-absent", "media2-absent", "digest-only", "token-only",
                                   "get-services-absent", "onvif-wrong-host", "settings-slow"])  # fmt: skip
def test_what_is_wished_is_set_and_read_back_and_undone(street: Simulator, fault: str) -> None:
    if fault:
        street.fault(street.cameras[0].id, fault, **({"seconds": 0.3} if "slow" in fault else {}))
    job = _job(street)
    before = read_setup(job)
    assert not before.missing
    changes = plan(FULL, NAMES, before)
    assert len(changes) == 16
    told: list[Step] = []
    steps = set_up(job, changes, told=told.append)
    assert told == steps
    assert set(_outcomes(steps).values()) == {Outcome.DONE}, steps
    kept = _kept(street)
    assert (kept["hostname"], kept["scope_name"]) == ("cam-12", NAMES.name)
    assert (kept["ntp"], kept["time_zone"]) == (["10.0.0.1", "time.example"], "UTC0")
    assert kept["encoders"]["main"]["shape"] == {"width": 1280, "height": 720, "fps": 12}
    assert [(o["kind"], o["place"], o["text"]) for o in kept["overlays"]] == [
        ("DateAndTime", "UpperRight", ""), ("Plain", "LowerLeft", NAMES.name),
    ]  # fmt: skip
    assert plan(FULL, NAMES, read_setup(job)) == []
    back = undo_of(steps)
    # The zone of before is one of the clock's own again; no server was set, which ONVIF cannot say.
    undone = _outcomes(set_up(job, back))
    assert undone.pop(S.NTP) is Outcome.REFUSED
    assert set(undone.values()) == {Outcome.DONE}
    after = read_setup(job)
    assert {s for s in after.values if after.values[s] != before.values[s]} <= {S.NTP, S.CLOCK}


def test_the_stream_follows(street: Simulator) -> None:
    job = _job(street)
    wish = Template(sub=StreamWish("h265", "320x180", 5))
    set_up(job, plan(wish, NAMES, read_setup(job)))
    told = street.state(street.cameras[0].id)["streams"]["sub"]
    assert (told["width"], told["height"], told["fps"]) == (320, 180, 5)


def test_texts_are_made_and_taken_away(street: Simulator) -> None:
    job = _job(street)
    gone = [Change(S.TEXT, "IPC", None), Change(S.TIME_PLACE, "UpperLeft", None)]
    assert set(_outcomes(set_up(job, gone)).values()) == {Outcome.DONE}
    assert _kept(street)["overlays"] == []
    wish = Template(text="{name}", time_place="UpperRight")
    steps = set_up(job, plan(wish, NAMES, read_setup(job)))
    assert set(_outcomes(steps).values()) == {Outcome.DONE}
    assert [o["place"] for o in _kept(street)["overlays"]] == ["LowerLeft", "UpperRight"]


def test_a_clock_that_is_wrong_by_a_day_is_set_and_all_goes_on(street: Simulator) -> None:
    street.set_clock_skew(street.cameras[0].id, -86_400)
    job = _job(street)
    wish = Template("computer", hostname="cam-{number}", account="password")
    steps = set_up(job, plan(wish, NAMES, read_setup(job)), NewAccount(NEW, Kept()))
    assert set(_outcomes(steps).values()) == {Outcome.DONE}
    assert abs(street.state(street.cameras[0].id)["clock_skew_s"]) < 2


def test_a_time_zone_alone_leaves_the_clock(street: Simulator) -> None:
    street.set_clock_skew(street.cameras[0].id, 3600)
    job = _job(street)
    steps = set_up(job, plan(Template(time_zone="UTC0"), NAMES, read_setup(job)))
    assert _outcomes(steps) == {S.TIME_ZONE: Outcome.DONE}
    assert abs(street.state(street.cameras[0].id)["clock_skew_s"] - 3600) < 2


def test_mjpeg_has_no_key_frames(street: Simulator) -> None:
    job = _job(street, 2)
    changes = plan(Template(main=StreamWish("h264", gop=9, fps=5)), NAMES, read_setup(job))
    assert {(c.setting, c.why) for c in changes} == {
        (S.MAIN_CODEC, Why.NEAREST), (S.MAIN_GOP, Why.NOT_SUPPORTED), (S.MAIN_FPS, None),
    }  # fmt: skip
    assert _outcomes(set_up(job, changes)) == {S.MAIN_FPS: Outcome.DONE}


def test_what_a_device_lacks_is_told(street: Simulator) -> None:
    street.fault(street.cameras[0].id, "osd-absent")
    reading = read_setup(_job(street))
    assert reading.missing[S.TEXT] is reading.missing[S.TIME_PLACE] is Why.NOT_SUPPORTED
    assert plan(Template(text="x"), NAMES, reading)[0].why is Why.NOT_SUPPORTED


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [("settings-refused", Outcome.REFUSED), ("settings-ignored", Outcome.UNCHANGED)],
)
def test_refused_and_accepted_without_effect(
    street: Simulator, fault: str, outcome: Outcome
) -> None:
    street.fault(street.cameras[0].id, fault)
    job = _job(street)
    changes = plan(replace(FULL, account="password"), NAMES, read_setup(job))
    journal = Kept()
    steps = set_up(job, changes, NewAccount(NEW, journal))
    assert set(_outcomes(steps).values()) == {outcome}
    # Taken without effect, it may still come: both stay kept.
    assert journal.told == (["begin", "drop"] if outcome is Outcome.REFUSED else ["begin"])
    assert _users(street)["admin"][0] == street.cameras[0].password


def test_rounded_is_said(street: Simulator) -> None:
    street.fault(street.cameras[0].id, "settings-rounded")
    job = _job(street)
    steps = set_up(job, plan(Template(main=StreamWish(kbps=2000)), NAMES, read_setup(job)))
    assert [(s.outcome, s.now) for s in steps] == [(Outcome.OTHER, 1536)]


def test_a_reboot_after_each_setting_is_waited_for(street: Simulator) -> None:
    job = _job(street)
    changes = plan(Template(hostname="a", name="b", account="password"), NAMES, read_setup(job))
    street.fault(street.cameras[0].id, "settings-reboot", seconds=0.6)
    steps = set_up(job, changes, NewAccount(NEW, Kept()))
    assert set(_outcomes(steps).values()) == {Outcome.DONE}, steps
    assert _users(street)["admin"][0] == NEW.password


def test_who_does_not_come_back_is_given_up_in_time(street: Simulator) -> None:
    job = _job(street)
    changes = plan(replace(FULL, account="password"), NAMES, read_setup(job))
    street.fault(street.cameras[0].id, "settings-reboot", seconds=60)
    journal = Kept()
    began = time.monotonic()
    steps = set_up(job, changes, NewAccount(NEW, journal), away_s=1)
    assert time.monotonic() - began < 40  # and not the minute that it is away
    outcomes = _outcomes(steps)
    # It may have answered once more before it went.
    assert Outcome.NO_ANSWER in outcomes.values(), steps
    assert outcomes[S.ACCOUNT] is Outcome.NOT_BEGUN
    assert journal.told == []


def test_a_device_that_is_silent_fails_in_time(street: Simulator) -> None:
    street.fault(street.cameras[0].id, "onvif-hang", after=3)
    began = time.monotonic()
    with pytest.raises(DeviceError) as failure:
        read_setup(_job(street), timeout_s=1, budget_s=4)
    assert failure.value.code is ErrorCode.TIMEOUT
    assert time.monotonic() - began < 8


# -- accounts


def _change(username: str = "admin") -> list[Change]:
    return [Change(S.ACCOUNT, "admin", username, username)]


def test_a_password_is_changed_and_the_old_one_is_dead(street: Simulator) -> None:
    old, journal = _job(street).account, Kept()
    steps = set_up(_job(street), _change(), NewAccount(NEW, journal))
    assert [(s.outcome, s.now) for s in steps] == [(Outcome.DONE, "admin")]
    assert journal.told == ["begin", "commit"]
    assert _reached(street, NEW)
    assert not _reached(street, old)
    assert _users(street)["admin"][1] == "Administrator"


def test_over_https_the_certificate_stays_pinned(street: Simulator) -> None:
    from app.devices.soap import MemoryPins

    pins = MemoryPins()
    job = _job(street, address=street.cameras[0].onvif_tls_url)
    steps = set_up(job, _change(), NewAccount(NEW, Kept()), pins=pins)
    assert [s.outcome for s in steps] == [Outcome.DONE]
    assert len(pins) == 1


@pytest.mark.parametrize("remove", [True, False])
def test_another_user_takes_over(street: Simulator, remove: bool) -> None:
    new = Credentials("watchroom", NEW.password)
    wish = NewAccount(new, Kept(), remove_old=remove)
    steps = set_up(_job(street), _change("watchroom"), wish)
    assert [s.outcome for s in steps] == [Outcome.DONE]
    assert _reached(street, new)
    assert ("admin" in _users(street)) is not remove


def test_an_old_user_that_cannot_be_deleted_is_said(street: Simulator) -> None:
    street.fault(street.cameras[0].id, "users-fixed")
    new = Credentials("watchroom", NEW.password)
    steps = set_up(_job(street), _change("watchroom"), NewAccount(new, Kept(), remove_old=True))
    assert [(s.outcome, s.detail) for s in steps] == [(Outcome.OLD_STAYS, "this user is fixed")]
    assert _reached(street, new)


def test_a_session_dropped_by_the_change_is_no_failure(street: Simulator) -> None:
    street.fault(street.cameras[0].id, "password-cut")
    journal = Kept()
    steps = set_up(_job(street), _change(), NewAccount(NEW, journal))
    assert [s.outcome for s in steps] == [Outcome.DONE]
    assert journal.told == ["begin", "commit"]


@pytest.mark.parametrize("username", ["admin", "watchroom"])
def test_streams_with_accounts_of_their_own_are_not_left_behind(
    street: Simulator, username: str
) -> None:
    street.fault(street.cameras[0].id, "stream-account")
    old, journal = _job(street).account, Kept()
    wish = NewAccount(Credentials(username, NEW.password), journal, remove_old=True)
    steps = set_up(_job(street), _change(username), wish, away_s=0.5)
    assert [(s.outcome, s.detail) for s in steps] == [(Outcome.REFUSED, "@streams")]
    assert journal.told == ["begin", "drop"]
    assert _reached(street, old)
    assert list(_users(street)) == ["admin"]


def test_whether_a_stream_takes_an_account(street: Simulator) -> None:
    camera, old = street.cameras[0], _job(street).account
    assert stream_takes(camera.url(), old) is True
    assert stream_takes(camera.url(), NEW) is False
    assert stream_takes("rtsp://127.0.0.1:1/x", old) is None
    assert stream_takes("http://127.0.0.1/x", old) is None
    assert stream_takes("rtsp://127.0.0.1/x y", old) is None


def test_no_password_in_what_is_told(street: Simulator) -> None:
    bad = Credentials("admin", "weak")
    steps = set_up(_job(street), _change(), NewAccount(bad, Kept()))
    assert [(s.outcome, s.detail) for s in steps] == [(Outcome.REFUSED, "bad password ••••")]
    assert "weak" not in repr(steps)


@pytest.mark.parametrize("where", ["begin", "commit"])
def test_a_full_disk_leaves_a_camera_that_can_be_reached(street: Simulator, where: str) -> None:
    old = _job(street).account
    steps = set_up(_job(street), _change(), NewAccount(NEW, Kept(fail=where)))
    wanted = Outcome.NOT_BEGUN if where == "begin" else Outcome.UNSURE
    assert [(s.outcome, s.detail) for s in steps] == [(wanted, "the disk is full")]
    assert _reached(street, old if where == "begin" else NEW)


def test_a_camera_without_a_password_gets_one(street: Simulator, data: Path) -> None:
    # What lets everybody in proves nothing: the new one is kept beside the old.
    with Simulator(cameras=1, ptz=0, password="") as open_house:
        journal = Kept()
        steps = set_up(_job(open_house), _change(), NewAccount(NEW, journal))
        assert [s.outcome for s in steps] == [Outcome.DONE]
        assert _reached(open_house, NEW)


# -- broken off at every step


@pytest.fixture
def store(data: Path, street: Simulator) -> Iterator[Store]:
    running = _open(data)
    site = site_named(running, "分局", "广场")
    camera = street.cameras[0]
    details = new_camera(camera.name, site, camera.onvif_url, camera.streams, has_ptz=False)
    running.save_camera(replace(details, username=camera.username), camera.password)
    yield running
    running.close()


def _open(folder: Path) -> Store:
    return Store(folder / "watchroom.db", FileSecrets(folder))


def _settle(store: Store, *, patient: bool = False) -> list[bool | None]:
    answers = []
    for pending in unsettled(store):
        target = targets(store, [pending.camera_id])[0]
        journal = AccountChange.of(store, pending, JournalError)
        job = Job(target.camera_id, target.address, target.account)
        answers.append(settle(job, pending.old, pending.new, journal, patient=patient))
    return answers


def _reachable(store: Store, street: Simulator) -> bool:
    """By a password that is kept; and after settling by the stored account itself."""
    camera = store.cameras()[0].id
    target = targets(store, [camera])[0]
    kept = [target.account]
    pending = pending_of(store, target.device_id)
    if pending is not None:
        kept += [pending.old, pending.new]
    assert any(_reached(street, account) for account in dict.fromkeys(kept))
    _settle(store)
    assert pending_of(store, target.device_id) is None
    return _reached(street, targets(store, [camera])[0].account)


def _run(store: Store, street: Simulator, username: str) -> list[Step]:
    target = targets(store, [store.cameras()[0].id])[0]
    journal = AccountChange(store, target.camera_id, JournalError)
    job = Job(target.camera_id, target.address, target.account)
    new = Credentials(username, NEW.password)
    return set_up(job, _change(username), NewAccount(new, journal, remove_old=True), timeout_s=5,
                  away_s=0.3)  # fmt: skip


@pytest.mark.parametrize("username", ["admin", "watchroom"])
def test_the_line_cut_at_every_request(store: Store, street: Simulator, username: str) -> None:
    """After n requests nothing is answered any more; the camera may have done what it was told."""
    camera, n = street.cameras[0], 0
    while True:
        street.reset(camera.id)
        device = targets(store, [store.cameras()[0].id])[0].device_id
        store.secrets.set(device, camera.password)
        details = store.camera(store.cameras()[0].id)
        assert details is not None
        store.save_camera(replace(details, username="admin"), None)
        street.fault(camera.id, "onvif-cut", after=n)
        outcome = _run(store, street, username)[0].outcome
        cut_short = street.state(camera.id)["faults"]["onvif-cut"]["after"] == 0
        street.clear(camera.id)
        assert _reachable(store, street), n
        if not cut_short:
            break
        n += 1
    assert n >= 6
    assert outcome is Outcome.DONE


_KILLED = """
import os, sys
from pathlib import Path
import app.devices.setup as setup
from app.devices.soap import SoapClient
from app.store.secrets import FileSecrets
from app.store.setup import AccountChange, targets
from app.store.store import Store
from app.domain.camera import Credentials
from app.domain.setup import Change, Setting
folder, name = Path(sys.argv[1]), sys.argv[2]
count = at = 0
def dying(function):
    def call(*given, **more):
        global count
        count += 1
        if count == at:
            os._exit(9)
        answer = function(*given, **more)
        count += 1
        if count == at:
            os._exit(9)
        return answer
    return call
def run():
    store = Store(folder / "watchroom.db", FileSecrets(folder))
    t = targets(store, [store.cameras()[0].id])[0]
    new = setup.NewAccount(Credentials(name, "Kr7-wq2.Lm"),
                           AccountChange(store, t.camera_id, setup.JournalError), True)
    steps = setup.set_up(setup.Job(t.camera_id, t.address, t.account),
                         [Change(Setting.ACCOUNT, "admin", name)], new)
    assert steps[0].outcome == "done", steps
SoapClient._once = dying(SoapClient._once)
FileSecrets.set, FileSecrets.delete = dying(FileSecrets.set), dying(FileSecrets.delete)
Store.set_setting = dying(Store.set_setting)
for line in sys.stdin:
    at = int(line)
    child = os.fork()
    if child == 0:
        run()
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Runs a change of account in a process that ends, without any farewell, at the n-th moment before or
after something is sent or kept. Loaded once and forked, as each of some 30 moments is tried."""


@pytest.mark.parametrize("username", ["admin", "watchroom"])
def test_killed_between_any_two_steps(
    store: Store, street: Simulator, data: Path, username: str
) -> None:
    camera, at = street.cameras[0], 0
    command = [sys.executable, "-c", _KILLED, str(data), username]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        ended = 9
        while ended == 9:
            at += 1
            street.reset(camera.id)
            device = targets(store, [store.cameras()[0].id])[0].device_id
            store.secrets.set(device, camera.password)
            details = store.camera(store.cameras()[0].id)
            assert details is not None
            store.save_camera(replace(details, username="admin"), None)
            process.stdin.write(f"{at}\n")
            process.stdin.flush()
            ended = int(process.stdout.readline())
            assert ended in (0, 9)
            assert _reachable(store, street), at
        process.stdin.close()
    assert at > 20


def test_a_change_that_may_still_come_is_kept(store: Store, street: Simulator) -> None:
    camera = street.cameras[0]
    street.fault(camera.id, "settings-ignored")
    assert _run(store, street, "admin")[0].outcome is Outcome.UNCHANGED
    street.clear(camera.id)
    assert unsettled(store)[0].fresh
    assert _settle(store, patient=True) == [None]
    # Nothing is begun over it.
    step = _run(store, street, "admin")[0]
    assert step.outcome is Outcome.NOT_BEGUN
    assert step.detail == "@unsettled"
    assert _settle(store) == [False]
    assert unsettled(store) == []
    assert _run(store, street, "admin")[0].outcome is Outcome.DONE


def test_both_passwords_are_encrypted_on_the_disk(
    store: Store, street: Simulator, data: Path
) -> None:
    camera = store.cameras()[0].id
    AccountChange(store, camera).begin(Credentials("admin", "old-Secret-1"), NEW)
    for file in data.iterdir():
        if file.is_file():
            assert b"old-Secret-1" not in file.read_bytes()
            assert NEW.password.encode() not in file.read_bytes()
    assert unsettled(store)[0].new == NEW
    assert NEW.password not in repr(unsettled(store))


# -- many


def test_32_cameras_at_once_several_of_which_fail(data: Path) -> None:
    with Simulator(cameras=32, ptz=0) as town:
        bad = {"cam3": "settings-refused", "cam7": "onvif-cut", "cam11": "401", "cam15": "onvif-401",
               "cam20": "settings-ignored", "cam25": "password-cut", "cam30": "onvif-hang"}  # fmt: skip
        for camera, fault in bad.items():
            town.fault(camera, fault)
        jobs = [_job(town, i) for i in range(32)]
        lock, busy, most = threading.Lock(), 0, 0
        results: dict[str, Any] = {}
        wish = Template(hostname="cam-{number}", account="password")

        def work(job: Job) -> Any:
            nonlocal busy, most
            with lock:
                busy += 1
                most = max(most, busy)
            try:
                reading = read_setup(job, timeout_s=5, budget_s=40)
                changes = plan(wish, NAMES, reading)
                return set_up(job, changes, NewAccount(NEW, Kept()), timeout_s=5, away_s=8)
            except DeviceError as error:
                return error.code
            finally:
                with lock:
                    busy -= 1

        side_by_side(jobs, work, lambda job, found: results.update({job.camera_id: found}),
                     threading.Event())  # fmt: skip
        assert 2 <= most <= setup.AT_ONCE
        assert len(results) == 32
        good = [c for c, r in results.items()
                if isinstance(r, list) and {s.outcome for s in r} == {Outcome.DONE}]  # fmt: skip
        assert len(good) == 32 - 5, (
            results
        )  # 401 is of the streams only; a cut session is no failure
        assert results["cam7"] is ErrorCode.UNREACHABLE
        assert results["cam15"] is ErrorCode.UNAUTHORIZED
        assert results["cam30"] is ErrorCode.TIMEOUT
        town.clear("cam7")
        for i, camera in enumerate(town.cameras):
            town.clear(camera.id)
            account = NEW if camera.id in good else jobs[i].account
            assert _reached(town, account, i)


def test_cancel_lets_nothing_further_begin_and_one_device_is_one_at_a_time() -> None:
    cancelled, done = threading.Event(), list[str]()
    jobs = [Job(str(i), "10.0.0.1" if i % 2 else f"10.0.0.{i}", Credentials()) for i in range(40)]
    lock, busy = threading.Lock(), set[str]()

    def work(job: Job) -> None:
        with lock:
            assert job.address not in busy
            busy.add(job.address)
        time.sleep(0.002)
        with lock:
            busy.discard(job.address)

    def told(job: Job, _: None) -> None:
        done.append(job.camera_id)
        if len(done) == 10:
            cancelled.set()

    side_by_side(jobs, work, told, cancelled, 4)
    assert 10 <= len(done) < 20


def test_cancel_between_two_settings(street: Simulator) -> None:
    cancelled = threading.Event()
    job = _job(street)
    changes = plan(replace(FULL, account="password"), NAMES, read_setup(job))
    steps = set_up(job, changes, NewAccount(NEW, Kept()), cancelled=cancelled,
                   told=lambda _: cancelled.set())  # fmt: skip
    outcomes = [s.outcome for s in steps]
    assert outcomes[0] is Outcome.DONE
    assert set(outcomes[1:]) == {Outcome.NOT_BEGUN}
    assert _kept(street)["hostname"] == "cam1"


def test_of_a_recorder_only_the_channel_that_is_known_is_touched(street: Simulator) -> None:
    street.fault(street.cameras[0].id, "recorder", sources=4)
    unknown = read_setup(_job(street))
    assert unknown.missing[S.MAIN_SIZE] is unknown.missing[S.TEXT] is Why.NOT_SUPPORTED
    assert unknown.values[S.HOSTNAME] == "cam1"  # of the device
    known = read_setup(_job(street, tokens={StreamRole.SUB: "profile_sub_3"}))
    assert known.values[S.SUB_SIZE] == "640x360"
    assert known.values[S.MAIN_SIZE] == "1920x1080"
    two = {StreamRole.SUB: "profile_sub_3", StreamRole.MAIN: "profile_main_2"}
    assert S.MAIN_SIZE in read_setup(_job(street, tokens=two)).missing
