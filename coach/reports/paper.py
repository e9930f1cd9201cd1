"""One critique as a PDF to hand over, set by Typst: tagged for screen readers, its fonts within."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from coach.domain import Finding, Override
from coach.errors import InputError
from coach.reports.authored import Authored
from coach.reports.figures import OUTCOMES, Outcome, outcome
from coach.reports.files import whole
from coach.reports.lines import CritiqueLine
from coach.reports.overrides import changed, read_overrides
from coach.reports.page import clock, label
from coach.reports.render import act, upfirst
from coach.reports.replies import reply
from coach.reports.results import engine, read_lines, results_file
from coach.reports.trust import NO_ASSESSMENT

NAME_MAX = 80
_UNSAFE = re.compile(r"[^\w.-]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]+")


def write_critique(out: Path, id: str, library: Authored) -> Path:
    """Write ``critique-ID.pdf`` beside the results.

    Raises:
        InputError: if there is no such result, it was not scored, or the file cannot be written.
    """
    line = next((line for _, line in read_lines(results_file(out)) if line.id == id), None)
    if line is None:
        raise InputError(f"There is no result {id[:NAME_MAX]!r} in {out}; conversations.csv lists the ids.")
    if line.status == "failed":
        raise InputError(f"{id} was not scored ({line.reason}), so there is no critique to hand over.")
    path = out / f"critique-{_UNSAFE.sub('_', id)[:NAME_MAX]}.pdf"
    with whole(path) as part:
        part.write_bytes(critique_pdf(line, library, [one for one in read_overrides(out) if one.id == id]))
    return path


def critique_pdf(line: CritiqueLine, library: Authored, overrides: Iterable[Override] = ()) -> bytes:
    """The critique as PDF/UA-1, so that screen readers find its headings and quotes.

    Levels that trainers set for this conversation stand apart from what was measured; of each only the newest. Where
    somebody used a sign that no font has, it is as tagged, but does not claim the standard.
    """
    data = json.dumps(_data(line, library, overrides))
    template = (files("coach.reports") / "templates" / "critique.typ").read_bytes()
    try:
        made = typst.compile(template, format="pdf", sys_inputs={"data": data}, pdf_standards="ua-1")
    except typst.TypstError:  # a sign that no font here has: it shows as a box, which the standard forbids
        made = typst.compile(template, format="pdf", sys_inputs={"data": data})
    return bytes(made)


def _data(line: CritiqueLine, library: Authored, overrides: Iterable[Override]) -> dict[str, Any]:
    """What the template shows, in words; numbers of levels stay in the tables."""
    rest = [found for n, found in enumerate(line.findings) if n not in (line.keep, line.change)]
    names: dict[Outcome, list[str]] = {word: [] for word in OUTCOMES}
    for principle, level in line.levels.items():
        if word := outcome(level):
            names[word].append(library.acts[principle])
    about = [line.about.team and f"Team {line.about.team}", line.about.file and f"recording {line.about.file}"]
    made = line.provenance
    data = {
        "title": "Critique of a one-on-one",
        "about": ". ".join([label(line.about, line.id), *filter(None, about)]),
        "no_assessment": NO_ASSESSMENT,
        "keep": _finding("Keep", line.findings[line.keep], line, library) if line.keep is not None else None,
        "change": (
            None if line.change is None else _finding("Change first", line.findings[line.change], line, library)
        ),
        "outcomes": [{"word": word.capitalize(), "names": some} for word, some in names.items() if some],
        "changed": [asdict(one) for one in changed(overrides, library)],
        "rest": [_finding(_HEADINGS[found.kind], found, line, library) for found in rest],
        "plan": [
            {"name": upfirst(library.acts[step.principle]), "tip": step.tip, "exercise": step.exercise}
            for step in line.plan
        ],
        "turns": [_turn(i, line, library) for i in range(len(line.turns))],
        "reliability": line.reliability,
        "made": f"Read by {engine(line)}; version {made.version}, content {made.content}.",
    }
    cleaned: dict[str, Any] = _clean(data)
    return cleaned


_HEADINGS = {"strength": "Helped", "slip": "Cost", "missed": "An opening"}


def _finding(heading: str, found: Finding, line: CritiqueLine, library: Authored) -> dict[str, Any]:
    return {
        "heading": f"{heading}: {act(found, library)}",
        "good": found.kind == "strength",
        "said": [{"where": reply(line.said, evidence.turn), "quote": evidence.quote} for evidence in found.evidence],
        "effect": found.effect,
        "advice": found.advice,
        "better": found.better_words,
        "better_from": found.better_words_from,
        "passages": [{"quote": p.quote, "from": f"{p.title or p.source}, {p.section}"} for p in found.passages],
    }


def _turn(i: int, line: CritiqueLine, library: Authored) -> dict[str, Any]:
    turn = line.turns[i]
    manager = turn.speaker == "manager"
    who = (line.about.manager or "Manager") if manager else (line.about.rep or "Rep")
    at = f", at {clock(turn.seconds)}" if turn.seconds is not None else ""
    heard = [{"good": True, "words": "helped most"}] if i == line.best else []
    heard += [{"good": False, "words": "cost most"}] if i == line.worst else []
    for code in line.codes.get(str(i), ()):
        good = library.behaviours[code].kind == "strength"
        heard.append({"good": good, "words": f"{'helps' if good else 'costs'}: {library.acts[code]}"})
    count = f", {reply(line.said, i)}" if manager else ""
    return {"who": f"{who}{count}{at}", "manager": manager, "text": turn.text, "heard": heard}


def _clean(value: Any) -> Any:  # noqa: ANN401 -- any JSON
    """Without control characters, which no font can show."""
    if isinstance(value, str):
        return _CONTROL.sub(" ", value)
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list) else value
