"""My conversation tomorrow: five answers make a private scenario, with a model or from the nearest built-in one."""

from coach.tailoring.adapt import Tailored
from coach.tailoring.answers import Answers, Person, person
from coach.tailoring.choices import DROP, KEEP, Choices, Offer, OfferedFact
from coach.tailoring.common import Common
from coach.tailoring.names import Name
from coach.tailoring.tailor import Drafter, Tailor, named

__all__ = [
    "DROP",
    "KEEP",
    "Answers",
    "Choices",
    "Common",
    "Drafter",
    "Name",
    "Offer",
    "OfferedFact",
    "Person",
    "Tailor",
    "Tailored",
    "named",
    "person",
]
