"""Give events a fingerprint of their fields. Source: logstash-filter-fingerprint 3.5.0 and murmurhash3 0.1.6.

What is hashed of a value is Ruby's text of it; of a list its items joined by ``|``; of an object its names and values,
sorted by name, joined by ``|`` too. A value that would stop Logstash's pipeline is an error of its event.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import uuid
from collections.abc import Callable
from enum import StrEnum
from typing import Final, TypeAlias

import mmh3
import regex

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import Bounded, FilterContext, FilterFunction, FilterOptions, FilterPlugin
from atalaia.pipeline.java import ruby_text
from atalaia.pipeline.options import OptionError, option_reference
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.ruby_address import RubyAddress
from atalaia.pipeline.settings import Flag, Text, Texts
from atalaia.pipeline.values import Value

_Fingerprint: TypeAlias = Callable[[Value], Value]

_SEED_128: Final = 2
"""Logstash's seed of the 128-bit MurmurHash; that of the 32-bit one is 0."""
_NO_PUNCTUATION: Final = regex.compile(r"[^\p{P}\p{S}]+")
_LEADING_NUMBER: Final = re.compile(r"\s*([+-]?\d+(?:_\d+)*)", re.ASCII)
_LONGEST_PREFIX: Final = 128
_NARROW: Final = 1 << 32
_WIDE: Final = 1 << 64


class Method(StrEnum):
    """The ways to make a fingerprint."""

    SHA1 = "SHA1"
    SHA256 = "SHA256"
    SHA384 = "SHA384"
    SHA512 = "SHA512"
    MD5 = "MD5"
    MURMUR3 = "MURMUR3"
    MURMUR3_128 = "MURMUR3_128"
    IPV4_NETWORK = "IPV4_NETWORK"
    UUID = "UUID"
    PUNCTUATION = "PUNCTUATION"


class FingerprintOptions(FilterOptions):
    """Options of ``fingerprint``.

    Attributes:
        source: The fields. Of several the last one present counts, unless they are concatenated.
        target: Where the fingerprint is put; ``fingerprint``, with ECS ``[event][hash]``.
        method: How it is made. ``UUID`` is random, ``PUNCTUATION`` keeps punctuation and symbols alone.
        key: The key of an HMAC; for ``IPV4_NETWORK`` the length of the network's prefix. Others do not use it.
        base64encode: Whether digests and ``MURMUR3_128`` are base64 instead of hexadecimal.
        concatenate_sources: Whether one fingerprint is made of all names and values of ``source``, sorted by name.
        concatenate_all_fields: The same of every field of the event.
        ecs_compatibility: Which target is the default; the pipeline's where absent.
    """

    source: Texts = ("message",)
    target: Text | None = None
    method: Method = Method.SHA1
    key: Text | None = None
    base64encode: Flag = False
    concatenate_sources: Flag = False
    concatenate_all_fields: Flag = False
    ecs_compatibility: EcsCompatibility | None = None


def build(options: FingerprintOptions, context: FilterContext) -> Bounded:
    """Build the filter; the common options are applied even when no source is there, as in Logstash."""
    ecs = (options.ecs_compatibility or context.pipeline.ecs_compatibility) != EcsCompatibility.DISABLED
    target = option_reference("target", options.target or ("[event][hash]" if ecs else "fingerprint"))
    return Bounded(_work(options, target), [target])


def _work(options: FingerprintOptions, target: FieldReference) -> FilterFunction:
    sources = [option_reference("source", name) for name in options.source]
    ordered = sorted(sources, key=lambda source: source.text)
    if options.method is Method.UUID:
        return _uuid(target)
    if options.method is Method.PUNCTUATION:
        return _of_last(ordered, target, _punctuation)
    fingerprint = _fingerprint(options)
    if options.concatenate_all_fields:
        return _of_all_fields(target, fingerprint)
    if options.concatenate_sources:
        return _of_joined(ordered, target, fingerprint)
    return _of_each(sources, target, fingerprint)


def _uuid(target: FieldReference) -> FilterFunction:
    def run(event: Event) -> bool:
        target.set(event, str(uuid.uuid4()))
        return True

    return run


def _of_last(sources: list[FieldReference], target: FieldReference, fingerprint: _Fingerprint) -> FilterFunction:
    """Return a filter that puts there the fingerprint of each source present, one after the other."""

    def run(event: Event) -> bool:
        for source in sources:
            if source.includes(event):
                target.set(event, fingerprint(source.get(event)))
        return True

    return run


