"""A company of any size for measuring: consistent books, written by statements over sets instead of one step at a time."""
