"""Text as words: what Elasticsearch's ``standard`` analyzer makes of it, told the same way without it."""

from analyzers.store.words.folding import folded
from analyzers.store.words.tokens import MOST_UNITS, has_words, words_of

__all__ = ["MOST_UNITS", "folded", "has_words", "words_of"]
