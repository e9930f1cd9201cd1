"""The composition root: from settings to the objects that do the work, each made when first needed."""

from __future__ import annotations

from functools import cached_property

import coach
from coach.coding import Coder, LocalCoder
from coach.content import Library, Places, load_library, read_yaml
from coach.critique import AuthoredWriter, Critic, Examples, Measured, Rubric, Writer
from coach.domain import Provenance
from coach.evaluation import Scorer
from coach.knowledge import KnowledgeBase
from coach.models import check
from coach.rep import AuthoredVoice, Voice
from coach.session import Practice
from coach.settings import Settings
from coach.store import Store

OWNER = "local"  # one person on one computer; accounts come later, rows already have an owner


class App:
    """Everything a command or the web app works with."""

    def __init__(self, settings: Settings) -> None:
        """Check what can be checked without opening anything.

        Raises:
            ModelError: if the configured model is unknown.
            ConfigError: if the content folder does not exist.
        """
        self.settings = settings
        self.model = check(settings.model)
        self.places = Places.of(settings.content)

    @cached_property
    def library(self) -> Library:
        """Behaviours, principles and scenarios."""
        return load_library(self.places)

    @cached_property
    def knowledge(self) -> KnowledgeBase:
        """The knowledge base; built on first use."""
        return KnowledgeBase(self.settings.home, self.places.folders("knowledge/articles"))

    @cached_property
    def coder(self) -> Coder:
        """CODE."""
        return LocalCoder.load()

    @cached_property
    def voice(self) -> Voice:
        """SPEAK."""
        return AuthoredVoice()

    @cached_property
    def writer(self) -> Writer:
        """Words of the critique."""
        examples = Examples.load(self.places.files("knowledge/exchanges", "train.jsonl"))
        return AuthoredWriter(self.library.behaviours, self.library.principles, examples)

    @cached_property
    def critic(self) -> Critic:
        """CRITIQUE."""
        rubric = Rubric.load(self.places.file("knowledge/rubric.yaml"))
        measured = read_yaml(self.places.file("knowledge/reliability.yaml"), tuple[Measured, ...])
        return Critic(self.library, rubric, self.knowledge, self.writer, measured)

    @cached_property
    def store(self) -> Store:
        """The database."""
        return Store.open(self.settings.database)

    @cached_property
    def practice(self) -> Practice:
        """Practice sessions."""
        return Practice(self.library, self.store, self.coder, self.voice, self.critic, self.provenance)

    @cached_property
    def scorer(self) -> Scorer:
        """Scoring of recordings."""
        return Scorer(self.coder, self.critic, self.provenance(None))

    def provenance(self, seed: int | None) -> Provenance:
        """What produces results with these settings."""
        return Provenance(
            model=self.model, coder=self.coder.id, content=self.library.hash, version=coach.__version__, seed=seed
        )
