"""Read thresholds from TOML: the shipped ones, and a user's file over them."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Final, TypeAlias, cast

from analyzers.thresholds.model import Limit, Profile, Thresholds
from logging_lib.errors import AtalaiaError

_SHIPPED: Final = Path(__file__).parent / "performance.toml"
_PERCENTAGES: Final = frozenset({"cpu", "memory", "disk", "error_rate"})
_MEASURES: Final = (*sorted(_PERCENTAGES), "response_time")

_Table: TypeAlias = Mapping[str, object]


class ThresholdError(AtalaiaError):
    """A file of thresholds cannot be read, or says something that cannot be meant."""


def load_thresholds(profile: str = Profile.PRODUCTION, override: Path | None = None) -> Thresholds:
    """Return the thresholds of a profile.

    Args:
        profile: ``development``, ``staging`` or ``production``.
        override: A TOML file of the same form as the shipped ``performance.toml``; what it says replaces the shipped
            values, measure by measure and level by level.

    Raises:
        ThresholdError: When the profile is unknown, or the file is unreadable, has an unknown key, or a value that is
            not a positive number, is above 100 percent, or a warning above its critical.
    """
    _known(profile, [known.value for known in Profile], "profile", "thresholds")
    shipped = _read(_SHIPPED)
    base = _limits(_table(shipped, profile, str(_SHIPPED)), {}, f"{_SHIPPED}, [{profile}]")
    limits = base if override is None else _overridden(profile, base, override)
    return Thresholds(Profile(profile), **limits)


def _overridden(profile: str, base: Mapping[str, Limit], path: Path) -> dict[str, Limit]:
    document = _read(path)
    for name in document:
        _known(name, [known.value for known in Profile], "profile", str(path))
        _limits(_table(document, name, str(path)), _shipped(name), f"{path}, [{name}]")
    return _limits(_table(document, profile, str(path)), base, f"{path}, [{profile}]")


def _shipped(profile: str) -> dict[str, Limit]:
    return _limits(_table(_read(_SHIPPED), profile, str(_SHIPPED)), {}, str(_SHIPPED))


def _read(path: Path) -> _Table:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ThresholdError(f"cannot read the thresholds in {path}: {error}", "repair the file") from error


def _table(parent: _Table, key: str, where: str) -> _Table:
    value = parent.get(key, {})
    if not isinstance(value, dict):
        raise ThresholdError(f"{where}: {key} is not a table", f"write [{key}] and its measures below it")
    return cast("_Table", value)


def _limits(table: _Table, base: Mapping[str, Limit], where: str) -> dict[str, Limit]:
    limits = dict(base)
    for measure in table:
        _known(measure, _MEASURES, "measure", where)
        limits[measure] = _limit(measure, _table(table, measure, where), limits.get(measure), where)
    return limits


def _limit(measure: str, table: _Table, base: Limit | None, where: str) -> Limit:
    limit = base or Limit(Fraction(-1), Fraction(-1))
    for level in table:
        _known(level, ("warning", "critical"), "level", f"{where} {measure}")
        number = _number(measure, table[level], f"{where} {measure}.{level}")
        limit = replace(limit, warning=number) if level == "warning" else replace(limit, critical=number)
    if min(limit.warning, limit.critical) < 0:
        raise ThresholdError(f"{where}: {measure} lacks warning or critical", "give both")
    if limit.warning > limit.critical:
        raise ThresholdError(f"{where}: {measure} warns above its critical threshold", "make critical the larger one")
    return limit


def _number(measure: str, value: object, where: str) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite() or value <= 0:
        raise ThresholdError(f"{where} is {value!r}, not a positive number", "write a number such as 2.0")
    limit = 100
    if measure in _PERCENTAGES and value > limit:
        raise ThresholdError(f"{where} is {value}, above 100 percent", "write percent, from 0 to 100")
    return Fraction(value)


def _known(name: str, names: Collection[str], kind: str, where: str) -> None:
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
        remedy = f"did you mean {near[0]!r}?" if near else f"give one of {', '.join(names)}"
        raise ThresholdError(f"{where}: there is no {kind} {name!r}", remedy)
