"""Options, mutate, codecs and outputs, beyond what the corpus shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.registry import FILTERS
from atalaia.pipeline.java import hash_order, java_float, ruby_float
from atalaia.pipeline.rejection import PluginError
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value
from tests.atalaia.pipeline.delivered import NOW, compiled, output


def filtered(filters: str, **fields: Value) -> dict[str, Value]:
    """Run one event through filters and return its fields, ``@timestamp`` and ``@version`` left out."""
    event = Event.create(dict(fields), Timestamp.from_datetime(NOW))
    (result,) = compiled(f"filter {{ {filters} }}").filter([event])
    return {name: value for name, value in result.data.items() if not name.startswith("@")}


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        ("filter { nope { } }", r"t.conf:1:10: there is no filter 'nope' here(.|\n)*drop"),
        ("filter { ruby { code => 'x' } }", r"there is no filter 'ruby'"),
        ("output { kafka { } }", r"there is no output 'kafka'"),
        ("input { beats { } }", r"there is no input 'beats'"),
        ("input { stdin { codec => cef } }", r"there is no codec 'cef'"),
        ("filter { drop { percent => 5 } }", r"t.conf:1:17: drop has no option 'percent'(.|\n)*percentage"),
        ("filter { drop { percentage => many } }", r"option 'percentage': expected a number, got 'many'"),
        ("filter { json { } }", r"json needs the option 'source'"),
        ("filter { drop { id => aa } drop { id => aa } }", r"t.conf:1:35: the id 'aa' is taken"),
        ("filter { drop { enable_metric => maybe } }", r"expected true or false, got 'maybe'"),
        ('filter { mutate { rename => ["a"] } }', r"even number of items, got 1"),
        ('filter { mutate { gsub => ["a", "b"] } }', r"by threes, there are 2"),
        ('filter { mutate { convert => { "a" => "long" } } }', r"no type 'long'"),
        ('input { file { path => "/x" codec => json_lines } }', r"waits for ever(.|\n)*json"),
        ('input { file { path => "/x" codec => plain { charset => "UTF-7" } } }', r"UTF-7 is not supported"),
        ('output { file { path => "%{a}/x" } }', r"first part may not come from an event"),
        ('output { elasticsearch { data_stream => "true" index => "x" } }', r"does not go with a data stream"),
        ('output { elasticsearch { action => "delete" } }', r"'delete' is not supported"),
    ],
)
def test_refused_at_load(configuration: str, message: str) -> None:
    """What is not there is refused by name, with its place; nothing is passed over."""
    with pytest.raises(ConfigurationError, match=message):
        compiled(configuration)


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_every_filter_refuses_an_unknown_option(name: str) -> None:
    """No filter takes an option it does not know."""
    with pytest.raises(ConfigurationError, match=f"{name} has no option 'no_such_option'|{name} needs the option"):
        compiled(f"filter {{ {name} {{ no_such_option => 1 }} }}")


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("1e3", "integer", 1000),
        ("-1.9e0", "integer", -1),
        ("1e-2", "integer", 0),
        (" -0x1f ", "integer", -31),
        ("12345678901234567890123", "integer", 12345678901234567890123),
        ("1.234,5", "float_eu", 1234.5),
        ("1e2", "float", 100.0),
        ("T", "boolean", True),
        (0.1, "string", "0.1"),
        (1e16, "string", "1.0e+16"),
        ([True, None], "integer", [1, None]),
    ],
)
def test_convert(value: Value, kind: str, expected: Value) -> None:
    """Values become what Ruby makes of them."""
    assert filtered(f'mutate {{ convert => {{ "a" => "{kind}" }} }}', a=value) == {"a": expected}


@pytest.mark.parametrize("text", ["1e999999999", "--1", "1__0", "_1", "1e", "0x", "٣", "1 2", "inf"])
def test_convert_refuses_what_is_no_number(text: str) -> None:
    """The value stays and the event is tagged, quickly even for absurd exponents."""
    assert filtered('mutate { convert => { "a" => "integer" } }', a=text) == {"a": text, "tags": ["_mutate_error"]}


@given(st.integers())
def test_convert_keeps_every_digit(number: int) -> None:
    """A whole number written out is itself again."""
    assert filtered('mutate { convert => { "a" => "integer" } }', a=str(number)) == {"a": number}


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_print_as_texts_that_read_as_themselves(number: float) -> None:
    """Java's and Ruby's forms differ, their value does not."""
    assert float(java_float(number)) == number
    assert float(ruby_float(number)) == number


@pytest.mark.parametrize(
    ("number", "java", "ruby"),
    [
        (9999999.0, "9999999.0", "9999999.0"),
        (10000000.0, "1.0E7", "10000000.0"),
        (0.001, "0.001", "0.001"),
        (0.00099, "9.9E-4", "0.00099"),
        (0.00001, "1.0E-5", "1.0e-05"),
        (1e16, "1.0E16", "1.0e+16"),
        (-123.456, "-123.456", "-123.456"),
    ],
)
def test_float_forms(number: float, java: str, ruby: str) -> None:
    """The bounds of plain notation, from the two languages' documentation."""
    assert (java_float(number), ruby_float(number)) == (java, ruby)


