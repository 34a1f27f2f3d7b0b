"""Store events. Source: logstash-output-elasticsearch 12.

The deployment names the store; what the file says of hosts and credentials is for Logstash. Everything that decides
under which stream and id an event is stored is honoured.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias, cast

from uuid6 import uuid7

from analyzers.store.document import Document, JsonValue
from atalaia.pipeline.codecs.base import CodecContext
from atalaia.pipeline.codecs.registry import load_codec
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import TIMESTAMP, Event
from atalaia.pipeline.json_text import encode_exact, plain_json
from atalaia.pipeline.options import OptionError, refuse_options
from atalaia.pipeline.outputs.base import Delivery, OutputPlugin, Write
from atalaia.pipeline.outputs.elasticsearch_options import REFUSED, ElasticsearchOptions
from atalaia.pipeline.settings import Settings
from atalaia.pipeline.sprintf import FieldPart, Template, compile_template
from atalaia.pipeline.values import Value

_DATA_STREAM: Final = "data_stream"
_UNRESOLVED: Final = re.compile(r"%\{.*?\}")
_PARTS: Final = ("type", "dataset", "namespace")

StreamOf: TypeAlias = Callable[[Event], str]


def _build(options: ElasticsearchOptions, context: PipelineContext, settings: Settings) -> Write:
    refuse_options(options, REFUSED)
    load_codec(options.codec, settings, CodecContext(context.ecs_compatibility, context.directory))
    if options.ilm_enabled == "true":
        raise OptionError("ilm_enabled", "'true' is not supported", REFUSED["ilm_policy"], unsupported=True)
    stream_of = _stream(options, options.ecs_compatibility or context.ecs_compatibility)
    id_of = _id(options.document_id)

    def write(event: Event, delivery: Delivery) -> None:
        stream, identity = stream_of(event), id_of(event)
        if TIMESTAMP not in event.data:
            raise EventError("the event has no @timestamp")
        delivery.store(event, _document(stream, identity, event.data))

    return write


def _document(stream: str, identity: str, data: dict[str, Value]) -> Document:
    """Return a document that is independent of the fields, with nothing but JSON in it."""
    source = encode_exact(data)
    if source is None:
        return Document(stream, identity, cast("dict[str, JsonValue]", plain_json(data)))
    return Document.encoded(stream, identity, source)


def _id(template_text: str | None) -> Callable[[Event], str]:
    if template_text is None:
        return lambda event: event.source_id or str(uuid7())
    template = compile_template(template_text)
    if len(template.parts) != 1 or not isinstance(template.parts[0], FieldPart):
        return template
    get = template.parts[0].reference.get

    def of_field(event: Event) -> str:
        value = get(event)
        return value if isinstance(value, str) else template(event)

    return of_field


def _stream(options: ElasticsearchOptions, ecs: EcsCompatibility) -> StreamOf:
    if options.action not in (None, "create", "index"):
        remedy = "events are added, never changed"
        raise OptionError("action", f"{options.action!r} is not supported", remedy, unsupported=True)
    by_default = ecs is EcsCompatibility.V8 and options.index is None and options.action != "index"
    if options.data_stream == "true" or (options.data_stream == "auto" and by_default):
        return _data_stream(options)
    if options.index is None:
        raise OptionError("index", "it is needed where there is no data stream", 'write data_stream => "true"')
    index = compile_template(options.index)
    return _resolved(index) if options.dlq_on_failed_indexname_interpolation and not index.constant else index


def _resolved(index: Template) -> StreamOf:
    """Return what gives the index of an event, and refuses one that lacks a field of it."""

    def stream_of(event: Event) -> str:
        name = index(event)
        if _UNRESOLVED.search(name) is not None:
            raise EventError(f"the index {name!r} has a reference to a field that the event has not")
        return name

    return stream_of


def _data_stream(options: ElasticsearchOptions) -> StreamOf:
    for option, value in (("index", options.index), ("action", options.action)):
        if value not in (None, "create"):
            raise OptionError(option, f"{value!r} does not go with a data stream", f"remove {option}")
    routed = options.data_stream_auto_routing
    defaults = (options.data_stream_type, options.data_stream_dataset, options.data_stream_namespace)

    def stream_of(event: Event) -> str:
        given = event.data.get(_DATA_STREAM)
        if isinstance(given, dict) and routed:
            own = given
            if len(own) == len(_PARTS):
                name = _whole_name(own.get("type"), own.get("dataset"), own.get("namespace"))
                if name is not None:
                    return name
        else:
            own = {}
        parts = [_part(own.get(name), default) for name, default in zip(_PARTS, defaults, strict=True)]
        if options.data_stream_sync_fields:
            fields = given if isinstance(given, dict) else {}
            event.data[_DATA_STREAM] = {**fields, **dict(zip(_PARTS, parts, strict=True))}
        return "-".join(parts)

    return stream_of


def _whole_name(kind: Value, dataset: Value, namespace: Value) -> str | None:
    """Return the name of a stream whose three parts are all said; ``None`` when one is not, or is no name."""
    if isinstance(kind, str) and isinstance(dataset, str) and isinstance(namespace, str):
        return f"{kind}-{dataset}-{namespace}" if kind and dataset and namespace else None
    return None


def _part(value: Value, default: str) -> str:
    if value is None:
        return default
    if not isinstance(value, str) or not value:
        raise EventError(f"data_stream.* is {value!r}, which is no name")
    return value


PLUGIN = OutputPlugin("elasticsearch", ElasticsearchOptions, _build)
