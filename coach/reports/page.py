"""The HTML report: one file that needs nothing but a browser, with no script in it."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from markupsafe import Markup

from coach.domain import SLIPS, STRENGTHS, About, Code, Evidence, Finding, Override, PrincipleId
from coach.reports.authored import Authored
from coach.reports.chart import Chart, chart, height
from coach.reports.figures import (
    ENOUGH,
    OUTCOMES,
    Outcome,
    Tally,
    by_principle,
    by_team,
    conversations_with,
    day,
    outcome,
    over_time,
    standing_out,
    tally,
    worth_opening,
)
from coach.reports.lines import CritiqueLine
from coach.reports.overrides import changed
from coach.reports.render import render, upfirst
from coach.reports.replies import reply
from coach.reports.results import Moment, Row, line_at
from coach.reports.trust import NO_ASSESSMENT

MOST_TALKS = 300
MOST_TALK_BYTES = 6_000_000
"""What the conversations in the report may take together, so that it can still be mailed."""
MOST_MOMENTS = 6
MOST_FAILED, FEW_FAILED = 200, 5
MOST_NAMED = 3
"""Principles and behaviours named at the top."""
NO_TEAM = "No team named"


@dataclass(frozen=True)
class Shown:
    """A moment with the words around it."""

    row: Row
    moment: Moment
    finding: Finding
    before: str
    place: str


def report_page(
    rows: Sequence[Row],
    results: Path,
    library: Authored,
    trust: Sequence[str],
    most_teams: int,
    overrides: Sequence[Override] = (),
) -> str:
    """Render the report.

    Args:
        rows: all results, in the order of their file.
        results: the file that the rows were read from; conversations that can be opened are read from it again.
        library: names and words of behaviours and principles.
        trust: how far the scores can be trusted.
        most_teams: teams in the heat map; of more, those with most conversations.
        overrides: levels that trainers set; they stand with their conversations and enter nothing else.
    """
    scored = [row for row in rows if row.scored]
    best = standing_out([(row, row.best) for row in scored if row.best and row.best.clear], MOST_MOMENTS)
    worst = standing_out([(row, row.worst) for row in scored if row.worst and row.worst.clear], MOST_MOMENTS)
    quoted = [row.n for row, _ in (*best, *worst)]
    names = {principle: upfirst(library.acts[principle]) for principle in library.principles}
    with results.open("rb") as file:
        talks = _talks(worth_opening(rows, quoted, MOST_TALKS), file, library, overrides)
        moments = [[_shown(row, moment, file) for row, moment in some] for some in (best, worst)]
    listed = sorted((row for row in scored if row.n in talks), key=_place)
    tallies, known = by_principle(scored), {row.id for row in scored}
    return render(
        "report.html",
        scored=scored,
        failed=[_failed(row) for row in rows if not row.scored],
        most_failed=MOST_FAILED,
        few_failed=FEW_FAILED,
        guessed=[row for row in scored if row.about.guessed],
        heading=_heading(scored),
        no_assessment=NO_ASSESSMENT,
        trust=trust,
        well=_named(tallies, helps=True),
        costly=_named(tallies, helps=False),
        strengths=_most(scored, STRENGTHS),
        slips=_most(scored, SLIPS),
        tallies=tallies,
        whole=tally(row.overall for row in scored),
        teams=by_team(scored, most_teams) if any(row.about.team for row in scored) else {},
        team_count=len({row.about.team for row in scored}),
        no_team=NO_TEAM,
        cells=_cells(listed),
        charts=_charts(scored, names),
        dated=sum(row.about.date is not None for row in scored),
        strongest=moments[0],
        weakest=moments[1],
        groups=_groups(listed),
        talks=talks,
        listed=listed,
        overruled=Counter(one.id for one in overrides if one.id in known),
        library=library,
        names=names,
        outcomes=OUTCOMES,
        enough=ENOUGH,
        height=height,
        day=day,
        percent=percent,
        label=label,
    )


def percent(fraction: float) -> int:
    """A fraction as whole percent."""
    return round(100 * fraction)


def _heading(scored: Sequence[Row]) -> str:
    """Whose recordings these are, as far as they say."""

    def counted(values: set[str], noun: str) -> str:
        return f"{len(values):,} {noun}{'' if len(values) == 1 else 's'}" if values else ""

    managers = counted(_people({row.about.manager for row in scored}), "manager")
    teams = counted({row.about.team for row in scored} - {""}, "team")
    dates = sorted(row.about.date for row in scored if row.about.date)
    words = f"{len(scored):,} recorded {'conversation' if len(scored) == 1 else 'conversations'}"
    words += f" of {managers}" if managers else ""
    words += f" in {teams}" if teams else ""
    if dates:
        words += f", {day(dates[0])}" if dates[0] == dates[-1] else f", {day(dates[0])} to {day(dates[-1])}"
    return words


def _people(names: set[str]) -> set[str]:
    """Names of different people: "Priya" is taken for "Priya Nair" where no other name has that word."""
    words = Counter(word for name in names if " " in name for word in set(name.casefold().split()))
    return {name for name in names if name and words[name.casefold()] != 1}


def _failed(row: Row) -> tuple[str, str]:
    """A recording that was not scored and why: the file's name and the line come first and once."""
    file = row.about.file or row.id
    found = re.fullmatch(rf"{re.escape(file)}(?::(\d+))?: (.*)", row.reason, re.DOTALL)
    if not found:
        return row.id, row.reason
    return (f"{file}, line {found[1]}" if found[1] else file), found[2]


