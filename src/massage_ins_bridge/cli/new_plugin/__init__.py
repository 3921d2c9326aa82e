"""``new-plugin``: a project that is complete and passes its own tests, from templates."""
