"""How fast and how steadily recordings are scored: ``python -m eval.bench.evaluation [PART...]``.

Parts: ``speed`` (offline, one core), ``memory`` (100 and 20,000 recordings), ``model`` (a server on loopback with
200 ms and 16 slots) and ``broken`` (a folder with 3% broken files); all when none is named. Recordings are the 42 of
the labelled suite, 14 turns each on average, over and over with other ids.
"""

from __future__ import annotations

import argparse
import json
import logging
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle, islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from coach.app import App, Evaluation
from coach.coding import Coder
from coach.domain import Reading, Topic, Transcript, Turn
from coach.evaluation import Journal, Scorer, processes, run, threads, write_lines
from coach.reports import write_reports
from coach.settings import Settings
from coach.transcripts import read_transcripts
from eval.bench.llm_server import KEY, MODEL, LLMServer
from eval.bench.model_answers import Player

SUITE = Path(__file__).parents[1] / "suite" / "transcripts.jsonl"
BAR_SPEED, BAR_SHARE = 50, 0.85
FEW, MANY = 100, 20_000
LATENCY_S, SLOTS, MODELLED = 0.2, 16, 200
FILES, BROKEN = 300, 9
PARTS = ("speed", "memory", "model", "broken")


def written(folder: Path, number: int) -> Path:
    """So many recordings in one file."""
    talks = [json.loads(line) for line in SUITE.read_text("utf-8").splitlines()]
    path = folder / f"{number}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for n, talk in enumerate(islice(cycle(talks), number)):
            file.write(json.dumps({**talk, "id": f"{talk['id']}-{n}"}) + "\n")
    return path


def speed(folder: Path) -> None:
    """Conversations a second of one core, all that a run does included."""
    app = App(Settings(home=folder / "home"))
    app.scorer.provenance  # noqa: B018 - loads the coder
    timed(app.scorer, SUITE, folder / "warm")
    recordings = written(folder, 84)
    took = {"everything": timed(app.scorer, recordings, folder / "all") / 84}
    kept = Scorer(Kept(app.coder), app.critic, app.scorer.provenance)
    timed(kept, written(folder, 42), folder / "kept")
    took["without the coder"] = timed(kept, recordings, folder / "rest") / 84
    for name, seconds in took.items():
        print(f"offline, one core, {name:<18} {1000 * seconds:7.1f} ms CPU {1 / seconds:7.1f} conversations a second")
    print(f"bar: {BAR_SPEED} a second a core; {'met' if 1 / took['everything'] >= BAR_SPEED else 'missed'}")


def timed(scorer: Scorer, recordings: Path, out: Path) -> float:
    """Seconds of CPU for a whole run without reports."""
    with processes(partial(Scorer, scorer.coder, scorer.critic, scorer.provenance), 1) as pool, Journal(out) as journal:
        begun = time.process_time()
        run(read_transcripts([recordings]), pool, scorer, 1, journal, lambda _scored, _now: None)
        write_lines(journal.lines(), out / "critiques.jsonl")
        return time.process_time() - begun


@dataclass
class Kept:
    """Reads every different turn once, so that what is around the coder shows."""

    coder: Coder
    heard: dict[tuple[str, str], Reading] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The coder's."""
        return self.coder.id

    def read(self, turns: Sequence[Turn], targets: Sequence[int], topics: Sequence[Topic] = ()) -> dict[int, Reading]:
        """Read what was not read before; see ``Coder.read``."""
        new = [t for t in targets if (turns[t].speaker, turns[t].text) not in self.heard]
        for t, reading in (self.coder.read(turns, new, topics) if new else {}).items():
            self.heard[turns[t].speaker, turns[t].text] = reading
        return {t: self.heard[turns[t].speaker, turns[t].text] for t in targets}


def memory(folder: Path) -> None:
    """Peak memory of runs of different length, each in a process of its own."""
    for number in (FEW, MANY):
        recordings = written(folder, number)
        peaks, seconds = in_process(peak, folder, recordings)
        print(
            f"{number:>6} recordings: peak {peaks[0]:6.0f} MB scoring, {peaks[1]:6.0f} MB with reports; "
            f"{seconds:.0f} s (every turn coded once)",
            flush=True,
        )


def peak(folder: Path, recordings: Path) -> tuple[tuple[float, float], float]:
    """Megabytes at most after the run and after its reports, and seconds."""
    app = App(Settings(home=folder / "home"))
    scorer = Scorer(Kept(app.coder), app.critic, app.scorer.provenance)
    out = folder / f"out-{recordings.stem}"
    begun = time.perf_counter()
    timed(scorer, recordings, out)
    first = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    write_reports(out, app.library)
    took = time.perf_counter() - begun
    return (first, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3), took


