"""The register as a file: Excel (xlsx) and CSV in, with a preview and a review; and out.

An import goes in steps, so that nothing is written before a person has seen what would be:
`open_table` reads the heading, `preview` checks every cell and compares it with what is here (its
findings lie in a temporary SQLite file, so that 100,000 rows need no more memory than 500),
`Preview.decide` says which differences are taken, `apply` writes. Nothing is ever deleted by an
import; `undo` takes one back where nothing was changed since. All of it may take minutes: run it
off the Qt thread, with `progress(done, total)` and `cancelled()`.

A workbook is looked through before it is parsed: bounds on size, no document types or entities.
Cells that a spreadsheet would take for a formula are written as text, and refused when read.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
import shutil
import sqlite3
import tempfile
import threading
import zipfile
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import asset
from app.domain.asset import Field, Problem, Rules, Type
from app.domain.place import Point
from app.store import assets, history, kinds
from app.store.errors import StoreError
from app.store.models import AssetChangeRow, AssetFieldRow, ChannelRow, DeviceRow
from app.store.store import Changes, Store, new_id, now

MAX_FILE = 200_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELL = 2_000
MAX_SHEET = 600_000_000
MAX_STRINGS = 100_000_000
MAX_OTHER = 20_000_000
"""Bytes of a workbook's parts once unpacked: the sheet, the shared texts, everything else."""
MAX_RATIO = 120
"""A part of more than 5 MB that packs better than this is no table."""
MAX_BLANK = 5_000
"""So many empty rows in a row are the end."""
BATCH = 300
FORMULA = ("=", "+", "-", "@", "\t", "\r")

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


class ExchangeError(StoreError):
    """A file that cannot be taken. `code`: "too-large", "bomb", "hostile", "damaged", "encoding",
    "unknown-format", "empty", "no-header", "too-many-rows", "unreadable", "not-written"."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail = code, detail


class CancelledError(Exception):
    """A person stopped it."""


class Formula(str):
    """A cell that holds a formula."""

    __slots__ = ()


class Lossy(str):
    """A number of more digits than a spreadsheet keeps."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A file as its heading tells. Columns are those of the file, in their order."""

    path: Path
    header: tuple[str, ...]
    header_line: int
    examples: tuple[tuple[str, ...], ...]
    """The first rows below the heading."""
    encoding: str = ""
    """Of a CSV: "utf-8-sig" or "gb18030"; "" for a workbook."""
    delimiter: str = ","


# -- reading


def first_bytes(path: Path, most: int) -> bytes:
    """The four that tell what kind of file it is. Raises ExchangeError, also above `most` bytes."""
    try:
        if path.stat().st_size > most:
            raise ExchangeError("too-large", f"{most // 1_000_000} MB")
        with path.open("rb") as file:
            return file.read(4)
    except OSError as error:
        raise ExchangeError("unreadable", error.strerror or str(error)) from error


def open_table(path: Path, rules: Rules = asset.RULES) -> Table:
    """Look into a file. Raises ExchangeError."""
    encoding, delimiter = "", ","
    magic = first_bytes(path, MAX_FILE)
    if magic == b"PK\x03\x04":
        _inspect(path)
    elif magic.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise ExchangeError("unknown-format", path.suffix)
    else:
        encoding = _encoding(path)
        delimiter = _delimiter(path, encoding)
    probe = Table(path, (), 0, (), encoding, delimiter)
    known = asset.headings(rules)
    first: list[tuple[int, list[str]]] = []
    with closing(_lines(probe)) as lines:
        for line in lines:
            if any(cell.strip() for cell in line[1]):
                first.append(line)
            if len(first) == 12:
                break
    if not first:
        raise ExchangeError("empty")
    # A title above the heading: the line that names the most fields is the heading.
    best = max(range(min(5, len(first))), key=lambda i: (
        sum(asset.header_key(c) in known for c in first[i][1]), -i))  # fmt: skip
    number, header = first[best]
    while header and not header[-1].strip():
        header.pop()
    if len(header) < 2:
        raise ExchangeError("no-header")
    examples = tuple(tuple(cells[: len(header)]) for _, cells in first[best + 1 : best + 6])
    return Table(path, tuple(header), number, examples, encoding, delimiter)


