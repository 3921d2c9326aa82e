"""What the bridge saved, and how fast payers answer."""
