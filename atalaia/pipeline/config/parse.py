"""Read a configuration into its syntax tree.

The language is that of Logstash 9.5, after its documentation, its grammar (``lscl_grammar.treetop``) and observed
behaviour. It is read by recursive descent, one function a rule: a complaint then knows what it was in the middle of,
which brace is still open, and what people usually mean by what they wrote there.
"""

from __future__ import annotations

from typing import Final

from atalaia.pipeline.config.mistakes import Place
from atalaia.pipeline.config.read_statements import SECTIONS, read_body
from atalaia.pipeline.config.read_values import NAME
from atalaia.pipeline.config.scanner import Scanner
from atalaia.pipeline.config.source import Source
from atalaia.pipeline.config.tree import Configuration, Section

_BYTE_ORDER_MARK: Final = "\ufeff"


def parse_configuration(text: str, file: str, *, escapes: bool = False) -> Configuration:
    r"""Read a configuration; one without any section is empty.

    Args:
        text: The whole file.
        file: Its name in messages.
        escapes: Whether ``\n`` and its like in quotes stand for what they say (``config.support_escapes``).

    Raises:
        ConfigurationError: Where the text does not follow the language; it names what was expected there.
    """
    scanner = Scanner(Source(text, file), escapes=escapes)
    if scanner.looking_at(_BYTE_ORDER_MARK):
        raise scanner.refusal(
            "the file begins with a byte order mark, which Logstash does not read",
            remedy="save it as UTF-8 without one",
        )
    scanner.skip()
    sections: list[Section] = []
    while not scanner.at_end:
        sections.append(_section(scanner))
        scanner.skip()
    return Configuration(file, tuple(sections))


def _section(scanner: Scanner) -> Section:
    position, word = scanner.position(), scanner.peek(NAME)
    if word is None or word[0] not in SECTIONS:
        raise scanner.expected("input, filter or output", Place.SECTION)
    kind = word[0]
    scanner.take(kind)
    scanner.skip()
    if not scanner.looking_at("{"):
        raise scanner.expected(f"{{ after {kind}", Place.BLOCK)
    with scanner.enclosed("{", f"the section {kind}"):
        return Section(position, kind, read_body(scanner))
