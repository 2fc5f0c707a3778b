"""Bids: tenders we answer, their documents, deposits, competitors and results."""
