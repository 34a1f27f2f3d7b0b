"""Thresholds: the documented numbers, and files over them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from analyzers.thresholds import Limit, Severity, ThresholdError, load_thresholds


def test_production_has_the_documented_numbers() -> None:
    """PERFORMANCE_THRESHOLDS, as documented."""
    found = load_thresholds("production")
    limits = (found.cpu, found.memory, found.disk, found.response_time, found.error_rate)
    found_numbers = [(int(limit.warning), int(limit.critical)) for limit in limits]
    assert found_numbers == [(70, 85), (80, 90), (85, 95), (2, 5), (5, 10)]


@pytest.mark.parametrize("profile", ["staging", "development"])
def test_the_other_profiles_are_no_stricter(profile: str) -> None:
    """No threshold of a looser environment lies below production's."""
    found, strict = load_thresholds(profile), load_thresholds("production")
    for measure in ("cpu", "memory", "disk", "response_time", "error_rate"):
        assert getattr(found, measure).warning >= getattr(strict, measure).warning
        assert getattr(found, measure).critical >= getattr(strict, measure).critical


def test_a_value_at_a_threshold_has_reached_it() -> None:
    """0.3 written in decimal is three tenths: at the threshold, not beside it."""
    limit = Limit(Fraction(3, 10), Fraction(1, 2))
    severities = [limit.judge(Fraction(text)) for text in ("0.2999", "0.3", "0.4999", "0.5")]
    assert severities == [Severity.OK, Severity.WARNING, Severity.WARNING, Severity.CRITICAL]


def test_a_file_replaces_single_levels(tmp_path: Path) -> None:
    """What the file says replaces that level only; the rest stays as shipped."""
    path = tmp_path / "mine.toml"
    path.write_text("[production]\nresponse_time = { warning = 1.3 }\n", encoding="utf-8")
    found = load_thresholds("production", path)
    assert found.response_time == Limit(Fraction(13, 10), Fraction(5))
    assert found.cpu == load_thresholds("production").cpu


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[prodution]\ncpu = {warning = 1}", "production"),
        ("[production]\nresponsetime = {warning = 1}", "response_time"),
        ("[production]\ncpu = {warn = 1}", "did you mean 'warning'"),
        ("[production]\ncpu = 70", "not a table"),
        ("[production]\ncpu = {warning = '70'}", "not a positive number"),
        ("[production]\ncpu = {warning = true}", "not a positive number"),
        ("[production]\ncpu = {warning = nan}", "not a positive number"),
        ("[production]\ncpu = {critical = 101}", "above 100 percent"),
        ("[production]\ncpu = {warning = 90}", "warns above its critical"),
        ("[staging]\ncpu = {warning = 99}", "warns above its critical"),
        ("production = 3", "not a table"),
        ("[production", "cannot read"),
    ],
)
def test_a_file_with_a_mistake_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    """Every mistake is named, also in a profile that is not asked for."""
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ThresholdError, match=complaint):
        load_thresholds("production", path)


def test_a_missing_file_or_profile_is_refused(tmp_path: Path) -> None:
    """A wrong path or profile is one clear line."""
    with pytest.raises(ThresholdError, match="cannot read"):
        load_thresholds("production", tmp_path / "none.toml")
    with pytest.raises(ThresholdError, match="'staging'"):
        load_thresholds("stagin")
