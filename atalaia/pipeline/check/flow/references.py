"""References in the texts of a configuration."""

from __future__ import annotations

import re
from typing import Final

from atalaia.pipeline.check.flow.fields import Path
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import METADATA
from atalaia.pipeline.reference import FieldReference

_TEMPLATE: Final = re.compile(r"%\{([^}]*)\}")
_DIGITS: Final = re.compile(r"-?[0-9]+")


def is_dynamic(text: str) -> bool:
    """Tell whether the event decides what a text is, or a variable that is not set here."""
    return "%{" in text or "${" in text


def path_of(text: str) -> Path | None:
    """Return the names of a reference; ``None`` for one that is malformed, or that an event decides (``%{…}``).

    Numbers at its end are left out: a position in a list says nothing about which fields there are.
    """
    if is_dynamic(text):
        return None
    try:
        reference = FieldReference.parse(text)
    except EventError:
        return None
    names = (*reference.parents, *(() if reference.is_metadata else (reference.key,)))
    while len(names) > 1 and _DIGITS.fullmatch(names[-1]):
        names = names[:-1]
    return (METADATA, *names) if reference.in_metadata or reference.is_metadata else names


def is_malformed(text: str) -> bool:
    """Tell whether a text cannot be a reference for any event."""
    return not is_dynamic(text) and path_of(text) is None


def references_in(text: str) -> list[str]:
    """Return the references in a text with ``%{…}``, dates left out."""
    return [name for name in _TEMPLATE.findall(text) if name and not name.startswith(("+", "{"))]
