"""Every way to write a file of cases wrongly, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.atalaia.pipeline.cases.support import faults

HEAD = "pipeline: request\n"
CASE = f"{HEAD}cases:\n  - name: x\n    input: {{line: a}}\n"
"""Four lines; what is added stands in line 5."""
GIVE = "give a path from this file's folder, or one of access, receive, request"
KEYS = "exact, output, stream, id, written, tags, has_tags, no_tags, name, input, expect, dropped, dead_letter, refused"
TYPES = "string, number, integer, float, boolean, timestamp, array, object, null"
MATCHERS = (
    "$any, $regex, $type, $near, $gt, $gte, $lt, $lte, $instant, $contains, $unordered, $length, $one_of, $not, $equals"
)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[]", "1:1: the file must be an object: names and values"),
        (HEAD, "1:1: the key 'cases' is missing in a file of cases"),
        (
            "cases: [{name: x, input: {line: a}, dropped: true}]",
            "1:1: the key 'pipeline' is missing in a file of cases",
        ),
        (f"{HEAD}cases: []", "2:8: cases is empty"),
        ("pipeline: []\ncases: [{name: x, input: {line: a}, dropped: true}]", "1:11: pipeline is empty"),
        (
            f"{HEAD}case: []\n{CASE[len(HEAD) :]}    dropped: true\n",
            "2:1: there is no key 'case' in a file of cases; did you mean cases?",
        ),
        (f"{CASE}    expects: []\n", "5:5: there is no key 'expects' in a case; did you mean expect?"),
        (
            f"{CASE}    qqq: 1\n    dropped: true\n",
            "5:5: there is no key 'qqq' in a case; the keys are " + KEYS,
        ),
        (f"{HEAD}cases:\n  - input: {{line: a}}\n    dropped: true\n", "3:5: the key 'name' is missing in a case"),
        (f"{HEAD}cases:\n  - name: ''\n    input: {{line: a}}\n    dropped: true\n", "3:11: name is empty"),
        (f"{HEAD}cases:\n  - name: x\n    dropped: true\n", "3:5: the key 'input' is missing in a case"),
        (
            f"{HEAD}cases:\n  - name: 5\n    input: {{line: a}}\n    dropped: true\n",
            "3:11: name must be text; put it in quotes",
        ),
        (f"{HEAD}cases: {{name: x}}\n", "2:8: cases must be a list"),
        (f"{HEAD}cases: [x]\n", "2:9: item 1 of cases must be an object: names and values"),
        (
            f"{HEAD}cases:\n  - name: x\n    input: {{lin: a}}\n    dropped: true\n",
            "4:13: there is no key 'lin' below input; did you mean line?",
        ),
        (
            f"{HEAD}cases:\n  - name: x\n    input: {{}}\n    dropped: true\n",
            "4:5: input takes one of line, lines, event, events; it has none of them",
        ),
        (
            f"{HEAD}cases:\n  - name: x\n    input: {{line: a, event: {{}}}}\n    dropped: true\n",
            "4:5: input takes one of line, lines, event, events; it has line and event",
        ),
        (
            f"{HEAD}cases:\n  - name: x\n    input: {{line: 'a\\\n\n\n      b'}}\n    dropped: true\n",
            "4:13: a line has no line end inside; write the parts below lines",
        ),
        (
            f"{HEAD}cases:\n  - name: x\n    input: {{line: a, after_codec: true}}\n    dropped: true\n",
            "4:13: after_codec starts with an event, not with a line; write event",
        ),
        (
            f"{HEAD}cases:\n  - name: x\n    input: {{event: {{}}, after_codec: true, via: file}}\n    dropped: true\n",
            "4:43: via says what an input reads; after_codec passes inputs over",
        ),
        (
            f"{HEAD}cases:\n  - name: x\n    input: {{event: {{}}, after_codec: true, path: /f}}\n    dropped: true\n",
            "4:43: path says what an input reads; after_codec passes inputs over",
        ),
        (CASE, "3:5: the case 'x' does not say what becomes of its input; add expect, dropped, dead_letter or refused"),
        (f"{CASE}    expect: []\n", "5:5: expect is empty; write dropped: true"),
        (f"{CASE}    dropped: false\n", "5:5: dropped: false says nothing; write what comes out below expect"),
        (f"{CASE}    dropped: maybe\n", "5:14: dropped must be true or false"),
        (
            f"{CASE}    dropped: true\n    dead_letter: a\n",
            "5:5: dropped: true says that nothing comes out, but there is dead_letter",
        ),
        (f"{CASE}    dropped: true\n    tags: []\n", "6:5: tags speaks of the events below expect, and there are none"),
        (
            f"{CASE}    dead_letter: {{resaon: a}}\n",
            "5:19: there is no key 'resaon' in a dead_letter; did you mean reason?",
        ),
        (f"{CASE}    expect: [5]\n", "5:14: item 1 of expect must be an object: names and values"),
        (
            f"{CASE}    expect: [{{a: {{$rex: b}}}}]\n",
            "5:19: there is no matcher $rex; the matchers are " + MATCHERS,
        ),
        (
            f"{CASE}    expect: [{{a: {{$regex: '('}}}}]\n",
            "5:19: $regex: '(' is no regular expression: missing ), unterminated subpattern at position 0",
        ),
        (f"{CASE}    expect: [{{a: {{$regex: 5}}}}]\n", "5:19: $regex: it takes a regular expression as text"),
        (
            f"{CASE}    expect: [{{a: {{$any: 5}}}}]\n",
            "5:19: $any: write {$any: true}, or null for a field that is not there",
        ),
        (
            f"{CASE}    expect: [{{a: {{$type: text}}}}]\n",
            "5:19: $type: there is no type 'text'; the types are " + TYPES,
        ),
        (
            f"{CASE}    expect: [{{a: {{$near: 5}}}}]\n",
            "5:19: $near: it needs $within beside it; write {$near: 1.5, $within: 0.01}",
        ),
        (
            f"{CASE}    expect: [{{a: {{$within: 5}}}}]\n",
            "5:19: $within goes with $near; write {$near: 1.5, $within: 0.01}",
        ),
        (f"{CASE}    expect: [{{a: {{$gt: true}}}}]\n", "5:19: $gt: True is no number"),
        (
            f"{CASE}    expect: [{{a: {{$instant: today}}}}]\n",
            '5:19: $instant: it takes an instant such as "2024-01-15T10:30:00Z"',
        ),
        (f"{CASE}    expect: [{{a: {{$unordered: 5}}}}]\n", "5:19: $unordered: it takes a list"),
        (f"{CASE}    expect: [{{a: {{$one_of: 5}}}}]\n", "5:19: $one_of: it takes a list"),
        (
            f"{CASE}    expect: [{{a: {{$not: {{$rex: 5}}}}}}]\n",
            "5:26: there is no matcher $rex; the matchers are " + MATCHERS,
        ),
        (
            f"{CASE}    expect: [{{a: {{b: 1, $gt: 5}}}}]\n",
            "5:25: $gt stands beside fields; a matcher stands alone, for a field's value",
        ),
        (
            f"{CASE}    expect: [{{$strem: a}}]\n",
            "5:15: there is no key '$strem' that speaks of an event; did you mean $stream?",
        ),
        (f"{CASE}    expect: [{{$exact: 5}}]\n", "5:15: $exact must be true or false"),
        (f"{CASE}    expect: [{{$output: [none, file]}}]\n", "5:15: none says that there is no output; write it alone"),
        (f"{CASE}    expect: [{{'[a': 1}}]\n", "5:15: '[a' is not a field reference; write name or [outer][inner]"),
        (f"{HEAD}now: never\n{CASE[len(HEAD) :]}    dropped: true\n", "2:6: 'never' is not an ISO 8601 instant"),
        (
            f"{HEAD}ignore: [a, '[b']\n{CASE[len(HEAD) :]}    dropped: true\n",
            "2:13: '[b' is not a field reference; write name or [outer][inner]",
        ),
        (
            f"{HEAD}ecs_compatibility: v9\n{CASE[len(HEAD) :]}    dropped: true\n",
            "2:20: ecs_compatibility: it is one of disabled, v8",
        ),
        (
            f"{HEAD}variables: {{PORT: 5}}\n{CASE[len(HEAD) :]}    dropped: true\n",
            "2:19: PORT must be text; put it in quotes",
        ),
        (
            f"{HEAD}defaults: {{input: {{line: a}}}}\n{CASE[len(HEAD) :]}    dropped: true\n",
            "2:20: line belongs to a case, not to the defaults",
        ),
        (
            f"{HEAD}defaults: {{expect: {{$stream: a}}}}\n{CASE[len(HEAD) :]}    dropped: true\n",
            "2:21: $stream speaks of an event; write stream below defaults",
        ),
        (
            f"{HEAD}defaults: {{expct: 1}}\n{CASE[len(HEAD) :]}    dropped: true\n",
            "2:12: there is no key 'expct' below defaults; did you mean expect?",
        ),
        (
            "pipeline: nonesuch.conf\n" + CASE[len(HEAD) :] + "    dropped: true\n",
            f"1:11: there is no pipeline {{folder}}/nonesuch.conf; {GIVE}",
        ),
        (
            "pipeline: empty\n" + CASE[len(HEAD) :] + "    dropped: true\n",
            "1:11: there is no configuration in {folder}/empty; name another folder, or a file",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path: Path, text: str, fault: str) -> None:
    """One line: where, what is wrong, and what to write instead."""
    (tmp_path / "empty").mkdir()
    assert faults(tmp_path, text) == [fault.replace("{folder}", str(tmp_path))]


def test_every_fault_is_told(tmp_path: Path) -> None:
    """A file is read to its end: two wrong cases and a name given twice are three lines, in the order of the file."""
    text = f"{CASE}    expect: [{{a: {{$gt: b}}}}]\n  - name: x\n    input: {{line: a}}\n"
    assert faults(tmp_path, text) == [
        "5:19: $gt: 'b' is no number",
        "6:11: another case is named 'x'; a name tells cases apart",
        "6:5: the case 'x' does not say what becomes of its input; add expect, dropped, dead_letter or refused",
    ]


def test_a_sound_file_has_no_faults(tmp_path: Path) -> None:
    """The check can pass."""
    assert faults(tmp_path, f"{CASE}    dropped: true\n") == []
