"""Values inside a text that stand beside a secret's name: ``password=...``, ``"senha": "..."``, ``<senha>...``.

Names are found backwards, from the sign that can follow one: few characters are such signs, so clean text costs little.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from logging_lib.redaction.keys import KeyRules, Verdict
from logging_lib.redaction.options import MARK, REDACTED
from logging_lib.redaction.spans import bare_end, container_end, line_end, quoted_span
from logging_lib.redaction.words import NAME_NAMES

# Of the text read backwards: a sign with the blanks, quotes and brackets that can be before it, then the name.
_SIGN: Final = (
    r"[=:>(,\"'](?:(?<=[=:>])[ \t]{0,8}[\]\"'\\]{0,64}|(?<=[\"'bBfFrRuU \t]\()|(?<=,)[ \t]{0,4}[\"'\\]{1,64}"
    r"|(?<=[\"'])[\\]{0,64}[ \t])"
)
_SIGNED_NAME: Final = re.compile(_SIGN + r"([\w.\-]{2,64})")
_NAME: Final = re.compile(rf"(?:{_SIGN}|[ \t])([\w.\-]{{2,64}})")
# With the backslash before the name: its first letter may belong to an escape, as in \\npassword=...
_SIGNED_HINT: Final = re.compile(_SIGN + r"([\w.\-]{2,64}\\?)")
_FLAG_NAME: Final = re.compile(r"(?<!-)--(\w[\w.-]{1,63})[ \t]")

_CLOSE: Final = r"(?P<close>\\*[\"'])?\]?"
_ASSIGN: Final = re.compile(
    _CLOSE + r"[ \t]{0,8}(?:"
    r":[ \t]{0,4}(?:typing\.)?(?:str|bytes|int|object|Any|SecretStr|Final|Optional\[\w+\]|Final\[\w+\])"
    r"(?:[ \t]?\|[ \t]?\w+)?[ \t]{0,4}=(?!=)"
    r"|[:=!]{0,2}[=:]>?)[ \t]{0,8}"
)
_VALUE_BESIDE: Final = re.compile(
    _CLOSE + r"[ \t]{0,4},?[ \t]{0,4}\\*[\"']?(?:value|valor)\\*[\"']?[ \t]{0,4}[=:][ \t]{0,4}"
)
_PAIR: Final = re.compile(r"\\*[\"'][ \t]{0,4},[ \t]{0,4}(?=[bBuU]?\\*[\"'])")
_CALL: Final = re.compile(r"\([ \t]{0,4}(?=[bBfFrRuU]{0,2}\\*[\"'])")
_SAID: Final = re.compile(r"[ \t](?=\\*[\"'])")
_FLAG: Final = re.compile(r"[ \t]{1,8}(?=[^\s-])")
_OPENED: Final = re.compile(r"[(\[][ \t]{0,4}[bBuU]?\\*[\"']")
_NAMED: Final = re.compile(
    rf"(?:{'|'.join(NAME_NAMES)})\\*[\"']?\s{{0,4}}[=:]\s{{0,4}}"
    r"\\*[\"']([\w.\- ]{2,64})\\*[\"']\s{0,4},?\s{0,4}\\*[\"']?$",
    re.IGNORECASE,
)
_FORM: Final = re.compile(
    r"form-data; name=\\*\"([^\"\\\r\n]{1,64})\\*\"(?:\r?\n|\\+r\\+n|\\+n){2}([^\r\n\\]+)", re.IGNORECASE
)
# No value, or the place of one: a statement's parameter, a message's argument.
_NOTHING: Final = re.compile(
    r"(?:None|null|True|False|true|false|nil|undefined)(?![\w./+-])|[,;)\]}&]"
    r"|(?:\?|\$[0-9]{1,3}|%s|%\(\w{1,64}\)s)(?=[\s,;)\]}\"']|$)"
)
_NUMBER: Final = re.compile(r"[0-9]{1,18}(?:\.[0-9]+)?(?![\w.+/-])")
_TO_LINE_END: Final = ("authorization", "cookie", "cookies")
_WORD_BEFORE: Final = re.compile(r"\b([A-Za-z]{2,20})(?: d[aeo])? $")
_LITERAL_END: Final = re.compile(r"(?<!\\)\\*[\"'](?=[ \t]{0,2}[,)\]}])|(?<!\\)\\+[rn](?=[A-Z\\])")
_LOOK_BACK: Final = 160


class _Span(NamedTuple):
    start: int
    end: int


def may_assign(text: str, rules: KeyRules) -> bool:
    """Tell whether a text has a name that needs a closer look, with a sign behind it; false is certain."""
    names = _SIGNED_HINT.findall(text[::-1])
    if not rules.harmless_backwards(names):
        return True
    return "--" in text and any(rules.judge(name) for name in _FLAG_NAME.findall(text))


def redact_assignments(text: str, rules: KeyRules) -> str:
    """Return the text with the values of secret names replaced."""
    pieces: list[str] = []
    position = 0
    for name in _names(text):
        if name.start < position:
            continue
        value = _value(text, name, rules)
        if value is not None and value.end > value.start:
            pieces += [text[position : value.start], REDACTED]
            position = value.end
    text = "".join([*pieces, text[position:]])
    return _FORM.sub(lambda found: _redact_form(found, rules), text)


def _redact_form(found: re.Match[str], rules: KeyRules) -> str:
    """Replace a field of a form's body as browsers send it (``multipart/form-data``)."""
    whole = found[0]
    return whole[: -len(found[2])] + REDACTED if rules.judge(found[1]) is not Verdict.HARMLESS else whole


