"""What the page shows, made from stored sessions; no Gradio in here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

from coach.app import OWNER, App
from coach.content import OWN, own_files
from coach.debrief import in_words
from coach.debrief.asking import suggestions
from coach.domain import Difficulty, Level, Scenario, Session, Since, Speaker, Turn
from coach.models import destination
from coach.programme import Next, next_step
from coach.reports import render
from coach.reports.replies import your_reply
from coach.session import demeanour, hinted
from coach.web.portraits import face, portrait
from coach.web.tries import Tries, talked

Message = dict[str, str]
TOMORROW = (
    "<p class='hint'>Practise a talk that is coming. The nearest of our conversations is fitted to your answers; it "
    "is kept where your talks are.</p>"
)
HOW_DID_IT_GO = "<section class='coach'><h2>Before you read on: how do you think it went?</h2></section>"
KEYS = "<p class='private'><span class='keys'>Enter sends your words, Shift+Enter makes a new line.</span></p>"
DELETE = (
    "<p class='coach' id='delete-question' role='alert'>This deletes the talk for good: every try, every word "
    "and every critique of it. It cannot be taken back.</p>"
)
ASK = (
    "<section class='coach'><h3>Ask the coach about this talk</h3><p class='hint'>Why something was judged as it was, "
    "what happened at one of your replies, what you could have said, what stayed hidden, or what the knowledge base "
    "says.</p></section>"
)
NEXT_WEEK = "You meet the same rep a week later, who remembers what you promised; choose what happened in between."
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
WENT: dict[Level, str] = {1: "hard going", 2: "uneven", 3: "mixed", 4: "good", 5: "very good"}
MAX_UNFINISHED = 5
SHORT = 70  # characters of a turn in a list of them
TYPING: Message = {"role": "assistant", "content": "…"}


def top(app: App) -> str:
    """The head of the page: its name, and where else there is to go."""
    out = "<form action='/logout' method='post'><button>Log out</button></form>" if app.settings.shared else ""
    desk = "<a href='/desk'>For trainers</a>"
    mine = "<a href='/progress'>Your progress</a>"
    rests = "<a href='/knowledge' target='_blank'>What it rests on</a>"
    return f"<h1>Sales leadership coach</h1><nav>{mine}{desk}{rests}{out}</nav>"


def private(app: App) -> str:
    """Who can see what is written here."""
    away = sorted({destination(name) for name in app.names.values() if not name.offline})
    stays, kept = "what you write stays on this computer and nobody else can see it.", "on this computer only"
    if app.settings.shared:
        kept = "where this coach runs, and whoever has its password can read it"
        stays = f"what you write is kept {kept}."
    sent = f"what you write is kept {kept}; to speak and judge it goes {' and '.join(away)}."
    keeps = "It lies in one file here, and you can delete any talk for good below its critique."
    partner = "A practice partner for typed English, not an assessment."
    name = "Who can see it" if app.settings.shared else "Private"
    return f"<p class='private'>{name}: {escape(sent if away else stays)} {keeps} {partner}</p>"


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


def told(text: str) -> str:
    """A sentence on what has just been done, escaped and read out."""
    return f'<p role="status">{escape(text)}</p>' if text else ""


def notes(told: Sequence[str]) -> str:
    """What the owner of a made scenario should know of it."""
    items = "".join(f"<li>{escape(one)}</li>" for one in told)
    return f"<section class='coach'><h3>How it was made</h3><ul>{items}</ul></section>" if told else ""


def suggestion(app: App) -> Next:
    """What to practise next."""
    return next_step(app.store.critiques(OWNER), app.library.scenarios)


def cards(app: App) -> str:
    """The conversations that can be practised, each with what became of it so far."""
    talks = {session.talk: session.scenario_id for session in app.store.sessions(OWNER)}
    best: dict[str, Level] = {}
    for session, critique in app.store.critiques(OWNER):
        best[session.scenario_id] = max(critique.overall, best.get(session.scenario_id, 1))
    own = own_files(app.settings.home / OWN)
    shown = [
        {
            "scenario": scenario,
            "face": face(app, scenario),
            "focus": [app.library.acts[p] for p in scenario.focus],
            "practised": sum(practised == scenario.id for practised in talks.values()),
            "best": WENT[best[scenario.id]] if scenario.id in best else "",
            "own": scenario.id in own,
        }
        for scenario in app.library.scenarios.values()
    ]
    return render("cards.html", cards=shown)


def ahead(app: App) -> str:
    """What was left open, and what to practise next."""
    following = suggestion(app)
    why = app.library.acts[following.principle] if following.sure and following.principle else ""
    new = not app.store.sessions(OWNER)
    return render("ahead.html", following=following, why=why, unfinished=_unfinished(app), new=new)


def _unfinished(app: App) -> list[dict[str, str]]:
    """Talks to go on with, the newest first."""
    found = []
    known = [session for session in app.practice.unfinished(OWNER) if session.scenario_id in app.library.scenarios]
    for session in known[:MAX_UNFINISHED]:
        path = app.store.path(session)
        last = path[-1]
        scenario = app.practice.scenario(session)
        name = scenario.persona.name.split()[0]
        said = your_reply(path, last.i)
        found.append({"id": session.id, "rep": name, "title": scenario.title, "reply": said, "day": day(last.at)})
    return found


def day(at: datetime | None, now: datetime | None = None) -> str:
    """When something was said, as one would say it, where the manager sits."""
    if at is None:
        return ""
    here, today = at.astimezone(), (now or datetime.now(UTC)).astimezone()
    ago = (today.date() - here.date()).days
    if ago < 2:
        return "today" if ago < 1 else "yesterday"
    return f"on {here:%A}" if ago < 7 else f"on {here.day} {here:%B}"


def brief(app: App, scenario_id: str, difficulty: Difficulty) -> str:
    """The brief of a scenario."""
    scenario = app.library.scenario(scenario_id)
    return render("brief.html", scenario=scenario, difficulty=difficulty.value, face=face(app, scenario))


def title(app: App, scenario: Scenario, path: Sequence[Turn], since: Since | None = None) -> str:
    """Who is across the table and how they seem, and what has happened since the last time."""
    seems = demeanour(next((turn.state for turn in reversed(path) if turn.state), None))
    drawn = portrait(app, scenario, seems)
    again = SINCE_THEN[since] if since else ""
    return render("across.html", scenario=scenario, portrait=drawn, again=again, label=_label(scenario))


def whispered(hint: str) -> str:
    """A hint of the coach's, escaped; nothing if there is none."""
    noted = "<small>The critique will note that you asked.</small>"
    return f"<p class='whisper'><b>The coach whispers:</b> {escape(hint)} {noted}</p>" if hint else ""


