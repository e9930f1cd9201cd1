"""The rep voiced by a model, over the authored floor.

The prompt holds only what has been earned; every sentence passes the guard before it is shown. One
retry, then the authored line. Once a sentence was shown it stays: a reply that fails later ends there.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from coach.content import Prompt
from coach.domain import Since
from coach.errors import ModelError
from coach.models import ChatModel, Message
from coach.rep.again import own
from coach.rep.authored import samples, walks_out
from coach.rep.guard import Guard, SentenceStream
from coach.rep.voice import Reply, Scene, Shown, Voice, unseen

ATTEMPTS = 2
ENDS = (".", "!", "?", "…")
SAMPLES = 6  # authored lines shown to the model as the rep's voice
FEELS = {
    "guarded": "guarded: says little, tests every word, gives nothing away",
    "wary": "wary: half answers, waits to see whether it is meant",
    "open": "open: speaks plainly, trusts this manager for now",
}
SINCE: dict[Since | None, str] = {
    None: "nothing, this is their first talk about it",
    "kept": "the manager did what was promised",
    "broken": "the manager did not do what was promised",
    "better": "what was at stake moved the right way",
    "worse": "what was at stake moved the wrong way",
    "quiet": "nothing in particular",
}
_LOG = logging.getLogger(__name__)


class ModelVoice:
    """Speaks through a chat model."""

    def __init__(self, model: ChatModel, prompt: Prompt, floor: Voice, deadline: float) -> None:
        """Take the model, its prompt, what to fall back to and the seconds a reply may take."""
        self._model = model
        self._prompt = prompt
        self._floor = floor
        self._deadline = deadline
        self.id = f"{model.name}/voice-{prompt.hash}"

    def speak(self, scene: Scene, shown: Shown = unseen) -> Reply:
        """Answer the manager's last turn; see ``Voice.speak``."""
        if walks_out(scene):
            return self._floor.speak(scene, shown)
        notes: list[str] = []
        end = time.monotonic() + self._deadline
        said = [*scene.memory.said, *(own(turn.text) for turn in scene.path if turn.speaker == "rep")]
        guard = Guard(scene.scenario, scene.state.open_facts, said, scene.path[-1].text)
        messages = self._messages(scene)
        for _ in range(ATTEMPTS):
            passed, note = self._attempt(messages, guard, shown, max(0.1, end - time.monotonic()))
            notes += [note] if note else []
            if passed:
                return _finished(scene, passed, self._floor.speak(scene), notes, shown)
            if note.startswith("model:"):
                break
        notes.append("floor")
        _LOG.info("the authored line spoke: %s", ", ".join(notes))
        return replace(self._floor.speak(scene, shown), notes=tuple(notes))

    def _attempt(self, messages: Sequence[Message], guard: Guard, shown: Shown, seconds: float) -> tuple[str, str]:
        """One draft: what passed the guard, and why it stopped if it did."""
        failed: list[str] = []

        def written() -> Iterator[str]:
            stream, some = SentenceStream(), False
            try:
                for chunk in self._model.stream(messages, seconds):
                    for sentence in stream.feed(chunk):
                        some = True
                        yield sentence
            except ModelError as error:
                _LOG.warning("%s", error)  # the reply ends with what was shown, or the author speaks
                failed.append(f"model:{error.kind}")
                return
            for sentence in stream.close():
                if some and not sentence.rstrip("\"'”’»)").endswith(ENDS):
                    return  # cut off; half a sentence is no line of a play
                yield sentence

        passed, reason = guard.let_through(written(), shown)
        if reason:
            return passed, f"guard:{reason}"
        return passed, failed[0] if failed else "" if passed else "guard:broken"

    def _messages(self, scene: Scene) -> list[Message]:
        persona, declared = scene.scenario.persona, self._prompt.variables
        known = [fact.text for fact in scene.scenario.facts if fact.id in scene.state.open_facts]
        values = {
            **{name: str(value) for name, value in persona},
            "name": persona.name.split()[0],
            "brief": scene.scenario.brief.strip(),
            "mood": FEELS[scene.state.mood],
            "known": " ".join(known) or "nothing yet beyond what both know",
            "telling": scene.opened.text if scene.opened else "nothing new",
            "samples": "\n".join(f"- {line}" for line in samples(scene, SAMPLES)),
            "since": SINCE[scene.memory.since],
            "promises": _json([promise.words for promise in scene.memory.quotable]),
            "earlier": _json(scene.memory.talk),
            "talk": _json([[turn.speaker, turn.text] for turn in scene.path[:-1]]),
            "words": _json(scene.path[-1].text),
        }
        # A prompt of somebody's own need not use them all.
        system, user = self._prompt.render({name: value for name, value in values.items() if name in declared})
        return [Message("system", system), Message("user", user)]


def _json(value: object) -> str:
    """As data: whatever stands in it cannot end it."""
    return json.dumps(value, ensure_ascii=False)


def _finished(scene: Scene, passed: str, authored: Reply, notes: list[str], shown: Shown) -> Reply:
    """The reply that passed, with what the author has to add: an earned fact left out, or a hint."""
    lines: tuple[str, ...] = ()
    if scene.opened and not _tells(scene, passed):
        notes.append("completed")
        passed, lines = f"{passed} {authored.text}", authored.lines
    elif authored.hinted:
        lines = authored.lines[-1:]
        passed = f"{passed} {dict(scene.scenario.all_lines())[lines[0]]}"
    if lines:
        shown(passed)
    return Reply(passed, lines, authored.hinted, notes=tuple(notes))


def _tells(scene: Scene, text: str) -> bool:
    """Whether the words tell the fact that has just opened: a guard that held it shut would stop them."""
    before = [fact for fact in scene.state.open_facts if scene.opened and fact != scene.opened.id]
    return Guard(scene.scenario, before, (), "").check_all(text) == "leak"
