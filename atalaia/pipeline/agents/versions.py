"""How versions are put together from their parts. Source: the behaviour of logstash-filter-useragent 3.3.5."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from atalaia.pipeline.agents.tell import Parts

_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]*")
"""A text that Ruby's ``to_i.to_s`` leaves as it is."""


def browser_version(agent: str, parts: Parts) -> str | None:
    """Return the parts up to the first that is missing, joined by points; ``None`` when there is no major version.

    After three parts, a number that follows in the agent up to the next space is added.
    """
    known = _known(parts)
    version = ".".join(known)
    if len(known) == len(parts) - 1:
        return version + _fourth(agent, version)
    return version if known else None


def system_version(parts: Parts) -> str | None:
    """Return the parts up to the first that is missing; ``None`` when there is no major version.

    They are joined by points, but a major version that is no number stands apart: ``NT 4.0``.
    """
    major, *others = _known(parts) or (None,)
    if major is None or not others:
        return major
    return f"{major}{'.' if _INTEGER.fullmatch(major) else ' '}{'.'.join(map(str, others))}"


def _known(parts: Parts) -> Sequence[str]:
    return [str(part) for part in takewhile(lambda part: part is not None, parts)]


def _fourth(agent: str, version: str) -> str:
    """Return the point and the number that follow the version where it first occurs; the empty text if none does."""
    rest = agent.partition(version)[2]
    number, space, _ = rest[1:].partition(" ")
    return f".{number}" if rest.startswith(".") and space and _INTEGER.fullmatch(number) else ""
