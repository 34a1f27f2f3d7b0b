"""The SLA ledger: minute slices that stay when raw logs expire."""

from analyzers.sla.ledger.evidence import LedgerEvidence, evidence_of
from analyzers.sla.ledger.places import ledger_place, open_ledger
from analyzers.sla.ledger.sealing import SealOptions, seal
from analyzers.sla.ledger.summary import SealedEnvironment, SealSummary, Shortfall

__all__ = [
    "LedgerEvidence",
    "SealOptions",
    "SealSummary",
    "SealedEnvironment",
    "Shortfall",
    "evidence_of",
    "ledger_place",
    "open_ledger",
    "seal",
]
