"""The composition root: from settings to the objects that do the work, each made when first needed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import cached_property, partial
from pathlib import Path
from threading import Lock

import coach
from coach.coding import Coder, LocalCoder, ModelCoder
from coach.content import (
    OWN,
    SCENARIOS,
    Library,
    Look,
    Places,
    Prompt,
    digest,
    discard,
    keep,
    load_library,
    load_looks,
    own_files,
    read_exchanges,
    read_prompt,
    read_yaml,
    remove,
    saved,
)
from coach.critique import AuthoredWriter, Critic, Examples, ModelWriter, Reliability, Rubric, Writer
from coach.debrief import Debrief, advised, debrief, follow_through
from coach.debrief.asking import Answer, Casebook, ModelAnswerer, answer, tidy
from coach.domain import Provenance, Scenario, Session, Turn
from coach.encoder import forget_meanings, keep_meanings
from coach.errors import ConfigError, InputError
from coach.evaluation import Rehearsal, Scorer
from coach.knowledge import ExchangeIndex, KnowledgeBase
from coach.models import Agent, Answers, ChatModel, Message, ModelName, Remembering, Structured, open_model, parse
from coach.rep import AuthoredVoice, ModelVoice, Voice
from coach.session import Manager, ModelManager, Play, Practice, Run, Script, WrittenManager, play, untold
from coach.settings import Settings
from coach.store import Remarks, Store
from coach.tailoring import Common, Drafter, Tailor, Tailored, named

EXCHANGES = "knowledge/exchanges/train.jsonl"
RUBRIC = "knowledge/rubric.yaml"
SUITE = "eval/suite/transcripts.jsonl"
PROMPTS = {"voice": ("voice",), "coder": ("code",), "writer": ("write", "check")}
REACH_SECONDS = 15.0
WRITER_PATIENCE = 4.0  # a whole critique may take this many times as long as a reply
ASKING_PATIENCE = 2.0  # an answer about a talk, with all that is looked up for it
TAILOR_PATIENCE = 8.0  # and the draft of a whole scenario this many
ANSWERS = "answers.db"
MEANINGS = "meanings"  # of authored lines, so that they are not read anew at every start
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
        self._saving = Lock()
        self._files = ExitStack()
        self._opened: dict[ModelName, ChatModel] = {}
        self.places = Places.of(settings.content, settings.home)
        keep_meanings(settings.home / MEANINGS)

    def close(self) -> None:
        """Let go of the files that were opened here; what was given by another product stays open."""
        self._files.close()

    @cached_property
    def library(self) -> Library:
        """Behaviours, principles and scenarios."""
        return load_library(self.places)

    @cached_property
    def looks(self) -> dict[str, Look]:
        """What the reps look like, by scenario."""
        return load_looks(self.places)

    @cached_property
    def knowledge(self) -> KnowledgeBase:
        """The knowledge base; built on first use."""
        folders = self.places.folders("knowledge/articles")
        base = KnowledgeBase(self.settings.home, folders, chroma_url=self.settings.chroma_url)
        return self._files.enter_context(base)

    @cached_property
    def coder(self) -> Coder:
        """CODE."""
        local, name = LocalCoder.load(), self.names["coder"]
        if name.offline:
            return local
        exchanges = read_exchanges(self.places.file(EXCHANGES))
        pairs = [(exchange.rep, exchange.manager) for exchange in exchanges]
        index = ExchangeIndex(self.settings.home, pairs, self.knowledge.embedding, self.settings.chroma_url)
        self._files.callback(index.close)
        asked, prompt = self.asking(name), self._prompt("code")
        return ModelCoder(local, asked, prompt, self.library.behaviours, exchanges, index, self.settings.model_seconds)

    @cached_property
    def voice(self) -> Voice:
        """SPEAK."""
        name, floor = self.names["voice"], AuthoredVoice()
        if name.offline:
            return floor
        return ModelVoice(self._open(name), self._prompt("voice"), floor, self.settings.model_seconds)

    @cached_property
    def authored(self) -> AuthoredWriter:
        """Authored words of a critique."""
        library = self.library
        return AuthoredWriter(library.behaviours, library.principles, Examples.load([self.places.file(EXCHANGES)]))

    @cached_property
    def writer(self) -> Writer:
        """Words of the critique."""
        library, name, floor = self.library, self.names["writer"], self.authored
        if name.offline:
            return floor
        asked, write, check = self.asking(name), self._prompt("write"), self._prompt("check")
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

    def asking(self, name: ModelName) -> Structured:
        """Who asks a model for answers with a form."""
        return Structured(self._open(name))

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
        rubric = Rubric.load(self.places.file(RUBRIC))
        reliability = read_yaml(self.places.file("knowledge/reliability.yaml"), Reliability)
        return Critic(self.library, rubric, self.knowledge, self.writer, reliability)

    @cached_property
    def basis(self) -> str:
        """Hash of what levels rest on: the rules, and what a model is shown to code by."""
        rests_on = [self.places.file(RUBRIC)]
        if not self.names["coder"].offline:
            rests_on += [*self.places.files("knowledge/behaviours", "*.y*ml"), self.places.file(EXCHANGES)]
        return digest(rests_on)

    def debriefed(self, session: Session) -> Debrief:
        """The debrief of an ended session.

        Raises:
            InputError: if the manager has said nothing yet.
        """
        transcript, memory = self.practice.transcript(session), self.practice.memory(session)
        made = debrief(
            transcript,
            self.practice.scenario(session),
            session.difficulty,
            self.practice.critique(session),
            session.reflection,
            follow_through(memory, transcript.turns, advised(self.knowledge, memory.since)),
        )
        said = {"contests": self.remarks.contests(session), "overrides": self.remarks.overrides(session)}
        return made.model_copy(update=said)

    def casebook(self, debriefed: Debrief) -> Casebook:
        """What there is to look up about a talk."""
        return Casebook(debriefed, self.library, self.critic.rubric, self.knowledge, self.authored)

    def ask(self, session: Session, question: str) -> Answer:
        """Answer a manager's question about an ended talk.

        Raises:
            InputError: if the question cannot be read, or the talk is still going on.
        """
        if session.ended_at is None:
            raise InputError("This conversation is still going on; end it, then ask the coach about it.")
        asked, book, name = tidy(question), self.casebook(self.debriefed(session)), self.names["writer"]
        if name.offline:
            return answer(asked, book)
        seconds = ASKING_PATIENCE * self.settings.model_seconds
        return ModelAnswerer(Agent(self._open(name)), self._prompt("ask"), seconds).answer(asked, book)

    @cached_property
    def tailor(self) -> Tailor:
        """My conversation tomorrow: scenarios from five answers."""
        own = own_files(self.settings.home / OWN)
        built_in = {name: scenario for name, scenario in self.library.scenarios.items() if name not in own}
        common = read_yaml(self.places.file("knowledge/tailoring.yaml"), Common)
        drafter = None
        if not self.model.offline:
            seconds = TAILOR_PATIENCE * self.settings.model_seconds
            drafter = Drafter(self.asking(self.model), self._prompt("scenario"), seconds)
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
        self._forget()
        return made.scenario, path

    def remove_own(self) -> None:
        """Remove every scenario that was made for oneself."""
        with self._saving:
            for name in own_files(self.settings.home / OWN):
                remove(self.settings.home / OWN, name)
            forget_meanings(self.settings.home / MEANINGS)
            self._forget()

    @property
    def own(self) -> Path:
        """The folder into which scenarios and scripts are saved."""
        return self.settings.content or self.settings.home / OWN

    def save(self, text: str, opened: str = "", anyway: bool = False) -> Scenario:
        """Keep a scenario as somebody wrote it; from then on it can be practised. No shipped file is changed.

        Arguments and errors are those of ``coach.content.saved``.
        """
        with self._saving, saved(text, self.places, self.own, opened, anyway) as scenario:
            library = load_library(self.places)
            self._forget()
            self.__dict__["library"] = library
        return scenario

    def discard(self, scenario_id: str) -> None:
        """Take out a saved scenario; talks with it stay, and one that it replaced can be practised again.

        Raises:
            InputError: if there is none that was saved.
        """
        with self._saving:
            discard(scenario_id, self.places, self.own)
            forget_meanings(self.settings.home / MEANINGS)
            self._forget()

    def _forget(self) -> None:
        """Let go of what holds the scenarios there were before."""
        for name in ("library", "critic", "practice", "scorer", "tailor"):
            self.__dict__.pop(name, None)

    def played(
        self, plays: Sequence[Play], jobs: int = 1, told: Callable[[Play, Turn], None] | None = None
    ) -> Iterator[tuple[Run, float]]:
        """Play scripts; each run with its seconds, in the order of the plays however many are under way.

        Raises:
            InputError: if a script has no line that can be said.
            ConfigError: if a script needs a model to play its manager and there is none.
        """
        managers = [self.manager(one.script, one.scenario) for one in plays]
        parts = (self.coder, self.voice, self.critic)  # made before the threads begin
        self.knowledge.open()

        def perform(n: int) -> tuple[Run, float]:
            one, begun = plays[n], time.perf_counter()
            tell = partial(told, one) if told else untold
            run = play(one.script, one.scenario, *parts, self.provenance(one.script.seed), managers[n], tell)
            return run, time.perf_counter() - begun

        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(perform, range(len(plays)))

    @cached_property
    def store(self) -> Store:
        """The database."""
        return self._files.enter_context(closing(Store.open(self.settings.database)))

    @cached_property
    def remarks(self) -> Remarks:
        """What people say of critiques."""
        return Remarks(self.store)

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

    def for_recordings(self, offline: bool) -> App:
        """The product over recordings, with the same content and knowledge.

        Args:
            offline: whatever models are configured, none is asked.
        """
        none = {"model": "offline", "voice": None, "coder": None, "writer": None}
        made = App(self.settings.model_copy(update=none)) if offline else Evaluation(self.settings)
        made.__dict__.update(library=self.library, knowledge=self.knowledge)
        return made

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
            basis=self.basis,
            prompts={name: self._prompt(name).hash for name in used},
            version=coach.__version__,
            seed=seed,
        )


class Evaluation(App):
    """The product over recordings: what a model answered is kept, and what it fails at is no score."""

    @cached_property
    def _answers(self) -> Answers:
        return self._files.enter_context(closing(Answers(self.settings.home / ANSWERS)))

    def asking(self, name: ModelName) -> Structured:
        """Who asks a model, unless the same was asked before."""
        return Remembering(self._open(name), self._answers)


class Rehearsing(App):
    """The product without its models: their prompts are counted and sent nowhere."""

    def asking(self, name: ModelName) -> Structured:
        """Who counts what a model would be asked."""
        return Rehearsal(name)


def recording_scorer(settings: Settings) -> Scorer:
    """What scores recordings; a worker process makes its own."""
    return Evaluation(settings).scorer
