"""What a request may be, told by its head: nothing is read of one that brings too much or comes from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

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


class OwnForms:
    """Refuses what another site's page makes a browser send here: a form needs no permission to be sent."""

    def __init__(self, app: ASGIApp) -> None:
        """Take what is guarded."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            headers = Headers(scope=scope)
            origin = headers.get("origin")
            if origin and urlsplit(origin).netloc != headers.get("host", ""):
                told = "This was sent from another site; open the coach itself and try again."
                return await JSONResponse({"detail": told}, 403)(scope, receive, send)
        return await self._app(scope, receive, send)
