"""Words of the logs: categories, states, kinds of entries; task cards and lists out of resources."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.domain import incident as incidents
from app.domain import shift as shifts
from app.domain.incident import Kind
from app.domain.logbook import Entry
from app.paths import RESOURCES
from app.store.people import Guide


def category_text(category: str) -> str:
    """What happened."""
    translate = QCoreApplication.translate
    return {
        "theft": translate("Log", "theft"),
        "fight": translate("Log", "fight"),
        "traffic": translate("Log", "traffic accident"),
        "fire": translate("Log", "fire or smoke"),
        "medical": translate("Log", "medical emergency"),
        "crowd": translate("Log", "crowd"),
        "missing": translate("Log", "missing person"),
        "damage": translate("Log", "damage"),
        "suspicious": translate("Log", "suspicious"),
        "disaster": translate("Log", "natural disaster"),
        "camera": translate("Log", "about a camera"),
        "other": translate("Log", "other"),
    }.get(category, category)


def detected_text(how: str) -> str:
    """Who noticed it first."""
    translate = QCoreApplication.translate
    return {
        "operator": translate("Log", "seen by the operator"),
        "alarm": translate("Log", "alarm"),
        "phone": translate("Log", "telephone"),
        "patrol": translate("Log", "patrol"),
    }.get(how, how)


def state_text(state: str) -> str:
    """Of an incident, a shift or a round."""
    translate = QCoreApplication.translate
    return {
        "open": translate("Log", "open"),
        "closed": translate("Log", "closed"),
        "reviewed": translate("Log", "reviewed"),
        "running": translate("Log", "running"),
        "handed over": translate("Log", "handed over"),
        "countersigned": translate("Log", "countersigned"),
        "signed": translate("Log", "signed"),
        "planned": translate("Log", "planned"),
    }.get(state, state)


def field_text(field: str) -> str:
    """What a field of an incident is called."""
    translate = QCoreApplication.translate
    return {
        "category": translate("Log", "Category"),
        "place": translate("Log", "Place"),
        "detected_at": translate("Log", "Noticed at"),
        "detected_by": translate("Log", "Noticed by"),
        "result": translate("Log", "Result"),
        "protected": translate("Log", "Recording kept"),
    }.get(field, field)


def value_text(field: str, value: Any) -> str:
    """A value of a field, to be read."""
    if field == "category":
        return category_text(str(value))
    if field == "detected_by":
        return detected_text(str(value))
    if field == "detected_at":
        return moment_text(str(value))
    return str(value)


def entry_text(entry: Entry) -> str:
    """An entry of an incident in one line."""
    translate, data = QCoreApplication.translate, entry.data
    match entry.kind:
        case Kind.OPENED:
            parts = dict.fromkeys(
                (category_text(str(data.get("category", ""))), data.get("place"),
                 data.get("camera_name"))
            )  # fmt: skip
            return translate("Log", "Opened: {what}").format(
                what=", ".join(str(p) for p in parts if p)
            )
        case Kind.SET:
            field = str(data.get("field", ""))
            return f"{field_text(field)} → {value_text(field, data.get('value', ''))}"
        case Kind.CAMERA:
            return translate("Log", "Camera: {name}").format(name=data.get("camera_name", ""))
        case Kind.UNIT:
            return translate("Log", "Told: {unit}, {name} at {time}").format(
                unit=data.get("unit", ""), name=data.get("name", "") or "–",
                time=moment_text(str(data.get("told_at", ""))),
            )  # fmt: skip
        case Kind.EVIDENCE:
            return translate("Log", "Evidence: {name}").format(name=data.get("package", ""))
        case Kind.TICKET:
            return translate("Log", "Fault ticket: {name}").format(name=data.get("number", ""))
        case Kind.TICK:
            return f"☑ {data.get('text', '')}"
        case Kind.CLOSED:
            return translate("Log", "Closed: {what}").format(what=data.get("result", ""))
        case Kind.REOPENED:
            return translate("Log", "Opened again: {what}").format(what=data.get("reason", ""))
        case Kind.REVIEWED:
            return translate("Log", "Reviewed: {what}").format(what=data.get("words", ""))
    return str(data.get("text", ""))


def refusal_text(reason: str) -> str:
    """Why something cannot be entered."""
    translate = QCoreApplication.translate
    texts: dict[str, str] = {
        incidents.Refusal.CLOSED: translate("Log", "The incident is closed."),
        incidents.Refusal.NOT_CLOSED: translate("Log", "The incident is still open."),
        incidents.Refusal.NO_RESULT: translate("Log", "Write the result first."),
        incidents.Refusal.DISPUTED: translate("Log", "Decide first which of two versions holds."),
        incidents.Refusal.SUPERVISOR: translate("Log", "Only a supervisor may do this."),
        "account": translate(
            "Log",
            "Only a supervisor may do this: let one sign in here (menu Organisation), or do "
            "it on their own console.",
        ),
        shifts.Refused.UNREAD: translate("Log", "Read every item first."),
        shifts.Refused.SAME_PERSON: translate("Log", "It must be another person."),
        shifts.Refused.NAMELESS: translate("Log", "Who signs?"),
        shifts.Refused.NOT_SIGNED: translate("Log", "Both have to sign first."),
    }
    return texts.get(reason, reason)


def fact_text(fact: str) -> str:
    """What an item of a handover is about."""
    translate = QCoreApplication.translate
    return {
        "incident": translate("Log", "Open incident"),
        "fault": translate("Log", "Open fault"),
        "lost": translate("Log", "Camera lost"),
        "returned": translate("Log", "Camera lost and back"),
        "trouble": translate("Log", "No good picture now"),
        "ptz": translate("Log", "PTZ not at home"),
        "export": translate("Log", "Export not finished"),
        "review": translate("Log", "Review owed"),
        "alarm": translate("Log", "Shelved alarm"),
        "check": translate("Log", "Equipment"),
        "note": translate("Log", "Note"),
    }.get(fact, fact)


def moment_text(moment: datetime | str | None) -> str:
    """Local, with seconds; today without the date."""
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError:
            return ""
    if moment is None:
        return ""
    local = moment.astimezone()
    today = local.date() == datetime.now().astimezone().date()
    return f"{local:%H:%M:%S}" if today else f"{local:%Y-%m-%d %H:%M:%S}"


def short_text(moment: datetime) -> str:
    """For narrow lists: the time of today, the day and time of what was before."""
    local = moment.astimezone()
    today = local.date() == datetime.now().astimezone().date()
    return f"{local:%H:%M:%S}" if today else f"{local:%m-%d %H:%M}"


def full_text(moment: datetime | None) -> str:
    """Local, always with the date."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}" if moment else ""


