"""``coach export``: everything that is kept of one's practice."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coach.cli.options import open_app


def export(
    out: Annotated[Path | None, typer.Option("--out", help="File to write [default: print it].")] = None,
) -> None:
    """Print or write everything you practised as JSON: talks, readings, critiques, remarks, labels, own scenarios."""
    import json

    from coach.app import OWNER
    from coach.content import OWN, own_files, read_text
    from coach.evaluation import write_json
    from coach.programme import export

    app = open_app()
    own = {name: read_text(path) for name, path in own_files(app.settings.home / OWN).items()}
    found = export(app.store, OWNER, own).model_dump(mode="json")
    if out is None:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        write_json(found, out)
        typer.echo(f"{len(found['talks'])} talks are in {out}.")
