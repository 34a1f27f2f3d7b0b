"""Who a content is that no sincedb knows: its identity, and how far a store says it was read."""

from __future__ import annotations

from collections.abc import Callable, Container
from itertools import count

from atalaia.pipeline.inputs.files.contents import Content, Key
from atalaia.pipeline.inputs.files.fingerprints import TAIL, Fingerprint, identity, tail_at


def known_identity(
    key: Key, first_line: Fingerprint, content: Content, position_of: Callable[[str], int], taken: Container[str]
) -> tuple[str, int]:
    """Return the identity of a content, and the position up to which it was read; 0 when it is new.

    It is the latest generation of file and first line that has a position, when the content reaches that far; otherwise
    the file was emptied since, and the content is the next generation.

    Args:
        key: Device and inode.
        first_line: The fingerprint.
        content: The content.
        position_of: Tells how far a source was read; 0 when that is unknown.
        taken: Identities of other contents.
    """
    known: tuple[str, int] | None = None
    generation = 0
    for generation in count():
        name = identity(key, first_line, generation)
        position = 0 if name in taken else position_of(name)
        if name not in taken and not position:
            break
        reaches = position > 0 and len(tail_at(content, position)) == min(TAIL, position)
        known = (name, position) if reaches else None
    return known or (identity(key, first_line, generation), 0)
