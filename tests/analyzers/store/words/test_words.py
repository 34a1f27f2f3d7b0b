"""Texts as words, by examples worked out from UAX #29; Lucene itself is asked in ``elastic/test_words``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.store.words import folded, has_words, words_of
from analyzers.store.words.folding import spellings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Connection TIMED-OUT after 3.5s!", ["connection", "timed", "out", "after", "3.5s"]),
        ("não há requisições", ["não", "há", "requisições"]),
        ("user_id=42, _ __ a_", ["user_id", "42", "a_"]),
        ("can't stop: 1,000.50; v1.2.3 a.b.", ["can't", "stop", "1,000.50", "v1.2.3", "a.b"]),
        ("/api/chamados/<int:id>?q=a%20b", ["api", "chamados", "int:id", "q", "a", "20b"]),
        ("psycopg2.errors.UndefinedTable:", ["psycopg2", "errors.undefinedtable"]),
        ("", []),
        ("--- *** ///", []),
        ("日本カタカナ", ["日", "本", "カタカナ"]),
        ("ok \U0001f600 \U0001f1e7\U0001f1f7", ["ok", "\U0001f600", "\U0001f1e7\U0001f1f7"]),
        ("İSTANBUL ΣΟΦΟΣ \u212a", ["istanbul", "σοφοσ", "k"]),
        ("e\u0301 é", ["e\u0301", "é"]),
        ("a" * 300, ["a" * 255, "a" * 45]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    """Each text has the words beside it: signs between letters or digits join, others separate; long ones are cut."""
    assert words_of(text) == words


def test_words_stand_side_by_side() -> None:
    """Words are whole, in their order, with no other between them; what is no word may be."""
    text = "Pool exhausted: connection (pool) timeout"
    assert has_words(text, ["pool", "exhausted", "connection"])
    assert has_words(text, ["pool", "timeout"])
    assert not has_words(text, ["exhausted", "pool"])
    assert not has_words(text, ["connection", "timeout"])
    assert not has_words(text, ["connect"])


@given(st.text(max_size=40))
def test_a_word_is_a_word_of_its_own(text: str) -> None:
    """Each word of a text is found in it, and so are all of them; folding keeps the length."""
    words = words_of(text)
    assert len(folded(text)) == len(text)
    for word in words:
        assert has_words(text, [word])
    assert not words or has_words(text, words)


@given(st.characters(codec="utf-8"))
def test_spellings_are_those_that_fold_alike(character: str) -> None:
    """Each spelling of a character folds to what it folds to, and it is among them."""
    assert character in spellings(character)
    assert {folded(each) for each in spellings(character)} == {folded(character)}
