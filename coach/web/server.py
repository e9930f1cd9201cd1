"""Serve the page and the API on this computer."""

from __future__ import annotations

import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from coach.app import OWNER, App
from coach.errors import ConfigError
from coach.reports import render
from coach.settings import Settings
from coach.web import calibration, comparing, contest, debriefing, desk, login, progress, rules, shelves
from coach.web.api import create_api
from coach.web.bounds import Bounded, OwnForms
from coach.web.warming import warm

if TYPE_CHECKING:
    from gradio.themes import Base

# Names under which this computer reaches itself; any other Host header is a foreign page's doing.
HOSTS = ["127.0.0.1", "localhost", "[::1]"]
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - to be told apart, and then behind a password
SHARED = "Whoever has the password can read every talk. Without https it can be overheard; see docs/hosting.md."
# Gradio calls home, and after every event makes a table of all events so far, unless it is told not to.
QUIET_GRADIO = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**9),
}
SMALL = {"/login": 10_000, "/logout": 1_000, **desk.LIMITS}  # bytes


def create_server(app: App) -> FastAPI:
    """The web app, warmed up: the first conversation starts at once.

    Where others can reach it, a guard stands before everything; see ``coach.web.login``.

    Raises:
        ConfigError: if it needs a password and none that can be used is set.
    """
    door = login.Door(login.password(app.settings)) if app.settings.shared else None
    os.environ.update(QUIET_GRADIO)
    if "matplotlib" not in sys.modules and find_spec("matplotlib") is None:
        # Gradio tries to import it twice for every event, and each time the whole path is searched again.
        sys.modules["matplotlib"] = None  # type: ignore[assignment]
    import gradio as gr

    from coach.web.page import build

    app.knowledge.search("ready", 1)
    app.practice.store.sessions(OWNER)
    api = create_api(app)
    api.include_router(shelves.router)
    api.include_router(rules.router)
    api.include_router(comparing.router)
    api.include_router(debriefing.router)
    api.include_router(progress.router)
    api.include_router(contest.router)
    api.include_router(calibration.router)
    api.include_router(desk.router)
    api.state.works = desk.Works()
    api.add_middleware(OwnForms)
    if door:
        api.state.door = door
        api.include_router(login.router)
        api.add_middleware(login.Guard, door=door)
    api.add_middleware(Bounded, paths=SMALL)
    api.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts(app.settings), www_redirect=False)
    mounted: FastAPI = gr.mount_gradio_app(
        api,
        build(app),
        path="/",
        css=render("style.css") + render("page.css"),
        theme=_theme(),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
    )
    return mounted


def hosts(settings: Settings) -> list[str]:
    """Names under which browsers may reach the server.

    A server that listens everywhere has names that it cannot know. There any will do, unless they are set: a page of
    another site that takes such a name has no cookie for it, and so it gets no further than the login.
    """
    if settings.host in EVERYWHERE:
        return [*HOSTS, *settings.names] if settings.names else ["*"]
    return [*HOSTS, _bracketed(settings.host), *settings.names]


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _theme() -> Base:
    """Calm and legible: dark enough for text of normal size on every surface."""
    import gradio as gr

    deep = {"background_fill": "#1f6f6b", "background_fill_hover": "#185a57", "text_color": "#ffffff"}
    return gr.themes.Soft(primary_hue="teal", neutral_hue="stone", font=["system-ui", "sans-serif"]).set(
        **{f"button_primary_{name}": value for name, value in deep.items()},
        **{f"button_primary_{name}_dark": value for name, value in deep.items()},
        body_text_color_subdued="#57534e",
        body_text_color_subdued_dark="#c4beb8",
        block_title_background_fill="none",
        block_title_background_fill_dark="none",
        block_title_text_color="#44403c",
        block_title_text_color_dark="#e7e5e4",
        checkbox_label_background_fill_selected="#1f6f6b",
        checkbox_label_background_fill_selected_dark="#1f6f6b",
        checkbox_label_text_color_selected="#ffffff",
        input_placeholder_color="#6b645e",
        input_border_width="1px",
        input_border_color="#a39a8c",
        button_secondary_background_fill_hover_dark="#185a57",
        button_secondary_border_color="#a39a8c",
        button_border_width="1px",
    )


class Server(uvicorn.Server):
    """A server that begins something once it answers."""

    def __init__(self, config: uvicorn.Config, then: Callable[[], None]) -> None:
        """Take what to begin."""
        super().__init__(config)
        self._then = then

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, then begin the rest."""
        await super().startup(sockets)
        if self.started:
            self._then()


def serve(app: App, host: str, port: int, browser: bool) -> None:
    """Serve until interrupted.

    Raises:
        ConfigError: if the port cannot be used, or a password is needed and not set.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ConfigError(f"Port {port} on {host} cannot be used ({error.strerror}); choose another --port.") from None
    url = f"http://{_bracketed(socket.gethostname() if host in EVERYWHERE else host)}:{port}"
    stop = threading.Event()
    warming = threading.Thread(target=warm, args=(app, stop.is_set), name="warming", daemon=True)
    server = Server(uvicorn.Config(create_server(app), log_level="warning"), warming.start)
    print(f"The coach is at {url} (stop with Ctrl+C).")  # noqa: T201 - the one thing a person needs to see
    if app.settings.shared:
        print(SHARED)  # noqa: T201 - and what whoever lets others in has to know
    if browser:
        threading.Timer(0.5, webbrowser.open, [url]).start()
    try:
        server.run(sockets=[listener])
    finally:
        stop.set()
        if warming.is_alive():
            warming.join()
