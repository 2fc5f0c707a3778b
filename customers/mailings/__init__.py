"""Mailings: letters to many customers, messages to one, and what became of each."""
