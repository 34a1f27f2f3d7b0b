"""The embedded store: Parquet segments read by DuckDB."""
