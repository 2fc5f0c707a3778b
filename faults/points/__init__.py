"""One file for each numbered point."""
