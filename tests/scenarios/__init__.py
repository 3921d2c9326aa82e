"""Examples of decisions, and what judges a decision by them."""
