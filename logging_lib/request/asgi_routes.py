"""Which route template an ASGI scope was served by, as Starlette and FastAPI leave it there.

Neither is imported: what is used are the documented keys of the scope (``route``, ``endpoint``, ``path_params``,
``root_path``, ``app_root_path``, ``router``) and the attributes of routes (``path_format``, ``routes``, ``matches``).
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from enum import Enum
from typing import Final, Protocol, TypeAlias, cast

from logging_lib.record import UNMATCHED

Scope: TypeAlias = MutableMapping[str, object]

_REST: Final = "/{path}"  # what a Mount's own path_format ends with
_NO_MATCH: Final = 0


class _Route(Protocol):
    """A route of Starlette's, as far as it is used here."""

    path_format: str

    def matches(self, scope: Scope, /) -> tuple[Enum, Scope]:
        """Return how well the route fits, and what it adds to the scope."""


def route_template(scope: Scope) -> str:
    """Return the template of the route that served a scope, mounts included, or ``(unmatched)``.

    ``root_path`` as the server was told it (a prefix that a proxy strips) is no part of it.
    """
    route = scope.get("route")
    own = _effective_format(scope, route)
    if own is None and _is_plain(route):
        own = cast("_Route", route).path_format
    if own is None:
        return _walked(scope) if "endpoint" in scope else UNMATCHED
    if "app_root_path" not in scope:  # no Mount on the way
        return own
    if _mounts_have_parameters(scope, route):
        prefix = _mounted_below(scope)
        return UNMATCHED if prefix is None else prefix + own
    return str(scope.get("root_path", ""))[len(str(scope["app_root_path"])) :] + own


def _is_plain(route: object) -> bool:
    """Tell whether an object is a route that ends at a view; a Mount and a Host have routes of their own."""
    return isinstance(getattr(route, "path_format", None), str) and not hasattr(route, "routes")


def _effective_format(scope: Scope, route: object) -> str | None:
    """Return the template of a route of an included FastAPI router, whose own path lacks what the inclusion adds."""
    fastapi = scope.get("fastapi")
    context: object = fastapi.get("effective_route_context") if isinstance(fastapi, dict) else None
    if context is None or (route is not None and getattr(context, "original_route", None) is not route):
        return None
    inner = getattr(context, "starlette_route", None)  # a plain route or a mount within an included router
    found = getattr(inner, "path_format", None) or getattr(context, "path_format", None)
    return found if isinstance(found, str) and not getattr(inner, "routes", None) else None


def _mounts_have_parameters(scope: Scope, route: object) -> bool:
    """Tell whether ``root_path`` holds values of parameters: then the path has more of them than the route."""
    all_of_them = scope.get("path_params")
    own = getattr(route, "param_convertors", None)
    return isinstance(all_of_them, dict) and isinstance(own, dict) and len(all_of_them) > len(own)


def _walked(scope: Scope) -> str:
    """Return the template found by matching again, for what leaves no ``route``: plain routes below FastAPI, mounts."""
    prefix, route = _descended(scope)
    if route is None:
        return UNMATCHED
    return prefix + (_REST if hasattr(route, "routes") else route.path_format)


def _mounted_below(scope: Scope) -> str | None:
    """Return the templates of the mounts a scope was led through, joined."""
    prefix, _ = _descended(scope)
    return prefix


def _descended(scope: Scope) -> tuple[str, _Route | None]:
    """Go down the routers as the request did; return the mounts' templates and the route at the end, if one fits."""
    at: Scope = {
        "type": "http",
        "method": scope.get("method"),
        "path": scope.get("path"),
        "root_path": scope.get("app_root_path", scope.get("root_path", "")),
        "headers": scope.get("headers", ()),
    }
    routes: object = getattr(scope.get("router"), "routes", ())
    prefix = ""
    while True:
        found = _first_match(routes, at)
        if found is None:
            return prefix, None
        route, added = found
        routes = getattr(route, "routes", None)
        if not routes and "root_path" not in added:
            return prefix, route
        at.update(added)
        prefix += getattr(route, "path_format", "").removesuffix(_REST)
        if not routes:  # a mount of something that routes by itself, such as static files
            return prefix, route


def _first_match(routes: object, scope: Scope) -> tuple[_Route, Scope] | None:
    """Return the route that a router would choose, and what it adds to the scope; a whole match is better."""
    partial: tuple[_Route, Scope] | None = None
    for route in cast("Iterable[_Route]", routes if isinstance(routes, Iterable) else ()):
        match, added = route.matches(scope)
        if match.value > 1:
            return route, added
        if match.value > _NO_MATCH and partial is None:
            partial = route, added
    return partial
