"""The urldecode filter. Expected texts are those of the same steps in Ruby, run on JRuby 10."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.values import Value
from tests.atalaia.pipeline.corpus import Json
from tests.atalaia.pipeline.filters.running import new_event, run_events, run_filter, shown

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS)
def test_what_the_standard_library_encoded_comes_back(text: str) -> None:
    """Every character, be it encoded or not."""
    assert run_filter("urldecode { }", {"message": quote(text)}) == {"message": text}


DECODED = [
    ("a%E9b", "UTF-8", "a\\xE9b"),
    ("é%", "UTF-8", "é%"),
    ("%00%0a", "UTF-8", "\0\n"),
    ("%C3%28", "UTF-8", "\\xC3("),
    ("x%4", "UTF-8", "x%4"),
    ("%%41", "UTF-8", "%A"),
    ("%2541", "UTF-8", "%41"),
    ("é%E9", "ISO-8859-1", "Ã©é"),
    ("%E4%BD%a0", "ISO-8859-1", "ä½\xa0"),
    ("%80%81", "CP1252", "€\ufffd"),
    ("%41%00%3D%D8%00%DE", "UTF-16LE", "A😀"),
    ("%82%A0", "Shift_JIS", "あ"),
    ("%E9", "BINARY", "\ufffd"),
]


@pytest.mark.parametrize(("text", "charset", "expected"), DECODED)
def test_charsets(text: str, charset: str, expected: str) -> None:
    """All bytes of the text are read in the charset; in UTF-8, what is none is escaped with all the rest."""
    assert run_filter(f'urldecode {{ field => "u" charset => "{charset}" }}', {"u": text}) == {"u": expected}


PLACES: list[tuple[str, dict[str, Value], dict[str, Json]]] = [
    ('field => "[o][u]"', {"o": {"u": {"%41": ["%41", 5, {"k": "%42"}]}}}, {"o": {"u": {"%41": ["A", 5, {"k": "B"}]}}}),
    ('field => "[o][u]"', {}, {"o": {"u": None}}),
    ("all_fields => true", {"%41": "%41", "tags": ["%42"], "n": None}, {"%41": "A", "tags": ["B"], "n": None}),
    ('all_fields => true field => "none"', {"a": "%41"}, {"a": "A"}),
]


@pytest.mark.parametrize(("options", "fields", "expected"), PLACES)
def test_places(options: str, fields: dict[str, Value], expected: dict[str, Json]) -> None:
    """Values at any depth are decoded, names never; a field that is missing is set to null."""
    assert run_filter(f"urldecode {{ {options} }}", fields) == expected


FAILURES: list[tuple[str, dict[str, Value]]] = [
    ('field => "[a"', {}),
    ('field => "[s][u]"', {"s": "scalar"}),
    ('field => "tags"', {}),
]


@pytest.mark.parametrize(("options", "fields"), FAILURES)
def test_a_failure_is_tagged_and_counts_yet_the_common_options_are_applied(
    options: str, fields: dict[str, Value]
) -> None:
    """A malformed reference, a field below a scalar, null for the tags."""
    section = f'urldecode {{ {options} tag_on_failure => ["x", "y"] add_field => {{ "done" => "yes" }} }}'
    (event,) = run_events(section, new_event(fields))
    assert shown(event) == {**fields, "tags": ["x", "y"], "done": "yes"}


def test_charsets_that_are_not_decoded_are_refused() -> None:
    """One that Logstash has and we have not is unsupported; another is no charset at all."""
    with pytest.raises(ConfigurationError, match=r"charset.*UTF-7 is not supported") as unsupported:
        run_filter('urldecode { charset => "UTF-7" }', {})
    with pytest.raises(ConfigurationError, match=r"charset.*there is no charset 'utf-8'") as unknown:
        run_filter('urldecode { charset => "utf-8" }', {})
    assert (unsupported.value.unsupported, unknown.value.unsupported) == (True, False)
