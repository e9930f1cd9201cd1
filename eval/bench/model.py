"""What the product adds to a model's own time, and what it asks of it: ``python -m eval.bench.model``.

The model is a server on loopback that answers at once, or after 200 ms, so what is left is ours.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

from coach.app import OWNER, App
from coach.domain import Transcript, Turn
from coach.models import Message, open_model, parse
from coach.settings import Settings
from eval.bench.llm_server import LLMServer, Mood
from eval.bench.model_answers import Player

LATENCIES = (0.0, 0.2)  # seconds of silence before each answer
SAID = (
    "How are you really doing with all of this?",
    "That sounds like a lot to carry. What do your days look like at the moment?",
    "I should have seen that earlier, that is on me. When does your working day actually end?",
    "What would help you most right now?",
    "I'll take the weekly report off you by Friday. Would that help?",
)
REPEATS = 3
ENVIRONMENT = ("OPENAI_API_KEY", "OPENAI_BASE_URL")


def bare(server: LLMServer) -> float:
    """Median seconds to the first text of a call with nothing around it."""
    chat = open_model(parse(f"openai:{server.model}"), 1)
    prompt = [Message("system", "You help a playwright"), Message("user", "Speak.")]
    times = []
    for _ in range(2 * REPEATS + 1):
        begun = time.perf_counter()
        next(chat.stream(prompt, 30))
        times.append(time.perf_counter() - begun)
    return median(times[1:])


def talk(app: App, server: LLMServer, seed: int) -> tuple[list[float], list[int], int]:
    """One conversation: seconds to the first shown words of each turn, calls of each turn, calls of the critique."""
    firsts: list[float] = []
    calls: list[int] = []
    session = app.practice.start(OWNER, "burnout", None, seed)
    for words in SAID:
        before, begun = len(server.requests), time.perf_counter()
        seen: list[float] = []
        session = app.practice.reply(session, words, partial(_note, seen))
        firsts.append(seen[0] - begun)
        calls.append(len(server.requests) - before)
    before = len(server.requests)
    app.practice.critique(app.practice.end(session))
    return firsts, calls, len(server.requests) - before


def _note(seen: list[float], _text: str) -> None:
    seen.append(time.perf_counter())


def recording(app: App, server: LLMServer) -> int:
    """Calls for one recorded conversation."""
    turns = [Turn(i=i, speaker="manager" if i % 2 else "rep", text=text) for i, text in enumerate(interleaved())]
    before = len(server.requests)
    list(app.scorer.score([Transcript(id="recorded", turns=tuple(turns))]))
    return len(server.requests) - before


def interleaved() -> Iterator[str]:
    """What both say in the recording."""
    for line, words in zip(Player().lines, SAID, strict=False):
        yield line
        yield words


@contextmanager
def product(server: LLMServer, home: Path) -> Iterator[App]:
    """The product over the server, warm: index built, artefacts loaded."""
    before = {name: os.environ.get(name) for name in ENVIRONMENT}
    os.environ.update(dict(zip(ENVIRONMENT, (str(server.api_key), server.url), strict=True)))
    app = App(Settings(home=home, model=f"openai:{server.model}"))
    try:
        talk(app, server, 0)
        yield app
    finally:
        app.knowledge.close()
        app.store.close()
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def report(latency: float, home: Path) -> None:
    """Measure with one latency and print."""
    with LLMServer(answer=Player()) as server, product(server, home) as app:
        server.mood = Mood(delay_s=latency)
        own = bare(server)
        talks = [talk(app, server, seed) for seed in range(1, REPEATS + 1)]
        first = median([seconds for firsts, _, _ in talks for seconds in firsts])
        turn_calls = [n for _, calls, _ in talks for n in calls]
        print(f"\nserver that waits {latency * 1000:.0f} ms")
        print(f"first text of a bare call         {own * 1000:8.1f} ms")
        more = (first - own) * 1000
        print(f"first shown sentence              {first * 1000:8.1f} ms  {first / own:5.2f} x  {more:+.1f} ms")
        beyond = (first - 2 * own) * 1000
        print(f"beyond its two calls in a row     {beyond:8.1f} ms  {first / (2 * own):5.2f} x")
        each = sum(turn_calls) / len(turn_calls)
        print(f"calls per practice turn           {each:8.2f}  (most {max(turn_calls)})")
        print(f"calls per critique                {median([calls for _, _, calls in talks]):8.2f}")
        print(f"calls per recorded transcript     {recording(app, server):8.2f}")


def main() -> int:
    """Print the figures for each latency."""
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        for latency in LATENCIES:
            report(latency, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
