"""The front of the site: finished pages, remembered in their compressed bytes, and who is let in when it is crowded."""
