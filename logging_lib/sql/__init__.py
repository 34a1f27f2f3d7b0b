"""The shape of SQL statements, without any value of theirs."""
