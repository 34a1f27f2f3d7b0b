"""The options of the input: durations, what is refused by name, which files the patterns find."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.inputs.files.durations import parse_duration
from atalaia.pipeline.inputs.files.options import FileOptions
from atalaia.pipeline.inputs.files.patterns import Patterns
from atalaia.pipeline.settings import SettingValue
from tests.atalaia.pipeline.inputs.files.driving import load


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1 hour", 3_600),
        ("2 d", 172_800),
        ("2.5 days", 216_000),
        ("6 weeks", 3_628_800),
        ("1w", 604_800),
        ("45 m", 2_700),
        ("35 min", 2_100),
        ("15 sec", 15),
        ("1 second", 1),
        ("250ms", 0.25),
        ("50 msecs", 0.05),
        ("800 usec", 0.0008),
        ("7", 7),
        ("0.5", 0.5),
        (" 3 s ", 3),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    """Every unit of Logstash's documentation, with and without a space."""
    assert parse_duration(text) == pytest.approx(seconds, rel=1e-12)


@pytest.mark.parametrize("text", ["", "hour", "1  hour", "-1", "1 fortnight", "2 hs", "1 milli", "1,5 s", "٣ s", "1e3"])
def test_what_is_no_duration(text: str) -> None:
    """Unknown units are refused; Logstash takes some of them for seconds."""
    with pytest.raises(ValueError, match="expected a duration"):
        parse_duration(text)


@given(st.integers(0, 10**6), st.sampled_from(["s", "m", "h", "d", "w"]))
def test_durations_are_whole_multiples_of_their_unit(number: int, unit: str) -> None:
    """A number of units is that many times one unit."""
    assert parse_duration(f"{number} {unit}") == number * parse_duration(f"1{unit}")


def test_bare_numbers_have_the_units_of_the_documentation() -> None:
    """``sincedb_clean_after => 2`` is two days, ``close_older => 2`` two seconds, quoted or not."""
    options = FileOptions.model_validate({"path": "/x", "sincedb_clean_after": 2, "close_older": "2"})
    assert (options.sincedb_clean_after, options.close_older) == (172_800, 2)


def test_the_defaults_are_logstash_s() -> None:
    """Those of the plugin's documentation, 4.4.6."""
    options = FileOptions.model_validate({"path": "/x"})
    assert options.model_dump(exclude={"path", "codec", "id", "enable_metric", "type", "tags", "add_field"}) == {
        "ecs_compatibility": None,
        "exclude": (),
        "mode": "tail",
        "start_position": "end",
        "sincedb_path": None,
        "sincedb_write_interval": 15,
        "sincedb_clean_after": 14 * 86_400,
        "stat_interval": 1,
        "discover_interval": 15,
        "ignore_older": None,
        "close_older": 3_600,
        "max_open_files": 4_095,
        "file_chunk_size": 32_768,
        "file_chunk_count": 9_223_372_036_854_775_807,
        "file_sort_by": "last_modified",
        "file_sort_direction": "asc",
        "file_completed_action": "delete",
        "file_completed_log_path": None,
        "exit_after_read": False,
        "check_archive_validity": False,
        "delimiter": "\n",
    }


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"path": "var/log/x"}, r"option 'path': 'var/log/x' is relative"),
        ({"mode": "follow"}, r"'follow' is none of tail, read"),
        ({"start_position": "middle"}, r"'middle' is none of beginning, end"),
        ({"file_sort_by": "size"}, r"'size' is none of last_modified, path"),
        ({"file_sort_direction": "up"}, r"'up' is none of asc, desc"),
        ({"file_completed_action": "move"}, r"'move' is none of delete, log, log_and_delete"),
        ({"mode": "read", "file_completed_action": "log"}, r"file_completed_action => 'log' needs it"),
        ({"mode": "read", "file_completed_action": "log", "file_completed_log_path": "/"}, r"is a directory"),
        ({"sincedb_path": "/"}, r"option 'sincedb_path': / is a directory"),
        ({"exit_after_read": "true"}, r"exit_after_read': it needs mode => \"read\""),
        ({"stat_interval": "soon"}, r"option 'stat_interval': expected a duration .*, got 'soon'"),
        ({"close_older": ["1 s", "2 s"]}, r"option 'close_older': expected one duration"),
        ({"discover_interval": 0}, r"option 'discover_interval': 0 is less than 1"),
        ({"file_chunk_size": 0}, r"option 'file_chunk_size': 0 is less than 1"),
        ({"file_chunk_count": -1}, r"option 'file_chunk_count': -1 is less than 1"),
        ({"delimiter": ""}, r"option 'delimiter': it is empty"),
        ({"poll": 1}, r"file has no option 'poll'"),
    ],
)
def test_refused(tmp_path: Path, options: dict[str, SettingValue], message: str) -> None:
    """What cannot be honoured is refused at load, by name."""
    with pytest.raises(ConfigurationError, match=message):
        load(tmp_path, **{"path": "/var/log/x", **options})


def found(tmp_path: Path, *patterns: str, exclude: tuple[str, ...] = ()) -> list[str]:
    """Return what patterns find below a directory, without it."""
    paths = tuple(f"{tmp_path}/{pattern}" for pattern in patterns)
    return sorted(path.removeprefix(f"{tmp_path}/") for path in Patterns(paths, exclude).find())


def test_patterns_find_what_ruby_s_do(tmp_path: Path) -> None:
    """Stars, sets, alternatives, any depth; names with a dot only when asked for; no way through linked directories."""
    for name in ("a.log", "b.log", "c.txt", ".hidden.log", "sub/d.log", "sub/deep/e.log", ".dir/f.log", "[g].log"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    assert found(tmp_path, "*.log") == ["[g].log", "a.log", "b.log"]
    assert found(tmp_path, "[ab].log", "[^ab].txt") == ["a.log", "b.log", "c.txt"]
    assert found(tmp_path, "{a,c}.*", "?.log") == ["a.log", "b.log", "c.txt"]
    assert found(tmp_path, "**/*.log") == ["[g].log", "a.log", "b.log", "sub/d.log", "sub/deep/e.log"]
    assert found(tmp_path, "sub/**") == ["sub/d.log", "sub/deep", "sub/loop"]
    assert found(tmp_path, ".*.log") == [".hidden.log"]
    assert found(tmp_path, r"\[g\].log") == ["[g].log"]
    assert found(tmp_path, "*.log", exclude=("b*", "*.gz", "[[]*")) == ["a.log"]
    assert found(tmp_path, "**/*.log", exclude=("sub/*",)) == found(tmp_path, "**/*.log")
    assert found(tmp_path, "not-yet.log") == ["not-yet.log"]
