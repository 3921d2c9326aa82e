"""What the tests of the documentation share."""

#: Projects of plugins: their tests run where they are installed, see ``test_tutorial.py``.
collect_ignore = ["cancel_only", "odd_payer"]
