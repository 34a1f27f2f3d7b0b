"""Read plugins, their options and the values of those."""

from __future__ import annotations

import re
from typing import Final

from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.config.escapes import unescape
from atalaia.pipeline.config.mistakes import Place
from atalaia.pipeline.config.numbers import read_number
from atalaia.pipeline.config.scanner import WHITE, Scanner
from atalaia.pipeline.errors import Position

NAME: Final = re.compile(r"[A-Za-z0-9_-]+")
_BAREWORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]+")
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]*)?")
_TOKEN: Final = re.compile(r"""[^\s,{}\[\]"'#=]+""")
# A backslash before the closing quote keeps the text open, and so does the second of two backslashes.
_DOUBLE: Final = re.compile(r'"(?:\\"|[^"])*+"')
_SINGLE: Final = re.compile(r"'(?:\\'|[^'])*+'")


def read_plugin(scanner: Scanner) -> syntax.Plugin:
    """Read a plugin, or a codec with braces, from its name on."""
    position = scanner.position()
    name = read_name(scanner) if scanner.character not in "\"'" else _quoted_text(scanner)
    scanner.skip()
    if not scanner.looking_at("{"):
        raise scanner.expected(f"{{ after the name {name}", Place.BLOCK)
    attributes: list[syntax.Attribute] = []
    with scanner.enclosed("{", f"the plugin {name}"):
        while not scanner.take("}"):
            attributes.append(_attribute(scanner))
            _end_option(scanner)
    return syntax.Plugin(position, name, tuple(attributes))


def read_name(scanner: Scanner) -> str:
    """Read a name that stands here."""
    found = scanner.match(NAME)
    if found is None:
        raise scanner.expected("a name", Place.STATEMENT)
    return found[0]


def read_string(scanner: Scanner) -> syntax.String:
    """Read a text in quotes, from its quote on."""
    position = scanner.position()
    inner = _quoted_text(scanner)[1:-1]
    return syntax.String(position, unescape(inner) if scanner.escapes else inner)


def read_number_here(scanner: Scanner) -> syntax.Number | None:
    """Read a number; ``None`` when none stands here."""
    position = scanner.position()
    found = scanner.match(_NUMBER)
    return None if found is None else syntax.Number(position, read_number(found[0], position))


def read_array(scanner: Scanner) -> syntax.Array:
    """Read an array, from its bracket on."""
    position = scanner.position()
    items: list[syntax.Value] = []
    with scanner.enclosed("[", "the array"):
        while not scanner.take("]"):
            if items:
                _comma(scanner)
            items.append(read_value(scanner))
            scanner.skip()
    return syntax.Array(position, tuple(items))


def read_value(scanner: Scanner) -> syntax.Value:
    """Read what stands right of an arrow, or in an array."""
    match scanner.character:
        case '"' | "'":
            return _text_value(scanner)
        case "[":
            return read_array(scanner)
        case "{":
            return _hash(scanner)
        case _:
            return _bare_value(scanner)


def _text_value(scanner: Scanner) -> syntax.String:
    start, text = scanner.offset, read_string(scanner)
    end = scanner.offset
    scanner.skip()
    if scanner.looking_at("{"):
        raise scanner.refusal("the name of a codec stands without quotes", remedy=f"write {text.text}", offset=start)
    scanner.offset = end
    return text


def _quoted_text(scanner: Scanner) -> str:
    """Read a text in quotes, quotes and all."""
    start, quote = scanner.offset, scanner.character
    found = scanner.match(_DOUBLE if quote == '"' else _SINGLE)
    if found is None:
        raise scanner.refusal(
            f"the text that begins here has no closing {quote}",
            remedy=f"close it; after a backslash {quote} does not end a text",
        )
    scanner.note_text(start)
    return found[0]


def _attribute(scanner: Scanner) -> syntax.Attribute:
    position = scanner.position()
    if scanner.character in ('"', "'"):
        name = _quoted_text(scanner)[1:-1]
    elif scanner.peek(NAME) is None:
        raise scanner.expected("the name of an option, or }", Place.OPTION)
    else:
        name = read_name(scanner)
    _arrow(scanner, f"the option {name}")
    return syntax.Attribute(position, name, read_value(scanner))


def _arrow(scanner: Scanner, after: str) -> None:
    scanner.skip()
    if not scanner.take("=>"):
        raise scanner.expected(f"=> after {after}", Place.ARROW)
    scanner.skip()


def _end_option(scanner: Scanner) -> None:
    """Pass over what stands between two options: white space first, as Logstash has it."""
    separate = scanner.character in WHITE
    scanner.skip()
    if scanner.at_end or scanner.looking_at("}") or separate:
        return
    if scanner.character in ",;":
        raise scanner.expected("the name of an option, or }", Place.OPTION)
    raise scanner.refusal("expected white space between two options")


def _comma(scanner: Scanner) -> None:
    comma = scanner.offset
    if not scanner.take(","):
        raise scanner.expected(", or ]", Place.AFTER_ITEM)
    scanner.skip()
    if scanner.looking_at("]"):
        raise scanner.refusal("expected a value after the last comma", remedy="remove the comma", offset=comma)


def _bare_value(scanner: Scanner) -> syntax.Value:
    """Read a word, a number or a codec with braces."""
    start, name = scanner.offset, scanner.match(NAME)
    if name is not None:
        scanner.skip()
        braces = scanner.looking_at("{")
        scanner.offset = start
        if braces:
            return read_plugin(scanner)
    return _word_or_number(scanner)


def _word_or_number(scanner: Scanner) -> syntax.Word | syntax.Number:
    position, whole = scanner.position(), scanner.peek(_TOKEN)
    text = whole[0] if whole else ""
    if _BAREWORD.fullmatch(text):
        scanner.offset += len(text)
        return syntax.Word(position, text)
    if _NUMBER.fullmatch(text):
        scanner.offset += len(text)
        return syntax.Number(position, read_number(text, position))
    if NAME.fullmatch(text):
        raise scanner.refusal(
            f"{text!r} is no value",
            remedy="put it in quotes: a bare word has two or more letters, digits or _ and begins with no digit",
        )
    raise scanner.expected("a value", Place.VALUE)


def _hash(scanner: Scanner) -> syntax.Hash:
    position = scanner.position()
    entries: dict[str, syntax.Value] = {}
    places: dict[str, Position] = {}
    written: set[str] = set()
    with scanner.enclosed("{", "the hash"):
        while not scanner.take("}"):
            start = scanner.offset
            name = _entry_name(scanner)
            if scanner.text[start : scanner.offset] in written:
                raise scanner.refusal(f"the name {name!r} stands twice in this hash", offset=start)
            written.add(scanner.text[start : scanner.offset])
            _arrow(scanner, f"the name {name!r}")
            entries[name] = read_value(scanner)
            places[name] = scanner.position(start)
            scanner.skip()
    return syntax.Hash(position, tuple(entries.items()), tuple(places.values()))


def _entry_name(scanner: Scanner) -> str:
    if scanner.character in ('"', "'"):
        return read_string(scanner).text
    if scanner.at_end or scanner.peek(_TOKEN) is None:
        raise scanner.expected("a name, or }", Place.AFTER_ENTRY)
    if scanner.peek(NAME) is None:
        raise scanner.expected("a name in quotes, or }", Place.AFTER_ENTRY)
    value = _word_or_number(scanner)
    return value.text if isinstance(value, syntax.Word) else str(value.value)