def _encoding(path: Path) -> str:
    """UTF-8 or GB 18030, by reading it all."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    if b"\x00" in block:
                        raise ExchangeError("encoding")
                    decoder.decode(block)
                decoder.decode(b"", True)
            return encoding
        except UnicodeDecodeError:
            continue
        except OSError as error:
            raise ExchangeError("unreadable", error.strerror or str(error)) from error
    raise ExchangeError("encoding")


def _delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        start = file.read(4096)
    return max(",;\t", key=lambda mark: (start.count(mark), mark == ","))


def _lines(table: Table) -> Generator[tuple[int, list[str]], None, None]:
    """(number of the row, cells). Raises ExchangeError."""
    source = _csv_lines(table) if table.encoding else _sheet_lines(table.path)
    blank = count = 0
    with closing(source):
        for number, cells in source:
            if any(cells):
                blank, count = 0, count + 1
            else:
                blank += 1
            if blank > MAX_BLANK:
                return
            if count > MAX_ROWS + 20:
                raise ExchangeError("too-many-rows", str(MAX_ROWS))
            yield number, cells


def _csv_lines(table: Table) -> Generator[tuple[int, list[str]], None, None]:
    try:
        with table.path.open(encoding=table.encoding, newline="") as file:
            reader = csv.reader(file, delimiter=table.delimiter)
            begins = 1
            for cells in reader:
                yield begins, [_csv_cell(c) for c in cells[:MAX_COLUMNS]]
                begins = reader.line_num + 1
    except csv.Error as error:
        raise ExchangeError("damaged", str(error)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ExchangeError("unreadable", str(error)) from error


def _csv_cell(text: str) -> str:
    # As written by `_harmless`, here and in other programs.
    if text[:1] == "'" and text[1:2] in FORMULA:
        return text[1:]
    return Formula(text) if text[:1] == "=" else text


def _inspect(path: Path) -> None:
    """Refuse a workbook that is too large once unpacked, or whose XML refers to anything."""
    try:
        with zipfile.ZipFile(path) as book:
            parts = book.infolist()
            if len(parts) > 2000:
                raise ExchangeError("bomb")
            if not any(p.filename == "[Content_Types].xml" for p in parts):
                raise ExchangeError("unknown-format", path.suffix)
            for part in parts:
                _inspect_part(book, part)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError,
            EOFError, OSError) as error:  # fmt: skip
        raise ExchangeError("damaged", str(error)) from error
    except Exception as error:
        if isinstance(error, ExchangeError):
            raise
        raise ExchangeError("damaged", type(error).__name__) from error


_XML = (".xml", ".rels", ".vml")


def _inspect_part(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    name = part.filename.lower()
    most = MAX_OTHER
    if "worksheets/" in name:
        most = MAX_SHEET
    elif "sharedstrings" in name:
        most = MAX_STRINGS
    if not name.endswith(_XML):
        return  # never unpacked
    size, tail = 0, b""
    with book.open(part) as file:
        while block := file.read(1 << 18):
            if not size:
                head = block[:200].lstrip(b"\xef\xbb\xbf")
                said = re.match(rb"<\?xml[^>]*encoding=[\"']([^\"']+)", head)
                if b"\x00" in head or (said and said[1].lower() not in (b"utf-8", b"us-ascii")):
                    raise ExchangeError("hostile")
            size += len(block)
            # The size that the archive tells of itself is not asked.
            if size > most:
                raise ExchangeError("bomb")
            if size > 5_000_000 and size > MAX_RATIO * max(1, part.compress_size):
                raise ExchangeError("bomb")
            seen = tail + block
            if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                raise ExchangeError("hostile")
            tail = block[-16:]


def _sheet_lines(path: Path) -> Generator[tuple[int, list[str]], None, None]:
    """The first sheet, row by row."""
    from openpyxl import load_workbook  # only here: it takes its time to import

    book = None
    try:
        book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size is not believed
        rows = sheet.iter_rows(max_col=MAX_COLUMNS)
        for number, row in enumerate(rows, 1):
            cells = [_cell_text(cell) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            yield number, cells
    except ExchangeError:
        raise
    except Exception as error:  # whatever a broken workbook makes its parser do
        raise ExchangeError("damaged", type(error).__name__) from error
    finally:
        if book is not None:
            book.close()


def _cell_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return Formula(str(value)[:MAX_CELL])
    if isinstance(value, str):
        return value[: MAX_CELL + 1]
    if isinstance(value, bool):
        return "1" if value else "2"
    if isinstance(value, datetime | date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, int | float):
        if abs(value) >= 1e15:
            return Lossy(f"{value:.0f}")
        return f"{value:.15g}"
    return str(value)[:MAX_CELL]


# -- the preview


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a cell: an error, or a hint."""

    line: int
    column: str
    """Heading of the column; "" for the row as a whole."""
    field: str
    reason: str
    detail: str
    value: str
    hint: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that is here with another value than in the file."""

    id: int
    line: int
    camera: str
    field: str
    here: str
    there: str
    take: bool


@dataclass(slots=True)
class Counts:
    """Rows by what would become of them."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    wrong: int = 0
    """Have errors: they are left out."""
    errors: int = 0
    hints: int = 0
    fills: int = 0
    """Fields that are empty here."""
    differences: int = 0


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is to be read."""

    gcj02: bool = False
    """Its coordinates are those of Chinese web maps."""


_SCHEMA = """
CREATE TABLE line (n INTEGER PRIMARY KEY, key TEXT UNIQUE, camera TEXT, state TEXT, site TEXT,
                   data TEXT);
CREATE TABLE finding (n INTEGER, place INTEGER, col TEXT, field TEXT, reason TEXT, detail TEXT,
                      value TEXT, hint INTEGER);
CREATE TABLE difference (id INTEGER PRIMARY KEY, n INTEGER, camera TEXT, name TEXT, field TEXT,
                         here TEXT, there TEXT, fill INTEGER, take INTEGER);
CREATE INDEX difference_line ON difference (n);
CREATE INDEX difference_fill ON difference (fill, field);
CREATE TABLE mark (id INTEGER PRIMARY KEY, field TEXT, value TEXT, n INTEGER, camera TEXT,
                   fresh INTEGER, ip TEXT, serial TEXT, mac TEXT, name TEXT);
"""
"""`mark`: what no two cameras should share, of the register (n = 0) and of the file's rows. `fresh`: the
row brings it, so that a clash is the file's doing."""

_MARKS = ("ipv4", "ipv6", "mac", "serial", "name")


