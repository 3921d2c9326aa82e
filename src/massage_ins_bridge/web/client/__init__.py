"""The door of clients: their own page, at an address that nobody can guess."""
