"""massage-ins-bridge: keeps a clinic's booking page honest about insurance."""

__version__ = "0.1.0"
