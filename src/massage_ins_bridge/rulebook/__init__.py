"""Effective-dated, cited rule data."""
