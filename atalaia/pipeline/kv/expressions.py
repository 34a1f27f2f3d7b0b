r"""The expressions that find pairs of keys and values. Source: logstash-filter-kv 4.7.0.

A key runs up to what separates it from its value, a value to what separates it from the next key; a backslash takes
the character after it along. A value may be quoted, or stand in brackets. The separators are regular expressions, or
the contents of a character class, as the user writes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import regex

from atalaia.pipeline.grok.onigmo import compile_translation, translate
from atalaia.pipeline.grok.onigmo_sets import ExpressionError
from atalaia.pipeline.options import OptionError

_QUOTES: Final = (('"', '"'), ("'", "'"))
_BRACKETS: Final = ((r"\(", r"\)"), (r"\[", r"\]"), ("<", ">"))


@dataclass(frozen=True, slots=True)
class Separator:
    """What stands between two things.

    Attributes:
        option: The option that says so.
        characters: The contents of a character class.
        pattern: An expression that is used instead.
    """

    option: str
    characters: str
    pattern: str | None = None

    @property
    def expression(self) -> str:
        """Return the expression, checked.

        Raises:
            OptionError: When it does not compile.
        """
        option = self.option if self.pattern is None else f"{self.option}_pattern"
        expression = f"[{self.characters}]" if self.pattern is None else self.pattern
        compile_option(option, expression)
        return _group(expression)


@dataclass(frozen=True, slots=True)
class Scanner:
    """Finds the pairs of a text.

    Attributes:
        splits: Whether there is a pair at all.
        escaped: Finds pairs; a match's first group is the key, of the others the first that took part is the value.
        plain: The same for a text without a backslash, where it finds the same in less time.
        explosive: For separators that Onigmo may search in exponential time, the expression that does so, too.
    """

    splits: regex.Pattern[str]
    escaped: regex.Pattern[str]
    plain: regex.Pattern[str]
    explosive: regex.Pattern[str] | None = None

    def scan(self, text: str, seconds: float | None) -> Iterator[regex.Match[str]]:
        """Yield the pairs.

        Args:
            text: Where to search.
            seconds: Time after which the search is given up.

        Raises:
            TimeoutError: When it took longer, or Onigmo would have.
        """
        end = 0
        if self.splits.search(text, timeout=seconds) is not None:
            for match in (self.escaped if "\\" in text else self.plain).finditer(text, timeout=seconds):
                yield match
                end = match.end()
        if self.explosive is not None:
            self.explosive.search(text, end, timeout=seconds)


@dataclass(frozen=True, slots=True)
class Syntax:
    """How pairs are written.

    Attributes:
        field: What stands between pairs.
        value: What stands between key and value.
        lenient: Whether blanks around what splits key and value belong to it.
        brackets: Whether brackets around a value are taken off.
    """

    field: Separator
    value: Separator
    lenient: bool
    brackets: bool


def compile_scanner(syntax: Syntax, *, strict_time: bool) -> Scanner:
    """Compile the expressions.

    Args:
        syntax: How pairs are written.
        strict_time: Whether a search that Onigmo would not finish in time is to be given up as it would be there.

    Raises:
        OptionError: When one of them does not compile.
    """
    field, value = syntax.field.expression, syntax.value.expression
    value = _group(f" *{value} *") if syntax.lenient else value
    escaped = _Writer(syntax, field, value, escapes=True).whole()
    plain = _Writer(syntax, field, value, escapes=False).whole()
    explosive = strict_time and translate(escaped).explosive
    return Scanner(
        compile_option("value_split", value),
        compile_option("field_split", escaped),
        compile_option("field_split", plain),
        compile_translation(translate(escaped, memoryless=True), dot_all=False) if explosive else None,
    )


def compile_option(option: str, expression: str) -> regex.Pattern[str]:
    """Compile an expression.

    Raises:
        OptionError: When it does not compile.
    """
    try:
        return compile_translation(translate(expression), dot_all=False)
    except ExpressionError as error:
        raise OptionError(option, error.message, error.remedy) from error


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the expression for a pair.

    Attributes:
        syntax: How it is written.
        field: The expression between pairs.
        value: The expression between key and value.
        escapes: Whether a backslash takes the next character along; without one in the text that makes no difference.
    """

    syntax: Syntax
    field: str
    value: str
    escapes: bool

    def whole(self) -> str:
        """Return the expression: a key, what splits, maybe a value, and what ends the pair."""
        end = _group(f"{self.field}|(?-mix:$)")
        return f"{self._key()}{self.value}{self._value()}?{end}"

    def _key(self) -> str:
        field, value = self.syntax.field, self.syntax.value
        if field.pattern is None and value.pattern is None:
            return self._until_class(value.characters + field.characters)
        return self._until(f"{self.value}|{self.field}")

    def _value(self) -> str:
        wrapped = [self._wrapped(*pair) for pair in (*_QUOTES, *(_BRACKETS if self.syntax.brackets else ()))]
        field = self.syntax.field
        bare = self._until_class(field.characters) if field.pattern is None else self._until(self.field)
        return _group("|".join([*wrapped, bare]))

    def _wrapped(self, opening: str, closing: str) -> str:
        return f"{opening}{self._until_class(closing)}?{closing}"

    def _until_class(self, characters: str) -> str:
        return rf"((?:\\.|[^{characters}])+)" if self.escapes else f"([^{characters}]+)"

    def _until(self, expression: str) -> str:
        return rf"((?:(?!{expression})(?:\\.|.))+)" if self.escapes else f"((?:(?!{expression}).)+)"


def _group(expression: str) -> str:
    """Return an expression as one unit, with options of its own, as Ruby puts one into another."""
    return f"(?-mix:{expression})"
