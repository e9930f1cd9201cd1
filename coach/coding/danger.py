"""Signs of danger to a person in someone's words: suicide, self-harm, violence, abuse.

Patterns, not a model: each is readable and tested. A sign is a reason to stop practising and look
after somebody, not a diagnosis. In doubt it counts as a sign; everyday idioms ("this quarter is
killing me") do not.
"""
# ruff: noqa: E501 - a pattern is easier to check on one line

from __future__ import annotations

import re

from coach.coding.features import normalise

# On normalised text: lower case, straight quotes, no apostrophes.
_SELF = r"(?:my|him|her|your|them|our)sel(?:f|ves)"
_KIN = (
    r"(?:husband|wife|partner|boyfriend|girlfriend|ex|dad|father|mum|mom|mother|brother|sister|stepdad|stepfather|"
    r"uncle|son|daughter|manager|boss|flatmate|customer|client|colleague|neighbour|he|she|they|someone|somebody)"
)
_WHOM = r"(?:me|us|him|her|them|someone|somebody|everyone|the kids|(?:my|his|her) (?:daughter|son|mum|mom|sister|kids))"
_SOON = (
    r"(?:want\w*|wanna|going|gonna|wish\w*|plan\w*|thinking|thought|feel like|ready|tried|try|trying|might|could|id)"
)
_NOT = r"(?:dont|didnt|not|never|wouldnt|no longer|cant|couldnt)"
_END = r"(?:[.,!?;:]|$| and\b| but\b| so\b| again\b| last\b| this\b| when\b| on\b| at\b| in the (?:car|kitchen|face|head)\b)"
_MOVE = r"(?:step|jump|walk|driv|drov|steer|swerv|crash)\w*"
_BEFORE = r"(?:train|tube|lorry|truck|bus|tree|wall|bridge|roof|balcony|building|road|cliff|traffic)"
_BLOW = (
    r"(?:hit|hits|hitting|beats?|beating|beat up|punch(?:ed|es)|kick(?:ed|s)|slap(?:ped|s)|chok(?:ed|es)|strangle[ds]|"
    r"stabbed|assaulted|raped|groped|molested|attacked|hurts?|burnt|burned|bit|headbutted)"
)
_SIGNS = (
    # suicide
    rf"\b(?:kill|hang|shoot|drown|poison|top)(?:p?ed|p?ing|s)? {_SELF}\b",
    r"\bsuicid\w*|\b(?:end|ending|ended|take|took|taking) (?:my|his|her|their) (?:own )?(?:life|lives)\b",
    rf"\b{_SOON} (?:\w+ ){{0,2}}(?:end|ending) (?:it all|things (?:tonight|for good)|it tonight)\b",
    r"\b(?:want|wants|wanted|wanna|wish|hoping|ready|going) (?:\w+ )?(?:to )?die\b(?! (?:of|from|laughing|a little))",
    r"\bi (?:was|were|am) dead(?=[.,!?]|$)|\brather (?:be|i was) dead\b|\bbetter off dead\b|\bnever been born\b",
    r"\b(?:wish\w*|hope|hoping|if) (?:\w+ ){0,2}i (?:\w+ )?(?:didnt|dont|wouldnt|wont|never) (?:have to )?wake up",
    rf"\b{_NOT} (?:\w+ )?(?:want|wanna|wanted) (?:\w+ )?(?:to )?(?:be alive|exist|wake up|live any ?more|be here any ?more)\b",
    rf"\b(?:no|any|{_NOT} see (?:a|any|the)) (?:reason|point) (?:to|in) (?:liv\w+|be alive|being alive|being here|waking up)",
    rf"\b(?:no|{_NOT} see (?:a|any|the)) (?:reason|point) (?:to|in) (?:carry\w*|go|going) on(?=[.,!?]|$| any| like)",
    r"\bcant go on living|\bcant live like this|\bdisappear (?:and never|for good|forever)\b",
    r"\b(?:easier|better|better off|happier) (?:off )?(?:if i (?:wasnt|werent|was not|was gone|were gone)|without me)"
    r"(?= around| here| alive| there| any|[.,!?]|$)",
    rf"\b(?:thought|think\w*|wonder\w*|want\w*|nearly|almost|tempted|imagin\w*) (?:\w+ ){{0,4}}?{_MOVE} (?:\w+ ){{0,2}}"
    rf"(?:in front of|under|into|off) (?:a|the|an oncoming) (?:\w+ )?{_BEFORE}\b",
    rf"\b(?:nearly|almost|tried to) (?:\w+ )?{_MOVE} (?:\w+ ){{0,4}}on purpose\b|\bjumped off (?:a|the) (?:bridge|roof)\b",
    r"\b(?:point|reason) (?:of|in|for) (?:living|being alive|being here any ?more)\b|\bthink\w* (?:\w+ )?about (?:dying|death|ending it)\b",
    r"\b(?:world|everyone|everybody|family|kids|they|you)(?:d|ll| would| will)? (?:all )?be (?:\w+ )?(?:fine|better off|happier|easier) without me\b",
    r"\bwant it all to (?:stop|end)\b|\bwritten (?:the|my|a) (?:goodbye )?letters? to (?:the|my) (?:kids|wife|husband|family|children|mum|parents)\b",
    r"\b(?:garage|car) with the engine running\b|\bbought (?:the|a) rope\b",
    # self-harm
    rf"\b(?:hurt|harm|cut|burn|burnt|starv)(?:e|ed|ing|ting|s)? {_SELF}\b"
    r"(?! (?:some|off|on|short|shaving|an?|out|loose|in half|at|while|when|running|playing|falling|cooking|chopping|skiing|climbing|cycling|lifting|moving|by accident))",
    r"\bself harm\w*|\bself-harm\w*|\boverdos\w*|\b(?:took|taken|swallowed) (?:all|too many|a (?:whole )?(?:packet|box|bottle))(?: of)? (?:(?:my|the|her|his|those|these) )?(?:pills|tablets|paracetamol|ibuprofen|sleeping)",
    r"\b(?:pills|tablets) (?:\w+ )?(?:counted|lined|saved) (?:out|up)\b",
    r"\b(?:hurt|cut|burn|burnt|burned|punish)(?:ed|ing|ting)? (?:\w+ )?(?:my|her|his|their)(?:self| (?:arms?|legs?|wrists?|skin))\b(?=.*\bon purpose\b)|\bpunish myself\b",
    r"\b(?:started|been|keep|kept|stopped) cutting (?:again|my arms?|my legs?)\b|\bsure (?:if )?i want to (?:be alive|live(?=[.,!?]|$| any))",
    r"\b(?:dont|didnt|never|not) feel safe (?:in my own|at home|with (?:him|her|my))|\b(?:he|she|dad|father|wife|husband|partner) (?:used to|would) (?:beat|hit|hurt) (?:me|us|her|him)\b(?! to| on| at)",
    # violence and abuse, done or meant
    rf"\b{_KIN} (?:has |have |had |just |once |keeps |kept |always |then |\w+ed )?{_BLOW} {_WHOM}(?= (?:\w+ )?last night|{_END})",
    rf"\b{_KIN} (?:\w+ )?(?:grabbed|pushed|shoved|dragged|threw|throws|held|pinned) {_WHOM} (?:\w+ )?"
    r"(?:by the (?:throat|hair|neck|arm)|down the stairs|against the|to the floor|across the room)",
    r"\bhands? (?:round|around|on) my (?:neck|throat)\b|\b(?:is|hes|shes|been) (?:\w+ )?stalking (?:me|her|him)\b|\bstalks me\b",
    r"\bforc(?:es|ed|ing) (?:me|her) (?:to (?:sleep|have sex)|into bed)\b|\btried to kiss me\b|\bwouldnt let go of me\b",
    r"\b(?:got|has|have) a (?:gun|knife) (?:\w+ ){0,8}(?:for me|for her|for him|kill|shoot|use it)\b",
    rf"\b{_KIN} (?:\w+ )?{_BLOW} {_WHOM} in front of\b",
    r"\b(?:threw|throws|throwing) (?:things|(?:a|the|his|her) \w+) at (?:me|us|her|him|my|the kids)\b",
    rf"\b{_KIN} (?:\w+ )?(?:gets?|got|is|was|turns?|turned|becomes?|became) (?:\w+ )?violent\b|\bafraid of what (?:i|he) might do",
    rf"\b{_KIN} (?:\w+ )?(?:threaten\w*|wants|wanted|tried|is going|said hed|said shed|says hell) (?:\w+ ){{0,2}}"
    r"(?:kill|stab|hurt|hit|beat) (?:me|us|her|him|the kids)\b(?! if i)",
    r"\b(?:i|ive|he|she|they|was|been|being|got|getting) (?:\w+ )?(?:raped|molested|stabbed|sexually \w+|physically \w+|"
    r"groped|strangled|abused|(?:assaulted|attacked|beaten up)(?= by (?:my|a|the|him|her|some)|[.,!?]|$| last| at home))",
    r"\b(?:touched|grabbed|groped|kissed) me(?=[.,!?]|$| (?:under|up|there|between|and i|when i|without|again))",
    r"\b(?:domestic|sexual|physical|child) (?:violence|abuse|assault|harassment)\b|\babus(?:es|ing|ed) (?:me|her|him|the kids)\b",
    r"\b(?:im|id|ill|i will|i could|i want to|i wanna|i might|going to|gonna) (?:\w+ )?(?:stab|strangle|shoot|beat up|hurt)"
    r" (?:him|her|them|someone|somebody|everyone|that (?:man|woman)|the lot of them)\b(?! (?:an?|the|over|down|across|some|feelings))",
    r"\b(?:bring|bringing|brought|got|have|get|carry|carrying) (?:an?|my|the|his) (?:gun|knife|rifle|pistol) "
    r"(?:in |in)?(?:to|at|for|under) (?:work|the office|him|her|them|my|the desk)\b",
    r"\b(?:scared|afraid|frightened|not safe|unsafe|terrified) (?:\w+ )?(?:to go home|to be home|at home|of my (?:husband|"
    r"wife|partner|boyfriend|girlfriend|ex|dad|father|son|brother))\b",
    r"\b(?:going to|gonna|could|want to) kill (?:him|her|them|that man|that woman)\b(?=.*\b(?:gun|knife|mean it|not joking|"
    r"serious)\b)",
)
_DANGER = tuple(re.compile(sign) for sign in _SIGNS)
_WORK = r"(?:deal|price|pricing|margin|discount|mission|offer|move|squad|schedule|deadline|target|rate|run|bid|quote)s?"
_IDIOMS = re.compile(
    r"\b(?:career|political|commercial|professional|financial|brand|deal|pricing|price|margin|social) suicide\b"
    rf"|\bsuicid\w* {_WORK}\b|\b(?:its|is|be|was|thats) (?:\w+ )?suicide (?:to|for|on)\b(?! me\b)"
    r"|\bkill(?:ing|ed)? (?:my|your|our|him|her|them)sel(?:f|ves) (?:laughing|over|to|for|on|with|work\w*|all (?:week|month))"
    r"|\b(?:hang|hung|hanging) \w+ out to dry\b|\b(?:shoot|shooting|shot) \w+ in the foot\b"
    r"|\b(?:drown|hang|shoot|poison)\w* \w+ (?:in work|in coffee|in spreadsheets|in paperwork|in emails?|out there)"
    r"|\bbeat(?:ing|s)? \w+ (?:to it|on|by|at|with|target|numbers?|quota)\b"
    r"|\b(?:hit|hits|hitting|kicked|slapped|hurts?|bit|attacked) \w+ (?:with|that|up|off|out|for|by|hard|like|to|on price|"
    r"on (?:the )?(?:margin|volume|discount|numbers?|forecast|commission))\b"
    r"|\boverdos\w* on (?:coffee|caffeine|sugar|powerpoint|slides|meetings|chocolate|cake|spreadsheets|data|training|\w+ing)\b"
    r"|\bmakes? you want to die\b|\bdie on (?:this|that) hill\b|\b(?:burned|burnt|hurt) \w+ on\b|\bstrangled by (?:procurement|legal|finance|it|process)\b|\b(?:i|he|she|they) (?:was|were|am) dead (?:on|tired|right|wrong|set|certain|sure|keen|late)\b"
)


def danger(text: str) -> bool:
    """Whether words point to danger to a person, the speaker or somebody else."""
    plain = _IDIOMS.sub(" ", normalise(text))
    return any(sign.search(plain) for sign in _DANGER)
