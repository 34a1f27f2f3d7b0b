"""The durable spool: dated files that many processes append to."""
