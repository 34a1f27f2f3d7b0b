"""What an agent's name tells: the browser, the system and the device.

Source: the behaviour of logstash-filter-useragent 3.3.5 (its specs and uap-core's specification), which differs from
uap-core's other readers: a browser whose minor version is given keeps no further parts, and only a system's version may
name a group.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from atalaia.pipeline.agents.expressions import Expressions
from atalaia.pipeline.agents.matcher import Agent, Matcher

UNKNOWN: Final = "Other"

Parts: TypeAlias = tuple[str | None, str | None, str | None, str | None]
"""Major, minor, patch and a fourth part of a version."""

_NO_PARTS: Final[Parts] = (None, None, None, None)
_GROUP: Final = re.compile(r"\$(\d)", re.ASCII)
_TRIMMED: Final = "".join(map(chr, range(ord(" ") + 1)))
"""What Java's ``trim`` takes away: the space and all controls before it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an agent's name tells.

    Attributes:
        browser: The browser's name, :data:`UNKNOWN` if it is not known; so are the others.
        browser_parts: The parts of its version.
        system: The system's name.
        system_parts: The parts of its version.
        device: The device's name.
    """

    browser: str
    browser_parts: Parts
    system: str
    system_parts: Parts
    device: str


def teller(expressions: Expressions) -> Callable[[str], Told]:
    """Return the function that tells an agent by these lists; it remembers nothing but compiled expressions."""
    browsers, systems, devices = map(Matcher, expressions)

    def tell(name: str) -> Told:
        agent = Agent.of(name)
        browser = (_browser(*found) for found in browsers.matches(agent))
        system = (_system(*found) for found in systems.matches(agent))
        device = (_device(*found) for found in devices.matches(agent))
        return Told(
            *next((found for found in browser if found is not None), (UNKNOWN, _NO_PARTS)),
            *next((found for found in system if found is not None), (UNKNOWN, _NO_PARTS)),
            next((found for found in device if found is not None), UNKNOWN),
        )

    return tell


def _browser(found: re.Match[str], replacements: Sequence[str | None]) -> tuple[str, Parts] | None:
    """Return name and version; ``None`` when the expression gives no name, so that the next one counts."""
    name, major, minor = replacements
    first = _group(found, 1)
    named = first if name is None else name if first is None else name.replace("$1", first, 1)
    if named is None:
        return None
    major = (_group(found, 2) or None) if major is None else major
    if minor is not None:
        return named, (major, minor, None, None)
    minor, patch, fourth = (_group(found, number) or None for number in (3, 4, 5))
    return named, (major, minor, patch, fourth)


def _system(found: re.Match[str], replacements: Sequence[str | None]) -> tuple[str, Parts] | None:
    """Return name and version; ``None`` when the expression gives no name, so that the next one counts."""
    name, *versions = replacements
    first = _group(found, 1)
    named = first if name is None else name.replace("$1", first or "")
    if named is None:
        return None
    major, minor, patch = (_part(found, number, given) for number, given in enumerate(versions, start=2))
    return named, (major, minor, patch, _group(found, 5))


def _part(found: re.Match[str], number: int, given: str | None) -> str | None:
    if given is None:
        return _group(found, number)
    reference = _GROUP.fullmatch(given)
    return given if reference is None else _group(found, int(reference[1]))


def _device(found: re.Match[str], replacements: Sequence[str | None]) -> str | None:
    (name,) = replacements
    if name is None:
        return _group(found, 1)
    if "$" not in name:
        return name
    for reference in _GROUP.finditer(name):
        name = name.replace(reference[0], _group(found, int(reference[1])) or "", 1)
    return name.strip(_TRIMMED)


def _group(found: re.Match[str], number: int) -> str | None:
    return found[number] if number <= found.re.groups else None