class Preview:
    """What an import would do, on disk. Thread-safe. `close` throws it away."""

    def __init__(self, table: Table, columns: Sequence[str], options: Options) -> None:
        self.table, self.columns, self.options = table, tuple(columns), options
        self.counts = Counts()
        self._folder = Path(tempfile.mkdtemp(prefix="watchroom-import-"))
        self._lock = threading.RLock()
        self._db = sqlite3.connect(
            self._folder / "preview.db", check_same_thread=False, isolation_level=None
        )
        self._db.execute("PRAGMA journal_mode=OFF")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Remove it from the disk."""
        with self._lock:
            self._db.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    def run(self, text: str, values: Sequence[Any] = ()) -> list[Any]:
        """Its own SQL."""
        with self._lock:
            return self._db.execute(text, values).fetchall()

    def many(self, text: str, values: Iterable[Sequence[Any]]) -> None:
        """Its own SQL, for many rows."""
        with self._lock:
            self._db.execute("BEGIN")
            self._db.executemany(text, values)
            self._db.execute("COMMIT")

    def findings(self, offset: int = 0, limit: int = 500, *, hints: bool = True) -> list[Finding]:
        """Errors and hints in the order of the file."""
        rows = self.run(
            "SELECT n, col, field, reason, detail, value, hint FROM finding WHERE hint <= ? "
            "ORDER BY hint, n, place LIMIT ? OFFSET ?", (int(hints), limit, offset),
        )  # fmt: skip
        return [Finding(a, b, c, d, e, f, bool(g)) for a, b, c, d, e, f, g in rows]

    def differences(self, offset: int = 0, limit: int = 500, name: str = "") -> list[Difference]:
        """What has another value here, in the order of the file; of one field where asked."""
        rows = self.run(
            "SELECT id, n, name, field, here, there, take FROM difference WHERE fill = 0 "
            "AND (? = '' OR field = ?) ORDER BY n, id LIMIT ? OFFSET ?",
            (name, name, limit, offset),
        )
        return [Difference(a, b, c, d, e, f, bool(g)) for a, b, c, d, e, f, g in rows]

    def fields(self) -> dict[str, tuple[int, int]]:
        """Field to how many differences it has, and how many of them are taken."""
        rows = self.run(
            "SELECT field, count(*), sum(take) FROM difference WHERE fill = 0 GROUP BY field"
        )
        return {name: (count, taken) for name, count, taken in rows}

    def decide(self, take: bool, *, ids: Sequence[int] = (), name: str = "") -> None:
        """Take or keep: single differences, those of a field, or (neither given) all."""
        if ids:
            self.many("UPDATE difference SET take = ? WHERE id = ?", [(int(take), i) for i in ids])
        else:
            self.run(
                "UPDATE difference SET take = ? WHERE fill = 0 AND (? = '' OR field = ?)",
                (int(take), name, name),
            )


def preview(
    store: Store, table: Table, columns: Sequence[str], options: Options | None = None,
    progress: Progress = lambda done, total: None, cancelled: Cancelled = lambda: False,
) -> Preview:  # fmt: skip
    """Check every cell and compare with what is here; writes nothing to the store.

    `columns`: the field of each column, "" for none. Raises ExchangeError, StoreError and
    CancelledError; then nothing is left behind.
    """
    made = Preview(table, columns, options or Options())
    try:
        known = assets.rules(store)
        sites = {}
        for s in store.sites():
            for name in (s.name, s.name_en, s.id):
                if name:
                    sites[name] = s.id
        checker = _Checker(store, made, known, sites)
        total = _row_count(table)
        batch: list[tuple[int, list[str]]] = []
        with closing(_lines(table)) as lines:
            for number, cells in lines:
                if number <= table.header_line or not any(c.strip() for c in cells):
                    continue
                batch.append((number, cells))
                if len(batch) == BATCH:
                    checker.take(batch)
                    batch = []
                    if cancelled():
                        raise CancelledError
                    progress(made.counts.rows, max(total, made.counts.rows))
            checker.take(batch)
        checker.look_across(cancelled)
        progress(made.counts.rows, made.counts.rows)
        return made
    except BaseException:
        made.close()
        raise


def _row_count(table: Table) -> int:
    """About how many rows there are, fast: for the progress only."""
    try:
        if table.encoding:
            count = 0
            with table.path.open("rb") as file:
                while block := file.read(1 << 20):
                    count += block.count(b"\n")
            return count
        with zipfile.ZipFile(table.path) as book:
            name = next(p.filename for p in book.infolist() if "worksheets/sheet" in p.filename)
            count = 0
            with book.open(name) as part:
                while block := part.read(1 << 20):
                    count += block.count(b"</row>")
            return count
    except (OSError, StopIteration, zipfile.BadZipFile):
        return 0


@dataclass
class _Line:
    number: int
    values: dict[str, str] = field(default_factory=dict)
    found: list[tuple[Problem, str]] = field(default_factory=list)
    """Problem and the cell's text."""
    camera: str = ""
    site: str = ""

    @property
    def wrong(self) -> bool:
        return any(not p.hint for p, _ in self.found)


