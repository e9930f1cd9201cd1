"""Many conversations at once on the page: ``python -m eval.bench.web [--talks 30] [--seconds 60]``.

The server is ``coach ui`` in a process of its own, the model a server on loopback. Each conversation speaks Gradio's
queue as a browser does, and its manager thinks for a while between turns. Measured is the time from sending until the
rep's first sentence is shown, less the model's own time: what its server took to begin its answers to this very turn.
The page holds the first words back as a person would (``COACH_PACE``); that is switched off here. The pages are open
when measuring begins: Gradio makes the whole page anew for a window that it sees first, and thirty managers never open
theirs in the same moment.

The client and the model server take their part of the same cores, and it counts against the coach.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from eval.bench.llm_server import LLMServer, Mood
from eval.bench.model import SAID
from eval.bench.model_answers import LINES, Player

BAR_MS = 150.0
BRIEF = httpx.Limits(keepalive_expiry=2.0)  # the server closes what idles for 5 s, maybe just as it is used again
ENDINGS = ("Mind you.", "There we are.", "That is how it stands.", "Make of that what you will.", "Such is June.")
_TAG = re.compile(r"folder (\d+)")


class Queue:
    """The page as a browser sees it: its controls, and the queue through which they are used."""

    def __init__(self, client: httpx.AsyncClient, config: dict[str, Any]) -> None:
        """Take a client whose base is the server, and what ``/config`` answers.

        ``window`` is the name that a browser's window gives itself.
        """
        self.window = secrets.token_hex(6)
        self._client = client
        self._events = config["dependencies"]
        self._named = {c["props"].get("elem_id"): c["id"] for c in config["components"] if c["props"].get("elem_id")}

    @classmethod
    async def of(cls, client: httpx.AsyncClient) -> Queue:
        """Open the page: read what it is made of, and ask for what it shows first."""
        queue = cls(client, (await client.get("/config")).raise_for_status().json())
        first = next(one["id"] for one in queue._events for _, name in one["targets"] if name == "load")
        async for _ in queue.use(first, []):
            pass
        return queue

    def event(self, element: str, name: str) -> int:
        """The number of what the server does when something happens to a control."""
        target = [self._named[element], name]
        return int(next(one["id"] for one in self._events if target in one["targets"] and one["backend_fn"]))

    async def use(self, event: int, data: Sequence[object]) -> AsyncIterator[dict[str, Any]]:
        """Send an event and yield what comes back until it is done.

        Args:
            event: its number.
            data: the values of the controls that it takes.
        """
        sent: dict[str, Any] = {"data": list(data), "fn_index": event, "session_hash": self.window}
        (await self._client.post("/gradio_api/queue/join", json=sent)).raise_for_status()
        async with self._client.stream("GET", "/gradio_api/queue/data", params={"session_hash": self.window}) as answer:
            async for line in answer.aiter_lines():
                if line.startswith("data:"):
                    message = json.loads(line[5:])
                    yield message
                    if message["msg"] == "close_stream":
                        return


@dataclass
class Seen:
    """Seconds of one run.

    Attributes:
        own_words: until the manager's own words stand in the chat.
        first: until the rep's first sentence does.
        model: the model's part of that.
        wall: of the whole run.
        server: processor time of the server.
        client: processor time of the conversations and the model server.
    """

    own_words: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    model: list[float] = field(default_factory=list)
    wall: float = 0.0
    server: float = 0.0
    client: float = 0.0

    def told(self, name: str) -> str:
        """A line of the table."""
        ours = [first - model for first, model in zip(self.first, self.model, strict=True)]
        cells = [*spread(self.own_words), *spread(self.model), *spread(ours)]
        used = (
            f"{self.server / len(self.first) * 1000:8.0f}{self.server / self.wall:8.2f}{self.client / self.wall:8.2f}"
        )
        return f"{name:24}{len(self.first):6}" + "".join(f"{cell * 1000:8.0f}" for cell in cells) + used


def spread(times: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    ordered = sorted(times)
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


@contextlib.contextmanager
def serving(home: Path, **environment: str) -> Iterator[tuple[str, int]]:
    """``coach ui`` over a home; its address and process id once it is ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "coach", "ui", "--port", str(port), "--no-browser"],
        env=os.environ | {"COACH_HOME": str(home), "COACH_PACE": "0", "COACH_MODEL": "offline", **environment},
        stdout=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            if process.poll() is not None:
                raise SystemExit("the server did not start")
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"{url}/healthz")
                break
            time.sleep(0.2)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait()


