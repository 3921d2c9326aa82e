"""Calendars in iCalendar's form (RFC 5545), read into occurrences: pure, bounded in time and
memory, and never a wrong time. What cannot be told for sure carries its ``doubt``."""
