"""Options and values of translate that the corpus does not show; expected values by hand, after the plugin's manual."""

from __future__ import annotations

import json
import logging
import os
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.values import Value
from tests.atalaia.pipeline.corpus import Json
from tests.atalaia.pipeline.filters.running import NOW, RunningFilter, run_filter


def translated(
    options: str,
    fields: dict[str, Value],
    *,
    ecs: EcsCompatibility = EcsCompatibility.DISABLED,
    directory: Path = Path("/"),
) -> dict[str, Json]:
    """Run the filter with ``source => "v"`` on fields."""
    return run_filter(f'translate {{ source => "v" {options} }}', fields, ecs=ecs, directory=directory)


VALUES: list[tuple[Value, Json]] = [  # looked up by Ruby's text of it
    ("a", "A"),
    (1, "one"),
    (1.0, "float"),
    (1e20, "big"),
    (True, "yes"),
    (None, "nothing"),
    ("", "nothing"),
    ([], "nothing"),
    (["a", 1], "A"),
    ([None, "a"], "nothing"),
    ({"k": [1, None]}, "object"),
]


@pytest.mark.parametrize(("value", "expected"), VALUES)
def test_values_are_looked_up_by_their_text(value: Value, expected: Json) -> None:
    """Of a list the first item counts; null is the empty text."""
    entries = (
        r"""'a' 'A' '1' 'one' '1.0' 'float' '1.0e+20' 'big' 'true' 'yes' '' 'nothing' '{"k" => [1, nil]}' 'object'"""
    )
    dictionary = "[" + entries.replace("' '", "', '") + "]"
    assert translated(f"dictionary => {dictionary}", {"v": value})["translation"] == expected


def test_a_translation_may_be_any_value() -> None:
    """Numbers stay numbers; arrays and hashes are copied for each event."""
    entries = '"n" => 5 "a" => ["x", 2] "h" => { "k" => "v" }'
    translate = f'translate {{ source => "v" target => "t" dictionary => {{ {entries} }} }}'
    running = RunningFilter(f'{translate} mutate {{ rename => {{ "[t][k]" => "moved" }} }}')
    assert running.run({"v": "n"})["t"] == 5
    assert running.run({"v": "a"})["t"] == ["x", 2]
    for _ in range(2):
        assert running.run({"v": "h"}) == {"v": "h", "t": {}, "moved": "v"}


def test_expressions_are_tried_in_order() -> None:
    r"""Ruby's syntax: ``^`` and ``$`` hold at every line, ``\h`` is a hexadecimal digit; an array keeps its order."""
    options = r'regex => true dictionary => ["^b$", "line", "\A\h+\z", "hex", "b", "some"]'
    for value, expected in (("a\nb\nc", "line"), ("beef", "hex"), ("cab!", "some")):
        assert translated(options, {"v": value})["translation"] == expected
    assert "translation" not in translated(options, {"v": "x"})


def test_keys_are_replaced_within_the_text() -> None:
    """Keys are no expressions, at each place the first that fits counts, and what is put in is not replaced again."""
    options = 'exact => false regex => true dictionary => ["a.", "1", "a", "2", "1", "3", "b", "%{x}"] override => true'
    assert translated(options, {"v": "a.ab1", "translation": "old"})["translation"] == "12%{x}3"
    assert "translation" not in translated(options, {"v": "xyz"})


@given(st.text("ab.*", max_size=8), st.dictionaries(st.text("ab.*", min_size=1, max_size=2), st.text("xy", max_size=2)))
def test_replacing_is_str_replace_for_one_key_after_another(text: str, entries: dict[str, str]) -> None:
    """From left to right: the first key that stands at a place is replaced, what follows goes on behind it."""
    expected, rest = "", text
    while rest:
        key = next((key for key in entries if rest.startswith(key)), None)
        expected += rest[0] if key is None else entries[key]
        rest = rest[1 if key is None else len(key) :]
    pairs = ", ".join(f'"{item}"' for entry in entries.items() for item in entry)
    after = translated(f'exact => false target => "t" fallback => "%{{v}}" dictionary => [{pairs}]', {"v": text})
    assert after["t"] == expected


