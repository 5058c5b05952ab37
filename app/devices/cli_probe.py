"""`watchroom probe ADDRESS`: what one device tells of itself, as JSON."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys

from app.devices.probe import probe
from app.devices.soap import MemoryPins
from app.domain.camera import Credentials

USER, PASSWORD = "WATCHROOM_CAMERA_USER", "WATCHROOM_CAMERA_PASSWORD"
"""Where the account may stand in the environment: the command line is read by everybody."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options. There is none for the password on purpose."""
    parser.add_argument("address", help="192.168.1.20, host:port, or the device service's URL")
    add_account(parser)
    parser.add_argument("--timeout", type=float, default=5.0, help="seconds an answer may take")


def add_account(parser: argparse.ArgumentParser) -> None:
    """The options about the account, for both commands."""
    parser.add_argument("--ask", action="store_true", help="ask for user name and password")
    parser.epilog = f"The account: {USER} and {PASSWORD} in the environment, or --ask."


def account(*, ask: bool) -> Credentials:
    """From the environment or the terminal; none otherwise."""
    username, password = os.environ.get(USER, ""), os.environ.get(PASSWORD, "")
    if ask:
        if not username:
            print("User name: ", end="", file=sys.stderr, flush=True)
            username = sys.stdin.readline().strip()
        password = getpass.getpass("Password: ", stream=sys.stderr)
    return Credentials(username, password)


def run(arguments: argparse.Namespace) -> int:
    """0 when the device told all, 1 when something failed: the JSON says what."""
    result = probe(
        arguments.address,
        account(ask=arguments.ask),
        timeout_s=arguments.timeout,
        pins=MemoryPins(),
    )
    print(json.dumps(result.as_json(), indent=2, ensure_ascii=False))
    return 0 if result.error is None else 1
