from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.domain import asset
from app.domain.camera import Organisation, Site
from app.domain.place import Point
from app.store import assets, exchange
from app.store.exchange import CancelledError, ExchangeError, Layout, Options
from app.store.secrets import FileSecrets
from app.store.store import Store
from tests.store.test_assets import CODE, add_camera, file_of

CODE_2, CODE_3 = "33110200001320000002", "33110200001320000003"


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    opened = Store(data / "watchroom.db", FileSecrets(data))
    yield opened
    opened.close()


def book(path: Path, rows: list[list[Any]]) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    made.save(path)
    return path


def look(store: Store, path: Path, options: Options | None = None) -> exchange.Preview:
    table = exchange.open_table(path)
    columns = asset.guess_columns(table.header, remembered=exchange.remembered_columns(store))
    return exchange.preview(store, table, columns, options)


HEADER = ["设备编码*", "设备名称", "SBCS", "监控点位类型", "MAC地址", "经度", "纬度", "安装时间"]


@pytest.mark.parametrize(("suffix", "encoding"), [
    (".xlsx", ""), (".csv", "utf-8-sig"), (".csv", "gb18030"),
])  # fmt: skip
@pytest.mark.parametrize("heading", ["zh", "en", "abbrev"])
@pytest.mark.parametrize("names", [True, False])
def test_what_is_exported_is_the_same_when_it_comes_back(
    store: Store, data: Path, suffix: str, encoding: str, heading: str, names: bool
) -> None:
    camera = add_camera(store)
    assets.save(store, camera, {
        "manufacturer": "1", "functions": "1/5", "mac": "aabbccddeeff", "retention_days": "30",
        "networked": "0", "state": "1", "installed_on": "2020-01-02", "place_types": "3/7",
        "contact": "+86 578 2345678", "common_name": "=1+1", "longitude": "119.9221", "latitude": "28.4517",
    })  # fmt: skip
    add_camera(store, "", "没有编码的摄像机")
    path = data / f"out{suffix}"
    layout = Layout(heading=heading, names=names, encoding=encoding or "utf-8-sig")
    assert exchange.export(store, path, assets.Selection(), layout) == 2
    made = look(store, path)
    assert [(f.reason, f.value) for f in made.findings()] == []
    assert (made.counts.rows, made.counts.same, made.counts.new) == (2, 2, 0)
    made.close()
    assert not list(data.glob("*.partial"))


def test_an_import_fills_adds_and_leaves_differences_to_a_person(store: Store, data: Path) -> None:
    camera = add_camera(store)
    assets.save(store, camera, {"mac": "001122334455"})
    path = book(data / "in.xlsx", [
        ["设备清单（2026 年）"], HEADER,
        [CODE, "中山路口", "大华", "1", "00:11:22:33:44:66", 119.9221, 28.4517, "2020/5/6"],
        [CODE_2, "新点位", "ACME", "一类", None, 119.93, 28.46, None],
    ])  # fmt: skip
    made = look(store, path)
    assert (made.counts.new, made.counts.changed, made.counts.wrong) == (1, 1, 0)
    assert {d.field: (d.here, d.there, d.take) for d in made.differences()} == {
        "mac": ("00-11-22-33-44-55", "00-11-22-33-44-66", False),
        "point_class": ("9", "1", False),
    }
    assert len(store.cameras()) == 1
    made.decide(True, name="point_class")
    site = store.sites()[0].id
    result = exchange.apply(store, made, site)
    made.close()
    assert (result.added, result.changed, result.kept) == (1, 1, 1)
    record = file_of(store, camera).record
    assert (record["mac"], record["point_class"], record["manufacturer"]) == (
        "00-11-22-33-44-55", "1", "Dahua",
    )  # fmt: skip
    assert record["installed_on"] == "2020-05-06"
    (new,) = [c for c in store.cameras() if c.code == CODE_2]
    assert store.cameras(search="xdw")[0].id == new.id
    assert file_of(store, new.id).record["manufacturer"] == "ACME"
    (told,) = assets.changes(store, file_of(store, camera), "manufacturer")
    assert (told.source, told.detail, told.after) == ("import", "in.xlsx, WGS-84", "Dahua")
    again = look(store, path)
    assert (again.counts.same, again.counts.changed) == (1, 1)
    again.close()


