"""The time that redaction takes grows with a text's length and no faster, whatever the text is."""

from __future__ import annotations

import time

import pytest

from logging_lib.redaction import RedactionOptions, Redactor

REDACTOR = Redactor(RedactionOptions(emails=True))
SHORT = 8_000
TIMES = 8
FASTER_THAN_SQUARE = 3
"""A text eight times as long may take 8 * 3 times as long; the square would be 8 * 8."""

HOSTILE = [
    *("a", "=", '"', "'", "\\", '\\"', "1", "1 ", "12 ", "4111-", "1.", "a1", "1a", " ", "\n", ":", ",", "é", "-", "."),
    *(
        "password=",
        '"password": "',
        '{"token": [',
        "password: str ",
        'password("',
        "token '",
        '("password", ',
        "value=",
    ),
    *(
        'name="password" value',
        "--a ",
        "--password ",
        "<senha>",
        "</",
        'form-data; name="a"\r\n',
        "\\npassword",
        "key ",
    ),
    *("Authorization: ", "?code=", "&a=", "&", "%41", "%25", "%", "&quot;", "&#34;", "\\u0026", "bearer ", "Basic "),
    *("eyJ", "eyJ_", "eyJa.", "eyJaaaaaa.", "a_", "sk-", "xoxb-", "ghp_", "AKIA", "SG.a", "0:", "glpat-"),
    *(
        "://a:",
        "://a:@",
        "a@",
        "a.b-",
        "-----BEGIN PRIVATE KEY-----",
        "hooks.slack.com/services/",
        "[redacted]",
        "x=[redacted]",
    ),
]


def seconds(text: str) -> float:
    """Return the least CPU time of three runs."""
    taken = []
    for _ in range(3):
        started = time.process_time()
        REDACTOR.redact({"event": text})
        taken.append(time.process_time() - started)
    return min(taken)


@pytest.mark.parametrize("part", HOSTILE)
def test_a_hostile_text_takes_time_by_its_length(part: str) -> None:
    """No repetition of a trigger makes a regular expression or a loop go over the text again and again."""
    short, long = (seconds((part * (size // len(part) + 1))[:size]) for size in (SHORT, SHORT * TIMES))
    assert long < max(short, 0.0005) * TIMES * FASTER_THAN_SQUARE
