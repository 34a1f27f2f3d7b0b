"""The tokens of an SQL statement with every literal replaced, for the dialects that SQLAlchemy speaks.

What may be shown of a statement is decided here, so wherever servers disagree on where a literal ends (a backslash
before a quote, a comment in a comment) the rest of the statement is left out: it may be part of a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

VALUE: Final = "?"
"""Stands for every literal and every placeholder."""
CUT: Final = "…"
"""Stands for the rest of a statement that could not be told from a value, or is too long."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What differs between servers in where a token ends.

    Attributes:
        quoted_names: A text in double quotes is a name, not a string.
        dollars: ``$tag$ … $tag$`` is a string.
        backslash_strings: ``E'…'`` is a string in which a backslash hides the next character.
        hash_comments: ``#`` begins a comment, and ``--`` only does with white space behind it.
        backticks: A text in backticks is a name.
        brackets: A text in square brackets is a name.
        known: False where all of this is a guess; then a doubtful place ends what is shown.
    """

    quoted_names: bool = False
    dollars: bool = False
    backslash_strings: bool = False
    hash_comments: bool = False
    backticks: bool = False
    brackets: bool = False
    known: bool = True


_POSTGRESQL: Final = Dialect(quoted_names=True, dollars=True, backslash_strings=True)
_MYSQL: Final = Dialect(hash_comments=True, backticks=True)
_UNKNOWN: Final = Dialect(dollars=True, known=False)
# SQLite takes a double-quoted name that no column has for a string, so such names are not shown.
_DIALECTS: Final = {
    "postgresql": _POSTGRESQL,
    "cockroachdb": _POSTGRESQL,
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
    "sqlite": Dialect(backticks=True, brackets=True),
    "mssql": Dialect(quoted_names=True, brackets=True),
    "oracle": Dialect(quoted_names=True, known=False),
}

_NEVER: Final = r"(?!)"
# All servers take characters beyond ASCII for letters, spaces and digits among them.
_LETTER: Final = r"[A-Za-z_\x80-\U0010ffff]"
_WORD: Final = rf"{_LETTER}(?:[0-9$]|{_LETTER})*+"
_NUMBER: Final = rf"(?:[0-9]|\.[0-9])(?:[eE][+-]?[0-9]|[0-9._])*+(?:{_WORD})?"
_PLACEHOLDER: Final = rf"""\$[0-9]+|%\([^()'"`$\\/*\#-]*\)s|%s(?!\w)|:{_WORD}|:[0-9]+"""
_OPERATOR: Final = r"::|:=|<=>|<=|>=|<>|!=|!~~\*?|\|\||->>|->|\#>>|\#>|@>|<@|&&|~~\*?"
_STRING: Final = r"(?:[bBnNxX]|[uU]&)?'[^']*+'(?:'[^']*+')*+"
_BACKSLASH_STRING: Final = r"[eE]'(?:[^'\\]|\\.|'')*+'"
_DOUBLE_QUOTED: Final = r'(?:[uU]&)?"[^"]*+"(?:"[^"]*+")*+'
_BACKTICKED: Final = r"`[^`]*+`(?:`[^`]*+`)*+"
_BRACKETED: Final = r"\[[^\]]*+\](?:\][^\]]*+\])*+"
# What is still open at the end of the statement.
_OPEN: Final = r"""/\*|(?:[eEbBnNxX]|[uU]&)?'|(?:[uU]&)?\""""
# A name in backticks that holds nothing which another server could read otherwise.
_PLAIN_BACKTICKED: Final = r"""`(?:(?!--|/\*)[^`'"\\])*+`"""
# Where an unknown server's quoting may begin: a name with a quote in it, Oracle's q'[…]'.
_FOREIGN: Final = rf"""\[(?![^\]'"]{{0,500}}+\](?!\]))|`(?!{_PLAIN_BACKTICKED[1:]})|[nN]?[qQ]'"""
# A quote with an odd number of backslashes before it: the string's end for standard SQL, hidden for MySQL.
_ESCAPED_QUOTE: Final = re.compile(r"""(?<!\\)(?:\\\\)*\\['"]""")


def tokens(sql: str, system: str) -> Iterator[str]:
    """Yield the tokens of a statement: names, operators and punctuation as they stand, ``?`` for each value.

    Comments and white space are left out. ``CUT`` is the last token where the rest may be part of a value.

    Args:
        sql: The statement as it goes to the driver; all of it is read, so cut it to a bound first.
        system: SQLAlchemy's name of the dialect: ``postgresql``, ``mysql``, ``sqlite``, …
    """
    match = _pattern(_DIALECTS.get(system, _UNKNOWN)).match
    position = 0
    while position < len(sql) and (found := match(sql, position)):
        kind, text = found.lastgroup, found[0]
        position = found.end()
        if kind == "dollar":
            end = sql.find(text, position)
            kind, position = ("value", end + len(text)) if end >= 0 else ("open", position)
        if kind in {"open", "foreign"} or _doubtful(kind, text):
            yield CUT
            return
        if kind not in {"space", "comment"}:
            yield VALUE if kind in {"value", "string"} else text


def _doubtful(kind: str | None, text: str) -> bool:
    """Tell whether servers, or settings of one server, disagree on where this token ends."""
    if kind == "string":
        return _ESCAPED_QUOTE.search(text) is not None
    if kind != "comment":
        return False
    if text.startswith("/*"):
        return "/*" in text[2:] or text.startswith("/*!")
    return "\r" in text.rstrip("\r")


@cache
def _pattern(dialect: Dialect) -> re.Pattern[str]:
    """Return the pattern of one token: an alternative for each kind, named after it, the first that fits."""
    kinds = {
        "space": r"[ \t\n\r\f\v]+",
        "comment": _comment(dialect),
        "foreign": _NEVER if dialect.known else _FOREIGN,
        "dollar": rf"\$(?:{_LETTER}(?:[0-9]|{_LETTER})*)?\$" if dialect.dollars else _NEVER,
        "operator": _OPERATOR,
        "string": _STRING if dialect.quoted_names else f"{_STRING}|{_DOUBLE_QUOTED}",
        "value": f"{_BACKSLASH_STRING if dialect.backslash_strings else _NEVER}|{_PLACEHOLDER}|{_NUMBER}",
        "name": _name(dialect),
        "open": _OPEN + ("|`" if dialect.backticks else "") + (r"|\[" if dialect.brackets else ""),
        "word": _WORD,
        "other": ".",
    }
    return re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds.items()), re.DOTALL)


def _comment(dialect: Dialect) -> str:
    line = r"\#[^\n]*|--(?=[\x00-\x20]|\Z)[^\n]*" if dialect.hash_comments else r"--[^\n]*"
    return rf"{line}|/\*.*?\*/"


def _name(dialect: Dialect) -> str:
    quoted = {
        _DOUBLE_QUOTED: dialect.quoted_names,
        _BACKTICKED: dialect.backticks,
        _BRACKETED: dialect.brackets,
        _PLAIN_BACKTICKED: not dialect.known,
    }
    return "|".join(pattern for pattern, wanted in quoted.items() if wanted) or _NEVER
