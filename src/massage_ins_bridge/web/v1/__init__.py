"""``/v1``: the JSON API for programs with a key."""
