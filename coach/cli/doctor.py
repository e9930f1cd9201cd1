"""``coach doctor``: what is configured, reachable and missing, and what to do."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import typer

from coach.cli.options import Content, Model

if TYPE_CHECKING:
    from coach.app import App


def doctor(model: Model = None, content: Content = None) -> None:
    """Check this installation; exit code 2 if something is missing."""
    import coach
    from coach.app import App as _App
    from coach.errors import CoachError
    from coach.models import destination
    from coach.settings import read_settings

    settings = read_settings(model=model, content=content)
    typer.echo(f"coach {coach.__version__} on Python {platform.python_version()}, {platform.system()}")
    typer.echo(f"stores everything in {settings.home}")
    typer.echo(f"own content: {settings.content or 'none (--content DIR or COACH_CONTENT)'}")
    app = _App(settings)
    for part, chosen in app.names.items():
        typer.echo(f"{part}: {chosen}; your words go {destination(chosen)}")
    if app.model.offline and os.environ.get("OPENAI_API_KEY"):
        typer.echo("OPENAI_API_KEY is set but no model is chosen, so it is not used (--model openai:NAME).")
    checks: dict[str, Callable[[], str]] = {
        "folder can be written": lambda: _writable(app),
        "content": lambda: f"{len(app.library.scenarios)} scenarios, hash {app.library.hash}",
        "coder": lambda: app.coder.id,
        "knowledge index": lambda: _search(app),
        **{f"model {one}": partial(app.answers, one) for one in set(app.names.values()) if not one.offline},
        "database": lambda: f"{len(app.store.sessions('local'))} sessions",
    }
    failed = []
    for name, check in checks.items():
        try:
            typer.echo(f"ok       {name}: {check()}")
        except CoachError as error:
            failed.append(name)
            typer.echo(f"MISSING  {name}: {error}")
    if failed:
        raise typer.Exit(2)
    typer.echo("Everything is in place. Start with: coach ui")


def _writable(app: App) -> str:
    from coach.errors import StoreError

    home = app.settings.home
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{home} cannot be made ({error.strerror}); set COACH_HOME to a folder of yours.") from None
    if not os.access(home, os.W_OK):
        raise StoreError(f"{home} cannot be written; set COACH_HOME to a folder of yours.")
    return str(home)


def _search(app: App) -> str:
    from coach.errors import KnowledgeError

    if not app.knowledge.search("a rep is burning out", 1):
        raise KnowledgeError("The knowledge base finds nothing; run: coach knowledge build.")
    return f"{app.knowledge.hash}, {len(app.knowledge.passages())} passages"
