"""What the desk's pages need, in a known number of queries."""
