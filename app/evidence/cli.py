"""`watchroom verify`: is an evidence package complete and unaltered?

Exit status: 0 complete, 10 file missing, 11 file changed, 12 unknown key, 13 bad signature,
14 unexpected file, 15 log broken, 16 not a package; the worst of all findings counts.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.evidence.keys import TRUSTED_FOLDER
from app.evidence.package import Progress
from app.evidence.verify import Report, Result, printable, verify

STATUS = {
    Result.COMPLETE: 0,
    Result.FILE_MISSING: 10,
    Result.FILE_CHANGED: 11,
    Result.UNKNOWN_KEY: 12,
    Result.BAD_SIGNATURE: 13,
    Result.UNEXPECTED_FILE: 14,
    Result.LOG_BROKEN: 15,
    Result.NOT_A_PACKAGE: 16,
}

MEANING = {
    Result.COMPLETE: "Everything is as it was signed, with a known key.",
    Result.FILE_MISSING: "A file is missing or cannot be read.",
    Result.FILE_CHANGED: "A file is not the one that was signed.",
    Result.UNKNOWN_KEY: "Every file is as it was signed, but by a key that is not among the trusted "
    "ones. Ask the issuer, by another way, for the id of its key.",
    Result.BAD_SIGNATURE: "The manifest does not bear a valid signature: nothing is proved.",
    Result.UNEXPECTED_FILE: "Every file is as it was signed, but there is something that does not "
    "belong to the package.",
    Result.LOG_BROKEN: "Every file is as it was signed, but the log of who had them was altered.",
    Result.NOT_A_PACKAGE: "This is not an evidence package.",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.description = "Checks an evidence package. Reads only."
    codes = ", ".join(f"{code} {result}" for result, code in STATUS.items())
    parser.epilog = f"Exit status (the worst finding counts): {codes}."
    parser.add_argument("folder", type=Path, metavar="DIR", help="the package, EVID-...")
    parser.add_argument("--trusted", type=Path, metavar="FOLDER",
                        help="public keys to trust, *.pem (default: those of this console)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Prints what was found; returns the exit status."""
    trusted = arguments.trusted
    if trusted is None:
        from app.paths import data_dir

        with suppress(OSError):  # no place for data: then no key is known
            trusted = data_dir() / TRUSTED_FOLDER
    elif not trusted.is_dir():
        print(f"watchroom: {trusted} is not a folder", file=sys.stderr)
        return 2
    try:
        report = verify(arguments.folder, trusted, progress=_progress())
    except KeyboardInterrupt:
        return 130
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console that cannot write Chinese
    if arguments.json:
        print(json.dumps(_as_json(report), ensure_ascii=False, indent=2))
    else:
        _print(report)
    return STATUS[report.verdict]


def _progress() -> Progress | None:
    """Shows whole percents where a person watches."""
    if not sys.stderr.isatty():
        return None
    shown = -1

    def show(done: int, total: int) -> None:
        nonlocal shown
        if (percent := min(100, done * 100 // max(1, total))) != shown:
            shown = percent
            print(f"\r{percent:3} %\r", end="", file=sys.stderr, flush=True)

    return show


def _facts(report: Report) -> dict[str, str]:
    """What the manifest says about itself, as far as it is text."""
    names = ("number", "case", "purpose", "operator", "console", "created_utc")
    said = {name: report.manifest.get(name) for name in names}
    return {name: printable(value) for name, value in said.items() if isinstance(value, str)}


def _as_json(report: Report) -> dict[str, Any]:
    return {
        "folder": str(report.folder),
        "verdict": report.verdict,
        "status": STATUS[report.verdict],
        "findings": [asdict(f) for f in report.findings],
        "manifest": _facts(report),
        "key_id": report.key_id,
        "key_name": report.key_name,
        "log_rows": len(report.log),
        "log_head": report.log_head,
        "files": report.files,
        "bytes": report.size,
    }


def _print(report: Report) -> None:
    print(f"{report.verdict.upper()}  {printable(str(report.folder))}")
    print(MEANING[report.verdict])
    for finding in report.findings:
        print(f"  {finding.result:15}  {': '.join(filter(None, (finding.path, finding.detail)))}")
    for name, value in _facts(report).items():
        print(f"{name.replace('_', ' '):12} {value}")
    if report.key_id:
        print(f"{'key':12} {report.key_id} ({report.key_name or 'unknown'})")
    if report.log:
        last = report.log[-1]
        said = f"{len(report.log)}; the last: {last.action}, {printable(last.person)}"
        print(f"{'log rows':12} {said}")
    if report.manifest:
        print(f"{'compared':12} {report.files} files, {report.size / 1e6:.1f} MB")