def _named(tallies: Mapping[PrincipleId, Tally], helps: bool) -> list[tuple[PrincipleId, Tally]]:
    """The principles that helped mostly, or seldom, surest first."""
    wanted = ("mostly helps", "helps rather often") if helps else ("seldom helps", "helps rather seldom")
    sure = []
    for principle, one in tallies.items():
        if (share := one.helps) and one.verdict in wanted:
            sure.append((-share.low if helps else share.high, principle, one))
    return [(principle, one) for _, principle, one in sorted(sure, key=lambda item: item[0])[:MOST_NAMED]]


def _most(scored: Sequence[Row], codes: Sequence[Code]) -> list[tuple[Code, int]]:
    """The behaviours that were heard in most conversations."""
    heard = conversations_with(scored)
    return [(code, n) for code, n in heard.most_common() if code in codes and n >= ENOUGH][:MOST_NAMED]


def _talks(rows: Iterable[Row], file: BinaryIO, library: Authored, overrides: Iterable[Override]) -> dict[int, Markup]:
    """Each conversation with its codes beside the lines, as long as there is room."""
    made: dict[int, Markup] = {}
    of: dict[str, list[Override]] = defaultdict(list)
    for one in overrides:
        of[one.id].append(one)
    room = MOST_TALK_BYTES
    for row in rows:
        text = talk(row, line_at(file, row), library, of[row.id])
        if (size := len(text.encode())) <= room:
            made[row.n] = Markup(text)  # noqa: S704 -- the template escaped whatever was said
            room -= size
    return made


def talk(row: Row, line: CritiqueLine, library: Authored, overrides: Iterable[Override]) -> str:
    """One conversation for the report, what trainers see differently in it apart from what was measured."""
    outcomes: dict[Outcome, list[str]] = defaultdict(list)
    for principle, level in line.levels.items():
        if word := outcome(level):
            outcomes[word].append(library.acts[principle])
    return render(
        "talk.html", row=row, line=line, library=library, outcomes=[(word, outcomes[word]) for word in OUTCOMES],
        keep=_at(line, line.keep), change=_at(line, line.change), changed=changed(overrides, library),
        clock=clock, label=label,
    )  # fmt: skip


def label(about: About, id: str) -> str:
    """What a conversation is called: when and between whom, as far as it says, and its id."""
    people = " with ".join(name for name in (about.manager, about.rep) if name)
    return ", ".join(part for part in (day(about.date) if about.date else "", people, id) if part)


def clock(seconds: float) -> str:
    """A place in a recording, as 4:07 or 1:02:30."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _at(line: CritiqueLine, index: int | None) -> Finding | None:
    return line.findings[index] if index is not None and 0 <= index < len(line.findings) else None


def _shown(row: Row, moment: Moment, file: BinaryIO) -> Shown:
    line = line_at(file, row)
    evidence: Evidence = line.findings[moment.finding].evidence[0]
    earlier = [turn.text for turn in line.turns[: evidence.turn] if turn.speaker == "rep"]
    seconds = line.turns[evidence.turn].seconds if evidence.turn < len(line.turns) else None
    at = reply(line.said, evidence.turn) if seconds is None else f"at {clock(seconds)}"
    place = f"{day(row.about.date)}, {at}" if row.about.date else at
    return Shown(row, moment, line.findings[moment.finding], earlier[-1] if earlier else "", place)


def _place(row: Row) -> tuple[bool, str, str, dt.date, int]:
    """Order of the list: by team, then by date, those without at the end; never by how a conversation was scored."""
    about = row.about
    return not about.team, about.team.casefold(), about.team, about.date or dt.date.max, row.n


def _groups(listed: Iterable[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in listed:
        groups[row.about.team].append(row)
    return groups


def _cells(listed: Iterable[Row]) -> dict[tuple[str, PrincipleId], dict[Outcome, list[Row]]]:
    """The conversations that can be opened behind each cell of the heat map, by what they show."""
    cells: dict[tuple[str, PrincipleId], dict[Outcome, list[Row]]] = {}
    for row in listed:
        for principle, level in row.levels.items():
            if word := outcome(level):
                cell = cells.setdefault((row.about.team, principle), {name: [] for name in OUTCOMES})
                cell[word].append(row)
    return cells


def _charts(scored: Sequence[Row], names: Mapping[PrincipleId, str]) -> list[Chart]:
    """The whole, then the principles that enough conversations call for."""
    line = over_time(scored)
    if line is None:
        return []
    drawn = [chart("The conversation as a whole", line.periods, line.whole)]
    drawn += [chart(names[principle], line.periods, tallies) for principle, tallies in line.principles.items()]
    return [one for one in drawn if one]
