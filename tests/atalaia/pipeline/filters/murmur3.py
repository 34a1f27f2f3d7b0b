"""MurmurHash3 written down from its author's description, to check the library that the filter uses.

Source: Austin Appleby's ``MurmurHash3.cpp`` (``x86_32`` and ``x64_128``), in the public domain.
"""

from __future__ import annotations

M32 = (1 << 32) - 1
M64 = (1 << 64) - 1


def murmur3_32(data: bytes, seed: int) -> int:
    """Return the 32-bit hash."""
    state = seed
    for start in range(0, len(data), 4):
        block = data[start : start + 4]
        mixed = (rotated((int.from_bytes(block, "little") * 0xCC9E2D51) & M32, 15, 32) * 0x1B873593) & M32
        state ^= mixed
        if len(block) == 4:
            state = (rotated(state, 13, 32) * 5 + 0xE6546B64) & M32
    state ^= len(data)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        state = ((state ^ state >> shift) * factor) & M32
    return state


def murmur3_128(data: bytes, seed: int) -> bytes:
    """Return the 128-bit hash, each half with its lowest byte first."""
    first = second = seed
    whole = len(data) // 16 * 16
    for start in range(0, whole, 16):
        first ^= mixed_first(data[start : start + 8])
        first = ((rotated(first, 27, 64) + second) * 5 + 0x52DCE729) & M64
        second ^= mixed_second(data[start + 8 : start + 16])
        second = ((rotated(second, 31, 64) + first) * 5 + 0x38495AB5) & M64
    first ^= mixed_first(data[whole : whole + 8]) ^ len(data)
    second ^= mixed_second(data[whole + 8 :]) ^ len(data)
    first, second = added(first, second)
    first, second = added(finished(first), finished(second))
    return first.to_bytes(8, "little") + second.to_bytes(8, "little")


def mixed_first(block: bytes) -> int:
    """Mix the first half of a block; an empty one is 0."""
    return (rotated((int.from_bytes(block, "little") * 0x87C37B91114253D5) & M64, 31, 64) * 0x4CF5AD432745937F) & M64


def mixed_second(block: bytes) -> int:
    """Mix the second half of a block; an empty one is 0."""
    return (rotated((int.from_bytes(block, "little") * 0x4CF5AD432745937F) & M64, 33, 64) * 0x87C37B91114253D5) & M64


def added(first: int, second: int) -> tuple[int, int]:
    """Add the halves to one another, the first first."""
    first = (first + second) & M64
    return first, (second + first) & M64


def finished(state: int) -> int:
    """Spread every bit over a half."""
    for shift, factor in ((33, 0xFF51AFD7ED558CCD), (33, 0xC4CEB9FE1A85EC53), (33, 1)):
        state = ((state ^ state >> shift) * factor) & M64
    return state


def rotated(number: int, left: int, bits: int) -> int:
    """Rotate a number of so many bits to the left."""
    return (number << left | number >> (bits - left)) & ((1 << bits) - 1)
