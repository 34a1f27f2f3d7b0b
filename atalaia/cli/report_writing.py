"""Write a report where it shall be, and mail it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

import click

from analyzers.alerts.channels.secret import Secrets
from analyzers.alerts.rules.loading import load_rules
from analyzers.alerts.rules.surroundings import Surroundings
from analyzers.language import Language, language_of
from analyzers.reports.answer import Answer
from analyzers.reports.json import report_json
from analyzers.reports.rendering import (
    Attachment,
    find_postbox,
    mail_report,
    render_html,
    render_pdf,
    render_text,
)
from atalaia.cli.alert_files import found_file
from atalaia.cli.report_options import Typed
from atalaia.cli.runtime import Runtime, note
from logging_lib.errors import AtalaiaError

_STDOUT: Final = "-"
_RENDERINGS: Final[Mapping[str, Callable[[Answer, Language], bytes]]] = MappingProxyType(
    {
        "html": lambda answer, language: render_html(answer.report, language).encode(),
        "pdf": lambda answer, language: render_pdf(answer.report, language),
        "json": lambda answer, _language: report_json(answer).encode(),
        "text": lambda answer, language: render_text(answer.report, language).encode(),
    }
)
_ENDINGS: Final[Mapping[str, str]] = MappingProxyType({"html": "html", "pdf": "pdf", "json": "json", "text": "txt"})
_ATTACHED: Final[Mapping[str, str]] = MappingProxyType({"pdf": "application/pdf", "json": "application/json"})
"""What goes with a mail beside the report itself, and its media type."""


def check_places(typed: Typed) -> None:
    """Refuse what cannot be written, before anything is measured.

    Raises:
        UsageError: When nothing says where the report shall be, or several formats shall be one file.
    """
    if typed["output"] is None and not typed["mail"] and set(typed["form"]) != {"text"}:
        raise click.UsageError("nothing says where the report shall be: name --output, or --mail, or --format text")
    if typed["output"] is not None and len(set(typed["form"])) > 1 and not _is_folder(typed["output"]):
        raise click.UsageError("several formats need a folder: let --output end in /")


def deliver(answer: Answer, typed: Typed, runtime: Runtime) -> None:
    """Write the report in every format, and mail it.

    Raises:
        AtalaiaError: When it cannot be written, or a mail is not taken.
    """
    language = language_of(typed["lang"], ZoneInfo(answer.report.zone))
    made = {form: _RENDERINGS[form](answer, language) for form in dict.fromkeys(typed["form"])}
    output = _STDOUT if typed["output"] is None and not typed["mail"] else typed["output"]
    if output is not None:
        for form, content in made.items():
            _write(content, _file(output, answer, form))
    if typed["mail"]:
        _mail(answer, language, made, typed, runtime)


def _mail(answer: Answer, language: Language, made: Mapping[str, bytes], typed: Typed, runtime: Runtime) -> None:
    path = found_file(typed["rules"])
    channels = () if path is None else load_rules(path, Surroundings(clock=runtime.clock)).channels
    postbox = find_postbox(channels, Secrets(os.environ, Path() if path is None else path.parent, note))
    attached = tuple(
        Attachment(f"{answer.report.key}.{_ENDINGS[form]}", content, _ATTACHED[form])
        for form, content in made.items()
        if form in _ATTACHED
    )
    told = mail_report(answer.report, language, postbox, runtime.clock, recipients=typed["mail"], attachments=attached)
    note(f"mailed to {', '.join(told)}")


def _is_folder(output: str) -> bool:
    return output.endswith("/") or Path(output).is_dir()


def _file(output: str, answer: Answer, form: str) -> Path:
    """Return the file to write: in a folder, which is made when missing, one named after the period."""
    path = Path(output)
    if not _is_folder(output):
        return path
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AtalaiaError(f"cannot make the folder {path}: {error.strerror}", "give --output another one") from error
    return path / f"{answer.report.key}.{_ENDINGS[form]}"


def _write(content: bytes, output: Path) -> None:
    if str(output) == _STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise AtalaiaError(f"cannot write {output}: {error.strerror}", "give --output a file you may write") from error
    note(f"wrote {output}")
