"""The messages of `docs/sync.md`: what both sides share. No Qt, no HTTP, no database."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Annotated, Any, TypeVar

import msgspec
import zstandard

PROTOCOL = 1
SCHEMA = 1
"""Rises with every new kind or field (`Kind.since`)."""
OLDEST_SCHEMA = 1
"""A server still takes operations of this schema."""

MAX_OPS = 500
MAX_BODY = 4 * 1024 * 1024
"""Bytes of a request, after decompression."""
MAX_ANSWER = 64 * 1024 * 1024
FEED_PAGE, SNAPSHOT_PAGE, ROWS_PAGE = 1000, 5000, 1000
TEXTS = 1
"""Rises when `store.search` makes other search texts or sort keys."""
DIGESTED = ("organisation", "site", "position", "landmark", "device", "channel")
"""Kinds of which console and server compare now and then what they hold."""
RECONCILED = ("channel", "view", "tour", "layout", "patrol", "person_record", "guide",
              "setup_template", "ticket", "log", "retrieval")  # fmt: skip
"""Kinds of which a console is told every id that it may hold, when permissions changed."""
PART = 4 * 1024 * 1024
"""Bytes of a part of a file; only the last may be shorter."""
MAX_BLOB = 4 * 1024**3
LONGEST_WAIT_S = 25.0
COMPRESS_FROM = 1024
CLOCK_TOLERANCE_S = 5.0

MANY_REMOVALS, FEW_REMOVALS = 100, 20
"""Above so many a person is asked; above the second where it is a fifth of all cameras."""
REMOVALS_WITHIN_S = 600.0

T = TypeVar("T")

# What a database can hold, and nothing that it would choke on.
Number = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
Id = Annotated[str, msgspec.Meta(pattern="^[0-9a-f-]{36}$")]
KindName = Annotated[str, msgspec.Meta(pattern="^[a-z_]{1,20}$")]
Moment = Annotated[str, msgspec.Meta(pattern="^[0-9T:.Z+-]{0,32}$")]


class Code:
    """Why a request was refused. A code never changes its meaning."""

    BAD_MESSAGE = "bad_message"
    TOO_LARGE = "too_large"
    CLIENT_TOO_OLD = "client_too_old"
    SERVER_TOO_OLD = "server_too_old"
    OTHER_SERVER = "other_server"
    REWOUND = "rewound"
    IDENTITY_TWICE = "identity_twice"
    GAP = "gap"
    MANY_REMOVALS = "many_removals"
    TOP_LEVEL = "top_level"
    STORAGE_FULL = "storage_full"
    NOT_FOUND = "not_found"
    WRONG_HASH = "wrong_hash"
    NOT_WHOLE = "not_whole"


class Status:
    """What became of an operation."""

    APPLIED = "applied"
    MERGED = "merged"
    CONFLICT = "conflict"
    REJECTED = "rejected"


class Reason:
    """Why an operation, or a field of it, was not taken."""

    CHANGED = "changed"  # another changed the same field meanwhile
    DELETED = "deleted"  # another removed the row meanwhile
    EDITED = "edited"  # the row that was to be removed was changed meanwhile
    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"  # no such row, or none that may be seen
    UNKNOWN_KIND = "unknown_kind"
    INVALID = "invalid"
    REFERENCE = "reference"  # it refers to a row that is not there
    APPENDED = "appended"  # only added to, never changed
    INVALID_STATE = "invalid_state"  # the ticket is no longer where that can be done


class Operation(msgspec.Struct):
    """A change of one row. `n` counts up by one in each replica; `fields` holds new values."""

    op: Id
    n: Number
    kind: KindName
    id: Id
    base: Number
    fields: dict[str, Any]
    at: Moment
    offset_ms: Number = 0
    author: Annotated[str, msgspec.Meta(max_length=100)] = ""
    """Who entered it, as the console says; the account that sends it may be another's."""


class Place(msgspec.Struct, kw_only=True):
    """Where a console stands; part of every request."""

    replica: Id
    history: str = ""
    schema: Number = SCHEMA
    cursor: Number = 0
    marks: list[tuple[Number, str]] = []
    """(sequence, mark) that the console has seen, newest first: tells one history from another."""
    scope: str = ""


class Push(Place, kw_only=True):
    """POST push."""

    ops: list[Operation]
    confirmed: bool = False
    """A person said that so many removals are meant."""


class Answer(msgspec.Struct):
    """To one operation. Once pulled up to `seq`, the row shows what came of it."""

    op: str
    status: str
    seq: int
    reason: str = ""
    fields: list[str] = []
    """Those that were not taken."""
    detail: str = ""


class Pushed(msgspec.Struct):
    """To a push: an answer to each operation, in order."""

    answers: list[Answer]
    head: int
    time: str
    mark: str = ""
    """Of `head`."""


