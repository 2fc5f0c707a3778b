"""Market: what is heard of competitors and prices, and the daily brief made of it."""