def test_the_fallback_is_filled_in() -> None:
    """It may be empty; without a dictionary nothing is known."""
    assert translated('fallback => "no %{v}"', {"v": "x"})["translation"] == "no x"
    assert translated('fallback => ""', {"v": "x"})["translation"] == ""
    assert "translation" not in translated('fallback => "f"', {"w": "x"})


def test_targets_and_their_overriding() -> None:
    """A target that is there, be it null, is kept, except when it is the source or when told."""
    options = 'dictionary => { "x" => "y" } add_tag => ["t"]'
    assert translated(options, {"v": "x", "translation": None}) == {"v": "x", "translation": None}
    assert translated(f"{options} override => true", {"v": "x", "translation": None})["translation"] == "y"
    assert translated(f'{options} target => "v"', {"v": "x"}) == {"v": "y", "tags": ["t"]}
    assert translated(f'{options} target => "v"', {"v": "z"}) == {"v": "z", "tags": ["t"]}
    assert translated(f'{options} target => "v" override => false', {"v": "x"}) == {"v": "x"}
    assert translated(options, {"v": "z"}) == {"v": "z"}


def test_the_default_target_is_that_of_ecs() -> None:
    """With ECS the source is translated in its place; the filter's own setting comes first."""
    options = 'dictionary => { "x" => "y" }'
    assert translated(options, {"v": "x"}, ecs=EcsCompatibility.V8) == {"v": "y"}
    own = f"{options} ecs_compatibility => disabled"
    assert translated(own, {"v": "x"}, ecs=EcsCompatibility.V8) == {"v": "x", "translation": "y"}


def test_the_old_names_of_source_and_target() -> None:
    """They still work, and the new ones may not stand beside them."""
    old = 'translate { field => "v" destination => "[a][b]" dictionary => { "x" => "y" } }'
    assert run_filter(old, {"v": "x"})["a"] == {"b": "y"}


def test_a_list_of_values() -> None:
    """Each item is translated by its text, an unknown one becomes null; the filter fails when none is known."""
    options = 'iterate_on => "v" dictionary => { "1" => "one" "" => "empty" } add_tag => ["t"]'
    assert translated(options, {"v": [1, "2", None]}) == {
        "v": [1, "2", None],
        "translation": ["one", None, "empty"],
        "tags": ["t"],
    }
    assert translated(options, {"v": ["2"]}) == {"v": ["2"], "translation": [None]}
    assert translated(options, {"v": None}) == {"v": None, "translation": []}
    assert translated(options, {"v": 1, "translation": "kept"}) == {"v": 1, "translation": "kept"}
    in_place = translated(f'{options} target => "v"', {"v": ["2"]})
    assert in_place == {"v": [None], "tags": ["t"]}


def test_a_list_of_objects() -> None:
    """Objects without the field stay, those with an unknown value get the fallback; targets are replaced."""
    options = 'iterate_on => "[o][list]" target => "[name][short]" dictionary => { "1" => "one" } add_tag => ["t"]'
    objects: list[Value] = [{"v": 1, "name": {"short": "old"}}, {"v": "2"}, {"w": 1}, "text", {"v": None}]
    after = translated(f'{options} fallback => "no %{{x}}"', {"o": {"list": objects}, "x": "name"})
    assert after["o"] == {
        "list": [
            {"v": 1, "name": {"short": "one"}},
            {"v": "2", "name": {"short": "no name"}},
            {"w": 1},
            "text",
            {"v": None},
        ]
    }
    assert after["tags"] == ["t"]
    assert "tags" not in translated(options, {"o": {"list": [{"v": "2"}]}})
    assert translated(options, {"o": {"list": 5}}) == {"o": {"list": 5}}
    assert translated(options, {"o": {"list": {"v": 1}}}) == {"o": {"list": {"v": 1}}}