class _Checker:
    def __init__(self, store: Store, made: Preview, known: Rules, sites: Mapping[str, str]) -> None:
        self.store, self.made, self.known, self.sites = store, made, known, sites
        self.specs = [known.get(name) for name in made.columns]
        self.heading = {n: made.table.header[i] for i, n in enumerate(made.columns) if n}
        self.place = {n: i for i, n in enumerate(made.columns) if n}
        self._keys: dict[str, int] = {}
        """Cameras of rows that are not on disk yet, to the row."""

    def take(self, batch: Sequence[tuple[int, list[str]]]) -> None:
        """Check a part of the file and put down what was found."""
        if not batch:
            return
        lines = [self._line(number, cells) for number, cells in batch]
        with self.store._reading() as session:
            self._identify(session, lines)
            loaded = assets.load(session, [line.camera for line in lines if line.camera])
            self._compare(loaded, lines)

    def _line(self, number: int, cells: Sequence[str]) -> _Line:
        line = _Line(number)
        for name, spec, cell in zip(self.made.columns, self.specs, cells, strict=False):
            text = cell.strip()
            if not name or not text:
                continue
            if isinstance(cell, Formula):
                line.found.append((Problem(name, "formula"), text))
            elif isinstance(cell, Lossy):
                line.found.append((Problem(name, "digits-lost"), text))
            elif len(text) > MAX_CELL:
                line.found.append((Problem(name, "too-long", str(MAX_CELL)), text[:100]))
            elif spec is None:
                line.values[name] = text
            else:
                value = asset.normal(spec, text, self.known)
                problem = asset.problem_of(spec, value, self.known)
                if problem is not None:
                    line.found.append((problem, text))
                elif not (name == "manufacturer" and value in ("99", "other", "其他")):
                    line.values[name] = value
        if self.made.options.gcj02 and {"latitude", "longitude"} <= line.values.keys():
            point = asset.from_gcj02(
                Point(float(line.values["latitude"]), float(line.values["longitude"]))
            )
            line.values["latitude"] = f"{point.latitude:.6f}"
            line.values["longitude"] = f"{point.longitude:.6f}"
        return line

    def _identify(self, session: Session, lines: Sequence[_Line]) -> None:
        """Which camera a row is about: by our id, or by its code."""
        ids = [i for line in lines if (i := line.values.get("id"))]
        codes = [c for line in lines if (c := line.values.get("code"))]
        by_id: set[str] = set()
        for part in kinds.chunks(ids):
            query = sa.select(ChannelRow.id).where(
                ChannelRow.id.in_(part), ChannelRow.deleted_at.is_(None)
            )
            by_id |= set(session.scalars(query))
        by_code: dict[str, list[str]] = {}
        for part in kinds.chunks(codes):
            pairs = sa.select(ChannelRow.code, ChannelRow.id).where(
                ChannelRow.code.in_(part), ChannelRow.deleted_at.is_(None)
            )
            for code, identity in session.execute(pairs):
                by_code.setdefault(code, []).append(identity)
        for line in lines:
            said, code = line.values.pop("id", ""), line.values.get("code", "")
            owners = by_code.get(code, [])
            if said in by_id:
                line.camera = said
                if owners and owners != [said]:
                    line.found.append((Problem("code", "taken"), code))
            elif len(owners) > 1:
                line.found.append((Problem("code", "several"), code))
            elif owners:
                line.camera = owners[0]
            elif not any(p.field == "code" for p, _ in line.found) and not code:
                line.found.append((Problem("code", "missing"), ""))
            site = line.values.pop("site", "")
            if not line.camera:
                if not line.values.get("name") and not any(
                    p.field == "name" for p, _ in line.found
                ):
                    line.found.append((Problem("name", "missing"), ""))
                line.site = self.sites.get(site, "")
                if site and not line.site:
                    line.found.append((Problem("site", "unknown-site"), site))

    def _compare(self, loaded: assets.Loaded, lines: Sequence[_Line]) -> None:
        counts, made = self.made.counts, self.made
        stored, differences = [], []
        findings: list[tuple[Any, ...]] = []
        marks: list[tuple[Any, ...]] = []
        for line in lines:
            counts.rows += 1
            if line.camera and line.camera not in loaded.channels:
                line.camera = ""
            record = assets.record_of(loaded, line.camera, self.known) if line.camera else {}
            implied = assets.implied_by(loaded, line.camera, record) if line.camera else {}
            told = {p.field for p, _ in line.found}
            half = told & {"latitude", "longitude"}
            for problem in asset.validate({**record, **line.values}, self.known):
                # What is wrong here already, and is not of this file, is not this file's error.
                if problem.reason == "half-a-place" and half:
                    continue
                if problem.field in line.values and problem.field not in told:
                    line.found.append((problem, line.values[problem.field]))
            self._look_at_place(record, line)
            key = line.camera or (f"code {line.values['code']}" if "code" in line.values else None)
            if key is not None and not line.wrong:
                other = self._first_with(key, line.number)
                if other:
                    line.found.append((Problem("code", "twice", str(other)),
                                       line.values.get("code", "")))  # fmt: skip
            state, changes = "wrong", []
            if not line.wrong:
                changes = [
                    (name, record.get(name, ""), value) for name, value in line.values.items()
                    if value not in (record.get(name, ""), implied.get(name))
                ]  # fmt: skip
                state = "new" if not line.camera else "changed" if changes else "same"
            name = record.get("name") or line.values.get("name", "")
            if state == "changed":
                for what, here, there in changes:
                    fill = not here
                    differences.append(
                        (line.number, line.camera, name, what, here, there, int(fill), int(fill))
                    )
                    counts.fills += fill
                    counts.differences += not fill
            setattr(counts, state, getattr(counts, state) + 1)
            stored.append(
                (line.number, key if state != "wrong" else None, line.camera, state, line.site,
                 json.dumps(line.values, ensure_ascii=False) if state == "new" else "")
            )  # fmt: skip
            if state != "wrong":
                fresh = {what for what, _, _ in changes}
                site = line.site
                if line.camera:
                    site = loaded.channels[line.camera].site_id
                marks += _marks({**implied, **record, **line.values}, site, line.number,
                                line.camera, fresh)  # fmt: skip
            findings += [self._finding(line.number, p, text) for p, text in line.found]
        made.many(_ADD_MARKS, marks)
        made.many("INSERT OR IGNORE INTO line VALUES (?,?,?,?,?,?)", stored)
        made.many("INSERT INTO finding VALUES (?,?,?,?,?,?,?,?)", findings)
        made.many(
            "INSERT INTO difference (n, camera, name, field, here, there, fill, take) "
            "VALUES (?,?,?,?,?,?,?,?)", differences,
        )  # fmt: skip
        self._keys.clear()

    def _finding(self, number: int, problem: Problem, text: str) -> tuple[Any, ...]:
        """A row of the table of findings; counted."""
        self.made.counts.hints += problem.hint
        self.made.counts.errors += not problem.hint
        return (number, self.place.get(problem.field, -1), self.heading.get(problem.field, ""),
                problem.field, problem.reason, problem.detail, text[:100], int(problem.hint))  # fmt: skip

    def look_across(self, cancelled: Cancelled) -> None:
        """What two cameras share that they should not: rows of the file, or one of them and the
        register. Counted and found in the preview's own file, not in memory."""
        made = self.made
        self._mark_register(cancelled)
        # What the file says of a camera counts, not what was here: addresses may be swapped.
        made.run("DELETE FROM mark WHERE n = 0 AND camera IN (SELECT camera FROM line "
                 "WHERE camera != '' AND state IN ('changed', 'same'))")  # fmt: skip
        made.run("CREATE INDEX mark_value ON mark (field, value, fresh, id)")
        made.run(
            "CREATE TABLE clash AS SELECT m.n AS n, m.field AS field, m.value AS value, m.ip AS ip, "
            "m.serial AS serial, m.mac AS mac, r.n AS n2, r.name AS name2, r.ip AS ip2, "
            "r.serial AS serial2, r.mac AS mac2 FROM mark m JOIN mark r ON r.id = (SELECT id FROM "
            "mark x WHERE x.field = m.field AND x.value = m.value ORDER BY x.fresh, x.id LIMIT 1) "
            "WHERE m.fresh = 1 AND r.id != m.id ORDER BY m.n"
        )
        last = 0
        while rows := made.run(
            "SELECT rowid, * FROM clash WHERE rowid > ? ORDER BY rowid LIMIT ?", (last, BATCH)
        ):
            if cancelled():
                raise CancelledError
            last = rows[-1][0]
            findings, wrong = [], set[int]()
            for _, n, name, value, *mine, n2, name2, ip2, serial2, mac2 in rows:
                problem = _clash(name, tuple(mine), (ip2, serial2, mac2), n2, name2)
                if problem is not None:
                    findings.append(self._finding(n, problem, value.rpartition("\n")[2]))
                    if not problem.hint:
                        wrong.add(n)
            made.many("INSERT INTO finding VALUES (?,?,?,?,?,?,?,?)", findings)
            for n in sorted(wrong):
                self._leave_out(n)
        made.run("DROP TABLE mark")
        made.run("DROP TABLE clash")

    def _mark_register(self, cancelled: Cancelled) -> None:
        c, d = ChannelRow.__table__.c, DeviceRow.__table__.c
        query = (
            sa.select(c.id, c.name, c.site_id, d.ipv4, d.ipv6, d.address, d.mac, d.serial)
            .join(DeviceRow, d.id == c.device_id)
            .where(c.deleted_at.is_(None))
        )
        with self.store.looking() as connection:
            found = connection.execution_options(yield_per=2000).execute(query)
            for part in found.partitions():
                if cancelled():
                    raise CancelledError
                marks: list[tuple[Any, ...]] = []
                for r in part:
                    record = {"name": r.name, "mac": r.mac, "serial": r.serial, "ipv4": r.ipv4,
                              "ipv6": r.ipv6}  # fmt: skip
                    for name in ("ipv4", "ipv6"):
                        spec = asset.RULES.get(name)
                        if spec and not record[name] and not asset.problem_of(spec, r.address):
                            record[name] = r.address
                    marks += _marks(record, r.site_id, 0, r.id, set())
                self.made.many(_ADD_MARKS, marks)

    def _leave_out(self, number: int) -> None:
        """A row turned out wrong after it had been taken."""
        made, counts = self.made, self.made.counts
        ((state,),) = made.run("SELECT state FROM line WHERE n = ?", (number,))
        if state == "wrong":
            return
        setattr(counts, state, getattr(counts, state) - 1)
        counts.wrong += 1
        ((fills, both),) = made.run(
            "SELECT coalesce(sum(fill), 0), count(*) FROM difference WHERE n = ?", (number,)
        )
        counts.fills -= fills
        counts.differences -= both - fills
        made.run("DELETE FROM difference WHERE n = ?", (number,))
        made.run("UPDATE line SET state = 'wrong', key = NULL WHERE n = ?", (number,))

    def _first_with(self, key: str, number: int) -> int:
        """The row that has this camera already, or 0."""
        if key in self._keys:
            return self._keys[key]
        found = self.made.run("SELECT n FROM line WHERE key = ?", (key,))
        if found:
            return int(found[0][0])
        self._keys[key] = number
        return 0

    def _look_at_place(self, record: Mapping[str, str], line: _Line) -> None:
        if self.made.options.gcj02 or not {"latitude", "longitude"} <= line.values.keys():
            return
        if record.get("latitude") and record.get("longitude"):
            here = Point(float(record["latitude"]), float(record["longitude"]))
            there = Point(float(line.values["latitude"]), float(line.values["longitude"]))
            if asset.looks_like_gcj02(here, there):
                line.found.append((Problem("longitude", "gcj02", hint=True),
                                   line.values["longitude"]))  # fmt: skip


