"""The code of a section does what the functions it stands for do, whatever the event looks like.

A pipeline is compiled twice: as always, and with every operation and condition as a call of the function that says what
it means. Both must leave the same events and the same counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from hypothesis import example, given, settings
from hypothesis import strategies as st

from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.counters import Counters
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.pipeline import compile_pipeline
from atalaia.pipeline.rejection import PluginError
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value, copy_dict

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
CONTEXT = PipelineContext("test", EcsCompatibility.V8, lambda: NOW, Path("/work"), "box")

Names: TypeAlias = st.SearchStrategy[str]

names = st.sampled_from(["a", "b", "c", "0", "tags"])
places: Names = st.one_of(
    st.lists(names, min_size=1, max_size=3).map(lambda parts: "".join(f"[{part}]" for part in parts)),
    st.lists(names, min_size=1, max_size=2).map(lambda parts: "".join(f"[{p}]" for p in ["@metadata", *parts])),
    st.sampled_from(["@timestamp", "[@metadata]", "[a", "%{b}", "[x][%{c}]"]),
)
texts = st.one_of(
    st.sampled_from(
        ["", "x", "5", "false", "a b", "%{a}", "%{[a][b]}-%{c}", "%{[@metadata][a]}", "%{+yyyy}", "%{[b]}"]
    ),
    places.map(lambda place: f"%{{{place}}}"),
)
scalars = st.sampled_from([None, True, False, 0, 5, 2.5, 1e300, "", "x", "5", "1.5", "false", "abc"])
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
fields = st.fixed_dictionaries({}, optional=dict.fromkeys(("a", "b", "c"), values))


def quoted(text: str) -> str:
    """Write a text as the configuration has it."""
    return f'"{text}"'


def option(name: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return an option of mutate with an array of texts; pairs make a hash."""
    return st.tuples(*parts).map(lambda given: f"{name} => [{', '.join(map(quoted, given))}]")


kinds = st.sampled_from(["integer", "float", "string", "boolean", "integer_eu", "float_eu"])
expressions = st.sampled_from(["x", "^.", "[0-9]+", "(a)(b)?"])
replacements = st.sampled_from(["", "y", "<\\1\\2>", "%{a}"])
operations = st.one_of(
    option("rename", places, places),
    option("copy", places, places),
    option("replace", places, texts),
    option("update", places, texts),
    option("coerce", places, texts),
    option("convert", places, kinds),
    option(
        "gsub",
        places,
        st.sampled_from(["x", "^.", "[0-9]+", "(a)(b)?"]),
        st.sampled_from(["", "y", "<\\1\\2>", "%{a}"]),
    ),
    option("uppercase", places),
    option("lowercase", places),
    option("capitalize", places),
    option("strip", places),
    option("split", places, st.sampled_from([" ", "b"])),
    option("join", places, st.sampled_from([",", ""])),
    option("merge", places, places),
    option("add_field", places, texts),
    option("remove_field", places),
    option("add_tag", texts),
    option("remove_tag", texts),
)


@st.composite
def mutates(draw: st.DrawFn) -> str:
    """Return a mutate filter with several options, each given once."""
    drawn = draw(st.lists(operations, min_size=1, max_size=5, unique_by=lambda text: text.split(" ")[0]))
    return f"mutate {{ {' '.join(drawn)} }}"


