"""What can go wrong with stored data, in words for a person."""

from __future__ import annotations


class StoreError(Exception):
    """A read or write failed. `fields` names the wrong fields of a form, with a code each."""

    def __init__(self, message: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}
