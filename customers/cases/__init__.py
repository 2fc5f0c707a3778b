"""Cases: complaints, enquiries and losses of customers, each with a deadline, steps and a solution."""
