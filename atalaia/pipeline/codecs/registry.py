"""Every codec this executor has, by its Logstash name, and how an option names one."""

from __future__ import annotations

from typing import Final

from atalaia.pipeline.codecs.base import AnyCodecPlugin, Codec, CodecContext
from atalaia.pipeline.plugins import Plugins
from atalaia.pipeline.refusals import unknown_plugin
from atalaia.pipeline.settings import Settings, SettingValue

CODECS: Final = Plugins[AnyCodecPlugin](
    "atalaia.pipeline.codecs", "dots", "json", "json_lines", "line", "multiline", "plain", "rubydebug"
)


def load_codec(value: SettingValue, owner: Settings, context: CodecContext) -> Codec:
    """Build the codec an option ``codec`` of the plugin ``owner`` names.

    Raises:
        ConfigurationError: When there is no such codec, or it refuses its options.
    """
    settings = value if isinstance(value, Settings) else Settings(str(value), owner.position_of("codec"), {}, {})
    plugin = CODECS.get(settings.plugin)
    if plugin is None:
        raise unknown_plugin("codec", settings, CODECS)
    return plugin.load(settings, context)
