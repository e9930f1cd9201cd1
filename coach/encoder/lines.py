"""What lines mean that always come together, as all small answers of a rep do: read once, then kept.

A rep has some two thousand of them, and reading those takes seconds. In memory they are kept by this process; in a
folder, where one is named, by all that come after it. Everything there can be made anew: what cannot be read is read
again, and what cannot be written costs time only.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import numpy as np

from coach.encoder.transformer import BATCH, SIZE, Floats, Transformer

MOST = 200
"""Sets of lines that are kept, in memory as on disk; a rep has up to nine."""

_FOLDER: list[Path] = []  # at most one, for the whole process: rep and guard, who ask, know of no settings

# Apart from what reads single texts: none that somebody waits for stands behind hundreds of lines.
_LINES = ThreadPoolExecutor(os.cpu_count() or 1, "lines")


def meanings(texts: tuple[str, ...]) -> Floats:
    """What texts mean that always come together, one row each.

    Who asks while they are still being read, as a first turn does during the warm-up, waits for that.
    """
    return _understood(texts).result()


def keep_meanings(folder: Path) -> None:
    """Name the folder in which meanings are kept from now on; it is made when there are some."""
    _FOLDER[:] = [folder]


def forget_meanings(folder: Path) -> None:
    """Remove what is kept there: words are not in it, but what they are about is."""
    shutil.rmtree(folder, ignore_errors=True)


@lru_cache(maxsize=MOST)
def _understood(texts: tuple[str, ...]) -> Future[Floats]:
    return _LINES.submit(_read, texts)


def _read(texts: tuple[str, ...]) -> Floats:
    transformer = Transformer.load()
    if not _FOLDER or not texts:
        return transformer.meaning(texts, together=True)
    name = hashlib.sha256(repr((transformer.version, BATCH, texts)).encode()).hexdigest()
    path = _FOLDER[0] / f"{name}.npy"
    known = _kept(path, len(texts))
    if known is None:
        known = transformer.meaning(texts, together=True)
        _keep(path, known)
    return known


def _kept(path: Path, rows: int) -> Floats | None:
    try:
        found: Floats = np.load(path, allow_pickle=False).astype(np.float64)
        os.utime(path)  # what is used stays longest
    except (OSError, ValueError, EOFError):
        return None
    return found if found.shape == (rows, SIZE) else None


def _keep(path: Path, found: Floats) -> None:
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            np.save(file, found.astype(np.float32), allow_pickle=False)  # no more was in it
        Path(file.name).replace(path)
        kept = sorted(path.parent.iterdir(), key=lambda one: one.stat().st_mtime)
        for old in kept[:-MOST]:
            old.unlink(missing_ok=True)
