"""Customers: the archive that answers a phone call, their credit, and what may only change with a second person."""
