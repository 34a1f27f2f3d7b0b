"""An analysis for programs: JSON and CSV, every number at full precision."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from analyzers.analysis import Analysis
from analyzers.analysis_json import Circumstances, analysis_document, json_cell, keys_in
from atalaia.cli.render.comma_separated import csv_text
from atalaia.cli.render.text import rest_name


def rfc3339(instant: datetime) -> str:
    """Return an instant with its own offset; UTC as ``Z``, sub-seconds only where there are any."""
    text = instant.isoformat()
    return text.removesuffix("+00:00") + "Z" if instant.tzinfo is UTC else text


def as_json(analysis: Analysis, circumstances: Circumstances) -> str:
    """Return an analysis as JSON, in ASCII, whatever the terminal's encoding."""
    return dumped(analysis_document(analysis, circumstances))


def as_csv(analysis: Analysis) -> str:
    """Return a header and the rows under the same names as in JSON; nothing stands where there is no value.

    The groups without rows of their own come last, together: the first field says how many they are.
    """
    names = [column.name for column in analysis.columns]
    rest = {name: rest_name(analysis.others) for name in keys_in(analysis)[:1]}
    own = [[json_cell(row[name]) for name in names] for row in analysis.rows]
    others = [[rest.get(name) or json_cell(row[name]) for name in names] for row in analysis.rest]
    return csv_text(names, (*own, *others))


def dumped(value: Mapping[str, object]) -> str:
    """Return a JSON object as this program prints it: indented, ASCII, no NaN."""
    return json.dumps(value, indent=2, allow_nan=False)
