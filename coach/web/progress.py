"""My progress: what was practised, what it shows, what comes next; take the data along, or delete it.

Plain HTML from the shared templates. Nothing here is a grade: levels are shown in words, with how many talks they rest
on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from coach.app import OWNER, App
from coach.content import OWN, own_files, read_text
from coach.critique.reliability import NOT_MEASURED
from coach.domain import Session
from coach.errors import CoachError
from coach.programme import Course, Talk, choices, export, next_step, progress, reasons
from coach.reports import render
from coach.store import erase
from coach.web.api import Coach
from coach.web.tries import talked, tries

MOST_MARKS = 24  # talks that a principle's strip shows; older ones are counted, not drawn
MOST_PERIODS = 16
SEEN = 0.05  # of a level; less rounds to nothing
WEEKS = 112  # days up to which talks are counted by weeks; beyond, by months
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


class Period(NamedTuple):
    """How many talks began in a week or a month."""

    label: str
    talks: int


@router.get("/progress")
def page(app: Coach) -> str:
    """What the talks so far show together."""
    practised = app.store.critiques(OWNER)
    following = next_step(practised, app.library.scenarios)
    contests = app.remarks.contested(OWNER)
    talks = [Talk(session, critique, app.store.path(session)) for session, critique in practised]
    newest = max(talks, key=lambda talk: talk.at).critique.provenance if talks else None
    measured = app.critic.reliability.of(newest) if newest else None
    found = progress(talks, measured, contests)
    return render(
        "progress.html",
        found=found,
        strips=_strips(found.courses),
        periods=_periods([talk.at for talk in found.talks]),
        tries=_tries(app),
        following=following,
        why=reasons(following, practised, app.library),
        choices=choices(following, practised, app.library.scenarios),
        changed=changed,
        day=day,
        library=app.library,
        contests=contests,
        paths={contest.session: app.store.path(app.store.session(contest.session, OWNER)) for contest in contests},
        overrides=[override for talk in found.talks for override in app.remarks.overrides(talk.session)],
        shared=app.settings.shared,
        reliability=app.critic.reliability.describe(newest) if newest else NOT_MEASURED,
        most=MOST_MARKS,
    )


@router.get("/progress/data.json")
def data(app: Coach) -> Response:
    """Everything that is kept of the owner, to take along."""
    found = export(app.store, OWNER, _own(app))
    name = f"coach-{found.made_at:%Y-%m-%d}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(found.model_dump_json(indent=2), media_type="application/json", headers=headers)


@router.get("/progress/delete")
def ask(app: Coach) -> str:
    """Ask once more before everything goes."""
    return _asked(app)


@router.post("/progress/delete")
def delete(
    app: Coach, sure: Annotated[str, Form(max_length=10)] = "", scenarios: Annotated[str, Form(max_length=10)] = ""
) -> Response:
    """Delete everything of the owner, if they said that they are sure."""
    if sure != "yes":
        wrong = "Nothing was deleted. Tick the box if you are sure, or go back."
        return HTMLResponse(_asked(app, wrong), 400)
    try:
        if scenarios == "yes":
            app.remove_own()
        erase(app.store, OWNER)
    except CoachError as error:
        return HTMLResponse(_asked(app, str(error)), 503)
    return RedirectResponse("/progress", 303)


def changed(course: Course) -> str:
    """Whether a principle changed, in a sentence that says how sure that is."""
    change = course.change
    if change.verdict == "too few":
        return "Too few talks that called for it to say whether it changed; six are needed."
    if change.verdict == "not measured":
        return "Whether it changed cannot be said: the error of the engine that read these talks has not been measured."
    size = f"{abs(change.difference):.1f} levels {'higher' if change.difference >= 0 else 'lower'}"
    size = size if abs(change.difference) >= SEEN else "the same"
    if change.verdict == "no clear change":
        return (
            f"No clear change: your later talks came out {size} (95% interval {change.low:+.1f} to {change.high:+.1f}) "
            f"and the engine's own error alone may make {change.noise:.1f}."
        )
    return (
        f"{change.verdict.capitalize()}: your later talks came out {size} (95% interval {change.low:+.1f} to "
        f"{change.high:+.1f}), more than the engine's own error alone may make ({change.noise:.1f})."
    )


def day(at: datetime) -> str:
    """The day of a moment, where the manager sits."""
    here = at.astimezone()
    return f"{here.day} {here:%b %Y}"


def _tries(app: App) -> dict[str, dict[str, str]]:
    """The tries of each talk that was tried more than once: what each is called, by its session."""
    talks: dict[str, list[Session]] = {}
    for session in sorted(app.store.sessions(OWNER), key=lambda one: one.started_at):
        talks.setdefault(session.talk, []).append(session)
    return {
        talk: {id: f"{name} of {talked(branches)}" for id, name in tries(app, branches).names.items()}
        for talk, branches in talks.items()
        if len(branches) > 1
    }


def _strips(courses: Sequence[Course]) -> list[Course]:
    """Principles with enough talks to say something, those with most first."""
    return sorted((course for course in courses if course.tally.helps), key=lambda course: -course.tally.n)


def _periods(times: Sequence[datetime]) -> list[Period]:
    """Talks by week, or by month if they span more than that; the newest periods if there are many."""
    if not times:
        return []
    days = [at.astimezone().date() for at in times]
    first, last = min(days), max(max(days), datetime.now(UTC).astimezone().date())
    step = _week if (last - first).days <= WEEKS else _month
    counts = Counter(step(one) for one in days)
    periods = list(dict.fromkeys(step(first + timedelta(days=n)) for n in range((last - first).days + 1)))
    name = "{0.day} {0:%b}" if step is _week else "{0:%b %Y}"
    return [Period(name.format(one), counts[one]) for one in periods[-MOST_PERIODS:]]


def _week(one: date) -> date:
    return one - timedelta(days=one.weekday())


def _month(one: date) -> date:
    return one.replace(day=1)


def _own(app: App) -> dict[str, str]:
    return {name: read_text(path) for name, path in own_files(app.settings.home / OWN).items()}


def _asked(app: App, wrong: str = "") -> str:
    sessions = app.store.sessions(OWNER)
    own = list(own_files(app.settings.home / OWN))
    return render("progress_delete.html", talks=len({one.talk for one in sessions}), own=own, wrong=wrong)
