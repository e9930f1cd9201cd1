"""Render what is read: one set of templates for the page, the terminal and the print."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from coach.domain import Finding
from coach.reports.authored import Authored
from coach.reports.replies import reply, where, your_reply


def render(template: str, **names: object) -> str:
    """Render a template of ``coach/reports/templates``; HTML templates escape everything they are given."""
    return _environment().get_template(template).render(**names)


def upfirst(words: str) -> str:
    """Words that begin a line: the first letter large, all others as they are."""
    return words[:1].upper() + words[1:]


def act(finding: Finding, library: Authored) -> str:
    """The plain act that a finding is about; where an opening passed, there was room for it."""
    named = library.acts[finding.code or finding.principle]
    return f"there was room for {named}" if finding.kind == "missed" else named


def hardness(difficulty: str) -> str:
    """A difficulty as managers read it: "standard" says nothing of how hard a talk is."""
    return "medium" if difficulty == "standard" else difficulty


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("coach.reports"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(upfirst=upfirst, hardness=hardness)
    environment.globals.update(act=act, where=where, your_reply=your_reply, reply=reply)
    return environment
