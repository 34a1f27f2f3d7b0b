"""The name somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(name: str, known: Iterable[str], *, alike: float = 0.6) -> str:
    """Return a question that names what is most like a name; empty when nothing is alike enough (1 is the same)."""
    candidates = {each.lower(): each for each in known}
    found = get_close_matches(name.lower(), candidates, n=1, cutoff=alike)
    return f"did you mean {candidates[found[0]]}?" if found else ""


def nearest(name: str, known: Iterable[str], what: str) -> str:
    """Return what to do about an unknown name: the one most like it, or all there are.

    Args:
        name: The unknown name.
        known: The known ones.
        what: What they are, in the plural.
    """
    names = sorted(known)
    return did_you_mean(name, names) or f"the {what} are {', '.join(names)}"