def test_what_goes_wrong_leaves_the_event(caplog: pytest.LogCaptureFixture) -> None:
    """A target below a text, a common option that fails: no tag, a warning, and the filter counts a failure."""
    for options in ('target => "[w][x]"', 'target => "t" add_field => { "[w][x]" => "y" }'):
        running = RunningFilter(
            f'translate {{ source => "v" {options} dictionary => {{ "x" => "y" }} add_tag => ["g"] }}'
        )
        caplog.clear()
        assert "tags" not in running.run({"v": "x", "w": "text"})
        assert [record.levelno for record in caplog.records] == [logging.WARNING]
        assert [plugin.failed for plugin in running.pipeline.counters.plugins] == [1]


FILES: list[tuple[str, str, str, dict[str, Json]]] = [  # name, content, further options, translations
    ("d.json", '{"a": 1, "b": {"c": [true]}}', "", {"a": 1, "b": {"c": [True]}}),
    ("d.json", "", "", {"a": None}),
    ("d.csv", 'a,1\nb,"two, three",x\n\nc,\n', "", {"a": "1", "b": "two, three", "": None}),
    ("d.yml", "a: yes\n'1': one\n2: two\n", "", {"a": True, "1": "one", "2": None}),
    ("d.yaml", "a: yes\n", "yaml_load_strategy => streaming", {"a": "yes"}),
    ("d.yml", "a: b\n", "yaml_dictionary_code_point_limit => 5", {"a": "b"}),
    ("d.csv", "b+,many\n", "regex => true", {"abbb": "many", "a": None}),
    ("d.json", '{"b": 2, "c": null}', "exact => false", {"abc": "a2"}),
]


@pytest.mark.parametrize(("name", "content", "options", "translations"), FILES)
def test_dictionaries_in_files(
    tmp_path: Path, name: str, content: str, options: str, translations: dict[str, Json]
) -> None:
    """The suffix says the format; a byte order mark is passed over; keys that are no text fit nothing."""
    (tmp_path / name).write_text("\ufeff" + content, encoding="utf-8")
    for text, expected in translations.items():
        after = translated(f'dictionary_path => "{name}" {options}', {"v": text}, directory=tmp_path)
        assert after.get("translation") == expected


def test_null_is_a_translation(tmp_path: Path) -> None:
    """A key with an empty second column is known."""
    (tmp_path / "d.csv").write_text("c,\n")
    assert translated('dictionary_path => "d.csv"', {"v": "c"}, directory=tmp_path) == {"v": "c", "translation": None}


class Refreshed:
    """A translate filter on a JSON file that changes.

    Args:
        folder: Where the file is put.
        options: Further options.
    """

    def __init__(self, folder: Path, options: str) -> None:
        self.file = folder / "d.json"
        self.write({"a": "1", "b": "1"}, at=0)
        self.running = RunningFilter(f'translate {{ source => "v" dictionary_path => "{self.file}" {options} }}')

    def write(self, entries: Json, *, at: int) -> None:
        """Write the file as of a second."""
        self.file.write_text(json.dumps(entries) if entries is not None else "{", encoding="utf-8")
        os.utime(self.file, (at, at))

    def after(self, seconds: float) -> tuple[Json, Json]:
        """Return what a and b are translated to so long after the start; null when they are not known."""
        self.running.now = NOW + timedelta(seconds=seconds)
        return self.running.run({"v": "a"}).get("translation"), self.running.run({"v": "b"}).get("translation")


def test_a_file_that_has_changed_is_read_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """When the interval has passed, not before; entries that are gone stay; a broken file changes nothing."""
    dictionary = Refreshed(tmp_path, "refresh_interval => 10")
    dictionary.write({"a": "2"}, at=1)
    assert dictionary.after(9.9) == ("1", "1")
    assert dictionary.after(10) == ("2", "1")
    dictionary.write({"a": "3"}, at=1)  # not seen: the time of change is the same
    assert dictionary.after(20) == ("2", "1")
    dictionary.write(None, at=2)
    assert dictionary.after(30) == ("2", "1")
    assert "the old entries stay" in caplog.text
    caplog.clear()
    assert dictionary.after(40) == ("2", "1")
    assert caplog.text == ""  # the same broken file is not complained of again
    dictionary.file.unlink()
    assert dictionary.after(50) == ("2", "1")
    assert "the old entries stay" in caplog.text
    dictionary.write({"b": "4"}, at=3)
    assert dictionary.after(60) == ("2", "4")


