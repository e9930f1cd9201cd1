"""The debrief: what a manager reads after a practice, put together from the session and its critique."""

from __future__ import annotations

from collections.abc import Sequence

from coach.debrief.follow_through import FollowThrough
from coach.debrief.hidden import Secret, nearest, secret
from coach.debrief.path import MOVED, Path, Step, draw
from coach.domain import (
    Contest,
    Critique,
    Difficulty,
    Evidence,
    Finding,
    Frozen,
    Level,
    Mood,
    Override,
    PrincipleId,
    Scenario,
    Transcript,
    Turn,
    rep_before,
)
from coach.rep import promised
from coach.reports.figures import outcome
from coach.reports.replies import own, where, your_reply

COUNTED = {1: "one thing", 2: "two things", 3: "three things"}  # never against all there are: it is no mark
MORE = {1: "One more thing", 2: "Two more things", 3: "Three more things", 4: "Four more things"}
MOODS: dict[Mood, str] = {"guarded": "on guard", "wary": "wary", "open": "open"}


class Debrief(Frozen):
    """Everything the debrief page shows."""

    scenario: Scenario
    difficulty: Difficulty
    reflection: str
    summary: str
    turns: tuple[Turn, ...]
    critique: Critique
    steps: tuple[Step, ...]
    secrets: tuple[Secret, ...]
    id: str = ""
    follow: FollowThrough | None = None
    contests: tuple[Contest, ...] = ()
    overrides: tuple[Override, ...] = ()

    def contest_of(self, finding: Finding) -> Contest | None:
        """What the manager said against a finding, if anything."""
        key = (finding.principle, finding.code, finding.evidence[0].turn)
        return next((one for one in self.contests if (one.principle, one.code, one.turn) == key), None)

    def overrides_of(self, principle: PrincipleId) -> tuple[Override, ...]:
        """The levels that trainers set for a principle, the oldest first."""
        return tuple(one for one in self.overrides if one.principle == principle)

    @property
    def rep(self) -> str:
        """The rep's first name."""
        return self.scenario.persona.name.split()[0]

    def reply_to(self, turn: int) -> str:
        """What the rep answered to a manager's turn; empty at the end of the talk."""
        return next((t.text for t in self.turns[turn + 1 : turn + 2] if t.speaker == "rep"), "")

    def before(self, turn: int) -> str:
        """The rep's words that a manager's turn answered; empty if there were none."""
        return rep_before(self.turns, turn)

    def kept_back(self, turn: int) -> Secret | None:
        """What the rep had just hinted at when the manager answered, if it stayed hidden."""
        state = self.turns[turn - 1].state if turn else None
        facts = zip(self.scenario.facts, self.secrets, strict=True)
        found = next((secret for fact, secret in facts if state and fact.id == state.hinted), None)
        return found if found and found.hidden else None

    def your_reply(self, turn: int) -> str:
        """A manager's turn as the manager counts."""
        return your_reply(self.turns, turn)

    def where(self, turn: int) -> str:
        """Where words stand, as the manager counts."""
        return where(self.turns, turn)

    def effect_of(self, turn: int) -> str:
        """What a manager's turn did to the rep, in one or two sentences; empty if that is not known."""
        step = next((step for step in self.steps if step.turn == turn), None)
        if step is None:
            return ""
        trust = f"Trust {step.went}."
        mood = f"{self.rep} went {step.mood}." if step.mood else ""
        opened = f"{self.rep} told you something that had to be earned." if step.opened else ""
        return " ".join(filter(None, (trust, mood, opened)))

    @property
    def agreed(self) -> tuple[Evidence, ...]:
        """What the manager said they would do with a day or a time in it, in the order it was said."""
        return tuple(Evidence(turn=turn.i, quote=one.words) for turn in self.turns for one in promised([turn]))

    @property
    def path(self) -> Path:
        """The path of trust as a drawing."""
        start = self.turns[0].state.trust if self.turns and self.turns[0].state else None
        return draw(self.steps, start, own(self.turns))

    @property
    def promise_first(self) -> bool:
        """Whether a broken promise that nobody owned is the first thing to change."""
        return self.follow is not None and self.follow.unowned

    @property
    def verdict(self) -> str:
        """What follow-through there was on what was promised last time; empty where nothing can be said."""
        return self.follow.verdict(self.rep, self.turns) if self.follow else ""

    @property
    def further(self) -> PrincipleId | None:
        """The weakest principle, for a talk in which nothing stood in the way; None if none was called for."""
        rated = {p: level for p, level in self.critique.levels.items() if level is not None}
        return min(rated, key=lambda principle: rated[principle], default=None)

    @property
    def nearest(self) -> tuple[Secret, ...]:
        """What stayed hidden and was closest to coming out, one or two."""
        return nearest(self.secrets)

    @property
    def others(self) -> tuple[Secret, ...]:
        """What else stayed hidden."""
        near = self.nearest
        return tuple(secret for secret in self.secrets if secret.hidden and secret not in near)

    @property
    def others_counted(self) -> str:
        """How much else stayed hidden, in words."""
        things = MORE.get(len(self.others), "Several more things")
        return f"{things} {self.scenario.persona.pronouns.split('/')[0]} kept back"

    @property
    def rest(self) -> tuple[Finding, ...]:
        """Findings beside the one to keep and the one to change."""
        first = {self.critique.keep, self.critique.change}
        return tuple(finding for i, finding in enumerate(self.critique.findings) if i not in first)


