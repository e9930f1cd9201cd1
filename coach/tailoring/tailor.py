"""My conversation tomorrow: from five answers to a scenario, with a model or without one."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coach.content import Prompt
from coach.domain import Behaviour, Code, Scenario
from coach.errors import InputError, ModelError
from coach.models import Structured
from coach.tailoring.adapt import Tailored, adapted
from coach.tailoring.answers import Answers, Person, person, slug
from coach.tailoring.choices import Choices, Offer, offer
from coach.tailoring.common import Common
from coach.tailoring.draft import drafted
from coach.tailoring.fitting import Fit, Worlds
from coach.tailoring.nearest import Embeds, Near, alike, nearest

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Drafter:
    """The model that drafts, and what it is asked with."""

    structured: Structured
    prompt: Prompt
    deadline: float


class Tailor:
    """Makes scenarios from answers; safe to share, it keeps nothing of anybody's."""

    def __init__(
        self,
        built_in: Mapping[str, Scenario],
        common: Common,
        behaviours: Mapping[Code, Behaviour],
        embedding: Embeds,
        drafter: Drafter | None = None,
    ) -> None:
        """Take what there is to adapt, and who drafts if anybody does."""
        # small answers speak of the built-in's own people and days
        self._built_in = {name: one.model_copy(update={"particulars": ()}) for name, one in built_in.items()}
        self._common = common
        self._behaviours = behaviours
        self._embedding = embedding
        self._drafter = drafter
        self._worlds = Worlds(self._built_in)

    def offer(self, answers: Answers, base: str | None = None) -> Offer:
        """What there is to choose: names and hidden facts of the nearest built-in scenario, or of the one named.

        Raises:
            InputError: if the answers name nobody, or there is no such built-in.
        """
        who = person(answers)
        near = self._near(answers, base)
        return offer(near, answers, who, self._common, self._fit(near[0].scenario, answers, who), self._embedding)

    def tailor(self, answers: Answers, choices: Choices | None = None, base: str | None = None) -> Tailored:
        """A scenario for these answers; if the model fails, the adapted one, which says so.

        Its id is made of the name and may be taken already; see ``named``.

        Raises:
            InputError: if the answers or the choices cannot be used.
        """
        choices = choices or Choices()
        offered = self.offer(answers, base)
        scenario = self._built_in[offered.base]
        donors = self._donors(scenario, answers, offered.person)
        made = adapted(scenario, offered, choices, answers, self._common, self._worlds, donors)
        if self._drafter and not choices.whole:
            made = self._drafted(self._drafter, made, answers, offered.person)
        return named(made, ())

    def _drafted(self, drafter: Drafter, floor: Tailored, answers: Answers, who: Person) -> Tailored:
        parts = (self._common, self._behaviours, drafter.structured, drafter.prompt, drafter.deadline)
        try:
            return drafted(floor, answers, who, *parts)
        except ModelError as error:
            _LOG.warning("%s", error)
            note = f"A model was asked for a draft and failed: {error} So this is adapted from the built-in scenario."
            return floor.model_copy(update={"notes": (note, *floor.notes)})

    def _near(self, answers: Answers, base: str | None) -> list[Near]:
        near = nearest(answers, self._built_in, self._common.situations, self._embedding)
        if base is None:
            return near
        chosen = [one for one in near if one.scenario.id == base]
        if not chosen:
            raise InputError(
                f"There is no built-in scenario {base[:60]!r}; they are: {', '.join(sorted(self._built_in))}."
            )
        asked = Near(chosen[0].scenario, chosen[0].score, "", ())
        return [asked, *(one for one in near if one.scenario.id != base)]

    def _fit(self, scenario: Scenario, answers: Answers, who: Person) -> Fit:
        spoken = (answers.who, answers.happened, answers.fear, answers.want, answers.talks)
        about = self._common.situations.get(scenario.id, ("",))[:-1]
        same = scenario.persona.pronouns.partition("/")[0] == who.family
        return Fit(self._worlds, scenario, (*spoken, *about), same)

    def _donors(self, base: Scenario, answers: Answers, who: Person) -> list[tuple[Scenario, Fit]]:
        """The built-in, then the others, those first whose rep talks most like this one."""
        voices = [f"{one.persona.voice} {one.persona.manner}" for one in self._built_in.values()]
        near = dict(zip(self._built_in, alike(answers.talks, voices, self._embedding), strict=True))
        order = sorted(self._built_in.values(), key=lambda one: (one.id != base.id, -near[one.id]))
        return [(one, self._fit(one, answers, who)) for one in order]


def named(made: Tailored, taken: Iterable[str]) -> Tailored:
    """The same scenario under an id that is not taken, made of the rep's name."""
    name = slug(made.scenario.persona.name, set(taken))
    return made.model_copy(update={"scenario": made.scenario.model_copy(update={"id": name})})
