"""Requests on their way, and those that were refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from atalaia.pipeline.event import Event

if TYPE_CHECKING:  # a pipeline without the plugin starts sooner
    from atalaia.pipeline.http_client.request import HttpRequest


class Post(NamedTuple):
    """A request on its way.

    Attributes:
        event: The event it was made of.
        request: What is to be sent.
        pipeline: The id of the pipeline it comes from.
    """

    event: Event
    request: HttpRequest
    pipeline: str = ""


class Undeliverable(NamedTuple):
    """What an endpoint refused for good.

    Attributes:
        post: The request.
        reason: What the endpoint said; credentials, path and query are left out.
    """

    post: Post
    reason: str
