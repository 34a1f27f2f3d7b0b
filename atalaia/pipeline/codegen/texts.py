"""Write code that makes a text with references in it."""

from __future__ import annotations

from atalaia.pipeline.codegen.emitter import Emitter
from atalaia.pipeline.sprintf import FieldPart, LiteralPart, Part, Template, value_text


def text(emitter: Emitter, template: Template) -> str:
    """Return an expression for a template's text: a literal, or a variable."""
    if template.constant:
        return repr(template.text)
    pieces = [_piece(emitter, part) for part in template.parts]
    if len(pieces) == 1:
        return pieces[0]
    whole = emitter.source.scratch("t")
    emitter.source.line(f"{whole} = {' + '.join(pieces)}")
    return whole


def _piece(emitter: Emitter, part: Part) -> str:
    if isinstance(part, LiteralPart):
        return repr(part.text)
    source, piece = emitter.source, emitter.source.scratch("p")
    if isinstance(part, FieldPart):
        source.line(f"{piece} = {emitter.value(part.reference)}")
        with source.indented(f"if type({piece}) is not str:"):
            as_text = source.bind(value_text, "value_text")
            source.line(f"{piece} = {part.unresolved!r} if {piece} is None else {as_text}({piece})")
    else:
        source.line(f"{piece} = {source.bind(part, 'part')}(event)")
    return piece