def test_the_new_entries_may_replace_the_old(tmp_path: Path) -> None:
    """Then those that are gone are gone, but not those of a broken file."""
    dictionary = Refreshed(tmp_path, "refresh_interval => 10 refresh_behaviour => replace")
    dictionary.write({"a": "2"}, at=1)
    assert dictionary.after(10) == ("2", None)
    dictionary.write(None, at=2)
    assert dictionary.after(20) == ("2", None)


def test_a_long_interval_reads_the_file_in_any_case(tmp_path: Path) -> None:
    """Beyond 300 seconds the time of change does not count; at 0 the file is never read again."""
    long, never = (tmp_path / name for name in ("long", "never"))
    for folder in (long, never):
        folder.mkdir()
    dictionary, fixed = Refreshed(long, "refresh_interval => 301"), Refreshed(never, "refresh_interval => 0")
    dictionary.write({"a": "2"}, at=0)
    fixed.write({"a": "2"}, at=1)
    assert dictionary.after(300) == ("1", "1")
    assert dictionary.after(301) == ("2", "1")
    assert fixed.after(10_000) == ("1", "1")


def test_expressions_of_a_file_are_compiled_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A key that is no expression leaves the old ones."""
    dictionary = Refreshed(tmp_path, "regex => true refresh_interval => 10 refresh_behaviour => replace")
    dictionary.write({"[ab]": "any"}, at=1)
    assert dictionary.after(10) == ("any", "any")
    dictionary.write({"(": "bad"}, at=2)
    assert dictionary.after(20) == ("any", "any")
    assert "is no expression" in caplog.text


REFUSED = [
    ('dictionary => { "a" => "b" }', "source"),
    ('source => "a" field => "b"', "field.*beside source"),
    ('source => "a" target => "b" destination => "c"', "destination.*beside target"),
    ('source => "a" dictionary => { "a" => "b" } dictionary_path => "d.yml"', "dictionary_path"),
    ('source => "a" dictionary => { "(" => "b" } regex => true', "no expression"),
    ('source => "a" dictionary => ["a"]', "even number"),
    ('source => "[a"', "not a field reference"),
    ('source => "a" iterate_on => "b]"', "not a field reference"),
    ('source => "a" dictionary_path => "missing.yml"', "cannot be used"),
    ('source => "a" dictionary_path => "d.txt"', "its name ends neither"),
    ('source => "a" dictionary_path => "bad.yml"', "cannot be used"),
    ('source => "a" dictionary_path => "list.json"', "no JSON object"),
    ('source => "a" dictionary_path => "d.yml" regex => true', "the key 2 is not text"),
    ('source => "a" dictionary_path => "d.yml" exact => false', "the key 2 is not text"),
    ('source => "a" dictionary_path => "d.yml" yaml_dictionary_code_point_limit => 3', "more than yaml_dictionary"),
    ('source => "a" dictionary_path => "d.yml" yaml_dictionary_code_point_limit => 0', "not positive"),
    ('source => "a" dictionary_path => "list.json" yaml_dictionary_code_point_limit => 9', "no YAML file"),
    ('source => "a" refresh_behaviour => drop', "refresh_behaviour"),
    ('source => "a" yaml_load_strategy => lazy', "yaml_load_strategy"),
]


@pytest.mark.parametrize(("options", "reason"), REFUSED)
def test_what_cannot_be_honoured_is_refused_at_load(tmp_path: Path, options: str, reason: str) -> None:
    """The refusal names the plugin and says why."""
    for name, content in (("d.yml", "2: b"), ("d.txt", "a,b"), ("bad.yml", "a: ["), ("list.json", "[1]")):
        (tmp_path / name).write_text(content)
    with pytest.raises(ConfigurationError, match=rf"translate[\s\S]*{reason}"):
        run_filter(f"translate {{ {options} }}", {}, directory=tmp_path)
