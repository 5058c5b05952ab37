"""The protocol broken on purpose, one mistake each: the histories must notice.

`WATCHROOM_MUTANT=NAME WATCHROOM_HISTORIES=300 pytest tests/sync/test_histories.py` must fail.
`python -m tests.sync.mutants [NAME …]` runs them all so, and says which survived.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.server import sync
from app.store import outbox
from app.store.sync_models import OutboxRow
from app.sync.client import SyncClient, begin_load, new_identity

COUNT = "300"
"""Histories within which each must be noticed."""

MUTANTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {}


def mutant(work: Callable[[pytest.MonkeyPatch], None]) -> Callable[[pytest.MonkeyPatch], None]:
    MUTANTS[work.__name__] = work
    return work


@mutant
def last_writer_wins(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sync._Merge, "_since", lambda self, kind, identity: {})


@mutant
def a_conflict_is_not_kept(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sync._Merge, "record", lambda self, *arguments: None)


@mutant
def entries_are_forgotten_when_they_are_sent(patch: pytest.MonkeyPatch) -> None:
    original = SyncClient._next

    def forget(self: SyncClient, connection: sa.Connection) -> Any:
        ops = original(self, connection)
        connection.execute(sa.delete(OutboxRow).where(OutboxRow.op_id.in_([op.op for op in ops])))
        return ops

    patch.setattr(SyncClient, "_next", forget)


@mutant
def a_restored_server_is_not_noticed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sync.SyncServer, "_check_history", lambda *arguments: None)


@mutant
def sent_entries_are_not_kept(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        SyncClient, "_forget",
        lambda self, connection, durable: connection.execute(
            sa.delete(OutboxRow).where(OutboxRow.shown)
        ),
    )  # fmt: skip


@mutant
def withdrawn_grants_stay(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SyncClient, "_drop", lambda *arguments: None)


@mutant
def a_page_that_does_not_follow_is_taken(patch: pytest.MonkeyPatch) -> None:
    def blind(self: SyncClient, said: Any, scope: str) -> bool:
        with self.store.syncing() as connection:
            self._apply(connection, said.tables)
        with self.store.syncing() as connection:
            outbox.set_state(connection, cursor=said.head + 1)
        return True

    patch.setattr(SyncClient, "pulled", blind)


@mutant
def the_cursor_is_kept_before_the_rows(patch: pytest.MonkeyPatch) -> None:
    original = SyncClient.pulled

    def split(self: SyncClient, said: Any, scope: str) -> bool:
        with self.store.syncing() as connection:
            outbox.set_state(connection, cursor=said.to)
        self.crash("pulling")
        with self.store.syncing() as connection:
            outbox.set_state(connection, cursor=said.start)
        return original(self, said, scope)

    patch.setattr(SyncClient, "pulled", split)


@mutant
def what_waits_below_an_entry_counts_as_seen(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(outbox, "min", lambda values: values[0], raising=False)


@mutant
def answers_are_not_remembered(patch: pytest.MonkeyPatch) -> None:
    original = sync.SyncServer._push

    def forget(self: Any, session: Any, *arguments: Any) -> Any:
        answer = original(self, session, *arguments)
        session.execute(sa.text("DELETE FROM sync_operation"))
        session.execute(sa.text("DELETE FROM sync_replica"))
        return answer

    patch.setattr(sync.SyncServer, "_push", forget)


@mutant
def a_grant_that_changed_is_not_told(patch: pytest.MonkeyPatch) -> None:
    original = sync.SyncServer.pull

    def silent(self: Any, principal: Any, message: Any) -> Any:
        said = original(self, principal, message)
        said.scope_changed = False
        return said

    patch.setattr(sync.SyncServer, "pull", silent)


@mutant
def what_became_visible_is_not_fetched(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SyncClient, "_fetch", lambda self, wanted: True)


@mutant
def what_was_answered_is_laid_aside_before_it_was_pulled(patch: pytest.MonkeyPatch) -> None:
    original = SyncClient._show

    def early(self: SyncClient, connection: sa.Connection) -> Any:
        whole = outbox.state(connection, "whole", 0)
        outbox.set_state(connection, whole=2**50)
        try:
            return original(self, connection)
        finally:
            outbox.set_state(connection, whole=whole)

    patch.setattr(SyncClient, "_show", early)


@mutant
def a_load_ends_where_its_last_page_was_made(patch: pytest.MonkeyPatch) -> None:
    original = sync.SyncServer.snapshot

    def late(self: Any, principal: Any, message: Any) -> Any:
        said = original(self, principal, message)
        with self.database.reading() as session:
            said.seq = sync.head_of(session).seq
        return said

    patch.setattr(sync.SyncServer, "snapshot", late)


@mutant
def a_page_of_the_feed_ends_at_the_head(patch: pytest.MonkeyPatch) -> None:
    original = sync.SyncServer.pull

    def whole(self: Any, principal: Any, message: Any) -> Any:
        said = original(self, principal, message)
        if said.more:
            said.to, said.more = said.head, False
        return said

    patch.setattr(sync.SyncServer, "pull", whole)


@mutant
def a_page_of_the_feed_tells_only_where_it_ends(patch: pytest.MonkeyPatch) -> None:
    original = sync.SyncServer.pull

    def short(self: Any, principal: Any, message: Any) -> Any:
        said = original(self, principal, message)
        said.mark = "" if said.more else said.mark
        return said

    patch.setattr(sync.SyncServer, "pull", short)


@mutant
def later_pages_of_a_load_tell_no_mark(patch: pytest.MonkeyPatch) -> None:
    original = sync.SyncServer.snapshot

    def silent(self: Any, principal: Any, message: Any) -> Any:
        said = original(self, principal, message)
        said.mark = "" if message.after else said.mark
        return said

    patch.setattr(sync.SyncServer, "snapshot", silent)


@mutant
def rows_that_are_fetched_tell_no_mark(patch: pytest.MonkeyPatch) -> None:
    original = sync.SyncServer.rows

    def silent(self: Any, principal: Any, message: Any) -> Any:
        said = original(self, principal, message)
        said.mark = ""
        return said

    patch.setattr(sync.SyncServer, "rows", silent)


@mutant
def entries_are_laid_aside_between_two_pages(patch: pytest.MonkeyPatch) -> None:
    original = SyncClient._show

    def early(self: SyncClient, connection: sa.Connection) -> Any:
        outbox.set_state(connection, whole=outbox.cursor(connection))
        return original(self, connection)

    patch.setattr(SyncClient, "_show", early)


@mutant
def nothing_is_sent_again_to_a_restored_server(patch: pytest.MonkeyPatch) -> None:
    def forget(self: SyncClient, connection: sa.Connection, common: int) -> None:
        new_identity(connection)
        begin_load(connection, common)

    patch.setattr(SyncClient, "_rewind", forget)


@mutant
def removed_rows_are_not_in_the_feed(patch: pytest.MonkeyPatch) -> None:
    original = sync.SyncServer.pull

    def living(self: Any, principal: Any, message: Any) -> Any:
        said = original(self, principal, message)
        for table in said.tables:
            if "deleted_at" in table.columns:
                i = table.columns.index("deleted_at")
                table.rows = [row for row in table.rows if row[i] is None]
        return said

    patch.setattr(sync.SyncServer, "pull", living)


@mutant
def removals_are_not_entered(patch: pytest.MonkeyPatch) -> None:
    original = outbox.enter

    def enter(
        connection: sa.Connection, name: str, before: Any, after: Any, author: str = ""
    ) -> None:
        if "deleted_at" in after:
            after = after | {"deleted_at": (before or {}).get("deleted_at")}
        original(connection, name, before, after, author)

    patch.setattr(outbox, "enter", enter)


def run(names: list[str]) -> int:
    """Each on the histories, in a process of its own; 1 when one survives."""
    survived = []
    for name in names or list(MUTANTS):
        began = time.monotonic()
        more = {"WATCHROOM_MUTANT": name, "WATCHROOM_HISTORIES": COUNT}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "--tb=line",
             str(Path(__file__).with_name("test_histories.py"))],
            env=os.environ | more, capture_output=True, check=False, text=True,
        )  # fmt: skip
        by = re.search(r"^FAILED \S+::(\S+)", done.stdout, re.MULTILINE)
        why = re.search(r"^(?:E  +|\S+:\d+: )(.{0,100})", done.stdout, re.MULTILINE)
        # A mutant that does not fit the code any more breaks down by itself: nothing noticed it.
        fits = why is None or not re.match(r"(Type|Attribute|Name|Import)Error", why[1])
        killed = done.returncode == 1 and by is not None and fits
        survived += [] if killed else [name]
        print(f"{'killed' if killed else 'SURVIVED':9} {time.monotonic() - began:5.0f} s  {name}"
              f"  {'by ' + by[1] if by else ''}  ({why[1] if why else ''})", flush=True)  # fmt: skip
    print(f"{len(survived)} of {len(names or MUTANTS)} survived")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
