"""JSON as Logstash's parsers (Jackson) read it and its codecs write it.

orjson does the work where it agrees; the standard library takes over for integers beyond 64 bits, numbers beyond a
double, and text after the document.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from typing import Final, cast

import orjson

from analyzers.store.document import JsonValue
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value

_SHAPE: Final = bytes.maketrans(b"123456789{", b"000000000[")
"""Makes every digit the same and every opening bracket, so that a search for some of either is one for bytes."""
_LONG_NUMBER: Final = b"0" * 19
_LONG_LIMIT: Final = float(2**63)
_ORJSON: Final = orjson.OPT_PASSTHROUGH_DATACLASS
_NULL: Final = re.compile(rb"null")
_SORTED: Final = _ORJSON | orjson.OPT_SORT_KEYS
_DEEPEST: Final = 200
"""Levels of nesting that are accepted; Logstash accepts 1,000, Elasticsearch maps 20."""
_SPACE: Final = " \t\r\n"


class JsonError(ValueError):
    """A text is not JSON, or holds half a surrogate pair."""


def read_json(text: str, *, trailing: bool = False) -> Value:
    """Return the value of a JSON text.

    Integers keep every digit, a number beyond a double becomes infinite, the last of several equal keys counts.

    Args:
        text: The document.
        trailing: Whether anything may follow the first value, as the ``json`` codecs allow.

    Raises:
        JsonError: When the text is no JSON.
    """
    shape = text.encode("utf-8", "surrogatepass").translate(_SHAPE)
    try:
        value: Value = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = _read_slowly(text, trailing=trailing)  # it accepts more, and words the error
    else:
        if _LONG_NUMBER in shape and _has_large_float(value):  # perhaps a whole number that orjson rounded
            value = _read_slowly(text, trailing=trailing)
    if shape.count(b"[") > _DEEPEST:
        _check_depth(value)
    return value


def write_json(value: Value, *, sort_keys: bool = False) -> str:
    """Return compact JSON, not escaped beyond need; infinities are the text Jackson writes (``"Infinity"``)."""
    return encode_json(value, sort_keys=sort_keys).decode("utf-8")


def encode_json(value: Value, *, sort_keys: bool = False) -> bytes:
    """Return compact JSON in UTF-8; see :func:`write_json`."""
    encoded = encode_exact(value, sort_keys=sort_keys)
    return _write_slowly(value, sort_keys=sort_keys) if encoded is None else encoded


def encode_exact(value: Value, *, sort_keys: bool = False) -> bytes | None:
    """Return compact JSON in UTF-8 that any parser reads back as it was; ``None`` for what needs more care.

    That is an integer beyond 64 bits, an infinity, or nesting beyond 254 levels.
    """
    options = _SORTED if sort_keys else _ORJSON
    try:
        encoded = orjson.dumps(value, default=Timestamp.__str__, option=options)  # any other type is a TypeError
    except TypeError:
        return None
    # orjson writes infinities as null without a word
    return None if _NULL.search(encoded) and _has_infinity(value) else encoded


def plain_json(value: Value) -> JsonValue:
    """Return a copy with timestamps and infinities as the text they are written as: nothing but JSON types."""
    encoded = encode_exact(value)
    return _walked(value) if encoded is None else cast("JsonValue", orjson.loads(encoded))


def _walked(value: Value) -> JsonValue:
    if isinstance(value, dict):
        return {name: _walked(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_walked(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return _number_word(value)
    return str(value) if isinstance(value, Timestamp) else value


def _has_large_float(value: Value) -> bool:
    """Tell whether there is a number beyond 64 bits in it."""
    if isinstance(value, dict | list):
        return any(map(_has_large_float, _items(value)))
    return isinstance(value, float) and not -_LONG_LIMIT < value < _LONG_LIMIT


def _refuse_constant(name: str) -> Value:
    raise JsonError(f"{name} is no JSON number")


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant)


def _read_slowly(text: str, *, trailing: bool) -> Value:
    start = len(text) - len(text.lstrip(_SPACE))
    try:
        result: Value
        result, end = _DECODER.raw_decode(text, start)
        _check_text(result)
    except (ValueError, RecursionError) as error:
        raise JsonError(str(error)) from error
    if not trailing and text[end:].strip(_SPACE):
        raise JsonError(f"text after the document at character {end}")
    return result


def _check_depth(value: Value) -> None:
    level: list[Value] = [value]
    for _ in range(_DEEPEST):
        level = [item for container in level for item in _items(container)]
    if level:
        raise JsonError(f"nested deeper than {_DEEPEST} levels")


def _items(value: Value) -> Iterable[Value]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _check_text(value: Value) -> None:
    """Refuse text that holds half a surrogate pair: it cannot be written as UTF-8."""
    if isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, list):
        for item in value:
            _check_text(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            name.encode("utf-8")
            _check_text(item)


def _number_word(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _has_infinity(value: Value) -> bool:
    if isinstance(value, dict):
        return any(map(_has_infinity, value.values()))
    if isinstance(value, list):
        return any(map(_has_infinity, value))
    return isinstance(value, float) and not math.isfinite(value)


def _write_slowly(value: Value, *, sort_keys: bool) -> bytes:
    text = json.dumps(_walked(value), ensure_ascii=False, separators=(",", ":"), sort_keys=sort_keys)
    return text.encode("utf-8")
