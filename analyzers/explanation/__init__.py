"""Why a promise was broken: which events spent it."""

from analyzers.explanation.explaining import explain
from analyzers.explanation.model import Condition, Example, Explanation, Finding, Statement, Week
from analyzers.explanation.request import ExplainRequest, Tally

__all__ = ["Condition", "Example", "ExplainRequest", "Explanation", "Finding", "Statement", "Tally", "Week", "explain"]
