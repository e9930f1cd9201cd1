"""What the coder looks at: n-grams, sentence openings, a function-word skeleton and cues.

Everything works on normalised text (lower case, no apostrophes), so that typed chat, speech
recognition and careful prose look alike.
"""

# ruff: noqa: E501 - a pattern is one line, so that a cue can be read and changed as a whole
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

Pair = tuple[str, str]
LIMIT = 4000
"""Characters of a turn that are read; a spoken turn is far shorter."""

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "´": "'", "`": "'", "…": ".", "—": ",", "–": ","})
_MARKUP = re.compile(r"<[^<>]{0,80}>|[*_#~|\\]+")
_SPACE = re.compile(r"\s+")
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[?!%£$€]")
_STOP = re.compile(r"(?<=[.!?])\s+|\n+|(?<=\?)")
FUNCTION_WORDS = frozenset(
    ["i", "me", "my", "mine", "we", "us", "our", "you", "your", "yours", "u", "ur", "he", "she", "it", "they", "them", "their", "him", "her", "his", "its", "im", "ive", "id", "ill", "youre", "youve", "youd", "youll", "were", "weve", "well", "theyre", "theyve", "theyll", "hes", "shes", "thats", "whats", "hows", "theres", "heres", "lets", "a", "an", "the", "this", "that", "these", "those", "and", "or", "but", "so", "because", "if", "then", "than", "as", "of", "in", "on", "at", "to", "for", "with", "from", "by", "about", "into", "over", "after", "before", "until", "since", "up", "down", "out", "off", "not", "no", "never", "dont", "doesnt", "didnt", "cant", "couldnt", "wont", "wouldnt", "isnt", "arent", "wasnt", "havent", "hasnt", "shouldnt", "do", "does", "did", "done", "is", "are", "was", "be", "been", "being", "am", "have", "has", "had", "can", "could", "will", "would", "shall", "should", "may", "might", "must", "what", "how", "why", "which", "who", "where", "when", "there", "here", "just", "only", "still", "too", "very", "really", "more", "most", "less", "all", "every", "each", "everyone", "everybody", "anyone", "anybody", "nobody", "someone", "always", "again", "now", "today", "tomorrow", "tonight", "yes", "yeah", "no", "ok", "okay", "right", "sorry", "thanks", "thank", "please", "want", "need", "know", "think", "feel", "like", "see", "say", "said", "tell", "told", "get", "got", "go", "make", "take", "give", "keep", "try", "help", "look", "one", "two", "?", "!", "%"]
)  # fmt: skip


def normalise(text: str) -> str:
    """Lower-case, straighten quotes, drop markup and the apostrophes inside words."""
    text = _MARKUP.sub(" ", text[:LIMIT].translate(_QUOTES).lower()).replace("'", "")
    return _SPACE.sub(" ", text).strip()


def tokens(text: str) -> list[str]:
    """Words, numbers (as their digit pattern) and the marks that carry meaning."""
    return ["0" * min(len(t), 4) if t.isdigit() else t for t in _TOKEN.findall(text)]


def sentences(text: str, longest: int = 30) -> list[str]:
    """Sentences of a normalised text; unpunctuated stretches are cut into overlapping windows."""
    found: list[str] = []
    for part in parts(text):
        words = part.split()
        if len(words) > longest:
            step = longest // 2
            found += [" ".join(words[i : i + longest]) for i in range(0, len(words) - step, step)]
        else:
            found.append(part)
    return found


def _ngrams(words: Sequence[str], low: int, high: int) -> Iterator[str]:
    for n in range(low, high + 1):
        for i in range(len(words) - n + 1):
            yield " ".join(words[i : i + n])


def parts(text: str) -> list[str]:
    """Stretches of a normalised text between full stops; n-grams and cues do not cross them."""
    return [part for part in _STOP.split(text) if part]


def words_of(part: str) -> list[str]:
    """Words and word pairs, with the first and last word marked."""
    return [g for g in _ngrams(["^", *tokens(part), "$"], 1, 2) if g not in ("^", "$")]


