"""What is synchronised: every kind of row, its fields, and how it is read and written as a whole.

The same on consoles and on the server. Fields made from others (`site_id` and `address` of a
channel, search texts, sort keys) do not travel; `derive` makes them.
"""

from __future__ import annotations

import functools
import json
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.store import log_lines, ticket_state
from app.store import search as finding
from app.store.log_models import LogRow, ObservationRow, PatrolRow
from app.store.models import (
    AssetChangeRow,
    AssetDefinitionRow,
    AssetFieldRow,
    ChannelRow,
    DeviceRow,
    FavouriteRow,
    FormerCodeRow,
    LandmarkRow,
    LayoutRow,
    OrganisationRow,
    PositionRow,
    PresetRow,
    RetrievalRow,
    SetupTemplateRow,
    SiteRow,
    StreamRow,
    TourRow,
    ViewRow,
)
from app.store.people_models import GuideRow, PersonRecordRow
from app.store.sync_models import AttachmentRow, ConflictRow, PreferenceRow
from app.store.ticket_models import (
    MaintenanceRow,
    TicketCameraRow,
    TicketEventRow,
    TicketRow,
    TicketRulesRow,
)

CHUNK = 500
MANY = 5000
"""Of ids in a statement that is little else."""
STREAM_COLUMNS = ("role", "url", "codec", "width", "height", "fps", "profile_token")
STREAMS, DELETED = "streams", "deleted_at"


@dataclass(frozen=True)
class Kind:
    """A kind of row. Parents come before children in `KINDS`."""

    name: str
    model: type[Any]
    fields: tuple[str, ...]
    appended: bool = False
    """Only added to: cannot conflict, cannot be changed or removed."""
    natural: tuple[str, ...] = ()
    """At most one row has these values, whoever made it: two that were made apart become one."""
    last_wins: bool = False
    """A person's own small things: what arrives last counts, and nobody is asked."""
    parent: str = ""
    """The field that says where the row belongs; when it changes, the row moves."""
    since: int = 1
    """The schema of the protocol that brought it."""

    @property
    def table(self) -> sa.Table:
        table = self.model.__table__
        assert isinstance(table, sa.Table)
        return table

    @property
    def common(self) -> bool:
        """Whether rows have `updated_at` and `deleted_at`."""
        return "updated_at" in self.table.c

    @property
    def columns(self) -> tuple[str, ...]:
        """What travels of a row, in this order."""
        return ("id", "rev", *(("updated_at", DELETED) if self.common else ()), *self.fields)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("organisation", OrganisationRow, ("name", "name_en", "parent_id")),
        Kind("site", SiteRow, ("organisation_id", "name", "name_en", "address", "latitude",
                               "longitude", "responsible_id", "maintainer_id", "contact"),
             parent="organisation_id"),
        Kind("position", PositionRow, ("site_id", "name", "pole_number", "bearing_deg", "latitude",
                                       "longitude", "point_class", "division", "common_name",
                                 "install_address", "place_types", "direction", "authority",
                                 "managing_unit", "contact", "departments"), parent="site_id"),
        Kind("landmark", LandmarkRow, ("name", "name_en", "kind", "latitude", "longitude")),
        Kind("device", DeviceRow, ("position_id", "manufacturer", "model", "serial", "firmware",
                                   "address", "onvif_url", "username", "ipv4", "ipv6", "mac",
                                 "camera_type", "functions", "light", "coding", "installed_on",
                                 "state", "in_use_since", "warranty_until", "replace_on",
                                 "dismantled_on"), parent="position_id"),
        Kind("channel", ChannelRow, ("device_id", "name", "name_en", "code", "call_number",
                                     "has_ptz", "transport", "never_degrade", "verify_tls", "note",
                                     "masks", "networked", "retention_days", STREAMS),
             parent="device_id"),
        Kind("asset_definition", AssetDefinitionRow, ("name", "content")),
        Kind("asset_field", AssetFieldRow, ("kind", "entity_id", "field", "value")),
        Kind("asset_change", AssetChangeRow, ("kind", "entity_id", "person", "source", "detail",
                                              "batch", "changes"), appended=True),
        Kind("former_code", FormerCodeRow, ("channel_id", "code"), appended=True),
        Kind("preset", PresetRow, ("channel_id", "token", "name", "number", "position"),
             natural=("channel_id", "token"), last_wins=True),
        Kind("observation", ObservationRow, ("console", "channel_id", "day", "known", "up"),
             natural=("channel_id", "console", "day"), last_wins=True),
        Kind("favourite", FavouriteRow, ("person", "channel_id"),
             natural=("person", "channel_id"), last_wins=True),
        Kind("view", ViewRow, ("name", "owner", "organisation_id", "content")),
        Kind("tour", TourRow, ("name", "owner", "organisation_id", "content")),
        Kind("layout", LayoutRow, ("name", "organisation_id", "content")),
        Kind("preference", PreferenceRow, ("person", "key", "value"), natural=("person", "key"),
             last_wins=True),
        Kind("retrieval", RetrievalRow, ("console", "number", "at", "content", "chain", "person"),
             appended=True),
        Kind("log", LogRow, ("book", "console", "number", "subject", "kind", "at", "camera_id",
                             "author", "content", "chain", "person", "organisation_id"),
             appended=True),
        Kind("patrol", PatrolRow, ("name", "organisation_id", "content")),
        Kind("person_record", PersonRecordRow, ("organisation_id", "person_name", "kind", "title",
                                                "number", "issued_on", "valid_until", "issued_by",
                                                "hours", "result")),
        Kind("guide", GuideRow, ("organisation_id", "key", "version", "person", "author",
                                 "content"), appended=True),
        Kind("setup_template", SetupTemplateRow, ("name", "organisation_id", "content")),
        Kind("ticket_rules", TicketRulesRow, ("organisation_id", "person", "at", "content"),
             appended=True),
        Kind("ticket", TicketRow, ("console", "number", "person", "author", "organisation_id",
                                   "site_id", "camera_id", "at", "report"), appended=True),
        Kind("ticket_event", TicketEventRow, ("ticket_id", "at", "action", "person", "author",
                                              "content"), appended=True),
        Kind("maintenance", MaintenanceRow, ("channel_id", "begin", "until", "ended_at", "reason",
                                             "person", "author")),
        Kind("attachment", AttachmentRow, ("person", "kind", "entity_id", "name", "media_type",
                                           "size", "sha256"), appended=True),
        Kind("conflict", ConflictRow, ("person", "kind", "entity_id", "field", "reason", "mine",
                                       "theirs", "mine_by", "mine_at", "theirs_by", "theirs_at",
                                       "decided")),
    )
}  # fmt: skip
SINCE: dict[tuple[str, str], int] = {}
"""The schema of the protocol that brought a field (kind, field), where it is not the first."""
ORDER = {name: i for i, name in enumerate(KINDS)}
ASSETS = ("site", "position", "device", "channel")
"""Kinds that are cut by who may view which camera."""

