"""Rows by the network of an address: put together from those by address, which composite aggregations can page.

Elasticsearch's own ``ip_prefix`` aggregation cannot be paged: it fails beyond ``search.max_buckets``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from analyzers.store.answering import Ask
from analyzers.store.keys import key_is
from analyzers.store.merging import can_merge, merged
from analyzers.store.networks import network_of
from analyzers.store.query import And, Count, Dimension, Field, NamedMeasure, Network, Query
from analyzers.store.result import Row, Value

_COUNTED: Final = (NamedMeasure("count", Count()),)


def folded(query: Query, network: Network, ask: Ask) -> Iterator[Row]:
    """Yield the rows of a query that groups by networks, in no order.

    Measures that add up are added over the addresses of a network; for percentiles, means and distinct counts each
    network is asked for by itself.

    Args:
        query: The query, without ``top``.
        network: Its dimension of networks.
        ask: Answers queries without that dimension.
    """
    if can_merge(query.measures):
        yield from _merged(query, network, ask)
        return
    by = tuple(each for each in query.by if each != network)
    for value in sorted(_networks(query, network, ask), key=str):
        where = And((query.where, key_is(network, value)))
        for row in ask(replace(query, by=by, where=where)):
            yield _in_order(query, {network.name: value, **row})


def _merged(query: Query, network: Network, ask: Ask) -> Iterator[Row]:
    addresses: Dimension = Field(network.field)
    by = tuple(dict.fromkeys(addresses if each == network else each for each in query.by))
    groups: dict[tuple[Value, ...], list[Row]] = {}
    for row in ask(replace(query, by=by)):
        found = {network.name: _network(row[network.field]), **row}
        groups.setdefault(tuple(found[each.name] for each in query.by), []).append(found)
    for rows in groups.values():
        yield {**{each.name: rows[0][each.name] for each in query.by}, **merged(query.measures, rows)}


def _networks(query: Query, network: Network, ask: Ask) -> set[Value]:
    by_address = replace(query, by=(Field(network.field),), measures=_COUNTED)
    return {_network(row[network.field]) for row in ask(by_address)}


def _network(address: Value) -> Value:
    return network_of(address) if isinstance(address, str) else None


def _in_order(query: Query, row: Row) -> Row:
    names = [each.name for each in query.by] + [named.name for named in query.measures]
    return {name: row[name] for name in names}
