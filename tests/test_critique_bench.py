"""The critique benchmark finds what it is there to find: every measure is shown a planted fault."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from coach.critique.rubric import Rubric
from coach.domain import PRINCIPLES, Citation, Code, Evidence, Finding, Reading, Topic, Turn
from eval.bench.critique import perturb
from eval.bench.critique.__main__ import LINES, dealt, invariances, mended, volumes
from eval.bench.critique.advice import Judged, advised_what_was_done, variety
from eval.bench.critique.material import Recording, Repair, Said, Talk, lines, recordings, repairs
from eval.bench.critique.rating import OVERALL, Case, Invariance, Rater

TALK: Talk = (
    Said("manager", "Come in, Dana. How was the week?"),
    Said("rep", "I'm tired, honestly. I've been up since five, and you said nothing."),
    Said("manager", "You always say that. It isn't Dana's problem, it's yours."),
    Said("rep", "Maybe."),
)
GIVEN = lines()


class LoudCoder:
    """Hears recognition in an exclamation mark and blame in "always", and remembers what it was asked."""

    id = "loud"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read(self, turns: Sequence[Turn], targets: Sequence[int], topics: Sequence[Topic] = ()) -> dict[int, Reading]:
        self.asked += [turns[t].text for t in targets]
        return {t: Reading(codes=self._codes(turns[t])) for t in targets}

    def _codes(self, turn: Turn) -> tuple[Code, ...]:
        heard: list[Code] = ["CREDIT"] if "!" in turn.text else []
        return (*heard, "BLAME") if "always" in turn.text else tuple(heard)


def rater() -> Rater:
    return Rater(LoudCoder(), Rubric.load())


def recording(talk: Talk = TALK, codes: dict[int, tuple[Code, ...]] | None = None) -> Recording:
    return Recording("one", talk, codes if codes is not None else {0: ("ASK",), 2: ("BLAME",)})


def case(before: dict[str, int | None], after: dict[str, int | None]) -> Case:
    nothing: dict[str, int | None] = dict.fromkeys(PRINCIPLES) | {OVERALL: 3}
    return Case("planted", nothing | before, nothing | after)


def texts(talk: Talk) -> list[str]:
    return [said.text for said in talk]


def test_there_is_enough_material() -> None:
    for kind in (GIVEN.self_praise, GIVEN.recited, GIVEN.injections):
        assert len(set(kind)) >= 30
    assert len(set(GIVEN.small_talk)) >= 40
    assert len({pair.slip for pair in repairs()}) >= 100


def test_every_slip_stands_in_a_labelled_turn_that_carries_it() -> None:
    suite = {one.id: one for one in recordings()}
    for pair in repairs():
        one = suite[pair.id]
        assert one.talk[pair.turn].speaker == "manager"
        assert pair.slip in one.talk[pair.turn].text
        assert pair.code in one.codes[pair.turn]
        assert pair.repair not in one.talk[pair.turn].text


def test_names_are_one_to_one() -> None:
    assert len(set(GIVEN.names.values())) == len(GIVEN.names)
    assert not set(GIVEN.names) & set(GIVEN.names.values())


@pytest.mark.parametrize("name", [*invariances(GIVEN), *volumes(GIVEN)])
def test_a_change_is_the_same_every_time_and_keeps_who_speaks(name: str) -> None:
    change = (invariances(GIVEN) | volumes(GIVEN))[name]
    after = change(TALK, "one")
    assert after == change(TALK, "one") != TALK
    assert [said.speaker for said in after] == [said.speaker for said in TALK]


def test_fillers_keep_every_word() -> None:
    after = perturb.fillers(TALK, ["um,"], "one")
    assert texts(after)[0] == "um, Come in, Dana. um, How was the week?"
    assert [text.replace("um, ", "") for text in texts(after)] == texts(TALK)


def test_bare_talk_has_neither_marks_nor_capitals_and_is_never_empty() -> None:
    assert texts(perturb.bare((*TALK, Said("rep", "..."))))[2:] == [
        "you always say that it isn't dana's problem it's yours",
        "maybe",
        "...",
    ]


def test_people_are_renamed_everywhere_and_others_are_not() -> None:
    after = texts(perturb.renamed((*TALK, Said("rep", "Danas of Danang, dana.")), {"Dana": "Kim"}))
    assert after[0].startswith("Come in, Kim.")
    assert "Kim's problem" in after[2]
    assert after[4] == "Kims of Danang, dana."


def test_only_the_rep_is_paraphrased_and_no_word_twice() -> None:
    after = texts(perturb.paraphrased(TALK, [("I'm", "I am"), ("I've", "I have"), ("maybe", "perhaps"), ("am", "was")]))
    assert after[1].startswith("I am tired, honestly. I've been")
    assert after[3] == "Perhaps."
    assert after[2] == TALK[2].text


def test_the_shipped_rewrites_reach_nearly_every_recording() -> None:
    talks = recordings()
    same = [one.id for one in talks if perturb.paraphrased(one.talk, GIVEN.rep_rewrites) == one.talk]
    assert len(same) <= len(talks) // 10


def test_a_line_goes_into_a_turn_or_becomes_one() -> None:
    within, alone = perturb.within(TALK, "Hm.", "one"), perturb.alone(TALK, "Hm.", "one")
    assert len(within) == len(TALK)
    assert sum(text.endswith("Hm.") for text in texts(within)) == 1
    position = texts(alone).index("Hm.")
    assert alone[position] == Said("manager", "Hm.")
    assert alone[position - 1].speaker == "manager"
    assert (*alone[:position], *alone[position + 1 :]) == TALK


def test_small_talk_goes_around_a_talk() -> None:
    exchange = ("Rain?", "Rain.")
    assert perturb.opened_with(TALK, exchange)[2:] == TALK
    assert perturb.closed_with(TALK, exchange)[:-2] == TALK


def test_added_lines_differ_within_a_turn() -> None:
    after = perturb.everywhere(TALK, ["A.", "B.", "C."], "one", count=2, every=2)
    added = after[0].text.removeprefix(TALK[0].text).split()
    assert len(set(added)) == 2
    assert after[2] == TALK[2]


def test_a_repair_takes_the_place_of_the_slip_alone() -> None:
    after = perturb.repaired(TALK, 2, "You always say that.", "That's new to me.")
    assert after[2].text == "That's new to me. It isn't Dana's problem, it's yours."
    with pytest.raises(ValueError, match="does not say"):
        perturb.repaired(TALK, 0, "You always say that.", "")


def test_what_was_read_is_not_read_again() -> None:
    coder = LoudCoder()
    judge = Rater(coder, Rubric.load())
    judge.rate(TALK)
    judge.rate(perturb.closed_with(TALK, ("Rain?", "Rain.")))
    assert coder.asked == [*texts(TALK), "Rain?", "Rain."]
    assert judge.stand_ins() == (0, 6)


def test_invariance_counts_levels_rated_on_either_side() -> None:
    found = Invariance.of(
        [
            case({"trust": 3, "data": 4, "vision": 2}, {"trust": 3, "data": 2, "vision": None}),
            case({OVERALL: 3, "coaching": None}, {OVERALL: 4, "coaching": 3}),
        ]
    )
    assert (found.cases, found.levels) == (2, 4)
    assert (found.unchanged, found.far, found.up, found.down) == (0.25, 0.25, 0, 0.25)
    assert (found.appeared, found.vanished, found.overall) == (0.25, 0.25, 0.5)


def test_coming_to_be_rated_is_a_move() -> None:
    assert case({}, {"trust": 3}).raised() == ["trust"]
    assert case({}, {"trust": 2}).lowered() == ["trust"]
    assert case({"trust": 3}, {}).lowered() == ["trust"]
    assert not case({}, {"trust": 3}).on_both_sides(["trust"])
    assert case({"trust": 2}, {"trust": 3}).on_both_sides(["trust"])


def test_a_coder_that_is_talked_into_praise_is_caught() -> None:
    found = dealt(rater(), [recording()], ["Wow!", "Hm.", "Hm hm."], perturb.alone, LINES)
    assert [bool(one.raised()) for one in found] == [True, False, False]


def test_every_line_is_dealt_alike() -> None:
    options = [str(n) for n in range(6)]
    found = dealt(rater(), [recording()] * 4, options, perturb.within, LINES)
    assert sorted(one.what for one in found) == sorted(f"one: {option}" for option in options * 2)


def test_repairs_are_sorted_by_what_else_their_turn_holds_and_a_bad_one_is_caught() -> None:
    only = Repair(id="one", turn=2, code="BLAME", slip="You always say that.", repair="Tell me more.")
    worse = only.model_copy(update={"slip": "It isn't Dana's problem, it's yours.", "repair": "You always do, always."})
    talk = perturb.repaired(TALK, 2, "You always say that.", "Well done!")
    fine, bad = mended(rater(), [recording()], [only]), mended(rater(), [recording(talk)], [worse])
    assert [len(cases) for cases in fine.values()] == [1, 0]
    assert not any(one.lowered() for cases in fine.values() for one in cases)
    assert all(one.lowered() for cases in bad.values() for one in cases)
    assert [len(cases) for cases in mended(rater(), [recording(codes={2: ("BLAME", "ASK")})], [only]).values()] == [
        0,
        1,
    ]


def finding(**fields: object) -> Finding:
    values: dict[str, object] = {
        "principle": "coaching",
        "kind": "slip",
        "code": "COMMAND",
        "level": 2,
        "evidence": (Evidence(turn=2, quote="It"),),
        "passages": (Citation(source="slips", section="Ordering", quote="x"),),
        "advice": "Ask.",
        "better_words": "What do you think?",
        "better_words_from": "An example from elsewhere",
    }
    return Finding.model_validate(values | fields)


def test_advice_to_do_what_was_done_is_counted_by_turn_and_by_talk() -> None:
    asked = finding(asks_for="ASK")
    found = [
        Judged(recording(codes={0: ("ASK",), 2: ("COMMAND",)}), asked, ("CHOICE", "SAFETY")),
        Judged(recording(codes={2: ("ASK", "CHOICE")}), asked, ("CHOICE", "ASK")),
        Judged(recording(codes={2: ("ASK",)}), finding(kind="strength", code="ASK"), ("ASK",)),
        Judged(recording(codes={}), finding(asks_for="ASK", better_words=""), ()),
    ]
    assert [(one.part, one.whole) for one in advised_what_was_done(found)] == [(1, 3), (2, 3), (1, 2), (1, 2)]
    assert [one.met for one in advised_what_was_done(found[-1:])] == [True] * 4


def test_variety_counts_distinct_words_and_uncalled_examples() -> None:
    found = [finding(), finding(), finding(advice="Wait.", better_words_from="Say")]
    assert [one.part for one in variety(found)] == [2, 2, 1, 2]
    assert variety(found)[-1].met is False