OF_ASSETS = ("asset_field", "asset_change")
"""Kinds whose rows are about an asset (`kind`, `entity_id`) and are seen and written with it."""

BY_MODEL: dict[type[Any], Kind] = {kind.model: kind for kind in KINDS.values()}

MOST: dict[type[Any], float] = {sa.Float: 1e300, sa.BigInteger: 2**63 - 1}
"""The largest number of a type of column; others are of 32 bits."""

Row = dict[str, Any]
Rows = dict[str, Row]


def awaited_rev(rev: int) -> int:
    """The `rev` of a row that a load has still to bring, of which `rev` was seen: below 0."""
    return -1 - rev


def seen_rev(rev: int) -> int:
    """What was seen of a row, whether a load has still to bring it or not."""
    return rev if rev >= 0 else -1 - rev


def part_of(table: sa.Table) -> sa.ColumnElement[str]:
    """In which of 256 parts of its kind a row is: the last two digits of its id, which are random."""
    return sa.func.substr(table.c.id, 35, 2)


def chunks(ids: Sequence[Any], size: int = CHUNK) -> Iterable[list[Any]]:
    """`ids` in parts that fit a statement."""
    for start in range(0, len(ids), size):
        yield list(ids[start : start + size])


def read(connection: sa.Connection, kind: Kind, ids: Sequence[str]) -> Rows:
    """Rows by id, as they travel. Unknown ids are missing."""
    found: Rows = {}
    t = kind.table
    stored = [t.c[c] for c in kind.columns if c != STREAMS]
    for part in chunks(ids):
        for row in connection.execute(sa.select(*stored).where(t.c.id.in_(part))):
            found[row.id] = dict(row._mapping)
    if STREAMS in kind.fields:
        add_streams(connection, found)
    return found


