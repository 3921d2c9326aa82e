"""The one outgoing mail client."""
