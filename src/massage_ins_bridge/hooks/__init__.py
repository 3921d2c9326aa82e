"""The pluggy host: hook specifications, loading, isolated dispatch, deciding."""
