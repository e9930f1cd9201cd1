"""Result files; they appear whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from coach.reports.files import whole


def write_lines(lines: Iterable[str], path: Path) -> None:
    """Write lines as they come.

    Raises:
        InputError: if the file cannot be written.
    """
    with whole(path) as part, part.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def write_json(data: Mapping[str, Any], path: Path) -> None:
    """Write one JSON document.

    Raises:
        InputError: if the file cannot be written.
    """
    with whole(path) as part, part.open("w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False, indent=2)
