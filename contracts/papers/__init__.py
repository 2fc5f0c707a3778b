"""Papers: the documents that must go along with goods, and the formalities to see through."""
