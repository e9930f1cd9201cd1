"""The composition root: from settings to the objects that do the work, each made when first needed."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import coach
from coach.coding import Coder, LocalCoder, ModelCoder
from coach.content import (
    OWN,
    SCENARIOS,
    Library,
    Places,
    Prompt,
    keep,
    load_library,
    own_files,
    read_exchanges,
    read_prompt,
    read_yaml,
)
from coach.critique import AuthoredWriter, Critic, Examples, Measured, ModelWriter, Rubric, Writer
from coach.domain import Provenance, Scenario
from coach.errors import ConfigError
from coach.evaluation import Scorer
from coach.knowledge import ExchangeIndex, KnowledgeBase
from coach.models import ChatModel, Message, ModelName, Structured, open_model, parse
from coach.rep import AuthoredVoice, ModelVoice, Voice
from coach.session import Manager, ModelManager, Practice, Script, WrittenManager
from coach.settings import Settings
from coach.store import Store
from coach.tailoring import Common, Drafter, Tailor, Tailored, named

EXCHANGES = "knowledge/exchanges/train.jsonl"
PROMPTS = {"voice": ("voice",), "coder": ("code",), "writer": ("write", "check")}
REACH_SECONDS = 15.0
WRITER_PATIENCE = 4.0  # a whole critique may take this many times as long as a reply
TAILOR_PATIENCE = 8.0  # and the draft of a whole scenario this many
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
        self.model = parse(settings.model)
        chosen = {"voice": settings.voice, "coder": settings.coder, "writer": settings.writer}
        self.names = {part: parse(name) if name else self.model for part, name in chosen.items()}
        self._opened: dict[ModelName, ChatModel] = {}
        self.places = Places.of(settings.content, settings.home)

    @cached_property
    def library(self) -> Library:
        """Behaviours, principles and scenarios."""
        return load_library(self.places)

    @cached_property
    def knowledge(self) -> KnowledgeBase:
        """The knowledge base; built on first use."""
        folders = self.places.folders("knowledge/articles")
        return KnowledgeBase(self.settings.home, folders, chroma_url=self.settings.chroma_url)

    @cached_property
    def coder(self) -> Coder:
        """CODE."""
        local, name = LocalCoder.load(), self.names["coder"]
        if name.offline:
            return local
        exchanges = read_exchanges(self.places.file(EXCHANGES))
        pairs = [(exchange.rep, exchange.manager) for exchange in exchanges]
        index = ExchangeIndex(self.settings.home, pairs, self.knowledge.embedding, self.settings.chroma_url)
        asked, prompt = Structured(self._open(name)), self._prompt("code")
        return ModelCoder(local, asked, prompt, self.library.behaviours, exchanges, index, self.settings.model_seconds)

    @cached_property
    def voice(self) -> Voice:
        """SPEAK."""
        name, floor = self.names["voice"], AuthoredVoice()
        if name.offline:
            return floor
        return ModelVoice(self._open(name), self._prompt("voice"), floor, self.settings.model_seconds)

    @cached_property
    def writer(self) -> Writer:
        """Words of the critique."""
        library, name = self.library, self.names["writer"]
        floor = AuthoredWriter(library.behaviours, library.principles, Examples.load([self.places.file(EXCHANGES)]))
        if name.offline:
            return floor
        asked, write, check = Structured(self._open(name)), self._prompt("write"), self._prompt("check")
        seconds = WRITER_PATIENCE * self.settings.model_seconds
        return ModelWriter(asked, write, check, floor, library.behaviours, library.principles, seconds)

    def manager(self, script: Script, scenario: Scenario) -> Manager:
        """Who speaks for the manager of a script.

        Raises:
            ConfigError: if the script has a profile and there is no model to play it.
        """
        if script.profile is None:
            return WrittenManager(script.manager)
        name = parse(self.settings.manager) if self.settings.manager else self.model
        if name.offline:
            raise ConfigError("A manager with a profile is played by a model; add --model openai:NAME.")
        model, prompt = self._open(name), self._prompt("manager")
        return ModelManager(model, prompt, script.profile, scenario, script.turns, self.settings.model_seconds)

    def _open(self, name: ModelName) -> ChatModel:
        """One client for each model, however many parts use it, so that its calls are bounded once."""
        if name not in self._opened:
            self._opened[name] = open_model(name, self.settings.model_concurrency)
        return self._opened[name]

    def _prompt(self, name: str) -> Prompt:
        return read_prompt(self.places.file(f"prompts/{name}.md"))

    @cached_property
    def critic(self) -> Critic:
        """CRITIQUE."""
        rubric = Rubric.load(self.places.file("knowledge/rubric.yaml"))
        measured = read_yaml(self.places.file("knowledge/reliability.yaml"), tuple[Measured, ...])
        return Critic(self.library, rubric, self.knowledge, self.writer, measured)

    @cached_property
    def tailor(self) -> Tailor:
        """My conversation tomorrow: scenarios from five answers."""
        own = own_files(self.settings.home / OWN)
        built_in = {name: scenario for name, scenario in self.library.scenarios.items() if name not in own}
        common = read_yaml(self.places.file("knowledge/tailoring.yaml"), Common)
        drafter = None
        if not self.model.offline:
            seconds = TAILOR_PATIENCE * self.settings.model_seconds
            drafter = Drafter(Structured(self._open(self.model)), self._prompt("scenario"), seconds)
        return Tailor(built_in, common, self.library.behaviours, self.knowledge.embedding, drafter)

    def keep(self, made: Tailored) -> tuple[Scenario, Path]:
        """Keep a made scenario for its owner alone; from then on it can be practised.

        Raises:
            InputError: if it cannot be written.
        """
        folder = self.settings.home / OWN
        made = named(made, (*self.library.scenarios, *own_files(folder)))
        path = folder / SCENARIOS / f"{made.scenario.id}.yaml"
        keep(made.scenario, made.notes, path)
        for name in ("library", "critic", "practice", "scorer"):  # they hold what there was before
            self.__dict__.pop(name, None)
        return made.scenario, path

    @cached_property
    def store(self) -> Store:
        """The database."""
        return Store.open(self.settings.database)

    @cached_property
    def practice(self) -> Practice:
        """Practice sessions."""
        return Practice(
            self.library, self.store, self.coder, self.voice, self.critic, self.provenance, self.settings.help_line
        )

    @cached_property
    def scorer(self) -> Scorer:
        """Scoring of recordings."""
        return Scorer(self.coder, self.critic, self.provenance(None))

    def answers(self, name: ModelName) -> str:
        """Ask a model for one word, to see that it can be reached.

        Raises:
            ModelError: if it cannot.
        """
        said = self._open(name).ask([Message("user", "Answer with the one word: ready")], REACH_SECONDS)
        return f"answers ({' '.join(said.split())[:20]!r})"

    def provenance(self, seed: int | None) -> Provenance:
        """What produces results with these settings."""
        used = [prompt for part, name in self.names.items() if not name.offline for prompt in PROMPTS[part]]
        return Provenance(
            model=" ".join(sorted({str(name) for name in self.names.values()})),
            coder=self.coder.id,
            content=self.library.hash,
            prompts={name: self._prompt(name).hash for name in used},
            version=coach.__version__,
            seed=seed,
        )