def _names(text: str) -> Iterator[_Span]:
    """Yield every name with a sign behind it, first to last."""
    length = len(text)
    expression = _NAME if "--" in text else _SIGNED_NAME
    spans = [_Span(length - found.end(1), length - found.start(1)) for found in expression.finditer(text[::-1])]
    for span in reversed(spans):
        escaped = span.start > 0 and text[span.start - 1] == "\\" and text[span.start] in "nrtbf"
        yield _Span(span.start + 1, span.end) if escaped else span


def _value(text: str, name: _Span, rules: KeyRules) -> _Span | None:
    if text.endswith("[redacted:", 0, name.start):
        return None
    verdict = rules.judge(text[name.start : name.end])
    if verdict in (Verdict.SECRET, Verdict.SECRET_UNLESS_NUMBER):
        return _after_secret(text, name, verdict)
    if verdict is Verdict.SECRET_IN_QUERY:
        if name.start > 0 and text[name.start - 1] in "?&;":
            return _after_secret(text, name, verdict)
        return _spaced(text, name, rules)
    if verdict is Verdict.VALUE_OF_PAIR:
        named = _NAMED.search(text[max(0, name.start - _LOOK_BACK) : name.start])
        if named and rules.judge(named[1]) is not Verdict.HARMLESS:
            return _after_secret(text, name, verdict)
    return None


def _spaced(text: str, name: _Span, rules: KeyRules) -> _Span | None:
    """Look at a name together with the word before it: ``API key: ...``, ``card number=...``."""
    before = _WORD_BEFORE.search(text, max(0, name.start - 24), name.start)
    if before is None:
        return None
    verdict = rules.judge(f"{before[1]}_{text[name.start : name.end]}")
    alone = rules.judge(before[1])
    if verdict is Verdict.SECRET and alone is Verdict.HARMLESS:
        return _after_secret(text, name, verdict)
    return None


def _after_secret(text: str, name: _Span, verdict: Verdict) -> _Span | None:
    """Return where the value after a secret's name is."""
    if name.start > 0 and text[name.start - 1] in "</:" and text.startswith(">", name.end):
        return _element(text, name)
    word = text[name.start : name.end]
    beside = _VALUE_BESIDE.match(text, name.end)
    if beside:
        return _literal(text, beside.end(), verdict)
    assigned = _ASSIGN.match(text, name.end)
    if assigned:
        return _assigned(text, word, assigned.end(), verdict)
    pair = _PAIR.match(text, name.end)
    if pair and (word.startswith("--") or _OPENED.search(text, max(0, name.start - 12), name.start)):
        return _literal(text, pair.end(), verdict)
    said = _CALL.match(text, name.end) or _SAID.match(text, name.end)
    if said is None and word.startswith("--"):
        said = _FLAG.match(text, name.end)
    return _literal(text, said.end(), verdict) if said else None


def _element(text: str, name: _Span) -> _Span | None:
    """Return the content of an XML element."""
    if text[name.start - 1] == "/":
        return None
    start = name.end + 1
    end = text.find("]]>" if text.startswith("<![CDATA[", start) else "<", start)
    return _unless_marked(text, start, end if end >= 0 else line_end(text, start))


def _assigned(text: str, word: str, start: int, verdict: Verdict) -> _Span | None:
    if word.lower().endswith(_TO_LINE_END) and quoted_span(text, start) is None and text[start : start + 1] not in "[{":
        quoted = text[:start].endswith(("'", '"'))
        return None if quoted else _unless_marked(text, start, _header_end(text, start))
    return _literal(text, start, verdict)


def _header_end(text: str, start: int) -> int:
    """Return the end of a header's line; in a literal the line ends with it."""
    end = line_end(text, start)
    found = _LITERAL_END.search(text, start, end)
    return found.start() if found else end


def _literal(text: str, start: int, verdict: Verdict) -> _Span | None:
    """Return the value at a position, whatever form it has; ``None`` where there is nothing to hide."""
    quoted = quoted_span(text, start)
    if quoted is not None:
        return _unless_marked(text, *quoted)
    if MARK.match(text, start) or _NOTHING.match(text, start):
        return None
    if verdict is Verdict.SECRET_UNLESS_NUMBER and _NUMBER.match(text, start):
        return None
    if text[start : start + 1] in ("[", "{"):
        return _Span(start, container_end(text, start))
    return _Span(start, bare_end(text, start))


def _unless_marked(text: str, start: int, end: int) -> _Span | None:
    return None if MARK.fullmatch(text, start, end) else _Span(start, end)
