"""`watchroom bench`: what to measure."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""


def run(arguments: argparse.Namespace) -> int:
    """Placeholder until the measurements are there."""
    return 1
