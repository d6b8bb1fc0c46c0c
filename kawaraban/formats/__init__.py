"""What agencies and other sites write, as plain values, and plain values as what they read.

Plain Python: bytes in, items out, and back. Nothing here opens a file, a connection or a database.
"""
