"""The SLA ledger: minute slices that stay when raw logs expire."""

from analyzers.sla.ledger.evidence import LedgerEvidence, evidence_of
from analyzers.sla.ledger.places import ledger_place, open_ledger

__all__ = ["LedgerEvidence", "evidence_of", "ledger_place", "open_ledger"]