def test_an_import_is_taken_back_where_nothing_changed_since(store: Store, data: Path) -> None:
    camera = add_camera(store)
    path = book(data / "in.xlsx", [
        HEADER[:5],
        [CODE, "中山路口", "大华", "9", "00:11:22:33:44:66"],
        [CODE_2, "新一", "大华", "1", None], [CODE_3, "新二", "大华", "1", None],
    ])  # fmt: skip
    made = look(store, path)
    result = exchange.apply(store, made, store.sites()[0].id)
    made.close()
    kept = next(c.id for c in store.cameras() if c.code == CODE_3)
    assets.save(store, kept, {"model": "typed by hand"})
    assets.save(store, camera, {"mac": "FF-FF-FF-FF-FF-FF"})
    (past,) = exchange.imports(store)
    assert past.batch == result.batch
    undone = exchange.undo(store, result.batch)
    assert (undone.removed, undone.restored, undone.kept) == (1, 1, 2)
    assert {c.code for c in store.cameras()} == {CODE, CODE_3}
    record = file_of(store, camera).record
    assert "manufacturer" not in record
    assert record["mac"] == "FF-FF-FF-FF-FF-FF"
    assert file_of(store, kept).record["manufacturer"] == "Dahua"
    undone = exchange.undo(store, result.batch)
    assert (undone.removed, undone.restored) == (0, 0)


def test_every_error_is_told_by_row_and_column(store: Store, data: Path) -> None:
    add_camera(store)
    path = book(data / "in.xlsx", [
        HEADER,
        ["123", "坏编码", "1", "7", "nonsense", 200, 28.45, "gestern"],
        [None, "没有编码", "1", "1", None, None, None, None],
        [CODE_2, None, "1", "1", None, 119.92, None, None],
        [CODE_3, "一", "1", "1", None, None, None, None],
        [CODE_3, "二", "1", "1", None, None, None, None],
        [33110200001320000009, "数字编码", "1", "1", None, None, None, None],
    ])  # fmt: skip
    made = look(store, path)
    found = {(f.line, f.column, f.reason) for f in made.findings() if not f.hint}
    assert found == {
        (2, "设备编码*", "bad-code"), (2, "监控点位类型", "unknown-code"), (2, "MAC地址", "bad-mac"),
        (2, "经度", "out-of-range"), (2, "安装时间", "bad-date"), (3, "设备编码*", "missing"),
        (4, "设备名称", "missing"), (4, "经度", "half-a-place"), (6, "设备编码*", "twice"),
        (7, "设备编码*", "digits-lost"),
    }  # fmt: skip
    assert (made.counts.wrong, made.counts.new) == (5, 1)
    result = exchange.apply(store, made, store.sites()[0].id)
    assert result.added == 1
    made.close()


def test_nothing_becomes_a_formula_and_no_formula_is_taken(store: Store, data: Path) -> None:
    camera = add_camera(store)
    bad = ("=cmd|' /C calc'!A0", "+1+cmd", "-2+3", "@SUM(1)")
    names = ("common_name", "managing_unit", "model", "authority")
    assets.save(store, camera, dict(zip(names, bad, strict=True)))
    for suffix in (".xlsx", ".csv"):
        path = data / f"out{suffix}"
        exchange.export(store, path, assets.Selection(), Layout())
        if suffix == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as file:
                cells = [cell for row in csv.reader(file) for cell in row]
            assert not [c for c in cells if c[:1] in "=+-@" and c]
        else:
            sheet = openpyxl.load_workbook(path).worksheets[0]
            cells_ = [cell for row in sheet.iter_rows() for cell in row if cell.value in bad]
            assert len(cells_) == 4
            assert {c.data_type for c in cells_} == {"s"}
        made = look(store, path)
        assert made.counts.same == 1
        made.close()
    made = look(store, book(data / "in.xlsx", [["SBBM", "SBMC", "SBXH"], [CODE, "=A1", "=1+1"]]))
    assert [(f.line, f.field, f.reason) for f in made.findings()] == [
        (2, "name", "formula"), (2, "model", "formula"),
    ]  # fmt: skip
    made.close()