def _of_each(sources: list[FieldReference], target: FieldReference, fingerprint: _Fingerprint) -> FilterFunction:
    """Return the same for lists too, which get a list of fingerprints."""

    def one_or_several(value: Value) -> Value:
        return [fingerprint(item) for item in value] if isinstance(value, list) else fingerprint(value)

    return _of_last(sources, target, one_or_several)


def _of_joined(sources: list[FieldReference], target: FieldReference, fingerprint: _Fingerprint) -> FilterFunction:
    def run(event: Event) -> bool:
        parts = [f"|{source.text}|{_canonical(source.get(event))}" for source in sources]
        target.set(event, fingerprint("".join(parts) + "|"))
        return True

    return run


def _of_all_fields(target: FieldReference, fingerprint: _Fingerprint) -> FilterFunction:
    def run(event: Event) -> bool:
        parts = [f"|{name}|{_canonical(event.data[name])}" for name in sorted(event.data)]
        target.set(event, fingerprint("".join(parts) + "|"))
        return True

    return run


def _canonical(value: Value) -> str:
    """Return what is hashed of a value."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "|".join(f"{name}|{_canonical(value[name])}" for name in sorted(value))
    return "|".join(map(_canonical, value)) if isinstance(value, list) else ruby_text(value)


def _fingerprint(options: FingerprintOptions) -> _Fingerprint:
    if options.method is Method.MURMUR3:
        return _murmur3
    if options.method is Method.MURMUR3_128:
        encode = _base64 if options.base64encode else bytes.hex
        return lambda value: encode(mmh3.hash_bytes(_murmured(value, narrow=True), _SEED_128, x64arch=True))
    return _network(options) if options.method is Method.IPV4_NETWORK else _digest(options)


def _digest(options: FingerprintOptions) -> _Fingerprint:
    name = options.method.lower()
    encode = _base64 if options.base64encode else bytes.hex
    if options.key is not None:
        key = options.key.encode()
        return lambda value: encode(hmac.digest(key, _canonical(value).encode(), name))
    empty = hashlib.new(name, usedforsecurity=False)

    def digest(value: Value) -> str:
        running = empty.copy()  # half the time of making a new one
        running.update(_canonical(value).encode())
        return encode(running.digest())

    return digest


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode("ascii")


def _murmur3(value: Value) -> Value:
    return mmh3.hash(_murmured(value, narrow=False), signed=False)


def _murmured(value: Value, *, narrow: bool) -> bytes:
    """Return the bytes MurmurHash is given: those of a whole number in memory, with ``narrow`` 4 where they suffice."""
    if not isinstance(value, int) or isinstance(value, bool):
        return _canonical(value).encode()
    if not -_WIDE // 2 <= value < _WIDE:
        raise EventError(f"{value} has no fingerprint: it does not fit into 64 bits", "convert it to a string first")
    short = narrow and -_NARROW // 2 <= value < _NARROW // 2
    return (value % _WIDE).to_bytes(8, "little")[: 4 if short else 8]


def _network(options: FingerprintOptions) -> _Fingerprint:
    """Return what masks an address.

    Raises:
        OptionError: When Logstash would refuse the options, or fail on every event.
    """
    if options.key is None:
        raise OptionError("key", "IPV4_NETWORK needs it", "write the length of the network's prefix, such as 24")
    if options.concatenate_sources or options.concatenate_all_fields:
        option = "concatenate_sources" if options.concatenate_sources else "concatenate_all_fields"
        raise OptionError(option, "names and values joined are no address", "leave it out with IPV4_NETWORK")
    number = _LEADING_NUMBER.match(options.key)
    length = int(number[1]) if number else 0  # as Ruby's to_i
    if not 0 <= length <= _LONGEST_PREFIX:
        raise OptionError("key", f"no address has a prefix of {length} bits", "write a number from 0 to 32")
    return lambda value: _masked(value, length)


def _masked(value: Value, length: int) -> str:
    if not isinstance(value, str):
        raise EventError(f"{value!r} has no network: it is not the text of an address")
    try:
        return str(RubyAddress.parse(value).masked(length))
    except ValueError as error:
        raise EventError(f"{value!r} has no network: {error}") from error


def _punctuation(value: Value) -> str:
    if not isinstance(value, str):
        raise EventError(f"{value!r} has no punctuation: it is not text", "convert it to a string first")
    return _NO_PUNCTUATION.sub("", value)


PLUGIN = FilterPlugin("fingerprint", FingerprintOptions, build)
