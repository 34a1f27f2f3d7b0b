"""Say where addresses are, or to whom they belong. Source: logstash-filter-geoip 8.0.0.

The database is a file in MaxMind's format that the user names; Logstash's own databases and their downloading are not
supported. A host name is not looked up, as Logstash would in the DNS: nothing is found for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import Final, TypeAlias

import maxminddb
from pydantic import Field

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import Bounded, FilterContext, FilterOptions, FilterPlugin
from atalaia.pipeline.geoip.fields import GeoField, place_of
from atalaia.pipeline.geoip.java_address import read_address
from atalaia.pipeline.geoip.kinds import CITY, KINDS, Found, Kind, kind_of
from atalaia.pipeline.options import OptionError, option_reference
from atalaia.pipeline.reference import TAGS, FieldReference
from atalaia.pipeline.settings import Integer, Text, Texts
from atalaia.pipeline.values import Value, copy_value

_LOGGER: Final = logging.getLogger(__name__)
_BLANK: Final = "".join(map(chr, range(33)))
"""What Java's ``trim`` takes away."""
_PLACES: Final = ("client", "destination", "host", "observer", "server", "source")
"""The fields in which ECS expects ``geo``."""

_Finding: TypeAlias = "tuple[tuple[FieldReference | None, Value], ...]"
_Find: TypeAlias = Callable[[str], _Finding]


class DatabaseType(StrEnum):
    """Which of Logstash's own databases is used when none is named."""

    CITY = "City"
    ASN = "ASN"


class GeoipOptions(FilterOptions):
    """Options of ``geoip``.

    Attributes:
        source: The field with the address; of a list the first item counts.
        database: The database, a ``.mmdb`` file; relative to the pipeline's file.
        default_database_type: Means something only without ``database``, which is not supported.
        fields: What is put into the event; by default what is usual for the database.
        target: Where it is put; ``geoip``, with ECS what holds a source that ends in ``[ip]``.
        cache_size: How many addresses are remembered.
        tag_on_failure: Tags when nothing is found.
        ecs_compatibility: Which names the fields get; the pipeline's where absent.
    """

    source: Text
    database: Text | None = None
    default_database_type: DatabaseType = DatabaseType.CITY
    fields: Texts = ()
    target: Text | None = None
    cache_size: Integer = Field(default=1000, ge=0)
    tag_on_failure: Texts = ("_geoip_lookup_failure",)
    ecs_compatibility: EcsCompatibility | None = None


def build(options: GeoipOptions, context: FilterContext) -> Bounded:
    """Build the filter."""
    ecs = options.ecs_compatibility or context.pipeline.ecs_compatibility
    source = option_reference("source", options.source)
    target = option_reference("target", _target(options, ecs))
    reader, kind = _open(options, context)
    places = _places(kind, _wanted(options, kind, ecs), target, ecs)
    find = lru_cache(maxsize=options.cache_size)(_finding(reader, kind, places))
    tags = options.tag_on_failure

    def run(event: Event) -> bool:
        address = _address(source.get(event))
        found = find(address) if address.strip(_BLANK) else None
        if found is not None and target.get(event) is None:
            target.set(event, {})
        if not found:
            event.fail(*tags)
            return False
        for place, value in found:
            if place is not None:
                place.set(event, copy_value(value))
        return True

    return Bounded(run, [target, TAGS])


def _address(value: Value) -> str:
    """Return the text of an address; none at all when there is no value.

    Raises:
        EventError: When it is no text; Logstash's pipeline stops there.
    """
    if isinstance(value, list):
        first = value[0] if value else None
    elif value is None:
        return ""
    else:
        first = value
    if not isinstance(first, str):
        raise EventError(f"the address is not text but {value!r}", "convert it to a string first")
    return first


def _target(options: GeoipOptions, ecs: EcsCompatibility) -> str:
    """Return where findings are put.

    Raises:
        OptionError: When ECS does not say where.
    """
    if ecs is EcsCompatibility.DISABLED:
        return options.target or "geoip"
    target = options.target
    if target is None:
        target = options.source.removesuffix("[ip]")
        if target in ("", options.source):
            raise OptionError("target", "ECS needs it", "name it, or a source such as [client][ip]")
    if target.removeprefix("[").removesuffix("]") not in _PLACES:
        _LOGGER.warning("geoip: ECS expects the target to be one of %s, not %s", ", ".join(_PLACES), target)
    return target


def _open(options: GeoipOptions, context: FilterContext) -> tuple[maxminddb.Reader, Kind]:
    """Return the database and its kind.

    Raises:
        OptionError: When it is not named, cannot be read, or is of a kind that the filter does not know.
    """
    if options.database is None:
        raise OptionError(
            "database",
            "it is missing, and Logstash's own databases and their downloading are not supported",
            "download a file such as GeoLite2-City.mmdb (https://dev.maxmind.com/geoip, free with an account) "
            'and write database => "/path/to/GeoLite2-City.mmdb"',
            unsupported=True,
        )
    path = context.pipeline.directory / options.database
    try:
        reader = maxminddb.open_database(path)
    except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
        raise OptionError("database", f"{path} cannot be used: {error}", "name a .mmdb file") from error
    database_type = reader.metadata().database_type
    kind = kind_of(database_type)
    if kind is None:
        known = ", ".join(kind.marker for kind in KINDS)
        raise OptionError("database", f"{path} is of the type {database_type}", f"use one of the types {known}")
    return reader, kind


def _wanted(options: GeoipOptions, kind: Kind, ecs: EcsCompatibility) -> frozenset[GeoField]:
    if not options.fields:
        legacy_city = kind is CITY and ecs is EcsCompatibility.DISABLED
        return kind.default ^ {GeoField.REGION_CODE, GeoField.REGION_ISO_CODE} if legacy_city else kind.default
    unknown = [name for name in options.fields if name.lower() not in list(GeoField)]
    if unknown:
        raise OptionError("fields", f"there is no field {unknown[0]!r}", f"the fields are {', '.join(GeoField)}")
    return frozenset(GeoField(name.lower()) for name in options.fields)


def _places(
    kind: Kind, wanted: frozenset[GeoField], target: FieldReference, ecs: EcsCompatibility
) -> dict[GeoField, FieldReference | None]:
    """Return where each wanted field is put; ``None`` for one that has no place with ECS."""
    root = target.text if target.text.startswith("[") else f"[{target.text}]"
    below = {field: place_of(field, ecs) for field in GeoField if field in wanted and field in kind.fields}
    return {field: None if place is None else FieldReference.parse(root + place) for field, place in below.items()}


def _finding(reader: maxminddb.Reader, kind: Kind, places: dict[GeoField, FieldReference | None]) -> _Find:
    """Return what finds the values for an address and their places; none when the database has nothing on it."""
    wanted = frozenset(places)

    def find(text: str) -> _Finding:
        address = read_address(text)
        if address is None:
            return ()
        try:
            record, prefix = reader.get_with_prefix_len(address)
        except (ValueError, maxminddb.InvalidDatabaseError) as error:  # version 6 in a database of version 4; damage
            _LOGGER.warning("geoip: %s cannot be looked up: %s", address, error)
            return ()
        values = kind.read(Found(address, record, prefix), wanted) if isinstance(record, dict) else {}
        return tuple((place, values[field]) for field, place in places.items() if field in values)

    return find


PLUGIN = FilterPlugin("geoip", GeoipOptions, build)
