"""The audit log: complete, ordered, joined with the consoles', and any change found."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.domain.retrieval import Case, Retrieval, RetrievalKind, chain_of, text_of
from app.server import audit, audit_cli
from app.server.database import Database
from app.server.keys import ServerKey
from app.store.server_models import AuditHeadRow, AuditRow, ConsoleRow
from tests.server.conftest import BOTH, PASSWORD, Client, Server, World, code_of, good

AT = datetime(2026, 3, 1, 6, tzinfo=UTC)
Serve = Callable[..., Server]


def _retrievals(count: int, operator: str = "王") -> list[dict[str, Any]]:
    """A console's register of retrievals, as it hands it in."""
    entries, before = [], ""
    for number in range(1, count + 1):
        entry = Retrieval(
            number, AT, "WS", operator, RetrievalKind.SNAPSHOT, "c", "大门", AT, AT,
            Case("7", "p", "b"),
        )  # fmt: skip
        before = chain_of(before, entry)
        entries.append(
            {"number": number, "at": AT.isoformat(), "content": text_of(entry), "hash": before}
        )
    return entries


def _console(server: Server, world: World, home: str) -> Client:
    console = world.console(home)
    return server.client(world.tokens(world.person(home, "operator"), console))


@BOTH
def test_who_did_what_where_and_why_is_in_the_log(server: Server, world: World) -> None:
    home = world.organisation("a")
    camera = world.camera(home)
    bob = server.sign_in(world.person(home, "operator"))
    wrong = {"login": "nobody", "password": "no"}
    assert not server.client().call("POST", "/api/session", wrong).ok
    bob.post(f"/api/cameras/{camera}/address", {"purpose": "lost child, case 12"})
    auditor = server.client(world.tokens(world.person(home, "auditor")))
    found = [json.loads(e["content"]) for e in auditor.get("/api/audit")["items"]]
    assert [(e["number"], e["action"], e["result"]) for e in found] == [
        (1, "sign-in", "done"), (3, "camera address handed out", "done"),
    ]  # fmt: skip
    entry = found[1]
    assert (entry["object"], entry["purpose"]) == (camera, "lost child, case 12")
    assert entry["user"] == bob.get("/api/me")["user_id"]
    assert entry["address"] == "127.0.0.1"
    text = json.dumps(found)
    assert PASSWORD not in text
    assert bob.tokens["access"] not in text


def test_an_auditor_sees_what_others_did_with_the_own_cameras_and_no_more(
    server: Server, world: World
) -> None:
    home, other = world.organisation("home"), world.organisation("other")
    mine, theirs = world.camera(home), world.camera(other)
    world.grant(home, ("camera", mine), ("organisation", other))
    guest = server.client(world.tokens(world.person(other, "operator")))
    for camera in (mine, theirs):
        guest.post(f"/api/cameras/{camera}/address", {})

    def seen(organisation: str) -> list[str]:
        auditor = server.client(world.tokens(world.person(organisation, "auditor")))
        items = auditor.get("/api/audit")["items"]
        return [json.loads(e["content"])["object"] for e in items]

    assert seen(home) == [mine]
    assert seen(other) == [mine, theirs]


@BOTH
def test_many_writers_make_one_chain_without_gap(
    server: Server, world: World, database: Database
) -> None:
    home = world.organisation("a")
    camera = world.camera(home)
    people = [server.client(world.tokens(world.person(home, "operator"))) for _ in range(6)]

    def work(person: Client) -> None:
        for _ in range(8):
            person.post(f"/api/cameras/{camera}/address", {})

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, people))
    with database.reading() as session:
        reports = audit.verify(session)
    assert [(r.chain, r.entries, r.broken) for r in reports] == [("server", 48, None)]


