"""What the verification of an evidence package found, in words for the player's banner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.evidence.verify import Report, Result, verify
from app.ui.player import VerificationText

MOST_FINDINGS = 6
LEVELS = {
    Result.COMPLETE: "good",
    Result.UNKNOWN_KEY: "warning",
    Result.UNEXPECTED_FILE: "warning",
}


def result_text(result: Result) -> str:
    """A finding in a few words."""
    translate = QCoreApplication.translate
    return {
        Result.COMPLETE: translate("Verify", "Complete and unaltered"),
        Result.NOT_A_PACKAGE: translate("Verify", "This is no evidence package"),
        Result.BAD_SIGNATURE: translate("Verify", "The signature is wrong"),
        Result.FILE_CHANGED: translate("Verify", "A file was changed"),
        Result.FILE_MISSING: translate("Verify", "A file is missing"),
        Result.UNKNOWN_KEY: translate("Verify", "Signed with a key that is not known here"),
        Result.LOG_BROKEN: translate("Verify", "The chain of custody is broken"),
        Result.UNEXPECTED_FILE: translate("Verify", "There is a file that does not belong to it"),
    }[result]


def report_text(report: Report) -> VerificationText:
    """The verdict in the first line, the findings below."""
    lines = [result_text(report.verdict)]
    if report.verdict is Result.COMPLETE:
        text = QCoreApplication.translate("Verify", "signed by {name}, key {key}")
        lines.append(text.format(name=report.key_name, key=report.key_id))
    for finding in report.findings[:MOST_FINDINGS]:
        where = f"  {finding.path}" if finding.path else ""
        lines.append(f"{result_text(finding.result)}{where}")
    more = len(report.findings) - MOST_FINDINGS
    if more > 0:
        lines.append(QCoreApplication.translate("Verify", "and %n more", None, more))
    return VerificationText(LEVELS.get(report.verdict, "bad"), "\n".join(lines))


def verifier(trusted: Path) -> Callable[[Path], VerificationText]:
    """For the player: verifies a package with the keys of that folder. Waits for the disk."""
    return lambda folder: report_text(verify(folder, trusted))
