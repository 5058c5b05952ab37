"""Setting up many cameras: templates, plans, undo, passwords."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.camera import StreamRole
from app.domain.setup import (
    GROUPS,
    PLACES,
    SIGNS,
    Change,
    Mistake,
    Names,
    Outcome,
    PasswordFault,
    Reading,
    Setting,
    Step,
    StreamOptions,
    StreamWish,
    Template,
    Value,
    Why,
    fill,
    generated_password,
    grouped,
    host_label,
    judge,
    mistakes,
    password_fault,
    plan,
    servers,
    undo_of,
    wishes,
)

S = Setting
NAMES = Names("东门", "East gate", "33110200001320000001", "12", "广场")
PRESENT: dict[Setting, Value] = {
    S.NTP: "", S.TIME_ZONE: "CST-8", S.CLOCK_MODE: "Manual", S.CLOCK: 7200, S.HOSTNAME: "ipc",
    S.NAME: "IPC", S.TEXT: "IPC", S.TEXT_PLACE: "LowerRight", S.TIME_PLACE: "UpperLeft",
    S.MAIN_CODEC: "h264", S.MAIN_SIZE: "1920x1080", S.MAIN_FPS: 25, S.MAIN_KBPS: 4096,
    S.MAIN_GOP: 25, S.SUB_CODEC: "h264", S.SUB_SIZE: "640x360", S.SUB_FPS: 15, S.SUB_KBPS: 512,
    S.SUB_GOP: 15, S.ACCOUNT: "admin",
}  # fmt: skip
H264 = StreamOptions("h264", ("1920x1080", "1280x720", "640x480"), (25, 12.5, 5), None, (64, 8192),
                     (1, 200))  # fmt: skip
H265 = StreamOptions("h265", ("1280x720",), (), (1, 20), None, None)
FULL = Template(
    "ntp", "10.0.0.1, time.example", "UTC0", "cam-{number}", "{name}", "{name}", "LowerLeft",
    "UpperRight", StreamWish("h264", "1280x720", 12.5, 2048, 50), StreamWish(fps=10), "user",
    "watchroom", True, True,
)  # fmt: skip


def _reading(
    values: Mapping[Setting, Value] = PRESENT,
    missing: Mapping[Setting, Why] | None = None,
    options: tuple[StreamOptions, ...] = (H264, H265),
    **more: object,
) -> Reading:
    given = {StreamRole.MAIN: options, StreamRole.SUB: ()}
    return Reading(values, missing or {}, given, **more)  # type: ignore[arg-type]


def _by_setting(changes: list[Change]) -> dict[Setting, Change]:
    return {c.setting: c for c in changes}


def test_a_template_comes_back_as_it_was_kept_and_holds_no_password() -> None:
    assert Template.from_json(json.loads(json.dumps(FULL.as_json()))) == FULL
    assert not any("password" in f.name for f in fields(Template))


@pytest.mark.parametrize(
    "data",
    [None, [], "x", {"clock": 7, "main": [], "sub": {"fps": "many", "size": "1x", "codec": "av9"}},
     {"remove_old": "yes", "main": {"kbps": -1, "gop": True, "fps": 1e9}}],
)  # fmt: skip
def test_rubbish_becomes_an_empty_template(data: object) -> None:
    assert Template.from_json(data) == Template()
    assert Template.from_json(data).empty


def test_every_setting_can_be_wished_and_belongs_to_one_group() -> None:
    full = replace(
        FULL, main=StreamWish("h264", "1x1", 1, 1, 1), sub=StreamWish("h264", "1x1", 1, 1, 1)
    )
    assert wishes(full) | wishes(replace(full, clock="computer")) == set(Setting)
    assert sorted(s for group in GROUPS.values() for s in group) == sorted(Setting)


def test_only_what_differs_is_changed_old_to_new() -> None:
    changes = _by_setting(plan(FULL, NAMES, _reading()))
    assert {s: (c.old, c.new) for s, c in changes.items()} == {
        S.NTP: ("", "10.0.0.1, time.example"), S.TIME_ZONE: ("CST-8", "UTC0"),
        S.CLOCK_MODE: ("Manual", "NTP"), S.HOSTNAME: ("ipc", "cam-12"), S.NAME: ("IPC", "东门"),
        S.TEXT: ("IPC", "东门"), S.TEXT_PLACE: ("LowerRight", "LowerLeft"),
        S.TIME_PLACE: ("UpperLeft", "UpperRight"), S.MAIN_SIZE: ("1920x1080", "1280x720"),
        S.MAIN_FPS: (25, 12.5), S.MAIN_KBPS: (4096, 2048), S.MAIN_GOP: (25, 50),
        S.SUB_FPS: (15, 10), S.ACCOUNT: ("admin", "watchroom"),
    }  # fmt: skip
    assert all(c.why is None and c.can for c in changes.values())


def test_a_camera_that_is_as_wished_is_left_alone() -> None:
    reading = _reading()
    done = {**PRESENT, **{c.setting: c.new for c in plan(FULL, NAMES, reading)}}
    left = plan(replace(FULL, account=""), NAMES, _reading(done))
    assert left == []


def test_what_is_not_wished_is_left_alone() -> None:
    assert plan(Template(), NAMES, _reading()) == []
    assert plan(Template(main=StreamWish(kbps=4096)), NAMES, _reading()) == []


def test_outside_the_options_the_nearest_is_proposed_and_said() -> None:
    wish = StreamWish("h264", "2560x1440", 30, 99_999, 1000)
    found = _by_setting(plan(Template(main=wish), NAMES, _reading()))
    assert {s: (c.new, c.wanted, c.why) for s, c in found.items()} == {
        S.MAIN_SIZE: ("1920x1080", "2560x1440", Why.NEAREST),
        S.MAIN_FPS: (25, 30, Why.NEAREST),
        S.MAIN_KBPS: (8192, 99_999, Why.NEAREST),
        S.MAIN_GOP: (200, 1000, Why.NEAREST),
    }
    assert [c.setting for _, g in grouped(found.values()) for c in g] == [S.MAIN_KBPS, S.MAIN_GOP]


def test_a_size_of_the_same_shape_is_nearer_than_one_of_another() -> None:
    found = plan(Template(main=StreamWish(size="704x396")), NAMES, _reading())
    assert found[0].new == "1280x720"  # not 640x480


def test_another_codec_takes_the_rest_along_to_what_it_allows() -> None:
    found = _by_setting(plan(Template(main=StreamWish("h265")), NAMES, _reading()))
    assert found[S.MAIN_CODEC].new == "h265"
    assert (found[S.MAIN_SIZE].new, found[S.MAIN_FPS].new) == ("1280x720", 20)
    assert S.MAIN_KBPS not in found


def test_a_codec_the_camera_has_not_becomes_the_next_best() -> None:
    found = plan(Template(main=StreamWish("h265")), NAMES, _reading(options=(H264,)))
    assert [(c.new, c.wanted, c.why) for c in found] == [("h264", "h265", Why.NEAREST)]
    assert grouped(found) == []  # it is that already
    mjpeg = (StreamOptions("mjpeg"),)
    found = plan(Template(main=StreamWish("h264", gop=10)), NAMES, _reading(options=mjpeg))
    assert [(c.new, c.why) for c in found] == [("mjpeg", Why.NEAREST), (None, Why.NOT_SUPPORTED)]


def test_without_options_the_wish_is_tried_as_it_is() -> None:
    found = plan(Template(main=StreamWish(kbps=9)), NAMES, _reading(options=()))
    assert [(c.new, c.why) for c in found] == [(9, None)]


def test_what_was_not_read_or_is_fixed_is_said_and_not_set() -> None:
    some = {s: v for s, v in PRESENT.items() if s not in (S.NTP, S.TEXT, S.MAIN_CODEC, S.MAIN_KBPS)}
    reading = _reading(some, {S.NTP: Why.NOT_SUPPORTED, S.NAME: Why.FIXED})
    wish = Template("ntp", "1.2.3.4", name="x", text="y", main=StreamWish("h264", kbps=5))
    found = _by_setting(plan(wish, NAMES, reading))
    assert found[S.NTP].why is Why.NOT_SUPPORTED
    assert found[S.TEXT].why is Why.NOT_READ
    assert (found[S.NAME].why, found[S.NAME].old) == (Why.FIXED, "IPC")
    assert found[S.MAIN_CODEC].why is found[S.MAIN_KBPS].why is Why.NOT_READ
    assert [g for g, _ in grouped(found.values())] == ["clock"]


def test_a_name_that_the_register_lacks_is_no_empty_text() -> None:
    found = plan(Template(text="{code}", hostname="{name}"), replace(NAMES, code=""), _reading())
    assert [(c.setting, c.why) for c in found] == [(S.HOSTNAME, Why.NO_NAME), (S.TEXT, Why.NO_NAME)]


def test_a_clock_is_set_where_it_is_wrong_only() -> None:
    wish = Template("computer")
    assert [c.setting for c in plan(wish, NAMES, _reading())] == [S.CLOCK]
    assert plan(wish, NAMES, _reading({**PRESENT, S.CLOCK: -1})) == []


def test_places_the_camera_lacks() -> None:
    reading = _reading(places=("UpperLeft", "LowerLeft"))
    found = _by_setting(
        plan(Template(text_place="LowerRight", time_place="UpperLeft"), NAMES, reading)
    )
    assert (found[S.TEXT_PLACE].new, found[S.TEXT_PLACE].why) == ("LowerLeft", Why.NEAREST)
    none = _reading({**PRESENT, S.TEXT: None, S.TEXT_PLACE: None})
    assert plan(Template(text_place=PLACES[0]), NAMES, none) == []


@pytest.mark.parametrize(
    ("limits", "password", "why"),
    [
        ((8, 0), "123456789", Why.PASSWORD),
        ((16, 4), "12345678", Why.USERNAME),
        ((0, 0), "x" * 16, None),
    ],
)
def test_limits_of_a_device_for_accounts(limits: tuple[int, int], password: str, why: Why) -> None:
    reading = _reading(max_password=limits[0], max_username=limits[1])
    found = plan(Template(account="user", username="watchroom"), NAMES, reading, password)
    assert [c.why for c in found] == [why]
    assert password not in repr(found)


def test_the_account_is_the_last_that_is_told() -> None:
    groups = [name for name, _ in grouped(plan(FULL, NAMES, _reading()))]
    assert groups == [
        "ntp",
        "clock",
        "hostname",
        "name",
        "text",
        "time_text",
        "sub",
        "main",
        "account",
    ]
    same = Template(account="password")
    assert [name for name, _ in grouped(plan(same, NAMES, _reading()))] == ["account"]


def test_undo_brings_back_what_was_where_it_was_changed() -> None:
    change = Change(S.MAIN_KBPS, 4096, 2048)
    text = Change(S.TEXT, None, "x")
    clock = Change(S.CLOCK, 7200, 0)
    steps = [
        Step(change, Outcome.OTHER, 2000), Step(text, Outcome.DONE, "x"), Step(clock, Outcome.DONE, 0),
        Step(change, Outcome.REFUSED), Step(change, Outcome.UNCHANGED, 4096),
        Step(change, Outcome.NO_ANSWER), Step(change, Outcome.NOT_BEGUN),
        Step(Change(S.ACCOUNT, "admin", "x"), Outcome.UNSURE),
    ]  # fmt: skip
    back = undo_of(steps)
    assert [(c.setting, c.old, c.new, c.can) for c in back] == [
        (S.MAIN_KBPS, 2000, 4096, True), (S.TEXT, "x", None, True), (S.CLOCK, 0, None, False),
    ]  # fmt: skip


def test_what_is_read_back_decides() -> None:
    change = Change(S.MAIN_KBPS, 4096, 2048)
    assert judge(change, 2048.0) is Outcome.DONE
    assert judge(change, 4096) is Outcome.UNCHANGED
    assert judge(change, 2000) is Outcome.OTHER
    clock = Change(S.CLOCK, 90, 0)
    assert [judge(clock, n) for n in (-2, 2, 90, None)] == [
        Outcome.DONE, Outcome.DONE, Outcome.UNCHANGED, Outcome.UNCHANGED,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("template", "mistake"),
    [
        (Template(text="{naam}"), Mistake.PATTERN), (Template(hostname="{"), Mistake.PATTERN),
        (Template("ntp"), Mistake.NTP), (Template("ntp", "a b;c!"), Mistake.NTP),
        (Template(time_zone="Peking"), Mistake.TIME_ZONE),
        (Template(text_place="UpperLeft", time_place="UpperLeft"), Mistake.PLACE),
        (Template(account="user"), Mistake.USERNAME),
        (Template(account="user", username="1 x"), Mistake.USERNAME),
        (Template(main=StreamWish(size="big")), Mistake.SIZE),
    ],
)  # fmt: skip
def test_mistakes_in_a_template(template: Template, mistake: Mistake) -> None:
    assert mistakes(template) == [mistake]


@pytest.mark.parametrize(
    "zone", ["CST-8", "UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "<+08>-8", "EST5EDT"]
)
def test_time_zones_and_a_whole_template_are_right(zone: str) -> None:
    assert mistakes(replace(FULL, time_zone=zone)) == []


def test_servers() -> None:
    assert servers(" dhcp ") == ("DHCP",)
    assert servers("10.0.0.1; ntp.aliyun.com fe80::1") == ("10.0.0.1", "ntp.aliyun.com", "fe80::1")
    assert servers("") is None
    assert servers("<evil/>") is None


def test_patterns_and_host_names() -> None:
    assert fill("{site}  {name} {number}", NAMES) == "广场 东门 12"
    assert host_label("East gate / 12!") == "East-gate-12"
    assert host_label("东门") is None
    assert host_label("x" * 70 + "-") == "x" * 63


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("Ab1-xyz", PasswordFault.SHORT), ("Ab1-" * 5, PasswordFault.LONG),
        ("Abc1 efgh", PasswordFault.CHARACTERS), ("Abc1@efgh", PasswordFault.CHARACTERS),
        ("密码Ab1-efgh", PasswordFault.CHARACTERS), ("abcdxyz12", PasswordFault.CLASSES),
        ("ABC-wjz-", None), ("Admin-7391", PasswordFault.USERNAME),
        ("Nimda-7391", PasswordFault.USERNAME), ("Tor-1234-x", PasswordFault.ROW),
        ("Tor-7777-x", PasswordFault.ROW), ("Tor-dcba-7", PasswordFault.ROW),
        ("Kr7-wq2.Lm", None),
    ],
)  # fmt: skip
def test_passwords(password: str, fault: PasswordFault | None) -> None:
    assert password_fault(password, "admin") is fault


def test_a_devices_own_limit_counts() -> None:
    assert password_fault("Kr7-wq2.Lm", "admin", 8) is PasswordFault.LONG


@given(
    st.sampled_from(["", "admin", "watchroom"]), st.integers(8, 20), st.sampled_from([0, 8, 12, 64])
)
def test_generated_passwords_keep_the_rules(user: str, length: int, limit: int) -> None:
    made = generated_password(user, length, limit)
    assert password_fault(made, user, limit) is None
    assert all(c.isalnum() or c in SIGNS for c in made)
    assert not set(made) & set("0O1lI")


def test_generated_passwords_differ_and_need_room() -> None:
    assert len({generated_password("admin") for _ in range(200)}) == 200
    with pytest.raises(ValueError, match="short"):
        generated_password("admin", limit=6)
