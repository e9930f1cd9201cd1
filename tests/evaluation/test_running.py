"""A run in this process: bounded, in order of places, and told when a worker or a model is gone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from coach.domain import Provenance, Transcript, Turn
from coach.errors import InputError, Unanswered
from coach.evaluation import Journal, Outcome, Rehearsal, estimate, left, processes, run, threads
from coach.evaluation.running import GIVE_UP, score_here
from coach.models import Message, metering, parse
from coach.transcripts import Unreadable


class Scorer:
    """Scores at once; what it is told to leaves unjudged."""

    provenance = Provenance()

    def __init__(self, unjudged: range = range(0)) -> None:
        self.unjudged = unjudged

    def outcome(self, recording: Any) -> Outcome:  # noqa: ANN401
        if isinstance(recording, Unreadable) or int(recording.id) in self.unjudged:
            return Outcome({"id": recording.id, "status": "failed", "reason": "no"}, isinstance(recording, Unreadable))
        return Outcome({"id": recording.id, "status": "scored", "provenance": {"usage": {"calls": 2}}})


def talks(number: int) -> Iterator[Transcript]:
    for n in range(number):
        yield Transcript(id=str(n), turns=(Turn(i=0, speaker="manager", text="Hm."),))


def done(folder: Path, scorer: Scorer, pool: Executor | None, recordings: Any) -> tuple[list[str], list[bool]]:  # noqa: ANN401
    seen: list[bool] = []
    with Journal(folder) as journal:
        run(recordings, pool, scorer, 2, journal, lambda scored, _now: seen.append(scored))  # type: ignore[arg-type]
        return [line.split('"')[3] for line in journal.lines()], seen


def test_threads_take_no_more_than_a_window_ahead(tmp_path: Path) -> None:
    taken = 0

    def counted() -> Iterator[Transcript]:
        nonlocal taken
        for talk in talks(50):
            taken += 1
            yield talk

    with threads(2) as pool, Journal(tmp_path) as journal:
        ahead: list[int] = []
        put: list[int] = []

        def seen(_scored: bool, _now: bool) -> None:
            put.append(1)
            ahead.append(taken - len(put))

        run(counted(), pool, Scorer(), 2, journal, seen)  # type: ignore[arg-type]
        assert [line.split('"')[3] for line in journal.lines()] == [str(n) for n in range(50)]
    assert max(ahead) <= 4


def test_one_job_needs_no_workers(tmp_path: Path) -> None:
    with processes(Scorer, 1) as pool:  # type: ignore[arg-type]
        assert pool is None
        ids, seen = done(tmp_path, Scorer(), pool, [*talks(2), Unreadable("odd", "it is odd")])
    assert (ids, seen) == (["0", "1", "odd"], [True, True, False])


def test_failures_of_the_model_in_a_row_end_the_run_others_do_not(tmp_path: Path) -> None:
    with pytest.raises(Unanswered, match=f"failed {GIVE_UP} times in a row, .* the last time: no Run the same"):
        done(tmp_path / "a", Scorer(range(1, 1 + GIVE_UP)), None, talks(99))
    ids, seen = done(tmp_path / "b", Scorer(range(1, GIVE_UP)), None, talks(2 * GIVE_UP))
    assert (len(ids), seen.count(False)) == (2 * GIVE_UP, GIVE_UP - 1)


def test_a_dead_worker_is_told(tmp_path: Path) -> None:
    class Dead(Executor):
        def submit(self, *_args: Any, **_more: Any) -> Future[Any]:  # noqa: ANN401
            raise BrokenProcessPool

    with pytest.raises(InputError, match="A worker process died, .* fewer --jobs"):
        done(tmp_path, Scorer(), Dead(), talks(1))


def test_only_a_worker_has_a_scorer_of_its_own() -> None:
    with pytest.raises(RuntimeError):
        score_here(next(talks(1)))


def test_what_is_left_is_what_can_be_read_and_is_not_finished(tmp_path: Path) -> None:
    recordings = [*talks(3), Unreadable("odd", "it is odd")]
    assert [talk.id for talk in left(recordings, Provenance(), None)] == ["0", "1", "2"]
    with Journal(tmp_path) as journal:
        run(recordings[:1], None, Scorer(), 1, journal, lambda _scored, _now: None)  # type: ignore[arg-type]
        assert [talk.id for talk in left(recordings, Provenance(), journal)] == ["1", "2"]


def test_an_estimate_grows_with_the_recordings_not_with_the_work() -> None:
    class Counting(Scorer):
        scored = 0

        def outcome(self, recording: Any) -> Outcome:  # noqa: ANN401
            Counting.scored += 1
            usage = {"calls": 3, "input_tokens": 100, "output_tokens": 10}
            return Outcome({"status": "scored", "provenance": {"usage": usage}})

    found = estimate(talks(300), Counting(), coded=True)  # type: ignore[arg-type]
    assert (found.recordings, found.rehearsed, found.calls, found.input_tokens) == (300, 30, 900, 30_000)
    assert (found.output_tokens, Counting.scored) == (300 * 50, 30)
    assert found.cost((2, 10)) == pytest.approx(0.06 + 0.15)
    assert estimate([], Counting(), coded=True).calls == 0  # type: ignore[arg-type]


def test_a_rehearsal_answers_every_finding_it_is_asked_about() -> None:
    from coach.critique.model_writer import CheckedFindings, WrittenFindings

    asked = [Message("system", "Write."), Message("user", '[{"number": 1}, {"number": 2}]')]
    with metering() as meter:
        rehearsal = Rehearsal(parse("openai:any"))
        assert [f.number for f in rehearsal.ask(asked, WrittenFindings, 1).findings] == [1, 2]
        assert all(f.supported for f in rehearsal.ask(asked, CheckedFindings, 1).findings)
    assert meter.calls == 2
    assert 0 < meter.input_tokens < meter.output_tokens
