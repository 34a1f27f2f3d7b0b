"""What is watched, as one file says it: rules of every kind, silences and maintenance."""
