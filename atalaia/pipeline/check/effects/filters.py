"""What the filters do but ``mutate``, ``grok`` and ``dissect``. Source: each one's page in the Logstash reference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from atalaia.pipeline.check.effects.written import Written, below
from atalaia.pipeline.check.flow.field_steps import Set
from atalaia.pipeline.check.flow.fields import Kind
from atalaia.pipeline.check.flow.steps import Drop, KeepOnly, Open, Read, Step, Tag
from atalaia.pipeline.filters.useragent import NAMES

_MESSAGE: Final = "message"
_EVERY_FIELD: Final = Tag(("%{tags}",))
"""What changes every field changes the tags, too."""
_MOST_COLUMNS: Final = 50
_ALL: Final = 100.0


def cidr(_plugin: Written) -> Iterator[Step]:
    """Declare ``cidr``: its addresses and networks are templates, which every plugin's are read alike."""
    yield from ()


def clone(plugin: Written) -> Iterator[Step]:
    """Declare ``clone``."""
    names = plugin.texts("clones")
    yield Tag(tuple(names)) if plugin.ecs else Set("type", Kind.TEXT)


def csv(plugin: Written) -> Iterator[Step]:
    """Declare ``csv``; columns beyond those named are ``column4``, ``column5`` and so on."""
    yield Read(plugin.text("source", _MESSAGE), "source")
    target, columns = plugin.text("target"), plugin.texts("columns")
    yield Tag(("_csvparsefailure", "_csvskippedemptyfield"))
    if not columns or plugin.flag("autodetect_column_names", default=False):
        yield Set(target, Kind.OBJECT, open_below=True) if target else Open()
        return
    numbered = [f"column{number}" for number in range(len(columns) + 1, _MOST_COLUMNS)]
    kinds = dict(plugin.text_pairs("convert"))
    for name in (*columns, *numbered):
        number = kinds.get(name) in ("integer", "float")
        yield Set(below(target, name), Kind.NUMERIC if number else Kind.TEXT if name not in kinds else Kind.ANY)


def date(plugin: Written) -> Iterator[Step]:
    """Declare ``date``."""
    yield from (Read(field, "match") for field in plugin.texts("match")[:1])
    yield Set(plugin.text("target", "@timestamp"), Kind.TIMESTAMP)
    yield Tag(tuple(plugin.texts("tag_on_failure") or ["_dateparsefailure"]))


def drop(plugin: Written) -> Iterator[Step]:
    """Declare ``drop``; one with a percentage leaves some events."""
    share = plugin.text("percentage", "100")
    if share.replace(".", "", 1).isdecimal() and float(share) >= _ALL:
        yield Drop()


def fingerprint(plugin: Written) -> Iterator[Step]:
    """Declare ``fingerprint``."""
    sources = plugin.texts("source") or [_MESSAGE]
    if plugin.text("method", "SHA1") not in ("UUID", "PUNCTUATION") and not plugin.flag(
        "concatenate_all_fields", default=False
    ):
        yield from (Read(source, "source") for source in sources)
    yield Set(plugin.text("target", "[event][hash]" if plugin.ecs else "fingerprint"))


def geoip(plugin: Written) -> Iterator[Step]:
    """Declare ``geoip``; in ECS its findings stand beside a source that ends in ``[ip]``."""
    source = plugin.text("source")
    yield Read(source, "source")
    parent = source.removesuffix("[ip]") if source.endswith("[ip]") else ""
    default = parent if plugin.ecs else "geoip"
    target = plugin.text("target", default)
    yield Set(target, Kind.OBJECT, open_below=True) if target else Open()
    yield Tag((*(plugin.texts("tag_on_failure") or ["_geoip_lookup_failure"]), "_geoip_expired_database"))


def json(plugin: Written) -> Iterator[Step]:
    """Declare ``json``."""
    yield Read(plugin.text("source"), "source")
    target = plugin.text("target")
    yield Set(target, Kind.ANY, open_below=True) if target else Open()
    yield Tag((*(plugin.texts("tag_on_failure") or ["_jsonparsefailure"]), "_timestampparsefailure"))


def kv(plugin: Written) -> Iterator[Step]:
    """Declare ``kv``; which keys there are is known only when they are listed."""
    yield Read(plugin.text("source", _MESSAGE), "source")
    yield Tag(tuple(plugin.texts("tag_on_failure") or ["_kv_filter_error"]))
    yield Tag((plugin.text("tag_on_timeout", "_kv_filter_timeout"),))
    target, prefix, keys = plugin.text("target"), plugin.text("prefix"), plugin.texts("include_keys")
    if not keys or plugin.flag("recursive", default=False) or "%{" in prefix:
        yield Set(target, Kind.OBJECT, open_below=True) if target else Open()
        return
    yield from (Set(below(target, prefix + key)) for key in keys)
    yield from (Set(below(target, name)) for name, _ in plugin.pairs("default_keys"))


def prune(plugin: Written) -> Iterator[Step]:
    """Declare ``prune``; what a blacklist or the values take away is not followed."""
    if plugin.has("whitelist_names"):
        yield KeepOnly(tuple(plugin.texts("whitelist_names")))


def split(plugin: Written) -> Iterator[Step]:
    """Declare ``split``."""
    field = plugin.text("field", _MESSAGE)
    yield Read(field, "field")
    yield Set(plugin.text("target", field), open_below=True)
    yield Tag(("_split_type_failure",))


def translate(plugin: Written) -> Iterator[Step]:
    """Declare ``translate``; with ``iterate_on`` the source is a field of each item."""
    source = plugin.text("source", plugin.text("field"))
    items = plugin.text("iterate_on")
    yield Read(items or source, "iterate_on" if items else "source" if plugin.has("source") else "field")
    if items and items != source:
        yield Set(items, open_below=True)
        return
    default = source if plugin.ecs else "translation"
    yield Set(plugin.text("target", plugin.text("destination", default)), open_below=True)


def truncate(plugin: Written) -> Iterator[Step]:
    """Declare ``truncate``."""
    yield from (Read(field, "fields") for field in plugin.texts("fields"))
    if not plugin.has("fields"):
        yield _EVERY_FIELD


def urldecode(plugin: Written) -> Iterator[Step]:
    """Declare ``urldecode``."""
    if not plugin.flag("all_fields", default=False):
        yield Read(plugin.text("field", _MESSAGE), "field")
    else:
        yield _EVERY_FIELD
    yield Tag(tuple(plugin.texts("tag_on_failure") or ["_urldecodefailure"]))


def useragent(plugin: Written) -> Iterator[Step]:
    """Declare ``useragent``."""
    yield Read(plugin.text("source"), "source")
    target, prefix = plugin.text("target", "user_agent" if plugin.ecs else ""), plugin.text("prefix")
    if not plugin.ecs:
        yield from (Set(below(target, prefix + name), Kind.TEXT) for name in NAMES)
        return
    yield from (Set(below(target, f"[{prefix}{name}]"), Kind.TEXT) for name in ("name", "version"))
    yield from (Set(below(target, f"[{prefix}os][{name}]"), Kind.TEXT) for name in ("full", "name", "version"))
    yield Set(below(target, f"[{prefix}device][name]"), Kind.TEXT)
    yield Set("[@metadata][filter][user_agent]", Kind.OBJECT, open_below=True)


def uuid(plugin: Written) -> Iterator[Step]:
    """Declare ``uuid``."""
    yield Set(plugin.text("target"), Kind.TEXT, certain=plugin.flag("overwrite", default=False))
