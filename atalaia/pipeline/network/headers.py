"""Headers of HTTP that options name. Source: RFC 9110, sections 5.1 and 5.5."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from atalaia.pipeline.options import OptionError

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def check_header_names(option: str, names: Iterable[str], reserved: Iterable[str]) -> None:
    """Refuse names that are none, or not the author's to use.

    Args:
        option: The option they stand in.
        names: The names.
        reserved: Names, in lower case, that the server or client sets itself.

    Raises:
        OptionError: When one is refused.
    """
    for name in names:
        if _NAME.fullmatch(name) is None:
            raise OptionError(option, f"{name!r} is no name of a header")
        if name.lower() in reserved:
            raise OptionError(option, f"{name} is set as the message needs it", f"remove {name}")


def check_header_values(option: str, values: Iterable[str]) -> None:
    """Refuse values that would end their header, or that cannot be sent.

    Raises:
        OptionError: When one is refused.
    """
    for value in values:
        if _CONTROL.search(value) is not None or not value.isascii() or value != value.strip():
            raise OptionError(option, f"{value!r} is no value of a header")
