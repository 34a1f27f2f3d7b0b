"""The parts of the ``http`` output: requests made of events, and the sender that delivers them, on httpx."""