def skeleton(part: str) -> list[str]:
    """Runs of three to five words in which content words are blanked: how it is said, not about what."""
    blank = ["^"]
    for token in tokens(part):
        if token in FUNCTION_WORDS or token.startswith("0"):
            blank.append(token)
        elif blank[-1] != "_":
            blank.append("_")
    return list(_ngrams([*blank, "$"], 3, 5))


def chars(part: str) -> list[str]:
    """Character runs inside words, padded by spaces."""
    grams: list[str] = []
    for token in tokens(part):
        padded = f" {token} "
        size = len(padded)
        for n in (3, 4, 5):
            if size <= n:
                grams.append(padded)
                break
            grams += [padded[i : i + n] for i in range(size - n + 1)]
    return grams


_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|tonight|noon|lunch|january|february|march|april|june|july|august|september|october|november|december|the (?:\d+|first|second|third|fourth|fifth|\w+th)\b"
_VERB = (
    "call|ring|phone|send|email|mail|get|put|do|go|tell|make|take|stop|start|cancel|write|drop|open|copy|use|read|book"
    "|push|offer|keep|log|bring|close|say|dont|never|just|cut|sell|sign|ask|find|show|give|pick|chase|fix|sort|build"
    "|move|forget|leave|pull|print|add|update|delete|check|be|stay|sit|come|listen|follow|turn|change|hold|wait|work"
)
_MANAGER = {
    # ask
    "wh_start": r"(?:^|[.?!,] ?)(?:and |so |but |ok |okay |right |well |then )*(?:what|how|why|where|which|whats|hows|who)\b",
    "wh_you": r"\b(?:what|how|why|where|which) (?:else )?(?:do|would|did|are|is|were|have|could|might) (?:you|ya|u|it|that|this)\b",
    "your_view": r"\b(?:what(?:s| is| would| do| are)(?: be)? (?:your|you|ur|going|getting|behind|stopping|making|happening)|(?:do|dyou|would) (?:you )?(?:reckon|think)|your (?:read|view|take|sense|idea|thoughts)|make of)\b",
    "tell_me": r"\b(?:tell me|talk me through|walk me through|take me through|say more|run me through|help me understand|im curious|id like to (?:hear|know|understand)|i want to (?:hear|know|understand)|id love to)\b",
    "closed_start": r"(?:^|[.?!] ?)(?:and |so |but |ok |right )?(?:did|do|does|is|are|have|has|can|could|will|would|was|were|shall|should|isnt|arent|didnt|dont|cant|wont)\b[^.!?]*\?",
    "tag": r"\b(?:isnt it|arent you|dont you|right|yeah|is it|are you|okay|ok|no|havent you|wasnt it|innit|doesnt it|didnt you|do you|did you|understood|clear|capisce|yes) ?\?",
    "rhetorical": r"\b(?:did you expect|were you thinking|(?:do|did) you want me to|supposed to|who (?:cares|do you think)|how hard|how many times|why (?:cant|dont|didnt|havent|wasnt|isnt|arent|am i)|wrong with|are you serious|do you even|do i look|you know (?:what|why|who)|guess what|do you know)\b",
    # reflect, empathy, safety
    "so_you": r"(?:^|[.?!] ?)(?:ah |and |right |ok |okay )?so (?:its|youre|youve|you|the|theyre|that|what|for you|on|there)\b",
    "reflect": r"\b(?:sounds (?:like|as)|what im hearing|youre (?:saying|telling|caught|stuck|torn|carrying|worried|furious|worn|not sure|doing)|you feel|feels (?:like|as)|if i (?:hear|get|understand|ive)|have i got that|is that (?:it|right|close|about)|and (?:nobody|no one)|its not (?:the|that|about|really|so much)|its less|more than the)\b",
    "empathy": r"\b(?:(?:that|it|this)(?:s| is| sounds| must| mustve| would| was| feels)(?: be| have been| really| so| pretty| properly| bloody| a)? ?(?:a lot|hard|rough|tough|brutal|horrible|awful|grim|exhaust|lonely|heavy|frighten|scary|gutting|miserable|rotten|sore|sting|hurt|grind|unfair|sicken|draining|a blow|maddening|galling|lousy|knock|weigh)\w*|no wonder|not surprised|of course (?:you|it|that)|any(?:one|body) would|who wouldnt|i(?:d| would) (?:be|feel|have been|hate)|makes sense|ouch|oof|poor you|you poor|sorry (?:youre|youve|you had|you were|to hear|about (?:your|the)|thats)|i can (?:see|hear|imagine|understand) (?:why|how|that|it|you))",
    "safety": r"\b(?:(?:thank you|thanks|glad|good|grateful|appreciate|pleased)(?: that| for| so much for| very much for)? (?:you(?:ve)? (?:told|said|came|rang|raised|asked|brought|called|flag\w*)|telling|saying|being (?:honest|straight|open)|coming|raising|trusting|the honesty|your honesty|owning|flagging|asking|ringing)|rather (?:you|hear|know|have|be told|get)|in trouble|held against|hold (?:it|that|this) against|between (?:us|you and me|the two)|stays? (?:here|in this|with me|between)|come (?:to me|straight)|bring it (?:to me)?|(?:ring|tell|call) me (?:early|first|sooner|before|the same|when)|no (?:blame|punish\w*|comeback|black mark)|(?:fine|allowed|okay|ok|safe) to (?:say|be|not|get|ask|tell)|guts|took (?:courage|nerve)|brave|nobody (?:gets|loses|is going to)|you wont (?:be|get)|not (?:a )?(?:crime|sin|hanging))\b",
    # purpose, motive, choice, support
    "because": r"\b(?:because|so that|the reason|the point|why (?:it|this|we|im|i)|thats why|matters|for the sake|what its for|its for)\b",
    "people_served": r"\b(?:patients?|families|children|nurses|farmers?|drivers|mothers|surgeons|teachers|tenants|residents|pupils|customers|clients) (?:who|get|can|cant|gets|have|has|are|were|lose|need|wait)\b",
    "motive": r"\b(?:what (?:do you (?:want|enjoy|like|love)|you want|matters|drives|gets you|would make|made you|did you (?:enjoy|love|like)|part of)|(?:you|u) (?:love|loved|like|enjoy|enjoyed|light|lit|came alive|care about)|matters (?:most )?to you|important to you|in it for|worth it|your (?:daughters?|sons?|kids|mum|mother|house|family|girls|boys?|wife|husband|dad|evenings|weekends)|what for|proud)\b",
    "choice": r"\b(?:your (?:call|choice|decision|way|plan|shout|pick|idea|show|deal to)|up to you|you (?:decide|choose|pick|run it|call it|tell me)|how you (?:do|get|run|play|want)|(?:whichever|whatever|however) (?:you|way|suits)|or would you|(?:do you )?want (?:my|me to)|can i (?:offer|suggest|say|tell)|may i|(?:would|do) you (?:rather|prefer|want)|run with it|do it your way|back you|ill back|you can say no|or not at all|i(?:d|ll) (?:go with|back) (?:you|it|that))\b",
    "ill": r"\b(?:ill|i will|let me|i can|ive|im going to|im) (?:\w+ )?(?:take|ring|call|come|sit|get|move|talk|speak|cover|find|send|ask|do|join|put|pull|free|phone|push|book|set|help|write|drive|bring|chase|clear|tell|taking|coming|ringing|moved|asked|cancelled|booked|blocked|taken|cleared|told|moving|doing|giving|give|carry|hold|fight|go)\b",
    "help": r"\b(?:how can i help|what do you need|what would help|would (?:that|it) help|what can i (?:take|do)|off your (?:plate|desk|list|hands|back)|come with you|sit (?:with|in)|with you|together|the two of us|both of us|side by side|between us|take (?:the|a|friday|tomorrow|monday) (?:\w+ )?(?:day|afternoon|morning|week|off|out)|day off|counsell\w+|occupational|lighter|cover|fund|budget|pay for)\b",
    # credit, own, insight, try
    "praise": r"\b(?:well done|(?:good|nice|great|lovely|cracking|superb|smart|clever|brilliant|fine|proper|strong|amazing|fantastic) (?:job|work|one|catch|call|stuff|move|piece|question|result|effort|going|idea|thinking|thing)|hats? off|impress\w+|proud of|credit|down to you|because of you|(?:that was|thats|it was|thats all) (?:you|your|yours)|i (?:noticed|saw|heard|watched|loved|liked|read) (?:you|how|the way|your|what you)|you(?:ve)? (?:kept|saved|built|spotted|turned|held|handled|earned|caught|won|landed|wrote|got|stuck|asked|found|brought|made)|nobody else|i couldnt have|id never|never (?:seen|thought|would have))\b",
    "own": r"\b(?:my (?:fault|mistake|doing|bad|share|part|mess|job|own|error)|(?:thats|its|that was|is|be) (?:on )?me\b|on me|i (?:should have|should|shouldnt|shouldve|shouldnt have|was wrong|got (?:it|that|this)? ?wrong|messed|dropped|forgot|promised|said id|said i|never|didnt|missed|let you|owe|apologi[sz]e|cut|made|told you|havent|wasnt|did that|put you|ducked|assumed|left|did) ?|im sorry|sorry|take (?:that|it) back|youre right|fair (?:point|cop|enough|comment)|guilty|i was (?:the|wrong|late|trying|not|out)|wrong of me|shame on me|mea culpa|hands up)",
    "i_past": r"\bi (?:\w+ed|said|told|got|went|took|gave|sent|sat|knew|thought|forgot|let|made|came|saw|had|was|did|put|wrote|lost|kept|left)\b",
    "pattern": r"\b(?:pattern|look at (?:it|this|that|these|them) (?:with|together)|out of (?:your|those|the|\d+)|\d+ (?:of|out of|in|from) (?:\d+|your|those|the|them)|trend|per ?cent|data|curve|average|median|split|ratio|conversion|win rate|went (?:back )?through|pulled|laid|plotted|counted|columns?|what do you (?:make|see)|do you see|jumps? out|drops? off|where (?:it|they|do|does))\b",
    "try": r"\b(?:tr(?:y|ied|ying)|trial|experiment\w*|test|pilot|for (?:a|one|two|three|four) (?:weeks?|month|fortnight|days?)|see what (?:happens|comes|it|they)|if it (?:flops|doesnt|fails|works|bombs|dies|falls|goes)|we(?:ve|ll)? (?:learn|learnt|learned|know)|learn|worst case|give it a|a go\b|no harm|scrap it|bin it|tear it up|go back to|either way|small)\b",
    # standard, develop, align
    "dated": rf"\b(?:by|on|at|before|until|till|from|every) (?:end of |close of |this |next |half |the )?(?:{_DAY}|\d+|nine|ten|eight|four|five|month|week)",
    "day": rf"\b(?:{_DAY})",
    "standard": r"\b(?:i expect|expect\w*|the rule|rules?|standard|the line|non negotiable|not (?:ok|okay|on|acceptable|negotiable)|has to|have to|need (?:you|it|them|that|a|to)|agreed|deal|same (?:rule|for|goes)|for every(?:one|body)|no exceptions|i wont|we dont|thats the|stands|stays|target (?:is|stays)|bottom line|so (?:you|we|its|thats) .{3,60} and (?:i|ill|you|we))\b",
    "develop": r"\b(?:practi[sc]e|rehearse|role ?play|shadow\w*|mentor\w*|course|training|stretch|promot\w+|role|career|next (?:step|level)|path|skills?|teach|coach\w*|ready (?:for|to)|present (?:to|it|at)|feedback|by (?:spring|autumn|summer|next year)|team lead|lead (?:the|it|a|on)|run the|grow|the gap|one day|missing|learn\w*|sit beside|listen back|recording)\b",
    "departments": r"\b(?:finance|marketing|product|ops|operations|legal|support|service|cs|customer success|logistics|warehouse|engineering|engineers|procurement|hr|onboarding|delivery|factory|plant|planning|planner|dispatch|claims|it team|design|credit control|quality|installers|implementation)\b",
    "long_term": r"\b(?:(?:two|three|five|ten) years|long (?:run|term|game)|next year|years? (?:from|down|time)|whole company|the company|renew\w*|reputation|still (?:be|with) us|come back|relationship|customers?|clients?)\b",
    # slips
    "imperative": rf"(?:^|[.!;,] ?)(?:and |so |then |now |right |ok |okay |first |second |no |just )*(?:{_VERB})\b",
    "must": r"\b(?:you (?:need to|must|have to|will|should|ought|gotta|want to|re going to)|youre going to|youll|what youre|heres what|i want you|i need you|do as|just do|you just|no (?:discussion|debate|buts|questions|arguments)|not asking|id (?:do|go|call|say|ring|get)|what (?:you|i) (?:do|did) is)\b",
    "threat": r"\b(?:or (?:else|youre|i|we|its|ill|someone|somebody)|otherwise|your (?:job|desk|contract|position|seat|chair|patch|accounts?)|the door|replac\w+|pip\b|performance (?:plan|improvement)|improvement plan|fired?|sack\w*|let (?:you )?go|last (?:chance|warning|time)|final|consequences|wont be (?:here|a)|somebody else|someone else|queue|cvs|be careful|think (?:hard|carefully)|lucky to|redundan\w+|restructur\w+|headcount|gone by|out by|conversation with hr|hr will|written warning|see what happens|dont make me|if (?:you|its|this|that|it) (?:\w+ ){0,5}(?:gone|out|finished|over|done)|cull|list)\b",
    "always": r"\byou(?:re)? (?:always|never|people|lot|keep|just|obviously|clearly|still|dont even|cant even|couldnt|didnt bother|dont)\b|\bevery (?:single )?time\b",
    "blame": r"\b(?:lazy|pathetic|useless|embarrass\w*|excuses?|typical|attitude|childish|drama\w*|whing\w+|moan\w*|whin\w+|sensitive|soft|grow up|common sense|unprofessional|disappoint\w*|amateur|hopeless|joke|ashamed|weak|precious|negativ\w+|your (?:fault|problem|mess|age)|supposed to be|what did you (?:do|say)|at your|not cut out|princess|sweetheart|paid for|bother\w*|care about)\b",
    "anyway": r"\b(?:anyway|anyhow|back to|lets (?:park|not|move|focus|keep|stick|talk about|get|look|just|stay)|park (?:that|it|this)|circle back|moving on|never ?mind|not now|another time|some other|forget (?:that|it|about)|(?:the|your) (?:forecast|pipeline|number|numbers|list)|more important\w*|that said|noted|quick one|by the way|as i (?:was|said)|so (?:anyway|the))\b",
    "minimise": r"\b(?:every(?:one|body)(?:s| is| has| gets| feels| does)?|we(?:re|ve)? all|it happens|happens to|dont worry|cheer up|youll (?:be|get|feel|cope|manage|live|survive)|(?:itll|that will|it will) (?:be|pass|sort|come|settle)|its (?:just|only|fine|nothing|not that|a)|could be worse|at least|calm|relax|dont (?:be|take|let|start|get|think|go)|chin up|thats (?:life|sales|the job|business|normal|retail|just)|welcome to|in my day|when i was|first world|(?:be|stay|more) positive|bright side|get over|lol|haha\w*|hehe|come on|good sleep|weekend|holiday|coffee|biscuit|tea|yoga|breath\w*|app\b|tough(?:en)?|thick skin|resilien\w+|mindset|journey|blessing|opportunity|busy|tired too)\b",
    "yes_but": r"(?:^|[.!?] ?)(?:yes|yeah|yep|sure|ok|okay|right|mm|hm+|i (?:know|hear|get|understand|see)|noted|fine|lovely|great|good)[^.?!]{0,60}\b(?:but|anyway|so|now|though|still)\b",
    "control": r"\b(?:cc|copy me|copied in|every (?:hour|call|email|mail|morning|evening|visit|day|night|step|meeting|line|quote|message|two hours|half hour|thirty minutes)|screenshots?|send me (?:every|all|your|the|a|each)|log (?:every|each|it|them)|tracker|track\w*|camera|cam\b|location|before you (?:send|call|go|speak|say|ring|leave|dial)|(?:past|by|through) me|check(?:ing)? in|approv\w+|minute by|hourly|listen(?:ing)? in|record\w*|timestamp\w*|daily|word for word|shared (?:calendar|screen|doc)|live|(?:on|off) mute|i(?:ll| will) be (?:checking|watching|on|listening|sitting)|gps|alert|monitor\w*|photos?|template|script|sign (?:it )?off|show me|let me see|read (?:it|them) (?:first|before)|report)\b",
    "compare": r"\b(?:\w+s (?:on|at|done|doing|got|closed|sold) \d+|(?:has|did|does|got|managed|sold|closed|made|done|hit|brings?|books?) (?:\d+|double|twice|half|more)|every(?:one|body) else|the others|the rest|bottom|league|leaderboard|ranking|rank\w*|lowest|worst|compared|than you|half (?:of )?what|the intern|junior|new (?:girl|boy|guy|starter)|red\b|wall|board|chart|slide|why (?:can|is|does) \w+ (?:manage|do)|same (?:leads|patch|product|list|forecourt|coffee))\b",
    "deflect": r"\b(?:above my|pay ?grade|not my (?:decision|call|department|problem|job|fault|idea|doing)|out of my hands|hands are tied|policy|(?:they|finance|hq|head office|management|legal|hr|london|the board|corporate|regional|upstairs|exec|head count|system) (?:decided|says?|said|wants?|set|made|have|has|sets|told|decides?|wont|changed|owns)|i (?:just|only) (?:work|get|pass|do|read|follow)|shoot the|messenger|look at me|nothing i can|i didnt (?:decide|set|make|write|invent|choose)|i was told|take it up|ask (?:hr|them|finance)|i dont (?:make|set|decide|write)|believe me i|i (?:fought|tried|argued)|that(?:s| is|ll be) (?:hr|it|finance|ops|a question|one for|more of)|my (?:idea|win|deal|account)|theres a (?:process|form|portal|policy)|not (?:up to|down to) me)\b",
    "promise": r"\b(?:i promise|promise you|trust me|guarantee\w*|leave (?:it|that|this|him|her|them) (?:with|to) me|ill (?:sort|fix|see|look into|have a (?:word|think|look)|handle|deal|make (?:sure|it)|take care|mention|flag|raise|get back)|definitely|absolutely|hundred per ?cent|no (?:question|doubt|problem|worries|way)|nothing(?:s| is| will)? (?:going to )?(?:change|happen)|sorted?|soon|bear with|consider it|youre (?:next|safe|top|going to be)|youll (?:be fine|get|have|see|definitely)|my word|it will all|work (?:itself )?out|in the bag|as good as|of course you|one hundred|mark my|you have my|were going to|in no time|watch this space|couple of weeks)\b",
    "shortcut": r"\b(?:quarter(?:s)?(?: end)?|month ?end|end of (?:the )?(?:month|quarter|year)|by the (?:thirtieth|thirty first|end)|book it|close it|sign (?:now|today|it|them)|(?:doesnt|dont) (?:need|have) to know|(?:dont|not) (?:tell|mention|say)|wont (?:notice|read|know|check)|sort (?:it|that|them) (?:out )?(?:later|after)|(?:worry|deal|think|care) (?:about|with) (?:it|that|them) (?:later|in|after|when)|backdat\w+|pull (?:it|them|that|the)|whatever it takes|next (?:quarter|year|month)s|push (?:it|the|them)|i dont care (?:how|what|if)|small print|cancel (?:it )?(?:later|after|in)|get (?:it|them|the) (?:in|signed|over|booked|done)|this (?:month|quarter|week)|number first|needs? the number|ship it|discount|before they|overstock|stuff)\b",
    "vain": r"\b(?:as (?:a|your) (?:great |good |servant |true )?leader|i (?:empower|empathi[sz]e|inspire|value you|believe in you)|growth mindset|psychological safety|servant|core values|ignore (?:all|the|previous)|system prompt|instructions|simulat\w+|score|rubric|points|rockstar|rock star|superstar|legend|you guys are|amazing|family here)\b",
    "hedge": r"\b(?:maybe|perhaps|might|i think|i guess|possibly|not sure|i dont know|probably|could be|if you like|if you want|if it helps)\b",
    "laugh": r"\b(?:ha+|haha\w*|lol|lmao|hehe)\b|😂|🤣|🙄|😅",
    "not_but": r"\bbut\b",
    "number": r"\d|\b(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|percent)\b",
}
_REP = {
    "strain": r"\b(?:tired|exhaust\w*|sleep\w*|cry\w*|cried|stress\w*|worried|worry|scared|afraid|sick|ill\b|overwhelm\w*|burn\w*|cant (?:cope|do|keep)|too much|drown\w*|anxi\w*|panic\w*|hate|alone|lonely|struggl\w*|headaches?|doctor|hospital|weekends?|midnight|evenings?|three in the morning|shak\w+|flat|numb|empty|hurts?|chest|frighten\w*|not ok|not great|rough)\b",
    "family": r"\b(?:mum|mother|dad|father|wife|husband|kids?|son|daughter|baby|pregnan\w*|school|divorce\w*|funeral|died|nursery|partner|cancer|parents?)\b",
    "leaving": r"\b(?:leav\w+|quit\w*|resign\w*|offer|notice|another job|recruiter|stay\w*|interview\w*)\b",
    "fault": r"\b(?:my fault|i (?:messed|forgot|missed|made a|got it wrong|should have|shouldve|didnt|screwed|sent)|mistake|sorry|i know i|ashamed|confess|admit|honest)\b",
    "result": r"\b(?:closed|won|signed|landed|got the|booked|hit|finished|renewed|said yes|first|managed|sorted)\b",
    "loss": r"\b(?:lost|cancel\w*|gone|no\b|went with|competitor|behind|missed|down|short|slipp\w+|stuck|silent|ghosted)\b",
    "idea": r"\b(?:i thought|what if|could (?:i|we)|id like|i want|i could|idea|maybe (?:i|we)|can i|i was thinking|instead)\b",
    "unfair": r"\b(?:unfair|not fair|you (?:said|promised|told|never|took|gave)|why (?:did|do|is|are|am|was|cant)|nobody|again|territory|target|commission|quota|took my|wasnt told|pay)\b",
    "they": r"\b(?:finance|marketing|product|ops|legal|support|service|warehouse|engineering|delivery|head office|hq)\b",
    "asks": r"\?",
}
_CUES = [re.compile(p) for p in _MANAGER.values()]
_REP_CUES = [re.compile(p) for p in _REP.values()]
_CONTENT = re.compile(r"[a-z]{5,}|\d{2,}")


