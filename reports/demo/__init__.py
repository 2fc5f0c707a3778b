"""The demonstration company: clearly fictional people and firms, two years of trade made by the real steps."""
