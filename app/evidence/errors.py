"""What can go wrong while evidence is written or read, in words for a person."""

from __future__ import annotations


class EvidenceError(Exception):
    """A package, a log row or a signing key could not be made or used."""


class CancelledError(Exception):
    """Somebody stopped the work; nothing half made is left."""