_ADD_MARKS = (
    "INSERT INTO mark (field, value, n, camera, fresh, ip, serial, mac, name) "
    "VALUES (?,?,?,?,?,?,?,?,?)"
)


def _marks(
    record: Mapping[str, str], site: str, number: int, camera: str, fresh: set[str]
) -> list[tuple[Any, ...]]:
    ip = record.get("ipv4") or record.get("ipv6", "").casefold()
    serial, mac = record.get("serial", "").casefold(), record.get("mac", "").casefold()
    name = record.get("name", "")
    values = {"ipv4": record.get("ipv4", ""), "ipv6": record.get("ipv6", "").casefold(), "mac": mac,
              "serial": serial, "name": name and f"{site}\n{name.casefold()}"}  # fmt: skip
    return [
        (what, values[what], number, camera, int(what in fresh), ip, serial, mac, name)
        for what in _MARKS
        if values[what]
    ]


def _clash(
    name: str, mine: tuple[str, ...], other: tuple[str, ...], row: int, camera: str
) -> Problem | None:
    """What a value that another camera has too means. `mine`, `other`: IP, serial number, MAC.

    Channels of a recorder share all of them, so that only what contradicts itself is an error: one
    MAC or serial number at two addresses.
    """
    where = "in-file" if row else "here"
    detail = str(row) if row else camera
    if name == "name":
        return Problem(name, f"name-{where}", detail, hint=True)
    same = [bool(a) and a == b for a, b in zip(mine, other, strict=True)]
    differ = [bool(a and b) and a != b for a, b in zip(mine, other, strict=True)]
    if name in ("ipv4", "ipv6"):
        return None if same[1] or same[2] else Problem(name, f"same-{where}", detail, hint=True)
    if same[0]:
        return None
    return Problem(name, f"same-{where}", detail, hint=not differ[0])


