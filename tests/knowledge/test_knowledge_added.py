from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from knowledge_worker import HashEmbedding

from coach.errors import InputError, KnowledgeError
from coach.knowledge import AddedDocuments, KnowledgeBase

Wait = Callable[[Callable[[], bool]], None]


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "pitch.md").write_text("# Our pitch\n\nWe sell zebra stripes to horses.\n", encoding="utf-8")
    (folder / "visits.txt").write_text("Visits\n\nGo and see the giraffe before lunch.\n", encoding="utf-8")
    return folder


@pytest.fixture
def base(home: Path, articles: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase(home, articles, HashEmbedding()) as base:
        yield base


def test_added_documents_are_found_beside_the_articles(base: KnowledgeBase, notes: Path) -> None:
    report = base.added.add([notes])
    assert [(d.source, d.title, d.passages) for d in report.added] == [
        ("pitch.md", "Our pitch", 1),
        ("visits.txt", "Visits", 1),
    ]
    assert report.passages == 2
    best = base.search("zebra")[0]
    assert (best.source, best.section, best.text) == ("pitch.md", "Our pitch", "We sell zebra stripes to horses.")
    assert base.search("giraffe", sources="added")[0].source == "visits.txt"
    assert all(passage.source == "pressure" for passage in base.search("zebra pressure", 3, {"wellbeing"}))
    assert base.verbatim("visits.txt", "Visits", "see the giraffe")
    assert [d.source for d in base.added.documents()] == ["pitch.md", "visits.txt"]
    base.close()
    assert base.search("zebra", sources="added")


def test_nothing_added_is_no_error(base: KnowledgeBase) -> None:
    assert base.search("zebra", sources="added") == []
    assert base.added.documents() == ()
    assert base.passages("added") == []


def test_duplicates_and_files_that_fail_do_not_stop_the_others(base: KnowledgeBase, notes: Path) -> None:
    (notes / "bad.txt").write_bytes(b"\x00")
    (notes / "copy.md").write_bytes((notes / "pitch.md").read_bytes())
    report = base.added.add([notes, notes / "visits.txt", notes / "none.md", notes / "image.png"])
    assert [d.source for d in report.added] == ["copy.md", "visits.txt"]
    assert report.duplicates == ("pitch.md",)
    assert len(report.failures) == 3
    assert sorted(sentence.split()[0].rsplit("/")[-1] for sentence in report.failures) == [
        "bad.txt", "image.png", "none.md",
    ]  # fmt: skip
    again = base.added.add([notes])
    assert (again.added, len(again.duplicates), again.passages) == ((), 3, 0)
    assert len(base.search("zebra", sources="added", ranking="words")) == 1


def test_a_changed_file_replaces_what_it_was(base: KnowledgeBase, notes: Path) -> None:
    base.added.add([notes])
    (notes / "pitch.md").write_text("# Our pitch\n\nWe sell okapi stripes.\n", encoding="utf-8")
    report = base.added.add([notes / "pitch.md"])
    assert report.replaced == ("pitch.md",)
    assert base.search("zebra", sources="added", ranking="words") == []
    assert [p.text for p in base.search("okapi", sources="added", ranking="vectors")][0] == "We sell okapi stripes."


def test_files_of_the_same_name_are_cited_by_different_names(base: KnowledgeBase, notes: Path) -> None:
    (notes / "more").mkdir()
    (notes / "more" / "pitch.md").write_text("Another text.", encoding="utf-8")
    base.added.add([notes])
    assert {d.source for d in base.added.documents()} == {"pitch.md", "pitch-2.md", "visits.txt"}


def test_removing_takes_out_vectors_and_words(base: KnowledgeBase, notes: Path) -> None:
    document, other = base.added.add([notes]).added
    assert base.added.remove(document.id) == document
    assert [d.id for d in base.added.documents()] == [other.id]
    for ranking in ("words", "vectors"):
        found = base.search("zebra giraffe", sources="added", ranking=ranking)  # type: ignore[arg-type]
        assert {p.source for p in found} == {"visits.txt"}
    with pytest.raises(InputError, match="no added document"):
        base.added.remove(document.id)


def test_another_embedding_makes_the_vectors_anew(home: Path, articles: Path, notes: Path, base: KnowledgeBase) -> None:
    class Other(HashEmbedding):
        name = "hash-2"

    base.added.add([notes])
    with KnowledgeBase(home, articles, Other()) as other:
        assert {p.source for p in other.search("giraffe", sources="added")} == {"visits.txt", "pitch.md"}
        assert other.added._shelf is not None
        assert other.added._shelf.embedding == "hash-2"
        assert [d.source for d in other.added.documents()] == ["pitch.md", "visits.txt"]


def test_a_second_writer_is_told_and_a_killed_one_leaves_nothing(
    home: Path, notes: Path, tmp_path: Path, start: Callable[..., object], wait_for: Wait
) -> None:
    with_one = AddedDocuments(home, HashEmbedding(), wait=0.1)
    with_one.add([notes / "pitch.md"])
    begun = tmp_path / "begun"
    worker = start("add-slowly", home, notes / "visits.txt", begun)
    wait_for(begun.exists)
    with pytest.raises(KnowledgeError, match=rf"\(process {worker.pid}\).*within 0.1 s; wait"):  # type: ignore[attr-defined]
        with_one.add([notes / "visits.txt"])
    assert [d.source for d in with_one.documents()] == ["pitch.md"]  # a reader does not wait
    worker.kill()  # type: ignore[attr-defined]
    worker.wait()  # type: ignore[attr-defined]
    assert [d.source for d in with_one.documents()] == ["pitch.md"]
    assert [d.source for d in with_one.add([notes / "visits.txt"]).added] == ["visits.txt"]
    assert len(list((home / "knowledge").glob("generation-*"))) == 2  # the one in force and the one before


def test_a_reader_never_sees_half_a_change(
    home: Path, articles: Path, tmp_path: Path, start: Callable[..., object], wait_for: Wait
) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for i in range(6):
        (many / f"{i:02}.txt").write_text(f"Zebra number {i}.\n\nZebra {i} again.\n" * 3, encoding="utf-8")
    first = tmp_path / "first"
    worker = start("add-one-by-one", home, many, first)
    wait_for(first.exists)
    sizes = []
    with KnowledgeBase(home, articles, HashEmbedding()) as base:
        while worker.poll() is None:  # type: ignore[attr-defined]
            documents = len(base.added.documents())
            found = {p.source for p in base.search("zebra", 50, sources="added", ranking="words")}
            vectors = {p.source for p in base.search("zebra number again", 50, sources="added", ranking="vectors")}
            assert found
            assert vectors
            sizes.append(documents)
        assert worker.returncode == 0, worker.communicate()  # type: ignore[attr-defined]
        assert len(base.added.documents()) == 6
    assert sizes == sorted(sizes)


def test_threads_share_one_knowledge_base(base: KnowledgeBase, notes: Path) -> None:
    errors: list[Exception] = []

    def search() -> None:
        try:
            for _ in range(20):
                base.search("zebra pressure")
        except Exception as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    base.added.add([notes / "pitch.md"])
    base.added.add([notes / "visits.txt"])
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(base.added.documents()) == 2


def test_the_last_document_can_be_removed_and_another_added(base: KnowledgeBase, notes: Path) -> None:
    base.added.add([notes / "pitch.md"])
    base.added.remove("pitch.md")
    assert base.search("zebra", sources="added") == []
    assert base.added.add([notes]).passages == 2
    assert base.search("zebra", 1, sources="added")[0].source == "pitch.md"


def test_each_file_is_told_before_it_is_read(base: KnowledgeBase, notes: Path) -> None:
    told: list[tuple[str, int, int]] = []
    base.added.add([notes, notes / "none.md"], lambda *what: told.append(what))
    assert told == [("pitch.md", 1, 3), ("visits.txt", 2, 3), ("none.md", 3, 3)]


def test_a_failure_in_the_middle_leaves_what_was_there(base: KnowledgeBase, notes: Path) -> None:
    base.added.add([notes / "pitch.md"])
    version = base.added.version

    def stop(name: str, _number: int, _total: int) -> None:
        if name == "visits.txt":
            raise KeyboardInterrupt

    (notes / "first.md").write_text("First.")
    with pytest.raises(KeyboardInterrupt):
        base.added.add([notes / "first.md", notes / "visits.txt"], stop)
    assert (base.added.version, len(list((notes.parent / "home" / "knowledge").glob("generation-*")))) == (version, 1)
    assert [d.source for d in base.added.documents()] == ["pitch.md"]


def test_a_pipe_is_not_waited_for(base: KnowledgeBase, tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe.txt")
    assert base.added.add([tmp_path / "pipe.txt"]).failures[0].startswith("pipe.txt is a device or pipe and no file;")


def test_added_passages_are_told_their_principles_when_there_is_enough_to_learn_from(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from coach.knowledge.embedding import WordLlamaEmbedding

    texts = {
        "wellbeing": "A rep who is exhausted, tired or burning out needs rest, lighter work and care.",
        "data": "Pipeline figures, numbers and forecasts show where to look; measure before you judge.",
        "recognition": "Praise good work at once, thank people by name and celebrate what they achieved.",
    }
    monkeypatch.setattr("coach.knowledge.subjects.ENOUGH", 60)
    (tmp_path / "own").mkdir()
    for name, text in texts.items():
        paragraphs = "\n\n".join(f"{text} That is point {i}." for i in range(20))
        article = f"---\nid: {name}\ntitle: T\n---\n## S\nPrinciples: {name}\n\n{paragraphs}\n"
        (tmp_path / "own" / f"{name}.md").write_text(article)
    (tmp_path / "rest.md").write_text("# Rest\n\n## A\n\nLet the tired rep rest, exhausted as they are.\n")
    with KnowledgeBase(home, tmp_path / "own", WordLlamaEmbedding()) as base:
        base.added.add([tmp_path / "rest.md"])
        assert base.search("tired rep", 3, {"wellbeing"}, "added")[0].principles == ("wellbeing",)
        assert base.search("tired rep", 3, {"data"}, "added") == []
        assert base.added.rebuild() == 1
        assert base.search("tired rep", 3, {"wellbeing"}, "added")[0].principles == ("wellbeing",)
