"""The protocol broken on purpose, one mistake each: the tests must notice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

MUTANTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {}
