"""What is unusual: against the same hours of the weeks before, and against what clients usually do."""
