"""Secrets known by their shape: tokens with a documented prefix, JWT, ``Bearer`` and ``Basic``, URLs, private keys.

The prefixes are those that the services document for secret scanners: AWS (access key ids), GitHub, GitLab, Slack,
Stripe, Google, OpenAI and Anthropic, SendGrid, npm, PyPI, Hugging Face, DigitalOcean, Shopify, Telegram, Twilio,
Mailgun, Vault, Mercado Pago, Asaas.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from logging_lib.redaction.options import MARK, REDACTED, mark

# A word begins here; in escaped text the letter of \n belongs to the escape.
_BEGIN: Final = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrtbf]))"
# A JSON Web Token, and what stands before it in the same word. The end of a word is looked for once only: where it is
# not followed by a point no later beginning in that word helps, so the group is atomic.
_JWT: Final = re.compile(
    r"(?:(?<![A-Za-z0-9_-])|(?<=\\[nrtbf]))((?>(?:[A-Za-z0-9_-]*?_)??(?=eyJ)))"
    r"eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)*"
)
_TOKEN: Final = re.compile(
    _BEGIN + r"(?:(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])"
    r"|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|gl[a-z]{2,5}-[A-Za-z0-9_-]{20,}"
    r"|(?:xox[a-z]|xapp)-[A-Za-z0-9-]{10,}|[sr]k_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/]{16,}"
    r"|AIza[A-Za-z0-9_-]{30,}|ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,}|sk-[A-Za-z0-9_-]{20,}"
    r"|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{16,}|hf_[A-Za-z0-9]{30,}"
    r"|do[oprt]_v1_[a-f0-9]{40,}|shp[a-z]{2}_[a-fA-F0-9]{32}|[0-9]{8,10}:[A-Za-z0-9_-]{35}|SK[0-9a-f]{32}"
    r"|key-[0-9a-f]{32}|hvs\.[A-Za-z0-9_-]{20,}|APP_USR-[A-Za-z0-9_-]{20,}|aact_[A-Za-z0-9_+/=-]{20,})"
)
_WEBHOOK: Final = re.compile(r"(hooks\.slack\.com/(?:services|workflows)/)[A-Za-z0-9_/-]+")
_BEARER: Final = re.compile(
    r"\b(bearer(?:[ \t+]|%20){1,4})"
    r"(?!(?:tokens?|auth\w*|scheme|credentials?|header|prefix|format|realm|error|is|of|not)\b)"
    r"(?!\[redacted)([^\s\"'<>,;\\]+)",
    re.IGNORECASE,
)
_BASIC: Final = re.compile(r"\b(basic(?:[ \t+]|%20){1,4})([A-Za-z0-9+/_-]{4,}(?:=|%3[dD]){0,2})", re.IGNORECASE)
_USERINFO: Final = re.compile(
    r"://([^\s/?#:@\[\"'<>]{0,128}):(?![0-9]{1,5}(?:[/?#\s\"']|$))([^\s\"'<>]{1,512})@(?=[^\s@\"'])"
)
_PRIVATE_KEY: Final = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----.*?"
    r"(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----|\Z)",
    re.DOTALL,
)
_MULTIPLE_OF: Final = 4

HINT: Final = re.compile(
    r"_(?=[A-Za-z0-9+/=-]{10})(?:(?<=gh[pousr]_)|(?<=_pat_)|(?<=k_live_)|(?<=k_test_)|(?<=npm_)|(?<=hf_)|(?<=_v1_)|(?<=shp.._)|(?<=whsec_)|(?<=aact_)|(?<=aact_prod_)|(?<=aact_hmlg_))"
    r"|-(?:----BEGIN|(?=[A-Za-z0-9_-]{10})(?:(?<=xox.-)|(?<=xapp-)|(?<=sk-)|(?<=key-)|(?<=GOCSPX-)|(?<=pypi-)|(?<=APP_USR-)"
    r"|(?<=gl[a-z][a-z]-)|(?<=gl[a-z][a-z][a-z]-)|(?<=gl[a-z]{4}-)|(?<=gl[a-z]{5}-)))"
    r"|A(?:KIA|SIA|BIA|CCA|Iza)|J(?<=eyJ)|K(?<=SK)[0-9a-f]{32}"
    r"|\.(?<=[sG9]\.)(?:(?<=hvs\.)|(?<=SG\.)|(?<=ya29\.)|(?<=hooks\.)slack)"
    r"|:(?:(?<=[0-9]:)[A-Za-z0-9_-]{35}|//[^\s/?#]{0,128}:[^\s]{1,512}@)"
    r"|;(?<=form-data;) name="
    r"|b(?:earer|asic)(?!\w)|B(?:earer|EARER|asic|ASIC)(?!\w)"
)
"""Found, at the cost of a few nanoseconds a character, in every text in which ``redact_shapes`` finds something."""


def redact_shapes(text: str) -> str:
    """Return the text without the secrets that their shape gives away; what is around them stays."""
    text = _PRIVATE_KEY.sub(mark("key"), text)
    text = _USERINFO.sub(_redact_userinfo, text)
    text = _WEBHOOK.sub(rf"\g<1>{mark('token')}", text)
    text = _TOKEN.sub(mark("token"), text)
    if "eyJ" in text:
        text = _JWT.sub(rf"\g<1>{mark('token')}", text)
    text = _BEARER.sub(rf"\g<1>{REDACTED}", text)
    return _BASIC.sub(_redact_basic, text)


def _redact_userinfo(found: re.Match[str]) -> str:
    return found[0] if MARK.fullmatch(found[2]) else f"://{found[1]}:{REDACTED}@"


def _redact_basic(found: re.Match[str]) -> str:
    """Replace what decodes to ``user:password`` (RFC 7617); the words of a sentence do not."""
    encoded = found[2].replace("%3D", "=").replace("%3d", "=").rstrip("=").replace("-", "+").replace("_", "/")
    try:
        decoded = base64.b64decode(encoded + "=" * (-len(encoded) % _MULTIPLE_OF))
    except binascii.Error:
        return found[0]
    return f"{found[1]}{REDACTED}" if b":" in decoded else found[0]
