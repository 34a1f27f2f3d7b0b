"""Events, field references and texts with references in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.sprintf import compile_reference, compile_template
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value

NOW = Timestamp.parse("2026-03-14T09:26:53.589Z")


def ref(text: str) -> FieldReference:
    """Return a parsed reference."""
    return FieldReference.parse(text)


@pytest.mark.parametrize("text", ["[a", "a]", "a[b]", "[a]b", "[]", "[a][]", "[[a]]", "[a][b]]"])
def test_malformed_references_are_refused(text: str) -> None:
    """Brackets must be balanced, full, and all or none."""
    with pytest.raises(EventError, match="not a field reference"):
        ref(text)


NAMES = st.text(st.characters(exclude_characters="[]", exclude_categories=["Cs"]), min_size=1)
SCALARS = st.none() | st.booleans() | st.integers() | st.text()


@given(path=st.lists(NAMES, min_size=1, max_size=4), value=SCALARS)
def test_what_is_set_can_be_read_and_removed(path: list[str], value: Value) -> None:
    """Any path, set in an empty event, is there with its value; removed, it is not."""
    if path[0] in {"@timestamp", "tags"} or path == ["@metadata"]:
        return
    event = Event({})
    reference = ref("".join(f"[{name}]" for name in path))
    assert not reference.includes(event)
    reference.set(event, value)
    assert reference.includes(event)
    assert reference.get(event) == value
    assert reference.remove(event) == value
    assert not reference.includes(event)


def test_list_items_count_from_both_ends() -> None:
    """Indices are names in a list; beyond its end it grows with nulls."""
    event = Event({"l": ["x", "y"]})
    assert (ref("[l][0]").get(event), ref("[l][-1]").get(event), ref("[l][2]").get(event)) == ("x", "y", None)
    ref("[l][3]").set(event, "z")
    assert event.data["l"] == ["x", "y", None, "z"]
    assert ref("[l][-4]").remove(event) == "x"
    with pytest.raises(EventError, match="no position"):
        ref("[l][name]").set(event, 1)
    with pytest.raises(EventError, match="no position"):
        ref("[l][999999999]").set(event, 1)


def test_a_scalar_has_no_fields() -> None:
    """Setting below a scalar raises and changes nothing; null gives way to an object."""
    event = Event({"s": "text", "n": None})
    with pytest.raises(EventError, match="neither an object nor a list"):
        ref("[s][x]").set(event, 1)
    ref("[n][x]").set(event, 1)
    assert event.data == {"s": "text", "n": {"x": 1}}


def test_metadata_is_apart() -> None:
    """It is set, read and removed like fields, and never among them."""
    event = Event.create({"@metadata": {"a": 1}}, NOW)
    ref("[@metadata][b][c]").set(event, 2)
    assert event.metadata == {"a": 1, "b": {"c": 2}}
    assert "@metadata" not in event.data
    assert ref("[@metadata]").remove(event) == {"a": 1, "b": {"c": 2}}
    with pytest.raises(EventError, match="not an object"):
        ref("@metadata").set(event, "x")


@pytest.mark.parametrize(
    ("name", "value"), [("@timestamp", "2026-01-01T00:00:00Z"), ("tags", 5), ("tags", [1]), ("[tags][x]", "y")]
)
def test_reserved_fields_take_their_own_kind_only(name: str, value: Value) -> None:
    """``@timestamp`` takes an instant, ``tags`` texts."""
    with pytest.raises(EventError):
        ref(name).set(Event.create({}, NOW), value)


def test_a_copy_shares_nothing() -> None:
    """Changing a copy leaves the event alone."""
    event = Event({"a": {"b": [1]}}, {"m": {"n": 1}}, source_id="id")
    copy = event.copy()
    ref("[a][b][0]").set(copy, 2)
    ref("[@metadata][m][n]").set(copy, 2)
    assert (event.data, event.metadata, copy.source_id) == ({"a": {"b": [1]}}, {"m": {"n": 1}}, "id")


@given(st.integers(Timestamp.parse("0001-01-01").nanos, Timestamp.parse("9999-12-31T23:59:59.999999999Z").nanos))
def test_timestamps_survive_printing(nanos: int) -> None:
    """Every nanosecond of the years 1 to 9999 prints as a text that reads as itself."""
    assert Timestamp.parse(str(Timestamp(nanos))) == Timestamp(nanos)


@pytest.mark.parametrize(
    "text", ["2026-02-29T00:00:00Z", "2026-03-14 09:26:53Z", "2026-03-14T24:00:01Z", "14.3.2026", ""]
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    """Days that do not exist, a space for the T, times beyond the day."""
    with pytest.raises(ValueError, match=r"."):
        Timestamp.parse(text)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("plain", "plain"),
        ("%{a}-%{[o][k]}", "A-v"),
        ("%{missing} %{null}", "%{missing} %{null}"),
        ("%{l}", "1,b,,3.5,{k=1}"),
        ("%{o}", '{"k":"v","n":1.0E7}'.replace("1.0E7", "10000000.0")),
        ("%{t}%{f}", "true1.0E-5"),
        ("%{+yyyy.MM.dd'T'HH}", "2026.03.14T09"),
        ("%{+''yy}", "'26"),
        ("%{{uuuu-MM-dd HH:mm:ss.SSSSSS}}", "2026-03-14 09:26:53.589000"),
        ("%{+%s}", "1773480413"),
        ("%{a", "%{a"),
    ],
)
def test_templates(template: str, expected: str) -> None:
    """Each kind of reference prints as Logstash prints it."""
    fields: dict[str, Value] = {"a": "A", "o": {"n": 1e7, "k": "v"}, "null": None, "t": True, "f": 1e-5}
    fields["l"] = [1, "b", None, 3.5, {"k": 1}]
    assert compile_template(template)(Event.create(fields, NOW)) == expected


@given(st.text(st.characters(exclude_characters="%")))
def test_a_text_without_references_is_itself(text: str) -> None:
    """And is known to be constant."""
    template = compile_template(text)
    assert template.constant
    assert template(Event({})) == text


def test_errors_in_templates_come_with_the_event() -> None:
    """A malformed reference is accepted at load and raises for each event, as in Logstash."""
    event = Event({})
    for use in (compile_template("%{a[b]}"), compile_template("%{+yyyy}"), compile_reference("[a")):
        with pytest.raises(EventError):
            use(event)
