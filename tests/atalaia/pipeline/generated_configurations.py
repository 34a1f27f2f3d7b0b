"""Random valid configurations: a syntax tree, and a text in any layout that must be read as that tree.

``configurations()`` takes a strategy for plugins, so that a fuzz test may hand in plugins that exist.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import Final, TypeAlias

from hypothesis import strategies as st

from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.errors import Position
from atalaia.pipeline.filters.registry import FILTERS
from tests.atalaia.pipeline.written_configurations import Gap, closed, write_configuration

NOWHERE: Final = Position("generated", 1, 1, "")

Shape: TypeAlias = "tuple[Shape, ...] | str | int | float | bool | None"

_GAPS: Final = (" ", "\n", "\t", "\r\n", "  ", " # é } \" ' {\n", "\n#\r\n  ")
_TEXT_PIECES: Final = (
    "a",
    "é",
    "日",
    " ",
    "\n",
    "\r\n",
    "#",
    "{",
    "}",
    "=>",
    "%{x}",
    "\\n",
    "\\d",
    "[0]",
    "/",
    '"',
    "'",
    '\\"',
    "\\'",
)
_CHARACTERS: Final = st.characters(exclude_categories=["Cs"])


def shape(node: object) -> Shape:
    """Return a tree as nested tuples without positions, so that two trees can be compared."""
    if is_dataclass(node) and not isinstance(node, type):
        parts = [getattr(node, each.name) for each in fields(node) if each.name not in ("position", "places", "file")]
        return (type(node).__name__, *map(shape, parts))
    if isinstance(node, tuple):
        return tuple(shape(item) for item in node)
    if node is None or isinstance(node, str | int | float):
        return node
    raise TypeError(f"no part of a tree: {node!r}")


@dataclass(frozen=True, slots=True)
class Generated:
    """A configuration.

    Attributes:
        text: As a person might write it.
        tree: What it says.
    """

    text: str
    tree: syntax.Configuration


def configurations(plugin: st.SearchStrategy[syntax.Plugin] | None = None) -> st.SearchStrategy[Generated]:
    """Return configurations of up to three sections.

    Args:
        plugin: The plugins in them; any name with any options by default.
    """
    sections = st.lists(_sections(plugins() if plugin is None else plugin), max_size=3)
    trees = sections.map(lambda found: syntax.Configuration(NOWHERE.file, tuple(found)))
    return st.builds(
        _generated, trees, st.randoms(use_true_random=False).map(lambda random: lambda: random.choice(_GAPS))
    )


def plugins(name: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[syntax.Plugin]:
    """Return plugins with random options."""
    attributes = st.builds(syntax.Attribute, st.just(NOWHERE), _names() | _texts().filter(_quotable), values())
    return st.builds(
        syntax.Plugin, st.just(NOWHERE), _names() if name is None else name, st.lists(attributes, max_size=3).map(tuple)
    )


def real_filters() -> st.SearchStrategy[syntax.Plugin]:
    """Return filters that exist, with options they have and values of any kind, most of them wrong."""
    return st.sampled_from(sorted(FILTERS)).flatmap(_real_filter)


def _real_filter(name: str) -> st.SearchStrategy[syntax.Plugin]:
    model = FILTERS[name].options
    options = sorted(field.alias or option for option, field in model.model_fields.items())
    fitting = st.sampled_from(
        ("message", "[a][b]", "%{[a]}-%{+yyyy}", "integer", "ISO8601", "^x$", "%{WORD:w} %{INT:n:int}")
    )
    texts = st.builds(syntax.String, st.just(NOWHERE), fitting)
    lists = st.builds(syntax.Array, st.just(NOWHERE), st.lists(texts, max_size=4).map(tuple))
    pairs = st.dictionaries(fitting, texts | lists, max_size=3).map(lambda found: tuple(found.items()))
    hashes = st.builds(syntax.Hash, st.just(NOWHERE), pairs, st.just(()))
    value = texts | lists | hashes | values()
    attributes = st.builds(syntax.Attribute, st.just(NOWHERE), st.sampled_from(options), value)
    return st.builds(syntax.Plugin, st.just(NOWHERE), st.just(name), st.lists(attributes, max_size=4).map(tuple))


def values() -> st.SearchStrategy[syntax.Value]:
    """Return everything that may stand right of an arrow."""
    return st.recursive(_scalars(), _compound, max_leaves=8)


def conditions() -> st.SearchStrategy[syntax.Condition]:
    """Return conditions."""
    leaves = st.one_of(
        _selectors(),
        st.builds(syntax.Not, st.just(NOWHERE), _selectors()),
        st.builds(
            syntax.Comparison,
            st.just(NOWHERE),
            st.sampled_from(("==", "!=", "<", ">", "<=", ">=")),
            _operands(),
            _operands(),
        ),
        st.builds(syntax.Membership, st.just(NOWHERE), st.booleans(), _operands() | _lists(), _operands() | _lists()),
        st.builds(syntax.Match, st.just(NOWHERE), st.booleans(), _selectors(), _patterns()),
    )
    return st.recursive(leaves, _joined, max_leaves=6)


def _sections(plugin: st.SearchStrategy[syntax.Plugin]) -> st.SearchStrategy[syntax.Section]:
    statements = st.recursive(plugin, _branches, max_leaves=4)
    return st.builds(
        syntax.Section,
        st.just(NOWHERE),
        st.sampled_from(("input", "filter", "output")),
        st.lists(statements, max_size=3).map(tuple),
    )


def _branches(statement: st.SearchStrategy[syntax.Statement]) -> st.SearchStrategy[syntax.Statement]:
    bodies = st.lists(statement, max_size=2).map(tuple)
    arms = st.lists(st.builds(syntax.Arm, st.just(NOWHERE), conditions(), bodies), min_size=1, max_size=3)
    otherwise = st.lists(st.builds(syntax.Arm, st.just(NOWHERE), st.none(), bodies), max_size=1)
    return st.builds(lambda first, last: syntax.Branch(NOWHERE, (*first, *last)), arms, otherwise)


def _joined(condition: st.SearchStrategy[syntax.Condition]) -> st.SearchStrategy[syntax.Condition]:
    operators = st.sampled_from(list(syntax.BooleanOperator))
    return st.builds(syntax.Joined, st.just(NOWHERE), operators, condition, condition) | st.builds(
        syntax.Not, st.just(NOWHERE), condition
    )


def _names() -> st.SearchStrategy[str]:
    """Return names of plugins and options, none of which is a word with a meaning of its own."""
    return st.builds(str.__add__, st.sampled_from("aZ0_-xp"), st.text("bY9_-q", max_size=4))


def _words() -> st.SearchStrategy[str]:
    return st.builds(str.__add__, st.sampled_from("aZ_x"), st.text("bY9_q", min_size=1, max_size=4))


def _texts() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(_TEXT_PIECES), max_size=6).map("".join) | st.text(_CHARACTERS, max_size=4)


def _strings() -> st.SearchStrategy[syntax.String]:
    return st.builds(syntax.String, st.just(NOWHERE), _texts().filter(_quotable))


def _scalars() -> st.SearchStrategy[syntax.Value]:
    return st.one_of(_strings(), _numbers(), st.builds(syntax.Word, st.just(NOWHERE), _words()))


def _numbers() -> st.SearchStrategy[syntax.Number]:
    whole = st.integers(-(2**63), 2**63 - 1)
    return st.builds(syntax.Number, st.just(NOWHERE), whole | st.integers(-(10**9), 10**9).map(lambda n: n / 1000))


def _compound(value: st.SearchStrategy[syntax.Value]) -> st.SearchStrategy[syntax.Value]:
    keys = _texts().filter(_quotable) | _words()
    entries = st.dictionaries(keys, value, max_size=3).map(lambda found: tuple(found.items()))
    attributes = st.builds(syntax.Attribute, st.just(NOWHERE), _names(), value)
    return st.one_of(
        st.builds(syntax.Array, st.just(NOWHERE), st.lists(value, max_size=3).map(tuple)),
        st.builds(syntax.Hash, st.just(NOWHERE), entries, st.just(())),
        st.builds(syntax.Plugin, st.just(NOWHERE), _names(), st.lists(attributes, max_size=2).map(tuple)),
    )


def _selectors() -> st.SearchStrategy[syntax.Selector]:
    name = st.text(st.characters(exclude_characters="[],", exclude_categories=["Cs"]), min_size=1, max_size=5)
    parts = st.lists(name, min_size=1, max_size=3)
    return st.builds(syntax.Selector, st.just(NOWHERE), parts.map(lambda found: "".join(f"[{part}]" for part in found)))


def _operands() -> st.SearchStrategy[syntax.Operand]:
    return st.one_of(_selectors(), _strings(), _numbers())


def _lists() -> st.SearchStrategy[syntax.Array]:
    """Return lists of two or more: ``["x"]`` is a field in a condition, and so is the start of ``["]", "x"]``."""
    items = st.lists(_scalars(), min_size=2, max_size=3).filter(lambda found: "]" not in str(found[0]))
    return st.builds(syntax.Array, st.just(NOWHERE), items.map(tuple))


def _patterns() -> st.SearchStrategy[syntax.Pattern]:
    return st.builds(syntax.Pattern, st.just(NOWHERE), _texts().filter(_quotable))


def _quotable(text: str) -> bool:
    return closed(text, '"') or closed(text, "'")


def _generated(tree: syntax.Configuration, gap: Gap) -> Generated:
    return Generated(write_configuration(tree, gap), tree)
