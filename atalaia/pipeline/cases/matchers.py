"""The matchers: ``{$regex: …}`` and the like, where an exact value cannot be told or does not matter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from analyzers.store.document import JsonValue
from atalaia.pipeline.cases.expected import Difference, ExpectationError, Expected, Got, Missing, equal, shown
from atalaia.pipeline.timestamp import Timestamp

Test: TypeAlias = Callable[[Got], bool]
Compile: TypeAlias = Callable[[JsonValue, tuple[str | int, ...]], Expected]
"""Makes an expectation of a value inside a matcher, given its path."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """A value that passes every test.

    Attributes:
        tests: The tests.
        written: The matcher as it was written.
    """

    tests: tuple[Test, ...]
    written: JsonValue

    def differences(self, got: Got, at: str) -> Iterator[Difference]:
        """See :class:`~atalaia.pipeline.cases.expected.Expected`."""
        if not all(test(got) for test in self.tests):
            yield Difference(at, shown(self.written), shown(got))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of matcher.

    Attributes:
        build: Makes the test of what stands under its name; may raise ``ValueError`` with the remedy.
        example: How it is written.
        meaning: What it says, for the documentation.
    """

    build: Callable[[JsonValue, Callable[[JsonValue], Expected]], Test]
    example: str
    meaning: str


def compile_matcher(written: Mapping[str, JsonValue], path: tuple[str | int, ...], inner: Compile) -> Matcher:
    """Compile an object whose names begin with ``$``; all of it must hold.

    Raises:
        ExpectationError: When there is no such matcher, or it is not well written.
    """
    tests: list[Test] = []
    if "$within" in written and "$near" not in written:
        raise ExpectationError((*path, "$within"), "$within goes with $near; write {$near: 1.5, $within: 0.01}")
    for name, value in written.items():
        if name == "$within":
            continue
        kind = KINDS.get(name)
        if kind is None:
            known = ", ".join(KINDS)
            raise ExpectationError((*path, name), f"there is no matcher {name}; the matchers are {known}")
        given = [value, written.get("$within")] if name == "$near" else value
        here = (*path, name)
        try:
            tests.append(kind.build(given, partial(_inside, inner, here)))
        except ExpectationError:
            raise
        except ValueError as error:
            raise ExpectationError(here, f"{name}: {error}") from None
    return Matcher(tuple(tests), dict(written))


def _inside(inner: Compile, path: tuple[str | int, ...], value: JsonValue) -> Expected:
    return inner(value, path)


def _holds(expected: Expected, got: Got) -> bool:
    return next(expected.differences(got, ""), None) is None


def _any(value: JsonValue, _inner: Callable[[JsonValue], Expected]) -> Test:
    if value is not True:
        raise ValueError("write {$any: true}, or null for a field that is not there")
    return lambda got: got is not None and not isinstance(got, Missing)


def _regex(value: JsonValue, _inner: Callable[[JsonValue], Expected]) -> Test:
    if not isinstance(value, str):
        raise ValueError("it takes a regular expression as text")  # noqa: TRY004 - told to the author, a wrong value
    try:
        search = re.compile(value).search
    except re.error as error:
        raise ValueError(f"{value!r} is no regular expression: {error}") from None
    return lambda got: isinstance(got, str) and search(got) is not None


def _instant_of(value: Got) -> Timestamp | None:
    try:
        return Timestamp.parse(value) if isinstance(value, str) and "T" in value else None
    except ValueError:
        return None


def _instant(value: JsonValue, _inner: Callable[[JsonValue], Expected]) -> Test:
    instant = _instant_of(value)
    if instant is None:
        raise ValueError('it takes an instant such as "2024-01-15T10:30:00Z"')
    return lambda got: _instant_of(got) == instant


TYPES: Final[Mapping[str, Test]] = {
    "string": lambda got: isinstance(got, str),
    "number": lambda got: isinstance(got, int | float) and not isinstance(got, bool),
    "integer": lambda got: isinstance(got, int) and not isinstance(got, bool),
    "float": lambda got: isinstance(got, float),
    "boolean": lambda got: isinstance(got, bool),
    "timestamp": lambda got: _instant_of(got) is not None,
    "array": lambda got: isinstance(got, list),
    "object": lambda got: isinstance(got, dict),
    "null": lambda got: got is None,
}


def _type(value: JsonValue, _inner: Callable[[JsonValue], Expected]) -> Test:
    names = value if isinstance(value, list) else ["null" if value is None else value]
    for name in names:
        if not isinstance(name, str) or name not in TYPES:
            raise ValueError(f"there is no type {name!r}; the types are {', '.join(TYPES)}")
    tests = [TYPES[str(name)] for name in names]
    return lambda got: any(test(got) for test in tests)


