"""Durable work on DBOS: runs, queues, schedules, and what dead processes left behind."""
