"""Addresses and networks as Ruby's ``IPAddr`` reads, masks and prints them.

Source: the ``ipaddr`` library 1.2.7, which comes with Ruby 3.4.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address
from typing import Final, Self

_BITS: Final = {4: 32, 6: 128}
_IN_BRACKETS: Final = re.compile(r"\[(.*)\]")
_ZONED: Final = re.compile(r"(.*)(%\w+)", re.ASCII)
_DOTTED: Final = re.compile(r"\d+\.\d+\.\d+\.\d+", re.ASCII)
_LENGTH: Final = re.compile(r"0|[1-9]\d*", re.ASCII)
_VERSION_4_TAIL: Final = re.compile(r"(::(?:ffff:)?)([0-9a-f]{1,4}):([0-9a-f]{1,4})")


@dataclass(frozen=True, slots=True)
class RubyAddress:
    """A range of addresses: one address, or the network that an address and a prefix or mask name.

    Attributes:
        version: 4 or 6.
        first: The lowest address, as a number.
        last: The highest address, as a number.
        zone: The zone of a version 6 address with its ``%``; empty where there is none.
    """

    version: int
    first: int
    last: int
    zone: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``address``, ``address/length`` or ``address/mask``; a version 6 address may stand in brackets.

        Raises:
            ValueError: When the text is nothing of that kind; white space around it is not passed over.
        """
        address, slash, mask = text.partition("/")
        single = cls._single(address)
        return single.masked(single.length_of(mask)) if slash else single

    @classmethod
    def _single(cls, text: str) -> Self:
        bracketed = _IN_BRACKETS.fullmatch(text)
        inner = bracketed[1] if bracketed else text
        zoned = _ZONED.fullmatch(inner)
        address, zone = (zoned[1], zoned[2]) if zoned else (inner, "")
        if _DOTTED.fullmatch(address) and not (bracketed or zoned):
            number = int(IPv4Address(address))
            return cls(4, number, number)
        number = int(IPv6Address(address))
        return cls(6, number, number, zone)

    def length_of(self, mask: str) -> int:
        """Return how many bits a prefix has that is written as a number or as a mask.

        Raises:
            ValueError: When the mask is none of this version, or has gaps.
        """
        if _LENGTH.fullmatch(mask):
            return int(mask)
        bits = self._single(mask)
        hosts = ((1 << _BITS[self.version]) - 1) ^ bits.first
        if bits.version != self.version or (hosts + 1) & hosts:
            raise ValueError(f"{mask} is no mask of an address of version {self.version}")
        return _BITS[self.version] - hosts.bit_length()

    def masked(self, length: int) -> Self:
        """Return the network of the first address under a prefix of ``length`` bits.

        Raises:
            ValueError: When an address of this version has fewer bits.
        """
        hosts = _BITS[self.version] - length
        if length < 0 or hosts < 0:
            raise ValueError(f"an address of version {self.version} has no prefix of {length} bits")
        first = self.first >> hosts << hosts
        return replace(self, first=first, last=first | (1 << hosts) - 1)

    def includes(self, other: Self) -> bool:
        """Tell whether all addresses of the other are of this network; versions do not mix."""
        return self.version == other.version and self.first <= other.first and other.last <= self.last

    def __str__(self) -> str:
        """The first address; zeros of version 6 shortened, a version 4 address within it dotted."""
        if self.version == 4:  # noqa: PLR2004 - the version of the protocol
            return str(IPv4Address(self.first))
        text = str(IPv6Address(self.first)) + self.zone
        tail = _VERSION_4_TAIL.fullmatch(text)
        return f"{tail[1]}{IPv4Address(self.first & 0xFFFFFFFF)}" if tail else text
