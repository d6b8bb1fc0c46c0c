"""The discussion over HTTP: requests in, pages and fragments out; the rules are in `actions` and `checks`."""
