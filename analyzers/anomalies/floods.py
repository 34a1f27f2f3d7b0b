"""Floods: one client, or one network, that asks for far more than busy clients do; and scans.

The limit of a window is ``max(floor, factor * q)``, where ``q`` is what a busy client (a busy network) sends in a whole
hour: a quantile over the hours of the busiest clients of the days before. That a client may do an hour's work in the
window's minutes is part of the limit. The quantile of many hours is robust: a flood of last week is some of them.
Floods from more clients than are looked at in a window are anomalies of the rate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from analyzers.anomalies.clients import CLIENT_NETWORK, Clients, ClientSource, Doing, Sent, Usage, network_of, usual
from analyzers.anomalies.finding import Direction, Finding, Kind
from analyzers.anomalies.settings import FloodSettings, ScanSettings
from analyzers.anomalies.wording import among, number, spoken
from analyzers.fields import CLIENT_IP
from analyzers.numbers import counted
from analyzers.store.query import Window
from analyzers.thresholds import Severity

_MOST_CLIENTS = 1000
"""So many of the busiest clients of a window are looked at, and summed up by network."""


@dataclass(frozen=True, slots=True)
class _Limit:
    """Up to where all is well.

    Attributes:
        most: The limit.
        usual: What a busy client sends in an hour.
        critical: So many times the limit is critical.
    """

    most: float
    usual: float
    critical: float


def find_floods(source: ClientSource, settings: FloodSettings, instant: datetime) -> tuple[Finding, ...]:
    """Return all clients and networks that flood as of an instant, the greatest first; else one finding without labels.

    That one is ``OK`` where nobody floods, ``UNMEASURED`` where no client is known in the window. None that floods is
    left out: who is not named is taken to have stopped.
    A network is named where none of its clients alone is. Two queries, one of them once a day.

    Raises:
        QueryError: When the store cannot be asked so.
        StoreError: When the store cannot answer.
    """
    window = Window(instant - settings.window, instant)
    sent = source.busiest(Doing.ASKING, window, _MOST_CLIENTS)
    if sum(each.requests for each in sent.values()) < settings.floor:
        return (_quiet(Kind.FLOOD, window, sent, f"fewer than {settings.floor:,} requests of clients"),)
    prefixes = (settings.ipv4_prefix, settings.ipv6_prefix)
    usage = Usage(settings.days, settings.clients, settings.quantile, prefixes)
    client, network = usual(source, Doing.ASKING, instant, usage)
    limits = [_limit(settings, each) for each in (client, network)]
    found = [_flood(window, {CLIENT_IP: ip}, each, limits[0]) for ip, each in sent.items() if _over(each, limits[0])]
    named = {network_of(finding.labels[CLIENT_IP], prefixes) for finding in found}
    for name, each in _networks(sent, prefixes).items():
        if name not in named and _over(each, limits[1]):
            found.append(_flood(window, {CLIENT_NETWORK: name}, each, limits[1]))
    found.sort(key=lambda finding: -finding.score)
    whole = _quiet(Kind.FLOOD, window, sent, f"none of {counted(len(sent), 'client')} above {number(limits[0].most)}")
    return tuple(found) or (whole,)


def find_scans(source: ClientSource, settings: ScanSettings, instant: datetime) -> tuple[Finding, ...]:
    """Return the clients that scan as of an instant; else one finding without labels, as :func:`find_floods`.

    Two queries; where some client may be scanning, two more that are asked once a day, and one for each such client.

    Raises:
        QueryError: When the store cannot be asked so.
        StoreError: When the store cannot answer.
    """
    window = Window(instant - settings.window, instant)
    missing = source.busiest(Doing.MISSING, window, settings.clients)
    refused = source.busiest(Doing.REFUSED, window, settings.clients)
    found = [*_searching(source, settings, window, missing), *_knocking(source, settings, window, refused)]
    if found:
        return tuple(sorted(found, key=lambda finding: -finding.score))
    known = missing or refused or source.busiest(Doing.ASKING, window, 1)
    return (_quiet(Kind.SCAN, window, known, "nobody tries many paths or is often refused"),)


def _searching(source: ClientSource, settings: ScanSettings, window: Window, missing: Clients) -> Iterator[Finding]:
    suspects = [client for client, sent in missing.items() if sent.documents >= settings.paths]
    if not suspects:
        return
    limit = _scan_limit(source, settings, window, Doing.MISSING)
    for client in suspects:
        paths = source.paths(window, client)
        if paths >= limit.most:
            sent = missing[client]
            text = f"tried {paths:,} different paths that do not exist, with {counted(sent.requests, 'request')}"
            yield _scan(window, client, Sent(paths, sent.documents), limit, text)


def _knocking(source: ClientSource, settings: ScanSettings, window: Window, refused: Clients) -> Iterator[Finding]:
    suspects = {client: sent for client, sent in refused.items() if sent.documents >= settings.refusals}
    if not suspects:
        return
    limit = _scan_limit(source, settings, window, Doing.REFUSED)
    for client, sent in suspects.items():
        if sent.requests >= limit.most:
            text = f"was refused {sent.requests:,} times (401 or 403)"
            yield _scan(window, client, sent, limit, text)


def _scan_limit(source: ClientSource, settings: ScanSettings, window: Window, doing: Doing) -> _Limit:
    usage = Usage(settings.days, settings.clients, settings.quantile)
    hourly = usual(source, doing, window.end, usage)[0]
    floor = settings.paths if doing is Doing.MISSING else settings.refusals
    return _Limit(max(float(floor), settings.factor * hourly), hourly, settings.critical)


def _limit(settings: FloodSettings, hourly: float) -> _Limit:
    return _Limit(max(float(settings.floor), settings.factor * hourly), hourly, settings.critical)


def _over(sent: Sent, limit: _Limit) -> bool:
    return sent.requests >= limit.most


def _networks(sent: Clients, prefixes: tuple[int, int]) -> Clients:
    networks: dict[str, Sent] = {}
    for client, each in sent.items():
        name = network_of(client, prefixes)
        networks[name] = networks.get(name, Sent(0, 0)) + each
    return networks


def _flood(window: Window, labels: dict[str, str], sent: Sent, limit: _Limit) -> Finding:
    who = next(iter(labels.values()))
    busy = f"a busy one sends {number(limit.usual)} in an hour, limit {number(limit.most)}"
    sentence = f"flood: {who} sent {among(sent.documents, sent.requests)}; {busy}, {spoken(window)}"
    return _above(Kind.FLOOD, labels, window, sent, limit, sentence)


def _scan(window: Window, client: str, sent: Sent, limit: _Limit, text: str) -> Finding:
    busy = f"such clients usually reach {number(limit.usual)} in an hour, limit {number(limit.most)}"
    return _above(
        Kind.SCAN, {CLIENT_IP: client}, window, sent, limit, f"scan: {client} {text}; {busy}, {spoken(window)}"
    )


def _above(kind: Kind, labels: dict[str, str], window: Window, sent: Sent, limit: _Limit, sentence: str) -> Finding:
    times = sent.requests / limit.most
    severity = Severity.CRITICAL if times >= limit.critical else Severity.WARNING
    expected = (0.0, limit.most)
    return Finding(
        kind, labels, severity, window, expected, sent.requests, times, sent.documents, Direction.ABOVE, sentence
    )


def _quiet(kind: Kind, window: Window, known: Clients, why: str) -> Finding:
    if not known:
        sentence = f"{kind} unmeasured: no request with a client's address, {spoken(window)}"
        return Finding(kind, {}, Severity.UNMEASURED, window, None, None, 0.0, 0, Direction.WITHIN, sentence)
    most, documents = max(each.requests for each in known.values()), sum(each.documents for each in known.values())
    sentence = f"no {kind}: {why}, {spoken(window)}"
    return Finding(kind, {}, Severity.OK, window, None, most, 0.0, documents, Direction.WITHIN, sentence)
