"""The soak of the synchronisation in small: it kills, and what it says is true."""

from __future__ import annotations

import pytest

from app.bench import sync_soak
from tests.postgres import Postgres


@pytest.mark.timeout(240)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_killed_processes_lose_and_double_nothing(database: str) -> None:
    if database == "sqlite":
        result = sync_soak.run(20 / 60)
    else:
        with Postgres() as running:
            result = sync_soak.run(20 / 60, running.database(), servers=2)
    assert result["passed"], sync_soak.table(result)
    assert result["console_kills"]
    assert result["server_kills"]
    assert result["commits"]
    assert (result["lost"], result["doubled"], result["diverged"]) == (0, 0, 0)


def test_a_loss_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a journal that names what nobody has, each part is told."""
    original = sync_soak._journal

    def longer(path: object) -> dict[str, dict[str, object]]:
        found = original(path)  # type: ignore[arg-type]
        found["x"] = {"n": 1, "op": "x", "id": "i", "fields": {}, "kind": "landmark", "field": "f",
                      "value": "v", "new": True}  # fmt: skip
        return found

    monkeypatch.setattr(sync_soak, "_journal", longer)
    result = sync_soak.run(3 / 60)
    assert result["lost"]
    assert not result["passed"]
