"""Readers and staff: sign-in, handles, roles, profiles."""
