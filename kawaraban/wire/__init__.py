"""What agencies send, kept version by version; the inbox; an item becomes a story."""
