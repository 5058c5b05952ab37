"""`watchroom bench`: measurements as ratios in one run."""

from __future__ import annotations

import argparse
import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[[Any, argparse.Namespace], dict[str, Any]]


def _peers(arguments: argparse.Namespace) -> tuple[str, ...]:
    return tuple(p for p in arguments.peers.split(",") if p)


def _wall(tiles: int = 0) -> Run:
    """A wall of so many tiles, or as many as asked for; beside its peers where that says most."""

    def run(module: Any, a: argparse.Namespace) -> dict[str, Any]:
        others = _peers(a) if tiles in (0, 36) else ()
        return module.run(tiles or a.tiles, a.seconds, others)  # type: ignore[no-any-return]

    return run


# Name to (module, how it is run); `module.table(result)` shows it.
JOBS: dict[str, tuple[str, Run]] = {
    "wall": ("wall", _wall()),
    "latency": ("latency", lambda m, _: m.run()),
    "sidebar": ("sidebar", lambda m, a: m.run(a.cameras)),
    "startup": ("sidebar", lambda m, _: m.startup()),
    "faults": ("faults", lambda m, a: m.run(a.only, a.table or Path("docs/faults.md"))),
    "hog": ("hog", lambda m, _: m.run()),
    "soak": ("soak", lambda m, a: m.run(a.minutes, a.seed)),
    "sync": ("sync", lambda m, a: m.run(a.cameras, a.database)),
    "sync-load": ("sync_load", lambda m, a: m.run(a.database)),
    "sync-soak": ("sync_soak", lambda m, a: m.run(a.minutes, a.database, a.servers, a.seed)),
    "encryption": ("encryption", lambda m, a: m.run(a.cameras)),
    "devices": ("devices", lambda m, a: m.run(a.devices)),
    "ptz": ("ptz", lambda m, a: m.run(table=a.table or Path("docs/ptz-safety.md"))),
    "tickets": ("tickets", lambda m, a: m.run(a.tickets)),
    "log": ("log", lambda m, a: m.run(a.entries)),
    "exchange": ("exchange", lambda m, a: m.run(a.cameras)),
    "interop": ("interop", lambda m, a: m.run(a.address, a.seconds, a.port)),
}  # fmt: skip
LONG = ("wall", "faults", "soak", "sync-soak", "ptz", "interop")
"""Not part of `all`; walls of three sizes are instead, and what needs a foreign device is left out."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("what", choices=[*JOBS, "all"])
    parser.add_argument("--tiles", type=int, default=36, help="wall: how many (default 36)")
    parser.add_argument("--seconds", type=float, default=15.0,
                        help="wall: measured time; interop: how long events are listened to")  # fmt: skip
    parser.add_argument("--address", default="127.0.0.1", help="interop: the device")
    parser.add_argument("--port", type=int, default=3702, help="interop: its discovery's UDP port")
    parser.add_argument("--peers", default="mpv,ffplay", help="wall: programs beside ours, or ''")
    parser.add_argument("--only", default="", metavar="NAME",
                        help="faults: those that begin so, or so,or so")  # fmt: skip
    parser.add_argument("--table", type=Path,
                        help="faults, ptz: where the table goes (default: in docs)")  # fmt: skip
    parser.add_argument("--minutes", type=float, default=60.0, help="soak, sync-soak: how long")
    parser.add_argument("--seed", type=int, default=1, help="soak, sync-soak: of the dice")
    parser.add_argument("--cameras", type=int, default=100_000,
                        help="sidebar, sync, encryption, exchange: how many")  # fmt: skip
    parser.add_argument("--devices", type=int, default=1000, help="devices: how many")
    parser.add_argument("--tickets", type=int, default=100_000, help="tickets: how many")
    parser.add_argument("--entries", type=int, default=1_000_000, help="log: how many")
    parser.add_argument("--database", default="", metavar="URL",
                        help="sync, sync-soak, sync-load: an empty PostgreSQL one, or “postgresql” to "
                        "start one (default: SQLite)")  # fmt: skip
    parser.add_argument("--servers", type=int, default=1, help="sync-soak: server processes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here")


def run(arguments: argparse.Namespace) -> int:
    """Prints tables and writes JSON; 0 when everything could be measured and held."""
    if arguments.what == "all":
        jobs = {name: job for name, job in JOBS.items() if name not in LONG}
        jobs |= {f"wall {tiles}": ("wall", _wall(tiles)) for tiles in (16, 36, 64)}
    else:
        jobs = {arguments.what: JOBS[arguments.what]}
    results: dict[str, Any] = {}
    for name, (file, measure) in jobs.items():
        print(f"== {name}", flush=True)
        module = importlib.import_module(f"app.bench.{file}")
        results[name] = measure(module, arguments)
        if name == "startup":
            print(f"command to window: {results[name]['window_ms']} ms", flush=True)
        else:
            print(module.table(results[name]), flush=True)
    if arguments.json is not None:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        content = results[arguments.what] if arguments.what != "all" else results
        arguments.json.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    # Soaks and tables of faults have a pass line of their own.
    return 0 if all(r.get("passed", True) for r in results.values()) else 1
