"""Configurations and events made up at random from a seed, wild but near enough to sense that many are accepted."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import cache
from typing import Final, Protocol, cast

from pydantic import BaseModel, ValidationError

from atalaia.pipeline.config.build_settings import build_settings
from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.config.tree import Plugin
from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.filters.registry import FILTERS
from atalaia.pipeline.values import Value
from tests.atalaia.pipeline.corpus import corpus_root

_DATABASE: Final = corpus_root() / "geoip" / "GeoIP2-City-Test.mmdb"
_VALUES: Final = (
    *('"a"', '"[a][b]"', '"%{a}"', '"[@metadata][x]"', '"x-%{[a][0]}"', '"message"', '"tags"', '"@timestamp"', '"[a"'),
    *("true", '"false"', "5", "-1", "2.5", "0", '"1000"', '""', '" "', '","', '"\\u00e9"', "bare_word"),
    *('["a", "b"]', '["[a]", "%{b}", "c"]', '["message", "%{WORD:w}"]', '["a", "ISO8601", "UNIX"]', '["x", "y", "z"]'),
    *('["message", "yyyy-MM-dd"]', '["a", "^.", "y"]', '["10.0.0.0/8", "::1/128"]', '["a", "b", "c", "d"]'),
    *('{ "a" => "b" }', '{ "[a][b]" => ["x", "%{c}"] }', '{ "message" => "%{x} %{+x} %{?y}" }', '{ "a" => "integer" }'),
    *('{ "message" => "%{IP:[b][ip]}|%{NUMBER:n:int}" }', '{ "a" => "date" }', '{ "5" => "five" "x" => 1 }'),
    *('"^a+$"', '"[0-9]+"', '"(?<n>a|b)"', '"MD5"', '"SHA256"', '"UUID"', '"MURMUR3"', '"PUNCTUATION"', '"lenient"'),
    *('"Europe/Lisbon"', '"America/Sao_Paulo"', '"v8"', '"disabled"', '"UTF-8"', '"ISO-8859-1"', f'"{_DATABASE}"'),
)
_CONDITIONS: Final = (
    *("[a]", "![a][b]", '[a] == "x"', "[a] > 5", "[a] =~ /x|^$/", '"x" in [tags]', "[a] in [b]", '[a] in ["x", 5]'),
    *("[a] and [b] or [c]", "([a] xor [b])", "!([a] =~ /./ nand [b] != 5)", "[a][0] <= [b]", "[message] !~ /\\A{/"),
)
_TEXTS: Final = (
    *("", "x", "5", "-1.5e3", 'a=b c="d e"', 'a,b,"c""d"', '{"a": [1, {"b": null}]}', "10.1.2.3 x y", "%{a}", "\0\x1f"),
    *(
        "2024-01-15T10:30:00Z",
        "2024-02-30",
        "curl/8.5.0",
        "é€😀" * 9,
        "%41%zz+",
        "x" * 5_000,
        "a\nb\r\n",
        "[a](b)<c>{d}",
        "\ud7ff",
    ),
)
_NUMBERS: Final = (0, 1, -1, 5, 2**31, 2**63 - 1, 2**70, 0.5, -2.5, 1e300, 1e-300)


class _HasOptions(Protocol):
    options: type[BaseModel]


@cache
def _accepted(plugin: str) -> Mapping[str, tuple[str, ...]]:
    """Return, for each option of a filter, the values its model takes, as they are written."""
    model = cast("_HasOptions", FILTERS[plugin]).options
    names = [field.alias or name for name, field in model.model_fields.items()]
    found = {name: tuple(text for text in _VALUES if _takes(model, name, text)) for name in names if name != "id"}
    return {name: texts for name, texts in found.items() if texts}


def _takes(model: type[BaseModel], option: str, text: str) -> bool:
    (node,) = parse_configuration(f"filter {{ x {{ {option} => {text} }} }}", "fuzz.conf").statements("filter")
    assert isinstance(node, Plugin)
    try:
        model.model_validate(dict(build_settings(node, Variables({})).values))
    except ValidationError as error:
        return all(each["loc"][:1] != (option,) for each in error.errors())
    return True


class Fuzz:
    """Makes configurations and events.

    Args:
        seed: The same seed makes the same.
    """

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - made up, not secret

    def section(self) -> str:
        """Return a filter section."""
        return f"filter {{ {self._statements(3)} }}"

    def fields(self) -> dict[str, Value]:
        """Return an event's fields."""
        names = self._dice.sample(["a", "b", "c", "message", "tags", "x", "ip"], self._dice.randint(1, 5))
        return {name: self._value(3) for name in names}

    def mangled(self, text: str) -> str:
        """Return a text with some characters lost, doubled, swapped or put in."""
        characters = list(text)
        for _ in range(self._dice.randint(1, 6)):
            place = self._dice.randrange(len(characters) or 1)
            match self._dice.randrange(4):
                case 0:
                    del characters[place : place + self._dice.randint(1, 4)]
                case 1:
                    characters.insert(place, self._dice.choice("{}[]\"'=>#,()/\\!%$ \n\tif"))
                case 2:
                    characters[place:place] = characters[place : place + 20]
                case _:
                    characters[place : place + 1] = chr(self._dice.randrange(0xD7FF))
        return "".join(characters)

    def _statements(self, depth: int) -> str:
        return " ".join(self._statement(depth) for _ in range(self._dice.randint(1, 3)))

    def _statement(self, depth: int) -> str:
        if depth == 0 or self._dice.random() < 0.6:
            return self._filter()
        text = f"if {self._dice.choice(_CONDITIONS)} {{ {self._statements(depth - 1)} }}"
        if self._dice.random() < 0.3:
            text += f" else if {self._dice.choice(_CONDITIONS)} {{ {self._statements(depth - 1)} }}"
        return text + (f" else {{ {self._statements(depth - 1)} }}" if self._dice.random() < 0.5 else "")

    def _filter(self) -> str:
        name = self._dice.choice(list(FILTERS))
        accepted = _accepted(name)
        needed = [option for option in accepted if option in _NEEDED.get(name, ())]
        free = [option for option in accepted if option not in needed]
        chosen = [*needed, *self._dice.sample(free, min(len(free), self._dice.randint(0, 3)))]
        return f"{name} {{ {' '.join(f'{option} => {self._dice.choice(accepted[option])}' for option in chosen)} }}"

    def _value(self, depth: int) -> Value:
        match self._dice.randrange(7 if depth else 4):
            case 0:
                return self._dice.choice(_NUMBERS)
            case 1:
                return self._dice.choice((None, True, False))
            case 2 | 3:
                return self._dice.choice(_TEXTS)
            case 4:
                return [self._value(depth - 1) for _ in range(self._dice.randint(0, 3))]
            case _:
                return {name: self._value(depth - 1) for name in self._dice.sample(["a", "b", "0", "é"], 2)}


_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "cidr": ("address", "network"),
    "clone": ("clones",),
    "date": ("match",),
    "dissect": ("mapping",),
    "fingerprint": ("source", "method"),
    "geoip": ("source", "database", "target"),
    "grok": ("match",),
    "json": ("source",),
    "translate": ("source", "dictionary"),
    "truncate": ("length_bytes",),
    "useragent": ("source",),
    "uuid": ("target",),
}
"""Options without which a filter is refused, or does nothing."""
