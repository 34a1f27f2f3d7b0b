r"""Which engine searches an expression: ``re`` where it means the same as ``regex``, and is twice as fast.

Both backtrack from left to right and take the first way that fits. They differ in what only one of them knows (nested
sets, Unicode properties, full case folding, ``\K``, look-behind of any length), so that an expression is given to
``re`` only when every token of it stands on a short list.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

import regex

from atalaia.pipeline.grok.onigmo import Translation, compile_translation

Expression: TypeAlias = "re.Pattern[str] | regex.Pattern[str]"
"""A compiled expression of either engine."""

Match: TypeAlias = "re.Match[str] | regex.Match[str]"
"""What it found."""

_SET_CHARACTER: Final = r"(?:[A-Za-z0-9_ !\"#$%',./:;<=>@`{}()*+?]|\\[\]\[\\^.$*+?(){}|/dDwWsS\-nrt\"'])"
_ALIKE: Final = re.compile(
    rf"""(?:
        [A-Za-z0-9_\ !"#%&',/:;<=>@`~.-]             # literals, the dot
      | \\[.^$*+?(){{}}|\[\]\\/"'\-AZnrtb]          # escaped signs, anchors, controls
      | \[\^?(?:{_SET_CHARACTER}(?:-{_SET_CHARACTER})?)+-?\]
      | \((?:\?[:=!])? | \) | \|
      | (?:[*+?]|\{{\d+(?:,\d*)?\}})\??
    )*""",
    re.VERBOSE | re.ASCII,
)


def searcher(expression: Expression) -> Callable[[str], object | None]:
    """Return what tells whether an expression fits anywhere in a text: its result is not ``None`` then.

    One that is bound to the text's start need not be tried at every place.
    """
    anchored = expression.pattern.startswith(r"\A") and "|" not in expression.pattern
    return expression.match if anchored else expression.search


def compile_fast(translation: Translation) -> Expression:
    """Compile a translated expression, the dot not matching newlines.

    Raises:
        ExpressionError: When it does not compile.
    """
    compiled = compile_translation(translation, dot_all=False)
    if translation.explosive or _ALIKE.fullmatch(translation.text) is None:
        return compiled
    return re.compile(translation.text, re.MULTILINE)
