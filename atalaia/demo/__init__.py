"""The demonstration: a small help desk under observation."""