@lru_cache(maxsize=4096)
def _cues(part: str) -> tuple[int, ...]:
    return tuple(len(cue.findall(part)) for cue in _CUES)


@lru_cache(maxsize=4096)
def _rep_cues(rep: str) -> tuple[float, ...]:
    return tuple(float(bool(cue.search(rep))) for cue in _REP_CUES)


def dense(rep: str, manager: str) -> list[float]:
    """Cues of one pair of normalised texts: what is said, where the questions are, how it meets the rep's line."""
    heard_in = parts(manager) or [""]
    first, last = heard_in[0], heard_in[-1]
    found = [sum(counts) for counts in zip(*map(_cues, heard_in), strict=True)]
    rep_found = _rep_cues(rep)
    said, heard = set(_CONTENT.findall(manager)), set(_CONTENT.findall(rep))
    spoken = manager.split()
    words = len(spoken)
    marks = [
        float(np.log1p(words)),
        float(np.log1p(len(heard_in))),
        float(words < 9),
        float(np.log1p(len(rep.split()))),
        float(not rep),
        len(said & heard) / (3 + len(heard)),
        float(np.log1p(manager.count("?"))),
        float(first.endswith("?")),
        float(last.endswith("?")),
        float("!" in manager),
        float(not set(manager) & set(".!?,")),
        sum(w in ("i", "im", "ive", "id", "ill", "my", "me") for w in spoken) / (5 + words),
        sum(w in ("you", "your", "youre", "youve", "u", "ur", "youll") for w in spoken) / (5 + words),
        sum(w in ("we", "us", "our", "were", "well", "lets") for w in spoken) / (5 + words),
        rep_found[0] * float(not found[_EMPATHY]),
        rep_found[-1] * float(words < 12),
    ]
    return [*(min(f, 3) ** 0.5 for f in found), *rep_found, *marks]


_EMPATHY = list(_MANAGER).index("empathy")
