"""Threads, comments and votes; knows nothing of what is being discussed."""
