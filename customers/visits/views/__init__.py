"""Pages of calls and visits, telephone-sales plans, and receptions."""
