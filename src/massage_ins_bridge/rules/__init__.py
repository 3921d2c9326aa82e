"""The built-in rule plugin: what every payer shares."""
