"""What may be done: every use case, without HTTP and without the engine."""
