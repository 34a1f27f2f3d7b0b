"""Text from elsewhere that cannot command a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    r"""Return text that cannot command a terminal: control characters and the like become ``\x1b`` escapes."""
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def one_line(text: str) -> str:
    """Return a message on one line, safe for a terminal."""
    return printable(" ".join(text.split()))


def with_excerpt(text: str) -> str:
    """Return a message that shows a place in a file, line by line, so that its caret stays where it points."""
    return "\n".join(printable(line.replace("\t", " ")) for line in text.splitlines())


def _escaped(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")
