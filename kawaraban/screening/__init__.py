"""What can be said about a text before it is published. Knows no comments and no threads: plain values in and out."""
