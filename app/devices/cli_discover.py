"""`watchroom discover`: the devices on this network or in a range, as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from app.devices.cli_probe import account, add_account
from app.devices.discovery import (
    LISTEN_S,
    PORT,
    RATE,
    Found,
    discover,
    interfaces,
    loopback,
    stranger,
    sweep,
)
from app.devices.discovery import addresses as addresses_of
from app.devices.errors import DeviceError
from app.devices.probe import each, probe_first
from app.devices.soap import MemoryPins


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--range", metavar="RANGE", default="",
                        help="probe each of these addresses instead: 10.0.1.0/24, 10.0.1.20-60")  # fmt: skip
    parser.add_argument("--rate", type=float, default=RATE, help="range: addresses a second")
    parser.add_argument("--http-ports", default="80", help="range: HTTP ports to ask, or ''")
    parser.add_argument("--interface", action="append", metavar="ADDRESS",
                        help="only from this address of the computer; repeat for more")  # fmt: skip
    parser.add_argument("--seconds", type=float, default=LISTEN_S, help="how long to listen")
    parser.add_argument("--look", action="store_true", help="ask each device what it is")
    parser.add_argument("--port", type=int, default=PORT, help=argparse.SUPPRESS)
    add_account(parser)


def run(arguments: argparse.Namespace) -> int:
    """0, or 2 for a wrong range or interface."""
    found: list[Found] = []
    failed: list[str] = []
    try:
        if arguments.range:
            ports = tuple(int(p) for p in arguments.http_ports.split(",") if p.strip())
            sweep(
                addresses_of(arguments.range), found.append, rate=max(arguments.rate, 1.0),
                http_ports=ports, port=arguments.port, on_progress=_tell,
            )  # fmt: skip
        else:
            chosen = [*interfaces(), loopback()]
            if arguments.interface:
                chosen = [i for i in chosen if i.address in arguments.interface]
                if not chosen:
                    raise ValueError("no interface of this computer has such an address")
            failed = discover(
                found.append, on=chosen, seconds=arguments.seconds, port=arguments.port
            )
    except (DeviceError, ValueError) as error:
        print(f"discover: {error}", file=sys.stderr)
        return 2
    devices: list[dict[str, Any]] = [_as_json(f) for f in found]
    if arguments.look:
        signed, pins = account(ask=arguments.ask), MemoryPins()
        looks = each(
            lambda pair: (pair[0], probe_first(pair[1].urls, signed, pins=pins)), enumerate(found)
        )
        for number, look in looks:
            devices[number]["look"] = look.as_json()
    answer = {"devices": devices, "interfaces_failed": failed}
    print(json.dumps(answer, indent=2, ensure_ascii=False))
    return 0


def _tell(done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} of {of}", end="" if done < of else "\n", file=sys.stderr, flush=True)


def _as_json(found: Found) -> dict[str, Any]:
    return {
        "endpoint": found.endpoint, "host": found.host, "urls": list(found.urls),
        "told": list(found.told), "how": found.how, "name": found.name,
        "hardware": found.hardware, "foreign": found.foreign,
        "advice": str(stranger(found, interfaces()) or ""),
    }  # fmt: skip