def add_streams(connection: sa.Connection, rows: Rows) -> None:
    """Give channels their streams: lists in the order of STREAM_COLUMNS, by role."""
    for row in rows.values():
        row[STREAMS] = []
    for identity, values in streams_of(connection, list(rows)).items():
        rows[identity][STREAMS] = [list(stream) for stream in values]


def streams_of(connection: sa.Connection, ids: Sequence[str]) -> dict[str, list[tuple[Any, ...]]]:
    """Streams by channel; channels without any are missing."""
    s = StreamRow.__table__.c
    query = sa.select(s.channel_id, *(s[c] for c in STREAM_COLUMNS))
    result: dict[str, list[tuple[Any, ...]]] = {}
    for part in chunks(ids, MANY):
        for row in connection.execute(query.where(s.channel_id.in_(part)).order_by(s.role)).all():
            result.setdefault(row[0], []).append(row[1:])
    return result


def write(
    connection: sa.Connection, kind: Kind, rows: Sequence[Row], *, texts: bool = False
) -> None:
    """Insert or replace whole rows, as they travel; `derive` afterwards.

    A row that is here with a higher `rev` stays as it is. `texts`: channels get their search texts
    at once (without former codes), where everything is read and parents come first.
    """
    if not rows:
        return
    t = kind.table
    columns = [c for c in kind.columns if c != STREAMS]
    made, make = _maker(connection, kind, rows, texts)
    if kind.natural:
        # The same thing under another id, made here or elsewhere: the one that arrives stays.
        connection.execute(
            t.delete().where(
                t.c.id != sa.bindparam("_id"),
                *(t.c[c] == sa.bindparam(f"_{c}") for c in kind.natural),
            ),
            [{"_id": r["id"], **{f"_{c}": r[c] for c in kind.natural}} for r in rows],
        )
    names = [*columns, *made]
    kept = ("search_text", "sort_key") if kind.name == "channel" and not texts else ()
    assign = ", ".join(f'"{c}"=excluded."{c}"' for c in names if c not in ("id", *kept))
    fast = connection.dialect.paramstyle == "qmark"  # SQLite: past SQLAlchemy's parameters
    marks = ", ".join("?" if fast else f":{c}" for c in names)
    quoted = ", ".join(f'"{c}"' for c in names)
    text = (
        f'INSERT INTO "{t.name}" ({quoted}) VALUES ({marks}) '
        f'ON CONFLICT (id) DO UPDATE SET {assign} WHERE "{t.name}".rev <= excluded.rev'
    )
    given = operator.itemgetter(*columns)
    values = [given(r) + make(r) for r in rows]
    if fast:
        connection.exec_driver_sql(text, values)
    else:
        named = [dict(zip(names, v, strict=True)) for v in values]
        connection.execute(sa.text(text), named)
    if STREAMS in kind.fields:
        newest = dict(_revisions(connection, t, [r["id"] for r in rows]))
        taken = [r for r in rows if newest.get(r["id"]) == r["rev"]]
        s = StreamRow
        for part in chunks([r["id"] for r in taken]):
            connection.execute(sa.delete(s).where(s.channel_id.in_(part)))
        streams = [(r["id"], *stream) for r in taken for stream in r[STREAMS]]
        names = ["channel_id", *STREAM_COLUMNS]
        if streams and fast:
            marks = ", ".join("?" * len(names))
            text = f"INSERT INTO stream ({', '.join(names)}) VALUES ({marks})"
            connection.exec_driver_sql(text, streams)
        elif streams:
            connection.execute(sa.insert(s), [dict(zip(names, v, strict=True)) for v in streams])


def _maker(
    connection: sa.Connection, kind: Kind, rows: Iterable[Row], texts: bool
) -> tuple[tuple[str, ...], Callable[[Row], tuple[Any, ...]]]:
    """The columns that are made from others, and what makes them out of a row."""
    if kind.name == "channel":
        places = _places_of(connection, [r["device_id"] for r in rows])

        def channel(r: Row) -> tuple[Any, ...]:
            site, address = places.get(r["device_id"], ("", ""))
            if not texts:
                return site, address, "", ""
            text = finding.search_text(
                r["name"], r["name_en"], (r["code"],), address, r["call_number"]
            )
            return site, address, text, finding.sort_key(r["name"])

        return ("site_id", "address", "search_text", "sort_key"), channel
    if kind.name == "retrieval":
        return ("camera_id",), lambda r: (camera_of(r["content"]),)
    if "search_text" in kind.table.c and kind.name != "ticket":
        return ("search_text",), lambda r: (place_text(kind.name, r),)
    return (), lambda r: ()