def test_coordinates_of_web_maps_are_seen_and_converted(store: Store, data: Path) -> None:
    camera = add_camera(store)
    assets.save(store, camera, {"latitude": "28.451700", "longitude": "119.922100"})
    mapped = asset.to_gcj02(Point(28.4517, 119.9221))
    path = book(data / "in.xlsx", [
        ["SBBM", "SBMC", "JD", "WD"], [CODE, "中山路口", mapped.longitude, mapped.latitude],
    ])  # fmt: skip
    made = look(store, path)
    assert [(f.reason, f.hint) for f in made.findings()] == [("gcj02", True)]
    made.close()
    made = look(store, path, Options(gcj02=True))
    assert made.counts.same == 1
    made.close()


def test_a_column_that_a_person_named_is_remembered(store: Store) -> None:
    header = ["SBBM", "SBMC", "Kasten", "型号"]
    exchange.remember_columns(store, header, ["code", "name", "cabinet", ""])
    known = exchange.remembered_columns(store)
    assert asset.guess_columns(header, remembered=known) == ["code", "name", "cabinet", ""]


def test_a_preview_that_is_stopped_leaves_nothing(store: Store, data: Path) -> None:
    path = data / "in.csv"
    path.write_text("SBBM,SBMC\n" + f"{CODE},A\n" * 1000, "utf-8")
    table = exchange.open_table(path)
    with pytest.raises(CancelledError):
        exchange.preview(store, table, ["code", "name"], cancelled=lambda: True)
    assert store.cameras() == []


def test_an_import_that_is_stopped_tells_what_was_written(store: Store, data: Path) -> None:
    site = store.save_site(Site("", store.save_organisation(Organisation("", "局")), "点"))
    path = data / "in.csv"
    lines = [f"33110200001320{i:06d},摄像机 {i}" for i in range(900)]
    path.write_text("SBBM,SBMC\n" + "\n".join(lines), "gb18030")
    made = look(store, path)
    seen: list[int] = []
    result = exchange.apply(
        store, made, site, lambda done, total: seen.append(done), lambda: len(seen) == 2
    )
    made.close()
    assert result.cancelled
    assert result.added == store.count() == 600
    assert exchange.undo(store, result.batch).removed == 600
    assert store.count() == 0


def _rezip(path: Path, **parts: bytes) -> Path:
    """The workbook with parts replaced or added: names with _ for / and without .xml."""
    with zipfile.ZipFile(path) as old:
        files = {n: old.read(n) for n in old.namelist()}
    for name, content in parts.items():
        files[name.replace("__", "/") + ".xml"] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in files.items():
            new.writestr(name, content)
    return path


XXE = (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
       b"<worksheet><sheetData><row><c t='inlineStr'><is><t>&a;</t></is></c></row></sheetData>"
       b"</worksheet>")  # fmt: skip


