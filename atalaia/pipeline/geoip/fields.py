"""The fields the ``geoip`` filter can find, and their places below its target.

Source: ``Field`` and ``Database`` of logstash-filter-geoip 8.0.0.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from atalaia.pipeline.ecs import EcsCompatibility


class GeoField(StrEnum):
    """What can be found; the values are the names Logstash accepts in ``fields``."""

    AUTONOMOUS_SYSTEM_NUMBER = "autonomous_system_number"
    AUTONOMOUS_SYSTEM_ORGANIZATION = "autonomous_system_organization"
    CITY_NAME = "city_name"
    COUNTRY_NAME = "country_name"
    CONTINENT_CODE = "continent_code"
    CONTINENT_NAME = "continent_name"
    COUNTRY_CODE2 = "country_code2"
    COUNTRY_CODE3 = "country_code3"
    DOMAIN = "domain"
    IP = "ip"
    ISP = "isp"
    POSTAL_CODE = "postal_code"
    DMA_CODE = "dma_code"
    REGION_NAME = "region_name"
    REGION_CODE = "region_code"
    REGION_ISO_CODE = "region_iso_code"
    TIMEZONE = "timezone"
    LOCATION = "location"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    ORGANIZATION = "organization"
    NETWORK = "network"
    HOSTING_PROVIDER = "hosting_provider"
    TOR_EXIT_NODE = "tor_exit_node"
    ANONYMOUS_VPN = "anonymous_vpn"
    ANONYMOUS = "anonymous"
    PUBLIC_PROXY = "public_proxy"
    RESIDENTIAL_PROXY = "residential_proxy"


_LEGACY: Final = {GeoField.AUTONOMOUS_SYSTEM_NUMBER: "[asn]", GeoField.AUTONOMOUS_SYSTEM_ORGANIZATION: "[as_org]"}
"""Places without ECS that are not the field's own name."""
_ECS: Final = {
    GeoField.AUTONOMOUS_SYSTEM_NUMBER: "[as][number]",
    GeoField.AUTONOMOUS_SYSTEM_ORGANIZATION: "[as][organization][name]",
    GeoField.COUNTRY_CODE2: "[geo][country_iso_code]",
    GeoField.COUNTRY_CODE3: None,
    GeoField.DOMAIN: "[domain]",
    GeoField.IP: "[ip]",
    GeoField.ISP: "[mmdb][isp]",
    GeoField.DMA_CODE: "[mmdb][dma_code]",
    GeoField.LATITUDE: "[geo][location][lat]",
    GeoField.LONGITUDE: "[geo][location][lon]",
    GeoField.ORGANIZATION: "[mmdb][organization]",
}
"""Places with ECS that are not the name below ``geo``, or, of traits, below ``ip_traits``; ``None`` for no place."""
_TRAITS: Final = frozenset(
    {
        GeoField.NETWORK,
        GeoField.HOSTING_PROVIDER,
        GeoField.TOR_EXIT_NODE,
        GeoField.ANONYMOUS_VPN,
        GeoField.ANONYMOUS,
        GeoField.PUBLIC_PROXY,
        GeoField.RESIDENTIAL_PROXY,
    },
)


def place_of(field: GeoField, ecs: EcsCompatibility) -> str | None:
    """Return a field's place below the target, in brackets; ``None`` when there is none."""
    if ecs is EcsCompatibility.DISABLED:
        return _LEGACY.get(field, f"[{field}]")
    if field in _ECS:
        return _ECS[field]
    return f"[ip_traits][{field}]" if field in _TRAITS else f"[geo][{field}]"