def add_made(
    connection: sa.Connection, kind: Kind, columns: list[str], rows: list[list[Any]]
) -> None:
    """Add to rows (lists of `columns`, among them all of the kind's) what is made from others, as
    `load` takes it: on the server, once for many consoles."""
    if not MADE.get(kind.name) or not set(kind.columns) <= set(columns):
        return
    at = [columns.index(name) for name in READ[kind.name]]
    names = READ[kind.name]
    told = [dict(zip(names, [row[i] for i in at], strict=True)) for row in rows]
    made, make = _maker(connection, kind, told, True)
    for row, values in zip(rows, told, strict=True):
        row += make(values)
    columns += made


def load(
    connection: sa.Connection, kind: Kind, columns: Sequence[str], rows: list[list[Any]]
) -> None:
    """Insert or replace whole rows with what `add_made` added, sorted by id, on a console: few
    statements and nothing made. A row that is here with a higher `rev` stays as it is. `rows` are
    changed."""
    t = kind.table
    between = sa.select(t.c.id, t.c.rev).where(t.c.id.between(rows[0][0], rows[-1][0]))
    here = {row[0]: row[1] for row in connection.execute(between).all()}
    if STREAMS in columns:
        i = columns.index(STREAMS)
        streams = [(row[0], *stream) for row in rows
                   if here.get(row[0], -1) <= row[1] for stream in row[i]]  # fmt: skip
        old = [row[0] for row in rows if row[0] in here and here[row[0]] <= row[1]]
        for part in chunks(old):
            connection.execute(sa.delete(StreamRow).where(StreamRow.channel_id.in_(part)))
        for row in rows:
            del row[i]
        columns = [c for c in columns if c != STREAMS]
    quoted, marks = ", ".join(f'"{c}"' for c in columns), ", ".join("?" * len(columns))
    text = f'INSERT INTO "{t.name}" ({quoted}) VALUES ({marks})'
    if here:
        assign = ", ".join(f'"{c}"=excluded."{c}"' for c in columns if c != "id")
        text += f' ON CONFLICT (id) DO UPDATE SET {assign} WHERE "{t.name}".rev <= excluded.rev'
    connection.exec_driver_sql(text, list(map(tuple, rows)))
    if STREAMS in kind.fields and streams:
        names = ["channel_id", *STREAM_COLUMNS]
        text = f"INSERT INTO stream ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        connection.exec_driver_sql(text, streams)


MADE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("organisation", "site", "position", "landmark"), ("search_text",)),
    **dict.fromkeys(("device", "asset_definition", "asset_field", "asset_change"), ()),
    "channel": ("site_id", "address", "search_text", "sort_key"),
}
"""Kinds that `load` takes, and what `add_made` adds to them. They say nothing of who reads them."""

READ: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("organisation", "landmark"), ("name", "name_en")),
    "site": ("name", "name_en", "address"),
    "position": ("name", "pole_number"),
    "channel": ("device_id", "name", "name_en", "code", "call_number"),
}
"""From which fields it is made."""


def _revisions(
    connection: sa.Connection, table: sa.Table, ids: Sequence[str]
) -> Iterable[tuple[str, int]]:
    for part in chunks(ids):
        query = sa.select(table.c.id, table.c.rev).where(table.c.id.in_(part))
        for row in connection.execute(query).all():
            yield row[0], row[1]


def remove(connection: sa.Connection, kind: Kind, ids: Sequence[str]) -> None:
    """Take rows out altogether, with their streams and with what lists say of them."""
    for part in chunks(ids):
        subjects = log_lines.subjects_of(connection, part) if kind.name == "log" else []
        if kind.name == "channel":
            connection.execute(sa.delete(StreamRow).where(StreamRow.channel_id.in_(part)))
        if kind.name == "ticket":
            made = TicketCameraRow.ticket_id
            connection.execute(sa.delete(TicketCameraRow).where(made.in_(part)))
        about = _tickets_of(connection, part) if kind.name == "ticket_event" else []
        connection.execute(kind.table.delete().where(kind.table.c.id.in_(part)))
        if subjects:
            log_lines.summarise(connection, subjects)
        ticket_state.refold(connection, about)


