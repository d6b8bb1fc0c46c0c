"""Django's backend for SQLite, in which those who want to write stand in one queue."""
