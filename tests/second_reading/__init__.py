"""A second, independent reading of the rule book, kept to be compared with the product."""
