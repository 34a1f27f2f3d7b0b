"""Derive every number of a report again, and say what differs."""

from analyzers.verification.kinds import Sources
from analyzers.verification.leaves import Difference
from analyzers.verification.reading import ReportError, read_report
from analyzers.verification.verifying import Outcome, Verification, kind_of, verify

__all__ = ["Difference", "Outcome", "ReportError", "Sources", "Verification", "kind_of", "read_report", "verify"]
