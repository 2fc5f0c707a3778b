"""Pages of papers and formalities."""
