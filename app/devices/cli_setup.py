"""`watchroom setup`: set cameras by a template, or show what would change, as JSON.

Accounts are changed in the client only: it keeps the passwords.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from pathlib import Path
from typing import Any

from app.devices.cli_probe import account, add_account
from app.devices.errors import DeviceError
from app.devices.setup import Job, read_setup, set_up, side_by_side
from app.devices.soap import MemoryPins
from app.domain.setup import GOOD, Change, Names, Step, Template, mistakes, plan


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--template", type=Path, required=True, help="a template as JSON")
    parser.add_argument("--cameras", nargs="+", required=True, metavar="ADDRESS[=NAME]",
                        help="192.168.1.20, host:port, or a URL; the name fills {name}")  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="only show old and new")
    add_account(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 when all is set (or would be), 1 when something failed, 2 for a bad template."""
    try:
        template = Template.from_json(json.loads(arguments.template.read_text("utf-8")))
    except (OSError, ValueError) as error:
        print(f"watchroom: {arguments.template}: {error}", file=sys.stderr)
        return 2
    wrong = [m.value for m in mistakes(template)]
    if template.account:
        wrong.append("accounts are changed in the client")
    if template.empty or wrong:
        print(f"watchroom: the template: {', '.join(wrong) or 'is empty'}", file=sys.stderr)
        return 2
    names = dict(a.rpartition("=")[::2] if "=" in a else (a, "") for a in arguments.cameras)
    mine, pins = account(ask=arguments.ask), MemoryPins()
    jobs = [Job(address, address, mine) for address in names]
    found: dict[str, dict[str, Any]] = {}

    def work(job: Job) -> dict[str, Any]:
        try:
            changes = plan(template, Names(names[job.address]), read_setup(job, pins=pins))
        except DeviceError as error:
            return {"error": {"code": error.code.value, "message": error.message}}
        if arguments.dry_run:
            return {"changes": [_change(c) for c in changes]}
        steps = set_up(job, changes, pins=pins)
        return {"changes": [_change(s.change, s) for s in steps] + [
            _change(c) for c in changes if c not in [s.change for s in steps]
        ]}  # fmt: skip

    side_by_side(jobs, work, lambda job, said: found.update({job.address: said}), threading.Event())
    print(json.dumps([{"address": a} | found[a] for a in names], indent=2, ensure_ascii=False))
    good = all(
        "error" not in said and all(c.get("outcome", "done") in GOOD for c in said["changes"])
        for said in found.values()
    )
    return 0 if good else 1


def _change(change: Change, step: Step | None = None) -> dict[str, Any]:
    said: dict[str, Any] = {
        "setting": change.setting.value, "old": change.old, "new": change.new,
        "wanted": change.wanted, "why": change.why.value if change.why else None,
    }  # fmt: skip
    if step is not None:
        said |= {"outcome": step.outcome.value, "now": step.now, "detail": step.detail}
    return said