def test_hostile_files_are_refused(store: Store, data: Path) -> None:
    good = [["SBBM", "SBMC"], [CODE, "A"]]

    def refused(path: Path) -> str:
        with pytest.raises(ExchangeError) as error:
            look(store, path)
        return error.value.code

    assert refused(_rezip(book(data / "a.xlsx", good), xl__worksheets__sheet1=XXE)) == "hostile"
    wide = XXE.decode().encode("utf-16")
    assert refused(_rezip(book(data / "b.xlsx", good), xl__worksheets__sheet1=wide)) == "hostile"
    bomb = b"<worksheet>" + b" " * 30_000_000 + b"</worksheet>"
    assert refused(_rezip(book(data / "c.xlsx", good), xl__worksheets__sheet1=bomb)) == "bomb"
    (data / "d.xlsx").write_bytes(b"PK\x03\x04" + b"\x00" * 100)
    assert refused(data / "d.xlsx") == "damaged"
    whole = book(data / "e.xlsx", good).read_bytes()
    (data / "e.xlsx").write_bytes(whole[: len(whole) // 2])
    assert refused(data / "e.xlsx") == "damaged"
    (data / "f.csv").write_bytes(b"a,b\n\x00\x01")
    assert refused(data / "f.csv") == "encoding"
    (data / "g.csv").write_bytes(b"")
    assert refused(data / "g.csv") == "empty"
    (data / "h.xls").write_bytes(b"\xd0\xcf\x11\xe0" + b"x" * 600)
    assert refused(data / "h.xls") == "unknown-format"
    assert refused(data / "nothing.csv") == "unreadable"


def test_a_sheet_that_claims_a_billion_rows_ends(store: Store, data: Path) -> None:
    sheet = (b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
             b'<dimension ref="A1:XFD1048576"/><sheetData>'
             b'<row r="1"><c r="A1" t="inlineStr"><is><t>SBBM</t></is></c>'
             b'<c r="B1" t="inlineStr"><is><t>SBMC</t></is></c></row>'
             b'<row r="999999999"><c r="A999999999" t="inlineStr"><is><t>x</t></is></c></row>'
             b"</sheetData></worksheet>")  # fmt: skip
    path = _rezip(book(data / "a.xlsx", [["x"]]), xl__worksheets__sheet1=sheet)
    made = look(store, path)
    assert made.counts.rows == 0
    made.close()


NET = ["设备编码", "设备名称", "IPV4", "MAC地址", "Serial number", "监控点位类型"]


def _said(made: exchange.Preview) -> list[tuple[int, str, str, str, bool]]:
    return [(f.line, f.field, f.reason, f.detail, f.hint) for f in made.findings()]


def test_what_two_cameras_should_not_share_is_told_by_row(store: Store, data: Path) -> None:
    camera = add_camera(store)
    assets.save(store, camera, {"ipv4": "10.1.1.9", "mac": "001122334455", "serial": "S9"})
    known = "中山路口"
    code = "3311020000132000{:04d}".format
    path = book(data / "in.xlsx", [
        NET,
        [code(11), "A", "10.1.1.1", "00-11-22-33-44-01", "S1", "1"],
        [code(12), "B", "10.1.1.1", "00-11-22-33-44-02", "S2", "1"],  # the same address
        [code(13), "C", "10.1.1.3", "00-11-22-33-44-01", "S3", "1"],  # a MAC in two places
        [code(14), "D", "10.1.1.4", "00-11-22-33-44-04", "s1", "1"],  # a serial number too
        [code(15), "E", "10.1.1.9", None, None, "1"],  # the address of a camera that is here
        [code(16), "F", None, "00-11-22-33-44-55", None, "1"],  # its MAC, and nothing else known
        [code(17), "G", "10.1.1.1", "00-11-22-33-44-01", "S1", "1"],  # a channel of A's recorder
        [code(18), "a", "10.1.1.8", None, None, "1"],  # A's name
    ])  # fmt: skip
    made = look(store, path)
    assert _said(made) == [
        (4, "mac", "same-in-file", "2", False),
        (5, "serial", "same-in-file", "2", False),
        (3, "ipv4", "same-in-file", "2", True),
        (6, "ipv4", "same-here", known, True),
        (7, "mac", "same-here", known, True),
        (9, "name", "name-in-file", "2", True),
    ]
    counts = made.counts
    assert (counts.rows, counts.new, counts.wrong, counts.errors) == (8, 6, 2, 2)
    result = exchange.apply(store, made, store.sites()[0].id)
    made.close()
    assert result.added == 6


def test_an_error_between_cameras_leaves_the_row_and_its_differences_out(
    store: Store, data: Path
) -> None:
    first, second = add_camera(store), add_camera(store, CODE_2, "另一个")
    assets.save(store, first, {"serial": "S1", "ipv4": "10.1.1.1"})
    assets.save(store, second, {"serial": "S2", "ipv4": "10.1.1.2"})
    path = book(data / "in.xlsx", [NET, [CODE_2, "另一个", "10.1.1.2", None, "S1", "1"]])
    made = look(store, path)
    assert [(f.field, f.reason, f.hint) for f in made.findings()] == [
        ("serial", "same-here", False)
    ]
    assert (made.counts.changed, made.counts.wrong, made.counts.differences) == (0, 1, 0)
    assert made.differences() == []
    made.close()


def test_swapped_addresses_and_what_was_doubled_before_are_no_clash(
    store: Store, data: Path
) -> None:
    first, second = add_camera(store), add_camera(store, CODE_2, "另一个")
    third = add_camera(store, CODE_3, "第三个")
    for camera, ip, serial in ((first, "10.1.1.1", "S1"), (second, "10.1.1.2", "S2"),
                               (third, "10.1.1.2", "S3")):  # fmt: skip
        assets.save(store, camera, {"serial": serial, "ipv4": ip})
    path = book(data / "in.xlsx", [
        NET, [CODE, None, "10.1.1.7", None, "S1", None], [CODE_2, None, "10.1.1.1", None, "S2", None],
        [CODE_3, None, "10.1.1.2", None, "S3", None],
    ])  # fmt: skip
    made = look(store, path)
    assert _said(made) == []
    made.close()
