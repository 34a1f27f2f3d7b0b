"""The configuration language: grammar, syntax tree, checks."""
