"""Expenses and commission: what people claim, and what they earn by plan."""
