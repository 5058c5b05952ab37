"""The command line: `watchroom client|demo|simulate|bench|doctor`.

Each command imports what it needs when it runs, so that `doctor` works where others break.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="watchroom", description="Video wall and monitoring client for public-safety CCTV."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    client = commands.add_parser("client", help="the client on your own data")
    client.add_argument("--data", type=Path, help="folder of the data (default: the user's)")
    client.add_argument("--language", choices=["en", "zh_CN"], default="")
    demo = commands.add_parser("demo", help="the client on simulated cameras")
    simulate = commands.add_parser("simulate", help="simulated RTSP and ONVIF cameras")
    bench = commands.add_parser("bench", help="measurements as ratios in one run")
    doctor = commands.add_parser("doctor", help="what this machine can do")
    from app import demo as demo_module
    from app import doctor as doctor_module
    from app.bench import cli as bench_cli
    from app.simulator import cli as simulator_cli

    demo_module.add_arguments(demo)
    simulator_cli.add_arguments(simulate)
    bench_cli.add_arguments(bench)
    doctor_module.add_arguments(doctor)
    return parser


def main() -> int:
    """Entry point; returns the process's exit status."""
    arguments = _parser().parse_args()
    status = 0
    match arguments.command:
        case "client":
            status = _client(arguments)
        case "demo":
            from app.demo import run as run_demo

            status = run_demo(arguments)
        case "simulate":
            from app.simulator.cli import run as run_simulate

            status = run_simulate(arguments)
        case "bench":
            from app.bench.cli import run as run_bench

            status = run_bench(arguments)
        case "doctor":
            from app.doctor import run as run_doctor

            status = run_doctor(arguments)
    return status


def _client(arguments: argparse.Namespace) -> int:
    from app.paths import data_dir
    from app.ui.application import ClientOptions, has_display, run_client

    if not has_display() and "QT_QPA_PLATFORM" not in os.environ:
        print("watchroom: there is no display. Start it in a desktop session, or try “demo”.",
              file=sys.stderr)  # fmt: skip
        return 1
    data = arguments.data or data_dir()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    status = run_client(ClientOptions(data, arguments.language))
    # A thread that waits for a dead camera must not keep a closed client alive.
    sys.stdout.flush()
    os._exit(status)


if __name__ == "__main__":
    raise SystemExit(main())
