"""A store in memory: for tests, and the plain meaning of a query that the other stores are compared with."""