# -- writing what was reviewed


@dataclass(slots=True)
class Result:
    """What came of an import. `batch` names it, for `undo`."""

    batch: str
    added: int = 0
    changed: int = 0
    fields: int = 0
    kept: int = 0
    """Differences that were not taken."""
    left_out: int = 0
    """New cameras for which no site was said."""
    overtaken: int = 0
    """Fields that somebody changed after the preview: left as they are."""
    cancelled: bool = False


def apply(
    store: Store, made: Preview, site_id: str = "",
    progress: Progress = lambda done, total: None, cancelled: Cancelled = lambda: False,
) -> Result:  # fmt: skip
    """Write what was reviewed, some hundred rows a transaction; what was written when it is
    cancelled stays, and `undo` takes it back. New cameras of which the file does not say where
    they are go to `site_id`; with "" they are left out. Raises StoreError."""
    result = Result(new_id())
    result.kept = made.run("SELECT count(*) FROM difference WHERE fill = 0 AND take = 0")[0][0]
    total = made.run("SELECT count(*) FROM line WHERE state IN ('new', 'changed')")[0][0]
    datum = "GCJ-02" if made.options.gcj02 else "WGS-84"
    detail = f"{made.table.path.name[:180]}, {datum}"
    known = assets.rules(store)
    last = done = 0
    try:
        while True:
            rows = made.run(
                "SELECT n, camera, state, site, data FROM line WHERE n > ? "
                "AND state IN ('new', 'changed') ORDER BY n LIMIT ?", (last, BATCH),
            )  # fmt: skip
            if not rows:
                break
            if cancelled():
                result.cancelled = True
                break
            wanted: dict[str, list[tuple[str, str, str]]] = {}
            for camera, name, here, there in made.run(
                "SELECT camera, field, here, there FROM difference WHERE take = 1 "
                "AND n BETWEEN ? AND ?", (rows[0][0], rows[-1][0]),
            ):  # fmt: skip
                wanted.setdefault(camera, []).append((name, here, there))
            with store._writing() as session:
                history.source(session, "import", detail, result.batch)
                _write_batch(session, rows, wanted, site_id, known, result)
            last, done = rows[-1][0], done + len(rows)
            progress(done, total)
    finally:
        store.announce(Changes({"camera": frozenset(), "site": frozenset()}))
    return result


def _write_batch(
    session: Session, rows: Sequence[Any], wanted: Mapping[str, Sequence[tuple[str, str, str]]],
    site_id: str, known: Rules, result: Result,
) -> None:  # fmt: skip
    at = now()
    loaded = assets.load(session, list(wanted))
    codes = [json.loads(r[4]).get("code", "") for r in rows if r[2] == "new"]
    taken: set[str] = set()
    for part in kinds.chunks([c for c in codes if c]):
        query = sa.select(ChannelRow.code).where(
            ChannelRow.code.in_(part), ChannelRow.deleted_at.is_(None)
        )
        taken |= set(session.scalars(query))
    touched = []
    for _, camera, state, site, data in rows:
        if state == "new":
            values = json.loads(data)
            if values.get("code") in taken:
                result.overtaken += 1
            elif site or site_id:
                touched.append(assets.new_camera(loaded, site or site_id, values, known, at))
                result.added += 1
                result.fields += len(values)
            else:
                result.left_out += 1
            continue
        if camera not in loaded.channels:
            result.overtaken += len(wanted.get(camera, ()))
            continue
        record = assets.record_of(loaded, camera, known)
        taking = {n: there for n, here, there in wanted[camera] if record.get(n, "") == here}
        result.overtaken += len(wanted[camera]) - len(taking)
        if taking:
            assets.write(session, loaded, camera, taking, known, at)
            result.changed += 1
            result.fields += len(taking)
            if taking.keys() & {"name", "code"}:
                touched.append(camera)
    assets.add_new(session, loaded)
    assets.derive(session, touched)