def debrief(
    transcript: Transcript,
    scenario: Scenario,
    difficulty: Difficulty,
    critique: Critique,
    reflection: str,
    follow: FollowThrough | None = None,
) -> Debrief:
    """Put a debrief together; everything in it follows from the stored session and those it follows."""
    steps = _steps(transcript.turns)
    end = next(turn.state for turn in reversed(transcript.turns) if turn.state)
    secrets = tuple(secret(fact, scenario, end, transcript.turns, difficulty) for fact in scenario.facts)
    return Debrief(
        scenario=scenario,
        difficulty=difficulty,
        reflection=reflection,
        summary=_summary(scenario, steps, secrets),
        turns=transcript.turns,
        critique=critique,
        steps=steps,
        secrets=secrets,
        id=transcript.id,
        follow=follow,
    )


def in_words(level: Level | None) -> str:
    """A level without its number, to the manager themselves."""
    word = outcome(level)
    return "not called for" if word is None else "cost you" if word == "cost" else word


def _steps(turns: Sequence[Turn]) -> tuple[Step, ...]:
    steps, before = [], turns[0].state
    for n, turn in enumerate(turns):
        if turn.speaker != "manager" or turn.state is None:
            continue
        moods = (MOODS[before.mood], MOODS[turn.state.mood]) if before else ("", "")
        steps.append(
            Step(
                turn=turn.i,
                trust=turn.state.trust,
                change=round(turn.state.trust - (before.trust if before else 0.0), 1),
                said=turn.text,
                answered=turns[n + 1].text if n + 1 < len(turns) else "",
                opened=turn.opened,
                mood=f"from {moods[0]} to {moods[1]}" if moods[0] != moods[1] else "",
                hinted=n > 0 and bool(turns[n - 1].hint),
            )
        )
        before = turn.state
    return tuple(steps)


def _summary(scenario: Scenario, steps: Sequence[Step], secrets: Sequence[Secret]) -> str:
    """One sentence on what came of the talk."""
    name = scenario.persona.name.split()[0]
    told = sum(secret.opened_at is not None for secret in secrets)
    known = sum(secret.before for secret in secrets)
    left = len(secrets) - known
    change = sum(step.change for step in steps)
    if not steps:
        return f"{name} is still waiting to hear what you wanted to say."
    if told == 0 and change < -MOVED:
        kept = f" and kept everything {'else' if known else 'that matters'} back" if left else ""
        return f"{name} trusts you less than at the start{kept}."
    if left == 0:
        return f"{name} had told you everything before; this talk was about what you make of it."
    if told == 0 and known:
        return f"{name} told you nothing this time that you did not know before."
    if told == 0:
        return f"{name} kept to the surface this time."
    if told == left:
        return f"{name} told you everything there was {'left ' if known else ''}to tell, and you earned it."
    things = COUNTED.get(told, "several things")
    drop = ", although trust is lower than when you sat down" if change < -MOVED else ""
    return f"{name} told you {things} that you could not have known before{drop}."
