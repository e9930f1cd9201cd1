"""The authored voice: chooses among the lines a playwright wrote for this rep.

It answers what was asked, reacts to what was done, never says a line twice (short refusals
excepted), not even in a later one-on-one, and is short when guarded because its guarded lines are.
Choice among equals comes from the session's seed and the turn's index, so the same seed gives the
same conversation.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from coach.domain import SLIPS, AnyMoodLines, Code, Fact, Mood, MoodLines, RepState
from coach.rep.again import YOU_SAID
from coach.rep.answering import (
    asks_to_agree,
    asks_what_was_hinted,
    asks_what_was_meant,
    corrects,
    just_declined,
    offers,
    rate,
    shares_out,
)
from coach.rep.aptness import least, telling
from coach.rep.dynamics import MOVES, SURE_SLIP
from coach.rep.gates import lacking
from coach.rep.particulars import particulars
from coach.rep.questions import kind, question
from coach.rep.voice import Reply, Scene, Shown, unseen

WALKOUT_TRUST = 9.0  # below this a further sure slip ends the talk
PLAIN_SLIP = 0.7  # probability from which a slip within a question is answered before the question
AS_GOOD = 0.9  # share of the best rating from which a line answers as well
MOST_TESTS = 2  # a rep who tests every promise is a lawyer
MOST_CHALLENGES = 2  # hard questions back in one talk,
CHALLENGE_PAUSE = 3  # with so many of the rep's turns between them, and as many before the first
_NEAREST: dict[Mood, tuple[Mood, ...]] = {
    "guarded": ("guarded", "wary"),
    "wary": ("wary", "guarded", "open"),
    "open": ("open", "wary"),
}

Choice = tuple[str, Sequence[str]]


class AuthoredVoice:
    """Speaks the scenario's own lines."""

    id = "authored"

    def speak(self, scene: Scene, shown: Shown = unseen) -> Reply:
        """Answer the manager's last turn."""
        reply = self._reply(scene)
        shown(reply.text)
        return reply

    def _reply(self, scene: Scene) -> Reply:
        if scene.opened:
            return self._told(scene, scene.opened)
        slip = _resented(scene)
        if walks_out(scene):
            key, line = self._pick(scene, [("endings.walkout", scene.scenario.endings.walkout)])
            return Reply(line, (key,), leaves=True)
        key, line = self._pick(scene, [*_choices(scene, slip), *_floor(scene)])
        hint = None if scene.reading.slipped or scene.reading.aside else _hint(scene)
        if hint is None:
            return self._challenged(scene, key, line)
        hint_key, hint_line = self._pick(scene, [(f"hints.{hint.id}", hint.hints)])
        return Reply(f"{line} {hint_line}", (key, hint_key), hinted=hint.id)

    def _told(self, scene: Scene, fact: Fact) -> Reply:
        """A fact that has opened; what was proposed in the same breath is answered first."""
        key, line = self._pick(scene, [(f"facts.{fact.id}", fact.lines)])
        if _asks(scene) and offers(scene, answerable=False):
            answer_key, answer = self._pick(scene, [*_offered(scene)])
            if answer_key.startswith("asides.offered."):  # a scenario may have none, and nothing is said twice
                return Reply(f"{answer} {line}", (answer_key, key))
        return Reply(line, (key,))

    def _challenged(self, scene: Scene, key: str, line: str) -> Reply:
        """The reply with a hard question behind it, where the manager asked nothing and leaves room for one."""
        if _asks(scene) or line.endswith("?") or not _may_challenge(scene):
            return Reply(line, (key,))
        groups = [*_by_mood("challenges", scene.scenario.challenges, scene.state.mood)][:1]
        question_key, question = self._pick(scene, groups)
        if not question_key.startswith("challenges."):
            return Reply(line, (key,))
        return Reply(f"{line} {question}", (key, question_key))

    def first(self, scene: Scene) -> Reply:
        """The rep's opening words; on meeting again with a promise of the manager's quoted back, if one is due."""
        since = scene.memory.since
        if since is None:
            key, line = self._pick(scene, [("openings", scene.scenario.openings)])
            return Reply(line, (key,))
        again, greetings = scene.scenario.next_time, scene.scenario.asides.greeting
        groups = [(f"next_time.{name}", getattr(again, name)) for name in (since, "quiet")]
        key, line = self._pick(scene, [*groups, ("asides.greeting", greetings)])
        quoted = scene.memory.quotable[-1:] if since in ("kept", "broken") else ()
        return Reply(line + "".join(f"{YOU_SAID}{promise.words}”" for promise in quoted), (key,))

    def last(self, scene: Scene) -> Reply:
        """The rep's words when the manager ends the talk."""
        endings, trust = scene.scenario.endings, scene.state.trust
        earned = bool(scene.state.open_facts)
        name, lines = ("good", endings.good) if trust >= 58 and earned else ("fair", endings.fair)
        if trust < 40:
            name, lines = "bad", endings.bad
        key, line = self._pick(scene, [(f"endings.{name}", lines), ("asides.closing", scene.scenario.asides.closing)])
        return Reply(line, (key,))

    def _pick(self, scene: Scene, choices: Sequence[Choice]) -> tuple[str, str]:
        """A fresh line from the first group that still has one; at the very end a refusal may come again."""
        used = _used(scene)
        chance = random.Random(f"{scene.seed}:{len(scene.path)}:{choices[0][0]}")  # noqa: S311 - repeatable, not secret
        for group, lines in choices:
            fresh = [(f"{group}.{i}", line) for i, line in enumerate(lines) if f"{group}.{i}" not in used]
            if fresh and group.startswith("answers."):
                fresh = _aptest(scene, fresh)
            if fresh:
                return chance.choice(fresh)
        refusals = scene.scenario.asides.refusals
        last = scene.path[-2].text if len(scene.path) > 1 else ""
        i = chance.choice([i for i, line in enumerate(refusals) if line != last] or [0])
        return f"asides.refusals.{i}", refusals[i]


