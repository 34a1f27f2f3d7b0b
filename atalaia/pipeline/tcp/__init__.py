"""The parts of the ``tcp`` input: lines of a connection, whose peer is named in the events."""
