"""The charsets Logstash names, those of JRuby's ``Encoding.name_list``, and which of Python's codecs each of them is.

Where the two disagree on a character, Ruby's is put in its place. Source: both tables compared byte by byte, and pair
of bytes by pair, with JRuby 10.0.6.0. Malformed multi-byte text may get more replacement characters here than there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Encoding:
    """What a charset is in Python.

    Attributes:
        python: The codec's name.
        corrections: Characters (of a byte without meaning: ``U+DC00`` plus the byte) to what Ruby makes of them.
    """

    python: str
    corrections: Mapping[int, str] = field(default_factory=dict)


_SAME_NAME: Final = """
    UTF-8 UTF8 CP65001 US-ASCII ASCII ANSI_X3.4-1968 646 UTF-16BE UTF-16LE UTF-32BE UTF-32LE
    ISO-8859-1 ISO-8859-2 ISO-8859-3 ISO-8859-4 ISO-8859-5 ISO-8859-6 ISO-8859-7 ISO-8859-8 ISO-8859-9 ISO-8859-10
    ISO-8859-11 ISO-8859-13 ISO-8859-14 ISO-8859-15 ISO-8859-16
    ISO8859-1 ISO8859-2 ISO8859-3 ISO8859-4 ISO8859-5 ISO8859-6 ISO8859-7 ISO8859-8 ISO8859-9 ISO8859-10
    ISO8859-11 ISO8859-13 ISO8859-14 ISO8859-15 ISO8859-16
    Windows-1250 Windows-1251 Windows-1252 Windows-1253 Windows-1254 Windows-1256 Windows-1257
    CP1250 CP1251 CP1252 CP1253 CP1254 CP1256 CP1257 CP874 KOI8-R KOI8-U
    IBM037 ebcdic-cp-us IBM437 IBM775 IBM850 IBM852 IBM855 IBM857 IBM860 IBM861 IBM862 IBM863 IBM865 IBM866 IBM869
    CP437 CP737 CP775 CP850 CP852 CP855 CP857 CP860 CP861 CP862 CP863 CP865 CP866 CP869
    CP949 EUC-KR eucKR GB18030 Big5-HKSCS
"""
_OTHER_NAME: Final = {
    "ASCII-8BIT": "ascii",
    "BINARY": "ascii",
    "IBM737": "cp737",
    "Windows-874": "cp874",
    "CP878": "koi8-r",
    "UCS-2BE": "utf-16-be",
    "UCS-4BE": "utf-32-be",
    "UCS-4LE": "utf-32-le",
    "Big5-HKSCS:2008": "big5hkscs",
}


def _characters(python: str, ruby: str) -> dict[int, str]:
    return dict(zip(map(ord, python), ruby, strict=True))


_GONE: Final = "\ufffd"
_DASH: Final = {0x2015: "—"}
_MAC: Final = {ord("Ω"): "\u2126", ord("€"): "¤", 0xF8FF: _GONE}
_CORRECTED: Final = {
    "EUC-JP eucJP": Encoding("euc_jp", _DASH),
    "Shift_JIS": Encoding("shift_jis", _DASH),
    "Windows-31J CP932 csWindows31J SJIS PCK MS932": Encoding(
        "cp932", dict.fromkeys([0x80, 0xF8F0, 0xF8F1, 0xF8F2, 0xF8F3], _GONE)
    ),
    "GB2312 EUC-CN eucCN": Encoding("gb2312", {**_DASH, 0x30FB: "·"}),
    "GBK CP936": Encoding("gbk", {0xDC80: "€"}),
    "TIS-620": Encoding("tis_620", dict.fromkeys(range(0x80, 0xA0), _GONE)),
    "Windows-1255 CP1255": Encoding("cp1255", {0xDCCA: "\u05ba"}),
    "IBM720 CP720": Encoding("cp720", dict.fromkeys([0x80, 0x81, 0x84, 0x86, 0x8D, 0x8E, 0x8F, 0x90], _GONE)),
    "IBM864 CP864": Encoding("cp864", {ord("٪"): "%", 0xDC9F: "\ufe73", 0xDCA7: "€"}),
    "macRoman": Encoding("mac_roman", _MAC),
    "macIceland": Encoding("mac_iceland", _MAC),
    "macCroatian": Encoding("mac_croatian", _MAC),
    "macTurkish": Encoding("mac_turkish", {**_MAC, 0xF8A0: _GONE}),
    "macRomania": Encoding("mac_romanian", {**_MAC, **_characters("ȘșȚț", "ŞşŢţ")}),
    "macCyrillic": Encoding("mac_cyrillic", _characters("Ґґ€", "¢∂¤")),
    "macUkraine": Encoding("mac_cyrillic", _characters("€", "¤")),
    "macGreek": Encoding("mac_greek", {ord("€"): "\xad", 0xB7: "\u0387", 0xAD: _GONE}),
}

ENCODINGS: Final[Mapping[str, Encoding]] = {
    **{name: Encoding(name) for name in _SAME_NAME.split()},
    **{name: Encoding(python) for name, python in _OTHER_NAME.items()},
    **{name: encoding for names, encoding in _CORRECTED.items() for name in names.split()},
}
"""Logstash's names of the charsets that we decode."""

_REFUSED: Final = """
    Big5 Big5-UAO CESU-8 Emacs-Mule EUC-TW eucTW CP950 CP951 stateless-ISO-2022-JP eucJP-ms euc-jp-ms CP51932
    EUC-JIS-2004 EUC-JISX0213 GB12345 ISO-2022-JP ISO2022-JP ISO-2022-JP-2 ISO2022-JP2 CP50220 CP50221 UTF-7 CP65000
    UTF8-MAC UTF-8-MAC UTF-8-HFS UTF-16 UTF-32 UTF8-DoCoMo SJIS-DoCoMo UTF8-KDDI SJIS-KDDI ISO-2022-JP-KDDI
    stateless-ISO-2022-JP-KDDI UTF8-SoftBank SJIS-SoftBank Windows-1258 CP1258 GB1988 macCentEuro macThai
    MacJapanese MacJapan external filesystem internal locale
"""
REFUSED: Final = frozenset(_REFUSED.split())
"""Those that we refuse: they differ from Python's, keep state between lines, or Ruby cannot decode them either."""
