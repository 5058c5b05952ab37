"""The further fields and code lists of an installation, as people edit them: data, with their versions.

Definitions are synchronised (kind "asset_definition"); on the server only administrators change them.
Each change raises the version and keeps what was before it. Values of a field whose definition is
removed stay where they are and are seen again when it is defined again.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.domain import asset
from app.domain.asset import ENTITIES, RULES, Type
from app.store.assets import _NAMESPACE
from app.store.errors import StoreError
from app.store.models import AssetDefinitionRow, AssetFieldRow
from app.store.store import Store, now

KEPT = 20
"""Earlier versions that are kept with a definition."""

MOST_FIELDS, MOST_ENTRIES = 200, 2000
MOST_TEXT = 400_000
"""Characters of a definition with its versions: long lists keep fewer of them."""


@dataclass(frozen=True, slots=True)
class Version:
    """What a definition was. `at`: UTC, when it was replaced; `person`: by whom."""

    number: int
    at: str
    person: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Definition:
    """One field, or the entries of one list (`name` is "list NAME" then)."""

    name: str
    content: Mapping[str, Any]
    """Without its versions: see `asset.with_definitions`."""
    version: int
    at: str
    person: str
    was: tuple[Version, ...] = ()
    """The latest first."""


def all_of(store: Store) -> list[Definition]:
    """Every definition in force, by name."""
    query = sa.select(AssetDefinitionRow).where(AssetDefinitionRow.deleted_at.is_(None))
    with store._reading() as session:
        rows = [(r.name, r.content, r.updated_at) for r in session.scalars(query)]
    return sorted((_read(*row) for row in rows), key=lambda d: d.name)


def _read(name: str, text: str, at: str) -> Definition:
    try:
        content = json.loads(text)
        assert isinstance(content, dict)
        was = tuple(
            Version(int(v["version"]), str(v["at"]), str(v["person"]), dict(v["content"]))
            for v in content.pop("was", [])
        )
        number, person = int(content.pop("version", 1)), str(content.pop("person", ""))
    except (ValueError, TypeError, KeyError, AssertionError):
        return Definition(name, {}, 0, at, "")
    return Definition(name, content, number, at, person, was)


def save(store: Store, content: Mapping[str, Any], person: str = "") -> int:
    """Add or change a definition; its version. Raises StoreError with the wrong parts."""
    wrong = problems(store, content)
    if wrong:
        raise StoreError("Some parts need correction: " + ", ".join(wrong), wrong)
    name = str(content.get("name") or f"list {content['list']}")
    identity = str(uuid.uuid5(_NAMESPACE, "definition/" + name))
    with store._writing(asset_rules=set()) as session:
        row = session.get(AssetDefinitionRow, identity)
        version, was = 1, list[dict[str, Any]]()
        if row is None:
            count = sa.select(sa.func.count()).select_from(AssetDefinitionRow)
            alive = count.where(AssetDefinitionRow.deleted_at.is_(None))
            if (session.scalar(alive) or 0) >= MOST_FIELDS:
                raise StoreError(f"There are {MOST_FIELDS} definitions already.")
            row = AssetDefinitionRow(id=identity)
        else:
            before = _read(row.name, row.content, row.updated_at)
            if dict(before.content) == dict(content) and row.deleted_at is None:
                return before.version
            version = before.version + 1
            was = [{"version": before.version, "at": now(), "person": person,
                    "content": dict(before.content)}]  # fmt: skip
            was += [{"version": v.number, "at": v.at, "person": v.person, "content": dict(v.content)}
                    for v in before.was]  # fmt: skip
        whole: dict[str, Any] = {**content, "version": version, "person": person, "was": was[:KEPT]}
        text = json.dumps(whole, ensure_ascii=False)
        while len(text) > MOST_TEXT and whole["was"]:
            whole["was"] = whole["was"][:-1]
            text = json.dumps(whole, ensure_ascii=False)
        if len(text) > MOST_TEXT:
            raise StoreError("This definition is too long.", {"entries": "too-many"})
        row.name, row.content = name[:40], text
        row.updated_at, row.deleted_at = now(), None
        session.add(row)
    return version


def remove(store: Store, name: str) -> None:
    """Take a definition out of force; values stay."""
    identity = str(uuid.uuid5(_NAMESPACE, "definition/" + name))
    with store._writing(asset_rules=set()) as session:
        row = session.get(AssetDefinitionRow, identity)
        if row is not None:
            row.deleted_at = row.updated_at = now()


def used(store: Store, name: str) -> int:
    """How many cameras, devices and positions have a value in a further field."""
    t = AssetFieldRow
    query = sa.select(sa.func.count()).select_from(t)
    with store._reading() as session:
        found = session.scalar(query.where(t.field == name, t.value != "", t.deleted_at.is_(None)))
    return int(found or 0)


def problems(store: Store, content: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a definition: part to reason ("empty", "bad-name", "taken", "no-list",
    "in-use", "too-many", "twice", "out-of-range")."""
    if "list" in content and "entries" in content:
        return _list_problems(content)
    wrong = {}
    name = str(content.get("name") or "")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
        wrong["name"] = "bad-name"
    if not str(content.get("en") or "").strip() and not str(content.get("zh") or "").strip():
        wrong["en"] = "empty"
    built_in = RULES.get(name)
    if built_in is not None:
        return wrong
    known = asset.with_definitions(d.content for d in all_of(store))
    label = {str(content.get(k) or "").strip().casefold() for k in ("en", "zh")} - {""}
    for other in known.fields:
        if other.name != name and label & {other.en.casefold(), other.zh.casefold()}:
            wrong["en"] = "taken"
    try:
        kind = Type(str(content.get("type") or "text"))
    except ValueError:
        return wrong | {"type": "empty"}
    if kind in LISTED and str(content.get("list") or "") not in known.lists:
        wrong["list"] = "no-list"
    if str(content.get("entity") or "") not in ENTITIES:
        wrong["entity"] = "empty"
    length = content.get("length", 100)
    if not (isinstance(length, int) and 0 < length <= 1000):
        wrong["length"] = "out-of-range"
    now_here = known.get(name)
    if now_here is not None and used(store, name) and (
        now_here.type is not kind or now_here.entity != content.get("entity")
    ):  # fmt: skip
        wrong["type"] = "in-use"
    return wrong


