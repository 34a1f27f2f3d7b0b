"""Which share of few events is more than chance."""

from __future__ import annotations

from fractions import Fraction


def least_share(part: float, whole: float, confidence: Fraction) -> float:
    """Return the least share that is plausible where ``part`` of ``whole`` events were seen to have it.

    The one-sided lower bound of Clopper and Pearson (Biometrika 26, 1934): the share with which ``part`` or more of
    ``whole`` would be seen with a probability of ``1 - confidence``. It is the quantile of a beta distribution, and
    exact for every number of events.

    Args:
        part: From 0 to ``whole``; need not be whole numbers (weighted samples).
        whole: Positive.
        confidence: Between 0 and 1, e.g. 95 hundredths.

    Returns:
        A share from 0 to 1.
    """
    from scipy.special import betaincinv  # noqa: PLC0415 - it takes long to import, and is needed on a breach only

    return float(betaincinv(part, whole - part + 1, float(1 - confidence))) if part > 0 else 0.0
