"""The durable work: taking in deliveries, deciding, writing outcomes back, schedules."""
