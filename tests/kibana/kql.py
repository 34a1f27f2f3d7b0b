"""Kibana's query language as queries of Elasticsearch: the part that our objects use, after its documentation.

Not Kibana's own translation but one of ours, so that a panel is checked by a second reading of what it says.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TypeAlias

from lark import Lark, Token, Transformer

from atalaia.kibana.objects import Json, JsonObject

Query: TypeAlias = JsonObject
MATCH_ALL: Query = {"match_all": {}}

_GRAMMAR = r"""
?start: either
?either: both ("or" both)*
?both: one ("and" one)*
?one: "not" one -> opposite | "(" either ")" | comparison
comparison: NAME RANGE value -> bounded | NAME ":" "*" -> exists | NAME ":" value -> equal
          | NAME ":" "(" value ("or" value)* ")" -> among
value: STRING | WORD
RANGE: ">=" | "<=" | ">" | "<"
NAME: /[@a-z][\w.@]*/i
WORD: /[^\s():"<>=*]+/
STRING: /"(?:\\.|[^"\\])*"/
%ignore /\s+/
"""
_RANGES = {">=": "gte", "<=": "lte", ">": "gt", "<": "lt"}


def translated(text: str) -> Query:
    """Return the query that a KQL text means; everything for an empty one or a star."""
    if text.strip() in {"", "*"}:
        return MATCH_ALL
    found: Query = _Translating().transform(_parser().parse(text))
    return found


@cache
def _parser() -> Lark:
    # Earley knows from the place whether a word is a value or the operator "or".
    return Lark(_GRAMMAR, parser="earley", lexer="dynamic")


class _Translating(Transformer[Token, Query]):
    """From the tree to a query."""

    def value(self, parts: list[Token]) -> str:
        """Return a value without its quotes."""
        text = str(parts[0])
        return str(json.loads(text)) if text.startswith('"') else text

    def bounded(self, parts: list[Token]) -> Query:
        """``field >= 1``."""
        name, sign, bound = map(str, parts)
        return {"range": {name: {_RANGES[sign]: bound}}}

    def exists(self, parts: list[Token]) -> Query:
        """``field : *``."""
        return {"exists": {"field": str(parts[0])}}

    def equal(self, parts: list[Token]) -> Query:
        """``field : value``."""
        return {"match_phrase": {str(parts[0]): str(parts[1])}}

    def among(self, parts: list[Token]) -> Query:
        """``field : (one or other)``."""
        return _any([{"match_phrase": {str(parts[0]): str(each)}} for each in parts[1:]])

    def opposite(self, parts: list[Query]) -> Query:
        """``not …``."""
        return {"bool": {"must_not": [parts[0]]}}

    def both(self, parts: list[Query]) -> Query:
        """``… and …``."""
        return {"bool": {"filter": [*parts]}}

    def either(self, parts: list[Query]) -> Query:
        """``… or …``."""
        return _any(parts)


def _any(parts: list[Query]) -> Query:
    options: list[Json] = [*parts]
    return {"bool": {"should": options, "minimum_should_match": 1}}
