"""Contracts: what was agreed, and how far it has been performed."""
