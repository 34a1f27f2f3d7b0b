"""Who the user of an ASGI request is, where the application tells no callback.

The first of these that says something: ``scope["atalaia.user_id"]``; ``scope["user"]`` of Starlette's
``AuthenticationMiddleware`` (``identity``, else ``id``, else ``display_name`` of a user that ``is_authenticated``);
``user_id`` in the session of its ``SessionMiddleware``; ``request.state.user_id``. Else null.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from logging_lib.record import UserId
from logging_lib.request.asgi_routes import Scope
from logging_lib.request.trace import USER_KEY

_NAMES: Final = ("identity", "id", "display_name")


def scope_user(scope: Scope) -> UserId:
    """Return who made a request, or ``None`` for nobody."""
    told = scope.get(USER_KEY)
    if told is not None:
        return _id(told)
    user = scope.get("user")
    if user is not None:
        return _identity(user) if getattr(user, "is_authenticated", False) else None
    return _user_in(scope.get("session")) or _user_in(scope.get("state"))


def _identity(user: object) -> UserId:
    for name in _NAMES:
        try:
            found: object = getattr(user, name, None)
        except NotImplementedError:  # Starlette's own SimpleUser has no identity
            continue
        if found is not None:
            return _id(found)
    return None


def _user_in(values: object) -> UserId:
    found: object = values.get("user_id") if isinstance(values, Mapping) else None
    return _id(found) if isinstance(found, int | str | UUID) else None


def _id(value: object) -> UserId:
    """Return an id as it is where it is a number, else as text: a UUID, say."""
    return value if isinstance(value, int) else str(value)
