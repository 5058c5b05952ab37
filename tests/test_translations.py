from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from app.paths import RESOURCES

FOLDER = RESOURCES / "translations"
BIN = Path(sys.executable).parent


def _messages(path: Path) -> list[tuple[str, str, str]]:
    root = ElementTree.parse(path).getroot()
    return [
        (c.findtext("name") or "", m.findtext("source") or "",
         "".join(m.find("translation").itertext()) if m.find("translation") is not None else "")
        for c in root.iter("context") for m in c.iter("message")
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_text_is_translated(language: str) -> None:
    path = FOLDER / f"watchroom_{language}.ts"
    assert "unfinished" not in path.read_text()
    assert all(text.strip() for _, _, text in _messages(path))


def test_chinese_keeps_every_placeholder_and_mnemonic_apart() -> None:
    for _, source, text in _messages(FOLDER / "watchroom_zh_CN.ts"):
        for mark in (
            "{time}",
            "{name}",
            "{seconds}",
            "{text}",
            "{reason}",
            "%n",
            "{live}",
            "{all}",
        ):
            assert (mark in source) == (mark in text), source


def test_no_text_of_the_source_is_missing(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.ts"
    command = [str(BIN / "pyside6-lupdate"), "-locations", "none", "-extensions", "py", "app/ui",
               "-ts", str(fresh)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    known = {(c, s) for c, s, _ in _messages(FOLDER / "watchroom_zh_CN.ts")}
    assert {(c, s) for c, s, _ in _messages(fresh)} == known, "run make translations"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_compiled_file_is_in_step(language: str, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.qm"
    source = FOLDER / f"watchroom_{language}.ts"
    command = [str(BIN / "pyside6-lrelease"), str(source), "-qm", str(fresh)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    compiled = FOLDER / f"watchroom_{language}.qm"
    assert fresh.read_bytes() == compiled.read_bytes(), "run make translations"
