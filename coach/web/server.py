"""Serve the page and the API on this computer."""

from __future__ import annotations

import os
import socket
import threading
import webbrowser
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.middleware.trustedhost import TrustedHostMiddleware

from coach.app import OWNER, App
from coach.errors import ConfigError
from coach.reports import render
from coach.web import rules, shelves
from coach.web.api import create_api

if TYPE_CHECKING:
    from gradio.themes import Base
    from starlette.middleware.base import RequestResponseEndpoint

# Names under which this computer reaches itself; any other Host header is a foreign page's doing.
HOSTS = ["127.0.0.1", "localhost", "[::1]"]


def create_server(app: App) -> FastAPI:
    """The web app, warmed up: the first conversation starts at once."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    from coach.web.page import build

    app.knowledge.search("ready", 1)
    app.practice.store.sessions(OWNER)
    api = create_api(app)
    api.include_router(shelves.router)
    api.include_router(rules.router)
    api.middleware("http")(_no_foreign_forms)
    api.add_middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)
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


async def _no_foreign_forms(request: Request, call: RequestResponseEndpoint) -> Response:
    """Refuse what another site's page makes a browser send here: a form needs no permission to be sent."""
    origin = request.headers.get("origin")
    if origin and request.method not in ("GET", "HEAD", "OPTIONS") and urlsplit(origin).netloc != request.url.netloc:
        return JSONResponse({"detail": "This was sent from another site; open the coach itself and try again."}, 403)
    return await call(request)


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
    )


def serve(app: App, host: str, port: int, browser: bool) -> None:
    """Serve until interrupted.

    Raises:
        ConfigError: if the port cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ConfigError(f"Port {port} on {host} cannot be used ({error.strerror}); choose another --port.") from None
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    server = uvicorn.Server(uvicorn.Config(create_server(app), log_level="warning"))
    print(f"The coach is at {url} (stop with Ctrl+C).")  # noqa: T201 - the one thing a person needs to see
    if browser:
        threading.Timer(0.5, webbrowser.open, [url]).start()
    server.run(sockets=[listener])
