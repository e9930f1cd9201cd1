"""A whole run: every recording scored once, by several at a time, each result kept as soon as it is there."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from coach.domain import Provenance, Transcript
from coach.errors import InputError, Unanswered
from coach.evaluation.journal import Journal, fingerprint
from coach.evaluation.score import Outcome, Recording, Scorer

GIVE_UP = 20
"""So many recordings in a row that a model left unjudged end the run: nobody is there."""
AHEAD = 2
"""Recordings in hand for each of those that work, so that none waits for the next."""

_Place = tuple[int, bytes]
_own: Scorer | None = None


def run(
    recordings: Iterable[Recording],
    pool: Executor | None,
    scorer: Scorer,
    jobs: int,
    journal: Journal,
    seen: Callable[[bool, bool], None],
) -> None:
    """Score what the journal does not have; memory holds no more than what is in hand.

    Args:
        recordings: in the order in which their lines are to stand.
        pool: who scores, ``jobs`` at a time; this thread if None.
        scorer: scores here, and says what judges.
        jobs: how many score at once.
        journal: keeps every line as soon as it is there.
        seen: called for each recording with whether it was scored and whether that was now.

    Raises:
        Unanswered: if a model leaves ``GIVE_UP`` recordings in a row unjudged.
        InputError: if a worker process dies.
    """
    row: list[str] = []
    todo = _todo(recordings, scorer, journal, seen)
    for (place, key), outcome in _each(pool, scorer, todo, AHEAD * jobs):
        journal.put(key, place, outcome)
        seen(outcome.line["status"] == "scored", True)
        row = [] if outcome.lasting else [*row, outcome.line["reason"]]
        if len(row) == GIVE_UP:
            told = f"The model failed {GIVE_UP} times in a row, so this run stops; the last time: {row[-1]}"
            raise Unanswered(f"{told} Run the same command again to go on.")


def _todo(
    recordings: Iterable[Recording], scorer: Scorer, journal: Journal, seen: Callable[[bool, bool], None]
) -> Iterator[tuple[_Place, Transcript]]:
    """What is left to score; what is finished or cannot be read takes its place on the way."""
    for place, recording in enumerate(recordings):
        key = fingerprint(recording, scorer.provenance)
        if (scored := journal.place(key, place)) is not None:
            seen(scored, False)
        elif isinstance(recording, Transcript):
            yield (place, key), recording
        else:
            journal.put(key, place, scorer.outcome(recording))
            seen(False, True)


def _each(
    pool: Executor | None, scorer: Scorer, items: Iterable[tuple[_Place, Transcript]], window: int
) -> Iterator[tuple[_Place, Outcome]]:
    """Outcomes as they come, in any order; no more than ``window`` recordings are in hand."""
    if pool is None:
        for place, recording in items:
            yield place, scorer.outcome(recording)
        return
    score = score_here if isinstance(pool, ProcessPoolExecutor) else scorer.outcome
    waiting: dict[Future[Outcome], _Place] = {}
    try:
        for place, recording in items:
            with _uninterrupted():
                waiting[pool.submit(score, recording)] = place
            if len(waiting) >= window:
                yield from _done(waiting)
        while waiting:
            yield from _done(waiting)
    except BrokenProcessPool:
        told = "A worker process died, perhaps for want of memory; run the same command again with fewer --jobs."
        raise InputError(told) from None


def _done(waiting: dict[Future[Outcome], _Place]) -> Iterator[tuple[_Place, Outcome]]:
    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
        yield waiting.pop(future), future.result()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl+C back: a worker process started meanwhile never gets it, this one does afterwards."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def processes(make: Callable[[], Scorer], jobs: int) -> Iterator[Executor | None]:
    """Workers for an engine that computes: processes that each make a scorer of their own; none for one job."""
    one_thread()
    if jobs == 1:
        yield None
        return
    context = multiprocessing.get_context("spawn")
    with _stopping(ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(make,))) as pool:
        yield pool


@contextmanager
def threads(jobs: int) -> Iterator[Executor]:
    """Workers for an engine that mostly waits for a model: threads that share one scorer."""
    with _stopping(ThreadPoolExecutor(jobs, "evaluate")) as pool:
        yield pool


@contextmanager
def _stopping(pool: Executor) -> Iterator[Executor]:
    """The pool; whatever ends the run, what has not begun is not begun any more."""
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def one_thread() -> None:
    """Keep numpy's libraries to one thread: what is parallel here are conversations."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)


def _begin(make: Callable[[], Scorer]) -> None:
    """Set up a worker process; Ctrl+C is for the process that started it."""
    global _own
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    one_thread()
    _own = make()


def score_here(recording: Transcript) -> Outcome:
    """Score with the scorer of this worker process."""
    if _own is None:
        raise RuntimeError("this process is no worker")
    return _own.outcome(recording)


def left(recordings: Iterable[Recording], provenance: Provenance, journal: Journal | None) -> Iterator[Transcript]:
    """The recordings that a run would score now."""
    for recording in recordings:
        known = journal is not None and journal.has(fingerprint(recording, provenance))
        if isinstance(recording, Transcript) and not known:
            yield recording
