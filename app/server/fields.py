"""Types of request fields that endpoints share: what they refuse never reaches the database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints

_PLAIN = r"^[^\x00-\x1f\x7f]*$"  # PostgreSQL refuses NUL; a log line is one line
_ID = r"^[0-9A-Za-z._-]{1,36}$"

Id = Annotated[str, StringConstraints(pattern=_ID)]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{20}$")]
PathId = Annotated[str, Path(pattern=_ID)]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=_PLAIN)
]
Sentence = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500, pattern=_PLAIN)
]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_PLAIN)]


def _sensible(time: datetime) -> datetime:
    if not 2000 <= time.year <= 2200:
        raise ValueError("a year from 2000 to 2200")
    return time.astimezone(UTC)


Time = Annotated[AwareDatetime, AfterValidator(_sensible)]


class Body(BaseModel):
    """A request's JSON; a field nobody knows is a mistake and refused."""

    model_config = ConfigDict(extra="forbid")
