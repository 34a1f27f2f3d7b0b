"""Every key of a case: it passes when it holds, and says what came out instead when it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.atalaia.pipeline.cases.support import PASSED, one

PLAIN = 'input { stdin { codec => "plain" } } filter { mutate { add_field => { "f" => "v" } } } output { stdout { } }'
FILE = "input: {event: {kind: file, name: n}}\n"
STORE = "input: {event: {kind: store, name: n}}\n"
BOTH = "input: {event: {kind: both}}\n"
LETTER = "input: {event: {kind: letter, error: {message: too bad}}}\n"
JSON = """
    input { file { path => ["/var/log/x"] codec => "json" } }
    filter {
      if [drop] { drop { } }
      mutate { add_tag => ["seen"] add_field => { "[@metadata][kind]" => "%{kind}" } }
    }
    output {
      if [kind] == "file" { file { path => "out/%{name}.txt" codec => line { format => "<%{name}>" } } }
      else if [kind] == "letter" { file { path => "${ATALAIA_DEAD_LETTER}/a.ndjson" } }
      else if [kind] == "store" { elasticsearch { id => "main" data_stream_dataset => "x" document_id => "%{name}" } }
      else if [kind] == "both" { stdout { codec => json_lines } elasticsearch { data_stream_dataset => "y" } }
    }
