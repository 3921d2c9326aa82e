"""Migrations, run by ``store.migrate``."""
