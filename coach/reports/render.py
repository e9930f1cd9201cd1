"""Render what is read: one set of templates for the page, the terminal and the print."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from coach.reports.replies import reply, where, your_reply


def render(template: str, **names: object) -> str:
    """Render a template of ``coach/reports/templates``; HTML templates escape everything they are given."""
    return _environment().get_template(template).render(**names)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("coach.reports"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(where=where, your_reply=your_reply, reply=reply)
    return environment
