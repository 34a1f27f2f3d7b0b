"""Check the settings of a plugin against its options model, with the place of every complaint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from atalaia.pipeline.errors import ConfigurationError, EventError, Refusal
from atalaia.pipeline.grok.onigmo_sets import ExpressionError
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.settings import PluginOptions, Settings
from atalaia.pipeline.suggest import nearest

_OptionsT = TypeVar("_OptionsT", bound=PluginOptions)


class OptionError(ValueError):
    """An option cannot be honoured.

    Args:
        option: The option's name.
        problem: What is wrong with it.
        remedy: What the author can do.
        unsupported: True when Logstash may accept it and we do not implement it.
    """

    def __init__(self, option: str, problem: str, remedy: str = "", *, unsupported: bool = False) -> None:
        super().__init__(f"{option}: {problem}")
        self.option = option
        self.problem = problem
        self.remedy = remedy
        self.unsupported = unsupported


def option_reference(option: str, text: str) -> FieldReference:
    """Return the place in an event that an option names.

    Raises:
        OptionError: When the text is no field reference.
    """
    try:
        return FieldReference.parse(text)
    except EventError as error:
        raise OptionError(option, error.message, error.remedy) from error


def refuse_options(options: PluginOptions, reasons: Mapping[str, str]) -> None:
    """Refuse options of Logstash's that are set.

    Args:
        options: All options of the plugin.
        reasons: The names of those that are not supported, and what to do instead.

    Raises:
        OptionError: For the first of them that is set.
    """
    for name, remedy in reasons.items():
        if name in options.model_fields_set:
            raise OptionError(name, "it is not supported", remedy, unsupported=True)


@contextmanager
def load_options(model: type[_OptionsT], settings: Settings) -> Iterator[_OptionsT]:
    """Yield the checked options; an :class:`OptionError` raised in the block gets its place in the file.

    Raises:
        ConfigurationError: When an option is unknown, of the wrong type, or cannot be honoured.
    """
    try:
        options = model.model_validate(dict(settings.values))
    except ValidationError as error:
        raise _refusal(model, settings, error.errors()[0]) from None
    try:
        yield options
    except OptionError as error:
        raise ConfigurationError(
            settings.position_of(error.option),
            f"{settings.plugin}: option {error.option!r}: {error.problem}",
            error.remedy,
            plugin=settings.plugin,
            option=error.option,
            unsupported=error.unsupported,
            code=_code(error),
        ) from error


def option_refusals(model: type[PluginOptions], settings: Settings) -> list[ConfigurationError]:
    """Return every complaint about the options of a plugin that can be made without building it."""
    try:
        model.model_validate(dict(settings.values))
    except ValidationError as error:
        return [_refusal(model, settings, details) for details in error.errors()]
    return []


def _refusal(model: type[PluginOptions], settings: Settings, details: ErrorDetails) -> ConfigurationError:
    option = str(details["loc"][0]) if details["loc"] else ""
    if details["type"] == "extra_forbidden":
        known = [field.alias or name for name, field in model.model_fields.items()]
        problem, remedy = f"{settings.plugin} has no option {option!r}", nearest(option, known, "options")
        code = Refusal.UNKNOWN_OPTION
    elif details["type"] == "missing":
        problem, remedy = f"{settings.plugin} needs the option {option!r}", f"add {option} => …"
        code = Refusal.MISSING_OPTION
    else:
        reason = details["msg"].removeprefix("Value error, ")
        problem, remedy = f"{settings.plugin}: option {option!r}: {reason}, got {_shown(details['input'])}", ""
        code = Refusal.BAD_VALUE
    position = settings.position_of(option)
    return ConfigurationError(position, problem, remedy, plugin=settings.plugin, option=option, code=code)


def _shown(value: object) -> str:
    """Return what was given; of a codec its name."""
    return value.plugin if isinstance(value, Settings) else repr(value)


def _code(error: OptionError) -> Refusal:
    """Return the kind of a fault that a plugin found."""
    if error.unsupported:
        return Refusal.UNSUPPORTED_OPTION
    if isinstance(error.__cause__, ExpressionError):
        return Refusal.BAD_PATTERN
    return Refusal.BAD_REFERENCE if isinstance(error.__cause__, EventError) else Refusal.BAD_VALUE
