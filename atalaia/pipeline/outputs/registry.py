"""Every output this executor has, by its Logstash name."""

from __future__ import annotations

from typing import Final

from atalaia.pipeline.outputs.base import AnyOutputPlugin
from atalaia.pipeline.plugins import Plugins

OUTPUTS: Final = Plugins[AnyOutputPlugin](
    "atalaia.pipeline.outputs", "elasticsearch", "file", "http", "pipeline", "stdout"
)
