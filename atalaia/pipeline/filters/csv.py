"""Read comma-separated values. Source: logstash-filter-csv 3.1.1."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pydantic import Field

from atalaia.pipeline.csv.conversion import CONVERTERS
from atalaia.pipeline.csv.rows import Row, RowError, RowReader
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import FilterContext, FilterFunction, FilterOptions, FilterPlugin
from atalaia.pipeline.filters.decorate import Decorate
from atalaia.pipeline.options import OptionError, option_reference
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.settings import Flag, Text, TextHash, Texts
from atalaia.pipeline.values import Value

_FAILURE: Final = "_csvparsefailure"
_SKIPPED: Final = "_csvskippedemptyfield"
_REMEMBERED_COLUMNS: Final = 4096


class CsvOptions(FilterOptions):
    r"""Options of ``csv``.

    Attributes:
        autodetect_column_names: Whether the first event, which is dropped, names the columns when ``columns`` does not.
        autogenerate_column_names: Whether columns without a name are called ``column3`` and so on, or left out.
        columns: Names of the columns; a name in brackets is a field reference.
        convert: Columns to the types (``integer``, ``float``, ``date``, ``date_time``, ``boolean``) of their values.
        quote_char: The character around values with separators or line ends; ``\x00`` is the character zero.
        separator: What stands between values.
        skip_empty_columns: Whether columns without a value are left out instead of being null.
        skip_empty_rows: Whether an empty text gets the tag ``_csvskippedemptyfield`` instead of a failure.
        skip_header: Whether events that hold the names of the columns are dropped.
        source: The field with the text.
        target: The field below which columns are put; without it they go to the root of the event.
        ecs_compatibility: Has no effect on this filter.
    """

    autodetect_column_names: Flag = False
    autogenerate_column_names: Flag = True
    columns: Texts = ()
    convert: TextHash = Field(default_factory=dict)
    quote_char: Text = '"'
    separator: Text = ","
    skip_empty_columns: Flag = False
    skip_empty_rows: Flag = False
    skip_header: Flag = False
    source: Text = "message"
    target: Text | None = None
    ecs_compatibility: EcsCompatibility | None = None


@dataclass(slots=True)
class _Csv:
    """The filter.

    Attributes:
        options: Its options.
        read: Reads the row of a text.
        place: Returns where the column of a name is put.
        decorate: Applies the common options.
        columns: Names of the columns, detected ones included; ``None`` once they were looked for in an empty text.
    """

    options: CsvOptions
    read: Callable[[Value], Row | None]
    place: Callable[[str], FieldReference]
    decorate: Decorate
    columns: list[str | None] | None

    def fill(self, event: Event, source: Value) -> None:
        """Put the columns of a text into an event, or drop an event that is a header.

        Raises:
            EventError: When a column cannot be set or converted; those before it are.
            RowError: When the text is no row.
        """
        row = self.read(source)
        if self._is_header(row):
            event.cancel()
        elif self.options.skip_empty_rows and not row:
            event.tag(_SKIPPED)
        else:
            self._set(event, row)
            self.decorate(event)

    def _is_header(self, row: Row | None) -> bool:
        options = self.options
        if not (options.autodetect_column_names or options.skip_header):
            return False
        if self.columns is None:
            raise RowError("the names of the columns were looked for in an empty text")
        if options.autodetect_column_names and not self.columns:
            self.columns = row
            return True
        return options.skip_header and bool(self.columns) and self.columns == row

    def _set(self, event: Event, row: Row | None) -> None:
        if row is None:
            raise RowError("the text is empty")
        columns = self.columns or ()
        for index, value in enumerate(row):
            if not value and self.options.skip_empty_columns:
                continue
            name = columns[index] if index < len(columns) else None
            if name is None and self.options.autogenerate_column_names:
                name = f"column{index + 1}"
            if name is not None:
                self.place(name).set(event, _converted(self.options.convert, name, value))


def _converted(kinds: Mapping[str, str], name: str, value: str | None) -> Value:
    return CONVERTERS[kinds[name]](value) if name in kinds else value


def build(options: CsvOptions, context: FilterContext) -> FilterFunction:
    """Build the filter; an error anywhere in it, the common options included, tags the event."""
    for kind in options.convert.values():
        if kind not in CONVERTERS:
            raise OptionError("convert", f"there is no type {kind!r}", f"the types are {', '.join(CONVERTERS)}")
    source = option_reference("source", options.source)
    csv = _Csv(options, _reading(options), _placing(options.target), context.decorate, list(options.columns))

    def run(event: Event) -> bool:
        value = source.get(event)
        if value is not None and value is not False:
            try:
                csv.fill(event, value)
            except (EventError, RowError):
                event.fail(_FAILURE)
        return False

    return run


def _reading(options: CsvOptions) -> Callable[[Value], Row | None]:
    """Return what reads the row of a value; with a separator or quote that Ruby refuses, every row is an error."""
    quote = "\0" if options.quote_char == "\\x00" else options.quote_char
    reader = RowReader(options.separator, quote)

    def read(value: Value) -> Row | None:
        if not isinstance(value, str):
            raise RowError(f"csv reads texts, not {value!r}")
        return reader.read(value)

    return read


def _placing(target: str | None) -> Callable[[str], FieldReference]:
    """Return what says where the column of a name is put; the empty target is none."""
    if target:
        option_reference("target", target)
    above = _bracketed(target) if target else ""
    return lru_cache(maxsize=_REMEMBERED_COLUMNS)(lambda name: FieldReference.parse(above + _bracketed(name)))


def _bracketed(name: str) -> str:
    return name if name.startswith("[") else f"[{name}]"


PLUGIN = FilterPlugin("csv", CsvOptions, build)
