"""What would be refused at load, and what plugins say of themselves then."""

from __future__ import annotations

from collections.abc import Iterator

from atalaia.pipeline.check.finding import Found, Look
from atalaia.pipeline.check.subject import Subject
from atalaia.pipeline.errors import ConfigurationError, Refusal


def refused(code: Refusal) -> Look:
    """Return the check that finds all refusals of a kind."""

    def look(subject: Subject) -> Iterator[Found]:
        yield from (found_of(refusal) for refusal in subject.refusals if refusal.code is code)

    return look


def plugin_warning(subject: Subject) -> Iterator[Found]:
    """Find what plugins themselves warn about."""
    for loading in subject.loadings:
        for text in loading.warnings:
            yield Found(loading.site.node.position, text.removeprefix(f"{loading.site.node.position}: "))


def nothing(_subject: Subject) -> Iterator[Found]:
    """Find nothing: what such a check finds, it finds in the text before or after the configuration is looked over."""
    yield from ()


def found_of(refusal: ConfigurationError) -> Found:
    """Return a refusal as a finding."""
    return Found(refusal.position, refusal.problem, refusal.remedy, refusal.notes)