@dataclass(frozen=True, slots=True)
class PastImport:
    """An import that was written. `at`: UTC, ISO 8601."""

    batch: str
    at: str
    detail: str
    entities: int


def imports(store: Store, limit: int = 20) -> list[PastImport]:
    """Imports made or received here, the latest first."""
    t = AssetChangeRow
    query = (
        sa.select(t.batch, sa.func.min(t.updated_at), sa.func.min(t.detail), sa.func.count())
        .where(t.batch != "", t.source == "import")
        .group_by(t.batch)
        .order_by(sa.func.min(t.updated_at).desc())
        .limit(limit)
    )
    with store._reading() as session:
        return [PastImport(*row) for row in session.execute(query)]


@dataclass(slots=True)
class Undone:
    """What came of taking an import back."""

    restored: int = 0
    """Fields that have their former values again."""
    removed: int = 0
    """Cameras that the import had added."""
    kept: int = 0
    """Fields that somebody changed since, and cameras of which that is true."""
    cancelled: bool = False


def undo(
    store: Store, batch: str,
    progress: Progress = lambda done, total: None, cancelled: Cancelled = lambda: False,
) -> Undone:  # fmt: skip
    """Give back what an import changed, wherever nothing was changed since. Raises StoreError."""
    result, t = Undone(), AssetChangeRow
    with store._reading() as session:
        count = sa.select(sa.func.count()).select_from(t).where(t.batch == batch)
        total = session.scalar(count.where(t.source == "import")) or 0
        detail = session.scalar(sa.select(t.detail).where(t.batch == batch).limit(1)) or ""
    last, done = "", 0
    try:
        while True:
            if cancelled():
                result.cancelled = True
                break
            with store._writing() as session:
                # From the newest: what was entered last is taken back first.
                query = sa.select(t).where(t.batch == batch, t.source == "import")
                if last:
                    query = query.where(t.id < last)
                rows = list(session.scalars(query.order_by(t.id.desc()).limit(BATCH)))
                if not rows:
                    break
                history.source(session, "undo", detail)
                touched = _undo_batch(session, rows, batch, result)
                session.flush()
                assets.derive(session, touched)
                last, done = rows[-1].id, done + len(rows)
            progress(done, total)
    finally:
        store.announce(Changes({"camera": frozenset(), "site": frozenset()}))
    return result


def _undo_batch(
    session: Session, rows: Sequence[AssetChangeRow], batch: str, result: Undone
) -> list[str]:
    at, touched = now(), []
    changes = {row.id: json.loads(row.changes) for row in rows}
    entities: dict[str, Any] = {}
    for kind, model in history.MODELS.items():
        entities |= assets.by_id(session, model, [r.entity_id for r in rows if r.kind == kind])
    more = assets.by_id(session, AssetFieldRow, [
        assets.more_id(r.kind, r.entity_id, name)
        for r in rows for name in changes[r.id] if not _in_column(name)
    ])  # fmt: skip
    stays = _staying(session, [r for r in rows if history.MADE in changes[r.id]], batch)
    for row in rows:
        entity = entities.get(row.entity_id)
        if entity is None or entity.deleted_at is not None:
            continue
        if history.MADE in changes[row.id]:
            if row.entity_id in stays:
                result.kept += row.kind == "channel"
                continue
            entity.deleted_at = entity.updated_at = at
            result.removed += row.kind == "channel"
            continue
        for name, (before, after) in changes[row.id].items():
            if _in_column(name):
                if history.text_of(name, getattr(entity, name)) != after:
                    result.kept += 1
                    continue
                setattr(entity, name, assets.stored_value(asset.RULES, name, before))
                entity.updated_at = at
            else:
                kept = more.get(assets.more_id(row.kind, row.entity_id, name))
                if kept is None or kept.value != after:
                    result.kept += 1
                    continue
                kept.value, kept.updated_at = before, at
            result.restored += 1
            if row.kind == "channel" and name in ("name", "code"):
                touched.append(row.entity_id)
    return touched


def _in_column(name: str) -> bool:
    spec = asset.RULES.get(name)
    return spec is not None and spec.stored


def _staying(session: Session, made: Sequence[AssetChangeRow], batch: str) -> set[str]:
    """Rows that an import made and that stay: of cameras that were changed since, and what such
    cameras hang on."""
    ids = [r.entity_id for r in made]
    cameras: dict[str, tuple[str, str]] = {}
    for part in kinds.chunks(ids):
        query = (
            sa.select(ChannelRow.id, DeviceRow.id, DeviceRow.position_id)
            .join(DeviceRow, DeviceRow.id == ChannelRow.device_id)
            .where(ChannelRow.deleted_at.is_(None))
        )
        for column in (ChannelRow.id, DeviceRow.id, DeviceRow.position_id):
            for camera, device, position in session.execute(query.where(column.in_(part))):
                cameras[camera] = (device, position)
    everything = {i for camera, above in cameras.items() for i in (camera, *above)}
    changed: set[str] = set()
    t = AssetChangeRow
    for part in kinds.chunks(sorted(everything)):
        query_ = sa.select(t.entity_id).where(t.entity_id.in_(part), t.batch != batch)
        changed |= set(session.scalars(query_))
    stays: set[str] = set()
    for camera, above in cameras.items():
        if changed & {camera, *above}:
            stays |= {camera, *above}
    # A device goes after its camera, which may be of a later part of the history.
    going = {r.entity_id for r in made if r.kind == "channel"} - stays
    for camera, above in cameras.items():
        if camera not in going:
            stays |= {*above}
    return stays


