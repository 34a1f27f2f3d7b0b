"""Every rule, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from analyzers.recommendations import (
    eager_loading,
    log_retention,
    pool_size,
    redis_memory,
    repeated_reads,
    slow_templates,
)
from analyzers.recommendations.indexes import missing_index
from analyzers.recommendations.model import Rule
from analyzers.recommendations.postgresql import checkpoints, max_connections, shared_buffers, transactions, work_mem

_RULES: Final = (
    missing_index.RULE,
    eager_loading.RULE,
    repeated_reads.RULE,
    slow_templates.RULE,
    max_connections.RULE,
    pool_size.RULE,
    transactions.DEADLOCKS_RULE,
    transactions.IDLE_RULE,
    shared_buffers.RULE,
    work_mem.RULE,
    checkpoints.RULE,
    redis_memory.RULE,
    log_retention.RULE,
)
RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.name: rule for rule in _RULES})
"""Name to rule."""
