"""Secrets in a path, told by the names that its route gives to the parts: ``/reset/<token>``, ``/reset/{token}``."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import quote

from logging_lib.redaction.keys import KeyRules, Verdict
from logging_lib.redaction.options import REDACTED

_PARAMETER: Final = re.compile(r"<(?:[^<>:]*:)?([^<>:]+)>|\{([^{}:]+)(?::[^{}]*)?\}")
_SAFE_IN_PATH: Final = "/:@!$&'()*+,;=~-._"
_REMEMBERED: Final = 4096


class _Route(NamedTuple):
    """A route with a secret in it.

    Attributes:
        verdicts: What the name of each place says.
        forms: Expressions with a group for each place, of which the first that fits counts.
    """

    verdicts: tuple[Verdict, ...]
    forms: tuple[re.Pattern[str], ...]


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
        """Return a path without the secrets that its route names; one that does not fit the route goes whole.

        Args:
            endpoint: The route's template, in Flask's or in Starlette's form.
            path: The path, percent-encoded; what a server strips from it may stand in front.
        """
        if endpoint in self._harmless:
            return path
        route = self._routes.get(endpoint) or self._learnt(endpoint)
        if route is None:
            return path
        found = next((found for form in route.forms if (found := form.search(path))), None)
        return REDACTED if found is None else _without(found, route.verdicts)

    def _learnt(self, endpoint: str) -> _Route | None:
        names = [found[1] or found[2] for found in _PARAMETER.finditer(endpoint)]
        verdicts = tuple(self._rules.judge(name) for name in names)
        if len(self._harmless) + len(self._routes) >= _REMEMBERED:
            self._harmless.clear()
            self._routes.clear()
        if not any(verdict in (Verdict.SECRET, Verdict.SECRET_UNLESS_NUMBER) for verdict in verdicts):
            self._harmless.add(endpoint)
            return None
        # Which places may hold slashes, Starlette's templates do not say.
        forms = tuple(_form(endpoint, place) for place in (r"([^/]+)", r"(.+?)"))
        route = self._routes[endpoint] = _Route(verdicts, forms)
        return route


def _form(endpoint: str, place: str) -> re.Pattern[str]:
    literals = re.split(r"\0", _PARAMETER.sub("\0", endpoint))
    return re.compile(
        place.join(re.escape(quote(literal, safe=_SAFE_IN_PATH)) for literal in literals) + r"\Z", re.DOTALL
    )


def _without(found: re.Match[str], verdicts: tuple[Verdict, ...]) -> str:
    path, position = found.string, 0
    pieces: list[str] = []
    for group, verdict in enumerate(verdicts, start=1):
        number = verdict is Verdict.SECRET_UNLESS_NUMBER and found[group].isdigit()
        if verdict in (Verdict.SECRET, Verdict.SECRET_UNLESS_NUMBER) and not number:
            pieces += [path[position : found.start(group)], REDACTED]
            position = found.end(group)
    return "".join([*pieces, path[position:]])
