"""Examples of decisions: a file of lines is tests by itself."""
