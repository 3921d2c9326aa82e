"""Counting and combining: pure functions from facts and answers to a decision."""
