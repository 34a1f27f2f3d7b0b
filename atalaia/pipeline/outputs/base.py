"""How an output is written: it decides what is to be written where; the caller's delivery does the writing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeAlias, TypeVar

from analyzers.store.document import Document
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.errors import Position
from atalaia.pipeline.event import Event
from atalaia.pipeline.file_writing import APPENDED, FileWriting
from atalaia.pipeline.options import load_options, refuse_options
from atalaia.pipeline.settings import PluginOptions, Settings

if TYPE_CHECKING:  # a pipeline without the plugin starts sooner
    from atalaia.pipeline.http_client.request import HttpRequest


class Delivery(Protocol):
    """Takes what outputs produce. What it took is durable once the caller says so, not before."""

    def store(self, event: Event, document: Document) -> None:
        """Take a document for the store."""
        ...

    def append(self, event: Event, path: Path, text: str, how: FileWriting = APPENDED) -> None:
        """Take text to be written to a file."""
        ...

    def print(self, event: Event, text: str) -> None:
        """Take text for standard output."""
        ...

    def post(self, event: Event, request: HttpRequest) -> None:
        """Take a request for an HTTP server."""
        ...

    def forward(self, event: Event, address: str) -> None:
        """Take an event for the pipeline that listens on an address; a copy of it goes there."""
        ...


@dataclass(frozen=True, slots=True)
class Link:
    """A way from one pipeline to another.

    Attributes:
        address: Where the other listens.
        position: Where the address stands in the configuration.
        required: Whether somebody must listen there.
    """

    address: str
    position: Position
    required: bool = True


Write: TypeAlias = Callable[[Event, Delivery], None]
"""Hands what an event becomes to a delivery; raises ``EventError`` when that cannot be told."""


class OutputOptions(PluginOptions):
    """The options every output has.

    Attributes:
        workers: Not supported: events are written in their order.
    """

    workers: object = None


OptionsT = TypeVar("OptionsT", bound=PluginOptions)


@dataclass(frozen=True, slots=True)
class LoadedOutput:
    """An output ready to run.

    Attributes:
        name: Its Logstash name.
        write: What it does with an event.
        sends: The addresses of other pipelines it sends to.
    """

    name: str
    write: Write
    sends: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class OutputPlugin(Generic[OptionsT]):
    """An output under its Logstash name.

    Attributes:
        name: The name in configurations.
        options: The model of its options.
        build: Makes the function that hands over events. The settings are those the options were read from.
        sends: Gives the addresses of other pipelines it sends to.
    """

    name: str
    options: type[OptionsT]
    build: Callable[[OptionsT, PipelineContext, Settings], Write]
    sends: Callable[[OptionsT, Settings], tuple[Link, ...]] | None = None

    def load(self, settings: Settings, context: PipelineContext) -> LoadedOutput:
        """Check the settings and build the output.

        Raises:
            ConfigurationError: When an option is unknown, of the wrong type, or cannot be honoured.
        """
        with load_options(self.options, settings) as options:
            refuse_options(options, {"workers": "remove it: events are written in their order"})
            sends = () if self.sends is None else self.sends(options, settings)
            return LoadedOutput(self.name, self.build(options, context, settings), sends)


class AnyOutputPlugin(Protocol):
    """An output plugin whatever its options."""

    @property
    def name(self) -> str:
        """The name in configurations."""
        ...

    @property
    def options(self) -> type[PluginOptions]:
        """The model of its options."""
        ...

    def load(self, settings: Settings, context: PipelineContext) -> LoadedOutput:
        """See :meth:`OutputPlugin.load`."""
        ...
