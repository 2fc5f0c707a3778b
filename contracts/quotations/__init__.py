"""Quotations: what customers ask for, what we quote until when, and what came of it."""
