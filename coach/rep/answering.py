"""What kind of answer a turn calls for: to a question, to the rep's own hint, to an offer."""

from __future__ import annotations

import re

from coach.domain import Code, Turn
from coach.encoder import understood
from coach.rep.aptness import Rated, answers, telling
from coach.rep.questions import ASKED_AGAIN, LEAD_IN, kind, question, straight
from coach.rep.voice import Scene

CURT = 4  # words of a question that only points at words said before ("What scale?")
BARE = 1  # telling words beside the hint's own of a "what" that asks for nothing else ("What is it, in one sentence?")
REMEMBERED = 3  # turns of the rep's in which a hint is still asked about,
NAMED = 2  # by so many of its telling words at least, where something was said in between
OFFERS: frozenset[Code] = frozenset({"SUPPORT", "TRY", "STANDARD", "DEVELOP"})
_DAY = r"(to(day|night|morrow)|next week|(mon|tues|wednes|thurs|fri|satur|sun)day|o'?clock|together)"
_AGREED = (
    r"\b(is|does|would|will) (that|this|it) (be )?(ok|okay|fine|all right|alright|work|suit|a deal|a yes)\b"
    r"|\b(ok|okay|fine|good|all right) (for|with|by) you\b|\byou agree\b|\bdeal\?"
    r"|\b(can|could) you live with (that|this|it)\b"
    r"|\byou('re| are)? (in|come|coming|with me)\?"
    r"|^(and |so |then )*(sounds? )?(ok|okay|all right|alright|agreed|good|fair( enough)?)\?$"
)
_TELLING = r"(tell|say|explain|describe|give|walk|talk) me|see|think|imagine|remember|ask|know|hear|happen"
_PROPOSAL = re.compile(
    rf"\b(shall|should|could|can|may) (we|i|you and (i|me))\b(?!.*\b(ask|know|hear|happen)).*\b{_DAY}\b"
    r"|\byou want to (do|come|go|sit|try|work|look)\b.*\b(me|us|together)\b"
    r"|\bwould (that|this|it) be (of )?(any |some )?(use|help)\b|\bwould it help (you |her |him )?if (i|we)\b"
    r"|\byou('d| would| will) (do|come|join)\b.*\b(me|us)\b"
    r"|\b(would|will) you (come|join|agree|be (there|up for)|meet|sit (down )?with|let me)\b"
    rf"|^(and |so |then )*(may|can|could|shall) (i|we) (?!{_TELLING})|\b(do|would) you (want|like) (me|us) to\b"
    rf"|^(and |so |then )*(would|could|will) you (?!(not|have|be|want|like|say|{_TELLING})\b)\w+"
    rf"|{_AGREED}|\b(how about|what if (i|we|you))\b",
    re.IGNORECASE,
)
# "What would you want me to bring?" proposes nothing, nor does "Does that ring true?"
_OPEN = re.compile(
    rf"^{LEAD_IN}(who|where|why|which|what(?! if\b)|how(?! about\b| would (it|that) be\b))\b",
    re.IGNORECASE,
)
_CHECK = re.compile(r"\b(rings?|sounds?) true\b|\bis (that|this|it) (true|right|correct|so|fair)\b", re.IGNORECASE)
_CORRECTED = re.compile(
    r"\bi (just |only )?meant,? (?!to\b|well\b|it\b|no\b|every\b|that i\b|what i\b)"
    r"|\b(that|this|it)('s| is| was)(n't| not| no) (really )?"
    r"(answer|what i (asked|meant)|(my|the|an) (question|answer))\b"
    r"|\bmy question was\b|\bthat (doesn't|does not|didn't) answer\b"
    r"|\byou (didn't|haven't|did not|have not) answer(ed)?( me| that| it| (my|the) question)?\W*([.,!?]|$)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\b(you|me|i|us|we|both|together)( of us)?,? or (just |only )?(me|i|you|us|both|the two of us|together)\b"
    r"|\b(will|do|would|can|should|shall|could|are|am) (you|i|we)\b[^?]* or "
    r"(will|do|would|can|should|shall|am|are) (i|we|you)( both| all| do (it|that))?\W*\?"
    r"|\b(yourself|alone|on your own),? or\b[^?]*\b(me|us|both|together)\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(was|were|did|had|said)\b", re.IGNORECASE)  # "Was it you or me?" asks for what happened
