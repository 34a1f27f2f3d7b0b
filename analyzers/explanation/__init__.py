"""Why a promise was broken: which events spent it."""

from analyzers.explanation.explaining import explain
from analyzers.explanation.model import Condition, Example, ExplainRequest, Explanation, Finding, Tally, Week

__all__ = ["Condition", "Example", "ExplainRequest", "Explanation", "Finding", "Tally", "Week", "explain"]
