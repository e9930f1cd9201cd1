"""``coach ui``: the web app."""

from __future__ import annotations

from typing import Annotated

import typer

from coach.cli.options import Content, Model


def ui(
    host: Annotated[
        str | None,
        typer.Option(
            "--host",
            help="Where to listen [default: COACH_HOST or 127.0.0.1, this computer]; elsewhere needs COACH_PASSWORD.",
        ),
    ] = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port.")] = 7860,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser window.")] = True,
    model: Model = None,
    content: Content = None,
) -> None:
    """Start the coach in the browser."""
    from coach.app import App
    from coach.settings import read_settings

    settings = read_settings(model=model, content=content, host=host)
    if settings.shared:
        from coach.web.login import password

        password(settings)  # before anything that takes time
    app = App(settings)
    from coach.web import serve

    serve(app, settings.host, port, browser)
