"""Log lines themselves: of several streams as one sequence, searched, counted, and as the trail of one request."""
