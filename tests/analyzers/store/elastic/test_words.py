"""Our words are the analyzer's: a real server is asked, about every character and about generated texts."""

from __future__ import annotations

import os
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzers.store.elastic.answers import a_list, a_text, an_object
from analyzers.store.elastic.connection import Connection
from analyzers.store.words import words_of
from analyzers.store.words.classes import RANGES

pytestmark = pytest.mark.elasticsearch

_SOME: Final = 1_200
"""Characters of one request: each is in seven words at most, and the server gives 10,000."""

_EDGES: Final = tuple(
    chr(int(code, 16)) for text in RANGES.values() for part in text.split() for code in part.split("-")
)
_TELLING: Final = tuple("ab1_.,:;'\"- #*\u05d0\u30a2\u200d\ufe0f\ufe0e\u20e3\U0001f600\u261d\U0001f3fb\U0001f1e7\u0e01")
_TELLING_MORE: Final = tuple("\u0e31\u0301\U000e0020\U000e007f\u24c2é\u00ad\u65e5")
_TEXTS: Final = st.one_of(
    st.text(st.sampled_from((*_TELLING, *_TELLING_MORE)), max_size=14),
    st.text(st.sampled_from(_EDGES), max_size=10),
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.builds(
        lambda text, times: text * times,
        st.text(st.sampled_from(_TELLING), min_size=1, max_size=4),
        st.integers(60, 300),
    ),
)


def _analyzed(connection: Connection, text: str) -> list[str]:
    """Return the words that the server's standard analyzer makes of a text."""
    answer = connection.call("POST", "/_analyze", {"analyzer": "standard", "text": text})
    tokens = a_list(answer.get("tokens"), "tokens")
    return [a_text(an_object(token, "token").get("token"), "token") for token in tokens]


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), derandomize="CI" in os.environ)
@given(text=_TEXTS)
def test_generated_texts_have_the_server_s_words(connection: Connection, text: str) -> None:
    """Letters, digits and what joins them, scripts without spaces, emoji sequences, words to be cut: all as it does."""
    assert words_of(text) == _analyzed(connection, text)


def test_every_character_is_of_the_class_that_the_server_gives_it(connection: Connection) -> None:
    """Each that is anything but a sign, alone, between letters and between digits, and those at the edges of ranges."""
    codes = {code for text in RANGES.values() for part in text.split() for code in _some_of(part)}
    codes |= {code + step for code in codes for step in (-1, 1)}
    characters = [chr(code) for code in sorted(codes) if not 0xD800 <= code < 0xE000 and code < 0x110000]
    assert len(characters) > 30_000
    for start in range(0, len(characters), _SOME):
        some = characters[start : start + _SOME]
        text = "\n".join(f"{each}\na{each}b\n1{each}2" for each in some)
        assert words_of(text) == _analyzed(connection, text), f"{some[0]!r} to {some[-1]!r}"


def _some_of(part: str) -> range:
    """Return the code points of a range; of a very long one, which is Han or Hangul, every seventh."""
    first, _, last = part.partition("-")
    start, end = int(first, 16), int(last or first, 16)
    return range(start, end + 1, 7 if end - start > 5_000 else 1)