def _number(value: JsonValue) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is no number")  # noqa: TRY004 - told to the author as what it is, a wrong value
    return value


def _near(value: JsonValue, _inner: Callable[[JsonValue], Expected]) -> Test:
    number, tolerance = value if isinstance(value, list) else (value, None)
    if tolerance is None:
        raise ValueError("it needs $within beside it; write {$near: 1.5, $within: 0.01}")
    centre, within = _number(number), _number(tolerance)
    return lambda got: TYPES["number"](got) and isinstance(got, int | float) and abs(got - centre) <= within


def _bound(holds: Callable[[float, float], bool]) -> Callable[[JsonValue, Callable[[JsonValue], Expected]], Test]:
    def build(value: JsonValue, _inner: Callable[[JsonValue], Expected]) -> Test:
        limit = _number(value)
        return lambda got: isinstance(got, int | float) and not isinstance(got, bool) and holds(got, limit)

    return build


def _contains(value: JsonValue, inner: Callable[[JsonValue], Expected]) -> Test:
    expected = inner(value)

    def test(got: Got) -> bool:
        if isinstance(got, str):
            return isinstance(value, str) and value in got
        return isinstance(got, list) and any(_holds(expected, item) for item in got)

    return test


def _unordered(value: JsonValue, inner: Callable[[JsonValue], Expected]) -> Test:
    if not isinstance(value, list):
        raise ValueError("it takes a list")  # noqa: TRY004 - as above
    wanted = [inner(item) for item in value]

    def test(got: Got) -> bool:
        return isinstance(got, list) and len(got) == len(wanted) and _assign(wanted, list(got))

    return test


def _assign(wanted: list[Expected], items: list[JsonValue]) -> bool:
    """Tell whether each expectation can have an item of its own."""
    if not wanted:
        return True
    candidates = [number for number, item in enumerate(items) if _holds(wanted[0], item)]
    return any(_assign(wanted[1:], items[:number] + items[number + 1 :]) for number in candidates)


def _length(value: JsonValue, _inner: Callable[[JsonValue], Expected]) -> Test:
    length = _number(value)
    return lambda got: isinstance(got, str | list | dict) and len(got) == length


def _one_of(value: JsonValue, inner: Callable[[JsonValue], Expected]) -> Test:
    if not isinstance(value, list):
        raise ValueError("it takes a list")  # noqa: TRY004 - as above
    wanted = [inner(item) for item in value]
    return lambda got: any(_holds(each, got) for each in wanted)


def _not(value: JsonValue, inner: Callable[[JsonValue], Expected]) -> Test:
    expected = inner(value)
    return lambda got: not _holds(expected, got)


def _equals(value: JsonValue, _inner: Callable[[JsonValue], Expected]) -> Test:
    return lambda got: equal(value, got)


KINDS: Final[Mapping[str, Kind]] = {
    "$any": Kind(_any, "{$any: true}", "there is a value, whatever it is"),
    "$regex": Kind(_regex, '{$regex: "^r-[0-9]+$"}', "text in which the (Python) expression is found"),
    "$type": Kind(_type, "{$type: integer}", f"a value of the type, or of one in a list: {', '.join(TYPES)}"),
    "$near": Kind(_near, "{$near: 0.234, $within: 0.001}", "a number at most that far away"),
    "$gt": Kind(_bound(lambda got, limit: got > limit), "{$gt: 0}", "a greater number"),
    "$gte": Kind(_bound(lambda got, limit: got >= limit), "{$gte: 0, $lt: 10}", "a number at least that great"),
    "$lt": Kind(_bound(lambda got, limit: got < limit), "{$lt: 10}", "a smaller number"),
    "$lte": Kind(_bound(lambda got, limit: got <= limit), "{$lte: 10}", "a number at most that great"),
    "$instant": Kind(_instant, '{$instant: "2024-01-15T07:30:00-03:00"}', "the same instant, however it is written"),
    "$contains": Kind(_contains, "{$contains: timeout}", "text with that part, or a list with such an item"),
    "$unordered": Kind(_unordered, "{$unordered: [a, b]}", "a list of these items in any order"),
    "$length": Kind(_length, "{$length: 3}", "a list, object or text of that length"),
    "$one_of": Kind(_one_of, "{$one_of: [GET, HEAD]}", "one of these"),
    "$not": Kind(_not, "{$not: {$regex: password}}", "anything else, or nothing"),
    "$equals": Kind(_equals, "{$equals: {a: 1}}", "this and nothing more; nothing inside is a matcher"),
}
"""Every matcher, by its name."""
