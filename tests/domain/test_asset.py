from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import asset
from app.domain.asset import CORE, RULES, Type
from app.domain.place import Point, distance_m

CODE = "33110200001320000001"
GOOD = {
    "code": CODE, "name": "中山路口", "manufacturer": "Hikvision", "division": "331102",
    "point_class": "1", "install_address": "中山街", "longitude": "119.922100",
    "latitude": "28.451700", "place_types": "3/7", "networked": "0", "authority": "331102000000",
    "installed_on": "2020-01-02", "managing_unit": "市公安局", "contact": "0578-2345678",
    "retention_days": "90", "state": "1",
}  # fmt: skip


def reasons(**values: str) -> dict[str, str]:
    return {p.field: p.reason for p in asset.validate({**GOOD, **values})}


def test_the_core_has_the_27_fields_in_the_order_of_the_exchange() -> None:
    assert " ".join(f.abbrev for f in CORE) == (
        "SBBM SBMC SBCS XZQY JKDWLX SBXH DWSC IPV4 IPV6 MACDZ SXJLX SXJGNLX BGSX SXJBMGS AZDZ JD "
        "WD SXJWZLX JSFW LWSX SSXQGAJG AZSJ GLDW GLDWLXFS LXBCTS SBZT SSBMHY"
    )
    names = [f.name for f in RULES.fields]
    assert len(set(names)) == len(names)
    for spec in RULES.fields:
        assert spec.en
        assert spec.zh
        assert spec.entity in asset.ENTITIES
        if spec.type in (Type.CODE, Type.CODES, Type.OPEN):
            listed = RULES.list_of(spec)
            assert listed is not None
            assert listed.source


def test_a_good_record_has_no_problem_and_lacks_nothing() -> None:
    assert asset.validate(GOOD) == []
    assert asset.completeness(GOOD).missing == ()
    assert asset.completeness(GOOD).percent == 100


def test_what_is_required_depends_on_the_point_class() -> None:
    less = {k: v for k, v in GOOD.items() if k not in ("installed_on", "contact", "retention_days")}
    done = asset.completeness(less)
    assert done.missing == ("installed_on", "contact", "retention_days")
    assert (done.filled, done.required) == (13, 16)
    for other in ("2", "3", "4", "9"):
        assert asset.completeness({**less, "point_class": other}).percent == 100
    assert asset.completeness({}).filled == 0


@pytest.mark.parametrize(("name", "value", "reason"), [
    ("code", "123", "bad-code"), ("code", "33110200001180000001", "not-a-camera"),
    ("division", "3311021", "bad-division"), ("division", "331123", "division-differs"),
    ("mac", "00-11-22", "bad-mac"), ("ipv4", "10.0.0.300", "bad-ipv4"), ("ipv6", "x", "bad-ipv6"),
    ("point_class", "7", "unknown-code"), ("functions", "1/77", "unknown-code"),
    ("installed_on", "2020-02-30", "bad-date"), ("retention_days", "1.5", "not-whole"),
    ("retention_days", "-1", "out-of-range"), ("retention_days", "x", "not-a-number"),
    ("longitude", "181", "out-of-range"), ("name", "x" * 101, "too-long"),
    ("name", "a\x00b", "control-character"), ("contact", "ask", "bad-phone"),
    ("warranty_until", "2019-01-01", "before"), ("dismantled_on", "2019-01-01", "before"),
])  # fmt: skip
def test_each_wrong_value_is_told_with_its_field(name: str, value: str, reason: str) -> None:
    assert reasons(**{name: value})[name] == reason


def test_places_are_looked_at() -> None:
    assert reasons(latitude="") == {"longitude": "half-a-place"}
    assert reasons(latitude="0.000000", longitude="0.000000")["latitude"] == "nowhere"
    assert reasons(latitude="48.200000", longitude="16.370000")["latitude"] == "outside-china"
    assert reasons(latitude="28.400000", longitude="119.900000")["latitude"] == "coarse"
    assert reasons(latitude="80.123400", longitude="28.451700")["latitude"] == "swapped"