def _tickets_of(connection: sa.Connection, events: Sequence[str]) -> list[str]:
    t = TicketEventRow
    return list(connection.scalars(sa.select(t.ticket_id).where(t.id.in_(events)).distinct()))


def _places_of(connection: sa.Connection, devices: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Device to (site, address)."""
    found = {}
    for part in chunks(list(dict.fromkeys(devices)), MANY):
        for row in connection.execute(
            sa.select(DeviceRow.id, PositionRow.site_id, DeviceRow.address)
            .join(PositionRow, PositionRow.id == DeviceRow.position_id)
            .where(DeviceRow.id.in_(part))
        ).all():
            found[row[0]] = (row[1], row[2])
    return found


def camera_of(content: str) -> str:
    """The camera of a retrieval, out of its entry; "" where it cannot be read."""
    try:
        return str(json.loads(content).get("camera_id", ""))[:36]
    except (ValueError, AttributeError):
        return ""


def place_text(kind: str, row: Row) -> str:
    """The search text of an organisation, site, position or landmark."""
    if kind == "position":
        return finding.place_text(row["name"] or "", "", row["pole_number"] or "")
    details = [row["address"] or ""] if kind == "site" else []
    return finding.place_text(row["name"] or "", row["name_en"] or "", *details)


def derive(
    connection: sa.Connection, touched: dict[str, Sequence[str]], *, texts: bool = True
) -> None:
    """What channels repeat of their device and position, after `touched` (kind to ids) was
    written; and, on consoles, their search texts and sort keys, and what the entries of logs say.
    How tickets stand."""
    if texts and touched.get("log"):
        log_lines.summarise_entries(connection, touched["log"])
    tickets = set(touched.get("ticket", ()))
    for part in chunks(list(touched.get("ticket_event", ()))):
        tickets.update(_tickets_of(connection, part))
    if touched.get("ticket_rules"):  # tickets that came before the rules they name
        named = TicketRow.report.like('%"rules"%')
        tickets.update(connection.scalars(sa.select(TicketRow.id).where(TicketRow.is_open, named)))
    ticket_state.refold(connection, tickets)
    channels = set(touched.get("channel", ()))
    c, d, f = ChannelRow.__table__.c, DeviceRow.__table__.c, FormerCodeRow.__table__.c
    for kind, query in (
        ("position", sa.select(c.id).join(DeviceRow, d.id == c.device_id)),
        ("device", sa.select(c.id)),
        ("former_code", sa.select(f.channel_id)),
    ):
        column = {"position": d.position_id, "device": c.device_id, "former_code": f.id}[kind]
        for part in chunks(list(touched.get(kind, ()))):
            channels.update(connection.scalars(query.where(column.in_(part))))
    t = ChannelRow.__table__
    assert isinstance(t, sa.Table)
    for part in chunks(sorted(channels)):
        rows = connection.execute(
            sa.select(c.id, c.name, c.name_en, c.code, c.call_number, c.device_id, c.site_id,
                      c.address, c.search_text, c.sort_key).where(c.id.in_(part))
        ).all()  # fmt: skip
        places = _places_of(connection, [r.device_id for r in rows])
        codes: dict[str, list[str]] = {}
        if texts:
            for identity, code in connection.execute(
                sa.select(f.channel_id, f.code).where(f.channel_id.in_(part)).order_by(f.id.desc())
            ):
                codes.setdefault(identity, []).append(code)
        changed = []
        for r in rows:
            site, address = places.get(r.device_id, (r.site_id, r.address))
            text, key = r.search_text, r.sort_key
            if texts:
                key = finding.sort_key(r.name)
                text = finding.search_text(
                    r.name, r.name_en, (r.code, *dict.fromkeys(codes.get(r.id, ()))), address,
                    r.call_number,
                )  # fmt: skip
            if (site, address, text, key) != (r.site_id, r.address, r.search_text, r.sort_key):
                changed.append({"_id": r.id, "_s": site, "_a": address, "_t": text, "_k": key})
        if changed:
            connection.execute(
                t.update().where(t.c.id == sa.bindparam("_id")).values(
                    site_id=sa.bindparam("_s"), address=sa.bindparam("_a"),
                    search_text=sa.bindparam("_t"), sort_key=sa.bindparam("_k"),
                ),
                changed,
            )  # fmt: skip


def problem_with(kind: Kind, fields: Row) -> str:
    """Why values cannot be taken ("" when they can): unknown fields, types, lengths."""
    for name, value in fields.items():
        if name == STREAMS and STREAMS in kind.fields:
            if not (isinstance(value, list) and len(value) <= 8 and all(map(_is_stream, value))):
                return f"{name}: not a list of streams"
            continue
        if name not in kind.fields and not (name == DELETED and kind.common):
            return f"{name}: no such field"
        column = kind.table.c[name]
        if value is None:
            if not column.nullable:
                return f"{name}: missing"
            continue
        expected = column.type.python_type
        good = isinstance(value, expected) or (expected is float and isinstance(value, int))
        if not good or (isinstance(value, bool) and expected is not bool):
            return f"{name}: not {expected.__name__}"
        if isinstance(value, int | float) and not abs(value) <= MOST.get(
            type(column.type), 2**31 - 1
        ):
            return f"{name}: too large"
        if isinstance(value, str):
            length = getattr(column.type, "length", None) or 1_000_000
            if len(value) > length:
                return f"{name}: longer than {length}"
            if "\x00" in value:
                return f"{name}: holds a zero character"
            if name == "onvif_url" and holds_password(value):
                return f"{name}: holds a password"
            if kind.name == "setup_template" and name == "content" and not _is_template(value):
                return f"{name}: not a template"  # nothing else, so no password either
    return ""


def _is_template(text: str) -> bool:
    from app.domain.setup import is_kept  # large, and seldom entered

    return is_kept(text)


def holds_password(url: str) -> bool:
    """Whether an address has an account in it: those go another way, and never with the rows."""
    host = url.partition("://")[2] or url
    for end in "/?#":
        host = host.partition(end)[0]
    # What follows the colon is a port, or the beginning of a password with a slash in it.
    port = host.rpartition("]")[2].partition(":")[2]
    return "@" in host or not (port.isdigit() or not port)


def without_secrets(name: str, fields: Row) -> Row:
    """The values of a row that may be kept although they were refused: not addresses and templates that
    are wrong, as it may be a password that is wrong in them."""
    kind = KINDS.get(name)
    may_hold = {"onvif_url", STREAMS} | ({"content"} if name == "setup_template" else set())
    if kind is None:
        return fields
    return {f: v for f, v in fields.items() if f not in may_hold or not problem_with(kind, {f: v})}


def _is_stream(value: Any) -> bool:
    if not (isinstance(value, list) and len(value) == len(STREAM_COLUMNS)):
        return False
    role, url, codec, width, height, fps, token = value
    texts = (role, url, codec, token)
    if isinstance(url, str) and holds_password(url):
        return False
    return (
        all(isinstance(v, str) and "\x00" not in v for v in texts)
        and 0 < len(role) <= 4 and len(url) <= 1000 and len(codec) <= 10 and len(token) <= 200
        and all(type(v) is int and 0 <= v < 100_000 for v in (width, height))
        and isinstance(fps, int | float) and 0 <= fps < 1000
    )  # fmt: skip


def missing_fields(kind: Kind, fields: Row) -> list[str]:
    """What a new row of this kind lacks."""
    return [
        name
        for name in kind.fields
        if name not in fields
        and name != STREAMS
        and not kind.table.c[name].nullable
        and kind.table.c[name].default is None
    ]


def completed(kind: Kind, identity: str, fields: Row, at: str) -> Row:
    """A whole new row out of the fields given and the defaults of the others."""
    row = _empty(kind.name) | {"id": identity} | fields
    if kind.common and "updated_at" not in fields:
        row["updated_at"] = at
    if STREAMS in kind.fields and STREAMS not in fields:
        row[STREAMS] = []
    return row


@functools.cache
def _empty(name: str) -> Row:
    """A row of nothing but defaults."""
    kind = KINDS[name]
    row: Row = {"id": "", "rev": 0}
    if kind.common:
        row |= {"updated_at": "", DELETED: None}
    for field in kind.fields:
        default: Any = None if field == STREAMS else kind.table.c[field].default
        row[field] = default.arg if default is not None else None
    return row
