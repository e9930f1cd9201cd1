"""Which principles a rep's words call for.

Each rep turn gets, for every principle, the probability that its words open the door to it. The values
are trained so that their noisy-or over a conversation (the probability that at least one of its
openings is real) predicts whether readers rated a principle that the manager did nothing about.
The evidence for that is thin: see ``python -m eval.rubric`` before leaning on a single value.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from coach.coding.features import normalise, tokens
from coach.domain import PRINCIPLES, PrincipleId
from coach.errors import ConfigError

Matrix = NDArray[np.float64]

# What reps tend to say when a principle is called for; on normalised text (lower case, no apostrophes).
# fmt: off
_CUES: dict[PrincipleId, str] = {
    "vision": (
        r"\bwhy (do|are|did|would|should) we\b|whats the point|\bpoint of\b|makes? (any )?sense|what for\b|"
        r"(new|changed?) (target|strategy|direction|focus|plan)|\bstrategy\b|mission|pointless|"
        r"nobody (tells|explains)|higher target|patients?\b|difference"
    ),
    "coaching": (
        r"how (do|should|would|can) i\b|what (do|should|would|can) (i|you)\b|dont (really )?know\b|not sure\b|stuck\b|"
        r"stall\w*|i was thinking|i thought|any idea|help me|keep (losing|getting|missing)|lost (it|the|them|to)|"
        r"objection\w*|they (say|said|keep)|ive tried|i tried|went (quiet|cold)|ghost\w*"
    ),
    "motivation": (
        r"bonus|commission|money|pay\b|salary|rise\b|raise\b|promot\w+|family|wife|husband|kids?\b|daughter|"
        r"son\b|mum\b|mother|dad\b|father|bored|boring|tired of|fed up|whats in it|used to (love|like|enjoy)|"
        r"offer\b|leav(e|ing)\b|resign\w*|quit\b|recruiter|enjoy|love\b|dream|want to be|flat\b|mortgage|"
        r"dont care|asleep"
    ),
    "wellbeing": (
        r"tired|exhaust\w*|sleep\w*|slept|cr(y|ied|ying)\b|stress\w*|burn\w* ?out|overwhelm\w*|hospital|"
        r"sick\b|ill\b|doctor|gp\b|weekends?|sunday|nights?\b|holiday|leave\b|too much|drown\w*|chest|panic|"
        r"cant (keep|do this|cope)|lunch|hours|mum\b|mother|father|dad\b|wife|daughter|son\b|baby|funeral|"
        r"died|headache|three people|alone"
    ),
    "trust": (
        r"can i\b|could i\b|may i\b|id (like|rather|want|do|sell|go|start)|"
        r"my (own )?(way|plan|idea|account|client|customer|deal)s?\b|let me|i was thinking|i thought|"
        r"permission|approv\w+|sign(ed|ing)? off|check(ing|ed)?\b|crm\b|report\w*|allowed|decide|on my own|"
        r"myself"
    ),
    "psychological_safety": (
        r"sorry|mistake|my fault|i forgot|i should have|i didnt (tell|say|want)|afraid|scared|honest\w*|admit|"
        r"to be fair|wrong\b|messed|mess\b|screwed|embarrass\w*|asham\w*|help\b|dont know|worried|can i say"
    ),
    "integrity": (
        r"you said|you promised|you told|promis\w+|last (time|year|month|quarter)|never (came|heard|happened)|"
        r"still (waiting|havent)|nobody (told|asked|called|came)|your (name|deck|idea|fault)|"
        r"i asked (you|for)|fair\b|unfair|didnt (you|get|ring|answer)|waiting (for|since)|"
        r"in (january|february|march|april|may|june|july|august|september|october|november|december)"
    ),
    "data": (
        r"\d+ ?(%|percent|per cent)|percent\b|per cent|forecast\w*|pipeline|dashboard|figures?\b|numbers?\b|"
        r"conversion|rate\b|ratio|win rate|spreadsheet|statistics|average|leaderboard|ranking|ranked|"
        r"at (forty|fifty|sixty|seventy|thirty|twenty)\b|quota|target"
    ),
    "change": (
        r""
        r"new (system|crm|tool|process|way|territory|structure|script|software|rules?|product|model|pricing|app|plan)|"
        r"\bcrm\b|reorgani[sz]\w*|restructur\w*|changed?\b|changes\b|merger|used to\b|the old way|idea\b|"
        r"try\b|tried|experiment|pilot|what if|instead|video|ai\b|app\b|tablet|platform|trial|test\b|rollout|"
        r"switch\w*"
    ),
    "accountability": (
        r"target|quota|deadline|by (friday|monday|tuesday|wednesday|thursday|when|the)|when\b|missed|late\b|"
        r"didnt (do|send|call|log|get)|havent|forgot|numbers?|report|plan\b|next\b"
    ),
    "recognition": (
        r"signed|closed|won\b|win\b|got (the|it|them)|landed|renew\w*|best\b|biggest|i did\b|"
        r"ive (done|been|got|built|made|worked)|"
        r"i (built|wrote|made|worked|stayed|drove|fixed|saved|brought|opened|found|sold|chased|called|rang)|"
        r"thank\w*|nobody (said|noticed|saw|thanked)|credit|noticed|well done|years\b|weeks\b|hours\b|"
        r"they (liked|loved|said)|record|on my own"
    ),
    "strategy": (
        r"marketing|legal\b|finance|product (team|manager)?|support team|operations|ops\b|engineering|"
        r"delivery|service|logistics|warehouse|pricing|procurement|customer|client\b|discount\w*|quarter\b|"
        r"year end|long.?term|next year|churn|renewal|department|headquarters|hq\b|partner|head office|"
        r"production|lab\b|pull (it|them) forward"
    ),
    "developing": (
        r"promot\w+|career|role\b|course|train(ing|ed)?\b|learn\w*|mentor\w*|lead(er|ing)?\b|senior|next step|"
        r"manager\b|grow\w*|skill\w*|apply|applied|internal|opportunit\w+|experience|shadow\w*|"
        r"never (done|did)|dont know how|nervous|first (time|year)|junior|i want to (be|become|do|learn)|"
        r"years? in|ae\b|job\b|post\b|conference"
    ),
}
# fmt: on
_PATTERNS = tuple(re.compile(rf"\b(?:{_CUES[principle]})") for principle in PRINCIPLES)
_LONG = 25
_MOST = 3
EXTRA = len(PRINCIPLES) + 2
"""Features beside the words: one a principle's cues, a long turn, a question."""