@BOTH
def test_a_console_hands_its_register_in_bit_by_bit(
    server: Server, world: World, database: Database
) -> None:
    bob = _console(server, world, world.organisation("a"))
    entries = _retrievals(5)

    def hand_in(*which: dict[str, Any]) -> Any:
        return bob.call("POST", "/api/audit/entries", {"entries": list(which)})

    assert good(hand_in(*entries[:2])) == {"number": 2}
    assert good(hand_in(*entries[:3])) == {"number": 3}, "an answer got lost: all again"
    gap = hand_in(entries[4])
    assert (code_of(gap), gap.json()["expect"]) == ("chain_gap", 4)
    other = _retrievals(5, operator="李")
    assert code_of(hand_in(other[0])) == "chain_broken"
    assert code_of(hand_in(other[3])) == "chain_broken"
    assert good(hand_in(*entries[3:])) == {"number": 5}
    with database.reading() as session:
        reports = audit.verify(session)
        refused = session.scalars(
            sa.select(AuditRow.content).where(AuditRow.content.contains("refused"))
        ).all()
    assert [(r.entries, r.broken) for r in reports[1:]] == [(5, None)]
    assert len(refused) == 2, "a broken chain is itself noted"


def test_only_a_workstation_hands_in(server: Server, world: World) -> None:
    bob = server.client(world.tokens(world.person(world.organisation("a"), "operator")))
    assert code_of(bob.call("POST", "/api/audit/entries", {"entries": []})) == "no_console"


def _filled(server: Server, world: World) -> str:
    """Eight server entries and a console's five; returns the console's chain."""
    home = world.organisation("a")
    camera = world.camera(home)
    bob = _console(server, world, home)
    for _ in range(7):
        bob.post(f"/api/cameras/{camera}/address", {})
    bob.post("/api/audit/entries", {"entries": _retrievals(5)})
    return str(bob.get("/api/me")["console_id"])


