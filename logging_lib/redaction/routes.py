"""Secrets in a path, told by the names that its route gives to the parts: ``/reset/<token>``, ``/reset/{token}``."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import quote

from logging_lib.redaction.keys import KeyRules, Verdict
from logging_lib.redaction.options import REDACTED

_PARAMETER: Final = re.compile(r"<(?:[^<>:]*:)?([^<>:]+)>|\{([^{}:]+)(?::[^{}]*)?\}")
_SAFE_IN_PATH: Final = "/:@!$&'()*+,;=~-._"
_SLASHES: Final = "<path:"
_REMEMBERED: Final = 4096


class _Route(NamedTuple):
    """A route with a secret in it.

    Attributes:
        verdicts: What the name of each place says.
        form: Has a group for each place, none of which holds a slash.
        beginning: What stands before the first place.
    """

    verdicts: tuple[Verdict, ...]
    form: re.Pattern[str]
    beginning: str


class RouteSecrets:
    """Takes out of paths what stands in a place with a secret's name.

    Args:
        rules: Judges the names.
    """

    def __init__(self, rules: KeyRules) -> None:
        self._rules = rules
        self._harmless: set[str] = set()
        self._routes: dict[str, _Route] = {}

    def redact(self, endpoint: str, path: str) -> str:
        """Return a path without the secrets that its route names.

        Of a path that does not fit, because a place holds slashes, all that comes after the first place goes.

        Args:
            endpoint: The route's template, in Flask's or in Starlette's form.
            path: The path, percent-encoded; what a server strips from it may stand in front.
        """
        if endpoint in self._harmless:
            return path
        route = self._routes.get(endpoint) or self._learnt(endpoint)
        if route is None:
            return path
        found = route.form.search(path)
        if found is not None and _SLASHES not in endpoint:
            return _without(found, route.verdicts)
        start = path.find(route.beginning)
        return path[: start + len(route.beginning)] + REDACTED if start >= 0 else REDACTED

    def _learnt(self, endpoint: str) -> _Route | None:
        names = [found[1] or found[2] for found in _PARAMETER.finditer(endpoint)]
        verdicts = tuple(self._rules.judge(name) for name in names)
        if len(self._harmless) + len(self._routes) >= _REMEMBERED:
            self._harmless.clear()
            self._routes.clear()
        if not any(verdict in (Verdict.SECRET, Verdict.SECRET_UNLESS_NUMBER) for verdict in verdicts):
            self._harmless.add(endpoint)
            return None
        literals = [quote(text, safe=_SAFE_IN_PATH) for text in _PARAMETER.sub("\0", endpoint).split("\0")]
        start = r"\A" if len(literals[0]) <= 1 else ""  # else the last part of any path would fit
        form = re.compile(start + "([^/]+)".join(map(re.escape, literals)) + r"/?\Z")
        route = self._routes[endpoint] = _Route(verdicts, form, literals[0])
        return route


def _without(found: re.Match[str], verdicts: tuple[Verdict, ...]) -> str:
    path, position = found.string, 0
    pieces: list[str] = []
    for group, verdict in enumerate(verdicts, start=1):
        number = verdict is Verdict.SECRET_UNLESS_NUMBER and found[group].isdigit()
        if verdict in (Verdict.SECRET, Verdict.SECRET_UNLESS_NUMBER) and not number:
            pieces += [path[position : found.start(group)], REDACTED]
            position = found.end(group)
    return "".join([*pieces, path[position:]])
