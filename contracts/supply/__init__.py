"""Supply: what an order or a contract asks of purchasing and production, and their answer."""
