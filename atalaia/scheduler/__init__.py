"""Jobs at their times: each run a process of its own, none doubled, none lost."""
