"""The command line: `watchroom client|demo|simulate|bench|doctor|verify|…`.

Only the command that runs is imported, so that `doctor` works where others break.
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

MODULES = {
    "demo": ("app.demo", "the client on simulated cameras"),
    "discover": ("app.devices.cli_discover", "the ONVIF devices on this network, as JSON"),
    "probe": ("app.devices.cli_probe", "what one ONVIF device tells of itself, as JSON"),
    "setup": ("app.devices.cli_setup", "set cameras by a template, or show what would change"),
    "simulate": ("app.simulator.cli", "simulated RTSP and ONVIF cameras"),
    "play": ("app.ui.player", "an evidence package or a video file"),
    "bench": ("app.bench.cli", "measurements as ratios in one run"),
    "doctor": ("app.doctor", "what this machine can do"),
    "verify": ("app.evidence.cli", "whether an evidence package is complete and unaltered"),
    "server": ("app.server.cli", "the central server"),
    "audit": ("app.server.audit_cli", "whether an audit log is complete and unaltered"),
    "import-landmarks": ("app.store.landmarks", "streets and landmarks from a CSV file"),
}
"""Command to the module with its `add_arguments` and `run`."""


def _parser(command: str | None) -> tuple[argparse.ArgumentParser, Any]:
    """The parser, complete for one command, and that command's function."""
    parser = argparse.ArgumentParser(
        prog="watchroom", description="Video wall and monitoring client for public-safety CCTV."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    client = commands.add_parser("client", help="the client on your own data")
    client.add_argument("--data", type=Path, help="folder of the data (default: the user's)")
    client.add_argument("--language", choices=["en", "zh_CN"], default="")
    function: Any = _client
    for name, (module_name, purpose) in MODULES.items():
        added = commands.add_parser(name, help=purpose)
        if name == command:
            module = import_module(module_name)
            module.add_arguments(added)
            function = module.run
    return parser, function


def main() -> int:
    """Entry point; returns the process's exit status."""
    command = next((a for a in sys.argv[1:] if not a.startswith("-")), None)
    try:
        parser, function = _parser(command)
        return int(function(parser.parse_args()))
    except ImportError as error:
        # A Python package or a system library that Qt links to.
        print(f"watchroom: cannot start: {error}\nwatchroom: “watchroom doctor” says what to do.",
              file=sys.stderr)  # fmt: skip
        return 1


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