def _verify(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", "audit", "verify", *arguments],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


SPOIL: dict[str, tuple[str, int]] = {
    "UPDATE audit SET content = replace(content, 'handed out', 'never seen') WHERE number = 4": (
        "server: changed at entry 4", 10),
    "DELETE FROM audit WHERE chain = 'server' AND number = 5": ("server: gap at entry 5", 11),
    "UPDATE audit SET number = CASE number WHEN 2 THEN 3 ELSE 2 END"
    " WHERE chain = 'server' AND number IN (2, 3)": ("server: reordered at entry 2", 12),
    "DELETE FROM audit WHERE chain = 'server' AND number = 8": ("server: cut off at entry 8", 13),
    "DELETE FROM audit WHERE chain = 'CONSOLE' AND number = 5;"
    "UPDATE audit_head SET number = 4, hash = (SELECT hash FROM audit WHERE chain = 'CONSOLE'"
    " AND number = 4) WHERE chain = 'CONSOLE'": ("CONSOLE: cut off at entry", 13),
    "DELETE FROM audit WHERE chain = 'CONSOLE';DELETE FROM audit_head WHERE chain = 'CONSOLE'": (
        "CONSOLE: cut off at entry", 13),
}  # fmt: skip


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_verify_finds_what_somebody_with_the_database_did(
    server: Server, world: World, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    console = _filled(server, world)
    with database.reading() as session:
        whole = audit.verify(session)
    assert [(r.chain, r.entries, r.broken) for r in whole] == [
        ("server", 8, None), (console, 5, None),
    ]  # fmt: skip
    assert audit_cli._report(whole) == 0
    for commands, (said, status) in SPOIL.items():
        with database.engine.connect() as connection:
            # A number that is taken twice for a moment: the swap needs the key out of the way.
            connection.exec_driver_sql("ALTER TABLE audit DROP CONSTRAINT audit_pkey")
            for command in commands.replace("CONSOLE", console).split(";"):
                assert connection.exec_driver_sql(command).rowcount
            reports = audit.verify(sa.orm.Session(connection))
            connection.rollback()
        assert audit_cli._report(reports) == status, commands
        assert said.replace("CONSOLE", console) in capsys.readouterr().out, commands


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the entries that were read for a verification."""
    numbers: list[int] = []
    original = audit.chain_entries

    def counted(session: sa.orm.Session, chain: str, first: int = 1) -> Any:
        for entry in original(session, chain, first):
            numbers.append(entry[0])
            yield entry

    monkeypatch.setattr(audit, "chain_entries", counted)
    return numbers


def test_what_was_verified_is_not_read_again_unless_all_is_asked(
    server: Server, world: World, read: list[int]
) -> None:
    console = _filled(server, world)
    with server.database.reading() as session:
        home = session.scalars(sa.select(ConsoleRow.organisation_id)).one()
    auditor = server.client(world.tokens(world.person(home, "auditor")))

    def verified(**more: str) -> dict[str, tuple[int, int, str | None]]:
        read.clear()
        items = auditor.get("/api/audit/verification", **more)["items"]
        return {c["chain"]: (c["entries"], c["passed"], c["fault"]) for c in items}

    assert verified() == {"server": (8, 0, None), console: (5, 0, None)}
    assert len(read) == 13
    assert verified() == {"server": (8, 8, None), console: (5, 5, None)}
    assert read == []
    camera = world.camera(home)
    who = server.client(world.tokens(world.person(home, "operator")))
    who.post(f"/api/cameras/{camera}/address", {})
    assert verified()["server"] == (9, 8, None)
    assert read == [9]
    assert verified(whole="true")["server"] == (9, 0, None)
    assert len(read) == 14
    # A change of what was verified is found when all is asked; what came later at once.
    with server.database.writing() as session:
        session.execute(sa.text(
            "UPDATE audit SET content = replace(content, 'handed out', 'never seen') "
            "WHERE chain = 'server' AND number = 4"
        ))  # fmt: skip
    assert verified()["server"][2] is None
    assert verified(whole="true")["server"][2] == "changed"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_further_verification_finds_what_somebody_with_the_database_did(
    server: Server, world: World, database: Database
) -> None:
    """Of what came after the last one, and of the place where that ended."""
    console = _filled(server, world)
    for earlier in (0, 3, 8):
        with database.writing() as session:
            session.execute(sa.text("DELETE FROM audit_checkpoint"))
            for chain, number in (("server", earlier), (console, min(earlier, 5))):
                session.execute(
                    sa.text("INSERT INTO audit_checkpoint SELECT chain, number, hash, '' FROM audit"
                            " WHERE chain = :chain AND number = :number"),
                    {"chain": chain, "number": number},
                )  # fmt: skip
        for commands, (said, _) in SPOIL.items():
            changed = int(said.rpartition(" ")[2]) if said[-1].isdigit() else 5
            if changed < earlier and "UPDATE audit_head" not in commands:
                continue  # further back: for the whole verification
            with database.engine.connect() as connection:
                connection.exec_driver_sql("ALTER TABLE audit DROP CONSTRAINT audit_pkey")
                for command in commands.replace("CONSOLE", console).split(";"):
                    assert connection.exec_driver_sql(command).rowcount
                reports, _ = audit.verify_further(sa.orm.Session(connection), "")
                connection.rollback()
            assert any(r.broken for r in reports), (earlier, commands)


def test_the_signed_file_proves_what_the_log_said(
    serve: Serve, world: World, database: Database, tmp_path: Path
) -> None:
    server = serve(key=ServerKey(b"k" * 32))
    console = _filled(server, world)
    root = server.client(world.tokens(world.person(world.organisation("top"), "system")))
    answer = root.call("GET", "/api/audit/export")
    assert 'filename="audit-' in answer.headers["content-disposition"]
    lines = answer.content.splitlines(keepends=True)
    assert len(lines) == 1 + 9 + 5 + 1, "header, server (the export too), console, signature"

    def verified(content: list[bytes]) -> subprocess.CompletedProcess[str]:
        file = tmp_path / "audit.jsonl"
        file.write_bytes(b"".join(content))
        return _verify(str(file))

    done = verified(lines)
    assert done.returncode == 0, done.stderr
    assert "whole    server: 9 entries" in done.stdout
    assert f"whole    {console}: 5 entries" in done.stdout
    assert ServerKey(b"k" * 32).signing().key_id in done.stdout
    for spoilt in (
        lines[:4] + lines[5:],
        lines[:-1],
        [line.replace(b"handed out", b"never seen") for line in lines],
    ):
        assert verified(spoilt).returncode == audit_cli.UNSIGNED
    assert verified([b"nonsense\n"]).returncode == 1


def test_the_command_checks_a_servers_own_database(
    server: Server, world: World, database: Database
) -> None:
    _filled(server, world)
    url = database.engine.url.render_as_string(hide_password=False)
    assert _verify("--database", url).returncode == 0
    with database.writing() as session:
        session.execute(
            sa.update(AuditHeadRow).where(AuditHeadRow.chain == "server").values(number=9)
        )
    done = _verify("--database", url)
    assert done.returncode == 13
    assert "BROKEN   server: cut off" in done.stdout
