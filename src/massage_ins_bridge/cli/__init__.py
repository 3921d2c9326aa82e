"""The command line: one small file per command group. ``check`` loads neither web nor database."""
