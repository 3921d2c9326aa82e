"""Changing the clinic's own rules at the desk: looked at first, used then, and taken back."""
