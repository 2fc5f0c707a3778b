"""Shipments: goods that leave after two people have looked and the money is there."""
