"""``${NAME}`` and ``${NAME:default}`` in values of a configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from atalaia.pipeline.errors import ConfigurationError, Position, Refusal

_PLACEHOLDER: Final = re.compile(r"\$\{([a-zA-Z_.][a-zA-Z0-9_.]*)(?::([^}]*))?\}")


class Variables:
    """The variables a configuration may name.

    Args:
        values: Name to value, usually the environment.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def replace(self, text: str, position: Position) -> str:
        """Return the text with every placeholder replaced.

        Raises:
            ConfigurationError: When a variable is not set and no default is given.
        """
        return _PLACEHOLDER.sub(lambda match: self._value(match, position), text) if "${" in text else text

    def _value(self, match: re.Match[str], position: Position) -> str:
        name, default = match.groups()
        value = self._values.get(name, default)
        if value is None:
            raise ConfigurationError(
                position,
                f"the variable {name} is not set and has no default",
                f"set it in the environment (there is no keystore here), or write ${{{name}:default}}",
                code=Refusal.UNDEFINED_VARIABLE,
            )
        return str(value)
