"""The demo newsroom: a made-up paper to look at and to try things on."""