class Openings:
    """A frozen linear reader over words and cues, one row of weights a principle."""

    def __init__(self, words: Sequence[str], idf: Matrix, weights: Matrix, bias: Matrix) -> None:
        """Take the trained arrays: ``weights`` is (principles, words + EXTRA)."""
        self._columns = {word: j for j, word in enumerate(words)}
        self._idf, self._weights, self._bias = idf, weights, bias
        parts = (np.asarray(words, dtype=np.str_), idf, weights, bias)
        self.version = hashlib.sha256(b"".join(np.ascontiguousarray(p).tobytes() for p in parts)).hexdigest()[:8]

    @classmethod
    def load(cls, path: Path | None = None) -> Openings:
        """Read the arrays, by default those that ship with the package; nothing is unpickled.

        Raises:
            ConfigError: if the file is missing or not one of ours.
        """
        path = path or Path(__file__).with_name("openings.npz")
        try:
            with np.load(path, allow_pickle=False) as data:
                weights = data["weights"].astype(np.float64)
                return cls([str(w) for w in data["words"]], data["idf"].astype(np.float64), weights, data["bias"])
        except (OSError, KeyError, ValueError, BadZipFile) as error:
            raise ConfigError(f"The openings model {path} cannot be read; install the package again.") from error

    def save(self, path: Path) -> None:
        """Write the arrays as plain numbers and words, nothing pickled."""
        words = np.array(list(self._columns), dtype=np.str_)
        np.savez_compressed(
            path,
            words=words,
            idf=self._idf.astype(np.float16),
            weights=self._weights.astype(np.float16),
            bias=self._bias,
        )

    def read(self, rep_texts: Sequence[str]) -> list[dict[PrincipleId, float]]:
        """For each rep turn, the probability that its words call for each principle."""
        if not rep_texts:
            return []
        scores = features(rep_texts, self._columns, self._idf) @ self._weights.T + self._bias
        table = 1.0 / (1.0 + np.exp(-scores))
        empty = [not normalise(text) for text in rep_texts]
        return [
            {principle: 0.0 if blank else round(float(p), 4) for principle, p in zip(PRINCIPLES, row, strict=True)}
            for row, blank in zip(table, empty, strict=True)
        ]


def features(texts: Sequence[str], columns: dict[str, int], idf: Matrix) -> Matrix:
    """Length-normalised TF-IDF of known words, then the cues, as one dense row a turn."""
    table = np.zeros((len(texts), len(columns) + EXTRA))
    for row, text in zip(table, texts, strict=True):
        plain = normalise(text)
        words = tokens(plain)
        for word, count in Counter(words).items():
            if (j := columns.get(word)) is not None:
                row[j] = (1.0 + np.log(count)) * idf[j]
        norm = np.linalg.norm(row)
        if norm > 0:
            row /= norm
        row[len(columns) :] = _cues(plain, words)
    return table


def _cues(plain: str, words: Sequence[str]) -> list[float]:
    found = [min(_MOST, sum(1 for _ in pattern.finditer(plain))) ** 0.5 for pattern in _PATTERNS]
    return [*found, float(len(words) > _LONG), float("?" in plain)]