def earlier(session_id: str, path: Sequence[Turn], label: str) -> str:
    """A list of what the manager said, the last of it chosen, and the button that leads back to that moment."""
    said = [turn for turn in path if turn.speaker == "manager"]
    moments = [(f"{your_reply(path, turn.i).capitalize()}: {_short(turn.text)}", turn.i) for turn in said]
    return render("earlier.html", session=session_id, moments=moments, label=label)


def brief_again(app: App, session: Session) -> str:
    """The brief of a session that is under way."""
    return brief(app, session.scenario_id, session.difficulty)


def farewell(app: App, session: Session) -> str:
    """The rep's last words in a talk, with the rep's name."""
    said = [turn.text for turn in app.store.path(session) if turn.speaker == "rep" and not turn.notice]
    rep = app.practice.scenario(session).persona.name.split()[0]
    return render("farewell.html", rep=rep, said=said[-1])


def moment(scenario: Scenario, said: Sequence[Turn]) -> str:
    """What it means to start again at a moment, and what was said there the first time."""
    rep = scenario.persona.name.split()[0]
    return render("moment.html", rep=rep, said=said[0].text if said else "", label=_label(scenario))


def standing(app: App, session: Session, tried: Tries) -> str:
    """Beside the debrief: the other branches of the talk, the hints that were asked for, and who can see it."""
    names = {id: name[0].lower() + name[1:] for id, name in tried.names.items()}
    others = [{"session": branch, "name": names[branch.id]} for branch in tried.branches if branch.id != session.id]
    path = tried.paths[session.id]
    asked = hinted(path)
    followed = [i for i in asked if i < len(path) and path[i].speaker == "manager"]
    return render(
        "standing.html", name=names[session.id], talk=talked(tried.branches), others=others, asked=asked,
        before=your_reply(path, *followed) if followed else "", shared=app.settings.shared,
    )  # fmt: skip


def address(session: Session) -> str:
    """Where the page shows a session; Gradio's page has a base, so that a bare #turn-3 would lead away from it."""
    return f"/?session={session.id}"


def debriefing(app: App, session: Session) -> str:
    """The debrief of an ended session."""
    shown, here = app.debriefed(session), address(session)
    return render("debrief.html", debrief=shown, library=app.library, in_words=in_words, here=here)


def questions(app: App, session: Session) -> tuple[str, ...]:
    """Questions that fit this talk."""
    return suggestions(app.casebook(app.debriefed(session)))


def answered(app: App, session: Session, question: str) -> tuple[str, tuple[str, ...]]:
    """The coach's answer to a question about an ended talk, to read, and what could be asked next.

    Raises:
        InputError: if the question says nothing or is too long, or the talk has not ended.
    """
    given = app.ask(session, question)
    rep, here = app.practice.scenario(session).persona.name.split()[0], address(session)
    turns = app.store.path(session)
    return render("answer.html", question=question, answer=given, rep=rep, here=here, turns=turns), given.suggestions


def _label(scenario: Scenario) -> str:
    """The rep's first name over their words in the chat: letters only, for it stands in a style sheet."""
    return "".join(c for c in scenario.persona.name.split()[0] if c.isalpha() or c == "-")


def _short(text: str) -> str:
    """The first words of what was said, on one line."""
    words = " ".join(text.split())
    return words if len(words) <= SHORT else f"{words[: SHORT - 1].rstrip()}…"
