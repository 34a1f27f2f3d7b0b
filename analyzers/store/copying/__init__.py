"""Move a history from one store to another: a day of a stream at a time, resumable, idempotent, compared at the end."""
