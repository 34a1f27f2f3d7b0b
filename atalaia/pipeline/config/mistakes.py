"""What people write who know other languages, or whom a key slipped, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Final, TypeAlias

from atalaia.pipeline.suggest import did_you_mean


class Place(Enum):
    """What may stand where a text could not be read."""

    SECTION = auto()
    STATEMENT = auto()
    BLOCK = auto()
    OPTION = auto()
    ARROW = auto()
    VALUE = auto()
    AFTER_ITEM = auto()
    AFTER_ENTRY = auto()
    OPERAND = auto()
    NEGATED = auto()
    OPERATOR = auto()
    PATTERN = auto()


_Remedy: TypeAlias = str | Callable[[re.Match[str]], str]
_Corrections: TypeAlias = tuple[tuple[str, _Remedy], ...]

_SECTIONS: Final = ("input", "filter", "output")


def _quoted(found: re.Match[str]) -> str:
    return f'put it in quotes: "{found[0]}"'


def _bracketed(found: re.Match[str]) -> str:
    """Return a bare name as a field reference; a dotted one may be a path."""
    name = found[0]
    path = "".join(f"[{part}]" for part in name.split(".") if part)
    both = f" (or {path} for a field inside another)" if "." in name else ""
    return f"a field stands in brackets: [{name}]{both}"


def _section(found: re.Match[str]) -> str:
    if found[0] == "if":
        return "conditions stand inside a section: filter { if … { … } }"
    return did_you_mean(found[0], _SECTIONS) or "plugins stand inside a section: filter { … }"


_COMMENT_SIGNS: Final[_Corrections] = ((r"//|/\*|--|;", "a comment begins with #"),)
_ARROWS: Final[_Corrections] = (
    (r"[:=]=?|->|~>", "write => between a name and its value"),
    (r"\{", "write => before a value; is a } missing above?"),
)
_NO_COMMAS: Final[_Corrections] = ((r"[,;]", "white space alone stands between them: remove it"),)
_BARE_VALUE: Final[_Corrections] = (
    (r"\$\{[^}\s]*\}", _quoted),
    (r"%\{[^}\s]*\}", _quoted),
    (r"/(?:[^/\s]|\\/)*/[imx]*(?=[\s,}\]])", "a regular expression stands in quotes here, without slashes"),
    (r"""[^\s,{}\[\]"'#=]+""", _quoted),
)

_CORRECTIONS: Final[Mapping[Place, _Corrections]] = {
    Place.SECTION: (*_COMMENT_SIGNS, (r"[A-Za-z_]\w*", _section), (r"\}", "a } is too many: no brace is open")),
    Place.STATEMENT: (*_COMMENT_SIGNS, (r"=>", "options stand inside the braces of a plugin")),
    Place.BLOCK: (
        (r"=>|=", "options stand inside the braces of a plugin: name { option => value }"),
        (r"then\b|:", "a block begins with {"),
    ),
    Place.OPTION: (*_NO_COMMAS, *_COMMENT_SIGNS),
    Place.ARROW: _ARROWS,
    Place.VALUE: (
        (r"[,;]", "a value is missing before it"),
        (r"=", "write => between a name and its value"),
        *_BARE_VALUE,
    ),
    Place.AFTER_ITEM: (
        (r";", "items are separated by commas"),
        (r"=>", "names with values stand in braces: { name => value }"),
        (r"""["'\w{\[]""", "items are separated by commas; is one missing?"),
        (r"\}", "is a ] missing before it?"),
    ),
    Place.AFTER_ENTRY: (*_NO_COMMAS, (r"\]", "is a } missing before it?"), *_BARE_VALUE),
    Place.OPERAND: (
        (r"(?i:true|false)\b", 'test the field alone, [field] or ![field]; the text is "true"'),
        (r"(?i:null|nil|none|undefined)\b", "a field that is missing or null is tested by ![field]"),
        (r"(?i:not)\b", "write ! before a field, or !( … ) around a condition"),
        (r"[A-Za-z_]\w+\s*\(", "there are no functions in conditions"),
        (r"%\{\[?([^}\s]*?)\]?\}", lambda found: f"a field stands in brackets: [{found[1]}]"),
        (r"\$\{[^}\s]*\}", _quoted),
        (r"/", "a regular expression stands right of =~ or !~"),
        (r"[A-Za-z_@][\w.@-]*", _bracketed),
    ),
    Place.NEGATED: (
        (r"!", "write !( … ) around what is already negated"),
        (r"""["'\d]""", "put parentheses around the comparison: !( … )"),
        (r"[A-Za-z_@][\w.@-]*", _bracketed),
    ),
    Place.OPERATOR: (
        (r"&&?", "write and"),
        (r"\|\|?", "write or"),
        (r"(AND|OR|XOR|NAND|IN|NOT +IN)\b", lambda found: f"write {found[0].lower()}"),
        (r"===|=(?![=~<>])|(?:is|eq|equals)\b", "write == to compare"),
        (r"!==|<>|ne\b", "write != to compare"),
        (r"=<", "write <="),
        (r"=>", "write >="),
        (r"~=?|(?:like|matches|match)\b", "write =~ to match a regular expression"),
        (r"(?:contains|includes|has)\b", 'write "text" in [field]'),
        (r"!\s*in\b|not\s*in\b", "write not in"),
        (r"then\b|[:;]", "a block begins with {"),
        (r"\)", "no parenthesis is open here"),
        (r"\[", "write a field of a field without white space, [outer][inner]"),
    ),
    Place.PATTERN: (
        (r"\[", "the expression is the same for all events: a field cannot give it; compare with == or in"),
        (r"\S+", "write it between slashes: /…/"),
    ),
}

_WORDS: Final[Mapping[str, str]] = {
    "elsif": "write else if",
    "elif": "write else if",
    "elseif": "an else if stands right after the } of its if",
    "unless": "write if !( … )",
    "endif": "a block ends with }",
    "end": "a block ends with }",
    "fi": "a block ends with }",
    "case": "there is no case: write if … else if …",
    "switch": "there is no switch: write if … else if …",
    "IF": "write if",
    "If": "write if",
    "ELSE": "write else",
    "Else": "write else",
}


def correction(place: Place, text: str, offset: int) -> str:
    """Return what to write instead of what stands at an offset; empty when nothing comes to mind."""
    for pattern, remedy in _CORRECTIONS[place]:
        found = re.compile(pattern).match(text, offset)
        if found is not None:
            return remedy if isinstance(remedy, str) else remedy(found)
    return ""


def misused_word(name: str) -> str:
    """Return what to write instead of a word that stands where a plugin's name does; empty when it may be a plugin."""
    return _WORDS.get(name, "")
