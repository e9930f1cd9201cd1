"""How examples are put together for one step of training."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random

from coach.encoder import Pair
from eval.train_transformer.examples import Asked, Guarded, Told

_MARKS = re.compile(r"[^\w\s'’]|_")
NEAR = 20  # batches' worth of examples that are sorted by length together, so that little is padding
FEWEST = 9  # a question among fewer others teaches little
HARMLESS = 10  # lines of the same rep that tell no secret, in a batch of drafts


def bare(text: str) -> str:
    """The words alone; capitals the reader leaves out anyhow."""
    return " ".join(_MARKS.sub(" ", text).split())


def by_length(lengths: Sequence[int], size: int, seed: int) -> list[list[int]]:
    """Places of examples in batches of about equal length; every place once."""
    order = list(range(len(lengths)))
    Random(seed).shuffle(order)  # noqa: S311
    chunks = [sorted(order[i : i + NEAR * size], key=lengths.__getitem__) for i in range(0, len(order), NEAR * size)]
    return [chunk[i : i + size] for chunk in chunks for i in range(0, len(chunk), size)]


def of_one_scenario(asked: Mapping[str, Sequence[Asked]], size: int, seed: int) -> list[list[Pair]]:
    """Pairs that belong together, in batches whose other pairs, of the same rep, are what they are told from.

    Every scenario comes twice: questions beside other wordings of them, where there are any, then beside answers.
    """
    random = Random(seed)  # noqa: S311
    found: list[list[Pair]] = []
    for given in asked.values():
        for reworded in (True, False):
            order = list(given)
            random.shuffle(order)
            for i in range(0, len(order), size):
                batch = [_pair(one, reworded, random) for one in order[i : i + size]]
                if len(batch) >= FEWEST:
                    found.append(batch)
    return found


def beside_secrets(examples: Sequence[Guarded], size: int, seed: int) -> list[tuple[list[Told], list[str]]]:
    """Drafts of one scenario and harmless lines of its rep, each time beside one telling of every secret."""
    random = Random(seed)  # noqa: S311
    found = []
    for one in examples:
        order = list(one.drafts)
        random.shuffle(order)
        for i in range(0, len(order), size):
            drafts = [*order[i : i + size], *(Told("", line, None) for line in random.sample(one.harmless, HARMLESS))]
            found.append((drafts, [random.choice(lines) for lines in one.secrets]))
    return found


def _pair(one: Asked, reworded: bool, random: Random) -> Pair:
    question = random.choice(one.asks)
    others = [ask for ask in one.asks if ask != question]
    return question, random.choice(others if reworded and others else one.says)
