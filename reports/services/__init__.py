"""Issuing reports, mailing them from what was issued, and setting targets."""
