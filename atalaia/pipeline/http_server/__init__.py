"""The parts of the ``http`` input: a small HTTP server that answers when events are durable, on h11."""
