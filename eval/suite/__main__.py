"""``python -m eval.suite [--model NAME] [--repeat N]``: measure an engine against the labelled suite.

The figures go into ``knowledge/reliability.yaml``, where the product reads them, beside those of other engines, and as
a table into ``docs/reliability.md``. Only the coder is asked: levels follow from its readings by rules. Answers of a
model are not kept between the runs, since their spread is what is measured.

Reference labels are consistent readings by language models of one family, not truth.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from coach.content import Places
from coach.errors import CoachError
from eval.bench.llm_server import MODEL
from eval.suite.measuring import Measuring, kept, measure, table, write

SHIPPED = "knowledge/reliability.yaml"
TABLE = Path("docs/reliability.md")


def main(arguments: Sequence[str] | None = None) -> int:
    """Score the suite, print the figures and write them where the product reads them."""
    parser = argparse.ArgumentParser(prog="python -m eval.suite", description="Measure an engine.")
    parser.add_argument("--model", default="offline", help="who codes: offline, or for instance openai:NAME")
    parser.add_argument("--repeat", type=int, default=2, help="runs over the suite, two or more [default: 2]")
    parser.add_argument("--first", type=int, help="only the first so many conversations; nothing is written")
    parser.add_argument("--out", type=Path, help=f"file to write [default: {SHIPPED} and {TABLE}]")
    asked = parser.parse_args(arguments)
    if asked.repeat < 2:
        parser.error("--repeat has to be 2 or more: one run has no spread")
    try:
        app = Measuring.with_coder(asked.model)
        runs = app.runs(asked.repeat, asked.first)
        if asked.model.endswith(f":{MODEL}"):
            print(f"The test server answered for {len(runs[0])} conversations; its agreement says nothing.")
            return 0
        measured = measure(app, runs)
        if asked.first:
            print(table([measured]))
            return 0
        target = asked.out or Places.of(None).file(SHIPPED)
        known = kept(app.critic.reliability, measured)
        write(known, target)
        if asked.out is None:
            TABLE.write_text(f"{HEAD}\n{table(known.engines)}\n", encoding="utf-8")
        print(table([measured]))
    except CoachError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


HEAD = """# How far each engine can be trusted

Written by `python -m eval.suite [--model NAME]`. Brackets are 95% bootstrap intervals over conversations. What is not
here is "not measured", and the product says so.
"""

if __name__ == "__main__":
    sys.exit(main())
