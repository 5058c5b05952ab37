"""Lists of addresses: what installers have, and what is no list."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from app.store import address_list
from app.store.address_list import BadRow, Listed
from app.store.exchange import ExchangeError


def _text(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "list.txt"
    path.write_text(text, encoding=encoding)
    return path


def test_a_plain_list_and_its_wrong_rows(tmp_path: Path) -> None:
    path = _text(tmp_path, (
        "# harbour\n10.0.1.7\n10.0.1.8:8080,Gate 1,admin\n\n"
        "cam-9.example.org , Gate 2\n[fe80::1]:81\n2001:db8::5,six\nhttp://10.0.1.9/onvif/device_service\n"
        "10.0.1.300\n10.0.1.7\n10.0.1.10:99999\nhttp://admin:geheim@10.0.1.11/\n,nameless\nrtsp://10.0.1.12\n"
        "bad host\n"
    ))  # fmt: skip
    found, wrong = address_list.read(path)
    assert found == [
        Listed(2, "10.0.1.7"), Listed(3, "10.0.1.8:8080", "Gate 1", "admin"),
        Listed(5, "cam-9.example.org", "Gate 2"), Listed(6, "[fe80::1]:81"),
        Listed(7, "[2001:db8::5]", "six"), Listed(8, "http://10.0.1.9/onvif/device_service"),
    ]  # fmt: skip
    assert [(w.line, w.reason) for w in wrong] == [
        (9, "bad-address"), (10, "twice"), (11, "bad-port"), (12, "password"), (13, "no-address"),
        (14, "bad-address"), (15, "bad-address"),
    ]  # fmt: skip
    assert "geheim" not in repr(wrong)


def test_a_heading_says_which_column_is_what_also_in_excel_and_chinese(tmp_path: Path) -> None:
    rows = [["序号", "名称", "IP地址", "端口", "用户名"], [1, "东门", "10.0.1.7", 8000, "admin"],
            [2, "西门", "10.0.1.8", None, None]]  # fmt: skip
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "list.xlsx")
    want = [Listed(2, "10.0.1.7:8000", "东门", "admin"), Listed(3, "10.0.1.8", "西门")]
    assert address_list.read(tmp_path / "list.xlsx") == (want, [])
    text = "\n".join(";".join("" if c is None else str(c) for c in row) for row in rows)
    assert address_list.read(_text(tmp_path, text, "gb18030")) == (want, [])


def test_a_list_is_bounded_and_must_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address_list, "MOST", 3)
    found, wrong = address_list.read(_text(tmp_path, "".join(f"10.0.0.{i}\n" for i in range(1, 9))))
    assert [f.line for f in found] == [1, 2, 3]
    assert wrong == [BadRow(4, "10.0.0.4", "too-many")]
    with pytest.raises(ExchangeError, match="empty"):
        address_list.read(_text(tmp_path, "\n\n"))
    (tmp_path / "b.txt").write_bytes(b"\x00\x01binary")
    with pytest.raises(ExchangeError, match="encoding"):
        address_list.read(tmp_path / "b.txt")
