"""`watchroom bench`: what to measure."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "what",
        choices=[
            "wall",
            "latency",
            "sidebar",
            "startup",
            "faults",
            "hog",
            "soak",
            "sync",
            "devices",
            "ptz",
            "encryption",
            "sync-soak",
            "sync-load",
            "log",
            "all",
        ],
    )
    parser.add_argument("--tiles", type=int, default=36, help="wall: how many (default 36)")
    parser.add_argument("--seconds", type=float, default=15.0, help="wall: measured time")
    parser.add_argument("--peers", default="mpv,ffplay", help="wall: programs beside ours, or ''")
    parser.add_argument("--only", default="", metavar="NAME", help="faults: those that begin so")
    parser.add_argument(
        "--table",
        type=Path,
        help="faults, ptz: where the table goes (docs/faults.md, docs/ptz-safety.md)",
    )
    parser.add_argument("--devices", type=int, default=1000, help="devices: how many")
    parser.add_argument("--minutes", type=float, default=60.0, help="soak: how long")
    parser.add_argument("--seed", type=int, default=1, help="soak: of the dice")
    parser.add_argument(
        "--cameras", type=int, default=100_000, help="sync and encryption: how many"
    )
    parser.add_argument("--database", default="", metavar="URL",
                        help="sync-soak, sync-load: an empty PostgreSQL one (default: SQLite)")  # fmt: skip
    parser.add_argument("--servers", type=int, default=1, help="sync-soak: server processes")
    parser.add_argument("--entries", type=int, default=1_000_000, help="log: how many")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here")


def run(arguments: argparse.Namespace) -> int:
    """Prints tables and writes JSON; 0 when everything could be measured."""
    from app.bench import faults, hog, latency, log, sidebar, soak, wall

    if arguments.what in ("sync", "encryption"):  # need no display
        from app.bench import encryption, sync

        module = sync if arguments.what == "sync" else encryption
        result = module.run(arguments.cameras)
        print(module.table(result))
        if arguments.json:
            arguments.json.write_text(json.dumps(result, indent=2))
        return 0
    if arguments.what == "devices":  # nor does this
        from app.bench import devices

        result = devices.run(arguments.devices)
        print(devices.table(result))
        if arguments.json:
            arguments.json.write_text(json.dumps(result, indent=2))
        return 0
    if arguments.what == "sync-load":
        from app.bench import sync_load

        result = sync_load.run(arguments.database)
        print(sync_load.table(result))
        if arguments.json:
            arguments.json.write_text(json.dumps(result, indent=2))
        return 0
    if arguments.what in ("sync-soak", "ptz"):
        if arguments.what == "ptz":
            from app.bench import ptz

            result = ptz.run(table=arguments.table or Path("docs/ptz-safety.md"))
            print(ptz.table(result))
        else:
            from app.bench import sync_soak

            result = sync_soak.run(
                arguments.minutes, arguments.database, arguments.servers, arguments.seed
            )
            print(sync_soak.table(result))
        if arguments.json:
            arguments.json.write_text(json.dumps(result, indent=2))
        return 0 if result["passed"] else 1
    peers = tuple(p for p in arguments.peers.split(",") if p)

    def walls(tiles: int, others: tuple[str, ...]) -> dict[str, Any]:
        return wall.run(tiles, arguments.seconds, others)

    def one_wall() -> dict[str, Any]:
        return walls(arguments.tiles, peers)

    def wall_of(tiles: int) -> Callable[[], dict[str, Any]]:
        return lambda: walls(tiles, peers if tiles == 36 else ())

    def startup_table(result: dict[str, Any]) -> str:
        return f"command to window: {result['window_ms']} ms"

    jobs: dict[str, tuple[Callable[[], dict[str, Any]], Callable[[dict[str, Any]], str]]] = {
        "wall": (one_wall, wall.table),
        "latency": (latency.run, latency.table),
        "sidebar": (sidebar.run, sidebar.table),
        "startup": (sidebar.startup, startup_table),
        "faults": (
            lambda: faults.run(arguments.only, arguments.table or Path("docs/faults.md")),
            faults.table,
        ),
        "soak": (lambda: soak.run(arguments.minutes, arguments.seed), soak.table),
        "hog": (hog.run, hog.table),
        "log": (lambda: log.run(arguments.entries), log.table),
    }
    if arguments.what == "all":
        del jobs["wall"], jobs["faults"], jobs["soak"]
        for tiles in (16, 36, 64):
            jobs[f"wall {tiles}"] = (wall_of(tiles), wall.table)
    else:
        jobs = {arguments.what: jobs[arguments.what]}
    results: dict[str, Any] = {}
    for name, (measure, show) in jobs.items():
        print(f"== {name}", flush=True)
        results[name] = measure()
        print(show(results[name]), flush=True)
    if arguments.json is not None:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        content = results[arguments.what] if arguments.what != "all" else results
        arguments.json.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    # Only the soak has a pass line of its own.
    return 0 if all(r.get("passed", True) for r in results.values()) else 1
