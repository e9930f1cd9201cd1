"""What the page shows, made from stored sessions; no Gradio in here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from coach.app import OWNER, App
from coach.debrief import advised, debrief, follow_through, in_words
from coach.domain import Difficulty, Scenario, Session, Since, Speaker, Turn
from coach.models import destination
from coach.programme import Next, next_step
from coach.reports import render

Message = dict[str, str]
TOP = "<h1>Sales leadership coach</h1><a href='/knowledge' target='_blank'>What it rests on</a>"
TOMORROW = (
    "<p class='hint'>Practise a talk that is coming. The nearest of our conversations is fitted to your answers; it "
    "stays on this computer and only you can see it.</p>"
)
HOW_DID_IT_GO = "<section class='coach'><h2>Before you read on: how do you think it went?</h2></section>"
SINCE: dict[Since, str] = {
    "kept": "I did what I promised",
    "broken": "I did not do what I promised",
    "better": "Things have got better",
    "worse": "Things have got worse",
    "quiet": "Nothing in particular",
}
SINCE_THEN: dict[Since, str] = {
    "kept": "You did what you promised.",
    "broken": "You did not do what you promised.",
    "better": "Things have got better.",
    "worse": "Things have got worse.",
    "quiet": "Nothing in particular has happened since.",
}
TYPING: Message = {"role": "assistant", "content": "…"}


def private(app: App) -> str:
    """Who can see what is written here."""
    away = sorted({destination(name) for name in app.names.values() if not name.offline})
    stays = "what you write stays on this computer and nobody else can see it."
    sent = f"what you write is kept on this computer only; to speak and judge it goes {' and '.join(away)}."
    partner = "A practice partner for typed English, not an assessment."
    return f"<p class='private'>Private: {escape(sent if away else stays)} {partner}</p>"


def messages(path: Sequence[Turn]) -> list[Message]:
    """The turns as chat messages; the manager is the user."""
    return [aside(turn.text) if turn.notice else message(turn.speaker, turn.text) for turn in path]


def aside(text: str) -> Message:
    """What the coach itself says in between; told apart from the rep's words."""
    return {"role": "assistant", "content": f"<strong>The coach:</strong> <em>{escape(text, quote=False)}</em>"}


def message(speaker: Speaker, text: str) -> Message:
    """One chat message; the chat shows HTML, so the words are escaped and their lines kept."""
    words = escape(text, quote=False).replace("\n", "<br>")
    return {"role": "user" if speaker == "manager" else "assistant", "content": words}


def notice(text: str) -> str:
    """A notice, escaped."""
    return f'<p role="alert">{escape(text)}</p>'


def titles(app: App) -> list[tuple[str, str]]:
    """What can be practised: title and id."""
    return [(scenario.title, scenario.id) for scenario in app.library.scenarios.values()]


def notes(told: Sequence[str]) -> str:
    """What the owner of a made scenario should know of it."""
    items = "".join(f"<li>{escape(one)}</li>" for one in told)
    return f"<section class='coach'><h3>How it was made</h3><ul>{items}</ul></section>" if told else ""


def suggestion(app: App) -> Next:
    """What to practise next."""
    return next_step(app.store.critiques(OWNER), app.library.scenarios)


def cards(app: App) -> str:
    """The conversations that can be practised, and which comes next."""
    sessions = app.store.sessions(OWNER)
    shown = [
        {
            "scenario": scenario,
            "focus": [app.library.principles[p].name for p in scenario.focus],
            "practised": sum(session.scenario_id == scenario.id for session in sessions),
        }
        for scenario in app.library.scenarios.values()
    ]
    following = suggestion(app)
    why = app.library.principles[following.principle] if following.principle else None
    return render("cards.html", cards=shown, following=following, why=why)


def brief(app: App, scenario_id: str, difficulty: Difficulty) -> str:
    """The brief of a scenario."""
    return render("brief.html", scenario=app.library.scenario(scenario_id), difficulty=difficulty.value)


def title(scenario: Scenario, since: Since | None = None) -> str:
    """Who is across the table, and what has happened since the last time."""
    again = f'<p class="kicker">A week later. {SINCE_THEN[since]}</p>' if since else ""
    return (
        f'<section class="coach"><p class="kicker">{escape(scenario.title)}</p>'
        f"<p>{escape(scenario.persona.name)}, {escape(scenario.persona.role)}</p>{again}</section>"
    )


def debriefing(app: App, session: Session) -> str:
    """The debrief of an ended session."""
    transcript, memory = app.practice.transcript(session), app.practice.memory(session)
    view = debrief(
        transcript,
        app.practice.scenario(session),
        session.difficulty,
        app.practice.critique(session),
        session.reflection,
        app.library,
        follow_through(memory, transcript.turns, advised(app.knowledge, memory.since)),
    )
    return render("debrief.html", debrief=view, library=app.library, in_words=in_words)
