from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from knowledge_worker import HashEmbedding

from coach.errors import KnowledgeError
from coach.knowledge import KnowledgeBase
from coach.knowledge.index import KEEP, locked

Wait = Callable[[Callable[[], bool]], None]


class OtherEmbedding(HashEmbedding):
    name = "hash-2"


def base(home: Path, articles: Path, embedding: HashEmbedding | None = None) -> KnowledgeBase:
    return KnowledgeBase(home, articles, embedding or HashEmbedding())


def indexes(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "index").iterdir() if path.is_dir())


def test_the_hash_follows_content_and_embedding(home: Path, articles: Path) -> None:
    first = base(home, articles).hash
    assert base(home, articles).hash == first
    assert base(home, articles, OtherEmbedding()).hash != first
    path = articles / "figures.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("blame.", "scold."), encoding="utf-8")
    assert base(home, articles).hash != first
    path.write_text(text, encoding="utf-8")
    path.rename(articles / "another name.md")
    assert base(home, articles).hash == first


def test_an_index_is_built_once_and_never_written_again(home: Path, articles: Path) -> None:
    with base(home, articles) as one:
        one.open()
        assert indexes(home) == [one.hash]
        every = [path for path in (home / "index" / one.hash).rglob("*") if path.is_file()]
        # Chroma notes in its own SQLite file that it was opened
        files = {path: path.stat().st_mtime_ns for path in every if path.name != "chroma.sqlite3"}
        assert {"passages.sqlite3", "manifest.json", "data_level0.bin"} <= {path.name for path in files}
    with base(home, articles) as two:
        assert two.search("fatigue")[0].section == "Managing pressure"
    assert {path: path.stat().st_mtime_ns for path in files} == files


def test_an_index_can_be_read_where_nothing_can_be_written_to_its_words(home: Path, articles: Path) -> None:
    with base(home, articles) as one:
        shelf = one.open()._shelf()
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            shelf._db.execute("DELETE FROM passages")


def test_two_processes_that_start_together_build_once(
    home: Path, articles: Path, tmp_path: Path, start: Callable[..., object], wait_for: Wait
) -> None:
    go = tmp_path / "go"
    workers = [start("build", home, articles, go, i) for i in range(2)]
    wait_for(lambda: all((tmp_path / f"go-{i}").exists() for i in range(2)))
    go.touch()
    outputs = [worker.communicate(timeout=60) for worker in workers]  # type: ignore[attr-defined]
    name = base(home, articles).hash
    assert [out for out, _ in outputs] == [f"{name} 3"] * 2, outputs
    assert indexes(home) == [name]


def test_a_killed_build_leaves_no_index_and_the_next_one_works(
    home: Path, articles: Path, tmp_path: Path, start: Callable[..., object], wait_for: Wait
) -> None:
    begun = tmp_path / "begun"
    worker = start("build-slowly", home, articles, begun)
    wait_for(begun.exists)
    assert indexes(home) == [f"{base(home, articles).hash}.building"]
    worker.kill()  # type: ignore[attr-defined]
    worker.wait()  # type: ignore[attr-defined]
    with base(home, articles) as one:
        assert len(one.search("pressure")) == 4
        assert indexes(home) == [one.hash]


def test_old_indexes_are_removed(home: Path, articles: Path) -> None:
    for i in range(KEEP + 3):
        (home / "index" / f"old-{i}").mkdir(parents=True)
    with base(home, articles) as one:
        one.open()
    assert len(indexes(home)) == KEEP


def test_a_damaged_index_is_told_in_one_sentence(home: Path, articles: Path) -> None:
    with base(home, articles) as one:
        one.open()
    directory = home / "index" / one.hash
    (directory / "passages.sqlite3").write_bytes(b"nonsense" * 1000)
    with pytest.raises(KnowledgeError, match="cannot be used"):
        one.search("pressure")
    shutil.rmtree(directory)
    with base(home, articles) as again:
        assert again.search("pressure")


def test_an_index_is_built_anew_while_it_is_read(home: Path, articles: Path) -> None:
    with base(home, articles) as reader, base(home, articles) as writer:
        reader.open()
        assert writer.rebuild() == 0
        assert reader.search("fatigue", 1)[0].section == "Managing pressure"
        assert writer.search("fatigue", 1)[0].section == "Managing pressure"
        assert indexes(home) == [reader.hash]


def test_who_waits_too_long_is_told_who_is_at_work(tmp_path: Path) -> None:
    import os

    with (
        locked(tmp_path / "a.lock", 1, "builds"),
        pytest.raises(KnowledgeError, match=rf"Another process builds \(process {os.getpid()}\)"),
        locked(tmp_path / "a.lock", 0.05, "builds"),
    ):
        raise AssertionError("two hold the lock")
