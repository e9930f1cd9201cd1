"""From a function that reports its progress to a generator of it, which is what a chat page wants."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextvars import copy_context

Shown = Callable[[str], None]


def growing(work: Callable[[Shown], object]) -> Iterator[str]:
    """Run the work in a thread and yield what it shows as it comes: a few sentences, not tokens.

    Raises:
        Exception: whatever the work raised, after everything it showed was yielded.
    """
    arrived: queue.Queue[str | BaseException | None] = queue.Queue()

    def run() -> None:
        try:
            work(arrived.put)
            arrived.put(None)
        except BaseException as error:  # noqa: BLE001 - handed over to the caller's thread whole
            arrived.put(error)

    threading.Thread(target=copy_context().run, args=(run,), daemon=True).start()
    while (item := arrived.get()) is not None:
        if isinstance(item, BaseException):
            raise item
        yield item