class Table(msgspec.Struct):
    """Rows of one kind."""

    kind: str
    columns: list[str]
    rows: list[list[Any]]

    def dicts(self) -> Iterable[dict[str, Any]]:
        """Rows by column."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)


class Pull(Place, kw_only=True):
    """POST pull."""

    limit: int = FEED_PAGE


class Pulled(msgspec.Struct):
    """To a pull: the rows whose last change is after `start`, up to `to`, whole."""

    start: int
    to: int
    mark: str
    """Of `head`."""
    head: int
    scope: str
    scope_changed: bool
    """Rows may have become visible or invisible without a change: ask for `visible`."""
    tables: list[Table]
    gone: list[tuple[str, str]]
    more: bool
    time: str
    durable: int = 0


class Watch(Place, kw_only=True):
    """POST watch: answered when there is something to pull, or after `wait` seconds."""

    wait: float = LONGEST_WAIT_S


class Watched(msgspec.Struct):
    """To a watch."""

    head: int
    news: bool
    time: str


class SnapshotAsked(Place, kw_only=True):
    """POST snapshot: a page after `after` (kind, id); `seq` as the first page said."""

    after: tuple[KindName, Annotated[str, msgspec.Meta(pattern="^[0-9a-f-]{0,36}$")]] | None = None
    seq: Number | None = None
    limit: Number = SNAPSHOT_PAGE


class SnapshotPage(msgspec.Struct):
    """Rows in the order of kinds and ids. `next` None: that was the last page; then pull from
    `seq`."""

    seq: int
    head: int
    mark: str
    """Of `head`: where the feed was when this page was made. Its rows may be as new."""
    scope: str
    tables: list[Table]
    next: tuple[str, str] | None
    total: int
    """About how many rows in all, told with the first page; 0 on the others."""
    time: str
    texts: int = 0
    """Tables have what is made from other fields too, texts as this number of `TEXTS` makes them."""


class Packed(msgspec.Struct):
    """An answer that is compressed already."""

    data: bytes

    @classmethod
    def page(cls, page: SnapshotPage, tables: bytes) -> Packed:
        """A page with these compressed tables. Zstandard frames may follow one another."""
        rest = {name: getattr(page, name) for name in page.__struct_fields__ if name != "tables"}
        end = b"," + encode(rest)[1:]
        return cls(compress(b'{"tables":') + tables + compress(end))


class Visible(msgspec.Struct):
    """To POST visible: ids (16 bytes each) of what may be seen. `channel`: all channels. Of `site`,
    `position` and `device` those that are seen for another reason than a channel. Shared kinds in
    full. What a console holds beyond that it removes."""

    scope: str
    ids: dict[str, bytes]
    time: str


class RowsAsked(Place, kw_only=True):
    """POST rows: these rows; with channels what they belong to and what belongs to them."""

    ids: dict[str, list[Id]]


class RowsAnswer(msgspec.Struct):
    """To it: what of that may be seen, as it is at `head`."""

    head: int
    mark: str
    tables: list[Table]
    time: str


class DigestAsked(Place, kw_only=True):
    """POST digest. `parts`: kinds of which the figures of each part are asked; `listed`: parts of
    kinds of which the rows are asked. A row's part is the last two digits of its id."""

    parts: list[KindName] = []
    listed: dict[KindName, list[Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{2}$")]]] = {}


class Digest(msgspec.Struct):
    """To it: of each kind how many rows may be seen, and the sum of their `rev`; as of `seq`. The
    same by part, and ids with `rev`, where they were asked for."""

    seq: int
    scope: str
    kinds: dict[str, tuple[int, int]]
    time: str
    parts: dict[str, dict[str, tuple[int, int]]] = {}
    listed: dict[str, dict[str, int]] = {}


class Hello(msgspec.Struct):
    """To POST hello."""

    protocol: int
    schema: int
    oldest_schema: int
    history: str
    head: int
    person: str
    organisation: str
    time: str
    roles: list[str] = []
    """Of the person who asks: what a console offers; the server decides."""


class Parts(msgspec.Struct):
    """To GET blobs/SHA256: which parts of a file have arrived."""

    whole: bool
    parts: list[int]


class Problem(msgspec.Struct):
    """A refusal, as `application/problem+json`."""

    code: str
    detail: str = ""
    common: int = 0
    expect: int = 0
    retry_after: float = 0.0
    removals: int = 0
    organisations: list[str] = []
    may_make: bool = False
    schema: int = 0
    status: int = 0


class SyncError(Exception):
    """The other side refused a request, with a `Code` (or one of the server's other codes)."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code}: {problem.detail}")
        self.problem = problem

    @property
    def code(self) -> str:
        return self.problem.code


_encoder = msgspec.json.Encoder()
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def encode(message: Any) -> bytes:
    """A message as JSON."""
    return _encoder.encode(message)


def decode(kind: type[T], data: bytes) -> T:
    """A message out of JSON. Raises ValueError for anything else."""
    decoder = _decoders.setdefault(kind, msgspec.json.Decoder(kind))
    try:
        return decoder.decode(data)  # type: ignore[no-any-return]
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from error


def compress(data: bytes) -> bytes:
    """Zstandard, level 1: ten times as fast as gzip, and smaller."""
    return zstandard.ZstdCompressor(level=1).compress(data)


def decompress(data: bytes, limit: int) -> bytes:
    """Raises ValueError for what is no Zstandard, or larger than `limit` bytes."""
    try:
        reader = zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True)
        plain = reader.read(limit + 1)
    except zstandard.ZstdError as error:
        raise ValueError("not Zstandard") from error
    if len(plain) > limit:
        raise ValueError("too large")
    return plain


def pack(ids: Iterable[str]) -> bytes:
    """Ids as 16 bytes each."""
    return b"".join(uuid.UUID(i).bytes for i in ids)


def unpack(data: bytes) -> list[str]:
    """The ids. Raises ValueError."""
    if len(data) % 16:
        raise ValueError("not a list of ids")
    return [str(uuid.UUID(bytes=data[i : i + 16])) for i in range(0, len(data), 16)]


def is_id(text: str) -> bool:
    """Whether it is a UUID as this protocol writes one."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
