"""The conformance suite: what is asked of every plugin, all violations at once."""
