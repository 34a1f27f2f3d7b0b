"""Small files that know whether they are whole: JSON on the first line, the checksum of that line on the second."""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypeVar

import xxhash
from pydantic import BaseModel, ValidationError

from analyzers.store.interface import StoreError

_RESTORE: Final = "restore it from a copy of the store"

Model = TypeVar("Model", bound=BaseModel)


def sealed(record: BaseModel) -> bytes:
    """Return the content of a record's file."""
    line = record.model_dump_json().encode()
    return b"%s\n%s\n" % (line, xxhash.xxh3_64_hexdigest(line).encode())


def unsealed(path: Path, kind: type[Model]) -> Model | None:
    """Read a record, or return ``None`` when there is no such file.

    Raises:
        StoreError: When the file cannot be read, or is not what was written.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror}", "check its permissions") from error
    line, _, checksum = content.removesuffix(b"\n").partition(b"\n")
    if xxhash.xxh3_64_hexdigest(line).encode() != checksum or not content.endswith(b"\n"):
        raise StoreError(f"{path} is damaged: its checksum does not fit", _RESTORE)
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        raise StoreError(f"{path} is damaged: {error.errors()[0]['msg']}", _RESTORE) from error
