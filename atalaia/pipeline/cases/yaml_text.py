"""Read YAML so that it is known where everything stands.

Scalars follow YAML 1.2: dates are text, and so are ``yes``, ``no``, ``on``, ``off`` and ``10:30``; ``1e-05`` is a
number. A key that stands twice is refused. Anchors, aliases and ``<<`` work as usual.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

import yaml

from analyzers.store.document import JsonValue
from atalaia.pipeline.cases.errors import CaseError, Place

_LOADER: Final = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
_MERGE: Final = "<<"
_STANDARD: Final = tuple(f"tag:yaml.org,2002:{name}" for name in ("str", "map", "seq"))
_WORDS: Final[dict[str, bool | None]] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,400}|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)


class YamlText:
    """One YAML document.

    Attributes:
        value: What it says.

    Args:
        text: The whole file.
        file: Its name in messages.

    Raises:
        CaseError: When it is no YAML, has a key twice, or a tag such as ``!!set``.
    """

    def __init__(self, text: str, file: str) -> None:
        self._file = file
        try:
            self._root: yaml.Node | None = yaml.compose(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            raise CaseError([(self._place(error.problem_mark), f"this is no YAML: {error.problem}")]) from None
        except yaml.YAMLError as error:
            raise CaseError([(Place(file, 1, 1), f"this is no YAML: {' '.join(str(error).split())}")]) from None
        self._built: dict[int, JsonValue] = {}
        self._open: set[int] = set()
        self.value: JsonValue = None if self._root is None else self._value(self._root)

    def place(self, path: Sequence[str | int], *, of_key: bool = False) -> Place:
        """Return where a value begins; where the path leads nowhere, the last value it leads to.

        A position in what is no list is passed over: one thing may stand for a list of it.

        Args:
            path: The way to it.
            of_key: Whether the place of the last name itself is meant, not of its value.
        """
        node, mark = self._root, None if self._root is None else self._root.start_mark
        for number, name in enumerate(path):
            if isinstance(name, int) and not isinstance(node, yaml.SequenceNode):
                continue
            key, child = _child(node, name)
            if child is None:
                break
            last = number == len(path) - 1
            mark = key.start_mark if key is not None and (last and of_key) else child.start_mark
            node = child
        return self._place(mark)

    def _place(self, mark: yaml.Mark | None) -> Place:
        return Place(self._file, 1, 1) if mark is None else Place(self._file, mark.line + 1, mark.column + 1)

    def _value(self, node: yaml.Node) -> JsonValue:
        """Return a node's value; an alias gives the same object again."""
        if id(node) in self._built:
            return self._built[id(node)]
        if id(node) in self._open:
            raise self._refusal(node, "this holds itself", "write it out")
        if node.tag not in _STANDARD:
            raise self._refusal(node, f"the tag {node.tag} is not supported", "write text, a number, a list or a map")
        self._open.add(id(node))
        built: JsonValue
        if isinstance(node, yaml.MappingNode):
            built = self._mapping(node)
        elif isinstance(node, yaml.SequenceNode):
            built = [self._value(item) for item in node.value]
        elif isinstance(node, yaml.ScalarNode):
            built = _scalar(node)
        else:
            raise self._refusal(node, "this is no YAML value", "write text, a number, a list or a map")
        self._open.discard(id(node))
        self._built[id(node)] = built
        return built

    def _mapping(self, node: yaml.MappingNode) -> dict[str, JsonValue]:
        own: dict[str, JsonValue] = {}
        merged: dict[str, JsonValue] = {}
        for key, child in node.value:
            if _is_merge(key):
                merged = {**self._merged(child), **merged}
                continue
            if not isinstance(key, yaml.ScalarNode):
                raise self._refusal(key, "a key must be text", "put it in quotes")
            if key.value in own:
                raise self._refusal(key, f"the key {key.value!r} stands twice", "remove one of them")
            own[key.value] = self._value(child)
        return {**merged, **own}

    def _merged(self, node: yaml.Node) -> dict[str, JsonValue]:
        """Return what ``<<`` brings in: a map, or several of which the first comes first."""
        value = self._value(node)
        maps = value if isinstance(value, list) else [value]
        merged: dict[str, JsonValue] = {}
        for each in reversed(maps):
            if not isinstance(each, dict):
                raise self._refusal(node, "<< takes a map, or a list of maps", "name an anchor of a map")
            merged |= each
        return merged

    def _refusal(self, node: yaml.Node, problem: str, remedy: str) -> CaseError:
        return CaseError([(self._place(node.start_mark), f"{problem}; {remedy}")])


def _is_merge(key: yaml.Node) -> bool:
    return isinstance(key, yaml.ScalarNode) and key.value == _MERGE and not key.style


def _child(node: yaml.Node | None, name: str | int) -> tuple[yaml.Node | None, yaml.Node | None]:
    """Return the key and the value under a name; both ``None`` where there is none."""
    if isinstance(node, yaml.SequenceNode) and isinstance(name, int) and name < len(node.value):
        return None, node.value[name]
    if isinstance(node, yaml.MappingNode):
        return next(((key, child) for key, child in node.value if key.value == name), (None, None))
    return None, None


def _scalar(node: yaml.ScalarNode) -> JsonValue:
    text = str(node.value)
    if node.style:  # quoted, or a block
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    number = float(text) if _FLOAT.fullmatch(text) else math.inf
    return number if math.isfinite(number) else text
