"""An analysis as a terminal table, as JSON, as CSV."""
