"""Tell whether addresses lie in networks. Source: logstash-filter-cidr 3.2.0 and Ruby's ``IPAddr``.

The common options are applied to an event of which any address lies in any network. An address or network that cannot
be read is passed over with a warning, as in Logstash.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Iterator
from typing import Final, TypeAlias

from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import FilterContext, FilterFunction, FilterOptions, FilterPlugin
from atalaia.pipeline.options import OptionError
from atalaia.pipeline.settings import Number, Text, Texts
from atalaia.pipeline.sprintf import Template, compile_template

_Network: TypeAlias = "ipaddress.IPv4Network | ipaddress.IPv6Network"
_LOGGER: Final = logging.getLogger(__name__)


class CidrOptions(FilterOptions):
    """Options of ``cidr``.

    Attributes:
        address: The addresses, with ``%{…}``; one with a prefix stands for its network.
        network: The networks, with ``%{…}``; a text may hold several, separated by commas.
        network_path: Not supported: a file of networks.
        refresh_interval: Not supported without ``network_path``.
        separator: Not supported without ``network_path``.
    """

    address: Texts
    network: Texts = ()
    network_path: Text | None = None
    refresh_interval: Number | None = None
    separator: Text | None = None


def build(options: CidrOptions, _context: FilterContext) -> FilterFunction:
    """Build the filter; the options for networks in a file are refused."""
    for name in ("network_path", "refresh_interval", "separator"):
        if name in options.model_fields_set:
            raise OptionError(name, "networks in a file are not supported", "list them in network", unsupported=True)
    addresses = [compile_template(text) for text in options.address]
    networks = [compile_template(text) for text in options.network]

    def run(event: Event) -> bool:
        candidates = list(_read(addresses, event))
        return bool(candidates) and any(
            _includes(network, address) for network in list(_read_lists(networks, event)) for address in candidates
        )

    return run


def _read(templates: list[Template], event: Event) -> Iterator[_Network]:
    for template in templates:
        yield from _parse(template(event))


def _read_lists(templates: list[Template], event: Event) -> Iterator[_Network]:
    for template in templates:
        for text in template(event).split(","):
            yield from _parse(text.strip())


def _parse(text: str) -> Iterator[_Network]:
    try:
        yield ipaddress.ip_network(text, strict=False)
    except ValueError:
        _LOGGER.warning("cidr: %r is no address and no network", text)


def _includes(network: _Network, address: _Network) -> bool:
    if isinstance(network, ipaddress.IPv4Network):
        return isinstance(address, ipaddress.IPv4Network) and address.subnet_of(network)
    return isinstance(address, ipaddress.IPv6Network) and address.subnet_of(network)


PLUGIN = FilterPlugin("cidr", CidrOptions, build)
