"""The moderation over HTTP: requests in, pages out; the rules are in `actions`."""
