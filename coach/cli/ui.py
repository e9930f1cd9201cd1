"""``coach ui``: the web app."""

from __future__ import annotations

from typing import Annotated

import typer

from coach.cli.options import Content, Model, open_app

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def ui(
    host: Annotated[str, typer.Option("--host", help="Where to listen; only this computer for now.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port.")] = 7860,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser window.")] = True,
    model: Model = None,
    content: Content = None,
) -> None:
    """Start the coach in the browser."""
    from coach.errors import ConfigError

    if host not in LOOPBACK:
        raise ConfigError(
            f"--host {host} would let others read private practice talks; use one of {', '.join(LOOPBACK)}."
        )
    app = open_app(model, content)
    from coach.web import serve

    serve(app, host, port, browser)