@dataclass(frozen=True, slots=True)
class Card:
    """Step by step guidance for a category; (id, text) a step."""

    category: str
    version: int
    title: str
    steps: tuple[tuple[str, str], ...]


@functools.cache
def _data(name: str) -> Any:
    return json.loads((RESOURCES / "log" / f"{name}.json").read_text(encoding="utf-8"))


_own: dict[str, tuple[int, Any]] = {}
"""Lists that the organisation wrote itself: key to version and content."""


def use_guides(guides: Mapping[str, Guide]) -> None:
    """From now on these count instead of the delivered lists. On the Qt thread."""
    _own.clear()
    _own.update({key: (g.version, g.content) for key, g in guides.items()})


def delivered(key: str) -> tuple[int, dict[str, Any]]:
    """Version and content of a list as it came with the program; empty for a card of a category
    that has none. Keys: "card:<category>", "equipment", "inspection"."""
    if key.startswith("card:"):
        for card in _data("cards")["cards"]:
            if f"card:{card['category']}" == key:
                return card["version"], {"title": card["title"], "items": card["steps"]}
        category = key.partition(":")[2]
        return 0, {"title": {"zh_CN": category, "en": category}, "items": []}
    data = _data(key)
    return data["version"], {k: v for k, v in data.items() if k != "version"}


def listed(key: str) -> tuple[int, dict[str, Any]]:
    """Version and content of a list as it counts now; the organisation's where it has one."""
    version, content = _own.get(key, (0, None))
    if isinstance(content, dict) and isinstance(content.get("items"), list):
        return version, content
    return delivered(key)


def in_language(texts: Any, language: str) -> str:
    """A text in the language of the screen, else in the other."""
    if not isinstance(texts, dict):
        return ""
    return str(texts.get(language) or texts.get("zh_CN") or texts.get("en") or "")


def items_of(content: Any, language: str) -> list[tuple[str, str]]:
    """(id, text) of a list's items; what is damaged is left out."""
    items = [i for i in content.get("items", ()) if isinstance(i, dict) and i.get("id")]
    found = [(str(i["id"]), in_language(i, language)) for i in items]
    return [(key, text) for key, text in found if text]


def card_of(category: str, language: str) -> Card | None:
    """The task card of a category, if there is one."""
    version, content = listed(f"card:{category}")
    steps = tuple(items_of(content, language))
    title = in_language(content.get("title"), language)
    return Card(category, version, title, steps) if steps else None


def equipment(language: str) -> tuple[int, list[tuple[str, str]]]:
    """What is checked at the beginning of a shift: version, and (id, text) each."""
    version, content = listed("equipment")
    return version, items_of(content, language)


def inspection(language: str) -> tuple[int, int, list[tuple[str, str, str]]]:
    """What is looked at on site: version, days between two inspections, and (id, text, category
    of a fault) each."""
    version, content = listed("inspection")
    faults = {str(i.get("id")): str(i.get("category", "")) for i in content.get("items", ())
              if isinstance(i, dict)}  # fmt: skip
    days = content.get("days")
    return (version, days if type(days) is int and 0 < days <= 730 else 31,
            [(key, text, faults.get(key, "")) for key, text in items_of(content, language)])  # fmt: skip
