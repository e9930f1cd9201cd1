"""How much a request may carry; nothing is read of one that says it brings more, or does not say how much."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

MOST = 210 * 2**20  # bytes; recordings and documents come as uploads


class Bounded:
    """Refuses bodies that are too large before anything reads them."""

    def __init__(self, app: ASGIApp, most: int = MOST, paths: Mapping[str, int] | None = None) -> None:
        """Take the bytes that any body may have, and those of single paths."""
        self._app = app
        self._most = most
        self._paths = paths or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            most = self._paths.get(scope["path"], self._most)
            length = headers.get("content-length", "0")
            if "transfer-encoding" in headers:
                answer = JSONResponse({"detail": "Say how long the body is (Content-Length)."}, 411)
                return await answer(scope, receive, send)
            if not length.isdecimal() or int(length) > most:
                told = f"This is more than {most // 1000:,} KB, which is the most that is read here."
                return await JSONResponse({"detail": told}, 413)(scope, receive, send)
        return await self._app(scope, receive, send)
