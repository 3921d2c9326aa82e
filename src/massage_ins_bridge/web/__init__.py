"""The HTTP side: webhooks, the JSON API, the staff page."""