@given(st.dictionaries(st.sampled_from([f.name for f in RULES.fields]), st.text(max_size=60)))
def test_any_record_is_judged_and_none_crashes(record: dict[str, str]) -> None:
    tidy = {k: asset.normal(f, v) for k, v in record.items() if (f := RULES.get(k)) is not None}
    for problem in asset.validate(tidy):
        assert problem.reason
    done = asset.completeness(tidy)
    assert 0 <= done.filled <= done.required
    assert (done.percent == 100) == (not done.missing)


@given(st.sampled_from(RULES.fields), st.text(max_size=60))
def test_a_tidied_value_stays_as_it_is(spec: asset.Field, text: str) -> None:
    once = asset.normal(spec, text)
    assert asset.normal(spec, once) == once


@given(st.sampled_from([f for f in RULES.fields if f.codes]), st.data())
def test_codes_are_found_by_their_names(spec: asset.Field, data: st.DataObject) -> None:
    listed = RULES.list_of(spec)
    assert listed is not None
    code, english, chinese = data.draw(st.sampled_from(listed.entries))
    wanted = asset.normal(spec, code)
    if code != "99":
        assert asset.normal(spec, english) == asset.normal(spec, chinese) == wanted
    assert asset.problem_of(spec, wanted) is None


@given(st.floats(18.5, 53), st.floats(74, 134))
def test_gcj02_and_back(latitude: float, longitude: float) -> None:
    point = Point(latitude, longitude)
    moved = asset.to_gcj02(point)
    assert 30 < distance_m(point, moved) < 1100
    assert distance_m(point, asset.from_gcj02(moved)) < 0.01


def test_gcj02_is_recognised_and_a_real_move_is_not() -> None:
    here = Point(28.4517, 119.9221)
    assert asset.looks_like_gcj02(here, asset.to_gcj02(here))
    assert not asset.looks_like_gcj02(here, Point(28.4560, 119.9221))
    assert not asset.looks_like_gcj02(here, here)


@given(st.floats(0, 360))
def test_directions_follow_bearings(bearing: float) -> None:
    names = {"4": 0, "6": 45, "1": 90, "5": 135, "3": 180, "7": 225, "2": 270, "8": 315}
    middle = names[asset.direction_of(bearing)]
    assert abs((bearing - middle + 180) % 360 - 180) <= 22.5
    assert reasons(bearing_deg="90", direction="2")["direction"] == "direction-differs"
    assert asset.bearing_from_camera_angle(270) == 0


def test_the_life_cycle_tells_the_most_urgent_first() -> None:
    today = date(2026, 6, 1)
    assert asset.life_cycle({}, today) == []
    told = asset.life_cycle({"warranty_until": "2026-07-01", "replace_on": "2026-05-01"}, today)
    assert [state for state, _ in told] == ["replacement-due", "warranty-ending"]
    told = asset.life_cycle({"state": "3", "warranty_until": "2020-01-01"}, today)
    assert told == [("dismantled", "")]


def test_headings_are_understood_in_both_languages_and_given_once() -> None:
    for spec in CORE:
        for text in (spec.zh + "（必填）", spec.en.upper() + " *", spec.abbrev.lower()):
            assert asset.guess_columns([text]) == [spec.name]
    assert asset.guess_columns(["经度", "JD", "??"]) == ["longitude", "", ""]
    assert asset.guess_columns(["X"], remembered={"x": "name"}) == ["name"]


def test_definitions_that_are_none_are_left() -> None:
    assert asset.with_definitions([{}, {"name": "A b"}, {"name": "x", "type": "?"}]).fields == (
        RULES.fields
    )
    rules = asset.with_definitions([{"name": "mac", "required": ["1", "x"]}])
    found = rules.get("mac")
    assert found is not None
    assert (found.required, found.type) == (frozenset("1"), Type.MAC)


def test_where_a_code_list_is_from_is_said_in_chinese_too() -> None:
    mine = asset.with_definitions([{"list": "light", "entries": [["9", "lamp", "灯"]]}])
    for listed in mine.lists.values():
        said = listed.source_text("zh_CN")
        # Names of standards and of their parts are the same in both.
        words = re.findall(r"[a-z]{3,}", said.replace("Info/RoomType", ""))
        assert said
        assert not words, said
        assert "domain reference" not in listed.source_text("en")
    assert mine.lists["light"].source_text("zh_CN").endswith("；本地")
    assert mine.lists["light"].source_text("en").endswith("; local")