def in_process(work: Callable[..., Any], *given: object) -> Any:  # noqa: ANN401
    """What work returns in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, given)


def model(folder: Path) -> None:
    """Calls, CPU a call and throughput against a server with latency and a bounded number of slots."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    os.environ.update(OPENAI_API_KEY=KEY, OPENAI_BASE_URL=str(ours.recv()))
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    app = Evaluation(Settings(home=folder / "home", model=f"openai:{MODEL}", model_concurrency=SLOTS))
    for number, name in ((SLOTS, "warm"), (MODELLED, "measured")):
        out, jobs = folder / name, 2 * SLOTS
        begun, busy = time.perf_counter(), time.process_time()
        with threads(jobs) as pool, Journal(out) as journal:
            run(distinct(number, name), pool, app.scorer, jobs, journal, lambda _scored, _now: None)
            lines = [json.loads(line) for line in journal.lines()]
        took, worked = time.perf_counter() - begun, time.process_time() - busy
    ours.send("end")
    calls = sum(line["provenance"]["usage"]["calls"] for line in lines)
    failed = sum(line["status"] == "failed" for line in lines)
    limit = SLOTS / LATENCY_S
    share = calls / took / limit
    print(f"{len(lines)} recordings with a model, {failed} failed: {calls / len(lines):.2f} calls each")
    print(f"CPU per call {1000 * worked / calls:.1f} ms, of which a core has {worked / took:.0%} of the time")
    print(f"{calls / took:.1f} calls a second, {share:.2f} of the server's {limit:.0f} (aim {BAR_SHARE})")
    binds = "this process, whose threads share one core" if worked / took > 0.8 else "the server and its 16 slots"
    print(f"what binds: {binds}")


def distinct(number: int, name: str) -> Iterator[Transcript]:
    """Recordings with words of their own, so that no kept answer serves."""
    talks = [talk for talk in read_transcripts([SUITE]) if isinstance(talk, Transcript)]
    for n, talk in enumerate(islice(cycle(talks), number)):
        first = talk.turns[0].model_copy(update={"text": f"{talk.turns[0].text} That was {name} {n}."})
        yield talk.model_copy(update={"id": f"{name}-{n}", "turns": (first, *talk.turns[1:])})


def serve(pipe: Connection) -> None:
    """A server of its own process: every call holds one of the slots for the latency."""
    slots, player = threading.Semaphore(SLOTS), Player()

    def answer(messages: list[dict[str, Any]], request: dict[str, Any]) -> str:
        with slots:
            time.sleep(LATENCY_S)
        return player(messages, request)

    with LLMServer(answer=answer) as server:
        pipe.send(server.url)
        pipe.recv()


def broken(folder: Path) -> None:
    """A folder in which some files are broken, through the command line."""
    talks = folder / "talks"
    talks.mkdir()
    lines = SUITE.read_text("utf-8").splitlines()
    for n, line in enumerate(islice(cycle(lines), FILES - BROKEN)):
        (talks / f"talk-{n:03}.jsonl").write_text(json.dumps({**json.loads(line), "id": f"talk-{n:03}"}), "utf-8")
    alone = [{"speaker": "manager", "text": "Hello?"}] * 3
    bad = {
        "binary.jsonl": bytes(range(256)) * 400,
        "empty.jsonl": b"",
        "blank.jsonl": b"\n \n",
        "one-speaker.jsonl": json.dumps({"id": "one-speaker", "turns": alone}).encode(),
        "utf-16.jsonl": lines[0].encode("utf-16"),
        "latin-1.jsonl": json.dumps({"id": "latin-1", "turns": alone, "note": "\u00fc"}, ensure_ascii=False).encode(
            "latin-1"
        ),
        "one-line.jsonl": b'{"id": "one-line", "turns": "' + b"x" * 40_000_000 + b'"}',
        "cut.jsonl": lines[1].encode()[:200],
        "list.jsonl": b"[1, 2, 3]",
    }
    for name, content in bad.items():
        (talks / name).write_bytes(content)
    command = [sys.executable, "-m", "coach", "evaluate", str(talks), "--out", str(folder / "out")]
    begun = time.perf_counter()
    ended = subprocess.run(  # noqa: S603 - our own command
        command, env={**os.environ, "COACH_HOME": str(folder / "home")}, capture_output=True, text=True, check=False
    )
    told = [line.removeprefix("failed: ") for line in ended.stderr.splitlines()]
    print(f"{FILES} files, {BROKEN} broken: exit {ended.returncode} after {time.perf_counter() - begun:.0f} s")
    print(f"  {ended.stdout.strip().splitlines()[-1] if ended.stdout.strip() else ended.stderr[-300:]}")
    for name in bad:
        reasons = [line for line in told if line.startswith((name, f"{name.split('.')[0]}:"))]
        more = f" (and {len(reasons) - 1} more lines)" if len(reasons) > 1 else ""
        print(f"  {name:<18} {reasons[0][:120] if reasons else 'read all the same'}{more}")


def main(arguments: Sequence[str]) -> int:
    """Print the figures of the parts."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.evaluation")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=PARTS)
    parts = {"speed": speed, "memory": memory, "model": model, "broken": broken}
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start")
    for name in parser.parse_args(arguments).parts:
        print(f"\n{name}")
        with tempfile.TemporaryDirectory() as folder:
            parts[name](Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
