"""Count the questions in the three files beside this one that are understood: the right kind, and what it has to name.

Run it with ``python -m eval.asking``.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from coach.app import OWNER, App
from coach.content import read_yaml
from coach.debrief.asking import Casebook, Intent, understand
from coach.domain import Difficulty
from coach.session import Script
from coach.settings import Settings

HERE = Path(__file__).parent
SETS = ("questions.yaml", "later.yaml", "held-out.yaml")
SCRIPT, SCENARIO, SEED = "starts-badly-recovers", "missed-quota", 7


def played(app: App) -> Casebook:
    """The talk that the questions are about."""
    script = read_yaml(HERE.parent / "scripts" / f"{SCRIPT}.yaml", Script)
    session = app.practice.start(OWNER, SCENARIO, Difficulty.STANDARD, SEED)
    for line in script.manager:
        session = app.practice.reply(session, line)
    return app.casebook(app.debriefed(app.practice.end(session)))


def understood(asked: dict[str, Any], found: Intent) -> bool:
    """Whether a question got its kind and all that it has to name."""
    wanted = {name: asked[name] for name in ("turn", "principle", "code") if name in asked}
    where = found.moment if found.turn is None else found.turn
    got = {"turn": where, "principle": found.principle, "code": found.code}
    return asked["kind"] == found.kind and all(got[name] == value for name, value in wanted.items())


def main() -> None:
    """Print the share understood, by kind, and what was not."""
    with tempfile.TemporaryDirectory() as home:
        book = played(App(Settings(home=Path(home))))
        for name in SETS:
            right, total = Counter[str](), Counter[str]()
            print(name)
            for asked in yaml.safe_load((HERE / name).read_text("utf-8")):
                found = understand(asked["ask"], book)
                total[asked["kind"]] += 1
                if understood(asked, found):
                    right[asked["kind"]] += 1
                else:
                    print(f"  {asked['ask']!r}: {found}")
            for kind in total:
                print(f"{kind:10} {right[kind]:2} of {total[kind]:2}")
            print(f"understood {right.total()} of {total.total()}\n")


if __name__ == "__main__":
    main()
