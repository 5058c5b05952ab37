"""`bench tickets`: lists, filters, the board and the figures over 100,000 faults."""

from __future__ import annotations

import functools
import json
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uuid_utils

from app.domain.ticket import CATEGORIES, Action
from app.store import sample, ticket_state
from app.store.figures import Figures
from app.store.secrets import FileSecrets
from app.store.store import Store
from app.store.ticket_models import TicketEventRow, TicketRow
from app.store.tickets import Filter, Tickets, Who
from app.ui.dashboard import rows_of

OPEN_SHARE = 0.05
"""Of all tickets; a city of 100,000 cameras has some thousands of faults open."""
WAY = (Action.DISPATCH, Action.ACCEPT, Action.ARRIVE, Action.REPAIR, Action.VERIFY, Action.CLOSE)


def fill(store: Store, count: int) -> None:
    """Sample cameras and so many tickets, each with its events."""
    sample.make_large(store, 10_000)
    dice = random.Random(7)
    rows = store.cameras(limit=10_000)
    begin = datetime.now(UTC) - timedelta(days=365)
    tickets: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    for number in range(1, count + 1):
        row = dice.choice(rows)
        at = begin + timedelta(seconds=365 * 86400 * number / count)
        identity = str(uuid_utils.uuid7())
        facts = {"name": row.name, "name_en": row.name_en, "code": row.code}
        category = dice.choice(CATEGORIES)
        report = {"category": category.code, "cameras": [row.id], "facts": facts}
        tickets.append({
            "id": identity, "updated_at": ticket_state.text_of(at), "console": "wall-1",
            "number": number, "person": "local:a", "author": "zhang",
            "organisation_id": row.organisation_id, "site_id": row.site_id, "camera_id": row.id,
            "at": ticket_state.text_of(at), "report": json.dumps(report, ensure_ascii=False),
        })  # fmt: skip
        steps = len(WAY) if dice.random() > OPEN_SHARE else dice.randrange(len(WAY))
        for i, action in enumerate(WAY[:steps], 1):
            moment = ticket_state.text_of(at + timedelta(hours=i))
            content = {"cause": "E03", "team": dice.choice(("一组", "二组", "三组"))}
            events.append({
                "id": str(uuid_utils.uuid7()), "updated_at": moment, "ticket_id": identity,
                "at": moment, "action": str(action), "person": "local:b", "author": "li",
                "content": json.dumps(content, ensure_ascii=False),
            })  # fmt: skip
    store.insert_rows({TicketRow: tickets, TicketEventRow: events})
    with store.syncing() as connection:
        ticket_state.refold(connection, [t["id"] for t in tickets])


def run(count: int = 100_000) -> dict[str, Any]:
    """Milliseconds: the median of five of each, and the worst."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        store = Store(path / "watchroom.db", FileSecrets(path))
        began = time.perf_counter()
        fill(store, count)
        filled = time.perf_counter() - began
        store.close()
        store = Store(path / "watchroom.db", FileSecrets(path))
        desk, who = Tickets(store), Who("a", "wall-1")

        def listed(filter: Filter) -> Callable[[], Any]:
            return lambda: desk.listing(filter, who)

        camera, now = store.cameras(limit=1)[0].id, datetime.now(UTC)
        asked: dict[str, Callable[[], Any]] = {
            "open": listed(Filter()),
            "overdue": listed(Filter("overdue")),
            "escalated": listed(Filter("escalated")),
            "picture back": listed(Filter("back")),
            "mine": listed(Filter("mine")),
            "closed": listed(Filter("closed")),
            "all": listed(Filter("all")),
            "all, one state": listed(Filter("all", state="closed")),
            "all, P1": listed(Filter("all", priority="P1")),
            "open, text": listed(Filter(text="zs")),
            "all, text": listed(Filter("all", text="zsj")),
            "all, nothing": listed(Filter("all", text="nothing-like-it")),
            "of a camera": listed(Filter("all", camera_id=camera)),
            "page 100": lambda: desk.lines(Filter("all"), who, offset=20_000),
            "board, state": lambda: desk.board("state", Filter()),
            "board, team": lambda: desk.board("team", Filter()),
            "board, due": lambda: desk.board("due", Filter()),
            "marks": desk.open_lines,
            "history": lambda: desk.history(camera),
            "register, month": lambda: desk.reported(now - timedelta(days=30), now),
        }
        figures, moment = Figures(store), datetime.now(UTC)
        for days in (30, 365):
            asked[f"figures, {days} days"] = functools.partial(_figures, figures, moment, days)
        began = time.perf_counter()
        asked["open"]()
        first = time.perf_counter() - began
        times = {}
        for name, work in asked.items():
            spans = []
            for _ in range(5):
                began = time.perf_counter()
                work()
                spans.append((time.perf_counter() - began) * 1000)
            times[name] = [round(sorted(spans)[2], 1), round(max(spans), 1)]
        store.close()
    return {"tickets": count, "fill_s": round(filled, 1), "first_ms": round(first * 1000, 1),
            "ms": times}  # fmt: skip


def _figures(figures: Figures, at: datetime, days: int) -> None:
    rows_of(figures.facts(at - timedelta(days=days), at, {}))


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    head = f"{result['tickets']} faults: the list opens in {result['first_ms']:.0f} ms"
    lines = [f"  {name:16} {a:7.1f} ms, worst {b:7.1f}" for name, (a, b) in result["ms"].items()]
    return "\n".join([head, *lines])
