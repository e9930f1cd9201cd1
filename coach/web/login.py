"""One password for everybody who may come in, where others than the person at this computer can reach the coach.

Nothing is served without it but the login page and ``/healthz``. Accounts come later; every stored row has an owner
already.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coach.errors import CoachError, ConfigError
from coach.reports import render
from coach.settings import Settings

SHORTEST = 12  # characters of a password
FREE_TRIES = 5  # wrong tries from one address before it has to wait,
FIRST_WAIT = 30.0  # seconds, doubled with every further one
LONGEST_WAIT = 3600.0
ALL_TRIES = 50  # wrong tries from everywhere within
ALL_SECONDS = 600.0
IDLE = 12 * 3600.0  # seconds after which somebody who does nothing is logged out
MOST_PEOPLE = 1_000
COOKIE = "coach_login"
OPEN = frozenset({"/login", "/healthz"})

Clock = Callable[[], float]
router = APIRouter(tags=["login"])


class Wrong(CoachError):
    """This is not the password."""


class Locked(CoachError):
    """There were too many wrong tries."""


@dataclass
class _Tries:
    count: int = 0
    until: float = 0.0


class Lockout:
    """Counts wrong tries: by address, and all of them together. A try counts as wrong until it proved right."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        """Begin with nobody locked out; ``clock`` gives seconds."""
        self._clock = clock
        self._lock = threading.Lock()
        self._by_address: dict[str, _Tries] = {}
        self._all: deque[float] = deque()

    def begin(self, address: str) -> float:
        """Count a try before it is looked at, so that many at once do not slip through; returns when it was.

        Raises:
            Locked: if none may be made now; it is not counted then.
        """
        now = self._clock()
        with self._lock:
            while self._all and self._all[0] <= now - ALL_SECONDS:
                self._all.popleft()
            over = [key for key, one in self._by_address.items() if one.until <= now - LONGEST_WAIT]
            for key in over:
                del self._by_address[key]
            tries = self._by_address.setdefault(_network(address), _Tries(until=now))
            wait = tries.until - now
            if len(self._all) >= ALL_TRIES:
                wait = max(wait, self._all[0] + ALL_SECONDS - now)
            if wait > 0:
                raise Locked(f"There were too many wrong tries. Try again in {_long(wait)}.")
            tries.count += 1
            rest = min(FIRST_WAIT * 2 ** (tries.count - FREE_TRIES), LONGEST_WAIT) if tries.count >= FREE_TRIES else 0.0
            tries.until = now + rest
            self._all.append(now)
            return now

    def right(self, address: str, when: float) -> None:
        """Take back what a try that proved right was counted for."""
        with self._lock:
            self._by_address.pop(_network(address), None)
            if when in self._all:
                self._all.remove(when)


class Door:
    """Who may come in: the password as a slow hash, and the tokens of those who gave it."""

    def __init__(self, password: str, clock: Clock = time.monotonic) -> None:
        """Keep no password in the clear."""
        self._salt = secrets.token_bytes(16)
        self._hash = self._slow(password)
        self._clock = clock
        self._tries = Lockout(clock)
        self._lock = threading.Lock()
        self._inside: dict[bytes, float] = {}

    def enter(self, password: str, address: str) -> str:
        """Give the token that opens everything.

        Raises:
            Wrong: if this is not the password.
            Locked: if there were too many wrong tries.
        """
        when = self._tries.begin(address)
        if not hmac.compare_digest(self._slow(password), self._hash):
            raise Wrong("That is not the password.")
        self._tries.right(address, when)
        token = secrets.token_urlsafe(32)
        with self._lock:
            while len(self._inside) >= MOST_PEOPLE:
                del self._inside[next(iter(self._inside))]
            self._inside[_digest(token)] = self._clock() + IDLE
        return token

    def knows(self, token: str) -> bool:
        """Whether somebody with this token is inside; whoever does something stays."""
        key, now = _digest(token), self._clock()
        with self._lock:
            until = self._inside.pop(key, 0.0)
            if until <= now:
                return False
            self._inside[key] = now + IDLE
            return True

    def leave(self, token: str) -> None:
        """Make a token worthless."""
        with self._lock:
            self._inside.pop(_digest(token), None)

    def _slow(self, password: str) -> bytes:
        return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=self._salt, n=2**14, r=8, p=1)


class Guard:
    """Lets nothing through, page, API, queue or file, but for those inside the door."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        """Stand before the whole app."""
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        if scope["type"] == "lifespan" or (scope["type"] == "http" and scope["path"] in OPEN):
            await self._app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        if self._door.knows(asked.cookies.get(COOKIE, "")):
            await self._app(scope, receive, _unstored(send))
        elif scope["type"] == "http":
            await _refusal(asked, scope)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})


@router.get("/login", response_class=HTMLResponse)
def page(next: Annotated[str, Query(max_length=2000)] = "/") -> str:
    """The page that asks for the password."""
    return render("login.html", next=_local(next), wrong="")


@router.post("/login", response_class=HTMLResponse)
def enter(
    request: Request,
    password: Annotated[str, Form(max_length=1000)],
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Log in: sets a cookie that opens everything else. Tools keep it, too."""
    door: Door = request.app.state.door
    try:
        token = door.enter(password, request.client.host if request.client else "")
    except (Wrong, Locked) as error:
        status = 401 if isinstance(error, Wrong) else 429
        return HTMLResponse(render("login.html", next=_local(next), wrong=str(error)), status)
    answer = RedirectResponse(_local(next), 303)
    answer.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/")
    return answer


@router.post("/logout")
def leave(request: Request) -> RedirectResponse:
    """Log out: the cookie opens nothing any more."""
    door: Door = request.app.state.door
    door.leave(request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE, path="/")
    return answer


def password(settings: Settings) -> str:
    """The password that was set.

    Raises:
        ConfigError: if there is none, or it is too short.
    """
    given, file = settings.password, settings.password_file
    try:
        word = file.read_text("utf-8").strip() if file else given.get_secret_value() if given else ""
    except (OSError, ValueError) as error:
        told = f"COACH_PASSWORD_FILE {file} cannot be read"
        raise ConfigError(f"{told} ({getattr(error, 'strerror', None) or 'it is no text'}).") from None
    if len(word) < SHORTEST:
        what = f"has only {len(word)} characters" if word else "is not set"
        open_to = f"At {settings.host}" if not settings.names else f"Under the name {settings.names[0]}"
        told = f"{open_to} others could read private practice talks, and the password {what}"
        raise ConfigError(f"{told}: set COACH_PASSWORD to {SHORTEST} characters or more, or leave --host out.")
    return word


def _refusal(asked: HTTPConnection, scope: Scope) -> Response:
    """Where to log in, for people and for tools."""
    if scope["method"] == "GET" and "text/html" in asked.headers.get("accept", ""):
        wanted = scope["path"] + (f"?{asked.url.query}" if asked.url.query else "")
        return RedirectResponse(f"/login?next={quote(wanted, safe='')}", 303)
    return JSONResponse({"detail": "Log in first: send the password to /login and keep the cookie."}, 401)


def _unstored(send: Send) -> Send:
    """What was private stays out of the browser's memory unless the answer says how long it may stay."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).setdefault("cache-control", "no-store")
        await send(message)

    return sending


def _local(path: str) -> str:
    """A place on this server; anything else leads to the start."""
    safe = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if safe and path != "/login" else "/"


def _network(address: str) -> str:
    """What one person holds: an IPv4 address, or the 64 bits of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))
    return str(found)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _long(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds > 90 else f"{max(1, round(seconds))} seconds"
