"""Every rule, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from analyzers.recommendations.indexes import missing_index
from analyzers.recommendations.model import Rule

RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.name: rule for rule in (missing_index.RULE,)})
"""Name to rule."""
