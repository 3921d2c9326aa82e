"""The facts, the answers and small pure functions on them. Standard library only."""