# -- export


@dataclass(frozen=True, slots=True)
class Layout:
    """How an export is written."""

    fields: tuple[str, ...] = tuple(f.name for f in asset.CORE)
    heading: str = "zh"
    """"zh", "en", or "abbrev": the pinyin abbreviations of the exchange."""
    names: bool = False
    """Meanings in place of codes, for people."""
    encoding: str = "utf-8-sig"
    """Of a CSV: or "gb18030"."""
    with_ids: bool = True
    """Also our own id and the site, so that a camera without a code is found again."""


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII))


def _harmless(text: str) -> str:
    """For a CSV: a spreadsheet must not take a cell for a formula."""
    return f"'{text}" if text[:1] in FORMULA and not _is_number(text) else text


def _heading(spec: Field, layout: Layout) -> str:
    if layout.heading == "abbrev":
        return spec.abbrev or spec.zh
    return spec.label(layout.heading)


def shown(spec: Field, value: str, rules: Rules, language: str = "") -> str:
    """A value as it is exported: the code of an exchange, or (with a language) what it means."""
    listed = rules.list_of(spec)
    if listed is None or not value:
        return value
    if spec.type is Type.OPEN:
        code = listed.code_of(value)
        return (listed.label(code, language) if language else code) if code else value
    if not language:
        return value
    return "/".join(listed.label(part, language) or part for part in value.split("/"))


def export(
    store: Store, path: Path, chosen: assets.Selection, layout: Layout,
    progress: Progress = lambda done, total: None, cancelled: Cancelled = lambda: False,
) -> int:  # fmt: skip
    """Write a workbook (".xlsx") or a CSV; returns the number of cameras. The file is there whole
    or not at all. Raises StoreError and CancelledError."""
    known = assets.rules(store)
    specs = [spec for name in layout.fields if (spec := known.get(name)) is not None]
    language = ("en" if layout.heading == "en" else "zh") if layout.names else ""
    header = [_heading(spec, layout) for spec in specs]
    if layout.with_ids:
        header += [texts[layout.heading != "en"] for texts in (
            asset.EXTRA_COLUMNS["site"], asset.EXTRA_COLUMNS["id"])]  # fmt: skip
    partial = path.with_name(path.name + ".partial")
    count = 0

    def rows() -> Iterator[list[str]]:
        nonlocal count
        with store._reading() as session:
            ids = assets.camera_ids(session, chosen)
            for i, (camera, site, record) in enumerate(assets.every(session, ids, known)):
                if i % BATCH == 0:
                    if cancelled():
                        raise CancelledError
                    progress(i, len(ids))
                if chosen.incomplete and not asset.completeness(record, known).missing:
                    continue
                count += 1
                cells = [shown(s, record.get(s.name, ""), known, language) for s in specs]
                yield [*cells, site, camera] if layout.with_ids else cells
            progress(len(ids), len(ids))

    try:
        try:
            if path.suffix.lower() == ".xlsx":
                _write_book(partial, header, rows())
            else:
                with partial.open("w", encoding=layout.encoding, newline="") as file:
                    writer = csv.writer(file)
                    writer.writerow(header)
                    writer.writerows([_harmless(cell) for cell in row] for row in rows())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except (OSError, UnicodeEncodeError) as error:
        raise ExchangeError("not-written", str(getattr(error, "strerror", "") or error)) from error
    return count


_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def _write_book(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Watchroom")
    sheet.freeze_panes = "C2"
    for i, text in enumerate(header, 1):
        wide = sum(2 if ord(c) > 255 else 1 for c in text)
        sheet.column_dimensions[get_column_letter(i)].width = max(12, min(40, wide + 4))

    def cell(text: str) -> Any:
        made = WriteOnlyCell(sheet, value=_UNPRINTABLE.sub("", text))
        if text[:1] in FORMULA and not _is_number(text):
            made.data_type = "s"  # a text, whatever it begins with
            made.quotePrefix = True  # and one after it was edited
        return made

    titles = [cell(text) for text in header]
    for title in titles:
        title.font = Font(bold=True)
    try:
        sheet.append(titles)
        for row in rows:
            sheet.append([cell(t) if t[:1] in FORMULA else t or None for t in row])
        book.save(path)
    except BaseException:
        # Its temporary file; closing an unfinished sheet may fail in its own way.
        try:
            sheet.close()
        except Exception:  # noqa: S110
            pass
        raise


def remember_columns(store: Store, header: Sequence[str], columns: Sequence[str]) -> None:
    """Keep which column a person said is which field, for the next file."""
    known: dict[str, str] = dict(store.setting("exchange.columns", {}))
    guessed = asset.guess_columns(header, assets.rules(store))
    for text, name, guess in zip(header, columns, guessed, strict=True):
        key = asset.header_key(text)
        if name != guess:
            known[key] = name
        else:
            known.pop(key, None)
    store.set_setting("exchange.columns", dict(list(known.items())[-500:]))


def remembered_columns(store: Store) -> dict[str, str]:
    """Heading (by `header_key`) to field, as persons said."""
    found = store.setting("exchange.columns", {})
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
