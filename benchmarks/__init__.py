"""What the bridge costs, measured beside something known: ``python -m benchmarks``."""
