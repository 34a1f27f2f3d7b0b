"""The kinds of MaxMind databases: which fields they have, and where in a record they stand.

Source: ``GeoIPFilter`` and ``Database`` of logstash-filter-geoip 8.0.0, which reads records with geoip2 4.4.0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Final, TypeAlias

from maxminddb.types import Record

from atalaia.pipeline.geoip.fields import GeoField
from atalaia.pipeline.geoip.java_address import Address, host_address
from atalaia.pipeline.values import Value


@dataclass(frozen=True, slots=True)
class Found:
    """What a database has on an address.

    Attributes:
        address: The address.
        record: The record.
        prefix: How many bits of the address the record is for.
    """

    address: Address
    record: dict[str, Record]
    prefix: int


_Read: TypeAlias = Callable[[Found], Value]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of database.

    Attributes:
        marker: What the type in a database's metadata holds.
        fields: What can be read, in the order in which it is put into the event.
        default: What is read when no fields are asked for.
        of_places: Whether a record without a location counts as none, as in databases of cities.
        keeps_null: Whether a field that is absent is put as null, as that of domains is.
    """

    marker: str
    fields: Mapping[GeoField, _Read]
    default: frozenset[GeoField]
    of_places: bool = False
    keeps_null: bool = False

    def read(self, found: Found, wanted: frozenset[GeoField]) -> dict[GeoField, Value]:
        """Return the wanted fields; those this kind has not are left out, as in Logstash."""
        if self.of_places and _LATITUDE(found) is None and _LONGITUDE(found) is None:
            return {}
        values = {field: read(found) for field, read in self.fields.items() if field in wanted}
        return {field: value for field, value in values.items() if self.keeps_null or value is not None}


def kind_of(database_type: str) -> Kind | None:
    """Return the kind of a database whose metadata names this type; ``None`` when Logstash cannot read it."""
    return next((kind for kind in KINDS if kind.marker in database_type), None)


def _plain(value: Record | None) -> Value:
    return value if isinstance(value, str | int | float) else None


def _walk(value: Record | None, path: tuple[str, ...]) -> Value:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return _plain(value)


def _at(*path: str) -> _Read:
    return lambda found: _walk(found.record, path)


def _flag(*path: str) -> _Read:
    return lambda found: bool(_walk(found.record, path))


def _region(*path: str) -> _Read:
    """Return what reads of the most specific subdivision, which is the last."""

    def read(found: Found) -> Value:
        regions = found.record.get("subdivisions")
        return _walk(regions[-1] if isinstance(regions, list) and regions else None, path)

    return read


_COUNTRY_CODE: Final = _at("country", "iso_code")
_REGION_CODE: Final = _region("iso_code")
_LATITUDE: Final = _at("location", "latitude")
_LONGITUDE: Final = _at("location", "longitude")


def _region_iso_code(found: Found) -> Value:
    country, region = _COUNTRY_CODE(found), _REGION_CODE(found)
    return None if country is None or region is None else f"{country}-{region}"


def _location(found: Found) -> Value:
    latitude, longitude = _LATITUDE(found), _LONGITUDE(found)
    return None if latitude is None or longitude is None else {"lat": latitude, "lon": longitude}


def _network(found: Found) -> Value:
    network = ip_network((found.address, found.prefix), strict=False)
    return f"{host_address(network.network_address)}/{found.prefix}"


def _ip(found: Found) -> Value:
    return host_address(found.address)


def _autonomous_system(*path: str) -> dict[GeoField, _Read]:
    return {
        GeoField.AUTONOMOUS_SYSTEM_NUMBER: _at(*path, "autonomous_system_number"),
        GeoField.AUTONOMOUS_SYSTEM_ORGANIZATION: _at(*path, "autonomous_system_organization"),
    }


def _anonymity(*path: str) -> dict[GeoField, _Read]:
    return {
        GeoField.HOSTING_PROVIDER: _flag(*path, "is_hosting_provider"),
        GeoField.TOR_EXIT_NODE: _flag(*path, "is_tor_exit_node"),
        GeoField.ANONYMOUS_VPN: _flag(*path, "is_anonymous_vpn"),
        GeoField.ANONYMOUS: _flag(*path, "is_anonymous"),
        GeoField.PUBLIC_PROXY: _flag(*path, "is_public_proxy"),
        GeoField.RESIDENTIAL_PROXY: _flag(*path, "is_residential_proxy"),
    }


_COUNTRY_FIELDS: Final[dict[GeoField, _Read]] = {
    GeoField.COUNTRY_NAME: _at("country", "names", "en"),
    GeoField.CONTINENT_NAME: _at("continent", "names", "en"),
    GeoField.COUNTRY_CODE2: _COUNTRY_CODE,
    GeoField.IP: _ip,
}
_PLACE_FIELDS: Final[dict[GeoField, _Read]] = {
    **_COUNTRY_FIELDS,
    GeoField.CITY_NAME: _at("city", "names", "en"),
    GeoField.REGION_NAME: _region("names", "en"),
    GeoField.REGION_ISO_CODE: _region_iso_code,
    GeoField.TIMEZONE: _at("location", "time_zone"),
    GeoField.LOCATION: _location,
}
_CITY_FIELDS: Final[dict[GeoField, _Read]] = {
    **_PLACE_FIELDS,
    GeoField.CONTINENT_CODE: _at("continent", "code"),
    GeoField.COUNTRY_CODE3: _COUNTRY_CODE,
    GeoField.POSTAL_CODE: _at("postal", "code"),
    GeoField.DMA_CODE: _at("location", "metro_code"),
    GeoField.REGION_CODE: _REGION_CODE,
    GeoField.LATITUDE: _LATITUDE,
    GeoField.LONGITUDE: _LONGITUDE,
}
_ISP_FIELDS: Final[dict[GeoField, _Read]] = {
    **_autonomous_system(),
    GeoField.IP: _ip,
    GeoField.ISP: _at("isp"),
    GeoField.ORGANIZATION: _at("organization"),
}

CITY: Final = Kind(
    "City",
    _CITY_FIELDS,
    frozenset(_CITY_FIELDS) - {GeoField.CONTINENT_NAME, GeoField.REGION_CODE},
    of_places=True,
)
KINDS: Final = (
    CITY,
    Kind("Country", _COUNTRY_FIELDS, frozenset(_COUNTRY_FIELDS)),
    Kind("GeoIP2-Domain", {GeoField.DOMAIN: _at("domain")}, frozenset({GeoField.DOMAIN}), keeps_null=True),
    Kind(
        "GeoLite2-ASN",
        {**_autonomous_system(), GeoField.IP: _ip, GeoField.NETWORK: _network},
        frozenset({*_autonomous_system(), GeoField.IP}),
    ),
    Kind("GeoIP2-ISP", _ISP_FIELDS, frozenset(_ISP_FIELDS)),
    Kind(
        "Enterprise",
        {**_PLACE_FIELDS, **_autonomous_system("traits"), GeoField.NETWORK: _network, **_anonymity("traits")},
        frozenset(_PLACE_FIELDS) - {GeoField.TIMEZONE},
    ),
    Kind("GeoIP2-Anonymous-IP", {GeoField.IP: _ip, **_anonymity()}, frozenset(_anonymity())),
)
"""In the order in which their markers are looked for."""
