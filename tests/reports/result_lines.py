"""Result lines for the tests of reports."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from coach.domain import PRINCIPLES, About, Citation, Evidence, Finding, Practice, Provenance
from coach.reports.lines import CritiqueLine, Said, failed_line
from coach.reports.results import Row, row_of

MADE_BY = Provenance(model="offline", coder="local-3", content="abc", version="0.1.0")
TALK = (
    Said(speaker="rep", text="I am worn out."),
    Said(speaker="manager", text="What would help?", seconds=67.0),
    Said(speaker="rep", text="Fewer calls."),
    Said(speaker="manager", text="You always complain.", seconds=3750.5),
)


def finding(kind: str, turn: int, quote: str, **more: object) -> Finding:
    code = {"strength": "ASK", "slip": "BLAME"}.get(kind)
    level = 4 if kind == "strength" else 1
    return Finding.model_validate(
        {
            "principle": "coaching", "kind": kind, "code": code, "level": level, "advice": f"Advice on {kind}",
            "effect": f"Effect of {kind}", "evidence": (Evidence(turn=turn, quote=quote),),
            "passages": (Citation(source="leading", section="Coaching", quote="Ask first.", title="Leading"),),
            **more,
        }
    )  # fmt: skip


def result(
    id: str = "t1",
    team: str = "",
    manager: str = "",
    date: str = "",
    levels: dict[str, int] | None = None,
    **more: object,
) -> CritiqueLine:
    """A scored conversation of four turns with a strength in turn 1 and a slip in turn 3."""
    about = About(manager=manager, team=team, date=dt.date.fromisoformat(date) if date else None)
    fields: dict[str, Any] = {
        "id": id, "codes": {"1": ("ASK",), "3": ("BLAME",)}, "levels": {**dict.fromkeys(PRINCIPLES), **(levels or {})},
        "overall": 3, "lean": 0, "best": 1, "worst": 3, "status": "scored", "reason": "", "model": "offline",
        "findings": (finding("strength", 1, "What would help?"), finding("slip", 3, "You always complain.")),
        "keep": 0, "change": 1, "profile": (), "dropped": 0, "reliability": "Measured on 42 talks.",
        "plan": (Practice(principle="data", tip="Look", exercise="Try"),), "provenance": MADE_BY, "about": about,
        "turns": TALK,
    }  # fmt: skip
    return CritiqueLine.model_validate(fields | more)


def failed(id: str = "f1", reason: str = "f1.jsonl:1: the line is not JSON") -> CritiqueLine:
    return CritiqueLine.model_validate(failed_line(id, reason, MADE_BY))


def row(n: int = 0, **fields: Any) -> Row:  # noqa: ANN401 -- what result takes
    return row_of(n, 0, result(**fields))


def write(folder: Path, lines: Iterable[CritiqueLine], *without: str) -> Path:
    """Write a folder of results, its lines without these fields."""
    folder.mkdir(exist_ok=True)
    with (folder / "critiques.jsonl").open("w", encoding="utf-8") as file:
        for line in lines:
            kept = {name: value for name, value in line.model_dump(mode="json").items() if name not in without}
            file.write(json.dumps(kept, ensure_ascii=False) + "\n")
    return folder