"""


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("input: {line: a}\nexpect: {message: a, f: v}", PASSED),
        (
            "input: {line: a}\nexpect: [{message: b}]",
            '  event 1 of 1\n    [message]  expected  "b"\n               got       "a"',
        ),
        ("input: {lines: [a, b]}\nexpect: [{message: a}, {message: b}]", PASSED),
        ("input: {lines: [a]}\nexpect: [{message: a}, {message: b}]", "  expected 2 events, got 1"),
        ("input: {event: {a: 1}}\nexpect: {message: '{\"a\": 1}'}", PASSED),
        ('input: {events: [{a: ç}, {b: 2}]}\nexpect: [{message: \'{"a": "ç"}\'}, {message: \'{"b": 2}\'}]', PASSED),
        ("input: {event: {a: {b: 1}}, after_codec: true}\nexpect: {a: {b: 1}, message: null}", PASSED),
        ("input: {event: {'@metadata': {m: 1}}, after_codec: true}\nexpect: {'[@metadata][m]': 1}", PASSED),
        (
            "input: {event: {'@metadata': {m: 1}}, after_codec: true}\nexpect: {'@metadata': {m: 2}}",
            "  event 1 of 1\n    [@metadata][m]  expected  2\n                    got       1",
        ),
        ("input: {line: a}\nexpect: {'[event][original]': a, '@timestamp': '2026-01-01T00:00:00.000Z'}", PASSED),
        (
            "input: {line: a}\nexact: true\nexpect: {message: a, f: v, host: {hostname: localhost}, event: {}}",
            (
                "  event 1 of 1\n"
                '    [event][original]  expected  (absent)\n                       got       "a"\n'
                '    [@version]         expected  (absent)\n                       got       "1"\n'
                "    [@timestamp]       expected  (absent)\n"
                '                       got       "2026-01-01T00:00:00.000Z"'
            ),
        ),
        (
            "input: {line: a}\ndropped: true",
            "  expected that nothing comes out, got 1 event\n  an event came out that was not expected: {rest}",
        ),
        (
            "input: {line: a}\ndead_letter: a",
            "  an event came out that was not expected: {rest}\n  expected 1 dead letter, got none",
        ),
        (
            "input: {line: a}\nrefused: a",
            "  an event came out that was not expected: {rest}\n  expected 1 event that the mapping refuses, got none",
        ),
        (
            "input: {line: a, via: file}\ndropped: true",
            "{file}:3:1: the case 'x': the pipeline has no input 'file'; the inputs are stdin:1:9",
        ),
    ],
)
def test_input_and_fields(tmp_path: Path, case: str, said: str) -> None:
    """How events come in, and what is said of the fields that come out."""
    rest = (
        '{"message": "a", "@version": "1", "@timestamp": "2026-01-01T00:00:00.000Z", "event": {"original": "a"}, '
        '"host": {"hostname": "localhost"}, "f": "v"}'
    )
    file = str(tmp_path / "a.cases.yaml")
    assert one(tmp_path, PLAIN, case) == said.replace("{rest}", rest).replace("{file}", file)


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("input: {event: {drop: true}}\ndropped: true", PASSED),
        ("input: {line: ''}\ndropped: true", PASSED),
        ("input: {event: {drop: true}}\nexpect: {a: 1}", "  expected 1 event, got none"),
        (FILE + "output: file\nexpect: {kind: file}", PASSED),
        (FILE + "output: out/n.txt\nexpect: {kind: file}", PASSED),
        (
            (FILE + "output: '{folder}/out/n.txt'\nwritten: \"<n>\\n\"\nexpect: {kind: file}"),
            PASSED,
        ),
        (
            FILE + "output: stdout\nwritten: x\nexpect: {kind: file}",
            (
                "  event 1 of 1\n    output   expected  stdout\n             got       file {folder}/out/n.txt\n"
                '    written  expected  "x"\n             got       "<n>\\n"'
            ),
        ),
        (
            (STORE + "output: main\nstream: logs-x-default\nid: n\nexpect: {kind: store}"),
            PASSED,
        ),
        (
            (STORE + "expect: {$output: elasticsearch, $stream: {$regex: ^logs-x}, $id: n}"),
            PASSED,
        ),
        (
            STORE + "stream: logs-z\nid: m\nwritten: a\nexpect: {}",
            (
                '  event 1 of 1\n    stream   expected  "logs-z"\n             got       "logs-x-default"\n'
                '    id       expected  "m"\n             got       "n"\n'
                '    written  expected  "a"\n             got       (absent)'
            ),
        ),
        (
            (BOTH + "output: [elasticsearch, stdout]\nstream: logs-y-default\nexpect: {kind: both}"),
            PASSED,
        ),
        (
            BOTH + "output: stdout\nexpect: {kind: both}",
            "  event 1 of 1\n    output  expected  stdout\n            got       stdout, elasticsearch",
        ),
        ("input: {event: {kind: other}}\noutput: none\nexpect: {kind: other}", PASSED),
        (
            "input: {event: {kind: other}}\nexpect: {kind: other}",
            "  event 1 of 1\n    output  expected  at least one\n            got       none",
        ),
        (
            FILE + "output: none\nexpect: {kind: file}",
            "  event 1 of 1\n    output  expected  none\n            got       file {folder}/out/n.txt",
        ),
        ("input: {event: {kind: both, tags: [a]}}\ntags: [seen, a]\nhas_tags: seen\nno_tags: b\nexpect: {}", PASSED),
        ("input: {event: {kind: both, tags: b}}\ntags: [b, seen]\nexpect: {}", PASSED),
        (
            BOTH + "tags: []\nhas_tags: [a, seen]\nno_tags: [seen, b]\nexpect: {}",
            (
                '  event 1 of 1\n    tags      expected  [] in any order\n              got       ["seen"]\n'
                '    has_tags  expected  ["a"]\n              got       ["seen"]\n'
                '    no_tags   expected  none of ["seen"]\n              got       ["seen"]'
            ),
        ),
        (BOTH + "expect: {'[@metadata][kind]': both}", PASSED),
        (LETTER + "dead_letter: bad", PASSED),
        (
            (LETTER + "dead_letter: {plugin: file, event: {kind: letter}}"),
            PASSED,
        ),
        ("input: {event: {kind: letter}}\ndead_letter: 'null'", PASSED),
        (
            (LETTER + "dead_letter: {reason: good, plugin: grok, event: {kind: x}}"),
            (
                '  dead letter 1 of 1\n    reason  expected  with "good"\n            got       "too bad"\n'
                '    plugin  expected  "grok"\n            got       "file"\n'
                '    [kind]  expected  "x"\n            got       "letter"'
            ),
        ),
        (
            (
                "input: {events: [{kind: letter, error: {message: a}}, {kind: both}]}\n"
                "dead_letter: [a]\nexpect: {kind: both}"
            ),
            PASSED,
        ),
        (
            (
                "input: {event: {kind: store, data_stream: {type: 5}}}\n"
                "dead_letter: {plugin: elasticsearch, reason: no name}"
            ),
            PASSED,
        ),
    ],
)
def test_outputs_and_dead_letters(tmp_path: Path, case: str, said: str) -> None:
    """Which outputs an event reaches, what they make of it, what becomes a dead letter, what is dropped."""
    folder = str(tmp_path)
    assert one(tmp_path, JSON, case.replace("{folder}", folder)) == said.replace("{folder}", folder)


def test_a_letter_that_was_not_expected_is_told(tmp_path: Path) -> None:
    """Its plugin, its reason and its fields."""
    said = one(tmp_path, JSON, LETTER + "expect: {kind: letter}")
    first, second = said.splitlines()
    assert first == "  expected 1 event, got none"
    assert second.startswith('  a dead letter of file that was not expected: too bad: {"kind": "letter", "error": {')


def test_a_plugin_that_cannot_work_makes_a_dead_letter(tmp_path: Path) -> None:
    """Where Logstash's pipeline would stop, the dead letter names the plugin."""
    pipeline = 'filter { date { match => ["a", "ISO8601"] target => "b" } uuid { target => "[b][c]" } }'
    event = 'input: {event: {a: "2024-01-15T10:30:00Z"}, after_codec: true}'
    assert one(tmp_path, pipeline, f"{event}\ndead_letter: {{plugin: uuid, reason: '[b][c] cannot be set'}}") == PASSED


REQUEST = 'filter { } output { elasticsearch { data_stream => "true" data_stream_dataset => "web.request" } }'


def test_what_the_mapping_refuses(tmp_path: Path) -> None:
    """A stored document is checked against the mapping when there is a template for its stream."""
    event = "input: {event: {http: {route: {a: 1}}}, after_codec: true}"
    assert one(tmp_path, REQUEST, f"{event}\nrefused: http.route") == PASSED
    said = one(tmp_path, REQUEST, f"{event}\nrefused: user.id")
    assert said.startswith('  refusal 1 of 1\n    reason  expected  with "user.id"\n            got       "http.route')
    first, second = one(tmp_path, REQUEST, f"{event}\nexpect: {{}}").splitlines()
    assert first == "  expected 1 event, got none"
    assert second.startswith("  the mapping refuses an event: http.route")


def test_events_keep_their_order(tmp_path: Path) -> None:
    """A branch that one of two events takes does not put it before the other."""
    pipeline = 'filter { if [message] == "b" { mutate { add_field => { "f" => "v" } } } }'
    assert one(tmp_path, pipeline, "input: {lines: [a, b]}\nexpect: [{message: a}, {message: b, f: v}]") == PASSED
