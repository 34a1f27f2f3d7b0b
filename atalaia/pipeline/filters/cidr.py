"""Tell whether addresses lie in networks. Source: logstash-filter-cidr 3.2.0 and Ruby's ``IPAddr``.

The common options are applied to an event of which any address lies in any network. An address or network that cannot
be read is passed over with a warning, as in Logstash.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TypeAlias

from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import Bounded, FilterContext, FilterOptions, FilterPlugin
from atalaia.pipeline.interval import Interval
from atalaia.pipeline.options import OptionError, option_reference
from atalaia.pipeline.ruby_address import RubyAddress
from atalaia.pipeline.settings import Number, Text, Texts
from atalaia.pipeline.sprintf import compile_template
from atalaia.pipeline.values import Value, as_list

_Ranges: TypeAlias = Callable[[Event], list[RubyAddress]]
_LOGGER: Final = logging.getLogger(__name__)


class CidrOptions(FilterOptions):
    """Options of ``cidr``.

    Attributes:
        address: The addresses, with ``%{…}``; one with a prefix stands for its network.
        address_field: The field that holds them, instead: one, or a list.
        network: The networks, with ``%{…}``; a text may hold several, separated by commas.
        network_path: A file of networks, instead; relative to the pipeline's file.
        refresh_interval: Seconds after which the file is read again. One that cannot be read, or is empty, leaves the
            networks as they are, with a warning.
        separator: What stands between the file's networks; a blank stands for any white space.
    """

    address: Texts = ()
    address_field: Text | None = None
    network: Texts = ()
    network_path: Text | None = None
    refresh_interval: Number = 600
    separator: Text = "\n"


def build(options: CidrOptions, context: FilterContext) -> Bounded:
    """Build the filter; networks that do not depend on the event are read at load."""
    if options.address and options.address_field is not None:
        raise OptionError("address_field", "it stands beside address", "give one of the two")
    if options.network and options.network_path is not None:
        raise OptionError("network_path", "it stands beside network", "give one of the two")
    addresses = _addresses(options)
    networks = _listed(options.network) if options.network_path is None else _filed(options, context)

    def run(event: Event) -> bool:
        candidates = addresses(event)
        return bool(candidates) and any(
            network.includes(address) for network in networks(event) for address in candidates
        )

    return Bounded(run, ())


def _addresses(options: CidrOptions) -> _Ranges:
    if options.address_field is not None:
        field = option_reference("address_field", options.address_field)
        return lambda event: _read(as_list(field.get(event)))
    templates = [compile_template(text) for text in options.address]
    return lambda event: _read([template(event) for template in templates])


def _listed(texts: Iterable[str]) -> _Ranges:
    templates = [compile_template(text) for text in texts]
    constant = _read_lists(template.text for template in templates if template.constant)
    varying = [template for template in templates if not template.constant]
    if not varying:
        return lambda _event: constant
    return lambda event: constant + _read_lists(template(event) for template in varying)


def _filed(options: CidrOptions, context: FilterContext) -> _Ranges:
    """Return the networks of the file, as of when they were last due to be read.

    Raises:
        OptionError: When it cannot be read, or holds nothing.
    """
    path = context.pipeline.directory / str(options.network_path)
    interval = Interval(context.pipeline.clock, options.refresh_interval)
    try:
        networks = _read_file(path, options.separator)
    except (OSError, ValueError) as error:
        raise OptionError("network_path", f"{path} cannot be used: {error}", "check the file and separator") from error

    def current(_event: Event) -> list[RubyAddress]:
        nonlocal networks
        if interval.passed():
            try:
                networks = _read_file(path, options.separator)
            except (OSError, ValueError) as error:
                _LOGGER.warning("cidr: %s cannot be read again, the networks stay as they are: %s", path, error)
        return networks

    return current


def _read_file(path: Path, separator: str) -> list[RubyAddress]:
    """Return the networks in a file.

    Raises:
        OSError: When it cannot be read.
        ValueError: When it is not UTF-8, or there is nothing in it.
    """
    texts = _split(path.read_bytes().decode("utf-8"), separator)
    if not texts:
        raise ValueError("it is empty")
    return _read(texts)


def _split(text: str, separator: str) -> list[str]:
    """Split as Ruby does: a blank stands for any white space, nothing for every gap; empty texts at the end go."""
    parts = list(text) if not separator else text.split(None if separator == " " else separator)
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _read_lists(texts: Iterable[str]) -> list[RubyAddress]:
    return _read([part.strip() for text in texts for part in _split(text, ",")])


def _read(values: Iterable[Value]) -> list[RubyAddress]:
    return [found for value in values if (found := _range(value)) is not None]


def _range(value: Value) -> RubyAddress | None:
    """Return the address or network a value is; ``None``, with a warning, for one that is neither."""
    problem = "it is not text"
    if isinstance(value, str):
        try:
            return RubyAddress.parse(value)
        except ValueError as error:
            problem = str(error)
    _LOGGER.warning("cidr: %r is no address and no network: %s", value, problem)
    return None


PLUGIN = FilterPlugin("cidr", CidrOptions, build)
