"""The service killed at random moments under load; nothing may be lost or done twice."""