_FACTS = ("who", "when", "where", "how_many", "why")  # "Who's Josie?" asks for no explanation of an image
_AFTERTHOUGHT = 6  # words that may follow a question about what was meant; after more, it was only an echo
_WHAT = re.compile(r"\bwhat('s)?\b", re.IGNORECASE)
_AGREEMENT = re.compile(_AGREED, re.IGNORECASE)
_MEANING = re.compile(
    r"\bwhat (do|did) you mean\b|\bmeaning what\b|\bhow do you mean\b|\bwhat (does|is) that (supposed to )?mean\b"
    r"|\bplain (english|words)\b|\bcome again\?",
    re.IGNORECASE,
)
_DECLINES = ("asides.unsaid.", "asides.not_yet.", "asides.evasions.", "asides.refusals.")


def listen(words: str) -> None:
    """Begin to understand a question: what answers it is looked for by its meaning, which takes a moment to read."""
    if "?" in words:
        understood(question(words), "")


def rate(scene: Scene, mood: str = "") -> list[Rated]:
    """The rep's answers in a mood, its own unless another is named, the likeliest to answer the last turn first."""
    found = answers(scene.scenario.topics)
    return found.rate(scene.path[-1].text, tuple(scene.topics), mood or scene.state.mood)


def asks_what_was_hinted(scene: Scene) -> bool:
    """Whether the manager asks straight out for what the rep only hinted at.

    After the hint itself a bare question does ("What is it?"); a little later the hint has to be named as well ("You
    said there's a reason, and it's not on my sheet. What is it?").
    """
    words = scene.path[-1].text
    asked, told = question(words), telling(words)
    spoken = [turn for turn in scene.path[:-1] if turn.speaker == "rep"][-REMEMBERED:]
    for turn in spoken:
        hint = telling(" ".join(_hints(scene, turn)))
        named = turn is spoken[-1] or len(hint & told) >= NAMED
        if hint and named and len(telling(asked) - hint) <= (BARE if _WHAT.search(asked) else 0):
            return True
    return False


def _hints(scene: Scene, turn: Turn) -> list[str]:
    """The hints in a turn of the rep's, at what is still untold."""
    closed = {fact.id: fact.hints for fact in scene.scenario.facts if fact.id not in scene.state.open_facts}
    keys = [key.split(".") for key in turn.lines if key.startswith("hints.")]
    return [closed[fact][int(place)] for _, fact, place in keys if fact in closed]


def asks_what_was_meant(scene: Scene) -> bool:
    """Whether the manager asks what the rep's last words meant, as a rule an image ("What scale?")."""
    before = _before(scene)
    asked = question(scene.path[-1].text)
    if before is None or not asked:
        return False
    if _MEANING.search(asked):
        return True
    told = telling(asked)
    curt = len(asked.split()) <= CURT and bool(told) and told <= telling(before.text) and kind(asked) not in _FACTS
    return curt and len(straight(scene.path[-1].text).rpartition(asked)[2].split()) <= _AFTERTHOUGHT


def corrects(scene: Scene) -> bool:
    """Whether the manager says that the rep's last words missed the question ("I meant the bet, not the tablet")."""
    words = straight(scene.path[-1].text)
    return _before(scene) is not None and bool(_CORRECTED.search(words) or ASKED_AGAIN.search(words))


def shares_out(scene: Scene) -> bool:
    """Whether it is asked which of the two does something ("Will you call her, or shall I?")."""
    asked = question(scene.path[-1].text)
    return bool(_BETWEEN.search(asked)) and not _PAST.search(asked)


def asks_to_agree(scene: Scene) -> bool:
    """Whether all that is asked is whether the rep agrees ("Is that all right with you?"); what to was said before."""
    return bool(_AGREEMENT.search(question(scene.path[-1].text)))


def offers(scene: Scene, *, answerable: bool) -> bool:
    """Whether a turn offers or proposes something concrete, such as a meeting, and asks what the rep says to it.

    Args:
        scene: the turn is the last of its path.
        answerable: whether a line of the rep's answers the question. Words like a proposal are one all the same; where
            only a behaviour or a promise speaks for an offer, the question may be about something else.
    """
    words, reading = scene.path[-1].text, scene.reading
    asked = question(words)
    if reading.slipped or _OPEN.search(asked):
        return False
    if _PROPOSAL.search(asked):
        return True
    if _CHECK.search(asked):
        return False
    offered = bool(reading.promises) or bool(OFFERS & set(reading.codes))
    return offered and not answerable and kind(words) in ("yes_no", "when")


def just_declined(scene: Scene) -> bool:
    """Whether the rep's last words declined already: nobody wants two evasions in a row."""
    before = _before(scene)
    return before is not None and any(key.startswith(_DECLINES) for key in before.lines)


def _before(scene: Scene) -> Turn | None:
    """The rep's turn that the manager's last one answers."""
    return next((turn for turn in reversed(scene.path[:-1]) if turn.speaker == "rep"), None)
