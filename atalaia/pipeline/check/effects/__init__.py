"""What each plugin reads, sets and takes away, derived from its options: one declaration a plugin."""
