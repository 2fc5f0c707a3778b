"""Orders: entered by keyboard, held on credit, reviewed by others, and open until the last piece has gone."""
