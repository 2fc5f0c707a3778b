"""Leads: offers to dealers on a public page, and the way from an answer to a customer."""
