"""What staff owes a client, worked out from all that is on file: a pure function of the record and
the day. So the fact that settles a matter closes its task, whenever and by whatever door it comes.

Each module finds one kind of matters; ``bring`` opens, changes and closes the tasks.
"""
