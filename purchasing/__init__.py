"""Purchasing: what we order from suppliers."""
