"""The protocol broken on purpose, one mistake each: the histories must notice.

`WATCHROOM_MUTANT=NAME WATCHROOM_HISTORIES=300 pytest tests/sync/test_histories.py` must fail.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.server import sync
from app.store import outbox
from app.store.sync_models import OutboxRow
from app.sync.client import SyncClient

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
