"""Convert the text of a value to the type of the field it is compared with."""

from __future__ import annotations

import ipaddress
import math
import re
from typing import Final

from analyzers.selection.errors import SelectionError
from analyzers.store.networks import parse_network
from analyzers.store.query import QueryError, Scalar
from analyzers.store.schema import INTEGRAL, NUMERIC, FieldSpec, FieldType

_BOOLEANS: Final = {"true": True, "false": False}
_INTEGER: Final = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def convert(text: str, spec: FieldSpec, where: str) -> Scalar:
    """Return the value that a text means for a field.

    Args:
        text: The value, unquoted.
        spec: The field.
        where: Where the value stands, for the message: ``at character 12``.

    Raises:
        SelectionError: When the text is not a value of the field's type, or such a field cannot be compared.
    """
    if spec.type in NUMERIC:
        return number(text, spec, where)
    if spec.type is FieldType.BOOLEAN:
        return _boolean(text, spec, where)
    if spec.type is FieldType.IP:
        return _address(text, spec, where)
    if spec.type is FieldType.KEYWORD:
        return text
    remedy = "use --since and --until" if spec.type is FieldType.DATE else f"search it by words: {spec.name} ~ word"
    raise SelectionError(f"{spec.name} is a {spec.type} field and cannot be compared {where}", remedy)


def number(text: str, spec: FieldSpec, where: str) -> int | float:
    """Return a number of the field's type.

    Raises:
        SelectionError: When the field is not numeric or the text is not such a number.
    """
    if spec.type not in NUMERIC:
        raise SelectionError(
            f"{spec.name} is a {spec.type} field, which has no order, {where}",
            "compare it with = or !=",
        )
    if spec.type in INTEGRAL:
        if _INTEGER.fullmatch(text) is None:
            raise SelectionError(f"{text!r} is not a whole number, as {spec.name} needs, {where}", "write digits only")
        return int(text)
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(value):
        raise SelectionError(f"{text!r} is not a number, as {spec.name} needs, {where}", "write a number such as 0.25")
    return value


def network(text: str, where: str) -> str:
    """Return a network in CIDR notation, as it is usually written.

    Raises:
        SelectionError: When the text is none.
    """
    try:
        return str(parse_network(text))
    except QueryError as error:
        raise SelectionError(f"{error.message}, {where}", error.remedy) from error


def _boolean(text: str, spec: FieldSpec, where: str) -> bool:
    if text not in _BOOLEANS:
        raise SelectionError(f"{text!r} is not true or false, as {spec.name} needs, {where}", "write true or false")
    return _BOOLEANS[text]


def _address(text: str, spec: FieldSpec, where: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError as error:
        raise SelectionError(
            f"{text!r} is not an IP address, as {spec.name} needs, {where}",
            "write an address or a network, such as 192.168.1.100 or 10.0.0.0/8",
        ) from error
