"""Complaints about plugins, made wherever a configuration is loaded or checked."""

from __future__ import annotations

from collections.abc import Collection

from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.errors import ConfigurationError, Note, Position, Refusal
from atalaia.pipeline.logstash_plugins import LOGSTASH_PLUGINS
from atalaia.pipeline.settings import Settings
from atalaia.pipeline.suggest import nearest


def unknown_plugin(kind: str, settings: Settings, known: Collection[str]) -> ConfigurationError:
    """Return the complaint about a plugin that is not there: whether Logstash has it, or what was probably meant.

    Args:
        kind: ``input``, ``filter``, ``output`` or ``codec``.
        settings: What stands in the configuration.
        known: The plugins of that kind.
    """
    unsupported = settings.plugin in LOGSTASH_PLUGINS[kind]
    listed = f"the {kind}s are {', '.join(sorted(known))}"
    return ConfigurationError(
        settings.position,
        f"there is no {kind} {settings.plugin!r} here",
        f"Logstash has it, this executor has not; {listed}"
        if unsupported
        else nearest(settings.plugin, known, f"{kind}s"),
        plugin=settings.plugin,
        unsupported=unsupported,
        code=Refusal.UNSUPPORTED_PLUGIN if unsupported else Refusal.UNKNOWN_PLUGIN,
    )


def duplicate_id(settings: Settings, identity: str, first: Position) -> ConfigurationError:
    """Return the complaint about a plugin whose id another one has.

    Args:
        settings: What stands in the configuration.
        identity: The id.
        first: Where the other plugin's stands.
    """
    return ConfigurationError(
        settings.position_of("id"),
        f"the id {identity!r} is taken by another plugin",
        "give each plugin its own id",
        plugin=settings.plugin,
        notes=(Note(first, "it stands here first"),),
        code=Refusal.DUPLICATE_ID,
    )


def input_in_branch(branch: syntax.Branch) -> ConfigurationError:
    """Return the complaint about a condition around inputs: there is no event yet to decide it by."""
    return ConfigurationError(
        branch.position,
        "an input cannot stand in a branch",
        "there is no event yet that a condition could be about",
        code=Refusal.BAD_CONDITION,
    )
