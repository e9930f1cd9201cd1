"""Vectors on a real Chroma server, one for all tests of this file."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from knowledge_worker import HashEmbedding

from coach.errors import KnowledgeError
from coach.knowledge import ExchangeIndex, KnowledgeBase


class Server:
    """``chroma run`` on a free port."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        program = Path(sys.executable).with_name("chroma")
        env = {**os.environ, "ANONYMIZED_TELEMETRY": "False"}
        options = ["--path", folder, "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [program, "run", *options], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + 30
        while not self.answers():
            assert time.monotonic() < end, "chroma run does not answer"
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api/v2/heartbeat", timeout=1) as answer:
                return answer.status == 200
        except OSError:
            return False

    def collections(self) -> set[str]:
        every = f"{self.url}/api/v2/tenants/default_tenant/databases/default_database/collections"
        with urllib.request.urlopen(every, timeout=5) as answer:
            return {collection["name"] for collection in json.load(answer)}

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("chroma"))
    yield server
    server.stop()


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "pitch.md").write_text("# Our pitch\n\nWe sell zebra stripes to horses.\n", encoding="utf-8")
    (folder / "visits.txt").write_text("Visits\n\nGo and see the giraffe before lunch.\n", encoding="utf-8")
    return folder


def test_a_shared_server_holds_the_vectors(server: Server, home: Path, articles: Path, notes: Path) -> None:
    before = server.collections()
    with KnowledgeBase(home, articles, HashEmbedding(), server.url) as base:
        assert base.search("pressure fatigue", 1, ranking="vectors")[0].section == "Managing pressure"
        assert {p.source for p in base.search("promise", 9, {"integrity"}, ranking="vectors")} == {"pressure"}
        document, _ = base.added.add([notes]).added
        found = base.search("zebra stripes", 1, sources="added", ranking="vectors")
        assert (found[0].source, found[0].text) == ("pitch.md", "We sell zebra stripes to horses.")
        base.added.remove(document.id)
        assert {p.source for p in base.search("zebra", 9, sources="added", ranking="vectors")} == {"visits.txt"}
        assert base.rebuild() == 1
        assert base.search("giraffe", 1, sources="added", ranking="vectors")[0].source == "visits.txt"
        assert base.search("fatigue", 1, ranking="vectors")
    kept = server.collections() - before
    assert len(kept) == 3  # the articles, what was added, and the generation before it
    with KnowledgeBase(home, articles, HashEmbedding(), server.url) as again:
        assert again.search("giraffe", 1, sources="added", ranking="vectors")
    assert server.collections() - before == kept
    assert not list(home.rglob("chroma.sqlite3"))


def test_vectors_move_to_the_server_and_back(server: Server, home: Path, articles: Path, notes: Path) -> None:
    for url, place in (("", 1), (server.url, 0), ("", 1)):
        with KnowledgeBase(home, articles, HashEmbedding(), url) as base:
            base.added.add([notes])
            assert base.search("giraffe lunch", 1, sources="added", ranking="vectors")[0].source == "visits.txt"
            current = home / "knowledge" / base.added.version
            assert (len(list(current.glob("chroma.sqlite3"))), [d.source for d in base.added.documents()]) == (
                place, ["pitch.md", "visits.txt"],
            )  # fmt: skip


def test_coded_exchanges_are_found_on_the_server(server: Server, home: Path) -> None:
    exchanges = [("I am tired", "Take a day"), ("Figures are down", "Let us look")]
    index = ExchangeIndex(home, exchanges, HashEmbedding(), server.url)
    assert index.nearest([("Figures are", ""), ("", " "), ("", "Take a day off")], 1) == [[1], [], [0]]
    assert index._shelf is not None
    index._shelf.close()


def test_a_server_that_is_gone_is_one_sentence_and_loses_nothing(tmp_path: Path, articles: Path, notes: Path) -> None:
    server = Server(tmp_path / "chroma")
    home = tmp_path / "home"
    with KnowledgeBase(home, articles, HashEmbedding(), server.url) as base:
        base.added.add([notes / "pitch.md"])
        base.search("zebra")
        version = base.added.version
        server.stop()
        sentence = rf"{server.url}.* does not answer .*; start it, or unset COACH_CHROMA_URL\.$"
        with pytest.raises(KnowledgeError, match=sentence):
            base.search("zebra")
        with pytest.raises(KnowledgeError, match=sentence) as caught:
            base.added.add([notes / "visits.txt"])
        assert "\n" not in str(caught.value)
        assert base.added.version == version
        assert base.search("zebra", 1, sources="added", ranking="words")
        assert [d.source for d in base.added.documents()] == ["pitch.md"]
    with (
        KnowledgeBase(home, articles, HashEmbedding(), server.url) as later,
        pytest.raises(KnowledgeError, match=sentence),
    ):
        later.search("zebra")
    with KnowledgeBase(home, articles, HashEmbedding()) as alone:
        assert alone.search("zebra", 1, sources="added", ranking="vectors")[0].source == "pitch.md"


def test_what_answers_at_the_address_but_is_no_chroma_server_is_told(home: Path, articles: Path) -> None:
    import http.server
    import threading

    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{other.server_port}"
        with pytest.raises(KnowledgeError, match=rf"{url}.* does not answer"):
            KnowledgeBase(home, articles, HashEmbedding(), url).search("pressure")
        other.shutdown()