def _list_problems(content: Mapping[str, Any]) -> dict[str, str]:
    entries = content["entries"]
    name = str(content["list"])
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,34}", name):
        return {"list": "bad-name"}
    if not isinstance(entries, list) or not entries:
        return {"entries": "empty"}
    if len(entries) > MOST_ENTRIES:
        return {"entries": "too-many"}
    codes = [str(e[0]).strip() for e in entries if len(e) == 3]
    if len(codes) < len(entries) or any(not c or len(c) > 20 or "/" in c for c in codes):
        return {"entries": "bad-name"}
    if any(not str(e[1]).strip() and not str(e[2]).strip() for e in entries):
        return {"entries": "empty"}
    return {"entries": "twice"} if len(set(codes)) < len(codes) else {}


LISTED = (Type.CODE, Type.CODES, Type.OPEN)
"""Types whose values come from a code list."""


def free_name(store: Store, label: str) -> str:
    """A name for a new field or list, out of what it is called."""
    base = re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")[:30]
    base = base if re.match(r"[a-z]", base) else "field"
    found = all_of(store)
    taken = {d.name for d in found} | {d.name.removeprefix("list ") for d in found}
    taken |= {f.name for f in RULES.fields} | set(RULES.lists)
    names = (base, *(f"{base}_{n}" for n in range(2, MOST_FIELDS + 3)))
    return next(n for n in names if n not in taken)
