"""Free text: what a person types into one field, searched for in every field that holds text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from analyzers.selection.errors import SelectionError
from analyzers.store.checks import MOST_SEARCHED
from analyzers.store.query import EVERYTHING, And, Contains, Not, Or, Predicate, Words
from analyzers.store.schema import FieldType, Schema
from analyzers.store.words import words_of

SEARCHED: Final = (
    "message",
    "error.message",
    "error.stack_trace",
    "error.type",
    "event.action",
    "http.route",
    "url.path",
    "url.query",
    "user_agent.original",
    "log.logger",
    "sql.text",
    "sql.error",
)
"""The fields that are looked into, where a stream has them."""

MOST_PIECES: Final = 10
"""So many pieces a free text may have: each is looked for in every field."""

_PIECE: Final = re.compile(r'(-?)"([^"]*)"|(-?)(\S+)')


def text_predicate(text: str, schema: Schema) -> Predicate:
    """Return the predicate for events in which every piece of a text is found, each in any field.

    Pieces stand apart by spaces, or within double quotes; a piece behind a minus must not be found. In full text a
    piece is words side by side, in keywords it is a part of the value (:mod:`analyzers.store.query.predicates`).

    Args:
        text: What was typed; empty for every event.
        schema: The fields of the stream.

    Raises:
        SelectionError: When there are too many pieces, or one is too long.
    """
    pieces = list(_pieces(text))
    if len(pieces) > MOST_PIECES:
        raise SelectionError(
            f"{len(pieces)} words are searched for", f"give at most {MOST_PIECES}, or put some in quotes"
        )
    found = [_anywhere(piece, schema, absent=absent) for absent, piece in pieces]
    if not found:
        return EVERYTHING
    return found[0] if len(found) == 1 else And(tuple(found))


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    for match in _PIECE.finditer(text):
        piece = match[2] if match[2] is not None else match[4]
        if piece.strip() and piece != "-":
            yield bool(match[1] or match[3]), piece


def _anywhere(piece: str, schema: Schema, *, absent: bool) -> Predicate:
    if len(piece) > MOST_SEARCHED:
        raise SelectionError(
            f"{piece[:40]!r}… is too long to be searched for", f"give at most {MOST_SEARCHED} characters"
        )
    fields = [schema.fields[name] for name in SEARCHED if name in schema.fields]
    words = bool(words_of(piece))
    within: list[Predicate] = [Words(each.name, piece) for each in fields if words and each.type is FieldType.TEXT]
    within += [Contains(each.name, piece) for each in fields if each.type is FieldType.KEYWORD]
    return Not(Or(tuple(within))) if absent else Or(tuple(within))
