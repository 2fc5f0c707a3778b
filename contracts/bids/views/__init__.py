"""The pages of bids."""