def used(pid: int) -> float:
    """Processor seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def talking(
    client: httpx.AsyncClient,
    queue: Queue,
    number: int,
    end: float,
    think: float,
    model: LLMServer | None,
    seen: Seen,
) -> None:
    """One manager after the other at one place, until the time is over."""
    chance = random.Random(number)  # noqa: S311 - nothing secret
    say = queue.event("words", "submit")
    names = [card["id"] for card in (await client.get("/api/scenarios")).json()]
    await asyncio.sleep(chance.uniform(0, think))
    while time.monotonic() < end:
        form = {"scenario": chance.choice(names), "seed": chance.randrange(2**31)}
        talk = (await client.post("/api/sessions", json=form)).raise_for_status().json()["id"]
        for words in (*SAID, *SAID):
            if time.monotonic() >= end or not await turn(queue, say, talk, f"{words} (folder {number})", model, seen):
                break
            await asyncio.sleep(chance.uniform(0.5, 1.5) * think)


async def turn(queue: Queue, say: int, talk: str, words: str, model: LLMServer | None, seen: Seen) -> bool:
    """Say something and note what it took; whether the talk goes on."""
    begun, shown = time.monotonic(), []
    async for message in queue.use(say, [talk, words]):
        if message["msg"] == "process_generating":
            shown.append(time.monotonic())
    if len(shown) < 3:  # the words, the answer, and the talk as it stands; one that has ended gives its words back
        return False
    seen.own_words.append(shown[0] - begun)
    seen.first.append(shown[1] - begun)
    seen.model.append(own_time(model, words, begun, shown[1]) if model else 0.0)
    return True


def own_time(model: LLMServer, words: str, begun: float, end: float) -> float:
    """Seconds that the model server took in between until it began to answer this talk's calls."""
    tag = _TAG.findall(words)[-1]
    calls = [call for call in model.requests if begun <= call.monotonic < call.answered <= end]
    own = [call for call in calls if _TAG.findall(json.dumps(call.messages))[-1:] == [tag]]
    return sum(call.answered - call.monotonic for call in own)


async def met(url: str, model: LLMServer | None, start: str) -> None:
    """A turn with every rep, one after the other, so that what a scenario costs only once is not in the figures.

    ``start`` says in the printed line which start of the server this is.
    """
    seen = Seen()
    async with httpx.AsyncClient(base_url=url, timeout=120) as client:
        queue = await Queue.of(client)
        for card in (await client.get("/api/scenarios")).json():
            talk = (await client.post("/api/sessions", json={"scenario": card["id"], "seed": 1})).json()["id"]
            for words in SAID[:2]:
                await turn(queue, queue.event("words", "submit"), talk, f"{words} (folder 999)", model, seen)
    firsts = [first - own for first, own in zip(seen.first[::2], seen.model[::2], strict=True)]
    print(f"first turn with a rep after {start}: {spread(firsts)[0] * 1000:.0f} ms at the median of {len(firsts)} reps")


def settled(pid: int) -> None:
    """Wait until the server has nothing left to do: its warm-up is over."""
    before = -1.0
    while used(pid) - before > 0.1:
        before = used(pid)
        time.sleep(1)


async def run(url: str, pid: int, talks: int, seconds: float, think: float, model: LLMServer | None) -> Seen:
    """So many conversations at once for a while, in pages that are open by then."""
    seen = Seen()
    async with contextlib.AsyncExitStack() as windows:
        clients = [httpx.AsyncClient(base_url=url, timeout=120, limits=BRIEF) for _ in range(talks)]
        pages = [(client, await Queue.of(await windows.enter_async_context(client))) for client in clients]
        begun, server, spent = time.monotonic(), used(pid), time.process_time()
        await asyncio.gather(*(talking(*page, n, begun + seconds, think, model, seen) for n, page in enumerate(pages)))
    seen.wall, seen.server = time.monotonic() - begun, used(pid) - server
    seen.client = time.process_time() - spent
    return seen


def report(name: str, talks: int, seconds: float, think: float, model: LLMServer | None) -> float:
    """Measure one engine, alone and in company; returns milliseconds over the model's own at the 95th percentile."""
    environment = (
        {"COACH_MODEL": f"openai:{model.model}", "OPENAI_API_KEY": str(model.api_key), "OPENAI_BASE_URL": model.url}
        if model
        else {}
    )
    with tempfile.TemporaryDirectory() as home:
        with serving(Path(home), **environment) as (url, pid):
            asyncio.run(met(url, model, "the first start"))
            settled(pid)
        with serving(Path(home), **environment) as (url, pid):
            asyncio.run(met(url, model, "a later start"))
            settled(pid)
            alone = asyncio.run(run(url, pid, 1, max(5.0, seconds / 6), 0.0, model))
            print(alone.told(f"{name}, alone"), flush=True)
            many = asyncio.run(run(url, pid, talks, seconds, think, model))
            print(many.told(f"{name}, {talks} at once"), flush=True)
    one, all_ = (
        spread([first - own for first, own in zip(seen.first, seen.model, strict=True)])[1] for seen in (alone, many)
    )
    print(f"{'':24}p95 {all_ / one:.1f} x alone; bar {BAR_MS:g} ms: {'kept' if all_ * 1000 <= BAR_MS else 'missed'}")
    return all_ * 1000


def main(arguments: Sequence[str]) -> int:
    """Print a table; the status is 1 if the bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.web")
    parser.add_argument("--talks", type=int, default=30, help="conversations at once")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long each engine is measured")
    parser.add_argument("--think", type=float, default=8.0, help="seconds between turns, on average")
    parser.add_argument("--delay", type=float, default=0.2, help="seconds before the model's first token")
    chosen = parser.parse_args(arguments)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before; ms; cores used by server and client")
    print(f"{'':24} turns words50 words95 model50 model95  over50  over95 cpu/turn server  client")
    went = [report("offline", chosen.talks, chosen.seconds, chosen.think, None)]
    lines = [f"{line} {ending}" for ending in ENDINGS for line in LINES]
    with LLMServer(answer=Player(lines=lines)) as model:
        model.mood = Mood(delay_s=chosen.delay)
        went.append(report("model", chosen.talks, chosen.seconds, chosen.think, model))
        asked = len(model.requests)
    print(f"{asked} calls of the model in all")
    return int(max(went) > BAR_MS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