def walks_out(scene: Scene) -> bool:
    """Whether the rep has heard enough and leaves: a sure slip where next to no trust is left."""
    slip = None if scene.opened else _resented(scene)
    lost = max(_before(scene).trust, scene.state.trust) < WALKOUT_TRUST
    return slip is not None and lost and scene.reading.sure(slip) >= SURE_SLIP


def samples(scene: Scene, count: int) -> list[str]:
    """Lines the author wrote for a moment like this one: how this rep sounds. No fact's lines are among them."""
    groups = chain(_choices(scene, _resented(scene)), _floor(scene))  # looked for only as far as they are needed
    return list(islice((line for _, lines in groups for line in lines), count))


def _choices(scene: Scene, slip: Code | None) -> Iterator[Choice]:
    """Groups of lines that fit this turn, the best first."""
    scenario, reading, mood = scene.scenario, scene.reading, scene.state.mood
    asides: dict[str, Sequence[str]] = {name: lines for name, lines in scenario.asides.plain()}
    if reading.aside in ("meta", "personal", "unclear"):
        yield f"asides.{reading.aside}", asides[reading.aside]
        return  # insisting gets an evasion, never an answer
    if slip:
        yield from _by_mood(f"reactions.{slip}", scenario.reactions[slip], mood)
    gesture = _strongest(scene, [code for code in MOVES if code not in SLIPS and code != "ASK"])
    asks = _asks(scene)
    if gesture and not asks:
        yield from _tests(scene)
        yield from _by_mood(f"reactions.{gesture}", scenario.reactions[gesture], mood)
    if reading.aside in ("closing", "thanks", "greeting") and not asks:
        yield f"asides.{reading.aside}", asides[reading.aside]
    yield from _answers(scene, asks, gesture)
    if gesture:
        yield from _by_mood(f"reactions.{gesture}", scenario.reactions[gesture], mood)
    if "ASK" in reading.codes:
        yield from _by_mood("reactions.ASK", scenario.reactions["ASK"], mood)
    if reading.aside:
        yield f"asides.{reading.aside}", asides[reading.aside]


def _answers(scene: Scene, asks: bool, gesture: Code | None) -> Iterator[Choice]:
    """What the rep has to say on the subject; where no line answers, or to words like a proposal, a human way first."""
    used = _used(scene)
    hinted = asks and asks_what_was_hinted(scene)
    if asks and not hinted and not asks_to_agree(scene):
        yield from _small_answer(scene, used)
    rated = rate(scene) if asks else []
    best = next((one for one in rated if one.key not in used), None)
    apt = best.topic if best and best.rating >= least() else ""
    if corrects(scene) and not apt:
        yield "asides.misheard", scene.scenario.asides.misheard
    if asks and offers(scene, answerable=bool(apt)):
        yield from _offered(scene)
    if hinted:
        yield from _by_mood("asides.not_yet", scene.scenario.asides.not_yet, scene.state.mood)
        yield "asides.refusals", scene.scenario.asides.refusals
    if asks and asks_what_was_meant(scene):
        yield "asides.meant", scene.scenario.asides.meant
    if asks and not apt:
        yield from _unanswered(scene, gesture)
    for wanted in dict.fromkeys((apt, *scene.topics[:1])):
        for topic in scene.scenario.topics:
            if topic.id == wanted:
                yield from _by_mood(f"answers.{topic.id}", topic.answers, scene.state.mood)


def _small_answer(scene: Scene, used: set[str]) -> Iterator[Choice]:
    """The small answer to a narrow question, if the playwright foresaw it; to who does a thing, always."""
    if shares_out(scene):
        yield "asides.between_us", scene.scenario.asides.between_us
    known = scene.scenario.particulars
    i = particulars(known).find(scene.path[-1].text, scene.state.mood, scene.state.open_facts, used)
    if i is not None:
        yield f"particulars.{i}", known[i].says


