"""Documents: number, state, author, lines, reviews, history; and the one gate through which their steps go."""
