"""The pattern sets grok knows without being told: ``common``, and beside it ``legacy`` or ``ecs-v1``.

Further sets of Logstash's (firewalls, Bro, Nagios and the like) are not here; ``patterns_dir`` can point to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from atalaia.pipeline.grok.definitions import read_definitions

_FOLDER = Path(__file__).resolve().parent


@cache
def built_in(*, ecs: bool) -> Mapping[str, str]:
    """Return the definitions of one set.

    Args:
        ecs: The set that fills ECS fields; the other one fills flat fields.
    """
    definitions = read_definitions(_FOLDER / "common.grok")
    definitions |= read_definitions(_FOLDER / ("ecs-v1.grok" if ecs else "legacy.grok"))
    return MappingProxyType(definitions)
