"""What the transformer learns from, and how its thresholds are chosen; training itself needs PyTorch."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from shipped import library, scenario

from coach.coding.classifier import Floats
from coach.domain import CODES, SLIPS
from coach.rep.judge import Names
from eval.particulars import Found, measure
from eval.train_transformer.batches import HARMLESS, beside_secrets, by_length, of_one_scenario
from eval.train_transformer.calibration import SLIP_PRECISION, thresholds
from eval.train_transformer.examples import (
    SCENARIO,
    Asked,
    Guarded,
    Told,
    Voiced,
    asked,
    coded,
    guarded,
    heard,
    voiced,
)  # fmt: skip


@pytest.mark.parametrize(
    ("row", "known"),
    [
        ({"bad": None}, [("Fine. Really. Go on.", False), ("Fine.", False)]),
        ({"bad": "leak"}, [("Fine. Really. Go on.", False), ("Fine.", False)]),
        ({"bad": "coach"}, [("Fine. Really. Go on.", True)]),
        ({"bad": "coach", "at": 1}, [("Fine. Really. Go on.", True), ("Fine.", False), ("Really.", True)]),
    ],
)
def test_of_a_draft_only_the_sentences_whose_voice_is_known_are_learned(
    row: dict[str, object], known: list[tuple[str, bool]]
) -> None:
    found = heard({"manager": "How are you?", "draft": "Fine. Really. Go on.", **row}, Names("Dana Okafor"))
    assert [(one.told, one.strange) for one in found] == known


def test_names_are_masked_before_the_voice_is_learned() -> None:
    row = {"manager": "Who is it?", "draft": "Dana here.", "bad": None}
    assert list(heard(row, Names("Dana Okafor"))) == [Voiced("Who is it?", "repsname here.", False, 1.0)]


def test_one_scenario_is_kept_out_of_training_whole() -> None:
    reps = library().scenarios
    kept = reps[SCENARIO]
    learned = asked(reps)
    assert set(learned) == set(reps) - {SCENARIO}
    answers = {line for one in kept.particulars for line in one.says}
    assert not answers & {one.told for one in voiced(reps)}
    assert not answers & set(chain.from_iterable(one.says for given in learned.values() for one in given))


def test_conversations_come_with_their_writers_after_single_exchanges() -> None:
    writers = [one.writer for one in coded()]
    first = next(i for i, writer in enumerate(writers) if writer)
    assert first > 0
    assert all(writers[first:])


def test_batches_by_length_hold_every_example_once_with_little_padding() -> None:
    lengths = [i * 7 % 50 for i in range(200)]
    batches = by_length(lengths, 8, 0)
    assert sorted(chain.from_iterable(batches)) == list(range(200))
    assert max(max(lengths[i] for i in b) - min(lengths[i] for i in b) for b in batches) < 50 / 2


def test_a_question_is_paired_with_its_own_and_only_beside_enough_others() -> None:
    many = [Asked((f"ask {i}", f"other {i}"), (f"say {i}",)) for i in range(20)]
    batches = of_one_scenario({"many": many, "few": many[:8]}, 48, 0)
    assert [len(batch) for batch in batches] == [20, 20]
    for batch, kind in zip(batches, ("ask other", "say"), strict=True):
        for question, other in batch:
            assert other.split()[0] in kind
            assert question != other
            assert question.split()[1] == other.split()[1]


def test_a_draft_is_set_beside_one_telling_of_every_secret_among_harmless_lines() -> None:
    drafts = tuple(Told("Why?", f"draft {i}", i if i < 2 else None) for i in range(5))
    harmless = tuple(f"line {i}" for i in range(30))
    batches = beside_secrets([Guarded((("a", "aa"), ("b",)), harmless, drafts)], 3, 0)
    assert sorted(one.draft for batch, _ in batches for one in batch if one.before) == [one.draft for one in drafts]
    for batch, tellings in batches:
        assert [one.secret for one in batch[-HARMLESS:]] == [None] * HARMLESS
        assert tellings in (["a", "b"], ["aa", "b"])


def test_every_draft_that_tells_a_secret_names_it_and_one_scenario_is_kept_out() -> None:
    reps = library().scenarios
    found = guarded(reps)
    assert len(found) == len(reps) - 1
    for one in found:
        assert {told.secret for told in one.drafts} == {None, *range(len(one.secrets))}


def test_thresholds_reach_the_precision_asked_for_slips() -> None:
    random = np.random.default_rng(0)
    labels = random.random((150, len(CODES))) < 0.1
    probability: Floats = np.clip(0.25 * random.random(labels.shape) + 0.3 * labels * random.random(labels.shape), 0, 1)
    strength, slip = thresholds(probability, labels)
    slips = [i for i, code in enumerate(CODES) if code in SLIPS]
    hit = (probability >= slip)[:, slips]
    assert (hit & labels[:, slips]).sum() / hit.sum() >= SLIP_PRECISION
    assert 0.1 < strength < 0.5


def test_no_thresholds_are_chosen_from_scores_that_tell_nothing() -> None:
    labels = np.zeros((30, len(CODES)), dtype=bool)
    with pytest.raises(ValueError, match="no threshold of slips"):
        thresholds(np.full(labels.shape, 0.05), labels)


def test_matching_is_counted_apart_for_questions_with_and_without_an_answer(tmp_path: Path) -> None:
    """The playwright's own wordings are found for certain, so the file can plant every outcome."""
    given = scenario(SCENARIO)
    two = given.model_copy(update={"particulars": given.particulars[:2]})
    first, other = (one.asks[0] for one in two.particulars)
    planted = [(first, 0), (first, 1), ("Would you like some tea?", 0), (other, -1), ("Would you like some tea?", -1)]
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(json.dumps({"q": question, "is": place}) + "\n" for question, place in planted))
    assert measure(two, file) == Found(asked=3, right=1, wrong=1, stray=2, answered=1)
