"""The authored voice: what the rep says for any sequence of readings on the scenario that ships."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise, product
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import burnout

from coach.domain import (
    CODES,
    SLIPS,
    STRENGTHS,
    AnyMoodLines,
    Aside,
    Code,
    Difficulty,
    Mood,
    MoodLines,
    Reading,
    RepState,
    Scenario,
    Turn,
)
from coach.rep import AuthoredVoice, Reply, Scene, begin, opening, touched, update
from coach.rep.authored import WALKOUT_TRUST
from coach.rep.dynamics import mood_of

TOPICS = ("visible", "hours", "team", "merrin", "home", "future", "next", "numbers")
ASIDES: tuple[Aside, ...] = ("greeting", "small_talk", "thanks", "unclear", "meta", "personal", "closing")
REFUSALS = "asides.refusals."
NARROW = (
    "What's in the flask?",
    "What is Colin like?",
    "Who else knows?",
    "When did you last sleep through?",
    "No, I meant Colin.",
)
SPOKEN = (Turn(i=0, speaker="rep", text="I mostly say it to my dog."),)
unhurried = settings(deadline=None, max_examples=30)
difficulties = st.sampled_from(Difficulty)
seeds = st.integers(0, 10_000)


@cache
def lines_by_id() -> dict[str, str]:
    return dict(burnout().all_lines())


@dataclass(frozen=True)
class Said:
    """What the manager did in one turn."""

    reading: Reading
    asks: bool = False
    narrow: str = ""

    @property
    def text(self) -> str:
        return self.narrow or ("How so?" if self.asks else "So that is how it is.")


@dataclass(frozen=True)
class Played:
    """One exchange: what the voice was given and what it said."""

    scene: Scene
    reply: Reply


def speak_in(state: RepState, said: Said, path: Sequence[Turn] = (), seed: int = 1) -> Reply:
    """The answer to one turn when the rep stands at ``state`` after it."""
    return AuthoredVoice().speak(scene_of(state, said, path, seed))


def scene_of(state: RepState, said: Said, path: Sequence[Turn] = (), seed: int = 1) -> Scene:
    turn = Turn(i=len(path), speaker="manager", text=said.text, reading=said.reading, state=state)
    topics = said.reading.topics
    return Scene(burnout(), (*path, turn), said.reading, topics, state, None, Difficulty.STANDARD, seed)


def state_at(trust: float, **more: object) -> RepState:
    return RepState.model_validate(
        {"trust": trust, "strain": 50, "openness": trust, "mood": mood_of(trust, trust), **more}
    )


MOOD_TRUST: dict[Mood, float] = {"guarded": 20.0, "wary": 45.0, "open": 80.0}


def play(
    talk: Sequence[Said],
    *,
    seed: int = 1,
    difficulty: Difficulty = Difficulty.STANDARD,
    trust: float | None = None,
    scenario: Scenario | None = None,
) -> list[Played]:
    """CODE is given; UPDATE and SPEAK as in practice. Ends when the rep walks out."""
    scenario, voice = scenario or burnout(), AuthoredVoice()
    state = begin(scenario, difficulty)
    if trust is not None:
        state = state.model_copy(update={"trust": trust, "mood": mood_of(trust, state.openness)})
    scene = Scene(scenario, (), Reading(), (), state, None, difficulty, seed)
    first = voice.first(scene)
    path: list[Turn] = [Turn(i=0, speaker="rep", text=first.text, lines=first.lines, state=state)]
    played = [Played(scene, first)]
    for said in talk:
        topics = touched(state, said.reading, scenario)
        state = update(state, said.reading, topics, difficulty)
        opened = opening(scenario, state, said.reading, topics, difficulty)
        if opened:
            state = state.model_copy(update={"open_facts": (*state.open_facts, opened.id)})
        path.append(Turn(i=len(path), speaker="manager", text=said.text, reading=said.reading, state=state))
        scene = Scene(scenario, tuple(path), said.reading, topics, state, opened, difficulty, seed)
        reply = voice.speak(scene)
        state = state.model_copy(update={"hinted": reply.hinted})
        path.append(Turn(i=len(path), speaker="rep", text=reply.text, lines=reply.lines, state=state))
        played.append(Played(scene, reply))
        if reply.leaves:
            break
    return played


def texts(played: Sequence[Played]) -> list[str]:
    return [one.reply.text for one in played]


def question(topic: str, *codes: Code) -> Said:
    return Said(Reading(codes=codes or ("ASK",), topics=(topic,)), asks=True)


@st.composite
def sayings(draw: st.DrawFn, codes: Sequence[Code] = CODES) -> Said:
    heard = tuple(draw(st.lists(st.sampled_from(codes), max_size=3, unique=True)))
    sure = {code: draw(st.floats(0, 1)) for code in heard if draw(st.booleans())}
    topics = tuple(draw(st.lists(st.sampled_from(TOPICS), max_size=2, unique=True)))
    aside = draw(st.one_of(st.none(), st.none(), st.sampled_from(ASIDES)))
    narrow = draw(st.sampled_from(("", "", *NARROW)))
    return Said(Reading(codes=heard, probabilities=sure, topics=topics, aside=aside), draw(st.booleans()), narrow)


anyone = st.lists(sayings(), min_size=25, max_size=25)
good = st.lists(sayings(STRENGTHS), min_size=25, max_size=25)
stubborn = sayings().map(lambda said: [said] * 25)
talks = st.one_of(anyone, good, stubborn)


class TestWhatIsNeverSaid:
    @unhurried
    @given(talks, seeds, difficulties)
    def test_no_line_is_said_twice_except_short_refusals(
        self, talk: list[Said], seed: int, difficulty: Difficulty
    ) -> None:
        played = play(talk, seed=seed, difficulty=difficulty)
        said = Counter(key for one in played for key in one.reply.lines)
        assert not [key for key, times in said.items() if times > 1 and not key.startswith(REFUSALS)]
        spoken = [text for text in texts(played) if text not in burnout().asides.refusals]
        assert len(set(spoken)) == len(spoken)

    @unhurried
    @given(stubborn, seeds, difficulties)
    def test_the_same_words_are_never_said_twice_running(
        self, talk: list[Said], seed: int, difficulty: Difficulty
    ) -> None:
        spoken = texts(play(talk * 3, seed=seed, difficulty=difficulty))
        assert all(one != other for one, other in zip(spoken, spoken[1:], strict=False))

    @unhurried
    @given(talks, seeds, difficulties)
    def test_a_hidden_fact_is_told_only_in_the_turn_that_opened_it(
        self, talk: list[Said], seed: int, difficulty: Difficulty
    ) -> None:
        hidden = {line: fact.id for fact in burnout().facts for line in fact.lines}
        for one in play(talk, seed=seed, difficulty=difficulty):
            told = {fact_id for line, fact_id in hidden.items() if line in one.reply.text}
            assert told == ({one.scene.opened.id} if one.scene.opened else set())
            keys = {key.split(".")[1] for key in one.reply.lines if key.startswith("facts.")}
            assert keys == told

    @unhurried
    @given(talks, seeds, difficulties)
    def test_everything_said_is_an_authored_line_under_its_own_id(
        self, talk: list[Said], seed: int, difficulty: Difficulty
    ) -> None:
        for one in play(talk, seed=seed, difficulty=difficulty):
            assert one.reply.text == " ".join(lines_by_id()[key] for key in one.reply.lines)

    @unhurried
    @given(talks, seeds, difficulties)
    def test_a_hint_is_only_for_a_shut_fact_and_never_twice_running(
        self, talk: list[Said], seed: int, difficulty: Difficulty
    ) -> None:
        hinted_before = False
        for one in play(talk, seed=seed, difficulty=difficulty):
            hints = [key for key in one.reply.lines if key.startswith("hints.")]
            assert [key.split(".")[1] for key in hints] == ([one.reply.hinted] if one.reply.hinted else [])
            if hints:
                assert one.reply.hinted not in one.scene.state.open_facts
                assert not hinted_before
                assert not set(one.scene.reading.codes) & set(SLIPS)
                assert one.scene.reading.aside is None
            hinted_before = bool(hints)

    @unhurried
    @given(talks, seeds, difficulties)
    def test_a_hint_is_redeemed_by_the_next_good_answer(
        self, talk: list[Said], seed: int, difficulty: Difficulty
    ) -> None:
        for one in play(talk, seed=seed, difficulty=difficulty):
            if one.reply.hinted:
                fact = next(fact for fact in burnout().facts if fact.id == one.reply.hinted)
                codes = ("ASK", "REFLECT", "EMPATHY", "SAFETY", *fact.gate.all_of, *fact.gate.any_of)
                best = Reading(codes=tuple(dict.fromkeys(codes)), topics=(fact.topic,))
                state = update(one.scene.state, best, best.topics, difficulty)
                assert opening(burnout(), state, best, best.topics, difficulty)

    def test_hints_tell_nothing_that_a_fact_tells(self) -> None:
        secret = ("night desk", "own mobile", "linen room", "cage of sheets", "58", "fifty-eight", "price letter")
        secret += ("glovebox", "signed me off", "doctor", "handover")
        told = {key for key in lines_by_id() if burnout().told_by(key)}
        leaks = [
            (key, word)
            for key, line in lines_by_id().items()
            if key not in told
            for word in secret
            if word in line.casefold() and not (word == "doctor" and key.startswith("reactions.COMMAND"))
        ]
        assert not leaks

    @unhurried
    @given(talks, seeds)
    def test_speaking_is_pure(self, talk: list[Said], seed: int) -> None:
        for one in play(talk[:8], seed=seed)[1:]:
            assert AuthoredVoice().speak(one.scene) == one.reply

    def test_a_trainer_may_write_a_single_refusal(self) -> None:
        """The form asks for at least one; a rep with one must still survive any number of turns."""
        asides = burnout().asides.model_copy(update={"refusals": ("I'd rather not.",)})
        scenario = burnout().model_copy(update={"asides": asides})
        played = play([Said(Reading())] * 60, scenario=scenario)
        assert len(played) == 61


class TestSeeds:
    @unhurried
    @given(talks, seeds, difficulties)
    def test_the_same_seed_gives_the_same_conversation(
        self, talk: list[Said], seed: int, difficulty: Difficulty
    ) -> None:
        first, again = (play(talk, seed=seed, difficulty=difficulty) for _ in range(2))
        assert [one.reply for one in first] == [one.reply for one in again]

    def test_other_seeds_give_other_conversations(self) -> None:
        talk = [question(topic) for topic in TOPICS]
        spoken = {tuple(texts(play(talk, seed=seed))) for seed in range(40)}
        assert len(spoken) >= 39

    def test_seeds_use_every_opening(self) -> None:
        assert {play([], seed=seed)[0].reply.text for seed in range(100)} == set(burnout().openings)

    def test_the_beginning_of_a_talk_does_not_depend_on_its_end(self) -> None:
        talk = [question(topic) for topic in TOPICS]
        assert texts(play(talk, seed=5))[:4] == texts(play(talk[:3], seed=5))


class TestAnswers:
    @pytest.mark.parametrize("topic", TOPICS)
    @pytest.mark.parametrize("mood", MOOD_TRUST)
    def test_a_question_is_answered_from_its_topic(self, topic: str, mood: Mood) -> None:
        shown: tuple[tuple[Code, ...], ...] = ((), ("ASK",), ("EMPATHY",), ("ASK", "REFLECT", "CREDIT"), ("STANDARD",))
        for codes, seed in product(shown, range(5)):
            said = Said(Reading(codes=codes, topics=(topic,)), asks=True)
            reply = speak_in(state_at(MOOD_TRUST[mood]), said, seed=seed)
            assert reply.lines[0].startswith(f"answers.{topic}.{mood}.")

    def test_a_proposal_is_answered_before_what_has_opened_is_told(self) -> None:
        fact = burnout().facts[0]
        said = Said(Reading(codes=("ASK",), topics=(fact.topic,)), narrow="I ring Merrin. Can you live with that?")
        scene = replace(scene_of(state_at(70, open_facts=(fact.id,)), said), opened=fact)
        reply = AuthoredVoice().speak(scene)
        assert [key.rpartition(".")[0] for key in reply.lines] == ["asides.offered.open", f"facts.{fact.id}"]
        lines = dict(burnout().all_lines())
        assert reply.text == " ".join(lines[key] for key in reply.lines)
        asides = burnout().asides.model_copy(update={"offered": AnyMoodLines()})
        bare = replace(scene, scenario=burnout().model_copy(update={"asides": asides}))
        assert [key.rpartition(".")[0] for key in AuthoredVoice().speak(bare).lines] == [f"facts.{fact.id}"]

    def test_an_open_question_that_no_line_answers_is_declined_and_a_bare_one_is_not(self) -> None:
        said = Said(Reading(codes=("ASK",), topics=("hours",)), narrow="How would you build a cathedral out of soap?")
        assert speak_in(state_at(45), said).lines[0].startswith("asides.unsaid.open.")
        more = Said(Reading(codes=("ASK",), topics=("hours",)), narrow="And then?")
        assert speak_in(state_at(45), more).lines[0].startswith("answers.hours.")

    @pytest.mark.parametrize(
        "words", ["No, I meant the flask.", "That's not what I asked. How do you build it out of soap?"]
    )
    def test_a_rep_that_missed_the_question_owns_it(self, words: str) -> None:
        said = Said(Reading(codes=("EMPATHY",), topics=("hours",)), narrow=words)
        assert speak_in(state_at(45), said, SPOKEN).lines[0].startswith("asides.misheard.")

    def test_who_of_the_two_does_it_is_answered(self) -> None:
        said = Said(Reading(codes=("ASK",), topics=("merrin",)), narrow="Who rings Merrin, you or me?")
        assert speak_in(state_at(45), said, SPOKEN).lines[0].startswith("asides.between_us.")

    def test_a_question_put_again_is_answered_where_there_is_an_answer(self) -> None:
        said = Said(Reading(codes=("ASK",)), narrow="I meant the flask. What's in the flask?")
        assert speak_in(state_at(45), said, SPOKEN).lines[0].startswith("particulars.")

    @unhurried
    @given(st.sampled_from(TOPICS), seeds, difficulties, st.sampled_from((None, 20.0, 60.0, 90.0)))
    def test_six_questions_on_a_topic_get_six_answers_on_it(
        self, topic: str, seed: int, difficulty: Difficulty, trust: float | None
    ) -> None:
        played = play([question(topic)] * 6, seed=seed, difficulty=difficulty, trust=trust)
        for before, one in pairwise(played):
            if one.scene.opened:
                assert one.scene.opened.topic == topic
                assert one.reply.lines[0].startswith(f"facts.{one.scene.opened.id}.")
            elif before.reply.hinted:
                assert one.reply.lines[0].startswith((REFUSALS, "asides.not_yet.")), (
                    "asked for just what was hinted at, before it is earned"
                )
            else:
                assert one.reply.lines[0].startswith(f"answers.{topic}.")

    @pytest.mark.parametrize("fact_id", ["nights", "linenroom", "need", "mistake", "note", "handover"])
    def test_an_earned_fact_is_the_answer(self, fact_id: str) -> None:
        one = next(fact for fact in burnout().facts if fact.id == fact_id)
        state = state_at(80, open_facts=(one.id,))
        scene = replace(scene_of(state, question(one.topic, "ASK", "EMPATHY")), opened=one)
        reply = AuthoredVoice().speak(scene)
        assert reply.text in one.lines
        assert not reply.leaves
        assert reply.hinted == ""

    @pytest.mark.parametrize("topic", TOPICS)
    @pytest.mark.parametrize("aside", ["greeting", "thanks", "closing", "small_talk"])
    def test_politeness_around_a_question_does_not_hide_it(self, topic: str, aside: Aside) -> None:
        said = Said(Reading(codes=("ASK",), topics=(topic,), aside=aside), asks=True)
        assert speak_in(state_at(45), said).lines[0].startswith(f"answers.{topic}.")

    def test_following_up_a_hint_is_answered_on_its_topic(self) -> None:
        talk = [question("hours"), *[Said(Reading(codes=("REFLECT", "ASK")), asks=True)] * 2]
        for seed in range(10):
            hinted = ""
            for one in play(talk, seed=seed)[1:]:
                if hinted:
                    topic = next(fact.topic for fact in burnout().facts if fact.id == hinted)
                    assert one.scene.topics == (topic,)
                    assert one.scene.opened or one.reply.lines[0].startswith(f"answers.{topic}.")
                hinted = one.reply.hinted

    @pytest.mark.parametrize("code", [code for code in STRENGTHS if code != "ASK"])
    @pytest.mark.parametrize("mood", MOOD_TRUST)
    def test_a_gesture_without_a_question_gets_its_reaction(self, code: Code, mood: Mood) -> None:
        said = Said(Reading(codes=(code,), topics=("team",)))
        assert speak_in(state_at(MOOD_TRUST[mood]), said).lines[0].startswith(f"reactions.{code}.{mood}.")

    @pytest.mark.parametrize("mood", MOOD_TRUST)
    def test_what_is_about_nothing_is_evaded(self, mood: Mood) -> None:
        assert speak_in(state_at(MOOD_TRUST[mood]), Said(Reading())).lines[0].startswith(f"asides.evasions.{mood}.")


class TestSmallAnswers:
    ASKED = Said(Reading(codes=("ASK",), topics=("visible",)), narrow="What have you got in that flask?")

    def test_a_narrow_question_gets_its_small_answer_once(self) -> None:
        first, again = (one.reply for one in play([self.ASKED] * 2)[1:])
        key = first.lines[0]
        assert key.startswith("particulars.")
        assert first.text.startswith("Tea.")
        assert key not in again.lines

    @pytest.mark.parametrize("aside", ["meta", "personal"])
    def test_it_is_no_way_round_what_may_not_be_asked(self, aside: Aside) -> None:
        said = replace(self.ASKED, reading=Reading(codes=("ASK",), aside=aside))
        assert speak_in(state_at(80), said).lines[0].startswith(f"asides.{aside}.")

    def test_a_slip_is_answered_first(self) -> None:
        said = replace(self.ASKED, reading=Reading(codes=("ASK", "THREAT")))
        assert speak_in(state_at(80), said).lines[0].startswith("reactions.THREAT.")


class TestSlips:
    @pytest.mark.parametrize("slip", SLIPS)
    @pytest.mark.parametrize("mood", MOOD_TRUST)
    def test_a_slip_gets_its_own_reaction(self, slip: Code, mood: Mood) -> None:
        """Whatever else the turn holds: a question on a topic, a greeting, a goodbye."""
        polite: tuple[Aside | None, ...] = (None, "greeting", "thanks", "closing", "small_talk")
        for aside, asks in product(polite, (True, False)):
            said = Said(Reading(codes=("ASK", slip), topics=("hours",), aside=aside), asks)
            reply = speak_in(state_at(MOOD_TRUST[mood]), said)
            assert reply.lines[0].startswith(f"reactions.{slip}.{mood}.")
            assert len(reply.lines) == 1, "no hint for someone who slips"

    def test_the_worse_slip_is_the_one_answered(self) -> None:
        reply = speak_in(state_at(45), Said(Reading(codes=("OVERPROMISE", "THREAT", "COMMAND"))))
        assert reply.lines[0].startswith("reactions.THREAT.")

    def test_of_two_slips_the_surer_one_is_answered(self) -> None:
        reading = Reading(codes=("BLAME", "COMMAND"), probabilities={"BLAME": 0.2, "COMMAND": 0.95})
        assert speak_in(state_at(45), Said(reading)).lines[0].startswith("reactions.COMMAND.")

    @pytest.mark.parametrize(
        ("blame", "empathy", "asks", "answer"),
        [
            (0.45, 0.0, True, "answers.hours."),
            (0.45, 0.6, False, "reactions.EMPATHY."),
            (0.45, 0.3, False, "reactions.BLAME."),
            (0.45, 0.0, False, "reactions.BLAME."),
            (0.5, 0.9, False, "reactions.BLAME."),
            (0.6, 0.9, True, "answers.hours."),
            (0.7, 0.9, True, "reactions.BLAME."),
        ],
        ids=["a question", "a surer kindness", "a less sure one", "nothing else", "sure", "within a question", "plain"],
    )
    def test_a_suspected_slip_is_let_pass_beside_what_is_surer(
        self, blame: float, empathy: float, asks: bool, answer: str
    ) -> None:
        heard: dict[Code, float] = {"BLAME": blame} | ({"EMPATHY": empathy} if empathy else {})
        said = Said(Reading(codes=tuple(heard), probabilities=heard, topics=("hours",)), asks)
        reply = speak_in(state_at(45), said)
        assert reply.lines[0].startswith(answer)
        assert not reply.hinted, "no hint for someone who may have slipped"

    @pytest.mark.parametrize("slip", SLIPS)
    def test_the_same_slip_again_gets_another_line(self, slip: Code) -> None:
        played = play([Said(Reading(codes=(slip,), topics=("hours",)))] * 4, trust=100)
        assert all(one.reply.lines[0].startswith(f"reactions.{slip}.") for one in played[1:4])


class TestWalkingOut:
    @pytest.mark.parametrize("difficulty", Difficulty)
    @pytest.mark.parametrize("slip", SLIPS)
    def test_the_rep_leaves_when_trust_is_gone_and_it_goes_on(self, slip: Code, difficulty: Difficulty) -> None:
        played = play([Said(Reading(codes=(slip,), topics=("hours",)))] * 25, difficulty=difficulty)
        assert played[-1].reply.leaves
        assert played[-1].reply.text in burnout().endings.walkout
        assert played[-1].scene.state.trust < WALKOUT_TRUST
        assert not any(one.reply.leaves for one in played[:-1])

    @unhurried
    @given(talks, seeds, difficulties)
    def test_nobody_leaves_while_there_is_trust_or_without_a_slip(
        self, talk: list[Said], seed: int, difficulty: Difficulty
    ) -> None:
        for one in play(talk, seed=seed, difficulty=difficulty)[1:]:
            if one.reply.leaves:
                assert one.scene.state.trust < WALKOUT_TRUST
                assert any(code in SLIPS for code in one.scene.reading.codes)
            assert one.reply.leaves == one.reply.lines[0].startswith("endings.walkout.")

    @pytest.mark.parametrize("said", [Said(Reading()), question("hours"), Said(Reading(codes=("OWN",)))])
    def test_a_rep_without_trust_stays_while_nothing_more_is_done_to_it(self, said: Said) -> None:
        assert not speak_in(state_at(0), said).leaves

    def test_a_doubtful_slip_does_not_drive_the_rep_out(self) -> None:
        doubtful = Reading(codes=("BLAME",), probabilities={"BLAME": 0.4})
        assert not speak_in(state_at(2), Said(doubtful)).leaves

    def test_the_blow_that_empties_trust_still_gets_its_reaction(self) -> None:
        """It takes a further slip, after trust is gone, to end the talk."""
        blow = Said(Reading(codes=("THREAT",)))
        played = play([blow, blow], trust=19.0)
        assert played[1].scene.state.trust < WALKOUT_TRUST
        assert not played[1].reply.leaves
        assert played[1].reply.lines[0].startswith("reactions.THREAT.")
        assert played[2].reply.leaves


class TestAsides:
    @pytest.mark.parametrize("mood", MOOD_TRUST)
    @pytest.mark.parametrize("aside", ASIDES)
    def test_an_aside_gets_one_of_its_lines(self, aside: Aside, mood: Mood) -> None:
        reply = speak_in(state_at(MOOD_TRUST[mood]), Said(Reading(aside=aside)))
        assert reply.text in getattr(burnout().asides, aside)

    @pytest.mark.parametrize("aside", ["meta", "personal"])
    @pytest.mark.parametrize("codes", [(), ("ASK",), ("EMPATHY", "SAFETY"), ("BLAME",)])
    @pytest.mark.parametrize("asks", [True, False])
    def test_what_may_not_be_asked_is_never_answered(self, aside: Aside, codes: tuple[Code, ...], asks: bool) -> None:
        said = Said(Reading(codes=codes, topics=("home",), aside=aside), asks)
        reply = speak_in(state_at(80), said)
        assert reply.text in getattr(burnout().asides, aside)
        assert reply.hinted == ""

    @unhurried
    @given(st.integers(6, 25), seeds)
    def test_insisting_on_a_forbidden_subject_never_gets_an_answer_on_a_topic(self, times: int, seed: int) -> None:
        """When the lines for it are used up the rep evades; it does not begin to answer."""
        said = Said(Reading(topics=("home",), aside="personal"), asks=True)
        for one in play([said] * times, seed=seed)[1:]:
            assert one.reply.lines[0].startswith("asides.")

    @unhurried
    @given(st.integers(6, 25), seeds)
    def test_insisting_on_talk_about_the_simulation_never_gets_an_answer_on_a_topic(
        self, times: int, seed: int
    ) -> None:
        said = Said(Reading(topics=("hours",), aside="meta"), asks=True)
        for one in play([said] * times, seed=seed)[1:]:
            assert one.reply.lines[0].startswith("asides.")


class TestEndings:
    @pytest.mark.parametrize(
        ("trust", "facts", "ending"),
        [
            (80.0, ("nights",), "good"),
            (58.0, ("nights",), "good"),
            (57.9, ("nights",), "fair"),
            (80.0, (), "fair"),
            (40.0, (), "fair"),
            (39.9, ("nights",), "bad"),
            (0.0, (), "bad"),
        ],
    )
    def test_the_ending_depends_on_trust_and_on_what_was_earned(
        self, trust: float, facts: tuple[str, ...], ending: str
    ) -> None:
        state = state_at(trust, open_facts=facts)
        scene = Scene(burnout(), (), Reading(), (), state, None, Difficulty.STANDARD, 3)
        reply = AuthoredVoice().last(scene)
        assert reply.text in getattr(burnout().endings, ending)
        assert not reply.leaves

    def test_other_seeds_end_in_other_words(self) -> None:
        scene = Scene(burnout(), (), Reading(), (), state_at(20), None, Difficulty.STANDARD, 0)
        last = {AuthoredVoice().last(replace(scene, seed=seed)).text for seed in range(60)}
        assert last == set(burnout().endings.bad)


class TestLength:
    def test_guarded_lines_are_shorter_than_open_ones(self) -> None:
        groups: list[MoodLines] = [topic.answers for topic in burnout().topics]
        groups += [*burnout().reactions.values(), burnout().asides.evasions]
        guarded, wary, at_ease = (
            mean(len(line) for group in groups for line in getattr(group, mood)) for mood in MOOD_TRUST
        )
        assert guarded * 1.3 < wary < at_ease

    @pytest.mark.parametrize("topic", TOPICS)
    def test_on_every_topic_the_guarded_answers_are_the_shorter_ones(self, topic: str) -> None:
        answers = next(one.answers for one in burnout().topics if one.id == topic)
        assert mean(map(len, answers.guarded)) < mean(map(len, answers.open))

    def test_a_guarded_rep_says_less(self) -> None:
        talk = [question(topic) for topic in TOPICS]
        shut, at_ease = (
            mean(len(text) for seed in range(10) for text in texts(play(talk, seed=seed, trust=trust))[1:])
            for trust in (10.0, 95.0)
        )
        assert shut * 1.5 < at_ease