def test_hash_order_grows_its_table() -> None:
    """Thirteen keys live in a table of 32: one-letter names come by their code, modulo 32."""
    names = list("zyxwvutsrqponmlk")
    assert hash_order(names) == sorted(names, key=lambda name: ord(name) % 32)


@pytest.mark.parametrize("names", [("zy", "yz"), ("yz", "zy")])
def test_pairs_in_an_array_keep_their_order(names: tuple[str, str]) -> None:
    """Ruby makes a hash of an array of pairs in the order given; only a hash goes through Java's."""
    first, second = names
    fields = filtered(f'mutate {{ add_field => ["{first}", "1", "{second}", "%{{{first}}}2"] }}')
    assert fields == {first: "1", second: "12"}


def test_merge_of_several_sources() -> None:
    """A list collects all; an object and a list do not mix."""
    assert filtered('mutate { merge => { "a" => ["b", "c"] } }', a=[1], b=2, c=[3])["a"] == [1, 2, 3]
    assert filtered('mutate { merge => { "a" => "b" } }', a={"x": 1}, b=[3])["a"] == {"x": 1}


def test_gsub_with_references() -> None:
    """Groups, the whole match, a field in the expression, an undefined name."""
    assert filtered(r'mutate { gsub => ["a", "(b)(c)?", "<\1\2\0\\>"] }', a="abc")["a"] == r"a<bcbc\>"
    assert filtered('mutate { gsub => ["a", "%{b}+", "-"] }', a="xyyz", b="y")["a"] == "x-z"
    assert filtered(r'mutate { gsub => ["a", "x", "\k<n>"] }', a="x") == {"a": "x", "tags": ["_mutate_error"]}
    assert filtered('mutate { gsub => ["a", "%{b}", "-"] }', a="x", b="(")["tags"] == ["_mutate_error"]


def test_tags_of_the_common_options() -> None:
    """A tag is added again each time; removing takes every one; a single text is one tag."""
    assert filtered('mutate { add_tag => ["t", "t"] }', tags="s")["tags"] == ["s", "t", "t"]
    assert filtered('mutate { remove_tag => ["t"] }', tags=["t", "u", "t"])["tags"] == ["u"]


def test_an_error_outside_mutate_names_its_plugin() -> None:
    """What would stop Logstash is raised with the plugin's name, for the caller to keep the event."""
    with pytest.raises(PluginError, match="if: ") as caught:
        filtered("if [absent] in [list] { drop { } }", list=["x"])
    assert caught.value.plugin == "if"


def test_the_stdin_codecs_are_line_wise() -> None:
    """``plain`` and ``json`` on standard input read a line each, as Logstash changes them."""
    assert compiled("input { stdin { codec => json } }").inputs[0].codec.name == "json_lines"
    assert compiled("input { stdin { } }").inputs[0].codec.name == "line"


def test_inputs_describe_where_events_come_from() -> None:
    """Host, path and the common options; what the line says itself comes first."""
    source = compiled('input { file { path => "/x" type => "web" add_field => { "f" => "%{message}" } } }').inputs[0]
    (event,) = source.codec.decoder().decode(b"hello", Timestamp.from_datetime(NOW))
    source.finish(event, "/x/y.log")
    assert event.data["host"] == {"name": "box"}
    assert event.data["log"] == {"file": {"path": "/x/y.log"}}
    assert event.data["event"] == {"original": "hello"}
    assert (event.data["type"], event.data["f"]) == ("web", "hello")
    assert event.metadata == {"host": "box", "path": "/x/y.log"}
    scalar = Event.create({"host": "h", "type": "own"}, Timestamp.from_datetime(NOW))
    source.finish(scalar, "")
    assert (scalar.data["host"], scalar.data["type"]) == ("h", "own")


def test_conditions_choose_outputs() -> None:
    """Each output runs for the events of its branch."""
    conf = 'if [a] == 1 { stdout { codec => json_lines } } else { stdout { codec => line { format => "no" } } }'
    assert output(conf, a=2).printed == ["no\n"]


@pytest.mark.parametrize(
    ("text", "separator", "parts"),
    [
        ("a\u00a0b c\u2003d ", " ", ["a\u00a0b", "c\u2003d"]),
        (" a  b", " ", ["a", "b"]),
        (",a,,", ",", ["", "a"]),
        ("abc", "", ["a", "b", "c"]),
        (",", ",", []),
    ],
)
def test_mutate_splits_as_ruby_does(text: str, separator: str, parts: list[str]) -> None:
    """White space is that of ASCII, and empty parts at the end are dropped; the parts are those JRuby 10 gives."""
    assert filtered(f'mutate {{ split => {{ "a" => "{separator}" }} }}', a=text) == {"a": parts}


def test_options_every_filter_takes() -> None:
    """``periodic_flush`` changes nothing for filters that hold nothing back; ``v1`` of ECS is ``v8``."""
    assert filtered("drop { percentage => 0 periodic_flush => true }", a=1) == {"a": 1}
    assert filtered('json { source => "j" ecs_compatibility => v1 }', j='{"b":1}') == {"j": '{"b":1}', "b": 1}
    with pytest.raises(ConfigurationError, match=r"ecs_compatibility.*'disabled' or 'v8'"):
        filtered('json { source => "j" ecs_compatibility => v9 }')
