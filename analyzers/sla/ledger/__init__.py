"""The SLA ledger: minute slices that stay when raw logs expire."""
