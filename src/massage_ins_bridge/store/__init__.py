"""The clinic's record: sealed rows on SQLite or PostgreSQL, one code path for both."""
