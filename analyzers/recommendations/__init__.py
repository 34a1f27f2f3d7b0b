"""What to do, judged by what was measured: advice with its evidence, its expected gain and the exact command.

Each rule is a module of its own, a function of what is asked to what it says; :data:`RULES` lists them. Nothing is
run: the commands are printed for people. A rule that has too little to go by says so instead of advising nothing.
"""

from __future__ import annotations

from analyzers.recommendations.model import Advised, Asked, Remark, Rule, Unmeasured
from analyzers.recommendations.recommending import recommend, rules_named
from analyzers.recommendations.registry import RULES
from analyzers.recommendations.remedies import Remedy, remedies

__all__ = [
    "RULES",
    "Advised",
    "Asked",
    "Remark",
    "Remedy",
    "Rule",
    "Unmeasured",
    "recommend",
    "remedies",
    "rules_named",
]
