"""The checks that documents of one shape must pass, each over all values that need it.

A check returns a bit, ``1 << place``, for each value that its field's indexed form does not give back, or ``None`` when
it cannot take the document: then the rule (:mod:`analyzers.store.validation`) judges it and finds the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from operator import itemgetter
from typing import NamedTuple, TypeAlias, cast

from analyzers.fields import DOC_COUNT, MOST_WEIGHT, SAMPLE_WEIGHT
from analyzers.store.document import JsonValue
from analyzers.store.instants import is_canonical, parse_millis
from analyzers.store.leaves import bounds, canonical_address, single_precision, utf16_length
from analyzers.store.schema import INTEGRAL, FieldSpec, FieldType
from analyzers.store.wellformed import GREATEST_INTEGER, LEAST_INTEGER, is_utf8, value_refusal

Values: TypeAlias = list[JsonValue]
Check: TypeAlias = Callable[[Values], int | None]
_Texts: TypeAlias = Callable[[Values], Sequence[str]]


class Place(NamedTuple):
    """A value of the shape, and the field it belongs to, if any."""

    place: int
    kind: type
    path: tuple[str, ...]
    field: FieldSpec | None

    def is_a(self, *types: FieldType) -> bool:
        """Tell whether the value belongs to a field of one of these types."""
        return self.field is not None and self.field.type in types


def checks(places: Sequence[Place]) -> Iterator[Check]:
    """Yield the checks for these values; those of instants and addresses also append their indexed forms, in order."""
    yield _texts([each.place for each in places if each.kind is str])
    if integers := [(each.place, *_range(each)) for each in places if each.kind is int]:
        yield _integers(integers)
    if floats := [each.place for each in places if each.kind is float]:
        yield _floats(floats)
    if singles := [each.place for each in places if each.is_a(FieldType.FLOAT) and each.kind is float]:
        yield _singles(singles)
    if nested := [each for each in places if each.field is None and each.kind in {list, dict}]:
        yield _nested(nested)
    if lists := [(each.place, _limit(each)) for each in places if each.field is not None and each.kind is list]:
        yield _lists(lists)
    if keywords := [each for each in places if each.is_a(FieldType.KEYWORD) and each.kind is str]:
        yield _keywords([each.place for each in keywords], [_limit(each) for each in keywords])
    yield _instants([each.place for each in places if each.is_a(FieldType.DATE)])
    if addresses := [each.place for each in places if each.is_a(FieldType.IP)]:
        yield _addresses(addresses)
    if weights := [each.place for each in places if each.path in _WEIGHTS and each.kind is int]:
        yield _weights(weights)


def _picking(places: Sequence[int]) -> _Texts:
    """Return a function that picks the texts at some places, at least one."""
    if len(places) == 1:
        (only,) = places
        return lambda values: (cast("str", values[only]),)
    return cast("_Texts", itemgetter(*places))


def _texts(places: Sequence[int]) -> Check:
    pick = _picking(places)

    def check(values: Values) -> int | None:
        texts = pick(values)
        return 0 if "".join(texts).isascii() or all(map(is_utf8, texts)) else None

    return check


def _integers(ranges: Sequence[tuple[int, int, int]]) -> Check:
    def check(values: Values) -> int | None:
        numbers = cast("list[int]", values)
        for place, least, greatest in ranges:
            if not least <= numbers[place] <= greatest:
                return None
        return 0

    return check


def _floats(places: Sequence[int]) -> Check:
    def check(values: Values) -> int | None:
        numbers = cast("list[float]", values)
        for place in places:
            if not isfinite(numbers[place]):
                return None
        return 0

    return check


def _singles(places: Sequence[int]) -> Check:
    def check(values: Values) -> int | None:
        inexact = 0
        for place in places:
            value = cast("float", values[place])
            kept = single_precision(value)
            if not isfinite(kept):
                return None
            inexact |= (kept != value) << place
        return inexact

    return check


def _nested(places: Sequence[Place]) -> Check:
    def check(values: Values) -> int | None:
        for place, _, path, _ in places:
            if value_refusal(values[place], len(path), path[-1]) is not None:
                return None
        return 0

    return check


def _lists(limits: Sequence[tuple[int, int]]) -> Check:
    def check(values: Values) -> int | None:
        inexact = 0
        for place, limit in limits:
            items = cast("list[JsonValue]", values[place])
            if not all(type(item) is str and is_utf8(item) and 2 * len(item) <= limit for item in items):
                return None
            inexact |= (not items) << place
        return inexact

    return check


def _keywords(places: Sequence[int], limits: Sequence[int]) -> Check:
    pick = _picking(places)
    surely_short = min(limits) // 2  # no character has more than two units

    def check(values: Values) -> int | None:
        texts = pick(values)
        if max(map(len, texts)) <= surely_short:
            return 0
        found = zip(places, limits, texts, strict=True)
        return sum((2 * len(text) > limit and utf16_length(text) > limit) << place for place, limit, text in found)

    return check


def _instants(places: Sequence[int]) -> Check:
    def check(values: Values) -> int | None:
        inexact = 0
        texts = cast("list[str]", values)
        for place in places:
            text = texts[place]
            millis = parse_millis(text)
            if millis is None:
                return None
            values.append(millis)
            inexact |= (not is_canonical(text)) << place
        return inexact

    return check


def _addresses(places: Sequence[int]) -> Check:
    def check(values: Values) -> int | None:
        inexact = 0
        texts = cast("list[str]", values)
        for place in places:
            text = texts[place]
            address = canonical_address(text)
            if address is None:
                return None
            values.append(address)
            inexact |= (address != text) << place
        return inexact

    return check


def _weights(places: Sequence[int]) -> Check:
    """The weight of a document stands in two places: there is no plan for a document that has one of them only."""

    def check(values: Values) -> int | None:
        first, *others = (values[place] for place in places)
        fits = 1 <= cast("int", first) <= MOST_WEIGHT
        return 0 if fits and all(other == first for other in others) else None

    return check


def _range(place: Place) -> tuple[int, int]:
    """Return the least and the greatest integer that a value may be."""
    if place.field is not None and place.field.type in INTEGRAL:
        return bounds(place.field.type)
    return LEAST_INTEGER, GREATEST_INTEGER


def _limit(place: Place) -> int:
    """Return how many UTF-16 units a keyword may have; none is as long as the default."""
    limit = None if place.field is None else place.field.ignore_above
    return _ENDLESS if limit is None else limit


_WEIGHTS = ((SAMPLE_WEIGHT,), (DOC_COUNT,))
_ENDLESS = 1 << 62
