"""Errors as a client gets them: RFC 9457 problem documents with a stable `code`."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):  # noqa: N818 -- as RFC 9457 says
    """What the client is told. `code` never changes its meaning; `detail` is for people."""

    def __init__(self, status: int, code: str, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.extra = status, code, detail, extra

    def body(self) -> bytes:
        """The document."""
        document = {"type": "about:blank", "status": self.status, "code": self.code,
                    "detail": self.detail, **self.extra}  # fmt: skip
        return json.dumps(document).encode()

    def headers(self) -> dict[str, str]:
        """Beside the content type: when to come again, how to sign in."""
        headers = {}
        if "retry_after" in self.extra:
            headers["retry-after"] = str(self.extra["retry_after"])
        if self.status == 401:
            headers["www-authenticate"] = "Bearer"
        return headers

    def response(self) -> Response:
        """The whole answer."""
        return Response(self.body(), self.status, self.headers(), media_type=MEDIA_TYPE)
