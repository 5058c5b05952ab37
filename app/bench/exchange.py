"""`bench exchange`: a register of 100,000 cameras out, in, and back; time and memory of each step."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil


def run(cameras: int = 100_000, suffix: str = ".xlsx") -> dict[str, Any]:
    """In a process of its own, so that its memory is that of the work."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "app.bench.exchange", folder, str(cameras), suffix],
            env=os.environ | {"WATCHROOM_KEYRING": "file"}, stdout=subprocess.PIPE, text=True,
            timeout=3600, check=True,
        )  # fmt: skip
    result = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(result, dict)
    return result


class _Peak:
    """The most memory of this process while it is open, MB above what it was."""

    def __enter__(self) -> _Peak:
        self._process, self._end = psutil.Process(), threading.Event()
        self.began = self.most = self._process.memory_info().rss
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._end.wait(0.05):
            self.most = max(self.most, self._process.memory_info().rss)

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    @property
    def grown_mb(self) -> float:
        return (self.most - self.began) / 1e6


def write_rows(path: Path, count: int) -> None:
    """A file of so many invented cameras with 14 fields each."""
    from app.domain import gb28181
    from app.store import exchange

    header = ["SBBM", "SBMC", "SBCS", "XZQY", "JKDWLX", "IPV4", "MACDZ", "AZDZ", "JD", "WD",
              "SXJWZLX", "LWSX", "GLDW", "SBZT"]  # fmt: skip

    def rows() -> Any:
        for i in range(count):
            yield [
                gb28181.make("33110200", i), f"花园路与人民路口 {i} 号", "1", "331102", str(1 + i % 3),
                f"10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}", f"00-11-22-{i >> 16 & 255:02X}-"
                f"{i >> 8 & 255:02X}-{i & 255:02X}", f"花园路 {i} 号", f"{119.9 + i / 1e6:.6f}",
                f"{28.4 + i / 1e6:.6f}", "3/7", "0", "市公安局（示例）", "1",
            ]  # fmt: skip

    if path.suffix == ".xlsx":
        exchange._write_book(path, header, rows())
    else:
        import csv

        with path.open("w", encoding="gb18030", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows())


def _measure(folder: Path, count: int, suffix: str) -> dict[str, Any]:
    from app.domain import asset
    from app.domain.camera import Organisation, Site
    from app.store import assets, exchange
    from app.store.secrets import FileSecrets
    from app.store.store import Store

    path = folder / f"in{suffix}"
    write_rows(path, count)
    store = Store(folder / "watchroom.db", FileSecrets(folder))
    site = store.save_site(Site("", store.save_organisation(Organisation("", "示例")), "花园路"))
    steps: dict[str, Any] = {}

    def step(name: str, work: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        with _Peak() as peak:
            answer = work()
        steps[name] = {
            "s": round(time.perf_counter() - began, 1), "grown_mb": round(peak.grown_mb),
            "peak_rss_mb": round(peak.most / 1e6),
        }  # fmt: skip
        print(name, steps[name], file=sys.stderr, flush=True)
        return answer

    def looked() -> exchange.Preview:
        table = exchange.open_table(path)
        return exchange.preview(store, table, asset.guess_columns(table.header))

    made = step("preview of new cameras", looked)
    assert made.counts.new == count, made.counts
    result = step("import", lambda: exchange.apply(store, made, site))
    assert result.added == count, result
    made.close()
    made = step("preview again", looked)
    assert made.counts.same == count, made.counts
    made.close()
    out = folder / f"out{suffix}"
    written = step("export", lambda: exchange.export(
        store, out, assets.Selection(), exchange.Layout()))  # fmt: skip
    assert written == count
    undone = step("undo", lambda: exchange.undo(store, result.batch))
    assert undone.removed == count, undone
    size = (folder / "watchroom.db").stat().st_size
    store.close()
    return {"cameras": count, "format": suffix, "file_mb": round(path.stat().st_size / 1e6, 1),
            "database_mb": round(size / 1e6), "steps": steps}  # fmt: skip


def table(result: dict[str, Any]) -> str:
    """For people."""
    lines = [f"{result['cameras']} cameras, {result['format']} of {result['file_mb']} MB"]
    for name, s in result["steps"].items():
        lines.append(f"{name:24} {s['s']:7.1f} s   memory +{s['grown_mb']} MB, "
                     f"{s['peak_rss_mb']} MB in all")  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    print(json.dumps(_measure(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])))
