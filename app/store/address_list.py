"""A list of addresses for discovery, as installers have it: CSV, text or Excel.

A row is address[:port], name, user; a heading may name other columns. Nothing of it is believed: rows
that cannot be understood are told by their number, and the rest is asked. Passwords are not read.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.store.exchange import (
    MAX_FILE,
    ExchangeError,
    Table,
    _csv_lines,
    _delimiter,
    _encoding,
    _inspect,
    _sheet_lines,
    first_bytes,
)

MOST = 10_000
"""Addresses of one list."""

MAX_LIST = min(MAX_FILE, 20_000_000)
_HEADINGS = {
    "address": ("address", "ip", "ipv4", "ip address", "host", "url", "地址", "ip地址", "网络地址"),
    "port": ("port", "http port", "onvif port", "端口", "端口号"),
    "name": ("name", "device name", "camera", "名称", "设备名称", "相机", "点位"),
    "user": ("user", "username", "user name", "account", "用户", "用户名", "账号"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A row that can be asked. `address` with its port where one is said."""

    line: int
    address: str
    name: str = ""
    username: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is left out. `reason`: "no-address", "bad-address", "bad-port", "twice", "password",
    "too-many"."""

    line: int
    text: str
    reason: str


def read(path: Path) -> tuple[list[Listed], list[BadRow]]:
    """The addresses of a file and the rows that are none. Raises ExchangeError where it is no list."""
    if first_bytes(path, MAX_LIST) == b"PK\x03\x04":
        _inspect(path)
        lines = _sheet_lines(path)
    else:
        encoding = _encoding(path)
        lines = _csv_lines(Table(path, (), 0, (), encoding, _delimiter(path, encoding)))
    found: list[Listed] = []
    wrong: list[BadRow] = []
    columns: dict[str, int] | None = None
    seen: set[str] = set()
    with closing(lines):
        for number, raw in lines:
            cells = [c.strip() for c in raw]
            if not any(cells) or cells[0].startswith("#"):
                continue
            if columns is None:
                columns = _columns(cells)
                if columns is not None:
                    continue
                columns = {"address": 0, "name": 1, "user": 2}
            row = _row(number, cells, columns)
            if isinstance(row, Listed) and row.address.casefold() in seen:
                row = BadRow(number, row.address, "twice")
            if isinstance(row, BadRow):
                wrong.append(row)
            elif len(found) == MOST:
                wrong.append(BadRow(number, row.address, "too-many"))
                break
            else:
                seen.add(row.address.casefold())
                found.append(row)
            if len(wrong) == MOST:
                break
    if not found and not wrong:
        raise ExchangeError("empty")
    return found, wrong


def _columns(cells: Sequence[str]) -> dict[str, int] | None:
    """Which column is what, where the first row is a heading."""
    places: dict[str, int] = {}
    for i, cell in enumerate(cells):
        key = re.sub(r"[\s_*]+", " ", cell.casefold()).strip()
        for name, words in _HEADINGS.items():
            if key in words:
                places.setdefault(name, i)
    return places if "address" in places else None


def _row(number: int, cells: Sequence[str], columns: dict[str, int]) -> Listed | BadRow:
    def cell(name: str) -> str:
        at = columns.get(name, -1)
        return cells[at][:200] if 0 <= at < len(cells) else ""

    text, port = cell("address"), cell("port")
    if not text:
        return BadRow(number, " ".join(cells)[:60], "no-address")
    scheme, sign, rest = text.rpartition("://")
    if "@" in rest:
        # An account in an address: it would be shown and kept.
        return BadRow(number, rest.rpartition("@")[2][:60], "password")
    if scheme.casefold() not in ("", "http", "https"):
        return BadRow(number, text[:60], "bad-address")
    host, path = re.fullmatch(r"([^/]*)(/.*)?", rest).groups("")  # type: ignore[union-attr]
    told = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::(\d+))?", host)
    if told is None:
        try:
            ipaddress.IPv6Address(host)
        except ValueError:
            return BadRow(number, text[:60], "bad-address")
        bare, own_port = f"[{host}]", ""
    else:
        bare, own_port = told[1], told[2] or ""
    if not _is_host(bare):
        return BadRow(number, text[:60], "bad-address")
    port = own_port or port
    if port and not (re.fullmatch(r"\d{1,5}", port, re.ASCII) and 0 < int(port) < 65_536):
        return BadRow(number, text[:60], "bad-port")
    address = f"{scheme}{sign}{bare}" + (f":{port}" if port else "") + path
    name = "".join(c for c in cell("name") if c.isprintable())[:100]
    return Listed(number, address, name, cell("user")[:100])


def _is_host(text: str) -> bool:
    bare = text.strip("[]")
    try:
        ipaddress.ip_address(bare)
        return True
    except ValueError:
        pass
    if re.fullmatch(r"[\d.]+", bare):
        return False  # digits that are no address
    label = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    return len(bare) <= 253 and re.fullmatch(rf"{label}(\.{label})*", bare) is not None
