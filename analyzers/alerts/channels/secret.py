"""Where a secret is: never in the file that needs it."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from logging_lib.errors import AtalaiaError

_RUNTIME: Final = Path("/run/secrets")
"""Where container runtimes put secrets, with modes of their own choice."""


class Secret(BaseModel):
    """``{ env = "NAME" }`` or ``{ file = "path" }``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    env: str | None = Field(default=None, min_length=1)
    file: Path | None = None

    @model_validator(mode="before")
    @classmethod
    def _not_in_the_file(cls, value: object) -> object:
        if isinstance(value, str):
            raise ValueError('a secret is not written here; say { env = "NAME" } or { file = "path" }')  # noqa: TRY004
        return value

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.env is None) == (self.file is None):
            raise ValueError('say either { env = "NAME" } or { file = "path" }')
        return self


@dataclass(frozen=True, slots=True)
class Secrets:
    """Reads secrets.

    Attributes:
        environment: The variables.
        folder: Where relative paths start: the folder of the file that names them.
        warn: Told about a file that others can read, in a sentence.
    """

    environment: Mapping[str, str]
    folder: Path
    warn: Callable[[str], None]

    def read(self, secret: Secret, where: str) -> str:
        """Return a secret without white space around it.

        Args:
            secret: Where it is.
            where: Who needs it, for messages: ``channel "ops": password``.

        Raises:
            AtalaiaError: When it is missing or empty; the message names the variable or the file.
        """
        if secret.env is not None:
            value = self.environment.get(secret.env, "").strip()
            if not value:
                raise AtalaiaError(f"{where}: the environment variable {secret.env} is not set", "set it")
            return value
        return self._from_file(self.folder / (secret.file or ""), where)

    def _from_file(self, path: Path, where: str) -> str:
        try:
            is_exposed = others_can_read(path)
            value = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise AtalaiaError(f"{where}: cannot read the secret in {path}: {error}", "name a readable file") from error
        if not value:
            raise AtalaiaError(f"{where}: the secret's file {path} is empty", "write the secret into it")
        if is_exposed:
            self.warn(f"{where}: others can read {path}; run: chmod 600 {path}")
        return value


def others_can_read(path: Path) -> bool:
    """Return whether a secret's file is open to others, except where container runtimes choose the modes.

    Raises:
        OSError: When it cannot be looked at.
    """
    return bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)) and _RUNTIME not in path.absolute().parents