def _offered(scene: Scene) -> Iterator[Choice]:
    """What the rep says to a proposal."""
    return _by_mood("asides.offered", scene.scenario.asides.offered, scene.state.mood)


def _unanswered(scene: Scene, gesture: Code | None) -> Iterator[Choice]:
    """What meets a question that no line answers: a line that declines its kind, or a gesture.

    "And then?" asks for more of the same, and nothing has to be declined.
    """
    words = scene.path[-1].text
    name = kind(words)
    if not just_declined(scene) and (name != "open" or telling(question(words))):
        yield f"asides.unsaid.{name}", getattr(scene.scenario.asides.unsaid, name)
    if gesture and (name != "open" or not scene.reading.topics):
        yield from _by_mood(f"reactions.{gesture}", scene.scenario.reactions[gesture], scene.state.mood)


def _aptest(scene: Scene, lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of some answers on one subject in one mood those that most likely answer the manager's words."""
    keys = {key for key, _ in lines}
    rated = [one for one in rate(scene, lines[0][0].split(".")[2]) if one.key in keys]
    return [(one.key, one.line) for one in rated if one.rating >= AS_GOOD * rated[0].rating]


def _tests(scene: Scene) -> Iterator[Choice]:
    """What finds out whether a promise is meant."""
    if scene.reading.promises and _said(scene, "tests.") < MOST_TESTS:
        yield "tests", scene.scenario.tests


def _floor(scene: Scene) -> Iterator[Choice]:
    """What is left when nothing fits: an evasion, then a short refusal."""
    asides = scene.scenario.asides
    yield from _by_mood("asides.evasions", asides.evasions, scene.state.mood)
    yield "asides.refusals", asides.refusals


def _by_mood(group: str, lines: MoodLines | AnyMoodLines, mood: Mood) -> Iterator[Choice]:
    for near in _NEAREST[mood]:
        yield f"{group}.{near}", getattr(lines, near)


def _asks(scene: Scene) -> bool:
    """Whether the turn wants an answer."""
    return "?" in scene.path[-1].text or "ASK" in scene.reading.codes or corrects(scene)


def _used(scene: Scene) -> set[str]:
    """Lines that were said before, in this talk or an earlier one."""
    return {*scene.memory.lines, *(key for turn in scene.path for key in turn.lines)}


def _said(scene: Scene, prefix: str) -> int:
    """How many lines of a group the rep has used so far."""
    return sum(key.startswith(prefix) for turn in scene.path for key in turn.lines)


def _may_challenge(scene: Scene) -> bool:
    """Whether a hard question back is due: not at once, not often, not in answer to a slip or an aside."""
    spoken = [turn for turn in scene.path if turn.speaker == "rep"]
    recent = any(key.startswith("challenges.") for turn in spoken[-CHALLENGE_PAUSE:] for key in turn.lines)
    due = len(spoken) > CHALLENGE_PAUSE and not recent and _said(scene, "challenges.") < MOST_CHALLENGES
    return due and not scene.reading.slipped and not scene.reading.aside


def _before(scene: Scene) -> RepState:
    """The state before the manager's turn."""
    return next((turn.state for turn in reversed(scene.path[:-1]) if turn.state), scene.state)


def _strongest(scene: Scene, codes: Sequence[Code]) -> Code | None:
    """The code of these that weighs most in this turn, by its effect on trust and its certainty."""
    reading = scene.reading
    heard = [code for code in reading.codes if code in codes]
    return max(heard, key=lambda code: abs(MOVES[code].trust) * reading.sure(code), default=None)


def _resented(scene: Scene) -> Code | None:
    """The slip that the rep answers aloud, if any.

    A slip that is only suspected costs trust by its certainty, but nobody snaps at a kindness for it, nor at a question
    for one that is not plain.
    """
    slip = _strongest(scene, SLIPS)
    if slip is None or scene.reading.sure(slip) >= (PLAIN_SLIP if _asks(scene) else SURE_SLIP):
        return slip
    return None if scene.reading.outweighed(slip) or _asks(scene) else slip


def _hint(scene: Scene) -> Fact | None:
    """A fact worth hinting at now: on this topic, one good answer from opening, not hinted at too often or just before.

    A hint is a promise. One that the next kind question cannot redeem is taken back, and reads as a tease.
    """
    used = _used(scene)
    before = scene.path[-2].lines if len(scene.path) > 1 else ()
    if any(key.startswith("hints.") for key in before) or not scene.reading.codes:
        return None
    presenting = {topic.id for topic in scene.scenario.topics if topic.presenting}
    about = set(scene.topics) | ({scene.state.topic} if scene.state.topic else set())
    near = [
        fact
        for fact in scene.scenario.facts
        if fact.id not in scene.state.open_facts
        and (fact.topic in about or about <= presenting)
        and lacking(fact, scene.state, scene.difficulty).little
        and any(f"hints.{fact.id}.{i}" not in used for i in range(len(fact.hints)))
    ]
    return min(near, key=lambda fact: fact.gate.trust, default=None)
