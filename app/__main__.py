"""The command line: `watchroom client|demo|simulate|bench|doctor`."""

from __future__ import annotations


def main() -> int:
    """Entry point; returns the process's exit status."""
    raise SystemExit("not built yet")


if __name__ == "__main__":
    raise SystemExit(main())
