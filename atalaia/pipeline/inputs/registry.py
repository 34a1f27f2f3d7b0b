"""Every input this executor has, by its Logstash name."""

from __future__ import annotations

from typing import Final

from atalaia.pipeline.inputs.base import AnyInputPlugin
from atalaia.pipeline.plugins import Plugins

INPUTS: Final = Plugins[AnyInputPlugin](
    "atalaia.pipeline.inputs", "file", "generator", "http", "pipeline", "stdin", "tcp"
)
