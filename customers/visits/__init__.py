"""Visits: whom to call or visit when, what was said, and whom we received."""
