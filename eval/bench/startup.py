"""``python -m eval.bench.startup``: how long commands take to start, beside Python itself."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "coach --help": [sys.executable, "-m", "coach", "--help"],
    "coach scenarios list": [sys.executable, "-m", "coach", "scenarios", "list"],
    "coach schema": [sys.executable, "-m", "coach", "schema"],
}
REPEATS = 7


def main() -> None:
    """Print the median of several starts and its ratio to an empty Python."""
    empty = 0.0
    for name, command in COMMANDS.items():
        times = []
        for _ in range(REPEATS + 1):
            begun = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own commands
            times.append(time.perf_counter() - begun)
        seconds = median(times[1:])  # the first run compiles
        empty = empty or seconds
        print(f"{name:24} {seconds:6.3f} s  {seconds / empty:6.1f} x python")


if __name__ == "__main__":
    main()
