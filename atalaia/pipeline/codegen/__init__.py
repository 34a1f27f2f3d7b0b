"""From a syntax tree to Python source, compiled once; the hot path of every pipeline."""
