"""Files that appear whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from coach.errors import InputError


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a place to write to; what stands there takes its name only when everything went well.

    Raises:
        InputError: if it cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror or error}); choose another place.") from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
