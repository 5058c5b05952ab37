"""Landmarks from a CSV file, and the command `watchroom import-landmarks FILE`.

The first line names the columns, in English or Chinese, in any order; other columns are ignored:

    name,name_en,kind,latitude,longitude
    名称,英文名,类型,纬度,经度

`kind`: street, landmark, junction, column or other (街道, 地标, 路口, 杆位, 其他); empty means other.
Coordinates are WGS-84 degrees (EPSG:4326). Chinese web maps give GCJ-02, which lies 300 m to 600 m
off: convert before importing. Text is UTF-8 or, as Excel writes it in China, GB 18030.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.place import LANDMARK_KINDS, PlaceKind, Point
from app.store.errors import StoreError

MAX_BYTES = 20_000_000
MAX_LINES = 100_000
MAX_ERRORS = 100
"""So many wrong lines are told one by one; the others are counted."""

MAX_NAME = 100

_COLUMNS = {
    "name": "name", "名称": "name", "name_en": "name_en", "英文名": "name_en", "kind": "kind",
    "类型": "kind", "latitude": "latitude", "纬度": "latitude", "longitude": "longitude",
    "经度": "longitude",
}  # fmt: skip
_KINDS = {kind.value: kind for kind in LANDMARK_KINDS} | {
    "": PlaceKind.OTHER, "街道": PlaceKind.STREET, "道路": PlaceKind.STREET,
    "地标": PlaceKind.LANDMARK, "路口": PlaceKind.JUNCTION, "杆位": PlaceKind.COLUMN,
    "其他": PlaceKind.OTHER,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Landmark:
    """One good line."""

    name: str
    name_en: str
    kind: PlaceKind
    point: Point


@dataclass(slots=True)
class Imported:
    """What came of an import. `errors`: (line of the file, what is wrong), the first MAX_ERRORS."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    wrong: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        """A line cannot be taken."""
        self.wrong += 1
        if len(self.errors) < MAX_ERRORS:
            self.errors.append((line, reason))


def read_landmarks(path: Path) -> tuple[list[Landmark], Imported]:
    """The good lines of a file, and the errors of the others.

    Raises StoreError when the file cannot be read, is too large, or lacks a column.
    """
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    good: list[Landmark] = []
    result = Imported()
    try:
        header = [_COLUMNS.get(name.strip().lower()) for name in next(reader, [])]
        missing = {"name", "latitude", "longitude"} - set(header)
        if missing:
            raise StoreError(
                f"{path.name}: the first line must name the columns; missing: "
                + ", ".join(sorted(missing))
            )
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(good) + result.wrong >= MAX_LINES:
                result.refuse(reader.line_num, f"only the first {MAX_LINES} lines are taken")
                break
            record = {n: c.strip() for n, c in zip(header, cells, strict=False) if n is not None}
            landmark = _landmark(record)
            if isinstance(landmark, Landmark):
                good.append(landmark)
            else:
                result.refuse(reader.line_num, landmark)
    except csv.Error as error:
        raise StoreError(f"{path.name}, line {reader.line_num}: {error}") from error
    return good, result


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error
    if len(data) > MAX_BYTES:
        raise StoreError(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB. Split it.")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise StoreError(f"{path.name} is neither UTF-8 nor GB 18030 text.")


def _landmark(record: dict[str, str]) -> Landmark | str:
    """The landmark, or what is wrong with it."""
    name, name_en = record.get("name", ""), record.get("name_en", "")
    if not name:
        return "the name is empty"
    if max(len(name), len(name_en)) > MAX_NAME:
        return f"the name is longer than {MAX_NAME} characters"
    if re.search(r"[\x00-\x1f\x7f]", name + name_en):
        return "the name holds control characters"
    kind = _KINDS.get(record.get("kind", "").lower())
    if kind is None:
        return f"unknown kind “{record['kind'][:20]}”; known: " + ", ".join(LANDMARK_KINDS)
    degrees: list[float] = []
    for column, limit in (("latitude", 90), ("longitude", 180)):
        try:
            value = float(record.get(column, ""))
        except ValueError:
            return f"the {column} is no number: “{record.get(column, '')[:20]}”"
        if not abs(value) <= limit:
            return f"the {column} is not between -{limit} and {limit}: {value}"
        degrees.append(value)
    return Landmark(name, name_en, kind, Point(*degrees))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("file", type=Path, help="CSV: name, name_en, kind, latitude, longitude")
    parser.add_argument("--data", type=Path, help="folder of the data (default: the user's)")


def run(arguments: argparse.Namespace) -> int:
    """Imports; 0 when every line was taken, 1 when some were wrong, 2 when nothing was done."""
    from app.paths import data_dir
    from app.store.cache import open_store

    data = arguments.data or data_dir()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        store = open_store(data)
        try:
            result = store.import_landmarks(arguments.file)
        finally:
            store.close()
    except StoreError as error:
        print(f"watchroom: {error}", file=sys.stderr)
        return 2
    for line, reason in result.errors:
        print(f"{arguments.file.name}:{line}: {reason}", file=sys.stderr)
    if result.wrong > len(result.errors):
        print(f"… and {result.wrong - len(result.errors)} more", file=sys.stderr)
    print(f"{result.added} added, {result.changed} changed, {result.unchanged} unchanged, "
          f"{result.wrong} wrong")  # fmt: skip
    return 1 if result.wrong else 0
