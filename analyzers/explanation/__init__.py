"""Why a promise was broken: which events spent it."""

from analyzers.explanation.explaining import explain
from analyzers.explanation.model import Condition, Example, Explanation, Finding, Week
from analyzers.explanation.request import ExplainRequest, Tally

__all__ = ["Condition", "Example", "ExplainRequest", "Explanation", "Finding", "Tally", "Week", "explain"]
