"""What authored lines mean is read once on a machine, and can always be read anew."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from coach.encoder import Transformer, forget_meanings, keep_meanings, lines, meanings
from coach.encoder.transformer import SIZE

NUMBERS = count()


@pytest.fixture
def texts() -> tuple[str, ...]:
    """Lines that nobody has asked for yet."""
    return (f"Locker {next(NUMBERS)}, by the stairs.", "Since March.", "")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(lines, "_FOLDER", [])
    keep_meanings(tmp_path / "meanings")
    return tmp_path / "meanings"


@pytest.fixture(autouse=True)
def nothing_in_memory() -> Iterator[None]:
    """As in a process that has just begun, before and after."""
    lines._understood.cache_clear()
    yield
    lines._understood.cache_clear()


def later(texts: tuple[str, ...]) -> np.ndarray:
    """What another process finds."""
    lines._understood.cache_clear()
    return meanings(texts)


def read(texts: tuple[str, ...]) -> np.ndarray:
    return Transformer.load().meaning(texts, together=True)


def test_the_next_process_takes_what_was_kept_to_the_last_bit(folder, texts):
    first = meanings(texts)
    (kept,) = folder.iterdir()
    assert np.array_equal(later(texts), first)
    assert np.array_equal(first, read(texts))
    np.save(kept, np.ones((3, SIZE), dtype=np.float32))
    assert (later(texts) == 1).all()


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-100]),
        lambda path: path.write_bytes(b"no numbers at all, only words " * 20),
        lambda path: np.save(path, np.ones((2, SIZE), dtype=np.float32)),
        lambda path: np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True),
    ],
)
def test_what_is_damaged_or_foreign_is_read_and_kept_anew(folder, texts, damage):
    first = meanings(texts)
    (kept,) = folder.iterdir()
    damage(kept)
    assert np.array_equal(later(texts), first)
    assert np.array_equal(np.load(kept), first.astype(np.float32))


def test_other_lines_have_a_place_of_their_own(folder, texts):
    assert not np.array_equal(meanings(texts), meanings(texts[::-1]))
    assert len(list(folder.iterdir())) == 2


def test_only_the_latest_stay(folder, texts, monkeypatch):
    monkeypatch.setattr(lines, "MOST", 2)
    for number in range(4):
        meanings((*texts, str(number)))
    assert len(list(folder.iterdir())) == 2


def test_forgetting_leaves_nothing_and_the_lines_are_read_again(folder, texts):
    first = meanings(texts)
    forget_meanings(folder)
    assert not folder.exists()
    assert np.array_equal(later(texts), first)


def test_without_a_place_to_write_the_lines_are_read_all_the_same(tmp_path, texts, monkeypatch):
    monkeypatch.setattr(lines, "_FOLDER", [])
    assert np.array_equal(meanings(texts), read(texts))
    (tmp_path / "meanings").write_text("a file where the folder would be")
    keep_meanings(tmp_path / "meanings")
    assert np.array_equal(later(texts), read(texts))


def test_nothing_to_read_leaves_nothing(folder):
    assert meanings(()).shape == (0, SIZE)
    assert not folder.exists()
