"""`bench encryption`: the console's database, encrypted and plain, in one run."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from app.domain.camera import Organisation
from app.store import encryption, sample
from app.store.encryption import CacheKey
from app.store.secrets import FileSecrets
from app.store.store import Store

QUERIES = ("zsj", "中山", "nothing-like-it", "huayuan 99")
ROUNDS = 5


def run(cameras: int = 100_000) -> dict[str, Any]:
    """Times in ms, and the ratios encrypted / plain."""
    with tempfile.TemporaryDirectory() as folder:
        plain, sealed = (Path(folder) / name / "watchroom.db" for name in ("plain", "sealed"))
        plain.parent.mkdir()
        sealed.parent.mkdir()
        store = Store(plain, FileSecrets(plain.parent))
        sample.make_large(store, cameras)
        store.close()
        shutil.copy(plain, sealed)
        key = CacheKey(os.urandom(32))
        began = time.perf_counter()
        encryption.encrypt(sealed, key)
        converted = time.perf_counter() - began
        kinds: tuple[tuple[str, Path, CacheKey | None], ...] = (
            ("plain", plain, None), ("encrypted", sealed, key),
        )  # fmt: skip
        times: dict[str, dict[str, list[float]]] = {name: {} for name, *_ in kinds}
        for _ in range(ROUNDS):  # by turns: what else runs here troubles both alike
            for name, path, with_key in kinds:
                for what, seconds in _round(path, with_key).items():
                    times[name].setdefault(what, []).append(seconds)
    middle = {
        name: {what: round(sorted(v)[len(v) // 2] * 1000, 2) for what, v in of.items()}
        for name, of in times.items()
    }
    ratios = {
        what: round(middle["encrypted"][what] / max(ms, 1e-3), 2)
        for what, ms in middle["plain"].items()
    }
    return {"cameras": cameras, "convert_s": round(converted, 2), **middle, "ratios": ratios}


def _round(path: Path, key: CacheKey | None) -> dict[str, float]:
    def timed(work: Callable[[], object]) -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    opened: list[Store] = []
    found = {"open": timed(lambda: opened.append(Store(path, FileSecrets(path.parent), key)))}
    store = opened[0]
    found["first search"] = timed(lambda: store.count(search=QUERIES[-2]))
    for query in QUERIES:
        found[f"search {query}"] = timed(partial(store.count, search=query))
    writes = [timed(lambda: store.save_organisation(Organisation("", "x"))) for _ in range(9)]
    found["first write"], found["write"] = writes[0], sorted(writes[1:])[4]
    store.close()
    return found


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    lines = [
        f"{result['cameras']} cameras; a plain database was converted in "
        f"{result['convert_s']:.1f} s",
        f"{'ms':28}{'plain':>10}{'encrypted':>11}{'ratio':>8}",
    ]
    for what, ratio in result["ratios"].items():
        plain, sealed = result["plain"][what], result["encrypted"][what]
        lines.append(f"{what:28}{plain:10.1f}{sealed:11.1f}{ratio:8.2f}")
    return "\n".join(lines)