selectors = st.lists(names, min_size=1, max_size=3).map(lambda parts: "".join(f"[{part}]" for part in parts))
constants = st.sampled_from([quoted("x"), quoted("5"), quoted(""), "5", "2.5", "-1"])
orders = st.sampled_from(["==", "!=", "<", ">", "<=", ">="])
patterns = st.sampled_from([r"/\A/", "/x/", r"/\A\d+\z/", "/^a|b$/"])
memberships = st.sampled_from(["in", "not in"])
containers = st.sampled_from(['["x", "5"]', "[c]", quoted("xyz")])
joints = st.sampled_from(["and", "or", "xor", "nand"])
comparisons = st.one_of(
    selectors,
    selectors.map(lambda place: f"!{place}"),
    st.tuples(selectors, orders, st.one_of(constants, selectors)).map(" ".join),
    st.tuples(constants, st.sampled_from(["==", "!=", "<"]), selectors).map(" ".join),
    st.tuples(selectors, st.sampled_from(["=~", "!~"]), patterns).map(" ".join),
    st.tuples(constants, memberships, selectors).map(" ".join),
    st.tuples(selectors, memberships, containers).map(" ".join),
)
conditions = st.recursive(
    comparisons,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or", "xor", "nand"]), inner).map(lambda each: f"({' '.join(each)})")
        | inner.map(lambda each: f"!({each})")
    ),
    max_leaves=4,
)
others = st.sampled_from(
    [
        "drop { }",
        'json { source => "a" target => "b" }',
        'json { source => "c" }',
        'date { match => ["a", "ISO8601", "UNIX"] target => "[b][c]" add_tag => ["dated"] }',
        'grok { match => { "a" => "%{WORD:[b][a]} ?%{NUMBER:c:int}?" } }',
        'useragent { source => "[a][b]" target => "[a]" }',
    ]
)


@st.composite
def branches(draw: st.DrawFn, body: st.SearchStrategy[str]) -> str:
    """Return an ``if`` with perhaps an ``else if`` and an ``else``."""
    text = f"if {draw(conditions)} {{ {draw(body)} }}"
    if draw(st.booleans()):
        text += f" else if {draw(conditions)} {{ {draw(body)} }}"
    return text + (f" else {{ {draw(body)} }}" if draw(st.booleans()) else "")


statements = st.recursive(
    st.one_of(mutates(), others),
    lambda inner: branches(st.lists(inner, min_size=1, max_size=3).map(" ".join)),
    max_leaves=6,
)
sections = st.lists(statements, min_size=1, max_size=4).map(" ".join)


@dataclass(frozen=True)
class Outcome:
    """What a pipeline made of events."""

    events: list[tuple[dict[str, Value], dict[str, Value]]]
    rejected: list[str]
    counts: list[tuple[int, ...]]


@settings(max_examples=400, deadline=None)
@given(sections, st.lists(fields, min_size=1, max_size=3))
@example('mutate { rename => ["[a][b]", "[b][c]"] } mutate { copy => ["[b]", "[c]"] }', [{"a": {"b": 1}}, {"a": [1]}])
@example(
    'if [a][0] { mutate { remove_field => ["[a][0]"] } } mutate { replace => ["[a][0][b]", "x"] }', [{"a": [1, 2]}]
)
def test_the_code_does_what_the_functions_say(section: str, given_fields: list[dict[str, Value]]) -> None:
    """Events, rejections and counts are the same both ways."""
    assert outcome(section, given_fields, shortcuts=True) == outcome(section, given_fields, shortcuts=False), section


def outcome(section: str, given_fields: list[dict[str, Value]], *, shortcuts: bool) -> Outcome:
    """Run events through a filter section, in two batches: the first is timed, the second is not."""
    configuration = parse_configuration(f"filter {{ {section} }}", "t.conf")
    pipeline = compile_pipeline(configuration, CONTEXT, {}, shortcuts=shortcuts)
    rejected: list[str] = []

    def reject(_event: Event, error: PluginError) -> None:
        rejected.append(error.plugin)

    events: list[Event] = []
    for _ in range(2):
        batch = [Event.create(copy_dict(each), Timestamp.from_datetime(NOW)) for each in given_fields]
        events += pipeline.filter(batch, reject)
    seen = [(event.data, event.metadata) for event in events]
    return Outcome(seen, rejected, counts(pipeline.counters))


def counts(counters: Counters) -> list[tuple[int, ...]]:
    """Return the counts of plugins, then of arms."""
    plugins = [(each.events_in, each.events_out, each.dropped, each.failed) for each in counters.plugins]
    return [*plugins, *((each.taken,) for each in counters.arms)]
