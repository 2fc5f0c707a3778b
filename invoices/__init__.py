"""Invoices and money: what is billed agrees with the order, what is received is confirmed and set against it."""
