"""What takes longer than a page may: done in the background, one thing after the other, and looked at by its id."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from coach.errors import CoachError, InputError

KEPT = 20  # results of which the pages can still be opened
WAITING = 5  # begun and not finished
UNFORESEEN = "This stopped for a reason that nobody foresaw; the terminal in which the coach runs tells more."


@dataclass
class Work:
    """Something under way, and what has come of it."""

    id: str
    total: int
    title: str
    done: int = 0
    results: list[object] = field(default_factory=list)
    wrong: str = ""
    finished: bool = False
    stopped: bool = False

    def step(self) -> None:
        """Count one more as done.

        Raises:
            InputError: if somebody has stopped it.
        """
        self.done += 1
        if self.stopped:
            raise InputError("This was stopped.")


class Works:
    """The work of one server."""

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self._works: dict[str, Work] = {}
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def begin(self, title: str, total: int, job: Callable[[Work], None], name: str = "") -> Work:
        """Do a job in the background as soon as what was begun before is finished.

        Args:
            title: what it is, for people.
            total: how many steps it takes.
            job: does it and calls ``step`` for each; it is called, too, if it was stopped before it could begin.
            name: its id, where it has one already.

        Raises:
            InputError: if too much is under way, or this is.
        """
        work = Work(name or secrets.token_hex(8), total, title)
        with self._lock:
            waiting = [one for one in self._works.values() if not one.finished]
            if len(waiting) >= WAITING:
                raise InputError(f"There are {len(waiting)} runs under way; wait until one of them is finished.")
            self.free(work.id)
            for old in [one.id for one in self._works.values() if one.finished][: -KEPT + 1]:
                del self._works[old]
            self._works[work.id] = work
        threading.Thread(target=self._run, args=(work, job), name=f"desk-{work.id}", daemon=True).start()
        return work

    def _run(self, work: Work, job: Callable[[Work], None]) -> None:
        with self._turn:
            work.wrong = UNFORESEEN
            try:
                job(work)
                work.wrong = ""
            except CoachError as error:
                work.wrong = str(error)
            finally:
                work.finished = True

    def get(self, name: str) -> Work | None:
        """Work under way or finished not long ago."""
        return self._works.get(name)

    def free(self, name: str) -> None:
        """See that something may be begun or changed.

        Raises:
            InputError: if it is under way.
        """
        if (work := self._works.get(name)) and not work.finished:
            raise InputError("This is under way already.")

    def stop(self, name: str) -> bool:
        """Have work end before its next step; says whether it was under way."""
        work = self._works.get(name)
        if work is None or work.finished:
            return False
        work.stopped = True
        return True


def _works(request: Request) -> Works:
    works: Works = request.app.state.works
    return works


Background = Annotated[Works, Depends(_works)]
