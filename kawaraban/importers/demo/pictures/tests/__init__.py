"""Tests of the demo newsroom's pictures."""
