"""Template tags that every room may use."""
