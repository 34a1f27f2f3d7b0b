"""English that is left in what is said in Portuguese: words that only our English sentences have."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from analyzers.language.catalogs import catalog_of
from tests.analyzers.language.collecting import collected

_LEAST: Final = 4


def words(text: str) -> set[str]:
    """Return the words of a sentence, its values taken out."""
    found = re.findall(r"[^\W\d_]+", re.sub(r"\{\w*\}", " ", text))
    return {word for word in found if len(word) >= _LEAST}


@cache
def english_only() -> frozenset[str]:
    """Return the words of our English sentences that no Portuguese one has: ``status`` and ``backup`` are both's."""
    catalog = catalog_of("pt_BR")
    both = {word for text in catalog.single.values() for word in words(text)}
    both |= {word for forms in catalog.plurals.values() for text in forms for word in words(text)}
    sentences = (each for text in collected() for each in ((text,) if isinstance(text, str) else text))
    return frozenset(word for text in sentences for word in words(text)) - both
